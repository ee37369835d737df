//! Many kinds of tokens in one contract. A contract that receives some is asked whether it wants them.

#![cfg_attr(not(feature = "std"), no_std, no_main)]

pub use self::erc1155::{Erc1155, Erc1155Ref, Error};

#[ink::contract]
mod erc1155 {
	use ink::{
		env::{
			call::{build_call, ExecutionInput, Selector},
			DefaultEnvironment,
		},
		prelude::vec::Vec,
		selector_bytes,
		storage::Mapping,
	};

	/// A kind of token.
	pub type TokenId = u128;

	/// What a contract answers that takes tokens: the selector of the message by which it is asked.
	const ACCEPTED: [u8; 4] = selector_bytes!("on_received");

	/// Tokens of one kind moved; from nobody when they are made.
	#[ink(event)]
	pub struct Transferred {
		/// Who acted.
		#[ink(topic)]
		pub operator: AccountId,
		/// Whose they were.
		#[ink(topic)]
		pub from: Option<AccountId>,
		/// Whose they are.
		#[ink(topic)]
		pub to: AccountId,
		/// Which kind.
		pub id: TokenId,
		/// How many.
		pub value: Balance,
	}

	/// Somebody may move all tokens of an owner, or no longer.
	#[ink(event)]
	pub struct ApprovalForAll {
		/// Whose they are.
		#[ink(topic)]
		pub owner: AccountId,
		/// Who may.
		#[ink(topic)]
		pub operator: AccountId,
		/// Whether.
		pub is_approved: bool,
	}

	/// Why nothing was done.
	#[derive(Clone, Debug, PartialEq, Eq)]
	#[ink::scale_derive(Encode, Decode, TypeInfo)]
	pub enum Error {
		/// There is no such kind of token.
		UnknownToken(TokenId),
		/// The owner has too few of this kind.
		InsufficientBalance(TokenId),
		/// The caller is neither the owner nor approved.
		NotApproved,
		/// Nobody approves himself.
		SelfApproval,
		/// Not one value for each kind, or none at all.
		BatchMismatch,
		/// The contract that was to receive them has another answer, or none.
		NotAccepted,
	}

	/// Who has what, and who may move it.
	#[ink(storage)]
	#[derive(Default)]
	pub struct Erc1155 {
		kinds: TokenId,
		takes: bool,
		balances: Mapping<(AccountId, TokenId), Balance>,
		operators: Mapping<(AccountId, AccountId), ()>,
	}

	impl Erc1155 {
		/// No tokens yet. `takes` is whether this contract accepts tokens of others.
		#[ink(constructor)]
		pub fn new(takes: bool) -> Self {
			Self {
				takes,
				..Self::default()
			}
		}

		/// Makes a new kind of token, all of it the caller's; its number is given back.
		#[ink(message)]
		pub fn create(&mut self, value: Balance) -> TokenId {
			self.kinds = self.kinds.saturating_add(1);
			let owner = self.env().caller();
			self.set_balance(owner, self.kinds, value);
			self.moved(None, owner, self.kinds, value);
			self.kinds
		}

		/// Makes more of a kind for the caller.
		#[ink(message)]
		pub fn mint(&mut self, id: TokenId, value: Balance) -> Result<(), Error> {
			if id == 0 || id > self.kinds {
				return Err(Error::UnknownToken(id));
			}
			let owner = self.env().caller();
			let grown = self.balance_of(owner, id).saturating_add(value);
			self.set_balance(owner, id, grown);
			self.moved(None, owner, id, value);
			Ok(())
		}

		/// How many of a kind an account has.
		#[ink(message)]
		pub fn balance_of(&self, owner: AccountId, id: TokenId) -> Balance {
			self.balances.get((owner, id)).unwrap_or_default()
		}

		/// How many each of several accounts has of each of several kinds.
		#[ink(message)]
		pub fn balance_of_batch(&self, owners: Vec<AccountId>, ids: Vec<TokenId>) -> Vec<Balance> {
			let mut balances = Vec::new();
			for owner in &owners {
				for id in &ids {
					balances.push(self.balance_of(*owner, *id));
				}
			}
			balances
		}

