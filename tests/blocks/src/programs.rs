//! What the worst extrinsics run.

use codec::Encode;
use move_vm_binary_format::{Bytecode as B, SignatureToken as T};
use move_vm_fixtures::{abilities, Function, ModuleBuilder, Tables as _};
use move_vm_runtime::values::{block, LARGE_BYTES, VALUE_BYTES};
use polkadot_sdk::{
	frame_support::weights::Weight, frame_system::RawOrigin, sp_core::H160,
	sp_keyring::Sr25519Keyring,
};
use trivium_benchmarks_evm::asm::asm;
use trivium_runtime::{MoveVm, RuntimeCall};

/// Who signs, and has published what is to be called.
pub const SIGNER: Sr25519Keyring = Sr25519Keyring::Alice;

/// What the frames of a chain of calls are, each holding as much as it may: see [`evm::worst`], [`ink_worst`], and
/// `worst` of [`NESTING`].
pub const WORST: &str = "worst(address[])";

/// The Move module of [`publish_move`].
const MODULE: &str = "flood";

/// A module under [`SIGNER`] that calls itself by way of the dispatch pallet.
const NESTING: &[u8] = include_bytes!("../../../contracts/move/tests-cross-vm/bytecode/caller.mv");

fn bytes() -> T {
	T::Vector(Box::new(T::U8))
}

/// A Move module under [`SIGNER`]: `hold(vector<u8>, u64)` holds as many copies of some bytes at once,
/// `emit(vector<u8>, u64)` emits as many events with them. Called in the native runtime.
pub fn publish_move() {
	let account = SIGNER.to_account_id();
	let address = move_vm_types::AccountAddress(account.clone().into());
	let mut m = ModuleBuilder::new(address, MODULE);
	let vectors = m.signature([bytes()]);
	m.function(
		Function::new("hold")
			.public()
			.entry()
			.parameters([bytes(), T::U64])
			.locals([T::Vector(Box::new(bytes()))])
			.code([
				B::VecPack(vectors, 0),
				B::StLoc(2),
				// 2: while the count is not zero
				B::CopyLoc(1),
				B::LdU64(0),
				B::Eq,
				B::BrTrue(14),
				B::MutBorrowLoc(2),
				B::CopyLoc(0),
				B::VecPushBack(vectors),
				B::MoveLoc(1),
				B::LdU64(1),
				B::Sub,
				B::StLoc(1),
				B::Branch(2),
				B::Ret,
			]),
	);
	let note = m.struct_("Note", abilities("drop, store"), &[], &[("bytes", bytes())]);
	let event = m.module_handle(1, "event");
	let emit = Function::new("emit")
		.public()
		.type_parameters([abilities("store, drop")])
		.parameters([T::TypeParameter(0)]);
	let emit = m.function_handle(event, &emit);
	let emit = m.function_instantiation(emit, [note.type_()]);
	m.function(
		Function::new("emit")
			.public()
			.entry()
			.parameters([bytes(), T::U64])
			.code([
				// 0: while the count is not zero
				B::CopyLoc(1),
				B::LdU64(0),
				B::Eq,
				B::BrTrue(12),
				B::CopyLoc(0),
				B::Pack(note.def),
				B::CallGeneric(emit),
				B::MoveLoc(1),
				B::LdU64(1),
				B::Sub,
				B::StLoc(1),
				B::Branch(0),
				B::Ret,
			]),
	);
	let module = m.build().serialize().expect("it is a module");
	MoveVm::publish_package(
		RawOrigin::Signed(account).into(),
		vec![module, NESTING.to_vec()],
		Default::default(),
		pallet_move::CallLimit {
			ref_time: 1 << 40,
			proof_size: 1 << 22,
			deposit: Some(1 << 64),
		},
	)
	.expect("it is published");
}

