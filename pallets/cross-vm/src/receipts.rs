//! Receipts of outermost calls, and the block's commitment to them.

use alloc::vec::Vec;

use codec::Encode;
use polkadot_sdk::{
	binary_merkle_tree::merkle_root,
	frame_system,
	sp_core::H256,
	sp_io::hashing::keccak_256,
	sp_runtime::{traits::Keccak256, ConsensusEngineId, DigestItem},
};
use trivium_primitives::{Engines, Receipt};

use crate::{stack, Config, DepositTaken, Event, LogsHash, Pallet, ReceiptHashes};

/// Marks the digest item that holds the Merkle root of a block's receipts.
pub const RECEIPTS_ENGINE_ID: ConsensusEngineId = *b"TVMR";

/// Ends a transaction: the outermost call into a VM is over.
pub(crate) fn close<T: Config>(success: bool) {
	T::Engines::transaction_end();
	let logs_hash = if success {
		LogsHash::<T>::take()
	} else {
		H256::zero()
	};
	LogsHash::<T>::kill();
	DepositTaken::<T>::kill();
	let extrinsic_index = frame_system::Pallet::<T>::extrinsic_index();
	let publish_now = stack::with(|context| {
		context.executions.clear();
		context.actor = None;
		let (vm, contract) = context.root.take()?;
		let hops = context.hops;
		let receipt = Receipt {
			extrinsic_index,
			vm,
			contract,
			success,
			hops,
			logs_hash,
		};
		// An extrinsic that fails loses what it wrote; its receipt waits in memory until the fee
		// is settled, which is outside of that. Where nobody pays there is no such moment.
		if context.payer.is_some() {
			context.pending_receipts.push(receipt);
			None
		} else {
			Some(receipt)
		}
	});
	if let Some(receipt) = publish_now.flatten() {
		publish::<T>(receipt);
	}
}

/// Publishes the receipts of an extrinsic whose fee is being settled.
pub(crate) fn publish_pending<T: Config>() {
	let pending = stack::with(|context| core::mem::take(&mut context.pending_receipts));
	pending
		.unwrap_or_default()
		.into_iter()
		.for_each(publish::<T>);
}

fn publish<T: Config>(receipt: Receipt) {
	ReceiptHashes::<T>::append(H256(keccak_256(&receipt.encode())));
	Pallet::<T>::deposit_event(Event::Receipt { receipt });
}

/// Puts the root of the block's receipts into its digest: a binary Merkle tree of Keccak-256,
/// each leaf the hash of a receipt's hash, in the order of the receipts.
pub(crate) fn commit<T: Config>() {
	let hashes: Vec<H256> = ReceiptHashes::<T>::take();
	if !hashes.is_empty() {
		let root: H256 = merkle_root::<Keccak256, _>(hashes);
		frame_system::Pallet::<T>::deposit_log(DigestItem::Consensus(
			RECEIPTS_ENGINE_ID,
			root.encode(),
		));
	}
}
