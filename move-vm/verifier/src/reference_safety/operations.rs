//! What the families of instructions do to references. Each handler checks in the order of the
//! reference, so that of two faults the same one is reported.

use alloc::vec::Vec;

use move_vm_binary_format::{
	index::{
		CodeOffset, FieldHandleIndex, FunctionHandleIndex, LocalIndex, MemberCount,
		StructDefInstantiationIndex, StructDefinitionIndex, StructVariantHandleIndex,
		VariantFieldHandleIndex, VariantIndex,
	},
	module::StructDefinition,
};
use move_vm_types::{StatusCode, VmError, VmResult};

use super::{graph::Ref, state::AbstractValue, ReferenceSafety};
use crate::meter::Meter;

/// How many fields a struct or a variant has; none if it is not what the instruction takes it for,
/// which type safety refuses.
fn field_count(definition: &StructDefinition, variant: Option<VariantIndex>) -> usize {
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
	pub(super) fn error(&self, status: StatusCode, offset: CodeOffset) -> VmError {
		self.function.error(status, offset)
	}

	/// Fails with `status` unless `is_safe`.
	pub(super) fn expect(
		&self,
		is_safe: bool,
		status: StatusCode,
		offset: CodeOffset,
	) -> VmResult<()> {
		if is_safe {
			Ok(())
		} else {
			Err(self.error(status, offset))
		}
	}

	// The stack.

	pub(super) fn pop(&mut self) -> VmResult<AbstractValue> {
		self.stack
			.pop()
			.ok_or_else(|| VmError::invariant("operand missing"))
	}

	pub(super) fn pop_reference(&mut self) -> VmResult<Ref> {
		self.pop()?
			.ok_or_else(|| VmError::invariant("value in place of a reference"))
	}

	pub(super) fn pop_value(&mut self) -> VmResult<()> {
		match self.pop()? {
			None => Ok(()),
			Some(_) => Err(VmError::invariant("reference in place of a value")),
		}
	}

	pub(super) fn pop_values(&mut self, count: usize, meter: &mut Meter) -> VmResult<()> {
		meter.charge_count(count)?;
		(0..count).try_for_each(|_| self.pop_value())
	}

	pub(super) fn push_value(&mut self) {
		self.stack.push(None);
	}

	pub(super) fn push_values(&mut self, count: usize, meter: &mut Meter) -> VmResult<()> {
		meter.charge_count(count)?;
		self.stack.extend(core::iter::repeat_n(None, count));
		Ok(())
	}

	pub(super) fn push_reference(&mut self, id: Ref) {
		self.stack.push(Some(id));
	}

	// Locals.

	pub(super) fn copy_local(
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

	pub(super) fn move_local(
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

	pub(super) fn store_local(
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

	pub(super) fn borrow_local(
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

	pub(super) fn freeze(&mut self, offset: CodeOffset, meter: &mut Meter) -> VmResult<()> {
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

	pub(super) fn compare(&mut self, offset: CodeOffset, meter: &mut Meter) -> VmResult<()> {
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
	pub(super) fn read(&mut self, offset: CodeOffset, meter: &mut Meter) -> VmResult<()> {
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

	pub(super) fn write(&mut self, offset: CodeOffset, meter: &mut Meter) -> VmResult<()> {
		let id = self.pop_reference()?;
		self.pop_value()?;
		let is_safe = self.state.is_writable(id, meter)?;
		self.expect(is_safe, StatusCode::WRITEREF_EXISTS_BORROW_ERROR, offset)?;
		self.state.release(id, meter)
	}

	pub(super) fn borrow_field(
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

	pub(super) fn field_of(&self, index: FieldHandleIndex) -> VmResult<MemberCount> {
		Ok(self.function.module()?.field_handle(index)?.field)
	}

	pub(super) fn variant_field_of(&self, index: VariantFieldHandleIndex) -> VmResult<MemberCount> {
		Ok(self.function.module()?.variant_field_handle(index)?.field)
	}

	// Global storage.

	pub(super) fn borrow_global(
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

	pub(super) fn move_from(
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

	pub(super) fn move_to(&mut self, meter: &mut Meter) -> VmResult<()> {
		self.pop_value()?;
		let signer = self.pop_reference()?;
		self.state.release(signer, meter)
	}

	// Structs.

	pub(super) fn struct_of(
		&self,
		index: StructDefInstantiationIndex,
	) -> VmResult<StructDefinitionIndex> {
		Ok(self.function.module()?.struct_def_instantiation(index)?.def)
	}

	pub(super) fn pack(&mut self, count: usize, meter: &mut Meter) -> VmResult<()> {
		self.pop_values(count, meter)?;
		self.push_value();
		Ok(())
	}

	pub(super) fn unpack(&mut self, count: usize, meter: &mut Meter) -> VmResult<()> {
		self.pop_value()?;
		self.push_values(count, meter)
	}

	pub(super) fn fields_of(&self, index: StructDefinitionIndex) -> VmResult<usize> {
		Ok(field_count(self.function.struct_def(index)?, None))
	}

	pub(super) fn variant_fields_of(&self, index: StructVariantHandleIndex) -> VmResult<usize> {
		let handle = self.function.module()?.struct_variant_handle(index)?;
		let definition = self.function.struct_def(handle.owner)?;
		Ok(field_count(definition, Some(handle.variant)))
	}

	// Calls.

	pub(super) fn call(
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

	pub(super) fn ret(&mut self, offset: CodeOffset, meter: &mut Meter) -> VmResult<()> {
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
	pub(super) fn use_vector(
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

	pub(super) fn borrow_element(
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
