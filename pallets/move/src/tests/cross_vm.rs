//! Calls of modules to other contracts, by `0x2::cross_vm`: here to modules, which are contracts like those of other
//! machines.

use codec::{Decode, Encode};
use polkadot_sdk::{frame_support::traits::fungible::Inspect, sp_core::U256, *};
use trivium_primitives::{
	account::module_account, AccountId, Balance, CallError, ContractRef, EncodingError, Value,
};

use crate::{mock::*, types::MoveCall, Error, MoveFailure};

/// Numbers in the names of aborts.
mod abort {
	pub const NOT_A_MODULE: u64 = 0x50001;
	pub const NOT_OF_THIS_TYPE: u64 = 0x10002;
	pub const CANNOT_TRANSFER: u64 = 0x90003;
	pub const CALL_FAILED: u64 = 0x70100;
}

fn contract(module: &str) -> AccountId {
	module_account(&issuer(), module.as_bytes())
}

fn limit() -> pallet_cross_vm::CallLimit {
	pallet_cross_vm::CallLimit {
		ref_time: AMPLE.ref_time,
		proof_size: AMPLE.proof_size,
		deposit: AMPLE.deposit,
	}
}

/// Makes a call for Alice as an extrinsic does; what fails is taken back.
fn send(
	module: &str,
	value: Balance,
	signature: &str,
	args: Vec<Value>,
) -> Result<Vec<Value>, CallError> {
	let simulated = simulate(module, value, signature, args.clone());
	let sent = frame_support::storage::with_storage_layer(|| {
		CrossVm::call(
			RuntimeOrigin::signed(alice()),
			ContractRef::Account(contract(module)),
			value,
			signature.as_bytes().to_vec().try_into().unwrap(),
			args,
			limit(),
		)
		.map(drop)
		.map_err(|error| error.error)
	});
	assert_eq!(
		sent.is_ok(),
		simulated.result.is_ok(),
		"{sent:?} {simulated:?}"
	);
	simulated.result
}

fn simulate(
	module: &str,
	value: Balance,
	signature: &str,
	args: Vec<Value>,
) -> trivium_primitives::Simulation {
	CrossVm::simulate(
		alice(),
		ContractRef::Account(contract(module)),
		value,
		signature.as_bytes().to_vec(),
		args,
		Some(limit()),
	)
}

fn call(signature: &str, args: Vec<Value>) -> Result<Vec<Value>, CallError> {
	send("caller", 0, signature, args)
}

fn uint(number: impl Into<U256>) -> Value {
	Value::Uint(number.into())
}

fn bytes(bytes: impl AsRef<[u8]>) -> Value {
	Value::Bytes(bytes.as_ref().to_vec())
}

fn address(account: AccountId) -> Value {
	Value::Address(account)
}

fn text(signature: &str) -> Value {
	bytes(signature)
}

fn aborted(code: u64) -> CallError {
	CallError::Reverted(code.to_le_bytes().to_vec())
}

fn to_callee(rest: Vec<Value>) -> Vec<Value> {
	[vec![address(contract("callee"))], rest].concat()
}

/// `attempt`: the result, the error's number and one, what it carries.
fn attempt(target: AccountId, signature: &str, arguments: Vec<u8>) -> (u64, u64, Vec<u8>) {
	let args = vec![address(target), text(signature), bytes(arguments)];
	let results = call("attempt(address,bytes,bytes)->(u64,u64,bytes)", args).unwrap();
	match &results[..] {
		[Value::Uint(value), Value::Uint(code), Value::Bytes(data)] => {
			(value.as_u64(), code.as_u64(), data.clone())
		}
		other => panic!("{other:?}"),
	}
}

fn reported(results: Result<Vec<Value>, CallError>) -> (u64, Vec<u8>) {
	match &results.unwrap()[..] {
		[Value::Uint(code), Value::Bytes(data)] => (code.as_u64(), data.clone()),
		other => panic!("{other:?}"),
	}
}

