//! Checks that each instruction finds operands of the types it works on.
//!
//! Property: in every basic block, reachable or not, the operands of an instruction have the types
//! that it, the signatures and the declarations ask for, and what it does with them is among their
//! abilities. Blocks are checked one by one: the stack is empty between them, and the types of
//! locals do not change.

mod operations;
pub mod types;

use alloc::vec::Vec;

use move_vm_binary_format::{
	index::{CodeOffset, LocalIndex, SignatureIndex},
	Bytecode, SignatureToken,
};
use move_vm_types::{AbilitySet, StatusCode, VmError, VmResult};

use crate::{meter::Meter, view::FunctionView};
use operations::StructUse;
use types::{Head, Kind, Type, TypeContext};

const BOOL: Type<'static> = Type::plain(Head::Bool);
const U64: Type<'static> = Type::plain(Head::U64);

/// The checker: the types on the stack, and where it is.
struct TypeSafety<'a> {
	function: &'a FunctionView<'a>,
	context: TypeContext<'a>,
	locals: Vec<Type<'a>>,
	stack: Vec<Type<'a>>,
	offset: CodeOffset,
	meter: &'a mut Meter,
}

/// Checks the types of a function.
///
/// # Errors
/// The status of the first operand that does not fit, in the order of the code;
/// `PROGRAM_TOO_COMPLEX`.
pub fn verify<'a>(function: &'a FunctionView<'a>, meter: &'a mut Meter) -> VmResult<()> {
	meter.charge_count(function.code.len().saturating_add(function.local_count()))?;
	let locals = function
		.all_locals()
		.map(|token| Type::new(token, &[]))
		.collect::<VmResult<_>>()?;
	let mut checker = TypeSafety {
		function,
		context: TypeContext::new(function),
		locals,
		stack: Vec::new(),
		offset: 0,
		meter,
	};
	for block in function.cfg.blocks() {
		checker.stack.clear();
		let code = function
			.code
			.get(usize::from(block.start)..=usize::from(block.end))
			.unwrap_or_default();
		for (offset, instruction) in block.offsets().zip(code) {
			checker.offset = offset;
			checker.step(instruction)?;
		}
	}
	Ok(())
}

impl<'a> TypeSafety<'a> {
	#[cold]
	fn error(&self, status: StatusCode) -> VmError {
		self.function.error(status, self.offset)
	}

	fn push(&mut self, type_: Type<'a>) {
		self.stack.push(type_);
	}

