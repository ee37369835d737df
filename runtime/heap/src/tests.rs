//! The heap above a source that checks what it is given back, and what it has to give at most.

extern crate std;

use std::{boxed::Box, collections::BTreeMap, sync::Mutex, vec, vec::Vec};

use proptest::prelude::*;

use super::*;

/// The host's allocator as the heap knows it: a bump of powers of two with 8 bytes before each, so that
/// hardly a block is aligned to 16. Nothing that it is given back is used again, so that what is
/// given back wrongly is found.
struct Checked(Mutex<Arena>);

struct Arena {
	words: Vec<u64>,
	used: usize,
	blocks: BTreeMap<usize, usize>,
	takes: usize,
	/// Bytes that are left to give.
	limit: usize,
}

impl Checked {
	fn new() -> Self {
		Self(Mutex::new(Arena {
			words: vec![0; 320 * 1024 * 1024 / 8],
			used: 0,
			blocks: BTreeMap::new(),
			takes: 0,
			limit: usize::MAX,
		}))
	}

	fn has_given(&self, block: *mut u8) -> bool {
		self.0.lock().unwrap().blocks.contains_key(&block.addr())
	}

	fn takes(&self) -> usize {
		self.0.lock().unwrap().takes
	}
}

impl Source for Checked {
	fn take(&self, bytes: usize) -> *mut u8 {
		let mut arena = self.0.lock().unwrap();
		let Some(left) = arena.limit.checked_sub(bytes) else {
			return ptr::null_mut();
		};
		arena.limit = left;
		arena.takes += 1;
		let begin = arena.used + 8;
		let end = begin + bytes.next_power_of_two().max(8);
		arena.used = end;
		let free = &mut arena.words[begin / 8..end / 8];
		let block = free.as_mut_ptr().cast::<u8>();
		arena.blocks.insert(block.addr(), bytes);
		block
	}

	unsafe fn give_back(&self, block: *mut u8) {
		let mut arena = self.0.lock().unwrap();
		let bytes = arena
			.blocks
			.remove(&block.addr())
			.expect("a block of the source's own, once");
		unsafe { block.write_bytes(0xDD, bytes) };
	}
}

fn layout(size: usize, align: usize) -> Layout {
	Layout::from_size_align(size, align).unwrap()
}

/// A heap, and where it is from. What a test leaves is the process's to release.
fn heap() -> (&'static Regions<Checked>, Heap<'static, Checked>) {
	let regions: &_ = Box::leak(Box::new(Regions::new(Checked::new())));
	(regions, Heap::new(regions))
}

