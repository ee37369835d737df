//! The runtime API.

// The functions that the macro makes for the client take the API and the block as well.
#![allow(clippy::too_many_arguments)]

use alloc::vec::Vec;

use polkadot_sdk::sp_api;
use trivium_primitives::{interface::Described, AccountId, ContractRef};

use crate::{types::Attestation, Attestations, Config, Pallet};

sp_api::decl_runtime_apis! {
	/// What contracts say of themselves.
	pub trait InterfacesApi {
		/// What is registered for a contract.
		fn interface_of(contract: ContractRef) -> Option<Described>;

		/// What each of these accounts says of a contract, if anything: at most 64 are asked for.
		fn attestations(
			contract: AccountId,
			by: Vec<AccountId>,
		) -> Vec<(AccountId, Attestation)>;
	}
}

/// Accounts that [`InterfacesApi::attestations`] looks up.
const MAX_ASKED: usize = 64;

impl<T: Config> Pallet<T> {
	/// See [`InterfacesApi::attestations`].
	pub fn attestations(contract: &AccountId, by: Vec<AccountId>) -> Vec<(AccountId, Attestation)> {
		by.into_iter()
			.take(MAX_ASKED)
			.filter_map(|who| Attestations::<T>::get(contract, &who).map(|said| (who, said)))
			.collect()
	}
}
