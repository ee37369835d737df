//! How fast the EVM is: `revm` by itself, this pallet natively and in wasm, and `pallet-revive`.
//!
//! All run the same call on the same accounts, in turns, and the best time counts. Output and the
//! number of logs must be `revm`'s own, and the gas but for what the chain adds to it. State is a map
//! in memory for all of them, as `revm`'s is; a column of its own has the pallet on a trie, as a node
//! has it. "revive" needs the crate's feature of that name.
//!
//! The runtime's pallet is generic code that is compiled into this program, so that it is optimised
//! as this program is, and not as the rest of the native runtime, which no node runs.

use std::{borrow::Cow, collections::BTreeMap, process::ExitCode, time::Duration, time::Instant};

use pallet_evm::types::ExecutionReport;
use polkadot_sdk::{
	sp_core::{Blake2Hasher, H160},
	sp_io,
	sp_state_machine::{BasicExternalities, TestExternalities},
};
use revm::{
	context::TxEnv,
	primitives::{Address, Bytes, TxKind, U256},
};
use trivium_primitives::account::ethereum_account;
use trivium_runtime::Runtime;

use crate::{
	reference::{Answer, Reference, GAS_LIMIT, SENDER},
	workloads::{self, Kind, Workload},
};
use trivium_benchmarks_evm::chain::{binary, in_memory, in_trie, Call, Wasm, VALIDATOR};

/// Runs of which the best counts.
const RUNS: usize = 15;
/// How many times as often what takes microseconds is run.
const SHORT: usize = 100;
/// Somebody who holds coins.
const HOLDER: H160 = H160([0xA1; 20]);
/// Planck for each gas, above any base fee.
const GAS_PRICE: u128 = 1_000_000_000_000;

/// Who runs a workload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
	Revm,
	Pallet,
	Trie,
	Wasm,
	Validator,
	#[cfg(feature = "revive")]
	Revive,
}

impl Way {
	/// Those of this build.
	const ALL: &'static [(&'static str, Self)] = &[
		("revm", Self::Revm),
		("pallet", Self::Pallet),
		("trie", Self::Trie),
		("wasm", Self::Wasm),
		("validator", Self::Validator),
		#[cfg(feature = "revive")]
		("revive", Self::Revive),
	];

	/// The way of that name.
	fn called(name: &str) -> Option<Self> {
		let (_, way) = Self::ALL.iter().find(|(known, _)| *known == name)?;
		Some(*way)
	}
}

/// How many times as fast one way is as another, and has to be at least.
struct Ratio {
	name: &'static str,
	way: Way,
	other: Way,
	least: fn(Kind) -> f64,
}

const RATIOS: &[Ratio] = &[
	Ratio {
		name: "pallet/revm",
		way: Way::Pallet,
		other: Way::Revm,
		least: |kind| match kind {
			Kind::Compute => 0.5,
			Kind::Storage => 0.2,
		},
	},
	Ratio {
		name: "wasm/pallet",
		way: Way::Wasm,
		other: Way::Pallet,
		least: |_| 0.4,
	},
	Ratio {
		name: "validator/pallet",
		way: Way::Validator,
		other: Way::Pallet,
		least: |_| 0.4,
	},
	#[cfg(feature = "revive")]
	Ratio {
		name: "pallet/revive",
		way: Way::Pallet,
		other: Way::Revive,
		least: |_| 1.0,
	},
];

/// What is to be measured.
struct Options {
	only: Option<String>,
	ways: Vec<Way>,
	runs: usize,
	/// The runtime's wasm.
	code: Cow<'static, [u8]>,
}

