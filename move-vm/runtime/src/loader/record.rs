//! What is stored for a module: its bytes, as they were verified, behind a version and the places
//! where its functions begin, so that loading does not pass over code.
//!
//! ```text
//! 1 byte      version of this form
//! ULEB128     number of functions
//! 4 bytes     for each, where its definition begins in the module's bytes, little-endian
//! the rest    the module's bytes
//! ```

use alloc::vec::Vec;

use move_vm_types::{uleb128, VmResult};

use super::{
	cursor::{corrupt, Cursor},
	unit::Unit,
};

/// The form that is written.
const VERSION: u8 = 1;

/// The record of a module that was verified.
pub(crate) fn write(module: &[u8]) -> VmResult<Vec<u8>> {
	let unit = Unit::scan(module.to_vec(), None, true)?;
	let offsets = unit.function_offsets();
	let mut record =
		Vec::with_capacity(module.len().saturating_add(offsets.len().saturating_mul(4)));
	record.push(VERSION);
	uleb128::write(&mut record, offsets.len() as u64);
	for offset in offsets {
		record.extend_from_slice(&offset.to_le_bytes());
	}
	record.extend_from_slice(module);
	Ok(record)
}

/// The function offsets and the module's bytes.
fn split(record: &[u8]) -> VmResult<(&[u8], &[u8])> {
	let mut cursor = Cursor::new(record, 0);
	if cursor.u8()? != VERSION {
		return Err(corrupt());
	}
	let count = cursor.length()?;
	let offsets = cursor.take(count.checked_mul(4).ok_or_else(corrupt)?)?;
	let module = record.get(cursor.at()..).ok_or_else(corrupt)?;
	Ok((offsets, module))
}

/// The unit of a record.
pub(crate) fn read(record: &[u8]) -> VmResult<Unit> {
	let (offsets, module) = split(record)?;
	Unit::scan(module.to_vec(), Some(offsets), true)
}

/// The module's bytes, as they were published.
///
/// # Errors
/// `UNEXPECTED_DESERIALIZATION_ERROR` if `record` is none that this version wrote.
pub fn module_bytes(record: &[u8]) -> VmResult<&[u8]> {
	split(record).map(|(_, module)| module)
}
