// Solidity and ink! on one chain, calling each other: every rule of a cross-VM call that two virtual
// machines can show.

import { describe, test } from 'node:test';
import assert from 'node:assert/strict';

import { Interface } from 'ethers';
import { stringToU8a, u8aConcat, u8aToHex } from '@polkadot/util';
import { encodeAddress } from '@polkadot/util-crypto';

import * as artifacts from './lib/artifacts.mjs';
import { assertBridgeError, failed, leavesNothing, setUp, succeeded, used } from './lib/cases.mjs';
import {
	BRIDGE,
	UNIT,
	abiDecode,
	abiEncode,
	accountOf,
	aliasOf,
	bridgeError,
	value,
} from './lib/chain.mjs';

const ALLOW_REENTRY = 1;
const READ_ONLY = 2;

const { node, chain } = await setUp();
const { alice, bob, charlie } = chain;

const bridge = new Interface(artifacts.solidity('ICrossVm').abi);
const selector = (error) => bridge.getError(error).selector;

// Everything is deployed by the first group and used by all that follow.
let evm = {};
let ink = {};

describe('deploy', () => {
	test('Solidity: counter, token and caller', async (t) => {
		evm.counter = await chain.deploySolidity(artifacts.solidity('Counter'), [5]);
		succeeded(t, evm.counter.outcome, 'counter');
		evm.token = await chain.deploySolidity(artifacts.solidity('Token'), [1_000n * UNIT]);
		succeeded(t, evm.token.outcome, 'token');
		evm.caller = await chain.deploySolidity(artifacts.solidity('Caller'));
		succeeded(t, evm.caller.outcome, 'caller');
		evm.caller2 = await chain.deploySolidity(artifacts.solidity('Caller'));

		assert.deepEqual(await evm.counter.read('get'), [5n]);
		assert.deepEqual(await evm.token.read('balanceOf', [aliasOf(alice)]), [1_000n * UNIT]);
	});

	test('ink!: counter, token and caller', async (t) => {
		ink.counter = await chain.deployInk(artifacts.ink('counter'), 'new', [7]);
		succeeded(t, ink.counter.outcome, 'counter');
		ink.token = await chain.deployInk(artifacts.ink('token'), 'new', [1_000n * UNIT]);
		succeeded(t, ink.token.outcome, 'token');
		ink.caller = await chain.deployInk(artifacts.ink('caller'), 'new', []);
		succeeded(t, ink.caller.outcome, 'caller');

		assert.equal((await ink.counter.read('get')).toNumber(), 7);
		assert.equal(
			(await ink.token.read('balance_of', [alice.address])).toBigInt(),
			1_000n * UNIT,
		);
	});

	test('a contract of either kind works by itself', async (t) => {
		succeeded(t, await evm.counter.send('increment'), 'Solidity counter');
		succeeded(t, await ink.counter.send('increment'), 'ink! counter');
		assert.deepEqual(await evm.counter.read('get'), [6n]);
		assert.equal((await ink.counter.read('get')).toNumber(), 8);
	});

	test('every account has one 20-byte alias, and the chain knows the way back', async () => {
		const call = async (name, args) => {
			const answer = await chain.evmCall(
				alice,
				BRIDGE,
				bridge.encodeFunctionData(name, args),
			);
			return bridge.decodeFunctionResult(name, answer.data)[0];
		};
		for (const who of [alice, ink.counter, evm.counter]) {
			const account = u8aToHex(accountOf(who));
			assert.equal((await call('aliasOf', [account])).toLowerCase(), aliasOf(who));
			assert.equal(await call('accountOf', [aliasOf(who)]), account);
		}
	});
});

