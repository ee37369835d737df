//! A lock and a tally that last for one transaction.
//!
//! ink! 5 has no functions for transient storage, so the chain's are declared here.

#![cfg_attr(not(feature = "std"), no_std, no_main)]

pub use self::transient_storage::{Error, TransientStorage, TransientStorageRef};

/// The chain's functions, over one value of four bytes for each key of one byte.
#[cfg(target_arch = "wasm32")]
mod transient {
	mod chain {
		#[link(wasm_import_module = "seal0")]
		extern "C" {
			pub fn set_transient_storage(
				key: *const u8,
				key_len: u32,
				value: *const u8,
				len: u32,
			) -> u32;
			pub fn get_transient_storage(
				key: *const u8,
				key_len: u32,
				out: *mut u8,
				len: *mut u32,
			) -> u32;
			pub fn take_transient_storage(
				key: *const u8,
				key_len: u32,
				out: *mut u8,
				len: *mut u32,
			) -> u32;
			pub fn clear_transient_storage(key: *const u8, key_len: u32) -> u32;
			pub fn contains_transient_storage(key: *const u8, key_len: u32) -> u32;
		}
	}

	const LEN: u32 = 4;

	/// Stores a value and tells how long the last one was.
	pub fn set(key: u8, value: u32) -> Option<u32> {
		let value = value.to_le_bytes();
		// SAFETY: the chain reads one byte and four, which are there.
		some(unsafe { chain::set_transient_storage(&key, 1, value.as_ptr(), LEN) })
	}

	/// The value.
	pub fn get(key: u8) -> Option<u32> {
		let (mut value, mut len) = ([0; 4], LEN);
		// SAFETY: the chain reads one byte and writes no more than the four that it is told of.
		let code = unsafe { chain::get_transient_storage(&key, 1, value.as_mut_ptr(), &mut len) };
		(code == 0).then_some(u32::from_le_bytes(value))
	}

	/// The value, which is gone then.
	pub fn take(key: u8) -> Option<u32> {
		let (mut value, mut len) = ([0; 4], LEN);
		// SAFETY: as in `get`.
		let code = unsafe { chain::take_transient_storage(&key, 1, value.as_mut_ptr(), &mut len) };
		(code == 0).then_some(u32::from_le_bytes(value))
	}

	/// Takes the value away and tells how long it was.
	pub fn clear(key: u8) -> Option<u32> {
		// SAFETY: the chain reads one byte, which is there.
		some(unsafe { chain::clear_transient_storage(&key, 1) })
	}

	/// How long the value is.
	pub fn contains(key: u8) -> Option<u32> {
		// SAFETY: the chain reads one byte, which is there.
		some(unsafe { chain::contains_transient_storage(&key, 1) })
	}

	/// The chain has its largest number for nothing.
	fn some(len: u32) -> Option<u32> {
		(len != u32::MAX).then_some(len)
	}
}

/// Off the chain no transaction lasts longer than a call of these.
#[cfg(not(target_arch = "wasm32"))]
mod transient {
	pub fn set(_: u8, _: u32) -> Option<u32> {
		None
	}
	pub fn get(_: u8) -> Option<u32> {
		None
	}
	pub fn take(_: u8) -> Option<u32> {
		None
	}
	pub fn clear(_: u8) -> Option<u32> {
		None
	}
	pub fn contains(_: u8) -> Option<u32> {
		None
	}
}

#[ink::contract]
mod transient_storage {
	use ink::{
		env::{
			call::{build_call, ExecutionInput, Selector},
			CallFlags, DefaultEnvironment,
		},
		prelude::vec::Vec,
		selector_bytes,
	};

	use super::transient;

	/// Where the lock is.
	const LOCK: u8 = 0;
	/// Where the tally is.
	const TALLY: u8 = 1;

	/// Why nothing was done.
	#[derive(Clone, Debug, PartialEq, Eq)]
	#[ink::scale_derive(Encode, Decode, TypeInfo)]
	pub enum Error {
		/// A call further up holds the lock.
		Locked,
		/// A call further down has failed, with this tally then.
		Failed(u32),
		/// On purpose.
		OnPurpose,
	}

