//! The vectors that every verifier of receipts is held against, `vectors/receipts.json`: what it accepts, and what it refuses
//! and why.
//!
//! They are made here. `RENEW_VECTORS=1 cargo test -p trivium-receipts --test vectors` writes them anew; without it the file
//! has to be what would be written.

use std::path::Path;

use serde_json::{json, Value};
use trivium_receipts::{
	hash::blake2_256, tree, verify, verify_log, Commitment, Error, Hash, Header, Log, Receipt,
	Software, NO_EXTRINSIC, VERSION,
};

/// A word that differs for each number.
fn word(seed: u64) -> Hash {
	let mut word = [0; 32];
	word[..8].copy_from_slice(&seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes());
	word[31] = seed as u8;
	word
}

fn hex(bytes: &[u8]) -> String {
	let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
	format!("0x{digits}")
}

fn all_hex(hashes: &[Hash]) -> Vec<String> {
	hashes.iter().map(|hash| hex(hash)).collect()
}

fn log(seed: u64) -> Log {
	Log {
		vm: (seed % 3) as u8,
		contract: word(100 + seed),
		frame: seed as u32,
		topics: (0..seed % 5).map(word).collect(),
		data: (0..seed * 13).map(|at| at as u8).collect(),
	}
}

fn logs(count: u64) -> (Vec<Log>, Vec<Hash>) {
	let logs: Vec<_> = (0..count).map(log).collect();
	let leaves = logs.iter().map(Log::leaf::<Software>).collect();
	(logs, leaves)
}

fn receipt(block: u32, index: u32, logs: &[Hash]) -> Receipt {
	let seed = u64::from(index) + 1;
	Receipt {
		version: VERSION,
		chain: word(7),
		block,
		index,
		extrinsic: match index % 3 {
			0 => NO_EXTRINSIC,
			extrinsic => extrinsic,
		},
		vm: (seed % 3) as u8,
		caller: word(10 + seed),
		contract: word(20 + seed),
		value: u128::MAX >> (index % 128),
		input: word(30 + seed),
		output: word(40 + seed),
		success: seed % 2 == 1,
		ref_time: u64::MAX >> (index % 64),
		proof_size: seed * 1_000,
		hops: index,
		log_count: logs.len() as u32,
		logs_root: tree::root::<Software>(logs),
	}
}

/// SCALE's compact form.
fn compact(number: u32) -> Vec<u8> {
	match number {
		0..=0x3f => vec![(number as u8) << 2],
		0x40..=0x3fff => ((number as u16) << 2 | 1).to_le_bytes().to_vec(),
		0x4000..=0x3fff_ffff => (number << 2 | 2).to_le_bytes().to_vec(),
		_ => [&[3][..], &number.to_le_bytes()].concat(),
	}
}

/// A digest item with an engine.
fn item(kind: u8, engine: &[u8; 4], payload: &[u8]) -> Vec<u8> {
	let len = compact(payload.len() as u32);
	[&[kind][..], engine, &len, payload].concat()
}

fn header(number: u32, items: &[Vec<u8>]) -> Vec<u8> {
	let (parent, state, extrinsics) = (word(1), word(2), word(3));
	let count = compact(items.len() as u32);
	[
		&parent[..],
		&compact(number),
		&state,
		&extrinsics,
		&count,
		&items.concat(),
	]
	.concat()
}

/// A block: its header's bytes and its receipts.
struct Block {
	receipts: Vec<Receipt>,
	header: Vec<u8>,
}

impl Block {
	fn new(number: u32, count: u32) -> Self {
		let receipts: Vec<_> = (0..count)
			.map(|index| receipt(number, index, &[]))
			.collect();
		let payload = Self::payload(&receipts);
		let other = [&[0][..], &compact(5), b"other"].concat();
		let items = [
			item(6, b"aura", &[1; 8]),
			vec![8],
			item(4, b"TVMR", &payload),
			other,
			item(5, b"aura", &[2; 64]),
		];
		Self {
			header: header(number, &items),
			receipts,
		}
	}

	fn leaves(receipts: &[Receipt]) -> Vec<Hash> {
		receipts.iter().map(Receipt::leaf::<Software>).collect()
	}

	fn payload(receipts: &[Receipt]) -> Vec<u8> {
		let root = tree::root::<Software>(&Self::leaves(receipts));
		let count = receipts.len() as u32;
		Commitment { count, root }.encode().to_vec()
	}

