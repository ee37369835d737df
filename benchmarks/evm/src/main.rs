//! Measures the EVM in the runtime.
//!
//! ```text
//! cargo run --release -p trivium-benchmarks-evm -- adversarial [--entries N] [--runs N] [NAME...]
//! cargo run --release -p trivium-benchmarks-evm -- proof [--entries N]
//! cargo run --release -p trivium-benchmarks-evm -- speed
//! ```
//!
//! # `adversarial`
//! Contracts that get as much work as they can out of a block's gas or proof size, each in one call in
//! the runtime's wasm, compiled and limited as by a relay chain's validator, on a state of a million
//! slots, contracts and codes (`--entries`). Names restrict it to programs that contain one of them.
//! Fails if one of the ratios is 1 or more. Columns:
//!
//! - `count`: how often the contract does it;
//! - `gas`: the gas used, of [`CALL_GAS_LIMIT`](trivium_runtime::constants::gas::CALL_GAS_LIMIT);
//! - `charged`: the ref time that is charged, milliseconds;
//! - `min ms` and `median`: what it takes of several runs (`--runs`), less what making an instance
//!   takes;
//! - `reads`, `writes`, `db ms`: distinct keys, and what the runtime's `DbWeight` gives for them;
//! - `ratio`: median and database together, by what is charged;
//! - `charged`, `proof`: bytes of proof size charged, and those of the compact proof that a block
//!   would carry, less those of a call that does nothing;
//! - `ratio`: the proof by what is charged, without 32 KiB of it for the upper levels of the trie,
//!   which all that is in a block shares.
//!
//! # `proof`
//! What each kind of read and write adds to the compact proof, bytes, beside what is charged for it.
//!
//! # `speed`
//! See [`speed`].

mod adversarial;
mod curves;
mod programs;
mod proof;
mod reference;
#[cfg(feature = "revive")]
mod revive;
mod speed;
mod state;
mod workloads;

use std::process::ExitCode;

use trivium_benchmarks_evm::chain;

const USAGE: &str = "usage: trivium-benchmarks-evm <adversarial | proof | speed> [arguments]";

/// What the command line says of `adversarial` and `proof`.
#[derive(Clone, Debug)]
pub struct Options {
	/// Slots, contracts and codes of the state.
	entries: u64,
	/// Runs of which the median counts.
	runs: usize,
	/// Parts of the names of what is measured; none is all.
	names: Vec<String>,
}

impl Options {
	fn parse(args: &[String]) -> Result<Self, String> {
		let mut options = Self {
			entries: 1_000_000,
			runs: 5,
			names: Vec::new(),
		};
		let mut args = args.iter();
		while let Some(arg) = args.next() {
			let mut number = || {
				args.next()
					.and_then(|text| text.parse::<u32>().ok())
					.filter(|number| *number > 0)
					.ok_or_else(|| format!("{arg} needs a number"))
			};
			match arg.as_str() {
				"--entries" => options.entries = number()?.into(),
				"--runs" => options.runs = number()? as usize,
				_ if arg.starts_with('-') => return Err(format!("no option {arg}")),
				_ => options.names.push(arg.clone()),
			}
		}
		Ok(options)
	}

	/// Whether this is to be measured.
	fn selects(&self, name: &str) -> bool {
		self.names.is_empty() || self.names.iter().any(|part| name.contains(part))
	}
}

fn main() -> ExitCode {
	let mut args = std::env::args().skip(1);
	let command = args.next().unwrap_or_default();
	let args: Vec<String> = args.collect();
	let with_options = |run: fn(&Options) -> ExitCode, args: &[String]| match Options::parse(args) {
		Ok(options) => run(&options),
		Err(error) => {
			eprintln!("{error}\n{USAGE}");
			ExitCode::FAILURE
		}
	};
	chain::with_validator_stack(move || match command.as_str() {
		"adversarial" => with_options(adversarial::run, &args),
		"proof" => with_options(proof::run, &args),
		"speed" => speed::run(&args),
		_ => {
			eprintln!("{USAGE}");
			ExitCode::FAILURE
		}
	})
}
