//! Directed graphs and their strongly connected components.

use alloc::{vec, vec::Vec};

use move_vm_types::{VmError, VmResult};

use crate::meter::Meter;

/// Units per edge: it is sorted and then followed once.
const UNITS_PER_EDGE: u64 = 8;

/// Edges as they are found; each is paid for before it is kept, which bounds their number.
#[derive(Default)]
pub(crate) struct Edges(Vec<(u32, u32)>);

impl Edges {
	/// Adds the edge from one node to another.
	///
	/// # Errors
	/// `PROGRAM_TOO_COMPLEX`.
	pub(crate) fn add(&mut self, from: u32, to: u32, meter: &mut Meter) -> VmResult<()> {
		meter.charge(UNITS_PER_EDGE)?;
		self.0.push((from, to));
		Ok(())
	}

	/// The edges, in the order of finding.
	pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
		self.0.iter().copied()
	}
}

/// The strongly connected component of each of the nodes `0..nodes`, as a number; the components are
/// numbered so that no edge leads to a higher one.
///
/// Tarjan's algorithm (Depth-first search and linear graph algorithms, 1972) with a stack of its own
/// in place of recursion: linear in nodes and edges.
///
/// # Errors
/// `PROGRAM_TOO_COMPLEX`.
pub(crate) fn components(nodes: u32, edges: &Edges, meter: &mut Meter) -> VmResult<Vec<u32>> {
	meter.charge(u64::from(nodes))?;
	if edges.iter().any(|(from, to)| from.max(to) >= nodes) {
		return Err(VmError::invariant("an edge leads out of its graph"));
	}
	let mut sorted = edges.0.clone();
	sorted.sort_unstable();
	sorted.dedup();
	Ok(Search::new(nodes, &sorted).run())
}

/// A number that no node, edge or component has.
const NONE: u32 = u32::MAX;

struct Search<'a> {
	/// Edges by their start.
	edges: &'a [(u32, u32)],
	/// Where the edges of each node start.
	first_edge: Vec<u32>,
	/// When each node was found.
	found: Vec<u32>,
	/// The earliest found node on the stack that each node is known to reach.
	low: Vec<u32>,
	component: Vec<u32>,
	/// Nodes found and not in a component yet.
	stack: Vec<u32>,
	/// The path to the current node, with the next edge of each node on it.
	path: Vec<(u32, u32)>,
	time: u32,
	components: u32,
}

// All indices are nodes, below the length of every vector here as `components` has checked, or
// edges; counters go up once for each of them.
#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects)]
impl<'a> Search<'a> {
	fn new(nodes: u32, edges: &'a [(u32, u32)]) -> Self {
		let count = nodes as usize;
		let mut first_edge = vec![0; count + 1];
		for (from, _) in edges {
			first_edge[*from as usize + 1] += 1;
		}
		for node in 0..count {
			first_edge[node + 1] += first_edge[node];
		}
		Self {
			edges,
			first_edge,
			found: vec![NONE; count],
			low: vec![NONE; count],
			component: vec![NONE; count],
			stack: Vec::new(),
			path: Vec::new(),
			time: 0,
			components: 0,
		}
	}

	fn run(mut self) -> Vec<u32> {
		for root in 0..self.found.len() {
			if self.found[root] == NONE {
				self.enter(root as u32);
				while let Some((node, edge)) = self.path.last().copied() {
					self.step(node, edge);
				}
			}
		}
		self.component
	}

	fn enter(&mut self, node: u32) {
		self.found[node as usize] = self.time;
		self.low[node as usize] = self.time;
		self.time += 1;
		self.stack.push(node);
		self.path.push((node, self.first_edge[node as usize]));
	}

	/// Follows one edge of the node at the end of the path, or leaves the node.
	fn step(&mut self, node: u32, edge: u32) {
		if edge < self.first_edge[node as usize + 1] {
			if let Some(last) = self.path.last_mut() {
				last.1 += 1;
			}
			let next = self.edges[edge as usize].1 as usize;
			if self.found[next] == NONE {
				self.enter(next as u32);
			} else if self.component[next] == NONE {
				self.lower(node, self.found[next]);
			}
			return;
		}
		self.path.pop();
		let low = self.low[node as usize];
		if let Some((parent, _)) = self.path.last().copied() {
			self.lower(parent, low);
		}
		if low == self.found[node as usize] {
			while let Some(member) = self.stack.pop() {
				self.component[member as usize] = self.components;
				if member == node {
					break;
				}
			}
			self.components += 1;
		}
	}

	fn lower(&mut self, node: u32, to: u32) {
		let low = &mut self.low[node as usize];
		*low = (*low).min(to);
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use move_vm_types::VerifierLimits;
	use proptest::prelude::*;

	fn components_of(nodes: u32, edges: &[(u32, u32)]) -> Vec<u32> {
		let mut meter = Meter::new(&VerifierLimits::PRODUCTION);
		let edges = Edges(edges.to_vec());
		components(nodes, &edges, &mut meter).unwrap()
	}

	#[test]
	fn a_long_path_needs_no_recursion() {
		let edges: Vec<_> = (0..99_999).map(|node| (node, node + 1)).collect();
		assert_eq!(components_of(100_000, &edges)[0], 99_999);
	}

	#[test]
	fn an_edge_out_of_the_graph_is_refused() {
		let mut meter = Meter::new(&VerifierLimits::PRODUCTION);
		assert!(components(2, &Edges(vec![(0, 2)]), &mut meter).is_err());
	}

	proptest! {
		/// Two nodes share a component if and only if each reaches the other.
		#[test]
		fn components_are_mutual_reachability(
			edges in proptest::collection::vec((0u32..8, 0u32..8), 0..24),
		) {
			let mut reaches = [[false; 8]; 8];
			for (from, to) in edges.iter().copied().chain((0..8).map(|node| (node, node))) {
				reaches[from as usize][to as usize] = true;
			}
			for middle in 0..8 {
				for from in 0..8 {
					for to in 0..8 {
						reaches[from][to] |= reaches[from][middle] && reaches[middle][to];
					}
				}
			}
			let found = components_of(8, &edges);
			for a in 0..8 {
				for b in 0..8 {
					prop_assert_eq!(found[a] == found[b], reaches[a][b] && reaches[b][a]);
					prop_assert!(!reaches[a][b] || found[a] >= found[b]);
				}
			}
		}
	}
}
