//! Measures ink! contracts in wasm.
//!
//! ```text
//! benchmarks/wasm/run [--runs N] [NAME...]
//! benchmarks/wasm/run adversarial [--entries N] [--runs N] [--runtime FILE] [NAME...]
//! ```
//!
//! # `speed`, which is what is run without a command
//! See [`speed`].
//!
//! # `adversarial`
//! See [`adversarial`].

mod adversarial;
mod code;
mod programs;
mod speed;
mod state;
mod workloads;

use std::process::ExitCode;

use trivium_benchmarks_evm::{chain::with_validator_stack, measure::Options};

const USAGE: &str = "usage: trivium-benchmarks-wasm <adversarial | speed GUEST> [arguments]";

/// Entries of each kind that the state has, if nothing else is said.
const ENTRIES: u64 = 200_000;

fn main() -> ExitCode {
	let mut args = std::env::args().skip(1);
	let command = args.next().unwrap_or_default();
	let args: Vec<String> = args.collect();
	with_validator_stack(move || match command.as_str() {
		"adversarial" => match Options::parse(&args, ENTRIES) {
			Ok(options) => adversarial::run(&options),
			Err(error) => {
				eprintln!("{error}\n{USAGE}");
				ExitCode::FAILURE
			}
		},
		"speed" => speed::run(&args),
		_ => {
			eprintln!("{USAGE}");
			ExitCode::FAILURE
		}
	})
}
