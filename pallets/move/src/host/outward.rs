//! What a module does outside of the VM: it calls contracts, and has and spends native tokens.

use alloc::vec::Vec;

use move_vm_types::{StatusCode, VmResult};
use polkadot_sdk::{
	frame_support::traits::{
		fungible::{Inspect, Mutate},
		tokens::{Fortitude, Preservation},
	},
	sp_core::H160,
	sp_weights::Weight,
};
use trivium_primitives::{
	AccountId, AddressMapping, Balance, Bcs, CallError, CallFlags, CallRequest, ContractRef,
	Dispatch, VmId,
};

use super::ChainHost;
use crate::{
	gas::{ref_time_from_gas, ENTRY_PROOF_BYTES},
	memory,
	weights::WeightInfo,
	Config,
};

/// Value that came along with a call.
#[derive(Clone, Debug)]
pub(crate) struct Received {
	/// The contract account of the module that it was sent to.
	pub(crate) contract: AccountId,
	/// Planck.
	pub(crate) value: Balance,
	/// The module has asked for it.
	pub(crate) is_asked_for: bool,
}

/// A call to a contract of any VM, as a module makes it.
pub(crate) struct Outward<'a> {
	/// The module's contract account.
	pub(crate) caller: AccountId,
	/// Whom it calls.
	pub(crate) target: AccountId,
	/// Text of the callee's signature.
	pub(crate) signature: &'a [u8],
	/// BCS of the arguments, one after the other.
	pub(crate) arguments: &'a [u8],
	/// What goes along and what the callee may use.
	pub(crate) options: Options,
	/// Contract accounts of other modules on the stack.
	pub(crate) live: Vec<AccountId>,
	/// Gas that the session has left.
	pub(crate) gas_left: u64,
	/// Bytes of memory that it may still take.
	pub(crate) room: u64,
}

/// `0x2::cross_vm::Options`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Options {
	/// Planck sent along.
	pub(crate) value: Balance,
	/// What the callee may use.
	pub(crate) weight: Weight,
	/// Planck that the call may add to storage deposits.
	pub(crate) deposit: Balance,
	/// See [`CallFlags`].
	pub(crate) flags: u32,
}

impl<T: Config> ChainHost<T> {
	/// Settles before control leaves the VM, and charges for it.
	pub(crate) fn settle_and_charge(&mut self) -> VmResult<()> {
		if self.settlement.is_empty() {
			return Ok(());
		}
		// The payer's hold is changed as well.
		let weight = self
			.refund_weight()
			.saturating_add(T::WeightInfo::refund(1));
		self.charge_time(weight)?;
		self.charge_proof(weight.proof_size())?;
		self.settle()
			.map_err(|failure| self.refuse(failure, StatusCode::STORAGE_ERROR))
	}

	/// Leaves the VM and comes back. All that the session changed has been handed over and settled.
	///
	/// # Errors
	/// Only if what the call used cannot be paid for. How it went is in the value.
	pub(crate) fn call_out(&mut self, call: Outward<'_>) -> VmResult<Result<Vec<u8>, CallError>> {
		let time = ref_time_from_gas::<T>(call.gas_left);
		let limit = Weight::from_parts(time, self.proof.left());
		let (outcome, below) = memory::with_room(call.room, || {
			T::Dispatch::call(CallRequest {
				vm: VmId::MOVE,
				caller: call.caller,
				origin: self.payer.clone(),
				live: call.live,
				target: ContractRef::Account(call.target),
				value: call.options.value,
				signature: call.signature,
				face: None,
				arguments: call.arguments,
				encoding: &Bcs,
				limit,
				callee_limit: Some(call.options.weight),
				deposit_limit: Some(call.options.deposit.min(self.deposit_left())),
				flags: CallFlags(call.options.flags),
				read_only: self.read_only,
				delegated: false,
			})
		});
		// Anything may have been written meanwhile.
		self.known.clear();
		let used = outcome.used.min(limit);
		self.slack = self.slack.saturating_add(slack(used, below));
		self.deposit_of_hops = self.deposit_of_hops.saturating_add(outcome.deposit);
		self.charge_time(used)?;
		self.charge_proof(used.proof_size())?;
		Ok(outcome.result)
	}

	/// The value that came along, if it was sent to this contract, and otherwise 0.
	pub(crate) fn ask_for_value(&mut self, contract: &AccountId) -> Balance {
		match &mut self.received {
			Some(received) if received.contract == *contract => {
				received.is_asked_for = true;
				received.value
			}
			_ => 0,
		}
	}

	/// Moves planck from a module's account; `false` if it cannot spend them or the receiver cannot have them.
	pub(crate) fn transfer(
		&mut self,
		from: &AccountId,
		to: &AccountId,
		amount: Balance,
	) -> VmResult<bool> {
		self.ensure_may_write()?;
		let weight = T::WeightInfo::host_transfer();
		self.charge_time(weight)?;
		self.charge_proof(weight.proof_size())?;
		Ok(transfer::<T>(from, to, amount))
	}

	/// The account that an alias stands for.
	pub(crate) fn account_of(&mut self, alias: &H160) -> VmResult<AccountId> {
		self.charge_time(T::WeightInfo::host_read(0))?;
		self.charge_proof(ENTRY_PROOF_BYTES)?;
		Ok(T::Addresses::account(alias))
	}
}

/// What a hop that used so much needs to be there besides, with what sessions below it needed. Each of the hops within
/// it gets 63/64 of what is left, which over eight of them is less than a seventh.
fn slack(used: Weight, below: Weight) -> Weight {
	let shares = used
		.saturating_add(below)
		.checked_div(7)
		.unwrap_or_default();
	below
		.saturating_add(shares)
		.saturating_add(Weight::from_parts(1, 1))
}

/// Moves planck; `false` if they cannot be moved. Nobody is reaped by it who does not spend all.
pub(crate) fn transfer<T: Config>(from: &AccountId, to: &AccountId, amount: Balance) -> bool {
	if amount == 0 || from == to {
		return T::Currency::reducible_balance(from, Preservation::Expendable, Fortitude::Polite)
			>= amount;
	}
	let preservation = match T::Currency::total_balance(from) == amount {
		true => Preservation::Expendable,
		false => Preservation::Protect,
	};
	T::Currency::transfer(from, to, amount, preservation).is_ok()
}
