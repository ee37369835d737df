//! The one error model of a cross-VM call.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Why a cross-VM call failed. Codes are on chain and in contracts: never renumber.
///
/// Callers catch it in their own language: a custom error in Solidity, a `Result` in ink!.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub enum CallError {
	/// The callee ended itself on purpose; its revert data in its own encoding, or the `E` of a signature's
	/// `result<T,E>` in the caller's.
	#[codec(index = 0)]
	Reverted(Vec<u8>),
	/// Ref time or proof size ran out, in the callee or in the call's own machinery.
	#[codec(index = 1)]
	OutOfGas,
	/// The target does not exist or has no code.
	#[codec(index = 2)]
	NotFound,
	/// The signature, the arguments, the input or the result is not what it should be.
	#[codec(index = 3)]
	BadEncoding(EncodingError),
	/// Governance has taken the VM out of service; its lifecycle state.
	#[codec(index = 4)]
	VmDisabled(u8),
	/// Governance has switched off a feature the call needs; the feature's number.
	#[codec(index = 5)]
	FeatureDisabled(u32),
	/// The target is on the call stack already and was left without leave to re-enter.
	#[codec(index = 6)]
	ReentrancyDenied,
	/// More hops between VMs than the runtime's `MaxDepth`.
	#[codec(index = 7)]
	DepthExceeded,
	/// A read-only call tried to write, to move value or to call what may.
	#[codec(index = 8)]
	ReadOnly,
	/// The payer of the value, of the fee or of a storage deposit cannot spend that much.
	#[codec(index = 9)]
	InsufficientBalance,
	/// The callee's VM stopped it: a code of that VM (see `docs/errors.md`).
	#[codec(index = 10)]
	Engine(u32),
	/// The target does not let itself be called from there; see [`crate::interface::Access`].
	#[codec(index = 11)]
	AccessDenied,
}

impl CallError {
	/// What travels as [`CallError::Engine`] when a bridge is reached by a delegate call.
	pub const DELEGATE_CALL: Self = Self::Engine(1);
	/// The callee was re-entered through another VM and changed what its outer call still holds.
	pub const CONFLICTING_REENTRY: Self = Self::Engine(2);
	/// The callee's VM stopped it for a reason that has no code of its own.
	pub const TRAPPED: Self = Self::Engine(3);
	/// The callee cannot take native value.
	pub const VALUE_REFUSED: Self = Self::Engine(4);
}

impl From<EncodingError> for CallError {
	fn from(error: EncodingError) -> Self {
		match error {
			EncodingError::OutOfBudget => Self::OutOfGas,
			other => Self::BadEncoding(other),
		}
	}
}

/// What is wrong with a signature, an encoded value or a value for its type.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub enum EncodingError {
	/// The signature's text does not parse.
	#[codec(index = 0)]
	Signature,
	/// The signature is longer, deeper or wider than the limits in [`crate::signature`].
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
	/// The bytes mean something but are not the one way to write it: padding, offsets, lengths.
	#[codec(index = 6)]
	NonCanonical,
	/// The value is not of the type that the signature gives.
	#[codec(index = 7)]
	TypeMismatch,
	/// The number of arguments or results is not the signature's.
	#[codec(index = 8)]
	Count,
	/// The budget ended while decoding. Becomes [`CallError::OutOfGas`].
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
	fn codes_never_change() {
		let all = [
			CallError::Reverted(Vec::new()),
			CallError::OutOfGas,
			CallError::NotFound,
			CallError::BadEncoding(EncodingError::Signature),
			CallError::VmDisabled(0),
			CallError::FeatureDisabled(0),
			CallError::ReentrancyDenied,
			CallError::DepthExceeded,
			CallError::ReadOnly,
			CallError::InsufficientBalance,
			CallError::Engine(0),
			CallError::AccessDenied,
		];
		for (code, error) in all.iter().enumerate() {
			assert_eq!(usize::from(error.encode()[0]), code);
		}
		assert_eq!(EncodingError::RefusedByCallee.encode(), [10]);
	}

	/// What an enum's source says besides its comments: the variants and their codes.
	fn variants_of<'a>(name: &str, source: &'a str) -> Vec<&'a str> {
		let start = alloc::format!("pub enum {name} {{\n");
		let (_, body) = source.split_once(&start).expect("the enum is there");
		let (body, _) = body.split_once("\n}").expect("the enum ends");
		let lines = body.lines().map(str::trim);
		lines.filter(|line| !line.starts_with("//")).collect()
	}

	/// Contracts read the chain's errors with a copy of these types, because they are compiled
	/// without the chain's crates.
	#[test]
	fn the_copy_for_ink_contracts_has_the_same_variants_and_codes() {
		let ours = include_str!("error.rs");
		let copy = include_str!("../../contracts/ink/face/src/error.rs");
		for (name, count) in [("CallError", 12), ("EncodingError", 11)] {
			let variants = variants_of(name, ours);
			assert!(variants.len() >= 2 * count, "{name}: {variants:?}");
			assert_eq!(variants_of(name, copy), variants, "{name}");
		}
	}
}
