use std::collections::BTreeMap;

use move_vm_binary_format::{module::StructTypeParameter, SignatureToken as T};
use move_vm_fixtures::{abilities, phantom, type_parameter, Function, ScriptBuilder, Tables};
use move_vm_types::{IndexKind, Location, ModuleId, StatusCode};
use move_vm_verifier::{verify_dependencies, verify_script_dependencies, Meter};

use crate::*;

type Linked = Result<(), (StatusCode, Option<(IndexKind, u16)>)>;

fn map(modules: &[CompiledModule]) -> BTreeMap<ModuleId, &CompiledModule> {
	modules
		.iter()
		.map(|module| (module.self_id().unwrap(), module))
		.collect()
}

fn link(module: &CompiledModule, dependencies: &[CompiledModule]) -> Linked {
	accepts(module);
	dependencies.iter().for_each(accepts);
	let mut meter = Meter::new(&LIMITS);
	verify_dependencies(module, &map(dependencies), &mut meter).map_err(|error| {
		assert_eq!(
			*error.location(),
			Location::Module(module.self_id().unwrap())
		);
		(error.status(), error.index())
	})
}

fn link_script(script: &CompiledScript, dependencies: &[CompiledModule]) -> Linked {
	accepts_script(script);
	let mut meter = Meter::new(&LIMITS);
	verify_script_dependencies(script, &map(dependencies), &mut meter)
		.map_err(|error| (error.status(), error.index()))
}

const LOOKUP: StatusCode = StatusCode::LOOKUP_FAILED;
const TYPE: StatusCode = StatusCode::TYPE_MISMATCH;

/// The module `0x42::other` with a function, and a module that calls it as another.
fn function(defined: Function, used: &Function) -> Linked {
	let mut other = ModuleBuilder::new(0x42, "other");
	other.friend(0x42, "befriended");
	other.function(defined);
	let mut m = module();
	let handle = m.module_handle(0x42, "other");
	m.function_handle(handle, used);
	link(&m.build(), &[other.build()])
}

/// The same for a struct: abilities and type parameters, as defined and as used.
fn struct_(
	defined: (&str, &[StructTypeParameter]),
	used: (&str, &[StructTypeParameter]),
) -> Linked {
	let mut other = ModuleBuilder::new(0x42, "other");
	other.struct_("S", abilities(defined.0), defined.1, &[("f", T::U8)]);
	let mut m = module();
	let handle = m.module_handle(0x42, "other");
	m.struct_handle(handle, "S", abilities(used.0), used.1);
	link(&m.build(), &[other.build()])
}

fn fails_at_function(status: StatusCode) -> Linked {
	Err((status, Some((IndexKind::FunctionHandle, 0))))
}

fn fails_at_struct(status: StatusCode) -> Linked {
	Err((status, Some((IndexKind::StructHandle, 0))))
}

#[test]
fn module_that_is_not_there_is_missing() {
	let mut m = module();
	m.module_handle(0x42, "other");
	let m = m.build();
	let missing = Err((
		StatusCode::MISSING_DEPENDENCY,
		Some((IndexKind::ModuleHandle, 1)),
	));
	assert_eq!(link(&m, &[]), missing);
	assert_eq!(
		link(&m, &[ModuleBuilder::new(0x43, "other").build()]),
		missing
	);
	assert_eq!(
		link(&m, &[ModuleBuilder::new(0x42, "other").build()]),
		Ok(())
	);
}

#[test]
fn public_function_is_found_by_name() {
	let public = || aborting("f").public();
	assert_eq!(function(public(), &Function::new("f")), Ok(()));
	assert_eq!(
		function(public(), &Function::new("g")),
		fails_at_function(LOOKUP)
	);
}

#[test]
fn private_function_is_not_found_even_if_it_is_an_entry() {
	let used = Function::new("f");
	assert_eq!(function(aborting("f"), &used), fails_at_function(LOOKUP));
	assert_eq!(
		function(aborting("f").entry(), &used),
		fails_at_function(LOOKUP)
	);
}

