//! The pool of `docs/equivalence.md`, in ink!: two tokens of whatever machine, exchanged so that the product of what the pool
//! has never falls. Its twins are `contracts/solidity/EquivalentPool.sol` and `contracts/move/equivalence/sources/pool.move`.
//!
//! Messages return bare values and fail by [`trivium_ink::revert`], so that their signatures are those of the twins.

#![cfg_attr(not(feature = "std"), no_std, no_main)]

pub use self::pool::{Error, Pool, PoolRef};

mod wide;

#[ink::contract]
mod pool {
	use ink::storage::Mapping;
	use scale::Encode;
	use trivium_ink::{revert, CrossVm};

	use crate::wide::{root, share};

	/// The most that the pool may have of a token.
	const MOST: u128 = (1 << 112) - 1;
	/// Shares that are made with the first tokens and are nobody's, so that a share never costs a fortune.
	const LOCKED: u128 = 1000;
	/// Thousandths of what comes in that count: the fee is the other three.
	const KEPT: u128 = 997;

	/// The tokens were named.
	#[ink(event)]
	pub struct Opened {
		#[ink(topic)]
		pub first: AccountId,
		#[ink(topic)]
		pub second: AccountId,
	}

	/// Somebody gave tokens and got shares.
	#[ink(event)]
	pub struct Added {
		#[ink(topic)]
		pub provider: AccountId,
		pub first: u128,
		pub second: u128,
		pub shares: u128,
	}

	/// Somebody gave shares back and got tokens.
	#[ink(event)]
	pub struct Removed {
		#[ink(topic)]
		pub provider: AccountId,
		pub first: u128,
		pub second: u128,
		pub shares: u128,
	}

	/// Somebody gave `given` of `token` and got `got` of the other.
	#[ink(event)]
	pub struct Swapped {
		#[ink(topic)]
		pub trader: AccountId,
		#[ink(topic)]
		pub token: AccountId,
		pub given: u128,
		pub got: u128,
	}

	/// Why nothing was done.
	#[derive(Clone, Copy, Debug, PartialEq, Eq)]
	#[ink::scale_derive(Encode, Decode, TypeInfo)]
	pub enum Error {
		/// Only the owner may do this.
		#[codec(index = 1)]
		NotOwner,
		/// The tokens have been named.
		#[codec(index = 2)]
		AlreadyOpen,
		/// Both tokens are one.
		#[codec(index = 3)]
		SameToken,
		/// The tokens have not been named.
		#[codec(index = 4)]
		NotOpen,
		/// The pool does not have this token.
		#[codec(index = 5)]
		UnknownToken,
		/// An amount is nothing.
		#[codec(index = 6)]
		ZeroAmount,
		/// Nobody has given anything yet.
		#[codec(index = 7)]
		NoLiquidity,
		/// The pool would have more of a token than it can reckon with.
		#[codec(index = 8)]
		TooMuch,
		/// It comes to nothing, or to less than the caller asks for.
		#[codec(index = 9)]
		TooLittle,
		/// The caller has fewer shares.
		#[codec(index = 10)]
		InsufficientShares,
		/// A token refused.
		#[codec(index = 11)]
		TokenFailed,
	}

	/// A token and what the pool has of it.
	#[derive(Clone, Copy, Debug, PartialEq, Eq)]
	#[ink::scale_derive(Encode, Decode, TypeInfo)]
	#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
	pub struct Side {
		token: AccountId,
		reserve: u128,
	}

	impl Side {
		/// What there is when `value` has come.
		fn grown(&self, value: u128) -> u128 {
			match self.reserve.checked_add(value) {
				Some(grown) if grown <= MOST => grown,
				_ => revert(Error::TooMuch),
			}
		}
	}

	/// The pool's own books.
	#[ink(storage)]
	pub struct Pool {
		owner: AccountId,
		sides: Option<[Side; 2]>,
		total: u128,
		shares: Mapping<AccountId, u128>,
	}

	impl Pool {
		/// A pool whose tokens the deployer is to name.
		#[ink(constructor)]
		#[allow(clippy::new_without_default)]
		pub fn new() -> Self {
			Self {
				owner: Self::env().caller(),
				sides: None,
				total: 0,
				shares: Mapping::default(),
			}
		}

		/// Who may name the tokens: the deployer. Canonical: `owner()->(address)`.
		#[ink(message)]
		pub fn owner(&self) -> AccountId {
			self.owner
		}

		/// Shares in existence. Canonical: `total()->(u128)`.
		#[ink(message)]
		pub fn total(&self) -> u128 {
			self.total
		}

		/// Shares of an account. Canonical: `shares(address)->(u128)`.
		#[ink(message)]
		pub fn shares(&self, provider: AccountId) -> u128 {
			self.shares.get(provider).unwrap_or_default()
		}

		/// Names the tokens, once. Canonical: `open(address,address)`.
		#[ink(message)]
		pub fn open(&mut self, first: AccountId, second: AccountId) {
			if self.env().caller() != self.owner {
				revert(Error::NotOwner)
			}
			if self.sides.is_some() {
				revert(Error::AlreadyOpen)
			}
			if first == second {
				revert(Error::SameToken)
			}
			self.sides = Some([first, second].map(|token| Side { token, reserve: 0 }));
			self.env().emit_event(Opened { first, second });
		}

		/// The two tokens. Canonical: `tokens()->(address,address)`.
		#[ink(message)]
		pub fn tokens(&self) -> (AccountId, AccountId) {
			let [first, second] = self.sides();
			(first.token, second.token)
		}

