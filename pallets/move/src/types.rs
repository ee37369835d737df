//! Types of the pallet's interface, and the border between its accounts and names and those of the
//! VM.

use alloc::{boxed::Box, vec::Vec};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use move_vm_types::{
	AccountAddress, Identifier, Location, ModuleId, StatusCode, StatusType, TypeTag, VmError,
};
use polkadot_sdk::{sp_core::ConstU32, sp_runtime::BoundedVec, sp_weights::Weight};
use scale_info::TypeInfo;
use trivium_primitives::{account::MAX_MODULE_NAME_LEN_BYTES, AccountId, Balance};

/// Longest value of one storage entry, bytes: a module's record, a resource or a table's value.
pub const MAX_ENTRY_BYTES: u32 = 128 * 1024;
/// Longest BCS form of a resource's type, bytes.
pub const MAX_TAG_BYTES: u32 = 1024;
/// Longest BCS form of a table's key, bytes.
pub const MAX_TABLE_KEY_BYTES: u32 = 1024;
/// Names that [`crate::api::MoveApi::modules_of`] gives at most.
pub const MAX_LISTED_MODULES: usize = 1024;

/// A module's name.
pub type ModuleName = BoundedVec<u8, ConstU32<MAX_MODULE_NAME_LEN_BYTES>>;
/// A module: the account it is published under, and its name.
pub type ModuleRef = (AccountId, Vec<u8>);

/// What a call may use.
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
pub struct CallLimit {
	/// Ref time, picoseconds.
	#[codec(compact)]
	pub ref_time: u64,
	/// Proof size, bytes.
	#[codec(compact)]
	pub proof_size: u64,
	/// What the call may add to its signer's storage deposits, planck; `None` is nothing.
	pub deposit: Option<Balance>,
}

impl CallLimit {
	/// Both dimensions of weight.
	pub fn weight(&self) -> Weight {
		Weight::from_parts(self.ref_time, self.proof_size)
	}
}

impl From<Weight> for CallLimit {
	fn from(weight: Weight) -> Self {
		Self {
			ref_time: weight.ref_time(),
			proof_size: weight.proof_size(),
			deposit: None,
		}
	}
}

/// Whether a module may be replaced.
#[derive(
	Clone,
	Copy,
	Debug,
	Default,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub enum UpgradePolicy {
	/// By one that whoever uses the old one can go on to use: no public function, struct or field
	/// of the old one is gone or changed.
	#[default]
	#[codec(index = 0)]
	Compatible,
	/// Never.
	#[codec(index = 1)]
	Immutable,
}

/// A call that [`crate::api::MoveApi::estimate`] tries out: an extrinsic of this pallet.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub enum MoveCall {
	/// [`crate::Pallet::publish_package`].
	#[codec(index = 0)]
	PublishPackage {
		/// The modules.
		modules: Vec<Vec<u8>>,
		/// Whether they may be replaced later.
		policy: UpgradePolicy,
	},
	/// [`crate::Pallet::upgrade_package`].
	#[codec(index = 1)]
	UpgradePackage {
		/// The modules.
		modules: Vec<Vec<u8>>,
	},
	/// [`crate::Pallet::execute`].
	#[codec(index = 2)]
	Execute {
		/// The module.
		module: ModuleRef,
		/// The entry function.
		function: Vec<u8>,
		/// Type arguments, as text.
		type_args: Vec<Vec<u8>>,
		/// Arguments in BCS, without the signer.
		args: Vec<Vec<u8>>,
	},
	/// [`crate::Pallet::execute_script`].
	#[codec(index = 3)]
	ExecuteScript {
		/// The script.
		script: Vec<u8>,
		/// Type arguments, as text.
		type_args: Vec<Vec<u8>>,
		/// Arguments in BCS, without the signer.
		args: Vec<Vec<u8>>,
	},
}

