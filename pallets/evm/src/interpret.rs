//! The loop that runs a frame's code.
//!
//! An interpreter that takes every instruction from a table of functions spends half of its time in
//! wasm on the way there: each is an indirect call whose index and type are checked, and which the
//! stack limiter of a relay chain's validators counts. The instructions that make up nearly all of
//! what contracts run are arms of one `match` here, so that they are compiled into the loop. What
//! they do is `revm`'s own; only those that no fork and no rule of this chain replaces may be here,
//! because a tracer, which has a loop of its own, takes all of them from the table.

use revm::{
	bytecode::opcode as op,
	handler::instructions::EthInstructions,
	interpreter::{
		instructions::{arithmetic, bitwise, control, memory, stack, system},
		interpreter::EthInterpreter,
		interpreter_types::{Jumps, LoopControl},
		Host, InstructionContext, InstructionResult, Interpreter, InterpreterAction,
	},
};

/// Runs a frame until it ends or begins another.
pub(crate) fn run<H: Host>(
	interpreter: &mut Interpreter<EthInterpreter>,
	instructions: &EthInstructions<EthInterpreter, H>,
	host: &mut H,
) -> InterpreterAction {
	let end = loop {
		if let Err(end) = step(interpreter, instructions, host) {
			break end;
		}
	};
	if interpreter.bytecode.action().is_none() {
		interpreter.halt(end);
	}
	interpreter.take_next_action()
}

/// Runs one instruction, after its static gas. An `Err` ends the loop, also where nothing is wrong.
#[inline(always)]
fn step<H: Host>(
	interpreter: &mut Interpreter<EthInterpreter>,
	instructions: &EthInstructions<EthInterpreter, H>,
	host: &mut H,
) -> Result<(), InstructionResult> {
	let opcode = interpreter.bytecode.opcode();
	// Analysed code ends with a `STOP` that is not jumped over.
	interpreter.bytecode.relative_jump(1);
	let index = usize::from(opcode);
	let gas = instructions
		.gas_table()
		.get(index)
		.copied()
		.unwrap_or_default();
	if interpreter.gas.record_cost_unsafe(gas.into()) {
		return Err(InstructionResult::OutOfGas);
	}
	let context = InstructionContext { interpreter, host };
	/// The arms of `PUSH1` to `PUSH32`, each with the length of what it pushes.
	macro_rules! instruction {
		($($opcode:ident = $bytes:literal),*) => {
			match opcode {
				op::ADD => arithmetic::add(context),
				op::MUL => arithmetic::mul(context),
				op::SUB => arithmetic::sub(context),
				op::DIV => arithmetic::div(context),
				op::SDIV => arithmetic::sdiv(context),
				op::MOD => arithmetic::rem(context),
				op::ADDMOD => arithmetic::addmod(context),
				op::MULMOD => arithmetic::mulmod(context),
				op::LT => bitwise::lt(context),
				op::GT => bitwise::gt(context),
				op::SLT => bitwise::slt(context),
				op::SGT => bitwise::sgt(context),
				op::EQ => bitwise::eq(context),
				op::ISZERO => bitwise::iszero(context),
				op::AND => bitwise::bitand(context),
				op::OR => bitwise::bitor(context),
				op::XOR => bitwise::bitxor(context),
				op::NOT => bitwise::not(context),
				op::BYTE => bitwise::byte(context),
				op::SHL => bitwise::shl(context),
				op::SHR => bitwise::shr(context),
				op::SAR => bitwise::sar(context),
				op::CALLER => system::caller(context),
				op::CALLVALUE => system::callvalue(context),
				op::CALLDATALOAD => system::calldataload(context),
				op::CALLDATASIZE => system::calldatasize(context),
				op::POP => stack::pop(context),
				op::MLOAD => memory::mload(context),
				op::MSTORE => memory::mstore(context),
				op::MSTORE8 => memory::mstore8(context),
				op::JUMP => control::jump(context),
				op::JUMPI => control::jumpi(context),
				op::JUMPDEST => control::jumpdest(context),
				op::PUSH0 => stack::push0(context),
				$(op::$opcode => stack::push::<$bytes, _, _>(context),)*
				op::DUP1..=op::DUP16 => {
					// `DUP1` is 0x80.
					let depth = usize::from(opcode & 0x0F).saturating_add(1);
					match context.interpreter.stack.dup(depth) {
						true => Ok(()),
						false => Err(InstructionResult::StackOverflow),
					}
				}
				op::SWAP1..=op::SWAP16 => {
					// `SWAP1` is 0x90.
					let depth = usize::from(opcode & 0x0F).saturating_add(1);
					match context.interpreter.stack.exchange(0, depth) {
						true => Ok(()),
						false => Err(InstructionResult::StackUnderflow),
					}
				}
				_ => match instructions.instruction_table().get(index) {
					Some(instruction) => instruction.execute(context),
					None => Err(InstructionResult::OpcodeNotFound),
				},
			}
		};
	}
	instruction!(
		PUSH1 = 1,
		PUSH2 = 2,
		PUSH3 = 3,
		PUSH4 = 4,
		PUSH5 = 5,
		PUSH6 = 6,
		PUSH7 = 7,
		PUSH8 = 8,
		PUSH9 = 9,
		PUSH10 = 10,
		PUSH11 = 11,
		PUSH12 = 12,
		PUSH13 = 13,
		PUSH14 = 14,
		PUSH15 = 15,
		PUSH16 = 16,
		PUSH17 = 17,
		PUSH18 = 18,
		PUSH19 = 19,
		PUSH20 = 20,
		PUSH21 = 21,
		PUSH22 = 22,
		PUSH23 = 23,
		PUSH24 = 24,
		PUSH25 = 25,
		PUSH26 = 26,
		PUSH27 = 27,
		PUSH28 = 28,
		PUSH29 = 29,
		PUSH30 = 30,
		PUSH31 = 31,
		PUSH32 = 32
	)
}
