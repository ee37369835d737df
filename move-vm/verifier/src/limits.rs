//! Sizes: names, type parameters, parameters, types, definitions.
//!
//! What passes has types of at most [`VerifierLimits::type_nodes`] weighted nodes and
//! [`VerifierLimits::type_depth`] levels, and type parameters below [`MAX_TYPE_PARAMETERS`], on
//! which all later passes rely.

use move_vm_binary_format::{
	index::SignatureIndex,
	module::{StructDefinition, StructFieldInformation},
	Binary, CompiledModule, CompiledScript, Pools, SignatureToken,
};
use move_vm_types::{IndexKind, StatusCode, VerifierLimits, VmError, VmResult};

use crate::{meter::Meter, table_index};

/// Type parameters that a struct or function can have, whatever the limits say: so many fit in the
/// bit sets of the signature pass.
pub const MAX_TYPE_PARAMETERS: u16 = 32;

/// Weight of a struct or type parameter among the nodes of a type: each may stand for a larger type.
const HEAVY_NODE: usize = 4;

/// Holds a module or script to `limits`.
///
/// # Errors
/// `IDENTIFIER_TOO_LONG`, `TOO_MANY_TYPE_PARAMETERS`, `TOO_MANY_PARAMETERS` (results, too),
/// `TOO_MANY_TYPE_NODES` (depth, too), `MAX_FUNCTION_DEFINITIONS_REACHED`,
/// `MAX_STRUCT_DEFINITIONS_REACHED`, `MAX_FIELD_DEFINITIONS_REACHED`,
/// `MAX_STRUCT_VARIANTS_REACHED`, `TOO_MANY_LOCALS`.
pub fn verify(binary: Binary, limits: &VerifierLimits, meter: &mut Meter) -> VmResult<()> {
	let pools = binary.pools();
	identifiers(pools, limits, meter)?;
	function_handles(pools, limits, meter)?;
	struct_handles(pools, limits, meter)?;
	match binary {
		Binary::Module(module) => {
			types(pools, &module.struct_defs, limits, meter)?;
			definitions(module, limits, meter)
		}
		Binary::Script(script) => {
			main(script, limits)?;
			types(pools, &[], limits, meter)
		}
	}
}

fn identifiers(pools: &Pools, limits: &VerifierLimits, meter: &mut Meter) -> VmResult<()> {
	meter.charge_count(pools.identifiers.len())?;
	let is_long = |name: &str| name.len() > usize::from(limits.identifier_bytes);
	match pools.identifiers.iter().position(|name| is_long(name)) {
		Some(place) => Err(VmError::new(StatusCode::IDENTIFIER_TOO_LONG)
			.at_index(IndexKind::Identifier, table_index(place))),
		None => Ok(()),
	}
}

fn too_many_type_parameters(count: usize, limits: &VerifierLimits) -> bool {
	count > usize::from(limits.generic_parameters.min(MAX_TYPE_PARAMETERS))
}

fn function_handles(pools: &Pools, limits: &VerifierLimits, meter: &mut Meter) -> VmResult<()> {
	meter.charge_count(pools.function_handles.len())?;
	let max = usize::from(limits.function_parameters);
	for (place, handle) in pools.function_handles.iter().enumerate() {
		let status = if too_many_type_parameters(handle.type_parameters.len(), limits) {
			StatusCode::TOO_MANY_TYPE_PARAMETERS
		} else if length(pools, handle.parameters)? > max || length(pools, handle.returns)? > max {
			StatusCode::TOO_MANY_PARAMETERS
		} else {
			continue;
		};
		return Err(VmError::new(status).at_index(IndexKind::FunctionHandle, table_index(place)));
	}
	Ok(())
}

fn length(pools: &Pools, signature: SignatureIndex) -> VmResult<usize> {
	Ok(pools.signature(signature)?.0.len())
}

fn struct_handles(pools: &Pools, limits: &VerifierLimits, meter: &mut Meter) -> VmResult<()> {
	meter.charge_count(pools.struct_handles.len())?;
	for (place, handle) in pools.struct_handles.iter().enumerate() {
		if too_many_type_parameters(handle.type_parameters.len(), limits) {
			return Err(VmError::new(StatusCode::TOO_MANY_TYPE_PARAMETERS)
				.at_index(IndexKind::StructHandle, table_index(place)));
		}
	}
	Ok(())
}

