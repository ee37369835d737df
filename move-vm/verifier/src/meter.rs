//! What a verification may cost.
//!
//! A unit is a step of bounded size: an instruction visited, an element of a state compared or
//! copied, a node or an edge of a graph looked at. Passes charge before they work and in proportion
//! to what they are about to do, so that the time of a verification is bounded by its units,
//! whatever the module. Integers only: the same module costs the same everywhere.

use move_vm_types::{StatusCode, VerifierLimits, VmError, VmResult};

/// Counts the units of one module or script, and of each function in it.
#[derive(Clone, Debug)]
pub struct Meter {
	per_function: u64,
	function_left: u64,
	module_left: u64,
	module_budget: u64,
}

impl Meter {
	/// A meter for one module or script.
	pub const fn new(limits: &VerifierLimits) -> Self {
		Self {
			per_function: limits.meter_units_per_function,
			function_left: limits.meter_units_per_function,
			module_left: limits.meter_units_per_module,
			module_budget: limits.meter_units_per_module,
		}
	}

	/// Begins a function: it has a budget of its own, within what the module has left.
	pub const fn enter_function(&mut self) {
		self.function_left = self.per_function;
	}

	/// Takes `units`; call it before the work.
	///
	/// # Errors
	/// `PROGRAM_TOO_COMPLEX` if the function or the module has fewer left.
	#[inline]
	pub fn charge(&mut self, units: u64) -> VmResult<()> {
		match (
			self.function_left.checked_sub(units),
			self.module_left.checked_sub(units),
		) {
			(Some(function_left), Some(module_left)) => {
				self.function_left = function_left;
				self.module_left = module_left;
				Ok(())
			}
			_ => Err(VmError::new(StatusCode::PROGRAM_TOO_COMPLEX)),
		}
	}

	/// Takes a unit for each of `count` things.
	///
	/// # Errors
	/// As [`Meter::charge`].
	#[inline]
	pub fn charge_count(&mut self, count: usize) -> VmResult<()> {
		self.charge(u64::try_from(count).unwrap_or(u64::MAX))
	}

	/// Takes a unit for each of `count` things, each of which stands for `size` steps.
	///
	/// # Errors
	/// As [`Meter::charge`].
	#[inline]
	pub fn charge_product(&mut self, count: usize, size: usize) -> VmResult<()> {
		self.charge_count(count.saturating_mul(size))
	}

	/// The units it had for all functions.
	pub const fn budget(&self) -> u64 {
		self.module_budget
	}

	/// The units taken so far, of all functions.
	pub const fn used(&self) -> u64 {
		self.module_budget.saturating_sub(self.module_left)
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn meter(function: u64, module: u64) -> Meter {
		Meter::new(&VerifierLimits {
			meter_units_per_function: function,
			meter_units_per_module: module,
			..VerifierLimits::PRODUCTION
		})
	}

	#[test]
	fn function_and_module_have_budgets_of_their_own() {
		let too_complex = Err(StatusCode::PROGRAM_TOO_COMPLEX);
		let charge = |meter: &mut Meter, units| meter.charge(units).map_err(|e| e.status());

		let mut m = meter(10, 15);
		assert_eq!(charge(&mut m, 10), Ok(()));
		assert_eq!(charge(&mut m, 1), too_complex);
		m.enter_function();
		assert_eq!(charge(&mut m, 6), too_complex, "the module has 5 left");
		assert_eq!(charge(&mut m, 5), Ok(()));
		assert_eq!(m.used(), 15);
	}

	#[test]
	fn a_charge_beyond_all_numbers_is_refused() {
		let mut m = meter(u64::MAX - 1, u64::MAX - 1);
		assert!(m.charge_product(usize::MAX, usize::MAX).is_err());
		assert_eq!(m.used(), 0);
	}
}
