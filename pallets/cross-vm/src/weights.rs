//! Weights of the pallet's own work.
//!
//! Placeholders of the right order until `benchmarking.rs` has been run for the runtime.

use core::marker::PhantomData;

use polkadot_sdk::{
	frame_support::{
		traits::Get,
		weights::{constants::RocksDbWeight, Weight},
	},
	frame_system,
};

/// What the pallet's own work costs.
pub trait WeightInfo {
	/// [`crate::Pallet::call`] without what its limit covers, for `b` bytes of arguments.
	fn call(b: u32) -> Weight;
	/// One hop without lookup, transcoding and the callee; `l` contracts named as live.
	fn hop(l: u32) -> Weight;
	/// Parsing one byte of a signature and hashing it for a selector.
	fn signature_byte() -> Weight;
	/// Reading or writing one value.
	fn transcode_value() -> Weight;
	/// Reading or writing one byte of an encoding.
	fn transcode_byte() -> Weight;
	/// The alias of an account.
	fn alias_of() -> Weight;
	/// The account behind an alias.
	fn account_of() -> Weight;
	/// A block's receipts.
	fn on_finalize() -> Weight;
}

/// Proof size of one read of `Aliases`, bytes.
const ALIAS_PROOF: u64 = 2_600;

/// Weights for a Substrate node.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	fn call(b: u32) -> Weight {
		Weight::from_parts(30_000_000, 0)
			.saturating_add(Weight::from_parts(5_000, 0).saturating_mul(b.into()))
			.saturating_add(T::DbWeight::get().reads_writes(1, 2))
	}
	fn hop(l: u32) -> Weight {
		Weight::from_parts(12_000_000, 0)
			.saturating_add(Weight::from_parts(60_000, 0).saturating_mul(l.into()))
	}
	fn signature_byte() -> Weight {
		Weight::from_parts(40_000, 0)
	}
	fn transcode_value() -> Weight {
		Weight::from_parts(200_000, 0)
	}
	fn transcode_byte() -> Weight {
		Weight::from_parts(2_000, 0)
	}
	fn alias_of() -> Weight {
		Weight::from_parts(1_500_000, 0)
	}
	fn account_of() -> Weight {
		Weight::from_parts(2_000_000, ALIAS_PROOF).saturating_add(T::DbWeight::get().reads(1))
	}
	fn on_finalize() -> Weight {
		Weight::from_parts(10_000_000, 1_500).saturating_add(T::DbWeight::get().reads_writes(1, 1))
	}
}

/// Weights for tests.
impl WeightInfo for () {
	fn call(b: u32) -> Weight {
		Weight::from_parts(30_000_000, 0)
			.saturating_add(Weight::from_parts(5_000, 0).saturating_mul(b.into()))
	}
	fn hop(l: u32) -> Weight {
		Weight::from_parts(12_000_000, 0)
			.saturating_add(Weight::from_parts(60_000, 0).saturating_mul(l.into()))
	}
	fn signature_byte() -> Weight {
		Weight::from_parts(40_000, 0)
	}
	fn transcode_value() -> Weight {
		Weight::from_parts(200_000, 0)
	}
	fn transcode_byte() -> Weight {
		Weight::from_parts(2_000, 0)
	}
	fn alias_of() -> Weight {
		Weight::from_parts(1_500_000, 0)
	}
	fn account_of() -> Weight {
		Weight::from_parts(2_000_000, ALIAS_PROOF).saturating_add(RocksDbWeight::get().reads(1))
	}
	fn on_finalize() -> Weight {
		Weight::from_parts(10_000_000, 1_500)
	}
}
