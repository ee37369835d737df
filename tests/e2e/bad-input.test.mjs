// Whatever is sent to the chain: an error with a name, the fee for the work done, no state left
// behind, and a chain that goes on.

import { describe, test } from 'node:test';
import assert from 'node:assert/strict';

import { encodeAddress } from '@polkadot/util-crypto';
import { compactAddLength, u8aToHex } from '@polkadot/util';

import * as artifacts from './lib/artifacts.mjs';
import { assertSound, setUp, used } from './lib/cases.mjs';
import { DEFAULT_WEIGHT, UNIT, aliasOf, value } from './lib/chain.mjs';
import { rpc } from './lib/node.mjs';

const { node, chain } = await setUp();
const { api, bob, charlie } = chain;

const evm = {
	counter: await chain.deploySolidity(artifacts.solidity('Counter'), [5]),
	token: await chain.deploySolidity(artifacts.solidity('Token'), [UNIT]),
};
const ink = {
	counter: await chain.deployInk(artifacts.ink('counter'), 'new', [5]),
	token: await chain.deployInk(artifacts.ink('token'), 'new', [UNIT]),
};

const nobody = `0x${'21'.repeat(20)}`;

async function state() {
	return {
		evmCounter: (await evm.counter.read('get'))[0],
		inkCounter: (await ink.counter.read('get')).toBigInt(),
		evmToken: (await evm.token.read('balanceOf', [aliasOf(charlie)]))[0],
		inkToken: (await ink.token.read('balance_of', [charlie.address])).toBigInt(),
		funds: [
			await chain.balance(evm.counter),
			await chain.balance(ink.counter),
			await chain.balance(nobody),
		],
	};
}

/**
 * Bob sends a transaction that must fail by name. He pays exactly the fee; nothing else changes.
 * Where the pool refuses it at the door, that is an error by name as well, and costs nothing.
 */
async function refused(t, tx, error, { mayBeRefusedByPool = false } = {}) {
	const [before, funds, held] = [await state(), await chain.balance(bob), await chain.held(bob)];
	let outcome;
	try {
		outcome = await chain.submit(tx, bob);
	} catch (refusal) {
		assert.ok(mayBeRefusedByPool, `refused by the pool: ${refusal.message}`);
		assert.match(refusal.message, /1010: Invalid Transaction|exhaust/i);
		assert.equal(await chain.balance(bob), funds);
		t.diagnostic(`refused by the pool: ${refusal.message}`);
		return null;
	}
	used(t, outcome, outcome.error ?? 'succeeded');
	assert.ok(!outcome.ok, 'succeeded');
	assert.match(outcome.error, error);
	assert.ok(outcome.fee > 0n, 'no fee');
	assert.equal(
		await chain.balance(bob),
		funds - outcome.fee,
		'more or less than the fee was taken',
	);
	assert.equal(await chain.held(bob), held);
	assert.deepEqual(await state(), before, 'state was left behind');
	return outcome;
}

/** Numbers that look random and are the same in every run. */
function* noise(seed) {
	let x = seed >>> 0;
	for (;;) {
		x ^= x << 13;
		x >>>= 0;
		x ^= x >>> 17;
		x ^= x << 5;
		x >>>= 0;
		yield x;
	}
}
const random = noise(0x7217);
const randomBytes = (length) => Uint8Array.from({ length }, () => random.next().value & 0xff);

/** Malformed code: 0 to 8 bytes, a real program cut off at many places, random mutations, noise. */
function* malformed(program) {
	for (let length = 0; length <= 8; length++) {
		yield [`${length} bytes`, program.slice(0, length)];
		yield [`${length} random bytes`, randomBytes(length)];
	}
	for (let part = 1; part < 12; part++) {
		const cut = Math.floor((program.length * part) / 12);
		yield [`cut off at ${cut}`, program.slice(0, cut)];
	}
	for (let i = 0; i < 8; i++) {
		const mutated = Uint8Array.from(program);
		for (let n = 0; n < 8; n++) {
			mutated[random.next().value % mutated.length] = random.next().value & 0xff;
		}
		yield ['mutated', mutated];
	}
	for (let i = 0; i < 4; i++) yield ['random', randomBytes(1 + (random.next().value % 2000))];
}

/** Sends many transactions of Bob, a few at a time, and gives their outcomes in order. */
async function submitAll(txs) {
	const outcomes = [];
	for (const tx of txs) outcomes.push(await chain.submit(tx, bob));
	return outcomes;
}

