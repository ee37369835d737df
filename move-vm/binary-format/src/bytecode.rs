//! The instructions.

use move_vm_types::U256;

use crate::index::{
	CodeOffset, ConstantPoolIndex, FieldHandleIndex, FieldInstantiationIndex, FunctionHandleIndex,
	FunctionInstantiationIndex, LocalIndex, SignatureIndex, StructDefInstantiationIndex,
	StructDefinitionIndex, StructVariantHandleIndex, StructVariantInstantiationIndex,
	VariantFieldHandleIndex, VariantFieldInstantiationIndex,
};

/// One instruction. The stack grows to the right in the effects below.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bytecode {
	/// `[v] -> []`
	Pop,
	/// Ends the function; its results are on the stack.
	Ret,
	/// `[bool] -> []`, then jumps if it was true.
	BrTrue(CodeOffset),
	/// `[bool] -> []`, then jumps if it was false.
	BrFalse(CodeOffset),
	/// Jumps.
	Branch(CodeOffset),
	/// `[] -> [u8]`
	LdU8(u8),
	/// `[] -> [u16]`, since version 6.
	LdU16(u16),
	/// `[] -> [u32]`, since version 6.
	LdU32(u32),
	/// `[] -> [u64]`
	LdU64(u64),
	/// `[] -> [u128]`
	LdU128(u128),
	/// `[] -> [u256]`, since version 6.
	LdU256(alloc::boxed::Box<U256>),
	/// `[integer] -> [u8]`
	CastU8,
	/// `[integer] -> [u16]`, since version 6.
	CastU16,
	/// `[integer] -> [u32]`, since version 6.
	CastU32,
	/// `[integer] -> [u64]`
	CastU64,
	/// `[integer] -> [u128]`
	CastU128,
	/// `[integer] -> [u256]`, since version 6.
	CastU256,
	/// `[] -> [constant]`
	LdConst(ConstantPoolIndex),
	/// `[] -> [true]`
	LdTrue,
	/// `[] -> [false]`
	LdFalse,
	/// `[] -> [v]`, the local stays.
	CopyLoc(LocalIndex),
	/// `[] -> [v]`, the local is empty after it.
	MoveLoc(LocalIndex),
	/// `[v] -> []`
	StLoc(LocalIndex),
	/// `[arguments] -> [results]`
	Call(FunctionHandleIndex),
	/// `[arguments] -> [results]`
	CallGeneric(FunctionInstantiationIndex),
	/// `[fields] -> [struct]`
	Pack(StructDefinitionIndex),
	/// `[fields] -> [struct]`
	PackGeneric(StructDefInstantiationIndex),
	/// `[fields] -> [enum]`, since version 7.
	PackVariant(StructVariantHandleIndex),
	/// `[fields] -> [enum]`, since version 7.
	PackVariantGeneric(StructVariantInstantiationIndex),
	/// `[struct] -> [fields]`
	Unpack(StructDefinitionIndex),
	/// `[struct] -> [fields]`
	UnpackGeneric(StructDefInstantiationIndex),
	/// `[enum] -> [fields]`, fails for another variant; since version 7.
	UnpackVariant(StructVariantHandleIndex),
	/// `[enum] -> [fields]`, fails for another variant; since version 7.
	UnpackVariantGeneric(StructVariantInstantiationIndex),
	/// `[&enum] -> [bool]`, since version 7.
	TestVariant(StructVariantHandleIndex),
	/// `[&enum] -> [bool]`, since version 7.
	TestVariantGeneric(StructVariantInstantiationIndex),
	/// `[&T] -> [T]`
	ReadRef,
	/// `[T, &mut T] -> []`
	WriteRef,
	/// `[&mut T] -> [&T]`
	FreezeRef,
	/// `[] -> [&mut local]`
	MutBorrowLoc(LocalIndex),
	/// `[] -> [&local]`
	ImmBorrowLoc(LocalIndex),
	/// `[&mut struct] -> [&mut field]`
	MutBorrowField(FieldHandleIndex),
	/// `[&mut struct] -> [&mut field]`
	MutBorrowFieldGeneric(FieldInstantiationIndex),
	/// `[&struct] -> [&field]`
	ImmBorrowField(FieldHandleIndex),
	/// `[&struct] -> [&field]`
	ImmBorrowFieldGeneric(FieldInstantiationIndex),
	/// `[&mut enum] -> [&mut field]`, fails for a variant without it; since version 7.
	MutBorrowVariantField(VariantFieldHandleIndex),
	/// `[&mut enum] -> [&mut field]`, fails for a variant without it; since version 7.
	MutBorrowVariantFieldGeneric(VariantFieldInstantiationIndex),
	/// `[&enum] -> [&field]`, fails for a variant without it; since version 7.
	ImmBorrowVariantField(VariantFieldHandleIndex),
	/// `[&enum] -> [&field]`, fails for a variant without it; since version 7.
	ImmBorrowVariantFieldGeneric(VariantFieldInstantiationIndex),
	/// `[address] -> [&mut resource]`
	MutBorrowGlobal(StructDefinitionIndex),
	/// `[address] -> [&mut resource]`
	MutBorrowGlobalGeneric(StructDefInstantiationIndex),
	/// `[address] -> [&resource]`
	ImmBorrowGlobal(StructDefinitionIndex),
	/// `[address] -> [&resource]`
	ImmBorrowGlobalGeneric(StructDefInstantiationIndex),
	/// `[integer, integer] -> [integer]`, fails on overflow.
	Add,
	/// `[integer, integer] -> [integer]`, fails below zero.
	Sub,
	/// `[integer, integer] -> [integer]`, fails on overflow.
	Mul,
	/// `[integer, integer] -> [integer]`, fails for a divisor of zero.
	Mod,
	/// `[integer, integer] -> [integer]`, fails for a divisor of zero.
	Div,
	/// `[integer, integer] -> [integer]`
	BitOr,
	/// `[integer, integer] -> [integer]`
	BitAnd,
	/// `[integer, integer] -> [integer]`
	Xor,
	/// `[bool, bool] -> [bool]`
	Or,
	/// `[bool, bool] -> [bool]`
	And,
	/// `[bool] -> [bool]`
	Not,
	/// `[T, T] -> [bool]`
	Eq,
	/// `[T, T] -> [bool]`
	Neq,
	/// `[integer, integer] -> [bool]`
	Lt,
	/// `[integer, integer] -> [bool]`
	Gt,
	/// `[integer, integer] -> [bool]`
	Le,
	/// `[integer, integer] -> [bool]`
	Ge,
	/// `[u64] -> !`
	Abort,
	/// Nothing.
	Nop,
	/// `[address] -> [bool]`
	Exists(StructDefinitionIndex),
	/// `[address] -> [bool]`
	ExistsGeneric(StructDefInstantiationIndex),
	/// `[address] -> [resource]`
	MoveFrom(StructDefinitionIndex),
	/// `[address] -> [resource]`
	MoveFromGeneric(StructDefInstantiationIndex),
	/// `[&signer, resource] -> []`
	MoveTo(StructDefinitionIndex),
	/// `[&signer, resource] -> []`
	MoveToGeneric(StructDefInstantiationIndex),
	/// `[integer, u8] -> [integer]`, fails for a shift of the width or more.
	Shl,
	/// `[integer, u8] -> [integer]`, fails for a shift of the width or more.
	Shr,
	/// `[elements] -> [vector]`; the element's type and how many.
	VecPack(SignatureIndex, u64),
	/// `[&vector] -> [u64]`
	VecLen(SignatureIndex),
	/// `[&vector, u64] -> [&element]`
	VecImmBorrow(SignatureIndex),
	/// `[&mut vector, u64] -> [&mut element]`
	VecMutBorrow(SignatureIndex),
	/// `[&mut vector, element] -> []`
	VecPushBack(SignatureIndex),
	/// `[&mut vector] -> [element]`
	VecPopBack(SignatureIndex),
	/// `[vector] -> [elements]`, fails for another length.
	VecUnpack(SignatureIndex, u64),
	/// `[&mut vector, u64, u64] -> []`
	VecSwap(SignatureIndex),
}

impl Bytecode {
	/// Whether control never goes on to the next instruction.
	pub const fn is_unconditional_branch(&self) -> bool {
		matches!(self, Self::Ret | Self::Abort | Self::Branch(_))
	}

	/// Whether control goes on to the next instruction or elsewhere.
	pub const fn is_conditional_branch(&self) -> bool {
		matches!(self, Self::BrTrue(_) | Self::BrFalse(_))
	}

	/// Whether it ends a basic block.
	pub const fn is_branch(&self) -> bool {
		self.is_conditional_branch() || self.is_unconditional_branch()
	}

	/// Where it may jump to.
	pub const fn branch_target(&self) -> Option<CodeOffset> {
		match self {
			Self::Branch(target) | Self::BrTrue(target) | Self::BrFalse(target) => Some(*target),
			_ => None,
		}
	}
}
