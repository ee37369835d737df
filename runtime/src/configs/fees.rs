//! Balances, and what transactions pay.

use pallet_cross_vm::FeeMoments;
use polkadot_sdk::{
	frame_support::{
		parameter_types,
		traits::{tokens::imbalance::ResolveTo, ConstU128, ConstU32, ConstU8, VariantCountOf},
		weights::{Weight, WeightToFee as WeightToFeeT},
	},
	pallet_balances,
	pallet_collator_selection::StakingPotAccountId,
	pallet_transaction_payment::{self, FungibleAdapter, Multiplier, TargetedFeeAdjustment},
	sp_runtime::{traits::Bounded, FixedPointNumber, Perquintill},
};

use crate::{
	constants::{
		currency::EXISTENTIAL_DEPOSIT,
		fee::{FEE_PER_LENGTH_BYTE, FEE_PER_PICOSECOND, FEE_PER_PROOF_BYTE, INCLUDED_PROOF_BYTES},
	},
	Balance, Balances, Runtime, RuntimeEvent, RuntimeFreezeReason, RuntimeHoldReason, System,
};

impl pallet_balances::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeHoldReason = RuntimeHoldReason;
	type RuntimeFreezeReason = RuntimeFreezeReason;
	type Balance = Balance;
	type DustRemoval = ();
	type ExistentialDeposit = ConstU128<EXISTENTIAL_DEPOSIT>;
	type AccountStore = System;
	type ReserveIdentifier = [u8; 8];
	type FreezeIdentifier = RuntimeFreezeReason;
	type MaxLocks = ConstU32<50>;
	type MaxReserves = ConstU32<50>;
	type MaxFreezes = VariantCountOf<RuntimeFreezeReason>;
	type DoneSlashHandler = ();
	// Measured here: a transfer to a new account writes its alias, too.
	type WeightInfo = crate::weights::pallet_balances::WeightInfo<Runtime>;
}

/// The fee for a weight: the dearer of its two dimensions, the proof beyond what every transaction has.
///
/// A transaction takes away from a block as much room as the dimension it fills most, so that one
/// is what it pays for. Without the share of proof that is not counted, a plain transfer would pay for
/// its proof alone, several times its time; see `docs/fees.md`.
pub struct WeightToFee;

impl WeightToFeeT for WeightToFee {
	type Balance = Balance;

	fn weight_to_fee(weight: &Weight) -> Balance {
		let for_time = FEE_PER_PICOSECOND.saturating_mul(weight.ref_time().into());
		let beyond = weight.proof_size().saturating_sub(INCLUDED_PROOF_BYTES);
		let for_proof = FEE_PER_PROOF_BYTE.saturating_mul(beyond.into());
		for_time.max(for_proof)
	}
}

/// The fee for a transaction's length; the length comes as the `ref_time` of a weight.
pub struct LengthToFee;

impl WeightToFeeT for LengthToFee {
	type Balance = Balance;

	fn weight_to_fee(length: &Weight) -> Balance {
		FEE_PER_LENGTH_BYTE.saturating_mul(length.ref_time().into())
	}
}

parameter_types! {
	/// A normal class this full leaves the multiplier where it is.
	pub const TargetBlockFullness: Perquintill = Perquintill::from_percent(25);
	/// How fast the multiplier moves: two hours of full blocks about double it.
	pub AdjustmentVariable: Multiplier = Multiplier::saturating_from_rational(75, 100_000);
	/// Prices never go below those of [`crate::constants::fee`].
	pub MinimumMultiplier: Multiplier = Multiplier::from_u32(1);
	pub MaximumMultiplier: Multiplier = Bounded::max_value();
}

/// Moves the fee multiplier with the load of the blocks before, by whichever dimension is fuller.
pub type LoadAdjustedFee = TargetedFeeAdjustment<
	Runtime,
	TargetBlockFullness,
	AdjustmentVariable,
	MinimumMultiplier,
	MaximumMultiplier,
>;

/// Fees and tips go to the collators' pot, half of which goes to the author of each block
/// (`pallet-collator-selection`).
pub type FeesToCollators = ResolveTo<StakingPotAccountId<Runtime>, Balances>;

impl pallet_transaction_payment::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	// Receipts are settled with the fee, and an account's first transaction is seen where it pays.
	type OnChargeTransaction = FeeMoments<FungibleAdapter<Balances, FeesToCollators>>;
	type WeightToFee = WeightToFee;
	type LengthToFee = LengthToFee;
	type FeeMultiplierUpdate = LoadAdjustedFee;
	type OperationalFeeMultiplier = ConstU8<5>;
	type WeightInfo = pallet_transaction_payment::weights::SubstrateWeight<Runtime>;
}

#[cfg(feature = "runtime-benchmarks")]
impl pallet_transaction_payment::BenchmarkConfig for Runtime {}
