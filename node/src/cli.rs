//! What can be asked on the command line.

use polkadot_sdk::*;

use std::{path::PathBuf, time::Duration};

use clap::{
	builder::{PossibleValuesParser, TypedValueParser},
	CommandFactory, FromArgMatches,
};
use sc_cli::{
	CliConfiguration, Database, DefaultConfigurationValues, ImportParams, KeystoreParams,
	NetworkParams, Result, RpcEndpoint, SharedParams, SubstrateCli,
};
use sc_service::{
	config::{PrometheusConfig, RpcMethods, TelemetryEndpoints, TransactionPoolOptions},
	BasePath, Role,
};

use crate::{
	chain_spec::{self, Extensions},
	dev::{Pace, Rhythm},
	pool::DEFAULT_SENDER_LIMIT,
};

/// The longest time between two blocks that may be asked for, in milliseconds: a day.
const MAX_DEV_BLOCK_TIME: u64 = 24 * 60 * 60 * 1_000;

/// What the EVM refuses although Ethereum may take it. Stands at the end of the help.
const EVM_LIMITS: &str = "\
Ethereum transactions:
  gas limit       at most 16777216 (2^24, EIP-7825) a transaction
  size            at most 128 KiB
  types           0, 1, 2 and 4 (EIP-7702); no blobs (type 3)
  chain id        that of the specification; without one (before EIP-155) only where the chain's genesis
                  allows it, as the development chain's does
  replacements    at least a tenth more on both caps (maxFeePerGas and maxPriorityFeePerGas)
More: docs/fees.md, docs/operators.md.";

/// The Trivium node.
#[derive(Debug, clap::Parser)]
#[command(after_long_help = EVM_LIMITS)]
pub struct Cli {
	/// What to do instead of running the node.
	#[command(subcommand)]
	pub subcommand: Option<Subcommand>,

	/// How to run the node.
	#[command(flatten)]
	pub run: cumulus_client_cli::RunCmd,

	/// The longest time between two blocks of the dev chain, in milliseconds.
	///
	/// A transaction does not wait for it: a block is made at once. A block takes a slot of 6 s of the
	/// chain's time however fast it comes, so a time below 6000 makes the chain's clock run ahead.
	/// Default: in step with the wall clock, a block a slot, or every second slot while the chain's
	/// clock is ahead because of transactions.
	#[arg(
		long,
		value_name = "MS",
		conflicts_with = "instant_seal",
		value_parser = clap::value_parser!(u64).range(1..=MAX_DEV_BLOCK_TIME)
	)]
	pub dev_block_time: Option<u64>,

	/// Make a block of the dev chain only when there is a transaction.
	#[arg(long)]
	pub instant_seal: bool,

	/// The most seconds that the dev chain's clock may run ahead of the wall clock.
	///
	/// Blocks wait, those of transactions too, until their time is no further ahead. With 0 the chain
	/// makes at most one block every 6 s. Default: no limit; each block made sooner than 6 s after the
	/// last adds up to 6 s to the lead.
	#[arg(long, value_name = "SECONDS")]
	pub dev_max_lead: Option<u32>,

	/// The most transactions of one sender that the pool takes, ready and future ones together.
	#[arg(
		long,
		value_name = "COUNT",
		default_value_t = DEFAULT_SENDER_LIMIT,
		value_parser = clap::value_parser!(u32).range(1..)
	)]
	pub pool_sender_limit: u32,

	/// Do not measure the hardware when a collator starts.
	#[arg(long)]
	pub no_hardware_benchmarks: bool,

	/// Arguments for the embedded relay chain node, after `--`.
	#[arg(raw = true)]
	pub relay_chain_args: Vec<String>,
}

/// What the binary does besides running a node.
#[derive(Debug, clap::Subcommand)]
#[allow(clippy::large_enum_variant)]
pub enum Subcommand {
	/// Build a chain specification.
	BuildSpec(sc_cli::BuildSpecCmd),

	/// Export a chain specification to a file.
	ExportChainSpec(sc_cli::ExportChainSpecCmd),

	/// Export the genesis head, as the relay chain registers it.
	#[command(alias = "export-genesis-state")]
	ExportGenesisHead(cumulus_client_cli::ExportGenesisHeadCommand),

	/// Export the genesis code, as the relay chain registers it.
	ExportGenesisWasm(cumulus_client_cli::ExportGenesisWasmCommand),

