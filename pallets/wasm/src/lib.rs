//! ink! and other WASM contracts, run by this pallet itself.
//!
//! It takes the place of `pallet-contracts`: calls, events, errors, constants, storage and the
//! runtime API have the same names, numbers and shapes, so that clients, tools and contracts see no
//! difference, and a state that the one has written the other goes on with. What differs in behaviour is
//! listed in `docs/decisions` ("ink! runs on an engine of our own").
//!
//! - [`types`], [`schedule`], [`api`], [`weights`]: what outsiders see;
//! - `execute`: calls from outside; [`dispatch`]: calls from other VMs;
//! - `frames`: the call stack, one storage layer a frame; `live`: what runs in the whole transaction;
//! - `gas`: weight, and how it becomes the interpreter's fuel;
//! - [`deposit`], [`shares`], [`deletion`]: what storage costs, who has paid, how it goes;
//! - [`contract`], [`code`]: what is stored; [`validate`]: what may be;
//! - `module`: the interpreter (`wasmi`); `fuel`: what its instructions cost; `translation`: what it
//!   takes to translate code for it, `cache`: what has been; `prepare`: the code as it is to have it, `far_store`: what it
//!   cannot translate, `fused_select`: what it would get wrong; `host`: the functions that contracts import, a file a family.
//!
//! # Invariants
//! 1. What a frame does stays only if its contract succeeds, and all frames around it do, in this VM or
//!    another.
//! 2. No copy of what is stored outlives a call of somebody else: a contract may be entered again by
//!    any road.
//! 3. Nobody gets more deposit back than was recorded as his; what nobody is recorded for goes to who
//!    frees it, as in `pallet-contracts`.
//! 4. Each contract event becomes one canonical log, at once and in order, and goes where the event goes.
//! 5. Work is charged before it is done, and every limit holds for all executions of a transaction
//!    together.

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
mod cache;
// For benchmarks, and for tests of their results.
#[allow(clippy::arithmetic_side_effects)]
#[cfg(any(feature = "std", feature = "runtime-benchmarks"))]
pub mod classes;
pub mod code;
pub mod contract;
pub mod deletion;
pub mod deposit;
pub mod dispatch;
pub mod errors;
mod execute;
mod far_store;
mod frames;
mod fuel;
mod fused_select;
mod gas;
mod host;
mod live;
mod module;
mod prepare;
pub mod schedule;
pub mod shares;
mod transient;
mod translation;
#[cfg(any(test, feature = "try-runtime", feature = "fuzzing"))]
mod try_state;
pub mod types;
pub mod validate;
pub mod weights;

// Set-up code that runs in no block.
#[allow(
	clippy::arithmetic_side_effects,
	clippy::panic,
	clippy::indexing_slicing
)]
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
// What tests and fuzzers share.
#[allow(
	clippy::arithmetic_side_effects,
	clippy::panic,
	clippy::unwrap_used,
	clippy::expect_used,
	clippy::indexing_slicing
)]
#[cfg(any(test, feature = "fuzzing"))]
mod testing;
#[cfg(test)]
mod tests;

#[cfg(feature = "fuzzing")]
pub use testing::doors;

pub use execute::{tried, EventRecordOf};
pub use host::extension::{CrossVmInput, EXTENSION_ID};
pub use pallet::*;
pub use pallet_contracts_uapi::ReturnFlags;
pub use schedule::{InstructionWeights, Limits, Schedule};
pub use types::*;
pub use weights::WeightInfo;

/// Target of the pallet's log lines.
pub(crate) const LOG_TARGET: &str = "runtime::contracts";

// The macros' own code does it; that of the module does not.
#[allow(clippy::expect_used)]
#[polkadot_sdk::frame_support::pallet]
pub mod pallet {
	use alloc::vec::Vec;

	use codec::Compact;
	use polkadot_sdk::{
		frame_support::{
			dispatch::Pays,
			pallet_prelude::*,
			traits::{fungible, Time},
			weights::WeightMeter,
		},
		frame_system::pallet_prelude::*,
		sp_core::H256,
		sp_runtime::{
			traits::{Convert, StaticLookup},
			Perbill,
		},
	};
	use trivium_primitives::{AccountId, AddressMapping, Balance, Dispatch};

	use crate::{
		code::{release_code, use_code, CodeInfo, Uploaded},
		contract::ContractInfo,
		deletion::QueueCounters,
		execute::{
			self, base_of_call, base_of_instantiate, base_of_instantiate_with_code, Common, Stored,
		},
		schedule::Schedule,
		shares::{Depositors, PlaceName, Refunding, Shares, MAX_PLACE_BYTES},
		types::{ApiVersion, DebugInfo, Determinism, Environment, Origin, TrieId},
		weights::WeightInfo,
	};

