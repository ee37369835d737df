//! [`Memory`]: the locals of all call frames and the globals in use, and what is done through
//! references to them.

use alloc::vec::Vec;

use move_vm_types::{StatusCode, VmError, VmResult};

use super::{
	compare::{equal_places, equal_values},
	layout::TypeId,
	place::{Place, PlaceMut},
	reference::Root,
	stack::Stack,
	value::{block, type_error, Depth, Value, VALUE_BYTES},
};

/// A resource under an address, as far as a session has touched it.
#[derive(Clone, Debug)]
pub struct GlobalSlot {
	/// [`Value::Invalid`] if there is none.
	value: Value,
	is_dirty: bool,
	was_stored: bool,
	/// The loader's number for its type.
	type_id: TypeId,
}

impl GlobalSlot {
	/// The resource; `None` if there is none.
	pub fn value(&self) -> Option<&Value> {
		Some(&self.value).filter(|value| !value.is_invalid())
	}

	/// Whether it changed since it was loaded.
	pub const fn is_dirty(&self) -> bool {
		self.is_dirty
	}

	/// Whether storage held it when it was loaded.
	pub const fn was_stored(&self) -> bool {
		self.was_stored
	}

	/// The loader's number for its type.
	pub const fn type_id(&self) -> TypeId {
		self.type_id
	}

	/// Declares that storage now agrees with it.
	pub fn mark_written(&mut self) {
		self.is_dirty = false;
		self.was_stored = !self.value.is_invalid();
	}
}

/// Everything that a reference can refer to.
#[derive(Clone, Debug, Default)]
pub struct Memory {
	/// The locals of all call frames, the newest last, and above them slots that hold nothing.
	slots: Vec<Value>,
	/// Slots in use.
	len: usize,
	globals: Vec<GlobalSlot>,
}

#[cold]
fn stale() -> VmError {
	VmError::invariant("a reference leads nowhere")
}

#[cold]
fn no_slot() -> VmError {
	VmError::invariant("no such slot")
}

#[cold]
fn too_many_values() -> VmError {
	VmError::invariant("more values than locals")
}

#[cold]
fn empty_local() -> VmError {
	VmError::invariant("a local that holds nothing is used")
}

/// Locals.
impl Memory {
	/// Makes room for the `count` locals of a new call frame, of which `values` are the first, and
	/// tells where they begin.
	///
	/// # Errors
	/// An invariant violation if there are more values than locals.
	pub fn enter_frame(
		&mut self,
		values: impl IntoIterator<Item = Value>,
		count: usize,
	) -> VmResult<u32> {
		let (base, locals) = self.next_frame(count)?;
		let mut values = values.into_iter();
		for (local, value) in locals.iter_mut().zip(&mut values) {
			local.assign(value);
		}
		self.len = self.len.saturating_add(count);
		if values.next().is_some() {
			self.leave_frame(base);
			return Err(too_many_values());
		}
		Ok(base)
	}

	/// Like [`Memory::enter_frame`] with the topmost `parameters` values of the stack.
	///
	/// # Errors
	/// As [`Memory::enter_frame`], and `EMPTY_VALUE_STACK` if there are fewer values.
	#[inline]
	pub fn enter_call(
		&mut self,
		stack: &mut Stack,
		parameters: usize,
		count: usize,
	) -> VmResult<u32> {
		if parameters > count {
			return Err(too_many_values());
		}
		let (base, locals) = self.next_frame(count)?;
		stack.pop_to(parameters, locals)?;
		self.len = self.len.saturating_add(count);
		Ok(base)
	}

	/// What the slots take of memory once there are `count` more; `None` if there are already.
	#[inline]
	pub fn growth(&self, count: usize) -> Option<u64> {
		let end = self.len.saturating_add(count);
		(end > self.slots.len())
			.then(|| block(self.grown(end).saturating_mul(VALUE_BYTES as usize) as u64))
	}

	/// What the slots take of memory.
	pub fn slots_memory(&self) -> u64 {
		block((self.slots.capacity() as u64).saturating_mul(VALUE_BYTES))
	}

