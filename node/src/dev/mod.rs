//! The dev chain: one node, no relay chain, every block final as it is made.
//!
//! Blocks are real blocks of the parachain runtime. What a relay chain would contribute is mocked
//! ([`inherents`]) from one counter of slots ([`clock`]), and a small driver ([`sealer`]) decides
//! when the manual seal engine makes a block.

use polkadot_sdk::*;

mod clock;
mod inherents;
mod sealer;

pub use self::{
	clock::Clock,
	inherents::Inherents,
	sealer::{Pace, Rhythm},
};

use std::{net::Ipv4Addr, sync::Arc};

use cumulus_primitives_core::GetParachainInfo;
use futures::channel::mpsc;
use sc_consensus::LongestChain;
use sc_consensus_manual_seal::{
	consensus::aura::AuraConsensusDataProvider, EngineCommand, ManualSealParams,
};
use sc_network::{
	config::{FullNetworkConfiguration, NonReservedPeerMode, TransportConfig},
	multiaddr::{multiaddr, Multiaddr},
	Litep2pNetworkBackend as Network, NetworkBackend,
};
use sc_service::{Configuration, TaskManager};
use sc_transaction_pool_api::TransactionPool;
use sp_api::ProvideRuntimeApi;
use sp_blockchain::HeaderBackend;

use self::sealer::Sealer;
use crate::{
	client::{self, Block, Chain, FullBackend, FullClient, Hash, Parts, ServiceError},
	pool::Pool,
	rpc,
};

/// The largest block that is tried, in bytes; the runtime's own limit is what counts.
const BLOCK_SIZE_LIMIT: usize = 16 * 1024 * 1024;

/// Commands of RPC clients that may wait for the engine.
const WAITING_COMMANDS: usize = 1024;

/// Starts the dev chain. One sender may have `sender_limit` transactions in the pool.
///
/// # Errors
/// If a part of the node cannot be built or started.
pub fn start(
	mut config: Configuration,
	chain: Chain,
	rhythm: Rhythm,
	sender_limit: usize,
) -> Result<TaskManager, ServiceError> {
	let Parts {
		client,
		backend,
		mut task_manager,
		keystore,
		pool,
		import_queue,
		mut telemetry,
		..
	} = client::build(&config, chain, sender_limit)?;

	isolate(&mut config);
	let registry = config.prometheus_registry().cloned();
	let metrics =
		<Network as NetworkBackend<Block, Hash>>::register_notification_metrics(registry.as_ref());
	let (network, system_rpc_tx, tx_handler_controller, sync_service, _) =
		sc_service::build_network(sc_service::BuildNetworkParams {
			config: &config,
			net_config: FullNetworkConfiguration::<_, _, Network>::new(
				&config.network,
				registry.clone(),
			),
			client: client.clone(),
			transaction_pool: pool.for_network(),
			spawn_handle: task_manager.spawn_handle(),
			spawn_essential_handle: task_manager.spawn_essential_handle(),
			import_queue,
			block_announce_validator_builder: None,
			warp_sync_config: None,
			block_relay: None,
			metrics,
			gap_sync_body_policy: None,
		})?;
	client::start_offchain_workers(client::OffchainParams {
		config: &config,
		task_manager: &task_manager,
		client: client.clone(),
		backend: backend.clone(),
		pool: pool.clone(),
		keystore: keystore.clone(),
		network: network.clone(),
	})?;

	let (commands, commands_stream) = mpsc::channel(WAITING_COMMANDS);
	sc_service::spawn_tasks(sc_service::SpawnTasksParams {
		rpc_builder: rpc::builder(rpc::Deps {
			client: client.clone(),
			backend: backend.clone(),
			pool: pool.clone(),
			seal: Some(commands.clone()),
		}),
		client: client.clone(),
		transaction_pool: pool.clone(),
		task_manager: &mut task_manager,
		config,
		keystore,
		backend: backend.clone(),
		network,
		system_rpc_tx,
		tx_handler_controller,
		sync_service,
		telemetry: telemetry.as_mut(),
		tracing_execute_block: None,
	})?;
	// After what follows the chain, so that nobody misses the first block.
	start_authoring(AuthoringParams {
		registry: registry.as_ref(),
		task_manager: &task_manager,
		client,
		backend,
		pool,
		rhythm,
		commands,
		commands_stream,
	})?;
	Ok(task_manager)
}

