//! The accounts and slots that an execution uses, as Geth's `prestateTracer` has them.
//!
//! Only which they are is noted while the execution runs. What they hold is read from storage: after
//! it, and once it has been taken back, as it was before.

use alloc::{
	collections::{BTreeMap, BTreeSet},
	vec::Vec,
};
use codec::{Decode, Encode};
use polkadot_sdk::sp_core::{H160, H256};
use revm::{
	bytecode::opcode::{
		BALANCE, CALL, CALLCODE, DELEGATECALL, EXTCODECOPY, EXTCODEHASH, EXTCODESIZE, SELFDESTRUCT,
		SLOAD, SSTORE, STATICCALL,
	},
	interpreter::{interpreter::EthInterpreter, interpreter_types::Jumps, Interpreter},
	primitives::U256 as Word,
};
use scale_info::TypeInfo;

use super::{Budget, Trace};
use crate::{
	types::{from_address, hash_from_word, EMPTY_CODE_HASH},
	CodeInfos, Config, Pallet, Slots,
};

/// What an account costs beside its code, bytes: noted, and read twice.
const ACCOUNT_BYTES: usize = 512;
/// What a slot costs, bytes.
const SLOT_BYTES: usize = 384;

/// What to tell of accounts. Geth's names, and its defaults: all false.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct PrestateTracer {
	/// What has changed, before and after, instead of all that was used.
	pub diff_mode: bool,
	/// Without code; its hash is there.
	pub disable_code: bool,
	/// Without storage.
	pub disable_storage: bool,
}

/// What is told of an account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct AccountState {
	/// What the account can spend, planck. Nothing if it has not changed.
	pub balance: Option<u128>,
	/// Ethereum's nonce. Nothing if it is zero or has not changed.
	pub nonce: Option<u64>,
	/// Keccak-256 of the code. Nothing if there is none or it has not changed.
	pub code_hash: Option<H256>,
	/// The code; empty if there is none, it has not changed or is not wanted.
	pub code: Vec<u8>,
	/// Slots; in a difference, those that have changed and are not zero.
	pub storage: BTreeMap<H256, H256>,
}

/// The accounts and slots in use, as they were before.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Prestate {
	/// By address.
	pub accounts: BTreeMap<H160, AccountState>,
	/// Something was left out; see [`super::MAX_TRACE_BYTES`].
	pub truncated: bool,
}

/// The accounts and slots that have changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct StateDiff {
	/// As they were before. An account that was created is not in it.
	pub pre: BTreeMap<H160, AccountState>,
	/// What is different after. An account that was created and removed again is not in it.
	pub post: BTreeMap<H160, AccountState>,
	/// Something was left out; see [`super::MAX_TRACE_BYTES`].
	pub truncated: bool,
}

/// An account in full.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Full {
	balance: u128,
	nonce: u64,
	code_hash: H256,
	code: Vec<u8>,
	storage: BTreeMap<H256, H256>,
}

impl Full {
	/// An account that nobody ever used.
	fn is_empty(&self) -> bool {
		self.balance == 0 && self.nonce == 0 && self.code_hash == EMPTY_CODE_HASH
	}

	fn to_state(&self) -> AccountState {
		AccountState {
			balance: Some(self.balance),
			nonce: (self.nonce != 0).then_some(self.nonce),
			code_hash: (self.code_hash != EMPTY_CODE_HASH).then_some(self.code_hash),
			code: self.code.clone(),
			storage: self.storage.clone(),
		}
	}
}

/// All accounts in use at one time.
pub(crate) type Snapshot = BTreeMap<H160, Full>;

/// What a step is about to use.
#[derive(Clone, Copy, Debug)]
enum Use {
	Account(H160),
	Slot(H160, H256),
}

/// Notes accounts and slots.
#[derive(Debug)]
pub(crate) struct Touched {
	config: PrestateTracer,
	accounts: BTreeMap<H160, BTreeSet<H256>>,
	created: BTreeSet<H160>,
	/// What the present step uses, if it succeeds.
	present: Option<Use>,
}

impl Touched {
	pub(crate) fn new(config: PrestateTracer) -> Self {
		Self {
			config,
			accounts: BTreeMap::new(),
			created: BTreeSet::new(),
			present: None,
		}
	}

	pub(crate) fn account(&mut self, address: H160, budget: &mut Budget) {
		if !self.accounts.contains_key(&address) && budget.take(ACCOUNT_BYTES) {
			self.accounts.insert(address, BTreeSet::new());
		}
	}

