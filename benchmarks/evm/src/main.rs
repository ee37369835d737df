//! Measures the EVM in the runtime.
//!
//! ```text
//! cargo run --release -p trivium-benchmarks-evm -- adversarial [--entries N] [--runs N] [--runtime FILE] [NAME...]
//! cargo run --release -p trivium-benchmarks-evm -- proof [--entries N]
//! cargo run --release -p trivium-benchmarks-evm -- speed
//! ```
//!
//! # `adversarial`
//! Contracts that get as much work as they can out of a block's gas or proof size, each in one call in
//! the runtime's wasm, compiled and limited as by a relay chain's validator, on a state of a million
//! slots, contracts and codes (`--entries`). Names restrict it to programs that contain one of them; with
//! `--runtime` the wasm comes from a file, compressed or not, and not from this build.
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

use trivium_benchmarks_evm::{chain, measure::Options};

const USAGE: &str = "usage: trivium-benchmarks-evm <adversarial | proof | speed> [arguments]";

/// Slots, contracts and codes of the state, if nothing else is said.
const ENTRIES: u64 = 1_000_000;

fn main() -> ExitCode {
	let mut args = std::env::args().skip(1);
	let command = args.next().unwrap_or_default();
	let args: Vec<String> = args.collect();
	let with_options =
		|run: fn(&Options) -> ExitCode, args: &[String]| match Options::parse(args, ENTRIES) {
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
