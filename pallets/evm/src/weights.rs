//! Weights of what the pallet does besides interpreting code.
//!
//! A runtime measures its own with `benchmarking.rs`; those here are for tests.

use polkadot_sdk::{
	frame_support::weights::constants::WEIGHT_REF_TIME_PER_MICROS, sp_weights::Weight,
};

/// What each step costs.
pub trait WeightInfo {
	/// The extrinsic `call` with `n` bytes of input, without the gas.
	fn call(n: u32) -> Weight;
	/// The extrinsic `create` with `n` bytes of creation code, without the gas.
	fn create(n: u32) -> Weight;
	/// The extrinsic `create2` with `n` bytes of creation code, without the gas.
	fn create2(n: u32) -> Weight;
	/// An Ethereum transaction of `n` bytes: reading it, its sender and its fee. Part of what its gas
	/// pays for, not on top of it.
	fn transact(n: u32) -> Weight;
	/// Checking an Ethereum transaction of `n` bytes on its way into a block.
	fn authorize(n: u32) -> Weight;
	/// A call that another VM makes, without the gas and without [`WeightInfo::refresh`].
	fn nested_call() -> Weight;
	/// Leaving for another VM and coming back, without what the other VM does.
	fn hop() -> Weight;
	/// Opening `n` storage layers, and closing them.
	fn layer(n: u32) -> Weight;
	/// Writing `n` entries of the journal to storage.
	fn write(n: u32) -> Weight;
	/// Looking in storage for changes of `n` accounts.
	fn refresh(n: u32) -> Weight;
	/// Asking whether an account has code.
	fn resolve() -> Weight;
	/// Interpreting `n` thousand rounds of a loop of ordinary instructions: what
	/// [`crate::Config::GasWeightPerGas`] is held against.
	fn interpret(n: u32) -> Weight;

	/// The contract `ECRECOVER`.
	fn ecrecover() -> Weight;
	/// SHA-256 of `n` bytes.
	fn sha256(n: u32) -> Weight;
	/// RIPEMD-160 of `n` bytes.
	fn ripemd160(n: u32) -> Weight;
	/// The identity contract on `n` bytes.
	fn identity(n: u32) -> Weight;
	/// What comes before and after the multiplications of a modular exponentiation of complexity `n`
	/// ([EIP-7883](https://eips.ethereum.org/EIPS/eip-7883)), by the dearest modulus.
	fn modexp_setup(n: u32) -> Weight;
	/// `n` thousand units of multiplication complexity in a modular exponentiation. Only its slope
	/// counts.
	fn modexp(n: u32) -> Weight;
	/// Addition on BN254.
	fn bn254_add() -> Weight;
	/// Multiplication on BN254.
	fn bn254_mul() -> Weight;
	/// A pairing check of `4n + 1` pairs on BN254.
	fn bn254_pairing(n: u32) -> Weight;
	/// `n` rounds of BLAKE2b's compression.
	fn blake2f(n: u32) -> Weight;
	/// The KZG point evaluation.
	fn kzg_point_evaluation() -> Weight;
	/// Addition in G1 of BLS12-381.
	fn bls_g1_add() -> Weight;
	/// Multi-scalar multiplication of `n` terms in G1.
	fn bls_g1_msm(n: u32) -> Weight;
	/// Addition in G2 of BLS12-381.
	fn bls_g2_add() -> Weight;
	/// Multi-scalar multiplication of `n` terms in G2.
	fn bls_g2_msm(n: u32) -> Weight;
	/// A pairing check of `4n + 1` pairs on BLS12-381.
	fn bls_pairing(n: u32) -> Weight;
	/// Mapping a field element to G1 of BLS12-381.
	fn bls_map_fp_to_g1() -> Weight;
	/// Mapping two field elements to G2 of BLS12-381.
	fn bls_map_fp2_to_g2() -> Weight;
	/// Verifying a signature on P-256.
	fn p256_verify() -> Weight;

