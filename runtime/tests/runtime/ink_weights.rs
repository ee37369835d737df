//! What is charged for ink! contracts' instructions covers what they were measured to take.

use pallet_wasm::{classes, WeightInfo as _};
use polkadot_sdk::frame_support::weights::Weight;
use trivium_runtime::{weights::pallet_wasm::WeightInfo, Runtime};

type Measured = WeightInfo<Runtime>;

/// Rounds that the benchmarks go to.
const ROUNDS: u32 = 1_000;

fn charged_per_fuel() -> u64 {
	pallet_wasm::Schedule::default()
		.instruction_weights
		.base
		.into()
}

/// Time by what is charged for it, of all rounds of a class.
fn ratio(class: &str, measured: impl Fn(u32) -> Weight) -> f64 {
	let fuel = |rounds| classes::fuel_of(class, rounds).expect("the program runs");
	let charged = (fuel(ROUNDS) - fuel(0)) * charged_per_fuel();
	let measured = measured(ROUNDS).saturating_sub(measured(0)).ref_time();
	measured as f64 / charged as f64
}

macro_rules! ratios {
	($($class:literal $measured:ident)+) => {
		[$(($class, ratio($class, Measured::$measured))),+]
	};
}

#[test]
fn ink_fuel_covers_every_measured_class() {
	let ratios = ratios![
		"add_32" class_add_32
		"mul_32" class_mul_32
		"div_32" class_div_32
		"rem_32" class_rem_32
		"and_32" class_and_32
		"shift_32" class_shift_32
		"rotate_32" class_rotate_32
		"order_32" class_order_32
		"eqz_32" class_eqz_32
		"clz_32" class_clz_32
		"popcnt_32" class_popcnt_32
		"extend_8" class_extend_8
		"add_64" class_add_64
		"mul_64" class_mul_64
		"div_64" class_div_64
		"rem_64" class_rem_64
		"xor_64" class_xor_64
		"shift_64" class_shift_64
		"rotate_64" class_rotate_64
		"order_64" class_order_64
		"ctz_64" class_ctz_64
		"popcnt_64" class_popcnt_64
		"extend_32" class_extend_32
		"wrap" class_wrap
		"extend" class_extend
		"constant" class_constant
		"copy" class_copy
		"copies" class_copies
		"select" class_select
		"load_8" class_load_8
		"load_32" class_load_32
		"load_64" class_load_64
		"load_16_to_64" class_load_16_to_64
		"store_8" class_store_8
		"store_32" class_store_32
		"store_64" class_store_64
		"global_32" class_global_32
		"global_64" class_global_64
		"block" class_block
		"branch" class_branch
		"branch_if" class_branch_if
		"if_else" class_if_else
		"branch_table" class_branch_table
		"call" class_call
		"call_indirect" class_call_indirect
		"memory_size" class_memory_size
		"memory_grow" class_memory_grow
		"nothing" class_nothing
	];
	assert_eq!(ratios.map(|(class, _)| class), classes::CLASSES);
	for (class, ratio) in ratios {
		println!("{class}: {ratio:.2}");
	}
	let above = ratios.map(|(class, ratio)| if ratio < 1.0 { "" } else { class });
	assert_eq!(above.concat(), "", "take longer than is charged");
}

/// Clearing a page, and moving those before it.
#[test]
fn ink_fuel_covers_growing_memory() {
	const PAGES: u32 = 15;
	let measured = Measured::memory_growth(PAGES).saturating_sub(Measured::memory_growth(0));
	let fuel = classes::fuel_of_growth(PAGES).expect("the program runs");
	let charged = fuel * charged_per_fuel();
	println!("{} of {charged}", measured.ref_time());
	assert!(measured.ref_time() < charged);
}