/// A call of a function of that module.
fn call_move(function: &str, bytes: Vec<u8>, count: u64, limit: Weight) -> RuntimeCall {
	pallet_move::Call::execute {
		module: (SIGNER.to_account_id(), MODULE.as_bytes().to_vec()),
		function: function.as_bytes().to_vec(),
		type_args: Vec::new(),
		args: vec![bcs(&bytes), count.to_le_bytes().to_vec()],
		limit: limit.into(),
	}
	.into()
}

/// A call of a module that calls itself so often, and holds so many pieces of 32 KiB each time.
pub fn hold_and_nest_in_move(depth: u64, pieces: u64, limit: Weight) -> RuntimeCall {
	pallet_move::Call::execute {
		module: (SIGNER.to_account_id(), b"caller".to_vec()),
		function: b"hold_and_nest_in_transaction".to_vec(),
		type_args: Vec::new(),
		args: vec![depth.encode(), pieces.encode()],
		limit: limit.into(),
	}
	.into()
}

/// BCS of bytes: their length as ULEB128, then themselves.
fn bcs(bytes: &[u8]) -> Vec<u8> {
	let mut out = Vec::new();
	let mut len = bytes.len();
	while len >= 0x80 {
		out.push(len as u8 | 0x80);
		len >>= 7;
	}
	out.push(len as u8);
	out.extend_from_slice(bytes);
	out
}

/// Holds about `total` bytes at once, in vectors of this length.
pub fn hold_in_move(len: usize, total: usize, limit: Weight) -> RuntimeCall {
	// As the VM counts: the bytes, the vector, and its place in one that has grown by doubling.
	let each = block(len as u64)
		.saturating_add(LARGE_BYTES)
		.saturating_add(2 * VALUE_BYTES);
	call_move("hold", vec![7; len], total as u64 / each, limit)
}

/// Emits as many events with as many bytes.
pub fn emit_in_move(len: usize, count: u64, limit: Weight) -> RuntimeCall {
	call_move("emit", vec![7; len], count, limit)
}

/// Calls a contract of the EVM.
pub fn call_evm(target: H160, input: Vec<u8>, gas_limit: u64) -> RuntimeCall {
	pallet_evm::Call::call {
		target,
		input,
		value: 0,
		gas_limit,
	}
	.into()
}

/// Contracts of the EVM, each of which uses up what it finds.
pub mod evm {
	use polkadot_sdk::sp_core::H256;
	use trivium_primitives::Signature;

	use super::{asm, H160, WORST};

	/// Fills memory, frame by frame, as far as it gets.
	pub fn memory() -> Vec<u8> {
		asm("1 65504 MSTORE 0 0 0 0 0 ADDRESS GAS CALL STOP")
	}

	/// Calls itself with a full stack, as deep as the gas reaches.
	pub fn deep() -> Vec<u8> {
		asm("times(1017) GAS 0 0 0 0 0 ADDRESS GAS CALL STOP")
	}

	/// As many transient slots as there is gas or journal for.
	pub fn journal() -> Vec<u8> {
		asm("loop: GAS GAS TSTORE @loop JUMP")
	}

	/// First a long journal, then full stacks and memory, as deep as the gas reaches.
	pub fn all() -> Vec<u8> {
		asm("CALLDATASIZE @top JUMPI \
			times(1010) GAS 1 13000 MSTORE 0 0 0 0 0 ADDRESS GAS CALL STOP \
			top: 95000 loop: GAS GAS TSTORE 1 SWAP1 SUB DUP1 @loop JUMPI \
			0 0 0 0 0 ADDRESS GAS CALL STOP")
	}

	/// Logs of 24 KiB until the gas is gone but for little, so that they stay.
	pub fn logs() -> Vec<u8> {
		asm("loop: 24576 0 LOG0 6000000 GAS GT @loop JUMPI STOP")
	}

