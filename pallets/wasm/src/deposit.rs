//! Storage deposits: what a contract's storage costs, who pays, and within which limit.
//!
//! A frame notes what it adds to and takes from its contract's storage. When it ends, and whenever
//! control leaves it for somebody else, that is settled: the contract's record is brought up to date,
//! deposits that become free go back to those who paid (see [`crate::shares`]), and who pays for the
//! transaction pays for the rest, all in the storage layer of the frame. So whatever rolls the
//! frame back gives the deposit back.
//!
//! Deposits are on hold at the contract's own account, as `pallet-contracts` keeps them.

use polkadot_sdk::{
	frame_support::{
		ensure,
		traits::{
			fungible::{Inspect, Mutate, MutateHold},
			tokens::{Fortitude, Precision, Preservation, Restriction},
			Get,
		},
	},
	frame_system,
	sp_runtime::{DispatchError, FixedPointNumber, FixedU128},
};
use trivium_primitives::{AccountId, Balance};

use crate::{
	code::{CodeInfo, PRESERVE},
	contract::ContractInfo,
	shares::{self, Place, Tally},
	Config, ContractInfoOf, Error, Event, HoldReason, Pallet, StorageDeposit, TrieId,
};

/// How much a contract's storage grew and shrank.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Diff {
	pub bytes_added: u32,
	pub bytes_removed: u32,
	pub items_added: u32,
	pub items_removed: u32,
}

/// What new storage costs, planck. Only growth counts.
pub(crate) fn price_of<T: Config>(diff: &Diff) -> Balance {
	let bytes = diff.bytes_added.saturating_sub(diff.bytes_removed);
	let items = diff.items_added.saturating_sub(diff.items_removed);
	T::DepositPerByte::get()
		.saturating_mul(bytes.into())
		.saturating_add(T::DepositPerItem::get().saturating_mul(items.into()))
}

/// What a value of this length costs, planck; nothing if there is none.
pub(crate) fn price_of_item<T: Config>(len_bytes: Option<u32>) -> Balance {
	let Some(bytes_added) = len_bytes else {
		return 0;
	};
	price_of::<T>(&Diff {
		bytes_added,
		items_added: 1,
		..Default::default()
	})
}

impl Diff {
	/// Notes that a value of one length is replaced by one of another; `None` is no value.
	pub(crate) fn note(&mut self, old: Option<u32>, new: Option<u32>) {
		let (old_len, new_len) = (old.unwrap_or_default(), new.unwrap_or_default());
		let add = |to: &mut u32, more: u32| *to = to.saturating_add(more);
		add(&mut self.bytes_added, new_len.saturating_sub(old_len));
		add(&mut self.bytes_removed, old_len.saturating_sub(new_len));
		add(
			&mut self.items_added,
			u32::from(old.is_none() && new.is_some()),
		);
		add(
			&mut self.items_removed,
			u32::from(old.is_some() && new.is_none()),
		);
	}

	/// Brings a contract's record up to date. Growth is charged by price; what shrinks gives back its
	/// part of what was paid for all that is stored, as prices may have changed since.
	pub(crate) fn apply<T: Config>(&self, info: &mut ContractInfo<T>) -> StorageDeposit {
		let bytes = change(
			(self.bytes_added, self.bytes_removed),
			T::DepositPerByte::get(),
			&mut info.storage_bytes,
			&mut info.storage_byte_deposit,
		);
		let items = change(
			(self.items_added, self.items_removed),
			T::DepositPerItem::get(),
			&mut info.storage_items,
			&mut info.storage_item_deposit,
		);
		bytes.plus(items)
	}
}

/// Brings an amount stored and the deposit for it up to date.
fn change(
	(added, removed): (u32, u32),
	price: Balance,
	stored: &mut u32,
	deposit: &mut Balance,
) -> StorageDeposit {
	let growth = added.saturating_sub(removed);
	let shrinkage = removed.saturating_sub(added);
	let charge = price.saturating_mul(growth.into());
	let refund = FixedU128::checked_from_rational(shrinkage, *stored)
		.unwrap_or_default()
		.min(FixedU128::from_u32(1))
		.saturating_mul_int(*deposit);
	*stored = stored.saturating_add(growth).saturating_sub(shrinkage);
	*deposit = deposit.saturating_add(charge).saturating_sub(refund);
	StorageDeposit::Charge(charge).plus(StorageDeposit::Refund(refund))
}