	fn siblings(&self, index: usize) -> Vec<Hash> {
		tree::prove::<Software>(&Self::leaves(&self.receipts), index).expect("it is there")
	}
}

/// The name of an error, the same in every language.
fn name(error: Error) -> String {
	match error {
		Error::Header(error) => format!("{error:?}"),
		Error::Proof(error) => format!("{error:?}"),
		error => format!("{error:?}"),
	}
}

fn json_of(receipt: &Receipt) -> Value {
	json!({
		"version": receipt.version,
		"chain": hex(&receipt.chain),
		"blockNumber": receipt.block,
		"index": receipt.index,
		"extrinsic": receipt.extrinsic,
		"vm": receipt.vm,
		"caller": hex(&receipt.caller),
		"contract": hex(&receipt.contract),
		"value": receipt.value.to_string(),
		"input": hex(&receipt.input),
		"output": hex(&receipt.output),
		"success": receipt.success,
		"refTime": receipt.ref_time.to_string(),
		"proofSize": receipt.proof_size.to_string(),
		"hops": receipt.hops,
		"logCount": receipt.log_count,
		"logsRoot": hex(&receipt.logs_root),
	})
}

/// The vectors so far.
#[derive(Default)]
struct Vectors {
	receipts: Vec<Value>,
	logs: Vec<Value>,
}

