//! The header of a block, and what it says of the receipts.
//!
//! ```text
//! header     = parent hash[32] compact(number) state root[32] extrinsics root[32] compact(n) digest item × n
//! item       = 0x00 bytes | 0x04 engine[4] bytes | 0x05 engine[4] bytes | 0x06 engine[4] bytes | 0x08
//! bytes      = compact(length) …
//! commitment = version[1] count[4] root[32]                    of the item 0x04 "TVMR"
//! ```
//!
//! Numbers are little-endian, `compact` is [SCALE's](https://docs.polkadot.com/polkadot-protocol/parachain-basics/data-encoding/).

use crate::{Hash, VERSION};

/// The engine of the digest item that commits to a block's receipts.
pub const COMMITMENT_ENGINE_ID: [u8; 4] = *b"TVMR";

/// What a header says of its block's receipts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Commitment {
	/// How many there are.
	pub count: u32,
	/// The root of their tree.
	pub root: Hash,
}

/// Bytes of a commitment.
pub const COMMITMENT_LEN_BYTES: usize = 1 + 4 + 32;

impl Commitment {
	/// The digest item's payload.
	pub fn encode(&self) -> [u8; COMMITMENT_LEN_BYTES] {
		let mut bytes = [0; COMMITMENT_LEN_BYTES];
		let (version, rest) = bytes.split_at_mut(1);
		let (count, root) = rest.split_at_mut(4);
		version.copy_from_slice(&[VERSION]);
		count.copy_from_slice(&self.count.to_le_bytes());
		root.copy_from_slice(&self.root);
		bytes
	}

	fn decode(payload: &[u8]) -> Result<Self, HeaderError> {
		let mut rest = payload;
		if take::<1>(&mut rest).map_err(|_| HeaderError::BadCommitment)? != [VERSION] {
			return Err(HeaderError::BadCommitment);
		}
		let count = take::<4>(&mut rest).map_err(|_| HeaderError::BadCommitment)?;
		let root = take::<32>(&mut rest).map_err(|_| HeaderError::BadCommitment)?;
		match rest {
			[] => Ok(Self {
				count: u32::from_le_bytes(count),
				root,
			}),
			_ => Err(HeaderError::BadCommitment),
		}
	}
}

/// What is read of a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
	/// The block's number.
	pub number: u32,
	/// What it commits to; `None` where no call was made.
	pub commitment: Option<Commitment>,
}

/// Why bytes are no header that receipts can be checked by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderError {
	/// They end early.
	Truncated,
	/// They go on behind the header.
	TrailingBytes,
	/// A compact number that is not in its shortest form, or too large.
	BadCompact,
	/// A digest item of a kind that is not known.
	UnknownDigestItem,
	/// A commitment of another version or length.
	BadCommitment,
	/// More than one commitment.
	TwoCommitments,
}

impl Header {
	/// Reads a header, all of it.
	///
	/// # Errors
	/// [`HeaderError`].
	pub fn decode(bytes: &[u8]) -> Result<Self, HeaderError> {
		let mut rest = bytes;
		take::<32>(&mut rest)?;
		let number = compact(&mut rest)?;
		take::<32>(&mut rest)?;
		take::<32>(&mut rest)?;
		let mut commitment = None;
		for _ in 0..compact(&mut rest)? {
			match take::<1>(&mut rest)? {
				[0] => {
					bytes_of(&mut rest)?;
				}
				[kind @ 4..=6] => {
					let engine = take::<4>(&mut rest)?;
					let payload = bytes_of(&mut rest)?;
					if kind == 4 && engine == COMMITMENT_ENGINE_ID {
						let said = Commitment::decode(payload)?;
						if commitment.replace(said).is_some() {
							return Err(HeaderError::TwoCommitments);
						}
					}
				}
				[8] => {}
				_ => return Err(HeaderError::UnknownDigestItem),
			}
		}
		match rest {
			[] => Ok(Self { number, commitment }),
			_ => Err(HeaderError::TrailingBytes),
		}
	}
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Result<[u8; N], HeaderError> {
	let (taken, rest) = bytes
		.split_first_chunk::<N>()
		.ok_or(HeaderError::Truncated)?;
	*bytes = rest;
	Ok(*taken)
}

fn bytes_of<'a>(bytes: &mut &'a [u8]) -> Result<&'a [u8], HeaderError> {
	let len = compact(bytes)?;
	let len = usize::try_from(len).map_err(|_| HeaderError::Truncated)?;
	let (taken, rest) = bytes.split_at_checked(len).ok_or(HeaderError::Truncated)?;
	*bytes = rest;
	Ok(taken)
}

/// SCALE's compact form of a number of 32 bits: the lowest two bits say in how many bytes it is written.
fn compact(bytes: &mut &[u8]) -> Result<u32, HeaderError> {
	let [first] = take::<1>(bytes)?;
	let (number, least) = match first & 3 {
		0 => (u32::from(first), 0),
		1 => {
			let [second] = take::<1>(bytes)?;
			(u32::from(u16::from_le_bytes([first, second])), 1 << 6)
		}
		2 => {
			let [b, c, d] = take::<3>(bytes)?;
			(u32::from_le_bytes([first, b, c, d]), 1 << 14)
		}
		// The rest of the byte is how many bytes follow, less four.
		_ if first == 3 => {
			let number = u32::from_le_bytes(take::<4>(bytes)?);
			return match number >= 1 << 30 {
				true => Ok(number),
				false => Err(HeaderError::BadCompact),
			};
		}
		_ => return Err(HeaderError::BadCompact),
	};
	let number = number >> 2;
	match number >= least {
		true => Ok(number),
		false => Err(HeaderError::BadCompact),
	}
}
