//! Whole blocks in the wasm that ships: built as an author does, with a fresh instance of the runtime for
//! each extrinsic; then executed as a node does that imports the block, and validated as a validator
//! of the relay chain does, each in one instance and with a validator's limits.
//!
//! [`Chain`] is where a block begins, [`Author`] builds one, [`Block`] is what comes of it, and
//! [`programs`] holds what the worst extrinsics run.

mod author;
mod chain;
pub mod programs;

pub use author::{Author, Block};
pub use chain::Chain;
