//! Vectors: whole ones, and those behind references.

use alloc::vec::Vec;

use move_vm_types::{StatusCode, VmError, VmResult};

use super::{
	memory::Memory,
	place::{Element, Place},
	value::{block, type_error, Depth, Large, Value},
};

/// How a vector stores its elements, by their type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the element's type
pub enum VectorKind {
	Bool,
	U8,
	U16,
	U32,
	U64,
	U128,
	U256,
	Address,
	/// Any other: signers, vectors, structs, enums.
	Other,
}

/// Sub-statuses of `VECTOR_OPERATION_ERROR`, as the reference implementation numbers them.
const INDEX_OUT_OF_BOUNDS: u64 = 1;
const POP_EMPTY: u64 = 2;
const UNPACK_LENGTH_MISMATCH: u64 = 3;

#[cold]
fn vector_error(sub_status: u64) -> VmError {
	VmError::new(StatusCode::VECTOR_OPERATION_ERROR).with_sub_status(sub_status)
}

/// Evaluates an expression for the elements of whichever vector it is: bare ones, or values.
macro_rules! on_vector {
	($vector:expr, $bare:ident => $on_bare:expr, $values:ident => $on_values:expr,) => {
		match $vector {
			Large::VecBool($bare) => $on_bare,
			Large::VecU8($bare) => $on_bare,
			Large::VecU16($bare) => $on_bare,
			Large::VecU32($bare) => $on_bare,
			Large::VecU64($bare) => $on_bare,
			Large::VecU128($bare) => $on_bare,
			Large::VecU256($bare) => $on_bare,
			Large::VecAddress($bare) => $on_bare,
			Large::Vector {
				elements: $values, ..
			} => $on_values,
			_ => return Err(type_error()),
		}
	};
}

fn bare<E: Element>(elements: impl ExactSizeIterator<Item = Value>) -> VmResult<Vec<E>> {
	let mut vector = Vec::with_capacity(elements.len());
	for element in elements {
		vector.push(E::from_value(element)?);
	}
	Ok(vector)
}

/// What the elements of a vector take of memory once it has grown; `None` if it has room for another.
#[inline]
pub(super) fn grown<E>(elements: &Vec<E>) -> Option<u64> {
	/// Places of a vector that grows for the first time, at most.
	const FIRST: usize = 8;
	if elements.len() < elements.capacity() {
		return None;
	}
	let places = elements.capacity().saturating_mul(2).max(FIRST);
	Some(block(
		(places as u64).saturating_mul(core::mem::size_of::<E>() as u64),
	))
}

impl Value {
	/// A vector of these elements.
	///
	/// # Errors
	/// `VM_MAX_VALUE_DEPTH_REACHED`; `INTERNAL_TYPE_ERROR` if an element is not of the kind.
	pub fn pack_vector(
		kind: VectorKind,
		elements: impl ExactSizeIterator<Item = Value>,
	) -> VmResult<Self> {
		let vector = match kind {
			VectorKind::Bool => Large::VecBool(bare(elements)?),
			VectorKind::U8 => Large::VecU8(bare(elements)?),
			VectorKind::U16 => Large::VecU16(bare(elements)?),
			VectorKind::U32 => Large::VecU32(bare(elements)?),
			VectorKind::U64 => Large::VecU64(bare(elements)?),
			VectorKind::U128 => Large::VecU128(bare(elements)?),
			VectorKind::U256 => Large::VecU256(bare(elements)?),
			VectorKind::Address => Large::VecAddress(bare(elements)?),
			VectorKind::Other => {
				let elements: Vec<Value> = elements.collect();
				Large::Vector {
					depth: Depth::of_parts(&elements)?,
					elements,
				}
			}
		};
		Ok(vector.into())
	}

	/// A vector without elements.
	pub fn empty_vector(kind: VectorKind) -> Self {
		let vector = match kind {
			VectorKind::Bool => Large::VecBool(Vec::new()),
			VectorKind::U8 => Large::VecU8(Vec::new()),
			VectorKind::U16 => Large::VecU16(Vec::new()),
			VectorKind::U32 => Large::VecU32(Vec::new()),
			VectorKind::U64 => Large::VecU64(Vec::new()),
			VectorKind::U128 => Large::VecU128(Vec::new()),
			VectorKind::U256 => Large::VecU256(Vec::new()),
			VectorKind::Address => Large::VecAddress(Vec::new()),
			VectorKind::Other => Large::Vector {
				depth: Depth::FLAT,
				elements: Vec::new(),
			},
		};
		vector.into()
	}

	/// Hands the elements of a vector to `push`, the first first, if there are `count`.
	///
	/// # Errors
	/// `VECTOR_OPERATION_ERROR` with sub-status 3 for another length; `INTERNAL_TYPE_ERROR` if it
	/// is no vector; what `push` fails with.
	pub fn unpack_vector(
		self,
		count: u64,
		push: impl FnMut(Value) -> VmResult<()>,
	) -> VmResult<()> {
		if self.vector_len()? as u64 != count {
			return Err(vector_error(UNPACK_LENGTH_MISMATCH));
		}
		let Self::Large(vector) = self else {
			return Err(type_error());
		};
		on_vector!(
			*vector,
			elements => elements.into_iter().map(Element::into_value).try_for_each(push),
			elements => elements.into_iter().try_for_each(push),
		)
	}

