//! What comes from outside into a function: which types may, and that it is what its type promises.

use alloc::{collections::BTreeMap, rc::Rc, vec::Vec};

use move_vm_types::{AccountAddress, ModuleId, StatusCode, VmError, VmResult};

use crate::{
	gas::schedule,
	interpreter::World,
	loader::types::{Type, TypeTable},
	values::{Layout, TypeId, Value},
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
	let mut promises = Vec::with_capacity(others.len());
	for parameter in others {
		let promise = promise_of(world, *parameter, Maker::Anybody)?;
		promises.push(promise.ok_or_else(|| failed(StatusCode::INVALID_MAIN_FUNCTION_SIGNATURE))?);
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
	for ((parameter, promise), bytes) in others.iter().zip(promises).zip(arguments) {
		values.push(Argument {
			value: read(world, *parameter, &promise, bytes)?,
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
			let promise = promise_of(world, type_, Maker::Test)?;
			let promise = promise.ok_or_else(|| VmError::invariant("tests make any value"))?;
			read(world, type_, &promise, bytes)?
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
	let maker = maker.map_or(Maker::Anybody, Maker::Module);
	match promise_of(world, type_, maker)? {
		Some(promise) => read(world, type_, &promise, bytes),
		None => Err(failed(StatusCode::INVALID_PARAM_TYPE_FOR_DESERIALIZATION)),
	}
}

/// Who has a value made out of bytes.
#[derive(Clone, Copy)]
enum Maker<'m> {
	/// Anybody: of types whose values anybody may make.
	Anybody,
	/// Code of a module: of its own structs besides.
	Module(&'m ModuleId),
	/// A test: of any type.
	Test,
}

/// What a type promises of its values beyond what their layout says.
enum Promise {
	Nothing,
	Utf8,
	Ascii,
	/// At most one element.
	Option(Rc<Promise>),
	Elements(Rc<Promise>),
	/// Of the first fields.
	Fields(Vec<Rc<Promise>>),
}

/// What a type promises of its values; `None` if `maker` may not have any made.
fn promise_of(
	world: &mut World<'_>,
	type_: TypeId,
	maker: Maker<'_>,
) -> VmResult<Option<Rc<Promise>>> {
	// Bounds how deep its structs are within one another.
	if !matches!(maker, Maker::Anybody) {
		layout_of(world, type_)?;
	}
	promise_within(world, type_, maker, &mut BTreeMap::new())
}

/// The same, with what is `known` of other types, so that each is looked at once.
fn promise_within(
	world: &mut World<'_>,
	type_: TypeId,
	maker: Maker<'_>,
	known: &mut BTreeMap<TypeId, Rc<Promise>>,
) -> VmResult<Option<Rc<Promise>>> {
	if let Some(promise) = known.get(&type_) {
		return Ok(Some(promise.clone()));
	}
	let promise = match world.loader.types.get(type_)? {
		Type::Bool
		| Type::U8
		| Type::U16
		| Type::U32
		| Type::U64
		| Type::U128
		| Type::U256
		| Type::Address => Promise::Nothing,
		Type::Signer | Type::Reference(_) | Type::MutableReference(_) => match maker {
			Maker::Test => Promise::Nothing,
			_ => return Ok(None),
		},
		Type::Vector(element) => match promise_within(world, element, maker, known)? {
			Some(of) => Promise::Elements(of),
			None => return Ok(None),
		},
		Type::Struct(id, _) => match (Known::of(world, type_)?, maker) {
			(Some(Known::Utf8), _) => Promise::Utf8,
			(Some(Known::Ascii), _) => Promise::Ascii,
			(Some(Known::Option(inner)), _) => match promise_within(world, inner, maker, known)? {
				Some(of) => Promise::Option(of),
				None => return Ok(None),
			},
			(None, Maker::Test) => Promise::Nothing,
			(None, Maker::Module(module))
				if world.loader.types.struct_info(id)?.module == *module =>
			{
				let (loader, chain) = (&mut world.loader, &mut world.chain);
				let Some(types) = loader.struct_fields(chain, type_)? else {
					return Ok(None);
				};
				let mut fields = Vec::with_capacity(types.len());
				for field in types {
					match promise_within(world, field, maker, known)? {
						Some(of) => fields.push(of),
						None => return Ok(None),
					}
				}
				Promise::Fields(fields)
			}
			(None, _) => return Ok(None),
		},
	};
	let promise = Rc::new(promise);
	known.insert(type_, promise.clone());
	Ok(Some(promise))
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

/// How values of a type look in BCS.
fn layout_of(world: &mut World<'_>, type_: TypeId) -> VmResult<Layout> {
	world
		.loader
		.layout(&mut world.chain, type_)
		.map_err(|error| match error.status() {
			StatusCode::INTERNAL_TYPE_ERROR => {
				failed(StatusCode::INVALID_PARAM_TYPE_FOR_DESERIALIZATION)
			}
			_ => error,
		})
}

/// The value of a type that has these bytes, if it is what the type promises.
fn read(world: &mut World<'_>, type_: TypeId, promise: &Promise, bytes: &[u8]) -> VmResult<Value> {
	world.chain.gas.charge(schedule::ARGUMENT)?;
	let layout = layout_of(world, type_)?;
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
	if is_kept(promise, &value)? {
		Ok(value)
	} else {
		Err(failed(StatusCode::FAILED_TO_DESERIALIZE_ARGUMENT))
	}
}

/// Whether a value is what its type promises. Recursion is bounded by the value's depth.
fn is_kept(promise: &Promise, value: &Value) -> VmResult<bool> {
	match (promise, value) {
		(Promise::Nothing, _) => Ok(true),
		(Promise::Elements(of), vector) => all_kept(
			vector
				.as_elements()
				.unwrap_or_default()
				.iter()
				.map(|it| (&**of, it)),
		),
		(Promise::Fields(of), Value::Struct { fields, .. }) => {
			all_kept(of.iter().map(|it| &**it).zip(fields.iter()))
		}
		(_, Value::Struct { fields, .. }) => {
			let Some(only) = fields.first() else {
				return Ok(false);
			};
			match promise {
				Promise::Utf8 => Ok(core::str::from_utf8(only.as_bytes()?).is_ok()),
				Promise::Ascii => Ok(only.as_bytes()?.is_ascii()),
				Promise::Option(_) if only.vector_len()? > 1 => Ok(false),
				Promise::Option(of) => all_kept(
					only.as_elements()
						.unwrap_or_default()
						.iter()
						.map(|it| (&**of, it)),
				),
				_ => Ok(true),
			}
		}
		_ => Ok(false),
	}
}

fn all_kept<'v>(parts: impl Iterator<Item = (&'v Promise, &'v Value)>) -> VmResult<bool> {
	for (promise, value) in parts {
		if !is_kept(promise, value)? {
			return Ok(false);
		}
	}
	Ok(true)
}
