//! The control flow graph of a function: its basic blocks, the order in which the flow passes visit
//! them, and the edges that a depth-first search from the entry finds, back edges apart.
//!
//! A search that follows the later of two successors first numbers the reachable blocks as it
//! enters them; their order of visit is the reverse of the order in which it leaves them, so that
//! without back edges a block comes after all blocks that lead to it. Nothing here recurses.

use alloc::{vec, vec::Vec};

use move_vm_binary_format::{index::CodeOffset, Bytecode};
use move_vm_types::{IndexKind, StatusCode, VmError, VmResult};

/// A basic block, numbered in the order of the code.
pub type BlockId = u16;

/// A reachable block, numbered in the order in which the search enters them.
pub type NodeId = u16;

/// Instructions that run one after the other, entered at the first and left after the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BasicBlock {
	/// Its first instruction.
	pub start: CodeOffset,
	/// Its last instruction, inclusive.
	pub end: CodeOffset,
	first_successor: Option<BlockId>,
	second_successor: Option<BlockId>,
}

impl BasicBlock {
	/// The blocks that may follow, in the order of the code; none twice.
	pub fn successors(&self) -> impl DoubleEndedIterator<Item = BlockId> {
		self.first_successor
			.into_iter()
			.chain(self.second_successor)
	}

	/// Its instructions.
	pub fn offsets(&self) -> core::ops::RangeInclusive<CodeOffset> {
		self.start..=self.end
	}

	/// How many instructions it has.
	pub fn length(&self) -> usize {
		usize::from(self.end.saturating_sub(self.start)).saturating_add(1)
	}
}

/// An edge between reachable blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
	/// Where it leads.
	pub to: NodeId,
	/// Where it begins.
	pub from: NodeId,
}

/// The basic blocks of a function and what leads where.
#[derive(Clone, Debug)]
pub struct ControlFlowGraph {
	blocks: Vec<BasicBlock>,
	/// Reachable blocks in the order of visit.
	order: Vec<BlockId>,
	/// The place of a block in `order`; `UNREACHABLE` if it has none.
	positions: Vec<u16>,
	/// The blocks by [`NodeId`].
	nodes: Vec<BlockId>,
	/// The last node that the search entered from a node or what follows it.
	last_descendants: Vec<NodeId>,
	/// Edges to a node that the search was still in, in the order of the search.
	back_edges: Vec<Edge>,
	/// All other edges, in the order of the search.
	forward_edges: Vec<Edge>,
}

const UNREACHABLE: u16 = u16::MAX;

/// A block that the search is in: its node, and how many of its successors are still to follow.
struct Frame {
	block: BlockId,
	node: NodeId,
	pending: u8,
}

impl ControlFlowGraph {
	/// The graph of `code`.
	///
	/// # Errors
	/// `INDEX_OUT_OF_BOUNDS` for a jump out of the code, which the bounds check excludes;
	/// `EMPTY_CODE_UNIT` for no code.
	pub fn new(code: &[Bytecode]) -> VmResult<Self> {
		if code.is_empty() {
			return Err(VmError::new(StatusCode::EMPTY_CODE_UNIT));
		}
		if code.len() >= usize::from(u16::MAX) {
			return Err(VmError::new(StatusCode::TOO_MANY_BASIC_BLOCKS)
				.with_message("more code than offsets reach"));
		}
		let blocks = basic_blocks(code)?;
		let mut graph = Self {
			order: Vec::with_capacity(blocks.len()),
			positions: vec![UNREACHABLE; blocks.len()],
			nodes: Vec::with_capacity(blocks.len()),
			last_descendants: Vec::with_capacity(blocks.len()),
			back_edges: Vec::new(),
			forward_edges: Vec::with_capacity(blocks.len()),
			blocks,
		};
		graph.search()?;
		Ok(graph)
	}

	/// The blocks in the order of the code, with those that nothing leads to.
	pub fn blocks(&self) -> &[BasicBlock] {
		&self.blocks
	}

	/// The block with this number.
	///
	/// # Errors
	/// An invariant violation if there is none.
	pub fn block(&self, block: BlockId) -> VmResult<&BasicBlock> {
		self.blocks
			.get(usize::from(block))
			.ok_or_else(|| VmError::invariant("no such block"))
	}

	/// The reachable blocks in the order of visit: the entry first, and a block after those that
	/// lead to it other than by back edges.
	pub fn order(&self) -> &[BlockId] {
		&self.order
	}

