//! What a call leaves for those who look on: receipts and call trees.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode};
use polkadot_sdk::{sp_core::H256, sp_weights::Weight};
use scale_info::TypeInfo;

use crate::{AccountId, Balance, CallError, VmId};

/// What a top-level call did. A block's digest holds the Merkle root of its receipts' hashes, so
/// that another system can check a result without running it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct Receipt {
	/// The extrinsic's index in its block, if the call came in one.
	pub extrinsic_index: Option<u32>,
	/// The VM called first.
	pub vm: VmId,
	/// The contract called first.
	pub contract: AccountId,
	/// Whether what it did was kept.
	pub success: bool,
	/// Hops between VMs.
	pub hops: u32,
	/// Keccak-256 chain over the logs that were kept: `h' = keccak(h ++ scale(vm, contract,
	/// topics, data))`, starting from zero.
	pub logs_hash: H256,
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
