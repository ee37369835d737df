//! Passes on to an adder: to the contract that has an account, or to code, which then runs as this contract
//! and adds to the sum here. It has an adder's messages, so one delegator may pass on to another.

#![cfg_attr(not(feature = "std"), no_std, no_main)]

pub use self::delegator::{Delegator, DelegatorRef, Target};

#[ink::contract]
mod delegator {
	use ink::{
		env::{
			call::{build_call, ExecutionInput, FromAccountId, Selector},
			DefaultEnvironment,
		},
		selector_bytes,
		storage::{traits::ManualKey, Lazy},
		ToAccountId,
	};
	use trivium_collection_adder::{AdderRef, Overflow};

	/// Where calls go.
	#[derive(Clone, Debug, PartialEq, Eq)]
	#[ink::scale_derive(Encode, Decode, TypeInfo)]
	#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
	pub enum Target {
		/// To another contract.
		Account(AccountId),
		/// To this code, which runs here.
		Code(Hash),
	}

	/// The root is an adder's, because an adder's code runs on it; what is more has a key of its own.
	#[ink(storage)]
	pub struct Delegator {
		sum: i64,
		target: Lazy<Target, ManualKey<1>>,
	}

	impl Delegator {
		/// Passes on to `target`. Its own sum starts at `sum`.
		#[ink(constructor)]
		pub fn new(target: Target, sum: i64) -> Self {
			let mut delegator = Self {
				sum,
				target: Lazy::default(),
			};
			delegator.target.set(&target);
			delegator
		}

		/// Makes an adder of this code, which starts at `sum`, and passes on to it.
		#[ink(constructor)]
		pub fn new_with_adder(code: Hash, sum: i64) -> Self {
			let adder = AdderRef::new(sum)
				.code_hash(code)
				.endowment(0)
				.salt_bytes([7; 4])
				.instantiate();
			Self::new(Target::Account(adder.to_account_id()), 0)
		}

		/// Where calls go.
		#[ink(message)]
		pub fn target(&self) -> Option<Target> {
			self.target.get()
		}

		/// Calls go elsewhere from now on.
		#[ink(message)]
		pub fn set_target(&mut self, target: Target) {
			self.target.set(&target);
		}

		/// The sum of this contract itself.
		#[ink(message)]
		pub fn own_sum(&self) -> i64 {
			self.sum
		}

		/// The sum, as the target tells it.
		#[ink(message)]
		pub fn sum(&self) -> i64 {
			match self.target.get() {
				Some(Target::Account(account)) => AdderRef::from_account_id(account).sum(),
				Some(Target::Code(code)) => build_call::<DefaultEnvironment>()
					.delegate(code)
					.exec_input(ExecutionInput::new(Selector::new(selector_bytes!("sum"))))
					.returns::<i64>()
					.invoke(),
				None => 0,
			}
		}

		/// Has the target add. Changes nothing in memory, for that would overwrite what code has stored
		/// here.
		#[ink(message)]
		pub fn add(&self, by: i64) -> Result<i64, Overflow> {
			match self.target.get() {
				Some(Target::Account(account)) => AdderRef::from_account_id(account).add(by),
				Some(Target::Code(code)) => build_call::<DefaultEnvironment>()
					.delegate(code)
					.exec_input(
						ExecutionInput::new(Selector::new(selector_bytes!("add"))).push_arg(by),
					)
					.returns::<Result<i64, Overflow>>()
					.invoke(),
				None => Err(Overflow { sum: 0 }),
			}
		}
	}
}
