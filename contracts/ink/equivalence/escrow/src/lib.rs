//! The escrow of `docs/equivalence.md`, in ink!: tokens of whatever machine held between a buyer and a seller, with an arbiter
//! between them. Its twins are `contracts/solidity/EquivalentEscrow.sol` and `contracts/move/equivalence/sources/escrow.move`.
//!
//! Messages return bare values and fail by [`trivium_ink::revert`], so that their signatures are those of the twins.

#![cfg_attr(not(feature = "std"), no_std, no_main)]

pub use self::escrow::{Error, Escrow, EscrowRef};

#[ink::contract]
mod escrow {
	use ink::storage::Mapping;
	use scale::Encode;
	use trivium_ink::{revert, CrossVm};

	/// A buyer gave tokens into a new deal.
	#[ink(event)]
	pub struct Opened {
		#[ink(topic)]
		pub buyer: AccountId,
		#[ink(topic)]
		pub seller: AccountId,
		#[ink(topic)]
		pub arbiter: AccountId,
		pub id: u64,
		pub token: AccountId,
		pub amount: u128,
	}

	/// The seller got the tokens of a deal.
	#[ink(event)]
	pub struct Released {
		#[ink(topic)]
		pub by: AccountId,
		pub id: u64,
	}

	/// The buyer got the tokens of a deal back.
	#[ink(event)]
	pub struct Refunded {
		#[ink(topic)]
		pub by: AccountId,
		pub id: u64,
	}

	/// Why nothing was done.
	#[derive(Clone, Copy, Debug, PartialEq, Eq)]
	#[ink::scale_derive(Encode, Decode, TypeInfo)]
	pub enum Error {
		/// The amount is nothing.
		#[codec(index = 1)]
		ZeroAmount,
		/// Buyer and seller are one account.
		#[codec(index = 2)]
		SameParty,
		/// There is no deal of this number.
		#[codec(index = 3)]
		NoDeal,
		/// The deal is over.
		#[codec(index = 4)]
		Closed,
		/// The caller has no say in this.
		#[codec(index = 5)]
		NotEntitled,
		/// The token refused.
		#[codec(index = 6)]
		TokenFailed,
	}

	/// How a deal stands.
	#[derive(Clone, Copy, Debug, PartialEq, Eq)]
	#[ink::scale_derive(Encode, Decode, TypeInfo)]
	#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
	pub enum State {
		Open,
		Released,
		Refunded,
	}

	/// A deal.
	#[derive(Clone, Debug, PartialEq, Eq)]
	#[ink::scale_derive(Encode, Decode, TypeInfo)]
	#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
	pub struct Deal {
		buyer: AccountId,
		seller: AccountId,
		arbiter: AccountId,
		token: AccountId,
		amount: u128,
		state: State,
	}

	/// All deals, by number.
	#[ink(storage)]
	#[derive(Default)]
	pub struct Escrow {
		count: u64,
		deals: Mapping<u64, Deal>,
	}

	impl Escrow {
		/// An escrow without deals.
		#[ink(constructor)]
		pub fn new() -> Self {
			Self::default()
		}

		/// Deals so far; the next one has this number. Canonical: `count()->(u64)`.
		#[ink(message)]
		pub fn count(&self) -> u64 {
			self.count
		}

		/// Takes `amount` of the caller's tokens into a new deal and gives the deal's number.
		/// Canonical: `open(address,address,address,u128)->(u64)`.
		#[ink(message)]
		pub fn open(
			&mut self,
			token: AccountId,
			seller: AccountId,
			arbiter: AccountId,
			amount: u128,
		) -> u64 {
			let buyer = self.env().caller();
			if amount == 0 {
				revert(Error::ZeroAmount)
			}
			if buyer == seller {
				revert(Error::SameParty)
			}
			let id = self.count;
			let deal = Deal {
				buyer,
				seller,
				arbiter,
				token,
				amount,
				state: State::Open,
			};
			self.deals.insert(id, &deal);
			// No chain lives to see so many.
			self.count = id.saturating_add(1);
			let to = self.env().account_id();
			ask(token, "pull(address,address,u128)", &(buyer, to, amount));
			self.env().emit_event(Opened {
				buyer,
				seller,
				arbiter,
				id,
				token,
				amount,
			});
			id
		}

		/// Pays the seller: for the buyer or the arbiter to say. Canonical: `release(u64)`.
		#[ink(message)]
		pub fn release(&mut self, id: u64) {
			let (by, deal) = (self.env().caller(), self.open_deal(id));
			if by != deal.buyer && by != deal.arbiter {
				revert(Error::NotEntitled)
			}
			self.close(id, &deal, State::Released, deal.seller);
			self.env().emit_event(Released { by, id });
		}

		/// Pays the buyer back: for the seller or the arbiter to say. Canonical: `refund(u64)`.
		#[ink(message)]
		pub fn refund(&mut self, id: u64) {
			let (by, deal) = (self.env().caller(), self.open_deal(id));
			if by != deal.seller && by != deal.arbiter {
				revert(Error::NotEntitled)
			}
			self.close(id, &deal, State::Refunded, deal.buyer);
			self.env().emit_event(Refunded { by, id });
		}

		/// Buyer, seller, arbiter, token, amount, and 0 if it is open, 1 if released, 2 if refunded.
		/// Canonical: `deal(u64)->(address,address,address,address,u128,u8)`.
		#[ink(message)]
		pub fn deal(&self, id: u64) -> Deal {
			self.deals.get(id).unwrap_or_else(|| revert(Error::NoDeal))
		}

		fn open_deal(&self, id: u64) -> Deal {
			let deal = self.deal(id);
			if deal.state != State::Open {
				revert(Error::Closed)
			}
			deal
		}

		fn close(&mut self, id: u64, deal: &Deal, state: State, to: AccountId) {
			let closed = Deal {
				state,
				..deal.clone()
			};
			self.deals.insert(id, &closed);
			ask(deal.token, "transfer(address,u128)", &(to, deal.amount));
		}
	}

	fn ask(token: AccountId, signature: &str, arguments: &impl Encode) {
		let call = CrossVm::call(token).signature(signature).args(arguments);
		if call.invoke::<()>().is_err() {
			revert(Error::TokenFailed)
		}
	}
}
