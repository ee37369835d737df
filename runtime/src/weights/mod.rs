//! Weights measured on this runtime by `benchmarks/weights/run`: of Trivium's own pallets, and of those of the SDK
//! that bring accounts into being, which here write an alias as well.

pub mod pallet_balances;
pub mod pallet_cross_vm;
pub mod pallet_evm;
pub mod pallet_move;
pub mod pallet_wasm;
