//! Whose deposits a contract holds.
//!
//! `pallet-contracts` gives a deposit to whoever frees the storage. Here it goes back to those who
//! paid. Beside each contract's storage there is a list for each item (and for the contract's own
//! record and each dependency): who has paid how much, in the order in which they did. Who makes an item
//! grow pays for the growth; what shrinks is given back to whoever paid last. What has no list, because
//! an older state made it, goes to who frees it, as before.
//!
//! A contract that goes frees all its items at once, and they may be any number of anybody's. If one
//! depositor alone has paid, as is usual, he gets everything there and then. If several have, what
//! they paid stays on hold until the storage itself is removed, item by item, in idle time.
//!
//! # Invariant
//! What the lists of a contract sum up to is [`Depositors::recorded`] and at most what it has on hold.

use alloc::{collections::BTreeMap, vec, vec::Vec};

use codec::{Decode, Encode, MaxEncodedLen};
use polkadot_sdk::{
	sp_core::{ConstU32, H256},
	sp_runtime::BoundedVec,
};
use scale_info::TypeInfo;
use trivium_primitives::{AccountId, Balance};

use crate::{Config, DepositShares, DepositorsOf, Refunds, TrieId};

/// Depositors that one item can have; with more, the last takes over the one before.
pub const MAX_SHARES: u32 = 8;
/// Longest name of a place, bytes: one for its kind and a hashed key.
pub const MAX_PLACE_BYTES: u32 = 1024;

/// Where a deposit lies within a contract.
pub(crate) enum Place<'a> {
	/// An item of storage, by its hashed key.
	Item(&'a [u8]),
	/// The contract's record.
	Base,
	/// A dependency on code.
	Dependency(&'a H256),
}

/// A [`Place`] as it is stored.
pub type PlaceName = BoundedVec<u8, ConstU32<MAX_PLACE_BYTES>>;

impl Place<'_> {
	fn name(&self) -> PlaceName {
		let (kind, rest): (u8, &[u8]) = match self {
			Self::Item(key) => (0, key),
			Self::Base => (1, &[]),
			Self::Dependency(hash) => (2, hash.as_bytes()),
		};
		let mut name = vec![kind];
		name.extend_from_slice(rest);
		// Keys fit: `integrity_test` compares the limits.
		PlaceName::truncate_from(name)
	}
}

/// What one account has paid for an item.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Share {
	/// Who paid.
	pub depositor: AccountId,
	/// Planck.
	pub amount: Balance,
}

/// The deposits for an item, in the order in which they were paid.
pub type Shares = BoundedVec<Share, ConstU32<MAX_SHARES>>;

/// Those who have deposits at a contract.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Depositors {
	/// What the lists of its items sum up to, planck.
	pub recorded: Balance,
	/// The one depositor, as long as there has been only one.
	pub sole: Option<AccountId>,
}

/// A contract that is gone and still has deposits of several accounts on hold.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Refunding {
	/// Its account.
	pub contract: AccountId,
	/// Who gets what is left in the account.
	pub beneficiary: AccountId,
}

/// What one settlement does to the lists of a contract.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
	/// Newly in lists, of the payer, planck.
	added: Balance,
	/// Out of lists, of the payer, planck.
	freed_of_payer: Balance,
	/// Out of lists, of others, planck.
	freed: BTreeMap<AccountId, Balance>,
	/// More became free than lists say, as far as the present price tells.
	frees_unlisted: bool,
}

impl Tally {
	/// What others get back, planck.
	pub(crate) fn freed_of_others(&self) -> Balance {
		self.freed
			.values()
			.fold(0, |sum, part| sum.saturating_add(*part))
	}

	/// What the lists sum up to afterwards, planck.
	pub(crate) fn applied_to(&self, listed: Balance) -> Balance {
		listed
			.saturating_add(self.added)
			.saturating_sub(self.freed_of_payer)
			.saturating_sub(self.freed_of_others())
	}

	/// Whether something became free that no list names.
	pub(crate) fn frees_unlisted(&self) -> bool {
		self.frees_unlisted
	}

	/// Who else gets something back, and how much, planck.
	pub(crate) fn others(&self) -> impl Iterator<Item = (&AccountId, &Balance)> {
		self.freed.iter()
	}

	/// How many others get something back.
	pub(crate) fn count_of_others(&self) -> usize {
		self.freed.len()
	}

