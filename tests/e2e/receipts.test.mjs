// What a block says of its calls: receipts, what proves them, and the trace of a transaction that crosses all machines.

import { before, describe, test } from 'node:test';
import assert from 'node:assert/strict';

import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { hexToU8a, u8aConcat, u8aToHex } from '@polkadot/util';
import { blake2AsHex, keccakAsHex } from '@polkadot/util-crypto';
import { AbiCoder, Interface } from 'ethers';
import WebSocket from 'ws';

import { verify } from '../../receipts/typescript/dist/index.js';
import * as artifacts from './lib/artifacts.mjs';
import { u128 } from './lib/bcs.mjs';
import { assertSound, failed, setUp, succeeded } from './lib/cases.mjs';
import { accountOf, ensureOk, value } from './lib/chain.mjs';
import { erc20 } from './lib/erc20.mjs';
import { MoveModules, bytecodes, moduleRef } from './lib/move.mjs';
import { rpc } from './lib/node.mjs';
import { readyToDeposit } from './lib/vault.mjs';

const { node, chain } = await setUp();
const { alice, api } = chain;

const ask = (method, ...params) => rpc(node.http, `crossVm_${method}`, params);
const refusal = (method, ...params) =>
	ask(method, ...params).then(
		(answer) => assert.fail(JSON.stringify(answer)),
		({ message }) => message,
	);

/** The place in its block of the extrinsic that an outcome is of. */
async function placeOf({ block, hash }) {
	const { block: body } = await api.rpc.chain.getBlock(block);
	return body.extrinsics.findIndex((extrinsic) => extrinsic.hash.toHex() === `${hash}`);
}

const keccak = (...parts) => keccakAsHex(u8aConcat(...parts));
const abi = AbiCoder.defaultAbiCoder();

/** The root that a leaf at `index` of `count` leads to, by RFC 9162. */
function rootOf(leaf, index, count, siblings) {
	const rest = [...siblings];
	let hash = keccak([0], hexToU8a(leaf));
	for (let [place, last] = [index, count - 1]; last > 0; place >>= 1, last >>= 1) {
		if (place % 2 === 0 && place === last) continue;
		const sibling = hexToU8a(rest.shift());
		const pair = place % 2 ? [sibling, hexToU8a(hash)] : [hexToU8a(hash), sibling];
		hash = keccak([1], ...pair);
	}
	assert.equal(rest.length, 0, 'as many siblings as levels');
	return hash;
}

const RECEIPT = [
	['version', 'uint8'],
	['chain', 'bytes32'],
	['blockNumber', 'uint32'],
	['index', 'uint32'],
	['extrinsic', 'uint32'],
	['vm', 'uint8'],
	['caller', 'bytes32'],
	['contract', 'bytes32'],
	['value', 'uint256'],
	['input', 'bytes32'],
	['output', 'bytes32'],
	['success', 'bool'],
	['refTime', 'uint64'],
	['proofSize', 'uint64'],
	['hops', 'uint32'],
	['logCount', 'uint32'],
	['logsRoot', 'bytes32'],
];
const receiptBytes = (receipt) =>
	abi.encode(
		RECEIPT.map(([, type]) => type),
		RECEIPT.map(([name]) => receipt[name]),
	);
const logBytes = ({ vm, contract, frame, topics, data }) =>
	abi.encode(['uint8', 'bytes32', 'uint32', 'bytes32[]', 'bytes'], [vm, contract, frame, topics, data]);

/** What a header commits to, by the clients' own decoder. */
async function commitmentOf(block) {
	const { digest } = await api.rpc.chain.getHeader(block);
	const items = digest.logs.filter((log) => log.isConsensus && log.asConsensus[0].eq('TVMR'));
	assert.equal(items.length, 1);
	const payload = items[0].asConsensus[1].toU8a(true);
	assert.equal(payload.length, 37);
	return {
		version: payload[0],
		count: new DataView(payload.buffer, payload.byteOffset).getUint32(1, true),
		root: u8aToHex(payload.slice(5)),
	};
}

const ink = {};
const evm = {};
const move = {};

before(async () => {
	ink.caller = await chain.deployInk(artifacts.ink('caller'), 'new', []);
	ink.counter = await chain.deployInk(artifacts.ink('counter'), 'new', [0]);
	evm.caller = await chain.deploySolidity(artifacts.solidity('Caller'));
	evm.counter = await chain.deploySolidity(artifacts.solidity('Counter'), [0]);
	const modules = await MoveModules.publish(chain, bytecodes('examples'));
	await modules.send('allowance_coin::create', [u128(1_000_000n)]);
	move.coin = await chain.resolve(moduleRef(alice, 'allowance_coin'));
	ensureOk(await chain.register(move.coin.account, 'Published', erc20('result<(),u64>')));
	evm.vault = await chain.deploySolidity(artifacts.solidity('Vault'), [move.coin.address]);
});

