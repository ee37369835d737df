//! A count whose contract replaces its own code.
//!
//! `upgradeable-next` is the second version: it has the same root, and what is new lies under a key of its own.

#![cfg_attr(not(feature = "std"), no_std, no_main)]

pub use self::upgradeable_code::{Error, UpgradeableCode, UpgradeableCodeRef};

#[ink::contract]
mod upgradeable_code {
	/// The contract has other code from the next call on.
	#[ink(event)]
	pub struct CodeReplaced {
		/// Which.
		#[ink(topic)]
		pub code: Hash,
	}

	/// Why nothing was done.
	#[derive(Clone, Debug, PartialEq, Eq)]
	#[ink::scale_derive(Encode, Decode, TypeInfo)]
	pub enum Error {
		/// The caller is not the owner.
		NotOwner,
		/// The chain has refused.
		Refused,
	}

	/// The count, and who may replace the code.
	#[ink(storage)]
	pub struct UpgradeableCode {
		count: u32,
		owner: AccountId,
	}

	impl UpgradeableCode {
		/// A count at nothing, the deployer's.
		#[ink(constructor)]
		pub fn new() -> Self {
			Self {
				count: 0,
				owner: Self::env().caller(),
			}
		}

		/// The count.
		#[ink(message)]
		pub fn get(&self) -> u32 {
			self.count
		}

		/// Which version this is.
		#[ink(message)]
		pub fn version(&self) -> u32 {
			1
		}

		/// Counts by one.
		#[ink(message)]
		pub fn increment(&mut self) -> u32 {
			self.count = self.count.saturating_add(1);
			self.count
		}

		/// Replaces the code.
		#[ink(message)]
		pub fn set_code(&mut self, code: Hash) -> Result<(), Error> {
			if self.env().caller() != self.owner {
				return Err(Error::NotOwner);
			}
			self.env()
				.set_code_hash(&code)
				.map_err(|_| Error::Refused)?;
			self.env().emit_event(CodeReplaced { code });
			Ok(())
		}
	}

	impl Default for UpgradeableCode {
		fn default() -> Self {
			Self::new()
		}
	}
}
