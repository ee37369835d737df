//! What the pool answers when it does not take a transaction.
//!
//! Clients of Ethereum know the words of its nodes (those of geth, which the others follow), clients of
//! Substrate the codes of its pools. Whoever sends an Ethereum transaction over RPC gets the words;
//! everyone else, and the network with its peers to judge, gets what the SDK has.

use polkadot_sdk::*;

use codec::Decode;
use pallet_evm::Refusal;
use sc_transaction_pool_api::{
	error::{Error as SdkError, IntoPoolError},
	TransactionPool,
};
use sp_runtime::transaction_validity::InvalidTransaction;
use trivium_runtime::{AccountId, Nonce};

use super::{
	claim::{Claim, Offer},
	ledger::Denial,
	Inner,
};

/// What the pool below answers.
pub type InnerError = <Inner as TransactionPool>::Error;

/// Whom a refusal is told.
pub trait Audience: Send + Sync + 'static {
	/// What they understand.
	type Error: IntoPoolError + From<SdkError> + 'static;
	/// As the pool below says it.
	fn plainly(error: InnerError) -> Self::Error;
	/// As `error`, or in `words`.
	fn in_words(error: SdkError, words: String) -> Self::Error;
}

/// The network, which judges its peers by what kind of error it is.
pub struct Network;

impl Audience for Network {
	type Error = InnerError;

	fn plainly(error: InnerError) -> InnerError {
		error
	}

	fn in_words(error: SdkError, _: String) -> InnerError {
		error.into()
	}
}

/// Clients, which people read.
pub struct Clients;

impl Audience for Clients {
	type Error = ClientError;

	fn plainly(error: InnerError) -> ClientError {
		ClientError::Pool(error)
	}

	fn in_words(_: SdkError, words: String) -> ClientError {
		ClientError::Ethereum(words)
	}
}

/// What clients are told.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
	/// As the pool below says it.
	#[error(transparent)]
	Pool(InnerError),
	/// In the words of Ethereum's clients.
	#[error("{0}")]
	Ethereum(String),
}

impl From<SdkError> for ClientError {
	fn from(error: SdkError) -> Self {
		Self::Pool(error.into())
	}
}

impl IntoPoolError for ClientError {
	fn into_pool_error(self) -> Result<SdkError, Self> {
		match self {
			Self::Pool(error) => error.into_pool_error().map_err(Self::Pool),
			// A pool's error would be told without the words.
			words @ Self::Ethereum(_) => Err(words),
		}
	}
}

/// A claim that the ledger refuses.
pub fn denied<A: Audience>(claim: &Claim, denial: Denial) -> A::Error {
	let error = match denial {
		Denial::Known(hash) => SdkError::AlreadyImported(Box::new(hash)),
		Denial::Underpriced { held } => SdkError::TooLowPriority {
			old: held.priority(),
			new: claim.offer.priority(),
		},
		Denial::TooMany { .. } => SdkError::ImmediatelyDropped,
	};
	if !claim.is_proven() {
		return error.into();
	}
	let words = match denial {
		Denial::Known(_) => "already known".into(),
		Denial::Underpriced { held } => underpriced(&held),
		Denial::TooMany { limit } => {
			format!("account limit exceeded: at most {limit} transactions of one sender wait here")
		}
	};
	A::in_words(error, words)
}

/// What a replacement is told, and what would do.
fn underpriced(held: &Offer) -> String {
	match held {
		Offer::Ethereum { max_fee, max_tip } => format!(
			"replacement transaction underpriced: each cap has to be at least a tenth above \
			 maxFeePerGas {max_fee} and maxPriorityFeePerGas {max_tip}"
		),
		Offer::Signed { .. } => "replacement transaction underpriced".into(),
	}
}

/// An Ethereum transaction that the pool below refuses. `next` tells the sender's next nonce.
pub fn explained<A: Audience>(
	claim: Option<&Claim>,
	error: InnerError,
	next: impl FnOnce(&AccountId) -> Option<Nonce>,
) -> A::Error {
	match error.into_pool_error() {
		Err(other) => A::plainly(other),
		Ok(error) => match words(claim, &error, next) {
			Some(words) => A::in_words(error, words),
			None => error.into(),
		},
	}
}

/// The words for an error of the pool below, where Ethereum has some.
fn words(
	claim: Option<&Claim>,
	error: &SdkError,
	next: impl FnOnce(&AccountId) -> Option<Nonce>,
) -> Option<String> {
	Some(match error {
		SdkError::AlreadyImported(_) | SdkError::TemporarilyBanned => "already known".into(),
		SdkError::TooLowPriority { .. } => {
			"replacement transaction underpriced: at the present base fee it pays no more than the \
			 one that is there"
				.into()
		}
		SdkError::ImmediatelyDropped => "txpool is full".into(),
		SdkError::InvalidTransaction(invalid) => match invalid {
			InvalidTransaction::Stale => match claim {
				Some(claim) => match next(&claim.sender) {
					Some(next) => {
						format!("nonce too low: next nonce {next}, tx nonce {}", claim.nonce)
					}
					None => "nonce too low".into(),
				},
				None => "nonce too low".into(),
			},
			InvalidTransaction::Payment => "insufficient funds for gas * price + value".into(),
			InvalidTransaction::ExhaustsResources => "exceeds block gas limit".into(),
			InvalidTransaction::Custom(code) => {
				refused(Refusal::decode(&mut &[*code][..]).ok()?)?.into()
			}
			_ => return None,
		},
		_ => return None,
	})
}

