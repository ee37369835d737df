//! What things cost, in internal gas units of a tenth of a nanosecond of the native interpreter on
//! the reference machine.
//!
//! Instructions are charged by basic block, when it is entered; what depends on the size of a value
//! is charged when the size is known and before the work. Everything that was ever allocated was
//! paid for together with its release.

use move_vm_binary_format::bytecode::Bytecode;

use crate::values::{IntegerWidth, Value};

/// An instruction that moves a scalar or computes with scalars.
pub const SIMPLE: u32 = 60;
/// An instruction that follows or lengthens a reference.
pub const REFERENCE: u32 = 160;
/// An instruction on integers; those of more than 64 bits pay more, see [`Wide`].
pub const ARITHMETIC: u32 = 90;
/// A cast.
pub const CAST: u32 = 180;
/// Division of up to 64 bits.
pub const DIVISION: u32 = 160;

/// What an operation on integers takes beside the instruction's price, which is that of 64 bits, the
/// only width that the loop knows itself: charged when the operands are known. In wasm 128 bits are
/// two numbers of 64, and 256 bits an allocation of their own; the product of two numbers of 64 bits is
/// made from smaller ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wide {
	/// For `u128`.
	pub(crate) bits_128: u64,
	/// For `u256`.
	pub(crate) bits_256: u64,
}

impl Wide {
	/// Sums, differences, bits, shifts.
	pub(crate) const SUM: Self = Self::new(80, 1_600);
	/// Products.
	pub(crate) const PRODUCT: Self = Self::new(300, 2_000);
	/// Quotients and remainders.
	pub(crate) const QUOTIENT: Self = Self::new(900, 3_600);
	/// Comparisons.
	pub(crate) const ORDER: Self = Self::new(80, 1_400);
	/// Casts to another width, by the wider of the two.
	pub(crate) const CAST: Self = Self::new(200, 1_200);

	const fn new(bits_128: u64, bits_256: u64) -> Self {
		Self { bits_128, bits_256 }
	}

	/// For an operand; 0 for one of 64 bits, and for what is no number.
	#[inline]
	pub(crate) fn of(self, operand: &Value) -> u64 {
		/// Up to 32 bits.
		const NARROW: u64 = 60;
		match operand {
			Value::U8(_) | Value::U16(_) | Value::U32(_) => NARROW,
			Value::U128(_) => self.bits_128,
			Value::Large(_) => self.bits_256,
			_ => 0,
		}
	}

	/// For a cast of an operand to a width.
	#[inline]
	pub(crate) fn to(self, operand: &Value, width: IntegerWidth) -> u64 {
		self.of(operand).max(match width {
			IntegerWidth::U128 => self.bits_128,
			IntegerWidth::U256 => self.bits_256,
			_ => 0,
		})
	}
}

/// A call: a frame and the switch to other code.
pub const CALL: u32 = 400;
/// A local of a called function: it is cleared and dropped.
pub const LOCAL: u32 = 30;
/// Making a `u256` from the code: an allocation and its release.
pub const LOAD_U256: u32 = 700;
/// Looking up the type arguments of generic code.
pub const INSTANTIATE: u32 = 160;
/// Packing or unpacking: an allocation and its release.
pub const PACK: u32 = 500;
/// A field or element that is packed or unpacked.
pub const FIELD: u32 = 40;
/// An operation on a vector behind a reference; growth is amortised.
pub const VECTOR: u32 = 260;
/// Finding a resource that the session has already touched.
pub const GLOBAL: u32 = 1_500;
/// Evaluating an access specifier, or holding an access against it.
pub const ACCESS_CLAUSE: u64 = 300;
/// Leaving a native function's frame of arguments; natives charge for their work themselves.
pub const NATIVE_CALL: u64 = 300;
/// A byte, by [`Value::size`](crate::values::Value::size), of a value that is copied or loaded from
/// the constants: copying and releasing it.
pub const COPY_BYTE: u64 = 6;
/// A byte of memory that a vector takes when it has grown: moving half of it and touching the rest.
pub const GROW_BYTE: u64 = 2;
/// A vector that grows: a block and the release of another.
pub const GROW: u64 = 400;
/// A step of a reference's path beyond the few that take no time.
pub const PATH_STEP: u64 = 24;
/// Lengthening a path that is long: now and then it moves.
pub const LENGTHEN: u64 = 160;
/// A byte of all values when their memory is measured.
pub const MEASURE_BYTE: u64 = 1;
/// A local or a value on the stack, when memory is measured.
pub const MEASURE_VALUE: u64 = 20;
/// A byte of a value that is compared.
pub const COMPARE_BYTE: u64 = 4;
/// A comparison of values that are not numbers of 64 bits.
pub const COMPARE: u64 = 300;
/// A byte of a value that is made from BCS or turned into it.
pub const BCS_BYTE: u64 = 8;
/// A type that is built for the first time in a session.
pub const TYPE: u64 = 2_000;
/// A type, or part of one, that is looked up or named.
pub const TYPE_NODE: u64 = 1_600;
/// A module or script that is loaded: lookups and allocations.
pub const LOAD_MODULE: u64 = 20_000;
/// A byte of a module that is loaded: it is copied from the host and its tables are scanned.
pub const LOAD_MODULE_BYTE: u64 = 20;
/// A function that is called for the first time in a session.
pub const LOAD_FUNCTION: u64 = 5_000;
/// An instruction of a function that is called for the first time in a session.
pub const LOAD_INSTRUCTION: u64 = 250;
/// Comparing a name while a function or struct is looked for.
pub const COMPARE_NAME: u64 = 150;
/// Reading the chain's storage, besides what the host charges for it.
pub const STORAGE_READ: u64 = 30_000;
/// A byte read from the chain's storage.
pub const STORAGE_READ_BYTE: u64 = 20;
/// Writing to the chain's storage, besides what the host charges for it.
pub const STORAGE_WRITE: u64 = 50_000;
/// A byte written to the chain's storage.
pub const STORAGE_WRITE_BYTE: u64 = 40;
/// An event.
pub const EVENT: u64 = 10_000;
/// A byte of an event.
pub const EVENT_BYTE: u64 = 30;
/// The native balance of an account.
pub const BALANCE: u64 = 50_000;
/// A handle for a new table.
pub const TABLE_HANDLE: u64 = 30_000;
/// A byte of a binary that is published, or of a script, or of a module that one of them is linked
/// against: deserialising it.
pub const VERIFY_BYTE: u64 = 200;
/// A unit of the verifier's meter.
pub const VERIFY_UNIT: u64 = 60;
/// A binary that is published, and a script.
pub const VERIFY: u64 = 100_000;
/// An argument or result of a transaction's call.
pub const ARGUMENT: u64 = 1_000;

