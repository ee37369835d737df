//! The borrow graph: which references borrow from which, and through which parts.
//!
//! An edge from a parent to a child says that the child refers to what the parent refers to, or to
//! the part at the path. A strong edge means exactly that part; a weak one that part or anything
//! inside of it. The root stands for the frame: locals and global storage.
//!
//! Edges lie in one list of plain entries. Between two references are at most [`MAX_EDGES`]; with
//! more they become the one edge that covers all, weak and without a path.
//!
//! Every operation charges before it works, in proportion to the edges and labels that it may look
//! at.

use alloc::vec::Vec;

use move_vm_types::VmResult;

use super::path::{Label, PathId, Paths};
use crate::meter::Meter;

/// A reference, or the root.
pub type Ref = u32;

/// Edges that are told apart between one parent and one child.
pub const MAX_EDGES: usize = 10;

/// Edges that are looked at for a unit: a look at one is far cheaper than the step of a pass that
/// a unit stands for.
const EDGES_PER_UNIT: usize = 4;

/// Units for an edge that is copied to where it is kept. More than its time is worth, because it
/// bounds memory, too.
const EDGE_COPY_COST: usize = 4;

/// A borrow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
	/// What is borrowed from.
	pub parent: Ref,
	/// The borrower.
	pub child: Ref,
	/// Which part of the parent.
	pub path: PathId,
	/// Exactly that part, rather than it or something inside of it.
	pub is_strong: bool,
}

impl Edge {
	/// The edge that says nothing but that the child borrows from the parent.
	const fn covering(parent: Ref, child: Ref) -> Self {
		Self {
			parent,
			child,
			path: PathId::EMPTY,
			is_strong: false,
		}
	}

	fn ends(&self) -> (Ref, Ref) {
		(self.parent, self.child)
	}

	/// Whether everything that `other` allows is allowed by this edge.
	fn covers(&self, other: &Self, paths: &Paths, meter: &mut Meter) -> VmResult<bool> {
		if self == other {
			return Ok(true);
		}
		Ok(!self.is_strong && paths.begins_with(other.path, self.path, meter)?)
	}
}

/// Edges of a borrow graph.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BorrowGraph {
	edges: Vec<Edge>,
}

/// A borrow of part of a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Borrow {
	/// The borrower.
	pub child: Ref,
	/// The first step of the path; `None` if the path is empty.
	pub label: Option<Label>,
}

impl BorrowGraph {
	/// Charges for an operation that looks at every edge once.
	fn charge_scan(&self, meter: &mut Meter) -> VmResult<()> {
		meter.charge_count((self.edges.len() / EDGES_PER_UNIT).saturating_add(1))
	}

	/// Makes it equal to `other`, reusing its memory.
	///
	/// # Errors
	/// `PROGRAM_TOO_COMPLEX`.
	pub fn copy_from(&mut self, other: &Self, meter: &mut Meter) -> VmResult<()> {
		other.charge_scan(meter)?;
		self.edges.clone_from(&other.edges);
		Ok(())
	}

	/// A copy to keep.
	///
	/// # Errors
	/// `PROGRAM_TOO_COMPLEX`.
	pub fn snapshot(&self, meter: &mut Meter) -> VmResult<Self> {
		meter.charge_product(self.edges.len(), EDGE_COPY_COST)?;
		Ok(self.clone())
	}

	/// Whether a borrow of `parent` satisfies `check`.
	///
	/// # Errors
	/// `PROGRAM_TOO_COMPLEX`.
	pub fn any_borrow(
		&self,
		parent: Ref,
		paths: &Paths,
		meter: &mut Meter,
		mut check: impl FnMut(Borrow) -> bool,
	) -> VmResult<bool> {
		self.charge_scan(meter)?;
		Ok(self
			.edges
			.iter()
			.filter(|edge| edge.parent == parent)
			.any(|edge| {
				check(Borrow {
					child: edge.child,
					label: paths.first(edge.path),
				})
			}))
	}

	/// Lets the new reference `child` borrow from `parent` anything inside of `path`.
	///
	/// # Errors
	/// `PROGRAM_TOO_COMPLEX`.
	pub fn borrow_within(
		&mut self,
		parent: Ref,
		path: PathId,
		child: Ref,
		meter: &mut Meter,
	) -> VmResult<()> {
		meter.charge_count(EDGE_COPY_COST)?;
		self.edges.push(Edge {
			path,
			..Edge::covering(parent, child)
		});
		Ok(())
	}

