//! Who holds which place in the pool: the rule for replacements, and the bound for one sender.
//!
//! A mirror of the pool below, no larger than that. A place is reserved while the pool looks at the
//! transaction that asks for it, so that of two that come at once each has to outbid the other.

use std::collections::{BTreeMap, HashMap, HashSet};

use trivium_runtime::{AccountId, Nonce};

use super::claim::{Claim, Offer};
use crate::client::Hash;

/// A transaction at its place.
#[derive(Clone, Debug)]
struct Entry {
	/// Of the extrinsic.
	hash: Hash,
	/// Of the transaction, however it is wrapped.
	id: Hash,
	offer: Offer,
	/// When it came; see [`Ledger::mark`].
	stamp: u64,
	/// Whether the pool is still looking at it.
	is_reserved: bool,
}

/// A place that is reserved until the pool has decided.
#[derive(Debug)]
pub struct Reservation {
	sender: AccountId,
	nonce: Nonce,
	stamp: u64,
	previous: Option<Entry>,
}

impl Reservation {
	/// The extrinsic that holds the place until the pool has taken this one.
	pub fn replaces(&self) -> Option<Hash> {
		self.previous.as_ref().map(|entry| entry.hash)
	}
}

/// Why a claim is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denial {
	/// The same transaction is there, in another wrapping.
	Known(Hash),
	/// It does not offer enough to replace the one that is there.
	Underpriced {
		/// What that one offers.
		held: Offer,
	},
	/// The sender has as many transactions in the pool as one may.
	TooMany {
		/// How many that is.
		limit: usize,
	},
}

/// The places of all senders.
#[derive(Debug)]
pub struct Ledger {
	places: HashMap<AccountId, BTreeMap<Nonce, Entry>>,
	/// The most places of one sender.
	limit: usize,
	/// Counts what has come.
	clock: u64,
}

impl Ledger {
	/// One in which each sender may hold `limit` places.
	pub fn new(limit: usize) -> Self {
		Self {
			places: HashMap::new(),
			limit,
			clock: 0,
		}
	}

	fn tick(&mut self) -> u64 {
		self.clock = self.clock.saturating_add(1);
		self.clock
	}

	fn entry(&self, claim: &Claim) -> Option<&Entry> {
		self.places.get(&claim.sender)?.get(&claim.nonce)
	}

	/// Whether this extrinsic holds its place already: the pool knows what to say.
	pub fn holds(&self, claim: &Claim, hash: Hash) -> bool {
		self.entry(claim).is_some_and(|entry| entry.hash == hash)
	}

	/// Checks a claim. `is_pooled` tells whether the pool still has an extrinsic: it may have dropped
	/// it in the meantime. `is_next` tells whether it is the claim's turn: then there is one place more,
	/// or a sender whose places all wait for this one could send nothing any more.
	///
	/// # Errors
	/// If the claim is refused.
	pub fn check(
		&mut self,
		claim: &Claim,
		is_pooled: impl FnOnce(&Hash) -> bool,
		is_next: impl FnOnce() -> bool,
	) -> Result<(), Denial> {
		let Some(entry) = self.entry(claim) else {
			let held = self.places.get(&claim.sender).map_or(0, BTreeMap::len);
			return match held < self.limit || (held == self.limit && is_next()) {
				true => Ok(()),
				false => Err(Denial::TooMany { limit: self.limit }),
			};
		};
		if claim.id != entry.id && claim.offer.outbids(&entry.offer) {
			return Ok(());
		}
		let denial = match claim.id == entry.id {
			true => Denial::Known(entry.hash),
			false => Denial::Underpriced { held: entry.offer },
		};
		if entry.is_reserved || is_pooled(&entry.hash) {
			return Err(denial);
		}
		self.remove(&claim.sender, claim.nonce);
		Ok(())
	}

	/// Gives a claim that was checked its place, until [`Self::confirm`] or [`Self::release`].
	pub fn reserve(&mut self, claim: &Claim, hash: Hash) -> Reservation {
		let stamp = self.tick();
		let entry = Entry {
			hash,
			id: claim.id,
			offer: claim.offer,
			stamp,
			is_reserved: true,
		};
		let places = self.places.entry(claim.sender.clone()).or_default();
		Reservation {
			sender: claim.sender.clone(),
			nonce: claim.nonce,
			stamp,
			// One that was only reserved may come to nothing; then the place is free.
			previous: places
				.insert(claim.nonce, entry)
				.filter(|entry| !entry.is_reserved),
		}
	}

