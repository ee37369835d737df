//! What clients and other pallets see: the SCALE shapes of calls, events and answers.
//!
//! They are those of `pallet-contracts` 51, field by field, so that the tools made for it read ours.

use alloc::vec::Vec;

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::marker::PhantomData;
use pallet_contracts_uapi::ReturnFlags;
use polkadot_sdk::{
	frame_support::{
		traits::{OriginTrait, Time},
		DefaultNoBound,
	},
	frame_system::{self, pallet_prelude::BlockNumberFor, RawOrigin},
	sp_core::{ConstU32, H256},
	sp_runtime::{traits::BadOrigin, BoundedVec, DispatchError},
	sp_weights::Weight,
};
use scale_info::TypeInfo;
use trivium_primitives::{AccountId, Balance};

use crate::Config;

/// Names the child trie of a contract: a hash that is never used twice.
pub type TrieId = BoundedVec<u8, ConstU32<128>>;

/// "Nothing" where a contract passes a pointer or gets a length.
pub const SENTINEL: u32 = u32::MAX;

/// Who called a contract.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub enum Origin {
	/// Governance, which has no account: it sends no value and pays no deposit.
	Root,
	/// An account, of a person or of a contract in any VM.
	Signed(AccountId),
}

impl Origin {
	/// From a dispatch origin.
	///
	/// # Errors
	/// `BadOrigin` for anything but root and signed.
	pub fn from_runtime<T: Config>(origin: T::RuntimeOrigin) -> Result<Self, DispatchError> {
		match origin.as_system_ref() {
			Some(RawOrigin::Root) => Ok(Self::Root),
			Some(RawOrigin::Signed(account)) => Ok(Self::Signed(account.clone())),
			_ => Err(BadOrigin.into()),
		}
	}

	/// The account.
	///
	/// # Errors
	/// `RootNotAllowed` if there is none.
	pub fn account(&self) -> Result<&AccountId, DispatchError> {
		match self {
			Self::Root => Err(DispatchError::RootNotAllowed),
			Self::Signed(account) => Ok(account),
		}
	}
}

/// Whether code may do what differs between machines. Kept for its place in calls and storage: code
/// that may is refused.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub enum Determinism {
	/// It may not.
	Enforced,
	/// It may, in older states. An upload that asks for this is checked as if it had not.
	Relaxed,
}

/// What a contract that ran to its end gave back.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct ExecReturnValue {
	/// Whether what it did is to be taken back.
	pub flags: ReturnFlags,
	/// Its answer, in its own encoding.
	pub data: Vec<u8>,
}

impl ExecReturnValue {
	/// Neither flags nor data.
	pub(crate) fn empty() -> Self {
		Self {
			flags: ReturnFlags::empty(),
			data: Vec::new(),
		}
	}

	/// Whether it asked for what it did to be taken back.
	pub fn did_revert(&self) -> bool {
		self.flags.contains(ReturnFlags::REVERT)
	}
}

/// What an instantiation gave back.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct InstantiateReturnValue {
	/// What the constructor gave back.
	pub result: ExecReturnValue,
	/// The new contract.
	pub account_id: AccountId,
}

/// What an upload came to.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct CodeUploadReturnValue {
	/// Under which the code is stored.
	pub code_hash: H256,
	/// Put on hold for it, planck; zero if it was there before.
	pub deposit: Balance,
}

/// Code to instantiate.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub enum Code {
	/// To be uploaded first.
	Upload(Vec<u8>),
	/// Uploaded before.
	Existing(H256),
}

/// Why a contract's storage could not be read from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub enum ContractAccessError {
	/// No contract has this account.
	DoesntExist,
	/// The key is longer than keys may be.
	KeyDecodingFailed,
	/// Never here; it keeps its number.
	MigrationInProgress,
}

/// What a call or an instantiation that is only tried out came to.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct ContractResult<R, EventRecord> {
	/// Weight used.
	pub gas_consumed: Weight,
	/// The limit that suffices, which can be more than is used.
	pub gas_required: Weight,
	/// Storage deposit taken or given back.
	pub storage_deposit: StorageDeposit,
	/// What the contract wrote with `debug_message`, or why its code was refused; UTF-8.
	pub debug_message: Vec<u8>,
	/// The outcome.
	pub result: R,
	/// The block's events, if asked for.
	pub events: Option<Vec<EventRecord>>,
}