/** What both counters and all callers hold; a failed transaction must not change it. */
async function state() {
	return {
		evmCounter: (await evm.counter.read('get'))[0],
		inkCounter: (await ink.counter.read('get')).toBigInt(),
		evmVisits: (await evm.caller.read('visits'))[0],
		evmVisits2: (await evm.caller2.read('visits'))[0],
		inkVisits: (await ink.caller.read('visits')).toBigInt(),
		evmFunds: await chain.balance(evm.counter),
		inkFunds: await chain.balance(ink.counter),
	};
}
const inkCount = async () => (await ink.counter.read('get')).toBigInt();
const evmCount = async () => (await evm.counter.read('get'))[0];

describe('one hop', () => {
	test('Solidity -> ink!: increment', async (t) => {
		const before = await inkCount();
		const outcome = succeeded(
			t,
			await evm.caller.send('incrementForeign', [ink.counter.address]),
		);
		assert.equal(await inkCount(), before + 1n);
		assert.deepEqual(await evm.caller.read('lastValue'), [before + 1n]);
		// The callee saw the contract that called it, not the signer.
		assert.equal(
			(await ink.counter.read('sender')).toString(),
			encodeAddress(evm.caller.account),
		);
		assert.deepEqual(
			evm.caller.events(outcome).map(({ name }) => name),
			['Called'],
		);
	});

	test('Solidity -> ink!: by 32-byte account', async (t) => {
		const before = await inkCount();
		succeeded(t, await evm.caller.send('incrementAccount', [u8aToHex(ink.counter.account)]));
		assert.equal(await inkCount(), before + 1n);
	});

	test('Solidity -> ink!: read in a view function', async (t) => {
		const answer = used(t, await evm.caller.tryRead('readForeign', [ink.counter.address]));
		assert.ok(answer.ok, answer.error);
		assert.equal(BigInt(answer.data), await inkCount());
	});

	test('Solidity -> ink!: token transfer', async (t) => {
		succeeded(
			t,
			await ink.token.send('transfer', [encodeAddress(evm.caller.account), 10n * UNIT]),
			'funding',
		);
		succeeded(
			t,
			await evm.caller.send('moveToken', [ink.token.address, aliasOf(bob), 4n * UNIT]),
		);
		assert.equal((await ink.token.read('balance_of', [bob.address])).toBigInt(), 4n * UNIT);
		assert.equal(
			(await ink.token.read('balance_of', [encodeAddress(evm.caller.account)])).toBigInt(),
			6n * UNIT,
		);
	});

	test('ink! -> Solidity: increment', async (t) => {
		const before = await evmCount();
		succeeded(
			t,
			await ink.caller.send('increment_foreign', [encodeAddress(evm.counter.account)]),
		);
		assert.equal(await evmCount(), before + 1n);
		assert.deepEqual((await evm.counter.read('sender'))[0].toLowerCase(), ink.caller.address);
	});

	test('ink! -> Solidity: by 20-byte alias', async (t) => {
		const before = await evmCount();
		succeeded(t, await ink.caller.send('increment_address', [evm.counter.address]));
		assert.equal(await evmCount(), before + 1n);
	});

	test('ink! -> Solidity: read', async (t) => {
		const answer = used(
			t,
			await ink.caller.tryRead('read_foreign', [encodeAddress(evm.counter.account)]),
		);
		assert.ok(answer.ok, answer.error);
		assert.equal(answer.value.toBigInt(), await evmCount());
	});

	test('ink! -> Solidity: token transfer', async (t) => {
		succeeded(t, await evm.token.send('transfer', [ink.caller.address, 10n * UNIT]), 'funding');
		succeeded(
			t,
			await ink.caller.send('move_token', [
				encodeAddress(evm.token.account),
				bob.address,
				3n * UNIT,
			]),
		);
		assert.deepEqual(await evm.token.read('balanceOf', [aliasOf(bob)]), [3n * UNIT]);
		assert.deepEqual(await evm.token.read('balanceOf', [ink.caller.address]), [7n * UNIT]);
	});
});

