//! `0x1::hash`.

use alloc::vec::Vec;

use move_vm_types::VmResult;
use sha2::{Digest, Sha256};
use sha3::Sha3_256;

use super::{
	context::{Arguments, NativeContext, NativeResult},
	cost,
};
use crate::values::{TypeId, Value};

/// Takes the data and charges for hashing it.
fn data(
	context: &mut dyn NativeContext,
	arguments: &mut Arguments<'_>,
	per_byte: u64,
) -> VmResult<Vec<u8>> {
	let data = arguments.take()?.into_bytes()?;
	let gas = context.parts().1;
	gas.charge(cost::HASH_BASE)?;
	gas.charge_for(per_byte, data.len())?;
	Ok(data)
}

/// `sha2_256(vector<u8>): vector<u8>`
pub(super) fn sha2_256(
	context: &mut dyn NativeContext,
	_types: &[TypeId],
	arguments: &mut Arguments<'_>,
) -> VmResult<NativeResult> {
	let data = data(context, arguments, cost::SHA2_BYTE)?;
	let digest = Sha256::digest(data);
	Ok(NativeResult::One(Value::bytes(digest.to_vec())))
}

/// `sha3_256(vector<u8>): vector<u8>`
pub(super) fn sha3_256(
	context: &mut dyn NativeContext,
	_types: &[TypeId],
	arguments: &mut Arguments<'_>,
) -> VmResult<NativeResult> {
	let data = data(context, arguments, cost::SHA3_BYTE)?;
	let digest = Sha3_256::digest(data);
	Ok(NativeResult::One(Value::bytes(digest.to_vec())))
}
