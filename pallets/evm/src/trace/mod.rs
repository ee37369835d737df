//! Traces: what an execution did, told as Ethereum's `debug_trace*` methods tell it.
//!
//! A trace is made by running something again while a tracer is on: a transaction of a past block, on
//! the state of that block's parent, or a call that never was. It leaves nothing in storage.
//!
//! The tracer lives in memory for the length of a transaction, beside the journal, so it also sees
//! executions that begin below a hop to another VM: their frames hang under the call to the bridge
//! that was open. `inspect` watches the interpreter and tells one of three recorders:
//! - `call`: the tree of frames (Geth's `callTracer`);
//! - `struct_log`: every step (Geth's default tracer, to which the standard of the
//!   [execution APIs](https://github.com/ethereum/execution-apis) gives its present form);
//! - `prestate`: the accounts and slots in use, before and after (Geth's `prestateTracer`).
//!
//! The types here are the answer as the runtime gives it, in SCALE. It is flat, so that depth costs
//! no stack; outside of the runtime (feature `std`) they serialise to Geth's JSON.
//!
//! # What holds
//! 1. While no tracer is on, an execution pays for one look at whether one is.
//! 2. A trace changes nothing in what it watches: neither result nor gas nor state.
//! 3. A trace never holds more than [`MAX_TRACE_BYTES`], and says if that cut it.

mod call;
mod inspect;
#[cfg(feature = "std")]
mod json;
mod prestate;
mod reason;
mod struct_log;
mod told;

pub use call::{CallFrame, CallKind, CallLog, CallTrace, CallTracer};
pub use prestate::{AccountState, Prestate, PrestateTracer, StateDiff};
pub use struct_log::{StructLog, StructLogger, StructTrace};

pub(crate) use inspect::{authorized, begin, end, Watched};
pub(crate) use told::Told;

use alloc::vec::Vec;
use codec::{Decode, Encode};
use polkadot_sdk::{
	frame_support::{storage::with_transaction_unchecked, traits::Get},
	frame_system::{self, pallet_prelude::BlockNumberFor},
	sp_core::H160,
	sp_runtime::{
		traits::One, transaction_validity::TransactionValidityError, ApplyExtrinsicResult,
		Saturating, TransactionOutcome,
	},
};
use scale_info::TypeInfo;
use trivium_primitives::{trace::Budget, AccountId, Balance};

use crate::{execute::Action, rules::Rules, Config, Failure, Pallet};
use inspect::{Recorder, Tracing};

/// Most memory of one answer, bytes: the parts of a trace as they are counted, with what each costs
/// beside its payload. What is above is left out. With what the allocator rounds up and the encoded
/// answer it stays far below the heap that a node gives to a call of the runtime, 128 MiB.
pub const MAX_TRACE_BYTES: u32 = 16 * 1024 * 1024;
/// Most steps in one trace of [`Tracer::StructLog`]; [`StructLogger::skip`] gets those behind.
pub const MAX_STRUCT_LOGS: u32 = 100_000;

/// What to tell of an execution.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub enum Tracer {
	/// The tree of calls: Geth's `callTracer`.
	#[codec(index = 0)]
	Call(CallTracer),
	/// Every step: Geth's tracer when none is named.
	#[codec(index = 1)]
	StructLog(StructLogger),
	/// Accounts and slots: Geth's `prestateTracer`.
	#[codec(index = 2)]
	Prestate(PrestateTracer),
}

/// What an execution did.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub enum Trace {
	/// Of [`Tracer::Call`].
	#[codec(index = 0)]
	Call(CallTrace),
	/// Of [`Tracer::StructLog`].
	#[codec(index = 1)]
	StructLog(StructTrace),
	/// Of [`Tracer::Prestate`].
	#[codec(index = 2)]
	Prestate(Prestate),
	/// Of [`Tracer::Prestate`] with [`PrestateTracer::diff_mode`].
	#[codec(index = 3)]
	StateDiff(StateDiff),
}

/// Why there is no trace.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub enum TraceError {
	/// The block does not follow the one on whose state it was to run. Ask at its parent.
	#[codec(index = 0)]
	NotTheParent,
	/// The block has no extrinsic with this index.
	#[codec(index = 1)]
	IndexOutOfRange,
	/// An extrinsic is not valid on this state.
	#[codec(index = 2)]
	Invalid {
		/// Its index in the block.
		index: u32,
		/// Why.
		error: TransactionValidityError,
	},
	/// The extrinsic is valid and ran nothing in the EVM.
	#[codec(index = 3)]
	NoExecution,
	/// The call may not run.
	#[codec(index = 4)]
	Refused(Failure),
}

/// What one answer may take.
pub(crate) fn budget() -> Budget {
	Budget::new(MAX_TRACE_BYTES as usize)
}

