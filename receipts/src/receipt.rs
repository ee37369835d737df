//! What is said of a call, and the bytes of it that are hashed.

use alloc::vec::Vec;

use crate::{
	abi::{Words, WORD},
	tree, Hash, Keccak,
};

/// The version of what a receipt says and how it is hashed.
pub const VERSION: u8 = 2;

/// [`Receipt::extrinsic`] of a call that came in no extrinsic.
pub const NO_EXTRINSIC: u32 = u32::MAX;

/// What an outermost call into a virtual machine did.
///
/// An account is 32 bytes; that of an Ethereum address is the address and twelve bytes `0xee`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
	/// [`VERSION`].
	pub version: u8,
	/// The chain: the hash of its first block.
	pub chain: Hash,
	/// The block's number.
	pub block: u32,
	/// The receipt's place among those of the block, from 0.
	pub index: u32,
	/// The place in the block of the extrinsic that the call came in, [`NO_EXTRINSIC`] if in none.
	pub extrinsic: u32,
	/// The virtual machine called: 0 is the EVM, 1 ink!/WASM, 2 Move.
	pub vm: u8,
	/// The account that called.
	pub caller: Hash,
	/// The contract called, or created.
	pub contract: Hash,
	/// Planck that went with the call.
	pub value: u128,
	/// Keccak-256 of what the contract was called with, in its machine's encoding.
	pub input: Hash,
	/// Keccak-256 of what it returned, or refused with; of nothing where neither stands.
	pub output: Hash,
	/// Whether what it did stands.
	pub success: bool,
	/// Time that it used, picoseconds of weight.
	pub ref_time: u64,
	/// State that it used, bytes of proof.
	pub proof_size: u64,
	/// Calls from one machine into another, the first included where it was one.
	pub hops: u32,
	/// Logs that stand.
	pub log_count: u32,
	/// Root of the tree of those logs, in their order.
	pub logs_root: Hash,
}

/// Words of a receipt.
const RECEIPT_WORDS: usize = 17;

impl Receipt {
	/// What is hashed of it: 544 bytes, `abi.encode` of the fields in their order.
	pub fn encode(&self) -> Vec<u8> {
		let mut words = Words::with_capacity(RECEIPT_WORDS.saturating_mul(WORD));
		words
			.number(self.version.into())
			.word(&self.chain)
			.number(self.block.into())
			.number(self.index.into())
			.number(self.extrinsic.into())
			.number(self.vm.into())
			.word(&self.caller)
			.word(&self.contract)
			.number(self.value)
			.word(&self.input)
			.word(&self.output)
			.number(self.success.into())
			.number(self.ref_time.into())
			.number(self.proof_size.into())
			.number(self.hops.into())
			.number(self.log_count.into())
			.word(&self.logs_root);
		words.into_bytes()
	}

	/// Its leaf in the block's tree.
	pub fn leaf<K: Keccak>(&self) -> Hash {
		tree::leaf::<K>(&self.encode())
	}
}

/// What a contract logged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
	/// The virtual machine, as in [`Receipt::vm`].
	pub vm: u8,
	/// The contract that logged.
	pub contract: Hash,
	/// The call between machines in which it did, counted in the order of entry; the first is 0.
	pub frame: u32,
	/// Topics, as the machine has them.
	pub topics: Vec<Hash>,
	/// Payload, in the machine's encoding.
	pub data: Vec<u8>,
}

impl Log {
	/// What is hashed of it: `abi.encode(uint8, bytes32, uint32, bytes32[], bytes)`.
	pub fn encode(&self) -> Vec<u8> {
		encode_log(
			self.vm,
			&self.contract,
			self.frame,
			&self.topics,
			&self.data,
		)
	}

	/// Its leaf in the receipt's tree.
	pub fn leaf<K: Keccak>(&self) -> Hash {
		tree::leaf::<K>(&self.encode())
	}
}

/// The leaf of a log, of which not all is at hand as a [`Log`].
pub fn log_leaf<K: Keccak, Topic: AsRef<[u8]>>(
	vm: u8,
	contract: &Hash,
	frame: u32,
	topics: &[Topic],
	data: &[u8],
) -> Hash {
	tree::leaf::<K>(&encode_log(vm, contract, frame, topics, data))
}

/// Words of a log before what is of no fixed length, lengths not counted.
const LOG_HEAD_WORDS: usize = 5;

fn encode_log<Topic: AsRef<[u8]>>(
	vm: u8,
	contract: &Hash,
	frame: u32,
	topics: &[Topic],
	data: &[u8],
) -> Vec<u8> {
	let of_topics = topics.len().saturating_add(1).saturating_mul(WORD);
	let topics_at = LOG_HEAD_WORDS.saturating_mul(WORD);
	let data_at = topics_at.saturating_add(of_topics);
	let len = data_at
		.saturating_add(WORD.saturating_mul(2))
		.saturating_add(data.len());
	let mut words = Words::with_capacity(len);
	words
		.number(vm.into())
		.word(contract)
		.number(frame.into())
		.number(topics_at as u128)
		.number(data_at as u128)
		.number(topics.len() as u128);
	for topic in topics {
		words.padded(topic.as_ref());
	}
	words.number(data.len() as u128).padded(data);
	words.into_bytes()
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_receipt_is_seventeen_words() {
		let receipt = Receipt {
			version: VERSION,
			chain: [1; 32],
			block: 2,
			index: 3,
			extrinsic: NO_EXTRINSIC,
			vm: 2,
			caller: [4; 32],
			contract: [5; 32],
			value: u128::MAX,
			input: [6; 32],
			output: [7; 32],
			success: true,
			ref_time: u64::MAX,
			proof_size: 8,
			hops: 9,
			log_count: 10,
			logs_root: [11; 32],
		};
		let bytes = receipt.encode();
		assert_eq!(bytes.len(), 544);
		let word = |n: usize| &bytes[n * 32..][..32];
		assert_eq!(word(1), [1; 32]);
		assert_eq!(word(4)[..28], [0; 28]);
		assert_eq!(word(4)[28..], [255; 4]);
		assert_eq!(word(8)[..16], [0; 16]);
		assert_eq!(word(8)[16..], [255; 16]);
		assert_eq!(word(11)[31], 1);
		assert_eq!(word(16), [11; 32]);
	}

	/// The example of the ABI's specification, moved to the types of a log.
	#[test]
	fn a_log_has_its_topics_and_data_behind_its_head() {
		let log = Log {
			vm: 1,
			contract: [2; 32],
			frame: 3,
			topics: alloc::vec![[4; 32], [5; 32]],
			data: b"six".to_vec(),
		};
		let bytes = log.encode();
		let word = |n: usize| &bytes[n * 32..][..32];
		assert_eq!(bytes.len(), 10 * 32);
		assert_eq!(word(3)[31], 5 * 32);
		assert_eq!(word(4)[30..], [1, 0]);
		assert_eq!(word(5)[31], 2);
		assert_eq!(word(7), [5; 32]);
		assert_eq!(word(8)[31], 3);
		assert_eq!(word(9)[..4], *b"six\0");
	}
}
