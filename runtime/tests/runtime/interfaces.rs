//! Contracts of other machines as the EVM's own: an ink! token with a registered interface is an ERC-20.

use codec::Encode;
use hex_literal::hex;
use pallet_interfaces::types::Interface;
use polkadot_sdk::{
	frame_support::{assert_noop, assert_ok, traits::fungible::InspectHold},
	sp_core::{H160, H256},
	sp_io::hashing::blake2_256,
	sp_keyring::Sr25519Keyring::{self, Alice, Bob, Charlie},
	sp_runtime::{traits::Dispatchable, DispatchResult},
};
use trivium_primitives::{
	account::{alias, ethereum_account, module_account},
	interface::{Callers, Deployment, Function, Mutability},
	Balance, CallError, ContractRef, Value,
};
use trivium_runtime::{
	AccountId, Balances, Contracts, CrossVm, Evm, Runtime, RuntimeCall, RuntimeHoldReason,
	RuntimeOrigin,
};

use crate::{
	common::{account, development},
	contracts::{create, deploy, evm_call, solidity_input, AMPLE, GAS},
	refusals::{constructor, ink, token, SUPPLY},
};

fn function(face: &str, own: &str, mutability: Mutability) -> Function {
	let text = |text: &str| text.as_bytes().to_vec().try_into().expect("it is short");
	Function {
		face: text(face),
		own: Some(text(own)),
		mutability,
	}
}

/// The part of ERC-20 that moves tokens, over the ink! token's messages.
fn erc20() -> Interface {
	use Mutability::{NonPayable, View};
	let error = "(u8,u128)";
	let functions = vec![
		function("totalSupply()->(u256)", "total_supply()->(u128)", View),
		function(
			"balanceOf(address)->(u256)",
			"balance_of(address)->(u128)",
			View,
		),
		function(
			"transfer(address,u256)->(bool)",
			&format!("transfer(address,u128)->(result<(),{error}>)"),
			NonPayable,
		),
		function(
			"approve(address,u256)->(bool)",
			&format!("approve(address,u128)->(result<(),{error}>)"),
			NonPayable,
		),
		function(
			"transferFrom(address,address,u256)->(bool)",
			&format!("transfer_from(address,address,u128)->(result<(),{error}>)"),
			NonPayable,
		),
	];
	Interface {
		functions: functions.try_into().expect("they are few"),
		..Interface::default()
	}
}

/// What proves that Alice has deployed the token.
fn deployment() -> Deployment {
	Deployment::Instantiated {
		code_hash: H256(blake2_256(&ink("collection/erc20"))),
		input: constructor().try_into().expect("it is short"),
		salt: Default::default(),
	}
}

fn register(
	who: Sr25519Keyring,
	contract: impl Into<ContractRef>,
	deployment: Deployment,
	interface: Interface,
) -> DispatchResult {
	let call = RuntimeCall::Interfaces(pallet_interfaces::Call::register {
		contract: contract.into(),
		deployment,
		interface,
	});
	let done = call.dispatch(RuntimeOrigin::signed(account(who)));
	done.map(|_| ()).map_err(|error| error.error)
}

fn address_of(who: Sr25519Keyring) -> Value {
	Value::Address(account(who))
}

/// Hands its calldata on to the address in its first word, and passes on what comes back.
///
/// `CALLDATACOPY(0, 32, CALLDATASIZE - 32); CALL(GAS, CALLDATALOAD(0), 0, 0, CALLDATASIZE - 32, 0, 0)`
const FORWARDER: &[u8] = &hex!(
	"6020 36 03 80 6020 5f 37 5f 5f 91 5f 5f 5f35 5a f1 3d 5f 5f 3e 601c 57 3d 5f fd 5b 3d 5f f3"
);

fn forwarded(to: H160, input: Vec<u8>) -> Vec<u8> {
	[&[0; 12], to.as_bytes(), &input[..]].concat()
}

