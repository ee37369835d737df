//! A value of the one language for interfaces.

use alloc::{boxed::Box, vec::Vec};
use codec::{Decode, DecodeWithMemTracking, Encode};
use polkadot_sdk::sp_core::U256;
use scale_info::TypeInfo;

use crate::AccountId;

/// A canonical value. Its type comes from the [`crate::Signature`] it is used with, so the width
/// of a number or the length of an array is not repeated here.
///
/// In Polkadot.js: `{ Uint: 5 }`, `{ Address: '5Grw…' }`, `{ Text: 'hello' }`.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
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
