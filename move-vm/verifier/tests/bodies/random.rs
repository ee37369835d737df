//! Random code: the verifier never panics and never comes upon a state that earlier passes exclude;
//! and what it accepts, when run, uses locals only where they have values and references only while
//! what they refer to is there.

use move_vm_binary_format::{
	index::{
		FieldHandleIndex, FunctionHandleIndex, FunctionInstantiationIndex, SignatureIndex,
		StructDefInstantiationIndex, StructDefinitionIndex, StructVariantHandleIndex,
		StructVariantInstantiationIndex, VariantFieldHandleIndex, VariantFieldInstantiationIndex,
	},
	Bytecode as B, SignatureToken as T,
};
use move_vm_fixtures::Function;
use move_vm_types::{StatusType, VerifierLimits};
use move_vm_verifier::verify_module;
use proptest::prelude::*;

use crate::setting::{imm, mutable, vector, verify, Setting};

/// Any instruction, its operands often out of range.
fn any_instruction(length: u16) -> impl Strategy<Value = B> {
	let plain = prop::sample::select(vec![
		B::Pop,
		B::Ret,
		B::LdTrue,
		B::LdFalse,
		B::LdU8(1),
		B::LdU64(1),
		B::CastU8,
		B::CastU64,
		B::ReadRef,
		B::WriteRef,
		B::FreezeRef,
		B::Add,
		B::Shl,
		B::And,
		B::Not,
		B::Eq,
		B::Lt,
		B::Abort,
		B::Nop,
	]);
	let index = 0..6u16;
	prop_oneof![
		4 => plain,
		2 => (0..=length).prop_map(B::Branch),
		2 => (0..=length).prop_map(B::BrTrue),
		4 => (0..8u8, 0..5u8).prop_map(|(local, kind)| match kind {
			0 => B::CopyLoc(local),
			1 => B::MoveLoc(local),
			2 => B::StLoc(local),
			3 => B::MutBorrowLoc(local),
			_ => B::ImmBorrowLoc(local),
		}),
		8 => (index, 0..32u8, 0..4u64).prop_map(|(index, kind, count)| match kind {
			0 => B::Call(FunctionHandleIndex(index)),
			1 => B::CallGeneric(FunctionInstantiationIndex(index)),
			2 => B::Pack(StructDefinitionIndex(index)),
			3 => B::PackGeneric(StructDefInstantiationIndex(index)),
			4 => B::PackVariant(StructVariantHandleIndex(index)),
			5 => B::PackVariantGeneric(StructVariantInstantiationIndex(index)),
			6 => B::Unpack(StructDefinitionIndex(index)),
			7 => B::UnpackGeneric(StructDefInstantiationIndex(index)),
			8 => B::UnpackVariant(StructVariantHandleIndex(index)),
			9 => B::UnpackVariantGeneric(StructVariantInstantiationIndex(index)),
			10 => B::TestVariant(StructVariantHandleIndex(index)),
			11 => B::TestVariantGeneric(StructVariantInstantiationIndex(index)),
			12 => B::MutBorrowField(FieldHandleIndex(index)),
			13 => B::ImmBorrowField(FieldHandleIndex(index)),
			14 => B::MutBorrowVariantField(VariantFieldHandleIndex(index)),
			15 => B::ImmBorrowVariantField(VariantFieldHandleIndex(index)),
			16 => B::MutBorrowVariantFieldGeneric(VariantFieldInstantiationIndex(index)),
			17 => B::ImmBorrowVariantFieldGeneric(VariantFieldInstantiationIndex(index)),
			18 => B::MutBorrowGlobal(StructDefinitionIndex(index)),
			19 => B::ImmBorrowGlobal(StructDefinitionIndex(index)),
			20 => B::Exists(StructDefinitionIndex(index)),
			21 => B::MoveFrom(StructDefinitionIndex(index)),
			22 => B::MoveTo(StructDefinitionIndex(index)),
			23 => B::VecPack(SignatureIndex(index), count),
			24 => B::VecLen(SignatureIndex(index)),
			25 => B::VecImmBorrow(SignatureIndex(index)),
			26 => B::VecMutBorrow(SignatureIndex(index)),
			27 => B::VecPushBack(SignatureIndex(index)),
			28 => B::VecPopBack(SignatureIndex(index)),
			29 => B::VecUnpack(SignatureIndex(index), count),
			30 => B::VecSwap(SignatureIndex(index)),
			_ => B::LdConst(Default::default()),
		}),
	]
}

