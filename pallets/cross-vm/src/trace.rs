//! Watching what runs: all frames of all machines, for a trace.
//!
//! Hops and announced executions are seen here as they pass; frames that a machine keeps to itself are told by it while
//! somebody watches ([`trivium_primitives::Dispatch::begin_inner`]). Nothing that runs can tell whether it is watched.
//!
//! A machine that stops an execution as a whole ends none of its inner frames one by one. So the end of an outer frame
//! is the end of all that are open below it.

use alloc::vec::Vec;

use polkadot_sdk::{
	frame_support::weights::Weight,
	frame_system::{self, pallet_prelude::BlockNumberFor},
	sp_runtime::{traits::One, ApplyExtrinsicResult, Saturating},
};
use trivium_primitives::{
	trace::{Trace, TraceError, TraceFrame},
	AccountId, CallError, VmId,
};

use crate::{stack, Config, Pallet};

/// Most bytes of one trace, each frame counted with [`FRAME_BYTES`] besides its data.
const MAX_TRACE_BYTES: usize = 4 * 1024 * 1024;
/// Bytes that a frame counts besides its data.
const FRAME_BYTES: usize = 512;
/// Most bytes of one input or output.
const MAX_DATA_BYTES: usize = 64 * 1024;

/// A frame that has begun and not ended.
#[derive(Debug)]
struct Open {
	/// Its place among the frames, if there was room for it.
	at: Option<usize>,
	/// It is ended by its machine alone, or with what is around it.
	is_inner: bool,
	/// Where its machine's count of weight stood.
	counted: Weight,
}

/// What was seen so far.
#[derive(Debug, Default)]
pub(crate) struct Watch {
	frames: Vec<TraceFrame>,
	open: Vec<Open>,
	taken_bytes: usize,
	truncated: bool,
}

impl Watch {
	/// A frame begins.
	pub(crate) fn begin(&mut self, mut frame: TraceFrame, is_inner: bool, counted: Weight) {
		frame.depth = u32::try_from(self.open.len()).unwrap_or(u32::MAX);
		let data = frame.input.len().saturating_add(frame.signature.len());
		let at = self.take(FRAME_BYTES.saturating_add(data)).then(|| {
			self.frames.push(frame);
			self.frames.len().saturating_sub(1)
		});
		self.open.push(Open {
			at,
			is_inner,
			counted,
		});
	}

	/// Changes the frame that began last and is still open.
	pub(crate) fn amend(&mut self, change: impl FnOnce(&mut TraceFrame)) {
		let at = self.open.last().and_then(|open| open.at);
		if let Some(frame) = at.and_then(|at| self.frames.get_mut(at)) {
			change(frame);
		}
	}

	/// The input of the frame that began last is known.
	pub(crate) fn set_input(&mut self, input: &[u8]) {
		let input = self.data(input);
		self.amend(|frame| frame.input = input);
	}

	/// The output of the outer frame that is open is known. Whatever is open below it has ended.
	pub(crate) fn set_output(&mut self, output: &[u8], error: Option<&CallError>) {
		self.end_inner_ones(error);
		let output = self.data(output);
		self.amend(|frame| frame.output = output);
	}

	/// The inner frame that began last has ended.
	pub(crate) fn end_inner(&mut self, output: &[u8], counted: Weight, error: Option<CallError>) {
		if self.open.last().is_some_and(|open| open.is_inner) {
			let output = self.data(output);
			self.close(Some(output), counted, error);
		}
	}

	/// The outer frame that began last has ended, and all below it.
	pub(crate) fn end_outer(&mut self, used: Weight, error: Option<CallError>) {
		self.end_inner_ones(error.as_ref());
		self.close(None, used, error);
	}

	/// The hop that began last has ended, and all below it. By now it is known whom it called.
	pub(crate) fn end_hop(
		&mut self,
		vm: Option<VmId>,
		contract: AccountId,
		used: Weight,
		error: Option<CallError>,
	) {
		self.end_inner_ones(error.as_ref());
		self.amend(|frame| {
			frame.vm = vm;
			frame.contract = contract;
		});
		self.close(None, used, error);
	}

	fn end_inner_ones(&mut self, error: Option<&CallError>) {
		while let Some(open) = self.open.last().filter(|open| open.is_inner) {
			// How far it had come is not known any more.
			let counted = open.counted;
			self.close(None, counted, error.cloned());
		}
	}

	fn close(&mut self, output: Option<Vec<u8>>, counted: Weight, error: Option<CallError>) {
		let Some(open) = self.open.pop() else { return };
		let Some(frame) = open.at.and_then(|at| self.frames.get_mut(at)) else {
			return;
		};
		frame.weight = counted.saturating_sub(open.counted);
		frame.error = error.map(without_data);
		if let Some(output) = output {
			frame.output = output;
		}
	}

	/// As much of some data as there is room for.
	pub(crate) fn data(&mut self, data: &[u8]) -> Vec<u8> {
		let some = data.get(..MAX_DATA_BYTES).unwrap_or(data);
		self.truncated |= some.len() < data.len();
		match self.take(some.len()) {
			true => some.to_vec(),
			false => Vec::new(),
		}
	}

	fn take(&mut self, bytes: usize) -> bool {
		let taken = self.taken_bytes.saturating_add(bytes);
		let is_room = taken <= MAX_TRACE_BYTES;
		match is_room {
			true => self.taken_bytes = taken,
			false => self.truncated = true,
		}
		is_room
	}

	fn finish(self) -> Trace {
		Trace {
			frames: self.frames,
			truncated: self.truncated,
		}
	}
}

/// The data of a revert is the frame's output.
fn without_data(error: CallError) -> CallError {
	match error {
		CallError::Reverted(_) => CallError::Reverted(Vec::new()),
		error => error,
	}
}

impl<T: Config> Pallet<T> {
	/// Applies a block's extrinsics up to `index` and traces that one, in a block that `begin` initialises. See
	/// [`crate::api::CrossVmApi::trace`].
	///
	/// # Errors
	/// [`TraceError`].
	pub fn trace<E>(
		number: BlockNumberFor<T>,
		extrinsics: Vec<E>,
		index: u32,
		begin: impl FnOnce(),
		mut apply: impl FnMut(E) -> ApplyExtrinsicResult,
	) -> Result<Trace, TraceError> {
		let now = frame_system::Pallet::<T>::block_number();
		if number != now.saturating_add(One::one()) {
			return Err(TraceError::NotTheParent);
		}
		if usize::try_from(index).map_or(true, |index| extrinsics.len() <= index) {
			return Err(TraceError::IndexOutOfRange);
		}
		begin();
		let mut watch = None;
		for (at, extrinsic) in (0..=index).zip(extrinsics) {
			// Room in the block, as there was when it was made: then the proof size that extrinsics did not use was
			// measured and given back, for which there is no recorder here.
			frame_system::BlockWeight::<T>::kill();
			if at == index {
				stack::with(|context| context.watch = Some(Watch::default()));
			}
			let applied = apply(extrinsic);
			watch = stack::with(|context| context.watch.take()).flatten();
			// That it fails is what a trace is for.
			let _ = applied.map_err(|error| TraceError::Invalid { index: at, error })?;
		}
		Ok(watch.unwrap_or_default().finish())
	}
}
