//! The moments at which a runtime withdraws and settles the fee of a transaction.
//!
//! They enclose the call of every signed transaction, whatever it is and however it ends, and lie
//! outside of its storage layers. So that is where receipts begin to wait and are published, and where
//! an account is seen to send its first transaction: wrap the runtime's fee handler in [`FeeMoments`].

use core::marker::PhantomData;

use polkadot_sdk::{
	frame_support::{dispatch::DispatchInfo, unsigned::TransactionValidityError},
	frame_system,
	pallet_transaction_payment::{self, OnChargeTransaction, TxCreditHold},
	sp_runtime::traits::{DispatchInfoOf, Dispatchable, PostDispatchInfoOf},
};
use trivium_primitives::AccountId;

use crate::{accounts, receipts, Config, WeightInfo};

/// A fee handler that charges as `Inner` does.
///
/// [`pallet_transaction_payment`] asks it for every signed transaction, those that are free included,
/// after `CheckNonce` has raised the nonce.
pub struct FeeMoments<Inner>(PhantomData<Inner>);

impl<T, Inner> TxCreditHold<T> for FeeMoments<Inner>
where
	T: pallet_transaction_payment::Config,
	Inner: TxCreditHold<T>,
{
	type Credit = Inner::Credit;
}

impl<T, Inner> OnChargeTransaction<T> for FeeMoments<Inner>
where
	T: Config + pallet_transaction_payment::Config,
	T::RuntimeCall: Dispatchable<Info = DispatchInfo>,
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
		if accounts::begin_first_transaction::<T>(who) {
			// Once in an account's life, so it is not in every transaction's fee; but the block has to
			// know.
			frame_system::Pallet::<T>::register_extra_weight_unchecked(
				<T as Config>::WeightInfo::first_transaction(),
				dispatch_info.class,
			);
		}
		receipts::hold();
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
