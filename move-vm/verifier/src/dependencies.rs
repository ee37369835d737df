//! What a module or script takes from other modules is there, is visible to it, and is what it
//! believes it to be.
//!
//! A handle may promise less than the definition gives and ask for more than it needs, never the
//! other way round: fewer abilities, stricter constraints, fewer phantoms. So a dependency can be
//! upgraded without breaking those who use it.
//!
//! That script functions be called from script functions only is a rule of versions before 5, which
//! are not read.

use alloc::{collections::BTreeMap, vec::Vec};

use move_vm_binary_format::{
	index::{FunctionHandleIndex, ModuleHandleIndex, StructHandleIndex},
	module::{FunctionHandle, StructHandle, Visibility},
	Binary, CompiledModule, CompiledScript,
};
use move_vm_types::{AbilitySet, Identifier, IndexKind, ModuleId, StatusCode, VmError, VmResult};

use crate::{meter::Meter, same_type::same_types, table_index};

/// Units of entering a definition of a dependency into a map by names.
const UNITS_PER_DEFINITION: usize = 8;

/// Links a verified module against the modules that it depends on directly, all of them verified.
///
/// Of `dependencies` only those that the module names are looked at.
///
/// # Errors
/// In the module: `MISSING_DEPENDENCY` at the module handle; `LOOKUP_FAILED` (not there, or not
/// visible) or `TYPE_MISMATCH` at the struct handle or function handle; `PROGRAM_TOO_COMPLEX`.
pub fn verify_dependencies(
	module: &CompiledModule,
	dependencies: &BTreeMap<ModuleId, &CompiledModule>,
	meter: &mut Meter,
) -> VmResult<()> {
	verify(Binary::Module(module), dependencies, meter)
}

/// The same for a script, which no module has for a friend.
///
/// # Errors
/// As [`verify_dependencies`].
pub fn verify_script_dependencies(
	script: &CompiledScript,
	dependencies: &BTreeMap<ModuleId, &CompiledModule>,
	meter: &mut Meter,
) -> VmResult<()> {
	verify(Binary::Script(script), dependencies, meter)
}

fn verify(
	binary: Binary,
	dependencies: &BTreeMap<ModuleId, &CompiledModule>,
	meter: &mut Meter,
) -> VmResult<()> {
	Imports::new(binary, dependencies, meter)
		.and_then(|imports| {
			imports.structs(meter)?;
			imports.functions(meter)
		})
		.map_err(|e| e.in_location(binary.location()))
}

/// A binary and the modules that it imports.
struct Imports<'a> {
	binary: Binary<'a>,
	/// By module handle; `None` for the module itself.
	exports: Vec<Option<Exports<'a>>>,
}

/// What a module has to offer to a certain other one.
struct Exports<'a> {
	module: &'a CompiledModule,
	structs: BTreeMap<&'a Identifier, StructHandleIndex>,
	functions: BTreeMap<&'a Identifier, FunctionHandleIndex>,
}

impl<'a> Imports<'a> {
	fn new(
		binary: Binary<'a>,
		dependencies: &BTreeMap<ModuleId, &'a CompiledModule>,
		meter: &mut Meter,
	) -> VmResult<Self> {
		let pools = binary.pools();
		let own = match binary {
			Binary::Module(module) => Some(module.self_id()?),
			Binary::Script(_) => None,
		};
		let mut modules = Vec::new();
		for (place, handle) in pools.module_handles.iter().enumerate() {
			meter.charge(UNITS_PER_DEFINITION as u64)?;
			let id = pools.module_id(handle)?;
			if own.as_ref() == Some(&id) {
				modules.push(None);
				continue;
			}
			let module = dependencies.get(&id).ok_or_else(|| {
				VmError::new(StatusCode::MISSING_DEPENDENCY)
					.at_index(IndexKind::ModuleHandle, table_index(place))
			})?;
			modules.push(Some(*module));
		}
		let exports = modules
			.into_iter()
			.map(|module| {
				module
					.map(|x| Exports::new(x, own.as_ref(), meter))
					.transpose()
			})
			.collect::<VmResult<_>>()?;
		Ok(Self { binary, exports })
	}

