//! The published pallet.

use alloc::{vec, vec::Vec};

use polkadot_sdk::{
	frame_support::{
		self, derive_impl, parameter_types,
		traits::{ConstBool, ConstU128, ConstU32, ConstU64, Nothing, Randomness},
	},
	frame_system::{self, pallet_prelude::BlockNumberFor, EnsureSigned},
	pallet_balances, pallet_contracts, pallet_timestamp,
	sp_core::H256,
	sp_runtime::{
		generic,
		traits::{BlakeTwo256, Convert, IdentityLookup},
		MultiSignature, Perbill, Weight,
	},
};
use trivium_primitives::{AccountId, Balance};

use crate::{AMPLE, DEPOSIT_LIMIT, PER_BYTE, PER_ITEM, SIGNER};

frame_support::construct_runtime!(
	pub enum Runtime {
		System: frame_system,
		Timestamp: pallet_timestamp,
		Balances: pallet_balances,
		Contracts: pallet_contracts,
	}
);

ledger!();

parameter_types! {
	pub Schedule: pallet_contracts::Schedule<Runtime> = Default::default();
	pub const Lockup: Perbill = Perbill::from_percent(30);
}

/// Never asked.
pub struct NoRandomness;
impl Randomness<H256, BlockNumberFor<Runtime>> for NoRandomness {
	fn random(_: &[u8]) -> (H256, BlockNumberFor<Runtime>) {
		Default::default()
	}
}

/// Weight costs its ref time.
pub struct RefTime;
impl Convert<Weight, Balance> for RefTime {
	fn convert(weight: Weight) -> Balance {
		weight.ref_time().into()
	}
}

impl pallet_contracts::Config for Runtime {
	type Time = Timestamp;
	type Randomness = NoRandomness;
	type Currency = Balances;
	type RuntimeEvent = RuntimeEvent;
	type RuntimeCall = RuntimeCall;
	type RuntimeHoldReason = RuntimeHoldReason;
	type CallFilter = Nothing;
	type WeightPrice = RefTime;
	type WeightInfo = ();
	type ChainExtension = ();
	type Schedule = Schedule;
	type CallStack = [pallet_contracts::Frame<Self>; 5];
	type DepositPerByte = ConstU128<PER_BYTE>;
	type DefaultDepositLimit = ConstU128<DEPOSIT_LIMIT>;
	type DepositPerItem = ConstU128<PER_ITEM>;
	type CodeHashLockupDepositPercent = Lockup;
	type AddressGenerator = pallet_contracts::DefaultAddressGenerator;
	type MaxCodeLen = ConstU32<{ 123 * 1024 }>;
	type MaxStorageKeyLen = ConstU32<128>;
	type MaxTransientStorageSize = ConstU32<{ 1024 * 1024 }>;
	type MaxDelegateDependencies = ConstU32<32>;
	type UnsafeUnstableInterface = ConstBool<false>;
	type MaxDebugBufferLen = ConstU32<{ 2 * 1024 * 1024 }>;
	type UploadOrigin = EnsureSigned<AccountId>;
	type InstantiateOrigin = EnsureSigned<AccountId>;
	type Migrations = ();
	type Debug = ();
	type Environment = ();
	type ApiVersion = ();
	type Xcm = ();
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
			pallet_contracts::DebugInfo::Skip,
			pallet_contracts::CollectEvents::Skip,
			pallet_contracts::Determinism::Enforced,
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
			pallet_contracts::Code::Existing(code),
			vec![0; 4],
			number.to_le_bytes().to_vec(),
			pallet_contracts::DebugInfo::Skip,
			pallet_contracts::CollectEvents::Skip,
		);
		Some(done.result.ok()?.account_id)
	}

	fn upload(code: Vec<u8>) -> Option<H256> {
		let determinism = pallet_contracts::Determinism::Enforced;
		let done = Contracts::bare_upload_code(SIGNER, code, None, determinism);
		Some(done.ok()?.code_hash)
	}
}
