//! The chain as the VM sees it: [`Host`] over this pallet's storage.
//!
//! What natives of the pallet's own ask besides is in [`outward`].
//!
//! The VM reads each entry once and writes only what changed. What the host adds: proof size and the
//! database's time are charged by what is read and written, deposits are reckoned for what is
//! written, a read-only execution writes nothing, and the policy of a module is kept. Why it refused,
//! it keeps for the pallet in `stop`, because the VM's error has no room for it.

pub(crate) mod outward;

use alloc::{collections::BTreeMap, vec::Vec};
use codec::{Decode, Encode};
use core::{any::Any, marker::PhantomData};
use move_vm_runtime::Host;
use move_vm_types::{AccountAddress, ModuleId, StatusCode, StructTag, VmError, VmResult};
use polkadot_sdk::{
	frame_support::{
		storage::unhashed,
		traits::{
			fungible::Inspect,
			tokens::{Fortitude, Preservation},
			Get,
		},
	},
	frame_system,
	sp_core::H256,
	sp_io,
	sp_runtime::BoundedVec,
	sp_weights::Weight,
};
use trivium_primitives::{
	account::module_account,
	event::{event_weight, log_event_weight, EVENT_RECORD_BYTES},
	trace::{FrameKind, Inner},
	AccountId, AddressMapping, Balance, Dispatch, Exit, LogRecord, VmId,
};

use self::outward::Received;
use crate::{
	gas::{
		ref_time_from_gas, OutOfProofSize, ProofMeter, TimeMeter, BALANCE_PROOF_BYTES,
		ENTRY_PROOF_BYTES,
	},
	memory,
	storage::{
		price, price_of_module, Entry, ModuleEntry, Place, Settled, Settlement, Shares,
		REGISTRATION_BYTES,
	},
	types::{to_account, ModuleName, MoveEvent, MoveFailure, UpgradePolicy},
	weights::WeightInfo,
	Config, Event, ModuleOf, Pallet,
};

/// Keys that are read for a balance: the system's account, freezes and locks.
const BALANCE_READS: u64 = 3;

/// What is known of an entry that was read.
#[derive(Clone, Debug, Default)]
struct Known {
	shares: Shares,
	/// Of a module.
	policy: UpgradePolicy,
}

/// The chain, for one session of the VM.
pub(crate) struct ChainHost<T> {
	pub(crate) proof: ProofMeter,
	pub(crate) time: TimeMeter,
	/// What was stored and freed since it was last settled.
	settlement: Settlement,
	/// What has been settled.
	settled: Settled,
	/// Who pays deposits; nobody at genesis.
	payer: Option<AccountId>,
	/// What the execution may add to the payer's deposits, planck.
	deposit_limit: Balance,
	/// What hops have added to them, planck.
	deposit_of_hops: Balance,
	/// What hops needed to be there beyond what they used.
	pub(crate) slack: Weight,
	/// Value that came along.
	pub(crate) received: Option<Received>,
	/// Why the host refused, if it did.
	pub(crate) stop: Option<MoveFailure>,
	/// Modules that were written.
	pub(crate) written_modules: Vec<ModuleName>,
	/// The events so far, if they are asked for.
	pub(crate) events: Option<Vec<MoveEvent>>,
	read_only: bool,
	/// Policy of modules that did not exist.
	policy: UpgradePolicy,
	/// Entries by their key in storage; `None` is one that is not there.
	known: BTreeMap<Vec<u8>, Option<Known>>,
	_runtime: PhantomData<T>,
}

impl<T: Config> ChainHost<T> {
	/// A host that has read nothing, may use `limit` itself, and takes deposits of at most `deposit_limit` planck
	/// from `payer`.
	pub(crate) fn new(limit: Weight, payer: Option<AccountId>, deposit_limit: Balance) -> Self {
		Self {
			proof: ProofMeter::new(limit.proof_size()),
			time: TimeMeter::new(limit.ref_time()),
			settlement: Settlement::new(payer.clone()),
			settled: Settled::default(),
			payer,
			deposit_limit,
			deposit_of_hops: 0,
			slack: Weight::zero(),
			received: None,
			stop: None,
			written_modules: Vec::new(),
			events: None,
			read_only: false,
			policy: UpgradePolicy::default(),
			known: BTreeMap::new(),
			_runtime: PhantomData,
		}
	}

