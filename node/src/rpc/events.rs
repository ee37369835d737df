//! `crossVm_subscribeEvents`: the logs of all machines, as blocks come.
//!
//! By default of the best chain: when another fork becomes the best, the logs of blocks that are no longer part of the chain come again, as
//! removed. With `finalized` a log comes once and stays.

use polkadot_sdk::*;

use std::{sync::Arc, time::Duration};

use futures::{
	future::{self, Either},
	stream, Stream, StreamExt,
};
use jsonrpsee::{
	core::async_trait, proc_macros::rpc, PendingSubscriptionSink, SubscriptionMessage,
};
use pallet_cross_vm::api::CrossVmApi;
use sc_client_api::{BlockchainEvents, FinalityNotification};
use sc_rpc::{utils::spawn_subscription_task, SubscriptionTaskExecutor};
use serde::{Deserialize, Serialize};
use sp_api::ProvideRuntimeApi;
use sp_blockchain::{HeaderBackend, TreeRoute};
use sp_core::H256;
use trivium_primitives::{AccountId, ReceiptLog};

use super::{
	accounts_at,
	cross_vm::{format, machine},
	invalid,
	json::{account, account_of, hex, Fault},
};
use crate::client::{Block, FullClient, Hash};

/// Most values that a filter lists in one place.
const MAX_LISTED: usize = 256;
/// How long a client may take to read one event, before its subscription ends. Blocks wait for it meanwhile.
const READ_LIMIT: Duration = Duration::from_secs(30);

/// One topic, or any of several.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Topics {
	/// This.
	One(H256),
	/// One of these.
	Any(Vec<H256>),
}

/// Which events are wanted. What is left out leaves all in.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Filter {
	/// Machines: `evm`, `wasm`, `move`.
	vms: Option<Vec<String>>,
	/// Contracts, by account or alias.
	contracts: Option<Vec<String>>,
	/// By place: a topic, several of which one, or `null` for any.
	topics: Option<Vec<Option<Topics>>>,
	/// Only what is final.
	#[serde(default)]
	finalized: bool,
}

/// A log of any machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
	block_hash: Hash,
	block_number: u32,
	/// The extrinsic's place in its block; `null` if the call came in none.
	extrinsic: Option<u32>,
	/// The log's place among all of the block.
	index: u32,
	vm: &'static str,
	contract: String,
	/// The cross-machine call in which it was made.
	frame: u32,
	topics: Vec<H256>,
	data: String,
	/// Whether its block is no longer part of the best chain.
	removed: bool,
}

/// The logs of all machines.
#[rpc(server)]
pub trait EventsRpc {
	/// Tells each log that the filter lets through, as blocks come.
	#[subscription(
		name = "crossVm_subscribeEvents" => "crossVm_event",
		unsubscribe = "crossVm_unsubscribeEvents",
		item = Event
	)]
	fn subscribe(&self, filter: Option<Filter>);
}

/// A filter that was read.
#[derive(Clone, Debug, Default)]
struct Wanted {
	vms: Option<Vec<&'static str>>,
	contracts: Option<Vec<AccountId>>,
	topics: Vec<Option<Vec<H256>>>,
}

impl Wanted {
	fn lets_through(&self, log: &ReceiptLog) -> bool {
		let vm = machine(log.vm);
		let by_vm = self.vms.as_ref().is_none_or(|vms| vms.contains(&vm));
		let by_contract = (self.contracts.as_ref()).is_none_or(|all| all.contains(&log.contract));
		let mut topics = self.topics.iter().enumerate();
		let by_topic = topics.all(|(at, wanted)| match (wanted, log.topics.get(at)) {
			(None, _) => true,
			(Some(wanted), Some(topic)) => wanted.contains(topic),
			(Some(_), None) => false,
		});
		by_vm && by_contract && by_topic
	}
}

/// The subscription over a chain.
pub struct Events {
	client: Arc<FullClient>,
	executor: SubscriptionTaskExecutor,
}

