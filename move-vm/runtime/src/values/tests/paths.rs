use proptest::prelude::*;

use super::model::{Entropy, Plain, Type};
use crate::values::{Memory, TypeId, Value};

/// A place of `plain`, as steps, by choices.
fn place(plain: &Plain, entropy: &mut Entropy<'_>) -> Vec<usize> {
	let mut steps = Vec::new();
	let mut plain = plain;
	while !plain.parts().is_empty() && entropy.below(5) != 0 {
		let step = entropy.below(plain.parts().len());
		steps.push(step);
		plain = &plain.parts()[step];
	}
	steps
}

fn at<'a>(plain: &'a mut Plain, steps: &[usize]) -> &'a mut Plain {
	steps
		.iter()
		.fold(plain, |plain, step| &mut plain.parts_mut().unwrap()[*step])
}

/// The type of a place; of an enum's fields the current variant's.
fn type_at<'t>(ty: &'t Type, plain: &Plain, steps: &[usize]) -> &'t Type {
	let Some((step, rest)) = steps.split_first() else {
		return ty;
	};
	let part = &plain.parts()[*step];
	match (ty, plain) {
		(Type::Vector(element), _) => type_at(element, part, rest),
		(Type::Struct(fields), _) => type_at(&fields[*step], part, rest),
		(Type::Enum(variants), Plain::Enum(variant, _)) => {
			type_at(&variants[usize::from(*variant)][*step], part, rest)
		}
		_ => unreachable!(),
	}
}

/// The same place in memory, by the operations that bytecode has.
fn borrow(memory: &Memory, root: &Value, plain: &Plain, steps: &[usize]) -> Value {
	let mut reference = root.clone();
	let mut plain = plain;
	for step in steps {
		match plain {
			Plain::Vector(..) => memory.borrow_element(&mut reference, *step as u64).unwrap(),
			Plain::Enum(variant, _) => memory
				.borrow_variant_field(&mut reference, &[*variant], *step as u32)
				.unwrap(),
			_ => reference.borrow_field(*step as u32).unwrap(),
		}
		plain = &plain.parts()[*step];
	}
	reference
}

#[track_caller]
fn assert_same(memory: &Memory, value: &Value, plain: &Plain) {
	assert!(memory.equal(value, &plain.to_value()).unwrap());
	assert!(value.depth().get() >= plain.depth());
}

fn run(entropy: &[u8], is_global: bool) {
	let mut entropy = Entropy(entropy);
	let ty = Type::any(&mut entropy, 4);
	let mut plain = ty.value(&mut entropy);
	let bound = ty.layout().depth();
	let mut memory = Memory::default();
	let root = if is_global {
		let slot = memory
			.add_global(TypeId(0), Some(plain.to_value()))
			.unwrap();
		memory.borrow_global(slot).unwrap()
	} else {
		memory.enter_frame([plain.to_value()], 1).unwrap();
		Value::local_reference(0)
	};
	for _ in 0..8 {
		let steps = place(&plain, &mut entropy);
		let reference = borrow(&memory, &root, &plain, &steps);
		let target_type = type_at(&ty, &plain, &steps).clone();
		let target = at(&mut plain, &steps);
		assert_same(&memory, &memory.read_reference(&reference).unwrap(), target);
		match (target, &target_type, entropy.below(4)) {
			(Plain::Vector(_, parts), Type::Vector(element), 0) => {
				let new = element.value(&mut entropy);
				memory.push_element(&reference, new.to_value()).unwrap();
				parts.push(new);
			}
			(Plain::Vector(_, parts), _, 1) => match parts.pop() {
				Some(last) => {
					assert_same(
						&memory,
						&memory.clone().pop_element(&reference).unwrap(),
						&last,
					);
					memory.pop_element(&reference).unwrap();
				}
				None => assert!(memory.pop_element(&reference).is_err()),
			},
			(Plain::Vector(_, parts), _, 2) if !parts.is_empty() => {
				let (left, right) = (entropy.below(parts.len()), entropy.below(parts.len()));
				memory
					.swap_elements(&reference, left as u64, right as u64)
					.unwrap();
				parts.swap(left, right);
			}
			(target, ty, _) => {
				*target = ty.value(&mut entropy);
				memory
					.write_reference(&reference, target.to_value())
					.unwrap();
			}
		}
		let whole = memory.read_reference(&root).unwrap();
		assert_same(&memory, &whole, &plain);
		// So nothing of a type that is not too deep is ever refused.
		assert!(whole.depth().get() <= bound);
	}
}

proptest! {
	#[test]
	fn references_agree_with_the_model(
		entropy in prop::collection::vec(any::<u8>(), 0..400),
		is_global: bool,
	) {
		run(&entropy, is_global);
	}
}
