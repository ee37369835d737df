// Clients that follow finality see the dev chain move: polkadot-api, from metadata alone.

import { test, after } from 'node:test';
import assert from 'node:assert/strict';

import { createClient } from 'polkadot-api';
import { getPolkadotSigner } from 'polkadot-api/signer';
import { getWsProvider } from 'polkadot-api/ws';
import { firstValueFrom, filter, timeout } from 'rxjs';
import { WebSocket } from 'ws';

import * as artifacts from './lib/artifacts.mjs';
import { setUp } from './lib/cases.mjs';
import { weightText } from './lib/chain.mjs';

const { node, chain } = await setUp();
const { alice } = chain;

const client = createClient(getWsProvider(node.endpoint, { websocketClass: WebSocket }));
after(() => client.destroy());
const api = client.getUnsafeApi();
const signer = getPolkadotSigner(alice.publicKey, 'Sr25519', (payload) => alice.sign(payload));

test('a transaction is finalized, and the finalized chain goes on', async (t) => {
	const counter = await chain.deploySolidity(artifacts.solidity('Counter'), [1]);

	const tx = api.tx.CrossVm.call({
		target: { type: 'Address', value: counter.address },
		value: 0n,
		signature: new TextEncoder().encode('increment()->(u64)'),
		args: [],
		limit: { ref_time: 50_000_000_000n, proof_size: 500_000n, deposit: undefined },
	});
	const finalized = await tx.signAndSubmit(signer);
	assert.ok(finalized.ok, JSON.stringify(finalized.dispatchError));
	const { dispatch_info: info } = finalized.events.find(
		({ type, value }) => type === 'System' && value.type === 'ExtrinsicSuccess',
	).value.value;
	t.diagnostic(
		`finalized in block ${finalized.block.number}: ${weightText({ refTime: info.weight.ref_time, proofSize: info.weight.proof_size })}`,
	);

	// Signing ended at finality: what a finalized block says is what the transaction wrote.
	const head = await client.getFinalizedBlock();
	assert.ok(head.number >= finalized.block.number);
	assert.deepEqual(await counter.read('get'), [2n]);

	// Empty blocks are finalized as well, without anybody sending anything.
	const next = await firstValueFrom(
		client.finalizedBlock$.pipe(
			filter(({ number }) => number > head.number),
			timeout(20_000),
		),
	);
	assert.ok(next.number > head.number);
});
