//! What the pallet's own work costs, besides what pallet-contracts charges.
//!
//! A runtime measures its own with `benchmarking.rs`; those here are for tests.

use polkadot_sdk::{
	frame_support::weights::constants::{RocksDbWeight, WEIGHT_REF_TIME_PER_MICROS},
	sp_weights::Weight,
};

/// Weights of the pallet.
pub trait WeightInfo {
	/// Looking up whether an account is a contract.
	fn lookup() -> Weight;
	/// Entering a contract from another VM.
	fn entry() -> Weight;
	/// The same through a relay.
	fn read_only_entry() -> Weight;
	/// Function 0 of the chain extension with `b` bytes of input, without the hop.
	fn extension_byte(b: u32) -> Weight;
	/// Function 1.
	fn extension_alias() -> Weight;
	/// Function 2.
	fn extension_account() -> Weight;
	/// Mirroring `e` events of the System pallet, without their bytes.
	fn mirror(e: u32) -> Weight;
	/// Mirroring one event of `b` bytes.
	fn mirror_bytes(b: u32) -> Weight;
}

const fn micros(micros: u64) -> Weight {
	Weight::from_parts(WEIGHT_REF_TIME_PER_MICROS.saturating_mul(micros), 0)
}

impl WeightInfo for () {
	fn lookup() -> Weight {
		micros(6).saturating_add(RocksDbWeight::get().reads(1))
	}
	fn entry() -> Weight {
		micros(500).saturating_add(RocksDbWeight::get().reads_writes(8, 3))
	}
	fn read_only_entry() -> Weight {
		micros(800).saturating_add(RocksDbWeight::get().reads_writes(10, 6))
	}
	fn extension_byte(b: u32) -> Weight {
		micros(8).saturating_add(Weight::from_parts(1_500, 0).saturating_mul(b.into()))
	}
	fn extension_alias() -> Weight {
		micros(4)
	}
	fn extension_account() -> Weight {
		micros(6).saturating_add(RocksDbWeight::get().reads(1))
	}
	fn mirror(e: u32) -> Weight {
		micros(150).saturating_add(micros(4).saturating_mul(e.into()))
	}
	fn mirror_bytes(b: u32) -> Weight {
		micros(150).saturating_add(Weight::from_parts(4_000, 0).saturating_mul(b.into()))
	}
}
