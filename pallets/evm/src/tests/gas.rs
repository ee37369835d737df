//! What is charged beyond Ethereum's gas, and that it is charged before the work.

use super::*;
use crate::{
	gas::{
		code_load_gas, gas_from_ref_time_ceil, ACCOUNT_PROOF_BYTES, BLOCK_HASH_GAS, CODE_GAS,
		CODE_PROOF_BYTES, CODE_WORD_GAS, LOG0_GAS, READ_GAS, SLOT_PROOF_BYTES,
	},
	precompiles,
	weights::WeightInfo,
	Failure,
};
use codec::Encode;
use revm::{
	precompile::{PrecompileId, Precompiles},
	primitives::hardfork::SpecId,
};
use trivium_primitives::event;

/// Gas and proof size that a program uses beyond one that does nothing.
fn cost(program: &str) -> (u64, u64) {
	let run = |program| {
		let contract = deploy(program);
		let report = Evm::simulate_call(alice(), contract, vec![], 0, Some(GAS));
		assert!(report.result.is_ok(), "{program}: {:?}", report.result);
		(report.gas_used, report.weight.proof_size())
	};
	let (gas, proof) = run(program);
	// Of the same length, because that is charged.
	let idle = format!("STOP {program}");
	let (idle_gas, idle_proof) = run(&idle[..]);
	(gas - idle_gas, proof + 1 - idle_proof)
}

/// The gas that a weight stands for.
fn gas_of(weight: polkadot_sdk::sp_weights::Weight) -> u64 {
	gas_from_ref_time_ceil::<Test>(weight.ref_time())
}

/// What a static call of a precompiled contract with this gas and so many zeros gives.
fn call_native(address: u64, gas: u64, len: u64) -> bool {
	let call = deploy(&format!(
		"0 0 {len} 0 {address} {gas} STATICCALL 0 MSTORE 32 0 RETURN"
	));
	view_word(call, vec![]) == 1.into()
}

#[test]
fn precompiles_cost_their_weight_if_it_is_more_than_their_gas() {
	test(|| {
		// Two points of BN254 at infinity are added for 150 gas on Ethereum.
		let weight = <() as WeightInfo>::bn254_add();
		let least = gas_of(weight + weight.saturating_div(4));
		assert!(least > 150);
		assert!(call_native(6, least, 128));
		assert!(!call_native(6, least - 1, 128));
		// Recovering a key costs more on Ethereum than it weighs.
		assert!(gas_of(<() as WeightInfo>::ecrecover()) < 3_000);
		assert!(call_native(1, 3_000, 128));
		assert!(!call_native(1, 2_999, 128));
	});
}

#[test]
fn refused_input_of_a_precompile_takes_all_its_gas() {
	test(|| {
		// A point that is not on the curve, and an input of no length that BLAKE2 knows.
		for (address, len, program) in [(6, 128, "1 0 MSTORE"), (9, 212, ""), (0x0F, 383, "")] {
			let used = |gas: u64| {
				let program = format!(
					"{program} 0 0 {len} 0 {address} {gas} STATICCALL 0 MSTORE 32 0 RETURN"
				);
				let report =
					Evm::simulate_call(alice(), deploy(&program), vec![], 0, Some(20 * GAS / 10));
				assert_eq!(report.result, Ok(vec![0; 32]));
				report.gas_used
			};
			assert_eq!(used(1_100_000) - used(1_000_000), 100_000);
		}
	});
}

/// No contract is free, and none has a weight of its own that is not known.
#[test]
fn every_precompile_has_a_weight() {
	let contracts = Precompiles::new(SpecId::OSAKA.into());
	assert_eq!(contracts.len(), 18);
	for address in contracts.addresses() {
		let contract = contracts.get(address).unwrap();
		let input: &[u8] = match contract.id() {
			// Otherwise too long for anything to be done.
			PrecompileId::ModExp => &[],
			_ => &[1; 1_000],
		};
		let weight = precompiles::weight::<()>(contract.id(), input);
		assert!(
			weight.ref_time() > 0 && weight.ref_time() < u64::MAX,
			"{contract:?}"
		);
	}
}

