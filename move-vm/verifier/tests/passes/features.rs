use move_vm_binary_format::{module::StructFieldInformation, Bytecode as B, SignatureToken as T};
use move_vm_fixtures::{abilities, Function, ScriptBuilder, Tables};
use move_vm_types::{IndexKind, StatusCode};

use crate::*;

/// Accepted from `version` on, refused in the version before.
#[track_caller]
fn since(version: u32, build: impl Fn(&mut ModuleBuilder)) {
	for tried in [version, version - 1] {
		let mut m = module().version(tried);
		build(&mut m);
		if tried == version {
			accepts(&m.build());
		} else {
			refuses(&m.build(), StatusCode::FEATURE_NOT_ENABLED);
		}
	}
}

#[test]
fn versions_5_to_7_are_known() {
	for version in 5..=7 {
		accepts(&module().version(version).build());
	}
	for version in [0, 4, 8] {
		refuses(
			&module().version(version).build(),
			StatusCode::UNKNOWN_VERSION,
		);
		let script = ScriptBuilder::new()
			.version(version)
			.build(aborting("main"));
		refuses_script(&script, StatusCode::UNKNOWN_VERSION);
	}
}

#[test]
fn new_integers_need_version_6() {
	for type_ in [T::U16, T::U32, T::U256] {
		since(6, |m| {
			m.signature([vector(type_.clone())]);
		});
		since(6, |m| {
			m.struct_("S", abilities(""), &[], &[("f", type_.clone())]);
		});
	}
	since(6, |m| {
		m.constant(T::U16, [0, 0]);
	});
	for code in [
		vec![B::LdU16(0), B::Pop, B::Ret],
		vec![B::LdU8(0), B::CastU32, B::Pop, B::Ret],
	] {
		since(6, |m| {
			m.function(Function::new("f").code(code.clone()));
		});
		let script = ScriptBuilder::new().version(5);
		let error = refuses_script(
			&script.build(Function::new("main").code(code)),
			StatusCode::FEATURE_NOT_ENABLED,
		);
		assert!(error.code_offset().is_some());
	}
}

#[test]
fn enums_and_access_specifiers_need_version_7() {
	since(7, |m| {
		m.enum_("E", abilities(""), &[], &[("A", &[])]);
	});
	since(7, |m| {
		m.function(aborting("f").access_specifiers([]));
	});
	let script = |version| {
		let main = aborting("main").access_specifiers([]);
		ScriptBuilder::new().version(version).build(main)
	};
	accepts_script(&script(7));
	refuses_script(&script(6), StatusCode::FEATURE_NOT_ENABLED);
}

#[test]
fn native_struct_is_refused_and_native_function_accepted() {
	let mut m = module();
	m.function(Function::new("f"));
	accepts(&m.clone().build());
	let handle = m.own_struct_handle("S", abilities(""), &[]);
	m.define_struct(handle, StructFieldInformation::Native);
	refuses_at(
		&m.build(),
		StatusCode::FEATURE_NOT_ENABLED,
		IndexKind::StructDefinition,
		0,
	);
}
