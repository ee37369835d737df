//! Storage deposits that hops take are paid out of gas, and never cost more than the gas limit.

use super::{
	signed::{address, key, Unsigned},
	*,
};
use polkadot_sdk::{
	frame_support::{assert_ok, traits::fungible::Mutate},
	sp_runtime::traits::Convert,
	sp_weights::Weight,
};
use std::{cell::RefCell, rc::Rc};
use trivium_primitives::CallError;

use crate::{weights::WeightInfo, Applied};

/// What is offered for a gas: more than the base fee.
const PRICE: Balance = 100;

/// A call of a contract as an Ethereum transaction; what the sender has lost by it, and what became of it.
#[track_caller]
fn apply(to: H160, data: Vec<u8>, gas_limit: u64) -> (Balance, Applied) {
	// Each in a block of its own.
	crate::BlockGas::<Test>::kill();
	let from = contract_account(address(&key(1)));
	if balance(&from) == 0 {
		Balances::mint_into(&from, FUNDS).unwrap();
	}
	let had = balance(&from);
	let unsigned = Unsigned {
		nonce: System::account_nonce(&from),
		to: Some(to),
		data,
		gas_limit,
		price: PRICE,
		// The whole price, whatever the base fee.
		tip: PRICE,
		..Default::default()
	};
	let applied = Evm::read_transaction(&unsigned.sign(&key(1)))
		.and_then(Evm::apply_transaction)
		.expect("is valid");
	(had - balance(&from), applied)
}

/// As [`apply`], and only whether it succeeded.
#[track_caller]
fn send(to: H160, data: Vec<u8>, gas_limit: u64) -> (Balance, bool) {
	let (lost, applied) = apply(to, data, gas_limit);
	(lost, applied.result.is_ok())
}

/// A call of a contract as an extrinsic: what it is charged, and the most that it could have been.
fn signed_weights(to: H160, data: Vec<u8>, gas_limit: u64) -> (Weight, Weight) {
	let base = <() as WeightInfo>::call(u32::try_from(data.len()).unwrap());
	let most = crate::gas::weight_limit::<Test>(base, gas_limit);
	let info = match call_with(&alice(), to, data, 0, gas_limit) {
		Ok(info) => info,
		Err(failed) => failed.post_info,
	};
	(info.actual_weight.expect("is weighed"), most)
}

/// Hops with its calldata, and passes on what comes of it.
fn forwarder() -> H160 {
	deploy(&format!("{TO_BRIDGE} {PASS_ON}"))
}

fn hop() -> Vec<u8> {
	bridge_call(&wasm(), "store()", &[], 0)
}

#[test]
fn hop_may_take_what_the_gas_left_is_worth() {
	test(|| {
		let contract = forwarder();
		let limits = Rc::new(RefCell::new(Vec::new()));
		let sink = limits.clone();
		set_foreign(move |call| {
			sink.borrow_mut().push((call.limit, call.deposit_limit));
			Ok(vec![])
		});
		// An Ethereum transaction has its own price, an extrinsic the base fee.
		send(contract, hop(), 1_000_000);
		assert_ok!(call_with(&alice(), contract, hop(), 0, 1_000_000));
		for (price, (limit, deposit)) in [PRICE, GAS_FEE].into_iter().zip(limits.take()) {
			let gas_left = Balance::from(limit.ref_time() / 25_000);
			let deposit = deposit.expect("there is a limit");
			assert!(deposit <= gas_left * price);
			// Less what the proof so far costs: a few reads.
			assert!(
				deposit > (gas_left - 250_000) * price,
				"{deposit} of {gas_left}"
			);
		}
		// Below a call from another VM, that call's limit counts, which the dispatch pallet has.
		foreign_transaction(|| nested(&wasm(), contract, hop())).unwrap();
		assert_eq!(limits.take()[0].1, None);
	});
}

#[test]
fn deposit_is_paid_out_of_gas_and_not_charged_twice() {
	test(|| {
		let contract = forwarder();
		set_foreign(|_| Ok(vec![]));
		let (plain, _) = send(contract, hop(), 1_000_000);
		let deposit = 10_000_001;
		set_foreign_deposit(deposit);
		let (lost, ok) = send(contract, hop(), 1_000_000);
		assert!(ok);
		assert_eq!(balance(&deposits()), deposit);
		assert_eq!(lost, plain + deposit, "the fee is for the work alone");

		// It is spent where the hop was made: a frame with less gas cannot have it taken.
		let gas_worth = u64::try_from(deposit.div_ceil(PRICE)).unwrap();
		let caller = deploy(&format!(
			"CALLDATASIZE 0 0 CALLDATACOPY 0 0 CALLDATASIZE 0 0 {} {gas_worth} CALL 1 ADD 0 SSTORE",
			token(contract)
		));
		let (lost, ok) = send(caller, hop(), 1_000_000);
		assert!(ok);
		assert_eq!(slot(caller, 0), 1.into());
		assert_eq!(balance(&deposits()), deposit, "nothing more was taken");
		assert!(lost < 1_000_000 * PRICE);
	});
}

