//! What natives cost, in internal gas units (a tenth of a nanosecond of native code on the
//! reference machine), beside what the interpreter takes for the call and what the context takes
//! for loading, naming types and keeping events.

/// Every call.
pub(super) const BASE: u64 = 100;
/// A unit of [`Value::size`](crate::values::Value::size) made into BCS bytes.
pub(super) const TO_BCS_BYTE: u64 = 5;
/// Hashing nothing: padding and the last block.
pub(super) const HASH_BASE: u64 = 8_000;
/// A byte hashed with SHA-256.
pub(super) const SHA2_BYTE: u64 = 60;
/// A byte hashed with SHA3-256.
pub(super) const SHA3_BYTE: u64 = 60;
/// A byte of text looked at.
pub(super) const TEXT_BYTE: u64 = 10;
/// A byte of text searched, for a pattern or in it.
pub(super) const SEARCH_BYTE: u64 = 60;
/// A byte copied.
pub(super) const COPY_BYTE: u64 = 2;
/// A byte of a type's name written.
pub(super) const TYPE_NAME_BYTE: u64 = 120;
