//! The pallet on a ledger and the real dispatch pallet, with the repository's own packages.

mod bad_input;
mod basics;
mod classes;
mod cross_vm;
mod deposits;
mod dispatch;
mod limits;
mod packages;
