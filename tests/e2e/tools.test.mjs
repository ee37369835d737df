// Ethereum transactions in blocks, as the clients of Substrate read, hash and show them.

import { test, after } from 'node:test';
import assert from 'node:assert/strict';

import { compactStripLength, hexToU8a, u8aToHex } from '@polkadot/util';
import { blake2AsHex } from '@polkadot/util-crypto';
import { createClient } from 'polkadot-api';
import { getWsProvider } from 'polkadot-api/ws';
import { WebSocket } from 'ws';

import { setUp } from './lib/cases.mjs';
import { EthereumAccount, findExtrinsic, rawExtrinsics } from './lib/ethereum.mjs';

const { node, chain } = await setUp();
const { api } = chain;

const account = await EthereumAccount.fresh(chain, node);
const signed = await account.sign();
const extrinsic = await account.send(signed);
const { block, index } = await findExtrinsic(chain, extrinsic);

test('Polkadot.js reads, hashes and writes each extrinsic of the block as the chain does', async () => {
	const raw = await rawExtrinsics(chain, block);
	const { block: decoded } = await api.rpc.chain.getBlock(block);
	assert.equal(decoded.extrinsics.length, raw.length);
	decoded.extrinsics.forEach((each, at) => {
		assert.equal(each.toHex(), raw[at], `extrinsic ${at} is written as it came`);
		assert.equal(each.hash.toHex(), blake2AsHex(hexToU8a(raw[at])), `hash of extrinsic ${at}`);
	});
	const transact = decoded.extrinsics[index];
	assert.equal(`${transact.method.section}.${transact.method.method}`, 'evm.transact');
	assert.equal(transact.method.args[0].toHex(), signed.raw);
	assert.equal(transact.isSigned, false);
	// As explorers show it.
	assert.equal(transact.toHuman().method.args.raw, signed.raw);
});

test('Polkadot.js’s derived block has the extrinsic with its events', async () => {
	const derived = await api.derive.chain.getBlock(block);
	const { extrinsic: found, events, dispatchError } = derived.extrinsics[index];
	assert.equal(found.hash.toHex(), blake2AsHex(hexToU8a(extrinsic)));
	assert.equal(dispatchError, undefined);
	const transacted = events.find(({ section, method }) => `${section}.${method}` === 'evm.Transacted');
	// The hash that the sender knows.
	assert.ok(transacted.data.some((field) => field.toHex() === signed.hash));
});

test('polkadot-api reads the extrinsic and its call', async () => {
	const client = createClient(getWsProvider(node.endpoint, { websocketClass: WebSocket }));
	after(() => client.destroy());
	const body = await client.getBlockBody(block);
	const bytes = body[index];
	assert.equal(u8aToHex(bytes), extrinsic);
	const [, inner] = compactStripLength(bytes);
	// A bare extrinsic: its version and nothing else before the call.
	assert.ok([4, 5].includes(inner[0]), `version and type ${inner[0]}`);
	const tx = await client.getUnsafeApi().txFromCallData(inner.slice(1));
	const { type, value } = tx.decodedCall;
	assert.deepEqual([type, value.type], ['Evm', 'transact']);
	const { raw } = value.value;
	assert.equal(u8aToHex(raw.asBytes?.() ?? raw), signed.raw);
});
