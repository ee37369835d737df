//! Ethereum transactions in the pool: what stands in for the signature, nonce and fee checks of the
//! chain's other transactions.
//!
//! A transaction is *ready* when its nonce is the sender's next, and *future* until then: each
//! provides its own nonce and requires the one before. What is refused here costs nobody anything, so
//! the cheap checks come before the signature's.

use alloc::vec::Vec;
use codec::Encode;
use polkadot_sdk::{
	frame_support::{dispatch::DispatchClass, traits::Get},
	sp_runtime::{
		traits::SaturatedConversion,
		transaction_validity::{
			InvalidTransaction, TransactionPriority, TransactionSource, TransactionValidityError,
			ValidTransaction,
		},
	},
	sp_weights::Weight,
};
use revm::context::TxEnv;
use trivium_primitives::{account, Balance};

use crate::{
	fees, gas::transaction_weight_limit, transaction, types::from_address, weights::WeightInfo,
	Config, Pallet, Refusal,
};

impl<T: Config> Pallet<T> {
	/// Reads a transaction that was made for this chain.
	pub(crate) fn read_transaction(raw: &[u8]) -> Result<TxEnv, Refusal> {
		let tx = transaction::decode(raw)?;
		match tx.chain_id {
			None => Err(Refusal::NoChain),
			Some(chain_id) if chain_id != T::ChainId::get() => Err(Refusal::WrongChain),
			Some(_) => Ok(tx),
		}
	}

	/// The most that a transaction can weigh.
	pub(crate) fn transact_weight(raw: &[u8]) -> Weight {
		let base = T::WeightInfo::transact(u32::try_from(raw.len()).unwrap_or(u32::MAX));
		match transaction::gas_limit(raw) {
			Ok(gas_limit) => transaction_weight_limit::<T>(base, gas_limit),
			Err(_) => base,
		}
	}

	/// Lets a transaction into the pool, or into a block.
	pub(crate) fn authorize_raw(
		source: TransactionSource,
		raw: &[u8],
	) -> Result<(ValidTransaction, Weight), TransactionValidityError> {
		let is_in_block = source == TransactionSource::InBlock;
		let validity = Self::validate_raw(raw, is_in_block).map_err(|refusal| {
			log::debug!(target: crate::LOG_TARGET, "refused: {refusal:?}");
			InvalidTransaction::from(refusal)
		})?;
		Ok((validity, Weight::zero()))
	}

	fn validate_raw(raw: &[u8], is_in_block: bool) -> Result<ValidTransaction, Refusal> {
		let tx = Self::read_transaction(raw)?;
		let sender = from_address(&tx.caller);
		let account = account::ethereum_account(&sender);
		let next = Self::stored_nonce(&sender, &account);
		let nonce = tx.nonce;
		// One that comes too early is checked as if its turn had come.
		let tx = match nonce > next && !is_in_block {
			true => TxEnv { nonce: next, ..tx },
			false => tx,
		};
		if nonce == u64::MAX {
			return Err(Refusal::NonceOverflow);
		}
		let gas_limit = tx.gas_limit;
		let valid = Self::check_transaction(tx)?;
		let tip = valid
			.price
			.saturating_sub(fees::gas_price::<T>())
			.saturating_mul(gas_limit.into());

		let tag = |nonce: u64| (&valid.account, nonce).encode();
		let requires = match nonce.checked_sub(1) {
			Some(before) if nonce > next => alloc::vec![tag(before)],
			_ => Vec::new(),
		};
		Ok(ValidTransaction {
			priority: Self::priority(raw, tip),
			requires,
			provides: alloc::vec![tag(nonce)],
			..Default::default()
		})
	}

	/// The tip for the share of a block that the transaction asks for: as
	/// `pallet-transaction-payment` has it, so that both kinds of transactions compete fairly.
	fn priority(raw: &[u8], tip: Balance) -> TransactionPriority {
		let whole = T::BlockWeights::get().max_block;
		let share = Self::transact_weight(raw)
			.max(Weight::from_parts(1, 1))
			.min(whole);
		let by_weight = whole.checked_div_per_component(&share).unwrap_or(1);
		let whole = u64::from(*T::BlockLength::get().max.get(DispatchClass::Normal));
		let len = u64::try_from(raw.len()).unwrap_or(u64::MAX).max(1);
		let by_length = whole.checked_div(len).unwrap_or(1);
		tip.saturating_add(1)
			.saturating_mul(by_weight.min(by_length).into())
			.saturated_into()
	}
}
