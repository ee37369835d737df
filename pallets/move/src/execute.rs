//! Running the VM: one call at the top of a transaction.

use alloc::{
	string::{String, ToString},
	vec::Vec,
};

use codec::Encode;
use move_vm_binary_format::CompiledModule;
use move_vm_runtime::{Gas, Interface, Limits, Republish, Session};
use move_vm_types::{AccountAddress, Identifier, ModuleId, TypeTag, VmResult};
use polkadot_sdk::{
	frame_support::storage::{with_transaction, TransactionOutcome},
	sp_runtime::DispatchError,
	sp_weights::Weight,
};
use trivium_primitives::{
	account::module_account, trace::FrameKind, AccountId, Balance, CallError, Dispatch, Entry,
	Exit, VmId,
};

use crate::{
	cross_vm::Natives,
	gas::{gas_from_ref_time_floor, ref_time_from_gas},
	host::{
		outward::{transfer, Received},
		ChainHost,
	},
	memory,
	storage::Settled,
	types::{to_account, to_address, ModuleName, MoveEvent, MoveFailure, UpgradePolicy},
	Config,
};

/// Bounds of what is run.
pub(crate) const LIMITS: Limits = Limits::PRODUCTION;

/// What to run.
#[derive(Clone, Debug)]
pub(crate) enum Action {
	/// Publish modules that are not there yet.
	Publish {
		modules: Vec<Vec<u8>>,
		policy: UpgradePolicy,
	},
	/// Publish modules, those that are there in place of the old ones.
	Upgrade { modules: Vec<Vec<u8>> },
	/// Run an entry function.
	Entry {
		module: ModuleId,
		function: Identifier,
		type_arguments: Vec<TypeTag>,
		arguments: Vec<Vec<u8>>,
	},
	/// Run a script.
	Script {
		script: Vec<u8>,
		type_arguments: Vec<TypeTag>,
		arguments: Vec<Vec<u8>>,
	},
	/// Call a public or entry function of these types, for a contract of another VM.
	Call {
		module: ModuleId,
		function: Identifier,
		parameters: Vec<TypeTag>,
		returns: Vec<TypeTag>,
		arguments: Vec<Vec<u8>>,
	},
	/// Call any function, without a signer and without leave to write.
	View {
		module: ModuleId,
		function: Identifier,
		type_arguments: Vec<TypeTag>,
		arguments: Vec<Vec<u8>>,
	},
}

/// One execution.
#[derive(Clone, Debug)]
pub(crate) struct Execution {
	/// Who signs, and under whom modules are published.
	pub signer: AccountId,
	/// Who acts in the transaction, and pays for what it stores.
	pub payer: AccountId,
	pub action: Action,
	/// Planck that go along from the signer to the code's contract account.
	pub value: Balance,
	/// What it may use, both dimensions.
	pub limit: Weight,
	/// What it may add to the payer's storage deposits, planck.
	pub deposit_limit: Balance,
	/// It must not write.
	pub read_only: bool,
	/// Keep the events for the caller.
	pub collect_events: bool,
}

/// What an execution gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Success {
	/// What a call or a view returned, in BCS.
	pub returns: Vec<Vec<u8>>,
	/// Modules published, by name.
	pub modules: Vec<ModuleName>,
	/// Events, if they were to be kept.
	pub events: Vec<MoveEvent>,
	/// Storage deposits.
	pub settled: Settled,
	/// What hops to other VMs added to the payer's storage deposits, planck.
	pub deposit_of_hops: Balance,
}

/// What became of an execution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
	pub result: Result<Success, MoveFailure>,
	/// Charged whether or not it succeeded. Its proof size may be above the limit by one entry, see
	/// [`crate::gas::overshoot`].
	pub used: Weight,
	/// What has to be there besides for it to go the same way: hops get only a part of what is left.
	pub slack: Weight,
}

impl Outcome {
	/// A failure before anything was done.
	pub(crate) fn refused(failure: MoveFailure) -> Self {
		Self {
			result: Err(failure),
			used: Weight::zero(),
			slack: Weight::zero(),
		}
	}
}

impl Action {
	/// The account of the code that runs: the module's own; for the rest, the signer.
	fn contract(&self, signer: &AccountId) -> AccountId {
		match self {
			Self::Entry { module, .. } | Self::Call { module, .. } | Self::View { module, .. } => {
				module_account(&to_account(&module.address), module.name.as_bytes())
			}
			Self::Publish { .. } | Self::Upgrade { .. } | Self::Script { .. } => signer.clone(),
		}
	}

