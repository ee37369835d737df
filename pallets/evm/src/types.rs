//! Types of the pallet's interface, and the border between its numbers and those of `revm`.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use polkadot_sdk::{
	sp_core::{H160, H256},
	sp_weights::Weight,
};
use revm::{
	interpreter::InstructionResult,
	primitives::{Address, B256, U256 as Word},
};
use scale_info::TypeInfo;
use trivium_primitives::CallError;

/// Longest deployed code, bytes ([EIP-170](https://eips.ethereum.org/EIPS/eip-170)).
pub const MAX_CODE_LEN_BYTES: u32 = 0x6000;
/// Longest creation code, bytes ([EIP-3860](https://eips.ethereum.org/EIPS/eip-3860)).
pub const MAX_INIT_CODE_LEN_BYTES: u32 = 0xC000;
/// Keccak-256 of nothing: the code hash of an account without code.
pub const EMPTY_CODE_HASH: H256 = H256(revm::primitives::KECCAK_EMPTY.0);

/// What is known of a stored code besides its bytes.
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
pub struct CodeInfo {
	/// Length of the code, bytes.
	pub len_bytes: u32,
	/// Accounts that have this code. It is deleted with the last of them.
	pub references: u64,
}

/// Why an execution failed and left nothing but its cost.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub enum Failure {
	/// The contract reverted, with this data.
	#[codec(index = 0)]
	Reverted(Vec<u8>),
	/// Gas, or the EVM's memory, ran out.
	#[codec(index = 1)]
	OutOfGas,
	/// The allowance of proof size ran out.
	#[codec(index = 2)]
	OutOfProofSize,
	/// An undefined or forbidden opcode.
	#[codec(index = 3)]
	InvalidOpcode,
	/// A jump to where no `JUMPDEST` is.
	#[codec(index = 4)]
	InvalidJump,
	/// An instruction took more from the stack than was there.
	#[codec(index = 5)]
	StackUnderflow,
	/// More than 1024 words on the stack.
	#[codec(index = 6)]
	StackOverflow,
	/// An offset or length beyond what can be addressed.
	#[codec(index = 7)]
	OutOfOffset,
	/// A read-only call tried to write, to log or to move value.
	#[codec(index = 8)]
	ReadOnly,
	/// More than 1024 frames.
	#[codec(index = 9)]
	CallTooDeep,
	/// The caller cannot spend the value.
	#[codec(index = 10)]
	InsufficientBalance,
	/// There is a contract, a nonce or another account's alias at the new contract's address.
	#[codec(index = 11)]
	CreateCollision,
	/// The deployed code is longer than [`MAX_CODE_LEN_BYTES`].
	#[codec(index = 12)]
	CodeTooLarge,
	/// The deployed code begins with `0xEF` ([EIP-3541](https://eips.ethereum.org/EIPS/eip-3541)).
	#[codec(index = 13)]
	CodeStartsWithEf,
	/// The creation code is longer than [`MAX_INIT_CODE_LEN_BYTES`].
	#[codec(index = 14)]
	InitCodeTooLarge,
	/// A precompiled contract refused its input.
	#[codec(index = 15)]
	PrecompileFailed,
	/// The creator has used up its nonces.
	#[codec(index = 16)]
	NonceOverflow,
	/// A balance does not fit in 128 bits.
	#[codec(index = 17)]
	BalanceOverflow,
	/// The gas limit does not cover the intrinsic gas or the calldata's floor.
	#[codec(index = 18)]
	GasLimitTooLow,
	/// The gas limit is above the block's.
	#[codec(index = 19)]
	GasLimitTooHigh,
	/// The caller's alias is another account's.
	#[codec(index = 20)]
	NotMapped,
	// 21 was an error for input to an account without code.
	/// Another VM rolled back what this execution stands on.
	#[codec(index = 22)]
	Conflict,
	/// The ledger refused a balance that the EVM had computed.
	#[codec(index = 23)]
	Ledger,
	/// A broken invariant of the engine.
	#[codec(index = 24)]
	Internal,
	/// The contract was left for another VM without leave to re-enter it.
	#[codec(index = 25)]
	ReentrancyDenied,
	/// An estimate: gas or proof size run out even with the most gas that an Ethereum transaction may
	/// have, [`crate::gas::largest_transaction`].
	#[codec(index = 26)]
	ExceedsTransaction,
}

impl Failure {
	/// Where the EVM's own codes begin among those of [`CallError::Engine`]; the code is this plus
	/// the variant's index.
	pub const ENGINE_CODE_BASE: u32 = 0x100;

