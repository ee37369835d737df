// SPDX-License-Identifier: Apache-2.0

//! Ethereum contracts, by Ethereum's rules (Osaka), on the chain's own accounts and balances.
//!
//! Contracts are run by [`revm`]. What `revm` takes for its database is the chain's storage: an
//! account's balance is the spendable part of its balance on the ledger, an Ethereum account's nonce
//! is that of its system account, and code and storage slots lie in this pallet.
//!
//! # Parts
//! - [`Pallet::call`], [`Pallet::create`], [`Pallet::create2`]: the extrinsics, signed as any other.
//! - [`Pallet::transact`]: a transaction in Ethereum's own format, signed by an Ethereum key:
//!   [`transaction`] decodes it, `transact` checks and runs it, [`Refusal`] says why not.
//! - [`fees`]: one price for both.
//! - [`Rules`]: fork, limits and prices.
//! - `execute`: one execution, at the top of a transaction or below a call of another VM.
//! - `journal`: a transaction's changes, in memory while only the EVM runs, and how they become one
//!   with storage when another VM is to see them.
//! - `precompiles`: Ethereum's own native contracts, at prices that cover them here.
//! - `bridge`: the way out of the EVM, a contract at `0x…0801`.
//! - `dispatch`: the way in, as [`trivium_primitives::Engine`].
//! - `gas`: gas, weight and proof size.
//! - [`trace`]: executions told step by step, when somebody asks for it.
//!
//! # What holds
//! 1. A failed execution leaves nothing but its cost, in any VM below it.
//! 2. The sum of balances and the issuance change by the same amount.
//! 3. A contract never spends what is held, frozen or needed for an account to exist.
//! 4. An account with code or an Ethereum nonce is never reaped.
//! 5. No code is placed at an address that is the alias of another account.
//! 6. What contracts can cause is an error, never a panic.

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
mod bridge;
// For benchmarks and tests alone.
#[cfg(any(feature = "std", feature = "runtime-benchmarks"))]
#[allow(clippy::arithmetic_side_effects, clippy::indexing_slicing)]
pub mod classes;
mod database;
mod dispatch;
mod execute;
pub mod fees;
pub mod gas;
mod instructions;
mod interpret;
mod journal;
mod logs;
#[cfg(test)]
mod mock;
mod movements;
mod native;
mod pool;
mod precompiles;
mod reads;
mod refusal;
mod rules;
mod simulate;
mod storage;
#[cfg(test)]
mod tests;
pub mod trace;
mod transact;
pub mod transaction;
pub mod types;
pub mod weights;

pub use bridge::{BRIDGE, BRIDGE_CODE};
pub use execute::MEMORY_LIMIT_BYTES;
pub use gas::DefaultGasWeight;
pub use journal::JOURNAL_LIMIT;
pub use movements::OnValueMoved;
pub use native::STUB_CODE;
pub use pallet::*;
pub use refusal::Refusal;
pub use revm;
pub use rules::{Rules, TriviumRules};
pub use transact::Applied;
pub use types::{Failure, MAX_CODE_LEN_BYTES};
pub use weights::WeightInfo;

use polkadot_sdk::*;

/// Target of this pallet's log lines.
pub(crate) const LOG_TARGET: &str = "runtime::evm";

