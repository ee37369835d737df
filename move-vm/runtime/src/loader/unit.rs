//! A module or script as the loader keeps it: its bytes, and where each entry of each table begins.
//!
//! Nothing is decoded until it is needed, so that loading costs a pass over the tables and two
//! allocations, however little of the module a call uses.

use alloc::vec::Vec;

use move_vm_binary_format::{
	bytecode::Bytecode,
	module::{AccessKind, Visibility},
	read_code,
};
use move_vm_types::{AbilitySet, AccountAddress, Identifier, Location, ModuleId, VmResult};

use super::cursor::{corrupt, Cursor};

/// The tables that running code looks into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Table {
	ModuleHandles,
	StructHandles,
	FunctionHandles,
	FunctionInstantiations,
	Signatures,
	Constants,
	Identifiers,
	Addresses,
	StructDefs,
	StructDefInstantiations,
	FunctionDefs,
	FieldHandles,
	FieldInstantiations,
	VariantFieldHandles,
	VariantFieldInstantiations,
	StructVariantHandles,
	StructVariantInstantiations,
	Friends,
}

const TABLES: usize = 18;

impl Table {
	/// The table with this number in the binary; `None` for those that running code needs not.
	const fn from_kind(kind: u8) -> Option<Self> {
		Some(match kind {
			0x1 => Self::ModuleHandles,
			0x2 => Self::StructHandles,
			0x3 => Self::FunctionHandles,
			0x4 => Self::FunctionInstantiations,
			0x5 => Self::Signatures,
			0x6 => Self::Constants,
			0x7 => Self::Identifiers,
			0x8 => Self::Addresses,
			0xA => Self::StructDefs,
			0xB => Self::StructDefInstantiations,
			0xC => Self::FunctionDefs,
			0xD => Self::FieldHandles,
			0xE => Self::FieldInstantiations,
			0xF => Self::Friends,
			0x11 => Self::VariantFieldHandles,
			0x12 => Self::VariantFieldInstantiations,
			0x13 => Self::StructVariantHandles,
			0x14 => Self::StructVariantInstantiations,
			_ => return None,
		})
	}
}

/// A module or script, scanned.
pub(crate) struct Unit {
	bytes: Vec<u8>,
	version: u32,
	/// Beginnings of entries, table by table.
	offsets: Vec<u32>,
	/// Each table's first place in `offsets` and its length.
	tables: [(u32, u16); TABLES],
	/// Where what follows the tables begins.
	tail: u32,
	/// The module; `None` for a script.
	pub(crate) id: Option<ModuleId>,
}

/// A function definition without its code.
pub(crate) struct FunctionHead {
	pub(crate) handle: u16,
	pub(crate) visibility: Visibility,
	pub(crate) is_entry: bool,
	/// Where signature of the locals and code begin; `None` for a native function.
	pub(crate) code: Option<u32>,
}

/// A function handle.
pub(crate) struct HandleHead {
	pub(crate) module: u16,
	pub(crate) name: u16,
	pub(crate) parameters: u16,
	pub(crate) returns: u16,
	pub(crate) constraints: Vec<AbilitySet>,
}

/// An access specifier of a function handle.
pub(crate) struct AccessHead {
	pub(crate) kind: AccessKind,
	pub(crate) negated: bool,
	pub(crate) resource: ResourceHead,
	pub(crate) address: AddressHead,
}

/// Which resources: indices of the unit's tables.
pub(crate) enum ResourceHead {
	Any,
	/// An address.
	At(u16),
	/// A module handle.
	In(u16),
	/// A struct handle.
	Struct(u16),
	/// A struct handle, and the signature of its type arguments.
	Instance(u16, u16),
}

/// At which address.
pub(crate) enum AddressHead {
	Any,
	/// An address.
	Literal(u16),
	/// A parameter, and the function instantiation that is applied to it.
	Parameter(u8, Option<u16>),
}

