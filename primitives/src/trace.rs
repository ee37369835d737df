//! Traces: all the calls of an extrinsic, in whatever machine.

use alloc::vec::Vec;

use codec::{Decode, DecodeWithMemTracking, Encode};
use polkadot_sdk::{
	sp_core::H256, sp_runtime::transaction_validity::TransactionValidityError, sp_weights::Weight,
};
use scale_info::TypeInfo;

use crate::{AccountId, Balance, CallError, VmId};

/// How a frame came about. Numbers are part of the runtime API: never renumber.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub enum FrameKind {
	/// An extrinsic entered a machine by the machine's own door.
	#[codec(index = 0)]
	Entry,
	/// A call by the dispatch pallet: from one machine to another, or by `crossVm.call`.
	#[codec(index = 1)]
	Hop,
	/// A contract called another of its own machine.
	#[codec(index = 2)]
	Call,
	/// The same, and the callee may not write.
	#[codec(index = 3)]
	StaticCall,
	/// A contract ran other code in its own name.
	#[codec(index = 4)]
	DelegateCall,
	/// A contract made another.
	#[codec(index = 5)]
	Create,
	/// A function of one Move module called one of another.
	#[codec(index = 6)]
	Function,
}

/// One frame of a trace.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct TraceFrame {
	/// Frames around it. Frames are in the order in which they began, so those right behind a frame that are deeper
	/// are below it.
	pub depth: u32,
	/// How it came about.
	pub kind: FrameKind,
	/// The cross-VM frame it ran in: its position in the call tree, as logs have it.
	pub frame: u32,
	/// The VM; `None` if the call ended before its target was known.
	pub vm: Option<VmId>,
	/// Who called.
	pub caller: AccountId,
	/// Who was called.
	pub contract: AccountId,
	/// The code that ran, if not the contract's own: the account that has it in the EVM, its hash in ink!.
	pub code: Option<H256>,
	/// Planck sent along.
	pub value: Balance,
	/// Text of the signature called where the call named one, or the name of a function of Move.
	pub signature: Vec<u8>,
	/// The input in the VM's encoding.
	pub input: Vec<u8>,
	/// What it returned, or reverted with.
	pub output: Vec<u8>,
	/// What it and all below it used.
	pub weight: Weight,
	/// Why it failed, if it did. The data of [`CallError::Reverted`] is left out: it is `output`.
	pub error: Option<CallError>,
}

impl TraceFrame {
	/// A frame that begins, of which no more is known than who calls whom.
	pub fn new(kind: FrameKind, frame: u32, caller: AccountId, contract: AccountId) -> Self {
		Self {
			depth: 0,
			kind,
			frame,
			vm: None,
			caller,
			contract,
			code: None,
			value: 0,
			signature: Vec::new(),
			input: Vec::new(),
			output: Vec::new(),
			weight: Weight::zero(),
			error: None,
		}
	}
}

/// All the calls of an extrinsic.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Trace {
	/// The frames, in the order in which they began. None if the extrinsic entered no machine.
	pub frames: Vec<TraceFrame>,
	/// Whether some were left out, or inputs and outputs cut, because the answer would be too long.
	pub truncated: bool,
}

/// Why there is no trace.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub enum TraceError {
	/// The block does not follow the one on whose state it was to run. Ask at its parent.
	#[codec(index = 0)]
	NotTheParent,
	/// The block has no extrinsic with this index.
	#[codec(index = 1)]
	IndexOutOfRange,
	/// An extrinsic is not valid on this state.
	#[codec(index = 2)]
	Invalid {
		/// Its index in the block.
		index: u32,
		/// Why.
		error: TransactionValidityError,
	},
}

/// A frame of a VM's own that begins within an execution that was announced.
pub struct Inner<'a> {
	/// The VM.
	pub vm: VmId,
	/// How it came about.
	pub kind: FrameKind,
	/// Who calls.
	pub caller: AccountId,
	/// Who is called.
	pub contract: AccountId,
	/// The code that runs, if not the contract's own, see [`TraceFrame::code`].
	pub code: Option<H256>,
	/// The function's name, where the VM knows it before the code runs (Move); empty otherwise.
	pub function: &'a [u8],
	/// Planck sent along.
	pub value: Balance,
	/// The input in the VM's encoding.
	pub input: &'a [u8],
	/// Where the VM's count of weight stands. What it is when the frame ends is given as [`crate::Exit::used`].
	pub counted: Weight,
}

/// Bytes that a trace may still take.
#[derive(Clone, Debug)]
pub struct Budget {
	left: usize,
	is_cut: bool,
}

impl Budget {
	/// A trace of at most this many bytes.
	pub fn new(bytes: usize) -> Self {
		Self {
			left: bytes,
			is_cut: false,
		}
	}

	/// Takes `bytes`, if there are as many. Once there were not, nothing is given any more, so that
	/// a trace ends at one point.
	pub fn take(&mut self, bytes: usize) -> bool {
		match self.left.checked_sub(bytes) {
			Some(left) if !self.is_cut => {
				self.left = left;
				true
			}
			_ => {
				self.is_cut = true;
				false
			}
		}
	}

	/// Whether something was left out.
	pub fn is_cut(&self) -> bool {
		self.is_cut
	}
}