fn view(target: H160, input: Vec<u8>) -> Vec<u8> {
	let report = Evm::simulate_call(account(Alice), target, input, 0, Some(100 * GAS));
	report.result.expect("it answers")
}

fn word(number: u128) -> Vec<u8> {
	[&[0; 16], &number.to_be_bytes()[..]].concat()
}

fn balance_of(token: &AccountId, who: Value) -> Vec<u8> {
	view(alias(token), solidity_input("balanceOf(address)", &[who]))
}

#[test]
fn an_ink_token_is_an_erc20_to_signers_and_contracts() {
	development().execute_with(|| {
		let token = token();
		let at = alias(&token);
		assert_ok!(register(Alice, token.clone(), deployment(), erc20()));

		// To whoever signs: the token's own caller is the signer.
		assert_eq!(view(at, solidity_input("totalSupply()", &[])), word(SUPPLY));
		let transfer = |to: Value, amount: u128| {
			let values = [to, Value::Uint(amount.into())];
			solidity_input("transfer(address,u256)", &values)
		};
		assert_eq!(view(at, transfer(address_of(Bob), 5)), word(1), "true");
		let alice = RuntimeOrigin::signed(account(Alice));
		assert_ok!(evm_call(at, transfer(address_of(Bob), 300), 100 * GAS).dispatch(alice.clone()));
		assert_eq!(balance_of(&token, address_of(Bob)), word(300));

		// To a contract of the EVM, which spends what it was allowed.
		let contract = create(FORWARDER);
		let contract_account = Value::Address(ethereum_account(&contract));
		let approve = [contract_account.clone(), Value::Uint(100.into())];
		let approve = solidity_input("approve(address,u256)", &approve);
		assert_ok!(evm_call(at, approve, 100 * GAS).dispatch(alice.clone()));
		let pull = |amount: u128| {
			let values = [
				address_of(Alice),
				contract_account.clone(),
				Value::Uint(amount.into()),
			];
			forwarded(
				at,
				solidity_input("transferFrom(address,address,u256)", &values),
			)
		};
		let signed = evm_call(contract, pull(60), 100 * GAS);
		assert_ok!(signed.dispatch(RuntimeOrigin::signed(account(Charlie))));
		assert_eq!(balance_of(&token, contract_account.clone()), word(60));
		assert_eq!(balance_of(&token, address_of(Alice)), word(SUPPLY - 360));

		// What it refuses with comes as the bridge's error, and nothing has happened.
		let refused = Evm::simulate_call(account(Charlie), contract, pull(41), 0, Some(100 * GAS));
		let error = [word(1), word(40)].concat();
		let reverted = solidity_input("Reverted(bytes)", &[Value::Bytes(error)]);
		assert_eq!(refused.result, Err(pallet_evm::Failure::Reverted(reverted)));
		// More than the token's own numbers can hold.
		let values = [
			address_of(Bob),
			Value::Uint(polkadot_sdk::sp_core::U256::MAX),
		];
		let too_much = solidity_input("transfer(address,u256)", &values);
		let refused = Evm::simulate_call(account(Alice), at, too_much, 0, Some(100 * GAS));
		let out_of_range = solidity_input("BadEncoding(u8)", &[Value::Uint(4.into())]);
		assert_eq!(
			refused.result,
			Err(pallet_evm::Failure::Reverted(out_of_range))
		);
	});
}

