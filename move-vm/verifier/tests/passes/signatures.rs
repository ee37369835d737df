use move_vm_binary_format::{
	index::{StructDefinitionIndex, StructHandleIndex},
	module::StructTypeParameter,
	Bytecode as B, SignatureToken as T,
};
use move_vm_fixtures::{
	abilities, phantom, type_parameter, Defined, Function, ScriptBuilder, Tables,
};
use move_vm_types::{AbilitySet, IndexKind, StatusCode};
use proptest::prelude::*;

use crate::*;

const REFERENCE: StatusCode = StatusCode::INVALID_SIGNATURE_TOKEN;
const ARITY: StatusCode = StatusCode::NUMBER_OF_TYPE_ARGUMENTS_MISMATCH;
const CONSTRAINT: StatusCode = StatusCode::CONSTRAINT_NOT_SATISFIED;

/// A module with `S<T: copy>` that has `drop` and `key`; what `build` makes of it.
fn with_generic(build: impl FnOnce(&mut ModuleBuilder, Generic)) -> CompiledModule {
	let mut m = module();
	let defined = m.struct_(
		"S",
		abilities("drop, key"),
		&[type_parameter("copy")],
		&[("f", parameter(0))],
	);
	build(&mut m, Generic(defined));
	m.build()
}

#[derive(Clone, Copy)]
struct Generic(Defined<StructDefinitionIndex, StructHandleIndex>);

impl Generic {
	fn of(self, argument: T) -> T {
		self.0.type_with([argument])
	}
}

#[test]
fn references_stand_only_at_the_top_of_types() {
	for type_ in [reference(T::U8), mutable(vector(T::U8))] {
		let mut m = module();
		m.signature([T::U8, type_]);
		accepts(&m.build());
	}
	for type_ in [
		reference(reference(T::U8)),
		reference(mutable(T::U8)),
		vector(reference(T::U8)),
		reference(vector(mutable(T::U8))),
	] {
		let mut m = module();
		m.signature([T::U8, type_]);
		refuses_at(&m.build(), REFERENCE, IndexKind::Signature, 0);
	}
	let m = with_generic(|m, s| {
		m.signature([s.of(reference(T::U8))]);
	});
	// `S` asks for `copy`, which references have: the reference itself is the fault.
	refuses(&m, REFERENCE);
}

#[test]
fn type_arguments_in_types_meet_their_constraints() {
	for (argument, is_accepted) in [
		(T::U8, true),
		(vector(T::U8), true),
		(T::Signer, false),
		(vector(T::Signer), false),
	] {
		let m = with_generic(|m, s| {
			m.signature([vector(s.of(argument))]);
		});
		if is_accepted {
			accepts(&m);
		} else {
			refuses_at(&m, CONSTRAINT, IndexKind::Signature, 0);
		}
	}
}

#[test]
fn nested_instantiations_are_checked_at_every_level() {
	let m = with_generic(|m, s| {
		// `S<u8>` has no `copy`, which `S` asks of its argument.
		m.signature([s.of(s.of(T::U8))]);
	});
	refuses(&m, CONSTRAINT);
	let mut m = module();
	let copied = m.struct_(
		"S",
		abilities("copy"),
		&[type_parameter("copy")],
		&[("f", parameter(0))],
	);
	m.signature([copied.type_with([copied.type_with([T::U8])])]);
	accepts(&m.clone().build());
	m.signature([copied.type_with([copied.type_with([T::Signer])])]);
	refuses(&m.build(), CONSTRAINT);
}

#[test]
fn phantom_arguments_need_not_have_the_abilities_of_the_struct() {
	for (of_inner, is_accepted) in [(phantom("copy"), true), (type_parameter("copy"), false)] {
		let mut m = module();
		let outer = m.struct_(
			"O",
			abilities(""),
			&[type_parameter("store")],
			&[("f", T::U8)],
		);
		let inner = m.struct_("I", abilities("store"), &[of_inner], &[("f", T::U8)]);
		// References have `copy` and `drop` but must not be arguments; `R` has `copy` only.
		let copied = m.struct_("R", abilities("copy"), &[], &[("f", T::U8)]);
		m.signature([outer.type_with([inner.type_with([copied.type_()])])]);
		if is_accepted {
			accepts(&m.build());
		} else {
			refuses_at(&m.build(), CONSTRAINT, IndexKind::Signature, 0);
		}
	}
}

