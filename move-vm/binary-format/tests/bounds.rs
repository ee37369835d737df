//! Each index out of bounds, beside the module in which it is in bounds.

use move_vm_binary_format::{
	bounds::{check_module, check_script},
	index::*,
	module::{
		AccessKind, AccessSpecifier, AddressSpecifier, ResourceSpecifier, StructFieldInformation,
	},
	Bytecode as B, CompiledModule, SignatureToken as T,
};
use move_vm_fixtures::{
	abilities, generic_coin, shapes, type_parameter, user, Function, ModuleBuilder, ScriptBuilder,
	Tables as _,
};
use move_vm_types::{IndexKind as K, StatusCode as S, VmError};

const FAR: u16 = 999;

/// The error of a ready module after a change; without the change it has none.
fn broken(module: CompiledModule, change: impl FnOnce(&mut CompiledModule)) -> VmError {
	check_module(&module).expect("it is in bounds");
	let mut module = module;
	change(&mut module);
	check_module(&module).expect_err("it is out of bounds")
}

/// Checks that a change points `index` of `kind` out of bounds.
#[track_caller]
fn out_of_bounds(
	module: CompiledModule,
	kind: K,
	index: u16,
	change: impl FnOnce(&mut CompiledModule),
) {
	let error = broken(module, change);
	assert_eq!(
		(error.status(), error.index()),
		(S::INDEX_OUT_OF_BOUNDS, Some((kind, index)))
	);
}

#[test]
fn module_without_handles_is_refused() {
	let error = broken(user(), |m| m.pools.module_handles.clear());
	assert_eq!(error.status(), S::NO_MODULE_HANDLES);
	assert_eq!(error.index(), Some((K::ModuleHandle, 0)));
}

#[test]
fn handles_point_into_their_tables() {
	out_of_bounds(user(), K::ModuleHandle, FAR, |m| {
		m.self_module_handle = ModuleHandleIndex(FAR);
	});
	out_of_bounds(user(), K::AddressIdentifier, FAR, |m| {
		m.pools.module_handles[1].address.0 = FAR;
	});
	out_of_bounds(user(), K::Identifier, FAR, |m| {
		m.pools.module_handles[1].name.0 = FAR;
	});
	out_of_bounds(user(), K::AddressIdentifier, FAR, |m| {
		m.friend_declarations[0].address.0 = FAR;
	});
	out_of_bounds(user(), K::Identifier, FAR, |m| {
		m.friend_declarations[0].name.0 = FAR;
	});
	out_of_bounds(generic_coin(), K::ModuleHandle, FAR, |m| {
		m.pools.struct_handles[0].module.0 = FAR;
	});
	out_of_bounds(generic_coin(), K::Identifier, FAR, |m| {
		m.pools.struct_handles[0].name.0 = FAR;
	});
	out_of_bounds(user(), K::ModuleHandle, FAR, |m| {
		m.pools.function_handles[0].module.0 = FAR;
	});
	out_of_bounds(user(), K::Identifier, FAR, |m| {
		m.pools.function_handles[0].name.0 = FAR;
	});
	out_of_bounds(user(), K::Signature, FAR, |m| {
		m.pools.function_handles[0].parameters.0 = FAR;
	});
	out_of_bounds(user(), K::Signature, FAR, |m| {
		m.pools.function_handles[0].returns.0 = FAR;
	});
}

#[test]
fn definitions_point_into_their_tables() {
	out_of_bounds(generic_coin(), K::StructHandle, FAR, |m| {
		m.struct_defs[0].struct_handle.0 = FAR;
	});
	out_of_bounds(generic_coin(), K::Identifier, FAR, |m| {
		if let StructFieldInformation::Declared(fields) = &mut m.struct_defs[0].field_information {
			fields[0].name.0 = FAR;
		}
	});
	out_of_bounds(generic_coin(), K::FunctionHandle, FAR, |m| {
		m.function_defs[0].function.0 = FAR;
	});
	out_of_bounds(generic_coin(), K::StructDefinition, FAR, |m| {
		m.function_defs[5].acquires[0].0 = FAR;
	});
	out_of_bounds(generic_coin(), K::Signature, FAR, |m| {
		m.function_defs[0].code.as_mut().unwrap().locals.0 = FAR;
	});
	out_of_bounds(shapes(), K::Identifier, FAR, |m| {
		let info = &mut m.struct_defs[0].field_information;
		if let StructFieldInformation::DeclaredVariants(variants) = info {
			variants[1].name.0 = FAR;
		}
	});
	out_of_bounds(shapes(), K::Identifier, FAR, |m| {
		let info = &mut m.struct_defs[0].field_information;
		if let StructFieldInformation::DeclaredVariants(variants) = info {
			variants[1].fields[0].name.0 = FAR;
		}
	});
}