/** Sums up outcomes by error. */
function tally(t, outcomes) {
	const counts = {};
	for (const { error } of outcomes) counts[error ?? 'ok'] = (counts[error ?? 'ok'] ?? 0) + 1;
	t.diagnostic(
		Object.entries(counts)
			.map(([error, count]) => `${count} × ${error}`)
			.join(', '),
	);
}

describe('malformed code', () => {
	test('EVM', async (t) => {
		const { bytecode } = artifacts.solidity('Counter');
		const program = Uint8Array.from(Buffer.from(bytecode.slice(2), 'hex'));
		const cases = [...malformed(program)];
		const funds = await chain.balance(bob);
		const outcomes = await submitAll(
			cases.map(([, code]) => api.tx.evm.create(u8aToHex(code), 0, 2_000_000)),
		);
		tally(t, outcomes);
		for (const [i, outcome] of outcomes.entries()) {
			const [name] = cases[i];
			assert.ok(outcome.fee > 0n, `${name}: no fee`);
			// Some byte strings are programs: an empty one deploys an empty contract. What fails, fails by name.
			if (!outcome.ok) {
				assert.match(outcome.error, /^evm\./, name);
				assert.deepEqual(outcome.all('evm', 'Created'), [], name);
			}
		}
		const fees = outcomes.reduce((sum, { fee }) => sum + fee, 0n);
		assert.equal(await chain.balance(bob), funds - fees);
		assert.ok(outcomes.some(({ ok }) => !ok));
	});

	test('EVM: code as calldata of nobody, code that returns malformed code', async (t) => {
		// PUSH1 0xEF, PUSH0, MSTORE8, PUSH1 1, PUSH0, RETURN: EIP-3541 refuses code that starts with 0xEF.
		await refused(t, api.tx.evm.create('0x60ef5f5360015ff3', 0, 2_000_000), /^evm\./);
		// A jump to nowhere, a stack underflow, an unknown instruction.
		for (const code of ['0x6001565b', '0x01', '0xfe', '0x5f5ffd']) {
			await refused(t, api.tx.evm.create(code, 0, 2_000_000), /^evm\./);
		}
	});

	test('ink!', async (t) => {
		const program = Uint8Array.from(
			Buffer.from(artifacts.ink('counter').source.wasm.slice(2), 'hex'),
		);
		const cases = [...malformed(program)];
		const [funds, held] = [await chain.balance(bob), await chain.held(bob)];
		const outcomes = await submitAll(
			cases.map(([, code]) =>
				api.tx.contracts.instantiateWithCode(
					0,
					DEFAULT_WEIGHT,
					null,
					u8aToHex(code),
					'0x9bae9d5e',
					'0x',
				),
			),
		);
		tally(t, outcomes);
		for (const [i, outcome] of outcomes.entries()) {
			const [name] = cases[i];
			assert.ok(outcome.fee > 0n, `${name}: no fee`);
			if (name !== 'mutated') assert.ok(!outcome.ok, `${name}: accepted`);
			if (!outcome.ok) assert.match(outcome.error, /^contracts\./, name);
		}
		if (outcomes.every(({ ok }) => !ok)) {
			const fees = outcomes.reduce((sum, { fee }) => sum + fee, 0n);
			assert.equal(await chain.balance(bob), funds - fees);
			assert.equal(await chain.held(bob), held);
		}
	});
});

describe('calldata', () => {
	const set = evm.counter.abi.encodeFunctionData('set', [9]);

	test('EVM: cut off', async (t) => {
		for (const length of [0, 1, 3, 4, 35]) {
			await refused(
				t,
				api.tx.evm.call(evm.counter.address, set.slice(0, 2 + 2 * length), 0, 500_000),
				/^evm\./,
			);
		}
	});

	test('EVM: over-long', async (t) => {
		// A megabyte costs more gas than is given.
		await refused(
			t,
			api.tx.evm.call(evm.counter.address, `${set}${'ff'.repeat(1_000_000)}`, 0, 500_000),
			/^evm\./,
			{ mayBeRefusedByPool: true },
		);
	});

	test('EVM: a number that does not fit', async (t) => {
		const input = set.slice(0, 10) + 'ff'.repeat(32);
		await refused(t, api.tx.evm.call(evm.counter.address, input, 0, 500_000), /^evm\./);
	});

	test('ink!: cut off, and an unknown selector', async (t) => {
		const input = u8aToHex(ink.counter.abi.findMessage('set').toU8a([9]).slice(1));
		for (const data of [
			'0x',
			input.slice(0, 4),
			input.slice(0, 10),
			input.slice(0, 24),
			'0xdeadbeef',
		]) {
			await refused(
				t,
				api.tx.contracts.call(ink.counter.ss58, 0, DEFAULT_WEIGHT, null, data),
				/^contracts\./,
			);
		}
	});
});

