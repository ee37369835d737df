// SPDX-License-Identifier: Apache-2.0

//! Move contracts on the chain's own accounts: modules, scripts, and the resources they own.
//!
//! An address of Move is an account of the chain, byte for byte. A module is published under the
//! account that signs for it, a resource lies under the account that was given it, and the signer of
//! a transaction is the `&signer` of what it runs. The VM (`move-vm`) knows none of this: it sees the
//! chain through one trait, [`move_vm_runtime::Host`].
//!
//! # Parts
//! - [`Pallet::publish_package`], [`Pallet::upgrade_package`], [`Pallet::execute`],
//!   [`Pallet::execute_script`]: the extrinsics.
//! - `execute`: one execution in a storage layer of its own; `dispatch`: calls from other VMs.
//! - `host`: what the VM sees of the chain.
//! - `storage`: entries, and the deposits for them.
//! - `gas`: gas, weight and proof size.
//! - `simulate`, `abi` and [`api`]: answers without a transaction.
//!
//! # What holds
//! 1. A failed execution leaves nothing but its cost.
//! 2. What is charged is never less than gas used times [`Config::WeightPerGas`], and proof size is
//!    charged by the bytes read.
//! 3. What an account has on hold for this pallet is the sum of its shares in entries, and holding
//!    reaps nobody.
//! 4. A module is replaced only under its own account's signature, by a compatible one, and never if
//!    it is immutable.
//! 5. Each event of a module is one event of this pallet and one canonical log, in order; none that
//!    is rolled back is.
//! 6. What anyone can send is an error, never a panic.

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

mod abi;
pub mod api;
#[cfg(feature = "runtime-benchmarks")]
#[allow(
	clippy::arithmetic_side_effects,
	clippy::expect_used,
	clippy::indexing_slicing,
	clippy::panic,
	clippy::unwrap_used
)]
mod benchmarking;
pub mod classes;
mod cross_vm;
mod dispatch;
mod execute;
pub mod gas;
mod host;
mod memory;
#[cfg(test)]
mod mock;
mod simulate;
pub mod storage;
#[cfg(test)]
mod tests;
pub mod types;
pub mod weights;

pub use pallet::*;
pub use types::{CallLimit, MoveFailure, UpgradePolicy};
pub use weights::WeightInfo;

use polkadot_sdk::*;
use trivium_primitives::AccountId;

/// The account of the standard library, `0x1`.
pub const STD_ACCOUNT: AccountId = AccountId::new({
	let mut bytes = [0; 32];
	bytes[31] = 1;
	bytes
});