#[test]
fn type_parameters_of_functions_meet_the_constraints_of_what_they_are_used_for() {
	for (constraint, is_accepted) in [("copy", true), ("copy, drop", true), ("drop", false)] {
		let function = aborting("f").type_parameters([abilities(constraint)]);
		let check = |m: CompiledModule, kind, index| {
			if is_accepted {
				accepts(&m);
			} else {
				refuses_at(&m, CONSTRAINT, kind, index);
			}
		};
		let with = |change: &dyn Fn(Function, Generic) -> Function| {
			with_generic(|m, s| {
				m.function(change(function.clone(), s));
			})
		};
		let in_handle = IndexKind::FunctionHandle;
		check(
			with(&|f, s| f.parameters([s.of(parameter(0))])),
			in_handle,
			0,
		);
		check(with(&|f, s| f.returns([s.of(parameter(0))])), in_handle, 0);
		let locals = with(&|f, s| f.locals([s.of(parameter(0))]));
		let place = locals.function_defs[0].code.as_ref().unwrap().locals.0;
		check(locals, IndexKind::Signature, place);
	}
}

#[test]
fn signature_that_nothing_uses_may_ask_anything_of_type_parameters() {
	let m = with_generic(|m, s| {
		m.signature([s.of(parameter(7))]);
	});
	accepts(&m);
}

/// A caller with one type parameter that calls `callee<T: store>` with an argument.
fn with_call(constraint: &str, argument: T) -> CompiledModule {
	let mut m = module();
	let callee = m.function(aborting("callee").type_parameters([abilities("store")]));
	let call = m.function_instantiation(callee.handle, [argument]);
	m.function(
		Function::new("caller")
			.type_parameters([abilities(constraint)])
			.code([B::CallGeneric(call), B::Ret]),
	);
	m.build()
}

#[test]
fn type_arguments_of_calls_meet_their_constraints() {
	accepts(&with_call("", T::U8));
	accepts(&with_call("", vector(vector(T::U8))));
	accepts(&with_call("store", parameter(0)));
	accepts(&with_call("store", vector(parameter(0))));
	refuses_at(
		&with_call("", vector(T::Signer)),
		CONSTRAINT,
		IndexKind::Signature,
		1,
	);
	refuses_at(
		&with_call("", T::Signer),
		CONSTRAINT,
		IndexKind::Signature,
		1,
	);
	for argument in [parameter(0), vector(parameter(0))] {
		let m = with_call("copy", argument);
		refuses_at(&m, CONSTRAINT, IndexKind::FunctionDefinition, 1);
	}
}

/// What is known of a large type argument holds for its place and for what was asked of it.
#[test]
fn large_type_arguments_are_told_apart() {
	let store = abilities("store");
	let fits = vector(vector(T::U8));
	let misfits = vector(vector(T::Signer));
	let mut m = module();
	let f = m.function(aborting("f").type_parameters([store; 2]));
	m.function_instantiation(f.handle, [fits.clone(), fits.clone()]);
	accepts(&m.clone().build());
	m.function_instantiation(f.handle, [fits, misfits.clone()]);
	refuses(&m.build(), CONSTRAINT);

	let mut m = module();
	let f = m.function(aborting("f").type_parameters([abilities("")]));
	m.function_instantiation(f.handle, [misfits.clone()]);
	accepts(&m.clone().build());
	let g = m.function(aborting("g").type_parameters([store]));
	m.function_instantiation(g.handle, [misfits]);
	refuses(&m.build(), CONSTRAINT);
}

#[test]
fn references_are_no_type_arguments() {
	let m = with_call("", reference(T::U8));
	refuses_at(&m, REFERENCE, IndexKind::FunctionInstantiation, 0);
	let m = with_generic(|m, s| {
		m.struct_instantiation(s.0.def, [mutable(T::U8)]);
	});
	refuses_at(&m, REFERENCE, IndexKind::StructDefInstantiation, 0);
	let mut m = module();
	let elements = m.signature([reference(T::U8)]);
	m.function(Function::new("f").code([B::VecPack(elements, 0), B::Pop, B::Ret]));
	refuses_at(&m.build(), REFERENCE, IndexKind::FunctionDefinition, 0);
}

