//! A parachain node: a full node that follows the relay chain, or a collator that also authors.
//!
//! [`start`] is the list of steps; each step is a function below it.

use polkadot_sdk::*;

use std::{sync::Arc, time::Duration};

use codec::Encode;
use cumulus_client_bootnodes::{start_bootnode_tasks, StartBootnodeTasksParams};
use cumulus_client_cli::CollatorOptions;
use cumulus_client_collator::service::CollatorService;
use cumulus_client_consensus_aura::collators::lookahead;
use cumulus_client_service::{
	build_network, build_relay_chain_interface, prepare_node_config, start_relay_chain_tasks,
	BuildNetworkParams, DARecoveryProfile, ParachainTracingExecuteBlock,
	StartRelayChainTasksParams,
};
use cumulus_primitives_core::{
	relay_chain::{CollatorPair, ValidationCode},
	GetParachainInfo, ParaId,
};
use cumulus_relay_chain_interface::{OverseerHandle, RelayChainInterface};
use frame_benchmarking_cli::SUBSTRATE_REFERENCE_HARDWARE;
use sc_consensus::ImportQueue;
use sc_network::{
	config::FullNetworkConfiguration, NetworkBackend, NetworkBlock, NetworkStateInfo, PeerId,
};
use sc_service::{Configuration, TaskManager};
use sc_sysinfo::HwBench;
use sc_telemetry::{Telemetry, TelemetryHandle};
use sp_api::ProvideRuntimeApi;
use sp_blockchain::HeaderBackend;
use sp_consensus_aura::sr25519::AuthorityPair;
use sp_keystore::KeystorePtr;

use crate::{
	client::{
		self, Block, Chain, FullBackend, FullClient, Hash, ParachainBlockImport, Parts,
		ServiceError,
	},
	pool::Pool,
	rpc,
};

/// The length of a relay chain slot.
const RELAY_CHAIN_SLOT: Duration = Duration::from_secs(6);

/// How long a collator fills one block.
const AUTHORING_TIME: Duration = Duration::from_millis(2_000);

/// What a parachain node is started with.
pub struct Params {
	/// The chain to run.
	pub chain: Chain,
	/// The parachain side's configuration.
	pub parachain: Configuration,
	/// The relay chain side's configuration.
	pub relay_chain: Configuration,
	/// How to reach the relay chain.
	pub collator_options: CollatorOptions,
	/// The most of the proof's size that a block may use, in percent; the collator's default if
	/// none.
	pub max_pov_percentage: Option<u32>,
	/// How many transactions of one sender the pool takes.
	pub sender_limit: usize,
	/// What the hardware was measured to do, if it was.
	pub hardware: Option<HwBench>,
}

/// Announces a block of ours to the parachain's peers.
type Announce = Arc<dyn Fn(Hash, Option<Vec<u8>>) + Send + Sync>;