fn attempt_send(signature: &str, arguments: Vec<u8>) -> (u64, Vec<u8>) {
	let args = to_callee(vec![text(signature), bytes(arguments)]);
	reported(call("attempt_send(address,bytes,bytes)->(u64,bytes)", args))
}

fn test_calls(f: impl FnOnce()) {
	test(|| {
		publish(issuer(), package("tests-cross-vm")).unwrap();
		System::reset_events();
		f();
	});
}

#[test]
fn results_are_of_the_types_that_are_named() {
	test_calls(|| {
		let number = call(
			"number(address,bytes,bytes)->(u64)",
			to_callee(vec![text("echo(u64)->(u64)"), bytes(bcs(7u64))]),
		);
		assert_eq!(number, Ok(vec![uint(7)]));
		let text_of = call("text(address)->(string)", to_callee(vec![]));
		assert_eq!(text_of, Ok(vec![Value::Text("text".into())]));
		// Several results are a struct of the caller's own.
		let pair = call("pair(address,u64)->(u64,bool)", to_callee(vec![uint(9)]));
		assert_eq!(pair, Ok(vec![uint(9), Value::Bool(true)]));
		// Nobody makes what another module defines, or text of what is none.
		for function in ["forge(address)->(bool)", "name(address)->(string)"] {
			let made = call(function, to_callee(vec![]));
			assert_eq!(made, Err(aborted(abort::NOT_OF_THIS_TYPE)), "{function}");
		}
		// What is there for one type is not there for another.
		for (signature, arguments) in [
			("pair(u64)->(u64,bool)", bcs(7u64)),
			("text()->(string)", vec![]),
			("nothing()", vec![]),
		] {
			let args = to_callee(vec![text(signature), bytes(arguments)]);
			let number = call("number(address,bytes,bytes)->(u64)", args);
			assert_eq!(number, Err(aborted(abort::NOT_OF_THIS_TYPE)), "{signature}");
		}
		let args = to_callee(vec![text("echo(u64)->(u64)"), bytes(bcs(7u64))]);
		let sent = call("send(address,bytes,bytes)", args);
		assert_eq!(sent, Err(aborted(abort::NOT_OF_THIS_TYPE)));
	});
}

#[test]
fn module_that_the_documents_show_works() {
	test_calls(|| {
		let pay = |amount: u64| {
			let args = to_callee(vec![address(bob()), uint(amount)]);
			send("shop", 0, "pay(address,address,u256)->(bool)", args)
		};
		assert_eq!(pay(5), Ok(vec![Value::Bool(true)]));
		assert_eq!(pay(6), Ok(vec![Value::Bool(false)]));
		let price = |market: &str| {
			send(
				"shop",
				0,
				"price(address)->(u128)",
				vec![address(contract(market))],
			)
		};
		assert_eq!(price("callee"), Ok(vec![uint(99u64)]));
		assert_eq!(price("relay"), Ok(vec![uint(0u64)]));
	});
}

#[test]
fn failures_abort_or_are_values() {
	test_calls(|| {
		let callee = contract("callee");
		assert_eq!(
			attempt(callee.clone(), "echo(u64)->(u64)", bcs(7u64)),
			(7, 0, vec![])
		);
		let encoding = |reason: EncodingError| (0, 4, reason.encode());
		for (target, signature, arguments, expected) in [
			(callee.clone(), "fail(u64)", bcs(3u64), (0, 1, bcs(3u64))),
			(callee.clone(), "none()", vec![], (0, 3, vec![])),
			(bob(), "none()", vec![], (0, 3, vec![])),
			(
				callee.clone(),
				"echo(",
				vec![],
				encoding(EncodingError::Signature),
			),
			(
				callee.clone(),
				"echo(u64)",
				vec![],
				encoding(EncodingError::Truncated),
			),
			(
				callee.clone(),
				"echo(u64)",
				vec![0; 9],
				encoding(EncodingError::TrailingBytes),
			),
			(
				callee.clone(),
				"echo(u32)->(u64)",
				bcs(7u32),
				encoding(EncodingError::TypeMismatch),
			),
		] {
			let made = attempt(target.clone(), signature, arguments.clone());
			assert_eq!(made, expected, "{signature}");
			// The same as an abort.
			let args = vec![address(target), text(signature), bytes(arguments)];
			let number = call("number(address,bytes,bytes)->(u64)", args);
			let code = abort::CALL_FAILED + expected.1 - 1;
			assert_eq!(number, Err(aborted(code)), "{signature}");
		}
		assert_eq!(attempt_send("nothing()", vec![]), (0, vec![]));
		assert_eq!(attempt_send("fail(u64)", bcs(3u64)), (1, bcs(3u64)));
	});
}

