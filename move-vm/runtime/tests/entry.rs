//! What a transaction may call, and with what.

mod support;

use std::{fs, path::PathBuf};

use move_vm_binary_format::{bytecode::Bytecode as B, CompiledModule, SignatureToken as T};
use move_vm_fixtures::{abilities, script, Function, ModuleBuilder, ScriptBuilder, Tables};
use move_vm_types::{Location, StatusCode, VmResult};
use support::{address, assert_status, id, u64_bytes, Chain};

fn library(name: &str) -> CompiledModule {
	let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
		.join("../../contracts/move/std/bytecode")
		.join(name)
		.with_extension("mv");
	CompiledModule::deserialize(&fs::read(path).unwrap()).unwrap()
}

fn signer_reference() -> T {
	T::Reference(Box::new(T::Signer))
}

/// A chain with `0x42::m::f`, an entry function of these parameters that returns at once.
fn chain_with(parameters: &[T]) -> Chain {
	let mut m = ModuleBuilder::new(0x42, "m");
	m.function(
		Function::new("f")
			.entry()
			.parameters(parameters)
			.code([B::Ret]),
	);
	Chain::with(&[m.build()])
}

fn enter(chain: &mut Chain, arguments: &[Vec<u8>], signers: &[u8]) -> VmResult<()> {
	let signers: Vec<_> = signers.iter().map(|low| address(*low)).collect();
	chain.enter(&id(0x42, "m"), "f", &[], arguments, &signers)
}

#[test]
fn what_is_not_there_or_no_entry_is_refused() {
	let mut m = ModuleBuilder::new(0x42, "m");
	m.function(Function::new("f").public().code([B::Ret]));
	let mut chain = Chain::with(&[m.build()]);
	let mut enter =
		|module: &str, function| chain.enter(&id(0x42, module), function, &[], &[], &[]);
	assert_status(enter("n", "f"), StatusCode::LINKER_ERROR);
	assert_status(enter("m", "g"), StatusCode::FUNCTION_RESOLUTION_FAILURE);
	assert_status(
		enter("m", "f"),
		StatusCode::EXECUTE_ENTRY_FUNCTION_CALLED_ON_NON_ENTRY_FUNCTION,
	);
}

#[test]
fn signers_fill_leading_parameters() {
	let mut chain = chain_with(&[signer_reference(), T::Signer, T::U64]);
	enter(&mut chain, &[u64_bytes(1)], &[1, 2]).unwrap();
	for signers in [&[][..], &[1], &[1, 2, 3]] {
		assert_status(
			enter(&mut chain, &[u64_bytes(1)], signers),
			StatusCode::NUMBER_OF_SIGNER_ARGUMENTS_MISMATCH,
		);
	}
	for arguments in [&[][..], &[u64_bytes(1), u64_bytes(1)]] {
		assert_status(
			enter(&mut chain, arguments, &[1, 2]),
			StatusCode::NUMBER_OF_ARGUMENTS_MISMATCH,
		);
	}
	// Who does not ask for signers need not care about them.
	enter(&mut chain_with(&[T::U64]), &[u64_bytes(1)], &[1]).unwrap();
	// A signer behind another parameter cannot be filled.
	assert_status(
		enter(&mut chain_with(&[T::U64, T::Signer]), &[u64_bytes(1)], &[1]),
		StatusCode::INVALID_MAIN_FUNCTION_SIGNATURE,
	);
	// No bytes become a signer.
	assert_status(
		enter(
			&mut chain_with(&[T::Vector(Box::new(T::Signer))]),
			&[vec![0]],
			&[],
		),
		StatusCode::INVALID_MAIN_FUNCTION_SIGNATURE,
	);
}

#[test]
fn arguments_have_exactly_one_form() {
	let cases = [
		(T::U8, vec![1], vec![vec![], vec![1, 2]]),
		(T::Bool, vec![1], vec![vec![2]]),
		(T::U64, u64_bytes(5), vec![vec![1; 7], vec![1; 9]]),
		(T::Address, vec![7; 32], vec![vec![7; 31], vec![7; 33]]),
		(
			T::Vector(Box::new(T::U16)),
			vec![1, 2, 3],
			vec![
				vec![2, 2, 3],
				vec![1, 2],
				vec![0x81, 0, 2, 3],
				vec![0xFF; 9],
			],
		),
	];
	for (type_, good, bad) in cases {
		let mut chain = chain_with(&[type_]);
		enter(&mut chain, &[good], &[]).unwrap();
		for bytes in bad {
			assert_status(
				enter(&mut chain, &[bytes], &[]),
				StatusCode::FAILED_TO_DESERIALIZE_ARGUMENT,
			);
		}
	}
}

