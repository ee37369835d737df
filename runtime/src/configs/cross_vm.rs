//! The road between virtual machines.

use polkadot_sdk::frame_support::traits::{ConstU128, ConstU32};

use crate::{
	constants::currency::{DEPOSIT_PER_BYTE, DEPOSIT_PER_ITEM},
	Balances, Contracts, CrossVm, Evm, Interfaces, MoveVm, Runtime, RuntimeHoldReason,
};

/// The virtual machines. A further one is one more entry.
pub type Engines = (Evm, Contracts, MoveVm);

impl pallet_cross_vm::Config for Runtime {
	type Engines = Engines;
	// Every machine is in service.
	type Gate = ();
	type Interfaces = Interfaces;
	type MaxDepth = ConstU32<8>;
	type Currency = Balances;
	type WeightInfo = crate::weights::pallet_cross_vm::WeightInfo<Runtime>;
}

impl pallet_interfaces::Config for Runtime {
	type Engines = Engines;
	type Addresses = CrossVm;
	type Stubs = Evm;
	type Currency = Balances;
	type RuntimeHoldReason = RuntimeHoldReason;
	type DepositPerItem = ConstU128<DEPOSIT_PER_ITEM>;
	type DepositPerByte = ConstU128<DEPOSIT_PER_BYTE>;
	type WeightInfo = crate::weights::pallet_interfaces::WeightInfo<Runtime>;
}
