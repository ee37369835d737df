//! A contract's own storage.

use alloc::vec::Vec;

use pallet_contracts_uapi::ReturnErrorCode;
use polkadot_sdk::frame_support::{ensure, storage::child, traits::Get};

use super::{host_functions, Answer, HostCall};
use crate::{
	contract::{self, Key, Previous},
	deposit::price_of_item,
	shares::{self, Place},
	weights::entries,
	Config, Error, WeightInfo, SENTINEL,
};

/// How a contract names a key.
#[derive(Clone, Copy)]
pub(super) enum KeyAt {
	/// 32 bytes at a pointer.
	Fixed(u32),
	/// A pointer and a length.
	Variable(u32, u32),
}

impl<T: Config> HostCall<'_, '_, T> {
	pub(super) fn key(&self, at: KeyAt) -> Answer<Key> {
		match at {
			KeyAt::Fixed(ptr) => Ok(Key::Fixed(self.read_array(ptr)?)),
			KeyAt::Variable(ptr, len) => {
				ensure!(
					len <= T::MaxStorageKeyLen::get(),
					Error::<T>::DecodingFailed
				);
				Ok(Key::variable::<T>(self.read(ptr, len)?)?)
			}
		}
	}

	/// Longest value, bytes.
	pub(super) fn max_value_len(&self) -> u32 {
		T::Schedule::get().limits.payload_len
	}

	/// Writes or removes a value and notes what that changes about deposits.
	fn write_item(&mut self, key: &Key, value: Option<&[u8]>, take: bool) -> Answer<Previous> {
		let hashed = key.hashed();
		let payer = self.stack().payer().cloned();
		let frame = self.frame()?;
		let payer = payer.unwrap_or_else(|| frame.account.clone());
		let previous = contract::write(&frame.trie_id, &hashed, value, take);
		let new_len = value.map(contract::len_of);
		frame.dues.diff.note(previous.len, new_len);
		let old = price_of_item::<T>(previous.len);
		let new = self.stack().affordable(old, price_of_item::<T>(new_len));
		let frame = self.frame()?;
		let tally = &mut frame.dues.tally;
		let before = tally.count_of_others();
		shares::reprice::<T>(
			&frame.trie_id,
			Place::Item(&hashed),
			(old, new),
			&payer,
			tally,
		);
		let more = tally.count_of_others().saturating_sub(before) as u64;
		// Each of them has to be paid when the frame is settled.
		self.charge(T::WeightInfo::refund().saturating_mul(more))?;
		Ok(previous)
	}

	fn set_storage(&mut self, key: KeyAt, value: u32, value_len: u32) -> Answer<u32> {
		self.charge(entries(2))?;
		let max = self.max_value_len();
		let charged = T::WeightInfo::set_storage(value_len, max);
		self.charge(charged)?;
		ensure!(value_len <= max, Error::<T>::ValueTooLarge);
		let key = self.key(key)?;
		let value = self.read(value, value_len)?;
		let previous = self.write_item(&key, Some(&value), false)?;
		let old_len = previous.len.unwrap_or_default();
		self.settle_charge(charged, T::WeightInfo::set_storage(value_len, old_len));
		Ok(previous.len.unwrap_or(SENTINEL))
	}

	fn clear_storage(&mut self, key: KeyAt) -> Answer<u32> {
		self.charge(entries(2))?;
		let charged = T::WeightInfo::clear_storage(self.max_value_len());
		self.charge(charged)?;
		let key = self.key(key)?;
		let previous = self.write_item(&key, None, false)?;
		let old_len = previous.len.unwrap_or_default();
		self.settle_charge(charged, T::WeightInfo::clear_storage(old_len));
		Ok(previous.len.unwrap_or(SENTINEL))
	}

