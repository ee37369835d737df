//! Who hears of value that the EVM has moved.
//!
//! The EVM writes balances back when a frame leaves it or an execution ends, as what they then are. What
//! anyone can follow on the ledger are movements, with both ends. So each transfer that stands is told by
//! itself, in the order in which they were made, in the storage layer of the frame that made it: it is taken
//! back with that.

use alloc::collections::BTreeMap;
use revm::primitives::{Address, U256};
use trivium_primitives::{AccountId, AddressMapping, Balance};

use crate::{types::from_address, Config, Failure};

/// Told of value when the ledger already has it where it now belongs: not to move it again.
///
/// The two are all that changes balances here, so that of each account the amounts told sum up to the change
/// of its balance. Fees and what other VMs move go through the ledger's own interface, which tells by itself.
pub trait OnValueMoved {
	/// `amount` planck went from one account to another, which differ.
	fn transferred(from: &AccountId, to: &AccountId, amount: Balance);

	/// `amount` planck of `who` ceased to be: a contract that was created and destructed in one transaction
	/// had them at last.
	fn burnt(who: &AccountId, amount: Balance);
}

/// Nobody hears.
impl OnValueMoved for () {
	fn transferred(_: &AccountId, _: &AccountId, _: Balance) {}
	fn burnt(_: &AccountId, _: Balance) {}
}

/// Tells of movements: from, to, and how much. From an account to itself is what a contract burns that
/// destructs itself in its own favour.
///
/// The gas of the instructions that move value pays for an event; the transfer to a transaction's own target is
/// part of the transaction's base weight.
///
/// # Errors
/// More than the ledger can hold.
pub(crate) fn announce<T: Config>(movements: &[(Address, Address, U256)]) -> Result<(), Failure> {
	let mut accounts = BTreeMap::<Address, AccountId>::new();
	let mut account = |address: &Address| {
		accounts
			.entry(*address)
			.or_insert_with(|| T::Addresses::account(&from_address(address)))
			.clone()
	};
	for (from, to, value) in movements.iter().filter(|(_, _, value)| !value.is_zero()) {
		let value = Balance::try_from(*value).map_err(|_| Failure::BalanceOverflow)?;
		match from == to {
			true => T::OnValueMoved::burnt(&account(from), value),
			false => T::OnValueMoved::transferred(&account(from), &account(to), value),
		}
	}
	Ok(())
}
