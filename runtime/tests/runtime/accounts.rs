//! Accounts from their coming into being on: aliases, nonces, and what lies at an alias.

use pallet_cross_vm::WeightInfo as _;
use polkadot_sdk::{
	frame_support::traits::fungible::Mutate,
	frame_system, pallet_balances,
	sp_core::H160,
	sp_keyring::Sr25519Keyring::{self, Alice, Bob, Ferdie, One},
	sp_runtime::transaction_validity::InvalidTransaction,
};
use trivium_primitives::account::{alias, ethereum_account};
use trivium_runtime::{
	constants::currency::UNIT, weights, AccountId, Balances, Executive, Runtime, RuntimeCall,
	RuntimeEvent, System,
};

use crate::common::{account, apply, balance, development, signed};

fn remark() -> RuntimeCall {
	frame_system::Call::remark { remark: vec![] }.into()
}

fn empty(who: Sr25519Keyring) {
	let all = pallet_balances::Call::<Runtime>::transfer_all {
		dest: account(Bob).into(),
		keep_alive: false,
	};
	apply(who, all).expect("it is valid").expect("it succeeds");
	assert_eq!(balance(&account(who)), 0);
}

#[test]
fn immortal_transactions_of_an_emptied_account_stay_stale() {
	development().execute_with(|| {
		let ferdie = account(Ferdie);
		let first = signed(Ferdie, remark());
		assert!(Executive::apply_extrinsic(first.clone()).is_ok());
		let second = signed(Ferdie, remark());
		assert!(Executive::apply_extrinsic(second.clone()).is_ok());
		empty(Ferdie);
		assert_eq!(System::account_nonce(&ferdie), 3);

		Balances::mint_into(&ferdie, UNIT).expect("mints");
		for old in [first, second] {
			assert_eq!(
				Executive::apply_extrinsic(old),
				Err(InvalidTransaction::Stale.into())
			);
		}
		assert!(Executive::apply_extrinsic(signed(Ferdie, remark())).is_ok());
		assert_eq!(System::account_nonce(&ferdie), 4);
	});
}

#[test]
fn account_whose_first_transaction_empties_it_is_kept() {
	development().execute_with(|| {
		let ferdie = account(Ferdie);
		let all: RuntimeCall = pallet_balances::Call::transfer_all {
			dest: account(Bob).into(),
			keep_alive: false,
		}
		.into();
		let first = signed(Ferdie, all);
		assert!(Executive::apply_extrinsic(first.clone()).is_ok());
		assert_eq!(balance(&ferdie), 0);
		assert!(System::account_exists(&ferdie));
		// Empty as it is, it cannot pay.
		assert_eq!(
			apply(Ferdie, remark()),
			Err(InvalidTransaction::Payment.into())
		);
		Balances::mint_into(&ferdie, UNIT).expect("mints");
		assert_eq!(
			Executive::apply_extrinsic(first),
			Err(InvalidTransaction::Stale.into())
		);
		// The EVM sees an account that has sent nothing in its terms, and works with it.
		let call = pallet_evm::Call::<Runtime>::call {
			target: H160([0x77; 20]),
			input: Default::default(),
			value: 5,
			gas_limit: 21_000,
		};
		apply(Ferdie, call)
			.expect("it is valid")
			.expect("it succeeds");
		assert_eq!(balance(&ethereum_account(&H160([0x77; 20]))), 5);
	});
}

/// The account of a key that nobody has heard of yet, and the one to which money for its alias goes.
fn stranded(amount: u128) -> (AccountId, AccountId) {
	let who = account(One);
	let at_alias = ethereum_account(&alias(&who));
	// Genesis gives to every well-known key.
	frame_system::Account::<Runtime>::remove(&who);
	pallet_cross_vm::Aliases::<Runtime>::remove(alias(&who));
	let send = pallet_evm::Call::<Runtime>::call {
		target: alias(&who),
		input: Default::default(),
		value: amount,
		gas_limit: 21_000,
	};
	apply(Alice, send)
		.expect("it is valid")
		.expect("it succeeds");
	assert_eq!(balance(&at_alias), amount);
	(who, at_alias)
}

#[test]
fn what_was_sent_to_an_alias_becomes_its_owners_with_the_first_transaction() {
	development().execute_with(|| {
		let (who, at_alias) = stranded(5 * UNIT);
		Balances::mint_into(&who, UNIT).expect("mints");
		assert_eq!(balance(&at_alias), 5 * UNIT);
		apply(One, remark())
			.expect("it is valid")
			.expect("it succeeds");
		assert_eq!(balance(&at_alias), 0);
		assert!(balance(&who) > 5 * UNIT);
		System::assert_has_event(RuntimeEvent::Balances(pallet_balances::Event::Transfer {
			from: at_alias,
			to: who.clone(),
			amount: 5 * UNIT,
		}));
		// From now on the alias leads here.
		let before = balance(&who);
		let send = pallet_evm::Call::<Runtime>::call {
			target: alias(&who),
			input: Default::default(),
			value: 3,
			gas_limit: 21_000,
		};
		apply(Alice, send)
			.expect("it is valid")
			.expect("it succeeds");
		assert_eq!(balance(&who), before + 3);
	});
}

#[test]
fn anyone_claims_for_an_account_that_has_nothing_else() {
	development().execute_with(|| {
		let (who, at_alias) = stranded(5 * UNIT);
		let claim = pallet_cross_vm::Call::<Runtime>::claim_alias { who: who.clone() };
		apply(Bob, claim)
			.expect("it is valid")
			.expect("it succeeds");
		assert_eq!((balance(&who), balance(&at_alias)), (5 * UNIT, 0));
		apply(One, remark())
			.expect("it is valid")
			.expect("it succeeds");
	});
}

/// The alias is in the weight of whatever brings an account into being; that of a first transaction is
/// in the block's.
#[test]
fn first_transaction_counts_in_the_block() {
	development().execute_with(|| {
		let used = || System::block_weight().total();
		let weigh = || {
			let before = used();
			apply(Ferdie, remark())
				.expect("it is valid")
				.expect("it succeeds");
			used().saturating_sub(before)
		};
		let (first, second) = (weigh(), weigh());
		let extra = weights::pallet_cross_vm::WeightInfo::<Runtime>::first_transaction();
		assert_eq!(first.ref_time(), second.ref_time() + extra.ref_time());
	});
}