/// Locals of [`balanced`]: the types that its pieces work on.
fn locals_of(s: &Setting) -> Vec<T> {
	vec![
		T::Bool,
		T::U64,
		s.data.type_(),
		s.hot.type_(),
		imm(s.data.type_()),
		mutable(s.data.type_()),
		imm(T::U64),
		mutable(T::U64),
		vector(T::U64),
		mutable(vector(T::U64)),
		s.shape.type_(),
		mutable(s.shape.type_()),
		T::Address,
		imm(s.resource.type_()),
		mutable(s.resource.type_()),
	]
}

/// Pieces of well-typed code that leave the stack as it was.
fn pieces(s: &Setting) -> Vec<Vec<B>> {
	let mut pieces = vec![
		vec![B::LdTrue, B::StLoc(0)],
		vec![B::CopyLoc(1), B::CopyLoc(1), B::Add, B::StLoc(1)],
		vec![B::MoveLoc(1), B::Pop],
		vec![B::LdU64(1), B::LdU64(2), B::Pack(s.data.def), B::StLoc(2)],
		vec![B::LdU64(1), B::Pack(s.hot.def), B::StLoc(3)],
		vec![B::MoveLoc(3), B::Unpack(s.hot.def), B::StLoc(1)],
		vec![B::MoveLoc(3), B::StLoc(3)],
		vec![B::ImmBorrowLoc(2), B::StLoc(4)],
		vec![B::MutBorrowLoc(2), B::StLoc(5)],
		vec![B::CopyLoc(5), B::FreezeRef, B::StLoc(4)],
		vec![B::CopyLoc(4), B::ReadRef, B::StLoc(2)],
		vec![B::CopyLoc(2), B::CopyLoc(5), B::WriteRef],
		vec![B::CopyLoc(4), B::ImmBorrowField(s.data_value), B::StLoc(6)],
		vec![B::CopyLoc(5), B::MutBorrowField(s.data_other), B::StLoc(7)],
		vec![B::CopyLoc(5), B::CopyLoc(4), B::Call(s.pick), B::StLoc(7)],
		vec![B::MoveLoc(5), B::Call(s.peek), B::StLoc(6)],
		vec![B::CopyLoc(7), B::ReadRef, B::StLoc(1)],
		vec![B::LdU64(3), B::MoveLoc(7), B::WriteRef],
		vec![B::CopyLoc(6), B::CopyLoc(6), B::Eq, B::StLoc(0)],
		vec![B::CopyLoc(1), B::VecPack(s.u64_, 1), B::StLoc(8)],
		vec![B::MutBorrowLoc(8), B::StLoc(9)],
		vec![
			B::CopyLoc(9),
			B::LdU64(0),
			B::VecMutBorrow(s.u64_),
			B::StLoc(7),
		],
		vec![B::CopyLoc(9), B::LdU64(0), B::VecPushBack(s.u64_)],
		vec![B::MoveLoc(9), B::VecPopBack(s.u64_), B::StLoc(1)],
		vec![B::LdU64(1), B::PackVariant(s.dot), B::StLoc(10)],
		vec![B::MutBorrowLoc(10), B::StLoc(11)],
		vec![B::CopyLoc(11), B::TestVariant(s.line), B::StLoc(0)],
		vec![
			B::CopyLoc(11),
			B::MutBorrowVariantField(s.any_x),
			B::StLoc(7),
		],
		vec![
			B::MoveLoc(10),
			B::UnpackVariant(s.line),
			B::StLoc(0),
			B::StLoc(1),
		],
		vec![B::LdConst(Default::default()), B::StLoc(12)],
		vec![
			B::CopyLoc(12),
			B::ImmBorrowGlobal(s.resource.def),
			B::StLoc(13),
		],
		vec![
			B::CopyLoc(12),
			B::MutBorrowGlobal(s.resource.def),
			B::StLoc(14),
		],
		vec![B::Call(s.touch)],
	];
	for local in 4..15u8 {
		pieces.push(vec![B::MoveLoc(local), B::Pop]);
	}
	pieces
}