	fn free(&mut self, depositor: &AccountId, amount: Balance, payer: &AccountId) {
		if depositor == payer {
			self.freed_of_payer = self.freed_of_payer.saturating_add(amount);
		} else {
			let freed = self.freed.entry(depositor.clone()).or_default();
			*freed = freed.saturating_add(amount);
		}
	}

	fn add(&mut self, shares: &mut Shares, payer: &AccountId, growth: Balance) {
		self.added = self.added.saturating_add(growth);
		if let Some(last) = shares.last_mut().filter(|last| last.depositor == *payer) {
			last.amount = last.amount.saturating_add(growth);
			return;
		}
		let share = Share {
			depositor: payer.clone(),
			amount: growth,
		};
		if let (Err(mut share), Some(last)) = (shares.try_push(share), shares.last_mut()) {
			// No room for another: the payer takes over the last.
			self.free(&last.depositor.clone(), last.amount, payer);
			self.added = self.added.saturating_add(last.amount);
			share.amount = share.amount.saturating_add(last.amount);
			*last = share;
		}
	}

	/// Takes as much as there is, and no more than `most`, off a list that was to have `expected`. What it has
	/// less is an older state's part, which goes to the payer.
	fn take(&mut self, shares: &mut Shares, most: Balance, expected: Balance, payer: &AccountId) {
		let mut left = most;
		while left > 0 {
			let Some(mut last) = shares.pop() else { break };
			let part = last.amount.min(left);
			left = left.saturating_sub(part);
			self.free(&last.depositor, part, payer);
			last.amount = last.amount.saturating_sub(part);
			if last.amount > 0 {
				// There is the room that it had.
				let _ = shares.try_push(last);
			}
		}
		self.frees_unlisted |= most.saturating_sub(left) < expected;
	}
}

/// Sets the list of a place.
#[cfg(feature = "runtime-benchmarks")]
pub(crate) fn put_for_benchmark<T: Config>(trie_id: &TrieId, place: Place<'_>, shares: Shares) {
	DepositShares::<T>::insert(trie_id, place.name(), shares);
}

/// Brings the list of a place to a new price; 0 removes it.
pub(crate) fn reprice<T: Config>(
	trie_id: &TrieId,
	place: Place<'_>,
	(old, new): (Balance, Balance),
	payer: &AccountId,
	tally: &mut Tally,
) {
	if old == new {
		return;
	}
	let name = place.name();
	let mut shares = DepositShares::<T>::get(trie_id, &name).unwrap_or_default();
	if new == 0 {
		tally.take(&mut shares, Balance::MAX, old, payer);
	} else if new > old {
		tally.add(&mut shares, payer, new.saturating_sub(old));
	} else {
		let shrinkage = old.saturating_sub(new);
		tally.take(&mut shares, shrinkage, shrinkage, payer);
	}
	if shares.is_empty() {
		DepositShares::<T>::remove(trie_id, name);
	} else {
		DepositShares::<T>::insert(trie_id, name, shares);
	}
}

/// Keeps account of who has deposits at a contract at all. Gives what its lists summed up to before, planck.
pub(crate) fn keep_account<T: Config>(
	trie_id: &TrieId,
	payer: &AccountId,
	tally: &Tally,
) -> Balance {
	let mut depositors = DepositorsOf::<T>::get(trie_id).unwrap_or_default();
	let before = depositors.recorded;
	if *tally == Tally::default() {
		return before;
	}
	if tally.added > 0 {
		if before == 0 {
			depositors.sole = Some(payer.clone());
		} else if depositors.sole.as_ref() != Some(payer) {
			depositors.sole = None;
		}
	}
	depositors.recorded = tally.applied_to(before);
	match depositors.recorded {
		0 => DepositorsOf::<T>::remove(trie_id),
		_ => DepositorsOf::<T>::insert(trie_id, depositors),
	}
	before
}

