//! `trivium-node`: a development chain that needs nothing else, a collator, a full node.
//!
//! [`cli`] says what can be asked, [`command`] answers it. [`client`] builds what every way of
//! running shares (database, executor, pool, import queue), [`genesis`] the state a chain begins
//! with, [`pool`] the rules for the transactions that wait; [`service`] makes of it a parachain
//! node, [`dev`] a chain of its own. [`rpc`] is what either offers to clients, [`chain_spec`] the
//! chains the binary knows by name.

#![warn(missing_docs)]
// The errors are those of the services below, which are large.
#![allow(clippy::result_large_err)]

mod chain_spec;
mod cli;
mod client;
mod command;
mod dev;
mod genesis;
mod pool;
mod rpc;
mod service;

fn main() -> polkadot_sdk::sc_cli::Result<()> {
	command::run()
}
