//! From tables to bytes.
//!
//! Writes nothing that the deserializer would refuse but for indices that are out of bounds, so
//! that what was written can be read.

use alloc::vec::Vec;

use move_vm_types::{
	uleb128, AbilitySet, AccountAddress, Identifier, StatusCode, VmError, VmResult, U256,
};

use crate::{
	format::{
		self, access, fields, flag, table, token, visibility, ACCESS_SPECIFIER_COUNT_MAX,
		ACQUIRES_COUNT_MAX, CODE_COUNT_MAX, CONSTANT_BYTES_MAX, FIELD_COUNT_MAX, FIELD_PLACE_MAX,
		FLAG_ENTRY, FLAG_NATIVE, FLAVOUR_MARK, IDENTIFIER_BYTES_MAX, INDEX_MAX, LOCAL_MAX, MAGIC,
		MAX_VERSION, METADATA_KEY_BYTES_MAX, METADATA_VALUE_BYTES_MAX, MIN_VERSION,
		SIGNATURE_COUNT_MAX, TABLE_BYTES_MAX, TABLE_ELEMENTS_MAX, TYPE_DEPTH_MAX,
		TYPE_PARAMETER_COUNT_MAX, VARIANT_COUNT_MAX, VARIANT_PLACE_MAX, VERSION_6, VERSION_7,
	},
	index::{CodeOffset, LocalIndex, TableIndex},
	module::{
		AccessKind, AccessSpecifier, AddressSpecifier, CodeUnit, Constant, FieldDefinition,
		FieldHandle, FieldInstantiation, FunctionDefinition, FunctionHandle, FunctionInstantiation,
		Metadata, ModuleHandle, ResourceSpecifier, StructDefInstantiation, StructDefinition,
		StructFieldInformation, StructHandle, StructVariantHandle, StructVariantInstantiation,
		VariantFieldHandle, VariantFieldInstantiation, Visibility,
	},
	Bytecode, CompiledModule, CompiledScript, Pools, Signature, SignatureToken,
};

impl CompiledModule {
	/// The module's bytes, in its own version; version 7 with the mark of Aptos.
	///
	/// # Errors
	/// `UNKNOWN_VERSION`; `MALFORMED` if the version does not have what the module uses, or the
	/// format has no place for as much.
	pub fn serialize(&self) -> VmResult<Vec<u8>> {
		let mut tables = Tables::new(self.version)?;
		tables.pools(&self.pools)?;
		tables.add(table::STRUCT_DEFS, &self.struct_defs)?;
		tables.add(
			table::STRUCT_DEF_INSTANTIATIONS,
			&self.struct_def_instantiations,
		)?;
		tables.add(table::FUNCTION_DEFS, &self.function_defs)?;
		tables.add(table::FIELD_HANDLES, &self.field_handles)?;
		tables.add(table::FIELD_INSTANTIATIONS, &self.field_instantiations)?;
		tables.add(table::FRIEND_DECLARATIONS, &self.friend_declarations)?;
		tables.add(table::VARIANT_FIELD_HANDLES, &self.variant_field_handles)?;
		tables.add(
			table::VARIANT_FIELD_INSTANTIATIONS,
			&self.variant_field_instantiations,
		)?;
		tables.add(table::STRUCT_VARIANT_HANDLES, &self.struct_variant_handles)?;
		tables.add(
			table::STRUCT_VARIANT_INSTANTIATIONS,
			&self.struct_variant_instantiations,
		)?;
		let mut writer = tables.finish()?;
		writer.index(&self.self_module_handle)?;
		Ok(writer.out)
	}
}

impl CompiledScript {
	/// The script's bytes, in its own version; version 7 with the mark of Aptos.
	///
	/// # Errors
	/// As for [`CompiledModule::serialize`].
	pub fn serialize(&self) -> VmResult<Vec<u8>> {
		if self.access_specifiers.is_some() {
			return Err(refused("access specifiers of scripts are newer"));
		}
		let mut tables = Tables::new(self.version)?;
		tables.pools(&self.pools)?;
		let mut writer = tables.finish()?;
		writer.function_type_parameters(&self.type_parameters)?;
		writer.index(&self.parameters)?;
		self.code.write(&mut writer)?;
		Ok(writer.out)
	}
}

