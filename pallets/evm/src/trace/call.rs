//! The tree of frames, as Geth's `callTracer` has it.
//!
//! Frames are kept in the order in which they began, each with its depth: the frames right behind
//! one that are deeper are those below it.

use alloc::{
	string::{String, ToString},
	vec::Vec,
};
use codec::{Decode, Encode};
use polkadot_sdk::sp_core::{H160, H256, U256};
use revm::primitives::Log;
use scale_info::TypeInfo;

use super::{
	inspect::{Ended, Entered, Settled},
	reason, Budget,
};
use crate::types::{from_address, from_b256};

/// What a frame costs beside its data, bytes.
const FRAME_BYTES: usize = 320;
/// What a log costs beside its data, bytes.
const LOG_BYTES: usize = 96;
/// What a topic costs, bytes.
const TOPIC_BYTES: usize = 32;

/// What to tell of calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct CallTracer {
	/// Nothing below the first frame: Geth's `onlyTopCall`.
	pub only_top_call: bool,
	/// The logs too: Geth's `withLog`.
	pub with_log: bool,
}

/// How a frame came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub enum CallKind {
	/// `CALL`, or a transaction's call.
	#[codec(index = 0)]
	Call,
	/// `STATICCALL`, or a call of another VM that must not write.
	#[codec(index = 1)]
	StaticCall,
	/// `DELEGATECALL`
	#[codec(index = 2)]
	DelegateCall,
	/// `CALLCODE`
	#[codec(index = 3)]
	CallCode,
	/// `CREATE`, or a transaction's creation.
	#[codec(index = 4)]
	Create,
	/// `CREATE2`
	#[codec(index = 5)]
	Create2,
	/// `SELFDESTRUCT`, which counts as a frame that sends the balance.
	#[codec(index = 6)]
	SelfDestruct,
}

/// A frame.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct CallFrame {
	/// Frames around it.
	pub depth: u32,
	/// How it came to be.
	pub kind: CallKind,
	/// The contract that made it; of a transaction, who signed it.
	pub from: H160,
	/// The contract whose code ran: of a creation the new one, unless it failed.
	pub to: Option<H160>,
	/// Planck sent along; nothing for `STATICCALL`, which sends none.
	pub value: Option<U256>,
	/// Gas it was given. Of the first frame of an execution, the execution's limit.
	pub gas: u64,
	/// Gas it used. Of the first frame of an execution, all that the EVM charged: with intrinsic gas
	/// and after refunds. What a transaction pays for may be more; see [`crate::fees`].
	pub gas_used: u64,
	/// Calldata, or the creation code.
	pub input: Vec<u8>,
	/// What was returned, also on revert; of a creation, the deployed code.
	pub output: Vec<u8>,
	/// Why it failed, in Geth's words.
	pub error: Option<String>,
	/// The text in `output`, if the frame reverted with `Error(string)` or `Panic(uint256)`.
	pub revert_reason: Option<String>,
	/// Its own logs, if they took effect.
	pub logs: Vec<CallLog>,
}

/// A log.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct CallLog {
	/// The contract that logged.
	pub address: H160,
	/// At most four.
	pub topics: Vec<H256>,
	/// The payload.
	pub data: Vec<u8>,
	/// How many frames its frame had made before.
	pub position: u32,
	/// How many logs of the EVM took effect before, in the same extrinsic.
	pub index: u32,
}

/// The frames of what was traced.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct CallTrace {
	/// In the order in which they began. Those of depth zero are executions that an extrinsic made
	/// one after another, in a batch for instance; an Ethereum transaction has one.
	pub frames: Vec<CallFrame>,
	/// Something was left out; see [`super::MAX_TRACE_BYTES`].
	pub truncated: bool,
}

/// A point in the notes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Position {
	frame: usize,
	logs: u32,
}

/// A frame that has not ended.
#[derive(Debug)]
struct Open {
	/// Where it is noted, if it is.
	frame: Option<usize>,
	/// Noted frames that it has made.
	children: u32,
	/// Logs in effect when it began.
	logs: u32,
}

/// Notes frames.
#[derive(Debug)]
pub(crate) struct Calls {
	config: CallTracer,
	frames: Vec<CallFrame>,
	open: Vec<Open>,
	/// Logs in effect.
	logs: u32,
}

impl Calls {
	pub(crate) fn new(config: CallTracer) -> Self {
		Self {
			config,
			frames: Vec::new(),
			open: Vec::new(),
			logs: 0,
		}
	}

