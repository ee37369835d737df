//! Weights measured on this runtime by `benchmarks/weights/run`: of Trivium's own pallets, and of those of the SDK
//! that bring accounts into being, which here write an alias as well.
//!
//! The head of `pallet_evm` tells of the classes of instructions and the precompiled contracts. Its `call`, `create`,
//! `create2`, `transact`, `authorize`, `nested_call`, `hop`, `layer`, `write` and `refresh` are of 2026-11-26 (6 steps, 3 repeats), as are
//! `pallet_cross_vm`, `pallet_move` and `pallet_balances` (10 and 5): on an Intel Xeon, beside a build, and before the last changes
//! to the EVM's doors of that day. `pallet_wasm` is of that day too (10 and 5, at least a second each), on an AMD EPYC that did nothing
//! else; `load_code` and `upload_code` in a run of their own (12 and 6), because the whole run's were noisy. What an uploaded
//! byte costs was raised by a ninth on 2026-11-27, as it was measured that day with and without looking for far stores. `pallet_interfaces` is of
//! 2026-11-27 (10 and 10), on a machine that takes 33 us for `nested_call` where the file of `pallet_evm` says 54.

pub mod pallet_balances;
pub mod pallet_cross_vm;
pub mod pallet_evm;
pub mod pallet_interfaces;
pub mod pallet_move;
pub mod pallet_wasm;
