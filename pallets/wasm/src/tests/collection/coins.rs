//! Contracts that take, keep and send coins.

use polkadot_sdk::sp_core::{ecdsa, sr25519, Pair as _};

use super::*;

#[derive(Debug, PartialEq, Encode, Decode)]
enum TransferError {
	TooFewCoins(Balance),
	Refused,
	NotOwner,
	NotExact(Balance),
}

#[test]
fn contract_transfer_does_the_same() {
	use TransferError::*;
	let mut play = Play::new_with("contract-transfer", (), 1_000);
	let contract = play.contract.clone();
	// Without the existential deposit, which the contract cannot spend.
	assert_eq!(answer::<Balance>(play.ask("balance", ())), 1_000);

	answer::<()>(play.pay_as(BOB, "receive", (), 50));
	assert_eq!(play.emitted(), [(contract.clone(), (BOB, 50u128).encode())]);
	done::<()>(play.pay_as(BOB, "receive_exactly", 10u128, 10));
	for sent in [0, 9, 11] {
		let refused = play.pay_as(BOB, "receive_exactly", 10u128, sent);
		assert_eq!(refusal::<TransferError>(refused), NotExact(10));
	}
	assert_eq!(
		failure(play.pay_as(BOB, "give_me", 1u128, 1)),
		"ContractTrapped"
	);
	assert_eq!(play.pair.balance(&BOB), PLENTY - 60);

	done::<()>(play.ask_as(BOB, "give_me", 60u128));
	assert_eq!(play.pair.balance(&BOB), PLENTY);
	assert_eq!(
		refusal::<TransferError>(play.ask_as(BOB, "give_me", 1_001u128)),
		TooFewCoins(1_000)
	);
	// What the contract needs to exist stays, whoever is to have it.
	let too_much = (BOB, 1_001u128);
	assert_eq!(
		refusal::<TransferError>(play.ask("give", &too_much)),
		Refused
	);
	assert_eq!(
		failure(play.ask("give_or_trap", &too_much)),
		"ContractTrapped"
	);
	done::<()>(play.ask("give", (FOREIGN, 100u128)));
	assert_eq!(play.pair.balance(&FOREIGN), 101);
	// To one who is not there yet, to itself, and nothing at all.
	let new = AccountId::new([9; 32]);
	done::<()>(play.ask("give", (&new, 1u128)));
	assert_eq!(play.pair.balance(&new), 1);
	done::<()>(play.ask("give", (&contract, 5u128)));
	done::<()>(play.ask("give", (AccountId::new([10; 32]), 0u128)));
	answer::<()>(play.ask("give_or_trap", (BOB, 0u128)));
	assert_eq!(answer::<Balance>(play.ask("balance", ())), 899);

	assert_eq!(
		refusal::<TransferError>(play.ask_as(BOB, "end", BOB)),
		NotOwner
	);
	let ended = play.ask("end", BOB);
	assert!(ended.deposit < 0);
	well(ended);
	assert_eq!(play.pair.balance(&BOB), PLENTY + 900);
	assert_eq!(failure(play.ask("balance", ())), "ContractNotFound");
	well(play.pair.step("idle", Step::Idle));
}

#[test]
fn heirs_of_contracts_are_the_same() {
	let mut play = Play::new_with("contract-transfer", (), 1_000);
	let first = play.contract.clone();
	let new = AccountId::new([9; 32]);
	let nobody = AccountId::new([10; 32]);
	// One who is not there yet, the contract itself, and another contract.
	for heir in [None, Some(new), Some(nobody), Some(first.clone())] {
		let made = play.make(ALICE, "contract-transfer", input("new", ()), 70);
		let contract = made.made.unwrap();
		let heir = heir.unwrap_or_else(|| contract.clone());
		let before = play.pair.balance(&heir);
		let ended = play.ask_other(&contract, "end", &heir);
		assert!(ended.deposit < 0);
		well(ended);
		// With the existential deposit. What the contract leaves to itself nobody ever has again.
		let coins = if heir == contract { 0 } else { 71 };
		assert_eq!(play.pair.balance(&heir), before + coins);
		let gone = play.ask_other(&contract, "balance", ());
		assert_eq!(failure(gone), "ContractNotFound");
	}
	well(play.pair.step("idle", Step::Idle));
	let hash = hash_of(&code("contract-transfer"));
	assert_eq!(failure(play.remove(hash)), "CodeInUse");
	well(play.ask("end", BOB));
	well(play.remove(hash));
	assert_eq!(failure(play.remove(hash)), "CodeNotFound");
	well(play.pair.step("idle", Step::Idle));
}