	/// How many slots there are going to be, for `end` at least.
	fn grown(&self, end: usize) -> usize {
		end.max(self.slots.len().saturating_mul(2)).max(64)
	}

	/// The next `count` slots, not yet in use.
	#[inline]
	fn next_frame(&mut self, count: usize) -> VmResult<(u32, &mut [Value])> {
		let end = self.len.saturating_add(count);
		if end > self.slots.len() {
			self.grow(end)?;
		}
		let base = u32::try_from(self.len).map_err(|_| no_slot())?;
		let locals = self.slots.get_mut(self.len..end).ok_or_else(no_slot)?;
		Ok((base, locals))
	}

	/// Adds slots that hold nothing, `end` at least.
	#[cold]
	#[inline(never)]
	fn grow(&mut self, end: usize) -> VmResult<()> {
		if u32::try_from(end).is_err() {
			return Err(no_slot());
		}
		let count = self.grown(end);
		self.slots.resize_with(count, Value::default);
		Ok(())
	}

	/// Releases the locals from `base` on.
	#[inline]
	pub fn leave_frame(&mut self, base: u32) {
		let base = base as usize;
		for local in self.slots.get_mut(base..self.len).unwrap_or_default() {
			local.assign(Value::Invalid);
		}
		self.len = self.len.min(base);
	}

	/// The locals of all call frames.
	#[inline]
	pub fn slots(&self) -> &[Value] {
		self.slots.get(..self.len).unwrap_or_default()
	}

	/// The local in a slot, to look at. One that is not in use holds nothing.
	///
	/// # Errors
	/// An invariant violation if there was never such a slot.
	#[inline]
	pub fn local(&self, slot: u32) -> VmResult<&Value> {
		self.slots.get(slot as usize).ok_or_else(no_slot)
	}

	/// The local in a slot, to change.
	///
	/// # Errors
	/// An invariant violation if there is none.
	#[inline]
	pub fn local_mut(&mut self, slot: u32) -> VmResult<&mut Value> {
		match self.slots.get_mut(slot as usize) {
			Some(local) if (slot as usize) < self.len => Ok(local),
			_ => Err(no_slot()),
		}
	}

	/// A deep copy of a local; price it first.
	///
	/// # Errors
	/// An invariant violation if it holds nothing.
	#[inline]
	pub fn copy_local(&self, slot: u32) -> VmResult<Value> {
		match self.slots.get(slot as usize) {
			Some(Value::Invalid) | None => Err(empty_local()),
			Some(value) => Ok(value.copy()),
		}
	}

	/// Takes what a local holds.
	///
	/// # Errors
	/// An invariant violation if it holds nothing.
	#[inline]
	pub fn move_local(&mut self, slot: u32) -> VmResult<Value> {
		match self.slots.get_mut(slot as usize) {
			Some(Value::Invalid) | None => Err(empty_local()),
			Some(value) => Ok(core::mem::take(value)),
		}
	}

	/// Sets a local and drops what it held.
	///
	/// # Errors
	/// An invariant violation if there is none.
	#[inline]
	pub fn store_local(&mut self, slot: u32, value: Value) -> VmResult<()> {
		self.local_mut(slot)?.assign(value);
		Ok(())
	}
}

/// Globals.
impl Memory {
	/// Adds a resource as storage has it, `None` if it has none, and tells its slot.
	///
	/// # Errors
	/// `MEMORY_LIMIT_EXCEEDED` beyond 2^32 - 1 slots.
	pub fn add_global(&mut self, type_id: TypeId, value: Option<Value>) -> VmResult<u32> {
		let slot = u32::try_from(self.globals.len())
			.map_err(|_| VmError::new(StatusCode::MEMORY_LIMIT_EXCEEDED))?;
		self.globals.push(GlobalSlot {
			was_stored: value.is_some(),
			value: value.unwrap_or_default(),
			is_dirty: false,
			type_id,
		});
		Ok(slot)
	}

	/// All resources touched.
	pub fn globals(&self) -> &[GlobalSlot] {
		&self.globals
	}

