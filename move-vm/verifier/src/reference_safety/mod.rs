//! Checks that references are safe.
//!
//! Property: no reference outlives what it refers to; what a mutable reference refers to is not
//! borrowed otherwise when it is written, passed on or returned; a resource is not borrowed when it
//! is taken or when a function that may touch it is called.
//!
//! The pass knows for each point of the code which references there are and which borrow from
//! which ([`graph`]); the flow is followed by [`crate::absint`]. It relies on type safety and
//! balanced stacks, which were checked before.

pub mod graph;
mod operations;
pub mod path;
pub mod state;

use alloc::vec::Vec;

use move_vm_binary_format::{
	index::{CodeOffset, LocalIndex},
	Bytecode, SignatureToken,
};
use move_vm_types::{VmError, VmResult};

use crate::{
	absint::{analyse, Analysis},
	locals_safety::LocalSet,
	meter::Meter,
	type_safety::types::Kind,
	view::{Definitions, FunctionView},
};
use state::{AbstractValue, EntryState, State};

struct ReferenceSafety<'a> {
	function: &'a FunctionView<'a>,
	definitions: &'a Definitions,
	state: State,
	stack: Vec<AbstractValue>,
}

/// Checks the references of a function.
///
/// # Errors
/// The status of the first instruction that breaks the property, in the order in which the flow is
/// followed; `PROGRAM_TOO_COMPLEX`.
pub fn verify(
	function: &FunctionView<'_>,
	definitions: &Definitions,
	meter: &mut Meter,
) -> VmResult<()> {
	meter.charge_count(function.local_count())?;
	let mut references = LocalSet::default();
	for (local, token) in (0..=LocalIndex::MAX).zip(function.parameters) {
		if token.is_reference() {
			references.insert(local);
		}
	}
	let kinds = function.all_locals().map(|token| match token {
		SignatureToken::MutableReference(_) => Kind::MutableReference,
		SignatureToken::Reference(_) => Kind::Reference,
		_ => Kind::Value,
	});
	let mut pass = ReferenceSafety {
		function,
		definitions,
		state: State::new(kinds),
		stack: Vec::new(),
	};
	let initial = EntryState {
		references,
		..EntryState::default()
	};
	analyse(&mut pass, initial, function, meter)
}

