//! Types and traits that every Trivium crate shares: no pallet, no storage.
//!
//! A cross-VM call is written down here once, in words and in types:
//!
//! - a contract is an account ([`ContractRef`] names it, [`VmId`] says which VM runs it);
//! - its interface is a text [`Signature`], its arguments are [`Value`]s, and an [`Encoding`]
//!   turns them into the bytes of one VM and back;
//! - a VM takes part by implementing [`Engine`]; a contract leaves its VM through a bridge that
//!   calls [`Dispatch`];
//! - what a contract says of itself on chain is an [`interface`];
//! - what goes wrong is a [`CallError`], what happened is a [`Receipt`].
//!
//! # Invariants
//! 1. Decoders are total: any bytes give a value or an [`EncodingError`], never a panic, and no
//!    length is believed before [`TranscodeHost::charge`] has agreed to it.
//! 2. `decode(encode(v)) == v`, and `encode(decode(b)) == b`: each value has one encoding.
//! 3. No recursion is deeper than [`signature::MAX_TYPE_DEPTH`].

#![cfg_attr(not(feature = "std"), no_std)]
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

pub mod account;
pub mod dispatch;
pub mod encoding;
pub mod engine;
pub mod error;
pub mod event;
pub mod interface;
pub mod local;
pub mod receipt;
pub mod signature;
pub mod trace;
pub mod value;

pub use account::{AddressMapping, ContractRef, VmId};
pub use dispatch::{CallFlags, CallOutcome, CallRequest, Dispatch, Entry, Exit, LogRecord, VmGate};
pub use encoding::{bcs::Bcs, scale::Scale, solidity::SolidityAbi, Encoding, TranscodeHost};
pub use engine::{Engine, EngineCall, EngineOutcome, Engines, Feature, ENGINE_API_VERSION};
pub use error::{CallError, EncodingError};
pub use interface::Interfaces;
pub use receipt::{CallTreeFrame, HostKeccak, Receipt, ReceiptLog, ReceiptProof, Simulation};
pub use signature::{Signature, Type};
pub use value::Value;

/// Balance in planck; 18 decimals, so 1 planck is 1 wei.
pub type Balance = u128;
/// The one kind of account there is.
pub type AccountId = polkadot_sdk::sp_runtime::AccountId32;
