//! The interface of a module, read out of its bytecode for people and their tools.

use alloc::{format, string::String, vec::Vec};
use move_vm_binary_format::{
	module::{FieldDefinition, FunctionDefinition, ModuleHandle, StructDefinition, Visibility},
	signature::SignatureToken,
	CompiledModule, Pools,
};
use move_vm_types::{Ability, AbilitySet, StatusCode, VmError, VmResult};

use crate::types::{
	to_account, FieldAbi, FunctionAbi, FunctionVisibility, ModuleAbi, StructAbi, UpgradePolicy,
};

/// Bytes that the types of an interface may take as text, together. Functions share signatures, so
/// that a module of 128 KiB could stand for gigabytes of it.
const MAX_TEXT_BYTES: usize = 4 * 1024 * 1024;

/// Bytes that count for each part of a type, beside a struct's name.
const SCALAR_BYTES: usize = 16;

/// A module's tables, and the room that is left for the text of its types.
struct Reader<'m> {
	pools: &'m Pools,
	room: usize,
}

/// The interface of a module.
///
/// # Errors
/// `INDEX_OUT_OF_BOUNDS` for a module that was not verified; `TYPE_TAG_LIMIT_EXCEEDED` if its types
/// take more than [`MAX_TEXT_BYTES`].
pub(crate) fn of_module(module: &CompiledModule, policy: UpgradePolicy) -> VmResult<ModuleAbi> {
	let pools = &module.pools;
	let reader = &mut Reader {
		pools,
		room: MAX_TEXT_BYTES,
	};
	let id = module.self_id()?;
	Ok(ModuleAbi {
		account: to_account(&id.address),
		name: id.name.as_bytes().to_vec(),
		version: module.version,
		policy,
		friends: module
			.friend_declarations
			.iter()
			.map(|friend| module_text(pools, friend))
			.collect::<VmResult<_>>()?,
		functions: module
			.function_defs
			.iter()
			.map(|function| of_function(reader, function))
			.collect::<VmResult<_>>()?,
		structs: module
			.struct_defs
			.iter()
			.map(|definition| of_struct(reader, definition))
			.collect::<VmResult<_>>()?,
	})
}

fn module_text(pools: &Pools, handle: &ModuleHandle) -> VmResult<Vec<u8>> {
	Ok(format!("{}", pools.module_id(handle)?).into_bytes())
}

fn of_function(reader: &mut Reader<'_>, function: &FunctionDefinition) -> VmResult<FunctionAbi> {
	let pools = reader.pools;
	let handle = pools.function_handle(function.function)?;
	Ok(FunctionAbi {
		name: pools.identifier(handle.name)?.as_bytes().to_vec(),
		visibility: match function.visibility {
			Visibility::Private => FunctionVisibility::Private,
			Visibility::Friend => FunctionVisibility::Friend,
			Visibility::Public => FunctionVisibility::Public,
		},
		is_entry: function.is_entry,
		is_native: function.code.is_none(),
		type_params: handle.type_parameters.iter().map(abilities).collect(),
		params: types(reader, &pools.signature(handle.parameters)?.0)?,
		returns: types(reader, &pools.signature(handle.returns)?.0)?,
	})
}

fn of_struct(reader: &mut Reader<'_>, definition: &StructDefinition) -> VmResult<StructAbi> {
	let pools = reader.pools;
	let handle = pools.struct_handle(definition.struct_handle)?;
	let type_params = handle.type_parameters.iter().map(|parameter| {
		let phantom = parameter.is_phantom.then(|| b"phantom".to_vec());
		phantom
			.into_iter()
			.chain(abilities(&parameter.constraints))
			.collect()
	});
	let variants = definition.variants().unwrap_or_default().iter();
	Ok(StructAbi {
		name: pools.identifier(handle.name)?.as_bytes().to_vec(),
		abilities: abilities(&handle.abilities),
		type_params: type_params.collect(),
		fields: fields(reader, definition.fields().unwrap_or_default())?,
		variants: variants
			.map(|variant| {
				let name = pools.identifier(variant.name)?.as_bytes().to_vec();
				Ok((name, fields(reader, &variant.fields)?))
			})
			.collect::<VmResult<_>>()?,
	})
}

fn fields(reader: &mut Reader<'_>, list: &[FieldDefinition]) -> VmResult<Vec<FieldAbi>> {
	let pools = reader.pools;
	list.iter()
		.map(|field| {
			let name = pools.identifier(field.name)?.as_bytes().to_vec();
			Ok((name, text(reader, &field.type_)?.into_bytes()))
		})
		.collect()
}

fn types(reader: &mut Reader<'_>, list: &[SignatureToken]) -> VmResult<Vec<Vec<u8>>> {
	list.iter()
		.map(|token| Ok(text(reader, token)?.into_bytes()))
		.collect()
}

fn abilities(set: &AbilitySet) -> Vec<Vec<u8>> {
	let names = [
		(Ability::Copy, "copy"),
		(Ability::Drop, "drop"),
		(Ability::Store, "store"),
		(Ability::Key, "key"),
	];
	names
		.into_iter()
		.filter(|(ability, _)| set.has(*ability))
		.map(|(_, name)| name.into())
		.collect()
}

/// A type as Move writes it. Recurses as deep as the verifier lets types nest.
fn text(reader: &mut Reader<'_>, token: &SignatureToken) -> VmResult<String> {
	// What a struct takes is more, and taken where its name is known.
	reader.room = reader
		.room
		.checked_sub(SCALAR_BYTES)
		.ok_or_else(|| VmError::new(StatusCode::TYPE_TAG_LIMIT_EXCEEDED))?;
	Ok(match token {
		SignatureToken::Bool => "bool".into(),
		SignatureToken::U8 => "u8".into(),
		SignatureToken::U16 => "u16".into(),
		SignatureToken::U32 => "u32".into(),
		SignatureToken::U64 => "u64".into(),
		SignatureToken::U128 => "u128".into(),
		SignatureToken::U256 => "u256".into(),
		SignatureToken::Address => "address".into(),
		SignatureToken::Signer => "signer".into(),
		SignatureToken::Vector(element) => format!("vector<{}>", text(reader, element)?),
		SignatureToken::Reference(inner) => format!("&{}", text(reader, inner)?),
		SignatureToken::MutableReference(inner) => format!("&mut {}", text(reader, inner)?),
		SignatureToken::TypeParameter(index) => format!("T{index}"),
		SignatureToken::Struct(index) => struct_text(reader, *index)?,
		SignatureToken::StructInstantiation(index, arguments) => {
			let arguments = arguments
				.iter()
				.map(|argument| text(reader, argument))
				.collect::<VmResult<Vec<_>>>()?;
			format!("{}<{}>", struct_text(reader, *index)?, arguments.join(", "))
		}
	})
}

fn struct_text(
	reader: &mut Reader<'_>,
	index: move_vm_binary_format::index::StructHandleIndex,
) -> VmResult<String> {
	let pools = reader.pools;
	let handle = pools.struct_handle(index)?;
	let module = pools.module_id(pools.module_handle(handle.module)?)?;
	let text = format!("{module}::{}", pools.identifier(handle.name)?);
	reader.room = reader
		.room
		.checked_sub(text.len())
		.ok_or_else(|| VmError::new(StatusCode::TYPE_TAG_LIMIT_EXCEEDED))?;
	Ok(text)
}
