//! Balances of the EVM are those of the ledger, to the last planck.

use super::*;
use crate::{Accounts, CodeInfos, Error, Slots};
use polkadot_sdk::{
	frame_support::{
		assert_ok,
		traits::{
			fungible::{InspectHold, MutateFreeze, MutateHold},
			LockableCurrency, WithdrawReasons,
		},
	},
	pallet_balances,
};

/// Sends what the first word says to the address that the second says.
const PAYER: &str = "0 0 0 0 0 CALLDATALOAD 32 CALLDATALOAD GAS CALL 0 MSTORE 32 0 RETURN";

fn pay(amount: u64, to: H160) -> Vec<u8> {
	[word(amount), H256::from(to).as_bytes().to_vec()].concat()
}

#[test]
fn value_moves_on_the_ledger() {
	test(|| {
		let issuance = Balances::total_issuance();
		let contract = create_with(&alice(), deployer(&asm(PAYER)), 100, GAS).unwrap();
		assert_eq!(balance(&contract_account(contract)), 100);
		assert_eq!(balance(&alice()), FUNDS - 100);
		assert_ok!(call(contract, pay(30, account::alias(&bob()))));
		assert_eq!(balance(&contract_account(contract)), 70);
		assert_eq!(balance(&bob()), FUNDS + 30);
		assert_ok!(call(contract, pay(71, account::alias(&bob()))));
		assert_eq!(balance(&bob()), FUNDS + 30, "the inner call failed");
		assert_eq!(Balances::total_issuance(), issuance);
	});
}

#[test]
fn whole_balance_can_be_sent_and_the_contract_stays() {
	test(|| {
		let contract = create_with(&alice(), deployer(&asm(PAYER)), 100, GAS).unwrap();
		let id = contract_account(contract);
		assert_eq!(System::providers(&id), 2);
		assert_ok!(call(contract, pay(100, account::alias(&bob()))));
		assert_eq!(balance(&id), 0);
		assert_eq!(System::providers(&id), 1);
		assert_eq!(Evm::account_info(&contract).nonce, 1);
		assert_ok!(call_with(&alice(), contract, pay(0, BRIDGE), 1, GAS));
		assert_eq!(balance(&id), 1);

		// A user too can send everything; what it was is gone, as with any transfer.
		let all = balance(&bob());
		assert_ok!(call_with(
			&bob(),
			account::alias(&alice()),
			vec![],
			all,
			GAS
		));
		assert_eq!(balance(&bob()), 0);
	});
}

#[test]
fn new_account_is_made_by_value_alone() {
	test(|| {
		let target = H160::repeat_byte(0x42);
		assert_ok!(call_with(&alice(), target, vec![], 1, GAS));
		assert_eq!(balance(&contract_account(target)), 1);
		assert_eq!(System::providers(&contract_account(target)), 1);
		assert!(!Accounts::<Test>::contains_key(target));
		assert_ok!(call_with(&alice(), H160::repeat_byte(0x43), vec![], 0, GAS));
		assert_eq!(
			System::providers(&contract_account(H160::repeat_byte(0x43))),
			0
		);
	});
}

#[test]
fn held_frozen_and_locked_balance_cannot_be_spent() {
	test(|| {
		let target = H160::repeat_byte(0x42);
		let too_much = |value| {
			let result = call_with(&alice(), target, vec![], value, GAS);
			assert_fails(result, Error::InsufficientBalance);
		};
		let reason = TestHold::Something;
		assert_ok!(Balances::hold(&reason, &alice(), FUNDS - 1_000));
		assert_eq!(Evm::account_info(&account::alias(&alice())).balance, 999);
		too_much(1_000);
		assert_ok!(call_with(&alice(), target, vec![], 999, GAS));
		assert_eq!(Balances::balance_on_hold(&reason, &alice()), FUNDS - 1_000);

		assert_ok!(Balances::set_freeze(b"freezing", &bob(), FUNDS - 10));
		let result = call_with(&bob(), target, vec![], 11, GAS);
		assert_fails(result, Error::InsufficientBalance);
		assert_ok!(call_with(&bob(), target, vec![], 10, GAS));

		Balances::set_lock(*b"vesting_", &wasm(), FUNDS - 7, WithdrawReasons::all());
		let result = call_with(&wasm(), target, vec![], 8, GAS);
		assert_fails(result, Error::InsufficientBalance);
		assert_ok!(call_with(&wasm(), target, vec![], 7, GAS));
	});
}

