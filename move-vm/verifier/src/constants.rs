//! Constants are primitive values or vectors of them, in the one form that BCS has for a value.

use alloc::vec::Vec;

use move_vm_binary_format::{module::Constant, Pools, SignatureToken};
use move_vm_types::{uleb128, AccountAddress, IndexKind, StatusCode, VmError, VmResult};

use crate::{meter::Meter, table_index};

/// Checks all constants of a module or script.
///
/// # Errors
/// At the constant: `INVALID_CONSTANT_TYPE`, `MALFORMED_CONSTANT_DATA`.
pub fn verify(pools: &Pools, meter: &mut Meter) -> VmResult<()> {
	for (place, constant) in pools.constants.iter().enumerate() {
		meter.charge_count(constant.data.len().saturating_add(1))?;
		let status = match ConstantType::of(&constant.type_) {
			None => StatusCode::INVALID_CONSTANT_TYPE,
			Some(type_) if is_value(type_, constant).is_none() => {
				StatusCode::MALFORMED_CONSTANT_DATA
			}
			Some(_) => continue,
		};
		return Err(VmError::new(status).at_index(IndexKind::ConstantPool, table_index(place)));
	}
	Ok(())
}

/// A type that constants can have: a primitive one in so many vectors.
#[derive(Clone, Copy)]
struct ConstantType {
	vectors: usize,
	primitive: Primitive,
}

#[derive(Clone, Copy)]
enum Primitive {
	Bool,
	/// Any value of so many bytes.
	Bytes(usize),
}

impl ConstantType {
	fn of(token: &SignatureToken) -> Option<Self> {
		let mut vectors = 0usize;
		let mut token = token;
		while let SignatureToken::Vector(inner) = token {
			vectors = vectors.saturating_add(1);
			token = inner;
		}
		let primitive = match token {
			SignatureToken::Bool => Primitive::Bool,
			SignatureToken::U8 => Primitive::Bytes(1),
			SignatureToken::U16 => Primitive::Bytes(2),
			SignatureToken::U32 => Primitive::Bytes(4),
			SignatureToken::U64 => Primitive::Bytes(8),
			SignatureToken::U128 => Primitive::Bytes(16),
			SignatureToken::U256 => Primitive::Bytes(32),
			SignatureToken::Address => Primitive::Bytes(AccountAddress::LENGTH),
			_ => return None,
		};
		Some(Self { vectors, primitive })
	}
}

/// `Some` if the data are a value of the type and nothing else. Each element takes a byte at least,
/// so that no length goes beyond that of the data.
fn is_value(type_: ConstantType, constant: &Constant) -> Option<()> {
	let mut rest = constant.data.as_slice();
	// Elements that the vectors around the current place still lack, the outermost first.
	let mut missing: Vec<u64> = Vec::new();
	loop {
		if missing.len() == type_.vectors {
			rest = skip_primitives(type_.primitive, 1, rest)?;
		} else {
			let (count, tail) = uleb128::read(rest)?;
			rest = tail;
			if missing.len().checked_add(1)? == type_.vectors {
				rest = skip_primitives(type_.primitive, count, rest)?;
			} else {
				missing.push(count);
			}
		}
		// Go on with the innermost vector that lacks an element.
		loop {
			match missing.last_mut() {
				None => return rest.is_empty().then_some(()),
				Some(0) => {
					missing.pop();
				}
				Some(left) => {
					*left = left.checked_sub(1)?;
					break;
				}
			}
		}
	}
}

/// What follows `count` values.
fn skip_primitives(primitive: Primitive, count: u64, bytes: &[u8]) -> Option<&[u8]> {
	let count = usize::try_from(count).ok()?;
	match primitive {
		Primitive::Bool => {
			let (values, rest) = bytes.split_at_checked(count)?;
			values.iter().all(|byte| *byte <= 1).then_some(rest)
		}
		Primitive::Bytes(size) => Some(bytes.split_at_checked(count.checked_mul(size)?)?.1),
	}
}
