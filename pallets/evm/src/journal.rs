//! The journal of a transaction: `revm`'s own, and what keeps it and storage one.
//!
//! While contracts of the EVM call each other nothing is written: `revm`'s journal holds the
//! changes and undoes them with their frame. Only when another VM is about to look at storage
//! (a hop begins, or a call that another VM made returns) is the journal *materialised*: every live
//! frame that has no storage layer yet gets one, the changes are written into the innermost, and a
//! fresh number is stored as [`crate::Epoch`]. From then on a frame that ends takes its layer with
//! it, and with it everything any VM did inside.
//!
//! When the EVM runs again the journal is *refreshed*: an older number in storage says that another
//! VM rolled back what it had called, so the journal goes back to that point; then the balances that
//! have changed are brought in as ordinary journal entries.
//!
//! # Invariants
//! 1. Storage holds the journal's state as of [`Coherence::written`], a prefix of its entries and
//!    logs, and of nothing behind it. The prefix shrinks only when a layer is rolled back.
//! 2. `frames` has one entry for each live checkpoint. Those that have a layer come first, in the
//!    order of the layers, and no other layer of this pallet is open.
//! 3. Each marker's epoch is larger than the one before it, and none is used twice in a transaction.
//!    Storage holds the epoch of one of them, or none.
//! 4. An account that was read from storage after a point is forgotten when storage goes back to
//!    that point, so a value seen only inside a layer never outlives it.

use alloc::{collections::BTreeMap, vec::Vec};
use core::mem;
use polkadot_sdk::sp_io;
use revm::{
	bytecode::Bytecode,
	context::{
		journal::{Journal, JournalInner},
		journaled_state::{
			account::{JournaledAccount, JournaledAccountTr},
			AccountInfoLoad, AccountLoad, JournalCheckpoint, JournalLoadError, TransferError,
		},
		JournalTr,
	},
	context_interface::{
		context::{SStoreResult, SelfDestructResult, StateLoad},
		journaled_state::entry::JournalEntryTr,
	},
	primitives::{
		hardfork::SpecId, Address, AddressMap, AddressSet, HashSet, Log, StorageKey, StorageValue,
		B256, U256,
	},
	state::{Account, EvmState},
	JournalEntry,
};
use trivium_primitives::{AddressMapping, Dispatch};

use crate::{
	bridge::BRIDGE,
	database::{Stop, StorageDb},
	gas::{ProofMeter, ALIAS_PROOF_BYTES, SLOT_PROOF_BYTES},
	logs, movements,
	rules::Rules,
	storage::{AccountWrite, Flow},
	types::{from_address, from_b256, hash_from_word, EMPTY_CODE_HASH},
	Config, Epoch, Failure, Pallet,
};

/// Changes that a transaction's journal holds at most. Its list, and the map of transient slots, grow by
/// doubling: at this number both, each with what it grew from, fit into three quarters of the memory that
/// a relay chain's validators allow (`benchmarks/evm/tests/limits.rs`).
pub const JOURNAL_LIMIT: usize = 100_000;

/// A point in the journal, as far as storage is concerned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Position {
	entries: usize,
	logs: usize,
}

/// What to go back to when a layer is rolled back: the state in which it was opened.
#[derive(Clone, Copy, Debug)]
struct Layer {
	written: Position,
	markers: usize,
	loaded: usize,
}

/// A point at which journal and storage were one.
#[derive(Clone, Copy, Debug)]
struct Marker {
	epoch: u64,
	checkpoint: JournalCheckpoint,
	loaded: usize,
}

/// How journal and storage stand to each other.
#[derive(Clone, Debug, Default)]
struct Coherence {
	/// The live checkpoints, outermost first, and their storage layers.
	frames: Vec<Option<Layer>>,
	/// Up to where storage holds the journal's state.
	written: Position,
	/// Where another VM may have put storage back to.
	markers: Vec<Marker>,
	/// The last epoch given out.
	last_epoch: u64,
}

