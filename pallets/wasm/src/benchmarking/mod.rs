//! Benchmarks of the calls, of each host function, of translation and of each class of instructions.
//!
//! Host functions are called from outside, with the contract's memory and stack as they would be, so that
//! a benchmark measures one call of one function with its way in and out.

mod setup;

use super::*;

use alloc::{vec, vec::Vec};

use codec::{Compact, Encode};
use polkadot_sdk::{
	frame_benchmarking::v2::*,
	frame_system::{pallet_prelude::BlockNumberFor, RawOrigin},
	sp_core::{ecdsa, sr25519, H160},
	sp_io::hashing::blake2_256,
	sp_runtime::traits::StaticLookup,
	sp_weights::Weight,
	*,
};
use trivium_primitives::{AccountId, AddressMapping, ContractRef, Engine};
use wasmi::Val;

use self::setup::{
	args, dense, deploy, endow, idle, upload, HostFunctions, BUFFER, LEN, PLENTY, SIGNER,
};
use crate::classes;

/// Weight of what a call runs.
const AMPLE: Weight = Weight::from_parts(u64::MAX / 4, u64::MAX / 4);
/// Longest code, bytes.
const MAX_CODE: u32 = 123 * 1024;
/// Longest value, bytes.
const MAX_VALUE: u32 = 16 * 1024;
/// Longest input that is measured, bytes; a byte more costs as much as these.
const MAX_INPUT: u32 = 64 * 1024;
/// Bytes that are hashed at most; as for inputs.
const MAX_HASHED: u32 = 512 * 1024;
const KEY: [u8; 32] = [9; 32];

/// A program of [`classes`], translated.
fn class(name: &str, rounds: u32) -> classes::Ready {
	let ready = classes::ready(&classes::program(name, 1)).and_then(|mut once| once.run());
	assert!(ready.is_ok(), "{name}");
	classes::ready(&classes::program(name, rounds)).unwrap_or_else(|error| panic!("{error}"))
}

/// Nobody yet.
fn stranger() -> AccountId {
	AccountId::new([0xAB; 32])
}

#[benchmarks(where T: polkadot_sdk::frame_system::Config<Hash = polkadot_sdk::sp_core::H256>)]
mod benchmarks {
	use super::*;

	#[benchmark(pov_mode = Measured)]
	fn call() {
		let contract = deploy::<T>(idle(), 0);
		let dest = T::Lookup::unlookup(contract.account);
		let limit = Some(Compact(PLENTY / 16));
		#[extrinsic_call]
		_(
			RawOrigin::Signed(SIGNER),
			dest,
			1,
			AMPLE,
			limit,
			vec![7; 64],
		);
	}

	#[benchmark(pov_mode = Measured)]
	fn instantiate(i: Linear<0, MAX_INPUT>, s: Linear<0, MAX_INPUT>) {
		endow::<T>(&SIGNER);
		let code = upload::<T>(idle());
		let (input, salt) = (vec![7; i as usize], vec![8; s as usize]);
		let limit = Some(Compact(PLENTY / 16));
		#[extrinsic_call]
		_(
			RawOrigin::Signed(SIGNER),
			1,
			AMPLE,
			limit,
			code,
			input,
			salt,
		);
	}

	#[benchmark(pov_mode = Measured)]
	fn upload_code(c: Linear<256, MAX_CODE>) {
		endow::<T>(&SIGNER);
		let code = dense(c);
		#[extrinsic_call]
		_(RawOrigin::Signed(SIGNER), code, None, Determinism::Enforced);
	}

	// All of the code is in the proof.
	#[benchmark]
	fn remove_code() {
		let hash = upload::<T>(idle());
		#[extrinsic_call]
		_(RawOrigin::Signed(SIGNER), hash);
	}

	#[benchmark(pov_mode = Measured)]
	fn set_code() {
		let contract = deploy::<T>(idle(), 0);
		let hash = upload::<T>(dense(512));
		let dest = T::Lookup::unlookup(contract.account);
		#[extrinsic_call]
		_(RawOrigin::Root, dest, hash);
	}

	/// Removal of `k` items of a contract that is gone, each paid for by as many as may be.
	#[benchmark(skip_meta, pov_mode = Measured)]
	fn deletion(k: Linear<0, 64>) {
		let contract = deploy::<T>(idle(), 0);
		for number in 0..=k {
			contract.store::<T>(&number.encode(), &[7; 32]);
		}
		let refunding = crate::shares::Refunding {
			contract: contract.account.clone(),
			beneficiary: SIGNER,
		};
		Refunds::<T>::insert(&contract.trie_id, refunding);
		crate::deletion::enqueue::<T>(contract.trie_id.clone());
		let mut left = k;
		#[block]
		{
			crate::deletion::process_keys::<T>(&mut left);
		}
		assert_eq!(left, 0);
	}