	/// The number of elements of a vector.
	///
	/// # Errors
	/// `INTERNAL_TYPE_ERROR` if it is no vector.
	#[inline]
	pub fn vector_len(&self) -> VmResult<usize> {
		Ok(on_vector!(
			self.as_large()?,
			elements => elements.len(),
			elements => elements.len(),
		))
	}
}

impl Memory {
	/// The number of elements of the vector that a reference refers to.
	///
	/// # Errors
	/// As [`Memory::resolve`]; `INTERNAL_TYPE_ERROR` if it is no vector.
	#[inline]
	pub fn vector_len(&self, reference: &Value) -> VmResult<u64> {
		match self.resolve(reference)? {
			Place::Value(vector) => Ok(vector.vector_len()? as u64),
			_ => Err(type_error()),
		}
	}

	/// Makes a reference to a vector refer to one of its elements.
	///
	/// # Errors
	/// As [`Memory::vector_len`]; `VECTOR_OPERATION_ERROR` with sub-status 1 if there is none.
	#[inline]
	pub fn borrow_element(&self, reference: &mut Value, index: u64) -> VmResult<()> {
		let len = self.vector_len(reference)?;
		match u32::try_from(index) {
			Ok(step) if index < len => reference.borrow_field(step),
			_ => Err(vector_error(INDEX_OUT_OF_BOUNDS)),
		}
	}

	/// Appends an element to the vector that a reference refers to.
	///
	/// # Errors
	/// As [`Memory::resolve`]; `INTERNAL_TYPE_ERROR` if it is no vector or the element cannot be
	/// in it, `VM_MAX_VALUE_DEPTH_REACHED` if the element gets too deep,
	/// `MEMORY_LIMIT_EXCEEDED` beyond 2^32 - 1 elements.
	#[inline]
	pub fn push_element(&mut self, reference: &Value, element: Value) -> VmResult<()> {
		match self.push::<true>(reference, element)? {
			None => Ok(()),
			Some(_) => Err(VmError::invariant("a vector did not grow")),
		}
	}

	/// Appends an element if the vector has room for it. Otherwise gives it back, and what the vector
	/// takes of memory once it has grown, see [`Value::memory`].
	///
	/// # Errors
	/// As [`Memory::push_element`].
	#[inline]
	pub fn push_if_room(
		&mut self,
		reference: &Value,
		element: Value,
	) -> VmResult<Option<(Value, u64)>> {
		self.push::<false>(reference, element)
	}

	#[inline]
	fn push<const MAY_GROW: bool>(
		&mut self,
		reference: &Value,
		element: Value,
	) -> VmResult<Option<(Value, u64)>> {
		if element.is_invalid() || element.is_reference() {
			return Err(type_error());
		}
		let depth = element.depth().above(1)?;
		let vector = self.resolve_mut(reference, depth)?.value()?;
		if vector.vector_len()? >= u32::MAX as usize {
			return Err(VmError::new(StatusCode::MEMORY_LIMIT_EXCEEDED));
		}
		vector.raise_depth(depth);
		on_vector!(
			vector.as_large_mut()?,
			elements => match grown(elements) {
				Some(bytes) if !MAY_GROW => return Ok(Some((element, bytes))),
				_ => elements.push(Element::from_value(element)?),
			},
			elements => match grown(elements) {
				Some(bytes) if !MAY_GROW => return Ok(Some((element, bytes))),
				_ => elements.push(element),
			},
		);
		Ok(None)
	}

	/// Takes the last element of the vector that a reference refers to.
	///
	/// # Errors
	/// As [`Memory::vector_len`]; `VECTOR_OPERATION_ERROR` with sub-status 2 if it is empty.
	#[inline]
	pub fn pop_element(&mut self, reference: &Value) -> VmResult<Value> {
		let vector = self.resolve_mut(reference, Depth::SCALAR)?.value()?;
		on_vector!(
			vector.as_large_mut()?,
			elements => elements.pop().map(Element::into_value),
			elements => elements.pop(),
		)
		.ok_or_else(|| vector_error(POP_EMPTY))
	}

	/// Swaps two elements of the vector that a reference refers to.
	///
	/// # Errors
	/// As [`Memory::vector_len`]; `VECTOR_OPERATION_ERROR` with sub-status 1 if one is missing.
	#[inline]
	pub fn swap_elements(&mut self, reference: &Value, left: u64, right: u64) -> VmResult<()> {
		let vector = self.resolve_mut(reference, Depth::SCALAR)?.value()?;
		let len = vector.vector_len()? as u64;
		if left >= len || right >= len {
			return Err(vector_error(INDEX_OUT_OF_BOUNDS));
		}
		// Both are below a `usize`.
		let (left, right) = (left as usize, right as usize);
		on_vector!(
			vector.as_large_mut()?,
			elements => elements.swap(left, right),
			elements => elements.swap(left, right),
		);
		Ok(())
	}
}
