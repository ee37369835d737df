//! Carries out what was asked on the command line.

use polkadot_sdk::*;

use std::{
	fs,
	future::Future,
	io::{self, Write},
	path::PathBuf,
};

use frame_benchmarking_cli::SUBSTRATE_REFERENCE_HARDWARE;
use sc_cli::{CliConfiguration, Result, SubstrateCli};
use sc_client_api::Backend as _;
use sc_network::{config::NetworkBackendType, Litep2pNetworkBackend, NetworkWorker};
use sc_service::{Configuration, DatabaseSource, TaskManager};
use sc_sysinfo::HwBench;

use crate::{
	cli::{Cli, RelayChainCli, Subcommand},
	client::{self, Chain, Consensus, Parts},
	dev, service,
};

/// Where a ParityDB lies in a chain's folder.
const DATABASE_FOLDER: &str = "paritydb";

/// Reads the command line and does what it says.
///
/// # Errors
/// What the command failed with.
pub fn run() -> Result<()> {
	let cli = Cli::from_arguments();
	match &cli.subcommand {
		None => run_node(&cli),
		Some(Subcommand::BuildSpec(cmd)) => cli
			.create_runner(cmd)?
			.sync_run(|config| cmd.run(config.chain_spec, config.network)),
		Some(Subcommand::ExportChainSpec(cmd)) => cmd.run(cli.load_spec(&cmd.chain)?),
		Some(Subcommand::ExportGenesisHead(cmd)) => {
			let dev = cmd.is_dev()?;
			let id = cmd.chain_id(dev)?;
			cli.create_runner(cmd)?.sync_run(|config| {
				let config = in_parity_db(config);
				let parts = client::build(
					&config,
					Chain::of(&id, &*config.chain_spec, dev),
					cli.sender_limit(),
				)?;
				cmd.run(parts.client)
			})
		}
		Some(Subcommand::ExportGenesisWasm(cmd)) => cli
			.create_runner(cmd)?
			.sync_run(|config| cmd.run(&*config.chain_spec)),
		Some(Subcommand::Key(cmd)) => cmd.run(&cli),
		Some(Subcommand::PurgeChain(cmd)) => purge_chain(&cli, cmd),
		Some(Subcommand::ExportBlocks(cmd)) => on_database(&cli, cmd, |parts, config, _| {
			cmd.run(parts.client, config.database)
		}),
		Some(Subcommand::ImportBlocks(cmd)) => on_database(&cli, cmd, |parts, _, _| {
			cmd.run(parts.client, parts.import_queue)
		}),
		Some(Subcommand::CheckBlock(cmd)) => on_database(&cli, cmd, |parts, _, _| {
			cmd.run(parts.client, parts.import_queue)
		}),
		Some(Subcommand::Revert(cmd)) => on_database(&cli, cmd, |parts, _, consensus| {
			revert(cmd, parts, consensus)
		}),
	}
}

/// Puts the chain into ParityDB, for a command that does not ask which database to use.
fn in_parity_db(mut config: Configuration) -> Configuration {
	let path = config.data_path.join(DATABASE_FOLDER).join("full");
	config.database = DatabaseSource::ParityDb { path };
	config
}

/// Runs an operation on the chain's database, without a network.
fn on_database<'a, C, O, F>(cli: &Cli, cmd: &C, operation: O) -> Result<()>
where
	C: CliConfiguration,
	O: FnOnce(Operands, Configuration, Consensus) -> F,
	F: Future<Output = Result<()>> + 'a,
{
	let dev = cmd.is_dev()?;
	let id = cmd.chain_id(dev)?;
	cli.create_runner(cmd)?.async_run(|config| {
		let chain = Chain::of(&id, &*config.chain_spec, dev);
		let Parts {
			client,
			backend,
			import_queue,
			task_manager,
			..
		} = client::build(&config, chain, cli.sender_limit())?;
		let operands = Operands {
			client,
			backend,
			import_queue,
		};
		Ok((operation(operands, config, chain.consensus), task_manager))
	})
}

/// What operations on the database work on.
struct Operands {
	client: std::sync::Arc<client::FullClient>,
	backend: std::sync::Arc<client::FullBackend>,
	import_queue: sc_consensus::DefaultImportQueue<client::Block>,
}

/// Takes back blocks. On a dev chain every block is final, and the developer may still want some
/// undone; elsewhere final is final.
async fn revert(cmd: &sc_cli::RevertCmd, operands: Operands, consensus: Consensus) -> Result<()> {
	let Operands {
		client, backend, ..
	} = operands;
	match consensus {
		Consensus::Aura => cmd.run(client, backend, None).await,
		Consensus::Dev => {
			let (reverted, _) = backend.revert(cmd.num.parse()?, true)?;
			let info = sp_blockchain::HeaderBackend::info(&*client);
			println!(
				"Reverted {reverted} blocks. Best: #{} ({})",
				info.best_number, info.best_hash
			);
			Ok(())
		}
	}
}

