//! Index types: one for each table, so that an index cannot be used in another table.

use core::fmt;

use move_vm_types::IndexKind;

/// An index into a table.
pub trait TableIndex: Copy {
	/// The table.
	const KIND: IndexKind;

	/// The index as a number.
	fn number(self) -> u16;

	/// The number as an index.
	fn from_number(number: u16) -> Self;
}

macro_rules! indices {
	($($(#[$doc:meta])* $name:ident: $kind:ident,)*) => {$(
		$(#[$doc])*
		#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
		pub struct $name(pub u16);

		impl TableIndex for $name {
			const KIND: IndexKind = IndexKind::$kind;

			fn number(self) -> u16 {
				self.0
			}

			fn from_number(number: u16) -> Self {
				Self(number)
			}
		}

		impl $name {
			/// The index for slices.
			pub const fn as_usize(self) -> usize {
				self.0 as usize
			}
		}

		impl fmt::Debug for $name {
			fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
				write!(f, "{}", self.0)
			}
		}
	)*};
}

indices! {
	/// Into [`Pools::module_handles`](crate::Pools::module_handles).
	ModuleHandleIndex: ModuleHandle,
	/// Into [`Pools::struct_handles`](crate::Pools::struct_handles).
	StructHandleIndex: StructHandle,
	/// Into [`Pools::function_handles`](crate::Pools::function_handles).
	FunctionHandleIndex: FunctionHandle,
	/// Into [`Pools::function_instantiations`](crate::Pools::function_instantiations).
	FunctionInstantiationIndex: FunctionInstantiation,
	/// Into [`Pools::signatures`](crate::Pools::signatures).
	SignatureIndex: Signature,
	/// Into [`Pools::identifiers`](crate::Pools::identifiers).
	IdentifierIndex: Identifier,
	/// Into [`Pools::address_identifiers`](crate::Pools::address_identifiers).
	AddressIdentifierIndex: AddressIdentifier,
	/// Into [`Pools::constants`](crate::Pools::constants).
	ConstantPoolIndex: ConstantPool,
	/// Into [`CompiledModule::struct_defs`](crate::CompiledModule::struct_defs).
	StructDefinitionIndex: StructDefinition,
	/// Into [`CompiledModule::struct_def_instantiations`](crate::CompiledModule::struct_def_instantiations).
	StructDefInstantiationIndex: StructDefInstantiation,
	/// Into [`CompiledModule::function_defs`](crate::CompiledModule::function_defs).
	FunctionDefinitionIndex: FunctionDefinition,
	/// Into [`CompiledModule::field_handles`](crate::CompiledModule::field_handles).
	FieldHandleIndex: FieldHandle,
	/// Into [`CompiledModule::field_instantiations`](crate::CompiledModule::field_instantiations).
	FieldInstantiationIndex: FieldInstantiation,
	/// Into [`CompiledModule::variant_field_handles`](crate::CompiledModule::variant_field_handles).
	VariantFieldHandleIndex: VariantFieldHandle,
	/// Into [`CompiledModule::variant_field_instantiations`](crate::CompiledModule::variant_field_instantiations).
	VariantFieldInstantiationIndex: VariantFieldInstantiation,
	/// Into [`CompiledModule::struct_variant_handles`](crate::CompiledModule::struct_variant_handles).
	StructVariantHandleIndex: StructVariantHandle,
	/// Into [`CompiledModule::struct_variant_instantiations`](crate::CompiledModule::struct_variant_instantiations).
	StructVariantInstantiationIndex: StructVariantInstantiation,
}

/// A parameter or local of a function: parameters first.
pub type LocalIndex = u8;
/// A field of a struct or variant.
pub type MemberCount = u16;
/// A variant of an enum.
pub type VariantIndex = u16;
/// An instruction of a function.
pub type CodeOffset = u16;
/// A type parameter of a struct or function.
pub type TypeParameterIndex = u16;