/// All that belongs to a transaction and not to one execution in it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shared {
	/// The transaction's number, by [`Dispatch::transaction`].
	transaction: u64,
	inner: JournalInner<JournalEntry>,
	loaded: Vec<Address>,
	coherence: Coherence,
	/// Bytes of EVM memory that suspended executions hold.
	pub(crate) memory_bytes: u64,
}

trivium_primitives::transaction_local! {
	/// The present transaction's journal, while no EVM runs.
	fn with_slot(Option<Shared>)
}

impl Shared {
	/// Takes the present transaction's journal out of its place; a new one if there is none.
	pub(crate) fn take<T: Config>() -> Self {
		Self::take_from(T::Dispatch::transaction())
	}

	/// As [`Shared::take`], for the transaction with this number.
	pub(crate) fn take_from(transaction: u64) -> Self {
		with_slot(|slot| slot.take())
			.flatten()
			.filter(|shared| shared.transaction == transaction)
			.unwrap_or_else(|| Self {
				transaction,
				..Default::default()
			})
	}

	/// Puts it back.
	pub(crate) fn put(self) {
		with_slot(|slot| *slot = Some(self));
	}

	/// How many accounts the present transaction's journal would have to look at.
	pub(crate) fn peek_loaded_accounts<T: Config>() -> usize {
		let transaction = T::Dispatch::transaction();
		with_slot(|slot| match slot {
			Some(shared) if shared.transaction == transaction => shared.inner.state.len(),
			_ => 0,
		})
		.unwrap_or_default()
	}
}

/// The journal as an execution uses it.
pub struct EvmJournal<T: Config> {
	journal: Journal<StorageDb<T>>,
	coherence: Coherence,
	transaction: u64,
}

impl<T: Config> EvmJournal<T> {
	/// Goes on with a transaction's journal.
	pub(crate) fn resume(shared: Shared, meter: ProofMeter) -> (Self, u64) {
		let Shared {
			transaction,
			inner,
			loaded,
			coherence,
			memory_bytes,
		} = shared;
		let journal = Journal::new_with_inner(StorageDb::new(meter, loaded), inner);
		(
			Self {
				journal,
				coherence,
				transaction,
			},
			memory_bytes,
		)
	}

	/// Hands the transaction's journal over; what stays behind is empty.
	pub(crate) fn suspend(&mut self, memory_bytes: u64) -> Shared {
		Shared {
			transaction: self.transaction,
			inner: mem::take(&mut self.journal.inner),
			loaded: mem::take(&mut self.journal.database.loaded),
			coherence: mem::take(&mut self.coherence),
			memory_bytes,
		}
	}

	/// Takes the transaction's journal back.
	pub(crate) fn restore(&mut self, shared: Shared) {
		let Shared {
			transaction,
			inner,
			loaded,
			coherence,
			..
		} = shared;
		self.transaction = transaction;
		self.journal.inner = inner;
		self.journal.database.loaded = loaded;
		self.coherence = coherence;
	}

	/// The transaction's number.
	pub(crate) fn transaction(&self) -> u64 {
		self.transaction
	}

	/// The execution's meter of proof size.
	pub(crate) fn meter(&mut self) -> &mut ProofMeter {
		&mut self.journal.database.meter
	}

	/// What is read from, and what has been read.
	pub(crate) fn parts(&mut self) -> (&mut StorageDb<T>, &JournalInner<JournalEntry>) {
		(&mut self.journal.database, &self.journal.inner)
	}

	/// The transaction's entries so far.
	pub(crate) fn entries(&self) -> &[JournalEntry] {
		&self.journal.inner.journal
	}

	/// Live checkpoints.
	pub(crate) fn live_frames(&self) -> usize {
		self.coherence.frames.len()
	}

	/// Live checkpoints for which [`EvmJournal::materialise`] would open a layer.
	pub(crate) fn frames_without_layer(&self) -> usize {
		self.coherence
			.frames
			.iter()
			.filter(|layer| layer.is_none())
			.count()
	}

	/// Accounts that [`EvmJournal::refresh`] would look at.
	pub(crate) fn loaded_accounts(&self) -> usize {
		self.journal.inner.state.len()
	}

