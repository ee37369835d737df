//! Values as bytes, by the rules of BCS (<https://github.com/diem/bcs>), which give every value
//! exactly one form: integers little-endian, `bool` one byte 0 or 1, addresses 32 bytes, vectors
//! their length as ULEB128 and the elements, structs their fields, enums the variant's index as
//! ULEB128 and its fields.
//!
//! Both directions tell a `charge` function what they are about to do, in the units of
//! [`Value::size`], part by part and before each part; what it refuses is not done. Reading tells
//! besides what memory each part is going to own, as [`Value::memory`] counts it. So time and memory
//! are bounded, whatever the bytes claim.

use alloc::{boxed::Box, vec::Vec};

use move_vm_types::{uleb128, AccountAddress, StatusCode, VmError, VmResult, U256};

use super::{
	layout::{Layout, Shape},
	place::Place,
	value::{
		block, Large, Value, BOXED_BYTES, COMPOUND_BYTES, LARGE_BYTES, PLACE_BYTES, VALUE_BYTES,
	},
	vector::{grown, VectorKind},
};

/// Elements that BCS allows in a vector: 2^31 - 1.
pub const MAX_SEQUENCE_LENGTH: usize = 0x7FFF_FFFF;
/// Longest BCS form that is made of a value, bytes: of what is stored, emitted, given back, and what
/// `0x1::bcs` makes.
pub const MAX_BCS_BYTES: usize = 1024 * 1024;

#[cold]
fn no_form() -> VmError {
	VmError::new(StatusCode::VALUE_SERIALIZATION_ERROR)
}

impl Value {
	/// Its BCS bytes. A value tells its own shape, so no layout is needed; a signer is its address.
	///
	/// # Errors
	/// `VALUE_SERIALIZATION_ERROR` for what has no BCS form: references, nothing at all, vectors of
	/// more than [`MAX_SEQUENCE_LENGTH`] elements. `MEMORY_LIMIT_EXCEEDED` for a form of more than
	/// [`MAX_BCS_BYTES`]. What `charge` fails with.
	pub fn to_bcs(&self, charge: &mut dyn FnMut(u64) -> VmResult<()>) -> VmResult<Vec<u8>> {
		Place::Value(self).to_bcs(charge)
	}

	/// The value of this layout that has exactly these bytes.
	///
	/// # Errors
	/// `malformed` if there is none, or one that no bytes may give: a signer. What `charge` fails
	/// with.
	pub fn from_bcs(
		bytes: &[u8],
		layout: &Layout,
		malformed: StatusCode,
		charge: &mut dyn FnMut(u64, u64) -> VmResult<()>,
	) -> VmResult<Self> {
		let mut reader = Reader {
			rest: bytes,
			malformed,
			charge,
		};
		let value = reader.value(layout)?;
		if reader.rest.is_empty() {
			Ok(value)
		} else {
			Err(VmError::new(malformed))
		}
	}
}

impl Place<'_> {
	/// The BCS bytes of what lies there, see [`Value::to_bcs`].
	///
	/// # Errors
	/// As [`Value::to_bcs`].
	pub fn to_bcs(self, charge: &mut dyn FnMut(u64) -> VmResult<()>) -> VmResult<Vec<u8>> {
		let mut writer = Writer {
			out: Vec::new(),
			charge,
		};
		match self {
			Self::Value(value) => writer.value(value)?,
			_ => writer.value(&self.copy_scalar()?)?,
		}
		Ok(writer.out)
	}
}

/// The size of a scalar of so many bytes, see [`Value::size`].
const fn scalar_size(bytes: usize) -> u64 {
	match bytes {
		0..=8 => 8,
		9..=16 => 16,
		_ => BOXED_BYTES,
	}
}

struct Writer<'c> {
	out: Vec<u8>,
	charge: &'c mut dyn FnMut(u64) -> VmResult<()>,
}

