//! The transactions that wait, and the rules by which they replace each other.
//!
//! A wrapper around the SDK's pool, which takes a replacement for one planck more, keeps any number of
//! transactions for one place while their turn has not come, and as many of one sender as it has room
//! for; so a sender could have the whole network pass on as many transactions as it liked and pay
//! for one. Here a replacement costs a tenth more ([`claim`]), and a sender's places are bounded
//! ([`ledger`]). RPC and network both come through it, the one as [`Pool`], the other as
//! [`Pool::for_network`]; they differ in how a refusal is told ([`refusal`]).
//!
//! Invariants:
//! 1. The ledger never decides what is valid: what it lets pass the pool below may refuse, and then
//!    the ledger is as it was.
//! 2. Nothing that a stranger claims for another account changes the ledger: a place is taken only by
//!    a claim with a checked signature.

use polkadot_sdk::*;

mod claim;
mod ledger;
mod refusal;
mod told;

use std::{
	collections::{HashMap, HashSet},
	future::Future,
	marker::PhantomData,
	pin::Pin,
	sync::{
		atomic::{AtomicBool, Ordering},
		Arc,
	},
	time::Duration,
};

use async_trait::async_trait;
use parking_lot::Mutex;
use sc_transaction_pool::TransactionPoolHandle;
use sc_transaction_pool_api::{
	ChainEvent, ImportNotificationStream, InPoolTransaction, LocalTransactionPool,
	MaintainedTransactionPool, PoolStatus, ReadyTransactions, TransactionPool, TransactionSource,
	TransactionStatusStreamFor, TxInvalidityReportMap,
};
use sp_api::ProvideRuntimeApi;
use sp_blockchain::HeaderBackend;
use sp_core::traits::CallContext;
use sp_runtime::OpaqueExtrinsic;
use substrate_frame_rpc_system::AccountNonceApi;
use trivium_runtime::{AccountId, Nonce};

use self::{
	claim::{Claim, Envelope},
	ledger::{Ledger, Reservation},
	refusal::{Audience, Clients, InnerError, Network},
	told::Told,
};
use crate::client::{Block, FullClient, Hash};

/// Places of one sender unless asked otherwise: what geth keeps of a sender's transactions whose turn
/// has not come.
pub const DEFAULT_SENDER_LIMIT: u32 = 64;

/// How long a submission waits for the pool to hear of the block that it refers to, before it is told.
const NEWS_TAKE: Duration = Duration::from_millis(250);

/// The SDK's pool.
pub type Inner = TransactionPoolHandle<Block, FullClient>;

/// The pool as clients see it.
pub type Pool = Guarded<Clients>;

/// A transaction in the pool.
type Pooled = <Inner as TransactionPool>::InPoolTransaction;

/// The pool, with the rules of this module before it. `A` is told what it refuses.
pub struct Guarded<A> {
	shared: Arc<Shared>,
	audience: PhantomData<fn() -> A>,
}

/// What all handles of a pool share.
struct Shared {
	inner: Inner,
	client: Arc<FullClient>,
	ledger: Mutex<Ledger>,
	/// The blocks that the pool has heard of.
	blocks: Told<Hash>,
	/// Lets one event after the other into the pool.
	maintenance: futures::lock::Mutex<()>,
	/// Whether the chain's extrinsics are signed the way that this binary knows.
	reads_signed: AtomicBool,
}

impl Pool {
	/// Guards a pool. One sender may hold `sender_limit` places.
	pub fn new(inner: Inner, client: Arc<FullClient>, sender_limit: usize) -> Self {
		let best = client.info().best_hash;
		let shared = Shared {
			inner,
			client,
			ledger: Mutex::new(Ledger::new(sender_limit)),
			blocks: Told::new(best),
			maintenance: Default::default(),
			reads_signed: AtomicBool::new(false),
		};
		shared.look_at_runtime(best);
		Self {
			shared: Arc::new(shared),
			audience: PhantomData,
		}
	}

	/// The same pool for the network, which judges peers by the kind of an error.
	pub fn for_network(&self) -> Arc<Inner> {
		let guarded: Guarded<Network> = Guarded {
			shared: self.shared.clone(),
			audience: PhantomData,
		};
		Arc::new(sc_transaction_pool::TransactionPoolWrapper(Box::new(
			guarded,
		)))
	}
}

/// A place that is given back unless the pool takes the transaction, also if whoever asked has gone.
struct Place<'a> {
	shared: &'a Shared,
	reservation: Option<Reservation>,
}

impl Place<'_> {
	/// The pool has taken it. Answers what it replaces.
	fn keep(mut self) -> Option<Hash> {
		let reservation = self.reservation.take()?;
		self.shared.ledger.lock().confirm(&reservation);
		reservation.replaces()
	}
}

impl Drop for Place<'_> {
	fn drop(&mut self) {
		if let Some(reservation) = self.reservation.take() {
			self.shared.ledger.lock().release(reservation);
		}
	}
}