describe('nested', () => {
	test('Solidity -> ink! -> Solidity', async (t) => {
		const before = await evmCount();
		const args = abiEncode(['address'], [evm.counter.address]);
		succeeded(
			t,
			await evm.caller.send('forward', [
				ink.caller.address,
				'increment_foreign(address)->(u64)',
				args,
				0,
			]),
		);
		assert.equal(await evmCount(), before + 1n);
		assert.equal((await evm.counter.read('sender'))[0].toLowerCase(), ink.caller.address);
	});

	test('ink! -> Solidity -> ink!', async (t) => {
		const before = await inkCount();
		succeeded(
			t,
			await ink.caller.send('forward', [
				encodeAddress(evm.caller.account),
				'incrementForeign(address)->(u64)',
				u8aToHex(ink.counter.account),
				0,
			]),
		);
		assert.equal(await inkCount(), before + 1n);
		assert.equal(
			(await ink.counter.read('sender')).toString(),
			encodeAddress(evm.caller.account),
		);
	});
});

describe('failures', () => {
	test('Solidity try/catch: what the ink! callee wrote is gone, the caller goes on', async (t) => {
		const before = await state();
		const outcome = succeeded(t, await evm.caller.send('tryFail', [ink.counter.address, 99]));
		assert.deepEqual(await state(), { ...before, evmVisits: before.evmVisits + 1n });
		assert.deepEqual(await evm.caller.read('lastError'), [selector('Reverted')]);
		assert.deepEqual(ink.counter.events(outcome), []);
		assert.ok(!(await ink.counter.read('stained')).isTrue);
		// The error carries what the callee reverted with, in SCALE: `Ok(Err(Refused { value: 99 }))`.
		const reason = bridgeError((await evm.caller.read('lastReason'))[0]);
		assert.deepEqual(reason, { name: 'Reverted', args: ['0x00016300000000000000'] });
	});

	test('ink! catches: what the Solidity callee wrote is gone, the caller goes on', async (t) => {
		const before = await state();
		const outcome = succeeded(
			t,
			await ink.caller.send('try_fail', [encodeAddress(evm.counter.account), 99]),
		);
		assert.deepEqual(await state(), { ...before, inkVisits: before.inkVisits + 1n });
		assert.deepEqual(evm.counter.events(outcome), []);
		// The error carries what the callee reverted with: `Refused(99)` in the Solidity ABI.
		const error = (await ink.caller.read('last_error')).unwrap();
		assert.ok(error.isReverted, error.toString());
		assert.equal(error.asReverted.toHex(), evm.counter.abi.encodeErrorResult('Refused', [99]));
	});

	test('the Solidity caller fails after its callee succeeded: nothing stays in either', async (t) => {
		const outcome = await leavesNothing(state, () =>
			evm.caller.send('incrementThenRevert', [ink.counter.address]),
		);
		failed(t, outcome, /^evm\./);
		assert.deepEqual(ink.counter.events(outcome), []);
	});

	test('the ink! caller fails after its callee succeeded: nothing stays in either', async (t) => {
		const outcome = await leavesNothing(state, () =>
			ink.caller.send('increment_then_revert', [encodeAddress(evm.counter.account)]),
		);
		failed(t, outcome, 'contracts.ContractReverted');
		assert.deepEqual(evm.counter.events(outcome), []);
	});

	test('an EVM frame that reverts takes its ink! callee along, and the frame above catches it', async (t) => {
		const before = await state();
		succeeded(t, await evm.caller.send('catchOwnRevert', [ink.counter.address]));
		assert.deepEqual(await state(), { ...before, evmVisits: before.evmVisits + 1n });
	});

	test('a failure caught two levels up', async (t) => {
		// caller -> ink! caller -> second Solidity caller -> ink! counter; the third fails at its end.
		const before = await state();
		succeeded(
			t,
			await evm.caller.send('catchRelay', [
				[ink.caller.address, evm.caller2.address],
				ink.counter.address,
			]),
		);
		assert.deepEqual(await state(), { ...before, evmVisits: before.evmVisits + 1n });
		assert.deepEqual(await evm.caller.read('lastError'), [selector('Reverted')]);
	});

	test('a target that does not exist, and an account without code', async (t) => {
		for (const target of [`0x${'12'.repeat(20)}`, aliasOf(bob)]) {
			succeeded(t, await evm.caller.send('tryForward', [target, 'get()->(u64)', '0x', 0]));
			assert.deepEqual(await evm.caller.read('lastError'), [selector('NotFound')]);
		}
	});

	test('signatures and arguments that are wrong', async (t) => {
		const u64 = abiEncode(['uint64'], [1]);
		for (const [signature, args, reason] of [
			['increment', '0x', 0],
			['increment()->(uint64)', '0x', 0],
			[`f(u8${'[]'.repeat(16)})`, '0x', 1],
			['set(u64)', '0x', 2],
			['set(u64)', u64.slice(0, -2), 2],
			['set(u64)', `${u64}00`, 3],
			['set(u64)', `0x${'ff'.repeat(32)}`, 4],
			['set(string)', abiEncode(['bytes'], ['0xff']), 5],
			['set(bool)', abiEncode(['uint64'], [2]), 6],
			['no_such_message()', '0x', 10],
			['set(u8)', abiEncode(['uint8'], [1]), 10],
		]) {
			await leavesNothing(inkCount, () =>
				evm.caller.send('tryForward', [ink.counter.address, signature, args, 0]),
			);
			assertBridgeError((await evm.caller.read('lastReason'))[0], 'BadEncoding', [reason]);
		}
		t.diagnostic('eleven reasons, each as BadEncoding(reason)');
	});
});

