//! Values as each VM's bytes.

pub mod bcs;
mod packed;
pub mod scale;
pub mod solidity;

use alloc::vec::Vec;
use polkadot_sdk::sp_core::{H160, U256};

use crate::{AccountId, CallError, EncodingError, Signature, Type, Value};

/// What a codec needs from the chain: leave to spend, and the aliases of accounts.
pub trait TranscodeHost {
	/// Pays for one value and `len_bytes` of its encoding, before either is read or made.
	///
	/// # Errors
	/// [`CallError::OutOfGas`].
	fn charge(&mut self, len_bytes: usize) -> Result<(), CallError>;

	/// The 20-byte alias of an account. Charges for itself.
	///
	/// # Errors
	/// [`CallError::OutOfGas`].
	fn alias(&mut self, account: &AccountId) -> Result<H160, CallError>;

	/// The account behind a 20-byte alias. Charges for itself.
	///
	/// # Errors
	/// [`CallError::OutOfGas`].
	fn account(&mut self, alias: &H160) -> Result<AccountId, CallError>;
}

/// How one VM writes arguments and results.
pub trait Encoding: Sync {
	/// Encodes values of these types, one after the other.
	///
	/// # Errors
	/// [`CallError::BadEncoding`] if a value is not of its type, [`CallError::OutOfGas`].
	fn encode(
		&self,
		types: &[Type],
		values: &[Value],
		host: &mut dyn TranscodeHost,
	) -> Result<Vec<u8>, CallError>;

	/// Decodes values of these types and nothing else. Only the canonical form is accepted.
	///
	/// # Errors
	/// [`CallError::BadEncoding`] naming what is wrong, [`CallError::OutOfGas`].
	fn decode(
		&self,
		types: &[Type],
		bytes: &[u8],
		host: &mut dyn TranscodeHost,
	) -> Result<Vec<Value>, CallError>;

	/// Encodes what a call of `signature` came to: its results, or the error that the signature has a type for.
	/// `Ok` is what the call returns to a caller of this encoding, `Err` is with what data it fails there.
	///
	/// # Errors
	/// As [`Encoding::encode`].
	fn encode_outcome(
		&self,
		signature: &Signature,
		outcome: Result<&[Value], &[Value]>,
		host: &mut dyn TranscodeHost,
	) -> Result<Result<Vec<u8>, Vec<u8>>, CallError> {
		Ok(match outcome {
			Ok(results) => Ok(self.encode(&signature.results, results, host)?),
			Err(error) => Err(self.encode(signature.error_types(), error, host)?),
		})
	}
}

/// Types of a run of values: those of a tuple, or one type many times.
#[derive(Clone, Copy)]
enum Run<'a> {
	Each(&'a [Type]),
	Same(&'a Type, usize),
}

impl<'a> Run<'a> {
	fn len(&self) -> usize {
		match self {
			Self::Each(types) => types.len(),
			Self::Same(_, len) => *len,
		}
	}

	fn get(&self, position: usize) -> Option<&'a Type> {
		match self {
			Self::Each(types) => types.get(position),
			Self::Same(of, len) => (position < *len).then_some(of),
		}
	}
}

/// Checks an unsigned number against its width in bits.
fn ensure_uint(value: U256, bits: u16) -> Result<(), EncodingError> {
	if bits < 256 && value.bits() > usize::from(bits) {
		return Err(EncodingError::OutOfRange);
	}
	Ok(())
}

/// Checks a number in two's complement of 256 bits against its width in bits: all bits from the
/// sign bit upwards are alike.
fn ensure_int(value: U256, bits: u16) -> Result<(), EncodingError> {
	let sign_bit = usize::from(bits.saturating_sub(1));
	let upper = shifted_right(value, sign_bit);
	if upper.is_zero() || upper == shifted_right(U256::MAX, sign_bit) {
		Ok(())
	} else {
		Err(EncodingError::OutOfRange)
	}
}

// A shift of `U256` drops what leaves its 256 bits and takes any distance: it cannot overflow.
#[allow(clippy::arithmetic_side_effects)]
fn shifted_right(value: U256, bits: usize) -> U256 {
	value >> bits
}

// As above.
#[allow(clippy::arithmetic_side_effects)]
fn shifted_left(value: U256, bits: usize) -> U256 {
	value << bits
}

fn ensure_utf8(text: &[u8]) -> Result<(), EncodingError> {
	core::str::from_utf8(text)
		.map(|_| ())
		.map_err(|_| EncodingError::Utf8)
}

fn ensure_count(expected: usize, actual: usize) -> Result<(), EncodingError> {
	if expected == actual {
		Ok(())
	} else {
		Err(EncodingError::Count)
	}
}

/// The first `len` bytes, and `bytes` moved past them.
fn take<'a>(bytes: &mut &'a [u8], len: usize) -> Result<&'a [u8], EncodingError> {
	let (head, rest) = bytes
		.split_at_checked(len)
		.ok_or(EncodingError::Truncated)?;
	*bytes = rest;
	Ok(head)
}

#[cfg(test)]
pub(crate) mod testing {
	use super::*;

	/// A host with a budget in bytes and the plain alias rule.
	pub(crate) struct Host {
		pub left: usize,
		pub known: Vec<AccountId>,
	}

	impl Host {
		pub(crate) fn new() -> Self {
			Self {
				left: 1 << 22,
				known: Vec::new(),
			}
		}
	}

	impl TranscodeHost for Host {
		fn charge(&mut self, len_bytes: usize) -> Result<(), CallError> {
			self.left = self
				.left
				.checked_sub(len_bytes + 1)
				.ok_or(CallError::OutOfGas)?;
			Ok(())
		}
		fn alias(&mut self, account: &AccountId) -> Result<H160, CallError> {
			self.known.push(account.clone());
			Ok(crate::account::alias(account))
		}
		fn account(&mut self, alias: &H160) -> Result<AccountId, CallError> {
			let known = self
				.known
				.iter()
				.find(|known| crate::account::alias(known) == *alias);
			Ok(known
				.cloned()
				.unwrap_or_else(|| crate::account::ethereum_account(alias)))
		}
	}
}
