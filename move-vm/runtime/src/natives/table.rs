//! `0x1::table`: entries in the host's storage.
//!
//! An entry is a global like any other, under the table's handle and the key's BCS bytes. Type
//! arguments are the key's type, the value's, and that of the box in which the value lies.

use move_vm_types::{AccountAddress, StatusCode, VmError, VmResult};

use super::{
	bcs::{bytes_of, NO_BCS_FORM},
	context::{Arguments, NativeContext, NativeResult},
	cost,
};
use crate::values::{TypeId, Value};

/// `already_exists(1)`.
const ALREADY_EXISTS: u64 = 0x80001;
/// `not_found(2)`.
const NOT_FOUND: u64 = 0x60002;

/// `new_table_handle(): address`
pub(super) fn new_table_handle(
	context: &mut dyn NativeContext,
	_types: &[TypeId],
	_arguments: &mut Arguments<'_>,
) -> VmResult<NativeResult> {
	context.parts().1.charge(cost::BASE)?;
	let handle = context.new_table_handle()?;
	Ok(NativeResult::One(Value::address(handle)))
}

/// Takes table and key, and finds the slot of the entry; `None` if the key has no BCS form.
fn entry(
	context: &mut dyn NativeContext,
	types: &[TypeId],
	arguments: &mut Arguments<'_>,
) -> VmResult<Option<u32>> {
	let [_key_type, _value_type, box_type] = types else {
		return Err(VmError::new(StatusCode::INTERNAL_TYPE_ERROR));
	};
	context.parts().1.charge(cost::BASE)?;
	let table = arguments.take()?;
	let key = arguments.take()?;
	let handle = handle(context, table)?;
	match bytes_of(context, &key)? {
		Some(key) => context.table_entry(&handle, key, *box_type).map(Some),
		None => Ok(None),
	}
}

/// The handle of a table: its first field.
fn handle(context: &mut dyn NativeContext, mut table: Value) -> VmResult<AccountAddress> {
	table.borrow_field(0)?;
	context.parts().0.read_reference(&table)?.into_address()
}

/// `add_box<K, V, B>(&mut Table<K, V>, K, B)`
pub(super) fn add_box(
	context: &mut dyn NativeContext,
	types: &[TypeId],
	arguments: &mut Arguments<'_>,
) -> VmResult<NativeResult> {
	let Some(slot) = entry(context, types, arguments)? else {
		return Ok(NativeResult::Abort(NO_BCS_FORM));
	};
	let value = arguments.take()?;
	let memory = context.parts().0;
	if memory.global_exists(slot)? {
		return Ok(NativeResult::Abort(ALREADY_EXISTS));
	}
	memory.move_to(slot, value)?;
	Ok(NativeResult::Unit)
}

/// `borrow_box<K, V, B>(&Table<K, V>, K): &B` and
/// `borrow_box_mut<K, V, B>(&mut Table<K, V>, K): &mut B`
pub(super) fn borrow_box(
	context: &mut dyn NativeContext,
	types: &[TypeId],
	arguments: &mut Arguments<'_>,
) -> VmResult<NativeResult> {
	let Some(slot) = entry(context, types, arguments)? else {
		return Ok(NativeResult::Abort(NO_BCS_FORM));
	};
	let memory = context.parts().0;
	if !memory.global_exists(slot)? {
		return Ok(NativeResult::Abort(NOT_FOUND));
	}
	Ok(NativeResult::One(memory.borrow_global(slot)?))
}

/// `contains_box<K, V, B>(&Table<K, V>, K): bool`
pub(super) fn contains_box(
	context: &mut dyn NativeContext,
	types: &[TypeId],
	arguments: &mut Arguments<'_>,
) -> VmResult<NativeResult> {
	let Some(slot) = entry(context, types, arguments)? else {
		return Ok(NativeResult::Abort(NO_BCS_FORM));
	};
	let exists = context.parts().0.global_exists(slot)?;
	Ok(NativeResult::One(Value::Bool(exists)))
}

/// `remove_box<K, V, B>(&mut Table<K, V>, K): B`
pub(super) fn remove_box(
	context: &mut dyn NativeContext,
	types: &[TypeId],
	arguments: &mut Arguments<'_>,
) -> VmResult<NativeResult> {
	let Some(slot) = entry(context, types, arguments)? else {
		return Ok(NativeResult::Abort(NO_BCS_FORM));
	};
	let memory = context.parts().0;
	if !memory.global_exists(slot)? {
		return Ok(NativeResult::Abort(NOT_FOUND));
	}
	Ok(NativeResult::One(memory.move_from(slot)?))
}
