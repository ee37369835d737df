//! Every way to call a contract of another virtual machine.
//!
//! Each message shows one behaviour of a cross-VM call. `counter`, `token` and `other` are contracts of
//! any virtual machine; `other` is a caller like this one. Messages that such a caller calls
//! (`bounce`, `knock`, `enter`, `relay`) have the same name in Solidity.

#![cfg_attr(not(feature = "std"), no_std, no_main)]

pub use self::caller::{Caller, CallerRef, Failure};

#[ink::contract]
mod caller {
	use ink::prelude::{string::String, vec::Vec};
	use trivium_ink::{revert, CallError, CrossVm, EvmAddress, U256};

	/// What a call into another virtual machine gave.
	#[ink(event)]
	pub struct Called {
		/// The contract that was called.
		#[ink(topic)]
		pub target: AccountId,
		/// What it returned.
		pub value: u64,
	}

	/// A call into another virtual machine failed and was caught.
	#[ink(event)]
	pub struct Caught {
		/// The contract that was called.
		#[ink(topic)]
		pub target: AccountId,
		/// Why it failed.
		pub error: CallError,
	}

	/// Why a message of this contract ended itself.
	#[derive(Clone, Debug, PartialEq, Eq)]
	#[ink::scale_derive(Encode, Decode, TypeInfo)]
	pub enum Failure {
		/// A call into another virtual machine failed.
		Call(CallError),
		/// On purpose, after a callee has succeeded and returned this.
		AfterCall(u64),
		/// A call further up holds the lock.
		Locked,
		/// What was written further down is not seen here.
		LostWrite,
	}

	/// What the calls so far have left.
	#[ink(storage)]
	#[derive(Default)]
	pub struct Caller {
		visits: u64,
		last_value: u64,
		last_error: Option<CallError>,
		locked: bool,
	}

	impl Caller {
		/// A caller that has called nobody yet.
		#[ink(constructor, payable)]
		pub fn new() -> Self {
			Self::default()
		}

		/// How often a message of this contract has written. Canonical: `visits()->(u64)`.
		#[ink(message)]
		pub fn visits(&self) -> u64 {
			self.visits
		}

		/// What the last successful call returned. Canonical: `last_value()->(u64)`.
		#[ink(message)]
		pub fn last_value(&self) -> u64 {
			self.last_value
		}

		/// The last error caught; none if the last attempt succeeded.
		#[ink(message)]
		pub fn last_error(&self) -> Option<CallError> {
			self.last_error.clone()
		}

		/// The 20-byte alias of an account. Canonical: `alias_of(address)->(bytes20)`.
		#[ink(message)]
		pub fn alias_of(&self, account: AccountId) -> EvmAddress {
			trivium_ink::alias_of(&account)
		}

		/// The account behind an alias. Canonical: `account_of(bytes20)->(address)`.
		#[ink(message)]
		pub fn account_of(&self, address: EvmAddress) -> AccountId {
			trivium_ink::account_of(&address)
		}

		/// Increments a counter and returns its new value.
		/// Canonical: `increment_foreign(address)->(u64)`.
		#[ink(message)]
		pub fn increment_foreign(&mut self, counter: AccountId) -> u64 {
			self.visit();
			let value = or_revert(increment(counter));
			self.last_value = value;
			self.env().emit_event(Called {
				target: counter,
				value,
			});
			value
		}

		/// Increments a counter that is named by its 20-byte alias.
		#[ink(message)]
		pub fn increment_address(&mut self, counter: EvmAddress) -> u64 {
			self.visit();
			let value = CrossVm::call(counter)
				.signature("increment()->(u64)")
				.invoke();
			self.last_value = or_revert(value);
			self.last_value
		}

		/// Reads a counter.
		#[ink(message)]
		pub fn read_foreign(&self, counter: AccountId) -> u64 {
			let call = CrossVm::call(counter).signature("get()->(u64)").read_only();
			or_revert(call.invoke())
		}

		/// Moves tokens that this contract owns on a Solidity token.
		#[ink(message)]
		pub fn move_token(&mut self, token: AccountId, to: AccountId, amount: u128) -> bool {
			self.visit();
			let call = CrossVm::call(token)
				.signature("transfer(address,u256)->(bool)")
				.args(&(to, U256::from(amount)));
			or_revert(call.invoke())
		}

		/// Moves tokens that `from` allowed this contract to move on a Solidity token.
		#[ink(message)]
		pub fn pull_token(
			&mut self,
			token: AccountId,
			from: AccountId,
			to: AccountId,
			amount: u128,
		) -> bool {
			self.visit();
			let call = CrossVm::call(token)
				.signature("transferFrom(address,address,u256)->(bool)")
				.args(&(from, to, U256::from(amount)));
			or_revert(call.invoke())
		}

		/// Sends the value of this call on to a counter; returns the counter's balance.
		#[ink(message, payable)]
		pub fn deposit_foreign(&mut self, counter: AccountId) -> u128 {
			self.visit();
			let call = CrossVm::call(counter)
				.signature("deposit()->(u128)")
				.value(self.env().transferred_value());
			or_revert(call.invoke())
		}

