//! Every instruction does what it is for, in its good and in its bad cases, at the right place.

#![allow(clippy::type_complexity, clippy::cloned_ref_to_slice_refs)] // tables of cases

mod support;

use move_vm_binary_format::{bytecode::Bytecode as B, SignatureToken as T};
use move_vm_fixtures::{abilities, type_parameter, Function, ModuleBuilder, Tables};
use move_vm_types::{StatusCode, VmResult, U256};
use support::{address, assert_status, id, u64_bytes, Chain};

/// Runs `code` as a function `f` of `0x42::m` that returns these types.
fn run(returns: &[T], locals: &[T], code: &[B]) -> VmResult<Vec<Vec<u8>>> {
	run_in(ModuleBuilder::new(0x42, "m"), returns, locals, code)
}

fn run_in(
	mut module: ModuleBuilder,
	returns: &[T],
	locals: &[T],
	code: &[B],
) -> VmResult<Vec<Vec<u8>>> {
	module.function(
		Function::new("f")
			.returns(returns)
			.locals(locals)
			.code(code),
	);
	let mut chain = Chain::with(&[module.build()]);
	chain.call(&id(0x42, "m"), "f", &[])
}

/// An integer type, how to push one of its numbers, and its BCS form.
struct Integer {
	type_: T,
	load: fn(u128) -> B,
	width: usize,
}

fn integers() -> [Integer; 6] {
	let integer = |type_, load, width| Integer { type_, load, width };
	[
		integer(T::U8, |n| B::LdU8(n as u8), 1),
		integer(T::U16, |n| B::LdU16(n as u16), 2),
		integer(T::U32, |n| B::LdU32(n as u32), 4),
		integer(T::U64, |n| B::LdU64(n as u64), 8),
		integer(T::U128, B::LdU128, 16),
		integer(T::U256, |n| B::LdU256(Box::new(U256::from(n))), 32),
	]
}

fn bytes_of(number: u128, width: usize) -> Vec<u8> {
	let mut bytes = number.to_le_bytes().to_vec();
	bytes.resize(width, 0);
	bytes
}

#[test]
fn arithmetic_and_bits_of_every_width() {
	let cases: [(B, fn(u128, u128) -> u128); 8] = [
		(B::Add, |a, b| a + b),
		(B::Sub, |a, b| a - b),
		(B::Mul, |a, b| a * b),
		(B::Div, |a, b| a / b),
		(B::Mod, |a, b| a % b),
		(B::BitOr, |a, b| a | b),
		(B::BitAnd, |a, b| a & b),
		(B::Xor, |a, b| a ^ b),
	];
	for integer in integers() {
		for (operation, expected) in &cases {
			let (a, b) = (29, 7);
			let code = [
				(integer.load)(a),
				(integer.load)(b),
				operation.clone(),
				B::Ret,
			];
			let result = run(&[integer.type_.clone()], &[], &code).unwrap();
			assert_eq!(
				result,
				[bytes_of(expected(a, b), integer.width)],
				"{operation:?}"
			);
		}
	}
}

#[test]
fn arithmetic_fails_at_the_operation_whatever_is_fused() {
	for integer in integers() {
		for (a, b, operation) in [(0, 1, B::Sub), (1, 0, B::Div), (1, 0, B::Mod)] {
			let (load, type_) = (integer.load, &integer.type_);
			// On the stack, from locals, and stored into a local.
			let shapes: [(Vec<B>, u16); 3] = [
				(vec![load(a), load(b), operation.clone(), B::Ret], 2),
				(
					vec![
						load(a),
						B::StLoc(0),
						load(b),
						B::StLoc(1),
						B::MoveLoc(0),
						B::CopyLoc(1),
						operation.clone(),
						B::Ret,
					],
					6,
				),
				(
					vec![
						load(a),
						B::StLoc(0),
						B::CopyLoc(0),
						load(b),
						operation.clone(),
						B::StLoc(1),
						B::MoveLoc(1),
						B::Ret,
					],
					4,
				),
			];
			for (code, offset) in shapes {
				let result = run(&[type_.clone()], &[type_.clone(), type_.clone()], &code);
				let error = assert_status(result, StatusCode::ARITHMETIC_ERROR);
				assert_eq!(error.code_offset(), Some((0, offset)), "{operation:?}");
			}
		}
	}
	let max = [B::LdU64(u64::MAX), B::LdU64(1), B::Add, B::Ret];
	assert_status(run(&[T::U64], &[], &max), StatusCode::ARITHMETIC_ERROR);
	let max = [B::LdU128(u128::MAX), B::LdU128(2), B::Mul, B::Ret];
	assert_status(run(&[T::U128], &[], &max), StatusCode::ARITHMETIC_ERROR);
}