#[test]
fn callee_sees_the_calling_module_and_who_acts_pays() {
	test_calls(|| {
		let before = held(&alice());
		assert_eq!(attempt_send("keep(u64)", bcs(7u64)), (0, vec![]));
		// It was kept for the module, and Alice paid.
		let kept = call(
			"view(address,bytes,bytes)->(u64)",
			to_callee(vec![
				text("kept(address)->(u64)"),
				bytes(contract("caller").encode()),
			]),
		);
		assert_eq!(kept, Ok(vec![uint(7)]));
		assert!(held(&alice()) > before);
		assert_eq!(held(&contract("caller")), 0);
		// What is freed goes back.
		let freed = attempt(contract("callee"), "forget()->(u64)", vec![]);
		assert_eq!(freed, (7, 0, vec![]));
		assert_eq!(held(&alice()), before);
		let who = call(
			"send(address,bytes,bytes)",
			to_callee(vec![text("who()"), bytes([])]),
		);
		assert_eq!(who, Err(aborted(abort::CALL_FAILED + 3)));
	});
}

#[test]
fn failed_call_leaves_nothing_and_the_caller_goes_on() {
	test_calls(|| {
		let before = (state(), held(&alice()));
		assert_eq!(
			attempt_send("keep_and_fail(u64)", bcs(7u64)),
			(1, bcs(7u64))
		);
		assert_eq!(attempt_send("spin()", vec![]), (2, vec![]));
		assert_eq!((state(), held(&alice())), before);
	});
}

#[test]
fn limits_of_a_call_hold() {
	test_calls(|| {
		let with_weight = |ref_time: u64, proof: u64| {
			let args = vec![text("nothing()"), uint(ref_time), uint(proof)];
			let signature = "attempt_with_weight(address,bytes,u64,u64)->(u64,bytes)";
			reported(call(signature, to_callee(args)))
		};
		assert_eq!(with_weight(u64::MAX, u64::MAX), (0, vec![]));
		assert_eq!(with_weight(1_000, u64::MAX), (2, vec![]));
		assert_eq!(with_weight(u64::MAX, 1_000), (2, vec![]));
		let with_deposit = |deposit: u128| {
			let args = vec![text("keep(u64)"), bytes(bcs(7u64)), uint(deposit)];
			let signature = "attempt_with_deposit(address,bytes,bytes,u128)->(u64,bytes)";
			reported(call(signature, to_callee(args)))
		};
		assert_eq!(with_deposit(PER_ITEM), (10, vec![]));
		assert_eq!(with_deposit(u128::MAX), (0, vec![]));
		let args = vec![text("keep(u64)"), bytes(bcs(8u64))];
		let signature = "attempt_read_only(address,bytes,bytes)->(u64,bytes)";
		assert_eq!(reported(call(signature, to_callee(args))), (9, vec![]));
	});
}