/** An ink! contract puts Move coins into a Solidity vault. */
async function crossThree() {
	const parts = { caller: ink.caller, vault: evm.vault, coin: move.coin };
	return chain.crossVmCall(...(await readyToDeposit(chain, parts, 500n)));
}

/** Solidity calls a message of ink! that reverts, and so does Solidity. */
const crossAndFail = () =>
	chain.crossVmCall(evm.caller, 'forward(address,string,bytes,u32)->(bytes)', [
		value.address(ink.counter),
		value.text('fail(u64)'),
		value.bytes(abi.encode(['uint64'], [9])),
		value.uint(0),
	]);

/** A subscription to events over a socket of its own. */
class Subscription {
	events = [];

	static open(endpoint, filter) {
		const subscription = new Subscription();
		const socket = new WebSocket(endpoint);
		subscription.close = () => socket.close();
		return new Promise((resolve, reject) => {
			socket.onerror = () => reject(new Error('no connection'));
			socket.onopen = () =>
				socket.send(
					JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'crossVm_subscribeEvents', params: [filter] }),
				);
			socket.onmessage = ({ data }) => {
				const { id, error, params } = JSON.parse(data);
				if (params) subscription.events.push(params.result);
				else if (error) reject(new Error(error.message));
				else if (id === 1) resolve(subscription);
			};
		});
	}

	/** What has come, as soon as that is enough. */
	async until(isEnough) {
		const end = Date.now() + 30_000;
		while (!isEnough(this.events)) {
			assert.ok(Date.now() < end, `only ${JSON.stringify(this.events)} came`);
			await sleep(50);
		}
		return this.events;
	}
}

