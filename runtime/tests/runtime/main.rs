//! Tests of the runtime as a whole, on the state that the `development` preset gives.

mod accounts;
mod blob;
mod bounds;
mod common;
mod composition;
mod contracts;
mod deposits;
mod doors;
mod equivalence;
mod errors;
mod ethereum;
mod fees;
mod gas;
mod genesis;
mod ink;
mod ink_weights;
mod interfaces;
mod machines;
mod move_calls;
mod move_gas;
mod proxies;
mod receipts;
mod refusals;
mod trace;
mod trees;
