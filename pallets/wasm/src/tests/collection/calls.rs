//! Contracts that call, make and enter each other.

use super::*;

#[test]
fn flipper_does_the_same() {
	let mut play = Play::new("flipper", false);
	let flipper = play.contract.clone();
	assert!(!answer::<bool>(play.ask("get", ())));
	let flipped = play.ask("flip", ());
	assert_eq!(flipped.deposit, 0);
	answer::<()>(flipped);
	assert!(answer::<bool>(play.ask("get", ())));
	answer::<()>(play.ask_as(BOB, "flip", ()));
	assert!(!answer::<bool>(play.ask_as(BOB, "get", ())));

	// Without the existential deposit, which the contract cannot spend.
	assert_eq!(
		answer::<Balance>(play.pay_as(BOB, "flip_paid", (), 100)),
		100
	);
	assert_eq!(answer::<Balance>(play.pay_as(BOB, "flip_paid", (), 0)), 100);
	assert_eq!(failure(play.pay_as(BOB, "flip", (), 1)), "ContractTrapped");
	assert_eq!(
		failure(play.pay_as(BOB, "flip_paid", (), PLENTY)),
		"TransferFailed"
	);
	for data in [vec![], vec![1, 2, 3], vec![1, 2, 3, 4], input("new", true)] {
		let unknown = play.call(ALICE, &flipper, data, 0);
		assert_eq!(unknown.result, Ok((1, NOT_UNDERSTOOD.to_vec())));
	}

	let unpaid = play.make(BOB, "flipper", input("new_paid", true), 0);
	assert_eq!(unpaid.result, Ok((1, vec![UNDERSTOOD, 1])));
	let unknown = play.make(BOB, "flipper", input("flip", ()), 0);
	assert_eq!(unknown.result, Ok((1, NOT_UNDERSTOOD.to_vec())));
	let unpayable = play.make(BOB, "flipper", input("new", true), 1);
	assert_eq!(failure(unpayable), "ContractTrapped");
	let off = play
		.make(BOB, "flipper", input("new_default", ()), 0)
		.made
		.unwrap();
	assert!(!answer::<bool>(play.ask_other(&off, "get", ())));
	let on = play
		.make(BOB, "flipper", input("new_paid", true), 5)
		.made
		.unwrap();
	assert!(answer::<bool>(play.ask_other(&on, "get", ())));
	assert_eq!(answer::<Balance>(play.ask_other(&on, "flip_paid", ())), 5);
	assert_eq!(failure(play.remove(hash_of(&code("flipper")))), "CodeInUse");
}

#[derive(Debug, PartialEq, Encode, Decode)]
struct Overflow {
	sum: i64,
}

#[derive(Clone, Debug, PartialEq, Encode, Decode)]
enum Target {
	Account(AccountId),
	Code(H256),
}

