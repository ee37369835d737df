//! Reference safety.

use move_vm_binary_format::{Bytecode as B, SignatureToken as T};
use move_vm_types::StatusCode;

use crate::setting::{accept, function, imm, mutable, refuse, vector};

#[test]
fn reference_to_a_local_is_not_returned() {
	refuse(
		StatusCode::UNSAFE_RET_LOCAL_OR_RESOURCE_STILL_BORROWED,
		1,
		|_| function([T::U64], [], [imm(T::U64)], [B::ImmBorrowLoc(0), B::Ret]),
	);
	accept(|_| function([imm(T::U64)], [], [imm(T::U64)], [B::MoveLoc(0), B::Ret]));
}

#[test]
fn reference_to_a_resource_is_not_returned() {
	refuse(
		StatusCode::UNSAFE_RET_LOCAL_OR_RESOURCE_STILL_BORROWED,
		2,
		|s| {
			let resource = s.resource;
			let borrow = B::ImmBorrowGlobal(resource.def);
			function(
				[T::Address],
				[],
				[imm(resource.type_())],
				[B::MoveLoc(0), borrow, B::Ret],
			)
			.acquires([resource.def])
		},
	);
}

#[test]
fn mutable_reference_that_is_borrowed_is_not_returned() {
	// The first result is a field of the second.
	refuse(StatusCode::RET_BORROWED_MUTABLE_REFERENCE_ERROR, 3, |s| {
		let data = s.data.type_();
		function(
			[mutable(data.clone())],
			[],
			[mutable(T::U64), mutable(data)],
			[
				B::CopyLoc(0),
				B::MutBorrowField(s.data_value),
				B::MoveLoc(0),
				B::Ret,
			],
		)
	});
	accept(|s| {
		function(
			[mutable(s.data.type_())],
			[],
			[mutable(T::U64)],
			[B::MoveLoc(0), B::MutBorrowField(s.data_value), B::Ret],
		)
	});
}

#[test]
fn two_fields_are_borrowed_mutably_at_once() {
	let borrow_two = |s: &crate::setting::Setting, first, second| {
		function(
			[mutable(s.data.type_())],
			[],
			[mutable(T::U64), mutable(T::U64)],
			[
				B::CopyLoc(0),
				B::MutBorrowField(first),
				B::MoveLoc(0),
				B::MutBorrowField(second),
				B::Ret,
			],
		)
	};
	accept(|s| borrow_two(s, s.data_value, s.data_other));
	refuse(StatusCode::RET_BORROWED_MUTABLE_REFERENCE_ERROR, 4, |s| {
		borrow_two(s, s.data_value, s.data_value)
	});
}

#[test]
fn variants_share_their_fields_place() {
	let borrow_two = |s: &crate::setting::Setting, first, second, last| {
		function(
			[mutable(s.shape.type_())],
			[],
			[mutable(T::U64), mutable(last)],
			[
				B::CopyLoc(0),
				B::MutBorrowVariantField(first),
				B::MoveLoc(0),
				B::MutBorrowVariantField(second),
				B::Ret,
			],
		)
	};
	refuse(StatusCode::RET_BORROWED_MUTABLE_REFERENCE_ERROR, 4, |s| {
		borrow_two(s, s.any_x, s.line_x, T::U64)
	});
	accept(|s| borrow_two(s, s.line_x, s.line_y, T::Bool));
}

/// A mutable borrow of local 0 in local 1, then `code`, then a use of it.
fn while_borrowed_mutably(local: T, code: &[B]) -> move_vm_fixtures::Function {
	let mut all = vec![B::MutBorrowLoc(0), B::StLoc(1)];
	all.extend_from_slice(code);
	all.extend([B::MoveLoc(1), B::Pop, B::Ret]);
	function([local.clone()], [mutable(local)], [], all)
}