	/// The same host, which refuses to write.
	pub(crate) fn read_only(mut self) -> Self {
		self.read_only = true;
		self
	}

	/// The same host, which gives new modules this policy.
	pub(crate) fn with_policy(mut self, policy: UpgradePolicy) -> Self {
		self.policy = policy;
		self
	}

	/// The same host, which keeps the events.
	pub(crate) fn collecting_events(mut self, collect: bool) -> Self {
		self.events = collect.then(Vec::new);
		self
	}

	/// Planck that the execution may still add to the payer's deposits.
	fn deposit_left(&self) -> Balance {
		self.deposit_limit
			.saturating_sub(self.settled.charged)
			.saturating_sub(self.deposit_of_hops)
	}

	/// What settling costs besides what an execution pays for anyhow: deposits of others are given back one by
	/// one.
	pub(crate) fn refund_weight(&self) -> Weight {
		let refunds = u32::try_from(self.settlement.refunds()).unwrap_or(u32::MAX);
		T::WeightInfo::refund(refunds)
	}

	/// Holds and releases deposits for all that was written. What that costs has been charged.
	///
	/// # Errors
	/// Those of [`Settlement::apply`].
	pub(crate) fn settle(&mut self) -> Result<(), MoveFailure> {
		let next = Settlement::new(self.payer.clone());
		let settlement = core::mem::replace(&mut self.settlement, next);
		let settled = settlement.apply::<T>(self.deposit_left())?;
		self.settled.charged = self.settled.charged.saturating_add(settled.charged);
		self.settled.refunded = self.settled.refunded.saturating_add(settled.refunded);
		Ok(())
	}

	/// What has been settled, and what hops have added to the payer's deposits, planck.
	pub(crate) fn deposits(&self) -> (Settled, Balance) {
		(self.settled, self.deposit_of_hops)
	}

	/// Refuses with `failure`, which the VM takes for `status`.
	fn refuse(&mut self, failure: MoveFailure, status: StatusCode) -> VmError {
		self.stop.get_or_insert(failure);
		VmError::new(status)
	}

	fn charge_proof(&mut self, bytes: u64) -> VmResult<()> {
		self.proof
			.charge(bytes)
			.map_err(|OutOfProofSize| self.out_of_proof_size())
	}

	fn charge_time(&mut self, weight: Weight) -> VmResult<()> {
		self.time
			.charge(weight)
			.ok_or_else(|| VmError::new(StatusCode::OUT_OF_GAS))
	}

	fn out_of_proof_size(&mut self) -> VmError {
		self.refuse(MoveFailure::OutOfProofSize, StatusCode::OUT_OF_GAS)
	}

	fn too_long(&mut self, status: StatusCode) -> VmError {
		self.refuse(MoveFailure::EntryTooLong, status)
	}

	fn ensure_may_write(&mut self) -> VmResult<()> {
		match self.read_only {
			true => Err(self.refuse(MoveFailure::ReadOnly, StatusCode::STORAGE_ERROR)),
			false => Ok(()),
		}
	}

	fn begin_write(&mut self, bytes: usize) -> VmResult<()> {
		self.ensure_may_write()?;
		self.charge_time(T::WeightInfo::host_write(bytes_u32(bytes)))
	}

	fn place_of_module(&mut self, id: &ModuleId) -> VmResult<Place> {
		match BoundedVec::try_from(id.name.as_bytes().to_vec()) {
			Ok(name) => Ok(Place::Module(to_account(&id.address), name)),
			Err(_) => Err(self.too_long(StatusCode::IDENTIFIER_TOO_LONG)),
		}
	}

	fn place_of_resource(&mut self, address: &AccountAddress, tag: &StructTag) -> VmResult<Place> {
		match BoundedVec::try_from(tag.to_bcs()) {
			Ok(tag) => Ok(Place::Resource(to_account(address), tag)),
			Err(_) => Err(self.too_long(StatusCode::TYPE_TAG_LIMIT_EXCEEDED)),
		}
	}