/// Starts a parachain node on a network backend.
///
/// # Errors
/// If a part of the node cannot be built or started.
#[sc_tracing::logging::prefix_logs_with("Parachain")]
pub async fn start<Network>(params: Params) -> Result<TaskManager, ServiceError>
where
	Network: NetworkBackend<Block, Hash>,
{
	let Params {
		chain,
		parachain,
		relay_chain,
		collator_options,
		max_pov_percentage,
		sender_limit,
		hardware,
	} = params;
	let config = prepare_node_config(parachain);
	let Parts {
		client,
		backend,
		mut task_manager,
		keystore,
		pool,
		import_queue,
		block_import,
		mut telemetry,
		telemetry_worker,
	} = client::build(&config, chain, sender_limit)?;
	let authority = config.role.is_authority();
	let registry = config.prometheus_registry().cloned();
	let para_id = para_id(&client)?;

	// The relay chain.
	let relay_fork_id = relay_chain.chain_spec.fork_id().map(ToOwned::to_owned);
	let (relay, collator_key, relay_network, bootnode_requests) = build_relay_chain_interface(
		relay_chain,
		&config,
		telemetry_worker,
		&mut task_manager,
		collator_options.clone(),
		hardware.clone(),
	)
	.await
	.map_err(client::other)?;

	// The parachain's own network.
	let import_queue_service = import_queue.service();
	let (network, system_rpc_tx, tx_handler_controller, sync_service, _) =
		build_network(BuildNetworkParams {
			parachain_config: &config,
			net_config: FullNetworkConfiguration::<_, _, Network>::new(
				&config.network,
				registry.clone(),
			),
			client: client.clone(),
			transaction_pool: pool.for_network(),
			para_id,
			relay_chain_interface: relay.clone(),
			spawn_handle: task_manager.spawn_handle(),
			spawn_essential_handle: task_manager.spawn_essential_handle(),
			import_queue,
			metrics: Network::register_notification_metrics(registry.as_ref()),
			gap_sync_body_policy: None,
		})
		.await?;

	// What follows the chain.
	client::start_offchain_workers(client::OffchainParams {
		config: &config,
		task_manager: &task_manager,
		client: client.clone(),
		backend: backend.clone(),
		pool: pool.clone(),
		keystore: keystore.clone(),
		network: network.clone(),
	})?;
	let announce: Announce = {
		let sync_service = sync_service.clone();
		Arc::new(move |hash, data| sync_service.announce_block(hash, data))
	};
	let overseer = relay.overseer_handle().map_err(client::other)?;
	start_relay_chain_tasks(StartRelayChainTasksParams {
		client: client.clone(),
		announce_block: announce.clone(),
		para_id,
		relay_chain_interface: relay.clone(),
		task_manager: &mut task_manager,
		da_recovery_profile: match authority {
			true => DARecoveryProfile::Collator,
			false => DARecoveryProfile::FullNode,
		},
		import_queue: import_queue_service,
		relay_chain_slot_duration: RELAY_CHAIN_SLOT,
		recovery_handle: Box::new(overseer.clone()),
		sync_service: sync_service.clone(),
		prometheus_registry: registry.as_ref(),
	})?;

	// Finding each other through the relay chain's network.
	let collator_peer_id = relay_network.local_peer_id();
	start_bootnode_tasks(StartBootnodeTasksParams {
		embedded_dht_bootnode: collator_options.embedded_dht_bootnode,
		dht_bootnode_discovery: collator_options.dht_bootnode_discovery,
		para_id,
		task_manager: &mut task_manager,
		relay_chain_interface: relay.clone(),
		relay_chain_fork_id: relay_fork_id,
		relay_chain_network: relay_network,
		request_receiver: bootnode_requests,
		parachain_network: network.clone(),
		advertise_non_global_ips: config.network.allow_non_globals_in_dht,
		parachain_genesis_hash: client.info().genesis_hash.encode(),
		parachain_fork_id: config.chain_spec.fork_id().map(ToOwned::to_owned),
		parachain_public_addresses: config.network.public_addresses.clone(),
	});

	if let Some(hardware) = hardware {
		report_hardware(hardware, authority, telemetry.as_ref(), &task_manager);
	}

	if authority {
		start_collating(CollatingParams {
			task_manager: &task_manager,
			registry: registry.as_ref(),
			telemetry: telemetry.as_ref().map(Telemetry::handle),
			client: client.clone(),
			backend: backend.clone(),
			block_import,
			pool: pool.clone(),
			keystore: keystore.clone(),
			announce,
			relay,
			overseer,
			para_id,
			collator_key: collator_key.ok_or_else(|| {
				ServiceError::Other("the relay chain gave no collator key".into())
			})?,
			collator_peer_id,
			max_pov_percentage,
		});
	}

	// Last, so that clients find everything running.
	sc_service::spawn_tasks(sc_service::SpawnTasksParams {
		rpc_builder: rpc::builder(rpc::Deps {
			client: client.clone(),
			backend: backend.clone(),
			pool: pool.clone(),
			seal: None,
		}),
		tracing_execute_block: Some(Arc::new(ParachainTracingExecuteBlock::new(client.clone()))),
		client,
		transaction_pool: pool,
		task_manager: &mut task_manager,
		config,
		keystore,
		backend,
		network,
		system_rpc_tx,
		tx_handler_controller,
		sync_service,
		telemetry: telemetry.as_mut(),
	})?;
	Ok(task_manager)
}