	#[benchmark(pov_mode = Measured)]
	fn load_code(c: Linear<256, MAX_CODE>) {
		let code = dense(c);
		let hash = upload::<T>(code);
		let mut gas = crate::gas::GasMeter::new(AMPLE);
		crate::cache::clear();
		let ran;
		#[block]
		{
			let executable = crate::code::Executable::load::<T>(hash, &mut gas);
			let mut executable = executable.unwrap_or_else(|error| panic!("{error:?}"));
			let module = executable.module::<T>();
			// Each function is translated when it is called.
			ran = module.is_ok_and(|module| {
				classes::ready_module(&module).is_ok_and(|mut it| it.run().is_ok())
			});
		}
		assert!(ran);
	}

	#[benchmark]
	fn memory_pages(p: Linear<1, 16>) {
		let engine = wasmi::Engine::new(&crate::module::config(wasmi::CompilationMode::Lazy, 0));
		let made;
		#[block]
		{
			let mut store = wasmi::Store::new(&engine, ());
			made = wasmi::Memory::new(&mut store, wasmi::MemoryType::new(p, Some(16)));
		}
		assert!(made.is_ok());
	}

	/// `memory.grow` by one page, `p` times.
	#[benchmark]
	fn memory_growth(p: Linear<0, 15>) {
		let code = classes::growth(p);
		let mut ready = classes::ready(&code).unwrap_or_else(|error| panic!("{error}"));
		let ran;
		#[block]
		{
			ran = ready.run();
		}
		assert!(ran.is_ok());
	}

	#[benchmark]
	fn host_function() {
		let contract = deploy::<T>(idle(), 0);
		let mut stack = contract.enter::<T>();
		let mut host = HostFunctions::new(&mut stack);
		let function = host.find("seal1", "set_rent_allowance");
		let arguments = args([0]);
		let result;
		#[block]
		{
			result = host.call(&function, &arguments);
		}
		assert_eq!(result, Some(0));
	}

	#[benchmark]
	fn copy_from_contract(b: Linear<0, MAX_INPUT>) {
		let contract = deploy::<T>(idle(), 0);
		let mut stack = contract.enter::<T>();
		let mut host = HostFunctions::new(&mut stack);
		let function = host.find("seal0", "seal_return");
		let arguments = args([0, 0, b]);
		let result;
		#[block]
		{
			result = host.call(&function, &arguments);
		}
		assert_eq!(result, None);
	}

	#[benchmark]
	fn copy_to_contract(b: Linear<0, MAX_INPUT>) {
		let contract = deploy::<T>(idle(), 0);
		let mut stack = contract.enter::<T>();
		stack.set_input_for_benchmark(vec![7; b as usize]);
		let mut host = HostFunctions::new(&mut stack);
		host.set_len(b);
		let function = host.find("seal0", "input");
		let arguments = args([0, LEN]);
		let result;
		#[block]
		{
			result = host.call(&function, &arguments);
		}
		assert_eq!(result, Some(0));
	}

	#[benchmark]
	fn environment() {
		let contract = deploy::<T>(idle(), 0);
		let mut stack = contract.enter::<T>();
		let mut host = HostFunctions::new(&mut stack);
		host.set_len(64);
		let function = host.find("seal0", "block_number");
		let arguments = args([BUFFER, LEN]);
		let result;
		#[block]
		{
			result = host.call(&function, &arguments);
		}
		assert_eq!(result, Some(0));
	}

	#[benchmark]
	fn look_up() {
		let contract = deploy::<T>(idle(), 0);
		let other = deploy::<T>(idle(), 1).account;
		let mut stack = contract.enter::<T>();
		let mut host = HostFunctions::new(&mut stack);
		host.set_len(32);
		host.write(0, &other.encode());
		let function = host.find("seal0", "code_hash");
		let arguments = args([0, BUFFER, LEN]);
		let result;
		#[block]
		{
			result = host.call(&function, &arguments);
		}
		assert_eq!(result, Some(0));
	}