#[test]
fn delegator_does_the_same() {
	let mut play = Play::new("adder", 5i64);
	let adder = play.contract.clone();
	let adder_code = hash_of(&code("adder"));
	// The event: by whom, where, and the sum.
	let added = |play: &Play| {
		let event = play.emitted().pop().unwrap().1;
		<(AccountId, AccountId, i64)>::decode_all(&mut &event[..]).unwrap()
	};
	assert_eq!(done::<i64>(play.ask("add", -7i64)), -2);
	assert_eq!(added(&play), (ALICE, adder.clone(), -2));

	// It makes an adder of its own.
	let made = play.make(
		ALICE,
		"delegator",
		input("new_with_adder", (adder_code, 10i64)),
		0,
	);
	let delegator = made.made.clone().unwrap();
	well(made);
	play.contract = delegator.clone();
	let Some(Target::Account(own)) = answer::<Option<Target>>(play.ask("target", ())) else {
		panic!("an adder was made");
	};
	assert_eq!(done::<i64>(play.ask("add", 3i64)), 13);
	assert_eq!(added(&play), (delegator.clone(), own.clone(), 13));
	assert_eq!(answer::<i64>(play.ask("sum", ())), 13);
	assert_eq!(answer::<i64>(play.ask_other(&own, "sum", ())), 13);
	assert_eq!(
		refusal::<Overflow>(play.ask("add", i64::MAX)),
		Overflow { sum: 13 }
	);
	assert_eq!(play.emitted(), []);
	let none = play.make(
		ALICE,
		"delegator",
		input("new_with_adder", (H256::zero(), 0i64)),
		0,
	);
	assert_eq!(failure(none), "ContractTrapped");

	// By account to another delegator: three contracts within each other.
	let outer = play.other("delegator", (Target::Account(delegator.clone()), 0i64));
	assert_eq!(done::<i64>(play.ask_other(&outer, "add", 2i64)), 15);
	assert_eq!(added(&play), (delegator.clone(), own.clone(), 15));
	assert_eq!(
		refusal::<Overflow>(play.ask_other(&outer, "add", i64::MAX)),
		Overflow { sum: 15 }
	);

	// By code: the sum is here, and the caller is who called this contract.
	answer::<()>(play.ask("set_target", Target::Code(adder_code)));
	assert_eq!(answer::<i64>(play.ask("own_sum", ())), 0);
	assert_eq!(done::<i64>(play.ask_as(BOB, "add", 4i64)), 4);
	assert_eq!(added(&play), (BOB, delegator.clone(), 4));
	assert_eq!(answer::<i64>(play.ask("own_sum", ())), 4);
	assert_eq!(answer::<i64>(play.ask("sum", ())), 4);
	assert_eq!(answer::<i64>(play.ask_other(&own, "sum", ())), 15);
	assert_eq!(
		refusal::<Overflow>(play.ask("add", i64::MAX)),
		Overflow { sum: 4 }
	);
	// By account, and then by code.
	assert_eq!(done::<i64>(play.ask_other(&outer, "add", 1i64)), 5);
	assert_eq!(added(&play), (outer.clone(), delegator.clone(), 5));

	// Where there is nobody, no code, and code that runs itself until it is too deep.
	let this_code = hash_of(&code("delegator"));
	for target in [
		Target::Account(BOB),
		Target::Code(H256::zero()),
		Target::Code(this_code),
		Target::Account(outer.clone()),
	] {
		answer::<()>(play.ask("set_target", target));
		assert_eq!(failure(play.ask("add", 1i64)), "ContractTrapped");
		assert_eq!(failure(play.ask("sum", ())), "ContractTrapped");
	}
	answer::<()>(play.ask("set_target", Target::Account(adder.clone())));
	assert_eq!(done::<i64>(play.ask("add", 1i64)), -1);
	assert_eq!(answer::<i64>(play.ask("own_sum", ())), 5);
}

#[derive(Debug, PartialEq, Encode, Decode)]
enum LockError {
	Locked,
	Failed(u32),
	OnPurpose,
}

#[test]
fn transient_storage_contract_does_the_same() {
	use LockError::*;
	let mut play = Play::new("transient-storage", ());
	let this = play.contract.clone();
	let other = play.other("transient-storage", ());
	for _ in 0..2 {
		let steps: Vec<Option<u32>> = answer(play.ask("walk", 9u8));
		assert_eq!(
			steps,
			[
				None,
				None,
				Some(4),
				Some(4),
				Some(6),
				Some(6),
				None,
				None,
				None,
				Some(4),
				None
			]
		);
	}

	assert_eq!(done::<u32>(play.ask("tally", 0u32)), 1);
	assert_eq!(done::<u32>(play.ask("tally", 3u32)), 4);
	assert_eq!(done::<u32>(play.ask_as(BOB, "tally", 0u32)), 1);
	assert_eq!(done::<u32>(play.ask("tally_around_failure", 3u32)), 1);
	assert_eq!(
		refusal::<LockError>(play.ask("tally_and_fail", 3u32)),
		OnPurpose
	);
	// As many within each other as may be, and one more.
	assert_eq!(done::<u32>(play.ask("tally", 5u32)), 6);
	assert_eq!(refusal::<LockError>(play.ask("tally", 6u32)), Failed(0));

	let nobody = None::<AccountId>;
	assert_eq!(done::<u32>(play.ask("hold", &nobody)), 1);
	assert_eq!(refusal::<LockError>(play.ask("hold", Some(&other))), Locked);
	assert_eq!(refusal::<LockError>(play.ask("hold", Some(BOB))), Failed(0));
	// Neither has left the lock behind.
	assert_eq!(done::<u32>(play.ask_other(&other, "knock", &this)), 2);
	assert_eq!(done::<u32>(play.ask_as(BOB, "hold", &nobody)), 3);
	assert_eq!(answer::<u32>(play.ask("held", ())), 3);
	assert_eq!(answer::<u32>(play.ask_other(&other, "held", ())), 0);
}

