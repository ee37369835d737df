//! `0x1::debug`, which does nothing on a chain.

use move_vm_types::VmResult;

use super::{
	context::{Arguments, NativeContext, NativeResult},
	cost,
};
use crate::values::TypeId;

/// `print<T>(&T)`
pub(super) fn print(
	context: &mut dyn NativeContext,
	_types: &[TypeId],
	arguments: &mut Arguments<'_>,
) -> VmResult<NativeResult> {
	context.parts().1.charge(cost::BASE)?;
	arguments.take()?;
	Ok(NativeResult::Unit)
}

/// `print_stack_trace()`
pub(super) fn print_stack_trace(
	context: &mut dyn NativeContext,
	_types: &[TypeId],
	_arguments: &mut Arguments<'_>,
) -> VmResult<NativeResult> {
	context.parts().1.charge(cost::BASE)?;
	Ok(NativeResult::Unit)
}
