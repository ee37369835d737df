//! [`Stack`]: the operand stack.

use alloc::vec::Vec;
use core::mem::{forget, replace, take, ManuallyDrop};

use move_vm_types::{StatusCode, VmError, VmResult};

use super::value::{type_error, Value};

/// Slots that a stack begins with.
const FIRST_SLOTS: usize = 64;

/// The operand stack: the values of all call frames, at most as many as its limit.
///
/// Slots exist before they are used, and those above the top are plain. So pushing a scalar is two
/// stores and popping one is two loads, where a `Vec` would move whole values through memory.
#[derive(Debug)]
pub struct Stack {
	slots: Vec<Value>,
	/// Slots in use.
	len: usize,
	limit: usize,
	/// What did not fit, until it is released with the stack.
	rest: Value,
}

#[cold]
#[inline(never)]
fn empty() -> VmError {
	VmError::new(StatusCode::EMPTY_VALUE_STACK)
}

#[cold]
#[inline(never)]
fn full() -> VmError {
	VmError::new(StatusCode::EXECUTION_STACK_OVERFLOW)
}

/// Values that leave a [`Stack`]; those that are not taken are released.
#[derive(Debug)]
pub struct PopMany<'a>(core::slice::IterMut<'a, Value>);

impl Iterator for PopMany<'_> {
	type Item = Value;

	#[inline]
	fn next(&mut self) -> Option<Value> {
		self.0.next().map(take)
	}

	fn size_hint(&self) -> (usize, Option<usize>) {
		self.0.size_hint()
	}
}

impl ExactSizeIterator for PopMany<'_> {}

impl Drop for PopMany<'_> {
	#[inline]
	fn drop(&mut self) {
		self.0.by_ref().for_each(Value::clear);
	}
}

impl Stack {
	/// An empty stack for at most `limit` values.
	pub fn new(limit: usize) -> Self {
		let mut slots = Vec::new();
		slots.resize_with(limit.min(FIRST_SLOTS), Value::default);
		Self {
			slots,
			len: 0,
			limit,
			rest: Value::Invalid,
		}
	}

	/// The number of values.
	#[inline(always)]
	pub const fn len(&self) -> usize {
		self.len
	}

	/// Whether there is none.
	pub const fn is_empty(&self) -> bool {
		self.len == 0
	}

	/// Doubles the slots, as far as the limit allows.
	#[cold]
	#[inline(never)]
	fn grow(&mut self) -> bool {
		let slots = self.len.saturating_mul(2).max(1).min(self.limit);
		let grows = slots > self.slots.len();
		if grows {
			self.slots.resize_with(slots, Value::default);
		}
		grows
	}

	/// Adds a value.
	///
	/// # Errors
	/// `EXECUTION_STACK_OVERFLOW` at the limit.
	#[inline(always)]
	pub fn push(&mut self, value: Value) -> VmResult<()> {
		// Nothing here releases it, so it need not be in memory before it is in its slot.
		let value = ManuallyDrop::new(value);
		if self.len >= self.slots.len() && !self.grow() {
			forget(replace(&mut self.rest, ManuallyDrop::into_inner(value)));
			return Err(full());
		}
		match self.slots.get_mut(self.len) {
			Some(slot) => {
				forget(replace(slot, ManuallyDrop::into_inner(value)));
				self.len = self.len.saturating_add(1);
				Ok(())
			}
			None => Err(full()),
		}
	}

	/// Takes the topmost value.
	///
	/// # Errors
	/// `EMPTY_VALUE_STACK`.
	#[inline(always)]
	pub fn pop(&mut self) -> VmResult<Value> {
		let value = take(self.top()?);
		self.len = self.len.saturating_sub(1);
		Ok(value)
	}

	/// The topmost value.
	///
	/// # Errors
	/// `EMPTY_VALUE_STACK`.
	#[inline(always)]
	pub fn top(&mut self) -> VmResult<&mut Value> {
		match self.len.checked_sub(1) {
			Some(top) => self.slots.get_mut(top).ok_or_else(empty),
			None => Err(empty()),
		}
	}

	/// The value below the topmost, and that.
	///
	/// # Errors
	/// `EMPTY_VALUE_STACK`.
	#[inline(always)]
	pub fn top_two(&mut self) -> VmResult<(&mut Value, &mut Value)> {
		match self.slots.get_mut(..self.len) {
			Some([.., left, right]) => Ok((left, right)),
			_ => Err(empty()),
		}
	}

	/// Releases the topmost value.
	///
	/// # Errors
	/// `EMPTY_VALUE_STACK`.
	#[inline(always)]
	pub fn drop_top(&mut self) -> VmResult<()> {
		self.top()?.clear();
		self.len = self.len.saturating_sub(1);
		Ok(())
	}

	/// Takes the topmost value, a `u64`.
	///
	/// # Errors
	/// `EMPTY_VALUE_STACK`, `INTERNAL_TYPE_ERROR`.
	#[inline(always)]
	pub fn pop_u64(&mut self) -> VmResult<u64> {
		match self.top()? {
			Value::U64(value) => {
				let value = *value;
				self.len = self.len.saturating_sub(1);
				Ok(value)
			}
			_ => Err(type_error()),
		}
	}

	/// Takes the topmost value, a `bool`.
	///
	/// # Errors
	/// `EMPTY_VALUE_STACK`, `INTERNAL_TYPE_ERROR`.
	#[inline(always)]
	pub fn pop_bool(&mut self) -> VmResult<bool> {
		match self.top()? {
			Value::Bool(value) => {
				let value = *value;
				self.len = self.len.saturating_sub(1);
				Ok(value)
			}
			_ => Err(type_error()),
		}
	}

	/// Moves the topmost value to a place.
	///
	/// # Errors
	/// `EMPTY_VALUE_STACK`.
	#[inline(always)]
	pub fn pop_into(&mut self, place: &mut Value) -> VmResult<()> {
		let top = self.top()?;
		place.clear();
		top.move_to(place);
		self.len = self.len.saturating_sub(1);
		Ok(())
	}

	/// Moves the topmost `count` values to the first of these places.
	///
	/// # Errors
	/// `EMPTY_VALUE_STACK` if there are fewer.
	#[inline]
	pub(super) fn pop_to(&mut self, count: usize, places: &mut [Value]) -> VmResult<()> {
		let first = self.len.checked_sub(count).ok_or_else(empty)?;
		let values = self.slots.get_mut(first..self.len).ok_or_else(empty)?;
		for (value, place) in values.iter_mut().zip(places) {
			place.clear();
			value.move_to(place);
		}
		self.len = first;
		Ok(())
	}

	/// Takes the topmost `count` values, the lowest first.
	///
	/// # Errors
	/// `EMPTY_VALUE_STACK` if there are fewer.
	#[inline]
	pub fn pop_many(&mut self, count: usize) -> VmResult<PopMany<'_>> {
		let first = self.len.checked_sub(count).ok_or_else(empty)?;
		let taken = self.slots.get_mut(first..self.len).ok_or_else(empty)?;
		self.len = first;
		Ok(PopMany(taken.iter_mut()))
	}

	/// The values, the lowest first.
	#[inline]
	pub fn values(&self) -> &[Value] {
		self.slots.get(..self.len).unwrap_or_default()
	}
}
