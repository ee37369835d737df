//! [`Value`]: construction, taking apart, copying.

use alloc::{boxed::Box, vec::Vec};
use core::mem::ManuallyDrop;

use move_vm_types::{AccountAddress, StatusCode, VmError, VmResult, U256};

use super::reference::{LongReference, Reference};

/// Nesting that a value may have; a scalar has 1.
pub const MAX_VALUE_DEPTH: u8 = 128;

/// An upper bound of a compound's depth. Only this module's constructors make one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Depth(u8);

impl Depth {
	/// Of a scalar or a reference.
	pub(super) const SCALAR: Self = Self(1);
	/// Of a vector of scalars.
	pub(super) const FLAT: Self = Self(2);

	/// As a number, 1 to [`MAX_VALUE_DEPTH`].
	pub const fn get(self) -> u8 {
		self.0
	}

	/// Of what lies `levels` above something of this depth.
	///
	/// # Errors
	/// `VM_MAX_VALUE_DEPTH_REACHED`.
	#[inline]
	pub(super) fn above(self, levels: usize) -> VmResult<Self> {
		match usize::from(self.0).checked_add(levels) {
			#[allow(clippy::cast_possible_truncation)] // at most 128
			Some(depth) if depth <= usize::from(MAX_VALUE_DEPTH) => Ok(Self(depth as u8)),
			_ => Err(VmError::new(StatusCode::VM_MAX_VALUE_DEPTH_REACHED)),
		}
	}

	/// Of a compound of these parts, which must be values that can be parts.
	///
	/// # Errors
	/// `VM_MAX_VALUE_DEPTH_REACHED`; `INTERNAL_TYPE_ERROR` for a reference or nothing at all.
	#[inline]
	pub(super) fn of_parts(parts: &[Value]) -> VmResult<Self> {
		let mut deepest = 1;
		for part in parts {
			if part.is_reference() || part.is_invalid() {
				return Err(type_error());
			}
			deepest = deepest.max(part.depth().0);
		}
		Self(deepest).above(1)
	}
}

/// A `u128` in two halves, so that [`Value`] needs no 16-byte alignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wide {
	low: u64,
	high: u64,
}

impl From<u128> for Wide {
	#[inline]
	fn from(number: u128) -> Self {
		Self {
			low: number as u64,
			high: (number >> 64) as u64,
		}
	}
}

impl From<Wide> for u128 {
	#[inline]
	fn from(wide: Wide) -> Self {
		u128::from(wide.high) << 64 | u128::from(wide.low)
	}
}

/// A value of a program.
///
/// `Clone` copies deeply: price it first, see [`Value::size`].
#[derive(Clone, Debug, Default)]
pub enum Value {
	/// Nothing: a local that was never set or that was moved out of.
	#[default]
	Invalid,
	/// `bool`.
	Bool(bool),
	/// `u8`.
	U8(u8),
	/// `u16`.
	U16(u16),
	/// `u32`.
	U32(u32),
	/// `u64`.
	U64(u64),
	/// `u128`.
	U128(Wide),
	/// A reference with a short path.
	Reference(Reference),
	/// A struct: its fields in the order of declaration. Made by [`Value::pack`].
	Struct {
		/// Upper bound.
		depth: Depth,
		/// The fields.
		fields: Box<[Value]>,
	},
	/// An enum: one variant and its fields. Made by [`Value::pack_variant`].
	Variant {
		/// Upper bound.
		depth: Depth,
		/// Which one.
		variant: u16,
		/// Its fields.
		fields: Box<[Value]>,
	},
	/// Anything else. Made by constructors.
	Large(Box<Large>),
}

