//! Reads the instructions of a function from the binary, when the function is first called.

use alloc::boxed::Box;

use move_vm_binary_format::{
	bytecode::Bytecode,
	index::{
		ConstantPoolIndex, FieldHandleIndex, FieldInstantiationIndex, FunctionHandleIndex,
		FunctionInstantiationIndex, SignatureIndex, StructDefInstantiationIndex,
		StructDefinitionIndex, StructVariantHandleIndex, StructVariantInstantiationIndex,
		VariantFieldHandleIndex, VariantFieldInstantiationIndex,
	},
};
use move_vm_types::{VmResult, U256};

use super::cursor::{corrupt, Cursor};

/// The next instruction.
pub(crate) fn read_instruction(cursor: &mut Cursor<'_>) -> VmResult<Bytecode> {
	use Bytecode as B;
	macro_rules! indexed {
		($variant:ident, $index:ident) => {
			B::$variant($index(cursor.index()?))
		};
	}
	Ok(match cursor.u8()? {
		0x01 => B::Pop,
		0x02 => B::Ret,
		0x03 => B::BrTrue(cursor.index()?),
		0x04 => B::BrFalse(cursor.index()?),
		0x05 => B::Branch(cursor.index()?),
		0x06 => B::LdU64(u64::from_le_bytes(cursor.array()?)),
		0x07 => indexed!(LdConst, ConstantPoolIndex),
		0x08 => B::LdTrue,
		0x09 => B::LdFalse,
		0x0A => B::CopyLoc(local(cursor)?),
		0x0B => B::MoveLoc(local(cursor)?),
		0x0C => B::StLoc(local(cursor)?),
		0x0D => B::MutBorrowLoc(local(cursor)?),
		0x0E => B::ImmBorrowLoc(local(cursor)?),
		0x0F => indexed!(MutBorrowField, FieldHandleIndex),
		0x10 => indexed!(ImmBorrowField, FieldHandleIndex),
		0x11 => indexed!(Call, FunctionHandleIndex),
		0x12 => indexed!(Pack, StructDefinitionIndex),
		0x13 => indexed!(Unpack, StructDefinitionIndex),
		0x14 => B::ReadRef,
		0x15 => B::WriteRef,
		0x16 => B::Add,
		0x17 => B::Sub,
		0x18 => B::Mul,
		0x19 => B::Mod,
		0x1A => B::Div,
		0x1B => B::BitOr,
		0x1C => B::BitAnd,
		0x1D => B::Xor,
		0x1E => B::Or,
		0x1F => B::And,
		0x20 => B::Not,
		0x21 => B::Eq,
		0x22 => B::Neq,
		0x23 => B::Lt,
		0x24 => B::Gt,
		0x25 => B::Le,
		0x26 => B::Ge,
		0x27 => B::Abort,
		0x28 => B::Nop,
		0x29 => indexed!(Exists, StructDefinitionIndex),
		0x2A => indexed!(MutBorrowGlobal, StructDefinitionIndex),
		0x2B => indexed!(ImmBorrowGlobal, StructDefinitionIndex),
		0x2C => indexed!(MoveFrom, StructDefinitionIndex),
		0x2D => indexed!(MoveTo, StructDefinitionIndex),
		0x2E => B::FreezeRef,
		0x2F => B::Shl,
		0x30 => B::Shr,
		0x31 => B::LdU8(cursor.u8()?),
		0x32 => B::LdU128(u128::from_le_bytes(cursor.array()?)),
		0x33 => B::CastU8,
		0x34 => B::CastU64,
		0x35 => B::CastU128,
		0x36 => indexed!(MutBorrowFieldGeneric, FieldInstantiationIndex),
		0x37 => indexed!(ImmBorrowFieldGeneric, FieldInstantiationIndex),
		0x38 => indexed!(CallGeneric, FunctionInstantiationIndex),
		0x39 => indexed!(PackGeneric, StructDefInstantiationIndex),
		0x3A => indexed!(UnpackGeneric, StructDefInstantiationIndex),
		0x3B => indexed!(ExistsGeneric, StructDefInstantiationIndex),
		0x3C => indexed!(MutBorrowGlobalGeneric, StructDefInstantiationIndex),
		0x3D => indexed!(ImmBorrowGlobalGeneric, StructDefInstantiationIndex),
		0x3E => indexed!(MoveFromGeneric, StructDefInstantiationIndex),
		0x3F => indexed!(MoveToGeneric, StructDefInstantiationIndex),
		0x40 => B::VecPack(signature(cursor)?, u64::from_le_bytes(cursor.array()?)),
		0x41 => B::VecLen(signature(cursor)?),
		0x42 => B::VecImmBorrow(signature(cursor)?),
		0x43 => B::VecMutBorrow(signature(cursor)?),
		0x44 => B::VecPushBack(signature(cursor)?),
		0x45 => B::VecPopBack(signature(cursor)?),
		0x46 => B::VecUnpack(signature(cursor)?, u64::from_le_bytes(cursor.array()?)),
		0x47 => B::VecSwap(signature(cursor)?),
		0x48 => B::LdU16(u16::from_le_bytes(cursor.array()?)),
		0x49 => B::LdU32(u32::from_le_bytes(cursor.array()?)),
		0x4A => B::LdU256(Box::new(U256::from_le_bytes(cursor.array::<32>()?))),
		0x4B => B::CastU16,
		0x4C => B::CastU32,
		0x4D => B::CastU256,
		0x4E => indexed!(ImmBorrowVariantField, VariantFieldHandleIndex),
		0x4F => indexed!(MutBorrowVariantField, VariantFieldHandleIndex),
		0x50 => indexed!(ImmBorrowVariantFieldGeneric, VariantFieldInstantiationIndex),
		0x51 => indexed!(MutBorrowVariantFieldGeneric, VariantFieldInstantiationIndex),
		0x52 => indexed!(PackVariant, StructVariantHandleIndex),
		0x53 => indexed!(PackVariantGeneric, StructVariantInstantiationIndex),
		0x54 => indexed!(UnpackVariant, StructVariantHandleIndex),
		0x55 => indexed!(UnpackVariantGeneric, StructVariantInstantiationIndex),
		0x56 => indexed!(TestVariant, StructVariantHandleIndex),
		0x57 => indexed!(TestVariantGeneric, StructVariantInstantiationIndex),
		_ => return Err(corrupt()),
	})
}

fn local(cursor: &mut Cursor<'_>) -> VmResult<u8> {
	u8::try_from(cursor.uleb()?).map_err(|_| corrupt())
}

fn signature(cursor: &mut Cursor<'_>) -> VmResult<SignatureIndex> {
	cursor.index().map(SignatureIndex)
}