	/// Drops all resources touched. References to them lead nowhere then, or to others.
	pub fn forget_globals(&mut self) {
		self.globals.clear();
	}

	/// All resources touched, to mark them written.
	pub fn globals_mut(&mut self) -> &mut [GlobalSlot] {
		&mut self.globals
	}

	fn global(&self, slot: u32) -> VmResult<&GlobalSlot> {
		self.globals.get(slot as usize).ok_or_else(no_slot)
	}

	fn global_mut(&mut self, slot: u32) -> VmResult<&mut GlobalSlot> {
		self.globals.get_mut(slot as usize).ok_or_else(no_slot)
	}

	/// Whether there is a resource.
	///
	/// # Errors
	/// An invariant violation if there is no such slot.
	pub fn global_exists(&self, slot: u32) -> VmResult<bool> {
		Ok(!self.global(slot)?.value.is_invalid())
	}

	/// A reference to a resource.
	///
	/// # Errors
	/// `MISSING_DATA` if there is none.
	pub fn borrow_global(&self, slot: u32) -> VmResult<Value> {
		if self.global_exists(slot)? {
			Ok(Value::global_reference(slot))
		} else {
			Err(VmError::new(StatusCode::MISSING_DATA))
		}
	}

	/// Takes a resource out.
	///
	/// # Errors
	/// `MISSING_DATA` if there is none.
	pub fn move_from(&mut self, slot: u32) -> VmResult<Value> {
		let global = self.global_mut(slot)?;
		if global.value.is_invalid() {
			return Err(VmError::new(StatusCode::MISSING_DATA));
		}
		global.is_dirty = true;
		Ok(core::mem::take(&mut global.value))
	}

	/// Puts a resource in.
	///
	/// # Errors
	/// `RESOURCE_ALREADY_EXISTS` if there is one; `INTERNAL_TYPE_ERROR` if the value is none.
	pub fn move_to(&mut self, slot: u32, value: Value) -> VmResult<()> {
		if value.is_invalid() || value.is_reference() {
			return Err(type_error());
		}
		let global = self.global_mut(slot)?;
		if !global.value.is_invalid() {
			return Err(VmError::new(StatusCode::RESOURCE_ALREADY_EXISTS));
		}
		global.is_dirty = true;
		global.value = value;
		Ok(())
	}
}

/// Tells the compounds on a path that something of `depth` will lie at its end.
fn raise_depths(root: &mut Value, steps: &[u32], depth: Depth) -> VmResult<()> {
	// The deepest of them, so nothing is told of what is refused.
	depth.above(steps.len())?;
	let mut value = root;
	for (above, step) in steps.iter().enumerate() {
		value.raise_depth(depth.above(steps.len().saturating_sub(above))?);
		match PlaceMut::part_of(value, *step) {
			Some(PlaceMut::Value(part)) => value = part,
			_ => break,
		}
	}
	Ok(())
}