#[derive(Debug, PartialEq, Encode, Decode)]
enum Failure {
	Language(Language),
	Chain(u32),
	Answer,
	Unpaid,
}

#[derive(Debug, PartialEq, Encode, Decode)]
enum Language {
	#[codec(index = 1)]
	CouldNotReadInput,
}

/// The chain's codes.
const CALLEE_TRAPPED: u32 = 1;
const TRANSFER_FAILED: u32 = 5;
const CODE_NOT_FOUND: u32 = 7;
const NOT_CALLABLE: u32 = 8;
/// A limit of weight that is never the reason.
const WIDE: u64 = 1_000_000_000_000;

#[test]
fn call_builder_calls_do_the_same() {
	let mut play = Play::new_with("call-builder", (), 10_000);
	let flipper = play.other("flipper", false);
	let of = |contract: &AccountId, message: &str| (contract.clone(), selector_bytes(message));
	let is_on = |play: &mut Play| done::<bool>(play.ask("read", &flipper));

	answer::<()>(play.ask("invoke", of(&flipper, "flip")));
	assert!(is_on(&mut play));
	assert_eq!(
		answer::<Option<Failure>>(play.ask("attempt", of(&flipper, "flip"))),
		None
	);
	assert!(!is_on(&mut play));
	let not_understood = Some(Failure::Language(Language::CouldNotReadInput));
	for (contract, message, failed) in [
		(&flipper, "flop", not_understood),
		(&BOB, "flip", Some(Failure::Chain(NOT_CALLABLE))),
	] {
		let attempt = play.ask("attempt", of(contract, message));
		assert_eq!(answer::<Option<Failure>>(attempt), failed);
		assert_eq!(
			failure(play.ask("invoke", of(contract, message))),
			"ContractTrapped"
		);
	}
	assert_eq!(
		refusal::<Failure>(play.ask("read", BOB)),
		Failure::Chain(NOT_CALLABLE)
	);
	// What is misread has happened.
	assert_eq!(
		answer::<Option<Failure>>(play.ask("misread", &flipper)),
		Some(Failure::Answer)
	);
	assert!(is_on(&mut play));

	// Limits: none, wide ones, and some that are too low.
	let with_gas = |gas: u64| (flipper.clone(), gas);
	for gas in [0, WIDE] {
		let flipped = play.ask("flip_with_gas", with_gas(gas));
		assert_eq!(answer::<Option<Failure>>(flipped), None);
	}
	let with_limits = |ref_time: u64, proof_size: u64, deposit: Balance| {
		(flipper.clone(), ref_time, proof_size, deposit)
	};
	for limits in [
		with_limits(0, 0, 0),
		with_limits(WIDE, WIDE, 0),
		with_limits(WIDE, WIDE, 1_000_000),
	] {
		let flipped = play.ask("flip_with_limits", limits);
		assert_eq!(answer::<Option<Failure>>(flipped), None);
	}
	assert!(!is_on(&mut play));
	let low = play.ask("flip_with_gas", with_gas(1));
	assert_eq!(
		answer::<Option<Failure>>(low),
		Some(Failure::Chain(CALLEE_TRAPPED))
	);
	for limits in [with_limits(1, WIDE, 0), with_limits(WIDE, 1, 0)] {
		let low = play.ask("flip_with_limits", limits);
		assert_eq!(
			answer::<Option<Failure>>(low),
			Some(Failure::Chain(CALLEE_TRAPPED))
		);
	}
	assert!(!is_on(&mut play));

	// Coins of the contract, not of who calls it.
	let paid = |value: Balance| (flipper.clone(), value);
	assert_eq!(
		done::<Balance>(play.ask_as(BOB, "flip_paid", paid(500))),
		500
	);
	assert_eq!(play.pair.balance(&play.contract), 9_501);
	for too_much in [PLENTY, 9_501] {
		let refused = play.ask("flip_paid", paid(too_much));
		assert_eq!(refusal::<Failure>(refused), Failure::Chain(TRANSFER_FAILED));
	}
	assert_eq!(done::<Balance>(play.ask("flip_paid", paid(9_500))), 10_000);

	// A callee that ends: nothing is an answer that ink! cannot read, but it has happened.
	let vault = play.other("contract-transfer", ());
	answer::<()>(play.call(BOB, &vault, input("receive", ()), 80));
	let builder = play.contract.clone();
	let not_the_owner = play.ask("attempt", of(&vault, "end_for_me"));
	assert_eq!(
		answer::<Option<Failure>>(not_the_owner),
		Some(Failure::Answer)
	);
	done::<()>(play.ask_other(&vault, "hand_over", &builder));
	let ended = play.ask_as(ALICE, "attempt", of(&vault, "end_for_me"));
	assert!(ended.deposit < 0);
	assert_eq!(answer::<Option<Failure>>(ended), Some(Failure::Answer));
	assert_eq!(play.pair.balance(&builder), 82);
	let again = play.ask("attempt", of(&vault, "end_for_me"));
	assert_eq!(
		answer::<Option<Failure>>(again),
		Some(Failure::Chain(NOT_CALLABLE))
	);
	well(play.pair.step("idle", Step::Idle));

	// A flipper's code turns the switch here.
	let flipper_code = hash_of(&code("flipper"));
	assert!(!answer::<bool>(play.ask("is_on", ())));
	assert_eq!(
		answer::<Option<Failure>>(play.ask("flip_here", flipper_code)),
		None
	);
	assert!(answer::<bool>(play.ask("is_on", ())));
	assert_eq!(
		answer::<Option<Failure>>(play.ask("flip_here", H256::zero())),
		Some(Failure::Chain(CODE_NOT_FOUND))
	);
}