		/// Calls anything; returns the results in SCALE. Reverts if the call fails.
		#[ink(message, payable)]
		pub fn forward(
			&mut self,
			target: AccountId,
			signature: String,
			args: Vec<u8>,
			flags: u32,
		) -> Vec<u8> {
			self.visit();
			or_revert(self.forwarded(target, &signature, args, flags))
		}

		/// Calls anything and keeps what this message wrote if that fails. Returns the error.
		///
		/// (Not `try_forward`: ink! makes a function of that name for `forward`.)
		#[ink(message, payable)]
		pub fn catch_forward(
			&mut self,
			target: AccountId,
			signature: String,
			args: Vec<u8>,
			flags: u32,
		) -> Option<CallError> {
			self.visit();
			let outcome = self.forwarded(target, &signature, args, flags);
			self.caught(target, outcome)
		}

		/// Calls a function that writes and then fails, catches that, and keeps what this message
		/// wrote. Returns the error.
		#[ink(message)]
		pub fn try_fail(&mut self, counter: AccountId, value: u64) -> Option<CallError> {
			self.visit();
			let call = CrossVm::call(counter)
				.signature("fail(u64)")
				.args(&(value,));
			self.caught(counter, call.invoke::<()>())
		}

		/// Increments a counter and then reverts, which takes the increment back.
		/// Canonical: `increment_then_revert(address)`.
		#[ink(message)]
		pub fn increment_then_revert(&mut self, counter: AccountId) {
			self.visit();
			revert(Failure::AfterCall(or_revert(increment(counter))))
		}

		/// Walks along `path`, a list of callers; the last one increments `counter` and then fails.
		/// Nobody on the way catches it. Canonical: `relay(address[],address)`.
		#[ink(message)]
		pub fn relay(&mut self, path: Vec<AccountId>, counter: AccountId) {
			self.visit();
			match path.split_first() {
				None => revert(Failure::AfterCall(or_revert(increment(counter)))),
				Some((next, rest)) => or_revert(relay(*next, rest, counter)),
			}
		}

		/// Starts a `relay` at `first` and catches its failure, which happens `path.len()` hops
		/// further down. Returns the error.
		#[ink(message)]
		pub fn catch_relay(
			&mut self,
			first: AccountId,
			path: Vec<AccountId>,
			counter: AccountId,
		) -> Option<CallError> {
			self.visit();
			self.caught(first, relay(first, &path, counter))
		}

		/// Tries to increment a counter by a read-only call. Returns the error.
		#[ink(message)]
		pub fn increment_read_only(&mut self, counter: AccountId) -> Option<CallError> {
			self.visit();
			let call = CrossVm::call(counter)
				.signature("increment()->(u64)")
				.read_only();
			self.caught(counter, call.invoke::<u64>())
		}

		/// Increments a counter with no more than this weight. Returns the error.
		#[ink(message)]
		pub fn increment_with_weight(
			&mut self,
			counter: AccountId,
			ref_time: u64,
			proof_size: u64,
		) -> Option<CallError> {
			self.visit();
			let call = CrossVm::call(counter)
				.signature("increment()->(u64)")
				.weight(ref_time, proof_size);
			self.caught(counter, call.invoke::<u64>())
		}

		/// Calls a function that writes and never ends, with this weight. Returns the error.
		#[ink(message)]
		pub fn spin_foreign(
			&mut self,
			counter: AccountId,
			ref_time: u64,
			proof_size: u64,
		) -> Option<CallError> {
			self.visit();
			let call = CrossVm::call(counter)
				.signature("spin()")
				.weight(ref_time, proof_size);
			self.caught(counter, call.invoke::<()>())
		}

		/// Increments a counter whose storage may cost no more than `deposit`. Returns the error.
		#[ink(message)]
		pub fn increment_with_deposit(
			&mut self,
			counter: AccountId,
			deposit: u128,
		) -> Option<CallError> {
			self.visit();
			let call = CrossVm::call(counter)
				.signature("increment()->(u64)")
				.deposit_limit(deposit);
			self.caught(counter, call.invoke::<u64>())
		}

		/// Plays `hops` hops of ping-pong with `other`, writing before and after each; returns the
		/// number of hops played. Canonical: `bounce(address,u32,u32)->(u32)`.
		///
		/// `flags` are for every hop: with 1 the game goes on, without it the second hop fails.
		#[ink(message)]
		pub fn bounce(&mut self, other: AccountId, hops: u32, flags: u32) -> u32 {
			self.visit();
			let Some(left) = hops.checked_sub(1) else {
				return 0;
			};
			let before = self.visits;
			self.store();
			let call = CrossVm::call(other)
				.signature("bounce(address,u32,u32)->(u32)")
				.args(&(self.env().account_id(), left, flags))
				.flags(flags);
			let played: u32 = or_revert(call.invoke());
			self.load();
			if self.visits < before {
				revert(Failure::LostWrite)
			}
			self.visit();
			played.saturating_add(1)
		}