/// Why a call failed and left nothing but its cost.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub enum MoveFailure {
	/// The VM refused the code or the arguments, or the code failed.
	#[codec(index = 0)]
	Vm(Box<VmStatus>),
	/// The limit of proof size ran out.
	#[codec(index = 1)]
	OutOfProofSize,
	/// A read-only call wrote or emitted.
	#[codec(index = 2)]
	ReadOnly,
	/// A value, a type or a table's key is longer than an entry may be.
	#[codec(index = 3)]
	EntryTooLong,
	/// A module of the package may not be replaced.
	#[codec(index = 4)]
	ModuleImmutable,
	/// The call takes more storage deposit than its limit.
	#[codec(index = 5)]
	DepositLimitExceeded,
	/// The payer cannot spend the storage deposit.
	#[codec(index = 6)]
	InsufficientBalance,
	/// The package has no module, or more than the VM takes.
	#[codec(index = 7)]
	PackageSize,
	/// Text that is no name of a module or function.
	#[codec(index = 8)]
	InvalidName,
	/// Text that is no type, by its place among the type arguments.
	#[codec(index = 9)]
	InvalidTypeArgument(u32),
	/// The module was left for another VM without leave to re-enter it.
	#[codec(index = 10)]
	ReentrancyDenied,
	/// A broken invariant of the chain: an entry that does not decode, or a deposit that is not there.
	#[codec(index = 11)]
	Internal,
	/// The function does not ask for the value that was sent along.
	#[codec(index = 12)]
	ValueRefused,
}

/// An error of the VM with all that it knows.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct VmStatus {
	/// Number of the status, as the Move specification has it.
	pub code: u16,
	/// Its name there.
	pub name: Vec<u8>,
	/// The status' own number: the code of an abort.
	pub sub_status: Option<u64>,
	/// In which code it arose.
	pub location: CodeLocation,
	/// The function's place in its module's table of definitions, and the instruction within it.
	pub code_offset: Option<(u16, u16)>,
	/// The offset in the binary that was refused, bytes.
	pub byte_offset: Option<u32>,
	/// A sentence for developers; may be empty.
	pub message: Vec<u8>,
}

/// In which code an error arose.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub enum CodeLocation {
	/// In none: the arguments.
	#[codec(index = 0)]
	Undefined,
	/// In the script.
	#[codec(index = 1)]
	Script,
	/// In a module.
	#[codec(index = 2)]
	Module(AccountId, Vec<u8>),
}

impl MoveFailure {
	/// The limit's ref time does not cover what the pallet itself has to do.
	pub(crate) fn out_of_gas() -> Self {
		VmError::new(StatusCode::OUT_OF_GAS).into()
	}
}

impl From<VmError> for MoveFailure {
	fn from(error: VmError) -> Self {
		Self::Vm(Box::new(error.into()))
	}
}

impl From<VmError> for VmStatus {
	fn from(error: VmError) -> Self {
		Self {
			code: error.status().number(),
			name: error.status().name().into(),
			sub_status: error.sub_status(),
			location: match error.location() {
				Location::Undefined => CodeLocation::Undefined,
				Location::Script => CodeLocation::Script,
				Location::Module(id) => {
					CodeLocation::Module(to_account(&id.address), id.name.as_bytes().into())
				}
			},
			code_offset: error.code_offset(),
			byte_offset: error.byte_offset(),
			message: error.message().into(),
		}
	}
}

impl VmStatus {
	/// The status, if this build knows it.
	pub fn status(&self) -> Option<StatusCode> {
		StatusCode::from_number(self.code)
	}

	/// The class of the status; one that is not known is a broken invariant.
	pub(crate) fn class(&self) -> StatusType {
		self.status()
			.map_or(StatusType::InvariantViolation, StatusCode::class)
	}
}

/// An event that a module emitted.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct MoveEvent {
	/// The account of the module that defines the event's type.
	pub account: AccountId,
	/// The name of that module.
	pub module: Vec<u8>,
	/// The event's type, as text.
	pub tag: Vec<u8>,
	/// The event in BCS.
	pub data: Vec<u8>,
}

