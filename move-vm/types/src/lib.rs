//! What every stage of the Move VM shares: addresses, names, type tags, abilities, status codes,
//! errors and limits.
//!
//! The crates of the VM, each needing only those above it:
//!
//! - `types`: this one;
//! - `binary-format`: modules and scripts as tables, their bytes, and the bounds check;
//! - `verifier`: the proof that a module is well typed, safe with references and linkable;
//! - `runtime`: values, loader, interpreter and natives, over a host that it knows by a trait.
//!
//! None of them knows the chain, allocates what it was merely told, recurses on input without a
//! bound, or panics.

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

pub mod ability;
pub mod address;
pub mod error;
pub mod identifier;
pub mod language;
pub mod limits;
pub mod status;
pub mod uleb128;

pub use ability::{Ability, AbilitySet};
pub use address::AccountAddress;
pub use error::{IndexKind, Location, VmError, VmResult};
pub use identifier::Identifier;
pub use language::{ModuleId, StructTag, TypeTag};
pub use limits::VerifierLimits;
pub use status::{StatusCode, StatusType};

/// An unsigned integer of 256 bits, Move's `u256`.
pub type U256 = ruint::Uint<256, 4>;
