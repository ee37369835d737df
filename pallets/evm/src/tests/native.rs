//! Contracts of other machines, called at their aliases as contracts of the EVM are.

use super::*;
use crate::{CodeInfos, Codes, Failure, STUB_CODE};
use polkadot_sdk::{frame_support::assert_ok, frame_system};
use trivium_primitives::{
	interface::{Function, Mutability, StubError, Stubs},
	AddressMapping, CallError, EncodingError, Signature,
};

fn said(face: &str, own: Option<&str>, mutability: Mutability) -> (AccountId, Function) {
	let text = |text: &str| text.as_bytes().to_vec().try_into().expect("it is short");
	let function = Function {
		face: text(face),
		own: own.map(text),
		mutability,
	};
	(wasm(), function)
}

/// The contract of the other machine has said what it is, and has a stub.
fn registered(check: impl FnOnce(H160)) {
	test(|| {
		Said::set(vec![
			said(
				"balanceOf(address)->(u256)",
				Some("balance_of(address)->(u128)"),
				Mutability::View,
			),
			said("set(u256)", None, Mutability::NonPayable),
			said("pay()", None, Mutability::Payable),
		]);
		<Evm as Stubs>::put(&wasm()).expect("the alias is free");
		check(account::alias(&wasm()));
	});
}

fn input(signature: &str, arguments: &[u8]) -> Vec<u8> {
	let signature = Signature::parse(signature.as_bytes()).expect("is a signature");
	[&signature.solidity_selector(), arguments].concat()
}

/// Hands its calldata and value to an address in the way that is said, and passes on what comes back.
fn calling(how: &str, target: H160) -> H160 {
	let value = match how {
		"CALL" | "CALLCODE" => "CALLVALUE",
		_ => "",
	};
	deploy(&format!(
		"CALLDATASIZE 0 0 CALLDATACOPY 0 0 CALLDATASIZE 0 {value} {} GAS {how} {PASS_ON}",
		token(target)
	))
}

fn reverted(target: H160, input: Vec<u8>, value: Balance) -> Vec<u8> {
	let report = Evm::simulate_call(alice(), target, input, value, None);
	match report.result {
		Err(Failure::Reverted(data)) => data,
		other => panic!("{other:?}"),
	}
}

fn error_data(error: CallError) -> Vec<u8> {
	crate::abi::encode_error(&error)
}

#[test]
fn a_call_of_the_alias_is_a_hop_by_the_functions_two_signatures() {
	registered(|alias| {
		let contract = calling("CALL", alias);
		set_foreign(move |call| {
			assert_eq!(call.caller, contract_account(contract));
			assert_eq!(call.target, wasm());
			assert_eq!(call.signature, "balance_of(address)->(u128)");
			assert_eq!(call.face.as_deref(), Some("balanceOf(address)->(u256)"));
			assert_eq!(call.arguments, word(7));
			assert!(call.read_only, "a view writes nothing");
			Ok(word(9))
		});
		let output = view(contract, input("balanceOf(address)", &word(7)));
		assert_eq!(output, word(9), "as it is, without the bridge's envelope");
		set_foreign(move |call| {
			assert_eq!(call.caller, alice());
			assert_eq!(call.signature, "set(u256)");
			assert_eq!(call.face.as_deref(), Some("set(u256)"));
			assert!(!call.read_only);
			Ok(vec![])
		});
		assert_ok!(super::call(alias, input("set(u256)", &word(1))));
	});
}

#[test]
fn value_goes_to_functions_that_take_it_and_to_the_account_itself() {
	registered(|alias| {
		let contract = calling("CALL", alias);
		set_foreign(|call| {
			assert_eq!(call.value, 5);
			Ok(vec![])
		});
		let before = balance(&wasm());
		let pay = input("pay()", &[]);
		assert_ok!(call_with(&alice(), contract, pay.clone(), 5, GAS));
		assert_eq!(balance(&wasm()), before + 5);
		assert_ok!(call_with(&alice(), alias, pay, 5, GAS));
		assert_eq!(balance(&wasm()), before + 10);

		// Without data nothing is called.
		set_foreign(|_| panic!("nothing is called"));
		assert_ok!(call_with(&alice(), contract, vec![], 5, GAS));
		assert_ok!(call_with(&alice(), alias, vec![], 5, GAS));
		assert_eq!(balance(&wasm()), before + 20);

		for function in ["set(u256)", "balanceOf(address)"] {
			let refused = reverted(contract, input(function, &word(1)), 5);
			assert_eq!(refused, error_data(CallError::VALUE_REFUSED), "{function}");
		}
		assert_eq!(balance(&wasm()), before + 20);
	});
}

