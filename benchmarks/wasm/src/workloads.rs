//! What is measured.

use polkadot_sdk::sp_core::H256;
use trivium_benchmarks_wasm_guest::Work;
use trivium_primitives::AccountId;

use crate::speed::Prepare;

/// One row.
pub struct Workload {
	/// Its name.
	pub name: &'static str,
	/// How many times as fast ours has to be.
	pub target: f64,
	/// Puts its contracts into the state and says what is to be called.
	pub prepare: fn(&Prepare) -> Work,
}

/// All rows.
pub const WORKLOADS: &[Workload] = &[
	Workload {
		name: "empty call",
		target: 3.0,
		prepare: |chain| call(chain, "", ""),
	},
	Workload {
		name: "10 reads of a known key",
		target: 1.0,
		prepare: |chain| {
			let read = "(i32.store (i32.const 64) (i32.const 32)) (drop (call $get \
			            (i32.const 128) (i32.const 4) (i32.const 512) (i32.const 64)))";
			call(chain, &set("128"), &read.repeat(10))
		},
	},
	Workload {
		name: "10 writes to a known key",
		target: 1.0,
		prepare: |chain| call(chain, &set("128"), &set("128").repeat(10)),
	},
	Workload {
		name: "write to a new key",
		target: 1.0,
		prepare: |chain| call(chain, "", &set("0")),
	},
	Workload {
		name: "event of 1 KB",
		target: 1.0,
		prepare: |chain| {
			call(
				chain,
				"",
				"(call $event (i32.const 0) (i32.const 0) (i32.const 512) (i32.const 1024))",
			)
		},
	},
	Workload {
		name: "10 calls of another contract",
		target: 1.0,
		prepare: calls_of_another,
	},
	Workload {
		name: "ERC-20 transfer",
		target: 1.0,
		prepare: erc20,
	},
	Workload {
		name: "computation, 100,000 rounds",
		target: 2.0,
		prepare: |chain| {
			call(
				chain,
				"",
				"(local $n i32) (local $x i64)
				(local.set $n (i32.const 100000))
				(loop $again
					(local.set $x (i64.add (i64.mul (local.get $x)
						(i64.const 6364136223846793005)) (i64.const 1442695040888963407)))
					(local.set $x (i64.xor (local.get $x)
						(i64.shr_u (local.get $x) (i64.const 29))))
					(br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
				(i64.store (i32.const 512) (local.get $x))
				(call $return (i32.const 0) (i32.const 512) (i32.const 8))",
			)
		},
	},
	Workload {
		name: "1,000 hashes of 64 bytes",
		target: 1.0,
		prepare: |chain| {
			call(
				chain,
				"",
				"(local $n i32) (local.set $n (i32.const 1000))
				(loop $again
					(call $keccak (i32.const 512) (i32.const 64) (i32.const 512))
					(br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
				(call $return (i32.const 0) (i32.const 512) (i32.const 32))",
			)
		},
	},
	Workload {
		name: "instantiation",
		target: 1.0,
		prepare: |chain| Work::Instantiate {
			code: upload(chain, &contract("", &set("128"), "")),
		},
	},
];

/// Stores 32 bytes under the four at `key`.
fn set(key: &str) -> String {
	format!("(drop (call $set (i32.const {key}) (i32.const 4) (i32.const 512) (i32.const 32)))")
}

/// A contract whose message begins by reading its input to 0.
fn contract(data: &str, deploy: &str, call: &str) -> String {
	// Locals come first.
	let is_local = |text: &&str| text.trim_start().starts_with("(local $");
	let mut locals = String::new();
	let mut rest = call;
	while is_local(&rest) {
		let end = rest.find(')').map_or(rest.len(), |end| end + 1);
		let (local, after) = rest.split_at(end);
		locals.push_str(local);
		rest = after;
	}
	format!(
		r#"(module
			(import "seal0" "input" (func $input (param i32 i32)))
			(import "seal0" "seal_return" (func $return (param i32 i32 i32)))
			(import "seal2" "set_storage" (func $set (param i32 i32 i32 i32) (result i32)))
			(import "seal1" "get_storage" (func $get (param i32 i32 i32 i32) (result i32)))
			(import "seal0" "deposit_event" (func $event (param i32 i32 i32 i32)))
			(import "seal0" "hash_keccak_256" (func $keccak (param i32 i32 i32)))
			(import "seal1" "seal_call"
				(func $call (param i32 i32 i64 i32 i32 i32 i32 i32) (result i32)))
			(import "env" "memory" (memory 2 16))
			;; 0: the input, 64: lengths, 96: a value of coins, which is none, 128: a key, 256: an account
			{data}
			(func (export "deploy") {deploy})
			(func (export "call") {locals}
				(i32.store (i32.const 64) (i32.const 32))
				(call $input (i32.const 0) (i32.const 64))
				{rest}))"#
	)
}

fn upload(chain: &Prepare, text: &str) -> H256 {
	let code = wat::parse_str(text).expect("it is a module");
	(chain.upload)(code).expect("it can be uploaded")
}

fn instantiate(chain: &Prepare, text: &str) -> AccountId {
	let code = upload(chain, text);
	(chain.instantiate)(code, 0).expect("it can be instantiated")
}

fn call(chain: &Prepare, deploy: &str, body: &str) -> Work {
	Work::Call {
		dest: instantiate(chain, &contract("", deploy, body)),
		data: vec![0; 4],
		numbered: true,
	}
}

fn calls_of_another(chain: &Prepare) -> Work {
	let other = instantiate(chain, &contract("", "", ""));
	let bytes: &[u8] = other.as_ref();
	let escaped: String = bytes.iter().map(|byte| format!("\\{byte:02x}")).collect();
	let once = "(if (call $call (i32.const 8) (i32.const 256) (i64.const 0) (i32.const 96) \
	            (i32.const 0) (i32.const 4) (i32.const -1) (i32.const 0)) (then unreachable))";
	let data = format!("(data (i32.const 256) \"{escaped}\")");
	Work::Call {
		dest: instantiate(chain, &contract(&data, "", &once.repeat(10))),
		data: vec![0; 4],
		numbered: true,
	}
}

/// What a transfer of coins does in a contract by hand: two balances read, two written, an event.
fn erc20(chain: &Prepare) -> Work {
	let balance = |at: u32| {
		format!(
			"(i32.store (i32.const 64) (i32.const 16)) (drop (call $get (i32.const {at}) \
			 (i32.const 4) (i32.const 512) (i32.const 64)))"
		)
	};
	let put = |at: u32, op: &str| {
		format!(
			"(i64.store (i32.const 512) (i64.{op} (i64.load (i32.const 512)) (i64.const 1))) \
			 (drop (call $set (i32.const {at}) (i32.const 4) (i32.const 512) (i32.const 16)))"
		)
	};
	let body = [
		balance(128),
		put(128, "sub"),
		balance(0),
		put(0, "add"),
		"(call $event (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 80))".into(),
	]
	.concat();
	let deploy = "(drop (call $set (i32.const 128) (i32.const 4) (i32.const 512) (i32.const 16)))";
	Work::Call {
		dest: instantiate(
			chain,
			&contract("(data (i32.const 128) \"mine\")", deploy, &body),
		),
		data: vec![0; 4],
		numbered: true,
	}
}
