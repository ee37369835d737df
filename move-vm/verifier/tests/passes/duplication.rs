use move_vm_binary_format::{
	index::{FunctionHandleIndex, IdentifierIndex, StructHandleIndex},
	module::{Constant, StructFieldInformation},
	SignatureToken as T,
};
use move_vm_fixtures::{abilities, type_parameter, Function, ScriptBuilder, Tables};
use move_vm_types::{AccountAddress, IndexKind, StatusCode};

use crate::*;

/// A module with something in each table, accepted.
fn full() -> CompiledModule {
	let mut m = module();
	let other = m.module_handle(1, "other");
	m.friend(0x42, "friend");
	m.struct_handle(other, "Foreign", abilities(""), &[]);
	m.constant(T::U8, [7]);
	let plain = m.struct_("S", abilities("key"), &[], &[("a", T::U8), ("b", T::U8)]);
	m.field(plain.def, 0);
	let generic = m.struct_(
		"G",
		abilities(""),
		&[type_parameter("")],
		&[("a", parameter(0))],
	);
	m.struct_instantiation(generic.def, [T::U8]);
	let field = m.field(generic.def, 0);
	m.field_instantiation(field, [T::U8]);
	let fields = [("a", parameter(0)), ("b", T::U8)];
	let variants = [("A", &fields[..]), ("B", &fields[..])];
	let enum_ = m.enum_("E", abilities(""), &[type_parameter("")], &variants);
	m.variant_field(enum_.def, &[0, 1], 1);
	m.variant_field(enum_.def, &[0], 0);
	let field = m.variant_field(enum_.def, &[0, 1], 0);
	m.variant_field_instantiation(field, [T::U8]);
	let variant = m.variant(enum_.def, 0);
	m.variant_instantiation(variant, [T::U8]);
	let f = m.function(aborting("f").type_parameters([abilities("")]));
	m.function_instantiation(f.handle, [T::U8]);
	m.function(Function::new("native").parameters([T::U8]));
	m.build()
}

#[track_caller]
fn duplicate(kind: IndexKind, change: impl FnOnce(&mut CompiledModule)) {
	let mut m = full();
	change(&mut m);
	let error = refuses(&m, StatusCode::DUPLICATE_ELEMENT);
	assert_eq!(error.index().map(|(kind, _)| kind), Some(kind), "{error}");
}

macro_rules! duplicates {
	($($test:ident: $kind:ident, $($table:ident).+;)*) => {$(
		#[test]
		fn $test() {
			duplicate(IndexKind::$kind, |m| {
				let first = m.$($table).+[0].clone();
				m.$($table).+.push(first);
			});
		}
	)*};
}

duplicates! {
	second_identifier_is_refused: Identifier, pools.identifiers;
	second_address_is_refused: AddressIdentifier, pools.address_identifiers;
	second_constant_is_refused: ConstantPool, pools.constants;
	second_signature_is_refused: Signature, pools.signatures;
	second_module_handle_is_refused: ModuleHandle, pools.module_handles;
	second_friend_is_refused: ModuleHandle, friend_declarations;
	second_struct_handle_is_refused: StructHandle, pools.struct_handles;
	second_function_handle_is_refused: FunctionHandle, pools.function_handles;
	second_function_instantiation_is_refused: FunctionInstantiation, pools.function_instantiations;
	second_field_handle_is_refused: FieldHandle, field_handles;
	second_field_instantiation_is_refused: FieldInstantiation, field_instantiations;
	second_variant_field_is_refused: VariantFieldHandle, variant_field_handles;
	second_variant_field_instantiation_is_refused:
		VariantFieldInstantiation, variant_field_instantiations;
	second_variant_is_refused: StructVariantHandle, struct_variant_handles;
	second_variant_instantiation_is_refused:
		StructVariantInstantiation, struct_variant_instantiations;
	second_function_definition_is_refused: FunctionDefinition, function_defs;
	second_struct_definition_is_refused: StructDefinition, struct_defs;
	second_struct_instantiation_is_refused: StructDefInstantiation, struct_def_instantiations;
}

#[test]
fn module_without_double_entries_is_accepted() {
	accepts(&full());
}

#[test]
fn handles_with_one_name_and_different_types_are_duplicates() {
	duplicate(IndexKind::FunctionHandle, |m| {
		let mut second = m.pools.function_handles[0].clone();
		second.type_parameters.clear();
		m.pools.function_handles.push(second);
	});
	duplicate(IndexKind::StructHandle, |m| {
		let mut second = m.pools.struct_handles[0].clone();
		second.abilities = abilities("copy");
		m.pools.struct_handles.push(second);
	});
}

