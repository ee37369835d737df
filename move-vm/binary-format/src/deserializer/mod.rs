//! From bytes to tables.
//!
//! Every byte of the input is looked at at most twice, and what is allocated is at most a constant
//! times the bytes that are really there, whatever counts they claim. Errors name the status that
//! Move's implementations give and the byte where reading stopped.

mod cursor;
mod elements;
mod types;

use alloc::vec::Vec;

use move_vm_types::{StatusCode, VmError, VmResult};

use self::{cursor::Cursor, elements::Element};
use crate::{
	bounds,
	format::{
		table, FLAVOUR_MARK, IDENTIFIER_BYTES_MAX, MAGIC, MAX_VERSION, MIN_VERSION,
		TABLE_BYTES_MAX, TABLE_COUNT_MAX, TABLE_ELEMENTS_MAX, VERSION_7,
	},
	module::CodeUnit,
	CompiledModule, CompiledScript, Pools,
};

/// What a binary may be at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BinaryLimits {
	/// Version of the format; more than [`MAX_VERSION`] allows no more.
	pub max_version: u32,
	/// Bytes of an identifier; more than 255 allow no more.
	pub max_identifier: u16,
}

impl Default for BinaryLimits {
	/// All that the format has.
	fn default() -> Self {
		Self {
			max_version: MAX_VERSION,
			max_identifier: IDENTIFIER_BYTES_MAX,
		}
	}
}

impl CompiledModule {
	/// Reads a module and checks that its indices are in bounds.
	///
	/// # Errors
	/// A status from 3000 on with the byte at fault if `binary` is no module; else as
	/// [`bounds::check_module`].
	pub fn deserialize(binary: &[u8]) -> VmResult<Self> {
		Self::deserialize_with(binary, &BinaryLimits::default())
	}

	/// Like [`CompiledModule::deserialize`], within `limits`.
	///
	/// # Errors
	/// The same.
	pub fn deserialize_with(binary: &[u8], limits: &BinaryLimits) -> VmResult<Self> {
		let (tables, mut rest) = header(binary, limits)?;
		let mut module = Self {
			version: rest.version,
			self_module_handle: rest.index()?,
			..Self::default()
		};
		tables.iter().try_for_each(|t| module.pools.load(t))?;
		tables.iter().try_for_each(|t| module.load(t))?;
		end(&rest)?;
		bounds::check_module(&module)?;
		Ok(module)
	}

	fn load(&mut self, table: &Table<'_>) -> VmResult<()> {
		match table.kind {
			table::STRUCT_DEFS => table.load(&mut self.struct_defs),
			table::STRUCT_DEF_INSTANTIATIONS => table.load(&mut self.struct_def_instantiations),
			table::FUNCTION_DEFS => table.load(&mut self.function_defs),
			table::FIELD_HANDLES => table.load(&mut self.field_handles),
			table::FIELD_INSTANTIATIONS => table.load(&mut self.field_instantiations),
			table::FRIEND_DECLARATIONS => table.load(&mut self.friend_declarations),
			table::VARIANT_FIELD_HANDLES => table.load(&mut self.variant_field_handles),
			table::VARIANT_FIELD_INSTANTIATIONS => {
				table.load(&mut self.variant_field_instantiations)
			}
			table::STRUCT_VARIANT_HANDLES => table.load(&mut self.struct_variant_handles),
			table::STRUCT_VARIANT_INSTANTIATIONS => {
				table.load(&mut self.struct_variant_instantiations)
			}
			// One of the common tables.
			_ => Ok(()),
		}
	}
}

/// Reads the code of a function from the front of `bytes`, and tells how many bytes it has. For
/// loaders that keep modules as bytes and look for code in them when it is called.
///
/// # Errors
/// A status from 3000 on if there is no code of this version.
pub fn read_code(bytes: &[u8], version: u32) -> VmResult<(CodeUnit, usize)> {
	let mut cursor = Cursor::new(bytes, IDENTIFIER_BYTES_MAX);
	cursor.version = version;
	let code = CodeUnit::read(&mut cursor)?;
	Ok((code, bytes.len().saturating_sub(cursor.len())))
}

impl CompiledScript {
	/// Reads a script and checks that its indices are in bounds.
	///
	/// # Errors
	/// A status from 3000 on with the byte at fault if `binary` is no script; else as
	/// [`bounds::check_script`].
	pub fn deserialize(binary: &[u8]) -> VmResult<Self> {
		Self::deserialize_with(binary, &BinaryLimits::default())
	}

	/// Like [`CompiledScript::deserialize`], within `limits`.
	///
	/// # Errors
	/// The same.
	pub fn deserialize_with(binary: &[u8], limits: &BinaryLimits) -> VmResult<Self> {
		let (tables, mut rest) = header(binary, limits)?;
		let mut script = Self {
			version: rest.version,
			type_parameters: rest.function_type_parameters()?,
			parameters: rest.index()?,
			// Scripts have them since version 8 only.
			access_specifiers: None,
			code: CodeUnit::read(&mut rest)?,
			pools: Pools::default(),
		};
		tables.iter().try_for_each(|t| script.pools.load(t))?;
		if let Some(table) = tables.iter().find(|table| !table.is_common()) {
			return Err(table.content.malformed("a table that scripts do not have"));
		}
		end(&rest)?;
		bounds::check_script(&script)?;
		Ok(script)
	}
}

