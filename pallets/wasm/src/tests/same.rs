//! Steps on which the published pallet and ours agree: ink! contracts, and nests of calls.

use codec::Decode;
use polkadot_sdk::frame_support::traits::fungible::InspectHold;

use super::{
	oracle::{Outcome, Pair, Step},
	script::{contract, CallWith, Script, ALLOW_REENTRY, FORWARD_INPUT, READ_ONLY, TAIL_CALL},
	*,
};
use crate::{ContractInfoOf, HoldReason};

#[track_caller]
fn answer(outcome: Outcome) -> Vec<u8> {
	outcome.result.unwrap().1
}

#[test]
fn counter_does_the_same() {
	let mut pair = Pair::new();
	let counter = pair.make("new", ink("counter"), input("new", 5u64));
	pair.call("get", &counter, input("get", ()));
	pair.call("increment", &counter, input("increment", ()));
	pair.call("set", &counter, input("set", 77u64));
	pair.call("sender", &counter, input("sender", ()));
	pair.call("fail", &counter, input("fail", 3u64));
	pair.call("burn", &counter, input("burn", 3u64));
	pair.call("no such message", &counter, vec![1, 2, 3, 4]);
	pair.call("no input", &counter, vec![]);
	pair.call_with(
		"value to what takes none",
		&counter,
		input("get", ()),
		5,
		None,
	);
	pair.call_with("deposit", &counter, input("deposit", ()), 5_000, None);
	pair.call_with("stained", &counter, input("stained", ()), 0, Some(0));
	pair.call_with(
		"more than there is",
		&counter,
		input("get", ()),
		PLENTY,
		None,
	);
	pair.call("no contract", &BOB, input("get", ()));
	assert_eq!(pair.steps, 14);
}

#[test]
fn token_does_the_same() {
	let mut pair = Pair::new();
	let token = pair.make("new", ink("token"), input("new", 1_000u128));
	for (what, data) in [
		("name", input("name", ())),
		("supply", input("total_supply", ())),
		("transfer", input("transfer", (BOB, 10u128))),
		("transfer again", input("transfer", (BOB, 10u128))),
		("transfer too much", input("transfer", (BOB, 10_000u128))),
		("approve", input("approve", (BOB, 10u128))),
		("approve anew", input("approve", (BOB, 0u128))),
		("balance", input("balance_of", BOB)),
		("allowance", input("allowance", (ALICE, BOB))),
		("transfer all", input("transfer", (BOB, 980u128))),
	] {
		pair.call(what, &token, data);
	}
	pair.call_with(
		"no deposit allowed",
		&token,
		input("approve", (FOREIGN, 1u128)),
		0,
		Some(0),
	);
}

#[test]
fn upload_instantiation_and_removal_of_code_do_the_same() {
	let mut pair = Pair::new();
	let code = ink("counter");
	let hash = hash_of(&code);
	pair.step("upload", Step::Upload(ALICE, code.clone()));
	pair.step("upload again", Step::Upload(BOB, code.clone()));
	pair.step("remove what is another's", Step::Remove(BOB, hash));
	pair.step("remove", Step::Remove(ALICE, hash));
	pair.step("remove what is not there", Step::Remove(ALICE, hash));
	let make = |salt: &[u8], value, deposit| Step::Instantiate {
		who: ALICE,
		value,
		deposit,
		code: code.clone(),
		data: input("new", 1u64),
		salt: salt.to_vec(),
	};
	pair.step("instantiate", make(&[], 0, None));
	pair.step("the same again", make(&[], 0, None));
	pair.step("with another salt", make(&[1], 0, None));
	pair.step("with a limit too low", make(&[2], 0, Some(100)));
	pair.step(
		"with a limit that is not there",
		make(&[2], 0, Some(2 * PLENTY)),
	);
	pair.step("with value where none is taken", make(&[2], 10, None));
	pair.step("remove what is needed", Step::Remove(ALICE, hash));
	let other = ink("token");
	pair.step("upload another", Step::Upload(ALICE, other.clone()));
	let contract = pair.step("instantiate", make(&[3], 0, None)).made.unwrap();
	pair.step("set code", Step::SetCode(contract.clone(), hash_of(&other)));
	pair.step(
		"set code that is not there",
		Step::SetCode(contract, H256::zero()),
	);
	pair.step(
		"set code of no contract",
		Step::SetCode(BOB, hash_of(&other)),
	);
}

