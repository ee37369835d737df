//! Checked against `alloy-dyn-abi`, an independent implementation of the ABI.

use super::*;
use crate::{encoding::testing::Host, AccountId, Scale, Signature};
use alloy_dyn_abi::{DynSolType, DynSolValue};
use proptest::prelude::*;

fn types(text: &str) -> Vec<Type> {
	Signature::parse(alloc::format!("f({text})").as_bytes())
		.unwrap()
		.params
}

fn decode(text: &str, bytes: &[u8]) -> Result<Vec<Value>, CallError> {
	SolidityAbi.decode(&types(text), bytes, &mut Host::new())
}

fn word(last: u8) -> Vec<u8> {
	let mut word = vec![0; 32];
	word[31] = last;
	word
}

#[test]
fn encoding_is_that_of_the_specification() {
	// From the specification's example `sam(bytes,bool,uint256[])` with ("dave", true, [1,2,3]).
	let values = [
		Value::Bytes(b"dave".to_vec()),
		Value::Bool(true),
		Value::List((1..=3u8).map(|n| Value::Uint(n.into())).collect()),
	];
	let mut dave = b"dave".to_vec();
	dave.resize(32, 0);
	let expected = [
		word(0x60),
		word(1),
		word(0xa0),
		word(4),
		dave,
		word(3),
		word(1),
		word(2),
		word(3),
	]
	.concat();
	let types = types("bytes,bool,u256[]");
	let bytes = SolidityAbi
		.encode(&types, &values, &mut Host::new())
		.unwrap();
	assert_eq!(bytes, expected);
	assert_eq!(
		SolidityAbi
			.decode(&types, &bytes, &mut Host::new())
			.unwrap(),
		values
	);
}

#[test]
fn malformed_bytes_are_refused() {
	use EncodingError::*;
	let big = vec![0xff; 32];
	for (text, bytes, error) in [
		("bool", vec![], Truncated),
		("bool", vec![0; 31], Truncated),
		("bool", word(2), NonCanonical),
		("bool", [word(1), word(0)].concat(), TrailingBytes),
		("u8", big.clone(), OutOfRange),
		("i8", word(0x80), OutOfRange),
		("address", big.clone(), OutOfRange),
		("bytes4", word(1), NonCanonical),
		("bytes", word(0x40), NonCanonical),
		("bytes", [word(0x20), big.clone()].concat(), Truncated),
		(
			"bytes",
			[word(0x20), word(1), word(1)].concat(),
			NonCanonical,
		),
		("bytes", [word(0x20), word(1)].concat(), Truncated),
		(
			"string",
			[word(0x20), word(1), [vec![0xff], vec![0; 31]].concat()].concat(),
			Utf8,
		),
		("u8[]", [word(0x20), big].concat(), Truncated),
		("u8[]", [word(0x20), word(2), word(1)].concat(), Truncated),
		(
			"bytes,bytes",
			[word(0x40), word(0x40), word(0)].concat(),
			NonCanonical,
		),
		("option<u8>", [word(0), word(1)].concat(), NonCanonical),
		(
			"option<bytes>",
			[word(0x20), word(0), word(0x40), word(1), word(0)].concat(),
			NonCanonical,
		),
	] {
		assert_eq!(
			decode(text, &bytes),
			Err(CallError::BadEncoding(error)),
			"{text} {bytes:?}"
		);
	}
}

#[test]
fn none_is_the_zero_of_its_type() {
	for text in [
		"option<u8>",
		"option<bytes>",
		"option<(u8,string[2])>",
		"option<u8[3]>",
	] {
		let types = types(text);
		let values = [Value::Maybe(None)];
		let bytes = SolidityAbi
			.encode(&types, &values, &mut Host::new())
			.unwrap();
		assert_eq!(
			SolidityAbi
				.decode(&types, &bytes, &mut Host::new())
				.unwrap(),
			values,
			"{text}"
		);
	}
}

#[test]
fn a_small_value_that_encodes_large_is_paid_for_first() {
	let mut host = Host {
		left: 1000,
		known: Vec::new(),
	};
	let none = [Value::Maybe(None)];
	let encoded = SolidityAbi.encode(&types("option<u8[32767]>"), &none, &mut host);
	assert_eq!(encoded, Err(CallError::OutOfGas));
}