#[test]
fn extrinsic_is_not_charged_for_gas_that_became_a_deposit() {
	test(|| {
		let contract = forwarder();
		set_foreign(|_| Ok(vec![]));
		let run = || {
			let info = call_with(&alice(), contract, hop(), 0, GAS).unwrap();
			info.actual_weight.unwrap()
		};
		let plain = run();
		set_foreign_deposit(5_000_000);
		assert_eq!(run(), plain);
		assert_eq!(balance(&alice()), FUNDS - 5_000_000);
	});
}

/// A hostile contract: it takes all that it may, again and again.
#[test]
fn fee_and_deposits_never_cost_more_than_the_gas_limit() {
	test(|| {
		let contract = deploy(
			"CALLDATASIZE 0 0 CALLDATACOPY again: 0 0 CALLDATASIZE 0 0 0x0801 GAS CALL POP \
			GAS 30000 LT @again JUMPI",
		);
		set_foreign(|_| Ok(vec![]));
		for used in [Weight::zero(), Weight::from_parts(25_000 * 20_000, 10_000)] {
			set_foreign_use(used);
			for share in [1, 2, 3, 10] {
				set_foreign_deposit_share(share);
				for gas_limit in [100_000, 400_000, 2_000_000] {
					let before = balance(&deposits());
					let (lost, _) = send(contract, hop(), gas_limit);
					let taken = balance(&deposits()) - before;
					assert!(
						lost <= PRICE * Balance::from(gas_limit),
						"{lost} of {gas_limit}, {taken} in deposits"
					);
					assert!(taken <= lost);
				}
			}
		}
	});
}

#[test]
fn deposit_below_a_frame_that_reverts_is_given_back_and_its_gas_stays_spent() {
	test(|| {
		let reverter = deploy(&format!("{TO_BRIDGE} POP 0 0 REVERT"));
		let caller = deploy(&format!(
			"GAS CALLDATASIZE 0 0 CALLDATACOPY 0 0 CALLDATASIZE 0 0 {} GAS CALL POP GAS SWAP1 SUB \
			0 SSTORE",
			token(reverter)
		));
		set_foreign(|_| Ok(vec![]));
		let (plain, _) = send(caller, hop(), 1_000_000);
		let gas = slot(caller, 0).as_u64();
		set_foreign_deposit(10_000_000);
		let (lost, ok) = send(caller, hop(), 1_000_000);
		assert!(ok);
		assert_eq!(balance(&deposits()), 0);
		assert_eq!(slot(caller, 0).as_u64(), gas + 100_000, "spent");
		// A slot that is not zero any more costs less to write.
		assert!(lost <= plain, "and not charged: {lost} {plain}");
	});
}

#[test]
fn deposit_beyond_the_gas_fails_the_hop_alone() {
	test(|| {
		let contract = forwarder();
		set_foreign(|_| Ok(vec![]));
		set_foreign_deposit(PRICE * 1_000_000);
		let (lost, ok) = send(contract, hop(), 1_000_000);
		assert!(!ok);
		assert!(lost < PRICE * 500_000);
		let report = Evm::simulate_call(alice(), contract, hop(), 0, Some(1_000_000));
		let error = crate::abi::encode_error(&CallError::InsufficientBalance);
		assert_eq!(report.result, Err(crate::Failure::Reverted(error)));
	});
}

#[test]
fn estimate_includes_deposits() {
	test(|| {
		let contract = forwarder();
		set_foreign(|_| Ok(vec![]));
		let estimate = || Evm::estimate_gas(alice(), Some(contract), hop(), 0).unwrap();
		let plain = estimate();
		set_foreign_deposit(GAS_FEE * 500_000);
		let with_deposit = estimate();
		assert!(with_deposit >= plain + 500_000, "{plain} {with_deposit}");
		assert_ok!(call_with(&alice(), contract, hop(), 0, with_deposit));
	});
}

#[test]
fn report_tells_the_deposit_and_the_gas_that_it_takes() {
	test(|| {
		let contract = forwarder();
		set_foreign(|_| Ok(vec![]));
		let report = |to| Evm::simulate_call(alice(), to, hop(), 0, Some(1_000_000));
		let plain = report(contract);
		assert_eq!((plain.deposit, plain.deposit_gas), (0, 0));
		set_foreign_deposit(GAS_FEE * 100_000 + 1);
		let with_deposit = report(contract);
		assert_eq!(with_deposit.deposit, GAS_FEE * 100_000 + 1);
		assert_eq!(with_deposit.deposit_gas, 100_001);
		assert_eq!(with_deposit.gas_used, plain.gas_used);
		assert_eq!(balance(&deposits()), 0, "nothing is kept");

		// What was taken back is no deposit, and the limit has to cover it all the same.
		let reverter = deploy(&format!("{TO_BRIDGE} POP 0 0 REVERT"));
		let failed = report(reverter);
		assert!(failed.result.is_err());
		assert_eq!((failed.deposit, failed.deposit_gas), (0, 100_001));
		let catcher = deploy(&format!(
			"CALLDATASIZE 0 0 CALLDATACOPY 0 0 CALLDATASIZE 0 0 {} GAS CALL POP",
			token(reverter)
		));
		let caught = report(catcher);
		assert_eq!(caught.result, Ok(vec![]));
		assert_eq!((caught.deposit, caught.deposit_gas), (0, 100_001));
	});
}

