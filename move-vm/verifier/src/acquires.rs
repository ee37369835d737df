//! Checks the resources that a function says it acquires.
//!
//! Property: the list of a function holds exactly the structs of its module that it, or a function
//! of the module that it calls, borrows or takes from global storage, and each of them has `key`.
//! Reference safety relies on the lists: a call may touch what its callee lists and nothing else.

use alloc::vec::Vec;

use move_vm_binary_format::{
	index::{CodeOffset, FunctionHandleIndex, StructDefinitionIndex},
	Bytecode, CompiledModule,
};
use move_vm_types::{StatusCode, VmError, VmResult};

use crate::{
	meter::Meter,
	view::{Definitions, FunctionView},
};

struct Acquires<'a> {
	function: &'a FunctionView<'a>,
	definitions: &'a Definitions,
	/// What the function lists, in order, and whether the code acquires it.
	annotated: Vec<(StructDefinitionIndex, bool)>,
}

/// Checks one function of a module against its list.
///
/// # Errors
/// `MISSING_ACQUIRES_ANNOTATION` at the first instruction that acquires what is not listed;
/// `EXTRANEOUS_ACQUIRES_ANNOTATION`, `INVALID_ACQUIRES_ANNOTATION`.
pub fn verify(
	module: &CompiledModule,
	function: &FunctionView<'_>,
	acquires: &[StructDefinitionIndex],
	definitions: &Definitions,
	meter: &mut Meter,
) -> VmResult<()> {
	meter.charge_count(function.code.len().saturating_add(acquires.len()))?;
	let mut annotated: Vec<_> = acquires.iter().map(|index| (*index, false)).collect();
	annotated.sort_unstable();
	annotated.dedup();
	let mut pass = Acquires {
		function,
		definitions,
		annotated,
	};
	for (offset, instruction) in (0u16..).zip(function.code) {
		pass.step(instruction, offset, meter)?;
	}

	for (index, is_acquired) in pass.annotated {
		if !is_acquired {
			return Err(VmError::new(StatusCode::EXTRANEOUS_ACQUIRES_ANNOTATION));
		}
		let handle = module.struct_def(index)?.struct_handle;
		if !module.pools.struct_handle(handle)?.abilities.has_key() {
			return Err(VmError::new(StatusCode::INVALID_ACQUIRES_ANNOTATION));
		}
	}
	Ok(())
}

impl Acquires<'_> {
	fn acquire(&mut self, index: StructDefinitionIndex, offset: CodeOffset) -> VmResult<()> {
		let place = self
			.annotated
			.binary_search_by_key(&index, |(annotated, _)| *annotated);
		match place.ok().and_then(|place| self.annotated.get_mut(place)) {
			Some((_, is_acquired)) => {
				*is_acquired = true;
				Ok(())
			}
			None => Err(self
				.function
				.error(StatusCode::MISSING_ACQUIRES_ANNOTATION, offset)),
		}
	}

	fn call(
		&mut self,
		callee: FunctionHandleIndex,
		offset: CodeOffset,
		meter: &mut Meter,
	) -> VmResult<()> {
		let acquired = self.definitions.acquired(self.function.binary, callee);
		meter.charge_product(acquired.len(), 4)?;
		acquired
			.iter()
			.try_for_each(|index| self.acquire(*index, offset))
	}

	fn step(
		&mut self,
		instruction: &Bytecode,
		offset: CodeOffset,
		meter: &mut Meter,
	) -> VmResult<()> {
		match instruction {
			Bytecode::Call(index) => self.call(*index, offset, meter),
			Bytecode::CallGeneric(index) => {
				let instantiation = self.function.pools().function_instantiation(*index)?;
				self.call(instantiation.handle, offset, meter)
			}

			Bytecode::MoveFrom(index)
			| Bytecode::MutBorrowGlobal(index)
			| Bytecode::ImmBorrowGlobal(index) => self.acquire(*index, offset),
			Bytecode::MoveFromGeneric(index)
			| Bytecode::MutBorrowGlobalGeneric(index)
			| Bytecode::ImmBorrowGlobalGeneric(index) => {
				let instantiation = self.function.module()?.struct_def_instantiation(*index)?;
				self.acquire(instantiation.def, offset)
			}

			Bytecode::Pop
			| Bytecode::Ret
			| Bytecode::BrTrue(_)
			| Bytecode::BrFalse(_)
			| Bytecode::Branch(_)
			| Bytecode::LdU8(_)
			| Bytecode::LdU16(_)
			| Bytecode::LdU32(_)
			| Bytecode::LdU64(_)
			| Bytecode::LdU128(_)
			| Bytecode::LdU256(_)
			| Bytecode::CastU8
			| Bytecode::CastU16
			| Bytecode::CastU32
			| Bytecode::CastU64
			| Bytecode::CastU128
			| Bytecode::CastU256
			| Bytecode::LdConst(_)
			| Bytecode::LdTrue
			| Bytecode::LdFalse
			| Bytecode::CopyLoc(_)
			| Bytecode::MoveLoc(_)
			| Bytecode::StLoc(_)
			| Bytecode::Pack(_)
			| Bytecode::PackGeneric(_)
			| Bytecode::PackVariant(_)
			| Bytecode::PackVariantGeneric(_)
			| Bytecode::Unpack(_)
			| Bytecode::UnpackGeneric(_)
			| Bytecode::UnpackVariant(_)
			| Bytecode::UnpackVariantGeneric(_)
			| Bytecode::TestVariant(_)
			| Bytecode::TestVariantGeneric(_)
			| Bytecode::ReadRef
			| Bytecode::WriteRef
			| Bytecode::FreezeRef
			| Bytecode::MutBorrowLoc(_)
			| Bytecode::ImmBorrowLoc(_)
			| Bytecode::MutBorrowField(_)
			| Bytecode::MutBorrowFieldGeneric(_)
			| Bytecode::ImmBorrowField(_)
			| Bytecode::ImmBorrowFieldGeneric(_)
			| Bytecode::MutBorrowVariantField(_)
			| Bytecode::MutBorrowVariantFieldGeneric(_)
			| Bytecode::ImmBorrowVariantField(_)
			| Bytecode::ImmBorrowVariantFieldGeneric(_)
			| Bytecode::Add
			| Bytecode::Sub
			| Bytecode::Mul
			| Bytecode::Mod
			| Bytecode::Div
			| Bytecode::BitOr
			| Bytecode::BitAnd
			| Bytecode::Xor
			| Bytecode::Or
			| Bytecode::And
			| Bytecode::Not
			| Bytecode::Eq
			| Bytecode::Neq
			| Bytecode::Lt
			| Bytecode::Gt
			| Bytecode::Le
			| Bytecode::Ge
			| Bytecode::Abort
			| Bytecode::Nop
			| Bytecode::Exists(_)
			| Bytecode::ExistsGeneric(_)
			| Bytecode::MoveTo(_)
			| Bytecode::MoveToGeneric(_)
			| Bytecode::Shl
			| Bytecode::Shr
			| Bytecode::VecPack(_, _)
			| Bytecode::VecLen(_)
			| Bytecode::VecImmBorrow(_)
			| Bytecode::VecMutBorrow(_)
			| Bytecode::VecPushBack(_)
			| Bytecode::VecPopBack(_)
			| Bytecode::VecUnpack(_, _)
			| Bytecode::VecSwap(_) => Ok(()),
		}
	}
}
