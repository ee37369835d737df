//! The heap of the runtime in wasm.
//!
//! A Substrate runtime's allocator is its host's, and every allocation and release is a call of the
//! host, which takes many times as long as the work itself. [`Heap`] takes memory from the host in
//! regions, cuts small blocks from them, and keeps what is released in lists of its own, one for each
//! power of two up to [`LARGEST`]. Larger blocks are the host's, one by one.
//!
//! Much of what a runtime releases was allocated by the host: every value read from storage is. Such
//! blocks go back to the host, which has to use them again: kept here, they would add up to all that
//! was ever read. A table of the pages that are the heap's own tells them apart.
//!
//! As in the host's allocator, blocks are never merged, and an instance lives for one call.

#![no_std]
#![cfg_attr(
	not(test),
	deny(
		clippy::unwrap_used,
		clippy::expect_used,
		clippy::panic,
		clippy::indexing_slicing,
		clippy::arithmetic_side_effects
	)
)]

use core::{alloc::Layout, ptr};

/// The largest block that is the heap's own, bytes.
pub const LARGEST: usize = 2 * 1024;

/// The smallest block, bytes; also what the host aligns to.
const SMALLEST: usize = 8;
/// One list for each power of two from [`SMALLEST`] to [`LARGEST`].
const LISTS: usize = (LARGEST.ilog2() - SMALLEST.ilog2() + 1) as usize;
/// The alignment of blocks that are as large, bytes. More is made from larger blocks of the host's.
const ALIGNMENT: usize = 16;
/// What is taken from the host at a time, bytes: a power of two, because the host rounds up to one.
const REGION: usize = 64 * 1024;
/// The unit of ownership, bytes. A region's parts of a page at its ends are not used.
const PAGE: usize = 4 * 1024;
/// Pages of which is known whose they are: all that wasm can address. Nothing of the table takes
/// memory before it is written to.
const PAGES: usize = 1 << 20;

/// An allocator below the heap.
pub trait Source {
	/// Gives a block of at least `bytes`, aligned to 8, or null.
	fn take(&mut self, bytes: usize) -> *mut u8;

	/// Takes back a block.
	///
	/// # Safety
	/// `block` is of [`take`](Self::take), and not in use.
	unsafe fn give_back(&mut self, block: *mut u8);
}

/// A free block: the one below it in its list.
struct Free(*mut Free);

/// Free lists above an allocator.
pub struct Heap<S> {
	source: S,
	/// The address of the first page.
	base: usize,
	/// A bit for each page that is the heap's own.
	own: [u64; PAGES / 64],
	lists: [*mut Free; LISTS],
	/// What is left of the last region.
	rest: *mut u8,
	rest_bytes: usize,
}

/// What holds an allocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Room {
	/// A block of this power of two.
	Block(usize),
	/// A block of the source's.
	Large,
	/// A block of the source's, with an address in it that is aligned to more than the block is.
	Aligned,
}

impl Room {
	fn of(layout: Layout) -> Self {
		let bytes = layout.size();
		if layout.align() > ALIGNMENT || (layout.align() > SMALLEST && bytes > LARGEST) {
			return Self::Aligned;
		}
		if bytes > LARGEST {
			return Self::Large;
		}
		// A block of 8 bytes is aligned to no more.
		let least = layout.align().max(SMALLEST);
		Self::Block(bytes.next_power_of_two().max(least))
	}
}

impl<S: Source> Heap<S> {
	/// An empty heap above a source whose blocks all lie above the address `base`, a multiple of 4 KiB.
	pub const fn new(source: S, base: usize) -> Self {
		Self {
			source,
			base,
			own: [0; PAGES / 64],
			lists: [ptr::null_mut(); LISTS],
			rest: ptr::null_mut(),
			rest_bytes: 0,
		}
	}

	/// Gives memory for a layout, or null if the source has none.
	pub fn allocate(&mut self, layout: Layout) -> *mut u8 {
		let size = match Room::of(layout) {
			Room::Block(size) => size,
			Room::Large => return self.source.take(layout.size()),
			Room::Aligned => return self.allocate_aligned(layout),
		};
		if let Some(list) = self.lists.get_mut(list_of(size)) {
			let block = *list;
			if !block.is_null() {
				// SAFETY: what is in a list is a free block that begins with its link.
				*list = unsafe { (*block).0 };
				return block.cast();
			}
		}
		self.cut(size)
	}

