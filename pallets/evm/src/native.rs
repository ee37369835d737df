//! Contracts of other machines as the EVM's own.
//!
//! The alias of a contract that has registered its interface has a *stub* for code: three bytes that no contract of
//! the EVM can have, because none may begin with `0xEF` ([EIP-3541](https://eips.ethereum.org/EIPS/eip-3541)). They
//! are never run. A call of such an alias is a hop: its selector names a function of the interface, its arguments and
//! results are those of the function's face in Solidity's ABI. A call without data moves its value and does nothing
//! else, as with any account.

use alloc::vec::Vec;

use polkadot_sdk::{
	frame_support::{defensive, BoundedVec},
	frame_system,
	sp_core::{H160, H256},
	sp_io::hashing::keccak_256,
};
use revm::interpreter::{CallInputs, CallScheme, Gas};
use trivium_primitives::{
	account,
	interface::{Interfaces, Mutability, StubError, Stubs},
	AccountId, AddressMapping, CallError, CallFlags, ContractRef, EncodingError,
};

use crate::{
	bridge::{self, Asked, Ctx, Refusal},
	database::StorageDb,
	rules::Rules,
	types::{from_address, to_address, CodeInfo, EMPTY_CODE_HASH},
	Accounts, CodeInfos, Codes, Config, Pallet,
};

/// What the alias of a contract of another machine shows as its code.
pub const STUB_CODE: [u8; 3] = [0xEF, 0x08, 0x01];

/// Whether a call runs a stub.
pub(crate) fn is_called<T: Config>(inputs: &CallInputs) -> bool {
	T::Rules::has_bridge() && inputs.known_bytecode.1.original_byte_slice() == STUB_CODE
}

/// Whether an address has a stub. Reads the entry of its code.
fn is_stub<T: Config>(address: &H160) -> bool {
	Accounts::<T>::get(address) == Some(stub_hash())
}

fn stub_hash() -> H256 {
	H256(keccak_256(&STUB_CODE))
}

/// The account that a call of an address enters. Not a contract of another machine, though its alias is called: the
/// hop enters that, and asks whether it may be.
pub(crate) fn entered<T: Config>(address: &H160) -> AccountId {
	match is_stub::<T>(address) {
		true => account::ethereum_account(address),
		false => T::Addresses::account(address),
	}
}

/// Answers a call of a stub.
pub(crate) fn serve<T: Config>(
	context: &mut Ctx<T>,
	inputs: &CallInputs,
	gas: &mut Gas,
) -> Result<Vec<u8>, Refusal> {
	let calls = matches!(inputs.scheme, CallScheme::Call | CallScheme::StaticCall);
	if !calls || inputs.target_address != inputs.bytecode_address {
		return Err(CallError::DELEGATE_CALL.into());
	}
	if inputs.input.is_empty() {
		return Ok(Vec::new());
	}
	bridge::charge_input(gas, inputs.input.len())?;
	let input = inputs.input.bytes(context);
	let (selector, arguments) = input
		.split_first_chunk()
		.ok_or(EncodingError::RefusedByCallee)?;

	// Whose alias it is, and what it says that its function is.
	bridge::charge_alias(context, gas)?;
	bridge::charge_both(context, gas, T::Interfaces::function_weight())?;
	let contract = T::Addresses::account(&from_address(&inputs.target_address));
	let function = T::Interfaces::function(&contract, *selector)?;
	let mut flags = CallFlags::default();
	if function.mutability == Mutability::View {
		flags.0 |= CallFlags::READ_ONLY;
	}
	if function.mutability != Mutability::Payable && !inputs.value.get().is_zero() {
		return Err(CallError::VALUE_REFUSED.into());
	}
	let asked = Asked {
		target: ContractRef::Account(contract),
		signature: function.own(),
		face: Some(&function.face),
		arguments,
		flags,
	};
	bridge::hop(context, inputs, gas, asked)
}

impl<T: Config> Stubs for Pallet<T> {
	fn put(contract: &AccountId) -> Result<(), StubError> {
		if account::ethereum_address(contract).is_some() {
			// A contract of the EVM, which is there already.
			return Ok(());
		}
		if !T::Addresses::ensure_mapped(contract) {
			return Err(StubError::AliasTaken);
		}
		let alias = T::Addresses::alias(contract);
		if StorageDb::<T>::runs_native_code(&to_address(&alias)) {
			return Err(StubError::HasCode);
		}
		let hash = stub_hash();
		match Accounts::<T>::get(alias) {
			Some(known) if known == hash => return Ok(()),
			Some(known) if known != EMPTY_CODE_HASH => return Err(StubError::HasCode),
			Some(_) => {}
			None => {
				frame_system::Pallet::<T>::inc_providers(contract);
			}
		}
		Accounts::<T>::insert(alias, hash);
		CodeInfos::<T>::mutate(hash, |info| match info {
			Some(info) => info.references = info.references.saturating_add(1),
			None => {
				let Ok(code) = BoundedVec::try_from(STUB_CODE.to_vec()) else {
					defensive!("three bytes are within every limit of code");
					return;
				};
				Codes::<T>::insert(hash, code);
				*info = Some(CodeInfo {
					len_bytes: u32::try_from(STUB_CODE.len()).unwrap_or(u32::MAX),
					references: 1,
				});
			}
		});
		Ok(())
	}

	fn remove(contract: &AccountId) {
		let alias = T::Addresses::alias(contract);
		if account::ethereum_address(contract).is_none() && is_stub::<T>(&alias) {
			Self::forget_code(&alias, contract);
		}
	}
}
