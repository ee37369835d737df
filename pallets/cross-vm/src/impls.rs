//! What the pallet offers to the others.

use alloc::vec::Vec;

use codec::Encode;
use polkadot_sdk::{sp_core::H256, sp_io::hashing::keccak_256};
use trivium_primitives::{
	AccountId, Balance, CallError, CallOutcome, CallRequest, Dispatch, LogRecord, VmId,
};

use crate::{
	hop, receipts,
	stack::{self, Execution},
	Config, DepositTaken, Event, LogsHash, Pallet,
};

impl<T: Config> Dispatch for Pallet<T> {
	fn call(request: CallRequest<'_>) -> CallOutcome {
		hop::call_from_bridge::<T>(request)
	}

	fn enter(vm: VmId, contract: &AccountId, actor: &AccountId, deposit_limit: Balance) {
		stack::with(|context| {
			if context.executions.is_empty() {
				context.open(vm, contract, actor, deposit_limit);
			}
			if context
				.executions
				.last()
				.is_none_or(|execution| execution.vm != vm)
			{
				let execution = Execution {
					vm,
					frame: context.new_frame(),
					read_only: context.is_read_only(),
					by_hop: false,
					deposit_cap: context.deposit_cap(),
					announced: Vec::new(),
					left: None,
				};
				context.executions.push(execution);
			}
			if let Some(execution) = context.executions.last_mut() {
				execution.announced.push(contract.clone());
			}
		});
	}

	fn leave(vm: VmId, ok: bool) {
		let is_over = stack::with(|context| {
			let Some(execution) = context.executions.last_mut() else {
				return false;
			};
			debug_assert_eq!(execution.vm, vm, "what was entered last is left first");
			execution.announced.pop();
			if execution.announced.is_empty() && !execution.by_hop {
				context.executions.pop();
			}
			context.executions.is_empty()
		});
		if is_over == Some(true) {
			receipts::close::<T>(ok);
		}
	}

	fn ensure_enterable(contract: &AccountId) -> Result<(), CallError> {
		stack::with(|context| context.ensure_enterable(contract))
			.unwrap_or(Err(CallError::ReentrancyDenied))
	}

	fn transaction() -> u64 {
		stack::with(|context| context.number).unwrap_or_default()
	}

	fn deposit_taken() -> Balance {
		DepositTaken::<T>::get()
	}

	fn log(logs: impl IntoIterator<Item = LogRecord>) {
		let mut logs = logs.into_iter().peekable();
		if logs.peek().is_none() {
			return;
		}
		let frame = stack::with(|context| context.executions.last().map(|e| e.frame))
			.flatten()
			.unwrap_or_default();
		LogsHash::<T>::mutate(|hash| {
			for log in logs {
				let next = (&hash, log.vm, &log.contract, &log.topics, &log.data).encode();
				*hash = H256(keccak_256(&next));
				let LogRecord {
					vm,
					contract,
					topics,
					data,
				} = log;
				Self::deposit_event(Event::Log {
					vm,
					contract,
					frame,
					topics,
					data,
				});
			}
		});
	}
}
