//! `0x1::vector`: the vector instructions as functions.
//!
//! Compilers emit the instructions; bytecode older than them, or written by hand, calls these.

use move_vm_types::{StatusCode, VmError, VmResult};

use super::{
	context::{Arguments, NativeContext, NativeResult},
	cost,
};
use crate::{
	gas::schedule,
	values::{TypeId, Value},
};

/// `empty<E>(): vector<E>`
pub(super) fn empty(
	context: &mut dyn NativeContext,
	types: &[TypeId],
	_arguments: &mut Arguments<'_>,
) -> VmResult<NativeResult> {
	let [element] = types else {
		return Err(VmError::new(StatusCode::INTERNAL_TYPE_ERROR));
	};
	context.parts().1.charge(cost::BASE)?;
	let kind = context.vector_kind(*element)?;
	Ok(NativeResult::One(Value::empty_vector(kind)))
}

/// `length<E>(&vector<E>): u64`
pub(super) fn length(
	context: &mut dyn NativeContext,
	_types: &[TypeId],
	arguments: &mut Arguments<'_>,
) -> VmResult<NativeResult> {
	let (memory, gas) = context.parts();
	gas.charge(cost::BASE)?;
	let length = memory.vector_len(&arguments.take()?)?;
	Ok(NativeResult::One(Value::U64(length)))
}

/// `borrow<E>(&vector<E>, u64): &E` and `borrow_mut<E>(&mut vector<E>, u64): &mut E`
pub(super) fn borrow(
	context: &mut dyn NativeContext,
	_types: &[TypeId],
	arguments: &mut Arguments<'_>,
) -> VmResult<NativeResult> {
	let (memory, gas) = context.parts();
	gas.charge(cost::BASE)?;
	let mut reference = arguments.take()?;
	memory.borrow_element(&mut reference, arguments.take()?.into_u64()?)?;
	Ok(NativeResult::One(reference))
}

/// `push_back<E>(&mut vector<E>, E)`
pub(super) fn push_back(
	context: &mut dyn NativeContext,
	_types: &[TypeId],
	arguments: &mut Arguments<'_>,
) -> VmResult<NativeResult> {
	let (memory, gas) = context.parts();
	gas.charge(cost::BASE)?;
	let reference = arguments.take()?;
	if let Some((element, bytes)) = memory.push_if_room(&reference, arguments.take()?)? {
		let price = bytes.saturating_mul(schedule::GROW_BYTE);
		gas.charge(price.saturating_add(schedule::GROW))?;
		context.allocate(bytes)?;
		context.parts().0.push_element(&reference, element)?;
	}
	Ok(NativeResult::Unit)
}

/// `pop_back<E>(&mut vector<E>): E`
pub(super) fn pop_back(
	context: &mut dyn NativeContext,
	_types: &[TypeId],
	arguments: &mut Arguments<'_>,
) -> VmResult<NativeResult> {
	let (memory, gas) = context.parts();
	gas.charge(cost::BASE)?;
	let element = memory.pop_element(&arguments.take()?)?;
	Ok(NativeResult::One(element))
}

/// `destroy_empty<E>(vector<E>)`
pub(super) fn destroy_empty(
	context: &mut dyn NativeContext,
	_types: &[TypeId],
	arguments: &mut Arguments<'_>,
) -> VmResult<NativeResult> {
	context.parts().1.charge(cost::BASE)?;
	arguments.take()?.unpack_vector(0, |_| Ok(()))?;
	Ok(NativeResult::Unit)
}

/// `swap<E>(&mut vector<E>, u64, u64)`
pub(super) fn swap(
	context: &mut dyn NativeContext,
	_types: &[TypeId],
	arguments: &mut Arguments<'_>,
) -> VmResult<NativeResult> {
	let (memory, gas) = context.parts();
	gas.charge(cost::BASE)?;
	let reference = arguments.take()?;
	let left = arguments.take()?.into_u64()?;
	let right = arguments.take()?.into_u64()?;
	memory.swap_elements(&reference, left, right)?;
	Ok(NativeResult::Unit)
}