/// A script's own part.
pub(crate) struct ScriptHead {
	pub(crate) constraints: Vec<AbilitySet>,
	pub(crate) parameters: u16,
	pub(crate) code: u32,
}

impl Unit {
	/// Scans the binary that begins at `start` of `bytes`. `function_offsets`, little-endian `u32`s
	/// relative to the start, spares the pass over the code.
	///
	/// # Errors
	/// `UNEXPECTED_DESERIALIZATION_ERROR` if it is none that was checked.
	pub(crate) fn scan(
		bytes: Vec<u8>,
		function_offsets: Option<&[u8]>,
		is_module: bool,
	) -> VmResult<Self> {
		let mut cursor = Cursor::new(&bytes, 4);
		let version = cursor.u32()? & 0x00FF_FFFF;
		let count = cursor.length()?;
		let mut headers = [(0u8, 0usize, 0usize); 32];
		let headers = headers.get_mut(..count).ok_or_else(corrupt)?;
		let mut size = 0usize;
		for header in headers.iter_mut() {
			*header = (cursor.u8()?, cursor.length()?, cursor.length()?);
			size = size.max(header.1.saturating_add(header.2));
		}
		let start = cursor.at();
		let tail = start.saturating_add(size);
		let mut offsets = Vec::with_capacity(bytes.len().checked_div(8).unwrap_or(0));
		let mut tables = [(0u32, 0u16); TABLES];
		for (kind, offset, length) in headers.iter().copied() {
			let Some(table) = Table::from_kind(kind) else {
				continue;
			};
			let first = offsets.len();
			let begin = start.saturating_add(offset);
			let end = begin.saturating_add(length);
			match (table, function_offsets) {
				(Table::FunctionDefs, Some(known)) => {
					for offset in known.chunks_exact(4) {
						offsets.push(u32::from_le_bytes(
							offset.try_into().map_err(|_| corrupt())?,
						));
					}
				}
				(Table::Addresses, _) => {
					let mut at = begin;
					while at < end {
						offsets.push(position(at)?);
						at = at.saturating_add(AccountAddress::LENGTH);
					}
				}
				_ => {
					let mut cursor = Cursor::new(&bytes, begin);
					while cursor.at() < end {
						offsets.push(position(cursor.at())?);
						skip_entry(&mut cursor, table, version)?;
					}
				}
			}
			let length =
				u16::try_from(offsets.len().saturating_sub(first)).map_err(|_| corrupt())?;
			*tables.get_mut(table as usize).ok_or_else(corrupt)? = (position(first)?, length);
		}
		let mut unit = Self {
			version,
			offsets,
			tables,
			tail: position(tail)?,
			id: None,
			bytes,
		};
		if is_module {
			let own = Cursor::new(&unit.bytes, tail).index()?;
			unit.id = Some(unit.module_id(own)?);
		}
		Ok(unit)
	}

	/// Where its functions begin, for [`Unit::scan`] the next time.
	pub(crate) fn function_offsets(&self) -> &[u32] {
		let (first, length) = self.range(Table::FunctionDefs);
		let first = first as usize;
		self.offsets
			.get(first..first.saturating_add(usize::from(length)))
			.unwrap_or_default()
	}

	#[inline]
	fn range(&self, table: Table) -> (u32, u16) {
		self.tables.get(table as usize).copied().unwrap_or_default()
	}

	/// Entries of a table.
	#[inline]
	pub(crate) fn count(&self, table: Table) -> u16 {
		self.range(table).1
	}

