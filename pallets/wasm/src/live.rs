//! Which contracts are running, over all executions of the present transaction.
//!
//! One execution of ink! contracts may hold another below it, by way of another VM. Both count
//! against one limit of frames and one of memory, and a contract that runs anywhere in them must not
//! be terminated. The memory is empty between transactions: every frame that is entered is left.

use alloc::vec::Vec;

use polkadot_sdk::sp_core::H256;
use trivium_primitives::{transaction_local, AccountId};
use wasmi::Module;

use crate::translation::memory_of;

/// Most memory that all frames together may hold, bytes: their pages, stacks, inputs, and each code
/// once. Part of the 128 MiB that a relay chain's validator gives.
pub(crate) const MAX_BYTES: usize = 56 * 1024 * 1024;

/// One frame.
pub(crate) struct Live {
	/// In whose name it runs.
	pub contract: AccountId,
	/// Its constructor is running.
	pub constructing: bool,
	/// The hash of what runs.
	pub code: H256,
	/// Its length, bytes.
	pub code_len: u32,
	/// It itself.
	pub module: Module,
	/// Memory that it holds besides, at most, bytes.
	pub bytes: usize,
}

transaction_local!(fn with(Vec<Live>));

/// Notes a frame.
pub(crate) fn enter(frame: Live) {
	with(|frames| frames.push(frame));
}

/// The module of code that runs already.
pub(crate) fn module_of(code: &H256) -> Option<Module> {
	with(|frames| {
		let same = frames.iter().find(|frame| frame.code == *code)?;
		Some(same.module.clone())
	})
	.flatten()
}

/// Whether a frame that holds so many bytes, and runs this code, fits in as well.
pub(crate) fn has_room(code: &H256, code_len: u32, bytes: usize) -> bool {
	with(|frames| {
		let mut held = bytes;
		let mut add = |more: usize| held = held.saturating_add(more);
		let mut codes = Vec::new();
		if !frames.iter().any(|frame| frame.code == *code) {
			add(memory_of(code_len));
		}
		for frame in frames.iter() {
			add(frame.bytes);
			if !codes.contains(&&frame.code) {
				codes.push(&frame.code);
				add(memory_of(frame.code_len));
			}
		}
		held <= MAX_BYTES
	})
	.unwrap_or(false)
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