	/// `worst(address[])`: fills its stack and memory, and calls the first address with the others by the bridge, with leave
	/// to come back. Fails if that fails.
	pub fn worst() -> Vec<u8> {
		let bridge =
			Signature::parse(b"callWithFlags(address,string,bytes,u32)").expect("it is one");
		let selector = u32::from_be_bytes(bridge.solidity_selector());
		let mut name = [0; 32];
		name[..WORST.len()].copy_from_slice(WORST.as_bytes());
		let name = H256(name);
		asm(&format!(
			"times(990) GAS 1 65504 MSTORE 36 CALLDATALOAD ISZERO @done JUMPI \
			0x{selector:08x} 224 SHL 0 MSTORE 68 CALLDATALOAD 4 MSTORE \
			128 36 MSTORE 192 68 MSTORE 1 100 MSTORE {} 132 MSTORE {name:#x} 164 MSTORE \
			1 36 CALLDATALOAD SUB DUP1 260 MSTORE 5 SHL DUP1 64 ADD 196 MSTORE 32 228 MSTORE \
			DUP1 100 292 CALLDATACOPY 292 ADD 0 0 DUP3 0 0 0x0801 GAS CALL @done JUMPI 0 0 REVERT \
			done: STOP",
			WORST.len(),
		))
	}

	/// Logs without data.
	pub fn empty_logs() -> Vec<u8> {
		asm("loop: 0 0 LOG0 30000 GAS GT @loop JUMPI STOP")
	}

	/// Where the codes lie that [`reader`] reads: the first is at the address after this.
	const CODES: u128 = 1 << 96;

	/// The address of the code with this number.
	pub fn code_address(number: u32) -> H160 {
		let mut address = H160::zero();
		address.0[4..].copy_from_slice(&(CODES + u128::from(number)).to_be_bytes());
		address
	}

	/// As long a code as there can be, and no two alike.
	pub fn long_code(number: u32) -> Vec<u8> {
		let mut code = number.to_be_bytes().to_vec();
		// `STOP` first.
		code.insert(0, 0);
		code.resize(pallet_evm::MAX_CODE_LEN_BYTES as usize, 0x5B);
		code
	}

	/// Reads codes, of which a proof has every byte.
	pub fn reader() -> Vec<u8> {
		asm(&format!(
			"0 CALLDATALOAD 32 CALLDATALOAD \
			loop: 1 0 0 DUP4 DUP6 ADD 0x{CODES:032x} ADD EXTCODECOPY \
			1 SWAP1 SUB DUP1 @loop JUMPI STOP"
		))
	}

	/// Has [`reader`] read as many codes from the number after `before` on.
	pub fn reader_input(before: u32, count: u32) -> Vec<u8> {
		let word = |number: u32| [vec![0; 28], number.to_be_bytes().to_vec()].concat();
		[word(before), word(count)].concat()
	}

	/// Returns `bytes` of this length.
	pub fn answer(len: usize) -> Vec<u8> {
		asm(&format!(
			"32 0 MSTORE {len} 32 MSTORE {} 0 RETURN",
			64 + len
		))
	}
}

/// A contract of ink!'s machine that emits events of 16 KiB, as many as its input says.
pub fn ink_emitter() -> Vec<u8> {
	wat::parse_str(
		r#"(module
			(import "seal0" "seal_input" (func $input (param i32 i32)))
			(import "seal0" "seal_deposit_event" (func $event (param i32 i32 i32 i32)))
			(import "env" "memory" (memory 1 1))
			(func (export "deploy"))
			(func (export "call")
				(local $left i32)
				(i32.store (i32.const 4) (i32.const 4))
				(call $input (i32.const 0) (i32.const 4))
				(local.set $left (i32.load (i32.const 0)))
				(block $done
					(loop $again
						(br_if $done (i32.eqz (local.get $left)))
						(call $event (i32.const 0) (i32.const 0) (i32.const 1024) (i32.const 16000))
						(local.set $left (i32.sub (local.get $left) (i32.const 1)))
						(br $again)))))"#,
	)
	.expect("it is a module")
}

/// The input of that contract.
pub fn ink_input(count: u32) -> Vec<u8> {
	count.encode()
}

