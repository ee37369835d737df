//! The Trivium runtime: a parachain on which EVM, ink! and Move contracts share one ledger, and EVM and
//! ink! contracts call each other inside one transaction.
//!
//! This file is the table of contents. What each part does stands in its own room:
//! - [`constants`]: money, time, block limits, prices;
//! - [`configs`]: how each pallet is set up, one file per concern;
//! - [`apis`]: what the node and clients can ask the runtime;
//! - [`genesis_config_presets`]: the networks it can be started as.

#![cfg_attr(not(feature = "std"), no_std)]
// The composition macro nests deeply.
#![recursion_limit = "512"]

extern crate alloc;

#[cfg(feature = "std")]
include!(concat!(env!("OUT_DIR"), "/wasm_binary.rs"));

pub mod apis;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarks;
pub mod configs;
pub mod constants;
pub mod genesis_config_presets;
#[cfg(target_family = "wasm")]
mod heap;
pub mod migrations;
pub mod move_std;
pub mod signature;
pub mod weights;

use alloc::{borrow::Cow, vec::Vec};

use polkadot_sdk::{
	cumulus_pallet_aura_ext, cumulus_pallet_parachain_system, cumulus_pallet_weight_reclaim,
	frame_executive, frame_metadata_hash_extension, frame_support, frame_system, pallet_aura,
	pallet_authorship, pallet_balances, pallet_collator_selection, pallet_multisig, pallet_proxy,
	pallet_session, pallet_sudo, pallet_timestamp, pallet_transaction_payment, pallet_utility,
	sp_runtime::{
		generic, impl_opaque_keys,
		traits::{BlakeTwo256, IdentifyAccount, Verify},
		MultiAddress,
	},
	sp_version::{self, RuntimeVersion},
	staging_parachain_info as parachain_info,
};

pub use apis::{RuntimeApi, RUNTIME_API_VERSIONS};
pub use trivium_primitives::Balance;

// --- Version -------------------------------------------------------------------------------------

/// Version of this runtime.
#[sp_version::runtime_version]
pub const VERSION: RuntimeVersion = RuntimeVersion {
	spec_name: Cow::Borrowed("trivium"),
	impl_name: Cow::Borrowed("trivium"),
	authoring_version: 1,
	spec_version: 1,
	impl_version: 0,
	apis: RUNTIME_API_VERSIONS,
	transaction_version: 1,
	system_version: 1,
};

// --- Block types ---------------------------------------------------------------------------------

pub use signature::Signature;

/// An account; see [`trivium_primitives::account`] for its Ethereum alias.
pub type AccountId = <<Signature as Verify>::Signer as IdentifyAccount>::AccountId;
/// How a transaction names an account.
pub type Address = MultiAddress<AccountId, ()>;
/// Number of transactions an account has sent. 64 bits, as Ethereum's.
pub type Nonce = u64;
/// A block's height.
pub type BlockNumber = u32;
/// A Blake2-256 hash.
pub type Hash = polkadot_sdk::sp_core::H256;
/// A block's header.
pub type Header = generic::Header<BlockNumber, BlakeTwo256>;
/// A block.
pub type Block = generic::Block<Header, UncheckedExtrinsic>;
/// A block with its justification.
pub type SignedBlock = generic::SignedBlock<Block>;
/// A block's number or hash.
pub type BlockId = generic::BlockId<Block>;
/// A transaction as it arrives.
pub type UncheckedExtrinsic =
	generic::UncheckedExtrinsic<Address, RuntimeCall, Signature, TxExtension>;
/// What a transaction's signature is made over.
pub type SignedPayload = generic::SignedPayload<RuntimeCall, TxExtension>;

