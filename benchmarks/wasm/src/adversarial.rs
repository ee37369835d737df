//! Whether what a contract can make happen takes longer, or needs a longer proof, than it is charged.
//!
//! Contracts that get as much work as they can out of what they pay, and codes that take the longest to check,
//! each in one transaction with the most weight that one may have, in the runtime's wasm, compiled and limited
//! as by a relay chain's validator, on a state of 200,000 accounts, contracts, codes and values (`--entries`).
//! Names restrict it to programs that contain one of them; with `--runtime` the wasm comes from a file,
//! compressed or not, and not from this build. Fails if one of the ratios is 1 or more. Columns:
//!
//! - `count`: how often the contract does it; `-` if it does so until nothing is left;
//! - `used`: which part of the most weight was used, in percent;
//! - `charged`: the ref time that the block has less for it, milliseconds;
//! - `min ms` and `median`: what it takes of several runs (`--runs`), less what making an instance takes;
//! - `reads`, `writes`, `db ms`: distinct keys, and what the runtime's `DbWeight` gives for them;
//! - `ratio`: the least time and the database together, by what is charged;
//! - `charged`, `proof`: bytes of proof size charged, and those of the compact proof that a block would carry,
//!   less those of a call that does nothing;
//! - `ratio`: the proof by what is charged, without 32 KiB of it for the upper levels of the trie, which all that
//!   is in a block shares.

use std::{process::ExitCode, time::Duration};

use codec::{Decode, Encode};
use polkadot_sdk::{
	frame_support::weights::Weight,
	sp_runtime::{ApplyExtrinsicResult, DispatchError},
};
use trivium_benchmarks_evm::{
	chain::Wasm,
	measure::{fit, milliseconds, Database, Measured, Options},
};
use trivium_runtime::{Runtime, UncheckedExtrinsic};

use crate::{
	programs::{self, Ends, Program},
	state::{apply, max_extrinsic, LargeState, Ready},
};

/// What a transaction came to.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Outcome {
	/// What the block has less.
	charged: Weight,
	result: ApplyExtrinsicResult,
}

/// A program, how often it does what it does, and what that came to.
struct Fitted {
	count: u32,
	extrinsic: UncheckedExtrinsic,
	outcome: Outcome,
}

/// Why a program does not do what it is to do.
type Unmeant = String;

struct Bench {
	state: LargeState,
	/// All programs get one part in so many of what they would.
	share: u64,
}

impl Bench {
	fn limit(&self, program: &Program) -> Weight {
		max_extrinsic() / self.share / program.share
	}

	/// Which share of its limits a transaction used.
	fn fill(&self, program: &Program, outcome: &Outcome) -> f64 {
		let limit = self.limit(program);
		let time = outcome.charged.ref_time() as f64 / limit.ref_time() as f64;
		let proof = outcome.charged.proof_size() as f64 / limit.proof_size() as f64;
		time.max(proof)
	}

	fn extrinsic(&mut self, program: &Program, ready: &Ready, count: u32) -> UncheckedExtrinsic {
		let share = self.share * program.share;
		self.state.extrinsic(ready, count, share)
	}

	/// Runs a transaction by `run` and sees what the block has less.
	fn outcome(
		&mut self,
		run: impl FnOnce(&mut LargeState) -> Result<ApplyExtrinsicResult, String>,
	) -> Result<Outcome, String> {
		let before = self.state.used();
		let result = run(&mut self.state);
		let charged = self.state.used().saturating_sub(before);
		self.state.ext.reset_overlay();
		let result = result?;
		Ok(Outcome { charged, result })
	}

	fn run_natively(&mut self, extrinsic: &UncheckedExtrinsic) -> Outcome {
		self.outcome(|state| Ok(state.ext.execute_with(|| apply(extrinsic.clone()))))
			.expect("the native runtime does not trap")
	}

	/// The highest count for which the weight is enough, and what it comes to.
	fn fit(&mut self, program: &Program, ready: &Ready) -> Result<Fitted, Unmeant> {
		let mut run = |count: u32| {
			let extrinsic = self.extrinsic(program, ready, count);
			let outcome = self.run_natively(&extrinsic);
			let fill = self.fill(program, &outcome);
			let is_meant = match (&outcome.result, program.ends()) {
				(Ok(Ok(())), Ends::Well) => true,
				(Ok(Err(error)), Ends::OutOfGas) => *error == out_of_gas(),
				_ => false,
			};
			let result = match is_meant {
				true => Ok(Fitted {
					count,
					extrinsic,
					outcome,
				}),
				false => Err(format!("{:?}", outcome.result)),
			};
			(fill, result)
		};
		match program.ends() {
			Ends::OutOfGas => run(u32::MAX).1,
			Ends::Well => {
				let fitted = fit(program.most.into(), |count| run(count as u32))?;
				Ok(fitted.1)
			}
		}
	}

