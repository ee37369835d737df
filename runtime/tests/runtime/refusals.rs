//! Functions that may refuse: `result<T,E>` in signatures, with an ink! token whose messages return `Result`.

use codec::Encode;
use pallet_wasm::{Code, CollectEvents, DebugInfo};
use polkadot_sdk::{
	sp_core::H160,
	sp_keyring::Sr25519Keyring::{Alice, Bob},
};
use trivium_primitives::{CallError, Signature, Simulation, SolidityAbi, Value};
use trivium_runtime::{AccountId, Contracts, CrossVm, Evm};

use crate::{
	common::{account, development},
	contracts::{encoded, solidity_input, AMPLE, GAS},
};

/// Tokens in existence, Alice's at first.
pub const SUPPLY: u128 = 1_000;
/// `fn transfer(&mut self, to: AccountId, value: Balance) -> Result<(), Error>`, where both variants of `Error` hold a
/// `Balance`.
const TRANSFER: &str = "transfer(address,u128)->(result<(),(u8,u128)>)";

/// An ink! contract of this repository, as `scripts/build-contracts` leaves it.
pub fn ink(name: &str) -> Vec<u8> {
	let path = format!(
		"{}/../contracts/build/{name}.wasm",
		env!("CARGO_MANIFEST_DIR")
	);
	std::fs::read(&path)
		.unwrap_or_else(|error| panic!("{path}: {error}; run scripts/build-contracts first"))
}

/// The input of the token's constructor.
pub fn constructor() -> Vec<u8> {
	let new = Signature::parse(b"new()").expect("is a signature");
	(new.ink_selector(), SUPPLY).encode()
}

/// Deploys the token for Alice.
pub fn token() -> AccountId {
	let made = Contracts::bare_instantiate(
		account(Alice),
		0,
		AMPLE.saturating_mul(10),
		None,
		Code::Upload(ink("collection/erc20")),
		constructor(),
		Vec::new(),
		DebugInfo::Skip,
		CollectEvents::Skip,
	);
	made.result.expect("instantiates").account_id
}

fn simulate(token: &AccountId, signature: &str, args: Vec<Value>) -> Simulation {
	let target = token.clone().into();
	let signature = signature.as_bytes().to_vec();
	CrossVm::simulate(account(Alice), target, 0, signature, args, None)
}

fn to_bob(amount: u128) -> Vec<Value> {
	vec![Value::Address(account(Bob)), Value::Uint(amount.into())]
}

#[test]
fn outsiders_read_what_an_ink_message_refuses_with() {
	development().execute_with(|| {
		let token = token();
		let done = simulate(&token, TRANSFER, to_bob(SUPPLY));
		assert_eq!((done.result, done.refusal), (Ok(vec![]), None));
		let refused = simulate(&token, TRANSFER, to_bob(SUPPLY + 1));
		// Lang: Ok, Err(InsufficientBalance(SUPPLY)).
		let said = (0u8, 1u8, 0u8, SUPPLY).encode();
		assert_eq!(refused.result, Err(CallError::Reverted(said.clone())));
		let error = Value::Tuple(vec![Value::Uint(0.into()), Value::Uint(SUPPLY.into())]);
		assert_eq!(refused.refusal, Some(vec![error]));

		// Another type than the error has is no refusal of the kind.
		let other = "transfer(address,u128)->(result<(),u8>)";
		let refused = simulate(&token, other, to_bob(SUPPLY + 1));
		assert_eq!(refused.result, Err(CallError::Reverted(said)));
		assert_eq!(refused.refusal, None);
		// Without it the length of a success tells that the signature is wrong.
		let bare = simulate(&token, "transfer(address,u128)", to_bob(1));
		assert!(
			matches!(bare.result, Err(CallError::BadEncoding(_))),
			"{:?}",
			bare.result
		);
	});
}

#[test]
fn solidity_reverts_with_the_error_in_its_own_encoding() {
	development().execute_with(|| {
		let token = token();
		let bridge = |amount: u128| {
			let transfer = Signature::parse(TRANSFER.as_bytes()).expect("is a signature");
			let arguments = encoded(&SolidityAbi, &transfer.params, &to_bob(amount));
			let input = solidity_input(
				"callAccount(bytes32,string,bytes,u32)",
				&[
					Value::Bytes(token.encode()),
					Value::Text(TRANSFER.into()),
					Value::Bytes(arguments),
					Value::Uint(0.into()),
				],
			);
			Evm::simulate_call(account(Alice), pallet_evm::BRIDGE, input, 0, Some(10 * GAS))
		};
		let done = bridge(SUPPLY);
		assert!(done.result.is_ok(), "{done:?}");
		let refused = bridge(SUPPLY + 1);
		let types = Signature::parse(TRANSFER.as_bytes()).expect("is a signature");
		let error = Value::Tuple(vec![Value::Uint(0.into()), Value::Uint(SUPPLY.into())]);
		let error = encoded(&SolidityAbi, types.error_types(), &[error]);
		let reverted = solidity_input("Reverted(bytes)", &[Value::Bytes(error)]);
		assert_eq!(refused.result, Err(pallet_evm::Failure::Reverted(reverted)));
	});
}

#[test]
fn a_solidity_callees_reason_is_an_error_as_well() {
	development().execute_with(|| {
		// Reverts with `Error("no")`, as `require(false, "no")` does: the data stands behind the code.
		let reason = solidity_input("Error(string)", &[Value::Text(b"no".to_vec())]);
		let len = u8::try_from(reason.len()).expect("it is short");
		let mut code = vec![0x60, len, 0x60, 12, 0x5f, 0x39, 0x60, len, 0x5f, 0xfd, 0, 0];
		code.extend(&reason);
		let contract: H160 = crate::contracts::create(&code);
		let simulate = |signature: &[u8]| {
			let alice = account(Alice);
			CrossVm::simulate(alice, contract.into(), 0, signature.to_vec(), vec![], None)
		};
		let text = simulate(b"f()->(result<u8,string>)");
		assert_eq!(text.refusal, Some(vec![Value::Text(b"no".to_vec())]));
		let bytes = simulate(b"f()->(result<u8,bytes>)");
		assert_eq!(bytes.refusal, Some(vec![Value::Bytes(reason.clone())]));
		let number = simulate(b"f()->(result<u8,u64>)");
		assert_eq!(number.refusal, None);
		assert_eq!(number.result, Err(CallError::Reverted(reason)));
	});
}
