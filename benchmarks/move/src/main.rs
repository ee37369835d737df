//! Runs workloads on the Move VM, natively and in wasm, and prints what a bytecode takes.
//!
//! ```text
//! cargo run --release -p trivium-benchmarks-move [-- --native | --classes]
//! ```
//!
//! With `--classes` it runs each class of instructions and natives at its worst operands in wasm, and
//! prints what it takes of what is charged for it.
//!
//! The wasm is that of `guest`, built for the runtime's target with the runtime's optimisation and
//! run by the engine that the node uses. Times are the best of several runs, for each bytecode;
//! "gas ns" is the time that the gas charged stands for. The last lines are about whole transactions
//! and about publishing.

mod classes;
mod native;
mod wasm;
mod workloads;

use std::time::{Duration, Instant};

/// What a nanosecond of native code costs by the schedule's own measure.
const GAS_PER_NANOSECOND: f64 = 10.0;
/// Runs of which the best counts.
const RUNS: usize = 15;

/// The shortest of several runs.
fn best(mut run: impl FnMut()) -> Duration {
	(0..RUNS)
		.map(|_| {
			let start = Instant::now();
			run();
			start.elapsed()
		})
		.min()
		.unwrap_or_default()
}

fn nanoseconds_each(time: Duration, count: u64) -> f64 {
	time.as_nanos() as f64 / count as f64
}

fn main() {
	let only_native = std::env::args().any(|argument| argument == "--native");
	let (module, workloads) = workloads::build();
	let bytes = module.serialize().expect("the module has a form");
	let mut native = native::Runner::new(&bytes);
	let mut wasm = (!only_native).then(|| wasm::Runner::new(&bytes));
	if let (Some(wasm), true) = (
		&mut wasm,
		std::env::args().any(|argument| argument == "--classes"),
	) {
		return classes::run(&mut native, wasm);
	}
	println!(
		"{:<15} {:>10} {:>6} {:>9} {:>6}  what",
		"workload", "native ns", "gas ns", "wasm ns", "ratio"
	);
	let (mut native_sum, mut wasm_sum) = (0.0, 0.0);
	for workload in &workloads {
		let n = workload.n;
		let mut gas = 0;
		let time = best(|| gas = native.call(workload.name, n, 0xB));
		let in_native = nanoseconds_each(time, workload.bytecodes);
		native_sum += in_native;
		let paid = gas as f64 / GAS_PER_NANOSECOND / workload.bytecodes as f64;
		print!("{:<15} {in_native:>10.1} {paid:>6.1}", workload.name);
		match &mut wasm {
			Some(wasm) => {
				let time = best(|| wasm.call(&format!("bench::{}", workload.name), n, 0xB));
				let in_wasm = nanoseconds_each(time, workload.bytecodes);
				wasm_sum += in_wasm;
				print!(" {in_wasm:>9.1} {:>6.2}", in_wasm / in_native);
			}
			None => print!(" {:>9} {:>6}", "-", "-"),
		}
		println!("  {}", workload.about);
	}
	let count = workloads.len() as f64;
	println!(
		"{:<15} {:>10.1} {:>6} {:>9.1} {:>6.2}",
		"mean",
		native_sum / count,
		"",
		wasm_sum / count,
		wasm_sum / native_sum
	);
	println!();
	native.others(&bytes, &module);
	if let Some(wasm) = &mut wasm {
		wasm.others();
	}
}
