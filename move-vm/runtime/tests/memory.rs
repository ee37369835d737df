//! What a session may hold of memory, against an allocator that counts what it gives, rounded as the
//! chain's allocator rounds it.

#![allow(unsafe_code)] // an allocator is

mod support;

use std::{
	alloc::{GlobalAlloc, Layout, System},
	cell::Cell,
};

use move_vm_binary_format::{bytecode::Bytecode as B, CompiledModule, SignatureToken as T};
use move_vm_fixtures::{abilities, Function, ModuleBuilder, Tables};
use move_vm_runtime::{values::block, Gas, Limits, Session};
use move_vm_types::StatusCode;
use support::{id, u64_bytes, Chain};

struct Counting;

thread_local! {
	/// Bytes in use, and the most there were.
	static USE: Cell<(i64, i64)> = const { Cell::new((0, 0)) };
}

fn add(bytes: i64) {
	// A thread that ends allocates no more.
	let _ = USE.try_with(|cell| {
		let (now, most) = cell.get();
		let now = now + bytes;
		cell.set((now, most.max(now)));
	});
}

fn size(layout: Layout) -> i64 {
	block(layout.size() as u64) as i64
}

// SAFETY: all is the system's; what is counted changes nothing.
unsafe impl GlobalAlloc for Counting {
	unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
		add(size(layout));
		unsafe { System.alloc(layout) }
	}

	unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
		add(-size(layout));
		unsafe { System.dealloc(memory, layout) }
	}
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// What a session takes at most beside its limit: a vector that moves when it grows is there twice.
const BESIDES: i64 = 12 * 1024 * 1024;

/// Calls `0x42::m::f(argument)` with gas for seconds, which must fail for want of memory, and holds what
/// was taken of it against the limit.
#[track_caller]
fn fills_memory(module: CompiledModule, argument: Vec<u8>) {
	let mut chain = Chain::with(&[module]);
	let before = USE.get().0;
	USE.set((before, before));
	let gas = Gas::new(20_000_000_000);
	let mut session = Session::new(&mut chain.0, Limits::PRODUCTION, gas).for_tests();
	let result = session.call_function(&id(0x42, "m"), "f", vec![], vec![argument], &[]);
	let taken = USE.get().1 - before;
	let limit = i64::from(Limits::PRODUCTION.memory_bytes);
	assert!(taken < limit + BESIDES, "{} KiB", taken / 1024);
	let error = result.unwrap_err();
	assert_eq!(error.status(), StatusCode::MEMORY_LIMIT_EXCEEDED, "{error}");
	// And the limit is no idle word: what it stops is that large.
	assert!(taken > limit / 3, "{} KiB", taken / 1024);
}

/// `f(n)`: `before`, then endlessly `body`. Locals from 1 on.
fn endless(m: &mut ModuleBuilder, locals: Vec<T>, before: &[B], body: &[B]) {
	let start = before.len() as u16;
	let code = [before, body, &[B::Branch(start)]].concat();
	m.function(
		Function::new("f")
			.parameters([T::U64])
			.locals(locals)
			.code(code),
	);
}

fn vector(element: T) -> T {
	T::Vector(Box::new(element))
}

#[test]
fn vectors_count_what_they_have_to_spare() {
	// Just above a power of two, so that each has as much to spare as it holds.
	for length in [3, 130, 1_040, 16_500] {
		let mut m = ModuleBuilder::new(0x42, "m");
		let byte = m.signature([T::U8]);
		let bytes = m.signature([vector(T::U8)]);
		let before = [
			B::VecPack(bytes, 0),
			B::StLoc(1),
			B::VecPack(byte, 0),
			B::StLoc(2),
		];
		// 4: a vector of so many bytes in local 2, then a copy that has grown by one.
		let mut code = before.to_vec();
		code.extend([
			B::ImmBorrowLoc(2),
			B::VecLen(byte),
			B::LdU64(length),
			B::Lt,
			B::BrFalse(13),
			B::MutBorrowLoc(2),
			B::LdU8(1),
			B::VecPushBack(byte),
			B::Branch(4),
			// 13
			B::CopyLoc(2),
			B::StLoc(3),
			B::MutBorrowLoc(3),
			B::LdU8(1),
			B::VecPushBack(byte),
			B::MutBorrowLoc(1),
			B::MoveLoc(3),
			B::VecPushBack(bytes),
			B::Branch(13),
		]);
		m.function(
			Function::new("f")
				.parameters([T::U64])
				.locals([vector(vector(T::U8)), vector(T::U8), vector(T::U8)])
				.code(code),
		);
		fills_memory(m.build(), u64_bytes(0));
	}
}