#[test]
fn comparisons_of_every_width_on_the_stack_and_fused() {
	let cases: [(B, fn(u128, u128) -> bool); 6] = [
		(B::Lt, |a, b| a < b),
		(B::Gt, |a, b| a > b),
		(B::Le, |a, b| a <= b),
		(B::Ge, |a, b| a >= b),
		(B::Eq, |a, b| a == b),
		(B::Neq, |a, b| a != b),
	];
	for integer in integers() {
		for (operation, expected) in &cases {
			for (a, b) in [(1, 2), (2, 1), (3, 3)] {
				let (load, type_) = (integer.load, integer.type_.clone());
				let expected = vec![vec![u8::from(expected(a, b))]];
				let code = [load(a), load(b), operation.clone(), B::Ret];
				assert_eq!(run(&[T::Bool], &[], &code).unwrap(), expected);
				// A branch on locals, on a local and a number, and on the stack.
				let ends =
					|from: u16| [B::BrFalse(from + 3), B::LdTrue, B::Ret, B::LdFalse, B::Ret];
				let mut code = vec![load(a), B::StLoc(0), load(b), B::StLoc(1)];
				code.extend([B::CopyLoc(0), B::MoveLoc(1), operation.clone()]);
				code.extend(ends(7));
				let locals = [type_.clone(), type_];
				assert_eq!(run(&[T::Bool], &locals, &code).unwrap(), expected);
				let mut code = vec![
					load(a),
					B::StLoc(0),
					B::CopyLoc(0),
					load(b),
					operation.clone(),
				];
				code.extend(ends(5));
				assert_eq!(run(&[T::Bool], &locals, &code).unwrap(), expected);
				let mut code = vec![load(a), load(b), operation.clone()];
				code.extend(ends(3));
				assert_eq!(run(&[T::Bool], &locals, &code).unwrap(), expected);
			}
		}
	}
}

#[test]
fn casts_keep_numbers_or_fail() {
	let casts = [
		(B::CastU8, T::U8, 1),
		(B::CastU16, T::U16, 2),
		(B::CastU32, T::U32, 4),
		(B::CastU64, T::U64, 8),
		(B::CastU128, T::U128, 16),
		(B::CastU256, T::U256, 32),
	];
	for integer in integers() {
		for (cast, to, width) in &casts {
			let code = |n| [(integer.load)(n), cast.clone(), B::Ret];
			let result = run(&[to.clone()], &[], &code(200)).unwrap();
			assert_eq!(result, [bytes_of(200, *width)]);
			if integer.width > *width && *width < 16 {
				assert_status(
					run(&[to.clone()], &[], &code(1 << (8 * width))),
					StatusCode::ARITHMETIC_ERROR,
				);
			}
		}
	}
	for (cast, to, width) in casts {
		let code = [B::LdU256(Box::new(U256::MAX)), cast, B::Ret];
		match run(&[to], &[], &code) {
			Ok(result) => assert_eq!((width, result), (32, vec![vec![0xFF; 32]])),
			error => drop(assert_status(error, StatusCode::ARITHMETIC_ERROR)),
		}
	}
}

