//! The author of a block, and what becomes of the block elsewhere.

use std::time::Duration;

use codec::{Decode, Encode};
use cumulus_primitives_parachain_inherent::{ParachainInherentData, INHERENT_IDENTIFIER};
use cumulus_test_relay_sproof_builder::RelayStateSproofBuilder;
use polkadot_parachain_primitives::primitives::{BlockData, ValidationParams, ValidationResult};
use polkadot_sdk::{
	cumulus_primitives_core::{relay_chain::HeadData, ParachainBlockData, PersistedValidationData},
	frame_support::{storage::storage_prefix, weights::Weight},
	frame_system::{self, ConsumedWeight},
	sp_consensus_aura::{digests::CompatibleDigestItem, sr25519::AuthoritySignature, Slot},
	sp_core::{Blake2Hasher, Pair},
	sp_externalities::{Extensions, Externalities},
	sp_inherents::InherentData,
	sp_keyring::Sr25519Keyring,
	sp_runtime::{
		traits::{Block as _, Header as _},
		transaction_validity::{InvalidTransaction, TransactionValidityError},
		ApplyExtrinsicResult, Digest, DigestItem,
	},
	sp_state_machine::{BasicExternalities, Ext, OverlayedChanges, TrieBackendBuilder},
	sp_timestamp,
	sp_trie::{proof_size_extension::ProofSizeExt, recorder::Recorder, StorageProof},
};
use trivium_benchmarks_evm::chain::Wasm;
use trivium_runtime::{
	constants::{chain::PARACHAIN_ID, time::SLOT_DURATION},
	Block as RuntimeBlock, Header, Runtime, UncheckedExtrinsic,
};

use crate::Chain;

/// The slot of the block, and of the relay chain's block beside it.
const SLOT: u32 = 300_000_000;

/// State above a chain's genesis, and the proof of what was read of it.
struct Session<'a> {
	chain: &'a Chain,
	overlay: OverlayedChanges<Blake2Hasher>,
	recorder: Recorder<Blake2Hasher>,
	extensions: Extensions,
}

impl<'a> Session<'a> {
	fn new(chain: &'a Chain) -> Self {
		let recorder = Recorder::default();
		let mut extensions = Extensions::new();
		extensions.register(ProofSizeExt::new(recorder.clone()));
		Self {
			chain,
			overlay: OverlayedChanges::default(),
			recorder,
			extensions,
		}
	}

	fn with_ext<R>(&mut self, run: impl FnOnce(&mut dyn Externalities) -> R) -> R {
		let backend = TrieBackendBuilder::wrap(&self.chain.state)
			.with_recorder(self.recorder.clone())
			.build();
		run(&mut Ext::new(
			&mut self.overlay,
			&backend,
			Some(&mut self.extensions),
		))
	}

	/// Reads a value, without recording that.
	fn value<V: Decode>(&mut self, key: &[u8]) -> Option<V> {
		let mut ext = Ext::new(&mut self.overlay, &self.chain.state, None);
		let bytes = ext.storage(key)?;
		Some(V::decode(&mut &bytes[..]).expect("storage holds what its type says"))
	}
}

/// What a run took.
#[derive(Clone, Copy, Debug, Default)]
pub struct Taken {
	/// Time of the processor.
	pub time: Duration,
	/// Bytes of memory that the host gave, with what the runtime's heap has in reserve.
	pub memory_bytes: u32,
}

/// Builds the first block of a chain, each call of the runtime in a fresh instance.
pub struct Author<'a> {
	wasm: &'a Wasm,
	session: Session<'a>,
	header: Header,
	extrinsics: Vec<UncheckedExtrinsic>,
	/// What the transactions took: time of all, memory of the largest.
	pub taken: Taken,
}

