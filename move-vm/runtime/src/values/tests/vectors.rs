use move_vm_types::{AccountAddress, StatusCode, VmError, U256};

use crate::values::{Memory, Value, VectorKind};

/// Of every kind: three different elements.
fn samples() -> Vec<(VectorKind, [Value; 3])> {
	let numbers = [3u8, 1, 2];
	let structs = numbers.map(|n| Value::pack(vec![Value::U8(n)].into()).unwrap());
	vec![
		(VectorKind::Bool, [true, false, true].map(Value::Bool)),
		(VectorKind::U8, numbers.map(Value::U8)),
		(VectorKind::U16, numbers.map(|n| Value::U16(n.into()))),
		(VectorKind::U32, numbers.map(|n| Value::U32(n.into()))),
		(VectorKind::U64, numbers.map(|n| Value::U64(n.into()))),
		(VectorKind::U128, numbers.map(|n| Value::u128(n.into()))),
		(
			VectorKind::U256,
			numbers.map(|n| Value::u256(U256::from(n))),
		),
		(
			VectorKind::Address,
			numbers.map(|n| Value::address(AccountAddress::from_low_byte(n))),
		),
		(VectorKind::Other, structs),
	]
}

fn memory_with(vector: Value) -> (Memory, Value) {
	let mut memory = Memory::default();
	memory.enter_frame([vector], 1).unwrap();
	(memory, Value::local_reference(0))
}

#[track_caller]
fn assert_vector_error(error: VmError, sub_status: u64) {
	assert_eq!(
		(error.status(), error.sub_status()),
		(StatusCode::VECTOR_OPERATION_ERROR, Some(sub_status))
	);
}

#[track_caller]
fn assert_equal(left: &Value, right: &Value) {
	assert!(
		Memory::default().equal(left, right).unwrap(),
		"{left:?} {right:?}"
	);
}

#[test]
fn elements_come_back_in_order() {
	for (kind, elements) in samples() {
		let vector = Value::pack_vector(kind, elements.clone().into_iter()).unwrap();
		assert_eq!(vector.vector_len().unwrap(), 3);
		let mut out = vec![Value::U8(9)];
		vector
			.clone()
			.unpack_vector(3, |element| {
				out.push(element);
				Ok(())
			})
			.unwrap();
		assert_eq!(out.len(), 4);
		for (unpacked, element) in out[1..].iter().zip(&elements) {
			assert_equal(unpacked, element);
		}
		let (memory, reference) = memory_with(vector);
		for (index, element) in elements.iter().enumerate() {
			let mut reference = reference.clone();
			memory.borrow_element(&mut reference, index as u64).unwrap();
			assert_equal(&memory.read_reference(&reference).unwrap(), element);
		}
	}
}

#[test]
fn elements_are_pushed_popped_swapped_and_written() {
	for (kind, [a, b, c]) in samples() {
		let (mut memory, reference) = memory_with(Value::empty_vector(kind));
		for element in [&a, &b, &c] {
			memory.push_element(&reference, element.clone()).unwrap();
		}
		memory.swap_elements(&reference, 0, 1).unwrap();
		let mut last = reference.clone();
		memory.borrow_element(&mut last, 2).unwrap();
		memory.write_reference(&last, a.clone()).unwrap();
		assert_eq!(memory.vector_len(&reference).unwrap(), 3);
		for expected in [&a, &a, &b] {
			assert_equal(&memory.pop_element(&reference).unwrap(), expected);
		}
		assert_vector_error(memory.pop_element(&reference).unwrap_err(), 2);
	}
}

#[test]
fn indices_out_of_bounds_are_told() {
	for (kind, elements) in samples() {
		let vector = Value::pack_vector(kind, elements.into_iter()).unwrap();
		let (mut memory, reference) = memory_with(vector);
		for index in [3, u64::from(u32::MAX) + 1, u64::MAX] {
			let error = memory
				.borrow_element(&mut reference.clone(), index)
				.unwrap_err();
			assert_vector_error(error, 1);
			for (left, right) in [(0, index), (index, 0)] {
				let error = memory.swap_elements(&reference, left, right).unwrap_err();
				assert_vector_error(error, 1);
			}
		}
	}
}

#[test]
fn unpacking_wants_the_right_length() {
	for (kind, elements) in samples() {
		let vector = Value::pack_vector(kind, elements.into_iter()).unwrap();
		for count in [0, 2, 4, u64::MAX] {
			let none = |element| panic!("{element:?}");
			let error = vector.clone().unpack_vector(count, none).unwrap_err();
			assert_vector_error(error, 3);
		}
	}
}

#[test]
fn elements_of_another_type_are_refused() {
	for (kind, _) in samples().into_iter().take(8) {
		let alien = Value::pack(vec![Value::U8(0)].into()).unwrap();
		let error = Value::pack_vector(kind, [alien.clone()].into_iter()).unwrap_err();
		assert_eq!(error.status(), StatusCode::INTERNAL_TYPE_ERROR);
		let (mut memory, reference) = memory_with(Value::empty_vector(kind));
		let error = memory.push_element(&reference, alien).unwrap_err();
		assert_eq!(error.status(), StatusCode::INTERNAL_TYPE_ERROR);
	}
}