#[derive(Debug, PartialEq, Encode, Decode)]
enum DnsError {
	BadName,
	Taken,
	NotOwner,
	WrongPrice(Balance),
	TransferFailed,
}

/// The longest text of a name of five bytes that ink! has room for, with what comes before it in an input.
const LONGEST: usize = 16 * 1024 - 12;

#[test]
fn dns_does_the_same() {
	use DnsError::*;
	let mut play = Play::new("dns", (100u128, FOREIGN));
	let (alice, bob) = (b"alice".to_vec(), b"bob".to_vec());
	let resolve =
		|play: &mut Play, name: &Vec<u8>| answer::<Option<AccountId>>(play.ask("resolve", name));

	done::<()>(play.pay_as(ALICE, "register", &alice, 100));
	assert_eq!(play.events(), 1);
	// The count of names is there already.
	let registered = play.pay_as(BOB, "register", &bob, 100);
	assert_eq!(registered.deposit, ACCOUNT_DEPOSIT);
	done::<()>(registered);
	for sent in [0, 99, 101] {
		let refused = play.pay_as(BOB, "register", b"carol".to_vec(), sent);
		assert_eq!(refusal::<DnsError>(refused), WrongPrice(100));
	}
	let taken = play.pay_as(BOB, "register", &alice, 100);
	assert_eq!(refusal::<DnsError>(taken), Taken);
	for name in [vec![], vec![b'a'; 65]] {
		let refused = play.pay_as(BOB, "register", name, 100);
		assert_eq!(refusal::<DnsError>(refused), BadName);
	}
	done::<()>(play.pay_as(BOB, "register", vec![b'a'; 64], 100));
	assert_eq!(answer::<u32>(play.ask("sold", ())), 3);
	assert_eq!(
		answer::<Option<AccountId>>(play.ask("owner_of", &bob)),
		Some(BOB)
	);

	assert_eq!(resolve(&mut play, &alice), Some(FOREIGN));
	let pointed = play.ask("point", (&alice, ALICE));
	assert_eq!(pointed.deposit, ACCOUNT_DEPOSIT);
	done::<()>(pointed);
	assert_eq!(resolve(&mut play, &alice), Some(ALICE));
	done::<()>(play.ask("point", (&alice, BOB)));
	assert_eq!(resolve(&mut play, &alice), Some(BOB));
	assert_eq!(
		refusal::<DnsError>(play.ask_as(BOB, "point", (&alice, BOB))),
		NotOwner
	);
	assert_eq!(
		refusal::<DnsError>(play.ask("point", (b"carol".to_vec(), BOB))),
		NotOwner
	);

	// A text that grows, shrinks and goes; its length is stored in front of it.
	let text = |len: usize| "x".repeat(len);
	let bytes = |bytes: i128| bytes * PER_BYTE as i128;
	for (len, deposit, before) in [
		(10, PER_ITEM as i128 + bytes(11), None),
		(1_000, bytes(1_002 - 11), Some(11)),
		(1_000, 0, Some(1_002)),
		(LONGEST, bytes(16_374 - 1_002), Some(1_002)),
		(300, -bytes(16_374 - 302), Some(16_374)),
	] {
		let set = play.ask("set_text", (&alice, text(len)));
		if deposit < 0 {
			assert_given_back(&set, -deposit);
		} else {
			assert_eq!(set.deposit, deposit);
		}
		assert_eq!(done::<Option<u32>>(set), before);
	}
	assert_eq!(
		answer::<Option<u32>>(play.ask("text_size", &alice)),
		Some(302)
	);
	assert_eq!(
		answer::<Option<String>>(play.ask("text", &alice)),
		Some(text(300))
	);
	let too_long = play.ask("set_text", (&alice, text(LONGEST + 1)));
	assert_eq!(failure(too_long), "OutputBufferTooSmall");
	let taken = play.ask("take_text", &alice);
	assert_given_back(&taken, PER_ITEM as i128 + bytes(302));
	assert_eq!(done::<Option<String>>(taken), Some(text(300)));
	assert_eq!(done::<Option<String>>(play.ask("take_text", &alice)), None);
	assert_eq!(
		refusal::<DnsError>(play.ask_as(BOB, "take_text", &alice)),
		NotOwner
	);

	done::<Option<u32>>(play.ask("set_text", (&alice, text(20))));
	let released = play.ask("release", &alice);
	assert_given_back(
		&released,
		2 * ACCOUNT_DEPOSIT + PER_ITEM as i128 + bytes(21),
	);
	done::<()>(released);
	assert_eq!(play.events(), 1);
	assert_eq!(resolve(&mut play, &alice), Some(FOREIGN));
	assert_eq!(refusal::<DnsError>(play.ask("release", &alice)), NotOwner);
	// Bob goes on with what he has paid for.
	let again = play.pay_as(BOB, "register", &alice, 100);
	done::<()>(again);
	done::<()>(play.ask_as(BOB, "hand_over", (&bob, ALICE)));
	assert_eq!(
		refusal::<DnsError>(play.ask_as(BOB, "release", &bob)),
		NotOwner
	);
	done::<()>(play.ask("hand_over", (&bob, BOB)));
	done::<()>(play.ask_as(BOB, "release", &bob));

	assert_eq!(
		refusal::<DnsError>(play.ask_as(BOB, "collect", ())),
		NotOwner
	);
	assert_eq!(done::<Balance>(play.ask("collect", ())), 400);
	assert_eq!(done::<Balance>(play.ask("collect", ())), 0);
	assert_eq!(play.pair.balance(&play.contract), 1);
}

