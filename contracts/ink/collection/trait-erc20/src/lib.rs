//! A fungible token by way of a trait: other contracts know its messages from the trait alone.

#![cfg_attr(not(feature = "std"), no_std, no_main)]

pub use self::trait_erc20::{BaseErc20, Error, TraitErc20, TraitErc20Ref};

#[ink::contract]
mod trait_erc20 {
	use ink::storage::Mapping;

	/// Tokens moved; from nobody when they are made.
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

	/// Why nothing was done.
	#[derive(Clone, Debug, PartialEq, Eq)]
	#[ink::scale_derive(Encode, Decode, TypeInfo)]
	pub enum Error {
		/// The owner has fewer than that.
		InsufficientBalance,
		/// The owner allowed fewer than that.
		InsufficientAllowance,
	}

	/// What any such token does.
	#[ink::trait_definition]
	pub trait BaseErc20 {
		/// Tokens in existence.
		#[ink(message)]
		fn total_supply(&self) -> Balance;

		/// Tokens of an account.
		#[ink(message)]
		fn balance_of(&self, owner: AccountId) -> Balance;

		/// What `spender` may still move for `owner`.
		#[ink(message)]
		fn allowance(&self, owner: AccountId, spender: AccountId) -> Balance;

		/// Moves the caller's tokens.
		#[ink(message)]
		fn transfer(&mut self, to: AccountId, value: Balance) -> Result<(), Error>;

		/// Lets `spender` move up to `value` of the caller's tokens.
		#[ink(message)]
		fn approve(&mut self, spender: AccountId, value: Balance) -> Result<(), Error>;

		/// Moves tokens of `from` within what it allowed the caller.
		#[ink(message)]
		fn transfer_from(
			&mut self,
			from: AccountId,
			to: AccountId,
			value: Balance,
		) -> Result<(), Error>;
	}

	/// The books.
	#[ink(storage)]
	pub struct TraitErc20 {
		supply: Balance,
		balances: Mapping<AccountId, Balance>,
		allowances: Mapping<(AccountId, AccountId), Balance>,
	}

	impl TraitErc20 {
		/// A token with `supply` units, all of them the deployer's.
		#[ink(constructor)]
		pub fn new(supply: Balance) -> Self {
			let owner = Self::env().caller();
			let mut balances = Mapping::default();
			balances.insert(owner, &supply);
			Self::env().emit_event(Transfer {
				from: None,
				to: Some(owner),
				value: supply,
			});
			Self {
				supply,
				balances,
				allowances: Mapping::default(),
			}
		}

		/// Moves tokens that this contract has of another one, of which it knows the trait.
		#[ink(message)]
		pub fn pass_on(
			&mut self,
			token: AccountId,
			to: AccountId,
			value: Balance,
		) -> Result<Balance, Error> {
			let mut token: ink::contract_ref!(BaseErc20) = token.into();
			token.transfer(to, value)?;
			Ok(token.balance_of(to))
		}

		fn move_tokens(
			&mut self,
			from: AccountId,
			to: AccountId,
			value: Balance,
		) -> Result<(), Error> {
			let left = self
				.balance_of(from)
				.checked_sub(value)
				.ok_or(Error::InsufficientBalance)?;
			self.balances.insert(from, &left);
			// The sum of all balances is the supply.
			let grown = self.balance_of(to).saturating_add(value);
			self.balances.insert(to, &grown);
			self.env().emit_event(Transfer {
				from: Some(from),
				to: Some(to),
				value,
			});
			Ok(())
		}
	}

	impl BaseErc20 for TraitErc20 {
		#[ink(message)]
		fn total_supply(&self) -> Balance {
			self.supply
		}

		#[ink(message)]
		fn balance_of(&self, owner: AccountId) -> Balance {
			self.balances.get(owner).unwrap_or_default()
		}

		#[ink(message)]
		fn allowance(&self, owner: AccountId, spender: AccountId) -> Balance {
			self.allowances.get((owner, spender)).unwrap_or_default()
		}

		#[ink(message)]
		fn transfer(&mut self, to: AccountId, value: Balance) -> Result<(), Error> {
			self.move_tokens(self.env().caller(), to, value)
		}

		#[ink(message)]
		fn approve(&mut self, spender: AccountId, value: Balance) -> Result<(), Error> {
			self.allowances
				.insert((self.env().caller(), spender), &value);
			Ok(())
		}

		#[ink(message)]
		fn transfer_from(
			&mut self,
			from: AccountId,
			to: AccountId,
			value: Balance,
		) -> Result<(), Error> {
			let spender = self.env().caller();
			let left = self
				.allowance(from, spender)
				.checked_sub(value)
				.ok_or(Error::InsufficientAllowance)?;
			self.move_tokens(from, to, value)?;
			self.allowances.insert((from, spender), &left);
			Ok(())
		}
	}
}
