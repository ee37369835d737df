//! Removing the storage of contracts that are gone, a part at a time, when a block has time left.

use codec::{Decode, Encode, MaxEncodedLen};
use polkadot_sdk::{
	frame_support::{storage::child, weights::WeightMeter},
	sp_runtime::traits::Zero,
	sp_weights::Weight,
};
use scale_info::TypeInfo;

use crate::{
	contract, deposit,
	shares::{Refunding, MAX_SHARES},
	weights::entries,
	Config, ContractInfoOf, DeletionQueue, DeletionQueueCounter, DepositShares, Refunds, TrieId,
	WeightInfo, LOG_TARGET,
};

/// Where the queue ends and begins. The layout is that of `pallet-contracts`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct QueueCounters {
	/// The place for the next entry.
	pub(crate) insert: u32,
	/// The place of the first entry.
	pub(crate) delete: u32,
}

/// Adds a trie to the queue.
pub(crate) fn enqueue<T: Config>(trie_id: TrieId) {
	DeletionQueueCounter::<T>::mutate(|counters| {
		DeletionQueue::<T>::insert(counters.insert, trie_id);
		counters.insert = counters.insert.wrapping_add(1);
	});
}

/// Removes as much as the meter allows.
pub(crate) fn process<T: Config>(meter: &mut WeightMeter) {
	let base = T::WeightInfo::deletion(0);
	if meter.try_consume(base).is_err() {
		return;
	}
	let per_key = per_key::<T>();
	let budget = meter
		.remaining()
		.checked_div_per_component(&per_key)
		.unwrap_or_default();
	let mut keys_left = u32::try_from(budget).unwrap_or(u32::MAX);
	let begun_with = keys_left;
	process_keys::<T>(&mut keys_left);
	meter.consume(per_key.saturating_mul(begun_with.saturating_sub(keys_left).into()));
}

/// One key: its removal, and refunds to as many depositors as it may have, each of them another one than
/// those of the key before.
fn per_key<T: Config>() -> Weight {
	let depositors = u64::from(MAX_SHARES);
	let removal = T::WeightInfo::deletion(1).saturating_sub(T::WeightInfo::deletion(0));
	removal
		.saturating_add(T::WeightInfo::refund().saturating_mul(depositors))
		.saturating_add(entries(2))
}

/// Removes as many keys as it may.
pub(crate) fn process_keys<T: Config>(keys_left: &mut u32) {
	while !keys_left.is_zero() {
		let counters = DeletionQueueCounter::<T>::get();
		if counters.insert == counters.delete {
			break;
		}
		let is_done = match DeletionQueue::<T>::get(counters.delete) {
			Some(trie_id) => remove_trie::<T>(&trie_id, keys_left),
			None => true,
		};
		if !is_done {
			break;
		}
		DeletionQueue::<T>::remove(counters.delete);
		DeletionQueueCounter::<T>::mutate(|counters| {
			counters.delete = counters.delete.wrapping_add(1);
		});
		// An entry costs as much as a key, even if nothing was stored.
		*keys_left = keys_left.saturating_sub(1);
	}
}

/// Removes what belongs to a trie; gives whether that is all of it.
fn remove_trie<T: Config>(trie_id: &TrieId, keys_left: &mut u32) -> bool {
	let are_shares_done = match Refunds::<T>::get(trie_id) {
		Some(refunding) => refund::<T>(trie_id, &refunding, keys_left),
		None => {
			let removed = DepositShares::<T>::clear_prefix(trie_id, *keys_left, None);
			*keys_left = keys_left.saturating_sub(removed.backend);
			removed.maybe_cursor.is_none()
		}
	};
	if !are_shares_done || keys_left.is_zero() {
		return false;
	}
	let removed = child::clear_storage(&contract::trie(trie_id), Some(*keys_left), None);
	*keys_left = keys_left.saturating_sub(removed.backend);
	removed.maybe_cursor.is_none()
}

/// Gives deposits back to several who paid; gives whether that is all of them.
fn refund<T: Config>(trie_id: &TrieId, refunding: &Refunding, keys_left: &mut u32) -> bool {
	let mut entries = DepositShares::<T>::drain_prefix(trie_id);
	while !keys_left.is_zero() {
		let Some((_, shares)) = entries.next() else {
			finish::<T>(trie_id, refunding);
			return true;
		};
		*keys_left = keys_left.saturating_sub(1);
		for share in shares {
			// One that cannot be paid must not keep the others from it.
			let paid = deposit::give_back::<T>(&refunding.contract, &share.depositor, share.amount);
			if let Err(error) = paid {
				log::error!(target: LOG_TARGET, "refund to {:?}: {error:?}", share.depositor);
			}
		}
	}
	false
}

fn finish<T: Config>(trie_id: &TrieId, refunding: &Refunding) {
	Refunds::<T>::remove(trie_id);
	if ContractInfoOf::<T>::contains_key(&refunding.contract) {
		// There is a new contract at the account, whose coins these are now.
		polkadot_sdk::frame_system::Pallet::<T>::dec_consumers(&refunding.contract);
		return;
	}
	let emptied = deposit::empty_account::<T>(&refunding.contract, &refunding.beneficiary);
	if let Err(error) = emptied {
		log::error!(target: LOG_TARGET, "{:?} cannot be emptied: {error:?}", refunding.contract);
	}
}