#[test]
fn values_that_do_not_fit_their_type_are_refused() {
	for (text, value, error) in [
		("u8", Value::Uint(256.into()), EncodingError::OutOfRange),
		("bytes4", Value::Bytes(vec![0; 5]), EncodingError::Count),
		("u8[2]", Value::List(Vec::new()), EncodingError::Count),
		("bytes[2]", Value::List(Vec::new()), EncodingError::Count),
		("string", Value::Text(vec![0xff]), EncodingError::Utf8),
		(
			"bytes[]",
			Value::Tuple(Vec::new()),
			EncodingError::TypeMismatch,
		),
	] {
		let encoded = SolidityAbi.encode(&types(text), &[value], &mut Host::new());
		assert_eq!(encoded, Err(CallError::BadEncoding(error)), "{text}");
	}
}

/// A type and a value of it.
fn typed() -> impl Strategy<Value = (Type, Value)> {
	let ethereum = |bytes: [u8; 20]| crate::account::ethereum_account(&H160(bytes));
	let leaf = prop_oneof![
		any::<bool>().prop_map(|b| (Type::Bool, Value::Bool(b))),
		(
			prop::sample::select(vec![8u16, 16, 32, 64, 128, 256]),
			any::<[u8; 32]>()
		)
			.prop_map(|(bits, bytes)| {
				let number = U256::from_big_endian(&bytes) >> (256 - usize::from(bits));
				(Type::Uint(bits), Value::Uint(number))
			}),
		(
			prop::sample::select(vec![8u16, 16, 32, 64, 128, 256]),
			any::<i8>()
		)
			.prop_map(|(bits, number)| {
				let magnitude = U256::from(number.unsigned_abs());
				let value = if number < 0 {
					(!magnitude).overflowing_add(1.into()).0
				} else {
					magnitude
				};
				(Type::Int(bits), Value::Int(value))
			}),
		any::<[u8; 20]>().prop_map(move |a| (Type::Address, Value::Address(ethereum(a)))),
		any::<[u8; 32]>().prop_map(|a| (Type::Address, Value::Address(AccountId::new(a)))),
		prop::collection::vec(any::<u8>(), 0..70).prop_map(|b| (Type::Bytes, Value::Bytes(b))),
		prop::collection::vec(any::<u8>(), 1..=32)
			.prop_map(|b| (Type::FixedBytes(b.len() as u8), Value::Bytes(b))),
		"\\PC{0,40}".prop_map(|s| (Type::Text, Value::Text(s.into_bytes()))),
	];
	leaf.prop_recursive(4, 24, 4, |inner| {
		prop_oneof![
			(inner.clone(), 0usize..4).prop_map(|((of, value), len)| {
				(Type::List(Box::new(of)), Value::List(vec![value; len]))
			}),
			(inner.clone(), 1usize..4).prop_map(|((of, value), len)| {
				(
					Type::Array(Box::new(of), len as u32),
					Value::List(vec![value; len]),
				)
			}),
			prop::collection::vec(inner.clone(), 1..4).prop_map(|items| {
				let (types, values) = items.into_iter().unzip();
				(Type::Tuple(types), Value::Tuple(values))
			}),
			(inner, any::<bool>()).prop_map(|((of, value), some)| {
				(
					Type::Maybe(Box::new(of)),
					Value::Maybe(some.then(|| Box::new(value))),
				)
			}),
		]
	})
}

/// Whether a value holds `option` anywhere; the other implementation has no such type.
fn has_option(of: &Type) -> bool {
	match of {
		Type::Maybe(_) => true,
		Type::List(of) | Type::Array(of, _) => has_option(of),
		Type::Tuple(types) => types.iter().any(has_option),
		_ => false,
	}
}