#[cold]
fn refused(message: &'static str) -> VmError {
	VmError::new(StatusCode::MALFORMED).with_message(message)
}

/// The tables of a binary in the making.
struct Tables {
	/// Their elements.
	content: Writer,
	/// Of each: its kind, its end in the content in bytes.
	ends: Vec<(u8, usize)>,
}

impl Tables {
	fn new(version: u32) -> VmResult<Self> {
		if !(MIN_VERSION..=MAX_VERSION).contains(&version) {
			return Err(VmError::new(StatusCode::UNKNOWN_VERSION)
				.with_message("versions 5 to 7 are supported"));
		}
		Ok(Self {
			content: Writer {
				out: Vec::new(),
				version,
			},
			ends: Vec::new(),
		})
	}

	fn add<T: Element>(&mut self, kind: u8, table: &[T]) -> VmResult<()> {
		if table.is_empty() {
			return Ok(());
		}
		if table.len() > TABLE_ELEMENTS_MAX {
			return Err(refused("more elements than an index can name"));
		}
		if kind >= table::VARIANT_FIELD_HANDLES {
			self.content
				.since(VERSION_7, "enums are newer than the version")?;
		}
		table
			.iter()
			.try_for_each(|element| element.write(&mut self.content))?;
		self.ends.push((kind, self.content.out.len()));
		Ok(())
	}

	fn pools(&mut self, pools: &Pools) -> VmResult<()> {
		self.add(table::MODULE_HANDLES, &pools.module_handles)?;
		self.add(table::STRUCT_HANDLES, &pools.struct_handles)?;
		self.add(table::FUNCTION_HANDLES, &pools.function_handles)?;
		self.add(
			table::FUNCTION_INSTANTIATIONS,
			&pools.function_instantiations,
		)?;
		self.add(table::SIGNATURES, &pools.signatures)?;
		self.add(table::IDENTIFIERS, &pools.identifiers)?;
		self.add(table::ADDRESS_IDENTIFIERS, &pools.address_identifiers)?;
		self.add(table::CONSTANTS, &pools.constants)?;
		self.add(table::METADATA, &pools.metadata)
	}

	/// The headers and the tables behind them.
	fn finish(self) -> VmResult<Writer> {
		let version = self.content.version;
		let mark = if version >= VERSION_7 {
			FLAVOUR_MARK
		} else {
			0
		};
		let mut writer = Writer {
			out: Vec::with_capacity(self.content.out.len().saturating_add(128)),
			version,
		};
		writer.out.extend(MAGIC);
		writer.out.extend((version | mark).to_le_bytes());
		writer.count(self.ends.len(), format::TABLE_COUNT_MAX)?;
		let mut start = 0;
		for (kind, end) in self.ends {
			writer.byte(kind);
			writer.count(start, TABLE_BYTES_MAX)?;
			writer.count(end.saturating_sub(start), TABLE_BYTES_MAX)?;
			start = end;
		}
		writer.count_only(start, TABLE_BYTES_MAX)?;
		writer.out.extend(self.content.out);
		Ok(writer)
	}
}

/// Bytes in the making.
struct Writer {
	out: Vec<u8>,
	version: u32,
}

impl Writer {
	fn since(&self, first: u32, message: &'static str) -> VmResult<()> {
		if self.version < first {
			return Err(refused(message));
		}
		Ok(())
	}

	fn byte(&mut self, byte: u8) {
		self.out.push(byte);
	}

	fn number(&mut self, number: u64, max: u64) -> VmResult<()> {
		if number > max {
			return Err(refused("more than the format has place for"));
		}
		uleb128::write(&mut self.out, number);
		Ok(())
	}

	fn count_only(&self, count: usize, max: u64) -> VmResult<u64> {
		u64::try_from(count)
			.ok()
			.filter(|count| *count <= max)
			.ok_or_else(|| refused("more than the format has place for"))
	}

	fn count(&mut self, count: usize, max: u64) -> VmResult<()> {
		let count = self.count_only(count, max)?;
		self.number(count, max)
	}

