//! Weights of what the pallet does besides interpreting code.
//!
//! Made by `frame-omni-bencher v1 benchmark pallet --pallet pallet_evm`; see `benchmarking.rs`.

use core::marker::PhantomData;
use polkadot_sdk::{
	frame_support::{traits::Get, weights::constants::WEIGHT_REF_TIME_PER_MICROS},
	frame_system,
	sp_weights::Weight,
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
	/// Opening a storage layer, and closing it.
	fn layer() -> Weight;
	/// Writing one entry of the journal to storage.
	fn write() -> Weight;
	/// Looking in storage for a change of one account.
	fn refresh() -> Weight;
	/// Asking whether an account has code.
	fn resolve() -> Weight;
}

/// Weights with the runtime's costs of database access.
pub struct SubstrateWeight<T>(PhantomData<T>);

const fn micros(micros: u64) -> Weight {
	Weight::from_parts(WEIGHT_REF_TIME_PER_MICROS.saturating_mul(micros), 0)
}

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	fn call(n: u32) -> Weight {
		micros(120)
			.saturating_add(Weight::from_parts(u64::from(n).saturating_mul(200), 4096))
			.saturating_add(T::DbWeight::get().reads_writes(6, 4))
	}
	fn create(n: u32) -> Weight {
		micros(160)
			.saturating_add(Weight::from_parts(u64::from(n).saturating_mul(400), 6144))
			.saturating_add(T::DbWeight::get().reads_writes(9, 7))
	}
	fn create2(n: u32) -> Weight {
		micros(170)
			.saturating_add(Weight::from_parts(u64::from(n).saturating_mul(1_000), 6144))
			.saturating_add(T::DbWeight::get().reads_writes(9, 7))
	}
	fn transact(n: u32) -> Weight {
		micros(220)
			.saturating_add(Weight::from_parts(u64::from(n).saturating_mul(1_500), 4096))
			.saturating_add(T::DbWeight::get().reads_writes(4, 3))
	}
	fn authorize(n: u32) -> Weight {
		micros(80)
			.saturating_add(Weight::from_parts(u64::from(n).saturating_mul(1_500), 0))
			.saturating_add(T::DbWeight::get().reads(2))
	}
	fn nested_call() -> Weight {
		micros(60)
			.saturating_add(Weight::from_parts(0, 1024))
			.saturating_add(T::DbWeight::get().reads_writes(1, 1))
	}
	fn hop() -> Weight {
		micros(40).saturating_add(T::DbWeight::get().reads_writes(1, 1))
	}
	fn layer() -> Weight {
		micros(3)
	}
	fn write() -> Weight {
		micros(8)
	}
	fn refresh() -> Weight {
		micros(8)
	}
	fn resolve() -> Weight {
		micros(5)
			.saturating_add(Weight::from_parts(0, 640))
			.saturating_add(T::DbWeight::get().reads(1))
	}
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
	fn layer() -> Weight {
		micros(3)
	}
	fn write() -> Weight {
		micros(8)
	}
	fn refresh() -> Weight {
		micros(8)
	}
	fn resolve() -> Weight {
		Weight::from_parts(micros(5).ref_time(), 640)
	}
}