impl Shared {
	/// Notes whether the runtime at a block takes extrinsics in the form that this binary knows.
	fn look_at_runtime(&self, at: Hash) {
		if let Ok(version) = self.client.runtime_version_at(at, CallContext::Offchain) {
			let ours = trivium_runtime::VERSION.transaction_version;
			self.reads_signed
				.store(version.transaction_version == ours, Ordering::Relaxed);
		}
	}

	fn read(&self, extrinsic: &OpaqueExtrinsic) -> Envelope {
		claim::read(extrinsic.inner(), self.reads_signed.load(Ordering::Relaxed))
	}

	/// Whether the pool below has this extrinsic.
	fn is_pooled(&self, hash: &Hash) -> bool {
		self.inner.ready_transaction(hash).is_some() || self.is_future(hash)
	}

	/// Whether this extrinsic waits for its turn.
	fn is_future(&self, hash: &Hash) -> bool {
		self.inner.futures().iter().any(|tx| tx.hash() == hash)
	}

	/// Checks a claim, and reserves its place if it is known to be the sender's own.
	fn enter<A: Audience>(&self, claim: &Claim, hash: Hash) -> Result<Place<'_>, A::Error> {
		let mut ledger = self.ledger.lock();
		let mut place = Place {
			shared: self,
			reservation: None,
		};
		// The pool itself knows best what to say of one that it has.
		if !ledger.holds(claim, hash) {
			ledger
				.check(
					claim,
					|held| self.is_pooled(held),
					|| self.next_nonce(&claim.sender) == Some(claim.nonce),
				)
				.map_err(|denial| refusal::denied::<A>(claim, denial))?;
			if claim.is_proven() {
				place.reservation = Some(ledger.reserve(claim, hash));
			}
		}
		Ok(place)
	}

	/// The next nonce of an account.
	fn next_nonce(&self, account: &AccountId) -> Option<Nonce> {
		let at = self.client.info().best_hash;
		self.client
			.runtime_api()
			.account_nonce(at, account.clone())
			.ok()
	}

	/// What the pool below has answered, told to whoever asked.
	fn answer<T, A: Audience>(
		&self,
		envelope: &Envelope,
		result: Result<T, InnerError>,
	) -> Result<T, A::Error> {
		result.map_err(|error| match envelope.is_ethereum {
			true => refusal::explained::<A>(envelope.claim.as_ref(), error, |account| {
				self.next_nonce(account)
			}),
			false => A::plainly(error),
		})
	}

	/// Sends an extrinsic to the pool below, by the rules of this module.
	async fn submit<T: Send, A: Audience>(
		&self,
		at: Hash,
		extrinsic: &OpaqueExtrinsic,
		submission: impl Future<Output = Result<T, InnerError>> + Send,
	) -> Result<T, A::Error> {
		self.catch_up(at).await;
		let envelope = self.read(extrinsic);
		let Some(claim) = &envelope.claim else {
			return self.answer::<T, A>(&envelope, submission.await);
		};
		let hash = self.inner.hash_of(extrinsic);
		let place = self.enter::<A>(claim, hash)?;
		let result = submission.await;
		if result.is_ok() {
			match claim.is_proven() {
				true => {
					if let Some(replaced) = place.keep() {
						self.drop_future(replaced).await;
					}
				}
				// The pool has checked the signature.
				false => self.ledger.lock().record(claim, hash),
			}
		}
		self.answer::<T, A>(&envelope, result)
	}

	/// Removes a replaced transaction whose turn had not come. Of those that are ready the pool itself
	/// removes it, and tells who watches it that it was usurped; here they hear that it is invalid.
	async fn drop_future(&self, replaced: Hash) {
		if self.is_future(&replaced) {
			let report = TxInvalidityReportMap::from_iter([(replaced, None)]);
			self.inner.report_invalid(None, report).await;
		}
	}

	/// Waits until the pool has heard of a block, and tells it if nobody else does. Clients hear of a
	/// block as soon as it is imported; what they sign then refers to it, and the pool would refuse that
	/// as born too early.
	async fn catch_up(&self, at: Hash) {
		if self.blocks.wait(at, NEWS_TAKE).await {
			return;
		}
		let _one_by_one = self.maintenance.lock().await;
		if !self.blocks.is_known(&at) {
			self.hear(ChainEvent::NewBestBlock {
				hash: at,
				tree_route: None,
			})
			.await;
		}
	}

	async fn maintain(&self, event: ChainEvent<Block>) {
		let _one_by_one = self.maintenance.lock().await;
		self.hear(event).await;
	}

	/// Tells the pool below of an event, and follows it.
	async fn hear(&self, event: ChainEvent<Block>) {
		let hash = event.hash();
		self.inner.maintain(event).await;
		self.look_at_runtime(hash);
		self.sweep();
		self.blocks.tell(hash);
	}

	/// Makes the ledger what the pool is.
	fn sweep(&self) {
		let status = self.inner.status();
		if self.ledger.lock().is_empty() && status.is_empty() {
			return;
		}
		let mark = self.ledger.lock().mark();
		let mut pooled = HashMap::new();
		for tx in self.inner.ready() {
			pooled.insert(*tx.hash(), tx.data().clone());
		}
		for tx in self.inner.futures() {
			pooled.insert(*tx.hash(), tx.data().clone());
		}
		let hashes = pooled.keys().copied().collect::<HashSet<_>>();
		let unknown = self.ledger.lock().retain(mark, &hashes);
		for hash in unknown {
			// Such as come back from a block that was retracted.
			if let Some(claim) = pooled.get(&hash).and_then(|tx| self.read(tx).claim) {
				self.ledger.lock().record(&claim, hash);
			}
		}
	}
}

