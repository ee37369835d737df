//! The fixpoint: every block whose entry state changed is run again.

use move_vm_binary_format::{Bytecode as B, SignatureToken as T};
use move_vm_fixtures::Function;
use move_vm_types::StatusCode;

use crate::setting::{accept, function, imm, refuse};

/// Two loops with one block that goes back to the heads of both. The value in local 1 is moved
/// behind the outer head, so that it is gone when the outer loop goes round. Local 3 gets a value in
/// the block, which changes the state at the inner head as well.
fn two_back_edges(value: T, taken: B) -> Function {
	function(
		[T::Bool, value.clone()],
		[value.clone(), T::Bool],
		[],
		[
			B::Nop,
			// The outer head.
			taken,
			B::StLoc(2),
			B::Branch(8),
			// The block with two back edges: to 1, and to 8, which follows.
			B::CopyLoc(0),
			B::StLoc(3),
			B::CopyLoc(0),
			B::BrTrue(1),
			// The inner head.
			B::CopyLoc(0),
			B::BrTrue(4),
			B::LdU64(0),
			B::Abort,
		],
	)
}

/// Of two back edges that leave one block, the reference followed the last one only, until 2023:
/// the outer loop here was not looked at a second time.
#[test]
fn resource_moved_twice_by_way_of_two_back_edges_is_refused() {
	refuse(StatusCode::MOVELOC_UNAVAILABLE_ERROR, 1, |s| {
		two_back_edges(s.hot.type_(), B::MoveLoc(1))
	});
	accept(|s| two_back_edges(s.data.type_(), B::CopyLoc(1)));
}

#[test]
fn changes_through_either_of_two_back_edges_of_one_block_are_followed() {
	// 0 is the outer head; 2 the inner head and 4 the block that goes back to both. The value in
	// local 1 is moved at 0, so that it is gone whenever the outer edge is taken.
	let code = |first: u16, second: u16| {
		vec![
			B::CopyLoc(0),
			B::BrTrue(14),
			B::Nop,
			B::Branch(4),
			// The inner head.
			B::CopyLoc(0),
			B::BrTrue(7),
			B::Branch(10),
			B::MoveLoc(1),
			B::StLoc(2),
			B::Branch(11),
			B::Nop,
			// The fork.
			B::CopyLoc(0),
			B::BrTrue(first),
			B::Branch(second),
			B::LdU64(0),
			B::Abort,
		]
	};
	for (first, second) in [(0, 4), (4, 0)] {
		refuse(StatusCode::MOVELOC_UNAVAILABLE_ERROR, 7, |s| {
			let hot = s.hot.type_();
			function([T::Bool, hot.clone()], [hot], [], code(first, second))
		});
	}
	accept(|s| {
		let data = s.data.type_();
		let mut code = code(0, 4);
		code[7] = B::CopyLoc(1);
		function([T::Bool, data.clone()], [data], [], code)
	});
}

#[test]
fn value_that_a_loop_moves_and_gives_back_is_accepted() {
	accept(|s| {
		let hot = s.hot.type_();
		function(
			[T::Bool, hot.clone()],
			[hot.clone()],
			[hot],
			[
				B::MoveLoc(1),
				B::StLoc(2),
				B::MoveLoc(2),
				B::StLoc(1),
				B::CopyLoc(0),
				B::BrTrue(0),
				B::MoveLoc(1),
				B::Ret,
			],
		)
	});
}

#[test]
fn change_that_passes_through_many_loops_is_followed() {
	// Local 1 is moved in the last of several loops, all inside of one that uses it.
	let mut code = vec![B::CopyLoc(1), B::Pop];
	for _ in 0..10 {
		let head = code.len() as u16;
		code.extend([B::CopyLoc(0), B::BrTrue(head)]);
	}
	code.extend([B::MoveLoc(1), B::Pop, B::CopyLoc(0), B::BrTrue(0), B::Ret]);
	refuse(StatusCode::COPYLOC_UNAVAILABLE_ERROR, 0, |_| {
		function([T::Bool, T::U64], [], [], code)
	});
}

#[test]
fn borrow_that_one_round_makes_is_seen_in_the_next() {
	// The second time, the round leaves one more local with a reference than it found.
	for more in [B::Pop, B::StLoc(4)] {
		let code = |back: u16| {
			[
				B::ImmBorrowLoc(1),
				B::StLoc(3),
				// The head: overwrites what the round before may have borrowed.
				B::LdU64(0),
				B::StLoc(2),
				B::ImmBorrowLoc(2),
				B::StLoc(3),
				B::CopyLoc(3),
				more.clone(),
				B::CopyLoc(0),
				B::BrTrue(back),
				B::Ret,
			]
		};
		let references = || [imm(T::U64), imm(T::U64)];
		let test = |back| function([T::Bool, T::U64, T::U64], references(), [], code(back));
		refuse(StatusCode::STLOC_UNSAFE_TO_DESTROY_ERROR, 3, |_| test(2));
		accept(|_| test(10));
	}
}