#[test]
fn deployers_prove_themselves_in_each_machine() {
	development().execute_with(|| {
		let token = token();
		let not_deployer = pallet_interfaces::Error::<Runtime>::NotDeployer;
		assert_noop!(
			register(Bob, token.clone(), deployment(), erc20()),
			not_deployer
		);
		let Deployment::Instantiated {
			code_hash, salt, ..
		} = deployment()
		else {
			panic!("it is an ink! contract");
		};
		let other_input = Deployment::Instantiated {
			code_hash,
			input: Default::default(),
			salt,
		};
		let not_deployer = pallet_interfaces::Error::<Runtime>::NotDeployer;
		assert_noop!(
			register(Alice, token.clone(), other_input, erc20()),
			not_deployer
		);
		assert_ok!(register(Alice, token, deployment(), erc20()));

		// The EVM's own contracts say what they are to the others; nothing stands at their address but themselves.
		let nonce = pallet_evm::CreateNonces::<Runtime>::get(account(Alice));
		let contract = create(FORWARDER);
		let code = Evm::code_at(&contract);
		for (nonce, expected) in [(nonce + 1, false), (nonce, true)] {
			let done = register(
				Alice,
				contract,
				Deployment::Created(nonce),
				Interface::default(),
			);
			assert_eq!(done.is_ok(), expected, "{done:?}");
		}
		assert_eq!(Evm::code_at(&contract), code);

		// A module of Move names its publisher.
		deploy();
		let module = ContractRef::Module(
			account(Alice),
			b"counter".to_vec().try_into().expect("it is short"),
		);
		for (who, expected) in [(Bob, false), (Alice, true)] {
			let done = register(
				who,
				module.clone(),
				Deployment::Published,
				Interface::default(),
			);
			assert_eq!(done.is_ok(), expected, "{done:?}");
		}
		let shown = alias(&module_account(&account(Alice), b"counter"));
		assert_eq!(Evm::code_at(&shown), pallet_evm::STUB_CODE);
	});
}

#[test]
fn access_is_checked_before_the_contract_runs() {
	development().execute_with(|| {
		let token = token();
		let mut closed = erc20();
		closed.access.callers = Callers::Accounts(vec![account(Bob)].try_into().expect("one"));
		assert_ok!(register(Alice, token.clone(), deployment(), closed));
		let simulate = |who| {
			let signature = b"total_supply()->(u128)".to_vec();
			CrossVm::simulate(
				account(who),
				token.clone().into(),
				0,
				signature,
				vec![],
				None,
			)
			.result
		};
		assert_eq!(simulate(Alice), Err(CallError::AccessDenied));
		assert_eq!(simulate(Bob), Ok(vec![Value::Uint(SUPPLY.into())]));
		let total = solidity_input("totalSupply()", &[]);
		let report = Evm::simulate_call(account(Alice), alias(&token), total, 0, Some(100 * GAS));
		let denied = solidity_input("AccessDenied()", &[]);
		assert_eq!(report.result, Err(pallet_evm::Failure::Reverted(denied)));
		// Within its own machine nobody is asked.
		let own = Contracts::bare_call(
			account(Alice),
			token.clone(),
			0,
			crate::contracts::AMPLE,
			None,
			trivium_primitives::Signature::parse(b"total_supply()")
				.expect("is a signature")
				.ink_selector()
				.encode(),
			pallet_wasm::DebugInfo::Skip,
			pallet_wasm::CollectEvents::Skip,
		);
		assert_eq!(own.result.expect("it answers").data, (0u8, SUPPLY).encode());
	});
}

#[test]
fn deposits_for_an_interface_are_what_storage_costs() {
	development().execute_with(|| {
		let token = token();
		assert_ok!(register(Alice, token, deployment(), erc20()));
		let reason = RuntimeHoldReason::Interfaces(pallet_interfaces::HoldReason::StorageDeposit);
		let held = Balances::balance_on_hold(&reason, &account(Alice));
		let items = trivium_runtime::constants::currency::deposit(6, 0);
		let bytes = trivium_runtime::constants::currency::deposit(6, 2_000);
		assert!(held > items && held < bytes, "{held}: {items} to {bytes}");
	});
}

/// Removes itself when it is called, in favour of an account of sevens.
const ENDING: &str = r#"
(module
	(import "seal1" "terminate" (func $terminate (param i32)))
	(import "env" "memory" (memory 1 1))
	(data (i32.const 0) "\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07\07")
	(func (export "deploy"))
	(func (export "call") (call $terminate (i32.const 0))))
"#;

