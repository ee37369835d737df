//! Benchmarks: what the pallet does around the interpreter, what one gas is worth, what the precompiled
//! contracts take, and what every class of instructions takes.
//!
//! `interpret` runs a program of ordinary instructions; [`crate::Config::GasWeightPerGas`] is its
//! time for each gas, rounded up generously because other mixes of instructions are dearer.
//!
//! - `setup`: accounts, contracts, transactions.
//! - `precompiles`: the dearest input of each precompiled contract.
//! - `classes`: the programs of [`crate::classes`].

mod classes;
mod precompiles;
mod setup;

use super::*;
use alloc::vec;
use frame_benchmarking::v2::*;
use frame_system::RawOrigin;
use sp_core::{Get, H256};
use trivium_primitives::{account, Engine, EngineCall};

use crate::{
	classes as class,
	journal::Shared,
	types::{to_address, EMPTY_CODE_HASH},
};
use classes::Run;
use revm::{context::JournalTr, precompile::PrecompileHalt, primitives::U256};
use setup::*;

/// Gas that is enough for each benchmark.
const GAS: u64 = 20_000_000;

#[benchmarks]
mod benchmarks {
	use super::*;

	// The code's bytes of proof are charged by its length.
	#[benchmark(pov_mode = Measured { Evm::Codes: Ignored })]
	fn transact(n: Linear<0, 100_000>) -> Result<(), BenchmarkError> {
		install_dearest::<T>();
		let raw = signed_transaction::<T>(&vec![0; n as usize]);
		#[extrinsic_call]
		_(RawOrigin::None, raw.clone());
		let sender = transaction::decode(&raw).expect("is well-formed").caller;
		let sender = crate::types::from_address(&sender);
		assert_eq!(Pallet::<T>::account_info(&sender).nonce, 1);
		Ok(())
	}

	#[benchmark]
	fn authorize(n: Linear<0, 100_000>) -> Result<(), BenchmarkError> {
		let raw = signed_transaction::<T>(&vec![0; n as usize]);
		let valid;
		#[block]
		{
			valid = Pallet::<T>::check_for_dispatch(&raw);
		}
		assert!(valid.is_ok());
		Ok(())
	}

	// The code's bytes of proof are charged by its length.
	#[benchmark(pov_mode = Measured { Evm::Codes: Ignored })]
	fn call(n: Linear<0, 100_000>) -> Result<(), BenchmarkError> {
		let caller = funded::<T>();
		install_dearest::<T>();
		// Zeros are what costs least gas for each byte.
		let input = vec![0; n as usize];
		#[extrinsic_call]
		call(RawOrigin::Signed(caller), contract(), input, 1, GAS);
		assert_eq!(Pallet::<T>::account_info(&contract()).balance, 1);
		Ok(())
	}

	#[benchmark]
	fn create(n: Linear<0, 49_152>) -> Result<(), BenchmarkError> {
		let caller = funded::<T>();
		let code = vec![0; n as usize];
		#[extrinsic_call]
		create(RawOrigin::Signed(caller), code, 1, GAS);
		assert_eq!(Accounts::<T>::iter().count(), 2);
		Ok(())
	}

	#[benchmark]
	fn create2(n: Linear<0, 49_152>) -> Result<(), BenchmarkError> {
		let caller = funded::<T>();
		let code = vec![0; n as usize];
		#[extrinsic_call]
		create2(RawOrigin::Signed(caller), code, H256::zero(), 1, GAS);
		assert_eq!(Accounts::<T>::iter().count(), 2);
		Ok(())
	}

