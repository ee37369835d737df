//! Ethereum's state tests as they are written down.
//!
//! A file holds cases by name; a case has a pre-state, a block, one transaction with several variants
//! of its data, gas limit and value, and for each fork the outcomes by variant. See
//! <https://ethereum-tests.readthedocs.io/en/latest/test_types/gstate_tests.html>.

use pallet_evm::revm::primitives::{Address, Bytes, B256, U256};
use serde::{de::Error, Deserialize, Deserializer};
use std::collections::BTreeMap;

/// A case, with all its variants.
#[derive(Debug, Deserialize)]
pub struct Case {
	pub env: Env,
	pub pre: BTreeMap<Account, Before>,
	pub transaction: Transaction,
	/// Outcomes by the name of the fork.
	pub post: BTreeMap<String, Vec<Post>>,
	#[serde(default)]
	pub config: Config,
	#[serde(default, rename = "_info")]
	pub info: Info,
}

/// How the case was made.
#[derive(Debug, Default, Deserialize)]
pub struct Info {
	/// The program by whose rules the outcomes were filled in.
	#[serde(default, rename = "filling-rpc-server")]
	pub filled_by: Option<String>,
}

/// The block.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Env {
	pub current_coinbase: Account,
	pub current_gas_limit: Number,
	pub current_number: Number,
	pub current_timestamp: Number,
	#[serde(default)]
	pub current_difficulty: Option<Number>,
	#[serde(default)]
	pub current_random: Option<Number>,
	#[serde(default)]
	pub current_base_fee: Option<Number>,
	#[serde(default)]
	pub current_excess_blob_gas: Option<Number>,
}

/// An account before the transaction.
#[derive(Debug, Deserialize)]
pub struct Before {
	pub balance: Number,
	pub nonce: Number,
	pub code: Data,
	pub storage: BTreeMap<Number, Number>,
}

/// The transaction and its variants.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Transaction {
	pub sender: Account,
	/// Nothing for a creation.
	pub to: Target,
	pub nonce: Number,
	pub data: Vec<Data>,
	pub gas_limit: Vec<Number>,
	pub value: Vec<Number>,
	#[serde(default)]
	pub gas_price: Option<Number>,
	#[serde(default)]
	pub max_fee_per_gas: Option<Number>,
	#[serde(default)]
	pub max_priority_fee_per_gas: Option<Number>,
	#[serde(default)]
	pub access_lists: Option<Vec<Option<Vec<Access>>>>,
	#[serde(default)]
	pub max_fee_per_blob_gas: Option<Number>,
	#[serde(default)]
	pub blob_versioned_hashes: Option<Vec<Number>>,
	#[serde(default)]
	pub authorization_list: Option<Vec<Authorization>>,
}

/// An entry of an access list.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Access {
	pub address: Account,
	pub storage_keys: Vec<Number>,
}

/// A delegation that somebody signed.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Authorization {
	pub chain_id: Number,
	pub address: Account,
	pub nonce: Number,
	/// The parity of the signature, under the one name or the other, or both.
	#[serde(default)]
	pub v: Option<Number>,
	#[serde(default)]
	pub y_parity: Option<Number>,
	pub r: Number,
	pub s: Number,
}

/// The outcome of one variant.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Post {
	/// Root of the state trie.
	pub hash: Number,
	/// Hash of the encoded logs.
	pub logs: Number,
	pub indexes: Indexes,
	/// Why the transaction must be refused: one of these, separated by `|`.
	#[serde(default)]
	pub expect_exception: Option<String>,
	/// The signed transaction.
	#[serde(default)]
	pub txbytes: Option<Data>,
}

/// Which variant.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Indexes {
	pub data: usize,
	pub gas: usize,
	pub value: usize,
}

/// The chain.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Config {
	#[serde(default, alias = "chainid")]
	pub chain_id: Option<Number>,
	/// By the name of the fork.
	#[serde(default)]
	pub blob_schedule: BTreeMap<String, BlobSchedule>,
}

/// Blobs of a fork.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BlobSchedule {
	pub max: Number,
	pub base_fee_update_fraction: Number,
}

/// A number in hexadecimal; nothing if it has more than 256 bits, which some cases have on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Number(pub Option<U256>);

