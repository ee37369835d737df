//! Code that the interpreter cannot translate, though it is valid.
//!
//! `wasmi` 2.0.0 keeps the last result in a register, and knows which local variable it was written to. A store of less
//! than 64 bits whose address and value are both that register, at a fixed offset of 2^16 or more, is a case its
//! translator takes for impossible: it panics, which in a runtime is the end of the transaction, with nobody to pay for
//! it. Found by the fuzzer `ink_execution`. Compilers write no such code: a program that stores a pointer at itself does
//! so within a few bytes of it.
//!
//! [`Operands`] finds every store that could be one. It follows the operands of a function as far as they may be
//! local variables, and takes for one whatever could be.

use alloc::vec::Vec;

use wasmparser::Operator;

/// Largest fixed offset of a store that the translator takes in any case.
const NEAR: u64 = 0xFFFF;
/// `i32.store`, `i32.store8`, `i32.store16`, `i64.store8`, `i64.store16`, `i64.store32`.
const STORES: [u8; 6] = [0x36, 0x3A, 0x3B, 0x3C, 0x3D, 0x3E];

/// Whether somewhere in the bytes there could be a store at a far offset: a quick look that nearly all code passes.
pub(crate) fn may_be_in(code: &[u8]) -> bool {
	(0..code.len()).any(|at| {
		let mut rest = code.get(at..).unwrap_or_default();
		let is_store = rest.split_off_first().is_some_and(|op| STORES.contains(op));
		is_store && number(&mut rest).is_some() && number(&mut rest).is_some_and(|to| to > NEAR)
	})
}

/// A number as WebAssembly writes it (unsigned LEB128), in the first bytes of `rest`; at most ten.
fn number(rest: &mut &[u8]) -> Option<u64> {
	let mut number = 0u64;
	for place in 0..10u32 {
		let byte = *rest.split_off_first()?;
		number |= u64::from(byte & 0x7F).wrapping_shl(place.saturating_mul(7));
		if byte & 0x80 == 0 {
			return Some(number);
		}
	}
	None
}

/// Parameters and results of a function: how many there are.
pub(crate) type Arity = (usize, usize);

/// What an operand may be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Operand {
	/// A constant, or the result of an instruction of its own: it takes the register from whatever had it.
	Own,
	/// This local variable, or as [`Operand::Own`].
	Local(u32),
	/// Anything: what a block leaves behind, or one of two variables.
	Any,
}

impl Operand {
	/// What comes of an operator that may give back one of its operands as it is: `x + 0` is `x`.
	fn or(self, other: Self) -> Self {
		match (self, other) {
			(Self::Own, one) | (one, Self::Own) => one,
			(one, other) if one == other => one,
			_ => Self::Any,
		}
	}

	/// Whether both may be in the register at once.
	fn may_be(self, other: Self) -> bool {
		match (self, other) {
			(Self::Own, _) | (_, Self::Own) => false,
			(Self::Any, _) | (_, Self::Any) => true,
			(one, other) => one == other,
		}
	}
}

/// The operands of a function since the last block began or ended; those below may be anything.
#[derive(Default)]
pub(crate) struct Operands(Vec<Operand>);

impl Operands {
	fn pop(&mut self) -> Operand {
		self.0.pop().unwrap_or(Operand::Any)
	}

	fn pop_many(&mut self, count: usize) {
		self.0.truncate(self.0.len().saturating_sub(count));
	}

	fn push(&mut self, operand: Operand) {
		self.0.push(operand);
	}

	fn push_results(&mut self, count: usize) {
		(0..count).for_each(|_| self.push(Operand::Own));
	}

