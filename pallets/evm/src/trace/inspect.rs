//! Watching the interpreter: `revm`'s inspector, and what it tells the recorders.

use alloc::{string::String, string::ToString, vec::Vec};
use polkadot_sdk::sp_core::{H160, U256};
use revm::{
	bytecode::opcode::{SELFDESTRUCT, SLOAD},
	context::{JournalTr, TxEnv},
	context_interface::{context::ContextError, transaction::AuthorizationTr, Transaction},
	handler::{FrameResult, ItemOrResult},
	inspector::{inspect_instructions, Inspector, JournalExt},
	interpreter::{
		interpreter::EthInterpreter,
		interpreter_action::FrameInit,
		interpreter_types::{Jumps, LoopControl},
		CallInputs, CallScheme, CallValue, CreateInputs, CreateScheme, FrameInput,
		InstructionResult, Interpreter, InterpreterAction,
	},
	primitives::{Log, U256 as Word},
	JournalEntry,
};

use super::{
	call::{CallKind, Calls, Position},
	prestate::{Snapshot, Touched},
	reason,
	struct_log::Steps,
	Budget, Tracer,
};
use crate::{
	bridge::Ctx,
	database::Stop,
	execute::{end_frame, Begun, Frames, Outcome, Ran, TriviumEvm, Unwatched},
	journal::EvmJournal,
	types::{from_address, hash_from_word},
	Config, Failure,
};

/// A frame that begins.
pub(crate) struct Entered<'a> {
	pub kind: CallKind,
	pub from: H160,
	/// Whose code will run, if that is known yet.
	pub to: Option<H160>,
	pub value: Option<U256>,
	pub gas: u64,
	pub input: &'a [u8],
	/// Gas that the frame around it is to be refunded.
	pub refund: i64,
}

/// A frame that ends.
pub(crate) struct Ended<'a> {
	pub error: Option<String>,
	/// Whether `error` is a revert, which has data.
	pub is_revert: bool,
	/// All that it had, if it is not known.
	pub gas_used: Option<u64>,
	pub output: &'a [u8],
	pub created: Option<H160>,
}

/// A step that has been made.
pub(crate) struct StepEnd<'a> {
	pub error: &'a Option<String>,
	pub gas_left: u64,
	/// Gas that went to a new contract's frame, which is not the price of the step.
	pub handed_on: u64,
	/// Of a load or store of storage: what the slot holds.
	pub slot_value: Option<Word>,
}

/// An execution that has ended.
pub(crate) struct Settled<'a> {
	pub gas_limit: u64,
	pub gas_used: u64,
	pub failure: Option<&'a Failure>,
	pub data: &'a [u8],
}

/// The step made last.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Last {
	pub opcode: u8,
	/// Words on the stack before it.
	pub stack_len: usize,
	/// The topmost two.
	top: [Word; 2],
	/// Balance of the contract, before a `SELFDESTRUCT`.
	balance: Word,
	/// Gas that its frame was to be refunded after it.
	refund: i64,
}

/// Who takes the notes.
#[derive(Debug)]
pub(crate) enum Recorder {
	Call(Calls),
	StructLog(Steps),
	Prestate(Touched),
}

/// An execution that has not ended.
#[derive(Clone, Copy, Debug)]
struct Execution {
	/// Frames around it.
	depth: usize,
	/// Where a recorder of calls was when it began.
	start: Position,
}

/// A tracer that is on.
#[derive(Debug)]
pub(crate) struct Tracing {
	pub(crate) recorder: Recorder,
	pub(crate) budget: Budget,
	/// Live frames.
	depth: usize,
	executions: Vec<Execution>,
	has_run: bool,
	last: Last,
}

trivium_primitives::transaction_local! {
	/// The tracer, if one is on.
	fn with_slot(Option<Tracing>)
}

/// Whether a tracer is on; if so, it is told that an execution begins, and has to be told by [`end`]
/// that it ends.
pub(crate) fn begin() -> bool {
	with_slot(|slot| match slot {
		Some(tracing) => {
			tracing.begin();
			true
		}
		None => false,
	})
	.unwrap_or_default()
}

/// Tells the tracer what became of the innermost execution.
pub(crate) fn end(gas_limit: u64, outcome: &Outcome) {
	with_tracing(|tracing| tracing.end(gas_limit, outcome));
}

