//! What the bytes of an event cost, wherever it comes from.
//!
//! Events of a block are one list in storage, which the node holds and hashes as a whole. So a byte of
//! an event has one price, in every engine and in the dispatch pallet, paid for *before* the event is
//! deposited, and for as many bytes as it takes *as deposited*: a log that becomes two events pays for
//! both.
//!
//! The price bounds what a full block can hold: ordinary transactions have 1.5 s of it, which buy 15 MB. A
//! validator's runtime doubles the list as it grows, and one of its allocations has at most 32 MiB, so
//! that 16 MiB of events fit; more than 17 MB were seen to fail. The runtime asserts the bound when it
//! is compiled.

use polkadot_sdk::sp_weights::Weight;

/// Ref time of each byte that an event takes as it is deposited, picoseconds.
pub const EVENT_BYTE_REF_TIME: u64 = 100_000;

/// Most bytes that an event takes besides its own fields: phase, pallet, variant and the topics'
/// length.
pub const EVENT_RECORD_BYTES: usize = 5 + 1 + 1 + 1;

/// Most bytes of a canonical event (`crossVm.Log`) without its topics and its data: the record, VM,
/// contract, frame, and the lengths of topics and data.
pub const LOG_EVENT_BYTES: usize = EVENT_RECORD_BYTES + 1 + 32 + 4 + 5 + 5;

/// Bytes of a topic.
const TOPIC_BYTES: usize = 32;

/// What an event of this many bytes costs, record and all. To be charged before it is deposited.
pub fn event_weight(len_bytes: usize) -> Weight {
	let len = u64::try_from(len_bytes).unwrap_or(u64::MAX);
	Weight::from_parts(EVENT_BYTE_REF_TIME.saturating_mul(len), 0)
}

/// Bytes of the canonical event of a log, never too few.
pub fn log_event_len_bytes(topics: usize, data_len_bytes: usize) -> usize {
	LOG_EVENT_BYTES
		.saturating_add(topics.saturating_mul(TOPIC_BYTES))
		.saturating_add(data_len_bytes)
}

/// What the canonical event of a log costs. An engine that deposits an event of its own beside it
/// charges [`event_weight`] for that one too.
pub fn log_event_weight(topics: usize, data_len_bytes: usize) -> Weight {
	event_weight(log_event_len_bytes(topics, data_len_bytes))
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn each_byte_is_paid_for() {
		assert_eq!(event_weight(0), Weight::zero());
		assert_eq!(event_weight(3), Weight::from_parts(300_000, 0));
		assert_eq!(event_weight(usize::MAX), Weight::from_parts(u64::MAX, 0));
		let longer = log_event_weight(2, 10).saturating_sub(log_event_weight(0, 0));
		assert_eq!(longer, event_weight(74));
		assert_eq!(log_event_len_bytes(usize::MAX, usize::MAX), usize::MAX);
	}
}
