//! Calls that leave the EVM and calls that come back in.

use super::*;
use crate::{types::Failure, Error};
use polkadot_sdk::{frame_support::assert_ok, sp_weights::Weight};
use std::{cell::RefCell, rc::Rc};
use trivium_primitives::{CallError, EncodingError, Engine};

/// A contract that hands its calldata and value to the bridge and passes on what comes back.
fn forwarder() -> H160 {
	deploy(&format!("{TO_BRIDGE} {PASS_ON}"))
}

fn error_data(error: &CallError) -> Vec<u8> {
	crate::abi::encode_error(error)
}

#[test]
fn hop_carries_caller_target_signature_and_arguments() {
	test(|| {
		let contract = forwarder();
		set_foreign(move |call| {
			assert_eq!(call.caller, contract_account(contract));
			assert_eq!(call.origin, alice());
			assert_eq!(call.target, wasm());
			assert_eq!(call.signature, "flip(u8)->(u8)");
			assert_eq!(call.arguments, word(5));
			assert_eq!(call.value, 0);
			assert!(call.live.is_empty() && !call.read_only);
			Ok(word(6))
		});
		let output = view(
			contract,
			bridge_call(&wasm(), "flip(u8)->(u8)", &word(5), 0),
		);
		assert_eq!(output, crate::abi::encode_bytes(&word(6)));
	});
}

#[test]
fn hop_names_the_other_live_contracts_once() {
	test(|| {
		let inner = forwarder();
		let hand_on = "CALLDATASIZE 0 0 CALLDATACOPY 0 0 CALLDATASIZE 0 0";
		let middle = deploy(&format!("{hand_on} {} GAS CALL {PASS_ON}", token(inner)));
		// The outermost delegate-calls code that calls the middle one: it is live in two frames.
		let library = deploy(&format!("{hand_on} {} GAS CALL {PASS_ON}", token(middle)));
		let outer = deploy(&format!(
			"CALLDATASIZE 0 0 CALLDATACOPY 0 0 CALLDATASIZE 0 {} GAS DELEGATECALL {PASS_ON}",
			token(library)
		));
		let seen = Rc::new(RefCell::new(Vec::new()));
		let sink = seen.clone();
		set_foreign(move |call| {
			assert_eq!(call.caller, contract_account(inner));
			sink.borrow_mut().extend(call.live.clone());
			Ok(vec![])
		});
		view(outer, bridge_call(&wasm(), "f()", &[], 0));
		let mut expected = vec![contract_account(middle), contract_account(outer)];
		expected.sort();
		seen.borrow_mut().sort();
		assert_eq!(*seen.borrow(), expected);
	});
}

#[test]
fn hop_names_its_caller_if_that_is_live_a_second_time() {
	test(|| {
		let seen = Rc::new(RefCell::new(Vec::new()));
		let sink = seen.clone();
		set_foreign(move |call| {
			sink.borrow_mut()
				.push((call.caller.clone(), call.live.clone()));
			Ok(vec![])
		});
		// Code behind a proxy: one entry, two frames.
		let hand_on = "CALLDATASIZE 0 0 CALLDATACOPY 0 0 CALLDATASIZE 0";
		let library = forwarder();
		let proxy = deploy(&format!(
			"{hand_on} {} GAS DELEGATECALL {PASS_ON}",
			token(library)
		));
		view(proxy, bridge_call(&wasm(), "f()", &[], 0));
		assert_eq!(*seen.borrow(), [(contract_account(proxy), vec![])]);

		// Calls itself once, and hops from the second entry.
		let twice = deploy(&format!(
			"0 TLOAD @second JUMPI 1 0 TSTORE {hand_on} 0 ADDRESS GAS CALL {PASS_ON} \
			second: {TO_BRIDGE} {}",
			PASS_ON.replace("ok", "fine")
		));
		seen.borrow_mut().clear();
		view(twice, bridge_call(&wasm(), "f()", &[], 0));
		let id = contract_account(twice);
		assert_eq!(*seen.borrow(), [(id.clone(), vec![id])]);
	});
}

