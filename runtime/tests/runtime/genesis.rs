//! What the presets make.

use polkadot_sdk::{
	frame_support::traits::Get,
	pallet_collator_selection::Invulnerables,
	pallet_sudo,
	sp_core::H160,
	sp_genesis_builder::runtime_decl_for_genesis_builder::GenesisBuilder,
	sp_io::hashing::keccak_256,
	sp_keyring::Sr25519Keyring::{Alice, Bob, Ferdie},
};
use trivium_primitives::account::ethereum_account;
use trivium_runtime::{
	genesis_config_presets::{ENDOWMENT, ETHEREUM_DEV_ADDRESSES},
	ParachainInfo, Runtime, Session, System,
};

use crate::common::{account, balance, development, preset};

#[test]
fn presets_all_build() {
	for name in Runtime::preset_names() {
		preset(name.as_ref());
	}
}

#[test]
fn unknown_preset_is_none() {
	assert_eq!(Runtime::get_preset(&Some("mainnet".into())), None);
}

#[test]
fn development_endows_known_accounts() {
	preset("development").execute_with(|| {
		assert_eq!(balance(&account(Alice)), ENDOWMENT);
		assert_eq!(balance(&account(Ferdie)), ENDOWMENT);
		for address in &ETHEREUM_DEV_ADDRESSES {
			assert_eq!(balance(&ethereum_account(address)), ENDOWMENT);
		}
	});
}

#[test]
fn development_is_governed_and_collated_by_alice() {
	preset("development").execute_with(|| {
		assert_eq!(pallet_sudo::Key::<Runtime>::get(), Some(account(Alice)));
		assert_eq!(
			Invulnerables::<Runtime>::get().into_inner(),
			vec![account(Alice)]
		);
		assert_eq!(Session::validators(), vec![account(Alice)]);
	});
}

#[test]
fn local_testnet_is_collated_by_alice_and_bob() {
	preset("local_testnet").execute_with(|| {
		let mut collators = Session::validators();
		collators.sort();
		assert_eq!(collators, vec![account(Bob), account(Alice)]);
	});
}

#[test]
fn development_is_parachain_2000() {
	preset("development").execute_with(|| {
		assert_eq!(<ParachainInfo as Get<_>>::get(), 2000.into());
	});
}

#[test]
fn first_block_can_be_opened() {
	development().execute_with(|| assert_eq!(System::block_number(), 1));
}

/// Addresses are written by hand with the upper and lower case of EIP-55, which is a checksum.
#[test]
fn ethereum_dev_addresses_match_their_checksums() {
	let source = include_str!("../../src/genesis_config_presets.rs");
	let written: Vec<&str> = source
		.split('"')
		.filter(|text| text.len() == 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit()))
		.collect();
	assert_eq!(written.len(), ETHEREUM_DEV_ADDRESSES.len());
	for (text, address) in written.iter().zip(ETHEREUM_DEV_ADDRESSES) {
		assert_eq!(*text, checksummed(&address));
	}
}

fn checksummed(address: &H160) -> String {
	let lower: String = address
		.as_bytes()
		.iter()
		.map(|byte| format!("{byte:02x}"))
		.collect();
	let hash = keccak_256(lower.as_bytes());
	let is_upper = |index: usize| (hash[index / 2] >> (4 * (1 - index % 2))) & 0xF >= 8;
	lower
		.char_indices()
		.map(|(index, c)| {
			if is_upper(index) {
				c.to_ascii_uppercase()
			} else {
				c
			}
		})
		.collect()
}
