//! Type safety.

use move_vm_binary_format::{Bytecode as B, SignatureToken as T};
use move_vm_fixtures::{abilities, Function};
use move_vm_types::{StatusCode, U256};

use crate::setting::{accept, function, imm, mutable, refuse, vector, Setting};

/// Code that runs on parameters of the given types and ends with `Ret`.
fn on(parameters: impl Into<Vec<T>>, returns: impl Into<Vec<T>>, code: &[B]) -> Function {
	let parameters = parameters.into();
	let mut all: Vec<B> = (0..parameters.len()).map(|i| B::MoveLoc(i as u8)).collect();
	all.extend_from_slice(code);
	all.push(B::Ret);
	function(parameters, [], returns, all)
}

#[test]
fn value_without_drop_is_not_popped() {
	refuse(StatusCode::POP_WITHOUT_DROP_ABILITY, 1, |s| {
		on([s.hot.type_()], [], &[B::Pop])
	});
	accept(|s| on([s.data.type_()], [], &[B::Pop]));
	accept(|s| on([mutable(s.hot.type_())], [], &[B::Pop]));
}

#[test]
fn abilities_of_a_type_parameter_are_its_constraints() {
	let pop = || on([T::TypeParameter(0)], [], &[B::Pop]);
	accept(|_| pop().type_parameters([abilities("drop")]));
	refuse(StatusCode::POP_WITHOUT_DROP_ABILITY, 1, |_| {
		pop().type_parameters([abilities("copy, store")])
	});
}

#[test]
fn abilities_of_a_vector_are_those_of_its_element() {
	refuse(StatusCode::POP_WITHOUT_DROP_ABILITY, 1, |s| {
		on([vector(s.hot.type_())], [], &[B::Pop])
	});
	accept(|s| on([vector(s.data.type_())], [], &[B::Pop]));
}

#[test]
fn branch_wants_a_bool() {
	let branch = |token: T| function([token], [], [], [B::MoveLoc(0), B::BrTrue(2), B::Ret]);
	refuse(StatusCode::BR_TYPE_MISMATCH_ERROR, 1, |_| branch(T::U8));
	refuse(StatusCode::BR_TYPE_MISMATCH_ERROR, 1, |_| {
		branch(imm(T::Bool))
	});
	accept(|_| branch(T::Bool));
}

#[test]
fn abort_wants_a_u64() {
	let abort = |token: T| function([token], [], [], [B::MoveLoc(0), B::Abort]);
	refuse(StatusCode::ABORT_TYPE_MISMATCH_ERROR, 1, |_| abort(T::U32));
	accept(|_| abort(T::U64));
}

#[test]
fn local_holds_its_type() {
	let store = |from: T, to: T| function([from, to], [], [], [B::MoveLoc(0), B::StLoc(1), B::Ret]);
	refuse(StatusCode::STLOC_TYPE_MISMATCH_ERROR, 1, |_| {
		store(T::U8, T::U16)
	});
	refuse(StatusCode::STLOC_TYPE_MISMATCH_ERROR, 1, |_| {
		store(mutable(T::U8), imm(T::U8))
	});
	accept(|_| store(vector(T::U8), vector(T::U8)));
}

#[test]
fn results_have_the_declared_types() {
	refuse(StatusCode::RET_TYPE_MISMATCH_ERROR, 1, |_| {
		on([T::U8], [T::U16], &[])
	});
	refuse(StatusCode::RET_TYPE_MISMATCH_ERROR, 2, |_| {
		on([T::U8, T::U16], [T::U16, T::U8], &[])
	});
	accept(|_| on([T::U8, T::U16], [T::U8, T::U16], &[]));
}