	// The code's bytes of proof are charged by its length.
	#[benchmark(pov_mode = Measured { Evm::Codes: Ignored })]
	fn nested_call() -> Result<(), BenchmarkError> {
		let caller = funded::<T>();
		install_dearest::<T>();
		whitelist_look_up::<T>(&contract());
		let engine_call = EngineCall {
			caller: caller.clone(),
			payer: caller,
			target: account::ethereum_account(&contract()),
			value: 1,
			input: vec![],
			limit: frame_support::weights::Weight::from_parts(1 << 50, 1 << 30),
			deposit_limit: 0,
			read_only: false,
		};
		let outcome;
		#[block]
		{
			outcome = <Pallet<T> as Engine>::call(engine_call);
		}
		assert!(outcome.result.is_ok());
		Ok(())
	}

	#[benchmark]
	fn hop() -> Result<(), BenchmarkError> {
		let mut journal = journal::<T>(0);
		#[block]
		{
			frame_support::assert_ok!(journal.materialise());
			let shared = journal.suspend(0);
			shared.put();
			journal.restore(Shared::take_from(0));
			frame_support::assert_ok!(journal.refresh());
		}
		journal.checkpoint_commit();
		Ok(())
	}

	#[benchmark]
	fn layer(n: Linear<1, 1_000>) -> Result<(), BenchmarkError> {
		let mut journal = journal::<T>(0);
		for _ in 0..n {
			journal.checkpoint();
		}
		#[block]
		{
			frame_support::assert_ok!(journal.materialise());
			while journal.live_frames() > 0 {
				journal.checkpoint_commit();
			}
		}
		Ok(())
	}

	#[benchmark]
	fn write(n: Linear<1, 100>) -> Result<(), BenchmarkError> {
		let mut journal = journal::<T>(n);
		for number in 0..n {
			let address = numbered(number);
			let mut account = journal
				.load_account_mut(to_address(&address))
				.expect("is loaded");
			use revm::context::journaled_state::account::JournaledAccountTr;
			assert!(account.data.bump_nonce());
		}
		#[block]
		{
			frame_support::assert_ok!(journal.write());
		}
		assert_eq!(Pallet::<T>::account_info(&numbered(0)).nonce, 2);
		journal.checkpoint_commit();
		Ok(())
	}

	#[benchmark]
	fn refresh(n: Linear<1, 100>) -> Result<(), BenchmarkError> {
		let mut journal = journal::<T>(n);
		#[block]
		{
			frame_support::assert_ok!(journal.refresh());
		}
		assert_eq!(journal.loaded_accounts(), n as usize);
		journal.checkpoint_commit();
		Ok(())
	}

	#[benchmark]
	fn resolve() -> Result<(), BenchmarkError> {
		install::<T>(contract(), vec![0x00]);
		let target = account::ethereum_account(&contract());
		let found;
		#[block]
		{
			found = <Pallet<T> as Engine>::resolve(&target);
		}
		assert!(found);
		Ok(())
	}

	/// `n` thousand rounds of a loop that takes 50 gas each.
	// Code is paid for by its length where it is loaded.
	#[benchmark(pov_mode = Measured)]
	fn interpret(n: Linear<1, 100>) -> Result<(), BenchmarkError> {
		// Stack, arithmetic, memory and jumps, one after the other.
		// JUMPDEST, PUSH1 1, SWAP1, SUB, DUP1, DUP1, MUL, PUSH0, MSTORE, PUSH0, MLOAD, POP, DUP1,
		// PUSH1 2, JUMPI, STOP; calldata gives the rounds.
		let code = vec![
			0x5F, 0x35, 0x5B, 0x60, 0x01, 0x90, 0x03, 0x80, 0x80, 0x02, 0x5F, 0x52, 0x5F, 0x51,
			0x50, 0x80, 0x60, 0x02, 0x57, 0x00,
		];
		install::<T>(contract(), code);
		let caller = funded::<T>();
		let rounds = U256::from(n).saturating_mul(U256::from(1_000));
		let input = rounds.to_be_bytes::<32>().to_vec();
		let report;
		#[block]
		{
			report = Pallet::<T>::simulate_call(
				caller,
				contract(),
				input,
				0,
				Some(T::CallGasLimit::get()),
			);
		}
		assert!(report.result.is_ok());
		assert!(report.gas_used > u64::from(n).saturating_mul(40_000));
		assert_ne!(
			Pallet::<T>::account_info(&contract()).code_hash,
			EMPTY_CODE_HASH
		);
		Ok(())
	}

