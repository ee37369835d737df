// The header of a block in SCALE, and what it says of the receipts.

import { equal } from './bytes.js';
import { ReceiptError } from './errors.js';

/** What a header says of its block. */
export interface Header {
	/** The block's number. */
	readonly number: number;
	/** Number and root of its receipts; none if no call was made. */
	readonly commitment: { readonly count: number; readonly root: Uint8Array } | null;
}

/** `TVMR`. */
const ENGINE = Uint8Array.of(0x54, 0x56, 0x4d, 0x52);
const COMMITMENT_LENGTH = 37;
const VERSION = 2;

/** Reads bytes from the first to the last. */
class Reader {
	private offset = 0;

	constructor(private readonly bytes: Uint8Array) {}

	take(length: number): Uint8Array {
		if (this.bytes.length - this.offset < length) throw new ReceiptError('Truncated');
		this.offset += length;
		return this.bytes.subarray(this.offset - length, this.offset);
	}

	byte(): number {
		return this.take(1)[0] ?? 0;
	}

	/** A number of 32 bits in SCALE's compact form, the shortest that there is for it. */
	compact(): number {
		const first = this.byte();
		const [length, least] = [[0, 0], [1, 2 ** 6], [3, 2 ** 14], [4, 2 ** 30]][first & 3] as [number, number];
		if (length === 4 && first !== 3) throw new ReceiptError('BadCompact');
		const rest = littleEndian(this.take(length));
		const number = length === 4 ? rest : Math.floor((first + rest * 256) / 4);
		if (number < least) throw new ReceiptError('BadCompact');
		return number;
	}

	get isAtEnd(): boolean {
		return this.offset === this.bytes.length;
	}
}

function littleEndian(bytes: Uint8Array): number {
	return bytes.reduceRight((number, byte) => number * 256 + byte, 0);
}

/**
 * Reads a header, all of it.
 *
 * @throws {ReceiptError} what is wrong with it
 */
export function decodeHeader(bytes: Uint8Array): Header {
	const reader = new Reader(bytes);
	reader.take(32);
	const number = reader.compact();
	reader.take(64);
	let commitment: Header['commitment'] = null;
	for (let items = reader.compact(); items > 0; items--) {
		const kind = reader.byte();
		if (kind === 8) continue;
		if (![0, 4, 5, 6].includes(kind)) throw new ReceiptError('UnknownDigestItem', String(kind));
		const engine = kind === 0 ? null : reader.take(4);
		const payload = reader.take(reader.compact());
		if (kind !== 4 || engine === null || !equal(engine, ENGINE)) continue;
		if (payload.length !== COMMITMENT_LENGTH || payload[0] !== VERSION) {
			throw new ReceiptError('BadCommitment');
		}
		if (commitment !== null) throw new ReceiptError('TwoCommitments');
		commitment = { count: littleEndian(payload.subarray(1, 5)), root: payload.slice(5) };
	}
	if (!reader.isAtEnd) throw new ReceiptError('TrailingBytes');
	return { number, commitment };
}
