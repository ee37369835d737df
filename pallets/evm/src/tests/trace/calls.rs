//! The tree of frames.

use super::{
	super::signed::{address, key, Unsigned},
	*,
};
use polkadot_sdk::frame_support::traits::fungible::Mutate;

/// PUSH1, PUSH0, MSTORE with its word of memory, PUSH1, PUSH0, RETURN: 16 gas.
const SEVEN: &str = "7 0 MSTORE 32 0 RETURN";

/// Returns 0xAB as revert data.
const REVERTS: &str = "0xAB 0 MSTORE8 1 0 REVERT";

/// A program that reverts with `data`.
fn reverting(data: &[u8]) -> String {
	let mut program = String::new();
	for (at, byte) in data.iter().enumerate() {
		program.push_str(&format!("0x{byte:02x} {at} MSTORE8 "));
	}
	format!("{program} {} 0 REVERT", data.len())
}

fn error_string(text: &str) -> Vec<u8> {
	let mut data = vec![0x08, 0xC3, 0x79, 0xA0];
	data.extend(word(32));
	data.extend(word(text.len() as u64));
	data.extend(text.as_bytes());
	data.resize(data.len().next_multiple_of(32) + 4, 0);
	data
}

#[test]
fn nested_call_is_told_as_geth_tells_it() {
	test(|| {
		let inner = deploy(SEVEN);
		// Five PUSH0, PUSH20, PUSH2, a cold call and POP: 2,618 gas beside the callee's.
		let outer = deploy(&calls(inner, 50_000, "CALL"));
		let expected = json!({
			"type": "CALL",
			"from": me(),
			"to": at(outer),
			"value": "0x0",
			"gas": quantity(GAS),
			"gasUsed": quantity(21_000 + 2_618 + 16),
			"input": "0x",
			"calls": [{
				"type": "CALL",
				"from": at(outer),
				"to": at(inner),
				"value": "0x0",
				"gas": quantity(50_000),
				"gasUsed": "0x10",
				"input": "0x",
				"output": full(7),
			}],
		});
		assert_eq!(trace(outer, vec![], CALLS), expected);
	});
}

#[test]
fn each_kind_of_call_has_its_caller_target_and_value() {
	test(|| {
		let inner = deploy("");
		let library = deploy(&format!(
			"{} {} {}",
			calls(inner, 9_000, "STATICCALL"),
			calls(inner, 9_000, "CALLCODE"),
			calls(inner, 9_000, "CALL")
		));
		let outer = deploy(&calls(library, 90_000, "DELEGATECALL"));
		let trace = trace_value(outer, vec![1, 2], 5, CALLS);
		assert_eq!(trace["input"], "0x0102");
		assert_eq!(trace["value"], "0x5");
		let delegated = &trace["calls"][0];
		assert_eq!(delegated["type"], "DELEGATECALL");
		assert_eq!(delegated["from"], at(outer));
		assert_eq!(delegated["to"], at(library));
		// A delegate call goes on with the value of the frame that made it.
		assert_eq!(delegated["value"], "0x5");
		let below = delegated["calls"].as_array().expect("has calls");
		let seen: Vec<_> = below
			.iter()
			.map(|call| (call["type"].as_str().unwrap(), call.get("value").cloned()))
			.collect();
		assert_eq!(
			seen,
			[
				("STATICCALL", None),
				("CALLCODE", Some(json!("0x0"))),
				("CALL", Some(json!("0x0"))),
			]
		);
		for call in below {
			assert_eq!(call["from"], at(outer));
			assert_eq!(call["to"], at(inner));
			assert_eq!(call["gasUsed"], "0x0");
		}
	});
}

#[test]
fn call_with_value_has_the_stipend_in_its_gas() {
	test(|| {
		let inner = deploy("");
		let outer = deploy(&format!("0 0 0 0 3 {} 1000 CALL POP", token(inner)));
		let trace = trace_value(outer, vec![], 3, CALLS);
		assert_eq!(trace["calls"][0]["gas"], quantity(1_000 + 2_300));
		assert_eq!(trace["calls"][0]["value"], "0x3");
	});
}

