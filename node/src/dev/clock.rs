//! The dev chain's clock: one counter of slots, from which the block's timestamp and the relay
//! chain's number and slot all follow, so that they can never disagree.
//!
//! Invariants:
//! 1. A child's slot is later than its parent's, however fast blocks are made.
//! 2. A slot never lies behind the wall clock, so a chain that slept wakes in the present.
//!
//! Blocks that come faster than slots therefore carry the chain's time ahead of the world's: each by a
//! slot. By how much is the [`Clock::lead`]; the sealer keeps it in bounds.

use polkadot_sdk::*;

use std::time::Duration;

use sp_consensus_aura::{Slot, SlotDuration};
use sp_timestamp::Timestamp;

/// The length of a relay chain slot, in milliseconds. The runtime's velocity hook is built on the
/// same number.
const RELAY_SLOT_MILLIS: u64 = 6_000;

/// Counts slots of a fixed length.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
	slot_duration: SlotDuration,
}

/// The time of one block, as seen by each who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
	/// The start of the block's slot, which is what contracts see as the time.
	pub timestamp: Timestamp,
	/// The mocked relay chain's slot, and its block number as well: it makes a block in each.
	pub relay_slot: u32,
}

impl Clock {
	/// A clock whose slots have the runtime's length.
	pub fn new(slot_duration: SlotDuration) -> Self {
		Self { slot_duration }
	}

	/// The slot for a child of a block in slot `parent`, which genesis has none of, made when the
	/// wall clock shows `now` since the Unix epoch.
	pub fn next_slot(&self, parent: Option<Slot>, now: Duration) -> Slot {
		let millis = u64::try_from(now.as_millis()).unwrap_or(u64::MAX);
		let present = Slot::from_timestamp(Timestamp::new(millis), self.slot_duration);
		parent.map_or(present, |parent| present.max(parent + 1))
	}

	/// How far ahead of the wall clock, which shows `now` since the Unix epoch, the time of the next
	/// block would be; nothing if it would not be ahead.
	pub fn lead(&self, parent: Option<Slot>, now: Duration) -> Duration {
		let Some(parent) = parent else {
			return Duration::ZERO;
		};
		let next = self
			.slot_duration
			.as_millis()
			.saturating_mul(*parent.saturating_add(1u64));
		Duration::from_millis(next).saturating_sub(now)
	}

	/// The time of a block in `slot`.
	///
	/// # Errors
	/// If the slot lies beyond the 32 bits of a relay chain block number (after the year 2780).
	pub fn moment(&self, slot: Slot) -> Result<Moment, String> {
		let millis = self.slot_duration.as_millis().saturating_mul(*slot);
		let relay_slot = u32::try_from(millis / RELAY_SLOT_MILLIS)
			.map_err(|_| format!("slot {slot} is beyond the relay chain's block numbers"))?;
		Ok(Moment {
			timestamp: Timestamp::new(millis),
			relay_slot,
		})
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	const NOW: Duration = Duration::from_millis(1_800_000_001_234);

	fn clock() -> Clock {
		Clock::new(SlotDuration::from_millis(6_000))
	}

	#[test]
	fn first_slot_holds_the_present() {
		let slot = clock().next_slot(None, NOW);
		let start = clock().moment(slot).unwrap().timestamp.as_millis();
		assert!(start <= 1_800_000_001_234 && 1_800_000_001_234 < start + 6_000);
	}

	#[test]
	fn slots_advance_by_one_when_blocks_are_fast() {
		let first = clock().next_slot(None, NOW);
		let second = clock().next_slot(Some(first), NOW);
		let third = clock().next_slot(Some(second), NOW + Duration::from_millis(1));
		assert_eq!((second, third), (first + 1, first + 2));
	}

	#[test]
	fn slots_catch_up_with_the_world_after_a_rest() {
		let first = clock().next_slot(None, NOW);
		let later = NOW + Duration::from_secs(3_600);
		assert_eq!(clock().next_slot(Some(first), later), first + 600);
	}

	#[test]
	fn slots_go_on_from_a_parent_that_is_ahead() {
		let ahead = clock().next_slot(None, NOW) + 5_000;
		assert_eq!(clock().next_slot(Some(ahead), NOW), ahead + 1);
	}

	#[test]
	fn lead_is_what_the_next_block_is_ahead() {
		let first = clock().next_slot(None, NOW);
		// The wall clock stands 1,234 ms into the slot.
		let rest = Duration::from_millis(6_000 - 1_234);
		assert_eq!(clock().lead(None, NOW), Duration::ZERO);
		assert_eq!(clock().lead(Some(first), NOW), rest);
		assert_eq!(
			clock().lead(Some(first + 150), NOW),
			rest + Duration::from_secs(900)
		);
		assert_eq!(clock().lead(Some(first), NOW + rest), Duration::ZERO);
	}

	#[test]
	fn timestamp_and_relay_slot_agree() {
		for millis in [2_000, 6_000, 12_000] {
			let clock = Clock::new(SlotDuration::from_millis(millis));
			let slot = clock.next_slot(None, NOW);
			let moment = clock.moment(slot).unwrap();
			let derived = u64::from(moment.relay_slot) * 6_000 / millis;
			// What the velocity hook computes, where a relay slot holds at most one of ours.
			if millis >= 6_000 {
				assert_eq!(derived, *slot);
			}
			assert_eq!(moment.timestamp.as_millis(), *slot * millis);
		}
	}

	#[test]
	fn moment_refuses_a_slot_beyond_relay_numbers() {
		assert!(clock().moment(Slot::from(u64::from(u32::MAX))).is_ok());
		assert!(clock().moment(Slot::from(u64::from(u32::MAX) + 1)).is_err());
		assert!(clock().moment(Slot::from(u64::MAX)).is_err());
	}
}