describe('gas', () => {
	test('the callee runs out of gas, the caller catches it', async (t) => {
		const before = await state();
		const outcome = succeeded(
			t,
			await evm.caller.send('spinForeign', [ink.counter.address, 500_000n]),
		);
		assert.deepEqual(await state(), { ...before, evmVisits: before.evmVisits + 1n });
		assert.deepEqual(await evm.caller.read('lastError'), [selector('OutOfGas')]);
		assert.ok(outcome.weight.refTime > 0n);
	});

	test('ink!: the Solidity callee runs out of gas, the caller catches it', async (t) => {
		const before = await state();
		succeeded(
			t,
			await ink.caller.send('spin_foreign', [
				encodeAddress(evm.counter.account),
				20_000_000_000n,
				200_000n,
			]),
		);
		assert.deepEqual(await state(), { ...before, inkVisits: before.inkVisits + 1n });
		assert.ok((await ink.caller.read('last_error')).unwrap().isOutOfGas);
	});

	test('everything runs out of gas: the fee is paid, nothing stays', async (t) => {
		const funds = await chain.balance(bob);
		const outcome = await leavesNothing(state, () =>
			evm.caller.send('incrementForeign', [ink.counter.address], {
				signer: bob,
				gas: 60_000n,
			}),
		);
		failed(t, outcome, /^evm\./);
		assert.equal(await chain.balance(bob), funds - outcome.fee);
	});

	test('out of gas half-way in the third contract of a chain', async (t) => {
		// Solidity -> ink! -> a Solidity function that writes and never ends.
		const args = abiEncode(
			['address', 'string', 'bytes', 'uint32'],
			[evm.counter.address, 'spin()', '0x', 0],
		);
		const before = await state();
		succeeded(
			t,
			await evm.caller.send('tryForward', [
				ink.caller.address,
				'forward(address,string,bytes,u32)->(bytes)',
				args,
				0,
			]),
		);
		assert.deepEqual(await state(), { ...before, evmVisits: before.evmVisits + 1n });
		assert.notDeepEqual(await evm.caller.read('lastError'), ['0x00000000']);
	});

	test('more work costs more, across a hop as well', async (t) => {
		const burn = async (rounds) =>
			used(
				t,
				await evm.caller.send('forward', [
					ink.counter.address,
					'burn(u64)->(bytes32)',
					abiEncode(['uint64'], [rounds]),
					0,
				]),
				`${rounds} rounds in ink!`,
			);
		const [few, many] = [await burn(1), await burn(1_000)];
		assert.ok(few.ok && many.ok);
		assert.ok(many.weight.refTime > few.weight.refTime);
		assert.ok(many.fee > few.fee);
	});
});