impl<'a> Author<'a> {
	/// Begins the block.
	pub fn new(chain: &'a Chain, wasm: &'a Wasm) -> Self {
		let slot = Slot::from(u64::from(SLOT));
		let slot = <DigestItem as CompatibleDigestItem<AuthoritySignature>>::aura_pre_digest(slot);
		let header = Header::new(
			1,
			Default::default(),
			Default::default(),
			chain.hash(),
			Digest { logs: vec![slot] },
		);
		let mut author = Self {
			wasm,
			session: Session::new(chain),
			header,
			extrinsics: Vec::new(),
			taken: Taken::default(),
		};
		let header = author.header.encode();
		author.run("Core_initialize_block", &header);
		let inherents = author.run(
			"BlockBuilder_inherent_extrinsics",
			&inherents(chain).encode(),
		);
		let inherents = Vec::<UncheckedExtrinsic>::decode(&mut &inherents[..]);
		for inherent in inherents.expect("the runtime encodes extrinsics") {
			author.push(inherent).expect("is valid").expect("succeeds");
		}
		author.taken = Taken::default();
		author
	}

	fn run(&mut self, function: &str, arguments: &[u8]) -> Vec<u8> {
		let wasm = self.wasm;
		let (time, result, memory_bytes) =
			(self.session).with_ext(|ext| wasm.run_measured(ext, function, arguments));
		self.taken.time += time;
		self.taken.memory_bytes = self.taken.memory_bytes.max(memory_bytes.unwrap_or(0));
		result.unwrap_or_else(|error| panic!("{function} in the author's hands: {error}"))
	}

	/// Applies an extrinsic, and includes it if it is valid.
	pub fn push(&mut self, extrinsic: UncheckedExtrinsic) -> ApplyExtrinsicResult {
		self.session.overlay.start_transaction();
		self.session.recorder.start_transaction();
		let result = self.run("BlockBuilder_apply_extrinsic", &extrinsic.encode());
		let result =
			ApplyExtrinsicResult::decode(&mut &result[..]).expect("the runtime encodes it");
		let overlay = &mut self.session.overlay;
		if result.is_ok() {
			overlay.commit_transaction().expect("was begun");
			self.session
				.recorder
				.commit_transaction()
				.expect("was begun");
			self.extrinsics.push(extrinsic);
		} else {
			overlay.rollback_transaction().expect("was begun");
			self.session
				.recorder
				.rollback_transaction()
				.expect("was begun");
		}
		result
	}

	/// Applies extrinsics until there is no room for one. Gives how many were included, and how many of
	/// those succeeded.
	pub fn fill(
		&mut self,
		extrinsics: impl IntoIterator<Item = UncheckedExtrinsic>,
	) -> (usize, usize) {
		const FULL: TransactionValidityError =
			TransactionValidityError::Invalid(InvalidTransaction::ExhaustsResources);
		let (mut included, mut succeeded) = (0, 0);
		for extrinsic in extrinsics {
			match self.push(extrinsic) {
				Ok(result) => {
					included += 1;
					succeeded += usize::from(result.is_ok());
				}
				Err(error) if error == FULL => break,
				Err(error) => panic!("an extrinsic is invalid: {error:?}"),
			}
		}
		(included, succeeded)
	}

	/// Ends the block.
	pub fn finish(mut self) -> Block<'a> {
		let header = self.run("BlockBuilder_finalize_block", &[]);
		let header = Header::decode(&mut &header[..]).expect("the runtime encodes a header");
		let consumed: Option<ConsumedWeight> =
			(self.session).value(&frame_system::BlockWeight::<Runtime>::hashed_key());
		let events =
			(self.session).with_ext(|ext| ext.storage(&storage_prefix(b"System", b"Events")));
		Block {
			chain: self.session.chain,
			wasm: self.wasm,
			block: RuntimeBlock::new(header, self.extrinsics),
			proof: self.session.recorder.to_storage_proof(),
			weight: consumed.unwrap_or_default().total(),
			events_bytes: events.map_or(0, |events| events.len()),
			taken: self.taken,
		}
	}
}