	// Classes of instructions, `n` rounds of each. Nothing is charged by these: gas is, and a test of
	// the runtime holds them against it. See [`crate::classes`].

	/// [`crate::classes::STACK`]
	fn op_stack(n: u32) -> Weight;
	/// [`crate::classes::ADD`]
	fn op_add(n: u32) -> Weight;
	/// [`crate::classes::MUL`]
	fn op_mul(n: u32) -> Weight;
	/// [`crate::classes::DIV`]
	fn op_div(n: u32) -> Weight;
	/// [`crate::classes::ADDMOD`]
	fn op_addmod(n: u32) -> Weight;
	/// [`crate::classes::MULMOD`]
	fn op_mulmod(n: u32) -> Weight;
	/// [`crate::classes::EXP`]
	fn op_exp(n: u32) -> Weight;
	/// [`crate::classes::COMPARE`]
	fn op_compare(n: u32) -> Weight;
	/// [`crate::classes::BITS`]
	fn op_bits(n: u32) -> Weight;
	/// [`crate::classes::SHIFT`]
	fn op_shift(n: u32) -> Weight;
	/// [`crate::classes::BYTE`]
	fn op_byte(n: u32) -> Weight;
	/// [`crate::classes::KECCAK`]
	fn op_keccak(n: u32) -> Weight;
	/// [`crate::classes::KECCAK_LONG`]
	fn op_keccak_long(n: u32) -> Weight;
	/// [`crate::classes::MEMORY`]
	fn op_memory(n: u32) -> Weight;
	/// [`crate::classes::MCOPY`]
	fn op_mcopy(n: u32) -> Weight;
	/// [`crate::classes::CALLDATA`]
	fn op_calldata(n: u32) -> Weight;
	/// [`crate::classes::CALLDATACOPY`]
	fn op_calldatacopy(n: u32) -> Weight;
	/// [`crate::classes::CODECOPY`]
	fn op_codecopy(n: u32) -> Weight;
	/// [`crate::classes::MEMORY_EXPANSION`]
	fn op_memory_expansion(n: u32) -> Weight;
	/// [`crate::classes::JUMP`]
	fn op_jump(n: u32) -> Weight;
	/// [`crate::classes::ENVIRONMENT`]
	fn op_environment(n: u32) -> Weight;
	/// [`crate::classes::BLOCKHASH`]
	fn op_blockhash(n: u32) -> Weight;
	/// [`crate::classes::TRANSIENT_STORE`]
	fn op_transient_store(n: u32) -> Weight;
	/// [`crate::classes::TRANSIENT_LOAD`]
	fn op_transient_load(n: u32) -> Weight;
	/// [`crate::classes::LOG0`]
	fn op_log0(n: u32) -> Weight;
	/// [`crate::classes::LOG4`]
	fn op_log4(n: u32) -> Weight;
	/// [`crate::classes::LOG_DATA`]
	fn op_log_data(n: u32) -> Weight;
	/// [`crate::classes::SLOAD_COLD_HIT`]
	fn op_sload_cold_hit(n: u32) -> Weight;
	/// [`crate::classes::SLOAD_COLD_MISS`]
	fn op_sload_cold_miss(n: u32) -> Weight;
	/// [`crate::classes::SLOAD_WARM`]
	fn op_sload_warm(n: u32) -> Weight;
	/// [`crate::classes::SSTORE_NEW`]
	fn op_sstore_new(n: u32) -> Weight;
	/// [`crate::classes::SSTORE_CHANGE`]
	fn op_sstore_change(n: u32) -> Weight;
	/// [`crate::classes::SSTORE_CLEAR`]
	fn op_sstore_clear(n: u32) -> Weight;
	/// [`crate::classes::SSTORE_DIRTY`]
	fn op_sstore_dirty(n: u32) -> Weight;
	/// [`crate::classes::BALANCE_COLD_HIT`]
	fn op_balance_cold_hit(n: u32) -> Weight;
	/// [`crate::classes::BALANCE_COLD_MISS`]
	fn op_balance_cold_miss(n: u32) -> Weight;
	/// [`crate::classes::BALANCE_WARM`]
	fn op_balance_warm(n: u32) -> Weight;
	/// [`crate::classes::EXTCODEHASH_COLD`]
	fn op_extcodehash_cold(n: u32) -> Weight;
	/// [`crate::classes::EXTCODESIZE_COLD`]
	fn op_extcodesize_cold(n: u32) -> Weight;
	/// [`crate::classes::EXTCODESIZE_LARGE`]
	fn op_extcodesize_large(n: u32) -> Weight;
	/// [`crate::classes::EXTCODECOPY_WARM`]
	fn op_extcodecopy_warm(n: u32) -> Weight;
	/// [`crate::classes::CALL_WARM`]
	fn op_call_warm(n: u32) -> Weight;
	/// [`crate::classes::CALL_COLD`]
	fn op_call_cold(n: u32) -> Weight;
	/// [`crate::classes::CALL_LARGE`]
	fn op_call_large(n: u32) -> Weight;
	/// [`crate::classes::CALL_EMPTY`]
	fn op_call_empty(n: u32) -> Weight;
	/// [`crate::classes::CALL_VALUE`]
	fn op_call_value(n: u32) -> Weight;
	/// [`crate::classes::CALL_VALUE_COLD`]
	fn op_call_value_cold(n: u32) -> Weight;
	/// [`crate::classes::CALL_VALUE_NEW`]
	fn op_call_value_new(n: u32) -> Weight;
	/// [`crate::classes::CALL_DEEP`]
	fn op_call_deep(n: u32) -> Weight;
	/// [`crate::classes::DELEGATECALL`]
	fn op_delegatecall(n: u32) -> Weight;
	/// [`crate::classes::CREATE`]
	fn op_create(n: u32) -> Weight;
	/// [`crate::classes::CREATE_CODE`]
	fn op_create_code(n: u32) -> Weight;
	/// [`crate::classes::CREATE2`]
	fn op_create2(n: u32) -> Weight;
	/// [`crate::classes::SELFDESTRUCT`]
	fn op_selfdestruct(n: u32) -> Weight;
}

