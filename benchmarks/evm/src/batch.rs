//! Entries for a trie, many at a time: what makes a state as large as that of a chain in use.

use polkadot_sdk::{
	sp_core::{storage::StateVersion, Blake2Hasher},
	sp_state_machine::InMemoryBackend,
};

/// Entries that are put into the trie at once.
const BATCH: usize = 200_000;

type Entry = (Vec<u8>, Option<Vec<u8>>);

/// Writes to a backend. What was put last is there after [`Batch::flush`].
pub struct Batch<'a> {
	backend: &'a mut InMemoryBackend<Blake2Hasher>,
	entries: Vec<Entry>,
}

impl<'a> Batch<'a> {
	/// Nothing is written yet.
	pub fn new(backend: &'a mut InMemoryBackend<Blake2Hasher>) -> Self {
		Self {
			backend,
			entries: Vec::new(),
		}
	}

	/// Writes an entry.
	pub fn put(&mut self, key: Vec<u8>, value: Vec<u8>) {
		self.entries.push((key, Some(value)));
		if self.entries.len() >= BATCH {
			self.flush();
		}
	}

	/// Puts what is still to be put.
	pub fn flush(&mut self) {
		let entries = std::mem::take(&mut self.entries);
		self.backend.insert([(None, entries)], StateVersion::V1);
	}
}
