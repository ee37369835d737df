//! Contracts that call, make and remove contracts.

use codec::Encode;
use pallet_wasm::CrossVmInput;
use trivium_primitives::ContractRef;

use super::{host::numbered_account, Program};
use crate::{
	code::{
		bytes, helper, helper_code, idle, idle_numbered, looped, message, module, ACCOUNT, DATA,
		INPUT, KEY, LEN, NOTHING, ONE,
	},
	state::{account, EVM_CONTRACT, LARGE, LARGE_CODES, NOBODY, SMALL},
};

/// Bytes of a long input or answer.
const LONG: u32 = 900_000;

/// Calls an account, with `value`, input of some length, and room for an answer of some length if that is not 0.
fn call(account: u32, value: u32, len: u32, room: u32) -> String {
	let (set_room, out, out_len) = match room {
		0 => (String::new(), u32::MAX, 0),
		_ => (
			format!("(i32.store (i32.const {LEN}) (i32.const {room}))"),
			DATA,
			LEN,
		),
	};
	format!(
		"{set_room} (drop (call $call (i32.const 8) (i32.const {account}) (i64.const 0) (i32.const {value})
			(i32.const {DATA}) (i32.const {len}) (i32.const {}) (i32.const {out_len})))",
		out as i32
	)
}

fn delegate(code: u32) -> String {
	format!(
		"(drop (call $delegate (i32.const 0) (i32.const {code}) (i32.const {DATA}) (i32.const 0)
			(i32.const -1) (i32.const 0)))"
	)
}

/// Instantiates code with input and salt of these lengths, the number first in the salt; the account goes to
/// [`ACCOUNT`].
fn instantiate(code: u32, len: u32, salt_len: u32) -> String {
	format!(
		"(i32.store (i32.const {KEY}) (local.get $n))
		(i32.store (i32.const {LEN}) (i32.const 32))
		(drop (call $instantiate (i32.const {code}) (i64.const 0) (i32.const {NOTHING})
			(i32.const {DATA}) (i32.const {len}) (i32.const {ACCOUNT}) (i32.const {LEN})
			(i32.const -1) (i32.const 0) (i32.const {KEY}) (i32.const {salt_len})))"
	)
}

/// A contract that is called again and again.
fn called(name: &str, code: Vec<u8>) -> Program {
	Program::endless(name, &call(helper(0), NOTHING, 0, 0)).with([code])
}

/// As [`called`]: what it does is `body`.
fn callee(name: &str, pages: u32, fields: &str, body: &str) -> Program {
	called(name, message(pages, fields, body))
}

/// Programs that call. There are as many contracts as `entries`.
pub fn programs(entries: u32) -> Vec<Program> {
	[callees(), nested(), others(entries), makers(), hops()].concat()
}

fn callees() -> Vec<Program> {
	let returns = |flags: u32, len: u32| {
		format!("(call $return (i32.const {flags}) (i32.const {DATA}) (i32.const {len}))")
	};
	let every_page = "(local $at i32) (loop $next
		(i32.store offset=4096 (local.get $at) (i32.const 1))
		(br_if $next (i32.lt_u
			(local.tee $at (i32.add (local.get $at) (i32.const 65536))) (i32.const 1048576))))";
	let locals = "(local i64) ".repeat(70);
	let long = |name: &str, caller: &str, callee: &str| {
		Program::endless_code(name, looped(16, "", "", caller)).with([message(16, "", callee)])
	};
	vec![
		called("call-idle", idle()),
		callee("call-trapping", 1, "", "unreachable"),
		callee("call-reverting", 1, "", &returns(1, 0)),
		callee("call-wrong-flags", 1, "", &returns(2, 0)),
		callee("call-16-pages", 16, "", ""),
		callee("call-growing", 1, "", "(drop (memory.grow (i32.const 15)))"),
		callee(
			"call-growing-by-one",
			1,
			"",
			&"(drop (memory.grow (i32.const 1)))".repeat(15),
		),
		callee("call-writing-pages", 16, "", every_page),
		callee(
			"call-large-table",
			1,
			"(table 16384 funcref) (func $f) (elem (i32.const 0) $f)",
			"",
		),
		callee("call-start", 1, "(func $start) (start $start)", ""),
		callee(
			"call-deep-stack",
			1,
			&format!(
				"(func $deep (param $left i32) {locals}
					(if (local.get $left)
						(then (call $deep (i32.sub (local.get $left) (i32.const 1))))))"
			),
			"(call $deep (i32.const 800))",
		),
		long("call-long-input", &call(helper(0), NOTHING, LONG, 0), ""),
		long(
			"call-long-answer",
			&call(helper(0), NOTHING, 0, LONG),
			&returns(0, LONG),
		),
		long(
			"input-long",
			&call(helper(0), NOTHING, LONG, 0),
			&format!(
				"(loop $ever
					(i32.store (i32.const {LEN}) (i32.const {LONG}))
					(call $input (i32.const {DATA}) (i32.const {LEN}))
					(br $ever))"
			),
		),
		Program::endless(
			"input-short",
			&format!(
				"(i32.store (i32.const {LEN}) (i32.const 2048))
				(call $input (i32.const {INPUT}) (i32.const {LEN}))"
			),
		),
		Program::endless("call-with-value", &call(helper(0), ONE, 0, 0)).with([idle()]),
		Program::endless("delegate-idle", &delegate(helper_code(0))).with([idle()]),
	]
}

