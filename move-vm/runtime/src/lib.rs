//! Values, loader, interpreter and natives of the Move VM.

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

mod arguments;
pub mod gas;
pub mod host;
mod interpreter;
pub mod limits;
mod loader;
mod memory_host;
pub mod natives;
pub mod session;
pub mod values;

pub use gas::Gas;
pub use host::Host;
pub use limits::Limits;
pub use loader::record;
pub use memory_host::MemoryHost;
pub use natives::NativeTable;
pub use session::{Republish, Session};
