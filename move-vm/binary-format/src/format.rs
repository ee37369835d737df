//! The numbers of the binary format: marks, kinds, counts and opcodes, for the serializer and the
//! deserializer alike.

/// What every binary begins with.
pub(crate) const MAGIC: [u8; 4] = [0xA1, 0x1C, 0xEB, 0x0B];
/// What the compilers of Aptos set in the version word from version 7 on.
pub(crate) const FLAVOUR_MARK: u32 = 0x0A00_0000;
/// First version that is read and written.
pub const MIN_VERSION: u32 = 5;
/// Last version that is read and written.
pub const MAX_VERSION: u32 = 7;
/// First version with `u16`, `u32` and `u256`.
pub(crate) const VERSION_6: u32 = 6;
/// First version with enums and access specifiers.
pub(crate) const VERSION_7: u32 = 7;

/// Elements that an index can name.
pub(crate) const TABLE_ELEMENTS_MAX: usize = 65_536;
/// Largest index.
pub(crate) const INDEX_MAX: u64 = 65_535;
/// Most tables; there are fewer kinds, so this only bounds the number's form.
pub(crate) const TABLE_COUNT_MAX: u64 = 255;
/// Largest offset and size of a table, bytes.
pub(crate) const TABLE_BYTES_MAX: u64 = 0xFFFF_FFFF;
/// Most bytes of an identifier.
pub(crate) const IDENTIFIER_BYTES_MAX: u16 = 255;
/// Most bytes of a constant.
pub(crate) const CONSTANT_BYTES_MAX: u64 = 65_535;
/// Most bytes of a key in the metadata.
pub(crate) const METADATA_KEY_BYTES_MAX: u64 = 1023;
/// Most bytes of a value in the metadata.
pub(crate) const METADATA_VALUE_BYTES_MAX: u64 = 65_535;
/// Most types in a signature.
pub(crate) const SIGNATURE_COUNT_MAX: u64 = 255;
/// Deepest nesting of a type, itself counted.
pub(crate) const TYPE_DEPTH_MAX: usize = 256;
/// Most type parameters of a struct or function, and most type arguments.
pub(crate) const TYPE_PARAMETER_COUNT_MAX: u64 = 255;
/// Most structs in an `acquires` list.
pub(crate) const ACQUIRES_COUNT_MAX: u64 = 255;
/// Most fields of a struct or variant.
pub(crate) const FIELD_COUNT_MAX: u64 = 255;
/// Largest place of a field.
pub(crate) const FIELD_PLACE_MAX: u64 = 255;
/// Most variants of an enum.
pub(crate) const VARIANT_COUNT_MAX: u64 = 127;
/// Largest place of a variant.
pub(crate) const VARIANT_PLACE_MAX: u64 = 127;
/// Most access specifiers of a function.
pub(crate) const ACCESS_SPECIFIER_COUNT_MAX: u64 = 64;
/// Most instructions of a function.
pub(crate) const CODE_COUNT_MAX: u64 = 65_535;
/// Largest local.
pub(crate) const LOCAL_MAX: u64 = 255;

/// Bit of a function definition's flags: it is native.
pub(crate) const FLAG_NATIVE: u8 = 0x2;
/// Bit of a function definition's flags: it is an entry.
pub(crate) const FLAG_ENTRY: u8 = 0x4;

/// Kinds of tables.
pub(crate) mod table {
	pub const MODULE_HANDLES: u8 = 0x1;
	pub const STRUCT_HANDLES: u8 = 0x2;
	pub const FUNCTION_HANDLES: u8 = 0x3;
	pub const FUNCTION_INSTANTIATIONS: u8 = 0x4;
	pub const SIGNATURES: u8 = 0x5;
	pub const CONSTANTS: u8 = 0x6;
	pub const IDENTIFIERS: u8 = 0x7;
	pub const ADDRESS_IDENTIFIERS: u8 = 0x8;
	pub const STRUCT_DEFS: u8 = 0xA;
	pub const STRUCT_DEF_INSTANTIATIONS: u8 = 0xB;
	pub const FUNCTION_DEFS: u8 = 0xC;
	pub const FIELD_HANDLES: u8 = 0xD;
	pub const FIELD_INSTANTIATIONS: u8 = 0xE;
	pub const FRIEND_DECLARATIONS: u8 = 0xF;
	pub const METADATA: u8 = 0x10;
	pub const VARIANT_FIELD_HANDLES: u8 = 0x11;
	pub const VARIANT_FIELD_INSTANTIATIONS: u8 = 0x12;
	pub const STRUCT_VARIANT_HANDLES: u8 = 0x13;
	pub const STRUCT_VARIANT_INSTANTIATIONS: u8 = 0x14;
}

/// First bytes of types.
pub(crate) mod token {
	pub const BOOL: u8 = 0x1;
	pub const U8: u8 = 0x2;
	pub const U64: u8 = 0x3;
	pub const U128: u8 = 0x4;
	pub const ADDRESS: u8 = 0x5;
	pub const REFERENCE: u8 = 0x6;
	pub const MUTABLE_REFERENCE: u8 = 0x7;
	pub const STRUCT: u8 = 0x8;
	pub const TYPE_PARAMETER: u8 = 0x9;
	pub const VECTOR: u8 = 0xA;
	pub const STRUCT_INSTANTIATION: u8 = 0xB;
	pub const SIGNER: u8 = 0xC;
	pub const U16: u8 = 0xD;
	pub const U32: u8 = 0xE;
	pub const U256: u8 = 0xF;
}

/// What a struct consists of.
pub(crate) mod fields {
	pub const NATIVE: u8 = 0x1;
	pub const DECLARED: u8 = 0x2;
	pub const VARIANTS: u8 = 0x3;
}