	/// Lets the new reference `child` borrow from `parent` exactly `path`, and puts it between
	/// `parent` and those that borrow from `path` already.
	///
	/// # Errors
	/// `PROGRAM_TOO_COMPLEX`.
	pub fn borrow_exactly(
		&mut self,
		parent: Ref,
		path: PathId,
		child: Ref,
		paths: &mut Paths,
		meter: &mut Meter,
	) -> VmResult<()> {
		self.charge_scan(meter)?;
		meter.charge_count(EDGE_COPY_COST)?;
		for edge in self.edges.iter_mut().filter(|edge| edge.parent == parent) {
			if paths.begins_with(edge.path, path, meter)? {
				edge.parent = child;
				edge.path = paths.suffix(edge.path, path, meter)?;
			}
		}
		self.edges.push(Edge {
			parent,
			child,
			path,
			is_strong: true,
		});
		Ok(())
	}

	/// Removes a reference; those that borrow from it borrow from its parents now.
	///
	/// # Errors
	/// `PROGRAM_TOO_COMPLEX`.
	pub fn release(&mut self, id: Ref, paths: &mut Paths, meter: &mut Meter) -> VmResult<()> {
		self.charge_scan(meter)?;
		let mut incoming = Vec::new();
		let mut outgoing = Vec::new();
		self.edges.retain(|edge| {
			if edge.child == id {
				incoming.push(*edge);
			} else if edge.parent == id {
				outgoing.push(*edge);
			}
			edge.child != id && edge.parent != id
		});
		for above in &incoming {
			for below in &outgoing {
				if above.parent == below.child {
					continue;
				}
				// What is weak may have ended anywhere, so nothing is known of what follows.
				let path = if above.is_strong {
					paths.concatenate(above.path, below.path, meter)?
				} else {
					above.path
				};
				self.insert(
					Edge {
						parent: above.parent,
						child: below.child,
						path,
						is_strong: above.is_strong && below.is_strong,
					},
					meter,
				)?;
			}
		}
		Ok(())
	}

	/// Adds an edge to those between its ends.
	fn insert(&mut self, edge: Edge, meter: &mut Meter) -> VmResult<()> {
		self.charge_scan(meter)?;
		let mut count = 0usize;
		let mut is_known = false;
		for present in self
			.edges
			.iter()
			.filter(|other| other.ends() == edge.ends())
		{
			count = count.saturating_add(1);
			is_known |= *present == edge;
			if *present == Edge::covering(edge.parent, edge.child) {
				return Ok(());
			}
		}
		if count >= MAX_EDGES {
			self.edges.retain(|other| other.ends() != edge.ends());
			self.edges.push(Edge::covering(edge.parent, edge.child));
		} else if !is_known {
			meter.charge_count(EDGE_COPY_COST)?;
			self.edges.push(edge);
		}
		Ok(())
	}

	/// Renames references by `rename` and puts the edges in order, so that equal graphs are equal
	/// lists.
	///
	/// # Errors
	/// `PROGRAM_TOO_COMPLEX`; what `rename` fails with.
	pub fn normalise(
		&mut self,
		meter: &mut Meter,
		rename: impl Fn(Ref) -> VmResult<Ref>,
	) -> VmResult<()> {
		let length = self.edges.len();
		// A comparison sort: the length times its logarithm.
		let depth = usize::BITS.saturating_sub(length.leading_zeros());
		meter.charge_product(length, usize::try_from(depth).unwrap_or(usize::MAX))?;
		for edge in &mut self.edges {
			edge.parent = rename(edge.parent)?;
			edge.child = rename(edge.child)?;
		}
		self.edges.sort_unstable();
		Ok(())
	}

