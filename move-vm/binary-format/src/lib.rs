//! Move modules and scripts: as tables in memory ([`CompiledModule`], [`CompiledScript`]), as bytes,
//! and the check that every index points into its table.

#![cfg_attr(not(feature = "std"), no_std)]
#![forbid(unsafe_code)]
#![cfg_attr(
	not(test),
	deny(
		clippy::unwrap_used,
		clippy::expect_used,
		clippy::panic,
		clippy::indexing_slicing,
		clippy::arithmetic_side_effects
	)
)]

extern crate alloc;

pub mod bytecode;
pub mod index;
pub mod module;
pub mod signature;

pub use bytecode::Bytecode;
pub use module::{Binary, CompiledModule, CompiledScript, Pools};
pub use signature::{Signature, SignatureToken};