/// The same with an immutable borrow.
fn while_borrowed(local: T, code: &[B]) -> move_vm_fixtures::Function {
	let mut all = vec![B::ImmBorrowLoc(0), B::StLoc(1)];
	all.extend_from_slice(code);
	all.extend([B::MoveLoc(1), B::Pop, B::Ret]);
	function([local.clone()], [imm(local)], [], all)
}

#[test]
fn local_that_is_borrowed_mutably_is_not_copied() {
	let copy = [B::CopyLoc(0), B::Pop];
	refuse(StatusCode::COPYLOC_EXISTS_BORROW_ERROR, 2, |_| {
		while_borrowed_mutably(T::U64, &copy)
	});
	accept(|_| while_borrowed(T::U64, &copy));
}

#[test]
fn local_that_is_borrowed_is_not_moved() {
	refuse(StatusCode::MOVELOC_EXISTS_BORROW_ERROR, 2, |_| {
		while_borrowed(T::U64, &[B::MoveLoc(0), B::Pop])
	});
	accept(|_| {
		let borrow_and_end = [B::ImmBorrowLoc(0), B::Pop, B::MoveLoc(0), B::Pop, B::Ret];
		function([T::U64], [], [], borrow_and_end)
	});
}

#[test]
fn local_that_is_borrowed_is_not_overwritten() {
	refuse(StatusCode::STLOC_UNSAFE_TO_DESTROY_ERROR, 3, |_| {
		while_borrowed(T::U64, &[B::LdU64(1), B::StLoc(0)])
	});
	accept(|_| {
		let borrow_and_end = [B::ImmBorrowLoc(0), B::Pop, B::LdU64(1), B::StLoc(0), B::Ret];
		function([T::U64], [], [], borrow_and_end)
	});
}

#[test]
fn local_that_is_borrowed_mutably_is_not_borrowed() {
	let borrow = [B::ImmBorrowLoc(0), B::Pop];
	refuse(StatusCode::BORROWLOC_EXISTS_BORROW_ERROR, 2, |_| {
		while_borrowed_mutably(T::U64, &borrow)
	});
	accept(|_| while_borrowed(T::U64, &borrow));
}

#[test]
fn newer_mutable_borrow_makes_the_older_one_unusable() {
	let write_old = |code: &[B]| {
		let mut all = vec![
			B::MutBorrowLoc(0),
			B::StLoc(1),
			B::MutBorrowLoc(0),
			B::StLoc(2),
		];
		all.extend_from_slice(code);
		all.push(B::Ret);
		function([T::U64], [mutable(T::U64), mutable(T::U64)], [], all)
	};
	// The newer borrow was put in front: it is the one that is borrowed.
	refuse(StatusCode::WRITEREF_EXISTS_BORROW_ERROR, 6, |_| {
		write_old(&[
			B::LdU64(1),
			B::MoveLoc(2),
			B::WriteRef,
			B::MoveLoc(1),
			B::Pop,
		])
	});
	accept(|_| {
		write_old(&[
			B::LdU64(1),
			B::MoveLoc(1),
			B::WriteRef,
			B::MoveLoc(2),
			B::Pop,
		])
	});
}

#[test]
fn mutable_reference_with_mutable_borrow_is_not_frozen() {
	refuse(StatusCode::FREEZEREF_EXISTS_MUTABLE_BORROW_ERROR, 4, |s| {
		let code = [
			B::CopyLoc(0),
			B::MutBorrowField(s.data_value),
			B::StLoc(1),
			B::MoveLoc(0),
			B::FreezeRef,
			B::Pop,
			B::MoveLoc(1),
			B::Pop,
			B::Ret,
		];
		function([mutable(s.data.type_())], [mutable(T::U64)], [], code)
	});
	accept(|s| {
		let code = [
			B::CopyLoc(0),
			B::ImmBorrowField(s.data_value),
			B::StLoc(1),
			B::MoveLoc(0),
			B::FreezeRef,
			B::Pop,
			B::MoveLoc(1),
			B::Pop,
			B::Ret,
		];
		function([mutable(s.data.type_())], [imm(T::U64)], [], code)
	});
}

