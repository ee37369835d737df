//! Bounds on what a module may contain, with the values that production chains use.

/// Bounds that the verifier holds modules and scripts to. There is no "unlimited".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerifierLimits {
	/// Loops inside of loops.
	pub loop_depth: u16,
	/// Parameters of a function, and elements of a returned tuple.
	pub function_parameters: u16,
	/// Parameters and other locals of a function together; the format's own limit is 255.
	pub locals: u16,
	/// Type parameters of a struct or function.
	pub generic_parameters: u16,
	/// Basic blocks of a function that something leads to.
	pub basic_blocks: u16,
	/// Values that a function may hold on the operand stack.
	pub value_stack: u16,
	/// Values that a basic block may push; bounds what type checking holds.
	pub pushes: u32,
	/// Nodes of one type, counting struct nodes heavily (see the limits pass).
	pub type_nodes: u16,
	/// Nesting of one type.
	pub type_depth: u16,
	/// Bytes of an identifier.
	pub identifier_bytes: u16,
	/// Fields of a struct or of a variant.
	pub struct_fields: u16,
	/// Variants of an enum.
	pub struct_variants: u16,
	/// Structs that a module defines.
	pub struct_definitions: u16,
	/// Functions that a module defines.
	pub function_definitions: u16,
	/// Back edges of a function.
	pub back_edges_per_function: u16,
	/// Back edges of all functions of a module.
	pub back_edges_per_module: u16,
	/// Length of a chain of dependencies.
	pub dependency_depth: u16,
	/// Steps that the verification of one function may take, in units of the verifier's meter.
	pub meter_units_per_function: u64,
	/// The same for a whole module.
	pub meter_units_per_module: u64,
}

impl VerifierLimits {
	/// What Trivium's runtime uses.
	pub const PRODUCTION: Self = Self {
		loop_depth: 5,
		function_parameters: 128,
		locals: 255,
		generic_parameters: 32,
		basic_blocks: 1024,
		value_stack: 1024,
		pushes: 10_000,
		type_nodes: 128,
		type_depth: 20,
		identifier_bytes: 128,
		struct_fields: 32,
		struct_variants: 90,
		struct_definitions: 200,
		function_definitions: 1000,
		back_edges_per_function: 20,
		back_edges_per_module: 400,
		dependency_depth: 100,
		meter_units_per_function: 8_000_000,
		meter_units_per_module: 8_000_000,
	};
}

impl Default for VerifierLimits {
	fn default() -> Self {
		Self::PRODUCTION
	}
}
