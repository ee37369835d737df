//! Publishing: what is refused, and that it is all or nothing.

mod support;

use move_vm_binary_format::{bytecode::Bytecode as B, CompiledModule, SignatureToken as T};
use move_vm_fixtures::{abilities, counter, empty, Function, ModuleBuilder, Tables};
use move_vm_runtime::{gas, record, Gas, Limits, Republish, Session};
use move_vm_types::{Location, StatusCode, VmResult};
use support::{address, assert_status, id, Chain};

/// A module `name` of `0x42` whose function `f` calls `f` of these.
fn caller(name: &str, callees: &[&str]) -> CompiledModule {
	let mut m = ModuleBuilder::new(0x42, name);
	let f = Function::new("f").public();
	let mut code = Vec::new();
	for callee in callees {
		let module = m.module_handle(0x42, callee);
		code.push(B::Call(m.function_handle(module, &f)));
	}
	code.push(B::Ret);
	m.function(f.code(code));
	m.build()
}

#[test]
fn records_give_the_bytes_back() {
	let chain = Chain::with(&move_vm_fixtures::all()[..5]);
	assert_eq!(chain.0.modules.len(), 5);
	for module in &move_vm_fixtures::all()[..5] {
		let stored = &chain.0.modules[&module.self_id().unwrap()];
		assert_eq!(
			record::module_bytes(stored).unwrap(),
			module.serialize().unwrap()
		);
	}
	assert!(record::module_bytes(&[]).is_err());
	assert!(record::module_bytes(&[9, 0]).is_err());
	assert!(record::module_bytes(&[1, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F]).is_err());
}

#[test]
fn only_the_owner_of_an_address_publishes_there() {
	let mut chain = Chain::default();
	let result = chain.publish_all(&[&empty()], address(0x43), Republish::Compatible);
	assert_status(result, StatusCode::MODULE_ADDRESS_DOES_NOT_MATCH_SENDER);
	assert!(chain.0.modules.is_empty());
}

#[test]
fn bundles_come_in_any_order_and_are_all_or_none() {
	let (a, b, c) = (
		caller("a", &["b", "c"]),
		caller("b", &["c"]),
		caller("c", &[]),
	);
	let sender = address(0x42);
	for bundle in [[&a, &b, &c], [&c, &a, &b], [&b, &c, &a]] {
		let mut chain = Chain::default();
		chain
			.publish_all(&bundle, sender, Republish::Refuse)
			.unwrap();
		chain.call(&id(0x42, "a"), "f", &[]).unwrap();
	}
	let mut wrong = c.clone();
	wrong.function_defs[0].code.as_mut().unwrap().code = vec![B::Pop, B::Ret];
	let mut chain = Chain::default();
	let result = chain.publish_all(&[&a, &b, &wrong], sender, Republish::Refuse);
	let error = assert_status(result, StatusCode::NEGATIVE_STACK_SIZE_WITHIN_BLOCK);
	assert_eq!(error.location(), &Location::Module(id(0x42, "c")));
	assert!(chain.0.modules.is_empty());
	let result = chain.publish_all(&[&a, &b], sender, Republish::Refuse);
	assert_status(result, StatusCode::LINKER_ERROR);
	let result = chain.publish_all(&[&c, &c], sender, Republish::Refuse);
	assert_status(result, StatusCode::DUPLICATE_MODULE_NAME);
	assert!(chain.0.modules.is_empty());
}

#[test]
fn cycles_are_refused() {
	let (a, b) = (caller("a", &["b"]), caller("b", &["a"]));
	let mut chain = Chain::default();
	let result = chain.publish_all(&[&a, &b], address(0x42), Republish::Refuse);
	assert_status(result, StatusCode::CYCLIC_MODULE_DEPENDENCY);
	// Closing a cycle by an upgrade is no better.
	let mut chain = Chain::with(&[caller("a", &[]), caller("b", &["a"])]);
	assert_status(chain.publish(&a), StatusCode::CYCLIC_MODULE_DEPENDENCY);
}

