//! Who pays for storage, within which limit, and who gets it back.

use polkadot_sdk::{
	frame_support::traits::{
		fungible::{Inspect, InspectHold},
		Hooks,
	},
	sp_runtime::traits::Zero,
};

use super::{
	script::{contract, CallWith, Script},
	*,
};
use crate::{
	shares::Depositors, ContractInfoOf, DepositShares, DepositorsOf, Error, HoldReason, Refunds,
	StorageDeposit,
};

/// Price of an item with a value of this length.
fn price(len: u32) -> Balance {
	PER_ITEM + PER_BYTE * Balance::from(len)
}

fn held(contract: &AccountId) -> Balance {
	Balances::balance_on_hold(&HoldReason::StorageDepositReserve.into(), contract)
}

/// What is on hold is what the record says, and what the lists say beside it.
#[track_caller]
fn check_books(contract: &AccountId) {
	let info = ContractInfoOf::<Test>::get(contract).unwrap();
	let total = info.total_deposit() + info.dependencies_deposit();
	assert_eq!(held(contract), total, "record");
	let mut listed = 0;
	for (_, shares) in DepositShares::<Test>::iter_prefix(&info.trie_id) {
		listed += shares.iter().map(|share| share.amount).sum::<Balance>();
	}
	let recorded = DepositorsOf::<Test>::get(&info.trie_id)
		.unwrap_or_default()
		.recorded;
	assert_eq!(listed, recorded, "lists");
	assert!(recorded <= total);
}

/// What an account gains by something, planck.
fn gain(who: &AccountId, f: impl FnOnce()) -> i128 {
	let before = Balances::balance(who) as i128;
	f();
	Balances::balance(who) as i128 - before
}

#[track_caller]
fn run(who: AccountId, contract: &AccountId, script: Script) {
	let output = call_as(who, contract, script.encode()).result.unwrap();
	assert!(!output.did_revert());
	check_books(contract);
}

fn make() -> AccountId {
	let made = instantiate(contract(true), Vec::new());
	check_books(&made);
	made
}

#[test]
fn deposit_goes_back_to_who_paid_and_not_to_who_frees() {
	new_test_ext().execute_with(|| {
		let one = make();
		let paid = gain(&BOB, || {
			run(BOB, &one, Script::default().stores(1, &[1; 50]))
		});
		assert_eq!(paid, -(price(50) as i128));
		let mut of_alice = 0;
		let of_bob = gain(&BOB, || {
			of_alice = gain(&ALICE, || run(ALICE, &one, Script::default().clears(1)));
		});
		assert_eq!((of_alice, of_bob), (0, price(50) as i128));
	});
}

#[test]
fn storage_of_another_cannot_be_exchanged_for_ones_own() {
	new_test_ext().execute_with(|| {
		let one = make();
		run(BOB, &one, Script::default().stores(1, &[1; 50]));
		// In one frame the growth and the shrinkage are equal, and yet Alice pays for hers.
		let mut of_alice = 0;
		let of_bob = gain(&BOB, || {
			let script = Script::default().clears(1).stores(2, &[2; 50]);
			of_alice = gain(&ALICE, || run(ALICE, &one, script));
		});
		assert_eq!(
			(of_alice, of_bob),
			(-(price(50) as i128), price(50) as i128)
		);
	});
}

#[test]
fn growth_is_paid_by_who_grows_and_given_back_last_first() {
	new_test_ext().execute_with(|| {
		let one = make();
		run(BOB, &one, Script::default().stores(1, &[1; 50]));
		let grown = gain(&ALICE, || {
			run(ALICE, &one, Script::default().stores(1, &[1; 80]))
		});
		assert_eq!(grown, -30 * PER_BYTE as i128);
		// Bob shrinks it: first what Alice paid goes back, then what he did.
		let mut of_alice = 0;
		let of_bob = gain(&BOB, || {
			of_alice = gain(&ALICE, || {
				run(BOB, &one, Script::default().stores(1, &[1; 40]))
			});
		});
		assert_eq!(of_alice, 30 * PER_BYTE as i128);
		assert_eq!(of_bob, 10 * PER_BYTE as i128);
	});
}