/// Tells the tracer who signed a transaction's authorizations: their accounts change before the
/// first frame.
pub(crate) fn authorized(tx: &TxEnv) {
	with_tracing(|tracing| {
		for authorization in tx.authorization_list() {
			if let Some(authority) = authorization.authority() {
				tracing.uses(from_address(&authority));
			}
		}
	});
}

fn with_tracing<R>(f: impl FnOnce(&mut Tracing) -> R) -> Option<R> {
	with_slot(|slot| slot.as_mut().map(f)).flatten()
}

impl Tracing {
	/// Switches a tracer on.
	pub(crate) fn start(tracer: Tracer, budget: Budget) {
		let recorder = match tracer {
			Tracer::Call(config) => Recorder::Call(Calls::new(config)),
			Tracer::StructLog(config) => Recorder::StructLog(Steps::new(config)),
			Tracer::Prestate(config) => Recorder::Prestate(Touched::new(config)),
		};
		with_slot(|slot| {
			*slot = Some(Self {
				recorder,
				budget,
				depth: 0,
				executions: Vec::new(),
				has_run: false,
				last: Last::default(),
			})
		});
	}

	/// Switches it off.
	pub(crate) fn stop() -> Option<Self> {
		with_slot(|slot| slot.take()).flatten()
	}

	/// Whether a frame has begun.
	pub(crate) fn has_run(&self) -> bool {
		self.has_run
	}

	/// What the recorder wants to know of the state after the execution.
	pub(crate) fn snapshot_after<T: Config>(&mut self) -> Snapshot {
		match &self.recorder {
			Recorder::Prestate(touched) => touched.snapshot::<T>(&mut self.budget),
			Recorder::Call(_) | Recorder::StructLog(_) => Snapshot::new(),
		}
	}

	fn begin(&mut self) {
		self.executions.push(Execution {
			depth: self.depth,
			start: match &self.recorder {
				Recorder::Call(calls) => calls.position(),
				_ => Position::default(),
			},
		});
	}

	fn end(&mut self, gas_limit: u64, outcome: &Outcome) {
		let Some(execution) = self.executions.pop() else {
			return;
		};
		let (failure, data): (_, &[u8]) = match &outcome.result {
			Ok(success) => (None, &success.data),
			Err(failure) => (Some(failure), &[]),
		};
		// Frames that were live when something from outside ended the execution.
		while self.depth > execution.depth {
			let why = failure.unwrap_or(&Failure::Internal);
			self.exit(Ended {
				error: Some(reason::of_failure(why).to_string()),
				is_revert: false,
				gas_used: None,
				output: &[],
				created: None,
			});
		}
		let settled = Settled {
			gas_limit,
			gas_used: outcome.gas_used,
			failure,
			data,
		};
		match &mut self.recorder {
			Recorder::Call(calls) => calls.settle(execution.start, &settled),
			Recorder::StructLog(steps) => {
				steps.settle(self.executions.is_empty(), &settled, &mut self.budget)
			}
			Recorder::Prestate(_) => {}
		}
	}

	/// An account is used outside of all steps.
	fn uses(&mut self, address: H160) {
		if let Recorder::Prestate(touched) = &mut self.recorder {
			touched.account(address, &mut self.budget);
		}
	}

	fn enter(&mut self, entered: Entered<'_>, coinbase: H160, delegate: Option<H160>) {
		self.has_run = true;
		match &mut self.recorder {
			Recorder::Call(calls) => calls.enter(&entered, &mut self.budget),
			Recorder::StructLog(steps) => steps.enter(&entered),
			Recorder::Prestate(_) => {
				if self.is_at_first() {
					let own = [Some(entered.from), entered.to, Some(coinbase)];
					own.into_iter().flatten().for_each(|of| self.uses(of));
				}
				delegate.into_iter().for_each(|of| self.uses(of));
			}
		}
		self.depth = self.depth.saturating_add(1);
	}

	/// Whether the next frame is the first of an execution.
	fn is_at_first(&self) -> bool {
		self.executions
			.last()
			.is_some_and(|execution| execution.depth == self.depth)
	}

	/// What the frame that is about to make another is to be refunded. A first frame was made by
	/// none.
	fn refund_around(&self) -> i64 {
		match self.is_at_first() {
			true => 0,
			false => self.last.refund,
		}
	}

