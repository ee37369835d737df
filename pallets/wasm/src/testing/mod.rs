//! What this pallet's tests and the fuzzers in `fuzz/` share.

pub mod doors;
pub mod mock;
pub mod oracle;