/// A value that is too large for a [`Value`], or whose size varies.
///
/// These are apart so that a [`Value`] has few variants that own memory: releasing one then is a
/// comparison or two, in line, and values that own none stay in registers.
#[derive(Clone, Debug)]
pub enum Large {
	/// `u256`.
	U256(U256),
	/// `address`.
	Address(AccountAddress),
	/// `signer`.
	Signer(AccountAddress),
	/// `vector<bool>`.
	VecBool(Vec<bool>),
	/// `vector<u8>`.
	VecU8(Vec<u8>),
	/// `vector<u16>`.
	VecU16(Vec<u16>),
	/// `vector<u32>`.
	VecU32(Vec<u32>),
	/// `vector<u64>`.
	VecU64(Vec<u64>),
	/// `vector<u128>`.
	VecU128(Vec<u128>),
	/// `vector<u256>`.
	VecU256(Vec<U256>),
	/// `vector<address>`.
	VecAddress(Vec<AccountAddress>),
	/// A vector of anything else. Made by [`Value::pack_vector`].
	Vector {
		/// Upper bound.
		depth: Depth,
		/// The elements.
		elements: Vec<Value>,
	},
	/// A reference with a path that is not short.
	Reference(LongReference),
}

// One more word would cost every stack operation.
const _: () = assert!(core::mem::size_of::<Value>() == 24 || core::mem::size_of::<usize>() < 8);
const _: () = assert!(core::mem::size_of::<Value>() <= 24);

/// Bytes that [`Value::size`] counts for a compound beside its parts: what making and releasing an
/// allocation costs, in the time that it takes to copy bytes of scalars.
pub(super) const COMPOUND_BYTES: u64 = 128;
/// Bytes that it counts for a scalar with an allocation of its own.
pub(super) const BOXED_BYTES: u64 = 128;
/// Bytes that it counts for each part of a compound beside the part: looking at what it is.
pub(super) const PLACE_BYTES: u64 = 8;
/// Bytes that it counts for a step of a reference's path.
const STEP_BYTES: u64 = 4;

/// Bytes of a [`Value`] where it lies.
pub const VALUE_BYTES: u64 = 24;
/// Bytes that a [`Large`] takes beside what its vector holds.
pub const LARGE_BYTES: u64 = block(48);

/// Bytes that the allocator takes for a block of so many: small ones are rounded up to a power of
/// two, large ones have a header and end at some boundary. An upper bound for the runtime's heap in
/// wasm, so that [`Value::memory`] never tells less than a value takes.
pub const fn block(bytes: u64) -> u64 {
	match bytes {
		0 => 0,
		1..=16 => 16,
		17..=2048 => bytes.next_power_of_two(),
		_ => bytes.saturating_add(63 + 32) & !63,
	}
}

/// The error of a value of another type than verified code can bring about.
#[cold]
pub(super) fn type_error() -> VmError {
	VmError::new(StatusCode::INTERNAL_TYPE_ERROR)
}

impl Value {
	/// A `u128`.
	#[inline]
	pub fn u128(number: u128) -> Self {
		Self::U128(number.into())
	}

	/// A `u256`.
	pub fn u256(number: U256) -> Self {
		Large::U256(number).into()
	}

	/// An `address`.
	pub fn address(address: AccountAddress) -> Self {
		Large::Address(address).into()
	}

	/// A `signer`.
	pub fn signer(address: AccountAddress) -> Self {
		Large::Signer(address).into()
	}

	/// A `vector<u8>`.
	pub fn bytes(bytes: Vec<u8>) -> Self {
		Large::VecU8(bytes).into()
	}

	/// A struct of these fields.
	///
	/// # Errors
	/// `VM_MAX_VALUE_DEPTH_REACHED`.
	#[inline]
	pub fn pack(fields: Box<[Value]>) -> VmResult<Self> {
		Ok(Self::Struct {
			depth: Depth::of_parts(&fields)?,
			fields,
		})
	}

	/// A variant of an enum with these fields.
	///
	/// # Errors
	/// `VM_MAX_VALUE_DEPTH_REACHED`.
	#[inline]
	pub fn pack_variant(variant: u16, fields: Box<[Value]>) -> VmResult<Self> {
		Ok(Self::Variant {
			depth: Depth::of_parts(&fields)?,
			variant,
			fields,
		})
	}

