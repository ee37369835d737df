//! Instructions that this chain runs in its own way; their meaning is Ethereum's, and so is their gas,
//! except where it would not cover what storage behind wasm costs.
//!
//! Ethereum's gas covers the reads of a cold account. It does not cover those of its code, which is
//! copied and looked through, nor reading what Ethereum has in memory: old block hashes, and the
//! accounts that are warm from the start. All that is charged before it is read.

use polkadot_sdk::sp_io;
use revm::{
	bytecode::opcode::{
		BALANCE, BLOCKHASH, CALL, CALLCODE, DELEGATECALL, EXTCODECOPY, EXTCODEHASH, EXTCODESIZE,
		KECCAK256, LOG0, SSTORE, STATICCALL, TSTORE,
	},
	context_interface::{context::ContextError, Host},
	handler::instructions::EthInstructions,
	interpreter::{
		instructions::{contract, host, utility::IntoAddress, Instruction},
		interpreter::{resize_memory, EthInterpreter},
		InstructionContext, InstructionResult, Interpreter,
	},
	primitives::{hardfork::SpecId, KECCAK_EMPTY, U256},
};

use crate::{
	bridge::Ctx,
	gas::{BLOCK_HASH_GAS, LOG0_GAS},
	reads::Reads,
	rules::Rules,
	Config,
};

type Context<'a, T> = InstructionContext<'a, Ctx<T>, EthInterpreter>;
type Result = core::result::Result<(), InstructionResult>;

/// The instructions of a fork.
pub(crate) fn table<T: Config>(spec: SpecId) -> EthInstructions<EthInterpreter, Ctx<T>> {
	let mut table = EthInstructions::new_mainnet_with_spec(spec);
	let mut set = |opcode: u8, instruction: fn(Context<'_, T>) -> Result| {
		if let Some(entry) = table.instruction_table_mut().get_mut(usize::from(opcode)) {
			*entry = Instruction::new(instruction);
		}
	};
	set(KECCAK256, keccak256);
	set(SSTORE, |context| {
		ensure_room(context.host)?;
		host::sstore(context)
	});
	set(TSTORE, |context| {
		ensure_room(context.host)?;
		host::tstore(context)
	});
	if T::Rules::prices_by_weight() {
		set(BLOCKHASH, |context| {
			charge(&mut *context.interpreter, BLOCK_HASH_GAS)?;
			host::blockhash(context)
		});
		set(LOG0, |context| {
			charge(&mut *context.interpreter, LOG0_GAS)?;
			host::log::<0, _>(context)
		});
		set(BALANCE, |context| {
			charge_reads(&mut *context.interpreter, context.host, 0, Reads::Account)?;
			host::balance(context)
		});
		set(EXTCODEHASH, |context| {
			charge_reads(&mut *context.interpreter, context.host, 0, Reads::Account)?;
			host::extcodehash(context)
		});
		set(EXTCODESIZE, |context| {
			charge_reads(&mut *context.interpreter, context.host, 0, Reads::Code)?;
			host::extcodesize(context)
		});
		set(EXTCODECOPY, |context| {
			charge_reads(&mut *context.interpreter, context.host, 0, Reads::Code)?;
			host::extcodecopy(context)
		});
		set(CALL, call::<T, CALL>);
		set(CALLCODE, call::<T, CALLCODE>);
		set(DELEGATECALL, call::<T, DELEGATECALL>);
		set(STATICCALL, call::<T, STATICCALL>);
	}
	table
}

/// Whether the journal takes another change.
fn ensure_room<T: Config>(host: &Ctx<T>) -> Result {
	match host.journaled_state.entries().len() < T::Rules::journal_limit() {
		true => Ok(()),
		false => Err(InstructionResult::MemoryLimitOOG),
	}
}

/// A call, after the gas for reading the callee.
fn call<T: Config, const KIND: u8>(context: Context<'_, T>) -> Result {
	charge_reads(&mut *context.interpreter, context.host, 1, Reads::Callee)?;
	contract::call::<KIND, _, _>(context)
}

/// Charges what Ethereum's gas does not cover of reading the account whose address is the word at
/// `depth` of the stack.
fn charge_reads<T: Config>(
	interpreter: &mut Interpreter<EthInterpreter>,
	host: &mut Ctx<T>,
	depth: usize,
	reads: Reads,
) -> Result {
	// Without the word the instruction fails by itself.
	let Ok(word) = interpreter.stack.peek(depth) else {
		return Ok(());
	};
	let journal = &mut host.journaled_state;
	let gas_left = interpreter.gas.remaining();
	let gas = match journal.unpaid_gas(word.into_address(), reads, gas_left) {
		Ok(gas) => gas,
		Err(stop) => {
			host.error = Err(ContextError::Db(stop));
			return Err(InstructionResult::FatalExternalError);
		}
	};
	match gas {
		0 => Ok(()),
		gas => charge(interpreter, gas),
	}
}

fn charge(interpreter: &mut Interpreter<EthInterpreter>, gas: u64) -> Result {
	match interpreter.gas.record_regular_cost(gas) {
		true => Ok(()),
		false => Err(InstructionResult::OutOfGas),
	}
}

/// `KECCAK256`, hashed by the host: in wasm the permutation costs more than its gas.
fn keccak256<H: Host>(context: InstructionContext<'_, H, EthInterpreter>) -> Result {
	let interpreter = context.interpreter;
	let Some([offset, len]) = interpreter.stack.popn() else {
		return Err(InstructionResult::StackUnderflow);
	};
	let len = usize::try_from(len).map_err(|_| InstructionResult::InvalidOperandOOG)?;
	let params = context.host.gas_params();
	if !interpreter
		.gas
		.record_regular_cost(params.keccak256_cost(len))
	{
		return Err(InstructionResult::OutOfGas);
	}
	let hash = if len == 0 {
		KECCAK_EMPTY.0
	} else {
		let from = usize::try_from(offset).map_err(|_| InstructionResult::InvalidOperandOOG)?;
		resize_memory(
			&mut interpreter.gas,
			&mut interpreter.memory,
			params,
			from,
			len,
		)?;
		sp_io::hashing::keccak_256(&interpreter.memory.slice_len(from, len))
	};
	// There is room: two words were taken.
	let _ = interpreter.stack.push(U256::from_be_bytes(hash));
	Ok(())
}
