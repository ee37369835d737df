//! `crossVm_receipts` and what proves one: what a block says of the calls in it, for those who did not run them.
//!
//! The answers have what is hashed, as it is hashed: accounts are 32 bytes in hexadecimal, machines are numbers. The crate
//! `trivium-receipts`, the contract `TriviumReceipts` and the package `@trivium/receipts` check them.

use polkadot_sdk::*;

use std::sync::Arc;

use codec::Encode;
use jsonrpsee::{
	core::{async_trait, RpcResult},
	proc_macros::rpc,
};
use pallet_cross_vm::api::CrossVmApi;
use serde::Serialize;
use sp_api::ProvideRuntimeApi;
use sp_blockchain::HeaderBackend;
use trivium_primitives::{HostKeccak, ReceiptLog, ReceiptProof};
use trivium_receipts::tree;

use super::{
	block_or_best, internal, invalid,
	json::{hex, Fault},
};
use crate::client::{FullClient, Hash};

/// A receipt, field by field as it is hashed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Receipt {
	version: u8,
	chain: String,
	block_number: u32,
	index: u32,
	extrinsic: u32,
	vm: u8,
	caller: String,
	contract: String,
	value: String,
	input: String,
	output: String,
	success: bool,
	ref_time: String,
	proof_size: String,
	hops: u32,
	log_count: u32,
	logs_root: String,
}

impl From<trivium_receipts::Receipt> for Receipt {
	fn from(of: trivium_receipts::Receipt) -> Self {
		Self {
			version: of.version,
			chain: hex(&of.chain),
			block_number: of.block,
			index: of.index,
			extrinsic: of.extrinsic,
			vm: of.vm,
			caller: hex(&of.caller),
			contract: hex(&of.contract),
			value: of.value.to_string(),
			input: hex(&of.input),
			output: hex(&of.output),
			success: of.success,
			ref_time: of.ref_time.to_string(),
			proof_size: of.proof_size.to_string(),
			hops: of.hops,
			log_count: of.log_count,
			logs_root: hex(&of.logs_root),
		}
	}
}

/// A log, field by field as it is hashed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Log {
	vm: u8,
	contract: String,
	frame: u32,
	topics: Vec<String>,
	data: String,
}

impl From<&ReceiptLog> for Log {
	fn from(of: &ReceiptLog) -> Self {
		Self {
			vm: of.vm.0,
			contract: hex(of.contract.as_ref()),
			frame: of.frame,
			topics: of.topics.iter().map(|topic| hex(topic.as_ref())).collect(),
			data: hex(&of.data),
		}
	}
}

/// A receipt, and what proves it to somebody who trusts the block's hash.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Proof {
	block_hash: Hash,
	/// The block's header in SCALE.
	header: String,
	receipt: Receipt,
	/// How many receipts the block has.
	count: u32,
	/// The hashes beside the receipt's way to the root, from the receipt up.
	siblings: Vec<String>,
	/// The receipt's logs.
	logs: Vec<Log>,
}

/// A log of a receipt, and what proves it to somebody who has the receipt.
#[derive(Clone, Debug, Serialize)]
pub struct LogProof {
	log: Log,
	/// Its place among the receipt's logs.
	index: u32,
	/// The hashes beside its way to the receipt's `logsRoot`, from the log up.
	siblings: Vec<String>,
}

/// What a block says of the calls in it.
#[rpc(server)]
pub trait ReceiptsRpc {
	/// The receipts of a block, in order.
	#[method(name = "crossVm_receipts", blocking)]
	fn receipts(&self, at: Option<Hash>) -> RpcResult<Vec<Receipt>>;

	/// The receipt at this place among those of a block, with what proves it.
	#[method(name = "crossVm_proveReceipt", blocking)]
	fn prove_receipt(&self, index: u32, at: Option<Hash>) -> RpcResult<Proof>;

	/// The log at this place among those of a receipt, with what proves it.
	#[method(name = "crossVm_proveLog", blocking)]
	fn prove_log(&self, index: u32, log: u32, at: Option<Hash>) -> RpcResult<LogProof>;
}

/// The methods over a chain.
pub struct Receipts {
	client: Arc<FullClient>,
}

impl Receipts {
	/// The methods over this chain.
	pub fn new(client: Arc<FullClient>) -> Self {
		Self { client }
	}

	fn proof(&self, index: u32, at: Hash) -> RpcResult<ReceiptProof> {
		let proof = self.client.runtime_api().prove_receipt(at, index);
		let none = || {
			invalid(Fault::at(
				"index",
				format!("the block has no receipt {index}"),
			))
		};
		proof.map_err(internal)?.ok_or_else(none)
	}
}

fn all_hex<H: AsRef<[u8]>>(hashes: &[H]) -> Vec<String> {
	hashes.iter().map(|hash| hex(hash.as_ref())).collect()
}

#[async_trait]
impl ReceiptsRpcServer for Receipts {
	fn receipts(&self, at: Option<Hash>) -> RpcResult<Vec<Receipt>> {
		let at = block_or_best(&self.client, at);
		let receipts = self.client.runtime_api().receipts(at).map_err(internal)?;
		let number = self
			.client
			.number(at)
			.map_err(|error| internal(error.into()))?;
		let (chain, number) = (self.client.info().genesis_hash, number.unwrap_or_default());
		let sealed = receipts.iter().map(|receipt| receipt.sealed(chain, number));
		Ok(sealed.map(Receipt::from).collect())
	}

	fn prove_receipt(&self, index: u32, at: Option<Hash>) -> RpcResult<Proof> {
		let at = block_or_best(&self.client, at);
		let proof = self.proof(index, at)?;
		let header = self
			.client
			.header(at)
			.map_err(|error| internal(error.into()))?;
		let header = header.ok_or_else(|| invalid(Fault::at("at", "there is no such block")))?;
		Ok(Proof {
			block_hash: at,
			header: hex(&header.encode()),
			receipt: proof.receipt.sealed(proof.chain, proof.block).into(),
			count: proof.count,
			siblings: all_hex(&proof.siblings),
			logs: proof.logs.iter().map(Log::from).collect(),
		})
	}

	fn prove_log(&self, index: u32, log: u32, at: Option<Hash>) -> RpcResult<LogProof> {
		let logs = self.proof(index, block_or_best(&self.client, at))?.logs;
		let leaves: Vec<_> = logs.iter().map(ReceiptLog::leaf).collect();
		let at = usize::try_from(log).unwrap_or(usize::MAX);
		let siblings = tree::prove::<HostKeccak>(&leaves, at);
		let (Some(found), Some(siblings)) = (logs.get(at), siblings) else {
			let what = format!("the receipt has {} logs", logs.len());
			return Err(invalid(Fault::at("log", what)));
		};
		Ok(LogProof {
			log: found.into(),
			index: log,
			siblings: all_hex(&siblings),
		})
	}
}