#[test]
fn shifts_of_the_width_or_more_fail() {
	for integer in integers() {
		let shift = |operation, distance| {
			let code = [(integer.load)(4), B::LdU8(distance), operation, B::Ret];
			run(&[integer.type_.clone()], &[], &code)
		};
		assert_eq!(shift(B::Shl, 2).unwrap(), [bytes_of(16, integer.width)]);
		assert_eq!(shift(B::Shr, 2).unwrap(), [bytes_of(1, integer.width)]);
		// A distance of 8 bits is always less than 256.
		if integer.width < 32 {
			let width = 8 * integer.width as u8;
			assert_status(shift(B::Shl, width), StatusCode::ARITHMETIC_ERROR);
			assert_status(shift(B::Shr, width), StatusCode::ARITHMETIC_ERROR);
		}
	}
}

#[test]
fn logic_and_jumps() {
	for (a, b) in [(false, false), (false, true), (true, false), (true, true)] {
		let load = |value| if value { B::LdTrue } else { B::LdFalse };
		let result =
			|operation| run(&[T::Bool], &[], &[load(a), load(b), operation, B::Ret]).unwrap();
		assert_eq!(result(B::And), [[u8::from(a && b)]]);
		assert_eq!(result(B::Or), [[u8::from(a || b)]]);
		assert_eq!(result(B::Eq), [[u8::from(a == b)]]);
	}
	assert_eq!(
		run(&[T::Bool], &[], &[B::LdTrue, B::Not, B::Ret]).unwrap(),
		[[0]]
	);
	let code = [
		B::LdTrue,
		B::BrTrue(4),
		B::LdU64(1),
		B::Abort,
		// 4
		B::Nop,
		B::Branch(6),
		// 6
		B::LdU8(9),
		B::Ret,
	];
	assert_eq!(run(&[T::U8], &[], &code).unwrap(), [[9]]);
}

#[test]
fn abort_carries_code_and_place() {
	let code = [B::LdU64(77), B::Pop, B::LdU64(u64::MAX), B::Abort];
	let error = assert_status(run(&[], &[], &code), StatusCode::ABORTED);
	assert_eq!(error.sub_status(), Some(u64::MAX));
	assert_eq!(error.code_offset(), Some((0, 3)));
	assert_eq!(
		error.to_string(),
		"ABORTED(18446744073709551615) in 0x42::m at function 0, instruction 3"
	);
}

#[test]
fn constants_and_wide_numbers_load() {
	let mut m = ModuleBuilder::new(0x42, "m");
	let bytes = m.bytes_constant(b"xyz");
	let flags = m.constant(T::Vector(Box::new(T::Bool)), [2, 1, 0]);
	let account = m.constant(T::Address, address(9).0);
	let types = [
		T::Vector(Box::new(T::U8)),
		T::Vector(Box::new(T::Bool)),
		T::Address,
		T::U256,
	];
	let code = [
		B::LdConst(bytes),
		B::LdConst(flags),
		B::LdConst(account),
		B::LdU256(Box::new(U256::MAX)),
		B::Ret,
	];
	let results = run_in(m, &types, &[], &code).unwrap();
	assert_eq!(
		results,
		[&b"\x03xyz"[..], &[2, 1, 0], &address(9).0, &[0xFF; 32]]
	);
}

#[test]
fn references_read_and_write_through_frozen_copies() {
	let reference = T::MutableReference(Box::new(T::U64));
	let code = [
		B::LdU64(5),
		B::StLoc(0),
		B::MutBorrowLoc(0),
		B::StLoc(1),
		B::LdU64(6),
		B::CopyLoc(1),
		B::WriteRef,
		B::MoveLoc(1),
		B::FreezeRef,
		B::ReadRef,
		B::ImmBorrowLoc(0),
		B::ReadRef,
		B::Ret,
	];
	let results = run(&[T::U64, T::U64], &[T::U64, reference], &code).unwrap();
	assert_eq!(results, [u64_bytes(6), u64_bytes(6)]);
}

