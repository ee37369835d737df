//! A counter, the contract that others call.
//!
//! Its twin in Solidity has the same functions under the same names, so that one canonical signature
//! reaches either. Messages return bare values and fail by [`trivium_ink::revert`], so that what
//! a canonical signature says is what they return.

#![cfg_attr(not(feature = "std"), no_std, no_main)]

pub use self::counter::{Counter, CounterRef, Refused};

#[ink::contract]
mod counter {
	/// The counter has a new value.
	#[ink(event)]
	pub struct Incremented {
		/// The immediate caller.
		#[ink(topic)]
		pub by: AccountId,
		/// The new value.
		pub value: u64,
	}

	/// Why `fail` fails, after it has written.
	#[derive(Clone, Debug, PartialEq, Eq)]
	#[ink::scale_derive(Encode, Decode, TypeInfo)]
	pub struct Refused {
		/// What it had written.
		pub value: u64,
	}

	/// A number and who wrote it last.
	#[ink(storage)]
	pub struct Counter {
		count: u64,
		last_caller: AccountId,
	}

	impl Counter {
		/// A counter that starts at `start`.
		#[ink(constructor)]
		pub fn new(start: u64) -> Self {
			Self {
				count: start,
				last_caller: AccountId::from([0; 32]),
			}
		}

		/// The counter's value. Canonical: `get()->(u64)`.
		#[ink(message)]
		pub fn get(&self) -> u64 {
			self.count
		}

		/// Who wrote last. Canonical: `sender()->(address)`.
		#[ink(message)]
		pub fn sender(&self) -> AccountId {
			self.last_caller
		}

		/// Adds one and returns the new value. Canonical: `increment()->(u64)`.
		#[ink(message)]
		pub fn increment(&mut self) -> u64 {
			self.write(self.next());
			self.env().emit_event(Incremented {
				by: self.env().caller(),
				value: self.count,
			});
			self.count
		}

		/// Writes a value. Canonical: `set(u64)`.
		#[ink(message)]
		pub fn set(&mut self, value: u64) {
			self.write(value);
		}

		/// Writes a value, emits an event and then reverts. Canonical: `fail(u64)`.
		#[ink(message)]
		pub fn fail(&mut self, value: u64) {
			self.write(value);
			self.env().emit_event(Incremented {
				by: self.env().caller(),
				value,
			});
			// Without this the value would only ever be in memory.
			ink::env::set_contract_storage(&"failed", &value);
			trivium_ink::revert(Refused { value })
		}

		/// Hashes `rounds` times: work that grows with its argument and writes once, at its end.
		/// Canonical: `burn(u64)->(bytes32)`.
		#[ink(message)]
		pub fn burn(&mut self, rounds: u64) -> [u8; 32] {
			let mut digest = [0; 32];
			for round in 0..rounds {
				digest = self
					.env()
					.hash_encoded::<ink::env::hash::Keccak256, _>(&(digest, round));
			}
			self.write(self.next());
			digest
		}

		/// Writes, then never ends: only running out of gas stops it. Canonical: `spin()`.
		#[ink(message)]
		pub fn spin(&mut self) {
			ink::env::set_contract_storage(&"spinning", &true);
			loop {
				self.count = core::hint::black_box(self.count).wrapping_add(1);
			}
		}

		/// Takes the value sent along and returns the balance after it.
		/// Canonical: `deposit()->(u128)`.
		#[ink(message, payable)]
		pub fn deposit(&mut self) -> Balance {
			self.write(self.next());
			self.env().balance()
		}

		/// Whether `fail` or `spin` has left anything behind, which it never does.
		/// Canonical: `stained()->(bool)`.
		#[ink(message)]
		pub fn stained(&self) -> bool {
			ink::env::contains_contract_storage(&"failed").is_some()
				|| ink::env::contains_contract_storage(&"spinning").is_some()
		}

		fn next(&self) -> u64 {
			self.count.saturating_add(1)
		}

		fn write(&mut self, value: u64) {
			self.count = value;
			self.last_caller = self.env().caller();
		}
	}

	#[cfg(test)]
	mod tests {
		use super::*;
		use ink::env::{test, DefaultEnvironment};

		#[ink::test]
		fn increment_adds_one_and_notes_the_caller() {
			let mut counter = Counter::new(41);
			let bob = test::default_accounts::<DefaultEnvironment>().bob;
			test::set_caller::<DefaultEnvironment>(bob);
			assert_eq!(counter.increment(), 42);
			assert_eq!((counter.get(), counter.sender()), (42, bob));
			assert_eq!(test::recorded_events().count(), 1);
		}

		#[ink::test]
		fn set_writes_the_value() {
			let mut counter = Counter::new(0);
			counter.set(7);
			assert_eq!(counter.get(), 7);
			assert!(!counter.stained());
		}

		#[ink::test]
		fn burn_depends_on_its_rounds() {
			let mut counter = Counter::new(0);
			assert_eq!(counter.burn(0), [0; 32]);
			assert_ne!(counter.burn(1), counter.burn(2));
			assert_eq!(counter.get(), 3);
		}
	}
}
