//! What the pallet offers to the others.

use alloc::vec::Vec;

use polkadot_sdk::{sp_core::H256, sp_io::hashing::keccak_256, sp_weights::Weight};
use trivium_primitives::{
	trace::{Inner, TraceFrame},
	AccountId, Balance, CallError, CallOutcome, CallRequest, Dispatch, Entry, Exit, HostKeccak,
	LogRecord,
};
use trivium_receipts::receipt::log_leaf;

use crate::{
	hop, receipts,
	stack::{self, Execution, Root},
	Config, DepositTaken, Event, LogTree, Pallet,
};

impl<T: Config> Dispatch for Pallet<T> {
	fn call(request: CallRequest<'_>) -> CallOutcome {
		hop::call_from_bridge::<T>(request)
	}

	fn enter(entry: Entry<'_>) {
		stack::with(|context| {
			if context.executions.is_empty() {
				let root = Root {
					vm: entry.vm,
					contract: entry.contract.clone(),
					value: entry.value,
					input: H256(keccak_256(&(entry.input)())),
				};
				context.open(root, entry.actor, entry.deposit_limit);
			}
			let last = context.executions.last();
			// The call that a hop is has its frame already.
			let is_of_hop = last.is_some_and(|it| it.by_hop && it.announced.is_empty());
			if last.is_none_or(|execution| execution.vm != entry.vm) {
				let execution = Execution {
					vm: entry.vm,
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
				execution.announced.push(entry.contract.clone());
				let frame = execution.frame;
				match &mut context.watch {
					Some(watch) if !is_of_hop => {
						let input = watch.data(&(entry.input)());
						let (caller, contract) = (entry.caller.clone(), entry.contract.clone());
						let frame = TraceFrame {
							vm: Some(entry.vm),
							code: entry.code,
							value: entry.value,
							signature: entry.function.to_vec(),
							input,
							..TraceFrame::new(entry.kind, frame, caller, contract)
						};
						watch.begin(frame, false, Weight::zero());
					}
					_ => {}
				}
			}
		});
	}

	fn leave(exit: Exit<'_>) {
		let is_over = stack::with(|context| {
			let Some(execution) = context.executions.last_mut() else {
				return false;
			};
			debug_assert_eq!(execution.vm, exit.vm, "what was entered last is left first");
			execution.announced.pop();
			let is_of_hop = execution.by_hop && execution.announced.is_empty();
			if execution.announced.is_empty() && !execution.by_hop {
				context.executions.pop();
			}
			if let Some(watch) = &mut context.watch {
				watch.set_output(exit.output, exit.error.as_ref());
				if !is_of_hop {
					watch.end_outer(exit.used, exit.error.clone());
				}
			}
			context.executions.is_empty()
		});
		if is_over == Some(true) {
			let output = H256(keccak_256(exit.output));
			receipts::close::<T>(exit.error.is_none(), output, exit.used);
		}
	}

	fn digest_weight(len_bytes: usize) -> Weight {
		let is_hashed = stack::with(|context| match &context.executions[..] {
			[only] => !only.by_hop,
			_ => false,
		});
		// Where it is not known, it is paid for.
		match is_hashed.unwrap_or(true) {
			true => receipts::digest_weight::<T>(len_bytes),
			false => Weight::zero(),
		}
	}

	fn is_watched() -> bool {
		stack::is_watched()
	}

	fn begin_inner(inner: Inner<'_>) {
		stack::with(|context| {
			let frame = context.executions.last().map_or(0, |it| it.frame);
			let Some(watch) = &mut context.watch else {
				return;
			};
			let input = watch.data(inner.input);
			let begun = TraceFrame {
				vm: Some(inner.vm),
				code: inner.code,
				value: inner.value,
				signature: inner.function.to_vec(),
				input,
				..TraceFrame::new(inner.kind, frame, inner.caller, inner.contract)
			};
			watch.begin(begun, true, inner.counted);
		});
	}

	fn end_inner(exit: Exit<'_>) {
		stack::tell(|watch| watch.end_inner(exit.output, exit.used, exit.error));
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
		LogTree::<T>::mutate(|tree| {
			for log in logs {
				let LogRecord {
					vm,
					contract,
					topics,
					data,
				} = log;
				tree.push(log_leaf::<HostKeccak, _>(
					vm.0,
					contract.as_ref(),
					frame,
					&topics,
					&data,
				));
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
