//! Every way to call and to instantiate by hand. What is called and made is a `flipper`.

#![cfg_attr(not(feature = "std"), no_std, no_main)]

pub use self::call_builder::{Builder, BuilderRef, Failure};

#[ink::contract]
mod call_builder {
	use ink::{
		env::{
			call::{build_call, build_create, ExecutionInput, Selector},
			DefaultEnvironment, Error,
		},
		selector_bytes, LangError, ToAccountId,
	};
	use trivium_collection_flipper::{FlipperRef, Unpaid};

	/// How a call or an instantiation went wrong.
	#[derive(Clone, Debug, PartialEq, Eq)]
	#[ink::scale_derive(Encode, Decode, TypeInfo)]
	pub enum Failure {
		/// The callee does not understand.
		Language(LangError),
		/// The chain's code for it.
		Chain(u32),
		/// The answer is none of this type.
		Answer,
		/// The constructor wants to be paid.
		Unpaid,
	}

	/// A switch, as a flipper has it: a flipper's code may run here.
	#[ink(storage)]
	pub struct Builder {
		is_on: bool,
	}

	impl Builder {
		/// A switch that is off.
		#[ink(constructor, payable)]
		pub fn new() -> Self {
			Self { is_on: false }
		}

		/// Whether the switch here is on.
		#[ink(message)]
		pub fn is_on(&self) -> bool {
			self.is_on
		}

		/// Calls a message without arguments and results, and fails if that fails.
		#[ink(message)]
		pub fn invoke(&mut self, callee: AccountId, selector: [u8; 4]) {
			build_call::<DefaultEnvironment>()
				.call(callee)
				.exec_input(ExecutionInput::new(Selector::new(selector)))
				.returns::<()>()
				.invoke()
		}

		/// Calls a message without arguments and results, and tells how it went wrong, if it did.
		#[ink(message)]
		pub fn attempt(&mut self, callee: AccountId, selector: [u8; 4]) -> Option<Failure> {
			let outcome = build_call::<DefaultEnvironment>()
				.call(callee)
				.exec_input(ExecutionInput::new(Selector::new(selector)))
				.returns::<()>()
				.try_invoke();
			told(outcome).err()
		}

		/// Reads a switch.
		#[ink(message)]
		pub fn read(&self, callee: AccountId) -> Result<bool, Failure> {
			let outcome = build_call::<DefaultEnvironment>()
				.call(callee)
				.exec_input(ExecutionInput::new(Selector::new(selector_bytes!("get"))))
				.returns::<bool>()
				.try_invoke();
			told(outcome)
		}

		/// Turns a switch within a limit of time, in the older way.
		#[ink(message)]
		pub fn flip_with_gas(&mut self, callee: AccountId, gas: u64) -> Option<Failure> {
			let outcome = build_call::<DefaultEnvironment>()
				.call_v1(callee)
				.gas_limit(gas)
				.exec_input(flip())
				.returns::<()>()
				.try_invoke();
			told(outcome).err()
		}

		/// Turns a switch within limits of time, proof and deposits.
		#[ink(message)]
		pub fn flip_with_limits(
			&mut self,
			callee: AccountId,
			ref_time: u64,
			proof_size: u64,
			deposit: Balance,
		) -> Option<Failure> {
			let outcome = build_call::<DefaultEnvironment>()
				.call(callee)
				.ref_time_limit(ref_time)
				.proof_size_limit(proof_size)
				.storage_deposit_limit(deposit)
				.exec_input(flip())
				.returns::<()>()
				.try_invoke();
			told(outcome).err()
		}

		/// Turns a switch for coins, and tells what it has then.
		#[ink(message)]
		pub fn flip_paid(&mut self, callee: AccountId, value: Balance) -> Result<Balance, Failure> {
			let selector = Selector::new(selector_bytes!("flip_paid"));
			let outcome = build_call::<DefaultEnvironment>()
				.call(callee)
				.transferred_value(value)
				.exec_input(ExecutionInput::new(selector))
				.returns::<Balance>()
				.try_invoke();
			told(outcome)
		}

