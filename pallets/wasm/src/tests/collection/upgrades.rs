//! Contracts that get other code.

use super::*;

#[derive(Debug, PartialEq, Encode, Decode)]
enum CodeError {
	NotOwner,
	Refused,
	NoStep,
}

/// Deposit for the step, which the second version alone has.
const STEP_DEPOSIT: i128 = (PER_ITEM + 4 * PER_BYTE) as i128;

/// The answer of a message that takes nothing and does not fail.
#[track_caller]
fn number(play: &mut Play, message: &str) -> u32 {
	answer(play.ask(message, ()))
}

#[test]
fn upgradeable_code_does_the_same() {
	use CodeError::*;
	let mut play = Play::new("upgradeable-code", ());
	let first = hash_of(&code("upgradeable-code"));
	assert_eq!(number(&mut play, "version"), 1);
	assert_eq!(number(&mut play, "increment"), 1);
	assert_eq!(answer::<u32>(play.ask_as(BOB, "increment", ())), 2);
	let unknown = play.ask("step", ());
	assert_eq!(unknown.result, Ok((1, NOT_UNDERSTOOD.to_vec())));

	assert_eq!(
		refusal::<CodeError>(play.ask("set_code", H256::zero())),
		Refused
	);
	let next = play.upload("upgradeable-next");
	assert_eq!(
		refusal::<CodeError>(play.ask_as(BOB, "set_code", next)),
		NotOwner
	);
	let larger = play.ask("set_code", next);
	// Part of the deposit for the code, which is longer.
	let difference = larger.deposit;
	assert!(difference > 0);
	done::<()>(larger);
	assert_eq!(play.events(), 1);

	// What is stored has stayed, and there is more.
	assert_eq!(number(&mut play, "version"), 2);
	assert_eq!(number(&mut play, "get"), 2);
	assert_eq!(number(&mut play, "increment"), 6);
	let set = play.ask("set_step", 10u32);
	assert_eq!(set.deposit, STEP_DEPOSIT);
	done::<()>(set);
	assert_eq!(number(&mut play, "increment"), 16);
	assert_eq!(refusal::<CodeError>(play.ask("set_step", 0u32)), NoStep);
	assert_eq!(
		refusal::<CodeError>(play.ask_as(BOB, "set_step", 1u32)),
		NotOwner
	);

	// The first code is nobody's any more, and the second one is not.
	assert_eq!(failure(play.remove(next)), "CodeInUse");
	well(play.remove(first));
	assert_eq!(refusal::<CodeError>(play.ask("set_code", first)), Refused);
	// The step is there yet, for what was refused was taken back.
	assert_eq!(number(&mut play, "step"), 10);
	assert_eq!(play.upload("upgradeable-code"), first);
	let smaller = play.ask("set_code", first);
	assert_given_back(&smaller, difference + STEP_DEPOSIT);
	done::<()>(smaller);
	assert_eq!(number(&mut play, "version"), 1);
	assert_eq!(number(&mut play, "increment"), 17);
	well(play.remove(next));

	// Who governs the chain may do it too.
	assert_eq!(play.upload("upgradeable-next"), next);
	let contract = play.contract.clone();
	well(play.pair.step("set code", Step::SetCode(contract, next)));
	assert_eq!(number(&mut play, "increment"), 21);
}

#[derive(Debug, PartialEq, Encode, Decode)]
enum ProxyError {
	NotOwner,
	NoCode,
	Failed,
}

#[test]
fn upgradeable_delegate_does_the_same() {
	use ProxyError::*;
	let first = hash_of(&code("upgradeable-code"));
	let mut play = {
		// The constructor wants the code to be there.
		let mut play = Play::new("upgradeable-code", ());
		let none = play.make(ALICE, "upgradeable-delegate", input("new", H256::zero()), 0);
		assert_eq!(failure(none), "CodeNotFound");
		play.contract = play.other("upgradeable-delegate", first);
		play
	};
	let own = hash_of(&code("upgradeable-delegate"));

	assert_eq!(done::<u32>(play.ask("version", ())), 1);
	assert_eq!(number(&mut play, "increment"), 1);
	assert_eq!(number(&mut play, "count"), 1);
	assert_eq!(answer::<u32>(play.ask_as(BOB, "increment", ())), 2);
	assert_eq!(done::<u32>(play.ask("increment_twice", ())), 4);
	assert_eq!(number(&mut play, "count"), 4);
	// The first version knows of no step.
	assert_eq!(refusal::<ProxyError>(play.ask("set_step", 3u32)), Failed);

	assert_eq!(
		refusal::<ProxyError>(play.ask_as(BOB, "upgrade", first)),
		NotOwner
	);
	assert_eq!(
		failure(play.ask("upgrade", first)),
		"DelegateDependencyAlreadyExists"
	);
	assert_eq!(
		failure(play.ask("upgrade", own)),
		"CannotAddSelfAsDelegateDependency"
	);
	assert_eq!(failure(play.ask("upgrade", H256::zero())), "CodeNotFound");

	// Code may run once without being locked.
	let next = play.upload("upgradeable-next");
	assert_eq!(done::<u32>(play.ask("version_of", next)), 2);
	assert_eq!(
		refusal::<ProxyError>(play.ask("version_of", H256::zero())),
		Failed
	);
	// Of itself it has no such code: the locked code's answer is no plain number.
	assert_eq!(refusal::<ProxyError>(play.ask("version_of", own)), Failed);

	let upgraded = play.ask("upgrade", next);
	assert!(upgraded.deposit > 0);
	done::<()>(upgraded);
	assert_eq!(done::<u32>(play.ask("version", ())), 2);
	assert_eq!(number(&mut play, "increment"), 8);
	let set = play.ask("set_step", 3u32);
	assert_eq!(set.deposit, STEP_DEPOSIT);
	done::<()>(set);
	// The event is the proxy's, and so is the caller that the code sees.
	assert_eq!(play.events(), 1);
	assert_eq!(
		refusal::<ProxyError>(play.ask_as(BOB, "set_step", 1u32)),
		Failed
	);
	assert_eq!(done::<u32>(play.ask("increment_twice", ())), 14);

	assert_eq!(failure(play.remove(next)), "CodeInUse");
	let detached = play.ask("detach", ());
	assert!(detached.deposit < 0);
	done::<()>(detached);
	assert_eq!(answer::<Option<H256>>(play.ask("code", ())), None);
	assert_eq!(number(&mut play, "increment"), 14);
	assert_eq!(refusal::<ProxyError>(play.ask("version", ())), NoCode);
	assert_eq!(refusal::<ProxyError>(play.ask("detach", ())), NoCode);
	well(play.remove(next));
	assert_eq!(failure(play.ask("upgrade", next)), "CodeNotFound");
	done::<()>(play.ask("upgrade", first));
	assert_eq!(number(&mut play, "increment"), 15);
}
