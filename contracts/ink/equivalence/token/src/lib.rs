//! The token of `docs/equivalence.md`, in ink!. Its twins are `contracts/solidity/EquivalentToken.sol` and
//! `contracts/move/equivalence/sources/token.move`.
//!
//! Messages return bare values and fail by [`trivium_ink::revert`], so that their signatures are those of the twins.

#![cfg_attr(not(feature = "std"), no_std, no_main)]

pub use self::token::{Error, Token, TokenRef};

#[ink::contract]
mod token {
	use ink::storage::Mapping;

	/// Tokens went from one account to another.
	#[ink(event)]
	pub struct Transfer {
		#[ink(topic)]
		pub from: AccountId,
		#[ink(topic)]
		pub to: AccountId,
		pub value: u128,
	}

	/// A holder said how much a spender may take.
	#[ink(event)]
	pub struct Approval {
		#[ink(topic)]
		pub holder: AccountId,
		#[ink(topic)]
		pub spender: AccountId,
		pub value: u128,
	}

	/// Tokens came into being.
	#[ink(event)]
	pub struct Minted {
		#[ink(topic)]
		pub to: AccountId,
		pub value: u128,
	}

	/// Tokens ceased to be.
	#[ink(event)]
	pub struct Burned {
		#[ink(topic)]
		pub from: AccountId,
		pub value: u128,
	}

	/// Why nothing was done.
	#[derive(Clone, Copy, Debug, PartialEq, Eq)]
	#[ink::scale_derive(Encode, Decode, TypeInfo)]
	pub enum Error {
		/// Only the owner may do this.
		#[codec(index = 1)]
		NotOwner,
		/// There would be more tokens than a `u128` counts.
		#[codec(index = 2)]
		SupplyOverflow,
		/// The holder has fewer.
		#[codec(index = 3)]
		InsufficientBalance,
		/// The holder allowed the caller fewer.
		#[codec(index = 4)]
		InsufficientAllowance,
	}

	/// The books.
	#[ink(storage)]
	pub struct Token {
		owner: AccountId,
		supply: u128,
		balances: Mapping<AccountId, u128>,
		allowances: Mapping<(AccountId, AccountId), u128>,
	}

	impl Token {
		/// A token without units, which the deployer may mint.
		#[ink(constructor)]
		#[allow(clippy::new_without_default)]
		pub fn new() -> Self {
			Self {
				owner: Self::env().caller(),
				supply: 0,
				balances: Mapping::default(),
				allowances: Mapping::default(),
			}
		}

		/// Who may mint: the deployer. Canonical: `owner()->(address)`.
		#[ink(message)]
		pub fn owner(&self) -> AccountId {
			self.owner
		}

		/// Tokens in existence. Canonical: `supply()->(u128)`.
		#[ink(message)]
		pub fn supply(&self) -> u128 {
			self.supply
		}

		/// Tokens of an account. Canonical: `balance(address)->(u128)`.
		#[ink(message)]
		pub fn balance(&self, holder: AccountId) -> u128 {
			self.balances.get(holder).unwrap_or_default()
		}

		/// What `spender` may still take of `holder`'s. Canonical: `allowance(address,address)->(u128)`.
		#[ink(message)]
		pub fn allowance(&self, holder: AccountId, spender: AccountId) -> u128 {
			self.allowances.get((holder, spender)).unwrap_or_default()
		}

		/// Makes tokens and gives them to `to`. Canonical: `mint(address,u128)`.
		#[ink(message)]
		pub fn mint(&mut self, to: AccountId, value: u128) {
			if self.env().caller() != self.owner {
				trivium_ink::revert(Error::NotOwner)
			}
			match self.supply.checked_add(value) {
				Some(supply) => self.supply = supply,
				None => trivium_ink::revert(Error::SupplyOverflow),
			}
			self.give(to, value);
			self.env().emit_event(Minted { to, value });
		}

		/// Destroys tokens of the caller. Canonical: `burn(u128)`.
		#[ink(message)]
		pub fn burn(&mut self, value: u128) {
			let from = self.env().caller();
			self.take(from, value);
			// No balance is above the supply.
			self.supply = self.supply.saturating_sub(value);
			self.env().emit_event(Burned { from, value });
		}

		/// Moves the caller's tokens. Canonical: `transfer(address,u128)`.
		#[ink(message)]
		pub fn transfer(&mut self, to: AccountId, value: u128) {
			self.shift(self.env().caller(), to, value)
		}

		/// Lets `spender` take up to `value` of the caller's tokens. Canonical: `approve(address,u128)`.
		#[ink(message)]
		pub fn approve(&mut self, spender: AccountId, value: u128) {
			let holder = self.env().caller();
			self.allowances.insert((holder, spender), &value);
			self.env().emit_event(Approval {
				holder,
				spender,
				value,
			});
		}

		/// Moves tokens of `from` within what it allowed the caller. Canonical: `pull(address,address,u128)`.
		#[ink(message)]
		pub fn pull(&mut self, from: AccountId, to: AccountId, value: u128) {
			let spender = self.env().caller();
			let allowed = self.allowance(from, spender);
			// The largest number is no limit, and stays.
			if allowed != u128::MAX {
				match allowed.checked_sub(value) {
					Some(left) => self.allowances.insert((from, spender), &left),
					None => trivium_ink::revert(Error::InsufficientAllowance),
				};
			}
			self.shift(from, to, value)
		}

		fn shift(&mut self, from: AccountId, to: AccountId, value: u128) {
			self.take(from, value);
			self.give(to, value);
			self.env().emit_event(Transfer { from, to, value });
		}

		fn take(&mut self, from: AccountId, value: u128) {
			match self.balance(from).checked_sub(value) {
				Some(left) => self.balances.insert(from, &left),
				None => trivium_ink::revert(Error::InsufficientBalance),
			};
		}

		fn give(&mut self, to: AccountId, value: u128) {
			// All balances together are the supply, so that this does not reach the end.
			let grown = self.balance(to).saturating_add(value);
			self.balances.insert(to, &grown);
		}
	}
}
