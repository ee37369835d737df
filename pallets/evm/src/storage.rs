//! How the EVM's accounts lie in the chain's storage, and how changes are written back.

use alloc::vec::Vec;
use polkadot_sdk::{
	frame_support::{
		defensive,
		storage::unhashed,
		traits::{
			fungible::{Inspect, Unbalanced},
			tokens::{Fortitude, Precision, Preservation},
		},
	},
	frame_system,
	sp_core::{H160, H256},
	sp_io::hashing::blake2_128,
	sp_runtime::BoundedVec,
};
use trivium_primitives::{account, AccountId, AddressMapping, Balance};

use crate::{
	types::{CodeInfo, EMPTY_CODE_HASH},
	Accounts, CodeInfos, Codes, Config, CreateNonces, Failure, OnValueMoved, Pallet, Slots,
};

/// An account as storage holds it now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AccountView {
	/// The account behind the address.
	pub account: AccountId,
	/// What can be spent, planck: held, frozen and required balance is not in it.
	pub balance: Balance,
	/// Ethereum's nonce.
	pub nonce: u64,
	/// Keccak-256 of the code.
	pub code_hash: H256,
}

/// What the journal says an account is now.
pub(crate) struct AccountWrite<'a> {
	/// What can be spent, planck.
	pub balance: Balance,
	/// Ethereum's nonce.
	pub nonce: u64,
	/// Keccak-256 of the code.
	pub code_hash: H256,
	/// The code, if it is at hand.
	pub code: Option<&'a [u8]>,
}

/// Storage keys of slots, made as [`Slots`] makes them.
///
/// A key begins with hashes of the pallet, the map and the contract, which are the same for all of a
/// contract's slots. They are made once, because a hash costs as much as the access itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct SlotKeys {
	/// The contract of the last key.
	contract: Option<H160>,
	/// The last key.
	key: Vec<u8>,
}

/// Bytes of a storage key that belong to the slot: its hash, and the slot itself.
const SLOT_KEY_TAIL_BYTES: usize = 16 + 32;

impl SlotKeys {
	/// The storage key of a slot.
	fn of<T: Config>(&mut self, contract: &H160, slot: &H256) -> &[u8] {
		if self.contract == Some(*contract) {
			let shared = self.key.len().saturating_sub(SLOT_KEY_TAIL_BYTES);
			self.key.truncate(shared);
			self.key.extend_from_slice(&blake2_128(slot.as_bytes()));
			self.key.extend_from_slice(slot.as_bytes());
		} else {
			self.key = Slots::<T>::hashed_key_for(contract, slot);
			self.contract = Some(*contract);
		}
		&self.key
	}

	/// Reads a slot; zero is absence.
	pub(crate) fn read<T: Config>(&mut self, contract: &H160, slot: &H256) -> H256 {
		unhashed::get(self.of::<T>(contract, slot)).unwrap_or_default()
	}

	/// Writes a slot; zero is absence.
	pub(crate) fn write<T: Config>(&mut self, contract: &H160, slot: &H256, value: H256) {
		let key = self.of::<T>(contract, slot);
		if value.is_zero() {
			unhashed::kill(key);
		} else {
			unhashed::put(key, &value);
		}
	}
}

/// Planck that left and entered accounts in one go of writing back.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Flow {
	pub out: Balance,
	pub into: Balance,
}

impl<T: Config> Pallet<T> {
	/// What `account` can spend: EVM contracts may empty an account, but never touch what is held,
	/// frozen or needed to keep the account in existence.
	pub(crate) fn spendable(account: &AccountId) -> Balance {
		T::Currency::reducible_balance(account, Preservation::Expendable, Fortitude::Polite)
	}

	/// An address's account as storage holds it. Reads what [`crate::gas::ACCOUNT_PROOF_BYTES`]
	/// pays for.
	pub(crate) fn view(address: &H160) -> AccountView {
		let account = T::Addresses::account(address);
		let balance = Self::spendable(&account);
		let nonce = Self::stored_nonce(address, &account);
		let code_hash = Accounts::<T>::get(address).unwrap_or(EMPTY_CODE_HASH);
		AccountView {
			account,
			balance,
			nonce,
			code_hash,
		}
	}

