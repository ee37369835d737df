//! A new version of a module breaks neither those who use the old one nor what is stored.
//!
//! Structs stay, with their fields, the order of their variants, and no fewer abilities; enums may
//! gain variants behind the others. Functions that others can call stay, with their types, as do
//! friends. Whatever the new version asks of type arguments, the old one did. It may add anything.

use alloc::collections::{BTreeMap, BTreeSet};

use move_vm_binary_format::{
	module::{
		FieldDefinition, FunctionDefinition, FunctionHandle, StructDefinition,
		StructFieldInformation, StructHandle, Visibility,
	},
	CompiledModule,
};
use move_vm_types::{Identifier, ModuleId, StatusCode, VmError, VmResult};

use crate::{
	meter::Meter,
	same_type::{same_type, same_types},
};

/// Units of entering a definition into a map by names, and of looking it up.
const UNITS_PER_DEFINITION: usize = 16;

/// Checks that `new` can take the place of `old`; both are verified.
///
/// # Errors
/// `BACKWARD_INCOMPATIBLE_MODULE_UPDATE`, without a location, as in the reference implementations;
/// `PROGRAM_TOO_COMPLEX`.
pub fn check_upgrade(
	old: &CompiledModule,
	new: &CompiledModule,
	meter: &mut Meter,
) -> VmResult<()> {
	let upgrade = Upgrade { old, new };
	if old.self_id()? != new.self_id()? {
		return Err(incompatible("another module"));
	}
	upgrade.structs(meter)?;
	upgrade.functions(meter)?;
	upgrade.friends(meter)
}

fn incompatible(why: &'static str) -> VmError {
	VmError::new(StatusCode::BACKWARD_INCOMPATIBLE_MODULE_UPDATE).with_message(why)
}

struct Upgrade<'a> {
	old: &'a CompiledModule,
	new: &'a CompiledModule,
}

