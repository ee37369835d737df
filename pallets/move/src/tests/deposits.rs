//! Storage deposits: who pays, how much, and who gets them back.

use crate::{mock::*, storage::price, types::CallLimit, Error, HoldReason, Modules, Resources};
use move_vm_types::TypeTag;
use polkadot_sdk::{
	frame_support::{
		assert_ok,
		traits::fungible::{Inspect, InspectHold},
	},
	frame_system, pallet_balances,
};
use proptest::prelude::*;
use trivium_primitives::{AccountId, Balance};

/// Something that a user does.
#[derive(Clone, Copy, Debug)]
enum Act {
	Create,
	Remove,
	Transfer(u64),
	Open(u64),
	Release(u64),
	Refund(u64),
}

fn act() -> impl Strategy<Value = Act> {
	prop_oneof![
		Just(Act::Create),
		Just(Act::Remove),
		(0..60u64).prop_map(Act::Transfer),
		(0..60u64).prop_map(Act::Open),
		(0..4u64).prop_map(Act::Release),
		(0..4u64).prop_map(Act::Refund),
	]
}

const COIN: &str = examples!("::my_coin::MyCoin");

/// The deposit for a resource of this type and this length.
fn resource_price(account: &AccountId, tag: &str, bytes: usize) -> Balance {
	let TypeTag::Struct(tag) = TypeTag::parse(tag).unwrap() else {
		panic!("{tag} is no struct");
	};
	let key = Resources::<Test>::hashed_key_for(
		account,
		crate::storage::TagBytes::try_from(tag.to_bcs()).unwrap(),
	);
	price::<Test>(key.len(), bytes)
}

fn free(account: &AccountId) -> Balance {
	pallet_balances::Pallet::<Test>::free_balance(account)
}

#[test]
fn publisher_pays_for_modules_by_their_bytes() {
	test(|| {
		let modules = package("examples");
		let bytes: usize = modules.iter().map(Vec::len).sum();
		assert_ok!(publish(issuer(), modules));
		let expected: Balance = Modules::<Test>::iter_prefix(issuer())
			.map(|(name, entry)| {
				let key = Modules::<Test>::hashed_key_for(issuer(), name);
				// Its entry, and beside it the way from its contract account and from that account's alias.
				price::<Test>(2 * key.len() + 148, entry.record.len())
			})
			.sum();
		assert_eq!(held(&issuer()), expected);
		assert!(expected > bytes as Balance * PER_BYTE + 3 * PER_ITEM);
		assert_eq!(free(&issuer()), FUNDS - expected);
	});
}

#[test]
fn deposit_is_held_once_and_given_back_once() {
	test_with_examples(|| {
		let tag = examples!("::counter::Counter");
		let expected = resource_price(&alice(), tag, 8);
		assert_ok!(execute(alice(), "counter::create", &[], vec![]));
		assert_eq!(held(&alice()), expected);
		assert_ok!(execute(alice(), "counter::increment", &[], vec![]));
		assert_eq!(held(&alice()), expected, "the same length costs the same");
		assert_ok!(execute(alice(), "counter::remove", &[], vec![]));
		assert_eq!((held(&alice()), free(&alice())), (0, FUNDS));
		assert!(execute(alice(), "counter::remove", &[], vec![]).is_err());
		assert_eq!((held(&alice()), free(&alice())), (0, FUNDS));
	});
}

#[test]
fn refund_goes_to_who_paid_whoever_removes() {
	test_with_examples(|| {
		assert_ok!(execute(issuer(), "my_coin::create", &[], vec![]));
		for holder in [alice(), bob()] {
			assert_ok!(execute(holder, "0x1::coin::register", &[COIN], vec![]));
		}
		let args = vec![bcs(alice()), bcs(100u64)];
		assert_ok!(execute(issuer(), "my_coin::mint", &[], args));
		let before = held(&alice());
		let open = |amount: u64| {
			let args = vec![bcs(bob()), bcs(amount)];
			assert_ok!(execute(alice(), "escrow::open", &[COIN], args));
		};
		open(10);
		let with_table = held(&alice());
		open(10);
		let with_deal = held(&alice());
		assert!(before < with_table && with_table < with_deal);
		let bobs = held(&bob());
		// Bob takes Alice's entry out of the table.
		let args = vec![bcs(alice()), bcs(1u64)];
		assert_ok!(execute(bob(), "escrow::refund", &[COIN], args));
		assert_eq!((held(&alice()), held(&bob())), (with_table, bobs));
	});
}

#[test]
fn deposit_beyond_the_limit_is_refused() {
	test_with_examples(|| {
		let expected = resource_price(&alice(), examples!("::counter::Counter"), 8);
		let with = |deposit| {
			let limit = CallLimit {
				deposit: Some(deposit),
				..AMPLE
			};
			dispatch(execute_call("counter::create", &[], vec![], limit), alice()).1
		};
		let before = state();
		assert_eq!(
			with(expected - 1),
			Err(Error::<Test>::DepositLimitExceeded.into())
		);
		assert_eq!(state(), before);
		assert_ok!(with(expected));
	});
}

#[test]
fn deposit_beyond_the_means_is_refused_and_nobody_is_reaped() {
	test_with_examples(|| {
		let tag = examples!("::counter::Counter");
		let expected = resource_price(&poor(), tag, 8);
		let before = state();
		let set = |amount| {
			assert_ok!(pallet_balances::Pallet::<Test>::force_set_balance(
				RuntimeOrigin::root(),
				poor(),
				amount
			));
		};
		assert!(expected > free(&poor()));
		assert_eq!(
			execute(poor(), "counter::create", &[], vec![]),
			Err(Error::<Test>::InsufficientBalance.into())
		);
		assert_eq!(state(), before);
		// All of it would leave less than the existential deposit.
		set(expected);
		assert!(execute(poor(), "counter::create", &[], vec![]).is_err());
		set(expected + 1);
		assert_ok!(execute(poor(), "counter::create", &[], vec![]));
		assert_eq!((free(&poor()), held(&poor())), (1, expected));
		assert!(frame_system::Pallet::<Test>::account_exists(&poor()));
		let spendable = Balances::reducible_balance(
			&poor(),
			polkadot_sdk::frame_support::traits::tokens::Preservation::Expendable,
			polkadot_sdk::frame_support::traits::tokens::Fortitude::Polite,
		);
		assert_eq!(spendable, 0);
	});
}

