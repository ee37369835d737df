//! A contract as it is stored: its record, and the child trie with its storage.
//!
//! Nothing is kept of it in memory while it runs: whoever changes it, by whichever road, changes what
//! is stored, and every frame sees that.

use alloc::vec::Vec;

use codec::{Decode, Encode, MaxEncodedLen};
use polkadot_sdk::{
	frame_support::{
		ensure,
		storage::child::{self, ChildInfo},
		traits::Get,
		Blake2_128Concat, CloneNoBound, DebugNoBound, EqNoBound, PartialEqNoBound, StorageHasher,
	},
	sp_core::H256,
	sp_io::hashing::blake2_256,
	sp_runtime::{traits::Hash as _, BoundedBTreeMap, DispatchError},
};
use scale_info::TypeInfo;
use trivium_primitives::{AccountId, Balance};

use crate::{
	code::CodeInfo,
	deposit::{price_of, Diff},
	live, Config, ContractInfoOf, Error, Nonce, TrieId,
};

/// The record of a contract. The layout is that of `pallet-contracts` at storage version 16.
#[derive(
	Encode, Decode, CloneNoBound, PartialEqNoBound, EqNoBound, DebugNoBound, TypeInfo, MaxEncodedLen,
)]
#[scale_info(skip_type_params(T))]
pub struct ContractInfo<T: Config> {
	/// Names the child trie.
	pub trie_id: TrieId,
	/// The code that runs when it is called.
	pub code_hash: H256,
	/// Bytes of values in its storage.
	pub(crate) storage_bytes: u32,
	/// Values in its storage.
	pub(crate) storage_items: u32,
	/// Deposit for the bytes, planck.
	pub(crate) storage_byte_deposit: Balance,
	/// Deposit for the items, planck.
	pub(crate) storage_item_deposit: Balance,
	/// Deposit for the record itself and a part of that for the code, planck.
	pub(crate) storage_base_deposit: Balance,
	/// Code that must not be removed while the contract names it, and the deposit for that, planck.
	pub(crate) delegate_dependencies:
		BoundedBTreeMap<H256, Balance, <T as Config>::MaxDelegateDependencies>,
}

impl<T: Config> ContractInfo<T> {
	/// A new record, not stored yet. Counts the instantiation.
	///
	/// # Errors
	/// `DuplicateContract` if the account is a contract already.
	pub(crate) fn create(account: &AccountId, code_hash: H256) -> Result<Self, DispatchError> {
		ensure!(
			!ContractInfoOf::<T>::contains_key(account),
			Error::<T>::DuplicateContract
		);
		let nonce = Nonce::<T>::get().wrapping_add(1);
		Nonce::<T>::put(nonce);
		let trie_id = (account, nonce).using_encoded(T::Hashing::hash);
		Ok(Self {
			trie_id: TrieId::truncate_from(trie_id.as_bytes().to_vec()),
			code_hash,
			storage_bytes: 0,
			storage_items: 0,
			storage_byte_deposit: 0,
			storage_item_deposit: 0,
			storage_base_deposit: 0,
			delegate_dependencies: Default::default(),
		})
	}

	/// The record of a contract that can be called.
	///
	/// # Errors
	/// `ContractNotFound` if there is none, or its constructor is still running.
	pub(crate) fn of_callable(account: &AccountId) -> Result<Self, DispatchError> {
		ensure!(
			!live::is_constructing(account),
			Error::<T>::ContractNotFound
		);
		Self::load(account)
	}

	/// The record of a contract, its constructor's end awaited or not.
	///
	/// # Errors
	/// `ContractNotFound`.
	pub(crate) fn load(account: &AccountId) -> Result<Self, DispatchError> {
		ContractInfoOf::<T>::get(account).ok_or_else(|| Error::<T>::ContractNotFound.into())
	}

	/// Deposit for what the contract stores and for itself, planck; dependencies aside.
	pub(crate) fn total_deposit(&self) -> Balance {
		self.storage_byte_deposit
			.saturating_add(self.storage_item_deposit)
			.saturating_add(self.storage_base_deposit)
	}

	/// Deposit for the locked dependencies, planck.
	pub(crate) fn dependencies_deposit(&self) -> Balance {
		let each = self.delegate_dependencies.values();
		each.fold(0, |sum, deposit| sum.saturating_add(*deposit))
	}

	/// All that is on hold for it, planck.
	pub(crate) fn all_deposits(&self) -> Balance {
		self.total_deposit()
			.saturating_add(self.dependencies_deposit())
	}

	/// Sets the base deposit to what it has to be with this code.
	pub(crate) fn set_base_deposit(&mut self, code: &CodeInfo) {
		let own = Diff {
			bytes_added: u32::try_from(self.encoded_size()).unwrap_or(u32::MAX),
			items_added: 1,
			..Default::default()
		};
		self.storage_base_deposit = price_of::<T>(&own).saturating_add(code.lockup::<T>());
	}
}

/// The child trie of a contract.
pub(crate) fn trie(trie_id: &TrieId) -> ChildInfo {
	ChildInfo::new_default(trie_id)
}

/// The account of a contract that `deployer` instantiates: a hash of all that tells it from others.
pub(crate) fn address<T: Config>(
	deployer: &AccountId,
	code_hash: &H256,
	input: &[u8],
	salt: &[u8],
) -> AccountId {
	let hash = (b"contract_addr_v1", deployer, code_hash, input, salt)
		.using_encoded(<T as polkadot_sdk::frame_system::Config>::Hashing::hash);
	AccountId::new(hash.0)
}

/// A key of a contract's storage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Key {
	/// Of 32 bytes, as the oldest functions have it.
	Fixed([u8; 32]),
	/// Of any length up to the limit.
	Variable(Vec<u8>),
}

impl Key {
	/// A key of any length.
	///
	/// # Errors
	/// `DecodingFailed` if it is too long.
	pub(crate) fn variable<T: Config>(key: Vec<u8>) -> Result<Self, DispatchError> {
		let is_short = key.len() <= T::MaxStorageKeyLen::get() as usize;
		ensure!(is_short, Error::<T>::DecodingFailed);
		Ok(Self::Variable(key))
	}

	/// Where the value lies in the child trie.
	pub(crate) fn hashed(&self) -> Vec<u8> {
		match self {
			Self::Fixed(key) => blake2_256(key).to_vec(),
			Self::Variable(key) => Blake2_128Concat::hash(key),
		}
	}
}

/// What a write found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Previous {
	/// Length of the value that was there, bytes.
	pub len: Option<u32>,
	/// The value, if it was asked for.
	pub value: Option<Vec<u8>>,
}

/// Writes or removes a value; `take` asks for what was there.
pub(crate) fn write(
	trie_id: &TrieId,
	hashed_key: &[u8],
	value: Option<&[u8]>,
	take: bool,
) -> Previous {
	let trie = trie(trie_id);
	let previous = if take {
		let value = child::get_raw(&trie, hashed_key);
		let len = value.as_ref().map(|value| len_of(value));
		Previous { len, value }
	} else {
		Previous {
			len: child::len(&trie, hashed_key),
			value: None,
		}
	};
	match value {
		Some(value) => child::put_raw(&trie, hashed_key, value),
		None => child::kill(&trie, hashed_key),
	}
	previous
}

/// A length that fits, because nothing that a contract holds is longer.
pub(crate) fn len_of(bytes: &[u8]) -> u32 {
	u32::try_from(bytes.len()).unwrap_or(u32::MAX)
}
