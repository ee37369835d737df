//! ink! contracts, from upload to termination.

use codec::{Decode, Encode};
use polkadot_sdk::frame_support::traits::fungible::{Inspect, InspectHold};

use super::*;
use crate::{ContractInfoOf, HoldReason};

#[test]
fn counter_is_instantiated_called_and_read_back() {
	new_test_ext().execute_with(|| {
		let counter = instantiate(ink("counter"), input("new", 5u64));
		// First byte: `Ok` of ink!'s `Result<T, LangError>`.
		assert_eq!(call(&counter, input("get", ())), (0u8, 5u64).encode());
		assert_eq!(call(&counter, input("increment", ())), (0u8, 6u64).encode());
		assert_eq!(call(&counter, input("get", ())), (0u8, 6u64).encode());
		assert_eq!(logs().len(), 1, "`increment` emits one event");
		assert_eq!(logs()[0].0, counter);
	});
}

#[test]
fn token_moves_and_keeps_account() {
	new_test_ext().execute_with(|| {
		let token = instantiate(ink("token"), input("new", 1000u128));
		let moved = call(&token, input("transfer", (BOB, 300u128)));
		assert_eq!(moved, (0u8, true).encode());
		let balance = call(&token, input("balance_of", BOB));
		assert_eq!(u128::decode(&mut &balance[1..]), Ok(300));
	});
}

#[test]
fn deposit_is_on_hold_at_the_contract_and_counted() {
	new_test_ext().execute_with(|| {
		let before = Balances::total_balance(&ALICE);
		let made = instantiate_with(Code::Upload(ink("counter")), 0, input("new", 5u64), &[]);
		let contract = made.result.unwrap().account_id;
		let info = ContractInfoOf::<Test>::get(&contract).unwrap();
		let reason = HoldReason::StorageDepositReserve.into();
		let held = Balances::balance_on_hold(&reason, &contract);
		assert_eq!(held, info.total_deposit());
		let uploaded =
			Balances::balance_on_hold(&HoldReason::CodeUploadDepositReserve.into(), &ALICE);
		let ed = Balances::minimum_balance();
		assert_eq!(
			made.storage_deposit,
			crate::StorageDeposit::Charge(held + ed + uploaded)
		);
		assert_eq!(Balances::total_balance(&ALICE), before - held - ed);
	});
}