impl Pools {
	fn load(&mut self, table: &Table<'_>) -> VmResult<()> {
		match table.kind {
			table::MODULE_HANDLES => table.load(&mut self.module_handles),
			table::STRUCT_HANDLES => table.load(&mut self.struct_handles),
			table::FUNCTION_HANDLES => table.load(&mut self.function_handles),
			table::FUNCTION_INSTANTIATIONS => table.load(&mut self.function_instantiations),
			table::SIGNATURES => table.load(&mut self.signatures),
			table::CONSTANTS => table.load(&mut self.constants),
			table::IDENTIFIERS => table.load(&mut self.identifiers),
			table::ADDRESS_IDENTIFIERS => table.load(&mut self.address_identifiers),
			table::METADATA => table.load(&mut self.metadata),
			table::VARIANT_FIELD_HANDLES
			| table::VARIANT_FIELD_INSTANTIATIONS
			| table::STRUCT_VARIANT_HANDLES
			| table::STRUCT_VARIANT_INSTANTIATIONS => table
				.content
				.since(VERSION_7, "enums are newer than the version"),
			// One of a module's own tables.
			_ => Ok(()),
		}
	}
}

/// A table of a binary.
struct Table<'a> {
	kind: u8,
	content: Cursor<'a>,
}

impl Table<'_> {
	/// Reads all elements.
	fn load<T: Element>(&self, table: &mut Vec<T>) -> VmResult<()> {
		let mut cursor = self.content.clone();
		while !cursor.is_empty() {
			if table.len() >= TABLE_ELEMENTS_MAX {
				return Err(cursor.malformed("more elements than an index can name"));
			}
			table.push(T::read(&mut cursor)?);
		}
		Ok(())
	}

	/// Whether scripts have it as well.
	fn is_common(&self) -> bool {
		self.kind <= table::ADDRESS_IDENTIFIERS || self.kind == table::METADATA
	}
}

/// Reads magic, version and table headers: the tables by their place, and what follows them.
fn header<'a>(binary: &'a [u8], limits: &BinaryLimits) -> VmResult<(Vec<Table<'a>>, Cursor<'a>)> {
	let mut cursor = Cursor::new(binary, limits.max_identifier.min(IDENTIFIER_BYTES_MAX));
	if cursor.array() != Some(MAGIC) {
		return Err(VmError::new(StatusCode::BAD_MAGIC)
			.with_message("no Move binary")
			.at_byte(0));
	}
	cursor.version = version(&mut cursor, limits.max_version)?;

	let count = cursor.number(TABLE_COUNT_MAX)?;
	let mut headers = Vec::new();
	for _ in 0..count {
		let start = cursor.clone();
		let kind = cursor.byte()?;
		let offset = cursor.number(TABLE_BYTES_MAX)?;
		let bytes = cursor.number(TABLE_BYTES_MAX)?;
		if !matches!(
			kind,
			table::MODULE_HANDLES..=table::ADDRESS_IDENTIFIERS
				| table::STRUCT_DEFS..=table::STRUCT_VARIANT_INSTANTIATIONS
		) {
			return Err(start.error(StatusCode::UNKNOWN_TABLE_TYPE, "no such table"));
		}
		headers.push((offset, bytes, kind, start));
	}
	// Tables at the same place keep their order.
	headers.sort_by_key(|(offset, ..)| *offset);

	let mut next = 0u64;
	let mut seen = 0u32;
	for (offset, bytes, kind, start) in &headers {
		let bad = |message| start.error(StatusCode::BAD_HEADER_TABLE, message);
		if *offset != next {
			return Err(bad("gap or overlap between tables"));
		}
		if *bytes == 0 {
			return Err(bad("empty table"));
		}
		// Both are below 2^32.
		next = next.saturating_add(*bytes);
		if next > TABLE_BYTES_MAX {
			return Err(bad("the tables are too large"));
		}
		let bit = 1u32.checked_shl(u32::from(*kind)).unwrap_or(0);
		if seen & bit != 0 {
			return Err(start.error(StatusCode::DUPLICATE_TABLE, "two tables of one kind"));
		}
		seen |= bit;
		if usize::try_from(next).map_or(true, |next| next > binary.len()) {
			return Err(bad("the table ends behind the binary"));
		}
	}

	let mut tables = Vec::with_capacity(headers.len());
	for (_, bytes, kind, start) in headers {
		let content = usize::try_from(bytes)
			.ok()
			.and_then(|bytes| cursor.split(bytes))
			.ok_or_else(|| start.malformed("the table ends behind the binary"))?;
		tables.push(Table { kind, content });
	}
	Ok((tables, cursor))
}

/// Reads the version, without the flavour's mark.
fn version(cursor: &mut Cursor<'_>, max: u32) -> VmResult<u32> {
	let start = cursor.clone();
	let word = cursor
		.array()
		.map(u32::from_le_bytes)
		.ok_or_else(|| start.malformed("the bytes end early"))?;
	let version = if word & 0xFF00_0000 == FLAVOUR_MARK {
		word ^ FLAVOUR_MARK
	} else {
		word
	};
	if !(MIN_VERSION..=max.min(MAX_VERSION)).contains(&version) {
		return Err(start.error(
			StatusCode::UNKNOWN_VERSION,
			"unsupported version of the binary format: 5 to 7 are, unless the chain allows less",
		));
	}
	Ok(version)
}

/// Refuses bytes behind the end.
fn end(rest: &Cursor<'_>) -> VmResult<()> {
	if !rest.is_empty() {
		return Err(rest.error(StatusCode::TRAILING_BYTES, "bytes behind the end"));
	}
	Ok(())
}
