//! Ethereum's own precompiled contracts: what runs them here and what they cost.
//!
//! Ethereum's gas for these contracts is meant for native code. The host of a parachain has native
//! code for some of them only; the others run in wasm. So each takes Ethereum's gas or its measured
//! weight in gas with a quarter on top, whichever is more. The weights are those of the dearest input
//! of a size, and the charge comes before the work, so that an input which is refused has paid as well:
//! whatever a contract does not accept costs all the gas that it was given.

use alloc::string::String;
use polkadot_sdk::{sp_io, sp_weights::Weight};
use revm::{
	handler::{EthPrecompiles, PrecompileProvider},
	interpreter::{CallInputs, Gas, InstructionResult, InterpreterResult},
	precompile::{modexp::calculate_iteration_count, Crypto, PrecompileHalt, PrecompileId},
	primitives::{eip7823::INPUT_SIZE_LIMIT, Bytes, U256},
};

use crate::{bridge::Ctx, gas::gas_from_ref_time_ceil, rules::Rules, weights::WeightInfo, Config};

/// Bytes of a pair of the pairing check on BN254.
const BN254_PAIR_BYTES: usize = 192;
/// Bytes of a point and its factor in a multi-scalar multiplication in G1 of BLS12-381.
const BLS_G1_TERM_BYTES: usize = 160;
/// As [`BLS_G1_TERM_BYTES`], in G2.
const BLS_G2_TERM_BYTES: usize = 288;
/// Bytes of a pair of the pairing check on BLS12-381.
const BLS_PAIR_BYTES: usize = 384;
/// Pairs that share the squarings of a pairing check.
const PAIRS_AT_ONCE: u64 = 4;

/// Cryptography for which the chain's host has native code.
#[derive(Debug)]
struct HostCrypto;

impl Crypto for HostCrypto {
	fn sha256(&self, input: &[u8]) -> [u8; 32] {
		sp_io::hashing::sha2_256(input)
	}

	fn secp256k1_ecrecover(
		&self,
		signature: &[u8; 64],
		recovery_id: u8,
		message: &[u8; 32],
	) -> Result<[u8; 32], PrecompileHalt> {
		let mut with_id = [0; 65];
		let (head, tail) = with_id.split_at_mut(64);
		head.copy_from_slice(signature);
		tail.fill(recovery_id);
		let key = sp_io::crypto::secp256k1_ecdsa_recover(&with_id, message)
			.map_err(|_| PrecompileHalt::Secp256k1RecoverFailed)?;
		let mut hash = sp_io::hashing::keccak_256(&key);
		if let Some(padding) = hash.get_mut(..12) {
			padding.fill(0);
		}
		Ok(hash)
	}
}

/// The contracts by the chain's rules, on the host's cryptography.
pub(crate) fn ethereum<T: Config>() -> EthPrecompiles {
	// Has an effect once; whoever came first installed the same.
	let _ = revm::install_crypto(HostCrypto);
	T::Rules::precompiles()
}

/// Runs the contract at the called address; nothing if there is none.
pub(crate) fn run<T: Config>(
	contracts: &mut EthPrecompiles,
	context: &mut Ctx<T>,
	inputs: &CallInputs,
) -> Result<Option<InterpreterResult>, String> {
	let Some(contract) = contracts.precompiles.get(&inputs.bytecode_address) else {
		return Ok(None);
	};
	if !T::Rules::prices_by_weight() {
		return contracts.run(context, inputs);
	}
	let weight = weight::<T::WeightInfo>(contract.id(), &inputs.input.as_bytes(context));
	let least = gas_from_ref_time_ceil::<T>(with_margin(weight.ref_time()));
	if least > inputs.gas_limit {
		let mut gas = Gas::new(inputs.gas_limit);
		gas.spend_all();
		return Ok(Some(InterpreterResult::new(
			InstructionResult::PrecompileOOG,
			Bytes::new(),
			gas,
		)));
	}
	// Ethereum's price is checked there, before the work as well; a refusal takes all gas.
	let Some(mut result) = contracts.run(context, inputs)? else {
		return Ok(None);
	};
	let spent = result.gas.total_gas_spent();
	if spent < least {
		let _ = result.gas.record_regular_cost(least.saturating_sub(spent));
	}
	Ok(Some(result))
}

/// A measured time and a quarter: nothing but these contracts is charged so close to what it takes, and
/// one run of a machine is not the next.
fn with_margin(time: u64) -> u64 {
	time.saturating_add(time >> 2)
}