/// The part of an instruction's price that does not depend on values.
pub(crate) fn instruction(instruction: &Bytecode) -> u32 {
	use Bytecode as B;
	let fields = |count: u64| {
		u32::try_from(count)
			.unwrap_or(u32::MAX)
			.saturating_mul(FIELD)
			.saturating_add(PACK)
	};
	match instruction {
		B::Nop | B::FreezeRef => SIMPLE / 2,
		B::Pop
		| B::Ret
		| B::BrTrue(_)
		| B::BrFalse(_)
		| B::Branch(_)
		| B::LdU8(_)
		| B::LdU16(_)
		| B::LdU32(_)
		| B::LdU64(_)
		| B::LdTrue
		| B::LdFalse
		| B::CopyLoc(_)
		| B::MoveLoc(_)
		| B::StLoc(_)
		| B::MutBorrowLoc(_)
		| B::ImmBorrowLoc(_)
		| B::Or
		| B::And
		| B::Not
		| B::Abort => SIMPLE,
		B::LdU256(_) => ARITHMETIC.saturating_add(LOAD_U256),
		B::CastU8 | B::CastU16 | B::CastU32 | B::CastU64 | B::CastU128 | B::CastU256 => CAST,
		B::LdU128(_)
		| B::LdConst(_)
		| B::Add
		| B::Sub
		| B::Mul
		| B::BitOr
		| B::BitAnd
		| B::Xor
		| B::Shl
		| B::Shr
		| B::Eq
		| B::Neq
		| B::Lt
		| B::Gt
		| B::Le
		| B::Ge => ARITHMETIC,
		B::Mod | B::Div => DIVISION,
		B::Call(_) => CALL,
		B::CallGeneric(_) => CALL.saturating_add(INSTANTIATE),
		// Fields are added where the definition is at hand.
		B::Pack(_) | B::PackVariant(_) | B::Unpack(_) | B::UnpackVariant(_) => PACK,
		B::PackGeneric(_)
		| B::PackVariantGeneric(_)
		| B::UnpackGeneric(_)
		| B::UnpackVariantGeneric(_) => PACK.saturating_add(INSTANTIATE),
		B::TestVariant(_)
		| B::TestVariantGeneric(_)
		| B::ReadRef
		| B::WriteRef
		| B::MutBorrowField(_)
		| B::MutBorrowFieldGeneric(_)
		| B::ImmBorrowField(_)
		| B::ImmBorrowFieldGeneric(_)
		| B::MutBorrowVariantField(_)
		| B::MutBorrowVariantFieldGeneric(_)
		| B::ImmBorrowVariantField(_)
		| B::ImmBorrowVariantFieldGeneric(_) => REFERENCE,
		B::MutBorrowGlobal(_)
		| B::ImmBorrowGlobal(_)
		| B::Exists(_)
		| B::MoveFrom(_)
		| B::MoveTo(_) => GLOBAL,
		B::MutBorrowGlobalGeneric(_)
		| B::ImmBorrowGlobalGeneric(_)
		| B::ExistsGeneric(_)
		| B::MoveFromGeneric(_)
		| B::MoveToGeneric(_) => GLOBAL.saturating_add(INSTANTIATE),
		B::VecPack(_, count) | B::VecUnpack(_, count) => fields(*count),
		B::VecLen(_)
		| B::VecImmBorrow(_)
		| B::VecMutBorrow(_)
		| B::VecPushBack(_)
		| B::VecPopBack(_)
		| B::VecSwap(_) => VECTOR,
	}
}
