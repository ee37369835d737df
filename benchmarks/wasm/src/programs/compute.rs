//! Instructions.

use pallet_wasm::classes::{self, CLASSES};

use super::Program;
use crate::code::{looped, message, DATA};

/// Rounds that no weight is enough for.
const ENDLESS: u32 = u32::MAX >> 2;

/// Programs that compute.
pub fn programs() -> Vec<Program> {
	// Each instruction takes the same again and again: part of the weight says as much.
	let mut programs: Vec<Program> = CLASSES
		.iter()
		.map(|class| {
			let code = classes::program(class, ENDLESS);
			Program::endless_code(format!("instruction-{class}"), code).share(8)
		})
		.collect();
	let targets: String = (0..10_000)
		.map(|target| format!("{} ", target % 2))
		.collect();
	let many_locals = "(local i64) ".repeat(70);
	// Pseudo-random places of a mebibyte.
	let anywhere = "(local.set $at (i32.and
		(i32.add (i32.mul (local.get $at) (i32.const 1664525)) (i32.const 1013904223))
		(i32.const 0xffff8)))";
	let far = |once: &str| {
		let body = format!(
			"(local $at i32) (loop $ever {} (br $ever))",
			format!("{anywhere} {once}").repeat(16)
		);
		message(16, "", &body)
	};
	programs.extend([
		Program::endless(
			"branch-table-long",
			&format!(
				"(block (block (br_table {targets} 0 (i32.and (local.get $n) (i32.const 8191)))))"
			),
		),
		Program::endless_code("load-anywhere", far("(drop (i64.load (local.get $at)))")),
		Program::endless_code(
			"store-anywhere",
			far("(i64.store (local.get $at) (i64.const -1))"),
		),
		Program::endless_code(
			"call-with-locals",
			looped(
				1,
				&format!("(func $callee {many_locals})"),
				"",
				&"(call $callee) ".repeat(16),
			),
		),
		Program::endless_code(
			"recursion",
			looped(
				1,
				&format!(
					"(func $deep (param $left i32) {many_locals}
						(if (local.get $left)
							(then (call $deep (i32.sub (local.get $left) (i32.const 1))))))"
				),
				"",
				"(call $deep (i32.const 800))",
			),
		),
		Program::endless_code(
			"globals",
			looped(
				1,
				"(global $g (mut i64) (i64.const 0))",
				"",
				&"(global.set $g (i64.add (global.get $g) (i64.const 1)))".repeat(16),
			),
		),
		Program::endless(
			"unaligned-copies",
			&format!(
				"(i64.store offset=1 (i32.const {DATA}) (i64.load offset=9 (i32.const {DATA})))"
			)
			.repeat(16),
		),
	]);
	programs
		.into_iter()
		.map(|program| program.share(8))
		// Natively each of these takes some of the stack until the contract ends; in wasm none does.
		.chain([Program::endless(
			"memory-grow-refused",
			"(drop (memory.grow (i32.const 60000)))",
		)
		.share(256)])
		.collect()
}
