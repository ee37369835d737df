//! The shape of loops up to version 5 of the format, where the order of the code gives it.
//!
//! A jump to itself or backwards makes its target a loop, which reaches to the last such jump. The
//! property:
//!
//! - a jump backwards goes to the head of the innermost loop around it;
//! - a jump forwards out of a loop goes to the instruction after it;
//! - any other jump forwards stays in its loop, and enters another at its head only;
//! - loops nest no deeper than the limit.
//!
//! Linear in the code.

use alloc::{vec, vec::Vec};

use move_vm_binary_format::{index::CodeOffset, Bytecode};
use move_vm_types::{StatusCode, VerifierLimits, VmError, VmResult};

/// A loop that the current instruction is in.
#[derive(Clone, Copy)]
struct Loop {
	head: CodeOffset,
	last_continue: CodeOffset,
}

/// For each instruction that is the head of a loop, where the loop ends.
struct Labels(Vec<Option<CodeOffset>>);

impl Labels {
	fn new(code: &[Bytecode]) -> Self {
		let mut labels = vec![None; code.len()];
		for (offset, target) in jumps(code) {
			if target <= offset {
				if let Some(label) = labels.get_mut(usize::from(target)) {
					*label = Some(offset);
				}
			}
		}
		Self(labels)
	}

	fn last_continue(&self, offset: CodeOffset) -> Option<CodeOffset> {
		self.0.get(usize::from(offset)).copied().flatten()
	}
}

/// Checks the loops of `code`, which does not run off its end.
///
/// # Errors
/// `INVALID_LOOP_CONTINUE`, `INVALID_LOOP_BREAK`, `INVALID_LOOP_SPLIT`, `LOOP_MAX_DEPTH_REACHED`,
/// looked for in this order.
pub fn verify(function: u16, code: &[Bytecode], limits: &VerifierLimits) -> VmResult<()> {
	let error = |status, offset| VmError::new(status).at_code_offset(function, offset);
	let labels = Labels::new(code);

	walk(code, &labels, |around, offset, target| match around {
		Some(around) if target <= offset && target != around.head => {
			Err(error(StatusCode::INVALID_LOOP_CONTINUE, offset))
		}
		_ => Ok(()),
	})?;
	walk(code, &labels, |around, offset, target| match around {
		Some(around)
			if target > offset
				&& target > around.last_continue
				&& target != around.last_continue.saturating_add(1) =>
		{
			Err(error(StatusCode::INVALID_LOOP_BREAK, offset))
		}
		_ => Ok(()),
	})?;

	let depths = loop_depths(&labels);
	let depth_at = |offset: CodeOffset| depths.get(usize::from(offset)).copied().unwrap_or(0);
	walk(code, &labels, |around, offset, target| {
		let is_break = around.is_some_and(|around| target > around.last_continue);
		if target <= offset || is_break {
			return Ok(());
		}
		// The head itself is still outside.
		let inside = u16::from(labels.last_continue(target).is_some());
		if depth_at(offset) != depth_at(target).saturating_sub(inside) {
			return Err(error(StatusCode::INVALID_LOOP_SPLIT, offset));
		}
		Ok(())
	})?;

	match (0u16..)
		.zip(&depths)
		.find(|(_, depth)| **depth > limits.loop_depth)
	{
		Some((offset, _)) => Err(error(StatusCode::LOOP_MAX_DEPTH_REACHED, offset)),
		None => Ok(()),
	}
}

/// The jumps of `code` with their targets.
fn jumps(code: &[Bytecode]) -> impl Iterator<Item = (CodeOffset, CodeOffset)> + '_ {
	(0u16..)
		.zip(code)
		.filter_map(|(offset, instruction)| Some((offset, instruction.branch_target()?)))
}

