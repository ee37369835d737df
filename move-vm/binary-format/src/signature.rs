//! Types as a module writes them.

use alloc::{boxed::Box, vec::Vec};

use crate::index::{StructHandleIndex, TypeParameterIndex};

/// A list of types: parameters, results, locals or type arguments.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Signature(pub Vec<SignatureToken>);

/// A type. The deserializer bounds its nesting, so that functions may recurse on it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SignatureToken {
	/// `bool`.
	Bool,
	/// `u8`.
	U8,
	/// `u16`, since version 6.
	U16,
	/// `u32`, since version 6.
	U32,
	/// `u64`.
	U64,
	/// `u128`.
	U128,
	/// `u256`, since version 6.
	U256,
	/// `address`.
	Address,
	/// `signer`.
	Signer,
	/// `vector<T>`.
	Vector(Box<SignatureToken>),
	/// A struct or enum without type parameters.
	Struct(StructHandleIndex),
	/// A struct or enum with type arguments.
	StructInstantiation(StructHandleIndex, Vec<SignatureToken>),
	/// `&T`.
	Reference(Box<SignatureToken>),
	/// `&mut T`.
	MutableReference(Box<SignatureToken>),
	/// The type parameter of the enclosing struct or function.
	TypeParameter(TypeParameterIndex),
}

impl SignatureToken {
	/// Whether it is `&T` or `&mut T`.
	pub const fn is_reference(&self) -> bool {
		matches!(self, Self::Reference(_) | Self::MutableReference(_))
	}

	/// Whether it is `&mut T`.
	pub const fn is_mutable_reference(&self) -> bool {
		matches!(self, Self::MutableReference(_))
	}

	/// Whether it is one of the unsigned integers.
	pub const fn is_integer(&self) -> bool {
		matches!(
			self,
			Self::U8 | Self::U16 | Self::U32 | Self::U64 | Self::U128 | Self::U256
		)
	}

	/// Its direct parts: an element, a referent, type arguments.
	pub fn children(&self) -> &[SignatureToken] {
		match self {
			Self::Vector(inner) | Self::Reference(inner) | Self::MutableReference(inner) => {
				core::slice::from_ref(inner)
			}
			Self::StructInstantiation(_, arguments) => arguments,
			Self::Bool
			| Self::U8
			| Self::U16
			| Self::U32
			| Self::U64
			| Self::U128
			| Self::U256
			| Self::Address
			| Self::Signer
			| Self::Struct(_)
			| Self::TypeParameter(_) => &[],
		}
	}

	/// Itself and all its parts, each before its own parts. Uses no recursion.
	pub fn preorder(&self) -> impl Iterator<Item = &SignatureToken> {
		let mut pending = alloc::vec![self];
		core::iter::from_fn(move || {
			let token = pending.pop()?;
			pending.extend(token.children().iter().rev());
			Some(token)
		})
	}

	/// Like [`SignatureToken::preorder`], with the nesting of each part; its own is 1.
	pub fn preorder_with_depth(&self) -> impl Iterator<Item = (&SignatureToken, usize)> {
		let mut pending = alloc::vec![(self, 1usize)];
		core::iter::from_fn(move || {
			let (token, depth) = pending.pop()?;
			pending.extend(
				token
					.children()
					.iter()
					.rev()
					.map(|t| (t, depth.saturating_add(1))),
			);
			Some((token, depth))
		})
	}
}