impl Writer<'_> {
	/// A vector's length, after charging for elements of this width.
	fn sequence(&mut self, len: usize, width: usize) -> VmResult<()> {
		if len > MAX_SEQUENCE_LENGTH {
			return Err(no_form());
		}
		let bytes = (len as u64).saturating_mul(width as u64);
		(self.charge)(COMPOUND_BYTES.saturating_add(bytes))?;
		uleb128::write(&mut self.out, len as u64);
		self.ensure_room(bytes)
	}

	/// Whether so many bytes more are not too many.
	fn ensure_room(&self, bytes: u64) -> VmResult<()> {
		match (self.out.len() as u64).saturating_add(bytes) <= MAX_BCS_BYTES as u64 {
			true => Ok(()),
			false => Err(VmError::new(StatusCode::MEMORY_LIMIT_EXCEEDED)
				.with_message("the BCS form of a value is too long")),
		}
	}

	fn integers<T: Copy, const N: usize>(
		&mut self,
		elements: &[T],
		bytes: impl Fn(T) -> [u8; N],
	) -> VmResult<()> {
		self.sequence(elements.len(), N)?;
		self.out.reserve(elements.len().saturating_mul(N));
		for element in elements {
			self.out.extend_from_slice(&bytes(*element));
		}
		Ok(())
	}

	fn scalar(&mut self, bytes: &[u8]) -> VmResult<()> {
		(self.charge)(scalar_size(bytes.len()))?;
		self.ensure_room(bytes.len() as u64)?;
		self.out.extend_from_slice(bytes);
		Ok(())
	}

	/// Recurses no deeper than values are.
	fn value(&mut self, value: &Value) -> VmResult<()> {
		match value {
			Value::Bool(value) => self.scalar(&[u8::from(*value)]),
			Value::U8(value) => self.scalar(&[*value]),
			Value::U16(value) => self.scalar(&value.to_le_bytes()),
			Value::U32(value) => self.scalar(&value.to_le_bytes()),
			Value::U64(value) => self.scalar(&value.to_le_bytes()),
			Value::U128(value) => self.scalar(&u128::from(*value).to_le_bytes()),
			Value::Struct { fields, .. } => {
				(self.charge)(COMPOUND_BYTES)?;
				self.values(fields)
			}
			Value::Variant {
				variant, fields, ..
			} => {
				(self.charge)(COMPOUND_BYTES)?;
				uleb128::write(&mut self.out, u64::from(*variant));
				self.values(fields)
			}
			Value::Large(large) => self.large(large),
			Value::Invalid | Value::Reference(_) => Err(no_form()),
		}
	}

	fn large(&mut self, large: &Large) -> VmResult<()> {
		match large {
			Large::U256(value) => self.scalar(&value.to_le_bytes::<32>()),
			Large::Address(address) | Large::Signer(address) => self.scalar(&address.0),
			Large::VecBool(elements) => self.integers(elements, |bool| [u8::from(bool)]),
			Large::VecU8(elements) => {
				self.sequence(elements.len(), 1)?;
				self.out.extend_from_slice(elements);
				Ok(())
			}
			Large::VecU16(elements) => self.integers(elements, u16::to_le_bytes),
			Large::VecU32(elements) => self.integers(elements, u32::to_le_bytes),
			Large::VecU64(elements) => self.integers(elements, u64::to_le_bytes),
			Large::VecU128(elements) => self.integers(elements, u128::to_le_bytes),
			Large::VecU256(elements) => {
				self.integers(elements, |number| number.to_le_bytes::<32>())
			}
			Large::VecAddress(elements) => self.integers(elements, |address| address.0),
			Large::Vector { elements, .. } => {
				self.sequence(elements.len(), 0)?;
				self.values(elements)
			}
			Large::Reference(_) => Err(no_form()),
		}
	}

	fn values(&mut self, values: &[Value]) -> VmResult<()> {
		(self.charge)((values.len() as u64).saturating_mul(PLACE_BYTES))?;
		values.iter().try_for_each(|value| self.value(value))
	}
}

struct Reader<'b, 'c> {
	rest: &'b [u8],
	malformed: StatusCode,
	/// Told size and memory.
	charge: &'c mut dyn FnMut(u64, u64) -> VmResult<()>,
}

