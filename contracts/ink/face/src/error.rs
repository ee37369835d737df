//! The one error model of a cross-VM call, as the chain encodes it.

use ink::prelude::vec::Vec;
use scale::{Decode, Encode};

/// Why a cross-VM call failed. The codes are the chain's and never change.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cfg_attr(
	feature = "std",
	derive(scale_info::TypeInfo, ink::storage::traits::StorageLayout)
)]
pub enum CallError {
	/// The callee ended itself on purpose; its revert data in its own encoding.
	#[codec(index = 0)]
	Reverted(Vec<u8>),
	/// Ref time or proof size ran out, in the callee or on the way to it.
	#[codec(index = 1)]
	OutOfGas,
	/// The target does not exist or has no code.
	#[codec(index = 2)]
	NotFound,
	/// The signature, the arguments or the result is not what it should be.
	#[codec(index = 3)]
	BadEncoding(EncodingError),
	/// Governance has taken the virtual machine out of service; its lifecycle state.
	#[codec(index = 4)]
	VmDisabled(u8),
	/// Governance has switched off a feature that the call needs; the feature's number.
	#[codec(index = 5)]
	FeatureDisabled(u32),
	/// The target is on the call stack already and was left without leave to re-enter.
	#[codec(index = 6)]
	ReentrancyDenied,
	/// More calls between virtual machines inside each other than the chain allows.
	#[codec(index = 7)]
	DepthExceeded,
	/// A read-only call tried to write, to move value or to call what may.
	#[codec(index = 8)]
	ReadOnly,
	/// The payer of the value or of a storage deposit cannot spend that much.
	#[codec(index = 9)]
	InsufficientBalance,
	/// The callee's virtual machine stopped it: a code of that machine.
	#[codec(index = 10)]
	Engine(u32),
	/// The target does not let itself be called from this machine, or by this contract.
	#[codec(index = 11)]
	AccessDenied,
}

impl CallError {
	/// The selector of the custom error or of the `require` text that a Solidity callee reverted with.
	pub fn solidity_selector(&self) -> Option<[u8; 4]> {
		match self {
			Self::Reverted(data) => data.get(..4)?.try_into().ok(),
			_ => None,
		}
	}
}

/// What is wrong with a signature or an encoded value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cfg_attr(
	feature = "std",
	derive(scale_info::TypeInfo, ink::storage::traits::StorageLayout)
)]
pub enum EncodingError {
	/// The signature's text does not parse.
	#[codec(index = 0)]
	Signature,
	/// The signature is longer, deeper or wider than the chain's limits.
	#[codec(index = 1)]
	SignatureTooComplex,
	/// The bytes end before the value does.
	#[codec(index = 2)]
	Truncated,
	/// There are bytes after the value.
	#[codec(index = 3)]
	TrailingBytes,
	/// A number does not fit its type.
	#[codec(index = 4)]
	OutOfRange,
	/// A string is not UTF-8.
	#[codec(index = 5)]
	Utf8,
	/// The bytes are not the one way to write the value.
	#[codec(index = 6)]
	NonCanonical,
	/// The value is not of the type that the signature gives.
	#[codec(index = 7)]
	TypeMismatch,
	/// The number of arguments or results is not the signature's.
	#[codec(index = 8)]
	Count,
	/// The budget ended while decoding.
	#[codec(index = 9)]
	OutOfBudget,
	/// The callee could not read its input.
	#[codec(index = 10)]
	RefusedByCallee,
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn call_error_codes_are_the_chains() {
		let all = [
			CallError::Reverted(vec![1, 2]),
			CallError::OutOfGas,
			CallError::NotFound,
			CallError::BadEncoding(EncodingError::RefusedByCallee),
			CallError::VmDisabled(3),
			CallError::FeatureDisabled(4),
			CallError::ReentrancyDenied,
			CallError::DepthExceeded,
			CallError::ReadOnly,
			CallError::InsufficientBalance,
			CallError::Engine(5),
			CallError::AccessDenied,
		];
		for (code, error) in all.iter().enumerate() {
			let encoded = error.encode();
			assert_eq!(usize::from(encoded[0]), code);
			assert_eq!(&CallError::decode(&mut &encoded[..]).unwrap(), error);
		}
		assert_eq!(all[0].encode(), [0, 2 << 2, 1, 2]);
		assert_eq!(all[3].encode(), [3, 10]);
		assert_eq!(all[10].encode(), [10, 5, 0, 0, 0]);
	}

	#[test]
	fn solidity_selector_needs_four_bytes_of_revert_data() {
		let reverted = CallError::Reverted(vec![1, 2, 3, 4, 5]);
		assert_eq!(reverted.solidity_selector(), Some([1, 2, 3, 4]));
		assert_eq!(CallError::Reverted(vec![1, 2, 3]).solidity_selector(), None);
		assert_eq!(CallError::OutOfGas.solidity_selector(), None);
	}
}
