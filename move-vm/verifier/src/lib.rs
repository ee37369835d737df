//! The Move bytecode verifier and linker.
//!
//! Code that passes cannot lose or copy what has no ability for it, reads and writes only what it
//! may, and never surprises the interpreter. [`verify_module`] and [`verify_script`] look at one
//! module or script by itself, in this order, which decides what a module with several faults is
//! refused for:
//!
//! 1. indices are in bounds ([`move_vm_binary_format::bounds`]), and the binary uses only what its
//!    version has ([`features`]);
//! 2. sizes ([`limits`]) and tables ([`duplication`]);
//! 3. types, and the fields of structs ([`signatures`]);
//! 4. instructions and what they name ([`instruction_consistency`]), constants ([`constants`]),
//!    friends ([`friends`]);
//! 5. no struct contains itself ([`recursive_structs`]), and generic functions have finitely many
//!    instances ([`instantiation_loops`]);
//! 6. each body of code: control flow, stack, types, locals, references, resources acquired;
//! 7. entry functions ([`script_signature`]).
//!
//! To publish, a module is then linked: [`verify_dependencies`], [`cyclic_dependencies`], and
//! [`check_upgrade`] if it takes the place of another.
//!
//! # Invariants
//!
//! 1. Every pass is linear in the module or charges a [`Meter`] for what it does
//!    before it does it. Whatever the module, a verification ends after a bounded number of units.
//! 2. Nothing recurses on input but on the nesting of types, which the format bounds. No input makes
//!    a pass panic.
//! 3. A later pass relies on earlier ones for its result, never for its safety: an index that does
//!    not exist is an error wherever it is met.

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

mod absint;
mod acquires;
mod cfg;
pub mod code_unit;
pub mod compatibility;
pub mod constants;
mod control_flow;
mod control_flow_v5;
pub mod cyclic_dependencies;
pub mod dependencies;
pub mod duplication;
pub mod features;
mod fields;
pub mod friends;
mod graph;
pub mod instantiation_loops;
pub mod instruction_consistency;
pub mod limits;
mod locals_safety;
pub mod meter;
pub mod recursive_structs;
mod reference_safety;
mod same_type;
pub mod script_signature;
pub mod signatures;
mod stack_usage;
mod type_safety;
mod verifier;
mod view;

pub use compatibility::check_upgrade;
pub use dependencies::{verify_dependencies, verify_script_dependencies};
pub use meter::Meter;
pub use verifier::{
	verify_module, verify_module_metered, verify_script, verify_script_metered, VerifierReport,
};

/// The place of an element as an index; tables that the deserializer reads have at most 65,536
/// elements, and an error in a longer one names the last place that has an index.
fn table_index(place: usize) -> u16 {
	u16::try_from(place).unwrap_or(u16::MAX)
}