	/// The fields of a struct.
	///
	/// # Errors
	/// `INTERNAL_TYPE_ERROR` for anything else.
	#[inline]
	pub fn unpack(self) -> VmResult<Box<[Value]>> {
		match self {
			Self::Struct { fields, .. } => Ok(fields),
			_ => Err(type_error()),
		}
	}

	/// The fields of an enum that is this variant.
	///
	/// # Errors
	/// `STRUCT_VARIANT_MISMATCH` for another variant, `INTERNAL_TYPE_ERROR` for anything else.
	#[inline]
	pub fn unpack_variant(self, expected: u16) -> VmResult<Box<[Value]>> {
		match self {
			Self::Variant {
				variant, fields, ..
			} if variant == expected => Ok(fields),
			Self::Variant { .. } => Err(VmError::new(StatusCode::STRUCT_VARIANT_MISMATCH)),
			_ => Err(type_error()),
		}
	}

	/// An upper bound of its depth.
	#[inline]
	pub fn depth(&self) -> Depth {
		match self {
			Self::Struct { depth, .. } | Self::Variant { depth, .. } => *depth,
			Self::Large(large) => large.depth(),
			Self::Invalid
			| Self::Bool(_)
			| Self::U8(_)
			| Self::U16(_)
			| Self::U32(_)
			| Self::U64(_)
			| Self::U128(_)
			| Self::Reference(_) => Depth::SCALAR,
		}
	}

	/// Raises the depth of a compound; nothing else has one of its own.
	#[inline]
	pub(super) fn raise_depth(&mut self, at_least: Depth) {
		match self {
			Self::Struct { depth, .. } | Self::Variant { depth, .. } => {
				*depth = (*depth).max(at_least);
			}
			Self::Large(large) => {
				if let Large::Vector { depth, .. } = &mut **large {
					*depth = (*depth).max(at_least);
				}
			}
			_ => {}
		}
	}

	/// The value that is apart.
	///
	/// # Errors
	/// `INTERNAL_TYPE_ERROR` if it is none of those.
	#[inline]
	pub(super) fn as_large(&self) -> VmResult<&Large> {
		match self {
			Self::Large(large) => Ok(large),
			_ => Err(type_error()),
		}
	}

	/// The same to change.
	#[inline]
	pub(super) fn as_large_mut(&mut self) -> VmResult<&mut Large> {
		match self {
			Self::Large(large) => Ok(large),
			_ => Err(type_error()),
		}
	}

	/// A `signer`'s address.
	///
	/// # Errors
	/// `INTERNAL_TYPE_ERROR` for anything else.
	pub fn as_signer(&self) -> VmResult<&AccountAddress> {
		match self.as_large()? {
			Large::Signer(address) => Ok(address),
			_ => Err(type_error()),
		}
	}

	/// The bytes of a `vector<u8>`.
	///
	/// # Errors
	/// `INTERNAL_TYPE_ERROR` for anything else.
	pub fn as_bytes(&self) -> VmResult<&[u8]> {
		match self.as_large()? {
			Large::VecU8(bytes) => Ok(bytes),
			_ => Err(type_error()),
		}
	}

	/// The elements of a vector that stores them as values; `None` for any other.
	pub fn as_elements(&self) -> Option<&[Self]> {
		match self {
			Self::Large(large) => match &**large {
				Large::Vector { elements, .. } => Some(elements),
				_ => None,
			},
			_ => None,
		}
	}

	/// Whether it is nothing.
	#[inline]
	pub const fn is_invalid(&self) -> bool {
		matches!(self, Self::Invalid)
	}

	/// Whether it owns no memory, so that forgetting it is releasing it.
	#[inline(always)]
	pub const fn is_plain(&self) -> bool {
		!matches!(
			self,
			Self::Struct { .. } | Self::Variant { .. } | Self::Large(_)
		)
	}

