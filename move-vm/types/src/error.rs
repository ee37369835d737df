//! What goes wrong, and where.

use alloc::boxed::Box;
use core::fmt;

use crate::{ModuleId, StatusCode};

/// The result of everything that can fail in the VM.
pub type VmResult<T> = Result<T, VmError>;

/// In which code an error arose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Location {
	/// In none: the caller's arguments, or not known yet.
	#[default]
	Undefined,
	/// In a script.
	Script,
	/// In a module.
	Module(ModuleId),
}

/// The table that an index in an error points into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum IndexKind {
	ModuleHandle,
	StructHandle,
	FunctionHandle,
	FieldHandle,
	FriendDeclaration,
	FunctionInstantiation,
	FieldInstantiation,
	StructDefinition,
	StructDefInstantiation,
	FunctionDefinition,
	FieldDefinition,
	VariantDefinition,
	VariantFieldHandle,
	VariantFieldInstantiation,
	StructVariantHandle,
	StructVariantInstantiation,
	Signature,
	Identifier,
	AddressIdentifier,
	ConstantPool,
	LocalPool,
	CodeDefinition,
	TypeParameter,
	MemberCount,
}

/// An error of the VM: a status and the place where it arose.
///
/// It starts without a place and gains one on its way up; a place that it has is never replaced.
#[derive(Clone, PartialEq, Eq)]
pub struct VmError(Box<Details>);

#[derive(Clone, PartialEq, Eq)]
struct Details {
	status: StatusCode,
	sub_status: Option<u64>,
	location: Location,
	code_offset: Option<(u16, u16)>,
	index: Option<(IndexKind, u16)>,
	byte_offset: Option<u32>,
	message: &'static str,
}

impl VmError {
	/// An error with this status and no place.
	#[cold]
	pub fn new(status: StatusCode) -> Self {
		Self(Box::new(Details {
			status,
			sub_status: None,
			location: Location::Undefined,
			code_offset: None,
			index: None,
			byte_offset: None,
			message: "",
		}))
	}

	/// The error of an `abort` with this code.
	#[cold]
	pub fn abort(code: u64) -> Self {
		Self::new(StatusCode::ABORTED).with_sub_status(code)
	}

	/// A state that verified code cannot bring about.
	#[cold]
	pub fn invariant(message: &'static str) -> Self {
		Self::new(StatusCode::UNKNOWN_INVARIANT_VIOLATION_ERROR).with_message(message)
	}

	/// Adds the status' own number: an abort's code.
	#[must_use]
	pub fn with_sub_status(mut self, sub_status: u64) -> Self {
		self.0.sub_status.get_or_insert(sub_status);
		self
	}

	/// Adds a sentence for developers, unless there is one.
	#[must_use]
	pub fn with_message(mut self, message: &'static str) -> Self {
		if self.0.message.is_empty() {
			self.0.message = message;
		}
		self
	}

	/// Adds the place in code: index of the function's definition and of the instruction in it.
	#[must_use]
	pub fn at_code_offset(mut self, function: u16, instruction: u16) -> Self {
		self.0.code_offset.get_or_insert((function, instruction));
		self
	}

	/// Adds the element of a table that is at fault.
	#[must_use]
	pub fn at_index(mut self, kind: IndexKind, index: u16) -> Self {
		self.0.index.get_or_insert((kind, index));
		self
	}

	/// Adds the offset in a binary, bytes.
	#[must_use]
	pub fn at_byte(mut self, offset: usize) -> Self {
		self.0
			.byte_offset
			.get_or_insert(u32::try_from(offset).unwrap_or(u32::MAX));
		self
	}

	/// Adds the code unit, unless it is known.
	#[must_use]
	pub fn in_location(mut self, location: Location) -> Self {
		if self.0.location == Location::Undefined {
			self.0.location = location;
		}
		self
	}

	/// Adds the module, unless the code unit is known.
	#[must_use]
	pub fn in_module(self, id: &ModuleId) -> Self {
		if self.0.location == Location::Undefined {
			self.in_location(Location::Module(id.clone()))
		} else {
			self
		}
	}

	/// The status.
	pub fn status(&self) -> StatusCode {
		self.0.status
	}

	/// The status' own number: the code of an abort.
	pub fn sub_status(&self) -> Option<u64> {
		self.0.sub_status
	}

	/// The code unit.
	pub fn location(&self) -> &Location {
		&self.0.location
	}

	/// The place in code: function definition, instruction.
	pub fn code_offset(&self) -> Option<(u16, u16)> {
		self.0.code_offset
	}

	/// The element at fault.
	pub fn index(&self) -> Option<(IndexKind, u16)> {
		self.0.index
	}

	/// The offset in a binary, bytes.
	pub fn byte_offset(&self) -> Option<u32> {
		self.0.byte_offset
	}

	/// The sentence for developers; empty if there is none.
	pub fn message(&self) -> &'static str {
		self.0.message
	}
}

impl From<StatusCode> for VmError {
	fn from(status: StatusCode) -> Self {
		Self::new(status)
	}
}

impl fmt::Display for VmError {
	/// `STATUS(code) in 0x1::m at function 1, instruction 2: message`, as much as is known.
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		write!(f, "{}", self.0.status)?;
		if let Some(sub_status) = self.0.sub_status {
			write!(f, "({sub_status})")?;
		}
		match &self.0.location {
			Location::Undefined => {}
			Location::Script => f.write_str(" in script")?,
			Location::Module(id) => write!(f, " in {id}")?,
		}
		if let Some((function, instruction)) = self.0.code_offset {
			write!(f, " at function {function}, instruction {instruction}")?;
		}
		if let Some((kind, index)) = self.0.index {
			write!(f, " at {kind:?} {index}")?;
		}
		if let Some(offset) = self.0.byte_offset {
			write!(f, " at byte {offset}")?;
		}
		if !self.0.message.is_empty() {
			write!(f, ": {}", self.0.message)?;
		}
		Ok(())
	}
}

impl fmt::Debug for VmError {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		fmt::Display::fmt(self, f)
	}
}

impl core::error::Error for VmError {}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::{AccountAddress, Identifier};

	#[test]
	fn first_place_is_kept() {
		let module = |name: &str| ModuleId {
			address: AccountAddress::ONE,
			name: Identifier::new(name).unwrap(),
		};
		let error = VmError::abort(7)
			.at_code_offset(1, 2)
			.at_code_offset(3, 4)
			.in_module(&module("a"))
			.in_module(&module("b"));
		assert_eq!(
			error.to_string(),
			"ABORTED(7) in 0x1::a at function 1, instruction 2"
		);
	}
}
