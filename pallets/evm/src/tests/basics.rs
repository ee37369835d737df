//! What a single EVM does: creation, calls, storage, logs, gas, its surroundings.

use super::*;
use crate::{
	gas::{ref_time_from_gas, weight_limit},
	types::{Failure, EMPTY_CODE_HASH},
	weights::WeightInfo,
	Accounts, CodeInfos, Codes, CreateNonces, Error, Slots,
};
use polkadot_sdk::sp_core::Pair;
use polkadot_sdk::{
	frame_support::{assert_ok, dispatch::GetDispatchInfo},
	sp_core::ecdsa,
};
use revm::primitives::Address;

const COUNTER: &str = "0 SLOAD 1 ADD DUP1 0 SSTORE 0 MSTORE 32 0 RETURN";

#[test]
fn create_deploys_code_at_the_address_of_its_creator_and_nonce() {
	test(|| {
		let runtime = asm(COUNTER);
		let first = create(deployer(&runtime)).unwrap();
		let second = create(deployer(&runtime)).unwrap();

		let creator = Address::new(account::alias(&alice()).0);
		assert_eq!(first.0, creator.create(0).into_array());
		assert_eq!(second.0, creator.create(1).into_array());
		assert_eq!(Evm::code_at(&first), runtime);
		assert_eq!(CreateNonces::<Test>::get(alice()), 2);
		assert_eq!(
			System::account_nonce(alice()),
			0,
			"that nonce belongs to transactions"
		);
		assert_eq!(Evm::account_info(&first).nonce, 1);

		let hash = Accounts::<Test>::get(first).unwrap();
		assert_eq!(CodeInfos::<Test>::get(hash).unwrap().references, 2);
		assert_eq!(
			Codes::<Test>::iter().count(),
			1,
			"equal code is stored once"
		);
		assert_eq!(System::providers(&contract_account(first)), 1);
	});
}

#[test]
fn create2_address_follows_the_salt_and_collides_the_second_time() {
	test(|| {
		let code = deployer(&asm("STOP"));
		let salt = H256::repeat_byte(9);
		let create2 = || {
			let code = code.clone();
			dispatch(
				&alice(),
				crate::Call::create2 {
					code,
					salt,
					value: 0,
					gas_limit: GAS,
				},
			)
		};
		assert_ok!(create2());
		let creator = Address::new(account::alias(&alice()).0);
		let expected = H160(creator.create2_from_code(salt.0, &code).into_array());
		assert_eq!(Evm::code_at(&expected), asm("STOP"));
		assert_fails(create2(), Error::CreateCollision);
	});
}

#[test]
fn create_at_the_alias_of_another_account_collides() {
	test(|| {
		let creator = Address::new(account::alias(&alice()).0);
		let next = H160(creator.create(0).into_array());
		// No account hashes to this address; that one does is pretended.
		crate::mock::alias_to(next, &bob());
		let result = dispatch(
			&alice(),
			crate::Call::create {
				code: vec![0],
				value: 0,
				gas_limit: GAS,
			},
		);
		assert_fails(result, Error::CreateCollision);
	});
}

#[test]
fn call_writes_storage_and_returns_data() {
	test(|| {
		let counter = deploy(COUNTER);
		assert_ok!(call(counter, vec![]));
		assert_ok!(call(counter, vec![]));
		assert_eq!(slot(counter, 0), 2.into());
		assert_eq!(view_word(counter, vec![]), 3.into());
		assert_eq!(slot(counter, 0), 2.into(), "a simulation leaves nothing");
		System::assert_has_event(
			Event::Created {
				address: counter,
				deployer: account::alias(&alice()),
			}
			.into(),
		);
	});
}

#[test]
fn slot_set_to_zero_is_deleted_and_refunded() {
	test(|| {
		let store = deploy("0 CALLDATALOAD 0 SSTORE");
		let used = |input| call(store, input).unwrap().actual_weight.unwrap();
		used(word(5));
		assert_eq!(Slots::<Test>::iter().count(), 1);
		let to_other = used(word(6));
		let to_zero = used(word(0));
		assert_eq!(Slots::<Test>::iter().count(), 0);
		assert!(
			to_zero.ref_time() < to_other.ref_time(),
			"{to_zero:?} {to_other:?}"
		);
	});
}