impl Options {
	fn read(args: &[String]) -> Result<Self, String> {
		let mut options = Self {
			only: None,
			ways: Way::ALL.iter().map(|(_, way)| *way).collect(),
			runs: RUNS,
			code: Cow::Borrowed(binary()),
		};
		let mut args = args.iter();
		while let Some(name) = args.next() {
			let value = args.next().ok_or(format!("{name} needs a value"))?;
			match name.as_str() {
				"--only" => options.only = Some(value.clone()),
				"--runs" => options.runs = value.parse().map_err(|_| "--runs needs a number")?,
				"--runtime" => {
					let code = std::fs::read(value).map_err(|error| format!("{value}: {error}"))?;
					options.code = Cow::Owned(code);
				}
				"--ways" => {
					options.ways = value
						.split(',')
						.map(|name| {
							Way::called(name)
								.ok_or(format!("no way is called {name} in this build"))
						})
						.collect::<Result<_, _>>()?
				}
				_ => return Err(format!("{name} is not known")),
			}
		}
		Ok(options)
	}

	fn has(&self, way: Way) -> bool {
		self.ways.contains(&way)
	}
}

/// The shortest of several times: what else the machine does only adds to it.
fn best(times: &[Duration]) -> Duration {
	times.iter().min().copied().unwrap_or_default()
}

fn millis(time: Duration) -> f64 {
	time.as_secs_f64() * 1e3
}

/// The runtime's wasm in the executors that are to be measured.
struct Executors {
	/// A node's, with its default settings.
	node: Option<Wasm>,
	/// A relay chain validator's, which counts the stack.
	validator: Option<Wasm>,
}

impl Executors {
	fn new(options: &Options) -> Self {
		Self {
			node: options.has(Way::Wasm).then(|| Wasm::node(&options.code)),
			validator: options
				.has(Way::Validator)
				.then(|| Wasm::with_code(&options.code, VALIDATOR)),
		}
	}

	fn get(&self, way: Way) -> Option<&Wasm> {
		match way {
			Way::Wasm => self.node.as_ref(),
			Way::Validator => self.validator.as_ref(),
			_ => None,
		}
	}
}

/// A workload's worlds.
struct Bench {
	workload: Workload,
	reference: Reference,
	expected: Answer,
	/// What the call takes by the chain's rules.
	chain_gas: Option<u64>,
	call: Call,
	memory: BasicExternalities,
	trie: TestExternalities<Blake2Hasher>,
	#[cfg(feature = "revive")]
	revive: Option<crate::revive::Runner>,
}

impl Bench {
	fn new(workload: Workload, options: &Options) -> Self {
		let reference = Reference::deploy(&workload);
		let storage = reference.world().storage();
		let (_, expected) = reference.run(reference.transaction(&workload.input));
		let call = Call {
			from: SENDER,
			target: reference.target,
			input: workload.input.clone(),
			gas_limit: Some(GAS_LIMIT),
		};
		assert!(
			expected.gas_used >= workload.least_gas,
			"{} takes {} gas",
			workload.name,
			expected.gas_used
		);
		#[cfg(not(feature = "revive"))]
		let _ = options;
		Self {
			memory: in_memory(storage.clone()),
			trie: in_trie(storage),
			#[cfg(feature = "revive")]
			revive: options
				.has(Way::Revive)
				.then(|| crate::revive::Runner::deploy(&workload)),
			workload,
			reference,
			expected,
			chain_gas: None,
			call,
		}
	}

	/// Runs the call once, and holds what it gives against `revm`.
	fn run(&mut self, way: Way, executors: &Executors) -> Duration {
		let (time, answer) = match way {
			Way::Revm => self
				.reference
				.run(self.reference.transaction(&self.call.input)),
			Way::Pallet => {
				let (time, report) = self.memory.execute_with(|| natively(&self.call));
				(time, answer(report))
			}
			Way::Trie => {
				let (time, report) = self.trie.execute_with(|| natively(&self.call));
				(time, answer(report))
			}
			Way::Wasm | Way::Validator => {
				let wasm = executors
					.get(way)
					.expect("it is compiled if it is to be run");
				let (time, report) = wasm
					.call(&mut self.memory, &self.call)
					.expect("the runtime does not trap");
				(time, answer(report))
			}
			#[cfg(feature = "revive")]
			Way::Revive => return self.run_revive(),
		};
		self.check(way, answer);
		time
	}

