//! Weights of the pallet's own work.
//!
//! A runtime measures its own with `benchmarking.rs`; those here are for tests.

use polkadot_sdk::frame_support::weights::{constants::RocksDbWeight, Weight};

/// What the pallet's own work costs.
pub trait WeightInfo {
	/// [`crate::Pallet::call`] without what its limit covers, for `b` bytes of arguments.
	fn call(b: u32) -> Weight;
	/// One hop without lookup, transcoding and the callee; `l` contracts named as live.
	fn hop(l: u32) -> Weight;
	/// Parsing a signature of `b` bytes and hashing it for a selector.
	fn signature(b: u32) -> Weight;
	/// Reading `v` values from `b` bytes of an encoding.
	fn decode(v: u32, b: u32) -> Weight;
	/// Writing `v` values in `b` bytes of an encoding.
	fn encode(v: u32, b: u32) -> Weight;
	/// The alias of an account.
	fn alias_of() -> Weight;
	/// The account behind an alias.
	fn account_of() -> Weight;
	/// The least that the receipt of an outermost call costs. Part of what each door of a VM charges.
	fn receipt() -> Weight;
	/// Hashing `b` bytes of input or output for a receipt.
	fn digest(b: u32) -> Weight;
	/// The commitment to a block's receipts.
	fn on_finalize() -> Weight;
	/// What is done besides when an account sends its first transaction.
	fn first_transaction() -> Weight;
	/// [`crate::Pallet::claim_alias`].
	fn claim_alias() -> Weight;
}

/// Proof size of one read of `Aliases`, bytes.
const ALIAS_PROOF: u64 = 2_600;

/// A fixed part and so much for each of `n` units, picoseconds.
fn linear(fixed: u64, each: u64, n: u32) -> Weight {
	Weight::from_parts(each, 0)
		.saturating_mul(n.into())
		.saturating_add(Weight::from_parts(fixed, 0))
}

/// Weights for tests.
impl WeightInfo for () {
	fn call(b: u32) -> Weight {
		linear(30_000_000, 5_000, b)
	}
	fn hop(l: u32) -> Weight {
		linear(12_000_000, 60_000, l)
	}
	fn signature(b: u32) -> Weight {
		linear(1_000_000, 40_000, b)
	}
	fn decode(v: u32, b: u32) -> Weight {
		linear(500_000, 200_000, v).saturating_add(linear(0, 2_000, b))
	}
	fn encode(v: u32, b: u32) -> Weight {
		linear(500_000, 200_000, v).saturating_add(linear(0, 2_000, b))
	}
	fn alias_of() -> Weight {
		linear(1_500_000, 0, 0)
	}
	fn account_of() -> Weight {
		Weight::from_parts(2_000_000, ALIAS_PROOF).saturating_add(RocksDbWeight::get().reads(1))
	}
	fn receipt() -> Weight {
		linear(25_000_000, 0, 0)
	}
	fn digest(b: u32) -> Weight {
		linear(500_000, 4_000, b)
	}
	fn on_finalize() -> Weight {
		linear(30_000_000, 0, 0)
	}
	fn first_transaction() -> Weight {
		Weight::from_parts(80_000_000, ALIAS_PROOF)
			.saturating_add(RocksDbWeight::get().reads_writes(2, 2))
	}
	fn claim_alias() -> Weight {
		Weight::from_parts(80_000_000, 3 * ALIAS_PROOF)
			.saturating_add(RocksDbWeight::get().reads_writes(3, 3))
	}
}