	#[benchmark]
	fn debug_message(b: Linear<0, MAX_INPUT>) {
		let contract = deploy::<T>(idle(), 0);
		let mut stack = contract.enter::<T>();
		let mut host = HostFunctions::new(&mut stack);
		host.write(0, &vec![b'x'; b as usize]);
		let function = host.find("seal0", "debug_message");
		let arguments = args([0, b]);
		let result;
		#[block]
		{
			result = host.call(&function, &arguments);
		}
		assert_eq!(result, Some(0));
	}

	#[benchmark(skip_meta, pov_mode = Measured)]
	fn get_storage(b: Linear<0, MAX_VALUE>) {
		let contract = deploy::<T>(idle(), 0);
		contract.store::<T>(&KEY, &vec![7; b as usize]);
		let mut stack = contract.enter::<T>();
		let mut host = HostFunctions::new(&mut stack);
		host.write(0, &KEY);
		host.set_len(MAX_VALUE);
		let function = host.find("seal1", "get_storage");
		let arguments = args([0, 32, BUFFER, LEN]);
		let result;
		#[block]
		{
			result = host.call(&function, &arguments);
		}
		assert_eq!(result, Some(0));
	}

	#[benchmark(skip_meta, pov_mode = Measured)]
	fn contains_storage(b: Linear<0, MAX_VALUE>) {
		let contract = deploy::<T>(idle(), 0);
		contract.store::<T>(&KEY, &vec![7; b as usize]);
		let mut stack = contract.enter::<T>();
		let mut host = HostFunctions::new(&mut stack);
		host.write(0, &KEY);
		host.set_len(MAX_VALUE);
		let function = host.find("seal1", "contains_storage");
		let arguments = args([0, 32]);
		let result;
		#[block]
		{
			result = host.call(&function, &arguments);
		}
		assert_eq!(result, Some(b));
	}

	#[benchmark(skip_meta, pov_mode = Measured)]
	fn set_storage(n: Linear<0, MAX_VALUE>, o: Linear<0, MAX_VALUE>) {
		let contract = deploy::<T>(idle(), 0);
		contract.store::<T>(&KEY, &vec![7; o as usize]);
		let mut stack = contract.enter::<T>();
		let mut host = HostFunctions::new(&mut stack);
		host.write(0, &KEY);
		host.set_len(MAX_VALUE);
		let function = host.find("seal2", "set_storage");
		let arguments = args([0, 32, BUFFER, n]);
		let result;
		#[block]
		{
			result = host.call(&function, &arguments);
			host.settle();
		}
		assert_eq!(result, Some(o));
	}

	#[benchmark(skip_meta, pov_mode = Measured)]
	fn clear_storage(o: Linear<0, MAX_VALUE>) {
		let contract = deploy::<T>(idle(), 0);
		contract.store_alone::<T>(&KEY, &vec![7; o as usize]);
		let mut stack = contract.enter::<T>();
		let mut host = HostFunctions::new(&mut stack);
		host.write(0, &KEY);
		host.set_len(MAX_VALUE);
		let function = host.find("seal1", "clear_storage");
		let arguments = args([0, 32]);
		let result;
		#[block]
		{
			result = host.call(&function, &arguments);
			host.settle();
		}
		assert_eq!(result, Some(o));
	}

	#[benchmark(skip_meta, pov_mode = Measured)]
	fn take_storage(o: Linear<0, MAX_VALUE>) {
		let contract = deploy::<T>(idle(), 0);
		contract.store_alone::<T>(&KEY, &vec![7; o as usize]);
		let mut stack = contract.enter::<T>();
		let mut host = HostFunctions::new(&mut stack);
		host.write(0, &KEY);
		host.set_len(MAX_VALUE);
		let function = host.find("seal0", "take_storage");
		let arguments = args([0, 32, BUFFER, LEN]);
		let result;
		#[block]
		{
			result = host.call(&function, &arguments);
			host.settle();
		}
		assert_eq!(result, Some(0));
	}

	#[benchmark]
	fn refund() {
		let contract = deploy::<T>(idle(), 0);
		let other = AccountId::new([0xCD; 32]);
		let paid;
		#[block]
		{
			paid = crate::deposit::give_back::<T>(&contract.account, &other, 1_000);
		}
		assert!(paid.is_ok());
	}

	#[benchmark]
	fn get_transient_storage(b: Linear<0, MAX_VALUE>) {
		let contract = deploy::<T>(idle(), 0);
		let mut stack = contract.enter::<T>();
		let mut host = HostFunctions::new(&mut stack);
		host.write(0, &KEY);
		host.set_len(MAX_VALUE);
		host.fill_transient();
		host.put_transient(&KEY, vec![7; b as usize]);
		let function = host.find("seal0", "get_transient_storage");
		let arguments = args([0, 32, BUFFER, LEN]);
		let result;
		#[block]
		{
			result = host.call(&function, &arguments);
		}
		assert_eq!(result, Some(0));
	}

