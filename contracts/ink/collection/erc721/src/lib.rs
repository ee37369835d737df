//! Tokens each of which is one of a kind: minted by whoever is first, moved by owners, by who is approved
//! for one token, and by operators, who are approved for all of an owner's.

#![cfg_attr(not(feature = "std"), no_std, no_main)]

pub use self::erc721::{Erc721, Erc721Ref, Error};

#[ink::contract]
mod erc721 {
	use ink::storage::Mapping;

	/// A token's number.
	pub type TokenId = u32;

	/// A token moved; from nobody when it is minted, to nobody when it is burnt.
	#[ink(event)]
	pub struct Transfer {
		/// Whose it was.
		#[ink(topic)]
		pub from: Option<AccountId>,
		/// Whose it is.
		#[ink(topic)]
		pub to: Option<AccountId>,
		/// Which one.
		#[ink(topic)]
		pub id: TokenId,
	}

	/// Somebody may move a token.
	#[ink(event)]
	pub struct Approval {
		/// Whose it is.
		#[ink(topic)]
		pub owner: AccountId,
		/// Who may.
		#[ink(topic)]
		pub approved: AccountId,
		/// Which one.
		#[ink(topic)]
		pub id: TokenId,
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
	#[derive(Clone, Copy, Debug, PartialEq, Eq)]
	#[ink::scale_derive(Encode, Decode, TypeInfo)]
	pub enum Error {
		/// There is such a token already.
		TokenExists,
		/// There is no such token.
		TokenNotFound,
		/// The caller is neither the owner nor approved.
		NotApproved,
		/// The token is another's.
		NotOwner,
		/// Nobody approves himself.
		NotAllowed,
	}

	/// Who has what, and who may move it.
	#[ink(storage)]
	#[derive(Default)]
	pub struct Erc721 {
		owners: Mapping<TokenId, AccountId>,
		approved: Mapping<TokenId, AccountId>,
		counts: Mapping<AccountId, u32>,
		operators: Mapping<(AccountId, AccountId), ()>,
	}

	impl Erc721 {
		/// No tokens yet.
		#[ink(constructor)]
		pub fn new() -> Self {
			Self::default()
		}

		/// How many tokens an account has.
		#[ink(message)]
		pub fn balance_of(&self, owner: AccountId) -> u32 {
			self.counts.get(owner).unwrap_or_default()
		}

		/// Whose a token is.
		#[ink(message)]
		pub fn owner_of(&self, id: TokenId) -> Option<AccountId> {
			self.owners.get(id)
		}

		/// Who else may move a token.
		#[ink(message)]
		pub fn get_approved(&self, id: TokenId) -> Option<AccountId> {
			self.approved.get(id)
		}

		/// Whether `operator` may move all tokens of `owner`.
		#[ink(message)]
		pub fn is_approved_for_all(&self, owner: AccountId, operator: AccountId) -> bool {
			self.operators.contains((owner, operator))
		}

		/// Makes a token for somebody.
		#[ink(message)]
		pub fn mint(&mut self, owner: AccountId, id: TokenId) -> Result<(), Error> {
			if self.owners.contains(id) {
				return Err(Error::TokenExists);
			}
			self.give(owner, id);
			self.moved(None, Some(owner), id);
			Ok(())
		}

		/// Destroys a token of the caller.
		#[ink(message)]
		pub fn burn(&mut self, id: TokenId) -> Result<(), Error> {
			let owner = self.owners.get(id).ok_or(Error::TokenNotFound)?;
			if owner != self.env().caller() {
				return Err(Error::NotOwner);
			}
			self.take(owner, id);
			self.moved(Some(owner), None, id);
			Ok(())
		}

		/// Moves a token of the caller.
		#[ink(message)]
		pub fn transfer(&mut self, to: AccountId, id: TokenId) -> Result<(), Error> {
			self.transfer_from(self.env().caller(), to, id)
		}

		/// Moves a token of `from`, for which the caller is approved.
		#[ink(message)]
		pub fn transfer_from(
			&mut self,
			from: AccountId,
			to: AccountId,
			id: TokenId,
		) -> Result<(), Error> {
			let owner = self.owners.get(id).ok_or(Error::TokenNotFound)?;
			if !self.may_move(owner, id) {
				return Err(Error::NotApproved);
			}
			if owner != from {
				return Err(Error::NotOwner);
			}
			self.take(from, id);
			self.give(to, id);
			self.moved(Some(from), Some(to), id);
			Ok(())
		}

		/// Lets somebody move one token.
		#[ink(message)]
		pub fn approve(&mut self, to: AccountId, id: TokenId) -> Result<(), Error> {
			let owner = self.owners.get(id).ok_or(Error::TokenNotFound)?;
			let caller = self.env().caller();
			if owner != caller && !self.is_approved_for_all(owner, caller) {
				return Err(Error::NotOwner);
			}
			if owner == to {
				return Err(Error::NotAllowed);
			}
			self.approved.insert(id, &to);
			self.env().emit_event(Approval {
				owner,
				approved: to,
				id,
			});
			Ok(())
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
				return Err(Error::NotAllowed);
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

		fn may_move(&self, owner: AccountId, id: TokenId) -> bool {
			let caller = self.env().caller();
			caller == owner
				|| self.approved.get(id) == Some(caller)
				|| self.is_approved_for_all(owner, caller)
		}

		fn give(&mut self, to: AccountId, id: TokenId) {
			self.owners.insert(id, &to);
			let count = self.balance_of(to).saturating_add(1);
			self.counts.insert(to, &count);
		}

		fn take(&mut self, from: AccountId, id: TokenId) {
			self.owners.remove(id);
			self.approved.remove(id);
			match self.balance_of(from).saturating_sub(1) {
				0 => self.counts.remove(from),
				left => {
					self.counts.insert(from, &left);
				}
			}
		}

		fn moved(&self, from: Option<AccountId>, to: Option<AccountId>, id: TokenId) {
			self.env().emit_event(Transfer { from, to, id });
		}
	}
}
