//! Limits of contracts, and the price of the interpreter's fuel.
//!
//! Shaped as the constant `Schedule` of `pallet-contracts`, which tools read.

use codec::{Decode, Encode};
use scale_info::TypeInfo;
use trivium_primitives::event::EVENT_BYTE_REF_TIME;

/// Bytes of a page of a contract's memory.
pub const PAGE_BYTES: u32 = 64 * 1024;

/// Limits and prices that are not weights of functions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Schedule {
	/// Limits.
	pub limits: Limits,
	/// Prices.
	pub instruction_weights: InstructionWeights,
}

/// Limits of what a contract may ask for.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Limits {
	/// Most topics of an event.
	pub event_topics: u32,
	/// Most pages of memory.
	pub memory_pages: u32,
	/// Not used: there is no source of randomness.
	pub subject_len: u32,
	/// Longest value in storage, and longest data of an event, bytes.
	pub payload_len: u32,
	/// Memory that the runtime has, bytes; for checks of the configuration alone.
	pub runtime_memory: u32,
	/// Memory that the runtime has at a validator, bytes; for checks of the configuration alone.
	pub validator_runtime_memory: u32,
	/// Ref time of a byte of an event's data, picoseconds. For tools; what is charged is in
	/// [`trivium_primitives::event`].
	pub event_ref_time: u64,
}

impl Limits {
	/// Most bytes of memory.
	pub fn memory_bytes(&self) -> u32 {
		self.memory_pages.saturating_mul(PAGE_BYTES)
	}
}

impl Default for Limits {
	fn default() -> Self {
		Self {
			event_topics: 4,
			memory_pages: 16,
			subject_len: 32,
			payload_len: 16 * 1024,
			runtime_memory: 128 * 1024 * 1024,
			validator_runtime_memory: 512 * 1024 * 1024,
			// It becomes an event of this pallet and a canonical one.
			event_ref_time: EVENT_BYTE_REF_TIME.saturating_mul(2),
		}
	}
}

/// Prices of instructions.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct InstructionWeights {
	/// Ref time of one unit of the interpreter's fuel, picoseconds; not zero. Instructions use from one
	/// unit to forty.
	pub base: u32,
}

impl Default for InstructionWeights {
	fn default() -> Self {
		// Fuel is counted in nanoseconds.
		Self { base: 1_000 }
	}
}
