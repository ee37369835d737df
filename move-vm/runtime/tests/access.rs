//! Access specifiers: what functions of bytecode 7 declare is what they may touch.

mod support;

use move_vm_binary_format::{
	bytecode::Bytecode as B,
	index::{AddressIdentifierIndex, FunctionInstantiationIndex},
	module::{AccessKind, AccessSpecifier, AddressSpecifier, ResourceSpecifier},
	CompiledModule, SignatureToken as T,
};
use move_vm_fixtures::{abilities, Function, ModuleBuilder, Tables};
use move_vm_runtime::Republish;
use move_vm_types::{Location, StatusCode, VmResult};
use support::{address, assert_status, id, Chain};

const ALICE: u8 = 0xA;
const BOB: u8 = 0xB;

/// A specifier in the making: kind, whether it forbids, resource, address.
type Specifier = (AccessKind, bool, fn(&Shapes) -> ResourceSpecifier, At);

/// What specifiers can name.
struct Shapes {
	r: ResourceSpecifier,
	s: ResourceSpecifier,
	of_module: ResourceSpecifier,
	of_address: ResourceSpecifier,
	of_other: ResourceSpecifier,
}

#[derive(Clone, Copy)]
enum At {
	Any,
	Alice,
	Parameter,
	SignerParameter,
}

const READS: AccessKind = AccessKind::Reads;
const WRITES: AccessKind = AccessKind::Writes;
const ACQUIRES: AccessKind = AccessKind::Acquires;

fn any(_: &Shapes) -> ResourceSpecifier {
	ResourceSpecifier::Any
}
fn r(shapes: &Shapes) -> ResourceSpecifier {
	shapes.r.clone()
}
fn s(shapes: &Shapes) -> ResourceSpecifier {
	shapes.s.clone()
}

/// `0x42::m` with resources `R` and `S` and for each of what can be done with `R` two functions: one that
/// does it, with these specifiers, and one with them that calls one that does it.
fn module(specifiers: Option<&[Specifier]>) -> CompiledModule {
	let mut m = ModuleBuilder::new(0x42, "m");
	let r = m.struct_("R", abilities("key drop"), &[], &[("v", T::U64)]);
	let s = m.struct_("S", abilities("key drop"), &[], &[("v", T::U64)]);
	let signer = T::Reference(Box::new(T::Signer));
	let alice = m.address(u64::from(ALICE));
	let own = m.address(0x42u64);
	let signer_module = m.module_handle(1, "signer");
	let address_of = m.function_handle(
		signer_module,
		&Function::new("address_of")
			.parameters([signer.clone()])
			.returns([T::Address]),
	);
	let address_of = m.function_instantiation(address_of, []);
	let shapes = Shapes {
		r: ResourceSpecifier::Resource(r.handle),
		s: ResourceSpecifier::Resource(s.handle),
		of_module: ResourceSpecifier::DeclaredInModule(m.self_handle()),
		of_address: ResourceSpecifier::DeclaredAtAddress(own),
		of_other: ResourceSpecifier::DeclaredInModule(signer_module),
	};
	let at = |at: At, alice: AddressIdentifierIndex, of: FunctionInstantiationIndex| match at {
		At::Any => AddressSpecifier::Any,
		At::Alice => AddressSpecifier::Literal(alice),
		At::Parameter => AddressSpecifier::Parameter(1, None),
		At::SignerParameter => AddressSpecifier::Parameter(0, Some(of)),
	};
	let list = specifiers.map(|list| {
		list.iter()
			.map(|(kind, negated, resource, place)| AccessSpecifier {
				kind: *kind,
				negated: *negated,
				resource: resource(&shapes),
				address: at(*place, alice, address_of),
			})
			.collect::<Vec<_>>()
	});
	let parameters = [signer.clone(), T::Address];
	let mut add = |name: &str, code: &[B], acquires: bool| {
		let with = |function: Function| {
			let function = function.parameters(parameters.clone()).public().entry();
			match &list {
				Some(list) => function.access_specifiers(list.clone()),
				None => function,
			}
		};
		let acquired = if acquires { vec![r.def] } else { vec![] };
		let code = [code, &[B::Ret]].concat();
		m.function(
			with(Function::new(name))
				.acquires(acquired.clone())
				.code(code.clone()),
		);
		let plain = Function::new(&format!("{name}_plain"))
			.parameters(parameters.clone())
			.acquires(acquired.clone())
			.code(code);
		let plain = m.function(plain).handle;
		m.function(
			with(Function::new(&format!("{name}_below")))
				.acquires(acquired)
				.code([B::MoveLoc(0), B::MoveLoc(1), B::Call(plain), B::Ret]),
		);
	};
	add("check", &[B::MoveLoc(1), B::Exists(r.def), B::Pop], false);
	add(
		"read",
		&[B::MoveLoc(1), B::ImmBorrowGlobal(r.def), B::Pop],
		true,
	);
	add(
		"write",
		&[B::MoveLoc(1), B::MutBorrowGlobal(r.def), B::Pop],
		true,
	);
	add("take", &[B::MoveLoc(1), B::MoveFrom(r.def), B::Pop], true);
	add(
		"put",
		&[B::MoveLoc(0), B::LdU64(1), B::Pack(r.def), B::MoveTo(r.def)],
		false,
	);
	m.function(Function::new("set_up").parameters([signer]).entry().code([
		B::MoveLoc(0),
		B::LdU64(1),
		B::Pack(r.def),
		B::MoveTo(r.def),
		B::Ret,
	]));
	m.build()
}