	/// Takes the next operator. Whether it is such a store; `None` if no contract may have it: what is beyond WebAssembly
	/// 1.0 without floats is refused as such.
	pub(crate) fn take(
		&mut self,
		operator: &Operator<'_>,
		types: &[Arity],
		functions: &[Arity],
	) -> Option<bool> {
		use Operator::*;
		match *operator {
			Nop | Br { .. } | Return | Unreachable => {}
			Block { .. } | Loop { .. } | If { .. } | Else | End => self.0.clear(),
			Drop | LocalSet { .. } | GlobalSet { .. } | BrIf { .. } | BrTable { .. } => {
				self.pop();
			}
			LocalGet { local_index } => self.push(Operand::Local(local_index)),
			LocalTee { local_index } => {
				self.pop();
				self.push(Operand::Local(local_index));
			}
			I32Store { memarg }
			| I32Store8 { memarg }
			| I32Store16 { memarg }
			| I64Store8 { memarg }
			| I64Store16 { memarg }
			| I64Store32 { memarg } => {
				let (value, address) = (self.pop(), self.pop());
				if memarg.offset > NEAR && value.may_be(address) {
					return Some(true);
				}
			}
			// Its address is no value of 64 bits.
			I64Store { .. } => self.pop_many(2),
			Call { function_index } => {
				let (params, results) = *functions.get(function_index as usize)?;
				self.pop_many(params);
				self.push_results(results);
			}
			CallIndirect { type_index, .. } => {
				let (params, results) = *types.get(type_index as usize)?;
				self.pop_many(params.saturating_add(1));
				self.push_results(results);
			}
			Select => {
				self.pop();
				let (one, other) = (self.pop(), self.pop());
				self.push(one.or(other));
			}
			I32Const { .. } | I64Const { .. } | GlobalGet { .. } | MemorySize { .. } => {
				self.push(Operand::Own);
			}
			// One operand, which may stay what it is.
			I32Eqz | I64Eqz | I32Clz | I32Ctz | I32Popcnt | I64Clz | I64Ctz | I64Popcnt
			| I32WrapI64 | I64ExtendI32S | I64ExtendI32U | I32Extend8S | I32Extend16S
			| I64Extend8S | I64Extend16S | I64Extend32S => {}
			I32Load { .. }
			| I64Load { .. }
			| I32Load8S { .. }
			| I32Load8U { .. }
			| I32Load16S { .. }
			| I32Load16U { .. }
			| I64Load8S { .. }
			| I64Load8U { .. }
			| I64Load16S { .. }
			| I64Load16U { .. }
			| I64Load32S { .. }
			| I64Load32U { .. }
			| MemoryGrow { .. } => {
				self.pop();
				self.push(Operand::Own);
			}
			I32Eq | I32Ne | I32LtS | I32LtU | I32GtS | I32GtU | I32LeS | I32LeU | I32GeS
			| I32GeU | I64Eq | I64Ne | I64LtS | I64LtU | I64GtS | I64GtU | I64LeS | I64LeU
			| I64GeS | I64GeU | I32Add | I32Sub | I32Mul | I32DivS | I32DivU | I32RemS
			| I32RemU | I32And | I32Or | I32Xor | I32Shl | I32ShrS | I32ShrU | I32Rotl
			| I32Rotr | I64Add | I64Sub | I64Mul | I64DivS | I64DivU | I64RemS | I64RemU
			| I64And | I64Or | I64Xor | I64Shl | I64ShrS | I64ShrU | I64Rotl | I64Rotr => {
				let (one, other) = (self.pop(), self.pop());
				self.push(one.or(other));
			}
			_ => return None,
		}
		Some(false)
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	/// Whether code is refused.
	fn is_in(code: &[u8]) -> bool {
		crate::prepare::prepared(code).is_err()
	}

	fn code(body: &str) -> Vec<u8> {
		let text = format!(
			r#"(module (import "env" "memory" (memory 2 2)) (type $unary (func (param i32) (result i32)))
				(table 1 funcref) (func $id (type $unary) (local.get 0))
				(func (export "call") (local $x i32) (local $y i32) (local $long i64) {body})
				(func (export "deploy")))"#
		);
		wat::parse_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"))
	}

	/// Sets a local variable from the register, which is when the translator knows it to be there.
	const SET: &str = "(local.set $x (i32.add (local.get $x) (i32.const 4)))";

