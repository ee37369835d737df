//! From a block's hash to a receipt, and from there to a log.

use crate::{
	hash::blake2_256,
	header::{Header, HeaderError},
	tree::{self, ProofError},
	Hash, Log, Receipt, Software, VERSION,
};

/// Why something is not proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
	/// The header is not that of the block.
	WrongBlockHash,
	/// The header cannot be read.
	Header(HeaderError),
	/// The block commits to no receipts.
	NoCommitment,
	/// The receipt is of a version that is not known here.
	UnknownVersion,
	/// The receipt says that it is of another block.
	WrongBlockNumber,
	/// The proof of the receipt, or of the log, does not hold.
	Proof(ProofError),
}

impl From<HeaderError> for Error {
	fn from(error: HeaderError) -> Self {
		Self::Header(error)
	}
}

impl From<ProofError> for Error {
	fn from(error: ProofError) -> Self {
		Self::Proof(error)
	}
}

/// Checks that the block of this hash has this receipt.
///
/// `header` are the bytes of the block's header, `siblings` the hashes beside the way from the receipt to the
/// root, from the receipt up. That the block is one of the chain's is what the caller has to know. The receipt names the
/// chain; whoever listens to several compares it.
///
/// # Errors
/// [`Error`].
pub fn verify(
	block_hash: &Hash,
	header: &[u8],
	receipt: &Receipt,
	siblings: &[Hash],
) -> Result<(), Error> {
	if blake2_256(header) != *block_hash {
		return Err(Error::WrongBlockHash);
	}
	let header = Header::decode(header)?;
	let commitment = header.commitment.ok_or(Error::NoCommitment)?;
	if receipt.version != VERSION {
		return Err(Error::UnknownVersion);
	}
	if receipt.block != header.number {
		return Err(Error::WrongBlockNumber);
	}
	tree::verify::<Software>(
		&commitment.root,
		commitment.count,
		receipt.index,
		receipt.leaf::<Software>(),
		siblings,
	)?;
	Ok(())
}

/// Checks that a log is that at `index` of a receipt, which [`verify`] has to check by itself.
///
/// # Errors
/// [`Error::Proof`].
pub fn verify_log(
	receipt: &Receipt,
	log: &Log,
	index: u32,
	siblings: &[Hash],
) -> Result<(), Error> {
	let leaf = log.leaf::<Software>();
	tree::verify::<Software>(&receipt.logs_root, receipt.log_count, index, leaf, siblings)?;
	Ok(())
}
