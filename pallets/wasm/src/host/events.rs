//! Events: each becomes one of this pallet and, at once, a canonical log.

use alloc::vec::Vec;

use polkadot_sdk::{
	frame_support::{ensure, traits::Get},
	frame_system,
	sp_core::H256,
	sp_weights::Weight,
};
use trivium_primitives::{
	event::{event_weight, log_event_weight, EVENT_RECORD_BYTES},
	Dispatch, LogRecord, VmId,
};

use super::{host_functions, Answer, HostCall};
use crate::{Config, Error, Event, WeightInfo};

/// Bytes of a topic.
const TOPIC_BYTES: u32 = 32;
/// Bytes of the pallet's own event beside its data: the contract, and the data's length.
const OWN_EVENT_BYTES: usize = 32 + 5;

impl<T: Config> HostCall<'_, '_, T> {
	fn deposit_event(
		&mut self,
		topics: u32,
		topics_len: u32,
		data: u32,
		data_len: u32,
	) -> Answer<()> {
		let limits = T::Schedule::get().limits;
		let count = topics_len.checked_div(TOPIC_BYTES).unwrap_or_default();
		self.charge(T::WeightInfo::deposit_event(count, data_len))?;
		self.charge(bytes_weight(count as usize, data_len as usize))?;
		ensure!(data_len <= limits.payload_len, Error::<T>::ValueTooLarge);
		let topics = match topics_len {
			0 => Vec::new(),
			_ => self.decode_all::<Vec<H256>>(topics, topics_len)?,
		};
		let few = topics.len() <= limits.event_topics as usize;
		ensure!(few, Error::<T>::TooManyTopics);
		let data = self.read(data, data_len)?;
		let contract = self.frame()?.account.clone();
		let event = Event::ContractEmitted {
			contract: contract.clone(),
			data: data.clone(),
		};
		frame_system::Pallet::<T>::deposit_event_indexed(
			&topics,
			<T as polkadot_sdk::frame_system::Config>::RuntimeEvent::from(event),
		);
		T::Dispatch::log([LogRecord {
			vm: VmId::WASM,
			contract,
			topics,
			data,
		}]);
		Ok(())
	}
}

/// What the bytes of both events cost.
fn bytes_weight(topics: usize, data_len: usize) -> Weight {
	let own = EVENT_RECORD_BYTES
		.saturating_add(OWN_EVENT_BYTES)
		.saturating_add(topics.saturating_mul(TOPIC_BYTES as usize))
		.saturating_add(data_len);
	event_weight(own).saturating_add(log_event_weight(topics, data_len))
}

host_functions! {
	"seal0" ["deposit_event", "seal_deposit_event"] Writes
	(call, topics: u32, topics_len: u32, data: u32, data_len: u32) -> () {
		call.deposit_event(topics, topics_len, data, data_len)
	}
}