describe('read-only and delegate calls', () => {
	for (const name of ['incrementStatic', 'incrementReadOnly']) {
		test(`${name}: a write below is refused`, async (t) => {
			const before = await state();
			succeeded(t, await evm.caller.send(name, [ink.counter.address]));
			assert.deepEqual(await state(), { ...before, evmVisits: before.evmVisits + 1n });
			assert.deepEqual(await evm.caller.read('lastError'), [selector('ReadOnly')]);
		});
	}

	test('ink!: a read-only call into Solidity that writes is refused', async (t) => {
		const before = await state();
		succeeded(
			t,
			await ink.caller.send('increment_read_only', [encodeAddress(evm.counter.account)]),
		);
		assert.deepEqual(await state(), { ...before, inkVisits: before.inkVisits + 1n });
		assert.ok((await ink.caller.read('last_error')).unwrap().isReadOnly);
	});

	test('read-only is inherited: Solidity -> ink! -> Solidity that writes', async (t) => {
		const before = await state();
		succeeded(
			t,
			await evm.caller.send('tryForward', [
				ink.caller.address,
				'increment_foreign(address)->(u64)',
				abiEncode(['address'], [evm.counter.address]),
				READ_ONLY,
			]),
		);
		assert.deepEqual(await state(), { ...before, evmVisits: before.evmVisits + 1n });
		assert.notDeepEqual(await evm.caller.read('lastError'), ['0x00000000']);
	});

	test('a delegate call into the bridge is refused', async (t) => {
		const before = await state();
		succeeded(t, await evm.caller.send('incrementDelegate', [ink.counter.address]));
		assert.deepEqual(await state(), { ...before, evmVisits: before.evmVisits + 1n });
		assertBridgeError((await evm.caller.read('lastReason'))[0], 'Engine', [1]);
	});
});

describe('value', () => {
	const amount = 1_234_567_890_123_456_789n;

	// Bob signs: Alice makes the blocks and earns from every fee.
	const moves = async (t, from, message, to) => {
		const read = async () => ({
			mine: await chain.balance(bob),
			between: await chain.balance(from),
			theirs: await chain.balance(to),
			deposits: (await chain.held(from)) + (await chain.held(to)),
		});
		const before = await read();
		const target = from === evm.caller ? to.address : encodeAddress(to.account);
		const outcome = succeeded(
			t,
			await from.send(message, [target], { value: amount, signer: bob }),
		);
		const after = await read();
		const deposit = after.deposits - before.deposits;
		assert.equal(after.theirs, before.theirs + amount);
		assert.equal(after.between, before.between);
		assert.equal(after.mine, before.mine - amount - outcome.fee - deposit);
	};

	test('Solidity -> ink!, to the planck', (t) =>
		moves(t, evm.caller, 'depositForeign', ink.counter));
	test('ink! -> Solidity, to the planck', (t) =>
		moves(t, ink.caller, 'deposit_foreign', evm.counter));

	test('value comes back when the callee fails', async (t) => {
		const before = await state();
		const [mine, between] = [await chain.balance(bob), await chain.balance(evm.caller)];
		const outcome = succeeded(
			t,
			await evm.caller.send(
				'tryForward',
				[ink.counter.address, 'fail(u64)', abiEncode(['uint64'], [1]), 0],
				{ value: amount, signer: bob },
			),
		);
		assert.deepEqual(await state(), { ...before, evmVisits: before.evmVisits + 1n });
		// Caught: the value stays with the contract that wanted to send it on.
		assert.equal(await chain.balance(evm.caller), between + amount);
		assert.equal(await chain.balance(bob), mine - amount - outcome.fee);
	});

	test('more than the caller owns', async (t) => {
		const outcome = await leavesNothing(state, () =>
			evm.caller.send('depositForeign', [ink.counter.address], { value: 2n ** 127n }),
		);
		failed(t, outcome);
	});
});

