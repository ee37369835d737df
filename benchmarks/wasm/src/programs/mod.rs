//! Contracts that get as much work as they can out of what they pay, a file for each kind of work.

mod calls;
mod compute;
mod host;
mod storage;
mod translation;

use polkadot_sdk::sp_keyring::Sr25519Keyring;

use crate::{
	code,
	state::{LargeState, SIGNER},
};

/// How a program is to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
	/// Well, having done it as often as there is weight for: what it does has to stay.
	Well,
	/// When the weight is gone.
	OutOfGas,
}

/// What a transaction does.
#[derive(Clone, Debug)]
pub enum Action {
	/// Calls a contract.
	Call {
		/// Its code.
		code: Vec<u8>,
		/// Codes of contracts that it calls.
		helpers: Vec<Vec<u8>>,
		/// How it ends.
		ends: Ends,
	},
	/// Uploads code.
	Upload(Vec<u8>),
	/// Uploads code and instantiates it.
	Instantiate(Vec<u8>),
}

/// One line of the table.
#[derive(Clone, Debug)]
pub struct Program {
	/// What it does.
	pub name: String,
	/// What the transaction does.
	pub action: Action,
	/// The highest count that makes sense.
	pub most: u32,
	/// Who signs the transaction.
	pub signer: Sr25519Keyring,
	/// It gets one part in so many of the most weight.
	pub share: u64,
}

impl Program {
	fn new(name: impl Into<String>, action: Action) -> Self {
		// An upload is one.
		let most = match &action {
			Action::Call { .. } => u32::MAX,
			Action::Upload(_) | Action::Instantiate(_) => 1,
		};
		Self {
			name: name.into(),
			action,
			most,
			signer: SIGNER,
			share: 1,
		}
	}

	/// A contract that does `body` without end.
	fn endless(name: impl Into<String>, body: &str) -> Self {
		Self::endless_code(name, code::looped(1, "", "", body))
	}

	fn endless_code(name: impl Into<String>, code: Vec<u8>) -> Self {
		let ends = Ends::OutOfGas;
		Self::new(
			name,
			Action::Call {
				code,
				helpers: Vec::new(),
				ends,
			},
		)
	}

	/// A contract that does `body` as often as it can and then ends well.
	fn counted(name: impl Into<String>, body: &str) -> Self {
		Self::counted_code(name, code::looped(1, "", "", body))
	}

	fn counted_code(name: impl Into<String>, code: Vec<u8>) -> Self {
		let ends = Ends::Well;
		Self::new(
			name,
			Action::Call {
				code,
				helpers: Vec::new(),
				ends,
			},
		)
	}

	/// With contracts that it calls.
	fn with(mut self, codes: impl IntoIterator<Item = Vec<u8>>) -> Self {
		if let Action::Call { helpers, .. } = &mut self.action {
			helpers.extend(codes);
		}
		self
	}

	fn up_to(mut self, most: u32) -> Self {
		self.most = most;
		self
	}

	fn signed_by(mut self, signer: Sr25519Keyring) -> Self {
		self.signer = signer;
		self
	}

	fn share(mut self, share: u64) -> Self {
		self.share = share;
		self
	}

	/// How it is to end.
	pub fn ends(&self) -> Ends {
		match &self.action {
			Action::Call { ends, .. } => *ends,
			_ => Ends::Well,
		}
	}
}

/// A program that does nothing.
pub fn nothing() -> Program {
	Program::counted("nothing", "").up_to(1)
}

/// All programs. `state` finds out how dense code may be.
pub fn all(state: &mut LargeState) -> Vec<Program> {
	let mut programs = compute::programs();
	programs.extend(storage::programs(state.entries));
	programs.extend(host::programs(state.entries));
	programs.extend(calls::programs(state.entries));
	programs.extend(translation::programs(state));
	programs
}
