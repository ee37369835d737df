use move_vm_types::StatusCode;

use crate::values::{Memory, Place, Stack, TypeId, Value, VectorKind};

const TYPE: TypeId = TypeId(0);

fn pair(a: u64, b: u64) -> Value {
	Value::pack(vec![Value::U64(a), Value::U64(b)].into()).unwrap()
}

/// A memory with one frame of these locals.
fn with_locals(locals: Vec<Value>) -> Memory {
	let mut memory = Memory::default();
	let count = locals.len();
	assert_eq!(memory.enter_frame(locals, count).unwrap(), 0);
	memory
}

#[track_caller]
fn assert_stale(memory: &Memory, reference: &Value) {
	let status = memory.resolve(reference).unwrap_err().status();
	assert_eq!(status, StatusCode::UNKNOWN_INVARIANT_VIOLATION_ERROR);
}

fn field(mut reference: Value, index: u32) -> Value {
	reference.borrow_field(index).unwrap();
	reference
}

#[test]
fn frames_begin_empty_but_for_their_arguments_and_leave_nothing() {
	let mut memory = with_locals(vec![Value::U8(1)]);
	let base = memory.enter_frame(vec![Value::U8(2)], 3).unwrap();
	assert_eq!(base, 1);
	assert_eq!(memory.copy_local(1).unwrap().into_u8().unwrap(), 2);
	for slot in [2, 3, 4] {
		let status = memory.copy_local(slot).unwrap_err().status();
		assert_eq!(status, StatusCode::UNKNOWN_INVARIANT_VIOLATION_ERROR);
	}
	memory.leave_frame(base);
	assert_eq!(memory.slots().len(), 1);
	assert!(memory
		.enter_frame(vec![Value::U8(2), Value::U8(3)], 1)
		.is_err());
	assert_eq!(memory.slots().len(), 1);
}

#[test]
fn a_call_takes_its_arguments_from_the_stack_and_finds_nothing_of_earlier_calls() {
	let mut stack = Stack::new(8);
	let mut memory = Memory::default();
	for _ in 0..2 {
		for number in [1, 2, 3] {
			stack.push(Value::U64(number)).unwrap();
		}
		stack.push(Value::bytes(vec![4])).unwrap();
		let base = memory.enter_call(&mut stack, 3, 5).unwrap();
		assert_eq!((base, stack.len(), memory.slots().len()), (0, 1, 5));
		assert_eq!(memory.copy_local(0).unwrap().into_u64().unwrap(), 2);
		assert_eq!(memory.copy_local(2).unwrap().into_bytes().unwrap(), [4]);
		assert!(memory.local(3).unwrap().is_invalid());
		assert!(memory.local(4).unwrap().is_invalid());
		memory.store_local(3, Value::U8(9)).unwrap();
		memory.store_local(4, pair(1, 2)).unwrap();
		memory.leave_frame(base);
		assert!(memory.slots().is_empty());
		assert_eq!(stack.pop_u64().unwrap(), 1);
	}
	let error = memory.enter_call(&mut stack, 1, 1).unwrap_err();
	assert_eq!(error.status(), StatusCode::EMPTY_VALUE_STACK);
	assert!(memory.enter_call(&mut stack, 2, 1).is_err());
	assert!(memory.slots().is_empty());
}

#[test]
fn locals_are_empty_after_a_move_and_full_after_a_store() {
	let mut memory = with_locals(vec![Value::U64(5)]);
	assert_eq!(memory.move_local(0).unwrap().into_u64().unwrap(), 5);
	assert!(memory.move_local(0).is_err());
	assert!(memory.copy_local(0).is_err());
	memory.store_local(0, Value::U64(6)).unwrap();
	assert_eq!(memory.copy_local(0).unwrap().into_u64().unwrap(), 6);
	assert!(memory.store_local(1, Value::U64(6)).is_err());
	assert!(memory.local(1).unwrap().is_invalid());
	assert!(memory.local(1 << 20).is_err());
}

#[test]
fn references_read_and_write_fields() {
	let mut memory = with_locals(vec![pair(1, 2)]);
	let second = field(Value::local_reference(0), 1);
	assert_eq!(
		memory.read_reference(&second).unwrap().into_u64().unwrap(),
		2
	);
	memory.write_reference(&second, Value::U64(9)).unwrap();
	let whole = memory.read_reference(&Value::local_reference(0)).unwrap();
	assert!(memory.equal(&whole, &pair(1, 9)).unwrap());
}

