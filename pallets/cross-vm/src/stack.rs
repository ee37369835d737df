//! What is running: the cross-VM call stack of the present transaction.
//!
//! An *execution* is one stay in one VM: from the outermost call or a hop into it, until it
//! returns. Within it the VM may have many frames of its own, of which it announces some. Only the
//! last execution runs; those before it are suspended at a hop they made.
//!
//! All this is in memory and none of it outlives the outermost call, so it is the same whether a
//! block is built, one runtime call for each extrinsic, or imported in one go.

use alloc::vec::Vec;

use polkadot_sdk::{frame_support::defensive, sp_core::H256};
use trivium_primitives::{
	transaction_local, AccountId, Balance, CallError, CallTreeFrame, Receipt, VmId,
};

use crate::trace::Watch;

/// Most frames that a call tree records; what a simulation may hold in memory.
const MAX_TREE_FRAMES: usize = 4096;

/// One stay in one VM.
#[derive(Debug)]
pub(crate) struct Execution {
	/// The VM.
	pub vm: VmId,
	/// Position in the call tree.
	pub frame: u32,
	/// Nothing in it or below may write.
	pub read_only: bool,
	/// It began with a hop (or [`crate::Pallet::call`]), which also ends it.
	pub by_hop: bool,
	/// What [`crate::DepositTaken`] may come to while it runs, planck.
	pub deposit_cap: Balance,
	/// Contracts announced, outermost first.
	pub announced: Vec<AccountId>,
	/// The hop by which it is suspended.
	pub left: Option<Leaving>,
}

/// A contract's leaving of its VM.
#[derive(Clone, Debug)]
pub(crate) struct Leaving {
	/// The VM left.
	pub vm: VmId,
	/// The contract that makes the hop.
	pub contract: AccountId,
	/// It may be entered again meanwhile.
	pub allow_reentry: bool,
	/// Other contracts live in the execution, so far as they were not announced.
	pub live: Vec<AccountId>,
}

impl Execution {
	/// Whether a contract may be entered while this execution is suspended (invariant 4).
	fn lets_in(&self, contract: &AccountId) -> bool {
		let Some(left) = &self.left else { return true };
		let announced = self
			.announced
			.iter()
			.filter(|live| *live == contract)
			.count();
		if left.contract == *contract {
			left.allow_reentry && announced <= 1 && !left.live.contains(contract)
		} else {
			announced == 0 && !left.live.contains(contract)
		}
	}
}

/// The call that opened a transaction, for its receipt.
#[derive(Clone, Debug)]
pub(crate) struct Root {
	/// The VM called.
	pub vm: VmId,
	/// The contract called.
	pub contract: AccountId,
	/// Planck that went along.
	pub value: Balance,
	/// Keccak-256 of the input.
	pub input: H256,
}

/// The memory of a transaction.
#[derive(Default)]
pub(crate) struct Context {
	/// Number of the transaction, for [`trivium_primitives::Dispatch::transaction`].
	pub number: u64,
	/// A fee has been withdrawn and not yet been settled.
	pub fee_is_open: bool,
	/// Who acts in the transaction: who made the outermost call.
	pub actor: Option<AccountId>,
	/// Receipts that wait for the fee to be settled. That one is a success is known only when [`crate::Kept`]
	/// says so as well.
	pub pending_receipts: Vec<Receipt>,
	/// What the transaction may add to storage deposits, planck.
	pub deposit_limit: Balance,
	/// Innermost last.
	pub executions: Vec<Execution>,
	/// Next position in the call tree.
	pub next_frame: u32,
	/// Hops between VMs so far.
	pub hops: u32,
	/// The call that opened the transaction.
	pub root: Option<Root>,
	/// What was seen, while somebody watches.
	pub watch: Option<Watch>,
	/// The call tree, where one is asked for.
	pub tree: Option<Vec<CallTreeFrame>>,
}

transaction_local!(fn slot(Context));

/// Tells whoever watches, if somebody does.
pub(crate) fn tell(f: impl FnOnce(&mut Watch)) {
	with(|context| {
		if let Some(watch) = &mut context.watch {
			f(watch);
		}
	});
}

/// Whether somebody watches.
pub(crate) fn is_watched() -> bool {
	with(|context| context.watch.is_some()).unwrap_or(false)
}

/// Runs `f` on the memory of the present transaction.
///
/// `None` if that is in use, which is when `f` itself comes back here: no caller does so, and each
/// takes it for a reason to refuse.
pub(crate) fn with<R>(f: impl FnOnce(&mut Context) -> R) -> Option<R> {
	let result = slot(f);
	if result.is_none() {
		defensive!("whoever uses the stack of executions does not ask for it again");
	}
	result
}

impl Context {
	/// Readies the memory for a new transaction.
	pub(crate) fn open(&mut self, root: Root, actor: &AccountId, deposit_limit: Balance) {
		self.number = self.number.wrapping_add(1);
		self.actor = Some(actor.clone());
		self.deposit_limit = deposit_limit;
		self.next_frame = 0;
		self.hops = 0;
		self.root = Some(root);
	}

	/// What [`crate::DepositTaken`] may come to where the transaction is now.
	pub(crate) fn deposit_cap(&self) -> Balance {
		self.executions
			.last()
			.map_or(self.deposit_limit, |execution| execution.deposit_cap)
	}

	/// A new position in the call tree.
	pub(crate) fn new_frame(&mut self) -> u32 {
		let frame = self.next_frame;
		self.next_frame = frame.saturating_add(1);
		frame
	}

	/// See [`trivium_primitives::Dispatch::ensure_enterable`].
	pub(crate) fn ensure_enterable(&self, contract: &AccountId) -> Result<(), CallError> {
		if self
			.executions
			.iter()
			.all(|execution| execution.lets_in(contract))
		{
			Ok(())
		} else {
			Err(CallError::ReentrancyDenied)
		}
	}

	/// Whether the present frame is read-only.
	pub(crate) fn is_read_only(&self) -> bool {
		self.executions
			.last()
			.is_some_and(|execution| execution.read_only)
	}

	/// Adds a frame to the call tree, if one is asked for and there is room.
	pub(crate) fn record(&mut self, frame: CallTreeFrame) {
		if let Some(tree) = &mut self.tree {
			if tree.len() < MAX_TREE_FRAMES {
				tree.push(frame);
			}
		}
	}
}
