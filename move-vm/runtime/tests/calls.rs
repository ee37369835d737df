//! Calls: depth, stack, type arguments, modules, and what may be called from where.

mod support;

use move_vm_binary_format::{bytecode::Bytecode as B, CompiledModule, SignatureToken as T};
use move_vm_fixtures::{abilities, type_parameter, Function, ModuleBuilder, Tables};
use move_vm_types::{Location, StatusCode};
use support::{assert_status, id, u64_bytes, Chain};

/// `down(n)`: calls itself `n` times and gives `n`.
fn recursive() -> CompiledModule {
	let mut m = ModuleBuilder::new(0x42, "m");
	let down = Function::new("down")
		.public()
		.parameters([T::U64])
		.returns([T::U64]);
	let handle = m.own_function_handle(&down);
	m.function(down.code([
		B::CopyLoc(0),
		B::LdU64(0),
		B::Eq,
		B::BrFalse(6),
		B::MoveLoc(0),
		B::Ret,
		// 6
		B::MoveLoc(0),
		B::LdU64(1),
		B::Sub,
		B::Call(handle),
		B::LdU64(1),
		B::Add,
		B::Ret,
	]));
	m.build()
}

#[test]
fn calls_nest_1024_deep_and_no_deeper() {
	let mut chain = Chain::with(&[recursive()]);
	let m = id(0x42, "m");
	assert_eq!(
		chain.call(&m, "down", &[u64_bytes(1024)]).unwrap(),
		[u64_bytes(1024)]
	);
	let error = assert_status(
		chain.call(&m, "down", &[u64_bytes(1025)]),
		StatusCode::CALL_STACK_OVERFLOW,
	);
	assert_eq!(error.location(), &Location::Module(m));
	assert_eq!(error.code_offset(), Some((0, 9)));
}

#[test]
fn operand_stack_holds_1024_values_of_all_frames_together() {
	// Each level leaves `HELD` values on the stack while it calls itself.
	const HELD: usize = 100;
	let mut m = ModuleBuilder::new(0x42, "m");
	let hold = Function::new("hold").parameters([T::U64]);
	let handle = m.own_function_handle(&hold);
	let mut code = vec![B::CopyLoc(0), B::LdU64(0), B::Eq, B::BrFalse(5), B::Ret];
	code.extend(vec![B::LdU8(0); HELD]);
	code.extend([B::MoveLoc(0), B::LdU64(1), B::Sub, B::Call(handle)]);
	code.extend(vec![B::Pop; HELD]);
	code.push(B::Ret);
	m.function(hold.code(code));
	let mut chain = Chain::with(&[m.build()]);
	let m = id(0x42, "m");
	chain.call(&m, "hold", &[u64_bytes(10)]).unwrap();
	let error = assert_status(
		chain.call(&m, "hold", &[u64_bytes(11)]),
		StatusCode::EXECUTION_STACK_OVERFLOW,
	);
	assert_eq!(error.code_offset(), Some((0, 5 + 24)));
}

#[test]
fn functions_of_other_modules_are_called_and_named_in_errors() {
	let mut lower = ModuleBuilder::new(0x41, "lower");
	let fail = Function::new("fail").public().parameters([T::U64]);
	lower.function(Function::new("first").code([B::Ret]));
	lower.function(fail.clone().code([B::MoveLoc(0), B::Abort]));
	let mut upper = ModuleBuilder::new(0x42, "upper");
	let module = upper.module_handle(0x41, "lower");
	let handle = upper.function_handle(module, &fail);
	upper.function(Function::new("f").public().code([
		B::Nop,
		B::LdU64(3),
		B::Call(handle),
		B::Ret,
	]));
	let mut chain = Chain::with(&[lower.build(), upper.build()]);
	let error = assert_status(
		chain.call(&id(0x42, "upper"), "f", &[]),
		StatusCode::ABORTED,
	);
	assert_eq!(error.sub_status(), Some(3));
	assert_eq!(error.location(), &Location::Module(id(0x41, "lower")));
	assert_eq!(error.code_offset(), Some((1, 1)));
}

#[test]
fn friends_call_friend_functions() {
	let mut owner = ModuleBuilder::new(0x42, "owner");
	owner.friend(0x42, "user");
	let secret = Function::new("secret").friend().returns([T::U8]);
	owner.function(secret.clone().code([B::LdU8(8), B::Ret]));
	let build = |name| {
		let mut user = ModuleBuilder::new(0x42, name);
		let module = user.module_handle(0x42, "owner");
		let handle = user.function_handle(module, &secret);
		user.function(
			Function::new("f")
				.public()
				.returns([T::U8])
				.code([B::Call(handle), B::Ret]),
		);
		user.build()
	};
	let mut chain = Chain::with(&[owner.build(), build("user")]);
	assert_eq!(chain.call(&id(0x42, "user"), "f", &[]).unwrap(), [[8]]);
	// Nobody else gets as far as being published.
	assert_status(chain.publish(&build("stranger")), StatusCode::LOOKUP_FAILED);
}

