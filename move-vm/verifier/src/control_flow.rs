//! Checks the shape of a function's control flow, before anything follows it.
//!
//! Property, for all versions: there is code, and its last instruction never goes on to the next, so
//! that control does not fall off the end.
//!
//! Property, since version 6: the graph is reducible, that is, each loop is entered through its head
//! alone, and loops nest no deeper than the limit. Tarjan's test is used (R. Tarjan, "Testing flow
//! graph reducibility", 1974): from the innermost loop outwards, the blocks that lead back to a head
//! are collapsed into it; a block among them that the search did not enter from the head is a
//! second way in.
//!
//! Version 5 has rules about the order of the code instead, see [`crate::control_flow_v5`].

use alloc::{collections::BTreeSet, vec, vec::Vec};

use move_vm_binary_format::{index::CodeOffset, Bytecode};
use move_vm_types::{StatusCode, VerifierLimits, VmError, VmResult};

use crate::{
	cfg::{ControlFlowGraph, Edge, NodeId},
	control_flow_v5,
	meter::Meter,
};

/// The last version of the format with the older rules.
const LAST_VERSION_WITH_ORDERED_LOOPS: u32 = 5;

/// Checks the control flow of `code` and returns its graph.
///
/// # Errors
/// `EMPTY_CODE_UNIT`, `INVALID_FALL_THROUGH`, `INVALID_LOOP_SPLIT`, `LOOP_MAX_DEPTH_REACHED`; up to
/// version 5 also `INVALID_LOOP_CONTINUE` and `INVALID_LOOP_BREAK`.
pub fn verify(
	version: u32,
	function: u16,
	code: &[Bytecode],
	limits: &VerifierLimits,
	meter: &mut Meter,
) -> VmResult<ControlFlowGraph> {
	meter.charge_count(code.len())?;
	check_fall_through(function, code)?;
	if version <= LAST_VERSION_WITH_ORDERED_LOOPS {
		control_flow_v5::verify(function, code, limits)?;
		ControlFlowGraph::new(code)
	} else {
		let graph = ControlFlowGraph::new(code)?;
		check_loops(function, &graph, limits, meter)?;
		Ok(graph)
	}
}

fn check_fall_through(function: u16, code: &[Bytecode]) -> VmResult<()> {
	match code.last() {
		None => Err(VmError::new(StatusCode::EMPTY_CODE_UNIT)),
		Some(last) if last.is_unconditional_branch() => Ok(()),
		Some(_) => {
			let offset = code.len().saturating_sub(1);
			Err(
				VmError::new(StatusCode::INVALID_FALL_THROUGH).at_code_offset(
					function,
					CodeOffset::try_from(offset).unwrap_or(CodeOffset::MAX),
				),
			)
		}
	}
}

fn check_loops(
	function: u16,
	graph: &ControlFlowGraph,
	limits: &VerifierLimits,
	meter: &mut Meter,
) -> VmResult<()> {
	if graph.back_edges().is_empty() {
		return Ok(());
	}
	let error = |status, node| {
		let offset = graph.block_of(node).map_or(0, |block| block.start);
		VmError::new(status).at_code_offset(function, offset)
	};

	let back_edges = EdgesByTarget::new(graph.back_edges());
	let forward_edges = EdgesByTarget::new(graph.forward_edges());
	let edges = graph
		.back_edges()
		.len()
		.saturating_add(graph.forward_edges().len());
	meter.charge_count(edges)?;
	let mut loops = Loops::new(graph.node_count());

	// Loop heads from the one entered last: an inner loop before the loop around it.
	let mut heads: Vec<NodeId> = back_edges.0.iter().map(|edge| edge.to).collect();
	heads.dedup();
	for head in heads.into_iter().rev() {
		let mut body: BTreeSet<NodeId> = BTreeSet::new();
		for edge in back_edges.to(head) {
			meter.charge(1)?;
			let node = loops.head_of(edge.from);
			if node != head {
				body.insert(node);
			}
		}
		let mut pending: Vec<NodeId> = body.iter().copied().collect();
		while let Some(node) = pending.pop() {
			for edge in forward_edges.to(node) {
				meter.charge(1)?;
				let from = loops.head_of(edge.from);
				if !graph.is_descendant(head, from) {
					return Err(error(StatusCode::INVALID_LOOP_SPLIT, from));
				}
				if from != head && body.insert(from) {
					pending.push(from);
				}
			}
		}
		if loops.collapse(head, &body) > limits.loop_depth {
			return Err(error(StatusCode::LOOP_MAX_DEPTH_REACHED, head));
		}
	}
	Ok(())
}

/// Edges, those to the same node together in the order of the search.
struct EdgesByTarget(Vec<Edge>);

impl EdgesByTarget {
	fn new(edges: &[Edge]) -> Self {
		let mut sorted = edges.to_vec();
		sorted.sort_by_key(|edge| edge.to);
		Self(sorted)
	}

	fn to(&self, node: NodeId) -> &[Edge] {
		let start = self.0.partition_point(|edge| edge.to < node);
		let end = self.0.partition_point(|edge| edge.to <= node);
		self.0.get(start..end).unwrap_or_default()
	}
}