	/// The place of a reachable block in [`ControlFlowGraph::order`].
	pub fn position(&self, block: BlockId) -> Option<usize> {
		self.positions
			.get(usize::from(block))
			.filter(|position| **position != UNREACHABLE)
			.map(|position| usize::from(*position))
	}

	/// The block that a node stands for.
	pub fn block_of(&self, node: NodeId) -> Option<&BasicBlock> {
		self.blocks
			.get(usize::from(*self.nodes.get(usize::from(node))?))
	}

	/// How many blocks are reachable; the nodes are the numbers below.
	pub fn node_count(&self) -> usize {
		self.nodes.len()
	}

	/// Whether the search entered `node` from `ancestor` or what follows it, or they are the same.
	pub fn is_descendant(&self, ancestor: NodeId, node: NodeId) -> bool {
		self.last_descendants
			.get(usize::from(ancestor))
			.is_some_and(|last| ancestor <= node && node <= *last)
	}

	/// The edges that close a loop, in the order of the search.
	pub fn back_edges(&self) -> &[Edge] {
		&self.back_edges
	}

	/// The edges between reachable blocks that close no loop, in the order of the search.
	pub fn forward_edges(&self) -> &[Edge] {
		&self.forward_edges
	}

	/// The depth-first search from the entry.
	fn search(&mut self) -> VmResult<()> {
		/// What the search knows of a block.
		#[derive(Clone, Copy)]
		enum Visit {
			Unseen,
			Inside(NodeId),
			Left(NodeId),
		}
		let impossible = || VmError::invariant("no such block");

		let mut visits = vec![Visit::Unseen; self.blocks.len()];
		let mut frames: Vec<Frame> = Vec::new();
		// The block to enter next, and the node that leads there.
		let mut entering = Some((0, None));
		loop {
			if let Some((block, from)) = entering.take() {
				let node = NodeId::try_from(self.nodes.len()).map_err(|_| impossible())?;
				self.nodes.push(block);
				self.last_descendants.push(node);
				*visits.get_mut(usize::from(block)).ok_or_else(impossible)? = Visit::Inside(node);
				if let Some(from) = from {
					self.forward_edges.push(Edge { to: node, from });
				}
				frames.push(Frame {
					block,
					node,
					pending: 2,
				});
			}
			let Some(frame) = frames.last_mut() else {
				break;
			};
			let block = self
				.blocks
				.get(usize::from(frame.block))
				.ok_or_else(impossible)?;
			let successor = match frame.pending {
				2 => {
					frame.pending = 1;
					block.second_successor
				}
				1 => {
					frame.pending = 0;
					block.first_successor
				}
				_ => {
					let (block, node) = (frame.block, frame.node);
					frames.pop();
					let last = self.nodes.len().saturating_sub(1);
					*self
						.last_descendants
						.get_mut(usize::from(node))
						.ok_or_else(impossible)? = NodeId::try_from(last).map_err(|_| impossible())?;
					*visits.get_mut(usize::from(block)).ok_or_else(impossible)? = Visit::Left(node);
					self.order.push(block);
					continue;
				}
			};
			let Some(successor) = successor else {
				continue;
			};
			let from = frame.node;
			match *visits.get(usize::from(successor)).ok_or_else(impossible)? {
				Visit::Unseen => entering = Some((successor, Some(from))),
				Visit::Inside(to) => self.back_edges.push(Edge { to, from }),
				Visit::Left(to) => self.forward_edges.push(Edge { to, from }),
			}
		}

		self.order.reverse();
		for (position, block) in (0u16..).zip(&self.order) {
			*self
				.positions
				.get_mut(usize::from(*block))
				.ok_or_else(impossible)? = position;
		}
		Ok(())
	}
}