	/// What a frame's end means, if it is a failure. `data` is the frame's output.
	pub(crate) fn of(result: InstructionResult, data: &[u8]) -> Option<Self> {
		use InstructionResult::*;
		Some(match result {
			Stop | Return | SelfDestruct => return None,
			Revert => Self::Reverted(data.to_vec()),
			CallTooDeep => Self::CallTooDeep,
			OutOfFunds => Self::InsufficientBalance,
			OutOfGas | MemoryOOG | MemoryLimitOOG | PrecompileOOG | InvalidOperandOOG
			| ReentrancySentryOOG => Self::OutOfGas,
			OpcodeNotFound
			| InvalidFEOpcode
			| NotActivated
			| InvalidImmediateEncoding
			| CreateInitCodeStartingEF00
			| InvalidEOFInitCode
			| InvalidExtDelegateCallTarget => Self::InvalidOpcode,
			CallNotAllowedInsideStatic | StateChangeDuringStaticCall => Self::ReadOnly,
			InvalidJump => Self::InvalidJump,
			StackUnderflow => Self::StackUnderflow,
			StackOverflow => Self::StackOverflow,
			OutOfOffset => Self::OutOfOffset,
			CreateCollision => Self::CreateCollision,
			OverflowPayment => Self::BalanceOverflow,
			PrecompileError => Self::PrecompileFailed,
			NonceOverflow => Self::NonceOverflow,
			CreateContractSizeLimit => Self::CodeTooLarge,
			CreateContractStartingWithEF => Self::CodeStartsWithEf,
			CreateInitCodeSizeLimit => Self::InitCodeTooLarge,
			Suspend | FatalExternalError => Self::Internal,
		})
	}

	/// Whether the execution was ended from outside, so that how far each frame's gas had come is not
	/// known any more.
	pub(crate) fn is_external(&self) -> bool {
		matches!(
			self,
			Self::OutOfProofSize | Self::Conflict | Self::Internal | Self::Ledger
		)
	}

	/// This failure's number, as it stands in its encoding.
	pub fn code(&self) -> u8 {
		self.using_encoded(|bytes| bytes.first().copied().unwrap_or_default())
	}
}

impl From<Failure> for CallError {
	fn from(failure: Failure) -> Self {
		match failure {
			Failure::Reverted(data) => Self::Reverted(data),
			Failure::OutOfGas | Failure::OutOfProofSize | Failure::GasLimitTooLow => Self::OutOfGas,
			Failure::ReadOnly => Self::ReadOnly,
			Failure::CallTooDeep => Self::DepthExceeded,
			Failure::InsufficientBalance | Failure::Ledger => Self::InsufficientBalance,
			Failure::ReentrancyDenied => Self::ReentrancyDenied,
			Failure::Conflict => Self::CONFLICTING_REENTRY,
			Failure::Internal => Self::TRAPPED,
			other => Self::Engine(Failure::ENGINE_CODE_BASE.saturating_add(other.code().into())),
		}
	}
}

/// What became of an execution asked for through the runtime API.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct ExecutionReport {
	/// What the contract returned (for a creation: its deployed code), or why it failed.
	pub result: Result<Vec<u8>, Failure>,
	/// The new contract's address, if this was a creation.
	pub created: Option<H160>,
	/// Gas used for work.
	pub gas_used: u64,
	/// Gas of the limit that went into storage deposits, at the base fee, and is not part of the fee: the
	/// limit has to cover both.
	pub deposit_gas: u64,
	/// Storage deposits that calls into other VMs would take from the caller, planck. Given back to it, in
	/// its share, by whoever frees the storage. Nothing if the execution fails.
	pub deposit: u128,
	/// What the execution would be charged: the gas, and the proof size it used.
	pub weight: Weight,
	/// The logs it would leave.
	pub logs: Vec<LogEntry>,
}

/// A log as Ethereum knows it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct LogEntry {
	/// The contract that logged.
	pub address: H160,
	/// At most four.
	pub topics: Vec<H256>,
	/// The payload.
	pub data: Vec<u8>,
}

/// An account as the EVM sees it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct AccountInfo {
	/// What the account can spend, planck.
	pub balance: u128,
	/// Ethereum's nonce: of a transaction, and of a creation.
	pub nonce: u64,
	/// Keccak-256 of the code.
	pub code_hash: H256,
	/// Length of the code, bytes.
	pub code_len_bytes: u32,
}

pub(crate) fn to_address(address: &H160) -> Address {
	Address::new(address.0)
}

pub(crate) fn from_address(address: &Address) -> H160 {
	H160(address.into_array())
}

pub(crate) fn to_b256(hash: &H256) -> B256 {
	B256::new(hash.0)
}

pub(crate) fn from_b256(hash: &B256) -> H256 {
	H256(hash.0)
}

pub(crate) fn word_from_hash(hash: &H256) -> Word {
	Word::from_be_bytes(hash.0)
}

pub(crate) fn hash_from_word(word: &Word) -> H256 {
	H256(word.to_be_bytes::<32>())
}
