//! What every way of running the node, and every command on its database, is built from.

use polkadot_sdk::*;

use std::{env, error::Error, path::PathBuf, sync::Arc};

use cumulus_client_consensus_common::ParachainBlockImport as TParachainBlockImport;
use futures::FutureExt;
use sc_chain_spec::GenesisBlockBuilder;
use sc_consensus::DefaultImportQueue;
use sc_executor::{HeapAllocStrategy, WasmExecutor, DEFAULT_HEAP_ALLOC_STRATEGY};
use sc_network::service::traits::NetworkService;
use sc_service::{ChainType, Configuration, TFullBackend, TFullClient, TaskManager};
use sc_telemetry::{Telemetry, TelemetryHandle, TelemetryWorker, TelemetryWorkerHandle};
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use sp_consensus_aura::sr25519::AuthorityPair;
use sp_keystore::KeystorePtr;
use sp_runtime::{generic, traits::BlakeTwo256, BuildStorage, OpaqueExtrinsic};
use trivium_runtime::apis::RuntimeApi;

use crate::{chain_spec, genesis::PresetGenesis, pool::Pool};

pub use sc_service::Error as ServiceError;
pub use trivium_runtime::Hash;

/// A block header.
pub type Header = generic::Header<u32, BlakeTwo256>;

/// A block whose transactions only the runtime understands, so that a node outlives upgrades.
pub type Block = generic::Block<Header, OpaqueExtrinsic>;

/// What the runtime may call: what a validator offers to a parachain.
#[cfg(not(feature = "runtime-benchmarks"))]
pub type HostFunctions = cumulus_client_service::ParachainHostFunctions;

/// What the runtime may call, and what its benchmarks measure with.
#[cfg(feature = "runtime-benchmarks")]
pub type HostFunctions = (
	cumulus_client_service::ParachainHostFunctions,
	frame_benchmarking::benchmarking::HostFunctions,
);

/// Executes the runtime.
pub type Executor = WasmExecutor<HostFunctions>;

/// The chain: its blocks, their state, and the runtime over it.
pub type FullClient = TFullClient<Block, RuntimeApi, Executor>;

/// The database.
pub type FullBackend = TFullBackend<Block>;

/// Imports parachain blocks; the relay chain, not their length, decides which is best.
pub type ParachainBlockImport = TParachainBlockImport<Block, Arc<FullClient>, FullBackend>;

/// Who makes the blocks of a chain, and so how one from elsewhere is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consensus {
	/// The dev chain's engine. Its blocks bear no seal and there is nobody to deceive.
	Dev,
	/// Collators that take turns, below a relay chain.
	Aura,
}

/// What is known of a chain before its database is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chain {
	/// Who makes its blocks.
	pub consensus: Consensus,
	/// The preset of this binary's runtime that it begins with; none if a file says how.
	pub preset: Option<&'static str>,
}

impl Chain {
	/// The chain of a specification that was found by `id`. A development chain has no relay
	/// chain, nor has any that is run with `--dev`.
	pub fn of(id: &str, spec: &dyn sc_service::ChainSpec, dev: bool) -> Self {
		let consensus = match dev || matches!(spec.chain_type(), ChainType::Development) {
			true => Consensus::Dev,
			false => Consensus::Aura,
		};
		Self {
			consensus,
			preset: chain_spec::preset(id),
		}
	}
}

/// The parts of a node before it has a network.
pub struct Parts {
	/// The chain.
	pub client: Arc<FullClient>,
	/// The database.
	pub backend: Arc<FullBackend>,
	/// Runs the node's tasks, and ends with them.
	pub task_manager: TaskManager,
	/// The node's keys.
	pub keystore: KeystorePtr,
	/// The transactions that wait.
	pub pool: Arc<Pool>,
	/// Takes in blocks from elsewhere.
	pub import_queue: DefaultImportQueue<Block>,
	/// Takes in blocks that this node collated.
	pub block_import: ParachainBlockImport,
	/// Reports to telemetry servers, if there are any.
	pub telemetry: Option<Telemetry>,
	/// Lets the relay chain node report through the same connection.
	pub telemetry_worker: Option<TelemetryWorkerHandle>,
}

