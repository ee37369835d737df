//! What reference safety knows at a point of the code.
//!
//! At the entry of a block the references are those in locals, each named by its local; inside of a
//! block new ones get numbers beyond. So an entry state is the set of locals that hold a reference,
//! and the borrow graph. Whether a local's reference is mutable is a matter of the local's type.

use alloc::vec::Vec;

use move_vm_binary_format::index::{LocalIndex, MemberCount, StructDefinitionIndex};
use move_vm_types::{VmError, VmResult};

use super::{
	graph::{BorrowGraph, Ref},
	path::{Label, PathId, Paths},
};
use crate::{locals_safety::LocalSet, meter::Meter, type_safety::types::Kind};

/// A value on the stack or in a local: the reference that it is, or `None` for anything else.
pub type AbstractValue = Option<Ref>;

/// What is known at the entry of a block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntryState {
	/// Locals that hold a reference.
	pub references: LocalSet,
	/// What borrows from what.
	pub graph: BorrowGraph,
}

/// What is known inside of a block.
#[derive(Clone, Debug)]
pub struct State {
	/// The reference in each local.
	locals: Vec<AbstractValue>,
	/// Whether each reference is mutable, by its number: those of locals first, then the root.
	mutable: Vec<bool>,
	graph: BorrowGraph,
	paths: Paths,
}

impl State {
	/// The state of a function with locals of these kinds.
	pub fn new(kinds: impl Iterator<Item = Kind>) -> Self {
		let mut mutable: Vec<bool> = kinds.map(|kind| kind == Kind::MutableReference).collect();
		let locals = alloc::vec![None; mutable.len()];
		// The root: all is reached through it, so it counts as mutable.
		mutable.push(true);
		Self {
			locals,
			mutable,
			graph: BorrowGraph::default(),
			paths: Paths::default(),
		}
	}

	fn root(&self) -> Ref {
		Ref::try_from(self.locals.len()).unwrap_or(Ref::MAX)
	}

	/// Whether a reference is mutable.
	pub fn is_mutable(&self, id: Ref) -> bool {
		usize::try_from(id)
			.ok()
			.and_then(|id| self.mutable.get(id))
			.copied()
			.unwrap_or(false)
	}

	fn local(&mut self, local: LocalIndex) -> VmResult<&mut AbstractValue> {
		self.locals
			.get_mut(usize::from(local))
			.ok_or_else(|| VmError::invariant("no such local"))
	}

	/// The value of a local.
	///
	/// # Errors
	/// An invariant violation if there is no such local.
	pub fn value_of(&mut self, local: LocalIndex) -> VmResult<AbstractValue> {
		self.local(local).copied()
	}

	/// Puts a value into a local and returns the one that was there.
	///
	/// # Errors
	/// An invariant violation if there is no such local.
	pub fn replace(&mut self, local: LocalIndex, value: AbstractValue) -> VmResult<AbstractValue> {
		Ok(core::mem::replace(self.local(local)?, value))
	}

	// What is borrowed.

	/// Whether anything borrows from all of `id`.
	pub fn has_full_borrows(&self, id: Ref, meter: &mut Meter) -> VmResult<bool> {
		self.graph
			.any_borrow(id, &self.paths, meter, |borrow| borrow.label.is_none())
	}

	/// Whether anything borrows from `id`: from the part with this label, or from any part.
	fn has_borrows(&self, id: Ref, label: Option<Label>, meter: &mut Meter) -> VmResult<bool> {
		self.graph.any_borrow(id, &self.paths, meter, |borrow| {
			borrow.label.is_none() || label.is_none() || borrow.label == label
		})
	}

	/// The same for mutable borrows alone.
	fn has_mutable_borrows(
		&self,
		id: Ref,
		label: Option<Label>,
		meter: &mut Meter,
	) -> VmResult<bool> {
		self.graph.any_borrow(id, &self.paths, meter, |borrow| {
			self.is_mutable(borrow.child)
				&& (borrow.label.is_none() || label.is_none() || borrow.label == label)
		})
	}

	/// Whether what a mutable reference refers to may be written: nothing borrows from it.
	pub fn is_writable(&self, id: Ref, meter: &mut Meter) -> VmResult<bool> {
		if !self.is_mutable(id) {
			return Err(VmError::invariant("write through an immutable reference"));
		}
		Ok(!self.has_borrows(id, None, meter)?)
	}