impl Events {
	/// The subscription over this chain.
	pub fn new(client: Arc<FullClient>, executor: SubscriptionTaskExecutor) -> Self {
		Self { client, executor }
	}

	fn wanted(&self, filter: &Filter) -> Result<Wanted, Fault> {
		let bounded = |place, len| match len > MAX_LISTED {
			true => Err(Fault::at(
				place,
				format!("{len} values, {MAX_LISTED} at most"),
			)),
			false => Ok(()),
		};
		let mut wanted = Wanted::default();
		if let Some(vms) = &filter.vms {
			bounded("vms", vms.len())?;
			let known = |name: &String| {
				let known = ["evm", "wasm", "move"]
					.into_iter()
					.find(|known| known == name);
				known.ok_or_else(|| Fault::at("vms", format!("no machine: {name}")))
			};
			wanted.vms = Some(vms.iter().map(known).collect::<Result<_, _>>()?);
		}
		if let Some(contracts) = &filter.contracts {
			bounded("contracts", contracts.len())?;
			let known = accounts_at(&self.client, self.client.info().best_hash);
			let each = contracts.iter().enumerate();
			let accounts =
				each.map(|(at, text)| account_of(text, &format!("contracts[{at}]"), &known));
			wanted.contracts = Some(accounts.collect::<Result<_, _>>()?);
		}
		let topics = filter.topics.iter().flatten();
		for topic in topics {
			bounded("topics", wanted.topics.len().saturating_add(1))?;
			wanted.topics.push(match topic {
				None => None,
				Some(Topics::One(topic)) => Some(vec![*topic]),
				Some(Topics::Any(topics)) => {
					bounded("topics", topics.len())?;
					Some(topics.clone())
				}
			});
		}
		Ok(wanted)
	}
}

/// The events of a block that a filter lets through.
fn of_block(client: &FullClient, wanted: &Wanted, block: Hash, removed: bool) -> Vec<Event> {
	let logs = match client.runtime_api().logs(block) {
		Ok(logs) => logs,
		Err(error) => {
			log::warn!(target: "rpc", "no events of block {block:?}: {error}");
			return Vec::new();
		}
	};
	let number = client.number(block).ok().flatten().unwrap_or_default();
	let numbered = (0u32..).zip(logs);
	let passing = numbered.filter(|(_, (_, log))| wanted.lets_through(log));
	passing
		.map(|(index, (extrinsic, log))| Event {
			block_hash: block,
			block_number: number,
			extrinsic,
			index,
			vm: machine(log.vm),
			contract: account(&log.contract, format()),
			frame: log.frame,
			topics: log.topics,
			data: hex(&log.data),
			removed,
		})
		.collect()
}

/// The blocks that a new best one takes from the best chain and adds to it, each with whether it is taken. `route` is from
/// the old best block to the new one's parent, where that is another.
fn changed_best(best: Hash, route: Option<&TreeRoute<Block>>) -> Vec<(Hash, bool)> {
	let retracted = route.map_or(&[][..], TreeRoute::retracted).iter();
	let enacted = route.map_or(&[][..], TreeRoute::enacted).iter();
	let retracted = retracted.map(|block| (block.hash, true));
	let enacted = enacted.map(|block| (block.hash, false));
	retracted.chain(enacted).chain([(best, false)]).collect()
}

/// The blocks that have become final.
fn finalized(notified: &FinalityNotification<Block>) -> Vec<(Hash, bool)> {
	let before = notified.tree_route.iter().map(|hash| (*hash, false));
	before.chain([(notified.hash, false)]).collect()
}

/// The events of all these blocks, one by one.
fn events(
	client: Arc<FullClient>,
	wanted: Wanted,
	blocks: impl Stream<Item = Vec<(Hash, bool)>> + Send + Unpin + 'static,
) -> impl Stream<Item = Event> + Send + Unpin + 'static {
	blocks.flat_map(move |blocks| {
		let all: Vec<Event> = blocks
			.into_iter()
			.flat_map(|(block, removed)| of_block(&client, &wanted, block, removed))
			.collect();
		stream::iter(all)
	})
}

