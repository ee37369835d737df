//! `0x1::signer`.

use move_vm_types::VmResult;

use super::{
	context::{Arguments, NativeContext, NativeResult},
	cost,
};
use crate::values::TypeId;

/// `borrow_address(&signer): &address`
pub(super) fn borrow_address(
	context: &mut dyn NativeContext,
	_types: &[TypeId],
	arguments: &mut Arguments<'_>,
) -> VmResult<NativeResult> {
	context.parts().1.charge(cost::BASE)?;
	let mut reference = arguments.take()?;
	// A signer's only part is its address.
	reference.borrow_field(0)?;
	Ok(NativeResult::One(reference))
}