/// As [`heap`], for a test's many cases.
fn with_heap(run: impl FnOnce(&Regions<Checked>, Heap<'_, Checked>)) {
	let regions = Box::new(Regions::new(Checked::new()));
	run(&regions, Heap::new(&regions));
}

/// Bytes of the regions of a heap that has needed one region beside the first.
const ONE_LARGE: usize = FIRST_REGION_BYTES + REGION_BYTES;

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

/// Allocates the largest block, and releases it.
fn allocate_largest(heap: &mut Heap<'_, Checked>) {
	let largest = layout(LARGEST, 8);
	let memory = unsafe { heap.allocate(largest) };
	assert!(!memory.is_null());
	unsafe { heap.release(memory, largest) };
}

proptest! {
	#[test]
	fn memory_is_aligned_and_nobody_elses_and_whole_again_at_the_end(steps in steps()) {
		with_heap(|regions, mut heap| {
			allocate_largest(&mut heap);
			let mut held = Vec::<Held>::new();
			for (mark, step) in steps.into_iter().enumerate() {
				let mark = mark as u8;
				match step {
					Step::Allocate(layout) => {
						held.push(Held::new(unsafe { heap.allocate(layout) }, layout, mark));
					}
					Step::Receive(bytes) => {
						held.push(Held::new(regions.source.take(bytes), layout(bytes, 1), mark));
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
			for Held { memory, layout, .. } in held {
				unsafe { heap.release(memory, layout) };
			}
			let bytes = regions.bytes();
			allocate_largest(&mut heap);
			assert_eq!(regions.bytes(), bytes, "the largest block fits into what there is");
		});
	}
}

/// Holds blocks of one length.
fn hold(heap: &mut Heap<'_, Checked>, len: usize, bytes: usize) -> Vec<*mut u8> {
	(0..bytes / len)
		.map(|_| unsafe { heap.allocate(layout(len, 1)) })
		.inspect(|memory| assert!(!memory.is_null()))
		.collect()
}

/// Releases blocks of a length: every second one first, so that there is much to merge.
fn let_go(heap: &mut Heap<'_, Checked>, len: usize, blocks: Vec<*mut u8>) {
	let (even, odd): (Vec<_>, Vec<_>) =
		(blocks.into_iter().enumerate()).partition(|(at, _)| at % 2 == 0);
	for (_, memory) in even.into_iter().chain(odd) {
		unsafe { heap.release(memory, layout(len, 1)) };
	}
}

/// The lengths of vectors with which eleven transactions once made a block that took ten times as much
/// memory to import as to build.
const LENGTHS: [usize; 11] = [
	130, 260, 520, 1040, 2100, 4200, 8300, 16_500, 33_000, 65_500, 131_200,
];
const HELD_BYTES: usize = 15_500_000;

#[test]
fn what_was_freed_in_one_length_is_there_for_every_other() {
	let (regions, mut heap) = heap();
	for _ in 0..2 {
		for len in LENGTHS {
			let blocks = hold(&mut heap, len, HELD_BYTES);
			let_go(&mut heap, len, blocks);
			assert!(regions.bytes() <= ONE_LARGE, "{len}: {}", regions.bytes());
		}
	}
}

#[test]
fn what_stays_from_one_extrinsic_to_the_next_leaves_room() {
	let (regions, mut heap) = heap();
	for round in 0..100 {
		let len = LENGTHS[round % LENGTHS.len()];
		let mut blocks = hold(&mut heap, len, HELD_BYTES);
		// Stays in the middle of what is freed.
		let stays = blocks.len() / 2;
		blocks.swap_remove(stays);
		let_go(&mut heap, len, blocks);
		assert!(regions.bytes() <= ONE_LARGE, "{round}: {}", regions.bytes());
	}
}

#[test]
fn vectors_that_grow_in_turns_leave_no_more_behind_than_they_hold() {
	let (regions, mut heap) = heap();
	let mut vectors = vec![(ptr::null_mut::<u8>(), 0); 64];
	for step in 0.. {
		let index = step % vectors.len();
		let (memory, capacity) = vectors[index];
		let new = (capacity * 2).max(8);
		if new * vectors.len() > HELD_BYTES {
			break;
		}
		let memory = match capacity {
			0 => unsafe { heap.allocate(layout(new, 1)) },
			_ => unsafe { heap.reallocate(memory, layout(capacity, 1), new) },
		};
		vectors[index] = (memory, new);
	}
	assert!(regions.bytes() <= ONE_LARGE, "{}", regions.bytes());
}

/// J. M. Robson's adversary ("Bounds for some functions concerning dynamic storage allocation", 1974):
/// it holds blocks of a power of two, keeps of them only what leaves no hole for one of the next power,
/// and fills up with those. Against it no allocator that does not move blocks gets by with less than
/// half the binary logarithm of the largest by the smallest block times what is held.
#[test]
fn an_adversary_gets_a_small_multiple_of_what_it_may_hold() {
	const HELD: usize = 8 * 1024 * 1024;
	// A block's own size is noted in 8 bytes before it.
	const NOTE: usize = 8;
	let (regions, mut heap) = heap();
	let (mut held, mut held_bytes) = (Vec::<(*mut u8, usize)>::new(), 0);
	let mut offset = 0;
	for order in 5..20 {
		let size = 1usize << order;
		let covers = |(memory, len): &(*mut u8, usize), offset: usize| {
			let begin = memory.addr() - NOTE;
			let first = begin + (offset.wrapping_sub(begin) & (size - 1));
			first < begin + len
		};
		let kept = |offset| -> usize {
			let kept = held.iter().filter(|block| covers(block, offset));
			kept.map(|(_, len)| size - len).sum()
		};
		offset = [offset, offset + size / 2]
			.into_iter()
			.max_by_key(|offset| kept(*offset))
			.unwrap();
		held.retain(|(memory, len)| {
			let is_kept = covers(&(*memory, *len), offset);
			if !is_kept {
				held_bytes -= len;
				unsafe { heap.release(*memory, layout(len - NOTE, 8)) };
			}
			is_kept
		});
		while held_bytes + size <= HELD {
			held.push((unsafe { heap.allocate(layout(size - NOTE, 8)) }, size));
			held_bytes += size;
		}
		std::println!("blocks of {size}: {} bytes of regions", regions.bytes());
	}
	assert!(
		regions.bytes() <= FIRST_REGION_BYTES + 2 * REGION_BYTES,
		"{}",
		regions.bytes()
	);
}

#[derive(Clone, Debug)]
struct Round {
	/// Between these lengths.
	lens: (usize, usize),
	/// Of 256 blocks so many are released at the end, whichever `seed` says.
	released: u8,
	seed: u64,
}

fn rounds() -> impl Strategy<Value = Vec<Round>> {
	let len =
		(4u32..18, 1.0..2.0f64).prop_map(|(order, part)| (f64::from(1 << order) * part) as usize);
	let round =
		(len.clone(), len, any::<u8>(), any::<u64>()).prop_map(|(one, other, released, seed)| {
			Round {
				lens: (one.min(other), one.max(other)),
				released,
				seed,
			}
		});
	prop::collection::vec(round, 1..12)
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(64))]

	/// Whatever is done with at most 8 MiB, it takes one large region.
	#[test]
	fn regions_are_bounded_by_what_is_held(rounds in rounds()) {
		const HELD: usize = 8 * 1024 * 1024;
		with_heap(|regions, mut heap| {
			let (mut held, mut held_bytes) = (Vec::<(*mut u8, usize)>::new(), 0);
			for Round { lens: (least, most), released, mut seed } in rounds {
				// A linear congruential generator, Knuth's.
				let mut random = || {
					seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
					(seed >> 33) as usize
				};
				loop {
					let len = least + random() % (most - least + 1);
					if held_bytes + len > HELD {
						break;
					}
					held.push((unsafe { heap.allocate(layout(len, 1)) }, len));
					held_bytes += len;
				}
				held.retain(|(memory, len)| {
					let is_released = random() % 256 < usize::from(released);
					if is_released {
						held_bytes -= len;
						unsafe { heap.release(*memory, layout(*len, 1)) };
					}
					!is_released
				});
				assert!(regions.bytes() <= ONE_LARGE, "{}", regions.bytes());
			}
		});
	}
}

#[test]
fn short_calls_need_one_small_region() {
	let (regions, mut heap) = heap();
	for _ in 0..10_000 {
		for size in [1, 8, 9, 100, 100_000] {
			let memory = unsafe { heap.allocate(layout(size, 8)) };
			unsafe { heap.release(memory, layout(size, 8)) };
		}
	}
	assert_eq!(regions.source.takes(), 1);
	assert_eq!(regions.bytes(), FIRST_REGION_BYTES);
}

#[test]
fn what_is_the_hosts_goes_back_to_it() {
	let (regions, mut heap) = heap();
	let before = unsafe { heap.allocate(layout(2_000, 8)) };
	for size in [1, 8, 32, 100, 2_000, 100_000, LARGEST, LARGEST + 1] {
		let value = regions.source.take(size);
		unsafe { heap.release(value, layout(size, 1)) };
		assert!(!regions.source.has_given(value), "{size}");
	}
	unsafe { heap.release(before, layout(2_000, 8)) };
	assert_eq!(unsafe { heap.allocate(layout(2_000, 8)) }, before);
}

#[test]
fn a_block_that_no_region_holds_is_the_hosts() {
	let (regions, mut heap) = heap();
	let large = layout(LARGEST + 1, 8);
	let memory = unsafe { heap.allocate(large) };
	assert!(regions.source.has_given(memory));
	assert_eq!(regions.bytes(), 0);
	let held = Held::new(memory, large, 7);
	// Into a region and out of it again.
	let memory = unsafe { heap.reallocate(memory, large, 1_000) };
	assert!(!regions.source.has_given(held.memory));
	assert_eq!(regions.bytes(), FIRST_REGION_BYTES);
	let memory = unsafe { heap.reallocate(memory, layout(1_000, 8), LARGEST + 1) };
	assert!(regions.source.has_given(memory));
	let kept = Held {
		memory,
		layout: layout(1_000, 8),
		mark: 7,
	};
	kept.check();
	assert!(unsafe { heap.allocate(layout(LARGEST + 1, 16)) }.is_null());
}

#[test]
fn what_is_kept_is_little_and_merges_before_a_region_is_taken() {
	let (regions, mut heap) = heap();
	// All but what is kept of the first region, in one block; the rest in small ones.
	let large = layout(FIRST_REGION_BYTES - MOST_KEPT_BYTES, 8);
	let memory = unsafe { heap.allocate(large) };
	for len in (8..=512).step_by(8) {
		let blocks = hold(&mut heap, len, 16 * len);
		let_go(&mut heap, len, blocks);
	}
	unsafe { heap.release(memory, large) };
	let whole = layout(FIRST_REGION_BYTES - 1024, 8);
	assert!(!unsafe { heap.allocate(whole) }.is_null());
	assert_eq!(regions.bytes(), FIRST_REGION_BYTES);
}

#[test]
fn memory_grows_in_its_place() {
	let (regions, mut heap) = heap();
	let memory = unsafe { heap.allocate(layout(33, 1)) };
	assert_eq!(
		unsafe { heap.reallocate(memory, layout(33, 1), 500_000) },
		memory
	);
	// What the host gave may hold no more than it was asked for.
	let value = regions.source.take(33);
	assert_ne!(unsafe { heap.reallocate(value, layout(33, 1), 64) }, value);
}

#[test]
fn a_source_that_has_no_more_is_heard() {
	let (regions, mut heap) = heap();
	regions.source.0.lock().unwrap().limit = FIRST_REGION_BYTES + 5_000;
	let held = Held::new(
		unsafe { heap.allocate(layout(2_000, 8)) },
		layout(2_000, 8),
		7,
	);
	assert!(unsafe { heap.allocate(layout(FIRST_REGION_BYTES, 8)) }.is_null());
	assert!(unsafe { heap.allocate(layout(LARGEST + 1, 8)) }.is_null());
	assert!(unsafe { heap.reallocate(held.memory, held.layout, FIRST_REGION_BYTES) }.is_null());
	held.check();
	// What the region has left is still there, and when it is gone there is no more.
	let mut blocks = 0;
	while !unsafe { heap.allocate(layout(2_000, 8)) }.is_null() {
		blocks += 1;
	}
	assert!(blocks > 500, "{blocks}");
	held.check();
}
