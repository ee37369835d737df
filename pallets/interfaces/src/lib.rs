//! What contracts say of themselves on chain.
//!
//! A contract's deployer registers its *interface*: which functions it has, by which signatures callers of other
//! machines know them, whether they write or take value, and who may call the contract from other machines at all.
//! With that, Solidity code calls an ink! or Move contract at its alias as it calls any contract: the EVM finds the
//! function by its selector here. Others attest what they have found out about the contract's code.
//!
//! - [`types`]: what is registered; what callers ask is the trait [`trivium_primitives::interface::Interfaces`];
//! - `registry`: registering and removing; `api`: what outsiders see.
//!
//! # Invariants
//! 1. Only who has deployed a contract registers for it, and only once for the same code.
//! 2. Functions are called only while the contract has the code they were registered for. The access rule stays until
//!    another one is registered.
//! 3. What is stored is paid for by deposits of those who had it stored, to the planck.
//! 4. Every function listed in a registration is stored, and no other is.

#![cfg_attr(not(feature = "std"), no_std)]
#![forbid(unsafe_code)]
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

pub mod api;
mod registry;
#[cfg(any(test, feature = "try-runtime"))]
mod try_state;
pub mod types;
pub mod weights;

// Set-up code that runs in no block.
#[allow(clippy::arithmetic_side_effects, clippy::expect_used)]
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

use polkadot_sdk::*;

pub use pallet::*;
pub use weights::WeightInfo;

// What FRAME's macros write, not what is written here.
#[allow(clippy::expect_used)]
#[frame_support::pallet]
pub mod pallet {
	use frame_support::{pallet_prelude::*, traits::fungible};
	use frame_system::pallet_prelude::*;
	use sp_core::H256;
	use trivium_primitives::{
		interface::{Access, Deployment, Stubs},
		AccountId, AddressMapping, Balance, ContractRef, Engines, VmId,
	};

	use super::*;
	use crate::types::{Attestation, Interface, Registration, StoredFunction, Verdict};

	/// Of the storage layout.
	const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config:
		polkadot_sdk::frame_system::Config<AccountId = AccountId, Hash = H256>
	{
		/// The machines in which contracts live.
		type Engines: Engines;

		/// Accounts and their aliases.
		type Addresses: AddressMapping;

		/// The machine that shows contracts of others as its own.
		type Stubs: Stubs;

		/// The ledger, for deposits.
		type Currency: fungible::Inspect<AccountId, Balance = Balance>
			+ fungible::MutateHold<AccountId, Reason = Self::RuntimeHoldReason>;

		/// What is held, and why.
		type RuntimeHoldReason: From<HoldReason>;

		/// Deposit for a stored item, planck.
		#[pallet::constant]
		type DepositPerItem: Get<Balance>;

		/// Deposit for a stored byte, planck.
		#[pallet::constant]
		type DepositPerByte: Get<Balance>;

		/// Weights of the pallet's calls and answers.
		type WeightInfo: WeightInfo;
	}

	/// Why something is held.
	#[pallet::composite_enum]
	pub enum HoldReason {
		/// For what is stored of an interface or of an attestation.
		#[codec(index = 0)]
		StorageDeposit,
	}

	/// What is registered for a contract, its functions aside. Written by [`Pallet::register`], deleted by
	/// [`Pallet::remove`].
	// Accounts are chosen by users.
	#[pallet::storage]
	pub type Registrations<T: Config> =
		StorageMap<_, Blake2_128Concat, AccountId, Registration, OptionQuery>;

	/// Functions of contracts by the selectors of their faces. Written and deleted with the registration.
	// A selector is a hash; its four bytes are few enough to be searched for anyway, within one contract.
	#[pallet::storage]
	pub type Functions<T: Config> = StorageDoubleMap<
		_,
		Blake2_128Concat,
		AccountId,
		Identity,
		[u8; 4],
		StoredFunction,
		OptionQuery,
	>;

	/// How contracts can be reached from other machines, where that is not by everyone. Written and deleted with the
	/// registration. Apart from it, because it is read at every hop.
	#[pallet::storage]
	pub type AccessRules<T: Config> =
		StorageMap<_, Blake2_128Concat, AccountId, Access, ValueQuery>;

