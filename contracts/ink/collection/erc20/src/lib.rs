//! A fungible token with allowances and events, whose messages say by a `Result` why they refuse.
//!
//! An entry that falls to nothing is removed, so that its deposit comes back.

#![cfg_attr(not(feature = "std"), no_std, no_main)]

pub use self::erc20::{Erc20, Erc20Ref, Error};

#[ink::contract]
mod erc20 {
	use ink::storage::Mapping;

	/// Tokens moved; from nobody when they are made, to nobody when they are burnt.
	#[ink(event)]
	pub struct Transfer {
		/// Whose they were.
		#[ink(topic)]
		pub from: Option<AccountId>,
		/// Whose they are.
		#[ink(topic)]
		pub to: Option<AccountId>,
		/// How many.
		pub value: Balance,
	}

	/// An allowance was set.
	#[ink(event)]
	pub struct Approval {
		/// Whose tokens.
		#[ink(topic)]
		pub owner: AccountId,
		/// Who may move them.
		#[ink(topic)]
		pub spender: AccountId,
		/// How many.
		pub value: Balance,
	}

	/// Why nothing was done.
	#[derive(Clone, Debug, PartialEq, Eq)]
	#[ink::scale_derive(Encode, Decode, TypeInfo)]
	pub enum Error {
		/// The owner has only so many.
		InsufficientBalance(Balance),
		/// The owner allowed only so many.
		InsufficientAllowance(Balance),
	}

	/// What messages give back.
	pub type Result<T> = core::result::Result<T, Error>;

	/// The books.
	#[ink(storage)]
	pub struct Erc20 {
		supply: Balance,
		balances: Mapping<AccountId, Balance>,
		allowances: Mapping<(AccountId, AccountId), Balance>,
	}

	impl Erc20 {
		/// A token with `supply` units, all of them the deployer's.
		#[ink(constructor)]
		pub fn new(supply: Balance) -> Self {
			let mut token = Self {
				supply,
				balances: Mapping::default(),
				allowances: Mapping::default(),
			};
			let owner = Self::env().caller();
			token.set_balance(owner, supply);
			Self::env().emit_event(Transfer {
				from: None,
				to: Some(owner),
				value: supply,
			});
			token
		}

		/// Tokens in existence.
		#[ink(message)]
		pub fn total_supply(&self) -> Balance {
			self.supply
		}

		/// Tokens of an account.
		#[ink(message)]
		pub fn balance_of(&self, owner: AccountId) -> Balance {
			self.balances.get(owner).unwrap_or_default()
		}

		/// What `spender` may still move for `owner`.
		#[ink(message)]
		pub fn allowance(&self, owner: AccountId, spender: AccountId) -> Balance {
			self.allowances.get((owner, spender)).unwrap_or_default()
		}

		/// Moves the caller's tokens.
		#[ink(message)]
		pub fn transfer(&mut self, to: AccountId, value: Balance) -> Result<()> {
			self.move_tokens(self.env().caller(), to, value)
		}

		/// Lets `spender` move up to `value` of the caller's tokens.
		#[ink(message)]
		pub fn approve(&mut self, spender: AccountId, value: Balance) -> Result<()> {
			self.set_allowance(self.env().caller(), spender, value);
			Ok(())
		}

		/// Lets `spender` move `value` more of the caller's tokens; the sum is given back.
		#[ink(message)]
		pub fn increase_allowance(
			&mut self,
			spender: AccountId,
			value: Balance,
		) -> Result<Balance> {
			let owner = self.env().caller();
			let allowed = self.allowance(owner, spender).saturating_add(value);
			self.set_allowance(owner, spender, allowed);
			Ok(allowed)
		}

		/// Moves tokens of `from` within what it allowed the caller.
		#[ink(message)]
		pub fn transfer_from(
			&mut self,
			from: AccountId,
			to: AccountId,
			value: Balance,
		) -> Result<()> {
			let spender = self.env().caller();
			let allowed = self.allowance(from, spender);
			let left = allowed
				.checked_sub(value)
				.ok_or(Error::InsufficientAllowance(allowed))?;
			self.move_tokens(from, to, value)?;
			self.set_allowance(from, spender, left);
			Ok(())
		}

		/// Destroys tokens of the caller.
		#[ink(message)]
		pub fn burn(&mut self, value: Balance) -> Result<()> {
			let owner = self.env().caller();
			self.take(owner, value)?;
			// No balance is above the supply.
			self.supply = self.supply.saturating_sub(value);
			self.env().emit_event(Transfer {
				from: Some(owner),
				to: None,
				value,
			});
			Ok(())
		}

		fn move_tokens(&mut self, from: AccountId, to: AccountId, value: Balance) -> Result<()> {
			self.take(from, value)?;
			// The sum of all balances is the supply.
			let grown = self.balance_of(to).saturating_add(value);
			self.set_balance(to, grown);
			self.env().emit_event(Transfer {
				from: Some(from),
				to: Some(to),
				value,
			});
			Ok(())
		}

		fn take(&mut self, from: AccountId, value: Balance) -> Result<()> {
			let owned = self.balance_of(from);
			let left = owned
				.checked_sub(value)
				.ok_or(Error::InsufficientBalance(owned))?;
			self.set_balance(from, left);
			Ok(())
		}

		fn set_balance(&mut self, owner: AccountId, value: Balance) {
			if value == 0 {
				self.balances.remove(owner);
			} else {
				self.balances.insert(owner, &value);
			}
		}

		fn set_allowance(&mut self, owner: AccountId, spender: AccountId, value: Balance) {
			if value == 0 {
				self.allowances.remove((owner, spender));
			} else {
				self.allowances.insert((owner, spender), &value);
			}
			self.env().emit_event(Approval {
				owner,
				spender,
				value,
			});
		}
	}
}