	/// The layout is that of `pallet-contracts` at this version; what is kept beside it is new.
	const STORAGE_VERSION: StorageVersion = StorageVersion::new(16);

	/// The pallet.
	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	/// What the runtime provides.
	#[pallet::config]
	pub trait Config:
		polkadot_sdk::frame_system::Config<
		RuntimeEvent: From<Event<Self>>,
		AccountId = AccountId,
		Hash = H256,
	>
	{
		/// The clock that contracts are told.
		type Time: Time;
		/// The ledger of the native coin.
		type Currency: fungible::Inspect<AccountId, Balance = Balance>
			+ fungible::Mutate<AccountId>
			+ fungible::MutateHold<AccountId, Reason = Self::RuntimeHoldReason>;
		/// The runtime's reasons to hold balance.
		type RuntimeHoldReason: From<HoldReason>;
		/// What weight costs, for contracts that ask.
		type WeightPrice: Convert<Weight, Balance>;
		/// Where contracts go when they leave the VM, and where frames and logs are announced.
		type Dispatch: Dispatch;
		/// Accounts and their 20-byte aliases.
		type Addresses: AddressMapping;
		/// What each step costs.
		type WeightInfo: WeightInfo;

		/// Limits and the price of instructions.
		#[pallet::constant]
		type Schedule: Get<Schedule>;
		/// Contracts that may be within one another in one transaction, over all executions that are
		/// nested in it through other VMs. Each holds an instance in the runtime's memory.
		#[pallet::constant]
		type MaxFrames: Get<u32>;
		/// Deposit for a byte in storage, planck.
		#[pallet::constant]
		type DepositPerByte: Get<Balance>;
		/// What a call may add to the payer's deposits where it names no limit, planck.
		#[pallet::constant]
		type DefaultDepositLimit: Get<Balance>;
		/// Deposit for an item in storage, planck.
		#[pallet::constant]
		type DepositPerItem: Get<Balance>;
		/// Part of the deposit for code that each contract puts down which needs it.
		#[pallet::constant]
		type CodeHashLockupDepositPercent: Get<Perbill>;
		/// Longest code, bytes.
		#[pallet::constant]
		type MaxCodeLen: Get<u32>;
		/// Longest key of a contract's storage, bytes.
		#[pallet::constant]
		type MaxStorageKeyLen: Get<u32>;
		/// Most bytes of transient storage in one transaction, with what they replaced and what
		/// keeping an entry takes.
		#[pallet::constant]
		type MaxTransientStorageSize: Get<u32>;
		/// Most code hashes that one contract may depend on.
		#[pallet::constant]
		type MaxDelegateDependencies: Get<u32>;
		/// Most bytes of debug messages that are collected.
		#[pallet::constant]
		type MaxDebugBufferLen: Get<u32>;
		/// Who may upload code.
		type UploadOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = AccountId>;
		/// Who may instantiate contracts. Contracts may always.
		type InstantiateOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = AccountId>;
		/// Types for tools. Always `()`.
		#[pallet::constant]
		type Environment: Get<Environment<Self>>;
		/// The host functions' version for tools. Always `()`.
		#[pallet::constant]
		type ApiVersion: Get<ApiVersion>;
	}

	#[pallet::extra_constants]
	impl<T: Config> Pallet<T> {
		/// Functions that are not stable cannot be imported.
		#[pallet::constant_name(UnsafeUnstableInterface)]
		fn unsafe_unstable_interface() -> bool {
			false
		}
	}

	/// Code by its hash.
	#[pallet::storage]
	pub(crate) type PristineCode<T: Config> =
		StorageMap<_, Identity, H256, BoundedVec<u8, <T as Config>::MaxCodeLen>>;

	/// What is known of code, by its hash.
	#[pallet::storage]
	pub(crate) type CodeInfoOf<T: Config> = StorageMap<_, Identity, H256, CodeInfo>;

	/// Instantiations so far. Tries are named by it, so that none is named twice.
	#[pallet::storage]
	pub(crate) type Nonce<T: Config> = StorageValue<_, u64, ValueQuery>;

	/// Contracts by their accounts.
	// Accounts of contracts are hashes.
	#[pallet::storage]
	pub type ContractInfoOf<T: Config> = StorageMap<_, Twox64Concat, AccountId, ContractInfo<T>>;