describe('crossVm.call', () => {
	const limit = { ...DEFAULT_WEIGHT, deposit: null };
	const call = (target, signature, args = [], { planck = 0n, ...options } = {}) =>
		api.tx.crossVm.call(chain.target(target), planck, signature, args, {
			...limit,
			...options,
		});

	test('a target that does not exist, in every spelling', async (t) => {
		await refused(t, call(nobody, 'get()->(u64)'), /NotFound/);
		await refused(
			t,
			call({ Account: encodeAddress(new Uint8Array(32).fill(3)) }, 'get()->(u64)'),
			/NotFound/,
		);
		await refused(t, call({ Module: [bob.address, 'coin'] }, 'get()->(u64)'), /NotFound/);
	});

	test('an ordinary account', async (t) => {
		await refused(t, call(charlie, 'get()->(u64)'), /NotFound/);
		await refused(t, call(aliasOf(charlie), 'get()->(u64)'), /NotFound/);
	});

	test('a signature that does not parse', async (t) => {
		for (const signature of [
			'',
			'get',
			'get(',
			'get()->',
			'get(uint64)',
			'get( )',
			'g\0t()',
			`g(u8${'[]'.repeat(16)})`,
		]) {
			for (const target of [evm.counter, ink.counter]) {
				await refused(t, call(target, signature), /BadEncoding|Signature/);
			}
		}
	});

	test('a signature that is too long', async (t) => {
		// Of the longest text that fits, and one byte more, which is no transaction at all.
		await refused(t, call(evm.counter, `${'f'.repeat(1022)}()`), /./);
		await assert.rejects(chain.submit(call(evm.counter, `${'f'.repeat(1023)}()`), bob));
	});

	test('values nested as deep as they may be', async (t) => {
		let deep = value.uint(1);
		for (let level = 0; level < 15; level++) deep = value.list([deep]);
		await refused(t, call(evm.counter, 'set(u64)', [deep]), /BadEncoding/);
	});

	test('values nested a hundred thousand deep are no transaction', async (t) => {
		// Not to be made with a client's own types: a signed transaction with one argument, whose
		// encoding is replaced. Whatever decodes it has to give up.
		const template = call(evm.counter, 'set(u64)', [value.bool(true)]);
		const bytes = (await template.signAsync(bob, { nonce: -1, era: 0 })).toU8a(true);
		const argument = Buffer.from([4, 0, 1]); // one value, `Bool`, `true`
		const at = Buffer.from(bytes).lastIndexOf(argument);
		assert.ok(at > 0);
		const lists = Buffer.alloc(200_000, Buffer.from([6, 4])); // `List`, of one
		const body = Buffer.concat([
			bytes.slice(0, at),
			Buffer.from([4]),
			lists,
			Buffer.from([0, 1]),
			bytes.slice(at + argument.length),
		]);
		// Past the client, which would decode it first.
		const send = rpc(node.http, 'author_submitExtrinsic', [u8aToHex(compactAddLength(body))]);
		const refusal = await send.then(
			() => null,
			(error) => error.message,
		);
		assert.notEqual(refusal, null, 'accepted');
		t.diagnostic(refusal.split('\n')[0]);
	});

	test('arguments that do not match the signature', async (t) => {
		for (const target of [evm.counter, ink.counter]) {
			for (const args of [
				[],
				[value.uint(1), value.uint(2)],
				[value.bool(true)],
				[value.text('one')],
				[value.uint(2n ** 64n)],
				[value.list([value.uint(1)])],
				[value.maybe(null)],
			]) {
				await refused(
					t,
					call(target, 'set(u64)', args),
					/BadEncoding|TypeMismatch|Count|OutOfRange/,
				);
			}
		}
	});

	test('a function that the callee does not have', async (t) => {
		await refused(t, call(evm.counter, 'nothing()'), /Reverted|BadEncoding|Refused/);
		await refused(t, call(ink.counter, 'nothing()'), /Reverted|BadEncoding|Refused/);
	});

	test('amounts above what fits', async (t) => {
		const args = (amount) => [value.address(charlie), value.uint(amount)];
		await refused(
			t,
			call(ink.token, 'transfer(address,u128)->(bool)', args(2n ** 128n)),
			/BadEncoding|OutOfRange/,
		);
		await refused(
			t,
			call(ink.token, 'transfer(address,u128)->(bool)', args(2n ** 128n - 1n)),
			/Reverted/,
		);
		await refused(
			t,
			call(evm.token, 'transfer(address,u256)->(bool)', args(2n ** 256n - 1n)),
			/Reverted/,
		);
	});

	test('value above what the sender owns', async (t) => {
		for (const target of [evm.counter, ink.counter]) {
			for (const planck of [(await chain.balance(bob)) + 1n, 2n ** 128n - 1n]) {
				await refused(
					t,
					call(target, 'deposit()->(u128)', [], { planck }),
					/InsufficientBalance|FundsUnavailable|TransferFailed/,
				);
			}
		}
	});

	test('zero and absurd limits', async (t) => {
		for (const target of [evm.counter, ink.counter]) {
			const zero = { refTime: 0, proofSize: 0 };
			await refused(t, call(target, 'increment()->(u64)', [], zero), /OutOfGas/);
			await refused(
				t,
				call(target, 'increment()->(u64)', [], { refTime: 1_000_000_000, proofSize: 0 }),
				/OutOfGas/,
			);
			await refused(
				t,
				call(target, 'increment()->(u64)', [], { refTime: 0, proofSize: 1_000_000 }),
				/OutOfGas/,
			);
			const absurd = { refTime: 2n ** 64n - 1n, proofSize: 2n ** 64n - 1n };
			await refused(t, call(target, 'increment()->(u64)', [], absurd), /./, {
				mayBeRefusedByPool: true,
			});
		}
	});

	test('a storage deposit above the limit', async (t) => {
		const args = [value.address(charlie), value.uint(1)];
		await refused(
			t,
			call(ink.token, 'transfer(address,u128)->(bool)', args, { deposit: 0 }),
			/./,
		);
	});
});

