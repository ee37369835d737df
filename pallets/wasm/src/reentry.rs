//! Contracts that are entered again through another VM.
//!
//! An execution of pallet-contracts holds the information of its live contracts (code hash,
//! number of items, deposits) in memory and writes it back when they end. What a contract *stores*
//! is written at once, so a second execution inside the first sees it and may change it; but if
//! that changes the contract's *information* too, the outer execution would write its old copy
//! over it. Such a call is refused and undone: [`CallError::CONFLICTING_REENTRY`].
//!
//! The outer copy itself may be ahead of storage (a new code hash, a locked dependency; its item
//! and byte counts are only added up at its end). The inner execution then works with the stored
//! one. Nothing is lost by that: what it adds to the counts is a conflict, and what it takes away
//! is refunded from what is stored, which is at most what was paid.

use alloc::vec::Vec;
use polkadot_sdk::{
	frame_support::{
		storage::{storage_prefix, unhashed},
		traits::PalletInfoAccess,
		StorageHasher, Twox64Concat,
	},
	pallet_contracts,
};
use trivium_primitives::{AccountId, CallError};

use crate::{
	memory::{self, Stack},
	Config,
};

/// Where pallet-contracts stores a contract's information.
pub(crate) fn info_key<T: Config>(contract: &AccountId) -> Vec<u8> {
	let mut key = contracts_prefix::<T>(b"ContractInfoOf");
	key.extend(Twox64Concat::hash(contract.as_ref()));
	key
}

/// The prefix of one of pallet-contracts' storage items.
pub(crate) fn contracts_prefix<T: Config>(item: &[u8]) -> Vec<u8> {
	let pallet = <pallet_contracts::Pallet<T> as PalletInfoAccess>::name();
	storage_prefix(pallet.as_bytes(), item).to_vec()
}

/// Keeps the information of a contract that is live in an outer stack, as it is on the first entry
/// in this one.
pub(crate) fn remember<T: Config>(contract: &AccountId) {
	let info = unhashed::get_raw(&info_key::<T>(contract));
	memory::innermost(|stack| stack.reentered.push((contract.clone(), info)));
}

/// Checks a stack that has ended.
///
/// # Errors
/// [`CallError::CONFLICTING_REENTRY`] if the information of a contract that is live in an outer
/// stack is not what it was.
pub(crate) fn ensure_no_conflict<T: Config>(ended: &Stack) -> Result<(), CallError> {
	let same = |(contract, info): &(AccountId, Option<Vec<u8>>)| {
		unhashed::get_raw(&info_key::<T>(contract)) == *info
	};
	if ended.reentered.iter().all(same) {
		Ok(())
	} else {
		Err(CallError::CONFLICTING_REENTRY)
	}
}
