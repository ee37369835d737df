//! Why a frame failed, in the words that Geth has for it.

use alloc::{format, string::String, string::ToString};
use revm::{
	bytecode::opcode::{OpCode, RETURN},
	interpreter::InstructionResult,
};

use super::inspect::Last;
use crate::Failure;

/// Selector of `Error(string)`.
const ERROR: [u8; 4] = [0x08, 0xC3, 0x79, 0xA0];
/// Selector of `Panic(uint256)`.
const PANIC: [u8; 4] = [0x4E, 0x48, 0x7B, 0x71];
/// Most words on the stack.
const STACK_LIMIT: usize = 1024;
/// Length of a word, bytes.
const WORD: usize = 32;

/// Why a frame or a step failed; nothing if it did not. `last` is the step that was made last.
pub(crate) fn of_result(result: InstructionResult, last: &Last) -> Option<String> {
	use InstructionResult::*;
	let known = OpCode::new(last.opcode);
	let text = match result {
		Stop | Return | SelfDestruct | Suspend => return None,
		Revert => "execution reverted",
		// All that `RETURN` itself pays for is memory.
		OutOfGas if last.opcode == RETURN => "contract creation code storage out of gas",
		StackUnderflow => {
			let needed = known.map_or(0, |opcode| opcode.inputs());
			return Some(format!("stack underflow ({} <=> {needed})", last.stack_len));
		}
		StackOverflow => {
			let (inputs, outputs) = known.map_or((0, 0), |opcode| opcode.input_output());
			let most = STACK_LIMIT
				.saturating_add(inputs.into())
				.saturating_sub(outputs.into());
			return Some(format!("stack limit reached {} ({most})", last.stack_len));
		}
		OpcodeNotFound | InvalidFEOpcode | NotActivated | InvalidImmediateEncoding => {
			return Some(match known {
				Some(opcode) => format!("invalid opcode: {}", opcode.as_str()),
				None => format!("invalid opcode: opcode {:#x} not defined", last.opcode),
			})
		}
		other => match Failure::of(other, &[]) {
			Some(failure) => return Some(of_failure(&failure).to_string()),
			None => return None,
		},
	};
	Some(text.to_string())
}

/// A failure of a whole execution.
pub(crate) fn of_failure(failure: &Failure) -> &'static str {
	match failure {
		Failure::Reverted(_) => "execution reverted",
		Failure::OutOfGas => "out of gas",
		Failure::OutOfProofSize => "out of proof size",
		Failure::InvalidOpcode => "invalid opcode",
		Failure::InvalidJump => "invalid jump destination",
		Failure::StackUnderflow => "stack underflow",
		Failure::StackOverflow => "stack limit reached",
		Failure::OutOfOffset => "return data out of bounds",
		Failure::ReadOnly => "write protection",
		Failure::CallTooDeep => "max call depth exceeded",
		Failure::InsufficientBalance => "insufficient balance for transfer",
		Failure::CreateCollision => "contract address collision",
		Failure::CodeTooLarge => "max code size exceeded",
		Failure::CodeStartsWithEf => "invalid code: must not begin with 0xef",
		Failure::InitCodeTooLarge => "max initcode size exceeded",
		Failure::PrecompileFailed => "precompiled contract failed",
		Failure::NonceOverflow => "nonce uint64 overflow",
		Failure::BalanceOverflow => "balance overflow",
		Failure::GasLimitTooLow => "intrinsic gas too low",
		Failure::GasLimitTooHigh => "exceeds block gas limit",
		Failure::NotMapped => "sender's alias is another account's",
		Failure::Conflict => "state rolled back by another virtual machine",
		Failure::Ledger => "balance refused by the ledger",
		Failure::Internal => "internal error",
		Failure::ReentrancyDenied => "reentrancy denied",
		Failure::ExceedsTransaction => "gas required exceeds allowance",
	}
}

/// What a contract said when it reverted, if it said it by Solidity's rules.
pub(crate) fn of_revert(output: &[u8]) -> Option<String> {
	let (selector, data) = output.split_first_chunk::<4>()?;
	match *selector {
		ERROR => {
			let at = small(data)?;
			let tail = data.get(at..)?;
			let len = small(tail)?;
			let text = tail.get(WORD..)?.get(..len)?;
			core::str::from_utf8(text).ok().map(ToString::to_string)
		}
		PANIC => {
			let code = small(data)?;
			Some(match code {
				0x00 => "generic panic".to_string(),
				0x01 => "assert(false)".to_string(),
				0x11 => "arithmetic underflow or overflow".to_string(),
				0x12 => "division or modulo by zero".to_string(),
				0x21 => "enum overflow".to_string(),
				0x22 => "invalid encoded storage byte array accessed".to_string(),
				0x31 => "out-of-bounds array access; popping on an empty array".to_string(),
				0x32 => "out-of-bounds access of an array or bytesN".to_string(),
				0x41 => "out of memory".to_string(),
				0x51 => "uninitialized function".to_string(),
				other => format!("unknown panic code: {other:#x}"),
			})
		}
		_ => None,
	}
}

/// The number in the first word, if it is below 2^32.
fn small(data: &[u8]) -> Option<usize> {
	let (high, low) = data.get(..WORD)?.split_last_chunk::<4>()?;
	let number = u32::from_be_bytes(*low);
	high.iter()
		.all(|byte| *byte == 0)
		.then_some(number)
		.and_then(|number| usize::try_from(number).ok())
}