	#[benchmark]
	fn ecrecover() {
		let native = precompiles::ecrecover::<T>();
		let output;
		#[block]
		{
			output = native.run();
		}
		assert!(output.is_success());
	}

	#[benchmark]
	fn sha256(n: Linear<0, 100_000>) {
		let native = precompiles::bytes::<T>(2, n);
		let output;
		#[block]
		{
			output = native.run();
		}
		assert!(output.is_success());
	}

	#[benchmark]
	fn ripemd160(n: Linear<0, 100_000>) {
		let native = precompiles::bytes::<T>(3, n);
		let output;
		#[block]
		{
			output = native.run();
		}
		assert!(output.is_success());
	}

	#[benchmark]
	fn identity(n: Linear<0, 100_000>) {
		let native = precompiles::bytes::<T>(4, n);
		let output;
		#[block]
		{
			output = native.run();
		}
		assert!(output.is_success());
	}

	#[benchmark]
	fn modexp_setup(n: Linear<16, 32_768>) {
		let native = precompiles::modexp_setup::<T>(n);
		let output;
		#[block]
		{
			output = native.run();
		}
		assert!(output.is_success());
	}

	#[benchmark]
	fn modexp(n: Linear<1, 490>) {
		let native = precompiles::modexp_steps::<T>(n);
		let output;
		#[block]
		{
			output = native.run();
		}
		assert!(output.is_success());
	}

	#[benchmark]
	fn bn254_add() {
		let native = precompiles::bn254_add::<T>();
		let output;
		#[block]
		{
			output = native.run();
		}
		assert!(output.is_success());
	}

	#[benchmark]
	fn bn254_mul() {
		let native = precompiles::bn254_mul::<T>();
		let output;
		#[block]
		{
			output = native.run();
		}
		assert!(output.is_success());
	}

	#[benchmark]
	fn bn254_pairing(n: Linear<0, 4>) {
		let native = precompiles::bn254_pairing::<T>(n);
		let output;
		#[block]
		{
			output = native.run();
		}
		assert!(output.is_success());
	}

	#[benchmark]
	fn blake2f(n: Linear<0, 10_000>) {
		let native = precompiles::blake2f::<T>(n);
		let output;
		#[block]
		{
			output = native.run();
		}
		assert!(output.is_success());
	}

	#[benchmark]
	fn kzg_point_evaluation() {
		let native = precompiles::kzg_point_evaluation::<T>();
		let output;
		#[block]
		{
			output = native.run();
		}
		// It got as far as the pairing.
		assert_eq!(
			output.halt_reason(),
			Some(&PrecompileHalt::BlobVerifyKzgProofFailed)
		);
	}

	#[benchmark]
	fn bls_g1_add() {
		let native = precompiles::bls_g1_add::<T>();
		let output;
		#[block]
		{
			output = native.run();
		}
		assert!(output.is_success());
	}

	#[benchmark]
	fn bls_g1_msm(n: Linear<2, 31>) {
		let native = precompiles::bls_g1_msm::<T>(n);
		let output;
		#[block]
		{
			output = native.run();
		}
		assert!(output.is_success());
	}

	#[benchmark]
	fn bls_g2_add() {
		let native = precompiles::bls_g2_add::<T>();
		let output;
		#[block]
		{
			output = native.run();
		}
		assert!(output.is_success());
	}

	#[benchmark]
	fn bls_g2_msm(n: Linear<2, 31>) {
		let native = precompiles::bls_g2_msm::<T>(n);
		let output;
		#[block]
		{
			output = native.run();
		}
		assert!(output.is_success());
	}

