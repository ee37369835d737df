//! The loop over the instructions of one frame, and what each does.

use alloc::boxed::Box;

use move_vm_types::{StatusCode, VmError, VmResult};

use super::{access::Touch, Frame, Machine, Next};
use crate::{
	gas::schedule::{self, Wide},
	loader::{
		instr::{Body, Code, Instr},
		types::TypeListId,
	},
	values::{block, Value, LARGE_BYTES, VALUE_BYTES},
};

#[cold]
fn no_place() -> VmError {
	VmError::new(StatusCode::PC_OVERFLOW)
}

#[cold]
fn type_error() -> VmError {
	VmError::new(StatusCode::INTERNAL_TYPE_ERROR)
}

/// Memory that a struct or variant of so many fields takes.
const fn packed_bytes(fields: u16) -> u64 {
	block((fields as u64).saturating_mul(VALUE_BYTES))
}

/// Memory that a vector of so many elements takes, whatever they are.
const fn vector_bytes(elements: u16) -> u64 {
	// An element that a vector stores bare may be longer than a value.
	block((elements as u64).saturating_mul(32)).saturating_add(LARGE_BYTES)
}

impl Machine<'_> {
	/// Runs a frame from `place` until it calls or returns. In an error's case `place` is behind the
	/// instruction that failed.
	pub(super) fn run_frame(
		&mut self,
		code: &Code,
		place: &mut usize,
		frame: &Frame,
	) -> VmResult<Next> {
		let instructions = &code.instructions[..];
		let base = frame.base;
		let mut at = *place;
		let result = loop {
			let Some(instruction) = instructions.get(at) else {
				break Err(no_place());
			};
			at = at.wrapping_add(1);
			match self.step(instruction, code, frame, base, &mut at) {
				Ok(None) => {}
				Ok(Some(next)) => break Ok(next),
				Err(error) => break Err(error),
			}
		};
		*place = at;
		result
	}

	#[inline(always)]
	fn step(
		&mut self,
		instruction: &Instr,
		code: &Code,
		frame: &Frame,
		base: u32,
		at: &mut usize,
	) -> VmResult<Option<Next>> {
		let local = |index: u8| base.wrapping_add(u32::from(index));
		match *instruction {
			Instr::Charge(price) => self.charge(price)?,
			Instr::Pop => self.stack.drop_top()?,
			Instr::Ret => {
				self.check_results(code, frame)?;
				return Ok(Some(Next::Return));
			}
			Instr::BrTrue {
				target,
				taken,
				fall,
			} => {
				let condition = self.stack.pop_bool()?;
				self.branch(condition, target, taken, fall, at)?;
			}
			Instr::BrFalse {
				target,
				taken,
				fall,
			} => {
				let condition = self.stack.pop_bool()?;
				self.branch(!condition, target, taken, fall, at)?;
			}
			Instr::Branch { target, taken } => {
				self.charge(taken)?;
				*at = target as usize;
			}
			Instr::LdBool(value) => self.push(Value::Bool(value))?,
			Instr::LdU8(value) => self.push(Value::U8(value))?,
			Instr::LdU16(value) => self.push(Value::U16(value))?,
			Instr::LdU32(value) => self.push(Value::U32(value))?,
			Instr::LdU64(value) => self.push(Value::U64(value))?,
			Instr::LdWide(wide) => {
				let value = code.wide.get(wide as usize).ok_or_else(no_place)?.copy();
				if !value.is_plain() {
					self.allocate(LARGE_BYTES)?;
				}
				self.push(value)?;
			}
			Instr::LdConst(constant) => self.load_constant(constant)?,
			Instr::CopyLoc(index) => self.push_copy(local(index))?,
			Instr::MoveLoc(index) => {
				let value = self.world.memory.move_local(local(index))?;
				self.push(value)?;
			}
			Instr::StLoc(index) => {
				let place = self.world.memory.local_mut(local(index))?;
				self.stack.pop_into(place)?;
			}
			Instr::Call(link) => {
				let function = self.world.loader.linked(&mut self.world.chain, link)?;
				let function = self.world.loader.function(function)?.clone();
				match &function.body {
					Body::Code(_) => {
						return Ok(Some(Next::Call(function, TypeListId::EMPTY)));
					}
					Body::Native(_) => {
						let caller = Some(frame.function.unit);
						self.call_native(&function, TypeListId::EMPTY, caller)?;
					}
				}
			}
			Instr::CallGeneric { link, arguments } => {
				let arguments = self.world.loader.instantiate_list(
					&mut self.world.chain,
					arguments,
					frame.arguments,
				)?;
				let function = self.world.loader.linked(&mut self.world.chain, link)?;
				let function = self.world.loader.function(function)?.clone();
				match &function.body {
					Body::Code(_) => return Ok(Some(Next::Call(function, arguments))),
					Body::Native(_) => {
						self.call_native(&function, arguments, Some(frame.function.unit))?;
					}
				}
			}
			Instr::Pack(fields) => {
				self.allocate(packed_bytes(fields))?;
				let fields: Box<[Value]> = self.pop_many(fields)?.collect();
				let value = Value::pack(fields)?;
				self.push(value)?;
			}
			Instr::PackVariant { variant, fields } => {
				self.allocate(packed_bytes(fields))?;
				let fields: Box<[Value]> = self.pop_many(fields)?.collect();
				let value = Value::pack_variant(variant, fields)?;
				self.push(value)?;
			}
			Instr::Unpack(count) => {
				let fields = self.pop()?.unpack()?;
				self.push_fields(fields, count)?;
			}
			Instr::UnpackVariant { variant, fields } => {
				let values = self.pop()?.unpack_variant(variant)?;
				self.push_fields(values, fields)?;
			}
			Instr::TestVariant(variant) => {
				let reference = self.pop()?;
				self.pay_for_path(&reference)?;
				let is_it = self.world.memory.variant(&reference)? == variant;
				self.push(Value::Bool(is_it))?;
			}
			Instr::CheckType(instance) => {
				self.world.loader.instantiate_type(
					&mut self.world.chain,
					instance,
					frame.arguments,
				)?;
			}
			Instr::ReadRef => self.read_top()?,
			Instr::WriteRef => {
				let reference = self.pop()?;
				self.pay_for_path(&reference)?;
				let value = self.pop()?;
				self.world.memory.write_reference(&reference, value)?;
			}
			Instr::BorrowLoc(index) => self.push(Value::local_reference(local(index)))?,
			Instr::BorrowField(field) => {
				self.top()?.borrow_field(u32::from(field))?;
				self.count_longer()?;
			}
			Instr::BorrowVariantField(field) => {
				self.pay_for_path_on_top()?;
				let field = code
					.variant_fields
					.get(field as usize)
					.ok_or_else(no_place)?;
				self.world.memory.borrow_variant_field(
					self.stack.top()?,
					&field.variants,
					field.field,
				)?;
				self.count_longer()?;
			}
			Instr::BorrowGlobal(type_) => {
				let slot = self.global_slot(Touch::Read, type_, frame)?;
				let reference = self.world.memory.borrow_global(slot)?;
				self.push(reference)?;
			}
			Instr::BorrowGlobalMut(type_) => {
				let slot = self.global_slot(Touch::Write, type_, frame)?;
				let reference = self.world.memory.borrow_global(slot)?;
				self.push(reference)?;
			}
			Instr::Exists(type_) => {
				let slot = self.global_slot(Touch::Read, type_, frame)?;
				let exists = self.world.memory.global_exists(slot)?;
				self.push(Value::Bool(exists))?;
			}
			Instr::MoveFrom(type_) => {
				let slot = self.global_slot(Touch::Write, type_, frame)?;
				let value = self.world.memory.move_from(slot)?;
				self.push(value)?;
			}
			Instr::MoveTo(type_) => self.move_to(type_, frame)?,
			Instr::Add => self.binary(Wide::SUM, |left, right| left.add(right))?,
			Instr::Sub => self.binary(Wide::SUM, |left, right| left.sub(right))?,
			Instr::Mul => self.binary(Wide::PRODUCT, |left, right| left.mul(right))?,
			Instr::Mod => self.binary(Wide::QUOTIENT, |left, right| left.rem(right))?,
			Instr::Div => self.binary(Wide::QUOTIENT, |left, right| left.div(right))?,
			Instr::BitOr => self.binary(Wide::SUM, |left, right| left.bit_or(right))?,
			Instr::BitAnd => self.binary(Wide::SUM, |left, right| left.bit_and(right))?,
			Instr::Xor => self.binary(Wide::SUM, |left, right| left.bit_xor(right))?,
			Instr::Shl => self.binary(Wide::SUM, |left, right| left.shift_left(right))?,
			Instr::Shr => self.binary(Wide::SUM, |left, right| left.shift_right(right))?,
			Instr::Or => self.binary(Wide::SUM, |left, right| left.or(right))?,
			Instr::And => self.binary(Wide::SUM, |left, right| left.and(right))?,
			Instr::Not => {
				let value = self.top()?;
				let result = value.not()?;
				value.assign(result);
			}
			Instr::Eq => {
				let equal = self.equal()?;
				self.push(Value::Bool(equal))?;
			}
			Instr::Neq => {
				let equal = self.equal()?;
				self.push(Value::Bool(!equal))?;
			}
			Instr::Lt => self.binary(Wide::ORDER, |left, right| {
				Ok(Value::Bool(left.compare(right)?.is_lt()))
			})?,
			Instr::Gt => self.binary(Wide::ORDER, |left, right| {
				Ok(Value::Bool(left.compare(right)?.is_gt()))
			})?,
			Instr::Le => self.binary(Wide::ORDER, |left, right| {
				Ok(Value::Bool(left.compare(right)?.is_le()))
			})?,
			Instr::Ge => self.binary(Wide::ORDER, |left, right| {
				Ok(Value::Bool(left.compare(right)?.is_ge()))
			})?,
			Instr::Cast(width) => {
				let value = self.stack.top()?;
				let price = Wide::CAST.to(value, width);
				if price > 0 {
					self.world.chain.gas.charge(price)?;
				}
				let result = value.cast(width)?;
				let is_large = !result.is_plain();
				value.assign(result);
				if is_large {
					self.allocate(LARGE_BYTES)?;
				}
			}
			Instr::Abort => {
				let code = self.stack.pop_u64()?;
				return Err(VmError::abort(code));
			}
			Instr::VecPack { kind, count } => {
				self.allocate(vector_bytes(count))?;
				let value = Value::pack_vector(kind, self.pop_many(count)?)?;
				self.push(value)?;
			}
			Instr::VecPackGeneric { element, count } => {
				let element = self.world.loader.instantiate_type(
					&mut self.world.chain,
					element,
					frame.arguments,
				)?;
				let kind = self.world.loader.vector_kind(element)?;
				self.allocate(vector_bytes(count))?;
				let value = Value::pack_vector(kind, self.pop_many(count)?)?;
				self.push(value)?;
			}
			Instr::VecLen => {
				self.pay_for_path_on_top()?;
				let reference = self.stack.top()?;
				let length = self.world.memory.vector_len(reference)?;
				reference.assign(Value::U64(length));
			}
			Instr::VecBorrow => {
				let index = self.stack.pop_u64()?;
				self.pay_for_path_on_top()?;
				let reference = self.stack.top()?;
				self.world.memory.borrow_element(reference, index)?;
				self.count_longer()?;
			}
			Instr::VecPushBack => {
				let element = self.pop()?;
				let reference = self.pop()?;
				self.pay_for_path(&reference)?;
				if let Some((element, bytes)) =
					self.world.memory.push_if_room(&reference, element)?
				{
					self.push_growing(&reference, element, bytes)?;
				}
			}
			Instr::VecPopBack => {
				let reference = self.pop()?;
				self.pay_for_path(&reference)?;
				let element = self.world.memory.pop_element(&reference)?;
				if !element.is_plain() {
					self.allocate(LARGE_BYTES)?;
				}
				self.push(element)?;
			}
			Instr::VecUnpack(count) => {
				self.allocate(u64::from(count).saturating_mul(LARGE_BYTES))?;
				let vector = self.pop()?;
				let stack = &mut self.stack;
				vector.unpack_vector(u64::from(count), |element| stack.push(element))?;
			}
			Instr::VecSwap => {
				let right = self.stack.pop_u64()?;
				let left = self.stack.pop_u64()?;
				let reference = self.pop()?;
				self.pay_for_path(&reference)?;
				self.world.memory.swap_elements(&reference, left, right)?;
			}
			Instr::LocLoc {
				op,
				moves,
				left,
				right,
			} => {
				let value = self.loc_loc(op, moves, local(left), local(right))?;
				self.push(value)?;
			}
			Instr::LocLocSt {
				op,
				moves,
				left,
				right,
				to,
			} => {
				let value = self.loc_loc(op, moves, local(left), local(right))?;
				self.world.memory.store_local(local(to), value)?;
			}
			Instr::LocLocBr {
				op,
				moves,
				left,
				right,
				branch,
			} => {
				let condition = self.loc_loc_compare(op, moves, local(left), local(right))?;
				self.jump(code, branch, condition, at)?;
			}
			Instr::LocImm {
				op,
				moves,
				left,
				right,
			} => {
				let value = self.loc_imm(op, moves, local(left), right)?;
				self.push(value)?;
			}
			Instr::LocImmSt {
				op,
				moves,
				left,
				to,
				right,
			} => {
				let value = self.loc_imm(op, moves, local(left), right)?;
				self.world.memory.store_local(local(to), value)?;
			}
			Instr::LocImmBr {
				op,
				moves,
				left,
				branch,
				right,
			} => {
				let condition = self.loc_imm_compare(op, moves, local(left), right)?;
				self.jump(code, branch, condition, at)?;
			}
			Instr::StackImm { op, right } => self.stack_imm(op, right)?,
			Instr::StackLoc { op, moves, right } => self.stack_loc(op, moves, local(right))?,
			Instr::CmpBr { op, branch } => {
				let condition = self.stack_compare(op)?;
				self.jump(code, branch, condition, at)?;
			}
			Instr::OpSt { op, to } => {
				let value = self.stack_operation(op)?;
				self.world.memory.store_local(local(to), value)?;
			}
			Instr::LocFieldRead {
				moves,
				local: from,
				field,
			} => {
				let mut reference = self.load(local(from), moves)?;
				reference.borrow_field(u32::from(field))?;
				let value = self.read(&reference)?;
				self.push(value)?;
			}
			Instr::LocalFieldRead { local: of, field } => {
				let mut reference = Value::local_reference(local(of));
				reference.borrow_field(u32::from(field))?;
				let value = self.read(&reference)?;
				self.push(value)?;
			}
			Instr::FieldRead(field) => {
				self.top()?.borrow_field(u32::from(field))?;
				self.read_top()?;
			}
			Instr::LocFieldWrite {
				moves,
				local: from,
				field,
			} => {
				let mut reference = self.load(local(from), moves)?;
				reference.borrow_field(u32::from(field))?;
				self.pay_for_path(&reference)?;
				let value = self.pop()?;
				self.world.memory.write_reference(&reference, value)?;
			}
			Instr::FieldWrite(field) => {
				let mut reference = self.pop()?;
				reference.borrow_field(u32::from(field))?;
				self.pay_for_path(&reference)?;
				let value = self.pop()?;
				self.world.memory.write_reference(&reference, value)?;
			}
			Instr::LocalField { local: of, field } => {
				let mut reference = Value::local_reference(local(of));
				reference.borrow_field(u32::from(field))?;
				self.push(reference)?;
			}
			Instr::LocField {
				moves,
				local: from,
				field,
			} => {
				let mut reference = self.load(local(from), moves)?;
				reference.borrow_field(u32::from(field))?;
				self.push(reference)?;
				self.count_longer()?;
			}
			Instr::VecRead => {
				let index = self.stack.pop_u64()?;
				self.pay_for_path_on_top()?;
				let reference = self.stack.top()?;
				self.world.memory.borrow_element(reference, index)?;
				self.read_top()?;
			}
			Instr::LocLocVecRead {
				moves,
				vector,
				index,
			} => {
				let value = self.read_element(moves, local(vector), local(index))?;
				self.push(value)?;
			}
			Instr::LocSt { moves, from, to } => {
				let value = self.load(local(from), moves)?;
				self.world.memory.store_local(local(to), value)?;
			}
			Instr::ImmSt { to, value } => {
				self.world
					.memory
					.store_local(local(to), Value::U64(value))?;
			}
		}
		Ok(None)
	}

	#[inline(always)]
	fn charge(&mut self, price: u32) -> VmResult<()> {
		self.world.chain.gas.charge(u64::from(price))
	}

	#[inline(always)]
	pub(super) fn branch(
		&mut self,
		is_taken: bool,
		target: u32,
		taken: u32,
		fall: u32,
		at: &mut usize,
	) -> VmResult<()> {
		if is_taken {
			*at = target as usize;
			self.charge(taken)
		} else {
			self.charge(fall)
		}
	}

	#[inline(always)]
	fn top(&mut self) -> VmResult<&mut Value> {
		self.stack.top()
	}

	#[inline(always)]
	fn binary(
		&mut self,
		wide: Wide,
		operation: impl FnOnce(&Value, &Value) -> VmResult<Value>,
	) -> VmResult<()> {
		let (left, right) = self.stack.top_two()?;
		if !matches!(left, Value::U64(_)) {
			self.world.chain.gas.charge(wide.of(left))?;
		}
		let result = operation(left, right)?;
		left.assign(result);
		self.stack.drop_top()
	}

	#[inline]
	fn push_fields(&mut self, fields: Box<[Value]>, count: u16) -> VmResult<()> {
		if fields.len() != usize::from(count) {
			return Err(type_error());
		}
		fields
			.into_vec()
			.into_iter()
			.try_for_each(|field| self.stack.push(field))
	}

	/// Puts a copy of a local on the stack.
	#[inline(always)]
	fn push_copy(&mut self, slot: u32) -> VmResult<()> {
		match self.world.memory.local(slot)? {
			Value::U64(value) => self.stack.push(Value::U64(*value)),
			Value::Bool(value) => self.stack.push(Value::Bool(*value)),
			Value::Reference(reference) => self.stack.push(Value::Reference(*reference)),
			_ => {
				let value = self.copy_large_local(slot)?;
				self.stack.push(value)
			}
		}
	}

	/// Puts what the topmost reference refers to in its place.
	#[inline(always)]
	fn read_top(&mut self) -> VmResult<()> {
		self.pay_for_path_on_top()?;
		let top = self.stack.top()?;
		let place = self.world.memory.resolve(top)?;
		if let crate::values::Place::Value(Value::U64(value)) = place {
			let value = *value;
			top.assign(Value::U64(value));
			return Ok(());
		}
		let size = place.size(self.world.chain.gas.left());
		if size > 8 {
			return self.read_large_top(size);
		}
		let value = place.copy();
		top.assign(value);
		Ok(())
	}

	#[inline(never)]
	fn read_large_top(&mut self, size: u64) -> VmResult<()> {
		self.pay_for_copying(size)?;
		let limit = u64::from(self.world.loader.limits.memory_bytes);
		let top = self.stack.top()?;
		let bytes = self.world.memory.resolve(top)?.memory(limit);
		self.allocate(bytes)?;
		let top = self.stack.top()?;
		let value = self.world.memory.read_reference(top)?;
		top.assign(value);
		Ok(())
	}

	/// A copy of a local, paid for by its size.
	#[inline]
	pub(super) fn copy_local(&mut self, slot: u32) -> VmResult<Value> {
		match self.world.memory.local(slot)? {
			Value::U64(value) => Ok(Value::U64(*value)),
			Value::Bool(value) => Ok(Value::Bool(*value)),
			Value::U8(value) => Ok(Value::U8(*value)),
			Value::Reference(reference) => Ok(Value::Reference(*reference)),
			_ => self.copy_large_local(slot),
		}
	}

	#[inline(never)]
	fn copy_large_local(&mut self, slot: u32) -> VmResult<Value> {
		let left = self.world.chain.gas.left();
		let size = self.world.memory.local(slot)?.size(left);
		self.pay_for_copying(size)?;
		let limit = u64::from(self.world.loader.limits.memory_bytes);
		let bytes = self.world.memory.local(slot)?.memory(limit);
		self.allocate(bytes)?;
		self.world.memory.copy_local(slot)
	}

	/// What a reference refers to, paid for by its size.
	#[inline]
	pub(super) fn read(&mut self, reference: &Value) -> VmResult<Value> {
		self.pay_for_path(reference)?;
		let place = self.world.memory.resolve(reference)?;
		let size = place.size(self.world.chain.gas.left());
		if size > 8 {
			self.pay_for_copying(size)?;
			let limit = u64::from(self.world.loader.limits.memory_bytes);
			let bytes = self.world.memory.resolve(reference)?.memory(limit);
			self.allocate(bytes)?;
			return self.world.memory.read_reference(reference);
		}
		Ok(place.copy())
	}

	#[inline(never)]
	fn load_constant(&mut self, constant: u32) -> VmResult<()> {
		let left = self.world.chain.gas.left();
		let size = self.world.loader.constant_value(constant)?.size(left);
		self.pay_for_copying(size)?;
		let limit = u64::from(self.world.loader.limits.memory_bytes);
		let bytes = self.world.loader.constant_value(constant)?.memory(limit);
		self.allocate(bytes)?;
		let value = self.world.loader.constant_value(constant)?.copy();
		self.push(value)
	}

	/// Compares the two topmost values, paid for by the size of the smaller.
	pub(super) fn equal(&mut self) -> VmResult<bool> {
		if let (Value::U64(left), Value::U64(right)) = self.stack.top_two()? {
			let equal = left == right;
			self.stack.drop_top()?;
			self.stack.drop_top()?;
			return Ok(equal);
		}
		let right = self.pop()?;
		let left = self.pop()?;
		self.pay_for_path(&left)?;
		self.pay_for_path(&right)?;
		let gas = &mut self.world.chain.gas;
		let memory = &self.world.memory;
		gas.charge(schedule::COMPARE)?;
		// Both are released, and the comparison ends with the smaller.
		let size = memory.size(&left, gas.left())?;
		let size = memory.size(&right, size)?.min(size);
		gas.charge(size.saturating_mul(schedule::COMPARE_BYTE))?;
		memory.equal(&left, &right)
	}

	/// The slot of the resource of a type at the address that is topmost.
	fn global_slot(&mut self, touch: Touch, instance: u32, frame: &Frame) -> VmResult<u32> {
		let address = self.pop()?.into_address()?;
		let type_ =
			self.world
				.loader
				.instantiate_type(&mut self.world.chain, instance, frame.arguments)?;
		self.check_access(touch, type_, &address)?;
		let slot = self.world.resource_slot(&address, type_)?;
		self.allocate(0)?;
		Ok(slot)
	}

	fn move_to(&mut self, instance: u32, frame: &Frame) -> VmResult<()> {
		let value = self.pop()?;
		let signer = self.pop()?;
		let address = self.world.signer_address(&signer)?;
		let type_ =
			self.world
				.loader
				.instantiate_type(&mut self.world.chain, instance, frame.arguments)?;
		self.check_access(Touch::Write, type_, &address)?;
		let slot = self.world.resource_slot(&address, type_)?;
		self.allocate(0)?;
		self.world.memory.move_to(slot, value)
	}
}
