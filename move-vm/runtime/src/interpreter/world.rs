//! What running code acts on besides its stack: locals and globals, the loader, the chain, and the
//! effects that the chain does not know of yet.

use alloc::{collections::BTreeMap, vec::Vec};

use move_vm_types::{AccountAddress, ModuleId, StatusCode, StructTag, TypeTag, VmError, VmResult};

use crate::{
	gas::{schedule, Gas},
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
	/// Bytes that all values together may take at most; the machine keeps them in bounds.
	pub(crate) allocated: u64,
}

/// A write that the host is to make.
enum Write {
	Resource(AccountAddress, StructTag, Option<Vec<u8>>),
	Entry(AccountAddress, Vec<u8>, Option<Vec<u8>>),
}

impl<'a> World<'a> {
	pub(crate) fn new(chain: Chain<'a>, loader: Loader) -> Self {
		Self {
			chain,
			loader,
			memory: Memory::default(),
			effects: Effects::default(),
			stack: Stack::new(0),
			caller: None,
			allocated: 0,
		}
	}

	/// Bytes that are kept until the session's end, besides values.
	pub(crate) fn held(&self) -> u64 {
		self.effects.held.saturating_add(self.loader.held)
	}

	/// Counts bytes that are kept until the session's end.
	fn hold(&mut self, bytes: usize) {
		self.effects.held = self.effects.held.saturating_add(bytes as u64);
		self.allocated = self.allocated.saturating_add(bytes as u64);
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
		let tag = self.loader.types.struct_tag(type_id)?;
		let bytes = self.chain.ask(|host| host.resource(address, &tag))?;
		let slot = self.add_global(type_id, bytes, Owner::Resource(*address))?;
		self.effects.resources.insert((*address, type_id), slot);
		Ok(slot)
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
				Some(Value::from_bcs(
					&bytes,
					&layout,
					StatusCode::FAILED_TO_DESERIALIZE_RESOURCE,
					&mut |size| {
						*allocated = allocated.saturating_add(size);
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
					Some(bytes)
				}
				None => None,
			};
			writes.push(match owner {
				Owner::Resource(address) => {
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
		match self.caller {
			Some(unit) => Ok(self.loader.unit(unit)?.id.clone()),
			None => Ok(None),
		}
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
		self.chain.gas.charge(schedule::EVENT)?;
		self.chain
			.gas
			.charge_for(schedule::EVENT_BYTE, value.len())?;
		self.hold(value.len());
		self.effects.events.push(Event { tag, value });
		Ok(())
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
		// The key is kept twice.
		self.hold(place.1.len().saturating_mul(2));
		let bytes = self.chain.ask(|host| host.table_entry(handle, &place.1))?;
		let slot = self.add_global(value_type, bytes, Owner::Entry(*handle, place.1.clone()))?;
		self.effects.entries.insert(place, slot);
		Ok(slot)
	}
}
