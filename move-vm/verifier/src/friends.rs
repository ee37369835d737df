//! Friends are other modules of the same address.

use move_vm_binary_format::CompiledModule;
use move_vm_types::{IndexKind, StatusCode, VmError, VmResult};

use crate::{meter::Meter, table_index};

/// Checks the friends that a module declares.
///
/// # Errors
/// `INVALID_FRIEND_DECL_WITH_SELF`, `INVALID_FRIEND_DECL_WITH_MODULES_OUTSIDE_ACCOUNT_ADDRESS`.
pub fn verify(module: &CompiledModule, meter: &mut Meter) -> VmResult<()> {
	let friends = &module.friend_declarations;
	meter.charge_count(friends.len())?;
	let own = module.pools.module_handle(module.self_module_handle)?;
	// Equal names have equal indices, by the duplication pass.
	let at = |status, place| {
		VmError::new(status).at_index(IndexKind::FriendDeclaration, table_index(place))
	};
	if let Some(place) = friends.iter().position(|friend| friend == own) {
		return Err(at(StatusCode::INVALID_FRIEND_DECL_WITH_SELF, place));
	}
	if let Some(place) = friends
		.iter()
		.position(|friend| friend.address != own.address)
	{
		let status = StatusCode::INVALID_FRIEND_DECL_WITH_MODULES_OUTSIDE_ACCOUNT_ADDRESS;
		return Err(at(status, place));
	}
	Ok(())
}
