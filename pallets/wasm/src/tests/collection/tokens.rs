//! Tokens of all kinds.

use super::*;

#[derive(Debug, PartialEq, Encode, Decode)]
enum Erc20Error {
	InsufficientBalance(u128),
	InsufficientAllowance(u128),
}

#[test]
fn erc20_does_the_same() {
	let mut play = Play::new("erc20", 1_000u128);
	assert_eq!(play.events(), 1);
	assert_eq!(answer::<u128>(play.ask("total_supply", ())), 1_000);
	assert_eq!(answer::<u128>(play.ask("balance_of", ALICE)), 1_000);

	let first = play.ask("transfer", (BOB, 300u128));
	assert_eq!(first.deposit, BALANCE_DEPOSIT);
	done::<()>(first);
	assert_eq!(play.events(), 1);
	let second = play.ask("transfer", (BOB, 300u128));
	assert_eq!(second.deposit, 0);
	done::<()>(second);
	assert_eq!(
		refusal::<Erc20Error>(play.ask("transfer", (BOB, 401u128))),
		Erc20Error::InsufficientBalance(400)
	);
	assert_eq!(play.events(), 0);

	let take = |value: u128| (ALICE, BOB, value);
	assert_eq!(
		refusal::<Erc20Error>(play.ask_as(BOB, "transfer_from", take(1))),
		Erc20Error::InsufficientAllowance(0)
	);
	let approved = play.ask("approve", (BOB, 200u128));
	assert_eq!(approved.deposit, BALANCE_DEPOSIT);
	done::<()>(approved);
	assert_eq!(
		done::<u128>(play.ask("increase_allowance", (BOB, 50u128))),
		250
	);
	done::<()>(play.ask_as(BOB, "transfer_from", take(200)));
	// The tokens, and what is left to move.
	assert_eq!(play.events(), 2);
	assert_eq!(answer::<u128>(play.ask("allowance", (ALICE, BOB))), 50);
	assert_eq!(
		refusal::<Erc20Error>(play.ask_as(BOB, "transfer_from", take(51))),
		Erc20Error::InsufficientAllowance(50)
	);
	done::<u128>(play.ask("increase_allowance", (BOB, 1_000u128)));
	assert_eq!(
		refusal::<Erc20Error>(play.ask_as(BOB, "transfer_from", take(201))),
		Erc20Error::InsufficientBalance(200)
	);
	assert_eq!(answer::<u128>(play.ask("allowance", (ALICE, BOB))), 1_050);
	let revoked = play.ask("approve", (BOB, 0u128));
	assert_given_back(&revoked, BALANCE_DEPOSIT);
	done::<()>(revoked);

	// Bob keeps some: Alice has paid for his entry.
	done::<()>(play.ask_as(BOB, "burn", 100u128));
	assert_eq!(answer::<u128>(play.ask("total_supply", ())), 900);
	assert_eq!(
		refusal::<Erc20Error>(play.ask_as(FOREIGN, "burn", 1u128)),
		Erc20Error::InsufficientBalance(0)
	);
	// Her entry goes and comes again.
	let to_herself = play.ask("transfer", (ALICE, 200u128));
	assert_eq!(to_herself.deposit, 0);
	done::<()>(to_herself);
	let last = play.ask("transfer", (BOB, 200u128));
	assert_given_back(&last, BALANCE_DEPOSIT);
	done::<()>(last);
	let back = play.ask_as(BOB, "transfer", (ALICE, 1u128));
	assert_eq!(back.deposit, BALANCE_DEPOSIT);
	done::<()>(back);
	assert_eq!(answer::<u128>(play.ask("balance_of", BOB)), 899);

	let contract = play.contract.clone();
	let approve = || input("approve", (FOREIGN, 1u128));
	let limited = play
		.pair
		.call_with("approve", &contract, approve(), 0, Some(0));
	assert_eq!(failure(limited), "StorageDepositLimitExhausted");
	let limit = Some(PER_ITEM + 16 * PER_BYTE);
	done::<()>(
		play.pair
			.call_with("approve", &contract, approve(), 0, limit),
	);
	// Who has too little to pay the deposit.
	assert_eq!(
		failure(play.ask_as(FOREIGN, "approve", (BOB, 1u128))),
		"StorageDepositLimitExhausted"
	);
}

