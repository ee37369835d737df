//! Why an Ethereum transaction is refused before it is run.

use codec::{Decode, DecodeWithMemTracking, Encode};
use polkadot_sdk::sp_runtime::transaction_validity::InvalidTransaction;
use revm::context_interface::result::InvalidTransaction as Invalid;
use scale_info::TypeInfo;

/// Why a transaction is refused. It has cost its sender nothing.
///
/// The pool says [`InvalidTransaction::Stale`], [`InvalidTransaction::Future`] and
/// [`InvalidTransaction::Payment`] where that is what is wrong, in a block that is full
/// [`InvalidTransaction::ExhaustsResources`], and otherwise [`InvalidTransaction::Custom`] with the number of
/// the variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub enum Refusal {
	/// Not the encoding of a transaction, or not the canonical one.
	#[codec(index = 0)]
	Malformed,
	/// A type of transaction that the fork does not know.
	#[codec(index = 1)]
	TypeNotSupported,
	/// The transaction carries blobs, for which a parachain has no place.
	#[codec(index = 2)]
	BlobsNotSupported,
	/// The transaction's blobs are not as the fork wants them: none or too many, a hash of an unknown
	/// version, or no target.
	#[codec(index = 3)]
	BadBlobs,
	/// The signature does not belong to any key, or is not the canonical one.
	#[codec(index = 4)]
	BadSignature,
	/// The transaction is for another chain.
	#[codec(index = 5)]
	WrongChain,
	/// The transaction names no chain, so it could be replayed from another, and this chain does not take
	/// such ones; see [`crate::AllowKeyless`].
	#[codec(index = 6)]
	NoChain,
	/// The nonce has been used.
	#[codec(index = 7)]
	NonceTooLow,
	/// Transactions with lower nonces are missing.
	#[codec(index = 8)]
	NonceTooHigh,
	/// There is no nonce after this one.
	#[codec(index = 9)]
	NonceOverflow,
	/// The price offered for gas, or for blob gas, is below the block's.
	#[codec(index = 10)]
	FeeCapTooLow,
	/// The tip is above the whole price.
	#[codec(index = 11)]
	TipAboveFeeCap,
	/// The gas limit does not cover the intrinsic gas or the calldata's floor.
	#[codec(index = 12)]
	GasLimitTooLow,
	/// The gas limit is above that of a transaction or of a block.
	#[codec(index = 13)]
	GasLimitTooHigh,
	/// The creation code is too long.
	#[codec(index = 14)]
	InitCodeTooLarge,
	/// The sender has code, or is not an Ethereum account.
	#[codec(index = 15)]
	SenderNotEoa,
	/// The sender cannot pay for gas limit and value.
	#[codec(index = 16)]
	InsufficientFunds,
	/// What the transaction could cost does not fit in a number.
	#[codec(index = 17)]
	CostOverflow,
	/// A transaction that delegates must have an authorization.
	#[codec(index = 18)]
	NoAuthorizations,
	/// Longer than [`crate::transaction::MAX_TRANSACTION_LEN_BYTES`].
	#[codec(index = 19)]
	TooLong,
	/// The block is not described as the fork wants it. A broken invariant of the configuration.
	#[codec(index = 20)]
	BadBlock,
	/// This chain has no number, so that nothing can have been signed for it; see [`crate::ChainId`].
	#[codec(index = 21)]
	ChainWithoutNumber,
	/// The gas limit does not fit into what the block has left; see [`crate::BlockGas`]. The next one has
	/// room.
	#[codec(index = 22)]
	BlockFull,
}

impl Refusal {
	/// This refusal's number, as it stands in its encoding.
	pub fn code(&self) -> u8 {
		self.using_encoded(|bytes| bytes.first().copied().unwrap_or_default())
	}
}

