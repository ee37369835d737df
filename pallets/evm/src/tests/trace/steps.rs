//! Every step.

use super::*;

const ALL: StructLogger = StructLogger {
	enable_memory: true,
	disable_stack: false,
	disable_storage: false,
	enable_return_data: true,
	limit: 0,
	skip: 0,
};

fn steps(config: StructLogger) -> Tracer {
	Tracer::StructLog(config)
}

/// Gas that is left after a call's intrinsic gas.
const FIRST: u64 = GAS - 21_000;

#[test]
fn steps_are_told_as_geth_tells_them() {
	test(|| {
		let contract = deploy("7 0 MSTORE 9 1 SSTORE 1 SLOAD 32 0 RETURN");
		let expected = json!({
			"gas": 21_000 + 3 + 2 + 6 + 3 + 3 + 22_100 + 3 + 100 + 3 + 2,
			"failed": false,
			"returnValue": full(7),
			"structLogs": [
				{ "pc": 0, "op": "PUSH1", "gas": FIRST, "gasCost": 3, "depth": 1, "stack": [] },
				{ "pc": 2, "op": "PUSH0", "gas": FIRST - 3, "gasCost": 2, "depth": 1,
					"stack": ["0x7"] },
				{ "pc": 3, "op": "MSTORE", "gas": FIRST - 5, "gasCost": 6, "depth": 1,
					"stack": ["0x7", "0x0"] },
				{ "pc": 4, "op": "PUSH1", "gas": FIRST - 11, "gasCost": 3, "depth": 1, "stack": [],
					"memory": [full(7)] },
				{ "pc": 6, "op": "PUSH1", "gas": FIRST - 14, "gasCost": 3, "depth": 1,
					"stack": ["0x9"], "memory": [full(7)] },
				{ "pc": 8, "op": "SSTORE", "gas": FIRST - 17, "gasCost": 22_100, "depth": 1,
					"stack": ["0x9", "0x1"], "memory": [full(7)],
					"storage": { full(1): full(9) } },
				{ "pc": 9, "op": "PUSH1", "gas": FIRST - 22_117, "gasCost": 3, "depth": 1,
					"stack": [], "memory": [full(7)] },
				{ "pc": 11, "op": "SLOAD", "gas": FIRST - 22_120, "gasCost": 100, "depth": 1,
					"stack": ["0x1"], "memory": [full(7)], "storage": { full(1): full(9) } },
				{ "pc": 12, "op": "PUSH1", "gas": FIRST - 22_220, "gasCost": 3, "depth": 1,
					"stack": ["0x9"], "memory": [full(7)] },
				{ "pc": 14, "op": "PUSH0", "gas": FIRST - 22_223, "gasCost": 2, "depth": 1,
					"stack": ["0x9", "0x20"], "memory": [full(7)] },
				{ "pc": 15, "op": "RETURN", "gas": FIRST - 22_225, "gasCost": 0, "depth": 1,
					"stack": ["0x9", "0x20", "0x0"], "memory": [full(7)] },
			],
		});
		assert_eq!(trace(contract, vec![], steps(ALL)), expected);
	});
}

#[test]
fn what_is_not_wanted_is_left_out() {
	test(|| {
		let contract = deploy("7 0 MSTORE 9 1 SSTORE");
		let config = StructLogger {
			disable_stack: true,
			disable_storage: true,
			..Default::default()
		};
		let trace = trace(contract, vec![], steps(config));
		let logs = trace["structLogs"].as_array().expect("has steps");
		// The six that were written, and the end of the code.
		assert_eq!(logs.len(), 7);
		assert_eq!(logs[6]["op"], "STOP");
		for log in logs {
			let keys: Vec<_> = log.as_object().unwrap().keys().cloned().collect();
			assert_eq!(keys, ["depth", "gas", "gasCost", "op", "pc"]);
		}
	});
}

#[test]
fn calls_go_deeper_and_bring_back_data() {
	test(|| {
		let inner = deploy("7 0 MSTORE 32 0 RETURN");
		let outer = deploy(&calls(inner, 50_000, "CALL"));
		let trace = trace(outer, vec![], steps(ALL));
		let logs = trace["structLogs"].as_array().expect("has steps");
		let path: Vec<_> = logs
			.iter()
			.map(|log| (log["op"].as_str().unwrap(), log["depth"].as_u64().unwrap()))
			.skip_while(|(op, _)| *op != "CALL")
			.collect();
		assert_eq!(
			path,
			[
				("CALL", 1),
				("PUSH1", 2),
				("PUSH0", 2),
				("MSTORE", 2),
				("PUSH1", 2),
				("PUSH0", 2),
				("RETURN", 2),
				("POP", 1),
				("STOP", 1)
			]
		);
		let find = |op: &str| logs.iter().find(|log| log["op"] == op).expect("is there");
		// With what the callee is given.
		assert_eq!(find("CALL")["gasCost"], 2_600 + 50_000);
		assert_eq!(find("POP")["returnData"], full(7));
		assert_eq!(find("POP")["stack"], json!(["0x1"]));
		assert_eq!(find("RETURN")["gas"], 50_000 - 16);
	});
}