/// The proof that a hop takes is charged after its deposit was allowed: both have to fit.
#[test]
fn proof_of_the_hop_itself_is_set_against_its_deposit() {
	test(|| {
		set_foreign(|_| Ok(vec![]));
		let mut taken_with_proof = 0;
		for slots in [1, 20, 100, 400] {
			// What the hop has left of the proof is read by somebody who may run out of it.
			let reader = deploy(&format!(
				"{slots} burn: DUP1 SLOAD POP 1 SWAP1 SUB DUP1 @burn JUMPI"
			));
			let contract = deploy(&format!(
				"{TO_BRIDGE} POP 0 0 0 0 0 {} GAS CALL POP",
				token(reader)
			));
			for used in [
				Weight::zero(),
				Weight::from_parts(0, 30_000),
				Weight::from_parts(25_000 * 100_000, 100_000),
			] {
				set_foreign_use(used);
				for (share, gas_limit) in [1, 2, 3, 10]
					.into_iter()
					.flat_map(|share| [400_000, 2_000_000, 4_000_000].map(|gas| (share, gas)))
				{
					set_foreign_deposit_share(share);
					let case = format!("{slots} {used:?} {share} {gas_limit}");

					let before = balance(&deposits());
					let (weight, most) = signed_weights(contract, hop(), gas_limit);
					let taken = balance(&deposits()) - before;
					let (fee, most) = (WeightPrice::convert(weight), WeightPrice::convert(most));
					assert!(fee + taken <= most, "{fee} {taken} {most}: {case}");
					if used.proof_size() > 0 {
						taken_with_proof += taken;
					}

					let (lost, applied) = apply(contract, hop(), gas_limit);
					assert!(lost <= PRICE * Balance::from(gas_limit), "{lost}: {case}");
					let proof = Weight::from_parts(0, applied.weight.proof_size());
					let paid = GAS_FEE * Balance::from(applied.gas_charged);
					assert!(paid >= WeightPrice::convert(proof), "{paid}: {case}");
				}
			}
		}
		assert!(taken_with_proof > 0);
	});
}

#[test]
fn hop_whose_proof_and_deposit_exceed_the_gas_leaves_nothing() {
	test(|| {
		let contract = deploy(
			"CALLDATASIZE 0 0 CALLDATACOPY 0 0 CALLDATASIZE 0 0 0x0801 GAS CALL 1 ADD 0 SSTORE",
		);
		set_foreign(|_| {
			move_funds(&wasm(), &bob(), 5)?;
			Ok(vec![])
		});
		set_foreign_use(Weight::from_parts(0, 100_000));
		set_foreign_deposit_share(1);
		assert_ok!(call_with(&alice(), contract, hop(), 0, 3_000_000));
		assert_eq!(slot(contract, 0), 1.into(), "out of gas, and caught");
		assert_eq!(balance(&deposits()), 0);
		assert_eq!(balance(&bob()), FUNDS);

		set_foreign_deposit_share(2);
		assert_ok!(call_with(&alice(), contract, hop(), 0, 3_000_000));
		assert_eq!(slot(contract, 0), 2.into(), "both fit");
		assert!(balance(&deposits()) > 0);
		assert_eq!(balance(&bob()), FUNDS + 5);
	});
}

/// EIP-7623's floor is charged in the end, so that no deposit may have the gas for it.
#[test]
fn deposits_leave_the_floor_of_calldata() {
	test(|| {
		let contract = forwarder();
		set_foreign(|_| Ok(vec![]));
		set_foreign_deposit_share(1);
		let data = bridge_call(&wasm(), "store()", &[1; 10_000], 0);
		let tokens: u64 = data.iter().map(|byte| if *byte == 0 { 1 } else { 4 }).sum();
		let floor = 21_000 + 10 * tokens;
		let gas_limit = floor + 60_000;

		let (lost, applied) = apply(contract, data.clone(), gas_limit);
		assert!(applied.result.is_ok());
		let taken = balance(&deposits());
		assert!(taken > 0 && taken <= 60_000 * PRICE, "{taken}");
		assert!(applied.gas_charged >= floor, "the floor is paid");
		assert!(lost <= PRICE * Balance::from(gas_limit));

		let (weight, most) = signed_weights(contract, data, gas_limit);
		let taken = balance(&deposits()) - taken;
		assert!(taken > 0 && taken <= 60_000 * GAS_FEE, "{taken}");
		assert!(weight.ref_time() >= 25_000 * floor);
		let for_time = |weight: Weight| WeightPrice::convert(weight.set_proof_size(0));
		assert!(for_time(weight) + taken <= for_time(most));
	});
}
