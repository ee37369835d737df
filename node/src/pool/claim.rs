//! What an extrinsic claims in the pool: a nonce of an account, and what it offers for that place.
//!
//! Extrinsics are opaque to the node, so that it outlives upgrades of the runtime. Only their envelope
//! is read here, never a call: calls nest, and decoding one that a stranger made could exhaust the
//! stack.

use polkadot_sdk::*;

use std::sync::LazyLock;

use codec::{Decode, Encode};
use sp_core::{H160, H256};
use sp_runtime::{generic::Preamble, MultiAddress};
use trivium_primitives::account::ethereum_account;
use trivium_runtime::{AccountId, Address, Nonce, RuntimeCall, Signature, TxExtension};

/// The least by which a replacement of a signed extrinsic raises the tip, planck. About a tenth of the
/// fee of a transfer: the tip of most is zero, a tenth more of which is nothing.
pub const LEAST_TIP_STEP: u128 = 100_000_000_000_000;

/// What is paid for a place, if it comes to that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offer {
	/// An Ethereum transaction, planck for a gas. The gas price of one from before EIP-1559 is both.
	Ethereum {
		/// The most that is paid.
		max_fee: u128,
		/// The most of it that goes to the block's author.
		max_tip: u128,
	},
	/// An extrinsic of the chain's own kind.
	Signed {
		/// What is paid beyond the fee, planck.
		tip: u128,
	},
}

impl Offer {
	/// Whether this offer is enough to take the place of one that `held` it: a tenth more in each
	/// number, and never the same. What cannot be compared does not outbid.
	pub fn outbids(&self, held: &Self) -> bool {
		match (self, held) {
			(
				Self::Ethereum { max_fee, max_tip },
				Self::Ethereum {
					max_fee: held_fee,
					max_tip: held_tip,
				},
			) => is_raised(*max_fee, *held_fee, 1) && is_raised(*max_tip, *held_tip, 1),
			(Self::Signed { tip }, Self::Signed { tip: held }) => {
				is_raised(*tip, *held, LEAST_TIP_STEP)
			}
			_ => false,
		}
	}

	/// The number by which pools of the SDK compare, as near as it comes.
	pub fn priority(&self) -> u64 {
		let amount = match self {
			Self::Ethereum { max_fee, .. } => *max_fee,
			Self::Signed { tip } => *tip,
		};
		u64::try_from(amount).unwrap_or(u64::MAX)
	}
}

/// Whether `new` is at least a tenth above `old`, and at least `step`.
fn is_raised(new: u128, old: u128, step: u128) -> bool {
	new >= old.saturating_add(old.div_ceil(10).max(step)) && new > old
}

/// A place in the pool, and who asks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
	/// Whose nonce it is.
	pub sender: AccountId,
	/// The place.
	pub nonce: Nonce,
	/// What is offered for it.
	pub offer: Offer,
	/// The transaction, however it is wrapped: Ethereum's hash, or that of the extrinsic's bytes.
	pub id: H256,
}

impl Claim {
	/// Whether the sender is known to have made the claim. The signature of an extrinsic of the
	/// chain's own kind covers the state of the chain, and only the runtime can check it.
	pub fn is_proven(&self) -> bool {
		matches!(self.offer, Offer::Ethereum { .. })
	}
}

/// What could be read of an extrinsic.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Envelope {
	/// Whether it carries an Ethereum transaction, readable or not.
	pub is_ethereum: bool,
	/// The place that it asks for; none for inherents and for what only the runtime understands.
	pub claim: Option<Claim>,
}

/// How a call of `evm.transact` begins. The indices are wire format and never change.
static TRANSACT: LazyLock<Vec<u8>> = LazyLock::new(|| {
	let call = RuntimeCall::Evm(pallet_evm::Call::transact { raw: Vec::new() });
	let mut bytes = call.encode();
	// Without the length of `raw`.
	bytes.pop();
	bytes
});