#[test]
fn log_is_an_event_and_a_canonical_log() {
	test(|| {
		let logger = deploy("0xAA 0 MSTORE8 2 1 1 0 LOG2 0xBB 0 MSTORE8 1 0 LOG0");
		assert_ok!(call(logger, vec![]));
		let topics = vec![H256::from_low_u64_be(1), H256::from_low_u64_be(2)];
		assert_eq!(
			logs(),
			[
				LogEntry {
					address: logger,
					topics,
					data: vec![0xAA]
				},
				LogEntry {
					address: logger,
					topics: vec![],
					data: vec![0xBB]
				},
			]
		);
		assert_eq!(canonical_logs(), 2);
	});
}

#[test]
fn logs_and_storage_of_a_reverted_inner_frame_are_nowhere() {
	test(|| {
		let inner = deploy("1 0 SSTORE 0 0 LOG0 0 0 REVERT");
		let outer = deploy(&format!(
			"0 0 LOG0 0 0 0 0 0 {} GAS CALL 1 SSTORE 7 2 SSTORE",
			token(inner)
		));
		assert_ok!(call(outer, vec![]));
		assert_eq!(logs().len(), 1);
		assert_eq!(canonical_logs(), 1);
		assert_eq!(slot(inner, 0), 0.into());
		assert_eq!(slot(outer, 1), 0.into(), "the call failed");
		assert_eq!(slot(outer, 2), 7.into());
	});
}

#[test]
fn failed_call_leaves_nothing_and_pays_for_the_gas_it_used() {
	test(|| {
		let contract = deploy("1 0 SSTORE 0 0 LOG0 0 0 REVERT");
		let before = root();
		let failure = call(contract, vec![]).unwrap_err();
		assert_eq!(failure.error, Error::<Test>::Reverted.into());
		assert_eq!(root(), before);
		let weight = failure.post_info.actual_weight.unwrap();
		assert!(weight.ref_time() > ref_time_from_gas::<Test>(21_000 + 22_100));
		assert!(weight.ref_time() < ref_time_from_gas::<Test>(60_000));
	});
}

#[test]
fn out_of_gas_takes_the_whole_limit() {
	test(|| {
		let endless = deploy("again: @again JUMP");
		let failure = call(endless, vec![]).unwrap_err();
		assert_eq!(failure.error, Error::<Test>::OutOfGas.into());
		let weight = failure.post_info.actual_weight.unwrap();
		// The transaction's own gas pays for what comes before the interpreter.
		assert!(<() as WeightInfo>::call(0).ref_time() < ref_time_from_gas::<Test>(21_000));
		assert_eq!(weight.ref_time(), ref_time_from_gas::<Test>(GAS));
	});
}

#[test]
fn actual_weight_is_within_the_declared_one() {
	test(|| {
		let counter = deploy(COUNTER);
		let call = crate::Call::<Test>::call {
			target: counter,
			input: vec![],
			value: 0,
			gas_limit: 100_000,
		};
		let declared = call.get_dispatch_info().call_weight;
		let actual = dispatch(&alice(), call).unwrap().actual_weight.unwrap();
		assert!(actual.all_lte(declared), "{actual:?} {declared:?}");
		assert_eq!(
			declared,
			weight_limit::<Test>(<() as WeightInfo>::call(0), 100_000)
		);
	});
}

#[test]
fn reads_beyond_the_proof_allowance_stop_the_execution() {
	test(|| {
		// Reads slot after slot.
		let reader = deploy("0 again: DUP1 SLOAD POP 1 ADD @again JUMP");
		let failure = call(reader, vec![]).unwrap_err();
		assert_eq!(failure.error, Error::<Test>::OutOfProofSize.into());
		let allowance = crate::gas::proof_allowance(GAS);
		let weight = failure.post_info.actual_weight.unwrap();
		assert_eq!(
			weight.proof_size(),
			allowance + crate::gas::SIGNER_PROOF_BYTES
		);
	});
}

