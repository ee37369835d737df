//! Whatever verifies runs without doing what verified code cannot do.

mod support;

use move_vm_binary_format::CompiledModule;
use move_vm_fixtures::generate;
use move_vm_runtime::{Gas, Limits, MemoryHost, Republish, Session};
use proptest::prelude::*;
use support::{address, is_invariant_violation, tag};

/// Enough for a few loops, little enough for endless ones.
const GAS: u64 = 20_000_000;

/// Publishes a module if it verifies, and calls all its functions with zeros; how many returned.
fn run_all(module: &CompiledModule, sender: u8) -> Result<usize, TestCaseError> {
	let Ok(bytes) = module.serialize() else {
		return Ok(0);
	};
	let mut host = MemoryHost::default();
	let mut session = Session::new(&mut host, Limits::PRODUCTION, Gas::new(u64::MAX));
	if session
		.publish(&[bytes], address(sender), Republish::Refuse)
		.is_err()
	{
		return Ok(0);
	}
	session.finish().0.unwrap();
	let id = module.self_id().unwrap();
	let mut returned = 0;
	for definition in &module.function_defs {
		let handle = module.pools.function_handle(definition.function).unwrap();
		let name = module.pools.identifier(handle.name).unwrap();
		let types = vec![tag("u64"); handle.type_parameters.len()];
		// Values of every width that parameters may have: the first that fits is taken.
		for width in [0usize, 1, 2, 4, 8, 16, 32, 33, 40] {
			let parameters = module.pools.signature(handle.parameters).unwrap().0.len();
			let arguments = vec![vec![0; width]; parameters];
			let mut session =
				Session::new(&mut host, Limits::PRODUCTION, Gas::new(GAS)).for_tests();
			let result = session.call_function(&id, name, types.clone(), arguments, &[]);
			match result.and_then(|_| session.finish().0) {
				Ok(()) => returned += 1,
				Err(error) => prop_assert!(!is_invariant_violation(&error), "{name}: {error}"),
			}
		}
	}
	Ok(returned)
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(200))]

	#[test]
	fn generated_modules_run(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
		run_all(&generate::module(&bytes), 0x42)?;
	}

	#[test]
	fn mutated_modules_that_verify_run(
		bytes in proptest::collection::vec(any::<u8>(), 0..400),
		changes in proptest::collection::vec(any::<u8>(), 0..40),
	) {
		let mut module = generate::module(&bytes);
		generate::mutate(&mut module, &mut generate::Entropy::new(&changes));
		run_all(&module, 0x42)?;
	}
}