	/// Make, inspect and insert keys; sign and verify.
	#[command(subcommand)]
	Key(sc_cli::KeySubcommand),

	/// Remove the chain's database.
	PurgeChain(cumulus_client_cli::PurgeChainCmd),

	/// Export blocks to a file.
	ExportBlocks(sc_cli::ExportBlocksCmd),

	/// Import blocks from a file.
	ImportBlocks(sc_cli::ImportBlocksCmd),

	/// Take back the newest blocks.
	Revert(sc_cli::RevertCmd),

	/// Execute a block again and check it.
	CheckBlock(sc_cli::CheckBlockCmd),
}

impl Cli {
	/// Reads the process's arguments; prints and exits where they are wrong or ask for help.
	pub fn from_arguments() -> Self {
		Self::parse(std::env::args_os()).unwrap_or_else(|error| error.exit())
	}

	/// Reads the given arguments, the first of which is the binary's name.
	fn parse<I>(arguments: I) -> clap::error::Result<Self>
	where
		I: IntoIterator,
		I::Item: Into<std::ffi::OsString> + Clone,
	{
		let command = parity_db_only(<Self as SubstrateCli>::setup_command(Self::command()));
		Self::from_arg_matches(&command.try_get_matches_from(arguments)?)
	}

	/// When the dev chain makes blocks.
	pub fn rhythm(&self) -> Rhythm {
		Rhythm {
			pace: match (self.instant_seal, self.dev_block_time) {
				(true, _) => Pace::OnTransaction,
				(false, Some(time)) => Pace::Every(Duration::from_millis(time)),
				(false, None) => Pace::InStep,
			},
			max_lead: self
				.dev_max_lead
				.map(|seconds| Duration::from_secs(seconds.into())),
		}
	}

	/// How many transactions of one sender the pool takes.
	pub fn sender_limit(&self) -> usize {
		usize::try_from(self.pool_sender_limit).unwrap_or(usize::MAX)
	}

	/// Checks that the options belong to the kind of chain that is about to run.
	///
	/// # Errors
	/// If an option is given that would have no effect.
	pub fn ensure_fits(&self, dev: bool) -> Result<()> {
		let pace =
			self.instant_seal || self.dev_block_time.is_some() || self.dev_max_lead.is_some();
		let relay = self.run.collator
			|| !self.run.relay_chain_rpc_urls.is_empty()
			|| !self.relay_chain_args.is_empty();
		match (dev, pace, relay) {
			(true, _, true) => Err("a development chain has no relay chain: --collator, \
				--relay-chain-rpc-urls and arguments after `--` do not go with it"
				.into()),
			(false, true, _) => Err(
				"--dev-block-time, --dev-max-lead and --instant-seal are for a development chain: \
				 add --dev"
					.into(),
			),
			_ => Ok(()),
		}
	}
}

/// Makes ParityDB the default, and the only choice, of a command and all below it.
fn parity_db_only(mut command: clap::Command) -> clap::Command {
	if command
		.get_arguments()
		.any(|argument| argument.get_id() == "database")
	{
		command = command.mut_arg("database", |argument| {
			argument
				.value_parser(PossibleValuesParser::new(["paritydb"]).map(|_| Database::ParityDb))
				.default_value("paritydb")
		});
	}
	let names: Vec<_> = command
		.get_subcommands()
		.map(|command| command.get_name().to_owned())
		.collect();
	names.into_iter().fold(command, |command, name| {
		command.mut_subcommand(name, parity_db_only)
	})
}

impl SubstrateCli for Cli {
	fn impl_name() -> String {
		"Trivium Node".into()
	}

	fn impl_version() -> String {
		env!("SUBSTRATE_CLI_IMPL_VERSION").into()
	}

	fn description() -> String {
		env!("CARGO_PKG_DESCRIPTION").into()
	}

	fn author() -> String {
		env!("CARGO_PKG_AUTHORS").into()
	}

	fn support_url() -> String {
		concat!(env!("CARGO_PKG_REPOSITORY"), "/issues").into()
	}

	fn copyright_start_year() -> i32 {
		2026
	}

	fn load_spec(&self, id: &str) -> std::result::Result<Box<dyn sc_service::ChainSpec>, String> {
		chain_spec::load(id)
	}
}

