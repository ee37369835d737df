//! Programs that repeat one instruction, for the benchmarks that measure what each takes, and for the test
//! that holds that against the fuel they use.

use alloc::{vec, vec::Vec};
use core::iter;

/// How often a round repeats the instruction.
const REPETITIONS: usize = 16;
/// How many operands the class `copies` has copied each time.
const COPIES: usize = 60;

/// A length as WebAssembly writes it.
fn leb(number: usize) -> Vec<u8> {
	let (bytes, len) = leb128fmt::encode_u64(number as u64).unwrap_or_default();
	bytes.into_iter().take(len).collect()
}

fn section(id: u8, content: &[u8]) -> Vec<u8> {
	[&[id][..], &leb(content.len()), content].concat()
}

fn function(locals: &[u8], body: &[u8]) -> Vec<u8> {
	let content = [locals, body, &[0x0B]].concat();
	[&leb(content.len())[..], &content].concat()
}

/// A contract whose constructor does nothing and whose message is `body`, with its `locals` as a module
/// has them. It has a table of one function, which gives its `i32` back (number 2), and two globals.
pub(crate) fn contract(locals: &[u8], body: &[u8]) -> Vec<u8> {
	let functions = [
		vec![3],
		function(&[0], &[]),
		function(locals, body),
		function(&[0], &[0x20, 0]),
	]
	.concat();
	[
		&b"\0asm\x01\0\0\0"[..],
		// () -> (), (i32) -> (i32)
		&section(1, &[2, 0x60, 0, 0, 0x60, 1, 0x7F, 1, 0x7F]),
		&section(2, b"\x01\x03env\x06memory\x02\x01\x01\x10"),
		&section(3, &[3, 0, 0, 1]),
		&section(4, &[1, 0x70, 0, 1]),
		&section(6, &[2, 0x7F, 1, 0x41, 0, 0x0B, 0x7E, 1, 0x42, 0, 0x0B]),
		&section(7, b"\x02\x06deploy\0\0\x04call\0\x01"),
		&section(9, &[1, 0, 0x41, 0, 0x0B, 1, 2]),
		&section(10, &functions),
	]
	.concat()
}

/// Locals of the programs: three of `i32` (the rounds left, `a`, `b`), two of `i64` (`x`, `y`).
const LOCALS: &[u8] = &[2, 3, 0x7F, 2, 0x7E];
const GET_A: [u8; 2] = [0x20, 1];
const GET_B: [u8; 2] = [0x20, 2];
const SET_A: [u8; 2] = [0x21, 1];
const GET_X: [u8; 2] = [0x20, 3];
const GET_Y: [u8; 2] = [0x20, 4];
const SET_X: [u8; 2] = [0x21, 3];

/// `a = a op b` or `x = x op y`.
fn binary(op: u8) -> Vec<u8> {
	match op {
		0x46..=0x4F | 0x6A..=0x78 => [&GET_A[..], &GET_B, &[op], &SET_A].concat(),
		0x51..=0x5A => [&GET_X[..], &GET_Y, &[op], &SET_A].concat(),
		_ => [&GET_X[..], &GET_Y, &[op], &SET_X].concat(),
	}
}

/// `a = op a` or `x = op x`.
fn unary(op: u8) -> Vec<u8> {
	match op {
		0x45 | 0x67..=0x69 | 0xC0 | 0xC1 => [&GET_A[..], &[op], &SET_A].concat(),
		_ => [&GET_X[..], &[op], &SET_X].concat(),
	}
}

fn load(op: u8) -> Vec<u8> {
	let set = if matches!(op, 0x29 | 0x30..=0x35) {
		SET_X
	} else {
		SET_A
	};
	[&GET_B[..], &[op, 0, 8], &set].concat()
}

fn store(op: u8) -> Vec<u8> {
	let get = if matches!(op, 0x37 | 0x3C..=0x3E) {
		GET_Y
	} else {
		GET_A
	};
	[&GET_B[..], &get, &[op, 0, 8]].concat()
}

