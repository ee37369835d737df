//! The Ethereum virtual machine, and what it is told of the chain.

use polkadot_sdk::{
	cumulus_pallet_parachain_system::ValidationData,
	frame_support::traits::{ConstU32, ConstU64, Get},
	pallet_balances,
	sp_core::{H160, H256},
	sp_io::hashing::keccak_256,
};
use trivium_primitives::{AccountId, AddressMapping, Balance};

use crate::{
	configs::fees::FeesToCollators,
	constants::gas::{BLOCK_GAS_LIMIT, CALL_GAS_LIMIT, WEIGHT_PER_GAS},
	Authorship, Balances, CrossVm, Runtime, System, Timestamp, TransactionPayment,
};

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

/// Tells what contracts of the EVM move as the ledger tells its own transfers.
pub struct LedgerEvents;

impl pallet_evm::OnValueMoved for LedgerEvents {
	fn transferred(from: &AccountId, to: &AccountId, amount: Balance) {
		System::deposit_event(pallet_balances::Event::<Runtime>::Transfer {
			from: from.clone(),
			to: to.clone(),
			amount,
		});
	}

	fn burnt(who: &AccountId, amount: Balance) {
		System::deposit_event(pallet_balances::Event::<Runtime>::Burned {
			who: who.clone(),
			amount,
		});
	}
}

impl pallet_evm::Config for Runtime {
	type Currency = Balances;
	type OnValueMoved = LedgerEvents;
	type Dispatch = CrossVm;
	type Addresses = CrossVm;
	type Interfaces = crate::Interfaces;
	type Time = Timestamp;
	type GasWeightPerGas = ConstU64<WEIGHT_PER_GAS>;
	type CallGasLimit = ConstU64<CALL_GAS_LIMIT>;
	type BlockGasLimit = ConstU64<BLOCK_GAS_LIMIT>;
	type MaxCodeLen = ConstU32<{ pallet_evm::MAX_CODE_LEN_BYTES }>;
	// With the multiplier, so that `BASEFEE` moves with load as all fees do.
	type WeightPrice = TransactionPayment;
	type FeeHandler = FeesToCollators;
	type Coinbase = BlockAuthor;
	type PrevRandao = RelayRandomness;
	type Rules = pallet_evm::TriviumRules;
	type WeightInfo = crate::weights::pallet_evm::WeightInfo<Runtime>;
}
