//! Classes of instructions and natives in wasm: time taken by time charged.

use std::{fs, path::Path};

use move_vm_fixtures::classes;
use move_vm_types::{AccountAddress, Identifier, ModuleId};

use crate::{best, native, wasm};

/// Ref time of a unit of gas in the runtime, picoseconds.
const WEIGHT_PER_GAS: f64 = 250.0;
/// Gas of the rounds that are timed.
const GAS: u64 = 20_000_000;

/// Prints a line for each class.
pub fn run(native: &mut native::Runner, wasm: &mut wasm::Runner) {
	let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts/move/std");
	let order = fs::read_to_string(folder.join("ORDER")).expect("the library is there");
	for name in order.split_whitespace() {
		let module = fs::read(folder.join(format!("bytecode/{name}.mv"))).expect("it is there");
		native.publish(&module, 1);
		wasm.publish(&module, 1);
	}
	let (module, list) = classes::module(0xB);
	let bytes = module.serialize().expect("the module has a form");
	native.publish(&bytes, 0xB);
	wasm.publish(&bytes, 0xB);
	let id = ModuleId {
		address: AccountAddress::from_low_byte(0xB),
		name: Identifier::new(classes::MODULE).expect("a valid name"),
	};
	for function in classes::SET_UP {
		native.call_in(&id, function, 0, 0xB);
		wasm.call(&format!("{}::{function}", classes::MODULE), 0, 0xB);
	}
	println!(
		"{:<20} {:>12} {:>12} {:>6}",
		"class", "charged, ns", "taken, ns", "ratio"
	);
	for class in list {
		let gas = |native: &mut native::Runner, n| native.call_in(&id, class.name, n, 0xB);
		let none = gas(native, 0);
		let each = (gas(native, 100) - none) / 100;
		let rounds = (GAS / each.max(1)).clamp(10, 100_000);
		let name = format!("{}::{}", classes::MODULE, class.name);
		let idle = best(|| wasm.call(&name, 0, 0xB));
		let time = best(|| wasm.call(&name, rounds, 0xB)).saturating_sub(idle);
		let charged = (gas(native, rounds) - none) as f64 * WEIGHT_PER_GAS / 1_000.0;
		let count = (rounds * class.times) as f64;
		let taken = time.as_nanos() as f64;
		println!(
			"{:<20} {:>12.1} {:>12.1} {:>6.2}  {}",
			class.name,
			charged / count,
			taken / count,
			taken / charged,
			class.about
		);
	}
}