#[test]
fn modexp_weighs_by_what_it_multiplies() {
	let modexp = |base: u64, exponent: &[u8], modulus: u64| {
		let mut input = Vec::new();
		for len in [base, exponent.len() as u64, modulus] {
			input.extend(word(len));
		}
		input.extend(vec![0xFF; base as usize]);
		input.extend(exponent);
		precompiles::weight::<()>(&PrecompileId::ModExp, &input)
	};
	let setup = <() as WeightInfo>::modexp_setup;
	let steps = <() as WeightInfo>::modexp;
	// 32 bytes are 16 units; an exponent of 256 bits makes 255 iterations.
	assert_eq!(
		modexp(32, &[0xFF; 32], 32),
		setup(16) + steps((16 * 255_u32).div_ceil(1_000))
	);
	// 1024 bytes are 2 * 128 * 128; a short exponent still makes one iteration.
	assert_eq!(modexp(1_024, &[3], 8), setup(32_768) + steps(33));
	assert_eq!(modexp(8, &[], 1_024), setup(32_768) + steps(33));
	// Bits behind the first 32 bytes count 16 for each byte, whatever they are.
	let mut long = vec![0; 40];
	long[31] = 1;
	assert_eq!(modexp(64, &long, 64), setup(128) + steps(17));
	// Above the limit nothing is done.
	assert_eq!(modexp(1_025, &[3], 8), Default::default());
	// What is missing is zero.
	let lengths = [word(1), word(1), word(1)].concat();
	assert_eq!(
		precompiles::weight::<()>(&PrecompileId::ModExp, &lengths),
		setup(16) + steps(1)
	);
	let weight = precompiles::weight::<()>(&PrecompileId::ModExp, &[]);
	assert_eq!(weight, setup(16) + steps(1));
}

#[test]
fn pairings_weigh_by_steps_of_four_and_never_less_than_measured() {
	let weigh = |pairs: usize| {
		precompiles::weight::<()>(&PrecompileId::Bn254Pairing, &vec![0; 192 * pairs])
	};
	let measured = <() as WeightInfo>::bn254_pairing;
	for n in 0..4 {
		assert_eq!(weigh(4 * n + 1), measured(n as u32));
	}
	assert!((1..20).all(|pairs| weigh(pairs).ref_time() < weigh(pairs + 1).ref_time()));
	assert_eq!(weigh(0), weigh(1));
}

#[test]
fn code_is_paid_for_by_its_length_the_first_time() {
	test(|| {
		let len = 3_000;
		let code = [vec![0], vec![0x5B; len - 1]].concat();
		let large = token(create(deployer(&code)).unwrap());
		let load = code_load_gas(len as u64);
		assert_eq!(load, CODE_GAS + 94 * CODE_WORD_GAS);
		let proof = ACCOUNT_PROOF_BYTES + CODE_PROOF_BYTES + len as u64;

		assert_eq!(
			cost(&format!("{large} EXTCODESIZE")),
			(3 + 2_600 + load, proof)
		);
		assert_eq!(
			cost(&format!("0 0 0 {large} EXTCODECOPY")),
			(6 + 3 + 2_600 + load, proof)
		);
		for (call, operands) in [("CALL", 5), ("STATICCALL", 4), ("DELEGATECALL", 4)] {
			let operands = "0 ".repeat(operands);
			let pushes = operands.len() as u64 + 3 + 2;
			assert_eq!(
				cost(&format!("{operands} {large} GAS {call}")),
				(pushes + 2_600 + load, proof)
			);
		}
		// Once, and also if the account has been read without its code.
		assert_eq!(
			cost(&format!("{large} EXTCODESIZE {large} EXTCODESIZE")),
			(2 * 3 + 2_600 + load + 100, proof)
		);
		assert_eq!(
			cost(&format!("{large} BALANCE {large} EXTCODESIZE")),
			(2 * 3 + 2_600 + load + 100, proof)
		);
		// Its hash is known without it.
		assert_eq!(
			cost(&format!("{large} EXTCODEHASH")),
			(3 + 2_600, ACCOUNT_PROOF_BYTES)
		);
	});
}