	/// The pool has taken the transaction.
	pub fn confirm(&mut self, reservation: &Reservation) {
		let now = self.tick();
		if let Some(entry) = self.reserved(reservation) {
			entry.is_reserved = false;
			entry.stamp = now;
		}
	}

	/// The pool has not taken the transaction: what was at its place is there again.
	pub fn release(&mut self, reservation: Reservation) {
		if self.reserved(&reservation).is_none() {
			return;
		}
		self.remove(&reservation.sender, reservation.nonce);
		if let Some(previous) = reservation.previous {
			self.places
				.entry(reservation.sender)
				.or_default()
				.insert(reservation.nonce, previous);
		}
	}

	/// The entry of a reservation, if nobody has outbid it since.
	fn reserved(&mut self, reservation: &Reservation) -> Option<&mut Entry> {
		self.places
			.get_mut(&reservation.sender)?
			.get_mut(&reservation.nonce)
			.filter(|entry| entry.is_reserved && entry.stamp == reservation.stamp)
	}

	/// Writes down a transaction that the pool has, unless its place is being asked for.
	pub fn record(&mut self, claim: &Claim, hash: Hash) {
		if self.entry(claim).is_some_and(|entry| entry.is_reserved) {
			return;
		}
		let reservation = self.reserve(claim, hash);
		self.confirm(&reservation);
	}

	/// A moment, for [`Self::retain`].
	pub fn mark(&mut self) -> u64 {
		self.tick()
	}

	/// Strikes out what the pool did not have at the moment of `mark` or after. Answers which of
	/// `pooled` are not written down.
	pub fn retain(&mut self, mark: u64, pooled: &HashSet<Hash>) -> HashSet<Hash> {
		let mut unknown = pooled.clone();
		self.places.retain(|_, places| {
			places.retain(|_, entry| {
				unknown.remove(&entry.hash) || entry.is_reserved || entry.stamp > mark
			});
			!places.is_empty()
		});
		unknown
	}

	/// Whether nothing is written down.
	pub fn is_empty(&self) -> bool {
		self.places.is_empty()
	}