#[test]
fn arguments_have_the_declared_types() {
	refuse(StatusCode::CALL_TYPE_MISMATCH_ERROR, 1, |s| {
		on([imm(s.data.type_())], [imm(T::U64)], &[B::Call(s.peek)])
	});
	accept(|s| on([mutable(s.data.type_())], [imm(T::U64)], &[B::Call(s.peek)]));
	refuse(StatusCode::CALL_TYPE_MISMATCH_ERROR, 1, |s| {
		on([T::U8], [T::U8], &[B::CallGeneric(s.identity)])
	});
	refuse(StatusCode::RET_TYPE_MISMATCH_ERROR, 2, |s| {
		on([T::U64], [T::U8], &[B::CallGeneric(s.identity)])
	});
	accept(|s| on([T::U64], [T::U64], &[B::CallGeneric(s.identity)]));
}

#[test]
fn literals_and_constants_have_their_types() {
	for (load, token) in [
		(B::LdU8(1), T::U8),
		(B::LdU16(1), T::U16),
		(B::LdU32(1), T::U32),
		(B::LdU64(1), T::U64),
		(B::LdU128(1), T::U128),
		(B::LdU256(Box::new(U256::from(1))), T::U256),
		(B::LdTrue, T::Bool),
		(B::LdFalse, T::Bool),
		(B::LdConst(Default::default()), T::Address),
	] {
		accept(|_| on([], [token], std::slice::from_ref(&load)));
		refuse(StatusCode::RET_TYPE_MISMATCH_ERROR, 1, |_| {
			on([], [T::Signer], &[load])
		});
	}
}

#[test]
fn value_without_copy_is_not_copied() {
	let copy = |token: T| {
		function(
			[token.clone()],
			[],
			[token.clone(), token],
			[B::CopyLoc(0), B::MoveLoc(0), B::Ret],
		)
	};
	refuse(StatusCode::COPYLOC_WITHOUT_COPY_ABILITY, 0, |s| {
		copy(s.hot.type_())
	});
	accept(|s| copy(s.data.type_()));
}

#[test]
fn reference_is_not_borrowed() {
	refuse(StatusCode::BORROWLOC_REFERENCE_ERROR, 0, |_| {
		function([imm(T::U8)], [], [], [B::ImmBorrowLoc(0), B::Pop, B::Ret])
	});
	accept(|_| function([T::U8], [], [], [B::ImmBorrowLoc(0), B::Pop, B::Ret]));
}

#[test]
fn struct_is_packed_from_its_fields() {
	let pack =
		|s: &Setting, second: T| on([T::U64, second], [s.data.type_()], &[B::Pack(s.data.def)]);
	refuse(StatusCode::PACK_TYPE_MISMATCH_ERROR, 2, |s| pack(s, T::U8));
	accept(|s| pack(s, T::U64));
	let pack_generic = |s: &Setting, item: T| {
		let returned = s.generic.type_with([T::U64]);
		on([item], [returned], &[B::PackGeneric(s.generic_u64)])
	};
	refuse(StatusCode::PACK_TYPE_MISMATCH_ERROR, 1, |s| {
		pack_generic(s, T::Bool)
	});
	accept(|s| pack_generic(s, T::U64));
	let pack_variant = |s: &Setting, second: T| {
		on(
			[T::U64, second],
			[s.shape.type_()],
			&[B::PackVariant(s.line)],
		)
	};
	refuse(StatusCode::PACK_TYPE_MISMATCH_ERROR, 2, |s| {
		pack_variant(s, T::U64)
	});
	accept(|s| pack_variant(s, T::Bool));
	let pack_leaf = |s: &Setting, item: T| {
		let returned = s.tree.type_with([T::U64]);
		on([item], [returned], &[B::PackVariantGeneric(s.leaf)])
	};
	refuse(StatusCode::PACK_TYPE_MISMATCH_ERROR, 1, |s| {
		pack_leaf(s, T::U8)
	});
	accept(|s| pack_leaf(s, T::U64));
}

#[test]
fn enum_is_not_packed_as_a_struct() {
	refuse(StatusCode::PACK_TYPE_MISMATCH_ERROR, 0, |s| {
		on([], [s.shape.type_()], &[B::Pack(s.shape.def)])
	});
}

