use move_vm_binary_format::{Bytecode as B, SignatureToken as T};
use move_vm_fixtures::{abilities, type_parameter, Function, Tables};
use move_vm_types::StatusCode;

use crate::*;

/// Functions `f0`, `f1`, … with so many type parameters, and calls: caller, callee, arguments.
fn calls(
	functions: usize,
	type_parameters: usize,
	calls: &[(usize, usize, &[T])],
) -> CompiledModule {
	let mut m = module();
	let function = |i: usize| {
		Function::new(&format!("f{i}")).type_parameters(vec![abilities(""); type_parameters])
	};
	let handles: Vec<_> = (0..functions)
		.map(|i| m.own_function_handle(&function(i)))
		.collect();
	for i in 0..functions {
		let mut code = Vec::new();
		for (_, callee, arguments) in calls.iter().filter(|(caller, ..)| *caller == i) {
			let call = m.function_instantiation(handles[*callee], *arguments);
			code.push(B::CallGeneric(call));
		}
		code.push(B::Ret);
		m.function(function(i).code(code));
	}
	m.build()
}

#[track_caller]
fn grows(module: &CompiledModule) {
	refuses(module, StatusCode::LOOP_IN_INSTANTIATION_GRAPH);
}

#[test]
fn recursion_with_the_same_types_is_accepted() {
	accepts(&calls(1, 1, &[(0, 0, &[parameter(0)])]));
	accepts(&calls(
		2,
		1,
		&[(0, 1, &[parameter(0)]), (1, 0, &[parameter(0)])],
	));
	// The parameters change places.
	accepts(&calls(1, 2, &[(0, 0, &[parameter(1), parameter(0)])]));
}

#[test]
fn recursion_with_types_without_parameters_is_accepted() {
	accepts(&calls(1, 1, &[(0, 0, &[vector(T::U8)])]));
}

#[test]
fn recursion_with_growing_types_is_refused() {
	grows(&calls(1, 1, &[(0, 0, &[vector(parameter(0))])]));
	grows(&calls(
		2,
		1,
		&[(0, 1, &[vector(parameter(0))]), (1, 0, &[parameter(0)])],
	));
	let swapped = [parameter(1), vector(parameter(0))];
	grows(&calls(1, 2, &[(0, 0, &swapped)]));
}

#[test]
fn growth_without_a_way_back_is_accepted() {
	accepts(&calls(2, 1, &[(0, 1, &[vector(parameter(0))])]));
	// The grown type goes to a parameter that is not passed on.
	let arguments = [parameter(0), vector(parameter(0))];
	accepts(&calls(1, 2, &[(0, 0, &arguments)]));
	// The way back is for another type.
	let back = [T::U8];
	accepts(&calls(
		2,
		1,
		&[(0, 1, &[vector(parameter(0))]), (1, 0, &back)],
	));
}

#[test]
fn type_arguments_of_structs_grow() {
	let mut m = module();
	let pair = m.struct_(
		"Pair",
		abilities(""),
		&[type_parameter(""); 2],
		&[("f", T::U8)],
	);
	let function = Function::new("f").type_parameters([abilities("")]);
	let handle = m.own_function_handle(&function);
	let call = m.function_instantiation(handle, [pair.type_with([T::U8, parameter(0)])]);
	m.function(function.code([B::CallGeneric(call), B::Ret]));
	grows(&m.build());
}

#[test]
fn calls_of_other_modules_cannot_come_back() {
	let mut m = module();
	let other = m.module_handle(1, "other");
	let function = Function::new("f").type_parameters([abilities("")]);
	let handle = m.function_handle(other, &function);
	let call = m.function_instantiation(handle, [vector(parameter(0))]);
	m.function(function.code([B::CallGeneric(call), B::Ret]));
	accepts(&m.build());
}

/// A thousand functions that all call each other with 32 arguments need more edges than units.
#[test]
fn very_many_edges_are_too_complex() {
	let mut m = module();
	let function =
		|i: usize| Function::new(&format!("f{i}")).type_parameters(vec![abilities(""); 32]);
	let count = 300;
	let arguments: Vec<T> = (0..32).map(parameter).collect();
	let calls: Vec<_> = (0..count)
		.map(|i| {
			let handle = m.own_function_handle(&function(i));
			B::CallGeneric(m.function_instantiation(handle, arguments.clone()))
		})
		.collect();
	for i in 0..count {
		let mut code = calls.clone();
		code.push(B::Ret);
		m.function(function(i).code(code));
	}
	refuses(&m.build(), StatusCode::PROGRAM_TOO_COMPLEX);
}