#[test]
fn call_builder_instantiations_do_the_same() {
	let mut play = Play::new_with("call-builder", (), 10_000);
	let hash = play.upload("flipper");
	let salt = |salt: u8| [salt; 4];
	let get =
		|play: &mut Play, flipper: &AccountId| answer::<bool>(play.ask_other(flipper, "get", ()));

	for (number, is_on) in [(1, true), (2, false)] {
		let made = play.ask("make", (hash, is_on, salt(number)));
		assert!(made.deposit > 0);
		let (flipper, read) = done::<(AccountId, bool)>(made);
		assert_eq!((read, get(&mut play, &flipper)), (is_on, is_on));
	}
	assert_eq!(
		refusal::<Failure>(play.ask("make", (H256::zero(), true, salt(3)))),
		Failure::Chain(CODE_NOT_FOUND)
	);
	// The same code with the same input and salt has the same address.
	assert_eq!(
		failure(play.ask("make", (hash, true, salt(1)))),
		"DuplicateContract"
	);

	let paid = |value: Balance, number: u8| (hash, value, salt(number));
	assert_eq!(
		refusal::<Failure>(play.ask("make_paid", paid(0, 4))),
		Failure::Unpaid
	);
	let flipper = done::<AccountId>(play.ask("make_paid", paid(5, 4)));
	assert_eq!(play.pair.balance(&flipper), 6);
	assert_eq!(
		refusal::<Failure>(play.ask("make_paid", paid(PLENTY, 5))),
		Failure::Chain(TRANSFER_FAILED)
	);

	for (number, ref_time, proof_size, deposit) in [
		(6, 0, 0, 0),
		(7, WIDE, WIDE, 0),
		(8, WIDE, WIDE, 1_000_000u128),
	] {
		let limits = (hash, ref_time, proof_size, deposit, salt(number));
		let flipper = done::<AccountId>(play.ask("make_with_limits", limits));
		assert!(get(&mut play, &flipper));
	}
	let low = (hash, 1u64, 1u64, 0u128, salt(9));
	assert_eq!(
		refusal::<Failure>(play.ask("make_with_limits", low)),
		Failure::Chain(CALLEE_TRAPPED)
	);

	let with_gas = |gas: u64, constructor: &str, number: u8| {
		(hash, gas, selector_bytes(constructor), salt(number))
	};
	for (number, gas) in [(10, 0), (11, WIDE)] {
		let made = play.ask("make_with_gas", with_gas(gas, "new_default", number));
		let flipper = done::<AccountId>(made);
		assert!(!get(&mut play, &flipper));
	}
	assert_eq!(
		refusal::<Failure>(play.ask("make_with_gas", with_gas(0, "flip", 12))),
		Failure::Language(Language::CouldNotReadInput)
	);
	assert_eq!(failure(play.remove(hash)), "CodeInUse");
}