#[test]
fn limit_of_nothing_holds_in_every_frame() {
	new_test_ext().execute_with(|| {
		let one = make();
		let two = instantiate_with(Code::Existing(hash_of(&contract(true))), 0, vec![], &[2]);
		let two = two.result.unwrap().account_id;
		let store = Script::default().stores(1, &[1]);
		let limited = |script: &Script, limit| {
			Contracts::bare_call(
				ALICE,
				one.clone(),
				0,
				AMPLE,
				Some(limit),
				script.encode(),
				DebugInfo::Skip,
				CollectEvents::Skip,
			)
		};
		let exhausted = Err(Error::<Test>::StorageDepositLimitExhausted.into());
		assert_eq!(limited(&store, 0).result, exhausted);
		assert_eq!(limited(&store, price(1) - 1).result, exhausted);
		assert!(limited(&store, price(1)).result.is_ok());
		// The callee's frame fails; the caller hears of it and goes on.
		let nested = Script::default()
			.calls(&two, &store, CallWith::default())
			.returns_result();
		let output = limited(&nested, 0).result.unwrap();
		assert_eq!(output.data, 1u32.to_le_bytes());
		assert!(held(&two) == ContractInfoOf::<Test>::get(&two).unwrap().total_deposit());
		// A limit that the caller sets for the callee.
		let with = |deposit| CallWith {
			deposit,
			..Default::default()
		};
		let tight = Script::default()
			.calls(&two, &store, with(price(1) - 1))
			.returns_result();
		assert_eq!(call(&one, tight.encode()), 1u32.to_le_bytes());
		let wide = Script::default()
			.calls(&two, &store, with(price(1)))
			.returns_result();
		assert_eq!(call(&one, wide.encode()), 0u32.to_le_bytes());
	});
}

#[test]
fn what_is_rolled_back_is_not_paid_for() {
	new_test_ext().execute_with(|| {
		let one = make();
		let made = instantiate_with(Code::Existing(hash_of(&contract(true))), 0, vec![], &[2]);
		let two = made.result.unwrap().account_id;
		let store = Script::default().stores(1, &[1; 100]);
		let spent = gain(&ALICE, || {
			let nested = store
				.clone()
				.calls(&two, &store, CallWith::default())
				.traps();
			let result = call_as(ALICE, &one, nested.encode());
			assert!(result.result.is_err());
			assert_eq!(result.storage_deposit, StorageDeposit::Charge(0));
			let failing =
				Script::default().calls(&two, &store.clone().traps(), CallWith::default());
			assert_eq!(
				call(&one, failing.returns_result().encode()),
				1u32.to_le_bytes()
			);
		});
		assert_eq!(spent, 0);
		check_books(&one);
		check_books(&two);
	});
}

#[test]
fn contract_entered_again_changes_its_storage_and_all_frames_see_it() {
	new_test_ext().execute_with(|| {
		let one = make();
		// It stores, is entered again and removes that, and stores anew.
		let inner = Script::default().clears(1).stores(2, &[2; 20]);
		let script = Script::default()
			.stores(1, &[1; 10])
			.calls(&one, &inner, CallWith::default())
			.stores(3, &[3; 30])
			.clears(2);
		run(ALICE, &one, script);
		let info = ContractInfoOf::<Test>::get(&one).unwrap();
		assert_eq!((info.storage_items, info.storage_bytes), (1, 30));
	});
}

#[test]
fn contract_paid_by_one_pays_out_at_once_when_it_goes() {
	new_test_ext().execute_with(|| {
		let one = make();
		run(ALICE, &one, Script::default().stores(1, &[1; 50]));
		let trie_id = ContractInfoOf::<Test>::get(&one).unwrap().trie_id;
		let all = held(&one);
		let mut of_bob = 0;
		let of_alice = gain(&ALICE, || {
			of_bob = gain(&BOB, || {
				call_as(BOB, &one, Script::default().terminates(&BOB).encode())
					.result
					.unwrap();
			});
		});
		assert_eq!(
			of_alice, all as i128,
			"deposits go to Alice, who had paid them"
		);
		assert_eq!(
			of_bob,
			Balances::minimum_balance() as i128,
			"coins to the beneficiary"
		);
		assert!(Balances::total_balance(&one).is_zero());
		assert_eq!(DepositShares::<Test>::iter_prefix(&trie_id).count(), 2);
		Contracts::on_idle(1, AMPLE);
		assert_eq!(DepositShares::<Test>::iter_prefix(&trie_id).count(), 0);
		assert!(!DepositorsOf::<Test>::contains_key(&trie_id));
	});
}

