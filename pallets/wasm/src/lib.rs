//! ink! and other WASM contracts on Trivium.
//!
//! pallet-contracts runs them and is kept as it is, under its usual name `Contracts`, so that the
//! ecosystem's tools work. This pallet stands around it and makes it one VM among several:
//!
//! - [`dispatch`]: the [`trivium_primitives::Engine`], through which other VMs call ink! contracts;
//! - [`extension`]: the chain extension `0x0801`, through which ink! contracts call out;
//! - [`frames`]: every frame announced to the dispatch pallet, by whichever door it is entered;
//! - [`mirror`]: every event of a contract as a canonical log;
//! - [`currency`]: storage deposits of calls from other VMs charged to the transaction's payer;
//! - [`read_only`] and [`reentry`]: what pallet-contracts cannot do from outside, done soundly.
//!
//! # What the runtime has to set
//! `pallet_contracts::Config`: `ChainExtension = CrossVmExtension<Runtime>`,
//! `Debug = Frames<Runtime>`, `Currency = DepositCurrency<Balances>`, and a `CallFilter` that keeps
//! contracts away from dispatchables which run contracts of any VM.
//!
//! # Invariants
//! 1. Each frame of pallet-contracts is announced once, and its end too, in LIFO order.
//! 2. No write survives a read-only call, whatever the contract does.
//! 3. A contract's stored information is never overwritten by an older copy of an outer execution.
//! 4. Each contract event that is kept becomes one canonical log, in order; none that is rolled
//!    back does.
//! 5. The origin of an inner execution pays the value and nothing else.

#![cfg_attr(not(feature = "std"), no_std)]
#![cfg_attr(
	not(test),
	deny(
		clippy::unwrap_used,
		clippy::expect_used,
		clippy::panic,
		clippy::indexing_slicing,
		clippy::arithmetic_side_effects
	)
)]

extern crate alloc;

pub mod currency;
pub mod dispatch;
pub mod errors;
pub mod extension;
pub mod frames;
pub mod mirror;
pub mod weights;

mod memory;
mod read_only;
mod reentry;

// Set-up code that runs in no block.
#[allow(clippy::arithmetic_side_effects, clippy::panic)]
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use currency::DepositCurrency;
pub use extension::{CrossVmExtension, CrossVmInput};
pub use frames::Frames;
pub use pallet::*;
pub use weights::WeightInfo;

use polkadot_sdk::{frame_system, pallet_contracts};

/// Target of the pallet's log lines.
pub(crate) const LOG_TARGET: &str = "runtime::wasm";

pub(crate) type Weights<T> = <T as Config>::WeightInfo;
pub(crate) type CurrencyOf<T> = <T as pallet_contracts::Config>::Currency;
pub(crate) type EventOf<T> = <T as frame_system::Config>::RuntimeEvent;

// What the pallet macros generate expects the pallet to be in the runtime; nothing here does.
#[allow(clippy::expect_used)]
#[polkadot_sdk::frame_support::pallet]
pub mod pallet {
	use polkadot_sdk::{
		frame_support::{pallet_prelude::*, traits::fungible::Inspect},
		frame_system::{self, pallet_prelude::*},
		pallet_contracts,
		sp_core::H256,
	};
	use trivium_primitives::{AccountId, AddressMapping, Balance, Dispatch};

	use crate::mirror::Position;

	/// What the runtime provides.
	#[pallet::config]
	pub trait Config:
		polkadot_sdk::frame_system::Config<
			AccountId = AccountId,
			Hash = H256,
			RuntimeEvent: TryInto<pallet_contracts::Event<Self>>,
		> + pallet_contracts::Config<Currency: Inspect<AccountId, Balance = Balance>>
	{
		/// Where contracts go when they leave the VM.
		type Dispatch: Dispatch;

		/// Accounts and their 20-byte aliases.
		type Addresses: AddressMapping;

		/// How many ink! frames may be live in one transaction, over all executions of
		/// pallet-contracts that are nested in it through other VMs. Each holds a WASM instance
		/// in the runtime's memory, so this is the bound that pallet-contracts' own check of
		/// memory assumes: `CallStack::size() + 1`.
		#[pallet::constant]
		type MaxFrames: Get<u32>;

		/// What the pallet's work costs.
		type WeightInfo: crate::weights::WeightInfo;
	}

	/// The pallet.
	#[pallet::pallet]
	pub struct Pallet<T>(_);

	/// How far the events of the transaction under way have been mirrored.
	///
	/// Written while contracts run, deleted when the transaction ends; it is in storage because
	/// it has to be rolled back exactly as the events are.
	#[pallet::storage]
	pub(crate) type Mirrored<T: Config> = StorageValue<_, Position, OptionQuery>;

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn integrity_test() {
			let in_one = core::mem::size_of::<T::CallStack>()
				.checked_div(core::mem::size_of::<pallet_contracts::Frame<T>>())
				.and_then(|size| size.checked_add(1));
			assert!(
				in_one.is_some_and(|frames| T::MaxFrames::get() as usize <= frames),
				"more frames than pallet-contracts checks the runtime's memory for",
			);
		}

		/// The events of the last block are gone, and a position in them with them.
		fn on_initialize(_: BlockNumberFor<T>) -> Weight {
			Mirrored::<T>::kill();
			<T as frame_system::Config>::DbWeight::get().writes(1)
		}
	}
}