	fn place_of_table_entry(&mut self, handle: &AccountAddress, key: &[u8]) -> VmResult<Place> {
		match BoundedVec::try_from(key.to_vec()) {
			Ok(key) => Ok(Place::Table(H256(handle.0), key)),
			Err(_) => Err(self.too_long(StatusCode::STORAGE_LIMIT_REACHED)),
		}
	}

	/// Makes the contract account of a new module lead to it, for calls from other VMs.
	fn register(&mut self, place: &Place) -> VmResult<()> {
		let Place::Module(account, name) = place else {
			return Ok(());
		};
		self.charge_proof(ENTRY_PROOF_BYTES.saturating_mul(2))?;
		for _ in 0..2 {
			self.charge_time(T::WeightInfo::host_read(0))?;
			self.begin_write(REGISTRATION_BYTES)?;
		}
		let contract = module_account(account, name);
		// An alias that is taken leads elsewhere; the module is still called by its account or name.
		T::Addresses::ensure_mapped(&contract);
		ModuleOf::<T>::insert(contract, (account, name));
		Ok(())
	}

	/// Reads an entry. `open` takes out of it what is known from then on, and what the VM wants.
	fn read<V: Decode>(
		&mut self,
		key: Vec<u8>,
		open: impl FnOnce(V) -> (Known, Vec<u8>),
	) -> VmResult<Option<Vec<u8>>> {
		self.charge_time(T::WeightInfo::host_read(0))?;
		self.charge_proof(ENTRY_PROOF_BYTES.saturating_add(key.len() as u64))?;
		// Asking for the length puts the value into the proof, so its bytes are counted whether or
		// not the limit covers them; what may be above it the transaction has set aside.
		let Some(len_bytes) = sp_io::storage::read(&key, &mut [], 0) else {
			self.known.insert(key, None);
			return Ok(None);
		};
		if self.proof.settle(len_bytes.into()).is_err() {
			return Err(self.out_of_proof_size());
		}
		self.charge_time(
			T::WeightInfo::host_read(len_bytes).saturating_sub(T::WeightInfo::host_read(0)),
		)?;
		match unhashed::get::<V>(&key) {
			Some(value) => {
				let (known, data) = open(value);
				self.known.insert(key, Some(known));
				Ok(Some(data))
			}
			None => Err(self.refuse(MoveFailure::Internal, StatusCode::STORAGE_ERROR)),
		}
	}

	fn read_entry(&mut self, key: Vec<u8>) -> VmResult<Option<Vec<u8>>> {
		self.read(key, |entry: Entry| {
			let known = Known {
				shares: entry.shares,
				policy: UpgradePolicy::default(),
			};
			(known, entry.data.into_inner())
		})
	}

	fn read_module(&mut self, key: Vec<u8>) -> VmResult<Option<Vec<u8>>> {
		self.read(key, |entry: ModuleEntry| {
			let known = Known {
				shares: entry.shares,
				policy: entry.policy,
			};
			(known, entry.record.into_inner())
		})
	}

	/// Writes a resource or a table's entry.
	fn write_entry(&mut self, key: Vec<u8>, value: Option<&[u8]>) -> VmResult<()> {
		self.begin_write(value.map_or(0, <[u8]>::len))?;
		if !self.known.contains_key(&key) {
			self.read_entry(key.clone())?;
		}
		let mut known = self.known.remove(&key).flatten().unwrap_or_default();
		let Some(value) = value else {
			self.settlement.reprice(&mut known.shares, 0);
			unhashed::kill(&key);
			self.known.insert(key, None);
			return Ok(());
		};
		let Ok(data) = BoundedVec::try_from(value.to_vec()) else {
			return Err(self.too_long(StatusCode::STORAGE_WRITE_LIMIT_REACHED));
		};
		self.settlement
			.reprice(&mut known.shares, price::<T>(key.len(), value.len()));
		let entry = Entry {
			shares: known.shares.clone(),
			data,
		};
		unhashed::put_raw(&key, &entry.encode());
		self.known.insert(key, Some(known));
		Ok(())
	}
}

impl<T: Config> ChainHost<T> {
	/// What the session has used so far.
	fn counted(&self, gas_used: u64) -> Weight {
		Weight::from_parts(ref_time_from_gas::<T>(gas_used), self.proof.used())
	}
}

impl<T: Config> Host for ChainHost<T> {
	fn as_any(&mut self) -> Option<&mut dyn Any> {
		Some(self)
	}

