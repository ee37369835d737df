// A runtime upgrade on the dev chain: a larger wasm than before, and larger than the 2 MiB that a
// mocked relay chain allows by default.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';

import { u8aToHex } from '@polkadot/util';
import { blake2AsHex } from '@polkadot/util-crypto';

import { assertSound, setUp, succeeded } from './lib/cases.mjs';

const { node, chain } = await setUp();
const { api, alice } = chain;

/** Storage key of the runtime's code, `:code`. */
const CODE = '0x3a636f6465';
/** First bytes of a compressed runtime. */
const COMPRESSED = '52bc537646db8e05';

/** An unsigned LEB128 number of exactly five bytes. */
const leb = (number) =>
	Uint8Array.from({ length: 5 }, (_, i) => ((number >>> (7 * i)) & 0x7f) | (i < 4 ? 0x80 : 0));

/** A custom section of a wasm module: content that changes nothing but the size. */
function customSection(length) {
	const name = Buffer.from('padding');
	const content = Buffer.concat([Buffer.from([name.length]), name, randomBytes(length)]);
	return Buffer.concat([Buffer.from([0]), leb(content.length), content]);
}

/** A zstd frame that holds bytes as they are (RFC 8878: raw blocks of at most 128 KiB). */
function zstdFrame(bytes) {
	// Magic number; descriptor: no checksum, no dictionary, no content size; a window of 128 KiB.
	const parts = [Buffer.from('28b52ffd', 'hex'), Buffer.from([0x00, 0x38])];
	for (let at = 0; at < bytes.length; at += 1 << 17) {
		const block = bytes.subarray(at, at + (1 << 17));
		const last = at + block.length === bytes.length ? 1 : 0;
		const header = (block.length << 3) | last;
		parts.push(Buffer.from([header & 0xff, (header >> 8) & 0xff, header >> 16]), block);
	}
	return Buffer.concat(parts);
}

/** The runtime with a custom section appended. Compressed or not, appending is all it takes. */
function enlarge(code, length) {
	const section = customSection(length);
	const compressed = code.subarray(0, 8).toString('hex') === COMPRESSED;
	return Buffer.concat([code, compressed ? zstdFrame(section) : section]);
}

const codeNow = async () =>
	Buffer.from((await api.rpc.state.getStorage(CODE)).unwrap().toU8a(true));

test('set_code of a larger wasm takes effect and blocks go on', async (t) => {
	const before = await codeNow();
	const target = Math.max(before.length + 200_000, 2 * 1024 * 1024 + 200_000);
	const larger = enlarge(before, target - before.length);
	t.diagnostic(`runtime ${before.length} B, upgrade ${larger.length} B`);

	const call = api.tx.system.setCodeWithoutChecks(u8aToHex(larger));
	const outcome = succeeded(t, await chain.submit(api.tx.sudo.sudo(call), alice));
	const [sudid] = outcome.all('sudo', 'Sudid');
	assert.ok(sudid.data[0].isOk, `set_code failed: ${sudid.data[0]}`);
	assert.equal(outcome.all('parachainSystem', 'ValidationFunctionStored').length, 1);

	const deadline = Date.now() + 60_000;
	while (Buffer.compare(await codeNow(), larger) !== 0) {
		assert.ok(Date.now() < deadline, 'the new code is not in storage');
		await new Promise((resolve) => setTimeout(resolve, 200));
	}
	t.diagnostic(`in storage: ${blake2AsHex(await codeNow())}`);

	// Blocks are now made by the new code: a transaction goes through, and so does another upgrade.
	const height = await chain.height();
	succeeded(
		t,
		await chain.submit(api.tx.system.remarkWithEvent('0x00'), alice),
		'a transaction afterwards',
	);
	assert.ok((await chain.height()) > height);
	assertSound(node);
});
