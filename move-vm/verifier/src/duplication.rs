//! Tables name things once, and the module defines exactly what it says is its own.
//!
//! After this pass two indices into a table are equal if and only if they name the same thing, and
//! each handle of the module itself has one definition.

use alloc::{collections::BTreeSet, vec::Vec};

use move_vm_binary_format::{
	module::{FieldDefinition, ModuleHandle, StructFieldInformation},
	Binary, CompiledModule, Pools,
};
use move_vm_types::{IndexKind, StatusCode, VmError, VmResult};

use crate::{meter::Meter, table_index};

/// Looks for double entries in a module or script, and for handles and definitions that do not
/// match in a module.
///
/// # Errors
/// `DUPLICATE_ELEMENT`, `DUPLICATE_ACQUIRES_ANNOTATION`, `INVALID_MODULE_HANDLE` (a definition of
/// something foreign), `UNIMPLEMENTED_HANDLE` (an own handle without definition),
/// `ZERO_SIZED_STRUCT` (a struct without fields), each at the element at fault.
pub fn verify(binary: Binary, meter: &mut Meter) -> VmResult<()> {
	match binary {
		Binary::Module(module) => {
			common(&module.pools, &module.friend_declarations, meter)?;
			members(module, meter)?;
			function_definitions(module, meter)?;
			struct_definitions(module, meter)?;
			let instantiations = &module.struct_def_instantiations;
			distinct(
				meter,
				IndexKind::StructDefInstantiation,
				instantiations,
				|x| (x.def, x.type_arguments),
			)
		}
		Binary::Script(script) => common(&script.pools, &[], meter),
	}
}

fn common(pools: &Pools, friends: &[ModuleHandle], meter: &mut Meter) -> VmResult<()> {
	let size = |bytes: usize| bytes.saturating_div(16);
	distinct_by_size(
		meter,
		IndexKind::Identifier,
		&pools.identifiers,
		|x| size(x.len()),
		|x| x,
	)?;
	distinct(
		meter,
		IndexKind::AddressIdentifier,
		&pools.address_identifiers,
		|x| x,
	)?;
	distinct_by_size(
		meter,
		IndexKind::ConstantPool,
		&pools.constants,
		|x| size(x.data.len()),
		|x| (&x.data, &x.type_),
	)?;
	distinct_by_size(
		meter,
		IndexKind::Signature,
		&pools.signatures,
		|x| x.0.iter().map(|token| token.preorder().count()).sum(),
		|x| x,
	)?;
	distinct(meter, IndexKind::ModuleHandle, &pools.module_handles, |x| {
		(x.address, x.name)
	})?;
	distinct(meter, IndexKind::ModuleHandle, friends, |x| {
		(x.address, x.name)
	})?;
	distinct(meter, IndexKind::StructHandle, &pools.struct_handles, |x| {
		(x.module, x.name)
	})?;
	distinct(
		meter,
		IndexKind::FunctionHandle,
		&pools.function_handles,
		|x| (x.module, x.name),
	)?;
	let instantiations = &pools.function_instantiations;
	distinct(
		meter,
		IndexKind::FunctionInstantiation,
		instantiations,
		|x| (x.handle, x.type_arguments),
	)
}

/// Handles of fields and variants, and their instantiations.
fn members(module: &CompiledModule, meter: &mut Meter) -> VmResult<()> {
	distinct(meter, IndexKind::FieldHandle, &module.field_handles, |x| {
		(x.owner, x.field)
	})?;
	let instantiations = &module.field_instantiations;
	distinct(meter, IndexKind::FieldInstantiation, instantiations, |x| {
		(x.handle, x.type_arguments)
	})?;
	distinct_by_size(
		meter,
		IndexKind::VariantFieldHandle,
		&module.variant_field_handles,
		|x| x.variants.len(),
		|x| (x.owner, &x.variants, x.field),
	)?;
	let instantiations = &module.variant_field_instantiations;
	distinct(
		meter,
		IndexKind::VariantFieldInstantiation,
		instantiations,
		|x| (x.handle, x.type_arguments),
	)?;
	let handles = &module.struct_variant_handles;
	distinct(meter, IndexKind::StructVariantHandle, handles, |x| {
		(x.owner, x.variant)
	})?;
	let instantiations = &module.struct_variant_instantiations;
	distinct(
		meter,
		IndexKind::StructVariantInstantiation,
		instantiations,
		|x| (x.handle, x.type_arguments),
	)
}