impl Number {
	/// As 64 bits.
	pub fn u64(self) -> Option<u64> {
		self.0.and_then(|number| u64::try_from(number).ok())
	}

	/// As 128 bits.
	pub fn u128(self) -> Option<u128> {
		self.0.and_then(|number| u128::try_from(number).ok())
	}

	/// As a hash.
	pub fn hash(self) -> B256 {
		B256::new(self.0.unwrap_or_default().to_be_bytes())
	}
}

impl<'de> Deserialize<'de> for Number {
	fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
		let text = String::deserialize(deserializer)?;
		let digits = text.strip_prefix("0x:bigint ").unwrap_or(&text);
		let digits = digits.strip_prefix("0x").unwrap_or(digits);
		if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
			return Err(D::Error::custom(format!("not a number: {text}")));
		}
		let digits = digits.trim_start_matches('0');
		Ok(Self(match digits {
			"" => Some(U256::ZERO),
			_ => U256::from_str_radix(digits, 16).ok(),
		}))
	}
}

/// Bytes in hexadecimal.
#[derive(Clone, Debug, Default)]
pub struct Data(pub Bytes);

impl<'de> Deserialize<'de> for Data {
	fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
		let text = String::deserialize(deserializer)?;
		bytes(&text).map(Self).map_err(D::Error::custom)
	}
}

/// An address in hexadecimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Account(pub Address);

impl<'de> Deserialize<'de> for Account {
	fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
		let text = String::deserialize(deserializer)?;
		let bytes = bytes(&text).map_err(D::Error::custom)?;
		match <[u8; 20]>::try_from(bytes.as_ref()) {
			Ok(bytes) => Ok(Self(Address::new(bytes))),
			Err(_) => Err(D::Error::custom(format!("not an address: {text}"))),
		}
	}
}

/// Whom a transaction is for.
#[derive(Clone, Copy, Debug)]
pub struct Target(pub Option<Address>);

impl<'de> Deserialize<'de> for Target {
	fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
		let text = String::deserialize(deserializer)?;
		let bytes = bytes(&text).map_err(D::Error::custom)?;
		match (bytes.len(), <[u8; 20]>::try_from(bytes.as_ref())) {
			(0, _) => Ok(Self(None)),
			(_, Ok(bytes)) => Ok(Self(Some(Address::new(bytes)))),
			_ => Err(D::Error::custom(format!("not a target: {text}"))),
		}
	}
}

fn bytes(text: &str) -> Result<Bytes, String> {
	let digits = text.strip_prefix("0x").unwrap_or(text).as_bytes();
	if !digits.len().is_multiple_of(2) {
		return Err(format!("half a byte: {text}"));
	}
	digits
		.chunks_exact(2)
		.map(|pair| {
			let digit = |digit: u8| char::from(digit).to_digit(16);
			Some((digit(pair[0])? << 4 | digit(pair[1])?) as u8)
		})
		.collect::<Option<Vec<u8>>>()
		.map(Bytes::from)
		.ok_or_else(|| format!("not hexadecimal: {text}"))
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn numbers_are_read_in_all_their_forms() {
		let read = |text: &str| {
			serde_json::from_value::<Number>(serde_json::Value::from(text)).map(|number| number.0)
		};
		assert_eq!(read("0x").ok(), Some(Some(U256::ZERO)));
		assert_eq!(read("0x00ff").ok(), Some(Some(U256::from(255))));
		assert_eq!(read("0x:bigint 0x10").ok(), Some(Some(U256::from(16))));
		// One bit too many.
		assert_eq!(read(&format!("0x1{}", "0".repeat(64))).ok(), Some(None));
		assert!(read("0xg").is_err());
	}

	#[test]
	fn authorization_has_its_parity_under_either_name_or_both() {
		let fields = r#""chainId":"0x0","address":"0x0000000000000000000000000000000000000001",
			"nonce":"0x0","r":"0x1","s":"0x2""#;
		for parity in [
			r#""v":"0x1""#,
			r#""yParity":"0x1""#,
			r#""v":"0x1","yParity":"0x1""#,
		] {
			let text = format!("{{{fields},{parity}}}");
			let read: Authorization = serde_json::from_str(&text).expect(parity);
			let parity = read.y_parity.or(read.v).and_then(Number::u64);
			assert_eq!(parity, Some(1));
		}
	}
}
