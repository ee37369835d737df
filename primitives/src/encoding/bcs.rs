//! BCS, as Move functions take and give it.
//!
//! Integers are little-endian and of fixed width, `address` is the 32-byte account, a vector is its length in
//! ULEB128 and its items. `bytes`, `bytesN` and `string` are vectors of bytes, `T[]` and `T[N]` vectors of their
//! items, `option<T>` is a vector of none or one, a tuple is its items. There are no signed integers. Source: the
//! specification of BCS (<https://github.com/diem/bcs>).

use alloc::vec::Vec;

use super::{packed::Form, take};
use crate::EncodingError;

/// The encoding of Move.
pub struct Bcs;

impl Form for Bcs {
	const SIGNED: bool = false;
	const FALLIBLE: bool = false;

	fn write_len(len: usize, out: &mut Vec<u8>) -> Result<(), EncodingError> {
		let mut rest = u32::try_from(len).map_err(|_| EncodingError::OutOfRange)?;
		while rest >= 0x80 {
			out.push(low_bits(rest) | 0x80);
			rest >>= 7;
		}
		out.push(low_bits(rest));
		Ok(())
	}

	fn read_len(rest: &mut &[u8]) -> Result<usize, EncodingError> {
		let mut len = 0u64;
		for shift in [0u32, 7, 14, 21, 28] {
			let byte = take(rest, 1)?.first().copied().unwrap_or_default();
			len |= u64::from(byte & 0x7F).wrapping_shl(shift);
			if byte & 0x80 == 0 {
				// A last byte of nothing but zeros would make a second way to write the length.
				if byte == 0 && shift > 0 {
					return Err(EncodingError::NonCanonical);
				}
				let len = u32::try_from(len).map_err(|_| EncodingError::NonCanonical)?;
				return usize::try_from(len).map_err(|_| EncodingError::OutOfRange);
			}
		}
		Err(EncodingError::NonCanonical)
	}

	fn write_known_len(len: usize, out: &mut Vec<u8>) -> Result<(), EncodingError> {
		Self::write_len(len, out)
	}

	fn read_known_len(len: usize, rest: &mut &[u8]) -> Result<(), EncodingError> {
		super::ensure_count(len, Self::read_len(rest)?)
	}
}

fn low_bits(number: u32) -> u8 {
	let [low, ..] = number.to_le_bytes();
	low & 0x7F
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::{encoding::testing::Host, AccountId, CallError, Encoding, Signature, Type, Value};
	use alloc::{boxed::Box, vec};
	use polkadot_sdk::sp_core::U256;

	fn types(text: &str) -> Vec<Type> {
		Signature::parse(alloc::format!("f({text})").as_bytes())
			.unwrap()
			.params
	}

	fn decode(text: &str, bytes: &[u8]) -> Result<Vec<Value>, CallError> {
		Bcs.decode(&types(text), bytes, &mut Host::new())
	}

	#[test]
	fn values_are_written_as_the_specification_says() {
		let cases: [(&str, Value, Vec<u8>); 11] = [
			("bool", Value::Bool(true), vec![1]),
			("u16", Value::Uint(0x0102.into()), vec![2, 1]),
			("u256", Value::Uint(U256::MAX), vec![0xFF; 32]),
			(
				"address",
				Value::Address(AccountId::new([9; 32])),
				vec![9; 32],
			),
			(
				"bytes",
				Value::Bytes(vec![7; 200]),
				[vec![0xC8, 1], vec![7; 200]].concat(),
			),
			(
				"bytes4",
				Value::Bytes(vec![1, 2, 3, 4]),
				vec![4, 1, 2, 3, 4],
			),
			("string", Value::Text(b"hi".to_vec()), vec![2, b'h', b'i']),
			("u8[]", Value::List(vec![Value::Uint(5.into())]), vec![1, 5]),
			(
				"bool[2]",
				Value::List(vec![Value::Bool(false), Value::Bool(true)]),
				vec![2, 0, 1],
			),
			(
				"option<u8>",
				Value::Maybe(Some(Box::new(Value::Uint(3.into())))),
				vec![1, 3],
			),
			(
				"(u8,option<u8>)",
				Value::Tuple(vec![Value::Uint(1.into()), Value::Maybe(None)]),
				vec![1, 0],
			),
		];
		for (text, value, bytes) in cases {
			let types = types(text);
			let values = [value];
			let written = Bcs.encode(&types, &values, &mut Host::new());
			assert_eq!(written, Ok(bytes.clone()), "{text}");
			assert_eq!(decode(text, &bytes).unwrap(), values, "{text}");
		}
	}

	#[test]
	fn malformed_bytes_are_refused() {
		use EncodingError::*;
		for (text, bytes, error) in [
			("bool", &[2][..], NonCanonical),
			("u32", &[1, 2, 3], Truncated),
			("u8", &[1, 2], TrailingBytes),
			("bytes", &[], Truncated),
			("bytes", &[2, 1], Truncated),
			("bytes", &[0x80, 0x00], NonCanonical),
			("bytes", &[0x81, 0x00, 1], NonCanonical),
			("bytes", &[0xFF, 0xFF, 0xFF, 0xFF, 0x1F], NonCanonical),
			("bytes", &[0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], NonCanonical),
			("bytes4", &[3, 1, 2, 3], Count),
			("bytes4", &[5, 1, 2, 3, 4, 5], Count),
			("bool[2]", &[1, 0], Count),
			("string", &[1, 0xFF], Utf8),
			("u8[]", &[0xFF, 0xFF, 0xFF, 0x7F], Truncated),
			("option<u8>", &[2, 0, 0], NonCanonical),
			("i8", &[0], TypeMismatch),
		] {
			let expected = Err(CallError::BadEncoding(error));
			assert_eq!(decode(text, bytes), expected, "{text} {bytes:?}");
		}
		let negative = Bcs.encode(&types("i8"), &[Value::Int(1.into())], &mut Host::new());
		assert_eq!(negative, Err(TypeMismatch.into()));
	}

	#[test]
	fn lengths_are_written_in_one_way() {
		for len in [
			0,
			1,
			127,
			128,
			300,
			16_383,
			16_384,
			1 << 21,
			u32::MAX as usize,
		] {
			let mut bytes = Vec::new();
			Bcs::write_len(len, &mut bytes).unwrap();
			assert_eq!(Bcs::read_len(&mut &bytes[..]), Ok(len));
		}
	}
}