fn function_definitions(module: &CompiledModule, meter: &mut Meter) -> VmResult<()> {
	let kind = IndexKind::FunctionDefinition;
	let defs = &module.function_defs;
	distinct(meter, kind, defs, |x| x.function)?;
	for (place, def) in defs.iter().enumerate() {
		charge_sorting(meter, def.acquires.len(), def.acquires.len())?;
		if first_duplicate(&def.acquires, |x| x).is_some() {
			return Err(VmError::new(StatusCode::DUPLICATE_ACQUIRES_ANNOTATION)
				.at_index(kind, table_index(place)));
		}
	}
	for (place, def) in defs.iter().enumerate() {
		if module.pools.function_handle(def.function)?.module != module.self_module_handle {
			return Err(
				VmError::new(StatusCode::INVALID_MODULE_HANDLE).at_index(kind, table_index(place))
			);
		}
	}
	let handles = &module.pools.function_handles;
	implemented(
		meter,
		IndexKind::FunctionHandle,
		handles
			.iter()
			.map(|x| x.module == module.self_module_handle),
		defs.iter().map(|x| x.function.0),
	)
}

fn struct_definitions(module: &CompiledModule, meter: &mut Meter) -> VmResult<()> {
	let kind = IndexKind::StructDefinition;
	let defs = &module.struct_defs;
	distinct(meter, kind, defs, |x| x.struct_handle)?;
	for (place, def) in defs.iter().enumerate() {
		match &def.field_information {
			StructFieldInformation::Native => {}
			StructFieldInformation::Declared(fields) if fields.is_empty() => {
				return Err(
					VmError::new(StatusCode::ZERO_SIZED_STRUCT).at_index(kind, table_index(place))
				);
			}
			StructFieldInformation::Declared(fields) => distinct_fields(fields, meter)?,
			StructFieldInformation::DeclaredVariants(variants) => {
				distinct(meter, IndexKind::VariantDefinition, variants, |x| x.name)?;
				// Unlike a struct, a variant may have no fields.
				for variant in variants {
					distinct_fields(&variant.fields, meter)?;
				}
			}
		}
	}
	for (place, def) in defs.iter().enumerate() {
		if module.pools.struct_handle(def.struct_handle)?.module != module.self_module_handle {
			return Err(
				VmError::new(StatusCode::INVALID_MODULE_HANDLE).at_index(kind, table_index(place))
			);
		}
	}
	let handles = &module.pools.struct_handles;
	implemented(
		meter,
		IndexKind::StructHandle,
		handles
			.iter()
			.map(|x| x.module == module.self_module_handle),
		defs.iter().map(|x| x.struct_handle.0),
	)
}

fn distinct_fields(fields: &[FieldDefinition], meter: &mut Meter) -> VmResult<()> {
	distinct(meter, IndexKind::FieldDefinition, fields, |x| x.name)
}

/// Fails at the first handle that is the module's own and not among the defined ones.
fn implemented(
	meter: &mut Meter,
	kind: IndexKind,
	own: impl ExactSizeIterator<Item = bool>,
	defined: impl Iterator<Item = u16>,
) -> VmResult<()> {
	meter.charge_count(own.len())?;
	let mut defined: Vec<u16> = defined.collect();
	charge_sorting(meter, defined.len(), defined.len())?;
	defined.sort_unstable();
	for (place, is_own) in own.enumerate() {
		let place = table_index(place);
		if is_own && defined.binary_search(&place).is_err() {
			return Err(VmError::new(StatusCode::UNIMPLEMENTED_HANDLE).at_index(kind, place));
		}
	}
	Ok(())
}

/// Fails if two elements of `table` have the same key, which takes a step to compare.
fn distinct<'a, T, K: Ord>(
	meter: &mut Meter,
	kind: IndexKind,
	table: &'a [T],
	key: impl Fn(&'a T) -> K,
) -> VmResult<()> {
	distinct_by_size(meter, kind, table, |_| 0, key)
}

/// The same for keys that take `size` further steps to compare.
fn distinct_by_size<'a, T, K: Ord>(
	meter: &mut Meter,
	kind: IndexKind,
	table: &'a [T],
	size: impl Fn(&'a T) -> usize,
	key: impl Fn(&'a T) -> K,
) -> VmResult<()> {
	let steps = table
		.iter()
		.fold(table.len(), |sum, item| sum.saturating_add(size(item)));
	charge_sorting(meter, table.len(), steps)?;
	match first_duplicate(table, key) {
		Some(place) => Err(VmError::new(StatusCode::DUPLICATE_ELEMENT).at_index(kind, place)),
		None => Ok(()),
	}
}

/// Charges for sorting `count` elements if comparing each once takes `steps`: each is compared with
/// about as many others as `count` has binary digits.
fn charge_sorting(meter: &mut Meter, count: usize, steps: usize) -> VmResult<()> {
	let digits = usize::BITS.saturating_sub(count.leading_zeros());
	meter.charge_product(steps, usize::try_from(digits).unwrap_or(usize::MAX))
}

/// The place of the first element whose key occurred before.
fn first_duplicate<'a, T, K: Ord>(table: &'a [T], key: impl Fn(&'a T) -> K) -> Option<u16> {
	let mut seen = BTreeSet::new();
	let place = table.iter().position(|item| !seen.insert(key(item)))?;
	Some(table_index(place))
}
