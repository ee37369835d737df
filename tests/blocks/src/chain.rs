//! Where a block begins.

use std::cell::RefCell;

use codec::Encode;
use polkadot_sdk::{
	frame_metadata_hash_extension::CheckMetadataHash,
	frame_system,
	pallet_transaction_payment::ChargeTransactionPayment,
	sp_core::{storage::StateVersion, Blake2Hasher, Pair, H256},
	sp_keyring::Sr25519Keyring,
	sp_runtime::{generic::Era, traits::Header as _, MultiSignature},
	sp_state_machine::{BasicExternalities, InMemoryBackend},
};
use trivium_benchmarks_evm::chain::genesis;
use trivium_runtime::{
	Header, Nonce, Runtime, RuntimeCall, SignedPayload, TxExtension, UncheckedExtrinsic,
};

/// The development chain before its first block, prepared for a test.
pub struct Chain {
	/// The state.
	pub state: InMemoryBackend<Blake2Hasher>,
	/// The genesis.
	pub header: Header,
	/// The state as the native runtime has it, to sign in.
	native: RefCell<BasicExternalities>,
}

impl Chain {
	/// A chain in whose genesis `prepare` has run, in the native runtime.
	pub fn new(prepare: impl FnOnce()) -> Self {
		let mut native = genesis();
		native.execute_with(prepare);
		let storage = native.into_storages();
		let mut native = BasicExternalities::new(storage.clone());
		let state = InMemoryBackend::from((storage, StateVersion::V1));
		let header = Header::new(
			0,
			Default::default(),
			*state.root(),
			Default::default(),
			Default::default(),
		);
		// What the first block does, and a signature is over.
		let hash = header.hash();
		native.execute_with(|| frame_system::BlockHash::<Runtime>::insert(0, hash));
		Self {
			state,
			header,
			native: RefCell::new(native),
		}
	}

	/// A transaction as a wallet would make it.
	pub fn sign(&self, key: Sr25519Keyring, nonce: Nonce, call: RuntimeCall) -> UncheckedExtrinsic {
		let extension = TxExtension::new((
			frame_system::AuthorizeCall::new(),
			frame_system::CheckNonZeroSender::new(),
			frame_system::CheckSpecVersion::new(),
			frame_system::CheckTxVersion::new(),
			frame_system::CheckGenesis::new(),
			frame_system::CheckEra::from(Era::Immortal),
			frame_system::CheckNonce::from(nonce),
			frame_system::CheckWeight::new(),
			ChargeTransactionPayment::from(0),
			CheckMetadataHash::new(false),
		));
		self.native.borrow_mut().execute_with(|| {
			let payload =
				SignedPayload::new(call, extension).expect("the extension knows its chain");
			let signature = payload.using_encoded(|bytes| key.pair().sign(bytes));
			let (call, extension, _) = payload.deconstruct();
			UncheckedExtrinsic::new_signed(
				call,
				key.to_account_id().into(),
				MultiSignature::from(signature).into(),
				extension,
			)
		})
	}

	/// The genesis' hash.
	pub fn hash(&self) -> H256 {
		self.header.hash()
	}
}
