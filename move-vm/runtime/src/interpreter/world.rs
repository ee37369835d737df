//! What running code acts on besides its stack: locals and globals, the loader, the chain, and the
//! effects that the chain does not know of yet.

use alloc::{collections::BTreeMap, vec::Vec};

use move_vm_types::{AccountAddress, ModuleId, StatusCode, StructTag, TypeTag, VmError, VmResult};

use super::Frame;
use crate::{
	arguments,
	gas::{schedule, Gas},
	host::Host,
	loader::{Chain, Loader},
	natives::NativeContext,
	values::{Layout, Memory, Root, Stack, TypeId, Value, VectorKind},
};

/// Whose a slot in [`Memory::globals`] is.
#[derive(Clone, Debug)]
pub(crate) enum Owner {
	/// The resource of the slot's type under an address.
	Resource(AccountAddress),
	/// The entry of a table for a key.
	Entry(AccountAddress, Vec<u8>),
}

/// An event that was emitted.
#[derive(Clone, Debug)]
pub(crate) struct Event {
	pub(crate) tag: StructTag,
	pub(crate) value: Vec<u8>,
}

/// What a session has touched and what it wants to happen.
#[derive(Default)]
pub(crate) struct Effects {
	/// Slots of resources.
	resources: BTreeMap<(AccountAddress, TypeId), u32>,
	/// Slots of tables' entries.
	entries: BTreeMap<(AccountAddress, Vec<u8>), u32>,
	/// For each slot, whose it is.
	owners: Vec<Owner>,
	pub(crate) events: Vec<Event>,
	/// Bytes of events and keys.
	held: u64,
}

/// See the module's documentation.
pub(crate) struct World<'a> {
	pub(crate) chain: Chain<'a>,
	pub(crate) loader: Loader,
	pub(crate) memory: Memory,
	pub(crate) effects: Effects,
	/// The operand stack, while a native runs; empty otherwise.
	pub(crate) stack: Stack,
	/// The unit whose code called the native that runs; `None` if nobody's did.
	pub(crate) caller: Option<u32>,
	/// The callers of that code, the oldest first, while a native runs; empty otherwise.
	pub(super) frames: Vec<Frame>,
	/// Whether the host watches calls between modules.
	pub(crate) is_watched: bool,
	/// Bytes that all values and slots together take at most, see [`World::count`].
	pub(crate) allocated: u64,
	/// What [`World::held`] was when it was last held against the limit.
	pub(crate) seen_held: u64,
}

/// Bytes that count for an event beside its value and its type's text.
const EVENT_BYTES: usize = 256;
/// Bytes that count for a resource or an entry of a table beside its value, and its type's text or its
/// key: the slot, the maps to it, what the host notes of it.
const GLOBAL_BYTES: usize = 768;

/// Bytes of a type's text, which was paid for by its nodes.
fn text_bytes(tag: &StructTag) -> usize {
	struct Count(usize);
	impl core::fmt::Write for Count {
		fn write_str(&mut self, text: &str) -> core::fmt::Result {
			self.0 = self.0.saturating_add(text.len());
			Ok(())
		}
	}
	let mut count = Count(0);
	// It never fails.
	let _ = core::fmt::Write::write_fmt(&mut count, format_args!("{tag}"));
	count.0
}

/// A write that the host is to make.
enum Write {
	Resource(AccountAddress, StructTag, Option<Vec<u8>>),
	Entry(AccountAddress, Vec<u8>, Option<Vec<u8>>),
}

impl<'a> World<'a> {
	pub(crate) fn new(chain: Chain<'a>, loader: Loader) -> Self {
		Self {
			is_watched: chain.host.is_watching(),
			chain,
			loader,
			memory: Memory::default(),
			effects: Effects::default(),
			stack: Stack::new(0),
			caller: None,
			frames: Vec::new(),
			allocated: 0,
			seen_held: 0,
		}
	}

	/// Bytes that are kept until the session's end, besides values.
	pub(crate) fn held(&self) -> u64 {
		self.effects
			.held
			.saturating_add(self.loader.held)
			.saturating_add(self.loader.types.held)
	}

	/// Counts bytes that are kept until the session's end.
	fn hold(&mut self, bytes: usize) {
		self.effects.held = self.effects.held.saturating_add(bytes as u64);
	}

