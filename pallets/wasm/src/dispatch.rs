//! The [`Engine`]: ink! contracts as callees of other VMs.

use alloc::{vec, vec::Vec};
use polkadot_sdk::{
	frame_support::{
		traits::{
			fungible::Inspect,
			tokens::{Fortitude, Preservation},
		},
		weights::Weight,
	},
	pallet_contracts::{
		self, CollectEvents, ContractExecResult, DebugInfo, Determinism, ExecReturnValue,
	},
	sp_runtime::DispatchError,
};
use trivium_primitives::{
	AccountId, Balance, CallError, Encoding, EncodingError, Engine, EngineCall, EngineOutcome,
	Feature, Scale, Signature, TranscodeHost, Value, VmId,
};

use crate::{
	errors::call_error,
	memory::{self, RelayedCall, Stack},
	mirror, read_only, reentry,
	weights::WeightInfo,
	Config, CurrencyOf, Mirrored, Pallet, Weights,
};

/// First byte of what an ink! message returns: it ran.
const MESSAGE_RAN: u8 = 0;
/// First byte of what an ink! message returns: it did not get that far.
const MESSAGE_REFUSED: u8 = 1;
/// All of what ink! returns, and reverts with, if it cannot read its input: `Err(LangError)`.
const COULD_NOT_READ_INPUT: [u8; 2] = [MESSAGE_REFUSED, 1];

impl<T: Config> Engine for Pallet<T> {
	const VM: VmId = VmId::WASM;
	const NAME: &'static str = "wasm";

	fn encoding() -> &'static dyn Encoding {
		&Scale
	}

	fn resolve(target: &AccountId) -> bool {
		memory::behind_relay(target)
			.unwrap_or_else(|| pallet_contracts::Pallet::<T>::code_hash(target).is_some())
	}

	fn lookup_weight() -> Weight {
		Weights::<T>::lookup()
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
			Some((&MESSAGE_RAN, results)) => Scale.decode(&signature.results, results, host),
			Some((&MESSAGE_REFUSED, _)) => Err(EncodingError::RefusedByCallee.into()),
			Some(_) => Err(EncodingError::NonCanonical.into()),
			None => Err(EncodingError::Truncated.into()),
		}
	}

	fn call(call: EngineCall) -> EngineOutcome {
		if call.read_only && call.value > 0 {
			return EngineOutcome::failed(Weight::zero(), CallError::ReadOnly);
		}
		let entry = if call.read_only {
			Weights::<T>::read_only_entry()
		} else {
			Weights::<T>::entry()
		};
		let limit = call.limit;
		let Some(budget) = limit.checked_sub(&entry) else {
			return EngineOutcome::failed(limit, CallError::OutOfGas);
		};

		let deposit_limit = deposit_limit::<T>(&call);
		memory::push(stack_of::<T>(&call));
		mirror::begin::<T>();
		let executed = execute::<T>(call, budget, deposit_limit);
		let ended = memory::pop();

		let Ok(executed) = executed else {
			return EngineOutcome::failed(entry, call_error::<T>(DispatchError::Exhausted));
		};
		let used = entry
			.saturating_add(executed.gas_consumed)
			.saturating_add(ended.mirrored);
		if used.any_gt(limit) {
			return EngineOutcome::failed(limit, CallError::OutOfGas);
		}
		let result = match executed.result {
			Ok(output) => output_of(output),
			Err(error) => Err(call_error::<T>(error)),
		};
		match result.and_then(|output| {
			reentry::ensure_no_conflict::<T>(&ended)?;
			Ok(output)
		}) {
			Ok(output) => EngineOutcome {
				used,
				deposit: executed.storage_deposit.charge_or_zero(),
				result: Ok(output),
			},
			Err(error) => EngineOutcome::failed(used, error),
		}
	}

	fn transaction_end() {
		Mirrored::<T>::kill();
	}

	fn catalogue() -> Vec<Feature> {
		vec![
			Feature {
				id: 0,
				name: b"ink-5".to_vec(),
			},
			Feature {
				id: 1,
				name: b"wasm-mvp".to_vec(),
			},
			Feature {
				id: 2,
				name: b"wasm-sign-extension".to_vec(),
			},
			Feature {
				id: 3,
				name: b"cross-vm-extension-0801".to_vec(),
			},
		]
	}
}

/// The account that pallet-contracts is to take for the payer of deposits is the caller's, because
/// that is also where the value comes from; whoever pays in truth is noted here.
fn stack_of<T: Config>(call: &EngineCall) -> Stack {
	let relayed = call.read_only.then(|| RelayedCall {
		call: Some((call.target.clone(), call.input.clone())),
		begun: false,
		at_contract: Pallet::<T>::resolve(&call.caller),
	});
	Stack {
		origin: Some(call.caller.clone()),
		payer: (call.payer != call.caller).then(|| call.payer.clone()),
		value: call.value,
		read_only: call.read_only,
		by_engine: true,
		relayed,
		..Default::default()
	}
}

/// The deposit limit, and no more than the payer has: pallet-contracts refuses a call outright
/// whose limit is more than that, even if it stores nothing.
fn deposit_limit<T: Config>(call: &EngineCall) -> Balance {
	if call.read_only {
		return 0;
	}
	let spendable =
		CurrencyOf::<T>::reducible_balance(&call.payer, Preservation::Preserve, Fortitude::Polite);
	let set_aside = if call.payer == call.caller {
		call.value
			.saturating_add(CurrencyOf::<T>::minimum_balance())
	} else {
		0
	};
	call.deposit_limit.min(spendable.saturating_sub(set_aside))
}

fn execute<T: Config>(
	call: EngineCall,
	budget: Weight,
	deposit_limit: Balance,
) -> Result<ContractExecResult<Balance, EventRecordOf<T>>, DispatchError> {
	let EngineCall {
		caller,
		target,
		value,
		input,
		read_only,
		..
	} = call;
	let run = |target: AccountId, input: Vec<u8>| {
		// pallet-contracts as published refuses to be entered while it runs. What that protects,
		// `reentry` and the frame limits of `Frames` protect here.
		pallet_contracts::Pallet::<T>::bare_call(
			caller.clone(),
			target,
			value,
			budget,
			Some(deposit_limit),
			input,
			DebugInfo::Skip,
			CollectEvents::Skip,
			Determinism::Enforced,
		)
	};
	if read_only {
		read_only::with_relay::<T, _>(&caller, || run(caller.clone(), Vec::new()))
	} else {
		Ok(run(target, input))
	}
}

type EventRecordOf<T> = polkadot_sdk::frame_system::EventRecord<
	crate::EventOf<T>,
	<T as polkadot_sdk::frame_system::Config>::Hash,
>;

fn output_of(output: ExecReturnValue) -> Result<Vec<u8>, CallError> {
	if !output.did_revert() {
		return Ok(output.data);
	}
	if output.data == COULD_NOT_READ_INPUT {
		return Err(EncodingError::RefusedByCallee.into());
	}
	Err(CallError::Reverted(output.data))
}
