//! Transient storage: values that a contract keeps for the length of a transaction.
//!
//! They are in memory, with a journal of what each write replaced. How long the journal is stands in
//! storage too, in one value that every write raises. So whoever rolls back a storage layer, be it a
//! frame here or another VM far above, takes the writes below it with it: the next that looks sees
//! that storage says less than memory and undoes the rest.

use alloc::{collections::BTreeMap, vec::Vec};

use polkadot_sdk::{frame_support::traits::Get, sp_runtime::DispatchError};
use trivium_primitives::{transaction_local, AccountId, Dispatch};

use crate::{
	contract::{len_of, Key},
	Config, Error, TransientLength,
};

type Place = (AccountId, Vec<u8>);

/// The memory of one transaction.
#[derive(Default)]
struct Memory {
	/// The transaction's number, so that what another one left is noticed.
	transaction: u64,
	values: BTreeMap<Place, Vec<u8>>,
	/// What writes replaced, oldest first.
	journal: Vec<(Place, Option<Vec<u8>>)>,
	/// Bytes that values and journal take, see [`size`].
	bytes: usize,
}

transaction_local!(fn with(Memory));

/// Bytes that an entry of values or journal takes beside key and value: the contract's account, two
/// vectors, their places in the allocator and in a tree that may be half empty.
const ENTRY_BYTES: usize = 192;

/// What an entry takes, bytes.
fn size(place: &Place, value: &Option<Vec<u8>>) -> usize {
	place
		.1
		.len()
		.saturating_add(value.as_ref().map_or(0, Vec::len))
		.saturating_add(ENTRY_BYTES)
}

impl Memory {
	/// Undoes what was rolled back.
	fn catch_up<T: Config>(&mut self) {
		let transaction = T::Dispatch::transaction();
		if self.transaction != transaction {
			*self = Self {
				transaction,
				..Default::default()
			};
		}
		let valid = TransientLength::<T>::get() as usize;
		while self.journal.len() > valid {
			if let Some((place, before)) = self.journal.pop() {
				self.bytes = self.bytes.saturating_sub(size(&place, &before));
				self.put(place, before);
			}
		}
	}

	/// Sets a value and gives what was there.
	fn put(&mut self, place: Place, value: Option<Vec<u8>>) -> Option<Vec<u8>> {
		let weighed = size(&place, &value);
		let old = match value {
			Some(value) => {
				self.bytes = self.bytes.saturating_add(weighed);
				self.values.insert(place.clone(), value)
			}
			None => self.values.remove(&place),
		};
		if old.is_some() {
			self.bytes = self.bytes.saturating_sub(size(&place, &old));
		}
		old
	}

	fn write<T: Config>(
		&mut self,
		place: Place,
		value: Option<Vec<u8>>,
	) -> Result<Option<Vec<u8>>, DispatchError> {
		let before = self.values.get(&place).cloned();
		// The value and the journal's entry, as if nothing were replaced.
		let more = size(&place, &value).saturating_add(size(&place, &before));
		if self.bytes.saturating_add(more) > T::MaxTransientStorageSize::get() as usize {
			return Err(Error::<T>::OutOfTransientStorage.into());
		}
		self.bytes = self.bytes.saturating_add(size(&place, &before));
		self.journal.push((place.clone(), before.clone()));
		TransientLength::<T>::put(u32::try_from(self.journal.len()).unwrap_or(u32::MAX));
		self.put(place, value);
		Ok(before)
	}
}

fn place(contract: &AccountId, key: &Key) -> Place {
	(contract.clone(), key.hashed())
}

/// The value under a key of a contract.
pub(crate) fn read<T: Config>(contract: &AccountId, key: &Key) -> Option<Vec<u8>> {
	with(|memory| {
		memory.catch_up::<T>();
		memory.values.get(&place(contract, key)).cloned()
	})
	.flatten()
}

/// The length of the value under a key, bytes.
pub(crate) fn len<T: Config>(contract: &AccountId, key: &Key) -> Option<u32> {
	with(|memory| {
		memory.catch_up::<T>();
		memory.values.get(&place(contract, key)).map(|v| len_of(v))
	})
	.flatten()
}

/// Sets or removes a value and gives what was there.
///
/// # Errors
/// `OutOfTransientStorage` if all values of the transaction, with what they replaced, would hold
/// more than `MaxTransientStorageSize`.
pub(crate) fn write<T: Config>(
	contract: &AccountId,
	key: &Key,
	value: Option<Vec<u8>>,
) -> Result<Option<Vec<u8>>, DispatchError> {
	with(|memory| {
		memory.catch_up::<T>();
		memory.write::<T>(place(contract, key), value)
	})
	.unwrap_or_else(|| Err(Error::<T>::OutOfTransientStorage.into()))
}

/// The transaction is over.
pub(crate) fn clear<T: Config>() {
	TransientLength::<T>::kill();
	with(|memory| *memory = Memory::default());
}