fn signer() -> CompiledModule {
	let mut m = ModuleBuilder::new(1, "signer").version(6);
	let signer = T::Reference(Box::new(T::Signer));
	let borrow = m.function(
		Function::new("borrow_address")
			.public()
			.parameters([signer.clone()])
			.returns([T::Reference(Box::new(T::Address))]),
	);
	m.function(
		Function::new("address_of")
			.public()
			.parameters([signer])
			.returns([T::Address])
			.code([B::MoveLoc(0), B::Call(borrow.handle), B::ReadRef, B::Ret]),
	);
	m.build()
}

/// Does something with Alice's `R`, signed by Alice; `put` is for Bob.
fn try_(specifiers: Option<&[Specifier]>, function: &str) -> VmResult<()> {
	let mut chain = Chain::with(&[signer(), module(specifiers)]);
	let m = id(0x42, "m");
	chain.enter(&m, "set_up", &[], &[], &[address(ALICE)])?;
	let by = if function.starts_with("put") {
		BOB
	} else {
		ALICE
	};
	let at = address(ALICE).0.to_vec();
	chain.enter(&m, function, &[], &[at], &[address(by)])
}

const ALL: [&str; 5] = ["check", "read", "write", "take", "put"];
const READING: [&str; 2] = ["check", "read"];

/// Holds what specifiers allow against what they should, in the function itself and below it.
#[track_caller]
fn allows(specifiers: Option<&[Specifier]>, allowed: &[&str]) {
	for function in ALL {
		for name in [function.to_string(), format!("{function}_below")] {
			let result = try_(specifiers, &name);
			if allowed.contains(&function) {
				result.unwrap_or_else(|error| panic!("{name}: {error}"));
			} else {
				let error = assert_status(result, StatusCode::ACCESS_DENIED);
				assert_eq!(error.location(), &Location::Module(id(0x42, "m")), "{name}");
			}
		}
	}
}

#[test]
fn function_without_specifiers_touches_all() {
	allows(None, &ALL);
}

#[test]
fn function_that_declares_nothing_touches_nothing() {
	allows(Some(&[]), &[]);
}

#[test]
fn reads_allows_to_read_and_writes_both() {
	allows(Some(&[(READS, false, r, At::Any)]), &READING);
	allows(Some(&[(WRITES, false, r, At::Any)]), &ALL);
	allows(Some(&[(ACQUIRES, false, r, At::Any)]), &ALL);
	allows(Some(&[(WRITES, false, s, At::Any)]), &[]);
	allows(
		Some(&[(WRITES, false, s, At::Any), (READS, false, r, At::Any)]),
		&READING,
	);
}

#[test]
fn negation_forbids_and_else_allows() {
	allows(Some(&[(READS, true, r, At::Any)]), &[]);
	allows(Some(&[(ACQUIRES, true, r, At::Any)]), &[]);
	allows(Some(&[(WRITES, true, r, At::Any)]), &READING);
	allows(Some(&[(READS, true, s, At::Any)]), &ALL);
	allows(
		Some(&[(WRITES, false, any, At::Any), (WRITES, true, r, At::Any)]),
		&READING,
	);
	// With one that allows, what none allows is forbidden.
	allows(
		Some(&[(READS, false, s, At::Any), (WRITES, true, s, At::Any)]),
		&[],
	);
}

#[test]
fn wildcards_stand_for_modules_and_addresses() {
	allows(Some(&[(READS, false, any, At::Any)]), &READING);
	allows(
		Some(&[(READS, false, |shapes| shapes.of_module.clone(), At::Any)]),
		&READING,
	);
	allows(
		Some(&[(READS, false, |shapes| shapes.of_address.clone(), At::Any)]),
		&READING,
	);
	allows(
		Some(&[(READS, false, |shapes| shapes.of_other.clone(), At::Any)]),
		&[],
	);
}

#[test]
fn addresses_are_literal_or_those_of_arguments() {
	let alices = ["check", "read", "write", "take"];
	allows(Some(&[(WRITES, false, r, At::Alice)]), &alices);
	// The parameter is Alice's address; what Bob puts is at his.
	allows(Some(&[(WRITES, false, r, At::Parameter)]), &alices);
	// The signer is Alice, and for `put` it is Bob.
	allows(Some(&[(WRITES, false, r, At::SignerParameter)]), &ALL);
	allows(Some(&[(READS, true, r, At::Alice)]), &["put"]);
}

#[test]
fn specifier_that_cannot_be_evaluated_is_refused() {
	let mut m = ModuleBuilder::new(0x42, "m");
	m.function(
		Function::new("f")
			.parameters([T::U64])
			.access_specifiers([AccessSpecifier {
				kind: READS,
				negated: false,
				resource: ResourceSpecifier::Any,
				address: AddressSpecifier::Parameter(0, None),
			}])
			.code([B::Ret]),
	);
	let mut chain = Chain::default();
	let result = chain.publish_all(&[&m.build()], address(0x42), Republish::Refuse);
	assert_status(result, StatusCode::FEATURE_NOT_ENABLED);
}

#[test]
fn specifiers_of_too_many_frames_are_refused() {
	let mut m = ModuleBuilder::new(0x42, "m");
	let f = Function::new("f")
		.parameters([T::U64])
		.access_specifiers([]);
	let handle = m.own_function_handle(&f);
	m.function(f.code([
		B::CopyLoc(0),
		B::LdU64(0),
		B::Eq,
		B::BrFalse(5),
		B::Ret,
		B::MoveLoc(0),
		B::LdU64(1),
		B::Sub,
		B::Call(handle),
		B::Ret,
	]));
	let mut chain = Chain::with(&[m.build()]);
	let mut call = |n: u64| chain.call(&id(0x42, "m"), "f", &[support::u64_bytes(n)]);
	call(255).unwrap();
	assert_status(call(256), StatusCode::ACCESS_STACK_LIMIT_EXCEEDED);
	call(255).unwrap();
}