	/// Entries and logs that [`EvmJournal::write`] would go through.
	pub(crate) fn unwritten(&self) -> usize {
		let entries = self
			.journal
			.inner
			.journal
			.len()
			.saturating_sub(self.coherence.written.entries);
		let logs = self
			.journal
			.inner
			.logs
			.len()
			.saturating_sub(self.coherence.written.logs);
		entries.saturating_add(logs)
	}

	/// The logs of the transaction from `from` on.
	pub(crate) fn logs_from(&self, from: usize) -> &[Log] {
		self.journal.inner.logs.get(from..).unwrap_or_default()
	}

	/// Number of logs so far.
	pub(crate) fn log_count(&self) -> usize {
		self.journal.inner.logs.len()
	}

	/// Ends every frame above the first `frames`, innermost first, and takes back what they did
	/// down to `checkpoint`, which belongs to the outermost of them.
	pub(crate) fn unwind(&mut self, frames: usize, checkpoint: JournalCheckpoint) {
		let mut loaded = None;
		while self.coherence.frames.len() > frames {
			// The outermost layer, which comes last, knows how far back to go.
			loaded = self.close_frame(false).or(loaded);
			self.journal.inner.depth = self.journal.inner.depth.saturating_sub(1);
		}
		self.revert_entries(checkpoint);
		if let Some(loaded) = loaded {
			self.forget_loaded_after(loaded);
		}
	}

	/// Takes back all entries behind `checkpoint`, in one frame or in many.
	fn revert_entries(&mut self, checkpoint: JournalCheckpoint) {
		// `checkpoint_revert` also counts down the depth, which is the frames' own affair here.
		let depth = self.journal.inner.depth;
		self.journal.inner.checkpoint_revert(checkpoint);
		self.journal.inner.depth = depth;
	}

	/// Forgets accounts first read after a point to which storage has gone back (invariant 4).
	///
	/// Must come after the entries behind that point are reverted: none that is left names them.
	fn forget_loaded_after(&mut self, point: usize) {
		if point < self.journal.database.loaded.len() {
			for address in self.journal.database.loaded.split_off(point) {
				self.journal.inner.state.remove(&address);
			}
		}
	}

	/// Ends the innermost frame's bookkeeping and its layer. Gives back how many loaded accounts to
	/// keep, if storage was rolled back.
	fn close_frame(&mut self, keep: bool) -> Option<usize> {
		let layer = self.coherence.frames.pop().flatten()?;
		if keep {
			sp_io::storage::commit_transaction();
			return None;
		}
		sp_io::storage::rollback_transaction();
		self.coherence.written = layer.written;
		self.coherence.markers.truncate(layer.markers);
		Some(layer.loaded)
	}

	fn position(&self) -> Position {
		Position {
			entries: self.journal.inner.journal.len(),
			logs: self.journal.inner.logs.len(),
		}
	}

	/// Takes back a transfer of value that is the last thing that has happened. False if it is not.
	pub(crate) fn take_back_transfer(&mut self, from: Address, to: Address, value: U256) -> bool {
		let inner = &mut self.journal.inner;
		let is_last = matches!(
			inner.journal.last(),
			Some(JournalEntry::BalanceTransfer { from: f, to: t, balance })
				if (*f, *t, *balance) == (from, to, value)
		);
		match inner.journal.pop_if(|_| is_last) {
			Some(entry) => {
				entry.revert(&mut inner.state, None, true);
				true
			}
			None => false,
		}
	}

	/// Makes storage the journal's equal, in layers of their own for every live frame, so that
	/// another VM may go on from here.
	///
	/// # Errors
	/// The ledger refuses a balance. What was written is in the innermost frame's layer.
	pub(crate) fn materialise(&mut self) -> Result<(), Failure> {
		let layer = Layer {
			written: self.coherence.written,
			markers: self.coherence.markers.len(),
			loaded: self.journal.database.loaded.len(),
		};
		for frame in self
			.coherence
			.frames
			.iter_mut()
			.filter(|frame| frame.is_none())
		{
			sp_io::storage::start_transaction();
			*frame = Some(layer);
		}
		self.write()?;
		self.mark();
		Ok(())
	}

