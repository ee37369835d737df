//! A plain fungible token of fixed supply, with ERC-20's functions in ink!'s spelling.
//!
//! Amounts are `u128`. Messages return bare values and fail by [`trivium_ink::revert`], so that
//! what a canonical signature says is what they return.

#![cfg_attr(not(feature = "std"), no_std, no_main)]

pub use self::token::{Token, TokenError, TokenRef};

#[ink::contract]
mod token {
	use ink::{
		prelude::string::{String, ToString},
		storage::Mapping,
	};

	/// Tokens moved; from nobody when they were made.
	#[ink(event)]
	pub struct Transfer {
		/// Whose they were.
		#[ink(topic)]
		pub from: Option<AccountId>,
		/// Whose they are.
		#[ink(topic)]
		pub to: AccountId,
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

	/// Why tokens did not move.
	#[derive(Clone, Debug, PartialEq, Eq)]
	#[ink::scale_derive(Encode, Decode, TypeInfo)]
	pub enum TokenError {
		/// The owner has fewer than that.
		InsufficientBalance,
		/// The owner allowed fewer than that.
		InsufficientAllowance,
	}

	/// The token's books.
	#[ink(storage)]
	pub struct Token {
		supply: Balance,
		balances: Mapping<AccountId, Balance>,
		allowances: Mapping<(AccountId, AccountId), Balance>,
	}

	impl Token {
		/// A token with `supply` units, all of them the deployer's.
		#[ink(constructor)]
		pub fn new(supply: Balance) -> Self {
			let owner = Self::env().caller();
			let mut balances = Mapping::default();
			balances.insert(owner, &supply);
			Self::env().emit_event(Transfer {
				from: None,
				to: owner,
				value: supply,
			});
			Self {
				supply,
				balances,
				allowances: Mapping::default(),
			}
		}

		/// The token's name. Canonical: `name()->(string)`.
		#[ink(message)]
		pub fn name(&self) -> String {
			"Trivium Example Token".to_string()
		}

		/// The token's ticker. Canonical: `symbol()->(string)`.
		#[ink(message)]
		pub fn symbol(&self) -> String {
			"TET".to_string()
		}

		/// Decimal places of the amounts. Canonical: `decimals()->(u8)`.
		#[ink(message)]
		pub fn decimals(&self) -> u8 {
			18
		}

		/// Tokens in existence. Canonical: `total_supply()->(u128)`.
		#[ink(message)]
		pub fn total_supply(&self) -> Balance {
			self.supply
		}

		/// Tokens of an account. Canonical: `balance_of(address)->(u128)`.
		#[ink(message)]
		pub fn balance_of(&self, owner: AccountId) -> Balance {
			self.balances.get(owner).unwrap_or_default()
		}

		/// What `spender` may still move for `owner`; the largest number means no limit.
		/// Canonical: `allowance(address,address)->(u128)`.
		#[ink(message)]
		pub fn allowance(&self, owner: AccountId, spender: AccountId) -> Balance {
			self.allowances.get((owner, spender)).unwrap_or_default()
		}

		/// Moves the caller's tokens. Canonical: `transfer(address,u128)->(bool)`.
		#[ink(message)]
		pub fn transfer(&mut self, to: AccountId, value: Balance) -> bool {
			let from = self.env().caller();
			self.change_or_revert(|token| token.do_transfer(from, to, value))
		}

		/// Lets `spender` move up to `value` of the caller's tokens.
		/// Canonical: `approve(address,u128)->(bool)`.
		#[ink(message)]
		pub fn approve(&mut self, spender: AccountId, value: Balance) -> bool {
			let owner = self.env().caller();
			self.allowances.insert((owner, spender), &value);
			self.env().emit_event(Approval {
				owner,
				spender,
				value,
			});
			true
		}

		/// Moves tokens of `from` within what it allowed the caller.
		/// Canonical: `transfer_from(address,address,u128)->(bool)`.
		#[ink(message)]
		pub fn transfer_from(&mut self, from: AccountId, to: AccountId, value: Balance) -> bool {
			self.change_or_revert(|token| token.do_transfer_from(from, to, value))
		}