#[test]
fn upgrades_must_be_compatible_and_wanted() {
	let build = |field, code| {
		let mut m = ModuleBuilder::new(0x42, "m");
		m.struct_("S", abilities("drop"), &[], &[("v", field)]);
		m.function(
			Function::new("f")
				.public()
				.returns([T::U8])
				.code([B::LdU8(code), B::Ret]),
		);
		m.build()
	};
	let mut chain = Chain::with(&[build(T::U8, 1)]);
	let before = chain.0.clone();
	let sender = address(0x42);
	let refused = chain.publish_all(&[&build(T::U8, 2)], sender, Republish::Refuse);
	assert_status(refused, StatusCode::DUPLICATE_MODULE_NAME);
	assert_status(
		chain.publish(&build(T::U16, 2)),
		StatusCode::BACKWARD_INCOMPATIBLE_MODULE_UPDATE,
	);
	assert_eq!(chain.0, before);
	chain.publish(&build(T::U8, 2)).unwrap();
	assert_eq!(chain.call(&id(0x42, "m"), "f", &[]).unwrap(), [[2]]);
}

#[test]
fn garbage_of_every_length_is_refused() {
	let bytes = counter().serialize().unwrap();
	let mut chain = Chain::default();
	for end in 0..bytes.len() {
		let mut session = chain.session(u64::MAX);
		let result = session.publish(
			&[bytes[..end].to_vec()],
			address(0x42),
			Republish::Compatible,
		);
		assert!(result.is_err(), "{end}");
	}
	let mut session = chain.session(u64::MAX);
	let large = vec![0; Limits::PRODUCTION.binary_bytes as usize + 1];
	let result = session.publish(&[large], address(0x42), Republish::Compatible);
	assert_status(result, StatusCode::CODE_DESERIALIZATION_ERROR);
	assert!(chain.0.modules.is_empty());
}

#[test]
fn publishing_is_paid_for() {
	let bytes = counter().serialize().unwrap();
	let run = |chain: &mut Chain, gas| {
		let mut session = Session::new(&mut chain.0, Limits::PRODUCTION, Gas::new(gas));
		let published = session.publish(
			std::slice::from_ref(&bytes),
			address(0x42),
			Republish::Refuse,
		);
		let (finished, gas) = session.finish();
		(published.and(finished), gas.used())
	};
	let (result, needed) = run(&mut Chain::default(), u64::MAX);
	result.unwrap();
	for part in 0..200 {
		let mut chain = Chain::default();
		let (result, _) = run(&mut chain, needed / 200 * part);
		assert_status(result, StatusCode::OUT_OF_GAS);
		assert!(chain.0.modules.is_empty());
	}
}

#[test]
fn refused_module_pays_for_what_the_verifier_did() {
	// Long code that is fine up to its end.
	let module = |end: B| {
		let mut m = ModuleBuilder::new(0x42, "m");
		let mut code = vec![B::Nop; 4_000];
		code.extend([end, B::Ret]);
		m.function(Function::new("f").public().code(code));
		m.build().serialize().unwrap()
	};
	let used = |module: &[u8], gas: u64| {
		let mut chain = Chain::default();
		let mut session = chain.session(gas);
		let result = session.publish(&[module.to_vec()], address(0x42), Republish::Refuse);
		(result, session.gas().used())
	};
	let ample = 1_000_000_000;
	let (result, accepted) = used(&module(B::Nop), ample);
	result.unwrap();
	let (result, refused) = used(&module(B::Add), ample);
	assert_status(result, StatusCode::NEGATIVE_STACK_SIZE_WITHIN_BLOCK);
	let bytes = u64::try_from(module(B::Add).len()).unwrap();
	let read = gas::schedule::VERIFY + gas::schedule::VERIFY_BYTE * bytes;
	assert!(
		refused > read + gas::schedule::VERIFY_UNIT * 4_000,
		"{refused} {read}"
	);
	assert!(refused < accepted);
	// The verifier takes no more steps than the gas pays for.
	let (result, all) = used(&module(B::Add), refused - 1);
	assert_status(result, StatusCode::OUT_OF_GAS);
	assert_eq!(all, refused - 1);
}

/// A module whose `init_module` is this, with resource `R`; `is_there(address)` tells whether it is.
fn with_init(init: Function, puts: bool) -> CompiledModule {
	let mut m = ModuleBuilder::new(0x42, "m").version(6);
	let r = m.struct_("R", abilities("key"), &[], &[("v", T::U64)]);
	let code = match puts {
		true => vec![
			B::MoveLoc(0),
			B::LdU64(7),
			B::Pack(r.def),
			B::MoveTo(r.def),
			B::Ret,
		],
		false => vec![B::Ret],
	};
	m.function(init.code(code));
	m.function(
		Function::new("is_there")
			.public()
			.parameters([T::Address])
			.returns([T::Bool])
			.code([B::MoveLoc(0), B::Exists(r.def), B::Ret]),
	);
	m.build()
}