/// The arguments of the embedded relay chain node, with its own ports and folder.
#[derive(Debug)]
pub struct RelayChainCli {
	/// What was given after `--`.
	base: polkadot_cli::RunCmd,
	/// The relay chain that the parachain's specification names.
	chain_id: Option<String>,
	/// Where the relay chain's data lies unless the arguments say otherwise.
	base_path: PathBuf,
}

impl RelayChainCli {
	/// Reads the relay chain's arguments beside a parachain's configuration; prints and exits
	/// where they are wrong or ask for help.
	pub fn new(parachain: &sc_service::Configuration, arguments: &[String]) -> Self {
		let base = Self::parse(arguments).unwrap_or_else(|error| error.exit());
		Self {
			base,
			chain_id: Extensions::of(&*parachain.chain_spec)
				.map(|extensions| extensions.relay_chain.clone()),
			base_path: Self::folder(parachain),
		}
	}

	/// The relay chain's folder inside the parachain's.
	pub fn folder(parachain: &sc_service::Configuration) -> PathBuf {
		parachain.base_path.path().join("polkadot")
	}

	fn parse(arguments: &[String]) -> clap::error::Result<polkadot_cli::RunCmd> {
		let help = color_print::cformat!(
			"Arguments for the embedded relay chain node.\n\n\
			 <bold><underline>RELAY_CHAIN_ARGS:</></>\n{{options}}"
		);
		let command = polkadot_cli::RunCmd::command()
			.no_binary_name(true)
			.help_template(help);
		let matches = parity_db_only(command).try_get_matches_from(arguments)?;
		polkadot_cli::RunCmd::from_arg_matches(&matches)
	}
}

impl SubstrateCli for RelayChainCli {
	fn impl_name() -> String {
		Cli::impl_name()
	}

	fn impl_version() -> String {
		Cli::impl_version()
	}

	fn description() -> String {
		Cli::description()
	}

	fn author() -> String {
		Cli::author()
	}

	fn support_url() -> String {
		Cli::support_url()
	}

	fn copyright_start_year() -> i32 {
		Cli::copyright_start_year()
	}

	fn load_spec(&self, id: &str) -> std::result::Result<Box<dyn sc_service::ChainSpec>, String> {
		polkadot_cli::Cli::from_iter([Self::executable_name()].iter()).load_spec(id)
	}
}

impl DefaultConfigurationValues for RelayChainCli {
	fn p2p_listen_port() -> u16 {
		30334
	}

	fn rpc_listen_port() -> u16 {
		9945
	}

	fn prometheus_listen_port() -> u16 {
		9616
	}
}

impl CliConfiguration<Self> for RelayChainCli {
	fn shared_params(&self) -> &SharedParams {
		self.base.base.shared_params()
	}

	fn import_params(&self) -> Option<&ImportParams> {
		self.base.base.import_params()
	}

	fn network_params(&self) -> Option<&NetworkParams> {
		self.base.base.network_params()
	}

	fn keystore_params(&self) -> Option<&KeystoreParams> {
		self.base.base.keystore_params()
	}

	fn base_path(&self) -> Result<Option<BasePath>> {
		Ok(self
			.shared_params()
			.base_path()?
			.or_else(|| Some(self.base_path.clone().into())))
	}

	fn chain_id(&self, is_dev: bool) -> Result<String> {
		let asked = self.base.base.chain_id(is_dev)?;
		Ok(if asked.is_empty() {
			self.chain_id.clone().unwrap_or_default()
		} else {
			asked
		})
	}

	fn role(&self, is_dev: bool) -> Result<Role> {
		self.base.base.role(is_dev)
	}

	fn node_name(&self) -> Result<String> {
		self.base.base.node_name()
	}

	fn transaction_pool(&self, is_dev: bool) -> Result<TransactionPoolOptions> {
		self.base.base.transaction_pool(is_dev)
	}

	fn trie_cache_maximum_size(&self) -> Result<Option<usize>> {
		self.base.base.trie_cache_maximum_size()
	}

	fn default_heap_pages(&self) -> Result<Option<u64>> {
		self.base.base.default_heap_pages()
	}

	fn max_runtime_instances(&self) -> Result<Option<usize>> {
		self.base.base.max_runtime_instances()
	}

	fn force_authoring(&self) -> Result<bool> {
		self.base.base.force_authoring()
	}

	fn disable_grandpa(&self) -> Result<bool> {
		self.base.base.disable_grandpa()
	}

	fn announce_block(&self) -> Result<bool> {
		self.base.base.announce_block()
	}

