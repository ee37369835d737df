//! Storage is consistent: invariants 3 and 4 of the crate.

use alloc::collections::BTreeMap;

use polkadot_sdk::{
	frame_support::{ensure, traits::fungible::InspectHold},
	sp_runtime::TryRuntimeError,
};
use trivium_primitives::{AccountId, Balance};

use crate::{AccessRules, Attestations, Config, Functions, HoldReason, Pallet, Registrations};

impl<T: Config> Pallet<T> {
	/// Checks all that is stored.
	///
	/// # Errors
	/// What is wrong.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		let mut sums: BTreeMap<AccountId, Balance> = BTreeMap::new();
		let mut add = |who: AccountId, amount: Balance| {
			let sum = sums.entry(who).or_default();
			*sum = sum.saturating_add(amount);
		};
		let mut listed = 0usize;
		for (contract, registration) in Registrations::<T>::iter() {
			for selector in &registration.selectors {
				let stored = Functions::<T>::get(&contract, selector)
					.ok_or("a function is listed and not stored")?;
				ensure!(
					stored.code == registration.code,
					"a function is of other code than its registration"
				);
				let (face, _) = stored
					.function
					.parse()
					.map_err(|_| "a stored function does not parse")?;
				ensure!(
					face.solidity_selector() == *selector,
					"a function lies where another belongs"
				);
				listed = listed.saturating_add(1);
			}
			add(registration.by, registration.deposit);
		}
		ensure!(
			Functions::<T>::iter_keys().count() == listed,
			"a function is stored and not listed"
		);
		for contract in AccessRules::<T>::iter_keys() {
			ensure!(
				Registrations::<T>::contains_key(contract),
				"an access rule without a registration"
			);
		}
		for (_, who, attestation) in Attestations::<T>::iter() {
			add(who, attestation.deposit);
		}
		for (who, sum) in sums {
			ensure!(
				T::Currency::balance_on_hold(&HoldReason::StorageDeposit.into(), &who) == sum,
				"an account's deposits are miscounted"
			);
		}
		Ok(())
	}
}