	/// Notes that journal and storage are one here.
	pub(crate) fn mark(&mut self) {
		self.coherence.last_epoch = self.coherence.last_epoch.saturating_add(1);
		let epoch = self.coherence.last_epoch;
		Epoch::<T>::put(epoch);
		let checkpoint = JournalCheckpoint {
			log_i: self.journal.inner.logs.len(),
			journal_i: self.journal.inner.journal.len(),
			selfdestructed_i: self.journal.inner.selfdestructed_addresses.len(),
		};
		let loaded = self.journal.database.loaded.len();
		self.coherence.markers.push(Marker {
			epoch,
			checkpoint,
			loaded,
		});
	}

	/// Writes what the journal has and storage has not.
	///
	/// # Errors
	/// The ledger refuses a balance; part may have been written.
	pub(crate) fn write(&mut self) -> Result<(), Failure> {
		// Of each account, whether its balance may have changed.
		let mut accounts = BTreeMap::<Address, bool>::new();
		// Of each slot, what storage has: the value before the first change that is not written.
		let mut slots = BTreeMap::new();
		// The value that has moved, in order.
		let mut moved = Vec::new();
		for entry in self
			.journal
			.inner
			.journal
			.iter()
			.skip(self.coherence.written.entries)
		{
			match entry {
				JournalEntry::AccountDestroyed {
					address,
					target,
					had_balance,
					..
				} => {
					accounts.insert(*address, true);
					accounts.insert(*target, true);
					moved.push((*address, *target, *had_balance));
				}
				JournalEntry::BalanceTransfer { balance, from, to } => {
					if !balance.is_zero() {
						accounts.insert(*from, true);
						accounts.insert(*to, true);
						moved.push((*from, *to, *balance));
					}
				}
				JournalEntry::BalanceChange { address, .. } => {
					accounts.insert(*address, true);
				}
				JournalEntry::NonceChange { address, .. }
				| JournalEntry::NonceBump { address }
				| JournalEntry::AccountCreated { address, .. }
				| JournalEntry::CodeChange { address, .. } => {
					accounts.entry(*address).or_default();
				}
				JournalEntry::StorageChanged {
					address,
					key,
					had_value,
				} => {
					slots.entry((*address, *key)).or_insert(*had_value);
				}
				JournalEntry::AccountWarmed { .. }
				| JournalEntry::AccountTouched { .. }
				| JournalEntry::StorageWarmed { .. }
				| JournalEntry::TransientStorageChange { .. } => {}
			}
		}

		let mut flow = Flow::default();
		for (address, has_moved) in accounts {
			let Some(account) = self.journal.inner.state.get(&address) else {
				continue;
			};
			let info = &account.info;
			let address = from_address(&address);
			// What the bridge shows as its code is not stored.
			let is_bridge = address == BRIDGE && T::Rules::has_bridge();
			let write = AccountWrite {
				balance: u128::try_from(info.balance).map_err(|_| Failure::BalanceOverflow)?,
				nonce: info.nonce,
				code_hash: if is_bridge {
					EMPTY_CODE_HASH
				} else {
					from_b256(&info.code_hash)
				},
				code: info.code.as_ref().map(Bytecode::original_byte_slice),
			};
			match has_moved {
				true => Pallet::<T>::write_account(&address, write, &mut flow)?,
				false => Pallet::<T>::write_nonce_and_code(&address, write)?,
			}
		}
		Pallet::<T>::settle(flow)?;
		for ((address, key), stored) in slots {
			let slot = self
				.journal
				.inner
				.state
				.get(&address)
				.and_then(|of| of.storage.get(&key));
			if let Some(slot) = slot.filter(|slot| slot.present_value != stored) {
				let value = hash_from_word(&slot.present_value);
				self.journal.database.slots.write::<T>(
					&from_address(&address),
					&hash_from_word(&key),
					value,
				);
			}
		}
		movements::announce::<T>(&moved)?;
		let logs = &self.journal.inner.logs;
		logs::publish::<T>(logs.get(self.coherence.written.logs..).unwrap_or_default());
		self.coherence.written = self.position();
		Ok(())
	}