describe('re-entry', () => {
	const knock = async (t, name, flags) => {
		const answer = used(
			t,
			await evm.caller.tryRead(name, [ink.caller.address, flags]),
			`flags ${flags}`,
		);
		succeeded(t, await evm.caller.send(name, [ink.caller.address, flags]));
		return evm.caller.abi.decodeFunctionResult(name, answer.data)[0];
	};

	test('is refused by default', async (t) => {
		assert.equal(await knock(t, 'knockUnlocked', 0), false);
		const before = await state();
		const outcome = await evm.caller.send('bounce', [ink.caller.address, 2, 0]);
		failed(t, outcome, /^evm\./);
		assert.deepEqual(await state(), before);
	});

	test('is allowed by the flag, and what each visit wrote is seen by the others', async (t) => {
		assert.equal(await knock(t, 'knockUnlocked', ALLOW_REENTRY), true);
		const before = await state();
		succeeded(
			t,
			await evm.caller.send('bounce', [ink.caller.address, 4, ALLOW_REENTRY]),
			'four hops of ping-pong',
		);
		const now = await state();
		// Visits: Solidity three times (twice before and after a hop, once at the end), ink! twice.
		assert.equal(now.evmVisits, before.evmVisits + 5n);
		assert.equal(now.inkVisits, before.inkVisits + 4n);
	});

	test('a transient lock holds across a hop', async (t) => {
		assert.equal(await knock(t, 'knockLocked', ALLOW_REENTRY), false);
		// It ends with the transaction: the contract can be entered afterwards.
		succeeded(t, await evm.caller.send('enter'));
	});

	test('hops end at the depth limit with an error, not a trap', async (t) => {
		const outcome = await leavesNothing(state, () =>
			evm.caller.send('bounce', [ink.caller.address, 40, ALLOW_REENTRY], {
				gas: 20_000_000n,
			}),
		);
		failed(t, outcome, /^evm\./);
	});
});