const fn micros(micros: u64) -> Weight {
	Weight::from_parts(WEIGHT_REF_TIME_PER_MICROS.saturating_mul(micros), 0)
}

impl WeightInfo for () {
	fn call(n: u32) -> Weight {
		micros(400).saturating_add(Weight::from_parts(u64::from(n).saturating_mul(200), 4096))
	}
	fn create(n: u32) -> Weight {
		micros(700).saturating_add(Weight::from_parts(u64::from(n).saturating_mul(400), 6144))
	}
	fn create2(n: u32) -> Weight {
		micros(700).saturating_add(Weight::from_parts(u64::from(n).saturating_mul(1_000), 6144))
	}
	fn transact(n: u32) -> Weight {
		micros(450).saturating_add(Weight::from_parts(u64::from(n).saturating_mul(1_500), 4096))
	}
	fn authorize(n: u32) -> Weight {
		micros(130).saturating_add(Weight::from_parts(u64::from(n).saturating_mul(1_500), 0))
	}
	fn nested_call() -> Weight {
		Weight::from_parts(micros(60).ref_time(), 1024)
	}
	fn hop() -> Weight {
		micros(40)
	}
	fn layer(n: u32) -> Weight {
		micros(3).saturating_mul(n.into())
	}
	fn write(n: u32) -> Weight {
		micros(8).saturating_mul(n.into())
	}
	fn refresh(n: u32) -> Weight {
		micros(8).saturating_mul(n.into())
	}
	fn resolve() -> Weight {
		Weight::from_parts(micros(5).ref_time(), 640)
	}
	fn interpret(n: u32) -> Weight {
		micros(1_000).saturating_mul(n.into())
	}
	fn ecrecover() -> Weight {
		micros(50)
	}
	fn sha256(n: u32) -> Weight {
		Weight::from_parts(u64::from(n).saturating_mul(5_000), 0)
	}
	fn ripemd160(n: u32) -> Weight {
		Weight::from_parts(u64::from(n).saturating_mul(10_000), 0)
	}
	fn identity(n: u32) -> Weight {
		Weight::from_parts(u64::from(n).saturating_mul(100), 0)
	}
	fn modexp_setup(n: u32) -> Weight {
		micros(100).saturating_add(Weight::from_parts(u64::from(n).saturating_mul(100_000), 0))
	}
	fn modexp(n: u32) -> Weight {
		micros(10).saturating_mul(n.into())
	}
	fn bn254_add() -> Weight {
		micros(15)
	}
	fn bn254_mul() -> Weight {
		micros(500)
	}
	fn bn254_pairing(n: u32) -> Weight {
		micros(5_000).saturating_add(micros(8_000).saturating_mul(n.into()))
	}
	fn blake2f(n: u32) -> Weight {
		Weight::from_parts(u64::from(n).saturating_mul(50_000), 0)
	}
	fn kzg_point_evaluation() -> Weight {
		micros(6_000)
	}
	fn bls_g1_add() -> Weight {
		micros(30)
	}
	fn bls_g1_msm(n: u32) -> Weight {
		micros(1_500).saturating_add(micros(500).saturating_mul(n.into()))
	}
	fn bls_g2_add() -> Weight {
		micros(50)
	}
	fn bls_g2_msm(n: u32) -> Weight {
		micros(4_000).saturating_add(micros(1_500).saturating_mul(n.into()))
	}
	fn bls_pairing(n: u32) -> Weight {
		micros(7_000).saturating_add(micros(10_000).saturating_mul(n.into()))
	}
	fn bls_map_fp_to_g1() -> Weight {
		micros(500)
	}
	fn bls_map_fp2_to_g2() -> Weight {
		micros(2_000)
	}
	fn p256_verify() -> Weight {
		micros(2_000)
	}
	fn op_stack(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
	fn op_add(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
	fn op_mul(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
	fn op_div(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
	fn op_addmod(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
	fn op_mulmod(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
	fn op_exp(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
	fn op_compare(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
	fn op_bits(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
	fn op_shift(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
	fn op_byte(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
	fn op_keccak(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
	fn op_keccak_long(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
	fn op_memory(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
	fn op_mcopy(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
	fn op_calldata(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
	fn op_calldatacopy(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
	fn op_codecopy(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
	fn op_memory_expansion(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
	fn op_jump(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
	fn op_environment(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
	fn op_blockhash(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
	fn op_transient_store(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
	fn op_transient_load(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
	fn op_log0(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
	fn op_log4(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
	fn op_log_data(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
	fn op_sload_cold_hit(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
	fn op_sload_cold_miss(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
	fn op_sload_warm(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
	fn op_sstore_new(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
	fn op_sstore_change(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
	fn op_sstore_clear(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
	fn op_sstore_dirty(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
	fn op_balance_cold_hit(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
	fn op_balance_cold_miss(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
	fn op_balance_warm(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
	fn op_extcodehash_cold(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
	fn op_extcodesize_cold(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
	fn op_extcodesize_large(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
	fn op_extcodecopy_warm(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
	fn op_call_warm(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
	fn op_call_cold(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
	fn op_call_large(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
	fn op_call_empty(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
	fn op_call_value(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
	fn op_call_value_cold(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
	fn op_call_value_new(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
	fn op_call_deep(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
	fn op_delegatecall(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
	fn op_create(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
	fn op_create_code(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
	fn op_create2(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
	fn op_selfdestruct(n: u32) -> Weight {
		micros(1).saturating_mul(n.into())
	}
}
