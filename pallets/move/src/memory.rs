//! What sessions that wait within one another have in common, in memory: room, and what they have to set aside.
//!
//! A session that begins below a call to another VM shares with the one that made the call what one session may
//! take of memory.

use polkadot_sdk::{frame_support::defensive, sp_weights::Weight};

#[derive(Default)]
struct Waiting {
	/// Bytes that a session may take which begins now; `None` where no session waits.
	room: Option<u32>,
	/// What sessions below the call that is made needed to be there beyond what they used.
	slack: Weight,
}

trivium_primitives::transaction_local!(fn slot(Waiting));

/// Runs `f`, in which other sessions may take so many bytes together. Gives besides what they needed to be there
/// beyond what they used.
pub(crate) fn with_room<R>(bytes: u64, f: impl FnOnce() -> R) -> (R, Weight) {
	let below = Waiting {
		room: Some(u32::try_from(bytes).unwrap_or(u32::MAX)),
		slack: Weight::zero(),
	};
	let before = swap(below);
	let result = f();
	(result, swap(before).slack)
}

fn swap(waiting: Waiting) -> Waiting {
	slot(|slot| core::mem::replace(slot, waiting)).unwrap_or_else(|| {
		defensive!("it is asked for while it is in use");
		// Nothing, then, so that no more is taken than there is.
		Waiting {
			room: Some(0),
			slack: Weight::MAX,
		}
	})
}

/// Bytes that a session may take which begins now, of `most`.
pub(crate) fn room(most: u32) -> u32 {
	match slot(|waiting| waiting.room) {
		Some(Some(bytes)) => bytes.min(most),
		Some(None) => most,
		None => 0,
	}
}

/// Whether another session waits for a call that it made.
pub(crate) fn is_nested() -> bool {
	slot(|waiting| waiting.room.is_some()).unwrap_or(true)
}

/// Notes what a session needed to be there beyond what it used, for the session that waits for it.
pub(crate) fn note_slack(slack: Weight) {
	slot(|waiting| {
		if waiting.room.is_some() {
			waiting.slack = waiting.slack.saturating_add(slack);
		}
	});
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn room_and_slack_are_those_of_the_call_that_is_made() {
		assert!(!is_nested());
		assert_eq!(room(10), 10);
		note_slack(Weight::from_parts(9, 9));
		let (inner, slack) = with_room(5, || {
			assert!(is_nested());
			assert_eq!((room(10), room(3)), (5, 3));
			note_slack(Weight::from_parts(1, 2));
			let inner = with_room(u64::MAX, || note_slack(Weight::from_parts(7, 7)));
			assert_eq!(room(10), 5);
			note_slack(Weight::from_parts(1, 2));
			inner
		});
		assert_eq!(inner, ((), Weight::from_parts(7, 7)));
		assert_eq!(slack, Weight::from_parts(2, 4));
		assert!(!is_nested());
	}
}
