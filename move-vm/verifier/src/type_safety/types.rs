//! Types as the type checker holds them: views into the module's tables.
//!
//! The type of a field or parameter of something generic is a token of its declaration together
//! with the type arguments that the instruction gives. A [`Type`] holds both and substitutes as it
//! is looked at, so that nothing is copied or allocated for an instruction. Type arguments are
//! written in terms of the function's own type parameters, hence one level of substitution is all
//! there ever is.

use move_vm_binary_format::{
	index::{StructHandleIndex, TypeParameterIndex},
	SignatureToken,
};
use move_vm_types::{AbilitySet, IndexKind, StatusCode, VmError, VmResult};

use crate::{meter::Meter, view::FunctionView};

/// Units for a part of a type that is compared or asked for its abilities.
const PART_COST: usize = 5;

/// A value, or a reference to one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
	/// `T`
	Value,
	/// `&T`
	Reference,
	/// `&mut T`
	MutableReference,
}

/// The outermost constructor of a type that is not a reference.
#[derive(Clone, Copy, Debug)]
pub enum Head<'a> {
	/// `bool`
	Bool,
	/// `u8`
	U8,
	/// `u16`
	U16,
	/// `u32`
	U32,
	/// `u64`
	U64,
	/// `u128`
	U128,
	/// `u256`
	U256,
	/// `address`
	Address,
	/// `signer`
	Signer,
	/// A type parameter of the function.
	Parameter(TypeParameterIndex),
	/// `vector`, with its element.
	Vector(&'a SignatureToken),
	/// A struct or enum, with its type arguments.
	Struct(StructHandleIndex, &'a [SignatureToken]),
}

/// A type in the function that is checked.
#[derive(Clone, Copy, Debug)]
pub struct Type<'a> {
	/// A value, or a reference.
	pub kind: Kind,
	/// What it is, or refers to.
	pub head: Head<'a>,
	/// What type parameters in `head` stand for; empty if they are the function's own.
	arguments: &'a [SignatureToken],
}

impl<'a> Type<'a> {
	/// A value of a type without parts.
	pub const fn plain(head: Head<'a>) -> Self {
		Self {
			kind: Kind::Value,
			head,
			arguments: &[],
		}
	}

	/// The struct `handle` with type arguments in terms of the function's type parameters.
	pub const fn of_struct(handle: StructHandleIndex, arguments: &'a [SignatureToken]) -> Self {
		Self::plain(Head::Struct(handle, arguments))
	}

	/// `token` with `arguments` for its type parameters; they are the function's own if there are
	/// none.
	///
	/// # Errors
	/// For a reference to a reference and a type parameter without argument, which the signature
	/// check excludes.
	pub fn new(token: &'a SignatureToken, arguments: &'a [SignatureToken]) -> VmResult<Self> {
		let (kind, mut token) = match token {
			SignatureToken::Reference(inner) => (Kind::Reference, &**inner),
			SignatureToken::MutableReference(inner) => (Kind::MutableReference, &**inner),
			_ => (Kind::Value, token),
		};
		let mut arguments = arguments;
		if let (SignatureToken::TypeParameter(index), false) = (token, arguments.is_empty()) {
			token = arguments.get(usize::from(*index)).ok_or_else(|| {
				VmError::new(StatusCode::INDEX_OUT_OF_BOUNDS)
					.at_index(IndexKind::TypeParameter, *index)
			})?;
			arguments = &[];
		}
		let head = match token {
			SignatureToken::Bool => Head::Bool,
			SignatureToken::U8 => Head::U8,
			SignatureToken::U16 => Head::U16,
			SignatureToken::U32 => Head::U32,
			SignatureToken::U64 => Head::U64,
			SignatureToken::U128 => Head::U128,
			SignatureToken::U256 => Head::U256,
			SignatureToken::Address => Head::Address,
			SignatureToken::Signer => Head::Signer,
			SignatureToken::TypeParameter(index) => Head::Parameter(*index),
			SignatureToken::Vector(element) => Head::Vector(element),
			SignatureToken::Struct(handle) => Head::Struct(*handle, &[]),
			SignatureToken::StructInstantiation(handle, inner) => Head::Struct(*handle, inner),
			SignatureToken::Reference(_) | SignatureToken::MutableReference(_) => {
				return Err(VmError::invariant("reference in a type"));
			}
		};
		Ok(Self {
			kind,
			head,
			arguments,
		})
	}

	/// The same with another kind: what a reference refers to, or a reference to a value.
	#[must_use]
	pub const fn with_kind(self, kind: Kind) -> Self {
		Self { kind, ..self }
	}

	/// Whether it is a value of the type without parts that `head` is.
	pub fn is_plain(&self, head: &Head<'_>) -> bool {
		self.kind == Kind::Value
			&& matches!(
				(&self.head, head),
				(Head::Bool, Head::Bool)
					| (Head::U8, Head::U8)
					| (Head::U16, Head::U16)
					| (Head::U32, Head::U32)
					| (Head::U64, Head::U64)
					| (Head::U128, Head::U128)
					| (Head::U256, Head::U256)
					| (Head::Address, Head::Address)
					| (Head::Signer, Head::Signer)
			)
	}

