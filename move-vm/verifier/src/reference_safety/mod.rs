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
pub mod path;
pub mod state;

use alloc::vec::Vec;

use move_vm_binary_format::{
	index::{
		CodeOffset, FieldHandleIndex, FunctionHandleIndex, LocalIndex, MemberCount,
		StructDefInstantiationIndex, StructDefinitionIndex, StructVariantHandleIndex,
		VariantFieldHandleIndex,
	},
	module::StructDefinition,
	Bytecode, SignatureToken,
};
use move_vm_types::{StatusCode, VmError, VmResult};

use crate::{
	absint::{analyse, Analysis},
	locals_safety::LocalSet,
	meter::Meter,
	type_safety::types::Kind,
	view::{Definitions, FunctionView},
};
use graph::Ref;
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

/// The struct that an instruction names, of one of its variants the fields.
fn field_count(definition: &StructDefinition, variant: Option<u16>) -> usize {
	let fields = match variant {
		None => definition.fields(),
		Some(variant) => definition
			.variants()
			.and_then(|variants| variants.get(usize::from(variant)))
			.map(|variant| variant.fields.as_slice()),
	};
	fields.map_or(0, <[_]>::len)
}

impl ReferenceSafety<'_> {
	#[cold]
	fn error(&self, status: StatusCode, offset: CodeOffset) -> VmError {
		self.function.error(status, offset)
	}

	/// Fails with `status` unless `is_safe`.
	fn expect(&self, is_safe: bool, status: StatusCode, offset: CodeOffset) -> VmResult<()> {
		if is_safe {
			Ok(())
		} else {
			Err(self.error(status, offset))
		}
	}

	// The stack.

	fn pop(&mut self) -> VmResult<AbstractValue> {
		self.stack
			.pop()
			.ok_or_else(|| VmError::invariant("operand missing"))
	}

	fn pop_reference(&mut self) -> VmResult<Ref> {
		self.pop()?
			.ok_or_else(|| VmError::invariant("value in place of a reference"))
	}

	fn pop_value(&mut self) -> VmResult<()> {
		match self.pop()? {
			None => Ok(()),
			Some(_) => Err(VmError::invariant("reference in place of a value")),
		}
	}

	fn pop_values(&mut self, count: usize, meter: &mut Meter) -> VmResult<()> {
		meter.charge_count(count)?;
		(0..count).try_for_each(|_| self.pop_value())
	}

	fn push_value(&mut self) {
		self.stack.push(None);
	}

	fn push_values(&mut self, count: usize, meter: &mut Meter) -> VmResult<()> {
		meter.charge_count(count)?;
		self.stack.extend(core::iter::repeat_n(None, count));
		Ok(())
	}

	fn push_reference(&mut self, id: Ref) {
		self.stack.push(Some(id));
	}

	// Locals.

	fn copy_local(
		&mut self,
		local: LocalIndex,
		offset: CodeOffset,
		meter: &mut Meter,
	) -> VmResult<()> {
		let value = match self.state.value_of(local)? {
			Some(id) => {
				let is_mutable = self.state.is_mutable(id);
				Some(self.state.add_copy(id, is_mutable, meter)?)
			}
			None => {
				let is_borrowed = self.state.is_local_mutably_borrowed(local, meter)?;
				self.expect(
					!is_borrowed,
					StatusCode::COPYLOC_EXISTS_BORROW_ERROR,
					offset,
				)?;
				None
			}
		};
		self.stack.push(value);
		Ok(())
	}

	fn move_local(
		&mut self,
		local: LocalIndex,
		offset: CodeOffset,
		meter: &mut Meter,
	) -> VmResult<()> {
		let value = self.state.replace(local, None)?;
		if value.is_none() {
			let is_borrowed = self.state.is_local_borrowed(local, meter)?;
			self.expect(
				!is_borrowed,
				StatusCode::MOVELOC_EXISTS_BORROW_ERROR,
				offset,
			)?;
		}
		self.stack.push(value);
		Ok(())
	}

	fn store_local(
		&mut self,
		local: LocalIndex,
		offset: CodeOffset,
		meter: &mut Meter,
	) -> VmResult<()> {
		let value = self.pop()?;
		match self.state.replace(local, value)? {
			Some(id) => self.state.release(id, meter),
			None => {
				let is_borrowed = self.state.is_local_borrowed(local, meter)?;
				self.expect(
					!is_borrowed,
					StatusCode::STLOC_UNSAFE_TO_DESTROY_ERROR,
					offset,
				)
			}
		}
	}

	fn borrow_local(
		&mut self,
		local: LocalIndex,
		is_mutable: bool,
		offset: CodeOffset,
		meter: &mut Meter,
	) -> VmResult<()> {
		// A mutable borrow is put in front of those that exist, and shows when they are used.
		if !is_mutable {
			let is_borrowed = self.state.is_local_mutably_borrowed(local, meter)?;
			self.expect(
				!is_borrowed,
				StatusCode::BORROWLOC_EXISTS_BORROW_ERROR,
				offset,
			)?;
		}
		let id = self.state.add_local(local, is_mutable, meter)?;
		self.push_reference(id);
		Ok(())
	}

	// References.

	fn freeze(&mut self, offset: CodeOffset, meter: &mut Meter) -> VmResult<()> {
		let id = self.pop_reference()?;
		let is_safe = self.state.is_freezable(id, None, meter)?;
		self.expect(
			is_safe,
			StatusCode::FREEZEREF_EXISTS_MUTABLE_BORROW_ERROR,
			offset,
		)?;
		let frozen = self.state.add_copy(id, false, meter)?;
		self.state.release(id, meter)?;
		self.push_reference(frozen);
		Ok(())
	}

	fn compare(&mut self, offset: CodeOffset, meter: &mut Meter) -> VmResult<()> {
		let (right, left) = (self.pop()?, self.pop()?);
		match (right, left) {
			(Some(right), Some(left)) => {
				let is_safe = self.state.is_readable(right, None, meter)?
					&& self.state.is_readable(left, None, meter)?;
				self.expect(
					is_safe,
					StatusCode::READREF_EXISTS_MUTABLE_BORROW_ERROR,
					offset,
				)?;
				self.state.release(right, meter)?;
				self.state.release(left, meter)?;
			}
			(None, None) => {}
			(Some(_), None) | (None, Some(_)) => {
				return Err(VmError::invariant("comparison of a reference and a value"));
			}
		}
		self.push_value();
		Ok(())
	}

	/// Pops a reference and pushes what was read through it, which is a value.
	fn read(&mut self, offset: CodeOffset, meter: &mut Meter) -> VmResult<()> {
		let id = self.pop_reference()?;
		let is_safe = self.state.is_readable(id, None, meter)?;
		self.expect(
			is_safe,
			StatusCode::READREF_EXISTS_MUTABLE_BORROW_ERROR,
			offset,
		)?;
		self.state.release(id, meter)?;
		self.push_value();
		Ok(())
	}

	fn write(&mut self, offset: CodeOffset, meter: &mut Meter) -> VmResult<()> {
		let id = self.pop_reference()?;
		self.pop_value()?;
		let is_safe = self.state.is_writable(id, meter)?;
		self.expect(is_safe, StatusCode::WRITEREF_EXISTS_BORROW_ERROR, offset)?;
		self.state.release(id, meter)
	}

	fn borrow_field(
		&mut self,
		field: MemberCount,
		is_mutable: bool,
		offset: CodeOffset,
		meter: &mut Meter,
	) -> VmResult<()> {
		let id = self.pop_reference()?;
		// Borrows of the field itself are put behind the new reference.
		let is_safe = if is_mutable {
			!self.state.has_full_borrows(id, meter)?
		} else {
			self.state.is_readable(id, Some(field), meter)?
		};
		self.expect(
			is_safe,
			StatusCode::BORROWFIELD_EXISTS_MUTABLE_BORROW_ERROR,
			offset,
		)?;
		let child = self.state.add_field(id, field, is_mutable, meter)?;
		self.state.release(id, meter)?;
		self.push_reference(child);
		Ok(())
	}

	fn field_of(&self, index: FieldHandleIndex) -> VmResult<MemberCount> {
		Ok(self.function.module()?.field_handle(index)?.field)
	}

	fn variant_field_of(&self, index: VariantFieldHandleIndex) -> VmResult<MemberCount> {
		Ok(self.function.module()?.variant_field_handle(index)?.field)
	}

	// Global storage.

	fn borrow_global(
		&mut self,
		resource: StructDefinitionIndex,
		is_mutable: bool,
		offset: CodeOffset,
		meter: &mut Meter,
	) -> VmResult<()> {
		self.pop_value()?;
		let is_borrowed = if is_mutable {
			self.state.is_global_borrowed(resource, meter)?
		} else {
			self.state.is_global_mutably_borrowed(resource, meter)?
		};
		self.expect(!is_borrowed, StatusCode::GLOBAL_REFERENCE_ERROR, offset)?;
		let id = self.state.add_global(resource, is_mutable, meter)?;
		self.push_reference(id);
		Ok(())
	}

	fn move_from(
		&mut self,
		resource: StructDefinitionIndex,
		offset: CodeOffset,
		meter: &mut Meter,
	) -> VmResult<()> {
		self.pop_value()?;
		let is_borrowed = self.state.is_global_borrowed(resource, meter)?;
		self.expect(!is_borrowed, StatusCode::GLOBAL_REFERENCE_ERROR, offset)?;
		self.push_value();
		Ok(())
	}

	fn move_to(&mut self, meter: &mut Meter) -> VmResult<()> {
		self.pop_value()?;
		let signer = self.pop_reference()?;
		self.state.release(signer, meter)
	}

	// Structs.

	fn struct_of(&self, index: StructDefInstantiationIndex) -> VmResult<StructDefinitionIndex> {
		Ok(self.function.module()?.struct_def_instantiation(index)?.def)
	}

	fn pack(&mut self, count: usize, meter: &mut Meter) -> VmResult<()> {
		self.pop_values(count, meter)?;
		self.push_value();
		Ok(())
	}

	fn unpack(&mut self, count: usize, meter: &mut Meter) -> VmResult<()> {
		self.pop_value()?;
		self.push_values(count, meter)
	}

	fn fields_of(&self, index: StructDefinitionIndex) -> VmResult<usize> {
		Ok(field_count(self.function.struct_def(index)?, None))
	}

	fn variant_fields_of(&self, index: StructVariantHandleIndex) -> VmResult<usize> {
		let handle = self.function.module()?.struct_variant_handle(index)?;
		let definition = self.function.struct_def(handle.owner)?;
		Ok(field_count(definition, Some(handle.variant)))
	}

	// Calls.

	fn call(
		&mut self,
		callee: FunctionHandleIndex,
		offset: CodeOffset,
		meter: &mut Meter,
	) -> VmResult<()> {
		let pools = self.function.pools();
		let handle = pools.function_handle(callee)?;
		let parameters = &pools.signature(handle.parameters)?.0;
		let returns = &pools.signature(handle.returns)?.0;
		meter.charge_count(parameters.len().saturating_add(returns.len()))?;
		let start = self
			.stack
			.len()
			.checked_sub(parameters.len())
			.ok_or_else(|| VmError::invariant("operand missing"))?;
		let arguments = self.stack.split_off(start);

		for resource in self.definitions.acquired(self.function.binary, callee) {
			meter.charge(1)?;
			let is_borrowed = self.state.is_global_borrowed(*resource, meter)?;
			self.expect(!is_borrowed, StatusCode::GLOBAL_REFERENCE_ERROR, offset)?;
		}

		let mut references: Vec<Ref> = arguments.into_iter().flatten().collect();
		for id in &references {
			let is_safe = !self.state.is_mutable(*id) || self.state.is_writable(*id, meter)?;
			self.expect(
				is_safe,
				StatusCode::CALL_BORROWED_MUTABLE_REFERENCE_ERROR,
				offset,
			)?;
		}
		references.sort_unstable();
		references.dedup();

		// A result may refer to anything that an argument gave access to.
		for token in returns {
			let is_mutable = token.is_mutable_reference();
			if !token.is_reference() {
				self.push_value();
				continue;
			}
			meter.charge_count(references.len())?;
			let result = self.state.add(is_mutable)?;
			for id in &references {
				if !is_mutable || self.state.is_mutable(*id) {
					self.state.borrow_within(*id, result, meter)?;
				}
			}
			self.push_reference(result);
		}
		references
			.into_iter()
			.try_for_each(|id| self.state.release(id, meter))
	}

	fn ret(&mut self, offset: CodeOffset, meter: &mut Meter) -> VmResult<()> {
		let count = self.function.returns.len();
		meter.charge_count(count)?;
		let start = self
			.stack
			.len()
			.checked_sub(count)
			.ok_or_else(|| VmError::invariant("operand missing"))?;
		let results = self.stack.split_off(start);

		self.state.release_locals(meter)?;
		let is_borrowed = self.state.is_frame_borrowed(meter)?;
		self.expect(
			!is_borrowed,
			StatusCode::UNSAFE_RET_LOCAL_OR_RESOURCE_STILL_BORROWED,
			offset,
		)?;
		for id in results.into_iter().flatten() {
			let is_safe = !self.state.is_mutable(id) || self.state.is_writable(id, meter)?;
			self.expect(
				is_safe,
				StatusCode::RET_BORROWED_MUTABLE_REFERENCE_ERROR,
				offset,
			)?;
		}
		Ok(())
	}

	// Vectors.

	/// Pops a reference to a vector that is read or changed as a whole.
	fn use_vector(
		&mut self,
		is_changed: bool,
		offset: CodeOffset,
		meter: &mut Meter,
	) -> VmResult<()> {
		let id = self.pop_reference()?;
		if is_changed {
			let is_safe = self.state.is_writable(id, meter)?;
			self.expect(
				is_safe,
				StatusCode::VEC_UPDATE_EXISTS_MUTABLE_BORROW_ERROR,
				offset,
			)?;
		}
		self.state.release(id, meter)
	}

	fn borrow_element(
		&mut self,
		is_mutable: bool,
		offset: CodeOffset,
		meter: &mut Meter,
	) -> VmResult<()> {
		self.pop_value()?;
		let vector = self.pop_reference()?;
		if is_mutable {
			let is_safe = self.state.is_writable(vector, meter)?;
			self.expect(
				is_safe,
				StatusCode::VEC_BORROW_ELEMENT_EXISTS_MUTABLE_BORROW_ERROR,
				offset,
			)?;
		}
		let element = self.state.add(is_mutable)?;
		self.state.borrow_within(vector, element, meter)?;
		self.state.release(vector, meter)?;
		self.push_reference(element);
		Ok(())
	}
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
