//! Enforcing access specifiers, by the rules of the reference implementation.
//!
//! A function that has specifiers puts them on a stack while it runs, with the addresses that its
//! arguments give them. Whoever touches a resource must be allowed by each entry of the stack: by one
//! of its clauses that allow (or it has none but clauses that forbid), and against none of those that
//! forbid. `writes` allows reading, too; `!reads` forbids writing, too, and `!writes` writing alone.

use alloc::{rc::Rc, vec::Vec};

use move_vm_binary_format::module::AccessKind;
use move_vm_types::{AccountAddress, StatusCode, VmError, VmResult};

use super::Machine;
use crate::{
	gas::schedule,
	loader::{
		access::{Access, Address, Clause, Resource},
		types::{StructId, Type, TypeListId},
	},
	values::TypeId,
};

/// The specifiers of a function that runs.
pub(super) struct Active {
	access: Rc<Access>,
	/// For each clause the address that it names; `None` for any.
	addresses: Vec<Option<AccountAddress>>,
	/// The function's type arguments.
	arguments: TypeListId,
}

/// How a resource is touched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Touch {
	Read,
	Write,
}

/// Whether a clause that allows is about this kind of access.
const fn includes(kind: AccessKind, touch: Touch) -> bool {
	match kind {
		AccessKind::Reads => matches!(touch, Touch::Read),
		AccessKind::Writes | AccessKind::Acquires => true,
	}
}

/// Whether a clause that forbids is about this kind of access.
const fn excludes(kind: AccessKind, touch: Touch) -> bool {
	match kind {
		AccessKind::Writes => matches!(touch, Touch::Write),
		AccessKind::Reads | AccessKind::Acquires => true,
	}
}

impl Machine<'_> {
	/// Puts the specifiers of a function on the stack, whose locals begin at `base`.
	///
	/// # Errors
	/// `ACCESS_STACK_LIMIT_EXCEEDED`, `OUT_OF_GAS`.
	#[cold]
	pub(super) fn restrict_access(
		&mut self,
		access: &Rc<Access>,
		base: u32,
		arguments: TypeListId,
	) -> VmResult<()> {
		if self.access.len() >= usize::from(self.world.loader.limits.access_depth) {
			return Err(VmError::new(StatusCode::ACCESS_STACK_LIMIT_EXCEEDED));
		}
		let gas = &mut self.world.chain.gas;
		gas.charge_for(schedule::ACCESS_CLAUSE, access.clauses.len())?;
		let mut addresses = Vec::with_capacity(access.clauses.len());
		for clause in &access.clauses {
			let local = |parameter: u8| base.wrapping_add(u32::from(parameter));
			addresses.push(match &clause.address {
				Address::Any => None,
				Address::Literal(address) => Some(*address),
				Address::Parameter(parameter) => {
					let value = self.world.memory.local(local(*parameter))?;
					Some(value.copy().into_address()?)
				}
				Address::Signer(parameter) => {
					let value = self.world.memory.local(local(*parameter))?;
					Some(self.world.signer_address(value)?)
				}
			});
		}
		self.access.push(Active {
			access: access.clone(),
			addresses,
			arguments,
		});
		Ok(())
	}

	/// Whether all specifiers on the stack allow to touch the resource of a type at an address.
	///
	/// # Errors
	/// `ACCESS_DENIED`, `OUT_OF_GAS`.
	#[inline]
	pub(super) fn check_access(
		&mut self,
		touch: Touch,
		type_: TypeId,
		address: &AccountAddress,
	) -> VmResult<()> {
		if self.access.is_empty() {
			return Ok(());
		}
		self.check_specifiers(touch, type_, address)
	}

	#[cold]
	fn check_specifiers(
		&mut self,
		touch: Touch,
		type_: TypeId,
		address: &AccountAddress,
	) -> VmResult<()> {
		let Type::Struct(id, list) = self.world.loader.types.get(type_)? else {
			return Err(VmError::new(StatusCode::INTERNAL_TYPE_ERROR));
		};
		// It goes back whether or not the access is allowed.
		let stack = core::mem::take(&mut self.access);
		let result = stack.iter().rev().try_for_each(|active| {
			match self.allows(active, touch, id, list, address)? {
				true => Ok(()),
				false => Err(VmError::new(StatusCode::ACCESS_DENIED)),
			}
		});
		self.access = stack;
		result
	}

	fn allows(
		&mut self,
		active: &Active,
		touch: Touch,
		id: StructId,
		list: TypeListId,
		address: &AccountAddress,
	) -> VmResult<bool> {
		let clauses = &active.access.clauses;
		let gas = &mut self.world.chain.gas;
		gas.charge_for(schedule::ACCESS_CLAUSE, clauses.len())?;
		let (mut allows, mut forbids) = (false, false);
		for (clause, at) in clauses.iter().zip(&active.addresses) {
			if clause.negated {
				forbids = true;
			}
			if at.is_some_and(|at| at != *address)
				|| !self.matches(active, &clause.resource, id, list)?
			{
				continue;
			}
			match clause {
				Clause { negated: true, .. } if excludes(clause.kind, touch) => return Ok(false),
				Clause { negated: false, .. } if includes(clause.kind, touch) => allows = true,
				_ => {}
			}
		}
		let only_forbids = forbids && clauses.iter().all(|clause| clause.negated);
		Ok(allows || only_forbids)
	}

	fn matches(
		&mut self,
		active: &Active,
		resource: &Resource,
		id: StructId,
		list: TypeListId,
	) -> VmResult<bool> {
		Ok(match resource {
			Resource::Any => true,
			Resource::At(address) => {
				self.world.loader.types.struct_info(id)?.module.address == *address
			}
			Resource::In(module) => self.world.loader.types.struct_info(id)?.module == *module,
			Resource::Struct(wanted) => *wanted == id,
			Resource::Instance(wanted, arguments) => {
				*wanted == id
					&& self.world.loader.instantiate_list(
						&mut self.world.chain,
						*arguments,
						active.arguments,
					)? == list
			}
		})
	}
}