/// Calls `check` with each jump: the innermost loop around it, its offset, its target.
fn walk(
	code: &[Bytecode],
	labels: &Labels,
	check: impl Fn(Option<&Loop>, CodeOffset, CodeOffset) -> VmResult<()>,
) -> VmResult<()> {
	let mut around: Vec<Loop> = Vec::new();
	for (offset, instruction) in (0u16..).zip(code) {
		if let Some(last_continue) = labels.last_continue(offset) {
			around.push(Loop {
				head: offset,
				last_continue,
			});
		}
		if let Some(target) = instruction.branch_target() {
			check(around.last(), offset, target)?;
			let is_end = around
				.last()
				.is_some_and(|around| around.last_continue == offset);
			if target <= offset && is_end {
				around.pop();
			}
		}
	}
	Ok(())
}

/// How many loops each instruction is in, given that jumps backwards are in order.
fn loop_depths(labels: &Labels) -> Vec<u16> {
	let mut ends = vec![false; labels.0.len()];
	for last_continue in labels.0.iter().flatten() {
		if let Some(end) = ends.get_mut(usize::from(*last_continue)) {
			*end = true;
		}
	}
	let mut depth = 0u16;
	labels
		.0
		.iter()
		.zip(ends)
		.map(|(label, is_end)| {
			depth = depth.saturating_add(u16::from(label.is_some()));
			let here = depth;
			depth = depth.saturating_sub(u16::from(is_end));
			here
		})
		.collect()
}

#[cfg(test)]
mod tests {
	use super::*;
	use Bytecode::{BrTrue, Branch, LdTrue, Nop, Ret};

	#[track_caller]
	fn assert_refused(code: &[Bytecode], status: StatusCode, offset: CodeOffset) {
		let error = verify(0, code, &VerifierLimits::PRODUCTION).unwrap_err();
		assert_eq!(
			(error.status(), error.code_offset()),
			(status, Some((0, offset)))
		);
	}

	#[track_caller]
	fn assert_accepted(code: &[Bytecode]) {
		verify(0, code, &VerifierLimits::PRODUCTION).unwrap();
	}

	#[test]
	fn continue_goes_to_the_innermost_loop() {
		// Loops from 0 and from 1; the jump at 3 goes to the outer from within the inner.
		let outer = [Nop, Nop, LdTrue, BrTrue(0), LdTrue, BrTrue(1), Branch(0)];
		assert_refused(&outer, StatusCode::INVALID_LOOP_CONTINUE, 3);
		let inner = [Nop, Nop, LdTrue, BrTrue(1), LdTrue, BrTrue(1), Branch(0)];
		assert_accepted(&inner);
	}

	#[test]
	fn break_goes_to_the_end_of_its_loop() {
		let beyond = [LdTrue, BrTrue(4), Branch(0), Nop, Ret];
		assert_refused(&beyond, StatusCode::INVALID_LOOP_BREAK, 1);
		let end = [LdTrue, BrTrue(3), Branch(0), Nop, Ret];
		assert_accepted(&end);
	}

	#[test]
	fn jump_into_the_middle_of_a_loop_is_refused() {
		let middle = [LdTrue, BrTrue(3), Nop, Nop, LdTrue, BrTrue(2), Ret];
		assert_refused(&middle, StatusCode::INVALID_LOOP_SPLIT, 1);
		let head = [LdTrue, BrTrue(2), Nop, Nop, LdTrue, BrTrue(2), Ret];
		assert_accepted(&head);
	}

	#[test]
	fn loops_nest_to_the_limit_and_no_deeper() {
		let nested = |depth: u16| {
			let mut code = vec![Nop; usize::from(depth)];
			for head in (0..depth).rev() {
				code.extend([LdTrue, BrTrue(head)]);
			}
			code.push(Ret);
			code
		};
		let limit = VerifierLimits::PRODUCTION.loop_depth;
		assert_accepted(&nested(limit));
		assert_refused(
			&nested(limit + 1),
			StatusCode::LOOP_MAX_DEPTH_REACHED,
			limit,
		);
	}
}
