// Prints the hash of a node's metadata: the root of the tree that hardware wallets know (RFC 78). For the
// build, which puts it into the runtime: `trivium_build_with_metadata_hash` in scripts/env.sh.

import { fileURLToPath } from 'node:url';

import { merkleizeMetadata } from '@polkadot-api/merkleize-metadata';
import { compactStripLength, hexToU8a, u8aToHex } from '@polkadot/util';

import { rpc, startNode } from './lib/node.mjs';

/** What wallets show amounts with; part of what is signed. */
export const TOKEN = { decimals: 18, tokenSymbol: 'TRV' };

/** The metadata's version that the hash is defined for, as the runtime API takes it. */
const VERSION = '0x0f000000';

/** The hash of the metadata that the node at this HTTP endpoint runs with, `0x…`. */
export async function metadataHash(http) {
	// An optional byte string.
	const answer = hexToU8a(await rpc(http, 'state_call', ['Metadata_metadata_at_version', VERSION]));
	if (answer[0] !== 1) throw new Error('the runtime has no metadata of version 15');
	const [, metadata] = compactStripLength(answer.subarray(1));
	return u8aToHex(merkleizeMetadata(metadata, TOKEN).digest());
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const node = await startNode();
	try {
		console.log(await metadataHash(node.http));
	} finally {
		await node.stop();
	}
}
