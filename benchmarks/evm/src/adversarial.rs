//! Whether what a contract can make happen takes longer, or needs a longer proof, than it is charged.

use std::{process::ExitCode, time::Duration};

use codec::Encode;
use pallet_evm::{
	gas::proof_allowance,
	types::{ExecutionReport, Failure},
};
use polkadot_sdk::{
	frame_support::StoragePrefixedMap,
	frame_system,
	sp_core::{storage::StateVersion, Blake2Hasher},
	sp_io,
	sp_trie::recorder::Recorder,
};
use trivium_benchmarks_evm::chain::{call_natively, Call, Wasm};
use trivium_primitives::account::ethereum_account;
use trivium_runtime::{constants::gas::CALL_GAS_LIMIT, Evm, Runtime, RuntimeOrigin};

use crate::{
	programs::{self, Program},
	state::{LargeState, CALLER, TARGET},
	Options,
};

/// Bytes of proof that the first read of each kind needs for the upper levels of the trie. All later
/// ones in the block share them, so that a block has them once, whatever is in it.
const UPPER_LEVELS_BYTES: u64 = 32 * 1024;

/// What reading and writing state takes besides the execution.
struct Database {
	/// Distinct keys read from the trie.
	reads: u64,
	/// Distinct keys that are others after the execution.
	writes: u64,
	/// Bytes of the storage proof, in the compact form that a parachain block carries.
	proof: u64,
}

impl Database {
	/// How long a node's database takes for it.
	fn time(&self) -> Duration {
		let weight = <Runtime as frame_system::Config>::DbWeight::get();
		picoseconds(weight.reads_writes(self.reads, self.writes).ref_time())
	}
}

fn picoseconds(time: u64) -> Duration {
	Duration::from_nanos(time / 1_000)
}

/// A program with the highest count for which a block's gas and proof size are enough.
struct Fitted {
	count: u64,
	report: ExecutionReport,
}

struct Bench {
	wasm: Wasm,
	state: LargeState,
	runs: usize,
}

/// Which share of its limits an execution used.
fn fill(report: &ExecutionReport) -> f64 {
	let gas = report.gas_used as f64 / CALL_GAS_LIMIT as f64;
	let proof = report.weight.proof_size() as f64 / proof_allowance(CALL_GAS_LIMIT) as f64;
	gas.max(proof)
}

fn call(program: &Program, count: u64) -> Call {
	Call {
		from: CALLER,
		target: TARGET,
		input: program.input(count),
		gas_limit: Some(CALL_GAS_LIMIT),
	}
}

impl Bench {
	fn run_natively(&mut self, program: &Program, count: u64) -> ExecutionReport {
		let call = call(program, count);
		self.state.ext.execute_with(|| call_natively(&call)).1
	}

	/// Looks for the highest count, first along a straight line and then by bisection.
	fn fit(&mut self, program: &Program) -> Result<Fitted, Failure> {
		let mut best = Fitted {
			count: 1,
			report: self.run_natively(program, 1),
		};
		best.report.result.clone()?;
		let mut fails = program.most.saturating_add(1);
		while best.count + 1 < fails && fill(&best.report) < 0.97 {
			let guess = (best.count as f64 / fill(&best.report) * 0.99) as u64;
			let count = match guess < fails {
				true => guess.max(best.count + 1),
				false => best.count.midpoint(fails),
			};
			let report = self.run_natively(program, count);
			match &report.result {
				Ok(_) => best = Fitted { count, report },
				Err(_) => fails = count,
			}
			if fails - best.count < best.count / 64 {
				break;
			}
		}
		Ok(best)
	}

	/// Runs a call as an extrinsic does, whose effects stay, up to the block's storage root.
	fn database(&mut self, call: Call) -> Database {
		let recorder = Recorder::<Blake2Hasher>::default();
		let root = *self.state.ext.backend.root();
		self.state.ext.execute_with_recorder(recorder.clone(), || {
			let origin = RuntimeOrigin::signed(ethereum_account(&call.from));
			let gas_limit = call.gas_limit.unwrap_or(CALL_GAS_LIMIT);
			Evm::call(origin, call.target, call.input, 0, gas_limit)
				.expect("the call succeeds as it did before");
			sp_io::storage::root(StateVersion::V1)
		});
		let reads = recorder
			.recorded_keys()
			.values()
			.map(|keys| keys.len())
			.sum::<usize>();
		let accounts = frame_system::Account::<Runtime>::final_prefix();
		let pallet = &accounts[..16];
		let writes = self
			.state
			.ext
			.overlayed_changes()
			.changes()
			// Events and the like are no state that a database keeps.
			.filter(|(key, _)| !key.starts_with(pallet) || key.starts_with(&accounts))
			.count();
		self.state.ext.reset_overlay();
		let proof = recorder
			.to_storage_proof()
			.to_compact_proof::<Blake2Hasher>(root)
			.expect("the proof is of this root")
			.encoded_size();
		Database {
			reads: reads as u64,
			writes: writes as u64,
			proof: proof as u64,
		}
	}