	fn blob(&mut self, blob: &[u8], max: u64) -> VmResult<()> {
		self.count(blob.len(), max)?;
		self.out.extend_from_slice(blob);
		Ok(())
	}

	fn list<T>(
		&mut self,
		list: &[T],
		max: u64,
		mut element: impl FnMut(&mut Self, &T) -> VmResult<()>,
	) -> VmResult<()> {
		self.count(list.len(), max)?;
		list.iter().try_for_each(|item| element(self, item))
	}

	fn flag(&mut self, flag: bool) {
		self.byte(if flag { flag::YES } else { flag::NO });
	}

	fn index<I: TableIndex>(&mut self, index: &I) -> VmResult<()> {
		self.number(u64::from(index.number()), INDEX_MAX)
	}

	fn local(&mut self, local: &LocalIndex) -> VmResult<()> {
		self.number(u64::from(*local), LOCAL_MAX)
	}

	fn code_offset(&mut self, offset: &CodeOffset) -> VmResult<()> {
		self.number(u64::from(*offset), INDEX_MAX)
	}

	fn fixed_u8(&mut self, value: &u8) -> VmResult<()> {
		self.byte(*value);
		Ok(())
	}

	fn fixed_u16(&mut self, value: &u16) -> VmResult<()> {
		self.out.extend(value.to_le_bytes());
		Ok(())
	}

	fn fixed_u32(&mut self, value: &u32) -> VmResult<()> {
		self.out.extend(value.to_le_bytes());
		Ok(())
	}

	fn fixed_u64(&mut self, value: &u64) -> VmResult<()> {
		self.out.extend(value.to_le_bytes());
		Ok(())
	}

	fn fixed_u128(&mut self, value: &u128) -> VmResult<()> {
		self.out.extend(value.to_le_bytes());
		Ok(())
	}

	fn fixed_u256(&mut self, value: &U256) -> VmResult<()> {
		self.out.extend(value.to_le_bytes::<32>());
		Ok(())
	}

	fn abilities(&mut self, abilities: AbilitySet) {
		self.byte(abilities.bits());
	}

	fn function_type_parameters(&mut self, parameters: &[AbilitySet]) -> VmResult<()> {
		self.list(parameters, TYPE_PARAMETER_COUNT_MAX, |writer, set| {
			writer.abilities(*set);
			Ok(())
		})
	}

	fn fields(&mut self, fields: &[FieldDefinition]) -> VmResult<()> {
		self.list(fields, FIELD_COUNT_MAX, |writer, field| {
			writer.index(&field.name)?;
			writer.token(&field.type_)
		})
	}

	/// A type: each part before its own parts.
	fn token(&mut self, token: &SignatureToken) -> VmResult<()> {
		for (part, depth) in token.preorder_with_depth() {
			if depth > TYPE_DEPTH_MAX {
				return Err(refused("the type is nested too deeply"));
			}
			match part {
				SignatureToken::Bool => self.byte(token::BOOL),
				SignatureToken::U8 => self.byte(token::U8),
				SignatureToken::U64 => self.byte(token::U64),
				SignatureToken::U128 => self.byte(token::U128),
				SignatureToken::U16 | SignatureToken::U32 | SignatureToken::U256 => {
					self.since(VERSION_6, "the integer is newer than the version")?;
					self.byte(match part {
						SignatureToken::U16 => token::U16,
						SignatureToken::U32 => token::U32,
						_ => token::U256,
					});
				}
				SignatureToken::Address => self.byte(token::ADDRESS),
				SignatureToken::Signer => self.byte(token::SIGNER),
				SignatureToken::Vector(_) => self.byte(token::VECTOR),
				SignatureToken::Reference(_) => self.byte(token::REFERENCE),
				SignatureToken::MutableReference(_) => self.byte(token::MUTABLE_REFERENCE),
				SignatureToken::Struct(handle) => {
					self.byte(token::STRUCT);
					self.index(handle)?;
				}
				SignatureToken::StructInstantiation(handle, arguments) => {
					if arguments.is_empty() {
						return Err(refused("type arguments, but none"));
					}
					self.byte(token::STRUCT_INSTANTIATION);
					self.index(handle)?;
					self.count(arguments.len(), TYPE_PARAMETER_COUNT_MAX)?;
				}
				SignatureToken::TypeParameter(index) => {
					self.byte(token::TYPE_PARAMETER);
					self.number(u64::from(*index), INDEX_MAX)?;
				}
			}
		}
		Ok(())
	}