fn to_alloy(of: &Type, value: &Value) -> DynSolValue {
	let number = |n: &U256| alloy_primitives::U256::from_be_bytes(n.to_big_endian());
	match (of, value) {
		(_, Value::Bool(b)) => DynSolValue::Bool(*b),
		(Type::Uint(bits), Value::Uint(n)) => DynSolValue::Uint(number(n), usize::from(*bits)),
		(Type::Int(bits), Value::Int(n)) => DynSolValue::Int(
			alloy_primitives::I256::from_raw(number(n)),
			usize::from(*bits),
		),
		(_, Value::Address(account)) => {
			DynSolValue::Address(crate::account::alias(account).0.into())
		}
		(Type::FixedBytes(len), Value::Bytes(bytes)) => DynSolValue::FixedBytes(
			alloy_primitives::B256::right_padding_from(bytes),
			usize::from(*len),
		),
		(_, Value::Bytes(bytes)) => DynSolValue::Bytes(bytes.clone()),
		(_, Value::Text(text)) => DynSolValue::String(String::from_utf8(text.clone()).unwrap()),
		(Type::List(of), Value::List(values)) => {
			DynSolValue::Array(values.iter().map(|value| to_alloy(of, value)).collect())
		}
		(Type::Array(of, _), Value::List(values)) => {
			DynSolValue::FixedArray(values.iter().map(|value| to_alloy(of, value)).collect())
		}
		(Type::Tuple(types), Value::Tuple(values)) => DynSolValue::Tuple(
			types
				.iter()
				.zip(values)
				.map(|(of, value)| to_alloy(of, value))
				.collect(),
		),
		_ => panic!("{of:?} {value:?}"),
	}
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(256))]

	#[test]
	fn encoding_agrees_with_another_implementation(items in prop::collection::vec(typed(), 0..4)) {
		let (types, values): (Vec<_>, Vec<_>) = items.into_iter().unzip();
		prop_assume!(!types.iter().any(has_option));
		let ours = SolidityAbi.encode(&types, &values, &mut Host::new()).unwrap();
		let theirs = DynSolValue::Tuple(
			types.iter().zip(&values).map(|(of, value)| to_alloy(of, value)).collect(),
		);
		prop_assert_eq!(&ours, &theirs.abi_encode_params());
		let mut text = String::new();
		crate::signature::write_solidity_list(&types, &mut text);
		let parsed: DynSolType = text.parse().unwrap();
		prop_assert_eq!(parsed.abi_decode_params(&ours).is_ok(), true);
	}

	#[test]
	fn decoding_undoes_encoding(items in prop::collection::vec(typed(), 0..4)) {
		let (types, values): (Vec<_>, Vec<_>) = items.into_iter().unzip();
		let mut host = Host::new();
		let abi = SolidityAbi.encode(&types, &values, &mut host).unwrap();
		prop_assert_eq!(&SolidityAbi.decode(&types, &abi, &mut host).unwrap(), &values);
		let scale = Scale.encode(&types, &values, &mut host).unwrap();
		prop_assert_eq!(&Scale.decode(&types, &scale, &mut host).unwrap(), &values);
	}

	#[test]
	fn what_decodes_is_canonical(
		(of, value) in typed(),
		flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..3),
		cut in any::<prop::sample::Index>(),
		truncate in any::<bool>(),
	) {
		let types = [of];
		let mut host = Host::new();
		for encoding in [&SolidityAbi as &dyn Encoding, &Scale] {
			let mut bytes = encoding.encode(&types, core::slice::from_ref(&value), &mut host).unwrap();
			if bytes.is_empty() {
				continue;
			}
			for (at, with) in &flips {
				let at = at.index(bytes.len());
				bytes[at] ^= with;
			}
			if truncate {
				bytes.truncate(cut.index(bytes.len()));
			}
			if let Ok(values) = encoding.decode(&types, &bytes, &mut host) {
				prop_assert_eq!(encoding.encode(&types, &values, &mut host).unwrap(), bytes);
			}
		}
	}

	#[test]
	fn any_bytes_give_an_answer((of, _) in typed(), bytes in prop::collection::vec(any::<u8>(), 0..256)) {
		let types = [of];
		let _ = SolidityAbi.decode(&types, &bytes, &mut Host::new());
		let _ = Scale.decode(&types, &bytes, &mut Host::new());
	}
}