describe('receipts', () => {
	let outcome, index, proof;
	before(async () => {
		outcome = ensureOk(await crossThree());
		index = await placeOf(outcome);
	});

	test('say who called whom, and what came of it', async () => {
		const receipts = await ask('receipts', outcome.block);
		const receipt = receipts.find(({ extrinsic }) => extrinsic === index);
		assert.equal(receipt.version, 2);
		assert.equal(receipt.chain, api.genesisHash.toHex());
		const { number } = await api.rpc.chain.getHeader(outcome.block);
		assert.equal(receipt.blockNumber, number.toNumber());
		assert.equal(receipt.vm, 1);
		assert.equal(receipt.caller, u8aToHex(alice.addressRaw));
		assert.equal(receipt.contract, u8aToHex(ink.caller.account));
		assert.equal(receipt.success, true);
		assert.equal(receipt.hops, 4, 'ink!, the vault, and the coin twice');
		assert.ok(BigInt(receipt.refTime) > 0n && BigInt(receipt.proofSize) > 0n);
		assert.ok(receipt.logCount > 0);
		proof = await ask('proveReceipt', receipt.index, outcome.block);
		assert.deepEqual(proof.receipt, receipt);
	});

	test('are proven by the hash of their block', async () => {
		assert.equal(blake2AsHex(proof.header), `${outcome.block}`);
		const { version, count, root } = await commitmentOf(outcome.block);
		assert.deepEqual([version, count], [2, proof.count]);
		const { receipt, siblings } = proof;
		assert.equal(rootOf(receiptBytes(receipt), receipt.index, count, siblings), root);
	});

	test('are proven to a contract of the same chain', async (t) => {
		const verifier = await chain.deploySolidity(artifacts.solidity('ReceiptVerifier'));
		const asTuple = (receipt) => RECEIPT.map(([name]) => receipt[name]);
		const verify = (receipt, change = {}) => {
			const { blockHash, header, siblings } = { ...proof, ...change };
			return verifier.tryRead('verify', [blockHash, header, asTuple(receipt), siblings]);
		};
		const { receipt, siblings } = proof;
		const verified = await verify(receipt);
		assert.ok(verified.ok, verified.data);
		const errors = new Interface(artifacts.solidity('TriviumReceipts').abi);
		for (const [error, changed, change] of [
			['WrongRoot', { ...receipt, success: false }],
			['WrongRoot', { ...receipt, value: 1n }],
			['NoSuchLeaf', { ...receipt, index: receipt.index + proof.count }],
			['WrongLength', receipt, { siblings: [...siblings, receipt.chain] }],
			['WrongBlockHash', receipt, { blockHash: receipt.chain }],
			['WrongBlockNumber', { ...receipt, blockNumber: receipt.blockNumber + 1 }],
			['UnknownVersion', { ...receipt, version: 1 }],
		]) {
			const refused = await verify(changed, change);
			assert.equal(errors.parseError(refused.data)?.name, error);
		}
		const sent = await verifier.send('verify', [
			proof.blockHash,
			proof.header,
			asTuple(receipt),
			siblings,
		]);
		succeeded(t, sent, 'verify');
		const [log] = proof.logs;
		const proven = await ask('proveLog', receipt.index, 0, outcome.block);
		const { vm, contract, frame, topics, data } = log;
		const arguments_ = [asTuple(receipt), [vm, contract, frame, topics, data], 0, proven.siblings];
		assert.ok((await verifier.tryRead('verifyLog', arguments_)).ok);
		arguments_[2] = 1;
		const misplaced = await verifier.tryRead('verifyLog', arguments_);
		assert.match(errors.parseError(misplaced.data)?.name, /^Wrong/);
	});

	test('are checked by every verifier as by any other', async () => {
		verify(`${outcome.block}`, proof);
		const changed = { ...proof, receipt: { ...proof.receipt, hops: 0 } };
		assert.throws(() => verify(`${outcome.block}`, changed), /WrongRoot/);
		const path = new URL('../../receipts/vectors/receipts.json', import.meta.url);
		const vectors = JSON.parse(readFileSync(path, 'utf8'));
		const verifier = await chain.deploySolidity(artifacts.solidity('ReceiptVerifier'));
		const errors = new Interface(artifacts.solidity('TriviumReceipts').abi);
		const asTuple = (receipt) => RECEIPT.map(([name]) => receipt[name]);
		const seen = ({ ok, data }) => (ok ? null : (errors.parseError(data)?.name ?? data));
		for (const { what, blockHash, header, receipt, siblings, error } of vectors.receipts) {
			const arguments_ = [blockHash, header, asTuple(receipt), siblings];
			assert.equal(seen(await verifier.tryRead('verify', arguments_)), error, what);
		}
		for (const { what, receipt, log, index, siblings, error } of vectors.logs) {
			const { vm, contract, frame, topics, data } = log;
			const fields = [vm, contract, frame, topics, data];
			const arguments_ = [asTuple(receipt), fields, index, siblings];
			assert.equal(seen(await verifier.tryRead('verifyLog', arguments_)), error, what);
		}
	});

	test('commit to every log, and each can be proven alone', async () => {
		const { receipt, logs } = proof;
		assert.equal(logs.length, receipt.logCount);
		for (const [at, log] of logs.entries()) {
			const proven = await ask('proveLog', receipt.index, at, outcome.block);
			assert.deepEqual([proven.log, proven.index], [log, at]);
			const root = rootOf(logBytes(log), at, receipt.logCount, proven.siblings);
			assert.equal(root, receipt.logsRoot);
		}
		// Those of the coin are Move's, those of the vault the EVM's.
		assert.deepEqual([...new Set(logs.map(({ vm }) => vm))].sort(), [0, 2]);
	});

	test('tell a failure, and have no logs of it', async (t) => {
		const refused = await crossAndFail();
		failed(t, refused, /crossVm/);
		const receipts = await ask('receipts', refused.block);
		const receipt = receipts.find(({ caller }) => caller === u8aToHex(alice.addressRaw));
		assert.deepEqual([receipt.success, receipt.logCount], [false, 0]);
	});

	test('name what is not there', async () => {
		assert.match(await refusal('proveReceipt', 1_000, outcome.block), /index: the block has no/);
		assert.match(await refusal('proveLog', proof.receipt.index, 1_000, outcome.block), /log: /);
	});
});

