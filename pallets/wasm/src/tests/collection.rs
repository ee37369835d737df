//! The collection of ink! contracts (`contracts/ink/collection`), step by step on the published pallet and on
//! ours, which have to agree. What a contract is to answer is said as well: two chains that refuse everything
//! would agree too.
//!
//! Who gets a deposit back is the one difference that these contracts would come upon (`docs/decisions`, 0081):
//! the published pallet gives it to who frees the storage, ours to who paid. So in all steps it is one
//! account that pays for a thing and frees it.

mod calls;
mod coins;
mod tokens;
mod upgrades;

use codec::{Decode, DecodeAll, Encode};

use super::{
	oracle::{Outcome, Pair, Step},
	*,
};

/// ink!'s own byte for a message that was understood.
const UNDERSTOOD: u8 = 0;
/// What ink! answers if it does not understand its input.
const NOT_UNDERSTOOD: [u8; 2] = [1, 1];
/// Deposit for a balance in a map.
const BALANCE_DEPOSIT: i128 = (PER_ITEM + 16 * PER_BYTE) as i128;
/// Deposit for an account in a map.
const ACCOUNT_DEPOSIT: i128 = (PER_ITEM + 32 * PER_BYTE) as i128;

/// Code of the collection.
fn code(name: &str) -> Vec<u8> {
	ink(&format!("collection/{name}"))
}

/// The selector of a message, as an argument.
fn selector_bytes(message: &str) -> [u8; 4] {
	selector(message).try_into().unwrap()
}

/// Whether a deposit was given back. Both pallets take parts of a contract's whole deposits and round them
/// down, once for items and once for bytes.
#[track_caller]
fn assert_given_back(outcome: &Outcome, amount: i128) {
	let given = -outcome.deposit;
	assert!(
		(amount - 2..=amount).contains(&given),
		"{given} of {amount}"
	);
}

/// What a message answered that does not fail.
#[track_caller]
fn answer<T: Decode>(outcome: Outcome) -> T {
	let (flags, data) = outcome.result.unwrap();
	assert_eq!((flags, data.first()), (0, Some(&UNDERSTOOD)), "{data:?}");
	T::decode_all(&mut &data[1..]).unwrap()
}

/// What a message answered that might have failed.
#[track_caller]
fn done<T: Decode>(outcome: Outcome) -> T {
	answer::<Result<T, Other>>(outcome).unwrap()
}

/// An error that a test does not expect, whatever it is.
#[derive(Debug)]
struct Other(#[allow(dead_code)] Vec<u8>);

impl Decode for Other {
	fn decode<I: codec::Input>(input: &mut I) -> Result<Self, codec::Error> {
		let mut bytes = vec![0; input.remaining_len()?.unwrap_or_default()];
		input.read(&mut bytes)?;
		Ok(Self(bytes))
	}
}

/// Why a message took back what it did.
#[track_caller]
fn refusal<E: Decode>(outcome: Outcome) -> E {
	let (flags, data) = outcome.result.unwrap();
	assert_eq!((flags, data.first()), (1, Some(&UNDERSTOOD)), "{data:?}");
	match Result::<(), E>::decode_all(&mut &data[1..]) {
		Ok(Err(error)) => error,
		_ => panic!("no error: {data:?}"),
	}
}

/// The name of the error by which a call ended.
#[track_caller]
fn failure(outcome: Outcome) -> String {
	outcome.result.unwrap_err()
}

/// A step that ends well without an answer.
#[track_caller]
fn well(outcome: Outcome) {
	assert!(matches!(outcome.result, Ok((0, _))), "{outcome:?}");
}

/// Both chains, and the contract that a test is about.
struct Play {
	pair: Pair,
	contract: AccountId,
	made: u32,
}

impl Play {
	/// Alice makes the contract by its constructor `new`.
	#[track_caller]
	fn new(name: &str, arguments: impl Encode) -> Self {
		Self::new_with(name, arguments, 0)
	}

	/// As [`Self::new`], with coins.
	#[track_caller]
	fn new_with(name: &str, arguments: impl Encode, value: Balance) -> Self {
		let mut play = Self {
			pair: Pair::new(),
			contract: AccountId::new([0; 32]),
			made: 0,
		};
		let outcome = play.make(ALICE, name, input("new", arguments), value);
		play.contract = outcome
			.made
			.clone()
			.unwrap_or_else(|| panic!("{outcome:?}"));
		well(outcome);
		play
	}

	/// Instantiates a contract, each at another address.
	#[track_caller]
	fn make(&mut self, who: AccountId, name: &str, data: Vec<u8>, value: Balance) -> Outcome {
		self.made += 1;
		self.pair.step(
			name,
			Step::Instantiate {
				who,
				value,
				deposit: None,
				code: code(name),
				data,
				salt: self.made.encode(),
			},
		)
	}

	/// Alice makes another contract by its constructor `new`.
	#[track_caller]
	fn other(&mut self, name: &str, arguments: impl Encode) -> AccountId {
		let outcome = self.make(ALICE, name, input("new", arguments), 0);
		let made = outcome.made.clone();
		well(outcome);
		made.unwrap()
	}

	/// Alice uploads code; its hash.
	#[track_caller]
	fn upload(&mut self, name: &str) -> H256 {
		let code = code(name);
		let hash = hash_of(&code);
		well(self.pair.step("upload", Step::Upload(ALICE, code)));
		hash
	}

	/// Alice removes code.
	#[track_caller]
	fn remove(&mut self, hash: H256) -> Outcome {
		self.pair.step("remove", Step::Remove(ALICE, hash))
	}

	/// Alice calls the contract.
	#[track_caller]
	fn ask(&mut self, message: &str, arguments: impl Encode) -> Outcome {
		self.ask_as(ALICE, message, arguments)
	}

	/// Somebody calls the contract.
	#[track_caller]
	fn ask_as(&mut self, who: AccountId, message: &str, arguments: impl Encode) -> Outcome {
		self.pay_as(who, message, arguments, 0)
	}

	/// Somebody calls the contract with coins.
	#[track_caller]
	fn pay_as(
		&mut self,
		who: AccountId,
		message: &str,
		arguments: impl Encode,
		value: Balance,
	) -> Outcome {
		let contract = self.contract.clone();
		self.call(who, &contract, input(message, arguments), value)
	}

	/// Alice calls another contract.
	#[track_caller]
	fn ask_other(
		&mut self,
		contract: &AccountId,
		message: &str,
		arguments: impl Encode,
	) -> Outcome {
		self.call(ALICE, contract, input(message, arguments), 0)
	}

	#[track_caller]
	fn call(
		&mut self,
		who: AccountId,
		contract: &AccountId,
		data: Vec<u8>,
		value: Balance,
	) -> Outcome {
		self.pair.step(
			"call",
			Step::Call {
				who,
				contract: contract.clone(),
				value,
				deposit: None,
				data,
			},
		)
	}

	/// What contracts emitted in the last step: who, and the data.
	fn emitted(&self) -> Vec<(AccountId, Vec<u8>)> {
		// `Contracts` is the pallet with index 3, and so is `ContractEmitted` among its events.
		let emitted = |event: &[u8]| event.strip_prefix(&[3, 3]).map(<[u8]>::to_vec);
		let events = self.pair.events.iter();
		events
			.filter_map(|(event, _)| emitted(event))
			.map(|event| Decode::decode(&mut &event[..]).unwrap())
			.collect()
	}

	/// How many events the contract emitted in the last step.
	fn events(&self) -> usize {
		let emitted = self.emitted();
		emitted
			.iter()
			.filter(|(who, _)| *who == self.contract)
			.count()
	}
}
