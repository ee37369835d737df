//! The currency that pallet-contracts sees: storage deposits of a call that another VM made are
//! the payer's affair, not the caller's.
//!
//! pallet-contracts knows one account, its origin, and both sends the value from it and settles
//! the storage deposits with it. In a call from another VM the origin is the calling contract,
//! but deposits belong to whoever pays the transaction. pallet-contracts deals with its origin at
//! four moments, and they can be told apart:
//!
//! | moment | what it asks for | answered for |
//! | --- | --- | --- |
//! | before any contract runs | `reducible_balance`, `can_withdraw` | the payer |
//! | a contract is instantiated | `transfer` of the existential deposit | the payer |
//! | after the last contract ran | `transfer_and_hold` of deposits | the payer |
//! | the same | `transfer_on_hold` of refunds | the payer |
//!
//! All else, the value above all, is the account's own, and whatever is held, frozen or
//! existential stays so.
//!
//! What pallet-contracts *says* in its own deposit events still names the origin; the events of
//! pallet-balances name who paid.

use core::marker::PhantomData;
use polkadot_sdk::{
	frame_support::traits::{
		fungible::{Dust, Inspect, InspectHold, Mutate, MutateHold, Unbalanced, UnbalancedHold},
		tokens::{
			DepositConsequence, Fortitude, Precision, Preservation, Provenance, Restriction,
			WithdrawConsequence,
		},
	},
	sp_runtime::{DispatchError, DispatchResult},
};
use trivium_primitives::{AccountId, Balance};

use crate::memory::{self, Phase, Stack};

/// For `pallet_contracts::Config::Currency`, around the currency `C` that does the work.
pub struct DepositCurrency<C>(PhantomData<C>);

/// What `f` finds out about the stack, if `account` is its origin and someone else pays.
fn payer_instead_of<R>(
	account: &AccountId,
	f: impl FnOnce(&Stack, &AccountId) -> Option<R>,
) -> Option<R> {
	memory::innermost(|stack| {
		let payer = stack.payer.clone()?;
		(stack.origin.as_ref() == Some(account))
			.then(|| f(stack, &payer))
			.flatten()
	})
	.flatten()
}

/// The payer and the value that travels along, while the deposit limit of `account` is checked.
fn payer_of_limit(account: &AccountId) -> Option<(AccountId, Balance)> {
	payer_instead_of(account, |stack, payer| {
		(stack.phase == Phase::Opening).then(|| (payer.clone(), stack.value))
	})
}

/// The payer, while deposits of `account` are settled.
fn payer_of_deposits(account: &AccountId) -> Option<AccountId> {
	payer_instead_of(account, |stack, payer| {
		(stack.phase == Phase::Settling).then(|| payer.clone())
	})
}

/// The payer, if what leaves `account` now can only be the existential deposit of a new contract:
/// contracts run, and it is none of them.
fn payer_of_existence(account: &AccountId) -> Option<AccountId> {
	payer_instead_of(account, |stack, payer| {
		(stack.phase == Phase::Running && !stack.frames.contains(account)).then(|| payer.clone())
	})
}

impl<C: Inspect<AccountId, Balance = Balance>> Inspect<AccountId> for DepositCurrency<C> {
	type Balance = Balance;

	fn total_issuance() -> Balance {
		C::total_issuance()
	}
	fn active_issuance() -> Balance {
		C::active_issuance()
	}
	fn minimum_balance() -> Balance {
		C::minimum_balance()
	}
	fn total_balance(who: &AccountId) -> Balance {
		C::total_balance(who)
	}
	fn balance(who: &AccountId) -> Balance {
		C::balance(who)
	}
	fn reducible_balance(who: &AccountId, preservation: Preservation, force: Fortitude) -> Balance {
		match payer_of_limit(who) {
			// pallet-contracts goes on to subtract the value and the existential deposit from
			// this. The payer keeps the latter anyway and does not send the former.
			Some((payer, value)) => C::reducible_balance(&payer, preservation, force)
				.saturating_add(value)
				.saturating_add(C::minimum_balance()),
			None => C::reducible_balance(who, preservation, force),
		}
	}
	fn can_deposit(who: &AccountId, amount: Balance, provenance: Provenance) -> DepositConsequence {
		C::can_deposit(who, amount, provenance)
	}
	fn can_withdraw(who: &AccountId, amount: Balance) -> WithdrawConsequence<Balance> {
		// It asks this of its origin before anything else, and of nobody later.
		memory::asked_about(who);
		match payer_of_limit(who) {
			Some((payer, _)) => C::can_withdraw(&payer, amount),
			None => C::can_withdraw(who, amount),
		}
	}
}

impl<C: Unbalanced<AccountId> + Inspect<AccountId, Balance = Balance>> Unbalanced<AccountId>
	for DepositCurrency<C>
{
	fn handle_dust(dust: Dust<AccountId, Self>) {
		C::handle_dust(Dust(dust.0));
	}
	fn write_balance(who: &AccountId, amount: Balance) -> Result<Option<Balance>, DispatchError> {
		C::write_balance(who, amount)
	}
	fn set_total_issuance(amount: Balance) {
		C::set_total_issuance(amount);
	}
	fn decrease_balance(
		who: &AccountId,
		amount: Balance,
		precision: Precision,
		preservation: Preservation,
		force: Fortitude,
	) -> Result<Balance, DispatchError> {
		C::decrease_balance(who, amount, precision, preservation, force)
	}
	fn increase_balance(
		who: &AccountId,
		amount: Balance,
		precision: Precision,
	) -> Result<Balance, DispatchError> {
		C::increase_balance(who, amount, precision)
	}
	fn deactivate(amount: Balance) {
		C::deactivate(amount);
	}
	fn reactivate(amount: Balance) {
		C::reactivate(amount);
	}
}