#[test]
fn code_is_not_read_where_it_cannot_be_paid_for() {
	test(|| {
		let large = create(deployer(&vec![0x5B; 3_000])).unwrap();
		let look = deploy(&format!("{} EXTCODESIZE", token(large)));
		let load = code_load_gas(3_000);
		for (gas, works, reads) in [
			// Not even the account.
			(3 + 2_599, false, 0),
			// The account and the length of its code, but not the code.
			(
				3 + 2_600 + load - 1,
				false,
				ACCOUNT_PROOF_BYTES + CODE_PROOF_BYTES,
			),
			(
				3 + 2_600 + load,
				true,
				ACCOUNT_PROOF_BYTES + CODE_PROOF_BYTES + 3_000,
			),
		] {
			let call = |gas: u64| {
				let caller = deploy(&format!(
					"{} EXTCODESIZE POP 0 0 0 0 {} {gas} STATICCALL 0 MSTORE 32 0 RETURN",
					token(look),
					token(look)
				));
				Evm::simulate_call(alice(), caller, vec![], 0, Some(GAS))
			};
			let report = call(gas);
			let idle = call(0);
			assert_eq!(
				U256::from_big_endian(&report.result.unwrap()),
				u64::from(works).into()
			);
			// The two callers' codes differ in length.
			let proof = report.weight.proof_size() - idle.weight.proof_size();
			assert!((reads..reads + 4).contains(&proof), "{proof} for {reads}");
		}
	});
}

#[test]
fn delegates_code_is_paid_for_as_well() {
	test(|| {
		let large = create(deployer(&vec![0x00; 2_000])).unwrap();
		let delegating = H160::repeat_byte(0x77);
		let designator = [&[0xEF, 0x01, 0x00], large.as_bytes()].concat();
		let write = crate::storage::AccountWrite {
			balance: 0,
			nonce: 1,
			code_hash: H256(sp_io::hashing::keccak_256(&designator)),
			code: Some(&designator),
		};
		Evm::write_account(&delegating, write, &mut Default::default()).unwrap();
		let called = token(delegating);
		let gas = |program: &str| cost(program).0;
		assert_eq!(
			gas(&format!("0 0 0 0 {called} GAS STATICCALL")),
			8 + 3 + 2 + 2 * 2_600 + code_load_gas(23) + code_load_gas(2_000)
		);
		// Nobody but a call goes on to the delegate.
		assert_eq!(
			gas(&format!("{called} EXTCODESIZE")),
			3 + 2_600 + code_load_gas(23)
		);
		// The designator is in memory, the delegate is not.
		assert_eq!(
			gas(&format!(
				"{called} EXTCODESIZE POP 0 0 0 0 {called} GAS STATICCALL"
			)),
			3 + 2_600 + code_load_gas(23) + 2 + 8 + 3 + 2 + 100 + 2_600 + code_load_gas(2_000)
		);
	});
}

#[test]
fn what_is_warm_from_the_start_is_paid_for_when_it_is_read() {
	test(|| {
		let (gas, proof) = cost("1 BALANCE");
		assert_eq!((gas, proof), (3 + 100 + READ_GAS, ACCOUNT_PROOF_BYTES));
		assert_eq!(cost("1 BALANCE 1 BALANCE").0, 6 + 200 + READ_GAS);
		assert_eq!(cost("COINBASE BALANCE").0, 2 + 100 + 3 * READ_GAS);
		assert_eq!(cost("COINBASE EXTCODEHASH").0, 2 + 100 + 3 * READ_GAS);
		// The caller and the contract itself have been read.
		assert_eq!(cost("ADDRESS BALANCE CALLER BALANCE").0, 4 + 200);
	});
}