	/// How often the lock was held, in all transactions. The one thing that stays.
	#[ink(storage)]
	#[derive(Default)]
	pub struct TransientStorage {
		held: u32,
	}

	impl TransientStorage {
		/// A lock that was never held.
		#[ink(constructor)]
		pub fn new() -> Self {
			Self::default()
		}

		/// How often the lock was held.
		#[ink(message)]
		pub fn held(&self) -> u32 {
			self.held
		}

		/// Takes the lock and has `through` call this contract back, if one is named: with the lock held
		/// nobody gets in.
		#[ink(message)]
		pub fn hold(&mut self, through: Option<AccountId>) -> Result<u32, Error> {
			if transient::contains(LOCK).is_some() {
				return Err(Error::Locked);
			}
			transient::set(LOCK, 1);
			self.held = self.held.saturating_add(1);
			if let Some(through) = through {
				let this = self.env().account_id();
				match call::<Result<u32, Error>, _>(through, selector_bytes!("knock"), this) {
					Some(Ok(_)) => {}
					Some(Err(error)) => return Err(error),
					None => return Err(Error::Failed(0)),
				}
			}
			transient::clear(LOCK);
			Ok(self.held)
		}

		/// Calls `hold` of another such contract.
		#[ink(message)]
		pub fn knock(&self, other: AccountId) -> Result<u32, Error> {
			let nobody = None::<AccountId>;
			call(other, selector_bytes!("hold"), nobody).unwrap_or(Err(Error::Failed(0)))
		}

		/// Counts, and has this contract count `more` times; tells the tally. Nothing of it is there when
		/// the next transaction begins.
		#[ink(message)]
		pub fn tally(&self, more: u32) -> Result<u32, Error> {
			count();
			if let Some(left) = more.checked_sub(1) {
				self.again::<Result<u32, Error>>(selector_bytes!("tally"), left)
					.unwrap_or(Err(Error::Failed(0)))?;
			}
			Ok(transient::get(TALLY).unwrap_or_default())
		}

		/// Counts `times` times and then fails.
		#[ink(message)]
		pub fn tally_and_fail(&self, times: u32) -> Result<u32, Error> {
			for _ in 0..times {
				count();
			}
			Err(Error::OnPurpose)
		}

		/// Counts, has this contract count `times` times and fail, and tells the tally: what failed does
		/// not count.
		#[ink(message)]
		pub fn tally_around_failure(&self, times: u32) -> Result<u32, Error> {
			count();
			let failed = self.again::<Result<u32, Error>>(selector_bytes!("tally_and_fail"), times);
			let tally = transient::get(TALLY).unwrap_or_default();
			match failed {
				Some(Err(Error::OnPurpose)) => Ok(tally),
				_ => Err(Error::Failed(tally)),
			}
		}

		/// What each function answers, one after the other, on a key that nothing else uses.
		#[ink(message)]
		pub fn walk(&self, key: u8) -> Vec<Option<u32>> {
			ink::prelude::vec![
				transient::get(key),
				transient::set(key, 5),
				transient::contains(key),
				transient::set(key, 6),
				transient::get(key),
				transient::take(key),
				transient::take(key),
				transient::clear(key),
				transient::set(key, 7),
				transient::clear(key),
				transient::contains(key),
			]
		}

		/// A message of this contract, called from outside as others would.
		fn again<R: scale::Decode>(&self, selector: [u8; 4], argument: u32) -> Option<R> {
			call(self.env().account_id(), selector, argument)
		}
	}

	fn count() {
		let tally = transient::get(TALLY).unwrap_or_default();
		transient::set(TALLY, tally.saturating_add(1));
	}

	/// Calls what may call back.
	fn call<R: scale::Decode, A: scale::Encode>(
		callee: AccountId,
		selector: [u8; 4],
		argument: A,
	) -> Option<R> {
		let answer = build_call::<DefaultEnvironment>()
			.call(callee)
			.call_flags(CallFlags::ALLOW_REENTRY)
			.exec_input(ExecutionInput::new(Selector::new(selector)).push_arg(argument))
			.returns::<R>()
			.try_invoke();
		answer.ok()?.ok()
	}
}
