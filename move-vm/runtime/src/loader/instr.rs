//! Instructions as the interpreter runs them: indices resolved, types of closed code known, jumps
//! with the price of the block they lead to, and frequent sequences fused into one.

use alloc::{boxed::Box, rc::Rc};

use super::access::Access;
use crate::{
	natives::NativeFunction,
	values::{IntegerWidth, Value, VectorKind},
};

/// A binary operation of a fused instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Op {
	Add,
	Sub,
	Mul,
	Div,
	Mod,
	Lt,
	Gt,
	Le,
	Ge,
	Eq,
	Neq,
}

/// Bits of the `moves` in fused instructions: which operand's local is moved from, not copied.
pub(crate) const MOVE_FIRST: u8 = 1;
/// The same for the second operand.
pub(crate) const MOVE_SECOND: u8 = 2;

/// An instruction. `target`s are places in [`Code::instructions`]; `taken` and `fall` are prices of
/// the blocks that follow.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Instr {
	/// Pays for a block that is entered from above.
	Charge(u32),
	Pop,
	Ret,
	BrTrue {
		target: u32,
		taken: u32,
		fall: u32,
	},
	BrFalse {
		target: u32,
		taken: u32,
		fall: u32,
	},
	Branch {
		target: u32,
		taken: u32,
	},
	LdBool(bool),
	LdU8(u8),
	LdU16(u16),
	LdU32(u32),
	LdU64(u64),
	/// A `u128` or `u256`, at a place in [`Code::wide`].
	LdWide(u32),
	/// A constant, at a place in the loader's table.
	LdConst(u32),
	CopyLoc(u8),
	MoveLoc(u8),
	StLoc(u8),
	/// A link in the loader's table.
	Call(u32),
	/// The same, and the instantiation that is the type arguments.
	CallGeneric {
		link: u32,
		arguments: u32,
	},
	Pack(u16),
	PackVariant {
		variant: u16,
		fields: u16,
	},
	Unpack(u16),
	UnpackVariant {
		variant: u16,
		fields: u16,
	},
	TestVariant(u16),
	/// Builds a type for its limits alone: before what packs and unpacks generic structs.
	CheckType(u32),
	ReadRef,
	WriteRef,
	BorrowLoc(u8),
	BorrowField(u16),
	/// A place in [`Code::variant_fields`].
	BorrowVariantField(u32),
	/// An instantiation that is the struct's type, as for all that concerns globals.
	BorrowGlobal(u32),
	BorrowGlobalMut(u32),
	Exists(u32),
	MoveFrom(u32),
	MoveTo(u32),
	Add,
	Sub,
	Mul,
	Mod,
	Div,
	BitOr,
	BitAnd,
	Xor,
	Shl,
	Shr,
	Or,
	And,
	Not,
	Eq,
	Neq,
	Lt,
	Gt,
	Le,
	Ge,
	Cast(IntegerWidth),
	Abort,
	VecPack {
		kind: VectorKind,
		count: u16,
	},
	/// An instantiation that is the element's type.
	VecPackGeneric {
		element: u32,
		count: u16,
	},
	VecLen,
	VecBorrow,
	VecPushBack,
	VecPopBack,
	VecUnpack(u16),
	VecSwap,

	// Fused: from here on.
	/// local, local, operation
	LocLoc {
		op: Op,
		moves: u8,
		left: u8,
		right: u8,
	},
	/// local, local, operation, `StLoc`
	LocLocSt {
		op: Op,
		moves: u8,
		left: u8,
		right: u8,
		to: u8,
	},
	/// local, local, comparison, branch if it is `sense`
	LocLocBr {
		op: Op,
		moves: u8,
		left: u8,
		right: u8,
		branch: u32,
	},
	/// local, `LdU64`, operation
	LocImm {
		op: Op,
		moves: u8,
		left: u8,
		right: u64,
	},
	/// local, `LdU64`, operation, `StLoc`
	LocImmSt {
		op: Op,
		moves: u8,
		left: u8,
		to: u8,
		right: u64,
	},
	/// local, `LdU64`, comparison, branch
	LocImmBr {
		op: Op,
		moves: u8,
		left: u8,
		branch: u32,
		right: u64,
	},
	/// `LdU64`, operation
	StackImm {
		op: Op,
		right: u64,
	},
	/// local, operation
	StackLoc {
		op: Op,
		moves: u8,
		right: u8,
	},
	/// comparison, branch
	CmpBr {
		op: Op,
		branch: u32,
	},
	/// operation, `StLoc`
	OpSt {
		op: Op,
		to: u8,
	},
	/// local that is a reference, borrow of a field, `ReadRef`
	LocFieldRead {
		moves: u8,
		local: u8,
		field: u16,
	},
	/// borrow of a local, borrow of a field, `ReadRef`
	LocalFieldRead {
		local: u8,
		field: u16,
	},
	/// borrow of a field, `ReadRef`
	FieldRead(u16),
	/// local that is a reference, borrow of a field, `WriteRef`
	LocFieldWrite {
		moves: u8,
		local: u8,
		field: u16,
	},
	/// borrow of a field, `WriteRef`
	FieldWrite(u16),
	/// borrow of a local, borrow of a field
	LocalField {
		local: u8,
		field: u16,
	},
	/// local that is a reference, borrow of a field
	LocField {
		moves: u8,
		local: u8,
		field: u16,
	},
	/// borrow of an element, `ReadRef`
	VecRead,
	/// local that is a vector's reference, local that is an index, borrow, `ReadRef`
	LocLocVecRead {
		moves: u8,
		vector: u8,
		index: u8,
	},
	/// `MoveLoc`, `StLoc`; or `CopyLoc`, `StLoc`
	LocSt {
		moves: u8,
		from: u8,
		to: u8,
	},
	/// `LdU64`, `StLoc`
	ImmSt {
		to: u8,
		value: u64,
	},
}

