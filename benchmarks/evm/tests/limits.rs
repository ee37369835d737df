//! The deepest recursion that a block's gas reaches and the longest journal, in the wasm that ships, compiled
//! and limited as relay chain validators do it: nothing traps, and the call below the deepest fails as
//! Ethereum's does. Of the memory that validators allow there are three quarters; the last is for what
//! else is in a block.
//!
//! The rule of 63/64 ends every recursion below Ethereum's limit of 1024 calls, whoever asks: dry runs have
//! no more gas than a transaction can have.

use std::sync::LazyLock;

use codec::{Decode, Encode};
use pallet_cross_vm::CallLimit;
use pallet_evm::{types::ExecutionReport, Failure, MEMORY_LIMIT_BYTES};
use polkadot_sdk::{sc_executor::HeapAllocStrategy, sp_core::H160};
use trivium_benchmarks_evm::{
	asm::asm,
	chain::{binary, in_trie, with_validator_stack, Wasm, World, VALIDATOR},
};
use trivium_primitives::{account::ethereum_account, ContractRef, Simulation, Value};
use trivium_runtime::constants::gas::CALL_GAS_LIMIT;

/// Calls below the first that Ethereum allows.
const MAX_DEPTH: u64 = 1024;

const CONTRACT: H160 = H160::repeat_byte(0xC0);
const CALLER: H160 = H160::repeat_byte(0xAA);

// Compiled once for all tests.
static WASM: LazyLock<Wasm> = LazyLock::new(|| {
	let mut config = VALIDATOR;
	if let HeapAllocStrategy::Dynamic {
		maximum_pages: Some(pages),
	} = &mut config.semantics.heap_alloc_strategy
	{
		*pages = *pages / 4 * 3;
		return Wasm::with_code(binary(), config);
	}
	panic!("validators limit memory")
});

/// A contract that calls itself until that fails. Behind the selector of its input is its depth, or
/// nothing. It returns the deepest that was reached and the gas that was left there after the failure.
/// `fill` runs first and may leave words on the stack.
fn recursive(fill: &str, call: &str) -> Vec<u8> {
	asm(&format!(
		"{fill} 4 CALLDATALOAD 1 ADD 4 MSTORE \
		64 0 36 0 {call} @returned JUMPI \
		4 CALLDATALOAD 0 MSTORE GAS 32 MSTORE \
		returned: 64 0 RETURN"
	))
}

/// A contract that runs the creation code behind its own, and returns what that deploys.
fn creator(creation: &[u8]) -> Vec<u8> {
	let len = creation.len();
	let code = |offset: usize| {
		asm(&format!(
			"{len} {offset} 0 CODECOPY {len} 0 0 CREATE 64 0 0 DUP4 EXTCODECOPY 64 0 RETURN"
		))
	};
	let mut code = code(code(0xFF).len());
	code.extend_from_slice(creation);
	code
}

/// Creation code that creates from itself until that fails. Its own depth follows the code; what it
/// deploys is what [`recursive`] returns.
fn recursive_creation() -> Vec<u8> {
	let mut code = asm(
		"CODESIZE 0 0 CODECOPY 32 CODESIZE SUB MLOAD DUP1 1 ADD 32 CODESIZE SUB MSTORE \
		CODESIZE 0 0 CREATE DUP1 @created JUMPI \
		POP 0 MSTORE GAS 32 MSTORE 64 0 RETURN \
		created: 64 0 0 DUP4 EXTCODECOPY 64 0 RETURN",
	);
	code.extend([0; 32]);
	code
}

fn run(world: World, function: &'static str, arguments: Vec<u8>) -> Vec<u8> {
	with_validator_stack(move || {
		let mut state = in_trie(world.storage());
		let (time, result) = WASM
			.run(&mut state.ext(), function, &arguments)
			.expect("the runtime does not trap");
		println!("{function}: {time:?}");
		result
	})
}

