//! What a call leaves for those who look on: receipts and call trees.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode};
use polkadot_sdk::{sp_core::H256, sp_io::hashing::keccak_256, sp_weights::Weight};
use scale_info::TypeInfo;
use trivium_receipts::receipt::log_leaf;

use crate::{AccountId, Balance, CallError, VmId};

/// What an outermost call into a VM did, as an event tells it and as the runtime API gives it.
///
/// A block's digest commits to all of its receipts, each as a [`trivium_receipts::Receipt`], so that another system can
/// check a result without running it: see [`Receipt::sealed`].
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct Receipt {
	/// Its place among the receipts of the block.
	pub index: u32,
	/// The extrinsic's index in its block, if the call came in one.
	pub extrinsic_index: Option<u32>,
	/// The VM called first.
	pub vm: VmId,
	/// Who called.
	pub caller: AccountId,
	/// The contract called first, or created.
	pub contract: AccountId,
	/// Planck that went with the call.
	pub value: Balance,
	/// Keccak-256 of the input, in the VM's encoding.
	pub input: H256,
	/// Keccak-256 of what was returned, or refused with; of nothing where someone above rolled the call back.
	pub output: H256,
	/// Whether what it did was kept.
	pub success: bool,
	/// What the VM used.
	pub weight: Weight,
	/// Hops between VMs.
	pub hops: u32,
	/// Logs that were kept.
	pub log_count: u32,
	/// Root of the tree of these logs.
	pub logs_root: H256,
}

impl Receipt {
	/// What the block of this number, on the chain whose first block has the hash `chain`, commits to.
	pub fn sealed(&self, chain: H256, block: u32) -> trivium_receipts::Receipt {
		trivium_receipts::Receipt {
			version: trivium_receipts::VERSION,
			chain: chain.0,
			block,
			index: self.index,
			extrinsic: self
				.extrinsic_index
				.unwrap_or(trivium_receipts::NO_EXTRINSIC),
			vm: self.vm.0,
			caller: self.caller.clone().into(),
			contract: self.contract.clone().into(),
			value: self.value,
			input: self.input.0,
			output: self.output.0,
			success: self.success,
			ref_time: self.weight.ref_time(),
			proof_size: self.weight.proof_size(),
			hops: self.hops,
			log_count: self.log_count,
			logs_root: self.logs_root.0,
		}
	}
}

/// A log of a past block, as its receipt commits to it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct ReceiptLog {
	/// The VM.
	pub vm: VmId,
	/// The contract that logged.
	pub contract: AccountId,
	/// The cross-VM frame it ran in: its position in the call tree, counted from 0.
	pub frame: u32,
	/// Topics, as the VM has them.
	pub topics: Vec<H256>,
	/// Payload, in the VM's encoding.
	pub data: Vec<u8>,
}

impl ReceiptLog {
	/// Its leaf in the tree of the receipt's logs.
	pub fn leaf(&self) -> trivium_receipts::Hash {
		log_leaf::<HostKeccak, _>(
			self.vm.0,
			self.contract.as_ref(),
			self.frame,
			&self.topics,
			&self.data,
		)
	}
}

/// The answer of `CrossVmApi::prove_receipt`: what somebody who trusts the block's hash needs besides the block's header.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct ReceiptProof {
	/// The hash of the chain's first block.
	pub chain: H256,
	/// The block's number.
	pub block: u32,
	/// How many receipts the block has.
	pub count: u32,
	/// The receipt.
	pub receipt: Receipt,
	/// The hashes beside its way to the root, from the receipt up.
	pub siblings: Vec<H256>,
	/// Its logs, in order.
	pub logs: Vec<ReceiptLog>,
}

/// Keccak-256 by the host of the runtime, for [`trivium_receipts`].
pub struct HostKeccak;

impl trivium_receipts::Keccak for HostKeccak {
	fn keccak_256(bytes: &[u8]) -> trivium_receipts::Hash {
		keccak_256(bytes)
	}
}

/// One cross-VM frame of a call tree.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct CallTreeFrame {
	/// Position in the tree, counted in the order of entry; the first is 0.
	pub index: u32,
	/// The frame that made the call; `None` for the first.
	pub parent: Option<u32>,
	/// The VM that ran it; `None` if the call ended before its target was known.
	pub vm: Option<VmId>,
	/// Who called.
	pub caller: AccountId,
	/// Who was called.
	pub contract: AccountId,
	/// Planck sent along.
	pub value: Balance,
	/// Text of the signature called; empty where a VM was entered by its own door.
	pub signature: Vec<u8>,
	/// What the frame and all below it used.
	pub weight: Weight,
	/// Why it failed, if it did.
	pub error: Option<CallError>,
}

/// The answer of `CrossVmApi::simulate`.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct Simulation {
	/// The results, or why there are none.
	pub result: Result<Vec<crate::Value>, CallError>,
	/// What the callee refused with, if the signature has a type for that (`result<T,E>`).
	pub refusal: Option<Vec<crate::Value>>,
	/// What the call used.
	pub weight: Weight,
	/// Storage deposit the payer would be charged, planck.
	pub deposit: Balance,
	/// Every cross-VM frame, in the order of entry.
	pub frames: Vec<CallTreeFrame>,
}
