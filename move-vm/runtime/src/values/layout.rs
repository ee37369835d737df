//! [`Layout`]: the shape of a type's values, which their BCS bytes do not tell.

use alloc::{sync::Arc, vec::Vec};

use move_vm_types::{StatusCode, VmError, VmResult};

use super::{value::MAX_VALUE_DEPTH, vector::VectorKind};

/// The loader's number for a type without type parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(pub u32);

/// The shape of a type's values.
///
/// It is never nested deeper than [`MAX_VALUE_DEPTH`]. Parts are shared: a clone is cheap, and what
/// a layout occupies is linear in the number of different types in it, though the number of paths
/// through it may be exponential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
	depth: u8,
	shape: Shape,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shape {
	Bool,
	U8,
	U16,
	U32,
	U64,
	U128,
	U256,
	Address,
	Signer,
	Vector(Arc<Layout>),
	Struct(Arc<[Layout]>),
	/// The fields of each variant.
	Enum(Arc<[Arc<[Layout]>]>),
}

impl Layout {
	/// `bool`.
	pub const BOOL: Self = Self::scalar(Shape::Bool);
	/// `u8`.
	pub const U8: Self = Self::scalar(Shape::U8);
	/// `u16`.
	pub const U16: Self = Self::scalar(Shape::U16);
	/// `u32`.
	pub const U32: Self = Self::scalar(Shape::U32);
	/// `u64`.
	pub const U64: Self = Self::scalar(Shape::U64);
	/// `u128`.
	pub const U128: Self = Self::scalar(Shape::U128);
	/// `u256`.
	pub const U256: Self = Self::scalar(Shape::U256);
	/// `address`.
	pub const ADDRESS: Self = Self::scalar(Shape::Address);
	/// `signer`, of which no value is ever made from bytes.
	pub const SIGNER: Self = Self::scalar(Shape::Signer);

	const fn scalar(shape: Shape) -> Self {
		Self { depth: 1, shape }
	}

	/// A vector of such elements.
	///
	/// # Errors
	/// `VM_MAX_VALUE_DEPTH_REACHED`.
	pub fn vector(element: Self) -> VmResult<Self> {
		Ok(Self {
			depth: above(element.depth)?,
			shape: Shape::Vector(Arc::new(element)),
		})
	}

	/// A struct with such fields.
	///
	/// # Errors
	/// `VM_MAX_VALUE_DEPTH_REACHED`.
	pub fn structure(fields: Vec<Self>) -> VmResult<Self> {
		Ok(Self {
			depth: above(deepest(&fields))?,
			shape: Shape::Struct(fields.into()),
		})
	}

	/// An enum whose variants have such fields.
	///
	/// # Errors
	/// `VM_MAX_VALUE_DEPTH_REACHED`.
	pub fn enumeration(variants: Vec<Vec<Self>>) -> VmResult<Self> {
		let deepest = variants.iter().map(|fields| deepest(fields)).max();
		Ok(Self {
			depth: above(deepest.unwrap_or(1))?,
			shape: Shape::Enum(variants.into_iter().map(Arc::from).collect()),
		})
	}

	/// The depth of the deepest value, 1 to [`MAX_VALUE_DEPTH`].
	pub const fn depth(&self) -> u8 {
		self.depth
	}

	/// How a vector stores such elements.
	pub const fn vector_kind(&self) -> VectorKind {
		match self.shape {
			Shape::Bool => VectorKind::Bool,
			Shape::U8 => VectorKind::U8,
			Shape::U16 => VectorKind::U16,
			Shape::U32 => VectorKind::U32,
			Shape::U64 => VectorKind::U64,
			Shape::U128 => VectorKind::U128,
			Shape::U256 => VectorKind::U256,
			Shape::Address => VectorKind::Address,
			Shape::Signer | Shape::Vector(_) | Shape::Struct(_) | Shape::Enum(_) => {
				VectorKind::Other
			}
		}
	}

	pub(super) const fn shape(&self) -> &Shape {
		&self.shape
	}
}

fn deepest(layouts: &[Layout]) -> u8 {
	layouts.iter().map(Layout::depth).max().unwrap_or(1)
}

fn above(depth: u8) -> VmResult<u8> {
	depth
		.checked_add(1)
		.filter(|depth| *depth <= MAX_VALUE_DEPTH)
		.ok_or_else(|| VmError::new(StatusCode::VM_MAX_VALUE_DEPTH_REACHED))
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn layouts_stop_at_the_deepest_value() {
		let mut layout = Layout::U8;
		for _ in 1..MAX_VALUE_DEPTH {
			layout = Layout::vector(layout).unwrap();
		}
		assert_eq!(layout.depth(), MAX_VALUE_DEPTH);
		for deeper in [
			Layout::vector(layout.clone()),
			Layout::structure(vec![Layout::U8, layout.clone()]),
			Layout::enumeration(vec![vec![], vec![layout]]),
		] {
			assert_eq!(
				deeper.unwrap_err().status(),
				StatusCode::VM_MAX_VALUE_DEPTH_REACHED
			);
		}
	}
}
