// The vectors that every verifier is held against: what is accepted, what is refused and why.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { ReceiptError, decodeHeader, verify, verifyLog } from '../dist/index.js';

const path = new URL('../../vectors/receipts.json', import.meta.url);
const vectors = JSON.parse(readFileSync(path, 'utf8'));

/** Why something is refused; `null` if it is not. */
function reasonOf(check) {
	try {
		check();
		return null;
	} catch (error) {
		assert.ok(error instanceof ReceiptError, error);
		return error.reason;
	}
}

for (const { what, blockHash, error, ...proof } of vectors.receipts) {
	test(what, () => assert.equal(reasonOf(() => verify(blockHash, proof)), error));
}
for (const { what, receipt, error, ...proof } of vectors.logs) {
	test(what, () => assert.equal(reasonOf(() => verifyLog(receipt, proof)), error));
}

test('a header that ends anywhere else is refused', () => {
	const whole = Buffer.from(vectors.receipts[0].header.slice(2), 'hex');
	for (let end = 0; end < whole.length; end++) {
		assert.equal(reasonOf(() => decodeHeader(whole.subarray(0, end))), 'Truncated');
	}
});

test('what is no number or no bytes is named', () => {
	const { blockHash, error, ...proof } = vectors.receipts[0];
	const refusal = (change) => {
		const receipt = { ...proof.receipt, ...change };
		assert.throws(() => verify(blockHash, { ...proof, receipt }), /Malformed/);
	};
	refusal({ value: '0x1' });
	refusal({ value: -1 });
	refusal({ value: 1n << 128n });
	refusal({ refTime: 1.5 });
	refusal({ chain: '0x00' });
	refusal({ caller: 'alice' });
	refusal({ success: 1 });
	assert.throws(() => verify(blockHash, { ...proof, header: 'no' }), /header: not 0x/);
	for (const nothing of [null, undefined, {}, 'text', 7]) {
		const reason = (check) => assert.equal(reasonOf(check), 'Malformed');
		reason(() => verify(blockHash, nothing));
		reason(() => verify(blockHash, { ...proof, receipt: nothing }));
		reason(() => verify(blockHash, { ...proof, siblings: nothing }));
		const { receipt, error: _, ...log } = vectors.logs[0];
		reason(() => verifyLog(nothing, log));
		reason(() => verifyLog(receipt, nothing));
		reason(() => verifyLog(receipt, { ...log, log: nothing }));
		reason(() => verifyLog(receipt, { ...log, log: { ...log.log, topics: nothing } }));
	}
	assert.throws(() => verify('0x', proof), /blockHash: 0 bytes/);
});
