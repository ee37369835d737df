//! Traces as Geth writes them in JSON.
//!
//! Quantities are minimal hexadecimal, data is whole bytes; the gas of steps is a plain number. A
//! trace that was cut has one member that Geth's has not: `"truncated": true`.

use std::{cell::Cell, fmt};

use polkadot_sdk::sp_core::{H160, H256, U256};
use revm::bytecode::opcode::OpCode;
use serde::{
	ser::{SerializeMap, SerializeSeq},
	Serialize, Serializer,
};
use std::collections::BTreeMap;

use super::{
	AccountState, CallFrame, CallKind, CallLog, CallTrace, Prestate, StateDiff, StructLog,
	StructTrace, Trace,
};
use crate::types::EMPTY_CODE_HASH;

/// Deepest nesting of frames. What is said to be deeper stands beside the frames at this depth:
/// execution never gets there, and what claims it must not cost the reader's stack.
const MAX_NESTING: u32 = 1100;

/// Bytes as `0x…`.
struct Data<'a>(&'a [u8]);

impl fmt::Display for Data<'_> {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str("0x")?;
		self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
	}
}

impl Serialize for Data<'_> {
	fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
		serializer.collect_str(self)
	}
}

/// A number as `0x…` without leading zeros.
struct Quantity(U256);

impl Serialize for Quantity {
	fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
		serializer.collect_str(&format_args!("{:#x}", self.0))
	}
}

fn quantity(number: impl Into<U256>) -> Quantity {
	Quantity(number.into())
}

/// A list of what each item becomes.
struct List<I>(I);

impl<I: Iterator<Item: Serialize> + Clone> Serialize for List<I> {
	fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
		serializer.collect_seq(self.0.clone())
	}
}

/// Slots by key.
struct Storage<'a>(&'a BTreeMap<H256, H256>);

impl Serialize for Storage<'_> {
	fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
		serializer.collect_map(
			self.0
				.iter()
				.map(|(key, value)| (Data(key.as_bytes()), Data(value.as_bytes()))),
		)
	}
}

impl Serialize for Trace {
	fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
		match self {
			Self::Call(trace) => trace.serialize(serializer),
			Self::StructLog(trace) => trace.serialize(serializer),
			Self::Prestate(trace) => trace.serialize(serializer),
			Self::StateDiff(trace) => trace.serialize(serializer),
		}
	}
}

// --- Calls -------------------------------------------------------------------------------------------

/// One execution is an object, as in Geth; several, which Geth does not know, are a list.
impl Serialize for CallTrace {
	fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
		let next = Cell::new(0);
		let tree = Tree {
			frames: &self.frames,
			next: &next,
			truncated: self.truncated,
		};
		let executions = self.frames.iter().filter(|frame| frame.depth == 0).count();
		if executions == 1 {
			return Node { tree, nesting: 0 }.serialize(serializer);
		}
		let mut list = serializer.serialize_seq(None)?;
		while tree.peek().is_some() {
			list.serialize_element(&Node { tree, nesting: 0 })?;
		}
		list.end()
	}
}

/// Frames on their way into a tree.
#[derive(Clone, Copy)]
struct Tree<'a> {
	frames: &'a [CallFrame],
	/// The frame that comes next.
	next: &'a Cell<usize>,
	truncated: bool,
}

impl<'a> Tree<'a> {
	fn peek(&self) -> Option<&'a CallFrame> {
		self.frames.get(self.next.get())
	}
}

/// The next frame, and those below it.
struct Node<'a> {
	tree: Tree<'a>,
	nesting: u32,
}

// Functions of their own, so that what recurses is small.
impl Serialize for Node<'_> {
	fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
		let mut map = serializer.serialize_map(None)?;
		if let Some(frame) = self.tree.peek() {
			self.tree.next.set(self.tree.next.get().saturating_add(1));
			put_head(&mut map, frame)?;
			let below = Children {
				tree: self.tree,
				depth: frame.depth,
				nesting: self.nesting.saturating_add(1),
			};
			if self.nesting < MAX_NESTING && below.has_next() {
				map.serialize_entry("calls", &below)?;
			}
			put_tail(&mut map, frame, self.nesting == 0 && self.tree.truncated)?;
		}
		map.end()
	}
}

/// The frames below one.
struct Children<'a> {
	tree: Tree<'a>,
	depth: u32,
	nesting: u32,
}

impl Children<'_> {
	fn has_next(&self) -> bool {
		self.tree.peek().is_some_and(|next| next.depth > self.depth)
	}
}

impl Serialize for Children<'_> {
	fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
		let mut list = serializer.serialize_seq(None)?;
		while self.has_next() {
			list.serialize_element(&Node {
				tree: self.tree,
				nesting: self.nesting,
			})?;
		}
		list.end()
	}
}

#[inline(never)]
fn put_head<M: SerializeMap>(map: &mut M, frame: &CallFrame) -> Result<(), M::Error> {
	map.serialize_entry("from", &address(&frame.from))?;
	map.serialize_entry("gas", &quantity(frame.gas))?;
	map.serialize_entry("gasUsed", &quantity(frame.gas_used))?;
	if let Some(to) = &frame.to {
		map.serialize_entry("to", &address(to))?;
	}
	map.serialize_entry("input", &Data(&frame.input))?;
	if !frame.output.is_empty() {
		map.serialize_entry("output", &Data(&frame.output))?;
	}
	if let Some(error) = &frame.error {
		map.serialize_entry("error", error)?;
	}
	if let Some(reason) = &frame.revert_reason {
		map.serialize_entry("revertReason", reason)?;
	}
	Ok(())
}

