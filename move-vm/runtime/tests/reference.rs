//! Answers that test suites of the reference implementations state, status and place.

#[allow(dead_code)] // its command line
#[path = "../examples/move-vm-run.rs"]
mod driver;

use driver::Runner;
use move_vm_binary_format::{bytecode::Bytecode as B, CompiledModule, SignatureToken as T};
use move_vm_fixtures::{
	abilities, phantom, type_parameter, Function, ModuleBuilder, ScriptBuilder, Tables,
};

fn hex(bytes: &[u8]) -> String {
	bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn publish(runner: &mut Runner, module: &CompiledModule) -> String {
	let address = module.self_id().unwrap().address;
	let bytes = hex(&module.serialize().unwrap());
	runner
		.answer(&format!("publish\t{bytes}\t{address}"))
		.unwrap()
}

fn run(runner: &mut Runner, script: ScriptBuilder, main: Function, rest: &str) -> String {
	let bytes = hex(&script.build(main).serialize().unwrap());
	runner.answer(&format!("script\t{bytes}\t{rest}")).unwrap()
}

/// A module `0x42::name` with these friends.
fn befriended(name: &str, friends: &[&str]) -> CompiledModule {
	let mut m = ModuleBuilder::new(0x42, name);
	for friend in friends {
		m.friend(0x42, friend);
	}
	m.build()
}

#[test]
fn friends_must_exist_in_tests() {
	let mut runner = Runner::default();
	assert_eq!(
		publish(&mut runner, &befriended("a", &["b"])),
		"LINKER_ERROR - -"
	);
	assert_eq!(publish(&mut runner, &befriended("a", &[])), "OK");
	assert_eq!(publish(&mut runner, &befriended("b", &["a"])), "OK");
	assert_eq!(
		publish(&mut runner, &befriended("a", &["b"])),
		"CYCLIC_MODULE_FRIENDSHIP 0x42::a -"
	);
	assert_eq!(
		publish(&mut runner, &befriended("b", &[])),
		"BACKWARD_INCOMPATIBLE_MODULE_UPDATE - -"
	);
	// In a bundle they may come later.
	let bundle = [befriended("c", &["d"]), befriended("d", &[])]
		.map(|module| hex(&module.serialize().unwrap()))
		.join(",");
	assert_eq!(
		runner.answer(&format!("publish\t{bundle}\t0x42")).unwrap(),
		"OK"
	);
}

#[test]
fn wrong_type_argument_has_a_place_only_if_it_is_the_code_that_refuses_it() {
	let mut m = ModuleBuilder::new(0x42, "m");
	m.struct_(
		"S",
		abilities("drop"),
		&[type_parameter("copy")],
		&[("x", T::Bool)],
	);
	m.function(
		Function::new("f")
			.type_parameters([abilities("copy")])
			.code([B::Ret]),
	);
	let mut runner = Runner::default();
	assert_eq!(publish(&mut runner, &m.build()), "OK");
	let cases = [
		("", "NUMBER_OF_TYPE_ARGUMENTS_MISMATCH", true),
		("u8,u8", "NUMBER_OF_TYPE_ARGUMENTS_MISMATCH", true),
		("signer", "CONSTRAINT_NOT_SATISFIED", true),
		("0x42::m::S<u8>", "CONSTRAINT_NOT_SATISFIED", true),
		("0x42::m::S", "NUMBER_OF_TYPE_ARGUMENTS_MISMATCH", false),
		(
			"0x42::m::S<u8,u8>",
			"NUMBER_OF_TYPE_ARGUMENTS_MISMATCH",
			false,
		),
		("0x42::m::S<signer>", "CONSTRAINT_NOT_SATISFIED", false),
		("0x42::m::T", "TYPE_RESOLUTION_FAILURE", false),
		("0x42::n::S", "LINKER_ERROR", false),
	];
	for (types, status, is_placed) in cases {
		let main = Function::new("main")
			.type_parameters([abilities("copy")])
			.code([B::Ret]);
		let place = |text| if is_placed { text } else { "-" };
		assert_eq!(
			run(&mut runner, ScriptBuilder::new(), main, types),
			format!("{status} {} -", place("script")),
			"{types}"
		);
		assert_eq!(
			runner
				.answer(&format!("call\t0x42::m::f\t{types}"))
				.unwrap(),
			format!("{status} {} -", place("0x42::m")),
			"{types}"
		);
	}
}

#[test]
fn type_that_grows_too_large_is_refused_where_it_is_made() {
	let mut m = ModuleBuilder::new(0x42, "M");
	let three = [phantom(""), phantom(""), phantom("")];
	let foo = m.struct_(
		"Foo",
		abilities("key store drop"),
		&three,
		&[("x", T::Bool)],
	);
	let f = Function::new("f")
		.public()
		.type_parameters([abilities("")])
		.acquires([foo.def]);
	let g = Function::new("g")
		.public()
		.type_parameters([abilities(""); 3])
		.acquires([foo.def]);
	let x = T::TypeParameter(0);
	let handle = m.own_function_handle(&g);
	let call = m.function_instantiation(handle, [x.clone(), x.clone(), x]);
	m.function(f.clone().code([B::CallGeneric(call), B::Ret]));
	let all = m.struct_instantiation(foo.def, [0, 1, 2].map(T::TypeParameter));
	let address = m.constant(T::Address, [1; 32]);
	m.function(g.code([B::LdConst(address), B::MoveFromGeneric(all), B::Pop, B::Ret]));
	let mut runner = Runner::default();
	assert_eq!(publish(&mut runner, &m.build()), "OK");
	let mut script = ScriptBuilder::new();
	let module = script.module_handle(0x42, "M");
	let foo = script.struct_handle(module, "Foo", abilities("key store drop"), &three);
	let mut type_ = T::U64;
	for _ in 0..15 {
		type_ = T::StructInstantiation(foo, vec![type_, T::U64, T::U64]);
	}
	let f = script.function_handle(module, &f);
	let call = script.function_instantiation(f, [type_]);
	let main = Function::new("main").code([B::CallGeneric(call), B::Ret]);
	assert_eq!(
		run(&mut runner, script, main, ""),
		"VM_MAX_TYPE_NODES_REACHED 0x42::M 1:1"
	);
}

/// The answer to a script without parameters.
fn answer(locals: &[T], code: &[B]) -> String {
	let main = Function::new("main").locals(locals).code(code);
	run(&mut Runner::default(), ScriptBuilder::new(), main, "")
}

#[test]
fn arithmetic_fails_at_its_own_instruction_however_it_is_followed() {
	let fails = |locals: &[T], code: &[B], at: u16| {
		assert_eq!(
			answer(locals, code),
			format!("ARITHMETIC_ERROR script 0:{at}"),
			"{code:?}"
		);
	};
	fails(&[], &[B::LdU8(0), B::LdU8(8), B::Shl, B::Pop, B::Ret], 2);
	fails(&[], &[B::LdU64(0), B::LdU8(64), B::Shr, B::Pop, B::Ret], 2);
	fails(&[], &[B::LdU16(256), B::CastU8, B::Pop, B::Ret], 1);
	fails(
		&[T::U8],
		&[B::LdU16(256), B::CastU8, B::StLoc(0), B::Ret],
		1,
	);
	for operation in [B::Sub, B::Div, B::Mod] {
		// 0 - 1; 1 / 0; 1 % 0
		let (left, right) = if operation == B::Sub { (0, 1) } else { (1, 0) };
		let start = [B::LdU64(left), B::StLoc(0), B::LdU64(right), B::StLoc(1)];
		for end in [
			vec![B::Pop, B::Ret],
			vec![B::StLoc(0), B::Ret],
			vec![B::LdU64(1), B::Lt, B::BrTrue(0), B::Ret],
		] {
			for operands in [
				[B::CopyLoc(0), B::CopyLoc(1)],
				[B::MoveLoc(0), B::MoveLoc(1)],
				[B::CopyLoc(0), B::LdU64(right)],
				[B::LdU64(left), B::CopyLoc(1)],
				[B::LdU64(left), B::LdU64(right)],
			] {
				let mut code = start.to_vec();
				code.extend(operands);
				code.push(operation.clone());
				let length = code.len() as u16;
				for instruction in &end {
					code.push(match instruction {
						B::BrTrue(_) => B::BrTrue(length + 3),
						other => other.clone(),
					});
				}
				fails(&[T::U64, T::U64], &code, 6);
			}
		}
	}
}

#[test]
fn vector_operations_fail_with_their_number_at_their_own_instruction() {
	let mut script = ScriptBuilder::new();
	let u64s = script.signature([T::U64]);
	let vector = T::Vector(Box::new(T::U64));
	let make = [B::LdU64(7), B::VecPack(u64s, 1), B::StLoc(0)];
	let cases: [(&[B], &str); 7] = [
		(
			&[
				B::ImmBorrowLoc(0),
				B::LdU64(1),
				B::VecImmBorrow(u64s),
				B::ReadRef,
				B::Pop,
				B::Ret,
			],
			"0:5 1",
		),
		(
			&[
				B::ImmBorrowLoc(0),
				B::LdU64(1),
				B::VecImmBorrow(u64s),
				B::Pop,
				B::Ret,
			],
			"0:5 1",
		),
		(
			&[
				B::MutBorrowLoc(0),
				B::LdU64(1),
				B::VecMutBorrow(u64s),
				B::Pop,
				B::Ret,
			],
			"0:5 1",
		),
		(
			&[
				B::MutBorrowLoc(0),
				B::LdU64(0),
				B::LdU64(1),
				B::VecSwap(u64s),
				B::Ret,
			],
			"0:6 1",
		),
		(
			&[
				B::MutBorrowLoc(0),
				B::VecPopBack(u64s),
				B::Pop,
				B::MutBorrowLoc(0),
				B::VecPopBack(u64s),
				B::Pop,
				B::Ret,
			],
			"0:7 2",
		),
		(&[B::MoveLoc(0), B::VecUnpack(u64s, 0), B::Ret], "0:4 3"),
		(
			&[B::MoveLoc(0), B::VecUnpack(u64s, 2), B::Pop, B::Pop, B::Ret],
			"0:4 3",
		),
	];
	for (code, place) in cases {
		let main = Function::new("main")
			.locals([vector.clone()])
			.code([&make[..], code].concat());
		assert_eq!(
			run(&mut Runner::default(), script.clone(), main, ""),
			format!("VECTOR_OPERATION_ERROR script {place}"),
			"{code:?}"
		);
	}
}
