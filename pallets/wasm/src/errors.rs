//! This pallet's errors in the one error model.
//!
//! What has a meaning across VMs gets its own [`CallError`]; the rest is [`CallError::Engine`] with a
//! code from 0x100 upwards. The codes are on chain and in contracts: never renumber.

use codec::Decode;
use polkadot_sdk::sp_runtime::{DispatchError, ModuleError, TokenError};
use trivium_primitives::CallError;

use crate::{Config, Error};

/// Some other pallet or the runtime stopped the call.
pub const CODE_RUNTIME: u32 = 0x1FF;

/// The [`CallError`] for an error that ended a call of a contract.
pub fn call_error<T: Config>(error: DispatchError) -> CallError {
	let own_index = match DispatchError::from(Error::<T>::OutOfGas) {
		DispatchError::Module(ModuleError { index, .. }) => Some(index),
		_ => None,
	};
	match error {
		DispatchError::Module(ModuleError { index, error, .. }) if Some(index) == own_index => {
			Error::<T>::decode(&mut &error[..]).map_or(CallError::TRAPPED, of_pallet)
		}
		DispatchError::Token(
			TokenError::FundsUnavailable
			| TokenError::OnlyProvider
			| TokenError::BelowMinimum
			| TokenError::NotExpendable
			| TokenError::Frozen,
		) => CallError::InsufficientBalance,
		_ => CallError::Engine(CODE_RUNTIME),
	}
}

fn of_pallet<T>(error: Error<T>) -> CallError {
	let code = match error {
		Error::OutOfGas => return CallError::OutOfGas,
		Error::ContractNotFound => return CallError::NotFound,
		Error::ContractTrapped => return CallError::TRAPPED,
		Error::StateChangeDenied => return CallError::ReadOnly,
		Error::ReentranceDenied => return CallError::ReentrancyDenied,
		Error::TransferFailed
		| Error::StorageDepositNotEnoughFunds
		| Error::StorageDepositLimitExhausted => return CallError::InsufficientBalance,
		Error::InvalidSchedule => 0x100,
		Error::InvalidCallFlags => 0x101,
		Error::OutputBufferTooSmall => 0x102,
		Error::MaxCallDepthReached => 0x103,
		Error::CodeTooLarge => 0x104,
		Error::CodeNotFound => 0x105,
		Error::CodeInfoNotFound => 0x106,
		Error::OutOfBounds => 0x107,
		Error::DecodingFailed => 0x108,
		Error::ValueTooLarge => 0x109,
		Error::TerminatedWhileReentrant => 0x10A,
		Error::InputForwarded => 0x10B,
		Error::RandomSubjectTooLong => 0x10C,
		Error::TooManyTopics => 0x10D,
		Error::NoChainExtension => 0x10E,
		Error::XCMDecodeFailed => 0x10F,
		Error::DuplicateContract => 0x110,
		Error::TerminatedInConstructor => 0x111,
		Error::CodeInUse => 0x112,
		Error::ContractReverted => 0x113,
		Error::CodeRejected => 0x114,
		Error::Indeterministic => 0x115,
		Error::MigrationInProgress => 0x116,
		Error::NoMigrationPerformed => 0x117,
		Error::MaxDelegateDependenciesReached => 0x118,
		Error::DelegateDependencyNotFound => 0x119,
		Error::DelegateDependencyAlreadyExists => 0x11A,
		Error::CannotAddSelfAsDelegateDependency => 0x11B,
		Error::OutOfTransientStorage => 0x11C,
		Error::__Ignore(..) => return CallError::TRAPPED,
	};
	CallError::Engine(code)
}