#[test]
fn contract_paid_by_several_pays_out_as_its_storage_goes() {
	new_test_ext().execute_with(|| {
		let one = make();
		run(BOB, &one, Script::default().stores(1, &[1; 50]));
		run(ALICE, &one, Script::default().stores(2, &[1; 5]));
		let trie_id = ContractInfoOf::<Test>::get(&one).unwrap().trie_id;
		assert_eq!(DepositorsOf::<Test>::get(&trie_id).unwrap().sole, None);
		let (all, of_bob) = (held(&one), price(50));
		call(&one, Script::default().terminates(&FOREIGN).encode());
		assert_eq!(held(&one), all, "still on hold");
		assert!(Refunds::<Test>::contains_key(&trie_id));
		let mut got = 0;
		let of_alice = gain(&ALICE, || {
			got = gain(&BOB, || {
				Contracts::on_idle(1, AMPLE);
			});
		});
		assert_eq!(got, of_bob as i128);
		assert_eq!(of_alice, (all - of_bob) as i128);
		assert!(Balances::total_balance(&one).is_zero());
		assert!(!Refunds::<Test>::contains_key(&trie_id));
		assert_eq!(Balances::balance(&FOREIGN), 1 + Balances::minimum_balance());
	});
}

#[test]
fn contract_made_anew_at_the_account_keeps_its_coins_when_the_old_one_is_paid_out() {
	new_test_ext().execute_with(|| {
		let one = make();
		run(BOB, &one, Script::default().stores(1, &[1; 50]));
		call(&one, Script::default().terminates(&FOREIGN).encode());
		let made = instantiate_with(Code::Existing(hash_of(&contract(true))), 1_000, vec![], &[]);
		assert_eq!(made.result.unwrap().account_id, one);
		let before = Balances::balance(&one);
		Contracts::on_idle(1, AMPLE);
		assert_eq!(Balances::balance(&one), before);
		check_books(&one);
		run(
			ALICE,
			&one,
			Script::default().stores(1, &[1; 5]).asks_balance(),
		);
	});
}

#[test]
fn removal_goes_on_where_the_weight_ended() {
	new_test_ext().execute_with(|| {
		let one = make();
		for key in 0..20 {
			let who = if key % 2 == 0 { ALICE } else { BOB };
			run(who, &one, Script::default().stores(key, &[key; 10]));
		}
		call(&one, Script::default().terminates(&FOREIGN).encode());
		let step = <() as crate::WeightInfo>::deletion(3);
		let mut rounds = 0;
		let queue = || crate::DeletionQueue::<Test>::iter().count();
		while queue() > 0 && rounds < 100 {
			let used = Contracts::on_idle(1, step);
			assert!(used.all_lte(step));
			rounds += 1;
		}
		assert_eq!(queue(), 0);
		assert!(rounds > 3);
		assert!(Balances::total_balance(&one).is_zero());
		assert_eq!(DepositShares::<Test>::iter().count(), 0);
		assert_eq!(DepositorsOf::<Test>::iter().count(), 0);
		// Nothing to do costs a look.
		assert!(Contracts::on_idle(1, step).all_lte(step));
	});
}

#[test]
fn sole_depositor_is_forgotten_when_a_second_one_pays() {
	new_test_ext().execute_with(|| {
		let one = make();
		let trie_id = ContractInfoOf::<Test>::get(&one).unwrap().trie_id;
		let of = || DepositorsOf::<Test>::get(&trie_id).unwrap();
		assert_eq!(of().sole, Some(ALICE));
		run(BOB, &one, Script::default().stores(1, &[1]));
		assert_eq!(of().sole, None);
		run(BOB, &one, Script::default().clears(1));
		// Nobody has counted the others, so it is not known; nothing is lost by that.
		let base = ContractInfoOf::<Test>::get(&one).unwrap().total_deposit();
		assert_eq!(
			of(),
			Depositors {
				recorded: base,
				sole: None
			}
		);
	});
}
