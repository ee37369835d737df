//! Code: its storage, who owns it and who needs it.

use alloc::vec::Vec;

use codec::{Decode, Encode, MaxEncodedLen};
use polkadot_sdk::{
	frame_support::{
		ensure,
		traits::{
			fungible::MutateHold,
			tokens::{Precision, Preservation},
			Get,
		},
	},
	sp_core::H256,
	sp_runtime::{
		traits::{BadOrigin, Hash as _},
		BoundedVec, DispatchError,
	},
};
use scale_info::TypeInfo;
use trivium_primitives::{AccountId, Balance};
use wasmi::Module;

use crate::{
	cache,
	contract::len_of,
	deposit::{price_of, Diff},
	gas::GasMeter,
	live, module,
	validate::{self, Fault},
	weights::entries,
	CodeInfoOf, Config, Determinism, Error, Event, HoldReason, Pallet, PristineCode, WeightInfo,
};

/// What is known of code without loading it. The layout is that of `pallet-contracts` at storage
/// version 16.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, MaxEncodedLen)]
pub struct CodeInfo {
	/// Who uploaded it, paid for it and may remove it.
	pub(crate) owner: AccountId,
	/// Put on hold at the owner, planck.
	#[codec(compact)]
	pub(crate) deposit: Balance,
	/// Contracts that run it or depend on it.
	#[codec(compact)]
	pub(crate) refcount: u64,
	/// Whether it is free of what differs between machines.
	pub(crate) determinism: Determinism,
	/// Its length, bytes.
	pub(crate) code_len: u32,
}

impl CodeInfo {
	/// What a contract puts down for needing this code, planck: part of the deposit for it, so that
	/// keeping somebody else's code from being removed costs something.
	pub(crate) fn lockup<T: Config>(&self) -> Balance {
		T::CodeHashLockupDepositPercent::get().mul_ceil(self.deposit)
	}
}

/// Code that is about to run.
pub(crate) struct Executable {
	/// Under which it is stored.
	pub hash: H256,
	/// What is known of it.
	pub info: CodeInfo,
	/// It itself, if it is at hand.
	pub code: Option<Vec<u8>>,
}

impl Executable {
	/// Readies code, paying by its length.
	///
	/// # Errors
	/// `CodeNotFound`, `OutOfGas`; `Indeterministic` for code that an older state holds for use off
	/// chain.
	pub(crate) fn load<T: Config>(hash: H256, gas: &mut GasMeter) -> Result<Self, DispatchError> {
		let info = CodeInfoOf::<T>::get(hash).ok_or(Error::<T>::CodeNotFound)?;
		gas.charge::<T>(T::WeightInfo::load_code(info.code_len).saturating_add(entries(2)))?;
		ensure!(
			info.determinism == Determinism::Enforced,
			Error::<T>::Indeterministic
		);
		Ok(Self {
			hash,
			info,
			code: None,
		})
	}

	/// The module: one that was translated before in this block, or a new one.
	///
	/// # Errors
	/// `CodeNotFound`; `CodeRejected` if the code cannot be run, which an upload does not let in.
	pub(crate) fn module<T: Config>(&mut self) -> Result<Module, DispatchError> {
		let kept = live::module_of(&self.hash).or_else(|| cache::get(&self.hash));
		if let Some(module) = kept {
			return Ok(module);
		}
		let code = match self.code.take() {
			Some(code) => code,
			None => PristineCode::<T>::get(self.hash)
				.ok_or(Error::<T>::CodeNotFound)?
				.into_inner(),
		};
		let module = module::translate(&code).map_err(|_| Error::<T>::CodeRejected)?;
		cache::put(self.hash, &module, self.info.code_len);
		Ok(module)
	}
}

/// Counts one contract more that needs the code.
///
/// # Errors
/// `CodeNotFound`.
pub(crate) fn use_code<T: Config>(hash: &H256) -> Result<(), DispatchError> {
	CodeInfoOf::<T>::try_mutate(hash, |info| {
		let info = info.as_mut().ok_or(Error::<T>::CodeNotFound)?;
		info.refcount = info.refcount.saturating_add(1);
		Ok(())
	})
}

/// Counts one contract less that needs the code. It stays until its owner removes it.
pub(crate) fn release_code<T: Config>(hash: &H256) {
	CodeInfoOf::<T>::mutate(hash, |info| {
		if let Some(info) = info {
			info.refcount = info.refcount.saturating_sub(1);
		}
	});
}

