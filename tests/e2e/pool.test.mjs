// Transactions that wait: what replaces what, how many of one sender there may be, and in which words
// the pool refuses.

import { describe, test, after } from 'node:test';
import assert from 'node:assert/strict';

import { WsProvider } from '@polkadot/api';

import { Chain, UNIT } from './lib/chain.mjs';
import { EthereumAccount, findExtrinsic, rawExtrinsics } from './lib/ethereum.mjs';
import { rpc, startNode } from './lib/node.mjs';

// A chain that makes no block while its time is ahead of the wall clock: what is ready stays in the pool.
const node = await startNode({ args: ['--dev-max-lead', '0', '--pool-sender-limit', '8'] });
const chain = await Chain.connect(node.endpoint);
after(async () => {
	await chain.disconnect();
	await node.stop();
});
const { api, bob } = chain;

// Before the chain stands still.
const accounts = await EthereumAccount.several(chain, node, 6, 10_000n * UNIT);
const poor = await EthereumAccount.fresh(chain, node, 20n * UNIT);

const GWEI = 10n ** 9n;
const CAPS = { maxFeePerGas: 10n ** 6n * GWEI, maxPriorityFeePerGas: 10n * GWEI };

/** Makes a block at once. */
const makeBlock = () => rpc(node.http, 'engine_createBlock', [true, true, null]);

/** Makes blocks until the chain makes none by itself for a minute. */
async function freeze() {
	for (let i = 0; i < 10; i++) await makeBlock();
}

/** Sends a signed transaction and gathers what its sender is told. */
async function watch(signed) {
	const extrinsic = await chain.ethereumExtrinsic(signed.raw);
	const provider = new WsProvider(node.endpoint);
	await provider.isReady;
	const told = [];
	await provider.subscribe(
		'author_extrinsicUpdate',
		'author_submitAndWatchExtrinsic',
		[extrinsic],
		(error, status) => told.push(error ?? status),
	);
	after(() => provider.disconnect());
	return { extrinsic, told };
}

/** Waits until what a sender was told has this. */
async function until(told, what) {
	const has = () => told.some((status) => status === what || status?.[what] !== undefined);
	for (let i = 0; i < 200 && !has(); i++) await new Promise((done) => setTimeout(done, 50));
	assert.ok(has(), `no ${what} in ${JSON.stringify(told)}`);
}

const raised = (caps, percent, more = 0n) => ({
	maxFeePerGas: (caps.maxFeePerGas * percent) / 100n + more,
	maxPriorityFeePerGas: (caps.maxPriorityFeePerGas * percent) / 100n + more,
});