/// Keeps the node to itself: no peers, no discovery, a port of the system's choice on the loopback
/// interface, so that any number of dev chains run side by side.
fn isolate(config: &mut Configuration) {
	let network = &mut config.network;
	network.listen_addresses = vec![loopback()];
	network.public_addresses = Vec::new();
	network.boot_nodes = Vec::new();
	network.transport = TransportConfig::Normal {
		enable_mdns: false,
		allow_private_ip: false,
	};
	let peers = &mut network.default_peers_set;
	peers.in_peers = 0;
	peers.out_peers = 0;
	peers.reserved_nodes = Vec::new();
	peers.non_reserved_mode = NonReservedPeerMode::Deny;
}

/// Any free port of the loopback interface.
fn loopback() -> Multiaddr {
	multiaddr!(Ip4(Ipv4Addr::LOCALHOST), Tcp(0u16))
}

/// What authoring on the dev chain needs.
struct AuthoringParams<'a> {
	registry: Option<&'a substrate_prometheus_endpoint::Registry>,
	task_manager: &'a TaskManager,
	client: Arc<FullClient>,
	backend: Arc<FullBackend>,
	pool: Arc<Pool>,
	rhythm: Rhythm,
	commands: mpsc::Sender<EngineCommand<Hash>>,
	commands_stream: mpsc::Receiver<EngineCommand<Hash>>,
}

/// Starts the engine and its driver.
fn start_authoring(params: AuthoringParams<'_>) -> Result<(), ServiceError> {
	let AuthoringParams {
		registry,
		task_manager,
		client,
		backend,
		pool,
		rhythm,
		commands,
		commands_stream,
	} = params;
	let best = client.info().best_hash;
	let para_id = client
		.runtime_api()
		.parachain_id(best)
		.map_err(client::other)?;
	let slot_duration = sc_consensus_aura::standalone::slot_duration_at(&*client, best)?;

	let mut proposer = sc_basic_authorship::ProposerFactory::new(
		task_manager.spawn_handle(),
		client.clone(),
		pool.clone(),
		registry,
		None,
	);
	proposer.set_default_block_size_limit(BLOCK_SIZE_LIMIT);

	let inherents = Inherents {
		client: client.clone(),
		para_id,
		clock: Clock::new(slot_duration),
	};
	let clock = inherents.clone();
	let engine = sc_consensus_manual_seal::run_manual_seal(ManualSealParams {
		block_import: client.clone(),
		env: proposer,
		client,
		pool: pool.clone(),
		commands_stream,
		select_chain: LongestChain::new(backend),
		// Puts the timestamp's slot into the digest, where the runtime looks for it.
		consensus_data_provider: Some(Box::new(
			AuraConsensusDataProvider::<Block>::new_with_slot_duration(slot_duration),
		)),
		create_inherent_data_providers: move |parent, ()| {
			let providers = inherents.providers(parent);
			async move { providers }
		},
	});
	let sealer = Sealer {
		rhythm,
		slot: slot_duration.as_duration(),
		lead: move || clock.lead(),
		transactions: pool.import_notification_stream(),
		ready: move || pool.status().ready,
		commands,
	};

	let tasks = task_manager.spawn_essential_handle();
	tasks.spawn_blocking("manual-seal", Some("block-authoring"), engine);
	tasks.spawn("sealer", Some("block-authoring"), sealer.run());
	Ok(())
}