/// Borrows a field of the parameter with `borrow`, then `code`.
fn while_field_is_borrowed(
	data: T,
	borrow: B,
	kind: fn(T) -> T,
	code: &[B],
) -> move_vm_fixtures::Function {
	let mut all = vec![B::CopyLoc(0), borrow, B::StLoc(1)];
	all.extend_from_slice(code);
	all.extend([B::MoveLoc(1), B::Pop, B::Ret]);
	function([mutable(data)], [kind(T::U64)], [], all)
}

#[test]
fn reference_with_mutable_borrow_is_not_read() {
	let read = [B::CopyLoc(0), B::ReadRef, B::Pop];
	refuse(StatusCode::READREF_EXISTS_MUTABLE_BORROW_ERROR, 4, |s| {
		while_field_is_borrowed(
			s.data.type_(),
			B::MutBorrowField(s.data_value),
			mutable,
			&read,
		)
	});
	accept(|s| {
		while_field_is_borrowed(s.data.type_(), B::ImmBorrowField(s.data_value), imm, &read)
	});
}

#[test]
fn reference_with_mutable_borrow_is_not_compared() {
	let compare = [B::CopyLoc(0), B::CopyLoc(0), B::Eq, B::Pop];
	refuse(StatusCode::READREF_EXISTS_MUTABLE_BORROW_ERROR, 2, |s| {
		function(
			[mutable(s.data.type_())],
			[],
			[T::Bool],
			[B::CopyLoc(0), B::CopyLoc(0), B::Eq, B::Ret],
		)
	});
	let frozen = [
		B::CopyLoc(0),
		B::FreezeRef,
		B::CopyLoc(0),
		B::FreezeRef,
		B::Eq,
		B::Pop,
	];
	refuse(StatusCode::READREF_EXISTS_MUTABLE_BORROW_ERROR, 5, |s| {
		while_field_is_borrowed(
			s.data.type_(),
			B::MutBorrowField(s.data_value),
			mutable,
			&compare,
		)
	});
	accept(|s| {
		while_field_is_borrowed(
			s.data.type_(),
			B::ImmBorrowField(s.data_value),
			imm,
			&frozen,
		)
	});
}

#[test]
fn reference_that_is_borrowed_is_not_written() {
	refuse(StatusCode::WRITEREF_EXISTS_BORROW_ERROR, 7, |s| {
		let write = [
			B::LdU64(1),
			B::LdU64(2),
			B::Pack(s.data.def),
			B::CopyLoc(0),
			B::WriteRef,
		];
		while_field_is_borrowed(s.data.type_(), B::ImmBorrowField(s.data_value), imm, &write)
	});
	accept(|s| {
		let code = [
			B::LdU64(1),
			B::LdU64(2),
			B::Pack(s.data.def),
			B::MoveLoc(0),
			B::WriteRef,
			B::Ret,
		];
		function([mutable(s.data.type_())], [], [], code)
	});
}

#[test]
fn field_with_mutable_borrow_is_not_borrowed() {
	let borrow = |field| [B::CopyLoc(0), B::ImmBorrowField(field), B::Pop];
	refuse(
		StatusCode::BORROWFIELD_EXISTS_MUTABLE_BORROW_ERROR,
		4,
		|s| {
			let code = borrow(s.data_value);
			while_field_is_borrowed(
				s.data.type_(),
				B::MutBorrowField(s.data_value),
				mutable,
				&code,
			)
		},
	);
	accept(|s| {
		let code = borrow(s.data_other);
		while_field_is_borrowed(
			s.data.type_(),
			B::MutBorrowField(s.data_value),
			mutable,
			&code,
		)
	});
}

