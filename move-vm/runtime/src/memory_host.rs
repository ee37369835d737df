//! A chain in memory, for tests, benchmarks and tools.

use alloc::{collections::BTreeMap, vec::Vec};

use move_vm_types::{AccountAddress, ModuleId, StructTag, VmResult};

use crate::host::Host;

/// A chain in memory. It knows no accounts: every balance is 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemoryHost {
	/// Records of modules.
	pub modules: BTreeMap<ModuleId, Vec<u8>>,
	/// Resources in BCS.
	pub resources: BTreeMap<(AccountAddress, StructTag), Vec<u8>>,
	/// Entries of tables: handle and key, and value in BCS.
	pub entries: BTreeMap<(AccountAddress, Vec<u8>), Vec<u8>>,
	/// Events in BCS, the oldest first.
	pub events: Vec<(StructTag, Vec<u8>)>,
	/// Table handles that were given out.
	pub handles: u64,
}

fn put<K: Ord>(map: &mut BTreeMap<K, Vec<u8>>, key: K, value: Option<&[u8]>) {
	match value {
		Some(value) => map.insert(key, value.to_vec()),
		None => map.remove(&key),
	};
}

impl Host for MemoryHost {
	fn module(&mut self, id: &ModuleId) -> VmResult<Option<Vec<u8>>> {
		Ok(self.modules.get(id).cloned())
	}

	fn set_module(&mut self, id: &ModuleId, record: &[u8]) -> VmResult<()> {
		self.modules.insert(id.clone(), record.to_vec());
		Ok(())
	}

	fn resource(&mut self, address: &AccountAddress, tag: &StructTag) -> VmResult<Option<Vec<u8>>> {
		Ok(self.resources.get(&(*address, tag.clone())).cloned())
	}

	fn set_resource(
		&mut self,
		address: &AccountAddress,
		tag: &StructTag,
		value: Option<&[u8]>,
	) -> VmResult<()> {
		put(&mut self.resources, (*address, tag.clone()), value);
		Ok(())
	}

	fn new_table_handle(&mut self) -> VmResult<AccountAddress> {
		self.handles = self.handles.wrapping_add(1);
		let mut address = [0xFE; AccountAddress::LENGTH];
		for (place, byte) in address.iter_mut().zip(self.handles.to_le_bytes()) {
			*place = byte;
		}
		Ok(AccountAddress(address))
	}

	fn table_entry(&mut self, handle: &AccountAddress, key: &[u8]) -> VmResult<Option<Vec<u8>>> {
		Ok(self.entries.get(&(*handle, key.to_vec())).cloned())
	}

	fn set_table_entry(
		&mut self,
		handle: &AccountAddress,
		key: &[u8],
		value: Option<&[u8]>,
	) -> VmResult<()> {
		put(&mut self.entries, (*handle, key.to_vec()), value);
		Ok(())
	}

	fn emit(&mut self, tag: &StructTag, value: &[u8]) -> VmResult<()> {
		self.events.push((tag.clone(), value.to_vec()));
		Ok(())
	}

	fn balance(&mut self, _address: &AccountAddress) -> VmResult<u128> {
		Ok(0)
	}
}
