//! The runtime API by which tools try calls out. Its name, methods and shapes are those of
//! `pallet-contracts`, version 2.

// The functions that the macro makes for the client take the API and the block as well.
#![allow(clippy::too_many_arguments)]

use alloc::vec::Vec;

use codec::Codec;
use polkadot_sdk::{sp_api, sp_weights::Weight};
use trivium_primitives::{AccountId, Balance};

use crate::types::{
	Code, CodeUploadResult, ContractExecResult, ContractInstantiateResult, Determinism,
	GetStorageResult,
};

sp_api::decl_runtime_apis! {
	/// Trying contracts out, leaving nothing behind.
	#[api_version(2)]
	pub trait ContractsApi<EventRecord> where EventRecord: Codec {
		/// Calls a contract. Without a limit of weight, what a block holds.
		fn call(
			origin: AccountId,
			dest: AccountId,
			value: Balance,
			gas_limit: Option<Weight>,
			storage_deposit_limit: Option<Balance>,
			input_data: Vec<u8>,
		) -> ContractExecResult<EventRecord>;

		/// Instantiates a contract.
		fn instantiate(
			origin: AccountId,
			value: Balance,
			gas_limit: Option<Weight>,
			storage_deposit_limit: Option<Balance>,
			code: Code,
			data: Vec<u8>,
			salt: Vec<u8>,
		) -> ContractInstantiateResult<EventRecord>;

		/// Uploads code.
		fn upload_code(
			origin: AccountId,
			code: Vec<u8>,
			storage_deposit_limit: Option<Balance>,
			determinism: Determinism,
		) -> CodeUploadResult;

		/// The value under a key of a contract's storage; `None` if there is none.
		fn get_storage(address: AccountId, key: Vec<u8>) -> GetStorageResult;
	}
}
