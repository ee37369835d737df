//! A contract that does what its input says.

use codec::Encode;
use polkadot_sdk::{sp_core::H256, sp_weights::Weight};
use trivium_primitives::{AccountId, Balance};

/// What the contract is told to do: operations one after the other, each one byte, the length of its
/// data in four, and its data.
#[derive(Clone, Debug, Default)]
pub struct Script(Vec<u8>);

/// How one contract calls another.
#[derive(Clone, Debug)]
pub struct CallWith {
	pub flags: u32,
	pub gas: Weight,
	pub deposit: Balance,
	pub value: Balance,
}

impl Default for CallWith {
	fn default() -> Self {
		Self {
			flags: ALLOW_REENTRY,
			gas: Weight::zero(),
			deposit: 0,
			value: 0,
		}
	}
}

pub const FORWARD_INPUT: u32 = 1;
pub const TAIL_CALL: u32 = 4;
pub const ALLOW_REENTRY: u32 = 8;
pub const READ_ONLY: u32 = 16;

impl Script {
	fn op(mut self, op: u8, data: impl AsRef<[u8]>) -> Self {
		let data = data.as_ref();
		self.0.push(op);
		self.0.extend((data.len() as u32).to_le_bytes());
		self.0.extend(data);
		self
	}
	/// Ends well with this.
	pub fn returns(self, data: &[u8]) -> Self {
		self.op(0, data)
	}
	/// Ends badly with this.
	pub fn reverts(self, data: &[u8]) -> Self {
		self.op(1, data)
	}
	/// Traps.
	pub fn traps(self) -> Self {
		self.op(2, [])
	}
	/// Runs for ever.
	pub fn spins(self) -> Self {
		self.op(3, [])
	}
	/// Stores this under a key.
	pub fn stores(self, key: u8, value: &[u8]) -> Self {
		self.op(4, [&[key], value].concat())
	}
	/// Emits an event without topics.
	pub fn emits(self, data: &[u8]) -> Self {
		self.op(5, data)
	}
	/// Emits an event with one topic: the data.
	pub fn emits_topic(self, data: &[u8; 32]) -> Self {
		self.op(6, data)
	}
	/// Calls the chain extension; its output becomes the result so far.
	pub fn hops(self, input: &[u8]) -> Self {
		self.op(7, input)
	}
	/// Ends well with the result so far.
	pub fn returns_result(self) -> Self {
		self.op(8, [])
	}
	/// The caller becomes the result so far.
	pub fn asks_caller(self) -> Self {
		self.op(9, [])
	}
	/// What is stored under a key becomes the result so far.
	pub fn loads(self, key: u8) -> Self {
		self.op(10, [key])
	}
	/// Calls a contract; the code for how it went, and what it returned, become the result so far.
	pub fn calls(self, target: &AccountId, script: &Script, with: CallWith) -> Self {
		let fixed = (with.flags, with.gas.ref_time(), with.gas.proof_size()).encode();
		let amounts = (with.deposit, with.value).encode();
		self.op(
			11,
			[fixed, amounts, target.encode(), script.encode()].concat(),
		)
	}
	/// Runs other code as this contract; as [`Self::calls`].
	pub fn delegates(self, code: H256, script: &Script) -> Self {
		self.op(12, [code.encode(), script.encode()].concat())
	}
	/// Ends its existence in favour of an account.
	pub fn terminates(self, beneficiary: &AccountId) -> Self {
		self.op(13, beneficiary.encode())
	}
	/// Its balance becomes the result so far.
	pub fn asks_balance(self) -> Self {
		self.op(14, [])
	}
	/// Instantiates code; the code for how it went becomes the result so far.
	pub fn instantiates(
		self,
		code: H256,
		script: &Script,
		salt: u32,
		deposit: Balance,
		value: Balance,
	) -> Self {
		let fixed = (deposit, value, code, salt).encode();
		self.op(15, [fixed, script.encode()].concat())
	}
	/// Removes what is stored under a key.
	pub fn clears(self, key: u8) -> Self {
		self.op(17, [key])
	}
	/// Replaces its own code; the code for how it went becomes the result so far.
	pub fn sets_code(self, code: H256) -> Self {
		self.op(19, code)
	}
	/// Takes on a dependency.
	pub fn locks(self, code: H256) -> Self {
		self.op(20, code)
	}
	/// Gives a dependency up.
	pub fn unlocks(self, code: H256) -> Self {
		self.op(21, code)
	}
	/// Sends coins; the code for how it went becomes the result so far.
	pub fn transfers(self, to: &AccountId, value: Balance) -> Self {
		self.op(22, (to, value).encode())
	}
	/// Keeps this under a key until the transaction ends.
	pub fn stores_transient(self, key: u8, value: &[u8]) -> Self {
		self.op(23, [&[key], value].concat())
	}
	/// What is kept under a key becomes the result so far.
	pub fn loads_transient(self, key: u8) -> Self {
		self.op(24, [key])
	}
	/// The bytes for the contract.
	pub fn encode(&self) -> Vec<u8> {
		self.0.clone()
	}
}