	#[benchmark]
	fn bls_pairing(n: Linear<0, 4>) {
		let native = precompiles::bls_pairing::<T>(n);
		let output;
		#[block]
		{
			output = native.run();
		}
		assert!(output.is_success());
	}

	#[benchmark]
	fn bls_map_fp_to_g1() {
		let native = precompiles::bls_map_fp_to_g1::<T>();
		let output;
		#[block]
		{
			output = native.run();
		}
		assert!(output.is_success());
	}

	#[benchmark]
	fn bls_map_fp2_to_g2() {
		let native = precompiles::bls_map_fp2_to_g2::<T>();
		let output;
		#[block]
		{
			output = native.run();
		}
		assert!(output.is_success());
	}

	#[benchmark]
	fn p256_verify() {
		let native = precompiles::p256_verify::<T>();
		let output;
		#[block]
		{
			output = native.run();
		}
		assert!(output.is_success());
	}

	#[benchmark(pov_mode = Measured)]
	fn op_stack(n: Linear<0, 1000>) {
		let mut run = Run::<T>::new(class::STACK, n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	#[benchmark(pov_mode = Measured)]
	fn op_add(n: Linear<0, 1000>) {
		let mut run = Run::<T>::new(class::ADD, n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	#[benchmark(pov_mode = Measured)]
	fn op_mul(n: Linear<0, 1000>) {
		let mut run = Run::<T>::new(class::MUL, n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	#[benchmark(pov_mode = Measured)]
	fn op_div(n: Linear<0, 1000>) {
		let mut run = Run::<T>::new(class::DIV, n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	#[benchmark(pov_mode = Measured)]
	fn op_addmod(n: Linear<0, 1000>) {
		let mut run = Run::<T>::new(class::ADDMOD, n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	#[benchmark(pov_mode = Measured)]
	fn op_mulmod(n: Linear<0, 1000>) {
		let mut run = Run::<T>::new(class::MULMOD, n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	#[benchmark(pov_mode = Measured)]
	fn op_exp(n: Linear<0, 300>) {
		let mut run = Run::<T>::new(class::EXP, n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	#[benchmark(pov_mode = Measured)]
	fn op_compare(n: Linear<0, 1000>) {
		let mut run = Run::<T>::new(class::COMPARE, n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	#[benchmark(pov_mode = Measured)]
	fn op_bits(n: Linear<0, 1000>) {
		let mut run = Run::<T>::new(class::BITS, n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	#[benchmark(pov_mode = Measured)]
	fn op_shift(n: Linear<0, 1000>) {
		let mut run = Run::<T>::new(class::SHIFT, n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	#[benchmark(pov_mode = Measured)]
	fn op_byte(n: Linear<0, 1000>) {
		let mut run = Run::<T>::new(class::BYTE, n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	#[benchmark(pov_mode = Measured)]
	fn op_keccak(n: Linear<0, 1000>) {
		let mut run = Run::<T>::new(class::KECCAK, n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	#[benchmark(pov_mode = Measured)]
	fn op_keccak_long(n: Linear<0, 300>) {
		let mut run = Run::<T>::new(class::KECCAK_LONG, n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	#[benchmark(pov_mode = Measured)]
	fn op_memory(n: Linear<0, 1000>) {
		let mut run = Run::<T>::new(class::MEMORY, n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	#[benchmark(pov_mode = Measured)]
	fn op_mcopy(n: Linear<0, 1000>) {
		let mut run = Run::<T>::new(class::MCOPY, n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	#[benchmark(pov_mode = Measured)]
	fn op_calldata(n: Linear<0, 1000>) {
		let mut run = Run::<T>::new(class::CALLDATA, n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	#[benchmark(pov_mode = Measured)]
	fn op_calldatacopy(n: Linear<0, 1000>) {
		let mut run = Run::<T>::new(class::CALLDATACOPY, n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	#[benchmark(pov_mode = Measured)]
	fn op_codecopy(n: Linear<0, 1000>) {
		let mut run = Run::<T>::new(class::CODECOPY, n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	#[benchmark(pov_mode = Measured)]
	fn op_memory_expansion(n: Linear<0, 300>) {
		classes::callee::<T>(&[0x5F, 0x61, 0x3F, 0xE0, 0x52]);
		let mut run = Run::<T>::new(class::MEMORY_EXPANSION, n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	#[benchmark(pov_mode = Measured)]
	fn op_jump(n: Linear<0, 1000>) {
		let mut run = Run::<T>::new(class::JUMP, n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	#[benchmark(pov_mode = Measured)]
	fn op_environment(n: Linear<0, 1000>) {
		let mut run = Run::<T>::new(class::ENVIRONMENT, n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	#[benchmark(pov_mode = Measured)]
	fn op_blockhash(n: Linear<0, 250>) {
		classes::block_hashes::<T>();
		let mut run = Run::<T>::new(class::BLOCKHASH, n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	#[benchmark(pov_mode = Measured)]
	fn op_transient_store(n: Linear<0, 1000>) {
		let mut run = Run::<T>::new(class::TRANSIENT_STORE, n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	#[benchmark(pov_mode = Measured)]
	fn op_transient_load(n: Linear<0, 1000>) {
		let mut run = Run::<T>::new(class::TRANSIENT_LOAD, n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	#[benchmark(pov_mode = Measured)]
	fn op_log0(n: Linear<0, 500>) {
		let mut run = Run::<T>::new(class::LOG0, n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	#[benchmark(pov_mode = Measured)]
	fn op_log4(n: Linear<0, 500>) {
		let mut run = Run::<T>::new(class::LOG4, n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	#[benchmark(pov_mode = Measured)]
	fn op_log_data(n: Linear<0, 100>) {
		let mut run = Run::<T>::new(class::LOG_DATA, n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	#[benchmark(pov_mode = Measured)]
	fn op_sload_cold_hit(n: Linear<0, 200>) {
		classes::slots::<T>(n);
		let mut run = Run::<T>::new(class::SLOAD_COLD_HIT, n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	#[benchmark(pov_mode = Measured)]
	fn op_sload_cold_miss(n: Linear<0, 200>) {
		let mut run = Run::<T>::new(class::SLOAD_COLD_MISS, n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	#[benchmark(pov_mode = Measured)]
	fn op_sload_warm(n: Linear<0, 1000>) {
		let mut run = Run::<T>::new(class::SLOAD_WARM, n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	#[benchmark(pov_mode = Measured)]
	fn op_sstore_new(n: Linear<0, 200>) {
		let mut run = Run::<T>::new(class::SSTORE_NEW, n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	#[benchmark(pov_mode = Measured)]
	fn op_sstore_change(n: Linear<0, 200>) {
		classes::slots::<T>(n);
		let mut run = Run::<T>::new(class::SSTORE_CHANGE, n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	#[benchmark(pov_mode = Measured)]
	fn op_sstore_clear(n: Linear<0, 200>) {
		classes::slots::<T>(n);
		let mut run = Run::<T>::new(class::SSTORE_CLEAR, n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	#[benchmark(pov_mode = Measured)]
	fn op_sstore_dirty(n: Linear<0, 1000>) {
		let mut run = Run::<T>::new(class::SSTORE_DIRTY, n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	#[benchmark(pov_mode = Measured)]
	fn op_balance_cold_hit(n: Linear<0, 200>) {
		classes::small_contracts::<T>(n);
		let mut run = Run::<T>::new(class::BALANCE_COLD_HIT, n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	#[benchmark(pov_mode = Measured)]
	fn op_balance_cold_miss(n: Linear<0, 200>) {
		let mut run = Run::<T>::new(class::BALANCE_COLD_MISS, n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	#[benchmark(pov_mode = Measured)]
	fn op_balance_warm(n: Linear<0, 1000>) {
		let mut run = Run::<T>::new(class::BALANCE_WARM, n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	#[benchmark(pov_mode = Measured)]
	fn op_extcodehash_cold(n: Linear<0, 200>) {
		classes::small_contracts::<T>(n);
		let mut run = Run::<T>::new(class::EXTCODEHASH_COLD, n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	#[benchmark(pov_mode = Measured)]
	fn op_extcodesize_cold(n: Linear<0, 200>) {
		classes::small_contracts::<T>(n);
		let mut run = Run::<T>::new(class::EXTCODESIZE_COLD, n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	#[benchmark(pov_mode = Measured)]
	fn op_extcodesize_large(n: Linear<0, 20>) {
		classes::contracts_of::<T>(n, MAX_CODE_LEN_BYTES);
		let mut run = Run::<T>::new(class::EXTCODESIZE_LARGE, n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	#[benchmark(pov_mode = Measured)]
	fn op_extcodecopy_warm(n: Linear<0, 1000>) {
		classes::callee::<T>(&longest_code());
		let mut run = Run::<T>::new(class::EXTCODECOPY_WARM, n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	#[benchmark(pov_mode = Measured)]
	fn op_call_warm(n: Linear<0, 1000>) {
		classes::callee::<T>(&[0x00]);
		let mut run = Run::<T>::new(class::CALL_WARM, n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	#[benchmark(pov_mode = Measured)]
	fn op_call_cold(n: Linear<0, 200>) {
		classes::small_contracts::<T>(n);
		let mut run = Run::<T>::new(class::CALL_COLD, n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	#[benchmark(pov_mode = Measured)]
	fn op_call_large(n: Linear<0, 20>) {
		classes::contracts_of::<T>(n, MAX_CODE_LEN_BYTES);
		let mut run = Run::<T>::new(class::CALL_LARGE, n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	#[benchmark(pov_mode = Measured)]
	fn op_call_empty(n: Linear<0, 1000>) {
		let mut run = Run::<T>::new(class::CALL_EMPTY, n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	#[benchmark(pov_mode = Measured)]
	fn op_call_value(n: Linear<0, 200>) {
		classes::accounts::<T>(0);
		let mut run = Run::<T>::new(class::CALL_VALUE, n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	#[benchmark(pov_mode = Measured)]
	fn op_call_value_cold(n: Linear<0, 200>) {
		classes::accounts::<T>(n);
		let mut run = Run::<T>::new(class::CALL_VALUE_COLD, n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	#[benchmark(pov_mode = Measured)]
	fn op_call_value_new(n: Linear<0, 200>) {
		let mut run = Run::<T>::new(class::CALL_VALUE_NEW, n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	#[benchmark(pov_mode = Measured)]
	fn op_call_deep(n: Linear<0, 400>) {
		let mut run = classes::deep::<T>(n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	#[benchmark(pov_mode = Measured)]
	fn op_delegatecall(n: Linear<0, 1000>) {
		classes::callee::<T>(&[0x00]);
		let mut run = Run::<T>::new(class::DELEGATECALL, n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	#[benchmark(pov_mode = Measured)]
	fn op_create(n: Linear<0, 200>) {
		let mut run = Run::<T>::new(class::CREATE, n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	#[benchmark(pov_mode = Measured)]
	fn op_create_code(n: Linear<0, 100>) {
		let mut run = Run::<T>::new(class::CREATE_CODE, n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	#[benchmark(pov_mode = Measured)]
	fn op_create2(n: Linear<0, 200>) {
		let mut run = Run::<T>::new(class::CREATE2, n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	#[benchmark(pov_mode = Measured)]
	fn op_selfdestruct(n: Linear<0, 200>) {
		let mut run = Run::<T>::new(class::SELFDESTRUCT, n);
		#[block]
		{
			run.go();
		}
		run.check();
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
