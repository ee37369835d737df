//! How modules, resources and tables lie in the chain's storage, and who has paid for that.
//!
//! Each is one entry under one key. An entry names those whose deposits it holds, in the order in
//! which they paid: who makes it grow pays for the growth, and what shrinks or goes is given back
//! to whoever paid last. The balance that an account has on hold for this pallet is at all times the
//! sum of its shares in entries (`try_state` checks it).

use alloc::{collections::BTreeMap, vec::Vec};
use codec::{Decode, Encode, MaxEncodedLen};
use polkadot_sdk::{
	frame_support::traits::{fungible::MutateHold, tokens::Precision, Get},
	sp_core::{ConstU32, H256},
	sp_runtime::BoundedVec,
};
use scale_info::TypeInfo;
use trivium_primitives::{AccountId, Balance};

use crate::{
	types::{
		ModuleName, MoveFailure, UpgradePolicy, MAX_ENTRY_BYTES, MAX_TABLE_KEY_BYTES, MAX_TAG_BYTES,
	},
	Config, HoldReason, Modules, Resources, TableEntries,
};

/// Shares that an entry can have; with more, the last depositor takes over the one before.
pub const MAX_SHARES: u32 = 8;

/// BCS of a resource's type.
pub type TagBytes = BoundedVec<u8, ConstU32<MAX_TAG_BYTES>>;
/// BCS of a table's key.
pub type TableKey = BoundedVec<u8, ConstU32<MAX_TABLE_KEY_BYTES>>;

/// What one account has on hold for an entry.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Share {
	/// Who paid.
	pub depositor: AccountId,
	/// Planck.
	pub amount: Balance,
}

/// The deposits of an entry, in the order in which they were paid. Empty for what genesis made.
pub type Shares = BoundedVec<Share, ConstU32<MAX_SHARES>>;

/// What all have on hold for an entry, planck.
pub(crate) fn total(shares: &Shares) -> Balance {
	let amounts = shares.iter().map(|share| share.amount);
	amounts.fold(0, Balance::saturating_add)
}

/// A resource, or a table's value.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Entry {
	/// Who paid for it.
	pub shares: Shares,
	/// It itself, in BCS.
	pub data: BoundedVec<u8, ConstU32<MAX_ENTRY_BYTES>>,
}

/// A module.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct ModuleEntry {
	/// Who paid for it.
	pub shares: Shares,
	/// Whether it may be replaced.
	pub policy: UpgradePolicy,
	/// The loader's record, which holds the module's bytes.
	pub record: BoundedVec<u8, ConstU32<MAX_ENTRY_BYTES>>,
}

/// Where an entry lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
	Module(AccountId, ModuleName),
	Resource(AccountId, TagBytes),
	Table(H256, TableKey),
}

impl Place {
	/// The key in the chain's storage.
	pub(crate) fn storage_key<T: Config>(&self) -> Vec<u8> {
		match self {
			Self::Module(account, name) => Modules::<T>::hashed_key_for(account, name),
			Self::Resource(account, tag) => Resources::<T>::hashed_key_for(account, tag),
			Self::Table(handle, key) => TableEntries::<T>::hashed_key_for(handle, key),
		}
	}
}

/// The deposit for an entry: for the item, and for each byte of its key in storage and its data.
pub(crate) fn price<T: Config>(key_bytes: usize, data_bytes: usize) -> Balance {
	let bytes = key_bytes.saturating_add(data_bytes) as Balance;
	T::DepositPerItem::get().saturating_add(T::DepositPerByte::get().saturating_mul(bytes))
}

/// Bytes that the registration of a module takes besides its account and name, at most: the contract account as
/// a key and as its alias' value, and the prefixes of both maps.
pub(crate) const REGISTRATION_BYTES: usize = 2 * 32 + 2 * 32 + 20;

/// The deposit for a module: for its entry, and for the way from its contract account to it and from that
/// account's alias, which names the module once more.
pub(crate) fn price_of_module<T: Config>(key_bytes: usize, record_bytes: usize) -> Balance {
	let registration = key_bytes.saturating_add(REGISTRATION_BYTES);
	price::<T>(key_bytes.saturating_add(registration), record_bytes)
}

/// What an execution takes and frees of deposits, until it is settled.
#[derive(Clone, Debug)]
pub(crate) struct Settlement {
	/// Who pays for what grows; nobody at genesis.
	payer: Option<AccountId>,
	/// What the payer owes.
	owed: Balance,
	/// What each depositor gets back.
	freed: BTreeMap<AccountId, Balance>,
}

/// What a settlement moved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Settled {
	/// Newly held of the payer, planck, what the payer got back taken off.
	pub charged: Balance,
	/// Given back, planck, except what was taken off `charged`.
	pub refunded: Balance,
}

impl Settlement {
	/// Nothing taken and nothing freed. Without a payer, all is free of charge.
	pub(crate) fn new(payer: Option<AccountId>) -> Self {
		Self {
			payer,
			owed: 0,
			freed: BTreeMap::new(),
		}
	}

	/// Brings the shares of an entry to a new price, 0 if it is removed.
	pub(crate) fn reprice(&mut self, shares: &mut Shares, price: Balance) {
		let Some(payer) = self.payer.clone() else {
			return;
		};
		let paid = total(shares);
		match (price.checked_sub(paid), paid.checked_sub(price)) {
			(Some(0), _) => {}
			(Some(growth), _) => self.add(shares, payer, growth),
			(None, shrinkage) => self.take(shares, shrinkage.unwrap_or_default()),
		}
	}

