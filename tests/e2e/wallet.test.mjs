// What wallets do by default: mortal transactions, from the first moment on.

import { describe, test } from 'node:test';
import assert from 'node:assert/strict';

import { succeeded } from './lib/cases.mjs';
import { Chain } from './lib/chain.mjs';
import { startNode } from './lib/node.mjs';

describe('a mortal transaction', () => {
	// The chain’s first blocks are the ones that a pool can miss; with 20 s from one to the next, for long.
	for (const args of [[], ['--dev-block-time', '20000'], ['--instant-seal']]) {
		for (let start = 1; start <= 4; start++) {
			test(`is taken as soon as a node answers: ${args.join(' ') || 'as it comes'}, start ${start}`, async (t) => {
				const node = await startNode({ args });
				let chain;
				try {
					chain = await Chain.connect(node.endpoint);
					const tx = chain.api.tx.system.remarkWithEvent('0x01');
					const signed = await tx.signAsync(chain.alice, { nonce: -1 });
					assert.ok(signed.era.isMortalEra, 'clients sign mortal by default');
					succeeded(t, await chain.submit(tx));
					succeeded(t, await chain.submit(tx));
				} finally {
					await chain?.disconnect();
					await node.stop();
				}
			});
		}
	}
});
