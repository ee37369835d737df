//! ink! and other WASM contracts.

use polkadot_sdk::{
	frame_support::{
		parameter_types,
		traits::{ConstU128, ConstU32},
	},
	frame_system::EnsureSigned,
	sp_runtime::Perbill,
};

use crate::{
	constants::currency::{DEFAULT_DEPOSIT_LIMIT, DEPOSIT_PER_BYTE, DEPOSIT_PER_ITEM},
	AccountId, Balances, CrossVm, Runtime, RuntimeHoldReason, Timestamp, TransactionPayment,
};

parameter_types! {
	pub const CodeHashLockupDepositPercent: Perbill = Perbill::from_percent(30);
	pub ContractsSchedule: pallet_wasm::Schedule = Default::default();
}

impl pallet_wasm::Config for Runtime {
	type Time = Timestamp;
	type Currency = Balances;
	type RuntimeHoldReason = RuntimeHoldReason;
	type WeightPrice = TransactionPayment;
	type Dispatch = CrossVm;
	type Addresses = CrossVm;
	type WeightInfo = crate::weights::pallet_wasm::WeightInfo<Runtime>;
	type Schedule = ContractsSchedule;
	// Memory is bounded beside, which for long codes comes first.
	type MaxFrames = ConstU32<32>;
	type DepositPerByte = ConstU128<DEPOSIT_PER_BYTE>;
	type DefaultDepositLimit = ConstU128<DEFAULT_DEPOSIT_LIMIT>;
	type DepositPerItem = ConstU128<DEPOSIT_PER_ITEM>;
	type CodeHashLockupDepositPercent = CodeHashLockupDepositPercent;
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
