//! Types of the pallet's calls.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use polkadot_sdk::frame_support::weights::Weight;
use scale_info::TypeInfo;
use trivium_primitives::Balance;

/// What a call may use.
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
pub struct CallLimit {
	/// Ref time, picoseconds.
	#[codec(compact)]
	pub ref_time: u64,
	/// Proof size, bytes.
	#[codec(compact)]
	pub proof_size: u64,
	/// Storage deposit, planck; `None` is 0.
	pub deposit: Option<Balance>,
}

impl CallLimit {
	/// Both dimensions of weight.
	pub fn weight(&self) -> Weight {
		Weight::from_parts(self.ref_time, self.proof_size)
	}
}
