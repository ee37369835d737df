//! From the binary's instructions to those that the interpreter runs.
//!
//! Properties: the price of a basic block is the sum of the prices of the binary's instructions in
//! it, however they are fused; every way into a block pays for it exactly once; nothing is fused
//! across a place that is jumped to; of the instructions fused into one only one can fail, other
//! than for lack of gas or stack, and errors name its place.

use alloc::vec::Vec;

use move_vm_binary_format::{bytecode::Bytecode, index::SignatureIndex};
use move_vm_types::VmResult;

use super::{
	cursor::corrupt,
	instr::{Code, Instr, Jump, Op, VariantField, MOVE_FIRST, MOVE_SECOND},
	unit::{Table, Unit},
	Instantiation, Loader,
};
use crate::{
	gas::schedule,
	values::{IntegerWidth, Value},
};

/// Translates the code of a function of a unit; also gives the price of its first block. Calls are
/// linked later, when they are first made.
pub(super) fn translate(
	loader: &mut Loader,
	unit: &Unit,
	unit_index: u32,
	code: &[Bytecode],
	returns_references: bool,
) -> VmResult<(Code, u32)> {
	let mut translator = Translator {
		loader,
		unit,
		unit_index,
		code,
		is_target: alloc::vec![false; code.len()],
		prices: alloc::vec![0; code.len()],
		places: alloc::vec![0; code.len()],
		instructions: Vec::with_capacity(code.len()),
		offsets: Vec::with_capacity(code.len()),
		wide: Vec::new(),
		variant_fields: Vec::new(),
		jumps: Vec::new(),
	};
	translator.find_blocks()?;
	translator.emit_all()?;
	translator.resolve_targets()?;
	let entry = translator.prices.first().copied().unwrap_or(0);
	Ok((
		Code {
			instructions: translator.instructions.into_boxed_slice(),
			offsets: translator.offsets.into_boxed_slice(),
			wide: translator.wide.into_boxed_slice(),
			variant_fields: translator.variant_fields.into_boxed_slice(),
			jumps: translator.jumps.into_boxed_slice(),
			returns_references,
		},
		entry,
	))
}

struct Translator<'a> {
	loader: &'a mut Loader,
	unit: &'a Unit,
	unit_index: u32,
	code: &'a [Bytecode],
	/// Which instructions are jumped to.
	is_target: Vec<bool>,
	/// The price of the rest of its block, for each instruction.
	prices: Vec<u32>,
	/// Where each instruction went.
	places: Vec<u32>,
	instructions: Vec<Instr>,
	offsets: Vec<u16>,
	wide: Vec<Value>,
	variant_fields: Vec<VariantField>,
	jumps: Vec<Jump>,
}

/// A local that is pushed.
#[derive(Clone, Copy)]
struct Load {
	local: u8,
	is_move: bool,
}

fn load(instruction: Option<&Bytecode>) -> Option<Load> {
	match instruction? {
		Bytecode::CopyLoc(local) => Some(Load {
			local: *local,
			is_move: false,
		}),
		Bytecode::MoveLoc(local) => Some(Load {
			local: *local,
			is_move: true,
		}),
		_ => None,
	}
}

fn operation(instruction: Option<&Bytecode>) -> Option<Op> {
	Some(match instruction? {
		Bytecode::Add => Op::Add,
		Bytecode::Sub => Op::Sub,
		Bytecode::Mul => Op::Mul,
		Bytecode::Div => Op::Div,
		Bytecode::Mod => Op::Mod,
		Bytecode::Lt => Op::Lt,
		Bytecode::Gt => Op::Gt,
		Bytecode::Le => Op::Le,
		Bytecode::Ge => Op::Ge,
		Bytecode::Eq => Op::Eq,
		Bytecode::Neq => Op::Neq,
		_ => return None,
	})
}

impl Op {
	const fn is_comparison(self) -> bool {
		!matches!(
			self,
			Self::Add | Self::Sub | Self::Mul | Self::Div | Self::Mod
		)
	}
}

/// Sense and target of a conditional branch.
fn conditional(instruction: Option<&Bytecode>) -> Option<(bool, u16)> {
	match instruction? {
		Bytecode::BrTrue(target) => Some((true, *target)),
		Bytecode::BrFalse(target) => Some((false, *target)),
		_ => None,
	}
}

