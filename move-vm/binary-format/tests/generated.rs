//! Properties of all modules, and of all bytes near to one.

mod common;

use std::sync::LazyLock;

use move_vm_binary_format::{bounds, CompiledModule, CompiledScript};
use move_vm_fixtures::generate::{self, Entropy};
use proptest::prelude::*;

/// Reads bytes as a module and as a script: what is read can be written, and the same is read again.
fn read(bytes: &[u8]) {
	if let Ok(module) = CompiledModule::deserialize(bytes) {
		let written = module.serialize().expect("what was read has a form");
		assert_eq!(CompiledModule::deserialize(&written), Ok(module));
	}
	if let Ok(script) = CompiledScript::deserialize(bytes) {
		let written = script.serialize().expect("what was read has a form");
		assert_eq!(CompiledScript::deserialize(&written), Ok(script));
	}
}

/// Real binaries, and ready ones with what the real ones do not have.
static SAMPLES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
	let ready = move_vm_fixtures::all();
	let mut samples: Vec<Vec<u8>> = ready.iter().map(|m| m.serialize().unwrap()).collect();
	samples.push(move_vm_fixtures::script().serialize().unwrap());
	samples.extend(common::compiled().into_iter().map(|(_, bytes)| bytes));
	samples
});

#[test]
fn flipped_bytes_are_refused_or_read() {
	for sample in SAMPLES.iter() {
		let mut bytes = sample.clone();
		for place in 0..bytes.len() {
			// One bit, another one in each of its neighbours; or all.
			let mask = match place % 9 {
				8 => 0xFF,
				bit => 1 << bit,
			};
			bytes[place] ^= mask;
			read(&bytes);
			bytes[place] ^= mask;
		}
	}
}

#[test]
fn truncated_bytes_are_refused() {
	for sample in SAMPLES.iter() {
		let is_module = CompiledModule::deserialize(sample).is_ok();
		for len in 0..sample.len() {
			let front = &sample[..len];
			// The front of a script may be a module without code.
			if is_module {
				assert!(CompiledModule::deserialize(front).is_err());
			} else {
				assert!(CompiledScript::deserialize(front).is_err());
			}
			read(front);
		}
	}
}

#[test]
fn inserted_and_removed_bytes_are_refused_or_read() {
	for sample in SAMPLES.iter() {
		for place in 0..sample.len() {
			let mut bytes = sample.clone();
			if place % 2 == 0 {
				bytes.remove(place);
			} else {
				bytes.insert(place, place as u8);
			}
			read(&bytes);
		}
	}
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(512))]

	#[test]
	fn generated_module_comes_back(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
		let module = generate::module(&bytes);
		prop_assert_eq!(bounds::check_module(&module), Ok(()));
		let written = module.serialize().unwrap();
		prop_assert_eq!(CompiledModule::deserialize(&written), Ok(module));
	}

	#[test]
	fn mutated_module_comes_back_or_is_out_of_bounds(
		bytes in prop::collection::vec(any::<u8>(), 0..600),
		changes in prop::collection::vec(any::<u8>(), 0..60),
	) {
		let mut module = generate::module(&bytes);
		generate::mutate(&mut module, &mut Entropy::new(&changes));
		let expected = bounds::check_module(&module).map(|()| module.clone());
		if let Ok(written) = module.serialize() {
			prop_assert_eq!(CompiledModule::deserialize(&written), expected);
		}
	}

	#[test]
	fn any_bytes_behind_a_header_are_refused_or_read(
		version in 5u8..8,
		bytes in prop::collection::vec(any::<u8>(), 0..300),
	) {
		let header = [0xA1, 0x1C, 0xEB, 0x0B, version, 0, 0, 0];
		read(&[&header[..], &bytes].concat());
		read(&bytes);
	}

	#[test]
	fn several_changed_bytes_are_refused_or_read(
		sample in any::<prop::sample::Index>(),
		changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
	) {
		let mut bytes = sample.get(&SAMPLES).clone();
		for (place, byte) in changes {
			let place = place.index(bytes.len());
			bytes[place] = byte;
		}
		read(&bytes);
	}
}
