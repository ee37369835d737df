//! Selections that the interpreter gets wrong, written in another way.
//!
//! `wasmi` 2.0.0 makes one instruction of a comparison with zero and the `select` behind it. Where the number that is
//! compared is a local variable it forgets to load it, and `select` decides by whatever was computed last. Compilers do
//! write that: `(select a b (i32.eqz x))`.
//!
//! The interpreter makes one of two instructions only if nothing stands between them, and a constant that is dropped
//! again makes no code but counts as something. So one is put before each `select` that could be concerned ([`Places`]).

use alloc::vec::Vec;

use wasmparser::Operator;

/// What is put before a `select`: `i32.const 0` and `drop`.
pub(crate) const BETWEEN: [u8; 3] = [0x41, 0x00, 0x1A];
/// `select`.
const SELECT: u8 = 0x1B;
/// Whether somewhere in the bytes there could be a `select`.
pub(crate) fn may_be_in(code: &[u8]) -> bool {
	code.contains(&SELECT)
}

/// Where the selections of a function begin that could be made one with what stands before them.
#[derive(Default)]
pub(crate) struct Places {
	found: Vec<usize>,
	/// Whether nothing of the last operator could be merged with a `select`.
	is_safe: bool,
}

impl Places {
	/// Takes the next operator, which begins here.
	pub(crate) fn take(&mut self, operator: &Operator<'_>, at: usize) {
		if matches!(operator, Operator::Select) && !self.is_safe {
			self.found.push(at);
		}
		self.is_safe = is_another_instruction(operator);
	}

	/// Where they begin.
	pub(crate) fn found(self) -> Vec<usize> {
		self.found
	}
}

/// Whether the interpreter makes an instruction of this, or a constant, that is no comparison with zero.
fn is_another_instruction(operator: &Operator<'_>) -> bool {
	use Operator::*;
	matches!(
		operator,
		I32LtS
			| I32LtU | I32GtS
			| I32GtU | I32LeS
			| I32LeU | I32GeS
			| I32GeU | I64LtS
			| I64LtU | I64GtS
			| I64GtU | I64LeS
			| I64LeU | I64GeS
			| I64GeU | I32Load { .. }
			| I32Load8S { .. }
			| I32Load8U { .. }
			| I32Load16S { .. }
			| I32Load16U { .. }
			| Call { .. }
			| CallIndirect { .. }
	)
}

#[cfg(test)]
mod tests {
	use super::*;
	use alloc::{borrow::Cow, format, string::String};
	use wasmi::{CompilationMode, Engine, Memory, MemoryType, Module, Store};