#[test]
fn who_acts_pays_the_deposit_whoever_pays_the_fee() {
	test_with_examples(|| {
		assert_ok!(execute(alice(), "counter::create", &[], vec![]));
		let expected = resource_price(&alice(), examples!("::counter::Counter"), 8);
		assert_eq!((held(&alice()), held(&bob())), (expected, 0));
		assert_ok!(execute(alice(), "counter::remove", &[], vec![]));
		assert_eq!((held(&alice()), held(&bob())), (0, 0));
		assert_eq!((free(&alice()), free(&bob())), (FUNDS, FUNDS));
	});
}

#[test]
fn call_that_names_no_limit_takes_no_deposit() {
	test_with_examples(|| {
		let limit = CallLimit {
			deposit: None,
			..AMPLE
		};
		let call = |function: &str| execute_call(function, &[], vec![], limit);
		let exceeded = Err(Error::<Test>::DepositLimitExceeded.into());
		assert_eq!(dispatch(call("counter::create"), alice()).1, exceeded);
		assert_eq!(held(&alice()), 0);
		// What adds nothing goes without.
		assert_ok!(execute(alice(), "counter::create", &[], vec![]));
		assert_ok!(dispatch(call("counter::increment"), alice()).1);
		assert_ok!(dispatch(call("counter::remove"), alice()).1);
		assert_eq!((held(&alice()), free(&alice())), (0, FUNDS));
	});
}

#[test]
fn entry_keeps_its_price_until_it_is_written_again() {
	test_with_examples(|| {
		let tag = examples!("::counter::Counter");
		assert_ok!(execute(alice(), "counter::create", &[], vec![]));
		let old = resource_price(&alice(), tag, 8);
		BytePrice::set(2 * PER_BYTE);
		assert_eq!(held(&alice()), old);
		assert_ok!(execute(alice(), "counter::increment", &[], vec![]));
		let new = resource_price(&alice(), tag, 8);
		assert!(new > old);
		assert_eq!(held(&alice()), new);
		BytePrice::set(PER_BYTE);
		assert_ok!(execute(alice(), "counter::increment", &[], vec![]));
		assert_eq!(held(&alice()), old);
	});
}

#[test]
fn estimate_tells_deposit_and_refund() {
	test_with_examples(|| {
		let call = |function: &str| crate::types::MoveCall::Execute {
			module: (issuer(), b"counter".to_vec()),
			function: function.into(),
			type_args: vec![],
			args: vec![],
		};
		let expected = resource_price(&alice(), examples!("::counter::Counter"), 8);
		let estimate = MoveVm::estimate(alice(), call("create"), None);
		assert_eq!((estimate.deposit, estimate.refund), (expected, 0));
		assert_ok!(execute(alice(), "counter::create", &[], vec![]));
		let estimate = MoveVm::estimate(alice(), call("remove"), None);
		assert_eq!((estimate.deposit, estimate.refund), (0, expected));
		let reason = HoldReason::StorageDeposit.into();
		assert_eq!(Balances::balance_on_hold(&reason, &alice()), expected);
	});
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(48))]

	/// Whatever two users do: what is on hold is what entries say, no planck is made or lost, and what is
	/// refused changes nothing.
	#[test]
	fn deposits_add_up_after_each_act(
		acts in prop::collection::vec((any::<bool>(), act()), 1..40),
	) {
		test_with_examples(|| {
			assert_ok!(execute(issuer(), "my_coin::create", &[], vec![]));
			for holder in [alice(), bob()] {
				assert_ok!(execute(holder.clone(), "0x1::coin::register", &[COIN], vec![]));
				let args = vec![bcs(holder), bcs(100u64)];
				assert_ok!(execute(issuer(), "my_coin::mint", &[], args));
			}
			let funds = || {
				[alice(), bob(), issuer()].map(|who| free(&who) + held(&who))
			};
			let before = funds();
			for (by_alice, act) in acts {
				let held_before = [held(&alice()), held(&bob())];
				let (user, other) = match by_alice {
					true => (alice(), bob()),
					false => (bob(), alice()),
				};
				let (function, types, args) = match act {
					Act::Create => ("counter::create", &[][..], vec![]),
					Act::Remove => ("counter::remove", &[][..], vec![]),
					Act::Transfer(amount) => {
						("0x1::coin::transfer", &[COIN][..], vec![bcs(other), bcs(amount)])
					}
					Act::Open(amount) => {
						("escrow::open", &[COIN][..], vec![bcs(other), bcs(amount)])
					}
					Act::Release(id) => ("escrow::release", &[COIN][..], vec![bcs(id)]),
					Act::Refund(id) => ("escrow::refund", &[COIN][..], vec![bcs(other), bcs(id)]),
				};
				let state_before = state();
				let result = execute(user, function, types, args);
				if result.is_err() {
					assert_eq!(state(), state_before);
				}
				MoveVm::do_try_state().unwrap();
				assert_eq!(funds(), before);
				// Only who acts takes on more.
				let passive = usize::from(by_alice);
				assert!([held(&alice()), held(&bob())][passive] <= held_before[passive]);
			}
		});
	}
}