#[derive(Debug, PartialEq, Encode, Decode)]
enum MultisigError {
	NotOwner,
	NotWallet,
	UnknownProposal,
	ConfirmedBefore,
	NotConfirmed,
	TooFewConfirmations(u32),
	CallFailed,
	BadOwners,
}

/// What a message without results answers.
const NOTHING: [u8; 0] = [];

/// A call of this message with these arguments and coins.
fn proposal(
	callee: &AccountId,
	message: &str,
	arguments: impl Encode,
	value: Balance,
	allows_reentry: bool,
) -> impl Encode {
	(
		callee.clone(),
		selector_bytes(message),
		arguments.encode(),
		value,
		allows_reentry,
	)
}

#[test]
fn multisig_does_the_same() {
	use MultisigError::*;
	let mut play = Play::new_with("multisig", (vec![BOB, ALICE, BOB], 2u32), 1_000);
	let wallet = play.contract.clone();
	assert_eq!(
		answer::<Vec<AccountId>>(play.ask("owners", ())),
		[ALICE, BOB]
	);
	for threshold in [0u32, 3] {
		let refused = play.make(
			ALICE,
			"multisig",
			input("new", (vec![ALICE, BOB], threshold)),
			0,
		);
		assert_eq!(refusal::<MultisigError>(refused), BadOwners);
	}
	let flipper = play.other("flipper", false);
	let vault = play.other("contract-transfer", ());
	answer::<()>(play.pay_as(FOREIGN, "receive", (), 0));
	assert_eq!(
		play.emitted(),
		[(wallet.clone(), (FOREIGN, 0u128).encode())]
	);
	answer::<()>(play.pay_as(BOB, "receive", (), 50));

	// Alice proposes and executes, and so pays for what is stored and frees it.
	let flip = || proposal(&flipper, "flip", (), 0, false);
	assert_eq!(
		refusal::<MultisigError>(play.ask_as(FOREIGN, "propose", flip())),
		NotOwner
	);
	let proposed = play.ask("propose", flip());
	assert_eq!(play.events(), 2);
	assert!(proposed.deposit > 0);
	assert_eq!(done::<u32>(proposed), 0);
	assert_eq!(
		refusal::<MultisigError>(play.ask("execute", 0u32)),
		TooFewConfirmations(1)
	);
	assert_eq!(
		refusal::<MultisigError>(play.ask("confirm", 0u32)),
		ConfirmedBefore
	);
	assert_eq!(
		refusal::<MultisigError>(play.ask("confirm", 7u32)),
		UnknownProposal
	);
	assert_eq!(
		refusal::<MultisigError>(play.ask_as(FOREIGN, "confirm", 0u32)),
		NotOwner
	);
	assert_eq!(done::<u32>(play.ask_as(BOB, "confirm", 0u32)), 2);
	assert_eq!(done::<u32>(play.ask_as(BOB, "revoke", 0u32)), 1);
	assert_eq!(
		refusal::<MultisigError>(play.ask_as(BOB, "revoke", 0u32)),
		NotConfirmed
	);
	assert_eq!(done::<u32>(play.ask_as(BOB, "confirm", 0u32)), 2);
	assert_eq!(answer::<u32>(play.ask("confirmations", 0u32)), 2);
	let executed = play.ask("execute", 0u32);
	assert!(executed.deposit < 0);
	assert_eq!(done::<Vec<u8>>(executed), NOTHING);
	assert!(answer::<bool>(play.ask_other(&flipper, "get", ())));
	assert_eq!(
		refusal::<MultisigError>(play.ask("execute", 0u32)),
		UnknownProposal
	);

	// Proposed, confirmed and executed.
	let carry_out = |play: &mut Play, proposal: &dyn Fn() -> Vec<u8>| {
		let id = done::<u32>(play.call(
			ALICE,
			&wallet,
			[selector("propose"), proposal()].concat(),
			0,
		));
		done::<u32>(play.ask_as(BOB, "confirm", id));
		(id, play.ask("execute", id))
	};
	let (_, paid) = carry_out(&mut play, &|| {
		proposal(&flipper, "flip_paid", (), 300, false).encode()
	});
	assert_eq!(done::<Vec<u8>>(paid), 300u128.encode());
	assert_eq!(play.pair.balance(&wallet), 751);
	// More than there is; a message that there is not; nobody.
	for failing in [
		proposal(&flipper, "flip_paid", (), PLENTY, false).encode(),
		proposal(&flipper, "flop", (), 0, false).encode(),
		proposal(&FOREIGN, "flip", (), 0, false).encode(),
	] {
		let (id, failed) = carry_out(&mut play, &|| failing.clone());
		assert_eq!(refusal::<MultisigError>(failed), CallFailed);
		assert_eq!(answer::<u32>(play.ask("confirmations", id)), 2);
		let discarded = play.ask("discard", id);
		assert!(discarded.deposit < 0);
		done::<()>(discarded);
		assert_eq!(
			refusal::<MultisigError>(play.ask("discard", id)),
			UnknownProposal
		);
	}
	// The callee's own refusal is an answer.
	let (_, refused) = carry_out(&mut play, &|| {
		proposal(&vault, "give_me", 700u128, 0, false).encode()
	});
	let too_few = Err::<(), _>(TransferError::TooFewCoins(0));
	assert_eq!(done::<Vec<u8>>(refused), too_few.encode());

	// A contract that ends answers nothing at all, which ink! takes for a failure: it goes on.
	answer::<()>(play.call(BOB, &vault, input("receive", ()), 80));
	done::<()>(play.ask_other(&vault, "hand_over", &wallet));
	let (_, ended) = carry_out(&mut play, &|| {
		proposal(&vault, "end_for_me", (), 0, false).encode()
	});
	assert_eq!(refusal::<MultisigError>(ended), CallFailed);
	assert_eq!(answer::<Balance>(play.ask_other(&vault, "balance", ())), 80);

	// The wallet's own matters, for which it has to be entered again.
	let owners = |owners: &[AccountId], threshold: u32| (owners.to_vec(), threshold);
	assert_eq!(
		refusal::<MultisigError>(play.ask("set_owners", owners(&[ALICE], 1))),
		NotWallet
	);
	let change = |new: &[AccountId], threshold: u32, allows_reentry: bool| {
		proposal(
			&wallet,
			"set_owners",
			owners(new, threshold),
			0,
			allows_reentry,
		)
		.encode()
	};
	let (id, denied) = carry_out(&mut play, &|| change(&[ALICE], 1, false));
	assert_eq!(failure(denied), "ReentranceDenied");
	let everybody = [ALICE, BOB, FOREIGN];
	let (_, changed) = carry_out(&mut play, &|| change(&everybody, 1, true));
	assert_eq!(
		done::<Vec<u8>>(changed),
		Ok::<(), MultisigError>(()).encode()
	);
	assert_eq!(answer::<Vec<AccountId>>(play.ask("owners", ())), everybody);
	// What others had confirmed waits no longer.
	assert_eq!(
		refusal::<MultisigError>(play.ask("execute", id)),
		UnknownProposal
	);
	done::<()>(play.ask("discard", id));
	// One is enough now, also when the wallet calls itself to do it.
	let id = done::<u32>(play.ask("propose", flip()));
	let inner = || proposal(&wallet, "execute", id, 0, true);
	let refused = carry_out_alone(&mut play, &inner().encode());
	// The wallet is none of its owners.
	assert_eq!(done::<Vec<u8>>(refused), Err::<(), _>(NotOwner).encode());
	assert_eq!(done::<Vec<u8>>(play.ask("execute", id)), NOTHING);
	let changed = carry_out_alone(&mut play, &change(&[ALICE], 1, true));
	assert!(changed.deposit < 0);
	assert_eq!(
		done::<Vec<u8>>(changed),
		Ok::<(), MultisigError>(()).encode()
	);
	assert_eq!(
		refusal::<MultisigError>(play.ask_as(BOB, "propose", flip())),
		NotOwner
	);
}

