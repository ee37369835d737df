//! Tests of the pallet, by what they are about.

mod asm;
mod bad_input;
mod basics;
mod coherence;
mod deposits;
mod gas;
mod hops;
mod interpret;
mod ledger;
mod movements;
mod native;
mod proof;
mod signed;
mod trace;
mod transact;

use crate::{mock::*, types::LogEntry, Event, BRIDGE};
use asm::*;
use polkadot_sdk::{
	frame_support::dispatch::DispatchResultWithPostInfo,
	sp_core::{H160, H256, U256},
	sp_io,
	sp_runtime::{traits::Dispatchable, DispatchError},
};
use trivium_primitives::{account, AccountId, Balance};

/// Gas that is enough for what is not about gas.
const GAS: u64 = 5_000_000;

/// Signs and dispatches, in a storage layer as every extrinsic.
fn dispatch(who: &AccountId, call: crate::Call<Test>) -> DispatchResultWithPostInfo {
	RuntimeCall::Evm(call).dispatch(RuntimeOrigin::signed(who.clone()))
}

fn create(code: Vec<u8>) -> Result<H160, DispatchError> {
	create_with(&alice(), code, 0, GAS)
}

fn create_with(
	who: &AccountId,
	code: Vec<u8>,
	value: Balance,
	gas_limit: u64,
) -> Result<H160, DispatchError> {
	dispatch(
		who,
		crate::Call::create {
			code,
			value,
			gas_limit,
		},
	)
	.map_err(|error| error.error)?;
	let created = System::events()
		.into_iter()
		.rev()
		.find_map(|record| match record.event {
			RuntimeEvent::Evm(Event::Created { address, .. }) => Some(address),
			_ => None,
		});
	Ok(created.expect("a creation has its event"))
}

/// Deploys a program.
#[track_caller]
fn deploy(text: &str) -> H160 {
	create(deployer(&asm(text))).expect("deploys")
}

fn call(target: H160, input: Vec<u8>) -> DispatchResultWithPostInfo {
	call_with(&alice(), target, input, 0, GAS)
}

fn call_with(
	who: &AccountId,
	target: H160,
	input: Vec<u8>,
	value: Balance,
	gas_limit: u64,
) -> DispatchResultWithPostInfo {
	dispatch(
		who,
		crate::Call::call {
			target,
			input,
			value,
			gas_limit,
		},
	)
}

/// Runs a call for what it returns.
fn view(target: H160, input: Vec<u8>) -> Vec<u8> {
	Evm::simulate_call(alice(), target, input, 0, None)
		.result
		.expect("the call succeeds")
}

fn view_word(target: H160, input: Vec<u8>) -> U256 {
	U256::from_big_endian(&view(target, input))
}

fn slot(contract: H160, key: u64) -> U256 {
	let key = H256::from_low_u64_be(key);
	U256::from_big_endian(Evm::storage_at(&contract, &key).as_bytes())
}

fn logs() -> Vec<LogEntry> {
	System::events()
		.into_iter()
		.filter_map(|record| match record.event {
			RuntimeEvent::Evm(Event::Log {
				address,
				topics,
				data,
			}) => Some(LogEntry {
				address,
				topics,
				data,
			}),
			_ => None,
		})
		.collect()
}

fn balance(account: &AccountId) -> Balance {
	Balances::free_balance(account)
}

fn contract_account(address: H160) -> AccountId {
	account::ethereum_account(&address)
}

fn word(number: u64) -> Vec<u8> {
	H256::from_low_u64_be(number).as_bytes().to_vec()
}

#[track_caller]
fn assert_fails(result: DispatchResultWithPostInfo, error: crate::Error<Test>) {
	let failure = result.expect_err("fails");
	assert_eq!(failure.error, error.into());
	assert!(
		failure.post_info.actual_weight.is_some(),
		"what was done is charged"
	);
}

fn root() -> Vec<u8> {
	sp_io::storage::root(polkadot_sdk::sp_runtime::StateVersion::V1)
}

/// Calldata for the bridge: `callAccount(target, signature, arguments, flags)`.
fn bridge_call(target: &AccountId, signature: &str, arguments: &[u8], flags: u32) -> Vec<u8> {
	let id = sp_io::hashing::keccak_256(b"callAccount(bytes32,string,bytes,uint32)");
	let mut out = id[..4].to_vec();
	out.extend_from_slice(target.as_ref());
	let first = crate::abi::encode_bytes(signature.as_bytes()).split_off(32);
	out.extend(word(128));
	out.extend(word(128 + first.len() as u64));
	out.extend(word(flags.into()));
	out.extend(first);
	out.extend(crate::abi::encode_bytes(arguments).split_off(32));
	out
}

/// A piece of program that hands its calldata and value to the bridge; it leaves whether that
/// succeeded on the stack.
const TO_BRIDGE: &str =
	"CALLDATASIZE 0 0 CALLDATACOPY 0 0 CALLDATASIZE 0 CALLVALUE 0x0801 GAS CALL";
/// A piece of program that hands on what the last call returned, as success or as revert.
const PASS_ON: &str = "RETURNDATASIZE 0 0 RETURNDATACOPY @ok JUMPI \
	RETURNDATASIZE 0 REVERT ok: RETURNDATASIZE 0 RETURN";