	/// Tries of contracts that are gone, to be removed.
	#[pallet::storage]
	pub(crate) type DeletionQueue<T: Config> = StorageMap<_, Twox64Concat, u32, TrieId>;

	/// Where the queue begins and ends.
	#[pallet::storage]
	pub(crate) type DeletionQueueCounter<T: Config> = StorageValue<_, QueueCounters, ValueQuery>;

	/// Who has paid for what of a contract, by its trie and the place within it. Not in
	/// `pallet-contracts`.
	// Tries are named by hashes; places hold hashed keys.
	#[pallet::storage]
	pub type DepositShares<T: Config> =
		StorageDoubleMap<_, Twox64Concat, TrieId, Twox64Concat, PlaceName, Shares>;

	/// Who has deposits at a contract, by its trie. Not in `pallet-contracts`.
	#[pallet::storage]
	pub(crate) type DepositorsOf<T: Config> = StorageMap<_, Twox64Concat, TrieId, Depositors>;

	/// Contracts that are gone and whose deposits are given back as their tries are removed. Not in
	/// `pallet-contracts`.
	#[pallet::storage]
	pub(crate) type Refunds<T: Config> = StorageMap<_, Twox64Concat, TrieId, Refunding>;

	/// Writes to transient storage in this transaction that stand. Removed at its end; in storage so
	/// that it is rolled back as they have to be.
	#[pallet::storage]
	#[pallet::whitelist_storage]
	pub(crate) type TransientLength<T: Config> = StorageValue<_, u32, ValueQuery>;

	/// Why balance is on hold.
	#[pallet::composite_enum]
	pub enum HoldReason {
		/// For code, at who uploaded it.
		CodeUploadDepositReserve,
		/// For storage, at the contract.
		StorageDepositReserve,
	}

	#[pallet::event]
	#[pallet::generate_deposit(pub(crate) fn deposit_event)]
	pub enum Event<T: Config> {
		/// A contract was made.
		Instantiated {
			/// Who made it.
			deployer: AccountId,
			/// The contract.
			contract: AccountId,
		},
		/// A contract has removed itself.
		Terminated {
			/// The contract.
			contract: AccountId,
			/// Who got its coins.
			beneficiary: AccountId,
		},
		/// Code was stored.
		CodeStored {
			/// Its hash.
			code_hash: H256,
			/// What was put on hold for it, planck.
			deposit_held: Balance,
			/// Who uploaded it.
			uploader: AccountId,
		},
		/// A contract has emitted an event.
		ContractEmitted {
			/// The contract.
			contract: AccountId,
			/// The event in the contract's own encoding.
			data: Vec<u8>,
		},
		/// Code was removed.
		CodeRemoved {
			/// Its hash.
			code_hash: H256,
			/// What was on hold for it, planck.
			deposit_released: Balance,
			/// Who removed it.
			remover: AccountId,
		},
		/// A contract runs other code from now on.
		ContractCodeUpdated {
			/// The contract.
			contract: AccountId,
			/// Its code now.
			new_code_hash: H256,
			/// Its code before.
			old_code_hash: H256,
		},
		/// A contract was called.
		Called {
			/// By whom.
			caller: Origin,
			/// The contract.
			contract: AccountId,
		},
		/// A contract has run other code in its own name.
		DelegateCalled {
			/// The contract.
			contract: AccountId,
			/// The code.
			code_hash: H256,
		},
		/// A deposit was put on hold.
		StorageDepositTransferredAndHeld {
			/// Who paid.
			from: AccountId,
			/// The contract.
			to: AccountId,
			/// Planck.
			amount: Balance,
		},
		/// A deposit was given back.
		StorageDepositTransferredAndReleased {
			/// The contract.
			from: AccountId,
			/// Who had paid.
			to: AccountId,
			/// Planck.
			amount: Balance,
		},
	}