/// The outcome of a call.
pub type ContractExecResult<EventRecord> =
	ContractResult<Result<ExecReturnValue, DispatchError>, EventRecord>;
/// The outcome of an instantiation.
pub type ContractInstantiateResult<EventRecord> =
	ContractResult<Result<InstantiateReturnValue, DispatchError>, EventRecord>;
/// The outcome of an upload.
pub type CodeUploadResult = Result<CodeUploadReturnValue, DispatchError>;
/// The value under a key, if there is one.
pub type GetStorageResult = Result<Option<Vec<u8>>, ContractAccessError>;

/// Deposit that changes hands: a signed amount of planck.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub enum StorageDeposit {
	/// Given back to who paid.
	Refund(Balance),
	/// Taken from who pays.
	Charge(Balance),
}

impl Default for StorageDeposit {
	fn default() -> Self {
		Self::Charge(0)
	}
}

impl StorageDeposit {
	/// The sum of two, saturating.
	pub fn plus(self, other: Self) -> Self {
		match (self, other) {
			(Self::Charge(a), Self::Charge(b)) => Self::Charge(a.saturating_add(b)),
			(Self::Refund(a), Self::Refund(b)) => Self::Refund(a.saturating_add(b)),
			(Self::Charge(charge), Self::Refund(refund))
			| (Self::Refund(refund), Self::Charge(charge)) => match charge.checked_sub(refund) {
				Some(rest) => Self::Charge(rest),
				None => Self::Refund(refund.saturating_sub(charge)),
			},
		}
	}

	/// What has to be taken to go from `old` to `new`.
	pub fn between(old: Balance, new: Balance) -> Self {
		Self::Charge(new).plus(Self::Refund(old))
	}

	/// What is left of a limit; more than the limit after a refund.
	pub fn left_of(self, limit: Balance) -> Balance {
		match self {
			Self::Charge(amount) => limit.saturating_sub(amount),
			Self::Refund(amount) => limit.saturating_add(amount),
		}
	}

	/// What is taken, planck.
	pub fn charge_or_zero(self) -> Balance {
		match self {
			Self::Charge(amount) => amount,
			Self::Refund(_) => 0,
		}
	}
}

/// Whether the block's events are wanted with an answer. Never on chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CollectEvents {
	/// They are.
	UnsafeCollect,
	/// They are not.
	Skip,
}

/// Whether a contract's debug messages are wanted with an answer. Never on chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DebugInfo {
	/// They are.
	UnsafeDebug,
	/// They are not.
	Skip,
}

/// Stands for a type in the metadata.
#[derive(Encode, Decode, TypeInfo, DefaultNoBound)]
pub struct EnvironmentType<T>(PhantomData<T>);

/// The types by which this chain and its contracts talk; tools read them from the metadata.
#[derive(Encode, Decode, TypeInfo, DefaultNoBound)]
#[scale_info(skip_type_params(T))]
pub struct Environment<T: Config> {
	account_id: EnvironmentType<AccountId>,
	balance: EnvironmentType<Balance>,
	hash: EnvironmentType<H256>,
	hasher: EnvironmentType<<T as frame_system::Config>::Hashing>,
	timestamp: EnvironmentType<<<T as Config>::Time as Time>::Moment>,
	block_number: EnvironmentType<BlockNumberFor<T>>,
}

/// Version of the host functions, as `pallet-contracts` counts it.
#[derive(Encode, Decode, TypeInfo)]
pub struct ApiVersion(u16);

impl Default for ApiVersion {
	fn default() -> Self {
		Self(4)
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use StorageDeposit::{Charge, Refund};

	#[test]
	fn deposits_add_like_signed_numbers() {
		assert_eq!(Charge(5).plus(Charge(2)), Charge(7));
		assert_eq!(Charge(5).plus(Refund(2)), Charge(3));
		assert_eq!(Refund(5).plus(Charge(2)), Refund(3));
		assert_eq!(Charge(2).plus(Refund(2)), Charge(0));
		assert_eq!(Refund(5).plus(Refund(2)), Refund(7));
		assert_eq!(StorageDeposit::between(5, 7), Charge(2));
		assert_eq!(StorageDeposit::between(7, 5), Refund(2));
		assert_eq!(Refund(5).left_of(10), 15);
		assert_eq!(Charge(15).left_of(10), 0);
	}
}
