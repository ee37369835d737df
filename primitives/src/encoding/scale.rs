//! SCALE, as ink! contracts read and write it.
//!
//! Integers are little-endian and of fixed width, `u256` and `i256` are 32 bytes, `address` is the
//! 32-byte account, a list is a compact length and its items, `option<T>` is `0` or `1` and the
//! value, tuples and arrays are their items. Source: the SCALE chapter of the Polkadot protocol
//! specification.

use alloc::{boxed::Box, vec::Vec};
use codec::{Compact, Decode, Encode};
use polkadot_sdk::sp_core::U256;

use super::{
	ensure_count, ensure_int, ensure_uint, ensure_utf8, shifted_left, take, Run, TranscodeHost,
};
use crate::{AccountId, CallError, Encoding, EncodingError, Type, Value};

/// The encoding of ink!.
pub struct Scale;

impl Encoding for Scale {
	fn encode(
		&self,
		types: &[Type],
		values: &[Value],
		host: &mut dyn TranscodeHost,
	) -> Result<Vec<u8>, CallError> {
		let mut out = Vec::new();
		write_run(Run::Each(types), values, host, &mut out)?;
		Ok(out)
	}

	fn decode(
		&self,
		types: &[Type],
		bytes: &[u8],
		host: &mut dyn TranscodeHost,
	) -> Result<Vec<Value>, CallError> {
		let mut rest = bytes;
		let values = read_run(Run::Each(types), &mut rest, host)?;
		if !rest.is_empty() {
			return Err(EncodingError::TrailingBytes.into());
		}
		Ok(values)
	}
}

fn write_run(
	run: Run,
	values: &[Value],
	host: &mut dyn TranscodeHost,
	out: &mut Vec<u8>,
) -> Result<(), CallError> {
	ensure_count(run.len(), values.len())?;
	for (position, value) in values.iter().enumerate() {
		let of = run.get(position).ok_or(EncodingError::Count)?;
		write(of, value, host, out)?;
	}
	Ok(())
}

/// Writes the compact form of a length.
fn write_len(len: usize, out: &mut Vec<u8>) -> Result<(), EncodingError> {
	let len = u32::try_from(len).map_err(|_| EncodingError::OutOfRange)?;
	Compact(len).encode_to(out);
	Ok(())
}

/// Writes the low `bits` bits of a number.
fn write_number(value: U256, bits: u16, out: &mut Vec<u8>) {
	out.extend(value.to_little_endian().iter().take(usize::from(bits / 8)));
}

fn write(
	of: &Type,
	value: &Value,
	host: &mut dyn TranscodeHost,
	out: &mut Vec<u8>,
) -> Result<(), CallError> {
	match (of, value) {
		(Type::Bool, Value::Bool(value)) => {
			host.charge(1)?;
			out.push(u8::from(*value));
		}
		(Type::Uint(bits), Value::Uint(value)) => {
			host.charge(32)?;
			ensure_uint(*value, *bits)?;
			write_number(*value, *bits, out);
		}
		(Type::Int(bits), Value::Int(value)) => {
			host.charge(32)?;
			ensure_int(*value, *bits)?;
			write_number(*value, *bits, out);
		}
		(Type::Address, Value::Address(account)) => {
			host.charge(32)?;
			out.extend_from_slice(account.as_ref());
		}
		(Type::Bytes, Value::Bytes(bytes)) => {
			host.charge(bytes.len())?;
			write_len(bytes.len(), out)?;
			out.extend_from_slice(bytes);
		}
		(Type::FixedBytes(len), Value::Bytes(bytes)) => {
			host.charge(bytes.len())?;
			ensure_count(usize::from(*len), bytes.len())?;
			out.extend_from_slice(bytes);
		}
		(Type::Text, Value::Text(text)) => {
			host.charge(text.len())?;
			ensure_utf8(text)?;
			write_len(text.len(), out)?;
			out.extend_from_slice(text);
		}
		(Type::List(of), Value::List(values)) => {
			host.charge(1)?;
			write_len(values.len(), out)?;
			write_run(Run::Same(of, values.len()), values, host, out)?;
		}
		(Type::Array(of, len), Value::List(values)) => {
			host.charge(1)?;
			let len = usize::try_from(*len).map_err(|_| EncodingError::OutOfRange)?;
			write_run(Run::Same(of, len), values, host, out)?;
		}
		(Type::Tuple(types), Value::Tuple(values)) => {
			host.charge(1)?;
			write_run(Run::Each(types), values, host, out)?;
		}
		(Type::Maybe(of), Value::Maybe(value)) => {
			host.charge(1)?;
			out.push(u8::from(value.is_some()));
			if let Some(value) = value {
				write(of, value, host, out)?;
			}
		}
		_ => return Err(EncodingError::TypeMismatch.into()),
	}
	Ok(())
}

