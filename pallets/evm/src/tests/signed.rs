//! Making and signing Ethereum transactions.

use alloy_rlp::{Encodable, Header};
use polkadot_sdk::{
	sp_core::{ecdsa, Pair, H160, H256},
	sp_io::{self, hashing::keccak_256},
};
use revm::primitives::{Address, Bytes, TxKind, B256, U256};

use crate::mock::CHAIN_ID;

/// A key, by number.
pub fn key(number: u8) -> ecdsa::Pair {
	ecdsa::Pair::from_seed(&[number; 32])
}

/// The address of a key.
pub fn address(key: &ecdsa::Pair) -> H160 {
	let hash = [7; 32];
	let signature = key.sign_prehashed(&hash);
	let public = sp_io::crypto::secp256k1_ecdsa_recover(&signature.0, &hash)
		.ok()
		.expect("recovers");
	H160::from_slice(&keccak_256(&public)[12..])
}

/// The type of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
	Legacy,
	AccessList,
	DynamicFee,
	Blobs,
	Delegation,
}

/// An unsigned authorization and the key that signs it.
#[derive(Clone)]
pub struct Authorization {
	pub chain_id: u64,
	pub target: H160,
	pub nonce: u64,
	pub key: ecdsa::Pair,
}

/// A transaction before it is signed.
#[derive(Clone)]
pub struct Unsigned {
	pub kind: Kind,
	pub chain_id: Option<u64>,
	pub nonce: u64,
	pub tip: u128,
	/// The whole price; with a tip, the highest.
	pub price: u128,
	pub gas_limit: u64,
	pub to: Option<H160>,
	pub value: u128,
	pub data: Vec<u8>,
	pub access: Vec<(H160, Vec<H256>)>,
	pub authorizations: Vec<Authorization>,
}

impl Default for Unsigned {
	fn default() -> Self {
		Self {
			kind: Kind::DynamicFee,
			chain_id: Some(CHAIN_ID),
			nonce: 0,
			tip: 0,
			price: 100,
			gas_limit: 1_000_000,
			to: Some(H160::repeat_byte(0x77)),
			value: 0,
			data: Vec::new(),
			access: Vec::new(),
			authorizations: Vec::new(),
		}
	}
}

fn list(fields: &[u8]) -> Vec<u8> {
	let mut out = Vec::new();
	Header {
		list: true,
		payload_length: fields.len(),
	}
	.encode(&mut out);
	out.extend_from_slice(fields);
	out
}

fn put(out: &mut Vec<u8>, field: impl Encodable) {
	field.encode(out);
}

fn signature(key: &ecdsa::Pair, payload: &[u8]) -> (U256, U256, u8) {
	let signature = key.sign_prehashed(&keccak_256(payload)).0;
	let number = |bytes: &[u8]| U256::from_be_slice(bytes);
	(
		number(&signature[..32]),
		number(&signature[32..64]),
		signature[64],
	)
}

impl Unsigned {
	fn fields(&self) -> Vec<u8> {
		let mut out = Vec::new();
		let to = self
			.to
			.map_or(TxKind::Create, |to| TxKind::Call(Address::new(to.0)));
		if self.kind != Kind::Legacy {
			put(&mut out, self.chain_id.unwrap_or_default());
		}
		put(&mut out, self.nonce);
		if !matches!(self.kind, Kind::Legacy | Kind::AccessList) {
			put(&mut out, self.tip);
		}
		put(&mut out, self.price);
		put(&mut out, self.gas_limit);
		put(&mut out, to);
		put(&mut out, U256::from(self.value));
		put(&mut out, Bytes::from(self.data.clone()));
		if self.kind == Kind::Legacy {
			return out;
		}
		let mut access = Vec::new();
		for (address, keys) in &self.access {
			let mut entry = Vec::new();
			put(&mut entry, Address::new(address.0));
			let keys: Vec<B256> = keys.iter().map(|key| B256::new(key.0)).collect();
			put(&mut entry, keys);
			access.extend(list(&entry));
		}
		out.extend(list(&access));
		if self.kind == Kind::Blobs {
			put(&mut out, 1u64);
			put(&mut out, vec![B256::repeat_byte(1)]);
		}
		if self.kind == Kind::Delegation {
			let mut all = Vec::new();
			for authorization in &self.authorizations {
				let mut entry = Vec::new();
				put(&mut entry, authorization.chain_id);
				put(&mut entry, Address::new(authorization.target.0));
				put(&mut entry, authorization.nonce);
				let mut payload = vec![0x05];
				payload.extend(list(&entry));
				let (r, s, parity) = signature(&authorization.key, &payload);
				put(&mut entry, parity);
				put(&mut entry, r);
				put(&mut entry, s);
				all.extend(list(&entry));
			}
			out.extend(list(&all));
		}
		out
	}

	/// The raw transaction.
	pub fn sign(&self, key: &ecdsa::Pair) -> Vec<u8> {
		let fields = self.fields();
		let prefix = match self.kind {
			Kind::Legacy => None,
			Kind::AccessList => Some(1),
			Kind::DynamicFee => Some(2),
			Kind::Blobs => Some(3),
			Kind::Delegation => Some(4),
		};
		let mut body = fields.clone();
		if let (Kind::Legacy, Some(chain_id)) = (self.kind, self.chain_id) {
			put(&mut body, chain_id);
			put(&mut body, 0u8);
			put(&mut body, 0u8);
		}
		let mut payload: Vec<u8> = prefix.into_iter().collect();
		payload.extend(list(&body));
		let (r, s, parity) = signature(key, &payload);
		let v = match (self.kind, self.chain_id) {
			(Kind::Legacy, Some(chain_id)) => chain_id * 2 + 35 + u64::from(parity),
			(Kind::Legacy, None) => 27 + u64::from(parity),
			_ => parity.into(),
		};
		let mut out = fields;
		put(&mut out, v);
		put(&mut out, r);
		put(&mut out, s);
		let mut raw: Vec<u8> = prefix.into_iter().collect();
		raw.extend(list(&out));
		raw
	}
}
