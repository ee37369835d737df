//! This workspace's pallet beside the published `pallet-contracts`.
//!
//! Both are small runtimes with a ledger, of one crate, compiled alike; ours has the dispatch pallet too, with
//! its receipts. They run in the executor of a relay chain's validator, on a trie. They take turns; the
//! least of several runs (`--runs`) counts. Columns, in microseconds:
//!
//! - `first`: the only call in an instance, as an extrinsic is when a block is built; less what an instance
//!   takes in which nothing is called;
//! - `further`: each of the calls that follow in the same instance, as when a block is imported;
//! - the ratios say how many times as fast ours is.
//!
//! Fails if an answer differs, or a target is missed: an empty call three times as fast, computation
//! twice, and nothing slower.

use std::{process::ExitCode, time::Duration};

use codec::{Decode, Encode};
use polkadot_sdk::{
	pallet_balances,
	sp_core::Blake2Hasher,
	sp_externalities::Externalities as _,
	sp_runtime::BuildStorage,
	sp_state_machine::{BasicExternalities, TestExternalities},
	sp_storage::Storage,
};
use trivium_benchmarks_evm::chain::{Wasm, VALIDATOR};
use trivium_benchmarks_wasm_guest::{
	ours, published, Machine, Request, Which, Work, PLENTY, SIGNER,
};

use crate::workloads::{Workload, WORKLOADS};

/// Calls of one instance beyond the first.
const FURTHER: u32 = 20;

/// Prints the table. `args`: the file with the two runtimes, and what the command line says besides.
pub fn run(args: &[String]) -> ExitCode {
	let mut args = args.iter();
	let Some(guest) = args.next() else {
		eprintln!("usage: benchmarks/wasm/run [--runs N] [NAME...]");
		return ExitCode::FAILURE;
	};
	let mut runs = 15;
	let mut names = Vec::new();
	while let Some(arg) = args.next() {
		match arg.as_str() {
			"--runs" => match args.next().and_then(|text| text.parse().ok()) {
				Some(number) if number > 0 => runs = number,
				_ => {
					eprintln!("--runs needs a number");
					return ExitCode::FAILURE;
				}
			},
			_ => names.push(arg.clone()),
		}
	}
	let code = match std::fs::read(guest) {
		Ok(code) => code,
		Err(error) => {
			eprintln!("{guest}: {error}");
			return ExitCode::FAILURE;
		}
	};
	measure(&Wasm::with_code(&code, VALIDATOR), runs, &names)
}

/// Measures all workloads whose names contain one of `names`, or all.
fn measure(wasm: &Wasm, runs: usize, names: &[String]) -> ExitCode {
	println!(
		"| workload | published, first | ours | ratio | published, further | ours | ratio |\n\
		 | --- | --- | --- | --- | --- | --- | --- |"
	);
	let mut all_well = true;
	for workload in WORKLOADS {
		if !names.is_empty() && !names.iter().any(|name| workload.name.contains(name)) {
			continue;
		}
		let mut published = Side::new::<published::Machine>(wasm, Which::Published, workload);
		let mut ours = Side::new::<ours::Machine>(wasm, Which::Ours, workload);
		assert_eq!(
			published.answer(),
			ours.answer(),
			"{}: the answers differ",
			workload.name
		);
		for _ in 0..runs {
			published.run();
			ours.run();
		}
		let (first, further) = (
			ratio(published.first(), ours.first()),
			ratio(published.further(), ours.further()),
		);
		println!(
			"| {} | {:.0} | {:.0} | {first:.2} | {:.0} | {:.0} | {further:.2} |",
			workload.name,
			micros(published.first()),
			micros(ours.first()),
			micros(published.further()),
			micros(ours.further()),
		);
		if first.min(further) < workload.target {
			all_well = false;
			eprintln!("{}: the target is {}", workload.name, workload.target);
		}
	}
	if all_well {
		ExitCode::SUCCESS
	} else {
		ExitCode::FAILURE
	}
}

fn micros(time: Duration) -> f64 {
	time.as_secs_f64() * 1e6
}

fn ratio(published: Duration, ours: Duration) -> f64 {
	published.as_secs_f64() / ours.as_secs_f64()
}

/// One of the two pallets, with a state for a workload.
struct Side<'a> {
	wasm: &'a Wasm,
	which: Which,
	work: Work,
	state: TestExternalities<Blake2Hasher>,
	/// The least times for no call, one, and [`FURTHER`] more.
	least: [Duration; 3],
}

impl<'a> Side<'a> {
	fn new<M: Machine>(wasm: &'a Wasm, which: Which, workload: &Workload) -> Self {
		let mut storage = genesis(which);
		let mut work = None;
		let mut basic = BasicExternalities::new(core::mem::take(&mut storage));
		basic.execute_with(|| work = Some((workload.prepare)(&Prepare::of::<M>())));
		let state = TestExternalities::new(basic.into_storages());
		Self {
			wasm,
			which,
			work: work.expect("it is prepared"),
			state,
			least: [Duration::MAX; 3],
		}
	}

	fn request(&mut self, times: u32) -> (Duration, Option<Vec<u8>>) {
		let request = Request {
			which: self.which,
			work: self.work.clone(),
			times,
		};
		let mut ext = self.state.ext();
		// What one run does is not there for the next.
		ext.storage_start_transaction();
		let (time, answer) = self
			.wasm
			.run(&mut ext, "work_for_host", &request.encode())
			.expect("the guest does not trap");
		ext.storage_rollback_transaction()
			.expect("there is the transaction that was started");
		let answer = Option::<Vec<u8>>::decode(&mut &answer[..]).expect("the guest answers so");
		(time, answer)
	}

	/// What the last of several calls returns.
	fn answer(&mut self) -> Vec<u8> {
		let (_, answer) = self.request(3);
		answer.expect("the contract does well")
	}

	fn run(&mut self) {
		for (place, times) in [0, 1, 1 + FURTHER].into_iter().enumerate() {
			let (time, answer) = self.request(times);
			assert!(answer.is_some(), "the contract does well");
			self.least[place] = self.least[place].min(time);
		}
	}

	fn first(&self) -> Duration {
		self.least[1].saturating_sub(self.least[0])
	}

	fn further(&self) -> Duration {
		self.least[2].saturating_sub(self.least[1]) / FURTHER
	}
}

/// What a workload is prepared with.
pub struct Prepare {
	/// Uploads code.
	pub upload: fn(Vec<u8>) -> Option<polkadot_sdk::sp_core::H256>,
	/// Instantiates code with a number that makes it another contract.
	pub instantiate: fn(polkadot_sdk::sp_core::H256, u32) -> Option<trivium_primitives::AccountId>,
}

impl Prepare {
	fn of<M: Machine>() -> Self {
		Self {
			upload: M::upload,
			instantiate: M::instantiate,
		}
	}
}

fn genesis(which: Which) -> Storage {
	let balances = vec![(SIGNER, PLENTY)];
	let storage = match which {
		Which::Published => pallet_balances::GenesisConfig::<published::Runtime> {
			balances,
			..Default::default()
		}
		.build_storage(),
		Which::Ours => pallet_balances::GenesisConfig::<ours::Runtime> {
			balances,
			..Default::default()
		}
		.build_storage(),
	};
	storage.expect("the ledger can be built")
}