/// The contract's code. Without the chain extension it can be uploaded where there is none.
pub fn contract(with_extension: bool) -> Vec<u8> {
	let (import, hop) = if with_extension {
		(IMPORTED, HOP)
	} else {
		("", "")
	};
	wat::parse_str(TEXT.replace("EXTENSION", import).replace("HOP", hop)).unwrap()
}

const IMPORTED: &str = r#"(import "seal0" "call_chain_extension"
	(func $extension (param i32 i32 i32 i32 i32) (result i32)))"#;

const TEXT: &str = r#"
(module
	(import "seal0" "input" (func $input (param i32 i32)))
	(import "seal0" "seal_return" (func $return (param i32 i32 i32)))
	(import "seal2" "set_storage" (func $set (param i32 i32 i32 i32) (result i32)))
	(import "seal1" "get_storage" (func $get (param i32 i32 i32 i32) (result i32)))
	(import "seal1" "clear_storage" (func $clear (param i32 i32) (result i32)))
	(import "seal0" "set_transient_storage" (func $set_transient
		(param i32 i32 i32 i32) (result i32)))
	(import "seal0" "get_transient_storage" (func $get_transient
		(param i32 i32 i32 i32) (result i32)))
	(import "seal0" "deposit_event" (func $emit (param i32 i32 i32 i32)))
	(import "seal0" "caller" (func $caller (param i32 i32)))
	(import "seal0" "balance" (func $balance (param i32 i32)))
	(import "seal0" "transfer" (func $transfer (param i32 i32 i32 i32) (result i32)))
	(import "seal1" "terminate" (func $terminate (param i32)))
	(import "seal0" "set_code_hash" (func $set_code (param i32) (result i32)))
	(import "seal0" "lock_delegate_dependency" (func $lock (param i32)))
	(import "seal0" "unlock_delegate_dependency" (func $unlock (param i32)))
	(import "seal0" "delegate_call" (func $delegate (param i32 i32 i32 i32 i32 i32) (result i32)))
	(import "seal2" "call" (func $call
		(param i32 i32 i64 i64 i32 i32 i32 i32 i32 i32) (result i32)))
	(import "seal2" "instantiate" (func $instantiate
		(param i32 i64 i64 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
	EXTENSION
	(import "env" "memory" (memory 16 16))
	;; 0: input length, 8: output length, 16: key, 96: one compact topic and its hash
	;; 0x1000: input, 0x60000: result so far, 0x5ff00: its length
	(data (i32.const 96) "\04")
	(global $at (mut i32) (i32.const 0x1000))
	(func $room (i32.store (i32.const 8) (i32.const 0x40000)))
	(func $result (i32.store (i32.const 0x5ff00) (i32.load (i32.const 8))))
	(func $no_result (i32.store (i32.const 0x5ff00) (i32.const 0)))
	;; A code, and after it what was returned, unless the callee trapped.
	(func $outcome (param $code i32)
		(i32.store (i32.const 0x60000) (local.get $code))
		(i32.store (i32.const 0x5ff00) (i32.const 4))
		(if (i32.or (i32.eqz (local.get $code)) (i32.eq (local.get $code) (i32.const 2))) (then
			(i32.store (i32.const 0x5ff00)
				(i32.add (i32.const 4) (i32.load (i32.const 8)))))))
	(func $copy (param $from i32) (param $to i32) (param $len i32)
		(loop $more
			(if (local.get $len) (then
				(local.set $len (i32.sub (local.get $len) (i32.const 1)))
				(i32.store8 (i32.add (local.get $to) (local.get $len))
					(i32.load8_u (i32.add (local.get $from) (local.get $len))))
				(br $more)))))
	(func $key (param $data i32)
		(i32.store8 (i32.const 16) (i32.load8_u (local.get $data))))
	(func $step (param $op i32) (param $data i32) (param $len i32)
		(if (i32.eq (local.get $op) (i32.const 0)) (then
			(call $return (i32.const 0) (local.get $data) (local.get $len))))
		(if (i32.eq (local.get $op) (i32.const 1)) (then
			(call $return (i32.const 1) (local.get $data) (local.get $len))))
		(if (i32.eq (local.get $op) (i32.const 2)) (then (unreachable)))
		(if (i32.eq (local.get $op) (i32.const 3)) (then (loop $ever (br $ever))))
		(if (i32.eq (local.get $op) (i32.const 4)) (then
			(call $key (local.get $data))
			(drop (call $set (i32.const 16) (i32.const 32)
				(i32.add (local.get $data) (i32.const 1))
				(i32.sub (local.get $len) (i32.const 1))))))
		(if (i32.eq (local.get $op) (i32.const 5)) (then
			(call $emit (i32.const 0) (i32.const 0) (local.get $data) (local.get $len))))
		(if (i32.eq (local.get $op) (i32.const 6)) (then
			(call $copy (local.get $data) (i32.const 97) (i32.const 32))
			(call $emit (i32.const 96) (i32.const 33) (local.get $data) (local.get $len))))
		HOP
		(if (i32.eq (local.get $op) (i32.const 8)) (then
			(call $return (i32.const 0) (i32.const 0x60000) (i32.load (i32.const 0x5ff00)))))
		(if (i32.eq (local.get $op) (i32.const 9)) (then
			(call $room)
			(call $caller (i32.const 0x60000) (i32.const 8))
			(call $result)))
		(if (i32.eq (local.get $op) (i32.const 10)) (then
			(call $room)
			(call $key (local.get $data))
			(if (call $get (i32.const 16) (i32.const 32) (i32.const 0x60000) (i32.const 8))
				(then (call $no_result)) (else (call $result)))))
		(if (i32.eq (local.get $op) (i32.const 11)) (then
			(call $room)
			(call $outcome (call $call
				(i32.load (local.get $data))
				(i32.add (local.get $data) (i32.const 52))
				(i64.load (i32.add (local.get $data) (i32.const 4)))
				(i64.load (i32.add (local.get $data) (i32.const 12)))
				(i32.add (local.get $data) (i32.const 20))
				(i32.add (local.get $data) (i32.const 36))
				(i32.add (local.get $data) (i32.const 84))
				(i32.sub (local.get $len) (i32.const 84))
				(i32.const 0x60004) (i32.const 8)))))
		(if (i32.eq (local.get $op) (i32.const 12)) (then
			(call $room)
			(call $outcome (call $delegate (i32.const 0) (local.get $data)
				(i32.add (local.get $data) (i32.const 32))
				(i32.sub (local.get $len) (i32.const 32))
				(i32.const 0x60004) (i32.const 8)))))
		(if (i32.eq (local.get $op) (i32.const 13)) (then
			(call $terminate (local.get $data))))
		(if (i32.eq (local.get $op) (i32.const 14)) (then
			(call $room)
			(call $balance (i32.const 0x60000) (i32.const 8))
			(call $result)))
		(if (i32.eq (local.get $op) (i32.const 15)) (then
			(call $room)
			(call $outcome (call $instantiate
				(i32.add (local.get $data) (i32.const 32))
				(i64.const 0) (i64.const 0)
				(local.get $data)
				(i32.add (local.get $data) (i32.const 16))
				(i32.add (local.get $data) (i32.const 68))
				(i32.sub (local.get $len) (i32.const 68))
				(i32.const -1) (i32.const 0)
				(i32.const 0x60004) (i32.const 8)
				(i32.add (local.get $data) (i32.const 64)) (i32.const 4)))))
		(if (i32.eq (local.get $op) (i32.const 17)) (then
			(call $key (local.get $data))
			(drop (call $clear (i32.const 16) (i32.const 32)))))
		(if (i32.eq (local.get $op) (i32.const 19)) (then
			(i32.store (i32.const 8) (i32.const 0))
			(call $outcome (call $set_code (local.get $data)))))
		(if (i32.eq (local.get $op) (i32.const 20)) (then (call $lock (local.get $data))))
		(if (i32.eq (local.get $op) (i32.const 21)) (then (call $unlock (local.get $data))))
		(if (i32.eq (local.get $op) (i32.const 22)) (then
			(i32.store (i32.const 8) (i32.const 0))
			(call $outcome (call $transfer (local.get $data) (i32.const 32)
				(i32.add (local.get $data) (i32.const 32)) (i32.const 16)))))
		(if (i32.eq (local.get $op) (i32.const 23)) (then
			(call $key (local.get $data))
			(drop (call $set_transient (i32.const 16) (i32.const 32)
				(i32.add (local.get $data) (i32.const 1))
				(i32.sub (local.get $len) (i32.const 1))))))
		(if (i32.eq (local.get $op) (i32.const 24)) (then
			(call $room)
			(call $key (local.get $data))
			(if (call $get_transient
				(i32.const 16) (i32.const 32) (i32.const 0x60000) (i32.const 8))
				(then (call $no_result)) (else (call $result))))))
	(func $run
		(local $end i32) (local $data i32) (local $len i32)
		(i32.store (i32.const 0) (i32.const 0x50000))
		(call $input (i32.const 0x1000) (i32.const 0))
		(local.set $end (i32.add (i32.const 0x1000) (i32.load (i32.const 0))))
		(loop $next
			(if (i32.lt_u (global.get $at) (local.get $end)) (then
				(local.set $len (i32.load (i32.add (global.get $at) (i32.const 1))))
				(local.set $data (i32.add (global.get $at) (i32.const 5)))
				(call $step (i32.load8_u (global.get $at)) (local.get $data) (local.get $len))
				(global.set $at (i32.add (local.get $data) (local.get $len)))
				(br $next)))))
	(func (export "deploy") (call $run))
	(func (export "call") (call $run)))
"#;

const HOP: &str = r#"(if (i32.eq (local.get $op) (i32.const 7)) (then
	(call $room)
	(drop (call $extension (i32.const 0x08010000) (local.get $data) (local.get $len)
		(i32.const 0x60000) (i32.const 8)))
	(call $result)))"#;
