//! A binary uses what the version that it states has.
//!
//! Binaries that come from bytes meet this by the way they are read; this pass holds those that
//! were built in memory to the same rule, so that what verifies can also be written and read.

use move_vm_binary_format::{
	module::StructFieldInformation, Binary, Bytecode, CompiledModule, SignatureToken,
};
use move_vm_types::{IndexKind, StatusCode, VmError, VmResult};

use crate::{meter::Meter, table_index};

/// The oldest version.
const VERSION_MIN: u32 = 5;
/// The version that brought `u16`, `u32` and `u256`.
const VERSION_INTEGERS: u32 = 6;
/// The version that brought enums and access specifiers; the newest.
const VERSION_ENUMS: u32 = 7;

/// Holds a module or script to its version.
///
/// # Errors
/// `UNKNOWN_VERSION`; `FEATURE_NOT_ENABLED` at what is too new.
pub fn verify(binary: Binary, meter: &mut Meter) -> VmResult<()> {
	let version = binary.version();
	if !(VERSION_MIN..=VERSION_ENUMS).contains(&version) {
		return Err(VmError::new(StatusCode::UNKNOWN_VERSION));
	}
	if version < VERSION_ENUMS {
		access_specifiers(binary, meter)?;
		if let Binary::Module(module) = binary {
			enums(module, meter)?;
		}
	}
	if version < VERSION_INTEGERS {
		integers(binary, meter)?;
	}
	Ok(())
}

/// Refuses native structs, whose values no instruction can make and which no loader knows.
///
/// The last pass over a module, so that it hides no other error.
///
/// # Errors
/// `FEATURE_NOT_ENABLED`.
pub fn refuse_native_structs(module: &CompiledModule, meter: &mut Meter) -> VmResult<()> {
	meter.charge_count(module.struct_defs.len())?;
	let is_native = |fields: &_| matches!(fields, StructFieldInformation::Native);
	for (place, def) in module.struct_defs.iter().enumerate() {
		if is_native(&def.field_information) {
			return Err(
				too_new("native struct").at_index(IndexKind::StructDefinition, table_index(place))
			);
		}
	}
	Ok(())
}

fn too_new(what: &'static str) -> VmError {
	VmError::new(StatusCode::FEATURE_NOT_ENABLED).with_message(what)
}

fn access_specifiers(binary: Binary, meter: &mut Meter) -> VmResult<()> {
	if let Binary::Script(script) = binary {
		if script.access_specifiers.is_some() {
			return Err(too_new("access specifiers"));
		}
	}
	let handles = &binary.pools().function_handles;
	meter.charge_count(handles.len())?;
	match handles
		.iter()
		.position(|handle| handle.access_specifiers.is_some())
	{
		Some(place) => {
			Err(too_new("access specifiers")
				.at_index(IndexKind::FunctionHandle, table_index(place)))
		}
		None => Ok(()),
	}
}

/// Without definitions of enums the tables for them must be empty, by the bounds check.
fn enums(module: &CompiledModule, meter: &mut Meter) -> VmResult<()> {
	meter.charge_count(module.struct_defs.len())?;
	match module
		.struct_defs
		.iter()
		.position(|def| def.variants().is_some())
	{
		Some(place) => {
			Err(too_new("enum").at_index(IndexKind::StructDefinition, table_index(place)))
		}
		None => Ok(()),
	}
}

fn integers(binary: Binary, meter: &mut Meter) -> VmResult<()> {
	let pools = binary.pools();
	for (place, signature) in pools.signatures.iter().enumerate() {
		for token in &signature.0 {
			check_type(token, meter)
				.map_err(|e| e.at_index(IndexKind::Signature, table_index(place)))?;
		}
	}
	for (place, constant) in pools.constants.iter().enumerate() {
		check_type(&constant.type_, meter)
			.map_err(|e| e.at_index(IndexKind::ConstantPool, table_index(place)))?;
	}
	let module = match binary {
		Binary::Script(script) => return check_code(0, &script.code.code, meter),
		Binary::Module(module) => module,
	};
	for (place, def) in module.struct_defs.iter().enumerate() {
		for field in def.all_fields() {
			check_type(&field.type_, meter)
				.map_err(|e| e.at_index(IndexKind::StructDefinition, table_index(place)))?;
		}
	}
	for (place, def) in module.function_defs.iter().enumerate() {
		if let Some(unit) = &def.code {
			check_code(place, &unit.code, meter)?;
		}
	}
	Ok(())
}

fn check_type(token: &SignatureToken, meter: &mut Meter) -> VmResult<()> {
	for node in token.preorder() {
		meter.charge(1)?;
		if matches!(
			node,
			SignatureToken::U16 | SignatureToken::U32 | SignatureToken::U256
		) {
			return Err(too_new("u16, u32 or u256"));
		}
	}
	Ok(())
}

fn check_code(function: usize, code: &[Bytecode], meter: &mut Meter) -> VmResult<()> {
	meter.charge_count(code.len())?;
	let is_new = |instruction: &Bytecode| {
		matches!(
			instruction,
			Bytecode::LdU16(_)
				| Bytecode::LdU32(_)
				| Bytecode::LdU256(_)
				| Bytecode::CastU16
				| Bytecode::CastU32
				| Bytecode::CastU256
		)
	};
	match code.iter().position(is_new) {
		Some(offset) => {
			Err(too_new("u16, u32 or u256")
				.at_code_offset(table_index(function), table_index(offset)))
		}
		None => Ok(()),
	}
}