	/// The function's name; nothing for scripts and publications.
	fn function(&self) -> &[u8] {
		match self {
			Self::Entry { function, .. }
			| Self::Call { function, .. }
			| Self::View { function, .. } => function.as_bytes(),
			Self::Publish { .. } | Self::Upgrade { .. } | Self::Script { .. } => &[],
		}
	}

	/// What a receipt says it was called with: SCALE of a script or of modules, or of a function's name; then type
	/// arguments as text, and arguments in BCS.
	fn input(&self) -> Vec<u8> {
		let texts =
			|tags: &[TypeTag]| -> Vec<String> { tags.iter().map(ToString::to_string).collect() };
		match self {
			Self::Publish { modules, .. } | Self::Upgrade { modules } => modules.encode(),
			Self::Script {
				script,
				type_arguments,
				arguments,
			} => (script, texts(type_arguments), arguments).encode(),
			Self::Entry {
				function,
				type_arguments,
				arguments,
				..
			}
			| Self::View {
				function,
				type_arguments,
				arguments,
				..
			}
			| Self::Call {
				function,
				parameters: type_arguments,
				arguments,
				..
			} => (function.as_bytes(), texts(type_arguments), arguments).encode(),
		}
	}

	fn check(&self) -> Result<(), MoveFailure> {
		match self {
			Self::Publish { modules, .. } | Self::Upgrade { modules } => {
				let most = usize::from(LIMITS.bundle_modules);
				match (1..=most).contains(&modules.len()) {
					true => Ok(()),
					false => Err(MoveFailure::PackageSize),
				}
			}
			_ => Ok(()),
		}
	}
}

/// Runs an execution, announced to the dispatch pallet, in a storage layer of its own.
pub(crate) fn execute<T: Config>(execution: Execution) -> Outcome {
	if let Err(failure) = execution.action.check() {
		return Outcome::refused(failure);
	}
	let contract = execution.action.contract(&execution.signer);
	if T::Dispatch::ensure_enterable(&contract).is_err() {
		return Outcome::refused(MoveFailure::ReentrancyDenied);
	}
	T::Dispatch::enter(Entry {
		vm: VmId::MOVE,
		contract: &contract,
		caller: &execution.signer,
		actor: &execution.payer,
		value: execution.value,
		kind: FrameKind::Entry,
		code: None,
		function: execution.action.function(),
		input: &|| execution.action.input().into(),
		deposit_limit: execution.deposit_limit,
	});
	let outcome = with_transaction(|| {
		let outcome = run::<T>(execution, &contract);
		match outcome.result {
			Ok(_) => TransactionOutcome::Commit(Ok::<_, DispatchError>(outcome)),
			Err(_) => TransactionOutcome::Rollback(Ok(outcome)),
		}
	})
	// No storage layer to be had.
	.unwrap_or_else(|_| Outcome::refused(MoveFailure::Internal));
	let error = outcome.result.as_ref().err().cloned().map(CallError::from);
	T::Dispatch::leave(match &error {
		// A transaction's function returns nothing; of what another machine calls, the hop has the output.
		None => Exit::well(VmId::MOVE, &[], outcome.used),
		Some(CallError::Reverted(data)) => Exit::reverted(VmId::MOVE, data, outcome.used),
		Some(error) => Exit::failed(VmId::MOVE, error.clone(), outcome.used),
	});
	outcome
}