/// The words for what the EVM refuses.
fn refused(refusal: Refusal) -> Option<&'static str> {
	Some(match refusal {
		Refusal::Malformed => "failed to decode transaction",
		Refusal::TypeNotSupported | Refusal::BlobsNotSupported => "transaction type not supported",
		Refusal::BadSignature => "invalid sender",
		Refusal::WrongChain => "invalid chain id for signer",
		Refusal::NoChain => "only replay-protected (EIP-155) transactions allowed over RPC",
		Refusal::NonceTooLow => "nonce too low",
		Refusal::NonceTooHigh => "nonce too high",
		Refusal::NonceOverflow => "nonce has max value",
		Refusal::FeeCapTooLow => "max fee per gas less than block base fee",
		Refusal::TipAboveFeeCap => "max priority fee per gas higher than max fee per gas",
		Refusal::GasLimitTooLow => "intrinsic gas too low",
		Refusal::GasLimitTooHigh => "transaction gas limit too high (cap: 16777216)",
		Refusal::InitCodeTooLarge => "max initcode size exceeded",
		Refusal::SenderNotEoa => "sender not an eoa",
		Refusal::InsufficientFunds | Refusal::CostOverflow => {
			"insufficient funds for gas * price + value"
		}
		Refusal::NoAuthorizations => "EIP-7702 transaction with empty auth list",
		Refusal::TooLong => "oversized data",
		// Whatever else there is or will be keeps its code.
		_ => return None,
	})
}

#[cfg(test)]
mod tests {
	use super::*;

	fn claim() -> Claim {
		Claim {
			sender: AccountId::new([1; 32]),
			nonce: 3,
			offer: Offer::Ethereum {
				max_fee: 1_000,
				max_tip: 10,
			},
			id: Default::default(),
		}
	}

	/// What a client reads, and whether the SDK's RPC would have its own text for it.
	fn told(error: SdkError) -> (String, bool) {
		let error = explained::<Clients>(Some(&claim()), error.into(), |_| Some(5));
		let text = error.to_string();
		(text, error.into_pool_error().is_ok())
	}

	#[test]
	fn clients_of_ethereum_read_the_words_they_know() {
		for (error, expected) in [
			(
				SdkError::InvalidTransaction(InvalidTransaction::Stale),
				"nonce too low: next nonce 5, tx nonce 3",
			),
			(SdkError::AlreadyImported(Box::new(())), "already known"),
			(SdkError::ImmediatelyDropped, "txpool is full"),
			(
				SdkError::InvalidTransaction(InvalidTransaction::Payment),
				"insufficient funds for gas * price + value",
			),
			(
				SdkError::InvalidTransaction(InvalidTransaction::Custom(
					Refusal::FeeCapTooLow.code(),
				)),
				"max fee per gas less than block base fee",
			),
		] {
			assert_eq!(told(error), (expected.into(), false));
		}
		let (text, _) = told(SdkError::TooLowPriority { old: 2, new: 1 });
		assert!(text.starts_with("replacement transaction underpriced"));
	}

	#[test]
	fn what_ethereum_has_no_words_for_keeps_its_code() {
		for error in [
			SdkError::InvalidTransaction(InvalidTransaction::Custom(255)),
			SdkError::InvalidTransaction(InvalidTransaction::BadProof),
			SdkError::NoTagsProvided,
		] {
			assert!(told(error).1);
		}
	}

	#[test]
	fn denials_have_words_for_ethereum_and_kinds_for_the_network() {
		let held = Offer::Ethereum {
			max_fee: 990,
			max_tip: 10,
		};
		let error = denied::<Clients>(&claim(), Denial::Underpriced { held });
		assert!(error
			.to_string()
			.starts_with("replacement transaction underpriced"));
		let error = denied::<Clients>(&claim(), Denial::TooMany { limit: 64 });
		assert!(error.to_string().starts_with("account limit exceeded"));
		let error = denied::<Network>(&claim(), Denial::Underpriced { held });
		assert!(matches!(
			error.into_pool_error(),
			Ok(SdkError::TooLowPriority { .. })
		));
		let error = denied::<Network>(&claim(), Denial::Known(Default::default()));
		assert!(matches!(
			error.into_pool_error(),
			Ok(SdkError::AlreadyImported(_))
		));
	}

	#[test]
	fn signed_extrinsics_keep_the_codes_of_substrate() {
		let claim = Claim {
			offer: Offer::Signed { tip: 0 },
			..claim()
		};
		let held = Offer::Signed { tip: 0 };
		let error = denied::<Clients>(&claim, Denial::Underpriced { held });
		assert!(matches!(
			error.into_pool_error(),
			Ok(SdkError::TooLowPriority { .. })
		));
	}
}
