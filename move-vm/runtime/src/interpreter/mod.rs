//! The interpreter: call frames, the operand stack, and the loop over instructions.
//!
//! Properties:
//!
//! 1. Rust's stack does not grow with Move's calls: a call pushes a [`Frame`] and returns to the
//!    loop in [`Machine::run`].
//! 2. Whatever an instruction does is paid for before it is done: its block's price when the block
//!    is entered, what depends on sizes when the sizes are known.
//! 3. Code is trusted to be verified where a mistake would only be wrong, not where it would be
//!    unsafe or unbounded: stack and locals are checked, values carry their kind, references are
//!    paths that are checked at each use. What verified code cannot bring about is an error of the
//!    broken-invariant class.

mod access;
mod fused;
mod paying;
mod step;
mod world;

use alloc::{rc::Rc, vec::Vec};

use move_vm_types::{Location, StatusCode, VmError, VmResult};

pub(crate) use self::world::World;
use crate::{
	gas::schedule,
	loader::{
		instr::{Body, Code, Function},
		types::TypeListId,
	},
	natives::{Arguments, NativeResult},
	values::{PopMany, Stack, Value},
};

/// A function that is being run.
struct Frame {
	function: Rc<Function>,
	/// The next instruction.
	place: u32,
	/// Where its locals begin.
	base: u32,
	/// Its type arguments.
	arguments: TypeListId,
}

/// Why the loop over a frame's instructions ended.
enum Next {
	/// Another function is to be run, and then this one goes on.
	Call(Rc<Function>, TypeListId),
	/// The function has returned.
	Return,
}

/// Runs functions.
pub(crate) struct Machine<'a> {
	pub(crate) world: World<'a>,
	stack: Stack,
	/// Room for the arguments of natives.
	scratch: Vec<Value>,
	/// The callers of the function that runs, the oldest first.
	frames: Vec<Frame>,
	/// The access specifiers of those of them that have any, the oldest first.
	access: Vec<access::Active>,
	max_frames: usize,
}

#[cold]
fn stack_empty() -> VmError {
	VmError::new(StatusCode::EMPTY_VALUE_STACK)
}

impl<'a> Machine<'a> {
	pub(crate) fn new(world: World<'a>) -> Self {
		let limits = world.loader.limits;
		Self {
			world,
			stack: Stack::new(usize::from(limits.operand_stack)),
			scratch: Vec::new(),
			frames: Vec::with_capacity(16),
			access: Vec::new(),
			max_frames: usize::from(limits.call_depth),
		}
	}

	/// Calls a function with arguments, and gives its results, the first first.
	///
	/// # Errors
	/// Those of the code. What was on the stack is gone then, and the session must not be used for
	/// anything but its gas.
	pub(crate) fn call(
		&mut self,
		function: u32,
		type_arguments: TypeListId,
		arguments: Vec<Value>,
	) -> VmResult<Vec<Value>> {
		for argument in arguments {
			self.push(argument)?;
		}
		let function = self.world.loader.function(function)?.clone();
		let returns = usize::from(function.returns);
		match &function.body {
			Body::Code(_) => self.run(function, type_arguments)?,
			Body::Native(_) => self.call_native(&function, type_arguments, None)?,
		}
		Ok(self.stack.pop_many(returns)?.collect())
	}

	fn run(&mut self, function: Rc<Function>, arguments: TypeListId) -> VmResult<()> {
		let floor = self.frames.len();
		let mut current = self.enter(function, arguments)?;
		loop {
			let function = current.function.clone();
			let Body::Code(code) = &function.body else {
				return Err(VmError::invariant("a native has no frame"));
			};
			let mut place = current.place as usize;
			let next = self.run_frame(code, &mut place, &current);
			match next {
				Ok(Next::Return) => {
					self.world.memory.leave_frame(current.base);
					if current.function.access.is_some() {
						self.access.pop();
					}
					if self.frames.len() <= floor {
						return Ok(());
					}
					current = self
						.frames
						.pop()
						.ok_or_else(|| VmError::invariant("no frame"))?;
					if self.world.is_watched && current.function.unit != function.unit {
						let used = self.world.chain.gas.used();
						self.world.chain.host.left(used);
					}
				}
				Ok(Next::Call(callee, arguments)) => {
					if self.frames.len() >= self.max_frames {
						let error = VmError::new(StatusCode::CALL_STACK_OVERFLOW);
						return Err(self.locate(error, &function, place));
					}
					if self.world.is_watched && callee.unit != function.unit {
						self.tell_of(&function, &callee)?;
					}
					let entered = self.enter(callee, arguments);
					let frame = entered.map_err(|error| self.locate(error, &function, place))?;
					current.place =
						u32::try_from(place).map_err(|_| VmError::new(StatusCode::PC_OVERFLOW))?;
					self.frames.push(core::mem::replace(&mut current, frame));
				}
				Err(error) => return Err(self.locate(error, &function, place)),
			}
		}
	}

	/// Tells the host, which watches, of a call between modules.
	#[cold]
	fn tell_of(&mut self, caller: &Function, callee: &Function) -> VmResult<()> {
		let World { loader, chain, .. } = &mut self.world;
		let unit = loader.unit(callee.unit)?;
		// A script has no functions that others could call.
		if let Location::Module(module) = unit.location() {
			let function = unit.function_name(callee.definition)?;
			let caller = match loader.unit(caller.unit)?.location() {
				Location::Module(caller) => Some(caller),
				_ => None,
			};
			let used = chain.gas.used();
			chain
				.host
				.entered(caller.as_ref(), &module, function.as_str(), used);
		}
		Ok(())
	}

