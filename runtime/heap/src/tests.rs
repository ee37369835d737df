//! The heap above a source that checks what it is given back.

extern crate std;

use std::{
	alloc::{alloc, dealloc},
	collections::BTreeMap,
	vec::Vec,
};

use proptest::prelude::*;

use super::*;

/// The host's allocator as the heap knows it: powers of two from 8 bytes on, aligned to 8 and, to make
/// that matter, never to 16.
#[derive(Default)]
struct Checked {
	blocks: BTreeMap<usize, usize>,
	takes: usize,
	/// Bytes that are left to give.
	limit: Option<usize>,
}

/// The next power of two, and the 8 bytes that put the block out of line.
fn host_layout(bytes: usize) -> Layout {
	Layout::from_size_align(bytes.next_power_of_two().max(8) + 8, 16).unwrap()
}

impl Source for Checked {
	fn take(&mut self, bytes: usize) -> *mut u8 {
		if let Some(limit) = &mut self.limit {
			match limit.checked_sub(bytes) {
				Some(left) => *limit = left,
				None => return ptr::null_mut(),
			}
		}
		self.takes += 1;
		let block = unsafe { alloc(host_layout(bytes)).add(8) };
		self.blocks.insert(block.addr(), bytes);
		block
	}

	unsafe fn give_back(&mut self, block: *mut u8) {
		let bytes = self
			.blocks
			.remove(&block.addr())
			.expect("a block of the source's own, once");
		unsafe { dealloc(block.sub(8), host_layout(bytes)) }
	}
}

impl Drop for Checked {
	fn drop(&mut self) {
		for (block, bytes) in core::mem::take(&mut self.blocks) {
			unsafe { dealloc((block as *mut u8).sub(8), host_layout(bytes)) }
		}
	}
}

fn layout(size: usize, align: usize) -> Layout {
	Layout::from_size_align(size, align).unwrap()
}

fn heap() -> Heap<Checked> {
	Heap::new(Checked::default())
}

/// Memory that somebody holds, filled with its own mark.
struct Held {
	memory: *mut u8,
	layout: Layout,
	mark: u8,
}

impl Held {
	fn new(memory: *mut u8, layout: Layout, mark: u8) -> Self {
		assert!(!memory.is_null());
		assert_eq!(memory.align_offset(layout.align()), 0, "{layout:?}");
		unsafe { memory.write_bytes(mark, layout.size()) };
		Self {
			memory,
			layout,
			mark,
		}
	}

	fn check(&self) {
		let bytes = unsafe { core::slice::from_raw_parts(self.memory, self.layout.size()) };
		assert!(bytes.iter().all(|byte| *byte == self.mark));
	}
}

#[derive(Clone, Debug)]
enum Step {
	Allocate(Layout),
	/// A value that the host hands over.
	Receive(usize),
	Release(usize),
	Resize(usize, usize),
}

fn sizes() -> impl Strategy<Value = usize> {
	prop_oneof![
		8 => 1usize..300,
		3 => 300usize..5_000,
		1 => 5_000usize..200_000,
		1 => (0u32..18).prop_map(|order| 1usize << order),
	]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
	let step = prop_oneof![
		4 => (sizes(), 0u32..8).prop_map(|(size, align)| Step::Allocate(layout(size, 1 << align))),
		2 => sizes().prop_map(Step::Receive),
		4 => any::<usize>().prop_map(Step::Release),
		2 => (any::<usize>(), sizes()).prop_map(|(which, size)| Step::Resize(which, size)),
	];
	prop::collection::vec(step, 1..200)
}

proptest! {
	#[test]
	fn memory_is_aligned_and_nobody_elses(steps in steps()) {
		let mut heap = heap();
		let mut held = Vec::<Held>::new();
		for (mark, step) in steps.into_iter().enumerate() {
			let mark = mark as u8;
			match step {
				Step::Allocate(layout) => held.push(Held::new(heap.allocate(layout), layout, mark)),
				Step::Receive(bytes) => {
					held.push(Held::new(heap.source.take(bytes), layout(bytes, 1), mark));
				}
				Step::Release(which) if !held.is_empty() => {
					let Held { memory, layout, .. } = held.swap_remove(which % held.len());
					unsafe { heap.release(memory, layout) };
				}
				Step::Resize(which, size) if !held.is_empty() => {
					let Held { memory, layout: old, mark } = held.swap_remove(which % held.len());
					let memory = unsafe { heap.reallocate(memory, old, size) };
					let kept = Held { memory, layout: layout(size.min(old.size()), old.align()), mark };
					kept.check();
					held.push(Held::new(memory, layout(size, old.align()), mark));
				}
				_ => {}
			}
			held.iter().for_each(Held::check);
		}
	}
}

#[test]
fn what_is_released_is_used_again() {
	let mut heap = heap();
	for _ in 0..1_000 {
		for size in [1, 8, 9, 100, 2_048, 2_049, 40_000, LARGEST] {
			let memory = heap.allocate(layout(size, 8));
			unsafe { heap.release(memory, layout(size, 8)) };
		}
	}
	// A chunk, and one block each of 4, 64 and 64 KiB, the last two the same.
	assert_eq!(heap.source.takes, 3);
}

#[test]
fn what_the_host_hands_over_is_used_again() {
	let mut heap = heap();
	// 8 bytes are in line wherever the host puts them, and nothing above 2 KiB has to be.
	for size in [8, 4_096] {
		let value = heap.source.take(size);
		unsafe { heap.release(value, layout(size, 1)) };
		assert_eq!(heap.allocate(layout(size, 1)), value, "{size}");
	}
	// This one is out of line, and goes back.
	let value = heap.source.take(100);
	unsafe { heap.release(value, layout(100, 1)) };
	assert!(!heap.source.blocks.contains_key(&value.addr()));
}

#[test]
fn memory_grows_within_its_block() {
	let mut heap = heap();
	let memory = heap.allocate(layout(33, 1));
	assert_eq!(
		unsafe { heap.reallocate(memory, layout(33, 1), 64) },
		memory
	);
	assert_ne!(
		unsafe { heap.reallocate(memory, layout(64, 1), 65) },
		memory
	);
}

#[test]
fn a_source_that_has_no_more_is_heard() {
	let mut heap = heap();
	heap.source.limit = Some(CHUNK + 5_000);
	let held = Held::new(heap.allocate(layout(2_000, 8)), layout(2_000, 8), 7);
	assert!(heap.allocate(layout(LARGEST + 1, 8)).is_null());
	assert!(!heap.allocate(layout(3_000, 64)).is_null());
	assert!(heap.allocate(layout(3_000, 64)).is_null());
	assert!(unsafe { heap.reallocate(held.memory, held.layout, 5_000) }.is_null());
	held.check();
	// What the chunk has left is still there.
	assert!(!heap.allocate(layout(2_048, 8)).is_null());
}
