//! Decides when the dev chain makes a block, and has it made.
//!
//! The manual seal engine builds blocks on command; this is who commands it. One command is out
//! at a time, so blocks never pile up behind a slow one, and each is finalized as it is made.
//!
//! A block takes a slot, however fast it comes, so blocks of transactions carry the chain's time ahead of
//! the wall clock. Empty blocks therefore come at half the rate of slots while it is ahead: the chain
//! goes on, and the clocks meet again. Who asks for blocks at a rate of its own has them at that rate.
//! A bound for the lead, if there is one, holds for all.

use polkadot_sdk::*;

use std::time::{Duration, Instant};

use futures::{
	channel::{mpsc, oneshot},
	future::{self, Either},
	FutureExt, SinkExt, Stream, StreamExt,
};
use futures_timer::Delay;
use sc_consensus_manual_seal::EngineCommand;

use crate::client::Hash;

/// When blocks are made without being asked for by RPC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
	/// At once when a transaction arrives; otherwise one a slot, or one every second slot while the
	/// chain's time is ahead of the wall clock.
	InStep,
	/// At once when a transaction arrives, and no later than this after the last block.
	Every(Duration),
	/// Only when a transaction arrives.
	OnTransaction,
}

/// How the dev chain makes blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rhythm {
	/// When a block is made.
	pub pace: Pace,
	/// How far ahead of the wall clock a block's time may be; as far as it comes if none. Whatever is
	/// to be made waits until it is no further ahead.
	pub max_lead: Option<Duration>,
}

/// Commands the manual seal engine.
pub struct Sealer<Transactions, Ready, Lead> {
	/// When to make a block.
	pub rhythm: Rhythm,
	/// The length of a slot.
	pub slot: Duration,
	/// How far ahead of the wall clock the next block's time would be.
	pub lead: Lead,
	/// Has an item for each transaction that became ready.
	pub transactions: Transactions,
	/// How many transactions are ready now.
	pub ready: Ready,
	/// Where the engine takes its commands.
	pub commands: mpsc::Sender<EngineCommand<Hash>>,
}

/// Why a block is to be made.
#[derive(Debug, PartialEq, Eq)]
enum Trigger {
	Time,
	Transactions,
}

/// What became of a command.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
	/// There is a new block.
	Made,
	/// It could not be made.
	NotMade,
	/// The engine is gone.
	Stopped,
}

