//! SCALE, as ink! contracts read and write it.
//!
//! Integers are little-endian and of fixed width, `u256` and `i256` are 32 bytes, `address` is the
//! 32-byte account, a list is a compact length and its items, `option<T>` is `0` or `1` and the
//! value, tuples and arrays are their items. Source: the SCALE chapter of the Polkadot protocol
//! specification.

use alloc::vec::Vec;
use codec::{Compact, Decode, Encode};

use super::packed::Form;
use crate::EncodingError;

/// The encoding of ink!.
pub struct Scale;

impl Form for Scale {
	const SIGNED: bool = true;
	const FALLIBLE: bool = true;

	fn write_len(len: usize, out: &mut Vec<u8>) -> Result<(), EncodingError> {
		let len = u32::try_from(len).map_err(|_| EncodingError::OutOfRange)?;
		Compact(len).encode_to(out);
		Ok(())
	}

	fn read_len(rest: &mut &[u8]) -> Result<usize, EncodingError> {
		let first = rest.first().ok_or(EncodingError::Truncated)?;
		// The low two bits of the first byte tell how many bytes follow.
		let needed = match first & 0b11 {
			0b00 => 1,
			0b01 => 2,
			0b10 => 4,
			_ => 5,
		};
		if rest.len() < needed {
			return Err(EncodingError::Truncated);
		}
		let Compact(len) = Compact::<u32>::decode(rest).map_err(|_| EncodingError::NonCanonical)?;
		usize::try_from(len).map_err(|_| EncodingError::OutOfRange)
	}

	fn write_known_len(_: usize, _: &mut Vec<u8>) -> Result<(), EncodingError> {
		Ok(())
	}