#[test]
fn empty_vectors_and_small_structs_count_their_blocks() {
	let mut m = ModuleBuilder::new(0x42, "m");
	let bytes = m.signature([vector(T::U8)]);
	let byte = m.signature([T::U8]);
	endless(
		&mut m,
		vec![vector(vector(T::U8))],
		&[B::VecPack(bytes, 0), B::StLoc(1)],
		&[
			B::MutBorrowLoc(1),
			B::VecPack(byte, 0),
			B::VecPushBack(bytes),
		],
	);
	fills_memory(m.build(), u64_bytes(0));

	let mut m = ModuleBuilder::new(0x42, "m");
	let s = m.struct_("S", abilities("drop"), &[], &[("v", T::Bool)]);
	let element = m.signature([s.type_()]);
	endless(
		&mut m,
		vec![vector(s.type_())],
		&[B::VecPack(element, 0), B::StLoc(1)],
		&[
			B::MutBorrowLoc(1),
			B::LdTrue,
			B::Pack(s.def),
			B::VecPushBack(element),
		],
	);
	fills_memory(m.build(), u64_bytes(0));
}

/// Structs in structs, 100 deep, and a function that calls itself with its locals full of references to
/// the innermost.
#[test]
fn long_references_and_locals_count() {
	const DEPTH: u16 = 100;
	const LOCALS: u8 = 200;
	let mut m = ModuleBuilder::new(0x42, "m");
	let mut inner = m.struct_("S0", abilities("copy drop"), &[], &[("v", T::U64)]);
	let mut all = vec![inner];
	for level in 1..DEPTH {
		let name = format!("S{level}");
		inner = m.struct_(&name, abilities("copy drop"), &[], &[("v", inner.type_())]);
		all.push(inner);
	}
	let fields: Vec<_> = all.iter().map(|s| m.field(s.def, 0)).collect();
	let reference = T::Reference(Box::new(T::U64));
	let below = Function::new("below").parameters([reference.clone()]);
	let handle = m.own_function_handle(&below);
	let mut code = Vec::new();
	for local in 1..=LOCALS {
		code.extend([B::CopyLoc(0), B::StLoc(local)]);
	}
	code.extend([B::CopyLoc(0), B::Call(handle), B::Ret]);
	m.function(
		below
			.locals(vec![reference; usize::from(LOCALS)])
			.code(code),
	);
	let mut code = vec![B::MoveLoc(0)];
	code.extend(all.iter().map(|s| B::Pack(s.def)));
	code.extend([B::StLoc(1), B::ImmBorrowLoc(1)]);
	code.extend(fields.iter().rev().map(|field| B::ImmBorrowField(*field)));
	code.extend([B::Call(handle), B::Ret]);
	m.function(
		Function::new("f")
			.parameters([T::U64])
			.locals([inner.type_()])
			.code(code),
	);
	fills_memory(m.build(), u64_bytes(7));
}

#[test]
fn boxed_numbers_count() {
	let mut m = ModuleBuilder::new(0x42, "m");
	let s = m.struct_(
		"S",
		abilities("drop"),
		&[],
		&[("a", T::U256), ("b", T::U256)],
	);
	let element = m.signature([s.type_()]);
	endless(
		&mut m,
		vec![vector(s.type_())],
		&[B::VecPack(element, 0), B::StLoc(1)],
		&[
			B::MutBorrowLoc(1),
			B::CopyLoc(0),
			B::CastU256,
			B::LdU256(Box::new(move_vm_types::U256::MAX)),
			B::Pack(s.def),
			B::VecPushBack(element),
		],
	);
	fills_memory(m.build(), u64_bytes(0));
}

#[test]
fn arguments_count() {
	let mut m = ModuleBuilder::new(0x42, "m");
	m.function(
		Function::new("f")
			.parameters([vector(vector(T::U8))])
			.code([B::Ret]),
	);
	// Two million empty vectors.
	let mut argument = vec![0x80, 0x89, 0x7A];
	argument.resize(2_000_000 + 3, 0);
	fills_memory(m.build(), argument);
}