#[test]
fn type_arguments_are_those_of_each_call() {
	let mut m = ModuleBuilder::new(0x42, "m");
	let parameter = T::TypeParameter(0);
	let holder = m.struct_(
		"Holder",
		abilities("key store drop"),
		&[type_parameter("store drop")],
		&[("v", parameter.clone())],
	);
	let held = m.struct_instantiation(holder.def, [parameter.clone()]);
	let exists = m.function(
		Function::new("has")
			.type_parameters([abilities("store drop")])
			.parameters([T::Address])
			.returns([T::Bool])
			.code([B::MoveLoc(0), B::ExistsGeneric(held), B::Ret]),
	);
	let put = m.function(
		Function::new("put")
			.type_parameters([abilities("store drop")])
			.parameters([T::Reference(Box::new(T::Signer)), parameter.clone()])
			.code([
				B::MoveLoc(0),
				B::MoveLoc(1),
				B::PackGeneric(held),
				B::MoveToGeneric(held),
				B::Ret,
			]),
	);
	// The same instruction with one type argument, then with two others, then the first again.
	let vector = T::Vector(Box::new(parameter.clone()));
	let has = [parameter.clone(), vector.clone(), T::U8, parameter.clone()]
		.map(|type_| m.function_instantiation(exists.handle, [type_]));
	let put = m.function_instantiation(put.handle, [parameter.clone()]);
	let mut code = vec![B::MoveLoc(0), B::MoveLoc(2), B::CallGeneric(put)];
	for has in has {
		code.extend([B::CopyLoc(1), B::CallGeneric(has)]);
	}
	code.push(B::Ret);
	m.function(
		Function::new("f")
			.type_parameters([abilities("store drop")])
			.parameters([T::Reference(Box::new(T::Signer)), T::Address, parameter])
			.returns([T::Bool, T::Bool, T::Bool, T::Bool])
			.code(code),
	);
	let mut chain = Chain::with(&[m.build()]);
	let address = support::address(7).0.to_vec();
	let arguments = [address.clone(), address, u64_bytes(1)];
	let results = chain.call_generic(&id(0x42, "m"), "f", &["u64"], &arguments);
	assert_eq!(results.unwrap(), [[1], [0], [0], [1]]);
	assert_eq!(chain.0.resources.len(), 1);
	let (_, tag) = chain.0.resources.keys().next().unwrap();
	assert_eq!(tag.to_string(), "0x42::m::Holder<u64>");
}

#[test]
fn types_stop_growing_at_their_limits() {
	// `grow<T>(n)` calls `grow<vector<T>>(n - 1)`: refused by the verifier as a loop, so it goes
	// through chains of functions instead.
	const LEVELS: usize = 25;
	let mut m = ModuleBuilder::new(0x42, "m");
	let parameter = T::TypeParameter(0);
	let function = |level: usize| {
		Function::new(&format!("f{level}"))
			.type_parameters([abilities("")])
			.public()
	};
	m.function(function(0).code([B::Ret]));
	for level in 1..LEVELS {
		let inner = m.own_function_handle(&function(level - 1));
		let inner = m.function_instantiation(inner, [T::Vector(Box::new(parameter.clone()))]);
		m.function(function(level).code([B::CallGeneric(inner), B::Ret]));
	}
	// Three times the type in the place of one.
	let wide = m.struct_(
		"Wide",
		abilities("drop"),
		&[type_parameter(""), type_parameter(""), type_parameter("")],
		&[("b", T::Bool)],
	);
	let triple = wide.type_with([parameter.clone(), parameter.clone(), parameter]);
	let function = |level: usize| {
		Function::new(&format!("w{level}"))
			.type_parameters([abilities("")])
			.public()
	};
	m.function(function(0).code([B::Ret]));
	for level in 1..6 {
		let inner = m.own_function_handle(&function(level - 1));
		let inner = m.function_instantiation(inner, [triple.clone()]);
		m.function(function(level).code([B::CallGeneric(inner), B::Ret]));
	}
	let mut chain = Chain::with(&[m.build()]);
	let m = id(0x42, "m");
	chain.call_generic(&m, "f19", &["u8"], &[]).unwrap();
	let error = assert_status(
		chain.call_generic(&m, "f20", &["u8"], &[]),
		StatusCode::VM_MAX_TYPE_DEPTH_REACHED,
	);
	assert_eq!(error.code_offset(), Some((1, 0)));
	chain.call_generic(&m, "w4", &["u8"], &[]).unwrap();
	assert_status(
		chain.call_generic(&m, "w5", &["u8"], &[]),
		StatusCode::VM_MAX_TYPE_NODES_REACHED,
	);
}