impl Analysis for ReferenceSafety<'_> {
	type State = EntryState;

	fn begin_block(&mut self, entry: &EntryState, meter: &mut Meter) -> VmResult<()> {
		self.stack.clear();
		self.state.enter(entry, meter)
	}

	fn step(
		&mut self,
		instruction: &Bytecode,
		offset: CodeOffset,
		meter: &mut Meter,
	) -> VmResult<()> {
		match instruction {
			Bytecode::Nop | Bytecode::Branch(_) => Ok(()),
			Bytecode::Pop => match self.pop()? {
				Some(id) => self.state.release(id, meter),
				None => Ok(()),
			},
			Bytecode::BrTrue(_) | Bytecode::BrFalse(_) | Bytecode::Abort => self.pop_value(),
			Bytecode::Ret => self.ret(offset, meter),
			Bytecode::Call(index) => self.call(*index, offset, meter),
			Bytecode::CallGeneric(index) => {
				let instantiation = self.function.pools().function_instantiation(*index)?;
				self.call(instantiation.handle, offset, meter)
			}

			Bytecode::CopyLoc(local) => self.copy_local(*local, offset, meter),
			Bytecode::MoveLoc(local) => self.move_local(*local, offset, meter),
			Bytecode::StLoc(local) => self.store_local(*local, offset, meter),
			Bytecode::MutBorrowLoc(local) => self.borrow_local(*local, true, offset, meter),
			Bytecode::ImmBorrowLoc(local) => self.borrow_local(*local, false, offset, meter),

			Bytecode::FreezeRef => self.freeze(offset, meter),
			Bytecode::Eq | Bytecode::Neq => self.compare(offset, meter),
			Bytecode::ReadRef | Bytecode::TestVariant(_) | Bytecode::TestVariantGeneric(_) => {
				self.read(offset, meter)
			}
			Bytecode::WriteRef => self.write(offset, meter),

			Bytecode::MutBorrowField(index) => {
				self.borrow_field(self.field_of(*index)?, true, offset, meter)
			}
			Bytecode::ImmBorrowField(index) => {
				self.borrow_field(self.field_of(*index)?, false, offset, meter)
			}
			Bytecode::MutBorrowFieldGeneric(index) => {
				let handle = self.function.module()?.field_instantiation(*index)?.handle;
				self.borrow_field(self.field_of(handle)?, true, offset, meter)
			}
			Bytecode::ImmBorrowFieldGeneric(index) => {
				let handle = self.function.module()?.field_instantiation(*index)?.handle;
				self.borrow_field(self.field_of(handle)?, false, offset, meter)
			}
			Bytecode::MutBorrowVariantField(index) => {
				self.borrow_field(self.variant_field_of(*index)?, true, offset, meter)
			}
			Bytecode::ImmBorrowVariantField(index) => {
				self.borrow_field(self.variant_field_of(*index)?, false, offset, meter)
			}
			Bytecode::MutBorrowVariantFieldGeneric(index) => {
				let instantiation = self
					.function
					.module()?
					.variant_field_instantiation(*index)?;
				let field = self.variant_field_of(instantiation.handle)?;
				self.borrow_field(field, true, offset, meter)
			}
			Bytecode::ImmBorrowVariantFieldGeneric(index) => {
				let instantiation = self
					.function
					.module()?
					.variant_field_instantiation(*index)?;
				let field = self.variant_field_of(instantiation.handle)?;
				self.borrow_field(field, false, offset, meter)
			}

			Bytecode::MutBorrowGlobal(index) => self.borrow_global(*index, true, offset, meter),
			Bytecode::ImmBorrowGlobal(index) => self.borrow_global(*index, false, offset, meter),
			Bytecode::MutBorrowGlobalGeneric(index) => {
				self.borrow_global(self.struct_of(*index)?, true, offset, meter)
			}
			Bytecode::ImmBorrowGlobalGeneric(index) => {
				self.borrow_global(self.struct_of(*index)?, false, offset, meter)
			}
			Bytecode::MoveFrom(index) => self.move_from(*index, offset, meter),
			Bytecode::MoveFromGeneric(index) => {
				self.move_from(self.struct_of(*index)?, offset, meter)
			}
			Bytecode::MoveTo(_) | Bytecode::MoveToGeneric(_) => self.move_to(meter),

			Bytecode::LdU8(_)
			| Bytecode::LdU16(_)
			| Bytecode::LdU32(_)
			| Bytecode::LdU64(_)
			| Bytecode::LdU128(_)
			| Bytecode::LdU256(_)
			| Bytecode::LdTrue
			| Bytecode::LdFalse
			| Bytecode::LdConst(_) => {
				self.push_value();
				Ok(())
			}
			Bytecode::CastU8
			| Bytecode::CastU16
			| Bytecode::CastU32
			| Bytecode::CastU64
			| Bytecode::CastU128
			| Bytecode::CastU256
			| Bytecode::Not
			| Bytecode::Exists(_)
			| Bytecode::ExistsGeneric(_) => self.pack(1, meter),
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
			| Bytecode::Lt
			| Bytecode::Gt
			| Bytecode::Le
			| Bytecode::Ge => self.pack(2, meter),

			Bytecode::Pack(index) => self.pack(self.fields_of(*index)?, meter),
			Bytecode::PackGeneric(index) => {
				let index = self.struct_of(*index)?;
				self.pack(self.fields_of(index)?, meter)
			}
			Bytecode::PackVariant(index) => self.pack(self.variant_fields_of(*index)?, meter),
			Bytecode::PackVariantGeneric(index) => {
				let instantiation = self
					.function
					.module()?
					.struct_variant_instantiation(*index)?;
				self.pack(self.variant_fields_of(instantiation.handle)?, meter)
			}
			Bytecode::Unpack(index) => self.unpack(self.fields_of(*index)?, meter),
			Bytecode::UnpackGeneric(index) => {
				let index = self.struct_of(*index)?;
				self.unpack(self.fields_of(index)?, meter)
			}
			Bytecode::UnpackVariant(index) => self.unpack(self.variant_fields_of(*index)?, meter),
			Bytecode::UnpackVariantGeneric(index) => {
				let instantiation = self
					.function
					.module()?
					.struct_variant_instantiation(*index)?;
				self.unpack(self.variant_fields_of(instantiation.handle)?, meter)
			}

			Bytecode::VecPack(_, count) => {
				self.pack(usize::try_from(*count).unwrap_or(usize::MAX), meter)
			}
			Bytecode::VecUnpack(_, count) => {
				self.unpack(usize::try_from(*count).unwrap_or(usize::MAX), meter)
			}
			Bytecode::VecLen(_) => {
				self.use_vector(false, offset, meter)?;
				self.push_value();
				Ok(())
			}
			Bytecode::VecImmBorrow(_) => self.borrow_element(false, offset, meter),
			Bytecode::VecMutBorrow(_) => self.borrow_element(true, offset, meter),
			Bytecode::VecPushBack(_) => {
				self.pop_value()?;
				self.use_vector(true, offset, meter)
			}
			Bytecode::VecPopBack(_) => {
				self.use_vector(true, offset, meter)?;
				self.push_value();
				Ok(())
			}
			Bytecode::VecSwap(_) => {
				self.pop_values(2, meter)?;
				self.use_vector(true, offset, meter)
			}
		}
	}

	fn end_block(&mut self, meter: &mut Meter) -> VmResult<()> {
		if !self.stack.is_empty() {
			return Err(VmError::invariant("operands left at the end of a block"));
		}
		self.state.leave(meter)
	}

	fn snapshot(&self, meter: &mut Meter) -> VmResult<EntryState> {
		self.state.snapshot(meter)
	}

	fn join_into(&mut self, entry: &mut EntryState, meter: &mut Meter) -> VmResult<bool> {
		self.state.join_into(entry, meter)
	}
}