	/// The times of several runs in wasm, sorted.
	fn time(
		&mut self,
		wasm: &Wasm,
		runs: usize,
		overhead: Duration,
		fitted: &Fitted,
	) -> Result<Vec<Duration>, String> {
		let mut times = Vec::new();
		let encoded = fitted.extrinsic.encode();
		for _ in 0..runs {
			let outcome = self.outcome(|state| {
				let mut ext = state.ext.ext();
				let (time, result) =
					wasm.run(&mut ext, "BlockBuilder_apply_extrinsic", &encoded)?;
				times.push(time.saturating_sub(overhead));
				ApplyExtrinsicResult::decode(&mut &result[..]).map_err(|error| error.to_string())
			})?;
			if outcome != fitted.outcome {
				return Err(format!("wasm and native disagree: {outcome:?}"));
			}
		}
		times.sort();
		Ok(times)
	}

	fn database(&mut self, extrinsic: &UncheckedExtrinsic) -> Database {
		Database::of(&mut self.state.ext, || {
			let _ = apply(extrinsic.clone()).expect("it was applied before");
		})
	}
}

fn out_of_gas() -> DispatchError {
	pallet_wasm::Error::<Runtime>::OutOfGas.into()
}

/// Prints the table. Fails if anything takes more than it is charged.
pub fn run(options: &Options) -> ExitCode {
	// A trap is one line of the table.
	std::panic::set_hook(Box::new(|panic| eprintln!("{panic}")));
	eprintln!("compiling the runtime as a validator does");
	let wasm = options.wasm();
	let entries = options.entries;
	eprintln!("building a state of {entries} entries of each kind");
	let entries = u32::try_from(entries).expect("the command line has less");
	let mut bench = Bench {
		state: LargeState::build(entries),
		share: 1,
	};
	let programs = programs::all(&mut bench.state);

	let nothing = programs::nothing();
	let ready = bench.state.put(&nothing);
	let extrinsic = bench.extrinsic(&nothing, &ready, 1);
	let empty = bench.database(&extrinsic);
	let overhead = wasm.overhead(&mut bench.state.ext.ext());
	println!(
		"most of one transaction: {:?}; an instance: {:.2} ms; a call that does nothing: {} bytes of proof",
		max_extrinsic(),
		milliseconds(overhead),
		empty.proof
	);
	println!(
		"{:<32} {:>9} {:>5} {}",
		"program",
		"count",
		"used",
		Measured::heads()
	);
	let mut failed = Vec::new();
	for program in programs {
		let name = &program.name;
		if !options.selects(name) {
			continue;
		}
		let ready = bench.state.put(&program);
		let measured = bench.fit(&program, &ready).and_then(|fitted| {
			let count = match program.ends() {
				Ends::Well => fitted.count.to_string(),
				Ends::OutOfGas => "-".into(),
			};
			let fill = 100.0 * bench.fill(&program, &fitted.outcome);
			print!("{name:<32} {count:>9} {fill:>5.0} ");
			let times = bench.time(&wasm, options.runs, overhead, &fitted)?;
			Ok(Measured {
				charged: fitted.outcome.charged,
				times,
				counting: 0,
				database: bench.database(&fitted.extrinsic),
				empty_proof: empty.proof,
			})
		});
		let holds = match measured {
			Ok(measured) => {
				println!("{}", measured.columns());
				measured.holds()
			}
			Err(error) => {
				println!("{name}: {}", error.lines().next().unwrap_or_default());
				false
			}
		};
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

#[cfg(test)]
mod tests {
	use trivium_benchmarks_evm::chain::with_validator_stack;

	use super::*;

	/// Each program goes on until its weight is used up or it has done all that it can, and ends as it is
	/// meant to. On a small state, with a part of the weight, natively.
	#[test]
	fn every_program_uses_what_it_gets() {
		with_validator_stack(|| {
			let mut bench = Bench {
				state: LargeState::build(40),
				share: 20,
			};
			let programs = programs::all(&mut bench.state);
			let mut unmeant = Vec::new();
			for program in programs {
				let ready = bench.state.put(&program);
				match bench.fit(&program, &ready) {
					Err(error) => unmeant.push(format!("{}: {error}", program.name)),
					Ok(fitted) => {
						let fill = bench.fill(&program, &fitted.outcome);
						// The search for the count ends near the highest.
						let near_most = program.most - program.most / 32;
						let is_at_end = fitted.count >= near_most;
						if fill < 0.8 && !is_at_end {
							unmeant.push(format!("{}: {fill} at {}", program.name, fitted.count));
						}
					}
				}
			}
			assert_eq!(unmeant, Vec::<String>::new());
		});
	}
}
