//! The EVM as one of the chain's engines.

use alloc::vec::Vec;
use polkadot_sdk::{sp_core::H256, sp_weights::Weight};
use trivium_primitives::{
	account, engine::error_of, interface::Deployment, AccountId, CallError, Encoding, Engine,
	EngineCall, EngineOutcome, Feature, Signature, SolidityAbi, TranscodeHost, Type, Value, VmId,
};

use crate::{
	bridge::BRIDGE,
	execute::{self, Action, Execution, Level},
	gas::{gas_from_ref_time_floor, ProofMeter},
	journal::{EvmJournal, Shared},
	types::{from_address, to_address, to_b256, EMPTY_CODE_HASH},
	weights::WeightInfo,
	Accounts, Config, Epoch, Pallet,
};

/// What stands before the reason of a `require` or `revert("…")`: the selector of `Error(string)`.
const REASON: [u8; 4] = [0x08, 0xC3, 0x79, 0xA0];

/// The rules this engine runs by; a later fork is a further number.
const OSAKA: u32 = 1;

impl<T: Config> Engine for Pallet<T> {
	const VM: VmId = VmId::EVM;
	const NAME: &'static str = "evm";

	fn encoding() -> &'static dyn Encoding {
		&SolidityAbi
	}

	fn resolve(target: &AccountId) -> bool {
		account::ethereum_address(target).is_some_and(|address| {
			address != BRIDGE
				&& Accounts::<T>::get(address).is_some_and(|code_hash| code_hash != EMPTY_CODE_HASH)
		})
	}

	fn lookup_weight() -> Weight {
		T::WeightInfo::resolve()
	}

	fn code_of(target: &AccountId) -> Option<H256> {
		Accounts::<T>::get(account::ethereum_address(target)?)
	}

	fn code_of_weight() -> Weight {
		T::WeightInfo::resolve()
	}

	fn is_deployer(target: &AccountId, who: &AccountId, deployment: &Deployment) -> bool {
		let creator = to_address(&account::alias(who));
		let created = match deployment {
			Deployment::Created(nonce) => creator.create(*nonce),
			Deployment::Created2 {
				salt,
				init_code_hash,
			} => creator.create2(to_b256(salt), to_b256(init_code_hash)),
			_ => return false,
		};
		account::ethereum_address(target) == Some(from_address(&created))
	}

	fn encode_call(
		signature: &Signature,
		arguments: &[Value],
		host: &mut dyn TranscodeHost,
	) -> Result<Vec<u8>, CallError> {
		let encoded = SolidityAbi.encode(&signature.params, arguments, host)?;
		let mut input = signature.solidity_selector().to_vec();
		input.extend_from_slice(&encoded);
		Ok(input)
	}

	fn decode_return(
		signature: &Signature,
		output: &[u8],
		host: &mut dyn TranscodeHost,
	) -> Result<Vec<Value>, CallError> {
		SolidityAbi.decode(&signature.results, output, host)
	}

	/// `bytes` is all of the data; `string` is the reason of a `require` or `revert("…")`. Custom errors have
	/// selectors of their own and are read from `bytes`.
	fn decode_error(
		signature: &Signature,
		data: &[u8],
		host: &mut dyn TranscodeHost,
	) -> Result<Option<Vec<Value>>, CallError> {
		match (signature.error_types(), data.strip_prefix(&REASON)) {
			([Type::Bytes], _) => {
				host.charge(data.len())?;
				Ok(Some(alloc::vec![Value::Bytes(data.to_vec())]))
			}
			([Type::Text], Some(reason)) => {
				error_of(&SolidityAbi, signature.error_types(), reason, host)
			}
			_ => Ok(None),
		}
	}

	fn call(call: EngineCall) -> EngineOutcome {
		let limit = call.limit;
		let accounts = u32::try_from(Shared::peek_loaded_accounts::<T>()).unwrap_or(u32::MAX);
		let overhead =
			T::WeightInfo::nested_call().saturating_add(T::WeightInfo::refresh(accounts));
		let Some(left) = limit.checked_sub(&overhead) else {
			return EngineOutcome::failed(limit, CallError::OutOfGas);
		};
		let Some(target) = account::ethereum_address(&call.target) else {
			return EngineOutcome::failed(overhead, CallError::NotFound);
		};
		let outcome = execute::execute::<T>(Execution {
			origin: call.payer,
			caller: call.caller,
			action: Action::Call {
				target,
				input: call.input,
			},
			value: call.value,
			gas_limit: gas_from_ref_time_floor::<T>(left.ref_time()),
			proof_limit: left.proof_size(),
			level: Level::Nested,
			read_only: call.read_only,
		});
		EngineOutcome {
			used: overhead.saturating_add(outcome.weight::<T>()),
			deposit: 0,
			result: outcome
				.result
				.map(|success| success.data)
				.map_err(CallError::from),
		}
	}

	fn transaction_end() {
		let shared = Shared::take::<T>();
		let (mut journal, _) = EvmJournal::<T>::resume(shared, ProofMeter::default());
		if let Err(failure) = journal.finalise() {
			log::error!(target: crate::LOG_TARGET, "journal does not fit storage: {failure:?}");
		}
		Epoch::<T>::kill();
	}

	fn catalogue() -> Vec<Feature> {
		alloc::vec![Feature {
			id: OSAKA,
			name: b"osaka".to_vec()
		}]
	}
}
