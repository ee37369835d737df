//! A 256-bit number, as it travels.

use scale::{Decode, Encode};

/// An unsigned number of 256 bits: 32 bytes, the least significant first.
///
/// It carries amounts to and from Solidity; reckon in `u128`, which holds every amount of the chain's
/// own currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cfg_attr(
	feature = "std",
	derive(scale_info::TypeInfo, ink::storage::traits::StorageLayout)
)]
pub struct U256(pub [u8; 32]);

impl U256 {
	/// The largest number.
	pub const MAX: Self = Self([0xff; 32]);
}

impl From<u128> for U256 {
	fn from(number: u128) -> Self {
		let mut bytes = [0; 32];
		bytes[..16].copy_from_slice(&number.to_le_bytes());
		Self(bytes)
	}
}

/// The number is above `u128::MAX`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge;

impl TryFrom<U256> for u128 {
	type Error = TooLarge;

	fn try_from(number: U256) -> Result<Self, TooLarge> {
		let (low, high) = number.0.split_at(16);
		if high.iter().any(|&byte| byte != 0) {
			return Err(TooLarge);
		}
		low.try_into()
			.map(u128::from_le_bytes)
			.map_err(|_| TooLarge)
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn u256_is_little_endian_and_keeps_every_u128() {
		assert_eq!(U256::from(0x0102).encode()[..3], [2, 1, 0]);
		assert_eq!(U256::from(0x0102).encode().len(), 32);
		for number in [0, 1, u128::MAX] {
			assert_eq!(u128::try_from(U256::from(number)), Ok(number));
		}
	}

	#[test]
	fn u256_above_u128_does_not_convert() {
		let mut bytes = [0; 32];
		bytes[16] = 1;
		assert_eq!(u128::try_from(U256(bytes)), Err(TooLarge));
		assert_eq!(u128::try_from(U256::MAX), Err(TooLarge));
	}
}