#[test]
fn struct_is_unpacked_into_its_fields() {
	let unpack = |s: &Setting, token: T| on([token], [T::U64, T::U64], &[B::Unpack(s.data.def)]);
	refuse(StatusCode::UNPACK_TYPE_MISMATCH_ERROR, 1, |s| {
		unpack(s, s.resource.type_())
	});
	accept(|s| unpack(s, s.data.type_()));
	let generic = |s: &Setting, item: T| {
		let token = s.generic.type_with([item]);
		on([token], [T::U64], &[B::UnpackGeneric(s.generic_u64)])
	};
	refuse(StatusCode::UNPACK_TYPE_MISMATCH_ERROR, 1, |s| {
		generic(s, T::U8)
	});
	accept(|s| generic(s, T::U64));
	let variant =
		|s: &Setting, token: T| on([token], [T::U64, T::Bool], &[B::UnpackVariant(s.line)]);
	refuse(StatusCode::UNPACK_TYPE_MISMATCH_ERROR, 1, |s| {
		variant(s, s.data.type_())
	});
	accept(|s| variant(s, s.shape.type_()));
	let leaf = |s: &Setting, item: T| {
		let token = s.tree.type_with([item]);
		on([token], [T::U64], &[B::UnpackVariantGeneric(s.leaf)])
	};
	refuse(StatusCode::UNPACK_TYPE_MISMATCH_ERROR, 1, |s| {
		leaf(s, T::U8)
	});
	accept(|s| leaf(s, T::U64));
}

#[test]
fn variant_is_tested_through_a_reference_to_its_enum() {
	let test_variant = |s: &Setting, token: T| on([token], [T::Bool], &[B::TestVariant(s.dot)]);
	let refused = StatusCode::TEST_VARIANT_TYPE_MISMATCH_ERROR;
	refuse(refused, 1, |s| test_variant(s, s.shape.type_()));
	refuse(refused, 1, |s| test_variant(s, imm(s.data.type_())));
	accept(|s| test_variant(s, imm(s.shape.type_())));
	accept(|s| test_variant(s, mutable(s.shape.type_())));
	let leaf = |s: &Setting, item: T| {
		let token = imm(s.tree.type_with([item]));
		on([token], [T::Bool], &[B::TestVariantGeneric(s.leaf)])
	};
	refuse(refused, 1, |s| leaf(s, T::U8));
	accept(|s| leaf(s, T::U64));
}

#[test]
fn references_are_read() {
	refuse(StatusCode::READREF_TYPE_MISMATCH_ERROR, 1, |_| {
		on([T::U8], [T::U8], &[B::ReadRef])
	});
	refuse(StatusCode::READREF_WITHOUT_COPY_ABILITY, 1, |s| {
		on([imm(s.hot.type_())], [s.hot.type_()], &[B::ReadRef])
	});
	accept(|_| on([imm(T::U8)], [T::U8], &[B::ReadRef]));
	accept(|_| on([mutable(T::U8)], [T::U8], &[B::ReadRef]));
}

#[test]
fn mutable_references_are_written() {
	let write = |value: T, reference: T| on([value, reference], [], &[B::WriteRef]);
	refuse(StatusCode::WRITEREF_NO_MUTABLE_REFERENCE_ERROR, 2, |_| {
		write(T::U8, imm(T::U8))
	});
	refuse(StatusCode::WRITEREF_TYPE_MISMATCH_ERROR, 2, |_| {
		write(T::U8, mutable(T::U16))
	});
	refuse(StatusCode::WRITEREF_WITHOUT_DROP_ABILITY, 2, |s| {
		write(s.hot.type_(), mutable(s.hot.type_()))
	});
	accept(|_| write(T::U8, mutable(T::U8)));
}

#[test]
fn mutable_references_are_frozen() {
	let freeze = |token: T| on([token], [imm(T::U8)], &[B::FreezeRef]);
	refuse(StatusCode::FREEZEREF_TYPE_MISMATCH_ERROR, 1, |_| {
		freeze(imm(T::U8))
	});
	accept(|_| freeze(mutable(T::U8)));
}

