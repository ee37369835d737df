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
	trace::{Budget, Trace, TraceError, TraceFrame},
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
#[derive(Debug)]
pub(crate) struct Watch {
	frames: Vec<TraceFrame>,
	open: Vec<Open>,
	budget: Budget,
	/// Whether an input or output was longer than is shown.
	has_cut: bool,
}

impl Watch {
	/// Nothing yet.
	pub(crate) fn new() -> Self {
		Self {
			frames: Vec::new(),
			open: Vec::new(),
			budget: Budget::new(MAX_TRACE_BYTES),
			has_cut: false,
		}
	}

	/// A frame begins, its input taken from [`Self::data`].
	pub(crate) fn begin(&mut self, mut frame: TraceFrame, is_inner: bool, counted: Weight) {
		frame.depth = u32::try_from(self.open.len()).unwrap_or(u32::MAX);
		let bytes = FRAME_BYTES.saturating_add(frame.signature.len());
		let at = self.budget.take(bytes).then(|| {
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
	fn amend(&mut self, change: impl FnOnce(&mut TraceFrame)) {
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
		self.has_cut |= some.len() < data.len();
		match self.budget.take(some.len()) {
			true => some.to_vec(),
			false => Vec::new(),
		}
	}

	fn finish(self) -> Trace {
		Trace {
			truncated: self.has_cut || self.budget.is_cut(),
			frames: self.frames,
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
				stack::with(|context| context.watch = Some(Watch::new()));
			}
			let applied = apply(extrinsic);
			watch = stack::with(|context| context.watch.take()).flatten();
			// That it fails is what a trace is for.
			let _ = applied.map_err(|error| TraceError::Invalid { index: at, error })?;
		}
		Ok(watch.unwrap_or_else(Watch::new).finish())
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use alloc::vec;
	use trivium_primitives::trace::FrameKind;

	fn frame(watch: &mut Watch, input: &[u8]) {
		let who = AccountId::new([1; 32]);
		let input = watch.data(input);
		let begun = TraceFrame {
			input,
			..TraceFrame::new(FrameKind::Call, 0, who.clone(), who)
		};
		watch.begin(begun, true, Weight::zero());
	}

	/// A frame that is shown below one that is not would seem to be another's.
	#[test]
	fn a_trace_that_has_no_more_room_ends_there() {
		let mut watch = Watch::new();
		let long = vec![7; MAX_DATA_BYTES];
		let most = MAX_TRACE_BYTES / (MAX_DATA_BYTES + FRAME_BYTES);
		for _ in 0..most {
			frame(&mut watch, &long);
		}
		assert_eq!(watch.frames.len(), most, "an input counts once");
		frame(&mut watch, &long);
		frame(&mut watch, &[]);
		for _ in 0..most + 2 {
			watch.end_inner(&[], Weight::from_parts(1, 0), None);
		}
		assert!(watch.open.is_empty());
		let trace = watch.finish();
		assert_eq!((trace.frames.len(), trace.truncated), (most, true));
		assert!(trace
			.frames
			.iter()
			.all(|frame| frame.weight.ref_time() == 1));
	}

	#[test]
	fn data_is_cut_where_it_is_too_long_and_the_trace_goes_on() {
		let mut watch = Watch::new();
		frame(&mut watch, &vec![7; MAX_DATA_BYTES + 1]);
		frame(&mut watch, b"next");
		let trace = watch.finish();
		assert!(trace.truncated);
		assert_eq!(trace.frames[0].input.len(), MAX_DATA_BYTES);
		assert_eq!(trace.frames[1].input, b"next");
	}

	#[test]
	fn an_outer_frame_ends_all_that_is_open_below_it() {
		let mut watch = Watch::new();
		let who = AccountId::new([1; 32]);
		let outer = TraceFrame::new(FrameKind::Hop, 0, who.clone(), who.clone());
		watch.begin(outer, false, Weight::zero());
		frame(&mut watch, b"a");
		frame(&mut watch, b"b");
		let used = Weight::from_parts(5, 6);
		watch.end_hop(Some(VmId::MOVE), who, used, Some(CallError::OutOfGas));
		assert!(watch.open.is_empty());
		let trace = watch.finish();
		let depths: Vec<_> = trace.frames.iter().map(|frame| frame.depth).collect();
		assert_eq!(depths, [0, 1, 2]);
		assert_eq!(
			(trace.frames[0].vm, trace.frames[0].weight),
			(Some(VmId::MOVE), used)
		);
		assert!(trace
			.frames
			.iter()
			.all(|frame| frame.error == Some(CallError::OutOfGas)));
	}
}
