use move_vm_types::StatusCode;
use proptest::prelude::*;

use crate::values::{Memory, Stack, Value};

fn sample(kind: u8, number: u8) -> Value {
	match kind % 5 {
		0 => Value::U64(number.into()),
		1 => Value::Bool(number > 127),
		2 => Value::bytes(vec![number]),
		3 => Value::pack(vec![Value::U8(number)].into()).unwrap(),
		_ => Value::local_reference(number.into()),
	}
}

#[track_caller]
fn assert_same(left: &Value, right: &Value) {
	assert_eq!(format!("{left:?}"), format!("{right:?}"));
}

proptest! {
	#[test]
	fn stack_agrees_with_a_vector(
		limit in 0usize..200,
		actions: Vec<(u8, u8, u8)>,
	) {
		let mut stack = Stack::new(limit);
		let mut model: Vec<Value> = Vec::new();
		let mut place = Value::bytes(vec![1]);
		for (action, kind, number) in actions {
			match action % 8 {
				0..=3 => {
					let pushed = stack.push(sample(kind, number));
					if model.len() < limit {
						pushed.unwrap();
						model.push(sample(kind, number));
					} else {
						let status = pushed.unwrap_err().status();
						prop_assert_eq!(status, StatusCode::EXECUTION_STACK_OVERFLOW);
					}
				}
				4 => match model.pop() {
					Some(value) => assert_same(&stack.pop().unwrap(), &value),
					None => prop_assert!(stack.pop().is_err()),
				},
				5 => match model.pop() {
					Some(value) => {
						stack.pop_into(&mut place).unwrap();
						assert_same(&place, &value);
					}
					None => prop_assert!(stack.pop_into(&mut place).is_err()),
				},
				6 => prop_assert_eq!(stack.drop_top().is_ok(), model.pop().is_some()),
				_ => {
					let count = usize::from(kind % 8);
					match model.len().checked_sub(count) {
						Some(first) => {
							let taken: Vec<_> = model.drain(first..).collect();
							// Some are taken, the others released.
							let wanted = usize::from(number) % (count + 1);
							let popped: Vec<_> =
								stack.pop_many(count).unwrap().take(wanted).collect();
							for (left, right) in popped.iter().zip(&taken) {
								assert_same(left, right);
							}
							prop_assert_eq!(popped.len(), wanted);
						}
						None => prop_assert!(stack.pop_many(count).is_err()),
					}
				}
			}
			prop_assert_eq!(stack.len(), model.len());
			for (left, right) in stack.values().iter().zip(&model) {
				assert_same(left, right);
			}
		}
	}
}

#[test]
fn scalars_are_taken_by_their_type() {
	let mut stack = Stack::new(8);
	stack.push(Value::U64(7)).unwrap();
	assert_eq!(
		stack.pop_bool().unwrap_err().status(),
		StatusCode::INTERNAL_TYPE_ERROR
	);
	assert_eq!(stack.pop_u64().unwrap(), 7);
	stack.push(Value::Bool(true)).unwrap();
	assert!(stack.pop_u64().is_err());
	assert!(stack.pop_bool().unwrap());
	for error in [stack.pop_u64().unwrap_err(), stack.pop_bool().unwrap_err()] {
		assert_eq!(error.status(), StatusCode::EMPTY_VALUE_STACK);
	}
	assert!(stack.is_empty());
}

#[test]
fn two_topmost_are_seen_in_order() {
	let mut stack = Stack::new(8);
	stack.push(Value::U8(1)).unwrap();
	assert!(stack.top_two().is_err());
	stack.push(Value::U8(2)).unwrap();
	let (left, right) = stack.top_two().unwrap();
	let sum = left.add(right).unwrap();
	left.assign(sum);
	stack.drop_top().unwrap();
	assert_eq!(stack.pop().unwrap().into_u8().unwrap(), 3);
	assert!(stack.top_two().is_err());
}

#[test]
fn assignment_replaces_every_kind_by_every_kind() {
	for old in 0..5 {
		for new in 0..5 {
			let mut place = sample(old, 1);
			place.assign(sample(new, 2));
			assert_same(&place, &sample(new, 2));
			let mut memory = Memory::default();
			memory.enter_frame([sample(old, 1)], 1).unwrap();
			memory.store_local(0, sample(new, 2)).unwrap();
			assert_same(memory.local(0).unwrap(), &sample(new, 2));
		}
	}
}