#[test]
fn friend_function_is_found_by_friends_only() {
	let mut other = ModuleBuilder::new(0x42, "other");
	other.friend(0x42, "m");
	other.function(aborting("f").friend());
	let other = other.build();
	for (name, result) in [("m", Ok(())), ("n", fails_at_function(LOOKUP))] {
		let mut m = ModuleBuilder::new(0x42, name);
		let handle = m.module_handle(0x42, "other");
		m.function_handle(handle, &Function::new("f"));
		assert_eq!(link(&m.build(), std::slice::from_ref(&other)), result);
	}
	let mut s = ScriptBuilder::new();
	let handle = s.module_handle(0x42, "other");
	s.function_handle(handle, &Function::new("f"));
	assert_eq!(
		link_script(&s.build(aborting("main")), &[other]),
		fails_at_function(LOOKUP)
	);
}

#[test]
fn friend_of_the_same_name_at_another_address_is_no_friend() {
	let mut other = ModuleBuilder::new(0x42, "other");
	other.friend(0x42, "m");
	other.function(aborting("f").friend());
	let mut m = ModuleBuilder::new(0x43, "m");
	let handle = m.module_handle(0x42, "other");
	m.function_handle(handle, &Function::new("f"));
	assert_eq!(
		link(&m.build(), &[other.build()]),
		fails_at_function(LOOKUP)
	);
}

#[test]
fn function_has_the_type_that_its_user_believes() {
	let defined = || {
		aborting("f")
			.public()
			.parameters([T::U8, vector(T::U64)])
			.returns([T::Bool])
	};
	let used = || Function::new("f");
	let types = [T::U8, vector(T::U64)];
	assert_eq!(
		function(
			defined(),
			&used().parameters(types.clone()).returns([T::Bool])
		),
		Ok(())
	);
	for wrong in [
		used(),
		used().parameters(types.clone()),
		used().parameters([T::U8, vector(T::U8)]).returns([T::Bool]),
		used().parameters([T::U8, T::U64]).returns([T::Bool]),
		used().parameters([T::U8]).returns([T::Bool]),
		used()
			.parameters(types.clone())
			.returns([reference(T::Bool)]),
		used()
			.type_parameters([abilities("")])
			.parameters(types)
			.returns([T::Bool]),
	] {
		assert_eq!(
			function(defined(), &wrong),
			fails_at_function(TYPE),
			"{wrong:?}"
		);
	}
}

#[test]
fn references_and_type_parameters_are_told_apart() {
	let of = |type_: T| {
		let function = aborting("f").public().type_parameters([abilities(""); 2]);
		function.parameters([type_])
	};
	let types = [
		reference(T::U8),
		mutable(T::U8),
		parameter(0),
		parameter(1),
		T::U8,
	];
	for (i, defined) in types.iter().enumerate() {
		for (j, used) in types.iter().enumerate() {
			let expected = if i == j {
				Ok(())
			} else {
				fails_at_function(TYPE)
			};
			assert_eq!(function(of(defined.clone()), &of(used.clone())), expected);
		}
	}
}

#[test]
fn constraints_of_a_function_may_be_believed_stricter_than_they_are() {
	let of = |constraint| {
		aborting("f")
			.public()
			.type_parameters([abilities(constraint)])
	};
	assert_eq!(function(of("copy"), &of("copy")), Ok(()));
	assert_eq!(function(of("copy"), &of("copy, drop")), Ok(()));
	assert_eq!(function(of("copy"), &of("drop")), fails_at_function(TYPE));
	assert_eq!(function(of("copy"), &of("")), fails_at_function(TYPE));
}

#[test]
fn struct_is_found_by_name() {
	let mut other = ModuleBuilder::new(0x42, "other");
	other.struct_("T", abilities(""), &[], &[("f", T::U8)]);
	let mut m = module();
	let handle = m.module_handle(0x42, "other");
	m.struct_handle(handle, "S", abilities(""), &[]);
	assert_eq!(link(&m.build(), &[other.build()]), fails_at_struct(LOOKUP));
	assert_eq!(struct_(("", &[]), ("", &[])), Ok(()));
}

#[test]
fn struct_may_be_believed_to_have_fewer_abilities() {
	assert_eq!(struct_(("copy, drop", &[]), ("copy", &[])), Ok(()));
	assert_eq!(
		struct_(("copy", &[]), ("copy, drop", &[])),
		fails_at_struct(TYPE)
	);
}

