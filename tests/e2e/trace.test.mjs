// Traces of past transactions and of calls, as a client asks for them: docs/tracing.md.

import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

import { compactToU8a, hexToU8a, u8aConcat } from '@polkadot/util';
import { blake2AsHex, encodeAddress } from '@polkadot/util-crypto';
import { Wallet, keccak256 } from 'ethers';

import * as artifacts from './lib/artifacts.mjs';
import { setUp } from './lib/cases.mjs';
import { rpc } from './lib/node.mjs';
import { UNIT, accountOf, aliasOf, ensureOk } from './lib/chain.mjs';

const { node, chain } = await setUp();
const { api, alice, bob } = chain;

const counter = await chain.deploySolidity(artifacts.solidity('Counter'), [5]);
const token = await chain.deploySolidity(artifacts.solidity('Token'), [UNIT]);

const CALLS = { Call: { onlyTopCall: false, withLog: true } };
const STEPS = {
	StructLog: {
		enableMemory: false,
		disableStack: false,
		disableStorage: false,
		enableReturnData: false,
		limit: 0,
		skip: 0,
	},
};
const DIFF = { Prestate: { diffMode: true, disableCode: true, disableStorage: false } };

/**
 * A block as the chain encodes it, and the API on its parent's state. From the node's own answer:
 * Polkadot.js writes a block that it has read longer than it was.
 */
async function blockAndParent(hash) {
	const { block } = await api.rpc.chain.getBlock.raw(hash);
	const header = api.createType('Header', block.header);
	const encoded = u8aConcat(
		header.toU8a(),
		compactToU8a(block.extrinsics.length),
		...block.extrinsics.map((extrinsic) => hexToU8a(extrinsic)),
	);
	return { encoded, header, parent: await api.at(header.parentHash) };
}

/** The trace of a transaction that is in a block. */
async function traceTransaction({ block, index }, tracer) {
	const { encoded, parent } = await blockAndParent(block);
	const answer = await parent.call.evmApi.traceTransaction(encoded, index, tracer);
	if (answer.isErr) throw new Error(`no trace: ${answer.asErr}`);
	return answer.asOk.value.toJSON();
}

/** Submits a raw Ethereum transaction; where it is once it is in a block. */
async function submitRaw(raw) {
	const extrinsic = await chain.ethereumExtrinsic(raw);
	const before = await chain.height();
	await rpc(node.http, 'author_submitExtrinsic', [extrinsic]);
	for (let number = before; ; ) {
		if (number > (await chain.height())) {
			await sleep(100);
			continue;
		}
		const hash = (await api.rpc.chain.getBlockHash(number)).toHex();
		const { block } = await api.rpc.chain.getBlock.raw(hash);
		const index = block.extrinsics.indexOf(extrinsic);
		if (index >= 0) return { block: hash, index };
		number += 1;
	}
}

