//! The road between virtual machines.

use polkadot_sdk::frame_support::traits::ConstU32;

use crate::{Balances, Contracts, Evm, MoveVm, Runtime};

/// The virtual machines. A further one is one more entry.
pub type Engines = (Evm, Contracts, MoveVm);

impl pallet_cross_vm::Config for Runtime {
	type Engines = Engines;
	// Every machine is in service.
	type Gate = ();
	type MaxDepth = ConstU32<8>;
	type Currency = Balances;
	type WeightInfo = crate::weights::pallet_cross_vm::WeightInfo<Runtime>;
}
