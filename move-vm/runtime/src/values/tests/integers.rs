use core::cmp::Ordering;

use move_vm_types::{StatusCode, VmResult, U256};
use proptest::prelude::*;

use crate::values::{IntegerWidth, Value};

const WIDTHS: [IntegerWidth; 6] = [
	IntegerWidth::U8,
	IntegerWidth::U16,
	IntegerWidth::U32,
	IntegerWidth::U64,
	IntegerWidth::U128,
	IntegerWidth::U256,
];

fn bits(width: IntegerWidth) -> usize {
	8 << (width as usize)
}

/// The low bits of a number, as a value of a width.
fn value(number: U256, width: IntegerWidth) -> (U256, Value) {
	let number = match bits(width) {
		256 => number,
		bits => number & ((U256::from(1) << bits) - U256::from(1)),
	};
	let value = match width {
		IntegerWidth::U8 => Value::U8(number.to()),
		IntegerWidth::U16 => Value::U16(number.to()),
		IntegerWidth::U32 => Value::U32(number.to()),
		IntegerWidth::U64 => Value::U64(number.to()),
		IntegerWidth::U128 => Value::u128(number.to()),
		IntegerWidth::U256 => Value::u256(number),
	};
	(number, value)
}

fn number(value: Value) -> (U256, usize) {
	match value {
		Value::U8(value) => (U256::from(value), 8),
		Value::U16(value) => (U256::from(value), 16),
		Value::U32(value) => (U256::from(value), 32),
		Value::U64(value) => (U256::from(value), 64),
		Value::U128(value) => (U256::from(u128::from(value)), 128),
		other => (other.into_u256().unwrap(), 256),
	}
}

#[track_caller]
fn assert_result(result: VmResult<Value>, expected: Option<U256>, width: IntegerWidth) {
	let fits = expected.filter(|number| number.bit_len() <= bits(width));
	match (result, fits) {
		(Ok(result), Some(expected)) => assert_eq!(number(result), (expected, bits(width))),
		(Err(error), None) => assert_eq!(error.status(), StatusCode::ARITHMETIC_ERROR),
		(result, _) => panic!("{result:?} instead of {expected:?}"),
	}
}

/// Numbers of all magnitudes, the edges of the widths among them.
fn numbers() -> impl Strategy<Value = U256> {
	(any::<[u8; 32]>(), 0usize..=256, -1i8..=1).prop_map(|(bytes, bits, nudge)| {
		let number = U256::from_le_bytes(bytes) >> (256 - bits.min(255));
		match nudge {
			0 => number,
			1 => (U256::from(1) << (bits % 256)).wrapping_sub(U256::from(1)),
			_ => U256::from(1) << (bits % 256),
		}
	})
}

proptest! {
	#[test]
	fn arithmetic_agrees_with_wide_numbers(a in numbers(), b in numbers(), width in 0usize..6) {
		let width = WIDTHS[width];
		let (x, left) = value(a, width);
		let (y, right) = value(b, width);
		assert_result(left.add(&right), x.checked_add(y), width);
		assert_result(left.sub(&right), x.checked_sub(y), width);
		assert_result(left.mul(&right), x.checked_mul(y), width);
		assert_result(left.div(&right), x.checked_div(y), width);
		assert_result(left.rem(&right), x.checked_rem(y), width);
		assert_result(left.bit_and(&right), Some(x & y), width);
		assert_result(left.bit_or(&right), Some(x | y), width);
		assert_result(left.bit_xor(&right), Some(x ^ y), width);
		prop_assert_eq!(left.compare(&right).unwrap(), x.cmp(&y));
	}

	#[test]
	fn small_numbers_agree_with_the_machine(a: u64, b: u64) {
		let (left, right) = (Value::U64(a), Value::U64(b));
		let some = |number: Option<u64>| number.map(U256::from);
		assert_result(left.add(&right), some(a.checked_add(b)), IntegerWidth::U64);
		assert_result(left.sub(&right), some(a.checked_sub(b)), IntegerWidth::U64);
		assert_result(left.mul(&right), some(a.checked_mul(b)), IntegerWidth::U64);
	}

	#[test]
	fn shifts_lose_bits_and_refuse_the_width(a in numbers(), width in 0usize..6, distance: u8) {
		let width = WIDTHS[width];
		let (x, left) = value(a, width);
		let by = Value::U8(distance);
		let possible = usize::from(distance) < bits(width);
		let up = possible.then(|| number(value(x << usize::from(distance), width).1).0);
		let down = possible.then(|| x >> usize::from(distance));
		assert_result(left.shift_left(&by), up, width);
		assert_result(left.shift_right(&by), down, width);
	}

	#[test]
	fn casts_keep_the_number_or_fail(a in numbers(), from in 0usize..6, to in 0usize..6) {
		let (x, from) = value(a, WIDTHS[from]);
		assert_result(from.cast(WIDTHS[to]), Some(x), WIDTHS[to]);
	}
}

#[test]
fn division_by_zero_fails_for_every_width() {
	for width in WIDTHS {
		let (_, one) = value(U256::from(1), width);
		let (_, zero) = value(U256::ZERO, width);
		for result in [one.div(&zero), one.rem(&zero)] {
			assert_eq!(result.unwrap_err().status(), StatusCode::ARITHMETIC_ERROR);
		}
	}
}

#[test]
fn operands_of_different_types_are_told() {
	let (a, b) = (Value::U8(1), Value::U64(1));
	let results = [
		a.add(&b),
		a.sub(&b),
		a.mul(&b),
		a.div(&b),
		a.rem(&b),
		a.bit_and(&b),
		a.bit_or(&b),
		a.bit_xor(&b),
		a.shift_left(&b),
		a.shift_right(&b),
		a.and(&b),
		a.or(&b),
		a.not(),
		Value::Bool(true).cast(IntegerWidth::U8),
		Value::Bool(true).add(&Value::Bool(true)),
	];
	for result in results {
		assert_eq!(
			result.unwrap_err().status(),
			StatusCode::INTERNAL_TYPE_ERROR
		);
	}
	assert_eq!(
		a.compare(&b).unwrap_err().status(),
		StatusCode::INTERNAL_TYPE_ERROR
	);
	assert_eq!(b.compare(&Value::U64(2)).unwrap(), Ordering::Less);
}

#[test]
fn logic_follows_the_truth_tables() {
	for (a, b) in [(false, false), (false, true), (true, false), (true, true)] {
		let (left, right) = (Value::Bool(a), Value::Bool(b));
		assert_eq!(left.and(&right).unwrap().into_bool().unwrap(), a && b);
		assert_eq!(left.or(&right).unwrap().into_bool().unwrap(), a || b);
		assert_eq!(left.not().unwrap().into_bool().unwrap(), !a);
	}
}
