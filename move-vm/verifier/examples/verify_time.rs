//! Measures verification: the worst modules that the tests know, and files of bytecode.
//!
//! `cargo run --release -p move-vm-verifier --example verify_time -- [FILE.mv]...`

use std::time::{Duration, Instant};

use move_vm_binary_format::CompiledModule;
use move_vm_types::VerifierLimits;
use move_vm_verifier::{code_unit, verify_module, Meter};

#[path = "../tests/bodies/worst.rs"]
mod worst;

/// The shortest of `rounds` runs.
fn shortest(rounds: u32, mut run: impl FnMut()) -> Duration {
	let time = |_| {
		let start = Instant::now();
		run();
		start.elapsed()
	};
	(0..rounds).map(time).min().unwrap_or_default()
}

fn main() {
	let limits = VerifierLimits::PRODUCTION;
	println!("worst modules: code units alone");
	for (name, module) in worst::all() {
		let mut meter = Meter::new(&limits);
		let result = code_unit::verify_module(&module, &limits, &mut meter);
		let time = shortest(3, || {
			let _ = code_unit::verify_module(&module, &limits, &mut Meter::new(&limits));
		});
		let outcome = result.map_or_else(|error| error.status().name(), |()| "OK");
		println!(
			"{:>9.2} ms {:>8} units {:>5.1} ns/unit {outcome:<20} {name}",
			time.as_secs_f64() * 1e3,
			meter.used(),
			time.as_secs_f64() * 1e9 / meter.used().max(1) as f64,
		);
	}

	let (mut bytes, mut total, mut count) = (0, Duration::ZERO, 0);
	for path in std::env::args().skip(1) {
		let file = std::fs::read(&path).expect("the file can be read");
		let module = CompiledModule::deserialize(&file).expect("the file is a module");
		match verify_module(&module, &limits) {
			Ok(report) => {
				let all = shortest(50, || {
					let _ = verify_module(&module, &limits);
				});
				let bodies = shortest(50, || {
					let _ = code_unit::verify_module(&module, &limits, &mut Meter::new(&limits));
				});
				println!(
					"{:>8.1} us, bodies {:>8.1} us, {:>6} bytes, {:>7} units {path}",
					all.as_secs_f64() * 1e6,
					bodies.as_secs_f64() * 1e6,
					file.len(),
					report.units,
				);
				bytes += file.len();
				total += all;
				count += 1;
			}
			Err(error) => println!("REFUSED {path}: {error}"),
		}
	}
	if count > 0 {
		println!(
			"{count} modules, {bytes} bytes: {:.1} us per KB",
			total.as_secs_f64() * 1e6 / (bytes as f64 / 1024.0)
		);
	}
}
