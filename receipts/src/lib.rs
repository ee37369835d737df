//! What a Trivium block says of the calls in it, and how anyone checks that.
//!
//! Each outermost call into a virtual machine leaves a [`Receipt`]: who called whom, with what, what came of it. The
//! block's header commits to all of them by one hash. So who trusts a block's hash, a bridge or another chain, can
//! check what a call did without running it: [`verify`], and for an event [`verify_log`].
//!
//! ```text
//! block hash ── header ── digest item "TVMR" ── tree of receipts ── receipt ── tree of its logs ── log
//! ```
//!
//! - A tree is that of [RFC 9162, 2.1](https://www.rfc-editor.org/rfc/rfc9162#section-2.1), with Keccak-256 ([`tree`]).
//! - What is hashed of a receipt or a log is what Solidity's `abi.encode` makes of it ([`receipt`]).
//! - A header is a Substrate header in SCALE ([`header`]).
//!
//! The crate knows neither Substrate nor a virtual machine, and needs no standard library: it is what the runtime
//! itself hashes by, and what a light client can take along.
//!
//! # Invariants
//! 1. A proof is of one place in a tree of one size, and has exactly one length: [`tree::verify`] walks by both.
//! 2. A leaf is never taken for a node, a receipt never for a log: what is hashed differs in its first byte or length.
//! 3. Whatever bytes it is given, a function here answers with a value or an error.

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

mod abi;
pub mod hash;
pub mod header;
pub mod receipt;
pub mod tree;
mod verify;

pub use hash::{Hash, Keccak, Software};
pub use header::{Commitment, Header, COMMITMENT_ENGINE_ID};
pub use receipt::{Log, Receipt, NO_EXTRINSIC, VERSION};
pub use verify::{verify, verify_log, Error};