describe('a replacement', () => {
	test('of a transaction that is ready costs a tenth more on both caps', async () => {
		const account = accounts.pop();
		await freeze();
		const first = await watch(await account.sign(CAPS));
		await until(first.told, 'ready');
		for (let more = 1n; more <= 40n; more++) {
			const refusal = await account.refusal(await account.sign(raised(CAPS, 100n, more)));
			assert.match(refusal, /replacement transaction underpriced/);
		}
		for (const caps of [
			raised(CAPS, 109n),
			{ ...CAPS, maxFeePerGas: CAPS.maxFeePerGas * 2n },
			{ ...CAPS, maxPriorityFeePerGas: CAPS.maxPriorityFeePerGas * 2n },
		]) {
			const refusal = await account.refusal(await account.sign(caps));
			assert.match(refusal, /replacement transaction underpriced/);
		}
		const second = await account.sign(raised(CAPS, 110n));
		const extrinsic = await account.send(second);
		// Whoever watched the first is told.
		await until(first.told, 'usurped');
		assert.match(await account.refusal(second), /already known/);

		const { hash } = await makeBlock();
		const body = await rawExtrinsics(chain, hash);
		assert.ok(body.includes(extrinsic) && !body.includes(first.extrinsic));
		assert.match(
			await account.refusal(await account.sign(raised(CAPS, 200n))),
			/nonce too low: next nonce 1, tx nonce 0/,
		);
	});

	test('of a transaction whose turn has not come costs as much, and the first one goes', async () => {
		const account = accounts.pop();
		await freeze();
		const at = { nonce: 3 };
		const first = await watch(await account.sign({ ...CAPS, ...at }));
		await until(first.told, 'future');
		for (let more = 1n; more <= 5n; more++) {
			const replacement = await account.sign({ ...raised(CAPS, 100n, more), ...at });
			assert.match(
				await account.refusal(replacement),
				/replacement transaction underpriced/,
			);
		}
		const second = await account.send(await account.sign({ ...raised(CAPS, 110n), ...at }));
		await until(first.told, 'invalid');
		const others = [];
		for (const nonce of [0, 1, 2]) others.push(await account.send(await account.sign({ ...CAPS, nonce })));
		const { hash } = await makeBlock();
		const body = await rawExtrinsics(chain, hash);
		for (const extrinsic of [...others, second]) assert.ok(body.includes(extrinsic));
		assert.ok(!body.includes(first.extrinsic));
	});

	test('of two at once only one is taken unless it outbids the other', async () => {
		const account = accounts.pop();
		await freeze();
		await account.send(await account.sign(CAPS));
		const rivals = await Promise.all(
			[0n, 1n, 2n, 3n, 4n, 5n].map((more) => account.sign(raised(CAPS, 110n, more))),
		);
		const refusals = await Promise.all(rivals.map((signed) => account.refusal(signed)));
		assert.equal(refusals.filter((refusal) => refusal === null).length, 1, refusals.join('\n'));
		await makeBlock();
	});

	test('of a signed extrinsic raises the tip by a tenth and a least step', async () => {
		await freeze();
		const tx = () => api.tx.system.remark('0x01');
		const nonce = await api.rpc.system.accountNextIndex(bob.address);
		const send = (tip) =>
			tx()
				.signAsync(bob, { nonce, tip })
				.then((signed) => signed.send())
				.then(
					() => null,
					({ message }) => message,
				);
		// Not by much more: from some 0.001 TRV on the runtime's priorities are as high as they go.
		const step = UNIT / 10_000n;
		assert.equal(await send(0n), null);
		assert.match(await send(1n), /1014: Priority is too low/);
		assert.equal(await send(step), null);
		assert.match(await send(step + 1n), /1014: Priority is too low/);
		assert.equal(await send(2n * step), null);
		await makeBlock();
	});
});

describe('a refusal', () => {
	test('comes in the words of Ethereum’s clients', async () => {
		await freeze();
		const says = async (fields, words) =>
			assert.match(
				await poor.refusal(await poor.sign({ maxFeePerGas: 1_000n * GWEI, ...fields })),
				words,
			);
		await says({ value: 20n * UNIT }, /insufficient funds for gas \* price \+ value/);
		await says({ maxFeePerGas: 1n, maxPriorityFeePerGas: 0n }, /max fee per gas less than block base fee/);
		await says({ chainId: 1n }, /invalid chain id for signer/);
		await says({ gasLimit: 1_000n }, /intrinsic gas too low/);
		await says({ gasLimit: 16_777_217n }, /gas limit too high/);
		const broken = { raw: `${(await poor.sign()).raw}00` };
		assert.match(await poor.refusal(broken), /failed to decode transaction/);
	});

	test('meets the sender of more transactions than one may have in the pool', async () => {
		const [account, other] = [accounts.pop(), accounts.pop()];
		await freeze();
		const sent = [];
		for (let nonce = 0; nonce < 8; nonce++) {
			// Ready and future ones count together.
			const at = { nonce: nonce < 4 ? nonce : nonce + 10 };
			sent.push(await account.send(await account.sign({ ...CAPS, ...at })));
		}
		const ninth = await account.sign({ ...CAPS, nonce: 4 });
		assert.match(await account.refusal(ninth), /account limit exceeded/);
		assert.equal(await account.refusal(await account.sign({ ...raised(CAPS, 110n), nonce: 3 })), null);
		assert.equal(await other.refusal(await other.sign(CAPS)), null);
		const { hash } = await makeBlock();
		assert.ok((await rawExtrinsics(chain, hash)).includes(sent[0]));
		// Four places are free again.
		assert.equal(await account.refusal(ninth), null);
		await findExtrinsic(chain, (await makeBlock(), await chain.ethereumExtrinsic(ninth.raw)));
	});
});
