//! The heap above a source that checks what it is given back.

extern crate std;

use std::{boxed::Box, collections::BTreeMap, vec, vec::Vec};

use proptest::prelude::*;

use super::*;

/// The host's allocator as the heap knows it: a bump of powers of two with 8 bytes before each, so that
/// hardly a block is aligned to 16. Nothing that it is given back is used again, so that what is
/// given back wrongly is found.
struct Checked {
	arena: Vec<u64>,
	used: usize,
	blocks: BTreeMap<usize, usize>,
	takes: usize,
	/// Bytes that are left to give.
	limit: usize,
}

impl Checked {
	fn new() -> Self {
		Self {
			arena: vec![0; 128 * 1024 * 1024 / 8],
			used: 0,
			blocks: BTreeMap::new(),
			takes: 0,
			limit: usize::MAX,
		}
	}
}

impl Source for Checked {
	fn take(&mut self, bytes: usize) -> *mut u8 {
		let Some(left) = self.limit.checked_sub(bytes) else {
			return ptr::null_mut();
		};
		self.limit = left;
		self.takes += 1;
		let begin = self.used + 8;
		self.used = begin + bytes.next_power_of_two().max(8);
		let free = &mut self.arena[begin / 8..self.used / 8];
		let block = free.as_mut_ptr().cast::<u8>();
		self.blocks.insert(block.addr(), bytes);
		block
	}

	unsafe fn give_back(&mut self, block: *mut u8) {
		let bytes = self
			.blocks
			.remove(&block.addr())
			.expect("a block of the source's own, once");
		unsafe { block.write_bytes(0xDD, bytes) };
	}
}

fn layout(size: usize, align: usize) -> Layout {
	Layout::from_size_align(size, align).unwrap()
}

fn heap() -> Box<Heap<Checked>> {
	let source = Checked::new();
	let base = source.arena.as_ptr().addr() & !(PAGE - 1);
	Box::new(Heap::new(source, base))
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
	for _ in 0..10_000 {
		for size in [1, 8, 9, 100, LARGEST] {
			let memory = heap.allocate(layout(size, 8));
			unsafe { heap.release(memory, layout(size, 8)) };
		}
	}
	assert_eq!(heap.source.takes, 1, "one region");
}

#[test]
fn what_is_the_hosts_goes_back_to_it() {
	let mut heap = heap();
	let before = heap.allocate(layout(LARGEST, 8));
	for size in [1, 8, 32, 100, LARGEST, LARGEST + 1, 100_000] {
		let value = heap.source.take(size);
		unsafe { heap.release(value, layout(size, 1)) };
		assert!(!heap.source.blocks.contains_key(&value.addr()), "{size}");
		// The next one lies above another region.
		for _ in 0..REGION / LARGEST {
			assert!(!heap.allocate(layout(LARGEST, 8)).is_null());
		}
	}
	unsafe { heap.release(before, layout(LARGEST, 8)) };
	assert_eq!(heap.allocate(layout(LARGEST, 8)), before);
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
	// What the host gave may hold no more than it was asked for.
	let value = heap.source.take(33);
	assert_ne!(unsafe { heap.reallocate(value, layout(33, 1), 64) }, value);
}

#[test]
fn a_source_that_has_no_more_is_heard() {
	let mut heap = heap();
	heap.source.limit = REGION + 5_000;
	let held = Held::new(heap.allocate(layout(2_000, 8)), layout(2_000, 8), 7);
	assert!(heap.allocate(layout(100_000, 8)).is_null());
	assert!(!heap.allocate(layout(3_000, 64)).is_null());
	assert!(heap.allocate(layout(3_000, 64)).is_null());
	assert!(unsafe { heap.reallocate(held.memory, held.layout, 5_000) }.is_null());
	held.check();
	// What the region has left is still there, and when it is gone there is no more.
	while heap.rest_bytes >= LARGEST {
		assert!(!heap.allocate(layout(LARGEST, 8)).is_null());
	}
	assert!(heap.allocate(layout(LARGEST, 8)).is_null());
}