	/// Why a call failed.
	#[pallet::error]
	pub enum Error<T> {
		/// Not used.
		InvalidSchedule,
		/// The flags of a call, or of a return, are unknown or do not go together.
		InvalidCallFlags,
		/// The weight limit is used up.
		OutOfGas,
		/// The contract's buffer is too small for the answer.
		OutputBufferTooSmall,
		/// Coins could not be moved; there are probably too few.
		TransferFailed,
		/// Too many contracts are within one another.
		MaxCallDepthReached,
		/// There is no contract at the account.
		ContractNotFound,
		/// The code is too long.
		CodeTooLarge,
		/// There is no code under the hash.
		CodeNotFound,
		/// Not used.
		CodeInfoNotFound,
		/// The contract pointed outside of its memory.
		OutOfBounds,
		/// The contract passed what cannot be decoded.
		DecodingFailed,
		/// The contract trapped.
		ContractTrapped,
		/// A value or an event is too long.
		ValueTooLarge,
		/// A contract that is being called more than once cannot be removed.
		TerminatedWhileReentrant,
		/// The contract has forwarded its input and has it no longer.
		InputForwarded,
		/// Not used: there is no source of randomness.
		RandomSubjectTooLong,
		/// An event has too many topics.
		TooManyTopics,
		/// There is no such function in a chain extension.
		NoChainExtension,
		/// Not used: contracts have no access to XCM.
		XCMDecodeFailed,
		/// There is a contract at the account already: choose another salt.
		DuplicateContract,
		/// A constructor cannot remove its contract.
		TerminatedInConstructor,
		/// The contract is running and did not allow to be entered again.
		ReentranceDenied,
		/// A read-only call tried to change something.
		StateChangeDenied,
		/// Whoever acts has too little for the storage deposit.
		StorageDepositNotEnoughFunds,
		/// More storage would be needed than the limit allows.
		StorageDepositLimitExhausted,
		/// Contracts need the code.
		CodeInUse,
		/// The contract ran to its end and asked for what it did to be taken back.
		ContractReverted,
		/// The code may not be uploaded; a trial of the upload says why.
		CodeRejected,
		/// The code may do what differs between machines.
		Indeterministic,
		/// Not used: there is nothing to migrate.
		MigrationInProgress,
		/// Not used: there is nothing to migrate.
		NoMigrationPerformed,
		/// The contract depends on as many codes as it may.
		MaxDelegateDependenciesReached,
		/// The contract does not depend on the code.
		DelegateDependencyNotFound,
		/// The contract depends on the code already.
		DelegateDependencyAlreadyExists,
		/// A contract cannot depend on its own code.
		CannotAddSelfAsDelegateDependency,
		/// Transient storage is full.
		OutOfTransientStorage,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn on_idle(_: BlockNumberFor<T>, limit: Weight) -> Weight {
			let mut meter = WeightMeter::with_limit(limit);
			crate::deletion::process::<T>(&mut meter);
			meter.consumed()
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(
			_: BlockNumberFor<T>,
		) -> Result<(), polkadot_sdk::sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}

		fn integrity_test() {
			// A key is stored behind a hash of 16 bytes and the kind of place.
			let place_bytes = T::MaxStorageKeyLen::get().saturating_add(17);
			assert!(
				place_bytes <= MAX_PLACE_BYTES,
				"keys are longer than the place of a deposit may be",
			);
			assert!(
				T::Schedule::get().instruction_weights.base > 0,
				"instructions cost nothing",
			);
			assert!(T::MaxFrames::get() > 0, "no contract could run");
		}
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Uploads code, which can then be instantiated by its hash. A deposit for its length is put on
		/// hold at the uploader until [`Pallet::remove_code`]. Code that is there already costs nothing.
		///
		/// `determinism` makes no difference: code has to be deterministic.
		#[pallet::call_index(3)]
		#[pallet::weight(T::WeightInfo::upload_code(len_of(code)))]
		pub fn upload_code(
			origin: OriginFor<T>,
			code: Vec<u8>,
			storage_deposit_limit: Option<Compact<Balance>>,
			determinism: Determinism,
		) -> DispatchResult {
			let _ = determinism;
			let origin = T::UploadOrigin::ensure_origin(origin)?;
			let limit = storage_deposit_limit.map(|limit| limit.0);
			Self::bare_upload_code(origin, code, limit).map(drop)
		}

		/// Removes code that no contract needs. For whoever uploaded it, who gets the deposit back and
		/// pays no fee.
		#[pallet::call_index(4)]
		#[pallet::weight(T::WeightInfo::remove_code())]
		pub fn remove_code(origin: OriginFor<T>, code_hash: H256) -> DispatchResultWithPostInfo {
			let origin = ensure_signed(origin)?;
			crate::code::remove::<T>(&origin, code_hash)?;
			Ok(Pays::No.into())
		}

		/// Has a contract run other code. For governance.
		#[pallet::call_index(5)]
		#[pallet::weight(T::WeightInfo::set_code())]
		pub fn set_code(
			origin: OriginFor<T>,
			dest: <T::Lookup as StaticLookup>::Source,
			code_hash: H256,
		) -> DispatchResult {
			ensure_root(origin)?;
			let contract = T::Lookup::lookup(dest)?;
			let mut info = ContractInfo::<T>::load(&contract)?;
			use_code::<T>(&code_hash)?;
			release_code::<T>(&info.code_hash);
			let old_code_hash = core::mem::replace(&mut info.code_hash, code_hash);
			ContractInfoOf::<T>::insert(&contract, info);
			Self::deposit_event(Event::ContractCodeUpdated {
				contract,
				new_code_hash: code_hash,
				old_code_hash,
			});
			Ok(())
		}