#[test]
fn what_is_no_call_of_a_function_is_refused() {
	registered(|alias| {
		set_foreign(|_| panic!("nothing is called"));
		let contract = calling("CALL", alias);
		let not_understood = error_data(EncodingError::RefusedByCallee.into());
		for unknown in [vec![1, 2, 3], vec![1, 2, 3, 4], vec![0; 100]] {
			assert_eq!(reverted(contract, unknown, 0), not_understood);
		}
		let set = input("set(u256)", &word(1));
		for how in ["DELEGATECALL", "CALLCODE"] {
			let delegated = reverted(calling(how, alias), set.clone(), 0);
			assert_eq!(delegated, error_data(CallError::DELEGATE_CALL), "{how}");
		}
		Said::set(vec![]);
		let gone = reverted(contract, set, 0);
		assert_eq!(gone, error_data(CallError::NotFound));
	});
}

#[test]
fn static_calls_stay_static() {
	registered(|alias| {
		set_foreign(|call| match call.read_only {
			true => Err(CallError::ReadOnly),
			false => Ok(vec![]),
		});
		let refused = reverted(
			calling("STATICCALL", alias),
			input("set(u256)", &word(1)),
			0,
		);
		assert_eq!(refused, error_data(CallError::ReadOnly));
	});
}

#[test]
fn errors_arrive_as_those_of_the_bridge() {
	registered(|alias| {
		let contract = calling("CALL", alias);
		for error in [CallError::Reverted(vec![1, 2]), CallError::AccessDenied] {
			let raised = error.clone();
			set_foreign(move |_| Err(raised.clone()));
			let data = reverted(contract, input("set(u256)", &word(1)), 0);
			assert_eq!(data, error_data(error));
		}
	});
}

#[test]
fn the_alias_shows_a_fixed_code_that_nobody_can_deploy() {
	registered(|alias| {
		let ask = |what: &str| deploy(&format!("{} {what} 0 MSTORE 32 0 RETURN", token(alias)));
		assert_eq!(
			view_word(ask("EXTCODESIZE"), vec![]),
			STUB_CODE.len().into()
		);
		let hash = sp_io::hashing::keccak_256(&STUB_CODE);
		assert_eq!(view(ask("EXTCODEHASH"), vec![]), hash);
		assert_eq!(Evm::code_at(&alias), STUB_CODE);
		assert!(create(deployer(&STUB_CODE)).is_err());
	});
}

#[test]
fn little_gas_ends_the_call_and_nothing_else() {
	registered(|alias| {
		set_foreign(|_| Ok(vec![]));
		let contract = deploy(&format!(
			"0 0 4 0 0 {} 1000 CALL 0 MSTORE 32 0 RETURN",
			token(alias)
		));
		assert_eq!(view_word(contract, vec![]), 0.into(), "failed");
	});
}

#[test]
fn stub_is_put_once_and_goes_without_a_trace() {
	test(|| {
		let alias = account::alias(&wasm());
		// What maps the alias stays: an alias is one account's for ever.
		assert!(MockAddresses::ensure_mapped(&wasm()));
		let providers = || frame_system::Account::<Test>::get(wasm()).providers;
		let had = providers();
		assert_eq!(<Evm as Stubs>::put(&wasm()), Ok(()));
		let with = root();
		assert_eq!(<Evm as Stubs>::put(&wasm()), Ok(()));
		assert_eq!(root(), with, "twice is once");
		assert_eq!(providers(), had + 1);
		let other = AccountId::new([0x77; 32]);
		assert_eq!(<Evm as Stubs>::put(&other), Ok(()));
		let hash = H256(sp_io::hashing::keccak_256(&STUB_CODE));
		assert_eq!(
			CodeInfos::<Test>::get(hash).map(|info| info.references),
			Some(2)
		);
		<Evm as Stubs>::remove(&other);
		<Evm as Stubs>::remove(&other);
		assert!(Codes::<Test>::contains_key(hash));
		<Evm as Stubs>::remove(&wasm());
		assert_eq!(providers(), had);
		assert!(!Codes::<Test>::contains_key(hash));
		set_foreign(|_| panic!("nothing is called"));
		assert_ok!(super::call(alias, vec![1, 2, 3, 4]));
		<Evm as Stubs>::remove(&wasm());
	});
}

#[test]
fn aliases_that_are_something_else_stay_that() {
	test(|| {
		// A contract of the EVM needs none.
		let own = deploy("STOP");
		assert_eq!(<Evm as Stubs>::put(&contract_account(own)), Ok(()));
		assert_eq!(Evm::code_at(&own), [0]);
		<Evm as Stubs>::remove(&contract_account(own));
		assert_eq!(Evm::code_at(&own), [0]);
		// One whose alias leads elsewhere.
		let taken = AccountId::new([0x55; 32]);
		alias_to(account::alias(&taken), &bob());
		assert_eq!(<Evm as Stubs>::put(&taken), Err(StubError::AliasTaken));
	});
}
