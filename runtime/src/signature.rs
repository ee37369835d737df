//! Signatures of transactions.

use codec::{Decode, DecodeWithMemTracking, Encode};
use polkadot_sdk::sp_runtime::{
	traits::{Lazy, Verify},
	AccountId32, MultiSignature, MultiSigner,
};
use scale_info::{Type, TypeInfo};

/// Signature of a transaction: sr25519, ed25519 or secp256k1.
///
/// A [`MultiSignature`] to whoever encodes or decodes one. Its kind `Eth` is refused: it derives another
/// account from a key than the key's Ethereum account, so that a key would own two accounts of which
/// its wallet knows one. An Ethereum key signs Ethereum transactions (`evm.transact`); the kind `Ecdsa`
/// is for accounts of Substrate's own derivation, as on every chain of the SDK.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking)]
pub struct Signature(MultiSignature);

impl TypeInfo for Signature {
	type Identity = <MultiSignature as TypeInfo>::Identity;

	fn type_info() -> Type {
		MultiSignature::type_info()
	}
}

impl Verify for Signature {
	type Signer = MultiSigner;

	fn verify<L: Lazy<[u8]>>(&self, message: L, signer: &AccountId32) -> bool {
		match &self.0 {
			MultiSignature::Eth(_) => false,
			MultiSignature::Ed25519(_) | MultiSignature::Sr25519(_) | MultiSignature::Ecdsa(_) => {
				self.0.verify(message, signer)
			}
		}
	}
}

impl From<MultiSignature> for Signature {
	fn from(signature: MultiSignature) -> Self {
		Self(signature)
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use polkadot_sdk::{
		sp_core::{ecdsa, ed25519, sr25519, Pair},
		sp_runtime::traits::IdentifyAccount,
	};

	const MESSAGE: &[u8] = b"something to sign";

	/// Each kind of signature by a key, with the account that it is for.
	fn all() -> Vec<(&'static str, MultiSignature, AccountId32)> {
		let seed = [7; 32];
		let ed = ed25519::Pair::from_seed(&seed);
		let sr = sr25519::Pair::from_seed(&seed);
		let ec = ecdsa::Pair::from_seed(&seed);
		let keccak = ecdsa::KeccakPair::from_seed(&seed);
		vec![
			(
				"ed25519",
				ed.sign(MESSAGE).into(),
				MultiSigner::Ed25519(ed.public()).into_account(),
			),
			(
				"sr25519",
				sr.sign(MESSAGE).into(),
				MultiSigner::Sr25519(sr.public()).into_account(),
			),
			(
				"ecdsa",
				ec.sign(MESSAGE).into(),
				MultiSigner::Ecdsa(ec.public()).into_account(),
			),
			(
				"eth",
				MultiSignature::Eth(keccak.sign(MESSAGE)),
				MultiSigner::Eth(keccak.public()).into_account(),
			),
		]
	}

	#[test]
	fn ethereum_kind_signs_for_nobody() {
		for (kind, signature, account) in all() {
			assert!(signature.verify(MESSAGE, &account), "{kind} is sound");
			let verified = Signature::from(signature).verify(MESSAGE, &account);
			assert_eq!(verified, kind != "eth", "{kind}");
		}
	}

	#[test]
	fn clients_see_a_multisignature() {
		for (kind, signature, _) in all() {
			let encoded = signature.encode();
			assert_eq!(
				Signature::from(signature.clone()).encode(),
				encoded,
				"{kind}"
			);
			assert_eq!(
				Signature::decode(&mut &encoded[..]),
				Ok(signature.into()),
				"{kind}"
			);
		}
		assert_eq!(Signature::type_info(), MultiSignature::type_info());
		assert_eq!(
			scale_info::meta_type::<Signature>(),
			scale_info::meta_type::<MultiSignature>()
		);
	}
}
