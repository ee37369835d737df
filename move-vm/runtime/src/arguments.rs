//! What comes from outside into a function: which types may, and that it is what its type promises.

use alloc::vec::Vec;

use move_vm_types::{AccountAddress, ModuleId, StatusCode, VmError, VmResult};

use crate::{
	gas::schedule,
	interpreter::World,
	loader::types::{Type, TypeTable},
	values::{TypeId, Value},
};

/// How arguments are given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Convention {
	/// By a transaction: signers fill the leading signer parameters, and the types of the others are
	/// those whose values anybody may make.
	Transaction,
	/// By a runner of tests: signers are the first arguments, and every type goes that has a BCS
	/// form.
	Test,
}

/// An argument, and whether the parameter is a reference to it.
pub(crate) struct Argument {
	pub(crate) value: Value,
	pub(crate) by_reference: bool,
}

fn failed(status: StatusCode) -> VmError {
	VmError::new(status)
}

/// The arguments for parameters of these types.
pub(crate) fn read_all(
	world: &mut World<'_>,
	convention: Convention,
	parameters: &[TypeId],
	arguments: &[Vec<u8>],
	signers: &[AccountAddress],
) -> VmResult<Vec<Argument>> {
	match convention {
		Convention::Transaction => transaction(world, parameters, arguments, signers),
		Convention::Test => test(world, parameters, arguments, signers),
	}
}

fn transaction(
	world: &mut World<'_>,
	parameters: &[TypeId],
	arguments: &[Vec<u8>],
	signers: &[AccountAddress],
) -> VmResult<Vec<Argument>> {
	let signer_count = leading_signers(&world.loader.types, parameters)?;
	let (by_signers, others) = parameters
		.split_at_checked(signer_count)
		.ok_or_else(|| VmError::invariant("more signers than parameters"))?;
	for parameter in others {
		if !may_be_given(world, *parameter, None)? {
			return Err(failed(StatusCode::INVALID_MAIN_FUNCTION_SIGNATURE));
		}
	}
	if others.len() != arguments.len() {
		return Err(failed(StatusCode::NUMBER_OF_ARGUMENTS_MISMATCH));
	}
	if signer_count > 0 && signer_count != signers.len() {
		return Err(failed(StatusCode::NUMBER_OF_SIGNER_ARGUMENTS_MISMATCH));
	}
	let mut values = Vec::new();
	for (parameter, signer) in by_signers.iter().zip(signers) {
		let (_, by_reference) = referent(&world.loader.types, *parameter)?;
		values.push(Argument {
			value: Value::signer(*signer),
			by_reference,
		});
	}
	for (parameter, bytes) in others.iter().zip(arguments) {
		values.push(Argument {
			value: read(world, *parameter, bytes)?,
			by_reference: false,
		});
	}
	Ok(values)
}

fn test(
	world: &mut World<'_>,
	parameters: &[TypeId],
	arguments: &[Vec<u8>],
	signers: &[AccountAddress],
) -> VmResult<Vec<Argument>> {
	let given = signers
		.iter()
		.map(|signer| &signer.0[..])
		.chain(arguments.iter().map(|argument| &argument[..]));
	if parameters.len() != signers.len().saturating_add(arguments.len()) {
		return Err(failed(StatusCode::NUMBER_OF_ARGUMENTS_MISMATCH));
	}
	let mut values = Vec::new();
	for (parameter, bytes) in parameters.iter().zip(given) {
		let (type_, by_reference) = referent(&world.loader.types, *parameter)?;
		let value = if world.loader.types.get(type_)? == Type::Signer {
			let address = bytes
				.try_into()
				.map_err(|_| failed(StatusCode::FAILED_TO_DESERIALIZE_ARGUMENT))?;
			Value::signer(AccountAddress(address))
		} else {
			read(world, type_, bytes)?
		};
		values.push(Argument {
			value,
			by_reference,
		});
	}
	Ok(values)
}

/// How many parameters, from the first, are signers or references to signers.
pub(crate) fn leading_signers(types: &TypeTable, parameters: &[TypeId]) -> VmResult<usize> {
	let mut count = 0usize;
	for parameter in parameters {
		let (type_, _) = referent(types, *parameter)?;
		if types.get(type_)? != Type::Signer {
			break;
		}
		count = count.saturating_add(1);
	}
	Ok(count)
}

/// What a type refers to, and whether it is a reference at all.
fn referent(types: &TypeTable, type_: TypeId) -> VmResult<(TypeId, bool)> {
	Ok(match types.get(type_)? {
		Type::Reference(inner) | Type::MutableReference(inner) => (inner, true),
		_ => (type_, false),
	})
}

/// The value of a type that has these bytes, made for code of the module `maker`, which may have values of its own
/// structs made.
///
/// # Errors
/// See [`NativeContext::value_given`](crate::natives::NativeContext::value_given).
pub(crate) fn read_for(
	world: &mut World<'_>,
	type_: TypeId,
	bytes: &[u8],
	maker: Option<&ModuleId>,
) -> VmResult<Value> {
	if !may_be_given(world, type_, maker)? {
		return Err(failed(StatusCode::INVALID_PARAM_TYPE_FOR_DESERIALIZATION));
	}
	read(world, type_, bytes)
}

