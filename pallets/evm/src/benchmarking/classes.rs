//! Running the programs of [`crate::classes`], on a state that holds what they read.
//!
//! Rounds that read storage each have a key of their own, because a key counts once however often it
//! is read.

use super::setup::{contract, fund, funded, install, longest_code};
use crate::{
	classes::{self, Class, FIRST_ADDRESS, SMALL_CODE_BYTES},
	types::{hash_from_word, ExecutionReport},
	Config, Pallet, Slots,
};
use alloc::{vec, vec::Vec};
use polkadot_sdk::{
	frame_support::traits::Get,
	frame_system,
	sp_core::{H160, H256},
};
use revm::primitives::U256;
use trivium_primitives::{account, AccountId};

/// The block in which the programs run: there are 256 before it.
const BLOCK: u32 = 300;

/// A program that is about to run.
pub struct Run<T> {
	class: Class,
	rounds: u32,
	caller: AccountId,
	report: Option<ExecutionReport>,
	_config: core::marker::PhantomData<T>,
}

/// The contract that runs no round.
fn idle() -> H160 {
	H160::repeat_byte(0x54)
}

impl<T: Config> Run<T> {
	/// A class's program, with this many rounds.
	pub fn new(class: Class, rounds: u32) -> Self {
		Self::with(class, rounds, |rounds| class.program(rounds))
	}

	/// As [`Run::new`], with a program of its own.
	pub fn with(class: Class, rounds: u32, program: impl Fn(u32) -> Vec<u8>) -> Self {
		frame_system::Pallet::<T>::set_block_number(BLOCK.into());
		install::<T>(contract(), program(rounds));
		install::<T>(idle(), program(0));
		for address in [contract(), idle()] {
			fund::<T>(&account::ethereum_account(&address));
		}
		Self {
			class,
			rounds,
			caller: funded::<T>(),
			report: None,
			_config: Default::default(),
		}
	}

	/// Runs it.
	pub fn go(&mut self) {
		self.report = Some(self.call(contract()));
	}

	fn call(&self, target: H160) -> ExecutionReport {
		let gas_limit = T::CallGasLimit::get();
		Pallet::<T>::simulate_call(self.caller.clone(), target, vec![], 0, Some(gas_limit))
	}

	/// Checks that it has been charged what its class says.
	pub fn check(self) {
		let report = self.report.as_ref().expect("it has run");
		let idle = self.call(idle());
		assert!(report.result.is_ok() && idle.result.is_ok());
		let rounds = u64::from(self.rounds);
		let gas = idle.gas_used + rounds * self.class.round_gas();
		let given_back = match self.class.is_refunded {
			true => (gas / 5).min(rounds * classes::CLEAR_REFUND),
			false => 0,
		};
		assert_eq!(report.gas_used, gas - given_back);
		let proof = report.weight.proof_size() - idle.weight.proof_size();
		assert_eq!(proof, rounds * self.class.proof_bytes());
	}
}

/// The address that the round with this number goes to; zero is [`FIRST_ADDRESS`].
fn address(number: u32) -> H160 {
	let mut address = H160(FIRST_ADDRESS);
	address.0[16..].copy_from_slice(&number.to_be_bytes());
	address
}

/// Contracts for so many rounds, each with a code of its own of 33 bytes.
pub fn small_contracts<T: Config>(rounds: u32) {
	for number in 0..=rounds {
		let mut code = vec![0; SMALL_CODE_BYTES as usize];
		code[1..5].copy_from_slice(&number.to_be_bytes());
		install::<T>(address(number), code);
		fund::<T>(&account::ethereum_account(&address(number)));
	}
}

/// Contracts for so many rounds, each with a code of its own of this length.
pub fn contracts_of<T: Config>(rounds: u32, len: u32) {
	for number in 0..=rounds {
		let mut code = longest_code();
		code.truncate(len as usize);
		if let Some(mark) = code.get_mut(1..5) {
			mark.copy_from_slice(&number.to_be_bytes());
		}
		install::<T>(address(number), code);
	}
}

/// A contract that the program calls in every round.
pub fn callee<T: Config>(code: &[u8]) {
	install::<T>(address(0), code.to_vec());
}

/// Accounts for so many rounds that have a balance and nothing else.
pub fn accounts<T: Config>(rounds: u32) {
	for number in 0..=rounds {
		fund::<T>(&account::ethereum_account(&address(number)));
	}
}

/// Slots for so many rounds, of both contracts.
pub fn slots<T: Config>(rounds: u32) {
	for number in 0..=rounds {
		let key = hash_from_word(&U256::from(number));
		Slots::<T>::insert(contract(), key, H256::repeat_byte(0xEB));
	}
}

/// The hashes of the blocks before this.
pub fn block_hashes<T: Config>() {
	for number in 0..BLOCK {
		frame_system::BlockHash::<T>::insert(
			frame_system::pallet_prelude::BlockNumberFor::<T>::from(number),
			H256::repeat_byte(number as u8),
		);
	}
}

/// The rounds of [`classes::CALL_DEEP`].
pub fn deep<T: Config>(rounds: u32) -> Run<T> {
	callee::<T>(classes::DEEP_CALL);
	Run::with(classes::CALL_DEEP, rounds, classes::deep_call)
}