fn read_run(
	run: Run,
	rest: &mut &[u8],
	host: &mut dyn TranscodeHost,
) -> Result<Vec<Value>, CallError> {
	let mut values = Vec::new();
	let mut position = 0usize;
	while let Some(of) = run.get(position) {
		values.push(read(of, rest, host)?);
		position = position.saturating_add(1);
	}
	Ok(values)
}

/// A compact length in its shortest form. Not believed: each item is paid for as it is read.
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

fn read_flag(rest: &mut &[u8]) -> Result<bool, EncodingError> {
	match take(rest, 1)? {
		[0] => Ok(false),
		[1] => Ok(true),
		_ => Err(EncodingError::NonCanonical),
	}
}

fn read_number(bits: u16, rest: &mut &[u8]) -> Result<U256, EncodingError> {
	Ok(U256::from_little_endian(take(rest, usize::from(bits / 8))?))
}

fn read(of: &Type, rest: &mut &[u8], host: &mut dyn TranscodeHost) -> Result<Value, CallError> {
	Ok(match of {
		Type::Bool => {
			host.charge(1)?;
			Value::Bool(read_flag(rest)?)
		}
		Type::Uint(bits) => {
			host.charge(32)?;
			Value::Uint(read_number(*bits, rest)?)
		}
		Type::Int(bits) => {
			host.charge(32)?;
			let value = read_number(*bits, rest)?;
			let negative = value.bit(usize::from(bits.saturating_sub(1)));
			let sign_extension = if negative {
				shifted_left(U256::MAX, usize::from(*bits))
			} else {
				U256::zero()
			};
			Value::Int(value | sign_extension)
		}
		Type::Address => {
			host.charge(32)?;
			let bytes = <[u8; 32]>::try_from(take(rest, 32)?);
			Value::Address(AccountId::new(bytes.map_err(|_| EncodingError::Truncated)?))
		}
		Type::Bytes => {
			let len = read_len(rest)?;
			host.charge(len)?;
			Value::Bytes(take(rest, len)?.to_vec())
		}
		Type::FixedBytes(len) => {
			host.charge(usize::from(*len))?;
			Value::Bytes(take(rest, usize::from(*len))?.to_vec())
		}
		Type::Text => {
			let len = read_len(rest)?;
			host.charge(len)?;
			let text = take(rest, len)?;
			ensure_utf8(text)?;
			Value::Text(text.to_vec())
		}
		Type::List(of) => {
			host.charge(1)?;
			let len = read_len(rest)?;
			// No type has an empty encoding, so a list cannot be longer than its bytes.
			if len > rest.len() {
				return Err(EncodingError::Truncated.into());
			}
			Value::List(read_run(Run::Same(of, len), rest, host)?)
		}
		Type::Array(of, len) => {
			host.charge(1)?;
			let len = usize::try_from(*len).map_err(|_| EncodingError::OutOfRange)?;
			Value::List(read_run(Run::Same(of, len), rest, host)?)
		}
		Type::Tuple(types) => {
			host.charge(1)?;
			Value::Tuple(read_run(Run::Each(types), rest, host)?)
		}
		Type::Maybe(of) => {
			host.charge(1)?;
			Value::Maybe(if read_flag(rest)? {
				Some(Box::new(read(of, rest, host)?))
			} else {
				None
			})
		}
	})
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::{encoding::testing::Host, Signature};

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
