//! The heap of the runtime in wasm.
//!
//! A Substrate runtime's allocator is its host's, and every allocation and release is a call of the
//! host, which takes many times as long as the work itself. [`Heap`] keeps what is released in lists of
//! its own, one for each power of two up to [`LARGEST`], and takes memory from the host in chunks.
//!
//! Much of what a runtime releases was allocated by the host: every value read from storage is. The
//! host rounds sizes up to the same powers of two, so that its blocks go into the same lists. Nothing
//! is ever merged or, up to [`LARGEST`], given back: the host does not merge either, and an instance
//! lives for one call of the runtime.

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

/// The largest block that is kept, bytes. What is larger is the host's alone.
pub const LARGEST: usize = 64 * 1024;

/// The smallest block, bytes; also the host's, and what the host aligns to.
const SMALLEST: usize = 8;
/// One list for each power of two from [`SMALLEST`] to [`LARGEST`].
const LISTS: usize = (LARGEST.ilog2() - SMALLEST.ilog2() + 1) as usize;
/// The largest block that is cut from a chunk, bytes.
const LARGEST_CUT: usize = 2 * 1024;
/// What is taken from the host at a time, bytes.
const CHUNK: usize = 16 * 1024;
/// The alignment of what is cut from a chunk and as large, bytes.
const CUT_ALIGNMENT: usize = 16;

/// An allocator below the heap. Its blocks hold the next power of two of what was asked for, and at
/// least 8 bytes.
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
	lists: [*mut Free; LISTS],
	/// What is left of the last chunk.
	chunk: *mut u8,
	chunk_bytes: usize,
}

/// What holds an allocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Room {
	/// A block of this power of two, which is kept when it is released.
	Block(usize),
	/// A block of the source's own.
	Large,
	/// A block of the source's own, with an address within it that is aligned to more than it is.
	Aligned,
}

impl Room {
	fn of(layout: Layout) -> Self {
		let bytes = layout.size();
		if layout.align() > SMALLEST && (layout.align() > CUT_ALIGNMENT || bytes > LARGEST_CUT) {
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
	/// An empty heap.
	pub const fn new(source: S) -> Self {
		Self {
			source,
			lists: [ptr::null_mut(); LISTS],
			chunk: ptr::null_mut(),
			chunk_bytes: 0,
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
		match size > LARGEST_CUT {
			true => self.source.take(size),
			false => self.cut(size),
		}
	}

	/// Takes memory back.
	///
	/// # Safety
	/// `memory` is not in use. It is of [`allocate`](Self::allocate) for this layout; or of the
	/// source for the layout's size, with an alignment of at most 8.
	pub unsafe fn release(&mut self, memory: *mut u8, layout: Layout) {
		let room = Room::of(layout);
		if let Room::Block(size) = room {
			// What is cut is in line; a block of the source's may not be, and would be given out as if.
			let is_in_line = size > LARGEST_CUT || memory.align_offset(cut_alignment(size)) == 0;
			if let Some(list) = self.lists.get_mut(list_of(size)).filter(|_| is_in_line) {
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
		if matches!(room, Room::Block(_)) && room == Room::of(wanted) {
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

	/// Cuts a block from the chunk, or from a new one. What is left of the old one is lost.
	fn cut(&mut self, size: usize) -> *mut u8 {
		let padding = |chunk: *mut u8| chunk.align_offset(cut_alignment(size));
		let mut skip = padding(self.chunk);
		if self.chunk_bytes < skip.saturating_add(size) {
			let chunk = self.source.take(CHUNK);
			if chunk.is_null() {
				return chunk;
			}
			(self.chunk, self.chunk_bytes) = (chunk, CHUNK);
			skip = padding(chunk);
		}
		// SAFETY: the chunk holds the padding and the block.
		unsafe {
			let block = self.chunk.add(skip);
			self.chunk = block.add(size);
			self.chunk_bytes = self.chunk_bytes.saturating_sub(skip.saturating_add(size));
			block
		}
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

fn cut_alignment(size: usize) -> usize {
	size.min(CUT_ALIGNMENT)
}

#[cfg(test)]
mod tests;
