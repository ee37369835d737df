//! The chain the tests run on, and what they do to it.

use codec::{DecodeAll, Encode};
use pallet_evm::api::runtime_decl_for_evm_api::EvmApi;
use polkadot_sdk::{
	frame_metadata_hash_extension::CheckMetadataHash,
	frame_support::traits::fungible::Inspect,
	frame_system,
	pallet_transaction_payment::ChargeTransactionPayment,
	sp_core::{Pair, H160},
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
		MultiSignature::from(signature).into(),
		extension,
	)
}

/// 12,345 planck to `0x77…77` on the development chain, signed with ethers.js and the key of EIP-155's
/// example.
pub const ETHEREUM_TRANSFER: &[u8] = &hex_literal::hex!(
	"02f86c83857dc7808085174876e80082520894777777777777777777777777777777777777777782303980c001a0"
	"7bcf52323f7c6b1ec8143db19cb8f9a3572028a86bf50b23dcd560b6115d1cd3a070c1a5dfb2be5502d5ba45081f"
	"c9eb8400bf63457a258c6c084469976a398439"
);

/// Who signed [`ETHEREUM_TRANSFER`].
pub const ETHEREUM_SENDER: H160 = H160(hex_literal::hex!(
	"9d8a62f656a8d1615c1294fd71e9cfb3e4855a4f"
));

/// The extrinsic that carries a raw Ethereum transaction.
pub fn ethereum(raw: &[u8]) -> UncheckedExtrinsic {
	let encoded = Runtime::extrinsic(raw.to_vec());
	UncheckedExtrinsic::decode_all(&mut &encoded[..]).expect("an extrinsic decodes")
}

/// Signs a call and applies it to the present block.
pub fn apply(key: Sr25519Keyring, call: impl Into<RuntimeCall>) -> ApplyExtrinsicResult {
	Executive::apply_extrinsic(signed(key, call.into()))
}
