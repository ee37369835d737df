//! Calls from ink! contracts into Trivium's other virtual machines.
//!
//! A contract names its target, the function's canonical signature and the arguments; the chain
//! transcodes them from SCALE to the callee's encoding and back, within the same transaction.
//!
//! ```
//! use ink::primitives::AccountId;
//! use trivium_ink::{CallError, CrossVm};
//!
//! fn increment(counter: AccountId) -> Result<u64, CallError> {
//!     CrossVm::call(counter).signature("increment()->(u64)").invoke()
//! }
//!
//! fn pay(token: [u8; 20], to: AccountId, amount: u128) -> Result<bool, CallError> {
//!     CrossVm::call(token)
//!         .signature("transfer(address,u256)->(bool)")
//!         .args(&(to, trivium_ink::U256::from(amount)))
//!         .invoke()
//! }
//! ```
//!
//! # Types
//!
//! | canonical | here |
//! | --- | --- |
//! | `bool`, `u8 … u128`, `i8 … i128` | the same |
//! | `u256` | [`U256`] |
//! | `address` | `AccountId` |
//! | `bytes`, `string` | `Vec<u8>`, `String` |
//! | `bytesN`, `T[N]` | `[u8; N]`, `[T; N]` |
//! | `T[]` | `Vec<T>` |
//! | `(A,B)` | tuple or struct |
//! | `option<T>` | `Option<T>` |
//! | `result<T,E>`, what a function returns | `Result<T, E>` |
//!
//! # What holds for every call
//!
//! - A call that fails leaves nothing behind in any virtual machine but the gas it used, and comes
//!   back as a [`CallError`].
//! - The callee sees the calling contract as its caller.
//! - Input and result pass through ink!'s buffer of 16 KiB (`INK_STATIC_BUFFER_SIZE` when the contract
//!   is built); a contract that goes beyond it traps.

#![cfg_attr(not(feature = "std"), no_std)]

mod bridge;
mod call;
mod error;
mod revert;
mod target;
mod u256;

pub use self::{
	bridge::{account_of, alias_of},
	call::{CallBuilder, CrossVm, Weight},
	error::{CallError, EncodingError},
	revert::{revert, reverted_as},
	target::{ContractRef, EvmAddress},
	u256::{TooLarge, U256},
};