impl From<Invalid> for Refusal {
	fn from(invalid: Invalid) -> Self {
		match invalid {
			Invalid::PriorityFeeGreaterThanMaxFee => Self::TipAboveFeeCap,
			Invalid::GasPriceLessThanBasefee | Invalid::BlobGasPriceGreaterThanMax { .. } => {
				Self::FeeCapTooLow
			}
			Invalid::CallerGasLimitMoreThanBlock | Invalid::TxGasLimitGreaterThanCap { .. } => {
				Self::GasLimitTooHigh
			}
			Invalid::CallGasCostMoreThanGasLimit { .. }
			| Invalid::GasFloorMoreThanGasLimit { .. } => Self::GasLimitTooLow,
			Invalid::RejectCallerWithCode => Self::SenderNotEoa,
			Invalid::LackOfFundForMaxFee { .. } => Self::InsufficientFunds,
			Invalid::OverflowPaymentInTransaction => Self::CostOverflow,
			Invalid::NonceOverflowInTransaction => Self::NonceOverflow,
			Invalid::NonceTooHigh { .. } => Self::NonceTooHigh,
			Invalid::NonceTooLow { .. } => Self::NonceTooLow,
			Invalid::CreateInitCodeSizeLimit => Self::InitCodeTooLarge,
			Invalid::InvalidChainId => Self::WrongChain,
			Invalid::MissingChainId => Self::NoChain,
			Invalid::EmptyBlobs
			| Invalid::BlobCreateTransaction
			| Invalid::TooManyBlobs { .. }
			| Invalid::BlobVersionNotSupported => Self::BadBlobs,
			Invalid::EmptyAuthorizationList => Self::NoAuthorizations,
			Invalid::AccessListNotSupported
			| Invalid::MaxFeePerBlobGasNotSupported
			| Invalid::BlobVersionedHashesNotSupported
			| Invalid::AuthorizationListNotSupported
			| Invalid::AuthorizationListInvalidFields
			| Invalid::Eip2930NotSupported
			| Invalid::Eip1559NotSupported
			| Invalid::Eip4844NotSupported
			| Invalid::Eip7702NotSupported
			| Invalid::Eip7873NotSupported
			| Invalid::Eip7873MissingTarget
			| Invalid::Str(_) => Self::TypeNotSupported,
		}
	}
}

impl From<Refusal> for InvalidTransaction {
	fn from(refusal: Refusal) -> Self {
		match refusal {
			Refusal::NonceTooLow => Self::Stale,
			Refusal::NonceTooHigh => Self::Future,
			Refusal::InsufficientFunds => Self::Payment,
			Refusal::BlockFull => Self::ExhaustsResources,
			other => Self::Custom(other.code()),
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::Failure;
	use scale_info::{Type, TypeDef, TypeInfo};

	/// Cells of each row of the documentation's tables that has as many, without their quotes.
	fn rows(cells: usize) -> Vec<Vec<String>> {
		include_str!("../../../docs/errors.md")
			.lines()
			.map(|line| {
				line.trim_matches('|')
					.split('|')
					.map(|cell| cell.trim().replace('`', ""))
					.collect::<Vec<_>>()
			})
			.filter(|row| row.len() == cells)
			.collect()
	}

	/// Names and numbers of an enum's variants.
	fn variants(info: Type) -> Vec<(String, u8)> {
		match info.type_def {
			TypeDef::Variant(variants) => variants
				.variants
				.iter()
				.map(|variant| (variant.name.to_string(), variant.index))
				.collect(),
			other => panic!("no enum: {other:?}"),
		}
	}

	#[test]
	fn every_refusal_is_in_the_documentation_as_the_pool_says_it() {
		let rows = rows(4);
		for (name, number) in variants(Refusal::type_info()) {
			let refusal = Refusal::decode(&mut &[number][..]).expect("is a refusal");
			assert_eq!(refusal.code(), number);
			let says = match InvalidTransaction::from(refusal) {
				InvalidTransaction::Stale => "stale".into(),
				InvalidTransaction::Future => "future".into(),
				InvalidTransaction::Payment => "payment".into(),
				InvalidTransaction::ExhaustsResources => "exhausts resources".into(),
				InvalidTransaction::Custom(code) => format!("Custom error: {code}"),
				other => panic!("{other:?}"),
			};
			let found = rows
				.iter()
				.any(|row| row[..3] == [name.clone(), number.to_string(), says.clone()]);
			assert!(found, "docs/errors.md lacks {name}, {number}, {says}");
		}
	}

	#[test]
	fn every_failure_is_in_the_documentation_as_it_travels() {
		use trivium_primitives::CallError;
		let rows = rows(3);
		for (name, number) in variants(Failure::type_info()) {
			// Of those with data, the empty one.
			let failure = Failure::decode(&mut &[number, 0][..]).expect("is a failure");
			assert_eq!(failure.code(), number);
			let travels = match CallError::from(failure) {
				CallError::Reverted(_) => "Reverted".into(),
				CallError::Engine(code) if code < Failure::ENGINE_CODE_BASE => {
					format!("Engine({code})")
				}
				CallError::Engine(code) => format!("Engine({code:#x})"),
				plain => format!("{plain:?}"),
			};
			let expected = [name, number.to_string(), travels];
			let found = rows.iter().any(|row| row[..] == expected);
			assert!(found, "docs/errors.md lacks {expected:?}");
		}
	}
}
