//! Canonical values as JSON, by the types of a signature.
//!
//! Numbers are decimal text, because JSON's own lose digits; read are also `0x…` and JSON's own. An address is an
//! account in SS58; read are also 32 bytes in hexadecimal, and 20 bytes for an alias. Bytes are `0x…`, lists and tuples
//! are arrays, an option is its value or `null`.

use polkadot_sdk::{
	sp_core::{
		crypto::{Ss58AddressFormat, Ss58Codec},
		H160, U256,
	},
	*,
};

use serde_json::{json, Value as Json};
use trivium_primitives::{AccountId, Type, Value};

/// What is wrong with a value, and where: `args[1][0]: not a number`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {what}")]
pub struct Fault {
	place: String,
	what: String,
}

impl Fault {
	/// What is wrong with what stands at `place`.
	pub fn at(place: &str, what: impl Into<String>) -> Self {
		Self {
			place: place.into(),
			what: what.into(),
		}
	}
}

/// Who knows the account behind an alias.
pub type Accounts<'a> = &'a dyn Fn(&H160) -> Result<AccountId, String>;

/// Values of these types.
///
/// # Errors
/// What is wrong with the first that is no value of its type, or that there are too many or too few.
pub fn values_of(
	types: &[Type],
	given: &[Json],
	place: &str,
	accounts: Accounts<'_>,
) -> Result<Vec<Value>, Fault> {
	if types.len() != given.len() {
		let what = format!("{} values where {} belong", given.len(), types.len());
		return Err(Fault::at(place, what));
	}
	let each = types.iter().zip(given).enumerate();
	each.map(|(at, (of, given))| value_of(of, given, &format!("{place}[{at}]"), accounts))
		.collect()
}

/// The types nest no deeper than a signature may, and the JSON no deeper than its parser reads.
fn value_of(of: &Type, given: &Json, place: &str, accounts: Accounts<'_>) -> Result<Value, Fault> {
	let fault = |what: &str| Fault::at(place, format!("not {what}: {given}"));
	let array = || given.as_array().ok_or_else(|| fault("an array"));
	Ok(match of {
		Type::Bool => Value::Bool(given.as_bool().ok_or_else(|| fault("true or false"))?),
		Type::Uint(bits) => {
			let number = unsigned(given).ok_or_else(|| fault("a number"))?;
			if number.bits() > usize::from(*bits) {
				return Err(fault(&format!("within {bits} bits")));
			}
			Value::Uint(number)
		}
		Type::Int(bits) => {
			let (is_negative, size) = signed(given).ok_or_else(|| fault("a number"))?;
			// The smallest has no counterpart: -128 and 127 are what fit in eight bits.
			let most = U256::one() << (usize::from(*bits) - 1);
			if size > most || (size == most && !is_negative) {
				return Err(fault(&format!("within {bits} bits")));
			}
			Value::Int(match is_negative {
				true => (!size).overflowing_add(U256::one()).0,
				false => size,
			})
		}
		Type::Address => {
			let text = given.as_str().ok_or_else(|| fault("text"))?;
			Value::Address(account_of(text, place, accounts)?)
		}
		Type::Bytes => Value::Bytes(bytes_of(given).ok_or_else(|| fault("0x… bytes"))?),
		Type::FixedBytes(len) => {
			let bytes = bytes_of(given).filter(|bytes| bytes.len() == usize::from(*len));
			Value::Bytes(bytes.ok_or_else(|| fault(&format!("0x… and {len} bytes")))?)
		}
		Type::Text => {
			let text = given.as_str().ok_or_else(|| fault("text"))?;
			Value::Text(text.as_bytes().to_vec())
		}
		Type::List(of) => Value::List(items(of, array()?, place, accounts)?),
		Type::Array(of, len) => {
			let items = items(of, array()?, place, accounts)?;
			if u32::try_from(items.len()) != Ok(*len) {
				return Err(fault(&format!("an array of {len}")));
			}
			Value::List(items)
		}
		Type::Tuple(types) => Value::Tuple(values_of(types, array()?, place, accounts)?),
		Type::Maybe(_) if given.is_null() => Value::Maybe(None),
		Type::Maybe(of) => Value::Maybe(Some(Box::new(value_of(of, given, place, accounts)?))),
	})
}

