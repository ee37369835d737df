//! The budget of one hop, and transcoding on that budget.

use core::marker::PhantomData;

use polkadot_sdk::{frame_support::weights::Weight, sp_core::H160};
use trivium_primitives::{AccountId, AddressMapping, CallError, EncodingError, TranscodeHost};

use crate::{Config, Pallet, WeightInfo};

/// Most values that are read or written in one go, those within others included: the arguments or the
/// results of a call. In an encoding a value may be a single byte, in memory it is 40: a list of a million
/// would be more than a runtime can allocate at once.
pub(crate) const MAX_VALUES: u32 = 131_072;

/// What a hop may use and has used. `used` never exceeds `limit` in either dimension.
pub(crate) struct Meter {
	limit: Weight,
	used: Weight,
}

impl Meter {
	pub(crate) fn new(limit: Weight) -> Self {
		Self {
			limit,
			used: Weight::zero(),
		}
	}

	/// Pays for work before it is done. What cannot be paid for takes all that is left.
	pub(crate) fn charge(&mut self, weight: Weight) -> Result<(), CallError> {
		match self.used.checked_add(&weight) {
			Some(used) if used.all_lte(self.limit) => {
				self.used = used;
				Ok(())
			}
			_ => {
				self.used = self.limit;
				Err(CallError::OutOfGas)
			}
		}
	}

	/// Notes what a callee used of [`Meter::for_callee`].
	pub(crate) fn settle(&mut self, used: Weight) {
		self.used = self.used.saturating_add(used).min(self.limit);
	}

	/// The most a callee may get: 63/64 of what is left, rounded down (EIP-150).
	pub(crate) fn for_callee(&self) -> Weight {
		let left = self.limit.saturating_sub(self.used);
		let share = |amount: u64| amount.saturating_sub(amount.div_ceil(64));
		Weight::from_parts(share(left.ref_time()), share(left.proof_size()))
	}

	pub(crate) fn used(&self) -> Weight {
		self.used
	}
}

/// Transcoding that pays from a [`Meter`].
pub(crate) struct Transcoder<'a, T> {
	meter: &'a mut Meter,
	per_value: Weight,
	per_byte: Weight,
	values_left: u32,
	_config: PhantomData<T>,
}

impl<'a, T: Config> Transcoder<'a, T> {
	/// For values that are read from an encoding.
	pub(crate) fn reading(meter: &'a mut Meter) -> Self {
		Self::new(meter, T::WeightInfo::decode)
	}

	/// For values that are written in an encoding.
	pub(crate) fn writing(meter: &'a mut Meter) -> Self {
		Self::new(meter, T::WeightInfo::encode)
	}

	/// `weight` is that of a number of values in a number of bytes; its fixed part is the hop's.
	fn new(meter: &'a mut Meter, weight: fn(u32, u32) -> Weight) -> Self {
		let fixed = weight(0, 0);
		Self {
			meter,
			per_value: weight(1, 0).saturating_sub(fixed),
			per_byte: weight(0, 1).saturating_sub(fixed),
			values_left: MAX_VALUES,
			_config: PhantomData,
		}
	}
}

impl<T: Config> TranscodeHost for Transcoder<'_, T> {
	fn charge(&mut self, len_bytes: usize) -> Result<(), CallError> {
		// Every value is charged at least once.
		let left = self.values_left.checked_sub(1);
		self.values_left = left.ok_or(EncodingError::SignatureTooComplex)?;
		let len = u64::try_from(len_bytes).unwrap_or(u64::MAX);
		self.meter.charge(
			self.per_byte
				.saturating_mul(len)
				.saturating_add(self.per_value),
		)
	}

	fn alias(&mut self, account: &AccountId) -> Result<H160, CallError> {
		self.meter.charge(T::WeightInfo::alias_of())?;
		Ok(<Pallet<T> as AddressMapping>::alias(account))
	}

	fn account(&mut self, alias: &H160) -> Result<AccountId, CallError> {
		self.meter.charge(T::WeightInfo::account_of())?;
		Ok(<Pallet<T> as AddressMapping>::account(alias))
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use codec::Encode;
	use trivium_primitives::{Encoding as _, Scale, Signature};

	use crate::mock::Test;

	#[test]
	fn values_of_one_byte_are_no_more_than_fit_into_memory() {
		let signature = Signature::parse(b"f()->(bool[])").unwrap();
		let decode = |len: u32| {
			let bytes = vec![true; len as usize].encode();
			let mut meter = Meter::new(Weight::MAX);
			let mut host = Transcoder::<Test>::reading(&mut meter);
			Scale
				.decode(&signature.results, &bytes, &mut host)
				.map(drop)
		};
		// The list is a value as well.
		assert_eq!(decode(MAX_VALUES - 1), Ok(()));
		let error = CallError::BadEncoding(EncodingError::SignatureTooComplex);
		assert_eq!(decode(MAX_VALUES), Err(error));
	}

	#[test]
	fn what_cannot_be_paid_takes_all_that_is_left() {
		let mut meter = Meter::new(Weight::from_parts(100, 10));
		assert_eq!(meter.charge(Weight::from_parts(60, 10)), Ok(()));
		assert_eq!(
			meter.charge(Weight::from_parts(1, 1)),
			Err(CallError::OutOfGas)
		);
		assert_eq!(meter.used(), Weight::from_parts(100, 10));
		let mut meter = Meter::new(Weight::MAX);
		assert_eq!(meter.charge(Weight::MAX), Ok(()));
		assert_eq!(
			meter.charge(Weight::from_parts(1, 0)),
			Err(CallError::OutOfGas)
		);
	}

	#[test]
	fn callee_gets_at_most_63_of_64_parts_in_both_dimensions() {
		let mut meter = Meter::new(Weight::from_parts(6400, 129));
		assert_eq!(meter.for_callee(), Weight::from_parts(6300, 126));
		meter.charge(Weight::from_parts(6400, 128)).unwrap();
		assert_eq!(meter.for_callee(), Weight::from_parts(0, 0));
	}
}