#[async_trait]
impl<A: Audience> TransactionPool for Guarded<A> {
	type Block = Block;
	type Hash = Hash;
	type InPoolTransaction = Pooled;
	type Error = A::Error;

	async fn submit_at(
		&self,
		at: Hash,
		source: TransactionSource,
		xts: Vec<OpaqueExtrinsic>,
	) -> Result<Vec<Result<Hash, A::Error>>, A::Error> {
		let mut results = Vec::with_capacity(xts.len());
		// One after the other, so that each is judged by what those before it hold.
		for xt in xts {
			results.push(self.submit_one(at, source, xt).await);
		}
		Ok(results)
	}

	async fn submit_one(
		&self,
		at: Hash,
		source: TransactionSource,
		xt: OpaqueExtrinsic,
	) -> Result<Hash, A::Error> {
		let submission = self.shared.inner.submit_one(at, source, xt.clone());
		self.shared.submit::<_, A>(at, &xt, submission).await
	}

	async fn submit_and_watch(
		&self,
		at: Hash,
		source: TransactionSource,
		xt: OpaqueExtrinsic,
	) -> Result<Pin<Box<TransactionStatusStreamFor<Self>>>, A::Error> {
		let submission = self.shared.inner.submit_and_watch(at, source, xt.clone());
		self.shared.submit::<_, A>(at, &xt, submission).await
	}

	async fn ready_at(&self, at: Hash) -> Box<dyn ReadyTransactions<Item = Arc<Pooled>> + Send> {
		self.shared.inner.ready_at(at).await
	}

	fn ready(&self) -> Box<dyn ReadyTransactions<Item = Arc<Pooled>> + Send> {
		self.shared.inner.ready()
	}

	async fn report_invalid(
		&self,
		at: Option<Hash>,
		invalid_tx_errors: TxInvalidityReportMap<Hash>,
	) -> Vec<Arc<Pooled>> {
		self.shared
			.inner
			.report_invalid(at, invalid_tx_errors)
			.await
	}

	fn futures(&self) -> Vec<Pooled> {
		self.shared.inner.futures()
	}

	fn status(&self) -> PoolStatus {
		self.shared.inner.status()
	}

	fn import_notification_stream(&self) -> ImportNotificationStream<Hash> {
		self.shared.inner.import_notification_stream()
	}

	fn on_broadcasted(&self, propagations: HashMap<Hash, Vec<String>>) {
		self.shared.inner.on_broadcasted(propagations)
	}

	fn hash_of(&self, xt: &OpaqueExtrinsic) -> Hash {
		self.shared.inner.hash_of(xt)
	}

	fn ready_transaction(&self, hash: &Hash) -> Option<Arc<Pooled>> {
		self.shared.inner.ready_transaction(hash)
	}

	async fn ready_at_with_timeout(
		&self,
		at: Hash,
		timeout: Duration,
	) -> Box<dyn ReadyTransactions<Item = Arc<Pooled>> + Send> {
		self.shared.inner.ready_at_with_timeout(at, timeout).await
	}
}

#[async_trait]
impl<A: Audience> MaintainedTransactionPool for Guarded<A> {
	async fn maintain(&self, event: ChainEvent<Block>) {
		self.shared.maintain(event).await;
	}
}

impl<A: Audience> LocalTransactionPool for Guarded<A> {
	type Block = Block;
	type Hash = Hash;
	type Error = A::Error;

	/// As for RPC, but at once: what an off-chain worker of this node sends.
	fn submit_local(&self, at: Hash, xt: OpaqueExtrinsic) -> Result<Hash, A::Error> {
		let shared = &*self.shared;
		let envelope = shared.read(&xt);
		let hash = shared.inner.hash_of(&xt);
		let place = envelope
			.claim
			.as_ref()
			.map(|claim| shared.enter::<A>(claim, hash))
			.transpose()?;
		let result = shared.inner.submit_local(at, xt);
		if let (true, Some(place)) = (result.is_ok(), place) {
			place.keep();
		}
		shared.answer::<_, A>(&envelope, result)
	}
}