/// What a block of [`balanced`] ends with.
#[derive(Clone, Debug)]
enum End {
	Next,
	Jump(usize),
	Fork(usize),
	Return,
}

fn any_end(blocks: usize) -> impl Strategy<Value = End> {
	prop_oneof![
		2 => Just(End::Next),
		1 => (0..blocks).prop_map(End::Jump),
		4 => (0..blocks).prop_map(End::Fork),
		1 => Just(End::Return),
	]
}

/// The blocks of [`balanced`]: numbers of pieces, and how each ends.
type Blocks = Vec<(Vec<usize>, End)>;

/// Well-typed code of `blocks`, and for each instruction the block and, unless it belongs to the
/// end of the block, the piece that it comes from.
fn balanced(s: &Setting, blocks: &Blocks) -> (Vec<B>, Vec<(usize, Option<usize>)>) {
	let pieces = pieces(s);
	let mut code = Vec::new();
	let mut origins = Vec::new();
	let mut starts = Vec::new();
	for (block, (numbers, end)) in blocks.iter().enumerate() {
		starts.push(code.len() as u16);
		for (place, number) in numbers.iter().enumerate() {
			code.extend(pieces[number % pieces.len()].iter().cloned());
			origins.resize(code.len(), (block, Some(place)));
		}
		// Targets are block numbers until all starts are known.
		match end {
			End::Next => code.push(B::Nop),
			End::Jump(target) => code.push(B::Branch(*target as u16)),
			End::Fork(target) => code.extend([B::LdTrue, B::BrTrue(*target as u16)]),
			End::Return => code.push(B::Ret),
		}
		origins.resize(code.len(), (block, None));
	}
	for instruction in &mut code {
		if let B::Branch(target) | B::BrTrue(target) = instruction {
			*target = starts[usize::from(*target)];
		}
	}
	// The end, which acquires what the function says it does.
	let take = [
		B::LdConst(Default::default()),
		B::ImmBorrowGlobal(s.resource.def),
		B::Pop,
	];
	code.extend(take);
	code.extend([B::LdU64(0), B::Abort]);
	(code, origins)
}

/// Takes out of `blocks` what an error is about. False if nothing is left to take out.
fn repair(blocks: &mut Blocks, origin: Option<&(usize, Option<usize>)>) -> bool {
	match origin {
		Some((block, Some(place))) => {
			blocks[*block].0.remove(*place);
			true
		}
		Some((block, None)) if !matches!(blocks[*block].1, End::Next) => {
			blocks[*block].1 = End::Next;
			true
		}
		_ => false,
	}
}

fn any_blocks() -> impl Strategy<Value = Blocks> {
	(2..9usize).prop_flat_map(|count| {
		let block = (prop::collection::vec(0..64usize, 0..8), any_end(count));
		prop::collection::vec(block, count)
	})
}

/// A value as [`Walker`] knows it.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Value {
	/// No reference, or a reference that a caller keeps alive and no one else has.
	Plain,
	/// A reference into a place: the place as a whole, or something inside of it.
	Reference {
		/// A local, or a place of the caller or of global storage beyond those.
		place: usize,
		/// What the place held when it was borrowed.
		age: usize,
		/// For a part: the state of the place's inside when it was borrowed.
		inside: Option<usize>,
	},
}

/// Runs code in so far as references go. A place gets a new age when its value is replaced or
/// leaves, and its inside another when all of it is written or its parts may have moved.
struct Walker<'a> {
	setting: &'a Setting,
	locals: Vec<Option<Value>>,
	ages: Vec<(usize, usize)>,
	stack: Vec<Value>,
}

impl<'a> Walker<'a> {
	/// The place of the resources, behind one for each local and what a parameter refers to.
	fn global(&self) -> usize {
		self.locals.len() * 2
	}

