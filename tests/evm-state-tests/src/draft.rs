//! The curve contracts of the draft by which `stEIP2537` was made.
//!
//! Those cases are of April 2024. Their fork is called Prague, but Prague as it came to be in 2025
//! has other prices and addresses for BLS12-381: multiplication was a contract of its own beside that
//! for many, so there were nine and not seven. The arithmetic is the same and is the pallet's; what
//! is here is the draft's table around it. See the history of
//! <https://eips.ethereum.org/EIPS/eip-2537>.

use pallet_evm::revm::{
	handler::EthPrecompiles,
	precompile::{
		bls12_381::{g1_add, g1_msm, g2_add, g2_msm, map_fp2_to_g2, map_fp_to_g1, pairing},
		bls12_381_const::{G1_MSM_INPUT_LENGTH, G2_MSM_INPUT_LENGTH, PAIRING_INPUT_LENGTH},
		eth_precompile_fn, u64_to_address, EthPrecompileOutput, EthPrecompileResult, Precompile,
		PrecompileEthFn, PrecompileFn, PrecompileHalt, PrecompileId, Precompiles,
	},
	primitives::hardfork::SpecId,
};
use std::sync::LazyLock;

const G1_ADD_GAS: u64 = 500;
const G1_MUL_GAS: u64 = 12_000;
const G2_ADD_GAS: u64 = 800;
const G2_MUL_GAS: u64 = 45_000;
const PAIRING_GAS: u64 = 65_000;
const PAIRING_PAIR_GAS: u64 = 43_000;
const MAP_TO_G1_GAS: u64 = 5_500;
const MAP_TO_G2_GAS: u64 = 75_000;

/// Thousandths of the price of one multiplication, by how many there are, the last for all above.
const DISCOUNTS: [u64; 128] = [
	1200, 888, 764, 641, 594, 547, 500, 453, 438, 423, 408, 394, 379, 364, 349, 334, 330, 326, 322,
	318, 314, 310, 306, 302, 298, 294, 289, 285, 281, 277, 273, 269, 268, 266, 265, 263, 262, 260,
	259, 257, 256, 254, 253, 251, 250, 248, 247, 245, 244, 242, 241, 239, 238, 236, 235, 233, 232,
	231, 229, 228, 226, 225, 223, 222, 221, 220, 219, 219, 218, 217, 216, 216, 215, 214, 213, 213,
	212, 211, 211, 210, 209, 208, 208, 207, 206, 205, 205, 204, 203, 202, 202, 201, 200, 199, 199,
	198, 197, 196, 196, 195, 194, 193, 193, 192, 191, 191, 190, 189, 188, 188, 187, 186, 185, 185,
	184, 183, 182, 182, 181, 180, 179, 179, 178, 177, 176, 176, 175, 174,
];

/// Whether a case was made by the draft, judged by the program that made it.
pub fn is_meant(filled_by: Option<&str>, spec: SpecId) -> bool {
	spec == SpecId::PRAGUE
		&& filled_by.is_some_and(|program| program.starts_with("evm version 1.14.0-unstable"))
}

/// Cancun's contracts and the draft's nine, from 0x0B.
pub fn precompiles() -> EthPrecompiles {
	static TABLE: LazyLock<Precompiles> = LazyLock::new(|| {
		let draft: [PrecompileFn; 9] = [
			draft_g1_add,
			draft_g1_mul,
			draft_g1_msm,
			draft_g2_add,
			draft_g2_mul,
			draft_g2_msm,
			draft_pairing,
			draft_map_to_g1,
			draft_map_to_g2,
		];
		let mut table = Precompiles::cancun().clone();
		table.extend((0x0B..).zip(draft).map(|(address, run)| {
			Precompile::new(
				PrecompileId::custom("draft of EIP-2537"),
				u64_to_address(address),
				run,
			)
		}));
		table
	});
	EthPrecompiles {
		precompiles: &TABLE,
		spec: SpecId::PRAGUE,
	}
}

/// Runs the contract as it is now, for the draft's price.
fn priced(gas: u64, run: PrecompileEthFn, input: &[u8], limit: u64) -> EthPrecompileResult {
	if gas > limit {
		return Err(PrecompileHalt::OutOfGas);
	}
	run(input, u64::MAX).map(|output| EthPrecompileOutput::new(gas, output.bytes))
}

fn many(one: u64, input: &[u8], len: usize) -> u64 {
	let count = input.len() / len;
	match DISCOUNTS.get(count.clamp(1, DISCOUNTS.len()) - 1) {
		Some(discount) if count != 0 => count as u64 * one * discount / 1000,
		_ => 0,
	}
}

fn single(
	gas: u64,
	run: PrecompileEthFn,
	len: usize,
	input: &[u8],
	limit: u64,
) -> EthPrecompileResult {
	if gas <= limit && input.len() != len {
		return Err(PrecompileHalt::Bls12381ScalarInputLength);
	}
	priced(gas, run, input, limit)
}

fn g1_add_(input: &[u8], limit: u64) -> EthPrecompileResult {
	priced(G1_ADD_GAS, g1_add::g1_add, input, limit)
}

fn g1_mul_(input: &[u8], limit: u64) -> EthPrecompileResult {
	single(
		G1_MUL_GAS,
		g1_msm::g1_msm,
		G1_MSM_INPUT_LENGTH,
		input,
		limit,
	)
}

fn g1_msm_(input: &[u8], limit: u64) -> EthPrecompileResult {
	let gas = many(G1_MUL_GAS, input, G1_MSM_INPUT_LENGTH);
	priced(gas, g1_msm::g1_msm, input, limit)
}

fn g2_add_(input: &[u8], limit: u64) -> EthPrecompileResult {
	priced(G2_ADD_GAS, g2_add::g2_add, input, limit)
}

fn g2_mul_(input: &[u8], limit: u64) -> EthPrecompileResult {
	single(
		G2_MUL_GAS,
		g2_msm::g2_msm,
		G2_MSM_INPUT_LENGTH,
		input,
		limit,
	)
}

fn g2_msm_(input: &[u8], limit: u64) -> EthPrecompileResult {
	let gas = many(G2_MUL_GAS, input, G2_MSM_INPUT_LENGTH);
	priced(gas, g2_msm::g2_msm, input, limit)
}

fn pairing_(input: &[u8], limit: u64) -> EthPrecompileResult {
	let pairs = (input.len() / PAIRING_INPUT_LENGTH) as u64;
	let gas = PAIRING_GAS + PAIRING_PAIR_GAS * pairs;
	priced(gas, pairing::pairing, input, limit)
}

fn map_to_g1_(input: &[u8], limit: u64) -> EthPrecompileResult {
	priced(MAP_TO_G1_GAS, map_fp_to_g1::map_fp_to_g1, input, limit)
}

fn map_to_g2_(input: &[u8], limit: u64) -> EthPrecompileResult {
	priced(MAP_TO_G2_GAS, map_fp2_to_g2::map_fp2_to_g2, input, limit)
}

eth_precompile_fn!(draft_g1_add, g1_add_);
eth_precompile_fn!(draft_g1_mul, g1_mul_);
eth_precompile_fn!(draft_g1_msm, g1_msm_);
eth_precompile_fn!(draft_g2_add, g2_add_);
eth_precompile_fn!(draft_g2_mul, g2_mul_);
eth_precompile_fn!(draft_g2_msm, g2_msm_);
eth_precompile_fn!(draft_pairing, pairing_);
eth_precompile_fn!(draft_map_to_g1, map_to_g1_);
eth_precompile_fn!(draft_map_to_g2, map_to_g2_);