	/// Ethereum's nonce of an account. An Ethereum account has it in its system account; any other
	/// counts only its creations, because its system nonce belongs to Substrate's transactions.
	pub(crate) fn stored_nonce(address: &H160, account: &AccountId) -> u64 {
		if account::ethereum_address(account).as_ref() == Some(address) {
			frame_system::Pallet::<T>::account_nonce(account)
		} else {
			CreateNonces::<T>::get(account)
		}
	}

	/// Writes an account back. `flow` sums up what it moved.
	pub(crate) fn write_account(
		address: &H160,
		write: AccountWrite<'_>,
		flow: &mut Flow,
	) -> Result<(), Failure> {
		Self::write_parts(address, write, Some(flow))
	}

	/// Writes back an account whose balance is as it was.
	pub(crate) fn write_nonce_and_code(
		address: &H160,
		write: AccountWrite<'_>,
	) -> Result<(), Failure> {
		Self::write_parts(address, write, None)
	}

	/// Writes an account back; its balance only if there is something to sum up its movement in.
	fn write_parts(
		address: &H160,
		write: AccountWrite<'_>,
		flow: Option<&mut Flow>,
	) -> Result<(), Failure> {
		let account = T::Addresses::account(address);
		let is_ethereum = account::ethereum_address(&account).as_ref() == Some(address);
		let had_nonce = Self::stored_nonce(address, &account);
		let had_code = Accounts::<T>::get(address);

		// The reference comes before the balance, so that an account which is emptied and gets a
		// nonce at once is not reaped in between.
		let needs_nonce = is_ethereum && write.nonce != had_nonce;
		let is_kept = had_code.is_some() || needs_nonce || write.code_hash != EMPTY_CODE_HASH;
		if is_kept && had_code.is_none() {
			frame_system::Pallet::<T>::inc_providers(&account);
		}
		if let Some(flow) = flow {
			let had = Self::spendable(&account);
			Self::move_balance(&account, had, write.balance, flow)?;
		}
		if needs_nonce {
			frame_system::Account::<T>::mutate(&account, |info| info.nonce = write.nonce);
		} else if write.nonce != had_nonce {
			CreateNonces::<T>::insert(&account, write.nonce);
		}
		if is_kept && had_code != Some(write.code_hash) {
			let had_code = had_code.unwrap_or(EMPTY_CODE_HASH);
			let has_code = Self::exchange_code(had_code, write.code_hash, write.code);
			Accounts::<T>::insert(address, has_code);
		}
		Ok(())
	}

	fn move_balance(
		account: &AccountId,
		had: Balance,
		has: Balance,
		flow: &mut Flow,
	) -> Result<(), Failure> {
		if let Some(more) = has.checked_sub(had).filter(|more| *more != 0) {
			let actual = T::Currency::increase_balance(account, more, Precision::Exact)
				.map_err(|_| Failure::Ledger)?;
			flow.into = flow.into.saturating_add(actual);
		} else if let Some(less) = had.checked_sub(has).filter(|less| *less != 0) {
			// Dust below the existential deposit goes the way the ledger sends it, which keeps the
			// issuance itself; only what was asked for is part of this flow.
			T::Currency::decrease_balance(
				account,
				less,
				Precision::Exact,
				Preservation::Expendable,
				Fortitude::Polite,
			)
			.map_err(|_| Failure::InsufficientBalance)?;
			flow.out = flow.out.saturating_add(less);
		}
		Ok(())
	}

	/// Lowers the issuance by what left accounts and entered none.
	pub(crate) fn settle(flow: Flow) -> Result<(), Failure> {
		let burnt = flow.out.checked_sub(flow.into).ok_or(Failure::Internal)?;
		if burnt != 0 {
			let issuance = T::Currency::total_issuance();
			T::Currency::set_total_issuance(issuance.saturating_sub(burnt));
		}
		Ok(())
	}