/// Two contracts that do as they are told, and a third of other code.
fn two(pair: &mut Pair) -> (AccountId, AccountId, H256) {
	let code = contract(false);
	let make = |salt: u8| Step::Instantiate {
		who: ALICE,
		value: 0,
		deposit: None,
		code: code.clone(),
		data: Vec::new(),
		salt: vec![salt],
	};
	let first = pair.step("first", make(1)).made.unwrap();
	let second = pair.step("second", make(2)).made.unwrap();
	(first, second, hash_of(&code))
}

#[test]
fn storage_and_its_deposits_do_the_same() {
	let mut pair = Pair::new();
	let (one, ..) = two(&mut pair);
	let mut run = |what: &str, script: Script| pair.call(what, &one, script.encode());
	run("store", Script::default().stores(1, &[7; 100]));
	run("store the same", Script::default().stores(1, &[7; 100]));
	run("grow", Script::default().stores(1, &[7; 300]));
	run("shrink", Script::default().stores(1, &[7; 30]));
	run("empty value", Script::default().stores(2, &[]));
	run("load", Script::default().loads(1).returns_result());
	run("load nothing", Script::default().loads(9).returns_result());
	run("clear", Script::default().clears(1));
	run("clear nothing", Script::default().clears(1));
	run(
		"store and clear",
		Script::default().stores(3, &[1; 50]).clears(3),
	);
	run(
		"several",
		Script::default()
			.stores(4, &[1; 50])
			.stores(5, &[2; 5])
			.clears(2)
			.stores(4, &[]),
	);
	run(
		"store and revert",
		Script::default().stores(6, &[1]).reverts(&[9]),
	);
	run("store and trap", Script::default().stores(6, &[1]).traps());
	run("too long", Script::default().stores(6, &[1; 16 * 1024 + 1]));
	run("longest", Script::default().stores(6, &[1; 16 * 1024]));
	run("event", Script::default().emits(b"hello"));
	run(
		"event with a topic",
		Script::default().emits_topic(&[5; 32]),
	);
	pair.call_with(
		"limit that just suffices",
		&one,
		Script::default().stores(7, &[1; 10]).encode(),
		0,
		Some(PER_ITEM + 10 * PER_BYTE),
	);
	pair.call_with(
		"limit that just does not",
		&one,
		Script::default().stores(8, &[1; 10]).encode(),
		0,
		Some(PER_ITEM + 10 * PER_BYTE - 1),
	);
}

