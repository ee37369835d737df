//! Gas: what a session may spend, and what things cost.
//!
//! The unit is one internal gas unit, which stands for one tenth of a nanosecond of the native
//! interpreter on the reference machine; the host converts it to its own weight.

pub mod schedule;

use move_vm_types::{StatusCode, VmError, VmResult};

/// What is left of a budget, internal gas units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gas {
	limit: u64,
	left: u64,
}

impl Gas {
	/// A full budget.
	pub const fn new(limit: u64) -> Self {
		Self { limit, left: limit }
	}

	/// Takes `amount`, before the work that it pays for.
	///
	/// # Errors
	/// `OUT_OF_GAS`; then the budget is empty.
	#[inline(always)]
	pub fn charge(&mut self, amount: u64) -> VmResult<()> {
		match self.left.checked_sub(amount) {
			Some(left) => {
				self.left = left;
				Ok(())
			}
			None => Err(self.exhausted()),
		}
	}

	/// Takes `per_unit` for each of `units`.
	///
	/// # Errors
	/// `OUT_OF_GAS`; then the budget is empty.
	#[inline]
	pub fn charge_for(&mut self, per_unit: u64, units: usize) -> VmResult<()> {
		self.charge(per_unit.saturating_mul(units as u64))
	}

	#[cold]
	fn exhausted(&mut self) -> VmError {
		self.left = 0;
		VmError::new(StatusCode::OUT_OF_GAS)
	}

	/// What is left.
	pub const fn left(&self) -> u64 {
		self.left
	}

	/// What was taken.
	pub const fn used(&self) -> u64 {
		self.limit.saturating_sub(self.left)
	}

	/// What there was.
	pub const fn limit(&self) -> u64 {
		self.limit
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn exhausted_budget_is_empty() {
		let mut gas = Gas::new(10);
		gas.charge(7).unwrap();
		assert_eq!((gas.left(), gas.used()), (3, 7));
		assert_eq!(gas.charge(4).unwrap_err().status(), StatusCode::OUT_OF_GAS);
		assert_eq!((gas.left(), gas.used()), (0, 10));
		assert!(gas.charge_for(u64::MAX, 2).is_err());
	}
}