/// The parachain's number, as its runtime has it.
fn para_id(client: &FullClient) -> Result<ParaId, ServiceError> {
	let id = client
		.runtime_api()
		.parachain_id(client.info().best_hash)
		.map_err(client::other)?;
	log::info!("🪪 Parachain id: {id}");
	Ok(id)
}

/// Shows what the hardware can do, and warns a collator that may be too slow.
fn report_hardware(
	hardware: HwBench,
	authority: bool,
	telemetry: Option<&Telemetry>,
	task_manager: &TaskManager,
) {
	sc_sysinfo::print_hwbench(&hardware);
	if authority {
		if let Err(failures) = SUBSTRATE_REFERENCE_HARDWARE.check_hardware(&hardware, false) {
			log::warn!("⚠️  This machine may be too slow for a collator: {failures}");
		}
	}
	if let Some(telemetry) = telemetry {
		task_manager.spawn_handle().spawn(
			"telemetry_hwbench",
			None,
			sc_sysinfo::initialize_hwbench_telemetry(telemetry.handle(), hardware),
		);
	}
}

/// What collating needs.
struct CollatingParams<'a> {
	task_manager: &'a TaskManager,
	registry: Option<&'a substrate_prometheus_endpoint::Registry>,
	telemetry: Option<TelemetryHandle>,
	client: Arc<FullClient>,
	backend: Arc<FullBackend>,
	block_import: ParachainBlockImport,
	pool: Arc<Pool>,
	keystore: KeystorePtr,
	announce: Announce,
	relay: Arc<dyn RelayChainInterface>,
	overseer: OverseerHandle,
	para_id: ParaId,
	collator_key: CollatorPair,
	collator_peer_id: PeerId,
	max_pov_percentage: Option<u32>,
}

/// Authors a block in each slot that is this collator's, ahead of the last one's inclusion.
fn start_collating(params: CollatingParams<'_>) {
	let CollatingParams {
		task_manager,
		registry,
		telemetry,
		client,
		backend,
		block_import,
		pool,
		keystore,
		announce,
		relay,
		overseer,
		para_id,
		collator_key,
		collator_peer_id,
		max_pov_percentage,
	} = params;
	let proposer = sc_basic_authorship::ProposerFactory::new(
		task_manager.spawn_handle(),
		client.clone(),
		pool,
		registry,
		telemetry,
	);
	let collator_service = CollatorService::new(client.clone(), announce, client.clone());
	let code_hash_provider = {
		let client = client.clone();
		move |block| {
			client
				.code_at(block)
				.ok()
				.map(|code| ValidationCode::from(code).hash())
		}
	};
	let collator =
		lookahead::run::<Block, AuthorityPair, _, _, _, _, _, _, _, _>(lookahead::Params {
			// The collator adds time and relay chain data itself; the runtime wants no more.
			create_inherent_data_providers: |_, ()| async { Ok(()) },
			block_import,
			para_client: client,
			para_backend: backend,
			relay_client: relay,
			code_hash_provider,
			keystore,
			collator_key,
			collator_peer_id,
			para_id,
			overseer_handle: overseer,
			relay_chain_slot_duration: RELAY_CHAIN_SLOT,
			proposer,
			collator_service,
			authoring_duration: AUTHORING_TIME,
			reinitialize: false,
			max_pov_percentage,
		});
	task_manager
		.spawn_essential_handle()
		.spawn("aura", Some("block-authoring"), collator);
}
