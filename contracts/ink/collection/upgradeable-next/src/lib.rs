//! The second version of `upgradeable-code`, and of what `upgradeable-delegate` runs: counts by a step that
//! can be set.

#![cfg_attr(not(feature = "std"), no_std, no_main)]

pub use self::upgradeable_next::{Error, UpgradeableNext, UpgradeableNextRef};

#[ink::contract]
mod upgradeable_next {
	use ink::storage::{traits::ManualKey, Lazy};

	/// By how much is counted until it is set.
	pub const FIRST_STEP: u32 = 4;

	/// The key of the step.
	const STEP: u32 = 0x57E9;

	/// The step was set.
	#[ink(event)]
	pub struct StepSet {
		/// By whom.
		#[ink(topic)]
		pub by: AccountId,
		/// To what.
		pub step: u32,
	}

	/// Why nothing was done.
	#[derive(Clone, Debug, PartialEq, Eq)]
	#[ink::scale_derive(Encode, Decode, TypeInfo)]
	pub enum Error {
		/// The caller is not the owner.
		NotOwner,
		/// The chain has refused.
		Refused,
		/// A step of nothing.
		NoStep,
	}

	/// The root of the first version, and the step.
	#[ink(storage)]
	pub struct UpgradeableNext {
		count: u32,
		owner: AccountId,
		step: Lazy<u32, ManualKey<STEP>>,
	}

	impl UpgradeableNext {
		/// A count at nothing, for those who begin with this version.
		#[ink(constructor)]
		pub fn new() -> Self {
			Self {
				count: 0,
				owner: Self::env().caller(),
				step: Lazy::default(),
			}
		}

		/// The count.
		#[ink(message)]
		pub fn get(&self) -> u32 {
			self.count
		}

		/// Which version this is.
		#[ink(message)]
		pub fn version(&self) -> u32 {
			2
		}

		/// By how much is counted.
		#[ink(message)]
		pub fn step(&self) -> u32 {
			self.step.get().unwrap_or(FIRST_STEP)
		}

		/// Counts by the step.
		#[ink(message)]
		pub fn increment(&mut self) -> u32 {
			self.count = self.count.saturating_add(self.step());
			self.count
		}

		/// Sets the step.
		#[ink(message)]
		pub fn set_step(&mut self, step: u32) -> Result<(), Error> {
			self.ensure_owner()?;
			if step == 0 {
				return Err(Error::NoStep);
			}
			self.step.set(&step);
			self.env().emit_event(StepSet {
				by: self.env().caller(),
				step,
			});
			Ok(())
		}

		/// Replaces the code and takes away what other code would not know.
		#[ink(message)]
		pub fn set_code(&mut self, code: Hash) -> Result<(), Error> {
			self.ensure_owner()?;
			ink::env::clear_contract_storage(&STEP);
			self.env().set_code_hash(&code).map_err(|_| Error::Refused)
		}

		fn ensure_owner(&self) -> Result<(), Error> {
			if self.env().caller() == self.owner {
				Ok(())
			} else {
				Err(Error::NotOwner)
			}
		}
	}

	impl Default for UpgradeableNext {
		fn default() -> Self {
			Self::new()
		}
	}
}
