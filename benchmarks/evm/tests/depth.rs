//! The deepest recursion that Ethereum allows, in the wasm that ships, compiled and limited as
//! relay chain validators do it: nothing traps, and the call below the 1024th fails as Ethereum's does.
//!
//! In a block the rule of 63/64 ends every recursion far above that depth. So all but the last test
//! run simulations, which may ask for more gas; everything else is as in a block.

use std::sync::LazyLock;

use codec::{Decode, Encode};
use pallet_evm::{types::ExecutionReport, MEMORY_LIMIT_BYTES, SIMULATION_GAS_LIMIT};
use polkadot_sdk::sp_core::{H160, H256, U256};
use trivium_benchmarks_evm::{
	asm::asm,
	chain::{in_trie, with_validator_stack, Wasm, World},
};
use trivium_primitives::account::ethereum_account;
use trivium_runtime::constants::gas::BLOCK_GAS_LIMIT;

/// Calls below the first.
const MAX_DEPTH: u64 = 1024;

const CONTRACT: H160 = H160::repeat_byte(0xC0);

// Compiled once for all tests.
static WASM: LazyLock<Wasm> = LazyLock::new(Wasm::validator);

/// A contract that calls itself until that fails. Its input and what it returns begin with a depth:
/// its own, and the deepest that was reached. What it returns goes on with the gas that was left there
/// after the failure. `fill` runs first and may leave words on the stack.
fn recursive(fill: &str, call: &str) -> Vec<u8> {
	asm(&format!(
		"{fill} 0 CALLDATALOAD 1 ADD 0 MSTORE \
		64 0 32 0 {call} @returned JUMPI \
		0 CALLDATALOAD 0 MSTORE GAS 32 MSTORE \
		returned: 64 0 RETURN"
	))
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

fn run(world: World, function: &'static str, arguments: Vec<u8>) -> ExecutionReport {
	with_validator_stack(move || {
		let mut state = in_trie(world.storage());
		let (time, report) = WASM
			.run(&mut state.ext(), function, &arguments)
			.expect("the runtime does not trap");
		println!("{function}: {time:?}");
		ExecutionReport::decode(&mut &report[..]).expect("the runtime encodes its report")
	})
}

/// The deepest call, and the gas that was left there.
fn reached(report: ExecutionReport) -> (u64, u64) {
	let output = report.result.expect("the first call succeeds");
	println!("gas used: {}", report.gas_used);
	let word = |at: usize| U256::from_big_endian(&output[at..at + 32]).as_u64();
	(word(0), word(32))
}

fn call(code: Vec<u8>, gas_limit: Option<u64>) -> (u64, u64) {
	let world = World::default().with_contract(CONTRACT, code);
	let from = ethereum_account(&H160::repeat_byte(0xAA));
	let arguments = (from, CONTRACT, H256::zero().0.to_vec(), 0u128, gas_limit).encode();
	reached(run(world, "EvmApi_call", arguments))
}

/// The recursion ends at the limit of depth, and not for want of gas.
#[track_caller]
fn assert_ends_at_max_depth((depth, gas_left): (u64, u64)) {
	assert_eq!(depth, MAX_DEPTH);
	assert!(
		gas_left > 100_000,
		"the call below the deepest failed for want of gas: {gas_left} were left"
	);
}

const CALL: &str = "0 ADDRESS GAS CALL";
const DELEGATECALL: &str = "ADDRESS GAS DELEGATECALL";
const STATICCALL: &str = "ADDRESS GAS STATICCALL";

/// Leaves as many words on the stack as a frame of [`recursive`] has room for.
const FULL_STACK: &str = "times(1017) GAS";

#[test]
fn calls_end_at_max_depth() {
	for instruction in [CALL, DELEGATECALL, STATICCALL] {
		let code = recursive("", instruction);
		assert_ends_at_max_depth(call(code, Some(SIMULATION_GAS_LIMIT)));
	}
}

#[test]
fn calls_with_full_stacks_end_at_max_depth() {
	let code = recursive(FULL_STACK, CALL);
	assert_ends_at_max_depth(call(code, Some(SIMULATION_GAS_LIMIT)));
}

#[test]
fn calls_that_fill_stacks_and_memory_end_at_max_depth() {
	// Whole words, so that all frames together stay just below the limit.
	let frame_bytes = MEMORY_LIMIT_BYTES / (MAX_DEPTH + 1) / 32 * 32;
	let fill = format!("{FULL_STACK} 1 {} MSTORE", frame_bytes - 32);
	for instruction in [CALL, DELEGATECALL, STATICCALL] {
		let code = recursive(&fill, instruction);
		assert_ends_at_max_depth(call(code, Some(SIMULATION_GAS_LIMIT)));
	}
}

#[test]
fn calls_end_where_memory_does() {
	// The frame that would go beyond the limit is out of gas, and its caller goes on.
	let frame_bytes = 64 * 1024;
	let code = recursive(&format!("1 {} MSTORE", frame_bytes - 32), CALL);
	let (depth, _) = call(code, Some(SIMULATION_GAS_LIMIT));
	assert_eq!(depth + 1, MEMORY_LIMIT_BYTES / frame_bytes);
}

#[test]
fn creations_end_at_max_depth() {
	let from = ethereum_account(&H160::repeat_byte(0xAA));
	let arguments = (
		from,
		recursive_creation(),
		None::<H256>,
		0u128,
		Some(SIMULATION_GAS_LIMIT),
	)
		.encode();
	let report = run(World::default(), "EvmApi_create", arguments);
	assert_ends_at_max_depth(reached(report));
}

#[test]
fn calls_with_the_gas_of_a_block_end_above_max_depth() {
	let (depth, _) = call(recursive("", CALL), Some(BLOCK_GAS_LIMIT));
	println!("depth within a block: {depth}");
	assert!((300..MAX_DEPTH).contains(&depth), "{depth}");
}
