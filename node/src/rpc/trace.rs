//! `crossVm_trace`: everything that ran in an extrinsic of a past block, in whatever machine.
//!
//! The extrinsics of its block are run again on the state of the block's parent, up to that one, with somebody watching.
//! What it changed in storage is the difference between what is written with it and without it.

use polkadot_sdk::*;

use std::{collections::BTreeMap, sync::Arc};

use jsonrpsee::{
	core::{async_trait, RpcResult},
	proc_macros::rpc,
	types::{error::INTERNAL_ERROR_CODE, ErrorObjectOwned},
};
use pallet_cross_vm::api::CrossVmApi;
use sc_client_api::{backend::TrieCacheContext, Backend, BlockBackend};
use serde::{Deserialize, Serialize};
use sp_api::{ApiExt, Core, ProvideRuntimeApi};
use sp_runtime::traits::{BlakeTwo256, Block as _, Hash as _, Header as _};
use sp_state_machine::Backend as _;
use sp_storage::ChildInfo;
use trivium_primitives::trace::{FrameKind, Trace, TraceError, TraceFrame};

use super::{
	cross_vm::{failure, format, machine, weight, Failure, Weight},
	internal, invalid,
	json::{account, hex, Fault},
};
use crate::client::{Block, FullBackend, FullClient, Hash};

/// What to tell besides the frames.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Options {
	/// What changed in storage.
	#[serde(default)]
	state_changes: bool,
}

/// An extrinsic of a block: its place, or the hash of its bytes, as clients name it.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(
	untagged,
	expecting = "an extrinsic is a place in the block, or a hash of 32 bytes"
)]
pub enum Which {
	/// Counted from 0.
	Place(u32),
	/// BLAKE2b-256.
	Hash(Hash),
}

/// One frame. Those right behind it that are deeper are below it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Frame {
	depth: u32,
	kind: &'static str,
	frame: u32,
	vm: Option<&'static str>,
	caller: String,
	contract: String,
	code: Option<String>,
	value: String,
	signature: Option<String>,
	input: String,
	output: String,
	weight: Weight,
	error: Option<Failure>,
}

/// One entry of storage that an extrinsic changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StateChange {
	/// The child trie that it is in, an ink! contract's storage; `null` for the main one.
	child: Option<String>,
	key: String,
	/// `null` where there was nothing.
	before: Option<String>,
	/// `null` where there is nothing any more.
	after: Option<String>,
}

/// Everything that ran in an extrinsic.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Traced {
	block_hash: Hash,
	extrinsic: u32,
	/// The frames, in the order in which they began.
	frames: Vec<Frame>,
	/// Whether frames were left out, or inputs and outputs cut.
	truncated: bool,
	/// What changed in storage, if that was asked for.
	state_changes: Option<Vec<StateChange>>,
}

/// Everything that ran in an extrinsic.
#[rpc(server)]
pub trait TraceRpc {
	/// All frames of an extrinsic of a block.
	#[method(name = "crossVm_trace", blocking)]
	fn trace(&self, block: Hash, extrinsic: Which, options: Option<Options>) -> RpcResult<Traced>;
}

/// The method over a chain.
pub struct Tracer {
	client: Arc<FullClient>,
	backend: Arc<FullBackend>,
}

/// Entries of storage by trie and key; `None` for one that was removed.
type Written = BTreeMap<(Option<Vec<u8>>, Vec<u8>), Option<Vec<u8>>>;

impl Tracer {
	/// The method over this chain.
	pub fn new(client: Arc<FullClient>, backend: Arc<FullBackend>) -> Self {
		Self { client, backend }
	}

	/// Runs a block's extrinsics up to this one, and tells what has been written by then if that is wanted.
	fn run(
		&self,
		block: &Block,
		extrinsic: u32,
		wants_written: bool,
	) -> RpcResult<(Trace, Written)> {
		let parent = *block.header().parent_hash();
		let api = self.client.runtime_api();
		let trace = api.trace(parent, block.clone(), extrinsic);
		let trace = trace.map_err(internal)?.map_err(refused)?;
		let written = match wants_written {
			true => self.written(&*api, parent)?,
			false => Written::new(),
		};
		Ok((trace, written))
	}

	fn written(&self, api: &impl ApiExt<Block>, parent: Hash) -> RpcResult<Written> {
		let state = self
			.backend
			.state_at(parent, TrieCacheContext::Untrusted)
			.map_err(|error| internal(error.into()))?;
		let changes = api.into_storage_changes(&state, parent).map_err(failed)?;
		let main = changes.main_storage_changes.into_iter();
		let mut written: Written = main
			.filter(|(key, _)| !is_bookkeeping(key))
			.map(|(key, value)| ((None, key), value))
			.collect();
		for (child, changes) in changes.child_storage_changes {
			let entries = changes.into_iter();
			written.extend(entries.map(|(key, value)| ((Some(child.clone()), key), value)));
		}
		Ok(written)
	}

	/// What has been written before the extrinsic.
	fn written_before(&self, block: &Block, extrinsic: u32) -> RpcResult<Written> {
		match extrinsic.checked_sub(1) {
			Some(before) => Ok(self.run(block, before, true)?.1),
			None => {
				let parent = *block.header().parent_hash();
				let api = self.client.runtime_api();
				api.initialize_block(parent, block.header())
					.map_err(internal)?;
				self.written(&*api, parent)
			}
		}
	}