	/// Assigns, in line if what is replaced is plain.
	#[inline(always)]
	pub fn assign(&mut self, value: Self) {
		// Were this to unwind from the release, the new value would be lost and not released: so
		// it need not be in memory before it is in its place.
		let value = ManuallyDrop::new(value);
		self.clear();
		core::mem::forget(core::mem::replace(self, ManuallyDrop::into_inner(value)));
	}

	/// Moves it to a place that is plain. What it is then is plain, and not said.
	#[inline(always)]
	pub(super) fn move_to(&mut self, place: &mut Self) {
		// Small values go through registers: a copy of the whole would wait for their parts to
		// arrive in memory.
		let value = match self {
			Self::U64(value) => Self::U64(*value),
			Self::Bool(value) => Self::Bool(*value),
			Self::U8(value) => Self::U8(*value),
			other => {
				core::mem::forget(core::mem::replace(place, core::mem::take(other)));
				return;
			}
		};
		core::mem::forget(core::mem::replace(place, value));
	}

	/// Releases what it owns; what it is then is plain, and not said.
	#[inline(always)]
	pub(super) fn clear(&mut self) {
		if !self.is_plain() {
			self.release();
		}
	}

	#[inline(never)]
	fn release(&mut self) {
		*self = Self::Invalid;
	}

	/// Whether it is a reference.
	#[inline]
	pub fn is_reference(&self) -> bool {
		match self {
			Self::Reference(_) => true,
			Self::Large(large) => matches!(**large, Large::Reference(_)),
			_ => false,
		}
	}

	/// A deep copy, quick for the small types. A reference's copy refers to the same place.
	#[inline]
	pub fn copy(&self) -> Self {
		match self {
			Self::Bool(value) => Self::Bool(*value),
			Self::U8(value) => Self::U8(*value),
			Self::U64(value) => Self::U64(*value),
			Self::U128(value) => Self::U128(*value),
			Self::Reference(reference) => Self::Reference(*reference),
			_ => self.copy_any(),
		}
	}

	#[inline(never)]
	fn copy_any(&self) -> Self {
		self.clone()
	}

	/// What copying, comparing or storing it costs, in bytes: the width of integers but at least 8,
	/// 128 for addresses and `u256`, the elements' own widths in vectors of scalars, 128 more for
	/// every compound and 8 for each part of it. A reference counts 8, or 128 and 4 a step if its path is long, whatever it
	/// refers to.
	///
	/// The walk ends as soon as the sum reaches `limit`, so it does no more work than `limit` pays
	/// for. The result is the size, or `limit` or more if the size is at least that.
	#[inline]
	pub fn size(&self, limit: u64) -> u64 {
		match self {
			Self::Bool(_) | Self::U8(_) | Self::U64(_) | Self::Reference(_) => 8,
			_ => self.size_any(limit, 0),
		}
	}

	/// The size on top of `sum`.
	fn size_any(&self, limit: u64, sum: u64) -> u64 {
		match self {
			Self::Invalid
			| Self::Bool(_)
			| Self::U8(_)
			| Self::U16(_)
			| Self::U32(_)
			| Self::U64(_)
			| Self::Reference(_) => sum.saturating_add(8),
			Self::U128(_) => sum.saturating_add(16),
			Self::Struct { fields, .. } | Self::Variant { fields, .. } => {
				Self::size_of_parts(fields, limit, sum)
			}
			Self::Large(large) => large.size(limit, sum),
		}
	}

	/// Bytes of memory that it owns, as the allocator counts them and with what vectors have to spare;
	/// those of itself are not among them.
	///
	/// The walk ends as soon as the sum reaches `limit`, as that of [`Value::size`].
	#[inline]
	pub fn memory(&self, limit: u64) -> u64 {
		match self.is_plain() {
			true => 0,
			false => self.memory_any(limit, 0),
		}
	}

	/// The memory on top of `sum`.
	fn memory_any(&self, limit: u64, sum: u64) -> u64 {
		match self {
			Self::Struct { fields, .. } | Self::Variant { fields, .. } => {
				Self::memory_of_parts(fields, fields.len(), limit, sum)
			}
			Self::Large(large) => large.memory(limit, sum.saturating_add(LARGE_BYTES)),
			_ => sum,
		}
	}