#[derive(Debug, PartialEq, Encode, Decode)]
enum Erc721Error {
	TokenExists,
	TokenNotFound,
	NotApproved,
	NotOwner,
	NotAllowed,
}

#[test]
fn erc721_does_the_same() {
	use Erc721Error::*;
	let mut play = Play::new("erc721", ());
	let owner_of = |play: &mut Play, id: u32| answer::<Option<AccountId>>(play.ask("owner_of", id));

	// Alice mints for both, and so pays for what later goes when she moves Bob's.
	let minted = play.ask("mint", (ALICE, 1u32));
	assert_eq!(
		minted.deposit,
		ACCOUNT_DEPOSIT + (PER_ITEM + 4 * PER_BYTE) as i128
	);
	done::<()>(minted);
	assert_eq!(play.events(), 1);
	assert_eq!(
		refusal::<Erc721Error>(play.ask("mint", (ALICE, 1u32))),
		TokenExists
	);
	done::<()>(play.ask("mint", (BOB, 2u32)));
	done::<()>(play.ask("mint", (BOB, 3u32)));
	assert_eq!(answer::<u32>(play.ask("balance_of", BOB)), 2);
	assert_eq!(owner_of(&mut play, 3), Some(BOB));
	assert_eq!(owner_of(&mut play, 4), None);

	let take = |id: u32| (BOB, ALICE, id);
	assert_eq!(
		refusal::<Erc721Error>(play.ask("transfer_from", take(2))),
		NotApproved
	);
	let everything = play.ask_as(BOB, "set_approval_for_all", (ALICE, true));
	assert_eq!(everything.deposit, PER_ITEM as i128);
	done::<()>(everything);
	assert!(answer::<bool>(
		play.ask("is_approved_for_all", (BOB, ALICE))
	));
	assert_eq!(
		refusal::<Erc721Error>(play.ask_as(BOB, "set_approval_for_all", (BOB, true))),
		NotAllowed
	);
	done::<()>(play.ask("approve", (ALICE, 2u32)));
	assert_eq!(
		answer::<Option<AccountId>>(play.ask("get_approved", 2u32)),
		Some(ALICE)
	);
	assert_eq!(
		refusal::<Erc721Error>(play.ask("transfer_from", (ALICE, BOB, 2u32))),
		NotOwner
	);
	let taken = play.ask("transfer_from", take(2));
	assert_given_back(&taken, ACCOUNT_DEPOSIT);
	done::<()>(taken);
	assert_eq!(play.events(), 1);
	assert_eq!(owner_of(&mut play, 2), Some(ALICE));
	assert_eq!(
		answer::<Option<AccountId>>(play.ask("get_approved", 2u32)),
		None
	);
	let nothing = play.ask_as(BOB, "set_approval_for_all", (ALICE, false));
	assert_given_back(&nothing, PER_ITEM as i128);
	done::<()>(nothing);
	assert_eq!(
		refusal::<Erc721Error>(play.ask("transfer_from", take(3))),
		NotApproved
	);

	// Bob pays for this one, and nobody frees it.
	done::<()>(play.ask_as(BOB, "approve", (ALICE, 3u32)));
	assert_eq!(
		refusal::<Erc721Error>(play.ask_as(BOB, "approve", (BOB, 3u32))),
		NotAllowed
	);
	assert_eq!(
		refusal::<Erc721Error>(play.ask("approve", (FOREIGN, 3u32))),
		NotOwner
	);
	assert_eq!(refusal::<Erc721Error>(play.ask("burn", 3u32)), NotOwner);
	assert_eq!(
		refusal::<Erc721Error>(play.ask("burn", 9u32)),
		TokenNotFound
	);

	done::<()>(play.ask("mint", (ALICE, 4u32)));
	done::<()>(play.ask("transfer", (BOB, 4u32)));
	assert_eq!(owner_of(&mut play, 4), Some(BOB));
	let burnt = play.ask("burn", 1u32);
	assert_given_back(&burnt, ACCOUNT_DEPOSIT);
	done::<()>(burnt);
	let burnt = play.ask("burn", 2u32);
	assert_eq!(
		burnt.deposit,
		-ACCOUNT_DEPOSIT - (PER_ITEM + 4 * PER_BYTE) as i128
	);
	done::<()>(burnt);
	assert_eq!(answer::<u32>(play.ask("balance_of", ALICE)), 0);
	assert_eq!(owner_of(&mut play, 1), None);
}

