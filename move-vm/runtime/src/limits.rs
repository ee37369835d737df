//! Bounds on what running code may use.

use move_vm_types::VerifierLimits;

/// Bounds of a session. There is no "unlimited".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
	/// What modules and scripts may contain.
	pub verifier: VerifierLimits,
	/// Move calls inside of calls.
	pub call_depth: u16,
	/// Functions with access specifiers among those calls.
	pub access_depth: u16,
	/// Values on the operand stack, of all frames together.
	pub operand_stack: u16,
	/// Nesting of a value, and of the type of a value.
	pub value_depth: u16,
	/// Nesting of a type that generic code builds.
	pub type_depth: u16,
	/// Nodes of a type that generic code builds.
	pub type_nodes: u16,
	/// Different types in a session.
	pub types: u32,
	/// Bytes of memory that values, events, loaded code and types of a session may take together: what
	/// the allocator takes for them, with what vectors have to spare (see
	/// [`Value::memory`](crate::values::Value::memory)). Besides there is what one step of work takes for
	/// itself: the BCS form of a value, an entry that is being read.
	pub memory_bytes: u32,
	/// Modules that a bundle may contain.
	pub bundle_modules: u16,
	/// Bytes of a bundle's modules together. Deserialised, a byte takes some 32 times as much.
	pub bundle_bytes: u32,
	/// Bytes of the modules together that a module or script needs and its bundle does not have.
	pub dependency_bytes: u32,
	/// Bytes of a module or script. Less than 65,536 different entries of a table take, so that
	/// every count of them has 16 bits.
	pub binary_bytes: u32,
}

impl Limits {
	/// What Trivium's runtime uses.
	pub const PRODUCTION: Self = Self {
		verifier: VerifierLimits::PRODUCTION,
		call_depth: 1024,
		access_depth: 256,
		operand_stack: 1024,
		value_depth: 128,
		type_depth: 20,
		type_nodes: 128,
		types: 65_536,
		// With what a step takes for itself some three times as much at most; what a validator of the
		// relay chain needs besides for a full block leaves room for that (`tests/blocks`).
		memory_bytes: 8 * 1024 * 1024,
		bundle_modules: 64,
		bundle_bytes: 512 * 1024,
		dependency_bytes: 512 * 1024,
		binary_bytes: 128 * 1024,
	};
}

impl Default for Limits {
	fn default() -> Self {
		Self::PRODUCTION
	}
}
