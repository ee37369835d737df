//! Input that no honest client sends: an error each, nothing left, no panic.

use super::*;
use crate::Error;
use polkadot_sdk::frame_support::assert_ok;
use proptest::prelude::*;
use trivium_primitives::AddressMapping;

#[track_caller]
fn create_fails(code: Vec<u8>, gas_limit: u64, error: Error<Test>) {
	let before = root();
	let result = dispatch(
		&alice(),
		crate::Call::create {
			code,
			value: 0,
			gas_limit,
		},
	);
	assert_fails(result, error);
	assert_eq!(root(), before, "nothing is left");
}

#[test]
fn gas_limits_out_of_range_are_refused() {
	test(|| {
		let contract = deploy("STOP");
		for gas_limit in [0, 1, 20_999] {
			let result = call_with(&alice(), contract, vec![], 0, gas_limit);
			assert_fails(result, Error::GasLimitTooLow);
		}
		assert_ok!(call_with(&alice(), contract, vec![], 0, 21_000));
		for gas_limit in [BlockGasLimit::get() + 1, u64::MAX] {
			let result = call_with(&alice(), contract, vec![], 0, gas_limit);
			assert_fails(result, Error::GasLimitTooHigh);
		}
	});
}

#[test]
fn calldata_floor_is_charged() {
	test(|| {
		let contract = deploy("STOP");
		// 40 gas for each byte that is not zero, by EIP-7623.
		let input = vec![1; 100];
		let floor = 21_000 + 40 * 100;
		assert_fails(
			call_with(&alice(), contract, input.clone(), 0, floor - 1),
			Error::GasLimitTooLow,
		);
		assert_ok!(call_with(&alice(), contract, input.clone(), 0, floor));
		let used = Evm::simulate_call(alice(), contract, input, 0, None).gas_used;
		assert_eq!(used, floor);
	});
}

#[test]
fn codes_out_of_range_are_refused() {
	test(|| {
		create_fails(vec![0; 0xC001], 30_000_000, Error::InitCodeTooLarge);
		// Deploys zeros: one byte more than is allowed.
		create_fails(asm("0x6001 0 RETURN"), 30_000_000, Error::CodeTooLarge);
		assert_ok!(create_with(&alice(), asm("0x6000 0 RETURN"), 0, 30_000_000));
		create_fails(
			asm("0xEF 0 MSTORE8 1 0 RETURN"),
			GAS,
			Error::CodeStartsWithEf,
		);
		create_fails(asm("0xFFFFFFFFFFFFFFFF 0 RETURN"), GAS, Error::OutOfGas);
	});
}

#[test]
fn each_way_to_fail_has_its_error() {
	test(|| {
		let cases = [
			("ADD", Error::<Test>::StackUnderflow),
			("again: 1 @again JUMP", Error::StackOverflow),
			("3 JUMP", Error::InvalidJump),
			("INVALID", Error::InvalidOpcode),
			("0 0 REVERT", Error::Reverted),
			("1 0 0 RETURNDATACOPY", Error::OutOfOffset),
		];
		for (program, error) in cases {
			let contract = deploy(program);
			assert_fails(call(contract, vec![]), error);
			create_fails(asm(program), GAS, error_of(program));
		}
	});

	fn error_of(program: &str) -> Error<Test> {
		match program {
			"ADD" => Error::StackUnderflow,
			"again: 1 @again JUMP" => Error::StackOverflow,
			"3 JUMP" => Error::InvalidJump,
			"INVALID" => Error::InvalidOpcode,
			"0 0 REVERT" => Error::Reverted,
			_ => Error::OutOfOffset,
		}
	}
}

#[test]
fn value_above_the_balance_is_refused() {
	test(|| {
		let contract = deploy("STOP");
		for value in [FUNDS + 1, u128::MAX] {
			let result = call_with(&alice(), contract, vec![], value, GAS);
			assert_fails(result, Error::InsufficientBalance);
			assert_eq!(
				create_with(&alice(), vec![0], value, GAS),
				Err(Error::<Test>::InsufficientBalance.into())
			);
		}
	});
}

/// As with Ethereum's transactions, and as a dry run says.
#[test]
fn input_for_an_account_without_code_runs_nothing_and_moves_value() {
	test(|| {
		for (target, value) in [(account::alias(&bob()), 5), (H160::repeat_byte(0x77), 0)] {
			let input = vec![1, 2, 3, 4];
			let dry = Evm::simulate_call(alice(), target, input.clone(), value, Some(GAS));
			assert_eq!(dry.result, Ok(vec![]));
			assert_ok!(call_with(&alice(), target, input, value, GAS));
		}
		assert_eq!(balance(&bob()), FUNDS + 5);
	});
}

#[test]
fn signer_whose_alias_leads_elsewhere_is_refused() {
	test(|| {
		let stranger = AccountId::new([99; 32]);
		alias_to(account::alias(&stranger), &bob());
		let result = call_with(&stranger, H160::repeat_byte(1), vec![], 0, GAS);
		assert_fails(result, Error::NotMapped);
		let report = Evm::simulate_call(stranger, H160::repeat_byte(1), vec![], 0, None);
		assert_eq!(report.result, Err(crate::Failure::NotMapped));
	});
}

