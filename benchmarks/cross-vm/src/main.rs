//! What a call from one machine into another takes, and what is charged for it, beside a call within one machine.
//!
//! A contract of each machine makes one call again and again, of a contract that does nothing; one run in the runtime's wasm makes
//! none and one many, both as `CrossVmApi.simulate` answers them, compiled and limited as by a relay chain's validator, on
//! a trie. The difference by the number of calls is a call. The least of several runs (`--runs`) counts. Names restrict it to
//! rows that contain one of them; with `--runtime` the wasm comes from a file. Columns:
//!
//! - `us`: microseconds that a call takes, all of it: leaving the caller, transcoding, the callee, coming back;
//! - `charged`: those of ref time that are charged for it, less what they have for the database: what is read is in memory
//!   after the first time, and charged each time;
//! - `ratio`: the first by the second;
//! - `hop`: what a call from another machine takes more than one within the callee's own machine. The target is less than
//!   60 microseconds, for an empty call.
//!
//! Fails if a call takes longer than it is charged, or misses the target.

mod contracts;

use std::{collections::BTreeMap, process::ExitCode, time::Duration};

use codec::{Decode, Encode};
use pallet_cross_vm::CallLimit;
use polkadot_sdk::{
	frame_support::weights::Weight, frame_system, sp_core::Blake2Hasher,
	sp_keyring::Sr25519Keyring::Alice, sp_state_machine::TestExternalities,
};
use trivium_benchmarks_evm::{
	chain::{in_trie, with_validator_stack, Wasm},
	measure::Options,
};
use trivium_primitives::{Simulation, VmId};
use trivium_runtime::Runtime;

use contracts::{Deployed, Request};

/// Calls of a run that makes some.
const TIMES: u64 = 50;
/// Most that a hop may add, microseconds.
const TARGET_MICROS: f64 = 60.0;
/// The machines.
const MACHINES: [(VmId, &str); 3] = [
	(VmId::EVM, "EVM"),
	(VmId::WASM, "ink!"),
	(VmId::MOVE, "Move"),
];

fn main() -> ExitCode {
	let args: Vec<String> = std::env::args().skip(1).collect();
	match Options::parse(&args, 0) {
		Ok(options) => with_validator_stack(move || run(&options)),
		Err(error) => {
			eprintln!("{error}\nusage: cargo run --release -p trivium-benchmarks-cross-vm -- [--runs N] [--runtime FILE] [NAME...]");
			ExitCode::FAILURE
		}
	}
}

/// What one call takes, and what is charged for it.
#[derive(Clone, Copy, Debug)]
struct Cost {
	micros: f64,
	charged: Weight,
}

struct Bench {
	wasm: Wasm,
	state: TestExternalities<Blake2Hasher>,
	runs: usize,
}

impl Bench {
	fn once(&mut self, request: &Request) -> (Duration, Weight) {
		let most = <Runtime as frame_system::Config>::BlockWeights::get().max_block / 2;
		let limit = CallLimit {
			ref_time: most.ref_time(),
			proof_size: most.proof_size(),
			deposit: Some(0),
		};
		let arguments = (
			Alice.to_account_id(),
			&request.target,
			0u128,
			request.signature.as_bytes(),
			&request.arguments,
			Some(limit),
		)
			.encode();
		let mut ext = self.state.ext();
		let (time, answer) = self
			.wasm
			.run(&mut ext, "CrossVmApi_simulate", &arguments)
			.expect("the runtime does not trap");
		let simulation = Simulation::decode(&mut &answer[..]).expect("is a simulation");
		if let Err(error) = simulation.result {
			panic!("{}: {error:?}", request.signature);
		}
		(time, simulation.weight)
	}

	fn cost(&mut self, request: impl Fn(u64) -> Request) -> Cost {
		let (none, many) = (request(0), request(TIMES));
		let mut least = [Duration::MAX; 2];
		let mut weights = [Weight::zero(); 2];
		for _ in 0..self.runs {
			for (place, request) in [&none, &many].into_iter().enumerate() {
				let (time, weight) = self.once(request);
				least[place] = least[place].min(time);
				weights[place] = weight;
			}
		}
		let [none, many] = least.map(|time| time.as_secs_f64() * 1e6);
		Cost {
			micros: (many - none) / TIMES as f64,
			charged: weights[1].saturating_sub(weights[0]) / TIMES,
		}
	}
}

fn run(options: &Options) -> ExitCode {
	let (deployed, storage) = Deployed::new();
	let mut bench = Bench {
		wasm: options.wasm(),
		state: in_trie(storage),
		runs: options.runs,
	};
	println!(
		"| call | argument | us | charged, us | ratio | charged proof, bytes | hop, us |\n\
		 | --- | ---: | ---: | ---: | ---: | ---: | ---: |"
	);
	let mut all_well = true;
	for argument in [vec![], vec![7; 1024]] {
		let mut native = BTreeMap::new();
		for (vm, name) in MACHINES {
			let row = format!("within {name}");
			if vm == VmId::MOVE && !argument.is_empty() {
				// A value is handed on as it is; there is nothing to be measured.
				continue;
			}
			let cost = bench.cost(|times| deployed.native(vm, &argument, times));
			native.insert(vm.0, cost.micros);
			if options.selects(&row) {
				all_well &= print(&row, argument.len(), cost, None);
			}
		}
		for (from, caller) in MACHINES {
			for (to, callee) in MACHINES {
				let row = format!("{caller} -> {callee}");
				if from == to || !options.selects(&row) {
					continue;
				}
				let cost = bench.cost(|times| deployed.hops(from, to, &argument, times));
				let hop = native.get(&to.0).map(|within| cost.micros - within);
				all_well &= print(&row, argument.len(), cost, hop);
			}
		}
	}
	match all_well {
		true => ExitCode::SUCCESS,
		false => ExitCode::FAILURE,
	}
}

/// Prints a row. `false` if it takes longer than is charged, or if the hop misses the target.
fn print(row: &str, argument: usize, cost: Cost, hop: Option<f64>) -> bool {
	let charged = cost.charged.ref_time() as f64 / 1e6;
	let ratio = cost.micros / charged;
	let hop_text = hop.map_or_else(|| "-".into(), |hop| format!("{hop:.1}"));
	println!(
		"| {row} | {argument} | {:.1} | {charged:.1} | {ratio:.2} | {} | {hop_text} |",
		cost.micros,
		cost.charged.proof_size(),
	);
	let misses = argument == 0 && hop.is_some_and(|hop| hop >= TARGET_MICROS);
	if misses {
		eprintln!("{row}: the target is {TARGET_MICROS} us");
	}
	if ratio >= 1.0 {
		eprintln!("{row}: takes longer than is charged");
	}
	!misses && ratio < 1.0
}