	/// Whether it is an unsigned integer.
	pub const fn is_integer(&self) -> bool {
		matches!(self.kind, Kind::Value)
			&& matches!(
				self.head,
				Head::U8 | Head::U16 | Head::U32 | Head::U64 | Head::U128 | Head::U256
			)
	}

	/// Whether it is a reference.
	pub const fn is_reference(&self) -> bool {
		!matches!(self.kind, Kind::Value)
	}

	/// The element of the vector that it is or refers to; `None` if it does not.
	///
	/// # Errors
	/// As [`Type::new`].
	pub fn element(&self) -> VmResult<Option<Self>> {
		match self.head {
			Head::Vector(element) => Self::new(element, self.arguments).map(Some),
			_ => Ok(None),
		}
	}

	/// Whether this and `other` are the same type. Charges for each part compared.
	///
	/// # Errors
	/// As [`Type::new`]; `PROGRAM_TOO_COMPLEX`.
	pub fn is_same(&self, other: &Self, meter: &mut Meter) -> VmResult<bool> {
		if self.kind != other.kind {
			return Ok(false);
		}
		match (&self.head, &other.head) {
			(Head::Parameter(left), Head::Parameter(right)) => Ok(left == right),
			(Head::Vector(left), Head::Vector(right)) => self.are_parts_same(
				core::slice::from_ref(left),
				other,
				core::slice::from_ref(right),
				meter,
			),
			(Head::Struct(left, left_parts), Head::Struct(right, right_parts)) => {
				if left != right || left_parts.len() != right_parts.len() {
					return Ok(false);
				}
				self.are_parts_same(left_parts, other, right_parts, meter)
			}
			(left, _) => Ok(other.with_kind(Kind::Value).is_plain(left)),
		}
	}

	fn are_parts_same(
		&self,
		left: &'a [SignatureToken],
		other: &Self,
		right: &'a [SignatureToken],
		meter: &mut Meter,
	) -> VmResult<bool> {
		if is_same_place(left, right) && is_same_place(self.arguments, other.arguments) {
			return Ok(true);
		}
		meter.charge_product(left.len(), PART_COST)?;
		for (left, right) in left.iter().zip(right) {
			let left = Self::new(left, self.arguments)?;
			let right = Self::new(right, other.arguments)?;
			// Bounded by the nesting of the two tokens and their arguments.
			if !left.is_same(&right, meter)? {
				return Ok(false);
			}
		}
		Ok(true)
	}
}

/// Whether two lists are one and the same in memory, and so equal.
fn is_same_place(left: &[SignatureToken], right: &[SignatureToken]) -> bool {
	left.len() == right.len() && (left.is_empty() || core::ptr::eq(left, right))
}

/// What the abilities of a type depend on.
#[derive(Clone, Copy, Debug)]
pub struct TypeContext<'a> {
	function: &'a FunctionView<'a>,
}

impl<'a> TypeContext<'a> {
	/// The context of a function.
	pub const fn new(function: &'a FunctionView<'a>) -> Self {
		Self { function }
	}

	/// The abilities of a type. Charges for each part looked at.
	///
	/// # Errors
	/// `VERIFIER_INVARIANT_VIOLATION` for a wrong number of type arguments, which the signature check
	/// excludes; `PROGRAM_TOO_COMPLEX`.
	pub fn abilities(&self, type_: &Type<'_>, meter: &mut Meter) -> VmResult<AbilitySet> {
		if type_.is_reference() {
			return Ok(AbilitySet::REFERENCES);
		}
		match type_.head {
			Head::Bool
			| Head::U8
			| Head::U16
			| Head::U32
			| Head::U64
			| Head::U128
			| Head::U256
			| Head::Address => Ok(AbilitySet::PRIMITIVES),
			Head::Signer => Ok(AbilitySet::SIGNER),
			Head::Parameter(index) => self
				.function
				.type_parameters
				.get(usize::from(index))
				.copied()
				.ok_or_else(|| {
					VmError::new(StatusCode::INDEX_OUT_OF_BOUNDS)
						.at_index(IndexKind::TypeParameter, index)
				}),
			Head::Vector(element) => {
				meter.charge_count(PART_COST)?;
				let element = self.abilities(&Type::new(element, type_.arguments)?, meter)?;
				Ok(AbilitySet::polymorphic(
					AbilitySet::VECTOR,
					[(false, element)],
				))
			}
			Head::Struct(index, parts) => {
				let handle = self.function.pools().struct_handle(index)?;
				if handle.type_parameters.len() != parts.len() {
					return Err(VmError::new(StatusCode::VERIFIER_INVARIANT_VIOLATION)
						.with_message("wrong number of type arguments"));
				}
				meter.charge_product(parts.len(), PART_COST)?;
				let mut set = handle.abilities;
				for (parameter, part) in handle.type_parameters.iter().zip(parts) {
					if !parameter.is_phantom {
						let part = self.abilities(&Type::new(part, type_.arguments)?, meter)?;
						set = AbilitySet::polymorphic(set, [(false, part)]);
					}
				}
				Ok(set)
			}
		}
	}
}