fn ending() -> (AccountId, Deployment) {
	let code = wat::parse_str(ENDING).expect("is WASM");
	let made = Contracts::bare_instantiate(
		account(Alice),
		0,
		AMPLE,
		None,
		pallet_wasm::Code::Upload(code.clone()),
		Vec::new(),
		vec![1],
		pallet_wasm::DebugInfo::Skip,
		pallet_wasm::CollectEvents::Skip,
	);
	let deployment = Deployment::Instantiated {
		code_hash: H256(blake2_256(&code)),
		input: Default::default(),
		salt: vec![1].try_into().expect("it is short"),
	};
	(made.result.expect("instantiates").account_id, deployment)
}

fn held() -> Balance {
	let reason = RuntimeHoldReason::Interfaces(pallet_interfaces::HoldReason::StorageDeposit);
	Balances::balance_on_hold(&reason, &account(Alice))
}

#[test]
fn a_contract_that_ends_takes_its_interface_along_and_may_begin_again() {
	development().execute_with(|| {
		let functions = vec![function("f()", "f()", Mutability::NonPayable)];
		let said = || Interface {
			functions: functions.clone().try_into().expect("one"),
			..Interface::default()
		};
		let remove = |contract: &AccountId| {
			let contract = contract.clone();
			let call = RuntimeCall::Interfaces(pallet_interfaces::Call::remove { contract });
			let done = call.dispatch(RuntimeOrigin::signed(account(Bob)));
			done.map(|_| ()).map_err(|error| error.error)
		};
		let issuance = Balances::total_issuance();
		for _ in 0..2 {
			let (contract, deployment) = ending();
			let at = alias(&contract);
			assert_ok!(register(Alice, contract.clone(), deployment, said()));
			let deposit = held();
			assert!(deposit > 0);
			let still_there = pallet_interfaces::Error::<Runtime>::StillThere;
			assert_noop!(remove(&contract), still_there);

			// It ends by a call of its alias.
			let call = evm_call(at, solidity_input("f()", &[]), 100 * GAS);
			let _ = call.dispatch(RuntimeOrigin::signed(account(Bob)));
			assert!(!pallet_wasm::ContractInfoOf::<Runtime>::contains_key(
				&contract
			));
			assert_eq!(Evm::code_at(&at), pallet_evm::STUB_CODE);
			let gone = Evm::simulate_call(
				account(Bob),
				at,
				solidity_input("f()", &[]),
				0,
				Some(100 * GAS),
			);
			let not_found = solidity_input("NotFound()", &[]);
			assert_eq!(gone.result, Err(pallet_evm::Failure::Reverted(not_found)));

			assert_ok!(remove(&contract));
			assert_eq!(held(), 0);
			assert!(Evm::code_at(&at).is_empty());
			let plain = Evm::simulate_call(account(Bob), at, vec![1, 2, 3, 4], 5, Some(GAS));
			assert_eq!(plain.result, Ok(vec![]), "an account like any other");
		}
		assert_eq!(Balances::total_issuance(), issuance);
	});
}

#[test]
fn a_contract_with_other_code_is_called_by_another_interface() {
	development().execute_with(|| {
		let token = token();
		assert_ok!(register(Alice, token.clone(), deployment(), erc20()));
		let (_, Deployment::Instantiated { code_hash, .. }) = ending() else {
			panic!("it is an ink! contract");
		};
		assert_ok!(Contracts::set_code(
			RuntimeOrigin::root(),
			token.clone().into(),
			code_hash
		));
		let total = solidity_input("totalSupply()", &[]);
		let report = Evm::simulate_call(account(Bob), alias(&token), total, 0, Some(100 * GAS));
		let not_found = solidity_input("NotFound()", &[]);
		assert_eq!(report.result, Err(pallet_evm::Failure::Reverted(not_found)));
		let described = trivium_runtime::Interfaces::describe(&token.clone().into());
		assert!(!described.expect("it is registered").is_current);
		// The proof of who has deployed it names the code that it had then.
		assert_ok!(register(Alice, token, deployment(), Interface::default()));
	});
}
