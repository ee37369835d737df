//! Fused instructions: the common case of 64 bits without the stack, all else as the instructions
//! would do it one by one.

use move_vm_types::{StatusCode, VmError, VmResult};

use super::Machine;
use crate::{
	gas::schedule::Wide,
	loader::instr::{Code, Op, MOVE_FIRST, MOVE_SECOND},
	values::Value,
};

#[cold]
fn arithmetic_error() -> VmError {
	VmError::new(StatusCode::ARITHMETIC_ERROR)
}

/// An operation on 64 bits.
#[inline(always)]
fn on_u64(op: Op, left: u64, right: u64) -> VmResult<Value> {
	let number = match op {
		Op::Add => left.checked_add(right),
		Op::Sub => left.checked_sub(right),
		Op::Mul => left.checked_mul(right),
		Op::Div => left.checked_div(right),
		Op::Mod => left.checked_rem(right),
		_ => return Ok(Value::Bool(compare_u64(op, left, right))),
	};
	number.map(Value::U64).ok_or_else(arithmetic_error)
}

/// A comparison of 64 bits; `false` for what is none, which the translator excludes.
#[inline(always)]
fn compare_u64(op: Op, left: u64, right: u64) -> bool {
	match op {
		Op::Lt => left < right,
		Op::Gt => left > right,
		Op::Le => left <= right,
		Op::Ge => left >= right,
		Op::Eq => left == right,
		Op::Neq => left != right,
		Op::Add | Op::Sub | Op::Mul | Op::Div | Op::Mod => false,
	}
}

impl Op {
	/// What it takes on wide integers.
	const fn wide(self) -> Wide {
		match self {
			Self::Add | Self::Sub => Wide::SUM,
			Self::Mul => Wide::PRODUCT,
			Self::Div | Self::Mod => Wide::QUOTIENT,
			Self::Lt | Self::Gt | Self::Le | Self::Ge | Self::Eq | Self::Neq => Wide::ORDER,
		}
	}
}