	/// Whether nothing mutable borrows from a mutable reference: from a field, or from any part.
	pub fn is_freezable(
		&self,
		id: Ref,
		field: Option<MemberCount>,
		meter: &mut Meter,
	) -> VmResult<bool> {
		Ok(!self.has_mutable_borrows(id, field.map(Label::Field), meter)?)
	}

	/// Whether what a reference refers to may be read, at a field or as a whole.
	pub fn is_readable(
		&self,
		id: Ref,
		field: Option<MemberCount>,
		meter: &mut Meter,
	) -> VmResult<bool> {
		Ok(!self.is_mutable(id) || self.is_freezable(id, field, meter)?)
	}

	/// Whether anything borrows from a local.
	pub fn is_local_borrowed(&self, local: LocalIndex, meter: &mut Meter) -> VmResult<bool> {
		self.has_borrows(self.root(), Some(Label::Local(local)), meter)
	}

	/// Whether anything mutable borrows from a local.
	pub fn is_local_mutably_borrowed(
		&self,
		local: LocalIndex,
		meter: &mut Meter,
	) -> VmResult<bool> {
		self.has_mutable_borrows(self.root(), Some(Label::Local(local)), meter)
	}

	/// Whether anything borrows from resources of a struct.
	pub fn is_global_borrowed(
		&self,
		resource: StructDefinitionIndex,
		meter: &mut Meter,
	) -> VmResult<bool> {
		self.has_borrows(self.root(), Some(Label::Global(resource)), meter)
	}

	/// Whether anything mutable borrows from resources of a struct.
	pub fn is_global_mutably_borrowed(
		&self,
		resource: StructDefinitionIndex,
		meter: &mut Meter,
	) -> VmResult<bool> {
		self.has_mutable_borrows(self.root(), Some(Label::Global(resource)), meter)
	}

	/// Whether anything borrows from a local or a resource.
	pub fn is_frame_borrowed(&self, meter: &mut Meter) -> VmResult<bool> {
		self.has_borrows(self.root(), None, meter)
	}

	// New references, and their end.

	/// A new reference that borrows from nothing.
	pub fn add(&mut self, is_mutable: bool) -> VmResult<Ref> {
		let id = Ref::try_from(self.mutable.len())
			.map_err(|_| VmError::invariant("more references than numbers"))?;
		self.mutable.push(is_mutable);
		Ok(id)
	}

	/// A new reference to what `parent` refers to.
	pub fn add_copy(&mut self, parent: Ref, is_mutable: bool, meter: &mut Meter) -> VmResult<Ref> {
		self.add_exactly(parent, PathId::EMPTY, is_mutable, meter)
	}

	/// A new reference to a field of what `parent` refers to.
	pub fn add_field(
		&mut self,
		parent: Ref,
		field: MemberCount,
		is_mutable: bool,
		meter: &mut Meter,
	) -> VmResult<Ref> {
		let path = self
			.paths
			.extend(PathId::EMPTY, Label::Field(field), meter)?;
		self.add_exactly(parent, path, is_mutable, meter)
	}

	/// A new reference to a local.
	pub fn add_local(
		&mut self,
		local: LocalIndex,
		is_mutable: bool,
		meter: &mut Meter,
	) -> VmResult<Ref> {
		let path = self
			.paths
			.extend(PathId::EMPTY, Label::Local(local), meter)?;
		self.add_exactly(self.root(), path, is_mutable, meter)
	}

	/// A new reference to some resource of a struct.
	pub fn add_global(
		&mut self,
		resource: StructDefinitionIndex,
		is_mutable: bool,
		meter: &mut Meter,
	) -> VmResult<Ref> {
		let path = self
			.paths
			.extend(PathId::EMPTY, Label::Global(resource), meter)?;
		let id = self.add(is_mutable)?;
		self.graph.borrow_within(self.root(), path, id, meter)?;
		Ok(id)
	}

	/// Lets the new reference `child` borrow from any part of what `parent` refers to.
	pub fn borrow_within(&mut self, parent: Ref, child: Ref, meter: &mut Meter) -> VmResult<()> {
		self.graph
			.borrow_within(parent, PathId::EMPTY, child, meter)
	}

