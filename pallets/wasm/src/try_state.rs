//! What holds of all that is stored, between transactions.

use alloc::{
	collections::{BTreeMap, BTreeSet},
	vec::Vec,
};

use polkadot_sdk::{
	frame_support::{ensure, storage::child, traits::fungible::InspectHold},
	sp_core::H256,
	sp_io::default_child_storage,
	sp_runtime::{traits::Hash as _, TryRuntimeError},
};
use trivium_primitives::{AccountId, Balance};

use crate::{
	contract::{self, ContractInfo},
	live, CodeInfoOf, Config, ContractInfoOf, DeletionQueue, DeletionQueueCounter, DepositShares,
	DepositorsOf, HoldReason, PristineCode, Refunds, TransientLength, TrieId, LOG_TARGET,
};

/// Checks all of it. Reads every entry: for `try-runtime` and tests.
///
/// # Errors
/// The first thing that does not hold.
pub(crate) fn check<T: Config>() -> Result<(), TryRuntimeError> {
	ensure!(live::count() == 0, "contracts run between transactions");
	ensure!(
		!TransientLength::<T>::exists(),
		"transient storage is not forgotten"
	);
	check_contracts::<T>()?;
	check_code::<T>()?;
	check_removal::<T>()
}

/// A contract's record says what is in its trie, and what is on hold is what the record says; of that, the lists
/// of who has paid say whose it is.
fn check_contracts<T: Config>() -> Result<(), TryRuntimeError> {
	let mut tries = BTreeSet::new();
	for (account, info) in ContractInfoOf::<T>::iter() {
		ensure!(
			tries.insert(info.trie_id.clone()),
			"two contracts share a trie"
		);
		let stored = stored_in(&info.trie_id);
		let recorded = (info.storage_items, u64::from(info.storage_bytes));
		if stored != recorded {
			return Err(message(&account, "items and bytes", recorded, stored));
		}
		let total = info.all_deposits();
		let held =
			T::Currency::balance_on_hold(&HoldReason::StorageDepositReserve.into(), &account);
		// More, if an account is a contract's for the second time and those of the first are not paid out.
		if held < total {
			return Err(message(&account, "deposits", total, held));
		}
		check_lists::<T>(&account, &info, total)?;
	}
	Ok(())
}

/// Values in a trie and their bytes.
fn stored_in(trie_id: &TrieId) -> (u32, u64) {
	let trie = contract::trie(trie_id);
	let (mut items, mut bytes) = (0u32, 0u64);
	let mut key = Vec::new();
	while let Some(next) = default_child_storage::next_key(trie.storage_key(), &key) {
		items = items.saturating_add(1);
		bytes = bytes.saturating_add(child::len(&trie, &next).unwrap_or_default().into());
		key = next;
	}
	(items, bytes)
}

fn check_lists<T: Config>(
	account: &AccountId,
	info: &ContractInfo<T>,
	total: Balance,
) -> Result<(), TryRuntimeError> {
	let listed = listed::<T>(&info.trie_id);
	let recorded = DepositorsOf::<T>::get(&info.trie_id)
		.unwrap_or_default()
		.recorded;
	if listed != recorded {
		return Err(message(account, "deposits by who paid", recorded, listed));
	}
	ensure!(
		recorded <= total,
		"more is owed to depositors than is on hold"
	);
	Ok(())
}

fn listed<T: Config>(trie_id: &TrieId) -> Balance {
	let lists = DepositShares::<T>::iter_prefix_values(trie_id);
	lists
		.flatten()
		.fold(0, |sum, share| sum.saturating_add(share.amount))
}

/// Code is stored under its hash, with its length, for as many as need it, at its owner's cost.
fn check_code<T: Config>() -> Result<(), TryRuntimeError> {
	let mut users = BTreeMap::<H256, u64>::new();
	for info in ContractInfoOf::<T>::iter_values() {
		for hash in info.delegate_dependencies.keys().chain([&info.code_hash]) {
			let count = users.entry(*hash).or_default();
			*count = count.saturating_add(1);
		}
	}
	let mut deposits = BTreeMap::<AccountId, Balance>::new();
	for (hash, info) in CodeInfoOf::<T>::iter() {
		let code = PristineCode::<T>::get(hash).ok_or("a record of code without the code")?;
		ensure!(
			T::Hashing::hash(&code) == hash,
			"code is not what its hash says"
		);
		ensure!(
			code.len() == info.code_len as usize,
			"code has another length"
		);
		let count = users.remove(&hash).unwrap_or_default();
		ensure!(
			info.refcount == count,
			"code is needed by more or fewer than its record says"
		);
		let deposit = deposits.entry(info.owner).or_default();
		*deposit = deposit.saturating_add(info.deposit);
	}
	ensure!(users.is_empty(), "a contract needs code that is not there");
	let codes = PristineCode::<T>::iter_keys().count();
	ensure!(
		codes == CodeInfoOf::<T>::iter_keys().count(),
		"code without a record"
	);
	for (owner, deposit) in deposits {
		let reason = HoldReason::CodeUploadDepositReserve.into();
		let held = T::Currency::balance_on_hold(&reason, &owner);
		if held < deposit {
			return Err(message(&owner, "deposits for code", deposit, held));
		}
	}
	Ok(())
}

/// What is to be removed is in the queue, and is nobody's any more.
fn check_removal<T: Config>() -> Result<(), TryRuntimeError> {
	let counters = DeletionQueueCounter::<T>::get();
	let waiting = counters.insert.wrapping_sub(counters.delete);
	let mut tries = BTreeSet::new();
	for (place, trie_id) in DeletionQueue::<T>::iter() {
		let after = place.wrapping_sub(counters.delete);
		ensure!(after < waiting, "an entry lies outside of the queue");
		tries.insert(trie_id);
	}
	for info in ContractInfoOf::<T>::iter_values() {
		ensure!(
			!tries.contains(&info.trie_id),
			"a contract's storage is to be removed"
		);
	}
	for (trie_id, refunding) in Refunds::<T>::iter() {
		ensure!(tries.contains(&trie_id), "deposits are never given back");
		let reason = HoldReason::StorageDepositReserve.into();
		let held = T::Currency::balance_on_hold(&reason, &refunding.contract);
		ensure!(
			held >= listed::<T>(&trie_id),
			"deposits cannot be given back"
		);
	}
	Ok(())
}

fn message(
	who: &AccountId,
	what: &str,
	recorded: impl core::fmt::Debug,
	found: impl core::fmt::Debug,
) -> TryRuntimeError {
	log::error!(
		target: LOG_TARGET,
		"{who:?}: {what}: {recorded:?} in the record, {found:?} found",
	);
	TryRuntimeError::Other("a contract's record is wrong; the log says how")
}