#[test]
fn equal_data_of_different_types_are_different_constants() {
	let mut m = full();
	m.pools.constants.push(Constant {
		type_: T::Bool,
		data: vec![1],
	});
	m.pools.constants.push(Constant {
		type_: T::U8,
		data: vec![1],
	});
	accepts(&m);
}

#[test]
fn second_field_of_a_name_is_refused() {
	let field = |name: IdentifierIndex, m: &mut CompiledModule, place: usize| match &mut m
		.struct_defs[place]
		.field_information
	{
		StructFieldInformation::Declared(fields) => fields[1].name = name,
		StructFieldInformation::DeclaredVariants(variants) => {
			variants[1].fields[1].name = name;
		}
		StructFieldInformation::Native => unreachable!(),
	};
	for place in [0, 2] {
		duplicate(IndexKind::FieldDefinition, |m| {
			let name = m
				.pools
				.identifiers
				.iter()
				.position(|name| name.as_str() == "a");
			field(IdentifierIndex(name.unwrap() as u16), m, place);
		});
	}
}

#[test]
fn second_variant_of_a_name_is_refused() {
	duplicate(IndexKind::VariantDefinition, |m| {
		match &mut m.struct_defs[2].field_information {
			StructFieldInformation::DeclaredVariants(variants) => {
				variants[1].name = variants[0].name;
			}
			_ => unreachable!(),
		}
	});
}

#[test]
fn second_acquired_resource_is_refused() {
	let mut m = module();
	let s = m.struct_("S", abilities("key"), &[], &[("f", T::U8)]);
	m.function(Function::new("f").acquires([s.def, s.def]));
	refuses_at(
		&m.build(),
		StatusCode::DUPLICATE_ACQUIRES_ANNOTATION,
		IndexKind::FunctionDefinition,
		0,
	);
}

#[test]
fn definition_of_something_foreign_is_refused() {
	let mut m = module();
	let other = m.module_handle(1, "other");
	let handle = m.struct_handle(other, "S", abilities(""), &[]);
	let fields = m.fields(&[("f", T::U8)]);
	m.define_struct(handle, StructFieldInformation::Declared(fields));
	refuses_at(
		&m.build(),
		StatusCode::INVALID_MODULE_HANDLE,
		IndexKind::StructDefinition,
		0,
	);

	let mut m = module();
	let other = m.module_handle(1, "other");
	m.function(aborting("f"));
	m.module.pools.function_handles[0].module = other;
	refuses_at(
		&m.build(),
		StatusCode::INVALID_MODULE_HANDLE,
		IndexKind::FunctionDefinition,
		0,
	);
}

#[test]
fn own_handle_without_definition_is_refused() {
	let mut m = module();
	let handle = m.own_struct_handle("S", abilities(""), &[]);
	assert_eq!(handle, StructHandleIndex(0));
	refuses_at(
		&m.build(),
		StatusCode::UNIMPLEMENTED_HANDLE,
		IndexKind::StructHandle,
		0,
	);

	let mut m = module();
	m.function(aborting("f"));
	let handle = m.own_function_handle(&Function::new("g"));
	assert_eq!(handle, FunctionHandleIndex(1));
	refuses_at(
		&m.build(),
		StatusCode::UNIMPLEMENTED_HANDLE,
		IndexKind::FunctionHandle,
		1,
	);
}

#[test]
fn struct_without_fields_is_refused_and_variant_without_fields_accepted() {
	let mut m = module();
	m.struct_("S", abilities(""), &[], &[]);
	refuses_at(
		&m.build(),
		StatusCode::ZERO_SIZED_STRUCT,
		IndexKind::StructDefinition,
		0,
	);
	let mut m = module();
	m.enum_("E", abilities(""), &[], &[("A", &[])]);
	accepts(&m.build());
}

#[test]
fn double_entries_of_scripts_are_refused() {
	let mut s = ScriptBuilder::new();
	s.address(AccountAddress::ONE);
	let mut s = s.build(aborting("main"));
	accepts_script(&s);
	s.pools.address_identifiers.push(AccountAddress::ONE);
	let error = refuses_script(&s, StatusCode::DUPLICATE_ELEMENT);
	assert_eq!(error.index(), Some((IndexKind::AddressIdentifier, 1)));
}
