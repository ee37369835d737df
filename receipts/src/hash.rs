//! The two hashes, and who computes them.

use sha3::Digest;

/// 32 bytes.
pub type Hash = [u8; 32];

/// Keccak-256 of no bytes: the root of an empty tree, and what stands for an input or output that there is not.
pub const KECCAK_EMPTY: Hash = [
	0xc5, 0xd2, 0x46, 0x01, 0x86, 0xf7, 0x23, 0x3c, 0x92, 0x7e, 0x7d, 0xb2, 0xdc, 0xc7, 0x03, 0xc0,
	0xe5, 0x00, 0xb6, 0x53, 0xca, 0x82, 0x27, 0x3b, 0x7b, 0xfa, 0xd8, 0x04, 0x5d, 0x85, 0xa4, 0x70,
];

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