/// The instruction of a class, with what it needs. `None` if there is no such class.
fn instruction(class: &str) -> Option<Vec<u8>> {
	let table: Vec<u8> = (0..64).map(|target| target & 1).collect();
	Some(match class {
		"add_32" => binary(0x6A),
		"mul_32" => binary(0x6C),
		"div_32" => binary(0x6D),
		"rem_32" => binary(0x70),
		"and_32" => binary(0x71),
		"shift_32" => binary(0x74),
		"rotate_32" => binary(0x77),
		"order_32" => binary(0x48),
		"eqz_32" => unary(0x45),
		"clz_32" => unary(0x67),
		"popcnt_32" => unary(0x69),
		"extend_8" => unary(0xC0),
		"add_64" => binary(0x7C),
		"mul_64" => binary(0x7E),
		"div_64" => binary(0x7F),
		"rem_64" => binary(0x82),
		"xor_64" => binary(0x85),
		"shift_64" => binary(0x87),
		"rotate_64" => binary(0x8A),
		"order_64" => binary(0x53),
		"ctz_64" => unary(0x7A),
		"popcnt_64" => unary(0x7B),
		"extend_32" => unary(0xC4),
		"wrap" => [&GET_X[..], &[0xA7], &SET_A].concat(),
		"extend" => [&GET_A[..], &[0xAC], &SET_X].concat(),
		"constant" => vec![0x42, 0xE4, 0, 0x21, 3],
		"copy" => [GET_A, [0x21, 2], GET_B, SET_A].concat(),
		// What is on the stack when its variable is set is copied first.
		"copies" => [
			&GET_A.repeat(COPIES)[..],
			&GET_B,
			&SET_A,
			&[0x1A].repeat(COPIES),
		]
		.concat(),
		"select" => [&GET_A[..], &GET_B, &GET_B, &[0x1B], &SET_A].concat(),
		"load_8" => load(0x2D),
		"load_32" => load(0x28),
		"load_64" => load(0x29),
		"load_16_to_64" => load(0x32),
		"store_8" => store(0x3A),
		"store_32" => store(0x36),
		"store_64" => store(0x37),
		"global_32" => vec![0x23, 0, 0x24, 0],
		"global_64" => [&GET_X[..], &[0x24, 1]].concat(),
		"block" => vec![0x02, 0x40, 0x0B],
		"branch" => vec![0x02, 0x40, 0x0C, 0, 0x0B],
		"branch_if" => [&[0x02, 0x40][..], &GET_A, &[0x0D, 0, 0x0B]].concat(),
		"if_else" => [&GET_A[..], &[0x04, 0x40, 0x01, 0x05, 0x01, 0x0B]].concat(),
		"branch_table" => [
			&[0x02, 0x40, 0x02, 0x40][..],
			&GET_B,
			&[0x0E, 64],
			&table,
			&[1, 0x0B, 0x0B],
		]
		.concat(),
		"call" => [&GET_A[..], &[0x10, 2], &SET_A].concat(),
		"call_indirect" => [&GET_A[..], &[0x41, 0, 0x11, 1, 0], &SET_A].concat(),
		"memory_size" => [&[0x3F, 0][..], &SET_A].concat(),
		"memory_grow" => [&[0x41, 0, 0x40, 0][..], &SET_A].concat(),
		"nothing" => Vec::new(),
		_ => return None,
	})
}

/// All classes.
#[cfg(feature = "std")]
pub const CLASSES: [&str; 48] = [
	"add_32",
	"mul_32",
	"div_32",
	"rem_32",
	"and_32",
	"shift_32",
	"rotate_32",
	"order_32",
	"eqz_32",
	"clz_32",
	"popcnt_32",
	"extend_8",
	"add_64",
	"mul_64",
	"div_64",
	"rem_64",
	"xor_64",
	"shift_64",
	"rotate_64",
	"order_64",
	"ctz_64",
	"popcnt_64",
	"extend_32",
	"wrap",
	"extend",
	"constant",
	"copy",
	"copies",
	"select",
	"load_8",
	"load_32",
	"load_64",
	"load_16_to_64",
	"store_8",
	"store_32",
	"store_64",
	"global_32",
	"global_64",
	"block",
	"branch",
	"branch_if",
	"if_else",
	"branch_table",
	"call",
	"call_indirect",
	"memory_size",
	"memory_grow",
	"nothing",
];

/// A contract whose message goes through so many rounds of a class. Empty if there is no such class.
pub fn program(class: &str, rounds: u32) -> Vec<u8> {
	let Some(once) = instruction(class) else {
		return Vec::new();
	};
	// `b = 7, y = 13`; `a` and `x` grow, so that divisions have something to do.
	let begin = [0x41, 7, 0x21, 2, 0x42, 13, 0x21, 4];
	let (number, len) = leb128fmt::encode_s64(rounds.into()).unwrap_or_default();
	let rounds_left: Vec<u8> = iter::once(0x41)
		.chain(number.into_iter().take(len))
		.collect();
	let body = [
		&begin[..],
		&rounds_left,
		&[0x21, 0, 0x02, 0x40, 0x20, 0, 0x45, 0x0D, 0, 0x03, 0x40],
		// `a = -1, x = -1`
		&[0x41, 0x7F, 0x21, 1, 0x42, 0x7F, 0x21, 3],
		&once.repeat(REPETITIONS),
		&[0x20, 0, 0x41, 1, 0x6B, 0x22, 0, 0x0D, 0, 0x0B, 0x0B],
	]
	.concat();
	contract(LOCALS, &body)
}