impl<C: Mutate<AccountId> + Inspect<AccountId, Balance = Balance>> Mutate<AccountId>
	for DepositCurrency<C>
{
	fn mint_into(who: &AccountId, amount: Balance) -> Result<Balance, DispatchError> {
		C::mint_into(who, amount)
	}
	fn burn_from(
		who: &AccountId,
		amount: Balance,
		preservation: Preservation,
		precision: Precision,
		force: Fortitude,
	) -> Result<Balance, DispatchError> {
		C::burn_from(who, amount, preservation, precision, force)
	}
	fn shelve(who: &AccountId, amount: Balance) -> Result<Balance, DispatchError> {
		C::shelve(who, amount)
	}
	fn restore(who: &AccountId, amount: Balance) -> Result<Balance, DispatchError> {
		C::restore(who, amount)
	}
	fn transfer(
		source: &AccountId,
		dest: &AccountId,
		amount: Balance,
		preservation: Preservation,
	) -> Result<Balance, DispatchError> {
		let payer = payer_of_existence(source);
		// pallet-contracts wants its accounts to live by their balance. One that lives by another
		// reference as well, such as an EVM contract, may send all it has.
		let lives_on =
			|| amount <= C::reducible_balance(source, Preservation::Protect, Fortitude::Polite);
		let preservation = match preservation {
			Preservation::Preserve if payer.is_none() && lives_on() => Preservation::Expendable,
			other => other,
		};
		C::transfer(payer.as_ref().unwrap_or(source), dest, amount, preservation)
	}
	fn set_balance(who: &AccountId, amount: Balance) -> Balance {
		C::set_balance(who, amount)
	}
}

impl<C: InspectHold<AccountId> + Inspect<AccountId, Balance = Balance>> InspectHold<AccountId>
	for DepositCurrency<C>
{
	type Reason = C::Reason;

	fn total_balance_on_hold(who: &AccountId) -> Balance {
		C::total_balance_on_hold(who)
	}
	fn reducible_total_balance_on_hold(who: &AccountId, force: Fortitude) -> Balance {
		C::reducible_total_balance_on_hold(who, force)
	}
	fn balance_on_hold(reason: &C::Reason, who: &AccountId) -> Balance {
		C::balance_on_hold(reason, who)
	}
	fn hold_available(reason: &C::Reason, who: &AccountId) -> bool {
		C::hold_available(reason, who)
	}
	fn ensure_can_hold(reason: &C::Reason, who: &AccountId, amount: Balance) -> DispatchResult {
		C::ensure_can_hold(reason, who, amount)
	}
	fn can_hold(reason: &C::Reason, who: &AccountId, amount: Balance) -> bool {
		C::can_hold(reason, who, amount)
	}
}

impl<C: UnbalancedHold<AccountId> + Inspect<AccountId, Balance = Balance>> UnbalancedHold<AccountId>
	for DepositCurrency<C>
{
	fn set_balance_on_hold(reason: &C::Reason, who: &AccountId, amount: Balance) -> DispatchResult {
		C::set_balance_on_hold(reason, who, amount)
	}
	fn decrease_balance_on_hold(
		reason: &C::Reason,
		who: &AccountId,
		amount: Balance,
		precision: Precision,
	) -> Result<Balance, DispatchError> {
		C::decrease_balance_on_hold(reason, who, amount, precision)
	}
	fn increase_balance_on_hold(
		reason: &C::Reason,
		who: &AccountId,
		amount: Balance,
		precision: Precision,
	) -> Result<Balance, DispatchError> {
		C::increase_balance_on_hold(reason, who, amount, precision)
	}
}

impl<C: MutateHold<AccountId> + Inspect<AccountId, Balance = Balance>> MutateHold<AccountId>
	for DepositCurrency<C>
{
	fn hold(reason: &C::Reason, who: &AccountId, amount: Balance) -> DispatchResult {
		C::hold(reason, who, amount)
	}
	fn release(
		reason: &C::Reason,
		who: &AccountId,
		amount: Balance,
		precision: Precision,
	) -> Result<Balance, DispatchError> {
		C::release(reason, who, amount, precision)
	}
	fn set_on_hold(reason: &C::Reason, who: &AccountId, amount: Balance) -> DispatchResult {
		C::set_on_hold(reason, who, amount)
	}
	fn burn_held(
		reason: &C::Reason,
		who: &AccountId,
		amount: Balance,
		precision: Precision,
		force: Fortitude,
	) -> Result<Balance, DispatchError> {
		C::burn_held(reason, who, amount, precision, force)
	}
	fn transfer_on_hold(
		reason: &C::Reason,
		source: &AccountId,
		dest: &AccountId,
		amount: Balance,
		precision: Precision,
		mode: Restriction,
		force: Fortitude,
	) -> Result<Balance, DispatchError> {
		let payer = payer_of_deposits(dest);
		let dest = payer.as_ref().unwrap_or(dest);
		C::transfer_on_hold(reason, source, dest, amount, precision, mode, force)
	}
	fn transfer_and_hold(
		reason: &C::Reason,
		source: &AccountId,
		dest: &AccountId,
		amount: Balance,
		precision: Precision,
		expendability: Preservation,
		force: Fortitude,
	) -> Result<Balance, DispatchError> {
		let payer = payer_of_deposits(source);
		let source = payer.as_ref().unwrap_or(source);
		C::transfer_and_hold(
			reason,
			source,
			dest,
			amount,
			precision,
			expendability,
			force,
		)
	}
}
