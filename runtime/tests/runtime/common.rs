//! The chain the tests run on, and what they do to it.

use codec::Encode;
use polkadot_sdk::{
	frame_metadata_hash_extension::CheckMetadataHash,
	frame_support::traits::fungible::Inspect,
	frame_system,
	pallet_transaction_payment::ChargeTransactionPayment,
	sp_core::Pair,
	sp_genesis_builder::{runtime_decl_for_genesis_builder::GenesisBuilder, PresetId},
	sp_io::TestExternalities,
	sp_keyring::Sr25519Keyring,
	sp_runtime::{generic::Era, traits::Header as _, ApplyExtrinsicResult, MultiSignature},
};
use serde_json::Value;
use trivium_runtime::{
	AccountId, Balance, Balances, Executive, Header, Runtime, RuntimeCall, SignedPayload, System,
	TxExtension, UncheckedExtrinsic,
};

/// Puts `patch` over `base`, object by object.
fn merge(base: &mut Value, patch: Value) {
	match (base, patch) {
		(Value::Object(base), Value::Object(patch)) => {
			for (key, value) in patch {
				merge(base.entry(key).or_insert(Value::Null), value);
			}
		}
		(base, patch) => *base = patch,
	}
}

/// The state that a preset gives, through the same API that the node asks, before block 1.
pub fn preset(name: &str) -> TestExternalities {
	let mut ext = TestExternalities::new_empty();
	ext.execute_with(|| {
		let read = |id: Option<PresetId>| -> Value {
			let json = Runtime::get_preset(&id).expect("the preset exists");
			serde_json::from_slice(&json).expect("a preset is JSON")
		};
		let mut config = read(None);
		merge(&mut config, read(Some(PresetId::from(name))));
		let json = serde_json::to_vec(&config).expect("JSON can be written");
		Runtime::build_state(json).expect("the preset builds");
	});
	ext
}

/// The development chain in block 1.
pub fn development() -> TestExternalities {
	let mut ext = preset("development");
	ext.execute_with(|| {
		Executive::initialize_block(&Header::new(
			1,
			Default::default(),
			Default::default(),
			Default::default(),
			Default::default(),
		));
	});
	ext
}

/// The account of a well-known key.
pub fn account(key: Sr25519Keyring) -> AccountId {
	key.to_account_id()
}

/// What an account holds, reserves and holds included.
pub fn balance(account: &AccountId) -> Balance {
	<Balances as Inspect<AccountId>>::total_balance(account)
}

/// A transaction as a wallet would make it.
pub fn signed(key: Sr25519Keyring, call: RuntimeCall) -> UncheckedExtrinsic {
	let account = key.to_account_id();
	let extension = TxExtension::new((
		frame_system::AuthorizeCall::new(),
		frame_system::CheckNonZeroSender::new(),
		frame_system::CheckSpecVersion::new(),
		frame_system::CheckTxVersion::new(),
		frame_system::CheckGenesis::new(),
		frame_system::CheckEra::from(Era::Immortal),
		frame_system::CheckNonce::from(System::account_nonce(&account)),
		frame_system::CheckWeight::new(),
		ChargeTransactionPayment::from(0),
		CheckMetadataHash::new(false),
	));
	let payload = SignedPayload::new(call, extension).expect("the extension knows its chain");
	let signature = payload.using_encoded(|bytes| key.pair().sign(bytes));
	let (call, extension, _) = payload.deconstruct();
	UncheckedExtrinsic::new_signed(
		call,
		account.into(),
		MultiSignature::from(signature),
		extension,
	)
}

/// Signs a call and applies it to the present block.
pub fn apply(key: Sr25519Keyring, call: impl Into<RuntimeCall>) -> ApplyExtrinsicResult {
	Executive::apply_extrinsic(signed(key, call.into()))
}
