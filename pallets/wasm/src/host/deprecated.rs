//! Functions of times when contracts paid rent. Code that is uploaded now may not import them, nor may
//! a constructor; they do what they have done since: next to nothing.

use codec::Encode;
use trivium_primitives::Balance;

use super::{host_functions, Answer, HostCall};
use crate::{Config, WeightInfo};

impl<T: Config> HostCall<'_, '_, T> {
	/// Hands over an amount that means nothing any more.
	fn amount(&mut self, out: u32, out_len: u32, amount: Balance) -> Answer<()> {
		self.charge(T::WeightInfo::environment())?;
		Ok(self.write_output(out, out_len, &amount.encode())?)
	}

	fn nothing(&mut self) -> Answer<()> {
		Ok(self.charge(T::WeightInfo::environment())?)
	}
}

host_functions! {
	"seal0" ["tombstone_deposit", "seal_tombstone_deposit"] Reads
	(call, out: u32, out_len: u32) -> () {
		call.amount(out, out_len, 0)
	}
	"seal0" ["rent_allowance", "seal_rent_allowance"] Reads
	(call, out: u32, out_len: u32) -> () {
		call.amount(out, out_len, Balance::MAX)
	}
	"seal0" ["set_rent_allowance", "seal_set_rent_allowance"] Reads
	(call, _value: u32, _value_len: u32) -> () {
		call.nothing()
	}
	"seal1" ["set_rent_allowance", "seal_set_rent_allowance"] Reads
	(call, _value: u32) -> () {
		call.nothing()
	}
	"seal0" ["restore_to", "seal_restore_to"] Reads
	(
		call, _dest: u32, _dest_len: u32, _code_hash: u32, _code_hash_len: u32, _allowance: u32,
		_allowance_len: u32, _delta: u32, _delta_count: u32,
	) -> () {
		call.nothing()
	}
	"seal1" ["restore_to", "seal_restore_to"] Reads
	(
		call, _dest: u32, _code_hash: u32, _allowance: u32, _delta: u32, _delta_count: u32,
	) -> () {
		call.nothing()
	}
}