/// Contracts within one another.
fn nested() -> Vec<Program> {
	// The contract calls itself as often as the first byte of its input says.
	let deep = |fields: &str, before: &str| {
		message(
			1,
			fields,
			&format!(
				"(i32.store (i32.const {LEN}) (i32.const 64))
				(call $input (i32.const {DATA}) (i32.const {LEN}))
				{before}
				(if (i32.load8_u (i32.const {DATA})) (then
					(i32.store8 (i32.const {DATA})
						(i32.sub (i32.load8_u (i32.const {DATA})) (i32.const 1)))
					(i32.store (i32.const {LEN}) (i32.const 32))
					(call $address (i32.const {ACCOUNT}) (i32.const {LEN}))
					{}))",
				call(ACCOUNT, NOTHING, 1, 0)
			),
		)
	};
	// Thirty-two frames are the most; one is the program's own.
	let begin = |name: &str, code: Vec<u8>| {
		let body = format!(
			"(i32.store8 (i32.const {DATA}) (i32.const 30)) {}",
			call(helper(0), NOTHING, 1, 0)
		);
		Program::endless(name, &body).with([code])
	};
	let key = format!("(i32.const {KEY}) (i32.const 4) (i32.const {DATA}) (i32.const 32)");
	vec![
		begin("nested", deep("", "")),
		begin(
			"nested-growing",
			deep("", "(drop (memory.grow (i32.const 15)))"),
		),
		begin(
			"nested-writing",
			deep("", &format!("(drop (call $set {key}))")),
		),
		// The one below the last cannot be called.
		Program::endless(
			"nested-too-deep",
			&format!(
				"(i32.store8 (i32.const {DATA}) (i32.const 60)) {}",
				call(helper(0), NOTHING, 1, 0)
			),
		)
		.with([deep("", "")]),
	]
}

/// Many accounts.
fn others(entries: u32) -> Vec<Program> {
	let each = |name: &str, end: u8, once: &str| {
		let (data, number) = numbered_account(end);
		let code = looped(1, &data, "", &format!("{number} {once}"));
		let program = Program::counted_code(name, code);
		match end {
			SMALL => program.up_to(entries),
			LARGE => program.up_to(LARGE_CODES.min(entries)),
			_ => program,
		}
	};
	let transfer = format!(
		"(drop (call $transfer (i32.const {ACCOUNT}) (i32.const 32) (i32.const {ONE}) (i32.const 16)))"
	);
	vec![
		each("call-each", SMALL, &call(ACCOUNT, NOTHING, 0, 0)),
		each("call-each-with-value", SMALL, &call(ACCOUNT, ONE, 0, 0)),
		each("call-each-large", LARGE, &call(ACCOUNT, NOTHING, 0, 0)),
		each("call-nobody", NOBODY, &call(ACCOUNT, NOTHING, 0, 0)),
		each("transfer-each", SMALL, &transfer),
		each("transfer-new", NOBODY, &transfer),
		Program::counted(
			"transfer-same",
			&format!(
				"(drop (call $transfer (i32.const {}) (i32.const 32) (i32.const {ONE}) (i32.const 16)))",
				helper(0)
			),
		)
		.with([idle()]),
	]
}

