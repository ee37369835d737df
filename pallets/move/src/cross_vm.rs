//! The natives of `0x2::cross_vm`: calls of modules to contracts of any VM, and the native tokens of a module.
//!
//! What each does for those who call it, the module's source says: `contracts/move/trivium/sources/cross_vm.move`.

use alloc::{vec, vec::Vec};
use codec::Encode;
use core::marker::PhantomData;
use move_vm_runtime::{
	natives::{Arguments, NativeContext, NativeEntry, NativeFunction, NativeResult},
	values::{TypeId, Value, VectorKind},
	NativeTable,
};
use move_vm_types::{AccountAddress, ModuleId, StatusCode, VmError, VmResult};
use polkadot_sdk::{sp_core::H160, sp_weights::Weight};
use trivium_primitives::{
	account::module_account, AccountId, AddressMapping, CallError, EncodingError,
};

use crate::{
	host::{
		outward::{Options, Outward},
		ChainHost,
	},
	types::{to_account, to_address},
	Config,
};

/// Where the module is: `0x2`.
pub(crate) const ADDRESS: AccountAddress = AccountAddress::from_low_byte(2);
/// Longest signature and arguments of a call together, bytes.
const MAX_INPUT_BYTES: usize = 256 * 1024;

// Codes of aborts, as the module's source names them.
const NOT_A_MODULE: u64 = 0x50001;
const NOT_OF_THIS_TYPE: u64 = 0x10002;
const CANNOT_TRANSFER: u64 = 0x90003;
const BAD_ALIAS: u64 = 0x10004;
const CALL_FAILED: u64 = 0x70100;

/// The number of [`CallError::Reverted`].
const REVERTED: u8 = 0;

// Gas, in internal units.
/// Every native.
const BASE: u64 = 100;
/// Hashing an account or an alias.
const HASH: u64 = 20_000;
/// A byte that is copied on its way out or in.
const COPY_BYTE: u64 = 4;

/// The natives of a runtime.
pub(crate) struct Natives<T>(PhantomData<T>);

impl<T: Config> Natives<T> {
	const ENTRIES: [NativeEntry; 10] = [
		entry("account_of", account_of::<T>),
		entry("alias_of", alias_of::<T>),
		entry("call", call::<T>),
		entry("received", received::<T>),
		entry("self_address", self_address),
		entry("self_signer", self_signer),
		entry("send", send::<T>),
		entry("transfer", transfer::<T>),
		entry("try_call", try_call::<T>),
		entry("try_send", try_send::<T>),
	];

	/// The standard library's and these.
	pub(crate) const fn table() -> NativeTable {
		NativeTable::new(&Self::ENTRIES)
	}
}

const fn entry(function: &'static str, code: NativeFunction) -> NativeEntry {
	NativeEntry {
		address: ADDRESS,
		module: "cross_vm",
		function,
		code,
	}
}

/// How a native goes on: with something, or it aborts.
type Step<R> = Result<R, u64>;

/// Ends a native with the code of an abort, if that is how a step ended.
macro_rules! go_on {
	($step:expr) => {
		match $step {
			Ok(value) => value,
			Err(code) => return Ok(NativeResult::Abort(code)),
		}
	};
}

/// The contract account of the calling module, and the module.
fn calling_module(context: &mut dyn NativeContext) -> VmResult<Step<(AccountId, ModuleId)>> {
	context.parts().1.charge(BASE.saturating_add(HASH))?;
	Ok(match context.caller()? {
		Some(id) => Ok((contract_of(&id), id)),
		None => Err(NOT_A_MODULE),
	})
}

fn contract_of(id: &ModuleId) -> AccountId {
	module_account(&to_account(&id.address), id.name.as_bytes())
}

/// Asks the host for something that this pallet knows of.
fn ask<T: Config, R>(
	context: &mut dyn NativeContext,
	question: impl FnOnce(&mut ChainHost<T>) -> VmResult<R>,
) -> VmResult<R> {
	let mut question = Some(question);
	let mut answer = None;
	context.ask(&mut |host| {
		let host = host
			.as_any()
			.and_then(|any| any.downcast_mut::<ChainHost<T>>());
		let (Some(host), Some(question)) = (host, question.take()) else {
			return Err(VmError::invariant("natives belong to another host"));
		};
		answer = Some(question(host)?);
		Ok(())
	})?;
	answer.ok_or_else(|| VmError::invariant("the host was not asked"))
}

/// Reads the options of a call.
fn options(value: Value) -> VmResult<Options> {
	let fields = value.unpack()?.into_vec();
	let Ok([value, ref_time, proof_size, deposit, flags]) = <[Value; 5]>::try_from(fields) else {
		return Err(VmError::new(StatusCode::INTERNAL_TYPE_ERROR));
	};
	Ok(Options {
		value: value.into_u128()?,
		weight: Weight::from_parts(ref_time.into_u64()?, proof_size.into_u64()?),
		deposit: deposit.into_u128()?,
		flags: flags.into_u32()?,
	})
}