/// Whether anybody may make values of a type, or the module `maker`. Recursion is bounded by the type's depth.
fn may_be_given(world: &mut World<'_>, type_: TypeId, maker: Option<&ModuleId>) -> VmResult<bool> {
	Ok(match world.loader.types.get(type_)? {
		Type::Bool
		| Type::U8
		| Type::U16
		| Type::U32
		| Type::U64
		| Type::U128
		| Type::U256
		| Type::Address => true,
		Type::Signer | Type::Reference(_) | Type::MutableReference(_) => false,
		Type::Vector(element) => may_be_given(world, element, maker)?,
		Type::Struct(id, _) => match Known::of(world, type_)? {
			Some(Known::Utf8 | Known::Ascii) => true,
			Some(Known::Option(inner)) => may_be_given(world, inner, maker)?,
			None => {
				let definer = &world.loader.types.struct_info(id)?.module;
				if maker != Some(definer) {
					return Ok(false);
				}
				let (loader, chain) = (&mut world.loader, &mut world.chain);
				let Some(fields) = loader.struct_fields(chain, type_)? else {
					return Ok(false);
				};
				for field in fields {
					if !may_be_given(world, field, maker)? {
						return Ok(false);
					}
				}
				true
			}
		},
	})
}

/// Structs of the standard library that hold more than their fields' types say.
enum Known {
	/// `0x1::string::String`: UTF-8.
	Utf8,
	/// `0x1::ascii::String`: ASCII.
	Ascii,
	/// `0x1::option::Option`: at most one element.
	Option(TypeId),
}

impl Known {
	fn of(world: &World<'_>, type_: TypeId) -> VmResult<Option<Self>> {
		let loader = &world.loader;
		if loader.std_struct(type_, "string", "String")?.is_some() {
			return Ok(Some(Self::Utf8));
		}
		if loader.std_struct(type_, "ascii", "String")?.is_some() {
			return Ok(Some(Self::Ascii));
		}
		let option = loader.std_struct(type_, "option", "Option")?;
		Ok(option
			.and_then(|arguments| arguments.first().copied())
			.map(Self::Option))
	}
}

/// The value of a type that has these bytes.
fn read(world: &mut World<'_>, type_: TypeId, bytes: &[u8]) -> VmResult<Value> {
	world.chain.gas.charge(schedule::ARGUMENT)?;
	let layout = world
		.loader
		.layout(&mut world.chain, type_)
		.map_err(|error| match error.status() {
			StatusCode::INTERNAL_TYPE_ERROR => {
				failed(StatusCode::INVALID_PARAM_TYPE_FOR_DESERIALIZATION)
			}
			_ => error,
		})?;
	let room = u64::from(world.loader.limits.memory_bytes).saturating_sub(world.held());
	let (gas, allocated) = (&mut world.chain.gas, &mut world.allocated);
	// Nothing has been released yet, so that what was counted is there.
	let value = Value::from_bcs(
		bytes,
		&layout,
		StatusCode::FAILED_TO_DESERIALIZE_ARGUMENT,
		&mut |size, memory| {
			*allocated = allocated.saturating_add(memory);
			if *allocated > room {
				return Err(failed(StatusCode::MEMORY_LIMIT_EXCEEDED));
			}
			gas.charge(size.saturating_mul(schedule::BCS_BYTE))
		},
	)?;
	if holds_promises(world, type_, &value)? {
		Ok(value)
	} else {
		Err(failed(StatusCode::FAILED_TO_DESERIALIZE_ARGUMENT))
	}
}

/// Whether strings in a value are text and options hold at most one element. Recursion is bounded
/// by the type's depth.
fn holds_promises(world: &mut World<'_>, type_: TypeId, value: &Value) -> VmResult<bool> {
	match (world.loader.types.get(type_)?, value) {
		(Type::Vector(inner), vector) => {
			for element in vector.as_elements().unwrap_or_default() {
				if !holds_promises(world, inner, element)? {
					return Ok(false);
				}
			}
			Ok(true)
		}
		(Type::Struct(..), Value::Struct { fields, .. }) => {
			let only = fields.first();
			Ok(match (Known::of(world, type_)?, only) {
				(None, _) => {
					let (loader, chain) = (&mut world.loader, &mut world.chain);
					let types = loader.struct_fields(chain, type_)?.unwrap_or_default();
					for (type_, field) in types.into_iter().zip(fields.iter()) {
						if !holds_promises(world, type_, field)? {
							return Ok(false);
						}
					}
					true
				}
				(Some(Known::Utf8), Some(bytes)) => core::str::from_utf8(bytes.as_bytes()?).is_ok(),
				(Some(Known::Ascii), Some(bytes)) => bytes.as_bytes()?.is_ascii(),
				(Some(Known::Option(inner)), Some(elements)) => {
					if elements.vector_len()? > 1 {
						return Ok(false);
					}
					match elements.as_elements().and_then(<[Value]>::first) {
						Some(element) => holds_promises(world, inner, element)?,
						None => true,
					}
				}
				_ => false,
			})
		}
		_ => Ok(true),
	}
}