#[test]
fn contract_cannot_spend_what_is_locked_on_it() {
	test(|| {
		let contract = create_with(&alice(), deployer(&asm(PAYER)), 100, GAS).unwrap();
		let id = contract_account(contract);
		Balances::set_lock(*b"vesting_", &id, 60, WithdrawReasons::all());
		assert_ok!(call(contract, pay(41, account::alias(&bob()))));
		assert_eq!(balance(&bob()), FUNDS);
		assert_ok!(call(contract, pay(40, account::alias(&bob()))));
		assert_eq!(balance(&bob()), FUNDS + 40);
		assert_eq!(balance(&id), 60);
	});
}

#[test]
fn value_received_above_a_lock_passes_through() {
	test(|| {
		// Locked beyond what it has: what comes in cannot be kept free, but can be sent on at once.
		let contract = create_with(&alice(), deployer(&asm(PAYER)), 10, GAS).unwrap();
		Balances::set_lock(
			*b"vesting_",
			&contract_account(contract),
			1_000,
			WithdrawReasons::all(),
		);
		assert_ok!(call_with(
			&alice(),
			contract,
			pay(50, account::alias(&bob())),
			50,
			GAS
		));
		assert_eq!(balance(&bob()), FUNDS + 50);
		assert_eq!(balance(&contract_account(contract)), 10);
	});
}

#[test]
fn destruct_in_the_creating_transaction_removes_everything() {
	test(|| {
		let issuance = Balances::total_issuance();
		// The creation code writes a slot and destructs itself in favour of itself.
		let code = asm("1 2 SSTORE ADDRESS SELFDESTRUCT");
		let contract = create_with(&alice(), code, 50, GAS).unwrap();
		assert_eq!(
			Balances::total_issuance(),
			issuance - 50,
			"what it had is burnt"
		);
		assert_eq!(balance(&alice()), FUNDS - 50);
		assert!(!Accounts::<Test>::contains_key(contract));
		assert_eq!(Slots::<Test>::iter().count(), 0);
		assert_eq!(CodeInfos::<Test>::iter().count(), 0);
		assert_eq!(System::providers(&contract_account(contract)), 0);
		assert_eq!(System::account_nonce(contract_account(contract)), 0);
	});
}

#[test]
fn destruct_in_favour_of_another_pays_it() {
	test(|| {
		let issuance = Balances::total_issuance();
		let to = token(account::alias(&bob()));
		let code = asm(&format!("{to} SELFDESTRUCT"));
		create_with(&alice(), code, 50, GAS).unwrap();
		assert_eq!(balance(&bob()), FUNDS + 50);
		assert_eq!(Balances::total_issuance(), issuance);
	});
}

#[test]
fn destruct_of_an_older_contract_only_pays() {
	test(|| {
		let to = token(account::alias(&bob()));
		let runtime = asm(&format!("{to} SELFDESTRUCT"));
		let contract = create_with(&alice(), deployer(&runtime), 50, GAS).unwrap();
		assert_ok!(call(contract, vec![]));
		assert_eq!(balance(&bob()), FUNDS + 50);
		assert_eq!(Evm::code_at(&contract), runtime, "EIP-6780: the code stays");
	});
}

#[test]
fn contract_makes_contracts_and_its_nonce_counts_them() {
	test(|| {
		// CREATE with creation code STOP, twice; returns the second address.
		let factory = deploy("0 0 0 CREATE POP 0 0 0 CREATE 0 MSTORE 32 0 RETURN");
		let second = H160::from_slice(&view(factory, vec![])[12..]);
		assert_ok!(call(factory, vec![]));
		let expected = revm::primitives::Address::new(factory.0).create(2);
		assert_eq!(second.0, expected.into_array());
		assert_eq!(Evm::account_info(&factory).nonce, 3);
		assert_eq!(Evm::account_info(&second).nonce, 1);
		assert_eq!(
			System::providers(&contract_account(second)),
			1,
			"an empty contract stays too"
		);
	});
}

#[test]
fn nonce_stays_when_the_creator_is_emptied() {
	test(|| {
		let first = deploy("STOP");
		let all = balance(&alice());
		assert_ok!(call_with(
			&alice(),
			account::alias(&bob()),
			vec![],
			all,
			GAS
		));
		assert!(!pallet_balances::Account::<Test>::contains_key(alice()));
		assert_ok!(call_with(
			&bob(),
			account::alias(&alice()),
			vec![],
			1_000,
			GAS
		));
		let second = deploy("STOP");
		assert_ne!(first, second);
		assert_eq!(Evm::account_info(&account::alias(&alice())).nonce, 2);
	});
}
