//! The only road from one virtual machine to another.
//!
//! A contract in any VM calls a contract in any other: synchronously, atomically, on one meter.
//! The VMs are plug-in engines ([`Config::Engines`]); this pallet knows none of them by name.
//!
//! # What happens in a call
//!
//! A bridge (a precompile, a chain extension, a native function) hands over the native bytes of a
//! call ([`trivium_primitives::Dispatch::call`]). The pallet charges for decoding, looks up the
//! target, checks its VM's lifecycle, depth, re-entrancy and read-only mode, opens a storage
//! layer, transcodes the arguments, lets the engine run, commits or rolls back, and transcodes
//! result or error back (`hop.rs`). What it must remember meanwhile is in memory (`stack.rs`).
//!
//! # Invariants
//! 1. A hop that fails leaves nothing behind but the weight it used.
//! 2. A hop never uses more than its limit in either dimension; the callee gets at most 63/64 of
//!    what is left after the hop's own work.
//! 3. Read-only is inherited by every frame below.
//! 4. A contract that is live in a suspended execution is entered only if it left by a hop that
//!    allows re-entry, and is live nowhere else.
//! 5. Storage deposits of all VMs come from one account, the one that acts (the caller of the
//!    outermost call), within one limit per execution, inherited downwards.
//! 6. Each log that is kept is one [`Event::Log`]; each outermost call is one receipt, as true as
//!    storage: what anyone above rolled back is a failure without logs (`receipts.rs`).

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

mod accounts;
pub mod api;
mod fee;
mod hop;
mod impls;
mod meter;
mod receipts;
mod stack;
mod trace;
pub mod types;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

use polkadot_sdk::*;

pub use fee::FeeMoments;
pub use pallet::*;
pub use receipts::MAX_RECEIPTS_PER_BLOCK;
pub use types::{CallLimit, Tree};
pub use weights::WeightInfo;

/// Target of the pallet's log lines.
pub(crate) const LOG_TARGET: &str = "runtime::cross-vm";