#[test]
fn reference_with_full_borrow_gives_no_mutable_field() {
	refuse(
		StatusCode::BORROWFIELD_EXISTS_MUTABLE_BORROW_ERROR,
		4,
		|s| {
			let code = [
				B::CopyLoc(0),
				B::Call(s.peek),
				B::StLoc(1),
				B::MoveLoc(0),
				B::MutBorrowField(s.data_value),
				B::Pop,
				B::MoveLoc(1),
				B::Pop,
				B::Ret,
			];
			function([mutable(s.data.type_())], [imm(T::U64)], [], code)
		},
	);
}

#[test]
fn variant_of_a_borrowed_enum_is_not_tested() {
	let test_variant = |s: &crate::setting::Setting, field: B, kind: fn(T) -> T| {
		let code = [
			B::CopyLoc(0),
			field,
			B::StLoc(1),
			B::CopyLoc(0),
			B::TestVariant(s.dot),
			B::Pop,
			B::MoveLoc(1),
			B::Pop,
			B::Ret,
		];
		function([mutable(s.shape.type_())], [kind(T::U64)], [], code)
	};
	refuse(StatusCode::READREF_EXISTS_MUTABLE_BORROW_ERROR, 4, |s| {
		test_variant(s, B::MutBorrowVariantField(s.any_x), mutable)
	});
	accept(|s| test_variant(s, B::ImmBorrowVariantField(s.any_x), imm));
}

#[test]
fn resource_that_is_borrowed_is_not_taken() {
	let borrow_and_take = |s: &crate::setting::Setting, is_ended: bool| {
		let resource = s.resource;
		let mut code = vec![B::CopyLoc(0), B::ImmBorrowGlobal(resource.def), B::StLoc(1)];
		if is_ended {
			code.extend([B::MoveLoc(1), B::Pop]);
		}
		code.extend([
			B::MoveLoc(0),
			B::MoveFrom(resource.def),
			B::Unpack(resource.def),
			B::Pop,
			B::Pop,
			B::Ret,
		]);
		function([T::Address], [imm(resource.type_())], [], code).acquires([resource.def])
	};
	refuse(StatusCode::GLOBAL_REFERENCE_ERROR, 4, |s| {
		borrow_and_take(s, false)
	});
	accept(|s| borrow_and_take(s, true));
}

#[test]
fn resource_is_borrowed_mutably_once() {
	let borrow_twice = |s: &crate::setting::Setting, borrow: B, kind: fn(T) -> T| {
		let code = [
			B::CopyLoc(0),
			borrow.clone(),
			B::StLoc(1),
			B::MoveLoc(0),
			borrow,
			B::Pop,
			B::Ret,
		];
		function([T::Address], [kind(s.resource.type_())], [], code).acquires([s.resource.def])
	};
	refuse(StatusCode::GLOBAL_REFERENCE_ERROR, 4, |s| {
		borrow_twice(s, B::MutBorrowGlobal(s.resource.def), mutable)
	});
	accept(|s| borrow_twice(s, B::ImmBorrowGlobal(s.resource.def), imm));
}

#[test]
fn function_that_touches_a_borrowed_resource_is_not_called() {
	let borrow_and_call = |s: &crate::setting::Setting, callee: B| {
		let code = [
			B::MoveLoc(0),
			B::ImmBorrowGlobal(s.resource.def),
			B::StLoc(1),
			callee,
			B::MoveLoc(1),
			B::Pop,
			B::Ret,
		];
		function([T::Address], [imm(s.resource.type_())], [], code).acquires([s.resource.def])
	};
	refuse(StatusCode::GLOBAL_REFERENCE_ERROR, 3, |s| {
		borrow_and_call(s, B::Call(s.touch))
	});
	accept(|s| borrow_and_call(s, B::Nop));
}

#[test]
fn borrowed_mutable_reference_is_not_passed_on() {
	refuse(StatusCode::CALL_BORROWED_MUTABLE_REFERENCE_ERROR, 4, |s| {
		let call = [B::CopyLoc(0), B::Call(s.peek), B::Pop];
		while_field_is_borrowed(s.data.type_(), B::ImmBorrowField(s.data_value), imm, &call)
	});
	accept(|s| {
		let code = [B::MoveLoc(0), B::Call(s.peek), B::Ret];
		function([mutable(s.data.type_())], [], [imm(T::U64)], code)
	});
}