/// Proposes and executes where one confirmation is enough.
#[track_caller]
fn carry_out_alone(play: &mut Play, proposal: &[u8]) -> Outcome {
	let wallet = play.contract.clone();
	let data = [&selector("propose")[..], proposal].concat();
	let id = done::<u32>(play.call(ALICE, &wallet, data, 0));
	play.ask("execute", id)
}

#[derive(Debug, PartialEq, Encode, Decode)]
enum ChannelError {
	NotMerchant,
	NotCustomer,
	BadSignature,
	NothingNew,
	TooFewCoins,
	NotClosing,
	TooEarly(u64),
	TransferFailed,
}

#[derive(Encode)]
enum Key {
	Sr25519([u8; 32]),
	Ecdsa([u8; 33]),
}

#[derive(Encode)]
enum Signature {
	Sr25519([u8; 64]),
	Ecdsa([u8; 65]),
}

/// How long the merchant has, milliseconds.
const GRACE: u64 = 60_000;

/// Alice is the merchant, who makes the contract and ends it; Bob is the customer.
fn channel(key: Key) -> Play {
	let mut play = Play::new("payment-channel", (BOB, key, GRACE));
	answer::<()>(play.pay_as(BOB, "fund", (), 10_000));
	assert_eq!(play.events(), 1);
	play
}

