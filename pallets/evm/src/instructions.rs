//! Instructions that this chain runs in its own way; their meaning and gas are Ethereum's.

use polkadot_sdk::sp_io;
use revm::{
	context_interface::Host,
	handler::instructions::EthInstructions,
	interpreter::{
		instructions::Instruction,
		interpreter::{resize_memory, EthInterpreter},
		InstructionContext, InstructionResult,
	},
	primitives::{hardfork::SpecId, KECCAK_EMPTY, U256},
};

/// `KECCAK256`
const KECCAK256: usize = 0x20;

/// The instructions of a fork.
pub(crate) fn table<H: Host>(spec: SpecId) -> EthInstructions<EthInterpreter, H> {
	let mut table = EthInstructions::new_mainnet_with_spec(spec);
	if let Some(entry) = table.instruction_table_mut().get_mut(KECCAK256) {
		*entry = Instruction::new(keccak256);
	}
	table
}

/// `KECCAK256`, hashed by the host: in wasm the permutation costs more than its gas.
fn keccak256<H: Host>(
	context: InstructionContext<'_, H, EthInterpreter>,
) -> Result<(), InstructionResult> {
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