#[test]
fn each_error_reaches_solidity_as_its_custom_error() {
	test(|| {
		let contract = forwarder();
		let errors = [
			CallError::Reverted(vec![1, 2, 3]),
			CallError::OutOfGas,
			CallError::NotFound,
			CallError::BadEncoding(EncodingError::Utf8),
			CallError::VmDisabled(2),
			CallError::FeatureDisabled(70_000),
			CallError::ReentrancyDenied,
			CallError::DepthExceeded,
			CallError::ReadOnly,
			CallError::InsufficientBalance,
			CallError::Engine(3),
			CallError::AccessDenied,
		];
		for error in errors {
			let raised = error.clone();
			set_foreign(move |_| Err(raised.clone()));
			let report = Evm::simulate_call(
				alice(),
				contract,
				bridge_call(&wasm(), "f()", &[], 0),
				0,
				None,
			);
			assert_eq!(report.result, Err(Failure::Reverted(error_data(&error))));
		}
	});
}

#[test]
fn malformed_calldata_for_the_bridge_is_bad_encoding() {
	test(|| {
		let contract = forwarder();
		for input in [
			vec![],
			vec![1],
			vec![1, 2, 3, 4],
			bridge_call(&wasm(), "f()", &[], 0)[..40].to_vec(),
		] {
			let report = Evm::simulate_call(alice(), contract, input, 0, None);
			let Err(Failure::Reverted(data)) = report.result else {
				panic!("reverts")
			};
			assert_eq!(
				data[..4],
				sp_io::hashing::keccak_256(b"BadEncoding(uint8)")[..4]
			);
		}
	});
}

#[test]
fn delegate_call_to_the_bridge_is_refused() {
	test(|| {
		set_foreign(|_| panic!("never gets here"));
		for opcode in ["DELEGATECALL", "CALLCODE"] {
			let value = if opcode == "CALLCODE" { "0" } else { "" };
			let contract = deploy(&format!(
				"CALLDATASIZE 0 0 CALLDATACOPY 0 0 CALLDATASIZE 0 {value} 0x0801 GAS {opcode} {PASS_ON}"
			));
			let input = bridge_call(&wasm(), "f()", &[], 0);
			let report = Evm::simulate_call(alice(), contract, input, 0, None);
			let expected = error_data(&CallError::DELEGATE_CALL);
			assert_eq!(report.result, Err(Failure::Reverted(expected)));
		}
	});
}

#[test]
fn static_call_to_the_bridge_is_read_only_down_to_the_last_frame() {
	test(|| {
		let store = deploy("1 0 SSTORE");
		let logger = deploy("0 0 LOG0");
		let reader = deploy("7 0 MSTORE 32 0 RETURN");
		set_foreign(move |call| {
			assert!(call.read_only);
			for contract in [store, logger] {
				let outcome = nested_with(&wasm(), contract, vec![], 0, call.read_only);
				assert_eq!(outcome.result, Err(CallError::ReadOnly));
			}
			let with_value = nested_with(&wasm(), reader, vec![], 1, call.read_only);
			assert_eq!(with_value.result, Err(CallError::ReadOnly));
			nested_with(&wasm(), reader, vec![], 0, call.read_only).result
		});
		let contract = deploy(&format!(
			"CALLDATASIZE 0 0 CALLDATACOPY 0 0 CALLDATASIZE 0 0x0801 GAS STATICCALL {PASS_ON}"
		));
		let output = view(contract, bridge_call(&wasm(), "f()", &[], 0));
		assert_eq!(output, crate::abi::encode_bytes(&word(7)));
	});
}

#[test]
fn value_travels_from_caller_to_callee() {
	test(|| {
		let contract = forwarder();
		set_foreign(move |call| {
			assert_eq!(call.value, 40);
			assert_eq!(balance(&contract_account(contract)), 0);
			assert_eq!(balance(&wasm()), FUNDS + 40);
			Ok(vec![])
		});
		let issuance = Balances::total_issuance();
		let input = bridge_call(&wasm(), "pay()", &[], 0);
		assert_ok!(call_with(&alice(), contract, input, 40, GAS));
		assert_eq!(balance(&contract_account(contract)), 0);
		assert_eq!(balance(&contract_account(BRIDGE)), 0);
		assert_eq!(balance(&wasm()), FUNDS + 40);
		assert_eq!(Balances::total_issuance(), issuance);
	});
}

#[test]
fn value_comes_back_when_the_hop_fails() {
	test(|| {
		let contract = deploy(&format!("{TO_BRIDGE} 0 SSTORE"));
		set_foreign(|_| Err(CallError::NotFound));
		let input = bridge_call(&wasm(), "pay()", &[], 0);
		assert_ok!(call_with(&alice(), contract, input, 40, GAS));
		assert_eq!(balance(&contract_account(contract)), 40);
		assert_eq!(balance(&wasm()), FUNDS);
	});
}

