//! How each pallet is set up, one file per concern.

pub mod consensus;
pub mod cross_vm;
pub mod evm;
pub mod fees;
pub mod governance;
pub mod move_vm;
pub mod system;
pub mod utility;
pub mod wasm;
