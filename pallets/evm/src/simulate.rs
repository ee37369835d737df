//! Answers for the runtime API: executions that leave nothing, and reads.

use alloc::vec::Vec;
use polkadot_sdk::{
	frame_support::{storage::with_transaction_unchecked, traits::Get},
	sp_core::{H160, H256},
	sp_runtime::TransactionOutcome,
};
use trivium_primitives::{AccountId, Balance};

use crate::{
	execute::{Action, Outcome},
	fees,
	gas::{largest_transaction, transaction_weight},
	rules::Rules,
	types::{AccountInfo, ExecutionReport, EMPTY_CODE_HASH},
	Accounts, CodeInfos, Codes, Config, Failure, Pallet, Slots,
};

impl<T: Config> Pallet<T> {
	/// See [`crate::api::EvmApi::call`].
	pub fn simulate_call(
		from: AccountId,
		target: H160,
		input: Vec<u8>,
		value: Balance,
		gas_limit: Option<u64>,
	) -> ExecutionReport {
		Self::report(from, Action::Call { target, input }, value, gas_limit)
	}

	/// See [`crate::api::EvmApi::create`].
	pub fn simulate_create(
		from: AccountId,
		code: Vec<u8>,
		salt: Option<H256>,
		value: Balance,
		gas_limit: Option<u64>,
	) -> ExecutionReport {
		Self::report(from, Action::Create { code, salt }, value, gas_limit)
	}

	/// See [`crate::api::EvmApi::estimate_gas`].
	///
	/// Not less than an Ethereum transaction would pay for, though its limit is a cap on that, and not
	/// more than one may ask for.
	///
	/// # Errors
	/// Why the execution fails even with the most gas that a transaction may have;
	/// [`Failure::ExceedsTransaction`] if that is what it lacks.
	pub fn estimate_gas(
		from: AccountId,
		target: Option<H160>,
		input: Vec<u8>,
		value: Balance,
	) -> Result<u64, Failure> {
		let action = match target {
			Some(target) => Action::Call { target, input },
			None => Action::Create {
				code: input,
				salt: None,
			},
		};
		let input_len = match &action {
			Action::Call { input, .. } => input.len(),
			Action::Create { code, .. } => code.len(),
		};
		let sender_proof = Self::sender_proof_bytes(&from);
		// What is enough for an Ethereum transaction is enough for an extrinsic.
		let run = |gas_limit| {
			let allowance =
				T::Rules::transaction_proof_allowance(gas_limit).saturating_sub(sender_proof);
			Self::simulate(from.clone(), action.clone(), value, gas_limit, allowance)
		};

		let base = Self::transaction_base(input_len);
		let len_bytes = u64::try_from(input_len).unwrap_or(u64::MAX);
		let mut enough = largest_transaction::<T>(base, len_bytes).min(T::CallGasLimit::get());
		let most = run(enough);
		let proof_used = most.proof_used.saturating_add(sender_proof);
		let weight = transaction_weight::<T>(base, most.gas_used, proof_used);
		let charged = fees::charged_gas::<T>(most.gas_used, weight, u64::MAX)
			.saturating_add(most.deposit_gas);
		match most.result {
			Ok(_) => {}
			Err(Failure::OutOfGas | Failure::OutOfProofSize | Failure::GasLimitTooLow) => {
				return Err(Failure::ExceedsTransaction)
			}
			Err(failure) => return Err(failure),
		}
		if charged > enough {
			return Err(Failure::ExceedsTransaction);
		}
		// Less than was used in the end never suffices, refunds aside.
		let mut too_little = most.gas_used.saturating_sub(1);
		let spent = most.gas_used.saturating_add(most.deposit_gas);
		let first_guess = spent.saturating_add(spent >> 4);
		if first_guess < enough && run(first_guess).result.is_ok() {
			enough = first_guess;
		}
		while enough.saturating_sub(too_little) > (too_little >> 6).max(1) {
			let middle = too_little.midpoint(enough);
			match run(middle).result {
				Ok(_) => enough = middle,
				Err(_) => too_little = middle,
			}
		}
		Ok(enough.max(charged))
	}

	/// See [`crate::api::EvmApi::account`].
	pub fn account_info(address: &H160) -> AccountInfo {
		let view = Self::view(address);
		let code_len_bytes = CodeInfos::<T>::get(view.code_hash)
			.map(|info| info.len_bytes)
			.unwrap_or_default();
		AccountInfo {
			balance: view.balance,
			nonce: view.nonce,
			code_hash: view.code_hash,
			code_len_bytes,
		}
	}

	/// See [`crate::api::EvmApi::storage_at`].
	pub fn storage_at(address: &H160, key: &H256) -> H256 {
		Slots::<T>::get(address, key)
	}

	/// See [`crate::api::EvmApi::code_at`].
	pub fn code_at(address: &H160) -> Vec<u8> {
		let code_hash = Accounts::<T>::get(address).unwrap_or(EMPTY_CODE_HASH);
		Codes::<T>::get(code_hash)
			.map(|code| code.into_inner())
			.unwrap_or_default()
	}

	fn report(
		from: AccountId,
		action: Action,
		value: Balance,
		gas_limit: Option<u64>,
	) -> ExecutionReport {
		let gas_limit = gas_limit.unwrap_or_else(T::CallGasLimit::get);
		let allowance = T::Rules::proof_allowance(gas_limit);
		let outcome = Self::simulate(from, action, value, gas_limit, allowance);
		let weight = outcome.weight::<T>();
		let (gas_used, deposit_gas) = (outcome.gas_used, outcome.deposit_gas);
		let deposit = outcome.deposit;
		match outcome.result {
			Ok(success) => ExecutionReport {
				result: Ok(success.data),
				created: success.created,
				gas_used,
				deposit_gas,
				deposit,
				weight,
				logs: success.logs,
			},
			Err(failure) => ExecutionReport {
				result: Err(failure),
				created: None,
				gas_used,
				deposit_gas,
				deposit,
				weight,
				logs: Vec::new(),
			},
		}
	}

	fn simulate(
		from: AccountId,
		action: Action,
		value: Balance,
		gas_limit: u64,
		proof_limit: u64,
	) -> Outcome {
		with_transaction_unchecked(|| {
			let outcome = Self::run_top_level(from, action, value, gas_limit, proof_limit);
			TransactionOutcome::Rollback(outcome)
		})
	}
}
