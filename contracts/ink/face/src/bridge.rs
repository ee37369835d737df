//! The chain extension underneath.

use crate::{call::CrossVmInput, CallError, EvmAddress};
use ink::{
	env::chain_extension::{ChainExtensionMethod, FromStatusCode},
	prelude::vec::Vec,
	primitives::AccountId,
};

/// Number of the chain extension: the address of the EVM's bridge, `0x0801`.
const EXTENSION: u32 = 0x0801;

const CALL: u32 = method(0);
const ALIAS_OF: u32 = method(1);
const ACCOUNT_OF: u32 = method(2);

/// What pallet-contracts expects: the extension in the upper half, its function in the lower.
const fn method(function: u32) -> u32 {
	EXTENSION << 16 | function
}

/// A status code other than 0. The bridge reports what went wrong in its output, so there is none.
#[derive(Debug)]
struct UnknownStatus(u32);

impl FromStatusCode for UnknownStatus {
	fn from_status_code(code: u32) -> Result<(), Self> {
		match code {
			0 => Ok(()),
			other => Err(Self(other)),
		}
	}
}

impl From<UnknownStatus> for CallError {
	fn from(status: UnknownStatus) -> Self {
		Self::Engine(status.0)
	}
}

/// Makes one call: SCALE of the results, or why it failed.
pub(crate) fn call(input: &CrossVmInput<'_>) -> Result<Vec<u8>, CallError> {
	ChainExtensionMethod::build(CALL)
		.input::<CrossVmInput<'_>>()
		.output::<Result<Vec<u8>, CallError>, false>()
		.handle_error_code::<UnknownStatus>()
		.call(input)?
}

/// The 20-byte alias of an account; every account has exactly one.
pub fn alias_of(account: &AccountId) -> EvmAddress {
	ChainExtensionMethod::build(ALIAS_OF)
		.input::<[u8; 32]>()
		.output::<EvmAddress, false>()
		.ignore_error_code()
		.call(account.as_ref())
}

/// The account behind a 20-byte alias.
pub fn account_of(address: &EvmAddress) -> AccountId {
	ChainExtensionMethod::build(ACCOUNT_OF)
		.input::<EvmAddress>()
		.output::<[u8; 32], false>()
		.ignore_error_code()
		.call(address)
		.into()
}
