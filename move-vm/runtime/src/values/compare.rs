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
		(Large::VecBool(left), Large::VecBool(right)) => left == right,
		(Large::VecU8(left), Large::VecU8(right)) => left == right,
		(Large::VecU16(left), Large::VecU16(right)) => left == right,
		(Large::VecU32(left), Large::VecU32(right)) => left == right,
		(Large::VecU64(left), Large::VecU64(right)) => left == right,
		(Large::VecU128(left), Large::VecU128(right)) => left == right,
		(Large::VecU256(left), Large::VecU256(right)) => left == right,
		(Large::VecAddress(left), Large::VecAddress(right)) => left == right,
		(
			Large::Vector { elements: left, .. },
			Large::Vector {
				elements: right, ..
			},
		) => return equal_parts(left, right),
		_ => return Err(type_error()),
	})
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
