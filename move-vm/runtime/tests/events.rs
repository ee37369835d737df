//! Events: a module emits those that it defines, whatever way a value of another's came to it.

mod support;

use std::{fs, path::Path};

use move_vm_binary_format::{
	bytecode::Bytecode as B, index::FunctionHandleIndex, CompiledModule, SignatureToken as T,
};
use move_vm_fixtures::{abilities, phantom, type_parameter, Function, ModuleBuilder, Tables};
use move_vm_runtime::{Gas, Limits, Republish, Session};
use move_vm_types::{AccountAddress, StatusCode, VmResult};
use support::{address, assert_status, id, struct_tag, u64_bytes, Chain};

/// `permission_denied(2)`.
const NOT_ITS_OWN: u64 = 0x50002;

/// The standard library, from its bytecode.
fn chain() -> Chain {
	let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts/move/std");
	let order = fs::read_to_string(folder.join("ORDER")).unwrap();
	let modules: Vec<Vec<u8>> = order
		.split_whitespace()
		.map(|name| fs::read(folder.join(format!("bytecode/{name}.mv"))).unwrap())
		.collect();
	let mut chain = Chain::default();
	let mut session = Session::new(&mut chain.0, Limits::PRODUCTION, Gas::new(u64::MAX));
	session
		.publish(&modules, AccountAddress::ONE, Republish::Refuse)
		.unwrap();
	session.finish().0.unwrap();
	chain
}

fn emit(m: &mut ModuleBuilder) -> FunctionHandleIndex {
	let event = m.module_handle(1, "event");
	let emit = Function::new("emit")
		.type_parameters([abilities("drop store")])
		.parameters([T::TypeParameter(0)]);
	m.function_handle(event, &emit)
}

fn make() -> Function {
	Function::new("make").public()
}

/// `0x42::bank`, which defines `Deposit`, hands values of it out by `make`, emits one itself by `own`,
/// and by `relay<T>` whatever it is given.
fn bank() -> CompiledModule {
	let mut m = ModuleBuilder::new(0x42, "bank").version(6);
	let deposit = m.struct_(
		"Deposit",
		abilities("copy drop store"),
		&[],
		&[("n", T::U64)],
	);
	let emit = emit(&mut m);
	let emit_own = m.function_instantiation(emit, [deposit.type_()]);
	let emit_any = m.function_instantiation(emit, [T::TypeParameter(0)]);
	m.function(
		make()
			.returns([deposit.type_()])
			.code([B::LdU64(7), B::Pack(deposit.def), B::Ret]),
	);
	m.function(Function::new("own").public().entry().code([
		B::LdU64(7),
		B::Pack(deposit.def),
		B::CallGeneric(emit_own),
		B::Ret,
	]));
	m.function(
		Function::new("relay")
			.public()
			.type_parameters([abilities("drop store")])
			.parameters([T::TypeParameter(0)])
			.code([B::MoveLoc(0), B::CallGeneric(emit_any), B::Ret]),
	);
	m.build()
}

