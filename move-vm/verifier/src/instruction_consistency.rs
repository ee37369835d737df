//! Instructions come in a generic and a plain form; each names what is generic or plain.

use move_vm_binary_format::{
	index::{FunctionHandleIndex, StructDefinitionIndex},
	Binary, Bytecode, CompiledModule, Pools,
};
use move_vm_types::{StatusCode, VmError, VmResult};

use crate::{meter::Meter, table_index};

/// Elements that one `vec_pack` or `vec_unpack` may move.
const MAX_VECTOR_ELEMENTS: u64 = u16::MAX as u64;

/// Looks at all instructions of a module or script.
///
/// # Errors
/// At the instruction: `GENERIC_MEMBER_OPCODE_MISMATCH`; `CONSTRAINT_NOT_SATISFIED` for a vector of
/// more than 65,535 elements; `INVALID_OPERATION_IN_SCRIPT` for one that needs structs of its own.
pub fn verify(binary: Binary, meter: &mut Meter) -> VmResult<()> {
	match binary {
		Binary::Module(module) => {
			for (place, def) in module.function_defs.iter().enumerate() {
				if let Some(unit) = &def.code {
					check_code(&module.pools, Some(module), place, &unit.code, meter)?;
				}
			}
			Ok(())
		}
		Binary::Script(script) => check_code(&script.pools, None, 0, &script.code.code, meter),
	}
}

fn check_code(
	pools: &Pools,
	module: Option<&CompiledModule>,
	function: usize,
	code: &[Bytecode],
	meter: &mut Meter,
) -> VmResult<()> {
	meter.charge_count(code.len())?;
	for (offset, instruction) in code.iter().enumerate() {
		check_instruction(pools, module, instruction)
			.map_err(|e| e.at_code_offset(table_index(function), table_index(offset)))?;
	}
	Ok(())
}

/// What an instruction names.
enum Subject {
	Struct(StructDefinitionIndex),
	Function(FunctionHandleIndex),
}

fn check_instruction(
	pools: &Pools,
	module: Option<&CompiledModule>,
	instruction: &Bytecode,
) -> VmResult<()> {
	use Bytecode as B;
	let own = || module.ok_or_else(|| VmError::new(StatusCode::INVALID_OPERATION_IN_SCRIPT));
	let (subject, is_generic) = match instruction {
		B::MutBorrowField(index) | B::ImmBorrowField(index) => {
			(Subject::Struct(own()?.field_handle(*index)?.owner), false)
		}
		B::MutBorrowFieldGeneric(index) | B::ImmBorrowFieldGeneric(index) => {
			let module = own()?;
			let handle = module.field_instantiation(*index)?.handle;
			(Subject::Struct(module.field_handle(handle)?.owner), true)
		}
		B::MutBorrowVariantField(index) | B::ImmBorrowVariantField(index) => (
			Subject::Struct(own()?.variant_field_handle(*index)?.owner),
			false,
		),
		B::MutBorrowVariantFieldGeneric(index) | B::ImmBorrowVariantFieldGeneric(index) => {
			let module = own()?;
			let handle = module.variant_field_instantiation(*index)?.handle;
			(
				Subject::Struct(module.variant_field_handle(handle)?.owner),
				true,
			)
		}
		B::Call(index) => (Subject::Function(*index), false),
		B::CallGeneric(index) => (
			Subject::Function(pools.function_instantiation(*index)?.handle),
			true,
		),
		B::Pack(index)
		| B::Unpack(index)
		| B::MutBorrowGlobal(index)
		| B::ImmBorrowGlobal(index)
		| B::Exists(index)
		| B::MoveFrom(index)
		| B::MoveTo(index) => (Subject::Struct(*index), false),
		B::PackGeneric(index)
		| B::UnpackGeneric(index)
		| B::MutBorrowGlobalGeneric(index)
		| B::ImmBorrowGlobalGeneric(index)
		| B::ExistsGeneric(index)
		| B::MoveFromGeneric(index)
		| B::MoveToGeneric(index) => (
			Subject::Struct(own()?.struct_def_instantiation(*index)?.def),
			true,
		),
		B::PackVariant(index) | B::UnpackVariant(index) | B::TestVariant(index) => (
			Subject::Struct(own()?.struct_variant_handle(*index)?.owner),
			false,
		),
		B::PackVariantGeneric(index)
		| B::UnpackVariantGeneric(index)
		| B::TestVariantGeneric(index) => {
			let module = own()?;
			let handle = module.struct_variant_instantiation(*index)?.handle;
			(
				Subject::Struct(module.struct_variant_handle(handle)?.owner),
				true,
			)
		}
		B::VecPack(_, elements) | B::VecUnpack(_, elements) => {
			return if *elements > MAX_VECTOR_ELEMENTS {
				Err(VmError::new(StatusCode::CONSTRAINT_NOT_SATISFIED))
			} else {
				Ok(())
			};
		}
		_ => return Ok(()),
	};
	let has_type_parameters = match subject {
		Subject::Struct(def) => {
			let handle = own()?.struct_def(def)?.struct_handle;
			!pools.struct_handle(handle)?.type_parameters.is_empty()
		}
		Subject::Function(handle) => !pools.function_handle(handle)?.type_parameters.is_empty(),
	};
	if has_type_parameters == is_generic {
		Ok(())
	} else {
		Err(VmError::new(StatusCode::GENERIC_MEMBER_OPCODE_MISMATCH))
	}
}
