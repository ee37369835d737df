//! Answers for the runtime API: executions that leave nothing, and reads.

use alloc::vec::Vec;
use move_vm_binary_format::CompiledModule;
use move_vm_runtime::record;
use move_vm_types::TypeTag;
use polkadot_sdk::{
	frame_support::{
		dispatch::DispatchClass, storage::with_transaction_unchecked, traits::Get, weights::Weight,
	},
	sp_runtime::{BoundedVec, TransactionOutcome},
};
use trivium_primitives::{AccountId, Balance};

use crate::{
	abi,
	execute::{self, Action, Execution, Outcome, Success},
	pallet::{execute_base, publish_base, script_base, upgrade_base},
	storage::total,
	types::{
		to_identifier, to_module_id, to_type_tags, CallLimit, Estimate, ModuleAbi, ModuleRef,
		MoveCall, MoveFailure, Stored, MAX_LISTED_MODULES,
	},
	Config, Modules, Pallet, Resources, STD_ACCOUNT,
};

impl<T: Config> Pallet<T> {
	/// See [`crate::api::MoveApi::call_view`].
	///
	/// # Errors
	/// Why there is no answer.
	pub fn call_view(
		module: ModuleRef,
		function: Vec<u8>,
		type_args: Vec<Vec<u8>>,
		args: Vec<Vec<u8>>,
	) -> Result<Vec<Vec<u8>>, MoveFailure> {
		let action = Action::View {
			module: to_module_id(&module)?,
			function: to_identifier(&function)?,
			type_arguments: to_type_tags(&type_args)?,
			arguments: args,
		};
		let outcome = Self::simulate(STD_ACCOUNT, action, None);
		outcome.result.map(|success| success.returns)
	}

	/// See [`crate::api::MoveApi::estimate`].
	pub fn estimate(origin: AccountId, call: MoveCall, limit: Option<CallLimit>) -> Estimate {
		let (base, action) = match call {
			MoveCall::PublishPackage { modules, policy } => (
				publish_base::<T>(&modules),
				Ok(Action::Publish { modules, policy }),
			),
			MoveCall::UpgradePackage { modules } => {
				(upgrade_base::<T>(&modules), Ok(Action::Upgrade { modules }))
			}
			MoveCall::Execute {
				module,
				function,
				type_args,
				args,
			} => (
				execute_base::<T>(&module, &function, &type_args, &args),
				Action::entry(&module, &function, &type_args, args),
			),
			MoveCall::ExecuteScript {
				script,
				type_args,
				args,
			} => (
				script_base::<T>(&script, &type_args, &args),
				Action::script(script, &type_args, args),
			),
		};
		let outcome = match action {
			Ok(action) => Self::simulate(origin, action, limit),
			Err(failure) => Outcome::refused(failure),
		};
		let used = outcome.used;
		let needed = used.saturating_add(outcome.slack).min(Self::most());
		let (result, success) = match outcome.result {
			Ok(success) => (Ok(()), success),
			Err(failure) => (Err(failure), Success::default()),
		};
		let deposit = success
			.settled
			.charged
			.saturating_add(success.deposit_of_hops);
		Estimate {
			result,
			limit: CallLimit {
				deposit: Some(deposit),
				..needed.into()
			},
			weight: base.saturating_add(used),
			deposit,
			refund: success.settled.refunded,
			events: success.events,
		}
	}

	/// See [`crate::api::MoveApi::module_abi`].
	pub fn module_abi(account: &AccountId, name: Vec<u8>) -> Option<ModuleAbi> {
		let entry = Modules::<T>::get(account, BoundedVec::try_from(name).ok()?)?;
		let bytes = record::module_bytes(&entry.record).ok()?;
		let module = CompiledModule::deserialize(bytes).ok()?;
		abi::of_module(&module, entry.policy).ok()
	}

	/// See [`crate::api::MoveApi::module_bytecode`].
	pub fn module_bytecode(account: &AccountId, name: Vec<u8>) -> Option<Stored> {
		let entry = Modules::<T>::get(account, BoundedVec::try_from(name).ok()?)?;
		Some(Stored {
			data: record::module_bytes(&entry.record).ok()?.to_vec(),
			deposit: total(&entry.shares),
		})
	}

	/// See [`crate::api::MoveApi::resource`].
	pub fn resource(account: &AccountId, tag: &[u8]) -> Option<Stored> {
		let TypeTag::Struct(tag) = TypeTag::parse(core::str::from_utf8(tag).ok()?)? else {
			return None;
		};
		let entry = Resources::<T>::get(account, BoundedVec::try_from(tag.to_bcs()).ok()?)?;
		Some(Stored {
			deposit: total(&entry.shares),
			data: entry.data.into_inner(),
		})
	}

	/// See [`crate::api::MoveApi::modules_of`].
	pub fn modules_of(account: &AccountId) -> Vec<Vec<u8>> {
		Modules::<T>::iter_key_prefix(account)
			.take(MAX_LISTED_MODULES)
			.map(BoundedVec::into_inner)
			.collect()
	}

	/// What a transaction may use at most.
	fn most() -> Weight {
		let weights = T::BlockWeights::get();
		let normal = weights.get(DispatchClass::Normal);
		normal
			.max_extrinsic
			.or(normal.max_total)
			.unwrap_or(weights.max_block)
	}

	/// Executes and takes it back. Whatever `limit` allows, it uses no more than a transaction may:
	/// anybody can ask, as often as they like. `None` is all of that, and any deposit.
	fn simulate(signer: AccountId, action: Action, limit: Option<CallLimit>) -> Outcome {
		let most = Self::most();
		let (limit, deposit_limit) = match limit {
			Some(limit) => (limit.weight().min(most), limit.deposit.unwrap_or_default()),
			None => (most, Balance::MAX),
		};
		with_transaction_unchecked(|| {
			TransactionOutcome::Rollback(execute::execute::<T>(Execution {
				payer: signer.clone(),
				signer,
				read_only: matches!(action, Action::View { .. }),
				action,
				value: 0,
				limit,
				deposit_limit,
				collect_events: true,
			}))
		})
	}
}
