//! Arithmetic, casts and order of integers, and logic of `bool`.
//!
//! Both operands have the same type, but for shifts; that they have is checked
//! (`INTERNAL_TYPE_ERROR`). Results that do not fit are `ARITHMETIC_ERROR`.

use core::cmp::Ordering;

use move_vm_types::{StatusCode, VmError, VmResult, U256};

use super::value::{type_error, Large, Value};

/// The width of an integer type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)] // the type
pub enum IntegerWidth {
	U8,
	U16,
	U32,
	U64,
	U128,
	U256,
}

#[cold]
fn arithmetic_error() -> VmError {
	VmError::new(StatusCode::ARITHMETIC_ERROR)
}

macro_rules! checked {
	($($(#[$doc:meta])* $name:ident, $any:ident, $operation:ident;)*) => {
		impl Value {$(
			$(#[$doc])*
			///
			/// # Errors
			/// `ARITHMETIC_ERROR`, `INTERNAL_TYPE_ERROR`.
			#[inline]
			pub fn $name(&self, right: &Self) -> VmResult<Self> {
				if let (Self::U64(left), Self::U64(right)) = (self, right) {
					return match left.$operation(*right) {
						Some(result) => Ok(Self::U64(result)),
						None => Err(arithmetic_error()),
					};
				}
				self.$any(right)
			}

			#[inline(never)]
			fn $any(&self, right: &Self) -> VmResult<Self> {
				match (self, right) {
					(Self::U8(left), Self::U8(right)) => left.$operation(*right).map(Self::U8),
					(Self::U16(left), Self::U16(right)) => left.$operation(*right).map(Self::U16),
					(Self::U32(left), Self::U32(right)) => left.$operation(*right).map(Self::U32),
					(Self::U64(left), Self::U64(right)) => left.$operation(*right).map(Self::U64),
					(Self::U128(left), Self::U128(right)) => {
						u128::from(*left).$operation((*right).into()).map(Self::u128)
					}
					_ => {
						let (left, right) = (self.as_u256()?, right.as_u256()?);
						left.$operation(*right).map(Self::u256)
					}
				}
				.ok_or_else(arithmetic_error)
			}
		)*}
	};
}

checked! {
	/// The sum.
	add, add_any, checked_add;
	/// The difference.
	sub, sub_any, checked_sub;
	/// The product.
	mul, mul_any, checked_mul;
	/// The quotient, rounded down.
	div, div_any, checked_div;
	/// The remainder.
	rem, rem_any, checked_rem;
}

macro_rules! bitwise {
	($($(#[$doc:meta])* $name:ident, $operator:tt;)*) => {
		impl Value {$(
			$(#[$doc])*
			///
			/// # Errors
			/// `INTERNAL_TYPE_ERROR`.
			pub fn $name(&self, right: &Self) -> VmResult<Self> {
				Ok(match (self, right) {
					(Self::U8(left), Self::U8(right)) => Self::U8(left $operator right),
					(Self::U16(left), Self::U16(right)) => Self::U16(left $operator right),
					(Self::U32(left), Self::U32(right)) => Self::U32(left $operator right),
					(Self::U64(left), Self::U64(right)) => Self::U64(left $operator right),
					(Self::U128(left), Self::U128(right)) => {
						Self::u128(u128::from(*left) $operator u128::from(*right))
					}
					_ => {
						// Bits of a fixed width: nothing overflows.
						#[allow(clippy::arithmetic_side_effects)]
						Self::u256(*self.as_u256()? $operator *right.as_u256()?)
					}
				})
			}
		)*}
	};
}

bitwise! {
	/// The bits in either.
	bit_or, |;
	/// The bits in both.
	bit_and, &;
	/// The bits in one of them.
	bit_xor, ^;
}

macro_rules! shifts {
	($($(#[$doc:meta])* $name:ident, $checked:ident, $operator:tt;)*) => {
		impl Value {$(
			$(#[$doc])*
			///
			/// # Errors
			/// `ARITHMETIC_ERROR` for a distance of the width or more, `INTERNAL_TYPE_ERROR`.
			pub fn $name(&self, distance: &Self) -> VmResult<Self> {
				let Self::U8(distance) = distance else {
					return Err(type_error());
				};
				let distance = u32::from(*distance);
				match self {
					Self::U8(value) => value.$checked(distance).map(Self::U8),
					Self::U16(value) => value.$checked(distance).map(Self::U16),
					Self::U32(value) => value.$checked(distance).map(Self::U32),
					Self::U64(value) => value.$checked(distance).map(Self::U64),
					Self::U128(value) => u128::from(*value).$checked(distance).map(Self::u128),
					// A `u8` is always less than the width.
					#[allow(clippy::arithmetic_side_effects)]
					_ => Some(Self::u256(*self.as_u256()? $operator distance as usize)),
				}
				.ok_or_else(arithmetic_error)
			}
		)*}
	};
}

shifts! {
	/// The bits moved up; those that leave at the top are lost.
	shift_left, checked_shl, <<;
	/// The bits moved down.
	shift_right, checked_shr, >>;
}

impl Value {
	fn as_u256(&self) -> VmResult<&U256> {
		match self.as_large()? {
			Large::U256(value) => Ok(value),
			_ => Err(type_error()),
		}
	}

	/// The order of two integers.
	///
	/// # Errors
	/// `INTERNAL_TYPE_ERROR`.
	#[inline]
	pub fn compare(&self, right: &Self) -> VmResult<Ordering> {
		if let (Self::U64(left), Self::U64(right)) = (self, right) {
			return Ok(left.cmp(right));
		}
		self.compare_any(right)
	}

	#[inline(never)]
	fn compare_any(&self, right: &Self) -> VmResult<Ordering> {
		Ok(match (self, right) {
			(Self::U8(left), Self::U8(right)) => left.cmp(right),
			(Self::U16(left), Self::U16(right)) => left.cmp(right),
			(Self::U32(left), Self::U32(right)) => left.cmp(right),
			(Self::U64(left), Self::U64(right)) => left.cmp(right),
			(Self::U128(left), Self::U128(right)) => u128::from(*left).cmp(&u128::from(*right)),
			_ => self.as_u256()?.cmp(right.as_u256()?),
		})
	}

	/// The same number with another width.
	///
	/// # Errors
	/// `ARITHMETIC_ERROR` if it does not fit, `INTERNAL_TYPE_ERROR` if it is no integer.
	#[inline]
	pub fn cast(&self, width: IntegerWidth) -> VmResult<Self> {
		match (self, width) {
			(Self::U8(value), IntegerWidth::U64) => Ok(Self::U64(u64::from(*value))),
			(Self::U64(value), IntegerWidth::U128) => Ok(Self::u128(u128::from(*value))),
			_ => self.cast_any(width),
		}
	}

	#[inline(never)]
	fn cast_any(&self, width: IntegerWidth) -> VmResult<Self> {
		let narrow = match self {
			Self::U8(value) => u128::from(*value),
			Self::U16(value) => u128::from(*value),
			Self::U32(value) => u128::from(*value),
			Self::U64(value) => u128::from(*value),
			Self::U128(value) => (*value).into(),
			_ => {
				let value = *self.as_u256()?;
				if width == IntegerWidth::U256 {
					return Ok(Self::u256(value));
				}
				u128::try_from(value).map_err(|_| arithmetic_error())?
			}
		};
		match width {
			IntegerWidth::U8 => u8::try_from(narrow).map(Self::U8),
			IntegerWidth::U16 => u16::try_from(narrow).map(Self::U16),
			IntegerWidth::U32 => u32::try_from(narrow).map(Self::U32),
			IntegerWidth::U64 => u64::try_from(narrow).map(Self::U64),
			IntegerWidth::U128 => return Ok(Self::u128(narrow)),
			IntegerWidth::U256 => return Ok(Self::u256(U256::from(narrow))),
		}
		.map_err(|_| arithmetic_error())
	}

	/// `&&` of two `bool`s, both already there.
	///
	/// # Errors
	/// `INTERNAL_TYPE_ERROR`.
	#[inline]
	pub fn and(&self, right: &Self) -> VmResult<Self> {
		match (self, right) {
			(Self::Bool(left), Self::Bool(right)) => Ok(Self::Bool(*left && *right)),
			_ => Err(type_error()),
		}
	}

	/// `||` of two `bool`s, both already there.
	///
	/// # Errors
	/// `INTERNAL_TYPE_ERROR`.
	#[inline]
	pub fn or(&self, right: &Self) -> VmResult<Self> {
		match (self, right) {
			(Self::Bool(left), Self::Bool(right)) => Ok(Self::Bool(*left || *right)),
			_ => Err(type_error()),
		}
	}

	/// `!` of a `bool`.
	///
	/// # Errors
	/// `INTERNAL_TYPE_ERROR`.
	#[inline]
	pub fn not(&self) -> VmResult<Self> {
		match self {
			Self::Bool(value) => Ok(Self::Bool(!value)),
			_ => Err(type_error()),
		}
	}
}