		/// Calls a contract. An account that is none cannot be called.
		///
		/// `storage_deposit_limit` is what may be added to the caller's storage deposits, planck.
		#[pallet::call_index(6)]
		#[pallet::weight(base_of_call::<T>().saturating_add(*gas_limit))]
		pub fn call(
			origin: OriginFor<T>,
			dest: <T::Lookup as StaticLookup>::Source,
			#[pallet::compact] value: Balance,
			gas_limit: Weight,
			storage_deposit_limit: Option<Compact<Balance>>,
			data: Vec<u8>,
		) -> DispatchResultWithPostInfo {
			let common = Common {
				origin: Origin::from_runtime::<T>(origin)?,
				value,
				gas_limit,
				deposit_limit: storage_deposit_limit.map(|limit| limit.0),
				data,
				debug: DebugInfo::Skip,
			};
			let dest = T::Lookup::lookup(dest)?;
			let ended = execute::call::<T>(dest, common);
			execute::dispatch_result::<T, _>(ended, base_of_call::<T>(), |output| output)
		}

		/// Uploads code and instantiates a contract from it.
		#[pallet::call_index(7)]
		#[pallet::weight(
			base_of_instantiate_with_code::<T>(code, data, salt)
				.saturating_add(*gas_limit)
		)]
		pub fn instantiate_with_code(
			origin: OriginFor<T>,
			#[pallet::compact] value: Balance,
			gas_limit: Weight,
			storage_deposit_limit: Option<Compact<Balance>>,
			code: Vec<u8>,
			data: Vec<u8>,
			salt: Vec<u8>,
		) -> DispatchResultWithPostInfo {
			let uploader = T::UploadOrigin::ensure_origin(origin.clone())?;
			let instantiator = T::InstantiateOrigin::ensure_origin(origin)?;
			let base = base_of_instantiate_with_code::<T>(&code, &data, &salt);
			let limit = storage_deposit_limit.map(|limit| limit.0);
			let Uploaded {
				executable,
				deposit,
			} = crate::code::upload::<T>(uploader, code, limit).map_err(|(error, _)| error)?;
			let common = Common {
				origin: Origin::Signed(instantiator),
				value,
				gas_limit,
				deposit_limit: limit.map(|limit| limit.saturating_sub(deposit)),
				data,
				debug: DebugInfo::Skip,
			};
			let code = Stored::Loaded(executable.into());
			let ended = execute::instantiate::<T>(code, &salt, common);
			execute::dispatch_result::<T, _>(ended, base, |(_, output)| output)
		}

		/// Instantiates a contract from code that was uploaded before.
		#[pallet::call_index(8)]
		#[pallet::weight(
			base_of_instantiate::<T>(data, salt).saturating_add(*gas_limit)
		)]
		pub fn instantiate(
			origin: OriginFor<T>,
			#[pallet::compact] value: Balance,
			gas_limit: Weight,
			storage_deposit_limit: Option<Compact<Balance>>,
			code_hash: H256,
			data: Vec<u8>,
			salt: Vec<u8>,
		) -> DispatchResultWithPostInfo {
			let instantiator = T::InstantiateOrigin::ensure_origin(origin)?;
			let base = base_of_instantiate::<T>(&data, &salt);
			let common = Common {
				origin: Origin::Signed(instantiator),
				value,
				gas_limit,
				deposit_limit: storage_deposit_limit.map(|limit| limit.0),
				data,
				debug: DebugInfo::Skip,
			};
			let ended = execute::instantiate::<T>(Stored::Hash(code_hash), &salt, common);
			execute::dispatch_result::<T, _>(ended, base, |(_, output)| output)
		}
	}

	#[cfg(any(test, feature = "try-runtime", feature = "fuzzing"))]
	impl<T: Config> Pallet<T> {
		/// Storage is consistent: contracts, their tries, their code and the deposits for them.
		pub fn do_try_state() -> Result<(), polkadot_sdk::sp_runtime::TryRuntimeError> {
			crate::try_state::check::<T>()
		}
	}

	fn len_of(bytes: &[u8]) -> u32 {
		crate::contract::len_of(bytes)
	}
}
