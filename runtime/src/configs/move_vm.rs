//! Move.

use polkadot_sdk::frame_support::traits::{ConstU128, ConstU64};

use crate::{
	constants::currency::{DEPOSIT_PER_BYTE, DEPOSIT_PER_ITEM},
	Balances, CrossVm, Runtime, RuntimeHoldReason,
};

/// Ref time of one internal gas unit, picoseconds. The unit is a tenth of a nanosecond of the native
/// interpreter; inside of the wasm runtime it takes up to two and a half times as long.
pub const WEIGHT_PER_MOVE_GAS: u64 = 250;

impl pallet_move::Config for Runtime {
	type Currency = Balances;
	type RuntimeHoldReason = RuntimeHoldReason;
	type Dispatch = CrossVm;
	type Addresses = CrossVm;
	type WeightPerGas = ConstU64<WEIGHT_PER_MOVE_GAS>;
	type DepositPerItem = ConstU128<DEPOSIT_PER_ITEM>;
	type DepositPerByte = ConstU128<DEPOSIT_PER_BYTE>;
	type WeightInfo = crate::weights::pallet_move::WeightInfo<Runtime>;
}