	/// Takes a function's arguments from the stack and pays for its first block.
	#[inline]
	fn enter(&mut self, function: Rc<Function>, arguments: TypeListId) -> VmResult<Frame> {
		self.world.chain.gas.charge(u64::from(function.entry))?;
		if let Some(bytes) = self.world.memory.growth(usize::from(function.locals)) {
			self.allocate(bytes)?;
		}
		if self.world.seen_held != self.world.held() {
			self.allocate(0)?;
		}
		let base = self.world.memory.enter_call(
			&mut self.stack,
			usize::from(function.parameters),
			usize::from(function.locals),
		)?;
		if let Some(access) = &function.access {
			self.restrict_access(access, base, arguments)?;
		}
		Ok(Frame {
			function,
			place: 0,
			base,
			arguments,
		})
	}

	/// Puts what a native made on the stack. It was paid for when it was made.
	fn push_made(&mut self, value: Value) -> VmResult<()> {
		let bytes = value.memory(u64::from(self.world.loader.limits.memory_bytes));
		self.allocate(bytes)?;
		self.push(value)
	}

	/// Counts bytes that a new value takes, see [`World::count`].
	///
	/// # Errors
	/// `MEMORY_LIMIT_EXCEEDED`; `OUT_OF_GAS`.
	#[inline(always)]
	fn allocate(&mut self, bytes: u64) -> VmResult<()> {
		self.world.count(&self.stack, bytes)
	}

	/// Adds the place of the instruction before `place`.
	#[cold]
	fn locate(&self, error: VmError, function: &Function, place: usize) -> VmError {
		self.locate_at(error, function, function.offset(place.saturating_sub(1)))
	}

	#[cold]
	fn locate_at(&self, error: VmError, function: &Function, offset: u16) -> VmError {
		if *error.location() != Location::Undefined {
			return error;
		}
		let error = error.at_code_offset(function.definition, offset);
		match self.world.loader.unit(function.unit) {
			Ok(unit) => error.in_location(unit.location()),
			Err(_) => error,
		}
	}

	/// Calls a native function with the arguments on the stack, for the code of a unit.
	fn call_native(
		&mut self,
		function: &Function,
		arguments: TypeListId,
		caller: Option<u32>,
	) -> VmResult<()> {
		let Body::Native(native) = &function.body else {
			return Err(VmError::invariant("not a native"));
		};
		self.world.chain.gas.charge(schedule::NATIVE_CALL)?;
		let types = self.world.loader.types.list(arguments)?.clone();
		let mut scratch = core::mem::take(&mut self.scratch);
		scratch.extend(self.stack.pop_many(usize::from(function.parameters))?);
		let steps =
			(scratch.iter()).fold(0, |sum: usize, value| sum.saturating_add(value.long_path()));
		self.world
			.chain
			.gas
			.charge_for(schedule::PATH_STEP, steps)?;
		// While the native runs, the world has the stack, to see what it refers to, and who called.
		core::mem::swap(&mut self.stack, &mut self.world.stack);
		core::mem::swap(&mut self.frames, &mut self.world.frames);
		self.world.caller = caller;
		let result = native(
			&mut self.world,
			&types,
			&mut Arguments::new(&mut scratch.drain(..)),
		);
		core::mem::swap(&mut self.stack, &mut self.world.stack);
		core::mem::swap(&mut self.frames, &mut self.world.frames);
		self.scratch = scratch;
		let result = match result {
			Ok(NativeResult::Abort(code)) => Err(VmError::abort(code)),
			other => other,
		};
		let result = result.map_err(|error| self.locate_at(error, function, 0))?;
		let count = match result {
			NativeResult::Unit => 0,
			NativeResult::One(value) => {
				self.push_made(value)?;
				1
			}
			NativeResult::Many(values) => {
				let count = values.len();
				for value in values {
					self.push_made(value)?;
				}
				count
			}
			NativeResult::Abort(_) => 0,
		};
		self.allocate(0)?;
		if count != usize::from(function.returns) {
			return Err(VmError::invariant(
				"a native's results are too many or too few",
			));
		}
		Ok(())
	}

	#[inline(always)]
	fn push(&mut self, value: Value) -> VmResult<()> {
		self.stack.push(value)
	}

	#[inline(always)]
	fn pop(&mut self) -> VmResult<Value> {
		self.stack.pop()
	}

	/// Takes the topmost `count` values, the lowest first.
	#[inline]
	fn pop_many(&mut self, count: u16) -> VmResult<PopMany<'_>> {
		self.stack.pop_many(usize::from(count))
	}

	/// Checks that no result is a reference to a local of the function that returns.
	#[inline]
	fn check_results(&self, code: &Code, frame: &Frame) -> VmResult<()> {
		if !code.returns_references {
			return Ok(());
		}
		let first = self
			.stack
			.len()
			.checked_sub(usize::from(frame.function.returns))
			.ok_or_else(stack_empty)?;
		let results = self.stack.values().get(first..).unwrap_or_default();
		if results
			.iter()
			.all(|value| value.may_leave_frame(frame.base))
		{
			Ok(())
		} else {
			Err(VmError::invariant(
				"a reference to a local leaves its frame",
			))
		}
	}
}