	fn exit(&mut self, ended: Ended<'_>) {
		self.depth = self.depth.saturating_sub(1);
		match &mut self.recorder {
			Recorder::Call(calls) => calls.exit(ended, &mut self.budget),
			Recorder::StructLog(steps) => steps.exit(&ended),
			Recorder::Prestate(touched) => {
				if let Some(address) = ended.created {
					touched.created(address, &mut self.budget);
				}
			}
		}
	}

	fn step(&mut self, interpreter: &Interpreter<EthInterpreter>, balance: impl FnOnce() -> Word) {
		let stack = interpreter.stack.data();
		let mut top = stack.iter().rev().copied();
		self.last = Last {
			opcode: interpreter.bytecode.opcode(),
			stack_len: stack.len(),
			top: [
				top.next().unwrap_or_default(),
				top.next().unwrap_or_default(),
			],
			balance: Word::ZERO,
			refund: 0,
		};
		match &mut self.recorder {
			Recorder::Call(_) if self.last.opcode == SELFDESTRUCT => self.last.balance = balance(),
			Recorder::Call(_) => {}
			Recorder::StructLog(steps) => steps.step(interpreter, &mut self.budget),
			Recorder::Prestate(touched) => touched.step(interpreter),
		}
	}

	fn step_end(&mut self, interpreter: &mut Interpreter<EthInterpreter>) {
		self.last.refund = interpreter.gas.refunded();
		let result = interpreter.bytecode.instruction_result();
		// A revert is what the step is for.
		let failed = result.filter(|result| !result.is_ok_or_revert());
		match &mut self.recorder {
			Recorder::Call(calls) => {
				if result != Some(InstructionResult::SelfDestruct) {
					return;
				}
				let [to, _] = self.last.top;
				let entered = Entered {
					kind: CallKind::SelfDestruct,
					from: from_address(&interpreter.input.target_address),
					to: Some(H160::from(hash_from_word(&to))),
					value: Some(from_word(&self.last.balance)),
					gas: 0,
					input: &[],
					refund: 0,
				};
				calls.enter(&entered, &mut self.budget);
				let ended = Ended {
					error: None,
					is_revert: false,
					gas_used: Some(0),
					output: &[],
					created: None,
				};
				calls.exit(ended, &mut self.budget);
			}
			Recorder::StructLog(steps) => {
				let error = failed.and_then(|result| reason::of_result(result, &self.last));
				let [_, stored] = self.last.top;
				let slot_value = match self.last.opcode {
					SLOAD => interpreter.stack.data().last().copied(),
					_ => Some(stored),
				};
				let handed_on = match interpreter.bytecode.action() {
					Some(InterpreterAction::NewFrame(FrameInput::Create(create))) => {
						create.gas_limit()
					}
					_ => 0,
				};
				steps.step_end(StepEnd {
					error: &error,
					gas_left: interpreter.gas.remaining(),
					handed_on,
					slot_value,
				});
			}
			Recorder::Prestate(touched) => touched.step_end(failed.is_none(), &mut self.budget),
		}
	}
}

impl<T: Config> JournalExt for EvmJournal<T> {
	fn journal(&self) -> &[JournalEntry] {
		self.entries()
	}
}

/// `revm`'s inspector: hands on what it sees to the tracer that is on.
pub(crate) struct Hooks;

impl<T: Config> Inspector<Ctx<T>, EthInterpreter> for Hooks {
	fn step(&mut self, interpreter: &mut Interpreter<EthInterpreter>, context: &mut Ctx<T>) {
		let contract = interpreter.input.target_address;
		with_tracing(|tracing| {
			tracing.step(interpreter, || {
				let (_, state) = context.journaled_state.db_and_state();
				state
					.get(&contract)
					.map(|account| account.info.balance)
					.unwrap_or_default()
			})
		});
	}

	fn step_end(&mut self, interpreter: &mut Interpreter<EthInterpreter>, _: &mut Ctx<T>) {
		with_tracing(|tracing| tracing.step_end(interpreter));
	}

	fn log(&mut self, _: &mut Ctx<T>, log: Log) {
		with_tracing(|tracing| {
			if let Recorder::Call(calls) = &mut tracing.recorder {
				calls.log(&log, &mut tracing.budget);
			}
		});
	}

	fn frame_start(&mut self, context: &mut Ctx<T>, input: &mut FrameInput) -> Option<FrameResult> {
		match input {
			FrameInput::Call(call) => enter_call(context, call),
			FrameInput::Create(create) => enter_create(context, create),
			FrameInput::Empty => {}
		}
		None
	}

