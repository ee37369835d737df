//! What a relay chain would have told the block: the time, the parent's inclusion, the host
//! configuration and the go-ahead for a scheduled code upgrade.

use polkadot_sdk::*;

use std::{
	error::Error,
	sync::Arc,
	time::{Duration, SystemTime, UNIX_EPOCH},
};

use codec::Encode;
use cumulus_client_parachain_inherent::MockValidationDataInherentDataProvider;
use cumulus_primitives_core::{
	relay_chain::{
		well_known_keys::ACTIVE_CONFIG, AsyncBackingParams, BlockNumber, HeadData, UpgradeGoAhead,
	},
	AbridgedHostConfiguration, CollectCollationInfo, ParaId, RelayParentOffsetApi,
};
use sp_api::ProvideRuntimeApi;
use sp_blockchain::HeaderBackend;
use sp_consensus_aura::sr25519::AuthoritySignature;
use sp_runtime::traits::{Header as _, Zero};

use super::Clock;
use crate::client::{Block, FullClient, Hash, Header};

/// Parachain blocks per mocked relay chain epoch.
const BLOCKS_PER_EPOCH: u32 = 10;

/// The largest runtime a dev chain takes, in bytes: an unoptimised build too.
const MAX_CODE_SIZE: u32 = 16 * 1024 * 1024;

/// Relay blocks from scheduling an upgrade to its go-ahead, told to the runtime. The mocked relay
/// chain gives the go-ahead in the next block.
const UPGRADE_DELAY: BlockNumber = 1;

/// The two providers of a dev block.
pub type Providers = (
	sp_timestamp::InherentDataProvider,
	MockValidationDataInherentDataProvider,
);

/// Makes the providers for children of any block.
#[derive(Clone)]
pub struct Inherents {
	/// Where the parent's header and state are read.
	pub client: Arc<FullClient>,
	/// This parachain's number.
	pub para_id: ParaId,
	/// Gives the child its time.
	pub clock: Clock,
}

impl Inherents {
	/// How far ahead of the wall clock a child of the best block would be; see [`Clock::lead`].
	pub fn lead(&self) -> Duration {
		let slot = self
			.client
			.header(self.client.info().best_hash)
			.ok()
			.flatten()
			.and_then(|header| slot_of(&header).ok().flatten());
		let now = SystemTime::now()
			.duration_since(UNIX_EPOCH)
			.unwrap_or_default();
		self.clock.lead(slot, now)
	}

	/// The providers for a child of `parent`.
	///
	/// # Errors
	/// If the parent is unknown, bears no slot, or its state does not answer.
	pub fn providers(&self, parent: Hash) -> Result<Providers, Box<dyn Error + Send + Sync>> {
		let header = self
			.client
			.header(parent)?
			.ok_or_else(|| format!("the parent block {parent} is unknown"))?;
		let slot = self.clock.next_slot(
			slot_of(&header)?,
			SystemTime::now().duration_since(UNIX_EPOCH)?,
		);
		let moment = self.clock.moment(slot)?;

		let api = self.client.runtime_api();
		// The runtime refuses a go-ahead that it did not wait for, as it would a missing one.
		let upgrade_go_ahead = api
			.collect_collation_info(parent, &header)?
			.new_validation_code
			.map(|_| UpgradeGoAhead::GoAhead);
		if upgrade_go_ahead.is_some() {
			log::info!("Giving the go-ahead for the scheduled runtime upgrade");
		}

		let relay = MockValidationDataInherentDataProvider {
			current_para_block: header.number().saturating_add(1),
			para_id: self.para_id,
			current_para_block_head: Some(HeadData(header.encode())),
			// The relay number is the counter itself; the block number has no part in it.
			relay_offset: moment.relay_slot,
			relay_blocks_per_para_block: 0,
			relay_parent_offset: api.relay_parent_offset(parent)?,
			para_blocks_per_relay_epoch: BLOCKS_PER_EPOCH,
			additional_key_values: Some(vec![(
				ACTIVE_CONFIG.to_vec(),
				host_configuration().encode(),
			)]),
			upgrade_go_ahead,
			..Default::default()
		};
		Ok((
			sp_timestamp::InherentDataProvider::new(moment.timestamp),
			relay,
		))
	}
}

/// The slot a block was made in; none for genesis.
fn slot_of(header: &Header) -> Result<Option<sp_consensus_aura::Slot>, String> {
	if header.number().is_zero() {
		return Ok(None);
	}
	sc_consensus_aura::find_pre_digest::<Block, AuthoritySignature>(header)
		.map(Some)
		.map_err(|error| format!("block {} has no slot: {error}", header.number()))
}

/// The mocked relay chain's configuration: roomy, since nothing here has to be shipped to a
/// validator.
fn host_configuration() -> AbridgedHostConfiguration {
	AbridgedHostConfiguration {
		max_code_size: MAX_CODE_SIZE,
		max_head_data_size: 1024 * 1024,
		max_upward_queue_count: 1024,
		max_upward_queue_size: 1024 * 1024,
		max_upward_message_size: 64 * 1024,
		max_upward_message_num_per_candidate: 16,
		hrmp_max_message_num_per_candidate: 16,
		validation_upgrade_cooldown: UPGRADE_DELAY,
		validation_upgrade_delay: UPGRADE_DELAY,
		async_backing_params: AsyncBackingParams {
			max_candidate_depth: 0,
			allowed_ancestry_len: 0,
		},
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use sc_consensus_aura::CompatibleDigestItem;
	use sp_consensus_aura::Slot;
	use sp_runtime::DigestItem;

	fn header(number: u32, digests: Vec<DigestItem>) -> Header {
		let digest = sp_runtime::Digest { logs: digests };
		Header::new(
			number,
			Default::default(),
			Default::default(),
			Default::default(),
			digest,
		)
	}

	#[test]
	fn genesis_has_no_slot() {
		assert_eq!(slot_of(&header(0, vec![])), Ok(None));
	}

	#[test]
	fn slot_is_read_from_the_digest() {
		let digest =
			<DigestItem as CompatibleDigestItem<AuthoritySignature>>::aura_pre_digest(9.into());
		assert_eq!(slot_of(&header(1, vec![digest])), Ok(Some(Slot::from(9))));
	}

	#[test]
	fn a_block_without_slot_is_an_error() {
		assert!(slot_of(&header(1, vec![])).is_err());
	}

	#[test]
	fn code_above_two_mebibytes_is_taken() {
		assert!(host_configuration().max_code_size > 2 * 1024 * 1024);
	}
}