	fn pop(&mut self) -> VmResult<Type<'a>> {
		self.stack
			.pop()
			.ok_or_else(|| VmError::invariant("operand missing"))
	}

	/// Pops an operand, which must be a value of the type without parts that `head` is.
	fn pop_plain(&mut self, head: Head<'static>, status: StatusCode) -> VmResult<()> {
		if self.pop()?.is_plain(&head) {
			Ok(())
		} else {
			Err(self.error(status))
		}
	}

	/// Pops an operand, which must have the type `expected`.
	fn pop_same(&mut self, expected: &Type<'a>, status: StatusCode) -> VmResult<()> {
		let operand = self.pop()?;
		self.expect_same(&operand, expected, status)
	}

	fn expect_same(
		&mut self,
		type_: &Type<'a>,
		expected: &Type<'a>,
		status: StatusCode,
	) -> VmResult<()> {
		if type_.is_same(expected, self.meter)? {
			Ok(())
		} else {
			Err(self.error(status))
		}
	}

	fn abilities(&mut self, type_: &Type<'a>) -> VmResult<AbilitySet> {
		self.context.abilities(type_, self.meter)
	}

	fn local(&self, local: LocalIndex) -> VmResult<Type<'a>> {
		self.locals
			.get(usize::from(local))
			.copied()
			.ok_or_else(|| VmError::invariant("no such local"))
	}

	/// The element type that a vector instruction names.
	fn declared_element(&self, index: SignatureIndex) -> VmResult<Type<'a>> {
		let signature: &'a [SignatureToken] = &self.function.pools().signature(index)?.0;
		let element = signature
			.first()
			.ok_or_else(|| VmError::new(StatusCode::VERIFIER_INVARIANT_VIOLATION))?;
		Type::new(element, &[])
	}

	fn signature(&self, index: SignatureIndex) -> VmResult<&'a [SignatureToken]> {
		Ok(&self.function.pools().signature(index)?.0)
	}

	/// Checks one instruction and does to the stack of types what it does to the stack of values.
	fn step(&mut self, instruction: &Bytecode) -> VmResult<()> {
		match instruction {
			Bytecode::Nop | Bytecode::Branch(_) => Ok(()),
			Bytecode::Pop => {
				let operand = self.pop()?;
				if !self.abilities(&operand)?.has_drop() {
					return Err(self.error(StatusCode::POP_WITHOUT_DROP_ABILITY));
				}
				Ok(())
			}
			Bytecode::BrTrue(_) | Bytecode::BrFalse(_) => {
				self.pop_plain(Head::Bool, StatusCode::BR_TYPE_MISMATCH_ERROR)
			}
			Bytecode::Abort => self.pop_plain(Head::U64, StatusCode::ABORT_TYPE_MISMATCH_ERROR),
			Bytecode::Ret => {
				let returns = self.function.returns;
				self.meter.charge_count(returns.len())?;
				for token in returns.iter().rev() {
					let expected = Type::new(token, &[])?;
					self.pop_same(&expected, StatusCode::RET_TYPE_MISMATCH_ERROR)?;
				}
				Ok(())
			}
			Bytecode::Call(index) => self.call(*index, &[]),
			Bytecode::CallGeneric(index) => {
				let instantiation = self.function.pools().function_instantiation(*index)?;
				let arguments = self.signature(instantiation.type_arguments)?;
				self.call(instantiation.handle, arguments)
			}

			Bytecode::LdU8(_) => self.load(Head::U8),
			Bytecode::LdU16(_) => self.load(Head::U16),
			Bytecode::LdU32(_) => self.load(Head::U32),
			Bytecode::LdU64(_) => self.load(Head::U64),
			Bytecode::LdU128(_) => self.load(Head::U128),
			Bytecode::LdU256(_) => self.load(Head::U256),
			Bytecode::LdTrue | Bytecode::LdFalse => self.load(Head::Bool),
			Bytecode::LdConst(index) => {
				let constant = self.function.pools().constant(*index)?;
				let type_ = Type::new(&constant.type_, &[])?;
				self.push(type_);
				Ok(())
			}

			Bytecode::CopyLoc(local) => {
				let type_ = self.local(*local)?;
				if !self.abilities(&type_)?.has_copy() {
					return Err(self.error(StatusCode::COPYLOC_WITHOUT_COPY_ABILITY));
				}
				self.push(type_);
				Ok(())
			}
			Bytecode::MoveLoc(local) => {
				let type_ = self.local(*local)?;
				self.push(type_);
				Ok(())
			}
			Bytecode::StLoc(local) => {
				let expected = self.local(*local)?;
				self.pop_same(&expected, StatusCode::STLOC_TYPE_MISMATCH_ERROR)
			}
			Bytecode::MutBorrowLoc(local) => self.borrow_local(*local, Kind::MutableReference),
			Bytecode::ImmBorrowLoc(local) => self.borrow_local(*local, Kind::Reference),

			Bytecode::Pack(index) => self.pack(StructUse::plain(self.function, *index)?),
			Bytecode::PackGeneric(index) => self.pack(StructUse::generic(self.function, *index)?),
			Bytecode::PackVariant(index) => {
				self.pack(StructUse::variant(self.function, *index, &[])?)
			}
			Bytecode::PackVariantGeneric(index) => {
				self.pack(StructUse::variant_generic(self.function, *index)?)
			}
			Bytecode::Unpack(index) => self.unpack(StructUse::plain(self.function, *index)?),
			Bytecode::UnpackGeneric(index) => {
				self.unpack(StructUse::generic(self.function, *index)?)
			}
			Bytecode::UnpackVariant(index) => {
				self.unpack(StructUse::variant(self.function, *index, &[])?)
			}
			Bytecode::UnpackVariantGeneric(index) => {
				self.unpack(StructUse::variant_generic(self.function, *index)?)
			}
			Bytecode::TestVariant(index) => {
				self.test_variant(StructUse::variant(self.function, *index, &[])?)
			}
			Bytecode::TestVariantGeneric(index) => {
				self.test_variant(StructUse::variant_generic(self.function, *index)?)
			}

			Bytecode::ReadRef => self.read_reference(),
			Bytecode::WriteRef => self.write_reference(),
			Bytecode::FreezeRef => {
				let operand = self.pop()?;
				if operand.kind != Kind::MutableReference {
					return Err(self.error(StatusCode::FREEZEREF_TYPE_MISMATCH_ERROR));
				}
				self.push(operand.with_kind(Kind::Reference));
				Ok(())
			}

			Bytecode::MutBorrowField(index) => {
				self.borrow_field(*index, &[], Kind::MutableReference)
			}
			Bytecode::ImmBorrowField(index) => self.borrow_field(*index, &[], Kind::Reference),
			Bytecode::MutBorrowFieldGeneric(index) => {
				let instantiation = self.function.module()?.field_instantiation(*index)?;
				let arguments = self.signature(instantiation.type_arguments)?;
				self.borrow_field(instantiation.handle, arguments, Kind::MutableReference)
			}
			Bytecode::ImmBorrowFieldGeneric(index) => {
				let instantiation = self.function.module()?.field_instantiation(*index)?;
				let arguments = self.signature(instantiation.type_arguments)?;
				self.borrow_field(instantiation.handle, arguments, Kind::Reference)
			}
			Bytecode::MutBorrowVariantField(index) => {
				self.borrow_variant_field(*index, &[], Kind::MutableReference)
			}
			Bytecode::ImmBorrowVariantField(index) => {
				self.borrow_variant_field(*index, &[], Kind::Reference)
			}
			Bytecode::MutBorrowVariantFieldGeneric(index) => {
				let instantiation = self
					.function
					.module()?
					.variant_field_instantiation(*index)?;
				let arguments = self.signature(instantiation.type_arguments)?;
				self.borrow_variant_field(instantiation.handle, arguments, Kind::MutableReference)
			}
			Bytecode::ImmBorrowVariantFieldGeneric(index) => {
				let instantiation = self
					.function
					.module()?
					.variant_field_instantiation(*index)?;
				let arguments = self.signature(instantiation.type_arguments)?;
				self.borrow_variant_field(instantiation.handle, arguments, Kind::Reference)
			}

			Bytecode::MutBorrowGlobal(index) => {
				let target = StructUse::plain(self.function, *index)?;
				self.borrow_global(target, Kind::MutableReference)
			}
			Bytecode::MutBorrowGlobalGeneric(index) => {
				let target = StructUse::generic(self.function, *index)?;
				self.borrow_global(target, Kind::MutableReference)
			}
			Bytecode::ImmBorrowGlobal(index) => {
				let target = StructUse::plain(self.function, *index)?;
				self.borrow_global(target, Kind::Reference)
			}
			Bytecode::ImmBorrowGlobalGeneric(index) => {
				let target = StructUse::generic(self.function, *index)?;
				self.borrow_global(target, Kind::Reference)
			}
			Bytecode::Exists(index) => self.exists(StructUse::plain(self.function, *index)?),
			Bytecode::ExistsGeneric(index) => {
				self.exists(StructUse::generic(self.function, *index)?)
			}
			Bytecode::MoveFrom(index) => self.move_from(StructUse::plain(self.function, *index)?),
			Bytecode::MoveFromGeneric(index) => {
				self.move_from(StructUse::generic(self.function, *index)?)
			}
			Bytecode::MoveTo(index) => self.move_to(StructUse::plain(self.function, *index)?),
			Bytecode::MoveToGeneric(index) => {
				self.move_to(StructUse::generic(self.function, *index)?)
			}

			Bytecode::CastU8 => self.cast(Head::U8),
			Bytecode::CastU16 => self.cast(Head::U16),
			Bytecode::CastU32 => self.cast(Head::U32),
			Bytecode::CastU64 => self.cast(Head::U64),
			Bytecode::CastU128 => self.cast(Head::U128),
			Bytecode::CastU256 => self.cast(Head::U256),
			Bytecode::Add
			| Bytecode::Sub
			| Bytecode::Mul
			| Bytecode::Mod
			| Bytecode::Div
			| Bytecode::BitOr
			| Bytecode::BitAnd
			| Bytecode::Xor => {
				let operand = self.pop_integers()?;
				self.push(operand);
				Ok(())
			}
			Bytecode::Lt | Bytecode::Gt | Bytecode::Le | Bytecode::Ge => {
				self.pop_integers()?;
				self.push(BOOL);
				Ok(())
			}
			Bytecode::Shl | Bytecode::Shr => {
				let width = self.pop()?;
				let operand = self.pop()?;
				if !operand.is_integer() || !width.is_plain(&Head::U8) {
					return Err(self.error(StatusCode::INTEGER_OP_TYPE_MISMATCH_ERROR));
				}
				self.push(operand);
				Ok(())
			}
			Bytecode::Or | Bytecode::And => {
				self.pop_plain(Head::Bool, StatusCode::BOOLEAN_OP_TYPE_MISMATCH_ERROR)?;
				self.pop_plain(Head::Bool, StatusCode::BOOLEAN_OP_TYPE_MISMATCH_ERROR)?;
				self.push(BOOL);
				Ok(())
			}
			Bytecode::Not => {
				self.pop_plain(Head::Bool, StatusCode::BOOLEAN_OP_TYPE_MISMATCH_ERROR)?;
				self.push(BOOL);
				Ok(())
			}
			Bytecode::Eq | Bytecode::Neq => self.compare(),

			Bytecode::VecPack(index, count) => self.pack_vector(*index, *count),
			Bytecode::VecUnpack(index, count) => self.unpack_vector(*index, *count),
			Bytecode::VecLen(index) => {
				let vector = self.pop()?;
				self.expect_vector(&vector, *index, Kind::Reference)?;
				self.push(U64);
				Ok(())
			}
			Bytecode::VecImmBorrow(index) => self.borrow_element(*index, Kind::Reference),
			Bytecode::VecMutBorrow(index) => self.borrow_element(*index, Kind::MutableReference),
			Bytecode::VecPushBack(index) => {
				let element = self.pop()?;
				let vector = self.pop()?;
				let declared = self.declared_element(*index)?;
				self.expect_same(&element, &declared, StatusCode::TYPE_MISMATCH)?;
				self.expect_vector(&vector, *index, Kind::MutableReference)?;
				Ok(())
			}
			Bytecode::VecPopBack(index) => {
				let vector = self.pop()?;
				let element = self.expect_vector(&vector, *index, Kind::MutableReference)?;
				self.push(element);
				Ok(())
			}
			Bytecode::VecSwap(index) => {
				let second = self.pop()?;
				let first = self.pop()?;
				let vector = self.pop()?;
				if !first.is_plain(&Head::U64) || !second.is_plain(&Head::U64) {
					return Err(self.error(StatusCode::TYPE_MISMATCH));
				}
				self.expect_vector(&vector, *index, Kind::MutableReference)?;
				Ok(())
			}
		}
	}
}