	/// The entry of a table.
	#[inline]
	pub(crate) fn entry(&self, table: Table, index: u16) -> VmResult<Cursor<'_>> {
		let (first, length) = self.range(table);
		if index >= length {
			return Err(corrupt());
		}
		let place = (first as usize).saturating_add(usize::from(index));
		let at = *self.offsets.get(place).ok_or_else(corrupt)?;
		Ok(Cursor::new(&self.bytes, at as usize))
	}

	/// A place in its bytes.
	pub(crate) fn at(&self, offset: u32) -> Cursor<'_> {
		Cursor::new(&self.bytes, offset as usize)
	}

	/// Where errors in it lie.
	pub(crate) fn location(&self) -> Location {
		match &self.id {
			Some(id) => Location::Module(id.clone()),
			None => Location::Script,
		}
	}

	/// An identifier's bytes.
	pub(crate) fn name_bytes(&self, index: u16) -> VmResult<&[u8]> {
		let mut cursor = self.entry(Table::Identifiers, index)?;
		let length = cursor.length()?;
		cursor.take(length)
	}

	/// An identifier.
	pub(crate) fn name(&self, index: u16) -> VmResult<Identifier> {
		Identifier::from_bytes(self.name_bytes(index)?).ok_or_else(corrupt)
	}

	/// The module that a handle names.
	pub(crate) fn module_id(&self, handle: u16) -> VmResult<ModuleId> {
		self.module_id_at(self.entry(Table::ModuleHandles, handle)?)
	}

	/// The modules that it needs.
	pub(crate) fn dependencies(&self) -> VmResult<Vec<ModuleId>> {
		let mut modules = Vec::new();
		for handle in 0..self.count(Table::ModuleHandles) {
			if !self.is_self(handle)? {
				modules.push(self.module_id(handle)?);
			}
		}
		Ok(modules)
	}

	/// The modules that may call its friend functions.
	pub(crate) fn friends(&self) -> VmResult<Vec<ModuleId>> {
		(0..self.count(Table::Friends))
			.map(|friend| self.module_id_at(self.entry(Table::Friends, friend)?))
			.collect()
	}

	fn module_id_at(&self, mut cursor: Cursor<'_>) -> VmResult<ModuleId> {
		let address = self.entry(Table::Addresses, cursor.index()?)?.address()?;
		let name = self.name(cursor.index()?)?;
		Ok(ModuleId { address, name })
	}

	/// Whether a module handle names this module.
	pub(crate) fn is_self(&self, handle: u16) -> VmResult<bool> {
		match &self.id {
			None => Ok(false),
			Some(_) => Ok(self.at(self.tail).index()? == handle),
		}
	}

	/// A function handle.
	pub(crate) fn function_handle(&self, index: u16) -> VmResult<HandleHead> {
		let mut cursor = self.entry(Table::FunctionHandles, index)?;
		Ok(HandleHead {
			module: cursor.index()?,
			name: cursor.index()?,
			parameters: cursor.index()?,
			returns: cursor.index()?,
			constraints: constraints(&mut cursor)?,
		})
	}

	/// The access specifiers of a function handle; `None` if it has none.
	pub(crate) fn access_specifiers(&self, index: u16) -> VmResult<Option<Vec<AccessHead>>> {
		if self.version < 7 {
			return Ok(None);
		}
		let mut cursor = self.entry(Table::FunctionHandles, index)?;
		cursor.skip_ulebs(4)?;
		let parameters = cursor.length()?;
		cursor.skip_ulebs(parameters)?;
		access_specifiers(&mut cursor)
	}

	/// A function definition.
	pub(crate) fn function_def(&self, index: u16) -> VmResult<FunctionHead> {
		let mut cursor = self.entry(Table::FunctionDefs, index)?;
		function_head(&mut cursor)
	}

	/// The name of a function definition.
	pub(crate) fn function_name(&self, definition: u16) -> VmResult<Identifier> {
		let handle = self.entry(Table::FunctionDefs, definition)?.index()?;
		let mut cursor = self.entry(Table::FunctionHandles, handle)?;
		cursor.index()?;
		self.name(cursor.index()?)
	}

	/// The definition of the function with this name.
	pub(crate) fn find_function(&self, name: &[u8]) -> VmResult<Option<u16>> {
		for index in 0..self.count(Table::FunctionDefs) {
			let handle = self.entry(Table::FunctionDefs, index)?.index()?;
			let mut cursor = self.entry(Table::FunctionHandles, handle)?;
			cursor.index()?;
			if self.name_bytes(cursor.index()?)? == name {
				return Ok(Some(index));
			}
		}
		Ok(None)
	}

	/// The definition of the struct with this name.
	pub(crate) fn find_struct(&self, name: &[u8]) -> VmResult<Option<u16>> {
		for index in 0..self.count(Table::StructDefs) {
			let handle = self.entry(Table::StructDefs, index)?.index()?;
			let mut cursor = self.entry(Table::StructHandles, handle)?;
			cursor.index()?;
			if self.name_bytes(cursor.index()?)? == name {
				return Ok(Some(index));
			}
		}
		Ok(None)
	}

	/// Passes to the field information of a struct definition: its kind.
	fn struct_body(&self, definition: u16) -> VmResult<(u8, Cursor<'_>)> {
		let mut cursor = self.entry(Table::StructDefs, definition)?;
		cursor.index()?;
		Ok((cursor.u8()?, cursor))
	}

	/// Fields of a plain struct.
	pub(crate) fn field_count(&self, definition: u16) -> VmResult<u16> {
		match self.struct_body(definition)? {
			(DECLARED, mut cursor) => cursor.index(),
			_ => Err(corrupt()),
		}
	}

	/// Fields of a variant.
	pub(crate) fn variant_field_count(&self, definition: u16, variant: u16) -> VmResult<u16> {
		let (VARIANTS, mut cursor) = self.struct_body(definition)? else {
			return Err(corrupt());
		};
		if variant >= cursor.index()? {
			return Err(corrupt());
		}
		for _ in 0..variant {
			cursor.index()?;
			skip_fields(&mut cursor)?;
		}
		cursor.index()?;
		cursor.index()
	}

	/// Where the types of all fields begin: of a struct, or of each variant of an enum.
	pub(crate) fn fields(&self, definition: u16) -> VmResult<Fields> {
		let (kind, mut cursor) = self.struct_body(definition)?;
		match kind {
			DECLARED => Ok(Fields::Struct(field_types(&mut cursor)?)),
			VARIANTS => {
				let mut variants = Vec::new();
				for _ in 0..cursor.length()? {
					cursor.index()?;
					variants.push(field_types(&mut cursor)?);
				}
				Ok(Fields::Enum(variants))
			}
			_ => Err(corrupt()),
		}
	}

	/// What a script has beside its tables.
	pub(crate) fn script(&self) -> VmResult<ScriptHead> {
		let mut cursor = self.at(self.tail);
		let constraints = constraints(&mut cursor)?;
		let parameters = cursor.index()?;
		Ok(ScriptHead {
			constraints,
			parameters,
			code: position(cursor.at())?,
		})
	}

	/// Types in a signature.
	pub(crate) fn signature_length(&self, signature: u16) -> VmResult<u16> {
		self.entry(Table::Signatures, signature)?.index()
	}

	/// Whether a type of a signature is a reference.
	pub(crate) fn has_references(&self, signature: u16) -> VmResult<bool> {
		let mut cursor = self.entry(Table::Signatures, signature)?;
		for _ in 0..cursor.length()? {
			let mut first = cursor;
			if matches!(first.u8()?, token::REFERENCE | token::MUTABLE_REFERENCE) {
				return Ok(true);
			}
			skip_tokens(&mut cursor, 1)?;
		}
		Ok(false)
	}

	/// Instructions of a function.
	pub(crate) fn code_length(&self, offset: u32) -> VmResult<u16> {
		let mut cursor = self.at(offset);
		cursor.index()?;
		cursor.index()
	}

	/// The signature of a function's locals and its instructions.
	pub(crate) fn code(&self, offset: u32) -> VmResult<(u16, Vec<Bytecode>)> {
		let (unit, _) = read_code(self.at(offset).rest(), self.version).map_err(|_| corrupt())?;
		Ok((unit.locals.0, unit.code))
	}
}