/// A field, and how it becomes another.
type Change<T> = (&'static str, fn(&mut T));

/// What is to be said of a vector: nothing, or why it is refused.
type Expected<'a> = Option<&'a str>;

impl Vectors {
	/// A receipt under a header of the right hash.
	fn receipt(
		&mut self,
		what: &str,
		header: &[u8],
		proof: (&Receipt, &[Hash]),
		expected: Expected,
	) {
		self.receipt_of(what, blake2_256(header), header, proof, expected);
	}

	fn receipt_of(
		&mut self,
		what: &str,
		block_hash: Hash,
		header: &[u8],
		(receipt, siblings): (&Receipt, &[Hash]),
		expected: Expected,
	) {
		let seen = verify(&block_hash, header, receipt, siblings)
			.err()
			.map(name);
		assert_eq!(seen.as_deref(), expected, "{what}");
		self.receipts.push(json!({
			"what": what,
			"blockHash": hex(&block_hash),
			"header": hex(header),
			"receipt": json_of(receipt),
			"siblings": all_hex(siblings),
			"error": expected,
		}));
	}

	fn log(
		&mut self,
		what: &str,
		receipt: &Receipt,
		(log, index, siblings): (&Log, u32, &[Hash]),
		expected: Expected,
	) {
		let seen = verify_log(receipt, log, index, siblings).err().map(name);
		assert_eq!(seen.as_deref(), expected, "{what}");
		self.logs.push(json!({
			"what": what,
			"receipt": json_of(receipt),
			"log": {
				"vm": log.vm,
				"contract": hex(&log.contract),
				"frame": log.frame,
				"topics": all_hex(&log.topics),
				"data": hex(&log.data),
			},
			"index": index,
			"siblings": all_hex(siblings),
			"error": expected,
		}));
	}

	fn accepted(&mut self) {
		let blocks = [
			(1, 1),
			(63, 2),
			(64, 3),
			(16_383, 5),
			(16_384, 8),
			(1 << 30, 33),
		];
		for (number, count) in blocks {
			let block = Block::new(number, count);
			for (index, receipt) in block.receipts.iter().enumerate() {
				let what = format!("receipt {index} of {count} in block {number}");
				let proof = (receipt, &block.siblings(index)[..]);
				self.receipt(&what, &block.header, proof, None);
			}
		}
		self.accepted_headers();
		for count in [1, 3, 7] {
			let (logs, leaves) = logs(count);
			let receipt = receipt(1, 0, &leaves);
			for (index, log) in logs.iter().enumerate() {
				let siblings = tree::prove::<Software>(&leaves, index).expect("it is there");
				let what = format!("log {index} of {count}");
				self.log(&what, &receipt, (log, index as u32, &siblings), None);
			}
		}
	}

	/// The commitment alone, before and after others, in headers that end where a block of the hash does.
	fn accepted_headers(&mut self) {
		let receipts = [receipt(9, 0, &[])];
		let ours = item(4, b"TVMR", &Block::payload(&receipts));
		let alone = header(9, std::slice::from_ref(&ours));
		let proof = (&receipts[0], &[][..]);
		self.receipt("the commitment alone", &alone, proof, None);
		for len in [255, 256, 257, 384] {
			// Of a kind, a length in two bytes, and as much as is missing.
			let filling = vec![7; len - alone.len() - 3];
			let other = [&[0][..], &compact(filling.len() as u32), &filling].concat();
			let orders = [
				("first", [ours.clone(), other.clone()]),
				("last", [other, ours.clone()]),
			];
			for (place, items) in orders {
				let header = header(9, &items);
				assert_eq!(header.len(), len);
				let what = format!("the commitment {place} in a header of {len} bytes");
				self.receipt(&what, &header, proof, None);
			}
		}
	}

	fn refused_receipts(&mut self) {
		let block = Block::new(9, 5);
		let (header, receipts) = (&block.header, &block.receipts);
		let siblings = block.siblings(4);
		let last = &receipts[4];
		assert_eq!(siblings.len(), 1, "the last of five moves up twice");
		let mut refuse = |what: &str, receipt: &Receipt, siblings: &[Hash], expected: &str| {
			self.receipt(what, header, (receipt, siblings), Some(expected));
		};
		let with = |change: fn(&mut Receipt)| {
			let mut receipt = last.clone();
			change(&mut receipt);
			receipt
		};
		// A tree whose proofs do not bind the place takes this leaf at places 1 and 3 too.
		for (index, expected) in [(1, "WrongLength"), (3, "WrongLength"), (5, "NoSuchLeaf")] {
			let mut moved = last.clone();
			moved.index = index;
			let what = format!("the last of five at place {index}");
			refuse(&what, &moved, &siblings, expected);
		}
		let longer = [&siblings[..], &[word(9)]].concat();
		refuse("one sibling too many", last, &longer, "WrongLength");
		refuse("one sibling too few", last, &[], "WrongLength");
		refuse("another sibling", last, &[word(9)], "WrongRoot");
		let of_another = block.siblings(1);
		refuse(
			"siblings of another receipt",
			&receipts[0],
			&of_another,
			"WrongRoot",
		);
		let changes: [Change<Receipt>; 15] = [
			("chain", |r| r.chain[0] ^= 1),
			("extrinsic", |r| r.extrinsic ^= 1),
			("vm", |r| r.vm ^= 1),
			("caller", |r| r.caller[31] ^= 1),
			("contract", |r| r.contract[0] ^= 1),
			("value", |r| r.value ^= 1),
			("input", |r| r.input[0] ^= 1),
			("output", |r| r.output[0] ^= 1),
			("success", |r| r.success = !r.success),
			("refTime", |r| r.ref_time ^= 1),
			("proofSize", |r| r.proof_size ^= 1),
			("hops", |r| r.hops ^= 1),
			("logCount", |r| r.log_count ^= 1),
			("logsRoot", |r| r.logs_root[0] ^= 1),
			("highest bit of value", |r| r.value ^= 1 << 127),
		];
		for (field, change) in changes {
			refuse(
				&format!("another {field}"),
				&with(change),
				&siblings,
				"WrongRoot",
			);
		}
		let version = with(|r| r.version = 1);
		refuse("another version", &version, &siblings, "UnknownVersion");
		let number = with(|r| r.block += 1);
		refuse("another block", &number, &siblings, "WrongBlockNumber");
		let proof = (last, &siblings[..]);
		let what = "the header of another block";
		self.receipt_of(what, word(1), header, proof, Some("WrongBlockHash"));
	}

	fn refused_headers(&mut self) {
		let block = Block::new(9, 1);
		let receipt = &block.receipts[0];
		let payload = Block::payload(&block.receipts);
		let ours = |payload: &[u8]| item(4, b"TVMR", payload);
		let mut refuse = |what: &str, header: &[u8], expected: &str| {
			self.receipt(what, header, (receipt, &[]), Some(expected));
		};
		let whole = header(9, &[ours(&payload)]);
		for (what, items, expected) in [
			("no digest item", vec![], "NoCommitment"),
			(
				"another engine",
				vec![item(4, b"TVMS", &payload)],
				"NoCommitment",
			),
			(
				"a seal of our engine",
				vec![item(5, b"TVMR", &payload)],
				"NoCommitment",
			),
			(
				"two commitments",
				vec![ours(&payload), ours(&payload)],
				"TwoCommitments",
			),
			(
				"a longer commitment",
				vec![ours(&[&payload[..], &[0]].concat())],
				"BadCommitment",
			),
			(
				"a shorter commitment",
				vec![ours(&payload[..36])],
				"BadCommitment",
			),
			("an empty commitment", vec![ours(&[])], "BadCommitment"),
			(
				"version 1",
				vec![ours(&[&[1], &payload[1..]].concat())],
				"BadCommitment",
			),
			(
				"an unknown item",
				vec![vec![7], ours(&payload)],
				"UnknownDigestItem",
			),
			("item 1", vec![vec![1], ours(&payload)], "UnknownDigestItem"),
		] {
			refuse(what, &header(9, &items), expected);
		}
		refuse(
			"a byte behind the header",
			&[&whole[..], &[0]].concat(),
			"TrailingBytes",
		);
		refuse(
			"a header that ends early",
			&whole[..whole.len() - 1],
			"Truncated",
		);
		refuse("an empty header", &[], "Truncated");
		// Nine in more bytes than it needs, and in more than a number of 32 bits has.
		for (form, bytes) in [
			("two bytes", &[9 << 2 | 1, 0][..]),
			("four bytes", &[9 << 2 | 2, 0, 0, 0]),
			("five bytes", &[3, 9, 0, 0, 0]),
			("six bytes", &[7, 9, 0, 0, 0, 0]),
		] {
			let long = [&whole[..32], bytes, &whole[33..]].concat();
			refuse(&format!("a block number in {form}"), &long, "BadCompact");
		}
		let mut more = payload.clone();
		more[1] = 2;
		refuse(
			"a commitment to one more",
			&header(9, &[ours(&more)]),
			"WrongLength",
		);
		let empty = header(9, &[ours(&Block::payload(&[]))]);
		refuse("an empty tree", &empty, "NoSuchLeaf");
		for end in 0..whole.len() {
			assert!(Header::decode(&whole[..end]).is_err(), "truncated at {end}");
		}
	}

	fn refused_logs(&mut self) {
		let (logs, leaves) = logs(3);
		let own = receipt(1, 0, &leaves);
		let siblings = tree::prove::<Software>(&leaves, 1).expect("it is there");
		let mut refuse = |what: &str, receipt: &Receipt, log: &Log, index, expected: &str| {
			self.log(what, receipt, (log, index, &siblings), Some(expected));
		};
		refuse("a log at another place", &own, &logs[1], 0, "WrongRoot");
		refuse("a log behind the last", &own, &logs[1], 3, "NoSuchLeaf");
		let other = receipt(1, 0, &[leaves[0], leaves[2], leaves[1]]);
		refuse(
			"a log of a receipt of as many",
			&other,
			&logs[1],
			1,
			"WrongRoot",
		);
		let shorter = receipt(1, 0, &leaves[..2]);
		refuse(
			"a log of another receipt",
			&shorter,
			&logs[1],
			1,
			"WrongLength",
		);
		let none = receipt(1, 0, &[]);
		refuse(
			"a log of a receipt without",
			&none,
			&logs[1],
			0,
			"NoSuchLeaf",
		);
		let changes: [Change<Log>; 5] = [
			("machine", |log| log.vm ^= 1),
			("contract", |log| log.contract[0] ^= 1),
			("frame", |log| log.frame ^= 1),
			("topics", |log| log.topics.push([0; 32])),
			("data", |log| log.data.push(0)),
		];
		for (field, change) in changes {
			let mut changed = logs[1].clone();
			change(&mut changed);
			refuse(
				&format!("a log with other {field}"),
				&own,
				&changed,
				1,
				"WrongRoot",
			);
		}
	}
}

#[test]
fn vectors_are_what_this_crate_says() {
	let mut vectors = Vectors::default();
	vectors.accepted();
	vectors.refused_receipts();
	vectors.refused_headers();
	vectors.refused_logs();
	let Vectors { receipts, logs } = vectors;
	let all = json!({ "receipts": receipts, "logs": logs });
	let text = format!("{}\n", serde_json::to_string_pretty(&all).expect("is JSON"));
	let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/receipts.json");
	if std::env::var_os("RENEW_VECTORS").is_some() {
		std::fs::write(&path, &text).expect("is written");
	}
	let kept = std::fs::read_to_string(&path).unwrap_or_default();
	assert!(
		kept == text,
		"vectors/receipts.json is not what would be written"
	);
}