#[test]
fn fields_are_read_and_written_in_every_shape() {
	let mut m = ModuleBuilder::new(0x42, "m");
	let inner = m.struct_(
		"Inner",
		abilities("copy drop"),
		&[],
		&[("a", T::U64), ("b", T::U8)],
	);
	let outer = m.struct_(
		"Outer",
		abilities("copy drop"),
		&[],
		&[("inner", inner.type_()), ("c", T::U64)],
	);
	let (a, b) = (m.field(inner.def, 0), m.field(inner.def, 1));
	let (inner_field, c) = (m.field(outer.def, 0), m.field(outer.def, 1));
	let reference = T::MutableReference(Box::new(outer.type_()));
	let code = [
		B::LdU64(1),
		B::LdU8(2),
		B::Pack(inner.def),
		B::LdU64(3),
		B::Pack(outer.def),
		B::StLoc(0),
		B::MutBorrowLoc(0),
		B::StLoc(1),
		// c = c + a
		B::CopyLoc(1),
		B::ImmBorrowField(c),
		B::ReadRef,
		B::CopyLoc(1),
		B::ImmBorrowField(inner_field),
		B::ImmBorrowField(a),
		B::ReadRef,
		B::Add,
		B::CopyLoc(1),
		B::MutBorrowField(c),
		B::WriteRef,
		// b = 7
		B::LdU8(7),
		B::MoveLoc(1),
		B::MutBorrowField(inner_field),
		B::MutBorrowField(b),
		B::WriteRef,
		// read all: a local's field, and a field's field
		B::ImmBorrowLoc(0),
		B::ImmBorrowField(c),
		B::ReadRef,
		B::ImmBorrowLoc(0),
		B::ImmBorrowField(inner_field),
		B::ImmBorrowField(b),
		B::ReadRef,
		B::MoveLoc(0),
		B::Unpack(outer.def),
		B::Pop,
		B::Unpack(inner.def),
		B::Pop,
		B::Ret,
	];
	let results = run_in(
		m,
		&[T::U64, T::U8, T::U64],
		&[outer.type_(), reference],
		&code,
	)
	.unwrap();
	assert_eq!(results, [u64_bytes(4), vec![7], u64_bytes(1)]);
}

#[test]
fn equality_looks_through_references_and_into_structs() {
	let mut m = ModuleBuilder::new(0x42, "m");
	let pair = m.struct_(
		"Pair",
		abilities("copy drop"),
		&[],
		&[("a", T::U64), ("v", T::Vector(Box::new(T::U8)))],
	);
	let bytes = m.bytes_constant(b"abc");
	let pack = [B::LdU64(1), B::LdConst(bytes), B::Pack(pair.def)];
	let mut code = [&pack[..], &[B::StLoc(0)], &pack, &[B::StLoc(1)]].concat();
	code.extend([
		B::ImmBorrowLoc(0),
		B::ImmBorrowLoc(1),
		B::Eq,
		B::CopyLoc(0),
		B::MoveLoc(1),
		B::Neq,
		B::MoveLoc(0),
		B::LdU64(2),
		B::LdConst(bytes),
		B::Pack(pair.def),
		B::Eq,
		B::Ret,
	]);
	let results = run_in(
		m,
		&[T::Bool, T::Bool, T::Bool],
		&[pair.type_(), pair.type_()],
		&code,
	);
	assert_eq!(results.unwrap(), [[1], [0], [0]]);
}

#[test]
fn vectors_of_every_element_type() {
	for integer in integers() {
		let mut m = ModuleBuilder::new(0x42, "m");
		let vector = T::Vector(Box::new(integer.type_.clone()));
		let element = m.signature([integer.type_.clone()]);
		let load = integer.load;
		let code = [
			load(1),
			load(2),
			B::VecPack(element, 2),
			B::StLoc(0),
			B::MutBorrowLoc(0),
			load(3),
			B::VecPushBack(element),
			B::MutBorrowLoc(0),
			B::LdU64(0),
			B::LdU64(2),
			B::VecSwap(element),
			load(9),
			B::MutBorrowLoc(0),
			B::LdU64(1),
			B::VecMutBorrow(element),
			B::WriteRef,
			B::MutBorrowLoc(0),
			B::VecPopBack(element),
			B::ImmBorrowLoc(0),
			B::VecLen(element),
			B::ImmBorrowLoc(0),
			B::LdU64(1),
			B::VecImmBorrow(element),
			B::ReadRef,
			B::MoveLoc(0),
			B::VecUnpack(element, 2),
			B::Ret,
		];
		let one = integer.type_.clone();
		let types = [one.clone(), T::U64, one.clone(), one.clone(), one];
		let results = run_in(m, &types, &[vector], &code).unwrap();
		let number = |n| bytes_of(n, integer.width);
		assert_eq!(
			results,
			[number(1), u64_bytes(2), number(9), number(3), number(9)]
		);
	}
}

