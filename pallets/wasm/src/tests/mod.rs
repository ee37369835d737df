mod basics;
mod collection;
mod deposits;
mod frames;
mod host;
mod programs;
mod random;
mod same;
mod script;
mod translated;
mod upload;

use polkadot_sdk::{sp_core::H256, sp_runtime::DispatchError};
use std::path::PathBuf;
use trivium_primitives::{AccountId, Balance, Signature};

use crate::{
	testing::{mock::*, oracle},
	Code, CollectEvents, ContractResult, DebugInfo, EventRecordOf, ExecReturnValue,
	InstantiateReturnValue,
};

/// An ink! contract of this repository, as `scripts/build-contracts` leaves it.
pub fn ink(name: &str) -> Vec<u8> {
	let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
		.join("../../contracts/build")
		.join(format!("{name}.wasm"));
	std::fs::read(&path).unwrap_or_else(|error| {
		panic!(
			"{}: {error}; run scripts/build-contracts first",
			path.display()
		)
	})
}

/// The selector of an ink! constructor or message.
pub fn selector(name: &str) -> Vec<u8> {
	let text = format!("{name}()");
	Signature::parse(text.as_bytes())
		.unwrap()
		.ink_selector()
		.to_vec()
}

/// An ink! input: selector and arguments.
pub fn input(name: &str, arguments: impl codec::Encode) -> Vec<u8> {
	[selector(name), arguments.encode()].concat()
}

type Instantiated =
	ContractResult<Result<InstantiateReturnValue, DispatchError>, EventRecordOf<Test>>;
type Called = ContractResult<Result<ExecReturnValue, DispatchError>, EventRecordOf<Test>>;

pub fn instantiate_with(code: Code, value: Balance, data: Vec<u8>, salt: &[u8]) -> Instantiated {
	Contracts::bare_instantiate(
		ALICE,
		value,
		AMPLE,
		None,
		code,
		data,
		salt.to_vec(),
		DebugInfo::UnsafeDebug,
		CollectEvents::Skip,
	)
}

/// Instantiates for Alice.
#[track_caller]
pub fn instantiate(code: Vec<u8>, data: Vec<u8>) -> AccountId {
	let made = instantiate_with(Code::Upload(code), 0, data, &[]);
	let said = String::from_utf8(made.debug_message).unwrap();
	let made = made
		.result
		.unwrap_or_else(|error| panic!("{error:?} {said}"));
	assert!(!made.result.did_revert(), "{:?}", made.result);
	made.account_id
}

pub fn call_as(who: AccountId, contract: &AccountId, data: Vec<u8>) -> Called {
	Contracts::bare_call(
		who,
		contract.clone(),
		0,
		AMPLE,
		None,
		data,
		DebugInfo::Skip,
		CollectEvents::Skip,
	)
}

/// Calls as Alice; the answer.
#[track_caller]
pub fn call(contract: &AccountId, data: Vec<u8>) -> Vec<u8> {
	let output = call_as(ALICE, contract, data).result.unwrap();
	assert!(!output.did_revert(), "{output:?}");
	output.data
}

/// The hash under which code is stored.
pub fn hash_of(code: &[u8]) -> H256 {
	polkadot_sdk::sp_io::hashing::blake2_256(code).into()
}