	/// Takes memory back.
	///
	/// # Safety
	/// `memory` is not in use. It is of [`allocate`](Self::allocate) for this layout; or of the
	/// source for the layout's size, with an alignment of at most 8.
	pub unsafe fn release(&mut self, memory: *mut u8, layout: Layout) {
		let room = Room::of(layout);
		if let Room::Block(size) = room {
			let is_own = self.is_own(memory);
			if let Some(list) = self.lists.get_mut(list_of(size)).filter(|_| is_own) {
				let block = memory.cast::<Free>();
				// SAFETY: the block is free, aligned to 8, and holds at least 8 bytes.
				unsafe { block.write(Free(*list)) };
				*list = block;
				return;
			}
		}
		// SAFETY: what is left is the source's, and begins where `allocate_aligned` has noted.
		unsafe {
			let block = match room {
				Room::Aligned => memory.sub(offset_of(memory).read()),
				_ => memory,
			};
			self.source.give_back(block);
		}
	}

	/// Gives memory of another size with the content of some, which it takes back. Null if there is
	/// none, and then nothing has changed.
	///
	/// # Safety
	/// As for [`release`](Self::release); `size` with the layout's alignment is a layout.
	pub unsafe fn reallocate(&mut self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
		// SAFETY: the caller says that it is one.
		let wanted = unsafe { Layout::from_size_align_unchecked(size, layout.align()) };
		let room = Room::of(layout);
		// Of the source's blocks only the size that was asked for is known.
		if matches!(room, Room::Block(_)) && room == Room::of(wanted) && self.is_own(memory) {
			return memory;
		}
		let new = self.allocate(wanted);
		if !new.is_null() {
			// SAFETY: both hold as much, and what is new overlaps nothing that is in use.
			unsafe {
				ptr::copy_nonoverlapping(memory, new, layout.size().min(size));
				self.release(memory, layout);
			}
		}
		new
	}

	/// Cuts a block from the region, or from a new one. What is left of the old one is lost.
	fn cut(&mut self, size: usize) -> *mut u8 {
		let padding = |rest: *mut u8| rest.align_offset(size.min(ALIGNMENT));
		let mut skip = padding(self.rest);
		if self.rest_bytes < skip.saturating_add(size) {
			if !self.take_region() {
				return ptr::null_mut();
			}
			skip = padding(self.rest);
		}
		// SAFETY: the region holds the padding and the block.
		unsafe {
			let block = self.rest.add(skip);
			self.rest = block.add(size);
			self.rest_bytes = self.rest_bytes.saturating_sub(skip.saturating_add(size));
			block
		}
	}

	/// Takes a region from the source, and notes its pages. Whether there was one.
	fn take_region(&mut self) -> bool {
		let region = self.source.take(REGION);
		if region.is_null() {
			return false;
		}
		let before = region.align_offset(PAGE);
		// Both are whole pages, but for what is cut off at the end.
		let bytes = REGION.saturating_sub(before) & !PAGE.wrapping_sub(1);
		// SAFETY: the padding is within the region.
		self.rest = unsafe { region.add(before) };
		self.rest_bytes = bytes;
		let first = self.page_of(self.rest);
		for page in first..first.saturating_add(bytes >> PAGE.ilog2()) {
			if let Some(word) = self.own.get_mut(page >> 6) {
				*word |= 1 << (page & 63);
			}
		}
		true
	}

	fn page_of(&self, memory: *mut u8) -> usize {
		memory.addr().wrapping_sub(self.base) >> PAGE.ilog2()
	}

	/// Whether a block was cut from a region.
	fn is_own(&self, memory: *mut u8) -> bool {
		let page = self.page_of(memory);
		self.own
			.get(page >> 6)
			.is_some_and(|word| word >> (page & 63) & 1 == 1)
	}

	/// Gives memory within a larger block of the source's, and notes before it where that begins.
	fn allocate_aligned(&mut self, layout: Layout) -> *mut u8 {
		let bytes = layout.size().saturating_add(layout.align());
		let block = self.source.take(bytes.saturating_add(SMALLEST));
		if block.is_null() {
			return block;
		}
		// SAFETY: the block holds the note, the padding, which is shorter than the alignment, and the
		// memory. All of it is aligned to 8.
		unsafe {
			let after_note = block.add(SMALLEST);
			let padding = after_note.align_offset(layout.align());
			let memory = after_note.add(padding);
			offset_of(memory).write(padding.saturating_add(SMALLEST));
			memory
		}
	}
}

/// Where it is noted how far from the beginning of its block such memory lies.
///
/// # Safety
/// `memory` is of [`Heap::allocate_aligned`].
unsafe fn offset_of(memory: *mut u8) -> *mut usize {
	// SAFETY: 8 bytes before it are the note's.
	unsafe { memory.sub(SMALLEST) }.cast()
}

fn list_of(size: usize) -> usize {
	size.ilog2().saturating_sub(SMALLEST.ilog2()) as usize
}

#[cfg(test)]
mod tests;