#[track_caller]
fn digest(play: &mut Play, total: Balance) -> [u8; 32] {
	answer(play.ask("digest", total))
}

#[test]
fn payment_channel_does_the_same() {
	use ChannelError::*;
	let pair = sr25519::Pair::from_seed(&[5; 32]);
	let mut play = channel(Key::Sr25519(pair.public().0));
	let this = play.contract.clone();
	// What is signed is the account and the sum.
	let message = polkadot_sdk::sp_io::hashing::blake2_256(&(&this, 2_000u128).encode());
	assert_eq!(digest(&mut play, 2_000), message);
	let signed = |play: &mut Play, total: Balance| {
		let signature = pair.sign(&digest(play, total));
		(total, Signature::Sr25519(signature.0))
	};

	let two = signed(&mut play, 2_000);
	assert_eq!(
		refusal::<ChannelError>(play.ask_as(BOB, "withdraw", &two)),
		NotMerchant
	);
	let before = play.pair.balance(&ALICE);
	assert_eq!(done::<Balance>(play.ask("withdraw", &two)), 2_000);
	assert_eq!(play.events(), 1);
	assert_eq!(play.pair.balance(&ALICE), before + 2_000);
	assert_eq!(
		refusal::<ChannelError>(play.ask("withdraw", &two)),
		NothingNew
	);
	// A signature for another sum, for another channel, and by another key.
	let mut raised = signed(&mut play, 2_000);
	raised.0 = 2_001;
	let elsewhere = (3_000u128, Signature::Sr25519(pair.sign(&[7; 32]).0));
	let other = sr25519::Pair::from_seed(&[6; 32]).sign(&digest(&mut play, 3_000));
	let forged = (3_000u128, Signature::Sr25519(other.0));
	let of_another_kind = (3_000u128, Signature::Ecdsa([1; 65]));
	for bad in [raised, elsewhere, forged, of_another_kind] {
		assert_eq!(
			refusal::<ChannelError>(play.ask("withdraw", &bad)),
			BadSignature
		);
		assert_eq!(
			refusal::<ChannelError>(play.ask("close", &bad)),
			BadSignature
		);
	}
	// One more than there is, for the contract needs something to exist.
	for total in [PLENTY, 10_001] {
		let too_much = signed(&mut play, total);
		assert_eq!(
			refusal::<ChannelError>(play.ask("withdraw", &too_much)),
			TooFewCoins
		);
	}

	let last = signed(&mut play, 5_000);
	let closed = play.ask("close", &last);
	assert!(closed.deposit < 0);
	well(closed);
	assert_eq!(play.pair.balance(&BOB), PLENTY - 5_000 + 1);
	assert_eq!(failure(play.ask("close", &last)), "ContractNotFound");
	well(play.pair.step("idle", Step::Idle));
}

