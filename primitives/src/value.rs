//! A value of the one language for interfaces.

use alloc::{boxed::Box, vec::Vec};
use codec::{Compact, Decode, DecodeWithMemTracking, Encode, Error, Input};
use polkadot_sdk::sp_core::U256;
use scale_info::TypeInfo;

use crate::{signature::MAX_TYPE_DEPTH, AccountId};

/// A canonical value. Its type comes from the [`crate::Signature`] it is used with, so the width
/// of a number or the length of an array is not repeated here.
///
/// In Polkadot.js: `{ Uint: 5 }`, `{ Address: '5Grw…' }`, `{ Text: 'hello' }`.
#[derive(Clone, Debug, PartialEq, Eq, Encode, TypeInfo)]
pub enum Value {
	/// `bool`
	Bool(bool),
	/// `u8 … u256`
	Uint(U256),
	/// `i8 … i256`, in two's complement of 256 bits
	Int(U256),
	/// `address`
	Address(AccountId),
	/// `bytes`, and `bytesN` with exactly N bytes
	Bytes(Vec<u8>),
	/// `string`; UTF-8
	Text(Vec<u8>),
	/// `T[]` and `T[N]`
	List(Vec<Value>),
	/// `(A,B,…)`
	Tuple(Vec<Value>),
	/// `option<T>`
	Maybe(Option<Box<Value>>),
}

impl Value {
	/// Reads a value that may nest `depth_left` levels. A derived decoder would follow any nesting
	/// that it is sent, down to the end of the stack.
	fn decode_nested<I: Input>(input: &mut I, depth_left: usize) -> Result<Self, Error> {
		let below = depth_left
			.checked_sub(1)
			.ok_or("value is nested too deeply")?;
		Ok(match input.read_byte()? {
			0 => Self::Bool(bool::decode(input)?),
			1 => Self::Uint(U256::decode(input)?),
			2 => Self::Int(U256::decode(input)?),
			3 => Self::Address(AccountId::decode(input)?),
			4 => Self::Bytes(Vec::decode(input)?),
			5 => Self::Text(Vec::decode(input)?),
			6 => Self::List(Self::decode_each(input, below)?),
			7 => Self::Tuple(Self::decode_each(input, below)?),
			8 => Self::Maybe(match input.read_byte()? {
				0 => None,
				1 => {
					input.on_before_alloc_mem(core::mem::size_of::<Self>())?;
					Some(Box::new(Self::decode_nested(input, below)?))
				}
				_ => return Err("option is neither none nor some".into()),
			}),
			_ => return Err("unknown kind of value".into()),
		})
	}

	/// Reads as many values as a length says, each of which has at least one byte.
	fn decode_each<I: Input>(input: &mut I, depth_left: usize) -> Result<Vec<Self>, Error> {
		let Compact(len) = Compact::<u32>::decode(input)?;
		let mut values = Vec::new();
		for _ in 0..len {
			input.on_before_alloc_mem(core::mem::size_of::<Self>())?;
			values.push(Self::decode_nested(input, depth_left)?);
		}
		Ok(values)
	}
}

impl Decode for Value {
	fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
		Self::decode_nested(input, MAX_TYPE_DEPTH)
	}
}

impl DecodeWithMemTracking for Value {}

#[cfg(test)]
mod tests {
	use super::*;
	use alloc::vec;

	#[test]
	fn value_survives_encoding() {
		let all = Value::Tuple(vec![
			Value::Bool(true),
			Value::Uint(U256::MAX),
			Value::Int(U256::one()),
			Value::Address(AccountId::new([3; 32])),
			Value::Bytes(vec![1, 2]),
			Value::Text(b"hi".to_vec()),
			Value::List(vec![
				Value::Maybe(None),
				Value::Maybe(Some(Box::new(Value::Bool(false)))),
			]),
		]);
		assert_eq!(Value::decode(&mut &all.encode()[..]), Ok(all));
	}

	#[test]
	fn nesting_is_bounded() {
		let nested = |depth| {
			(1..depth)
				.fold(Value::Bool(true), |value, _| Value::List(vec![value]))
				.encode()
		};
		assert!(Value::decode(&mut &nested(MAX_TYPE_DEPTH)[..]).is_ok());
		assert!(Value::decode(&mut &nested(MAX_TYPE_DEPTH + 1)[..]).is_err());
		// Deep enough to end any stack.
		assert!(Value::decode(&mut &[[6, 4]; 1_000_000].concat()[..]).is_err());
	}

	#[test]
	fn malformed_values_are_refused() {
		for bytes in [
			&[][..],
			&[9],
			&[0, 2],
			&[8, 2],
			&[6, 4],
			&[6, 0xfe, 0xff, 0xff, 0xff, 0],
		] {
			assert!(Value::decode(&mut &bytes[..]).is_err(), "{bytes:?}");
		}
	}
}
