//! Ethereum's transactions as they come over the wire, and who signed them.
//!
//! A transaction is `rlp(fields)` or, since [EIP-2718](https://eips.ethereum.org/EIPS/eip-2718),
//! `type || rlp(fields)`; the signature is the last three fields. Only canonical encodings are taken,
//! so what was signed is found again in the bytes that arrived.

use alloc::vec::Vec;
use alloy_rlp::{Decodable, Encodable, Header};
use polkadot_sdk::{sp_core::H256, sp_io};
use revm::{
	context::TxEnv,
	context_interface::{
		either::Either,
		transaction::{
			AccessList, Authorization, RecoveredAuthority, RecoveredAuthorization,
			SignedAuthorization, TransactionType,
		},
	},
	primitives::{Address, Bytes, TxKind, U256},
};

use crate::Refusal;

/// Longest transaction that is taken, bytes. That of the public Ethereum clients.
pub const MAX_TRANSACTION_LEN_BYTES: u32 = 128 * 1024;

/// Half of the order of secp256k1: larger `s` are refused
/// ([EIP-2](https://eips.ethereum.org/EIPS/eip-2)).
const HALF_ORDER: U256 = U256::from_be_bytes([
	0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
	0x5D, 0x57, 0x6E, 0x73, 0x57, 0xA4, 0x50, 0x1D, 0xDF, 0xE9, 0x2F, 0x46, 0x68, 0x1B, 0x20, 0xA0,
]);

/// Marks what is signed in an authorization
/// ([EIP-7702](https://eips.ethereum.org/EIPS/eip-7702)).
const AUTHORIZATION_MAGIC: u8 = 0x05;

/// A signature over secp256k1 that also tells the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Signature {
	r: U256,
	s: U256,
	is_y_odd: bool,
}

impl Signature {
	/// The address whose key signed `payload`.
	fn signer(&self, payload: &[u8]) -> Option<Address> {
		if self.s > HALF_ORDER {
			return None;
		}
		let mut bytes = [0; 65];
		let (r, rest) = bytes.split_at_mut(32);
		let (s, recovery_id) = rest.split_at_mut(32);
		r.copy_from_slice(&self.r.to_be_bytes::<32>());
		s.copy_from_slice(&self.s.to_be_bytes::<32>());
		recovery_id.fill(self.is_y_odd.into());
		let hash = sp_io::hashing::keccak_256(payload);
		let key = sp_io::crypto::secp256k1_ecdsa_recover(&bytes, &hash).ok()?;
		let hash = sp_io::hashing::keccak_256(&key);
		hash.last_chunk::<20>().map(Address::from)
	}
}

/// A transaction whose signature has not been looked at.
pub(crate) struct Unverified<'a> {
	tx: TxEnv,
	signature: Signature,
	/// The type, if the transaction has one.
	prefix: Option<u8>,
	/// The fields before the signature, as they came.
	body: &'a [u8],
	/// What is signed behind them, encoded.
	last: Vec<u8>,
}

impl Unverified<'_> {
	/// The chain that the transaction names; nothing if it is from before EIP-155.
	pub(crate) fn chain_id(&self) -> Option<u64> {
		self.tx.chain_id
	}

	/// Recovers who signed it.
	///
	/// # Errors
	/// [`Refusal::BadSignature`].
	pub(crate) fn verify(self) -> Result<TxEnv, Refusal> {
		let mut payload = Vec::new();
		payload.extend(self.prefix);
		Header {
			list: true,
			payload_length: self.body.len().saturating_add(self.last.len()),
		}
		.encode(&mut payload);
		payload.extend_from_slice(self.body);
		payload.extend_from_slice(&self.last);
		let caller = self
			.signature
			.signer(&payload)
			.ok_or(Refusal::BadSignature)?;
		Ok(TxEnv { caller, ..self.tx })
	}
}

/// Reads a transaction and recovers who signed it.
///
/// The signers of its authorizations are not recovered yet; see [`recover_authorities`].
///
/// # Errors
/// [`Refusal::TooLong`], [`Refusal::Malformed`], [`Refusal::TypeNotSupported`],
/// [`Refusal::BlobsNotSupported`], [`Refusal::BadSignature`].
pub fn decode(raw: &[u8]) -> Result<TxEnv, Refusal> {
	parse(raw)?.verify()
}

/// The gas limit of a transaction, whoever signed it.
///
/// # Errors
/// As for [`decode`].
pub fn gas_limit(raw: &[u8]) -> Result<u64, Refusal> {
	parse(raw).map(|unverified| unverified.tx.gas_limit)
}

/// Reads a transaction, but not yet who signed it.
///
/// # Errors
/// As for [`decode`], the signature aside.
pub(crate) fn parse(raw: &[u8]) -> Result<Unverified<'_>, Refusal> {
	if raw.len() > MAX_TRANSACTION_LEN_BYTES as usize {
		return Err(Refusal::TooLong);
	}
	match raw.split_first() {
		Some((0xC0.., _)) => legacy(raw),
		Some((1, fields)) => typed(TransactionType::Eip2930, fields),
		Some((2, fields)) => typed(TransactionType::Eip1559, fields),
		Some((3, _)) => Err(Refusal::BlobsNotSupported),
		Some((4, fields)) => typed(TransactionType::Eip7702, fields),
		Some((..0x80, _)) => Err(Refusal::TypeNotSupported),
		_ => Err(Refusal::Malformed),
	}
}

/// A transaction's number among all of Ethereum.
pub fn hash(raw: &[u8]) -> H256 {
	H256(sp_io::hashing::keccak_256(raw))
}