	pub(crate) fn created(&mut self, address: H160, budget: &mut Budget) {
		self.account(address, budget);
		if self.accounts.contains_key(&address) {
			self.created.insert(address);
		}
	}

	fn slot(&mut self, address: H160, key: H256, budget: &mut Budget) {
		self.account(address, budget);
		let Some(slots) = self.accounts.get_mut(&address) else {
			return;
		};
		if !self.config.disable_storage && !slots.contains(&key) && budget.take(SLOT_BYTES) {
			slots.insert(key);
		}
	}

	pub(crate) fn step(&mut self, interpreter: &Interpreter<EthInterpreter>) {
		let stack = interpreter.stack.data();
		let mut from_top = stack.iter().rev();
		self.present = match interpreter.bytecode.opcode() {
			SLOAD | SSTORE => from_top.next().map(|key| {
				let contract = from_address(&interpreter.input.target_address);
				Use::Slot(contract, hash_from_word(key))
			}),
			BALANCE | EXTCODESIZE | EXTCODECOPY | EXTCODEHASH | SELFDESTRUCT => {
				from_top.next().map(|word| Use::Account(address(word)))
			}
			CALL | CALLCODE | DELEGATECALL | STATICCALL => {
				from_top.nth(1).map(|word| Use::Account(address(word)))
			}
			_ => None,
		};
	}

	pub(crate) fn step_end(&mut self, is_ok: bool, budget: &mut Budget) {
		match self.present.take().filter(|_| is_ok) {
			Some(Use::Account(address)) => self.account(address, budget),
			Some(Use::Slot(address, key)) => self.slot(address, key, budget),
			None => {}
		}
	}

	/// Reads from storage all that was noted.
	pub(crate) fn snapshot<T: Config>(&self, budget: &mut Budget) -> Snapshot {
		let mut snapshot = Snapshot::new();
		for (address, slots) in &self.accounts {
			let view = Pallet::<T>::view(address);
			let len = CodeInfos::<T>::get(view.code_hash).map_or(0, |info| info.len_bytes);
			let code = match self.config.disable_code || !budget.take(len as usize) {
				true => Vec::new(),
				false => Pallet::<T>::code_at(address),
			};
			let storage = slots
				.iter()
				.map(|key| (*key, Slots::<T>::get(address, key)))
				.collect();
			snapshot.insert(
				*address,
				Full {
					balance: view.balance,
					nonce: view.nonce,
					code_hash: view.code_hash,
					code,
					storage,
				},
			);
		}
		snapshot
	}

	/// The trace, in the state before.
	pub(crate) fn finish<T: Config>(self, after: Snapshot, budget: &mut Budget) -> Trace {
		let before = self.snapshot::<T>(budget);
		let truncated = budget.is_cut();
		let is_new =
			|address: &H160, account: &Full| self.created.contains(address) && account.is_empty();
		if !self.config.diff_mode {
			let accounts = before
				.iter()
				.filter(|(address, account)| !is_new(address, account))
				.map(|(address, account)| (*address, account.to_state()))
				.collect();
			return Trace::Prestate(Prestate {
				accounts,
				truncated,
			});
		}

		let mut diff = StateDiff {
			truncated,
			..Default::default()
		};
		for (address, old) in &before {
			let Some(new) = after.get(address).filter(|new| *new != old) else {
				continue;
			};
			if !is_new(address, old) {
				let mut state = old.to_state();
				state
					.storage
					.retain(|key, value| !value.is_zero() && new.storage.get(key) != Some(value));
				diff.pre.insert(*address, state);
			}
			let has_new_code = new.code_hash != old.code_hash;
			diff.post.insert(
				*address,
				AccountState {
					balance: (new.balance != old.balance).then_some(new.balance),
					nonce: (new.nonce != old.nonce).then_some(new.nonce),
					code_hash: has_new_code.then_some(new.code_hash),
					code: match has_new_code {
						true => new.code.clone(),
						false => Vec::new(),
					},
					storage: new
						.storage
						.iter()
						.filter(|(key, value)| {
							!value.is_zero() && old.storage.get(*key) != Some(*value)
						})
						.map(|(key, value)| (*key, *value))
						.collect(),
				},
			);
		}
		Trace::StateDiff(diff)
	}
}

/// The address in a word of the stack.
fn address(word: &Word) -> H160 {
	H160::from(hash_from_word(word))
}
