//! Which contracts are running, over all executions of the present transaction.
//!
//! One execution of ink! contracts may hold another below it, by way of another VM. Both count
//! against one limit of frames, and a contract that runs anywhere in them must not be terminated.
//! The memory is empty between transactions: every frame that is entered is left.

use alloc::vec::Vec;

use trivium_primitives::{transaction_local, AccountId};

/// One frame.
struct Live {
	contract: AccountId,
	/// Its constructor is running.
	constructing: bool,
}

transaction_local!(fn with(Vec<Live>));

/// Notes a frame.
pub(crate) fn enter(contract: &AccountId, constructing: bool) {
	with(|frames| {
		frames.push(Live {
			contract: contract.clone(),
			constructing,
		});
	});
}

/// Forgets the frame that was noted last.
pub(crate) fn leave() {
	with(|frames| frames.pop());
}

/// Frames of all executions.
pub(crate) fn count() -> usize {
	with(|frames| frames.len()).unwrap_or(usize::MAX)
}

/// Frames of a contract, delegate calls that it makes included.
pub(crate) fn count_of(contract: &AccountId) -> usize {
	let of = |frames: &mut Vec<Live>| frames.iter().filter(|f| f.contract == *contract).count();
	with(of).unwrap_or(usize::MAX)
}

/// Whether the contract's constructor is running, so that it cannot be called yet.
pub(crate) fn is_constructing(contract: &AccountId) -> bool {
	with(|frames| {
		frames
			.iter()
			.any(|frame| frame.constructing && frame.contract == *contract)
	})
	.unwrap_or(true)
}