	#[test]
	fn a_variable_far_behind_itself_is_found_however_it_comes_there() {
		for store in [
			"(i32.store offset=65536 (local.get $x) (local.get $x))",
			"(i32.store8 offset=65536 (local.get $x) (local.get $x))",
			"(i32.store16 offset=4294967295 (local.get $x) (local.get $x))",
			"local.get $x local.get $x nop i32.const 1 drop i32.store offset=70000",
			"local.get $x local.get $x local.tee $x i32.store offset=70000",
			"local.get $x (i32.add (local.get $x) (i32.const 0)) i32.store offset=70000",
			"local.get $x (i32.or (i32.const 0) (local.get $x)) i32.store offset=70000",
			"local.get $x local.get $x (drop (call $id (i32.const 1))) i32.store offset=70000",
			"local.get $x local.get $x block end i32.store offset=70000 local.get $x local.get $x \
				i32.store offset=70000",
			"(i32.store offset=70000 (local.get $x) (select (local.get $x) (local.get $x) (i32.const 1)))",
			"(i32.store offset=70000 (local.get $x) (i32.wrap_i64 (i64.extend_i32_u (local.get $x))))",
			"(i64.store16 offset=65536 (local.get $x) (i64.extend_i32_u (local.get $x)))",
			"(i64.store8 offset=65536 (local.get $x) (i64.extend_i32_s (local.get $x)))",
			"(i64.store32 offset=65536 (local.get $x) (i64.extend_i32_u (local.get $x)))",
			"(i32.store offset=70000 (local.get $x) (block (result i32) (local.get $x)))",
			"(i32.store offset=70000 (if (result i32) (local.get $y) (then (local.get $x)) (else (local.get $y))) \
				(local.get $x))",
			"(i32.store offset=70000 (if (result i32) (i32.const 1) (then (local.get $x)) (else (local.get $y))) \
				(local.get $x))",
			"(i32.store offset=70000 (local.get $x) (select (local.get $y) (local.get $x) (i32.const 0)))",
		] {
			assert!(is_in(&code(&format!("{SET} {store}"))), "{store}");
		}
	}

	#[test]
	fn what_compilers_write_is_not() {
		for store in [
			"(i32.store offset=65535 (local.get $x) (local.get $x))",
			"(i32.store offset=70000 (i32.const 0) (local.get $x))",
			"(i32.store offset=70000 (local.get $x) (local.get $y))",
			"(i32.store offset=70000 (local.get $x) (i32.const 1))",
			"(i32.store offset=70000 (local.get $x) (call $id (local.get $x)))",
			"(i32.store offset=70000 (local.get $x) (i32.load (local.get $x)))",
			"(i32.store offset=70000 (local.get $x) \
				(call_indirect (type $unary) (local.get $x) (i32.const 0)))",
			"(i64.store offset=70000 (local.get $x) (local.get $long))",
			"(i64.store32 offset=70000 (local.get $x) (local.get $long))",
			"(i32.store8 offset=70000 (i32.add (local.get $x) (i32.const 1)) (i32.load (local.get $x)))",
		] {
			assert!(!is_in(&code(&format!("{SET} {store}"))), "{store}");
		}
	}

	#[test]
	fn what_is_not_found_is_translated() {
		use wasmi::{CompilationMode, Engine, Module};
		// What is found, and does not make the translator panic, is the price of being sure.
		for offset in [0, 65_535, 65_536, 70_000] {
			for value in [
				"local.get $x",
				"local.tee $x",
				"local.get $y",
				"i32.const 5",
			] {
				for between in ["", "nop", "block end", "i32.const 0 i32.add", "call $id"] {
					let tail = match value {
						"local.tee $x" => "i32.const 8 local.tee $x",
						plain => plain,
					};
					let body =
						format!("{SET} local.get $x {tail} {between} i32.store offset={offset}");
					let code = code(&body);
					if !is_in(&code) {
						let config = crate::module::config(CompilationMode::Eager, 3);
						Module::new(&Engine::new(&config), &code).unwrap();
					}
				}
			}
		}
	}

	proptest::proptest! {
		#[test]
		fn any_bytes_give_an_answer(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
			let _ = is_in(&bytes);
			let _ = is_in(&[b"\0asm\x01\0\0\0", &bytes[..]].concat());
		}

		#[test]
		fn numbers_are_read_as_the_parser_reads_them(number in proptest::num::u32::ANY) {
			let code = code(&format!("(i32.store offset={number} (i32.const 0) (i32.const 0))"));
			proptest::prop_assert_eq!(may_be_in(&code), u64::from(number) > NEAR);
		}
	}
}