#[test]
fn surroundings_come_from_the_chain() {
	test(|| {
		let ask = |program: &str| {
			let contract = deploy(&format!("{program} 0 MSTORE 32 0 RETURN"));
			view_word(contract, vec![])
		};
		System::set_block_number(300);
		for number in 0..300u64 {
			let hash = H256::from_low_u64_be(1_000 + number);
			polkadot_sdk::frame_system::BlockHash::<Test>::insert(number, hash);
		}
		assert_eq!(ask("NUMBER"), 300.into());
		assert_eq!(ask("TIMESTAMP"), 12.into());
		assert_eq!(ask("CHAINID"), 8_801.into());
		assert_eq!(ask("BASEFEE"), 7.into());
		assert_eq!(ask("GASPRICE"), 7.into());
		assert_eq!(ask("GASLIMIT"), BlockGasLimit::get().into());
		assert_eq!(ask("COINBASE"), U256::from_big_endian(&[0xC0; 20]));
		assert_eq!(ask("DIFFICULTY"), U256::from_big_endian(&[0xAB; 32]));
		assert_eq!(ask("299 BLOCKHASH"), 1_299.into());
		assert_eq!(ask("44 BLOCKHASH"), 1_044.into());
		assert_eq!(ask("43 BLOCKHASH"), 0.into(), "older than 256 blocks");
		assert_eq!(ask("300 BLOCKHASH"), 0.into(), "not made yet");
		assert_eq!(
			ask("ORIGIN"),
			U256::from_big_endian(account::alias(&alice()).as_bytes())
		);
	});
}

#[test]
fn ethereum_precompiles_answer() {
	test(|| {
		// Hands its calldata to the precompile at the address in the first word.
		let ask = deploy(
			"32 CALLDATASIZE SUB 32 0 CALLDATACOPY \
			0 0 32 CALLDATASIZE SUB 0 0 CALLDATALOAD GAS STATICCALL \
			RETURNDATASIZE 0 0 RETURNDATACOPY RETURNDATASIZE 0 RETURN",
		);
		let answer = |address: u64, input: &[u8]| view(ask, [&word(address), input].concat());
		assert_eq!(answer(2, b"abc"), sp_io::hashing::sha2_256(b"abc"));
		assert_eq!(answer(4, b"same"), b"same");
		assert_eq!(
			answer(3, b"")[12..14],
			[0x9c, 0x11],
			"ripemd160 of nothing begins 9c1185a5"
		);

		let message = [5; 32];
		let pair = ecdsa::Pair::from_seed(&[7; 32]);
		let signature = pair.sign_prehashed(&message).0;
		let input = [
			&message[..],
			&word(27 + u64::from(signature[64])),
			&signature[..64],
		]
		.concat();
		let key = sp_io::crypto::secp256k1_ecdsa_recover(&signature, &message)
			.ok()
			.unwrap();
		let expected = &sp_io::hashing::keccak_256(&key)[12..];
		assert_eq!(&answer(1, &input)[12..], expected);
		assert!(answer(1, &[&message[..], &word(27), &[0; 64]].concat()).is_empty());
	});
}

#[test]
fn keccak_is_that_of_ethereum() {
	test(|| {
		let hash =
			deploy("CALLDATASIZE 0 0 CALLDATACOPY CALLDATASIZE 0 KECCAK256 0 MSTORE 32 0 RETURN");
		for input in [vec![], vec![1], vec![2; 31], vec![3; 32], vec![4; 1_000]] {
			assert_eq!(
				view(hash, input.clone()),
				sp_io::hashing::keccak_256(&input)
			);
		}
		let gas = |program: &str| {
			let contract = deploy(program);
			Evm::simulate_call(alice(), contract, vec![], 0, None).gas_used
		};
		// 30, six for the word, three for the memory; three for the push that the other has not.
		assert_eq!(gas("32 0 KECCAK256") - gas("32 0 STOP"), 30 + 6 + 3);
		let failed = |program: &str| {
			let contract = deploy(program);
			Evm::simulate_call(alice(), contract, vec![], 0, None)
				.result
				.unwrap_err()
		};
		assert_eq!(failed("0 KECCAK256"), Failure::StackUnderflow);
		assert_eq!(
			failed("0xFFFFFFFFFFFFFFFFFF 0 KECCAK256"),
			Failure::OutOfGas
		);
		assert_eq!(
			failed("1 0xFFFFFFFFFFFFFFFFFF KECCAK256"),
			Failure::OutOfGas
		);
	});
}

