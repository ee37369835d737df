//! Tests of the runtime as a whole, on the state that the `development` preset gives.

mod blob;
mod bounds;
mod common;
mod composition;
mod ethereum;
mod fees;
mod gas;
mod genesis;
mod machines;
mod proxies;
mod trace;
