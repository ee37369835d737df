//! What was written is read back, and what compilers wrote is written back to the byte.

mod common;

use move_vm_binary_format::{CompiledModule, CompiledScript};

#[test]
fn ready_modules_come_back() {
	for module in move_vm_fixtures::all() {
		let bytes = module.serialize().unwrap();
		assert_eq!(CompiledModule::deserialize(&bytes), Ok(module));
	}
	let script = move_vm_fixtures::script();
	let bytes = script.serialize().unwrap();
	assert_eq!(CompiledScript::deserialize(&bytes), Ok(script));
}

#[test]
fn compiled_binaries_come_back_to_the_byte() {
	let binaries = common::compiled();
	assert!(binaries.len() >= 16, "the standard library is there");
	for (path, bytes) in binaries {
		let name = path.display();
		let written = if common::is_script(&path) {
			CompiledScript::deserialize(&bytes)
				.unwrap_or_else(|error| panic!("{name}: {error}"))
				.serialize()
		} else {
			CompiledModule::deserialize(&bytes)
				.unwrap_or_else(|error| panic!("{name}: {error}"))
				.serialize()
		};
		assert_eq!(written.as_ref(), Ok(&bytes), "{name}");
	}
}
