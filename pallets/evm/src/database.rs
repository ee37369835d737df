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

use crate::{
	bridge::{BRIDGE, BRIDGE_CODE},
	gas::{
		OutOfProofSize, ProofMeter, ACCOUNT_PROOF_BYTES, BLOCK_HASH_PROOF_BYTES, CODE_PROOF_BYTES,
		SLOT_PROOF_BYTES,
	},
	rules::Rules,
	types::{
		from_address, from_b256, hash_from_word, to_address, to_b256, word_from_hash,
		EMPTY_CODE_HASH,
	},
	CodeInfos, Codes, Config, Failure, Pallet, Slots,
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
	_config: PhantomData<T>,
}

impl<T> StorageDb<T> {
	pub(crate) fn new(meter: ProofMeter, loaded: Vec<Address>) -> Self {
		Self {
			meter,
			loaded,
			_config: PhantomData,
		}
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
		self.meter.charge(ACCOUNT_PROOF_BYTES)?;
		let view = Pallet::<T>::view(&from_address(&address));
		self.loaded.push(address);
		if address == to_address(&BRIDGE) && T::Rules::has_bridge() {
			let code = Bytecode::new_legacy(BRIDGE_CODE.as_slice().into());
			let info = AccountInfo::default().with_balance(U256::from(view.balance));
			return Ok(Some(info.with_code(code)));
		}
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
		self.meter.charge(CODE_PROOF_BYTES)?;
		let hash = from_b256(&code_hash);
		let len = CodeInfos::<T>::get(hash)
			.map(|info| info.len_bytes)
			.unwrap_or_default();
		self.meter.charge(len.into())?;
		let code = Codes::<T>::get(hash)
			.map(|code| code.into_inner())
			.unwrap_or_default();
		Ok(bytecode(code))
	}

	fn storage(&mut self, address: Address, index: StorageKey) -> Result<StorageValue, Stop> {
		self.meter.charge(SLOT_PROOF_BYTES)?;
		let value = Slots::<T>::get(from_address(&address), hash_from_word(&index));
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
