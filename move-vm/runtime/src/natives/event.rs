//! `0x1::event`.

use move_vm_types::{StatusCode, TypeTag, VmError, VmResult};

use super::{
	bcs::{bytes_of, NO_BCS_FORM},
	context::{Arguments, NativeContext, NativeResult},
	cost,
};
use crate::values::{TypeId, Value};

/// The abort code for an event whose type is neither struct nor enum: `invalid_argument(1)`.
const NOT_A_STRUCT: u64 = 0x10001;

/// `emit<T: drop + store>(T)`
pub(super) fn emit(
	context: &mut dyn NativeContext,
	types: &[TypeId],
	arguments: &mut Arguments<'_>,
) -> VmResult<NativeResult> {
	let message = arguments.take()?;
	deposit(context, types, &message)
}

/// `write_to_event_store<T: drop + store>(vector<u8>, u64, T)`, the older form that names a stream
/// and counts in it. The host sees the type and the message, like those of [`emit`].
pub(super) fn write_to_event_store(
	context: &mut dyn NativeContext,
	types: &[TypeId],
	arguments: &mut Arguments<'_>,
) -> VmResult<NativeResult> {
	let _stream = arguments.take()?;
	let _number = arguments.take()?;
	let message = arguments.take()?;
	deposit(context, types, &message)
}

fn deposit(
	context: &mut dyn NativeContext,
	types: &[TypeId],
	message: &Value,
) -> VmResult<NativeResult> {
	context.parts().1.charge(cost::BASE)?;
	let [message_type] = types else {
		return Err(VmError::new(StatusCode::INTERNAL_TYPE_ERROR));
	};
	let TypeTag::Struct(tag) = context.type_tag(*message_type)? else {
		return Ok(NativeResult::Abort(NOT_A_STRUCT));
	};
	let Some(bytes) = bytes_of(context, message)? else {
		return Ok(NativeResult::Abort(NO_BCS_FORM));
	};
	context.emit(*tag, bytes)?;
	Ok(NativeResult::Unit)
}
