//! The allocator of the runtime that ships, in wasm.

use core::{
	alloc::{GlobalAlloc, Layout},
	cell::UnsafeCell,
};

use polkadot_sdk::sp_io::allocator;
use trivium_heap::{Heap, Regions, Source};

/// The host's allocator. It ends the call where it has nothing to give.
struct Host;

impl Source for Host {
	fn take(&self, bytes: usize) -> *mut u8 {
		match u32::try_from(bytes) {
			Ok(bytes) => allocator::malloc(bytes),
			Err(_) => core::ptr::null_mut(),
		}
	}

	unsafe fn give_back(&self, block: *mut u8) {
		allocator::free(block);
	}
}

struct RuntimeHeap(UnsafeCell<Heap<'static, Host>>);

// SAFETY: a runtime has one thread.
unsafe impl Sync for RuntimeHeap {}

// SAFETY: the heap gives what the trait asks for. No reference to it outlives one of these calls, and
// none of them can be entered from within another: the host does not call back.
unsafe impl GlobalAlloc for RuntimeHeap {
	unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
		(*self.0.get()).allocate(layout)
	}

	unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
		(*self.0.get()).release(memory, layout)
	}

	unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
		(*self.0.get()).reallocate(memory, layout, size)
	}
}

static REGIONS: Regions<Host> = Regions::new(Host);

#[global_allocator]
static HEAP: RuntimeHeap = RuntimeHeap(UnsafeCell::new(Heap::new(&REGIONS)));
