use move_vm_binary_format::{
	index::StructHandleIndex,
	module::{StructFieldInformation, VariantDefinition},
	SignatureToken as T,
};
use move_vm_fixtures::{abilities, type_parameter, Tables};
use move_vm_types::{IndexKind, StatusCode};

use crate::*;

/// The type of a field, given the types of the structs by their places.
type Field<'a> = dyn Fn(&dyn Fn(u16) -> T) -> T + 'a;

/// Structs `S0`, `S1`, …, each with a type parameter and a field of the type given for it.
fn structs(fields: &[&Field]) -> CompiledModule {
	let mut m = module();
	let handles: Vec<StructHandleIndex> = (0..fields.len())
		.map(|i| m.own_struct_handle(&format!("S{i}"), abilities(""), &[type_parameter("")]))
		.collect();
	let of = |i: u16| T::StructInstantiation(handles[usize::from(i)], vec![T::U8]);
	for (field, handle) in fields.iter().zip(&handles) {
		let fields = m.fields(&[("f", field(&of))]);
		m.define_struct(*handle, StructFieldInformation::Declared(fields));
	}
	m.build()
}

#[track_caller]
fn is_recursive(fields: &[&Field], first: u16) {
	refuses_at(
		&structs(fields),
		StatusCode::RECURSIVE_STRUCT_DEFINITION,
		IndexKind::StructDefinition,
		first,
	);
}

#[test]
fn struct_that_contains_itself_is_refused() {
	is_recursive(&[&|of| of(0)], 0);
	is_recursive(&[&|of| vector(of(0))], 0);
}

#[test]
fn struct_that_is_its_own_type_argument_is_refused() {
	let mut m = module();
	let outer = m.struct_(
		"Outer",
		abilities(""),
		&[type_parameter("")],
		&[("f", T::U8)],
	);
	let handle = m.own_struct_handle("S", abilities(""), &[]);
	let fields = m.fields(&[("f", outer.type_with([T::Struct(handle)]))]);
	m.define_struct(handle, StructFieldInformation::Declared(fields));
	refuses(&m.build(), StatusCode::RECURSIVE_STRUCT_DEFINITION);
}

#[test]
fn structs_that_contain_each_other_are_refused_at_the_first_on_the_cycle() {
	is_recursive(&[&|of| of(1), &|of| of(0)], 0);
	is_recursive(&[&|of| of(2), &|of| of(2), &|of| of(3), &|of| of(2)], 2);
}

#[test]
fn enum_that_contains_itself_is_refused() {
	let mut m = module();
	let handle = m.own_struct_handle("List", abilities(""), &[]);
	let rest = m.fields(&[("rest", T::Struct(handle))]);
	let empty = VariantDefinition {
		name: m.identifier("Empty"),
		fields: vec![],
	};
	let full = VariantDefinition {
		name: m.identifier("Full"),
		fields: rest,
	};
	m.define_struct(
		handle,
		StructFieldInformation::DeclaredVariants(vec![empty, full]),
	);
	refuses(&m.build(), StatusCode::RECURSIVE_STRUCT_DEFINITION);
}

#[test]
fn structs_that_contain_others_without_a_cycle_are_accepted() {
	accepts(&structs(&[&|of| of(1), &|of| of(2), &|_| T::U8]));
	accepts(&structs(&[&|of| of(2), &|of| vector(of(2)), &|_| T::U8]));
}
