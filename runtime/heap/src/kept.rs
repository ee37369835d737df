//! Small blocks that were released a moment ago, for whoever asks for their size next.
//!
//! Most blocks of a runtime are small and short-lived, and taking one from here is a third of the work of
//! having it cut and merged again. What is kept does not merge, so it is bounded: [`MOST_KEPT`] blocks of
//! each size, [`MOST_KEPT_BYTES`] in all; and before the heap takes a region from the host it gives
//! back all that is kept.

use core::{alloc::Layout, ptr};

/// The largest block that is kept, bytes.
const LARGEST: usize = 512;
/// Sizes are multiples of this, bytes.
const STEP: usize = 8;
const SIZES: usize = LARGEST / STEP;
/// Blocks of a size that are kept at most.
const MOST_KEPT: u8 = 16;
/// Bytes that all kept blocks have at most: those of each size, a multiple of 8 up to 512.
pub const MOST_KEPT_BYTES: usize = MOST_KEPT as usize * STEP * SIZES * (SIZES + 1) / 2;

const _: () = assert!(MOST_KEPT_BYTES < crate::FIRST_REGION_BYTES / 2);

/// A size of blocks that are kept: so many times [`STEP`], less one.
#[derive(Clone, Copy)]
pub(crate) struct Size(usize);

impl Size {
	/// That of the blocks for a layout. Every allocated block of a layout that has one is as long.
	#[inline]
	pub fn of(layout: Layout) -> Option<Self> {
		let is_kept = layout.size() <= LARGEST && layout.align() <= STEP;
		is_kept.then(|| Self(layout.size().saturating_sub(1) / STEP))
	}

	/// In bytes.
	#[inline]
	pub const fn bytes(self) -> usize {
		self.0.saturating_add(1).saturating_mul(STEP)
	}
}

/// A kept block: the one below it.
struct Block(*mut Block);

/// The blocks of a size.
struct List {
	top: *mut Block,
	count: u8,
}

/// All that are kept.
pub(crate) struct Kept([List; SIZES]);

impl Kept {
	/// None.
	pub const fn new() -> Self {
		const EMPTY: List = List {
			top: ptr::null_mut(),
			count: 0,
		};
		Self([EMPTY; SIZES])
	}

	/// A block of a size; null if none is kept.
	#[inline]
	pub fn take(&mut self, size: Size) -> *mut u8 {
		match self.0.get_mut(size.0) {
			Some(list) if !list.top.is_null() => {
				let block = list.top;
				// SAFETY: what is in a list is a free block that begins with its link.
				list.top = unsafe { (*block).0 };
				list.count = list.count.saturating_sub(1);
				block.cast()
			}
			_ => ptr::null_mut(),
		}
	}

	/// Keeps a block, unless there are enough. Whether it was kept.
	///
	/// # Safety
	/// It has this size, is aligned to 8, and nobody uses it.
	#[inline]
	pub unsafe fn keep(&mut self, block: *mut u8, size: Size) -> bool {
		let Some(list) = (self.0.get_mut(size.0)).filter(|list| list.count < MOST_KEPT) else {
			return false;
		};
		let block = block.cast::<Block>();
		block.write(Block(list.top));
		list.top = block;
		list.count = list.count.saturating_add(1);
		true
	}

	/// Gives up all blocks.
	#[cold]
	pub fn give_up(&mut self, mut release: impl FnMut(*mut u8, usize)) {
		for size in (0..SIZES).map(Size) {
			loop {
				let block = self.take(size);
				if block.is_null() {
					break;
				}
				release(block, size.bytes());
			}
		}
	}
}
