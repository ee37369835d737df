//! What the fuzzers of the Move VM run, as plain functions: each takes any bytes and panics if a
//! promise of the VM is broken.
//!
//! - [`deserialize`]: what can be read can be written, and the same is read again.
//! - [`verify`]: the verifier ends within its budget and finds a fault of the module, never one of
//!   its own.
//! - [`execute`]: whatever verifies runs without an invariant violation.
//!
//! `fuzz_targets` beside this crate hands them to libFuzzer; the tests of this crate run them on
//! the seeds and on a number of mutations of those.

#![forbid(unsafe_code)]

mod arguments;
mod execute;
mod input;

pub use execute::execute;

use move_vm_binary_format::{CompiledModule, CompiledScript};
use move_vm_types::{StatusCode, StatusType, VerifierLimits, VmResult};
use move_vm_verifier::{verify_module, verify_script};

/// Reads `data` as a module and as a script.
///
/// # Panics
/// If what was read cannot be written, or is read differently again.
pub fn deserialize(data: &[u8]) {
	if let Ok(module) = CompiledModule::deserialize(data) {
		let written = module.serialize().expect("what was read has a form");
		assert_eq!(CompiledModule::deserialize(&written), Ok(module));
	}
	if let Ok(script) = CompiledScript::deserialize(data) {
		let written = script.serialize().expect("what was read has a form");
		assert_eq!(CompiledScript::deserialize(&written), Ok(script));
	}
}

/// Verifies the module that `data` stands for (see [`input`]), and a script.
///
/// # Panics
/// For an invariant violation, and if a well-typed generated module is refused.
pub fn verify(data: &[u8]) {
	let limits = VerifierLimits::PRODUCTION;
	let (input, _) = input::read(data);
	let generated = matches!(input, input::Input::Generated(_));
	if let Some(module) = input.module() {
		let result = verify_module(&module, &limits).map(|_| ());
		check(&result);
		if let (true, Err(error)) = (generated, &result) {
			assert!(is_limit(error.status()), "{error} in {module:#?}");
		}
	}
	if let input::Input::Raw(bytes) = input {
		if let Ok(script) = CompiledScript::deserialize(bytes) {
			check(&verify_script(&script, &limits).map(|_| ()));
		}
	}
}

/// Whether a module that is well typed may be refused with `status`: it is too large.
fn is_limit(status: StatusCode) -> bool {
	use StatusCode as S;
	matches!(
		status,
		S::TOO_MANY_TYPE_NODES
			| S::TOO_MANY_BASIC_BLOCKS
			| S::TOO_MANY_BACK_EDGES
			| S::VALUE_STACK_OVERFLOW
			| S::VALUE_STACK_PUSH_OVERFLOW
			| S::PROGRAM_TOO_COMPLEX
	)
}

/// Panics for an invariant violation.
pub(crate) fn check<T>(result: &VmResult<T>) {
	if let Err(error) = result {
		assert_ne!(
			error.status().class(),
			StatusType::InvariantViolation,
			"{error}"
		);
	}
}