/// What a call came to, and the module that made it.
type Made = (Result<Vec<u8>, CallError>, ModuleId);

/// Makes a call: target, signature, arguments, options.
fn make<T: Config>(
	context: &mut dyn NativeContext,
	arguments: &mut Arguments<'_>,
) -> VmResult<Step<Made>> {
	let target = to_account(&arguments.take()?.into_address()?);
	let [signature, input] = [arguments.take()?, arguments.take()?];
	let options = options(arguments.take()?)?;
	let (caller, module) = match calling_module(context)? {
		Ok(called) => called,
		Err(code) => return Ok(Err(code)),
	};
	// They are on no stack any more, so that nothing else counts them, nor what they have to spare.
	let held = signature
		.memory(u64::MAX)
		.saturating_add(input.memory(u64::MAX));
	let (signature, input) = (signature.as_bytes()?, input.as_bytes()?);
	let bytes = signature.len().saturating_add(input.len());
	context.parts().1.charge_for(COPY_BYTE, bytes)?;
	if bytes > MAX_INPUT_BYTES {
		return Ok(Ok((Err(EncodingError::OutOfRange.into()), module)));
	}
	context.hand_over()?;
	ask::<T, _>(context, ChainHost::settle_and_charge)?;
	let live = context.live()?;
	context.parts().1.charge_for(HASH, live.len())?;
	let room = context.room()?.saturating_sub(held);
	let gas_left = context.parts().1.left();
	let call = Outward {
		caller,
		target,
		signature,
		arguments: input,
		options,
		live: live.iter().map(contract_of).collect(),
		gas_left,
		room,
	};
	let result = ask::<T, _>(context, |host| host.call_out(call))?;
	context.take_back()?;
	let out = match &result {
		Ok(output) | Err(CallError::Reverted(output)) => output.len(),
		Err(_) => 0,
	};
	context.parts().1.charge_for(COPY_BYTE, out)?;
	Ok(Ok((result, module)))
}

/// The result of a call as a value for the module that made it.
fn result_of(
	context: &mut dyn NativeContext,
	types: &[TypeId],
	output: &[u8],
	module: &ModuleId,
) -> VmResult<Step<Value>> {
	let [type_id] = types else {
		return Err(VmError::new(StatusCode::INTERNAL_TYPE_ERROR));
	};
	match context.value_given(*type_id, output, Some(module)) {
		Ok(value) => Ok(Ok(value)),
		Err(error) => match error.status() {
			StatusCode::INVALID_PARAM_TYPE_FOR_DESERIALIZATION
			| StatusCode::FAILED_TO_DESERIALIZE_ARGUMENT => Ok(Err(NOT_OF_THIS_TYPE)),
			_ => Err(error),
		},
	}
}

/// The number of an error, and what it carries.
fn parts_of(error: CallError) -> (u8, Vec<u8>) {
	let bytes = match error {
		CallError::Reverted(data) => return (REVERTED, data),
		other => other.encode(),
	};
	match bytes.split_first() {
		Some((code, data)) => (*code, data.to_vec()),
		None => (REVERTED, Vec::new()),
	}
}

fn abort_code(error: CallError) -> u64 {
	CALL_FAILED.saturating_add(parts_of(error).0.into())
}

/// An `Option` of what there is.
fn option_of(
	context: &mut dyn NativeContext,
	value: Option<Value>,
	type_id: Option<TypeId>,
) -> VmResult<Value> {
	let kind = match type_id {
		Some(type_id) => context.vector_kind(type_id)?,
		None => VectorKind::Other,
	};
	let elements: Vec<Value> = value.into_iter().collect();
	let vector = Value::pack_vector(kind, elements.into_iter())?;
	Value::pack(vec![vector].into_boxed_slice())
}

/// `Option<CallError>`
fn error_value(context: &mut dyn NativeContext, error: Option<CallError>) -> VmResult<Value> {
	let value = match error {
		Some(error) => {
			let (code, data) = parts_of(error);
			let fields = vec![Value::U8(code), Value::bytes(data)];
			Some(Value::pack(fields.into_boxed_slice())?)
		}
		None => None,
	};
	option_of(context, value, None)
}

/// `call<Ret>(address, vector<u8>, vector<u8>, Options): Ret`
fn call<T: Config>(
	context: &mut dyn NativeContext,
	types: &[TypeId],
	arguments: &mut Arguments<'_>,
) -> VmResult<NativeResult> {
	let (result, module) = go_on!(make::<T>(context, arguments)?);
	let output = go_on!(result.map_err(abort_code));
	let value = go_on!(result_of(context, types, &output, &module)?);
	Ok(NativeResult::One(value))
}

