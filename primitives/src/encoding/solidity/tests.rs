//! Checked against the specification, against ethers 6 and against itself.

use super::*;
use crate::{encoding::testing::Host, AccountId, Scale, Signature};
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

fn uint(n: u64) -> Value {
	Value::Uint(n.into())
}

fn int(n: i64) -> Value {
	let magnitude = U256::from(n.unsigned_abs());
	Value::Int(if n < 0 {
		(!magnitude).overflowing_add(1.into()).0
	} else {
		magnitude
	})
}

fn address(byte: u8) -> Value {
	Value::Address(crate::account::ethereum_account(&H160([byte; 20])))
}

fn bytes(bytes: &[u8]) -> Value {
	Value::Bytes(bytes.to_vec())
}

fn text(text: &str) -> Value {
	Value::Text(text.into())
}

fn list<const N: usize>(values: [Value; N]) -> Value {
	Value::List(values.to_vec())
}

fn tuple<const N: usize>(values: [Value; N]) -> Value {
	Value::Tuple(values.to_vec())
}

fn some(value: Value) -> Value {
	Value::Maybe(Some(Box::new(value)))
}

/// What `AbiCoder.encode` of ethers 6 gives.
#[test]
#[rustfmt::skip]
fn encoding_is_that_of_ethers() {
	let cases: Vec<(&str, Vec<Value>, &str)> = vec![
		("u8", vec![uint(255)], "00000000000000000000000000000000000000000000000000000000000000ff"),
		("u256", vec![Value::Uint(U256::MAX)], "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"),
		("i8,i256", vec![int(-128), int(-1)], concat!("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff80", "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")),
		("i64", vec![int(i64::MIN)], "ffffffffffffffffffffffffffffffffffffffffffffffff8000000000000000"),
		("bool,address", vec![Value::Bool(true), address(0x11)], concat!("0000000000000000000000000000000000000000000000000000000000000001", "0000000000000000000000001111111111111111111111111111111111111111")),
		("bytes3,bytes32", vec![bytes(&[1, 2, 3]), bytes(&[0xab; 32])], concat!("0102030000000000000000000000000000000000000000000000000000000000", "abababababababababababababababababababababababababababababababab")),
		("bytes", vec![bytes(&[])], concat!("0000000000000000000000000000000000000000000000000000000000000020", "0000000000000000000000000000000000000000000000000000000000000000")),
		("bytes", vec![bytes(&[0xcd; 33])], concat!("0000000000000000000000000000000000000000000000000000000000000020", "0000000000000000000000000000000000000000000000000000000000000021", "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd", "cd00000000000000000000000000000000000000000000000000000000000000")),
		("string,u16", vec![text("grüße"), uint(7)], concat!("0000000000000000000000000000000000000000000000000000000000000040", "0000000000000000000000000000000000000000000000000000000000000007", "0000000000000000000000000000000000000000000000000000000000000007", "6772c3bcc39f6500000000000000000000000000000000000000000000000000")),
		("u32[]", vec![list([uint(1), uint(2), uint(3)])], concat!("0000000000000000000000000000000000000000000000000000000000000020", "0000000000000000000000000000000000000000000000000000000000000003", "0000000000000000000000000000000000000000000000000000000000000001", "0000000000000000000000000000000000000000000000000000000000000002", "0000000000000000000000000000000000000000000000000000000000000003")),
		("u32[]", vec![list([])], concat!("0000000000000000000000000000000000000000000000000000000000000020", "0000000000000000000000000000000000000000000000000000000000000000")),
		("u8[2][]", vec![list([list([uint(1), uint(2)]), list([uint(3), uint(4)])])], concat!("0000000000000000000000000000000000000000000000000000000000000020", "0000000000000000000000000000000000000000000000000000000000000002", "0000000000000000000000000000000000000000000000000000000000000001", "0000000000000000000000000000000000000000000000000000000000000002", "0000000000000000000000000000000000000000000000000000000000000003", "0000000000000000000000000000000000000000000000000000000000000004")),
		("string[2]", vec![list([text("a"), text("b")])], concat!("0000000000000000000000000000000000000000000000000000000000000020", "0000000000000000000000000000000000000000000000000000000000000040", "0000000000000000000000000000000000000000000000000000000000000080", "0000000000000000000000000000000000000000000000000000000000000001", "6100000000000000000000000000000000000000000000000000000000000000", "0000000000000000000000000000000000000000000000000000000000000001", "6200000000000000000000000000000000000000000000000000000000000000")),
		("bytes[][]", vec![list([list([bytes(&[1])]), list([])])], concat!("0000000000000000000000000000000000000000000000000000000000000020", "0000000000000000000000000000000000000000000000000000000000000002", "0000000000000000000000000000000000000000000000000000000000000040", "00000000000000000000000000000000000000000000000000000000000000c0", "0000000000000000000000000000000000000000000000000000000000000001", "0000000000000000000000000000000000000000000000000000000000000020", "0000000000000000000000000000000000000000000000000000000000000001", "0100000000000000000000000000000000000000000000000000000000000000", "0000000000000000000000000000000000000000000000000000000000000000")),
		("(u8,address)", vec![tuple([uint(9), address(0x22)])], concat!("0000000000000000000000000000000000000000000000000000000000000009", "0000000000000000000000002222222222222222222222222222222222222222")),
		("(u8,string),bool", vec![tuple([uint(9), text("x")]), Value::Bool(true)], concat!("0000000000000000000000000000000000000000000000000000000000000040", "0000000000000000000000000000000000000000000000000000000000000001", "0000000000000000000000000000000000000000000000000000000000000009", "0000000000000000000000000000000000000000000000000000000000000040", "0000000000000000000000000000000000000000000000000000000000000001", "7800000000000000000000000000000000000000000000000000000000000000")),
		("(u8,(bytes,u64[])[])[2]", vec![list([tuple([uint(1), list([tuple([bytes(&[0xff]), list([uint(5), uint(6)])])])]), tuple([uint(2), list([])])])], concat!("0000000000000000000000000000000000000000000000000000000000000020", "0000000000000000000000000000000000000000000000000000000000000040", "00000000000000000000000000000000000000000000000000000000000001a0", "0000000000000000000000000000000000000000000000000000000000000001", "0000000000000000000000000000000000000000000000000000000000000040", "0000000000000000000000000000000000000000000000000000000000000001", "0000000000000000000000000000000000000000000000000000000000000020", "0000000000000000000000000000000000000000000000000000000000000040", "0000000000000000000000000000000000000000000000000000000000000080", "0000000000000000000000000000000000000000000000000000000000000001", "ff00000000000000000000000000000000000000000000000000000000000000", "0000000000000000000000000000000000000000000000000000000000000002", "0000000000000000000000000000000000000000000000000000000000000005", "0000000000000000000000000000000000000000000000000000000000000006", "0000000000000000000000000000000000000000000000000000000000000002", "0000000000000000000000000000000000000000000000000000000000000040", "0000000000000000000000000000000000000000000000000000000000000000")),
		("option<u64>", vec![some(uint(5))], concat!("0000000000000000000000000000000000000000000000000000000000000001", "0000000000000000000000000000000000000000000000000000000000000005")),
		("option<string>,u8", vec![some(text("hi")), uint(1)], concat!("0000000000000000000000000000000000000000000000000000000000000040", "0000000000000000000000000000000000000000000000000000000000000001", "0000000000000000000000000000000000000000000000000000000000000001", "0000000000000000000000000000000000000000000000000000000000000040", "0000000000000000000000000000000000000000000000000000000000000002", "6869000000000000000000000000000000000000000000000000000000000000")),
		("option<(u8,bytes)>", vec![Value::Maybe(None)], concat!("0000000000000000000000000000000000000000000000000000000000000020", "0000000000000000000000000000000000000000000000000000000000000000", "0000000000000000000000000000000000000000000000000000000000000040", "0000000000000000000000000000000000000000000000000000000000000000", "0000000000000000000000000000000000000000000000000000000000000040", "0000000000000000000000000000000000000000000000000000000000000000")),
		("", vec![], ""),
	];
	for (text, values, hex) in cases {
		let types = types(text);
		let bytes = SolidityAbi.encode(&types, &values, &mut Host::new()).unwrap();
		let ours: String = bytes.iter().map(|byte| alloc::format!("{byte:02x}")).collect();
		assert_eq!(ours, hex, "{text}");
		assert_eq!(SolidityAbi.decode(&types, &bytes, &mut Host::new()).unwrap(), values, "{text}");
	}
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

proptest! {
	#![proptest_config(ProptestConfig::with_cases(256))]

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
