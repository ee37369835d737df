//! Whether what a contract can make happen takes longer, or needs a longer proof, than it is charged.

use std::{process::ExitCode, time::Duration};

use pallet_evm::{
	gas::proof_allowance,
	types::{ExecutionReport, Failure},
};
use trivium_benchmarks_evm::{
	chain::{call_natively, Call, Wasm},
	measure::{fit, milliseconds, Database, Measured, Options},
};
use trivium_primitives::account::ethereum_account;
use trivium_runtime::{constants::gas::CALL_GAS_LIMIT, Evm, RuntimeOrigin};

use crate::{
	programs::{self, Program},
	state::{LargeState, CALLER, TARGET},
};

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

	/// The highest count for which a block's gas and proof size are enough, and what it came to.
	fn fit(&mut self, program: &Program) -> Result<(u64, ExecutionReport), Failure> {
		fit(program.most, |count| {
			let report = self.run_natively(program, count);
			let result = report.result.clone();
			(fill(&report), result.map(|_| report))
		})
	}

	/// Runs a call as an extrinsic does, whose effects stay.
	fn database(&mut self, call: Call) -> Database {
		Database::of(&mut self.state.ext, || {
			let origin = RuntimeOrigin::signed(ethereum_account(&call.from));
			let gas_limit = call.gas_limit.unwrap_or(CALL_GAS_LIMIT);
			Evm::call(origin, call.target, call.input, 0, gas_limit)
				.expect("the call succeeds as it did before");
		})
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

/// Prints the table. Fails if anything takes more than it is charged.
pub fn run(options: &Options) -> ExitCode {
	// A trap is one line of the table.
	std::panic::set_hook(Box::new(|panic| eprintln!("{panic}")));
	eprintln!("compiling the runtime as a validator does");
	let wasm = options.wasm();
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
		"{:<28} {:>9} {:>9} {}",
		"program",
		"count",
		"gas",
		Measured::heads()
	);

	let mut failed = Vec::new();
	for program in programs::all(options.entries) {
		if !options.selects(&program.name) {
			continue;
		}
		bench.state.put_program(program.code.clone());
		let name = &program.name;
		let (count, report) = match bench.fit(&program) {
			Ok(fitted) => fitted,
			Err(failure) => {
				println!("{name:<28} fails: {failure:?}");
				failed.push(program.name);
				continue;
			}
		};
		print!("{name:<28} {count:>9} {:>9} ", report.gas_used);
		let times = match bench.time(&call(&program, count), &report) {
			Ok(times) => times,
			Err(error) => {
				println!("  in wasm: {}", error.lines().next().unwrap_or_default());
				failed.push(program.name);
				continue;
			}
		};
		let times: Vec<Duration> = times
			.into_iter()
			.map(|time| time.saturating_sub(overhead))
			.collect();
		let measured = Measured {
			charged: report.weight,
			counting: times.len() / 2,
			times,
			database: bench.database(call(&program, count)),
			empty_proof: empty.proof,
		};
		println!("{}", measured.columns());
		if !measured.holds() {
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
