//! What a contract can ask about itself, its caller and the chain.

use codec::Encode;
use pallet_contracts_uapi::ReturnErrorCode;
use polkadot_sdk::{
	frame_support::traits::{fungible::Inspect, tokens::Fortitude, Get, Time},
	frame_system,
	sp_runtime::traits::Convert,
	sp_weights::Weight,
};
use trivium_primitives::AccountId;

use super::{host_functions, Answer, HostCall};
use crate::{
	code::PRESERVE, contract::ContractInfo, live, Config, ContractInfoOf, Nonce, Origin, WeightInfo,
};

impl<T: Config> HostCall<'_, '_, T> {
	/// Hands over what needs no storage to be known.
	fn tell(&mut self, out: u32, out_len: u32, what: impl Encode) -> Answer<()> {
		Ok(self.write_output(out, out_len, &what.encode())?)
	}

	fn caller(&mut self, out: u32, out_len: u32) -> Answer<()> {
		self.charge(T::WeightInfo::environment())?;
		let caller = self.frame()?.caller.account()?.clone();
		self.tell(out, out_len, caller)
	}

	fn is_contract(&mut self, account: u32) -> Answer<u32> {
		self.charge(T::WeightInfo::look_up())?;
		let account: AccountId = self.decode(account)?;
		let is = !live::is_constructing(&account) && ContractInfoOf::<T>::contains_key(&account);
		Ok(is.into())
	}

	fn code_hash(&mut self, account: u32, out: u32, out_len: u32) -> Answer<u32> {
		self.charge(T::WeightInfo::look_up())?;
		let account: AccountId = self.decode(account)?;
		let Ok(info) = ContractInfo::<T>::of_callable(&account) else {
			return Ok(ReturnErrorCode::KeyNotFound.into());
		};
		self.tell(out, out_len, info.code_hash)?;
		Ok(ReturnErrorCode::Success.into())
	}

	fn own_code_hash(&mut self, out: u32, out_len: u32) -> Answer<()> {
		self.charge(T::WeightInfo::look_up())?;
		let info = ContractInfo::<T>::load(&self.frame()?.account)?;
		self.tell(out, out_len, info.code_hash)
	}

	fn is_called_by_origin(&mut self) -> Answer<bool> {
		self.charge(T::WeightInfo::environment())?;
		let caller = self.frame()?.caller.clone();
		Ok(*self.stack().origin() == caller)
	}

	fn caller_is_root(&mut self) -> Answer<u32> {
		let is = self.is_called_by_origin()? && *self.stack().origin() == Origin::Root;
		Ok(is.into())
	}

	fn balance(&mut self, out: u32, out_len: u32) -> Answer<()> {
		self.charge(T::WeightInfo::look_up())?;
		let account = &self.frame()?.account;
		let balance = T::Currency::reducible_balance(account, PRESERVE, Fortitude::Polite);
		self.tell(out, out_len, balance)
	}

	fn gas_left(&mut self, out: u32, out_len: u32) -> Answer<()> {
		self.charge(T::WeightInfo::environment())?;
		let left = self.stack().gas_meter().left().ref_time();
		self.tell(out, out_len, left)
	}

	fn debug_message(&mut self, text: u32, text_len: u32) -> Answer<u32> {
		let max = T::MaxDebugBufferLen::get();
		let text_len = text_len.min(max);
		self.charge(T::WeightInfo::debug_message(text_len))?;
		if self.stack().debug.is_some() {
			let text = self.read(text, text_len)?;
			if let (Ok(text), Some(buffer)) = (core::str::from_utf8(&text), &mut self.stack().debug)
			{
				let room = (max as usize).saturating_sub(buffer.len());
				// Whole characters only, so that the buffer is text.
				let fits = text
					.char_indices()
					.map(|(at, c)| at.saturating_add(c.len_utf8()));
				let len = fits.take_while(|end| *end <= room).last().unwrap_or(0);
				buffer.extend(text.bytes().take(len));
			}
		}
		Ok(ReturnErrorCode::Success.into())
	}
}

host_functions! {
	"seal0" ["caller", "seal_caller"] Reads
	(call, out: u32, out_len: u32) -> () {
		call.caller(out, out_len)
	}
	"seal0" ["is_contract", "seal_is_contract"] Reads
	(call, account: u32) -> u32 {
		call.is_contract(account)
	}
	"seal0" ["code_hash", "seal_code_hash"] Reads
	(call, account: u32, out: u32, out_len: u32) -> u32 {
		call.code_hash(account, out, out_len)
	}
	"seal0" ["own_code_hash", "seal_own_code_hash"] Reads
	(call, out: u32, out_len: u32) -> () {
		call.own_code_hash(out, out_len)
	}
	"seal0" ["caller_is_origin", "seal_caller_is_origin"] Reads
	(call) -> u32 {
		call.is_called_by_origin().map(u32::from)
	}
	"seal0" ["caller_is_root"] Reads
	(call) -> u32 {
		call.caller_is_root()
	}
	"seal0" ["address", "seal_address"] Reads
	(call, out: u32, out_len: u32) -> () {
		call.charge(T::WeightInfo::environment())?;
		let account = call.frame()?.account.clone();
		call.tell(out, out_len, account)
	}
	"seal0" ["weight_to_fee", "seal_weight_to_fee"] Reads
	(call, gas: u64, out: u32, out_len: u32) -> () {
		call.charge(T::WeightInfo::look_up())?;
		call.tell(out, out_len, T::WeightPrice::convert(Weight::from_parts(gas, 0)))
	}
	"seal0" ["gas_left", "seal_gas_left"] Reads
	(call, out: u32, out_len: u32) -> () {
		call.gas_left(out, out_len)
	}
	"seal0" ["balance", "seal_balance"] Reads
	(call, out: u32, out_len: u32) -> () {
		call.balance(out, out_len)
	}
	"seal0" ["value_transferred", "seal_value_transferred"] Reads
	(call, out: u32, out_len: u32) -> () {
		call.charge(T::WeightInfo::environment())?;
		let value = call.frame()?.value;
		call.tell(out, out_len, value)
	}
	"seal0" ["now", "seal_now"] Reads
	(call, out: u32, out_len: u32) -> () {
		call.charge(T::WeightInfo::environment())?;
		call.tell(out, out_len, T::Time::now())
	}
	"seal0" ["minimum_balance", "seal_minimum_balance"] Reads
	(call, out: u32, out_len: u32) -> () {
		call.charge(T::WeightInfo::environment())?;
		call.tell(out, out_len, T::Currency::minimum_balance())
	}
	"seal0" ["block_number", "seal_block_number"] Reads
	(call, out: u32, out_len: u32) -> () {
		call.charge(T::WeightInfo::environment())?;
		call.tell(out, out_len, frame_system::Pallet::<T>::block_number())
	}
	"seal0" ["instantiation_nonce"] Reads
	(call) -> u64 {
		call.charge(T::WeightInfo::look_up())?;
		Ok(Nonce::<T>::get())
	}
	"seal0" ["debug_message", "seal_debug_message"] Reads
	(call, text: u32, text_len: u32) -> u32 {
		call.debug_message(text, text_len)
	}
}
