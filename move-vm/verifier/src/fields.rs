//! Fields are well formed, have what the abilities of their struct ask for, and use phantom type
//! parameters in phantom positions only.

use alloc::vec;

use move_vm_binary_format::{
	module::{StructHandle, StructTypeParameter},
	CompiledModule, Pools, SignatureToken,
};
use move_vm_types::{AbilitySet, IndexKind, StatusCode, VmError, VmResult};

use crate::{
	meter::Meter,
	signatures::{Checker, Requirements},
	table_index,
};

/// Checks the fields of all structs and of all variants, field by field.
///
/// # Errors
/// At the struct: `INVALID_SIGNATURE_TOKEN`, `NUMBER_OF_TYPE_ARGUMENTS_MISMATCH`,
/// `CONSTRAINT_NOT_SATISFIED`, `FIELD_MISSING_TYPE_ABILITY`, `INVALID_PHANTOM_TYPE_PARAM_POSITION`.
pub(crate) fn verify<'a>(
	module: &'a CompiledModule,
	checker: &mut Checker<'a>,
	meter: &mut Meter,
) -> VmResult<()> {
	for (place, def) in module.struct_defs.iter().enumerate() {
		let handle = module.pools.struct_handle(def.struct_handle)?;
		meter.charge_count(handle.type_parameters.len().saturating_add(1))?;
		let offers = Offers::of(handle)?;
		for field in def.all_fields() {
			check_field(&module.pools, checker, handle, &offers, &field.type_, meter)
				.map_err(|e| e.at_index(IndexKind::StructDefinition, table_index(place)))?;
		}
	}
	Ok(())
}

/// What the type parameters of a struct offer to its fields.
struct Offers {
	/// The constraints that the struct declares.
	declared: Requirements,
	/// Everything: the abilities of an instance of the struct depend on those of its type arguments
	/// anyway, so that only what no argument can give is missing.
	all: Requirements,
}

impl Offers {
	fn of(handle: &StructHandle) -> VmResult<Self> {
		let parameters = handle.type_parameters.iter();
		Ok(Self {
			declared: Requirements::offered(parameters.clone().map(|x| x.constraints))?,
			all: Requirements::offered(parameters.map(|_| AbilitySet::ALL))?,
		})
	}
}

fn check_field<'a>(
	pools: &Pools,
	checker: &mut Checker<'a>,
	handle: &StructHandle,
	offers: &Offers,
	field: &'a SignatureToken,
	meter: &mut Meter,
) -> VmResult<()> {
	let mut required = Requirements::default();
	checker.check_type(field, false, AbilitySet::EMPTY, &mut required, meter)?;
	required.check(offers.declared)?;

	let mut required = Requirements::default();
	let abilities = handle.abilities.requires();
	checker
		.check_type(field, false, abilities, &mut required, meter)
		.and_then(|()| required.check(offers.all))
		.map_err(|e| match e.status() {
			StatusCode::CONSTRAINT_NOT_SATISFIED => {
				VmError::new(StatusCode::FIELD_MISSING_TYPE_ABILITY)
			}
			_ => e,
		})?;

	check_phantoms(pools, &handle.type_parameters, field, meter)
}

/// Fails if a phantom type parameter stands where its argument would matter: as the field itself, as
/// an element, or as an argument for a parameter that is not phantom.
fn check_phantoms(
	pools: &Pools,
	parameters: &[StructTypeParameter],
	field: &SignatureToken,
	meter: &mut Meter,
) -> VmResult<()> {
	let mut pending = vec![(field, false)];
	while let Some((token, is_phantom_position)) = pending.pop() {
		meter.charge(1)?;
		match token {
			SignatureToken::TypeParameter(index) => {
				let parameter = parameters.get(usize::from(*index)).ok_or_else(|| {
					VmError::new(StatusCode::INDEX_OUT_OF_BOUNDS)
						.at_index(IndexKind::TypeParameter, *index)
				})?;
				if parameter.is_phantom && !is_phantom_position {
					return Err(VmError::new(
						StatusCode::INVALID_PHANTOM_TYPE_PARAM_POSITION,
					));
				}
			}
			SignatureToken::StructInstantiation(index, arguments) => {
				let callee = &pools.struct_handle(*index)?.type_parameters;
				pending.extend(arguments.iter().zip(callee).map(|(x, y)| (x, y.is_phantom)));
			}
			_ => pending.extend(token.children().iter().map(|inner| (inner, false))),
		}
	}
	Ok(())
}