#[test]
fn nested_calls_do_the_same() {
	let mut pair = Pair::new();
	let (one, two, code) = two(&mut pair);
	let plain = CallWith::default;
	let inner = |script: Script| {
		Script::default()
			.calls(&two, &script, plain())
			.returns_result()
	};
	let mut run = |what: &str, script: Script| pair.call(what, &one, script.encode());
	run("call", inner(Script::default().returns(b"hi")));
	run(
		"caller",
		inner(Script::default().asks_caller().returns_result()),
	);
	run(
		"callee reverts",
		inner(Script::default().stores(1, &[1]).reverts(b"no")),
	);
	run(
		"callee traps",
		inner(Script::default().stores(1, &[1]).traps()),
	);
	run(
		"callee stores",
		inner(Script::default().stores(1, &[1; 40])),
	);
	run("callee emits", inner(Script::default().emits(b"x")));
	run(
		"value",
		Script::default()
			.calls(
				&two,
				&Script::default().asks_balance().returns_result(),
				CallWith {
					value: 1_000_000,
					..plain()
				},
			)
			.returns_result(),
	);
	pair.call_with("funds", &one, Vec::new(), 50_000, None);
	let mut run = |what: &str, script: Script| pair.call(what, &one, script.encode());
	run(
		"value that is there",
		Script::default()
			.calls(
				&two,
				&Script::default(),
				CallWith {
					value: 700,
					..plain()
				},
			)
			.returns_result(),
	);
	run(
		"transfer",
		Script::default().transfers(&BOB, 300).returns_result(),
	);
	run(
		"transfer too much",
		Script::default().transfers(&BOB, PLENTY).returns_result(),
	);
	run(
		"no contract",
		Script::default()
			.calls(&BOB, &Script::default(), plain())
			.returns_result(),
	);
	run(
		"tail call",
		Script::default().calls(
			&two,
			&Script::default().returns(b"tail"),
			CallWith {
				flags: TAIL_CALL | ALLOW_REENTRY,
				..plain()
			},
		),
	);
	run(
		"read-only that reads",
		Script::default()
			.calls(
				&two,
				&Script::default().loads(1).returns_result(),
				CallWith {
					flags: READ_ONLY,
					..plain()
				},
			)
			.returns_result(),
	);
	run(
		"read-only that writes",
		Script::default()
			.calls(
				&two,
				&Script::default().stores(1, &[1]),
				CallWith {
					flags: READ_ONLY,
					..plain()
				},
			)
			.returns_result(),
	);
	run(
		"unknown flags",
		Script::default().calls(
			&two,
			&Script::default(),
			CallWith {
				flags: 64,
				..plain()
			},
		),
	);
	run(
		"forwarded input",
		Script::default()
			.calls(
				&two,
				&Script::default(),
				CallWith {
					flags: FORWARD_INPUT,
					..plain()
				},
			)
			.returns_result(),
	);
	run(
		"delegate",
		Script::default()
			.delegates(
				code,
				&Script::default()
					.stores(9, &[3; 9])
					.asks_caller()
					.returns_result(),
			)
			.returns_result(),
	);
	run(
		"delegate that reverts",
		Script::default()
			.delegates(code, &Script::default().stores(9, &[]).reverts(&[]))
			.returns_result(),
	);
	run(
		"delegate to nothing",
		Script::default()
			.delegates(H256::zero(), &Script::default())
			.returns_result(),
	);
}

#[test]
fn reentry_does_the_same() {
	let mut pair = Pair::new();
	let (one, two, _) = two(&mut pair);
	let closed = CallWith {
		flags: 0,
		..Default::default()
	};
	let back = Script::default()
		.calls(
			&one,
			&Script::default().stores(2, &[2; 20]),
			Default::default(),
		)
		.returns_result();
	let mut run = |what: &str, script: Script| pair.call(what, &one, script.encode());
	run(
		"allowed",
		Script::default()
			.stores(1, &[1; 10])
			.calls(&two, &back, Default::default())
			.stores(3, &[3; 30])
			.loads(2)
			.returns_result(),
	);
	run(
		"not allowed",
		Script::default()
			.calls(&two, &back, closed.clone())
			.returns_result(),
	);
	run(
		"itself",
		Script::default()
			.calls(&one, &Script::default(), Default::default())
			.returns_result(),
	);
	run(
		"itself, closed",
		Script::default()
			.calls(&one, &Script::default(), closed)
			.returns_result(),
	);
	let deep = (0..7).fold(Script::default().returns(b"bottom"), |script, _| {
		Script::default()
			.calls(&one, &script, Default::default())
			.returns_result()
	});
	run("too deep", deep);
	let deep = (0..5).fold(Script::default().returns(b"bottom"), |script, _| {
		Script::default()
			.calls(&one, &script, Default::default())
			.returns_result()
	});
	run("as deep as may be", deep);
}