/// The function of a script, which has no handle.
fn main(script: &CompiledScript, limits: &VerifierLimits) -> VmResult<()> {
	if too_many_type_parameters(script.type_parameters.len(), limits) {
		return Err(VmError::new(StatusCode::TOO_MANY_TYPE_PARAMETERS));
	}
	let parameters = length(&script.pools, script.parameters)?;
	if parameters > usize::from(limits.function_parameters) {
		return Err(VmError::new(StatusCode::TOO_MANY_PARAMETERS));
	}
	let locals = length(&script.pools, script.code.locals)?;
	check_locals(parameters, locals, limits)
}

fn check_locals(parameters: usize, locals: usize, limits: &VerifierLimits) -> VmResult<()> {
	if parameters.saturating_add(locals) > usize::from(limits.locals) {
		return Err(VmError::new(StatusCode::TOO_MANY_LOCALS));
	}
	Ok(())
}

fn types(
	pools: &Pools,
	struct_defs: &[StructDefinition],
	limits: &VerifierLimits,
	meter: &mut Meter,
) -> VmResult<()> {
	for (place, signature) in pools.signatures.iter().enumerate() {
		meter.charge(1)?;
		for token in &signature.0 {
			check_type(token, limits, meter)
				.map_err(|e| e.at_index(IndexKind::Signature, table_index(place)))?;
		}
	}
	for (place, constant) in pools.constants.iter().enumerate() {
		check_type(&constant.type_, limits, meter)
			.map_err(|e| e.at_index(IndexKind::ConstantPool, table_index(place)))?;
	}
	for (place, def) in struct_defs.iter().enumerate() {
		meter.charge(1)?;
		for field in def.all_fields() {
			check_type(&field.type_, limits, meter)
				.map_err(|e| e.at_index(IndexKind::StructDefinition, table_index(place)))?;
		}
	}
	Ok(())
}

fn check_type(token: &SignatureToken, limits: &VerifierLimits, meter: &mut Meter) -> VmResult<()> {
	let mut weight = 0usize;
	for (node, depth) in token.preorder_with_depth() {
		meter.charge(1)?;
		weight = weight.saturating_add(match node {
			SignatureToken::TypeParameter(index) if *index >= MAX_TYPE_PARAMETERS => {
				return Err(VmError::new(StatusCode::TOO_MANY_TYPE_PARAMETERS));
			}
			SignatureToken::Struct(_)
			| SignatureToken::StructInstantiation(..)
			| SignatureToken::TypeParameter(_) => HEAVY_NODE,
			_ => 1,
		});
		if depth > usize::from(limits.type_depth) || weight > usize::from(limits.type_nodes) {
			return Err(VmError::new(StatusCode::TOO_MANY_TYPE_NODES));
		}
	}
	Ok(())
}

fn definitions(
	module: &CompiledModule,
	limits: &VerifierLimits,
	meter: &mut Meter,
) -> VmResult<()> {
	if module.function_defs.len() > usize::from(limits.function_definitions) {
		return Err(VmError::new(StatusCode::MAX_FUNCTION_DEFINITIONS_REACHED));
	}
	if module.struct_defs.len() > usize::from(limits.struct_definitions) {
		return Err(VmError::new(StatusCode::MAX_STRUCT_DEFINITIONS_REACHED));
	}
	let max_fields = usize::from(limits.struct_fields);
	for (place, def) in module.struct_defs.iter().enumerate() {
		let fields = match &def.field_information {
			StructFieldInformation::Native => 0,
			StructFieldInformation::Declared(fields) => fields.len(),
			StructFieldInformation::DeclaredVariants(variants) => {
				meter.charge_count(variants.len())?;
				let counts = variants.iter().map(|variant| variant.fields.len());
				counts.max().unwrap_or(0)
			}
		};
		if fields > max_fields {
			return Err(VmError::new(StatusCode::MAX_FIELD_DEFINITIONS_REACHED)
				.at_index(IndexKind::StructDefinition, table_index(place)));
		}
	}
	let max_variants = usize::from(limits.struct_variants);
	for (place, def) in module.struct_defs.iter().enumerate() {
		if def.variants().unwrap_or_default().len() > max_variants {
			return Err(VmError::new(StatusCode::MAX_STRUCT_VARIANTS_REACHED)
				.at_index(IndexKind::StructDefinition, table_index(place)));
		}
	}
	for (place, def) in module.function_defs.iter().enumerate() {
		let Some(unit) = &def.code else {
			continue;
		};
		let handle = module.pools.function_handle(def.function)?;
		let parameters = length(&module.pools, handle.parameters)?;
		check_locals(parameters, length(&module.pools, unit.locals)?, limits)
			.map_err(|e| e.at_index(IndexKind::FunctionDefinition, table_index(place)))?;
	}
	Ok(())
}
