//! Checks bodies of code: control flow, stack usage, types, locals, references, acquires, in this
//! order. Each pass relies on those before it.

use move_vm_binary_format::{module::FunctionDefinition, CompiledModule, CompiledScript};
use move_vm_types::{IndexKind, StatusCode, VerifierLimits, VmError, VmResult};

use crate::{
	acquires,
	cfg::ControlFlowGraph,
	control_flow, locals_safety,
	meter::Meter,
	reference_safety, stack_usage, type_safety,
	view::{Definitions, FunctionView},
};

/// Checks the functions of a module, which the passes over its tables have accepted.
///
/// # Errors
/// The first fault, in the order of the functions and then of the passes, with the function's
/// definition and, where a pass knows it, the instruction; `TOO_MANY_BACK_EDGES` for the module.
pub fn verify_module(
	module: &CompiledModule,
	limits: &VerifierLimits,
	meter: &mut Meter,
) -> VmResult<()> {
	meter.enter_function();
	meter.charge_count(module.pools.function_handles.len())?;
	let definitions = Definitions::new(module)?;
	let mut back_edges = 0usize;
	for (index, definition) in (0u16..).zip(&module.function_defs) {
		let more = verify_function(module, index, definition, &definitions, limits, meter)
			.map_err(|error| error.at_index(IndexKind::FunctionDefinition, index))?;
		back_edges = back_edges.saturating_add(more);
	}
	if back_edges > usize::from(limits.back_edges_per_module) {
		return Err(VmError::new(StatusCode::TOO_MANY_BACK_EDGES));
	}
	Ok(())
}

/// Checks one function of a module; a native one has nothing to check. Returns how many back edges
/// it has.
///
/// # Errors
/// The first fault, in the order of the passes.
pub fn verify_function(
	module: &CompiledModule,
	index: u16,
	definition: &FunctionDefinition,
	definitions: &Definitions,
	limits: &VerifierLimits,
	meter: &mut Meter,
) -> VmResult<usize> {
	meter.enter_function();
	let Some(unit) = &definition.code else {
		return Ok(0);
	};
	let cfg = control_flow::verify(module.version, index, &unit.code, limits, meter)?;
	check_limits(&cfg, limits).map_err(|error| error.at_code_offset(index, 0))?;
	let back_edges = cfg.back_edges().len();
	if let Some(view) = FunctionView::of_function(module, index, definition, cfg)? {
		verify_body(&view, definitions, limits, meter)?;
		acquires::verify(module, &view, &definition.acquires, definitions, meter)?;
	}
	Ok(back_edges)
}

/// Checks the code of a script, which the passes over its tables have accepted.
///
/// # Errors
/// The first fault, in the order of the passes, with the instruction where a pass knows it.
pub fn verify_script(
	script: &CompiledScript,
	limits: &VerifierLimits,
	meter: &mut Meter,
) -> VmResult<()> {
	meter.enter_function();
	let cfg = control_flow::verify(script.version, 0, &script.code.code, limits, meter)?;
	check_limits(&cfg, limits)?;
	let view = FunctionView::of_script(script, cfg)?;
	verify_body(&view, &Definitions::default(), limits, meter)
}

fn check_limits(cfg: &ControlFlowGraph, limits: &VerifierLimits) -> VmResult<()> {
	// What nothing leads to is not verified along its ways, and never run.
	if cfg.order().len() > usize::from(limits.basic_blocks) {
		return Err(VmError::new(StatusCode::TOO_MANY_BASIC_BLOCKS));
	}
	if cfg.back_edges().len() > usize::from(limits.back_edges_per_function) {
		return Err(VmError::new(StatusCode::TOO_MANY_BACK_EDGES));
	}
	Ok(())
}

fn verify_body(
	view: &FunctionView<'_>,
	definitions: &Definitions,
	limits: &VerifierLimits,
	meter: &mut Meter,
) -> VmResult<()> {
	stack_usage::verify(view, limits, meter)?;
	type_safety::verify(view, meter)?;
	locals_safety::verify(view, meter)?;
	reference_safety::verify(view, definitions, meter)
}
