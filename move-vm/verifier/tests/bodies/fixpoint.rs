//! The fixpoint: every block whose entry state changed is run again.

use move_vm_binary_format::{Bytecode as B, SignatureToken as T};
use move_vm_types::StatusCode;

use crate::setting::{accept, function, refuse};

/// A block with two back edges to two loop heads. The value in local 1 is moved behind the outer
/// head; going round by the outer edge, it is moved a second time.
///
/// The verifier bypass of 2023 looked at one of the two edges only.
fn two_back_edges(hot: T, swap: bool) -> move_vm_fixtures::Function {
	let (first, second) = if swap { (1, 4) } else { (4, 1) };
	function(
		[T::Bool, hot.clone()],
		[hot.clone()],
		[hot],
		[
			B::Nop,
			// The outer head, 1: takes the value.
			B::MoveLoc(1),
			B::StLoc(2),
			B::Branch(4),
			// The inner head, 4.
			B::CopyLoc(0),
			B::BrTrue(10),
			// A block whose two successors are both heads.
			B::CopyLoc(0),
			if swap { B::BrFalse(first) } else { B::BrTrue(first) },
			B::Branch(second),
			B::Nop,
			B::MoveLoc(2),
			B::Ret,
		],
	)
}

#[test]
fn resource_moved_twice_by_way_of_two_back_edges_is_refused() {
	for swap in [false, true] {
		refuse(StatusCode::MOVELOC_UNAVAILABLE_ERROR, 1, |s| two_back_edges(s.hot.type_(), swap));
	}
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
