//! Accounts and their aliases, from an account's coming into being to its first transaction.
//!
//! An alias leads to the account that owns it, and to the Ethereum account of the same bytes while
//! nobody owns it. So what is sent to the alias of an account that does not exist yet lies at that
//! Ethereum account, for which nobody can have a key: its address is the hash of something else than a
//! public key. It becomes the owner's with their first transaction, or when anyone asks for it
//! ([`crate::Pallet::claim_alias`]), which serves those that do not sign (multisignatures, derivative
//! accounts) and those who have nothing else to pay a fee from.

use polkadot_sdk::{
	frame_support::{
		defensive, ensure,
		traits::{
			fungible::{Inspect, Mutate},
			tokens::{Fortitude, Preservation},
			OnNewAccount,
		},
	},
	frame_system,
	sp_core::H160,
	sp_runtime::{traits::One, DispatchError},
};
use trivium_primitives::{
	account::{alias, ethereum_account, ethereum_address},
	AccountId, AddressMapping, Balance,
};

use crate::{Aliases, Config, Error, Pallet};

/// Every account that has no Ethereum address gets its alias the moment it comes into being.
///
/// One read, and one write the first time. Whatever brings accounts into being charges them.
impl<T: Config> OnNewAccount<AccountId> for Pallet<T> {
	fn on_new_account(who: &AccountId) {
		if ethereum_address(who).is_some() {
			return;
		}
		let address = alias(who);
		match Aliases::<T>::get(address) {
			None => Aliases::<T>::insert(address, who),
			Some(owner) if owner == *who => {}
			// Two accounts with one hash of 160 bits. The alias stays whose it is, and the other has
			// none: a VM that knows its callers by alias refuses it (`NotMapped`).
			Some(_) => {
				defensive!("an alias belongs to one account");
			}
		}
	}
}

impl<T: Config> AddressMapping for Pallet<T> {
	fn account(address: &H160) -> AccountId {
		Aliases::<T>::get(address).unwrap_or_else(|| ethereum_account(address))
	}

	fn is_mapped(address: &H160) -> bool {
		Aliases::<T>::contains_key(address)
	}

	fn ensure_mapped(account: &AccountId) -> bool {
		let address = alias(account);
		match Aliases::<T>::get(address) {
			Some(owner) => owner == *account,
			None => {
				if ethereum_address(account).is_none() {
					Aliases::<T>::insert(address, account);
				}
				true
			}
		}
	}
}

/// Moves what can be spent at the Ethereum account of `who`'s alias to `who`. Gives how much it was,
/// in planck.
///
/// # Errors
/// [`Error::AliasTaken`] if the alias leads to another account; what the ledger says.
pub(crate) fn claim<T: Config>(who: &AccountId) -> Result<Balance, DispatchError> {
	if ethereum_address(who).is_some() {
		return Ok(0);
	}
	let address = alias(who);
	let owner = Aliases::<T>::get(address);
	ensure!(
		owner.is_none_or(|owner| owner == *who),
		Error::<T>::AliasTaken
	);
	let from = ethereum_account(&address);
	match T::Currency::reducible_balance(&from, Preservation::Expendable, Fortitude::Polite) {
		0 => Ok(0),
		amount => T::Currency::transfer(&from, who, amount, Preservation::Expendable),
	}
}

/// Sees to an account whose transaction is being prepared, if it is its first: the nonce has just
/// become 1. Tells whether it is.
///
/// From then on the account exists for ever: it gets a reference of its own, so it is not reaped when it
/// is emptied, its nonce does not go back, and what it has signed is never valid twice. What lay at its
/// alias becomes its own.
pub(crate) fn begin_first_transaction<T: Config>(who: &AccountId) -> bool {
	if frame_system::Pallet::<T>::account_nonce(who) != One::one() {
		return false;
	}
	frame_system::Pallet::<T>::inc_providers(who);
	if let Err(error) = claim::<T>(who) {
		// It stays where it is; `claim_alias` tells why.
		log::debug!(target: crate::LOG_TARGET, "nothing claimed for {who:?}: {error:?}");
	}
	true
}
