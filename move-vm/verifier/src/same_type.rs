//! Types of different modules compared: by the names of structs, since indices differ.

use alloc::vec;

use move_vm_binary_format::{index::StructHandleIndex, Pools, SignatureToken};
use move_vm_types::VmResult;

use crate::meter::Meter;

/// Units of comparing two structs: names and an address.
const UNITS_PER_STRUCT: u64 = 8;

/// Whether two lists have the same types.
pub(crate) fn same_types(
	pools: &Pools,
	types: &[SignatureToken],
	other_pools: &Pools,
	other_types: &[SignatureToken],
	meter: &mut Meter,
) -> VmResult<bool> {
	if types.len() != other_types.len() {
		return Ok(false);
	}
	for (token, other) in types.iter().zip(other_types) {
		if !same_type(pools, token, other_pools, other, meter)? {
			return Ok(false);
		}
	}
	Ok(true)
}

/// Whether two types are the same.
pub(crate) fn same_type(
	pools: &Pools,
	token: &SignatureToken,
	other_pools: &Pools,
	other: &SignatureToken,
	meter: &mut Meter,
) -> VmResult<bool> {
	let mut pending = vec![(token, other)];
	while let Some((token, other)) = pending.pop() {
		meter.charge(1)?;
		use SignatureToken as T;
		let is_same = match (token, other) {
			(T::Struct(index), T::Struct(other)) => {
				same_struct(pools, *index, other_pools, *other, meter)?
			}
			(T::StructInstantiation(index, arguments), T::StructInstantiation(other, others)) => {
				arguments.len() == others.len()
					&& same_struct(pools, *index, other_pools, *other, meter)?
			}
			(T::Vector(_), T::Vector(_))
			| (T::Reference(_), T::Reference(_))
			| (T::MutableReference(_), T::MutableReference(_)) => true,
			(
				T::Bool
				| T::U8
				| T::U16
				| T::U32
				| T::U64
				| T::U128
				| T::U256
				| T::Address
				| T::Signer
				| T::TypeParameter(_),
				_,
			) => token == other,
			_ => false,
		};
		if !is_same {
			return Ok(false);
		}
		pending.extend(token.children().iter().zip(other.children()).rev());
	}
	Ok(true)
}

fn same_struct(
	pools: &Pools,
	index: StructHandleIndex,
	other_pools: &Pools,
	other: StructHandleIndex,
	meter: &mut Meter,
) -> VmResult<bool> {
	meter.charge(UNITS_PER_STRUCT)?;
	let handle = pools.struct_handle(index)?;
	let other = other_pools.struct_handle(other)?;
	let module = pools.module_handle(handle.module)?;
	let other_module = other_pools.module_handle(other.module)?;
	Ok(
		pools.identifier(handle.name)? == other_pools.identifier(other.name)?
			&& pools.identifier(module.name)? == other_pools.identifier(other_module.name)?
			&& pools.address(module.address)? == other_pools.address(other_module.address)?,
	)
}