#[inline(never)]
fn put_tail<M: SerializeMap>(
	map: &mut M,
	frame: &CallFrame,
	truncated: bool,
) -> Result<(), M::Error> {
	if !frame.logs.is_empty() {
		map.serialize_entry("logs", &frame.logs)?;
	}
	if let Some(value) = frame.value {
		map.serialize_entry("value", &Quantity(value))?;
	}
	let kind = match frame.kind {
		CallKind::Call => "CALL",
		CallKind::StaticCall => "STATICCALL",
		CallKind::DelegateCall => "DELEGATECALL",
		CallKind::CallCode => "CALLCODE",
		CallKind::Create => "CREATE",
		CallKind::Create2 => "CREATE2",
		CallKind::SelfDestruct => "SELFDESTRUCT",
	};
	map.serialize_entry("type", kind)?;
	put_truncated(map, truncated)
}

impl Serialize for CallLog {
	fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
		let mut map = serializer.serialize_map(None)?;
		map.serialize_entry("address", &address(&self.address))?;
		let topics = self.topics.iter().map(|topic| Data(topic.as_bytes()));
		map.serialize_entry("topics", &List(topics))?;
		map.serialize_entry("data", &Data(&self.data))?;
		map.serialize_entry("position", &quantity(self.position))?;
		map.serialize_entry("index", &quantity(self.index))?;
		map.end()
	}
}

// --- Steps -------------------------------------------------------------------------------------------

impl Serialize for StructTrace {
	fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
		let mut map = serializer.serialize_map(None)?;
		map.serialize_entry("gas", &self.gas)?;
		map.serialize_entry("failed", &self.failed)?;
		map.serialize_entry("returnValue", &Data(&self.return_value))?;
		map.serialize_entry("structLogs", &self.struct_logs)?;
		put_truncated(&mut map, self.truncated)?;
		map.end()
	}
}

impl Serialize for StructLog {
	fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
		let mut map = serializer.serialize_map(None)?;
		map.serialize_entry("pc", &self.pc)?;
		match OpCode::new(self.op) {
			Some(opcode) => map.serialize_entry("op", opcode.as_str())?,
			None => map.serialize_entry("op", &format!("opcode {:#x} not defined", self.op))?,
		}
		map.serialize_entry("gas", &self.gas)?;
		map.serialize_entry("gasCost", &self.gas_cost)?;
		map.serialize_entry("depth", &self.depth)?;
		if let Some(error) = &self.error {
			map.serialize_entry("error", error)?;
		}
		if let Some(stack) = &self.stack {
			map.serialize_entry("stack", &List(stack.iter().map(|word| Quantity(*word))))?;
		}
		if !self.return_data.is_empty() {
			map.serialize_entry("returnData", &Data(&self.return_data))?;
		}
		if let Some(memory) = self.memory.as_ref().filter(|memory| !memory.is_empty()) {
			let words = memory.iter().map(|word| Data(word.as_bytes()));
			map.serialize_entry("memory", &List(words))?;
		}
		if let Some(storage) = self.storage.as_ref().filter(|storage| !storage.is_empty()) {
			map.serialize_entry("storage", &Storage(storage))?;
		}
		if self.refund != 0 {
			map.serialize_entry("refund", &self.refund)?;
		}
		map.end()
	}
}

// --- Accounts ----------------------------------------------------------------------------------------

impl Serialize for Prestate {
	fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
		let mut map = serializer.serialize_map(None)?;
		for (of, state) in &self.accounts {
			map.serialize_entry(&address(of), state)?;
		}
		put_truncated(&mut map, self.truncated)?;
		map.end()
	}
}

impl Serialize for StateDiff {
	fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
		let mut map = serializer.serialize_map(None)?;
		map.serialize_entry("post", &Accounts(&self.post))?;
		map.serialize_entry("pre", &Accounts(&self.pre))?;
		put_truncated(&mut map, self.truncated)?;
		map.end()
	}
}

struct Accounts<'a>(&'a BTreeMap<H160, AccountState>);

impl Serialize for Accounts<'_> {
	fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
		serializer.collect_map(self.0.iter().map(|(of, state)| (address(of), state)))
	}
}

impl Serialize for AccountState {
	fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
		let mut map = serializer.serialize_map(None)?;
		if let Some(balance) = self.balance {
			map.serialize_entry("balance", &quantity(balance))?;
		}
		// A code that is gone is told by its hash.
		if !self.code.is_empty() || self.code_hash == Some(EMPTY_CODE_HASH) {
			map.serialize_entry("code", &Data(&self.code))?;
		}
		if let Some(code_hash) = &self.code_hash {
			map.serialize_entry("codeHash", &Data(code_hash.as_bytes()))?;
		}
		if let Some(nonce) = self.nonce {
			map.serialize_entry("nonce", &nonce)?;
		}
		if !self.storage.is_empty() {
			map.serialize_entry("storage", &Storage(&self.storage))?;
		}
		map.end()
	}
}

fn address(of: &H160) -> Data<'_> {
	Data(of.as_bytes())
}

fn put_truncated<M: SerializeMap>(map: &mut M, truncated: bool) -> Result<(), M::Error> {
	match truncated {
		true => map.serialize_entry("truncated", &true),
		false => Ok(()),
	}
}