/// A dry run of an account that has not been seen yet is that of an empty account.
#[test]
fn account_that_does_not_exist_can_be_simulated_and_leaves_nothing() {
	test(|| {
		let stranger = AccountId::new([99; 32]);
		let whoami = deploy("CALLER 0 MSTORE CALLER BALANCE 32 MSTORE 64 0 RETURN");
		let before = root();
		let seen = [
			H256::from(account::alias(&stranger)).as_bytes(),
			&word(0)[..],
		]
		.concat();
		let report = Evm::simulate_call(stranger.clone(), whoami, vec![], 0, None);
		assert_eq!(report.result, Ok(seen));
		let report = Evm::simulate_call(stranger.clone(), whoami, vec![], 1, None);
		assert_eq!(report.result, Err(crate::Failure::InsufficientBalance));
		let report = Evm::simulate_create(stranger.clone(), deployer(&asm("STOP")), None, 0, None);
		assert!(report.created.is_some());
		let estimate = Evm::estimate_gas(stranger.clone(), Some(whoami), vec![], 0).unwrap();
		let report = Evm::simulate_call(stranger.clone(), whoami, vec![], 0, Some(estimate));
		assert!(report.result.is_ok());
		assert!(!MockAddresses::is_mapped(&account::alias(&stranger)));
		assert_eq!(root(), before);
	});
}

#[test]
fn account_that_acts_before_it_exists_is_mapped_by_that_and_pays_for_it() {
	test(|| {
		// A derivative account, for example: somebody else signs and pays the fee.
		let stranger = AccountId::new([99; 32]);
		let alias = account::alias(&stranger);
		let target = deploy("STOP");
		let weight = |who: &AccountId| {
			let info = call_with(who, target, vec![], 0, GAS).expect("is called");
			info.actual_weight.expect("is weighed")
		};
		let first = weight(&stranger);
		assert_eq!(MockAddresses::account(&alias), stranger);
		let more = first - weight(&stranger);
		assert_eq!(more.ref_time(), 25_000 * crate::gas::MAPPING_GAS);
		assert_eq!(more.proof_size(), crate::gas::ALIAS_PROOF_BYTES);
		assert!(create_with(&stranger, deployer(&asm("STOP")), 0, GAS).is_ok());
		// Below that price nothing happens.
		let other = AccountId::new([98; 32]);
		let too_little = crate::gas::MAPPING_GAS + 21_000 - 1;
		let result = call_with(&other, target, vec![], 0, too_little);
		assert_fails(result, Error::GasLimitTooLow);
		assert!(!MockAddresses::is_mapped(&account::alias(&other)));
		assert!(call_with(&other, target, vec![], 0, 100_000).is_ok());
	});
}

#[test]
fn code_of_every_length_up_to_eight_is_an_answer() {
	test(|| {
		for byte in (0..=u8::MAX).step_by(3) {
			for len in 0..=8 {
				let code = vec![byte; len];
				let accounts = || crate::Accounts::<Test>::iter().count();
				let before = accounts();
				let result = dispatch(
					&alice(),
					crate::Call::create {
						code,
						value: 0,
						gas_limit: 100_000,
					},
				);
				assert_eq!(accounts(), before + usize::from(result.is_ok()));
			}
		}
	});
}

#[test]
fn program_truncated_anywhere_is_an_answer() {
	test(|| {
		let program = deployer(&asm("0 SLOAD 1 ADD DUP1 0 SSTORE 0 MSTORE 32 0 RETURN"));
		for len in 0..program.len() {
			let code = program[..len].to_vec();
			let _ = dispatch(
				&alice(),
				crate::Call::create {
					code,
					value: 0,
					gas_limit: GAS,
				},
			);
		}
	});
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(64))]

	#[test]
	fn any_code_and_calldata_give_an_answer(
		code in proptest::collection::vec(any::<u8>(), 0..200),
		input in proptest::collection::vec(any::<u8>(), 0..64),
	) {
		test(|| {
			set_foreign(|_| Ok(vec![]));
			let issuance = Balances::total_issuance();
			let before = root();
			let result = dispatch(
				&alice(),
				crate::Call::create { code: code.clone(), value: 3, gas_limit: 300_000 },
			);
			if result.is_err() {
				assert_eq!(root(), before);
			}
			if let Ok(contract) = create(deployer(&code)) {
				let before = root();
				if call_with(&alice(), contract, input, 3, 300_000).is_err() {
					assert_eq!(root(), before);
				}
			}
			assert!(Balances::total_issuance() <= issuance);
		});
	}

	#[test]
	fn any_calldata_for_the_bridge_gives_an_answer(
		input in proptest::collection::vec(any::<u8>(), 0..200),
		which in 0usize..6,
	) {
		test(|| {
			set_foreign(|_| Ok(vec![]));
			let ids = [
				"call(address,string,bytes)",
				"callWithFlags(address,string,bytes,uint32)",
				"callAccount(bytes32,string,bytes,uint32)",
				"aliasOf(bytes32)",
				"accountOf(address)",
				"",
			];
			let id = &sp_io::hashing::keccak_256(ids[which].as_bytes())[..4];
			let _ = call(BRIDGE, [id, &input].concat());
		});
	}
}