	fn rpc_addr(&self, default_listen_port: u16) -> Result<Option<Vec<RpcEndpoint>>> {
		self.base.base.rpc_addr(default_listen_port)
	}

	fn rpc_methods(&self) -> Result<RpcMethods> {
		self.base.base.rpc_methods()
	}

	fn rpc_max_connections(&self) -> Result<u32> {
		self.base.base.rpc_max_connections()
	}

	fn rpc_cors(&self, is_dev: bool) -> Result<Option<Vec<String>>> {
		self.base.base.rpc_cors(is_dev)
	}

	fn prometheus_config(
		&self,
		default_listen_port: u16,
		chain_spec: &Box<dyn sc_service::ChainSpec>,
	) -> Result<Option<PrometheusConfig>> {
		self.base
			.base
			.prometheus_config(default_listen_port, chain_spec)
	}

	fn telemetry_endpoints(
		&self,
		chain_spec: &Box<dyn sc_service::ChainSpec>,
	) -> Result<Option<TelemetryEndpoints>> {
		self.base.base.telemetry_endpoints(chain_spec)
	}

	fn init<F>(&self, _: &String, _: &String, _: F) -> Result<()>
	where
		F: FnOnce(&mut sc_cli::LoggerBuilder),
	{
		// The process's logger is the parachain's; only `create_runner` would come here, and no
		// runner is made for the relay chain.
		Ok(())
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn parse(arguments: &[&str]) -> clap::error::Result<Cli> {
		Cli::parse(std::iter::once(&"trivium-node").chain(arguments))
	}

	#[test]
	fn command_line_is_well_formed() {
		parity_db_only(Cli::setup_command(Cli::command())).debug_assert();
	}

	#[test]
	fn pace_is_that_of_the_wall_clock_unless_asked_otherwise() {
		let pace = |arguments: &[&str]| parse(arguments).unwrap().rhythm().pace;
		assert_eq!(pace(&["--dev"]), Pace::InStep);
		assert_eq!(
			pace(&["--dev", "--dev-block-time", "250"]),
			Pace::Every(Duration::from_millis(250))
		);
		assert_eq!(pace(&["--dev", "--instant-seal"]), Pace::OnTransaction);
	}

	#[test]
	fn pace_refuses_what_makes_no_sense() {
		assert!(parse(&["--dev", "--dev-block-time", "0"]).is_err());
		assert!(parse(&["--dev", "--dev-block-time", "86400001"]).is_err());
		assert!(parse(&["--dev", "--dev-block-time", "soon"]).is_err());
		assert!(parse(&["--dev", "--dev-block-time", "9", "--instant-seal"]).is_err());
	}

	#[test]
	fn lead_is_bounded_only_if_asked_for() {
		let lead = |arguments: &[&str]| parse(arguments).unwrap().rhythm().max_lead;
		assert_eq!(lead(&["--dev"]), None);
		assert_eq!(
			lead(&["--dev", "--dev-max-lead", "60"]),
			Some(Duration::from_secs(60))
		);
		assert_eq!(
			lead(&["--dev", "--instant-seal", "--dev-max-lead", "0"]),
			Some(Duration::ZERO)
		);
	}

	#[test]
	fn sender_has_a_bounded_number_of_places() {
		assert_eq!(parse(&[]).unwrap().pool_sender_limit, DEFAULT_SENDER_LIMIT);
		let limit = parse(&["--pool-sender-limit", "7"]).unwrap().sender_limit();
		assert_eq!(limit, 7);
		assert!(parse(&["--pool-sender-limit", "0"]).is_err());
	}

	#[test]
	fn help_names_the_limits_of_the_evm() {
		let error = parse(&["--help"]).unwrap_err().to_string();
		assert!(error.contains("16777216") && error.contains("EIP-155"));
	}

	#[test]
	fn commands_of_launchers_are_there() {
		// What zombienet's native provider and the SDK's tools call, in their spelling.
		for arguments in [
			&[
				"build-spec",
				"--chain",
				"local",
				"--disable-default-bootnode",
			][..],
			&["build-spec", "--chain", "local", "--raw"],
			&["export-genesis-state", "--chain", "local"],
			&["export-genesis-state", "--chain", "local", "head"],
			&["export-genesis-head", "--chain", "local"],
			&["export-genesis-wasm", "--chain", "local", "code"],
			&["key", "generate-node-key"],
		] {
			let parsed = parse(arguments);
			assert!(parsed.is_ok(), "{arguments:?}: {:?}", parsed.err());
		}
		assert!(matches!(
			parse(&["export-genesis-state"]).unwrap().subcommand,
			Some(Subcommand::ExportGenesisHead(_))
		));
	}

	#[test]
	fn options_of_launchers_are_there() {
		let key = "00".repeat(31) + "01";
		let parsed = parse(&[
			"--name",
			"collator",
			"--node-key",
			&key,
			"--chain",
			"local.json",
			"--base-path",
			"/data",
			"--listen-addr",
			"/ip4/127.0.0.1/tcp/30333/ws",
			"--prometheus-external",
			"--prometheus-port",
			"9615",
			"--rpc-port",
			"9944",
			"--unsafe-rpc-external",
			"--rpc-cors",
			"all",
			"--rpc-methods",
			"unsafe",
			"--no-telemetry",
			"--bootnodes",
			"/ip4/127.0.0.1/tcp/30334/ws/p2p/12D3KooWQCkBm1BYtkHpocxCwMgR8yjitEeHGx8spzcDLGt2gkBm",
			"--collator",
			"--force-authoring",
			"--",
			"--chain",
			"relay.json",
			"--port",
			"30335",
		]);
		let relay = RelayChainCli::parse(&parsed.unwrap().relay_chain_args);
		assert!(relay.is_ok(), "{:?}", relay.err());
	}

	#[test]
	fn database_is_parity_db_in_every_command() {
		let database = |cli: &Cli| match &cli.subcommand {
			None => cli.run.base.import_params.database_params.database,
			Some(Subcommand::ExportBlocks(cmd)) => cmd.database_params.database,
			Some(Subcommand::ImportBlocks(cmd)) => cmd.import_params.database_params.database,
			Some(Subcommand::Revert(cmd)) => cmd.database_params.database,
			Some(Subcommand::CheckBlock(cmd)) => cmd.import_params.database_params.database,
			Some(Subcommand::PurgeChain(cmd)) => cmd.base.database_params.database,
			other => panic!("has no database: {other:?}"),
		};
		for arguments in [
			&[][..],
			&["--dev"],
			&["export-blocks"],
			&["import-blocks"],
			&["revert"],
			&["check-block", "1"],
			&["purge-chain"],
		] {
			let cli = parse(arguments).unwrap();
			assert_eq!(database(&cli), Some(Database::ParityDb), "{arguments:?}");
		}
		let relay = RelayChainCli::parse(&[]).unwrap();
		assert_eq!(
			relay.base.import_params.database_params.database,
			Some(Database::ParityDb)
		);
	}

	#[test]
	fn database_takes_no_other_value() {
		assert!(parse(&["--database", "paritydb"]).is_ok());
		assert!(parse(&["--db", "paritydb"]).is_ok());
		assert!(parse(&["--database", "rocksdb"]).is_err());
		assert!(parse(&["purge-chain", "--database", "rocksdb"]).is_err());
	}

	#[test]
	fn options_without_effect_are_refused() {
		let fits = |arguments: &[&str], dev| parse(arguments).unwrap().ensure_fits(dev).is_ok();
		assert!(fits(&["--dev"], true));
		assert!(fits(&["--dev", "--instant-seal"], true));
		assert!(!fits(&["--dev", "--collator"], true));
		assert!(!fits(&["--dev", "--", "--chain", "relay.json"], true));
		assert!(!fits(
			&["--dev", "--relay-chain-rpc-urls", "ws://127.0.0.1:9945"],
			true
		));
		assert!(fits(&["--collator"], false));
		assert!(fits(&["--collator", "--", "--chain", "relay.json"], false));
		assert!(!fits(&["--collator", "--instant-seal"], false));
		assert!(!fits(&["--dev-block-time", "100"], false));
		assert!(!fits(&["--dev-max-lead", "100"], false));
	}

	#[test]
	fn relay_chain_arguments_follow_the_dashes() {
		let cli = parse(&["--collator", "--", "--chain", "relay.json", "--port", "4"]).unwrap();
		let relay = RelayChainCli::parse(&cli.relay_chain_args).unwrap();
		assert_eq!(
			relay.base.shared_params.chain.as_deref(),
			Some("relay.json")
		);
		assert_eq!(relay.base.network_params.port, Some(4));
	}
}
