//! The runtime API.

// The functions that the macro makes for the client take the API and the block as well.
// They bound the block's type twice where an argument is a block.
#![allow(clippy::too_many_arguments, clippy::multiple_bound_locations)]

use alloc::vec::Vec;

use polkadot_sdk::{
	frame_support::{dispatch::DispatchClass, traits::Get},
	frame_system, sp_api,
	sp_core::H160,
};
use trivium_primitives::{
	account::alias,
	trace::{Trace, TraceError},
	AccountId, AddressMapping, Balance, ContractRef, Engines, Receipt, ReceiptLog, ReceiptProof,
	Simulation, Value, VmId,
};

use crate::{hop, receipts, CallLimit, Config, Event, Pallet};

sp_api::decl_runtime_apis! {
	/// Cross-VM calls as seen from outside.
	#[api_version(3)]
	pub trait CrossVmApi {
		/// Runs what `crossVm.call` would run, keeps nothing, and tells the results, the weight
		/// used, the storage deposit and the call tree. Without a limit: half a block, and such
		/// deposits as the caller can pay. Never more weight than one extrinsic can have, whatever
		/// the limit says.
		fn simulate(
			origin: AccountId,
			target: ContractRef,
			value: Balance,
			signature: Vec<u8>,
			args: Vec<Value>,
			limit: Option<CallLimit>,
		) -> Simulation;

		/// The contract account a reference stands for, and the VM in which it has code.
		fn resolve(target: ContractRef) -> (AccountId, Option<VmId>);

		/// The 20-byte alias of an account.
		fn alias_of(account: AccountId) -> H160;

		/// The account behind a 20-byte alias.
		fn account_of(alias: H160) -> AccountId;

		/// The receipts of the block at which this is asked, in order.
		#[api_version(3)]
		fn receipts() -> Vec<Receipt>;

		/// The receipt at this place among those of the block at which this is asked, with what proves it to
		/// somebody who has the block's header. `None` if there are not so many.
		#[api_version(3)]
		fn prove_receipt(index: u32) -> Option<ReceiptProof>;

		/// The logs of all machines of the block at which this is asked, in order, each with the extrinsic that it is of.
		#[api_version(3)]
		fn logs() -> Vec<(Option<u32>, ReceiptLog)>;

		/// All frames, of all machines, of the extrinsic at `index` of `block`. Ask at the block's parent: the block's
		/// extrinsics up to that one are run again on its state.
		///
		/// # Errors
		/// [`TraceError`].
		#[api_version(3)]
		fn trace(block: Block, index: u32) -> Result<Trace, TraceError>;
	}
}

impl<T: Config> Pallet<T> {
	/// See [`CrossVmApi::simulate`].
	pub fn simulate(
		origin: AccountId,
		target: ContractRef,
		value: Balance,
		signature: Vec<u8>,
		args: Vec<Value>,
		limit: Option<CallLimit>,
	) -> Simulation {
		let weights = <T as frame_system::Config>::BlockWeights::get();
		let half = weights.max_block.saturating_div(2);
		let (asked, deposit) = match limit {
			Some(limit) => (limit.weight(), limit.deposit),
			None => (half, Some(Balance::MAX)),
		};
		// Anybody may ask, and nobody pays: an answer must not cost more than a transaction may.
		let most = weights
			.get(DispatchClass::Normal)
			.max_extrinsic
			.unwrap_or(weights.max_block);
		let weight = asked.min(most);
		let limit = CallLimit {
			ref_time: weight.ref_time(),
			proof_size: weight.proof_size(),
			deposit,
		};
		hop::simulate::<T>(origin, target, value, &signature, &args, limit)
	}

	/// See [`CrossVmApi::resolve`].
	pub fn resolve(target: ContractRef) -> (AccountId, Option<VmId>) {
		let account = trivium_primitives::engine::target_account::<Self>(&target);
		let vm = T::Engines::resolve(&account);
		(account, vm)
	}

	/// See [`CrossVmApi::alias_of`].
	pub fn alias_of(account: AccountId) -> H160 {
		alias(&account)
	}

	/// See [`CrossVmApi::account_of`].
	pub fn account_of(address: H160) -> AccountId {
		<Self as AddressMapping>::account(&address)
	}
}

impl<T> Pallet<T>
where
	T: Config,
	<T as frame_system::Config>::RuntimeEvent: TryInto<Event<T>>,
{
	/// See [`CrossVmApi::receipts`].
	pub fn receipts() -> Vec<Receipt> {
		receipts::of_block::<T>()
	}

	/// See [`CrossVmApi::logs`].
	pub fn logs() -> Vec<(Option<u32>, ReceiptLog)> {
		receipts::logs_of_block::<T>()
	}

	/// See [`CrossVmApi::prove_receipt`].
	pub fn prove_receipt(index: u32) -> Option<ReceiptProof> {
		receipts::prove::<T>(index)
	}
}
