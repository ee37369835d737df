//! Takes coins, gives them to who asks, and goes.

#![cfg_attr(not(feature = "std"), no_std, no_main)]

pub use self::contract_transfer::{ContractTransfer, ContractTransferRef, Error};

#[ink::contract]
mod contract_transfer {
	/// Coins came in.
	#[ink(event)]
	pub struct Received {
		/// From whom.
		#[ink(topic)]
		pub from: AccountId,
		/// How many.
		pub value: Balance,
	}

	/// Why nothing was done.
	#[derive(Clone, Debug, PartialEq, Eq)]
	#[ink::scale_derive(Encode, Decode, TypeInfo)]
	pub enum Error {
		/// There are only so many coins.
		TooFewCoins(Balance),
		/// The chain has refused to send them.
		Refused,
		/// Only the owner may.
		NotOwner,
		/// It was to be this many coins.
		NotExact(Balance),
	}

	/// Who may end it.
	#[ink(storage)]
	pub struct ContractTransfer {
		owner: AccountId,
	}

	impl ContractTransfer {
		/// The deployer's, with the coins that he sends along.
		#[ink(constructor, payable)]
		pub fn new() -> Self {
			Self {
				owner: Self::env().caller(),
			}
		}

		/// The coins there are.
		#[ink(message)]
		pub fn balance(&self) -> Balance {
			self.env().balance()
		}

		/// Takes coins.
		#[ink(message, payable)]
		pub fn receive(&mut self) {
			self.env().emit_event(Received {
				from: self.env().caller(),
				value: self.env().transferred_value(),
			});
		}

		/// Takes this many coins, neither more nor fewer.
		#[ink(message, payable)]
		pub fn receive_exactly(&mut self, value: Balance) -> Result<(), Error> {
			if self.env().transferred_value() != value {
				return Err(Error::NotExact(value));
			}
			Ok(())
		}

		/// Gives the caller coins.
		#[ink(message)]
		pub fn give_me(&mut self, value: Balance) -> Result<(), Error> {
			let owned = self.env().balance();
			if value > owned {
				return Err(Error::TooFewCoins(owned));
			}
			self.env()
				.transfer(self.env().caller(), value)
				.map_err(|_| Error::Refused)
		}

		/// Gives somebody coins, whatever there is: the chain may refuse.
		#[ink(message)]
		pub fn give(&mut self, to: AccountId, value: Balance) -> Result<(), Error> {
			self.env().transfer(to, value).map_err(|_| Error::Refused)
		}

		/// Gives somebody coins, and nothing at all if that is refused.
		#[ink(message)]
		pub fn give_or_trap(&mut self, to: AccountId, value: Balance) {
			if self.env().transfer(to, value).is_err() {
				panic!("refused")
			}
		}

		/// Makes somebody else the owner.
		#[ink(message)]
		pub fn hand_over(&mut self, to: AccountId) -> Result<(), Error> {
			if self.env().caller() != self.owner {
				return Err(Error::NotOwner);
			}
			self.owner = to;
			Ok(())
		}

		/// Ends this contract. What it has goes to `heir`.
		#[ink(message)]
		pub fn end(&mut self, heir: AccountId) -> Result<(), Error> {
			if self.env().caller() != self.owner {
				return Err(Error::NotOwner);
			}
			self.env().terminate_contract(heir)
		}

		/// Ends this contract. What it has goes to the caller.
		#[ink(message)]
		pub fn end_for_me(&mut self) -> Result<(), Error> {
			self.end(self.env().caller())
		}
	}

	impl Default for ContractTransfer {
		fn default() -> Self {
			Self::new()
		}
	}
}
