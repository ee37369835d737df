//! `0x1::native_token`.

use move_vm_types::VmResult;

use super::{
	context::{Arguments, NativeContext, NativeResult},
	cost,
};
use crate::values::{TypeId, Value};

/// `balance_of(address): u128`
pub(super) fn balance_of(
	context: &mut dyn NativeContext,
	_types: &[TypeId],
	arguments: &mut Arguments<'_>,
) -> VmResult<NativeResult> {
	context.parts().1.charge(cost::BASE)?;
	let address = arguments.take()?.into_address()?;
	Ok(NativeResult::One(Value::u128(context.balance(&address)?)))
}
