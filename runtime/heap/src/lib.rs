//! The heap of the runtime in wasm.
//!
//! A Substrate runtime's allocator is its host's. Every allocation is a call of the host, which takes
//! many times as long as the work itself, and the host never merges what was freed: memory that held
//! blocks of one size holds no others for as long as the instance lives. A block's author has a fresh
//! instance for each extrinsic, who imports the block one for all of them. So what an extrinsic frees
//! has to be whole again for the next, or blocks can be built that nobody can import.
//!
//! [`Heap`] takes memory from the host in few large regions, and has it managed by `dlmalloc`, which
//! merges neighbours at once, takes the smallest free block that suffices, and never searches for longer
//! than a size has bits. Above it are a few small blocks that were just released (`kept.rs`).
//!
//! # What holds
//! 1. When all is released, the largest block that a heap gives fits into what it has from the host.
//! 2. No region is taken while blocks that could have merged are kept.
//! 3. What was allocated by the host goes back to it. Every value read from storage is such a block;
//!    held here, they would add up to all that was ever read. They are told apart by their addresses.
//! 4. The host is asked for one size only, [`REGION_BYTES`], but for the first region, so that whatever
//!    it gets back serves again.

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

mod kept;
mod regions;

use core::{alloc::Layout, ptr};

use dlmalloc::Dlmalloc;

pub use kept::MOST_KEPT_BYTES;
use kept::{Kept, Size};
use regions::System;
pub use regions::{Regions, Source, FIRST_REGION_BYTES, REGION_BYTES};

/// The largest block that lies in a region, bytes: a region without what its management takes. A
/// larger one is the source's own.
pub const LARGEST: usize = REGION_BYTES - 1024;

/// What every block of a source is aligned to.
const SOURCE_ALIGNMENT: usize = 8;

/// A heap over regions.
pub struct Heap<'a, S> {
	regions: &'a Regions<S>,
	blocks: Dlmalloc<System<'a, S>>,
	kept: Kept,
}

impl<'a, S> Heap<'a, S> {
	/// An empty heap over regions that no other heap uses.
	pub const fn new(regions: &'a Regions<S>) -> Self {
		Self {
			regions,
			blocks: Dlmalloc::new_with_allocator(System(regions)),
			kept: Kept::new(),
		}
	}
}

impl<'a, S: Source> Heap<'a, S> {
	/// Gives memory for a layout, or null if the source has none. Blocks above [`LARGEST`] cannot be
	/// aligned to more than 8.
	///
	/// # Safety
	/// The layout's size is not zero.
	#[inline]
	pub unsafe fn allocate(&mut self, layout: Layout) -> *mut u8 {
		match Size::of(layout) {
			Some(size) => match self.kept.take(size) {
				block if !block.is_null() => block,
				_ => self.cut(size.bytes(), layout.align()),
			},
			None if layout.size() <= LARGEST => self.cut(layout.size(), layout.align()),
			None => self.allocate_large(layout),
		}
	}

	/// Gives a block of the regions'.
	///
	/// # Safety
	/// The size is not zero.
	unsafe fn cut(&mut self, size: usize, align: usize) -> *mut u8 {
		match self.blocks.malloc(size, align) {
			block if !block.is_null() => block,
			_ => self.merge_or_grow(|blocks| blocks.malloc(size, align)),
		}
	}

	/// Tries again what has failed for want of memory: with what was kept, then with one more region.
	#[cold]
	fn merge_or_grow(
		&mut self,
		mut attempt: impl FnMut(&mut Dlmalloc<System<'a, S>>) -> *mut u8,
	) -> *mut u8 {
		let blocks = &mut self.blocks;
		// SAFETY: what is kept was allocated with this size and an alignment of at most 8.
		(self.kept).give_up(|block, size| unsafe { blocks.free(block, size, 8) });
		match attempt(blocks) {
			block if !block.is_null() => block,
			_ => self.regions.growing(|| attempt(blocks)),
		}
	}

	#[cold]
	fn allocate_large(&mut self, layout: Layout) -> *mut u8 {
		match layout.align() {
			..=SOURCE_ALIGNMENT => self.regions.source.take(layout.size()),
			_ => ptr::null_mut(),
		}
	}

	/// Takes memory back.
	///
	/// # Safety
	/// `memory` is not in use. It is of [`allocate`](Self::allocate) for this layout; or of the
	/// source for the layout's size, with an alignment of at most 8.
	#[inline]
	pub unsafe fn release(&mut self, memory: *mut u8, layout: Layout) {
		if !self.regions.hold(memory.addr()) {
			return self.regions.source.give_back(memory);
		}
		match Size::of(layout) {
			Some(size) if self.kept.keep(memory, size) => {}
			_ => self.blocks.free(memory, layout.size(), layout.align()),
		}
	}

	/// Gives memory of another size with the content of some, which it takes back. Null if there is
	/// none, and then nothing has changed.
	///
	/// # Safety
	/// As for [`release`](Self::release); `size` is not zero, and with the layout's alignment a layout.
	#[inline]
	pub unsafe fn reallocate(&mut self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
		if size > LARGEST || !self.regions.hold(memory.addr()) {
			return self.move_to(memory, layout, size);
		}
		// So long that it can be kept for its size.
		let wanted = Layout::from_size_align_unchecked(size, layout.align());
		let size = Size::of(wanted).map_or(size, Size::bytes);
		let attempt = |blocks: &mut Dlmalloc<System<'a, S>>| unsafe {
			blocks.realloc(memory, layout.size(), layout.align(), size)
		};
		match attempt(&mut self.blocks) {
			block if !block.is_null() => block,
			_ => self.merge_or_grow(attempt),
		}
	}

	/// As [`reallocate`](Self::reallocate), where one of both is the source's: of its blocks only the
	/// size that was asked for is known.
	///
	/// # Safety
	/// As there.
	unsafe fn move_to(&mut self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
		let new = self.allocate(Layout::from_size_align_unchecked(size, layout.align()));
		if !new.is_null() {
			// Both hold as much, and what is new overlaps nothing that is in use.
			ptr::copy_nonoverlapping(memory, new, layout.size().min(size));
			self.release(memory, layout);
		}
		new
	}
}

#[cfg(test)]
mod tests;
