//! Natives of the host: who called, and how control is handed to other code and comes back.

mod support;

use move_vm_binary_format::{bytecode::Bytecode as B, SignatureToken as T};
use move_vm_fixtures::{abilities, Function, ModuleBuilder, Tables};
use move_vm_runtime::{
	natives::{Arguments, NativeContext, NativeEntry, NativeResult},
	values::{TypeId, Value},
	Gas, Limits, MemoryHost, NativeTable, Republish, Session,
};
use move_vm_types::{AccountAddress, Location, StatusCode, VmResult};
use support::{address, assert_status, id, struct_tag, u64_bytes};

/// `leave(): vector<u8>`: hands over, takes back, and gives the name of its caller's module.
fn leave(
	context: &mut dyn NativeContext,
	_types: &[TypeId],
	_arguments: &mut Arguments<'_>,
) -> VmResult<NativeResult> {
	context.hand_over()?;
	context.take_back()?;
	let caller = context.caller()?;
	let name = caller.map_or(String::new(), |id| id.to_string());
	Ok(NativeResult::One(Value::bytes(name.into_bytes())))
}

static NATIVES: [NativeEntry; 1] = [NativeEntry {
	address: AccountAddress::from_low_byte(0x41),
	module: "bridge",
	function: "leave",
	code: leave,
}];

fn bytes() -> T {
	T::Vector(Box::new(T::U8))
}

fn signer() -> T {
	T::Reference(Box::new(T::Signer))
}

/// `0x41::bridge` with the native, and `0x42::m`, whose functions leave in the midst of things.
fn host() -> MemoryHost {
	let leave = Function::new("leave").public().returns([bytes()]);
	let mut bridge = ModuleBuilder::new(0x41, "bridge");
	bridge.function(leave.clone());
	let mut m = ModuleBuilder::new(0x42, "m");
	let module = m.module_handle(0x41, "bridge");
	let leave = m.function_handle(module, &leave);
	let r = m.struct_("R", abilities("key"), &[], &[("v", T::U64)]);
	let v = m.field(r.def, 0);
	m.function(
		Function::new("between")
			.parameters([signer(), T::Address])
			.returns([bytes(), T::U64])
			.acquires([r.def])
			.code([
				B::MoveLoc(0),
				B::LdU64(7),
				B::Pack(r.def),
				B::MoveTo(r.def),
				B::Call(leave),
				B::CopyLoc(1),
				B::ImmBorrowGlobal(r.def),
				B::ImmBorrowField(v),
				B::ReadRef,
				B::LdU64(8),
				B::MoveLoc(1),
				B::MutBorrowGlobal(r.def),
				B::MutBorrowField(v),
				B::WriteRef,
				B::Ret,
			]),
	);
	m.function(
		Function::new("borrowed")
			.parameters([T::Address])
			.returns([bytes()])
			.acquires([r.def])
			.locals([T::MutableReference(Box::new(r.type_()))])
			.code([
				B::MoveLoc(0),
				B::MutBorrowGlobal(r.def),
				B::StLoc(1),
				B::Call(leave),
				B::MoveLoc(1),
				B::Pop,
				B::Ret,
			]),
	);
	m.function(
		Function::new("on_stack")
			.parameters([T::Address])
			.returns([T::U64])
			.acquires([r.def])
			.locals([bytes()])
			.code([
				B::MoveLoc(0),
				B::ImmBorrowGlobal(r.def),
				B::Call(leave),
				B::StLoc(1),
				B::ImmBorrowField(v),
				B::ReadRef,
				B::Ret,
			]),
	);
	let mut host = MemoryHost::default();
	for module in [bridge.build(), m.build()] {
		let sender = module.self_id().unwrap().address;
		let mut session = session(&mut host);
		session
			.publish(&[module.serialize().unwrap()], sender, Republish::Refuse)
			.unwrap();
		session.finish().0.unwrap();
	}
	host
}

fn session(host: &mut MemoryHost) -> Session<'_> {
	let natives = NativeTable::new(&NATIVES);
	Session::with_natives(host, Limits::PRODUCTION, Gas::new(u64::MAX), natives).for_tests()
}

#[test]
fn natives_hand_over_and_learn_their_caller() {
	let mut host = host();
	let mut session = session(&mut host);
	let signer = address(7).0.to_vec();
	let results = session
		.call_function(
			&id(0x42, "m"),
			"between",
			vec![],
			vec![signer.clone(), signer],
			&[],
		)
		.unwrap();
	assert_eq!(results, [b"\x070x42::m".to_vec(), u64_bytes(7)]);
	// Only what was handed over is there, not what was done since.
	drop(session);
	let key = (address(7), struct_tag("0x42::m::R"));
	assert_eq!(host.resources.get(&key), Some(&u64_bytes(7)));
}

#[test]
fn natives_called_from_outside_have_no_caller() {
	let mut host = host();
	let results = session(&mut host)
		.call_function(&id(0x41, "bridge"), "leave", vec![], vec![], &[])
		.unwrap();
	assert_eq!(results, [[0]]);
}

#[test]
fn borrowed_resources_are_not_handed_over() {
	let mut host = host();
	let key = (address(7), struct_tag("0x42::m::R"));
	host.resources.insert(key, u64_bytes(1));
	for function in ["borrowed", "on_stack"] {
		let result = session(&mut host).call_function(
			&id(0x42, "m"),
			function,
			vec![],
			vec![address(7).0.to_vec()],
			&[],
		);
		let error = assert_status(result, StatusCode::VM_EXTENSION_ERROR);
		assert_eq!(error.location(), &Location::Module(id(0x41, "bridge")));
	}
}