	fn of(&self, module: ModuleHandleIndex) -> VmResult<Option<&Exports<'a>>> {
		match self.exports.get(module.as_usize()) {
			Some(exports) => Ok(exports.as_ref()),
			None => Err(VmError::new(StatusCode::INDEX_OUT_OF_BOUNDS)
				.at_index(IndexKind::ModuleHandle, module.0)),
		}
	}

	fn structs(&self, meter: &mut Meter) -> VmResult<()> {
		for (place, handle) in self.binary.pools().struct_handles.iter().enumerate() {
			if let Some(exports) = self.of(handle.module)? {
				self.check_struct(handle, exports, meter)
					.map_err(|e| e.at_index(IndexKind::StructHandle, table_index(place)))?;
			}
		}
		Ok(())
	}

	fn check_struct(
		&self,
		handle: &StructHandle,
		exports: &Exports,
		meter: &mut Meter,
	) -> VmResult<()> {
		meter.charge_count(
			handle
				.type_parameters
				.len()
				.saturating_add(UNITS_PER_DEFINITION),
		)?;
		let name = self.binary.pools().identifier(handle.name)?;
		let defined = exports
			.structs
			.get(name)
			.ok_or_else(|| VmError::new(StatusCode::LOOKUP_FAILED))?;
		let defined = exports.module.pools.struct_handle(*defined)?;
		let parameters = handle.type_parameters.iter();
		let is_compatible = handle.abilities.is_subset(defined.abilities)
			&& parameters.len() == defined.type_parameters.len()
			&& parameters
				.zip(&defined.type_parameters)
				.all(|(local, defined)| {
					(!local.is_phantom || defined.is_phantom)
						&& defined.constraints.is_subset(local.constraints)
				});
		if is_compatible {
			Ok(())
		} else {
			Err(VmError::new(StatusCode::TYPE_MISMATCH))
		}
	}

	fn functions(&self, meter: &mut Meter) -> VmResult<()> {
		for (place, handle) in self.binary.pools().function_handles.iter().enumerate() {
			if let Some(exports) = self.of(handle.module)? {
				self.check_function(handle, exports, meter)
					.map_err(|e| e.at_index(IndexKind::FunctionHandle, table_index(place)))?;
			}
		}
		Ok(())
	}

	fn check_function(
		&self,
		handle: &FunctionHandle,
		exports: &Exports,
		meter: &mut Meter,
	) -> VmResult<()> {
		meter.charge_count(
			handle
				.type_parameters
				.len()
				.saturating_add(UNITS_PER_DEFINITION),
		)?;
		let pools = self.binary.pools();
		let defining = &exports.module.pools;
		let defined = exports
			.functions
			.get(pools.identifier(handle.name)?)
			.ok_or_else(|| VmError::new(StatusCode::LOOKUP_FAILED))?;
		let defined = defining.function_handle(*defined)?;
		let mut same = |local, defined| {
			let (local, defined) = (pools.signature(local)?, defining.signature(defined)?);
			same_types(pools, &local.0, defining, &defined.0, meter)
		};
		if constraints_compatible(&handle.type_parameters, &defined.type_parameters)
			&& same(handle.parameters, defined.parameters)?
			&& same(handle.returns, defined.returns)?
		{
			Ok(())
		} else {
			Err(VmError::new(StatusCode::TYPE_MISMATCH))
		}
	}
}

fn constraints_compatible(local: &[AbilitySet], defined: &[AbilitySet]) -> bool {
	local.len() == defined.len()
		&& local
			.iter()
			.zip(defined)
			.all(|(local, defined)| defined.is_subset(*local))
}

impl<'a> Exports<'a> {
	/// What `module` offers to the module `user`, or to a script.
	fn new(
		module: &'a CompiledModule,
		user: Option<&ModuleId>,
		meter: &mut Meter,
	) -> VmResult<Self> {
		let pools = &module.pools;
		meter.charge_product(
			module
				.struct_defs
				.len()
				.saturating_add(module.function_defs.len()),
			UNITS_PER_DEFINITION,
		)?;
		let is_friend = match user {
			Some(user) => is_friend(module, user, meter)?,
			None => false,
		};
		let mut structs = BTreeMap::new();
		for def in &module.struct_defs {
			let name = pools.struct_handle(def.struct_handle)?.name;
			structs.insert(pools.identifier(name)?, def.struct_handle);
		}
		let mut functions = BTreeMap::new();
		for def in &module.function_defs {
			let is_visible = match def.visibility {
				Visibility::Public => true,
				Visibility::Friend => is_friend,
				Visibility::Private => false,
			};
			if is_visible {
				let name = pools.function_handle(def.function)?.name;
				functions.insert(pools.identifier(name)?, def.function);
			}
		}
		Ok(Self {
			module,
			structs,
			functions,
		})
	}
}

/// Whether `module` declares `user` its friend.
fn is_friend(module: &CompiledModule, user: &ModuleId, meter: &mut Meter) -> VmResult<bool> {
	meter.charge_product(module.friend_declarations.len(), UNITS_PER_DEFINITION)?;
	for friend in &module.friend_declarations {
		if *module.pools.address(friend.address)? == user.address
			&& *module.pools.identifier(friend.name)? == user.name
		{
			return Ok(true);
		}
	}
	Ok(false)
}
