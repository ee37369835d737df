//! The acceptance tests in Move: every function `test_…` returns and every function `expect_…` fails
//! as its name says. What the names mean is in `contracts/move/README.md`.

use std::{fs, path::PathBuf};

use move_vm_binary_format::{module::Visibility, CompiledModule};
use move_vm_runtime::{Gas, Limits, MemoryHost, Republish, Session};
use move_vm_types::{AccountAddress, ModuleId, StatusCode, VmError};

/// More than any test but those that want it spent.
const GAS: u64 = 100_000_000_000;

fn modules(package: &str) -> Vec<Vec<u8>> {
	let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
		.join("../../contracts/move")
		.join(package)
		.join("bytecode");
	let mut files: Vec<_> = fs::read_dir(&folder)
		.unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
		.map(|entry| entry.unwrap().path())
		.collect();
	files.sort();
	files.iter().map(|file| fs::read(file).unwrap()).collect()
}

fn id_of(bytes: &[u8]) -> ModuleId {
	CompiledModule::deserialize(bytes)
		.unwrap()
		.self_id()
		.unwrap()
}

/// Publishes a package under its own address.
fn publish(host: &mut MemoryHost, package: &str) {
	let modules = modules(package);
	let sender = id_of(&modules[0]).address;
	let mut session = Session::new(host, Limits::PRODUCTION, Gas::new(u64::MAX));
	session
		.publish(&modules, sender, Republish::Refuse)
		.unwrap_or_else(|error| panic!("{package}: {error}"));
	session.finish().0.unwrap();
}

fn host_with(packages: &[&str]) -> MemoryHost {
	let mut host = MemoryHost::default();
	for package in packages {
		publish(&mut host, package);
	}
	host
}

/// Whether `error` is what follows `expect_` in a function's name.
fn is_expected(error: &VmError, expectation: &str) -> bool {
	let Some((status, _)) = expectation.split_once("__") else {
		panic!("{expectation} names no status");
	};
	if let Some(code) = status.strip_prefix("abort_0x") {
		let code = u64::from_str_radix(code, 16).unwrap();
		return error.status() == StatusCode::ABORTED && error.sub_status() == Some(code);
	}
	let name = error.status().name().to_lowercase();
	match status.strip_prefix(&name) {
		Some("") => true,
		Some(rest) => {
			let sub_status = rest.strip_prefix('_').and_then(|text| text.parse().ok());
			sub_status.is_some() && sub_status == error.sub_status()
		}
		None => false,
	}
}

/// Runs the tests of a package; how many there were.
#[track_caller]
fn run_package(host: &MemoryHost, package: &str) -> usize {
	let mut count = 0;
	let mut failures = Vec::new();
	for bytes in modules(package) {
		let module = CompiledModule::deserialize(&bytes).unwrap();
		let id = module.self_id().unwrap();
		for definition in &module.function_defs {
			let handle = module.pools.function_handle(definition.function).unwrap();
			let name = module.pools.identifier(handle.name).unwrap().as_str();
			let is_test = name.starts_with("test_") || name.starts_with("expect_");
			if !is_test || definition.visibility != Visibility::Public {
				continue;
			}
			count += 1;
			let parameters = module.pools.signature(handle.parameters).unwrap().0.len();
			let signers: Vec<_> = (0..parameters)
				.map(|place| match place {
					0 => id.address,
					_ => AccountAddress::from_low_byte(0xA1 + place as u8),
				})
				.collect();
			let gas = match name.starts_with("expect_out_of_gas") {
				true => 100_000_000,
				false => GAS,
			};
			let mut attempt = host.clone();
			let mut session = Session::new(&mut attempt, Limits::PRODUCTION, Gas::new(gas));
			let result = session
				.call_function(&id, name, vec![], vec![], &signers)
				.and_then(|_| session.finish().0);
			match (name.strip_prefix("expect_"), result) {
				(None, Ok(())) => {}
				(Some(expectation), Err(error)) if is_expected(&error, expectation) => {
					// Handles are never given out twice, whatever is rolled back.
					attempt.handles = host.handles;
					assert!(attempt == *host, "{id}::{name} wrote something");
				}
				(_, result) => failures.push(format!("{id}::{name}: {result:?}")),
			}
		}
	}
	assert!(failures.is_empty(), "{}", failures.join("\n"));
	count
}

#[test]
fn library_and_language_work() {
	let host = host_with(&["std", "tests"]);
	assert!(run_package(&host, "tests") > 400);
}

#[test]
fn enums_work() {
	let host = host_with(&["std", "tests-v7"]);
	assert!(run_package(&host, "tests-v7") > 20);
}

#[test]
fn examples_work() {
	let mut host = host_with(&["std", "examples"]);
	publish(&mut host, "tests-examples");
	assert!(run_package(&host, "tests-examples") > 5);
}
