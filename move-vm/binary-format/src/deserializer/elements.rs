//! Reading the elements of each table.

use alloc::vec::Vec;

use move_vm_types::{AccountAddress, Identifier, StatusCode, VmResult};

use super::cursor::Cursor;
use crate::{
	format::{
		access, fields, visibility, ACCESS_SPECIFIER_COUNT_MAX, ACQUIRES_COUNT_MAX,
		CONSTANT_BYTES_MAX, FIELD_COUNT_MAX, FIELD_PLACE_MAX, FLAG_ENTRY, FLAG_NATIVE,
		METADATA_KEY_BYTES_MAX, METADATA_VALUE_BYTES_MAX, VARIANT_COUNT_MAX, VARIANT_PLACE_MAX,
		VERSION_7,
	},
	module::{
		AccessKind, AccessSpecifier, AddressSpecifier, CodeUnit, Constant, FieldDefinition,
		FieldHandle, FieldInstantiation, FunctionDefinition, FunctionHandle, FunctionInstantiation,
		Metadata, ModuleHandle, ResourceSpecifier, StructDefInstantiation, StructDefinition,
		StructFieldInformation, StructHandle, StructVariantHandle, StructVariantInstantiation,
		VariantDefinition, VariantFieldHandle, VariantFieldInstantiation, Visibility,
	},
};

/// What a table consists of.
pub(super) trait Element: Sized {
	/// Reads one.
	fn read(cursor: &mut Cursor<'_>) -> VmResult<Self>;
}

/// Elements that are a row of indices and the like: the name of each field, and how it is read.
macro_rules! rows {
	($($name:ident { $($field:ident: $method:ident $(($argument:ident))?),* };)*) => {$(
		impl Element for $name {
			fn read(cursor: &mut Cursor<'_>) -> VmResult<Self> {
				Ok(Self { $($field: cursor.$method($($argument)?)?),* })
			}
		}
	)*};
}

rows! {
	ModuleHandle { address: index, name: index };
	StructHandle {
		module: index, name: index, abilities: abilities, type_parameters: struct_type_parameters
	};
	FunctionHandle {
		module: index, name: index, parameters: index, returns: index,
		type_parameters: function_type_parameters, access_specifiers: access_specifiers
	};
	FunctionInstantiation { handle: index, type_arguments: index };
	StructDefInstantiation { def: index, type_arguments: index };
	FieldHandle { owner: index, field: small(FIELD_PLACE_MAX) };
	FieldInstantiation { handle: index, type_arguments: index };
	FieldDefinition { name: index, type_: token };
	VariantDefinition { name: index, fields: fields };
	VariantFieldInstantiation { handle: index, type_arguments: index };
	StructVariantHandle { owner: index, variant: small(VARIANT_PLACE_MAX) };
	StructVariantInstantiation { handle: index, type_arguments: index };
	AccessSpecifier {
		kind: access_kind, negated: flag, resource: resource_specifier, address: address_specifier
	};
	CodeUnit { locals: index, code: code };
}

impl Element for crate::Signature {
	fn read(cursor: &mut Cursor<'_>) -> VmResult<Self> {
		cursor.signature()
	}
}

impl Element for Identifier {
	fn read(cursor: &mut Cursor<'_>) -> VmResult<Self> {
		let start = cursor.clone();
		let bytes = cursor.blob(u64::from(cursor.max_identifier))?;
		Self::from_bytes(bytes).ok_or_else(|| start.malformed("no valid identifier"))
	}
}

impl Element for AccountAddress {
	fn read(cursor: &mut Cursor<'_>) -> VmResult<Self> {
		let bytes = cursor.array();
		bytes
			.map(Self)
			.ok_or_else(|| cursor.malformed("an address has 32 bytes"))
	}
}

impl Element for Constant {
	fn read(cursor: &mut Cursor<'_>) -> VmResult<Self> {
		Ok(Self {
			type_: cursor.token()?,
			data: cursor.blob(CONSTANT_BYTES_MAX)?.to_vec(),
		})
	}
}

impl Element for Metadata {
	fn read(cursor: &mut Cursor<'_>) -> VmResult<Self> {
		Ok(Self {
			key: cursor.blob(METADATA_KEY_BYTES_MAX)?.to_vec(),
			value: cursor.blob(METADATA_VALUE_BYTES_MAX)?.to_vec(),
		})
	}
}

impl Element for VariantFieldHandle {
	fn read(cursor: &mut Cursor<'_>) -> VmResult<Self> {
		let owner = cursor.index()?;
		let field = cursor.small(FIELD_PLACE_MAX)?;
		let variants = cursor.list(VARIANT_COUNT_MAX, |c| c.small(VARIANT_PLACE_MAX))?;
		Ok(Self {
			owner,
			variants,
			field,
		})
	}
}

impl Element for StructDefinition {
	fn read(cursor: &mut Cursor<'_>) -> VmResult<Self> {
		let struct_handle = cursor.index()?;
		let start = cursor.clone();
		let field_information = match cursor.byte()? {
			fields::NATIVE => StructFieldInformation::Native,
			fields::DECLARED => StructFieldInformation::Declared(cursor.fields()?),
			fields::VARIANTS => {
				start.since(VERSION_7, "enums are newer than the version")?;
				let variants = cursor.list(VARIANT_COUNT_MAX, VariantDefinition::read)?;
				StructFieldInformation::DeclaredVariants(variants)
			}
			_ => {
				return Err(start.error(
					StatusCode::UNKNOWN_NATIVE_STRUCT_FLAG,
					"neither native, nor fields, nor variants",
				))
			}
		};
		Ok(Self {
			struct_handle,
			field_information,
		})
	}
}

impl Element for FunctionDefinition {
	fn read(cursor: &mut Cursor<'_>) -> VmResult<Self> {
		let function = cursor.index()?;
		let visibility = match cursor.byte()? {
			visibility::PRIVATE => Visibility::Private,
			visibility::PUBLIC => Visibility::Public,
			visibility::FRIEND => Visibility::Friend,
			_ => return Err(cursor.malformed("no such visibility")),
		};
		let start = cursor.clone();
		let flags = cursor.byte()?;
		let acquires = cursor.list(ACQUIRES_COUNT_MAX, Cursor::index)?;
		let code = if flags & FLAG_NATIVE == 0 {
			Some(CodeUnit::read(cursor)?)
		} else {
			None
		};
		if flags & !(FLAG_NATIVE | FLAG_ENTRY) != 0 {
			return Err(start.error(StatusCode::INVALID_FLAG_BITS, "no such flag"));
		}
		Ok(Self {
			function,
			visibility,
			is_entry: flags & FLAG_ENTRY != 0,
			acquires,
			code,
		})
	}
}

impl Cursor<'_> {
	fn fields(&mut self) -> VmResult<Vec<FieldDefinition>> {
		self.list(FIELD_COUNT_MAX, FieldDefinition::read)
	}

