//! Types and values as plain trees, made from bytes of entropy so that failures shrink.

use move_vm_types::{AccountAddress, U256};

use crate::values::{Layout, Value, VectorKind};

/// A source of choices; zero once it is used up.
pub struct Entropy<'a>(pub &'a [u8]);

impl Entropy<'_> {
	pub fn byte(&mut self) -> u8 {
		match self.0.split_first() {
			Some((first, rest)) => {
				self.0 = rest;
				*first
			}
			None => 0,
		}
	}

	pub fn below(&mut self, end: usize) -> usize {
		usize::from(self.byte()) % end
	}

	fn array<const N: usize>(&mut self) -> [u8; N] {
		core::array::from_fn(|_| self.byte())
	}
}

#[derive(Clone, Debug, PartialEq)]
pub enum Type {
	Bool,
	/// Of this many bytes.
	Integer(usize),
	Address,
	Vector(Box<Type>),
	Struct(Vec<Type>),
	Enum(Vec<Vec<Type>>),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Plain {
	Bool(bool),
	Integer(Vec<u8>),
	Address([u8; 32]),
	Vector(Type, Vec<Plain>),
	Struct(Vec<Plain>),
	Enum(u16, Vec<Plain>),
}

impl Type {
	pub fn any(entropy: &mut Entropy<'_>, levels: usize) -> Self {
		let choices = if levels == 0 { 8 } else { 14 };
		let inner = |entropy: &mut Entropy<'_>| Self::any(entropy, levels - 1);
		match entropy.below(choices) {
			0 => Self::Bool,
			width @ 1..=6 => Self::Integer(1 << (width - 1)),
			7 => Self::Address,
			8..=10 => Self::Vector(Box::new(inner(entropy))),
			11 | 12 => Self::Struct((0..=entropy.below(3)).map(|_| inner(entropy)).collect()),
			_ => Self::Enum(
				(0..=entropy.below(2))
					.map(|_| (0..entropy.below(3)).map(|_| inner(entropy)).collect())
					.collect(),
			),
		}
	}

	pub fn layout(&self) -> Layout {
		match self {
			Self::Bool => Layout::BOOL,
			Self::Integer(1) => Layout::U8,
			Self::Integer(2) => Layout::U16,
			Self::Integer(4) => Layout::U32,
			Self::Integer(8) => Layout::U64,
			Self::Integer(16) => Layout::U128,
			Self::Integer(_) => Layout::U256,
			Self::Address => Layout::ADDRESS,
			Self::Vector(element) => Layout::vector(element.layout()).unwrap(),
			Self::Struct(fields) => {
				Layout::structure(fields.iter().map(Self::layout).collect()).unwrap()
			}
			Self::Enum(variants) => Layout::enumeration(
				variants
					.iter()
					.map(|fields| fields.iter().map(Self::layout).collect())
					.collect(),
			)
			.unwrap(),
		}
	}

	pub fn kind(&self) -> VectorKind {
		self.layout().vector_kind()
	}

	pub fn value(&self, entropy: &mut Entropy<'_>) -> Plain {
		match self {
			Self::Bool => Plain::Bool(entropy.byte() % 2 == 1),
			Self::Integer(width) => Plain::Integer((0..*width).map(|_| entropy.byte()).collect()),
			Self::Address => Plain::Address(entropy.array()),
			Self::Vector(element) => Plain::Vector(
				(**element).clone(),
				(0..entropy.below(4))
					.map(|_| element.value(entropy))
					.collect(),
			),
			Self::Struct(fields) => {
				Plain::Struct(fields.iter().map(|field| field.value(entropy)).collect())
			}
			Self::Enum(variants) => {
				let variant = entropy.below(variants.len());
				Plain::Enum(
					u16::try_from(variant).unwrap(),
					variants[variant]
						.iter()
						.map(|field| field.value(entropy))
						.collect(),
				)
			}
		}
	}
}

impl Plain {
	pub fn parts(&self) -> &[Plain] {
		match self {
			Self::Vector(_, parts) | Self::Struct(parts) | Self::Enum(_, parts) => parts,
			_ => &[],
		}
	}

	pub fn parts_mut(&mut self) -> Option<&mut Vec<Plain>> {
		match self {
			Self::Vector(_, parts) | Self::Struct(parts) | Self::Enum(_, parts) => Some(parts),
			_ => None,
		}
	}

	pub fn depth(&self) -> u8 {
		match self {
			Self::Bool(_) | Self::Integer(_) | Self::Address(_) => 1,
			_ => 1 + self.parts().iter().map(Self::depth).max().unwrap_or(1),
		}
	}

	pub fn to_value(&self) -> Value {
		let values = |parts: &[Plain]| -> Vec<Value> { parts.iter().map(Self::to_value).collect() };
		match self {
			Self::Bool(value) => Value::Bool(*value),
			Self::Integer(bytes) => {
				let number = U256::from_le_slice(bytes);
				match bytes.len() {
					1 => Value::U8(number.to()),
					2 => Value::U16(number.to()),
					4 => Value::U32(number.to()),
					8 => Value::U64(number.to()),
					16 => Value::u128(number.to()),
					_ => Value::u256(number),
				}
			}
			Self::Address(address) => Value::address(AccountAddress(*address)),
			Self::Vector(element, parts) => {
				Value::pack_vector(element.kind(), values(parts).into_iter()).unwrap()
			}
			Self::Struct(parts) => Value::pack(values(parts).into()).unwrap(),
			Self::Enum(variant, parts) => {
				Value::pack_variant(*variant, values(parts).into()).unwrap()
			}
		}
	}

	pub fn to_bcs(&self) -> Vec<u8> {
		// Nothing here has 128 parts or variants, so ULEB128 is one byte.
		let mut out = match self {
			Self::Bool(value) => vec![u8::from(*value)],
			Self::Integer(bytes) => bytes.clone(),
			Self::Address(address) => address.to_vec(),
			Self::Vector(_, parts) => vec![u8::try_from(parts.len()).unwrap()],
			Self::Struct(_) => vec![],
			Self::Enum(variant, _) => vec![u8::try_from(*variant).unwrap()],
		};
		for part in self.parts() {
			out.extend(part.to_bcs());
		}
		out
	}
}
