//! Move modules and scripts: as tables in memory ([`CompiledModule`], [`CompiledScript`]), as bytes,
//! and the check that every index points into its table.
//!
//! # The bytes
//!
//! Numbers are unsigned LEB128 in their shortest form unless said otherwise.
//!
//! - Magic `A1 1C EB 0B`, then the version in four bytes, the lowest first. The compilers of Aptos
//!   set the highest byte to `0A` from version 7 on; both forms are read.
//! - Number of tables, then for each: its kind (one byte), where it starts behind these headers and
//!   how many bytes it has. The tables fill the bytes that follow without a gap, each kind at most
//!   once, none empty.
//! - The elements of each table, one behind the other.
//! - For a module: the index of its own handle. For a script: the abilities of its type parameters,
//!   its parameters' signature, and its code.
//!
//! [`CompiledModule::deserialize`] refuses whatever [`CompiledModule::serialize`] does not write,
//! but for the order of tables and the mark in the version.

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

pub mod bounds;
pub mod bytecode;
mod deserializer;
mod format;
pub mod index;
pub mod module;
mod serializer;
pub mod signature;

pub use bytecode::Bytecode;
pub use deserializer::{read_code, BinaryLimits};
pub use format::{MAX_VERSION, MIN_VERSION};
pub use module::{Binary, CompiledModule, CompiledScript, Pools};
pub use signature::{Signature, SignatureToken};
