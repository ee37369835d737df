//! The system, its clock, and its place on the relay chain.

use polkadot_sdk::{
	cumulus_pallet_aura_ext::FixedVelocityConsensusHook,
	cumulus_pallet_parachain_system::{self, RelayNumberMonotonicallyIncreases},
	cumulus_pallet_weight_reclaim,
	frame_support::{
		derive_impl,
		dispatch::DispatchClass,
		parameter_types,
		traits::{ConstU16, ConstU32, ConstU64, Everything},
		weights::{
			constants::{BlockExecutionWeight, ExtrinsicBaseWeight, ParityDbWeight},
			Weight,
		},
	},
	frame_system::{
		self,
		limits::{BlockLength, BlockWeights},
	},
	pallet_balances, pallet_timestamp,
	sp_runtime::traits::AccountIdLookup,
	sp_version::RuntimeVersion,
	staging_parachain_info as parachain_info,
};

use crate::{
	constants::{
		chain::SS58_PREFIX,
		velocity::{
			BLOCK_PROCESSING_VELOCITY, RELAY_CHAIN_SLOT_DURATION_MILLIS, RELAY_PARENT_OFFSET,
			UNINCLUDED_SEGMENT_CAPACITY,
		},
		AVERAGE_ON_INITIALIZE_RATIO, MAXIMUM_BLOCK_LENGTH_BYTES, MAXIMUM_BLOCK_WEIGHT,
		NORMAL_DISPATCH_RATIO,
	},
	migrations::SingleBlockMigrations,
	AccountId, Aura, Balance, Block, CrossVm, Hash, Nonce, PalletInfo, ParachainInfo, Runtime,
	RuntimeCall, RuntimeEvent, RuntimeOrigin, RuntimeTask, VERSION,
};

parameter_types! {
	pub const Version: RuntimeVersion = VERSION;

	/// Longest block; ordinary transactions get their share of it.
	pub RuntimeBlockLength: BlockLength = BlockLength::builder()
		.max_length(MAXIMUM_BLOCK_LENGTH_BYTES)
		.modify_max_length_for_class(DispatchClass::Normal, |max| {
			*max = NORMAL_DISPATCH_RATIO * MAXIMUM_BLOCK_LENGTH_BYTES
		})
		.build();

	/// What a block may do, by class of transaction.
	pub RuntimeBlockWeights: BlockWeights = BlockWeights::builder()
		.base_block(BlockExecutionWeight::get())
		.for_class(DispatchClass::all(), |weights| {
			weights.base_extrinsic = ExtrinsicBaseWeight::get();
		})
		.for_class(DispatchClass::Normal, |weights| {
			weights.max_total = Some(NORMAL_DISPATCH_RATIO * MAXIMUM_BLOCK_WEIGHT);
		})
		.for_class(DispatchClass::Operational, |weights| {
			weights.max_total = Some(MAXIMUM_BLOCK_WEIGHT);
			// What ordinary transactions cannot have is there for these even in a full block.
			weights.reserved =
				Some(MAXIMUM_BLOCK_WEIGHT - NORMAL_DISPATCH_RATIO * MAXIMUM_BLOCK_WEIGHT);
		})
		.avg_block_initialization(AVERAGE_ON_INITIALIZE_RATIO)
		.build_or_panic();
}

#[derive_impl(frame_system::config_preludes::ParaChainDefaultConfig)]
impl frame_system::Config for Runtime {
	type AccountData = pallet_balances::AccountData<Balance>;
	type AccountId = AccountId;
	type BaseCallFilter = Everything;
	type Block = Block;
	// The EVM's `BLOCKHASH` needs the last 256.
	type BlockHashCount = ConstU32<4096>;
	type BlockLength = RuntimeBlockLength;
	type BlockWeights = RuntimeBlockWeights;
	// The node is built with ParityDB alone: 8 µs for a read, 50 µs for a write.
	type DbWeight = ParityDbWeight;
	type ExtensionsWeightInfo = frame_system::SubstrateExtensionsWeight<Runtime>;
	type Hash = Hash;
	type Lookup = AccountIdLookup<AccountId, ()>;
	type MaxConsumers = ConstU32<16>;
	type Nonce = Nonce;
	// Gives every account its 20-byte alias the moment it comes into being.
	type OnNewAccount = CrossVm;
	type OnSetCode = cumulus_pallet_parachain_system::ParachainSetCode<Self>;
	type SingleBlockMigrations = SingleBlockMigrations;
	type SS58Prefix = ConstU16<SS58_PREFIX>;
	type SystemWeightInfo = frame_system::weights::SubstrateWeight<Runtime>;
	type Version = Version;
}

impl pallet_timestamp::Config for Runtime {
	type Moment = u64;
	type OnTimestampSet = Aura;
	// Aura's slots already keep blocks apart.
	type MinimumPeriod = ConstU64<0>;
	type WeightInfo = pallet_timestamp::weights::SubstrateWeight<Runtime>;
}

/// Ties block production to the relay chain's slots.
pub type ConsensusHook = FixedVelocityConsensusHook<
	Runtime,
	RELAY_CHAIN_SLOT_DURATION_MILLIS,
	BLOCK_PROCESSING_VELOCITY,
	UNINCLUDED_SEGMENT_CAPACITY,
>;

impl cumulus_pallet_parachain_system::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type WeightInfo = cumulus_pallet_parachain_system::weights::SubstrateWeight<Runtime>;
	type OnSystemEvent = ();
	type SelfParaId = ParachainInfo;
	type CheckAssociatedRelayNumber = RelayNumberMonotonicallyIncreases;
	type ConsensusHook = ConsensusHook;
	type RelayParentOffset = ConstU32<RELAY_PARENT_OFFSET>;
	type SchedulingSignatureVerifier = ();
	// The chain speaks no XCM: messages from the relay chain and from other parachains are
	// acknowledged and dropped, and no block space is kept for them.
	type DmpQueue = ();
	type ReservedDmpWeight = NoWeight;
	type OutboundXcmpMessageSource = ();
	type XcmpMessageHandler = ();
	type ReservedXcmpWeight = NoWeight;
}

parameter_types! {
	pub const NoWeight: Weight = Weight::zero();
}

impl parachain_info::Config for Runtime {}

impl cumulus_pallet_weight_reclaim::Config for Runtime {
	// The crate keeps its other weights private; these are the same numbers.
	type WeightInfo = ();
}
