// SPDX-License-Identifier: Apache-2.0

//! Move as one of the chain's engines: functions of modules as callees of other VMs.
//!
//! A call names a function by its signature: `increment_by(u64)` is a public or entry function of that name with
//! one parameter of type `u64` beside its leading `&signer` or `signer`, which is the caller. Types have to be
//! those of the function, see [`tag_of`]; functions with type parameters cannot be named in this way.

use alloc::{boxed::Box, format, vec, vec::Vec};
use codec::{Decode, Encode};
use move_vm_types::{AccountAddress, Identifier, ModuleId, StatusCode, StructTag, TypeTag};
use polkadot_sdk::{sp_core::H256, sp_weights::Weight};
use trivium_primitives::{
	engine::error_of, interface::Deployment, AccountId, Bcs, CallError, Encoding, EncodingError,
	Engine, EngineCall, EngineOutcome, Feature, Signature, TranscodeHost, Type, Value, VmId,
};

use crate::{
	execute::{self, Action, Execution},
	gas::overshoot,
	memory,
	types::{to_address, to_identifier, to_type_tags, MoveFailure},
	Config, ModuleOf, Pallet, WeightInfo,
};

/// What the VM is told of a call from elsewhere.
#[derive(Encode, Decode)]
struct Input {
	/// The function's name.
	function: Vec<u8>,
	/// Types of its parameters and of its results, as Move writes them.
	types: [Vec<Vec<u8>>; 2],
	/// Each argument in BCS.
	arguments: Vec<Vec<u8>>,
}

impl<T: Config> Engine for Pallet<T> {
	const VM: VmId = VmId::MOVE;
	const NAME: &'static str = "move";

	fn encoding() -> &'static dyn Encoding {
		&Bcs
	}

	fn resolve(target: &AccountId) -> bool {
		ModuleOf::<T>::contains_key(target)
	}

	fn lookup_weight() -> Weight {
		T::WeightInfo::lookup()
	}

	/// A module that is published anew keeps the functions that it has, with the types they have: the module itself
	/// is what its code is known by.
	fn code_of(target: &AccountId) -> Option<H256> {
		Self::resolve(target).then(|| H256((*target).clone().into()))
	}

	fn code_of_weight() -> Weight {
		T::WeightInfo::lookup()
	}

	fn is_deployer(target: &AccountId, who: &AccountId, deployment: &Deployment) -> bool {
		*deployment == Deployment::Published
			&& ModuleOf::<T>::get(target).is_some_and(|(publisher, _)| publisher == *who)
	}

	fn encode_call(
		signature: &Signature,
		arguments: &[Value],
		host: &mut dyn TranscodeHost,
	) -> Result<Vec<u8>, CallError> {
		if signature.params.len() != arguments.len() {
			return Err(EncodingError::Count.into());
		}
		let types = [&signature.params, &signature.results].map(|types| texts_of(types));
		let [params, results] = types;
		let types = [params?, results?];
		let function = signature.name.as_bytes().to_vec();
		for text in types.iter().flatten().chain([&function]) {
			host.charge(text.len())?;
		}
		let each = signature.params.iter().zip(arguments);
		let arguments = each
			.map(|(of, value)| {
				let (of, value) = (core::slice::from_ref(of), core::slice::from_ref(value));
				Bcs.encode(of, value, host)
			})
			.collect::<Result<_, _>>()?;
		let input = Input {
			function,
			types,
			arguments,
		};
		Ok(input.encode())
	}

	fn decode_return(
		signature: &Signature,
		output: &[u8],
		host: &mut dyn TranscodeHost,
	) -> Result<Vec<Value>, CallError> {
		Bcs.decode(&signature.results, output, host)
	}

	/// `u64` is the code of an abort.
	fn decode_error(
		signature: &Signature,
		data: &[u8],
		host: &mut dyn TranscodeHost,
	) -> Result<Option<Vec<Value>>, CallError> {
		match signature.error_types() {
			types @ [Type::Uint(64)] => error_of(&Bcs, types, data, host),
			_ => Ok(None),
		}
	}

	fn call(call: EngineCall) -> EngineOutcome {
		let bytes = u32::try_from(call.input.len()).unwrap_or(u32::MAX);
		if call.read_only && call.value > 0 {
			return EngineOutcome::failed(Weight::zero(), CallError::ReadOnly);
		}
		let mut entry = T::WeightInfo::nested_call(bytes);
		if call.value > 0 {
			entry = entry.saturating_add(T::WeightInfo::host_transfer());
		}
		// What the last read may use above the limit is set aside, as a transaction does.
		let Some(limit) = call.limit.checked_sub(&entry.saturating_add(overshoot())) else {
			return EngineOutcome::failed(call.limit, CallError::OutOfGas);
		};
		let action = match action_of::<T>(&call) {
			Ok(action) => action,
			Err(error) => return EngineOutcome::failed(entry, error),
		};
		let deposit_limit = if call.read_only {
			0
		} else {
			call.deposit_limit
		};
		let outcome = execute::execute::<T>(Execution {
			signer: call.caller,
			payer: call.payer,
			action,
			value: call.value,
			limit,
			deposit_limit,
			read_only: call.read_only,
			collect_events: false,
		});
		memory::note_slack(outcome.slack.saturating_add(overshoot()));
		let used = entry.saturating_add(outcome.used).min(call.limit);
		match outcome.result {
			Ok(success) => EngineOutcome {
				used,
				deposit: success.settled.charged,
				result: Ok(success.returns.concat()),
			},
			Err(failure) => EngineOutcome::failed(used, failure.into()),
		}
	}

	fn catalogue() -> Vec<Feature> {
		let feature = |id, name: &[u8]| Feature {
			id,
			name: name.to_vec(),
		};
		vec![
			feature(0, b"move-2"),
			feature(1, b"bytecode-6"),
			feature(2, b"bytecode-7"),
		]
	}
}

