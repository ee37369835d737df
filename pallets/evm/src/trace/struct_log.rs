//! Every step, as Geth's tracer has it when none is named.

use alloc::{collections::BTreeMap, string::String, vec::Vec};
use codec::{Decode, Encode};
use polkadot_sdk::sp_core::{H160, H256, U256};
use revm::{
	bytecode::opcode::{SLOAD, SSTORE},
	interpreter::{
		interpreter::EthInterpreter,
		interpreter_types::{Jumps, ReturnData},
		Interpreter,
	},
};
use scale_info::TypeInfo;

use super::{
	inspect::{Ended, Entered, Settled, StepEnd},
	Budget, MAX_STRUCT_LOGS,
};
use crate::{
	types::{from_address, hash_from_word},
	Failure,
};

/// What a step costs beside its stack, memory and the like, bytes.
const STEP_BYTES: usize = 160;
/// What a word costs, bytes.
const WORD_BYTES: usize = 32;
/// What a slot costs, bytes.
const SLOT_BYTES: usize = 96;

/// What to tell of steps. Geth's names, and its defaults: all false and zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct StructLogger {
	/// With the memory before each step.
	pub enable_memory: bool,
	/// Without the stack.
	pub disable_stack: bool,
	/// Without the storage.
	pub disable_storage: bool,
	/// With what the last call returned.
	pub enable_return_data: bool,
	/// Most steps to tell; zero, and more than [`MAX_STRUCT_LOGS`], is that.
	pub limit: u32,
	/// Steps to pass over first, so that a long trace can be had in parts.
	pub skip: u32,
}

/// A step.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct StructLog {
	/// Where in the code, bytes.
	pub pc: u32,
	/// The instruction.
	pub op: u8,
	/// Gas before it.
	pub gas: u64,
	/// Gas it took: of a call, with what the callee was given; of one that failed for want of gas,
	/// all there was.
	pub gas_cost: u64,
	/// Live frames, its own included.
	pub depth: u32,
	/// Why it ended its frame, if that was a failure.
	pub error: Option<String>,
	/// The stack before it, topmost word last.
	pub stack: Option<Vec<U256>>,
	/// The memory before it, in words.
	pub memory: Option<Vec<H256>>,
	/// What the last call returned.
	pub return_data: Vec<u8>,
	/// Of a load or store of storage: the slots of the contract that were loaded or stored so far,
	/// this one included.
	pub storage: Option<BTreeMap<H256, H256>>,
	/// Gas to be refunded, before it.
	pub refund: u64,
}

/// The steps of what was traced.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct StructTrace {
	/// Gas that the EVM charged, of all executions of the extrinsic together. What a transaction pays
	/// for may be more; see [`crate::fees`].
	pub gas: u64,
	/// Whether the execution failed, the last one if there were several.
	pub failed: bool,
	/// What it returned, or its revert data.
	pub return_value: Vec<u8>,
	/// The steps.
	pub struct_logs: Vec<StructLog>,
	/// Steps were left out, or a return value; see [`StructLogger::limit`] and
	/// [`super::MAX_TRACE_BYTES`].
	pub truncated: bool,
}

/// Notes steps.
#[derive(Debug)]
pub(crate) struct Steps {
	config: StructLogger,
	most: usize,
	/// Steps seen.
	seen: u32,
	/// Refunds of the frames around each live frame.
	open: Vec<i64>,
	/// Slots in use, by contract.
	storage: BTreeMap<H160, BTreeMap<H256, H256>>,
	/// The present step is the last in `trace`, and of this contract and slot if it is one of storage.
	present: Option<Option<(H160, H256)>>,
	trace: StructTrace,
}

impl Steps {
	pub(crate) fn new(config: StructLogger) -> Self {
		let most = match config.limit {
			0 => MAX_STRUCT_LOGS,
			limit => limit.min(MAX_STRUCT_LOGS),
		};
		Self {
			config,
			most: most as usize,
			seen: 0,
			open: Vec::new(),
			storage: BTreeMap::new(),
			present: None,
			trace: StructTrace::default(),
		}
	}

	pub(crate) fn enter(&mut self, entered: &Entered<'_>) {
		let around = self.open.last().copied().unwrap_or_default();
		self.open.push(around.saturating_add(entered.refund));
	}

	pub(crate) fn exit(&mut self, _: &Ended<'_>) {
		self.open.pop();
	}

