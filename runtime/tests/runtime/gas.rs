//! What the EVM charges against what its work was measured to take in the runtime that ships.

use pallet_evm::{
	classes::{self, Class},
	gas::READ_GAS,
	WeightInfo as _,
};
use polkadot_sdk::frame_support::weights::Weight;
use trivium_runtime::{constants::gas::WEIGHT_PER_GAS, weights::pallet_evm::WeightInfo, Runtime};

type Measured = WeightInfo<Runtime>;

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