#[test]
fn vector_operations_fail_with_their_sub_status() {
	let run_on = |code: &[B], returns: &[T]| {
		let mut m = ModuleBuilder::new(0x42, "m");
		let element = m.signature([T::U64]);
		assert_eq!(element.0, 0);
		let mut all = vec![
			B::LdU64(1),
			B::LdU64(2),
			B::VecPack(element, 2),
			B::StLoc(0),
		];
		all.extend_from_slice(code);
		all.push(B::Ret);
		run_in(m, returns, &[T::Vector(Box::new(T::U64))], &all)
	};
	let element = move_vm_binary_format::index::SignatureIndex(0);
	let out_of_bounds = [
		(
			vec![
				B::ImmBorrowLoc(0),
				B::LdU64(2),
				B::VecImmBorrow(element),
				B::Pop,
			],
			6,
		),
		// Fused with the read.
		(
			vec![
				B::ImmBorrowLoc(0),
				B::LdU64(u64::MAX),
				B::VecImmBorrow(element),
				B::ReadRef,
				B::Pop,
			],
			6,
		),
		(
			vec![
				B::MutBorrowLoc(0),
				B::LdU64(0),
				B::LdU64(2),
				B::VecSwap(element),
			],
			7,
		),
	];
	for (code, offset) in out_of_bounds {
		let error = assert_status(run_on(&code, &[]), StatusCode::VECTOR_OPERATION_ERROR);
		assert_eq!(error.sub_status(), Some(1));
		assert_eq!(error.code_offset(), Some((0, offset)));
	}
	let pop = vec![[B::MutBorrowLoc(0), B::VecPopBack(element), B::Pop]; 3].concat();
	let error = assert_status(run_on(&pop, &[]), StatusCode::VECTOR_OPERATION_ERROR);
	assert_eq!(error.sub_status(), Some(2));
	for count in [1, 3] {
		let mut code = vec![B::MoveLoc(0), B::VecUnpack(element, count)];
		code.extend(vec![B::Pop; count as usize]);
		let error = assert_status(run_on(&code, &[]), StatusCode::VECTOR_OPERATION_ERROR);
		assert_eq!(error.sub_status(), Some(3));
	}
}

#[test]
fn vectors_of_structs_are_generic_too() {
	let mut m = ModuleBuilder::new(0x42, "m");
	let wrapper = m.struct_(
		"Wrapper",
		abilities("copy drop"),
		&[type_parameter("")],
		&[("inner", T::TypeParameter(0))],
	);
	let parameter = T::TypeParameter(0);
	let wrapped = m.struct_instantiation(wrapper.def, [parameter.clone()]);
	let element = m.signature([wrapper.type_with([parameter.clone()])]);
	let bare = m.signature([parameter.clone()]);
	let field = m.field(wrapper.def, 0);
	let field = m.field_instantiation(field, [parameter.clone()]);
	let vector = T::Vector(Box::new(wrapper.type_with([parameter.clone()])));
	// Wraps, puts into a vector, and takes out again; then a vector of the bare value.
	let through = m.function(
		Function::new("through")
			.type_parameters([abilities("copy drop")])
			.parameters([parameter.clone()])
			.returns([parameter.clone(), T::Vector(Box::new(parameter.clone()))])
			.locals([vector])
			.code([
				B::CopyLoc(0),
				B::PackGeneric(wrapped),
				B::VecPack(element, 1),
				B::StLoc(1),
				B::ImmBorrowLoc(1),
				B::LdU64(0),
				B::VecImmBorrow(element),
				B::ImmBorrowFieldGeneric(field),
				B::ReadRef,
				B::MoveLoc(0),
				B::VecPack(bare, 1),
				B::Ret,
			]),
	);
	assert_eq!(through.def.0, 0);
	let mut chain = Chain::with(&[m.build()]);
	let module = id(0x42, "m");
	let call = |chain: &mut Chain, type_, bytes: &[u8]| {
		chain
			.call_generic(&module, "through", &[type_], &[bytes.to_vec()])
			.unwrap()
	};
	assert_eq!(call(&mut chain, "u8", &[5]), [vec![5], vec![1, 5]]);
	let address = address(3).0;
	assert_eq!(
		call(&mut chain, "address", &address),
		[address.to_vec(), [&[1], &address[..]].concat()]
	);
	assert_eq!(
		call(&mut chain, "vector<u16>", &[1, 7, 0]),
		[vec![1, 7, 0], vec![1, 1, 7, 0]]
	);
	assert_eq!(
		call(&mut chain, "0x42::m::Wrapper<bool>", &[1]),
		[vec![1], vec![1, 1]]
	);
}