	fn mended(code: &[u8]) -> Cow<'_, [u8]> {
		crate::prepare::prepared(code).unwrap()
	}

	fn code(functions: &str) -> Vec<u8> {
		let text = format!(
			r#"(module (import "env" "memory" (memory 1 1)) {functions}
				(func (export "deploy")) (data (i32.const 16) "data"))"#
		);
		wat::parse_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"))
	}

	/// What the body leaves in `$r` for each value of `$x` that decides.
	fn answers(body: &str, mend: bool) -> Vec<i32> {
		let code = code(&format!(
			r#"(func $id (param i32) (result i32) (local.get 0))
			(func (export "call") (local $x i32) (local $y i32) (local $r i32)
				(local.set $x (i32.load (i32.const 0)))
				(local.set $y (i32.load (i32.const 4)))
				{body}
				(i32.store (i32.const 8) (local.get $r)))"#
		));
		let code = if mend { mended(&code) } else { code.into() };
		let engine = Engine::new(&crate::module::config(CompilationMode::Eager, 3));
		let module = Module::new(&engine, &code).unwrap();
		let run = |x: i32| {
			let mut store = Store::new(&engine, ());
			store.set_fuel(100_000).unwrap();
			let memory = Memory::new(&mut store, MemoryType::new(1, Some(1))).unwrap();
			memory.write(&mut store, 0, &x.to_le_bytes()).unwrap();
			memory.write(&mut store, 4, &20i32.to_le_bytes()).unwrap();
			let instance = wasmi::Instance::new(&mut store, &module, &[memory.into()]).unwrap();
			let call = instance.get_func(&store, "call").unwrap();
			call.call(&mut store, &[], &mut []).unwrap();
			let mut answer = [0; 4];
			memory.read(&store, 8, &mut answer).unwrap();
			i32::from_le_bytes(answer)
		};
		[0, 1, 2, -1].map(run).to_vec()
	}

	/// Conditions, and which of `[0, 1, 2, -1]` they hold for.
	const CONDITIONS: [(&str, [bool; 4]); 14] = [
		("(i32.eqz (local.get $x))", [true, false, false, false]),
		(
			"(i32.eqz (i32.eqz (local.get $x)))",
			[false, true, true, true],
		),
		(
			"(i32.eq (local.get $x) (i32.const 0))",
			[true, false, false, false],
		),
		(
			"(i32.eq (i32.const 0) (local.get $x))",
			[true, false, false, false],
		),
		(
			"(i32.ne (local.get $x) (i32.const 0))",
			[false, true, true, true],
		),
		(
			"(i32.ne (i32.const 0) (local.get $x))",
			[false, true, true, true],
		),
		(
			"(i32.eq (local.get $x) (i32.const 1))",
			[false, true, false, false],
		),
		(
			"(i32.eqz (i32.and (local.get $x) (i32.const 1)))",
			[true, false, true, false],
		),
		("(i32.eqz (local.get $x)) nop", [true, false, false, false]),
		(
			"(i32.or (i32.eqz (local.get $x)) (i32.const 0))",
			[true, false, false, false],
		),
		(
			"(i32.eqz (local.get $x)) (drop (i32.const 1))",
			[true, false, false, false],
		),
		(
			"(i64.eqz (i64.extend_i32_u (i32.eqz (local.get $x))))",
			[false, true, true, true],
		),
		(
			"(i32.eqz (call $id (local.get $x)))",
			[true, false, false, false],
		),
		(
			"(i32.lt_s (local.get $x) (i32.const 1))",
			[true, false, false, true],
		),
	];

	const VALUES: [(&str, &str, i32, i32); 5] = [
		(
			"(i32.const 7)",
			"(i32.add (local.get $y) (i32.const 30))",
			7,
			50,
		),
		("(i32.const 7)", "(i32.const 8)", 7, 8),
		("(local.get $y)", "(i32.const 8)", 20, 8),
		(
			"(i32.add (local.get $y) (i32.const 1))",
			"(local.get $y)",
			21,
			20,
		),
		(
			"(i32.load (i32.const 4))",
			"(i32.mul (local.get $y) (local.get $y))",
			20,
			400,
		),
	];

	#[test]
	fn a_selection_decides_by_its_condition() {
		for (condition, holds) in CONDITIONS {
			for (one, other, if_so, if_not) in VALUES {
				let body = format!("(local.set $r (select {one} {other} {condition}))");
				let expected = holds.map(|holds| if holds { if_so } else { if_not });
				assert_eq!(answers(&body, true), expected, "{body}");
			}
		}
	}

	/// When this fails the interpreter has been mended, and this module can go.
	#[test]
	fn the_interpreter_alone_gets_it_wrong() {
		let body = "(local.set $r (select (i32.const 7) (i32.add (local.get $y) (i32.const 30)) \
			(i32.eqz (local.get $x))))";
		assert_ne!(answers(body, false), [7, 50, 50, 50]);
		assert_eq!(answers(body, true), [7, 50, 50, 50]);
	}

	#[test]
	fn nothing_else_is_changed() {
		let plain = code("(func (export \"call\") (drop (i32.const 27)))");
		assert!(plain.contains(&SELECT), "as a number");
		assert_eq!(mended(&plain), plain);
		let safe = "(select (i32.const 1) (i32.const 2) (i32.lt_u (i32.const 3) (i32.const 4)))";
		let safe = code(&format!("(func (export \"call\") (drop {safe}))"));
		assert_eq!(mended(&safe), safe);

		let selects = |count: usize| -> String {
			"(local.set $r (select (local.get $r) (i32.const 2) (i32.eqz (local.get $r))))"
				.repeat(count)
		};
		for count in [1, 2, 40, 400] {
			let body = selects(count);
			let code = code(&format!(
				"(func (export \"call\") (local $r i32) {body}) (func (local $r i32) nop {body})"
			));
			let mended = mended(&code);
			wasmparser::validate(&mended).unwrap();
			let mut places = 0;
			let mut left = Vec::new();
			let mut rest = &mended[..];
			while let Some(first) = rest.first() {
				match rest.strip_prefix(&[0x41, 0x00, 0x1A, SELECT][..]) {
					Some(after) => {
						places += 1;
						left.push(SELECT);
						rest = after;
					}
					None => {
						left.push(*first);
						rest = &rest[1..];
					}
				}
			}
			assert_eq!(places, 2 * count);
			// The rest of the code, but for lengths, is what it was.
			let tail = |code: &[u8]| code[code.len() - 15..].to_vec();
			assert_eq!((tail(&left), &left[..30]), (tail(&code), &code[..30]));
		}
	}

	proptest::proptest! {
		#[test]
		fn any_bytes_give_an_answer(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
			let _ = mended(&bytes);
			let _ = mended(&[b"\0asm\x01\0\0\0", &bytes[..]].concat());
		}
	}
}
