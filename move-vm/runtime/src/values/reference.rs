//! References as paths.

use alloc::vec::Vec;

use move_vm_types::{StatusCode, VmError, VmResult};

use super::value::{type_error, Large, Value, MAX_VALUE_DEPTH};

/// Steps that a [`Reference`] has room for.
const SHORT: usize = 3;

/// Where a path begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Root {
	/// A slot of [`Memory::slots`](super::Memory::slots).
	Local(u32),
	/// A slot of [`Memory::globals`](super::Memory::globals).
	Global(u32),
}

/// A reference of up to three steps. A step is the index of a field or of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference {
	slot: u32,
	is_global: bool,
	/// At most [`SHORT`].
	len: u8,
	steps: [u32; SHORT],
}

/// A reference of more steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LongReference {
	root: Root,
	steps: Vec<u32>,
}

impl LongReference {
	/// Steps of its path.
	#[allow(clippy::len_without_is_empty)] // it never is
	pub const fn len(&self) -> usize {
		self.steps.len()
	}

	/// Steps that it has room for.
	pub(super) const fn capacity(&self) -> usize {
		self.steps.capacity()
	}
}

impl Reference {
	#[inline]
	const fn new(slot: u32, is_global: bool) -> Self {
		Self {
			slot,
			is_global,
			len: 0,
			steps: [0; SHORT],
		}
	}

	/// Where it begins.
	#[inline]
	pub const fn root(&self) -> Root {
		if self.is_global {
			Root::Global(self.slot)
		} else {
			Root::Local(self.slot)
		}
	}

	/// The steps from there.
	#[inline]
	pub fn steps(&self) -> &[u32] {
		self.steps.get(..usize::from(self.len)).unwrap_or_default()
	}
}

impl Value {
	/// A reference to a local: its index in [`Memory::slots`](super::Memory::slots).
	#[inline]
	pub const fn local_reference(slot: u32) -> Self {
		Self::Reference(Reference::new(slot, false))
	}

	/// A reference to a global: its index in [`Memory::globals`](super::Memory::globals).
	#[inline]
	pub const fn global_reference(slot: u32) -> Self {
		Self::Reference(Reference::new(slot, true))
	}

	/// Root and steps of a reference.
	///
	/// # Errors
	/// `INTERNAL_TYPE_ERROR` for anything else.
	#[inline]
	pub fn as_path(&self) -> VmResult<(Root, &[u32])> {
		match self {
			Self::Reference(reference) => Ok((reference.root(), reference.steps())),
			Self::Large(large) => match &**large {
				Large::Reference(reference) => Ok((reference.root, &reference.steps)),
				_ => Err(type_error()),
			},
			_ => Err(type_error()),
		}
	}

	/// Steps of a reference whose path is long; 0 for any other and for what is no reference.
	#[inline]
	pub fn long_path(&self) -> usize {
		match self {
			Self::Large(large) => match &**large {
				Large::Reference(reference) => reference.len(),
				_ => 0,
			},
			_ => 0,
		}
	}

	/// Makes a reference refer to a part of what it refers to: to a struct's field by its index.
	///
	/// Whether there is such a part shows when the reference is used; verified code takes fields
	/// that exist. For elements and fields of variants see
	/// [`Memory::borrow_element`](super::Memory::borrow_element) and
	/// [`Memory::borrow_variant_field`](super::Memory::borrow_variant_field).
	///
	/// # Errors
	/// `INTERNAL_TYPE_ERROR` if it is no reference, `VM_MAX_VALUE_DEPTH_REACHED` if the path
	/// gets longer than a value can be deep.
	#[inline]
	pub fn borrow_field(&mut self, index: u32) -> VmResult<()> {
		if let Self::Reference(reference) = self {
			if let Some(step) = reference.steps.get_mut(usize::from(reference.len)) {
				*step = index;
				reference.len = reference.len.saturating_add(1);
				return Ok(());
			}
		}
		self.lengthen(index)
	}

	#[inline(never)]
	fn lengthen(&mut self, index: u32) -> VmResult<()> {
		match self {
			Self::Reference(reference) => {
				let mut steps = Vec::with_capacity(SHORT.saturating_mul(2));
				steps.extend_from_slice(reference.steps());
				steps.push(index);
				let root = reference.root();
				*self = Large::Reference(LongReference { root, steps }).into();
				Ok(())
			}
			Self::Large(large) => match &mut **large {
				Large::Reference(reference) => {
					if reference.steps.len() >= usize::from(MAX_VALUE_DEPTH) {
						return Err(VmError::new(StatusCode::VM_MAX_VALUE_DEPTH_REACHED));
					}
					reference.steps.push(index);
					Ok(())
				}
				_ => Err(type_error()),
			},
			_ => Err(type_error()),
		}
	}

	/// Whether it may leave the call frame whose locals begin at `base`: it is no reference to one
	/// of them. Values hold no references inside, so checking what a function returns is enough to
	/// keep every reference from outliving its local.
	#[inline]
	pub fn may_leave_frame(&self, base: u32) -> bool {
		match self.as_path() {
			Ok((Root::Local(slot), _)) => slot < base,
			_ => true,
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn paths_grow_step_by_step_up_to_the_deepest_value() {
		let mut reference = Value::local_reference(7);
		let mut expected = Vec::new();
		for step in 0..128 {
			assert_eq!(
				reference.as_path().unwrap(),
				(Root::Local(7), &expected[..])
			);
			reference.borrow_field(step).unwrap();
			expected.push(step);
		}
		assert_eq!(
			reference.borrow_field(0).unwrap_err().status(),
			StatusCode::VM_MAX_VALUE_DEPTH_REACHED
		);
	}

	#[test]
	fn references_to_own_locals_may_not_leave_a_frame() {
		let mut long = Value::local_reference(5);
		for _ in 0..5 {
			long.borrow_field(0).unwrap();
		}
		for reference in [Value::local_reference(5), long] {
			assert!(reference.may_leave_frame(6));
			assert!(!reference.may_leave_frame(5));
			assert!(!reference.may_leave_frame(0));
		}
		assert!(Value::global_reference(5).may_leave_frame(0));
		assert!(Value::U8(1).may_leave_frame(0));
	}
}
