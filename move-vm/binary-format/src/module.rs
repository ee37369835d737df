//! Modules and scripts as tables.

use alloc::vec::Vec;

use move_vm_types::{
	AbilitySet, AccountAddress, Identifier, IndexKind, Location, ModuleId, StatusCode, VmError,
	VmResult,
};

use crate::{
	bytecode::Bytecode,
	index::{
		AddressIdentifierIndex, ConstantPoolIndex, FieldHandleIndex, FieldInstantiationIndex,
		FunctionDefinitionIndex, FunctionHandleIndex, FunctionInstantiationIndex, IdentifierIndex,
		MemberCount, ModuleHandleIndex, SignatureIndex, StructDefInstantiationIndex,
		StructDefinitionIndex, StructHandleIndex, StructVariantHandleIndex,
		StructVariantInstantiationIndex, TableIndex, VariantFieldHandleIndex,
		VariantFieldInstantiationIndex, VariantIndex,
	},
	signature::{Signature, SignatureToken},
};

/// Names a module: its own, or one that it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModuleHandle {
	/// Its address.
	pub address: AddressIdentifierIndex,
	/// Its name.
	pub name: IdentifierIndex,
}

/// A type parameter of a struct.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StructTypeParameter {
	/// What arguments must have.
	pub constraints: AbilitySet,
	/// The parameter is used in phantom positions only.
	pub is_phantom: bool,
}

/// Names a struct or enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StructHandle {
	/// The module that defines it.
	pub module: ModuleHandleIndex,
	/// Its name.
	pub name: IdentifierIndex,
	/// The abilities it declares.
	pub abilities: AbilitySet,
	/// Its type parameters.
	pub type_parameters: Vec<StructTypeParameter>,
}

/// Names a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionHandle {
	/// The module that defines it.
	pub module: ModuleHandleIndex,
	/// Its name.
	pub name: IdentifierIndex,
	/// Types of its parameters.
	pub parameters: SignatureIndex,
	/// Types of its results.
	pub returns: SignatureIndex,
	/// What its type arguments must have.
	pub type_parameters: Vec<AbilitySet>,
	/// Which resources it may touch, since version 7; `None` is any.
	pub access_specifiers: Option<Vec<AccessSpecifier>>,
}

/// A statement about resources that a function touches, since version 7.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessSpecifier {
	/// Reads, or writes (which include reads).
	pub kind: AccessKind,
	/// The statement forbids instead of allowing.
	pub negated: bool,
	/// Which resources.
	pub resource: ResourceSpecifier,
	/// At which address.
	pub address: AddressSpecifier,
}

/// How a resource is touched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessKind {
	/// `reads`.
	Reads,
	/// `writes`.
	Writes,
	/// `acquires`.
	Acquires,
}

/// Which resources an [`AccessSpecifier`] is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResourceSpecifier {
	/// All.
	Any,
	/// All that modules at an address declare.
	DeclaredAtAddress(AddressIdentifierIndex),
	/// All that a module declares.
	DeclaredInModule(ModuleHandleIndex),
	/// One struct, whatever its type arguments.
	Resource(StructHandleIndex),
	/// One struct with type arguments.
	ResourceInstantiation(StructHandleIndex, SignatureIndex),
}

/// At which address the resources of an [`AccessSpecifier`] lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AddressSpecifier {
	/// At any.
	Any,
	/// At this one.
	Literal(AddressIdentifierIndex),
	/// At the one that a parameter gives, through a function of it if one is named.
	Parameter(u8, Option<FunctionInstantiationIndex>),
}

/// A generic function with type arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionInstantiation {
	/// The function.
	pub handle: FunctionHandleIndex,
	/// Its type arguments.
	pub type_arguments: SignatureIndex,
}

/// A constant: a type and the BCS form of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constant {
	/// Its type.
	pub type_: SignatureToken,
	/// The value.
	pub data: Vec<u8>,
}

/// A key and a value that the VM does not look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metadata {
	/// Who it is for.
	pub key: Vec<u8>,
	/// What it says.
	pub value: Vec<u8>,
}

/// The tables that modules and scripts have in common.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pools {
	/// Modules, in a module with itself among them.
	pub module_handles: Vec<ModuleHandle>,
	/// Structs, own and foreign.
	pub struct_handles: Vec<StructHandle>,
	/// Functions, own and foreign.
	pub function_handles: Vec<FunctionHandle>,
	/// Generic functions with type arguments.
	pub function_instantiations: Vec<FunctionInstantiation>,
	/// Lists of types.
	pub signatures: Vec<Signature>,
	/// Names.
	pub identifiers: Vec<Identifier>,
	/// Addresses.
	pub address_identifiers: Vec<AccountAddress>,
	/// Constants.
	pub constants: Vec<Constant>,
	/// What the VM does not look at.
	pub metadata: Vec<Metadata>,
}

