//! Checks that locals have a value when they are used.
//!
//! Property: a local is copied, moved or borrowed only where it has a value on every way there; a
//! value without `drop` is not overwritten, and not left in a local at `Ret`, on any way there.
//!
//! The state is two sets of locals: those that may have a value (on some way) and those that must
//! (on every way). A join unites the first and intersects the second.

use move_vm_binary_format::{
	index::{CodeOffset, LocalIndex},
	Bytecode,
};
use move_vm_types::{StatusCode, VmError, VmResult};

use crate::{
	absint::{analyse, Analysis},
	meter::Meter,
	type_safety::types::{Type, TypeContext},
	view::FunctionView,
};

/// A set of locals, one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LocalSet([u64; 4]);

impl LocalSet {
	/// Whether `local` is in it.
	pub fn contains(&self, local: LocalIndex) -> bool {
		let word = self.0.get(usize::from(local >> 6)).copied().unwrap_or(0);
		word & (1 << (local & 63)) != 0
	}

	/// Puts `local` in.
	pub fn insert(&mut self, local: LocalIndex) {
		if let Some(word) = self.0.get_mut(usize::from(local >> 6)) {
			*word |= 1 << (local & 63);
		}
	}

	/// Takes `local` out.
	pub fn remove(&mut self, local: LocalIndex) {
		if let Some(word) = self.0.get_mut(usize::from(local >> 6)) {
			*word &= !(1 << (local & 63));
		}
	}

	/// What is in either.
	#[must_use]
	pub fn union(mut self, other: &Self) -> Self {
		self.0.iter_mut().zip(other.0).for_each(|(a, b)| *a |= b);
		self
	}

	/// What is in both.
	#[must_use]
	pub fn intersection(mut self, other: &Self) -> Self {
		self.0.iter_mut().zip(other.0).for_each(|(a, b)| *a &= b);
		self
	}

	/// Whether nothing is in it.
	pub fn is_empty(&self) -> bool {
		*self == Self::default()
	}
}

/// Which locals have a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct State {
	/// On some way here.
	may: LocalSet,
	/// On every way here.
	must: LocalSet,
}

/// Units for a state compared or copied.
const STATE_COST: u64 = 2;

struct LocalsSafety<'a> {
	function: &'a FunctionView<'a>,
	/// Locals whose values cannot be dropped.
	without_drop: LocalSet,
	state: State,
}

/// Checks the locals of a function.
///
/// # Errors
/// `STLOC_UNSAFE_TO_DESTROY_ERROR`, `MOVELOC_UNAVAILABLE_ERROR`, `COPYLOC_UNAVAILABLE_ERROR`,
/// `BORROWLOC_UNAVAILABLE_ERROR`, `UNSAFE_RET_UNUSED_VALUES_WITHOUT_DROP`; `PROGRAM_TOO_COMPLEX`.
pub fn verify(function: &FunctionView<'_>, meter: &mut Meter) -> VmResult<()> {
	meter.charge_count(function.local_count())?;
	let context = TypeContext::new(function);
	let mut initial = State::default();
	let mut without_drop = LocalSet::default();
	for (local, token) in (0..=LocalIndex::MAX).zip(function.all_locals()) {
		if usize::from(local) < function.parameters.len() {
			initial.may.insert(local);
			initial.must.insert(local);
		}
		if !context
			.abilities(&Type::new(token, &[])?, meter)?
			.has_drop()
		{
			without_drop.insert(local);
		}
	}
	let mut pass = LocalsSafety {
		function,
		without_drop,
		state: initial,
	};
	analyse(&mut pass, initial, function, meter)
}

impl LocalsSafety<'_> {
	fn error(&self, status: StatusCode, offset: CodeOffset) -> VmError {
		self.function.error(status, offset)
	}

	/// Fails with `status` unless `local` has a value on every way.
	fn expect_value(
		&self,
		local: LocalIndex,
		status: StatusCode,
		offset: CodeOffset,
	) -> VmResult<()> {
		if self.state.must.contains(local) {
			Ok(())
		} else {
			Err(self.error(status, offset))
		}
	}

	fn store(&mut self, local: LocalIndex, offset: CodeOffset) -> VmResult<()> {
		if self.state.may.contains(local) && self.without_drop.contains(local) {
			return Err(self.error(StatusCode::STLOC_UNSAFE_TO_DESTROY_ERROR, offset));
		}
		self.state.may.insert(local);
		self.state.must.insert(local);
		Ok(())
	}

	fn take(&mut self, local: LocalIndex, offset: CodeOffset) -> VmResult<()> {
		self.expect_value(local, StatusCode::MOVELOC_UNAVAILABLE_ERROR, offset)?;
		self.state.may.remove(local);
		self.state.must.remove(local);
		Ok(())
	}

	fn ret(&self, offset: CodeOffset) -> VmResult<()> {
		if self.state.may.intersection(&self.without_drop).is_empty() {
			Ok(())
		} else {
			Err(self.error(StatusCode::UNSAFE_RET_UNUSED_VALUES_WITHOUT_DROP, offset))
		}
	}
}