		/// Writes and returns how often this contract has written, unless it is locked.
		/// Canonical: `enter()->(u64)`.
		#[ink(message)]
		pub fn enter(&mut self) -> u64 {
			if self.locked {
				revert(Failure::Locked)
			}
			self.visit();
			self.visits
		}

		/// Calls `enter` of `other` and tells whether it was let in.
		/// Canonical: `knock(address)->(bool)`.
		#[ink(message)]
		pub fn knock(&mut self, other: AccountId) -> bool {
			self.visit();
			CrossVm::call(other)
				.signature("enter()->(u64)")
				.invoke::<u64>()
				.is_ok()
		}

		/// Has `other` knock here while the door is open. True if `other` got in.
		#[ink(message)]
		pub fn knock_unlocked(&mut self, other: AccountId, flags: u32) -> bool {
			self.have_knocked(other, flags)
		}

		/// Has `other` knock here while a lock is held. It must not get in.
		#[ink(message)]
		pub fn knock_locked(&mut self, other: AccountId, flags: u32) -> bool {
			self.locked = true;
			let entered = self.have_knocked(other, flags);
			self.locked = false;
			entered
		}

		fn have_knocked(&mut self, other: AccountId, flags: u32) -> bool {
			self.visit();
			self.store();
			let call = CrossVm::call(other)
				.signature("knock(address)->(bool)")
				.args(&(self.env().account_id(),))
				.flags(flags);
			let entered = or_revert(call.invoke());
			self.load();
			entered
		}

		fn forwarded(
			&self,
			target: AccountId,
			signature: &str,
			args: Vec<u8>,
			flags: u32,
		) -> Result<Vec<u8>, CallError> {
			CrossVm::call(target)
				.signature(signature)
				.encoded_args(args)
				.value(self.env().transferred_value())
				.flags(flags)
				.invoke_raw()
		}

		fn caught<T>(
			&mut self,
			target: AccountId,
			outcome: Result<T, CallError>,
		) -> Option<CallError> {
			self.last_error = outcome.err();
			if let Some(error) = self.last_error.clone() {
				self.env().emit_event(Caught { target, error });
			}
			self.last_error.clone()
		}

		fn visit(&mut self) {
			self.visits = self.visits.saturating_add(1);
		}

		/// Writes this contract's state out before a call that may come back. ink! keeps it in memory
		/// until the message ends, so an inner visit would not see it.
		fn store(&self) {
			let key = <Self as ink::storage::traits::StorageKey>::KEY;
			ink::env::set_contract_storage(&key, self);
		}

		/// Reads this contract's state after a call that may have come back: an inner visit has
		/// written what the outer one would otherwise overwrite.
		fn load(&mut self) {
			let key = <Self as ink::storage::traits::StorageKey>::KEY;
			if let Ok(Some(state)) = ink::env::get_contract_storage(&key) {
				*self = state;
			}
		}
	}

	fn increment(counter: AccountId) -> Result<u64, CallError> {
		CrossVm::call(counter)
			.signature("increment()->(u64)")
			.invoke()
	}

	fn relay(next: AccountId, rest: &[AccountId], counter: AccountId) -> Result<(), CallError> {
		CrossVm::call(next)
			.signature("relay(address[],address)")
			.args(&(rest, counter))
			.invoke()
	}

	fn or_revert<T>(outcome: Result<T, CallError>) -> T {
		match outcome {
			Ok(value) => value,
			Err(error) => revert(Failure::Call(error)),
		}
	}

	#[cfg(test)]
	mod tests {
		use super::*;
		use ink::env::test::{recorded_events, register_chain_extension, ChainExtension};
		use ink::scale::Encode;

		/// A bridge behind which every call ends the same way.
		struct Bridge(Result<Vec<u8>, CallError>);

		impl ChainExtension for Bridge {
			fn ext_id(&self) -> u16 {
				0x0801
			}

			fn call(&mut self, _: u16, _: &[u8], output: &mut Vec<u8>) -> u32 {
				self.0.encode_to(output);
				0
			}
		}

		const COUNTER: [u8; 32] = [7; 32];

		#[ink::test]
		fn increment_foreign_keeps_what_the_counter_returned() {
			register_chain_extension(Bridge(Ok(5u64.encode())));
			let mut caller = Caller::new();
			assert_eq!(caller.increment_foreign(COUNTER.into()), 5);
			assert_eq!((caller.visits(), caller.last_value()), (1, 5));
			assert_eq!(recorded_events().count(), 1);
		}

		#[ink::test]
		fn try_fail_keeps_its_own_writes_and_the_error() {
			let error = CallError::Reverted([1, 2, 3, 4].into());
			register_chain_extension(Bridge(Err(error.clone())));
			let mut caller = Caller::new();
			assert_eq!(caller.try_fail(COUNTER.into(), 9), Some(error.clone()));
			assert_eq!((caller.visits(), caller.last_error()), (1, Some(error)));
		}

		#[ink::test]
		fn bounce_without_hops_calls_nobody() {
			let mut caller = Caller::new();
			assert_eq!(caller.bounce(COUNTER.into(), 0, 1), 0);
			assert_eq!(caller.visits(), 1);
		}
	}
}