/// What the relay chain's block beside this one says of the chain.
fn validation_data(chain: &Chain) -> (PersistedValidationData, StorageProof) {
	let builder = RelayStateSproofBuilder {
		para_id: PARACHAIN_ID.into(),
		current_slot: u64::from(SLOT).into(),
		included_para_head: Some(HeadData(chain.header.encode())),
		..Default::default()
	};
	let (relay_parent_storage_root, proof) = builder.into_state_root_and_proof();
	let data = PersistedValidationData {
		parent_head: HeadData(chain.header.encode()),
		relay_parent_number: SLOT,
		relay_parent_storage_root,
		max_pov_size: 0,
	};
	(data, proof)
}

fn inherents(chain: &Chain) -> InherentData {
	let (validation_data, relay_chain_state) = validation_data(chain);
	let parachain = ParachainInherentData {
		validation_data,
		relay_chain_state,
		downward_messages: Vec::new(),
		horizontal_messages: Default::default(),
		relay_parent_descendants: Vec::new(),
		collator_peer_id: None,
	};
	let timestamp = u64::from(SLOT) * SLOT_DURATION;
	let mut data = InherentData::new();
	data.put_data(INHERENT_IDENTIFIER, &parachain)
		.and_then(|()| data.put_data(sp_timestamp::INHERENT_IDENTIFIER, &timestamp))
		.expect("each is put once");
	data
}

/// A block that an author has built.
pub struct Block<'a> {
	chain: &'a Chain,
	wasm: &'a Wasm,
	/// The block, without its seal.
	pub block: RuntimeBlock,
	/// What was read of the state before it.
	pub proof: StorageProof,
	/// What it weighs.
	pub weight: Weight,
	/// Length of its list of events.
	pub events_bytes: usize,
	/// What building it took: time of all transactions, memory of the largest.
	pub taken: Taken,
}

impl Block<'_> {
	/// Executes the block in one instance, as a node does that imports it.
	///
	/// # Errors
	/// The runtime trapped.
	pub fn import(&self) -> Result<Taken, String> {
		let mut session = Session::new(self.chain);
		let block = self.block.encode();
		let (time, result, memory_bytes) =
			session.with_ext(|ext| self.wasm.run_measured(ext, "Core_execute_block", &block));
		result?;
		Ok(Taken {
			time,
			memory_bytes: memory_bytes.unwrap_or(0),
		})
	}

	/// Validates the block as a validator of the relay chain does: from the proof alone, with state,
	/// proof and events in the memory of the same one instance.
	///
	/// # Errors
	/// The runtime trapped, or another block came of it.
	pub fn validate(&self) -> Result<Taken, String> {
		let mut header = self.block.header.clone();
		let seal = Sr25519Keyring::Alice.pair().sign(header.hash().as_bytes());
		let seal = AuthoritySignature::from(seal);
		header
			.digest_mut()
			.push(CompatibleDigestItem::aura_seal(seal));
		let proof = (self.proof.clone())
			.into_compact_proof::<Blake2Hasher>(*self.chain.header.state_root())
			.map_err(|error| format!("the proof is none: {error:?}"))?;
		let data = ParachainBlockData::V1 {
			blocks: vec![RuntimeBlock::new(
				header.clone(),
				self.block.extrinsics.clone(),
			)],
			proof,
		};
		let (validation_data, _) = validation_data(self.chain);
		let params = ValidationParams {
			parent_head: validation_data.parent_head,
			block_data: BlockData(data.encode()),
			relay_parent_number: validation_data.relay_parent_number,
			relay_parent_storage_root: validation_data.relay_parent_storage_root,
		};
		let mut ext = BasicExternalities::new_empty();
		let (time, result, memory_bytes) =
			(self.wasm).run_measured(&mut ext, "validate_block", &params.encode());
		let result =
			ValidationResult::decode(&mut &result?[..]).map_err(|error| error.to_string())?;
		if result.head_data.0 != header.encode() {
			return Err("another header came of it".into());
		}
		Ok(Taken {
			time,
			memory_bytes: memory_bytes.unwrap_or(0),
		})
	}
}
