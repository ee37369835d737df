//! A sum that others add to: what a `delegator` passes on to.

#![cfg_attr(not(feature = "std"), no_std, no_main)]

pub use self::adder::{Adder, AdderRef, Overflow};

#[ink::contract]
mod adder {
	/// The sum has a new value.
	#[ink(event)]
	pub struct Added {
		/// The immediate caller.
		#[ink(topic)]
		pub by: AccountId,
		/// The contract that has the sum.
		#[ink(topic)]
		pub at: AccountId,
		/// The new value.
		pub sum: i64,
	}

	/// The sum would leave its range.
	#[derive(Clone, Debug, PartialEq, Eq)]
	#[ink::scale_derive(Encode, Decode, TypeInfo)]
	pub struct Overflow {
		/// What the sum is.
		pub sum: i64,
	}

	/// The sum.
	#[ink(storage)]
	pub struct Adder {
		sum: i64,
	}

	impl Adder {
		/// A sum that starts at `sum`.
		#[ink(constructor)]
		pub fn new(sum: i64) -> Self {
			Self { sum }
		}

		/// The sum.
		#[ink(message)]
		pub fn sum(&self) -> i64 {
			self.sum
		}

		/// Adds, and tells the sum.
		#[ink(message)]
		pub fn add(&mut self, by: i64) -> Result<i64, Overflow> {
			let overflow = Overflow { sum: self.sum };
			self.sum = self.sum.checked_add(by).ok_or(overflow)?;
			self.env().emit_event(Added {
				by: self.env().caller(),
				at: self.env().account_id(),
				sum: self.sum,
			});
			Ok(self.sum)
		}
	}
}
