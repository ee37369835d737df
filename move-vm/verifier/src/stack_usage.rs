//! Checks that code uses the operand stack in balance.
//!
//! Property: within a basic block the stack never falls below its height at the entry, never rises
//! above the limit over it, and has the entry's height again at the end; `Ret` pops the results.
//! What a block pushes in all is bounded, too. So the later passes find an operand wherever they
//! pop one, and hold no more than the limits say.

use move_vm_binary_format::{
	index::{FunctionHandleIndex, StructDefinitionIndex, StructVariantHandleIndex, VariantIndex},
	module::StructFieldInformation,
	Bytecode,
};
use move_vm_types::{StatusCode, VerifierLimits, VmResult};

use crate::{cfg::BasicBlock, meter::Meter, view::FunctionView};

/// Checks all blocks, those that nothing leads to as well.
///
/// # Errors
/// `VALUE_STACK_PUSH_OVERFLOW`, `NEGATIVE_STACK_SIZE_WITHIN_BLOCK`, `VALUE_STACK_OVERFLOW`,
/// `POSITIVE_STACK_SIZE_AT_BLOCK_END`, each at the first instruction of the block.
pub fn verify(
	function: &FunctionView<'_>,
	limits: &VerifierLimits,
	meter: &mut Meter,
) -> VmResult<()> {
	meter.charge_count(function.code.len())?;
	for block in function.cfg.blocks() {
		verify_block(function, block, limits)?;
	}
	Ok(())
}

fn verify_block(
	function: &FunctionView<'_>,
	block: &BasicBlock,
	limits: &VerifierLimits,
) -> VmResult<()> {
	let error = |status| Err(function.error(status, block.start));
	let code = function
		.code
		.get(usize::from(block.start)..=usize::from(block.end))
		.unwrap_or_default();

	let mut height = 0u64;
	let mut pushes = 0u64;
	for instruction in code {
		let effect = effect(function, instruction)?;
		pushes = pushes.saturating_add(effect.pushes);
		if pushes > u64::from(limits.pushes) {
			return error(StatusCode::VALUE_STACK_PUSH_OVERFLOW);
		}
		height = match height.checked_sub(effect.pops) {
			Some(height) => height.saturating_add(effect.pushes),
			None => return error(StatusCode::NEGATIVE_STACK_SIZE_WITHIN_BLOCK),
		};
		if height > u64::from(limits.value_stack) {
			return error(StatusCode::VALUE_STACK_OVERFLOW);
		}
	}
	if height != 0 {
		return error(StatusCode::POSITIVE_STACK_SIZE_AT_BLOCK_END);
	}
	Ok(())
}

/// What an instruction takes from the stack and puts on it.
struct Effect {
	pops: u64,
	pushes: u64,
}

const fn pop_push(pops: u64, pushes: u64) -> Effect {
	Effect { pops, pushes }
}

