//! Every frame of pallet-contracts, announced to the dispatch pallet.
//!
//! pallet-contracts tells [`Frames`] of each contract that is about to run, whoever called it, and
//! of its end. So a contract that is reached by `Contracts.call`, by another ink! contract or by
//! another VM is on the one call stack either way.

use codec::Decode;
use core::marker::PhantomData;
use polkadot_sdk::{
	frame_support::dispatch::DispatchClass,
	frame_system,
	pallet_contracts::{
		self,
		debug::{
			CallInterceptor, CallSpan, ExecResult, ExecReturnValue, ExportedFunction, Tracing,
		},
	},
	sp_core::Get,
	sp_runtime::DispatchError,
	sp_weights::Weight,
};
use trivium_primitives::{AccountId, Dispatch, VmId};

use crate::{
	memory::{self, Entered},
	mirror, reentry, Config,
};

/// For `pallet_contracts::Config::Debug`.
pub struct Frames<T>(PhantomData<T>);

/// One frame, from its beginning to its drop.
pub struct Span<T: Config> {
	/// `None` for the relay of a read-only entry, which nobody is told of.
	contract: Option<AccountId>,
	/// The contract came to its end and did not revert.
	ok: bool,
	marker: PhantomData<T>,
}

impl<T: Config> Tracing<T> for Frames<T> {
	type CallSpan = Span<T>;

	fn new_call_span(contract: &AccountId, _: ExportedFunction, _: &[u8]) -> Span<T> {
		let contract = match memory::enter(contract) {
			Entered::Relay => None,
			Entered::Contract {
				reentered,
				opens_door,
			} => {
				if reentered {
					reentry::remember::<T>(contract);
				}
				if opens_door {
					mirror::begin::<T>();
				}
				let actor = memory::innermost(|stack| stack.payer.clone().or(stack.origin.clone()))
					.flatten()
					.unwrap_or_else(|| contract.clone());
				// By its own door pallet-contracts does not tell what limit it was given.
				T::Dispatch::enter(
					VmId::WASM,
					contract,
					&actor,
					<T as pallet_contracts::Config>::DefaultDepositLimit::get(),
				);
				Some(contract.clone())
			}
		};
		Span {
			contract,
			ok: false,
			marker: PhantomData,
		}
	}
}

impl<T: Config> CallSpan for Span<T> {
	fn after_call(mut self, output: &ExecReturnValue) {
		self.ok = !output.did_revert();
		let outermost = memory::innermost(|stack| stack.frames.len() == 1).unwrap_or_default();
		if self.ok && self.contract.is_some() && outermost {
			mirror_last_events::<T>();
		}
	}
}

impl<T: Config> Drop for Span<T> {
	fn drop(&mut self) {
		if self.contract.is_some() {
			memory::leave();
			T::Dispatch::leave(VmId::WASM, self.ok);
		}
	}
}

/// Mirrors what the outermost frame of a stack leaves. There is no meter here: the engine adds
/// the weight to what its call used, and a call by pallet-contracts' own door adds it to the block.
fn mirror_last_events<T: Config>() {
	let mut weight = Weight::zero();
	let never_refuses = mirror::flush::<T>(&mut |more| {
		weight = weight.saturating_add(more);
		Ok(())
	});
	debug_assert!(
		never_refuses.is_ok(),
		"the charge above agrees to everything"
	);
	let by_engine = memory::innermost(|stack| {
		stack.mirrored = stack.mirrored.saturating_add(weight);
		stack.by_engine
	});
	if by_engine == Some(false) {
		frame_system::Pallet::<T>::register_extra_weight_unchecked(weight, DispatchClass::Normal);
	}
}

impl<T: Config> CallInterceptor<T> for Frames<T> {
	/// Refuses
	/// - a frame beyond [`Config::MaxFrames`];
	/// - a contract that was left for another VM without leave to re-enter;
	/// - an instantiation below another live execution: that one may hold the number of
	///   instantiations in memory, and two contracts made under one number could come to share a
	///   storage trie.
	fn intercept_call(
		contract: &AccountId,
		entry_point: &ExportedFunction,
		_: &[u8],
	) -> Option<ExecResult> {
		let nested = memory::depth() > 1;
		let error = if memory::frames() > T::MaxFrames::get() as usize {
			pallet_contracts::Error::<T>::MaxCallDepthReached.into()
		} else if nested && T::Dispatch::ensure_enterable(contract).is_err() {
			pallet_contracts::Error::<T>::ReentranceDenied.into()
		} else if nested && *entry_point == ExportedFunction::Constructor {
			DispatchError::Other("instantiation below another live ink! execution")
		} else {
			return None;
		};
		Some(failed_callee(error))
	}
}

/// A failure of the contract that was called, which its caller can catch; a plain error would be
/// the caller's own and end it as well.
fn failed_callee(error: DispatchError) -> ExecResult {
	const CALLEE: u8 = 1;
	let mut result: ExecResult = Err(error.into());
	if let Err(error) = &mut result {
		// The type of this field has no public name, but it decodes.
		if let Ok(origin) = Decode::decode(&mut &[CALLEE][..]) {
			error.origin = origin;
		}
	}
	result
}