#[test]
fn creation_has_its_code_and_address() {
	test(|| {
		let code = deployer(&asm(SEVEN));
		let trace = Evm::trace_call(alice(), None, code.clone(), 0, Some(GAS), CALLS).unwrap();
		let created = create(code.clone()).expect("deploys");
		let trace = json(&trace);
		assert_eq!(trace["type"], "CREATE");
		assert_eq!(trace["to"], at(created));
		assert_eq!(trace["input"], hex(&code));
		assert_eq!(trace["output"], hex(asm(SEVEN)));

		// Its calldata is the creation code.
		let load = "CALLDATASIZE 0 0 CALLDATACOPY";
		let factory = deploy(&format!(
			"{load} 0 CALLDATASIZE 0 0 CREATE POP 5 CALLDATASIZE 0 0 CREATE2 POP \
			5 CALLDATASIZE 0 0 CREATE2 POP"
		));
		let trace = super::trace(factory, code.clone(), CALLS);
		let below = trace["calls"].as_array().expect("has calls");
		assert_eq!(below.len(), 3);
		assert_eq!(below[0]["type"], "CREATE");
		assert_eq!(below[1]["type"], "CREATE2");
		assert_ne!(below[0]["to"], below[1]["to"]);
		for call in &below[..2] {
			assert_eq!(call["output"], hex(asm(SEVEN)));
			assert_eq!(call["input"], hex(&code));
			// 200 gas for each byte of the code, and the steps of the deployer.
			let steps = 3 + 3 + 3 + 2 + (3 + 3 + 3) + 2;
			let code_len = asm(SEVEN).len() as u64;
			assert_eq!(call["gasUsed"], quantity(200 * code_len + steps));
			assert!(call.get("error").is_none());
		}
		let again = &below[2];
		assert_eq!(again["error"], "contract address collision");
		assert_eq!(again.get("to"), None);
		assert_eq!(again.get("output"), None);
		assert_eq!(again["gasUsed"], again["gas"]);
	});
}

#[test]
fn failed_creation_has_no_address_but_its_reason() {
	test(|| {
		let factory = deploy("CALLDATASIZE 0 0 CALLDATACOPY CALLDATASIZE 0 0 CREATE POP");
		let error = |program: Vec<u8>| {
			let trace = trace(factory, program, CALLS);
			let call = &trace["calls"][0];
			assert_eq!(call.get("to"), None);
			assert_eq!(trace.get("error"), None);
			call["error"].as_str().expect("failed").to_string()
		};
		assert_eq!(error(asm(REVERTS)), "execution reverted");
		assert_eq!(error(asm("0x6001 0 RETURN")), "max code size exceeded");
		let begins_with_ef = "0xEF 0 MSTORE8 1 0 RETURN";
		assert_eq!(
			error(asm(begins_with_ef)),
			"invalid code: must not begin with 0xef"
		);

		let poor = deploy("CALLDATASIZE 0 0 CALLDATACOPY CALLDATASIZE 0 0 CREATE POP GAS 40000 LT");
		let trace = Evm::trace_call(
			alice(),
			Some(poor),
			asm("0x1000 0 RETURN"),
			0,
			Some(400_000),
			CALLS,
		)
		.unwrap();
		assert_eq!(
			json(&trace)["calls"][0]["error"],
			"contract creation code storage out of gas"
		);
	});
}

#[test]
fn failure_that_only_the_execution_knows_is_its_first_frames() {
	test(|| {
		crate::CreateNonces::<Test>::insert(alice(), u64::MAX);
		let trace = Evm::trace_call(alice(), None, asm("STOP"), 0, Some(GAS), CALLS).unwrap();
		let trace = json(&trace);
		assert_eq!(trace["type"], "CREATE");
		assert_eq!(trace["error"], "nonce uint64 overflow");
		assert_eq!(trace.get("to"), None);
	});
}

#[test]
fn selfdestruct_counts_as_a_call_that_sends_the_balance() {
	test(|| {
		let heir = H160::repeat_byte(0x44);
		let contract = deploy(&format!("{} SELFDESTRUCT", token(heir)));
		let trace = trace_value(contract, vec![], 9, CALLS);
		assert_eq!(
			trace["calls"],
			json!([{
				"type": "SELFDESTRUCT",
				"from": at(contract),
				"to": at(heir),
				"value": "0x9",
				"gas": "0x0",
				"gasUsed": "0x0",
				"input": "0x",
			}])
		);
	});
}

