//! The Move modules that genesis publishes, the standard library and the chain's own: the bytecode that
//! `contracts/move` holds.

use alloc::vec::Vec;

use polkadot_sdk::sp_core::Bytes;

/// The modules' names and bytecode, in an order in which they can be published.
macro_rules! modules {
	($package:literal: $($name:literal),* $(,)?) => {
		&[$((
			$name,
			include_bytes!(concat!("../../contracts/move/", $package, "/bytecode/", $name, ".mv")),
		)),*]
	};
}

const STANDARD: &[(&str, &[u8])] = modules!(
	"std":
	"bcs",
	"bit_vector",
	"debug",
	"error",
	"fixed_point32",
	"hash",
	"signer",
	"vector",
	"event",
	"option",
	"table",
	"ascii",
	"string",
	"native_token",
	"type_name",
	"coin",
);

const OWN: &[(&str, &[u8])] = modules!("trivium": "cross_vm");

/// For the genesis of `pallet-move`.
pub fn modules() -> Vec<Bytes> {
	STANDARD
		.iter()
		.chain(OWN)
		.map(|(_, bytecode)| Bytes(bytecode.to_vec()))
		.collect()
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn order_is_that_of_the_packages() {
		for (modules, order) in [
			(STANDARD, include_str!("../../contracts/move/std/ORDER")),
			(OWN, include_str!("../../contracts/move/trivium/ORDER")),
		] {
			let names = modules.iter().map(|(name, _)| *name);
			assert!(names.eq(order.split_whitespace()));
		}
	}
}