#[test]
fn result_of_a_call_borrows_from_the_arguments() {
	let call_and_write = |s: &crate::setting::Setting, written: u8| {
		let data = s.data.type_();
		let code = [
			B::CopyLoc(0),
			B::CopyLoc(1),
			B::FreezeRef,
			B::Call(s.pick),
			B::StLoc(2),
			B::LdU64(1),
			B::LdU64(2),
			B::Pack(s.data.def),
			B::MoveLoc(written),
			B::WriteRef,
			B::MoveLoc(2),
			B::Pop,
			B::Ret,
		];
		function(
			[mutable(data.clone()), mutable(data)],
			[mutable(T::U64)],
			[],
			code,
		)
	};
	refuse(StatusCode::WRITEREF_EXISTS_BORROW_ERROR, 9, |s| {
		call_and_write(s, 0)
	});
	// A mutable result cannot come from an immutable argument.
	accept(|s| call_and_write(s, 1));
}

#[test]
fn vector_with_borrowed_element_is_not_changed() {
	let while_element_is_borrowed = |s: &crate::setting::Setting, code: &[B]| {
		let mut all = vec![
			B::CopyLoc(0),
			B::LdU64(0),
			B::VecMutBorrow(s.u64_),
			B::StLoc(1),
		];
		all.extend_from_slice(code);
		all.extend([B::MoveLoc(1), B::Pop, B::Ret]);
		function([mutable(vector(T::U64))], [mutable(T::U64)], [], all)
	};
	let changed = StatusCode::VEC_UPDATE_EXISTS_MUTABLE_BORROW_ERROR;
	refuse(changed, 6, |s| {
		while_element_is_borrowed(s, &[B::CopyLoc(0), B::LdU64(1), B::VecPushBack(s.u64_)])
	});
	refuse(changed, 5, |s| {
		while_element_is_borrowed(s, &[B::CopyLoc(0), B::VecPopBack(s.u64_), B::Pop])
	});
	refuse(changed, 7, |s| {
		let swap = [B::CopyLoc(0), B::LdU64(1), B::LdU64(0), B::VecSwap(s.u64_)];
		while_element_is_borrowed(s, &swap)
	});
	refuse(
		StatusCode::VEC_BORROW_ELEMENT_EXISTS_MUTABLE_BORROW_ERROR,
		6,
		|s| {
			let borrow = [B::CopyLoc(0), B::LdU64(1), B::VecMutBorrow(s.u64_), B::Pop];
			while_element_is_borrowed(s, &borrow)
		},
	);
	accept(|s| while_element_is_borrowed(s, &[B::CopyLoc(0), B::VecLen(s.u64_), B::Pop]));
}

#[test]
fn reference_that_one_way_holds_is_gone_after_the_join() {
	// On one way local 2 borrows from local 1; after the join nothing does.
	accept(|_| {
		function(
			[T::Bool, T::U64],
			[imm(T::U64)],
			[T::U64],
			[
				B::MoveLoc(0),
				B::BrTrue(5),
				B::ImmBorrowLoc(1),
				B::StLoc(2),
				B::Branch(5),
				B::MoveLoc(1),
				B::Ret,
			],
		)
	});
	// It borrows from one local on one way and from another on the other: from both after the join.
	refuse(StatusCode::MOVELOC_EXISTS_BORROW_ERROR, 7, |_| {
		function(
			[T::Bool, T::U64, T::U64],
			[imm(T::U64)],
			[],
			[
				B::MoveLoc(0),
				B::BrTrue(5),
				B::ImmBorrowLoc(1),
				B::StLoc(3),
				B::Branch(7),
				B::ImmBorrowLoc(2),
				B::StLoc(3),
				B::MoveLoc(1),
				B::Pop,
				B::MoveLoc(3),
				B::Pop,
				B::Ret,
			],
		)
	});
}
