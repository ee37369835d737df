//! Whatever verifies runs without doing what verified code cannot do.

mod support;

use move_vm_binary_format::{CompiledModule, SignatureToken as T};
use move_vm_fixtures::generate;
use move_vm_runtime::{Gas, Limits, MemoryHost, Republish, Session};
use proptest::prelude::*;
use support::{address, is_invariant_violation, tag};

/// Enough for a few loops, little enough for endless ones.
const GAS: u64 = 20_000_000;

/// The BCS form of the least value of a type; `None` for what no test makes.
fn least(module: &CompiledModule, token: &T, depth: usize) -> Option<Vec<u8>> {
	let all = |tokens: &mut dyn Iterator<Item = &T>| {
		let parts = tokens.map(|token| least(module, token, depth + 1));
		Some(parts.collect::<Option<Vec<_>>>()?.concat())
	};
	if depth > 10 {
		return None;
	}
	Some(match token {
		T::Bool | T::U8 => vec![0],
		T::U16 => vec![0; 2],
		T::U32 => vec![0; 4],
		// The type argument that every call here gives.
		T::U64 | T::TypeParameter(_) => vec![0; 8],
		T::U128 => vec![0; 16],
		T::U256 => vec![0; 32],
		// The address that has resources, if any has.
		T::Address | T::Signer => address(0x42).0.to_vec(),
		T::Vector(_) => vec![0],
		T::Reference(inner) | T::MutableReference(inner) => least(module, inner, depth)?,
		T::Struct(handle) | T::StructInstantiation(handle, _) => {
			let definition = (module.struct_defs.iter())
				.find(|definition| definition.struct_handle == *handle)?;
			match definition.variants() {
				// A field that is a type parameter is as the outer one only by chance.
				None => all(&mut definition.fields()?.iter().map(|field| &field.type_))?,
				Some(variants) => {
					let fields = variants.first()?.fields.iter();
					[vec![0], all(&mut fields.map(|field| &field.type_))?].concat()
				}
			}
		}
	})
}

/// Publishes a module if it verifies, and calls all its functions with the least values, twice,
/// since the first time may create what the second time finds; how many returned.
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
	for definition in module.function_defs.iter().chain(&module.function_defs) {
		let handle = module.pools.function_handle(definition.function).unwrap();
		let name = module.pools.identifier(handle.name).unwrap();
		let types = vec![tag("u64"); handle.type_parameters.len()];
		let parameters = &module.pools.signature(handle.parameters).unwrap().0;
		let arguments = parameters.iter().map(|token| least(module, token, 0));
		let Some(arguments) = arguments.collect::<Option<Vec<_>>>() else {
			continue;
		};
		let mut session = Session::new(&mut host, Limits::PRODUCTION, Gas::new(GAS)).for_tests();
		let result = session.call_function(&id, name, types, arguments, &[]);
		match result.and_then(|_| session.finish().0) {
			Ok(()) => returned += 1,
			Err(error) => prop_assert!(!is_invariant_violation(&error), "{name}: {error}"),
		}
	}
	Ok(returned)
}

#[test]
fn many_generated_functions_return() {
	let mut returned = 0;
	for seed in 0..60u8 {
		let bytes: Vec<u8> = (0..500u32)
			.map(|place| (place.wrapping_mul(2_654_435_761) >> 7) as u8 ^ seed.wrapping_mul(37))
			.collect();
		returned += run_all(&generate::module(&bytes), 0x42).unwrap();
	}
	assert!(returned > 100, "{returned}");
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
