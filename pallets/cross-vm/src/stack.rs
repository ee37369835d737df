//! What is running: the cross-VM call stack of the present transaction.
//!
//! An *execution* is one stay in one VM: from the outermost call or a hop into it, until it
//! returns. Within it the VM may have many frames of its own, of which it announces some. Only the
//! last execution runs; those before it are suspended at a hop they made.
//!
//! All this is in memory and none of it outlives the outermost call, so it is the same whether a
//! block is built, one runtime call for each extrinsic, or imported in one go.

use alloc::vec::Vec;

use trivium_primitives::{
	transaction_local, AccountId, Balance, CallError, CallTreeFrame, Receipt, VmId,
};

/// Most frames that a call tree records; what a simulation may hold in memory.
const MAX_TREE_FRAMES: usize = 4096;

/// One stay in one VM.
#[derive(Debug)]
pub(crate) struct Execution {
	/// The VM.
	pub vm: VmId,
	/// Who called into it.
	pub caller: AccountId,
	/// Position in the call tree.
	pub frame: u32,
	/// Nothing in it or below may write.
	pub read_only: bool,
	/// It began with a hop (or [`crate::Pallet::call`]), which also ends it.
	pub by_hop: bool,
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

/// The memory of a transaction.
#[derive(Default)]
pub(crate) struct Context {
	/// Number of the transaction, for [`trivium_primitives::Dispatch::transaction`].
	pub number: u64,
	/// Who pays, from the time the fee is withdrawn until it is settled.
	pub payer: Option<AccountId>,
	/// Who made the outermost call, where that is known and nobody pays.
	pub origin: Option<AccountId>,
	/// Receipts that wait for the fee to be settled, after the extrinsic's own storage layer.
	pub pending_receipts: Vec<Receipt>,
	/// What the transaction may still add to storage deposits.
	pub deposit_left: Balance,
	/// Innermost last.
	pub executions: Vec<Execution>,
	/// Next position in the call tree.
	pub next_frame: u32,
	/// Hops between VMs so far.
	pub hops: u32,
	/// First contract of the transaction.
	pub root: Option<(VmId, AccountId)>,
	/// The call tree, where one is asked for.
	pub tree: Option<Vec<CallTreeFrame>>,
}

transaction_local!(pub(crate) fn with(Context));

impl Context {
	/// Readies the memory for a new transaction. Who pays is known from before.
	pub(crate) fn open(
		&mut self,
		vm: VmId,
		contract: &AccountId,
		origin: Option<AccountId>,
		deposit_limit: Balance,
	) {
		self.origin = origin;
		self.number = self.number.wrapping_add(1);
		self.deposit_left = deposit_limit;
		self.next_frame = 0;
		self.hops = 0;
		self.root = Some((vm, contract.clone()));
	}

	/// Who stands for this transaction's storage deposits.
	pub(crate) fn payer(&self) -> Option<AccountId> {
		self.payer.clone().or_else(|| self.origin.clone())
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
