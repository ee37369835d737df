//! What the node offers to clients beyond what every Substrate node does.

mod cross_vm;
mod events;
mod json;
mod receipts;
mod trace;

use polkadot_sdk::*;

use std::{error::Error, sync::Arc};

use futures::channel::mpsc;
use jsonrpsee::{
	types::{
		error::{INTERNAL_ERROR_CODE, INVALID_PARAMS_CODE},
		ErrorObjectOwned,
	},
	RpcModule,
};
use pallet_cross_vm::api::CrossVmApi;
use pallet_transaction_payment_rpc::{TransactionPayment, TransactionPaymentApiServer};
use sc_consensus_manual_seal::{
	rpc::{ManualSeal, ManualSealApiServer},
	EngineCommand,
};
use sc_rpc::{
	dev::{Dev, DevApiServer},
	SubscriptionTaskExecutor,
};
use sp_api::ProvideRuntimeApi;
use sp_blockchain::HeaderBackend;
use sp_core::H160;
use substrate_frame_rpc_system::{System, SystemApiServer};
use trivium_primitives::AccountId;

use self::{
	cross_vm::{CrossVm, CrossVmRpcServer},
	events::{Events, EventsRpcServer},
	json::Fault,
	receipts::{Receipts, ReceiptsRpcServer},
	trace::{TraceRpcServer, Tracer},
};
use crate::{
	client::{FullBackend, FullClient, Hash, ServiceError},
	pool::Pool,
};

/// What the methods work on.
pub struct Deps {
	/// The chain.
	pub client: Arc<FullClient>,
	/// Its database.
	pub backend: Arc<FullBackend>,
	/// The transactions that wait.
	pub pool: Arc<Pool>,
	/// Commands the dev chain's engine; none on other chains.
	pub seal: Option<mpsc::Sender<EngineCommand<Hash>>>,
}

/// Builds the methods anew for each server that the service opens.
pub type Builder = Box<dyn Fn(SubscriptionTaskExecutor) -> Result<RpcModule<()>, ServiceError>>;

/// What the service wants: a function that makes the methods.
pub fn builder(deps: Deps) -> Builder {
	Box::new(move |executor| methods(&deps, executor).map_err(ServiceError::Application))
}

/// All methods of this node's own.
fn methods(
	deps: &Deps,
	executor: SubscriptionTaskExecutor,
) -> Result<RpcModule<()>, Box<dyn Error + Send + Sync>> {
	let Deps {
		client,
		backend,
		pool,
		seal,
	} = deps;
	let mut module = RpcModule::new(());
	module.merge(System::new(client.clone(), pool.clone()).into_rpc())?;
	module.merge(TransactionPayment::new(client.clone()).into_rpc())?;
	module.merge(Dev::new(client.clone()).into_rpc())?;
	module.merge(CrossVm::new(client.clone()).into_rpc())?;
	module.merge(Receipts::new(client.clone()).into_rpc())?;
	module.merge(Events::new(client.clone(), executor).into_rpc())?;
	module.merge(Tracer::new(client.clone(), backend.clone()).into_rpc())?;
	if let Some(seal) = seal {
		module.merge(ManualSeal::new(seal.clone()).into_rpc())?;
	}
	Ok(module)
}

/// The block that is asked about: the best one if none is named.
fn block_or_best(client: &FullClient, at: Option<Hash>) -> Hash {
	at.unwrap_or_else(|| client.info().best_hash)
}

/// Who knows, at a block, the account behind an alias.
fn accounts_at(client: &FullClient, at: Hash) -> impl Fn(&H160) -> Result<AccountId, String> + '_ {
	move |alias| {
		let found = client.runtime_api().account_of(at, *alias);
		found.map_err(|error| error.to_string())
	}
}

/// The error of a request that cannot be read, or asks for what there is not.
fn invalid(fault: Fault) -> ErrorObjectOwned {
	ErrorObjectOwned::owned(INVALID_PARAMS_CODE, fault.to_string(), None::<()>)
}

/// The error of a node that cannot answer.
fn internal(error: sp_api::ApiError) -> ErrorObjectOwned {
	ErrorObjectOwned::owned(INTERNAL_ERROR_CODE, error.to_string(), None::<()>)
}