	/// What others say about a contract. Written by [`Pallet::attest`], deleted by [`Pallet::retract`].
	#[pallet::storage]
	pub type Attestations<T: Config> = StorageDoubleMap<
		_,
		Blake2_128Concat,
		AccountId,
		Blake2_128Concat,
		AccountId,
		Attestation,
		OptionQuery,
	>;

	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// A contract has an interface.
		Registered {
			/// The contract.
			contract: AccountId,
			/// Its machine.
			vm: VmId,
			/// Its deployer.
			by: AccountId,
			/// What its code is known by; see [`trivium_primitives::Engine::code_of`].
			code: H256,
			/// How many functions it has.
			functions: u32,
			/// Held of the deployer, planck.
			deposit: Balance,
		},
		/// A contract that has gone has no interface any more.
		Removed {
			/// The contract.
			contract: AccountId,
			/// Given back to who had registered it, planck.
			deposit: Balance,
		},
		/// Somebody has looked at a contract.
		Attested {
			/// The contract.
			contract: AccountId,
			/// Who.
			by: AccountId,
			/// What its code is known by.
			code: H256,
			/// Hash of the report.
			document: H256,
			/// What the report says.
			verdict: Verdict,
		},
		/// Somebody has taken back what was attested.
		Retracted {
			/// The contract.
			contract: AccountId,
			/// Who.
			by: AccountId,
		},
	}

	#[pallet::error]
	pub enum Error<T> {
		/// There is no contract at the target.
		NotFound,
		/// The signer has not deployed the contract, or not in the way that is said.
		NotDeployer,
		/// The contract has an interface for the code it has.
		AlreadyRegistered,
		/// A signature does not parse.
		InvalidSignature,
		/// A function's face cannot be translated to the contract's own signature.
		FaceDiffers,
		/// Two functions have the same selector.
		DuplicateSelector,
		/// The alias of the contract leads to another account, or is a contract of the EVM.
		AliasTaken,
		/// The contract is still there.
		StillThere,
		/// There is no such registration or attestation.
		NotRegistered,
		/// A call's deposit cannot be paid.
		InsufficientBalance,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Registers the interface of a contract, for the code that it has now. Once; after its code has changed, again.
		///
		/// `deployment` proves that the signer has deployed the contract. Deposits for what is stored are held of the
		/// signer until the contract has gone.
		///
		/// Origin: signed, by the deployer. Emits [`Event::Registered`]. Fails with [`Error::NotFound`],
		/// [`Error::NotDeployer`], [`Error::AlreadyRegistered`], [`Error::InvalidSignature`], [`Error::FaceDiffers`],
		/// [`Error::DuplicateSelector`], [`Error::AliasTaken`], [`Error::InsufficientBalance`].
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::register(
			interface.functions.len() as u32,
			types::input_len(deployment),
		))]
		pub fn register(
			origin: OriginFor<T>,
			contract: ContractRef,
			deployment: Deployment,
			interface: Interface,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_register(who, &contract, &deployment, interface)
		}

		/// Removes the interface of a contract that has gone, and gives the deposit back to who had registered it.
		///
		/// Origin: signed, by anyone. Emits [`Event::Removed`]. Fails with [`Error::NotRegistered`],
		/// [`Error::StillThere`].
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::remove(trivium_primitives::interface::MAX_FUNCTIONS))]
		pub fn remove(origin: OriginFor<T>, contract: AccountId) -> DispatchResultWithPostInfo {
			ensure_signed(origin)?;
			let functions = Self::do_remove(&contract)?;
			Ok(Some(T::WeightInfo::remove(functions)).into())
		}

		/// Says what the signer has found out about a contract's present code: the hash of a report or a proof, and its
		/// verdict. Takes the place of what the signer has said of the contract before.
		///
		/// Whoever reads it decides whose word counts. Origin: signed, by anyone. Emits [`Event::Attested`]. Fails with
		/// [`Error::NotFound`], [`Error::InsufficientBalance`].
		#[pallet::call_index(2)]
		#[pallet::weight(T::WeightInfo::attest())]
		pub fn attest(
			origin: OriginFor<T>,
			contract: ContractRef,
			document: H256,
			verdict: Verdict,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_attest(who, &contract, document, verdict)
		}

		/// Takes back what the signer has attested, and gives back the deposit for it.
		///
		/// Origin: signed. Emits [`Event::Retracted`]. Fails with [`Error::NotRegistered`].
		#[pallet::call_index(3)]
		#[pallet::weight(T::WeightInfo::retract())]
		pub fn retract(origin: OriginFor<T>, contract: AccountId) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_retract(who, contract)
		}
	}
}