	/// Whether an answer is `revm`'s. The chain's gas may be a little more: it charges by itself for
	/// reading code, and natively as in wasm.
	fn check(&mut self, way: Way, answer: Answer) {
		let name = self.workload.name;
		if way == Way::Revm {
			assert_eq!(answer, self.expected, "{name} by revm");
			return;
		}
		assert_eq!(answer.output, self.expected.output, "{name} by {way:?}");
		assert_eq!(answer.logs, self.expected.logs, "{name} by {way:?}");
		let gas_used = *self.chain_gas.get_or_insert(answer.gas_used);
		assert_eq!(answer.gas_used, gas_used, "{name} by {way:?}");
		let most = self.expected.gas_used + self.expected.gas_used / 50 + 1_000;
		assert!(
			(self.expected.gas_used..=most).contains(&gas_used),
			"{name}: {gas_used} gas, and {} by revm",
			self.expected.gas_used
		);
	}

	#[cfg(feature = "revive")]
	fn run_revive(&mut self) -> Duration {
		let revive = self
			.revive
			.as_mut()
			.expect("it is deployed if it is to be run");
		let (time, output) = revive.run(&self.call.input);
		assert_eq!(output, self.expected.output, "{}", self.workload.name);
		time
	}

	/// The best time of each way.
	fn measure(&mut self, options: &Options, executors: &Executors, runs: usize) -> Times {
		let mut times = BTreeMap::<Way, Vec<Duration>>::new();
		for round in 0..=runs {
			for way in &options.ways {
				let time = self.run(*way, executors);
				// The first round only warms up.
				if round > 0 {
					times.entry(*way).or_default().push(time);
				}
			}
		}
		Times(
			times
				.into_iter()
				.map(|(way, times)| (way, best(&times)))
				.collect(),
		)
	}
}

/// Runs a call by the runtime API's function for it. Called under externalities; leaves nothing.
fn natively(call: &Call) -> (Duration, ExecutionReport) {
	let (from, input) = (ethereum_account(&call.from), call.input.clone());
	let start = Instant::now();
	let report =
		pallet_evm::Pallet::<Runtime>::simulate_call(from, call.target, input, 0, call.gas_limit);
	(start.elapsed(), report)
}

fn answer(report: ExecutionReport) -> Answer {
	Answer {
		output: report.result.expect("the call succeeds"),
		gas_used: report.gas_used,
		logs: report.logs.len(),
	}
}

/// The time of each way that was measured.
struct Times(BTreeMap<Way, Duration>);

impl Times {
	fn get(&self, way: Way) -> Option<Duration> {
		self.0.get(&way).copied()
	}

	/// A ratio, if both ways were measured.
	fn ratio(&self, asked: &Ratio) -> Option<f64> {
		let [time, other] = [asked.way, asked.other].map(|way| self.get(way));
		Some(other?.as_secs_f64() / time?.as_secs_f64())
	}

	/// What was asked for and is not there.
	fn misses(&self, kind: Kind) -> Vec<String> {
		RATIOS
			.iter()
			.filter_map(|asked| {
				let (ratio, least) = (self.ratio(asked)?, (asked.least)(kind));
				(ratio < least).then(|| format!("{} is {ratio:.2}, not {least}", asked.name))
			})
			.collect()
	}
}

fn cell(value: Option<f64>) -> String {
	match value {
		Some(value) if value < 10.0 => format!("{value:.2}"),
		Some(value) => format!("{value:.1}"),
		None => "-".into(),
	}
}