	/// The times of several runs in wasm, sorted.
	fn time(&mut self, call: &Call, expected: &ExecutionReport) -> Result<Vec<Duration>, String> {
		let mut times = Vec::new();
		for _ in 0..self.runs {
			let (time, report) = self.wasm.call(&mut self.state.ext.ext(), call)?;
			if report != *expected {
				return Err("wasm and native disagree".into());
			}
			times.push(time);
		}
		times.sort();
		Ok(times)
	}
}

fn milliseconds(time: Duration) -> f64 {
	time.as_secs_f64() * 1_000.0
}

fn ratio(part: f64, whole: f64) -> f64 {
	match whole == 0.0 {
		true => f64::from(u8::from(part > 0.0)),
		false => part / whole,
	}
}

/// Prints the table. Fails if anything takes more than it is charged.
pub fn run(options: &Options) -> ExitCode {
	// A trap is one line of the table.
	std::panic::set_hook(Box::new(|panic| eprintln!("{panic}")));
	eprintln!("compiling the runtime as a validator does");
	let wasm = Wasm::validator();
	eprintln!(
		"building a state of {} entries of each kind",
		options.entries
	);
	let mut bench = Bench {
		wasm,
		state: LargeState::build(options.entries),
		runs: options.runs,
	};

	let idle = programs::idle();
	bench.state.put_program(idle.code.clone());
	let empty = bench.database(call(&idle, 1));
	let overhead = bench.wasm.overhead(&mut bench.state.ext.ext());
	println!(
		"block: {CALL_GAS_LIMIT} gas, {} bytes of proof; a call that does nothing: {:.2} ms, {} bytes",
		proof_allowance(CALL_GAS_LIMIT),
		milliseconds(overhead),
		empty.proof
	);
	println!(
		"{:<28} {:>9} {:>9} {:>9} {:>9} {:>9} {:>7} {:>7} {:>8} {:>6} {:>9} {:>9} {:>6}  verdict",
		"program",
		"count",
		"gas",
		"charged",
		"min ms",
		"median",
		"reads",
		"writes",
		"db ms",
		"ratio",
		"charged",
		"proof",
		"ratio"
	);

	let mut failed = Vec::new();
	for program in programs::all(options.entries) {
		if !options.selects(&program.name) {
			continue;
		}
		bench.state.put_program(program.code.clone());
		let name = &program.name;
		let Fitted { count, report } = match bench.fit(&program) {
			Ok(fitted) => fitted,
			Err(failure) => {
				println!("{name:<28} fails: {failure:?}");
				failed.push(program.name);
				continue;
			}
		};
		let charged = picoseconds(report.weight.ref_time());
		print!(
			"{name:<28} {count:>9} {:>9} {:>9.2}",
			report.gas_used,
			milliseconds(charged)
		);
		let times = match bench.time(&call(&program, count), &report) {
			Ok(times) => times,
			Err(error) => {
				println!("  in wasm: {}", error.lines().next().unwrap_or_default());
				failed.push(program.name);
				continue;
			}
		};
		let [least, median] = [0, times.len() / 2].map(|at| times[at].saturating_sub(overhead));
		let database = bench.database(call(&program, count));
		let time_ratio = ratio(
			(median + database.time()).as_secs_f64(),
			charged.as_secs_f64(),
		);
		let proof = database.proof.saturating_sub(empty.proof);
		let own = proof.saturating_sub(UPPER_LEVELS_BYTES);
		let proof_ratio = ratio(own as f64, report.weight.proof_size() as f64);
		let holds = time_ratio < 1.0 && proof_ratio < 1.0;
		println!(
			" {:>9.2} {:>9.2} {:>7} {:>7} {:>8.2} {time_ratio:>6.2} {:>9} {proof:>9} {proof_ratio:>6.2}  {}",
			milliseconds(least),
			milliseconds(median),
			database.reads,
			database.writes,
			milliseconds(database.time()),
			report.weight.proof_size(),
			if holds { "ok" } else { "TOO CHEAP" }
		);
		if !holds {
			failed.push(program.name);
		}
	}
	match failed.is_empty() {
		true => ExitCode::SUCCESS,
		false => {
			println!("too cheap or failed: {}", failed.join(" "));
			ExitCode::FAILURE
		}
	}
}