	fn new(setting: &'a Setting, types: &[T], parameters: usize) -> Self {
		let count = types.len();
		let first_value = |(local, token): (usize, &T)| {
			(local < parameters).then_some(if token.is_reference() {
				Value::Reference {
					place: count + local,
					age: 0,
					inside: None,
				}
			} else {
				Value::Plain
			})
		};
		Self {
			setting,
			locals: types.iter().enumerate().map(first_value).collect(),
			ages: vec![(0, 0); count * 2 + 1],
			stack: Vec::new(),
		}
	}

	fn reference_to(&self, place: usize) -> Value {
		Value::Reference {
			place,
			age: self.ages[place].0,
			inside: None,
		}
	}

	fn pop(&mut self) -> Value {
		self.stack.pop().expect("an operand")
	}

	/// Checks that a reference still refers to what it was made for.
	fn check(&self, value: Value, offset: usize) -> Value {
		if let Value::Reference { place, age, inside } = value {
			assert_eq!(age, self.ages[place].0, "dangling reference at {offset}");
			if let Some(inside) = inside {
				assert_eq!(
					inside, self.ages[place].1,
					"dangling inner reference at {offset}"
				);
			}
		}
		value
	}

	fn pop_live(&mut self, offset: usize) -> Value {
		let value = self.pop();
		self.check(value, offset)
	}

	/// A reference to a part of what `value` refers to.
	fn part_of(&self, value: Value) -> Value {
		match value {
			Value::Reference { place, age, inside } => Value::Reference {
				place,
				age,
				inside: inside.or(Some(self.ages[place].1)),
			},
			Value::Plain => Value::Plain,
		}
	}

	/// What a write through a reference to all of a place does to references into it.
	fn disturb(&mut self, value: Value) {
		if let Value::Reference {
			place,
			inside: None,
			..
		} = value
		{
			self.ages[place].1 += 1;
		}
	}

	fn take(&mut self, local: u8, offset: usize) -> Value {
		let local = usize::from(local);
		self.ages[local].0 += 1;
		self.locals[local]
			.take()
			.unwrap_or_else(|| panic!("no value at {offset}"))
	}

	fn copy(&self, local: u8, offset: usize) -> Value {
		self.locals[usize::from(local)].unwrap_or_else(|| panic!("no value at {offset}"))
	}

	/// Runs one instruction that does not jump.
	fn step(&mut self, instruction: &B, offset: usize) {
		match instruction {
			B::CopyLoc(local) => self.stack.push(self.copy(*local, offset)),
			B::MoveLoc(local) => {
				let value = self.take(*local, offset);
				self.stack.push(value);
			}
			B::StLoc(local) => {
				let value = self.pop();
				self.ages[usize::from(*local)].0 += 1;
				self.locals[usize::from(*local)] = Some(value);
			}
			B::MutBorrowLoc(local) | B::ImmBorrowLoc(local) => {
				self.copy(*local, offset);
				self.stack.push(self.reference_to(usize::from(*local)));
			}
			B::ImmBorrowField(_) | B::MutBorrowField(_) | B::MutBorrowVariantField(_) => {
				let whole = self.pop_live(offset);
				self.stack.push(self.part_of(whole));
			}
			B::FreezeRef => {
				let reference = self.pop_live(offset);
				self.stack.push(reference);
			}
			B::ReadRef | B::TestVariant(_) | B::VecLen(_) => {
				self.pop_live(offset);
				self.stack.push(Value::Plain);
			}
			B::WriteRef => {
				let reference = self.pop_live(offset);
				self.disturb(reference);
				self.pop();
			}
			B::VecMutBorrow(_) => {
				self.pop();
				let vector = self.pop_live(offset);
				self.stack.push(self.part_of(vector));
			}
			B::VecPushBack(_) => {
				self.pop();
				let vector = self.pop_live(offset);
				self.disturb(vector);
			}
			B::VecPopBack(_) => {
				let vector = self.pop_live(offset);
				self.disturb(vector);
				self.stack.push(Value::Plain);
			}
			B::ImmBorrowGlobal(_) | B::MutBorrowGlobal(_) => {
				self.pop();
				self.stack.push(self.reference_to(self.global()));
			}
			B::Call(callee) if *callee == self.setting.pick => {
				self.pop_live(offset);
				let data = self.pop_live(offset);
				// It may write all of it, then return a part.
				self.disturb(data);
				self.stack.push(self.part_of(data));
			}
			B::Call(callee) if *callee == self.setting.peek => {
				let data = self.pop_live(offset);
				self.disturb(data);
				self.stack.push(self.part_of(data));
			}
			// It may write all of the resource.
			B::Call(_) => self.ages[self.locals.len() * 2].0 += 1,
			B::Pop | B::BrTrue(_) => {
				self.pop();
			}
			B::Add | B::Eq => {
				for _ in 0..2 {
					self.pop_live(offset);
				}
				self.stack.push(Value::Plain);
			}
			B::Pack(def) => {
				let count = if *def == self.setting.data.def { 2 } else { 1 };
				self.stack.truncate(self.stack.len() - count);
				self.stack.push(Value::Plain);
			}
			B::UnpackVariant(_) => self.stack.push(Value::Plain),
			B::PackVariant(_) | B::Unpack(_) | B::VecPack(_, _) | B::Nop | B::Branch(_) => {}
			B::LdTrue | B::LdU64(_) | B::LdConst(_) => self.stack.push(Value::Plain),
			other => panic!("no piece has {other:?}"),
		}
	}

