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
//!
//! What is hashed, and how, is said by the crate `trivium-receipts`. The block's tree is kept as it grows, so that a receipt
//! costs what its own hashing costs and the end of the block next to nothing. Receipts themselves are in the block's
//! events alone: [`of_block`] and [`prove`] read them there.

use alloc::{boxed::Box, collections::VecDeque, vec::Vec};

use polkadot_sdk::{
	frame_support::{defensive, traits::Get, weights::Weight},
	frame_system::{self, Phase},
	sp_core::H256,
	sp_runtime::{traits::UniqueSaturatedInto, DigestItem},
};
use trivium_primitives::{Engines, HostKeccak, Receipt, ReceiptLog, ReceiptProof};
use trivium_receipts::{hash::KECCAK_EMPTY, tree, Commitment, COMMITMENT_ENGINE_ID};

use crate::{stack, Config, DepositTaken, Event, Kept, LogTree, Pallet, ReceiptTree, WeightInfo};

/// Most receipts of a block: more than its time suffices for, which the pallet asserts.
pub const MAX_RECEIPTS_PER_BLOCK: u32 = 262_144;

/// For how many receipts a block has time, if it did nothing else.
pub(crate) fn most_in_a_block<T: Config>() -> u64 {
	let each = T::WeightInfo::receipt().ref_time();
	let block = T::BlockWeights::get().max_block.ref_time();
	block.checked_div(each).unwrap_or(u64::MAX)
}

/// What hashing so many bytes of input or output costs.
pub(crate) fn digest_weight<T: Config>(len_bytes: usize) -> Weight {
	T::WeightInfo::digest(u32::try_from(len_bytes).unwrap_or(u32::MAX))
}