#[test]
fn aliases_can_be_asked_for() {
	test(|| {
		let contract = forwarder();
		let ask = |signature: &str, argument: &[u8]| {
			let id = sp_io::hashing::keccak_256(signature.as_bytes());
			view(contract, [&id[..4], argument].concat())
		};
		let alias = account::alias(&wasm());
		assert_eq!(
			ask("aliasOf(bytes32)", wasm().as_ref()),
			H256::from(alias).as_bytes()
		);
		let account: &[u8] = &ask("accountOf(address)", H256::from(alias).as_bytes());
		assert_eq!(account, AsRef::<[u8]>::as_ref(&wasm()));
	});
}

#[test]
fn hop_is_charged_what_it_used_and_gets_what_is_left() {
	test(|| {
		let contract = forwarder();
		let input = || bridge_call(&wasm(), "f()", &[], 0);
		set_foreign(|call| {
			assert!(call.limit.ref_time() <= 25_000 * GAS);
			assert!(call.limit.ref_time() > 25_000 * (GAS - 200_000));
			assert!(call.limit.proof_size() < crate::gas::proof_allowance(GAS));
			Ok(vec![])
		});
		let run = || call(contract, input()).unwrap().actual_weight.unwrap();
		let free = run();
		set_foreign_use(Weight::from_parts(25_000 * 1_000 + 1, 3_000));
		let paid = run();
		assert_eq!(paid.ref_time() - free.ref_time(), 25_000 * 1_001);
		assert_eq!(paid.proof_size() - free.proof_size(), 3_000);
	});
}

#[test]
fn gas_given_to_the_bridge_limits_the_hop() {
	test(|| {
		let contract = deploy(&format!(
			"CALLDATASIZE 0 0 CALLDATACOPY 0 0 CALLDATASIZE 0 0 0x0801 50000 CALL {PASS_ON}"
		));
		set_foreign(|call| {
			assert!(call.limit.ref_time() <= 25_000 * 50_000);
			Ok(vec![])
		});
		view(contract, bridge_call(&wasm(), "f()", &[], 0));
		let poor = deploy(
			"CALLDATASIZE 0 0 CALLDATACOPY 0 0 CALLDATASIZE 0 0 0x0801 300 CALL \
			0 MSTORE 32 0 RETURN",
		);
		set_foreign(|_| panic!("never gets here"));
		let output = view(poor, bridge_call(&wasm(), "f()", &[], 0));
		assert_eq!(output, word(0));
	});
}

#[test]
fn top_level_call_of_the_bridge_goes_through() {
	test(|| {
		set_foreign(|call| {
			assert_eq!(call.caller, alice());
			Ok(vec![])
		});
		assert_ok!(call(BRIDGE, bridge_call(&wasm(), "f()", &[], 0)));
	});
}

#[test]
fn nested_call_has_no_intrinsic_gas_and_sees_its_caller() {
	test(|| {
		let contract = deploy("CALLER 0 MSTORE ORIGIN 32 MSTORE 64 0 RETURN");
		let outcome =
			foreign_transaction(|| nested_with(&wasm(), contract, vec![1; 400], 0, false));
		let expected = [
			H256::from(account::alias(&wasm())).as_bytes(),
			H256::from(account::alias(&alice())).as_bytes(),
		]
		.concat();
		assert_eq!(outcome.result, Ok(expected));
		let overhead = <() as crate::WeightInfo>::nested_call().ref_time();
		assert!(
			outcome.used.ref_time() < overhead + 25_000 * 3_000,
			"{:?}",
			outcome.used
		);
	});
}

#[test]
fn nested_call_moves_value_and_needs_it() {
	test(|| {
		let contract = deploy("CALLVALUE 0 SSTORE");
		foreign_transaction(|| {
			assert_ok!(nested_with(&wasm(), contract, vec![], 9, false).result);
			let too_much = nested_with(&wasm(), contract, vec![], FUNDS, false).result;
			assert_eq!(too_much, Err(CallError::InsufficientBalance));
		});
		assert_eq!(slot(contract, 0), 9.into());
		assert_eq!(balance(&wasm()), FUNDS - 9);
	});
}

