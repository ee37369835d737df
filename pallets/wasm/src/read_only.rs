//! Read-only calls from another VM.
//!
//! pallet-contracts can run a contract read-only, but only for a contract that asks for it, not
//! for whoever enters it from outside. So a read-only entry goes through a *relay*: a few bytes of
//! code that stand, for the length of the call, as the code of the caller's account. The relay
//! reaches back into the chain extension, and from there the callee is called with the read-only
//! switch on. The callee sees the caller it should see, and whatever would write is refused by
//! pallet-contracts itself, in it and in all that it calls.
//!
//! All of it happens in a storage layer that is rolled back whatever comes of it. That takes the
//! relay away again, and it is the guarantee: no write survives a read-only call.

use alloc::vec::Vec;
use codec::Encode;
use polkadot_sdk::{
	frame_support::{
		storage::{unhashed, with_transaction, TransactionOutcome},
		weights::Weight,
	},
	pallet_contracts::{
		self,
		chain_extension::{Environment, Ext, InitState, Result, RetVal},
		Determinism,
	},
	sp_core::H256,
	sp_io::hashing::blake2_256,
	sp_runtime::DispatchError,
};
use trivium_primitives::{AccountId, Balance};

use crate::{
	memory,
	reentry::{contracts_prefix, info_key},
	Config,
};

/// Function of the chain extension that only a relay calls.
pub(crate) const RELAY_FUNCTION: u16 = 0xFFFF;

/// The relay: `deploy` does nothing, `call` calls the chain extension (`0x0801_FFFF`).
///
/// ```wat
/// (module
///   (import "seal0" "call_chain_extension"
///     (func (param i32 i32 i32 i32 i32) (result i32)))
///   (import "env" "memory" (memory 0 0))
///   (func (export "deploy"))
///   (func (export "call")
///     (drop (call 0 (i32.const 0x0801FFFF)
///       (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)))))
/// ```
#[rustfmt::skip]
pub(crate) const RELAY_CODE: &[u8] = &[
	0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x0d, 0x02, 0x60, 0x05, 0x7f, 0x7f, 0x7f,
	0x7f, 0x7f, 0x01, 0x7f, 0x60, 0x00, 0x00, 0x02, 0x2d, 0x02, 0x05, 0x73, 0x65, 0x61, 0x6c, 0x30,
	0x14, 0x63, 0x61, 0x6c, 0x6c, 0x5f, 0x63, 0x68, 0x61, 0x69, 0x6e, 0x5f, 0x65, 0x78, 0x74, 0x65,
	0x6e, 0x73, 0x69, 0x6f, 0x6e, 0x00, 0x00, 0x03, 0x65, 0x6e, 0x76, 0x06, 0x6d, 0x65, 0x6d, 0x6f,
	0x72, 0x79, 0x02, 0x01, 0x00, 0x00, 0x03, 0x03, 0x02, 0x01, 0x01, 0x07, 0x11, 0x02, 0x06, 0x64,
	0x65, 0x70, 0x6c, 0x6f, 0x79, 0x00, 0x01, 0x04, 0x63, 0x61, 0x6c, 0x6c, 0x00, 0x02, 0x0a, 0x18,
	0x02, 0x02, 0x00, 0x0b, 0x13, 0x00, 0x41, 0xff, 0xff, 0x87, 0xc0, 0x00, 0x41, 0x00, 0x41, 0x00,
	0x41, 0x00, 0x41, 0x00, 0x10, 0x00, 0x1a, 0x0b,
];

/// What pallet-contracts stores about a contract, field by field.
#[derive(Encode)]
struct ContractInfo {
	trie_id: Vec<u8>,
	code_hash: H256,
	storage_bytes: u32,
	storage_items: u32,
	storage_byte_deposit: Balance,
	storage_item_deposit: Balance,
	storage_base_deposit: Balance,
	delegate_dependencies: Vec<(H256, Balance)>,
}

/// What it stores about code.
#[derive(Encode)]
struct CodeInfo {
	owner: AccountId,
	#[codec(compact)]
	deposit: Balance,
	#[codec(compact)]
	refcount: u64,
	determinism: Determinism,
	code_len: u32,
}

/// Runs `f` while the relay stands at `caller`, and undoes all of it.
///
/// # Errors
/// If there are too many storage layers.
pub(crate) fn with_relay<T: Config, R>(
	caller: &AccountId,
	f: impl FnOnce() -> R,
) -> core::result::Result<R, DispatchError> {
	with_transaction(|| {
		install::<T>(caller);
		TransactionOutcome::Rollback(Ok(f()))
	})
}

fn install<T: Config>(account: &AccountId) {
	let code_hash = H256(blake2_256(RELAY_CODE));
	let keyed = |item: &[u8]| {
		let mut key = contracts_prefix::<T>(item);
		key.extend_from_slice(code_hash.as_bytes());
		key
	};
	unhashed::put(&keyed(b"PristineCode"), &RELAY_CODE.to_vec());
	let code_info = CodeInfo {
		owner: account.clone(),
		deposit: 0,
		refcount: 1,
		determinism: Determinism::Enforced,
		code_len: u32::try_from(RELAY_CODE.len()).unwrap_or_default(),
	};
	unhashed::put_raw(&keyed(b"CodeInfoOf"), &code_info.encode());
	let info = ContractInfo {
		// The relay stores nothing, so this trie is never looked into.
		trie_id: blake2_256(&(b"relay", account).encode()).to_vec(),
		code_hash,
		storage_bytes: 0,
		storage_items: 0,
		storage_byte_deposit: 0,
		storage_item_deposit: 0,
		storage_base_deposit: 0,
		delegate_dependencies: Vec::new(),
	};
	unhashed::put_raw(&info_key::<T>(account), &info.encode());
}

/// The relay's call: makes the contract call that waits, and returns as it returned.
///
/// # Errors
/// What the callee failed with; an error if nothing waits, because someone else runs the code.
pub(crate) fn relay<T: Config, E: Ext<T = T>>(
	mut env: Environment<E, InitState>,
) -> Result<RetVal> {
	let waiting = memory::innermost(|stack| {
		stack
			.relayed
			.as_mut()
			.and_then(|relayed| relayed.call.take())
	});
	let Some(Some((target, input))) = waiting else {
		return Err(pallet_contracts::Error::<T>::NoChainExtension.into());
	};
	let all = Weight::zero();
	env.ext()
		.call(all, 0, target, 0, input, true, true)
		.map(|output| RetVal::Diverging {
			flags: output.flags,
			data: output.data,
		})
		.map_err(|error| error.error)
}