#[test]
fn call_uses_no_more_than_its_caller_has() {
	test_calls(|| {
		for weight in [
			frame_support::weights::Weight::from_parts(600_000_000, 200_000),
			frame_support::weights::Weight::from_parts(3_000_000_000, 400_000),
			AMPLE.weight(),
		] {
			let signature = "attempt_send(address,bytes,bytes)->(u64,bytes)";
			let args = to_callee(vec![text("spin()"), bytes([])]);
			let done = CrossVm::simulate(
				alice(),
				ContractRef::Account(contract("caller")),
				0,
				signature.as_bytes().to_vec(),
				args,
				Some(pallet_cross_vm::CallLimit {
					ref_time: weight.ref_time(),
					proof_size: weight.proof_size(),
					deposit: None,
				}),
			);
			assert!(done.weight.all_lte(weight), "{done:?}");
		}
	});
}

#[test]
fn value_is_for_functions_that_ask_and_for_the_module_alone() {
	test_calls(|| {
		let caller = contract("caller");
		let callee = contract("callee");
		assert_eq!(
			send("caller", 1_000, "receive()->(u128)", vec![]),
			Ok(vec![uint(1_000)])
		);
		assert_eq!(Balances::balance(&caller), 1_000);
		let refused = send("callee", 5, "nothing()", vec![]);
		assert_eq!(refused, Err(CallError::VALUE_REFUSED));
		// On to another.
		let pay = |signature: &str, value: u128| {
			call(
				"pay(address,bytes,u128)->(u128)",
				to_callee(vec![text(signature), uint(value)]),
			)
		};
		assert_eq!(pay("take()->(u128)", 400), Ok(vec![uint(400)]));
		assert_eq!(
			(Balances::balance(&caller), Balances::balance(&callee)),
			(600, 400)
		);
		let args = to_callee(vec![text("nothing()"), uint(5)]);
		let refused = reported(call(
			"attempt_to_pay(address,bytes,u128)->(u64,bytes)",
			args,
		));
		assert_eq!(refused, (11, 4u32.encode()));
		// More than there is.
		let args = to_callee(vec![text("take()->(u128)"), uint(601)]);
		let refused = call("pay(address,bytes,u128)->(u128)", args);
		assert_eq!(refused, Err(aborted(abort::CALL_FAILED + 9)));
		assert_eq!(
			(Balances::balance(&caller), Balances::balance(&callee)),
			(600, 400)
		);
		// What is for one module is not for another.
		let refused = send("relay", 5, "take_for_another()->(u128)", vec![]);
		assert_eq!(refused, Err(CallError::VALUE_REFUSED));
		// Out of the machine: what a module has it can send.
		let before = Balances::balance(&bob());
		let shared = send(
			"callee",
			100,
			"share(address)->(u128)",
			vec![address(bob())],
		);
		assert_eq!(shared, Ok(vec![uint(100)]));
		assert_eq!(Balances::balance(&bob()), before + 50);
		assert_eq!(Balances::balance(&callee), 450);
		let before = Balances::balance(&alice());
		execute(alice(), "caller::withdraw", &[], vec![bcs(100u128)]).unwrap();
		assert_eq!(Balances::balance(&alice()), before + 100);
		let refused = execute(alice(), "caller::withdraw", &[], vec![bcs(501u128)]);
		let aborted = Error::<Test>::Aborted {
			category: 9,
			reason: 3,
		};
		assert_eq!(abort::CANNOT_TRANSFER, 0x90003);
		assert_eq!(refused, Err(aborted.into()));
		execute(alice(), "caller::withdraw", &[], vec![bcs(500u128)]).unwrap();
		assert_eq!(Balances::balance(&caller), 0);
	});
}