	/// Gives up one reference to a code and takes one to another. Gives the code that the account
	/// then has.
	fn exchange_code(had: H256, has: H256, code: Option<&[u8]>) -> H256 {
		if had == has {
			return has;
		}
		if has != EMPTY_CODE_HASH {
			let is_referenced = CodeInfos::<T>::mutate(has, |info| match info {
				Some(info) => {
					info.references = info.references.saturating_add(1);
					true
				}
				None => {
					// The journal holds the code of every hash that it has set itself.
					let Some(code) = code.and_then(|code| BoundedVec::try_from(code.to_vec()).ok())
					else {
						defensive!("new code is at hand and within its limit");
						return false;
					};
					let len_bytes = u32::try_from(code.len()).unwrap_or(u32::MAX);
					Codes::<T>::insert(has, code);
					*info = Some(CodeInfo {
						len_bytes,
						references: 1,
					});
					true
				}
			});
			if !is_referenced {
				return had;
			}
		}
		Self::release_code(had);
		has
	}

	fn release_code(code_hash: H256) {
		if code_hash == EMPTY_CODE_HASH {
			return;
		}
		CodeInfos::<T>::mutate_exists(code_hash, |info| {
			let Some(known) = info else { return };
			known.references = known.references.saturating_sub(1);
			if known.references == 0 {
				Codes::<T>::remove(code_hash);
				*info = None;
			}
		});
	}

	/// Whether anything is stored for this address.
	pub(crate) fn has_slots(address: &H160) -> bool {
		Slots::<T>::iter_key_prefix(address).next().is_some()
	}

	/// Removes all that is stored for this address, however much: not for a chain, but for the forks
	/// before Cancun, by which old contracts could be destructed.
	pub(crate) fn remove_all_slots(address: &H160) {
		let _ = Slots::<T>::clear_prefix(address, u32::MAX, None);
	}

	/// Removes a contract that was created and destructed in one transaction
	/// ([EIP-6780](https://eips.ethereum.org/EIPS/eip-6780)). `slots` are all it ever wrote. What it
	/// still had is burnt.
	pub(crate) fn remove_contract(address: &H160, slots: impl Iterator<Item = H256>) {
		for key in slots {
			Slots::<T>::remove(address, key);
		}
		let account = T::Addresses::account(address);
		let mut flow = Flow::default();
		let had = Self::spendable(&account);
		match Self::move_balance(&account, had, 0, &mut flow).and_then(|()| Self::settle(flow)) {
			Ok(()) if had != 0 => T::OnValueMoved::burnt(&account, had),
			Ok(()) => {}
			Err(_) => {
				defensive!("what can be spent can be taken");
			}
		}
		if Self::forget_code(address, &account) {
			frame_system::Account::<T>::mutate(&account, |info| info.nonce = 0);
		}
	}

	/// An address has no code any more, and its account no reference for that. Whether there was one.
	pub(crate) fn forget_code(address: &H160, account: &AccountId) -> bool {
		let Some(code_hash) = Accounts::<T>::take(address) else {
			return false;
		};
		Self::release_code(code_hash);
		// The account stays if something else needs it, and then keeps this reference too.
		if frame_system::Pallet::<T>::dec_providers(account).is_err() {
			log::debug!(target: crate::LOG_TARGET, "account {account:?} is still needed");
		}
		true
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::mock::{new_test_ext, Test};

	#[test]
	fn slot_keys_are_those_of_the_map() {
		new_test_ext().execute_with(|| {
			let mut keys = SlotKeys::default();
			for (contract, slot) in [(1, 1), (1, 2), (1, 1), (2, 1), (2, 3), (1, 3)] {
				let (contract, slot) = (H160([contract; 20]), H256([slot; 32]));
				assert_eq!(
					keys.of::<Test>(&contract, &slot),
					Slots::<Test>::hashed_key_for(contract, slot)
				);
			}
		});
	}

	#[test]
	fn slots_are_read_as_written_and_zero_is_not_stored() {
		new_test_ext().execute_with(|| {
			let mut keys = SlotKeys::default();
			let (contract, slot) = (H160([1; 20]), H256([2; 32]));
			keys.write::<Test>(&contract, &slot, H256([3; 32]));
			assert_eq!(Slots::<Test>::get(contract, slot), H256([3; 32]));
			assert_eq!(keys.read::<Test>(&contract, &slot), H256([3; 32]));
			keys.write::<Test>(&contract, &slot, H256::zero());
			assert!(!Slots::<Test>::contains_key(contract, slot));
			assert_eq!(keys.read::<Test>(&contract, &slot), H256::zero());
		});
	}
}
