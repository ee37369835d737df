//! Gas, weight and proof size: one constant between the VM's internal gas units and ref time, and a
//! meter of proof size beside it.

use polkadot_sdk::{frame_support::traits::Get, sp_weights::Weight};

use crate::{types::MAX_ENTRY_BYTES, Config};

/// Proof size of reading one entry or finding that there is none, besides its key and its value: the
/// inner nodes of the trie, as estimated for some ten million entries whose upper levels the reads of
/// one block share.
pub const ENTRY_PROOF_BYTES: u64 = 640;
/// Proof size of reading a balance: the system's account, locks and freezes.
pub const BALANCE_PROOF_BYTES: u64 = 1536;

/// Picoseconds for an amount of gas. Exact, and at most `u64::MAX`.
pub fn ref_time_from_gas<T: Config>(gas: u64) -> u64 {
	gas.saturating_mul(T::WeightPerGas::get())
}

/// The gas that fits in a ref time: rounded down, so that a limit is never too large.
pub fn gas_from_ref_time_floor<T: Config>(ref_time: u64) -> u64 {
	ref_time.checked_div(T::WeightPerGas::get()).unwrap_or(0)
}

/// What a transaction has to set aside besides its limit: the last read may exceed the limit by one
/// entry, whose length is known only by reading it.
pub const fn overshoot() -> Weight {
	Weight::from_parts(0, MAX_ENTRY_BYTES as u64)
}

/// The proof size of one execution: what it may use and what it has used.
#[derive(Clone, Debug, Default)]
pub(crate) struct ProofMeter {
	limit: u64,
	used: u64,
}

/// The limit of proof size does not cover what was or would be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OutOfProofSize;

impl ProofMeter {
	/// A meter that allows `limit` bytes.
	pub(crate) fn new(limit: u64) -> Self {
		Self { limit, used: 0 }
	}

	/// Takes `bytes` before the read that needs them.
	///
	/// # Errors
	/// [`OutOfProofSize`], and the meter is empty from then on.
	pub(crate) fn charge(&mut self, bytes: u64) -> Result<(), OutOfProofSize> {
		let used = self.used.saturating_add(bytes);
		if used > self.limit {
			self.used = self.limit.max(self.used);
			return Err(OutOfProofSize);
		}
		self.used = used;
		Ok(())
	}

	/// Counts `bytes` that the proof holds already, at most [`MAX_ENTRY_BYTES`] above the limit.
	///
	/// # Errors
	/// [`OutOfProofSize`] if they are more than was left.
	pub(crate) fn settle(&mut self, bytes: u64) -> Result<(), OutOfProofSize> {
		self.used = self.used.saturating_add(bytes);
		match self.used <= self.limit {
			true => Ok(()),
			false => Err(OutOfProofSize),
		}
	}

	/// Bytes that may still be used.
	pub(crate) fn left(&self) -> u64 {
		self.limit.saturating_sub(self.used)
	}

	/// Bytes used; more than the limit by one entry at most.
	pub(crate) fn used(&self) -> u64 {
		self.used
			.min(self.limit.saturating_add(MAX_ENTRY_BYTES.into()))
	}
}

/// The ref time of the host's own work: what it may use and what it has used, picoseconds.
///
/// It stops work that the whole execution could not pay for. What was used the session charges as
/// gas after each question to the host, so that VM and database have one budget.
#[derive(Clone, Debug, Default)]
pub(crate) struct TimeMeter {
	limit: u64,
	used: u64,
	/// Of this, what the session has charged.
	taken: u64,
}

impl TimeMeter {
	/// A meter that allows `limit` picoseconds.
	pub(crate) fn new(limit: u64) -> Self {
		Self {
			limit,
			..Self::default()
		}
	}

	/// Takes the ref time of `weight` before the work that needs it; `None` if there is too little,
	/// and then the meter is empty.
	pub(crate) fn charge(&mut self, weight: Weight) -> Option<()> {
		let used = self.used.saturating_add(weight.ref_time());
		self.used = used.min(self.limit);
		(used <= self.limit).then_some(())
	}

	/// Picoseconds used since this was asked last.
	pub(crate) fn take(&mut self) -> u64 {
		let new = self.used.saturating_sub(self.taken);
		self.taken = self.used;
		new
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::mock::{Test, WEIGHT_PER_GAS};

	#[test]
	fn limits_round_down_and_charges_are_exact() {
		assert_eq!(gas_from_ref_time_floor::<Test>(2 * WEIGHT_PER_GAS - 1), 1);
		assert_eq!(ref_time_from_gas::<Test>(2), 2 * WEIGHT_PER_GAS);
		assert_eq!(ref_time_from_gas::<Test>(u64::MAX), u64::MAX);
	}

	#[test]
	fn proof_meter_stops_at_its_limit_and_stays_empty() {
		let mut meter = ProofMeter::new(100);
		assert_eq!(meter.charge(60), Ok(()));
		assert_eq!(meter.charge(41), Err(OutOfProofSize));
		assert_eq!(meter.used(), 100);
		assert_eq!(meter.charge(1), Err(OutOfProofSize));
		assert_eq!(meter.charge(u64::MAX), Err(OutOfProofSize));
	}

	#[test]
	fn time_meter_stops_at_its_limit_and_stays_empty() {
		let mut meter = TimeMeter::new(100);
		assert_eq!(meter.charge(Weight::from_parts(60, 1_000)), Some(()));
		assert_eq!((meter.take(), meter.take()), (60, 0));
		assert_eq!(meter.charge(Weight::from_parts(41, 0)), None);
		assert_eq!(meter.charge(Weight::from_parts(1, 0)), None);
		assert_eq!(meter.take(), 40);
	}

	#[test]
	fn proof_that_exists_is_counted_beyond_the_limit() {
		let mut meter = ProofMeter::new(100);
		assert_eq!(meter.settle(100), Ok(()));
		assert_eq!(meter.settle(50), Err(OutOfProofSize));
		assert_eq!(meter.used(), 150);
		assert_eq!(meter.settle(u64::MAX), Err(OutOfProofSize));
		assert_eq!(meter.used(), 100 + u64::from(MAX_ENTRY_BYTES));
	}
}