/// Kinds of field information.
const NATIVE: u8 = 1;
const DECLARED: u8 = 2;
const VARIANTS: u8 = 3;

/// Where the types of fields begin.
pub(crate) enum Fields {
	Struct(Vec<u32>),
	Enum(Vec<Vec<u32>>),
}

fn field_types(cursor: &mut Cursor<'_>) -> VmResult<Vec<u32>> {
	let mut types = Vec::new();
	for _ in 0..cursor.length()? {
		cursor.index()?;
		types.push(position(cursor.at())?);
		skip_tokens(cursor, 1)?;
	}
	Ok(types)
}

fn position(at: usize) -> VmResult<u32> {
	u32::try_from(at).map_err(|_| corrupt())
}

fn constraints(cursor: &mut Cursor<'_>) -> VmResult<Vec<AbilitySet>> {
	let count = cursor.length()?;
	let mut constraints = Vec::new();
	for _ in 0..count {
		constraints.push(abilities(cursor)?);
	}
	Ok(constraints)
}

/// A set of abilities.
pub(crate) fn abilities(cursor: &mut Cursor<'_>) -> VmResult<AbilitySet> {
	AbilitySet::from_bits(cursor.u8()?).ok_or_else(corrupt)
}

fn function_head(cursor: &mut Cursor<'_>) -> VmResult<FunctionHead> {
	const NATIVE: u8 = 2;
	const ENTRY: u8 = 4;
	let handle = cursor.index()?;
	let visibility = cursor.u8()?;
	let flags = cursor.u8()?;
	let acquires = cursor.length()?;
	cursor.skip_ulebs(acquires)?;
	Ok(FunctionHead {
		handle,
		visibility: match visibility {
			0 => Visibility::Private,
			1 => Visibility::Public,
			3 => Visibility::Friend,
			_ => return Err(corrupt()),
		},
		is_entry: flags & ENTRY != 0,
		code: if flags & NATIVE == 0 {
			Some(position(cursor.at())?)
		} else {
			None
		},
	})
}