#[test]
fn instantiations_point_into_their_tables() {
	out_of_bounds(generic_coin(), K::StructDefinition, FAR, |m| {
		m.struct_def_instantiations[0].def.0 = FAR;
	});
	out_of_bounds(generic_coin(), K::Signature, FAR, |m| {
		m.struct_def_instantiations[0].type_arguments.0 = FAR;
	});
	out_of_bounds(generic_coin(), K::FieldHandle, FAR, |m| {
		m.field_instantiations[0].handle.0 = FAR;
	});
	out_of_bounds(generic_coin(), K::Signature, FAR, |m| {
		m.field_instantiations[0].type_arguments.0 = FAR;
	});
	out_of_bounds(generic_coin(), K::StructDefinition, FAR, |m| {
		m.field_handles[0].owner.0 = FAR;
	});
	out_of_bounds(generic_coin(), K::MemberCount, 1, |m| {
		m.field_handles[0].field = 1;
	});
	let calls = || {
		let mut m = ModuleBuilder::new(1, "m");
		let f = Function::new("f").type_parameters([abilities("")]);
		let f = m.function(f.code([B::Ret]));
		m.function_instantiation(f.handle, [T::U8]);
		m.build()
	};
	out_of_bounds(calls(), K::FunctionHandle, FAR, |m| {
		m.pools.function_instantiations[0].handle.0 = FAR;
	});
	out_of_bounds(calls(), K::Signature, FAR, |m| {
		m.pools.function_instantiations[0].type_arguments.0 = FAR;
	});
}

#[test]
fn tables_of_enums_point_into_theirs() {
	out_of_bounds(shapes(), K::StructDefinition, FAR, |m| {
		m.variant_field_handles[0].owner.0 = FAR;
	});
	out_of_bounds(shapes(), K::MemberCount, 2, |m| {
		m.variant_field_handles[0].variants[1] = 2;
	});
	// The rectangle has a second field, the circle has not.
	out_of_bounds(shapes(), K::MemberCount, 1, |m| {
		m.variant_field_handles[0].field = 1;
	});
	out_of_bounds(shapes(), K::StructDefinition, FAR, |m| {
		m.struct_variant_handles[0].owner.0 = FAR;
	});
	out_of_bounds(shapes(), K::MemberCount, 2, |m| {
		m.struct_variant_handles[0].variant = 2;
	});
	out_of_bounds(shapes(), K::StructVariantHandle, FAR, |m| {
		m.struct_variant_instantiations[0].handle.0 = FAR;
	});
	out_of_bounds(shapes(), K::Signature, FAR, |m| {
		m.struct_variant_instantiations[0].type_arguments.0 = FAR;
	});
	let fields = || {
		let mut m = ModuleBuilder::new(1, "m");
		let maybe = m.enum_(
			"Maybe",
			abilities(""),
			&[type_parameter("")],
			&[("Some", &[("value", T::TypeParameter(0))])],
		);
		let value = m.variant_field(maybe.def, &[0], 0);
		m.variant_field_instantiation(value, [T::U8]);
		m.build()
	};
	out_of_bounds(fields(), K::VariantFieldHandle, FAR, |m| {
		m.variant_field_instantiations[0].handle.0 = FAR;
	});
	out_of_bounds(fields(), K::Signature, FAR, |m| {
		m.variant_field_instantiations[0].type_arguments.0 = FAR;
	});
}

