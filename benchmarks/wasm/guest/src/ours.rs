//! This workspace's pallet, below the dispatch pallet as in the runtime that ships.

use alloc::{vec, vec::Vec};

use polkadot_sdk::{
	frame_support::{
		self, derive_impl, parameter_types,
		traits::{ConstU128, ConstU32, ConstU64},
	},
	frame_system::{self, EnsureSigned},
	pallet_balances, pallet_timestamp,
	sp_core::H256,
	sp_runtime::{
		generic,
		traits::{BlakeTwo256, IdentityLookup},
		MultiSignature, Perbill,
	},
};
use trivium_primitives::{AccountId, Balance};

use crate::{published::RefTime, AMPLE, DEPOSIT_LIMIT, PER_BYTE, PER_ITEM, SIGNER};

frame_support::construct_runtime!(
	pub enum Runtime {
		System: frame_system,
		Timestamp: pallet_timestamp,
		Balances: pallet_balances,
		CrossVm: pallet_cross_vm,
		Contracts: pallet_wasm,
	}
);

ledger!();

impl pallet_cross_vm::Config for Runtime {
	type Interfaces = ();
	type Engines = (Contracts,);
	type Gate = ();
	type MaxDepth = ConstU32<8>;
	type Currency = Balances;
	type WeightInfo = ();
}

parameter_types! {
	pub Schedule: pallet_wasm::Schedule = Default::default();
	pub const Lockup: Perbill = Perbill::from_percent(30);
}

impl pallet_wasm::Config for Runtime {
	type Time = Timestamp;
	type Currency = Balances;
	type RuntimeHoldReason = RuntimeHoldReason;
	type WeightPrice = RefTime;
	type Dispatch = CrossVm;
	type Addresses = CrossVm;
	type WeightInfo = ();
	type Schedule = Schedule;
	type MaxFrames = ConstU32<32>;
	type DepositPerByte = ConstU128<PER_BYTE>;
	type DefaultDepositLimit = ConstU128<DEPOSIT_LIMIT>;
	type DepositPerItem = ConstU128<PER_ITEM>;
	type CodeHashLockupDepositPercent = Lockup;
	type MaxCodeLen = ConstU32<{ 123 * 1024 }>;
	type MaxStorageKeyLen = ConstU32<128>;
	type MaxTransientStorageSize = ConstU32<{ 1024 * 1024 }>;
	type MaxDelegateDependencies = ConstU32<32>;
	type MaxDebugBufferLen = ConstU32<{ 2 * 1024 * 1024 }>;
	type UploadOrigin = EnsureSigned<AccountId>;
	type InstantiateOrigin = EnsureSigned<AccountId>;
	type Environment = ();
	type ApiVersion = ();
}

/// See the head of the file.
pub struct Machine;
impl crate::Machine for Machine {
	fn call(dest: AccountId, data: Vec<u8>) -> Option<Vec<u8>> {
		let done = Contracts::bare_call(
			SIGNER,
			dest,
			0,
			AMPLE,
			None,
			data,
			pallet_wasm::DebugInfo::Skip,
			pallet_wasm::CollectEvents::Skip,
		);
		let output = done.result.ok()?;
		(!output.did_revert()).then_some(output.data)
	}

	fn instantiate(code: H256, number: u32) -> Option<AccountId> {
		let done = Contracts::bare_instantiate(
			SIGNER,
			0,
			AMPLE,
			None,
			pallet_wasm::Code::Existing(code),
			vec![0; 4],
			number.to_le_bytes().to_vec(),
			pallet_wasm::DebugInfo::Skip,
			pallet_wasm::CollectEvents::Skip,
		);
		Some(done.result.ok()?.account_id)
	}

	fn upload(code: Vec<u8>) -> Option<H256> {
		Some(
			Contracts::bare_upload_code(SIGNER, code, None)
				.ok()?
				.code_hash,
		)
	}
}
