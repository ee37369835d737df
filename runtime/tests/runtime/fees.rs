//! What transactions cost, and where the fees go.

use polkadot_sdk::{
	frame_support::{
		dispatch::DispatchClass,
		traits::OnFinalize,
		weights::{Weight, WeightToFee as _},
	},
	frame_system::{self, pallet_prelude::BlockNumberFor},
	pallet_balances, pallet_transaction_payment,
	sp_keyring::Sr25519Keyring::{Alice, Bob, Charlie},
	sp_runtime::{transaction_validity::InvalidTransaction, FixedPointNumber, FixedU128},
};
use trivium_runtime::{
	configs::{
		fees::{LengthToFee, WeightToFee},
		system::RuntimeBlockWeights,
	},
	constants::{
		currency::{MILLI_UNIT, UNIT},
		fee::{FULL_BLOCK_FEE, INCLUDED_PROOF_BYTES},
		MAXIMUM_BLOCK_LENGTH_BYTES, MAXIMUM_BLOCK_WEIGHT,
	},
	genesis_config_presets::ENDOWMENT,
	Balance, CollatorSelection, Runtime, TransactionPayment,
};

use crate::common::{account, apply, balance, development};

fn transfer(amount: Balance) -> pallet_balances::Call<Runtime> {
	pallet_balances::Call::transfer_allow_death {
		dest: account(Bob).into(),
		value: amount,
	}
}

/// Equal but for the rounding of the price of one unit.
#[track_caller]
fn assert_close(fee: Balance, expected: Balance) {
	assert!(
		fee <= expected && expected - fee < expected / 1_000_000,
		"{fee} is not {expected}"
	);
}

#[test]
fn full_block_costs_the_same_in_each_dimension() {
	let (time, proof) = (
		MAXIMUM_BLOCK_WEIGHT.ref_time(),
		MAXIMUM_BLOCK_WEIGHT.proof_size() + INCLUDED_PROOF_BYTES,
	);
	assert_close(
		WeightToFee::weight_to_fee(&Weight::from_parts(time, 0)),
		FULL_BLOCK_FEE,
	);
	assert_close(
		WeightToFee::weight_to_fee(&Weight::from_parts(0, proof)),
		FULL_BLOCK_FEE,
	);
	let length = Weight::from_parts(MAXIMUM_BLOCK_LENGTH_BYTES.into(), 0);
	assert_close(LengthToFee::weight_to_fee(&length), FULL_BLOCK_FEE);
}

#[test]
fn weight_costs_its_dearer_dimension() {
	let half = MAXIMUM_BLOCK_WEIGHT / 2;
	let both = WeightToFee::weight_to_fee(&half);
	assert_close(both, FULL_BLOCK_FEE / 2);
	let proof = MAXIMUM_BLOCK_WEIGHT.proof_size() + INCLUDED_PROOF_BYTES;
	let with_more_proof = Weight::from_parts(half.ref_time(), proof);
	assert_close(WeightToFee::weight_to_fee(&with_more_proof), FULL_BLOCK_FEE);
}

#[test]
fn absurd_weight_does_not_overflow() {
	assert!(WeightToFee::weight_to_fee(&Weight::MAX) > FULL_BLOCK_FEE);
	assert!(LengthToFee::weight_to_fee(&Weight::MAX) > FULL_BLOCK_FEE);
}

#[test]
fn transfer_costs_some_tenths_of_a_thousandth() {
	development().execute_with(|| {
		apply(Alice, transfer(5 * UNIT))
			.expect("it is valid")
			.expect("it succeeds");
		assert_eq!(balance(&account(Bob)), ENDOWMENT + 5 * UNIT);
		let fee = ENDOWMENT - 5 * UNIT - balance(&account(Alice));
		assert!(
			(MILLI_UNIT / 5..=MILLI_UNIT).contains(&fee),
			"the fee is {fee} planck"
		);
	});
}

#[test]
fn failed_call_pays_its_fee() {
	development().execute_with(|| {
		let outcome = apply(Alice, transfer(2 * ENDOWMENT)).expect("it is valid");
		assert!(outcome.is_err());
		assert!(balance(&account(Alice)) < ENDOWMENT);
		assert_eq!(balance(&account(Bob)), ENDOWMENT);
	});
}

#[test]
fn sender_without_funds_is_refused() {
	development().execute_with(|| {
		let charlie = account(Charlie);
		let all = pallet_balances::Call::<Runtime>::transfer_all {
			dest: account(Bob).into(),
			keep_alive: false,
		};
		apply(Charlie, all.clone())
			.expect("it is valid")
			.expect("it succeeds");
		assert_eq!(balance(&charlie), 0);
		assert_eq!(apply(Charlie, all), Err(InvalidTransaction::Payment.into()));
	});
}

#[test]
fn fees_go_to_the_collators() {
	development().execute_with(|| {
		let pot = CollatorSelection::account_id();
		let before = balance(&pot);
		apply(Alice, transfer(UNIT))
			.expect("it is valid")
			.expect("it succeeds");
		assert_eq!(
			balance(&pot) - before,
			ENDOWMENT - UNIT - balance(&account(Alice))
		);
	});
}

/// Ends a block whose normal class is `percent` full, and tells the multiplier of the next.
fn multiplier_after(percent: u64) -> FixedU128 {
	let normal = RuntimeBlockWeights::get()
		.get(DispatchClass::Normal)
		.max_total
		.expect("has one");
	frame_system::Pallet::<Runtime>::set_block_consumed_resources(normal / 100 * percent, 0);
	<TransactionPayment as OnFinalize<BlockNumberFor<Runtime>>>::on_finalize(1);
	pallet_transaction_payment::NextFeeMultiplier::<Runtime>::get()
}

#[test]
fn multiplier_rises_with_load_and_returns_to_its_floor() {
	development().execute_with(|| {
		assert_eq!(multiplier_after(0), FixedU128::from_u32(1));
		let risen = multiplier_after(100);
		assert!(risen > FixedU128::from_u32(1));
		assert!(multiplier_after(100) > risen);
		for _ in 0..20 {
			multiplier_after(0);
		}
		assert_eq!(multiplier_after(0), FixedU128::from_u32(1));
	});
}

#[test]
fn multiplier_raises_the_fee() {
	development().execute_with(|| {
		let info = |call: pallet_balances::Call<Runtime>| {
			TransactionPayment::query_call_info(call.into(), 150).partial_fee
		};
		let before = info(transfer(UNIT));
		for _ in 0..1_000 {
			multiplier_after(100);
		}
		let risen = pallet_transaction_payment::NextFeeMultiplier::<Runtime>::get();
		assert!(risen > FixedU128::saturating_from_rational(3, 2));
		assert!(info(transfer(UNIT)) > before);
	});
}