/// References.
impl Memory {
	/// What a reference refers to.
	///
	/// # Errors
	/// `INTERNAL_TYPE_ERROR` if it is no reference, an invariant violation if it leads nowhere.
	#[inline]
	pub fn resolve(&self, reference: &Value) -> VmResult<Place<'_>> {
		let (root, steps) = reference.as_path()?;
		let mut value = match root {
			Root::Local(slot) => self.slots.get(slot as usize),
			Root::Global(slot) => self.globals.get(slot as usize).map(|slot| &slot.value),
		}
		.ok_or_else(stale)?;
		let mut steps = steps.iter();
		while let Some(step) = steps.next() {
			if let Value::Struct { fields, .. } = value {
				value = fields.get(*step as usize).ok_or_else(stale)?;
				continue;
			}
			match Place::part_of(value, *step) {
				Some(Place::Value(part)) => value = part,
				Some(element) if steps.as_slice().is_empty() => return Ok(element),
				_ => return Err(stale()),
			}
		}
		if value.is_invalid() {
			return Err(stale());
		}
		Ok(Place::Value(value))
	}

	/// Where a reference allows to write something of `depth`: on the way there every compound
	/// learns of it, and the global at the root becomes dirty.
	#[inline]
	pub(super) fn resolve_mut(
		&mut self,
		reference: &Value,
		depth: Depth,
	) -> VmResult<PlaceMut<'_>> {
		let (root, steps) = reference.as_path()?;
		let mut value = match root {
			Root::Local(slot) => self.slots.get_mut(slot as usize),
			Root::Global(slot) => self.globals.get_mut(slot as usize).map(|slot| {
				slot.is_dirty = true;
				&mut slot.value
			}),
		}
		.ok_or_else(stale)?;
		if value.is_invalid() {
			return Err(stale());
		}
		// What a scalar is written to is not deeper for it.
		if depth > Depth::SCALAR {
			raise_depths(value, steps, depth)?;
		}
		let mut steps = steps.iter();
		while let Some(step) = steps.next() {
			match PlaceMut::part_of(value, *step) {
				Some(PlaceMut::Value(part)) => value = part,
				Some(element) if steps.as_slice().is_empty() => return Ok(element),
				_ => return Err(stale()),
			}
		}
		Ok(PlaceMut::Value(value))
	}

	/// A deep copy of what a reference refers to; price it first.
	///
	/// # Errors
	/// As [`Memory::resolve`].
	#[inline]
	pub fn read_reference(&self, reference: &Value) -> VmResult<Value> {
		Ok(self.resolve(reference)?.copy())
	}

	/// Puts a value where a reference refers to and drops what was there.
	///
	/// # Errors
	/// As [`Memory::resolve`]; `INTERNAL_TYPE_ERROR` if the value cannot lie there,
	/// `VM_MAX_VALUE_DEPTH_REACHED` if it lies too deep there.
	#[inline]
	pub fn write_reference(&mut self, reference: &Value, value: Value) -> VmResult<()> {
		if value.is_invalid() || value.is_reference() {
			return Err(type_error());
		}
		self.resolve_mut(reference, value.depth())?.write(value)
	}

	/// The size of a value, or of what it refers to if it is a reference; see [`Value::size`].
	///
	/// # Errors
	/// As [`Memory::resolve`].
	#[inline]
	pub fn size(&self, value: &Value, limit: u64) -> VmResult<u64> {
		if value.is_reference() {
			Ok(self.resolve(value)?.size(limit))
		} else {
			Ok(value.size(limit))
		}
	}

	/// Which variant the enum is that a reference refers to.
	///
	/// # Errors
	/// As [`Memory::resolve`]; `INTERNAL_TYPE_ERROR` if it is no enum.
	#[inline]
	pub fn variant(&self, reference: &Value) -> VmResult<u16> {
		match self.resolve(reference)? {
			Place::Value(Value::Variant { variant, .. }) => Ok(*variant),
			_ => Err(type_error()),
		}
	}

	/// Makes a reference to an enum refer to a field of it, if it is one of `variants`.
	///
	/// # Errors
	/// As [`Memory::variant`]; `STRUCT_VARIANT_MISMATCH` if it is another variant.
	#[inline]
	pub fn borrow_variant_field(
		&self,
		reference: &mut Value,
		variants: &[u16],
		index: u32,
	) -> VmResult<()> {
		let variant = self.variant(reference)?;
		if !variants.contains(&variant) {
			return Err(VmError::new(StatusCode::STRUCT_VARIANT_MISMATCH));
		}
		reference.borrow_field(index)
	}

	/// Whether two values of a type are equal; references are equal if what they refer to is.
	/// Price both sizes first.
	///
	/// # Errors
	/// As [`Memory::resolve`]; `INTERNAL_TYPE_ERROR` if their types differ.
	#[inline]
	pub fn equal(&self, left: &Value, right: &Value) -> VmResult<bool> {
		match (left, right) {
			(Value::U64(left), Value::U64(right)) => Ok(left == right),
			_ if left.is_reference() && right.is_reference() => {
				equal_places(self.resolve(left)?, self.resolve(right)?)
			}
			_ => equal_values(left, right),
		}
	}
}