	#[benchmark]
	fn set_transient_storage(n: Linear<0, MAX_VALUE>, o: Linear<0, MAX_VALUE>) {
		let contract = deploy::<T>(idle(), 0);
		let mut stack = contract.enter::<T>();
		let mut host = HostFunctions::new(&mut stack);
		host.write(0, &KEY);
		host.set_len(MAX_VALUE);
		host.fill_transient();
		host.put_transient(&KEY, vec![7; o as usize]);
		let function = host.find("seal0", "set_transient_storage");
		let arguments = args([0, 32, BUFFER, n]);
		let result;
		#[block]
		{
			result = host.call(&function, &arguments);
		}
		assert_eq!(result, Some(o));
	}

	#[benchmark]
	fn transfer() {
		let contract = deploy::<T>(idle(), 0);
		let mut stack = contract.enter::<T>();
		let mut host = HostFunctions::new(&mut stack);
		host.write(0, &stranger().encode());
		host.write(64, &PLENTY.min(1_000_000_000_000).encode());
		let function = host.find("seal0", "transfer");
		let arguments = args([0, 32, 64, 16]);
		let result;
		#[block]
		{
			result = host.call(&function, &arguments);
		}
		assert_eq!(result, Some(0));
	}

	#[benchmark(pov_mode = Measured)]
	fn call_contract() {
		let contract = deploy::<T>(idle(), 0);
		let other = deploy::<T>(idle(), 1).account;
		let mut stack = contract.enter::<T>();
		let mut host = HostFunctions::new(&mut stack);
		host.set_len(1024);
		host.write(64, &other.encode());
		host.write(128, &0u128.encode());
		let function = host.find("seal1", "call");
		let arguments = [
			&args([0, 64])[..],
			&[Val::I64(0)],
			&args([128, 0, 0, BUFFER, LEN]),
		]
		.concat();
		let result;
		#[block]
		{
			result = host.call(&function, &arguments);
		}
		assert_eq!(result, Some(0));
	}

	/// Moving coins along with a call.
	#[benchmark]
	fn call_transfer() {
		let contract = deploy::<T>(idle(), 0);
		let other = deploy::<T>(idle(), 1).account;
		let moved;
		#[block]
		{
			moved = crate::frames::transfer_with_call::<T>(&contract.account, &other, 1_000);
		}
		assert!(moved.is_ok());
	}

	#[benchmark(pov_mode = Measured)]
	fn delegate_call() {
		let contract = deploy::<T>(idle(), 0);
		let code = upload::<T>(dense(512));
		let mut stack = contract.enter::<T>();
		let mut host = HostFunctions::new(&mut stack);
		host.set_len(1024);
		host.write(64, &code.encode());
		let function = host.find("seal0", "delegate_call");
		let arguments = args([0, 64, 0, 0, BUFFER, LEN]);
		let result;
		#[block]
		{
			result = host.call(&function, &arguments);
		}
		assert_eq!(result, Some(0));
	}

	#[benchmark]
	fn clone_input(b: Linear<0, MAX_INPUT>) {
		let input = vec![7u8; b as usize];
		let copy;
		#[block]
		{
			copy = input.clone();
		}
		assert_eq!(copy.len(), b as usize);
	}

	#[benchmark(pov_mode = Measured)]
	fn instantiate_contract(i: Linear<0, MAX_INPUT>, s: Linear<0, MAX_INPUT>) {
		let contract = deploy::<T>(idle(), 0);
		let code = upload::<T>(dense(512));
		let mut stack = contract.enter::<T>();
		let mut host = HostFunctions::new(&mut stack);
		host.set_len(1024);
		host.write(64, &code.encode());
		host.write(128, &0u128.encode());
		host.write(200, &1024u32.encode());
		let function = host.find("seal1", "instantiate");
		let arguments = [
			&args([64])[..],
			&[Val::I64(0)],
			&args([128, 1024, i, 800_000, 200, BUFFER, LEN, 300_000, s]),
		]
		.concat();
		let result;
		#[block]
		{
			result = host.call(&function, &arguments);
		}
		assert_eq!(result, Some(0));
	}

