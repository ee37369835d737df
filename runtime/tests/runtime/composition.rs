//! What clients and other chains rely on: numbers that never change unnoticed.

use polkadot_sdk::{
	frame_support::{
		dispatch::DispatchClass,
		traits::{PalletInfoAccess, PalletsInfoAccess},
	},
	sp_runtime::traits::TransactionExtension,
};
use trivium_runtime::{
	configs::system::RuntimeBlockWeights, constants, AllPalletsWithSystem, RuntimeCall, System,
	TxExtension, VERSION,
};

#[test]
fn pallet_indices_are_stable() {
	let found: Vec<(usize, &str)> = AllPalletsWithSystem::infos()
		.into_iter()
		.map(|info| (info.index, info.name))
		.collect();
	assert_eq!(
		found,
		[
			(0, "System"),
			(1, "ParachainSystem"),
			(2, "Timestamp"),
			(3, "ParachainInfo"),
			(4, "WeightReclaim"),
			(5, "Utility"),
			(6, "Proxy"),
			(7, "Multisig"),
			(10, "Balances"),
			(11, "TransactionPayment"),
			(15, "Sudo"),
			(20, "Authorship"),
			(21, "CollatorSelection"),
			(22, "Session"),
			(23, "Aura"),
			(24, "AuraExt"),
			(40, "CrossVm"),
			(41, "Evm"),
			(42, "Contracts"),
			(44, "MoveVm"),
			(45, "Interfaces"),
		]
	);
	assert_eq!(System::index(), 0);
}

/// A wallet encodes these in this order.
#[test]
fn transaction_extensions_are_stable() {
	let names: Vec<_> = <TxExtension as TransactionExtension<RuntimeCall>>::metadata()
		.into_iter()
		.map(|extension| extension.identifier)
		.collect();
	assert_eq!(
		names,
		[
			"AuthorizeCall",
			"CheckNonZeroSender",
			"CheckSpecVersion",
			"CheckTxVersion",
			"CheckGenesis",
			"CheckMortality",
			"CheckNonce",
			"CheckWeight",
			"ChargeTransactionPayment",
			"CheckMetadataHash",
			"StorageWeightReclaim",
		]
	);
}

#[test]
fn version_names_the_chain() {
	assert_eq!(&*VERSION.spec_name, "trivium");
	assert_eq!(&*VERSION.impl_name, "trivium");
}

#[test]
fn normal_class_gets_three_quarters_of_a_block() {
	let weights = RuntimeBlockWeights::get();
	let normal = weights
		.get(DispatchClass::Normal)
		.max_total
		.expect("it has a limit");
	assert_eq!(weights.max_block, constants::MAXIMUM_BLOCK_WEIGHT);
	assert_eq!(normal.ref_time(), weights.max_block.ref_time() / 4 * 3);
	assert_eq!(normal.proof_size(), weights.max_block.proof_size() / 4 * 3);
}
