//! What the pallet's own work costs, besides what pallet-contracts charges.
//!
//! Made by hand from `benchmarking.rs` and the weights of pallet-contracts, rounded up.

use core::marker::PhantomData;
use polkadot_sdk::{
	frame_system, pallet_contracts, pallet_contracts::WeightInfo as _, sp_core::Get,
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
	/// Function 0 of the chain extension, without the hop.
	fn extension_call() -> Weight;
	/// One byte of its input or output.
	fn extension_byte() -> Weight;
	/// Function 1.
	fn extension_alias() -> Weight;
	/// Function 2.
	fn extension_account() -> Weight;
	/// Mirroring so many events of the System pallet, without their bytes.
	fn mirror(events: u32) -> Weight;
	/// Mirroring so many bytes of them.
	fn mirror_bytes(bytes: u32) -> Weight;
}

/// Bytes of proof for an entry of a map: its value and the trie nodes above it.
const ENTRY_PROOF_BYTES: u64 = 4096;
/// Length of the System pallet's events that one look at it is priced for, bytes.
const EVENTS_BYTES: u64 = 1024 * 1024;

/// Weights for a runtime.
pub struct TriviumWeight<T>(PhantomData<T>);

impl<T: frame_system::Config + pallet_contracts::Config> WeightInfo for TriviumWeight<T> {
	fn lookup() -> Weight {
		Weight::from_parts(6_000_000, ENTRY_PROOF_BYTES)
			.saturating_add(<T as frame_system::Config>::DbWeight::get().reads(1))
	}
	fn entry() -> Weight {
		// What a call by extrinsic costs, and the position of the mirrored events.
		<T as pallet_contracts::Config>::WeightInfo::call()
			.saturating_add(Self::mirror(0))
			.saturating_add(<T as frame_system::Config>::DbWeight::get().reads_writes(1, 1))
	}
	fn read_only_entry() -> Weight {
		// A second call, from the relay to the callee, and three entries put and taken away.
		Self::entry()
			.saturating_add(<T as pallet_contracts::Config>::WeightInfo::seal_call(0, 0))
			.saturating_add(Weight::from_parts(30_000_000, 0))
			.saturating_add(<T as frame_system::Config>::DbWeight::get().writes(3))
	}
	fn extension_call() -> Weight {
		Weight::from_parts(8_000_000, 0)
	}
	fn extension_byte() -> Weight {
		Weight::from_parts(1_500, 0)
	}
	fn extension_alias() -> Weight {
		Weight::from_parts(4_000_000, 0)
	}
	fn extension_account() -> Weight {
		Weight::from_parts(6_000_000, ENTRY_PROOF_BYTES)
			.saturating_add(<T as frame_system::Config>::DbWeight::get().reads(1))
	}
	fn mirror(events: u32) -> Weight {
		Weight::from_parts(EVENTS_BYTES.saturating_mul(150), 0)
			.saturating_add(Weight::from_parts(4_000_000, 0).saturating_mul(events.into()))
	}
	fn mirror_bytes(bytes: u32) -> Weight {
		Weight::from_parts(4_000, 0).saturating_mul(bytes.into())
	}
}
