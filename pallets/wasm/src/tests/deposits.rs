//! Who pays for storage, within which limit, and who gets it back.

use polkadot_sdk::{
	frame_support::traits::{
		fungible::{Inspect, InspectHold, Mutate},
		tokens::Preservation,
		Hooks,
	},
	sp_runtime::traits::Zero,
	sp_weights::Weight,
};
use proptest::prelude::*;

use super::{
	script::{contract, CallWith, Script},
	*,
};
use crate::{
	shares::{Depositors, MAX_SHARES},
	weights::entries,
	ContractInfoOf, DepositShares, DepositorsOf, Error, HoldReason, Refunds, StorageDeposit,
	WeightInfo,
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
	assert_eq!(held(contract), info.all_deposits(), "record");
	Contracts::do_try_state().unwrap();
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

/// Found on a chain: whoever could make a contract at the account anew, in the same transaction, had them.
#[test]
fn coins_of_a_contract_that_goes_are_the_beneficiarys_at_once() {
	new_test_ext().execute_with(|| {
		let one = make();
		run(BOB, &one, Script::default().stores(1, &[1; 50]));
		<Balances as Mutate<_>>::transfer(&BOB, &one, 10_000, Preservation::Preserve).unwrap();
		let free = Balances::free_balance(&one) as i128;
		let kept = Balances::minimum_balance() as i128;
		let gained = gain(&FOREIGN, || {
			call(&one, Script::default().terminates(&FOREIGN).encode());
		});
		assert_eq!(gained, free - kept);
		let has = Balances::balance(&FOREIGN);
		let made = instantiate_with(Code::Existing(hash_of(&contract(true))), 0, vec![], &[]);
		assert_eq!(made.result.unwrap().account_id, one, "the same account");
		Contracts::on_idle(1, AMPLE);
		assert_eq!(Balances::balance(&FOREIGN), has);
		Contracts::do_try_state().unwrap();
	});
}

/// Found on a chain, by random calls: who stored and terminated in one call was paid out of what others had on hold.
#[test]
fn what_a_frame_stores_or_frees_before_it_terminates_is_nobody_elses() {
	let stores = Script::default().stores(2, &[1; 500]);
	let replaces = Script::default().stores(1, &[1; 500]);
	let frees = Script::default().clears(1);
	let shrinks = Script::default().stores(1, &[1]);
	for before in [stores, replaces, frees, shrinks, Script::default()] {
		new_test_ext().execute_with(|| {
			let one = make();
			let of_alice = held(&one);
			run(BOB, &one, Script::default().stores(1, &[1; 50]));
			let mut of_bob = 0;
			let gained = gain(&ALICE, || {
				of_bob = gain(&BOB, || {
					let script = before.terminates(&FOREIGN);
					call_as(ALICE, &one, script.encode()).result.unwrap();
					Contracts::do_try_state().unwrap();
					Contracts::on_idle(1, AMPLE);
				});
			});
			assert_eq!(of_bob, price(50) as i128);
			assert_eq!(gained, of_alice as i128);
			assert!(Balances::total_balance(&one).is_zero());
			Contracts::do_try_state().unwrap();
		});
	}
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

/// What a script uses, if it does well.
#[track_caller]
fn weight_of(who: AccountId, contract: &AccountId, script: Script) -> Weight {
	let called = call_as(who, contract, script.encode());
	assert!(!called.result.unwrap().did_revert());
	check_books(contract);
	called.gas_consumed
}

#[test]
fn removal_is_charged_for_all_the_depositors_that_items_may_have() {
	new_test_ext().execute_with(|| {
		let one = make();
		run(BOB, &one, Script::default().stores(1, &[1; 50]));
		call(&one, Script::default().terminates(&FOREIGN).encode());
		let used = Contracts::on_idle(1, AMPLE);
		// Both lists of who paid, and the entry of the queue; the item itself is not in the database yet.
		let removal = |keys| <() as WeightInfo>::deletion(keys);
		let per_key = removal(1)
			.saturating_sub(removal(0))
			.saturating_add(<() as WeightInfo>::refund().saturating_mul(MAX_SHARES.into()))
			.saturating_add(entries(2));
		assert_eq!(used, removal(0).saturating_add(per_key.saturating_mul(3)));
	});
}

#[test]
fn refunds_of_the_record_and_of_dependencies_are_charged() {
	// What it costs somebody who gets nothing back more than whoever had paid.
	let excess = |before: &dyn Fn(H256) -> Script, after: &dyn Fn(H256) -> Script| {
		let mut used = [ALICE, BOB].map(|who| {
			new_test_ext().execute_with(|| {
				let one = make();
				let other = Contracts::bare_upload_code(ALICE, contract(false), None).unwrap();
				run(ALICE, &one, before(other.code_hash));
				weight_of(who, &one, after(other.code_hash))
			})
		});
		used.sort_by_key(Weight::ref_time);
		let [less, more] = used;
		more.saturating_sub(less)
	};
	let refund = <() as WeightInfo>::refund();
	let nothing = |_| Script::default();
	let lock = |code| Script::default().locks(code);
	let unlock = |code| Script::default().unlocks(code);
	assert_eq!(excess(&lock, &unlock), refund);
	// The other code is shorter, and so is the deposit for it.
	assert!(contract(false).len() < contract(true).len());
	let change = |code| Script::default().sets_code(code);
	assert_eq!(excess(&nothing, &change), refund);
}

#[test]
fn coins_that_go_along_with_an_instantiation_are_charged() {
	new_test_ext().execute_with(|| {
		let one = make();
		Balances::set_balance(&one, 1_000_000);
		let code = hash_of(&contract(true));
		let [with, without] = [(1, 1), (2, 0)].map(|(salt, value)| {
			let script = Script::default().instantiates(code, &Script::default(), salt, 0, value);
			weight_of(ALICE, &one, script)
		});
		let charged = <() as WeightInfo>::call_transfer();
		assert_eq!(with.saturating_sub(without), charged);
	});
}

/// Stores 100 bytes for Alice at one price of a byte and 100 for Bob at another, and has both removed; what
/// each has
/// gained in the end, planck, and what is still on hold beside the deposit for the record.
fn stored_at_two_prices(prices: [Balance; 2]) -> (i128, i128, Balance) {
	new_test_ext().execute_with(|| {
		let one = make();
		let base = held(&one);
		let mut of_bob = 0;
		let of_alice = gain(&ALICE, || {
			of_bob = gain(&BOB, || {
				PricePerByte::set(prices[0]);
				run(ALICE, &one, Script::default().stores(1, &[1; 100]));
				PricePerByte::set(prices[1]);
				run(BOB, &one, Script::default().stores(2, &[2; 100]));
				run(ALICE, &one, Script::default().clears(1));
				run(BOB, &one, Script::default().clears(2));
			})
		});
		PricePerByte::set(PER_BYTE);
		(of_alice, of_bob, held(&one) - base)
	})
}

#[test]
fn deposits_go_back_as_they_were_paid_when_prices_change() {
	// The record alone would give each of them half.
	assert_eq!(stored_at_two_prices([PER_BYTE, 10 * PER_BYTE]), (0, 0, 0));
	assert_eq!(stored_at_two_prices([10 * PER_BYTE, PER_BYTE]), (0, 0, 0));
}

#[test]
fn deposits_of_an_older_state_are_not_had_by_storing_and_freeing() {
	new_test_ext().execute_with(|| {
		let one = make();
		PricePerByte::set(10 * PER_BYTE);
		run(ALICE, &one, Script::default().stores(1, &[1; 100]));
		// As the published pallet leaves it: nobody is named.
		let trie_id = ContractInfoOf::<Test>::get(&one).unwrap().trie_id;
		let _ = DepositShares::<Test>::clear_prefix(&trie_id, 100, None);
		DepositorsOf::<Test>::remove(&trie_id);
		PricePerByte::set(PER_BYTE);
		let of_bob = gain(&BOB, || {
			run(BOB, &one, Script::default().stores(2, &[2; 100]));
			run(BOB, &one, Script::default().clears(2));
		});
		assert_eq!(of_bob, 0);
		// Who frees what is nobody's gets it, as there.
		let of_bob = gain(&BOB, || run(BOB, &one, Script::default().clears(1)));
		assert!(of_bob > 1_000 * PER_BYTE as i128 * 9 / 10, "{of_bob}");
		PricePerByte::set(PER_BYTE);
	});
}

#[test]
fn governance_pays_nothing_takes_nothing_and_gives_back() {
	new_test_ext().execute_with(|| {
		let one = make();
		run(BOB, &one, Script::default().stores(1, &[1; 50]));
		let as_root = |script: Script| {
			let root = RuntimeOrigin::root();
			Contracts::call(root, one.clone(), 0, AMPLE, None, script.encode()).unwrap();
			check_books(&one);
		};
		let all = held(&one);
		let other = Contracts::bare_upload_code(ALICE, contract(false), None).unwrap();
		as_root(Script::default().stores(2, &[2; 80]).locks(other.code_hash));
		assert_eq!(held(&one), all);
		// It grows an item that somebody has paid for; that is as much his as it was.
		as_root(Script::default().stores(1, &[1; 60]));
		assert_eq!(held(&one), all);
		// Nobody has paid for what governance stored, and nobody gets anything for it.
		let mut of_bob = 0;
		let of_alice = gain(&ALICE, || {
			of_bob = gain(&BOB, || {
				run(
					ALICE,
					&one,
					Script::default().clears(2).unlocks(other.code_hash),
				);
			});
		});
		assert_eq!((of_alice, of_bob), (0, 0));
		// It removes what Bob has paid for, who gets it back.
		let of_bob = gain(&BOB, || as_root(Script::default().clears(1)));
		assert_eq!(of_bob, price(50) as i128);
		// Shorter code needs a smaller deposit, and the rest goes back to who instantiated the contract; longer code
		// needs a larger one, which nobody pays.
		let of_alice = gain(&ALICE, || {
			as_root(Script::default().sets_code(other.code_hash))
		});
		assert!(of_alice > 0);
		let all = held(&one);
		as_root(Script::default().sets_code(hash_of(&contract(true))));
		assert_eq!(held(&one), all);
	});
}

/// Planck that the record's averages may move from one payer to another, in all of a test's calls.
const DUST: Balance = 10_000;

/// One step of a random script.
#[derive(Clone, Debug)]
enum Step {
	/// Stores so many bytes under a key.
	Stores(u8, usize),
	/// Removes what is under a key.
	Clears(u8),
	/// Calls a contract, this one perhaps.
	Calls(usize, Vec<Step>),
	/// Ends the contract.
	Terminates,
	/// Fails.
	Traps,
}

fn step() -> impl Strategy<Value = Step> {
	let len = prop::sample::select(vec![0usize, 1, 50, 500]);
	let leaf = prop_oneof![
		6 => (0..4u8, len).prop_map(|(key, len)| Step::Stores(key, len)),
		3 => (0..4u8).prop_map(Step::Clears),
		1 => Just(Step::Terminates),
		1 => Just(Step::Traps),
	];
	leaf.prop_recursive(3, 12, 3, |inner| {
		(0..3usize, prop::collection::vec(inner, 1..4))
			.prop_map(|(callee, steps)| Step::Calls(callee, steps))
	})
}

fn script_of(steps: &[Step], contracts: &[AccountId]) -> Script {
	let add = |script: Script, step: &Step| match step {
		Step::Stores(key, len) => script.stores(*key, &vec![7; *len]),
		Step::Clears(key) => script.clears(*key),
		Step::Calls(callee, steps) => {
			let inner = script_of(steps, contracts);
			script.calls(&contracts[*callee], &inner, CallWith::default())
		}
		Step::Terminates => script.terminates(&FOREIGN),
		Step::Traps => script.traps(),
	};
	steps.iter().fold(Script::default(), add)
}

proptest! {
	#![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..Default::default() })]

	/// Whatever three payers have contracts store, free and end, when all contracts have gone each has what it had.
	#[test]
	fn every_payer_gets_back_what_it_paid(
		calls in prop::collection::vec(
			(0..3usize, 0..3usize, prop::collection::vec(step(), 1..5)),
			1..12,
		),
	) {
		new_test_ext().execute_with(|| {
			let payers = [ALICE, BOB, AccountId::new([3; 32])];
			let wealth = Balances::total_balance(&BOB);
			Balances::mint_into(&payers[2], wealth).unwrap();
			let before = payers.each_ref().map(Balances::total_balance);
			let first = make();
			let code = hash_of(&contract(true));
			let another = |salt: u8| {
				let made = instantiate_with(Code::Existing(code), 0, vec![], &[salt]);
				made.result.unwrap().account_id
			};
			let contracts = [first, another(1), another(2)];
			for (payer, callee, steps) in calls {
				let input = script_of(&steps, &contracts).encode();
				let _ = call_as(payers[payer].clone(), &contracts[callee], input);
				Contracts::do_try_state().unwrap();
			}
			for one in &contracts {
				let _ = call_as(BOB, one, Script::default().terminates(&FOREIGN).encode());
				Contracts::do_try_state().unwrap();
			}
			for _ in 0..100 {
				Contracts::on_idle(1, AMPLE);
			}
			prop_assert_eq!(crate::DeletionQueue::<Test>::iter().count(), 0);
			let mut after = payers.each_ref().map(Balances::total_balance);
			// Each account costs its maker the least balance, which goes to the beneficiary.
			let accounts = 3 * Balances::minimum_balance();
			after[0] += accounts;
			prop_assert_eq!(after.iter().sum::<Balance>(), before.iter().sum::<Balance>());
			for (after, before) in after.into_iter().zip(before) {
				// A contract's record knows averages alone: dividing by them loses some planck, see `deposits_after`.
				prop_assert!(after.abs_diff(before) <= DUST, "{} is not {}", after, before);
			}
			prop_assert_eq!(Balances::balance(&FOREIGN), 1 + accounts);
			Contracts::do_try_state().unwrap();
			Ok(())
		})?;
	}
}
