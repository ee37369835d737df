//! What becomes of logs: two events each.
//!
//! The canonical event of the dispatch pallet (`crossVm.Log`) is the same for all VMs, has its place in the
//! call tree, and is what a receipt commits to. This pallet's own has the 20-byte address and no more than
//! Ethereum knows; tools that follow EVM pallets read that. Whoever logs pays for the bytes of both
//! ([`trivium_primitives::event`]), which Ethereum's gas for a log covers: [`is_paid_for`].

use alloc::vec::Vec;
use polkadot_sdk::sp_weights::Weight;
use revm::primitives::Log;
use trivium_primitives::{event, AddressMapping, Dispatch, LogRecord, VmId};

use crate::{
	gas::{ref_time_from_gas, LOG0_GAS},
	types::{from_address, from_b256},
	Config, Event, Pallet,
};

/// Most bytes of this pallet's own event without topics and data, beside what every event takes: address
/// and the lengths of topics and data.
const OWN_EVENT_BYTES: usize = 20 + 5 + 5;
/// Bytes of a topic.
const TOPIC_BYTES: usize = 32;
/// Most topics of a log.
const MAX_TOPICS: usize = 4;

/// What the events of a log cost.
pub(crate) fn event_weight(topics: usize, data_len_bytes: usize) -> Weight {
	let own = OWN_EVENT_BYTES
		.saturating_add(topics.saturating_mul(TOPIC_BYTES))
		.saturating_add(data_len_bytes);
	event::log_event_weight(topics, data_len_bytes).saturating_add(event::event_weight(own))
}

/// Gas of a log here, memory aside.
fn gas(topics: usize, data_len_bytes: usize) -> u64 {
	let each = |amount: usize, gas: u64| {
		u64::try_from(amount)
			.unwrap_or(u64::MAX)
			.saturating_mul(gas)
	};
	let ethereum = 375_u64
		.saturating_add(each(topics, 375))
		.saturating_add(each(data_len_bytes, 8));
	match topics {
		0 => ethereum.saturating_add(LOG0_GAS),
		_ => ethereum,
	}
}

/// Whether the gas of every log covers its events at the chain's price of gas. It does for all lengths if it
/// does for none and for many.
pub(crate) fn is_paid_for<T: Config>() -> bool {
	(0..=MAX_TOPICS).all(|topics| {
		[0, 1 << 30].into_iter().all(|len| {
			ref_time_from_gas::<T>(gas(topics, len)) >= event_weight(topics, len).ref_time()
		})
	})
}

/// Makes logs known to the chain: by the events of all VMs, and then by this pallet's own.
///
/// They have been paid for by the instructions that logged.
pub(crate) fn publish<T: Config>(logs: &[Log]) {
	let parts = |log: &Log| {
		let topics: Vec<_> = log.data.topics().iter().map(from_b256).collect();
		(from_address(&log.address), topics, log.data.data.to_vec())
	};
	// A contract often logs several times on end.
	let mut last = None;
	T::Dispatch::log(logs.iter().map(|log| {
		let (address, topics, data) = parts(log);
		let contract = match last.take() {
			Some((known, account)) if known == address => account,
			_ => T::Addresses::account(&address),
		};
		last = Some((address, contract.clone()));
		LogRecord {
			vm: VmId::EVM,
			contract,
			topics,
			data,
		}
	}));
	for log in logs {
		let (address, topics, data) = parts(log);
		Pallet::<T>::deposit_event(Event::Log {
			address,
			topics,
			data,
		});
	}
}