	fn add_exactly(
		&mut self,
		parent: Ref,
		path: PathId,
		is_mutable: bool,
		meter: &mut Meter,
	) -> VmResult<Ref> {
		let id = self.add(is_mutable)?;
		self.graph
			.borrow_exactly(parent, path, id, &mut self.paths, meter)?;
		Ok(id)
	}

	/// Ends a reference.
	pub fn release(&mut self, id: Ref, meter: &mut Meter) -> VmResult<()> {
		self.graph.release(id, &mut self.paths, meter)
	}

	/// Ends the references in all locals.
	pub fn release_locals(&mut self, meter: &mut Meter) -> VmResult<()> {
		meter.charge_count(self.locals.len())?;
		let mut held: Vec<Ref> = self.locals.iter_mut().filter_map(Option::take).collect();
		held.sort_unstable();
		held.into_iter().try_for_each(|id| self.release(id, meter))
	}

	// Borders of blocks.

	/// Begins a block.
	pub fn enter(&mut self, entry: &EntryState, meter: &mut Meter) -> VmResult<()> {
		meter.charge_count(self.locals.len())?;
		self.mutable.truncate(self.locals.len().saturating_add(1));
		for (local, value) in (0..=LocalIndex::MAX).zip(&mut self.locals) {
			*value = entry.references.contains(local).then_some(Ref::from(local));
		}
		self.graph.copy_from(&entry.graph, meter)
	}

	/// Ends a block: names each reference by its local.
	///
	/// # Errors
	/// An invariant violation if a reference is left that no local holds.
	pub fn leave(&mut self, meter: &mut Meter) -> VmResult<()> {
		meter.charge_count(self.mutable.len())?;
		let root = self.root();
		let mut names: Vec<AbstractValue> = alloc::vec![None; self.mutable.len()];
		let place = |id: Ref| usize::try_from(id).unwrap_or(usize::MAX);
		if let Some(name) = names.get_mut(place(root)) {
			*name = Some(root);
		}
		for (local, value) in (0..=LocalIndex::MAX).zip(&mut self.locals) {
			if let Some(id) = value {
				if let Some(name) = names.get_mut(place(*id)) {
					*name = Some(Ref::from(local));
				}
				*id = Ref::from(local);
			}
		}
		self.graph.normalise(meter, |id| {
			names
				.get(place(id))
				.copied()
				.flatten()
				.ok_or_else(|| VmError::invariant("reference outside of locals"))
		})
	}

	/// The state as an entry state, after [`State::leave`].
	pub fn snapshot(&self, meter: &mut Meter) -> VmResult<EntryState> {
		meter.charge_count(self.locals.len())?;
		Ok(EntryState {
			references: self.references(),
			graph: self.graph.snapshot(meter)?,
		})
	}

	fn references(&self) -> LocalSet {
		let mut references = LocalSet::default();
		for (local, value) in (0..=LocalIndex::MAX).zip(&self.locals) {
			if value.is_some() {
				references.insert(local);
			}
		}
		references
	}

	/// Joins the state, after [`State::leave`], into `entry`. A local holds a reference if it does
	/// on both ways. True if that changed `entry`.
	pub fn join_into(&mut self, entry: &mut EntryState, meter: &mut Meter) -> VmResult<bool> {
		meter.charge_count(self.locals.len())?;
		let own = self.references();
		if own == entry.references {
			return entry.graph.join(&self.graph, &self.paths, meter);
		}
		let both = own.intersection(&entry.references);
		let mut graph = self.graph.snapshot(meter)?;
		for local in (0..=LocalIndex::MAX).take(self.locals.len()) {
			if both.contains(local) {
				continue;
			}
			let id = Ref::from(local);
			if own.contains(local) {
				graph.release(id, &mut self.paths, meter)?;
			} else if entry.references.contains(local) {
				entry.graph.release(id, &mut self.paths, meter)?;
			}
		}
		graph.normalise(meter, Ok)?;
		entry.graph.normalise(meter, Ok)?;
		let has_edges = entry.graph.join(&graph, &self.paths, meter)?;
		let has_locals = both != entry.references;
		entry.references = both;
		Ok(has_edges || has_locals)
	}
}