/// What is to be run.
fn action_of<T: Config>(call: &EngineCall) -> Result<Action, CallError> {
	let (account, module) = ModuleOf::<T>::get(&call.target).ok_or(CallError::NotFound)?;
	let input = Input::decode(&mut &call.input[..]).map_err(|_| EncodingError::NonCanonical)?;
	let [parameters, returns] = input.types.map(|texts| to_type_tags(&texts));
	let tags = |tags: Result<_, MoveFailure>| tags.map_err(|_| EncodingError::TypeMismatch);
	let name = |bytes: &[u8]| to_identifier(bytes).map_err(|_| CallError::NotFound);
	Ok(Action::Call {
		module: ModuleId {
			address: to_address(&account),
			name: name(&module)?,
		},
		function: name(&input.function)?,
		parameters: tags(parameters)?,
		returns: tags(returns)?,
		arguments: input.arguments,
	})
}

fn texts_of(types: &[Type]) -> Result<Vec<Vec<u8>>, EncodingError> {
	let text = |of| Some(format!("{}", tag_of(of)?).into_bytes());
	let texts = types.iter().map(text).collect::<Option<_>>();
	texts.ok_or(EncodingError::TypeMismatch)
}

/// The type of Move that a canonical type is; `None` for signed integers, of which there are none, and for
/// tuples, for which a function would take a struct: nobody but the struct's module may make one.
fn tag_of(of: &Type) -> Option<TypeTag> {
	Some(match of {
		Type::Bool => TypeTag::Bool,
		Type::Uint(8) => TypeTag::U8,
		Type::Uint(16) => TypeTag::U16,
		Type::Uint(32) => TypeTag::U32,
		Type::Uint(64) => TypeTag::U64,
		Type::Uint(128) => TypeTag::U128,
		Type::Uint(256) => TypeTag::U256,
		Type::Address => TypeTag::Address,
		Type::Bytes | Type::FixedBytes(_) => TypeTag::Vector(Box::new(TypeTag::U8)),
		Type::Text => standard("string", "String", Vec::new())?,
		Type::List(of) | Type::Array(of, _) => TypeTag::Vector(Box::new(tag_of(of)?)),
		Type::Maybe(of) => standard("option", "Option", vec![tag_of(of)?])?,
		Type::Uint(_) | Type::Int(_) | Type::Tuple(_) => return None,
	})
}

/// A struct of the standard library.
fn standard(module: &str, name: &str, type_arguments: Vec<TypeTag>) -> Option<TypeTag> {
	Some(TypeTag::Struct(Box::new(StructTag {
		address: AccountAddress::ONE,
		module: Identifier::new(module)?,
		name: Identifier::new(name)?,
		type_arguments,
	})))
}

impl From<MoveFailure> for CallError {
	/// What callers in other VMs are told. See `docs/errors.md`.
	fn from(failure: MoveFailure) -> Self {
		let vm = match failure {
			MoveFailure::Vm(vm) => vm,
			MoveFailure::OutOfProofSize => return Self::OutOfGas,
			MoveFailure::ReadOnly => return Self::ReadOnly,
			MoveFailure::ReentrancyDenied => return Self::ReentrancyDenied,
			MoveFailure::DepositLimitExceeded | MoveFailure::InsufficientBalance => {
				return Self::InsufficientBalance
			}
			MoveFailure::InvalidName => return Self::NotFound,
			MoveFailure::ValueRefused => return Self::VALUE_REFUSED,
			MoveFailure::EntryTooLong
			| MoveFailure::ModuleImmutable
			| MoveFailure::PackageSize
			| MoveFailure::InvalidTypeArgument(_)
			| MoveFailure::Internal => return Self::TRAPPED,
		};
		match vm.status() {
			// The abort's code, as Move writes a number.
			Some(StatusCode::ABORTED) => {
				Self::Reverted(vm.sub_status.unwrap_or_default().to_le_bytes().to_vec())
			}
			Some(StatusCode::OUT_OF_GAS) => Self::OutOfGas,
			Some(StatusCode::FUNCTION_RESOLUTION_FAILURE | StatusCode::LINKER_ERROR) => {
				Self::NotFound
			}
			Some(StatusCode::TYPE_MISMATCH | StatusCode::INVALID_MAIN_FUNCTION_SIGNATURE) => {
				Self::BadEncoding(EncodingError::TypeMismatch)
			}
			Some(StatusCode::FAILED_TO_DESERIALIZE_ARGUMENT) => {
				Self::BadEncoding(EncodingError::RefusedByCallee)
			}
			_ => Self::Engine(vm.code.into()),
		}
	}
}
