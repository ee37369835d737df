//! Who makes blocks.

use polkadot_sdk::{
	cumulus_pallet_aura_ext,
	frame_support::{
		parameter_types,
		traits::{ConstBool, ConstU32, ConstU64},
		PalletId,
	},
	frame_system::EnsureRoot,
	pallet_aura, pallet_authorship,
	pallet_collator_selection::{self, IdentityCollator},
	pallet_session::{self, FindAccountFromAuthorIndex, PeriodicSessions},
	sp_consensus_aura::sr25519::AuthorityId as AuraId,
	sp_runtime::traits::OpaqueKeys,
};

use crate::{
	constants::time::{HOURS, SLOT_DURATION},
	AccountId, Aura, Balances, BlockNumber, CollatorSelection, Runtime, RuntimeEvent, Session,
	SessionKeys,
};

parameter_types! {
	/// Length of a session, blocks: how long a change of collators takes.
	pub const SessionPeriod: BlockNumber = 6 * HOURS;
	pub const SessionOffset: BlockNumber = 0;
	/// The account that gathers fees for the collators.
	pub const CollatorPot: PalletId = PalletId(*b"PotStake");
}

impl pallet_authorship::Config for Runtime {
	type FindAuthor = FindAccountFromAuthorIndex<Self, Aura>;
	type EventHandler = CollatorSelection;
}

impl pallet_collator_selection::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type Currency = Balances;
	type UpdateOrigin = EnsureRoot<AccountId>;
	type PotId = CollatorPot;
	type MaxCandidates = ConstU32<100>;
	type MinEligibleCollators = ConstU32<1>;
	type MaxInvulnerables = ConstU32<20>;
	// A candidate that made no block for a whole session loses its place.
	type KickThreshold = SessionPeriod;
	type ValidatorId = AccountId;
	type ValidatorIdOf = IdentityCollator;
	type ValidatorRegistration = Session;
	type WeightInfo = pallet_collator_selection::weights::SubstrateWeight<Runtime>;
}

impl pallet_session::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type ValidatorId = AccountId;
	type ValidatorIdOf = IdentityCollator;
	type ShouldEndSession = PeriodicSessions<SessionPeriod, SessionOffset>;
	type NextSessionRotation = PeriodicSessions<SessionPeriod, SessionOffset>;
	type SessionManager = CollatorSelection;
	type SessionHandler = <SessionKeys as OpaqueKeys>::KeyTypeIdProviders;
	type Keys = SessionKeys;
	type DisablingStrategy = ();
	type Currency = Balances;
	// A candidate already locks its bond.
	type KeyDeposit = ();
	type WeightInfo = pallet_session::weights::SubstrateWeight<Runtime>;
}

impl pallet_aura::Config for Runtime {
	type AuthorityId = AuraId;
	type DisabledValidators = ();
	type MaxAuthorities = ConstU32<1_000>;
	// The velocity of the consensus hook is what limits blocks per slot.
	type AllowMultipleBlocksPerSlot = ConstBool<true>;
	type SlotDuration = ConstU64<SLOT_DURATION>;
}

impl cumulus_pallet_aura_ext::Config for Runtime {}