/// Removes the parachain's database and those of the relay chains that the embedded node followed.
fn purge_chain(cli: &Cli, cmd: &cumulus_client_cli::PurgeChainCmd) -> Result<()> {
	cli.create_runner(cmd)?.sync_run(|config| {
		let all = cmd.parachain == cmd.relaychain;
		let mut folders = Vec::new();
		if all || cmd.parachain {
			folders.push(config.data_path.join(DATABASE_FOLDER));
		}
		if all || cmd.relaychain {
			folders.append(&mut relay_chain_databases(&config)?);
		}
		folders.retain(|folder| folder.exists());
		if folders.is_empty() {
			println!("There is nothing to remove.");
			return Ok(());
		}

		for folder in &folders {
			println!("{}", folder.display());
		}
		if !cmd.base.yes && !confirmed("Remove this?")? {
			println!("Nothing was removed.");
			return Ok(());
		}
		for folder in &folders {
			fs::remove_dir_all(folder)?;
		}
		println!("Removed.");
		Ok(())
	})
}

/// The databases of all relay chains that the embedded node followed beside this parachain. Which
/// it was is known only to the arguments that the node ran with.
fn relay_chain_databases(parachain: &Configuration) -> io::Result<Vec<PathBuf>> {
	match fs::read_dir(RelayChainCli::folder(parachain).join("chains")) {
		Ok(chains) => chains
			.map(|chain| Ok(chain?.path().join(DATABASE_FOLDER)))
			.collect(),
		Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
		Err(error) => Err(error),
	}
}

/// Asks a yes-or-no question on the terminal.
fn confirmed(question: &str) -> io::Result<bool> {
	print!("{question} [y/N]: ");
	io::stdout().flush()?;
	let mut answer = String::new();
	io::stdin().read_line(&mut answer)?;
	Ok(matches!(answer.trim(), "y" | "Y"))
}

/// The embedded relay chain node's configuration.
fn relay_chain_config(cli: &Cli, parachain: &Configuration) -> Result<Configuration> {
	let relay = RelayChainCli::new(parachain, &cli.relay_chain_args);
	SubstrateCli::create_configuration(&relay, &relay, parachain.tokio_handle.clone()).map_err(
		|error| {
			format!(
				"the relay chain cannot be configured; give it a specification with \
				 `-- --chain <file>`: {error}"
			)
			.into()
		},
	)
}

/// Runs the node until it is told to stop.
fn run_node(cli: &Cli) -> Result<()> {
	let cmd = cli.run.normalize();
	let dev = cmd.is_dev()?;
	let id = cmd.chain_id(dev)?;
	cli.create_runner(&cmd)?
		.run_node_until_exit(|config| async move {
			let chain = Chain::of(&id, &*config.chain_spec, dev);
			cli.ensure_fits(chain.consensus == Consensus::Dev)?;
			match chain.consensus {
				Consensus::Dev => {
					dev::start(config, chain, cli.rhythm(), cli.sender_limit()).map_err(Into::into)
				}
				Consensus::Aura => run_parachain(cli, config, chain).await,
			}
		})
}

/// Starts a collator or a full node.
async fn run_parachain(cli: &Cli, parachain: Configuration, chain: Chain) -> Result<TaskManager> {
	let relay_chain = relay_chain_config(cli, &parachain)?;
	let backend = parachain.network.network_backend;
	let params = service::Params {
		chain,
		hardware: measure_hardware(cli, &parachain),
		collator_options: cli.run.collator_options(),
		max_pov_percentage: cli.run.experimental_max_pov_percentage,
		sender_limit: cli.sender_limit(),
		parachain,
		relay_chain,
	};
	match backend {
		NetworkBackendType::Libp2p => service::start::<NetworkWorker<_, _>>(params).await,
		NetworkBackendType::Litep2p => service::start::<Litep2pNetworkBackend>(params).await,
	}
	.map_err(Into::into)
}

/// Measures what a collator's machine can do, unless that is not wanted.
fn measure_hardware(cli: &Cli, config: &Configuration) -> Option<HwBench> {
	if cli.no_hardware_benchmarks || !config.role.is_authority() {
		return None;
	}
	let folder = config.database.path()?;
	if let Err(error) = fs::create_dir_all(folder) {
		log::warn!(
			"The disk cannot be measured at {}: {error}",
			folder.display()
		);
		return None;
	}
	Some(sc_sysinfo::gather_hwbench(
		Some(folder),
		&SUBSTRATE_REFERENCE_HARDWARE,
	))
}
