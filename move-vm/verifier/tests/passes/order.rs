//! Where errors lie, and what a module with several faults is refused for.

use move_vm_binary_format::{
	index::{ModuleHandleIndex, SignatureIndex},
	module::StructFieldInformation,
	SignatureToken as T,
};
use move_vm_fixtures::{abilities, Tables};
use move_vm_types::{Location, StatusCode};

use crate::*;

#[test]
fn ready_modules_and_script_are_accepted() {
	for module in move_vm_fixtures::all() {
		accepts(&module);
	}
	accepts_script(&move_vm_fixtures::script());
}

#[test]
fn error_lies_in_the_module_once_its_name_is_in_bounds() {
	let mut m = module();
	m.function(aborting("f"));
	let mut duplicate = m.clone().build();
	duplicate
		.pools
		.signatures
		.push(duplicate.pools.signatures[0].clone());
	let error = refuses(&duplicate, StatusCode::DUPLICATE_ELEMENT);
	let id = duplicate.self_id().unwrap();
	assert_eq!(*error.location(), Location::Module(id));

	m.module.pools.function_handles[0].parameters = SignatureIndex(9);
	let error = refuses(&m.build(), StatusCode::INDEX_OUT_OF_BOUNDS);
	assert_eq!(*error.location(), Location::Undefined);
}

#[test]
fn error_of_a_script_lies_in_the_script() {
	let mut script = move_vm_fixtures::script();
	script
		.pools
		.signatures
		.push(script.pools.signatures[0].clone());
	let error = refuses_script(&script, StatusCode::DUPLICATE_ELEMENT);
	assert_eq!(*error.location(), Location::Script);
}

/// Faults are added from the last pass to the first; each hides those before it.
#[test]
fn earlier_passes_speak_first() {
	let mut m = module();
	m.function(aborting("entry").entry().returns([reference(T::U8)]));
	refuses(
		&m.clone().build(),
		StatusCode::INVALID_MAIN_FUNCTION_SIGNATURE,
	);

	m.function(Function::new("empty").code([]));
	refuses(&m.clone().build(), StatusCode::EMPTY_CODE_UNIT);

	let looping = aborting("looping").type_parameters([abilities("")]);
	let handle = m.own_function_handle(&looping);
	let call = m.function_instantiation(handle, [vector(parameter(0))]);
	m.function(looping.code([Bytecode::CallGeneric(call), Bytecode::Ret]));
	refuses(&m.clone().build(), StatusCode::LOOP_IN_INSTANTIATION_GRAPH);

	let handle = m.own_struct_handle("S", abilities(""), &[]);
	let fields = m.fields(&[("f", T::Struct(handle))]);
	let fields = StructFieldInformation::Declared(fields);
	m.define_struct(handle, fields);
	refuses(&m.clone().build(), StatusCode::RECURSIVE_STRUCT_DEFINITION);

	m.friend(0x42, "m");
	refuses(
		&m.clone().build(),
		StatusCode::INVALID_FRIEND_DECL_WITH_SELF,
	);

	m.constant(T::Bool, [2]);
	refuses(&m.clone().build(), StatusCode::MALFORMED_CONSTANT_DATA);

	let generic = aborting("generic").type_parameters([abilities("")]);
	let handle = m.own_function_handle(&generic);
	m.function(generic);
	m.function(aborting("caller").code([Bytecode::Call(handle), Bytecode::Ret]));
	refuses(
		&m.clone().build(),
		StatusCode::GENERIC_MEMBER_OPCODE_MISMATCH,
	);

	m.signature([vector(reference(T::U8))]);
	refuses(&m.clone().build(), StatusCode::INVALID_SIGNATURE_TOKEN);

	m.friend(0x42, "m");
	refuses(&m.clone().build(), StatusCode::DUPLICATE_ELEMENT);

	m.identifier(&"a".repeat(200));
	refuses(&m.clone().build(), StatusCode::IDENTIFIER_TOO_LONG);

	m.module.version = 8;
	refuses(&m.clone().build(), StatusCode::UNKNOWN_VERSION);

	m.module.self_module_handle = ModuleHandleIndex(9);
	refuses(&m.build(), StatusCode::INDEX_OUT_OF_BOUNDS);
}