#[test]
fn module_that_is_entered_again_sees_what_was_written_and_is_seen() {
	test_calls(|| {
		call("open()", vec![]).unwrap();
		let around = |function: &str, allow: bool| {
			let args = vec![
				address(contract("relay")),
				text(function),
				Value::Bool(allow),
			];
			call("write_around(address,bytes,bool)->(u64)", args)
		};
		assert_eq!(around("relay(address)", true), Ok(vec![uint(8)]));
		assert_eq!(call("pages()->(u64)", vec![]), Ok(vec![uint(8)]));
		assert_eq!(around("directly(address)", true), Ok(vec![uint(8)]));
		// Without leave neither by another call nor within the machine. The first is told as an abort of the relay.
		for function in ["relay(address)", "directly(address)"] {
			let denied = around(function, false);
			assert!(denied.is_err(), "{function}: {denied:?}");
		}
		assert_eq!(
			around("directly(address)", false),
			Err(aborted(abort::CALL_FAILED + 6))
		);
		assert_eq!(call("pages()->(u64)", vec![]), Ok(vec![uint(8)]));
	});
}

#[test]
fn modules_below_the_calling_one_are_closed() {
	test_calls(|| {
		let through = |module: &str, target: &str| {
			send(
				module,
				0,
				"through(address)",
				vec![address(contract(target))],
			)
		};
		assert_eq!(through("outer", "callee"), Ok(vec![]));
		let denied = Err(aborted(abort::CALL_FAILED + 6));
		// Neither that which the call entered first nor one in between, nor that which calls.
		assert_eq!(through("relay", "relay"), denied);
		assert_eq!(through("outer", "relay"), denied);
		assert_eq!(through("outer", "outer"), denied);
		assert_eq!(through("outer", "caller"), denied);
	});
}

#[test]
fn deposits_are_settled_before_control_leaves() {
	test_calls(|| {
		let before = held(&alice());
		call("open_around()", vec![]).unwrap();
		let of_one = held(&alice()) - before;
		call("close()", vec![]).unwrap();
		assert_eq!(held(&alice()), before);
		call("open()", vec![]).unwrap();
		assert_eq!(held(&alice()), before + of_one);
	});
}

#[test]
fn what_the_module_and_its_callees_store_counts_against_one_limit() {
	test_calls(|| {
		let open_and_keep = |deposit: Balance| {
			let limit = crate::CallLimit {
				deposit: Some(deposit),
				..AMPLE
			};
			let args = vec![bcs(contract("callee"))];
			dispatch(
				execute_call("caller::open_and_keep", &[], args, limit),
				alice(),
			)
			.1
		};
		let call = MoveCall::Execute {
			module: (issuer(), b"caller".to_vec()),
			function: b"open_and_keep".to_vec(),
			type_args: vec![],
			args: vec![bcs(contract("callee"))],
		};
		let estimate = MoveVm::estimate(alice(), call, None);
		assert_eq!(estimate.result, Ok(()));
		for deposit in [0, estimate.deposit / 2, estimate.deposit - 1] {
			assert!(open_and_keep(deposit).is_err(), "{deposit}");
		}
		let before = held(&alice());
		open_and_keep(estimate.deposit).unwrap();
		assert_eq!(held(&alice()) - before, estimate.deposit);
	});
}

#[test]
fn view_that_calls_out_writes_nothing_there() {
	test_calls(|| {
		let args = |signature: &str, arguments: Vec<u8>| {
			let list = |bytes: &[u8]| [vec![bytes.len() as u8], bytes.to_vec()].concat();
			vec![
				bcs(contract("callee")),
				list(signature.as_bytes()),
				list(&arguments),
			]
		};
		let code = |function: &str, arguments| {
			view("caller::attempt_send", &[], args(function, arguments))
		};
		assert_eq!(code("nothing()", vec![]), Ok(vec![bcs(0u64), vec![0]]));
		// `ReadOnly`, 8, and one.
		assert_eq!(code("keep(u64)", bcs(7u64)), Ok(vec![bcs(9u64), vec![0]]));
	});
}

#[test]
fn what_is_borrowed_cannot_change_below() {
	test_calls(|| {
		call("open()", vec![]).unwrap();
		let status = move_vm_types::StatusCode::VM_EXTENSION_ERROR.number();
		let refused = call("call_while_borrowed(address)->(u64)", to_callee(vec![]));
		assert_eq!(refused, Err(CallError::Engine(status.into())));
	});
}