	fn access_specifiers(&mut self, specifiers: Option<&[AccessSpecifier]>) -> VmResult<()> {
		if self.version < VERSION_7 {
			return match specifiers {
				None => Ok(()),
				Some(_) => Err(refused("access specifiers are newer than the version")),
			};
		}
		self.flag(specifiers.is_some());
		match specifiers {
			None => Ok(()),
			Some(list) => self.list(list, ACCESS_SPECIFIER_COUNT_MAX, Self::access_specifier),
		}
	}

	fn access_specifier(&mut self, specifier: &AccessSpecifier) -> VmResult<()> {
		self.byte(match specifier.kind {
			AccessKind::Reads => access::READS,
			AccessKind::Writes => access::WRITES,
			AccessKind::Acquires => access::ACQUIRES,
		});
		self.flag(specifier.negated);
		match &specifier.resource {
			ResourceSpecifier::Any => self.byte(access::RESOURCE_ANY),
			ResourceSpecifier::DeclaredAtAddress(address) => {
				self.byte(access::RESOURCE_AT_ADDRESS);
				self.index(address)?;
			}
			ResourceSpecifier::DeclaredInModule(module) => {
				self.byte(access::RESOURCE_IN_MODULE);
				self.index(module)?;
			}
			ResourceSpecifier::Resource(handle) => {
				self.byte(access::RESOURCE);
				self.index(handle)?;
			}
			ResourceSpecifier::ResourceInstantiation(handle, arguments) => {
				self.byte(access::RESOURCE_INSTANTIATION);
				self.index(handle)?;
				self.index(arguments)?;
			}
		}
		match &specifier.address {
			AddressSpecifier::Any => self.byte(access::ADDRESS_ANY),
			AddressSpecifier::Literal(address) => {
				self.byte(access::ADDRESS_LITERAL);
				self.index(address)?;
			}
			AddressSpecifier::Parameter(parameter, function) => {
				self.byte(access::ADDRESS_PARAMETER);
				self.local(parameter)?;
				self.flag(function.is_some());
				if let Some(function) = function {
					self.index(function)?;
				}
			}
		}
		Ok(())
	}
}

macro_rules! instruction_writer {
	($($opcode:literal, $since:literal, $name:ident $(($($operand:ident),*))?;)*) => {
		impl Writer {
			fn instruction(&mut self, instruction: &Bytecode) -> VmResult<()> {
				match instruction {
					$(Bytecode::$name $(($($operand),*))? => {
						self.since($since, "the instruction is newer than the version")?;
						self.byte($opcode);
						$($(self.$operand($operand)?;)*)?
					})*
				}
				Ok(())
			}
		}
	};
}
format::instructions!(instruction_writer);

/// What a table consists of.
trait Element {
	fn write(&self, writer: &mut Writer) -> VmResult<()>;
}

/// Elements that are indices only.
macro_rules! rows {
	($($name:ident { $($field:ident),* };)*) => {$(
		impl Element for $name {
			fn write(&self, writer: &mut Writer) -> VmResult<()> {
				$(writer.index(&self.$field)?;)*
				Ok(())
			}
		}
	)*};
}

rows! {
	ModuleHandle { address, name };
	FunctionInstantiation { handle, type_arguments };
	StructDefInstantiation { def, type_arguments };
	FieldInstantiation { handle, type_arguments };
	VariantFieldInstantiation { handle, type_arguments };
	StructVariantInstantiation { handle, type_arguments };
}

impl Element for StructHandle {
	fn write(&self, writer: &mut Writer) -> VmResult<()> {
		writer.index(&self.module)?;
		writer.index(&self.name)?;
		writer.abilities(self.abilities);
		writer.list(
			&self.type_parameters,
			TYPE_PARAMETER_COUNT_MAX,
			|writer, parameter| {
				writer.abilities(parameter.constraints);
				writer.byte(u8::from(parameter.is_phantom));
				Ok(())
			},
		)
	}
}

