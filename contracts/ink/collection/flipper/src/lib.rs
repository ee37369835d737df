//! A switch, the smallest contract there is. `call-builder` calls it and makes new ones.

#![cfg_attr(not(feature = "std"), no_std, no_main)]

pub use self::flipper::{Flipper, FlipperRef, Unpaid};

#[ink::contract]
mod flipper {
	/// Whoever makes a switch by `new_paid` sends nothing along.
	#[derive(Clone, Debug, PartialEq, Eq)]
	#[ink::scale_derive(Encode, Decode, TypeInfo)]
	pub struct Unpaid;

	/// On or off.
	#[ink(storage)]
	#[derive(Default)]
	pub struct Flipper {
		is_on: bool,
	}

	impl Flipper {
		/// A switch that is on or off at first.
		#[ink(constructor)]
		pub fn new(is_on: bool) -> Self {
			Self { is_on }
		}

		/// A switch that is off.
		#[ink(constructor)]
		pub fn new_default() -> Self {
			Self::default()
		}

		/// A switch that has to be paid for.
		#[ink(constructor, payable)]
		pub fn new_paid(is_on: bool) -> Result<Self, Unpaid> {
			if Self::env().transferred_value() == 0 {
				return Err(Unpaid);
			}
			Ok(Self { is_on })
		}

		/// Turns it.
		#[ink(message)]
		pub fn flip(&mut self) {
			self.is_on = !self.is_on;
		}

		/// Turns it for coins, and tells how many there are now.
		#[ink(message, payable)]
		pub fn flip_paid(&mut self) -> Balance {
			self.flip();
			self.env().balance()
		}

		/// Whether it is on.
		#[ink(message)]
		pub fn get(&self) -> bool {
			self.is_on
		}
	}
}