	/// Counts bytes that values are about to take. Releases are not counted; instead, when the count
	/// and what is held reach the limit, what is really there is measured. So the count is never too
	/// low, and measuring is paid for by what was allocated since the last time, or by itself.
	///
	/// `stack` is the operand stack, or empty while the world has it.
	///
	/// # Errors
	/// `MEMORY_LIMIT_EXCEEDED`; `OUT_OF_GAS`.
	#[inline(always)]
	pub(crate) fn count(&mut self, stack: &Stack, bytes: u64) -> VmResult<()> {
		self.allocated = self.allocated.saturating_add(bytes);
		self.seen_held = self.held();
		if self.allocated.saturating_add(self.seen_held)
			> u64::from(self.loader.limits.memory_bytes)
		{
			return self.measure(stack, bytes);
		}
		Ok(())
	}

	#[cold]
	#[inline(never)]
	fn measure(&mut self, stack: &Stack, bytes: u64) -> VmResult<()> {
		let limit = u64::from(self.loader.limits.memory_bytes);
		let room = limit.saturating_sub(self.seen_held);
		let globals = self.memory.globals().iter();
		let values = (self.memory.slots().iter())
			.chain(stack.values())
			.chain(self.stack.values())
			.chain(globals.filter_map(|global| global.value()));
		let mut sum = self.memory.slots_memory().saturating_add(bytes);
		let mut seen = 0u64;
		for value in values {
			sum = sum.saturating_add(value.memory(limit));
			seen = seen.saturating_add(1);
			if sum > room {
				break;
			}
		}
		let price = sum
			.min(limit)
			.saturating_mul(schedule::MEASURE_BYTE)
			.saturating_add(seen.saturating_mul(schedule::MEASURE_VALUE));
		self.chain.gas.charge(price)?;
		if sum > room {
			return Err(VmError::new(StatusCode::MEMORY_LIMIT_EXCEEDED));
		}
		self.allocated = sum;
		Ok(())
	}

	/// The module that a unit is; `None` for a script and for no unit.
	fn module_of(&self, unit: Option<u32>) -> VmResult<Option<ModuleId>> {
		match unit {
			Some(unit) => Ok(self.loader.unit(unit)?.id.clone()),
			None => Ok(None),
		}
	}

	/// Whether a frame or the stack holds a reference to a global.
	fn has_borrowed_globals(&self) -> bool {
		(self.memory.slots().iter())
			.chain(self.stack.values())
			.any(|value| matches!(value.as_path(), Ok((Root::Global(_), _))))
	}

	/// The slot of the resource of a type under an address, loaded if it was not yet.
	pub(crate) fn resource_slot(
		&mut self,
		address: &AccountAddress,
		type_id: TypeId,
	) -> VmResult<u32> {
		if let Some(slot) = self.effects.resources.get(&(*address, type_id)) {
			return Ok(*slot);
		}
		self.chain.gas.charge(schedule::STORAGE_READ)?;
		let tag = self.struct_tag(type_id)?;
		// The host keeps it as part of a key, where each address in it has 32 bytes.
		let addresses = self.loader.types.nodes(type_id)?.saturating_mul(32);
		self.hold(
			GLOBAL_BYTES
				.saturating_add(text_bytes(&tag))
				.saturating_add(addresses),
		);
		let bytes = self.chain.ask(|host| host.resource(address, &tag))?;
		let slot = self.add_global(type_id, bytes, Owner::Resource(*address))?;
		self.effects.resources.insert((*address, type_id), slot);
		Ok(slot)
	}

	/// The name of a resource's type, paid for by its nodes.
	fn struct_tag(&mut self, type_id: TypeId) -> VmResult<StructTag> {
		let nodes = self.loader.types.nodes(type_id)?;
		self.chain.gas.charge_for(schedule::TYPE_NODE, nodes)?;
		self.loader.types.struct_tag(type_id)
	}

	/// Adds a slot with what the host has stored.
	fn add_global(
		&mut self,
		type_id: TypeId,
		bytes: Option<Vec<u8>>,
		owner: Owner,
	) -> VmResult<u32> {
		let value = match bytes {
			Some(bytes) => {
				let gas = &mut self.chain.gas;
				gas.charge_for(schedule::STORAGE_READ_BYTE, bytes.len())?;
				let layout = self.loader.layout(&mut self.chain, type_id)?;
				let (gas, allocated) = (&mut self.chain.gas, &mut self.allocated);
				// Who asked for it holds the count against the limit.
				Some(Value::from_bcs(
					&bytes,
					&layout,
					StatusCode::FAILED_TO_DESERIALIZE_RESOURCE,
					&mut |size, memory| {
						*allocated = allocated.saturating_add(memory);
						gas.charge(size.saturating_mul(schedule::BCS_BYTE))
					},
				)?)
			}
			None => None,
		};
		let slot = self.memory.add_global(type_id, value)?;
		if slot as usize != self.effects.owners.len() {
			return Err(VmError::invariant("slots and owners disagree"));
		}
		self.effects.owners.push(owner);
		Ok(slot)
	}