#[test]
fn instantiation_by_contracts_does_the_same() {
	let mut pair = Pair::new();
	let (one, _, code) = two(&mut pair);
	pair.call_with("funds", &one, Vec::new(), 50_000, None);
	let make = |script: Script, salt, value| {
		Script::default()
			.instantiates(code, &script, salt, 0, value)
			.returns_result()
	};
	let mut run = |what: &str, script: Script| pair.call(what, &one, script.encode());
	run("plain", make(Script::default(), 1, 0));
	run(
		"with storage",
		make(Script::default().stores(1, &[1; 33]).emits(b"new"), 2, 0),
	);
	run(
		"with value",
		make(Script::default().asks_balance().returns_result(), 3, 777),
	);
	run("with too much value", make(Script::default(), 4, PLENTY));
	run(
		"that reverts",
		make(Script::default().stores(1, &[1]).reverts(b"r"), 5, 0),
	);
	run(
		"that traps",
		make(Script::default().stores(1, &[1]).traps(), 6, 0),
	);
	run(
		"from no code",
		Script::default()
			.instantiates(H256::zero(), &Script::default(), 7, 0, 0)
			.returns_result(),
	);
	run("and fails itself", make(Script::default(), 8, 0).traps());
	run("the same address", make(Script::default(), 1, 0));
}

#[test]
fn code_dependencies_and_the_end_do_the_same() {
	let mut pair = Pair::new();
	let (one, two, code) = two(&mut pair);
	let other = hash_of(&ink("counter"));
	pair.step("upload", Step::Upload(ALICE, ink("counter")));
	let mut run = |what: &str, script: Script| pair.call(what, &one, script.encode());
	run("lock", Script::default().locks(other));
	run("lock again", Script::default().locks(other));
	run("lock itself", Script::default().locks(code));
	run("lock nothing", Script::default().locks(H256::zero()));
	pair.step("remove what is locked", Step::Remove(ALICE, other));
	let mut run = |what: &str, script: Script| pair.call(what, &one, script.encode());
	run("unlock", Script::default().unlocks(other));
	run("unlock again", Script::default().unlocks(other));
	run("lock", Script::default().locks(other));
	run(
		"store",
		Script::default().stores(1, &[1; 60]).stores(2, &[2; 6]),
	);
	run(
		"code that is not there",
		Script::default().sets_code(H256::zero()).returns_result(),
	);
	run(
		"set code",
		Script::default().sets_code(other).returns_result(),
	);
	pair.call("run it", &one, input("get", ()));
	pair.call(
		"terminate",
		&two,
		Script::default()
			.stores(1, &[1; 9])
			.terminates(&BOB)
			.encode(),
	);
	pair.call("call what is gone", &two, Vec::new());
	pair.step("idle", Step::Idle);
	let (one, ..) = two_more(&mut pair);
	let again = Script::default().calls(
		&one,
		&Script::default().terminates(&BOB),
		Default::default(),
	);
	pair.call(
		"terminate while entered twice",
		&one,
		again.returns_result().encode(),
	);
	let delegated = Script::default().delegates(code, &Script::default().terminates(&BOB));
	pair.call(
		"terminate by delegate call",
		&one,
		delegated.returns_result().encode(),
	);
	pair.call(
		"lock",
		&one,
		Script::default().locks(other).stores(1, &[4; 44]).encode(),
	);
	pair.call(
		"terminate with dependencies",
		&one,
		Script::default().terminates(&BOB).encode(),
	);
	pair.step("idle", Step::Idle);
}

fn two_more(pair: &mut Pair) -> (AccountId, AccountId) {
	let make = |salt: u8| Step::Instantiate {
		who: ALICE,
		value: 1_000,
		deposit: None,
		code: contract(false),
		data: Vec::new(),
		salt: vec![salt],
	};
	let first = pair.step("third", make(3)).made.unwrap();
	let second = pair.step("fourth", make(4)).made.unwrap();
	(first, second)
}

