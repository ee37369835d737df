//! Benchmarks: what the pallet does around the interpreter, and what one gas is worth.
//!
//! `interpret` runs a program of ordinary instructions; [`crate::Config::GasWeightPerGas`] is its
//! time for each gas, rounded up generously because other mixes of instructions are dearer.

use super::*;
use alloc::{vec, vec::Vec};
use frame_benchmarking::v2::*;
use frame_support::traits::fungible::Unbalanced;
use frame_system::RawOrigin;
use sp_core::{Get, H160, H256};
use trivium_primitives::{account, AccountId, AddressMapping, Engine, EngineCall};

use crate::{
	journal::{EvmJournal, Shared},
	storage::{AccountWrite, Flow},
	types::{to_address, EMPTY_CODE_HASH},
};
use revm::{context::JournalTr, primitives::U256};

/// Gas that is enough for each benchmark.
const GAS: u64 = 20_000_000;

/// An account that exists, has funds, and whose alias leads back to it.
fn funded<T: Config>() -> AccountId {
	let account = account::ethereum_account(&H160::repeat_byte(0x51));
	frame_support::assert_ok!(T::Currency::write_balance(&account, 1 << 80));
	assert_eq!(T::Addresses::account(&account::alias(&account)), account);
	account
}

/// Puts code at an address.
fn install<T: Config>(address: H160, code: Vec<u8>) {
	let write = AccountWrite {
		balance: 0,
		nonce: 1,
		code_hash: H256(sp_io::hashing::keccak_256(&code)),
		code: Some(code),
	};
	frame_support::assert_ok!(Pallet::<T>::write_account(
		&address,
		write,
		&mut Flow::default()
	));
}

fn contract() -> H160 {
	H160::repeat_byte(0x52)
}

/// An Ethereum transaction to [`contract`], signed by a key of the keystore that has funds.
fn signed_transaction<T: Config>(input: &[u8]) -> Vec<u8> {
	use alloy_rlp::{Encodable, Header};
	use sp_core::crypto::KeyTypeId;
	const KEYS: KeyTypeId = KeyTypeId(*b"evmb");

	let list = |fields: &[u8]| {
		let mut out = Vec::new();
		Header {
			list: true,
			payload_length: fields.len(),
		}
		.encode(&mut out);
		out.extend_from_slice(fields);
		out
	};
	let mut fields = Vec::new();
	0u64.encode(&mut fields);
	fees::gas_price::<T>().encode(&mut fields);
	// What a byte of zero costs at least, and the rest for the execution.
	(100_000 + 10 * input.len() as u64).encode(&mut fields);
	to_address(&contract()).encode(&mut fields);
	0u64.encode(&mut fields);
	input.encode(&mut fields);
	let mut payload = fields.clone();
	T::ChainId::get().encode(&mut payload);
	0u8.encode(&mut payload);
	0u8.encode(&mut payload);

	let hash = sp_io::hashing::keccak_256(&list(&payload));
	let public = sp_io::crypto::ecdsa_generate(KEYS, None);
	let signature = sp_io::crypto::ecdsa_sign_prehashed(KEYS, &public, &hash)
		.expect("the key is in the store")
		.0;
	let number = |bytes: &[u8]| U256::from_be_slice(bytes);
	(T::ChainId::get() * 2 + 35 + u64::from(signature[64])).encode(&mut fields);
	number(&signature[..32]).encode(&mut fields);
	number(&signature[32..64]).encode(&mut fields);
	let raw = list(&fields);

	let sender = transaction::decode(&raw).expect("is well-formed").caller;
	let account = account::ethereum_account(&crate::types::from_address(&sender));
	frame_support::assert_ok!(T::Currency::write_balance(&account, 1 << 80));
	raw
}

/// A journal that has loaded `accounts`, with one frame open.
fn journal<T: Config>(accounts: u32) -> EvmJournal<T> {
	let meter = gas::ProofMeter::new(u64::MAX);
	let (mut journal, _) = EvmJournal::<T>::resume(Shared::default(), meter);
	JournalTr::set_spec_id(&mut journal, revm::primitives::hardfork::SpecId::OSAKA);
	journal.checkpoint();
	for number in 0..accounts {
		let address = H160::from(H256(U256::from(0x1_0000 + u64::from(number)).to_be_bytes()));
		install::<T>(address, vec![0]);
		assert!(journal.load_account(to_address(&address)).is_ok());
	}
	journal
}

#[benchmarks]
mod benchmarks {
	use super::*;

	// Code is paid for by its length where it is loaded.
	#[benchmark(pov_mode = Measured)]
	fn transact(n: Linear<0, 100_000>) -> Result<(), BenchmarkError> {
		install::<T>(contract(), vec![0x00]);
		let raw = signed_transaction::<T>(&vec![0; n as usize]);
		#[extrinsic_call]
		_(RawOrigin::Authorized, raw.clone());
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
			valid = Pallet::<T>::authorize_raw(
				sp_runtime::transaction_validity::TransactionSource::InBlock,
				&raw,
			);
		}
		assert!(valid.is_ok());
		Ok(())
	}

	// Code is paid for by its length where it is loaded.
	#[benchmark(pov_mode = Measured)]
	fn call(n: Linear<0, 100_000>) -> Result<(), BenchmarkError> {
		let caller = funded::<T>();
		install::<T>(contract(), vec![0x00]);
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

	// Code is paid for by its length where it is loaded.
	#[benchmark(pov_mode = Measured)]
	fn nested_call() -> Result<(), BenchmarkError> {
		let caller = funded::<T>();
		install::<T>(contract(), vec![0x00]);
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
			let address = H160::from(H256(U256::from(0x1_0000 + u64::from(number)).to_be_bytes()));
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
		let first = H160::from(H256(U256::from(0x1_0000u64).to_be_bytes()));
		assert_eq!(Pallet::<T>::account_info(&first).nonce, 2);
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
				Some(T::BlockGasLimit::get()),
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

	impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
