use move_vm_binary_format::{module::StructTypeParameter, SignatureToken as T};
use move_vm_fixtures::{abilities, phantom, type_parameter};
use move_vm_types::{IndexKind, StatusCode};

use crate::*;

/// A struct with these abilities whose field has a type; and an enum of which the second variant
/// has it.
fn with_field(
	own: &str,
	parameters: &[StructTypeParameter],
	field: impl Fn(&mut ModuleBuilder) -> T,
) -> [(CompiledModule, u16); 2] {
	let mut struct_ = module();
	let type_ = field(&mut struct_);
	let fields = [("a", T::U8), ("b", type_)];
	let place = struct_
		.struct_("Tested", abilities(own), parameters, &fields)
		.def
		.0;
	let mut enum_ = module();
	let type_ = field(&mut enum_);
	let fields = [("a", T::U8), ("b", type_)];
	let variants = [("A", &[][..]), ("B", &fields[..])];
	enum_.enum_("Tested", abilities(own), parameters, &variants);
	[(struct_.build(), place), (enum_.build(), place)]
}

#[track_caller]
fn fits(own: &str, parameters: &[StructTypeParameter], field: impl Fn(&mut ModuleBuilder) -> T) {
	for (m, _) in with_field(own, parameters, field) {
		accepts(&m);
	}
}

#[track_caller]
fn misfits(
	own: &str,
	parameters: &[StructTypeParameter],
	status: StatusCode,
	field: impl Fn(&mut ModuleBuilder) -> T,
) {
	for (m, place) in with_field(own, parameters, field) {
		refuses_at(&m, status, IndexKind::StructDefinition, place);
	}
}

fn struct_with(m: &mut ModuleBuilder, own: &str) -> T {
	m.struct_("Inner", abilities(own), &[], &[("f", T::U8)])
		.type_()
}

#[test]
fn fields_have_what_the_abilities_of_the_struct_ask_for() {
	let missing = StatusCode::FIELD_MISSING_TYPE_ABILITY;
	for (own, inner) in [
		("copy", "copy"),
		("drop", "drop"),
		("store", "store"),
		("key", "store"),
	] {
		fits(own, &[], |m| struct_with(m, inner));
		fits(own, &[], |m| vector(struct_with(m, inner)));
		let others: Vec<_> = ["copy", "drop", "store", "key"]
			.into_iter()
			.filter(|other| *other != inner)
			.collect();
		let others = others.join(" ");
		misfits(own, &[], missing, |m| struct_with(m, &others));
		misfits(own, &[], missing, |m| vector(struct_with(m, &others)));
	}
	fits("drop", &[], |_| T::Signer);
	misfits("copy", &[], missing, |_| T::Signer);
}

#[test]
fn field_of_a_type_parameter_needs_no_abilities() {
	let parameters = [type_parameter("")];
	fits("copy, drop, store, key", &parameters, |_| parameter(0));
	fits("copy, drop, store, key", &parameters, |_| {
		vector(parameter(0))
	});
}

#[test]
fn field_meets_the_constraints_of_its_own_arguments() {
	let inner = |m: &mut ModuleBuilder| {
		let inner = m.struct_(
			"Inner",
			abilities(""),
			&[type_parameter("copy")],
			&[("f", T::U8)],
		);
		inner.type_with([parameter(0)])
	};
	fits("", &[type_parameter("copy")], inner);
	misfits(
		"",
		&[type_parameter("drop")],
		StatusCode::CONSTRAINT_NOT_SATISFIED,
		inner,
	);
}

#[test]
fn field_is_no_reference() {
	misfits("", &[], StatusCode::INVALID_SIGNATURE_TOKEN, |_| {
		reference(T::U8)
	});
	misfits("", &[], StatusCode::INVALID_SIGNATURE_TOKEN, |_| {
		vector(mutable(T::U8))
	});
}

#[test]
fn phantom_parameter_stands_in_phantom_positions_only() {
	let wrong = StatusCode::INVALID_PHANTOM_TYPE_PARAM_POSITION;
	let phantoms = [phantom("")];
	fits("", &phantoms, |_| T::U8);
	misfits("", &phantoms, wrong, |_| parameter(0));
	misfits("", &phantoms, wrong, |_| vector(parameter(0)));
	for (inner, is_accepted) in [(phantom(""), true), (type_parameter(""), false)] {
		let field = |m: &mut ModuleBuilder| {
			let inner = m.struct_("Inner", abilities(""), &[inner], &[("f", T::U8)]);
			inner.type_with([parameter(0)])
		};
		if is_accepted {
			fits("", &phantoms, field);
		} else {
			misfits("", &phantoms, wrong, field);
		}
	}
	// A vector in a phantom position is not one for its element.
	misfits("", &phantoms, wrong, |m| {
		let inner = m.struct_("Inner", abilities(""), &[phantom("")], &[("f", T::U8)]);
		inner.type_with([vector(parameter(0))])
	});
}
