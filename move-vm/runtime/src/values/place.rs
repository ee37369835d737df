//! What a path leads to: a value, or an element of a vector that stores its elements bare.

use move_vm_types::{AccountAddress, VmResult, U256};

use super::value::{type_error, Depth, Large, Value, LARGE_BYTES};

/// A type that vectors store bare.
pub(super) trait Element: Sized {
	/// As a value.
	fn into_value(self) -> Value;

	/// Out of a value.
	///
	/// # Errors
	/// `INTERNAL_TYPE_ERROR` for a value of another type.
	fn from_value(value: Value) -> VmResult<Self>;
}

macro_rules! elements {
	($($type:ty, $make:expr, $take:ident;)*) => {$(
		impl Element for $type {
			#[inline]
			fn into_value(self) -> Value {
				$make(self)
			}

			#[inline]
			fn from_value(value: Value) -> VmResult<Self> {
				value.$take()
			}
		}
	)*};
}

elements! {
	bool, Value::Bool, into_bool;
	u8, Value::U8, into_u8;
	u16, Value::U16, into_u16;
	u32, Value::U32, into_u32;
	u64, Value::U64, into_u64;
	u128, Value::u128, into_u128;
	U256, Value::u256, into_u256;
	AccountAddress, Value::address, into_address;
}

macro_rules! places {
	($($name:ident, $vector:ident, $type:ty, $size:literal;)*) => {
		/// A place to read.
		#[derive(Clone, Copy, Debug)]
		#[allow(missing_docs)] // each holds what it is called
		pub enum Place<'a> {
			Value(&'a Value),
			$($name(&'a $type),)*
		}

		/// A place to write.
		#[derive(Debug)]
		#[allow(missing_docs)] // each holds what it is called
		pub enum PlaceMut<'a> {
			Value(&'a mut Value),
			$($name(&'a mut $type),)*
		}

		impl<'a> Place<'a> {
			/// The part of `value` with this index: field or element, or the address in a signer.
			#[inline]
			pub(super) fn part_of(value: &'a Value, index: u32) -> Option<Self> {
				let index = usize::try_from(index).ok()?;
				Some(match value {
					Value::Struct { fields, .. } | Value::Variant { fields, .. } => {
						Self::Value(fields.get(index)?)
					}
					Value::Large(large) => match &**large {
						Large::Vector { elements, .. } => Self::Value(elements.get(index)?),
						$(Large::$vector(elements) => Self::$name(elements.get(index)?),)*
						Large::Signer(address) if index == 0 => Self::Address(address),
						_ => return None,
					},
					_ => return None,
				})
			}

			/// A deep copy of what lies there; price it first.
			#[inline]
			pub fn copy(self) -> Value {
				match self {
					Self::Value(value) => value.copy(),
					$(Self::$name(element) => (*element).into_value(),)*
				}
			}

			/// The size of what lies there, see [`Value::size`].
			#[inline]
			pub fn size(self, limit: u64) -> u64 {
				match self {
					Self::Value(value) => value.size(limit),
					$(Self::$name(_) => $size,)*
				}
			}
		}

		impl<'a> PlaceMut<'a> {
			/// Like [`Place::part_of`].
			#[inline]
			pub(super) fn part_of(value: &'a mut Value, index: u32) -> Option<Self> {
				let index = usize::try_from(index).ok()?;
				Some(match value {
					Value::Struct { fields, .. } | Value::Variant { fields, .. } => {
						Self::Value(fields.get_mut(index)?)
					}
					Value::Large(large) => match &mut **large {
						Large::Vector { elements, .. } => Self::Value(elements.get_mut(index)?),
						$(Large::$vector(elements) => Self::$name(elements.get_mut(index)?),)*
						_ => return None,
					},
					_ => return None,
				})
			}

			/// Puts a value there and drops what was there. The depths above are the caller's.
			///
			/// # Errors
			/// `INTERNAL_TYPE_ERROR` if the value cannot lie there.
			#[inline]
			pub(super) fn write(self, value: Value) -> VmResult<()> {
				match self {
					Self::Value(place) => place.assign(value),
					$(Self::$name(place) => *place = Element::from_value(value)?,)*
				}
				Ok(())
			}
		}
	};
}

places! {
	Bool, VecBool, bool, 8;
	U8, VecU8, u8, 8;
	U16, VecU16, u16, 8;
	U32, VecU32, u32, 8;
	U64, VecU64, u64, 8;
	U128, VecU128, u128, 16;
	U256, VecU256, U256, 128;
	Address, VecAddress, AccountAddress, 128;
}

impl Place<'_> {
	/// The memory that a copy of what lies there owns, see [`Value::memory`].
	#[inline]
	pub fn memory(self, limit: u64) -> u64 {
		match self {
			Self::Value(value) => value.memory(limit),
			Self::U256(_) | Self::Address(_) => LARGE_BYTES,
			_ => 0,
		}
	}
}

impl<'a> Place<'a> {
	/// The whole value.
	///
	/// # Errors
	/// `INTERNAL_TYPE_ERROR` if it is a bare element.
	#[inline]
	pub fn value(self) -> VmResult<&'a Value> {
		match self {
			Self::Value(value) => Ok(value),
			_ => Err(type_error()),
		}
	}
}

impl<'a> PlaceMut<'a> {
	/// The whole value.
	///
	/// # Errors
	/// `INTERNAL_TYPE_ERROR` if it is a bare element.
	#[inline]
	pub(super) fn value(self) -> VmResult<&'a mut Value> {
		match self {
			Self::Value(value) => Ok(value),
			_ => Err(type_error()),
		}
	}
}

impl Place<'_> {
	/// A copy of what lies there, which is no compound.
	///
	/// # Errors
	/// `INTERNAL_TYPE_ERROR` if it is one.
	pub(super) fn copy_scalar(self) -> VmResult<Value> {
		match self {
			Self::Value(value) if value.depth() > Depth::SCALAR => Err(type_error()),
			_ => Ok(self.copy()),
		}
	}
}
