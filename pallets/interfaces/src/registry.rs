//! Registering, removing, and what callers ask.

use codec::{Encode, MaxEncodedLen};
use polkadot_sdk::{
	frame_support::{
		defensive, ensure,
		traits::{fungible::MutateHold, tokens::Precision, Get},
	},
	sp_core::H256,
	sp_runtime::{BoundedVec, DispatchError, DispatchResult},
	sp_weights::Weight,
};
use trivium_primitives::{
	engine::target_account,
	interface::{Access, Deployment, Described, Function, Interfaces, StubError, Stubs},
	AccountId, Balance, CallError, ContractRef, EncodingError, Engines, VmId,
};

use crate::{
	types::{Attestation, Interface, Registration, StoredFunction, Verdict},
	AccessRules, Attestations, Config, Error, Event, Functions, HoldReason, Pallet, Registrations,
	WeightInfo,
};

/// Bytes of a key of a map by account, and of the account's selector or attester besides.
const KEY_BYTES: usize = 32 + 16 + 32;
const FUNCTION_KEY_BYTES: usize = KEY_BYTES + 4;
const ATTESTATION_KEY_BYTES: usize = KEY_BYTES + 16 + 32;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_register(
		who: AccountId,
		contract: &ContractRef,
		deployment: &Deployment,
		interface: Interface,
	) -> DispatchResult {
		let (contract, vm, code) = Self::find(contract)?;
		ensure!(
			T::Engines::is_deployer(vm, &contract, &who, deployment),
			Error::<T>::NotDeployer
		);
		let before = Registrations::<T>::get(&contract);
		if let Some(before) = &before {
			ensure!(before.code != code, Error::<T>::AlreadyRegistered);
		}

		let mut selectors: BoundedVec<[u8; 4], _> = BoundedVec::new();
		for function in &interface.functions {
			let (face, _) = function.parse().map_err(|error| match error {
				EncodingError::TypeMismatch => Error::<T>::FaceDiffers,
				_ => Error::<T>::InvalidSignature,
			})?;
			let selector = face.solidity_selector();
			ensure!(
				!selectors.contains(&selector),
				Error::<T>::DuplicateSelector
			);
			if selectors.try_push(selector).is_err() {
				defensive!("there are as many selectors as functions, and both have one bound");
			}
		}

		if let Some(before) = before {
			Self::clear(&contract, before)?;
		}
		T::Stubs::put(&contract).map_err(|error| match error {
			StubError::AliasTaken | StubError::HasCode => Error::<T>::AliasTaken,
		})?;
		let deposit = Self::deposit_of(&interface);
		Self::hold(&who, deposit)?;
		let functions = u32::try_from(selectors.len()).unwrap_or(u32::MAX);
		for (selector, function) in selectors.iter().zip(interface.functions) {
			Functions::<T>::insert(&contract, selector, StoredFunction { code, function });
		}
		if interface.access != Access::default() {
			AccessRules::<T>::insert(&contract, interface.access);
		}
		Registrations::<T>::insert(
			&contract,
			Registration {
				by: who.clone(),
				deposit,
				code,
				documents: interface.documents,
				source: interface.source,
				selectors,
			},
		);
		Self::deposit_event(Event::Registered {
			contract,
			vm,
			by: who,
			code,
			functions,
			deposit,
		});
		Ok(())
	}

	/// Gives back how many functions there were.
	pub(crate) fn do_remove(contract: &AccountId) -> Result<u32, DispatchError> {
		let registration = Registrations::<T>::get(contract).ok_or(Error::<T>::NotRegistered)?;
		ensure!(
			T::Engines::resolve(contract).is_none(),
			Error::<T>::StillThere
		);
		let deposit = registration.deposit;
		let functions = u32::try_from(registration.selectors.len()).unwrap_or(u32::MAX);
		Self::clear(contract, registration)?;
		T::Stubs::remove(contract);
		Self::deposit_event(Event::Removed {
			contract: contract.clone(),
			deposit,
		});
		Ok(functions)
	}

	pub(crate) fn do_attest(
		who: AccountId,
		contract: &ContractRef,
		document: H256,
		verdict: Verdict,
	) -> DispatchResult {
		let (contract, _, code) = Self::find(contract)?;
		if let Some(before) = Attestations::<T>::take(&contract, &who) {
			Self::release(&who, before.deposit)?;
		}
		let bytes = ATTESTATION_KEY_BYTES.saturating_add(Attestation::max_encoded_len());
		let deposit = Self::price(1, bytes);
		Self::hold(&who, deposit)?;
		let attestation = Attestation {
			code,
			document,
			verdict,
			deposit,
		};
		Attestations::<T>::insert(&contract, &who, attestation);
		Self::deposit_event(Event::Attested {
			contract,
			by: who,
			code,
			document,
			verdict,
		});
		Ok(())
	}

	pub(crate) fn do_retract(who: AccountId, contract: AccountId) -> DispatchResult {
		let attestation =
			Attestations::<T>::take(&contract, &who).ok_or(Error::<T>::NotRegistered)?;
		Self::release(&who, attestation.deposit)?;
		Self::deposit_event(Event::Retracted { contract, by: who });
		Ok(())
	}

	/// A contract's account, its machine, and what its code is known by.
	fn find(contract: &ContractRef) -> Result<(AccountId, VmId, H256), Error<T>> {
		let contract = target_account::<T::Addresses>(contract);
		let vm = T::Engines::resolve(&contract).ok_or(Error::<T>::NotFound)?;
		let code = T::Engines::code_of(vm, &contract).ok_or(Error::<T>::NotFound)?;
		Ok((contract, vm, code))
	}

	/// Deletes all that a registration stands for, and gives back its deposit.
	fn clear(contract: &AccountId, registration: Registration) -> DispatchResult {
		for selector in &registration.selectors {
			Functions::<T>::remove(contract, selector);
		}
		AccessRules::<T>::remove(contract);
		Registrations::<T>::remove(contract);
		Self::release(&registration.by, registration.deposit)
	}

	/// Deposit for an interface, planck: for each item that is stored and for its bytes.
	pub(crate) fn deposit_of(interface: &Interface) -> Balance {
		let of_function = |function: &Function| {
			let bytes = FUNCTION_KEY_BYTES
				.saturating_add(32)
				.saturating_add(function.encoded_size());
			Self::price(1, bytes)
		};
		let functions = interface.functions.iter().map(of_function);
		let access = match interface.access == Access::default() {
			true => 0,
			false => Self::price(1, KEY_BYTES.saturating_add(interface.access.encoded_size())),
		};
		let selectors = interface.functions.len().saturating_mul(4);
		// The account, the deposit, the code's hash, two hashes that may be, and a length.
		let record = KEY_BYTES
			.saturating_add(32 + 16 + 32 + 33 + 33 + 2)
			.saturating_add(selectors);
		functions.fold(
			Self::price(1, record).saturating_add(access),
			Balance::saturating_add,
		)
	}

	fn price(items: u32, bytes: usize) -> Balance {
		let bytes = u128::try_from(bytes).unwrap_or(u128::MAX);
		T::DepositPerItem::get()
			.saturating_mul(items.into())
			.saturating_add(T::DepositPerByte::get().saturating_mul(bytes))
	}

	pub(crate) fn hold(who: &AccountId, amount: Balance) -> DispatchResult {
		T::Currency::hold(&HoldReason::StorageDeposit.into(), who, amount)
			.map_err(|_| Error::<T>::InsufficientBalance.into())
	}

	/// Gives back a deposit, whatever else has been done with the account.
	fn release(who: &AccountId, amount: Balance) -> DispatchResult {
		let reason = HoldReason::StorageDeposit.into();
		T::Currency::release(&reason, who, amount, Precision::BestEffort).map(|_| ())
	}

	/// What is registered for a contract, as outsiders see it.
	pub fn describe(contract: &ContractRef) -> Option<Described> {
		let contract = target_account::<T::Addresses>(contract);
		let registration = Registrations::<T>::get(&contract)?;
		let vm = T::Engines::resolve(&contract);
		let code = vm.and_then(|vm| T::Engines::code_of(vm, &contract));
		let functions = registration
			.selectors
			.iter()
			.filter_map(|selector| Functions::<T>::get(&contract, selector))
			.map(|stored| stored.function)
			.collect();
		Some(Described {
			vm,
			is_current: code == Some(registration.code),
			by: registration.by,
			access: AccessRules::<T>::get(&contract),
			functions,
			documents: registration.documents,
			source: registration.source,
		})
	}
}

impl<T: Config> Interfaces for Pallet<T> {
	fn function(contract: &AccountId, selector: [u8; 4]) -> Result<Function, CallError> {
		let vm = T::Engines::resolve(contract).ok_or(CallError::NotFound)?;
		let code = T::Engines::code_of(vm, contract).ok_or(CallError::NotFound)?;
		let stored = Functions::<T>::get(contract, selector)
			.ok_or(CallError::BadEncoding(EncodingError::RefusedByCallee))?;
		if stored.code == code {
			Ok(stored.function)
		} else {
			Err(CallError::NotFound)
		}
	}

	fn function_weight() -> Weight {
		T::WeightInfo::function()
			.saturating_add(T::Engines::lookup_weight())
			.saturating_add(T::Engines::code_of_weight())
	}

	fn access(contract: &AccountId) -> Access {
		AccessRules::<T>::get(contract)
	}

	fn access_weight() -> Weight {
		T::WeightInfo::access()
	}
}
