//! A contract's code, and code that it depends on.

use pallet_contracts_uapi::ReturnErrorCode;
use polkadot_sdk::{frame_support::ensure, sp_core::H256, sp_runtime::DispatchError};
use trivium_primitives::Balance;

use super::{calls::code_of_error, host_functions, Answer, HostCall};
use crate::{
	code::{release_code, use_code},
	contract::ContractInfo,
	deposit::price_of_dependency,
	shares::Place,
	CodeInfoOf, Config, ContractInfoOf, Determinism, Error, Event, Pallet, WeightInfo,
};

impl<T: Config> HostCall<'_, '_, T> {
	fn set_code_hash(&mut self, code_hash: u32) -> Answer<u32> {
		self.charge(T::WeightInfo::set_code_hash())?;
		let code_hash: H256 = self.decode(code_hash)?;
		match self.try_set_code_hash(code_hash) {
			Ok(()) => Ok(ReturnErrorCode::Success.into()),
			Err(error) => Ok(code_of_error::<T>(error)?.into()),
		}
	}

	fn try_set_code_hash(&mut self, new: H256) -> Result<(), DispatchError> {
		let code = CodeInfoOf::<T>::get(new).ok_or(Error::<T>::CodeNotFound)?;
		ensure!(
			code.determinism == Determinism::Enforced,
			Error::<T>::Indeterministic
		);
		let contract = self.frame()?.account.clone();
		let mut info = ContractInfo::<T>::load(&contract)?;
		let old = core::mem::replace(&mut info.code_hash, new);
		let old_deposit = info.storage_base_deposit;
		info.set_base_deposit(&code);
		let new_deposit = self
			.stack()
			.affordable(old_deposit, info.storage_base_deposit);
		info.storage_base_deposit = new_deposit;
		ContractInfoOf::<T>::insert(&contract, info);
		use_code::<T>(&new)?;
		release_code::<T>(&old);
		Pallet::<T>::deposit_event(Event::ContractCodeUpdated {
			contract,
			new_code_hash: new,
			old_code_hash: old,
		});
		self.reprice(Place::Base, old_deposit, new_deposit)
	}

	/// Settles a deposit, and charges for what others get back of it.
	fn reprice(
		&mut self,
		place: Place<'_>,
		old: Balance,
		new: Balance,
	) -> Result<(), DispatchError> {
		let others = self
			.stack()
			.payment(|payment| payment.reprice::<T>(place, old, new))?;
		self.charge(T::WeightInfo::refund().saturating_mul(others as u64))
	}

	fn lock_delegate_dependency(&mut self, code_hash: u32) -> Answer<()> {
		self.charge(T::WeightInfo::lock_delegate_dependency())?;
		let code_hash: H256 = self.decode(code_hash)?;
		let contract = self.frame()?.account.clone();
		let mut info = ContractInfo::<T>::load(&contract)?;
		ensure!(
			code_hash != info.code_hash,
			Error::<T>::CannotAddSelfAsDelegateDependency
		);
		let code = CodeInfoOf::<T>::get(code_hash).ok_or(Error::<T>::CodeNotFound)?;
		let deposit = self.stack().affordable(0, price_of_dependency::<T>(&code));
		let before = info
			.delegate_dependencies
			.try_insert(code_hash, deposit)
			.map_err(|_| Error::<T>::MaxDelegateDependenciesReached)?;
		ensure!(
			before.is_none(),
			Error::<T>::DelegateDependencyAlreadyExists
		);
		ContractInfoOf::<T>::insert(&contract, info);
		use_code::<T>(&code_hash)?;
		let place = Place::Dependency(&code_hash);
		Ok(self.reprice(place, 0, deposit)?)
	}

	fn unlock_delegate_dependency(&mut self, code_hash: u32) -> Answer<()> {
		self.charge(T::WeightInfo::unlock_delegate_dependency())?;
		let code_hash: H256 = self.decode(code_hash)?;
		let contract = self.frame()?.account.clone();
		let mut info = ContractInfo::<T>::load(&contract)?;
		let deposit = info
			.delegate_dependencies
			.remove(&code_hash)
			.ok_or(Error::<T>::DelegateDependencyNotFound)?;
		ContractInfoOf::<T>::insert(&contract, info);
		release_code::<T>(&code_hash);
		let place = Place::Dependency(&code_hash);
		Ok(self.reprice(place, deposit, 0)?)
	}
}

host_functions! {
	"seal0" ["set_code_hash", "seal_set_code_hash"] Writes
	(call, code_hash: u32) -> u32 {
		call.set_code_hash(code_hash)
	}
	"seal0" ["lock_delegate_dependency"] Writes
	(call, code_hash: u32) -> () {
		call.lock_delegate_dependency(code_hash)
	}
	"seal0" ["unlock_delegate_dependency"] Writes
	(call, code_hash: u32) -> () {
		call.unlock_delegate_dependency(code_hash)
	}
}