	/// Makes the journal storage's equal after another VM may have run.
	///
	/// # Errors
	/// [`Failure::Conflict`] if storage is at a point that this journal does not know.
	pub(crate) fn refresh(&mut self) -> Result<(), Failure> {
		self.follow_rollback()?;

		let mut addresses: Vec<Address> = self.journal.inner.state.keys().copied().collect();
		addresses.sort_unstable();
		for address in addresses {
			let view = Pallet::<T>::view(&from_address(&address));
			let Some(mut account) = self
				.journal
				.inner
				.get_account_mut(&mut self.journal.database, address)
			else {
				continue;
			};
			let balance = U256::from(view.balance);
			if *account.balance() != balance {
				account.set_balance(balance);
			}
			if account.nonce() != view.nonce {
				account.set_nonce(view.nonce);
			}
		}
		self.coherence.written = self.position();
		Ok(())
	}

	/// Goes back to where storage is, if another VM has rolled it back.
	pub(crate) fn follow_rollback(&mut self) -> Result<(), Failure> {
		let stored = Epoch::<T>::get();
		if stored == self.coherence.markers.last().map(|marker| marker.epoch) {
			return Ok(());
		}
		let known = self
			.coherence
			.markers
			.iter()
			.rposition(|marker| Some(marker.epoch) == stored);
		match known.and_then(|at| Some((at, *self.coherence.markers.get(at)?))) {
			Some((at, marker)) => {
				self.coherence.markers.truncate(at.saturating_add(1));
				self.revert_entries(marker.checkpoint);
				self.forget_loaded_after(marker.loaded);
				self.coherence.written = self.position();
				Ok(())
			}
			// Nothing of this transaction is left in storage, and no frame stands on it.
			None if stored.is_none() && self.coherence.frames.is_empty() => {
				self.journal.inner = JournalInner::default();
				self.journal.database.loaded.clear();
				self.coherence.written = Position::default();
				self.coherence.markers.clear();
				Ok(())
			}
			None => Err(Failure::Conflict),
		}
	}

	/// Ends the transaction: removes the contracts that it both created and destructed.
	pub(crate) fn finalise(&mut self) -> Result<(), Failure> {
		self.follow_rollback()?;
		self.write()?;
		let mut destructed: Vec<(&Address, &Account)> = self
			.journal
			.inner
			.state
			.iter()
			.filter(|(_, account)| account.is_selfdestructed())
			.collect();
		destructed.sort_unstable_by_key(|(address, _)| **address);
		for (address, account) in destructed {
			let mut slots: Vec<_> = account.storage.keys().map(hash_from_word).collect();
			slots.sort_unstable();
			if !T::Rules::spec().is_enabled_in(SpecId::CANCUN) {
				// The contract may be older than the transaction.
				Pallet::<T>::remove_all_slots(&from_address(address));
			}
			Pallet::<T>::remove_contract(&from_address(address), slots.into_iter());
		}
		Ok(())
	}

	/// Pays for the trie nodes of a slot that is written without having been read: those of a
	/// contract that this transaction created. Whether the slot is warm does not matter, by having
	/// been looked at or by an access list: nothing was read then either.
	fn charge_unread_slot(&mut self, address: Address, store: &SStoreResult) -> Result<(), Stop> {
		let is_first_change =
			store.present_value == store.original_value && store.new_value != store.present_value;
		if !is_first_change {
			return Ok(());
		}
		let is_created = self
			.journal
			.inner
			.state
			.get(&address)
			.is_some_and(|account| account.is_created());
		if is_created {
			self.meter().charge(SLOT_PROOF_BYTES)?;
		}
		Ok(())
	}
}

impl<T: Config> JournalTr for EvmJournal<T> {
	type Database = StorageDb<T>;
	type State = EvmState;
	type JournaledAccount<'a>
		= JournaledAccount<'a, StorageDb<T>, JournalEntry>
	where
		Self: 'a;