	fn ensure_enterable(&mut self, id: &ModuleId) -> VmResult<()> {
		// Where no other session waits, no module has been left. The chain's own modules are never left.
		if !memory::is_nested() || is_of_the_chain(&id.address) {
			return Ok(());
		}
		self.charge_time(T::WeightInfo::host_read(0))?;
		let contract = module_account(&to_account(&id.address), id.name.as_bytes());
		match T::Dispatch::ensure_enterable(&contract) {
			Ok(()) => Ok(()),
			Err(_) => Err(self.refuse(
				MoveFailure::ReentrancyDenied,
				StatusCode::VM_EXTENSION_ERROR,
			)),
		}
	}

	fn is_watching(&self) -> bool {
		T::Dispatch::is_watched()
	}

	fn entered(
		&mut self,
		caller: Option<&ModuleId>,
		module: &ModuleId,
		function: &str,
		gas_used: u64,
	) {
		let account = |id: &ModuleId| module_account(&to_account(&id.address), id.name.as_bytes());
		let contract = account(module);
		T::Dispatch::begin_inner(Inner {
			vm: VmId::MOVE,
			kind: FrameKind::Function,
			// A script is nobody's module: it runs for itself.
			caller: caller.map_or_else(|| contract.clone(), account),
			contract,
			code: None,
			function: function.as_bytes(),
			value: 0,
			// Values within one session are not encoded.
			input: &[],
			counted: self.counted(gas_used),
		});
	}

	fn left(&mut self, gas_used: u64) {
		T::Dispatch::end_inner(Exit::well(VmId::MOVE, &[], self.counted(gas_used)));
	}

	fn module(&mut self, id: &ModuleId) -> VmResult<Option<Vec<u8>>> {
		let place = self.place_of_module(id)?;
		self.read_module(place.storage_key::<T>())
	}

	fn set_module(&mut self, id: &ModuleId, record: &[u8]) -> VmResult<()> {
		self.begin_write(record.len())?;
		let place = self.place_of_module(id)?;
		let key = place.storage_key::<T>();
		if !self.known.contains_key(&key) {
			self.read_module(key.clone())?;
		}
		let mut known = match self.known.remove(&key).flatten() {
			Some(known) if known.policy == UpgradePolicy::Immutable => {
				return Err(self.refuse(
					MoveFailure::ModuleImmutable,
					StatusCode::BACKWARD_INCOMPATIBLE_MODULE_UPDATE,
				));
			}
			Some(known) => known,
			None => {
				self.register(&place)?;
				Known {
					shares: Shares::default(),
					policy: self.policy,
				}
			}
		};
		let Ok(bounded) = BoundedVec::try_from(record.to_vec()) else {
			return Err(self.too_long(StatusCode::STORAGE_WRITE_LIMIT_REACHED));
		};
		self.settlement.reprice(
			&mut known.shares,
			price_of_module::<T>(key.len(), record.len()),
		);
		let entry = ModuleEntry {
			shares: known.shares.clone(),
			policy: known.policy,
			record: bounded,
		};
		unhashed::put_raw(&key, &entry.encode());
		self.known.insert(key, Some(known));
		if let Place::Module(_, name) = place {
			self.written_modules.push(name);
		}
		Ok(())
	}

	fn resource(&mut self, address: &AccountAddress, tag: &StructTag) -> VmResult<Option<Vec<u8>>> {
		let key = self.place_of_resource(address, tag)?.storage_key::<T>();
		self.read_entry(key)
	}

	fn set_resource(
		&mut self,
		address: &AccountAddress,
		tag: &StructTag,
		value: Option<&[u8]>,
	) -> VmResult<()> {
		let key = self.place_of_resource(address, tag)?.storage_key::<T>();
		self.write_entry(key, value)
	}

	fn new_table_handle(&mut self) -> VmResult<AccountAddress> {
		self.ensure_may_write()?;
		let number = next_table::<T>();
		let parent = frame_system::Pallet::<T>::parent_hash();
		let index = frame_system::Pallet::<T>::extrinsic_index();
		let preimage = (b"move-table", parent, index, number).encode();
		Ok(AccountAddress(sp_io::hashing::blake2_256(&preimage)))
	}

