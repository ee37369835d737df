// The development chain's clock beside the wall's.

import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

import { Chain, ensureOk } from './lib/chain.mjs';
import { startNode } from './lib/node.mjs';

/** Runs `body` with a chain of its own. */
async function withChain(args, body) {
	const node = await startNode({ args });
	let chain;
	try {
		chain = await Chain.connect(node.endpoint);
		await body(chain, node);
	} finally {
		await chain?.disconnect();
		await node.stop();
	}
}

/** How far the time of the best block is ahead of the wall clock, seconds. */
const lead = async (chain) => ((await chain.api.query.timestamp.now()).toNumber() - Date.now()) / 1_000;

describe('the clock of a development chain', () => {
	test('keeps step with the wall clock while nobody sends anything', () =>
		withChain([], async (chain) => {
			await sleep(20_000);
			assert.ok((await chain.height()) >= 3);
			assert.ok(Math.abs(await lead(chain)) < 7, `${await lead(chain)} s ahead`);
		}));

	test('runs ahead with transactions that come fast, and falls back afterwards', () =>
		withChain([], async (chain) => {
			const tx = chain.api.tx.system.remark('0x01');
			for (let i = 0; i < 12; i++) ensureOk(await chain.submit(tx));
			const [most, then] = [await lead(chain), Date.now()];
			assert.ok(most > 30, `${most} s ahead`);
			await sleep(30_000);
			// Blocks go on, at half the rate of slots.
			const expected = most - (Date.now() - then) / 2_000;
			assert.ok((await lead(chain)) < expected + 7, `${await lead(chain)} s ahead, of ${most}`);
		}));

	test('is no further ahead than --dev-max-lead', () =>
		withChain(['--dev-max-lead', '12'], async (chain) => {
			const tx = chain.api.tx.system.remark('0x01');
			for (let i = 0; i < 5; i++) {
				ensureOk(await chain.submit(tx));
				assert.ok((await lead(chain)) <= 12, `${await lead(chain)} s ahead`);
			}
		}));
});
