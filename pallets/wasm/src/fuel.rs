//! Fuel of each instruction: nanoseconds in the runtime's wasm, rounded up, see
//! [`InstructionWeights`](crate::InstructionWeights) for what a unit costs.
//!
//! The interpreter turns several instructions into one of its own, so what one takes depends on its
//! neighbours: an addition of two locals into a third takes 4 to 10, and its four instructions are charged 23.
//! The prices are such that no program pays less than it takes (the benchmarks `class_*` measure those that
//! come closest), and neighbours that are cheap together pay a few times what they take.

use wasmi::OperatorCost;

/// What clearing a local takes, with a margin.
const CLEARED_LOCAL: u32 = 3;

macro_rules! set {
	($cost:ident: $($units:literal => $($operator:ident)+;)+) => {
		$($($cost.$operator = $units;)+)+
	};
}

/// All prices for a module none of whose functions declares more than `most_locals`. What is not named is what
/// an upload does not let in, or makes no work: blocks and their ends.
pub(crate) fn prices(most_locals: u32) -> OperatorCost {
	let mut cost = OperatorCost::default();
	set! { cost:
		// Mostly a name for a register; but a parameter of a call, or what is on the stack when the variable is set
		// or a block begins, is copied.
		4 => local_get;
		5 => i32_const i64_const;
		// Copies.
		7 => local_set local_tee;
		// Computation.
		8 => i32_eqz i32_eq i32_ne i32_lt_s i32_lt_u i32_gt_s i32_gt_u i32_le_s i32_le_u i32_ge_s i32_ge_u
			i64_eqz i64_eq i64_ne i64_lt_s i64_lt_u i64_gt_s i64_gt_u i64_le_s i64_le_u i64_ge_s i64_ge_u
			i32_clz i32_ctz i32_popcnt i32_add i32_sub i32_mul i32_div_s i32_div_u i32_rem_s i32_rem_u
			i32_and i32_or i32_xor i32_shl i32_shr_s i32_shr_u i32_rotl i32_rotr
			i64_clz i64_ctz i64_popcnt i64_add i64_sub i64_mul i64_div_s i64_div_u i64_rem_s i64_rem_u
			i64_and i64_or i64_xor i64_shl i64_shr_s i64_shr_u i64_rotl i64_rotr
			i32_wrap_i64 i64_extend_i32_s i64_extend_i32_u
			i32_extend8_s i32_extend16_s i64_extend8_s i64_extend16_s i64_extend32_s
			select;
		// Memory and globals.
		5 => i32_load i32_load8_s i32_load8_u i32_load16_s i32_load16_u
			i64_load i64_load8_s i64_load8_u i64_load16_s i64_load16_u i64_load32_s i64_load32_u
			global_get global_set;
		6 => i32_store i32_store8 i32_store16 i64_store i64_store8 i64_store16 i64_store32;
		10 => memory_size;
		// New pages are charged by the byte besides. What is refused takes the longest.
		40 => memory_grow;
		// Where a branch leads, and where a loop begins, fuel is taken for what follows.
		5 => loop_;
		7 => br br_if return_;
		10 => br_table;
		30 => if_;
	}
	// With the callee's frame, and the way back. The callee's locals are cleared, and the interpreter counts
	// nothing for that: a call pays for as many as any function of the module has.
	let locals = most_locals.saturating_mul(CLEARED_LOCAL);
	let with_locals = |own: u32| u8::try_from(own.saturating_add(locals)).unwrap_or(u8::MAX);
	cost.call = with_locals(20);
	cost.call_indirect = with_locals(40);
	cost
}