/// Sends events to a client as fast as it reads them.
async fn feed(pending: PendingSubscriptionSink, mut events: impl Stream<Item = Event> + Unpin) {
	let Ok(sink) = pending.accept().await else {
		return;
	};
	loop {
		let closed = std::pin::pin!(sink.closed());
		let Either::Left((Some(event), _)) = future::select(events.next(), closed).await else {
			return;
		};
		let Ok(message) = SubscriptionMessage::from_json(&event) else {
			return;
		};
		if sink.send_timeout(message, READ_LIMIT).await.is_err() {
			return;
		}
	}
}

#[async_trait]
impl EventsRpcServer for Events {
	fn subscribe(&self, pending: PendingSubscriptionSink, filter: Option<Filter>) {
		let filter = filter.unwrap_or_default();
		let client = self.client.clone();
		let wanted = match self.wanted(&filter) {
			Ok(wanted) => wanted,
			Err(fault) => {
				let refusal = async move { pending.reject(invalid(fault)).await };
				return spawn_subscription_task(&self.executor, refusal);
			}
		};
		match filter.finalized {
			true => {
				let blocks = client.finality_notification_stream();
				let blocks = blocks.map(|notified| finalized(&notified));
				let events = events(client, wanted, blocks);
				spawn_subscription_task(&self.executor, feed(pending, events));
			}
			false => {
				let blocks = client.import_notification_stream();
				let blocks = blocks.map(|imported| match imported.is_new_best {
					true => changed_best(imported.hash, imported.tree_route.as_deref()),
					false => Vec::new(),
				});
				let events = events(client, wanted, blocks);
				spawn_subscription_task(&self.executor, feed(pending, events));
			}
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use sp_blockchain::HashAndNumber;
	use trivium_primitives::VmId;

	fn block(number: u32, fork: u8) -> HashAndNumber<Block> {
		HashAndNumber {
			number,
			hash: H256::repeat_byte(fork),
		}
	}

	#[test]
	fn another_fork_takes_back_what_was_told_and_tells_its_own() {
		let hash = H256::repeat_byte;
		assert_eq!(changed_best(hash(9), None), [(hash(9), false)]);
		// From 3 over 2 and the common 1 to 4, the new block's parent.
		let route = vec![block(3, 3), block(2, 2), block(1, 1), block(2, 4)];
		let route = TreeRoute::new(route, 2).expect("the pivot is one of them");
		let told = changed_best(hash(5), Some(&route));
		let expected = [(3, true), (2, true), (4, false), (5, false)];
		assert_eq!(told, expected.map(|(fork, removed)| (hash(fork), removed)));
	}

	#[test]
	fn a_filter_lets_through_what_it_names() {
		let topic = H256::repeat_byte;
		let log = ReceiptLog {
			vm: VmId::MOVE,
			contract: AccountId::new([1; 32]),
			frame: 0,
			topics: vec![topic(1), topic(2)],
			data: vec![],
		};
		let passes = |wanted: Wanted| wanted.lets_through(&log);
		let topics = |topics| {
			passes(Wanted {
				topics,
				..Default::default()
			})
		};
		assert!(passes(Wanted::default()));
		for (vms, expected) in [
			(vec!["move"], true),
			(vec!["evm", "wasm"], false),
			(vec![], false),
		] {
			let vms = Some(vms);
			assert_eq!(
				passes(Wanted {
					vms,
					..Default::default()
				}),
				expected
			);
		}
		for (byte, expected) in [(1, true), (2, false)] {
			let contracts = Some(vec![AccountId::new([byte; 32])]);
			assert_eq!(
				passes(Wanted {
					contracts,
					..Default::default()
				}),
				expected
			);
		}
		assert!(topics(vec![None, Some(vec![topic(9), topic(2)])]));
		assert!(!topics(vec![Some(vec![topic(2)])]), "at that place alone");
		assert!(
			!topics(vec![None, None, Some(vec![topic(1)])]),
			"where there is one"
		);
		assert!(topics(vec![None, None, None]));
	}
}