// The macros' own code does it; that of the module does not.
#[allow(clippy::expect_used)]
#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use crate::{
		execute::{Action, Execution, Level, Outcome},
		types::CodeInfo,
	};
	use alloc::vec::Vec;
	use frame_support::{
		dispatch::{DispatchErrorWithPostInfo, PostDispatchInfo},
		pallet_prelude::*,
		traits::{fungible, OnUnbalanced, Time},
	};
	use frame_system::pallet_prelude::*;
	use sp_core::{H160, H256};
	use sp_runtime::traits::Convert;
	use trivium_primitives::{AccountId, AddressMapping, Balance, Dispatch, Interfaces};

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
		Nonce = u64,
		Hash = H256,
	>
	{
		/// The ledger of the native coin.
		type Currency: fungible::Inspect<AccountId, Balance = Balance>
			+ fungible::Unbalanced<AccountId>
			+ fungible::Balanced<AccountId>;
		/// Who is told of value that contracts move.
		type OnValueMoved: OnValueMoved;
		/// The way to contracts of other VMs.
		type Dispatch: Dispatch;
		/// Accounts and their 20-byte aliases.
		type Addresses: AddressMapping;
		/// What contracts of other VMs say of themselves: those that do are called at their aliases as contracts of
		/// the EVM are.
		type Interfaces: Interfaces;
		/// The clock, in milliseconds.
		type Time: Time<Moment = u64>;
		/// Ref time of one gas, picoseconds; not zero. See [`DefaultGasWeight`].
		#[pallet::constant]
		type GasWeightPerGas: Get<u64>;
		/// Most gas that one call or creation may ask for that comes as an extrinsic of the chain. What an
		/// Ethereum transaction may ask for is [`gas::largest_transaction`].
		#[pallet::constant]
		type CallGasLimit: Get<u64>;
		/// Gas of a block: what `GASLIMIT` says, and the most that the Ethereum transactions of a block are
		/// charged together. See [`BlockGas`].
		#[pallet::constant]
		type BlockGasLimit: Get<u64>;
		/// Longest code that storage holds, bytes: what the fork lets be deployed, [`MAX_CODE_LEN_BYTES`].
		#[pallet::constant]
		type MaxCodeLen: Get<u32>;
		/// What a weight costs now, planck, as part of a transaction's fee: with the multiplier. That
		/// of one gas is the base fee. The proof of [`gas::TRANSACTION_BASE_PROOF_BYTES`] is in the price of
		/// time, and a byte more costs at most [`gas::GAS_PER_PROOF_BYTE`] gas; see [`fees`].
		type WeightPrice: Convert<Weight, Balance>;
		/// Where the fees of Ethereum transactions go: the base fee first, then the tip. Either may
		/// be nothing.
		type FeeHandler: OnUnbalanced<fungible::Credit<AccountId, Self::Currency>>;
		/// The author of the block: `COINBASE`.
		type Coinbase: Get<H160>;
		/// A number nobody knew when the parent was made, as far as the chain has one: `PREVRANDAO`.
		type PrevRandao: Get<H256>;
		/// Fork, limits and prices: [`TriviumRules`].
		type Rules: Rules;
		/// What each step costs.
		type WeightInfo: WeightInfo;
	}

	/// Accounts kept in existence for having had code or an Ethereum nonce, with their code's hash.
	/// Written when either first appears; deleted when a contract destructs itself in the
	/// transaction that created it.
	// Addresses can be searched for, so a hasher that cannot be steered.
	#[pallet::storage]
	pub type Accounts<T> = StorageMap<_, Blake2_128Concat, H160, H256, OptionQuery>;

	/// Code by its Keccak-256, stored once for all accounts that have it.
	// The key is a cryptographic hash already.
	#[pallet::storage]
	pub type Codes<T: Config> =
		StorageMap<_, Identity, H256, BoundedVec<u8, T::MaxCodeLen>, OptionQuery>;

	/// Length and references of each code; lives as long as the code.
	#[pallet::storage]
	pub type CodeInfos<T> = StorageMap<_, Identity, H256, CodeInfo, OptionQuery>;

	/// Storage slots of contracts. Zero is absence.
	// Keys are the contracts' own choice, so a hasher that cannot be steered.
	#[pallet::storage]
	pub type Slots<T> =
		StorageDoubleMap<_, Blake2_128Concat, H160, Blake2_128Concat, H256, H256, ValueQuery>;

	/// How many contracts an account that is not an Ethereum account has created. Never deleted, so
	/// that no address is made twice.
	#[pallet::storage]
	pub type CreateNonces<T> = StorageMap<_, Blake2_128Concat, AccountId, u64, ValueQuery>;

	/// Up to where storage has the present transaction's changes. Exists only within a transaction;
	/// see the journal.
	#[pallet::storage]
	#[pallet::whitelist_storage]
	pub type Epoch<T> = StorageValue<_, u64, OptionQuery>;

	/// The chain's number by [EIP-155](https://eips.ethereum.org/EIPS/eip-155): what `CHAINID` returns
	/// and what Ethereum transactions are signed over. 0 is none, and then no Ethereum transaction is
	/// taken.
	///
	/// Part of every signature that was ever made for this chain, so that it is set at genesis and never
	/// changed.
	#[pallet::storage]
	pub type ChainId<T> = StorageValue<_, u64, ValueQuery>;

	/// Whether transactions are taken that name no chain, which are those from before EIP-155. Anyone can
	/// bring one here that was made for another chain.
	#[pallet::storage]
	pub type AllowKeyless<T> = StorageValue<_, bool, ValueQuery>;

	/// Gas that the Ethereum transactions of this block have been charged so far. Exists only within a
	/// block: a transaction whose limit does not fit into what [`Config::BlockGasLimit`] leaves of it waits
	/// for the next.
	///
	/// A block's weight alone would let twice as much be charged: one half for time, by transactions that
	/// read little, and the other for proof.
	#[pallet::storage]
	#[pallet::whitelist_storage]
	pub type BlockGas<T> = StorageValue<_, u64, ValueQuery>;

	/// What the chain is at its start.
	#[pallet::genesis_config]
	#[derive(frame_support::DefaultNoBound)]
	pub struct GenesisConfig<T: Config> {
		/// See [`ChainId`]. A chain that is to take Ethereum transactions needs a number that no other
		/// chain has.
		pub chain_id: u64,
		/// See [`AllowKeyless`].
		pub allow_keyless: bool,
		#[serde(skip)]
		#[doc(hidden)]
		pub _config: core::marker::PhantomData<T>,
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		fn build(&self) {
			ChainId::<T>::put(self.chain_id);
			AllowKeyless::<T>::put(self.allow_keyless);
		}
	}

	#[pallet::event]
	#[pallet::generate_deposit(pub(crate) fn deposit_event)]
	pub enum Event<T: Config> {
		/// A contract has logged.
		Log {
			/// The contract.
			address: H160,
			/// At most four.
			topics: Vec<H256>,
			/// The payload.
			data: Vec<u8>,
		},
		/// A transaction has created a contract.
		Created {
			/// The contract.
			address: H160,
			/// The transaction's signer.
			deployer: H160,
		},
		/// A transaction has been run.
		Executed {
			/// The transaction's signer.
			from: H160,
			/// The contract called or created.
			contract: H160,
			/// Gas used.
			gas_used: u64,
		},
		/// An Ethereum transaction has been run, and paid for.
		Transacted {
			/// Keccak-256 of the raw transaction: the number by which its sender knows it.
			// Not `hash`: in Polkadot.js that is the hash of the encoded event.
			transaction_hash: H256,
			/// Who signed it.
			from: H160,
			/// The contract called, or the address of the one to be created, also if that failed.
			contract: H160,
			/// Gas paid for; see [`fees`].
			gas_used: u64,
			/// Planck paid for each.
			gas_price: Balance,
			/// Why the execution failed, if it did. Nothing of it is left then.
			error: Option<DispatchError>,
		},
	}

	#[pallet::error]
	pub enum Error<T> {
		/// The contract reverted. `EvmApi` gives its data.
		Reverted,
		/// Gas, or the EVM's memory, ran out.
		OutOfGas,
		/// The allowance of proof size ran out; a larger gas limit gives more.
		OutOfProofSize,
		/// An undefined or forbidden opcode.
		InvalidOpcode,
		/// A jump to where no `JUMPDEST` is.
		InvalidJump,
		/// An instruction took more from the stack than was there.
		StackUnderflow,
		/// More than 1024 words on the stack.
		StackOverflow,
		/// An offset or length beyond what can be addressed.
		OutOfOffset,
		/// A read-only call tried to write.
		ReadOnly,
		/// More than 1024 frames.
		CallTooDeep,
		/// The caller cannot spend the value.
		InsufficientBalance,
		/// There is a contract, a nonce or another account's alias at the new contract's address.
		CreateCollision,
		/// The deployed code is too long.
		CodeTooLarge,
		/// The deployed code begins with `0xEF`.
		CodeStartsWithEf,
		/// The creation code is too long.
		InitCodeTooLarge,
		/// A precompiled contract refused its input.
		PrecompileFailed,
		/// The creator has used up its nonces.
		NonceOverflow,
		/// A balance does not fit in 128 bits.
		BalanceOverflow,
		/// The gas limit does not cover the intrinsic gas or the calldata's floor.
		GasLimitTooLow,
		/// The gas limit is above the block's.
		GasLimitTooHigh,
		/// The signer's alias is another account's.
		NotMapped,
		// 21 was for input to an account without code.
		/// Another VM rolled back what the execution stood on.
		#[codec(index = 22)]
		Conflict,
		/// The ledger refused a balance.
		#[codec(index = 23)]
		Ledger,
		/// A broken invariant of the engine.
		#[codec(index = 24)]
		Internal,
		/// The contract was left for another VM without leave to re-enter it.
		#[codec(index = 25)]
		ReentrancyDenied,
		/// The Ethereum transaction is not valid any more, though it was when the block took it.
		#[codec(index = 26)]
		TransactionRefused,
	}

	impl<T> From<Failure> for Error<T> {
		fn from(failure: Failure) -> Self {
			match failure {
				Failure::Reverted(_) => Self::Reverted,
				Failure::OutOfGas => Self::OutOfGas,
				Failure::OutOfProofSize => Self::OutOfProofSize,
				Failure::InvalidOpcode => Self::InvalidOpcode,
				Failure::InvalidJump => Self::InvalidJump,
				Failure::StackUnderflow => Self::StackUnderflow,
				Failure::StackOverflow => Self::StackOverflow,
				Failure::OutOfOffset => Self::OutOfOffset,
				Failure::ReadOnly => Self::ReadOnly,
				Failure::CallTooDeep => Self::CallTooDeep,
				Failure::InsufficientBalance => Self::InsufficientBalance,
				Failure::CreateCollision => Self::CreateCollision,
				Failure::CodeTooLarge => Self::CodeTooLarge,
				Failure::CodeStartsWithEf => Self::CodeStartsWithEf,
				Failure::InitCodeTooLarge => Self::InitCodeTooLarge,
				Failure::PrecompileFailed => Self::PrecompileFailed,
				Failure::NonceOverflow => Self::NonceOverflow,
				Failure::BalanceOverflow => Self::BalanceOverflow,
				Failure::GasLimitTooLow => Self::GasLimitTooLow,
				Failure::GasLimitTooHigh | Failure::ExceedsTransaction => Self::GasLimitTooHigh,
				Failure::NotMapped => Self::NotMapped,
				Failure::Conflict => Self::Conflict,
				Failure::Ledger => Self::Ledger,
				Failure::Internal => Self::Internal,
				Failure::ReentrancyDenied => Self::ReentrancyDenied,
			}
		}
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn integrity_test() {
			assert!(T::GasWeightPerGas::get() > 0, "gas has to cost time");
			assert!(
				T::MaxCodeLen::get() >= MAX_CODE_LEN_BYTES,
				"what can be deployed has to fit in storage"
			);
			assert!(
				gas::largest_transaction::<T>(Self::transaction_base(0), 0) > 21_000,
				"a block has to hold a transaction"
			);
			assert!(
				!T::Rules::prices_by_weight() || logs::is_paid_for::<T>(),
				"the gas of a log has to cover its events"
			);
		}

		fn on_initialize(_: BlockNumberFor<T>) -> Weight {
			Weight::from_parts(0, gas::BLOCK_PROOF_BYTES)
		}

		fn on_finalize(_: BlockNumberFor<T>) {
			BlockGas::<T>::kill();
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Calls a contract, or sends value to any account by its alias. Where there is no code nothing
		/// runs, and input is not looked at, as with Ethereum's transactions.
		///
		/// Origin: signed. Emits [`Event::Executed`], and [`Event::Log`] for each log. Fails with the
		/// reason the execution failed; then all but the fee is as before.
		#[pallet::call_index(0)]
		#[pallet::weight(
			gas::weight_limit::<T>(T::WeightInfo::call(input.len() as u32), *gas_limit)
		)]
		pub fn call(
			origin: OriginFor<T>,
			target: H160,
			input: Vec<u8>,
			#[pallet::compact] value: Balance,
			#[pallet::compact] gas_limit: u64,
		) -> DispatchResultWithPostInfo {
			let from = ensure_signed(origin)?;
			let base = T::WeightInfo::call(input.len() as u32);
			let action = Action::Call { target, input };
			Self::do_execute(from, base, action, value, gas_limit)
		}

		/// Creates a contract at the address that follows from the signer and the number of its
		/// creations so far.
		///
		/// Origin: signed. Emits [`Event::Created`] and [`Event::Executed`], and [`Event::Log`] for
		/// each log. Fails with the reason the execution failed; then all but the fee is as before.
		#[pallet::call_index(1)]
		#[pallet::weight(
			gas::weight_limit::<T>(T::WeightInfo::create(code.len() as u32), *gas_limit)
		)]
		pub fn create(
			origin: OriginFor<T>,
			code: Vec<u8>,
			#[pallet::compact] value: Balance,
			#[pallet::compact] gas_limit: u64,
		) -> DispatchResultWithPostInfo {
			let from = ensure_signed(origin)?;
			let base = T::WeightInfo::create(code.len() as u32);
			Self::do_execute(
				from,
				base,
				Action::Create { code, salt: None },
				value,
				gas_limit,
			)
		}

		/// Creates a contract at the address that follows from the signer, the salt and the code
		/// ([EIP-1014](https://eips.ethereum.org/EIPS/eip-1014)).
		///
		/// Origin, events and errors as for [`Pallet::create`].
		#[pallet::call_index(2)]
		#[pallet::weight(
			gas::weight_limit::<T>(T::WeightInfo::create2(code.len() as u32), *gas_limit)
		)]
		pub fn create2(
			origin: OriginFor<T>,
			code: Vec<u8>,
			salt: H256,
			#[pallet::compact] value: Balance,
			#[pallet::compact] gas_limit: u64,
		) -> DispatchResultWithPostInfo {
			let from = ensure_signed(origin)?;
			let base = T::WeightInfo::create2(code.len() as u32);
			let action = Action::Create {
				code,
				salt: Some(salt),
			};
			Self::do_execute(from, base, action, value, gas_limit)
		}

		/// Runs an Ethereum transaction, as `eth_sendRawTransaction` takes it.
		///
		/// Origin: none. It comes as a bare extrinsic, whose signature is the raw transaction's own, and
		/// pays its fee itself, by gas and the price that it offers. Emits [`Event::Transacted`] whether
		/// the execution succeeds or not, and [`Event::Created`] and [`Event::Log`] if it does. Fails with
		/// [`Error::TransactionRefused`] if the transaction is not valid, and then is as good as not
		/// in the block.
		#[pallet::call_index(3)]
		#[pallet::weight(Pallet::<T>::transact_weight(raw))]
		pub fn transact(origin: OriginFor<T>, raw: Vec<u8>) -> DispatchResultWithPostInfo {
			ensure_none(origin)?;
			let applied = Self::read_transaction(&raw)
				.and_then(Self::apply_transaction)
				.map_err(|refusal| {
					log::debug!(target: LOG_TARGET, "refused in the block: {refusal:?}");
					Error::<T>::TransactionRefused
				})?;
			if let Some(address) = applied.created {
				Self::deposit_event(Event::Created {
					address,
					deployer: applied.sender,
				});
			}
			Self::deposit_event(Event::Transacted {
				transaction_hash: transaction::hash(&raw),
				from: applied.sender,
				contract: applied.contract,
				gas_used: applied.gas_charged,
				gas_price: applied.gas_price,
				error: applied
					.result
					.err()
					.map(|failure| Error::<T>::from(failure).into()),
			});
			Ok(Some(applied.weight).into())
		}
	}

	// A bare extrinsic, because every client reads, writes and hashes those alike: inherents are bare, and
	// in each block. As a general transaction with `AuthorizeCall` it would be the newer way, which clients
	// do not know yet. Executive asks here before a bare extrinsic enters the pool and again before it is
	// dispatched in a block.
	#[pallet::validate_unsigned]
	#[allow(deprecated)]
	impl<T: Config> ValidateUnsigned for Pallet<T> {
		type Call = Call<T>;

		// Not by the source: the pool names `InBlock` too, for transactions of other nodes' blocks, and keeps
		// those whose turn has not come.
		fn validate_unsigned(_: TransactionSource, call: &Self::Call) -> TransactionValidity {
			match call {
				Call::transact { raw } => Self::validate_transaction(raw),
				_ => UnknownTransaction::NoUnsignedValidator.into(),
			}
		}

		fn pre_dispatch(call: &Self::Call) -> Result<(), TransactionValidityError> {
			match call {
				Call::transact { raw } => Self::check_for_dispatch(raw),
				_ => Err(UnknownTransaction::NoUnsignedValidator.into()),
			}
		}
	}

	impl<T: Config> Pallet<T> {
		fn do_execute(
			from: AccountId,
			base: Weight,
			action: Action,
			value: Balance,
			gas_limit: u64,
		) -> DispatchResultWithPostInfo {
			let signer = T::Addresses::alias(&from);
			let target = match &action {
				Action::Call { target, .. } => Some(*target),
				Action::Create { .. } => None,
			};
			let allowance = T::Rules::proof_allowance(gas_limit);
			let outcome = Self::run_top_level(from, action, value, gas_limit, allowance);
			let weight = gas::extrinsic_weight::<T>(base, outcome.gas_used, outcome.proof_used);
			let gas_used = outcome.gas_used;
			let success = outcome
				.result
				.map_err(|failure| Self::failed(weight, failure))?;
			if let Some(address) = success.created {
				Self::deposit_event(Event::Created {
					address,
					deployer: signer,
				});
			}
			let contract = success.created.or(target).unwrap_or_default();
			Self::deposit_event(Event::Executed {
				from: signer,
				contract,
				gas_used,
			});
			Ok(Some(weight).into())
		}

		/// Runs a top-level execution within the limit of gas that there is for one.
		pub(crate) fn run_top_level(
			from: AccountId,
			action: Action,
			value: Balance,
			gas_limit: u64,
			proof_limit: u64,
		) -> Outcome {
			if gas_limit > T::CallGasLimit::get() {
				let result = Err(Failure::GasLimitTooHigh);
				return Outcome {
					result,
					gas_used: 0,
					deposit_gas: 0,
					deposit: 0,
					proof_used: 0,
				};
			}
			execute::execute::<T>(Execution {
				origin: from.clone(),
				caller: from,
				action,
				value,
				gas_limit,
				proof_limit,
				level: Level::Top,
				read_only: false,
			})
		}

		/// A dispatch error that charges what was done.
		fn failed(weight: Weight, failure: Failure) -> DispatchErrorWithPostInfo {
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
		/// Storage is consistent: codes and their references match the accounts that have them, and
		/// nothing of a transaction is left.
		pub fn do_try_state() -> Result<(), sp_runtime::TryRuntimeError> {
			let mut references = alloc::collections::BTreeMap::<H256, u64>::new();
			for (address, code_hash) in Accounts::<T>::iter() {
				let account = T::Addresses::account(&address);
				ensure!(
					frame_system::Pallet::<T>::providers(&account) > 0,
					"an account with code or nonce is reaped"
				);
				if code_hash != types::EMPTY_CODE_HASH {
					let count = references.entry(code_hash).or_default();
					*count = count.saturating_add(1);
				}
			}
			for (code_hash, info) in CodeInfos::<T>::iter() {
				ensure!(
					references.remove(&code_hash) == Some(info.references),
					"a code's references are miscounted"
				);
				let code = Codes::<T>::get(code_hash).ok_or("a code is missing")?;
				ensure!(
					code.len() == info.len_bytes as usize,
					"a code's length is wrong"
				);
				ensure!(
					sp_io::hashing::keccak_256(&code) == code_hash.0,
					"a code's hash is wrong"
				);
			}
			ensure!(references.is_empty(), "an account's code is missing");
			ensure!(
				Slots::<T>::iter().all(|(_, _, value)| !value.is_zero()),
				"a stored zero"
			);
			ensure!(!Epoch::<T>::exists(), "a transaction was not ended");
			Ok(())
		}
	}
}
