//! What the EVM charges against what its work was measured to take in the runtime that ships.

use ::pallet_cross_vm::WeightInfo as _;
use pallet_evm::{
	classes::{self, Class},
	gas::READ_GAS,
	WeightInfo as _,
};
use polkadot_sdk::frame_support::weights::Weight;
use trivium_runtime::{
	constants::gas::WEIGHT_PER_GAS,
	weights::{pallet_cross_vm, pallet_evm::WeightInfo},
	Runtime,
};

type Measured = WeightInfo<Runtime>;
type Dispatched = pallet_cross_vm::WeightInfo<Runtime>;

/// The path to a key that the benchmarking tool adds to every proof that grows with the rounds: five
/// layers of full nodes, none of them shared with another key. What a read really adds to the proof
/// of a large state is another measurement's affair, `benchmarks/evm`; here what is read counts.
const UNSHARED_PATH_BYTES: u64 = 5 * 15 * 33;

/// What one round more takes, in picoseconds and bytes of proof.
fn slope(weight: fn(u32) -> Weight) -> (u64, u64) {
	const ROUNDS: u32 = 1_000;
	let all = weight(ROUNDS).saturating_sub(weight(0));
	let each = |value: u64| value.div_ceil(ROUNDS.into());
	let proof = each(all.proof_size()).saturating_sub(UNSHARED_PATH_BYTES);
	(each(all.ref_time()), proof)
}

/// One line of the table of classes, and whether the charge covers the round.
fn line(name: &str, class: &Class, weight: fn(u32) -> Weight) -> (String, bool) {
	let (time, proof) = slope(weight);
	let paid = class.charged_gas() * WEIGHT_PER_GAS;
	let text = format!(
		"{name:24} {:>9.3} µs of {:>9.3} µs ({:.2}), {proof:>6} of {:>6} bytes",
		time as f64 / 1e6,
		paid as f64 / 1e6,
		time as f64 / paid as f64,
		class.proof_bytes(),
	);
	(text, time <= paid && proof <= class.proof_bytes())
}

/// `cargo test … gas_covers_every_measured_class -- --nocapture` prints the table.
#[test]
fn gas_covers_every_measured_class() {
	let lines: Vec<_> = classes::all::<Measured>()
		.iter()
		.map(|(name, class, weight)| line(name, class, *weight))
		.collect();
	for (text, _) in &lines {
		println!("{text}");
	}
	let short: Vec<_> = lines
		.iter()
		.filter(|(_, is_covered)| !is_covered)
		.map(|(text, _)| text.as_str())
		.collect();
	assert!(short.is_empty(), "undercharged:\n{}", short.join("\n"));
}

/// A receipt has a hash of what went in and what came out. Calldata and memory pay for it: to within a microsecond, as
/// their own work is done for less than their price.
#[test]
fn gas_covers_the_hashes_of_a_receipt() {
	const ALLOWANCE: u64 = 1_000_000;
	let hash = |len| {
		let none = Dispatched::digest(0).ref_time();
		Dispatched::digest(len).ref_time() - none
	};
	for len in (0..23).map(|bits| 1u32 << bits) {
		// Of a zero byte, the cheapest.
		let calldata = 4 * u64::from(len) * WEIGHT_PER_GAS;
		assert!(hash(len) <= calldata, "{len} bytes of input");
		let words = u64::from(len.div_ceil(32));
		let memory = (3 * words + words * words / 512) * WEIGHT_PER_GAS;
		assert!(hash(len) <= memory + ALLOWANCE, "{len} bytes of output");
	}
}

/// What is warm from the start is charged by its reads: no more than three for an account.
#[test]
fn gas_of_a_read_covers_an_account_that_is_warm_from_the_start() {
	const COLD: u64 = 2_600;
	const WARM: u64 = 100;
	let gas = classes::BALANCE_COLD_HIT.charged_gas() - COLD + WARM + 3 * READ_GAS;
	for weight in [
		Measured::op_balance_cold_hit as fn(u32) -> Weight,
		Measured::op_balance_cold_miss,
	] {
		let (time, _) = slope(weight);
		assert!(time <= gas * WEIGHT_PER_GAS, "{time} ps for {gas} gas");
	}
}

/// A round of the loop that `interpret` measures by the thousand takes 49 gas.
#[test]
fn time_of_a_gas_covers_ordinary_instructions() {
	let (time, _) = slope(Measured::interpret);
	assert!(time <= 49_000 * WEIGHT_PER_GAS);
}
