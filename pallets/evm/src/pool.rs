//! Ethereum transactions in the pool: what stands in for the signature, nonce and fee checks of the
//! chain's other transactions.
//!
//! A transaction is *ready* when its nonce is the sender's next, and *future* until then: each
//! provides its own nonce and requires the one before. What is refused here costs nobody anything, so
//! the cheap checks come before the signature's.
//!
//! A transaction that provides what another provides takes its place if its priority is higher. So the
//! priority rises in steps of a tenth ([`step_down`]), by the price that is offered and as a whole:
//! another wei of tip, or of gas limit, replaces nothing, and how often a nonce can be replaced grows
//! with the logarithm of what is offered. A node asks for a tenth more on both caps besides, as
//! Ethereum's do; this holds for what other nodes send too.

use alloc::vec::Vec;
use codec::Encode;
use polkadot_sdk::{
	frame_support::{dispatch::DispatchClass, traits::Get},
	sp_runtime::{
		traits::SaturatedConversion,
		transaction_validity::{
			InvalidTransaction, TransactionPriority, TransactionValidity, TransactionValidityError,
			ValidTransaction,
		},
	},
	sp_weights::Weight,
};
use revm::context::TxEnv;
use trivium_primitives::{account, Balance};

use crate::{
	fees, gas::transaction_weight_limit, transaction, types::from_address, weights::WeightInfo,
	AllowKeyless, ChainId, Config, Pallet, Refusal,
};

/// 65536 times the seven steps of an octave, 2^(k/7), rounded down.
const STEPS: [u32; 7] = [65_536, 72_357, 79_889, 88_205, 97_386, 107_523, 118_716];

/// The largest step that is not above `number`. A step is 2^(1/7) times the one before, which is a tenth
/// more and a little.
fn step_down(number: u128) -> u128 {
	let Some(octave) = number.checked_ilog2() else {
		return 0;
	};
	// Between 1 and 2, in 65536ths; rounded down.
	let mantissa = match octave.checked_sub(16) {
		Some(above) => number.checked_shr(above),
		None => number.checked_shl(16u32.saturating_sub(octave)),
	}
	.unwrap_or_default();
	let step = STEPS
		.iter()
		.map(|step| u128::from(*step))
		.filter(|step| *step <= mantissa)
		.max()
		.unwrap_or_default();
	match octave.checked_sub(16) {
		Some(above) => step.checked_shl(above),
		None => step.checked_shr(16u32.saturating_sub(octave)),
	}
	.unwrap_or_default()
}

/// What of a price counts as tip, planck for each gas.
///
/// By the steps of the price as a whole, so that a replacement offers a tenth more of all. The first of
/// these begins up to a tenth above the base fee; up to an eighth of it tips count in four equal steps
/// besides, so that a small tip is more than none.
fn ranked_tip(price: Balance, base: Balance) -> Balance {
	let by_price = step_down(price).saturating_sub(base);
	let small = price.saturating_sub(base).min(base >> 3);
	let step = (base >> 5).max(1);
	let by_tip = small.saturating_sub(small.checked_rem(step).unwrap_or_default());
	by_price.max(by_tip)
}

/// The largest power of 16 that is not above `share`, and 0 of 0.
///
/// How many transactions of a size fit into a block orders those without a tip. A lower gas limit alone offers
/// nothing, so it may only replace another if it makes a great difference.
fn rough(share: u64) -> u64 {
	match share.checked_ilog2() {
		Some(octave) => 1_u64.checked_shl(octave & !3).unwrap_or_default(),
		None => 0,
	}
}

impl<T: Config> Pallet<T> {
	/// Reads a transaction that was made for this chain.
	pub(crate) fn read_transaction(raw: &[u8]) -> Result<TxEnv, Refusal> {
		let unverified = transaction::parse(raw)?;
		// Before the signature, which is the dear part.
		let own = ChainId::<T>::get();
		match unverified.chain_id() {
			_ if own == 0 => Err(Refusal::ChainWithoutNumber),
			None if !AllowKeyless::<T>::get() => Err(Refusal::NoChain),
			Some(named) if named != own => Err(Refusal::WrongChain),
			_ => unverified.verify(),
		}
	}

	/// The most that a transaction can weigh.
	pub(crate) fn transact_weight(raw: &[u8]) -> Weight {
		let base = Self::transaction_base(raw.len());
		match transaction::gas_limit(raw) {
			Ok(gas_limit) => transaction_weight_limit::<T>(base, gas_limit),
			Err(_) => base,
		}
	}

	/// What a transaction pays at most, planck, its tip aside: its gas limit at the base fee. Nothing for
	/// what is no transaction.
	pub fn fee_limit(raw: &[u8]) -> Balance {
		let gas_limit = transaction::gas_limit(raw).unwrap_or_default();
		fees::gas_price::<T>().saturating_mul(gas_limit.into())
	}

