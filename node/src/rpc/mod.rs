//! What the node offers to clients beyond what every Substrate node does.

mod cross_vm;
mod json;

use polkadot_sdk::*;

use std::{error::Error, sync::Arc};

use futures::channel::mpsc;
use jsonrpsee::RpcModule;
use pallet_transaction_payment_rpc::{TransactionPayment, TransactionPaymentApiServer};
use sc_consensus_manual_seal::{
	rpc::{ManualSeal, ManualSealApiServer},
	EngineCommand,
};
use sc_rpc::{
	dev::{Dev, DevApiServer},
	SubscriptionTaskExecutor,
};
use substrate_frame_rpc_system::{System, SystemApiServer};

use self::cross_vm::{CrossVm, CrossVmRpcServer};
use crate::{
	client::{FullClient, Hash, ServiceError},
	pool::Pool,
};

/// What the methods work on.
pub struct Deps {
	/// The chain.
	pub client: Arc<FullClient>,
	/// The transactions that wait.
	pub pool: Arc<Pool>,
	/// Commands the dev chain's engine; none on other chains.
	pub seal: Option<mpsc::Sender<EngineCommand<Hash>>>,
}

/// Builds the methods anew for each server that the service opens.
pub type Builder = Box<dyn Fn(SubscriptionTaskExecutor) -> Result<RpcModule<()>, ServiceError>>;

/// What the service wants: a function that makes the methods.
pub fn builder(deps: Deps) -> Builder {
	Box::new(move |_| methods(&deps).map_err(ServiceError::Application))
}

/// All methods of this node's own.
fn methods(deps: &Deps) -> Result<RpcModule<()>, Box<dyn Error + Send + Sync>> {
	let Deps { client, pool, seal } = deps;
	let mut module = RpcModule::new(());
	module.merge(System::new(client.clone(), pool.clone()).into_rpc())?;
	module.merge(TransactionPayment::new(client.clone()).into_rpc())?;
	module.merge(Dev::new(client.clone()).into_rpc())?;
	module.merge(CrossVm::new(client.clone()).into_rpc())?;
	if let Some(seal) = seal {
		module.merge(ManualSeal::new(seal.clone()).into_rpc())?;
	}
	Ok(module)
}