/// A contract goes that has `total` on hold. Gives what is to be paid out now, and whether the rest
/// waits for the storage to be removed.
pub(crate) fn close<T: Config>(
	trie_id: &TrieId,
	contract: &AccountId,
	beneficiary: &AccountId,
	total: Balance,
	payer: Option<&AccountId>,
) -> (Vec<(AccountId, Balance)>, bool) {
	let Depositors { recorded, sole } = DepositorsOf::<T>::take(trie_id).unwrap_or_default();
	let recorded = recorded.min(total);
	let mut refunds = Vec::new();
	let mut refund = |to: Option<AccountId>, amount: Balance| match to {
		Some(to) if amount > 0 => refunds.push((to, amount)),
		_ => {}
	};
	// Without a payer it is left in the account.
	let unrecorded = total.saturating_sub(recorded);
	let waits = recorded > 0 && sole.is_none();
	if sole.is_some() && sole.as_ref() == payer {
		refund(sole, total);
	} else {
		refund(
			Some(payer.cloned().unwrap_or_else(|| contract.clone())),
			unrecorded,
		);
		refund(sole, recorded);
	}
	if waits {
		let refunding = Refunding {
			contract: contract.clone(),
			beneficiary: beneficiary.clone(),
		};
		Refunds::<T>::insert(trie_id, refunding);
	}
	(refunds, waits)
}

#[cfg(test)]
mod tests {
	use super::*;

	fn account(byte: u8) -> AccountId {
		AccountId::new([byte; 32])
	}

	fn list(of: &[(u8, Balance)]) -> Shares {
		let shares = of.iter().map(|(who, amount)| Share {
			depositor: account(*who),
			amount: *amount,
		});
		shares.collect::<Vec<_>>().try_into().unwrap()
	}

	/// Changes the price of an item in the name of account 9.
	#[track_caller]
	fn check(
		before: &[(u8, Balance)],
		change: impl FnOnce(&mut Tally, &mut Shares, &AccountId),
		after: &[(u8, Balance)],
		(added, of_payer): (Balance, Balance),
		of_others: &[(u8, Balance)],
	) -> bool {
		let mut shares = list(before);
		let mut tally = Tally::default();
		change(&mut tally, &mut shares, &account(9));
		assert_eq!(shares, list(after));
		assert_eq!((tally.added, tally.freed_of_payer), (added, of_payer));
		let expected = of_others
			.iter()
			.map(|(who, amount)| (account(*who), *amount));
		assert_eq!(tally.freed, expected.collect());
		tally.frees_unlisted
	}

	fn grow(by: Balance) -> impl FnOnce(&mut Tally, &mut Shares, &AccountId) {
		move |tally, shares, payer| tally.add(shares, payer, by)
	}

	fn shrink(by: Balance) -> impl FnOnce(&mut Tally, &mut Shares, &AccountId) {
		move |tally, shares, payer| tally.take(shares, by, by, payer)
	}

	#[test]
	fn growth_is_the_payers_and_shrinkage_goes_to_who_paid_last() {
		assert!(!check(&[], grow(10), &[(9, 10)], (10, 0), &[]));
		assert!(!check(&[(1, 10)], grow(5), &[(1, 10), (9, 5)], (5, 0), &[]));
		assert!(!check(&[(9, 10)], grow(5), &[(9, 15)], (5, 0), &[]));
		assert!(!check(
			&[(1, 10), (9, 5)],
			shrink(3),
			&[(1, 10), (9, 2)],
			(0, 3),
			&[],
		));
		assert!(!check(
			&[(1, 10), (9, 5)],
			shrink(8),
			&[(1, 7)],
			(0, 5),
			&[(1, 3)]
		));
		assert!(!check(
			&[(1, 10), (2, 5)],
			shrink(15),
			&[],
			(0, 0),
			&[(1, 10), (2, 5)],
		));
	}

	#[test]
	fn part_of_an_older_state_is_nobodys() {
		assert!(check(&[(1, 10)], shrink(25), &[], (0, 0), &[(1, 10)]));
		assert!(check(&[], shrink(25), &[], (0, 0), &[]));
		let remove = |price| {
			move |tally: &mut Tally, shares: &mut Shares, payer: &AccountId| {
				tally.take(shares, Balance::MAX, price, payer)
			}
		};
		assert!(check(&[(1, 10)], remove(11), &[], (0, 0), &[(1, 10)]));
		assert!(!check(
			&[(1, 10), (9, 2)],
			remove(12),
			&[],
			(0, 2),
			&[(1, 10)]
		));
		// It was dearer once.
		assert!(!check(&[(1, 10)], remove(5), &[], (0, 0), &[(1, 10)]));
	}

	#[test]
	fn last_share_is_taken_over_when_there_is_no_room() {
		let full: Vec<_> = (1..=8).map(|who| (who, 10)).collect();
		let mut after = full.clone();
		after[7] = (9, 15);
		assert!(!check(&full, grow(5), &after, (15, 0), &[(8, 10)]));
	}
}
