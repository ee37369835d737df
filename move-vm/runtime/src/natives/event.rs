//! `0x1::event`.

use move_vm_types::{AccountAddress, ModuleId, StatusCode, StructTag, TypeTag, VmError, VmResult};

use super::{
	bcs::{bytes_of, NO_BCS_FORM},
	context::{Arguments, NativeContext, NativeResult},
	cost,
};
use crate::values::{TypeId, Value};

/// The abort code for an event whose type is neither struct nor enum: `invalid_argument(1)`.
const NOT_A_STRUCT: u64 = 0x10001;
/// The abort code for an event whose type the module that emits it does not define:
/// `permission_denied(2)`.
const NOT_ITS_OWN: u64 = 0x50002;

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

fn is_event_module(module: &ModuleId) -> bool {
	module.address == AccountAddress::ONE && module.name.as_str() == "event"
}

/// Whether the module that emits an event defines its type.
///
/// An event is taken for a statement of the module that its type names, and values of the type may
/// have got into other hands. So it is not asked who holds the value but whose code calls. Where that
/// is `0x1::event` itself, for a handle, it is the module that called it, and the type is the
/// message's: that in `HandleEvent<T>`, or in a vector of it. A message that names no module is
/// anybody's.
fn is_own(context: &dyn NativeContext, tag: &StructTag) -> VmResult<bool> {
	let caller = context.caller()?;
	if !caller.as_ref().is_some_and(is_event_module) {
		return Ok(caller == Some(tag.module_id()));
	}
	let is_wrapper = is_event_module(&tag.module_id()) && tag.name.as_str() == "HandleEvent";
	let mut message = match tag.type_arguments.first() {
		Some(message) if is_wrapper => message,
		_ => return Ok(context.outer_caller()? == Some(tag.module_id())),
	};
	while let TypeTag::Vector(element) = message {
		message = element;
	}
	match message {
		TypeTag::Struct(tag) => Ok(context.outer_caller()? == Some(tag.module_id())),
		_ => Ok(true),
	}
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
	if !is_own(context, &tag)? {
		return Ok(NativeResult::Abort(NOT_ITS_OWN));
	}
	let Some(bytes) = bytes_of(context, message)? else {
		return Ok(NativeResult::Abort(NO_BCS_FORM));
	};
	context.emit(*tag, bytes)?;
	Ok(NativeResult::Unit)
}
