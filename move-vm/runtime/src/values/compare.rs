//! Equality of values.

use move_vm_types::VmResult;

use super::{
	place::Place,
	value::{type_error, Large, Value},
};

/// Whether two values of a type are equal. Recurses no deeper than values are.
pub(super) fn equal_values(left: &Value, right: &Value) -> VmResult<bool> {
	Ok(match (left, right) {
		(Value::Bool(left), Value::Bool(right)) => left == right,
		(Value::U8(left), Value::U8(right)) => left == right,
		(Value::U16(left), Value::U16(right)) => left == right,
		(Value::U32(left), Value::U32(right)) => left == right,
		(Value::U64(left), Value::U64(right)) => left == right,
		(Value::U128(left), Value::U128(right)) => left == right,
		(Value::Struct { fields: left, .. }, Value::Struct { fields: right, .. }) => {
			if left.len() != right.len() {
				return Err(type_error());
			}
			return equal_parts(left, right);
		}
		(
			Value::Variant {
				variant: left_variant,
				fields: left,
				..
			},
			Value::Variant {
				variant: right_variant,
				fields: right,
				..
			},
		) => return Ok(left_variant == right_variant && equal_parts(left, right)?),
		(Value::Large(left), Value::Large(right)) => return equal_large(left, right),
		_ => return Err(type_error()),
	})
}

fn equal_large(left: &Large, right: &Large) -> VmResult<bool> {
	Ok(match (left, right) {
		(Large::U256(left), Large::U256(right)) => left == right,
		(Large::Address(left), Large::Address(right)) => left == right,
		(Large::Signer(left), Large::Signer(right)) => left == right,
		(Large::VecBool(left), Large::VecBool(right)) => equal_elements(left, right),
		(Large::VecU8(left), Large::VecU8(right)) => equal_bytes(left, right),
		(Large::VecU16(left), Large::VecU16(right)) => equal_elements(left, right),
		(Large::VecU32(left), Large::VecU32(right)) => equal_elements(left, right),
		(Large::VecU64(left), Large::VecU64(right)) => equal_elements(left, right),
		(Large::VecU128(left), Large::VecU128(right)) => equal_elements(left, right),
		(Large::VecU256(left), Large::VecU256(right)) => left == right,
		(Large::VecAddress(left), Large::VecAddress(right)) => {
			left.len() == right.len()
				&& left
					.iter()
					.zip(right)
					.all(|(left, right)| equal_bytes(&left.0, &right.0))
		}
		(
			Large::Vector { elements: left, .. },
			Large::Vector {
				elements: right, ..
			},
		) => return equal_parts(left, right),
		_ => return Err(type_error()),
	})
}

/// Whether two vectors of numbers are equal. One by one: where all is compared at once, wasm does so
/// byte by byte.
fn equal_elements<E: PartialEq>(left: &[E], right: &[E]) -> bool {
	left.len() == right.len() && left.iter().zip(right).all(|(left, right)| left == right)
}

/// Whether two vectors of bytes are equal, eight at a time for the same reason.
fn equal_bytes(left: &[u8], right: &[u8]) -> bool {
	if left.len() != right.len() {
		return false;
	}
	let (left_words, left_rest) = left.as_chunks::<8>();
	let (right_words, right_rest) = right.as_chunks::<8>();
	left_words
		.iter()
		.zip(right_words)
		.all(|(left, right)| u64::from_le_bytes(*left) == u64::from_le_bytes(*right))
		&& equal_elements(left_rest, right_rest)
}

fn equal_parts(left: &[Value], right: &[Value]) -> VmResult<bool> {
	if left.len() != right.len() {
		return Ok(false);
	}
	for (left, right) in left.iter().zip(right) {
		if !equal_values(left, right)? {
			return Ok(false);
		}
	}
	Ok(true)
}

/// Whether two places of a type hold equal values.
pub(super) fn equal_places(left: Place<'_>, right: Place<'_>) -> VmResult<bool> {
	match (left, right) {
		(Place::Value(left), Place::Value(right)) => equal_values(left, right),
		// One is a bare element, so the other must be a scalar as well.
		_ => equal_values(&left.copy_scalar()?, &right.copy_scalar()?),
	}
}