#[test]
fn transient_storage_does_the_same() {
	let mut pair = Pair::new();
	let (one, two, code) = two(&mut pair);
	let load = || Script::default().loads_transient(1).returns_result();
	let mut run = |what: &str, script: Script| pair.call(what, &one, script.encode());
	run(
		"store and load",
		Script::default()
			.stores_transient(1, b"t")
			.loads_transient(1)
			.returns_result(),
	);
	run("gone", load());
	run(
		"seen when entered again",
		Script::default()
			.stores_transient(1, b"t")
			.calls(&one, &load(), Default::default())
			.returns_result(),
	);
	run(
		"not seen by another",
		Script::default()
			.stores_transient(1, b"t")
			.calls(&two, &load(), Default::default())
			.returns_result(),
	);
	run(
		"rolled back with a callee",
		Script::default()
			.stores_transient(1, b"a")
			.calls(
				&one,
				&Script::default().stores_transient(1, b"b").reverts(&[]),
				Default::default(),
			)
			.loads_transient(1)
			.returns_result(),
	);
	run(
		"kept from a callee",
		Script::default()
			.stores_transient(1, b"a")
			.calls(
				&one,
				&Script::default().stores_transient(1, b"b"),
				Default::default(),
			)
			.loads_transient(1)
			.returns_result(),
	);
	run(
		"by delegate call",
		Script::default()
			.delegates(code, &Script::default().stores_transient(1, b"d"))
			.loads_transient(1)
			.returns_result(),
	);
}

#[test]
fn state_of_the_published_pallet_goes_on_with_ours() {
	let mut pair = Pair::new();
	let (one, two, code) = two(&mut pair);
	let other = hash_of(&ink("counter"));
	pair.step("upload", Step::Upload(ALICE, ink("counter")));
	pair.call(
		"store",
		&one,
		Script::default().stores(1, &[1; 60]).locks(other).encode(),
	);
	pair.call(
		"store",
		&two,
		Script::default().stores(1, &[2; 60]).encode(),
	);
	pair.take_over().execute_with(|| {
		let load = |contract: &AccountId| {
			call(
				contract,
				Script::default().loads(1).returns_result().encode(),
			)
		};
		assert_eq!(load(&one), [1; 60]);
		let held = |contract: &AccountId| {
			Balances::balance_on_hold(&HoldReason::StorageDepositReserve.into(), contract)
		};
		// What was stored before has no list of depositors: it goes to who frees it.
		let freed = call_as(BOB, &one, Script::default().clears(1).encode());
		assert_eq!(
			freed.storage_deposit,
			crate::StorageDeposit::Refund(PER_ITEM + 60 * PER_BYTE)
		);
		let info = ContractInfoOf::<Test>::get(&one).unwrap();
		assert_eq!(
			held(&one),
			info.total_deposit() + info.dependencies_deposit()
		);
		call(&one, Script::default().unlocks(other).encode());
		assert_eq!(load(&two), [2; 60]);
		call(
			&two,
			Script::default()
				.stores(2, &[5; 5])
				.delegates(code, &Script::default())
				.encode(),
		);
		call(&two, Script::default().terminates(&BOB).encode());
		assert_eq!(held(&two), 0);
		let new = instantiate_with(crate::Code::Existing(code), 0, Vec::new(), &[9]);
		let info = ContractInfoOf::<Test>::get(new.result.unwrap().account_id).unwrap();
		assert_ne!(
			info.trie_id,
			ContractInfoOf::<Test>::get(&one).unwrap().trie_id
		);
	});
}

#[test]
fn answers_are_read_as_they_are_meant() {
	// Guards the harness: a step that fails on both sides would agree as well.
	let mut pair = Pair::new();
	let (one, two, _) = two(&mut pair);
	let hello = Script::default().calls(
		&two,
		&Script::default().returns(b"hello"),
		Default::default(),
	);
	let answered = answer(pair.call("call", &one, hello.returns_result().encode()));
	assert_eq!(u32::decode(&mut &answered[..]), Ok(0));
	assert_eq!(&answered[4..], b"hello");
	let script = Script::default()
		.stores(1, &[8; 8])
		.loads(1)
		.returns_result();
	assert_eq!(answer(pair.call("store", &one, script.encode())), [8; 8]);
	let twice = Script::default()
		.stores_transient(1, b"t")
		.loads_transient(1)
		.returns_result();
	assert_eq!(answer(pair.call("transient", &one, twice.encode())), b"t");
	let none = pair.call("no contract", &BOB, Vec::new());
	assert_eq!(none.result, Err("ContractNotFound".to_owned()));
	assert_eq!(
		pair.call("trap", &one, Script::default().traps().encode())
			.result,
		Err("ContractTrapped".to_owned())
	);
}