	/// The address of the signer that a reference refers to.
	pub(crate) fn signer_address(&self, reference: &Value) -> VmResult<AccountAddress> {
		self.memory
			.resolve(reference)?
			.value()?
			.as_signer()
			.copied()
	}

	/// Hands to the host what changed. Everything is paid for and made ready before the first
	/// write.
	pub(crate) fn flush(&mut self) -> VmResult<()> {
		let mut writes = Vec::new();
		let mut made = 0u64;
		let room = u64::from(self.loader.limits.memory_bytes).saturating_sub(self.held());
		for (global, owner) in self.memory.globals().iter().zip(&self.effects.owners) {
			// What was made and removed again was never there for the host.
			if !global.is_dirty() || (global.value().is_none() && !global.was_stored()) {
				continue;
			}
			self.chain.gas.charge(schedule::STORAGE_WRITE)?;
			let bytes = match global.value() {
				Some(value) => {
					let gas = &mut self.chain.gas;
					let bytes = value
						.to_bcs(&mut |size| gas.charge(size.saturating_mul(schedule::BCS_BYTE)))?;
					gas.charge_for(schedule::STORAGE_WRITE_BYTE, bytes.len())?;
					made = made.saturating_add(bytes.capacity() as u64);
					if made > room {
						return Err(VmError::new(StatusCode::MEMORY_LIMIT_EXCEEDED)
							.with_message("what is to be stored is too much at once"));
					}
					Some(bytes)
				}
				None => None,
			};
			writes.push(match owner {
				Owner::Resource(address) => {
					let nodes = self.loader.types.nodes(global.type_id())?;
					self.chain.gas.charge_for(schedule::TYPE_NODE, nodes)?;
					let tag = self.loader.types.struct_tag(global.type_id())?;
					Write::Resource(*address, tag, bytes)
				}
				Owner::Entry(handle, key) => Write::Entry(*handle, key.clone(), bytes),
			});
		}
		for published in self.loader.published.values() {
			if published.is_dirty {
				self.chain.gas.charge(schedule::STORAGE_WRITE)?;
				self.chain
					.gas
					.charge_for(schedule::STORAGE_WRITE_BYTE, published.record.len())?;
			}
		}
		for (id, published) in &mut self.loader.published {
			if published.is_dirty {
				self.chain
					.ask(|host| host.set_module(id, &published.record))?;
				published.is_dirty = false;
			}
		}
		for write in writes {
			match write {
				Write::Resource(address, tag, bytes) => {
					self.chain
						.ask(|host| host.set_resource(&address, &tag, bytes.as_deref()))?;
				}
				Write::Entry(handle, key, bytes) => {
					self.chain
						.ask(|host| host.set_table_entry(&handle, &key, bytes.as_deref()))?;
				}
			}
		}
		for event in self.effects.events.drain(..) {
			self.chain.ask(|host| host.emit(&event.tag, &event.value))?;
		}
		for global in self.memory.globals_mut() {
			global.mark_written();
		}
		Ok(())
	}

	/// Whether nothing is left to hand to the host.
	pub(crate) fn is_clean(&self) -> bool {
		self.effects.events.is_empty()
			&& !self.memory.globals().iter().any(|global| global.is_dirty())
			&& !self
				.loader
				.published
				.values()
				.any(|published| published.is_dirty)
	}

	/// Forgets what the host may have changed. Nothing may refer to a global.
	fn forget(&mut self) {
		self.effects.resources.clear();
		self.effects.entries.clear();
		self.effects.owners.clear();
		self.memory.forget_globals();
		self.loader.forget_all();
	}
}