impl Element for FunctionHandle {
	fn write(&self, writer: &mut Writer) -> VmResult<()> {
		writer.index(&self.module)?;
		writer.index(&self.name)?;
		writer.index(&self.parameters)?;
		writer.index(&self.returns)?;
		writer.function_type_parameters(&self.type_parameters)?;
		writer.access_specifiers(self.access_specifiers.as_deref())
	}
}

impl Element for Signature {
	fn write(&self, writer: &mut Writer) -> VmResult<()> {
		writer.list(&self.0, SIGNATURE_COUNT_MAX, Writer::token)
	}
}

impl Element for Identifier {
	fn write(&self, writer: &mut Writer) -> VmResult<()> {
		writer.blob(self.as_bytes(), u64::from(IDENTIFIER_BYTES_MAX))
	}
}

impl Element for AccountAddress {
	fn write(&self, writer: &mut Writer) -> VmResult<()> {
		writer.out.extend(self.0);
		Ok(())
	}
}

impl Element for Constant {
	fn write(&self, writer: &mut Writer) -> VmResult<()> {
		writer.token(&self.type_)?;
		writer.blob(&self.data, CONSTANT_BYTES_MAX)
	}
}

impl Element for Metadata {
	fn write(&self, writer: &mut Writer) -> VmResult<()> {
		writer.blob(&self.key, METADATA_KEY_BYTES_MAX)?;
		writer.blob(&self.value, METADATA_VALUE_BYTES_MAX)
	}
}

impl Element for StructDefinition {
	fn write(&self, writer: &mut Writer) -> VmResult<()> {
		writer.index(&self.struct_handle)?;
		match &self.field_information {
			StructFieldInformation::Native => writer.byte(fields::NATIVE),
			StructFieldInformation::Declared(list) => {
				writer.byte(fields::DECLARED);
				writer.fields(list)?;
			}
			StructFieldInformation::DeclaredVariants(variants) => {
				writer.since(VERSION_7, "enums are newer than the version")?;
				writer.byte(fields::VARIANTS);
				writer.list(variants, VARIANT_COUNT_MAX, |writer, variant| {
					writer.index(&variant.name)?;
					writer.fields(&variant.fields)
				})?;
			}
		}
		Ok(())
	}
}

impl Element for FunctionDefinition {
	fn write(&self, writer: &mut Writer) -> VmResult<()> {
		writer.index(&self.function)?;
		writer.byte(match self.visibility {
			Visibility::Private => visibility::PRIVATE,
			Visibility::Public => visibility::PUBLIC,
			Visibility::Friend => visibility::FRIEND,
		});
		let entry = if self.is_entry { FLAG_ENTRY } else { 0 };
		let native = if self.code.is_none() { FLAG_NATIVE } else { 0 };
		writer.byte(entry | native);
		writer.list(&self.acquires, ACQUIRES_COUNT_MAX, Writer::index)?;
		self.code.iter().try_for_each(|code| code.write(writer))
	}
}

impl Element for CodeUnit {
	fn write(&self, writer: &mut Writer) -> VmResult<()> {
		writer.index(&self.locals)?;
		writer.list(&self.code, CODE_COUNT_MAX, Writer::instruction)
	}
}

impl Element for FieldHandle {
	fn write(&self, writer: &mut Writer) -> VmResult<()> {
		writer.index(&self.owner)?;
		writer.number(u64::from(self.field), FIELD_PLACE_MAX)
	}
}

impl Element for VariantFieldHandle {
	fn write(&self, writer: &mut Writer) -> VmResult<()> {
		writer.index(&self.owner)?;
		writer.number(u64::from(self.field), FIELD_PLACE_MAX)?;
		writer.list(&self.variants, VARIANT_COUNT_MAX, |writer, variant| {
			writer.number(u64::from(*variant), VARIANT_PLACE_MAX)
		})
	}
}

impl Element for StructVariantHandle {
	fn write(&self, writer: &mut Writer) -> VmResult<()> {
		writer.index(&self.owner)?;
		writer.number(u64::from(self.variant), VARIANT_PLACE_MAX)
	}
}