impl<Transactions, Ready, Lead> Sealer<Transactions, Ready, Lead>
where
	Transactions: Stream<Item = Hash> + Unpin,
	Ready: Fn() -> usize,
	Lead: Fn() -> Duration,
{
	/// Runs until the engine or the pool is gone.
	pub async fn run(mut self) {
		// The first block comes at once: before it the chain has no time and no relay chain.
		let mut due = match self.rhythm.pace {
			Pace::InStep | Pace::Every(_) => Some(Instant::now()),
			Pace::OnTransaction => None,
		};
		while let Some(trigger) = self.next(due).await {
			let mut waiting = (self.ready)();
			if trigger == Trigger::Transactions && waiting == 0 {
				continue;
			}
			let mut outcome = self.seal().await;
			let made = outcome == Outcome::Made;
			// What did not fit into the block is not announced again.
			while outcome == Outcome::Made {
				let left = (self.ready)();
				if left == 0 || left >= waiting {
					break;
				}
				waiting = left;
				outcome = self.seal().await;
			}
			if outcome == Outcome::Stopped {
				return;
			}
			// A failed attempt by the clock waits its turn, lest it be repeated without pause.
			if made || trigger == Trigger::Time {
				due = self
					.interval(made)
					.map(|interval| Instant::now() + interval);
			}
		}
	}

	/// How long after a block that was `made`, or was not, the next one comes without a transaction.
	fn interval(&self, made: bool) -> Option<Duration> {
		match self.rhythm.pace {
			Pace::InStep if made => Some((self.lead)().min(2 * self.slot)),
			Pace::InStep => Some(self.slot),
			Pace::Every(interval) => Some(interval),
			Pace::OnTransaction => None,
		}
	}

	/// Waits until the next block's time is no further ahead than it may be.
	async fn hold(&self) {
		let Some(most) = self.rhythm.max_lead else {
			return;
		};
		loop {
			let excess = (self.lead)().saturating_sub(most);
			if excess.is_zero() {
				return;
			}
			// In parts, for the wall clock may be set meanwhile.
			Delay::new(excess.min(self.slot)).await;
		}
	}

	/// Waits for a reason to make a block; `None` if no more will come.
	async fn next(&mut self, due: Option<Instant>) -> Option<Trigger> {
		let time = match due {
			Some(due) => Delay::new(due.saturating_duration_since(Instant::now())).left_future(),
			None => future::pending().right_future(),
		};
		match future::select(self.transactions.next(), time).await {
			Either::Left((Some(_), _)) => {}
			Either::Left((None, _)) => return None,
			Either::Right(_) => return Some(Trigger::Time),
		}
		// One block serves all that have arrived by now.
		while let Some(Some(_)) = self.transactions.next().now_or_never() {}
		Some(Trigger::Transactions)
	}

	/// Has one block made, and finalized after that: in one step a client would hear of the block's
	/// finality and never of the block.
	///
	/// Never with `create_empty: false`: the engine takes a block for empty if it has as many
	/// extrinsics as there are inherent data, of which there are more than inherents.
	async fn seal(&mut self) -> Outcome {
		self.hold().await;
		let (sender, receiver) = oneshot::channel();
		let command = EngineCommand::SealNewBlock {
			create_empty: true,
			finalize: false,
			parent_hash: None,
			sender: Some(sender),
		};
		if self.commands.send(command).await.is_err() {
			return Outcome::Stopped;
		}
		let hash = match receiver.await {
			Ok(Ok(block)) => block.hash,
			Ok(Err(error)) => {
				log::error!("A block could not be made: {error}");
				return Outcome::NotMade;
			}
			Err(oneshot::Canceled) => return Outcome::Stopped,
		};
		let (sender, receiver) = oneshot::channel();
		let command = EngineCommand::FinalizeBlock {
			hash,
			sender: Some(sender),
			justification: None,
		};
		if self.commands.send(command).await.is_err() {
			return Outcome::Stopped;
		}
		match receiver.await {
			Ok(Ok(_)) => Outcome::Made,
			Ok(Err(error)) => {
				log::error!("A block could not be finalized: {error}");
				Outcome::Made
			}
			Err(oneshot::Canceled) => Outcome::Stopped,
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use futures::executor::block_on;
	use sc_consensus_manual_seal::CreatedBlock;
	use std::{cell::Cell, rc::Rc};

	/// Makes each block that is asked for, and reports whether it is empty.
	struct Engine {
		commands: mpsc::Receiver<EngineCommand<Hash>>,
		/// Transactions in the pool, and how many fit into a block.
		pool: Rc<Cell<usize>>,
		per_block: usize,
	}

	impl Engine {
		async fn step(&mut self) -> bool {
			let Some(EngineCommand::SealNewBlock {
				create_empty,
				finalize,
				parent_hash,
				sender,
			}) = self.commands.next().await
			else {
				panic!("the sealer stopped or sent something else");
			};
			assert!(!finalize && parent_hash.is_none() && create_empty);
			let is_empty = self.pool.get() == 0;
			self.pool
				.set(self.pool.get().saturating_sub(self.per_block));
			let answer = Ok(CreatedBlock {
				hash: Hash::default(),
				aux: sc_consensus::ImportedAux::default(),
				proof_size: 0,
			});
			sender
				.expect("the sealer wants to know")
				.send(answer)
				.expect("it waits");
			match self.commands.next().await {
				Some(EngineCommand::FinalizeBlock {
					sender: Some(sender),
					..
				}) => sender.send(Ok(())).expect("it waits"),
				_ => panic!("a block that is made is finalized"),
			}
			is_empty
		}
	}

	impl Engine {
		/// Whether no command comes for a while.
		async fn rests(&mut self) -> bool {
			let quiet = Delay::new(Duration::from_millis(20));
			matches!(
				future::select(self.commands.next(), quiet).await,
				Either::Right(_)
			)
		}
	}

	/// The length of a slot in the tests.
	const SLOT: Duration = Duration::from_millis(40);

	/// Runs `test` beside a sealer; `submit` in it stands for the pool's announcements.
	fn with_sealer<F: std::future::Future<Output = ()>>(
		pace: Pace,
		per_block: usize,
		test: impl FnOnce(Engine, mpsc::UnboundedSender<Hash>, Rc<Cell<usize>>) -> F,
	) {
		let rhythm = Rhythm {
			pace,
			max_lead: None,
		};
		with_lead(rhythm, || Duration::ZERO, per_block, test);
	}

	/// As [`with_sealer`], with a clock of its own.
	fn with_lead<F: std::future::Future<Output = ()>>(
		rhythm: Rhythm,
		lead: impl Fn() -> Duration,
		per_block: usize,
		test: impl FnOnce(Engine, mpsc::UnboundedSender<Hash>, Rc<Cell<usize>>) -> F,
	) {
		let (commands, receiver) = mpsc::channel(1);
		let (submit, transactions) = mpsc::unbounded();
		let pool = Rc::new(Cell::new(0));
		let ready = {
			let pool = pool.clone();
			move || pool.get()
		};
		let sealer = Sealer {
			rhythm,
			slot: SLOT,
			lead,
			transactions,
			ready,
			commands,
		};
		let engine = Engine {
			commands: receiver,
			pool: pool.clone(),
			per_block,
		};
		block_on(async {
			let test = test(engine, submit, pool);
			let deadline = Delay::new(Duration::from_secs(20));
			futures::pin_mut!(test);
			let work = future::join(sealer.run(), test);
			futures::pin_mut!(work);
			match future::select(work, deadline).await {
				Either::Left(_) => {}
				Either::Right(_) => panic!("the sealer hangs"),
			}
		});
	}

	/// An announced transaction.
	fn add(submit: &mpsc::UnboundedSender<Hash>, pool: &Cell<usize>) {
		pool.set(pool.get() + 1);
		submit
			.unbounded_send(Hash::default())
			.expect("the sealer listens");
	}

	#[test]
	fn interval_makes_empty_blocks_and_the_first_at_once() {
		let pace = Pace::Every(Duration::from_millis(30));
		with_sealer(pace, 10, |mut engine, submit, _| async move {
			let start = Instant::now();
			assert!(engine.step().await);
			assert!(start.elapsed() < Duration::from_millis(25));
			assert!(engine.step().await);
			assert!(engine.step().await);
			assert!(start.elapsed() >= Duration::from_millis(60));
			drop(submit);
		});
	}

	/// A chain whose next block would be at `end`, by the wall clock.
	fn lead_until(end: Instant) -> impl Fn() -> Duration {
		move || end.saturating_duration_since(Instant::now())
	}

	#[test]
	fn empty_blocks_wait_for_the_wall_clock_when_in_step() {
		let start = Instant::now();
		let rhythm = Rhythm {
			pace: Pace::InStep,
			max_lead: None,
		};
		let lead = lead_until(start + SLOT);
		with_lead(rhythm, lead, 10, |mut engine, submit, _| async move {
			assert!(engine.step().await);
			assert!(start.elapsed() < SLOT);
			assert!(engine.step().await);
			assert!(start.elapsed() >= SLOT);
			drop(submit);
		});
	}

	#[test]
	fn chain_far_ahead_makes_empty_blocks_at_half_the_rate_of_slots() {
		let start = Instant::now();
		let rhythm = Rhythm {
			pace: Pace::InStep,
			max_lead: None,
		};
		let lead = lead_until(start + 1_000 * SLOT);
		with_lead(rhythm, lead, 10, |mut engine, submit, pool| async move {
			for slots in [0, 2, 4] {
				assert!(engine.step().await);
				assert!(start.elapsed() >= slots * SLOT);
			}
			// A transaction does not wait.
			let sent = Instant::now();
			add(&submit, &pool);
			assert!(!engine.step().await);
			assert!(sent.elapsed() < SLOT);
			drop(submit);
		});
	}

	#[test]
	fn nothing_is_made_beyond_the_greatest_lead() {
		let start = Instant::now();
		let rhythm = Rhythm {
			pace: Pace::Every(Duration::from_millis(1)),
			max_lead: Some(SLOT),
		};
		let lead = lead_until(start + 3 * SLOT);
		with_lead(rhythm, lead, 10, |mut engine, submit, pool| async move {
			add(&submit, &pool);
			engine.step().await;
			assert!(start.elapsed() >= 2 * SLOT);
			drop(submit);
		});
	}

	#[test]
	fn transaction_is_sealed_at_once() {
		let pace = Pace::Every(Duration::from_secs(3_600));
		with_sealer(pace, 10, |mut engine, submit, pool| async move {
			assert!(engine.step().await);
			add(&submit, &pool);
			assert!(!engine.step().await);
			assert_eq!(pool.get(), 0);
		});
	}

	#[test]
	fn instant_seal_waits_for_a_transaction() {
		with_sealer(
			Pace::OnTransaction,
			10,
			|mut engine, submit, pool| async move {
				assert!(engine.rests().await);
				add(&submit, &pool);
				assert!(!engine.step().await);
			},
		);
	}

	#[test]
	fn burst_shares_one_block() {
		with_sealer(
			Pace::OnTransaction,
			10,
			|mut engine, submit, pool| async move {
				for _ in 0..5 {
					add(&submit, &pool);
				}
				assert!(!engine.step().await);
				assert_eq!(pool.get(), 0);
				assert!(engine.rests().await);
				drop(submit);
			},
		);
	}

	#[test]
	fn leftovers_of_a_full_block_are_sealed_without_a_new_transaction() {
		with_sealer(
			Pace::OnTransaction,
			2,
			|mut engine, submit, pool| async move {
				for _ in 0..5 {
					add(&submit, &pool);
				}
				for left in [3, 1, 0] {
					assert!(!engine.step().await);
					assert_eq!(pool.get(), left);
				}
				assert!(engine.rests().await);
				drop(submit);
			},
		);
	}

	#[test]
	fn transaction_that_never_fits_is_not_tried_without_end() {
		with_sealer(
			Pace::OnTransaction,
			0,
			|mut engine, submit, pool| async move {
				add(&submit, &pool);
				assert!(!engine.step().await);
				assert!(engine.rests().await);
				drop(submit);
			},
		);
	}

	#[test]
	fn sealer_stops_with_the_pool() {
		with_sealer(Pace::OnTransaction, 1, |mut engine, submit, _| async move {
			drop(submit);
			assert!(engine.commands.next().await.is_none());
		});
	}

	#[test]
	fn sealer_stops_with_the_engine() {
		with_sealer(
			Pace::Every(Duration::from_millis(5)),
			1,
			|engine, submit, _| async move {
				drop(engine);
				Delay::new(Duration::from_millis(20)).await;
				assert!(submit.is_closed());
			},
		);
	}
}