		/// Turns a switch and wants a number for an answer, which it does not get.
		#[ink(message)]
		pub fn misread(&mut self, callee: AccountId) -> Option<Failure> {
			let outcome = build_call::<DefaultEnvironment>()
				.call(callee)
				.exec_input(flip())
				.returns::<u64>()
				.try_invoke();
			told(outcome).err()
		}

		/// Turns the switch here with a flipper's code.
		#[ink(message)]
		pub fn flip_here(&self, code: Hash) -> Option<Failure> {
			let outcome = build_call::<DefaultEnvironment>()
				.delegate(code)
				.exec_input(flip())
				.returns::<()>()
				.try_invoke();
			told(outcome).err()
		}

		/// Makes a switch, and reads it.
		#[ink(message)]
		pub fn make(
			&mut self,
			code: Hash,
			is_on: bool,
			salt: [u8; 4],
		) -> Result<(AccountId, bool), Failure> {
			let outcome = FlipperRef::new(is_on)
				.code_hash(code)
				.endowment(0)
				.salt_bytes(salt)
				.try_instantiate();
			let flipper = told(outcome)?;
			Ok((flipper.to_account_id(), flipper.get()))
		}

		/// Makes a switch that has to be paid for.
		#[ink(message)]
		pub fn make_paid(
			&mut self,
			code: Hash,
			value: Balance,
			salt: [u8; 4],
		) -> Result<AccountId, Failure> {
			let outcome = FlipperRef::new_paid(true)
				.code_hash(code)
				.endowment(value)
				.salt_bytes(salt)
				.try_instantiate();
			match told(outcome)? {
				Ok(flipper) => Ok(flipper.to_account_id()),
				Err(Unpaid) => Err(Failure::Unpaid),
			}
		}

		/// Makes a switch within limits of time, proof and deposits, or within none.
		#[ink(message)]
		pub fn make_with_limits(
			&mut self,
			code: Hash,
			ref_time: u64,
			proof_size: u64,
			deposit: Balance,
			salt: [u8; 4],
		) -> Result<AccountId, Failure> {
			let outcome = build_create::<FlipperRef>()
				.code_hash(code)
				.ref_time_limit(ref_time)
				.proof_size_limit(proof_size)
				.storage_deposit_limit(deposit)
				.endowment(0)
				.exec_input(
					ExecutionInput::new(Selector::new(selector_bytes!("new"))).push_arg(true),
				)
				.salt_bytes(salt)
				.returns::<FlipperRef>()
				.params()
				.try_instantiate();
			Ok(told(outcome)?.to_account_id())
		}

		/// Makes a switch in the older way, by a constructor of this name.
		#[ink(message)]
		pub fn make_with_gas(
			&mut self,
			code: Hash,
			gas: u64,
			constructor: [u8; 4],
			salt: [u8; 4],
		) -> Result<AccountId, Failure> {
			let outcome = build_create::<FlipperRef>()
				.code_hash(code)
				.instantiate_v1()
				.gas_limit(gas)
				.endowment(0)
				.exec_input(ExecutionInput::new(Selector::new(constructor)))
				.salt_bytes(salt)
				.returns::<FlipperRef>()
				.params()
				.try_instantiate();
			Ok(told(outcome)?.to_account_id())
		}
	}

	impl Default for Builder {
		fn default() -> Self {
			Self::new()
		}
	}

	fn flip() -> ExecutionInput<ink::env::call::utils::EmptyArgumentList> {
		ExecutionInput::new(Selector::new(selector_bytes!("flip")))
	}

	/// What ink! gives for a call, in terms that others can read.
	fn told<T>(outcome: Result<Result<T, LangError>, Error>) -> Result<T, Failure> {
		match outcome {
			Ok(Ok(answer)) => Ok(answer),
			Ok(Err(error)) => Err(Failure::Language(error)),
			Err(Error::ReturnError(code)) => Err(Failure::Chain(code.into())),
			Err(_) => Err(Failure::Answer),
		}
	}
}
