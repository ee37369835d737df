//! The ready modules and the generator keep their word: what they make verifies.

use move_vm_binary_format::CompiledModule;
use move_vm_fixtures::generate;
use move_vm_types::VerifierLimits;
use move_vm_verifier::{verify_module, verify_script};

const LIMITS: VerifierLimits = VerifierLimits::PRODUCTION;

#[test]
fn ready_modules_verify() {
	for module in move_vm_fixtures::all() {
		let name = module.self_id().expect("it has a name");
		if let Err(error) = verify_module(&module, &LIMITS) {
			panic!("{name}: {error}");
		}
	}
	let script = verify_script(&move_vm_fixtures::script(), &LIMITS);
	assert!(script.is_ok());
}

#[test]
fn generated_modules_verify_and_have_all_that_the_format_has() {
	// Bytes of Knuth's linear congruential generator: the same ones each time.
	let mut state = 1u64;
	let mut module = |len: usize| {
		let bytes: Vec<u8> = (0..len)
			.map(|_| {
				state = state
					.wrapping_mul(6_364_136_223_846_793_005)
					.wrapping_add(1_442_695_040_888_963_407);
				(state >> 56) as u8
			})
			.collect();
		generate::module(&bytes)
	};
	let modules: Vec<CompiledModule> = (0..300).map(|round| module(round * 3)).collect();
	for module in &modules {
		if let Err(error) = verify_module(module, &LIMITS) {
			panic!("{error} in {module:#?}");
		}
	}
	let any = |has: fn(&CompiledModule) -> bool| modules.iter().any(has);
	assert!(any(|m| !m.struct_def_instantiations.is_empty()));
	assert!(any(|m| !m.field_instantiations.is_empty()));
	assert!(any(|m| !m.variant_field_handles.is_empty()));
	assert!(any(|m| !m.variant_field_instantiations.is_empty()));
	assert!(any(|m| !m.struct_variant_instantiations.is_empty()));
	assert!(any(|m| !m.pools.function_instantiations.is_empty()));
	assert!(any(|m| !m.pools.constants.is_empty()));
	assert!(any(|m| m
		.function_defs
		.iter()
		.any(|def| !def.acquires.is_empty())));
}