#[test]
fn payment_channel_that_runs_out_does_the_same() {
	use ChannelError::*;
	let pair = ecdsa::Pair::from_seed(&[5; 32]);
	let mut play = channel(Key::Ecdsa(pair.public().0));
	let signed = |play: &mut Play, total: Balance| {
		let signature = pair.sign_prehashed(&digest(play, total));
		(total, Signature::Ecdsa(signature.0))
	};
	let one = signed(&mut play, 1_000);
	assert_eq!(done::<Balance>(play.ask("withdraw", &one)), 1_000);
	let mut raised = signed(&mut play, 2_000);
	raised.0 = 2_001;
	for bad in [raised, (2_000, Signature::Ecdsa([9; 65]))] {
		assert_eq!(
			refusal::<ChannelError>(play.ask("withdraw", &bad)),
			BadSignature
		);
	}

	well(play.pair.step("clock", Step::Clock(5_000)));
	assert_eq!(
		refusal::<ChannelError>(play.ask("ask_for_end", ())),
		NotCustomer
	);
	assert_eq!(refusal::<ChannelError>(play.ask("end", ())), NotClosing);
	let asked = play.ask_as(BOB, "ask_for_end", ());
	assert_eq!(asked.deposit, 0);
	assert_eq!(done::<u64>(asked), 65_000);
	assert_eq!(
		refusal::<ChannelError>(play.ask("end", ())),
		TooEarly(65_000)
	);
	well(play.pair.step("clock", Step::Clock(64_999)));
	assert_eq!(
		refusal::<ChannelError>(play.ask("end", ())),
		TooEarly(65_000)
	);
	// The merchant is in time yet.
	let two = signed(&mut play, 2_000);
	assert_eq!(done::<Balance>(play.ask("withdraw", &two)), 1_000);
	well(play.pair.step("clock", Step::Clock(65_000)));
	// Alice, who has paid for the contract's storage.
	well(play.ask("end", ()));
	assert_eq!(play.pair.balance(&BOB), PLENTY - 2_000 + 1);
	assert_eq!(failure(play.ask("end", ())), "ContractNotFound");
}