/// What an upload stored.
pub(crate) struct Uploaded {
	/// Ready to run.
	pub executable: Executable,
	/// Newly on hold at the owner, planck.
	pub deposit: Balance,
}

/// Why an upload failed: what the call answers, and what is wrong with the code, if that is it.
pub(crate) type UploadFailure = (DispatchError, Option<Fault>);

/// Checks code and stores it, unless it is stored already.
///
/// # Errors
/// `CodeTooLarge`, `CodeRejected` and what is wrong, `StorageDepositNotEnoughFunds`,
/// `StorageDepositLimitExhausted`. The caller rolls back.
pub(crate) fn upload<T: Config>(
	owner: AccountId,
	code: Vec<u8>,
	deposit_limit: Option<Balance>,
) -> Result<Uploaded, UploadFailure> {
	let stored = BoundedVec::<u8, T::MaxCodeLen>::try_from(code)
		.map_err(|_| (Error::<T>::CodeTooLarge.into(), None))?;
	let hash = T::Hashing::hash(&stored);
	if let Some(info) = CodeInfoOf::<T>::get(hash) {
		// It was checked when it was stored.
		let deterministic = info.determinism == Determinism::Enforced;
		if !deterministic {
			return Err((Error::<T>::CodeRejected.into(), Some(Fault::Malformed)));
		}
		let code = stored.into_inner();
		let executable = Executable {
			hash,
			info,
			code: Some(code),
		};
		return Ok(Uploaded {
			executable,
			deposit: 0,
		});
	}
	validate::check::<T>(&stored)
		.map_err(|fault| (Error::<T>::CodeRejected.into(), Some(fault)))?;

	let info = new_info::<T>(owner, len_of(&stored));
	take_deposit::<T>(&info, deposit_limit).map_err(|error| (error, None))?;
	PristineCode::<T>::insert(hash, &stored);
	CodeInfoOf::<T>::insert(hash, &info);
	Pallet::<T>::deposit_event(Event::CodeStored {
		code_hash: hash,
		deposit_held: info.deposit,
		uploader: info.owner.clone(),
	});
	let deposit = info.deposit;
	let executable = Executable {
		hash,
		info,
		code: Some(stored.into_inner()),
	};
	Ok(Uploaded {
		executable,
		deposit,
	})
}

/// Two items, and the bytes of the code and of what is known of it at most.
fn new_info<T: Config>(owner: AccountId, code_len: u32) -> CodeInfo {
	let info_len = u32::try_from(CodeInfo::max_encoded_len()).unwrap_or(u32::MAX);
	let deposit = price_of::<T>(&Diff {
		bytes_added: code_len.saturating_add(info_len),
		items_added: 2,
		..Default::default()
	});
	CodeInfo {
		owner,
		deposit,
		refcount: 0,
		determinism: Determinism::Enforced,
		code_len,
	}
}

fn take_deposit<T: Config>(info: &CodeInfo, limit: Option<Balance>) -> Result<(), DispatchError> {
	T::Currency::hold(
		&HoldReason::CodeUploadDepositReserve.into(),
		&info.owner,
		info.deposit,
	)
	.map_err(|_| Error::<T>::StorageDepositNotEnoughFunds)?;
	let fits = limit.is_none_or(|limit| info.deposit <= limit);
	ensure!(fits, Error::<T>::StorageDepositLimitExhausted);
	Ok(())
}

/// Removes code that nothing needs, for its owner, who gets the deposit back.
///
/// # Errors
/// `CodeNotFound`, `CodeInUse`, `BadOrigin`.
pub(crate) fn remove<T: Config>(who: &AccountId, hash: H256) -> Result<(), DispatchError> {
	let info = CodeInfoOf::<T>::get(hash).ok_or(Error::<T>::CodeNotFound)?;
	ensure!(info.refcount == 0, Error::<T>::CodeInUse);
	ensure!(info.owner == *who, BadOrigin);
	// As much as is there: the code goes in any case.
	let _ = T::Currency::release(
		&HoldReason::CodeUploadDepositReserve.into(),
		&info.owner,
		info.deposit,
		Precision::BestEffort,
	);
	CodeInfoOf::<T>::remove(hash);
	PristineCode::<T>::remove(hash);
	Pallet::<T>::deposit_event(Event::CodeRemoved {
		code_hash: hash,
		deposit_released: info.deposit,
		remover: info.owner,
	});
	Ok(())
}

/// Keeps an account alive when it pays.
pub(crate) const PRESERVE: Preservation = Preservation::Preserve;
