//! Weights of what the pallet does besides running code.
//!
//! A runtime measures its own with `benchmarking.rs`; those here are for tests.

use polkadot_sdk::{
	frame_support::weights::constants::{RocksDbWeight, WEIGHT_REF_TIME_PER_MICROS},
	sp_weights::Weight,
};

/// What each step costs.
pub trait WeightInfo {
	/// The extrinsic `publish_package` with `b` bytes of modules, without the gas.
	fn publish_package(b: u32) -> Weight;
	/// The extrinsic `upgrade_package` with `b` bytes of modules, without the gas.
	fn upgrade_package(b: u32) -> Weight;
	/// The extrinsic `execute` with `b` bytes of names and arguments, without the gas.
	fn execute(b: u32) -> Weight;
	/// The extrinsic `execute_script` with `b` bytes of script and arguments, without the gas.
	fn execute_script(b: u32) -> Weight;
	/// Giving deposits back to `n` accounts.
	fn refund(n: u32) -> Weight;
	/// Reading an entry of `b` bytes: what the VM's gas for it is held against.
	fn host_read(b: u32) -> Weight;
	/// Writing an entry of `b` bytes: what the VM's gas for it is held against.
	fn host_write(b: u32) -> Weight;
	/// Depositing an event of `b` bytes: what the VM's gas for it is held against.
	fn host_emit(b: u32) -> Weight;
	/// Publishing a module of `f` functions, gas included: what the VM's gas for it is held against.
	fn verify_module(f: u32) -> Weight;
	/// Interpreting `n` thousand rounds of a loop of ordinary instructions: what
	/// [`crate::Config::WeightPerGas`] is held against.
	fn interpret(n: u32) -> Weight;
}

const fn micros(micros: u64) -> Weight {
	Weight::from_parts(WEIGHT_REF_TIME_PER_MICROS.saturating_mul(micros), 0)
}

const fn per_unit(picoseconds: u64, units: u32) -> Weight {
	Weight::from_parts(picoseconds.saturating_mul(units as u64), 0)
}

/// Proof size of the signer's and the payer's account, and of what is held of them.
const ACCOUNTS_PROOF_BYTES: u64 = 4096;

fn extrinsic(nanos_per_byte: u64, bytes: u32) -> Weight {
	micros(200)
		.saturating_add(RocksDbWeight::get().reads_writes(4, 4))
		.saturating_add(per_unit(nanos_per_byte.saturating_mul(1_000), bytes))
		.saturating_add(Weight::from_parts(0, ACCOUNTS_PROOF_BYTES))
}

impl WeightInfo for () {
	fn publish_package(b: u32) -> Weight {
		extrinsic(2, b)
	}
	fn upgrade_package(b: u32) -> Weight {
		extrinsic(2, b)
	}
	fn execute(b: u32) -> Weight {
		extrinsic(5, b)
	}
	fn execute_script(b: u32) -> Weight {
		extrinsic(5, b)
	}
	fn refund(n: u32) -> Weight {
		micros(60)
			.saturating_add(RocksDbWeight::get().reads_writes(2, 2))
			.saturating_add(Weight::from_parts(0, ACCOUNTS_PROOF_BYTES))
			.saturating_mul(n.into())
	}
	fn host_read(b: u32) -> Weight {
		micros(30).saturating_add(per_unit(1_000, b))
	}
	fn host_write(b: u32) -> Weight {
		micros(110).saturating_add(per_unit(2_000, b))
	}
	fn host_emit(b: u32) -> Weight {
		micros(30).saturating_add(per_unit(4_000, b))
	}
	fn verify_module(f: u32) -> Weight {
		micros(300).saturating_add(micros(20).saturating_mul(f.into()))
	}
	fn interpret(n: u32) -> Weight {
		micros(200).saturating_mul(n.into())
	}
}
