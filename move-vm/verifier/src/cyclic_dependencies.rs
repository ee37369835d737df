//! Modules depend on each other without cycles, befriend each other without cycles, and do not
//! befriend what they depend on; chains of dependencies have a bounded length.
//!
//! The modules that are stored already have these properties; here a new one is added to them, so
//! that only cycles through it need be looked for.

use alloc::{
	collections::{btree_map::Entry, BTreeMap},
	vec,
	vec::Vec,
};

use move_vm_binary_format::CompiledModule;
use move_vm_types::{ModuleId, StatusCode, VerifierLimits, VmError, VmResult};

use crate::meter::Meter;

/// Units for a module that is looked up, beside what the caller of the pass asks for reading it.
const UNITS_PER_LOOKUP: u64 = 16;

/// Looks for cycles through `module`.
///
/// `dependencies` and `friends` give what a module that is not this one depends on and befriends;
/// each is asked at most once about each module.
///
/// # Errors
/// `CYCLIC_MODULE_DEPENDENCY`, `MAX_DEPENDENCY_DEPTH_REACHED`, `CYCLIC_MODULE_FRIENDSHIP`,
/// `INVALID_FRIEND_DECL_WITH_MODULES_IN_DEPENDENCIES`, and what the two functions answer.
pub fn verify<D, F>(
	module: &CompiledModule,
	limits: &VerifierLimits,
	meter: &mut Meter,
	dependencies: D,
	friends: F,
) -> VmResult<()>
where
	D: FnMut(&ModuleId) -> VmResult<Vec<ModuleId>>,
	F: FnMut(&ModuleId) -> VmResult<Vec<ModuleId>>,
{
	let own = module.self_id()?;
	verify_from(&own, module, limits, meter, dependencies, friends).map_err(|e| e.in_module(&own))
}

fn verify_from<D, F>(
	own: &ModuleId,
	module: &CompiledModule,
	limits: &VerifierLimits,
	meter: &mut Meter,
	dependencies: D,
	friends: F,
) -> VmResult<()>
where
	D: FnMut(&ModuleId) -> VmResult<Vec<ModuleId>>,
	F: FnMut(&ModuleId) -> VmResult<Vec<ModuleId>>,
{
	let all_dependencies = Reach {
		target: own,
		on_cycle: StatusCode::CYCLIC_MODULE_DEPENDENCY,
		max_depth: Some(limits.dependency_depth),
		next: dependencies,
		depths: BTreeMap::new(),
	}
	.follow(module.dependencies()?, meter)?;

	let immediate_friends = module
		.friend_declarations
		.iter()
		.map(|handle| module.pools.module_id(handle))
		.collect::<VmResult<Vec<_>>>()?;
	let all_friends = Reach {
		target: own,
		on_cycle: StatusCode::CYCLIC_MODULE_FRIENDSHIP,
		max_depth: None,
		next: friends,
		depths: BTreeMap::new(),
	}
	.follow(immediate_friends, meter)?;

	if all_friends
		.keys()
		.any(|friend| all_dependencies.contains_key(friend))
	{
		return Err(VmError::new(
			StatusCode::INVALID_FRIEND_DECL_WITH_MODULES_IN_DEPENDENCIES,
		));
	}
	Ok(())
}

/// A search of what can be reached from a module.
struct Reach<'a, N> {
	/// The module; reaching it again is a cycle.
	target: &'a ModuleId,
	on_cycle: StatusCode,
	/// Bound on the length of a chain.
	max_depth: Option<u16>,
	next: N,
	/// The length of the longest chain from each module reached; `None` while on the path to it.
	depths: BTreeMap<ModuleId, Option<u16>>,
}

/// A module on the current path.
struct Visit {
	/// `None` for the target itself.
	id: Option<ModuleId>,
	/// Its neighbours that are still to be visited.
	pending: Vec<ModuleId>,
	/// The longest chain from it found so far.
	depth: u16,
}

impl<N: FnMut(&ModuleId) -> VmResult<Vec<ModuleId>>> Reach<'_, N> {
	/// All that can be reached through `first`.
	fn follow(
		mut self,
		mut first: Vec<ModuleId>,
		meter: &mut Meter,
	) -> VmResult<BTreeMap<ModuleId, Option<u16>>> {
		first.reverse();
		let mut path = vec![Visit {
			id: None,
			pending: first,
			depth: 0,
		}];
		while let Some(visit) = path.last_mut() {
			let Some(id) = visit.pending.pop() else {
				self.leave(&mut path)?;
				continue;
			};
			meter.charge(UNITS_PER_LOOKUP)?;
			if id == *self.target {
				return Err(VmError::new(self.on_cycle));
			}
			match self.depths.entry(id.clone()) {
				Entry::Occupied(entry) => match *entry.get() {
					Some(depth) => visit.depth = visit.depth.max(depth.saturating_add(1)),
					// A cycle that is none through the new module: stored modules have none.
					None => return Err(VmError::new(self.on_cycle)),
				},
				Entry::Vacant(entry) => {
					entry.insert(None);
					// A path longer than the bound is a chain longer than the bound.
					self.check_depth(path.len())?;
					let mut pending = (self.next)(&id)?;
					pending.reverse();
					path.push(Visit {
						id: Some(id),
						pending,
						depth: 0,
					});
				}
			}
		}
		Ok(self.depths)
	}

	/// Ends the visit of the last module on the path.
	fn leave(&mut self, path: &mut Vec<Visit>) -> VmResult<()> {
		let Some(Visit { id, depth, .. }) = path.pop() else {
			return Ok(());
		};
		self.check_depth(usize::from(depth))?;
		if let Some(id) = id {
			self.depths.insert(id, Some(depth));
		}
		if let Some(parent) = path.last_mut() {
			parent.depth = parent.depth.max(depth.saturating_add(1));
		}
		Ok(())
	}

	fn check_depth(&self, depth: usize) -> VmResult<()> {
		match self.max_depth {
			Some(max) if depth > usize::from(max) => {
				Err(VmError::new(StatusCode::MAX_DEPENDENCY_DEPTH_REACHED))
			}
			_ => Ok(()),
		}
	}
}