/// What a frame may add to its payer's deposits, and what it and those it called have added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DepositMeter {
	limit: Balance,
	net: StorageDeposit,
	/// What hops to other VMs took; the dispatch pallet counts that too.
	by_hops: Balance,
}

impl DepositMeter {
	/// Nothing taken yet.
	pub(crate) fn new(limit: Balance) -> Self {
		Self {
			limit,
			net: StorageDeposit::default(),
			by_hops: 0,
		}
	}

	/// For a callee: its own limit, if it has one, and never more than is left here.
	pub(crate) fn nested(&self, limit: Option<Balance>) -> Self {
		let left = self.left();
		Self::new(limit.map_or(left, |limit| limit.min(left)))
	}

	/// What may still be taken.
	pub(crate) fn left(&self) -> Balance {
		self.total().left_of(self.limit)
	}

	/// What was taken or given back here, hops aside.
	pub(crate) fn net(&self) -> StorageDeposit {
		self.net
	}

	/// What was taken or given back, here and below hops.
	pub(crate) fn total(&self) -> StorageDeposit {
		self.net.plus(StorageDeposit::Charge(self.by_hops))
	}

	/// Adds what a callee that succeeded came to.
	pub(crate) fn absorb(&mut self, nested: &Self) {
		self.net = self.net.plus(nested.net);
		self.take_by_hop(nested.by_hops);
	}

	/// Counts what a hop took, which was given no more than is left.
	pub(crate) fn take_by_hop(&mut self, amount: Balance) {
		self.by_hops = self.by_hops.saturating_add(amount);
	}

	/// # Errors
	/// `StorageDepositLimitExhausted`.
	pub(crate) fn take<T: Config>(&mut self, amount: StorageDeposit) -> Result<(), DispatchError> {
		let total = self.total().plus(amount);
		ensure!(
			total.charge_or_zero() <= self.limit,
			Error::<T>::StorageDepositLimitExhausted
		);
		self.net = self.net.plus(amount);
		Ok(())
	}
}

/// What a frame owes for its contract's storage.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Dues {
	/// Growth and shrinkage.
	pub diff: Diff,
	/// Whose deposits are touched.
	pub tally: Tally,
}

impl Dues {
	/// Whether there is nothing to settle.
	pub(crate) fn is_empty(&self) -> bool {
		*self == Self::default()
	}
}

/// What all deposits of a contract are after a settlement, planck. They were `before`, of which lists named
/// `listed`; `recorded` is what the record says now.
///
/// The record knows averages alone: what shrinks gives back its part of all that was paid, at whichever
/// prices. The lists know who has paid what, and nobody's part of them may become another's.
fn deposits_after(
	before: Balance,
	listed: Balance,
	recorded: Balance,
	tally: &Tally,
	has_payer: bool,
) -> Balance {
	let unlisted = before.saturating_sub(listed);
	let listed = tally.applied_to(listed);
	let all = listed.saturating_add(unlisted);
	if tally.frees_unlisted() {
		// Some of what no list names, as an older state has left it, goes to who freed it.
		return recorded.clamp(listed, all);
	}
	// A division by the record loses what comes after eighteen digits. There are two in a settlement, and what
	// they have lost goes to whoever frees something later.
	let lost = (before / FixedU128::DIV).saturating_add(1);
	let least = all.saturating_sub(lost.saturating_mul(1024));
	let most = all.saturating_add(lost.saturating_mul(2));
	match has_payer && (least..=most).contains(&recorded) {
		true => recorded,
		false => all,
	}
}