/// Builds the parts of a node. One sender may have `sender_limit` transactions in the pool.
///
/// # Errors
/// If the database cannot be opened, the genesis state not be built, or the runtime not be run.
pub fn build(
	config: &Configuration,
	chain: Chain,
	sender_limit: usize,
) -> Result<Parts, ServiceError> {
	let telemetry = config
		.telemetry_endpoints
		.clone()
		.filter(|endpoints| !endpoints.is_empty())
		.map(|endpoints| -> Result<_, sc_telemetry::Error> {
			let worker = TelemetryWorker::new(16)?;
			let telemetry = worker.handle().new_telemetry(endpoints);
			Ok((worker, telemetry))
		})
		.transpose()?;

	let backend = sc_service::new_db_backend::<Block>(config.db_config())?;
	let executor = executor(config, chain.consensus);
	let genesis = genesis_builder(config, chain, &backend, &executor)?;
	// Proofs are recorded on import so that proof size is reclaimed there as it is in validation.
	let (client, backend, keystore_container, task_manager) =
		sc_service::new_full_parts_with_genesis_builder::<Block, RuntimeApi, _, _>(
			config,
			telemetry.as_ref().map(|(_, telemetry)| telemetry.handle()),
			executor,
			backend,
			genesis,
			true,
		)?;
	let client = Arc::new(client);

	let telemetry_worker = telemetry.as_ref().map(|(worker, _)| worker.handle());
	let telemetry = telemetry.map(|(worker, telemetry)| {
		task_manager
			.spawn_handle()
			.spawn("telemetry", None, worker.run());
		telemetry
	});

	let unguarded = sc_transaction_pool::Builder::new(
		task_manager.spawn_essential_handle(),
		client.clone(),
		config.role.is_authority().into(),
	)
	.with_options(config.transaction_pool.clone())
	.with_prometheus(config.prometheus_registry())
	.build();
	let pool = Arc::new(Pool::new(unguarded, client.clone(), sender_limit));

	let block_import = ParachainBlockImport::new(client.clone(), backend.clone());
	let import_queue = import_queue(ImportQueueParams {
		config,
		consensus: chain.consensus,
		client: client.clone(),
		block_import: block_import.clone(),
		telemetry: telemetry.as_ref().map(Telemetry::handle),
		task_manager: &task_manager,
	});

	Ok(Parts {
		client,
		backend,
		task_manager,
		keystore: keystore_container.keystore(),
		pool,
		import_queue,
		block_import,
		telemetry,
		telemetry_worker,
	})
}

/// What makes the first block of a chain whose database is still empty.
fn genesis_builder(
	config: &Configuration,
	chain: Chain,
	backend: &Arc<FullBackend>,
	executor: &Executor,
) -> Result<GenesisBlockBuilder<Block, FullBackend, Executor>, ServiceError> {
	let build = |genesis: &dyn BuildStorage| {
		let commit = !config.no_genesis();
		GenesisBlockBuilder::new(genesis, commit, backend.clone(), executor.clone())
	};
	Ok(match chain.preset {
		Some(preset) => {
			let code = chain_spec::runtime_code()?;
			build(&PresetGenesis {
				executor,
				code,
				preset,
			})?
		}
		None => build(config.chain_spec.as_storage_builder())?,
	})
}

/// The executor a configuration asks for. On a dev chain it keeps the compiled runtime from one
/// start to the next, so that only the first has to wait for the compiler.
fn executor(config: &Configuration, consensus: Consensus) -> Executor {
	let heap = config
		.executor
		.default_heap_pages
		.map_or(DEFAULT_HEAP_ALLOC_STRATEGY, |pages| {
			HeapAllocStrategy::Static {
				extra_pages: u32::try_from(pages).unwrap_or(u32::MAX),
			}
		});
	let builder = Executor::builder()
		.with_execution_method(config.executor.wasm_method)
		.with_max_runtime_instances(config.executor.max_runtime_instances)
		.with_runtime_cache_size(config.executor.runtime_cache_size)
		.with_onchain_heap_alloc_strategy(heap)
		.with_offchain_heap_alloc_strategy(heap);
	match code_cache().filter(|_| consensus == Consensus::Dev) {
		Some(folder) => builder.with_cache_path(folder).build(),
		None => builder.build(),
	}
}

