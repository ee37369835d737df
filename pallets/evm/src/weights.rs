//! Weights of what the pallet does besides interpreting code.
//!
//! A runtime measures its own with `benchmarking.rs`; those here are for tests.

use polkadot_sdk::{
	frame_support::weights::constants::WEIGHT_REF_TIME_PER_MICROS, sp_weights::Weight,
};

/// What each step costs.
pub trait WeightInfo {
	/// The extrinsic `call` with `n` bytes of input, without the gas.
	fn call(n: u32) -> Weight;
	/// The extrinsic `create` with `n` bytes of creation code, without the gas.
	fn create(n: u32) -> Weight;
	/// The extrinsic `create2` with `n` bytes of creation code, without the gas.
	fn create2(n: u32) -> Weight;
	/// An Ethereum transaction of `n` bytes: reading it, its sender and its fee. Part of what its gas
	/// pays for, not on top of it.
	fn transact(n: u32) -> Weight;
	/// Checking an Ethereum transaction of `n` bytes on its way into a block.
	fn authorize(n: u32) -> Weight;
	/// A call that another VM makes, without the gas and without [`WeightInfo::refresh`].
	fn nested_call() -> Weight;
	/// Leaving for another VM and coming back, without what the other VM does.
	fn hop() -> Weight;
	/// Opening `n` storage layers, and closing them.
	fn layer(n: u32) -> Weight;
	/// Writing `n` entries of the journal to storage.
	fn write(n: u32) -> Weight;
	/// Looking in storage for changes of `n` accounts.
	fn refresh(n: u32) -> Weight;
	/// Asking whether an account has code.
	fn resolve() -> Weight;
	/// Interpreting `n` thousand rounds of a loop of ordinary instructions: what
	/// [`crate::Config::GasWeightPerGas`] is held against.
	fn interpret(n: u32) -> Weight;
}

const fn micros(micros: u64) -> Weight {
	Weight::from_parts(WEIGHT_REF_TIME_PER_MICROS.saturating_mul(micros), 0)
}

impl WeightInfo for () {
	fn call(n: u32) -> Weight {
		micros(400).saturating_add(Weight::from_parts(u64::from(n).saturating_mul(200), 4096))
	}
	fn create(n: u32) -> Weight {
		micros(700).saturating_add(Weight::from_parts(u64::from(n).saturating_mul(400), 6144))
	}
	fn create2(n: u32) -> Weight {
		micros(700).saturating_add(Weight::from_parts(u64::from(n).saturating_mul(1_000), 6144))
	}
	fn transact(n: u32) -> Weight {
		micros(450).saturating_add(Weight::from_parts(u64::from(n).saturating_mul(1_500), 4096))
	}
	fn authorize(n: u32) -> Weight {
		micros(130).saturating_add(Weight::from_parts(u64::from(n).saturating_mul(1_500), 0))
	}
	fn nested_call() -> Weight {
		Weight::from_parts(micros(60).ref_time(), 1024)
	}
	fn hop() -> Weight {
		micros(40)
	}
	fn layer(n: u32) -> Weight {
		micros(3).saturating_mul(n.into())
	}
	fn write(n: u32) -> Weight {
		micros(8).saturating_mul(n.into())
	}
	fn refresh(n: u32) -> Weight {
		micros(8).saturating_mul(n.into())
	}
	fn resolve() -> Weight {
		Weight::from_parts(micros(5).ref_time(), 640)
	}
	fn interpret(n: u32) -> Weight {
		micros(1_000).saturating_mul(n.into())
	}
}
