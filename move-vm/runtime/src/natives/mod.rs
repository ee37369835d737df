//! Functions that are declared in Move and written in Rust.
//!
//! The loader looks a native up once, when it links the module that declares it
//! ([`NativeTable::find`]), and calls it by its index ([`NativeTable::get`]). A native trusts
//! neither number nor types of its arguments: what does not fit is `INTERNAL_TYPE_ERROR`. It charges
//! before it works, in proportion to what it works on.

mod bcs;
mod context;
mod cost;
mod debug;
mod event;
mod hash;
mod native_token;
mod signer;
mod string;
mod table;
#[cfg(test)]
mod tests;
mod type_name;
mod vector;

use move_vm_types::AccountAddress;

pub use context::{Arguments, NativeContext, NativeFunction, NativeResult};

/// The natives of the standard library at `0x1`: module, function, code.
const STANDARD: &[(&str, &str, NativeFunction)] = &[
	("bcs", "serialized_size", bcs::serialized_size),
	("bcs", "to_bytes", bcs::to_bytes),
	("debug", "print", debug::print),
	("debug", "print_stack_trace", debug::print_stack_trace),
	("event", "emit", event::emit),
	("event", "write_to_event_store", event::write_to_event_store),
	("hash", "sha2_256", hash::sha2_256),
	("hash", "sha3_256", hash::sha3_256),
	("native_token", "balance_of", native_token::balance_of),
	("signer", "borrow_address", signer::borrow_address),
	("string", "internal_check_utf8", string::check_utf8),
	("string", "internal_index_of", string::index_of),
	(
		"string",
		"internal_is_char_boundary",
		string::is_char_boundary,
	),
	("string", "internal_sub_string", string::sub_string),
	("table", "add_box", table::add_box),
	("table", "borrow_box", table::borrow_box),
	("table", "borrow_box_mut", table::borrow_box),
	("table", "contains_box", table::contains_box),
	("table", "new_table_handle", table::new_table_handle),
	("table", "remove_box", table::remove_box),
	("type_name", "address_of", type_name::address_of),
	("type_name", "get", type_name::get),
	("type_name", "get_bytes", type_name::get_bytes),
	("vector", "borrow", vector::borrow),
	("vector", "borrow_mut", vector::borrow),
	("vector", "destroy_empty", vector::destroy_empty),
	("vector", "empty", vector::empty),
	("vector", "length", vector::length),
	("vector", "pop_back", vector::pop_back),
	("vector", "push_back", vector::push_back),
	("vector", "swap", vector::swap),
];

/// A native that a host adds.
#[derive(Clone, Copy, Debug)]
pub struct NativeEntry {
	/// The address of the module that declares it.
	pub address: AccountAddress,
	/// The module's name.
	pub module: &'static str,
	/// Its name there.
	pub function: &'static str,
	/// What it does.
	pub code: NativeFunction,
}

/// All natives that a module can declare: the standard library's, then the host's own.
#[derive(Clone, Copy, Debug, Default)]
pub struct NativeTable {
	extra: &'static [NativeEntry],
}

impl NativeTable {
	/// The standard library's and these. One of these never replaces one of the standard library.
	pub const fn new(extra: &'static [NativeEntry]) -> Self {
		Self { extra }
	}

	/// The index of a native, for [`NativeTable::get`]. It stays the same as long as neither the
	/// standard library's list nor the host's changes; do not store it.
	pub fn find(&self, address: &AccountAddress, module: &str, function: &str) -> Option<u16> {
		let standard = STANDARD
			.binary_search_by(|(m, f, _)| (*m, *f).cmp(&(module, function)))
			.ok()
			.filter(|_| *address == AccountAddress::ONE);
		let index = standard.or_else(|| {
			self.extra
				.iter()
				.position(|entry| {
					entry.address == *address
						&& entry.module == module
						&& entry.function == function
				})
				.and_then(|position| position.checked_add(STANDARD.len()))
		});
		u16::try_from(index?).ok()
	}

	/// The native with this index.
	#[inline]
	pub fn get(&self, index: u16) -> Option<NativeFunction> {
		let index = usize::from(index);
		match STANDARD.get(index) {
			Some((_, _, code)) => Some(*code),
			None => {
				let index = index.checked_sub(STANDARD.len())?;
				self.extra.get(index).map(|entry| entry.code)
			}
		}
	}
}