describe("gas limits and amounts at the machines' own doors", () => {
	const increment = evm.counter.abi.encodeFunctionData('increment', []);

	test('EVM', async (t) => {
		for (const gas of [0n, 1n, 20_999n, 21_100n]) {
			await refused(t, api.tx.evm.call(evm.counter.address, increment, 0, gas), /^evm\./);
		}
		await refused(
			t,
			api.tx.evm.call(evm.counter.address, increment, 0, 2n ** 64n - 1n),
			/^evm\./,
			{ mayBeRefusedByPool: true },
		);
		await refused(
			t,
			api.tx.evm.call(
				evm.counter.address,
				'0xd0e30db0',
				(await chain.balance(bob)) + 1n,
				500_000,
			),
			/./,
		);
		await refused(t, api.tx.evm.create('0x', 2n ** 128n - 1n, 500_000), /./);
	});

	test('ink!', async (t) => {
		const data = u8aToHex(ink.counter.abi.findMessage('increment').toU8a([]).slice(1));
		const call = (limit, planck = 0n, to = ink.counter.ss58) =>
			api.tx.contracts.call(to, planck, limit, null, data);
		await refused(t, call({ refTime: 0, proofSize: 0 }), /OutOfGas/);
		await refused(t, call({ refTime: 10_000_000, proofSize: 10 }), /OutOfGas/);
		await refused(t, call({ refTime: 2n ** 64n - 1n, proofSize: 2n ** 64n - 1n }), /./, {
			mayBeRefusedByPool: true,
		});
		await refused(t, call(DEFAULT_WEIGHT, 2n ** 127n), /./);
		await refused(t, call(DEFAULT_WEIGHT, 0n, charlie.address), /ContractNotFound/);
	});
});

describe('afterwards', () => {
	test('the node produces blocks and has not panicked', async () => {
		const before = await chain.height();
		const deadline = Date.now() + 30_000;
		while ((await chain.height()) < before + 2) {
			assert.ok(Date.now() < deadline, 'no new blocks');
			await new Promise((resolve) => setTimeout(resolve, 250));
		}
		assertSound(node);
	});

	test('the contracts still work', async (t) => {
		used(t, await evm.counter.send('increment'), 'Solidity');
		used(t, await ink.counter.send('increment'), 'ink!');
		assert.deepEqual(await evm.counter.read('get'), [6n]);
		assert.equal((await ink.counter.read('get')).toNumber(), 6);
	});
});
