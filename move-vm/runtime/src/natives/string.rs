//! `0x1::string`: what it cannot do itself in reasonable time.
//!
//! The Move side calls these with indices in range and, but for the check itself, with text that
//! was checked. Where that does not hold the answers are still defined.

use move_vm_types::VmResult;

use super::{
	context::{Arguments, NativeContext, NativeResult},
	cost,
};
use crate::values::{Memory, TypeId, Value};

/// The abort code for indices that are out of range: `0x1::string::EINVALID_INDEX`.
const INVALID_INDEX: u64 = 2;

/// The bytes that a reference refers to.
fn bytes<'a>(memory: &'a Memory, reference: &Value) -> VmResult<&'a [u8]> {
	memory.resolve(reference)?.value()?.as_bytes()
}

/// `internal_check_utf8(&vector<u8>): bool`
pub(super) fn check_utf8(
	context: &mut dyn NativeContext,
	_types: &[TypeId],
	arguments: &mut Arguments<'_>,
) -> VmResult<NativeResult> {
	let text = arguments.take()?;
	let (memory, gas) = context.parts();
	let text = bytes(memory, &text)?;
	gas.charge(cost::BASE)?;
	gas.charge_for(cost::TEXT_BYTE, text.len())?;
	let is_valid = core::str::from_utf8(text).is_ok();
	Ok(NativeResult::One(Value::Bool(is_valid)))
}

/// `internal_is_char_boundary(&vector<u8>, u64): bool`
pub(super) fn is_char_boundary(
	context: &mut dyn NativeContext,
	_types: &[TypeId],
	arguments: &mut Arguments<'_>,
) -> VmResult<NativeResult> {
	let text = arguments.take()?;
	let index = arguments.take()?.into_u64()?;
	let (memory, gas) = context.parts();
	let text = bytes(memory, &text)?;
	gas.charge(cost::BASE)?;
	let is_boundary = match usize::try_from(index) {
		Ok(index) if index == 0 || index == text.len() => true,
		// A continuation byte begins with the bits 10.
		Ok(index) => text.get(index).is_some_and(|byte| byte & 0xC0 != 0x80),
		Err(_) => false,
	};
	Ok(NativeResult::One(Value::Bool(is_boundary)))
}

/// `internal_sub_string(&vector<u8>, u64, u64): vector<u8>`
pub(super) fn sub_string(
	context: &mut dyn NativeContext,
	_types: &[TypeId],
	arguments: &mut Arguments<'_>,
) -> VmResult<NativeResult> {
	let text = arguments.take()?;
	let start = arguments.take()?.into_u64()?;
	let end = arguments.take()?.into_u64()?;
	let (memory, gas) = context.parts();
	let text = bytes(memory, &text)?;
	gas.charge(cost::BASE)?;
	let part = match (usize::try_from(start), usize::try_from(end)) {
		(Ok(start), Ok(end)) => text.get(start..end),
		_ => None,
	};
	let Some(part) = part else {
		return Ok(NativeResult::Abort(INVALID_INDEX));
	};
	gas.charge_for(cost::COPY_BYTE, part.len())?;
	Ok(NativeResult::One(Value::bytes(part.to_vec())))
}

/// `internal_index_of(&vector<u8>, &vector<u8>): u64`, the length if there is no such part.
pub(super) fn index_of(
	context: &mut dyn NativeContext,
	_types: &[TypeId],
	arguments: &mut Arguments<'_>,
) -> VmResult<NativeResult> {
	let text = arguments.take()?;
	let pattern = arguments.take()?;
	let (memory, gas) = context.parts();
	let text = bytes(memory, &text)?;
	let pattern = bytes(memory, &pattern)?;
	gas.charge(cost::BASE)?;
	gas.charge_for(cost::SEARCH_BYTE, text.len().saturating_add(pattern.len()))?;
	// The search in `str` takes linear time, unlike a naive one in bytes.
	let found = match (core::str::from_utf8(text), core::str::from_utf8(pattern)) {
		(Ok(text), Ok(pattern)) => text.find(pattern),
		_ => None,
	};
	let index = found.unwrap_or(text.len());
	Ok(NativeResult::One(Value::U64(index as u64)))
}
