//! No struct contains itself, so that every value has a finite size.
//!
//! Modules depend on each other without cycles, so that it is enough to look at the structs of one
//! module: a cycle through two modules would be a cycle of dependencies.

use alloc::collections::BTreeMap;

use move_vm_binary_format::{CompiledModule, SignatureToken};
use move_vm_types::{IndexKind, StatusCode, VmError, VmResult};

use crate::{
	graph::{components, Edges},
	meter::Meter,
	table_index,
};

/// Looks for a struct that contains itself, through fields, vectors or type arguments.
///
/// # Errors
/// `RECURSIVE_STRUCT_DEFINITION` at the first struct on a cycle.
pub fn verify(module: &CompiledModule, meter: &mut Meter) -> VmResult<()> {
	let defs = &module.struct_defs;
	meter.charge_count(defs.len())?;
	let def_of: BTreeMap<_, u32> = defs.iter().map(|def| def.struct_handle).zip(0..).collect();

	let mut edges = Edges::default();
	for (def, from) in defs.iter().zip(0..) {
		for token in def.all_fields().flat_map(|field| field.type_.preorder()) {
			meter.charge(1)?;
			let (SignatureToken::Struct(handle) | SignatureToken::StructInstantiation(handle, _)) =
				token
			else {
				continue;
			};
			if let Some(to) = def_of.get(handle) {
				edges.add(from, *to, meter)?;
			}
		}
	}
	let nodes = u32::try_from(defs.len()).unwrap_or(u32::MAX);
	let components = components(nodes, &edges, meter)?;
	let on_cycle = edges
		.iter()
		.filter(|(from, to)| components.get(*from as usize) == components.get(*to as usize))
		.map(|(from, _)| from)
		.min();
	match on_cycle {
		Some(def) => Err(VmError::new(StatusCode::RECURSIVE_STRUCT_DEFINITION)
			.at_index(IndexKind::StructDefinition, table_index(def as usize))),
		None => Ok(()),
	}
}