/// Which loop each node was collapsed into, and how many loops lie in each other there.
struct Loops {
	parents: Vec<NodeId>,
	depths: Vec<u16>,
}

impl Loops {
	fn new(node_count: usize) -> Self {
		Self {
			parents: (0u16..).take(node_count).collect(),
			depths: vec![0; node_count],
		}
	}

	fn parent(&self, node: NodeId) -> NodeId {
		self.parents.get(usize::from(node)).copied().unwrap_or(node)
	}

	/// The head of the outermost collapsed loop with `node` in it; `node` if there is none. Halves
	/// the way there for the next time.
	fn head_of(&mut self, mut node: NodeId) -> NodeId {
		loop {
			let parent = self.parent(node);
			if parent == node {
				return node;
			}
			let grandparent = self.parent(parent);
			if let Some(slot) = self.parents.get_mut(usize::from(node)) {
				*slot = grandparent;
			}
			node = grandparent;
		}
	}

	/// Collapses `body` into `head`; returns the depth of the loop.
	fn collapse(&mut self, head: NodeId, body: &BTreeSet<NodeId>) -> u16 {
		let mut deepest = self.depths.get(usize::from(head)).copied().unwrap_or(0);
		for node in body {
			if let Some(parent) = self.parents.get_mut(usize::from(*node)) {
				*parent = head;
			}
			let depth = self.depths.get(usize::from(*node)).copied().unwrap_or(0);
			deepest = deepest.max(depth);
		}
		let depth = deepest.saturating_add(1);
		if let Some(slot) = self.depths.get_mut(usize::from(head)) {
			*slot = depth;
		}
		depth
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use Bytecode::{BrTrue, Branch, LdTrue, Nop, Ret};

	#[track_caller]
	fn verify_v6(code: &[Bytecode]) -> Result<(), (StatusCode, Option<(u16, u16)>)> {
		let limits = VerifierLimits::PRODUCTION;
		verify(6, 3, code, &limits, &mut Meter::new(&limits))
			.map(|_| ())
			.map_err(|error| (error.status(), error.code_offset()))
	}

	/// `depth` loops, each around the next.
	fn nested(depth: u16) -> Vec<Bytecode> {
		let mut code = vec![Nop; usize::from(depth)];
		for head in (0..depth).rev() {
			code.extend([LdTrue, BrTrue(head)]);
		}
		code.push(Ret);
		code
	}

	#[test]
	fn empty_code_is_refused() {
		assert_eq!(verify_v6(&[]), Err((StatusCode::EMPTY_CODE_UNIT, None)));
		assert_eq!(verify_v6(&[Ret]), Ok(()));
	}

	#[test]
	fn code_that_runs_off_its_end_is_refused() {
		let refused = |offset| Err((StatusCode::INVALID_FALL_THROUGH, Some((3, offset))));
		assert_eq!(verify_v6(&[Nop]), refused(0));
		assert_eq!(verify_v6(&[Nop, LdTrue, BrTrue(0)]), refused(2));
		assert_eq!(verify_v6(&[Nop, Branch(0)]), Ok(()));
	}

	#[test]
	fn loop_with_two_ways_in_is_refused() {
		// The jump at 1 enters the loop of 2 and 4 in its middle.
		let split = [LdTrue, BrTrue(4), Nop, Nop, LdTrue, BrTrue(2), Ret];
		assert!(matches!(
			verify_v6(&split),
			Err((StatusCode::INVALID_LOOP_SPLIT, Some(_)))
		));
		let whole = [LdTrue, BrTrue(2), Nop, Nop, LdTrue, BrTrue(2), Ret];
		assert_eq!(verify_v6(&whole), Ok(()));
	}

	#[test]
	fn loops_nest_to_the_limit_and_no_deeper() {
		let limit = VerifierLimits::PRODUCTION.loop_depth;
		assert_eq!(verify_v6(&nested(limit)), Ok(()));
		assert_eq!(
			verify_v6(&nested(limit + 1)),
			Err((StatusCode::LOOP_MAX_DEPTH_REACHED, Some((3, 0))))
		);
	}

	#[test]
	fn loops_side_by_side_are_not_nested() {
		let mut code = Vec::new();
		for _ in 0..20 {
			let head = u16::try_from(code.len()).unwrap();
			code.extend([LdTrue, BrTrue(head)]);
		}
		code.push(Ret);
		assert_eq!(verify_v6(&code), Ok(()));
	}

	#[test]
	fn several_back_edges_to_a_head_are_one_loop() {
		let mut code = vec![Nop];
		for _ in 0..20 {
			code.extend([LdTrue, BrTrue(0)]);
		}
		code.push(Ret);
		assert_eq!(verify_v6(&code), Ok(()));
	}

	#[test]
	fn jump_backwards_that_closes_no_loop_is_accepted_since_version_6() {
		let code = [Branch(2), Ret, Branch(1)];
		assert_eq!(verify_v6(&code), Ok(()));
		let limits = VerifierLimits::PRODUCTION;
		let error = verify(5, 0, &code, &limits, &mut Meter::new(&limits)).unwrap_err();
		assert_eq!(error.status(), StatusCode::INVALID_LOOP_SPLIT);
	}
}
