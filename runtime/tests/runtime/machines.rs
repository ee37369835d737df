//! What the virtual machines are told of the chain, and how much of a block they can have.

use pallet_cross_vm::api::runtime_decl_for_cross_vm_api::CrossVmApi;
use pallet_evm::fees::gas_price;
use polkadot_sdk::{
	frame_support::traits::fungible::Mutate,
	pallet_transaction_payment::NextFeeMultiplier,
	sp_keyring::Sr25519Keyring::{Alice, Bob},
	sp_runtime::{transaction_validity::InvalidTransaction, FixedU128},
};
use trivium_primitives::{
	account::{alias, ethereum_account},
	VmId,
};
use trivium_runtime::{
	configs::cross_vm::Engines,
	constants::{
		currency::UNIT,
		fee::FEE_PER_PICOSECOND,
		gas::{CALL_GAS_LIMIT, WEIGHT_PER_GAS},
	},
	genesis_config_presets::ENDOWMENT,
	Balances, CollatorSelection, Executive, Runtime, System,
};

use crate::common::{
	account, apply, balance, development, ethereum, ETHEREUM_SENDER, ETHEREUM_TRANSFER,
};

#[test]
fn catalogue_lists_every_machine() {
	let numbers: Vec<VmId> = <Engines as trivium_primitives::Engines>::catalogue()
		.into_iter()
		.map(|(vm, _, _)| vm)
		.collect();
	assert_eq!(numbers, [VmId::EVM, VmId::WASM, VmId::MOVE]);
}

#[test]
fn every_genesis_account_has_its_alias() {
	development().execute_with(|| {
		for who in [account(Alice), account(Bob)] {
			assert_eq!(Runtime::alias_of(who.clone()), alias(&who));
			assert_eq!(Runtime::account_of(alias(&who)), who);
		}
	});
}

#[test]
fn base_fee_follows_the_multiplier() {
	development().execute_with(|| {
		let floor = FEE_PER_PICOSECOND * u128::from(WEIGHT_PER_GAS);
		assert_eq!(gas_price::<Runtime>(), floor);
		NextFeeMultiplier::<Runtime>::put(FixedU128::from_u32(3));
		assert_eq!(gas_price::<Runtime>(), 3 * floor);
	});
}

/// The limit that contracts and wallets are told must be one that a transaction can really have.
#[test]
fn evm_call_with_the_whole_gas_limit_fits_a_block() {
	development().execute_with(|| {
		let call = pallet_evm::Call::<Runtime>::call {
			target: alias(&account(Bob)),
			input: Default::default(),
			value: UNIT,
			gas_limit: CALL_GAS_LIMIT,
		};
		apply(Alice, call)
			.expect("it is valid")
			.expect("it succeeds");
		assert_eq!(balance(&account(Bob)), ENDOWMENT + UNIT);
		// What was not used is given back.
		assert!(balance(&account(Alice)) > ENDOWMENT - UNIT - UNIT / 50);
	});
}

#[test]
fn ethereum_transaction_needs_no_other_key_and_pays_the_collators() {
	development().execute_with(|| {
		let sender = ethereum_account(&ETHEREUM_SENDER);
		Balances::mint_into(&sender, UNIT).expect("mints");
		let pot = balance(&CollatorSelection::account_id());

		Executive::apply_extrinsic(ethereum(ETHEREUM_TRANSFER))
			.expect("it is valid")
			.expect("it succeeds");
		assert_eq!(balance(&ethereum_account(&[0x77; 20].into())), 12_345);
		assert_eq!(System::account_nonce(&sender), 1);
		let fee = 21_000 * gas_price::<Runtime>();
		assert_eq!(balance(&sender), UNIT - 12_345 - fee);
		assert_eq!(balance(&CollatorSelection::account_id()), pot + fee);

		// Once is enough.
		let again = Executive::apply_extrinsic(ethereum(ETHEREUM_TRANSFER));
		assert_eq!(again, Err(InvalidTransaction::Stale.into()));
	});
}