fn items(
	of: &Type,
	given: &[Json],
	place: &str,
	accounts: Accounts<'_>,
) -> Result<Vec<Value>, Fault> {
	let each = given.iter().enumerate();
	each.map(|(at, given)| value_of(of, given, &format!("{place}[{at}]"), accounts))
		.collect()
}

/// An account by SS58 (of any network), 32 bytes in hexadecimal, or its alias.
///
/// # Errors
/// That the text is none of these.
pub fn account_of(text: &str, place: &str, accounts: Accounts<'_>) -> Result<AccountId, Fault> {
	let fault = |what: String| Fault::at(place, what);
	if !text.starts_with("0x") {
		let read = AccountId::from_ss58check(text);
		return read.map_err(|error| fault(format!("not an account: {text}: {error:?}")));
	}
	let bytes = from_hex(text).unwrap_or_default();
	match bytes.len() {
		32 => AccountId::try_from(&bytes[..]).map_err(|()| fault("not an account".into())),
		20 => accounts(&H160::from_slice(&bytes)).map_err(fault),
		_ => Err(fault(format!(
			"neither 20 nor 32 bytes in hexadecimal: {text}"
		))),
	}
}

/// An unsigned number, as it may be written.
pub fn unsigned(given: &Json) -> Option<U256> {
	match given {
		Json::Number(number) => number.as_u64().map(U256::from),
		Json::String(text) => match text.strip_prefix("0x") {
			Some("") => None,
			Some(digits) => U256::from_str_radix(digits, 16).ok(),
			None if text.is_empty() => None,
			None => U256::from_dec_str(text).ok(),
		},
		_ => None,
	}
}

/// A number's sign and size.
fn signed(given: &Json) -> Option<(bool, U256)> {
	match given {
		Json::Number(number) => {
			let number = number.as_i64()?;
			Some((number < 0, number.unsigned_abs().into()))
		}
		Json::String(text) => match text.strip_prefix('-') {
			Some(size) => U256::from_dec_str(size)
				.ok()
				.map(|size| (!size.is_zero(), size)),
			None => unsigned(given).map(|size| (false, size)),
		},
		_ => None,
	}
}

fn bytes_of(given: &Json) -> Option<Vec<u8>> {
	given.as_str().and_then(from_hex)
}

/// Whole bytes in hexadecimal; the SDK's own reader takes half a byte too, and needs no `0x`.
fn from_hex(text: &str) -> Option<Vec<u8>> {
	let is_whole = text.starts_with("0x") && text.len().is_multiple_of(2);
	sp_core::bytes::from_hex(text).ok().filter(|_| is_whole)
}

/// An account as it is shown.
pub fn account(who: &AccountId, format: Ss58AddressFormat) -> String {
	who.to_ss58check_with_version(format)
}

/// Bytes as they are shown.
pub fn hex(bytes: &[u8]) -> String {
	sp_core::bytes::to_hex(bytes, false)
}

/// A value as it is shown.
pub fn shown(value: &Value, format: Ss58AddressFormat) -> Json {
	match value {
		Value::Bool(value) => json!(value),
		Value::Uint(number) => json!(number.to_string()),
		Value::Int(number) if number.bit(255) => {
			let size = (!*number).overflowing_add(U256::one()).0;
			json!(format!("-{size}"))
		}
		Value::Int(number) => json!(number.to_string()),
		Value::Address(who) => json!(account(who, format)),
		Value::Bytes(bytes) => json!(hex(bytes)),
		Value::Text(text) => json!(String::from_utf8_lossy(text)),
		Value::List(values) | Value::Tuple(values) => all_shown(values, format),
		Value::Maybe(None) => Json::Null,
		Value::Maybe(Some(value)) => shown(value, format),
	}
}