impl NativeContext for World<'_> {
	fn caller(&self) -> VmResult<Option<ModuleId>> {
		self.module_of(self.caller)
	}

	fn outer_caller(&self) -> VmResult<Option<ModuleId>> {
		self.module_of(self.frames.last().map(|frame| frame.function.unit))
	}

	fn live(&self) -> VmResult<Vec<ModuleId>> {
		let mut units: Vec<u32> = Vec::new();
		let mut above = self.caller;
		for frame in self.frames.iter().rev() {
			let unit = frame.function.unit;
			// Frames of one module that follow each other are one stay in it.
			if above != Some(unit) && !units.contains(&unit) {
				units.push(unit);
			}
			above = Some(unit);
		}
		let modules = units.into_iter().map(|unit| self.module_of(Some(unit)));
		modules.filter_map(Result::transpose).collect()
	}

	fn ask(&mut self, question: &mut dyn FnMut(&mut dyn Host) -> VmResult<()>) -> VmResult<()> {
		self.chain.ask(question)
	}

	fn room(&mut self) -> VmResult<u64> {
		self.seen_held = self.held();
		self.measure(&Stack::new(0), 0)?;
		let taken = self.allocated.saturating_add(self.seen_held);
		Ok(u64::from(self.loader.limits.memory_bytes).saturating_sub(taken))
	}

	fn value_given(
		&mut self,
		type_id: TypeId,
		bytes: &[u8],
		maker: Option<&ModuleId>,
	) -> VmResult<Value> {
		arguments::read_for(self, type_id, bytes, maker)
	}

	fn hand_over(&mut self) -> VmResult<()> {
		let places = self.memory.slots().len().saturating_add(self.stack.len());
		self.chain
			.gas
			.charge_for(u64::from(schedule::SIMPLE), places)?;
		if self.has_borrowed_globals() {
			return Err(VmError::new(StatusCode::VM_EXTENSION_ERROR)
				.with_message("a resource is borrowed while other code is called"));
		}
		self.flush()
	}

	fn take_back(&mut self) -> VmResult<()> {
		if !self.is_clean() || self.has_borrowed_globals() {
			return Err(VmError::invariant("the session is in use"));
		}
		self.forget();
		Ok(())
	}

	fn parts(&mut self) -> (&mut Memory, &mut Gas) {
		(&mut self.memory, &mut self.chain.gas)
	}

	fn type_tag(&mut self, type_id: TypeId) -> VmResult<TypeTag> {
		// A type has a bounded number of nodes.
		self.chain
			.gas
			.charge_for(schedule::TYPE_NODE, self.loader.types.nodes(type_id)?)?;
		self.loader.types.tag(type_id)
	}

	fn vector_kind(&mut self, type_id: TypeId) -> VmResult<VectorKind> {
		self.loader.vector_kind(type_id)
	}

	fn layout(&mut self, type_id: TypeId) -> VmResult<Layout> {
		self.loader.layout(&mut self.chain, type_id)
	}

	fn emit(&mut self, tag: StructTag, value: Vec<u8>) -> VmResult<()> {
		let tag_bytes = text_bytes(&tag);
		let gas = &mut self.chain.gas;
		gas.charge(schedule::EVENT)?;
		gas.charge_for(schedule::EVENT_BYTE, value.len().saturating_add(tag_bytes))?;
		gas.charge(self.chain.host.event_price(tag_bytes, value.len()))?;
		self.hold(
			value
				.capacity()
				.saturating_add(tag_bytes)
				.saturating_add(EVENT_BYTES),
		);
		self.effects.events.push(Event { tag, value });
		Ok(())
	}

	fn allocate(&mut self, bytes: u64) -> VmResult<()> {
		// Its own stack is the operand stack now.
		self.count(&Stack::new(0), bytes)
	}

	fn balance(&mut self, address: &AccountAddress) -> VmResult<u128> {
		self.chain.gas.charge(schedule::BALANCE)?;
		self.chain.ask(|host| host.balance(address))
	}

	fn new_table_handle(&mut self) -> VmResult<AccountAddress> {
		self.chain.gas.charge(schedule::TABLE_HANDLE)?;
		self.chain.ask(|host| host.new_table_handle())
	}

	fn table_entry(
		&mut self,
		handle: &AccountAddress,
		key: Vec<u8>,
		value_type: TypeId,
	) -> VmResult<u32> {
		self.chain.gas.charge(u64::from(schedule::GLOBAL))?;
		self.chain.gas.charge_for(schedule::COPY_BYTE, key.len())?;
		let place = (*handle, key);
		if let Some(slot) = self.effects.entries.get(&place) {
			let slot = *slot;
			// A handle is used with one type only; the natives are private to `0x1::table`.
			let known = self.memory.globals().get(slot as usize);
			if known.map(|global| global.type_id()) != Some(value_type) {
				return Err(VmError::new(StatusCode::INTERNAL_TYPE_ERROR));
			}
			return Ok(slot);
		}
		self.chain.gas.charge(schedule::STORAGE_READ)?;
		// The key is kept twice here, and in the host.
		self.hold(GLOBAL_BYTES.saturating_add(place.1.len().saturating_mul(3)));
		let bytes = self.chain.ask(|host| host.table_entry(handle, &place.1))?;
		let slot = self.add_global(value_type, bytes, Owner::Entry(*handle, place.1.clone()))?;
		self.effects.entries.insert(place, slot);
		Ok(slot)
	}
}