	fn remove(&mut self, sender: &AccountId, nonce: Nonce) {
		if let Some(places) = self.places.get_mut(sender) {
			places.remove(&nonce);
			if places.is_empty() {
				self.places.remove(sender);
			}
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn claim(sender: u8, nonce: Nonce, fee: u128) -> Claim {
		let mut id = [sender; 32];
		id[..16].copy_from_slice(&fee.to_le_bytes());
		id[16..24].copy_from_slice(&nonce.to_le_bytes());
		Claim {
			sender: AccountId::new([sender; 32]),
			nonce,
			offer: Offer::Ethereum {
				max_fee: fee,
				max_tip: fee,
			},
			id: id.into(),
		}
	}

	/// A pool that takes all that the ledger lets pass; answers whether it did.
	fn submit(ledger: &mut Ledger, claim: &Claim) -> Result<Option<Hash>, Denial> {
		ledger.check(claim, |_| true, || false)?;
		let reservation = ledger.reserve(claim, claim.id);
		ledger.confirm(&reservation);
		Ok(reservation.replaces())
	}

	#[test]
	fn forty_replacements_by_one_wei_are_refused() {
		let mut ledger = Ledger::new(64);
		assert_eq!(submit(&mut ledger, &claim(1, 0, 1_000)), Ok(None));
		for more in 1..=40 {
			let refused = submit(&mut ledger, &claim(1, 0, 1_000 + more));
			assert!(
				matches!(refused, Err(Denial::Underpriced { .. })),
				"{refused:?}"
			);
		}
	}

	#[test]
	fn replacement_names_what_it_replaces() {
		let mut ledger = Ledger::new(64);
		let (first, second) = (claim(1, 7, 100), claim(1, 7, 110));
		submit(&mut ledger, &first).unwrap();
		assert_eq!(submit(&mut ledger, &second), Ok(Some(first.id)));
		let refused = submit(&mut ledger, &claim(1, 7, 120));
		let held = second.offer;
		assert_eq!(refused, Err(Denial::Underpriced { held }));
	}

	#[test]
	fn same_transaction_in_another_wrapping_is_known() {
		let mut ledger = Ledger::new(64);
		let first = claim(1, 0, 100);
		submit(&mut ledger, &first).unwrap();
		assert!(ledger.holds(&first, first.id));
		assert!(!ledger.holds(&first, Hash::repeat_byte(9)));
		assert_eq!(submit(&mut ledger, &first), Err(Denial::Known(first.id)));
	}

	#[test]
	fn of_two_at_once_the_second_has_to_outbid_the_first() {
		let mut ledger = Ledger::new(64);
		let (held, first, second) = (claim(1, 0, 100), claim(1, 0, 110), claim(1, 0, 111));
		submit(&mut ledger, &held).unwrap();
		ledger.check(&first, |_| true, || false).unwrap();
		let reservation = ledger.reserve(&first, first.id);
		// Even if the pool has forgotten: the first one is on its way there.
		assert!(ledger.check(&second, |_| false, || false).is_err());
		ledger.release(reservation);
		// The first has failed, so the one before it holds the place.
		assert_eq!(submit(&mut ledger, &second), Ok(Some(held.id)));
	}

	#[test]
	fn late_failure_does_not_undo_a_higher_offer() {
		let mut ledger = Ledger::new(64);
		let (first, second) = (claim(1, 0, 100), claim(1, 0, 200));
		ledger.check(&first, |_| true, || false).unwrap();
		let slow = ledger.reserve(&first, first.id);
		ledger.check(&second, |_| true, || false).unwrap();
		let fast = ledger.reserve(&second, second.id);
		ledger.confirm(&fast);
		ledger.release(slow);
		assert!(ledger.holds(&second, second.id));
	}

	#[test]
	fn sender_may_have_so_many_and_no_more() {
		let mut ledger = Ledger::new(3);
		for nonce in 0..3 {
			submit(&mut ledger, &claim(1, nonce, 100)).unwrap();
		}
		assert_eq!(
			submit(&mut ledger, &claim(1, 9, 100)),
			Err(Denial::TooMany { limit: 3 })
		);
		// Replacing takes no further place, and others have their own.
		assert!(submit(&mut ledger, &claim(1, 2, 200)).is_ok());
		assert!(submit(&mut ledger, &claim(2, 9, 100)).is_ok());
	}

	#[test]
	fn sender_whose_places_all_wait_may_still_send_the_one_they_wait_for() {
		let mut ledger = Ledger::new(3);
		for nonce in 2..5 {
			submit(&mut ledger, &claim(1, nonce, 100)).unwrap();
		}
		let missing = claim(1, 1, 100);
		let check = |ledger: &mut Ledger, is_next| ledger.check(&missing, |_| true, || is_next);
		assert_eq!(
			check(&mut ledger, false),
			Err(Denial::TooMany { limit: 3 }),
			"its turn has not come either"
		);
		assert_eq!(check(&mut ledger, true), Ok(()));
		let reservation = ledger.reserve(&missing, missing.id);
		ledger.confirm(&reservation);
		// One place more, and no second.
		let another = claim(1, 0, 100);
		assert!(ledger.check(&another, |_| true, || true).is_err());
	}

	#[test]
	fn what_the_pool_has_dropped_is_no_hindrance() {
		let mut ledger = Ledger::new(64);
		submit(&mut ledger, &claim(1, 0, 100)).unwrap();
		let cheaper = claim(1, 0, 50);
		assert!(ledger.check(&cheaper, |_| true, || false).is_err());
		assert!(ledger.check(&cheaper, |_| false, || false).is_ok());
	}

	#[test]
	fn sweeping_strikes_out_what_left_and_keeps_what_came_since() {
		let mut ledger = Ledger::new(64);
		let (left, stays, new) = (claim(1, 0, 1), claim(1, 1, 1), claim(1, 2, 1));
		submit(&mut ledger, &left).unwrap();
		submit(&mut ledger, &stays).unwrap();
		let mark = ledger.mark();
		submit(&mut ledger, &new).unwrap();
		let stranger = Hash::repeat_byte(8);
		let unknown = ledger.retain(mark, &HashSet::from([stays.id, stranger]));
		assert_eq!(unknown, HashSet::from([stranger]));
		assert!(!ledger.holds(&left, left.id));
		assert!(ledger.holds(&stays, stays.id) && ledger.holds(&new, new.id));
		let mark = ledger.mark();
		ledger.retain(mark, &HashSet::new());
		assert!(ledger.is_empty());
	}

	#[test]
	fn reservation_outlasts_a_sweep() {
		let mut ledger = Ledger::new(64);
		let slow = claim(1, 0, 1);
		let reservation = ledger.reserve(&slow, slow.id);
		let mark = ledger.mark();
		ledger.retain(mark, &HashSet::new());
		assert!(ledger.holds(&slow, slow.id));
		// Taken by the pool after the sweep had looked, it is newer than the sweep.
		let mark = ledger.mark();
		ledger.confirm(&reservation);
		ledger.retain(mark, &HashSet::new());
		assert!(ledger.holds(&slow, slow.id));
	}
}