	#[benchmark]
	fn terminate(d: Linear<0, 32>) {
		let contract = deploy::<T>(idle(), 0);
		for number in 0..d {
			contract.depend::<T>(upload::<T>(dense(400 + 8 * number)));
		}
		let mut stack = contract.enter::<T>();
		let mut host = HostFunctions::new(&mut stack);
		host.write(0, &stranger().encode());
		let function = host.find("seal1", "terminate");
		let arguments = args([0]);
		let result;
		#[block]
		{
			result = host.call(&function, &arguments);
		}
		assert_eq!(result, None);
	}

	#[benchmark]
	fn deposit_event(t: Linear<0, 4>, b: Linear<0, MAX_VALUE>) {
		let contract = deploy::<T>(idle(), 0);
		frame_system::Pallet::<T>::set_block_number(BlockNumberFor::<T>::from(1u32));
		let mut stack = contract.enter::<T>();
		let mut host = HostFunctions::new(&mut stack);
		let topics: Vec<_> = (0..t as u8).map(|number| [number; 32]).collect();
		host.write(0, &topics.encode());
		let function = host.find("seal0", "deposit_event");
		let arguments = args([0, if t == 0 { 0 } else { t * 32 + 1 }, BUFFER, b]);
		let result;
		#[block]
		{
			result = host.call(&function, &arguments);
		}
		assert_eq!(result, Some(0));
	}

	#[benchmark]
	fn hash_sha2_256(b: Linear<0, MAX_HASHED>) {
		let contract = deploy::<T>(idle(), 0);
		let mut stack = contract.enter::<T>();
		let mut host = HostFunctions::new(&mut stack);
		let function = host.find("seal0", "hash_sha2_256");
		let arguments = args([0, b, BUFFER]);
		let result;
		#[block]
		{
			result = host.call(&function, &arguments);
		}
		assert_eq!(result, Some(0));
	}

	#[benchmark]
	fn hash_keccak_256(b: Linear<0, MAX_HASHED>) {
		let contract = deploy::<T>(idle(), 0);
		let mut stack = contract.enter::<T>();
		let mut host = HostFunctions::new(&mut stack);
		let function = host.find("seal0", "hash_keccak_256");
		let arguments = args([0, b, BUFFER]);
		let result;
		#[block]
		{
			result = host.call(&function, &arguments);
		}
		assert_eq!(result, Some(0));
	}

	#[benchmark]
	fn hash_blake2_256(b: Linear<0, MAX_HASHED>) {
		let contract = deploy::<T>(idle(), 0);
		let mut stack = contract.enter::<T>();
		let mut host = HostFunctions::new(&mut stack);
		let function = host.find("seal0", "hash_blake2_256");
		let arguments = args([0, b, BUFFER]);
		let result;
		#[block]
		{
			result = host.call(&function, &arguments);
		}
		assert_eq!(result, Some(0));
	}

	#[benchmark]
	fn hash_blake2_128(b: Linear<0, MAX_HASHED>) {
		let contract = deploy::<T>(idle(), 0);
		let mut stack = contract.enter::<T>();
		let mut host = HostFunctions::new(&mut stack);
		let function = host.find("seal0", "hash_blake2_128");
		let arguments = args([0, b, BUFFER]);
		let result;
		#[block]
		{
			result = host.call(&function, &arguments);
		}
		assert_eq!(result, Some(0));
	}

	#[benchmark]
	fn ecdsa_recover() {
		let contract = deploy::<T>(idle(), 0);
		let key = polkadot_sdk::sp_io::crypto::ecdsa_generate(
			polkadot_sdk::sp_core::testing::ECDSA,
			None,
		);
		let message = blake2_256(b"message");
		let signature = polkadot_sdk::sp_io::crypto::ecdsa_sign_prehashed(
			polkadot_sdk::sp_core::testing::ECDSA,
			&key,
			&message,
		)
		.map_or([0; 65], |signature: ecdsa::Signature| signature.0);
		let mut stack = contract.enter::<T>();
		let mut host = HostFunctions::new(&mut stack);
		host.write(0, &signature);
		host.write(100, &message);
		let function = host.find("seal0", "ecdsa_recover");
		let arguments = args([0, 100, BUFFER]);
		let result;
		#[block]
		{
			result = host.call(&function, &arguments);
		}
		assert_eq!(result, Some(0));
	}