#[test]
fn revert_has_its_data_and_its_reason() {
	test(|| {
		let said = error_string("Not enough Ether provided.");
		let inner = deploy(&reverting(&said));
		let outer = deploy(&format!("0 0 0 0 0 {} GAS CALL {PASS_ON}", token(inner)));
		let trace = trace(outer, vec![], CALLS);
		for frame in [&trace, &trace["calls"][0]] {
			assert_eq!(frame["error"], "execution reverted");
			assert_eq!(frame["revertReason"], "Not enough Ether provided.");
			assert_eq!(frame["output"], hex(&said));
		}

		let panics = [&[0x4E, 0x48, 0x7B, 0x71][..], &word(0x11)].concat();
		let reason = |data: &[u8]| {
			let contract = deploy(&reverting(data));
			super::trace(contract, vec![], CALLS)
				.get("revertReason")
				.cloned()
		};
		assert_eq!(
			reason(&panics),
			Some(json!("arithmetic underflow or overflow"))
		);
		// Nothing, cut off, or not text.
		assert_eq!(reason(&[]), None);
		assert_eq!(reason(&said[..said.len() - 40]), None);
		assert_eq!(reason(&panics[..20]), None);
		let mut too_long = said.clone();
		too_long[4 + 32..4 + 64].fill(0xFF);
		assert_eq!(reason(&too_long), None);
		let mut not_text = said.clone();
		not_text[4 + 64] = 0xFF;
		assert_eq!(reason(&not_text), None);
	});
}

#[test]
fn each_failure_is_in_geths_words() {
	test(|| {
		let cases = [
			("again: @again JUMP", "out of gas"),
			("0 0 MSTORE 0xFFFFFFFF MLOAD", "out of gas"),
			("INVALID", "invalid opcode: INVALID"),
			("ADD", "stack underflow (0 <=> 2)"),
			("1 ADD", "stack underflow (1 <=> 2)"),
			("again: 1 @again JUMP", "stack limit reached 1024 (1023)"),
			("3 JUMP", "invalid jump destination"),
			("1 0 0 RETURNDATACOPY", "return data out of bounds"),
		];
		for (program, expected) in cases {
			let inner = deploy(program);
			let outer = deploy(&calls(inner, 30_000, "CALL"));
			let trace = trace(outer, vec![], CALLS);
			let call = &trace["calls"][0];
			assert_eq!(call["error"], expected, "{program}");
			assert_eq!(call["gasUsed"], call["gas"], "{program}");
			assert_eq!(call.get("output"), None);
			assert_eq!(trace.get("error"), None);
		}

		let undefined = create(deployer(&[0x0C])).expect("deploys");
		let frame = trace(undefined, vec![], CALLS);
		assert_eq!(frame["error"], "invalid opcode: opcode 0xc not defined");
		assert_eq!(frame["gasUsed"], quantity(GAS));

		let writes = deploy("1 0 SSTORE");
		let outer = deploy(&calls(writes, 30_000, "STATICCALL"));
		assert_eq!(
			trace(outer, vec![], CALLS)["calls"][0]["error"],
			"write protection"
		);

		let poor = deploy(&format!("0 0 0 0 1 {} 30000 CALL POP", token(writes)));
		let call = &trace(poor, vec![], CALLS)["calls"][0];
		assert_eq!(call["error"], "insufficient balance for transfer");
		assert_eq!(call["gasUsed"], "0x0");
	});
}

#[test]
fn precompiled_contract_has_a_frame() {
	test(|| {
		// The identity, over one word.
		let contract = deploy("7 0 MSTORE 32 0 32 0 4 GAS STATICCALL POP");
		let trace = trace(contract, vec![], CALLS);
		let call = &trace["calls"][0];
		assert_eq!(call["to"], at(H160::from_low_u64_be(4)));
		assert_eq!(call["input"], full(7));
		assert_eq!(call["output"], full(7));
		assert_eq!(call["gasUsed"], quantity(15 + 3));

		let poor = deploy("0 0 0 0 4 10 STATICCALL POP");
		let call = &super::trace(poor, vec![], CALLS)["calls"][0];
		assert_eq!(call["error"], "out of gas");
	});
}

