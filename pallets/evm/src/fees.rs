//! One price for the chain's work, in gas and in weight.
//!
//! [`Config::WeightPrice`] says what a weight costs in this block, multiplier included. A gas costs
//! what its ref time does ([`gas_price`]), and that is the base fee. An Ethereum transaction pays for
//! the gas that the EVM used, or for the proof that its execution was charged, in gas, if that is more
//! ([`charged_gas`]): reads weigh in the storage proof too, which the EVM's gas does not know.
//!
//! The chain's price has a share of proof in the price of time, [`crate::gas::TRANSACTION_BASE_PROOF_BYTES`]:
//! what every transaction reads. Ethereum's 21,000 gas stand for what every transaction is and has, in both
//! dimensions, so a plain transfer costs 21,000 gas, whatever its limit. Why this is so and what it means
//! for a full block is in `docs/fees.md`.

use polkadot_sdk::{frame_support::traits::Get, sp_runtime::traits::Convert, sp_weights::Weight};
use trivium_primitives::Balance;

use crate::{gas::GAS_PER_PROOF_BYTE, Config};

/// Bytes over which the price of one byte of proof is taken: enough for rounding not to matter, and more than
/// what is in the price of time.
const PRICE_SAMPLE_BYTES: u64 = 1 << 20;

/// What one gas costs in this block, planck.
pub fn gas_price<T: Config>() -> Balance {
	T::WeightPrice::convert(Weight::from_parts(T::GasWeightPerGas::get(), 0))
}

/// The proof size that `gas` would pay for on top of other proof, bytes: not less than the limit buys with it
/// ([`GAS_PER_PROOF_BYTE`]), and more by what a byte costs less. Rounded up.
pub fn proof_bytes_of_gas<T: Config>(gas: u64) -> u64 {
	let price_of = |bytes| T::WeightPrice::convert(Weight::from_parts(0, bytes));
	let sample =
		price_of(PRICE_SAMPLE_BYTES.saturating_mul(2)).saturating_sub(price_of(PRICE_SAMPLE_BYTES));
	let bought = gas.div_ceil(GAS_PER_PROOF_BYTE);
	let worth = match sample {
		0 => 0,
		sample => gas_price::<T>()
			.saturating_mul(gas.into())
			.saturating_mul(PRICE_SAMPLE_BYTES.into())
			.div_ceil(sample),
	};
	u64::try_from(worth).unwrap_or(u64::MAX).max(bought)
}

/// The gas that an Ethereum transaction pays for whose execution used `gas_used`, weighed `weight`
/// and was allowed `gas_limit`. It does not depend on the limit, which is a cap alone.
///
/// Rounded up to whole gas, and never above the limit that was signed.
pub fn charged_gas<T: Config>(gas_used: u64, weight: Weight, gas_limit: u64) -> u64 {
	let proof = Weight::from_parts(0, weight.proof_size());
	let for_proof = match gas_price::<T>() {
		0 => 0,
		price => T::WeightPrice::convert(proof).div_ceil(price),
	};
	u64::try_from(for_proof)
		.unwrap_or(u64::MAX)
		.max(gas_used)
		.min(gas_limit)
}
