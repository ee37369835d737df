//! The networks that the runtime can be started as: `development` and `local_testnet`.
//!
//! Both are for trying things out: their keys are known to everyone.

use alloc::{vec, vec::Vec};

use pallet_evm::GenesisConfig as EvmConfig;
use pallet_move::GenesisConfig as MoveVmConfig;
use polkadot_sdk::{
	frame_support::build_struct_json_patch,
	sp_core::H160,
	sp_genesis_builder::{PresetId, DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET},
	sp_keyring::Sr25519Keyring,
	staging_parachain_info::GenesisConfig as ParachainInfoConfig,
};
use polkadot_sdk::{
	pallet_balances::GenesisConfig as BalancesConfig,
	pallet_collator_selection::GenesisConfig as CollatorSelectionConfig,
	pallet_session::GenesisConfig as SessionConfig, pallet_sudo::GenesisConfig as SudoConfig,
};
use serde_json::Value;
use trivium_primitives::account::ethereum_account;

use crate::{
	constants::{
		chain::{DEVELOPMENT_EVM_CHAIN_ID, LOCAL_TESTNET_EVM_CHAIN_ID, PARACHAIN_ID},
		currency::UNIT,
	},
	move_std, AccountId, Balance, RuntimeGenesisConfig, SessionKeys,
};

/// What each known account has at the start: a million TRV.
pub const ENDOWMENT: Balance = 1_000_000 * UNIT;

/// What a collator that is not appointed locks to become a candidate.
pub const CANDIDACY_BOND: Balance = 1_000 * UNIT;

/// Ethereum addresses whose private keys are known to everyone, so that Ethereum's tools have
/// funds: `Alith`, and the ten accounts of Hardhat and Foundry.
pub const ETHEREUM_DEV_ADDRESSES: [H160; 11] = [
	H160(hex_literal::hex!(
		"f24FF3a9CF04c71Dbc94D0b566f7A27B94566cac"
	)),
	H160(hex_literal::hex!(
		"f39Fd6e51aad88F6F4ce6aB8827279cffFb92266"
	)),
	H160(hex_literal::hex!(
		"70997970C51812dc3A010C7d01b50e0d17dc79C8"
	)),
	H160(hex_literal::hex!(
		"3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"
	)),
	H160(hex_literal::hex!(
		"90F79bf6EB2c4f870365E785982E1f101E93b906"
	)),
	H160(hex_literal::hex!(
		"15d34AAf54267DB7D7c367839AAf71A00a2C6A65"
	)),
	H160(hex_literal::hex!(
		"9965507D1a55bcC2695C58ba16FB37d819B0A4dc"
	)),
	H160(hex_literal::hex!(
		"976EA74026E726554dB657fA54763abd0C3a0aa9"
	)),
	H160(hex_literal::hex!(
		"14dC79964da2C08b23698B3D3cc7Ca32193d9955"
	)),
	H160(hex_literal::hex!(
		"23618e81E3f5cdF7f54C3d65f7FBc0aBf5B21E8f"
	)),
	H160(hex_literal::hex!(
		"a0Ee7A142d267C1f36714E4a8F75612F20a79720"
	)),
];

/// What a network tells Ethereum's tools of itself.
struct Ethereum {
	/// Number of the chain by EIP-155.
	chain_id: u64,
	/// Whether transactions are taken that name no chain.
	allow_keyless: bool,
}

/// A genesis with these collators, whose session keys are their account keys, and this governor.
fn genesis(collators: &[Sr25519Keyring], sudo: AccountId, ethereum: Ethereum) -> Value {
	let endowed = Sr25519Keyring::iter()
		.map(|key| key.to_account_id())
		.chain(ETHEREUM_DEV_ADDRESSES.iter().map(ethereum_account));

	build_struct_json_patch!(RuntimeGenesisConfig {
		balances: BalancesConfig {
			balances: endowed
				.map(|account| (account, ENDOWMENT))
				.collect::<Vec<_>>(),
		},
		parachain_info: ParachainInfoConfig {
			parachain_id: PARACHAIN_ID.into()
		},
		collator_selection: CollatorSelectionConfig {
			invulnerables: collators
				.iter()
				.map(|key| key.to_account_id())
				.collect::<Vec<_>>(),
			candidacy_bond: CANDIDACY_BOND,
		},
		session: SessionConfig {
			keys: collators
				.iter()
				.map(|key| {
					let account = key.to_account_id();
					(
						account.clone(),
						account,
						SessionKeys {
							aura: key.public().into(),
						},
					)
				})
				.collect::<Vec<_>>(),
		},
		sudo: SudoConfig { key: Some(sudo) },
		evm: EvmConfig {
			chain_id: ethereum.chain_id,
			allow_keyless: ethereum.allow_keyless,
		},
		move_vm: MoveVmConfig {
			modules: move_std::modules(),
		},
	})
}

/// One machine: Alice makes the blocks.
fn development() -> Value {
	genesis(
		&[Sr25519Keyring::Alice],
		Sr25519Keyring::Alice.to_account_id(),
		// Developers' tools deploy by such transactions.
		Ethereum {
			chain_id: DEVELOPMENT_EVM_CHAIN_ID,
			allow_keyless: true,
		},
	)
}

/// Two machines: Alice and Bob make the blocks.
fn local_testnet() -> Value {
	genesis(
		&[Sr25519Keyring::Alice, Sr25519Keyring::Bob],
		Sr25519Keyring::Alice.to_account_id(),
		Ethereum {
			chain_id: LOCAL_TESTNET_EVM_CHAIN_ID,
			allow_keyless: false,
		},
	)
}

/// The preset of this name, as JSON.
pub fn get_preset(id: &PresetId) -> Option<Vec<u8>> {
	let patch = match id.as_ref() {
		DEV_RUNTIME_PRESET => development(),
		LOCAL_TESTNET_RUNTIME_PRESET => local_testnet(),
		_ => return None,
	};
	serde_json::to_vec(&patch).ok()
}

/// The presets there are.
pub fn preset_names() -> Vec<PresetId> {
	vec![
		PresetId::from(DEV_RUNTIME_PRESET),
		PresetId::from(LOCAL_TESTNET_RUNTIME_PRESET),
	]
}