/// What a contract weighs at most on this input. Without the work: only lengths are looked at.
///
/// An input of a length that the contract does not take may weigh nothing: it is refused at once.
pub(crate) fn weight<W: WeightInfo>(id: &PrecompileId, input: &[u8]) -> Weight {
	let len = count(input.len());
	let items = |bytes: usize| count(input.len().checked_div(bytes).unwrap_or_default());
	match id {
		PrecompileId::EcRec => W::ecrecover(),
		PrecompileId::Sha256 => W::sha256(len),
		PrecompileId::Ripemd160 => W::ripemd160(len),
		PrecompileId::Identity => W::identity(len),
		PrecompileId::ModExp => modexp::<W>(input),
		PrecompileId::Bn254Add => W::bn254_add(),
		PrecompileId::Bn254Mul => W::bn254_mul(),
		PrecompileId::Bn254Pairing => pairing(W::bn254_pairing, items(BN254_PAIR_BYTES)),
		PrecompileId::Blake2F => input
			.first_chunk()
			.map(|rounds| W::blake2f(u32::from_be_bytes(*rounds)))
			.unwrap_or_default(),
		PrecompileId::KzgPointEvaluation => W::kzg_point_evaluation(),
		PrecompileId::Bls12G1Add => W::bls_g1_add(),
		PrecompileId::Bls12G1Msm => W::bls_g1_msm(items(BLS_G1_TERM_BYTES)),
		PrecompileId::Bls12G2Add => W::bls_g2_add(),
		PrecompileId::Bls12G2Msm => W::bls_g2_msm(items(BLS_G2_TERM_BYTES)),
		PrecompileId::Bls12Pairing => pairing(W::bls_pairing, items(BLS_PAIR_BYTES)),
		PrecompileId::Bls12MapFpToGp1 => W::bls_map_fp_to_g1(),
		PrecompileId::Bls12MapFp2ToGp2 => W::bls_map_fp2_to_g2(),
		PrecompileId::P256Verify => W::p256_verify(),
		// Not one of Ethereum's: no chain has it.
		PrecompileId::Custom(_) => Weight::MAX,
	}
}

/// As weights take it.
fn count(items: usize) -> u32 {
	u32::try_from(items).unwrap_or(u32::MAX)
}

/// A pairing check of `pairs` pairs.
///
/// The work grows by steps, because every [`PAIRS_AT_ONCE`] pairs share their squarings. `measured`
/// is taken where a step has just been made, so that the line through it runs above all others.
fn pairing(measured: fn(u32) -> Weight, pairs: u32) -> Weight {
	let one = measured(0);
	let step = measured(1).saturating_sub(one).ref_time();
	let more = u64::from(pairs.saturating_sub(1));
	let time = step.saturating_mul(more).div_ceil(PAIRS_AT_ONCE);
	one.saturating_add(Weight::from_parts(time, 0))
}

/// A modular exponentiation: its setup, which is dear for even moduli, and its multiplications.
fn modexp<W: WeightInfo>(input: &[u8]) -> Weight {
	let [base_len, exponent_len, modulus_len] =
		[0, 32, 64].map(|offset| U256::from_be_bytes(word(input, offset)));
	let limit = U256::from(INPUT_SIZE_LIMIT);
	if base_len > limit || exponent_len > limit || modulus_len > limit {
		// Refused at once.
		return Weight::zero();
	}
	let [base_len, exponent_len, modulus_len] =
		[base_len, exponent_len, modulus_len].map(|len| len.saturating_to::<u64>());
	let offset = usize::try_from(base_len)
		.unwrap_or(usize::MAX)
		.saturating_add(96);
	// The first 32 bytes of the exponent, as a number.
	let missing = 256_usize.saturating_sub(
		usize::try_from(exponent_len)
			.unwrap_or(256)
			.saturating_mul(8),
	);
	let head = U256::from_be_bytes(word(input, offset)).wrapping_shr(missing);
	let complexity = complexity(base_len.max(modulus_len));
	let iterations = calculate_iteration_count::<16>(exponent_len, &head);
	let thousands = complexity.saturating_mul(iterations).div_ceil(1_000);
	let setup = W::modexp_setup(u32::try_from(complexity).unwrap_or(u32::MAX));
	let steps = u32::try_from(thousands).unwrap_or(u32::MAX);
	setup.saturating_add(W::modexp(steps).saturating_sub(W::modexp(0)))
}

/// What [EIP-7883](https://eips.ethereum.org/EIPS/eip-7883) calls the complexity of a multiplication
/// of numbers of this length.
fn complexity(len_bytes: u64) -> u64 {
	match len_bytes {
		0..=32 => 16,
		_ => {
			let words = len_bytes.div_ceil(8);
			words.saturating_mul(words).saturating_mul(2)
		}
	}
}

/// 32 bytes from `offset` on, as if zeros came behind the input.
fn word(input: &[u8], offset: usize) -> [u8; 32] {
	let mut word = [0; 32];
	let rest = input.get(offset..).unwrap_or_default();
	for (to, from) in word.iter_mut().zip(rest) {
		*to = *from;
	}
	word
}