fn skip_entry(cursor: &mut Cursor<'_>, table: Table, version: u32) -> VmResult<()> {
	match table {
		Table::ModuleHandles
		| Table::FunctionInstantiations
		| Table::StructDefInstantiations
		| Table::FieldHandles
		| Table::Friends
		| Table::FieldInstantiations
		| Table::VariantFieldInstantiations
		| Table::StructVariantHandles
		| Table::StructVariantInstantiations => cursor.skip_ulebs(2),
		Table::StructHandles => {
			cursor.skip_ulebs(3)?;
			let parameters = cursor.length()?;
			cursor.skip_ulebs(parameters.saturating_mul(2))
		}
		Table::FunctionHandles => {
			cursor.skip_ulebs(4)?;
			let parameters = cursor.length()?;
			cursor.skip_ulebs(parameters)?;
			if version >= 7 {
				access_specifiers(cursor)?;
			}
			Ok(())
		}
		Table::Signatures => {
			let count = cursor.length()?;
			skip_tokens(cursor, count)
		}
		Table::Constants => {
			skip_tokens(cursor, 1)?;
			skip_bytes(cursor)
		}
		Table::Identifiers => skip_bytes(cursor),
		Table::Addresses => cursor.take(AccountAddress::LENGTH).map(|_| ()),
		Table::StructDefs => {
			cursor.skip_ulebs(1)?;
			match cursor.u8()? {
				NATIVE => Ok(()),
				DECLARED => skip_fields(cursor),
				VARIANTS => {
					for _ in 0..cursor.length()? {
						cursor.skip_ulebs(1)?;
						skip_fields(cursor)?;
					}
					Ok(())
				}
				_ => Err(corrupt()),
			}
		}
		Table::FunctionDefs => {
			if function_head(cursor)?.code.is_some() {
				let (_, length) = read_code(cursor.rest(), version).map_err(|_| corrupt())?;
				cursor.take(length)?;
			}
			Ok(())
		}
		Table::VariantFieldHandles => {
			cursor.skip_ulebs(2)?;
			let variants = cursor.length()?;
			cursor.skip_ulebs(variants)
		}
	}
}