#[test]
fn calls_nest_as_deep_as_the_dispatch_allows() {
	test_calls(|| {
		// Eight hops, and the extrinsic's own call.
		assert_eq!(call("nest(u64)->(u64)", vec![uint(8)]), Ok(vec![uint(9)]));
		let too_deep = call("nest(u64)->(u64)", vec![uint(9)]);
		assert!(
			matches!(too_deep, Err(CallError::Reverted(_))),
			"{too_deep:?}"
		);
	});
}

#[test]
fn sessions_that_wait_within_one_another_share_one_memory() {
	test_calls(|| {
		// Pieces of some 40 KiB, of which one execution holds 8 MiB.
		let hold = |depth: u64, pieces: u64| {
			let args = vec![uint(depth), uint(pieces)];
			call("hold_and_nest(u64,u64)->(u64)", args)
		};
		assert_eq!(hold(0, 128), Ok(vec![uint(128u64)]));
		assert_eq!(hold(3, 32), Ok(vec![uint(128u64)]));
		let failed = Err(aborted(abort::CALL_FAILED + 10));
		assert_eq!(hold(1, 128), failed);
		assert!(hold(7, 32).is_err());
		// And what is over is over.
		assert_eq!(hold(0, 128), Ok(vec![uint(128u64)]));
		// What a vector that is handed on has to spare counts too.
		let hold_below = |spare: bool, pieces: u64| {
			let args = vec![Value::Bool(spare), uint(pieces)];
			call("hold_below(bool,u64)->(u64)", args).is_ok()
		};
		let most = (128..256)
			.take_while(|pieces| hold_below(false, *pieces))
			.last()
			.unwrap();
		assert!(hold_below(true, most - 4), "{most}");
		assert!(!hold_below(true, most), "{most}");
	});
}

#[test]
fn estimate_of_a_call_that_leaves_the_machine_is_enough() {
	test_calls(|| {
		send("caller", 1_000, "receive()->(u128)", vec![]).unwrap();
		let nest = |depth: u64| MoveCall::Execute {
			module: (issuer(), b"caller".to_vec()),
			function: b"nest_in_transaction".to_vec(),
			type_args: vec![],
			args: vec![bcs(depth)],
		};
		for depth in [0, 1, 3, 7] {
			let estimate = MoveVm::estimate(alice(), nest(depth), None);
			assert_eq!(estimate.result, Ok(()), "{depth}");
			let call = execute_call(
				"caller::nest_in_transaction",
				&[],
				vec![bcs(depth)],
				estimate.limit,
			);
			assert_eq!(dispatch(call, alice()).1, Ok(()), "{depth}");
		}
	});
}

#[test]
fn script_has_no_account_to_call_from() {
	test_calls(|| {
		// A view is called from outside, by nobody's code.
		let refused = view("0x2::cross_vm::self_address", &[], vec![]);
		match refused {
			Err(MoveFailure::Vm(status)) => {
				assert_eq!(status.sub_status, Some(abort::NOT_A_MODULE))
			}
			other => panic!("{other:?}"),
		}
	});
}

#[test]
fn aliases_and_accounts_are_told() {
	test_calls(|| {
		let alias = trivium_primitives::account::alias(&bob());
		let told = view("0x2::cross_vm::alias_of", &[], vec![bcs(bob())]).unwrap();
		assert_eq!(Vec::<u8>::decode(&mut &told[0][..]).unwrap().len(), 5);
		assert_eq!(told[0][1..], alias.0);
		let account = view(
			"0x2::cross_vm::account_of",
			&[],
			vec![[vec![20], alias.0.to_vec()].concat()],
		);
		assert_eq!(account, Ok(vec![bob().encode()]));
		let short = view("0x2::cross_vm::account_of", &[], vec![vec![1, 1]]);
		assert!(short.is_err());
	});
}
