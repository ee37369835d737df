//! `0x1::bcs`.

use alloc::vec::Vec;

use move_vm_types::{StatusCode, VmResult};

use super::{
	context::{Arguments, NativeContext, NativeResult},
	cost,
};
use crate::values::{TypeId, Value};

/// The abort code for a value without a BCS form.
pub(super) const NO_BCS_FORM: u64 = 0x1C5;

/// The BCS bytes of a value, or of what it refers to if it is a reference; `None` if it has no
/// BCS form.
pub(super) fn bytes_of(
	context: &mut dyn NativeContext,
	value: &Value,
) -> VmResult<Option<Vec<u8>>> {
	let (memory, gas) = context.parts();
	let charge = &mut |size: u64| gas.charge(size.saturating_mul(cost::TO_BCS_BYTE));
	let bytes = if value.is_reference() {
		memory.resolve(value)?.to_bcs(charge)
	} else {
		value.to_bcs(charge)
	};
	match bytes {
		Ok(bytes) => Ok(Some(bytes)),
		Err(error) if error.status() == StatusCode::VALUE_SERIALIZATION_ERROR => Ok(None),
		Err(error) => Err(error),
	}
}

/// `to_bytes<T>(&T): vector<u8>`
pub(super) fn to_bytes(
	context: &mut dyn NativeContext,
	_types: &[TypeId],
	arguments: &mut Arguments<'_>,
) -> VmResult<NativeResult> {
	context.parts().1.charge(cost::BASE)?;
	let value = arguments.take()?;
	Ok(match bytes_of(context, &value)? {
		Some(bytes) => NativeResult::One(Value::bytes(bytes)),
		None => NativeResult::Abort(NO_BCS_FORM),
	})
}

/// `serialized_size<T>(&T): u64`
pub(super) fn serialized_size(
	context: &mut dyn NativeContext,
	_types: &[TypeId],
	arguments: &mut Arguments<'_>,
) -> VmResult<NativeResult> {
	context.parts().1.charge(cost::BASE)?;
	let value = arguments.take()?;
	Ok(match bytes_of(context, &value)? {
		Some(bytes) => NativeResult::One(Value::U64(bytes.len() as u64)),
		None => NativeResult::Abort(NO_BCS_FORM),
	})
}
