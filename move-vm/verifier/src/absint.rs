//! The abstract interpreter that the flow passes share.
//!
//! A pass gives what it knows at the entry of a block (its domain, with a join of two such
//! states) and how an instruction changes it. The interpreter runs blocks until no entry state
//! changes any more.
//!
//! Invariant: when it ends without an error, every block was run from its final entry state. A
//! block whose entry state changed is run again, whichever edge brought the change and however many
//! edges leave the block before; none is skipped.

use alloc::vec::Vec;

use move_vm_binary_format::{index::CodeOffset, Bytecode};
use move_vm_types::{VmError, VmResult};

use crate::{meter::Meter, view::FunctionView};

/// A flow pass. It holds the current state; `State` is a state at the entry of a block.
pub trait Analysis {
	/// What is known at the entry of a block.
	type State;

	/// Makes `entry` the current state.
	///
	/// # Errors
	/// `PROGRAM_TOO_COMPLEX`.
	fn begin_block(&mut self, entry: &Self::State, meter: &mut Meter) -> VmResult<()>;

	/// Changes the current state by one instruction; the interpreter has charged a unit for it.
	///
	/// # Errors
	/// What the pass refuses, with the place.
	fn step(
		&mut self,
		instruction: &Bytecode,
		offset: CodeOffset,
		meter: &mut Meter,
	) -> VmResult<()>;

	/// Brings the current state, at the end of a block that has successors, into the form of an
	/// entry state.
	///
	/// # Errors
	/// `PROGRAM_TOO_COMPLEX`, or an invariant violation.
	fn end_block(&mut self, meter: &mut Meter) -> VmResult<()>;

	/// The current state, after [`Analysis::end_block`].
	///
	/// # Errors
	/// `PROGRAM_TOO_COMPLEX`.
	fn snapshot(&self, meter: &mut Meter) -> VmResult<Self::State>;

	/// Joins the current state, after [`Analysis::end_block`], into `entry`. True if that changed
	/// `entry`.
	///
	/// # Errors
	/// `PROGRAM_TOO_COMPLEX`, or an invariant violation.
	fn join_into(&mut self, entry: &mut Self::State, meter: &mut Meter) -> VmResult<bool>;
}

/// Runs a pass over a function until its states are stable.
///
/// Among the blocks that are due, the first in the graph's order of visit is run first.
///
/// # Errors
/// What the pass refuses, and `PROGRAM_TOO_COMPLEX`.
pub fn analyse<A: Analysis>(
	analysis: &mut A,
	initial: A::State,
	function: &FunctionView<'_>,
	meter: &mut Meter,
) -> VmResult<()> {
	/// A reachable block: its entry state once something led there, and whether it is to be run.
	struct Entry<S> {
		state: Option<S>,
		is_due: bool,
	}

	let order = function.cfg.order();
	meter.charge_count(order.len())?;
	let mut entries: Vec<Entry<A::State>> = Vec::with_capacity(order.len());
	entries.push(Entry {
		state: Some(initial),
		is_due: true,
	});
	entries.resize_with(order.len(), || Entry {
		state: None,
		is_due: false,
	});

	let mut position = 0;
	while let (Some(block), Some(entry)) = (order.get(position), entries.get_mut(position)) {
		meter.charge(1)?;
		let mut next = position.saturating_add(1);
		if let (true, Some(state)) = (entry.is_due, &entry.state) {
			entry.is_due = false;
			let block = function.cfg.block(*block)?;
			meter.charge_count(block.length())?;
			analysis.begin_block(state, meter)?;
			let code = function
				.code
				.get(usize::from(block.start)..=usize::from(block.end))
				.ok_or_else(|| VmError::invariant("block outside of the code"))?;
			for (offset, instruction) in block.offsets().zip(code) {
				analysis.step(instruction, offset, meter)?;
			}

			let mut successors = block.successors().peekable();
			if successors.peek().is_some() {
				analysis.end_block(meter)?;
			}
			for successor in successors {
				let place = function
					.cfg
					.position(successor)
					.ok_or_else(|| VmError::invariant("successor that is not reachable"))?;
				let entry = entries
					.get_mut(place)
					.ok_or_else(|| VmError::invariant("successor without a place"))?;
				let has_changed = match &mut entry.state {
					Some(state) => analysis.join_into(state, meter)?,
					None => {
						entry.state = Some(analysis.snapshot(meter)?);
						true
					}
				};
				if has_changed {
					entry.is_due = true;
					next = next.min(place);
				}
			}
		}
		position = next;
	}
	Ok(())
}