	/// Walks through `code` by `choices`.
	fn walk(mut self, code: &[B], choices: &[bool]) {
		let (mut offset, mut choices) = (0usize, choices.iter());
		loop {
			let instruction = &code[offset];
			if matches!(instruction, B::Ret | B::Abort) {
				return;
			}
			self.step(instruction, offset);
			offset = match instruction {
				B::Branch(target) if choices.next().is_some() => usize::from(*target),
				B::BrTrue(target) if choices.next() == Some(&true) => usize::from(*target),
				B::Branch(_) => return,
				_ => offset + 1,
			};
		}
	}
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(2_000))]

	#[test]
	fn any_code_is_accepted_or_refused(
		code in prop::collection::vec(any_instruction(24), 0..24),
		version in 5..=7u32,
	) {
		let mut setting = Setting::new();
		setting.builder.module.version = version;
		let parameters = locals_of(&setting)[..4].to_vec();
		let locals = locals_of(&setting)[4..7].to_vec();
		let function = Function::new("test").parameters(parameters).locals(locals).code(code);
		let module = setting.with(function);
		// Even without the passes before it.
		let _ = verify(&module);
		if let Err(error) = verify_module(&module, &VerifierLimits::PRODUCTION) {
			prop_assert_eq!(error.status().class(), StatusType::Verification, "{}", error);
		}
	}

	#[test]
	fn balanced_code_is_accepted_or_refused_by_the_flow_passes(
		blocks in any_blocks(),
		version in 5..=7u32,
		available in 0..16usize,
		walks in prop::collection::vec(prop::collection::vec(any::<bool>(), 0..40), 20),
	) {
		let mut blocks = blocks;
		loop {
			let mut setting = Setting::new();
			setting.builder.module.version = version;
			let (code, origins) = balanced(&setting, &blocks);
			let locals = locals_of(&setting);
			let available = available.min(locals.len());
			let function = Function::new("test")
				.parameters(&locals[..available])
				.locals(&locals[available..])
				.acquires([setting.resource.def])
				.code(code.clone());
			let place = setting.place();
			let module = setting.clone().with(function);
			let Err(error) = verify(&module) else {
				for choices in &walks {
					Walker::new(&setting, &locals, available).walk(&code, choices);
				}
				break;
			};
			prop_assert_eq!(error.status().class(), StatusType::Verification, "{}", error);
			// Without what was refused, more of the code is looked at.
			let offset = match error.code_offset() {
				Some((function, offset)) if function == place => usize::from(offset),
				_ => break,
			};
			if !repair(&mut blocks, origins.get(offset)) {
				break;
			}
		}
	}
}