#[test]
fn instantiations_have_as_many_arguments_as_parameters() {
	for arguments in [vec![], vec![T::U8; 2]] {
		let mut m = module();
		let f = m.function(aborting("f").type_parameters([abilities("")]));
		m.function_instantiation(f.handle, arguments.clone());
		refuses_at(&m.build(), ARITY, IndexKind::FunctionInstantiation, 0);
		let m = with_generic(|m, s| {
			m.struct_instantiation(s.0.def, arguments.clone());
		});
		refuses_at(&m, ARITY, IndexKind::StructDefInstantiation, 0);
		let m = with_generic(|m, s| {
			let field = m.field(s.0.def, 0);
			m.field_instantiation(field, arguments.clone());
		});
		refuses_at(&m, ARITY, IndexKind::FieldInstantiation, 0);
		let mut m = module();
		let fields = [("f", T::U8)];
		let e = m.enum_("E", abilities(""), &[type_parameter("")], &[("A", &fields)]);
		let variant = m.variant(e.def, 0);
		let field = m.variant_field(e.def, &[0], 0);
		let mut other = m.clone();
		m.variant_instantiation(variant, arguments.clone());
		refuses_at(&m.build(), ARITY, IndexKind::StructVariantInstantiation, 0);
		other.variant_field_instantiation(field, arguments);
		refuses_at(
			&other.build(),
			ARITY,
			IndexKind::VariantFieldInstantiation,
			0,
		);
	}
}

#[test]
fn types_have_as_many_arguments_as_parameters() {
	for arguments in [vec![], vec![T::U8; 2]] {
		let m = with_generic(|m, s| {
			m.signature([s.0.type_with(arguments)]);
		});
		refuses(&m, ARITY);
	}
	let m = with_generic(|m, s| {
		m.signature([s.0.type_()]);
	});
	refuses(&m, ARITY);
}

#[test]
fn vector_instructions_have_one_type_argument() {
	for (elements, is_accepted) in [
		(vec![T::U8], true),
		(vec![], false),
		(vec![T::U8; 2], false),
	] {
		let mut m = module();
		let elements = m.signature(elements);
		m.function(Function::new("f").code([B::VecPack(elements, 0), B::Pop, B::Ret]));
		if is_accepted {
			accepts(&m.build());
		} else {
			refuses_at(&m.build(), ARITY, IndexKind::FunctionDefinition, 0);
		}
	}
}

#[test]
fn resource_of_a_generic_struct_has_key_with_its_arguments() {
	for (own, argument, is_accepted) in [
		("key", T::U8, true),
		("key", T::Signer, false),
		("drop", T::U8, false),
	] {
		let mut m = module();
		let s = m.struct_(
			"S",
			abilities(own),
			&[type_parameter("")],
			&[("f", parameter(0))],
		);
		let resource = m.struct_instantiation(s.def, [argument]);
		m.function(Function::new("f").parameters([T::Address]).code([
			B::MoveLoc(0),
			B::ExistsGeneric(resource),
			B::Pop,
			B::Ret,
		]));
		let older = m.clone().version(6).build();
		if is_accepted {
			accepts(&m.build());
			accepts(&older);
		} else {
			refuses(&m.build(), CONSTRAINT);
			// Type safety has the same rule, and a place for its breach.
			let status = StatusCode::EXISTS_WITHOUT_KEY_ABILITY_OR_BAD_ARGUMENT;
			assert_eq!(refuses(&older, status).code_offset(), Some((0, 1)));
		}
	}
}

#[test]
fn types_of_scripts_are_checked() {
	let script = |constraint: &str| {
		let mut s = ScriptBuilder::new();
		let other = s.module_handle(1, "other");
		let handle = s.struct_handle(other, "S", abilities("drop"), &[type_parameter("copy")]);
		let type_ = T::StructInstantiation(handle, vec![parameter(0)]);
		s.build(
			aborting("main")
				.type_parameters([abilities(constraint)])
				.parameters([type_]),
		)
	};
	accepts_script(&script("copy"));
	refuses_script(&script("drop"), CONSTRAINT);
}

/// Whether a type is well formed, worked out bottom up from the abilities of its parts.
fn is_well_formed(module: &CompiledModule, token: &T, constraints: &[AbilitySet]) -> bool {
	let pools = &module.pools;
	let parts = |token: &T| {
		token
			.children()
			.iter()
			.all(|t| is_well_formed(module, t, constraints))
	};
	match token {
		T::Reference(_) | T::MutableReference(_) => false,
		T::StructInstantiation(index, arguments) => {
			let parameters = &pools.struct_handle(*index).unwrap().type_parameters;
			parts(token)
				&& parameters
					.iter()
					.zip(arguments)
					.all(|(parameter, argument)| {
						let has = pools.abilities(argument, constraints).unwrap();
						parameter.constraints.is_subset(has)
					})
		}
		_ => parts(token),
	}
}

