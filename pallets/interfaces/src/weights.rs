//! Weights of the pallet's calls and answers.
//!
//! A runtime measures its own with `benchmarking.rs`; those here are for tests.

use polkadot_sdk::frame_support::weights::{constants::RocksDbWeight, Weight};

/// What the pallet's own work costs.
pub trait WeightInfo {
	/// [`crate::Pallet::register`] with `f` functions and a proof of `b` bytes.
	fn register(f: u32, b: u32) -> Weight;
	/// [`crate::Pallet::remove`] with `f` functions.
	fn remove(f: u32) -> Weight;
	/// [`crate::Pallet::attest`].
	fn attest() -> Weight;
	/// [`crate::Pallet::retract`].
	fn retract() -> Weight;
	/// Looking up a function, without asking the machines.
	fn function() -> Weight;
	/// Looking up how a contract can be reached.
	fn access() -> Weight;
}

/// Weights for tests.
impl WeightInfo for () {
	fn register(f: u32, b: u32) -> Weight {
		Weight::from_parts(100_000_000, 20_000)
			.saturating_add(Weight::from_parts(10_000_000, 0).saturating_mul(f.into()))
			.saturating_add(Weight::from_parts(2_000, 0).saturating_mul(b.into()))
			.saturating_add(RocksDbWeight::get().reads_writes(6, 6))
	}
	fn remove(f: u32) -> Weight {
		Weight::from_parts(80_000_000, 20_000)
			.saturating_add(Weight::from_parts(1_000_000, 600).saturating_mul(f.into()))
			.saturating_add(RocksDbWeight::get().reads_writes(5, 5))
	}
	fn attest() -> Weight {
		Weight::from_parts(60_000_000, 10_000)
			.saturating_add(RocksDbWeight::get().reads_writes(4, 2))
	}
	fn retract() -> Weight {
		Weight::from_parts(50_000_000, 6_000)
			.saturating_add(RocksDbWeight::get().reads_writes(2, 2))
	}
	fn function() -> Weight {
		Weight::from_parts(5_000_000, 3_300).saturating_add(RocksDbWeight::get().reads(1))
	}
	fn access() -> Weight {
		Weight::from_parts(3_000_000, 3_600).saturating_add(RocksDbWeight::get().reads(1))
	}
}