/// Reads the envelope of an extrinsic, without the length before it. `reads_signed` tells whether the
/// chain's extrinsics are still signed the way that this binary knows.
pub fn read(bytes: &[u8], reads_signed: bool) -> Envelope {
	let mut rest = bytes;
	let Ok(preamble) = Preamble::<Address, Signature, TxExtension>::decode(&mut rest) else {
		return Envelope::default();
	};
	match preamble {
		Preamble::Signed(MultiAddress::Id(sender), _, extension) if reads_signed => Envelope {
			is_ethereum: false,
			claim: Some(Claim {
				sender,
				nonce: extension.0 .6 .0,
				offer: Offer::Signed {
					tip: extension.0 .8.tip(),
				},
				id: H256(sp_io::hashing::blake2_256(bytes)),
			}),
		},
		Preamble::Signed(..) => Envelope::default(),
		Preamble::Bare(_) | Preamble::General(_) => match rest.strip_prefix(&TRANSACT[..]) {
			Some(argument) => Envelope {
				is_ethereum: true,
				claim: ethereum(argument),
			},
			None => Envelope::default(),
		},
	}
}

/// The claim of an Ethereum transaction, if it is well formed and signed.
fn ethereum(mut argument: &[u8]) -> Option<Claim> {
	let raw = Vec::<u8>::decode(&mut argument).ok()?;
	let tx = pallet_evm::transaction::decode(&raw).ok()?;
	Some(Claim {
		sender: ethereum_account(&H160(tx.caller.into_array())),
		nonce: tx.nonce,
		offer: Offer::Ethereum {
			max_fee: tx.gas_price,
			max_tip: tx.gas_priority_fee.unwrap_or(tx.gas_price),
		},
		id: pallet_evm::transaction::hash(&raw),
	})
}

#[cfg(test)]
mod tests {
	use super::*;
	use sp_runtime::{generic::UncheckedExtrinsic, MultiSignature};

	fn ethereum_offer(max_fee: u128, max_tip: u128) -> Offer {
		Offer::Ethereum { max_fee, max_tip }
	}

	#[test]
	fn replacement_costs_a_tenth_more_on_both_caps() {
		let held = ethereum_offer(1_000, 100);
		for (fee, tip, enough) in [
			(1_000, 100, false),
			(1_000, 101, false),
			(1_001, 101, false),
			(1_099, 110, false),
			(1_100, 109, false),
			(2_000, 100, false),
			(1_100, 110, true),
			(5_000, 5_000, true),
		] {
			assert_eq!(
				ethereum_offer(fee, tip).outbids(&held),
				enough,
				"{fee}, {tip}"
			);
		}
	}

	#[test]
	fn a_tenth_is_rounded_up_and_never_nothing() {
		assert!(!ethereum_offer(16, 16).outbids(&ethereum_offer(15, 15)));
		assert!(ethereum_offer(17, 17).outbids(&ethereum_offer(15, 15)));
		assert!(!ethereum_offer(100, 0).outbids(&ethereum_offer(10, 0)));
		assert!(ethereum_offer(100, 1).outbids(&ethereum_offer(10, 0)));
	}

	#[test]
	fn offers_at_the_top_of_the_numbers_do_not_overflow() {
		let top = ethereum_offer(u128::MAX, u128::MAX);
		assert!(!top.outbids(&top));
		assert!(top.outbids(&ethereum_offer(1, 1)));
	}

	#[test]
	fn signed_replacement_raises_the_tip_by_a_tenth_and_a_least_step() {
		let tip = |tip| Offer::Signed { tip };
		assert!(!tip(0).outbids(&tip(0)));
		assert!(!tip(1).outbids(&tip(0)));
		assert!(tip(LEAST_TIP_STEP).outbids(&tip(0)));
		let held = tip(100 * LEAST_TIP_STEP);
		assert!(!tip(109 * LEAST_TIP_STEP).outbids(&held));
		assert!(tip(110 * LEAST_TIP_STEP).outbids(&held));
	}

	#[test]
	fn kinds_of_extrinsics_do_not_outbid_each_other() {
		assert!(!ethereum_offer(u128::MAX, u128::MAX).outbids(&Offer::Signed { tip: 0 }));
		assert!(!Offer::Signed { tip: u128::MAX }.outbids(&ethereum_offer(0, 0)));
	}