/// What a call would do.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Estimate {
	/// Nothing, or why it would fail.
	pub result: Result<(), MoveFailure>,
	/// What to allow it: the least `limit` with which it goes the same way.
	pub limit: CallLimit,
	/// What it would be charged, the extrinsic's own weight included.
	pub weight: Weight,
	/// What it would add to the signer's storage deposits, planck.
	pub deposit: Balance,
	/// What it would free of storage deposits, the signer's and others', planck.
	pub refund: Balance,
	/// The events it would leave, in order.
	pub events: Vec<MoveEvent>,
}

/// What lies in storage, and what is held for it. A struct, and not bare bytes, because clients that
/// take an answer for bytes stumble over an option of them.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Stored {
	/// A module as it was published, or a resource in BCS.
	pub data: Vec<u8>,
	/// Planck on hold for it, of all who paid.
	pub deposit: Balance,
}

/// The interface of a module. Types are text as Move writes them; `T0`, `T1`, … are type parameters.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct ModuleAbi {
	/// The account it is published under.
	pub account: AccountId,
	/// Its name.
	pub name: Vec<u8>,
	/// Version of its binary format.
	pub version: u32,
	/// Whether it may be replaced.
	pub policy: UpgradePolicy,
	/// Modules that may call its friend functions.
	pub friends: Vec<Vec<u8>>,
	/// Its functions, in the order of their definitions.
	pub functions: Vec<FunctionAbi>,
	/// Its structs and enums, in the order of their definitions.
	pub structs: Vec<StructAbi>,
}

/// A function.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct FunctionAbi {
	/// Its name.
	pub name: Vec<u8>,
	/// Who may call it.
	pub visibility: FunctionVisibility,
	/// It can be called by [`crate::Pallet::execute`].
	pub is_entry: bool,
	/// It is part of the VM.
	pub is_native: bool,
	/// What each of its type arguments must have.
	pub type_params: Vec<Vec<Vec<u8>>>,
	/// Types of its parameters.
	pub params: Vec<Vec<u8>>,
	/// Types of its results.
	pub returns: Vec<Vec<u8>>,
}

/// Who may call a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub enum FunctionVisibility {
	/// Its own module.
	Private,
	/// Its module and the module's friends.
	Friend,
	/// All.
	Public,
}

/// Name and type of a field.
pub type FieldAbi = (Vec<u8>, Vec<u8>);

/// A struct or enum.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct StructAbi {
	/// Its name.
	pub name: Vec<u8>,
	/// Its abilities.
	pub abilities: Vec<Vec<u8>>,
	/// What each of its type arguments must have; phantom ones begin with `phantom`.
	pub type_params: Vec<Vec<Vec<u8>>>,
	/// The fields of a struct: name and type.
	pub fields: Vec<FieldAbi>,
	/// The variants of an enum: name and fields.
	pub variants: Vec<(Vec<u8>, Vec<FieldAbi>)>,
}

/// The VM's address of an account: the same 32 bytes.
pub(crate) fn to_address(account: &AccountId) -> AccountAddress {
	AccountAddress(*account.as_ref())
}

/// The account of a VM's address.
pub(crate) fn to_account(address: &AccountAddress) -> AccountId {
	AccountId::new(address.0)
}

/// A module as the VM names it.
pub(crate) fn to_module_id((account, name): &ModuleRef) -> Result<ModuleId, MoveFailure> {
	Ok(ModuleId {
		address: to_address(account),
		name: to_identifier(name)?,
	})
}

/// A name as the VM has it; no longer than a module may contain.
pub(crate) fn to_identifier(name: &[u8]) -> Result<Identifier, MoveFailure> {
	if name.len() > MAX_MODULE_NAME_LEN_BYTES as usize {
		return Err(MoveFailure::InvalidName);
	}
	Identifier::from_bytes(name).ok_or(MoveFailure::InvalidName)
}

/// Type arguments from their texts.
pub(crate) fn to_type_tags(texts: &[Vec<u8>]) -> Result<Vec<TypeTag>, MoveFailure> {
	let parse = |text: &[u8]| TypeTag::parse(core::str::from_utf8(text).ok()?);
	(0u32..)
		.zip(texts)
		.map(|(place, text)| parse(text).ok_or(MoveFailure::InvalidTypeArgument(place)))
		.collect()
}
