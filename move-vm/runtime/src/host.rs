//! What the VM sees of the chain.
//!
//! A session reads lazily, keeps what it read, and writes only what changed, when it is finished or
//! flushed. So a host needs no cache of its own, and nothing reaches it from a session that failed.
//! Every method may fail, for instance because a read-only call tries to write or because the
//! host's own budget is spent; the error ends the session's call.

use alloc::vec::Vec;
use core::any::Any;

use move_vm_types::{AccountAddress, ModuleId, StructTag, VmResult};

/// What the VM sees of the chain.
///
/// Absent and empty are different: `None` is "there is none". The session charges its own gas for
/// what it reads and writes; a host charges only for what the session cannot know.
pub trait Host {
	// Code. What is stored for a module is the loader's record, which `Session::publish` makes from
	// the module's bytes; `record::module_bytes` gets those out again.

	/// The record of a module.
	fn module(&mut self, id: &ModuleId) -> VmResult<Option<Vec<u8>>>;

	/// Stores the record of a module, new or in the place of an old one.
	fn set_module(&mut self, id: &ModuleId, record: &[u8]) -> VmResult<()>;

	/// Whether the code of a module may be run now, asked once for each place of other code that calls it.
	///
	/// # Errors
	/// Why it may not.
	fn ensure_enterable(&mut self, _id: &ModuleId) -> VmResult<()> {
		Ok(())
	}

	// Resources, in BCS.

	/// The resource of a type under an address.
	fn resource(&mut self, address: &AccountAddress, tag: &StructTag) -> VmResult<Option<Vec<u8>>>;

	/// Stores a resource, or removes it if `value` is `None`.
	fn set_resource(
		&mut self,
		address: &AccountAddress,
		tag: &StructTag,
		value: Option<&[u8]>,
	) -> VmResult<()>;

	// Entries of tables (`0x1::table`), keys and values in BCS.

	/// An address that was never returned before on this chain, not even to a call that was rolled
	/// back, and that no account has.
	fn new_table_handle(&mut self) -> VmResult<AccountAddress>;

	/// The entry of a table for a key.
	fn table_entry(&mut self, handle: &AccountAddress, key: &[u8]) -> VmResult<Option<Vec<u8>>>;

	/// Stores an entry, or removes it if `value` is `None`.
	fn set_table_entry(
		&mut self,
		handle: &AccountAddress,
		key: &[u8],
		value: Option<&[u8]>,
	) -> VmResult<()>;

	// Events.

	/// Internal gas units that an event costs, of so many bytes of its type's text and of its value.
	/// The session charges them when the event is emitted, which is before it is kept and long before
	/// it is deposited.
	fn event_price(&self, _tag_bytes: usize, _value_bytes: usize) -> u64 {
		0
	}

	/// Deposits an event that was paid for: its type, and its value in BCS. In the order of emission.
	fn emit(&mut self, tag: &StructTag, value: &[u8]) -> VmResult<()>;

	// Watching.

	/// Whether the host wants to know of calls between modules, asked once for a session. It must make no difference
	/// to what runs.
	fn is_watching(&self) -> bool {
		false
	}

	/// Code of `caller`, or of a script, calls a function of another module. `gas_used` is the session's so far, in
	/// internal units.
	fn entered(
		&mut self,
		_caller: Option<&ModuleId>,
		_module: &ModuleId,
		_function: &str,
		_gas_used: u64,
	) {
	}

	/// The function entered last has returned. Not said of those that end with the session.
	fn left(&mut self, _gas_used: u64) {}

	// Gas.

	/// Internal gas units of the host's own work since this was asked last, for the session to charge:
	/// databases are priced by hosts. Asked after each of the methods above and below.
	fn take_charge(&mut self) -> u64 {
		0
	}

	// The native token.

	/// What an account could spend now, in the smallest unit; 0 if there is no such account.
	fn balance(&mut self, address: &AccountAddress) -> VmResult<u128>;

	// The host's own natives.

	/// The host itself, for natives that it adds and that know its type, see
	/// [`NativeContext::ask`](crate::natives::NativeContext::ask). `None` if it adds none.
	fn as_any(&mut self) -> Option<&mut dyn Any> {
		None
	}
}
