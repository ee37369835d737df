//! Payment for frames that fail.
//!
//! pallet-contracts meters instructions in the executor and takes over the count when a contract
//! calls the host and when it ends. If a contract has called the host and then runs until its
//! fuel is used up, that last count is more than the meter has left; pallet-contracts ends the
//! frame with `OutOfGas` and drops the count instead of taking all there is. The caller of such a
//! frame, or the signer, gets back what was in truth used.
//!
//! From outside it cannot be told how much that was, nor whether a frame that ended in an error
//! ended in this one. So
//! 1. a call by another VM that runs out of gas, or in which a frame of an inner contract ended in
//!    an error, uses all of its limit;
//! 2. so does an extrinsic in which a frame that came in by pallet-contracts' own door ended in an
//!    error ([`ChargeFailedFrames`]);
//! 3. after [`crate::Config::MaxFailedFrames`] such frames a transaction gets no further one.
//!
//! What a transaction can use is then at most `MaxFailedFrames + 1` times what it pays for. A
//! contract that *reverts* is none of this: it came to its end and was counted.

use codec::{Decode, DecodeWithMemTracking, Encode};
use core::marker::PhantomData;
use polkadot_sdk::{
	frame_support::dispatch::{DispatchInfo, PostDispatchInfo},
	frame_system,
	sp_runtime::{
		self,
		traits::{
			DispatchInfoOf, DispatchOriginOf, Dispatchable, PostDispatchInfoOf,
			TransactionExtension,
		},
		transaction_validity::TransactionValidityError,
		DispatchResult,
	},
	sp_weights::Weight,
};
use scale_info::TypeInfo;

use crate::{memory, Config};

/// Takes the refund of weight from an extrinsic in which a frame failed; rule 2 of this file.
///
/// It has to stand before `CheckWeight` and `ChargeTransactionPayment`, which act on what it says.
#[derive(Encode, Decode, DecodeWithMemTracking, Clone, Eq, PartialEq, TypeInfo)]
#[scale_info(skip_type_params(T))]
pub struct ChargeFailedFrames<T>(PhantomData<T>);

impl<T> ChargeFailedFrames<T> {
	/// The extension. It has no data.
	pub fn new() -> Self {
		Self(PhantomData)
	}
}

impl<T> Default for ChargeFailedFrames<T> {
	fn default() -> Self {
		Self::new()
	}
}

impl<T> core::fmt::Debug for ChargeFailedFrames<T> {
	fn fmt(&self, f: &mut core::fmt::Formatter) -> core::fmt::Result {
		f.write_str("ChargeFailedFrames")
	}
}

impl<T: Config + Send + Sync> TransactionExtension<CallOf<T>> for ChargeFailedFrames<T>
where
	CallOf<T>: Dispatchable<Info = DispatchInfo, PostInfo = PostDispatchInfo>,
{
	const IDENTIFIER: &'static str = "ChargeFailedFrames";
	type Implicit = ();
	type Val = ();
	type Pre = ();

	// It looks at the runtime's own memory.
	fn weight(&self, _: &CallOf<T>) -> Weight {
		Weight::zero()
	}

	sp_runtime::impl_tx_ext_default!(CallOf<T>; validate);

	fn prepare(
		self,
		(): (),
		_: &DispatchOriginOf<CallOf<T>>,
		_: &CallOf<T>,
		_: &DispatchInfoOf<CallOf<T>>,
		_: usize,
	) -> Result<(), TransactionValidityError> {
		memory::take_failed_at_door();
		Ok(())
	}

	fn post_dispatch(
		(): (),
		_: &DispatchInfoOf<CallOf<T>>,
		post_info: &mut PostDispatchInfoOf<CallOf<T>>,
		_: usize,
		_: &DispatchResult,
	) -> Result<(), TransactionValidityError> {
		if memory::take_failed_at_door() {
			post_info.actual_weight = None;
		}
		Ok(())
	}
}

type CallOf<T> = <T as frame_system::Config>::RuntimeCall;
