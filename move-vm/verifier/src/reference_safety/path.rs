//! Paths from a value to the part of it that a reference refers to, stored once each.
//!
//! A path is a list of labels. It is known by a number, so that an edge of a borrow graph has a
//! fixed size and a graph is copied and compared as plain memory.

use alloc::{collections::BTreeMap, vec::Vec};

use move_vm_binary_format::index::{LocalIndex, MemberCount, StructDefinitionIndex};
use move_vm_types::{VmError, VmResult};

use crate::meter::Meter;

/// One step of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Label {
	/// From the frame to a local.
	Local(LocalIndex),
	/// From the frame to the resources of a struct, at whatever address.
	Global(StructDefinitionIndex),
	/// From a struct to the field at a place; of an enum, in whichever variant.
	Field(MemberCount),
}

/// Units for looking a path up by its parts.
const LOOKUP_COST: u64 = 8;

/// Units for a path that is not known yet. More than its time is worth, because it bounds memory,
/// too.
const NEW_PATH_COST: u64 = 16;

/// A path of a [`Paths`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PathId(u32);

impl PathId {
	/// The path without labels.
	pub const EMPTY: Self = Self(0);

	/// Whether it has no labels.
	pub const fn is_empty(self) -> bool {
		self.0 == 0
	}
}

/// A path: another and one more label.
#[derive(Clone, Copy, Debug)]
struct Node {
	prefix: PathId,
	label: Label,
	/// The first label of all.
	first: Label,
	length: u32,
}

/// All paths of one function. Units: one for each label that an operation looks at.
#[derive(Clone, Debug, Default)]
pub struct Paths {
	/// The path with number n + 1 at n.
	nodes: Vec<Node>,
	numbers: BTreeMap<(PathId, Label), PathId>,
}

impl Paths {
	fn node(&self, path: PathId) -> Option<&Node> {
		let place = usize::try_from(path.0).ok()?.checked_sub(1)?;
		self.nodes.get(place)
	}

	fn length(&self, path: PathId) -> u32 {
		self.node(path).map_or(0, |node| node.length)
	}

	/// `path` and one more label.
	///
	/// # Errors
	/// `PROGRAM_TOO_COMPLEX`.
	pub fn extend(&mut self, path: PathId, label: Label, meter: &mut Meter) -> VmResult<PathId> {
		meter.charge(LOOKUP_COST)?;
		if let Some(found) = self.numbers.get(&(path, label)) {
			return Ok(*found);
		}
		meter.charge(NEW_PATH_COST)?;
		let prefix = self.node(path);
		let node = Node {
			prefix: path,
			label,
			first: prefix.map_or(label, |prefix| prefix.first),
			length: prefix.map_or(0, |prefix| prefix.length).saturating_add(1),
		};
		self.nodes.push(node);
		let number = u32::try_from(self.nodes.len())
			.map(PathId)
			.map_err(|_| VmError::invariant("more paths than numbers"))?;
		self.numbers.insert((path, label), number);
		Ok(number)
	}

	/// The first label of a path; `None` if it has none.
	pub fn first(&self, path: PathId) -> Option<Label> {
		self.node(path).map(|node| node.first)
	}

	/// Whether `path` begins with `prefix`.
	///
	/// # Errors
	/// `PROGRAM_TOO_COMPLEX`.
	pub fn begins_with(&self, path: PathId, prefix: PathId, meter: &mut Meter) -> VmResult<bool> {
		if prefix.is_empty() || prefix == path {
			return Ok(true);
		}
		Ok(self.prefix_of_length(path, self.length(prefix), meter)? == prefix)
	}

	/// `first` followed by `second`.
	///
	/// # Errors
	/// `PROGRAM_TOO_COMPLEX`.
	pub fn concatenate(
		&mut self,
		first: PathId,
		second: PathId,
		meter: &mut Meter,
	) -> VmResult<PathId> {
		if first.is_empty() {
			return Ok(second);
		}
		self.append_from(first, second, 0, meter)
	}

	/// What follows the first `skipped`, which is a prefix of `path`, in `path`.
	///
	/// # Errors
	/// `PROGRAM_TOO_COMPLEX`.
	pub fn suffix(&mut self, path: PathId, skipped: PathId, meter: &mut Meter) -> VmResult<PathId> {
		if skipped.is_empty() {
			return Ok(path);
		}
		self.append_from(PathId::EMPTY, path, self.length(skipped), meter)
	}

	/// `first` and the labels of `second` from the one at `start`.
	fn append_from(
		&mut self,
		first: PathId,
		second: PathId,
		start: u32,
		meter: &mut Meter,
	) -> VmResult<PathId> {
		let mut labels = Vec::new();
		let mut rest = second;
		while let Some(node) = self.node(rest).filter(|node| node.length > start) {
			meter.charge(1)?;
			labels.push(node.label);
			rest = node.prefix;
		}
		labels
			.into_iter()
			.rev()
			.try_fold(first, |path, label| self.extend(path, label, meter))
	}

	/// The first `length` labels of a path, or all if it is no longer.
	fn prefix_of_length(
		&self,
		mut path: PathId,
		length: u32,
		meter: &mut Meter,
	) -> VmResult<PathId> {
		while let Some(node) = self.node(path).filter(|node| node.length > length) {
			meter.charge(1)?;
			path = node.prefix;
		}
		Ok(path)
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use move_vm_types::VerifierLimits;

	#[test]
	fn paths_are_cut_and_joined() {
		let mut paths = Paths::default();
		let meter = &mut Meter::new(&VerifierLimits::PRODUCTION);
		let local = paths.extend(PathId::EMPTY, Label::Local(1), meter).unwrap();
		let field = paths.extend(PathId::EMPTY, Label::Field(2), meter).unwrap();
		let both = paths.extend(local, Label::Field(2), meter).unwrap();

		assert_eq!(paths.concatenate(local, field, meter).unwrap(), both);
		assert_eq!(paths.suffix(both, local, meter).unwrap(), field);
		assert_eq!(paths.suffix(both, both, meter).unwrap(), PathId::EMPTY);
		assert_eq!(paths.first(both), Some(Label::Local(1)));
		assert_eq!(paths.first(PathId::EMPTY), None);
		assert!(paths.begins_with(both, local, meter).unwrap());
		assert!(paths.begins_with(both, PathId::EMPTY, meter).unwrap());
		assert!(!paths.begins_with(both, field, meter).unwrap());
		assert!(!paths.begins_with(local, both, meter).unwrap());
	}
}
