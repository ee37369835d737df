//! Receipts of outermost calls, and the block's commitment to them.
//!
//! A receipt has to survive the failure of its extrinsic, whose storage is rolled back, and has to be
//! as true as that storage: a batch, a proxy or a VM's own door may roll back a call after it has
//! ended well. So what happened is kept in two places. That an execution took place is noted in
//! memory; that it ended well, with which logs, in storage ([`Kept`]), in the layer in which it ran.
//! When the fee is settled the two are put together.
//!
//! Memory is empty between extrinsics, so it makes no difference whether they run in one instance of
//! the runtime or in one each.

use alloc::vec::Vec;

use codec::Encode;
use polkadot_sdk::{
	binary_merkle_tree::merkle_root,
	frame_support::{defensive, traits::Get},
	frame_system,
	sp_core::H256,
	sp_io::hashing::keccak_256,
	sp_runtime::{traits::Keccak256, ConsensusEngineId, DigestItem},
};
use trivium_primitives::{Engines, Receipt};

use crate::{
	stack, Config, DepositTaken, Event, Kept, LogsHash, Pallet, ReceiptCount, ReceiptHashes,
	WeightInfo,
};

/// Marks the digest item that holds the Merkle root of a block's receipts.
pub const RECEIPTS_ENGINE_ID: ConsensusEngineId = *b"TVMR";

/// Most receipts of a block: more than its time suffices for, which the pallet asserts.
pub const MAX_RECEIPTS_PER_BLOCK: u32 = 262_144;

/// For how many receipts a block has time, if it did nothing else.
pub(crate) fn most_in_a_block<T: Config>() -> u64 {
	let leaf = T::WeightInfo::on_finalize(1).saturating_sub(T::WeightInfo::on_finalize(0));
	let each = T::WeightInfo::receipt().saturating_add(leaf);
	let block = T::BlockWeights::get().max_block;
	block
		.ref_time()
		.checked_div(each.ref_time())
		.unwrap_or(u64::MAX)
}

/// Ends a transaction: the outermost call into a VM is over.
pub(crate) fn close<T: Config>(success: bool) {
	T::Engines::transaction_end();
	let logs_hash = LogsHash::<T>::take();
	DepositTaken::<T>::kill();
	let extrinsic_index = frame_system::Pallet::<T>::extrinsic_index();
	let ended = stack::with(|context| {
		context.executions.clear();
		context.actor = None;
		let (vm, contract) = context.root.take()?;
		let receipt = Receipt {
			extrinsic_index,
			vm,
			contract,
			success: false,
			hops: context.hops,
			logs_hash: H256::zero(),
		};
		if context.fee_is_open {
			let place = context.pending_receipts.len();
			context.pending_receipts.push(receipt);
			Some(Ended::Waits(u32::try_from(place).unwrap_or(u32::MAX)))
		} else {
			Some(Ended::Now(receipt))
		}
	});
	match ended.flatten() {
		// A failure needs no mark: it is one until a mark says otherwise.
		Some(Ended::Waits(place)) if success => Kept::<T>::append((place, logs_hash)),
		Some(Ended::Waits(_)) => {}
		// What is rolled back takes this receipt along, so it is true as well.
		Some(Ended::Now(receipt)) if success => publish::<T>(succeeded(receipt, logs_hash)),
		Some(Ended::Now(receipt)) => publish::<T>(receipt),
		None => {
			defensive!("what ends has begun");
		}
	}
}

/// What becomes of the receipt of an execution that has ended.
enum Ended {
	/// Whoever called may yet be rolled back: it waits in memory, in this place, until the fee is
	/// settled. That is outside of all layers of the call, and happens however the call ended.
	Waits(u32),
	/// Nobody pays, so there is no such moment: it is published within the layer that ran.
	Now(Receipt),
}

fn succeeded(receipt: Receipt, logs_hash: H256) -> Receipt {
	Receipt {
		success: true,
		logs_hash,
		..receipt
	}
}

/// A fee has been withdrawn: receipts wait until it is settled.
pub(crate) fn hold() {
	stack::with(|context| {
		context.fee_is_open = true;
		context.pending_receipts.clear();
	});
}

/// Publishes the receipts of an extrinsic whose fee is being settled.
pub(crate) fn publish_pending<T: Config>() {
	let pending = stack::with(|context| {
		context.fee_is_open = false;
		core::mem::take(&mut context.pending_receipts)
	})
	.unwrap_or_default();
	if pending.is_empty() {
		return;
	}
	// Both are in the order in which the executions ended.
	let mut kept = Kept::<T>::take().into_iter().peekable();
	for (place, receipt) in (0u32..).zip(pending) {
		match kept.next_if(|(of, _)| *of == place) {
			Some((_, logs_hash)) => publish::<T>(succeeded(receipt, logs_hash)),
			None => publish::<T>(receipt),
		}
	}
}

fn publish<T: Config>(receipt: Receipt) {
	let count = ReceiptCount::<T>::get();
	if count >= MAX_RECEIPTS_PER_BLOCK {
		defensive!("a block has no time for so many receipts");
		return;
	}
	ReceiptCount::<T>::put(count.saturating_add(1));
	ReceiptHashes::<T>::append(H256(keccak_256(&receipt.encode())));
	Pallet::<T>::deposit_event(Event::Receipt { receipt });
}

/// Puts the root of the block's receipts into its digest: a binary Merkle tree of Keccak-256,
/// each leaf the hash of a receipt's hash, in the order of the receipts.
pub(crate) fn commit<T: Config>() {
	ReceiptCount::<T>::kill();
	let hashes: Vec<H256> = ReceiptHashes::<T>::take();
	if !hashes.is_empty() {
		let root: H256 = merkle_root::<Keccak256, _>(hashes);
		frame_system::Pallet::<T>::deposit_log(DigestItem::Consensus(
			RECEIPTS_ENGINE_ID,
			root.encode(),
		));
	}
}