/// The code of a function or script.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CodeUnit {
	/// Types of the locals that follow the parameters.
	pub locals: SignatureIndex,
	/// The instructions.
	pub code: Vec<Bytecode>,
}

/// Who may call a function.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Visibility {
	/// Its own module.
	#[default]
	Private,
	/// Any module and script.
	Public,
	/// Its own module and the module's friends.
	Friend,
}

/// A function that a module defines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FunctionDefinition {
	/// Its name and type.
	pub function: FunctionHandleIndex,
	/// Who may call it.
	pub visibility: Visibility,
	/// A transaction may call it.
	pub is_entry: bool,
	/// Own structs whose resources it, or what it calls in this module, borrows or takes from
	/// global storage.
	pub acquires: Vec<StructDefinitionIndex>,
	/// Its code; `None` if it is native.
	pub code: Option<CodeUnit>,
}

/// A field of a struct or variant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldDefinition {
	/// Its name.
	pub name: IdentifierIndex,
	/// Its type.
	pub type_: SignatureToken,
}

/// A variant of an enum, since version 7.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariantDefinition {
	/// Its name.
	pub name: IdentifierIndex,
	/// Its fields.
	pub fields: Vec<FieldDefinition>,
}

/// What a struct consists of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StructFieldInformation {
	/// The VM knows.
	Native,
	/// Fields.
	Declared(Vec<FieldDefinition>),
	/// Variants: it is an enum. Since version 7.
	DeclaredVariants(Vec<VariantDefinition>),
}

/// A struct or enum that a module defines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StructDefinition {
	/// Its name, abilities and type parameters.
	pub struct_handle: StructHandleIndex,
	/// What it consists of.
	pub field_information: StructFieldInformation,
}

/// A generic struct with type arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StructDefInstantiation {
	/// The struct.
	pub def: StructDefinitionIndex,
	/// Its type arguments.
	pub type_arguments: SignatureIndex,
}

/// A field of a struct.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldHandle {
	/// The struct.
	pub owner: StructDefinitionIndex,
	/// The field's place in it.
	pub field: MemberCount,
}

/// A field of a generic struct with type arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldInstantiation {
	/// The field.
	pub handle: FieldHandleIndex,
	/// The struct's type arguments.
	pub type_arguments: SignatureIndex,
}

/// A field that several variants of an enum have at the same place, since version 7.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariantFieldHandle {
	/// The enum.
	pub owner: StructDefinitionIndex,
	/// The variants.
	pub variants: Vec<VariantIndex>,
	/// The field's place in each.
	pub field: MemberCount,
}

/// Such a field of a generic enum with type arguments, since version 7.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariantFieldInstantiation {
	/// The field.
	pub handle: VariantFieldHandleIndex,
	/// The enum's type arguments.
	pub type_arguments: SignatureIndex,
}

/// A variant of an enum, since version 7.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StructVariantHandle {
	/// The enum.
	pub owner: StructDefinitionIndex,
	/// The variant.
	pub variant: VariantIndex,
}

/// A variant of a generic enum with type arguments, since version 7.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StructVariantInstantiation {
	/// The variant.
	pub handle: StructVariantHandleIndex,
	/// The enum's type arguments.
	pub type_arguments: SignatureIndex,
}

/// A module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CompiledModule {
	/// Version of the binary format: 5 to 7, without the flavour's mark.
	pub version: u32,
	/// Its own handle.
	pub self_module_handle: ModuleHandleIndex,
	/// The common tables.
	pub pools: Pools,
	/// Modules that may call its friend functions.
	pub friend_declarations: Vec<ModuleHandle>,
	/// Structs and enums.
	pub struct_defs: Vec<StructDefinition>,
	/// Generic structs with type arguments.
	pub struct_def_instantiations: Vec<StructDefInstantiation>,
	/// Functions.
	pub function_defs: Vec<FunctionDefinition>,
	/// Fields.
	pub field_handles: Vec<FieldHandle>,
	/// Fields of generic structs with type arguments.
	pub field_instantiations: Vec<FieldInstantiation>,
	/// Fields of enums.
	pub variant_field_handles: Vec<VariantFieldHandle>,
	/// Fields of generic enums with type arguments.
	pub variant_field_instantiations: Vec<VariantFieldInstantiation>,
	/// Variants.
	pub struct_variant_handles: Vec<StructVariantHandle>,
	/// Variants of generic enums with type arguments.
	pub struct_variant_instantiations: Vec<StructVariantInstantiation>,
}