fn effect(function: &FunctionView<'_>, instruction: &Bytecode) -> VmResult<Effect> {
	Ok(match instruction {
		Bytecode::Branch(_) | Bytecode::Nop => pop_push(0, 0),

		Bytecode::Pop
		| Bytecode::BrTrue(_)
		| Bytecode::BrFalse(_)
		| Bytecode::StLoc(_)
		| Bytecode::Abort => pop_push(1, 0),

		Bytecode::LdU8(_)
		| Bytecode::LdU16(_)
		| Bytecode::LdU32(_)
		| Bytecode::LdU64(_)
		| Bytecode::LdU128(_)
		| Bytecode::LdU256(_)
		| Bytecode::LdTrue
		| Bytecode::LdFalse
		| Bytecode::LdConst(_)
		| Bytecode::CopyLoc(_)
		| Bytecode::MoveLoc(_)
		| Bytecode::MutBorrowLoc(_)
		| Bytecode::ImmBorrowLoc(_) => pop_push(0, 1),

		Bytecode::Not
		| Bytecode::FreezeRef
		| Bytecode::ReadRef
		| Bytecode::Exists(_)
		| Bytecode::ExistsGeneric(_)
		| Bytecode::MutBorrowGlobal(_)
		| Bytecode::MutBorrowGlobalGeneric(_)
		| Bytecode::ImmBorrowGlobal(_)
		| Bytecode::ImmBorrowGlobalGeneric(_)
		| Bytecode::MutBorrowField(_)
		| Bytecode::MutBorrowFieldGeneric(_)
		| Bytecode::ImmBorrowField(_)
		| Bytecode::ImmBorrowFieldGeneric(_)
		| Bytecode::MutBorrowVariantField(_)
		| Bytecode::MutBorrowVariantFieldGeneric(_)
		| Bytecode::ImmBorrowVariantField(_)
		| Bytecode::ImmBorrowVariantFieldGeneric(_)
		| Bytecode::TestVariant(_)
		| Bytecode::TestVariantGeneric(_)
		| Bytecode::MoveFrom(_)
		| Bytecode::MoveFromGeneric(_)
		| Bytecode::CastU8
		| Bytecode::CastU16
		| Bytecode::CastU32
		| Bytecode::CastU64
		| Bytecode::CastU128
		| Bytecode::CastU256
		| Bytecode::VecLen(_)
		| Bytecode::VecPopBack(_) => pop_push(1, 1),

		Bytecode::Add
		| Bytecode::Sub
		| Bytecode::Mul
		| Bytecode::Mod
		| Bytecode::Div
		| Bytecode::BitOr
		| Bytecode::BitAnd
		| Bytecode::Xor
		| Bytecode::Shl
		| Bytecode::Shr
		| Bytecode::Or
		| Bytecode::And
		| Bytecode::Eq
		| Bytecode::Neq
		| Bytecode::Lt
		| Bytecode::Gt
		| Bytecode::Le
		| Bytecode::Ge
		| Bytecode::VecImmBorrow(_)
		| Bytecode::VecMutBorrow(_) => pop_push(2, 1),

		Bytecode::MoveTo(_)
		| Bytecode::MoveToGeneric(_)
		| Bytecode::WriteRef
		| Bytecode::VecPushBack(_) => pop_push(2, 0),

		Bytecode::VecSwap(_) => pop_push(3, 0),

		Bytecode::VecPack(_, count) => pop_push(*count, 1),
		Bytecode::VecUnpack(_, count) => pop_push(1, *count),

		Bytecode::Ret => pop_push(count(function.returns.len()), 0),

		Bytecode::Call(index) => call(function, *index)?,
		Bytecode::CallGeneric(index) => call(
			function,
			function.pools().function_instantiation(*index)?.handle,
		)?,

		Bytecode::Pack(index) => pop_push(fields(function, *index, None)?, 1),
		Bytecode::PackGeneric(index) => {
			let instantiation = function.module()?.struct_def_instantiation(*index)?;
			pop_push(fields(function, instantiation.def, None)?, 1)
		}
		Bytecode::PackVariant(index) => pop_push(variant_fields(function, *index)?, 1),
		Bytecode::PackVariantGeneric(index) => {
			let instantiation = function.module()?.struct_variant_instantiation(*index)?;
			pop_push(variant_fields(function, instantiation.handle)?, 1)
		}

		Bytecode::Unpack(index) => pop_push(1, fields(function, *index, None)?),
		Bytecode::UnpackGeneric(index) => {
			let instantiation = function.module()?.struct_def_instantiation(*index)?;
			pop_push(1, fields(function, instantiation.def, None)?)
		}
		Bytecode::UnpackVariant(index) => pop_push(1, variant_fields(function, *index)?),
		Bytecode::UnpackVariantGeneric(index) => {
			let instantiation = function.module()?.struct_variant_instantiation(*index)?;
			pop_push(1, variant_fields(function, instantiation.handle)?)
		}
	})
}

fn count(length: usize) -> u64 {
	u64::try_from(length).unwrap_or(u64::MAX)
}

fn call(function: &FunctionView<'_>, index: FunctionHandleIndex) -> VmResult<Effect> {
	let handle = function.pools().function_handle(index)?;
	let parameters = function.pools().signature(handle.parameters)?;
	let returns = function.pools().signature(handle.returns)?;
	Ok(pop_push(count(parameters.0.len()), count(returns.0.len())))
}

/// How many fields a struct or a variant has; none if it is not what the instruction takes it for,
/// which type safety refuses.
fn fields(
	function: &FunctionView<'_>,
	index: StructDefinitionIndex,
	variant: Option<VariantIndex>,
) -> VmResult<u64> {
	let information = &function.struct_def(index)?.field_information;
	Ok(match (information, variant) {
		(StructFieldInformation::Native, _) => 0,
		(StructFieldInformation::Declared(fields), _) => count(fields.len()),
		(StructFieldInformation::DeclaredVariants(variants), Some(variant)) => variants
			.get(usize::from(variant))
			.map_or(0, |variant| count(variant.fields.len())),
		(StructFieldInformation::DeclaredVariants(_), None) => 0,
	})
}

fn variant_fields(function: &FunctionView<'_>, index: StructVariantHandleIndex) -> VmResult<u64> {
	let handle = function.module()?.struct_variant_handle(index)?;
	fields(function, handle.owner, Some(handle.variant))
}