impl<'b> Reader<'b, '_> {
	#[cold]
	fn malformed(&self) -> VmError {
		VmError::new(self.malformed)
	}

	fn take(&mut self, count: usize) -> VmResult<&'b [u8]> {
		let (head, tail) = self
			.rest
			.split_at_checked(count)
			.ok_or_else(|| self.malformed())?;
		self.rest = tail;
		Ok(head)
	}

	fn array<const N: usize>(&mut self) -> VmResult<[u8; N]> {
		let (head, tail) = self
			.rest
			.split_first_chunk()
			.ok_or_else(|| self.malformed())?;
		self.rest = tail;
		Ok(*head)
	}

	/// Charges for a scalar of `N` bytes and reads it.
	fn scalar<const N: usize>(&mut self) -> VmResult<[u8; N]> {
		let memory = if N > 16 { LARGE_BYTES } else { 0 };
		(self.charge)(scalar_size(N), memory)?;
		self.array()
	}

	fn number(&mut self) -> VmResult<u64> {
		let (number, rest) = uleb128::read(self.rest).ok_or_else(|| self.malformed())?;
		self.rest = rest;
		Ok(number)
	}

	/// A vector's length, which is one that BCS allows.
	fn length(&mut self) -> VmResult<usize> {
		match usize::try_from(self.number()?) {
			Ok(length) if length <= MAX_SEQUENCE_LENGTH => Ok(length),
			_ => Err(self.malformed()),
		}
	}

	fn bool(&self, byte: u8) -> VmResult<bool> {
		match byte {
			0 => Ok(false),
			1 => Ok(true),
			_ => Err(self.malformed()),
		}
	}

	/// The elements of a vector, each from `N` bytes. There are as many as bytes for them before
	/// anything is allocated.
	fn elements<T, const N: usize>(
		&mut self,
		mut make: impl FnMut(&Self, [u8; N]) -> VmResult<T>,
	) -> VmResult<Vec<T>> {
		let length = self.length()?;
		let bytes = self.take(length.checked_mul(N).ok_or_else(|| self.malformed())?)?;
		self.flat(bytes.len())?;
		let (chunks, _) = bytes.as_chunks::<N>();
		let mut elements = Vec::with_capacity(chunks.len());
		for chunk in chunks {
			elements.push(make(self, *chunk)?);
		}
		Ok(elements)
	}

	/// Charges for a vector of scalars of so many bytes.
	fn flat(&mut self, bytes: usize) -> VmResult<()> {
		let bytes = bytes as u64;
		let memory = LARGE_BYTES.saturating_add(block(bytes));
		(self.charge)(COMPOUND_BYTES.saturating_add(bytes), memory)
	}

	/// Recurses no deeper than layouts are.
	fn value(&mut self, layout: &Layout) -> VmResult<Value> {
		Ok(match layout.shape() {
			Shape::Bool => {
				let [byte] = self.scalar()?;
				Value::Bool(self.bool(byte)?)
			}
			Shape::U8 => Value::U8(u8::from_le_bytes(self.scalar()?)),
			Shape::U16 => Value::U16(u16::from_le_bytes(self.scalar()?)),
			Shape::U32 => Value::U32(u32::from_le_bytes(self.scalar()?)),
			Shape::U64 => Value::U64(u64::from_le_bytes(self.scalar()?)),
			Shape::U128 => Value::u128(u128::from_le_bytes(self.scalar()?)),
			Shape::U256 => Value::u256(U256::from_le_bytes::<32>(self.scalar()?)),
			Shape::Address => Value::address(AccountAddress(self.scalar()?)),
			Shape::Signer => return Err(self.malformed()),
			Shape::Vector(element) => return self.vector(element),
			Shape::Struct(fields) => Value::pack(self.fields(fields)?)?,
			Shape::Enum(variants) => {
				let number = self.number()?;
				let (variant, fields) = usize::try_from(number)
					.ok()
					.and_then(|index| variants.get(index))
					.and_then(|fields| Some((u16::try_from(number).ok()?, fields)))
					.ok_or_else(|| self.malformed())?;
				Value::pack_variant(variant, self.fields(fields)?)?
			}
		})
	}

	fn fields(&mut self, layouts: &[Layout]) -> VmResult<Box<[Value]>> {
		let count = layouts.len() as u64;
		let memory = block(count.saturating_mul(VALUE_BYTES));
		let places = count.saturating_mul(PLACE_BYTES);
		(self.charge)(COMPOUND_BYTES.saturating_add(places), memory)?;
		let mut fields = Vec::with_capacity(layouts.len());
		for layout in layouts {
			fields.push(self.value(layout)?);
		}
		Ok(fields.into_boxed_slice())
	}

	fn vector(&mut self, element: &Layout) -> VmResult<Value> {
		let vector = match element.vector_kind() {
			VectorKind::Bool => {
				Large::VecBool(self.elements(|reader, [byte]: [u8; 1]| reader.bool(byte))?)
			}
			VectorKind::U8 => {
				let length = self.length()?;
				let bytes = self.take(length)?;
				self.flat(length)?;
				Large::VecU8(bytes.to_vec())
			}
			VectorKind::U16 => {
				Large::VecU16(self.elements(|_, bytes| Ok(u16::from_le_bytes(bytes)))?)
			}
			VectorKind::U32 => {
				Large::VecU32(self.elements(|_, bytes| Ok(u32::from_le_bytes(bytes)))?)
			}
			VectorKind::U64 => {
				Large::VecU64(self.elements(|_, bytes| Ok(u64::from_le_bytes(bytes)))?)
			}
			VectorKind::U128 => {
				Large::VecU128(self.elements(|_, bytes| Ok(u128::from_le_bytes(bytes)))?)
			}
			VectorKind::U256 => {
				Large::VecU256(self.elements(|_, bytes| Ok(U256::from_le_bytes::<32>(bytes)))?)
			}
			VectorKind::Address => {
				Large::VecAddress(self.elements(|_, bytes| Ok(AccountAddress(bytes)))?)
			}
			VectorKind::Other => {
				let length = self.length()?;
				// No element takes no bytes: structs have fields, the format's verifier sees to it.
				if length > self.rest.len() {
					return Err(self.malformed());
				}
				(self.charge)(COMPOUND_BYTES, LARGE_BYTES)?;
				let mut elements = Vec::new();
				for _ in 0..length {
					(self.charge)(PLACE_BYTES, 0)?;
					if let Some(bytes) = grown(&elements) {
						(self.charge)(0, bytes)?;
					}
					elements.push(self.value(element)?);
				}
				return Value::pack_vector(VectorKind::Other, elements.into_iter());
			}
		};
		Ok(vector.into())
	}
}