/// A script: one function that belongs to no module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CompiledScript {
	/// Version of the binary format: 5 to 7, without the flavour's mark.
	pub version: u32,
	/// The common tables.
	pub pools: Pools,
	/// What its type arguments must have.
	pub type_parameters: Vec<AbilitySet>,
	/// Types of its parameters.
	pub parameters: SignatureIndex,
	/// Which resources it may touch, since version 7.
	pub access_specifiers: Option<Vec<AccessSpecifier>>,
	/// Its code.
	pub code: CodeUnit,
}

/// A module or a script, where a pass treats both alike.
#[derive(Clone, Copy, Debug)]
pub enum Binary<'a> {
	/// A module.
	Module(&'a CompiledModule),
	/// A script.
	Script(&'a CompiledScript),
}

/// The element of `table` at `index`.
///
/// # Errors
/// `INDEX_OUT_OF_BOUNDS` with the index.
pub fn element<T, I: TableIndex>(table: &[T], index: I) -> VmResult<&T> {
	table.get(usize::from(index.number())).ok_or_else(|| {
		VmError::new(StatusCode::INDEX_OUT_OF_BOUNDS).at_index(I::KIND, index.number())
	})
}

macro_rules! accessors {
	($($(#[$doc:meta])* $name:ident, $table:ident: $index:ty => $item:ty;)*) => {$(
		$(#[$doc])*
		///
		/// # Errors
		/// `INDEX_OUT_OF_BOUNDS`, which the bounds check excludes.
		pub fn $name(&self, index: $index) -> VmResult<&$item> {
			element(&self.$table, index)
		}
	)*};
}

impl Pools {
	accessors! {
		/// The module handle at an index.
		module_handle, module_handles: ModuleHandleIndex => ModuleHandle;
		/// The struct handle at an index.
		struct_handle, struct_handles: StructHandleIndex => StructHandle;
		/// The function handle at an index.
		function_handle, function_handles: FunctionHandleIndex => FunctionHandle;
		/// The function instantiation at an index.
		function_instantiation, function_instantiations: FunctionInstantiationIndex => FunctionInstantiation;
		/// The signature at an index.
		signature, signatures: SignatureIndex => Signature;
		/// The identifier at an index.
		identifier, identifiers: IdentifierIndex => Identifier;
		/// The address at an index.
		address, address_identifiers: AddressIdentifierIndex => AccountAddress;
		/// The constant at an index.
		constant, constants: ConstantPoolIndex => Constant;
	}

	/// The module that a handle names.
	///
	/// # Errors
	/// `INDEX_OUT_OF_BOUNDS`, which the bounds check excludes.
	pub fn module_id(&self, handle: &ModuleHandle) -> VmResult<ModuleId> {
		Ok(ModuleId {
			address: *self.address(handle.address)?,
			name: self.identifier(handle.name)?.clone(),
		})
	}

	/// The abilities of a type, given those of the enclosing type parameters.
	///
	/// # Errors
	/// `INDEX_OUT_OF_BOUNDS`; `VERIFIER_INVARIANT_VIOLATION` for a wrong number of type arguments.
	pub fn abilities(
		&self,
		token: &SignatureToken,
		constraints: &[AbilitySet],
	) -> VmResult<AbilitySet> {
		Ok(match token {
			SignatureToken::Bool
			| SignatureToken::U8
			| SignatureToken::U16
			| SignatureToken::U32
			| SignatureToken::U64
			| SignatureToken::U128
			| SignatureToken::U256
			| SignatureToken::Address => AbilitySet::PRIMITIVES,
			SignatureToken::Signer => AbilitySet::SIGNER,
			SignatureToken::Reference(_) | SignatureToken::MutableReference(_) => {
				AbilitySet::REFERENCES
			}
			SignatureToken::TypeParameter(index) => {
				*constraints.get(usize::from(*index)).ok_or_else(|| {
					VmError::new(StatusCode::INDEX_OUT_OF_BOUNDS)
						.at_index(IndexKind::TypeParameter, *index)
				})?
			}
			SignatureToken::Vector(inner) => AbilitySet::polymorphic(
				AbilitySet::VECTOR,
				[(false, self.abilities(inner, constraints)?)],
			),
			SignatureToken::Struct(index) => self.struct_handle(*index)?.abilities,
			SignatureToken::StructInstantiation(index, arguments) => {
				let handle = self.struct_handle(*index)?;
				if handle.type_parameters.len() != arguments.len() {
					return Err(VmError::new(StatusCode::VERIFIER_INVARIANT_VIOLATION)
						.with_message("wrong number of type arguments"));
				}
				let mut set = handle.abilities;
				for (parameter, argument) in handle.type_parameters.iter().zip(arguments) {
					// An ability that is gone cannot come back.
					if set == AbilitySet::EMPTY {
						break;
					}
					if !parameter.is_phantom {
						let argument = self.abilities(argument, constraints)?;
						set = AbilitySet::polymorphic(set, [(false, argument)]);
					}
				}
				set
			}
		})
	}
}

impl CompiledModule {
	accessors! {
		/// The struct at an index.
		struct_def, struct_defs: StructDefinitionIndex => StructDefinition;
		/// The struct instantiation at an index.
		struct_def_instantiation, struct_def_instantiations: StructDefInstantiationIndex => StructDefInstantiation;
		/// The function at an index.
		function_def, function_defs: FunctionDefinitionIndex => FunctionDefinition;
		/// The field at an index.
		field_handle, field_handles: FieldHandleIndex => FieldHandle;
		/// The field instantiation at an index.
		field_instantiation, field_instantiations: FieldInstantiationIndex => FieldInstantiation;
		/// The variants' field at an index.
		variant_field_handle, variant_field_handles: VariantFieldHandleIndex => VariantFieldHandle;
		/// The variants' field instantiation at an index.
		variant_field_instantiation, variant_field_instantiations: VariantFieldInstantiationIndex => VariantFieldInstantiation;
		/// The variant at an index.
		struct_variant_handle, struct_variant_handles: StructVariantHandleIndex => StructVariantHandle;
		/// The variant instantiation at an index.
		struct_variant_instantiation, struct_variant_instantiations: StructVariantInstantiationIndex => StructVariantInstantiation;
	}

	/// Its own name.
	///
	/// # Errors
	/// `INDEX_OUT_OF_BOUNDS`, which the bounds check excludes.
	pub fn self_id(&self) -> VmResult<ModuleId> {
		self.pools
			.module_id(self.pools.module_handle(self.self_module_handle)?)
	}

	/// The modules that it needs.
	///
	/// # Errors
	/// `INDEX_OUT_OF_BOUNDS`, which the bounds check excludes.
	pub fn dependencies(&self) -> VmResult<Vec<ModuleId>> {
		let own = self.pools.module_handle(self.self_module_handle)?;
		self.pools
			.module_handles
			.iter()
			.filter(|handle| *handle != own)
			.map(|handle| self.pools.module_id(handle))
			.collect()
	}
}

impl CompiledScript {
	/// The modules that it needs.
	///
	/// # Errors
	/// `INDEX_OUT_OF_BOUNDS`, which the bounds check excludes.
	pub fn dependencies(&self) -> VmResult<Vec<ModuleId>> {
		self.pools
			.module_handles
			.iter()
			.map(|handle| self.pools.module_id(handle))
			.collect()
	}
}

impl StructDefinition {
	/// The fields of a plain struct; `None` for an enum or a native struct.
	pub fn fields(&self) -> Option<&[FieldDefinition]> {
		match &self.field_information {
			StructFieldInformation::Declared(fields) => Some(fields),
			StructFieldInformation::Native | StructFieldInformation::DeclaredVariants(_) => None,
		}
	}

	/// The variants of an enum; `None` for anything else.
	pub fn variants(&self) -> Option<&[VariantDefinition]> {
		match &self.field_information {
			StructFieldInformation::DeclaredVariants(variants) => Some(variants),
			StructFieldInformation::Native | StructFieldInformation::Declared(_) => None,
		}
	}

	/// All fields, those of all variants in order for an enum.
	pub fn all_fields(&self) -> impl Iterator<Item = &FieldDefinition> {
		let variants = self.variants().unwrap_or_default().iter();
		self.fields()
			.unwrap_or_default()
			.iter()
			.chain(variants.flat_map(|variant| &variant.fields))
	}
}

impl<'a> Binary<'a> {
	/// The common tables.
	pub const fn pools(self) -> &'a Pools {
		match self {
			Self::Module(module) => &module.pools,
			Self::Script(script) => &script.pools,
		}
	}

	/// The version of the format.
	pub const fn version(self) -> u32 {
		match self {
			Self::Module(module) => module.version,
			Self::Script(script) => script.version,
		}
	}

	/// The module's own handle; `None` for a script.
	pub const fn self_module_handle(self) -> Option<ModuleHandleIndex> {
		match self {
			Self::Module(module) => Some(module.self_module_handle),
			Self::Script(_) => None,
		}
	}

	/// Where errors in it lie.
	pub fn location(self) -> Location {
		match self {
			Self::Module(module) => module
				.self_id()
				.map(Location::Module)
				.unwrap_or(Location::Undefined),
			Self::Script(_) => Location::Script,
		}
	}
}