/// Cuts `code` into basic blocks: one begins at the entry, at each target of a jump, and after each
/// jump.
fn basic_blocks(code: &[Bytecode]) -> VmResult<Vec<BasicBlock>> {
	let out_of_bounds = |offset: CodeOffset| {
		VmError::new(StatusCode::INDEX_OUT_OF_BOUNDS).at_index(IndexKind::CodeDefinition, offset)
	};
	let mut starts = vec![false; code.len()];
	if let Some(entry) = starts.first_mut() {
		*entry = true;
	}
	for (offset, instruction) in code.iter().enumerate() {
		if let Some(target) = instruction.branch_target() {
			*starts
				.get_mut(usize::from(target))
				.ok_or_else(|| out_of_bounds(target))? = true;
		}
		if instruction.is_branch() {
			if let Some(next) = starts.get_mut(offset.saturating_add(1)) {
				*next = true;
			}
		}
	}

	// Number of the block that begins at an offset; of the block around it elsewhere.
	let mut numbers: Vec<BlockId> = Vec::with_capacity(code.len());
	let mut blocks: Vec<BasicBlock> = Vec::new();
	for (offset, is_start) in (0u16..).zip(&starts) {
		if *is_start {
			blocks.push(BasicBlock {
				start: offset,
				end: offset,
				first_successor: None,
				second_successor: None,
			});
		} else if let Some(block) = blocks.last_mut() {
			block.end = offset;
		}
		let number = blocks.len().saturating_sub(1);
		numbers.push(BlockId::try_from(number).unwrap_or(BlockId::MAX));
	}
	for block in &mut blocks {
		let Some(last) = code.get(usize::from(block.end)) else {
			continue;
		};
		let number_at = |offset: usize| numbers.get(offset).copied();
		let target = last
			.branch_target()
			.and_then(|target| number_at(usize::from(target)));
		let next = if last.is_unconditional_branch() {
			None
		} else {
			number_at(usize::from(block.end).saturating_add(1))
		};
		(block.first_successor, block.second_successor) = match (target, next) {
			(Some(a), Some(b)) if a < b => (Some(a), Some(b)),
			(Some(a), Some(b)) if a > b => (Some(b), Some(a)),
			(one, other) => (one.or(other), None),
		};
	}
	Ok(blocks)
}

#[cfg(test)]
mod tests {
	use super::*;
	use Bytecode::{BrTrue, Branch, LdTrue, Nop, Ret};

	#[track_caller]
	fn graph(code: &[Bytecode]) -> ControlFlowGraph {
		ControlFlowGraph::new(code).unwrap()
	}

	#[track_caller]
	fn assert_order(code: &[Bytecode], starts: &[u16]) {
		let graph = graph(code);
		let order: Vec<u16> = graph
			.order()
			.iter()
			.map(|block| graph.block(*block).unwrap().start)
			.collect();
		assert_eq!(order, starts);
	}

	#[test]
	fn straight_code_is_one_block() {
		let graph = graph(&[Nop, Nop, Ret]);
		assert_eq!(graph.blocks().len(), 1);
		assert_eq!(graph.blocks()[0].offsets(), 0..=2);
		assert_eq!(graph.blocks()[0].successors().count(), 0);
	}

	#[test]
	fn join_comes_after_both_arms() {
		// if (0..2) then (2..4) else (4..5), join (5)
		let code = [LdTrue, BrTrue(4), Nop, Branch(5), Nop, Ret];
		assert_order(&code, &[0, 2, 4, 5]);
		assert!(graph(&code).back_edges().is_empty());
	}

	#[test]
	fn jump_to_the_next_instruction_is_one_edge() {
		let graph = graph(&[LdTrue, BrTrue(2), Ret]);
		assert_eq!(graph.blocks()[0].successors().collect::<Vec<_>>(), [1]);
	}

	#[test]
	fn loop_has_one_back_edge_to_its_head() {
		let graph = graph(&[Nop, LdTrue, BrTrue(4), Branch(1), Ret]);
		let [edge] = graph.back_edges() else {
			panic!("{:?}", graph.back_edges());
		};
		assert_eq!(graph.block_of(edge.to).unwrap().start, 1);
		assert_eq!(graph.block_of(edge.from).unwrap().start, 3);
	}

	#[test]
	fn block_that_jumps_to_itself_closes_a_loop() {
		assert_eq!(graph(&[Branch(0)]).back_edges(), [Edge { to: 0, from: 0 }]);
	}

	#[test]
	fn unreachable_block_is_listed_but_not_visited() {
		let graph = graph(&[Branch(2), Nop, Ret]);
		assert_eq!(graph.blocks().len(), 3);
		assert_eq!(graph.order(), [0, 2]);
		assert_eq!(graph.position(1), None);
	}

	#[test]
	fn jump_out_of_the_code_is_refused() {
		let error = ControlFlowGraph::new(&[Branch(1)]).unwrap_err();
		assert_eq!(error.status(), StatusCode::INDEX_OUT_OF_BOUNDS);
	}
}