#[test]
fn values_stop_nesting_at_128() {
	// A vector wraps what the level below gives: values get deeper than any written type.
	let mut m = ModuleBuilder::new(0x42, "m");
	let parameter = T::TypeParameter(0);
	let boxed = m.struct_(
		"Box",
		abilities("copy drop store"),
		&[type_parameter("")],
		&[("v", parameter.clone())],
	);
	let mut types = vec![boxed.type_with([parameter.clone()])];
	let mut structs = vec![boxed];
	// Each struct is two of the one before: 1, 3, 7, 15, 31, 63, 127, 255 levels.
	for level in 1..8 {
		let below = structs[level - 1];
		let inner = below.type_with([below.type_with([parameter.clone()])]);
		let next = m.struct_(
			&format!("Box{level}"),
			abilities("copy drop store"),
			&[type_parameter("")],
			&[("v", inner)],
		);
		types.push(next.type_with([parameter.clone()]));
		structs.push(next);
	}
	let function = |level: usize, type_: &T| {
		Function::new(&format!("make{level}"))
			.type_parameters([abilities("")])
			.parameters([T::TypeParameter(0)])
			.returns([type_.clone()])
	};
	let pack = m.struct_instantiation(boxed.def, [parameter.clone()]);
	m.function(function(0, &types[0]).code([B::MoveLoc(0), B::PackGeneric(pack), B::Ret]));
	for level in 1..8 {
		let below = m.own_function_handle(&function(level - 1, &types[level - 1]));
		let first = m.function_instantiation(below, [parameter.clone()]);
		let second = m.function_instantiation(below, [types[level - 1].clone()]);
		let pack = m.struct_instantiation(structs[level].def, [parameter.clone()]);
		m.function(function(level, &types[level]).code([
			B::MoveLoc(0),
			B::CallGeneric(first),
			B::CallGeneric(second),
			B::PackGeneric(pack),
			B::Ret,
		]));
	}
	let mut chain = Chain::with(&[m.build()]);
	let m = id(0x42, "m");
	assert_eq!(
		chain
			.call_generic(&m, "make6", &["bool"], &[vec![1]])
			.unwrap(),
		[[1]]
	);
	assert_status(
		chain.call_generic(&m, "make7", &["bool"], &[vec![1]]),
		StatusCode::VM_MAX_VALUE_DEPTH_REACHED,
	);
	assert_status(
		chain.call_generic(&m, "make6", &["vector<bool>"], &[vec![0]]),
		StatusCode::VM_MAX_VALUE_DEPTH_REACHED,
	);
}

#[test]
fn natives_fail_in_their_own_module() {
	let mut chain = Chain::default();
	let mut hash = ModuleBuilder::new(1, "bcs");
	let to_bytes = Function::new("to_bytes")
		.public()
		.type_parameters([abilities("")])
		.parameters([T::Reference(Box::new(T::TypeParameter(0)))])
		.returns([T::Vector(Box::new(T::U8))]);
	hash.function(to_bytes.clone());
	chain.publish(&hash.build()).unwrap();
	assert_eq!(
		chain
			.call_generic(&id(1, "bcs"), "to_bytes", &["u16"], &[vec![1, 2]])
			.unwrap(),
		[[2, 1, 2]]
	);
	// A native that is not there is refused when it is published.
	let mut unknown = ModuleBuilder::new(1, "nothing");
	unknown.function(to_bytes);
	let error = assert_status(
		chain.publish(&unknown.build()),
		StatusCode::MISSING_DEPENDENCY,
	);
	assert_eq!(error.location(), &Location::Module(id(1, "nothing")));
}

#[test]
fn values_of_a_session_take_a_bounded_amount_of_memory() {
	let mut m = ModuleBuilder::new(0x42, "m");
	let vector = T::Vector(Box::new(T::U8));
	let nested = T::Vector(Box::new(vector.clone()));
	let (byte, bytes) = (m.signature([T::U8]), m.signature([vector.clone()]));
	// Doubles a vector: a vector of two copies of itself, `n` times; keeps the copies or not.
	let copies = |name: &str, keeps: bool| {
		let mut body = vec![B::CopyLoc(2), B::StLoc(4)];
		if keeps {
			body = vec![B::MutBorrowLoc(3), B::CopyLoc(2), B::VecPushBack(bytes)];
		}
		let end = 10 + 4 + body.len() as u16 + 5;
		let mut code = vec![
			B::LdU64(0),
			B::StLoc(1),
			B::LdU8(7),
			B::VecPack(byte, 1),
			B::StLoc(2),
			B::VecPack(bytes, 0),
			B::StLoc(3),
			B::VecPack(byte, 0),
			B::StLoc(4),
			B::Nop,
			B::CopyLoc(1),
			B::CopyLoc(0),
			B::Lt,
			B::BrFalse(end),
		];
		code.extend(body);
		code.extend([
			B::MoveLoc(1),
			B::LdU64(1),
			B::Add,
			B::StLoc(1),
			B::Branch(10),
			B::Ret,
		]);
		Function::new(name)
			.parameters([T::U64])
			.locals([T::U64, vector.clone(), nested.clone(), vector.clone()])
			.code(code)
	};
	m.function(copies("keep", true));
	m.function(copies("replace", false));
	let mut chain = Chain::with(&[m.build()]);
	let m = id(0x42, "m");
	let million = [u64_bytes(1_000_000)];
	assert_status(
		chain.call(&m, "keep", &million),
		StatusCode::MEMORY_LIMIT_EXCEEDED,
	);
	// What is released is free again.
	chain.call(&m, "replace", &million).unwrap();
	chain.call(&m, "keep", &[u64_bytes(10_000)]).unwrap();
}