#[test]
fn fields_are_borrowed_from_their_struct() {
	let refused = StatusCode::BORROWFIELD_TYPE_MISMATCH_ERROR;
	let borrow = |token: T, returned: T, code: B| on([token], [returned], &[code]);
	refuse(refused, 1, |s| {
		borrow(
			imm(s.data.type_()),
			mutable(T::U64),
			B::MutBorrowField(s.data_value),
		)
	});
	refuse(refused, 1, |s| {
		borrow(s.data.type_(), imm(T::U64), B::ImmBorrowField(s.data_value))
	});
	refuse(refused, 1, |s| {
		borrow(
			imm(s.resource.type_()),
			imm(T::U64),
			B::ImmBorrowField(s.data_value),
		)
	});
	accept(|s| {
		borrow(
			imm(s.data.type_()),
			imm(T::U64),
			B::ImmBorrowField(s.data_value),
		)
	});
	accept(|s| {
		borrow(
			mutable(s.data.type_()),
			imm(T::U64),
			B::ImmBorrowField(s.data_value),
		)
	});
	accept(|s| {
		borrow(
			mutable(s.data.type_()),
			mutable(T::U64),
			B::MutBorrowField(s.data_value),
		)
	});

	let generic = |s: &Setting, item: T| imm(s.generic.type_with([item]));
	refuse(refused, 1, |s| {
		borrow(
			generic(s, T::U8),
			imm(T::U64),
			B::ImmBorrowFieldGeneric(s.generic_item),
		)
	});
	accept(|s| {
		borrow(
			generic(s, T::U64),
			imm(T::U64),
			B::ImmBorrowFieldGeneric(s.generic_item),
		)
	});
}

#[test]
fn fields_of_variants_are_borrowed_from_their_enum() {
	let borrow =
		|s: &Setting, returned: T, code: B| on([imm(s.shape.type_())], [returned], &[code]);
	refuse(StatusCode::BORROWFIELD_TYPE_MISMATCH_ERROR, 1, |s| {
		on(
			[imm(s.data.type_())],
			[imm(T::U64)],
			&[B::ImmBorrowVariantField(s.any_x)],
		)
	});
	refuse(StatusCode::BORROWFIELD_TYPE_MISMATCH_ERROR, 1, |s| {
		borrow(s, mutable(T::U64), B::MutBorrowVariantField(s.any_x))
	});
	refuse(StatusCode::BORROWFIELD_BAD_FIELD_ERROR, 1, |s| {
		// `Dot` has no second field.
		let both = s.builder.variant_field(s.shape.def, &[0, 1], 1);
		borrow(s, imm(T::Bool), B::ImmBorrowVariantField(both))
	});
	refuse(StatusCode::ZERO_VARIANTS_ERROR, 1, |s| {
		let none = s.builder.variant_field(s.shape.def, &[], 0);
		borrow(s, imm(T::U64), B::ImmBorrowVariantField(none))
	});
	let leaf = |s: &Setting, item: T| {
		let token = imm(s.tree.type_with([item]));
		on(
			[token],
			[imm(T::U64)],
			&[B::ImmBorrowVariantFieldGeneric(s.leaf_item)],
		)
	};
	refuse(StatusCode::BORROWFIELD_TYPE_MISMATCH_ERROR, 1, |s| {
		leaf(s, T::U8)
	});
	accept(|s| borrow(s, imm(T::U64), B::ImmBorrowVariantField(s.any_x)));
	accept(|s| borrow(s, imm(T::Bool), B::ImmBorrowVariantField(s.line_y)));
	accept(|s| leaf(s, T::U64));
}