// What the interpreter fetches at each step.
const _: () = assert!(core::mem::size_of::<Instr>() <= 16);

/// A conditional jump of a fused instruction.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Jump {
	/// Jumps if the comparison gives this.
	pub(crate) sense: bool,
	pub(crate) target: u32,
	pub(crate) taken: u32,
	pub(crate) fall: u32,
}

/// A field that variants of an enum share.
#[derive(Clone, Debug)]
pub(crate) struct VariantField {
	pub(crate) variants: Box<[u16]>,
	pub(crate) field: u32,
}

/// The code of a function.
#[derive(Debug)]
pub(crate) struct Code {
	pub(crate) instructions: Box<[Instr]>,
	/// For each instruction, the place in the binary's code of the one it stands for; of the
	/// one that can fail of those that are fused.
	pub(crate) offsets: Box<[u16]>,
	pub(crate) wide: Box<[Value]>,
	pub(crate) variant_fields: Box<[VariantField]>,
	pub(crate) jumps: Box<[Jump]>,
	/// Whether a result may be a reference.
	pub(crate) returns_references: bool,
}

/// What a function consists of.
pub(crate) enum Body {
	Code(Code),
	Native(NativeFunction),
}

/// A function, ready to run.
pub(crate) struct Function {
	/// The loader's unit that it belongs to.
	pub(crate) unit: u32,
	/// Its definition there.
	pub(crate) definition: u16,
	pub(crate) parameters: u16,
	/// Parameters and other locals.
	pub(crate) locals: u16,
	pub(crate) returns: u16,
	/// Price of its locals and its first block.
	pub(crate) entry: u32,
	/// Which resources it and what it calls may touch; `None` is all.
	pub(crate) access: Option<Rc<Access>>,
	pub(crate) body: Body,
}

impl Function {
	/// The place in the binary's code that `place` stands for.
	pub(crate) fn offset(&self, place: usize) -> u16 {
		match &self.body {
			Body::Code(code) => code.offsets.get(place).copied().unwrap_or(0),
			Body::Native(_) => 0,
		}
	}
}