/// The fields of a list that has nothing behind it.
fn list(mut encoded: &[u8]) -> Result<&[u8], Refusal> {
	let fields = Header::decode_bytes(&mut encoded, true).map_err(|_| Refusal::Malformed)?;
	match encoded.is_empty() {
		true => Ok(fields),
		false => Err(Refusal::Malformed),
	}
}

/// The next field.
fn next<T: Decodable>(fields: &mut &[u8]) -> Result<T, Refusal> {
	T::decode(fields).map_err(|_| Refusal::Malformed)
}

/// What `all` has before `rest`, which is its end.
fn before<'a>(all: &'a [u8], rest: &[u8]) -> &'a [u8] {
	let len = all.len().saturating_sub(rest.len());
	all.get(..len).unwrap_or_default()
}

fn empty() -> TxEnv {
	TxEnv {
		tx_type: TransactionType::Legacy as u8,
		caller: Address::ZERO,
		gas_limit: 0,
		gas_price: 0,
		kind: TxKind::Create,
		value: U256::ZERO,
		data: Bytes::new(),
		nonce: 0,
		chain_id: None,
		access_list: AccessList::default(),
		gas_priority_fee: None,
		blob_hashes: Vec::new(),
		max_fee_per_blob_gas: 0,
		authorization_list: Vec::new(),
	}
}

fn legacy(raw: &[u8]) -> Result<Unverified<'_>, Refusal> {
	let all = list(raw)?;
	let mut rest = all;
	let fields = &mut rest;
	let mut tx = TxEnv {
		nonce: next(fields)?,
		gas_price: next(fields)?,
		gas_limit: next(fields)?,
		kind: next(fields)?,
		value: next(fields)?,
		data: next(fields)?,
		..empty()
	};
	let body = before(all, fields);
	let v: u64 = next(fields)?;
	let (r, s) = (next(fields)?, next(fields)?);
	if !fields.is_empty() {
		return Err(Refusal::Malformed);
	}
	let (chain_id, is_y_odd) = match v {
		27 | 28 => (None, v == 28),
		35.. => {
			let v = v.saturating_sub(35);
			(Some(v >> 1), v & 1 == 1)
		}
		_ => return Err(Refusal::BadSignature),
	};
	let mut last = Vec::new();
	if let Some(chain_id) = chain_id {
		chain_id.encode(&mut last);
		0u8.encode(&mut last);
		0u8.encode(&mut last);
	}
	tx.chain_id = chain_id;
	Ok(Unverified {
		tx,
		signature: Signature { r, s, is_y_odd },
		prefix: None,
		body,
		last,
	})
}

fn typed(kind: TransactionType, encoded: &[u8]) -> Result<Unverified<'_>, Refusal> {
	let all = list(encoded)?;
	let mut rest = all;
	let fields = &mut rest;
	let mut tx = TxEnv {
		tx_type: kind as u8,
		chain_id: Some(next(fields)?),
		nonce: next(fields)?,
		..empty()
	};
	if kind != TransactionType::Eip2930 {
		tx.gas_priority_fee = Some(next(fields)?);
	}
	tx.gas_price = next(fields)?;
	tx.gas_limit = next(fields)?;
	tx.kind = match kind {
		TransactionType::Eip7702 => TxKind::Call(next(fields)?),
		_ => next(fields)?,
	};
	tx.value = next(fields)?;
	tx.data = next(fields)?;
	tx.access_list = next(fields)?;
	if kind == TransactionType::Eip7702 {
		let list: Vec<SignedAuthorization> = next(fields)?;
		tx.authorization_list = list.into_iter().map(Either::Left).collect();
	}
	let body = before(all, fields);
	let is_y_odd: bool = next(fields)?;
	let (r, s) = (next(fields)?, next(fields)?);
	if !fields.is_empty() {
		return Err(Refusal::Malformed);
	}
	Ok(Unverified {
		tx,
		signature: Signature { r, s, is_y_odd },
		prefix: Some(kind as u8),
		body,
		last: Vec::new(),
	})
}

/// Recovers who signed each authorization. One that is for another chain than `chain_id`, whose nonce is
/// the last, whose signature is bad, or whose signer `may_delegate` refuses, stays in the list without
/// authority, and is skipped when the list is applied. `may_delegate` is asked where nothing else is wrong.
pub(crate) fn recover_authorities(
	tx: &mut TxEnv,
	chain_id: u64,
	mut may_delegate: impl FnMut(&Address) -> bool,
) {
	for entry in &mut tx.authorization_list {
		let Either::Left(signed) = entry else {
			continue;
		};
		// These are skipped whoever signed them, so that nobody has to be known.
		let inner: Authorization = signed.inner().clone();
		let is_for_chain = inner.chain_id.is_zero() || inner.chain_id == U256::from(chain_id);
		let is_applied = is_for_chain && inner.nonce != u64::MAX;
		let authority = is_applied
			.then(|| authority(signed))
			.flatten()
			.filter(&mut may_delegate)
			.map_or(RecoveredAuthority::Invalid, RecoveredAuthority::Valid);
		*entry = Either::Right(RecoveredAuthorization::new_unchecked(inner, authority));
	}
}

fn authority(signed: &SignedAuthorization) -> Option<Address> {
	let is_y_odd = match signed.y_parity() {
		0 => false,
		1 => true,
		_ => return None,
	};
	let mut payload = alloc::vec![AUTHORIZATION_MAGIC];
	signed.inner().encode(&mut payload);
	Signature {
		r: signed.r(),
		s: signed.s(),
		is_y_odd,
	}
	.signer(&payload)
}
