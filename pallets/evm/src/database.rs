//! The pallet's storage as `revm` reads it. Every read is paid for in proof size before it is made.

use alloc::vec::Vec;
use core::{fmt, marker::PhantomData};
use polkadot_sdk::{frame_system, sp_runtime::SaturatedConversion};
use revm::{
	context::DBErrorMarker,
	primitives::{Address, Bytes, StorageKey, StorageValue, B256, U256},
	state::{AccountInfo, Bytecode},
	Database,
};
use trivium_primitives::account;

use crate::{
	bridge::{BRIDGE, BRIDGE_CODE},
	gas::{OutOfProofSize, ProofMeter, BLOCK_HASH_PROOF_BYTES, SLOT_PROOF_BYTES},
	reads::Prepaid,
	rules::Rules,
	storage::SlotKeys,
	types::{from_address, from_b256, hash_from_word, to_b256, word_from_hash, EMPTY_CODE_HASH},
	Codes, Config, Failure, Pallet,
};

/// Blocks whose hash `BLOCKHASH` knows.
const BLOCK_HASH_WINDOW: u64 = 256;

/// Storage seen through a meter.
pub struct StorageDb<T> {
	/// Proof size left to this execution.
	pub(crate) meter: ProofMeter,
	/// Accounts read from storage, in that order. The journal needs it to know what it must forget
	/// when storage is rolled back below it.
	pub(crate) loaded: Vec<Address>,
	/// What of the meter has been charged ahead of its read.
	pub(crate) prepaid: Prepaid,
	/// Where slots lie.
	pub(crate) slots: SlotKeys,
	_config: PhantomData<T>,
}

impl<T> StorageDb<T> {
	pub(crate) fn new(meter: ProofMeter, loaded: Vec<Address>) -> Self {
		Self {
			meter,
			loaded,
			prepaid: Prepaid::default(),
			slots: SlotKeys::default(),
			_config: PhantomData,
		}
	}
}

impl<T: Config> StorageDb<T> {
	/// Whether an account is a precompiled contract, and as such nothing besides: on Ethereum's own
	/// test chains it may be more.
	pub(crate) fn runs_native_code(address: &Address) -> bool {
		match from_address(address) == BRIDGE {
			true => T::Rules::has_bridge(),
			false => T::Rules::prices_by_weight() && T::Rules::precompiles().contains(address),
		}
	}

	/// An account that runs native code. It can have a balance and nothing else, so that one read is
	/// enough.
	fn precompile(address: &Address) -> Option<AccountInfo> {
		let alias = from_address(address);
		let balance = Pallet::<T>::spendable(&account::ethereum_account(&alias));
		let info = AccountInfo::default().with_balance(U256::from(balance));
		if alias == BRIDGE {
			let code = Bytecode::new_legacy(BRIDGE_CODE.as_slice().into());
			return Some(info.with_code(code));
		}
		(balance != 0).then_some(info)
	}
}

/// What ends an execution from outside of the EVM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop(pub Failure);

impl fmt::Display for Stop {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		write!(f, "{:?}", self.0)
	}
}

impl core::error::Error for Stop {}
impl DBErrorMarker for Stop {}

impl From<OutOfProofSize> for Stop {
	fn from(_: OutOfProofSize) -> Self {
		Self(Failure::OutOfProofSize)
	}
}

/// A stored code, which is a program or the delegation of
/// [EIP-7702](https://eips.ethereum.org/EIPS/eip-7702).
pub(crate) fn bytecode(code: Vec<u8>) -> Bytecode {
	let code = Bytes::from(code);
	Bytecode::new_raw_checked(code.clone()).unwrap_or_else(|_| Bytecode::new_legacy(code))
}

impl<T: Config> Database for StorageDb<T> {
	type Error = Stop;

	fn basic(&mut self, address: Address) -> Result<Option<AccountInfo>, Stop> {
		self.prepaid.take_account(&mut self.meter, &address)?;
		self.loaded.push(address);
		if Self::runs_native_code(&address) {
			return Ok(Self::precompile(&address));
		}
		let view = Pallet::<T>::view(&from_address(&address));
		if view.balance == 0 && view.nonce == 0 && view.code_hash == EMPTY_CODE_HASH {
			return Ok(None);
		}
		Ok(Some(AccountInfo {
			balance: U256::from(view.balance),
			nonce: view.nonce,
			code_hash: to_b256(&view.code_hash),
			account_id: None,
			code: None,
		}))
	}

	fn code_by_hash(&mut self, code_hash: B256) -> Result<Bytecode, Stop> {
		let len_bytes = self.prepaid.take_code::<T>(&mut self.meter, &code_hash)?;
		self.meter.charge(len_bytes.into())?;
		let hash = from_b256(&code_hash);
		let code = Codes::<T>::get(hash)
			.map(|code| code.into_inner())
			.unwrap_or_default();
		Ok(bytecode(code))
	}

	fn storage(&mut self, address: Address, index: StorageKey) -> Result<StorageValue, Stop> {
		self.meter.charge(SLOT_PROOF_BYTES)?;
		let value = self
			.slots
			.read::<T>(&from_address(&address), &hash_from_word(&index));
		Ok(word_from_hash(&value))
	}

	fn block_hash(&mut self, number: u64) -> Result<B256, Stop> {
		self.meter.charge(BLOCK_HASH_PROOF_BYTES)?;
		if let Some(hash) = T::Rules::block_hash(number) {
			return Ok(to_b256(&hash));
		}
		let now: u64 = frame_system::Pallet::<T>::block_number().saturated_into();
		let known = number < now && now.saturating_sub(number) <= BLOCK_HASH_WINDOW;
		if !known {
			return Ok(B256::ZERO);
		}
		let number: frame_system::pallet_prelude::BlockNumberFor<T> = number.saturated_into();
		Ok(to_b256(&frame_system::BlockHash::<T>::get(number)))
	}
}
