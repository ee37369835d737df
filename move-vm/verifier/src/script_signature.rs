//! What a transaction calls gives back no reference: there is nobody to hold it.
//!
//! Nothing else is asked of entry functions and scripts here. Which parameters a transaction can
//! fill is known when it is called, with its type arguments.

use move_vm_binary_format::{CompiledModule, SignatureToken};
use move_vm_types::{IndexKind, StatusCode, VmError, VmResult};

use crate::{meter::Meter, table_index};

/// Checks the entry functions of a module. A script has no results.
///
/// # Errors
/// `INVALID_MAIN_FUNCTION_SIGNATURE` at the function.
pub fn verify(module: &CompiledModule, meter: &mut Meter) -> VmResult<()> {
	for (place, def) in module.function_defs.iter().enumerate() {
		meter.charge(1)?;
		if !def.is_entry {
			continue;
		}
		let handle = module.pools.function_handle(def.function)?;
		let returns = &module.pools.signature(handle.returns)?.0;
		meter.charge_count(returns.len())?;
		if returns.iter().any(SignatureToken::is_reference) {
			return Err(VmError::new(StatusCode::INVALID_MAIN_FUNCTION_SIGNATURE)
				.at_index(IndexKind::FunctionDefinition, table_index(place)));
		}
	}
	Ok(())
}