#[test]
fn stale_references_are_errors() {
	let mut memory = with_locals(vec![pair(1, 2), Value::bytes(vec![1])]);
	let whole = Value::local_reference(0);
	assert_stale(&memory, &field(whole.clone(), 2));
	assert_stale(&memory, &field(field(whole.clone(), 0), 0));
	assert_stale(&memory, &Value::local_reference(2));
	assert_stale(&memory, &Value::global_reference(0));
	let byte = field(Value::local_reference(1), 0);
	assert!(matches!(memory.resolve(&byte).unwrap(), Place::U8(1)));
	assert_stale(&memory, &field(byte.clone(), 0));
	memory.pop_element(&Value::local_reference(1)).unwrap();
	assert_stale(&memory, &byte);
	assert!(memory.write_reference(&byte, Value::U8(0)).is_err());
	memory.move_local(0).unwrap();
	assert_stale(&memory, &whole);
	assert!(memory.write_reference(&whole, pair(1, 2)).is_err());
	memory.leave_frame(0);
	assert_stale(&memory, &whole);
}

#[test]
fn what_is_no_reference_is_a_type_error() {
	let mut memory = with_locals(vec![Value::U8(1)]);
	let value = Value::U64(0);
	let statuses = [
		memory.read_reference(&value).unwrap_err(),
		memory.write_reference(&value, Value::U8(1)).unwrap_err(),
		memory.vector_len(&value).unwrap_err(),
		memory.variant(&value).unwrap_err(),
		memory.push_element(&value, Value::U8(1)).unwrap_err(),
		memory.vector_len(&Value::local_reference(0)).unwrap_err(),
		memory.variant(&Value::local_reference(0)).unwrap_err(),
		value.clone().borrow_field(0).unwrap_err(),
		// References never lie inside of anything.
		memory
			.write_reference(&Value::local_reference(0), Value::local_reference(0))
			.unwrap_err(),
		memory
			.write_reference(&Value::local_reference(0), Value::Invalid)
			.unwrap_err(),
		Value::pack(vec![Value::local_reference(0)].into()).unwrap_err(),
		Value::pack_vector(VectorKind::Other, vec![Value::Invalid].into_iter()).unwrap_err(),
	];
	for error in statuses {
		assert_eq!(error.status(), StatusCode::INTERNAL_TYPE_ERROR);
	}
}

#[test]
fn variant_fields_are_borrowed_from_their_variants_only() {
	let value = Value::pack_variant(1, vec![Value::U8(7)].into()).unwrap();
	let memory = with_locals(vec![value]);
	let mut reference = Value::local_reference(0);
	assert_eq!(memory.variant(&reference).unwrap(), 1);
	let error = memory
		.borrow_variant_field(&mut reference, &[0, 2], 0)
		.unwrap_err();
	assert_eq!(error.status(), StatusCode::STRUCT_VARIANT_MISMATCH);
	memory
		.borrow_variant_field(&mut reference, &[0, 1], 0)
		.unwrap();
	assert_eq!(
		memory
			.read_reference(&reference)
			.unwrap()
			.into_u8()
			.unwrap(),
		7
	);
}

#[test]
fn address_in_a_signer_can_be_read_and_not_written() {
	let mut memory = with_locals(vec![Value::signer([3; 32].into())]);
	let address = field(Value::local_reference(0), 0);
	let read = memory.read_reference(&address).unwrap();
	assert_eq!(read.into_address().unwrap(), [3; 32].into());
	let new = Value::address([4; 32].into());
	assert!(memory.write_reference(&address, new).is_err());
}

#[test]
fn globals_appear_and_vanish_once() {
	let mut memory = Memory::default();
	let slot = memory.add_global(TYPE, None).unwrap();
	assert!(!memory.global_exists(slot).unwrap());
	let error = memory.borrow_global(slot).unwrap_err();
	assert_eq!(error.status(), StatusCode::MISSING_DATA);
	assert_eq!(
		memory.move_from(slot).unwrap_err().status(),
		StatusCode::MISSING_DATA
	);
	memory.move_to(slot, pair(1, 2)).unwrap();
	assert_eq!(
		memory.move_to(slot, pair(1, 2)).unwrap_err().status(),
		StatusCode::RESOURCE_ALREADY_EXISTS
	);
	let reference = memory.borrow_global(slot).unwrap();
	assert!(memory.global_exists(slot).unwrap());
	memory.move_from(slot).unwrap();
	assert_stale(&memory, &reference);
	assert!(memory.globals()[0].is_dirty());
	assert!(!memory.globals()[0].was_stored());
}