	fn memory_of_parts(parts: &[Self], capacity: usize, limit: u64, sum: u64) -> u64 {
		let own = block((capacity as u64).saturating_mul(VALUE_BYTES));
		let mut sum = sum.saturating_add(own);
		for part in parts {
			if sum >= limit {
				break;
			}
			sum = part.memory_any(limit, sum);
		}
		sum
	}

	fn size_of_parts(parts: &[Self], limit: u64, sum: u64) -> u64 {
		let places = (parts.len() as u64).saturating_mul(PLACE_BYTES);
		let mut sum = sum.saturating_add(COMPOUND_BYTES).saturating_add(places);
		for part in parts {
			if sum >= limit {
				break;
			}
			sum = part.size_any(limit, sum);
		}
		sum
	}
}

impl Large {
	#[inline]
	fn depth(&self) -> Depth {
		match self {
			Self::Vector { depth, .. } => *depth,
			Self::VecBool(_)
			| Self::VecU8(_)
			| Self::VecU16(_)
			| Self::VecU32(_)
			| Self::VecU64(_)
			| Self::VecU128(_)
			| Self::VecU256(_)
			| Self::VecAddress(_) => Depth::FLAT,
			Self::U256(_) | Self::Address(_) | Self::Signer(_) | Self::Reference(_) => {
				Depth::SCALAR
			}
		}
	}

	/// The size on top of `sum`.
	fn size(&self, limit: u64, sum: u64) -> u64 {
		let flat = |len: usize, width: u64| {
			sum.saturating_add(COMPOUND_BYTES)
				.saturating_add((len as u64).saturating_mul(width))
		};
		match self {
			Self::Reference(reference) => sum
				.saturating_add(BOXED_BYTES)
				.saturating_add((reference.len() as u64).saturating_mul(STEP_BYTES)),
			Self::U256(_) | Self::Address(_) | Self::Signer(_) => sum.saturating_add(BOXED_BYTES),
			Self::VecBool(elements) => flat(elements.len(), 1),
			Self::VecU8(elements) => flat(elements.len(), 1),
			Self::VecU16(elements) => flat(elements.len(), 2),
			Self::VecU32(elements) => flat(elements.len(), 4),
			Self::VecU64(elements) => flat(elements.len(), 8),
			Self::VecU128(elements) => flat(elements.len(), 16),
			Self::VecU256(elements) => flat(elements.len(), 32),
			Self::VecAddress(elements) => flat(elements.len(), 32),
			Self::Vector { elements, .. } => Value::size_of_parts(elements, limit, sum),
		}
	}
}

impl Large {
	/// The memory of what its vector holds, on top of `sum`.
	fn memory(&self, limit: u64, sum: u64) -> u64 {
		let flat = |capacity: usize, width: u64| {
			sum.saturating_add(block((capacity as u64).saturating_mul(width)))
		};
		match self {
			Self::U256(_) | Self::Address(_) | Self::Signer(_) => sum,
			Self::VecBool(elements) => flat(elements.capacity(), 1),
			Self::VecU8(elements) => flat(elements.capacity(), 1),
			Self::VecU16(elements) => flat(elements.capacity(), 2),
			Self::VecU32(elements) => flat(elements.capacity(), 4),
			Self::VecU64(elements) => flat(elements.capacity(), 8),
			Self::VecU128(elements) => flat(elements.capacity(), 16),
			Self::VecU256(elements) => flat(elements.capacity(), 32),
			Self::VecAddress(elements) => flat(elements.capacity(), 32),
			Self::Vector { elements, .. } => {
				Value::memory_of_parts(elements, elements.capacity(), limit, sum)
			}
			Self::Reference(reference) => flat(reference.capacity(), 4),
		}
	}
}

impl From<Large> for Value {
	#[inline]
	fn from(large: Large) -> Self {
		Self::Large(Box::new(large))
	}
}