#[test]
fn struct_has_no_variants_and_enum_no_plain_fields() {
	let struct_ = || {
		let mut m = ModuleBuilder::new(1, "m");
		let s = m.struct_("S", abilities(""), &[], &[("f", T::U8)]);
		m.field(s.def, 0);
		m
	};
	check_module(&struct_().build()).unwrap();
	let mut m = struct_();
	m.variant(StructDefinitionIndex(0), 0);
	assert_eq!(
		check_module(&m.build()).unwrap_err().index(),
		Some((K::MemberCount, 0))
	);
	out_of_bounds(shapes(), K::MemberCount, 0, |m| {
		m.field_handles
			.push(move_vm_binary_format::module::FieldHandle {
				owner: StructDefinitionIndex(0),
				field: 0,
			});
	});
}

#[test]
fn enum_has_a_variant() {
	let error = broken(shapes(), |m| {
		m.variant_field_handles.clear();
		m.struct_variant_handles.clear();
		m.struct_variant_instantiations.clear();
		m.function_defs.clear();
		m.struct_defs[1].field_information = StructFieldInformation::DeclaredVariants(Vec::new());
	});
	assert_eq!(error.status(), S::ZERO_VARIANTS_ERROR);
	assert_eq!(error.index(), Some((K::StructDefinition, 1)));
}

#[test]
fn types_name_structs_with_the_right_number_of_arguments() {
	let module = |type_: T| {
		let mut m = ModuleBuilder::new(1, "m");
		m.struct_("Plain", abilities(""), &[], &[("f", T::U8)]);
		m.struct_("One", abilities(""), &[type_parameter("")], &[("f", T::U8)]);
		m.signature([T::Vector(Box::new(type_))]);
		check_module(&m.build())
	};
	let struct_ = |index| T::Struct(StructHandleIndex(index));
	let instance = |index, arguments| T::StructInstantiation(StructHandleIndex(index), arguments);
	assert_eq!(module(struct_(0)), Ok(()));
	assert_eq!(module(instance(1, vec![T::U8])), Ok(()));
	for wrong in [
		struct_(1),
		instance(0, vec![T::U8]),
		instance(1, vec![T::U8, T::U8]),
	] {
		assert_eq!(
			module(wrong).unwrap_err().status(),
			S::NUMBER_OF_TYPE_ARGUMENTS_MISMATCH
		);
	}
	for far in [struct_(2), instance(2, vec![T::U8])] {
		assert_eq!(module(far).unwrap_err().index(), Some((K::StructHandle, 2)));
	}
}

#[test]
fn constants_and_fields_name_known_structs() {
	let mut m = ModuleBuilder::new(1, "m");
	m.constant(T::Struct(StructHandleIndex(0)), []);
	assert_eq!(
		check_module(&m.build()).unwrap_err().index(),
		Some((K::StructHandle, 0))
	);
	out_of_bounds(generic_coin(), K::StructHandle, FAR, |m| {
		if let StructFieldInformation::Declared(fields) = &mut m.struct_defs[0].field_information {
			fields[0].type_ = T::Struct(StructHandleIndex(FAR));
		}
	});
}

#[test]
fn type_parameters_are_declared() {
	let field = |index| {
		let mut m = ModuleBuilder::new(1, "m");
		let field = T::Vector(Box::new(T::TypeParameter(index)));
		m.struct_("S", abilities(""), &[type_parameter("")], &[("f", field)]);
		check_module(&m.build())
	};
	assert_eq!(field(0), Ok(()));
	assert_eq!(field(1).unwrap_err().index(), Some((K::TypeParameter, 1)));
	let one = |f: Function| f.type_parameters([abilities("")]);
	for make in [
		(|f, t| Function::parameters(f, [t])) as fn(Function, T) -> Function,
		|f, t| Function::returns(f, [t]),
		|f, t| Function::locals(f, [t]).code([B::Ret]),
	] {
		let function = |index| {
			let mut m = ModuleBuilder::new(1, "m");
			m.function(make(one(Function::new("f")), T::TypeParameter(index)));
			check_module(&m.build())
		};
		assert_eq!(function(0), Ok(()));
		assert_eq!(
			function(1).unwrap_err().index(),
			Some((K::TypeParameter, 1))
		);
	}
}