#[test]
fn block_hash_is_paid_for_as_the_read_that_it_is() {
	test(|| {
		assert_eq!(cost("0 BLOCKHASH").0, 2 + 20 + BLOCK_HASH_GAS);
		let ask = deploy("0 BLOCKHASH");
		let report = Evm::simulate_call(alice(), ask, vec![], 0, Some(21_000 + 2 + 20));
		assert_eq!(report.result, Err(Failure::OutOfGas));
	});
}

#[test]
fn log_without_topics_pays_for_its_event() {
	test(|| {
		assert_eq!(cost("0 0 LOG0").0, 2 + 2 + 375 + LOG0_GAS);
		assert_eq!(cost("0 0 0 LOG1").0, 2 + 2 + 2 + 2 * 375);
	});
}

/// Both events that a log becomes, as they are deposited.
#[test]
fn gas_of_a_log_covers_the_bytes_of_its_events() {
	test(|| {
		for topics in 0..=4 {
			for len in [0, 1, 33, 4_096] {
				let program = format!("{} {len} 0 LOG{topics}", "0xFFFF ".repeat(topics));
				let contract = deploy(&program);
				assert!(call(contract, vec![]).is_ok());
				let own = System::events()
					.into_iter()
					.rev()
					.find(|record| matches!(record.event, RuntimeEvent::Evm(Event::Log { .. })))
					.expect("is logged");
				let bytes = own.encoded_size() + event::log_event_len_bytes(topics, len);
				let weight = crate::logs::event_weight(topics, len).ref_time();
				assert!(weight >= event::EVENT_BYTE_REF_TIME * bytes as u64);
				let memory = (len as u64).div_ceil(32) * 3 + (len as u64 / 32).pow(2) / 512;
				let pushes = 3 * topics as u64 + if len == 0 { 4 } else { 5 };
				let gas = cost(&program).0 - memory - pushes;
				assert!(gas * 25_000 >= weight, "LOG{topics} of {len}: {gas}");
			}
		}
	});
}

/// A block's worth of gas in logs holds no more bytes of events than the price says.
#[test]
fn flood_of_logs_is_paid_for_by_its_bytes() {
	test(|| {
		let flood = deploy("again: 4096 0 LOG0 GAS 50000 LT @again JUMPI");
		let before = System::events().encoded_size();
		let info = call_with(&alice(), flood, vec![], 0, 16_000_000).unwrap();
		let logs = logs().len();
		assert!(logs > 400, "{logs}");
		let canonical = logs * event::log_event_len_bytes(0, 4_096);
		let bytes = System::events().encoded_size() - before + canonical;
		let weight = info.actual_weight.unwrap().ref_time();
		assert!(event::EVENT_BYTE_REF_TIME * bytes as u64 <= weight);
	});
}

#[test]
fn first_write_of_a_new_contracts_slot_costs_its_proof_however_warm() {
	test(|| {
		let proof = |program: &str| {
			let report = Evm::simulate_create(alice(), asm(program), None, 0, Some(GAS));
			assert!(report.result.is_ok());
			report.weight.proof_size()
		};
		let idle = proof("STOP");
		assert_eq!(proof("1 7 SSTORE") - idle, SLOT_PROOF_BYTES);
		// Having looked at it makes it warm, but nothing was read.
		assert_eq!(proof("7 SLOAD 1 7 SSTORE") - idle, SLOT_PROOF_BYTES);
		assert_eq!(proof("1 7 SSTORE 2 7 SSTORE") - idle, SLOT_PROOF_BYTES);
		assert_eq!(proof("7 SLOAD 0 7 SSTORE") - idle, 0);
		assert_eq!(proof("1 7 SSTORE 1 8 SSTORE") - idle, 2 * SLOT_PROOF_BYTES);
	});
}
