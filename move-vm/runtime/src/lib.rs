//! Values, loader, interpreter and natives of the Move VM.
//!
//! A [`Session`] is one transaction's view of a chain that it knows by the trait [`Host`]. Modules
//! are published in it, entry functions and scripts run in it, and what changed is handed to the
//! host when it is finished; nothing is if anything failed.
//!
//! ```
//! use move_vm_runtime::{Gas, Limits, MemoryHost, Republish, Session};
//! use move_vm_types::AccountAddress;
//!
//! let module = move_vm_fixtures::counter();
//! let id = module.self_id().unwrap();
//! let mut host = MemoryHost::default();
//!
//! let mut session = Session::new(&mut host, Limits::PRODUCTION, Gas::new(1_000_000_000));
//! let bytes = module.serialize().unwrap();
//! session.publish(&[bytes], id.address, Republish::Refuse).unwrap();
//! let alice = AccountAddress::from_low_byte(0xA1);
//! session.execute_entry(&id, "create", vec![], vec![], &[alice]).unwrap();
//! let (result, gas) = session.finish();
//! result.unwrap();
//! assert!(gas.used() > 0);
//! assert_eq!(host.resources.len(), 1);
//! ```
//!
//! The way of a call: [`Session`] finds the function through the loader, which reads the module's
//! record once per session, decodes and links each function when it is first called, and interns
//! types; the interpreter runs it on [`values`]; [`natives`] do what Move cannot; [`gas`] is charged
//! before each piece of work.
//!
//! # Properties
//!
//! 1. Nothing reaches the host from a session in which anything failed.
//! 2. What a program can make happen is paid for before it happens, by its size where it has one;
//!    what values, events and code of a session take together is bounded.
//! 3. No input makes it panic, and nothing recurses deeper than types and values may be nested.
//! 4. Verified code meets no error of the broken-invariant class. What is checked at run time all the
//!    same (stack, locals, kinds of values, references) makes other code wrong at worst.

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
pub use session::{Interface, Republish, Session};
