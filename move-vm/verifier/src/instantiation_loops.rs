//! Generic functions need finitely many instances.
//!
//! Each type parameter of a function is a node. A call draws an edge from each type parameter of
//! the caller that occurs in a type argument to the parameter that the argument is for. The edge
//! *grows* if the argument is more than the bare type parameter: `f<T>` calls `g<vector<T>>`. Along
//! a cycle with an edge that grows, types grow without end; such a module is refused, even if the
//! recursion would end. Calls of other modules cannot come back, since modules depend on each other
//! without cycles.

use alloc::{
	collections::{BTreeMap, BTreeSet},
	vec::Vec,
};

use move_vm_binary_format::{
	index::{FunctionHandleIndex, FunctionInstantiationIndex},
	Bytecode, CompiledModule, SignatureToken,
};
use move_vm_types::{StatusCode, VmError, VmResult};

use crate::{
	graph::{components, Edges},
	meter::Meter,
};

/// Looks for a cycle of generic calls on which types grow.
///
/// # Errors
/// `LOOP_IN_INSTANTIATION_GRAPH`.
pub fn verify(module: &CompiledModule, meter: &mut Meter) -> VmResult<()> {
	let mut graph = CallGraph::new(module, meter)?;
	for def in &module.function_defs {
		let Some(unit) = &def.code else {
			continue;
		};
		meter.charge_count(unit.code.len())?;
		let called: BTreeSet<_> = unit
			.code
			.iter()
			.filter_map(|instruction| match instruction {
				Bytecode::CallGeneric(index) => Some(*index),
				_ => None,
			})
			.collect();
		for index in called {
			graph.add_call(module, def.function, index, meter)?;
		}
	}
	graph.check(meter)
}

struct CallGraph {
	/// The first node of each function that the module defines; its type parameters are nodes in a
	/// row.
	first_node: BTreeMap<FunctionHandleIndex, u32>,
	nodes: u32,
	edges: Edges,
	/// Those of the edges that grow.
	growing: Vec<(u32, u32)>,
}

impl CallGraph {
	fn new(module: &CompiledModule, meter: &mut Meter) -> VmResult<Self> {
		meter.charge_count(module.function_defs.len())?;
		let mut first_node = BTreeMap::new();
		let mut nodes = 0u32;
		for def in &module.function_defs {
			first_node.insert(def.function, nodes);
			let parameters = module
				.pools
				.function_handle(def.function)?
				.type_parameters
				.len();
			nodes = nodes.saturating_add(u32::try_from(parameters).unwrap_or(u32::MAX));
		}
		Ok(Self {
			first_node,
			nodes,
			edges: Edges::default(),
			growing: Vec::new(),
		})
	}

	fn add_call(
		&mut self,
		module: &CompiledModule,
		caller: FunctionHandleIndex,
		callee: FunctionInstantiationIndex,
		meter: &mut Meter,
	) -> VmResult<()> {
		let callee = module.pools.function_instantiation(callee)?;
		let (Some(from), Some(to)) = (
			self.first_node.get(&caller).copied(),
			self.first_node.get(&callee.handle).copied(),
		) else {
			return Ok(());
		};
		let arguments = &module.pools.signature(callee.type_arguments)?.0;
		for (argument, place) in arguments.iter().zip(0u32..) {
			let to = to.saturating_add(place);
			if let SignatureToken::TypeParameter(index) = argument {
				self.edges
					.add(from.saturating_add(u32::from(*index)), to, meter)?;
				continue;
			}
			for token in argument.preorder() {
				meter.charge(1)?;
				if let SignatureToken::TypeParameter(index) = token {
					let from = from.saturating_add(u32::from(*index));
					self.edges.add(from, to, meter)?;
					self.growing.push((from, to));
				}
			}
		}
		Ok(())
	}

	fn check(&self, meter: &mut Meter) -> VmResult<()> {
		let components = components(self.nodes, &self.edges, meter)?;
		let component = |node: u32| components.get(node as usize);
		let is_in_cycle = |(from, to): &(u32, u32)| component(*from) == component(*to);
		if self.growing.iter().any(is_in_cycle) {
			return Err(VmError::new(StatusCode::LOOP_IN_INSTANTIATION_GRAPH));
		}
		Ok(())
	}
}
