//! The Move standard library as genesis publishes it: the bytecode that `contracts/move` holds.

use alloc::vec::Vec;

use polkadot_sdk::sp_core::Bytes;

/// The modules' names and bytecode, in an order in which they can be published.
macro_rules! modules {
	($($name:literal),* $(,)?) => {
		&[$((
			$name,
			include_bytes!(concat!("../../contracts/move/std/bytecode/", $name, ".mv")),
		)),*]
	};
}

const MODULES: &[(&str, &[u8])] = modules!(
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

/// For the genesis of `pallet-move`.
pub fn modules() -> Vec<Bytes> {
	MODULES
		.iter()
		.map(|(_, bytecode)| Bytes(bytecode.to_vec()))
		.collect()
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn order_is_that_of_the_package() {
		let order = include_str!("../../contracts/move/std/ORDER").split_whitespace();
		assert!(MODULES.iter().map(|(name, _)| *name).eq(order));
	}
}