macro_rules! extract {
	($($(#[$doc:meta])* $name:ident: $variant:ident($pattern:pat) -> $type:ty = $result:expr;)*) => {
		impl Value {$(
			$(#[$doc])*
			///
			/// # Errors
			/// `INTERNAL_TYPE_ERROR` for anything else.
			#[inline]
			pub fn $name(self) -> VmResult<$type> {
				match self {
					Self::$variant($pattern) => Ok($result),
					_ => Err(type_error()),
				}
			}
		)*}
	};
}

extract! {
	/// The `bool`.
	into_bool: Bool(value) -> bool = value;
	/// The `u8`.
	into_u8: U8(value) -> u8 = value;
	/// The `u16`.
	into_u16: U16(value) -> u16 = value;
	/// The `u32`.
	into_u32: U32(value) -> u32 = value;
	/// The `u64`.
	into_u64: U64(value) -> u64 = value;
	/// The `u128`.
	into_u128: U128(value) -> u128 = value.into();
}

macro_rules! extract_large {
	($($(#[$doc:meta])* $name:ident: $variant:ident -> $type:ty;)*) => {
		impl Value {$(
			$(#[$doc])*
			///
			/// # Errors
			/// `INTERNAL_TYPE_ERROR` for anything else.
			#[inline]
			pub fn $name(self) -> VmResult<$type> {
				match self {
					Self::Large(large) => match *large {
						Large::$variant(value) => Ok(value),
						_ => Err(type_error()),
					},
					_ => Err(type_error()),
				}
			}
		)*}
	};
}

extract_large! {
	/// The `u256`.
	into_u256: U256 -> U256;
	/// The `address`.
	into_address: Address -> AccountAddress;
	/// The `signer`'s address.
	into_signer: Signer -> AccountAddress;
	/// The `vector<u8>`.
	into_bytes: VecU8 -> Vec<u8>;
}

#[cfg(test)]
mod tests {
	use super::*;
	use alloc::vec;

	fn nested(levels: usize) -> VmResult<Value> {
		let mut value = Value::U64(1);
		for _ in 0..levels {
			value = Value::pack(vec![value].into_boxed_slice())?;
		}
		Ok(value)
	}

	#[test]
	fn packing_stops_at_the_deepest_value() {
		assert_eq!(nested(127).unwrap().depth().get(), MAX_VALUE_DEPTH);
		assert_eq!(
			nested(128).unwrap_err().status(),
			StatusCode::VM_MAX_VALUE_DEPTH_REACHED
		);
	}

	#[test]
	fn wide_numbers_keep_their_halves() {
		for number in [0, 1, u128::MAX, 1 << 64, (7 << 64) | 9] {
			assert_eq!(Value::u128(number).into_u128().unwrap(), number);
		}
	}

	#[test]
	fn unpacking_checks_the_variant() {
		let value = Value::pack_variant(2, vec![Value::U8(1)].into_boxed_slice()).unwrap();
		assert_eq!(
			value.clone().unpack_variant(1).unwrap_err().status(),
			StatusCode::STRUCT_VARIANT_MISMATCH
		);
		assert_eq!(value.clone().unpack_variant(2).unwrap().len(), 1);
		assert_eq!(
			value.unpack().unwrap_err().status(),
			StatusCode::INTERNAL_TYPE_ERROR
		);
	}

	#[test]
	fn size_counts_parts_and_stops_at_the_limit() {
		let pair = Value::pack(vec![Value::U64(1), Value::bytes(vec![0; 10])].into()).unwrap();
		assert_eq!(pair.size(u64::MAX), 128 + 2 * 8 + 8 + (128 + 10));
		let many = Value::pack(vec![Value::u128(1); 1000].into()).unwrap();
		assert_eq!(many.size(u64::MAX), 128 + 8_000 + 16_000);
		// Ends where what was known first is enough.
		assert_eq!(many.size(200), 128 + 8_000);
		assert_eq!(many.size(8_150), 128 + 8_000 + 2 * 16);
	}
}
