// Signatures over the hash of the metadata, as hardware wallets make them. The node has to be built so that
// its runtime knows the hash, as `scripts/test build` and `scripts/build-release` do.

import { describe, test } from 'node:test';
import assert from 'node:assert/strict';

import { createClient } from 'polkadot-api';
import { getPolkadotSigner, withMetadataHash } from 'polkadot-api/signer';
import { getWsProvider } from 'polkadot-api/ws';
import { WebSocket } from 'ws';

import { setUp, succeeded } from './lib/cases.mjs';
import { TOKEN, metadataHash as hashOf } from './metadata-hash.mjs';

const { node, chain } = await setUp();
const { api, alice } = chain;

describe('a signature over the hash of the metadata', () => {
	test('is taken', async (t) => {
		const metadataHash = await hashOf(node.http);
		const tx = api.tx.system.remarkWithEvent('0x01');
		succeeded(t, await chain.submit(tx, alice, { mode: 1, metadataHash }));
	});

	test('is refused if it is another hash', async () => {
		const metadataHash = `0x${'12'.repeat(32)}`;
		const tx = api.tx.system.remarkWithEvent('0x01');
		await assert.rejects(chain.submit(tx, alice, { mode: 1, metadataHash }), /1010/);
	});

	test('is made by polkadot-api', async () => {
		const client = createClient(getWsProvider(node.endpoint, { websocketClass: WebSocket }));
		try {
			const key = getPolkadotSigner(alice.publicKey, 'Sr25519', (bytes) => alice.sign(bytes));
			const signer = withMetadataHash(TOKEN, key);
			const tx = client.getUnsafeApi().tx.System.remark_with_event({ remark: new Uint8Array([1]) });
			const { ok } = await tx.signAndSubmit(signer);
			assert.ok(ok);
		} finally {
			client.destroy();
		}
	});
});