impl<T: Config> Pallet<T> {
	/// See [`crate::api::EvmApi::trace_call`].
	///
	/// # Errors
	/// [`TraceError::Refused`]: nothing ran.
	pub fn trace_call(
		from: AccountId,
		target: Option<H160>,
		input: Vec<u8>,
		value: Balance,
		gas_limit: Option<u64>,
		tracer: Tracer,
	) -> Result<Trace, TraceError> {
		let gas_limit = gas_limit.unwrap_or_else(T::CallGasLimit::get);
		let proof_limit = T::Rules::proof_allowance(gas_limit);
		let action = match target {
			Some(target) => Action::Call { target, input },
			None => Action::Create {
				code: input,
				salt: None,
			},
		};
		let mut budget = budget();
		let (trace, outcome) = Self::traced(tracer, &mut budget, || {
			Self::run_top_level(from, action, value, gas_limit, proof_limit)
		});
		trace.ok_or(match outcome.result {
			Ok(_) => TraceError::NoExecution,
			Err(failure) => TraceError::Refused(failure),
		})
	}

	/// Whether a block with this number can run on the present state.
	///
	/// # Errors
	/// [`TraceError::NotTheParent`]
	pub fn ensure_next(number: BlockNumberFor<T>) -> Result<(), TraceError> {
		let now = frame_system::Pallet::<T>::block_number();
		match number == now.saturating_add(One::one()) {
			true => Ok(()),
			false => Err(TraceError::NotTheParent),
		}
	}

	/// Applies a block's extrinsics up to `index` and traces that one, in a block that has been
	/// initialised. See [`crate::api::EvmApi::trace_transaction`].
	///
	/// # Errors
	/// All but [`TraceError::Refused`].
	pub fn trace_extrinsic<E>(
		extrinsics: Vec<E>,
		index: u32,
		tracer: Tracer,
		mut apply: impl FnMut(E) -> ApplyExtrinsicResult,
	) -> Result<Trace, TraceError> {
		if extrinsics.len() <= index as usize {
			return Err(TraceError::IndexOutOfRange);
		}
		for (at, extrinsic) in (0..=index).zip(extrinsics) {
			Self::forget_weight();
			let invalid = |error| TraceError::Invalid { index: at, error };
			if at < index {
				let _ = apply(extrinsic).map_err(invalid)?;
				continue;
			}
			let mut budget = budget();
			let (trace, applied) =
				Self::traced(tracer, &mut budget, || apply(extrinsic).map_err(invalid));
			// That it fails is what a trace is for.
			let _ = applied?;
			return trace.ok_or(TraceError::NoExecution);
		}
		Err(TraceError::IndexOutOfRange)
	}

	/// Applies a block's extrinsics and traces each that enters the EVM, with its index. Together
	/// they are held to [`MAX_TRACE_BYTES`]. See [`crate::api::EvmApi::trace_block`].
	///
	/// # Errors
	/// [`TraceError::Invalid`]
	pub fn trace_extrinsics<E: Clone>(
		extrinsics: Vec<E>,
		tracer: Tracer,
		mut apply: impl FnMut(E) -> ApplyExtrinsicResult,
	) -> Result<Vec<(u32, Trace)>, TraceError> {
		let mut budget = budget();
		let mut traces = Vec::new();
		for (index, extrinsic) in (0u32..).zip(extrinsics) {
			Self::forget_weight();
			let again = extrinsic.clone();
			let (trace, _) = Self::traced(tracer.clone(), &mut budget, || apply(again));
			if let Some(trace) = trace {
				traces.push((index, trace));
			}
			// For good, because tracing takes back what it ran.
			let _ = apply(extrinsic).map_err(|error| TraceError::Invalid { index, error })?;
		}
		Ok(traces)
	}

	/// Makes room in the block for the next extrinsic, as there was when the block was made: then, the
	/// proof size that extrinsics did not use was measured and given back, which needs the recorder of
	/// a proof.
	fn forget_weight() {
		frame_system::BlockWeight::<T>::kill();
	}

	/// Runs something with a tracer on, and takes it back. No trace if nothing ran in the EVM.
	pub(crate) fn traced<R>(
		tracer: Tracer,
		budget: &mut Budget,
		run: impl FnOnce() -> R,
	) -> (Option<Trace>, R) {
		let (tracing, after, result) = with_transaction_unchecked(|| {
			Tracing::start(tracer, budget.clone());
			let result = run();
			let mut tracing = Tracing::stop();
			let after = match &mut tracing {
				Some(tracing) => tracing.snapshot_after::<T>(),
				None => Default::default(),
			};
			TransactionOutcome::Rollback((tracing, after, result))
		});
		let Some(mut tracing) = tracing.filter(Tracing::has_run) else {
			return (None, result);
		};
		let trace = match tracing.recorder {
			Recorder::Call(calls) => Trace::Call(calls.finish(&tracing.budget)),
			Recorder::StructLog(steps) => Trace::StructLog(steps.finish(&tracing.budget)),
			Recorder::Prestate(touched) => touched.finish::<T>(after, &mut tracing.budget),
		};
		*budget = tracing.budget;
		(Some(trace), result)
	}
}