/// For a contract in text: `$take` takes all the memory that a contract may have, and most of the stack, and then calls
/// `$go`. It writes to byte 4096 of each page.
const GREEDY: &str = r#"
	(func $take (local $page i32)
		(drop (memory.grow (i32.const 15)))
		(loop $next
			(i32.store offset=4096 (i32.shl (local.get $page) (i32.const 16)) (i32.const 1))
			(local.set $page (i32.add (local.get $page) (i32.const 1)))
			(br_if $next (i32.lt_u (local.get $page) (i32.const 16))))
		(call $fill (i32.const 1000)))
	(func $fill (param $left i32)
		(local i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64)
		(local i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64)
		(local i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64)
		(local i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64)
		(if (local.get $left)
			(then (call $fill (i32.sub (local.get $left) (i32.const 1))))
			(else (call $go))))"#;

/// A contract of ink!'s machine that calls itself as often as its input says. Each visit takes all the
/// memory that a contract may have, and most of the stack.
pub fn ink_deep() -> Vec<u8> {
	wat::parse_str(format!(
		r#"(module
			(import "seal0" "input" (func $input (param i32 i32)))
			(import "seal0" "address" (func $address (param i32 i32)))
			(import "seal1" "seal_call"
				(func $call (param i32 i32 i64 i32 i32 i32 i32 i32) (result i32)))
			(import "env" "memory" (memory 1 16))
			;; 0: visits left, 4: length of the input, 8: length of an account, 64: the account,
			;; 128: the value, which is none
			{GREEDY}
			(func $go
				(if (i32.load (i32.const 0)) (then
					(i32.store (i32.const 0) (i32.sub (i32.load (i32.const 0)) (i32.const 1)))
					(i32.store (i32.const 8) (i32.const 32))
					(call $address (i32.const 64) (i32.const 8))
					(if (call $call (i32.const 8) (i32.const 64) (i64.const 0) (i32.const 128)
							(i32.const 0) (i32.const 4) (i32.const -1) (i32.const 0))
						(then unreachable)))))
			(func (export "deploy"))
			(func (export "call")
				(i32.store (i32.const 4) (i32.const 4))
				(call $input (i32.const 0) (i32.const 4))
				(call $take)))"#,
	))
	.expect("it is a module")
}

/// `worst(address[])`: takes all the memory and most of the stack that a contract may have, and calls the first address
/// with the others by the bridge, with leave to come back. Traps if that fails.
pub fn ink_worst() -> Vec<u8> {
	// Behind an account with its tag, the value, and the signature with its length.
	let arguments = 16_384 + 33 + 16 + 1 + WORST.len();
	wat::parse_str(format!(
		r#"(module
			(import "seal0" "input" (func $input (param i32 i32)))
			(import "seal0" "seal_return" (func $return (param i32 i32 i32)))
			(import "seal0" "call_chain_extension"
				(func $bridge (param i32 i32 i32 i32 i32) (result i32)))
			(import "env" "memory" (memory 1 16))
			;; 0: length of the input, 4: room for the answer, 8: the result of a message, 256: the input,
			;; 16384: what the bridge reads (an account, no value, the signature, the arguments), 32768: the answer
			(data (i32.const 16433) "\{:02x}{WORST}")
			{GREEDY}
			(func $copy (param $from i32) (param $to i32) (param $end i32)
				(block $done (loop $next
					(br_if $done (i32.ge_u (local.get $from) (local.get $end)))
					(i32.store8 (local.get $to) (i32.load8_u (local.get $from)))
					(local.set $from (i32.add (local.get $from) (i32.const 1)))
					(local.set $to (i32.add (local.get $to) (i32.const 1)))
					(br $next))))
			(func $go (local $count i32) (local $end i32) (local $at i32)
				(local.set $count (i32.shr_u (i32.load8_u (i32.const 260)) (i32.const 2)))
				(if (i32.eqz (local.get $count)) (then return))
				(local.set $end (i32.add (i32.const 256) (i32.load (i32.const 0))))
				(call $copy (i32.const 261) (i32.const 16385) (i32.const 293))
				;; The length of the arguments, compact, which fits in two bytes: their number, and 32 bytes each.
				(local.set $count (i32.sub (local.get $count) (i32.const 1)))
				(local.set $at (i32.add (i32.const 1) (i32.mul (local.get $count) (i32.const 32))))
				(i32.store16 (i32.const {arguments})
					(i32.or (i32.shl (local.get $at) (i32.const 2)) (i32.const 1)))
				(local.set $at (i32.const {}))
				(if (i32.lt_u (local.get $count) (i32.const 2)) (then
					(i32.store8 (i32.const {arguments})
						(i32.shl (i32.add (i32.const 1) (i32.mul (local.get $count) (i32.const 32))) (i32.const 2)))
					(local.set $at (i32.const {}))))
				(i32.store8 (local.get $at) (i32.shl (local.get $count) (i32.const 2)))
				(local.set $at (i32.add (local.get $at) (i32.const 1)))
				(call $copy (i32.const 293) (local.get $at) (local.get $end))
				(local.set $at (i32.add (local.get $at) (i32.mul (local.get $count) (i32.const 32))))
				;; No limits of its own, and leave.
				(i32.store16 (local.get $at) (i32.const 0))
				(i32.store offset=2 (local.get $at) (i32.const 1))
				(i32.store (i32.const 4) (i32.const 1024))
				(drop (call $bridge (i32.const 0x08010000) (i32.const 16384)
					(i32.sub (local.get $at) (i32.const 16378)) (i32.const 32768) (i32.const 4)))
				(if (i32.load8_u (i32.const 32768)) (then unreachable)))
			(func (export "deploy"))
			(func (export "call")
				(i32.store (i32.const 0) (i32.const 1024))
				(call $input (i32.const 256) (i32.const 0))
				(call $take)
				(call $return (i32.const 0) (i32.const 8) (i32.const 1))))"#,
		WORST.len() << 2,
		arguments + 2,
		arguments + 1,
	))
	.expect("it is a module")
}