	/// The bytes of an extrinsic without the length before them.
	fn bytes(extrinsic: impl Encode) -> Vec<u8> {
		Vec::<u8>::decode(&mut &extrinsic.encode()[..]).unwrap()
	}

	type Extrinsic = UncheckedExtrinsic<Address, RuntimeCall, Signature, TxExtension>;

	/// Immortal, nonce 0, no tip, no metadata hash.
	fn extension() -> TxExtension {
		TxExtension::decode(&mut &[0; 4][..]).unwrap()
	}

	fn transact(raw: Vec<u8>) -> RuntimeCall {
		RuntimeCall::Evm(pallet_evm::Call::transact { raw })
	}

	/// The transaction that EIP-155 has as its example: nonce 9, 20 gwei for a gas.
	const EXAMPLE: &str = "f86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a76400008025a028ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276a067cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83";

	#[test]
	fn ethereum_transactions_are_read_bare_and_general() {
		let raw = sp_core::bytes::from_hex(EXAMPLE).unwrap();
		let expected = Claim {
			sender: ethereum_account(&H160(hex_literal_address())),
			nonce: 9,
			offer: ethereum_offer(20_000_000_000, 20_000_000_000),
			id: H256(sp_io::hashing::keccak_256(&raw)),
		};
		for extrinsic in [
			Extrinsic::new_bare(transact(raw.clone())),
			Extrinsic::new_transaction(transact(raw), extension()),
		] {
			let envelope = read(&bytes(extrinsic), true);
			assert!(envelope.is_ethereum);
			assert_eq!(envelope.claim.as_ref(), Some(&expected));
		}
	}

	/// Who signed [`EXAMPLE`].
	fn hex_literal_address() -> [u8; 20] {
		let bytes = sp_core::bytes::from_hex("9d8a62f656a8d1615c1294fd71e9cfb3e4855a4f").unwrap();
		bytes.try_into().unwrap()
	}

	#[test]
	fn unreadable_ethereum_transaction_is_known_as_one() {
		let envelope = read(&bytes(Extrinsic::new_bare(transact(vec![1, 2, 3]))), true);
		assert!(envelope.is_ethereum && envelope.claim.is_none());
	}

	#[test]
	fn signed_extrinsic_is_read_while_its_form_is_known() {
		let sender = AccountId::new([7; 32]);
		let extrinsic = Extrinsic::new_signed(
			RuntimeCall::System(frame_system::Call::remark { remark: vec![] }),
			MultiAddress::Id(sender.clone()),
			MultiSignature::Sr25519([0; 64].into()).into(),
			extension(),
		);
		let bytes = bytes(extrinsic);
		let claim = read(&bytes, true).claim.unwrap();
		assert_eq!((claim.sender, claim.nonce), (sender, 0));
		assert_eq!(claim.offer, Offer::Signed { tip: 0 });
		assert_eq!(read(&bytes, false), Envelope::default());
	}

	#[test]
	fn other_bytes_claim_nothing() {
		let remark = RuntimeCall::System(frame_system::Call::remark { remark: vec![] });
		assert_eq!(
			read(&bytes(Extrinsic::new_bare(remark)), true),
			Envelope::default()
		);
		for bytes in [&[][..], &[4], &[0x84], &[0x84, 0, 1, 2], &[0xFF; 40]] {
			assert_eq!(read(bytes, true), Envelope::default());
		}
	}

	#[test]
	fn deeply_nested_call_is_not_decoded() {
		// `utility.batch([utility.batch([…])])`: decoding it would take a frame of the stack a level.
		let mut call = Vec::new();
		let batch = RuntimeCall::Utility(pallet_utility::Call::batch { calls: vec![] }).encode();
		for _ in 0..200_000 {
			call.extend_from_slice(&batch[..2]);
			call.push(4);
		}
		let mut bytes = vec![5];
		bytes.extend(call);
		assert_eq!(read(&bytes, true), Envelope::default());
	}
}
