//! Events of ink! contracts, mirrored as canonical logs.
//!
//! pallet-contracts puts a contract's event among those of the System pallet and tells nobody. So
//! before a contract leaves its VM, and when the last frame of an execution ends, the events that
//! came since are read and each `ContractEmitted` is handed to the dispatch pallet.
//!
//! How far that has come is a [`Position`] *in storage*. Whoever rolls back storage, in whichever
//! VM, rolls back events and position together, so that the position always fits the events: it
//! is never beyond them and never within one.
//!
//! Reading from an offset copies the whole list inside the node and only its tail into the
//! runtime. Two such copies, one for the length, are in the charge; how long the list can get is bounded by what
//! pallet-contracts charges for a byte of event (`Limits::event_ref_time`).

use alloc::{vec, vec::Vec};
use codec::{Compact, CompactLen, Decode, Encode, MaxEncodedLen};
use polkadot_sdk::{
	frame_support::{storage::storage_prefix, traits::PalletInfoAccess},
	frame_system::{self, EventRecord},
	pallet_contracts, sp_io,
	sp_weights::Weight,
};
use scale_info::TypeInfo;
use trivium_primitives::{CallError, Dispatch, LogRecord, VmId};

use crate::{weights::WeightInfo, Config, EventOf, Mirrored, Weights};

/// How much of the System pallet's events has been seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Position {
	/// Events.
	pub count: u32,
	/// Their bytes, without the length that stands before the list.
	pub bytes: u32,
}

fn events_key<T: Config>() -> [u8; 32] {
	let system = <frame_system::Pallet<T> as PalletInfoAccess>::name();
	storage_prefix(system.as_bytes(), b"Events")
}

/// How many bytes the list's length takes.
fn header_bytes(count: u32) -> u32 {
	u32::try_from(Compact::<u32>::compact_len(&count)).unwrap_or(u32::MAX)
}

/// Moves the position to the end of the events: an execution begins, and what was there before is
/// mirrored or none of its business.
pub(crate) fn begin<T: Config>() {
	let count = frame_system::Pallet::<T>::event_count();
	if Mirrored::<T>::get().is_some_and(|position| position.count == count) {
		return;
	}
	let total = sp_io::storage::read(&events_key::<T>(), &mut [], 0).unwrap_or_default();
	Mirrored::<T>::put(Position {
		count,
		bytes: total.saturating_sub(header_bytes(count)),
	});
}

/// Mirrors the events that came since the last time. `charge` is asked before each piece of work.
///
/// # Errors
/// What `charge` says; nothing has been mirrored then.
pub(crate) fn flush<T: Config>(
	charge: &mut dyn FnMut(Weight) -> Result<(), CallError>,
) -> Result<(), CallError> {
	let Some(position) = Mirrored::<T>::get() else {
		return Ok(());
	};
	let count = frame_system::Pallet::<T>::event_count();
	if count <= position.count {
		return Ok(());
	}
	// Two looks at the list: at its length and at its tail.
	let events = Weights::<T>::mirror(count.saturating_sub(position.count));
	let look = Weights::<T>::mirror_bytes(0);
	charge(events.saturating_add(look))?;
	let key = events_key::<T>();
	let offset = header_bytes(count).saturating_add(position.bytes);
	// Only from the beginning do all hosts say the same: behind an offset a node gives the length of the
	// rest, a validator that of the whole (Cumulus' `validate_block`), and nobody could validate the block.
	let total = sp_io::storage::read(&key, &mut [], 0).unwrap_or_default();
	let len = total.saturating_sub(offset);
	charge(Weights::<T>::mirror_bytes(len).saturating_sub(look))?;
	let mut tail = vec![0; len as usize];
	sp_io::storage::read(&key, &mut tail, offset);
	let logs = contract_events::<T>(&tail);
	Mirrored::<T>::put(Position {
		count,
		bytes: position.bytes.saturating_add(len),
	});
	T::Dispatch::log(logs);
	Ok(())
}

/// The `ContractEmitted` among these encoded event records.
fn contract_events<T: Config>(mut records: &[u8]) -> Vec<LogRecord> {
	let mut logs = Vec::new();
	while !records.is_empty() {
		let Ok(record) = EventRecord::<EventOf<T>, T::Hash>::decode(&mut records) else {
			log::error!(target: crate::LOG_TARGET, "System events do not decode from here on");
			break;
		};
		if let Ok(pallet_contracts::Event::ContractEmitted { contract, data }) =
			record.event.try_into()
		{
			logs.push(LogRecord {
				vm: VmId::WASM,
				contract,
				topics: record.topics,
				data,
			});
		}
	}
	logs
}
