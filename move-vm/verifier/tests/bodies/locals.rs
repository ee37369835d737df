//! Locals safety.

use move_vm_binary_format::{Bytecode as B, SignatureToken as T};
use move_vm_types::StatusCode;

use crate::setting::{accept, function, refuse};

#[test]
fn local_without_value_is_not_moved() {
	refuse(StatusCode::MOVELOC_UNAVAILABLE_ERROR, 0, |_| {
		function([], [T::U64], [], [B::MoveLoc(0), B::Pop, B::Ret])
	});
	refuse(StatusCode::MOVELOC_UNAVAILABLE_ERROR, 2, |_| {
		function(
			[T::U64],
			[],
			[],
			[B::MoveLoc(0), B::Pop, B::MoveLoc(0), B::Pop, B::Ret],
		)
	});
	accept(|_| {
		function(
			[],
			[T::U64],
			[],
			[B::LdU64(0), B::StLoc(0), B::MoveLoc(0), B::Pop, B::Ret],
		)
	});
}

#[test]
fn local_without_value_is_not_copied() {
	refuse(StatusCode::COPYLOC_UNAVAILABLE_ERROR, 0, |_| {
		function([], [T::U64], [], [B::CopyLoc(0), B::Pop, B::Ret])
	});
	accept(|_| {
		function(
			[T::U64],
			[],
			[],
			[B::CopyLoc(0), B::Pop, B::CopyLoc(0), B::Pop, B::Ret],
		)
	});
}

#[test]
fn local_without_value_is_not_borrowed() {
	for borrow in [B::ImmBorrowLoc(0), B::MutBorrowLoc(0)] {
		refuse(StatusCode::BORROWLOC_UNAVAILABLE_ERROR, 0, |_| {
			function([], [T::U64], [], [borrow.clone(), B::Pop, B::Ret])
		});
		accept(|_| function([T::U64], [], [], [borrow.clone(), B::Pop, B::Ret]));
	}
}

#[test]
fn value_without_drop_is_not_overwritten() {
	refuse(StatusCode::STLOC_UNSAFE_TO_DESTROY_ERROR, 1, |s| {
		let hot = s.hot.type_();
		function(
			[hot.clone(), hot],
			[],
			[],
			[B::MoveLoc(1), B::StLoc(0), B::Ret],
		)
	});
	accept(|s| {
		let hot = s.hot.type_();
		function(
			[hot.clone(), hot.clone()],
			[],
			[hot.clone(), hot],
			[
				B::MoveLoc(0),
				B::MoveLoc(1),
				B::StLoc(0),
				B::MoveLoc(0),
				B::Ret,
			],
		)
	});
}

#[test]
fn value_without_drop_is_not_left_behind() {
	refuse(StatusCode::UNSAFE_RET_UNUSED_VALUES_WITHOUT_DROP, 0, |s| {
		function([s.hot.type_()], [], [], [B::Ret])
	});
	accept(|s| {
		function(
			[s.hot.type_()],
			[],
			[s.hot.type_()],
			[B::MoveLoc(0), B::Ret],
		)
	});
	accept(|s| function([s.data.type_()], [], [], [B::Ret]));
}

#[test]
fn value_that_is_gone_on_one_way_is_gone() {
	refuse(StatusCode::MOVELOC_UNAVAILABLE_ERROR, 4, |_| {
		function(
			[T::Bool, T::U64],
			[],
			[],
			[
				B::MoveLoc(0),
				B::BrTrue(4),
				B::MoveLoc(1),
				B::Pop,
				B::MoveLoc(1),
				B::Pop,
				B::Ret,
			],
		)
	});
}

#[test]
fn value_without_drop_that_is_there_on_one_way_is_not_left_behind() {
	let taken_on_one_way = |hot: T| {
		function(
			[T::Bool, hot],
			[],
			[],
			[
				B::MoveLoc(0),
				B::BrTrue(5),
				B::MoveLoc(1),
				B::LdU64(0),
				B::Abort,
				B::Ret,
			],
		)
	};
	refuse(StatusCode::POSITIVE_STACK_SIZE_AT_BLOCK_END, 2, |s| {
		taken_on_one_way(s.hot.type_())
	});
	refuse(StatusCode::UNSAFE_RET_UNUSED_VALUES_WITHOUT_DROP, 5, |s| {
		let mut f = taken_on_one_way(s.hot.type_());
		f = f.locals([s.hot.type_()]).code([
			B::MoveLoc(0),
			B::BrTrue(5),
			B::MoveLoc(1),
			B::StLoc(2),
			B::Branch(5),
			B::Ret,
		]);
		f
	});
}