fn any_abilities() -> impl Strategy<Value = AbilitySet> {
	(0u8..16).prop_map(|bits| AbilitySet::from_bits(bits).unwrap())
}

/// A type over two type parameters and three structs, of which the second and third have one and two
/// type parameters.
fn any_type() -> impl Strategy<Value = T> {
	let leaf = prop_oneof![
		Just(T::U8),
		Just(T::Signer),
		Just(T::Struct(StructHandleIndex(0))),
		(0u16..2).prop_map(parameter),
	];
	leaf.prop_recursive(4, 16, 2, |inner| {
		prop_oneof![
			inner.clone().prop_map(vector),
			inner
				.clone()
				.prop_map(|t| T::StructInstantiation(StructHandleIndex(1), vec![t])),
			(inner.clone(), inner.clone())
				.prop_map(|(t, u)| T::StructInstantiation(StructHandleIndex(2), vec![t, u])),
			inner.prop_map(reference),
		]
	})
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(2048))]

	/// The requirements that are collected from the top down say the same as the abilities that are
	/// worked out from the bottom up, for a parameter, a type argument and a field.
	#[test]
	fn types_are_well_formed_if_and_only_if_their_parts_are(
		own in prop::collection::vec(any_abilities(), 3),
		parameters in prop::collection::vec((any_abilities(), any::<bool>()), 3),
		constraints in prop::collection::vec(any_abilities(), 2),
		asked in any_abilities(),
		type_ in any_type(),
	) {
		let mut m = module();
		let other = m.module_handle(1, "other");
		let parameters: Vec<_> = parameters
			.into_iter()
			.map(|(constraints, is_phantom)| StructTypeParameter { constraints, is_phantom })
			.collect();
		m.struct_handle(other, "A", own[0], &[]);
		m.struct_handle(other, "B", own[1], &parameters[..1]);
		m.struct_handle(other, "C", own[2], &parameters[1..]);

		let mut as_parameter = m.clone();
		let f = aborting("f").type_parameters(constraints.clone());
		as_parameter.function(f.clone().parameters([type_.clone()]));
		let as_parameter = as_parameter.build();
		let bare = match &type_ {
			T::Reference(inner) => inner,
			other => other,
		};
		let expected = is_well_formed(&as_parameter, bare, &constraints);
		prop_assert_eq!(verify_module(&as_parameter, &LIMITS).is_ok(), expected);

		let mut as_argument = m.clone();
		let callee = as_argument.function(aborting("callee").type_parameters([asked]));
		let call = as_argument.function_instantiation(callee.handle, [type_.clone()]);
		as_argument.function(f.code([B::CallGeneric(call), B::Ret]));
		let as_argument = as_argument.build();
		let expected = is_well_formed(&as_argument, &type_, &constraints)
			&& asked.is_subset(as_argument.pools.abilities(&type_, &constraints).unwrap());
		prop_assert_eq!(verify_module(&as_argument, &LIMITS).is_ok(), expected);

		let declared: Vec<_> = constraints
			.iter()
			.map(|constraints| StructTypeParameter { constraints: *constraints, is_phantom: false })
			.collect();
		m.struct_("S", asked, &declared, &[("f", type_.clone())]);
		let as_field = m.build();
		let all = [AbilitySet::ALL; 2];
		let expected = is_well_formed(&as_field, &type_, &constraints)
			&& asked.requires().is_subset(as_field.pools.abilities(&type_, &all).unwrap());
		prop_assert_eq!(verify_module(&as_field, &LIMITS).is_ok(), expected);
	}
}

/// Thousands of instantiations of one large list of types cost as much as one.
#[test]
fn large_type_arguments_are_looked_at_once() {
	let mut m = module();
	let large = (0..15).fold(T::U8, |inner, _| vector(inner));
	let arguments = vec![large; 32];
	for i in 0..900 {
		let f = m.function(
			Function::new(&format!("f{i}")).type_parameters(vec![abilities("store"); 32]),
		);
		m.function_instantiation(f.handle, arguments.clone());
	}
	let report = verify_module(&m.build(), &LIMITS).unwrap();
	assert!(report.units < 200_000, "{}", report.units);
}
