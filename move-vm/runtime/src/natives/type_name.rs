//! `0x1::type_name`.

use alloc::vec::Vec;
use core::fmt::{self, Write};

use move_vm_types::{StatusCode, TypeTag, VmError, VmResult};

use super::{
	context::{Arguments, NativeContext, NativeResult},
	cost,
};
use crate::values::{TypeId, Value};

/// The abort code for a type that no module defines: `invalid_argument(1)`.
const NOT_A_STRUCT: u64 = 0x10001;

/// Takes the only type argument and gives its name.
fn tag(context: &mut dyn NativeContext, types: &[TypeId]) -> VmResult<TypeTag> {
	let [type_id] = types else {
		return Err(VmError::new(StatusCode::INTERNAL_TYPE_ERROR));
	};
	context.parts().1.charge(cost::BASE)?;
	context.type_tag(*type_id)
}

/// Text that stops growing when the budget ends.
struct Text<'a> {
	bytes: Vec<u8>,
	charge: &'a mut dyn FnMut(usize) -> VmResult<()>,
	failure: Option<VmError>,
}

impl Write for Text<'_> {
	fn write_str(&mut self, text: &str) -> fmt::Result {
		if let Err(error) = (self.charge)(text.len()) {
			self.failure = Some(error);
			return Err(fmt::Error);
		}
		self.bytes.extend_from_slice(text.as_bytes());
		Ok(())
	}
}

/// The text of a type, charged for while it is written.
fn text(context: &mut dyn NativeContext, types: &[TypeId]) -> VmResult<Vec<u8>> {
	let tag = tag(context, types)?;
	let gas = context.parts().1;
	let mut text = Text {
		bytes: Vec::new(),
		charge: &mut |len| gas.charge_for(cost::TYPE_NAME_BYTE, len),
		failure: None,
	};
	let outcome = write!(text, "{tag}");
	match (outcome, text.failure) {
		(_, Some(error)) => Err(error),
		(Err(_), None) => Err(VmError::invariant("a type name cannot be written")),
		(Ok(()), None) => Ok(text.bytes),
	}
}

/// `get_bytes<T>(): vector<u8>`
pub(super) fn get_bytes(
	context: &mut dyn NativeContext,
	types: &[TypeId],
	_arguments: &mut Arguments<'_>,
) -> VmResult<NativeResult> {
	Ok(NativeResult::One(Value::bytes(text(context, types)?)))
}

/// `get<T>(): TypeName`, a struct of an ASCII string, which is a struct of bytes.
pub(super) fn get(
	context: &mut dyn NativeContext,
	types: &[TypeId],
	_arguments: &mut Arguments<'_>,
) -> VmResult<NativeResult> {
	let string = Value::pack([Value::bytes(text(context, types)?)].into())?;
	Ok(NativeResult::One(Value::pack([string].into())?))
}

/// `address_of<T>(): address`
pub(super) fn address_of(
	context: &mut dyn NativeContext,
	types: &[TypeId],
	_arguments: &mut Arguments<'_>,
) -> VmResult<NativeResult> {
	Ok(match tag(context, types)? {
		TypeTag::Struct(tag) => NativeResult::One(Value::address(tag.address)),
		_ => NativeResult::Abort(NOT_A_STRUCT),
	})
}
