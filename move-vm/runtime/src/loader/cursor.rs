//! Reads the bytes of a binary that was checked when it was published: bounds are checked again,
//! since that is cheap, and nothing else.

use move_vm_types::{AccountAddress, StatusCode, VmError, VmResult};

/// A place in a binary.
#[derive(Clone, Copy)]
pub(crate) struct Cursor<'a> {
	bytes: &'a [u8],
	at: usize,
}

/// The error of a stored binary that does not read as it did when it was published.
#[cold]
pub(crate) fn corrupt() -> VmError {
	VmError::new(StatusCode::UNEXPECTED_DESERIALIZATION_ERROR)
		.with_message("a stored module is damaged")
}

impl<'a> Cursor<'a> {
	pub(crate) const fn new(bytes: &'a [u8], at: usize) -> Self {
		Self { bytes, at }
	}

	pub(crate) const fn at(&self) -> usize {
		self.at
	}

	/// What is left.
	pub(crate) fn rest(&self) -> &'a [u8] {
		self.bytes.get(self.at..).unwrap_or_default()
	}

	#[inline]
	pub(crate) fn u8(&mut self) -> VmResult<u8> {
		let byte = *self.bytes.get(self.at).ok_or_else(corrupt)?;
		self.at = self.at.saturating_add(1);
		Ok(byte)
	}

	pub(crate) fn take(&mut self, count: usize) -> VmResult<&'a [u8]> {
		let end = self.at.checked_add(count).ok_or_else(corrupt)?;
		let bytes = self.bytes.get(self.at..end).ok_or_else(corrupt)?;
		self.at = end;
		Ok(bytes)
	}

	/// A little-endian number of fixed width.
	pub(crate) fn array<const N: usize>(&mut self) -> VmResult<[u8; N]> {
		self.take(N)?.try_into().map_err(|_| corrupt())
	}

	pub(crate) fn u32(&mut self) -> VmResult<u32> {
		self.array().map(u32::from_le_bytes)
	}

	/// A number in ULEB128, up to 32 bits: no index or length is larger.
	#[inline]
	pub(crate) fn uleb(&mut self) -> VmResult<u32> {
		let byte = self.u8()?;
		if byte < 0x80 {
			return Ok(u32::from(byte));
		}
		let mut value = u32::from(byte & 0x7f);
		for shift in [7u32, 14, 21, 28] {
			let byte = self.u8()?;
			value |= u32::from(byte & 0x7f).wrapping_shl(shift);
			if byte < 0x80 {
				return Ok(value);
			}
		}
		Err(corrupt())
	}

	/// An index or count of 16 bits in ULEB128.
	#[inline]
	pub(crate) fn index(&mut self) -> VmResult<u16> {
		u16::try_from(self.uleb()?).map_err(|_| corrupt())
	}

	pub(crate) fn length(&mut self) -> VmResult<usize> {
		Ok(self.uleb()? as usize)
	}

	pub(crate) fn address(&mut self) -> VmResult<AccountAddress> {
		self.array().map(AccountAddress)
	}

	/// Passes over `count` numbers in ULEB128.
	#[inline]
	pub(crate) fn skip_ulebs(&mut self, count: usize) -> VmResult<()> {
		for _ in 0..count {
			self.uleb()?;
		}
		Ok(())
	}
}
