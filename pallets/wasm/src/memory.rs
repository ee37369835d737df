//! What the pallet remembers while ink! contracts run: one [`Stack`] for each execution of
//! pallet-contracts that is under way, outermost first.
//!
//! pallet-contracts keeps its own stack to itself; this one is told by [`crate::Frames`] and
//! [`crate::dispatch`], and answers what nobody else can: which contracts are live in outer
//! executions, who pays for storage, and what a read-only entry has to relay.

use alloc::vec::Vec;
use polkadot_sdk::{
	frame_support::storage::unhashed, sp_core::storage::well_known_keys, sp_weights::Weight,
};
use trivium_primitives::{transaction_local, AccountId, Balance};

transaction_local!(
	/// The stacks of pallet-contracts that are live.
	fn with_live(Live)
);

/// All of them.
#[derive(Default)]
pub(crate) struct Live {
	stacks: Vec<Stack>,
	/// Whose funds pallet-contracts asked about last while nothing was live, and in which
	/// extrinsic: the origin of a call that comes in by pallet-contracts' own door.
	asked_about: Option<(AccountId, Option<u32>)>,
}

/// Where an execution of pallet-contracts is, as far as money is concerned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Phase {
	/// No contract has begun: it asks whether the origin can pay the deposit limit.
	#[default]
	Opening,
	/// Contracts run.
	Running,
	/// The last contract has ended: it settles the storage deposits with the origin.
	Settling,
}

/// One execution of pallet-contracts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stack {
	/// Whom it takes for its origin.
	pub origin: Option<AccountId>,
	/// Who pays its storage deposits, if that is someone else.
	pub payer: Option<AccountId>,
	/// What the origin sends along.
	pub value: Balance,
	/// Whether the whole of it is read-only.
	pub read_only: bool,
	/// Begun by [`crate::dispatch`]; otherwise by pallet-contracts' own door.
	pub by_engine: bool,
	/// The contract call that a read-only entry makes, until it is made.
	pub relayed: Option<RelayedCall>,
	/// How far it is.
	pub phase: Phase,
	/// The contracts that run, outermost first; a delegate call is a frame too.
	pub frames: Vec<AccountId>,
	/// Contracts live in outer stacks that were entered here, each with its stored information at
	/// that moment.
	pub reentered: Vec<(AccountId, Option<Vec<u8>>)>,
	/// What the mirroring of its last events cost.
	pub mirrored: Weight,
}

/// See [`crate::read_only`].
#[derive(Clone, Debug, Default)]
pub(crate) struct RelayedCall {
	/// Whom to call, and with what; taken by the relay's code.
	pub call: Option<(AccountId, Vec<u8>)>,
	/// The relay's frame has begun, so the frames to come are contracts'.
	pub begun: bool,
	/// The account at which the relay stands has code of its own in this VM.
	pub at_contract: bool,
}

/// What [`enter`] found.
pub(crate) enum Entered {
	/// The relay of a read-only entry, which is no contract.
	Relay,
	/// A contract.
	Contract {
		/// It is live in an outer stack and was not entered in this one before.
		reentered: bool,
		/// Its stack has just begun, by pallet-contracts' own door.
		opens_door: bool,
	},
}

/// Begins a stack.
pub(crate) fn push(stack: Stack) {
	with_live(|live| live.stacks.push(stack));
}

/// Ends the innermost stack.
pub(crate) fn pop() -> Stack {
	with_live(|live| live.stacks.pop())
		.flatten()
		.unwrap_or_default()
}

/// Runs `f` on the innermost stack, if there is one. `f` must not come back here.
pub(crate) fn innermost<R>(f: impl FnOnce(&mut Stack) -> R) -> Option<R> {
	with_live(|live| live.stacks.last_mut().map(f)).flatten()
}

/// Whether `account` has code of its own, if a relay stands in for it.
pub(crate) fn behind_relay(account: &AccountId) -> Option<bool> {
	with_live(|live| {
		let mut stacks = live.stacks.iter();
		let standing = stacks
			.find(|stack| stack.relayed.is_some() && stack.origin.as_ref() == Some(account))?;
		standing.relayed.as_ref().map(|relayed| relayed.at_contract)
	})
	.flatten()
}

/// How many stacks are live.
pub(crate) fn depth() -> usize {
	with_live(|live| live.stacks.len()).unwrap_or_default()
}

/// How many frames are live, in all stacks.
pub(crate) fn frames() -> usize {
	with_live(|live| {
		live.stacks
			.iter()
			.fold(0usize, |sum, stack| sum.saturating_add(stack.frames.len()))
	})
	.unwrap_or_default()
}

/// Notes whose funds were asked about, see [`Live::asked_about`].
pub(crate) fn asked_about(who: &AccountId) {
	if depth() == 0 {
		let extrinsic = extrinsic_index();
		with_live(|live| live.asked_about = Some((who.clone(), extrinsic)));
	}
}

fn extrinsic_index() -> Option<u32> {
	unhashed::get(well_known_keys::EXTRINSIC_INDEX)
}

/// A frame of this contract begins.
pub(crate) fn enter(contract: &AccountId) -> Entered {
	// Whether memory outlives an extrinsic is up to the node: what another extrinsic left is not
	// there.
	let extrinsic = extrinsic_index();
	with_live(|live| {
		let asked_about = live.asked_about.take().filter(|(_, of)| *of == extrinsic);
		let origin = asked_about.map(|(who, _)| who);
		let opens_door = live.stacks.is_empty();
		if opens_door {
			live.stacks.push(Stack {
				origin,
				..Default::default()
			});
		}
		let live_outside = live
			.stacks
			.split_last()
			.is_some_and(|(_, outer)| outer.iter().any(|stack| stack.frames.contains(contract)));
		let Some(stack) = live.stacks.last_mut() else {
			return Entered::Relay;
		};
		stack.phase = Phase::Running;
		if let Some(relayed) = &mut stack.relayed {
			if !core::mem::replace(&mut relayed.begun, true) {
				return Entered::Relay;
			}
		}
		stack.frames.push(contract.clone());
		let reentered = live_outside && !stack.reentered.iter().any(|(known, _)| known == contract);
		Entered::Contract {
			reentered,
			opens_door,
		}
	})
	.unwrap_or(Entered::Relay)
}

/// The innermost frame ends. A stack that began by pallet-contracts' own door ends with its last.
pub(crate) fn leave() {
	with_live(|live| {
		let Some(stack) = live.stacks.last_mut() else {
			return;
		};
		stack.frames.pop();
		if stack.frames.is_empty() {
			stack.phase = Phase::Settling;
			if !stack.by_engine {
				live.stacks.pop();
			}
		}
	});
}