#[test]
fn structs_are_refused_but_for_strings_and_options() {
	let mut chain = Chain::default();
	for name in ["vector", "option", "ascii", "string"] {
		chain.publish(&library(name)).unwrap();
	}
	let mut m = ModuleBuilder::new(0x42, "m");
	let own = m.struct_("S", abilities("copy drop"), &[], &[("v", T::U8)]);
	let string = m.module_handle(1, "string");
	let string = m.struct_handle(string, "String", abilities("copy drop store"), &[]);
	let ascii = m.module_handle(1, "ascii");
	let ascii = m.struct_handle(ascii, "String", abilities("copy drop store"), &[]);
	let option = m.module_handle(1, "option");
	let parameters = [move_vm_fixtures::type_parameter("")];
	let option = m.struct_handle(option, "Option", abilities("copy drop store"), &parameters);
	let option_of = |type_| T::StructInstantiation(option, vec![type_]);
	let vector_of = |type_| T::Vector(Box::new(type_));
	let cases = [
		("own", own.type_()),
		("own_in_vector", vector_of(own.type_())),
		("own_in_option", option_of(own.type_())),
		("utf8", T::Struct(string)),
		("utf8_in_vectors", vector_of(vector_of(T::Struct(string)))),
		("ascii", T::Struct(ascii)),
		("option", option_of(T::U8)),
		("option_of_utf8", option_of(T::Struct(string))),
	];
	for (name, type_) in &cases {
		m.function(
			Function::new(name)
				.entry()
				.parameters([type_.clone()])
				.code([B::Ret]),
		);
	}
	chain.publish(&m.build()).unwrap();
	let mut enter =
		|name, bytes: &[u8]| chain.enter(&id(0x42, "m"), name, &[], &[bytes.to_vec()], &[]);
	for name in ["own", "own_in_vector", "own_in_option"] {
		assert_status(
			enter(name, &[0]),
			StatusCode::INVALID_MAIN_FUNCTION_SIGNATURE,
		);
	}
	let good: [(&str, &[u8]); 7] = [
		("utf8", b"\x02\xC3\xA9"),
		("utf8", b"\x00"),
		("utf8_in_vectors", b"\x01\x01\x02\xC3\xA9"),
		("ascii", b"\x01a"),
		("option", b"\x00"),
		("option", b"\x01\x07"),
		("option_of_utf8", b"\x01\x01a"),
	];
	for (name, bytes) in good {
		enter(name, bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
	}
	let bad: [(&str, &[u8]); 6] = [
		("utf8", b"\x01\xC3"),
		("utf8_in_vectors", b"\x01\x01\x01\xFF"),
		("ascii", b"\x02\xC3\xA9"),
		("option", b"\x02\x07\x07"),
		("option", b"\x02\x07"),
		("option_of_utf8", b"\x01\x01\xFF"),
	];
	for (name, bytes) in bad {
		assert_status(
			enter(name, bytes),
			StatusCode::FAILED_TO_DESERIALIZE_ARGUMENT,
		);
	}
}

#[test]
fn references_and_results_are_not_for_transactions() {
	let reference = T::Reference(Box::new(T::U64));
	assert_status(
		enter(&mut chain_with(&[reference]), &[u64_bytes(1)], &[]),
		StatusCode::INVALID_MAIN_FUNCTION_SIGNATURE,
	);
	let mut m = ModuleBuilder::new(0x42, "m");
	m.function(
		Function::new("f")
			.entry()
			.returns([T::U8])
			.code([B::LdU8(1), B::Ret]),
	);
	let mut chain = Chain::with(&[m.build()]);
	assert_status(
		enter(&mut chain, &[], &[]),
		StatusCode::INVALID_MAIN_FUNCTION_SIGNATURE,
	);
	assert_eq!(chain.call(&id(0x42, "m"), "f", &[]).unwrap(), [[1]]);
}

#[test]
fn type_arguments_must_fit() {
	let mut m = ModuleBuilder::new(0x42, "m");
	m.struct_("Rock", abilities("store"), &[], &[("v", T::U8)]);
	m.function(
		Function::new("f")
			.entry()
			.type_parameters([abilities("drop")])
			.code([B::Ret]),
	);
	let mut chain = Chain::with(&[m.build()]);
	let module = id(0x42, "m");
	let mut enter = |types: &[&str]| chain.enter(&module, "f", types, &[], &[]);
	enter(&["u8"]).unwrap();
	enter(&["signer"]).unwrap();
	let cases: [(&[&str], _); 6] = [
		(&[], StatusCode::NUMBER_OF_TYPE_ARGUMENTS_MISMATCH),
		(&["u8", "u8"], StatusCode::NUMBER_OF_TYPE_ARGUMENTS_MISMATCH),
		(&["0x42::m::Rock"], StatusCode::CONSTRAINT_NOT_SATISFIED),
		(
			&["vector<0x42::m::Rock>"],
			StatusCode::CONSTRAINT_NOT_SATISFIED,
		),
		(&["0x42::m::Stone"], StatusCode::TYPE_RESOLUTION_FAILURE),
		(&["0x42::n::Rock"], StatusCode::LINKER_ERROR),
	];
	for (types, status) in cases {
		assert_status(enter(types), status);
	}
	let error = enter(&[]).unwrap_err();
	assert_eq!(error.location(), &Location::Module(module));
	let error = chain
		.enter(&id(0x42, "m"), "f", &["0x42::m::Rock<u8>"], &[], &[])
		.unwrap_err();
	assert_eq!(
		error.status(),
		StatusCode::NUMBER_OF_TYPE_ARGUMENTS_MISMATCH
	);
}

#[test]
fn scripts_run_after_verification() {
	let mut chain = Chain::with(&[move_vm_fixtures::counter()]);
	let run =
		|chain: &mut Chain, number| chain.run(&script(), &[], &[u64_bytes(number)], &[address(7)]);
	let error = assert_status(run(&mut chain, 0), StatusCode::ABORTED);
	assert_eq!(
		(error.location(), error.code_offset()),
		(&Location::Script, Some((0, 8)))
	);
	run(&mut chain, 1).unwrap();
	assert_eq!(chain.0.resources.len(), 1);
	assert_status(run(&mut chain, 1), StatusCode::RESOURCE_ALREADY_EXISTS);
	// Without the module it cannot be linked.
	assert_status(run(&mut Chain::default(), 1), StatusCode::LINKER_ERROR);
	// A script that is not well typed does not run.
	let bad = ScriptBuilder::new().build(Function::new("main").code([B::LdTrue, B::Abort]));
	let error = assert_status(
		chain.run(&bad, &[], &[], &[]),
		StatusCode::ABORT_TYPE_MISMATCH_ERROR,
	);
	assert_eq!(
		(error.location(), error.code_offset()),
		(&Location::Script, Some((0, 1)))
	);
	let module = move_vm_fixtures::counter().serialize().unwrap();
	let mut session = chain.session(support::GAS);
	let error = assert_status(
		session.execute_script(&module, vec![], vec![], &[]),
		StatusCode::CODE_DESERIALIZATION_ERROR,
	);
	assert_eq!(error.location(), &Location::Script);
}

#[test]
fn generic_scripts_take_type_arguments() {
	let main = Function::new("main")
		.type_parameters([abilities("drop")])
		.parameters([T::U64])
		.code([B::Ret]);
	let script = ScriptBuilder::new().build(main);
	let mut chain = Chain::default();
	chain.run(&script, &["u8"], &[u64_bytes(1)], &[]).unwrap();
	let error = assert_status(
		chain.run(&script, &[], &[u64_bytes(1)], &[]),
		StatusCode::NUMBER_OF_TYPE_ARGUMENTS_MISMATCH,
	);
	assert_eq!(error.location(), &Location::Script);
}

#[test]
fn test_runners_may_pass_anything() {
	let mut m = ModuleBuilder::new(0x42, "m");
	let s = m.struct_("S", abilities("copy drop"), &[], &[("v", T::U8)]);
	m.function(
		Function::new("f")
			.parameters([signer_reference(), T::MutableReference(Box::new(s.type_()))])
			.returns([T::MutableReference(Box::new(s.type_()))])
			.code([B::MoveLoc(1), B::Ret]),
	);
	let mut chain = Chain::with(&[m.build()]);
	let mut session = chain.session(support::GAS).for_tests();
	let results = session
		.call_function(&id(0x42, "m"), "f", vec![], vec![vec![9]], &[address(1)])
		.unwrap();
	assert_eq!(results, [[9]]);
	drop(session);
	assert_status(
		chain.call(&id(0x42, "m"), "f", &[vec![9]]),
		StatusCode::NUMBER_OF_ARGUMENTS_MISMATCH,
	);
	assert_status(
		chain.call(&id(0x42, "m"), "f", &[vec![1; 31], vec![9]]),
		StatusCode::FAILED_TO_DESERIALIZE_ARGUMENT,
	);
}
