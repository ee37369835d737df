use move_vm_binary_format::SignatureToken as T;
use move_vm_fixtures::{abilities, ScriptBuilder, Tables};
use move_vm_types::{IndexKind, StatusCode};

use crate::*;

fn with_constant(type_: T, data: &[u8]) -> CompiledModule {
	let mut m = module();
	m.constant(type_, data);
	m.build()
}

#[track_caller]
fn is_value(type_: T, data: &[u8]) {
	accepts(&with_constant(type_, data));
}

#[track_caller]
fn is_malformed(type_: T, data: &[u8]) {
	let status = StatusCode::MALFORMED_CONSTANT_DATA;
	refuses_at(
		&with_constant(type_, data),
		status,
		IndexKind::ConstantPool,
		0,
	);
}

#[test]
fn primitive_values_have_exactly_their_bytes() {
	for (type_, size) in [
		(T::U8, 1),
		(T::U16, 2),
		(T::U32, 4),
		(T::U64, 8),
		(T::U128, 16),
		(T::U256, 32),
		(T::Address, 32),
	] {
		is_value(type_.clone(), &vec![0xff; size]);
		is_malformed(type_.clone(), &vec![0; size - 1]);
		is_malformed(type_, &vec![0; size + 1]);
	}
}

#[test]
fn bool_is_zero_or_one() {
	is_value(T::Bool, &[0]);
	is_value(T::Bool, &[1]);
	is_malformed(T::Bool, &[2]);
	is_value(vector(T::Bool), &[2, 0, 1]);
	is_malformed(vector(T::Bool), &[2, 0, 2]);
}

#[test]
fn vector_has_as_many_elements_as_it_says() {
	is_value(vector(T::U8), &[0]);
	is_value(vector(T::U16), &[2, 1, 0, 2, 0]);
	is_malformed(vector(T::U16), &[2, 1, 0, 2]);
	is_malformed(vector(T::U16), &[1, 1, 0, 2, 0]);
	is_malformed(vector(T::U8), &[]);
}

#[test]
fn length_of_a_vector_is_in_its_shortest_form_and_below_two_to_the_31() {
	is_malformed(vector(T::U8), &[0x80, 0]);
	is_malformed(vector(T::U8), &[0xff, 0xff, 0xff, 0xff, 0x0f]);
	is_malformed(
		vector(T::U256),
		&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
	);
}

#[test]
fn vectors_nest() {
	let two_deep = vector(vector(T::U8));
	is_value(two_deep.clone(), &[0]);
	is_value(two_deep.clone(), &[3, 1, 7, 0, 2, 7, 7]);
	is_malformed(two_deep.clone(), &[3, 1, 7, 0]);
	is_malformed(two_deep.clone(), &[3, 1, 7, 0, 2, 7]);
	is_malformed(two_deep, &[1, 0, 0]);
	let deep = (0..19).fold(T::U8, |inner, _| vector(inner));
	is_value(deep.clone(), &[&[1; 18][..], &[0]].concat());
	is_malformed(deep, &[1; 18]);
}

#[test]
fn constants_of_other_types_are_refused() {
	let mut m = module();
	let s = m.struct_("S", abilities(""), &[], &[("f", T::U8)]).type_();
	for type_ in [
		T::Signer,
		vector(T::Signer),
		s,
		reference(T::U8),
		parameter(0),
	] {
		let mut m = m.clone();
		m.constant(type_, [0]);
		let status = StatusCode::INVALID_CONSTANT_TYPE;
		refuses_at(&m.build(), status, IndexKind::ConstantPool, 0);
	}
}

#[test]
fn constants_of_scripts_are_checked() {
	let mut s = ScriptBuilder::new();
	s.constant(T::Bool, [2]);
	refuses_script(
		&s.build(aborting("main")),
		StatusCode::MALFORMED_CONSTANT_DATA,
	);
}