/// Who may call a function.
pub(crate) mod visibility {
	pub const PRIVATE: u8 = 0x0;
	pub const PUBLIC: u8 = 0x1;
	pub const FRIEND: u8 = 0x3;
}

/// `None` and `Some`, `false` and `true`.
pub(crate) mod flag {
	pub const NO: u8 = 0x1;
	pub const YES: u8 = 0x2;
}

/// Marks in access specifiers.
pub(crate) mod access {
	pub const READS: u8 = 0x1;
	pub const WRITES: u8 = 0x2;
	pub const ACQUIRES: u8 = 0x3;

	pub const RESOURCE_ANY: u8 = 0x1;
	pub const RESOURCE_AT_ADDRESS: u8 = 0x2;
	pub const RESOURCE_IN_MODULE: u8 = 0x3;
	pub const RESOURCE: u8 = 0x4;
	pub const RESOURCE_INSTANTIATION: u8 = 0x5;

	pub const ADDRESS_ANY: u8 = 0x1;
	pub const ADDRESS_LITERAL: u8 = 0x2;
	pub const ADDRESS_PARAMETER: u8 = 0x3;
}

/// Types that versions 8 and 9 define, of functions and signed integers: known, so that the error
/// tells them from garbage.
pub(crate) const LATER_TOKENS: core::ops::RangeInclusive<u8> = 0x10..=0x16;
/// Opcodes that versions 8 to 10 define: known for the same reason.
pub(crate) const LATER_OPCODES: core::ops::RangeInclusive<u8> = 0x58..=0x68;

/// Calls the macro `$with` with one line per instruction: opcode, first version, name, operands in
/// order. An operand is named by the method of `Cursor` that reads and of `Writer` that writes it.
macro_rules! instructions {
	($with:ident) => {
		$with! {
			0x01, 5, Pop;
			0x02, 5, Ret;
			0x03, 5, BrTrue(code_offset);
			0x04, 5, BrFalse(code_offset);
			0x05, 5, Branch(code_offset);
			0x06, 5, LdU64(fixed_u64);
			0x07, 5, LdConst(index);
			0x08, 5, LdTrue;
			0x09, 5, LdFalse;
			0x0A, 5, CopyLoc(local);
			0x0B, 5, MoveLoc(local);
			0x0C, 5, StLoc(local);
			0x0D, 5, MutBorrowLoc(local);
			0x0E, 5, ImmBorrowLoc(local);
			0x0F, 5, MutBorrowField(index);
			0x10, 5, ImmBorrowField(index);
			0x11, 5, Call(index);
			0x12, 5, Pack(index);
			0x13, 5, Unpack(index);
			0x14, 5, ReadRef;
			0x15, 5, WriteRef;
			0x16, 5, Add;
			0x17, 5, Sub;
			0x18, 5, Mul;
			0x19, 5, Mod;
			0x1A, 5, Div;
			0x1B, 5, BitOr;
			0x1C, 5, BitAnd;
			0x1D, 5, Xor;
			0x1E, 5, Or;
			0x1F, 5, And;
			0x20, 5, Not;
			0x21, 5, Eq;
			0x22, 5, Neq;
			0x23, 5, Lt;
			0x24, 5, Gt;
			0x25, 5, Le;
			0x26, 5, Ge;
			0x27, 5, Abort;
			0x28, 5, Nop;
			0x29, 5, Exists(index);
			0x2A, 5, MutBorrowGlobal(index);
			0x2B, 5, ImmBorrowGlobal(index);
			0x2C, 5, MoveFrom(index);
			0x2D, 5, MoveTo(index);
			0x2E, 5, FreezeRef;
			0x2F, 5, Shl;
			0x30, 5, Shr;
			0x31, 5, LdU8(fixed_u8);
			0x32, 5, LdU128(fixed_u128);
			0x33, 5, CastU8;
			0x34, 5, CastU64;
			0x35, 5, CastU128;
			0x36, 5, MutBorrowFieldGeneric(index);
			0x37, 5, ImmBorrowFieldGeneric(index);
			0x38, 5, CallGeneric(index);
			0x39, 5, PackGeneric(index);
			0x3A, 5, UnpackGeneric(index);
			0x3B, 5, ExistsGeneric(index);
			0x3C, 5, MutBorrowGlobalGeneric(index);
			0x3D, 5, ImmBorrowGlobalGeneric(index);
			0x3E, 5, MoveFromGeneric(index);
			0x3F, 5, MoveToGeneric(index);
			0x40, 5, VecPack(index, fixed_u64);
			0x41, 5, VecLen(index);
			0x42, 5, VecImmBorrow(index);
			0x43, 5, VecMutBorrow(index);
			0x44, 5, VecPushBack(index);
			0x45, 5, VecPopBack(index);
			0x46, 5, VecUnpack(index, fixed_u64);
			0x47, 5, VecSwap(index);
			0x48, 6, LdU16(fixed_u16);
			0x49, 6, LdU32(fixed_u32);
			0x4A, 6, LdU256(fixed_u256);
			0x4B, 6, CastU16;
			0x4C, 6, CastU32;
			0x4D, 6, CastU256;
			0x4E, 7, ImmBorrowVariantField(index);
			0x4F, 7, MutBorrowVariantField(index);
			0x50, 7, ImmBorrowVariantFieldGeneric(index);
			0x51, 7, MutBorrowVariantFieldGeneric(index);
			0x52, 7, PackVariant(index);
			0x53, 7, PackVariantGeneric(index);
			0x54, 7, UnpackVariant(index);
			0x55, 7, UnpackVariantGeneric(index);
			0x56, 7, TestVariant(index);
			0x57, 7, TestVariantGeneric(index);
		}
	};
}
pub(crate) use instructions;
