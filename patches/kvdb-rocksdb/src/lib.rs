//! Stands in for `kvdb-rocksdb` so that a node which stores its chain in ParityDB alone does not
//! build RocksDB. It has the original's interface as far as Substrate and Polkadot use it; no
//! database can be opened, so nothing behind [`Database::open`] can run.

#![forbid(unsafe_code)]

use std::{collections::HashMap, io, path::Path, path::PathBuf};

use kvdb::{DBKeyValue, DBTransaction, DBValue, KeyValueDB};

/// MiB per column, as in the original.
pub type MiB = usize;

/// Tuning for a disk kind; nothing is opened, so nothing is tuned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CompactionProfile {
	/// L0-L1 target file size, bytes.
	pub initial_file_size: u64,
	/// Block size, bytes.
	pub block_size: usize,
}

impl CompactionProfile {
	/// The profile for a path's disk.
	pub fn auto(_: &Path) -> Self {
		Self::default()
	}
	/// The profile for solid-state disks.
	pub fn ssd() -> Self {
		Self::default()
	}
	/// The profile for spinning disks.
	pub fn hdd() -> Self {
		Self::default()
	}
}

/// What the original takes to open a database.
#[derive(Clone, Debug)]
pub struct DatabaseConfig {
	pub max_open_files: i32,
	pub memory_budget: HashMap<u32, MiB>,
	pub compaction: CompactionProfile,
	pub columns: u32,
	pub keep_log_file_num: i32,
	pub enable_statistics: bool,
	pub secondary: Option<PathBuf>,
	pub max_total_wal_size: Option<u64>,
	pub create_if_missing: bool,
}

impl DatabaseConfig {
	/// A configuration with this many columns.
	pub fn with_columns(columns: u32) -> Self {
		Self { columns, ..Self::default() }
	}
	/// The sum of all columns' budgets.
	pub fn memory_budget(&self) -> MiB {
		self.memory_budget.values().sum()
	}
}

impl Default for DatabaseConfig {
	fn default() -> Self {
		Self {
			max_open_files: 512,
			memory_budget: HashMap::new(),
			compaction: CompactionProfile::default(),
			columns: 1,
			keep_log_file_num: 1,
			enable_statistics: false,
			secondary: None,
			max_total_wal_size: None,
			create_if_missing: true,
		}
	}
}

/// A database that cannot exist.
pub enum Database {}

impl Database {
	/// Refuses.
	///
	/// # Errors
	/// Always [`io::ErrorKind::Unsupported`].
	pub fn open<P: AsRef<Path>>(_: &DatabaseConfig, _: P) -> io::Result<Self> {
		Err(io::Error::new(io::ErrorKind::Unsupported, "built without RocksDB, use ParityDB"))
	}
	/// See [`KeyValueDB::transaction`].
	pub fn transaction(&self) -> DBTransaction {
		match *self {}
	}
	/// See [`KeyValueDB::write`].
	pub fn write(&self, _: DBTransaction) -> io::Result<()> {
		match *self {}
	}
	/// See [`KeyValueDB::get`].
	pub fn get(&self, _: u32, _: &[u8]) -> io::Result<Option<DBValue>> {
		match *self {}
	}
	/// See [`KeyValueDB::get_by_prefix`].
	pub fn get_by_prefix(&self, _: u32, _: &[u8]) -> io::Result<Option<DBValue>> {
		match *self {}
	}
	/// See [`KeyValueDB::iter`].
	pub fn iter<'a>(&'a self, _: u32) -> Box<dyn Iterator<Item = io::Result<DBKeyValue>> + 'a> {
		match *self {}
	}
	/// See [`KeyValueDB::iter_with_prefix`].
	pub fn iter_with_prefix<'a>(
		&'a self,
		_: u32,
		_: &'a [u8],
	) -> Box<dyn Iterator<Item = io::Result<DBKeyValue>> + 'a> {
		match *self {}
	}
	/// The number of columns.
	pub fn num_columns(&self) -> u32 {
		match *self {}
	}
	/// The approximate number of keys in a column.
	pub fn num_keys(&self, _: u32) -> io::Result<u64> {
		match *self {}
	}
	/// Removes the last column.
	pub fn remove_last_column(&mut self) -> io::Result<()> {
		match *self {}
	}
	/// Adds a column.
	pub fn add_column(&mut self) -> io::Result<()> {
		match *self {}
	}
	/// Compacts a column.
	pub fn force_compact(&self, _: u32) -> io::Result<()> {
		match *self {}
	}
}

impl KeyValueDB for Database {
	fn get(&self, _: u32, _: &[u8]) -> io::Result<Option<DBValue>> {
		match *self {}
	}
	fn get_by_prefix(&self, _: u32, _: &[u8]) -> io::Result<Option<DBValue>> {
		match *self {}
	}
	fn write(&self, _: DBTransaction) -> io::Result<()> {
		match *self {}
	}
	fn iter<'a>(&'a self, _: u32) -> Box<dyn Iterator<Item = io::Result<DBKeyValue>> + 'a> {
		match *self {}
	}
	fn iter_with_prefix<'a>(
		&'a self,
		_: u32,
		_: &'a [u8],
	) -> Box<dyn Iterator<Item = io::Result<DBKeyValue>> + 'a> {
		match *self {}
	}
}