#[test]
fn enums_are_packed_tested_borrowed_and_unpacked() {
	let module = move_vm_fixtures::shapes();
	let mut chain = Chain::with(&[module]);
	let shapes = id(0x42, "shapes");
	let circle = [&[0][..], &u64_bytes(5)].concat();
	let rectangle = [&[1][..], &u64_bytes(6), &u64_bytes(7)].concat();
	assert_eq!(
		chain.call(&shapes, "circle", &[u64_bytes(5)]).unwrap(),
		[circle.clone()]
	);
	for (shape, area, width) in [(&circle, 15, 5), (&rectangle, 42, 6)] {
		let call = |chain: &mut Chain, function| {
			chain
				.call(&shapes, function, std::slice::from_ref(shape))
				.unwrap()
		};
		assert_eq!(call(&mut chain, "area"), [u64_bytes(area)]);
		assert_eq!(call(&mut chain, "width"), [u64_bytes(width)]);
	}
	for (maybe, result) in [(vec![0], 9), (vec![1, 4], 4)] {
		let results = chain.call_generic(&shapes, "unwrap_or", &["u8"], &[maybe, vec![9]]);
		assert_eq!(results.unwrap(), [[result]]);
	}
	// A third variant is no value of the type.
	assert_status(
		chain.call(&shapes, "area", &[vec![2]]),
		StatusCode::FAILED_TO_DESERIALIZE_ARGUMENT,
	);
}

#[test]
fn another_variant_is_a_mismatch() {
	let build = |code: &dyn Fn(&mut ModuleBuilder) -> (Vec<B>, Vec<T>)| {
		let mut m = ModuleBuilder::new(0x42, "m");
		let (code, locals) = code(&mut m);
		run_in(m, &[], &locals, &code)
	};
	let enum_ = |m: &mut ModuleBuilder| {
		m.enum_(
			"E",
			abilities("copy drop"),
			&[],
			&[
				("A", &[("x", T::U64)]),
				("B", &[("y", T::U8), ("x", T::U64)]),
			],
		)
	};
	let unpack = build(&|m| {
		let e = enum_(m);
		let (a, b) = (m.variant(e.def, 0), m.variant(e.def, 1));
		(
			vec![
				B::LdU64(1),
				B::PackVariant(a),
				B::UnpackVariant(b),
				B::Pop,
				B::Pop,
				B::Ret,
			],
			vec![],
		)
	});
	let error = assert_status(unpack, StatusCode::STRUCT_VARIANT_MISMATCH);
	assert_eq!(error.code_offset(), Some((0, 2)));
	let borrow = build(&|m| {
		let e = enum_(m);
		let a = m.variant(e.def, 0);
		let y = m.variant_field(e.def, &[1], 0);
		(
			vec![
				B::LdU64(1),
				B::PackVariant(a),
				B::StLoc(0),
				B::MutBorrowLoc(0),
				B::MutBorrowVariantField(y),
				B::Pop,
				B::Ret,
			],
			vec![e.type_()],
		)
	});
	let error = assert_status(borrow, StatusCode::STRUCT_VARIANT_MISMATCH);
	assert_eq!(error.code_offset(), Some((0, 4)));
}
