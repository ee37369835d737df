//! The VM as wasm, in the engine that the node uses.

use std::{path::PathBuf, process::Command};

use wasmtime::{Engine, Instance, Memory, Module, Store, TypedFunc};

use crate::{best, nanoseconds_each};

const TARGET: &str = "wasm32v1-none";

/// An instance of the guest with the benchmark's module.
pub struct Runner {
	store: Store<()>,
	memory: Memory,
	input: TypedFunc<u32, u32>,
	publish: TypedFunc<u32, u32>,
	call: TypedFunc<(u64, u32), u32>,
}

/// Builds the guest, and tells where it is.
fn build() -> PathBuf {
	let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
	let output = Command::new(cargo)
		.args(["build", "--release", "--target", TARGET])
		.args(["-p", "trivium-benchmarks-move-guest"])
		.args(["--message-format", "json-render-diagnostics"])
		.output()
		.expect("cargo runs");
	let text = String::from_utf8_lossy(&output.stdout);
	assert!(
		output.status.success(),
		"the guest builds: {}",
		String::from_utf8_lossy(&output.stderr)
	);
	let path = text
		.split('"')
		.rfind(|part| part.ends_with("trivium_benchmarks_move_guest.wasm"))
		.expect("cargo names what it built");
	PathBuf::from(path)
}

impl Runner {
	/// Builds the guest and publishes the module in it.
	pub fn new(module: &[u8]) -> Self {
		let engine = Engine::default();
		let guest = Module::from_file(&engine, build()).expect("the guest compiles");
		let mut store = Store::new(&engine, ());
		let instance = Instance::new(&mut store, &guest, &[]).expect("the guest needs nothing");
		let memory = instance
			.get_memory(&mut store, "memory")
			.expect("the guest has a memory");
		let input = instance
			.get_typed_func(&mut store, "input")
			.expect("an export");
		let publish = instance
			.get_typed_func(&mut store, "publish")
			.expect("an export");
		let call = instance
			.get_typed_func(&mut store, "call")
			.expect("an export");
		let mut runner = Self {
			store,
			memory,
			input,
			publish,
			call,
		};
		runner.publish(module, 0xB);
		runner.call("bench::open", 1 << 40, 0xB);
		runner.call("bench::open", 1 << 40, 0xC);
		runner
	}

	/// Publishes a module under a small address.
	pub fn publish(&mut self, module: &[u8], sender: u32) {
		self.write(module);
		let publish = self.publish.clone();
		let status = publish
			.call(&mut self.store, sender)
			.expect("publishing returns");
		assert_eq!(status, 0, "the module is published");
	}

	fn write(&mut self, bytes: &[u8]) {
		let at = self
			.input
			.call(&mut self.store, bytes.len() as u32)
			.expect("there is memory");
		self.memory
			.write(&mut self.store, at as usize, bytes)
			.expect("the buffer is as long");
	}

	/// One transaction: calls a function of `n`.
	pub fn call(&mut self, function: &str, n: u64, signer: u32) {
		self.write(function.as_bytes());
		let status = self
			.call
			.call(&mut self.store, (n, signer))
			.expect("the call returns");
		assert_eq!(status, 0, "{function} succeeds");
	}

	/// What a transaction takes.
	pub fn others(&mut self) {
		for (function, about) in [
			(
				"bench::sum",
				"in wasm: a session that calls a loop of no turns",
			),
			("bench::transfers", "in wasm: the same with one transfer"),
		] {
			let n = u64::from(function == "bench::transfers");
			let time = best(|| (0..2_000).for_each(|_| self.call(function, n, 0xB)));
			println!(
				"{:>8.1} us  {about}",
				nanoseconds_each(time, 2_000) / 1000.0
			);
		}
	}
}
