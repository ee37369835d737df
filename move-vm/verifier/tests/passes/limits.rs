use move_vm_binary_format::{module::StructFieldInformation, SignatureToken as T};
use move_vm_fixtures::{abilities, type_parameter, Function, ScriptBuilder, Tables};
use move_vm_types::{IndexKind, StatusCode, VerifierLimits};

use crate::*;

#[test]
fn identifier_of_128_bytes_is_accepted_and_of_129_refused() {
	for (length, is_accepted) in [(128, true), (129, false)] {
		let mut m = module();
		m.identifier(&"a".repeat(length));
		let m = m.build();
		if is_accepted {
			accepts(&m);
		} else {
			refuses_at(
				&m,
				StatusCode::IDENTIFIER_TOO_LONG,
				IndexKind::Identifier,
				1,
			);
		}
	}
}

#[test]
fn type_parameters_are_limited_to_32() {
	for (count, is_accepted) in [(32, true), (33, false)] {
		let mut function = module();
		function.function(aborting("f").type_parameters(vec![abilities(""); count]));
		let mut struct_ = module();
		struct_.struct_(
			"S",
			abilities(""),
			&vec![type_parameter(""); count],
			&[("f", T::U8)],
		);
		let script =
			ScriptBuilder::new()
				.build(aborting("main").type_parameters(vec![abilities(""); count]));
		let status = StatusCode::TOO_MANY_TYPE_PARAMETERS;
		if is_accepted {
			accepts(&function.build());
			accepts(&struct_.build());
			accepts_script(&script);
		} else {
			refuses_at(&function.build(), status, IndexKind::FunctionHandle, 0);
			refuses_at(&struct_.build(), status, IndexKind::StructHandle, 0);
			refuses_script(&script, status);
		}
	}
}

#[test]
fn type_parameter_beyond_all_limits_is_refused_although_nothing_uses_it() {
	let mut m = module();
	m.signature([parameter(31)]);
	accepts(&m.clone().build());
	m.signature([parameter(32)]);
	refuses(&m.build(), StatusCode::TOO_MANY_TYPE_PARAMETERS);
}

#[test]
fn parameters_and_results_are_limited_to_128() {
	for (count, is_accepted) in [(128, true), (129, false)] {
		let types = vec![T::U8; count];
		let status = StatusCode::TOO_MANY_PARAMETERS;
		for function in [
			aborting("f").parameters(types.clone()),
			aborting("f").returns(types.clone()),
		] {
			let mut m = module();
			m.function(function);
			if is_accepted {
				accepts(&m.build());
			} else {
				refuses_at(&m.build(), status, IndexKind::FunctionHandle, 0);
			}
		}
		let script = ScriptBuilder::new().build(aborting("main").parameters(types));
		if is_accepted {
			accepts_script(&script);
		} else {
			refuses_script(&script, status);
		}
	}
}

#[test]
fn locals_are_limited_with_the_parameters() {
	let limits = VerifierLimits {
		locals: 3,
		..LIMITS
	};
	let with_locals = |count| {
		let mut m = module();
		m.function(aborting("f").parameters([T::U8]).locals(vec![T::U8; count]));
		m.build()
	};
	accepts_within(&with_locals(2), &limits);
	refuses_within(&with_locals(3), &limits, StatusCode::TOO_MANY_LOCALS);
}

#[test]
fn depth_of_types_is_limited_to_20() {
	let nested = |depth| (1..depth).fold(T::U8, |inner, _| vector(inner));
	let mut m = module();
	m.signature([nested(20)]);
	accepts(&m.clone().build());
	m.signature([nested(21)]);
	refuses_at(
		&m.build(),
		StatusCode::TOO_MANY_TYPE_NODES,
		IndexKind::Signature,
		1,
	);
}

/// Structs and type parameters weigh four nodes each.
#[test]
fn weight_of_types_is_limited_to_128() {
	let with_arguments = |arguments: Vec<T>| {
		let mut m = module();
		let s = m.struct_(
			"S",
			abilities(""),
			&vec![type_parameter(""); arguments.len()],
			&[("f", T::U8)],
		);
		m.signature([s.type_with(arguments)]);
		m.build()
	};
	// 4 + 31 * 4 = 128.
	accepts(&with_arguments(vec![parameter(0); 31]));
	let mut arguments = vec![parameter(0); 31];
	arguments.push(T::U8);
	refuses(&with_arguments(arguments), StatusCode::TOO_MANY_TYPE_NODES);
}