#[test]
fn type_parameters_of_instantiations_are_those_of_the_function() {
	// The same instantiation is fine in a function with a type parameter.
	let module = |parameters: usize| {
		let mut m = ModuleBuilder::new(1, "m");
		let s = m.struct_("S", abilities(""), &[type_parameter("")], &[("f", T::U8)]);
		let s = m.struct_instantiation(s.def, [T::TypeParameter(0)]);
		let element = m.signature([T::TypeParameter(0)]);
		(m, vec![abilities(""); parameters], s, element)
	};
	for code in [
		(|s, _| B::PackGeneric(s)) as fn(StructDefInstantiationIndex, SignatureIndex) -> B,
		|_, element| B::VecLen(element),
	] {
		let check = |parameters| {
			let (mut m, parameters, s, element) = module(parameters);
			let f = Function::new("f").type_parameters(parameters);
			m.function(f.code([code(s, element)]));
			check_module(&m.build())
		};
		assert_eq!(check(1), Ok(()));
		assert_eq!(check(0).unwrap_err().index(), Some((K::TypeParameter, 0)));
	}
}

#[test]
fn code_points_into_its_tables() {
	use B::*;
	let at = |code: B| {
		let mut m = ModuleBuilder::new(1, "m");
		m.function(Function::new("g").code([Ret]));
		m.function(Function::new("f").parameters([T::U8]).code([Nop, code]));
		check_module(&m.build())
	};
	for code in [
		LdConst(ConstantPoolIndex(0)),
		MutBorrowField(FieldHandleIndex(0)),
		ImmBorrowField(FieldHandleIndex(0)),
		MutBorrowFieldGeneric(FieldInstantiationIndex(0)),
		ImmBorrowFieldGeneric(FieldInstantiationIndex(0)),
		MutBorrowVariantField(VariantFieldHandleIndex(0)),
		ImmBorrowVariantField(VariantFieldHandleIndex(0)),
		MutBorrowVariantFieldGeneric(VariantFieldInstantiationIndex(0)),
		ImmBorrowVariantFieldGeneric(VariantFieldInstantiationIndex(0)),
		Call(FunctionHandleIndex(2)),
		CallGeneric(FunctionInstantiationIndex(0)),
		Pack(StructDefinitionIndex(0)),
		Unpack(StructDefinitionIndex(0)),
		Exists(StructDefinitionIndex(0)),
		ImmBorrowGlobal(StructDefinitionIndex(0)),
		MutBorrowGlobal(StructDefinitionIndex(0)),
		MoveFrom(StructDefinitionIndex(0)),
		MoveTo(StructDefinitionIndex(0)),
		PackGeneric(StructDefInstantiationIndex(0)),
		UnpackGeneric(StructDefInstantiationIndex(0)),
		ExistsGeneric(StructDefInstantiationIndex(0)),
		ImmBorrowGlobalGeneric(StructDefInstantiationIndex(0)),
		MutBorrowGlobalGeneric(StructDefInstantiationIndex(0)),
		MoveFromGeneric(StructDefInstantiationIndex(0)),
		MoveToGeneric(StructDefInstantiationIndex(0)),
		PackVariant(StructVariantHandleIndex(0)),
		UnpackVariant(StructVariantHandleIndex(0)),
		TestVariant(StructVariantHandleIndex(0)),
		PackVariantGeneric(StructVariantInstantiationIndex(0)),
		UnpackVariantGeneric(StructVariantInstantiationIndex(0)),
		TestVariantGeneric(StructVariantInstantiationIndex(0)),
		BrTrue(2),
		BrFalse(2),
		Branch(2),
		CopyLoc(1),
		MoveLoc(1),
		StLoc(1),
		MutBorrowLoc(1),
		ImmBorrowLoc(1),
		VecPack(SignatureIndex(9), 0),
		VecLen(SignatureIndex(9)),
		VecImmBorrow(SignatureIndex(9)),
		VecMutBorrow(SignatureIndex(9)),
		VecPushBack(SignatureIndex(9)),
		VecPopBack(SignatureIndex(9)),
		VecUnpack(SignatureIndex(9), 0),
		VecSwap(SignatureIndex(9)),
	] {
		let error = at(code.clone()).expect_err("it is out of bounds");
		assert_eq!(error.status(), S::INDEX_OUT_OF_BOUNDS, "{code:?}");
		assert_eq!(error.code_offset(), Some((1, 1)), "{code:?}");
	}
	for code in [
		Call(FunctionHandleIndex(1)),
		Branch(1),
		CopyLoc(0),
		VecLen(SignatureIndex(0)),
	] {
		assert_eq!(at(code), Ok(()));
	}
}