#[test]
fn globals_are_dirty_only_after_a_change() {
	let mut memory = Memory::default();
	let slot = memory.add_global(TYPE, Some(pair(1, 2))).unwrap();
	let reference = memory.borrow_global(slot).unwrap();
	let second = field(reference, 1);
	memory.read_reference(&second).unwrap();
	assert!(!memory.globals()[0].is_dirty());
	memory.write_reference(&second, Value::U64(3)).unwrap();
	assert!(memory.globals()[0].is_dirty());
	memory.globals_mut()[0].mark_written();
	assert!(!memory.globals()[0].is_dirty());
	assert!(memory.globals()[0].was_stored());
}

#[test]
fn equality_looks_through_references() {
	let memory = with_locals(vec![
		pair(1, 2),
		pair(1, 2),
		pair(1, 3),
		Value::bytes(vec![5]),
		Value::U8(5),
	]);
	let reference = Value::local_reference;
	assert!(memory.equal(&reference(0), &reference(1)).unwrap());
	assert!(!memory.equal(&reference(0), &reference(2)).unwrap());
	// A bare element and a value.
	assert!(memory
		.equal(&field(reference(3), 0), &reference(4))
		.unwrap());
	for (left, right) in [
		(reference(0), reference(4)),
		(field(reference(3), 0), reference(0)),
		(reference(0), pair(1, 2)),
		(Value::U8(1), Value::U64(1)),
		(Value::Invalid, Value::Invalid),
		(Value::bytes(vec![]), Value::empty_vector(VectorKind::Bool)),
	] {
		let error = memory.equal(&left, &right).unwrap_err();
		assert_eq!(error.status(), StatusCode::INTERNAL_TYPE_ERROR);
	}
}

#[test]
fn enums_are_equal_if_variant_and_fields_are() {
	let memory = Memory::default();
	let variant =
		|number, field| Value::pack_variant(number, vec![Value::U8(field)].into()).unwrap();
	assert!(memory.equal(&variant(0, 1), &variant(0, 1)).unwrap());
	assert!(!memory.equal(&variant(0, 1), &variant(0, 2)).unwrap());
	assert!(!memory.equal(&variant(0, 1), &variant(1, 1)).unwrap());
	let empty = Value::pack_variant(1, Box::default()).unwrap();
	assert!(!memory.equal(&variant(0, 1), &empty).unwrap());
}

#[test]
fn size_of_a_reference_is_that_of_its_referent() {
	let memory = with_locals(vec![pair(1, 2), Value::bytes(vec![0; 100])]);
	let size = |value: &Value| memory.size(value, u64::MAX).unwrap();
	assert_eq!(size(&Value::local_reference(0)), 128 + 2 * 8 + 16);
	assert_eq!(size(&Value::local_reference(1)), 128 + 100);
	assert_eq!(size(&field(Value::local_reference(1), 7)), 8);
	assert_eq!(size(&Value::U8(1)), 8);
	assert!(memory.size(&Value::local_reference(2), u64::MAX).is_err());
}

#[test]
fn writing_through_a_reference_cannot_exceed_the_depth() {
	// A vector of vectors of … of `u8`, each with one element, 100 deep.
	let nested = |levels: usize| {
		let mut value = Value::bytes(vec![1]);
		for _ in 2..levels {
			value = Value::pack_vector(VectorKind::Other, vec![value].into_iter()).unwrap();
		}
		value
	};
	let mut memory = with_locals(vec![nested(100)]);
	let mut reference = Value::local_reference(0);
	for _ in 0..50 {
		memory.borrow_element(&mut reference, 0).unwrap();
	}
	memory.write_reference(&reference, nested(78)).unwrap();
	assert_eq!(memory.local(0).unwrap().depth().get(), 128);
	let statuses = [
		memory.write_reference(&reference, nested(79)).unwrap_err(),
		memory.push_element(&reference, nested(78)).unwrap_err(),
	];
	for error in statuses {
		assert_eq!(error.status(), StatusCode::VM_MAX_VALUE_DEPTH_REACHED);
	}
	memory.push_element(&reference, nested(77)).unwrap();
}
