//! The world state: written into the pallets' storage, and read back from it.

use alloy_trie::{root, TrieAccount};
use pallet_evm::{
	revm::primitives::{keccak256, Address, Log, LogData, B256, KECCAK_EMPTY, U256},
	types::CodeInfo,
	Accounts, CodeInfos, Codes, Event, Slots,
};
use polkadot_sdk::{
	frame_system, pallet_balances,
	sp_core::{H160, H256},
	sp_runtime::BoundedVec,
};
use std::collections::BTreeMap;
use trivium_primitives::account;

use crate::chain::{Balances, Runtime, RuntimeEvent, System};

/// An account as Ethereum's state trie has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
	pub nonce: u64,
	pub balance: U256,
	pub code_hash: B256,
	/// Without zeros.
	pub storage: BTreeMap<U256, U256>,
}

impl Default for Account {
	fn default() -> Self {
		Self {
			nonce: 0,
			balance: U256::ZERO,
			code_hash: KECCAK_EMPTY,
			storage: BTreeMap::new(),
		}
	}
}

/// All accounts that exist.
pub type State = BTreeMap<Address, Account>;

/// Writes an account and its code into the pallets' storage.
///
/// # Errors
/// The ledger or the storage of codes has no room for it.
pub fn write(address: Address, account: &Account, code: &[u8]) -> Result<(), String> {
	let key = H160(address.into_array());
	let free = u128::try_from(account.balance).map_err(|_| "a balance does not fit")?;
	let is_kept =
		free == 0 || account.nonce != 0 || !code.is_empty() || !account.storage.is_empty();
	frame_system::Account::<Runtime>::insert(
		account::ethereum_account(&key),
		frame_system::AccountInfo {
			nonce: account.nonce,
			providers: u32::from(free != 0) + u32::from(is_kept),
			data: pallet_balances::AccountData {
				free,
				..Default::default()
			},
			..Default::default()
		},
	);
	let issuance = Balances::total_issuance()
		.checked_add(free)
		.ok_or("the balances do not fit")?;
	pallet_balances::TotalIssuance::<Runtime>::put(issuance);
	let code_hash = H256(keccak256(code).0);
	if is_kept {
		Accounts::<Runtime>::insert(key, code_hash);
	}
	if !code.is_empty() {
		CodeInfos::<Runtime>::mutate(code_hash, |info| {
			let known = info.get_or_insert(CodeInfo {
				len_bytes: code.len() as u32,
				references: 0,
			});
			known.references += 1;
		});
		let code = BoundedVec::try_from(code.to_vec()).map_err(|_| "a code is too long")?;
		Codes::<Runtime>::insert(code_hash, code);
	}
	for (slot, value) in &account.storage {
		if !value.is_zero() {
			Slots::<Runtime>::insert(key, H256(slot.to_be_bytes()), H256(value.to_be_bytes()));
		}
	}
	Ok(())
}

/// Reads all that the pallets' storage has.
pub fn read() -> State {
	let mut state = State::new();
	for (account, info) in frame_system::Account::<Runtime>::iter() {
		let Some(address) = account::ethereum_address(&account) else {
			continue;
		};
		let kept = Accounts::<Runtime>::get(address);
		if info.nonce == 0 && info.data.free == 0 && kept.is_none() {
			continue;
		}
		state.insert(
			Address::new(address.0),
			Account {
				nonce: info.nonce,
				balance: U256::from(info.data.free),
				code_hash: kept.map_or(KECCAK_EMPTY, |hash| B256::new(hash.0)),
				storage: BTreeMap::new(),
			},
		);
	}
	// What is stored for no account must not go unnoticed, so it makes one.
	for (address, key, value) in Slots::<Runtime>::iter() {
		state
			.entry(Address::new(address.0))
			.or_default()
			.storage
			.insert(U256::from_be_bytes(key.0), U256::from_be_bytes(value.0));
	}
	state
}

/// The root of Ethereum's state trie.
pub fn root(state: &State) -> B256 {
	root::state_root_unhashed(state.iter().map(|(address, account)| {
		let slots = account
			.storage
			.iter()
			.map(|(key, value)| (B256::new(key.to_be_bytes()), *value));
		(
			*address,
			TrieAccount {
				nonce: account.nonce,
				balance: account.balance,
				storage_root: root::storage_root_unhashed(slots),
				code_hash: account.code_hash,
			},
		)
	}))
}

/// The logs that were left, from the pallet's events.
pub fn logs() -> Vec<Log> {
	System::events()
		.into_iter()
		.filter_map(|record| match record.event {
			RuntimeEvent::Evm(Event::Log {
				address,
				topics,
				data,
			}) => Some(Log {
				address: Address::new(address.0),
				data: LogData::new_unchecked(
					topics.into_iter().map(|topic| B256::new(topic.0)).collect(),
					data.into(),
				),
			}),
			_ => None,
		})
		.collect()
}

/// What holds after every transaction, whatever it did: the ledger's sum is its issuance.
///
/// # Errors
/// It does not hold.
pub fn check_ledger() -> Result<(), String> {
	let sum: u128 = frame_system::Account::<Runtime>::iter_values()
		.map(|info| info.data.free)
		.sum();
	let issuance = Balances::total_issuance();
	match sum == issuance {
		true => Ok(()),
		false => Err(format!(
			"balances sum up to {sum}, and the issuance is {issuance}"
		)),
	}
}