#[test]
fn frames_stop_at_1024_below_the_first() {
	test(|| {
		BlockGasLimit::set(u64::MAX / 100_000);
		// Counts the frames in transient storage, then calls itself with all gas.
		let deep = deploy(
			"0 TLOAD 1 ADD 0 TSTORE 0 0 0 0 0 ADDRESS GAS CALL POP 0 TLOAD 0 MSTORE 32 0 RETURN",
		);
		let report = Evm::simulate_call(alice(), deep, vec![], 0, Some(u64::MAX / 100_000));
		assert_eq!(U256::from_big_endian(&report.result.unwrap()), 1025.into());
	});
}

#[test]
fn memory_of_all_frames_together_is_limited() {
	test(|| {
		BlockGasLimit::set(u64::MAX / 100_000);
		let contract = deploy(&format!("1 {} MSTORE", crate::MEMORY_LIMIT_BYTES - 32));
		let gas = Some(10_000_000_000);
		assert!(Evm::simulate_call(alice(), contract, vec![], 0, gas)
			.result
			.is_ok());
		let contract = deploy(&format!("1 {} MSTORE", crate::MEMORY_LIMIT_BYTES));
		let report = Evm::simulate_call(alice(), contract, vec![], 0, gas);
		assert_eq!(report.result, Err(Failure::OutOfGas));
	});
}

#[test]
fn journal_takes_no_more_changes_than_its_limit() {
	test(|| {
		for store in ["SSTORE", "TSTORE"] {
			let contract = deploy(&format!("1 1 {store} 1 2 {store}"));
			let run = |limit| {
				JournalLimit::set(limit);
				Evm::simulate_call(alice(), contract, vec![], 0, Some(GAS)).result
			};
			let least = (1..100).find(|limit| run(*limit).is_ok());
			let least = least.expect("two changes are few");
			assert_eq!(run(least - 1), Err(Failure::OutOfGas), "{store}");
			assert!(run(1).is_err(), "{store}");
		}
	});
}

#[test]
fn estimate_is_enough_and_not_much_more() {
	test(|| {
		// Much gas and little proof.
		let contract = deploy("1 400000 MSTORE");
		let estimate = Evm::estimate_gas(alice(), Some(contract), vec![], 0).unwrap();
		let less = estimate - estimate / 32;
		assert_fails(
			call_with(&alice(), contract, vec![], 0, less),
			Error::OutOfGas,
		);
		assert_ok!(call_with(&alice(), contract, vec![], 0, estimate));
		let reverter = deploy("0 0 REVERT");
		assert_eq!(
			Evm::estimate_gas(alice(), Some(reverter), vec![], 0),
			Err(Failure::Reverted(vec![]))
		);
		assert!(Evm::estimate_gas(alice(), None, deployer(&asm(COUNTER)), 0).is_ok());
	});
}

#[test]
fn runtime_api_shows_accounts() {
	test(|| {
		let counter = deploy(COUNTER);
		let info = Evm::account_info(&counter);
		assert_eq!(info.code_len_bytes as usize, asm(COUNTER).len());
		assert_ne!(info.code_hash, EMPTY_CODE_HASH);
		let user = Evm::account_info(&account::alias(&alice()));
		assert_eq!(user.balance, FUNDS);
		assert_eq!(user.nonce, 1);
		assert_eq!(user.code_hash, EMPTY_CODE_HASH);
		let logger = deploy("0 0 LOG0");
		let report = Evm::simulate_call(alice(), logger, vec![], 0, None);
		assert_eq!(report.logs.len(), 1);
		assert!(logs().is_empty());
	});
}

#[test]
fn bridge_looks_like_a_contract() {
	test(|| {
		let ask = deploy("0x0801 EXTCODESIZE 0 MSTORE 32 0 RETURN");
		assert_eq!(view_word(ask, vec![]), crate::BRIDGE_CODE.len().into());
		assert!(Evm::code_at(&BRIDGE).is_empty());
	});
}