#[test]
fn type_parameters_of_a_struct_may_be_believed_stricter() {
	let with = |defined, used| struct_(("", &[defined]), ("", &[used]));
	assert_eq!(
		with(type_parameter("copy"), type_parameter("copy, drop")),
		Ok(())
	);
	assert_eq!(
		with(type_parameter("copy"), type_parameter("")),
		fails_at_struct(TYPE)
	);
	assert_eq!(with(phantom(""), type_parameter("")), Ok(()));
	assert_eq!(with(phantom(""), phantom("")), Ok(()));
	assert_eq!(with(type_parameter(""), phantom("")), fails_at_struct(TYPE));
	assert_eq!(
		struct_(("", &[phantom("")]), ("", &[])),
		fails_at_struct(TYPE)
	);
}

/// The type of a function names a struct of a third module, under different indices.
#[test]
fn structs_in_types_are_compared_by_module_and_name() {
	let user = |address: u64, module_name: &str, struct_name: &str, first: bool| {
		let mut m = ModuleBuilder::new(0x42, if first { "other" } else { "m" });
		if !first {
			// Shifts the indices.
			let third = m.module_handle(1, "third");
			m.struct_handle(third, "Unused", abilities(""), &[]);
		}
		let third = m.module_handle(address, module_name);
		let handle = m.struct_handle(third, struct_name, abilities(""), &[type_parameter("")]);
		let function = aborting("f")
			.public()
			.parameters([reference(T::StructInstantiation(handle, vec![T::U8]))]);
		if first {
			m.function(function);
		} else {
			let other = m.module_handle(0x42, "other");
			m.function_handle(other, &function);
		}
		m.build()
	};
	let third = |address: u64, name: &str| {
		let mut m = ModuleBuilder::new(address, name);
		m.struct_("Unused", abilities(""), &[], &[("f", T::U8)]);
		for name in ["S", "T"] {
			m.struct_(name, abilities(""), &[type_parameter("")], &[("f", T::U8)]);
		}
		m.build()
	};
	let modules = [
		user(1, "third", "S", true),
		third(1, "third"),
		third(1, "fourth"),
		third(2, "third"),
	];
	let link = |address, module, struct_| link(&user(address, module, struct_, false), &modules);
	assert_eq!(link(1, "third", "S"), Ok(()));
	assert_eq!(link(1, "third", "T"), fails_at_function(TYPE));
	assert_eq!(link(1, "fourth", "S"), fails_at_function(TYPE));
	assert_eq!(link(2, "third", "S"), fails_at_function(TYPE));
}

/// Only a dependency that was linked against another third module can disagree in this.
#[test]
fn structs_in_types_are_compared_by_the_number_of_their_arguments() {
	let with_arguments = |name: &str, count: usize| {
		let mut m = ModuleBuilder::new(0x42, name);
		let third = m.module_handle(1, "third");
		let parameters = vec![type_parameter(""); count];
		let handle = m.struct_handle(third, "S", abilities(""), &parameters);
		let type_ = T::StructInstantiation(handle, vec![T::U8; count]);
		(m, aborting("f").public().parameters([type_]))
	};
	let mut third = ModuleBuilder::new(1, "third");
	third.struct_("S", abilities(""), &[type_parameter("")], &[("f", T::U8)]);
	let third = third.build();
	for (count, result) in [(1, Ok(())), (2, fails_at_function(TYPE))] {
		let (mut other, function) = with_arguments("other", count);
		other.function(function);
		let (mut m, function) = with_arguments("m", 1);
		let handle = m.module_handle(0x42, "other");
		m.function_handle(handle, &function);
		assert_eq!(link(&m.build(), &[other.build(), third.clone()]), result);
	}
}

#[test]
fn script_links_like_a_module() {
	let script = move_vm_fixtures::script();
	assert_eq!(link_script(&script, &move_vm_fixtures::all()), Ok(()));
	let missing = Err((
		StatusCode::MISSING_DEPENDENCY,
		Some((IndexKind::ModuleHandle, 0)),
	));
	assert_eq!(link_script(&script, &[]), missing);
}

#[test]
fn large_dependencies_are_paid_for() {
	let mut other = ModuleBuilder::new(0x42, "other");
	for i in 0..200 {
		other.function(Function::new(&format!("f{i}")));
	}
	let mut m = module();
	m.module_handle(0x42, "other");
	let mut meter = Meter::new(&VerifierLimits {
		meter_units_per_module: 1000,
		..LIMITS
	});
	let other = [other.build()];
	let error = verify_dependencies(&m.build(), &map(&other), &mut meter).unwrap_err();
	assert_eq!(error.status(), StatusCode::PROGRAM_TOO_COMPLEX);
}
