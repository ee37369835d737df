// What every test file begins with: a node of its own, a chain, and how a case reports.

import { after } from 'node:test';
import assert from 'node:assert/strict';

import { Chain, UNIT, bridgeError, weightText } from './chain.mjs';
import { startNode } from './node.mjs';

/** Starts a node for this file and connects to it; both end when the file's tests have. */
export async function setUp() {
	const node = await startNode();
	console.log(
		`node answers after ${node.startupMs} ms (${node.startupMs < 5000 ? 'under' : 'OVER'} 5 s)`,
	);
	const chain = await Chain.connect(node.endpoint);
	after(async () => {
		await chain.disconnect();
		await node.stop();
	});
	return { node, chain };
}

/** Prints what a case used, and hands the outcome on. */
export function used(t, outcome, what = '') {
	const fee =
		outcome.fee === undefined
			? ''
			: `, fee ${(Number(outcome.fee) / Number(UNIT)).toPrecision(4)} TRV`;
	t.diagnostic(`${what && `${what}: `}${weightText(outcome.weight)}${fee}`);
	return outcome;
}

/** The outcome is a success; prints what it used. */
export function succeeded(t, outcome, what) {
	used(t, outcome, what);
	assert.ok(outcome.ok, `failed with ${outcome.error}`);
	return outcome;
}

/** The outcome is this failure, `pallet.Error`, and cost a fee; prints what it used. */
export function failed(t, outcome, error, what) {
	used(t, outcome, what);
	assert.ok(!outcome.ok, 'succeeded');
	if (error instanceof RegExp) assert.match(outcome.error, error);
	else if (error) assert.equal(outcome.error, error);
	assert.ok(outcome.fee > 0n, 'no fee was charged');
	return outcome;
}

/** Revert data of a Solidity contract is this error of the bridge. */
export function assertBridgeError(data, name, args) {
	const error = bridgeError(data);
	assert.equal(error?.name, name, `revert data ${data}`);
	if (args) assert.deepEqual(error.args.map(String), args.map(String));
}

/** The node runs, and neither it nor the runtime has panicked. */
export function assertSound(node) {
	assert.ok(node.alive(), 'the node has ended');
	// Bytes that are no transaction make the framework's own decoder panic, before any of our code.
	const panics = [...node.log().matchAll(/(panicked at|wasm trap)(.*\n.*)/g)]
		.map(([text]) => text)
		.filter((text) => !text.includes('Bad input data provided to'));
	assert.deepEqual(panics, []);
}

/** Runs something that sends transactions; the state that `probe` reads is the same before and after. */
export async function leavesNothing(probe, action) {
	const before = await probe();
	const outcome = await action();
	assert.deepEqual(await probe(), before, 'state was left behind');
	return outcome;
}
