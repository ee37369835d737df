//! Which blocks somebody has heard of, and waiting for one.

use std::{collections::VecDeque, time::Duration};

use futures::{
	channel::oneshot,
	future::{self, Either},
};
use futures_timer::Delay;
use parking_lot::Mutex;

/// How many blocks are remembered: more than are imported while one submission waits.
const REMEMBERED: usize = 256;

/// The newest things that were told.
pub struct Told<T>(Mutex<State<T>>);

struct State<T> {
	known: VecDeque<T>,
	waiting: Vec<(T, oneshot::Sender<()>)>,
}

impl<T: Copy + PartialEq> Told<T> {
	/// One thing is known from the start.
	pub fn new(first: T) -> Self {
		Self(Mutex::new(State {
			known: VecDeque::from([first]),
			waiting: Vec::new(),
		}))
	}

	/// Something new.
	pub fn tell(&self, news: T) {
		let mut state = self.0.lock();
		if !state.known.contains(&news) {
			if state.known.len() >= REMEMBERED {
				state.known.pop_front();
			}
			state.known.push_back(news);
		}
		state.waiting = std::mem::take(&mut state.waiting)
			.into_iter()
			.filter(|(for_what, sender)| *for_what != news && !sender.is_canceled())
			.collect();
	}

	/// Whether this was told, not too long ago.
	pub fn is_known(&self, what: &T) -> bool {
		self.0.lock().known.contains(what)
	}

	/// Waits until `what` is told, but no longer than `limit`. Whether it was.
	pub async fn wait(&self, what: T, limit: Duration) -> bool {
		let receiver = {
			let mut state = self.0.lock();
			if state.known.contains(&what) {
				return true;
			}
			state.waiting.retain(|(_, sender)| !sender.is_canceled());
			let (sender, receiver) = oneshot::channel();
			state.waiting.push((what, sender));
			receiver
		};
		// The sender is dropped when it has been told.
		match future::select(receiver, Delay::new(limit)).await {
			Either::Left(_) => true,
			Either::Right(_) => self.is_known(&what),
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use futures::executor::block_on;

	const SOON: Duration = Duration::from_millis(20);
	const LATE: Duration = Duration::from_secs(20);

	#[test]
	fn what_is_known_is_not_waited_for() {
		let told = Told::new(1);
		told.tell(2);
		assert!(block_on(told.wait(1, LATE)));
		assert!(block_on(told.wait(2, LATE)));
	}

	#[test]
	fn waiting_ends_when_it_is_told_or_is_too_long() {
		let told = Told::new(1);
		let (came, other) = block_on(async {
			let news = async {
				Delay::new(SOON).await;
				told.tell(2);
			};
			let ((), came, other) =
				future::join3(news, told.wait(2, LATE), told.wait(3, 2 * SOON)).await;
			(came, other)
		});
		assert!(came && !other);
	}

	#[test]
	fn only_the_newest_are_remembered() {
		let told = Told::new(0);
		for news in 1..=REMEMBERED {
			told.tell(news);
		}
		assert!(!block_on(told.wait(0, SOON)));
		assert!(block_on(told.wait(REMEMBERED, SOON)));
	}
}
