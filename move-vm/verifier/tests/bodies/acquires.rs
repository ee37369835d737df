//! Acquires lists.

use move_vm_binary_format::{index::StructDefinitionIndex, Bytecode as B, SignatureToken as T};
use move_vm_fixtures::Function;
use move_vm_types::StatusCode;

use crate::setting::{accept, function, refuse, refuse_whole, verify, Setting};

#[test]
fn resource_that_is_not_listed_is_not_touched() {
	refuse(StatusCode::MISSING_ACQUIRES_ANNOTATION, 1, |s| {
		let borrow = B::ImmBorrowGlobal(s.resource.def);
		function(
			[T::Address],
			[],
			[],
			[B::MoveLoc(0), borrow, B::Pop, B::Ret],
		)
	});
	accept(|s| {
		let borrow = B::ImmBorrowGlobal(s.resource.def);
		function(
			[T::Address],
			[],
			[],
			[B::MoveLoc(0), borrow, B::Pop, B::Ret],
		)
		.acquires([s.resource.def])
	});
}

#[test]
fn resource_of_a_callee_is_listed() {
	refuse(StatusCode::MISSING_ACQUIRES_ANNOTATION, 0, |s| {
		function([], [], [], [B::Call(s.touch), B::Ret])
	});
	accept(|s| function([], [], [], [B::Call(s.touch), B::Ret]).acquires([s.resource.def]));
}

#[test]
fn list_with_a_resource_that_is_not_touched_is_refused() {
	refuse_whole(StatusCode::EXTRANEOUS_ACQUIRES_ANNOTATION, |s| {
		function([], [], [], [B::Ret]).acquires([s.resource.def])
	});
}

#[test]
fn exists_acquires_nothing() {
	accept(|s| {
		let exists = B::Exists(s.resource.def);
		function([T::Address], [], [T::Bool], [B::MoveLoc(0), exists, B::Ret])
	});
}

#[test]
fn struct_without_key_is_not_listed() {
	// A native function may list what it likes.
	let call = |s: &mut Setting, listed: StructDefinitionIndex| {
		let native = s.builder.function(Function::new("odd").acquires([listed]));
		function([], [], [], [B::Call(native.handle), B::Ret]).acquires([listed])
	};
	let listing = |is_key: bool| {
		let mut s = Setting::new();
		let listed = if is_key { s.resource.def } else { s.data.def };
		let test = call(&mut s, listed);
		verify(&s.with(test)).map_err(|error| error.status())
	};
	assert_eq!(listing(true), Ok(()));
	assert_eq!(listing(false), Err(StatusCode::INVALID_ACQUIRES_ANNOTATION));
}