		/// What the pool has of each. Canonical: `reserves()->(u128,u128)`.
		#[ink(message)]
		pub fn reserves(&self) -> (u128, u128) {
			let reserves = self.sides.map(|sides| sides.map(|side| side.reserve));
			reserves.unwrap_or_default().into()
		}

		/// What `swap` would give now. Canonical: `quote(address,u128)->(u128)`.
		#[ink(message)]
		pub fn quote(&self, token: AccountId, given: u128) -> u128 {
			let (into, from) = self.sides_from(token);
			self.price(into, from, given)
		}

		/// Takes both tokens of the caller and gives shares, at least `least`. Canonical: `add(u128,u128,u128)->(u128)`.
		#[ink(message)]
		pub fn add(&mut self, first_in: u128, second_in: u128, least: u128) -> u128 {
			let [mut first, mut second] = self.sides();
			if first_in == 0 || second_in == 0 {
				revert(Error::ZeroAmount)
			}
			let grown = (first.grown(first_in), second.grown(second_in));
			let made = if self.total == 0 {
				match root(first_in, second_in).checked_sub(LOCKED) {
					Some(made) => {
						self.total = LOCKED;
						made
					}
					None => revert(Error::TooLittle),
				}
			} else {
				// The total is at most the root of the reserves' product, also after this, so that the smaller one fits.
				share(first_in, self.total, first.reserve).min(share(
					second_in,
					self.total,
					second.reserve,
				))
			};
			if made == 0 || made < least {
				revert(Error::TooLittle)
			}
			let provider = self.env().caller();
			// At most 112 bits, and nobody has more than there are.
			self.total = self.total.saturating_add(made);
			let owned = self.shares(provider).saturating_add(made);
			self.shares.insert(provider, &owned);
			(first.reserve, second.reserve) = grown;
			self.sides = Some([first, second]);
			self.pull(first.token, first_in);
			self.pull(second.token, second_in);
			self.env().emit_event(Added {
				provider,
				first: first_in,
				second: second_in,
				shares: made,
			});
			made
		}

		/// Takes shares of the caller back and pays out what they stand for, at least that much of each.
		/// Canonical: `remove(u128,u128,u128)->(u128,u128)`.
		#[ink(message)]
		pub fn remove(
			&mut self,
			given: u128,
			least_first: u128,
			least_second: u128,
		) -> (u128, u128) {
			let [mut first, mut second] = self.sides();
			if given == 0 {
				revert(Error::ZeroAmount)
			}
			let provider = self.env().caller();
			let Some(left) = self.shares(provider).checked_sub(given) else {
				revert(Error::InsufficientShares)
			};
			let first_out = share(given, first.reserve, self.total);
			let second_out = share(given, second.reserve, self.total);
			if first_out == 0 || second_out == 0 {
				revert(Error::TooLittle)
			}
			if first_out < least_first || second_out < least_second {
				revert(Error::TooLittle)
			}
			// Nobody has more shares than there are, and no part is more than the whole.
			self.total = self.total.saturating_sub(given);
			self.shares.insert(provider, &left);
			first.reserve = first.reserve.saturating_sub(first_out);
			second.reserve = second.reserve.saturating_sub(second_out);
			self.sides = Some([first, second]);
			self.pay(first.token, first_out);
			self.pay(second.token, second_out);
			self.env().emit_event(Removed {
				provider,
				first: first_out,
				second: second_out,
				shares: given,
			});
			(first_out, second_out)
		}

		/// Takes `given` of `token` of the caller and pays out the other, at least `least`.
		/// Canonical: `swap(address,u128,u128)->(u128)`.
		#[ink(message)]
		pub fn swap(&mut self, token: AccountId, given: u128, least: u128) -> u128 {
			let (mut into, mut from) = self.sides_from(token);
			let got = self.price(into, from, given);
			if got == 0 || got < least {
				revert(Error::TooLittle)
			}
			into.reserve = into.grown(given);
			// Less than there is, see `price`.
			from.reserve = from.reserve.saturating_sub(got);
			let is_first = self.sides()[0].token == token;
			self.sides = Some(if is_first { [into, from] } else { [from, into] });
			self.pull(into.token, given);
			self.pay(from.token, got);
			self.env().emit_event(Swapped {
				trader: self.env().caller(),
				token,
				given,
				got,
			});
			got
		}

		fn sides(&self) -> [Side; 2] {
			self.sides.unwrap_or_else(|| revert(Error::NotOpen))
		}

		/// The side of this token and the other one.
		fn sides_from(&self, token: AccountId) -> (Side, Side) {
			let [first, second] = self.sides();
			if token == first.token {
				(first, second)
			} else if token == second.token {
				(second, first)
			} else {
				revert(Error::UnknownToken)
			}
		}

		fn price(&self, into: Side, from: Side, given: u128) -> u128 {
			if given == 0 {
				revert(Error::ZeroAmount)
			}
			if self.total == 0 {
				revert(Error::NoLiquidity)
			}
			into.grown(given);
			// Of 112 bits each, so that a thousand times their sum fits.
			let counted = given * KEPT;
			// Below what there is, as the divisor is above `counted`.
			share(counted, from.reserve, into.reserve * 1000 + counted)
		}

		fn pull(&self, token: AccountId, value: u128) {
			let (from, to) = (self.env().caller(), self.env().account_id());
			ask(token, "pull(address,address,u128)", &(from, to, value))
		}

		fn pay(&self, token: AccountId, value: u128) {
			ask(
				token,
				"transfer(address,u128)",
				&(self.env().caller(), value),
			)
		}
	}

	fn ask(token: AccountId, signature: &str, arguments: &impl Encode) {
		let call = CrossVm::call(token).signature(signature).args(arguments);
		if call.invoke::<()>().is_err() {
			revert(Error::TokenFailed)
		}
	}
}