	fn add(&mut self, shares: &mut Shares, payer: AccountId, growth: Balance) {
		self.owed = self.owed.saturating_add(growth);
		if let Some(last) = shares.last_mut().filter(|last| last.depositor == payer) {
			last.amount = last.amount.saturating_add(growth);
			return;
		}
		let share = Share {
			depositor: payer,
			amount: growth,
		};
		if let (Err(mut share), Some(last)) = (shares.try_push(share), shares.last_mut()) {
			// No room for another: the payer takes over the last.
			self.free(&last.depositor, last.amount);
			self.owed = self.owed.saturating_add(last.amount);
			share.amount = share.amount.saturating_add(last.amount);
			*last = share;
		}
	}

	fn take(&mut self, shares: &mut Shares, mut shrinkage: Balance) {
		while shrinkage > 0 {
			let Some(last) = shares.last_mut() else {
				return;
			};
			let part = last.amount.min(shrinkage);
			last.amount = last.amount.saturating_sub(part);
			shrinkage = shrinkage.saturating_sub(part);
			let (depositor, is_spent) = (last.depositor.clone(), last.amount == 0);
			self.free(&depositor, part);
			if is_spent {
				shares.pop();
			}
		}
	}

	fn free(&mut self, depositor: &AccountId, amount: Balance) {
		let freed = self.freed.entry(depositor.clone()).or_default();
		*freed = freed.saturating_add(amount);
	}

	/// Whether nothing is to be moved.
	pub(crate) fn is_empty(&self) -> bool {
		self.owed == 0 && self.freed.is_empty()
	}

	/// Accounts other than the payer that get something back.
	pub(crate) fn refunds(&self) -> usize {
		self.freed
			.keys()
			.filter(|depositor| Some(*depositor) != self.payer.as_ref())
			.count()
	}

	/// Holds and releases what it came to.
	///
	/// # Errors
	/// [`MoveFailure::DepositLimitExceeded`], [`MoveFailure::InsufficientBalance`]; and
	/// [`MoveFailure::Internal`] if a deposit is not there. Some of it may then be done: the caller
	/// rolls back.
	pub(crate) fn apply<T: Config>(mut self, limit: Balance) -> Result<Settled, MoveFailure> {
		let Some(payer) = self.payer.take() else {
			return Ok(Settled::default());
		};
		let reason = T::RuntimeHoldReason::from(HoldReason::StorageDeposit);
		let own = self.freed.remove(&payer).unwrap_or_default();
		let charged = self.owed.saturating_sub(own);
		let mut refunded = own.saturating_sub(self.owed);
		if charged > limit {
			return Err(MoveFailure::DepositLimitExceeded);
		}
		if refunded > 0 {
			self.freed.insert(payer.clone(), refunded);
			refunded = 0;
		}
		for (depositor, amount) in &self.freed {
			T::Currency::release(&reason, depositor, *amount, Precision::Exact)
				.map_err(|_| MoveFailure::Internal)?;
			refunded = refunded.saturating_add(*amount);
		}
		if charged > 0 {
			// Keeps the existential deposit free, so that no account is reaped for what it holds.
			T::Currency::hold(&reason, &payer, charged)
				.map_err(|_| MoveFailure::InsufficientBalance)?;
		}
		Ok(Settled { charged, refunded })
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use alloc::vec;

	fn account(byte: u8) -> AccountId {
		AccountId::new([byte; 32])
	}

	fn shares(of: &[(u8, Balance)]) -> Shares {
		let list: Vec<_> = of
			.iter()
			.map(|(who, amount)| Share {
				depositor: account(*who),
				amount: *amount,
			})
			.collect();
		list.try_into().unwrap()
	}

	/// Reprices `before` in the name of account 9.
	#[track_caller]
	fn check(
		before: &[(u8, Balance)],
		price: Balance,
		after: &[(u8, Balance)],
		owed: Balance,
		freed: &[(u8, Balance)],
	) {
		let mut settlement = Settlement::new(Some(account(9)));
		let mut list = shares(before);
		settlement.reprice(&mut list, price);
		assert_eq!(list, shares(after));
		assert_eq!(settlement.owed, owed);
		let expected = freed.iter().map(|(who, amount)| (account(*who), *amount));
		assert_eq!(settlement.freed, expected.collect());
	}

	#[test]
	fn growth_is_paid_by_the_payer_and_shrinkage_goes_to_who_paid_last() {
		check(&[], 10, &[(9, 10)], 10, &[]);
		check(&[(1, 10)], 10, &[(1, 10)], 0, &[]);
		check(&[(1, 10)], 15, &[(1, 10), (9, 5)], 5, &[]);
		check(&[(9, 10)], 15, &[(9, 15)], 5, &[]);
		check(&[(1, 10), (2, 5)], 12, &[(1, 10), (2, 2)], 0, &[(2, 3)]);
		check(&[(1, 10), (2, 5)], 10, &[(1, 10)], 0, &[(2, 5)]);
		check(&[(1, 10), (2, 5)], 4, &[(1, 4)], 0, &[(1, 6), (2, 5)]);
		check(&[(1, 10), (2, 5), (1, 1)], 0, &[], 0, &[(1, 11), (2, 5)]);
	}

	#[test]
	fn last_share_is_taken_over_when_there_is_no_room() {
		let full: Vec<_> = (1..=8).map(|who| (who, 10)).collect();
		let mut after = full.clone();
		after[7] = (9, 15);
		check(&full, 85, &after, 15, &[(8, 10)]);
	}

	#[test]
	fn genesis_pays_nothing() {
		let mut settlement = Settlement::new(None);
		let mut list = Shares::default();
		settlement.reprice(&mut list, 10);
		assert_eq!(list.into_inner(), vec![]);
		assert_eq!(settlement.owed, 0);
	}
}