#[test]
fn field_that_variants_give_different_types_is_not_borrowed() {
	let mut s = Setting::new();
	let odd = s.builder.enum_(
		"Odd",
		abilities("drop"),
		&[],
		&[("A", &[("x", T::U64)]), ("B", &[("x", T::U8)])],
	);
	let both = s.builder.variant_field(odd.def, &[0, 1], 0);
	let code = [B::ImmBorrowVariantField(both)];
	s.builder
		.function(on([imm(odd.type_())], [imm(T::U64)], &code));
	let error = crate::setting::verify(&s.builder.build()).unwrap_err();
	assert_eq!(error.status(), StatusCode::BORROWFIELD_TYPE_MISMATCH_ERROR);
}

#[test]
fn casts_take_integers() {
	for (cast, token) in [
		(B::CastU8, T::U8),
		(B::CastU16, T::U16),
		(B::CastU32, T::U32),
		(B::CastU64, T::U64),
		(B::CastU128, T::U128),
		(B::CastU256, T::U256),
	] {
		let code = [cast];
		accept(|_| on([T::U64], [token.clone()], &code));
		refuse(StatusCode::INTEGER_OP_TYPE_MISMATCH_ERROR, 1, |_| {
			on([T::Bool], [token], &code)
		});
	}
}

#[test]
fn arithmetic_takes_integers_of_one_type() {
	for operation in [
		B::Add,
		B::Sub,
		B::Mul,
		B::Mod,
		B::Div,
		B::BitOr,
		B::BitAnd,
		B::Xor,
	] {
		let code = [operation];
		accept(|_| on([T::U128, T::U128], [T::U128], &code));
		for pair in [[T::U64, T::U128], [T::Bool, T::Bool], [T::U8, T::Address]] {
			refuse(StatusCode::INTEGER_OP_TYPE_MISMATCH_ERROR, 2, |_| {
				on(pair, [T::U64], &code)
			});
		}
	}
	for operation in [B::Lt, B::Gt, B::Le, B::Ge] {
		let code = [operation];
		accept(|_| on([T::U256, T::U256], [T::Bool], &code));
		refuse(StatusCode::INTEGER_OP_TYPE_MISMATCH_ERROR, 2, |_| {
			on([T::U8, T::U16], [T::Bool], &code)
		});
	}
}

#[test]
fn shifts_take_a_u8() {
	for operation in [B::Shl, B::Shr] {
		let code = [operation];
		accept(|_| on([T::U256, T::U8], [T::U256], &code));
		for pair in [[T::U8, T::U256], [T::Bool, T::U8]] {
			refuse(StatusCode::INTEGER_OP_TYPE_MISMATCH_ERROR, 2, |_| {
				on(pair, [T::U256], &code)
			});
		}
	}
}

#[test]
fn logic_takes_bools() {
	for operation in [B::Or, B::And] {
		let code = [operation];
		accept(|_| on([T::Bool, T::Bool], [T::Bool], &code));
		for pair in [[T::U8, T::Bool], [T::Bool, T::U8]] {
			refuse(StatusCode::BOOLEAN_OP_TYPE_MISMATCH_ERROR, 2, |_| {
				on(pair, [T::Bool], &code)
			});
		}
	}
	accept(|_| on([T::Bool], [T::Bool], &[B::Not]));
	refuse(StatusCode::BOOLEAN_OP_TYPE_MISMATCH_ERROR, 1, |_| {
		on([T::U8], [T::Bool], &[B::Not])
	});
}

#[test]
fn equality_takes_droppable_values_of_one_type() {
	for operation in [B::Eq, B::Neq] {
		let code = [operation];
		let refused = StatusCode::EQUALITY_OP_TYPE_MISMATCH_ERROR;
		accept(|s| on([s.data.type_(), s.data.type_()], [T::Bool], &code));
		accept(|_| on([imm(T::U8), imm(T::U8)], [T::Bool], &code));
		refuse(refused, 2, |_| on([T::U8, T::U16], [T::Bool], &code));
		refuse(refused, 2, |_| {
			on([imm(T::U8), mutable(T::U8)], [T::Bool], &code)
		});
		refuse(refused, 2, |s| {
			on([s.hot.type_(), s.hot.type_()], [T::Bool], &code)
		});
	}
}