/// Ends a transaction: the outermost call into a VM is over. `success` if what it did is not taken back; `output` is
/// the hash of what it returned or reverted with.
pub(crate) fn close<T: Config>(success: bool, output: H256, weight: Weight) {
	T::Engines::transaction_end();
	let (log_count, logs_root) = LogTree::<T>::take().sealed();
	DepositTaken::<T>::kill();
	let extrinsic_index = frame_system::Pallet::<T>::extrinsic_index();
	let ended = stack::with(|context| {
		context.executions.clear();
		let caller = context.actor.take();
		let root = context.root.take()?;
		let receipt = Receipt {
			index: 0,
			extrinsic_index,
			vm: root.vm,
			caller: caller?,
			contract: root.contract,
			value: root.value,
			input: root.input,
			output,
			success,
			weight,
			hops: context.hops,
			log_count,
			logs_root,
		};
		if context.fee_is_open {
			let place = context.pending_receipts.len();
			context.pending_receipts.push(receipt);
			Some(Ended::Waits(u32::try_from(place).unwrap_or(u32::MAX)))
		} else {
			Some(Ended::Now(Box::new(receipt)))
		}
	});
	match ended.flatten() {
		// A failure needs no mark: it is one until a mark says otherwise.
		Some(Ended::Waits(place)) if success => Kept::<T>::append(place),
		Some(Ended::Waits(_)) => {}
		// What is rolled back takes this receipt along, so it is true as well.
		Some(Ended::Now(receipt)) => publish::<T>(as_it_stands(*receipt, success)),
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
	Now(Box<Receipt>),
}

/// The receipt, given whether what the call did stands.
fn as_it_stands(receipt: Receipt, stands: bool) -> Receipt {
	if stands {
		return receipt;
	}
	Receipt {
		// What it said when it ended well was taken back with the rest.
		output: match receipt.success {
			true => H256(KECCAK_EMPTY),
			false => receipt.output,
		},
		success: false,
		log_count: 0,
		logs_root: H256(KECCAK_EMPTY),
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
		let stands = kept.next_if_eq(&place).is_some();
		publish::<T>(as_it_stands(receipt, stands));
	}
}

fn publish<T: Config>(receipt: Receipt) {
	ReceiptTree::<T>::mutate(|tree| {
		if tree.count >= MAX_RECEIPTS_PER_BLOCK {
			defensive!("a block has no time for so many receipts");
			return;
		}
		let receipt = Receipt {
			index: tree.count,
			..receipt
		};
		let sealed = receipt.sealed(chain::<T>(), block::<T>());
		tree.push(sealed.leaf::<HostKeccak>());
		Pallet::<T>::deposit_event(Event::Receipt { receipt });
	});
}

/// The hash of the chain's first block, which the System pallet keeps for ever.
fn chain<T: Config>() -> H256 {
	frame_system::Pallet::<T>::block_hash(
		frame_system::pallet_prelude::BlockNumberFor::<T>::default(),
	)
}

fn block<T: Config>() -> u32 {
	frame_system::Pallet::<T>::block_number().unique_saturated_into()
}

/// Commits the block, in its digest, to number and root of its receipts.
pub(crate) fn commit<T: Config>() {
	let tree = ReceiptTree::<T>::take();
	if tree.count > 0 {
		let (count, root) = tree.sealed();
		let commitment = Commitment {
			count,
			root: root.0,
		};
		frame_system::Pallet::<T>::deposit_log(DigestItem::Consensus(
			COMMITMENT_ENGINE_ID,
			commitment.encode().to_vec(),
		));
	}
}

/// The receipts of the block whose state this is, in order, each with its logs where `index` asks for them.
fn read<T>(index: Option<u32>) -> (Vec<Receipt>, Vec<ReceiptLog>)
where
	T: Config,
	<T as frame_system::Config>::RuntimeEvent: TryInto<Event<T>>,
{
	let mut receipts = Vec::new();
	let mut wanted = Vec::new();
	// Logs of the present phase that no receipt has claimed yet. Executions of one extrinsic follow each other, and so
	// do their logs and then their receipts.
	let mut logs = VecDeque::new();
	let mut now = None;
	for record in frame_system::Pallet::<T>::read_events_no_consensus() {
		let extrinsic = extrinsic_of(&record.phase);
		if extrinsic != now {
			now = extrinsic;
			logs.clear();
		}
		match record.event.try_into() {
			Ok(Event::Receipt { receipt }) => {
				let count = usize::try_from(receipt.log_count).unwrap_or(usize::MAX);
				let own = logs.drain(..count.min(logs.len()));
				if index == Some(receipt.index) {
					wanted = own.collect();
				}
				receipts.push(receipt);
			}
			Ok(event) if index.is_some() => logs.extend(log_of(event)),
			_ => {}
		}
	}
	(receipts, wanted)
}

/// The receipts of the block whose state this is.
pub(crate) fn of_block<T>() -> Vec<Receipt>
where
	T: Config,
	<T as frame_system::Config>::RuntimeEvent: TryInto<Event<T>>,
{
	read::<T>(None).0
}

/// The logs of the block whose state this is, in order, each with its extrinsic.
pub(crate) fn logs_of_block<T>() -> Vec<(Option<u32>, ReceiptLog)>
where
	T: Config,
	<T as frame_system::Config>::RuntimeEvent: TryInto<Event<T>>,
{
	let events = frame_system::Pallet::<T>::read_events_no_consensus();
	events
		.filter_map(|record| {
			let log = log_of(record.event.try_into().ok()?)?;
			Some((extrinsic_of(&record.phase), log))
		})
		.collect()
}

/// The extrinsic in which an event was deposited; none if it was a hook.
fn extrinsic_of(phase: &Phase) -> Option<u32> {
	match phase {
		Phase::ApplyExtrinsic(index) => Some(*index),
		Phase::Finalization | Phase::Initialization => None,
	}
}

fn log_of<T: Config>(event: Event<T>) -> Option<ReceiptLog> {
	match event {
		Event::Log {
			vm,
			contract,
			frame,
			topics,
			data,
		} => Some(ReceiptLog {
			vm,
			contract,
			frame,
			topics,
			data,
		}),
		_ => None,
	}
}

/// A receipt of the block whose state this is, with what proves it.
pub(crate) fn prove<T>(index: u32) -> Option<ReceiptProof>
where
	T: Config,
	<T as frame_system::Config>::RuntimeEvent: TryInto<Event<T>>,
{
	let (receipts, logs) = read::<T>(Some(index));
	let at = usize::try_from(index).ok()?;
	let receipt = receipts.get(at)?.clone();
	let (chain, block) = (chain::<T>(), block::<T>());
	let leaf = |receipt: &Receipt| receipt.sealed(chain, block).leaf::<HostKeccak>();
	let leaves: Vec<_> = receipts.iter().map(leaf).collect();
	let leaves_of_logs: Vec<_> = logs.iter().map(ReceiptLog::leaf).collect();
	let logs_root = tree::root::<HostKeccak>(&leaves_of_logs);
	if logs_root != receipt.logs_root.0 {
		defensive!("a receipt's logs are those before it");
		return None;
	}
	Some(ReceiptProof {
		chain,
		block,
		count: u32::try_from(leaves.len()).ok()?,
		siblings: tree::prove::<HostKeccak>(&leaves, at)?
			.into_iter()
			.map(H256)
			.collect(),
		receipt,
		logs,
	})
}
