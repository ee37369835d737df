//! ink! and other WASM contracts.

use pallet_wasm::{CrossVmExtension, DepositCurrency, Frames};
use polkadot_sdk::{
	frame_support::{
		parameter_types,
		traits::{ConstBool, ConstU128, ConstU32, Nothing, Randomness},
	},
	frame_system::{pallet_prelude::BlockNumberFor, EnsureSigned},
	pallet_contracts::{self, DefaultAddressGenerator, Frame, Limits, Schedule},
	sp_runtime::Perbill,
};

use crate::{
	constants::currency::{DEFAULT_DEPOSIT_LIMIT, DEPOSIT_PER_BYTE, DEPOSIT_PER_ITEM},
	AccountId, Balances, CrossVm, Hash, Runtime, RuntimeCall, RuntimeEvent, RuntimeHoldReason,
	Timestamp, TransactionPayment,
};

parameter_types! {
	pub const CodeHashLockupDepositPercent: Perbill = Perbill::from_percent(30);
	pub ContractsSchedule: Schedule<Runtime> = Schedule {
		// An event also becomes a canonical one, for which the events of the block are copied.
		limits: Limits { event_ref_time: 250_000, ..Default::default() },
		..Default::default()
	};
}

/// Frames that one execution of `pallet-contracts` stacks on its first.
const CALL_STACK_LEN: usize = 5;

/// No source of randomness: contracts that ask for one cannot be uploaded.
pub struct NoRandomness;

impl Randomness<Hash, BlockNumberFor<Runtime>> for NoRandomness {
	fn random(_subject: &[u8]) -> (Hash, BlockNumberFor<Runtime>) {
		Default::default()
	}
}

impl pallet_contracts::Config for Runtime {
	type Time = Timestamp;
	type Randomness = NoRandomness;
	// Deposits of calls that come from another machine are the payer's.
	type Currency = DepositCurrency<Balances>;
	type RuntimeEvent = RuntimeEvent;
	type RuntimeCall = RuntimeCall;
	type RuntimeHoldReason = RuntimeHoldReason;
	// Contracts reach other virtual machines through the chain extension, and nothing else of the
	// runtime.
	type CallFilter = Nothing;
	type WeightPrice = TransactionPayment;
	// The weights for RocksDB, not for our database: a write has to be so dear that what contracts can
	// store in a block fits the memory that validators give (`integrity_test` of the pallet).
	type WeightInfo = ();
	type ChainExtension = CrossVmExtension<Runtime>;
	type Schedule = ContractsSchedule;
	type CallStack = [Frame<Self>; CALL_STACK_LEN];
	type DepositPerByte = ConstU128<DEPOSIT_PER_BYTE>;
	type DefaultDepositLimit = ConstU128<DEFAULT_DEPOSIT_LIMIT>;
	type DepositPerItem = ConstU128<DEPOSIT_PER_ITEM>;
	type CodeHashLockupDepositPercent = CodeHashLockupDepositPercent;
	type AddressGenerator = DefaultAddressGenerator;
	type MaxCodeLen = ConstU32<{ 123 * 1024 }>;
	type MaxStorageKeyLen = ConstU32<128>;
	type MaxTransientStorageSize = ConstU32<{ 1024 * 1024 }>;
	type MaxDelegateDependencies = ConstU32<32>;
	type UnsafeUnstableInterface = ConstBool<false>;
	type MaxDebugBufferLen = ConstU32<{ 2 * 1024 * 1024 }>;
	type UploadOrigin = EnsureSigned<AccountId>;
	type InstantiateOrigin = EnsureSigned<AccountId>;
	type Migrations = ();
	type Debug = Frames<Runtime>;
	type Environment = ();
	type ApiVersion = ();
	type Xcm = ();
}

impl pallet_wasm::Config for Runtime {
	type Dispatch = CrossVm;
	type Addresses = CrossVm;
	// What `pallet-contracts` checks the runtime's memory for.
	type MaxFrames = ConstU32<{ CALL_STACK_LEN as u32 + 1 }>;
	type WeightInfo = crate::weights::pallet_wasm::WeightInfo<Runtime>;
}