/// Runs the message of a contract that imports nothing, and gives the fuel that it used.
///
/// # Errors
/// If it cannot be run, or traps.
#[cfg(feature = "std")]
fn run(code: &[u8]) -> Result<u64, wasmi::Error> {
	ready(code)?.run()
}

/// A contract that imports nothing, ready to run.
pub(crate) struct Ready {
	store: wasmi::Store<()>,
	message: wasmi::Func,
}

/// Makes an instance of a contract that imports nothing but its memory.
///
/// # Errors
/// If it is none.
pub(crate) fn ready(code: &[u8]) -> Result<Ready, wasmi::Error> {
	ready_module(&crate::module::translate(code)?)
}

/// As [`ready`], with a module.
///
/// # Errors
/// If it imports anything else than its memory.
pub(crate) fn ready_module(module: &wasmi::Module) -> Result<Ready, wasmi::Error> {
	let mut store = wasmi::Store::new(module.engine(), ());
	let memory = wasmi::Memory::new(&mut store, wasmi::MemoryType::new(1, Some(16)))?;
	let instance = wasmi::Instance::new(&mut store, module, &[memory.into()])?;
	let message = instance.get_func(&store, "call");
	let message = message.ok_or_else(|| wasmi::Error::new("no message"))?;
	Ok(Ready { store, message })
}

impl Ready {
	/// Runs it, and gives the fuel that it used.
	///
	/// # Errors
	/// If it traps.
	pub(crate) fn run(&mut self) -> Result<u64, wasmi::Error> {
		const PLENTY: u64 = u64::MAX >> 1;
		self.store.set_fuel(PLENTY)?;
		self.message.call(&mut self.store, &[], &mut [])?;
		Ok(PLENTY.saturating_sub(self.store.get_fuel()?))
	}
}

/// Fuel that `rounds` of a class use, with the loop around them.
///
/// # Errors
/// If there is no such class.
#[cfg(feature = "std")]
pub fn fuel_of(class: &str, rounds: u32) -> Result<u64, wasmi::Error> {
	run(&program(class, rounds))
}

/// A contract whose message grows its memory by a page, so many times.
pub(crate) fn growth(pages: u32) -> Vec<u8> {
	// `drop(memory.grow(1))`
	contract(&[0], &[0x41, 1, 0x40, 0, 0x1A].repeat(pages as usize))
}

/// Fuel that growing a memory by a page uses, so many times.
///
/// # Errors
/// Only if the interpreter refuses the program.
#[cfg(feature = "std")]
pub fn fuel_of_growth(pages: u32) -> Result<u64, wasmi::Error> {
	run(&growth(pages))
}

#[cfg(test)]
mod tests {
	use super::*;

	/// The interpreter clears a callee's locals and counts nothing for it.
	#[test]
	fn calls_pay_for_the_locals_of_what_they_call() {
		let fuel = |locals: &str| {
			let text = format!(
				r#"(module
					(import "env" "memory" (memory 1 16))
					(func $callee (local {locals}))
					(func (export "deploy"))
					(func (export "call") (call $callee)))"#
			);
			let code = wat::parse_str(text).unwrap();
			assert_eq!(
				crate::validate::check::<crate::testing::mock::Test>(&code),
				Ok(())
			);
			run(&code).unwrap()
		};
		let none = fuel("");
		assert_eq!(fuel(&"i64 ".repeat(10)), none + 10 * 3);
		assert_eq!(fuel(&"i32 ".repeat(70)), none + 70 * 3);
	}

	#[test]
	fn every_class_may_be_uploaded_and_uses_fuel() {
		let loop_alone = fuel_of("nothing", 100).unwrap();
		for class in CLASSES {
			let code = program(class, 100);
			assert_eq!(
				crate::validate::check::<crate::testing::mock::Test>(&code),
				Ok(()),
				"{class}"
			);
			let fuel = fuel_of(class, 100).unwrap();
			assert!(fuel >= loop_alone, "{class}");
			assert!(fuel_of(class, 0).unwrap() < 80);
		}
		assert!(fuel_of("other", 1).is_err());
	}
}