	fn changes(
		&self,
		block: &Block,
		extrinsic: u32,
		after: Written,
	) -> RpcResult<Vec<StateChange>> {
		let mut before = self.written_before(block, extrinsic)?;
		let state = self
			.backend
			.state_at(*block.header().parent_hash(), TrieCacheContext::Untrusted)
			.map_err(|error| internal(error.into()))?;
		let mut changes = Vec::new();
		for ((child, key), value) in after {
			let old = match before.remove(&(child.clone(), key.clone())) {
				Some(written) => written,
				None => match &child {
					None => state.storage(&key),
					Some(child) => {
						state.child_storage(&ChildInfo::new_default_from_vec(child.clone()), &key)
					}
				}
				.map_err(failed)?,
			};
			if old != value {
				changes.push(StateChange {
					child: child.as_deref().map(hex),
					key: hex(&key),
					before: old.as_deref().map(hex),
					after: value.as_deref().map(hex),
				});
			}
		}
		Ok(changes)
	}
}

/// Entries that each extrinsic has as long as its block is made: they say nothing of what it did.
fn is_bookkeeping(key: &[u8]) -> bool {
	const OF_SYSTEM: [&str; 8] = [
		"AllExtrinsicsLen",
		"BlockSize",
		"BlockWeight",
		"EventCount",
		"EventTopics",
		"Events",
		"ExecutionPhase",
		"ExtrinsicWeightReclaimed",
	];
	if key == sp_core::storage::well_known_keys::EXTRINSIC_INDEX || key == b":intrablock_entropy" {
		return true;
	}
	let Some(item) = key.strip_prefix(&sp_io::hashing::twox_128(b"System")) else {
		return false;
	};
	OF_SYSTEM
		.iter()
		.any(|name| item.starts_with(&sp_io::hashing::twox_128(name.as_bytes())))
}

/// Where an extrinsic is in its block.
fn place(block: &Block, extrinsic: Which) -> RpcResult<u32> {
	let hash = match extrinsic {
		Which::Place(place) => return Ok(place),
		Which::Hash(hash) => hash,
	};
	let mut extrinsics = block.extrinsics().iter();
	let found = extrinsics.position(|one| BlakeTwo256::hash_of(one) == hash);
	let place = found.and_then(|place| u32::try_from(place).ok());
	place.ok_or_else(|| refused(TraceError::IndexOutOfRange))
}

fn failed(error: impl std::fmt::Display) -> ErrorObjectOwned {
	ErrorObjectOwned::owned(INTERNAL_ERROR_CODE, error.to_string(), None::<()>)
}

fn refused(error: TraceError) -> ErrorObjectOwned {
	match error {
		TraceError::IndexOutOfRange => {
			invalid(Fault::at("extrinsic", "the block has no such extrinsic"))
		}
		TraceError::NotTheParent | TraceError::Invalid { .. } => failed(format!(
			"the block does not run on its parent's state: {error:?}"
		)),
	}
}

fn kind(of: FrameKind) -> &'static str {
	match of {
		FrameKind::Entry => "entry",
		FrameKind::Hop => "hop",
		FrameKind::Call => "call",
		FrameKind::StaticCall => "staticCall",
		FrameKind::DelegateCall => "delegateCall",
		FrameKind::Create => "create",
		FrameKind::Function => "function",
	}
}

fn frame(of: &TraceFrame) -> Frame {
	let signature = String::from_utf8_lossy(&of.signature).into_owned();
	Frame {
		depth: of.depth,
		kind: kind(of.kind),
		frame: of.frame,
		vm: of.vm.map(machine),
		caller: account(&of.caller, format()),
		contract: account(&of.contract, format()),
		code: of.code.map(|code| hex(code.as_bytes())),
		value: of.value.to_string(),
		signature: (!signature.is_empty()).then_some(signature),
		input: hex(&of.input),
		output: hex(&of.output),
		weight: weight(of.weight),
		error: of.error.as_ref().map(failure),
	}
}

#[async_trait]
impl TraceRpcServer for Tracer {
	fn trace(&self, block: Hash, extrinsic: Which, options: Option<Options>) -> RpcResult<Traced> {
		let wants_changes = options.unwrap_or_default().state_changes;
		let found = self.client.block(block);
		let found = found.map_err(|error| internal(error.into()))?;
		let none = || invalid(Fault::at("block", "there is no such block"));
		let body = found.ok_or_else(none)?.block;
		if body.header().number == 0 {
			return Err(invalid(Fault::at("block", "the first block ran nothing")));
		}
		let extrinsic = place(&body, extrinsic)?;
		let (trace, written) = self.run(&body, extrinsic, wants_changes)?;
		let state_changes = match wants_changes {
			true => Some(self.changes(&body, extrinsic, written)?),
			false => None,
		};
		Ok(Traced {
			block_hash: block,
			extrinsic,
			frames: trace.frames.iter().map(frame).collect(),
			truncated: trace.truncated,
			state_changes,
		})
	}
}