/// Contracts that make contracts, remove them, and change their code.
fn makers() -> Vec<Program> {
	let ends = message(1, "", &format!("(call $terminate (i32.const {KEY}))"));
	let trapping = module(
		1,
		&format!(
			"(func (export \"call\")) (func (export \"deploy\")
				(i32.store (i32.const {LEN}) (i32.const 64))
				(call $input (i32.const {DATA}) (i32.const {LEN}))
				(if (i32.load (i32.const {LEN})) (then unreachable)))"
		),
	);
	let set_code = |at: u32| format!("(drop (call $set_code (i32.const {at})))");
	vec![
		Program::counted("instantiate", &instantiate(helper_code(0), 0, 4)).with([idle()]),
		Program::counted(
			"instantiate-long",
			&instantiate(helper_code(0), 60_000, 60_000),
		)
		.with([idle()]),
		Program::endless("instantiate-trapping", &instantiate(helper_code(0), 1, 4))
			.with([trapping]),
		Program::endless("instantiate-missing", &instantiate(DATA, 0, 4)),
		Program::counted(
			"instantiate-and-terminate",
			&[
				instantiate(helper_code(0), 0, 4),
				call(ACCOUNT, NOTHING, 0, 0),
			]
			.concat(),
		)
		.with([ends]),
		Program::counted(
			"set-code",
			&[set_code(helper_code(0)), set_code(helper_code(1))].concat(),
		)
		.with([1, 2].map(idle_numbered)),
		Program::endless("set-code-missing", &set_code(DATA)),
		Program::counted(
			"lock-and-unlock",
			&format!(
				"(call $lock (i32.const {0})) (call $unlock (i32.const {0}))",
				helper_code(0)
			),
		)
		.with([idle()]),
	]
}

/// The bridge to other VMs.
fn hops() -> Vec<Program> {
	let hop = |name: &str, function: u32, input: &[u8], len: u32| {
		let data = format!("(data (i32.const {DATA}) \"{}\")", bytes(input));
		let once = format!(
			"(i32.store (i32.const {LEN}) (i32.const 32768))
			(drop (call $extension (i32.const {}) (i32.const {DATA}) (i32.const {len})
				(i32.const 131072) (i32.const {LEN})))",
			0x0801_0000 + function
		);
		Program::endless_code(name, looped(8, &data, "", &once))
	};
	let cross = |name: &str, target: ContractRef, value: u128, signature: &[u8]| {
		let input = CrossVmInput {
			target,
			value,
			signature: signature.to_vec(),
			args: Vec::new(),
			weight: None,
			deposit: None,
			flags: 0,
		};
		let input = input.encode();
		hop(name, 0, &input, input.len() as u32)
	};
	let evm = ContractRef::Address(EVM_CONTRACT);
	vec![
		cross("hop-to-evm", evm.clone(), 0, b"f()"),
		cross("hop-to-evm-with-value", evm.clone(), 1, b"f()"),
		cross(
			"hop-to-ink",
			ContractRef::Account(account(1, SMALL)),
			0,
			b"f()",
		),
		cross(
			"hop-to-nobody",
			ContractRef::Account(account(1, NOBODY)),
			0,
			b"f()",
		),
		cross("hop-bad-signature", evm.clone(), 0, &[b'('; 4_000]),
		cross(
			"hop-many-types",
			evm,
			0,
			format!("f({}u8)", "u8,".repeat(2_000)).as_bytes(),
		),
		hop("hop-empty", 0, &[], 0),
		hop("hop-garbage-long", 0, &[0xFF; 16], 250_000),
		hop("alias", 1, &[0xCC; 32], 32),
		hop("account-of-alias", 2, &[0xCC; 20], 20),
	]
}