		/// Whether `operator` may move all tokens of `owner`.
		#[ink(message)]
		pub fn is_approved_for_all(&self, owner: AccountId, operator: AccountId) -> bool {
			self.operators.contains((owner, operator))
		}

		/// Lets somebody move all of the caller's tokens, or no longer.
		#[ink(message)]
		pub fn set_approval_for_all(
			&mut self,
			operator: AccountId,
			is_approved: bool,
		) -> Result<(), Error> {
			let owner = self.env().caller();
			if owner == operator {
				return Err(Error::SelfApproval);
			}
			if is_approved {
				self.operators.insert((owner, operator), &());
			} else {
				self.operators.remove((owner, operator));
			}
			self.env().emit_event(ApprovalForAll {
				owner,
				operator,
				is_approved,
			});
			Ok(())
		}

		/// Moves tokens of one kind.
		#[ink(message)]
		pub fn transfer_from(
			&mut self,
			from: AccountId,
			to: AccountId,
			id: TokenId,
			value: Balance,
			data: Vec<u8>,
		) -> Result<(), Error> {
			self.ensure_may_move(from)?;
			self.move_tokens(from, to, id, value)?;
			self.ask(from, to, id, value, &data)
		}

		/// Moves tokens of several kinds; all of them or none.
		#[ink(message)]
		pub fn batch_transfer_from(
			&mut self,
			from: AccountId,
			to: AccountId,
			ids: Vec<TokenId>,
			values: Vec<Balance>,
			data: Vec<u8>,
		) -> Result<(), Error> {
			self.ensure_may_move(from)?;
			if ids.is_empty() || ids.len() != values.len() {
				return Err(Error::BatchMismatch);
			}
			for (id, value) in ids.iter().zip(&values) {
				self.move_tokens(from, to, *id, *value)?;
				self.ask(from, to, *id, *value, &data)?;
			}
			Ok(())
		}

		/// Asked when this contract is to receive tokens of another one. Answers with its own selector
		/// if it takes them.
		#[ink(message)]
		pub fn on_received(
			&mut self,
			_operator: AccountId,
			_from: AccountId,
			_id: TokenId,
			_value: Balance,
			_data: Vec<u8>,
		) -> [u8; 4] {
			if self.takes {
				ACCEPTED
			} else {
				[0; 4]
			}
		}

		fn ensure_may_move(&self, from: AccountId) -> Result<(), Error> {
			let caller = self.env().caller();
			if caller == from || self.is_approved_for_all(from, caller) {
				Ok(())
			} else {
				Err(Error::NotApproved)
			}
		}

		fn move_tokens(
			&mut self,
			from: AccountId,
			to: AccountId,
			id: TokenId,
			value: Balance,
		) -> Result<(), Error> {
			let left = self
				.balance_of(from, id)
				.checked_sub(value)
				.ok_or(Error::InsufficientBalance(id))?;
			self.set_balance(from, id, left);
			let grown = self.balance_of(to, id).saturating_add(value);
			self.set_balance(to, id, grown);
			self.moved(Some(from), to, id, value);
			Ok(())
		}

		/// Whatever a contract does but answer as it should is a no.
		fn ask(
			&self,
			from: AccountId,
			to: AccountId,
			id: TokenId,
			value: Balance,
			data: &[u8],
		) -> Result<(), Error> {
			if !self.env().is_contract(&to) {
				return Ok(());
			}
			let answer = build_call::<DefaultEnvironment>()
				.call(to)
				.exec_input(
					ExecutionInput::new(Selector::new(ACCEPTED))
						.push_arg(self.env().caller())
						.push_arg(from)
						.push_arg(id)
						.push_arg(value)
						.push_arg(data),
				)
				.returns::<[u8; 4]>()
				.try_invoke();
			match answer {
				Ok(Ok(ACCEPTED)) => Ok(()),
				_ => Err(Error::NotAccepted),
			}
		}

		fn set_balance(&mut self, owner: AccountId, id: TokenId, value: Balance) {
			if value == 0 {
				self.balances.remove((owner, id));
			} else {
				self.balances.insert((owner, id), &value);
			}
		}

		fn moved(&self, from: Option<AccountId>, to: AccountId, id: TokenId, value: Balance) {
			self.env().emit_event(Transferred {
				operator: self.env().caller(),
				from,
				to,
				id,
				value,
			});
		}
	}
}
