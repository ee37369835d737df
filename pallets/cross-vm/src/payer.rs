//! Who pays for a transaction.
//!
//! The one moment at which a runtime knows is when it withdraws the fee, so that is where it is
//! written down: wrap the runtime's fee handler in [`RecordPayer`].

use core::marker::PhantomData;

use polkadot_sdk::{
	frame_support::unsigned::TransactionValidityError,
	pallet_transaction_payment::{self, OnChargeTransaction, TxCreditHold},
	sp_runtime::traits::{DispatchInfoOf, PostDispatchInfoOf},
};
use trivium_primitives::AccountId;

use crate::{receipts, Config};

/// Runs `f`. Who pays for a dry run is who makes the call, as in an extrinsic.
pub fn with_payer<R>(_: AccountId, f: impl FnOnce() -> R) -> R {
	f()
}

/// A fee handler that charges as `Inner` does and notes who is charged.
pub struct RecordPayer<Inner>(PhantomData<Inner>);

impl<T, Inner> TxCreditHold<T> for RecordPayer<Inner>
where
	T: pallet_transaction_payment::Config,
	Inner: TxCreditHold<T>,
{
	type Credit = Inner::Credit;
}

impl<T, Inner> OnChargeTransaction<T> for RecordPayer<Inner>
where
	T: Config + pallet_transaction_payment::Config,
	Inner: OnChargeTransaction<T>,
{
	type Balance = Inner::Balance;
	type LiquidityInfo = Inner::LiquidityInfo;

	fn withdraw_fee(
		who: &AccountId,
		call: &T::RuntimeCall,
		dispatch_info: &DispatchInfoOf<T::RuntimeCall>,
		fee_with_tip: Self::Balance,
		tip: Self::Balance,
	) -> Result<Self::LiquidityInfo, TransactionValidityError> {
		let info = Inner::withdraw_fee(who, call, dispatch_info, fee_with_tip, tip)?;
		receipts::hold::<T>();
		Ok(info)
	}

	fn can_withdraw_fee(
		who: &AccountId,
		call: &T::RuntimeCall,
		dispatch_info: &DispatchInfoOf<T::RuntimeCall>,
		fee_with_tip: Self::Balance,
		tip: Self::Balance,
	) -> Result<(), TransactionValidityError> {
		Inner::can_withdraw_fee(who, call, dispatch_info, fee_with_tip, tip)
	}

	fn correct_and_deposit_fee(
		who: &AccountId,
		dispatch_info: &DispatchInfoOf<T::RuntimeCall>,
		post_info: &PostDispatchInfoOf<T::RuntimeCall>,
		corrected_fee_with_tip: Self::Balance,
		tip: Self::Balance,
		liquidity_info: Self::LiquidityInfo,
	) -> Result<(), TransactionValidityError> {
		receipts::publish_pending::<T>();
		Inner::correct_and_deposit_fee(
			who,
			dispatch_info,
			post_info,
			corrected_fee_with_tip,
			tip,
			liquidity_info,
		)
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn endow_account(who: &AccountId, amount: Self::Balance) {
		Inner::endow_account(who, amount)
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn minimum_balance() -> Self::Balance {
		Inner::minimum_balance()
	}
}
