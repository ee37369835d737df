//! A heap like the one that Substrate gives its runtimes: blocks of powers of two, freed blocks in
//! one list per size, memory never given back.

use core::{
	alloc::{GlobalAlloc, Layout},
	cell::UnsafeCell,
	ptr,
};

/// Bytes of a wasm page.
const PAGE: usize = 65_536;
/// Pages that the memory grows by at least.
const GROWTH: usize = 16;
/// Alignment of every block, bytes.
const ALIGN: usize = 16;

struct Heap {
	/// First free block of each size; a free block begins with the address of the next one.
	free: UnsafeCell<[usize; 32]>,
	/// Where unused memory begins and ends.
	unused: UnsafeCell<(usize, usize)>,
}

// SAFETY: wasm without threads has one thread.
unsafe impl Sync for Heap {}

#[global_allocator]
static HEAP: Heap = Heap {
	free: UnsafeCell::new([0; 32]),
	unused: UnsafeCell::new((0, 0)),
};

/// The power of two that a block has; at least the alignment, so that blocks lie without gaps.
fn order(layout: Layout) -> u32 {
	layout
		.size()
		.max(ALIGN)
		.next_power_of_two()
		.trailing_zeros()
}

// SAFETY: blocks are aligned to 16 bytes, more is refused, and are in use at most once: they leave
// the list or the unused memory before they are handed out.
unsafe impl GlobalAlloc for Heap {
	unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
		if layout.align() > ALIGN {
			return ptr::null_mut();
		}
		let order = order(layout);
		let size = 1usize << order;
		// SAFETY: one thread, and nothing called from here allocates.
		let (free, unused) = unsafe { (&mut *self.free.get(), &mut *self.unused.get()) };
		let first = &mut free[order as usize];
		if *first != 0 {
			let block = *first as *mut usize;
			// SAFETY: a free block begins with the address of the next one.
			*first = unsafe { *block };
			return block.cast();
		}
		if unused.1 - unused.0 < size {
			let pages = size.div_ceil(PAGE).max(GROWTH);
			let old = core::arch::wasm32::memory_grow(0, pages);
			if old == usize::MAX {
				return ptr::null_mut();
			}
			// What is left behind goes to waste if somebody else grew the memory in between.
			if old * PAGE != unused.1 {
				unused.0 = old * PAGE;
			}
			unused.1 = (old + pages) * PAGE;
		}
		let block = unused.0;
		unused.0 += size;
		block as *mut u8
	}

	unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
		// SAFETY: as above; the block is at least as large as an address.
		unsafe {
			let first = &mut (&mut *self.free.get())[order(layout) as usize];
			*block.cast::<usize>() = *first;
			*first = block as usize;
		}
	}
}