/// Prints the table. Fails if a target is missed.
pub fn run(args: &[String]) -> ExitCode {
	let options = match Options::read(args) {
		Ok(options) => options,
		Err(error) => {
			eprintln!(
				"{error}\nusage: speed [--only WORKLOAD] [--ways revm,pallet,...] [--runs N] [--runtime FILE]"
			);
			return ExitCode::FAILURE;
		}
	};
	let executors = Executors::new(&options);
	let is_chosen = |name: &str| options.only.as_deref().is_none_or(|only| only == name);

	print!("{:<13} {:>6} |", "workload", "Mgas");
	for (name, _) in Way::ALL {
		print!(" {name:>9}");
	}
	print!(" ms |");
	for Ratio { name, .. } in RATIOS {
		print!(" {name:>16}");
	}
	println!();
	let mut misses = Vec::new();
	for workload in workloads::all() {
		if !is_chosen(workload.name) {
			continue;
		}
		let mut bench = Bench::new(workload, &options);
		let times = bench.measure(&options, &executors, options.runs);
		let mgas = bench.expected.gas_used as f64 / 1e6;
		print!("{:<13} {mgas:>6.2} |", bench.workload.name);
		for (_, way) in Way::ALL {
			print!(" {:>9}", cell(times.get(*way).map(millis)));
		}
		print!("    |");
		for asked in RATIOS {
			print!(" {:>16}", cell(times.ratio(asked)));
		}
		println!("  {}", bench.workload.about);
		for miss in times.misses(bench.workload.kind) {
			misses.push(format!("{}: {miss}", bench.workload.name));
		}
	}

	println!();
	if is_chosen("transactions") {
		transactions(&options, &executors);
	}
	if misses.is_empty() {
		println!("all that was measured is as fast as it has to be");
		return ExitCode::SUCCESS;
	}
	for miss in misses {
		println!("too slow: {miss}");
	}
	ExitCode::FAILURE
}

/// What a single, ordinary execution takes: what surrounds the interpreter.
fn transactions(options: &Options, executors: &Executors) {
	let micros = |time: Duration| time.as_secs_f64() * 1e6;
	let runs = options.runs.saturating_mul(SHORT);
	let mut bench = Bench::new(workloads::coin(SENDER.0, HOLDER.0), options);

	let times = bench.measure(options, executors, runs);
	for (name, way) in Way::ALL {
		if let Some(time) = times.get(*way) {
			println!(
				"{:>9.1} us  a call that transfers an ERC-20 coin: {name}",
				micros(time)
			);
		}
	}
	if let Some(wasm) = executors.get(Way::Wasm) {
		let overhead = wasm.overhead(&mut bench.memory);
		println!(
			"{:>9.1} us  of which making an instance of the runtime: wasm",
			micros(overhead)
		);
	}

	let token = TxEnv {
		gas_limit: 100_000,
		gas_price: GAS_PRICE,
		..bench.reference.transaction(&bench.workload.input)
	};
	let plain = TxEnv {
		kind: TxKind::Call(Address::new(HOLDER.0)),
		value: U256::from(1_000),
		data: Bytes::new(),
		gas_limit: 21_000,
		..token.clone()
	};
	for (about, tx) in [("a plain transfer", plain), ("an ERC-20 transfer", token)] {
		let mut times = [Vec::new(), Vec::new(), Vec::new()];
		for _ in 0..runs {
			let (time, answer) = bench.reference.run(tx.clone());
			times[0].push(time);
			let (time, gas_used) = bench.memory.execute_with(|| apply(tx.clone()));
			times[1].push(time);
			assert!(gas_used >= answer.gas_used, "{about}");
			times[2].push(bench.trie.execute_with(|| apply(tx.clone())).0);
		}
		let [revm, pallet, trie] = times.map(|times| micros(best(&times)));
		println!(
			"{pallet:>9.1} us  {about} as a whole transaction, without its signature: pallet \
			 (on a trie {trie:.1}, revm {revm:.1})"
		);
	}
}

/// Runs a transaction, and takes back what it changed. Gives the time and the gas.
fn apply(tx: TxEnv) -> (Duration, u64) {
	sp_io::storage::start_transaction();
	let start = Instant::now();
	let applied = pallet_evm::Pallet::<Runtime>::apply_transaction(tx);
	let time = start.elapsed();
	sp_io::storage::rollback_transaction();
	let applied = applied.expect("the transaction may run");
	assert!(applied.result.is_ok(), "{:?}", applied.result);
	(time, applied.gas_used)
}