describe('a transaction of a past block', () => {
	test('its calls, with logs', async () => {
		const sent = ensureOk(await token.send('transfer', [aliasOf(bob), 7n]));
		// It is past, and what came after does not matter.
		ensureOk(await token.send('transfer', [aliasOf(bob), 1n]));
		const { frames, truncated } = await traceTransaction(sent, CALLS);
		assert.equal(truncated, false);
		assert.equal(frames.length, 1);
		const [frame] = frames;
		assert.equal(frame.kind, 'Call');
		assert.equal(frame.from, aliasOf(alice));
		assert.equal(frame.to, token.address);
		assert.equal(
			frame.input,
			token.abi.encodeFunctionData('transfer', [aliasOf(bob), 7n]),
		);
		assert.equal(frame.error, null);
		const [executed] = sent.all('evm', 'Executed');
		assert.equal(BigInt(frame.gasUsed), executed.data.gasUsed.toBigInt());
		const [log] = sent.all('evm', 'Log');
		assert.equal(frame.logs.length, 1);
		assert.equal(frame.logs[0].address, token.address);
		assert.equal(frame.logs[0].data, log.data.data.toHex());
		assert.deepEqual(
			frame.logs[0].topics,
			log.data.topics.map((topic) => topic.toHex()),
		);
	});

	test('its steps and what it changed', async () => {
		const [before] = await counter.read('get');
		const sent = ensureOk(await counter.send('increment'));
		const steps = await traceTransaction(sent, STEPS);
		assert.equal(steps.failed, false);
		assert.ok(steps.structLogs.length > 10);
		assert.equal(steps.structLogs[0].pc, 0);
		assert.deepEqual(steps.structLogs[0].stack, []);
		const stores = steps.structLogs.filter(({ op }) => op === 0x55);
		assert.ok(stores.length > 0, 'has a step that stores');
		const diff = await traceTransaction(sent, DIFF);
		const [slot] = Object.values(diff.post[counter.address].storage);
		// The count is in the low half of a word that it shares.
		assert.equal(BigInt.asUintN(64, BigInt(slot)), before + 1n);
	});

	test('one that failed, on the state it had', async () => {
		const failed = await token.send('transfer', [aliasOf(alice), 10n * UNIT], { signer: bob });
		assert.equal(failed.ok, false);
		const { frames } = await traceTransaction(failed, CALLS);
		assert.equal(frames[0].error, 'execution reverted');
		assert.equal(frames[0].from, aliasOf(bob));
	});

	test('one that an Ethereum key signed', async () => {
		const wallet = Wallet.createRandom();
		const account = encodeAddress(accountOf(wallet.address));
		await chain.expectOk(api.tx.balances.transferKeepAlive(account, UNIT));
		const raw = await wallet.signTransaction({
			type: 2,
			chainId: (await api.query.evm.chainId()).toBigInt(),
			nonce: 0,
			to: counter.address,
			data: counter.abi.encodeFunctionData('increment'),
			gasLimit: 200_000n,
			maxFeePerGas: UNIT / 1_000_000n,
			maxPriorityFeePerGas: 0n,
		});
		const sent = await submitRaw(raw);
		// Polkadot.js reads, writes and hashes it as the chain does.
		const { block } = await api.rpc.chain.getBlock(sent.block);
		const read = block.extrinsics[sent.index];
		assert.equal(read.toHex(), await chain.ethereumExtrinsic(raw));
		assert.equal(read.hash.toHex(), blake2AsHex(read.toU8a()));
		assert.equal(`${read.method.section}.${read.method.method}`, 'evm.transact');
		assert.equal(read.isSigned, false);
		// The event has the hash that the wallet knows.
		const events = await (await api.at(sent.block)).query.system.events();
		const [transacted] = events
			.map(({ event }) => event)
			.filter(({ section, method }) => section === 'evm' && method === 'Transacted');
		assert.equal(transacted.data.transactionHash.toHex(), keccak256(raw));
		const { frames } = await traceTransaction(sent, CALLS);
		assert.equal(frames[0].from, wallet.address.toLowerCase());
		assert.equal(frames[0].to, counter.address);
		assert.equal(frames[0].gas, 200_000);
		assert.equal(frames[0].error, null);
		const { pre, post } = await traceTransaction(sent, DIFF);
		const of = wallet.address.toLowerCase();
		assert.equal(BigInt(pre[of].balance), UNIT);
		assert.ok(BigInt(post[of].balance) < UNIT);
		assert.equal(post[of].nonce, 1);
	});

	test('no trace where there is none', async () => {
		const sent = ensureOk(await chain.submit(api.tx.system.remark('0x')));
		const { encoded, header, parent } = await blockAndParent(sent.block);
		const ask = (at, index) => at.call.evmApi.traceTransaction(encoded, index, CALLS);
		assert.equal((await ask(parent, sent.index)).asErr.type, 'NoExecution');
		assert.equal((await ask(parent, 1_000)).asErr.type, 'IndexOutOfRange');
		const itself = await api.at(header.hash);
		assert.equal((await ask(itself, sent.index)).asErr.type, 'NotTheParent');
	});
});

describe('a block', () => {
	test('each of its transactions that entered the EVM', async () => {
		const sent = ensureOk(await counter.send('increment'));
		const { encoded, parent } = await blockAndParent(sent.block);
		const answer = await parent.call.evmApi.traceBlock(encoded, CALLS);
		const traces = answer.asOk.map(([index, trace]) => [index.toNumber(), trace.type]);
		assert.ok(traces.some(([index, type]) => index === sent.index && type === 'Call'));
	});
});

describe('a call that is not sent', () => {
	test('what it would do', async () => {
		const input = counter.abi.encodeFunctionData('increment');
		const [before] = await counter.read('get');
		const answer = await api.call.evmApi.traceCall(
			alice.address,
			counter.address,
			input,
			0,
			null,
			CALLS,
		);
		const [frame] = answer.asOk.value.toJSON().frames;
		assert.equal(frame.to, counter.address);
		assert.equal(frame.error, null);
		assert.deepEqual(await counter.read('get'), [before]);
	});
});
