//! Runs the pallets' benchmarks in the wasm runtime and writes their weights.
//!
//! `benchmarks/weights/run` builds the runtime with its benchmarks and calls this for each pallet.
//! All the work is `frame-benchmarking-cli`'s; here it gets the host functions of a parachain.

use clap::Parser;
use polkadot_sdk::{
	cumulus_client_service::ParachainHostFunctions, frame_benchmarking_cli::PalletCmd, sc_cli,
	sp_runtime::traits::BlakeTwo256,
};

#[derive(Parser)]
struct Cli {
	#[command(flatten)]
	pallet: PalletCmd,
}

// The error is the tool's own.
#[allow(clippy::result_large_err)]
fn main() -> sc_cli::Result<()> {
	Cli::parse()
		.pallet
		.run_with_spec::<BlakeTwo256, ParachainHostFunctions>(None)
}