#[test]
fn nested_failures_are_typed() {
	test(|| {
		let cases = [
			("0xAB 0 MSTORE8 1 0 REVERT", CallError::Reverted(vec![0xAB])),
			("again: @again JUMP", CallError::OutOfGas),
			(
				"INVALID",
				CallError::Engine(
					Failure::ENGINE_CODE_BASE + u32::from(Failure::InvalidOpcode.code()),
				),
			),
		];
		for (program, error) in cases {
			let contract = deploy(program);
			let result = foreign_transaction(|| nested(&wasm(), contract, vec![]));
			assert_eq!(result, Err(error));
		}
	});
}

#[test]
fn nested_call_without_weight_is_out_of_gas() {
	test(|| {
		let contract = deploy("STOP");
		let outcome = foreign_transaction(|| {
			<Evm as Engine>::call(trivium_primitives::EngineCall {
				caller: wasm(),
				payer: alice(),
				target: contract_account(contract),
				value: 0,
				input: vec![],
				limit: Weight::from_parts(1, 1),
				deposit_limit: 0,
				read_only: false,
			})
		});
		assert_eq!(outcome.result, Err(CallError::OutOfGas));
		assert_eq!(outcome.used, Weight::from_parts(1, 1));
	});
}

#[test]
fn contract_that_was_left_without_leave_cannot_be_entered_through_another() {
	test(|| {
		let contract = deploy(&format!("{TO_BRIDGE} POP 1 0 SSTORE"));
		let calls = |opcode: &str, value: &str| {
			deploy(&format!(
				"0 0 0 0 {value} {} GAS {opcode} {PASS_ON}",
				token(contract)
			))
		};
		let helpers = [calls("CALL", "0"), calls("STATICCALL", "")];
		let library = calls("DELEGATECALL", "");
		set_foreign(move |call| {
			while_locked(&call.caller, || {
				for helper in helpers {
					assert_eq!(
						nested(&wasm(), helper, vec![]),
						Err(CallError::Reverted(error_data(
							&CallError::ReentrancyDenied
						)))
					);
				}
				// Its code in another contract's storage is another matter.
				assert_ok!(nested(&wasm(), library, vec![]));
			});
			nested(&wasm(), helpers[1], vec![]).expect_err("it writes");
			Ok(vec![])
		});
		assert_ok!(call(contract, bridge_call(&wasm(), "f()", &[], 0)));
		assert_eq!(slot(contract, 0), 1.into());
	});
}

#[test]
fn resolve_knows_contracts_and_nothing_else() {
	test(|| {
		let contract = deploy("STOP");
		let empty = deploy("");
		assert!(Evm::resolve(&contract_account(contract)));
		for other in [
			contract_account(empty),
			contract_account(BRIDGE),
			alice(),
			wasm(),
		] {
			assert!(!Evm::resolve(&other));
		}
	});
}

#[test]
fn deepest_stack_can_hop_and_take_everything_back() {
	test(|| {
		BlockGasLimit::set(u64::MAX / 100_000);
		// Goes down until the first word of calldata is used up, then hops; each frame writes a slot.
		let contract = deploy(&format!(
			"CALLDATASIZE 0 0 CALLDATACOPY \
			0 MLOAD ISZERO @hop JUMPI \
			1 0 MLOAD SSTORE \
			1 0 MLOAD SUB 0 MSTORE \
			0 0 CALLDATASIZE 0 0 ADDRESS GAS CALL {PASS_ON} \
			hop: 0 0 32 CALLDATASIZE SUB 32 0 0x0801 GAS CALL {}",
			PASS_ON.replace("ok", "hopped")
		));
		let depth = 1_000;
		set_foreign(move |_| {
			assert_eq!(slot(contract, 1), 1.into());
			assert_eq!(slot(contract, depth), 1.into());
			Ok(vec![])
		});
		let input = [word(depth), bridge_call(&wasm(), "f()", &[], 0)].concat();
		let gas_limit = u64::MAX / 100_000;
		assert_ok!(call_with(&alice(), contract, input.clone(), 0, gas_limit));
		assert_eq!(slot(contract, depth / 2), 1.into());

		// The hop fails, and so does every frame above it.
		let before = root();
		set_foreign(move |_| Err(CallError::NotFound));
		assert_fails(
			call_with(&alice(), contract, input, 0, gas_limit),
			Error::Reverted,
		);
		assert_eq!(root(), before);
	});
}
