//! The little of Solidity's ABI that receipts and logs are written in: words of 32 bytes, big-endian
//! ([specification](https://docs.soliditylang.org/en/latest/abi-spec.html)).

use alloc::vec::Vec;

/// Bytes of a word.
pub(crate) const WORD: usize = 32;

/// Words, one after the other.
pub(crate) struct Words(Vec<u8>);

impl Words {
	/// Room for this many bytes.
	pub(crate) fn with_capacity(len_bytes: usize) -> Self {
		Self(Vec::with_capacity(len_bytes))
	}

	/// A number.
	pub(crate) fn number(&mut self, value: u128) -> &mut Self {
		self.0.extend_from_slice(&[0; WORD / 2]);
		self.0.extend_from_slice(&value.to_be_bytes());
		self
	}

	/// A word as it is.
	pub(crate) fn word(&mut self, word: &[u8; WORD]) -> &mut Self {
		self.0.extend_from_slice(word);
		self
	}

	/// Bytes, up to a whole word filled with zeros.
	pub(crate) fn padded(&mut self, bytes: &[u8]) -> &mut Self {
		self.0.extend_from_slice(bytes);
		self.0.resize(self.0.len().next_multiple_of(WORD), 0);
		self
	}

	/// All of them.
	pub(crate) fn into_bytes(self) -> Vec<u8> {
		self.0
	}
}