// The macros' own code does it; that of the module does not.
#[allow(clippy::expect_used)]
#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use crate::{
		execute::{Action, Execution, Success},
		storage::{Entry, ModuleEntry, TableKey, TagBytes},
		types::{to_identifier, to_module_id, to_type_tags, ModuleName, ModuleRef},
	};
	use alloc::vec::Vec;
	use frame_support::{
		dispatch::{DispatchErrorWithPostInfo, PostDispatchInfo},
		pallet_prelude::*,
		traits::fungible,
		DefaultNoBound,
	};
	use frame_system::pallet_prelude::*;
	use move_vm_types::{StatusCode, StatusType};
	use sp_core::{Bytes, H256};
	use trivium_primitives::{
		account::MAX_MODULE_NAME_LEN_BYTES,
		event::{event_weight, EVENT_RECORD_BYTES},
		AddressMapping, Balance, Dispatch,
	};

	/// The storage layout that this code reads and writes.
	const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config:
		polkadot_sdk::frame_system::Config<
		RuntimeEvent: From<Event<Self>>,
		AccountId = AccountId,
		Hash = H256,
	>
	{
		/// The ledger of the native coin.
		type Currency: fungible::Inspect<AccountId, Balance = Balance>
			+ fungible::Mutate<AccountId>
			+ fungible::MutateHold<AccountId, Reason = Self::RuntimeHoldReason>;
		/// The runtime's reasons to hold balance.
		type RuntimeHoldReason: From<HoldReason>;
		/// Where executions are announced and events become canonical.
		type Dispatch: Dispatch;
		/// Accounts and their 20-byte aliases.
		type Addresses: AddressMapping;
		/// Ref time of one internal gas unit of the VM, picoseconds; not zero.
		#[pallet::constant]
		type WeightPerGas: Get<u64>;
		/// Deposit for one entry, planck.
		#[pallet::constant]
		type DepositPerItem: Get<Balance>;
		/// Deposit for one byte of an entry's key and data, planck.
		#[pallet::constant]
		type DepositPerByte: Get<Balance>;
		/// What each step costs.
		type WeightInfo: WeightInfo;
	}

	/// Modules by account and name. Written by publishing and upgrading; never deleted, because
	/// others may depend on them.
	// Accounts and names can be searched for, so hashers that cannot be steered; readable, so that
	// an account's modules can be listed.
	#[pallet::storage]
	pub type Modules<T> = StorageDoubleMap<
		_,
		Blake2_128Concat,
		AccountId,
		Blake2_128Concat,
		ModuleName,
		ModuleEntry,
		OptionQuery,
	>;

	/// Resources by account and type, the latter as BCS of its struct tag. Written by `move_to` and
	/// through mutable borrows; deleted by `move_from`.
	// As above.
	#[pallet::storage]
	pub type Resources<T> = StorageDoubleMap<
		_,
		Blake2_128Concat,
		AccountId,
		Blake2_128Concat,
		TagBytes,
		Entry,
		OptionQuery,
	>;

	/// Entries of tables (`0x1::table`) by the table's handle and the key in BCS.
	// A handle is a hash that nobody chooses. A key is its owner's choice.
	#[pallet::storage]
	pub type TableEntries<T> =
		StorageDoubleMap<_, Identity, H256, Blake2_128Concat, TableKey, Entry, OptionQuery>;

	/// The module that an account is the contract account of, see
	/// [`trivium_primitives::account::module_account`]. Written when a module is published; never deleted, as
	/// the module is not.
	// A contract account is a hash.
	#[pallet::storage]
	pub type ModuleOf<T> = StorageMap<_, Identity, AccountId, (AccountId, ModuleName), OptionQuery>;

	/// Modules that the chain begins with.
	#[pallet::genesis_config]
	#[derive(DefaultNoBound)]
	pub struct GenesisConfig<T: Config> {
		/// Bytecode of the standard library at [`STD_ACCOUNT`] and of the chain's own modules, each after those it
		/// needs.
		pub modules: Vec<Bytes>,
		/// The runtime.
		#[serde(skip)]
		pub _runtime: core::marker::PhantomData<T>,
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		fn build(&self) {
			let modules = self.modules.iter().map(|module| module.0.clone()).collect();
			let published = execute::publish_at_genesis::<T>(modules);
			assert!(published.is_ok(), "genesis: {published:?}");
		}
	}

	/// Why balance is on hold.
	#[pallet::composite_enum]
	pub enum HoldReason {
		/// For entries in storage.
		#[codec(index = 0)]
		StorageDeposit,
	}

	#[pallet::event]
	#[pallet::generate_deposit(pub(crate) fn deposit_event)]
	pub enum Event<T: Config> {
		/// Modules were published.
		Published {
			/// The account they are published under.
			account: AccountId,
			/// Their names.
			modules: Vec<ModuleName>,
			/// Whether they may be replaced.
			policy: UpgradePolicy,
		},
		/// Modules were published, replacing those of the same names.
		Upgraded {
			/// The account they are published under.
			account: AccountId,
			/// Their names.
			modules: Vec<ModuleName>,
		},
		/// An entry function has been run.
		Executed {
			/// The transaction's signer.
			signer: AccountId,
			/// The module's account.
			account: AccountId,
			/// The module's name.
			module: Vec<u8>,
			/// The function.
			function: Vec<u8>,
		},
		/// A script has been run.
		ScriptExecuted {
			/// The transaction's signer.
			signer: AccountId,
			/// Blake2-256 of the script.
			script_hash: H256,
		},
		/// A module has emitted an event.
		Emitted {
			/// The account of the module that defines the event's type.
			account: AccountId,
			/// The name of that module.
			module: Vec<u8>,
			/// The event's type, as text.
			tag: Vec<u8>,
			/// The event in BCS.
			data: Vec<u8>,
		},
	}

	/// Why a call failed. Numbers are Move status codes; [`api::MoveApi::estimate`] gives the whole
	/// error, with its place in the code.
	#[pallet::error]
	pub enum Error<T> {
		/// The binary does not deserialize: 3000 to 3999.
		Deserialization(u16),
		/// The code does not verify or link, or the arguments do not fit the function: 1000 to 1999.
		Verification(u16),
		/// The code failed while it ran: 4000 to 4999.
		Execution(u16),
		/// A broken invariant of the VM: 2000 to 2999.
		Invariant(u16),
		/// The code aborted. What `0x1::error` makes is a category and a reason; of any other code
		/// these are the lower 24 bits.
		Aborted {
			/// Bits 16 to 23 of the code.
			category: u8,
			/// Bits 0 to 15 of the code.
			reason: u16,
		},
		/// The limit's ref time ran out.
		OutOfGas,
		/// The limit's proof size ran out.
		OutOfProofSize,
		/// A read-only call wrote or emitted.
		ReadOnly,
		/// A value, a type or a table's key is longer than an entry may be.
		EntryTooLong,
		/// A module of the package may not be replaced.
		ModuleImmutable,
		/// The call takes more storage deposit than its limit.
		DepositLimitExceeded,
		/// The payer cannot spend the storage deposit.
		InsufficientBalance,
		/// The package has no module, or more than the VM takes.
		PackageSize,
		/// Text that is no name of a module or function.
		InvalidName,
		/// Text that is no type.
		InvalidTypeArgument,
		/// The module was left for another VM without leave to re-enter it.
		ReentrancyDenied,
		/// A broken invariant of the chain.
		Internal,
		/// The function does not ask for the value that was sent along.
		ValueRefused,
	}

	impl<T> From<MoveFailure> for Error<T> {
		fn from(failure: MoveFailure) -> Self {
			match failure {
				MoveFailure::Vm(vm) => match (vm.status(), vm.class()) {
					(Some(StatusCode::OUT_OF_GAS), _) => Self::OutOfGas,
					(Some(StatusCode::ABORTED), _) => {
						let [reason_low, reason_high, category, ..] =
							vm.sub_status.unwrap_or_default().to_le_bytes();
						Self::Aborted {
							category,
							reason: u16::from_le_bytes([reason_low, reason_high]),
						}
					}
					(_, StatusType::Deserialization) => Self::Deserialization(vm.code),
					(_, StatusType::Verification | StatusType::Validation) => {
						Self::Verification(vm.code)
					}
					(_, StatusType::Execution) => Self::Execution(vm.code),
					(_, StatusType::InvariantViolation) => Self::Invariant(vm.code),
				},
				MoveFailure::OutOfProofSize => Self::OutOfProofSize,
				MoveFailure::ReadOnly => Self::ReadOnly,
				MoveFailure::EntryTooLong => Self::EntryTooLong,
				MoveFailure::ModuleImmutable => Self::ModuleImmutable,
				MoveFailure::DepositLimitExceeded => Self::DepositLimitExceeded,
				MoveFailure::InsufficientBalance => Self::InsufficientBalance,
				MoveFailure::PackageSize => Self::PackageSize,
				MoveFailure::InvalidName => Self::InvalidName,
				MoveFailure::InvalidTypeArgument(_) => Self::InvalidTypeArgument,
				MoveFailure::ReentrancyDenied => Self::ReentrancyDenied,
				MoveFailure::Internal => Self::Internal,
				MoveFailure::ValueRefused => Self::ValueRefused,
			}
		}
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn integrity_test() {
			assert!(T::WeightPerGas::get() > 0, "gas has to cost time");
			let most = T::BlockWeights::get().max_block;
			assert!(
				gas::overshoot().all_lte(most),
				"a block has to hold the longest entry"
			);
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Publishes modules under the signer's account, all or none: in any order, none of a name
		/// that is there already.
		///
		/// Each of them that has a function `init_module` is initialised by it, in the order in which
		/// they are given: it is private, takes a `signer` or `&signer` and nothing else, and gives
		/// nothing. If one fails, nothing is published.
		///
		/// The limit is for all of it: verifying, initialising, and the storage deposits of both. Pays
		/// for what it used, also when it fails.
		///
		/// Origin: signed. Emits [`Event::Published`], and [`Event::Emitted`] for each event of the
		/// code.
		#[pallet::call_index(0)]
		#[pallet::weight(with_limit(publish_base::<T>(modules), limit))]
		pub fn publish_package(
			origin: OriginFor<T>,
			modules: Vec<Vec<u8>>,
			policy: UpgradePolicy,
			limit: CallLimit,
		) -> DispatchResultWithPostInfo {
			let signer = ensure_signed(origin)?;
			let base = publish_base::<T>(&modules);
			let action = Action::Publish { modules, policy };
			Self::do_execute(signer.clone(), base, Ok(action), limit, |success| {
				Event::Published {
					account: signer,
					modules: success.modules,
					policy,
				}
			})
		}

		/// Publishes modules under the signer's account, all or none: in any order, in the place of
		/// those of the same names, which have to be [`UpgradePolicy::Compatible`] and stay so. Those
		/// that are new are initialised as by [`Pallet::publish_package`].
		///
		/// The limit is as there.
		///
		/// Origin: signed. Emits [`Event::Upgraded`], and [`Event::Emitted`] for each event of the
		/// code. Fails with `Verification(1096)` for a module
		/// that is not compatible, [`Error::ModuleImmutable`] for one that may not be replaced.
		#[pallet::call_index(1)]
		#[pallet::weight(with_limit(upgrade_base::<T>(modules), limit))]
		pub fn upgrade_package(
			origin: OriginFor<T>,
			modules: Vec<Vec<u8>>,
			limit: CallLimit,
		) -> DispatchResultWithPostInfo {
			let signer = ensure_signed(origin)?;
			let base = upgrade_base::<T>(&modules);
			let action = Action::Upgrade { modules };
			Self::do_execute(signer.clone(), base, Ok(action), limit, |success| {
				Event::Upgraded {
					account: signer,
					modules: success.modules,
				}
			})
		}

		/// Runs an entry function of a module. The signer's account fills its `signer` or `&signer`
		/// parameter.
		///
		/// Type arguments are text such as `0x1::coin::Coin<0xcafe::my_coin::MyCoin>`, arguments are
		/// BCS. Pays for what it used, also when it fails.
		///
		/// Origin: signed. Emits [`Event::Executed`], and [`Event::Emitted`] for each event of the
		/// code. Fails with the reason the execution failed; then all but the fee is as before.
		#[pallet::call_index(2)]
		#[pallet::weight(with_limit(execute_base::<T>(module, function, type_args, args), limit))]
		pub fn execute(
			origin: OriginFor<T>,
			module: ModuleRef,
			function: Vec<u8>,
			type_args: Vec<Vec<u8>>,
			args: Vec<Vec<u8>>,
			limit: CallLimit,
		) -> DispatchResultWithPostInfo {
			let signer = ensure_signed(origin)?;
			let base = execute_base::<T>(&module, &function, &type_args, &args);
			let action = Action::entry(&module, &function, &type_args, args);
			let (account, module) = module;
			Self::do_execute(signer.clone(), base, action, limit, |_| Event::Executed {
				signer,
				account,
				module,
				function,
			})
		}

		/// Verifies a script and runs it. The signer's account fills its `signer` or `&signer`
		/// parameter.
		///
		/// Type arguments and arguments as for [`Pallet::execute`]. Pays for what it used, also when
		/// it fails.
		///
		/// Origin: signed. Emits [`Event::ScriptExecuted`], and [`Event::Emitted`] for each event of
		/// the code. Fails with the reason the execution failed; then all but the fee is as before.
		#[pallet::call_index(3)]
		#[pallet::weight(with_limit(script_base::<T>(script, type_args, args), limit))]
		pub fn execute_script(
			origin: OriginFor<T>,
			script: Vec<u8>,
			type_args: Vec<Vec<u8>>,
			args: Vec<Vec<u8>>,
			limit: CallLimit,
		) -> DispatchResultWithPostInfo {
			let signer = ensure_signed(origin)?;
			let base = script_base::<T>(&script, &type_args, &args);
			let script_hash = H256(sp_io::hashing::blake2_256(&script));
			let action = Action::script(script, &type_args, args);
			Self::do_execute(signer.clone(), base, action, limit, |_| {
				Event::ScriptExecuted {
					signer,
					script_hash,
				}
			})
		}
	}

	impl<T: Config> Pallet<T> {
		fn do_execute(
			signer: AccountId,
			base: Weight,
			action: Result<Action, MoveFailure>,
			limit: CallLimit,
			event: impl FnOnce(Success) -> Event<T>,
		) -> DispatchResultWithPostInfo {
			let action = action.map_err(|failure| Self::failed(base, failure))?;
			let outcome = execute::execute::<T>(Execution {
				payer: signer.clone(),
				signer,
				action,
				limit: limit.weight(),
				value: 0,
				deposit_limit: limit.deposit.unwrap_or_default(),
				read_only: false,
				collect_events: false,
			});
			let weight = base.saturating_add(outcome.used);
			let success = outcome
				.result
				.map_err(|failure| Self::failed(weight, failure))?;
			Self::deposit_event(event(success));
			Ok(Some(weight).into())
		}

		/// A dispatch error that charges what was done.
		fn failed(weight: Weight, failure: MoveFailure) -> DispatchErrorWithPostInfo {
			DispatchErrorWithPostInfo {
				post_info: PostDispatchInfo {
					actual_weight: Some(weight),
					pays_fee: Pays::Yes,
				},
				error: Error::<T>::from(failure).into(),
			}
		}
	}

	#[cfg(any(test, feature = "try-runtime"))]
	impl<T: Config> Pallet<T> {
		/// Storage is consistent: modules are where they say they are, types of resources read, and
		/// what each account has on hold is the sum of its shares.
		pub fn do_try_state() -> Result<(), sp_runtime::TryRuntimeError> {
			use fungible::InspectHold;
			let mut sums = alloc::collections::BTreeMap::<AccountId, Balance>::new();
			let mut add = |shares: crate::storage::Shares| {
				for share in shares {
					let sum = sums.entry(share.depositor).or_default();
					*sum = sum.saturating_add(share.amount);
				}
			};
			for (account, name, entry) in Modules::<T>::iter() {
				let bytes = move_vm_runtime::record::module_bytes(&entry.record)
					.map_err(|_| "a module's record does not read")?;
				let module = move_vm_binary_format::CompiledModule::deserialize(bytes)
					.map_err(|_| "a module does not deserialize")?;
				let id = module.self_id().map_err(|_| "a module has no name")?;
				ensure!(
					id.address.0 == *AsRef::<[u8; 32]>::as_ref(&account)
						&& id.name.as_bytes() == name.as_slice(),
					"a module lies where another belongs"
				);
				let contract = trivium_primitives::account::module_account(&account, &name);
				ensure!(
					ModuleOf::<T>::get(contract) == Some((account, name)),
					"a module's contract account does not lead to it"
				);
				add(entry.shares);
			}
			ensure!(
				ModuleOf::<T>::iter_keys().count() == Modules::<T>::iter_keys().count(),
				"a contract account leads to no module"
			);
			for (_, _, entry) in Resources::<T>::iter() {
				add(entry.shares);
			}
			for (_, _, entry) in TableEntries::<T>::iter() {
				add(entry.shares);
			}
			let reason = T::RuntimeHoldReason::from(HoldReason::StorageDeposit);
			for (depositor, sum) in sums {
				ensure!(
					T::Currency::balance_on_hold(&reason, &depositor) == sum,
					"an account's deposits are miscounted"
				);
			}
			Ok(())
		}
	}

	impl Action {
		/// Runs an entry function, named as an extrinsic names it.
		pub(crate) fn entry(
			module: &ModuleRef,
			function: &[u8],
			type_args: &[Vec<u8>],
			arguments: Vec<Vec<u8>>,
		) -> Result<Self, MoveFailure> {
			Ok(Self::Entry {
				module: to_module_id(module)?,
				function: to_identifier(function)?,
				type_arguments: to_type_tags(type_args)?,
				arguments,
			})
		}

		/// Runs a script as an extrinsic gives it.
		pub(crate) fn script(
			script: Vec<u8>,
			type_args: &[Vec<u8>],
			arguments: Vec<Vec<u8>>,
		) -> Result<Self, MoveFailure> {
			Ok(Self::Script {
				script,
				type_arguments: to_type_tags(type_args)?,
				arguments,
			})
		}
	}

	/// Bytes in a list, its items counted as one byte each besides.
	pub(crate) fn bytes_of(list: &[Vec<u8>]) -> u32 {
		let bytes = list
			.iter()
			.fold(list.len(), |sum, item| sum.saturating_add(item.len()));
		u32::try_from(bytes).unwrap_or(u32::MAX)
	}

	fn len_of(bytes: &[u8]) -> u32 {
		u32::try_from(bytes.len()).unwrap_or(u32::MAX)
	}

	/// What [`Pallet::execute`] takes beside its limit: its event, which names module and function, among
	/// it.
	pub(crate) fn execute_base<T: Config>(
		(_, module): &ModuleRef,
		function: &[u8],
		type_args: &[Vec<u8>],
		args: &[Vec<u8>],
	) -> Weight {
		let names = len_of(module).saturating_add(len_of(function));
		let bytes = names
			.saturating_add(bytes_of(type_args))
			.saturating_add(bytes_of(args));
		T::WeightInfo::execute(bytes).saturating_add(own_event(names))
	}

	/// The same for [`Pallet::execute_script`].
	pub(crate) fn script_base<T: Config>(
		script: &[u8],
		type_args: &[Vec<u8>],
		args: &[Vec<u8>],
	) -> Weight {
		let bytes = len_of(script)
			.saturating_add(bytes_of(type_args))
			.saturating_add(bytes_of(args));
		T::WeightInfo::execute_script(bytes).saturating_add(own_event(0))
	}

	/// The same for [`Pallet::publish_package`].
	pub(crate) fn publish_base<T: Config>(modules: &[Vec<u8>]) -> Weight {
		T::WeightInfo::publish_package(bytes_of(modules)).saturating_add(names_event(modules))
	}

	/// The same for [`Pallet::upgrade_package`].
	pub(crate) fn upgrade_base<T: Config>(modules: &[Vec<u8>]) -> Weight {
		T::WeightInfo::upgrade_package(bytes_of(modules)).saturating_add(names_event(modules))
	}

	/// What an event of the pallet's own costs that holds so many bytes of names.
	fn own_event(names: u32) -> Weight {
		/// Two accounts or a hash, and lengths.
		const BESIDES: usize = EVENT_RECORD_BYTES + 2 * 32 + 2 * 5;
		event_weight(BESIDES.saturating_add(names as usize))
	}

	/// What the event costs that names the modules of a package.
	fn names_event(modules: &[Vec<u8>]) -> Weight {
		// A name is part of the module, and its length takes two bytes at most.
		let longest = MAX_MODULE_NAME_LEN_BYTES.saturating_add(2);
		let names = modules.iter().fold(0u32, |sum, module| {
			sum.saturating_add(len_of(module).min(longest))
		});
		own_event(names)
	}

	/// What a call sets aside.
	fn with_limit(base: Weight, limit: &CallLimit) -> Weight {
		base.saturating_add(limit.weight())
			.saturating_add(gas::overshoot())
	}
}