#[test]
fn creation_costs_what_its_step_costs() {
	test(|| {
		let factory = deploy("0 0 0 CREATE POP");
		let trace = trace(factory, vec![], steps(ALL));
		let create = &trace["structLogs"][3];
		assert_eq!(create["op"], "CREATE");
		assert_eq!(create["gasCost"], 32_000);
	});
}

#[test]
fn refund_is_that_of_all_live_frames() {
	test(|| {
		let clears =
			deploy("CALLDATASIZE ISZERO @clear JUMPI 1 0 SSTORE STOP clear: 0 0 SSTORE GAS POP");
		call(clears, vec![1]).expect("sets the slot");
		let also = deploy(&format!(
			"CALLDATASIZE ISZERO @clear JUMPI 1 0 SSTORE STOP clear: 0 0 SSTORE {} GAS POP",
			calls(clears, 50_000, "CALL")
		));
		call(also, vec![1]).expect("sets the slot");
		let trace = trace(also, vec![], steps(Default::default()));
		let refunds: Vec<_> = trace["structLogs"]
			.as_array()
			.unwrap()
			.iter()
			.filter(|log| log["op"] == "GAS" || log["op"] == "CALLDATASIZE")
			.map(|log| log.get("refund").cloned())
			.collect();
		let [one, two] = [Some(json!(4_800)), Some(json!(9_600))];
		assert_eq!(refunds, [None, one, two.clone(), two]);
	});
}

#[test]
fn step_that_fails_says_why() {
	test(|| {
		let inner = deploy("1 0 SSTORE");
		let outer = deploy(&calls(inner, 10_000, "CALL"));
		let trace = trace(outer, vec![], steps(ALL));
		assert_eq!(trace["failed"], false);
		let logs = trace["structLogs"].as_array().unwrap();
		let failed: Vec<_> = logs
			.iter()
			.filter(|log| log.get("error").is_some())
			.collect();
		assert_eq!(failed.len(), 1);
		assert_eq!(failed[0]["op"], "SSTORE");
		assert_eq!(failed[0]["error"], "out of gas");
		// All there was.
		assert_eq!(failed[0]["gasCost"], failed[0]["gas"]);
		assert_eq!(failed[0].get("storage"), None);

		let undefined = create(deployer(&[0x0C])).expect("deploys");
		let trace = super::trace(undefined, vec![], steps(ALL));
		assert_eq!(trace["failed"], true);
		assert_eq!(trace["returnValue"], "0x");
		assert_eq!(trace["structLogs"][0]["op"], "opcode 0xc not defined");
		let error = "invalid opcode: opcode 0xc not defined";
		assert_eq!(trace["structLogs"][0]["error"], error);

		// A revert is no failure of its step.
		let reverts = deploy("0xAB 0 MSTORE8 1 0 REVERT");
		let trace = super::trace(reverts, vec![], steps(ALL));
		assert_eq!(trace["failed"], true);
		assert_eq!(trace["returnValue"], "0xab");
		assert_eq!(trace["structLogs"][5]["op"], "REVERT");
		assert_eq!(trace["structLogs"][5].get("error"), None);
	});
}

#[test]
fn steps_below_a_hop_are_deeper_than_the_bridge() {
	test(|| {
		let inner = deploy("GAS POP");
		let contract = deploy(&format!("{TO_BRIDGE} POP"));
		set_foreign(move |_| nested(&wasm(), inner, vec![]));
		let trace = trace(
			contract,
			bridge_call(&wasm(), "f()", &[], 0),
			steps(Default::default()),
		);
		let logs = trace["structLogs"].as_array().unwrap();
		let at_pc_0: Vec<_> = logs.iter().filter(|log| log["pc"] == 0).collect();
		assert_eq!(at_pc_0.len(), 2);
		// The bridge, which has no steps, is the second.
		assert_eq!(at_pc_0[1]["depth"], 3);
		assert_eq!(logs.last().unwrap()["depth"], 1);
	});
}

#[test]
fn long_trace_can_be_had_in_parts() {
	test(|| {
		let contract = deploy("9 1 SSTORE 2 SLOAD POP 1 SLOAD POP 1 0 SSTORE");
		let whole = trace(contract, vec![], steps(ALL));
		let whole = whole["structLogs"].as_array().unwrap().clone();
		let mut parts = Vec::new();
		for part in 0..4 {
			let config = StructLogger {
				limit: 4,
				skip: part * 4,
				..ALL
			};
			let trace = trace(contract, vec![], steps(config));
			let logs = trace["structLogs"].as_array().unwrap();
			let is_last = parts.len() + logs.len() == whole.len();
			assert_eq!(trace.get("truncated"), (!is_last).then_some(&json!(true)));
			parts.extend(logs.clone());
		}
		assert_eq!(parts, whole);
	});
}