	/// What a transaction of this length weighs besides its execution: being let into the block, and
	/// what goes on around the interpreter.
	pub(crate) fn transaction_base(len_bytes: usize) -> Weight {
		let len_bytes = u32::try_from(len_bytes).unwrap_or(u32::MAX);
		// A bare extrinsic has no extensions whose weight could have the first part.
		T::WeightInfo::authorize(len_bytes).saturating_add(T::WeightInfo::transact(len_bytes))
	}

	/// Lets a transaction into the pool, also if its turn has not come.
	pub(crate) fn validate_transaction(raw: &[u8]) -> TransactionValidity {
		Ok(Self::validate_raw(raw, false).map_err(Self::refuse)?)
	}

	/// Lets a transaction into a block: what is dispatched has to have its turn.
	pub(crate) fn check_for_dispatch(raw: &[u8]) -> Result<(), TransactionValidityError> {
		Self::validate_raw(raw, true).map_err(Self::refuse)?;
		Ok(())
	}

	fn refuse(refusal: Refusal) -> InvalidTransaction {
		log::debug!(target: crate::LOG_TARGET, "refused: {refusal:?}");
		InvalidTransaction::from(refusal)
	}

	fn validate_raw(raw: &[u8], is_dispatched: bool) -> Result<ValidTransaction, Refusal> {
		let tx = Self::read_transaction(raw)?;
		let sender = from_address(&tx.caller);
		let account = account::ethereum_account(&sender);
		let next = Self::stored_nonce(&sender, &account);
		let nonce = tx.nonce;
		// One that comes too early is checked as if its turn had come.
		let tx = match nonce > next && !is_dispatched {
			true => TxEnv { nonce: next, ..tx },
			false => tx,
		};
		if nonce == u64::MAX {
			return Err(Refusal::NonceOverflow);
		}
		let gas_limit = tx.gas_limit;
		let valid = Self::check_transaction(tx)?;
		let tip = ranked_tip(valid.price, fees::gas_price::<T>()).saturating_mul(gas_limit.into());

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
		let share = by_weight.min(by_length);
		let priority = tip
			.saturating_mul(share.into())
			.saturating_add(rough(share).into());
		step_down(priority).saturated_into()
	}
}

#[cfg(test)]
mod tests {
	use super::{ranked_tip, rough, step_down};
	use std::collections::BTreeSet;

	#[test]
	fn small_tip_is_more_than_none_and_is_not_raised_often() {
		// Wherever the base fee lies between two steps.
		for base in (1_000_000_000..2_200_000_000).step_by(10_000_019) {
			let tips = |most: u128| (0..=1_000).map(move |part| base + most * part / 1_000);
			let mut last = 0;
			for price in tips(base) {
				let tip = ranked_tip(price, base);
				assert!(tip >= last && tip <= price - base, "{base} {price}");
				last = tip;
			}
			assert!(ranked_tip(base + base / 31, base) > 0);
			assert!(ranked_tip(base + base / 11, base) > ranked_tip(base + base / 30, base));
			let distinct: BTreeSet<u128> = tips(base / 8)
				.map(|price| ranked_tip(price, base))
				.collect();
			assert!(distinct.len() <= 7, "{base}: {distinct:?}");
		}
		assert_eq!(ranked_tip(5, 0), step_down(5));
		assert_eq!(ranked_tip(0, 0), 0);
		assert_eq!(ranked_tip(3, 7), 0);
	}

	#[test]
	fn size_is_told_roughly() {
		let told: BTreeSet<u64> = (0..=1_000).map(rough).collect();
		assert_eq!(told, [0, 1, 16, 256].into());
		assert_eq!(rough(u64::MAX), 1 << 60);
	}

	#[test]
	fn steps_are_a_tenth_apart_and_not_above_the_number() {
		assert_eq!(step_down(0), 0);
		let mut last = 0;
		// What one step begins at is no smaller step, and the next is a tenth above.
		for shift in 40..128u32 {
			for k in 0..64u128 {
				let number = (1u128 << (shift - 1)).saturating_add(k << (shift - 7));
				let step = step_down(number);
				assert!(step <= number);
				assert!(number - step <= step / 9, "{number} is far above {step}");
				if step != last {
					assert!(last == 0 || step - last >= last / 10, "{last} to {step}");
				}
				last = step;
			}
		}
	}

	#[test]
	fn small_numbers_have_steps_too() {
		for number in 1..10_000u128 {
			let step = step_down(number);
			assert!(step <= number && number - step <= number / 9 + 1);
			assert!(step_down(number + 1) >= step);
		}
		assert!(step_down(u128::MAX) > u128::MAX / 10 * 9);
	}
}
