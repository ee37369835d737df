//! By which rules the EVM runs.
//!
//! A chain runs by one set, [`TriviumRules`]: the latest fork of Ethereum with the limits and prices
//! that wasm and a storage proof impose. Ethereum's state tests run by another for each case, which
//! is why the rules are a part of the configuration and not constants.

use polkadot_sdk::sp_core::H256;
use revm::{
	context::{BlockEnv, CfgEnv},
	handler::EthPrecompiles,
	primitives::hardfork::SpecId,
};

use crate::gas;

/// The fork, limits and prices by which the EVM runs.
///
/// What is provided is right for a chain.
pub trait Rules: 'static {
	/// The hard fork. Those up to Osaka are supported, from Istanbul on.
	fn spec() -> SpecId {
		SpecId::OSAKA
	}

	/// The precompiled contracts.
	fn precompiles() -> EthPrecompiles {
		EthPrecompiles::new(Self::spec())
	}

	/// EVM memory of all frames on the stack together, bytes, across the hops of a transaction. What
	/// is above ends as out of gas.
	///
	/// Ethereum's price keeps a single frame below this anyway; the limit is for many frames at once,
	/// which would not fit the heap of a Substrate runtime.
	fn memory_limit_bytes() -> u64 {
		crate::MEMORY_LIMIT_BYTES
	}

	/// Changes that a transaction's journal holds at most, those of frames that were undone aside. An
	/// instruction that would make one more ends as out of gas.
	///
	/// Ethereum has no such limit: its gas for a transaction
	/// ([EIP-7825](https://eips.ethereum.org/EIPS/eip-7825)) allows some 160,000 changes at the least
	/// price, 100 gas each. So many do not fit into the heap of a Substrate runtime, and only a
	/// contract that does nothing else makes more than ours.
	fn journal_limit() -> usize {
		crate::JOURNAL_LIMIT
	}

	/// The proof size that the gas limit of a call or creation signed as any other transaction of the
	/// chain allows, bytes.
	fn proof_allowance(gas_limit: u64) -> u64 {
		gas::proof_allowance(gas_limit)
	}

	/// The proof size that the gas limit of an Ethereum transaction allows, bytes.
	fn transaction_proof_allowance(gas_limit: u64) -> u64 {
		gas::transaction_proof_allowance(gas_limit)
	}

	/// Whether what takes longer here than Ethereum's gas stands for takes more gas: the precompiled
	/// contracts that run in wasm, and reads of the chain's storage.
	fn prices_by_weight() -> bool {
		true
	}

	/// Whether contracts can call other VMs.
	fn has_bridge() -> bool {
		true
	}

	/// Whether transactions that carry blobs ([EIP-4844](https://eips.ethereum.org/EIPS/eip-4844))
	/// are run. A parachain has no place for the blobs themselves, so a chain refuses them.
	fn accepts_blobs() -> bool {
		false
	}

	/// The hash of a block, where the chain's own are not meant.
	fn block_hash(_number: u64) -> Option<H256> {
		None
	}

	/// The last word on the parameters of the fork.
	fn configure(_cfg: &mut CfgEnv) {}

	/// The last word on what contracts are told of the block.
	fn describe_block(_block: &mut BlockEnv) {}
}

/// The rules of a chain.
#[derive(Clone, Copy, Debug)]
pub struct TriviumRules;

impl Rules for TriviumRules {}