	/// Where the next frame would be noted, and the logs in effect.
	pub(crate) fn position(&self) -> Position {
		Position {
			frame: self.frames.len(),
			logs: self.logs,
		}
	}

	pub(crate) fn enter(&mut self, entered: &Entered<'_>, budget: &mut Budget) {
		let depth = u32::try_from(self.open.len()).unwrap_or(u32::MAX);
		let is_wanted = match self.open.last() {
			None => true,
			Some(parent) => !self.config.only_top_call && parent.frame.is_some(),
		};
		let cost = FRAME_BYTES.saturating_add(entered.input.len());
		let is_noted = is_wanted && budget.take(cost);
		if is_noted {
			if let Some(parent) = self.open.last_mut() {
				parent.children = parent.children.saturating_add(1);
			}
		}
		self.open.push(Open {
			frame: is_noted.then_some(self.frames.len()),
			children: 0,
			logs: self.logs,
		});
		if is_noted {
			self.frames.push(CallFrame {
				depth,
				kind: entered.kind,
				from: entered.from,
				to: entered.to,
				value: entered.value,
				gas: entered.gas,
				gas_used: 0,
				input: entered.input.to_vec(),
				output: Vec::new(),
				error: None,
				revert_reason: None,
				logs: Vec::new(),
			});
		}
	}

	pub(crate) fn exit(&mut self, ended: Ended<'_>, budget: &mut Budget) {
		let Some(open) = self.open.pop() else {
			return;
		};
		if ended.error.is_some() {
			self.logs = open.logs;
		}
		let Some(frame) = open.frame.and_then(|at| self.frames.get_mut(at)) else {
			return;
		};
		frame.gas_used = ended.gas_used.unwrap_or(frame.gas);
		if matches!(frame.kind, CallKind::Create | CallKind::Create2) {
			frame.to = ended.created.filter(|_| ended.error.is_none());
		}
		let is_kept = ended.error.is_none() || ended.is_revert;
		if is_kept && budget.take(ended.output.len()) {
			frame.output = ended.output.to_vec();
			if ended.is_revert {
				frame.revert_reason = reason::of_revert(ended.output);
			}
		}
		frame.error = ended.error;
	}

	pub(crate) fn log(&mut self, log: &Log, budget: &mut Budget) {
		let index = self.logs;
		self.logs = self.logs.saturating_add(1);
		if !self.config.with_log {
			return;
		}
		let Some(open) = self.open.last() else {
			return;
		};
		let Some(frame) = open.frame.and_then(|at| self.frames.get_mut(at)) else {
			return;
		};
		let topics = log.data.topics();
		let cost = LOG_BYTES
			.saturating_add(topics.len().saturating_mul(TOPIC_BYTES))
			.saturating_add(log.data.data.len());
		if budget.take(cost) {
			frame.logs.push(CallLog {
				address: from_address(&log.address),
				topics: topics.iter().map(from_b256).collect(),
				data: log.data.data.to_vec(),
				position: open.children,
				index,
			});
		}
	}

	/// An execution has ended that began at `start`, where its first frame is, if it is noted.
	pub(crate) fn settle(&mut self, start: Position, settled: &Settled<'_>) {
		if settled.failure.is_some() {
			self.logs = start.logs;
		}
		let depth = u32::try_from(self.open.len()).unwrap_or(u32::MAX);
		let Some(frame) = self
			.frames
			.get_mut(start.frame)
			.filter(|frame| frame.depth == depth)
		else {
			return;
		};
		frame.gas = settled.gas_limit;
		frame.gas_used = settled.gas_used;
		if let (Some(failure), None) = (settled.failure, &frame.error) {
			frame.error = Some(reason::of_failure(failure).to_string());
			frame.output.clear();
		}
	}

	pub(crate) fn finish(mut self, budget: &Budget) -> CallTrace {
		// Logs of a frame that failed, or that lies below one, did not take effect.
		let mut failed_above: Option<u32> = None;
		for frame in &mut self.frames {
			if failed_above.is_some_and(|depth| frame.depth <= depth) {
				failed_above = None;
			}
			if frame.error.is_some() && failed_above.is_none() {
				failed_above = Some(frame.depth);
			}
			if failed_above.is_some() {
				frame.logs.clear();
			}
		}
		CallTrace {
			frames: self.frames,
			truncated: budget.is_cut(),
		}
	}
}