#[test]
fn logs_have_positions_and_indices_and_take_effect_with_their_frames() {
	test(|| {
		let inner = deploy("0xBB 0 MSTORE8 8 1 0 LOG1");
		let failing = deploy(&format!(
			"0 0 LOG0 {} 0 0 REVERT",
			calls(inner, 50_000, "CALL")
		));
		let call_inner = calls(inner, 50_000, "CALL");
		let call_failing = calls(failing, 90_000, "CALL");
		let outer = deploy(&format!(
			"0 0 LOG0 {call_inner} {call_failing} 5 6 7 8 0 0 LOG4"
		));
		let own = |topics: Value, position: u64, index: u64| {
			json!({
				"address": at(outer),
				"topics": topics,
				"data": "0x",
				"position": quantity(position),
				"index": quantity(index),
			})
		};
		let trace = trace(outer, vec![], CALLS_WITH_LOGS);
		let topics = json!([full(8), full(7), full(6), full(5)]);
		assert_eq!(
			trace["logs"],
			json!([own(json!([]), 0, 0), own(topics.clone(), 2, 2)])
		);
		assert_eq!(
			trace["calls"][0]["logs"],
			json!([{
				"address": at(inner),
				"topics": [full(8)],
				"data": "0xbb",
				"position": "0x0",
				"index": "0x1",
			}])
		);
		// What a frame that failed has logged, or one below it, is not there.
		let failed = &trace["calls"][1];
		assert_eq!(failed.get("logs"), None);
		assert_eq!(failed["calls"][0].get("error"), None);
		assert_eq!(failed["calls"][0].get("logs"), None);

		let without = super::trace(outer, vec![], CALLS);
		assert_eq!(without.get("logs"), None);

		// The numbering is the same if only the first frame is told.
		let top = Tracer::Call(CallTracer {
			only_top_call: true,
			with_log: true,
		});
		let trace = super::trace(outer, vec![], top);
		assert_eq!(trace.get("calls"), None);
		assert_eq!(
			trace["logs"],
			json!([own(json!([]), 0, 0), own(topics, 0, 2)])
		);
		assert_eq!(trace.get("truncated"), None);
	});
}

#[test]
fn transaction_has_its_limit_and_what_the_evm_charged() {
	test(|| {
		let sender = address(&key(1));
		Balances::mint_into(&contract_account(sender), 1_000_000_000_000).expect("mints");
		let clears = deploy("0 0 SSTORE");
		Evm::apply_transaction(
			crate::transaction::decode(&Unsigned::default().sign(&key(1))).unwrap(),
		)
		.expect("is valid");
		let unsigned = Unsigned {
			to: Some(clears),
			nonce: 1,
			value: 4,
			data: vec![1],
			gas_limit: 100_000,
			..Default::default()
		};
		let raw = unsigned.sign(&key(1));
		let run = || {
			let tx = crate::transaction::decode(&raw).expect("decodes");
			Evm::apply_transaction(tx).expect("is valid")
		};
		let traced = trace_of(CALLS, run);
		let applied = run();
		assert_eq!(
			traced,
			json!({
				"type": "CALL",
				"from": at(sender),
				"to": at(clears),
				"value": "0x4",
				"gas": quantity(100_000),
				"gasUsed": quantity(applied.gas_used),
				"input": "0x01",
			})
		);
	});
}

#[test]
fn transaction_whose_execution_fails_is_told_all_the_same() {
	test(|| {
		let sender = address(&key(1));
		Balances::mint_into(&contract_account(sender), 1_000_000_000_000).expect("mints");
		let contract = deploy(&format!(
			"{} {REVERTS}",
			calls(deploy("1 0 SSTORE"), 50_000, "CALL")
		));
		let unsigned = Unsigned {
			to: Some(contract),
			..Default::default()
		};
		let raw = unsigned.sign(&key(1));
		let traced = trace_of(CALLS, || {
			let tx = crate::transaction::decode(&raw).expect("decodes");
			Evm::apply_transaction(tx).expect("is valid")
		});
		assert_eq!(traced["error"], "execution reverted");
		assert_eq!(traced["output"], "0xab");
		assert_eq!(traced["calls"][0].get("error"), None);

		// So is an extrinsic that is dispatched with an error.
		let traced = trace_of(CALLS, || call(contract, vec![]).expect_err("fails"));
		assert_eq!(traced["from"], me());
		assert_eq!(traced["error"], "execution reverted");
	});
}