/// Has the dispatch simulate a call of a contract with this code, with as much gas as it lets anybody
/// have. Gives the deepest call.
fn descend(code: Vec<u8>) -> u64 {
	let world = World::default().with_contract(CONTRACT, code);
	let limit = CallLimit {
		ref_time: u64::MAX,
		proof_size: u64::MAX,
		deposit: None,
	};
	let arguments = (
		ethereum_account(&CALLER),
		ContractRef::Address(CONTRACT),
		0u128,
		b"f()->(u64,u64)".to_vec(),
		Vec::<Value>::new(),
		Some(limit),
	)
		.encode();
	let answer = run(world, "CrossVmApi_simulate", arguments);
	let answer = Simulation::decode(&mut &answer[..]).expect("the runtime encodes its answer");
	match answer.result.expect("the first call succeeds")[..] {
		[Value::Uint(depth), Value::Uint(_)] => depth.as_u64(),
		ref other => panic!("not two numbers: {other:?}"),
	}
}

/// Calls a contract with this code and a block's gas.
fn call_in_block(code: Vec<u8>) -> ExecutionReport {
	let world = World::default().with_contract(CONTRACT, code);
	let from = ethereum_account(&CALLER);
	let arguments = (
		from,
		CONTRACT,
		Vec::<u8>::new(),
		0u128,
		Some(CALL_GAS_LIMIT),
	)
		.encode();
	let report = run(world, "EvmApi_call", arguments);
	ExecutionReport::decode(&mut &report[..]).expect("the runtime encodes its report")
}

/// The recursion goes at least as deep, and ends for want of gas.
#[track_caller]
fn assert_ends_with_the_gas(depth: u64, least: u64) {
	println!("depth: {depth}");
	assert!((least..MAX_DEPTH).contains(&depth), "{depth}");
}

const CALL: &str = "0 ADDRESS GAS CALL";
const DELEGATECALL: &str = "ADDRESS GAS DELEGATECALL";
const STATICCALL: &str = "ADDRESS GAS STATICCALL";

/// Leaves as many words on the stack as a frame of [`recursive`] has room for.
const FULL_STACK: &str = "times(1017) GAS";

#[test]
fn calls_end_with_the_gas() {
	for instruction in [CALL, DELEGATECALL, STATICCALL] {
		let code = recursive("", instruction);
		assert_ends_with_the_gas(descend(code), 300);
	}
}

#[test]
fn calls_with_full_stacks_end_with_the_gas() {
	let code = recursive(FULL_STACK, CALL);
	assert_ends_with_the_gas(descend(code), 300);
}

#[test]
fn calls_that_fill_stacks_and_memory_end_with_the_gas() {
	// As much as keeps all frames that there can be just below the limit, in whole words.
	let frame_bytes = MEMORY_LIMIT_BYTES / 600 / 32 * 32;
	let fill = format!("{FULL_STACK} 1 {} MSTORE", frame_bytes - 32);
	for instruction in [CALL, DELEGATECALL, STATICCALL] {
		let code = recursive(&fill, instruction);
		assert_ends_with_the_gas(descend(code), 300);
	}
}

#[test]
fn calls_end_where_memory_does() {
	// The frame that would go beyond the limit is out of gas, and its caller goes on.
	let frame_bytes = 64 * 1024;
	let code = recursive(&format!("1 {} MSTORE", frame_bytes - 32), CALL);
	let depth = descend(code);
	assert_eq!(depth + 1, MEMORY_LIMIT_BYTES / frame_bytes);
}

#[test]
fn creations_end_with_the_gas() {
	// The first creation is below the contract, and says that its depth is none. Each takes 32,000 gas of
	// its own.
	let depth = descend(creator(&recursive_creation()));
	assert_ends_with_the_gas(depth + 1, 150);
}

#[test]
fn journal_ends_before_the_heap_does() {
	// One warm slot back and forth, and transient slots without end.
	let toggle = "SLOAD ISZERO 0 SSTORE";
	for body in [format!("0 {toggle}"), "GAS GAS TSTORE".into()] {
		let report = call_in_block(asm(&format!("loop: {body} @loop JUMP")));
		assert_eq!(report.result, Err(Failure::OutOfGas), "{body}");
	}
}