describe('from outside', () => {
	test('crossVm.call into Solidity with canonical values', async (t) => {
		succeeded(t, await chain.crossVmCall(evm.counter, 'set(u64)', [value.uint(41)]));
		succeeded(t, await chain.crossVmCall(evm.counter, 'increment()->(u64)'));
		assert.equal(await evmCount(), 42n);
		assert.equal((await evm.counter.read('sender'))[0].toLowerCase(), aliasOf(alice));
	});

	test('crossVm.call into ink! with canonical values', async (t) => {
		succeeded(t, await chain.crossVmCall(ink.counter, 'set(u64)', [value.uint(41)]));
		succeeded(t, await chain.crossVmCall(ink.counter, 'increment()->(u64)'));
		assert.equal(await inkCount(), 42n);
		assert.equal((await ink.counter.read('sender')).toString(), alice.address);
	});

	test('crossVm.call: an address and an amount', async (t) => {
		const args = [value.address(charlie), value.uint(UNIT)];
		succeeded(
			t,
			await chain.crossVmCall(evm.token, 'transfer(address,u256)->(bool)', args),
			'Solidity token',
		);
		succeeded(
			t,
			await chain.crossVmCall(ink.token, 'transfer(address,u128)->(bool)', args),
			'ink! token',
		);
		assert.deepEqual(await evm.token.read('balanceOf', [aliasOf(charlie)]), [UNIT]);
		assert.equal((await ink.token.read('balance_of', [charlie.address])).toBigInt(), UNIT);
	});

	test('simulate: result, weight and call tree', async (t) => {
		const before = await state();
		const answer = await chain.simulate(ink.caller, 'increment_foreign(address)->(u64)', [
			value.address(evm.counter),
		]);
		used(t, answer);
		assert.ok(answer.ok, answer.error);
		assert.equal(BigInt(answer.results[0].asUint.toString()), before.evmCounter + 1n);
		assert.deepEqual(
			answer.frames.map(({ index, parent, vm, error }) => ({ index, parent, vm, error })),
			[
				{ index: 0, parent: null, vm: 1, error: null },
				{ index: 1, parent: 0, vm: 0, error: null },
			],
		);
		assert.equal(answer.frames[1].caller, encodeAddress(ink.caller.account));
		assert.equal(answer.frames[1].signature, 'increment()->(u64)');
		assert.ok(answer.frames[0].weight.refTime > answer.frames[1].weight.refTime);
		assert.deepEqual(await state(), before);
	});

	test('simulate: a caught failure shows in its frame', async (t) => {
		const answer = used(
			t,
			await chain.simulate(evm.caller, 'tryFail(address,u64)->(bytes4)', [
				value.address(ink.counter),
				value.uint(9),
			]),
		);
		assert.ok(answer.ok, answer.error);
		assert.equal(answer.frames[0].error, null);
		assert.match(answer.frames[1].error, /^Reverted/);
	});

	test('simulate and the transaction agree on the weight', async (t) => {
		const args = [value.address(evm.counter)];
		const answer = used(
			t,
			await chain.simulate(ink.caller, 'increment_foreign(address)->(u64)', args),
			'simulated',
		);
		const outcome = succeeded(
			t,
			await chain.crossVmCall(ink.caller, 'increment_foreign(address)->(u64)', args),
			'sent',
		);
		assert.ok(
			outcome.weight.refTime >= answer.weight.refTime,
			'the transaction used less than its call',
		);
		assert.ok(outcome.weight.refTime < answer.weight.refTime * 2n);
	});
});

describe('events', () => {
	const logs = (outcome) => outcome.all('crossVm', 'Log');

	test('one canonical event for each log of each machine', async (t) => {
		const outcome = succeeded(
			t,
			await evm.caller.send('incrementForeign', [ink.counter.address]),
		);
		const contracts = logs(outcome).map(({ data }) => data.contract.toString());
		assert.deepEqual(contracts, [
			encodeAddress(ink.counter.account),
			encodeAddress(evm.caller.account),
		]);
		assert.equal(outcome.all('evm', 'Log').length, 1);
		assert.equal(outcome.all('contracts', 'ContractEmitted').length, 1);
	});

	test('none for a frame that was reverted', async (t) => {
		const outcome = succeeded(t, await evm.caller.send('tryFail', [ink.counter.address, 3]));
		const contracts = logs(outcome).map(({ data }) => data.contract.toString());
		assert.deepEqual(contracts, [encodeAddress(evm.caller.account)]);
		assert.deepEqual(outcome.all('contracts', 'ContractEmitted'), []);
	});
});

describe('deposits', () => {
	test('storage that an ink! callee creates is paid for by the signer', async (t) => {
		// Bob signs: Alice makes the blocks and earns from every fee.
		const fresh = u8aConcat(stringToU8a('a new owner of tokens'), new Uint8Array(11));
		const mine = await chain.balance(bob);
		const [caller, held] = [await chain.balance(evm.caller), await chain.held(ink.token)];
		const args = [ink.token.address, aliasOf(fresh), 1n];
		const outcome = succeeded(t, await evm.caller.send('moveToken', args, { signer: bob }));
		const deposit = (await chain.held(ink.token)) - held;
		assert.ok(deposit > 0n, 'no deposit was taken');
		assert.equal(await chain.balance(evm.caller), caller, 'the contract in between paid');
		assert.equal(await chain.balance(bob), mine - outcome.fee - deposit);
	});
});
