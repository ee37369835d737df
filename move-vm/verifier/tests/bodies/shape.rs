//! Limits on the control flow of functions and modules. The rules of loops are tested beside them.

use move_vm_binary_format::{Bytecode as B, CompiledModule, SignatureToken as T};
use move_vm_fixtures::{Function, ModuleBuilder, ScriptBuilder};
use move_vm_types::{IndexKind, StatusCode, VerifierLimits};
use move_vm_verifier::{code_unit, Meter};

use crate::setting::{accept, function, refuse, refuse_whole, verify};

const LIMITS: VerifierLimits = VerifierLimits::PRODUCTION;

/// Code with this many loops, one after the other.
fn loops(count: u16) -> Vec<B> {
	let mut code: Vec<B> = (0..count)
		.flat_map(|i| [B::LdTrue, B::BrTrue(2 * i)])
		.collect();
	code.push(B::Ret);
	code
}

/// Code of this many basic blocks.
fn blocks(count: u16) -> Vec<B> {
	let mut code: Vec<B> = (1..count).map(B::Branch).collect();
	code.push(B::Ret);
	code
}

#[test]
fn code_is_there_and_ends() {
	refuse_whole(StatusCode::EMPTY_CODE_UNIT, |_| function([], [], [], []));
	refuse(StatusCode::INVALID_FALL_THROUGH, 1, |_| {
		function([], [], [], [B::LdTrue, B::Pop])
	});
	accept(|_| function([], [], [], [B::Ret]));
}

#[test]
fn function_has_back_edges_to_the_limit_and_no_more() {
	let limit = LIMITS.back_edges_per_function;
	accept(|_| function([], [], [], loops(limit)));
	refuse(StatusCode::TOO_MANY_BACK_EDGES, 0, |_| {
		function([], [], [], loops(limit + 1))
	});
}

#[test]
fn function_has_basic_blocks_to_the_limit_and_no_more() {
	let limit = LIMITS.basic_blocks;
	accept(|_| function([], [], [], blocks(limit)));
	refuse(StatusCode::TOO_MANY_BASIC_BLOCKS, 0, |_| {
		function([], [], [], blocks(limit + 1))
	});
}

#[test]
fn blocks_that_nothing_leads_to_do_not_count() {
	let limit = LIMITS.basic_blocks;
	let unreachable = (0..2 * limit).flat_map(|_| [B::LdU64(0), B::Abort]);
	let code: Vec<B> = [B::Ret].into_iter().chain(unreachable).collect();
	accept(|_| function([], [], [], code));
}

#[test]
fn module_has_back_edges_to_the_limit_and_no_more() {
	let module = |count: u16| -> CompiledModule {
		let mut m = ModuleBuilder::new(1, "loops");
		let full = count / LIMITS.back_edges_per_function;
		for index in 0..full {
			let code = loops(LIMITS.back_edges_per_function);
			m.function(Function::new(&format!("f{index}")).code(code));
		}
		let rest = count % LIMITS.back_edges_per_function;
		m.function(Function::new("rest").code(loops(rest)));
		m.build()
	};
	let limit = LIMITS.back_edges_per_module;
	assert_eq!(verify(&module(limit)), Ok(()));
	let error = verify(&module(limit + 1)).unwrap_err();
	assert_eq!(error.status(), StatusCode::TOO_MANY_BACK_EDGES);
	assert_eq!((error.code_offset(), error.index()), (None, None));
}

#[test]
fn script_is_held_to_the_limits_of_functions() {
	let verify = |code: Vec<B>| {
		let script = ScriptBuilder::new().build(Function::new("main").code(code));
		code_unit::verify_script(&script, &LIMITS, &mut Meter::new(&LIMITS))
			.map_err(|error| (error.status(), error.code_offset()))
	};
	let (edges, count) = (LIMITS.back_edges_per_function, LIMITS.basic_blocks);
	assert_eq!(verify(loops(edges)), Ok(()));
	assert_eq!(
		verify(loops(edges + 1)),
		Err((StatusCode::TOO_MANY_BACK_EDGES, None))
	);
	assert_eq!(verify(blocks(count)), Ok(()));
	assert_eq!(
		verify(blocks(count + 1)),
		Err((StatusCode::TOO_MANY_BASIC_BLOCKS, None))
	);
	assert_eq!(
		verify(vec![B::LdU8(0), B::Abort]),
		Err((StatusCode::ABORT_TYPE_MISMATCH_ERROR, Some((0, 1))))
	);
}

#[test]
fn version_5_has_rules_of_its_own() {
	// A loop that is left for a place behind the instruction after it.
	let code = [B::LdTrue, B::BrTrue(4), B::Branch(0), B::Nop, B::Ret];
	let module = |version| {
		let mut m = ModuleBuilder::new(1, "loops").version(version);
		m.function(Function::new("test").parameters([T::U8]).code(code.clone()));
		m.build()
	};
	let error = verify(&module(5)).unwrap_err();
	assert_eq!(error.status(), StatusCode::INVALID_LOOP_BREAK);
	assert_eq!(error.index(), Some((IndexKind::FunctionDefinition, 0)));
	assert_eq!(verify(&module(6)), Ok(()));
}