impl Machine<'_> {
	/// An operation on the two topmost values.
	#[inline]
	pub(super) fn stack_operation(&mut self, op: Op) -> VmResult<Value> {
		if matches!(op, Op::Eq | Op::Neq) {
			return Ok(Value::Bool(self.equal()? == (op == Op::Eq)));
		}
		if let (Value::U64(left), Value::U64(right)) = self.stack.top_two()? {
			let (left, right) = (*left, *right);
			self.stack.drop_top()?;
			self.stack.drop_top()?;
			return on_u64(op, left, right);
		}
		let right = self.pop()?;
		let left = self.pop()?;
		self.world.chain.gas.charge(op.wide().of(&left))?;
		operate(op, &left, &right)
	}

	/// A comparison of the two topmost values.
	#[inline]
	pub(super) fn stack_compare(&mut self, op: Op) -> VmResult<bool> {
		self.stack_operation(op)?.into_bool()
	}

	/// A local, copied or moved.
	#[inline]
	pub(super) fn load(&mut self, slot: u32, moves: u8) -> VmResult<Value> {
		if moves & MOVE_FIRST == 0 {
			self.copy_local(slot)
		} else {
			self.world.memory.move_local(slot)
		}
	}

	/// An operation on two locals. A local of 64 bits that is moved from keeps its number, which
	/// verified code cannot see.
	#[inline]
	pub(super) fn loc_loc(&mut self, op: Op, moves: u8, left: u32, right: u32) -> VmResult<Value> {
		if let (Value::U64(left), Value::U64(right)) = (
			self.world.memory.local(left)?,
			self.world.memory.local(right)?,
		) {
			return on_u64(op, *left, *right);
		}
		self.loc_loc_any(op, moves, left, right)
	}

	#[inline(never)]
	fn loc_loc_any(&mut self, op: Op, moves: u8, left: u32, right: u32) -> VmResult<Value> {
		let left = self.load(left, moves)?;
		self.push(left)?;
		let right = self.load(
			right,
			if moves & MOVE_SECOND == 0 {
				0
			} else {
				MOVE_FIRST
			},
		)?;
		self.push(right)?;
		self.stack_operation(op)
	}

	#[inline]
	pub(super) fn loc_loc_compare(
		&mut self,
		op: Op,
		moves: u8,
		left: u32,
		right: u32,
	) -> VmResult<bool> {
		if let (Value::U64(left), Value::U64(right)) = (
			self.world.memory.local(left)?,
			self.world.memory.local(right)?,
		) {
			return Ok(compare_u64(op, *left, *right));
		}
		self.loc_loc_any(op, moves, left, right)?.into_bool()
	}

	/// An operation on a local and a number of 64 bits.
	#[inline]
	pub(super) fn loc_imm(&mut self, op: Op, _moves: u8, left: u32, right: u64) -> VmResult<Value> {
		match self.world.memory.local(left)? {
			Value::U64(left) => on_u64(op, *left, right),
			other => operate(op, other, &Value::U64(right)),
		}
	}

	#[inline]
	pub(super) fn loc_imm_compare(
		&mut self,
		op: Op,
		moves: u8,
		left: u32,
		right: u64,
	) -> VmResult<bool> {
		if let Value::U64(left) = self.world.memory.local(left)? {
			return Ok(compare_u64(op, *left, right));
		}
		self.loc_imm(op, moves, left, right)?.into_bool()
	}

	/// An operation on the topmost value and a number of 64 bits.
	#[inline]
	pub(super) fn stack_imm(&mut self, op: Op, right: u64) -> VmResult<()> {
		let top = self.stack.top()?;
		let result = match &*top {
			Value::U64(left) => on_u64(op, *left, right)?,
			other => operate(op, other, &Value::U64(right))?,
		};
		top.assign(result);
		Ok(())
	}

	/// An operation on the topmost value and a local.
	#[inline]
	pub(super) fn stack_loc(&mut self, op: Op, moves: u8, right: u32) -> VmResult<()> {
		let left = self.stack.top()?;
		if let (Value::U64(number), Value::U64(right)) = (&*left, self.world.memory.local(right)?) {
			let result = on_u64(op, *number, *right)?;
			left.assign(result);
			return Ok(());
		}
		self.stack_loc_any(op, moves, right)
	}

	#[inline(never)]
	fn stack_loc_any(&mut self, op: Op, moves: u8, right: u32) -> VmResult<()> {
		let right = self.load(
			right,
			if moves & MOVE_SECOND == 0 {
				0
			} else {
				MOVE_FIRST
			},
		)?;
		self.push(right)?;
		let value = self.stack_operation(op)?;
		self.push(value)
	}

	/// A copy of an element: a local that refers to the vector, and a local that is the index.
	#[inline]
	pub(super) fn read_element(&mut self, moves: u8, vector: u32, index: u32) -> VmResult<Value> {
		let mut reference = self.load(vector, moves)?;
		let index = match self.world.memory.local(index)? {
			Value::U64(index) => *index,
			_ => return Err(VmError::new(StatusCode::INTERNAL_TYPE_ERROR)),
		};
		self.pay_for_path(&reference)?;
		self.world.memory.borrow_element(&mut reference, index)?;
		self.read(&reference)
	}

	/// The jump of a fused instruction.
	#[inline(always)]
	pub(super) fn jump(
		&mut self,
		code: &Code,
		jump: u32,
		condition: bool,
		at: &mut usize,
	) -> VmResult<()> {
		let jump = code
			.jumps
			.get(jump as usize)
			.ok_or_else(|| VmError::new(StatusCode::PC_OVERFLOW))?;
		self.branch(
			condition == jump.sense,
			jump.target,
			jump.taken,
			jump.fall,
			at,
		)
	}
}

/// An operation other than on 64 bits, and other than equality.
#[inline(never)]
fn operate(op: Op, left: &Value, right: &Value) -> VmResult<Value> {
	Ok(match op {
		Op::Add => left.add(right)?,
		Op::Sub => left.sub(right)?,
		Op::Mul => left.mul(right)?,
		Op::Div => left.div(right)?,
		Op::Mod => left.rem(right)?,
		Op::Lt => Value::Bool(left.compare(right)?.is_lt()),
		Op::Gt => Value::Bool(left.compare(right)?.is_gt()),
		Op::Le => Value::Bool(left.compare(right)?.is_le()),
		Op::Ge => Value::Bool(left.compare(right)?.is_ge()),
		Op::Eq => Value::Bool(left.compare(right)?.is_eq()),
		Op::Neq => Value::Bool(left.compare(right)?.is_ne()),
	})
}
