//! What depends on sizes that are known only when code runs: paid for in gas, and counted as memory.

use move_vm_types::VmResult;

use super::Machine;
use crate::{gas::schedule, values::Value};

/// Memory that counts for a reference whose path gets longer: some of it for each step, since the path
/// grows by doubling.
const LENGTHENED_BYTES: u64 = 64;

impl Machine<'_> {
	/// Pays for a copy of something of this size.
	#[inline]
	pub(super) fn pay_for_copying(&mut self, size: u64) -> VmResult<()> {
		let price = size.saturating_mul(schedule::COPY_BYTE);
		self.world.chain.gas.charge(price)
	}

	/// Pays for following a reference whose path is long; a short one is in the instruction's price.
	#[inline(always)]
	pub(super) fn pay_for_path(&mut self, reference: &Value) -> VmResult<()> {
		match reference {
			Value::Large(_) => self.pay_for_steps(reference.long_path()),
			_ => Ok(()),
		}
	}

	/// The same for the topmost value.
	#[inline(always)]
	pub(super) fn pay_for_path_on_top(&mut self) -> VmResult<()> {
		let top = self.stack.top()?;
		match top {
			Value::Large(_) => {
				let steps = top.long_path();
				self.pay_for_steps(steps)
			}
			_ => Ok(()),
		}
	}

	#[cold]
	fn pay_for_steps(&mut self, steps: usize) -> VmResult<()> {
		self.world.chain.gas.charge_for(schedule::PATH_STEP, steps)
	}

	/// Pays and counts for the topmost value, a reference that has got longer, if its path is long.
	#[inline(always)]
	pub(super) fn count_longer(&mut self) -> VmResult<()> {
		match self.stack.top()? {
			Value::Large(_) => self.count_long(),
			_ => Ok(()),
		}
	}

	#[cold]
	fn count_long(&mut self) -> VmResult<()> {
		self.world.chain.gas.charge(schedule::LENGTHEN)?;
		self.allocate(LENGTHENED_BYTES)
	}

	/// Appends an element to a vector that has to grow to so many bytes for it.
	#[inline(never)]
	pub(super) fn push_growing(
		&mut self,
		reference: &Value,
		element: Value,
		bytes: u64,
	) -> VmResult<()> {
		let price = bytes.saturating_mul(schedule::GROW_BYTE);
		let price = price.saturating_add(schedule::GROW);
		self.world.chain.gas.charge(price)?;
		let limit = u64::from(self.world.loader.limits.memory_bytes);
		// What is on its way into the vector is nowhere else.
		let own = element.memory(limit);
		self.allocate(bytes.saturating_add(own))?;
		self.world.memory.push_element(reference, element)
	}
}
