//! Reading numbers, blobs and instructions from a stretch of a binary.

use alloc::{boxed::Box, vec::Vec};

use move_vm_types::{uleb128, StatusCode, VmError, VmResult, U256};

use crate::{
	bytecode::Bytecode,
	format::{self, CODE_COUNT_MAX, INDEX_MAX, LATER_OPCODES, LOCAL_MAX},
	index::{CodeOffset, LocalIndex, TableIndex},
};

/// A stretch of a binary, read from its front.
#[derive(Clone)]
pub(super) struct Cursor<'a> {
	/// What is left.
	rest: &'a [u8],
	/// Where it ends in the binary, bytes; for errors.
	end: usize,
	/// Version of the binary.
	pub version: u32,
	/// Most bytes of an identifier.
	pub max_identifier: u16,
}

impl<'a> Cursor<'a> {
	/// The whole of `binary`.
	pub fn new(binary: &'a [u8], max_identifier: u16) -> Self {
		Self {
			rest: binary,
			end: binary.len(),
			version: 0,
			max_identifier,
		}
	}

	/// Whether nothing is left.
	pub fn is_empty(&self) -> bool {
		self.rest.is_empty()
	}

	/// Bytes that are left.
	pub fn len(&self) -> usize {
		self.rest.len()
	}

	/// An error here.
	#[cold]
	pub fn error(&self, status: StatusCode, message: &'static str) -> VmError {
		VmError::new(status)
			.with_message(message)
			.at_byte(self.end.saturating_sub(self.rest.len()))
	}

	/// `MALFORMED` here.
	#[cold]
	pub fn malformed(&self, message: &'static str) -> VmError {
		self.error(StatusCode::MALFORMED, message)
	}

	/// Refuses what this version does not have.
	///
	/// # Errors
	/// `MALFORMED` if the version is below `first`.
	pub fn since(&self, first: u32, message: &'static str) -> VmResult<()> {
		if self.version < first {
			return Err(self.malformed(message));
		}
		Ok(())
	}

	/// The next `count` bytes as a stretch of their own; `None` if there are fewer.
	pub fn split(&mut self, count: usize) -> Option<Self> {
		let (front, rest) = self.rest.split_at_checked(count)?;
		let front = Self {
			rest: front,
			end: self.end.saturating_sub(rest.len()),
			..*self
		};
		self.rest = rest;
		Some(front)
	}

	/// One byte.
	pub fn byte(&mut self) -> VmResult<u8> {
		let Some((byte, rest)) = self.rest.split_first() else {
			return Err(self.malformed("the bytes end early"));
		};
		self.rest = rest;
		Ok(*byte)
	}

	/// The next `N` bytes; `None` if there are fewer.
	pub fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
		let (front, rest) = self.rest.split_first_chunk()?;
		self.rest = rest;
		Some(*front)
	}

	/// A number of at most `max`.
	pub fn number(&mut self, max: u64) -> VmResult<u64> {
		// Nearly all are of one byte.
		if let Some((byte, rest)) = self.rest.split_first() {
			if *byte < 0x80 && u64::from(*byte) <= max {
				self.rest = rest;
				return Ok(u64::from(*byte));
			}
		}
		let Some((number, rest)) = uleb128::read(self.rest) else {
			return Err(self.malformed("no number in its shortest form"));
		};
		if number > max {
			return Err(self.malformed("the number is too large"));
		}
		self.rest = rest;
		Ok(number)
	}

	/// A number of at most `max`, which fits.
	pub fn small(&mut self, max: u64) -> VmResult<u16> {
		let number = self.number(max.min(INDEX_MAX))?;
		Ok(u16::try_from(number).unwrap_or(u16::MAX))
	}

	/// A blob of at most `max` bytes, behind its length.
	pub fn blob(&mut self, max: u64) -> VmResult<&'a [u8]> {
		let count = self.number(max)?;
		let parts = usize::try_from(count)
			.ok()
			.and_then(|count| self.rest.split_at_checked(count));
		let Some((blob, rest)) = parts else {
			return Err(self.malformed("the bytes end early"));
		};
		self.rest = rest;
		Ok(blob)
	}

	/// As many elements as a number of at most `max` says.
	pub fn list<T>(
		&mut self,
		max: u64,
		mut element: impl FnMut(&mut Self) -> VmResult<T>,
	) -> VmResult<Vec<T>> {
		let count = usize::from(self.small(max)?);
		// An element has at least one byte, so this much is really there.
		let mut list = Vec::with_capacity(count.min(self.rest.len()));
		for _ in 0..count {
			list.push(element(self)?);
		}
		Ok(list)
	}

	/// `true` or `false`.
	pub fn flag(&mut self) -> VmResult<bool> {
		match self.byte()? {
			format::flag::NO => Ok(false),
			format::flag::YES => Ok(true),
			_ => Err(self.malformed("neither yes nor no")),
		}
	}

	/// An index into a table.
	pub fn index<I: TableIndex>(&mut self) -> VmResult<I> {
		self.small(INDEX_MAX).map(I::from_number)
	}

	/// A local.
	pub fn local(&mut self) -> VmResult<LocalIndex> {
		let number = self.number(LOCAL_MAX)?;
		Ok(LocalIndex::try_from(number).unwrap_or(LocalIndex::MAX))
	}

	/// An instruction of a function.
	fn code_offset(&mut self) -> VmResult<CodeOffset> {
		self.small(INDEX_MAX)
	}

	fn fixed<const N: usize>(&mut self, status: StatusCode) -> VmResult<[u8; N]> {
		self.array()
			.ok_or_else(|| self.error(status, "the bytes end early"))
	}

	fn fixed_u8(&mut self) -> VmResult<u8> {
		self.byte()
	}

	fn fixed_u16(&mut self) -> VmResult<u16> {
		self.fixed(StatusCode::BAD_U16).map(u16::from_le_bytes)
	}

	fn fixed_u32(&mut self) -> VmResult<u32> {
		self.fixed(StatusCode::BAD_U32).map(u32::from_le_bytes)
	}

	fn fixed_u64(&mut self) -> VmResult<u64> {
		self.fixed(StatusCode::BAD_U64).map(u64::from_le_bytes)
	}

	fn fixed_u128(&mut self) -> VmResult<u128> {
		self.fixed(StatusCode::BAD_U128).map(u128::from_le_bytes)
	}

	fn fixed_u256(&mut self) -> VmResult<Box<U256>> {
		self.fixed::<32>(StatusCode::BAD_U256)
			.map(|bytes| Box::new(U256::from_le_bytes(bytes)))
	}

	/// The instructions of a function, behind their number.
	pub fn code(&mut self) -> VmResult<Vec<Bytecode>> {
		self.list(CODE_COUNT_MAX, Self::instruction)
	}
}

macro_rules! reader {
	($($opcode:literal, $since:literal, $name:ident $(($($operand:ident),*))?;)*) => {
		impl Cursor<'_> {
			/// One instruction.
			fn instruction(&mut self) -> VmResult<Bytecode> {
				let start = self.clone();
				match self.byte()? {
					$($opcode => {
						if $since > format::MIN_VERSION {
							start.since($since, "the instruction is newer than the version")?;
						}
						Ok(Bytecode::$name $(($(self.$operand()?),*))?)
					})*
					opcode if LATER_OPCODES.contains(&opcode) => {
						Err(start.malformed("the instruction is newer than the version"))
					}
					_ => Err(start.error(StatusCode::UNKNOWN_OPCODE, "no such instruction")),
				}
			}
		}
	};
}
format::instructions!(reader);