impl Translator<'_> {
	fn find_blocks(&mut self) -> VmResult<()> {
		for instruction in self.code {
			if let Some(target) = instruction.branch_target() {
				*self
					.is_target
					.get_mut(usize::from(target))
					.ok_or_else(corrupt)? = true;
			}
		}
		let mut rest = 0u32;
		for (at, instruction) in self.code.iter().enumerate().rev() {
			let ends = instruction.is_branch()
				|| self
					.is_target
					.get(at.saturating_add(1))
					.copied()
					.unwrap_or(true);
			let price = self.price(instruction)?;
			rest = if ends {
				price
			} else {
				rest.saturating_add(price)
			};
			*self.prices.get_mut(at).ok_or_else(corrupt)? = rest;
		}
		Ok(())
	}

	fn price(&self, instruction: &Bytecode) -> VmResult<u32> {
		use Bytecode as B;
		let fields = match instruction {
			B::Pack(index) | B::Unpack(index) => self.unit.field_count(index.0)?,
			B::PackGeneric(index) | B::UnpackGeneric(index) => {
				self.unit.field_count(self.generic_struct(index.0)?)?
			}
			B::PackVariant(index) | B::UnpackVariant(index) => self.variant(index.0)?.1,
			B::PackVariantGeneric(index) | B::UnpackVariantGeneric(index) => {
				self.generic_variant(index.0)?.1
			}
			_ => 0,
		};
		Ok(schedule::instruction(instruction)
			.saturating_add(u32::from(fields).saturating_mul(schedule::FIELD)))
	}

	/// The price of the block that begins at an instruction.
	fn block(&self, at: usize) -> u32 {
		self.prices.get(at).copied().unwrap_or(0)
	}

	fn emit_all(&mut self) -> VmResult<()> {
		let mut at = 0usize;
		while let Some(instruction) = self.code.get(at) {
			let falls_in = at
				.checked_sub(1)
				.and_then(|before| self.code.get(before))
				.is_some_and(|before| !before.is_branch());
			if falls_in && self.is_target.get(at).copied().unwrap_or(false) {
				self.push(Instr::Charge(self.block(at)), at)?;
			}
			*self.places.get_mut(at).ok_or_else(corrupt)? =
				u32::try_from(self.instructions.len()).map_err(|_| corrupt())?;
			let count = match self.fuse(at)? {
				Some((fused, count)) => {
					let last = at.saturating_add(count).saturating_sub(1);
					let can_fail = match fused {
						Instr::LocLocSt { .. }
						| Instr::LocImmSt { .. }
						| Instr::OpSt { .. }
						| Instr::VecRead
						| Instr::LocLocVecRead { .. } => last.saturating_sub(1),
						_ => last,
					};
					self.push(fused, can_fail)?;
					count
				}
				None => {
					self.emit(instruction, at)?;
					1
				}
			};
			at = at.saturating_add(count);
		}
		Ok(())
	}

	fn push(&mut self, instruction: Instr, offset: usize) -> VmResult<()> {
		self.instructions.push(instruction);
		self.offsets
			.push(u16::try_from(offset).map_err(|_| corrupt())?);
		Ok(())
	}

	/// The longest sequence that begins at `at` and has an instruction of its own.
	fn fuse(&mut self, at: usize) -> VmResult<Option<(Instr, usize)>> {
		use Bytecode as B;
		// What may be fused: up to four, none but the first jumped to.
		let reach = (1..4)
			.take_while(|step| {
				!self
					.is_target
					.get(at.saturating_add(*step))
					.copied()
					.unwrap_or(true)
			})
			.count();
		let get = |step: usize| {
			if step <= reach {
				self.code.get(at.saturating_add(step))
			} else {
				None
			}
		};
		let first = get(0);
		let fused = if let Some(left) = load(first) {
			let moves_first = if left.is_move { MOVE_FIRST } else { 0 };
			if let (Some(right), Some(op)) = (load(get(1)), operation(get(2))) {
				let moves = moves_first | if right.is_move { MOVE_SECOND } else { 0 };
				let (left, right) = (left.local, right.local);
				match (get(3), conditional(get(3))) {
					(_, Some(branch)) if op.is_comparison() => {
						let branch = self.jump(branch, at.saturating_add(4))?;
						Some((
							Instr::LocLocBr {
								op,
								moves,
								left,
								right,
								branch,
							},
							4,
						))
					}
					(Some(B::StLoc(to)), _) => Some((
						Instr::LocLocSt {
							op,
							moves,
							left,
							right,
							to: *to,
						},
						4,
					)),
					_ => Some((
						Instr::LocLoc {
							op,
							moves,
							left,
							right,
						},
						3,
					)),
				}
			} else if let (Some(B::LdU64(right)), Some(op)) = (get(1), operation(get(2))) {
				let (left, right, moves) = (left.local, *right, moves_first);
				match (get(3), conditional(get(3))) {
					(_, Some(branch)) if op.is_comparison() => {
						let branch = self.jump(branch, at.saturating_add(4))?;
						Some((
							Instr::LocImmBr {
								op,
								moves,
								left,
								branch,
								right,
							},
							4,
						))
					}
					(Some(B::StLoc(to)), _) => Some((
						Instr::LocImmSt {
							op,
							moves,
							left,
							to: *to,
							right,
						},
						4,
					)),
					_ => Some((
						Instr::LocImm {
							op,
							moves,
							left,
							right,
						},
						3,
					)),
				}
			} else if let (
				Some(index),
				Some(B::VecImmBorrow(_) | B::VecMutBorrow(_)),
				Some(B::ReadRef),
			) = (load(get(1)), get(2), get(3))
			{
				Some((
					Instr::LocLocVecRead {
						moves: moves_first | if index.is_move { MOVE_SECOND } else { 0 },
						vector: left.local,
						index: index.local,
					},
					4,
				))
			} else if let Some(field) = self.field(get(1))? {
				let (moves, local) = (moves_first, left.local);
				match get(2) {
					Some(B::ReadRef) => Some((
						Instr::LocFieldRead {
							moves,
							local,
							field,
						},
						3,
					)),
					Some(B::WriteRef) => Some((
						Instr::LocFieldWrite {
							moves,
							local,
							field,
						},
						3,
					)),
					_ => Some((
						Instr::LocField {
							moves,
							local,
							field,
						},
						2,
					)),
				}
			} else if let Some(op) = operation(get(1)) {
				match conditional(get(2)) {
					// The comparison and the branch fuse better.
					Some(_) if op.is_comparison() => None,
					_ => Some((
						Instr::StackLoc {
							op,
							moves: if left.is_move { MOVE_SECOND } else { 0 },
							right: left.local,
						},
						2,
					)),
				}
			} else if let Some(B::StLoc(to)) = get(1) {
				Some((
					Instr::LocSt {
						moves: moves_first,
						from: left.local,
						to: *to,
					},
					2,
				))
			} else {
				None
			}
		} else if let Some(B::LdU64(right)) = first {
			let right = *right;
			match (operation(get(1)), get(1), conditional(get(2))) {
				(Some(op), _, Some(_)) if op.is_comparison() => None,
				(Some(op), _, _) => Some((Instr::StackImm { op, right }, 2)),
				(None, Some(B::StLoc(to)), _) => Some((
					Instr::ImmSt {
						to: *to,
						value: right,
					},
					2,
				)),
				_ => None,
			}
		} else if let Some(op) = operation(first) {
			match (get(1), conditional(get(1))) {
				(_, Some(branch)) if op.is_comparison() => {
					let branch = self.jump(branch, at.saturating_add(2))?;
					Some((Instr::CmpBr { op, branch }, 2))
				}
				(Some(B::StLoc(to)), _) => Some((Instr::OpSt { op, to: *to }, 2)),
				_ => None,
			}
		} else if let Some(B::MutBorrowLoc(local) | B::ImmBorrowLoc(local)) = first {
			let local = *local;
			match (self.field(get(1))?, get(2)) {
				(Some(field), Some(B::ReadRef)) => {
					Some((Instr::LocalFieldRead { local, field }, 3))
				}
				(Some(field), _) => Some((Instr::LocalField { local, field }, 2)),
				(None, _) => None,
			}
		} else if let Some(field) = self.field(first)? {
			match get(1) {
				Some(B::ReadRef) => Some((Instr::FieldRead(field), 2)),
				Some(B::WriteRef) => Some((Instr::FieldWrite(field), 2)),
				_ => None,
			}
		} else {
			match (first, get(1)) {
				(Some(B::VecImmBorrow(_) | B::VecMutBorrow(_)), Some(B::ReadRef)) => {
					Some((Instr::VecRead, 2))
				}
				_ => None,
			}
		};
		Ok(fused)
	}

	/// Adds a jump of a fused instruction: sense and target, and what follows otherwise.
	fn jump(&mut self, (sense, target): (bool, u16), next: usize) -> VmResult<u32> {
		let place = u32::try_from(self.jumps.len()).map_err(|_| corrupt())?;
		self.jumps.push(Jump {
			sense,
			target: u32::from(target),
			taken: self.block(usize::from(target)),
			fall: self.block(next),
		});
		Ok(place)
	}

	/// The field that an instruction borrows.
	fn field(&self, instruction: Option<&Bytecode>) -> VmResult<Option<u16>> {
		use Bytecode as B;
		Ok(Some(match instruction {
			Some(B::MutBorrowField(index) | B::ImmBorrowField(index)) => {
				self.second(Table::FieldHandles, index.0)?
			}
			Some(B::MutBorrowFieldGeneric(index) | B::ImmBorrowFieldGeneric(index)) => self
				.second(
					Table::FieldHandles,
					self.first(Table::FieldInstantiations, index.0)?,
				)?,
			_ => return Ok(None),
		}))
	}

	fn emit(&mut self, instruction: &Bytecode, at: usize) -> VmResult<()> {
		use Bytecode as B;
		let next = at.saturating_add(1);
		let branch = |target: &u16| (u32::from(*target), self.block(usize::from(*target)));
		let instr = match instruction {
			// A reference is the same, frozen or not.
			B::Nop | B::FreezeRef => return Ok(()),
			B::Pop => Instr::Pop,
			B::Ret => Instr::Ret,
			B::BrTrue(target) => {
				let (target, taken) = branch(target);
				Instr::BrTrue {
					target,
					taken,
					fall: self.block(next),
				}
			}
			B::BrFalse(target) => {
				let (target, taken) = branch(target);
				Instr::BrFalse {
					target,
					taken,
					fall: self.block(next),
				}
			}
			B::Branch(target) => {
				let (target, taken) = branch(target);
				Instr::Branch { target, taken }
			}
			B::LdU8(value) => Instr::LdU8(*value),
			B::LdU16(value) => Instr::LdU16(*value),
			B::LdU32(value) => Instr::LdU32(*value),
			B::LdU64(value) => Instr::LdU64(*value),
			B::LdU128(value) => self.wide(Value::u128(*value))?,
			B::LdU256(value) => self.wide(Value::u256(**value))?,
			B::CastU8 => Instr::Cast(IntegerWidth::U8),
			B::CastU16 => Instr::Cast(IntegerWidth::U16),
			B::CastU32 => Instr::Cast(IntegerWidth::U32),
			B::CastU64 => Instr::Cast(IntegerWidth::U64),
			B::CastU128 => Instr::Cast(IntegerWidth::U128),
			B::CastU256 => Instr::Cast(IntegerWidth::U256),
			B::LdConst(index) => Instr::LdConst(self.loader.constant(self.unit_index, index.0)?),
			B::LdTrue => Instr::LdBool(true),
			B::LdFalse => Instr::LdBool(false),
			B::CopyLoc(local) => Instr::CopyLoc(*local),
			B::MoveLoc(local) => Instr::MoveLoc(*local),
			B::StLoc(local) => Instr::StLoc(*local),
			B::Call(index) => Instr::Call(self.loader.link(self.unit_index, index.0)?),
			B::CallGeneric(index) => {
				let handle = self.first(Table::FunctionInstantiations, index.0)?;
				let signature = self.second(Table::FunctionInstantiations, index.0)?;
				Instr::CallGeneric {
					link: self.loader.link(self.unit_index, handle)?,
					arguments: self.instantiation(Instantiation::Arguments(signature))?,
				}
			}
			B::Pack(index) => Instr::Pack(self.unit.field_count(index.0)?),
			B::PackGeneric(index) => {
				self.check_type(index.0, at)?;
				Instr::Pack(self.unit.field_count(self.generic_struct(index.0)?)?)
			}
			B::Unpack(index) => Instr::Unpack(self.unit.field_count(index.0)?),
			B::UnpackGeneric(index) => {
				self.check_type(index.0, at)?;
				Instr::Unpack(self.unit.field_count(self.generic_struct(index.0)?)?)
			}
			B::PackVariant(index) => {
				let (variant, fields) = self.variant(index.0)?;
				Instr::PackVariant { variant, fields }
			}
			B::PackVariantGeneric(index) => {
				self.check_variant_type(index.0, at)?;
				let (variant, fields) = self.generic_variant(index.0)?;
				Instr::PackVariant { variant, fields }
			}
			B::UnpackVariant(index) => {
				let (variant, fields) = self.variant(index.0)?;
				Instr::UnpackVariant { variant, fields }
			}
			B::UnpackVariantGeneric(index) => {
				self.check_variant_type(index.0, at)?;
				let (variant, fields) = self.generic_variant(index.0)?;
				Instr::UnpackVariant { variant, fields }
			}
			B::TestVariant(index) => Instr::TestVariant(self.variant(index.0)?.0),
			B::TestVariantGeneric(index) => Instr::TestVariant(self.generic_variant(index.0)?.0),
			B::ReadRef => Instr::ReadRef,
			B::WriteRef => Instr::WriteRef,
			B::MutBorrowLoc(local) | B::ImmBorrowLoc(local) => Instr::BorrowLoc(*local),
			B::MutBorrowField(_)
			| B::MutBorrowFieldGeneric(_)
			| B::ImmBorrowField(_)
			| B::ImmBorrowFieldGeneric(_) => {
				Instr::BorrowField(self.field(Some(instruction))?.ok_or_else(corrupt)?)
			}
			B::MutBorrowVariantField(index) | B::ImmBorrowVariantField(index) => {
				self.variant_field(index.0)?
			}
			B::MutBorrowVariantFieldGeneric(index) | B::ImmBorrowVariantFieldGeneric(index) => {
				self.variant_field(self.first(Table::VariantFieldInstantiations, index.0)?)?
			}
			B::ImmBorrowGlobal(index) => {
				Instr::BorrowGlobal(self.instantiation(Instantiation::Struct(index.0))?)
			}
			B::ImmBorrowGlobalGeneric(index) => {
				Instr::BorrowGlobal(self.instantiation(Instantiation::GenericStruct(index.0))?)
			}
			B::MutBorrowGlobal(index) => {
				Instr::BorrowGlobalMut(self.instantiation(Instantiation::Struct(index.0))?)
			}
			B::MutBorrowGlobalGeneric(index) => {
				Instr::BorrowGlobalMut(self.instantiation(Instantiation::GenericStruct(index.0))?)
			}
			B::Exists(index) => Instr::Exists(self.instantiation(Instantiation::Struct(index.0))?),
			B::ExistsGeneric(index) => {
				Instr::Exists(self.instantiation(Instantiation::GenericStruct(index.0))?)
			}
			B::MoveFrom(index) => {
				Instr::MoveFrom(self.instantiation(Instantiation::Struct(index.0))?)
			}
			B::MoveFromGeneric(index) => {
				Instr::MoveFrom(self.instantiation(Instantiation::GenericStruct(index.0))?)
			}
			B::MoveTo(index) => Instr::MoveTo(self.instantiation(Instantiation::Struct(index.0))?),
			B::MoveToGeneric(index) => {
				Instr::MoveTo(self.instantiation(Instantiation::GenericStruct(index.0))?)
			}
			B::Add => Instr::Add,
			B::Sub => Instr::Sub,
			B::Mul => Instr::Mul,
			B::Mod => Instr::Mod,
			B::Div => Instr::Div,
			B::BitOr => Instr::BitOr,
			B::BitAnd => Instr::BitAnd,
			B::Xor => Instr::Xor,
			B::Or => Instr::Or,
			B::And => Instr::And,
			B::Not => Instr::Not,
			B::Eq => Instr::Eq,
			B::Neq => Instr::Neq,
			B::Lt => Instr::Lt,
			B::Gt => Instr::Gt,
			B::Le => Instr::Le,
			B::Ge => Instr::Ge,
			B::Abort => Instr::Abort,
			B::Shl => Instr::Shl,
			B::Shr => Instr::Shr,
			B::VecPack(signature, count) => {
				let count = u16::try_from(*count).map_err(|_| corrupt())?;
				match self.loader.scalar_element(self.unit, signature.0)? {
					Some(kind) => Instr::VecPack { kind, count },
					None => Instr::VecPackGeneric {
						element: self.element(signature)?,
						count,
					},
				}
			}
			B::VecLen(_) => Instr::VecLen,
			B::VecImmBorrow(_) | B::VecMutBorrow(_) => Instr::VecBorrow,
			B::VecPushBack(_) => Instr::VecPushBack,
			B::VecPopBack(_) => Instr::VecPopBack,
			B::VecUnpack(_, count) => {
				Instr::VecUnpack(u16::try_from(*count).map_err(|_| corrupt())?)
			}
			B::VecSwap(_) => Instr::VecSwap,
		};
		self.push(instr, at)
	}

	fn wide(&mut self, value: Value) -> VmResult<Instr> {
		let place = u32::try_from(self.wide.len()).map_err(|_| corrupt())?;
		self.wide.push(value);
		Ok(Instr::LdWide(place))
	}

	fn instantiation(&mut self, what: Instantiation) -> VmResult<u32> {
		self.loader.instantiation(self.unit_index, what)
	}

	fn element(&mut self, signature: &SignatureIndex) -> VmResult<u32> {
		self.instantiation(Instantiation::Element(signature.0))
	}

	/// Lets the type of a generic struct be built, so that its limits hold.
	fn check_type(&mut self, index: u16, at: usize) -> VmResult<()> {
		let place = self.instantiation(Instantiation::GenericStruct(index))?;
		self.push(Instr::CheckType(place), at)
	}

	fn check_variant_type(&mut self, index: u16, at: usize) -> VmResult<()> {
		let place = self.instantiation(Instantiation::GenericVariant(index))?;
		self.push(Instr::CheckType(place), at)
	}

	/// The first index of a table's entry.
	fn first(&self, table: Table, index: u16) -> VmResult<u16> {
		self.unit.entry(table, index)?.index()
	}

	/// The second index of a table's entry.
	fn second(&self, table: Table, index: u16) -> VmResult<u16> {
		let mut cursor = self.unit.entry(table, index)?;
		cursor.index()?;
		cursor.index()
	}

	fn generic_struct(&self, index: u16) -> VmResult<u16> {
		self.first(Table::StructDefInstantiations, index)
	}

	/// A variant and its number of fields.
	fn variant(&self, index: u16) -> VmResult<(u16, u16)> {
		let definition = self.first(Table::StructVariantHandles, index)?;
		let variant = self.second(Table::StructVariantHandles, index)?;
		Ok((variant, self.unit.variant_field_count(definition, variant)?))
	}

	fn generic_variant(&self, index: u16) -> VmResult<(u16, u16)> {
		self.variant(self.first(Table::StructVariantInstantiations, index)?)
	}

	fn variant_field(&mut self, index: u16) -> VmResult<Instr> {
		let mut cursor = self.unit.entry(Table::VariantFieldHandles, index)?;
		cursor.index()?;
		let field = u32::from(cursor.index()?);
		let mut variants = Vec::new();
		for _ in 0..cursor.length()? {
			variants.push(cursor.index()?);
		}
		let place = u32::try_from(self.variant_fields.len()).map_err(|_| corrupt())?;
		self.variant_fields.push(VariantField {
			variants: variants.into_boxed_slice(),
			field,
		});
		Ok(Instr::BorrowVariantField(place))
	}

	/// Replaces places in the binary's code by places in this one.
	fn resolve_targets(&mut self) -> VmResult<()> {
		let places = &self.places;
		let resolve = |target: &mut u32| {
			*target = *places.get(*target as usize).ok_or_else(corrupt)?;
			Ok(())
		};
		for instruction in &mut self.instructions {
			if let Instr::BrTrue { target, .. }
			| Instr::BrFalse { target, .. }
			| Instr::Branch { target, .. } = instruction
			{
				resolve(target)?;
			}
		}
		self.jumps
			.iter_mut()
			.try_for_each(|jump| resolve(&mut jump.target))
	}
}