#[test]
fn function_has_at_most_255_parameters_and_locals() {
	let function = |locals: usize| {
		let mut m = ModuleBuilder::new(1, "m");
		m.function(
			Function::new("f")
				.parameters(vec![T::U8; 100])
				.locals(vec![T::U8; locals])
				.code([B::Ret]),
		);
		check_module(&m.build())
	};
	assert_eq!(function(155), Ok(()));
	let error = function(156).unwrap_err();
	assert_eq!(error.status(), S::TOO_MANY_LOCALS);
	assert_eq!(error.index(), Some((K::FunctionDefinition, 0)));
}

#[test]
fn access_specifiers_point_into_their_tables() {
	let check = |resource, address| {
		let mut m = ModuleBuilder::new(1, "m");
		m.struct_("S", abilities("key"), &[], &[("f", T::U8)]);
		m.function(
			Function::new("f")
				.parameters([T::Address])
				.access_specifiers([AccessSpecifier {
					kind: AccessKind::Reads,
					negated: false,
					resource,
					address,
				}]),
		);
		check_module(&m.build())
	};
	let any = AddressSpecifier::Any;
	for resource in [
		ResourceSpecifier::DeclaredAtAddress(AddressIdentifierIndex(1)),
		ResourceSpecifier::DeclaredInModule(ModuleHandleIndex(1)),
		ResourceSpecifier::Resource(StructHandleIndex(1)),
		ResourceSpecifier::ResourceInstantiation(StructHandleIndex(0), SignatureIndex(9)),
	] {
		let error = check(resource, any.clone()).unwrap_err();
		assert_eq!(error.status(), S::INDEX_OUT_OF_BOUNDS);
	}
	let resource = ResourceSpecifier::Resource(StructHandleIndex(0));
	for address in [
		AddressSpecifier::Literal(AddressIdentifierIndex(1)),
		AddressSpecifier::Parameter(1, None),
		AddressSpecifier::Parameter(0, Some(FunctionInstantiationIndex(0))),
	] {
		let error = check(resource.clone(), address).unwrap_err();
		assert_eq!(error.status(), S::INDEX_OUT_OF_BOUNDS);
	}
	assert_eq!(
		check(resource, AddressSpecifier::Parameter(0, None)),
		Ok(())
	);
}

#[test]
fn script_is_held_to_the_same() {
	let check = |main: Function| check_script(&ScriptBuilder::new().build(main));
	assert_eq!(check(Function::new("main").code([B::Ret])), Ok(()));
	assert_eq!(
		check(Function::new("main").parameters([T::TypeParameter(0)]))
			.unwrap_err()
			.index(),
		Some((K::TypeParameter, 0))
	);
	for code in [
		B::CopyLoc(0),
		B::Branch(1),
		B::LdConst(ConstantPoolIndex(0)),
		B::Call(FunctionHandleIndex(0)),
	] {
		let error = check(Function::new("main").code([code])).unwrap_err();
		assert_eq!(error.status(), S::INDEX_OUT_OF_BOUNDS);
	}
	let error = check(Function::new("main").locals(vec![T::U8; 256])).unwrap_err();
	assert_eq!(error.status(), S::TOO_MANY_LOCALS);
	let mut script = move_vm_fixtures::script();
	script.parameters.0 = FAR;
	assert_eq!(
		check_script(&script).unwrap_err().index(),
		Some((K::Signature, FAR))
	);
}