#[test]
fn frames_below_a_hop_hang_under_the_call_of_the_bridge() {
	test(|| {
		let inner = deploy(&format!("0 0 LOG0 {SEVEN}"));
		let contract = deploy(&format!("0 0 LOG0 {TO_BRIDGE} POP 0 0 LOG0"));
		set_foreign(move |_| {
			nested(&wasm(), inner, vec![1])?;
			nested(&wasm(), inner, vec![2])
		});
		let input = bridge_call(&wasm(), "f()", &[], 0);
		let trace = trace(contract, input.clone(), CALLS_WITH_LOGS);
		let bridge = &trace["calls"][0];
		assert_eq!(bridge["to"], at(BRIDGE));
		assert_eq!(bridge["from"], at(contract));
		assert_eq!(bridge["input"], hex(&input));
		assert_eq!(bridge["output"], hex(crate::abi::encode_bytes(&word(7))));
		assert_eq!(trace["calls"].as_array().unwrap().len(), 1);
		let below = bridge["calls"].as_array().expect("has calls");
		assert_eq!(below.len(), 2);
		for (call, input) in below.iter().zip(["0x01", "0x02"]) {
			assert_eq!(call["type"], "CALL");
			assert_eq!(call["from"], at(account::alias(&wasm())));
			assert_eq!(call["to"], at(inner));
			assert_eq!(call["input"], input);
			assert_eq!(call["output"], full(7));
			// Without intrinsic gas: LOG0 of nothing, and two PUSH0.
			assert_eq!(call["gasUsed"], quantity(2 + 2 + 375 + 16));
		}
		let indices: Vec<_> = [
			&trace["logs"][0],
			&below[0]["logs"][0],
			&below[1]["logs"][0],
		]
		.into_iter()
		.chain([&trace["logs"][1]])
		.map(|log| log["index"].clone())
		.collect();
		assert_eq!(indices, ["0x0", "0x1", "0x2", "0x3"]);
	});
}

#[test]
fn hop_that_fails_takes_the_logs_below_it() {
	test(|| {
		let inner = deploy("0 0 LOG0");
		let contract = deploy(&format!("{TO_BRIDGE} POP 0 0 LOG0"));
		set_foreign(move |_| {
			nested(&wasm(), inner, vec![])?;
			Err(trivium_primitives::CallError::NotFound)
		});
		let input = bridge_call(&wasm(), "f()", &[], 0);
		let trace = trace(contract, input, CALLS_WITH_LOGS);
		let bridge = &trace["calls"][0];
		assert_eq!(bridge["error"], "execution reverted");
		assert_eq!(bridge["calls"][0].get("error"), None);
		assert_eq!(bridge["calls"][0].get("logs"), None);
		assert_eq!(trace["logs"][0]["index"], "0x0");
	});
}

#[test]
fn executions_one_after_another_are_a_list() {
	test(|| {
		let contract = deploy(SEVEN);
		let trace = trace_of(CALLS, || {
			mock::foreign_transaction(|| {
				nested(&wasm(), contract, vec![1]).expect("succeeds");
				nested(&wasm(), contract, vec![2]).expect("succeeds");
			})
		});
		let executions = trace.as_array().expect("is a list");
		assert_eq!(executions.len(), 2);
		assert_eq!(executions[1]["input"], "0x02");
		assert_eq!(executions[1]["from"], at(account::alias(&wasm())));
	});
}

#[test]
fn frames_that_run_out_of_proof_size_say_so() {
	test(|| {
		// Reads more slots than the proof size of its gas limit allows.
		let greedy = deploy("0 again: DUP1 SLOAD POP 1 ADD @again JUMP");
		let top = trace(greedy, vec![], CALLS);
		assert_eq!(top["error"], "out of proof size");
		assert_eq!(top["gasUsed"], quantity(GAS));
		let outer = deploy(&format!("0 0 0 0 0 {} GAS CALL POP", token(greedy)));
		let trace = trace(outer, vec![], CALLS);
		assert_eq!(trace.get("error"), None);
		let inner = &trace["calls"][0];
		assert_eq!(inner["error"], "out of proof size");
		assert_eq!(inner["gasUsed"], inner["gas"]);
	});
}