	fn new(database: StorageDb<T>) -> Self {
		Self {
			journal: Journal::new(database),
			coherence: Coherence::default(),
			transaction: 0,
		}
	}

	fn db_and_state(&self) -> (&StorageDb<T>, &EvmState) {
		self.journal.db_and_state()
	}

	fn db_and_state_mut(&mut self) -> (&mut StorageDb<T>, &mut EvmState) {
		self.journal.db_and_state_mut()
	}

	fn sload_skip_cold_load(
		&mut self,
		address: Address,
		key: StorageKey,
		skip_cold_load: bool,
	) -> Result<StateLoad<StorageValue>, JournalLoadError<Stop>> {
		self.journal
			.sload_skip_cold_load(address, key, skip_cold_load)
	}

	fn sstore_skip_cold_load(
		&mut self,
		address: Address,
		key: StorageKey,
		value: StorageValue,
		skip_cold_load: bool,
	) -> Result<StateLoad<SStoreResult>, JournalLoadError<Stop>> {
		let load = self
			.journal
			.sstore_skip_cold_load(address, key, value, skip_cold_load)?;
		self.charge_unread_slot(address, &load.data)?;
		Ok(load)
	}

	fn tload(&mut self, address: Address, key: StorageKey) -> StorageValue {
		self.journal.tload(address, key)
	}

	fn tstore(&mut self, address: Address, key: StorageKey, value: StorageValue) {
		self.journal.tstore(address, key, value)
	}

	fn log(&mut self, log: Log) {
		JournalTr::log(&mut self.journal, log)
	}

	fn take_logs(&mut self) -> Vec<Log> {
		JournalTr::take_logs(&mut self.journal)
	}

	fn logs(&self) -> &[Log] {
		JournalTr::logs(&self.journal)
	}

	fn selfdestruct(
		&mut self,
		address: Address,
		target: Address,
		skip_cold_load: bool,
	) -> Result<StateLoad<SelfDestructResult>, JournalLoadError<Stop>> {
		JournalTr::selfdestruct(&mut self.journal, address, target, skip_cold_load)
	}

	fn warm_access_list(&mut self, access_list: AddressMap<HashSet<StorageKey>>) {
		self.journal.warm_access_list(access_list)
	}

	fn warm_coinbase_account(&mut self, address: Address) {
		self.journal.warm_coinbase_account(address)
	}

	fn warm_precompiles(&mut self, addresses: &AddressSet) {
		self.journal.warm_precompiles(addresses)
	}

	fn precompile_addresses(&self) -> &AddressSet {
		self.journal.precompile_addresses()
	}

	fn set_spec_id(&mut self, spec_id: SpecId) {
		JournalTr::set_spec_id(&mut self.journal, spec_id)
	}

	fn set_eip7708_config(&mut self, disabled: bool, eip8246_delayed_clear_disabled: bool) {
		JournalTr::set_eip7708_config(&mut self.journal, disabled, eip8246_delayed_clear_disabled)
	}

	fn touch_account(&mut self, address: Address) {
		JournalTr::touch_account(&mut self.journal, address)
	}

	fn transfer(
		&mut self,
		from: Address,
		to: Address,
		balance: U256,
	) -> Result<Option<TransferError>, Stop> {
		JournalTr::transfer(&mut self.journal, from, to, balance)
	}

	fn transfer_loaded(
		&mut self,
		from: Address,
		to: Address,
		balance: U256,
	) -> Option<TransferError> {
		JournalTr::transfer_loaded(&mut self.journal, from, to, balance)
	}

	#[expect(deprecated, reason = "required by the trait")]
	fn caller_accounting_journal_entry(
		&mut self,
		address: Address,
		old_balance: U256,
		bump_nonce: bool,
	) {
		JournalTr::caller_accounting_journal_entry(
			&mut self.journal,
			address,
			old_balance,
			bump_nonce,
		)
	}

	fn balance_incr(&mut self, address: Address, balance: U256) -> Result<(), Stop> {
		JournalTr::balance_incr(&mut self.journal, address, balance)
	}

