//! Types of the pallet's calls and storage.

use alloc::vec::Vec;

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use polkadot_sdk::{
	frame_support::{defensive, weights::Weight},
	sp_core::H256,
};
use scale_info::TypeInfo;
use trivium_primitives::{Balance, HostKeccak};
use trivium_receipts::{tree::Growing, Hash};

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

/// A tree of receipts or of logs as it grows: [`Growing`] as it is stored. At most 32 hashes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Tree {
	/// Leaves so far.
	pub count: u32,
	/// Roots of its complete parts, largest first.
	pub roots: Vec<Hash>,
}

impl Tree {
	/// Adds a leaf.
	pub(crate) fn push(&mut self, leaf: Hash) {
		let mut tree = self.take();
		if !tree.push::<HostKeccak>(leaf) {
			defensive!("no block has time for so many");
		}
		self.count = tree.count;
		self.roots = tree.roots;
	}

	/// How many leaves it has, and its root.
	pub(crate) fn sealed(mut self) -> (u32, H256) {
		let tree = self.take();
		(tree.count, H256(tree.root::<HostKeccak>()))
	}

	fn take(&mut self) -> Growing {
		Growing {
			count: self.count,
			roots: core::mem::take(&mut self.roots),
		}
	}
}
