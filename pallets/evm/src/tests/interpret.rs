//! The loop with its instructions compiled in, beside the one that takes all from the table.

use proptest::prelude::*;
use revm::{
	bytecode::{opcode as op, Bytecode},
	handler::instructions::EthInstructions,
	interpreter::{
		host::DummyHost,
		interpreter::{EthInterpreter, ExtBytecode},
		InputsImpl, Interpreter, InterpreterAction, SharedMemory,
	},
	primitives::{hardfork::SpecId, Bytes, U256},
};

use crate::interpret;

const GAS: u64 = 1_000_000;

/// What there is to see when a frame's loop has ended.
type End = (InterpreterAction, Vec<U256>, Vec<u8>, u64);

fn run(
	code: &[u8],
	stack: &[U256],
	gas: u64,
	spec: SpecId,
	run: impl FnOnce(
		&mut Interpreter<EthInterpreter>,
		&EthInstructions<EthInterpreter, DummyHost>,
		&mut DummyHost,
	) -> InterpreterAction,
) -> End {
	let mut interpreter = Interpreter::<EthInterpreter>::new(
		SharedMemory::new(),
		ExtBytecode::new(Bytecode::new_raw(Bytes::copy_from_slice(code))),
		InputsImpl::default(),
		false,
		spec,
		gas,
	);
	for word in stack {
		assert!(interpreter.stack.push(*word));
	}
	let instructions = EthInstructions::new_mainnet_with_spec(spec);
	let action = run(&mut interpreter, &instructions, &mut DummyHost::new(spec));
	let memory = interpreter
		.memory
		.slice_len(0, interpreter.memory.len())
		.to_vec();
	let stack = interpreter.stack.data().clone();
	(action, stack, memory, interpreter.gas.remaining())
}

/// All but the one for which the dummy host has no answer.
fn opcodes() -> impl Iterator<Item = u8> {
	(0..=u8::MAX).filter(|opcode| *opcode != op::DIFFICULTY)
}

fn assert_same(code: &[u8], stack: &[U256], gas: u64, spec: SpecId) {
	let ours = run(code, stack, gas, spec, |interpreter, instructions, host| {
		interpret::run(interpreter, instructions, host)
	});
	let table = run(code, stack, gas, spec, |interpreter, instructions, host| {
		interpreter.run_plain(
			instructions.instruction_table(),
			instructions.gas_table(),
			host,
		)
	});
	assert_eq!(ours, table, "{code:02x?} on {stack:?} by {spec:?}");
}

/// Words of all lengths, and those at the edges.
fn words() -> impl Strategy<Value = U256> {
	prop_oneof![
		2 => any::<u8>().prop_map(U256::from),
		1 => any::<u64>().prop_map(U256::from),
		2 => any::<[u8; 32]>().prop_map(U256::from_be_bytes::<32>),
		1 => any::<[u8; 32]>().prop_map(|bytes| !(U256::from_be_bytes::<32>(bytes) >> 128usize)),
		1 => prop_oneof![Just(U256::MAX), Just(U256::ZERO), Just(U256::ONE << 255)],
	]
}

proptest! {
	/// Every opcode, on a stack that is full enough, and on one that may not be.
	#[test]
	fn every_instruction_does_what_the_table_says(
		stack in prop::collection::vec(words(), 0..24),
		full in prop::collection::vec(words(), 17..24),
		push in any::<[u8; 32]>(),
	) {
		for opcode in opcodes() {
			let pushed = match opcode {
				op::PUSH1..=op::PUSH32 => usize::from(opcode - op::PUSH0),
				_ => 0,
			};
			let code = [&[opcode], &push[..pushed]].concat();
			for stack in [&stack, &full] {
				assert_same(&code, stack, GAS, SpecId::OSAKA);
			}
		}
	}

	/// Any program, also where it jumps, ends in the middle of a word, or runs out of gas.
	#[test]
	fn programs_do_what_the_table_says(
		code in prop::collection::vec(
			prop_oneof![
				4 => any::<u8>().prop_filter("has an answer", |opcode| *opcode != op::DIFFICULTY),
				2 => Just(op::JUMPDEST),
				2 => op::PUSH0..=op::PUSH4,
				1 => Just(op::JUMPI),
			],
			0..80,
		),
		stack in prop::collection::vec(words(), 0..24),
		gas in prop_oneof![Just(GAS), 0..200u64],
		spec in prop_oneof![Just(SpecId::FRONTIER), Just(SpecId::BERLIN), Just(SpecId::OSAKA)],
	) {
		assert_same(&code, &stack, gas, spec);
	}
}

#[test]
fn a_jump_goes_where_the_table_says() {
	// A loop that counts down from 200, and a jump that has no destination.
	let count = [
		op::PUSH1,
		200,
		op::JUMPDEST,
		op::PUSH1,
		1,
		op::SWAP1,
		op::SUB,
		op::DUP1,
		op::PUSH1,
		2,
		op::JUMPI,
		op::STOP,
	];
	for code in [&count[..], &[op::PUSH1, 1, op::JUMP]] {
		for gas in [GAS, 1_000] {
			assert_same(code, &[], gas, SpecId::OSAKA);
		}
	}
}

#[test]
fn a_full_stack_is_what_the_table_says() {
	let stack = vec![U256::from(7); 1024];
	for opcode in opcodes() {
		assert_same(&[opcode], &stack, GAS, SpecId::OSAKA);
	}
}