	#[benchmark]
	fn ecdsa_to_eth_address() {
		let contract = deploy::<T>(idle(), 0);
		let key = polkadot_sdk::sp_io::crypto::ecdsa_generate(
			polkadot_sdk::sp_core::testing::ECDSA,
			None,
		);
		let mut stack = contract.enter::<T>();
		let mut host = HostFunctions::new(&mut stack);
		host.write(0, &key.0);
		let function = host.find("seal0", "ecdsa_to_eth_address");
		let arguments = args([0, BUFFER]);
		let result;
		#[block]
		{
			result = host.call(&function, &arguments);
		}
		assert_eq!(result, Some(0));
	}

	#[benchmark]
	fn sr25519_verify(b: Linear<0, MAX_HASHED>) {
		let contract = deploy::<T>(idle(), 0);
		let key = polkadot_sdk::sp_io::crypto::sr25519_generate(
			polkadot_sdk::sp_core::testing::SR25519,
			None,
		);
		let message = vec![7; b as usize];
		let signature = polkadot_sdk::sp_io::crypto::sr25519_sign(
			polkadot_sdk::sp_core::testing::SR25519,
			&key,
			&message,
		)
		.map_or([0; 64], |signature: sr25519::Signature| signature.0);
		let mut stack = contract.enter::<T>();
		let mut host = HostFunctions::new(&mut stack);
		host.write(0, &signature);
		host.write(64, &key.0);
		host.write(128, &message);
		let function = host.find("seal0", "sr25519_verify");
		let arguments = args([0, 64, b, 128]);
		let result;
		#[block]
		{
			result = host.call(&function, &arguments);
		}
		assert_eq!(result, Some(0));
	}

	#[benchmark]
	fn set_code_hash() {
		let contract = deploy::<T>(idle(), 0);
		let code = upload::<T>(dense(512));
		let mut stack = contract.enter::<T>();
		let mut host = HostFunctions::new(&mut stack);
		host.write(0, &code.encode());
		let function = host.find("seal0", "set_code_hash");
		let arguments = args([0]);
		let result;
		#[block]
		{
			result = host.call(&function, &arguments);
		}
		assert_eq!(result, Some(0));
	}

	#[benchmark]
	fn lock_delegate_dependency() {
		let contract = deploy::<T>(idle(), 0);
		let code = upload::<T>(dense(512));
		let mut stack = contract.enter::<T>();
		let mut host = HostFunctions::new(&mut stack);
		host.write(0, &code.encode());
		let function = host.find("seal0", "lock_delegate_dependency");
		let arguments = args([0]);
		let result;
		#[block]
		{
			result = host.call(&function, &arguments);
		}
		assert_eq!(result, Some(0));
	}

	#[benchmark]
	fn unlock_delegate_dependency() {
		let contract = deploy::<T>(idle(), 0);
		let code = upload::<T>(dense(512));
		contract.depend::<T>(code);
		let mut stack = contract.enter::<T>();
		let mut host = HostFunctions::new(&mut stack);
		host.write(0, &code.encode());
		let function = host.find("seal0", "unlock_delegate_dependency");
		let arguments = args([0]);
		let result;
		#[block]
		{
			result = host.call(&function, &arguments);
		}
		assert_eq!(result, Some(0));
	}

	/// Input of a hop, which is read; its answer takes no more.
	#[benchmark]
	fn extension(b: Linear<0, { host::extension::MAX_INPUT_BYTES - 1024 }>) {
		let bytes = CrossVmInput {
			target: ContractRef::Account(SIGNER),
			value: 0,
			signature: b"f(bytes)".to_vec(),
			args: vec![7; b as usize],
			weight: None,
			deposit: None,
			flags: 0,
		}
		.encode();
		let input;
		#[block]
		{
			input = CrossVmInput::read(&bytes);
		}
		assert!(input.is_ok());
	}

	#[benchmark]
	fn extension_alias() {
		#[block]
		{
			T::Addresses::alias(&SIGNER);
		}
	}

	#[benchmark]
	fn extension_account() {
		#[block]
		{
			T::Addresses::account(&H160::repeat_byte(7));
		}
	}

	#[benchmark]
	fn lookup() {
		let contract = deploy::<T>(idle(), 0).account;
		let found;
		#[block]
		{
			found = Pallet::<T>::resolve(&contract);
		}
		assert!(found);
	}

	#[benchmark]
	fn class_add_32(n: Linear<0, 1_000>) {
		let mut ready = class("add_32", n);
		#[block]
		{
			let _ = ready.run();
		}
	}

	#[benchmark]
	fn class_mul_32(n: Linear<0, 1_000>) {
		let mut ready = class("mul_32", n);
		#[block]
		{
			let _ = ready.run();
		}
	}

