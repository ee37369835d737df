//! Access specifiers: what a function of bytecode version 7 says about the resources that it and what
//! it calls may touch. They are parsed when the function is loaded; the interpreter enforces them.

use alloc::vec::Vec;

use move_vm_binary_format::module::AccessKind;
use move_vm_types::{AccountAddress, ModuleId, VmResult};

use super::{
	cursor::corrupt,
	types::StructId,
	unit::{AddressHead, ResourceHead, Table, Unit},
	Instantiation, Loader,
};

/// A function's specifiers. Without any there is no such list, and all is allowed.
#[derive(Debug)]
pub(crate) struct Access {
	pub(crate) clauses: Vec<Clause>,
}

/// One specifier.
#[derive(Debug)]
pub(crate) struct Clause {
	pub(crate) kind: AccessKind,
	/// It forbids, and does not allow.
	pub(crate) negated: bool,
	pub(crate) resource: Resource,
	pub(crate) address: Address,
}

/// Which resources a clause is about.
#[derive(Debug)]
pub(crate) enum Resource {
	Any,
	/// Those that modules at an address declare.
	At(AccountAddress),
	/// Those that a module declares.
	In(ModuleId),
	/// Those of one struct.
	Struct(StructId),
	/// Those of one struct with type arguments: an instantiation of the loader.
	Instance(StructId, u32),
}

/// At which address.
#[derive(Debug)]
pub(crate) enum Address {
	Any,
	Literal(AccountAddress),
	/// What a parameter of the type `address` is when the function is called.
	Parameter(u8),
	/// The signer that a parameter of the type `&signer` refers to.
	Signer(u8),
}

/// Whether a function is the one that specifiers may apply to a parameter: `0x1::signer::address_of`.
pub(super) fn is_address_of(module: &ModuleId, function: &str) -> bool {
	module.address == AccountAddress::ONE
		&& module.name.as_str() == "signer"
		&& function == "address_of"
}

impl Loader {
	/// The specifiers of a function handle of a unit; `None` if it has none.
	///
	/// # Errors
	/// `UNEXPECTED_DESERIALIZATION_ERROR` for what publishing refuses.
	pub(super) fn access(
		&mut self,
		unit: &Unit,
		unit_index: u32,
		handle: u16,
	) -> VmResult<Option<Access>> {
		let Some(heads) = unit.access_specifiers(handle)? else {
			return Ok(None);
		};
		let mut clauses = Vec::with_capacity(heads.len());
		for head in heads {
			clauses.push(Clause {
				kind: head.kind,
				negated: head.negated,
				resource: match head.resource {
					ResourceHead::Any => Resource::Any,
					ResourceHead::At(address) => {
						Resource::At(unit.entry(Table::Addresses, address)?.address()?)
					}
					ResourceHead::In(module) => Resource::In(unit.module_id(module)?),
					ResourceHead::Struct(handle) => {
						Resource::Struct(self.struct_id(unit, unit_index, handle)?)
					}
					ResourceHead::Instance(handle, signature) => Resource::Instance(
						self.struct_id(unit, unit_index, handle)?,
						self.instantiation(unit_index, Instantiation::Arguments(signature))?,
					),
				},
				address: match head.address {
					AddressHead::Any => Address::Any,
					AddressHead::Literal(address) => {
						Address::Literal(unit.entry(Table::Addresses, address)?.address()?)
					}
					AddressHead::Parameter(parameter, None) => Address::Parameter(parameter),
					AddressHead::Parameter(parameter, Some(function)) => {
						let handle = unit
							.entry(Table::FunctionInstantiations, function)?
							.index()?;
						let handle = unit.function_handle(handle)?;
						let module = unit.module_id(handle.module)?;
						if !is_address_of(&module, unit.name(handle.name)?.as_str()) {
							return Err(corrupt());
						}
						Address::Signer(parameter)
					}
				},
			});
		}
		Ok(Some(Access { clauses }))
	}
}