/// One of the longest contracts, which take the most memory when they are translated: conditions without
/// content. Calls the first account of its input with the rest of it.
pub fn ink_large(number: u32) -> Vec<u8> {
	wat::parse_str(format!(
		r#"(module
			(import "seal0" "input" (func $input (param i32 i32)))
			(import "seal1" "seal_call"
				(func $call (param i32 i32 i64 i32 i32 i32 i32 i32) (result i32)))
			(import "env" "memory" (memory 1 16))
			;; 0: length of the input, 128: the value, which is none, 256: the input
			(data (i32.const 200) "{number}")
			(func $large (local $a i32) {})
			(func (export "deploy"))
			(func (export "call")
				(i32.store (i32.const 0) (i32.const 1024))
				(call $input (i32.const 256) (i32.const 0))
				(call $large)
				(if (i32.ge_u (i32.load (i32.const 0)) (i32.const 32)) (then
					(if (call $call (i32.const 8) (i32.const 256) (i64.const 0) (i32.const 128)
							(i32.const 288) (i32.sub (i32.load (i32.const 0)) (i32.const 32))
							(i32.const -1) (i32.const 0))
						(then unreachable))))))"#,
		"(if (local.get $a) (then) (else nop))".repeat(17_900),
	))
	.expect("it is a module")
}

/// A contract of ink!'s machine that keeps as many empty values for the transaction as its input says.
pub fn ink_transient() -> Vec<u8> {
	wat::parse_str(
		r#"(module
			(import "seal0" "input" (func $input (param i32 i32)))
			(import "seal0" "set_transient_storage"
				(func $set (param i32 i32 i32 i32) (result i32)))
			(import "env" "memory" (memory 1 1))
			(func (export "deploy"))
			(func (export "call")
				(i32.store (i32.const 4) (i32.const 4))
				(call $input (i32.const 0) (i32.const 4))
				(loop $again
					(drop (call $set (i32.const 0) (i32.const 4) (i32.const 8) (i32.const 0)))
					(i32.store (i32.const 0) (i32.sub (i32.load (i32.const 0)) (i32.const 1)))
					(br_if $again (i32.load (i32.const 0))))))"#,
	)
	.expect("it is a module")
}