/// `try_call<Ret>(address, vector<u8>, vector<u8>, Options): (Option<Ret>, Option<CallError>)`
fn try_call<T: Config>(
	context: &mut dyn NativeContext,
	types: &[TypeId],
	arguments: &mut Arguments<'_>,
) -> VmResult<NativeResult> {
	let (result, module) = go_on!(make::<T>(context, arguments)?);
	let (value, error) = match result {
		Ok(output) => (
			Some(go_on!(result_of(context, types, &output, &module)?)),
			None,
		),
		Err(error) => (None, Some(error)),
	};
	let value = option_of(context, value, types.first().copied())?;
	let error = error_value(context, error)?;
	Ok(NativeResult::Many(vec![value, error]))
}

/// `send(address, vector<u8>, vector<u8>, Options)`
fn send<T: Config>(
	context: &mut dyn NativeContext,
	_types: &[TypeId],
	arguments: &mut Arguments<'_>,
) -> VmResult<NativeResult> {
	let (result, _) = go_on!(make::<T>(context, arguments)?);
	let output = go_on!(result.map_err(abort_code));
	Ok(match output.is_empty() {
		true => NativeResult::Unit,
		false => NativeResult::Abort(NOT_OF_THIS_TYPE),
	})
}

/// `try_send(address, vector<u8>, vector<u8>, Options): Option<CallError>`
fn try_send<T: Config>(
	context: &mut dyn NativeContext,
	_types: &[TypeId],
	arguments: &mut Arguments<'_>,
) -> VmResult<NativeResult> {
	let (result, _) = go_on!(make::<T>(context, arguments)?);
	let error = match result {
		Ok(output) if output.is_empty() => None,
		Ok(_) => return Ok(NativeResult::Abort(NOT_OF_THIS_TYPE)),
		Err(error) => Some(error),
	};
	Ok(NativeResult::One(error_value(context, error)?))
}

/// `received(): u128`
fn received<T: Config>(
	context: &mut dyn NativeContext,
	_types: &[TypeId],
	_arguments: &mut Arguments<'_>,
) -> VmResult<NativeResult> {
	let (contract, _) = go_on!(calling_module(context)?);
	let value = ask::<T, _>(context, |host| Ok(host.ask_for_value(&contract)))?;
	Ok(NativeResult::One(Value::u128(value)))
}

/// `transfer(address, u128)`
fn transfer<T: Config>(
	context: &mut dyn NativeContext,
	_types: &[TypeId],
	arguments: &mut Arguments<'_>,
) -> VmResult<NativeResult> {
	let to = to_account(&arguments.take()?.into_address()?);
	let amount = arguments.take()?.into_u128()?;
	let (from, _) = go_on!(calling_module(context)?);
	let is_done = ask::<T, _>(context, |host| host.transfer(&from, &to, amount))?;
	Ok(match is_done {
		true => NativeResult::Unit,
		false => NativeResult::Abort(CANNOT_TRANSFER),
	})
}

/// `self_address(): address`
fn self_address(
	context: &mut dyn NativeContext,
	_types: &[TypeId],
	_arguments: &mut Arguments<'_>,
) -> VmResult<NativeResult> {
	let (contract, _) = go_on!(calling_module(context)?);
	Ok(NativeResult::One(Value::address(to_address(&contract))))
}

/// `self_signer(): signer`
fn self_signer(
	context: &mut dyn NativeContext,
	_types: &[TypeId],
	_arguments: &mut Arguments<'_>,
) -> VmResult<NativeResult> {
	let (contract, _) = go_on!(calling_module(context)?);
	Ok(NativeResult::One(Value::signer(to_address(&contract))))
}

/// `account_of(vector<u8>): address`
fn account_of<T: Config>(
	context: &mut dyn NativeContext,
	_types: &[TypeId],
	arguments: &mut Arguments<'_>,
) -> VmResult<NativeResult> {
	context.parts().1.charge(BASE)?;
	let alias = arguments.take()?;
	let Ok(alias) = <[u8; 20]>::try_from(alias.as_bytes()?) else {
		return Ok(NativeResult::Abort(BAD_ALIAS));
	};
	let account = ask::<T, _>(context, |host| host.account_of(&H160(alias)))?;
	Ok(NativeResult::One(Value::address(to_address(&account))))
}

/// `alias_of(address): vector<u8>`
fn alias_of<T: Config>(
	context: &mut dyn NativeContext,
	_types: &[TypeId],
	arguments: &mut Arguments<'_>,
) -> VmResult<NativeResult> {
	context.parts().1.charge(BASE.saturating_add(HASH))?;
	let account = to_account(&arguments.take()?.into_address()?);
	let alias = T::Addresses::alias(&account);
	Ok(NativeResult::One(Value::bytes(alias.0.to_vec())))
}