	fn get_storage(&mut self, key: KeyAt, out: u32, out_len: u32) -> Answer<u32> {
		self.charge(entries(1))?;
		let charged = T::WeightInfo::get_storage(self.max_value_len());
		self.charge(charged)?;
		let hashed = self.key(key)?.hashed();
		let trie = contract::trie(&self.frame()?.trie_id);
		let value = child::get_raw(&trie, &hashed);
		let len = value.as_deref().map_or(0, contract::len_of);
		self.settle_charge(charged, T::WeightInfo::get_storage(len));
		self.found(value, out, out_len)
	}

	fn take_storage(&mut self, key: KeyAt, out: u32, out_len: u32) -> Answer<u32> {
		self.charge(entries(2))?;
		let charged = T::WeightInfo::take_storage(self.max_value_len());
		self.charge(charged)?;
		let key = self.key(key)?;
		let previous = self.write_item(&key, None, true)?;
		let old_len = previous.len.unwrap_or_default();
		self.settle_charge(charged, T::WeightInfo::take_storage(old_len));
		self.found(previous.value, out, out_len)
	}

	/// Hands a value over, if there is one.
	pub(super) fn found(&mut self, value: Option<Vec<u8>>, out: u32, out_len: u32) -> Answer<u32> {
		let Some(value) = value else {
			return Ok(ReturnErrorCode::KeyNotFound.into());
		};
		self.write_output(out, out_len, &value)?;
		Ok(ReturnErrorCode::Success.into())
	}

	fn contains_storage(&mut self, key: KeyAt) -> Answer<u32> {
		self.charge(entries(1))?;
		let charged = T::WeightInfo::contains_storage(self.max_value_len());
		self.charge(charged)?;
		let hashed = self.key(key)?.hashed();
		let trie = contract::trie(&self.frame()?.trie_id);
		let len = child::len(&trie, &hashed);
		self.settle_charge(
			charged,
			T::WeightInfo::contains_storage(len.unwrap_or_default()),
		);
		Ok(len.unwrap_or(SENTINEL))
	}
}

host_functions! {
	"seal0" ["set_storage", "seal_set_storage"] Writes
	(call, key: u32, value: u32, value_len: u32) -> () {
		call.set_storage(KeyAt::Fixed(key), value, value_len).map(drop)
	}
	"seal1" ["set_storage", "seal_set_storage"] Writes
	(call, key: u32, value: u32, value_len: u32) -> u32 {
		call.set_storage(KeyAt::Fixed(key), value, value_len)
	}
	"seal2" ["set_storage", "seal_set_storage"] Writes
	(call, key: u32, key_len: u32, value: u32, value_len: u32) -> u32 {
		call.set_storage(KeyAt::Variable(key, key_len), value, value_len)
	}
	"seal0" ["clear_storage", "seal_clear_storage"] Writes
	(call, key: u32) -> () {
		call.clear_storage(KeyAt::Fixed(key)).map(drop)
	}
	"seal1" ["clear_storage", "seal_clear_storage"] Writes
	(call, key: u32, key_len: u32) -> u32 {
		call.clear_storage(KeyAt::Variable(key, key_len))
	}
	"seal0" ["get_storage", "seal_get_storage"] Reads
	(call, key: u32, out: u32, out_len: u32) -> u32 {
		call.get_storage(KeyAt::Fixed(key), out, out_len)
	}
	"seal1" ["get_storage", "seal_get_storage"] Reads
	(call, key: u32, key_len: u32, out: u32, out_len: u32) -> u32 {
		call.get_storage(KeyAt::Variable(key, key_len), out, out_len)
	}
	"seal0" ["contains_storage", "seal_contains_storage"] Reads
	(call, key: u32) -> u32 {
		call.contains_storage(KeyAt::Fixed(key))
	}
	"seal1" ["contains_storage", "seal_contains_storage"] Reads
	(call, key: u32, key_len: u32) -> u32 {
		call.contains_storage(KeyAt::Variable(key, key_len))
	}
	"seal0" ["take_storage", "seal_take_storage"] Writes
	(call, key: u32, key_len: u32, out: u32, out_len: u32) -> u32 {
		call.take_storage(KeyAt::Variable(key, key_len), out, out_len)
	}
}
