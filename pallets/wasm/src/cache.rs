//! Modules of code that ran in this block, for whoever runs the same code next.
//!
//! An instance of the runtime lives for a whole block where blocks are imported, and for one extrinsic
//! where they are built. So whether a module is here differs from node to node, and nothing that is
//! charged may depend on it: translation is paid for by the code's length, and the interpreter's own
//! charge for it is off.
//!
//! Each module has an engine of its own, because an engine never frees what it has translated: with the
//! last reference to the module all of it goes. A contract that runs holds a reference, whatever
//! happens here meanwhile.

use alloc::collections::{BTreeMap, VecDeque};

use polkadot_sdk::sp_core::H256;
use trivium_primitives::transaction_local;
use wasmi::Module;

use crate::translation::memory_of;

/// Most memory that modules which nobody runs may take, bytes.
const MAX_BYTES: usize = 8 * 1024 * 1024;

#[derive(Default)]
struct Cache {
	modules: BTreeMap<H256, (Module, u32)>,
	/// In the order in which they came.
	order: VecDeque<H256>,
	/// What they take at most, bytes.
	bytes: usize,
}

transaction_local!(fn with(Cache));

/// The module of the code, if it is there.
pub(crate) fn get(hash: &H256) -> Option<Module> {
	with(|cache| cache.modules.get(hash).map(|(module, _)| module.clone())).flatten()
}

/// Keeps a module; those that came first go, if there is no room.
pub(crate) fn put(hash: H256, module: &Module, code_len: u32) {
	with(|cache| {
		let bytes = memory_of(code_len);
		if cache.modules.contains_key(&hash) || bytes > MAX_BYTES {
			return;
		}
		while cache.bytes.saturating_add(bytes) > MAX_BYTES {
			let Some(first) = cache.order.pop_front() else {
				return;
			};
			if let Some((_, code_len)) = cache.modules.remove(&first) {
				cache.bytes = cache.bytes.saturating_sub(memory_of(code_len));
			}
		}
		cache.bytes = cache.bytes.saturating_add(bytes);
		cache.order.push_back(hash);
		cache.modules.insert(hash, (module.clone(), code_len));
	});
}

/// Forgets all of them, for tests of what that changes, and for benchmarks of what it takes.
#[cfg(any(test, feature = "runtime-benchmarks", feature = "fuzzing"))]
pub(crate) fn clear() {
	with(|cache| *cache = Cache::default());
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn what_is_kept_stays_within_its_bytes_and_the_oldest_goes_first() {
		clear();
		let module = crate::module::translate(&crate::classes::contract(&[0], &[])).unwrap();
		let hash = |number: u8| H256::repeat_byte(number);
		// Three fit and four do not.
		let len = (1..).find(|len| memory_of(*len) > MAX_BYTES / 4).unwrap();
		assert!(memory_of(len) * 3 <= MAX_BYTES);
		for number in 1..=3 {
			put(hash(number), &module, len);
		}
		assert!((1..=3).all(|number| get(&hash(number)).is_some()));
		// What is there already takes nothing.
		put(hash(3), &module, len);
		assert!(get(&hash(1)).is_some());

		put(hash(4), &module, len);
		assert!(get(&hash(1)).is_none());
		assert!((2..=4).all(|number| get(&hash(number)).is_some()));

		// What is too large for all of it pushes nothing out.
		put(hash(5), &module, u32::MAX);
		assert!(get(&hash(5)).is_none());
		assert!((2..=4).all(|number| get(&hash(number)).is_some()));
		clear();
		assert!(get(&hash(4)).is_none());
	}
}