// What FRAME's macros write, not what is written here.
#[allow(clippy::expect_used)]
#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use alloc::vec::Vec;
	use frame_support::{
		dispatch::DispatchResultWithPostInfo, pallet_prelude::*, traits::fungible::Mutate,
	};
	use frame_system::pallet_prelude::*;
	use sp_core::{H160, H256};
	use trivium_primitives::{
		signature::MAX_SIGNATURE_LEN_BYTES, AccountId, Balance, ContractRef, Engines, Feature,
		Interfaces, Receipt, Value, VmGate, VmId, ENGINE_API_VERSION,
	};

	/// Longest signature text, for the bound of the call's argument.
	pub type MaxSignatureLen = ConstU32<{ MAX_SIGNATURE_LEN_BYTES as u32 }>;

	#[pallet::pallet]
	#[pallet::without_storage_info]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config:
		polkadot_sdk::frame_system::Config<AccountId = AccountId, Hash = H256>
	{
		/// The VMs, a tuple of engines.
		type Engines: Engines;

		/// What governance says about each VM, asked at every hop.
		type Gate: VmGate;

		/// What contracts say of how they can be reached, asked at every hop into another machine.
		type Interfaces: Interfaces;

		/// Most hops between VMs on one call stack.
		#[pallet::constant]
		type MaxDepth: Get<u32>;

		/// The ledger, for what lies at an alias.
		type Currency: Mutate<AccountId, Balance = Balance>;

		/// Weights of this pallet's own work.
		type WeightInfo: WeightInfo;
	}

	/// The account behind each 20-byte alias that is not an Ethereum account's own address.
	///
	/// Written when an account is created and never removed: an alias that once meant an account
	/// must not come to mean another. Identity hasher: the key is a hash.
	#[pallet::storage]
	pub type Aliases<T: Config> = StorageMap<_, Identity, H160, AccountId, OptionQuery>;

	/// The tree of this block's receipts, as far as it has grown: at most [`MAX_RECEIPTS_PER_BLOCK`]. Taken when the
	/// block is finalised.
	#[pallet::storage]
	#[pallet::whitelist_storage]
	pub type ReceiptTree<T: Config> = StorageValue<_, Tree, ValueQuery>;

	/// Outermost executions of the present extrinsic that ended well, each by its place among all of
	/// them.
	///
	/// Written in the storage layer in which the execution ran, so that it goes with what it says: an
	/// execution that is not here when the fee is settled was rolled back by someone above it. Taken
	/// then.
	#[pallet::storage]
	#[pallet::whitelist_storage]
	pub type Kept<T: Config> = StorageValue<_, Vec<u32>, ValueQuery>;

	/// The tree of this transaction's logs so far; rolled back with them, removed at the
	/// transaction's end.
	#[pallet::storage]
	#[pallet::whitelist_storage]
	pub type LogTree<T: Config> = StorageValue<_, Tree, ValueQuery>;

	/// Storage deposits that hops of the present transaction have taken and that stand so far, planck.
	///
	/// In storage, so that whoever rolls back what took them gives them back to the limits too; removed
	/// at the transaction's end.
	#[pallet::storage]
	#[pallet::whitelist_storage]
	pub type DepositTaken<T: Config> = StorageValue<_, Balance, ValueQuery>;

	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// A contract logged: the one event that an indexer needs, whatever the VM.
		Log {
			/// The VM.
			vm: VmId,
			/// The contract.
			contract: AccountId,
			/// The cross-VM frame it ran in: its position in the call tree, counted from 0.
			frame: u32,
			/// Topics, as the VM has them.
			topics: Vec<H256>,
			/// Payload, in the VM's encoding.
			data: Vec<u8>,
		},
		/// A call by [`Pallet::call`] succeeded.
		Called {
			/// Who called.
			caller: AccountId,
			/// The contract.
			contract: AccountId,
			/// Its VM.
			vm: VmId,
			/// What it returned.
			results: Vec<Value>,
		},
		/// An outermost call into a VM has ended, well or not. Published when the extrinsic's fee is
		/// settled, or at once where nobody pays one.
		Receipt {
			/// What the block's digest commits to.
			receipt: Receipt,
		},
	}

	/// The variants of [`trivium_primitives::CallError`] as an extrinsic shows them.
	#[pallet::error]
	pub enum Error<T> {
		/// The contract reverted. `CrossVmApi::simulate` shows with what data.
		Reverted,
		/// The weight limit was not enough.
		OutOfGas,
		/// There is no contract at the target.
		NotFound,
		/// The signature does not parse, or the arguments or results do not match it.
		BadEncoding,
		/// The target's VM is out of service.
		VmDisabled,
		/// The call needs a feature that is switched off.
		FeatureDisabled,
		/// A contract on the call stack was entered again without its leave.
		ReentrancyDenied,
		/// Too many hops between VMs.
		DepthExceeded,
		/// A read-only call tried to write.
		ReadOnly,
		/// The caller cannot spend the value, or the payer the storage deposit.
		InsufficientBalance,
		/// The VM stopped the contract. `CrossVmApi::simulate` shows the code.
		Engine,
		/// The alias of this account leads to another account.
		AliasTaken,
		/// Nothing lies at the alias.
		NothingToClaim,
		/// The contract does not let itself be called from there.
		AccessDenied,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn on_initialize(_: BlockNumberFor<T>) -> Weight {
			// The receipts themselves are paid for by the calls that leave them, but for the hash of the first
			// block, which they name and which is read once.
			T::WeightInfo::on_finalize().saturating_add(T::DbWeight::get().reads(1))
		}

		fn on_finalize(_: BlockNumberFor<T>) {
			receipts::commit::<T>();
		}

		fn integrity_test() {
			assert!(
				T::MaxDepth::get() > 0,
				"without a hop there is no cross-VM call"
			);
			let most = receipts::most_in_a_block::<T>();
			assert!(
				most <= MAX_RECEIPTS_PER_BLOCK.into(),
				"a block has time for {most} receipts and keeps {MAX_RECEIPTS_PER_BLOCK}"
			);
		}
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Calls a contract in whichever VM it lives, with canonical arguments.
		///
		/// `target` names the contract, `value` planck go with the call, `signature` is text such
		/// as `transfer(address,u256)->(bool)`, `args` are its arguments, `limit` bounds weight
		/// and storage deposit; without a limit for the deposit there is none to be taken. Pays for
		/// what it used, also when it fails; deposits are paid by the caller.
		///
		/// Origin: signed. Emits [`Event::Called`]. Fails with the variant of [`Error`] that
		/// matches the call's error.
		#[pallet::call_index(0)]
		#[pallet::weight(hop::extrinsic_weight::<T>(args).saturating_add(limit.weight()))]
		pub fn call(
			origin: OriginFor<T>,
			target: ContractRef,
			value: Balance,
			signature: BoundedVec<u8, MaxSignatureLen>,
			args: Vec<Value>,
			limit: CallLimit,
		) -> DispatchResultWithPostInfo {
			let caller = ensure_signed(origin)?;
			hop::call_extrinsic::<T>(caller, target, value, &signature, &args, limit)
		}

		/// Gives an account what was sent to its 20-byte alias before it existed, or to the Ethereum
		/// account of the alias's bytes.
		///
		/// Happens by itself with an account's first transaction; this is for accounts that sign none
		/// and for those that have nothing else to pay a fee from. Origin: signed, by anyone. The
		/// ledger's `Transfer` tells the amount.
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::claim_alias())]
		pub fn claim_alias(origin: OriginFor<T>, who: AccountId) -> DispatchResult {
			ensure_signed(origin)?;
			let amount = accounts::claim::<T>(&who)?;
			ensure!(amount > 0, Error::<T>::NothingToClaim);
			Ok(())
		}
	}

	#[pallet::extra_constants]
	impl<T: Config> Pallet<T> {
		/// Version of the interface between this pallet and its engines.
		fn engine_api_version() -> u32 {
			ENGINE_API_VERSION
		}

		/// Each engine's number, name and features.
		fn catalogue() -> Vec<(VmId, Vec<u8>, Vec<Feature>)> {
			T::Engines::catalogue()
		}
	}
}