	fn read_known_len(_: usize, _: &mut &[u8]) -> Result<(), EncodingError> {
		Ok(())
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::{encoding::testing::Host, AccountId, CallError, Encoding, Signature, Type, Value};
	use alloc::boxed::Box;
	use polkadot_sdk::sp_core::U256;

	fn types(text: &str) -> Vec<Type> {
		Signature::parse(alloc::format!("f({text})").as_bytes())
			.unwrap()
			.params
	}

	fn decode(text: &str, bytes: &[u8]) -> Result<Vec<Value>, CallError> {
		Scale.decode(&types(text), bytes, &mut Host::new())
	}

	#[test]
	fn encoding_is_that_of_the_codec_crate() {
		let values = [
			Value::Bool(true),
			Value::Uint(0x1234.into()),
			Value::Int(U256::MAX),
			Value::Text(b"hi".to_vec()),
			Value::List(alloc::vec![Value::Uint(1.into()), Value::Uint(2.into())]),
			Value::Maybe(Some(Box::new(Value::Uint(7.into())))),
			Value::Address(AccountId::new([9; 32])),
			Value::Tuple(alloc::vec![Value::Uint(1.into()), Value::Bool(false)]),
		];
		let expected = (
			true,
			0x1234u32,
			-1i64,
			"hi",
			alloc::vec![1u16, 2],
			Some(7u8),
			AccountId::new([9; 32]),
			(1u128, false),
		)
			.encode();
		let types = types("bool,u32,i64,string,u16[],option<u8>,address,(u128,bool)");
		let bytes = Scale.encode(&types, &values, &mut Host::new()).unwrap();
		assert_eq!(bytes, expected);
		assert_eq!(
			Scale.decode(&types, &bytes, &mut Host::new()).unwrap(),
			values
		);
	}

	#[test]
	fn malformed_bytes_are_refused() {
		use EncodingError::*;
		for (text, bytes, error) in [
			("bool", &[][..], Truncated),
			("bool", &[2], NonCanonical),
			("bool", &[1, 0], TrailingBytes),
			("u32", &[1, 2, 3], Truncated),
			("bytes", &[], Truncated),
			("bytes", &[8, 1], Truncated),
			("bytes", &[0x01, 0x00], NonCanonical),
			("bytes", &[0x02, 0x00, 0x00], Truncated),
			("bytes", &[0x03, 0x00, 0x00, 0x00, 0x00], NonCanonical),
			("string", &[4, 0xff], Utf8),
			("u8[]", &[0xfe, 0xff, 0xff, 0xff], Truncated),
			("u8[3]", &[1, 2], Truncated),
			("option<u8>", &[2, 0], NonCanonical),
			("option<u8>", &[1], Truncated),
			("address", &[0; 31], Truncated),
		] {
			assert_eq!(
				decode(text, bytes),
				Err(CallError::BadEncoding(error)),
				"{text} {bytes:?}"
			);
		}
	}

	#[test]
	fn a_result_is_returned_and_the_others_fail_with_the_error() {
		use crate::{Bcs, SolidityAbi};
		let signature = Signature::parse(b"f()->(result<u16,bool>)").unwrap();
		let results = [Value::Uint(5.into())];
		let error = [Value::Bool(true)];
		let outcome = |encoding: &dyn Encoding, outcome| {
			let outcome = encoding.encode_outcome(&signature, outcome, &mut Host::new());
			outcome.unwrap()
		};
		assert_eq!(
			outcome(&Scale, Ok(&results)),
			Ok(Ok::<u16, bool>(5).encode())
		);
		assert_eq!(
			outcome(&Scale, Err(&error)),
			Ok(Err::<u16, bool>(true).encode())
		);
		assert_eq!(outcome(&Bcs, Ok(&results)), Ok(alloc::vec![5, 0]));
		assert_eq!(outcome(&Bcs, Err(&error)), Err(alloc::vec![1]));
		let word = |last| [&[0; 31][..], &[last]].concat();
		assert_eq!(outcome(&SolidityAbi, Ok(&results)), Ok(word(5)));
		assert_eq!(outcome(&SolidityAbi, Err(&error)), Err(word(1)));
		let plain = Signature::parse(b"f()->(u16)").unwrap();
		let plain = Scale.encode_outcome(&plain, Ok(&results), &mut Host::new());
		assert_eq!(
			plain,
			Ok(Ok(alloc::vec![5, 0])),
			"no byte before what cannot fail"
		);
	}

	#[test]
	fn values_that_do_not_fit_their_type_are_refused() {
		use EncodingError::*;
		for (text, value, error) in [
			("u8", Value::Uint(256.into()), OutOfRange),
			("u128", Value::Uint(U256::MAX), OutOfRange),
			("i8", Value::Int(128.into()), OutOfRange),
			("i8", Value::Int(U256::MAX - 128), OutOfRange),
			("i8", Value::Uint(1.into()), TypeMismatch),
			("bytes4", Value::Bytes(alloc::vec![0; 3]), Count),
			("u8[2]", Value::List(Vec::new()), Count),
			("(u8,u8)", Value::Tuple(Vec::new()), Count),
			("string", Value::Text(alloc::vec![0xff]), Utf8),
			("string", Value::Bytes(Vec::new()), TypeMismatch),
		] {
			let encoded = Scale.encode(&types(text), &[value], &mut Host::new());
			assert_eq!(encoded, Err(CallError::BadEncoding(error)), "{text}");
		}
		let encoded = Scale.encode(&types("u8"), &[], &mut Host::new());
		assert_eq!(encoded, Err(CallError::BadEncoding(Count)));
	}

	#[test]
	fn a_length_is_paid_for_before_it_is_believed() {
		let mut host = Host {
			left: 10,
			known: Vec::new(),
		};
		let bytes = alloc::vec![7u8; 100].encode();
		assert_eq!(
			Scale.decode(&types("bytes"), &bytes, &mut host),
			Err(CallError::OutOfGas)
		);
		let mut host = Host {
			left: 10,
			known: Vec::new(),
		};
		assert_eq!(
			Scale.decode(&types("u8[]"), &bytes, &mut host),
			Err(CallError::OutOfGas)
		);
	}
}
