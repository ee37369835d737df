//! What the EVMs are compared by: contracts in Solidity, and one call of each.
//!
//! A call takes millions of gas, so that what surrounds an execution hardly counts. Sources are
//! in `contracts`; `contracts/build.mjs` compiles them.

use polkadot_sdk::{sp_core::U256, sp_io};

/// What a workload mostly is, which decides how fast it has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
	/// Instructions on stack and memory.
	Compute,
	/// Accounts and slots.
	Storage,
}

/// A contract and a call of it.
#[derive(Clone, Debug)]
pub struct Workload {
	pub name: &'static str,
	pub kind: Kind,
	/// What one call does.
	pub about: &'static str,
	/// The creation code of the contract.
	pub code: Vec<u8>,
	/// Calls that come before the measured one, and are not part of it.
	pub preparation: Vec<Vec<u8>>,
	/// The measured call's input.
	pub input: Vec<u8>,
	/// The least gas that it is to take: less, and it would not do what it is for.
	pub least_gas: u64,
}

/// Input for a function that takes one number, or none for a signature that has none.
fn input(signature: &str, argument: u64) -> Vec<u8> {
	let mut input = sp_io::hashing::keccak_256(signature.as_bytes())[..4].to_vec();
	if !signature.ends_with("()") {
		input.extend(U256::from(argument).to_big_endian());
	}
	input
}

fn from_hex(text: &str) -> Vec<u8> {
	let text = text.trim();
	(0..text.len())
		.step_by(2)
		.map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("the compiler writes hex"))
		.collect()
}

macro_rules! code {
	($name:literal) => {
		from_hex(include_str!(concat!("../contracts/", $name, ".hex")))
	};
}

/// All workloads, in the order of the table.
pub fn all() -> Vec<Workload> {
	use Kind::{Compute, Storage};
	let payments = |name, about, function, n, least_gas| Workload {
		name,
		kind: Storage,
		about,
		code: code!("Payments"),
		preparation: vec![input("prepare(uint256)", 600)],
		input: input(function, n),
		least_gas,
	};
	let simple = |name, kind, about, code: Vec<u8>, function, n, least_gas| Workload {
		name,
		kind,
		about,
		code,
		preparation: Vec::new(),
		input: input(function, n),
		least_gas,
	};
	vec![
		payments(
			"erc20-new",
			"ERC-20 transfers, each to an account that has had none",
			"toFresh(uint256)",
			250,
			6_000_000,
		),
		payments(
			"erc20-known",
			"ERC-20 transfers, each to another holder",
			"toKnown(uint256)",
			600,
			5_000_000,
		),
		payments(
			"erc20-few",
			"ERC-20 transfers among sixteen holders",
			"toFew(uint256)",
			1_500,
			5_000_000,
		),
		simple(
			"swap",
			Storage,
			"swaps of two ERC-20 coins in a constant-product pool",
			code!("Exchange"),
			"swaps(uint256)",
			300,
			5_000_000,
		),
		simple(
			"raymarch",
			Compute,
			"a picture of spheres by ray marching in fixed-point numbers",
			code!("Raymarch"),
			"draw(uint256)",
			5,
			5_000_000,
		),
		simple(
			"keccak-words",
			Compute,
			"a chain of hashes of two words",
			code!("Hashes"),
			"words(uint256)",
			// Its memory, which only grows, is just below a mebibyte, the most of `pallet-revive`.
			7_000,
			2_000_000,
		),
		simple(
			"keccak-pages",
			Compute,
			"a chain of hashes of four kilobytes",
			code!("Hashes"),
			"pages(uint256)",
			1_200,
			1_000_000,
		),
		Workload {
			preparation: vec![input("prepare(uint256)", 450)],
			..simple(
				"churn",
				Storage,
				"slots read, made, changed and removed",
				code!("Ledger"),
				"churn(uint256)",
				150,
				4_000_000,
			)
		},
		simple(
			"create",
			Storage,
			"small contracts by CREATE and CREATE2, each called once",
			code!("Factory"),
			"make(uint256)",
			100,
			5_000_000,
		),
	]
}

/// A coin whose whole supply is the deployer's, and a transfer of a little of it: the ordinary
/// transaction.
pub fn coin(owner: [u8; 20], recipient: [u8; 20]) -> Workload {
	let address = |bytes: [u8; 20]| [[0; 12].as_slice(), &bytes].concat();
	let word = |value: u64| U256::from(value).to_big_endian().to_vec();
	let call = |name: &str, arguments: [Vec<u8>; 2]| {
		[input(name, 0)[..4].to_vec(), arguments.concat()].concat()
	};
	Workload {
		name: "erc20-one",
		kind: Kind::Storage,
		about: "one transfer of an ERC-20 coin",
		code: [code!("Coin"), address(owner), word(1 << 60)].concat(),
		preparation: vec![call(
			"transfer(address,uint256)",
			[address(recipient), word(5)],
		)],
		input: call("transfer(address,uint256)", [address(recipient), word(7)]),
		least_gas: 30_000,
	}
}