/// Makes all deposits in a contract's record come to `wanted`, planck.
fn correct<T: Config>(info: &mut ContractInfo<T>, wanted: Balance) {
	let total = info.all_deposits();
	let bytes = &mut info.storage_byte_deposit;
	*bytes = bytes.saturating_add(wanted.saturating_sub(total));
	let excess = total.saturating_sub(wanted);
	let of_bytes = excess.min(*bytes);
	*bytes = bytes.saturating_sub(of_bytes);
	let items = &mut info.storage_item_deposit;
	*items = items.saturating_sub(excess.saturating_sub(of_bytes));
}

/// One payer, and the account of the frame that makes him pay. Without payer, when governance acts,
/// nothing is charged, and what becomes free goes to who had paid.
pub(crate) struct Payment<'a> {
	/// The contract whose storage it is.
	pub contract: &'a AccountId,
	/// Its trie.
	pub trie_id: &'a TrieId,
	/// Who pays.
	pub payer: Option<&'a AccountId>,
	/// Within which limit.
	pub meter: &'a mut DepositMeter,
}

impl<'a> Payment<'a> {
	/// Settles what a frame owes.
	///
	/// # Errors
	/// `StorageDepositLimitExhausted`, `StorageDepositNotEnoughFunds`.
	pub(crate) fn settle<T: Config>(self, dues: Dues) -> Result<(), DispatchError> {
		if dues.is_empty() {
			return Ok(());
		}
		let mut info = ContractInfo::<T>::load(self.contract)?;
		let before = info.all_deposits();
		dues.diff.apply(&mut info);
		let (tally, has_payer) = (&dues.tally, self.payer.is_some());
		let listed = shares::keep_account::<T>(self.trie_id, self.depositor(), tally);
		let recorded = info.all_deposits();
		let after = deposits_after(before, listed, recorded, tally, has_payer);
		correct(&mut info, after);
		ContractInfoOf::<T>::insert(self.contract, info);
		self.pay::<T>(StorageDeposit::between(before, after), dues.tally)
	}

	/// Settles a deposit that is not for an item of storage: for the record itself or a dependency,
	/// which goes from `old` to `new` planck. Gives how many others got something back, for whom a refund
	/// each is to be charged.
	///
	/// # Errors
	/// As [`Self::settle`].
	pub(crate) fn reprice<T: Config>(
		self,
		place: Place<'_>,
		old: Balance,
		new: Balance,
	) -> Result<usize, DispatchError> {
		let mut tally = Tally::default();
		let payer = self.depositor();
		shares::reprice::<T>(self.trie_id, place, (old, new), payer, &mut tally);
		shares::keep_account::<T>(self.trie_id, payer, &tally);
		let others = tally.count_of_others();
		self.pay::<T>(StorageDeposit::between(old, new), tally)?;
		Ok(others)
	}

	/// Whose the deposits are. Without a payer what nobody is recorded for becomes the contract's own.
	fn depositor(&self) -> &'a AccountId {
		self.payer.unwrap_or(self.contract)
	}

	/// Moves an amount that the contract's deposits grow or shrink by. What others get back out of them
	/// comes on top of what the payer owes.
	fn pay<T: Config>(self, amount: StorageDeposit, tally: Tally) -> Result<(), DispatchError> {
		let payer = self.depositor();
		let owed = amount.plus(StorageDeposit::Charge(tally.freed_of_others()));
		self.meter.take::<T>(owed)?;
		for (depositor, share) in tally.others() {
			give_back::<T>(self.contract, depositor, *share)?;
		}
		match owed {
			StorageDeposit::Refund(amount) => give_back::<T>(self.contract, payer, amount),
			StorageDeposit::Charge(amount) => hold::<T>(payer, self.contract, amount),
		}
	}
}

/// Puts a payer's coins on hold at a contract.
///
/// # Errors
/// `StorageDepositNotEnoughFunds`.
fn hold<T: Config>(
	payer: &AccountId,
	contract: &AccountId,
	amount: Balance,
) -> Result<(), DispatchError> {
	if amount == 0 {
		return Ok(());
	}
	T::Currency::transfer_and_hold(
		&HoldReason::StorageDepositReserve.into(),
		payer,
		contract,
		amount,
		Precision::Exact,
		PRESERVE,
		Fortitude::Polite,
	)
	.map_err(|_| Error::<T>::StorageDepositNotEnoughFunds)?;
	Pallet::<T>::deposit_event(Event::StorageDepositTransferredAndHeld {
		from: payer.clone(),
		to: contract.clone(),
		amount,
	});
	Ok(())
}

