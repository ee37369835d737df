//! Where a block begins.

use std::cell::RefCell;

use polkadot_sdk::{
	frame_system,
	sp_core::{storage::StateVersion, Blake2Hasher, H256},
	sp_keyring::Sr25519Keyring,
	sp_runtime::traits::Header as _,
	sp_state_machine::{BasicExternalities, InMemoryBackend},
};
use trivium_benchmarks_evm::chain;
use trivium_runtime::{Header, Nonce, Runtime, RuntimeCall, UncheckedExtrinsic};

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
		let mut native = chain::genesis();
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
		self.native
			.borrow_mut()
			.execute_with(|| chain::sign(key, nonce, call))
	}

	/// The genesis' hash.
	pub fn hash(&self) -> H256 {
		self.header.hash()
	}
}