fn skip_bytes(cursor: &mut Cursor<'_>) -> VmResult<()> {
	let length = cursor.length()?;
	cursor.take(length).map(|_| ())
}

fn skip_fields(cursor: &mut Cursor<'_>) -> VmResult<()> {
	for _ in 0..cursor.length()? {
		cursor.skip_ulebs(1)?;
		skip_tokens(cursor, 1)?;
	}
	Ok(())
}

/// Passes over types; nested ones are counted instead of recursed into.
pub(crate) fn skip_tokens(cursor: &mut Cursor<'_>, count: usize) -> VmResult<()> {
	let mut pending = count;
	while pending > 0 {
		pending = pending.saturating_sub(1);
		match cursor.u8()? {
			token::REFERENCE | token::MUTABLE_REFERENCE | token::VECTOR => {
				pending = pending.saturating_add(1);
			}
			token::STRUCT | token::TYPE_PARAMETER => cursor.skip_ulebs(1)?,
			token::STRUCT_INSTANTIATION => {
				cursor.skip_ulebs(1)?;
				pending = pending.saturating_add(cursor.length()?);
			}
			_ => {}
		}
	}
	Ok(())
}

/// Types as the binary numbers them.
pub(crate) mod token {
	pub(crate) const BOOL: u8 = 0x1;
	pub(crate) const U8: u8 = 0x2;
	pub(crate) const U64: u8 = 0x3;
	pub(crate) const U128: u8 = 0x4;
	pub(crate) const ADDRESS: u8 = 0x5;
	pub(crate) const REFERENCE: u8 = 0x6;
	pub(crate) const MUTABLE_REFERENCE: u8 = 0x7;
	pub(crate) const STRUCT: u8 = 0x8;
	pub(crate) const TYPE_PARAMETER: u8 = 0x9;
	pub(crate) const VECTOR: u8 = 0xA;
	pub(crate) const STRUCT_INSTANTIATION: u8 = 0xB;
	pub(crate) const SIGNER: u8 = 0xC;
	pub(crate) const U16: u8 = 0xD;
	pub(crate) const U32: u8 = 0xE;
	pub(crate) const U256: u8 = 0xF;
}

/// What version 7 says about the resources that a function touches.
fn access_specifiers(cursor: &mut Cursor<'_>) -> VmResult<Option<Vec<AccessHead>>> {
	const YES: u8 = 2;
	if cursor.u8()? != YES {
		return Ok(None);
	}
	let mut specifiers = Vec::new();
	for _ in 0..cursor.length()? {
		specifiers.push(AccessHead {
			kind: match cursor.u8()? {
				1 => AccessKind::Reads,
				2 => AccessKind::Writes,
				3 => AccessKind::Acquires,
				_ => return Err(corrupt()),
			},
			negated: cursor.u8()? == YES,
			resource: match cursor.u8()? {
				1 => ResourceHead::Any,
				2 => ResourceHead::At(cursor.index()?),
				3 => ResourceHead::In(cursor.index()?),
				4 => ResourceHead::Struct(cursor.index()?),
				5 => ResourceHead::Instance(cursor.index()?, cursor.index()?),
				_ => return Err(corrupt()),
			},
			address: match cursor.u8()? {
				1 => AddressHead::Any,
				2 => AddressHead::Literal(cursor.index()?),
				3 => {
					let parameter = u8::try_from(cursor.index()?).map_err(|_| corrupt())?;
					let function = match cursor.u8()? {
						YES => Some(cursor.index()?),
						_ => None,
					};
					AddressHead::Parameter(parameter, function)
				}
				_ => return Err(corrupt()),
			},
		});
	}
	Ok(Some(specifiers))
}
