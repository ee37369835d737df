//! A count whose contract runs other code as its own, and locks that code so that nobody removes it.
//!
//! The code is that of `upgradeable-code` at first and that of `upgradeable-next` later. Both have the root that is
//! here, and this contract keeps what is its own under another key.

#![cfg_attr(not(feature = "std"), no_std, no_main)]

pub use self::upgradeable_delegate::{Error, UpgradeableDelegate, UpgradeableDelegateRef};

#[ink::contract]
mod upgradeable_delegate {
	use ink::{
		env::{
			call::{build_call, ExecutionInput, Selector},
			CallFlags, DefaultEnvironment,
		},
		selector_bytes,
		storage::{traits::ManualKey, Lazy},
	};

	/// Why nothing was done.
	#[derive(Clone, Debug, PartialEq, Eq)]
	#[ink::scale_derive(Encode, Decode, TypeInfo)]
	pub enum Error {
		/// The caller is not the owner.
		NotOwner,
		/// There is no code to run.
		NoCode,
		/// The code has failed, or has no such message.
		Failed,
	}

	/// The count and the owner, as the code has them, and which code it is.
	#[ink(storage)]
	pub struct UpgradeableDelegate {
		count: u32,
		owner: AccountId,
		code: Lazy<Option<Hash>, ManualKey<0xC0DE>>,
	}

	impl UpgradeableDelegate {
		/// A count at nothing, the deployer's, that runs this code.
		#[ink(constructor)]
		pub fn new(code: Hash) -> Self {
			let mut proxy = Self {
				count: 0,
				owner: Self::env().caller(),
				code: Lazy::default(),
			};
			Self::env().lock_delegate_dependency(&code);
			proxy.code.set(&Some(code));
			proxy
		}

		/// The count, without asking the code.
		#[ink(message)]
		pub fn count(&self) -> u32 {
			self.count
		}

		/// Which code it runs.
		#[ink(message)]
		pub fn code(&self) -> Option<Hash> {
			self.code.get_or_default()
		}

		/// Runs other code from now on: locks it, and lets go of the last one.
		#[ink(message)]
		pub fn upgrade(&mut self, code: Hash) -> Result<(), Error> {
			self.ensure_owner()?;
			self.env().lock_delegate_dependency(&code);
			if let Some(old) = self.code() {
				self.env().unlock_delegate_dependency(&old);
			}
			self.code.set(&Some(code));
			Ok(())
		}

		/// Runs no code any more.
		#[ink(message)]
		pub fn detach(&mut self) -> Result<(), Error> {
			self.ensure_owner()?;
			let old = self.locked()?;
			self.env().unlock_delegate_dependency(&old);
			self.code.set(&None);
			Ok(())
		}

		/// Runs code that is not locked, once.
		#[ink(message)]
		pub fn version_of(&self, code: Hash) -> Result<u32, Error> {
			run(code, selector_bytes!("version"))
		}

		/// Which version the code is.
		#[ink(message)]
		pub fn version(&self) -> Result<u32, Error> {
			run(self.locked()?, selector_bytes!("version"))
		}

		/// Counts as the code does, which is given this call's input, and whose answer is this call's.
		#[ink(message)]
		pub fn increment(&self) -> u32 {
			let Ok(code) = self.locked() else {
				return self.count;
			};
			build_call::<DefaultEnvironment>()
				.delegate(code)
				.call_flags(CallFlags::FORWARD_INPUT | CallFlags::TAIL_CALL)
				// Not sent: the input of this call is.
				.exec_input(ExecutionInput::new(Selector::new([0; 4])))
				.returns::<u32>()
				.invoke()
		}

		/// Counts twice, and tells what the second time gave.
		#[ink(message)]
		pub fn increment_twice(&self) -> Result<u32, Error> {
			let code = self.locked()?;
			run(code, selector_bytes!("increment"))?;
			run(code, selector_bytes!("increment"))
		}

		/// Sets the step, which only later code has. The answer is the code's.
		#[ink(message)]
		pub fn set_step(&self, step: u32) -> Result<(), Error> {
			let answer = build_call::<DefaultEnvironment>()
				.delegate(self.locked()?)
				.exec_input(
					ExecutionInput::new(Selector::new(selector_bytes!("set_step"))).push_arg(step),
				)
				.returns::<Result<(), u8>>()
				.try_invoke();
			match answer {
				Ok(Ok(Ok(()))) => Ok(()),
				_ => Err(Error::Failed),
			}
		}

		fn ensure_owner(&self) -> Result<(), Error> {
			if self.env().caller() == self.owner {
				Ok(())
			} else {
				Err(Error::NotOwner)
			}
		}

		fn locked(&self) -> Result<Hash, Error> {
			self.code().ok_or(Error::NoCode)
		}
	}

	/// Runs a message without arguments.
	fn run(code: Hash, selector: [u8; 4]) -> Result<u32, Error> {
		let answer = build_call::<DefaultEnvironment>()
			.delegate(code)
			.exec_input(ExecutionInput::new(Selector::new(selector)))
			.returns::<u32>()
			.try_invoke();
		match answer {
			Ok(Ok(number)) => Ok(number),
			_ => Err(Error::Failed),
		}
	}
}