fn signer_reference() -> T {
	T::Reference(Box::new(T::Signer))
}

fn init() -> Function {
	Function::new("init_module").parameters([signer_reference()])
}

/// Publishes and initialises as a chain does; the modules that were new.
fn publish_and_initialize(chain: &mut Chain, module: &CompiledModule) -> VmResult<usize> {
	let mut session = chain.session(support::GAS);
	let bytes = [module.serialize().unwrap()];
	let new = session.publish(&bytes, address(0x42), Republish::Compatible)?;
	for id in &new {
		session.initialize(id, address(0x42))?;
	}
	session.finish().0?;
	Ok(new.len())
}

fn is_there(chain: &mut Chain) -> bool {
	let arguments = [address(0x42).0.to_vec()];
	chain.call(&id(0x42, "m"), "is_there", &arguments).unwrap() == [[1]]
}

#[test]
fn new_module_is_initialised_once_by_its_publisher() {
	let mut chain = Chain::default();
	let module = with_init(init(), true);
	assert_eq!(publish_and_initialize(&mut chain, &module).unwrap(), 1);
	assert!(is_there(&mut chain));
	// A second time it would fail, because the resource is there.
	assert_eq!(publish_and_initialize(&mut chain, &module).unwrap(), 0);
	// A signer by value goes as well.
	let mut chain = Chain::default();
	let by_value = Function::new("init_module").parameters([T::Signer]);
	assert_eq!(
		publish_and_initialize(&mut chain, &with_init(by_value, false)).unwrap(),
		1
	);
	assert!(!is_there(&mut chain));
}

#[test]
fn module_whose_initialisation_fails_is_not_published() {
	let mut chain = Chain::default();
	let mut module = with_init(init(), true);
	module.function_defs[0].code.as_mut().unwrap().code = vec![B::LdU64(9), B::Abort];
	let error = assert_status(
		publish_and_initialize(&mut chain, &module),
		StatusCode::ABORTED,
	);
	assert_eq!(error.sub_status(), Some(9));
	assert!(chain.0.modules.is_empty() && chain.0.resources.is_empty());
}

#[test]
fn init_module_of_another_shape_is_refused() {
	let mutable = T::MutableReference(Box::new(T::Signer));
	for init in [
		init().public(),
		init().friend(),
		init().entry(),
		init().type_parameters([abilities("")]),
		Function::new("init_module"),
		Function::new("init_module").parameters([T::Address]),
		Function::new("init_module").parameters([mutable]),
		Function::new("init_module").parameters([signer_reference(), signer_reference()]),
		Function::new("init_module").parameters([signer_reference(), T::U64]),
	] {
		let mut chain = Chain::default();
		let error = assert_status(
			publish_and_initialize(&mut chain, &with_init(init, false)),
			StatusCode::INVALID_MAIN_FUNCTION_SIGNATURE,
		);
		assert_eq!(error.location(), &Location::Module(id(0x42, "m")));
		assert!(chain.0.modules.is_empty());
	}
	let mut m = ModuleBuilder::new(0x42, "m").version(6);
	m.function(init().returns([T::U64]).code([B::LdU64(1), B::Ret]));
	assert_status(
		publish_and_initialize(&mut Chain::default(), &m.build()),
		StatusCode::INVALID_MAIN_FUNCTION_SIGNATURE,
	);
}

#[test]
fn bundle_and_what_it_needs_are_bounded_together() {
	let large = |name: &str| {
		let mut m = ModuleBuilder::new(0x42, name).version(6);
		m.metadata(b"blank", &vec![0; 60_000]);
		m.function(Function::new("f").public().code([B::Ret]));
		m.build()
	};
	let names = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
	let modules = names.map(large);
	let all: Vec<_> = modules.iter().collect();
	let mut chain = Chain::default();
	let result = chain.publish_all(&all, address(0x42), Republish::Refuse);
	assert_status(result, StatusCode::DEPENDENCY_LIMIT_REACHED);
	for module in &modules {
		chain.publish(module).unwrap();
	}
	chain.publish(&caller("few", &names[..8])).unwrap();
	assert_status(
		chain.publish(&caller("many", &names)),
		StatusCode::DEPENDENCY_LIMIT_REACHED,
	);
}
