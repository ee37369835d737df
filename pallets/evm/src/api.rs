//! The runtime API by which a node asks the EVM.

// The functions that the macro makes for the client take the API and the block as well, and bound
// the block's type twice where an argument is a block.
#![allow(clippy::too_many_arguments, clippy::multiple_bound_locations)]

use alloc::vec::Vec;
use polkadot_sdk::{
	sp_api,
	sp_core::{H160, H256},
};
use trivium_primitives::{AccountId, Balance};

use crate::{
	trace::{Trace, TraceError, Tracer},
	types::{AccountInfo, ExecutionReport, Failure},
};

sp_api::decl_runtime_apis! {
	/// Asking the EVM without leaving anything in it.
	pub trait EvmApi {
		/// What a call would do. `gas_limit` of `None` is the most that an extrinsic may ask for.
		fn call(
			from: AccountId,
			target: H160,
			input: Vec<u8>,
			value: Balance,
			gas_limit: Option<u64>,
		) -> ExecutionReport;

		/// What a creation would do; with a salt, by `create2`.
		fn create(
			from: AccountId,
			code: Vec<u8>,
			salt: Option<H256>,
			value: Balance,
			gas_limit: Option<u64>,
		) -> ExecutionReport;

		/// A gas limit with which the call (or, without a target, the creation) succeeds, as an
		/// Ethereum transaction or as an extrinsic: at most a sixty-fourth above the least, or what an
		/// Ethereum transaction would pay for if that is more. `Failure::ExceedsTransaction` if the most that
		/// an Ethereum transaction may ask for, 2^24, does not suffice.
		fn estimate_gas(
			from: AccountId,
			target: Option<H160>,
			input: Vec<u8>,
			value: Balance,
		) -> Result<u64, Failure>;

		/// An account as the EVM sees it.
		fn account(address: H160) -> AccountInfo;

		/// A word of a contract's storage.
		fn storage_at(address: H160, key: H256) -> H256;

		/// A contract's code; empty if there is none.
		fn code_at(address: H160) -> Vec<u8>;

		/// What an extrinsic of a past block did: `debug_traceTransaction`. To be asked at the block's
		/// parent. The extrinsics before `index` are run, then that one is run and traced, whatever
		/// it is: an Ethereum transaction, a call of this pallet, a batch of them, a contract of
		/// another VM that calls into the EVM.
		fn trace_transaction(
			block: Block,
			index: u32,
			tracer: Tracer,
		) -> Result<Trace, TraceError>;

		/// What each extrinsic of a past block that entered the EVM did, with its index:
		/// `debug_traceBlock`. To be asked at the block's parent.
		fn trace_block(block: Block, tracer: Tracer) -> Result<Vec<(u32, Trace)>, TraceError>;

		/// What a call (or, without a target, a creation) would do: `debug_traceCall`. `gas_limit` of
		/// `None` is the most that an extrinsic may ask for.
		fn trace_call(
			from: AccountId,
			target: Option<H160>,
			input: Vec<u8>,
			value: Balance,
			gas_limit: Option<u64>,
			tracer: Tracer,
		) -> Result<Trace, TraceError>;

		/// The extrinsic that carries a raw Ethereum transaction, encoded: what to hand to
		/// `author_submitExtrinsic` for `eth_sendRawTransaction`, as it is.
		///
		/// It is a bare extrinsic of version 5, `length || 0x05 || evm.transact(raw)`. Bytes and not an
		/// extrinsic, because clients take an extrinsic in an answer for bytes and strip their length.
		fn extrinsic(raw: Vec<u8>) -> Vec<u8>;
	}
}