/// What every transaction passes, in this order, before and after its call runs.
pub type TxExtension = cumulus_pallet_weight_reclaim::StorageWeightReclaim<
	Runtime,
	(
		frame_system::AuthorizeCall<Runtime>,
		frame_system::CheckNonZeroSender<Runtime>,
		frame_system::CheckSpecVersion<Runtime>,
		frame_system::CheckTxVersion<Runtime>,
		frame_system::CheckGenesis<Runtime>,
		frame_system::CheckEra<Runtime>,
		frame_system::CheckNonce<Runtime>,
		frame_system::CheckWeight<Runtime>,
		pallet_transaction_payment::ChargeTransactionPayment<Runtime>,
		frame_metadata_hash_extension::CheckMetadataHash<Runtime>,
	),
>;

/// Runs blocks.
pub type Executive = frame_executive::Executive<
	Runtime,
	Block,
	frame_system::ChainContext<Runtime>,
	Runtime,
	AllPalletsWithSystem,
>;

impl_opaque_keys! {
	/// Keys with which a collator takes part in consensus.
	pub struct SessionKeys {
		/// Claims slots and seals blocks.
		pub aura: Aura,
	}
}

// --- Composition ---------------------------------------------------------------------------------

/// The pallets. An index is wire format: it is never changed and never reused.
#[frame_support::runtime]
mod runtime {
	/// The runtime.
	#[runtime::runtime]
	#[runtime::derive(
		RuntimeCall,
		RuntimeEvent,
		RuntimeError,
		RuntimeOrigin,
		RuntimeFreezeReason,
		RuntimeHoldReason,
		RuntimeSlashReason,
		RuntimeLockId,
		RuntimeTask,
		RuntimeViewFunction
	)]
	pub struct Runtime;

	// 0 to 4: the system and its place on the relay chain.
	#[runtime::pallet_index(0)]
	pub type System = frame_system;
	#[runtime::pallet_index(1)]
	pub type ParachainSystem = cumulus_pallet_parachain_system;
	#[runtime::pallet_index(2)]
	pub type Timestamp = pallet_timestamp;
	#[runtime::pallet_index(3)]
	pub type ParachainInfo = parachain_info;
	#[runtime::pallet_index(4)]
	pub type WeightReclaim = cumulus_pallet_weight_reclaim;

	// 5 to 9: tools for accounts.
	#[runtime::pallet_index(5)]
	pub type Utility = pallet_utility;
	#[runtime::pallet_index(6)]
	pub type Proxy = pallet_proxy;
	#[runtime::pallet_index(7)]
	pub type Multisig = pallet_multisig;

	// 10 to 14: money.
	#[runtime::pallet_index(10)]
	pub type Balances = pallet_balances;
	#[runtime::pallet_index(11)]
	pub type TransactionPayment = pallet_transaction_payment;

	// 15 to 19: governance.
	#[runtime::pallet_index(15)]
	pub type Sudo = pallet_sudo;

	// 20 to 24: collators and consensus. The order matters to the hooks of session and Aura.
	#[runtime::pallet_index(20)]
	pub type Authorship = pallet_authorship;
	#[runtime::pallet_index(21)]
	pub type CollatorSelection = pallet_collator_selection;
	#[runtime::pallet_index(22)]
	pub type Session = pallet_session;
	#[runtime::pallet_index(23)]
	pub type Aura = pallet_aura;
	#[runtime::pallet_index(24)]
	pub type AuraExt = cumulus_pallet_aura_ext;

	// 40 to 49: virtual machines and the road between them.
	#[runtime::pallet_index(40)]
	pub type CrossVm = pallet_cross_vm;
	#[runtime::pallet_index(41)]
	pub type Evm = pallet_evm;
	#[runtime::pallet_index(42)]
	pub type Contracts = pallet_wasm;
	// Not `Move`: its name in lower case would be a keyword of Rust.
	#[runtime::pallet_index(44)]
	pub type MoveVm = pallet_move;
	#[runtime::pallet_index(45)]
	pub type Interfaces = pallet_interfaces;
}

cumulus_pallet_parachain_system::register_validate_block! {
	Runtime = Runtime,
	BlockExecutor = cumulus_pallet_aura_ext::BlockExecutor::<Runtime, Executive>,
}
