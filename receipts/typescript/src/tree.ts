// Merkle trees of RFC 9162, 2.1, with Keccak-256.

import { keccak_256 } from '@noble/hashes/sha3.js';

import { concat, equal } from './bytes.js';
import { ReceiptError } from './errors.js';

/** The hash of a leaf. */
export function leaf(bytes: Uint8Array): Uint8Array {
	return keccak_256(concat(Uint8Array.of(0), bytes));
}

/** The hash of two that stand side by side. */
export function node(left: Uint8Array, right: Uint8Array): Uint8Array {
	return keccak_256(concat(Uint8Array.of(1), left, right));
}

/**
 * Checks that a leaf is at `index` in a tree of `count` leaves under `root`.
 *
 * @param siblings the hashes beside the leaf's way to the root, from the leaf up
 * @throws {ReceiptError} `NoSuchLeaf`, `WrongLength` or `WrongRoot`
 */
export function verifyLeaf(
	root: Uint8Array,
	count: number,
	index: number,
	hash: Uint8Array,
	siblings: readonly Uint8Array[],
): void {
	if (index >= count) throw new ReceiptError('NoSuchLeaf', `${index} of ${count}`);
	let next = 0;
	// The leaf's place among those of its level, and the last place there.
	let [place, last] = [index, count - 1];
	for (; last > 0; place = Math.floor(place / 2), last = Math.floor(last / 2)) {
		// The last of an odd level has none beside it and is the same one level up.
		if (place % 2 === 0 && place === last) continue;
		const sibling = siblings[next++];
		if (sibling === undefined) throw new ReceiptError('WrongLength');
		hash = place % 2 === 1 ? node(sibling, hash) : node(hash, sibling);
	}
	if (next !== siblings.length) throw new ReceiptError('WrongLength');
	if (!equal(hash, root)) throw new ReceiptError('WrongRoot');
}