/// `0x43::thief`, whose functions try to emit a `Deposit` that they got.
fn thief() -> CompiledModule {
	let mut m = ModuleBuilder::new(0x43, "thief").version(6);
	let bank = m.module_handle(0x42, "bank");
	let deposit = m.struct_handle(bank, "Deposit", abilities("copy drop store"), &[]);
	let deposit = T::Struct(deposit);
	let make = m.function_handle(bank, &make().returns([deposit.clone()]));
	let emit = emit(&mut m);
	let of = |m: &mut ModuleBuilder, type_: &T| m.function_instantiation(emit, [type_.clone()]);
	let enter = |name: &str| Function::new(name).public().entry();

	let direct = of(&mut m, &deposit);
	m.function(enter("direct").code([B::Call(make), B::CallGeneric(direct), B::Ret]));

	let vector = T::Vector(Box::new(deposit.clone()));
	let element = m.signature([deposit.clone()]);
	let in_vector = of(&mut m, &vector);
	m.function(enter("in_vector").code([
		B::Call(make),
		B::VecPack(element, 1),
		B::CallGeneric(in_vector),
		B::Ret,
	]));

	// Its own generic function, whose frame is its own.
	let any = of(&mut m, &T::TypeParameter(0));
	let generic = m.function(
		Function::new("generic")
			.type_parameters([abilities("drop store")])
			.parameters([T::TypeParameter(0)])
			.code([B::MoveLoc(0), B::CallGeneric(any), B::Ret]),
	);
	let generic = m.function_instantiation(generic.handle, [deposit.clone()]);
	m.function(enter("through_generics").code([B::Call(make), B::CallGeneric(generic), B::Ret]));

	// What it defines itself is its own, with another's inside.
	let wrapper = m.struct_(
		"Wrapper",
		abilities("drop store"),
		&[type_parameter("drop store")],
		&[("inner", T::TypeParameter(0))],
	);
	let wrapped = m.struct_instantiation(wrapper.def, [deposit.clone()]);
	let emit_wrapped = of(&mut m, &wrapper.type_with([deposit.clone()]));
	m.function(enter("wrapped").code([
		B::Call(make),
		B::PackGeneric(wrapped),
		B::CallGeneric(emit_wrapped),
		B::Ret,
	]));

	// Another's generic function emits its own type: then the frame is the other's.
	let relay = Function::new("relay")
		.type_parameters([abilities("drop store")])
		.parameters([T::TypeParameter(0)]);
	let relay = m.function_handle(bank, &relay);
	let relay = m.function_instantiation(relay, [wrapper.type_with([deposit.clone()])]);
	m.function(enter("relayed").code([
		B::Call(make),
		B::PackGeneric(wrapped),
		B::CallGeneric(relay),
		B::Ret,
	]));

	// A handle of the library's, for the other's type.
	let event = m.module_handle(1, "event");
	let handle = m.struct_handle(
		event,
		"EventHandle",
		abilities("store"),
		&[phantom("drop store")],
	);
	let handle_of = |type_: T| T::StructInstantiation(handle, vec![type_]);
	let generic_handle = handle_of(T::TypeParameter(0));
	let constraint = [abilities("drop store")];
	let new = m.function_handle(
		event,
		&Function::new("new_event_handle")
			.type_parameters(constraint)
			.parameters([T::Reference(Box::new(T::Signer))])
			.returns([generic_handle.clone()]),
	);
	let emit_event = m.function_handle(
		event,
		&Function::new("emit_event")
			.type_parameters(constraint)
			.parameters([
				T::MutableReference(Box::new(generic_handle.clone())),
				T::TypeParameter(0),
			]),
	);
	let destroy = m.function_handle(
		event,
		&Function::new("destroy_handle")
			.type_parameters(constraint)
			.parameters([generic_handle]),
	);
	let mut by_handle = |name: &str, type_: &T, message: &[B]| {
		let new = m.function_instantiation(new, [type_.clone()]);
		let emit_event = m.function_instantiation(emit_event, [type_.clone()]);
		let destroy = m.function_instantiation(destroy, [type_.clone()]);
		let mut code = vec![
			B::MoveLoc(0),
			B::CallGeneric(new),
			B::StLoc(1),
			B::MutBorrowLoc(1),
		];
		code.extend_from_slice(message);
		code.extend([
			B::CallGeneric(emit_event),
			B::MoveLoc(1),
			B::CallGeneric(destroy),
			B::Ret,
		]);
		m.function(
			enter(name)
				.parameters([T::Reference(Box::new(T::Signer))])
				.locals([handle_of(type_.clone())])
				.code(code),
		);
	};
	by_handle("by_handle", &deposit, &[B::Call(make)]);
	let own = wrapper.type_with([deposit.clone()]);
	by_handle(
		"own_by_handle",
		&own,
		&[B::Call(make), B::PackGeneric(wrapped)],
	);
	m.build()
}

/// Calls a function as a transaction does; the types of the events that it emitted.
fn call(module: (u8, &str), function: &str, signers: &[AccountAddress]) -> VmResult<Vec<String>> {
	let mut chain = chain();
	for module in [bank(), thief()] {
		chain.publish(&module)?;
	}
	chain.enter(&id(module.0, module.1), function, &[], &[], signers)?;
	let events = chain.0.events.iter();
	Ok(events.map(|(tag, _)| tag.to_string()).collect())
}

#[test]
fn module_emits_events_of_its_own() {
	let alice = [address(0xA)];
	assert_eq!(
		call((0x42, "bank"), "own", &[]).unwrap(),
		["0x42::bank::Deposit"]
	);
	let wrapper = "0x43::thief::Wrapper<0x42::bank::Deposit>";
	assert_eq!(call((0x43, "thief"), "wrapped", &[]).unwrap(), [wrapper]);
	assert_eq!(
		call((0x43, "thief"), "own_by_handle", &alice).unwrap(),
		[format!("0x1::event::HandleEvent<{wrapper}>")]
	);
}

#[test]
fn module_cannot_forge_events_of_another() {
	for (function, code) in [
		("direct", NOT_ITS_OWN),
		("through_generics", NOT_ITS_OWN),
		("relayed", NOT_ITS_OWN),
		("in_vector", 0x10001),
	] {
		let error = assert_status(call((0x43, "thief"), function, &[]), StatusCode::ABORTED);
		assert_eq!(error.sub_status(), Some(code), "{function}");
	}
	let result = call((0x43, "thief"), "by_handle", &[address(0xA)]);
	let error = assert_status(result, StatusCode::ABORTED);
	assert_eq!(error.sub_status(), Some(NOT_ITS_OWN));
}

#[test]
fn nobody_emits_from_outside() {
	let mut chain = chain();
	chain.publish(&bank()).unwrap();
	let mut session = chain.session(support::GAS).for_tests();
	let result = session.call_function(
		&id(1, "event"),
		"emit",
		vec![support::tag("0x42::bank::Deposit")],
		vec![u64_bytes(7)],
		&[],
	);
	let error = assert_status(result, StatusCode::ABORTED);
	assert_eq!(error.sub_status(), Some(NOT_ITS_OWN));
	assert_eq!(
		struct_tag("0x42::bank::Deposit").to_string(),
		"0x42::bank::Deposit"
	);
}
