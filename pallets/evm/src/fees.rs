//! One price for the chain's work, in gas and in weight.
//!
//! [`Config::WeightPrice`] says what a weight costs in this block, multiplier included. A gas costs
//! what its ref time does ([`gas_price`]), and that is the base fee. An Ethereum transaction pays for
//! the gas that the EVM used, or for the weight of its execution in gas if that is more
//! ([`charged_gas`]): reads weigh in the storage proof too, which the EVM's gas does not know.
//! So whoever calls a contract pays the same for what it does, whether as an Ethereum transaction or
//! as an extrinsic of the chain.

use polkadot_sdk::{frame_support::traits::Get, sp_runtime::traits::Convert, sp_weights::Weight};
use trivium_primitives::Balance;

use crate::Config;

/// What one gas costs in this block, planck.
pub fn gas_price<T: Config>() -> Balance {
	T::WeightPrice::convert(Weight::from_parts(T::GasWeightPerGas::get(), 0))
}

/// The gas that an Ethereum transaction pays for whose execution used `gas_used`, weighed `weight`
/// and was allowed `gas_limit`.
///
/// Rounded up to whole gas, and never above the limit that was signed.
pub fn charged_gas<T: Config>(gas_used: u64, weight: Weight, gas_limit: u64) -> u64 {
	let for_weight = match gas_price::<T>() {
		0 => 0,
		price => T::WeightPrice::convert(weight).div_ceil(price),
	};
	u64::try_from(for_weight)
		.unwrap_or(u64::MAX)
		.max(gas_used)
		.min(gas_limit)
}