#[test]
fn resources_are_looked_up_by_address() {
	let resource = |s: &Setting| s.resource.def;
	let lookup = |token: T, returned: T, code: B| on([token], [returned], &[code]);
	let exists = StatusCode::EXISTS_WITHOUT_KEY_ABILITY_OR_BAD_ARGUMENT;
	refuse(exists, 1, |s| {
		lookup(T::U64, T::Bool, B::Exists(resource(s)))
	});
	refuse(exists, 1, |s| {
		lookup(T::Address, T::Bool, B::Exists(s.data.def))
	});
	accept(|s| lookup(T::Address, T::Bool, B::Exists(resource(s))));
	accept(|s| lookup(T::Address, T::Bool, B::ExistsGeneric(s.generic_u64)));

	refuse(StatusCode::BORROWGLOBAL_TYPE_MISMATCH_ERROR, 1, |s| {
		lookup(
			T::U64,
			imm(s.resource.type_()),
			B::ImmBorrowGlobal(resource(s)),
		)
	});
	refuse(StatusCode::BORROWGLOBAL_WITHOUT_KEY_ABILITY, 1, |s| {
		lookup(
			T::Address,
			mutable(s.data.type_()),
			B::MutBorrowGlobal(s.data.def),
		)
	});
	refuse(StatusCode::MOVEFROM_TYPE_MISMATCH_ERROR, 1, |s| {
		lookup(T::U64, s.resource.type_(), B::MoveFrom(resource(s)))
	});
	refuse(StatusCode::MOVEFROM_WITHOUT_KEY_ABILITY, 1, |s| {
		lookup(T::Address, s.data.type_(), B::MoveFrom(s.data.def))
	});
	accept(|s| {
		lookup(T::Address, s.resource.type_(), B::MoveFrom(resource(s))).acquires([resource(s)])
	});
	accept(|s| {
		let token = s.generic.type_with([T::U64]);
		lookup(T::Address, token, B::MoveFromGeneric(s.generic_u64)).acquires([s.generic.def])
	});
	refuse(StatusCode::RET_TYPE_MISMATCH_ERROR, 2, |s| {
		let token = s.generic.type_with([T::U8]);
		lookup(T::Address, token, B::MoveFromGeneric(s.generic_u64)).acquires([s.generic.def])
	});
}

#[test]
fn resources_are_moved_to_a_signer() {
	let move_to = |signer: T, value: T, code: B| on([signer, value], [], &[code]);
	let mismatch = StatusCode::MOVETO_TYPE_MISMATCH_ERROR;
	let signer = || imm(T::Signer);
	refuse(StatusCode::MOVETO_WITHOUT_KEY_ABILITY, 2, |s| {
		move_to(signer(), s.data.type_(), B::MoveTo(s.data.def))
	});
	refuse(mismatch, 2, |s| {
		move_to(signer(), s.data.type_(), B::MoveTo(s.resource.def))
	});
	for wrong in [imm(T::Address), mutable(T::Signer), T::Signer, T::Address] {
		refuse(mismatch, 2, |s| {
			move_to(wrong, s.resource.type_(), B::MoveTo(s.resource.def))
		});
	}
	accept(|s| move_to(signer(), s.resource.type_(), B::MoveTo(s.resource.def)));
	accept(|s| {
		let value = s.generic.type_with([T::U64]);
		move_to(signer(), value, B::MoveToGeneric(s.generic_u64))
	});
}