#[derive(Debug, PartialEq, Encode, Decode)]
enum Erc1155Error {
	UnknownToken(u128),
	InsufficientBalance(u128),
	NotApproved,
	SelfApproval,
	BatchMismatch,
	NotAccepted,
}

#[test]
fn erc1155_does_the_same() {
	use Erc1155Error::*;
	let mut play = Play::new("erc1155", false);
	let one = |from: AccountId, to: &AccountId, id: u128, value: u128| {
		(from, to.clone(), id, value, Vec::<u8>::new())
	};
	let many = |to: &AccountId, ids: &[u128], values: &[u128]| {
		(ALICE, to.clone(), ids.to_vec(), values.to_vec(), vec![7u8])
	};
	let balance = |play: &mut Play, who: AccountId, id: u128| {
		answer::<u128>(play.ask("balance_of", (who, id)))
	};

	let created = play.ask("create", 100u128);
	assert_eq!(created.deposit, BALANCE_DEPOSIT);
	assert_eq!(answer::<u128>(created), 1);
	assert_eq!(play.events(), 1);
	assert_eq!(answer::<u128>(play.ask("create", 50u128)), 2);
	assert_eq!(answer::<u128>(play.ask_as(BOB, "create", 7u128)), 3);
	done::<()>(play.ask("mint", (1u128, 10u128)));
	assert_eq!(
		refusal::<Erc1155Error>(play.ask("mint", (9u128, 10u128))),
		UnknownToken(9)
	);
	assert_eq!(
		refusal::<Erc1155Error>(play.ask("mint", (0u128, 10u128))),
		UnknownToken(0)
	);

	done::<()>(play.ask("transfer_from", one(ALICE, &BOB, 1, 30)));
	assert_eq!(
		(balance(&mut play, ALICE, 1), balance(&mut play, BOB, 1)),
		(80, 30)
	);
	assert_eq!(
		refusal::<Erc1155Error>(play.ask("transfer_from", one(ALICE, &BOB, 1, 81))),
		InsufficientBalance(1)
	);
	assert_eq!(
		refusal::<Erc1155Error>(play.ask_as(BOB, "transfer_from", one(ALICE, &BOB, 1, 1))),
		NotApproved
	);
	done::<()>(play.ask("batch_transfer_from", many(&BOB, &[1, 2], &[5, 6])));
	assert_eq!(play.events(), 2);
	assert_eq!(
		answer::<Vec<u128>>(play.ask("balance_of_batch", (vec![ALICE, BOB], vec![1u128, 2, 3]))),
		[75, 44, 0, 35, 6, 7]
	);
	for (ids, values) in [(&[1][..], &[1, 2][..]), (&[], &[])] {
		let refused = play.ask("batch_transfer_from", many(&BOB, ids, values));
		assert_eq!(refusal::<Erc1155Error>(refused), BatchMismatch);
	}
	// The first of the two does not stay.
	assert_eq!(
		refusal::<Erc1155Error>(play.ask("batch_transfer_from", many(&BOB, &[1, 2], &[1, 45]))),
		InsufficientBalance(2)
	);
	assert_eq!(balance(&mut play, ALICE, 1), 75);

	assert_eq!(
		refusal::<Erc1155Error>(play.ask("set_approval_for_all", (ALICE, true))),
		SelfApproval
	);
	done::<()>(play.ask("set_approval_for_all", (BOB, true)));
	assert!(answer::<bool>(
		play.ask("is_approved_for_all", (ALICE, BOB))
	));
	// Nobody's entry comes or goes: only Alice has paid so far.
	done::<()>(play.ask_as(BOB, "transfer_from", one(ALICE, &BOB, 1, 5)));
	let withdrawn = play.ask("set_approval_for_all", (BOB, false));
	assert_given_back(&withdrawn, PER_ITEM as i128);
	done::<()>(withdrawn);

	// Contracts are asked.
	let taker = play.other("erc1155", true);
	done::<()>(play.ask("transfer_from", one(ALICE, &taker, 1, 20)));
	assert_eq!(balance(&mut play, taker.clone(), 1), 20);
	let refuser = play.other("erc1155", false);
	let deaf = play.other("flipper", true);
	for contract in [&refuser, &deaf] {
		let refused = play.ask("transfer_from", one(ALICE, contract, 1, 20));
		assert_eq!(refusal::<Erc1155Error>(refused), NotAccepted);
		assert_eq!(balance(&mut play, contract.clone(), 1), 0);
	}
	done::<()>(play.ask("batch_transfer_from", many(&taker, &[1, 2], &[1, 1])));
	let this = play.contract.clone();
	assert_eq!(
		failure(play.ask("transfer_from", one(ALICE, &this, 1, 1))),
		"ReentranceDenied"
	);
	let last = play.ask("transfer_from", one(ALICE, &BOB, 1, 49));
	assert_given_back(&last, BALANCE_DEPOSIT);
	done::<()>(last);
	assert_eq!(balance(&mut play, ALICE, 1), 0);
}