	fn frame_end(&mut self, context: &mut Ctx<T>, _: &FrameInput, result: &mut FrameResult) {
		let instruction_result = result.instruction_result();
		let gas = result.gas();
		let gas_used = match instruction_result.is_ok_or_revert() {
			true => gas.limit().saturating_sub(gas.remaining()),
			false => gas.limit(),
		};
		let created = match result {
			FrameResult::Create(outcome) => outcome.address.as_ref().map(from_address),
			FrameResult::Call(_) => None,
		};
		let stopped = match &context.error {
			Err(ContextError::Db(Stop(failure))) => Some(failure),
			_ => None,
		};
		with_tracing(|tracing| {
			let error = match stopped {
				Some(failure) => Some(reason::of_failure(failure).to_string()),
				None => reason::of_result(instruction_result, &tracing.last),
			};
			tracing.exit(Ended {
				error,
				is_revert: instruction_result == InstructionResult::Revert,
				gas_used: Some(gas_used),
				output: result.interpreter_result().output.as_ref(),
				created,
			})
		});
	}
}

fn enter_call<T: Config>(context: &Ctx<T>, call: &CallInputs) {
	let code_at = from_address(&call.bytecode_address);
	let caller = from_address(&call.caller);
	let own = from_address(&call.target_address);
	let (kind, from) = match call.scheme {
		CallScheme::Call => (CallKind::Call, caller),
		CallScheme::StaticCall => (CallKind::StaticCall, caller),
		CallScheme::CallCode => (CallKind::CallCode, own),
		CallScheme::DelegateCall => (CallKind::DelegateCall, own),
	};
	let value = match call.value {
		CallValue::Transfer(value) | CallValue::Apparent(value) => value,
	};
	let (_, state) = context.journaled_state.db_and_state();
	let delegate = state
		.get(&call.bytecode_address)
		.and_then(|account| account.info.code.as_ref()?.eip7702_address())
		.map(|address| from_address(&address));
	let input = call.input.as_bytes(context);
	with_tracing(|tracing| {
		let entered = Entered {
			kind,
			from,
			to: Some(code_at),
			value: (kind != CallKind::StaticCall).then(|| from_word(&value)),
			gas: call.gas_limit,
			input: &input,
			refund: tracing.refund_around(),
		};
		tracing.enter(entered, from_address(&context.block.beneficiary), delegate);
	});
}

fn enter_create<T: Config>(context: &Ctx<T>, create: &CreateInputs) {
	let kind = match create.scheme() {
		CreateScheme::Create2 { .. } => CallKind::Create2,
		_ => CallKind::Create,
	};
	with_tracing(|tracing| {
		let entered = Entered {
			kind,
			from: from_address(&create.caller()),
			to: None,
			value: Some(from_word(&create.value())),
			gas: create.gas_limit(),
			input: create.init_code(),
			refund: tracing.refund_around(),
		};
		tracing.enter(entered, from_address(&context.block.beneficiary), None);
	});
}

fn from_word(word: &Word) -> U256 {
	U256::from_big_endian(&word.to_be_bytes::<32>())
}

/// Frames that a tracer watches.
pub(crate) struct Watched;

impl<T: Config> Frames<T> for Watched {
	fn begin(evm: &mut TriviumEvm<T>, mut init: FrameInit) -> Begun {
		// These hooks only watch, and end no frame.
		let _ = Inspector::frame_start(&mut Hooks, &mut evm.ctx, &mut init.frame_input);
		let input = init.frame_input.clone();
		let mut begun = <Unwatched as Frames<T>>::begin(evm, init)?;
		if let ItemOrResult::Result(result) = &mut begun {
			Inspector::frame_end(&mut Hooks, &mut evm.ctx, &input, result);
		}
		Ok(begun)
	}

	fn run(evm: &mut TriviumEvm<T>) -> Ran {
		let frame = evm.frame_stack.get();
		let action = inspect_instructions(
			&mut evm.ctx,
			&mut frame.interpreter,
			Hooks,
			evm.instruction.instruction_table(),
			evm.instruction.gas_table(),
		);
		let mut ran = frame.process_next_action(&mut evm.ctx, action);
		if let Ok(ItemOrResult::Result(result)) = &mut ran {
			// First, because it tells by the context's error what the frame ran out of.
			Inspector::frame_end(&mut Hooks, &mut evm.ctx, &frame.input, result);
			frame.set_finished(true);
			end_frame(&mut evm.ctx, result);
		}
		ran
	}
}