#[test]
fn large_types_are_refused_in_constants_and_fields() {
	let deep = (0..20).fold(T::U8, |inner, _| vector(inner));
	let mut m = module();
	m.constant(deep.clone(), [0]);
	refuses_at(
		&m.build(),
		StatusCode::TOO_MANY_TYPE_NODES,
		IndexKind::ConstantPool,
		0,
	);
	let mut m = module();
	m.struct_("S", abilities(""), &[], &[("f", deep.clone())]);
	refuses_at(
		&m.build(),
		StatusCode::TOO_MANY_TYPE_NODES,
		IndexKind::StructDefinition,
		0,
	);
	let mut m = module();
	m.enum_(
		"E",
		abilities(""),
		&[],
		&[("A", &[]), ("B", &[("f", deep)])],
	);
	refuses_at(
		&m.build(),
		StatusCode::TOO_MANY_TYPE_NODES,
		IndexKind::StructDefinition,
		0,
	);
}

#[test]
fn definitions_are_limited_to_1000_functions_and_200_structs() {
	let functions = |count: usize| {
		let mut m = module();
		for i in 0..count {
			m.function(Function::new(&format!("f{i}")));
		}
		m.build()
	};
	accepts(&functions(1000));
	refuses(
		&functions(1001),
		StatusCode::MAX_FUNCTION_DEFINITIONS_REACHED,
	);
	let structs = |count: usize| {
		let mut m = module();
		for i in 0..count {
			m.struct_(&format!("S{i}"), abilities(""), &[], &[("f", T::U8)]);
		}
		m.build()
	};
	accepts(&structs(200));
	refuses(&structs(201), StatusCode::MAX_STRUCT_DEFINITIONS_REACHED);
}

#[test]
fn fields_are_limited_in_structs_and_in_each_variant() {
	let max = usize::from(LIMITS.struct_fields);
	let names: Vec<String> = (0..=max).map(|i| format!("f{i}")).collect();
	let fields: Vec<(&str, T)> = names.iter().map(|name| (name.as_str(), T::U8)).collect();
	let status = StatusCode::MAX_FIELD_DEFINITIONS_REACHED;
	for (count, is_accepted) in [(max, true), (max + 1, false)] {
		let mut struct_ = module();
		struct_.struct_("S", abilities(""), &[], &fields[..count]);
		let mut enum_ = module();
		// Fields of different variants do not add up.
		let variants = [("A", &fields[..max]), ("B", &fields[..count])];
		enum_.enum_("E", abilities(""), &[], &variants);
		for m in [struct_, enum_] {
			if is_accepted {
				accepts(&m.build());
			} else {
				refuses_at(&m.build(), status, IndexKind::StructDefinition, 0);
			}
		}
	}
}

#[test]
fn variants_are_limited() {
	let max = usize::from(LIMITS.struct_variants);
	let names: Vec<String> = (0..=max).map(|i| format!("V{i}")).collect();
	let variants: Vec<(&str, &[(&str, T)])> =
		names.iter().map(|name| (name.as_str(), &[][..])).collect();
	let with_variants = |count: usize| {
		let mut m = module();
		let e = m.enum_("E", abilities(""), &[], &variants[..count]);
		let def = &m.module.struct_defs[usize::from(e.def.0)];
		assert!(matches!(
			def.field_information,
			StructFieldInformation::DeclaredVariants(_)
		));
		m.build()
	};
	accepts(&with_variants(max));
	refuses(
		&with_variants(max + 1),
		StatusCode::MAX_STRUCT_VARIANTS_REACHED,
	);
}

#[test]
fn units_that_run_out_refuse_the_module() {
	let limits = VerifierLimits {
		meter_units_per_module: 20,
		..LIMITS
	};
	accepts_within(&module().build(), &limits);
	let mut m = module();
	m.function(aborting("f").parameters(vec![T::U8; 30]));
	accepts(&m.clone().build());
	refuses_within(&m.build(), &limits, StatusCode::PROGRAM_TOO_COMPLEX);
}
