//! What is done in a world, and what it comes to.

use polkadot_sdk::sp_keyring::Sr25519Keyring::{self, Alice, Bob, Charlie};

use super::page::Kind;

/// Somebody in a world, the same in all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
	/// Owns the first token and the pool.
	Alice,
	/// Owns the second token.
	Bob,
	Charlie,
	First,
	Second,
	Pool,
	Escrow,
	/// A token that takes and never gives, and that is in no specification.
	Broken,
}

pub const PEOPLE: [Who; 3] = [Who::Alice, Who::Bob, Who::Charlie];
pub const CONTRACTS: [Who; 4] = [Who::First, Who::Second, Who::Pool, Who::Escrow];
pub const ALL: [Who; 8] = [
	Who::Alice,
	Who::Bob,
	Who::Charlie,
	Who::First,
	Who::Second,
	Who::Pool,
	Who::Escrow,
	Who::Broken,
];

impl Who {
	pub fn key(self) -> Sr25519Keyring {
		match self {
			Self::Alice => Alice,
			Self::Bob => Bob,
			Self::Charlie => Charlie,
			_ => panic!("{self:?} has no key"),
		}
	}

	/// What one of [`CONTRACTS`] is.
	pub fn kind(self) -> Kind {
		match self {
			Self::First | Self::Second => Kind::Token,
			Self::Pool => Kind::Pool,
			Self::Escrow => Kind::Escrow,
			_ => panic!("{self:?} has no specification"),
		}
	}

	/// Who deploys one of [`CONTRACTS`]. A Move account has one module of a name.
	pub fn deployer(self) -> Self {
		match self {
			Self::Second => Self::Bob,
			_ => Self::Alice,
		}
	}
}

/// An argument, a result or a field of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
	Who(Who),
	Number(u128),
}

pub use Word::Number;

/// One call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
	pub caller: Who,
	pub target: Who,
	pub function: &'static str,
	pub arguments: Vec<Word>,
}

/// A call.
pub fn step(caller: Who, target: Who, function: &'static str, arguments: Vec<Word>) -> Step {
	Step {
		caller,
		target,
		function,
		arguments,
	}
}

/// One event, without what differs between machines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
	/// The place in the tree of calls.
	pub frame: u32,
	pub contract: Who,
	pub event: String,
	pub fields: Vec<Word>,
}

/// What a step comes to: the results or the number of the failure, and events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
	pub result: Result<Vec<Word>, u64>,
	pub logs: Vec<Log>,
}
