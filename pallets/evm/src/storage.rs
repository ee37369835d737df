//! How the EVM's accounts lie in the chain's storage, and how changes are written back.

use alloc::vec::Vec;
use polkadot_sdk::{
	frame_support::{
		defensive,
		traits::{
			fungible::{Inspect, Unbalanced},
			tokens::{Fortitude, Precision, Preservation},
		},
	},
	frame_system,
	sp_core::{H160, H256},
	sp_runtime::BoundedVec,
};
use trivium_primitives::{account, AccountId, AddressMapping, Balance};

use crate::{
	types::{CodeInfo, EMPTY_CODE_HASH},
	Accounts, CodeInfos, Codes, Config, CreateNonces, Failure, Pallet, Slots,
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
pub(crate) struct AccountWrite {
	/// What can be spent, planck.
	pub balance: Balance,
	/// Ethereum's nonce.
	pub nonce: u64,
	/// Keccak-256 of the code.
	pub code_hash: H256,
	/// The code, if it is at hand.
	pub code: Option<Vec<u8>>,
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
		write: AccountWrite,
		flow: &mut Flow,
	) -> Result<(), Failure> {
		let account = T::Addresses::account(address);
		let is_ethereum = account::ethereum_address(&account).as_ref() == Some(address);
		let had = Self::spendable(&account);
		let had_nonce = Self::stored_nonce(address, &account);

		// The reference comes before the balance, so that an account which is emptied and gets a
		// nonce at once is not reaped in between.
		let needs_nonce = is_ethereum && write.nonce != had_nonce;
		if needs_nonce || write.code_hash != EMPTY_CODE_HASH {
			Self::pin(address, &account);
		}
		Self::move_balance(&account, had, write.balance, flow)?;
		if needs_nonce {
			frame_system::Account::<T>::mutate(&account, |info| info.nonce = write.nonce);
		} else if write.nonce != had_nonce {
			CreateNonces::<T>::insert(&account, write.nonce);
		}
		Self::write_code(address, write.code_hash, write.code);
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

	/// Keeps an account in existence from now on: it has code or an Ethereum nonce.
	fn pin(address: &H160, account: &AccountId) {
		if !Accounts::<T>::contains_key(address) {
			frame_system::Pallet::<T>::inc_providers(account);
			Accounts::<T>::insert(address, EMPTY_CODE_HASH);
		}
	}

	fn write_code(address: &H160, code_hash: H256, code: Option<Vec<u8>>) {
		let Some(had) = Accounts::<T>::get(address) else {
			return;
		};
		if had == code_hash {
			return;
		}
		if code_hash != EMPTY_CODE_HASH {
			CodeInfos::<T>::mutate(code_hash, |info| match info {
				Some(info) => info.references = info.references.saturating_add(1),
				None => {
					// The journal holds the code of every hash that it has set itself.
					let Some(code) = code.and_then(|code| BoundedVec::try_from(code).ok()) else {
						defensive!("new code is at hand and within its limit");
						return;
					};
					let len_bytes = u32::try_from(code.len()).unwrap_or(u32::MAX);
					Codes::<T>::insert(code_hash, code);
					*info = Some(CodeInfo {
						len_bytes,
						references: 1,
					});
				}
			});
		}
		Self::release_code(had);
		Accounts::<T>::insert(address, code_hash);
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

	/// Writes one storage slot; zero is absence.
	pub(crate) fn write_slot(address: &H160, key: &H256, value: H256) {
		if value.is_zero() {
			Slots::<T>::remove(address, key);
		} else {
			Slots::<T>::insert(address, key, value);
		}
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
		if Self::move_balance(&account, had, 0, &mut flow)
			.and_then(|()| Self::settle(flow))
			.is_err()
		{
			defensive!("what can be spent can be taken");
		}
		if let Some(code_hash) = Accounts::<T>::take(address) {
			Self::release_code(code_hash);
			frame_system::Account::<T>::mutate(&account, |info| info.nonce = 0);
			// The account stays if something else needs it, and then keeps this reference too.
			if frame_system::Pallet::<T>::dec_providers(&account).is_err() {
				log::debug!(target: crate::LOG_TARGET, "destructed account {account:?} is still needed");
			}
		}
	}
}