/// Gives a deposit back, as much of it as is there.
///
/// # Errors
/// What the ledger says.
pub(crate) fn give_back<T: Config>(
	contract: &AccountId,
	depositor: &AccountId,
	amount: Balance,
) -> Result<(), DispatchError> {
	if amount == 0 {
		return Ok(());
	}
	let reason = HoldReason::StorageDepositReserve.into();
	let given = if contract == depositor {
		// A contract that paid for itself.
		T::Currency::release(&reason, contract, amount, Precision::BestEffort)?
	} else {
		T::Currency::transfer_on_hold(
			&reason,
			contract,
			depositor,
			amount,
			Precision::BestEffort,
			Restriction::Free,
			Fortitude::Polite,
		)?
	};
	if given < amount {
		log::error!(
			target: crate::LOG_TARGET,
			"{contract:?} has only {given} of {amount} on hold for {depositor:?}",
		);
	}
	Pallet::<T>::deposit_event(Event::StorageDepositTransferredAndReleased {
		from: contract.clone(),
		to: depositor.clone(),
		amount: given,
	});
	Ok(())
}

/// Brings a new contract's account into being, at the payer's cost, and keeps it from being reaped.
///
/// # Errors
/// `StorageDepositLimitExhausted`, and what the ledger says.
pub(crate) fn create_account<T: Config>(
	payer: &AccountId,
	contract: &AccountId,
	meter: &mut DepositMeter,
) -> Result<(), DispatchError> {
	let existential = T::Currency::minimum_balance();
	meter.take::<T>(StorageDeposit::Charge(existential))?;
	T::Currency::transfer(payer, contract, existential, PRESERVE)?;
	frame_system::Pallet::<T>::inc_consumers(contract)
}

/// The limit for an execution: what was named, else the default. It must be there beside the value
/// that goes along.
///
/// # Errors
/// `StorageDepositNotEnoughFunds`.
pub(crate) fn checked_limit<T: Config>(
	payer: &AccountId,
	limit: Option<Balance>,
	value: Balance,
) -> Result<Balance, DispatchError> {
	let spendable = T::Currency::reducible_balance(payer, PRESERVE, Fortitude::Polite)
		.saturating_sub(value)
		.saturating_sub(T::Currency::minimum_balance());
	match limit {
		None => Ok(spendable.min(T::DefaultDepositLimit::get())),
		Some(limit) if limit <= spendable => Ok(limit),
		Some(_) => Err(Error::<T>::StorageDepositNotEnoughFunds.into()),
	}
}

/// Gives everything back that a contract which goes had on hold, and its coins to `beneficiary`.
///
/// # Errors
/// What the ledger says.
pub(crate) fn close<T: Config>(
	payment: Payment<'_>,
	info: &ContractInfo<T>,
	beneficiary: &AccountId,
) -> Result<(), DispatchError> {
	let Payment {
		contract,
		trie_id,
		payer,
		meter,
	} = payment;
	let total = info.all_deposits();
	let (refunds, waits) = shares::close::<T>(trie_id, contract, beneficiary, total, payer);
	for (depositor, amount) in refunds {
		give_back::<T>(contract, &depositor, amount)?;
		if Some(&depositor) == payer {
			meter.take::<T>(StorageDeposit::Refund(amount))?;
		}
	}
	if !waits {
		return empty_account::<T>(contract, beneficiary);
	}
	// What stays is at the mercy of whoever can make a contract at the account anew: no more than keeps it alive.
	hand_over::<T>(contract, beneficiary, PRESERVE)
}

/// Lets an account go that was a contract's, with all its free coins.
///
/// # Errors
/// What the ledger says.
pub(crate) fn empty_account<T: Config>(
	contract: &AccountId,
	beneficiary: &AccountId,
) -> Result<(), DispatchError> {
	frame_system::Pallet::<T>::dec_consumers(contract);
	hand_over::<T>(contract, beneficiary, Preservation::Expendable)
}

