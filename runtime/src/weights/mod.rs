//! Measured weights of Trivium's own pallets, made by `benchmarks/weights/run`.

pub mod pallet_cross_vm;
pub mod pallet_evm;
pub mod pallet_move;
pub mod pallet_wasm;