#[test]
fn vectors_hold_the_declared_elements() {
	let refused = StatusCode::TYPE_MISMATCH;
	let on_vector = |token: T, rest: &[T], returned: &[T], code: B| {
		let mut parameters = vec![token];
		parameters.extend_from_slice(rest);
		on(parameters, returned, &[code])
	};
	let (bytes, words) = (|| vector(T::U8), || vector(T::U64));

	refuse(refused, 1, |s| {
		on([T::U8], [words()], &[B::VecPack(s.u64_, 1)])
	});
	accept(|s| on([T::U64], [words()], &[B::VecPack(s.u64_, 1)]));
	accept(|s| {
		on(
			[s.hot.type_()],
			[vector(s.hot.type_())],
			&[B::VecPack(s.hot_, 1)],
		)
	});

	refuse(refused, 1, |s| {
		on([bytes()], [T::U64], &[B::VecUnpack(s.u64_, 1)])
	});
	refuse(refused, 1, |s| {
		on([T::U64], [T::U64], &[B::VecUnpack(s.u64_, 1)])
	});
	refuse(refused, 1, |s| {
		on([imm(words())], [T::U64], &[B::VecUnpack(s.u64_, 1)])
	});
	accept(|s| on([words()], [T::U64], &[B::VecUnpack(s.u64_, 1)]));

	for wrong in [words(), imm(bytes()), imm(T::U64)] {
		refuse(refused, 1, |s| on([wrong], [T::U64], &[B::VecLen(s.u64_)]));
	}
	accept(|s| on([imm(words())], [T::U64], &[B::VecLen(s.u64_)]));
	accept(|s| on([mutable(words())], [T::U64], &[B::VecLen(s.u64_)]));

	let (one, element) = ([T::U64], [imm(T::U64)]);
	refuse(refused, 2, |s| {
		on_vector(imm(words()), &[T::U8], &element, B::VecImmBorrow(s.u64_))
	});
	refuse(refused, 2, |s| {
		on_vector(imm(bytes()), &one, &element, B::VecImmBorrow(s.u64_))
	});
	accept(|s| on_vector(imm(words()), &one, &element, B::VecImmBorrow(s.u64_)));
	let element = [mutable(T::U64)];
	refuse(refused, 2, |s| {
		on_vector(imm(words()), &one, &element, B::VecMutBorrow(s.u64_))
	});
	accept(|s| on_vector(mutable(words()), &one, &element, B::VecMutBorrow(s.u64_)));

	refuse(refused, 2, |s| {
		on_vector(mutable(words()), &[T::U8], &[], B::VecPushBack(s.u64_))
	});
	refuse(refused, 2, |s| {
		on_vector(imm(words()), &one, &[], B::VecPushBack(s.u64_))
	});
	accept(|s| on_vector(mutable(words()), &one, &[], B::VecPushBack(s.u64_)));

	refuse(refused, 1, |s| {
		on_vector(imm(words()), &[], &one, B::VecPopBack(s.u64_))
	});
	accept(|s| on_vector(mutable(words()), &[], &one, B::VecPopBack(s.u64_)));

	let (places, wrong) = ([T::U64, T::U64], [T::U64, T::U8]);
	refuse(refused, 3, |s| {
		on_vector(mutable(words()), &wrong, &[], B::VecSwap(s.u64_))
	});
	refuse(refused, 3, |s| {
		on_vector(imm(words()), &places, &[], B::VecSwap(s.u64_))
	});
	accept(|s| on_vector(mutable(words()), &places, &[], B::VecSwap(s.u64_)));
}

#[test]
fn script_has_no_structs() {
	use move_vm_fixtures::ScriptBuilder;
	let limits = move_vm_types::VerifierLimits::PRODUCTION;
	let verify = |code: &[B]| {
		let main = Function::new("main").locals([]).code(code);
		let script = ScriptBuilder::new().build(main);
		let mut meter = move_vm_verifier::Meter::new(&limits);
		move_vm_verifier::code_unit::verify_script(&script, &limits, &mut meter)
			.map_err(|error| error.status())
	};
	assert_eq!(verify(&[B::Ret]), Ok(()));
	assert_eq!(
		verify(&[B::Pack(Default::default()), B::Ret]),
		Err(StatusCode::INVALID_OPERATION_IN_SCRIPT)
	);
}