/// Moves all the free coins that may go.
fn hand_over<T: Config>(
	from: &AccountId,
	to: &AccountId,
	preservation: Preservation,
) -> Result<(), DispatchError> {
	let rest = T::Currency::reducible_balance(from, preservation, Fortitude::Polite);
	if rest > 0 {
		T::Currency::transfer(from, to, rest, preservation)?;
	}
	Ok(())
}

/// Deposit for a dependency on code, planck.
pub(crate) fn price_of_dependency<T: Config>(code: &CodeInfo) -> Balance {
	code.lockup::<T>()
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::testing::mock::{Test, PER_BYTE, PER_ITEM};

	fn info() -> ContractInfo<Test> {
		ContractInfo {
			trie_id: TrieId::default(),
			code_hash: Default::default(),
			storage_bytes: 100,
			storage_items: 4,
			// Paid when prices were others.
			storage_byte_deposit: 50,
			storage_item_deposit: 80,
			storage_base_deposit: 7,
			delegate_dependencies: Default::default(),
		}
	}

	fn diff(changes: &[(Option<u32>, Option<u32>)]) -> Diff {
		let mut diff = Diff::default();
		for (old, new) in changes {
			diff.note(*old, *new);
		}
		diff
	}

	#[test]
	fn growth_costs_its_price_and_shrinkage_gives_back_its_part() {
		let mut grown = info();
		let charge = diff(&[(None, Some(10)), (Some(5), Some(7))]).apply(&mut grown);
		assert_eq!(charge, StorageDeposit::Charge(12 * PER_BYTE + PER_ITEM));
		assert_eq!((grown.storage_bytes, grown.storage_items), (112, 5));

		let mut shrunk = info();
		let refund = diff(&[(Some(10), None)]).apply(&mut shrunk);
		assert_eq!(refund, StorageDeposit::Refund(5 + 20));
		assert_eq!((shrunk.storage_bytes, shrunk.storage_items), (90, 3));
		assert_eq!(shrunk.total_deposit(), 45 + 60 + 7);
	}

	#[test]
	fn growth_and_shrinkage_of_one_frame_offset_each_other() {
		let changes = diff(&[(None, Some(10)), (Some(10), None), (Some(3), Some(3))]);
		assert_eq!(changes.apply(&mut info()), StorageDeposit::Charge(0));
	}

	#[test]
	fn shrinkage_gives_back_no_more_than_there_is() {
		let mut empty = info();
		let refund = diff(&[(Some(1000), None)]).apply(&mut empty);
		assert_eq!(refund, StorageDeposit::Refund(50 + 20));
		assert_eq!(empty.storage_bytes, 0);
		// Nothing stored, by the record: nothing to divide by.
		assert_eq!(
			diff(&[(Some(1), Some(0))]).apply(&mut empty),
			StorageDeposit::Charge(0)
		);
	}

	#[test]
	fn limit_of_a_callee_is_never_more_than_what_the_caller_has_left() {
		let mut meter = DepositMeter::new(10);
		meter.take::<Test>(StorageDeposit::Charge(4)).unwrap();
		assert_eq!(meter.nested(None).left(), 6);
		assert_eq!(meter.nested(Some(100)).left(), 6);
		let mut callee = meter.nested(Some(2));
		assert!(callee.take::<Test>(StorageDeposit::Charge(3)).is_err());
		callee.take::<Test>(StorageDeposit::Charge(2)).unwrap();
		meter.absorb(&callee);
		assert_eq!(meter.left(), 4);
		assert!(meter.take::<Test>(StorageDeposit::Charge(5)).is_err());
		assert_eq!(meter.net(), StorageDeposit::Charge(6));
		meter.take_by_hop(3);
		assert_eq!(meter.left(), 1);
		assert_eq!(meter.net(), StorageDeposit::Charge(6));
		assert_eq!(meter.total(), StorageDeposit::Charge(9));
	}
}