#[derive(Debug, PartialEq, Encode, Decode)]
enum TraitError {
	InsufficientBalance,
	InsufficientAllowance,
}

/// Input for a message of the trait, whose selector is made of both names.
fn of_trait(message: &str, arguments: impl Encode) -> Vec<u8> {
	let name = format!("BaseErc20::{message}");
	let hash = polkadot_sdk::sp_io::hashing::blake2_256(name.as_bytes());
	[hash[..4].to_vec(), arguments.encode()].concat()
}

#[test]
fn trait_erc20_does_the_same() {
	use TraitError::*;
	let mut play = Play::new("trait-erc20", 500u128);
	let token = play.contract.clone();
	let purse = play.other("trait-erc20", 0u128);
	let balance = |play: &mut Play, who: &AccountId| {
		answer::<u128>(play.call(ALICE, &token, of_trait("balance_of", who), 0))
	};

	assert_eq!(
		answer::<u128>(play.call(BOB, &token, of_trait("total_supply", ()), 0)),
		500
	);
	// The plain name is none of its messages.
	let plain = play.ask("total_supply", ());
	assert_eq!(plain.result, Ok((1, NOT_UNDERSTOOD.to_vec())));

	done::<()>(play.call(ALICE, &token, of_trait("transfer", (&purse, 40u128)), 0));
	assert_eq!(play.events(), 1);
	let too_much = play.call(BOB, &token, of_trait("transfer", (&purse, 1u128)), 0);
	assert_eq!(refusal::<TraitError>(too_much), InsufficientBalance);
	done::<()>(play.call(ALICE, &token, of_trait("approve", (BOB, 9u128)), 0));
	let take = |value: u128| of_trait("transfer_from", (ALICE, BOB, value));
	let too_much = play.call(BOB, &token, take(10), 0);
	assert_eq!(refusal::<TraitError>(too_much), InsufficientAllowance);
	// Bob pays for his entry.
	done::<()>(play.call(BOB, &token, take(8), 0));
	assert_eq!(
		answer::<u128>(play.call(BOB, &token, of_trait("allowance", (ALICE, BOB)), 0)),
		1
	);

	// By the trait alone, from one contract to the other.
	let pass_on = |token: &AccountId, value: u128| (token.clone(), BOB, value);
	assert_eq!(
		done::<u128>(play.ask_other(&purse, "pass_on", pass_on(&token, 5))),
		13
	);
	assert_eq!(play.events(), 1);
	assert_eq!(
		(balance(&mut play, &purse), balance(&mut play, &BOB)),
		(35, 13)
	);
	let too_much = play.ask_other(&purse, "pass_on", pass_on(&token, 36));
	assert_eq!(refusal::<TraitError>(too_much), InsufficientBalance);
	let flipper = play.other("flipper", true);
	for other in [BOB, flipper] {
		let trapped = play.ask_other(&purse, "pass_on", pass_on(&other, 1));
		assert_eq!(failure(trapped), "ContractTrapped");
	}
	let itself = play.ask_other(&purse, "pass_on", pass_on(&purse, 1));
	assert_eq!(failure(itself), "ReentranceDenied");
}
