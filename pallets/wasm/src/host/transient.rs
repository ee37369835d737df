//! Transient storage.

use pallet_contracts_uapi::ReturnErrorCode;
use polkadot_sdk::frame_support::ensure;

use super::{host_functions, storage::KeyAt, Answer, HostCall};
use crate::{contract::len_of, transient, Config, Error, WeightInfo, SENTINEL};

impl<T: Config> HostCall<'_, '_, T> {
	fn set_transient(&mut self, key: KeyAt, value: u32, value_len: u32) -> Answer<u32> {
		let max = self.max_value_len();
		let charged = T::WeightInfo::set_transient_storage(value_len, max);
		self.charge(charged)?;
		ensure!(value_len <= max, Error::<T>::ValueTooLarge);
		let key = self.key(key)?;
		let value = self.read(value, value_len)?;
		let old = transient::write::<T>(&self.frame()?.account, &key, Some(value))?;
		let old_len = old.as_deref().map(len_of);
		let actual = T::WeightInfo::set_transient_storage(value_len, old_len.unwrap_or_default());
		self.settle_charge(charged, actual);
		Ok(old_len.unwrap_or(SENTINEL))
	}

	fn clear_transient(&mut self, key: KeyAt) -> Answer<u32> {
		let charged = T::WeightInfo::set_transient_storage(0, self.max_value_len());
		self.charge(charged)?;
		let key = self.key(key)?;
		let old = transient::write::<T>(&self.frame()?.account, &key, None)?;
		let old_len = old.as_deref().map(len_of);
		let actual = T::WeightInfo::set_transient_storage(0, old_len.unwrap_or_default());
		self.settle_charge(charged, actual);
		Ok(old_len.unwrap_or(SENTINEL))
	}

	fn take_transient(&mut self, key: KeyAt, out: u32, out_len: u32) -> Answer<u32> {
		let charged = T::WeightInfo::set_transient_storage(0, self.max_value_len());
		self.charge(charged)?;
		let key = self.key(key)?;
		let old = transient::write::<T>(&self.frame()?.account, &key, None)?;
		let old_len = old.as_deref().map_or(0, len_of);
		self.settle_charge(charged, T::WeightInfo::set_transient_storage(0, old_len));
		self.found(old, out, out_len)
	}

	fn get_transient(&mut self, key: KeyAt, out: u32, out_len: u32) -> Answer<u32> {
		let charged = T::WeightInfo::get_transient_storage(self.max_value_len());
		self.charge(charged)?;
		let key = self.key(key)?;
		let value = transient::read::<T>(&self.frame()?.account, &key);
		let len = value.as_deref().map_or(0, len_of);
		self.settle_charge(charged, T::WeightInfo::get_transient_storage(len));
		match value {
			None => Ok(ReturnErrorCode::KeyNotFound.into()),
			value => self.found(value, out, out_len),
		}
	}

	fn contains_transient(&mut self, key: KeyAt) -> Answer<u32> {
		self.charge(T::WeightInfo::get_transient_storage(0))?;
		let key = self.key(key)?;
		let len = transient::len::<T>(&self.frame()?.account, &key);
		Ok(len.unwrap_or(SENTINEL))
	}
}

host_functions! {
	"seal0" ["set_transient_storage"] Writes
	(call, key: u32, key_len: u32, value: u32, value_len: u32) -> u32 {
		call.set_transient(KeyAt::Variable(key, key_len), value, value_len)
	}
	"seal0" ["clear_transient_storage"] Writes
	(call, key: u32, key_len: u32) -> u32 {
		call.clear_transient(KeyAt::Variable(key, key_len))
	}
	"seal0" ["get_transient_storage"] Reads
	(call, key: u32, key_len: u32, out: u32, out_len: u32) -> u32 {
		call.get_transient(KeyAt::Variable(key, key_len), out, out_len)
	}
	"seal0" ["contains_transient_storage"] Reads
	(call, key: u32, key_len: u32) -> u32 {
		call.contains_transient(KeyAt::Variable(key, key_len))
	}
	"seal0" ["take_transient_storage"] Writes
	(call, key: u32, key_len: u32, out: u32, out_len: u32) -> u32 {
		call.take_transient(KeyAt::Variable(key, key_len), out, out_len)
	}
}