	#[benchmark]
	fn class_div_32(n: Linear<0, 1_000>) {
		let mut ready = class("div_32", n);
		#[block]
		{
			let _ = ready.run();
		}
	}

	#[benchmark]
	fn class_rem_32(n: Linear<0, 1_000>) {
		let mut ready = class("rem_32", n);
		#[block]
		{
			let _ = ready.run();
		}
	}

	#[benchmark]
	fn class_and_32(n: Linear<0, 1_000>) {
		let mut ready = class("and_32", n);
		#[block]
		{
			let _ = ready.run();
		}
	}

	#[benchmark]
	fn class_shift_32(n: Linear<0, 1_000>) {
		let mut ready = class("shift_32", n);
		#[block]
		{
			let _ = ready.run();
		}
	}

	#[benchmark]
	fn class_rotate_32(n: Linear<0, 1_000>) {
		let mut ready = class("rotate_32", n);
		#[block]
		{
			let _ = ready.run();
		}
	}

	#[benchmark]
	fn class_order_32(n: Linear<0, 1_000>) {
		let mut ready = class("order_32", n);
		#[block]
		{
			let _ = ready.run();
		}
	}

	#[benchmark]
	fn class_eqz_32(n: Linear<0, 1_000>) {
		let mut ready = class("eqz_32", n);
		#[block]
		{
			let _ = ready.run();
		}
	}

	#[benchmark]
	fn class_clz_32(n: Linear<0, 1_000>) {
		let mut ready = class("clz_32", n);
		#[block]
		{
			let _ = ready.run();
		}
	}

	#[benchmark]
	fn class_popcnt_32(n: Linear<0, 1_000>) {
		let mut ready = class("popcnt_32", n);
		#[block]
		{
			let _ = ready.run();
		}
	}

	#[benchmark]
	fn class_extend_8(n: Linear<0, 1_000>) {
		let mut ready = class("extend_8", n);
		#[block]
		{
			let _ = ready.run();
		}
	}

	#[benchmark]
	fn class_add_64(n: Linear<0, 1_000>) {
		let mut ready = class("add_64", n);
		#[block]
		{
			let _ = ready.run();
		}
	}

	#[benchmark]
	fn class_mul_64(n: Linear<0, 1_000>) {
		let mut ready = class("mul_64", n);
		#[block]
		{
			let _ = ready.run();
		}
	}

	#[benchmark]
	fn class_div_64(n: Linear<0, 1_000>) {
		let mut ready = class("div_64", n);
		#[block]
		{
			let _ = ready.run();
		}
	}

	#[benchmark]
	fn class_rem_64(n: Linear<0, 1_000>) {
		let mut ready = class("rem_64", n);
		#[block]
		{
			let _ = ready.run();
		}
	}

	#[benchmark]
	fn class_xor_64(n: Linear<0, 1_000>) {
		let mut ready = class("xor_64", n);
		#[block]
		{
			let _ = ready.run();
		}
	}

	#[benchmark]
	fn class_shift_64(n: Linear<0, 1_000>) {
		let mut ready = class("shift_64", n);
		#[block]
		{
			let _ = ready.run();
		}
	}

	#[benchmark]
	fn class_rotate_64(n: Linear<0, 1_000>) {
		let mut ready = class("rotate_64", n);
		#[block]
		{
			let _ = ready.run();
		}
	}

	#[benchmark]
	fn class_order_64(n: Linear<0, 1_000>) {
		let mut ready = class("order_64", n);
		#[block]
		{
			let _ = ready.run();
		}
	}

	#[benchmark]
	fn class_ctz_64(n: Linear<0, 1_000>) {
		let mut ready = class("ctz_64", n);
		#[block]
		{
			let _ = ready.run();
		}
	}

	#[benchmark]
	fn class_popcnt_64(n: Linear<0, 1_000>) {
		let mut ready = class("popcnt_64", n);
		#[block]
		{
			let _ = ready.run();
		}
	}

	#[benchmark]
	fn class_extend_32(n: Linear<0, 1_000>) {
		let mut ready = class("extend_32", n);
		#[block]
		{
			let _ = ready.run();
		}
	}

	#[benchmark]
	fn class_wrap(n: Linear<0, 1_000>) {
		let mut ready = class("wrap", n);
		#[block]
		{
			let _ = ready.run();
		}
	}

	#[benchmark]
	fn class_extend(n: Linear<0, 1_000>) {
		let mut ready = class("extend", n);
		#[block]
		{
			let _ = ready.run();
		}
	}