describe('the trace of a transaction', () => {
	test('shows the frames of all machines', async (t) => {
		const outcome = ensureOk(await crossThree());
		const { frames, truncated, stateChanges } = await ask(
			'trace',
			outcome.block,
			await placeOf(outcome),
		);
		assert.equal(truncated, false);
		assert.equal(stateChanges, null);
		const place = await placeOf(outcome);
		const receipt = (await ask('receipts', outcome.block)).find((it) => it.extrinsic === place);
		const { refTime, proofSize } = receipt;
		assert.deepEqual(frames[0].weight, { refTime, proofSize }, 'as the receipt says');
		const seen = frames.map(({ depth, kind, vm, signature }) =>
			[depth, kind, vm, signature].join(' '),
		);
		t.diagnostic(seen.join('\n'));
		const [root] = frames;
		assert.deepEqual([root.kind, root.vm, root.depth], ['hop', 'wasm', 0]);
		assert.equal(root.caller, alice.address);
		assert.equal(root.signature, 'forward(address,string,bytes,u32)->(bytes)');
		assert.ok(root.input.length > 10 && root.output.length > 2);
		const hops = frames.filter(({ kind }) => kind === 'hop').map(({ vm }) => vm);
		assert.deepEqual(hops, ['wasm', 'evm', 'move', 'move']);
		const bridged = frames.filter(({ kind, vm }) => kind !== 'hop' && vm === 'evm');
		assert.ok(bridged.length > 0, 'what the EVM called itself is there');
		// What a frame used is at least what those below it used.
		for (const [at, frame] of frames.entries()) {
			const below = frames.slice(at + 1).findIndex(({ depth }) => depth <= frame.depth);
			const inside = frames.slice(at + 1, below < 0 ? undefined : at + 1 + below);
			const direct = inside.filter(({ depth, kind }) => depth === frame.depth + 1 && kind === 'hop');
			const sum = direct.reduce((total, { weight }) => total + BigInt(weight.refTime), 0n);
			assert.ok(BigInt(frame.weight.refTime) >= sum, `${at}: ${frame.weight.refTime} < ${sum}`);
		}
		assert.ok(frames.every(({ error }) => error === null));
	});

	test('shows what changed in storage', async (t) => {
		const outcome = succeeded(t, await evm.counter.send('increment'));
		const options = { stateChanges: true };
		const traced = await ask('trace', outcome.block, await placeOf(outcome), options);
		assert.deepEqual(traced.frames.map(({ kind, vm }) => [kind, vm]), [['entry', 'evm']]);
		const state = await api.at(outcome.block);
		const { parentHash } = await api.rpc.chain.getHeader(outcome.block);
		for (const { child, key, before, after } of traced.stateChanges) {
			assert.equal(child, null);
			assert.notEqual(before, after);
			if (key.startsWith(state.query.evm.storages?.keyPrefix() ?? 'none')) {
				const was = await api.rpc.state.getStorage(key, parentHash);
				assert.equal(before, was.isSome ? was.unwrap().toHex() : null);
			}
		}
		// The counter's slot is among them: who called, and the number that it counts to.
		const [count] = await evm.counter.read('get');
		const word = count.toString(16).padStart(16, '0');
		assert.ok(traced.stateChanges.some(({ after }) => after?.endsWith(word)));
		const ofInk = succeeded(t, await ink.counter.send('increment'));
		const inkTrace = await ask('trace', ofInk.block, await placeOf(ofInk), options);
		assert.ok(inkTrace.stateChanges.some(({ child }) => child !== null), 'in the child trie');
	});

	test('shows why a call failed, and where', async () => {
		const refused = await crossAndFail();
		const { frames, extrinsic } = await ask('trace', refused.block, `${refused.hash}`);
		assert.equal(extrinsic, await placeOf(refused));
		const wasm = frames.find(({ vm }) => vm === 'wasm');
		assert.equal(wasm?.error?.name, 'Reverted');
		assert.equal(frames[0].error.name, 'Reverted');
	});

	test('names what is not there', async () => {
		const { hash } = await api.rpc.chain.getHeader();
		assert.match(await refusal('trace', hash.toHex(), 1_000), /extrinsic: the block has no/);
		const nowhere = `0x${'11'.repeat(32)}`;
		assert.match(await refusal('trace', hash.toHex(), nowhere), /extrinsic: the block has no/);
		assert.match(await refusal('trace', nowhere, 0), /block: there is no such/);
		assert.match(await refusal('trace', nowhere, '0x11'), /Invalid params/);
		assert.match(await refusal('trace', hash.toHex(), 0, { steps: true }), /Invalid params/);
		assertSound(node);
	});
});

describe('events', () => {
	test('of all machines come as blocks do, by filter', async () => {
		const all = await Subscription.open(node.endpoint, {});
		const ofMove = await Subscription.open(node.endpoint, { vms: ['move'], finalized: false });
		const contracts = [evm.vault.address];
		const ofVault = await Subscription.open(node.endpoint, { contracts, topics: [null] });
		const none = await Subscription.open(node.endpoint, { topics: [`0x${'11'.repeat(32)}`] });
		const { block } = ensureOk(await crossThree());
		const isOfBlock = ({ blockHash }) => blockHash === `${block}`;
		const seen = await all.until((events) => events.some(isOfBlock) && events.length > 3);
		const logs = seen.filter(isOfBlock);
		assert.deepEqual([...new Set(logs.map(({ vm }) => vm))].sort(), ['evm', 'move']);
		assert.ok(logs.every(({ removed, extrinsic: of }) => !removed && of > 0));
		const moved = await ofMove.until((events) => events.some(isOfBlock));
		assert.ok(moved.every(({ vm }) => vm === 'move'));
		const vault = await ofVault.until((events) => events.some(isOfBlock));
		assert.ok(vault.every(({ contract }) => contract === chain.keyring.encodeAddress(accountOf(evm.vault))));
		assert.deepEqual(none.events, []);
		for (const subscription of [all, ofMove, ofVault, none]) subscription.close();
	});

	test('are refused a filter that cannot be read', async () => {
		await assert.rejects(Subscription.open(node.endpoint, { vms: ['svm'] }), /vms: no machine: svm/);
		await assert.rejects(Subscription.open(node.endpoint, { contracts: ['x'] }), /contracts\[0\]/);
	});
});