	fn table_entry(&mut self, handle: &AccountAddress, key: &[u8]) -> VmResult<Option<Vec<u8>>> {
		let key = self.place_of_table_entry(handle, key)?.storage_key::<T>();
		self.read_entry(key)
	}

	fn set_table_entry(
		&mut self,
		handle: &AccountAddress,
		key: &[u8],
		value: Option<&[u8]>,
	) -> VmResult<()> {
		let key = self.place_of_table_entry(handle, key)?.storage_key::<T>();
		self.write_entry(key, value)
	}

	fn event_price(&self, tag_bytes: usize, value_bytes: usize) -> u64 {
		// It is deposited twice: as the canonical log, and as the pallet's own event.
		let bytes = bytes_u32(tag_bytes.saturating_add(value_bytes));
		let weight = T::WeightInfo::host_emit(bytes)
			.saturating_add(log_event_weight(1, value_bytes))
			.saturating_add(event_weight(own_event_bytes(tag_bytes, value_bytes)));
		weight.ref_time().div_ceil(T::WeightPerGas::get().max(1))
	}

	fn emit(&mut self, tag: &StructTag, value: &[u8]) -> VmResult<()> {
		self.ensure_may_write()?;
		let text = alloc::format!("{tag}").into_bytes();
		let event = MoveEvent {
			account: to_account(&tag.address),
			module: tag.module.as_bytes().to_vec(),
			tag: text,
			data: value.to_vec(),
		};
		T::Dispatch::log([LogRecord {
			vm: VmId::MOVE,
			contract: module_account(&event.account, &event.module),
			topics: alloc::vec![H256(sp_io::hashing::keccak_256(&event.tag))],
			data: event.data.clone(),
		}]);
		if let Some(events) = &mut self.events {
			events.push(event.clone());
		}
		let MoveEvent {
			account,
			module,
			tag,
			data,
		} = event;
		Pallet::<T>::deposit_event(Event::Emitted {
			account,
			module,
			tag,
			data,
		});
		Ok(())
	}

	fn take_charge(&mut self) -> u64 {
		self.time.take().div_ceil(T::WeightPerGas::get().max(1))
	}

	fn balance(&mut self, address: &AccountAddress) -> VmResult<u128> {
		self.charge_time(T::WeightInfo::host_read(0).saturating_mul(BALANCE_READS))?;
		self.charge_proof(BALANCE_PROOF_BYTES)?;
		let account = to_account(address);
		Ok(T::Currency::reducible_balance(
			&account,
			Preservation::Expendable,
			Fortitude::Polite,
		))
	}
}

/// Whether modules under this address are the chain's own: those of genesis.
fn is_of_the_chain(address: &AccountAddress) -> bool {
	*address == AccountAddress::ONE || *address == crate::cross_vm::ADDRESS
}

/// Bytes of [`Event::Emitted`] as it is deposited, never too few.
fn own_event_bytes(tag_bytes: usize, value_bytes: usize) -> usize {
	/// The account, and the lengths of name, type and value.
	const BESIDES: usize = EVENT_RECORD_BYTES + 32 + 3 * 5;
	// The module's name is part of the type's text.
	BESIDES
		.saturating_add(tag_bytes.saturating_mul(2))
		.saturating_add(value_bytes)
}

fn bytes_u32(bytes: usize) -> u32 {
	u32::try_from(bytes).unwrap_or(u32::MAX)
}

/// How many tables an extrinsic has made, what was rolled back included.
#[derive(Default)]
struct TableCount {
	/// The parent block and the extrinsic's place, encoded.
	extrinsic: Vec<u8>,
	tables: u64,
}

trivium_primitives::transaction_local!(fn with_table_count(TableCount));

/// The number of the next table in this extrinsic. It is kept in memory, so that no roll-back takes it
/// back.
fn next_table<T: Config>() -> u64 {
	let extrinsic = (
		frame_system::Pallet::<T>::parent_hash(),
		frame_system::Pallet::<T>::extrinsic_index(),
	)
		.encode();
	with_table_count(|count| {
		if count.extrinsic != extrinsic {
			*count = TableCount {
				extrinsic,
				tables: 0,
			};
		}
		count.tables = count.tables.saturating_add(1);
		count.tables
	})
	.unwrap_or_default()
}
