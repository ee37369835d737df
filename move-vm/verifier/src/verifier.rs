//! All passes over a module or script, in order.

use move_vm_binary_format::{bounds, Binary, CompiledModule, CompiledScript};
use move_vm_types::{VerifierLimits, VmResult};

use crate::{
	code_unit, constants, duplication, features, friends, instantiation_loops,
	instruction_consistency, limits, meter::Meter, recursive_structs, script_signature, signatures,
};

/// What a verification came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VerifierReport {
	/// Units that the verification took; what its caller charges for.
	pub units: u64,
}

/// Verifies a module by itself. What it takes from other modules is left to
/// [`verify_dependencies`](crate::verify_dependencies).
///
/// # Errors
/// That of the first pass that fails; `PROGRAM_TOO_COMPLEX` if the units run out.
pub fn verify_module(module: &CompiledModule, limits: &VerifierLimits) -> VmResult<VerifierReport> {
	let mut meter = Meter::new(limits);
	verify_module_metered(module, limits, &mut meter)?;
	Ok(VerifierReport {
		units: meter.used(),
	})
}

/// As [`verify_module`], on the caller's meter, which tells what a refused module took too.
///
/// # Errors
/// As [`verify_module`].
pub fn verify_module_metered(
	module: &CompiledModule,
	limits: &VerifierLimits,
	meter: &mut Meter,
) -> VmResult<()> {
	let binary = Binary::Module(module);
	// An error of this pass has no location: the module's own name may be out of bounds.
	bounds::check_module(module)?;
	module_passes(module, limits, meter).map_err(|e| e.in_location(binary.location()))
}

fn module_passes(
	module: &CompiledModule,
	limits: &VerifierLimits,
	meter: &mut Meter,
) -> VmResult<()> {
	let binary = Binary::Module(module);
	common_passes(binary, limits, meter)?;
	friends::verify(module, meter)?;
	recursive_structs::verify(module, meter)?;
	instantiation_loops::verify(module, meter)?;
	code_unit::verify_module(module, limits, meter)?;
	meter.enter_function();
	script_signature::verify(module, meter)?;
	features::refuse_native_structs(module, meter)
}

/// Verifies a script by itself.
///
/// # Errors
/// As [`verify_module`].
pub fn verify_script(script: &CompiledScript, limits: &VerifierLimits) -> VmResult<VerifierReport> {
	let mut meter = Meter::new(limits);
	verify_script_metered(script, limits, &mut meter)?;
	Ok(VerifierReport {
		units: meter.used(),
	})
}

/// As [`verify_script`], on the caller's meter, which tells what a refused script took too.
///
/// # Errors
/// As [`verify_module`].
pub fn verify_script_metered(
	script: &CompiledScript,
	limits: &VerifierLimits,
	meter: &mut Meter,
) -> VmResult<()> {
	let binary = Binary::Script(script);
	bounds::check_script(script).map_err(|e| e.in_location(binary.location()))?;
	script_passes(script, limits, meter).map_err(|e| e.in_location(binary.location()))
}

fn script_passes(
	script: &CompiledScript,
	limits: &VerifierLimits,
	meter: &mut Meter,
) -> VmResult<()> {
	common_passes(Binary::Script(script), limits, meter)?;
	code_unit::verify_script(script, limits, meter)
}

/// The passes that modules and scripts begin with.
fn common_passes(binary: Binary, limits: &VerifierLimits, meter: &mut Meter) -> VmResult<()> {
	features::verify(binary, meter)?;
	limits::verify(binary, limits, meter)?;
	duplication::verify(binary, meter)?;
	signatures::verify(binary, meter)?;
	instruction_consistency::verify(binary, meter)?;
	constants::verify(binary.pools(), meter)
}