impl Analysis for LocalsSafety<'_> {
	type State = State;

	fn begin_block(&mut self, entry: &State, meter: &mut Meter) -> VmResult<()> {
		meter.charge(STATE_COST)?;
		self.state = *entry;
		Ok(())
	}

	fn step(
		&mut self,
		instruction: &Bytecode,
		offset: CodeOffset,
		_meter: &mut Meter,
	) -> VmResult<()> {
		match instruction {
			Bytecode::StLoc(local) => self.store(*local, offset),
			Bytecode::MoveLoc(local) => self.take(*local, offset),
			Bytecode::CopyLoc(local) => {
				self.expect_value(*local, StatusCode::COPYLOC_UNAVAILABLE_ERROR, offset)
			}
			Bytecode::MutBorrowLoc(local) | Bytecode::ImmBorrowLoc(local) => {
				self.expect_value(*local, StatusCode::BORROWLOC_UNAVAILABLE_ERROR, offset)
			}
			Bytecode::Ret => self.ret(offset),

			Bytecode::Pop
			| Bytecode::BrTrue(_)
			| Bytecode::BrFalse(_)
			| Bytecode::Branch(_)
			| Bytecode::LdU8(_)
			| Bytecode::LdU16(_)
			| Bytecode::LdU32(_)
			| Bytecode::LdU64(_)
			| Bytecode::LdU128(_)
			| Bytecode::LdU256(_)
			| Bytecode::CastU8
			| Bytecode::CastU16
			| Bytecode::CastU32
			| Bytecode::CastU64
			| Bytecode::CastU128
			| Bytecode::CastU256
			| Bytecode::LdConst(_)
			| Bytecode::LdTrue
			| Bytecode::LdFalse
			| Bytecode::Call(_)
			| Bytecode::CallGeneric(_)
			| Bytecode::Pack(_)
			| Bytecode::PackGeneric(_)
			| Bytecode::PackVariant(_)
			| Bytecode::PackVariantGeneric(_)
			| Bytecode::Unpack(_)
			| Bytecode::UnpackGeneric(_)
			| Bytecode::UnpackVariant(_)
			| Bytecode::UnpackVariantGeneric(_)
			| Bytecode::TestVariant(_)
			| Bytecode::TestVariantGeneric(_)
			| Bytecode::ReadRef
			| Bytecode::WriteRef
			| Bytecode::FreezeRef
			| Bytecode::MutBorrowField(_)
			| Bytecode::MutBorrowFieldGeneric(_)
			| Bytecode::ImmBorrowField(_)
			| Bytecode::ImmBorrowFieldGeneric(_)
			| Bytecode::MutBorrowVariantField(_)
			| Bytecode::MutBorrowVariantFieldGeneric(_)
			| Bytecode::ImmBorrowVariantField(_)
			| Bytecode::ImmBorrowVariantFieldGeneric(_)
			| Bytecode::MutBorrowGlobal(_)
			| Bytecode::MutBorrowGlobalGeneric(_)
			| Bytecode::ImmBorrowGlobal(_)
			| Bytecode::ImmBorrowGlobalGeneric(_)
			| Bytecode::Add
			| Bytecode::Sub
			| Bytecode::Mul
			| Bytecode::Mod
			| Bytecode::Div
			| Bytecode::BitOr
			| Bytecode::BitAnd
			| Bytecode::Xor
			| Bytecode::Or
			| Bytecode::And
			| Bytecode::Not
			| Bytecode::Eq
			| Bytecode::Neq
			| Bytecode::Lt
			| Bytecode::Gt
			| Bytecode::Le
			| Bytecode::Ge
			| Bytecode::Abort
			| Bytecode::Nop
			| Bytecode::Exists(_)
			| Bytecode::ExistsGeneric(_)
			| Bytecode::MoveFrom(_)
			| Bytecode::MoveFromGeneric(_)
			| Bytecode::MoveTo(_)
			| Bytecode::MoveToGeneric(_)
			| Bytecode::Shl
			| Bytecode::Shr
			| Bytecode::VecPack(_, _)
			| Bytecode::VecLen(_)
			| Bytecode::VecImmBorrow(_)
			| Bytecode::VecMutBorrow(_)
			| Bytecode::VecPushBack(_)
			| Bytecode::VecPopBack(_)
			| Bytecode::VecUnpack(_, _)
			| Bytecode::VecSwap(_) => Ok(()),
		}
	}

	fn end_block(&mut self, _meter: &mut Meter) -> VmResult<()> {
		Ok(())
	}

	fn snapshot(&self, meter: &mut Meter) -> VmResult<State> {
		meter.charge(STATE_COST)?;
		Ok(self.state)
	}

	fn join_into(&mut self, entry: &mut State, meter: &mut Meter) -> VmResult<bool> {
		meter.charge(STATE_COST)?;
		let joined = State {
			may: entry.may.union(&self.state.may),
			must: entry.must.intersection(&self.state.must),
		};
		let has_changed = joined != *entry;
		*entry = joined;
		Ok(has_changed)
	}
}
