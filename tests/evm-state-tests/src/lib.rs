//! Ethereum's rules put to `pallet-evm`: its state tests, and `revm` on its own beside it.
//!
//! - [`run`]: one variant of a state test; the program `trivium-evm-state-tests` runs all.
//! - [`differential`]: the same transaction by the pallet and by `revm`.
//! - [`oracle`]: what must hold for any bytes, for property tests and the fuzz targets in `fuzz/`.
//! - [`chain`], [`state`]: the chain around the pallet, and the world state in its storage.

pub mod chain;
pub mod differential;
pub mod draft;
pub mod format;
pub mod oracle;
pub mod run;
pub mod skip;
pub mod state;