fn run<T: Config>(execution: Execution, contract: &AccountId) -> Outcome {
	let Execution {
		signer,
		payer,
		action,
		value,
		limit,
		deposit_limit,
		read_only,
		collect_events,
	} = execution;
	// Who acts pays for what it stores, whoever pays the fee: it is the one who named the limit.
	let mut host =
		ChainHost::<T>::new(limit, Some(payer), deposit_limit).collecting_events(collect_events);
	if let Action::Publish { policy, .. } = &action {
		host = host.with_policy(*policy);
	}
	if read_only {
		host = host.read_only();
	}
	if value > 0 {
		if !transfer::<T>(&signer, contract, value) {
			return Outcome::refused(MoveFailure::InsufficientBalance);
		}
		host.received = Some(Received {
			contract: contract.clone(),
			value,
			is_asked_for: false,
		});
	}
	let gas = Gas::new(gas_from_ref_time_floor::<T>(limit.ref_time()));
	let (ended, gas) = in_session(&mut host, gas, &signer, action);
	// With the host's own work, which the session has charged.
	let time = ref_time_from_gas::<T>(gas.used());
	let mut used = Weight::from_parts(time.min(limit.ref_time()), host.proof.used());

	let ended = match (ended, host.stop.take()) {
		(_, Some(stop)) => Err(stop),
		(Err(error), None) => Err(error.into()),
		(Ok(_), None) if host.received.as_ref().is_some_and(|it| !it.is_asked_for) => {
			Err(MoveFailure::ValueRefused)
		}
		(Ok(returns), None) => Ok(returns),
	};
	let slack = host.slack;
	let result = ended.and_then(|returns| {
		// Which nobody has paid for yet.
		let all = Weight::from_parts(time, used.proof_size()).saturating_add(host.refund_weight());
		if all.any_gt(limit) {
			used = limit.max(used);
			return Err(MoveFailure::out_of_gas());
		}
		used = all;
		host.settle()?;
		let (settled, deposit_of_hops) = host.deposits();
		Ok(Success {
			returns,
			modules: host.written_modules,
			events: host.events.unwrap_or_default(),
			settled,
			deposit_of_hops,
		})
	});
	Outcome {
		result,
		used,
		slack,
	}
}

/// What the VM makes of it, and what is left of the gas.
fn in_session<T: Config>(
	host: &mut ChainHost<T>,
	gas: Gas,
	signer: &AccountId,
	action: Action,
) -> (VmResult<Vec<Vec<u8>>>, Gas) {
	let limits = Limits {
		memory_bytes: memory::room(LIMITS.memory_bytes),
		..LIMITS
	};
	let mut session = Session::with_natives(host, limits, gas, Natives::<T>::table());
	let sender = to_address(signer);
	let result = match action {
		Action::Publish { modules, .. } => {
			publish_and_initialize(&mut session, &modules, sender, Republish::Refuse)
		}
		Action::Upgrade { modules } => {
			publish_and_initialize(&mut session, &modules, sender, Republish::Compatible)
		}
		Action::Entry {
			module,
			function,
			type_arguments,
			arguments,
		} => session
			.execute_entry(&module, &function, type_arguments, arguments, &[sender])
			.map(|()| Vec::new()),
		Action::Script {
			script,
			type_arguments,
			arguments,
		} => session
			.execute_script(&script, type_arguments, arguments, &[sender])
			.map(|()| Vec::new()),
		Action::Call {
			module,
			function,
			parameters,
			returns,
			arguments,
		} => {
			let interface = Interface {
				parameters: &parameters,
				returns: &returns,
			};
			session.call_exported(&module, &function, &interface, arguments, &[sender])
		}
		Action::View {
			module,
			function,
			type_arguments,
			arguments,
		} => session.call_function(&module, &function, type_arguments, arguments, &[]),
	};
	match result {
		Ok(returns) => {
			let (finished, gas) = session.finish();
			(finished.map(|()| returns), gas)
		}
		Err(error) => (Err(error), *session.gas()),
	}
}

/// Publishes a package, and initialises those of its modules that are new, in the order given.
fn publish_and_initialize(
	session: &mut Session<'_>,
	modules: &[Vec<u8>],
	sender: AccountAddress,
	republish: Republish,
) -> VmResult<Vec<Vec<u8>>> {
	for new in session.publish(modules, sender, republish)? {
		session.initialize(&new, sender)?;
	}
	Ok(Vec::new())
}

/// Publishes modules at genesis, in this order, free of deposits, under the accounts that they name.
///
/// # Errors
/// A sentence about the first that the VM refuses.
pub(crate) fn publish_at_genesis<T: Config>(modules: Vec<Vec<u8>>) -> Result<(), String> {
	for (place, module) in modules.into_iter().enumerate() {
		let id = CompiledModule::deserialize(&module).and_then(|module| module.self_id());
		let account = match id {
			Ok(id) => to_account(&id.address),
			Err(error) => return Err(alloc::format!("module {place}: {error}")),
		};
		let mut host = ChainHost::<T>::new(Weight::MAX, None, 0);
		let action = Action::Publish {
			modules: alloc::vec![module],
			policy: UpgradePolicy::Compatible,
		};
		let (ended, _) = in_session(&mut host, Gas::new(u64::MAX), &account, action);
		if let Err(error) = ended {
			return Err(alloc::format!("module {place}: {error}"));
		}
	}
	Ok(())
}
