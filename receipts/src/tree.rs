//! Merkle trees of [RFC 9162, 2.1](https://www.rfc-editor.org/rfc/rfc9162#section-2.1), with Keccak-256.
//!
//! ```text
//! leaf(bytes)    = keccak(0x00 ‖ bytes)
//! node(l, r)     = keccak(0x01 ‖ l ‖ r)
//! root(n leaves) = node(root(the first k), root(the rest)), k the largest power of two below n
//! root(nothing)  = keccak("")
//! ```
//!
//! A tree that grows is kept as the roots of its complete parts ([`Growing`]): as many as its size has bits set, so that
//! adding a leaf costs one or two hashes and at most 32 are kept.

use alloc::vec::Vec;

use crate::{hash::KECCAK_EMPTY, Hash, Keccak};

/// The hash of a leaf.
pub fn leaf<K: Keccak>(bytes: &[u8]) -> Hash {
	let mut prefixed = Vec::with_capacity(bytes.len().saturating_add(1));
	prefixed.push(0);
	prefixed.extend_from_slice(bytes);
	K::keccak_256(&prefixed)
}

/// The hash of two that stand side by side.
pub fn node<K: Keccak>(left: &Hash, right: &Hash) -> Hash {
	let mut bytes = Vec::with_capacity(65);
	bytes.push(1);
	bytes.extend_from_slice(left);
	bytes.extend_from_slice(right);
	K::keccak_256(&bytes)
}

/// A tree to which leaves are added.
///
/// `roots` are those of its complete parts, largest first: a part for each bit that is set in `count`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Growing {
	/// Leaves so far.
	pub count: u32,
	/// Roots of the complete parts, largest first.
	pub roots: Vec<Hash>,
}

impl Growing {
	/// Adds a leaf's hash. `false`, and nothing is added, if the tree is as large as it can be.
	#[must_use]
	pub fn push<K: Keccak>(&mut self, leaf: Hash) -> bool {
		let Some(count) = self.count.checked_add(1) else {
			return false;
		};
		let mut root = leaf;
		// Each complete part of the size of what is added is joined with it.
		for _ in 0..self.count.trailing_ones() {
			let Some(left) = self.roots.pop() else { break };
			root = node::<K>(&left, &root);
		}
		self.roots.push(root);
		self.count = count;
		true
	}

	/// The root of the whole.
	pub fn root<K: Keccak>(&self) -> Hash {
		self.roots
			.iter()
			.rev()
			.copied()
			.reduce(|right, left| node::<K>(&left, &right))
			.unwrap_or(KECCAK_EMPTY)
	}
}

/// The root of a tree of these leaves.
pub fn root<K: Keccak>(leaves: &[Hash]) -> Hash {
	let mut tree = Growing::default();
	for leaf in leaves {
		if !tree.push::<K>(*leaf) {
			break;
		}
	}
	tree.root::<K>()
}

/// The siblings on the way from the leaf at `index` to the root, from the leaf up; `None` if there is no such leaf.
pub fn prove<K: Keccak>(leaves: &[Hash], index: usize) -> Option<Vec<Hash>> {
	let mut siblings = Vec::new();
	let mut part = leaves;
	let mut index = index;
	if index >= part.len() {
		return None;
	}
	// From the root down: the half that the leaf is not in is a sibling.
	while part.len() > 1 {
		let (left, right) = part.split_at_checked(part.len().div_ceil(2).next_power_of_two())?;
		match index.checked_sub(left.len()) {
			None => {
				siblings.push(root::<K>(right));
				part = left;
			}
			Some(within) => {
				siblings.push(root::<K>(left));
				part = right;
				index = within;
			}
		}
	}
	siblings.reverse();
	Some(siblings)
}

/// What a proof does not prove.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProofError {
	/// The tree has no leaf at that index.
	NoSuchLeaf,
	/// The proof has not as many siblings as there are on the way from that leaf.
	WrongLength,
	/// It leads to another root.
	WrongRoot,
}

/// Checks that `leaf` is at `index` in a tree of `count` leaves under `root`.
///
/// # Errors
/// [`ProofError`].
pub fn verify<K: Keccak>(
	root: &Hash,
	count: u32,
	index: u32,
	leaf: Hash,
	siblings: &[Hash],
) -> Result<(), ProofError> {
	if index >= count {
		return Err(ProofError::NoSuchLeaf);
	}
	let mut siblings = siblings.iter();
	let mut hash = leaf;
	// The leaf's place among those of its level, and the last place there.
	let (mut place, mut last) = (index, count.saturating_sub(1));
	while last > 0 {
		// The last of an odd level has none beside it and is the same one level up.
		if place % 2 == 1 || place != last {
			let sibling = siblings.next().ok_or(ProofError::WrongLength)?;
			hash = match place % 2 {
				1 => node::<K>(sibling, &hash),
				_ => node::<K>(&hash, sibling),
			};
		}
		place /= 2;
		last /= 2;
	}
	match siblings.next() {
		Some(_) => Err(ProofError::WrongLength),
		None if hash == *root => Ok(()),
		None => Err(ProofError::WrongRoot),
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::Software;
	use proptest::prelude::*;

	fn leaves(count: usize) -> Vec<Hash> {
		(0..count as u64)
			.map(|n| leaf::<Software>(&n.to_le_bytes()))
			.collect()
	}

	/// The same tree by a crate made for certificate transparency.
	fn oracle(
		count: usize,
	) -> ct_merkle::mem_backed_tree::MemoryBackedTree<sha3::Keccak256, [u8; 8]> {
		let mut tree = ct_merkle::mem_backed_tree::MemoryBackedTree::new();
		for n in 0..count as u64 {
			tree.push(n.to_le_bytes());
		}
		tree
	}

	#[test]
	fn trees_and_proofs_are_those_of_another_implementation() {
		for count in 0..70 {
			let (leaves, oracle) = (leaves(count), oracle(count));
			assert_eq!(
				root::<Software>(&leaves),
				*oracle.root().as_bytes().as_slice()
			);
			for index in 0..count {
				let proof = prove::<Software>(&leaves, index).expect("there is such a leaf");
				assert_eq!(proof.concat(), oracle.prove_inclusion(index).as_bytes());
			}
			assert_eq!(prove::<Software>(&leaves, count), None);
		}
	}

	proptest! {
		/// A proof is accepted for its own leaf, place and size, and for nothing beside them.
		#[test]
		fn a_proof_is_of_one_place(count in 1usize..100, index in any::<prop::sample::Index>(), other in 0u32..130, size in 0u32..130) {
			let leaves = leaves(count);
			let index = index.index(count);
			let (place, count) = (index as u32, count as u32);
			let root = root::<Software>(&leaves);
			let proof = prove::<Software>(&leaves, index).expect("there is such a leaf");
			let verify = |count, place, leaf, proof: &[Hash]| verify::<Software>(&root, count, place, leaf, proof);

			prop_assert_eq!(verify(count, place, leaves[index], &proof), Ok(()));
			if other != place {
				prop_assert!(verify(count, other, leaves[index], &proof).is_err());
			}
			let mut longer = proof.clone();
			longer.push(root);
			prop_assert_eq!(verify(count, place, leaves[index], &longer), Err(ProofError::WrongLength));
			if let Some((_, shorter)) = proof.split_last() {
				prop_assert_eq!(verify(count, place, leaves[index], shorter), Err(ProofError::WrongLength));
			}
			// Another size is accepted only where the way is the same, and the header tells the size.
			if size <= place {
				prop_assert_eq!(verify(size, place, leaves[index], &proof), Err(ProofError::NoSuchLeaf));
			}
		}
	}
}
