use move_vm_binary_format::{module::StructTypeParameter, SignatureToken as T};
use move_vm_fixtures::{abilities, phantom, type_parameter, Function};
use move_vm_types::StatusCode;
use move_vm_verifier::{check_upgrade, Meter};

use crate::*;

fn upgrade(old: &CompiledModule, new: &CompiledModule) -> bool {
	accepts(old);
	accepts(new);
	match check_upgrade(old, new, &mut Meter::new(&LIMITS)) {
		Ok(()) => true,
		Err(error) => {
			assert_eq!(
				error.status(),
				StatusCode::BACKWARD_INCOMPATIBLE_MODULE_UPDATE
			);
			false
		}
	}
}

/// A module of functions.
fn functions(functions: impl IntoIterator<Item = Function>) -> CompiledModule {
	let mut m = module();
	for function in functions {
		m.function(function);
	}
	m.build()
}

fn struct_(own: &str, parameters: &[StructTypeParameter], fields: &[(&str, T)]) -> CompiledModule {
	let mut m = module();
	m.struct_("S", abilities(own), parameters, fields);
	m.build()
}

#[allow(clippy::type_complexity)] // A list of named lists of named types.
fn enum_(variants: &[(&str, &[(&str, T)])]) -> CompiledModule {
	let mut m = module();
	m.enum_("E", abilities(""), &[], variants);
	m.build()
}

#[test]
fn module_is_compatible_with_itself() {
	for module in move_vm_fixtures::all() {
		assert!(upgrade(&module, &module));
	}
}

#[test]
fn new_module_has_the_old_name_and_address() {
	let old = module().build();
	assert!(!upgrade(&old, &ModuleBuilder::new(0x42, "n").build()));
	assert!(!upgrade(&old, &ModuleBuilder::new(0x43, "m").build()));
}

#[test]
fn definitions_may_be_added_and_reordered() {
	let (f, g) = (aborting("f").public(), aborting("g").public());
	let old = functions([f.clone()]);
	assert!(upgrade(&old, &functions([g.clone(), f.clone()])));
	assert!(!upgrade(&functions([g, f]), &old));
}

#[test]
fn struct_stays() {
	let old = struct_("", &[], &[("f", T::U8)]);
	assert!(!upgrade(&old, &module().build()));
	assert!(upgrade(&module().build(), &old));
}

#[test]
fn abilities_of_a_struct_may_be_added() {
	let with = |own| struct_(own, &[], &[("f", T::U8)]);
	assert!(upgrade(&with("copy"), &with("copy, drop")));
	assert!(!upgrade(&with("copy, drop"), &with("copy")));
}

#[test]
fn type_parameters_of_a_struct_may_be_relaxed() {
	let with = |parameters: &[StructTypeParameter]| struct_("", parameters, &[("f", T::U8)]);
	assert!(upgrade(
		&with(&[type_parameter("copy")]),
		&with(&[type_parameter("")])
	));
	assert!(!upgrade(
		&with(&[type_parameter("")]),
		&with(&[type_parameter("copy")])
	));
	assert!(upgrade(&with(&[type_parameter("")]), &with(&[phantom("")])));
	assert!(!upgrade(
		&with(&[phantom("")]),
		&with(&[type_parameter("")])
	));
	assert!(!upgrade(&with(&[]), &with(&[phantom("")])));
}

#[test]
fn fields_stay_as_they_are() {
	let old = struct_("", &[], &[("f", T::U8), ("g", T::U64)]);
	for fields in [
		&[("f", T::U8)][..],
		&[("f", T::U8), ("g", T::U64), ("h", T::U8)],
		&[("f", T::U8), ("g", T::U8)],
		&[("g", T::U64), ("f", T::U8)],
		&[("f", T::U8), ("h", T::U64)],
	] {
		assert!(!upgrade(&old, &struct_("", &[], fields)), "{fields:?}");
	}
}

#[test]
fn variants_are_added_behind_the_others_only() {
	let f = [("f", T::U8)];
	let old = enum_(&[("A", &f), ("B", &[])]);
	assert!(upgrade(&old, &enum_(&[("A", &f), ("B", &[]), ("C", &f)])));
	for variants in [
		&[("A", &f[..])][..],
		&[("B", &[]), ("A", &f)],
		&[("C", &[]), ("A", &f), ("B", &[])],
		&[("A", &f), ("D", &[])],
		&[("A", &f), ("B", &f)],
		&[("A", &[]), ("B", &[])],
	] {
		assert!(!upgrade(&old, &enum_(variants)), "{variants:?}");
	}
}

#[test]
fn struct_does_not_become_an_enum() {
	let mut m = module();
	m.enum_("S", abilities(""), &[], &[("A", &[("f", T::U8)])]);
	let enum_ = m.build();
	let struct_ = struct_("", &[], &[("f", T::U8)]);
	assert!(!upgrade(&struct_, &enum_));
	assert!(!upgrade(&enum_, &struct_));
}

#[test]
fn functions_that_others_can_call_stay() {
	for (old, stays) in [
		(aborting("f").public(), true),
		(aborting("f").friend(), true),
		(aborting("f").entry(), true),
		(aborting("f"), false),
	] {
		assert_eq!(!upgrade(&functions([old]), &module().build()), stays);
	}
}

#[test]
fn visibility_may_grow() {
	let levels = [
		aborting("f"),
		aborting("f").friend(),
		aborting("f").public(),
	];
	for (i, old) in levels.iter().enumerate() {
		for (j, new) in levels.iter().enumerate() {
			let is_compatible = i == 0 || j >= i;
			let (old, new) = (functions([old.clone()]), functions([new.clone()]));
			assert_eq!(upgrade(&old, &new), is_compatible, "{i} to {j}");
		}
	}
}

#[test]
fn entry_stays_an_entry() {
	let (plain, entry) = (aborting("f").public(), aborting("f").public().entry());
	assert!(upgrade(
		&functions([plain.clone()]),
		&functions([entry.clone()])
	));
	assert!(!upgrade(&functions([entry]), &functions([plain])));
	let (private, entry) = (aborting("f"), aborting("f").entry());
	assert!(!upgrade(&functions([entry.clone()]), &functions([private])));
	assert!(upgrade(
		&functions([entry.clone()]),
		&functions([entry.public()])
	));
}

#[test]
fn type_of_a_function_stays() {
	let old = aborting("f").public().parameters([T::U8]).returns([T::U64]);
	let same = |new: Function| upgrade(&functions([old.clone()]), &functions([new]));
	assert!(same(old.clone()));
	assert!(!same(old.clone().parameters([T::U16])));
	assert!(!same(old.clone().parameters([T::U8, T::U8])));
	assert!(!same(old.clone().returns([])));
	assert!(!same(old.clone().type_parameters([abilities("")])));
	// A private function may change.
	let old = aborting("f").parameters([T::U8]);
	assert!(upgrade(
		&functions([old.clone()]),
		&functions([old.parameters([])])
	));
}

#[test]
fn constraints_of_a_function_may_be_relaxed() {
	let with = |constraint| {
		functions([aborting("f")
			.public()
			.type_parameters([abilities(constraint)])])
	};
	assert!(upgrade(&with("copy, drop"), &with("copy")));
	assert!(!upgrade(&with("copy"), &with("copy, drop")));
}

#[test]
fn friends_stay() {
	let with = |friends: &[&str]| {
		let mut m = module();
		friends.iter().for_each(|name| m.friend(0x42, name));
		m.build()
	};
	assert!(upgrade(&with(&["a"]), &with(&["b", "a"])));
	assert!(!upgrade(&with(&["a", "b"]), &with(&["b"])));
}
