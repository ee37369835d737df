//! The [`Engine`]: ink! contracts as callees of other VMs.

use alloc::{vec, vec::Vec};

use polkadot_sdk::{sp_core::H256, sp_weights::Weight};
use trivium_primitives::{
	engine::error_of, interface::Deployment, AccountId, CallError, Encoding, EncodingError, Engine,
	EngineCall, EngineOutcome, Feature, Scale, Signature, TranscodeHost, Value, VmId,
};

use crate::{
	contract::{self, ContractInfo},
	errors::call_error,
	execute::base_of_call,
	frames::Stack,
	transient, Config, ExecReturnValue, Origin, Pallet, WeightInfo,
};

/// First byte of what an ink! message returns: it ran.
const MESSAGE_RAN: u8 = 0;
/// First byte of what an ink! message returns: it did not get that far.
const MESSAGE_REFUSED: u8 = 1;
/// First byte of a `Result` that is `Ok`.
const RESULT_OK: u8 = 0;
/// First byte of a `Result` that is `Err`.
const RESULT_ERR: u8 = 1;
/// All of what ink! returns, and reverts with, if it cannot read its input: `Err(LangError)`.
const COULD_NOT_READ_INPUT: [u8; 2] = [MESSAGE_REFUSED, 1];

impl<T: Config> Engine for Pallet<T> {
	const VM: VmId = VmId::WASM;
	const NAME: &'static str = "wasm";

	fn encoding() -> &'static dyn Encoding {
		&Scale
	}

	fn resolve(target: &AccountId) -> bool {
		ContractInfo::<T>::of_callable(target).is_ok()
	}

	fn lookup_weight() -> Weight {
		T::WeightInfo::lookup()
	}

	fn code_of(target: &AccountId) -> Option<H256> {
		ContractInfo::<T>::load(target)
			.ok()
			.map(|info| info.code_hash)
	}

	fn code_of_weight() -> Weight {
		T::WeightInfo::lookup()
	}

	fn is_deployer(target: &AccountId, who: &AccountId, deployment: &Deployment) -> bool {
		match deployment {
			Deployment::Instantiated {
				code_hash,
				input,
				salt,
			} => contract::address::<T>(who, code_hash, input, salt) == *target,
			_ => false,
		}
	}

	fn encode_call(
		signature: &Signature,
		arguments: &[Value],
		host: &mut dyn TranscodeHost,
	) -> Result<Vec<u8>, CallError> {
		let mut input = signature.ink_selector().to_vec();
		input.extend(Scale.encode(&signature.params, arguments, host)?);
		Ok(input)
	}

	fn decode_return(
		signature: &Signature,
		output: &[u8],
		host: &mut dyn TranscodeHost,
	) -> Result<Vec<Value>, CallError> {
		match output.split_first() {
			Some((&MESSAGE_RAN, results)) => match (&signature.error, results.split_first()) {
				(None, _) => Scale.decode(&signature.results, results, host),
				(Some(_), Some((&RESULT_OK, results))) => {
					Scale.decode(&signature.results, results, host)
				}
				// It has not reverted as ink! does, and refuses nevertheless.
				(Some(_), Some((&RESULT_ERR, _))) => Err(CallError::Reverted(output.to_vec())),
				(Some(_), Some(_)) => Err(EncodingError::NonCanonical.into()),
				(Some(_), None) => Err(EncodingError::Truncated.into()),
			},
			Some((&MESSAGE_REFUSED, _)) => Err(EncodingError::RefusedByCallee.into()),
			Some(_) => Err(EncodingError::NonCanonical.into()),
			// A contract that has removed itself has no more to say; one that may refuse has to say that it did not.
			None if signature.results.is_empty() && signature.error.is_none() => Ok(Vec::new()),
			None => Err(EncodingError::Truncated.into()),
		}
	}

	fn decode_error(
		signature: &Signature,
		data: &[u8],
		host: &mut dyn TranscodeHost,
	) -> Result<Option<Vec<Value>>, CallError> {
		match data {
			[MESSAGE_RAN, RESULT_ERR, error @ ..] => {
				error_of(&Scale, signature.error_types(), error, host)
			}
			_ => Ok(None),
		}
	}

	fn call(call: EngineCall) -> EngineOutcome {
		if call.read_only && call.value > 0 {
			return EngineOutcome::failed(Weight::zero(), CallError::ReadOnly);
		}
		let entry = base_of_call::<T>();
		let Some(budget) = call.limit.checked_sub(&entry) else {
			return EngineOutcome::failed(call.limit, CallError::OutOfGas);
		};
		let deposit_limit = if call.read_only {
			0
		} else {
			call.deposit_limit
		};
		let mut stack = Stack::<T>::new(
			Origin::Signed(call.caller),
			Some(call.payer),
			budget,
			deposit_limit,
			call.read_only,
		);
		let result = stack.call(
			call.target,
			call.value,
			call.input,
			Default::default(),
			true,
			call.read_only,
		);
		let used = entry.saturating_add(stack.gas.consumed());
		let result = match result {
			Ok(output) => output_of(output),
			Err(failure) => Err(call_error::<T>(failure.error)),
		};
		match result {
			Ok(output) => EngineOutcome {
				used,
				deposit: stack.deposit.net().charge_or_zero(),
				result: Ok(output),
			},
			Err(error) => EngineOutcome::failed(used, error),
		}
	}

	fn transaction_end() {
		transient::clear::<T>();
	}

	fn catalogue() -> Vec<Feature> {
		let feature = |id, name: &[u8]| Feature {
			id,
			name: name.to_vec(),
		};
		vec![
			feature(0, b"ink-5"),
			feature(1, b"wasm-mvp"),
			feature(2, b"wasm-sign-extension"),
			feature(3, b"cross-vm-extension-0801"),
		]
	}
}

fn output_of(output: ExecReturnValue) -> Result<Vec<u8>, CallError> {
	if !output.did_revert() {
		return Ok(output.data);
	}
	if output.data == COULD_NOT_READ_INPUT {
		return Err(EncodingError::RefusedByCallee.into());
	}
	Err(CallError::Reverted(output.data))
}
