//! Stack usage.

use move_vm_binary_format::{Bytecode as B, SignatureToken as T};
use move_vm_types::{StatusCode, VerifierLimits};

use crate::setting::{accept, function, refuse, vector};

#[test]
fn block_that_pops_more_than_it_pushed_is_refused() {
	refuse(StatusCode::NEGATIVE_STACK_SIZE_WITHIN_BLOCK, 0, |_| {
		function([], [], [], [B::LdTrue, B::Pop, B::Pop, B::Ret])
	});
	accept(|_| function([], [], [], [B::LdTrue, B::LdTrue, B::Pop, B::Pop, B::Ret]));
}

#[test]
fn block_that_takes_from_the_block_before_is_refused() {
	refuse(StatusCode::POSITIVE_STACK_SIZE_AT_BLOCK_END, 0, |_| {
		function([], [], [], [B::LdTrue, B::Branch(2), B::Pop, B::Ret])
	});
	accept(|_| function([], [], [], [B::LdTrue, B::Pop, B::Branch(3), B::Ret]));
}

#[test]
fn block_that_leaves_a_value_is_refused() {
	refuse(StatusCode::POSITIVE_STACK_SIZE_AT_BLOCK_END, 0, |_| {
		function([], [], [], [B::LdTrue, B::Ret])
	});
	accept(|_| function([], [], [T::Bool], [B::LdTrue, B::Ret]));
}

#[test]
fn block_that_nothing_leads_to_is_checked() {
	refuse(StatusCode::NEGATIVE_STACK_SIZE_WITHIN_BLOCK, 1, |_| {
		function([], [], [], [B::Branch(3), B::Pop, B::Nop, B::Ret])
	});
}

#[test]
fn stack_grows_to_the_limit_and_no_higher() {
	let push_and_pop = |count: usize| {
		let mut code = vec![B::LdTrue; count];
		code.extend(vec![B::Pop; count]);
		code.push(B::Ret);
		function([], [], [], code)
	};
	let limit = usize::from(VerifierLimits::PRODUCTION.value_stack);
	accept(|_| push_and_pop(limit));
	refuse(StatusCode::VALUE_STACK_OVERFLOW, 0, |_| {
		push_and_pop(limit + 1)
	});
}

#[test]
fn block_pushes_to_the_limit_and_no_more() {
	let push_and_pop = |count: usize| {
		let mut code: Vec<B> = (0..count).flat_map(|_| [B::LdTrue, B::Pop]).collect();
		code.push(B::Ret);
		function([], [], [], code)
	};
	let limit = VerifierLimits::PRODUCTION.pushes as usize;
	accept(|_| push_and_pop(limit));
	refuse(StatusCode::VALUE_STACK_PUSH_OVERFLOW, 0, |_| {
		push_and_pop(limit + 1)
	});
}

#[test]
fn vector_that_unpacks_into_everything_is_refused() {
	for (count, status) in [
		(2_000, StatusCode::VALUE_STACK_OVERFLOW),
		(u64::MAX, StatusCode::VALUE_STACK_PUSH_OVERFLOW),
	] {
		refuse(status, 0, |s| {
			function(
				[vector(T::U64)],
				[],
				[],
				[B::MoveLoc(0), B::VecUnpack(s.u64_, count), B::Ret],
			)
		});
	}
	refuse(StatusCode::NEGATIVE_STACK_SIZE_WITHIN_BLOCK, 0, |s| {
		function([], [], [], [B::VecPack(s.u64_, u64::MAX), B::Pop, B::Ret])
	});
	accept(|s| {
		function(
			[vector(T::U64)],
			[],
			[T::U64, T::U64],
			[B::MoveLoc(0), B::VecUnpack(s.u64_, 2), B::Ret],
		)
	});
}