impl Upgrade<'_> {
	fn structs(&self, meter: &mut Meter) -> VmResult<()> {
		let (old, new) = (&self.old.pools, &self.new.pools);
		meter.charge_product(self.new.struct_defs.len(), UNITS_PER_DEFINITION)?;
		let mut by_name = BTreeMap::new();
		for def in &self.new.struct_defs {
			let handle = new.struct_handle(def.struct_handle)?;
			by_name.insert(new.identifier(handle.name)?, (handle, def));
		}
		for def in &self.old.struct_defs {
			meter.charge_product(1, UNITS_PER_DEFINITION)?;
			let handle = old.struct_handle(def.struct_handle)?;
			let (new_handle, new_def) = by_name
				.get(old.identifier(handle.name)?)
				.ok_or_else(|| incompatible("a struct is gone"))?;
			if !handle.abilities.is_subset(new_handle.abilities) {
				return Err(incompatible("an ability of a struct is gone"));
			}
			if !struct_type_parameters_compatible(handle, new_handle) {
				return Err(incompatible("a struct's type parameters changed"));
			}
			self.check_layout(def, new_def, meter)?;
		}
		Ok(())
	}

	fn check_layout(
		&self,
		old: &StructDefinition,
		new: &StructDefinition,
		meter: &mut Meter,
	) -> VmResult<()> {
		use StructFieldInformation as Fields;
		let is_same = match (&old.field_information, &new.field_information) {
			(Fields::Native, Fields::Native) => true,
			(Fields::Declared(old), Fields::Declared(new)) => self.same_fields(old, new, meter)?,
			(Fields::DeclaredVariants(old), Fields::DeclaredVariants(new)) => {
				let mut is_same = old.len() <= new.len();
				for (old, new) in old.iter().zip(new) {
					is_same = is_same
						&& self.old.pools.identifier(old.name)?
							== self.new.pools.identifier(new.name)?
						&& self.same_fields(&old.fields, &new.fields, meter)?;
				}
				is_same
			}
			_ => false,
		};
		if is_same {
			Ok(())
		} else {
			Err(incompatible("a struct's layout changed"))
		}
	}

	/// Whether fields have the same names and types. The machine does not need the names, but
	/// clients do.
	fn same_fields(
		&self,
		old: &[FieldDefinition],
		new: &[FieldDefinition],
		meter: &mut Meter,
	) -> VmResult<bool> {
		let (old_pools, new_pools) = (&self.old.pools, &self.new.pools);
		if old.len() != new.len() {
			return Ok(false);
		}
		for (old, new) in old.iter().zip(new) {
			if old_pools.identifier(old.name)? != new_pools.identifier(new.name)?
				|| !same_type(old_pools, &old.type_, new_pools, &new.type_, meter)?
			{
				return Ok(false);
			}
		}
		Ok(true)
	}

	fn functions(&self, meter: &mut Meter) -> VmResult<()> {
		let (old, new) = (&self.old.pools, &self.new.pools);
		meter.charge_product(self.new.function_defs.len(), UNITS_PER_DEFINITION)?;
		let mut by_name: BTreeMap<&Identifier, (&FunctionHandle, &FunctionDefinition)> =
			BTreeMap::new();
		for def in &self.new.function_defs {
			let handle = new.function_handle(def.function)?;
			by_name.insert(new.identifier(handle.name)?, (handle, def));
		}
		for def in &self.old.function_defs {
			meter.charge_product(1, UNITS_PER_DEFINITION)?;
			if def.visibility == Visibility::Private && !def.is_entry {
				continue;
			}
			let handle = old.function_handle(def.function)?;
			let (new_handle, new_def) = by_name
				.get(old.identifier(handle.name)?)
				.ok_or_else(|| incompatible("a function is gone"))?;
			if !visibility_compatible(def.visibility, new_def.visibility) {
				return Err(incompatible("a function is less visible"));
			}
			if def.is_entry && !new_def.is_entry {
				return Err(incompatible("a function is no longer an entry"));
			}
			self.check_function_type(handle, new_handle, meter)?;
		}
		Ok(())
	}

	fn check_function_type(
		&self,
		old: &FunctionHandle,
		new: &FunctionHandle,
		meter: &mut Meter,
	) -> VmResult<()> {
		let (old_pools, new_pools) = (&self.old.pools, &self.new.pools);
		for (old, new) in [(old.parameters, new.parameters), (old.returns, new.returns)] {
			let (old, new) = (old_pools.signature(old)?, new_pools.signature(new)?);
			if !same_types(old_pools, &old.0, new_pools, &new.0, meter)? {
				return Err(incompatible("a function's type changed"));
			}
		}
		let (old, new) = (&old.type_parameters, &new.type_parameters);
		if old.len() != new.len() || old.iter().zip(new).any(|(old, new)| !new.is_subset(*old)) {
			return Err(incompatible("a function's type parameters changed"));
		}
		Ok(())
	}

	fn friends(&self, meter: &mut Meter) -> VmResult<()> {
		let mut friends_of = |module: &CompiledModule| -> VmResult<BTreeSet<ModuleId>> {
			let friends = &module.friend_declarations;
			meter.charge_product(friends.len(), UNITS_PER_DEFINITION)?;
			friends
				.iter()
				.map(|friend| module.pools.module_id(friend))
				.collect()
		};
		if friends_of(self.old)?.is_subset(&friends_of(self.new)?) {
			Ok(())
		} else {
			Err(incompatible("a friend is gone"))
		}
	}
}

fn visibility_compatible(old: Visibility, new: Visibility) -> bool {
	match old {
		Visibility::Public => new == Visibility::Public,
		Visibility::Friend => new != Visibility::Private,
		Visibility::Private => true,
	}
}

/// A phantom may be added, since that gives instances more abilities, and a constraint dropped.
fn struct_type_parameters_compatible(old: &StructHandle, new: &StructHandle) -> bool {
	let (old, new) = (&old.type_parameters, &new.type_parameters);
	old.len() == new.len()
		&& old.iter().zip(new).all(|(old, new)| {
			(!old.is_phantom || new.is_phantom) && new.constraints.is_subset(old.constraints)
		})
}