	#[benchmark]
	fn class_constant(n: Linear<0, 1_000>) {
		let mut ready = class("constant", n);
		#[block]
		{
			let _ = ready.run();
		}
	}

	#[benchmark]
	fn class_copy(n: Linear<0, 1_000>) {
		let mut ready = class("copy", n);
		#[block]
		{
			let _ = ready.run();
		}
	}

	#[benchmark]
	fn class_copies(n: Linear<0, 1_000>) {
		let mut ready = class("copies", n);
		#[block]
		{
			let _ = ready.run();
		}
	}

	#[benchmark]
	fn class_select(n: Linear<0, 1_000>) {
		let mut ready = class("select", n);
		#[block]
		{
			let _ = ready.run();
		}
	}

	#[benchmark]
	fn class_load_8(n: Linear<0, 1_000>) {
		let mut ready = class("load_8", n);
		#[block]
		{
			let _ = ready.run();
		}
	}

	#[benchmark]
	fn class_load_32(n: Linear<0, 1_000>) {
		let mut ready = class("load_32", n);
		#[block]
		{
			let _ = ready.run();
		}
	}

	#[benchmark]
	fn class_load_64(n: Linear<0, 1_000>) {
		let mut ready = class("load_64", n);
		#[block]
		{
			let _ = ready.run();
		}
	}

	#[benchmark]
	fn class_load_16_to_64(n: Linear<0, 1_000>) {
		let mut ready = class("load_16_to_64", n);
		#[block]
		{
			let _ = ready.run();
		}
	}

	#[benchmark]
	fn class_store_8(n: Linear<0, 1_000>) {
		let mut ready = class("store_8", n);
		#[block]
		{
			let _ = ready.run();
		}
	}

	#[benchmark]
	fn class_store_32(n: Linear<0, 1_000>) {
		let mut ready = class("store_32", n);
		#[block]
		{
			let _ = ready.run();
		}
	}

	#[benchmark]
	fn class_store_64(n: Linear<0, 1_000>) {
		let mut ready = class("store_64", n);
		#[block]
		{
			let _ = ready.run();
		}
	}

	#[benchmark]
	fn class_global_32(n: Linear<0, 1_000>) {
		let mut ready = class("global_32", n);
		#[block]
		{
			let _ = ready.run();
		}
	}

	#[benchmark]
	fn class_global_64(n: Linear<0, 1_000>) {
		let mut ready = class("global_64", n);
		#[block]
		{
			let _ = ready.run();
		}
	}

	#[benchmark]
	fn class_block(n: Linear<0, 1_000>) {
		let mut ready = class("block", n);
		#[block]
		{
			let _ = ready.run();
		}
	}

	#[benchmark]
	fn class_branch(n: Linear<0, 1_000>) {
		let mut ready = class("branch", n);
		#[block]
		{
			let _ = ready.run();
		}
	}

	#[benchmark]
	fn class_branch_if(n: Linear<0, 1_000>) {
		let mut ready = class("branch_if", n);
		#[block]
		{
			let _ = ready.run();
		}
	}

	#[benchmark]
	fn class_if_else(n: Linear<0, 1_000>) {
		let mut ready = class("if_else", n);
		#[block]
		{
			let _ = ready.run();
		}
	}

	#[benchmark]
	fn class_branch_table(n: Linear<0, 1_000>) {
		let mut ready = class("branch_table", n);
		#[block]
		{
			let _ = ready.run();
		}
	}

	#[benchmark]
	fn class_call(n: Linear<0, 1_000>) {
		let mut ready = class("call", n);
		#[block]
		{
			let _ = ready.run();
		}
	}

	#[benchmark]
	fn class_call_indirect(n: Linear<0, 1_000>) {
		let mut ready = class("call_indirect", n);
		#[block]
		{
			let _ = ready.run();
		}
	}

	#[benchmark]
	fn class_memory_size(n: Linear<0, 1_000>) {
		let mut ready = class("memory_size", n);
		#[block]
		{
			let _ = ready.run();
		}
	}

	#[benchmark]
	fn class_memory_grow(n: Linear<0, 1_000>) {
		let mut ready = class("memory_grow", n);
		#[block]
		{
			let _ = ready.run();
		}
	}

	#[benchmark]
	fn class_nothing(n: Linear<0, 1_000>) {
		let mut ready = class("nothing", n);
		#[block]
		{
			let _ = ready.run();
		}
	}
}