	pub(crate) fn step(&mut self, interpreter: &Interpreter<EthInterpreter>, budget: &mut Budget) {
		self.present = None;
		let number = self.seen;
		self.seen = self.seen.saturating_add(1);
		let op = interpreter.bytecode.opcode();
		let stack = interpreter.stack.data();
		let contract = from_address(&interpreter.input.target_address);
		let slot = (op == SLOAD || op == SSTORE)
			.then(|| stack.last())
			.flatten()
			.filter(|_| !self.config.disable_storage)
			.map(|key| (contract, hash_from_word(key)));
		// A later part has to know what an earlier one has seen.
		if number < self.config.skip {
			self.present = slot.map(Some);
			return;
		}
		if self.trace.struct_logs.len() >= self.most {
			self.trace.truncated = true;
			return;
		}

		let memory_len = interpreter.memory.len();
		let return_data = interpreter.return_data.buffer();
		let slots = slot.map_or(0, |(contract, _)| {
			let known = self.storage.get(&contract).map_or(0, BTreeMap::len);
			known.saturating_add(2).saturating_mul(SLOT_BYTES)
		});
		let cost = [
			STEP_BYTES,
			slots,
			match self.config.disable_stack {
				true => 0,
				false => stack.len().saturating_mul(WORD_BYTES),
			},
			match self.config.enable_memory {
				true => memory_len.saturating_add(WORD_BYTES),
				false => 0,
			},
			match self.config.enable_return_data {
				true => return_data.len(),
				false => 0,
			},
		];
		if !budget.take(cost.into_iter().fold(0, usize::saturating_add)) {
			return;
		}
		let refund = self
			.open
			.last()
			.copied()
			.unwrap_or_default()
			.saturating_add(interpreter.gas.refunded());
		self.trace.struct_logs.push(StructLog {
			pc: u32::try_from(interpreter.bytecode.pc()).unwrap_or(u32::MAX),
			op,
			gas: interpreter.gas.remaining(),
			gas_cost: 0,
			depth: u32::try_from(self.open.len()).unwrap_or(u32::MAX),
			error: None,
			stack: (!self.config.disable_stack).then(|| {
				stack
					.iter()
					.map(|word| U256::from_big_endian(&word.to_be_bytes::<32>()))
					.collect()
			}),
			memory: (self.config.enable_memory && memory_len > 0)
				.then(|| words(&interpreter.memory.context_memory())),
			return_data: match self.config.enable_return_data {
				true => return_data.to_vec(),
				false => Vec::new(),
			},
			storage: None,
			refund: u64::try_from(refund).unwrap_or_default(),
		});
		self.present = Some(slot);
	}

	pub(crate) fn step_end(&mut self, end: StepEnd<'_>) {
		let Some(slot) = self.present.take() else {
			return;
		};
		let is_ok = end.error.is_none();
		let slots = match slot {
			Some((contract, key)) if is_ok => {
				let slots = self.storage.entry(contract).or_default();
				if let Some(value) = end.slot_value {
					slots.insert(key, hash_from_word(&value));
				}
				Some(&*slots)
			}
			_ => None,
		};
		if self.seen <= self.config.skip {
			return;
		}
		if let Some(log) = self.trace.struct_logs.last_mut() {
			log.gas_cost = log
				.gas
				.saturating_sub(end.gas_left)
				.saturating_sub(end.handed_on);
			log.error = end.error.clone();
			log.storage = slots.cloned();
		}
	}

	/// An execution has ended, `is_first` if none is around it.
	pub(crate) fn settle(&mut self, is_first: bool, settled: &Settled<'_>, budget: &mut Budget) {
		if !is_first {
			return;
		}
		self.trace.gas = self.trace.gas.saturating_add(settled.gas_used);
		self.trace.failed = settled.failure.is_some();
		let data: &[u8] = match settled.failure {
			None => settled.data,
			Some(Failure::Reverted(data)) => data,
			Some(_) => &[],
		};
		self.trace.return_value = match budget.take(data.len()) {
			true => data.to_vec(),
			false => Vec::new(),
		};
	}

	pub(crate) fn finish(mut self, budget: &Budget) -> StructTrace {
		self.trace.truncated |= budget.is_cut();
		self.trace
	}
}

/// Memory in words. It has a whole number of them.
fn words(memory: &[u8]) -> Vec<H256> {
	memory
		.chunks(WORD_BYTES)
		.map(|chunk| {
			let mut word = H256::zero();
			for (to, from) in word.0.iter_mut().zip(chunk) {
				*to = *from;
			}
			word
		})
		.collect()
}
