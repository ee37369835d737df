//! What the heap takes from the host: few large regions, known by address.

use core::{
	ptr,
	sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
};

use dlmalloc::Allocator;

/// The first region, bytes: all that most calls need.
pub const FIRST_REGION_BYTES: usize = 1024 * 1024;
/// Any other region, bytes: the largest block that the host gives.
pub const REGION_BYTES: usize = 32 * 1024 * 1024;
/// Regions at most: all that wasm can address.
const MAX_REGIONS: usize = ((1u64 << 32) / REGION_BYTES as u64) as usize;

/// An allocator below the heap.
pub trait Source: Sync {
	/// Gives a block of at least `bytes`, aligned to 8, or null.
	fn take(&self, bytes: usize) -> *mut u8;

	/// Takes back a block.
	///
	/// # Safety
	/// `block` is of [`take`](Self::take), and not in use.
	unsafe fn give_back(&self, block: *mut u8);
}

/// Where a region lies. Without bytes there is none.
struct Region {
	begin: AtomicUsize,
	bytes: AtomicUsize,
}

impl Region {
	const fn none() -> Self {
		Self {
			begin: AtomicUsize::new(0),
			bytes: AtomicUsize::new(0),
		}
	}

	fn set(&self, begin: usize, bytes: usize) {
		self.begin.store(begin, Relaxed);
		self.bytes.store(bytes, Relaxed);
	}
}

/// The regions that a heap has from its source.
///
/// They are apart from the heap, because the allocator inside of it takes and gives back regions while
/// the heap asks whose an address is. Numbers are atomic so that this needs no `unsafe`: in wasm, which
/// has one thread, they are plain ones.
pub struct Regions<S> {
	pub(crate) source: S,
	table: [Region; MAX_REGIONS],
	/// Entries of the table that were ever used: beyond them there is no region.
	used: AtomicUsize,
	/// Whether a region may be taken.
	may_grow: AtomicBool,
}

impl<S> Regions<S> {
	/// No regions yet.
	pub const fn new(source: S) -> Self {
		Self {
			source,
			table: [const { Region::none() }; MAX_REGIONS],
			used: AtomicUsize::new(0),
			may_grow: AtomicBool::new(false),
		}
	}

	/// Entries that may be regions; one or two nearly always.
	fn entries(&self) -> impl Iterator<Item = &Region> {
		self.table.iter().take(self.used.load(Relaxed))
	}

	/// Whether an address lies in a region.
	#[inline]
	pub(crate) fn hold(&self, address: usize) -> bool {
		self.entries().any(|region| {
			address.wrapping_sub(region.begin.load(Relaxed)) < region.bytes.load(Relaxed)
		})
	}

	/// Runs what may take regions.
	pub(crate) fn growing<R>(&self, run: impl FnOnce() -> R) -> R {
		self.may_grow.store(true, Relaxed);
		let result = run();
		self.may_grow.store(false, Relaxed);
		result
	}

	/// Bytes of all regions.
	#[cfg(test)]
	pub(crate) fn bytes(&self) -> usize {
		self.entries()
			.map(|region| region.bytes.load(Relaxed))
			.sum()
	}
}

/// The regions as the allocator inside of the heap sees them.
pub(crate) struct System<'a, S>(pub(crate) &'a Regions<S>);

// SAFETY: a region that is given is nobody else's until it is given back, and it lies where it is said to.
unsafe impl<S: Source> Allocator for System<'_, S> {
	fn alloc(&self, bytes: usize) -> (*mut u8, usize, u32) {
		const NOTHING: (*mut u8, usize, u32) = (ptr::null_mut(), 0, 0);
		let regions = self.0;
		if !regions.may_grow.load(Relaxed) {
			return NOTHING;
		}
		let is_first = regions.entries().next().is_none();
		let size = match bytes {
			..=FIRST_REGION_BYTES if is_first => FIRST_REGION_BYTES,
			..=REGION_BYTES => REGION_BYTES,
			_ => return NOTHING,
		};
		let free =
			(regions.table.iter().enumerate()).find(|(_, region)| region.bytes.load(Relaxed) == 0);
		let Some((index, entry)) = free else {
			return NOTHING;
		};
		let region = regions.source.take(size);
		if region.is_null() {
			return NOTHING;
		}
		entry.set(region.addr(), size);
		regions.used.fetch_max(index.saturating_add(1), Relaxed);
		(region, size, 0)
	}

	fn remap(&self, _: *mut u8, _: usize, _: usize, _: bool) -> *mut u8 {
		ptr::null_mut()
	}

	fn free_part(&self, _: *mut u8, _: usize, _: usize) -> bool {
		false
	}

	/// Regions in which nothing is left go back: then the host has them for what only it can hold.
	fn free(&self, region: *mut u8, _: usize) -> bool {
		let entry = (self.0.entries()).find(|entry| entry.begin.load(Relaxed) == region.addr());
		let Some(entry) = entry else {
			return false;
		};
		entry.set(0, 0);
		// SAFETY: the caller says that nothing in it is in use.
		unsafe { self.0.source.give_back(region) };
		true
	}

	fn can_release_part(&self, _: u32) -> bool {
		false
	}

	fn allocates_zeros(&self) -> bool {
		false
	}

	fn page_size(&self) -> usize {
		64 * 1024
	}
}
