//! The Ethereum virtual machine, and what it is told of the chain.

use polkadot_sdk::{
	cumulus_pallet_parachain_system::ValidationData,
	frame_support::{
		traits::{ConstU64, Get},
		weights::{Weight, WeightToFee as _},
	},
	sp_core::{H160, H256, U256},
	sp_io::hashing::keccak_256,
	sp_runtime::FixedPointNumber,
};
use trivium_primitives::AddressMapping;

use crate::{
	configs::fees::WeightToFee,
	constants::{
		chain::EVM_CHAIN_ID,
		gas::{BLOCK_GAS_LIMIT, WEIGHT_PER_GAS},
	},
	Authorship, Balances, CrossVm, Runtime, System, Timestamp, TransactionPayment,
};

/// What one gas costs in this block, planck: its weight's fee with the multiplier, so that
/// `BASEFEE` moves with load as fees do.
pub struct BaseFee;

impl Get<U256> for BaseFee {
	fn get() -> U256 {
		let fee = WeightToFee::weight_to_fee(&Weight::from_parts(WEIGHT_PER_GAS, 0));
		TransactionPayment::next_fee_multiplier()
			.saturating_mul_int(fee)
			.into()
	}
}

/// The alias of the collator who makes this block; zero outside of a block.
pub struct BlockAuthor;

impl Get<H160> for BlockAuthor {
	fn get() -> H160 {
		Authorship::author()
			.map(|author| CrossVm::alias(&author))
			.unwrap_or_default()
	}
}

/// The relay chain's state root as the block sees it, hashed with the parent's hash.
///
/// Nobody on this chain chooses the relay chain's state, but the collator chooses among the few
/// last relay blocks, and knows the outcome when it decides whether to publish. A contract for
/// which that matters needs a commitment scheme, as with Ethereum's own `PREVRANDAO`.
pub struct RelayRandomness;

impl Get<H256> for RelayRandomness {
	fn get() -> H256 {
		let relay_root = ValidationData::<Runtime>::get()
			.map(|data| data.relay_parent_storage_root)
			.unwrap_or_default();
		H256(keccak_256(
			&[relay_root.0, System::parent_hash().0].concat(),
		))
	}
}

impl pallet_evm::Config for Runtime {
	type Currency = Balances;
	type Dispatch = CrossVm;
	type Addresses = CrossVm;
	type Time = Timestamp;
	type GasWeightPerGas = ConstU64<WEIGHT_PER_GAS>;
	type BlockGasLimit = ConstU64<BLOCK_GAS_LIMIT>;
	type ChainId = ConstU64<EVM_CHAIN_ID>;
	type BaseFee = BaseFee;
	type Coinbase = BlockAuthor;
	type PrevRandao = RelayRandomness;
	type WeightInfo = ();
}
