//! Account addresses: 32 bytes.

use alloc::string::String;
use core::fmt;

/// The address of an account, under which modules and resources lie.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountAddress(pub [u8; 32]);

impl AccountAddress {
	/// Bytes in an address.
	pub const LENGTH: usize = 32;
	/// `0x0`.
	pub const ZERO: Self = Self([0; 32]);
	/// `0x1`, the address of the standard library.
	pub const ONE: Self = Self::from_low_byte(1);

	/// The address that is a small number.
	pub const fn from_low_byte(byte: u8) -> Self {
		let mut address = [0; 32];
		address[31] = byte;
		Self(address)
	}

	/// Reads one to 64 hexadecimal digits, with or without `0x`; short forms are padded on the left.
	///
	/// `None` for anything else.
	pub fn from_hex(text: &str) -> Option<Self> {
		let digits = text.strip_prefix("0x").unwrap_or(text).as_bytes();
		if digits.is_empty() || digits.len() > 64 {
			return None;
		}
		let mut address = [0; 32];
		let mut places = address.iter_mut().rev();
		for pair in digits.rchunks(2) {
			let mut byte = 0u8;
			for digit in pair {
				let value = char::from(*digit).to_digit(16)?;
				byte = byte << 4 | u8::try_from(value).ok()?;
			}
			*places.next()? = byte;
		}
		Some(Self(address))
	}

	/// The shortest form: `0x1`.
	pub fn to_short_hex(&self) -> String {
		alloc::format!("{self}")
	}
}

impl fmt::Display for AccountAddress {
	/// `0x` and the digits without leading zeros.
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		let mut bytes = self.0.iter().skip_while(|byte| **byte == 0);
		match bytes.next() {
			None => f.write_str("0x0"),
			Some(first) => {
				write!(f, "0x{first:x}")?;
				bytes.try_for_each(|byte| write!(f, "{byte:02x}"))
			}
		}
	}
}

impl fmt::Debug for AccountAddress {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		fmt::Display::fmt(self, f)
	}
}

impl From<[u8; 32]> for AccountAddress {
	fn from(bytes: [u8; 32]) -> Self {
		Self(bytes)
	}
}

impl AsRef<[u8]> for AccountAddress {
	fn as_ref(&self) -> &[u8] {
		&self.0
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn hexadecimal_goes_both_ways() {
		for text in ["0x0", "0x1", "0xcafe", "0x100"] {
			assert_eq!(AccountAddress::from_hex(text).unwrap().to_short_hex(), text);
		}
		assert_eq!(AccountAddress::from_hex("0x1"), Some(AccountAddress::ONE));
		let long = "f".repeat(64);
		assert_eq!(
			AccountAddress::from_hex(&long),
			Some(AccountAddress([0xff; 32]))
		);
	}

	#[test]
	fn what_is_not_hexadecimal_is_refused() {
		for text in ["", "0x", "0xg", "é", "0x+1", &"1".repeat(65)] {
			assert_eq!(AccountAddress::from_hex(text), None, "{text}");
		}
	}
}