	/// Adds the edges of `other` that no edge of this one covers. Both are in order before and
	/// after. True if any were added.
	///
	/// # Errors
	/// `PROGRAM_TOO_COMPLEX`.
	pub fn join(&mut self, other: &Self, paths: &Paths, meter: &mut Meter) -> VmResult<bool> {
		self.charge_scan(meter)?;
		other.charge_scan(meter)?;
		if self.edges == other.edges {
			return Ok(false);
		}
		let mut missing = Vec::new();
		let mut rest = self.edges.as_slice();
		for edge in &other.edges {
			// Both lists are in order, so what lies before these ends is done with.
			let skipped = rest
				.iter()
				.take_while(|own| own.ends() < edge.ends())
				.count();
			rest = rest.get(skipped..).unwrap_or_default();
			let mut is_covered = false;
			for own in rest.iter().take_while(|own| own.ends() == edge.ends()) {
				meter.charge(1)?;
				if own.covers(edge, paths, meter)? {
					is_covered = true;
					break;
				}
			}
			if !is_covered {
				meter.charge_count(EDGE_COPY_COST)?;
				missing.push(*edge);
			}
		}
		if missing.is_empty() {
			return Ok(false);
		}
		for edge in missing {
			self.insert(edge, meter)?;
		}
		self.normalise(meter, Ok)?;
		Ok(true)
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use move_vm_types::VerifierLimits;

	struct Setting {
		graph: BorrowGraph,
		paths: Paths,
		meter: Meter,
	}

	impl Setting {
		fn new() -> Self {
			Self {
				graph: BorrowGraph::default(),
				paths: Paths::default(),
				meter: Meter::new(&VerifierLimits::PRODUCTION),
			}
		}

		fn path(&mut self, fields: &[u16]) -> PathId {
			fields.iter().fold(PathId::EMPTY, |path, field| {
				let label = Label::Field(*field);
				self.paths.extend(path, label, &mut self.meter).unwrap()
			})
		}

		fn borrow(&mut self, parent: Ref, fields: &[u16], child: Ref) {
			let path = self.path(fields);
			self.graph
				.borrow_exactly(parent, path, child, &mut self.paths, &mut self.meter)
				.unwrap();
		}

		fn release(&mut self, id: Ref) {
			self.graph
				.release(id, &mut self.paths, &mut self.meter)
				.unwrap();
		}

		fn edge(&mut self, parent: Ref, fields: &[u16], child: Ref, is_strong: bool) -> Edge {
			Edge {
				parent,
				child,
				path: self.path(fields),
				is_strong,
			}
		}

		#[track_caller]
		fn assert_edges(&self, mut expected: Vec<Edge>) {
			let mut edges = self.graph.edges.clone();
			edges.sort_unstable();
			expected.sort_unstable();
			assert_eq!(edges, expected);
		}
	}

	#[test]
	fn newer_borrow_is_put_between() {
		let mut s = Setting::new();
		s.borrow(0, &[1, 2], 10);
		s.borrow(0, &[1], 11);
		s.borrow(0, &[3], 12);
		let edges = vec![
			s.edge(0, &[1], 11, true),
			s.edge(11, &[2], 10, true),
			s.edge(0, &[3], 12, true),
		];
		s.assert_edges(edges);
	}

	#[test]
	fn release_hands_borrowers_to_the_parents() {
		let mut s = Setting::new();
		s.borrow(0, &[1], 10);
		s.borrow(10, &[2], 11);
		s.release(10);
		let edges = vec![s.edge(0, &[1, 2], 11, true)];
		s.assert_edges(edges);
		s.release(11);
		s.assert_edges(vec![]);
	}

	#[test]
	fn release_of_what_borrows_weakly_forgets_the_rest_of_the_path() {
		let mut s = Setting::new();
		let path = s.path(&[1]);
		s.graph.borrow_within(0, path, 10, &mut s.meter).unwrap();
		s.borrow(10, &[2], 11);
		s.release(10);
		let edges = vec![s.edge(0, &[1], 11, false)];
		s.assert_edges(edges);
	}

	#[test]
	fn many_edges_between_two_references_become_one_that_covers_all() {
		let mut s = Setting::new();
		let limit = u16::try_from(MAX_EDGES).unwrap();
		let insert = |s: &mut Setting, field| {
			let edge = s.edge(0, &[field], 1, true);
			s.graph.insert(edge, &mut s.meter).unwrap();
		};
		for field in 0..limit {
			insert(&mut s, field);
		}
		assert_eq!(s.graph.edges.len(), MAX_EDGES);
		insert(&mut s, limit);
		s.assert_edges(vec![Edge::covering(0, 1)]);
		insert(&mut s, 0);
		s.assert_edges(vec![Edge::covering(0, 1)]);
	}

	#[test]
	fn join_adds_what_is_not_covered() {
		let mut s = Setting::new();
		let mut other = Setting::new();
		let covering = s.edge(0, &[1], 1, false);
		s.graph.edges = vec![covering];
		let covered = s.edge(0, &[1, 2], 1, true);
		other.graph.edges = vec![covered];
		assert!(!s.graph.join(&other.graph, &s.paths, &mut s.meter).unwrap());
		s.assert_edges(vec![covering]);

		let elsewhere = s.edge(0, &[3], 1, true);
		other.graph.edges = vec![elsewhere];
		assert!(s.graph.join(&other.graph, &s.paths, &mut s.meter).unwrap());
		s.assert_edges(vec![covering, elsewhere]);
		assert!(!s.graph.join(&other.graph, &s.paths, &mut s.meter).unwrap());
	}
}