/// Where compiled runtimes are kept: the user's cache folder, if there is one.
fn code_cache() -> Option<PathBuf> {
	let folder = |name| {
		env::var_os(name)
			.map(PathBuf::from)
			.filter(|path| path.is_absolute())
	};
	folder("XDG_CACHE_HOME")
		.or_else(|| folder("HOME").map(|home| home.join(".cache")))
		.map(|cache| cache.join("trivium-node"))
}

/// What an import queue is built from.
struct ImportQueueParams<'a> {
	config: &'a Configuration,
	consensus: Consensus,
	client: Arc<FullClient>,
	block_import: ParachainBlockImport,
	telemetry: Option<TelemetryHandle>,
	task_manager: &'a TaskManager,
}

/// The queue that checks and imports blocks from elsewhere.
fn import_queue(params: ImportQueueParams<'_>) -> DefaultImportQueue<Block> {
	let ImportQueueParams {
		config,
		consensus,
		client,
		block_import,
		telemetry,
		task_manager,
	} = params;
	let spawner = task_manager.spawn_essential_handle();
	let registry = config.prometheus_registry();
	match consensus {
		Consensus::Dev => {
			sc_consensus_manual_seal::import_queue(Box::new(client), &spawner, registry)
		}
		Consensus::Aura => {
			cumulus_client_consensus_aura::equivocation_import_queue::fully_verifying_import_queue::<
				AuthorityPair,
				_,
				_,
				_,
				_,
			>(
				client,
				block_import,
				|_, _| async { Ok(sp_timestamp::InherentDataProvider::from_system_time()) },
				&spawner,
				registry,
				telemetry,
			)
		}
	}
}

/// What off-chain workers need.
pub struct OffchainParams<'a> {
	/// The node's configuration.
	pub config: &'a Configuration,
	/// Runs them.
	pub task_manager: &'a TaskManager,
	/// The chain they watch.
	pub client: Arc<FullClient>,
	/// Has their storage.
	pub backend: Arc<FullBackend>,
	/// Takes their transactions.
	pub pool: Arc<Pool>,
	/// The keys they may use.
	pub keystore: KeystorePtr,
	/// The network they may ask about.
	pub network: Arc<dyn NetworkService>,
}

/// Starts the off-chain workers, if the configuration wants them.
///
/// # Errors
/// If their HTTP client cannot be set up.
pub fn start_offchain_workers(params: OffchainParams<'_>) -> Result<(), ServiceError> {
	let OffchainParams {
		config,
		task_manager,
		client,
		backend,
		pool,
		keystore,
		network,
	} = params;
	if !config.offchain_worker.enabled {
		return Ok(());
	}
	let workers = sc_offchain::OffchainWorkers::new(sc_offchain::OffchainWorkerOptions {
		runtime_api_provider: client.clone(),
		keystore: Some(keystore),
		offchain_db: sc_client_api::Backend::offchain_storage(&*backend),
		transaction_pool: Some(OffchainTransactionPoolFactory::new(pool)),
		network_provider: Arc::new(network),
		is_validator: config.role.is_authority(),
		enable_http_requests: true,
		custom_extensions: |_| Vec::new(),
	})?;
	let spawner = task_manager.spawn_handle();
	task_manager.spawn_handle().spawn(
		"offchain-workers-runner",
		Some("offchain-worker"),
		workers.run(client, spawner).boxed(),
	);
	Ok(())
}

/// An error of another part of the system, as one of the service's.
pub fn other(error: impl Error + Send + Sync + 'static) -> ServiceError {
	ServiceError::Application(Box::new(error))
}
