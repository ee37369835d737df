//! The two hashes, and who computes them.

use sha3::Digest;

/// 32 bytes.
pub type Hash = [u8; 32];

/// Something that computes Keccak-256, the hash of receipts and of Ethereum.
///
/// A runtime has a faster one in its host than it can be itself; whoever has none takes [`Software`].
pub trait Keccak {
	/// Keccak-256 of the bytes.
	fn keccak_256(bytes: &[u8]) -> Hash;
}

/// Keccak-256 by the crate `sha3`.
#[derive(Clone, Copy, Debug)]
pub struct Software;

impl Keccak for Software {
	fn keccak_256(bytes: &[u8]) -> Hash {
		sha3::Keccak256::digest(bytes).into()
	}
}

/// BLAKE2b of 256 bits ([RFC 7693](https://www.rfc-editor.org/rfc/rfc7693)), the hash of Substrate's headers.
pub fn blake2_256(bytes: &[u8]) -> Hash {
	blake2::Blake2b::<blake2::digest::consts::U32>::digest(bytes).into()
}