		fn change_or_revert(
			&mut self,
			change: impl FnOnce(&mut Self) -> Result<(), TokenError>,
		) -> bool {
			match change(self) {
				Ok(()) => true,
				Err(error) => trivium_ink::revert(error),
			}
		}

		fn do_transfer_from(
			&mut self,
			from: AccountId,
			to: AccountId,
			value: Balance,
		) -> Result<(), TokenError> {
			let spender = self.env().caller();
			let allowed = self.allowance(from, spender);
			if allowed != Balance::MAX {
				let left = allowed
					.checked_sub(value)
					.ok_or(TokenError::InsufficientAllowance)?;
				self.allowances.insert((from, spender), &left);
			}
			self.do_transfer(from, to, value)
		}

		fn do_transfer(
			&mut self,
			from: AccountId,
			to: AccountId,
			value: Balance,
		) -> Result<(), TokenError> {
			let left = self
				.balance_of(from)
				.checked_sub(value)
				.ok_or(TokenError::InsufficientBalance)?;
			self.balances.insert(from, &left);
			// The sum of all balances is the supply, so it cannot overflow.
			let grown = self.balance_of(to).saturating_add(value);
			self.balances.insert(to, &grown);
			self.env().emit_event(Transfer {
				from: Some(from),
				to,
				value,
			});
			Ok(())
		}
	}

	#[cfg(test)]
	mod tests {
		use super::*;
		use ink::env::{
			test::{default_accounts, recorded_events, set_caller, DefaultAccounts},
			DefaultEnvironment,
		};

		fn accounts() -> DefaultAccounts<DefaultEnvironment> {
			default_accounts::<DefaultEnvironment>()
		}

		fn token() -> Token {
			set_caller::<DefaultEnvironment>(accounts().alice);
			Token::new(100)
		}

		#[ink::test]
		fn supply_goes_to_the_deployer() {
			let token = token();
			assert_eq!(token.total_supply(), 100);
			assert_eq!(token.balance_of(accounts().alice), 100);
		}

		#[ink::test]
		fn transfer_moves_tokens() {
			let mut token = token();
			assert!(token.transfer(accounts().bob, 30));
			assert_eq!(token.balance_of(accounts().alice), 70);
			assert_eq!(token.balance_of(accounts().bob), 30);
			assert_eq!(recorded_events().count(), 2);
		}

		#[ink::test]
		fn transfer_to_oneself_changes_nothing() {
			let mut token = token();
			assert!(token.transfer(accounts().alice, 100));
			assert_eq!(token.balance_of(accounts().alice), 100);
		}

		#[ink::test]
		fn transfer_beyond_the_balance_fails() {
			let mut token = token();
			let outcome = token.do_transfer(accounts().alice, accounts().bob, 101);
			assert_eq!(outcome, Err(TokenError::InsufficientBalance));
			assert_eq!(token.balance_of(accounts().bob), 0);
		}

		#[ink::test]
		fn transfer_from_uses_up_the_allowance() {
			let mut token = token();
			assert!(token.approve(accounts().bob, 10));
			set_caller::<DefaultEnvironment>(accounts().bob);
			assert!(token.transfer_from(accounts().alice, accounts().charlie, 7));
			assert_eq!(token.allowance(accounts().alice, accounts().bob), 3);
			let outcome = token.do_transfer_from(accounts().alice, accounts().charlie, 4);
			assert_eq!(outcome, Err(TokenError::InsufficientAllowance));
		}

		#[ink::test]
		fn largest_allowance_is_never_used_up() {
			let mut token = token();
			assert!(token.approve(accounts().bob, Balance::MAX));
			set_caller::<DefaultEnvironment>(accounts().bob);
			assert!(token.transfer_from(accounts().alice, accounts().bob, 100));
			assert_eq!(
				token.allowance(accounts().alice, accounts().bob),
				Balance::MAX
			);
		}
	}
}