	/// The access specifiers of a function; `None` before version 7.
	fn access_specifiers(&mut self) -> VmResult<Option<Vec<AccessSpecifier>>> {
		if self.version < VERSION_7 || !self.flag()? {
			return Ok(None);
		}
		self.list(ACCESS_SPECIFIER_COUNT_MAX, AccessSpecifier::read)
			.map(Some)
	}

	fn access_kind(&mut self) -> VmResult<AccessKind> {
		Ok(match self.byte()? {
			access::READS => AccessKind::Reads,
			access::WRITES => AccessKind::Writes,
			access::ACQUIRES => AccessKind::Acquires,
			_ => return Err(self.malformed("no such access")),
		})
	}

	fn resource_specifier(&mut self) -> VmResult<ResourceSpecifier> {
		Ok(match self.byte()? {
			access::RESOURCE_ANY => ResourceSpecifier::Any,
			access::RESOURCE_AT_ADDRESS => ResourceSpecifier::DeclaredAtAddress(self.index()?),
			access::RESOURCE_IN_MODULE => ResourceSpecifier::DeclaredInModule(self.index()?),
			access::RESOURCE => ResourceSpecifier::Resource(self.index()?),
			access::RESOURCE_INSTANTIATION => {
				ResourceSpecifier::ResourceInstantiation(self.index()?, self.index()?)
			}
			_ => return Err(self.malformed("no such specifier of resources")),
		})
	}

	fn address_specifier(&mut self) -> VmResult<AddressSpecifier> {
		Ok(match self.byte()? {
			access::ADDRESS_ANY => AddressSpecifier::Any,
			access::ADDRESS_LITERAL => AddressSpecifier::Literal(self.index()?),
			access::ADDRESS_PARAMETER => {
				let parameter = self.local()?;
				let function = if self.flag()? {
					Some(self.index()?)
				} else {
					None
				};
				AddressSpecifier::Parameter(parameter, function)
			}
			_ => return Err(self.malformed("no such specifier of addresses")),
		})
	}
}
