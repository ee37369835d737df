/** Why something is not proven. The names are those of the Rust crate and of the Solidity library. */
export type Reason =
	/** A part of the proof is no hexadecimal text, or no number of its size. */
	| 'Malformed'
	/** The header is not that of the block. */
	| 'WrongBlockHash'
	/** The header ends early. */
	| 'Truncated'
	/** The header goes on behind its end. */
	| 'TrailingBytes'
	/** A compact number that is not in its shortest form, or too large. */
	| 'BadCompact'
	/** A digest item of a kind that is not known. */
	| 'UnknownDigestItem'
	/** A commitment of another version or length. */
	| 'BadCommitment'
	/** More than one commitment. */
	| 'TwoCommitments'
	/** The block commits to no receipts. */
	| 'NoCommitment'
	/** The receipt is of a version that is not known here. */
	| 'UnknownVersion'
	/** The receipt says that it is of another block. */
	| 'WrongBlockNumber'
	/** The tree has no leaf at that index. */
	| 'NoSuchLeaf'
	/** The proof has not as many siblings as there are on the way from that leaf. */
	| 'WrongLength'
	/** The proof leads to another root. */
	| 'WrongRoot';

/** Something is not proven. */
export class ReceiptError extends Error {
	/** Why. */
	readonly reason: Reason;

	constructor(reason: Reason, detail?: string) {
		super(detail === undefined ? reason : `${reason}: ${detail}`);
		this.name = 'ReceiptError';
		this.reason = reason;
	}
}