/// Values as an array.
pub fn all_shown(values: &[Value], format: Ss58AddressFormat) -> Json {
	values.iter().map(|value| shown(value, format)).collect()
}

#[cfg(test)]
mod tests {
	use super::*;
	use trivium_primitives::Signature;

	const FORMAT: u16 = 42;

	fn types(text: &str) -> Vec<Type> {
		let signature = Signature::parse(format!("f({text})").as_bytes());
		signature.expect("is a signature").params
	}

	fn read(text: &str, given: Json) -> Result<Vec<Value>, Fault> {
		let known = |alias: &H160| match alias.as_bytes()[0] {
			1 => Ok(AccountId::new([1; 32])),
			_ => Err("no such alias".into()),
		};
		values_of(
			&types(text),
			given.as_array().expect("is an array"),
			"args",
			&known,
		)
	}

	#[test]
	fn values_are_read_by_their_types_and_shown_again() {
		let alice = account(&AccountId::new([7; 32]), FORMAT.into());
		for (text, given) in [
			("bool", json!([true])),
			("u8,u256", json!(["255", U256::MAX.to_string()])),
			("i8,i8,i256", json!(["-128", "127", "-1"])),
			("address", json!([alice])),
			("bytes,bytes4", json!(["0x", "0x01020304"])),
			("string", json!(["héllo"])),
			("u8[],bool[2]", json!([["1", "2"], [true, false]])),
			("(u8,string)", json!([["1", "x"]])),
			("option<u8>,option<u8>", json!([null, "5"])),
		] {
			let values =
				read(text, given.clone()).unwrap_or_else(|fault| panic!("{text}: {fault}"));
			assert_eq!(all_shown(&values, FORMAT.into()), given, "{text}");
		}
	}

	#[test]
	fn numbers_and_accounts_are_read_as_they_may_be_written() {
		let one = || vec![Value::Uint(16.into())];
		for given in [json!([16]), json!(["16"]), json!(["0x10"])] {
			assert_eq!(read("u8", given), Ok(one()));
		}
		assert_eq!(
			read("i16", json!([-5])),
			Ok(vec![Value::Int(U256::MAX - 4)])
		);
		let hex = format!("0x{}", "09".repeat(32));
		let account = Value::Address(AccountId::new([9; 32]));
		assert_eq!(read("address", json!([hex])), Ok(vec![account]));
		let alias = format!("0x01{}", "00".repeat(19));
		let account = Value::Address(AccountId::new([1; 32]));
		assert_eq!(read("address", json!([alias])), Ok(vec![account]));
	}

	#[test]
	fn faults_name_the_place() {
		for (text, given, place) in [
			("u8", json!([]), "args"),
			("u8", json!([256]), "args[0]"),
			("u8", json!([-1]), "args[0]"),
			("u8", json!([""]), "args[0]"),
			("u8", json!(["0x"]), "args[0]"),
			("u8", json!([1.5]), "args[0]"),
			("i8", json!([128]), "args[0]"),
			("i8", json!(["-129"]), "args[0]"),
			("bool", json!([0]), "args[0]"),
			("bytes", json!(["00"]), "args[0]"),
			("bytes", json!(["0x0"]), "args[0]"),
			("bytes4", json!(["0x010203"]), "args[0]"),
			("string", json!([5]), "args[0]"),
			("u8[2]", json!([[1]]), "args[0]"),
			("(u8,u8)", json!([[1]]), "args[0]"),
			("u8,(u8,u8[])", json!([1, [2, [3, true]]]), "args[1][1][1]"),
			("address", json!(["0x01"]), "args[0]"),
			("address", json!(["5xyz"]), "args[0]"),
			(
				"address",
				json!([format!("0x02{}", "00".repeat(19))]),
				"args[0]",
			),
		] {
			let fault = read(text, given.clone()).expect_err(text);
			assert_eq!(fault.place, place, "{text} {given}: {fault}");
		}
	}
}