	#[expect(deprecated, reason = "required by the trait")]
	fn nonce_bump_journal_entry(&mut self, address: Address) {
		JournalTr::nonce_bump_journal_entry(&mut self.journal, address)
	}

	fn load_account(&mut self, address: Address) -> Result<StateLoad<&Account>, Stop> {
		JournalTr::load_account(&mut self.journal, address)
	}

	fn load_account_with_code(&mut self, address: Address) -> Result<StateLoad<&Account>, Stop> {
		JournalTr::load_account_with_code(&mut self.journal, address)
	}

	fn load_account_delegated(&mut self, address: Address) -> Result<StateLoad<AccountLoad>, Stop> {
		JournalTr::load_account_delegated(&mut self.journal, address)
	}

	fn load_account_mut_skip_cold_load(
		&mut self,
		address: Address,
		skip_cold_load: bool,
	) -> Result<StateLoad<Self::JournaledAccount<'_>>, JournalLoadError<Stop>> {
		JournalTr::load_account_mut_skip_cold_load(&mut self.journal, address, skip_cold_load)
	}

	fn load_account_mut_optional_code(
		&mut self,
		address: Address,
		load_code: bool,
	) -> Result<StateLoad<Self::JournaledAccount<'_>>, Stop> {
		JournalTr::load_account_mut_optional_code(&mut self.journal, address, load_code)
	}

	/// The host hashes the code: in wasm that would take several times as long.
	fn set_code(&mut self, address: Address, code: Bytecode) {
		let hash = B256::new(sp_io::hashing::keccak_256(code.original_byte_slice()));
		self.set_code_with_hash(address, code, hash);
	}

	fn set_code_with_hash(&mut self, address: Address, code: Bytecode, hash: B256) {
		JournalTr::set_code_with_hash(&mut self.journal, address, code, hash)
	}

	fn checkpoint(&mut self) -> JournalCheckpoint {
		self.coherence.frames.push(None);
		JournalTr::checkpoint(&mut self.journal)
	}

	fn checkpoint_commit(&mut self) {
		self.close_frame(true);
		JournalTr::checkpoint_commit(&mut self.journal)
	}

	fn checkpoint_revert(&mut self, checkpoint: JournalCheckpoint) {
		let loaded = self.close_frame(false);
		JournalTr::checkpoint_revert(&mut self.journal, checkpoint);
		if let Some(loaded) = loaded {
			self.forget_loaded_after(loaded);
		}
	}

	fn create_account_checkpoint(
		&mut self,
		caller: Address,
		address: Address,
		balance: U256,
		spec_id: SpecId,
	) -> Result<JournalCheckpoint, TransferError> {
		// An alias that belongs to an account of another kind must never get code, and no contract
		// begins with storage (EIP-7610).
		let paid = self
			.meter()
			.charge(ALIAS_PROOF_BYTES.saturating_add(SLOT_PROOF_BYTES));
		let created = from_address(&address);
		if paid.is_err() || T::Addresses::is_mapped(&created) || Pallet::<T>::has_slots(&created) {
			return Err(TransferError::CreateCollision);
		}
		let checkpoint = JournalTr::create_account_checkpoint(
			&mut self.journal,
			caller,
			address,
			balance,
			spec_id,
		)?;
		self.coherence.frames.push(None);
		Ok(checkpoint)
	}

	fn depth(&self) -> usize {
		JournalTr::depth(&self.journal)
	}

	fn commit_tx(&mut self) {
		JournalTr::commit_tx(&mut self.journal)
	}

	fn discard_tx(&mut self) {
		JournalTr::discard_tx(&mut self.journal)
	}

	fn finalize(&mut self) -> EvmState {
		JournalTr::finalize(&mut self.journal)
	}

	fn load_account_info_skip_cold_load(
		&mut self,
		address: Address,
		load_code: bool,
		skip_cold_load: bool,
	) -> Result<AccountInfoLoad<'_>, JournalLoadError<Stop>> {
		JournalTr::load_account_info_skip_cold_load(
			&mut self.journal,
			address,
			load_code,
			skip_cold_load,
		)
	}
}
