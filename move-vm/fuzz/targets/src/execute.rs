//! Whatever verifies runs without an invariant violation.

use std::{fs, path::Path, sync::OnceLock};

use move_vm_binary_format::CompiledModule;
use move_vm_fixtures::generate::Entropy;
use move_vm_runtime::{Gas, Limits, MemoryHost, Republish, Session};
use move_vm_types::{AccountAddress, TypeTag};

use crate::{
	arguments, check,
	input::{self, Input},
};

/// What a call may use, internal gas units.
const GAS: u64 = 2_000_000;
/// Functions of a module that are called.
const CALLS: usize = 12;

/// A chain with the standard library.
fn chain() -> MemoryHost {
	static CHAIN: OnceLock<MemoryHost> = OnceLock::new();
	CHAIN
		.get_or_init(|| {
			let folder = Path::new(concat!(
				env!("CARGO_MANIFEST_DIR"),
				"/../../../contracts/move/std"
			));
			let order = fs::read_to_string(folder.join("ORDER")).expect("the standard library");
			let modules: Vec<Vec<u8>> = order
				.lines()
				.map(|name| folder.join("bytecode").join(name).with_extension("mv"))
				.map(|path| fs::read(path).expect("the standard library"))
				.collect();
			let mut host = MemoryHost::default();
			let mut session = Session::new(&mut host, Limits::PRODUCTION, Gas::new(u64::MAX));
			session
				.publish(&modules, AccountAddress::ONE, Republish::Refuse)
				.expect("the standard library is valid");
			session.finish().0.expect("the standard library is stored");
			host
		})
		.clone()
}

/// Publishes the module that `data` stands for and calls its functions; or runs the script that it
/// is.
///
/// # Panics
/// For an invariant violation.
pub fn execute(data: &[u8]) {
	let (input, mut choices) = input::read(data);
	if let Some(module) = input.module() {
		publish_and_call(&module, &mut choices);
	} else if let Input::Raw(script) = input {
		let mut host = chain();
		let mut session = Session::new(&mut host, Limits::PRODUCTION, Gas::new(GAS)).for_tests();
		let signers = vec![AccountAddress::ONE; choices.below(2)];
		check(&session.execute_script(script, Vec::new(), Vec::new(), &signers));
		check(&session.finish().0);
	}
}

fn publish_and_call(module: &CompiledModule, choices: &mut Entropy<'_>) {
	let (Ok(id), Ok(bytes)) = (module.self_id(), module.serialize()) else {
		return;
	};
	let mut host = chain();
	let mut session = Session::new(&mut host, Limits::PRODUCTION, Gas::new(u64::MAX));
	let published = session.publish(&[bytes], id.address, Republish::Refuse);
	check(&published);
	if published.is_err() {
		return;
	}
	check(&session.finish().0);

	for def in module.function_defs.iter().take(CALLS) {
		let pools = &module.pools;
		let handle = pools.function_handle(def.function).expect("in bounds");
		let name = pools.identifier(handle.name).expect("in bounds");
		let parameters = pools.signature(handle.parameters).expect("in bounds");
		let arguments = parameters.0.iter();
		let arguments: Option<Vec<Vec<u8>>> = arguments
			.map(|type_| arguments::value(module, type_, choices))
			.collect();
		let Some(arguments) = arguments else {
			continue;
		};
		let type_arguments = vec![TypeTag::U64; handle.type_parameters.len()];
		// Each call sees what the calls before it wrote.
		let mut session = Session::new(&mut host, Limits::PRODUCTION, Gas::new(GAS)).for_tests();
		check(&session.call_function(&id, name, type_arguments, arguments, &[]));
		check(&session.finish().0);
	}
}
