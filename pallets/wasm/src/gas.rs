//! What a frame may use and has used of its weight, and how that becomes the interpreter's fuel.
//!
//! Ref time is the one account. While a contract runs, the interpreter holds it as fuel, rounded
//! down; whenever the contract calls the host, what was used comes off the account, and when the
//! host is done, all that is left is handed out anew. So rounding costs nobody more than it must: the
//! remainder of a division stays on the account.

use polkadot_sdk::{sp_runtime::DispatchError, sp_weights::Weight};

use crate::{Config, Error};

/// The account of one frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GasMeter {
	limit: Weight,
	left: Weight,
	/// The least that was ever left: charges that were given back in part had to be there first.
	lowest: Weight,
}

impl GasMeter {
	/// A fresh account.
	pub(crate) fn new(limit: Weight) -> Self {
		Self {
			limit,
			left: limit,
			lowest: limit,
		}
	}

	/// What is left.
	pub(crate) fn left(&self) -> Weight {
		self.left
	}

	/// What was used.
	pub(crate) fn consumed(&self) -> Weight {
		self.limit.saturating_sub(self.left)
	}

	/// The limit that would have sufficed.
	pub(crate) fn required(&self) -> Weight {
		self.limit.saturating_sub(self.lowest.min(self.left))
	}

	/// Takes `amount`, or nothing.
	///
	/// # Errors
	/// `OutOfGas` if less is left in one of the two dimensions.
	pub(crate) fn charge<T: Config>(&mut self, amount: Weight) -> Result<(), DispatchError> {
		self.left = self.left.checked_sub(&amount).ok_or(Error::<T>::OutOfGas)?;
		Ok(())
	}

	/// Gives back part of what was charged.
	pub(crate) fn give_back(&mut self, amount: Weight) {
		self.lowest = self.lowest.min(self.left);
		self.left = self.left.saturating_add(amount).min(self.limit);
	}

	/// Sets apart an account for a callee: `limit`, or what is left if that is less; all of it in a
	/// dimension where `limit` is zero.
	pub(crate) fn nested(&mut self, limit: Weight) -> Self {
		let or_all = |limit: u64, left: u64| if limit == 0 { left } else { limit.min(left) };
		let nested = Weight::from_parts(
			or_all(limit.ref_time(), self.left.ref_time()),
			or_all(limit.proof_size(), self.left.proof_size()),
		);
		self.left = self.left.saturating_sub(nested);
		Self::new(nested)
	}

	/// Takes back what a callee has left.
	pub(crate) fn absorb(&mut self, nested: &Self) {
		let least = self
			.left
			.saturating_add(nested.limit)
			.saturating_sub(nested.required());
		self.lowest = self.lowest.min(least);
		self.left = self.left.saturating_add(nested.left);
	}

	/// All that is left as fuel, rounded down. `price` is ref time of a unit.
	pub(crate) fn fuel(&self, price: u64) -> u64 {
		self.left.ref_time().checked_div(price).unwrap_or_default()
	}

	/// Takes what the interpreter used: at most what [`Self::fuel`] said, so it is there.
	pub(crate) fn burn_fuel(&mut self, units: u64, price: u64) {
		let used = Weight::from_parts(units.saturating_mul(price), 0);
		self.left = self.left.saturating_sub(used);
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::testing::mock::Test;

	fn weight(ref_time: u64, proof_size: u64) -> Weight {
		Weight::from_parts(ref_time, proof_size)
	}

	#[test]
	fn charge_is_all_or_nothing_in_both_dimensions() {
		let mut meter = GasMeter::new(weight(10, 10));
		assert!(meter.charge::<Test>(weight(1, 11)).is_err());
		assert!(meter.charge::<Test>(weight(11, 1)).is_err());
		assert_eq!(meter.consumed(), weight(0, 0));
		meter.charge::<Test>(weight(10, 10)).unwrap();
		assert_eq!(meter.left(), weight(0, 0));
	}

	#[test]
	fn required_is_what_had_to_be_there_for_a_moment() {
		let mut meter = GasMeter::new(weight(100, 100));
		meter.charge::<Test>(weight(90, 10)).unwrap();
		meter.give_back(weight(80, 10));
		assert_eq!(meter.consumed(), weight(10, 0));
		assert_eq!(meter.required(), weight(90, 10));
		// What was not charged cannot be given back.
		meter.give_back(weight(1000, 1000));
		assert_eq!(meter.left(), weight(100, 100));
	}

	#[test]
	fn nested_account_gets_what_it_may_and_gives_the_rest_back() {
		let mut meter = GasMeter::new(weight(100, 100));
		let mut nested = meter.nested(weight(60, 0));
		assert_eq!(nested.left(), weight(60, 100));
		assert_eq!(meter.left(), weight(40, 0));
		nested.charge::<Test>(weight(50, 5)).unwrap();
		nested.give_back(weight(20, 0));
		meter.absorb(&nested);
		assert_eq!(meter.left(), weight(70, 95));
		assert_eq!(meter.required(), weight(50, 5));
		assert_eq!(meter.nested(weight(1000, 1000)).left(), weight(70, 95));
	}

	#[test]
	fn fuel_loses_no_remainder() {
		let mut meter = GasMeter::new(weight(1007, 0));
		assert_eq!(meter.fuel(10), 100);
		meter.burn_fuel(99, 10);
		assert_eq!(meter.left(), weight(17, 0));
		meter.charge::<Test>(weight(3, 0)).unwrap();
		assert_eq!(meter.fuel(10), 1);
		meter.burn_fuel(1, 10);
		assert_eq!(meter.left(), weight(4, 0));
		assert_eq!(meter.fuel(0), 0);
	}
}
