// Bytes, and numbers in them.

import { ReceiptError } from './errors.js';

/** Bytes as `0x` and hexadecimal digits. */
export type Hex = string;

const HEX = /^0x(?:[0-9a-f]{2})*$/i;

/**
 * The bytes that a text stands for, of this length if one is given.
 *
 * @throws {ReceiptError} `Malformed`
 */
export function bytesOf(text: Hex, what: string, length?: number): Uint8Array {
	if (typeof text !== 'string' || !HEX.test(text)) throw new ReceiptError('Malformed', `${what}: not 0x and bytes`);
	const bytes = new Uint8Array((text.length - 2) / 2);
	for (let i = 0; i < bytes.length; i++) bytes[i] = parseInt(text.slice(2 + 2 * i, 4 + 2 * i), 16);
	if (length !== undefined && bytes.length !== length) {
		throw new ReceiptError('Malformed', `${what}: ${bytes.length} bytes and not ${length}`);
	}
	return bytes;
}

/** A number as a request or an answer may write it. */
export type Numeric = number | bigint | string;

/**
 * A number of at most this many bits.
 *
 * @throws {ReceiptError} `Malformed`
 */
export function numberOf(value: Numeric, bits: number, what: string): bigint {
	const isText = typeof value === 'string' && /^(0|[1-9][0-9]*)$/.test(value);
	const isNumber = typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
	if (!isText && !isNumber && typeof value !== 'bigint') {
		throw new ReceiptError('Malformed', `${what}: not a number: ${String(value)}`);
	}
	const number = BigInt(value);
	if (number < 0n || number >> BigInt(bits) !== 0n) {
		throw new ReceiptError('Malformed', `${what}: not within ${bits} bits: ${number}`);
	}
	return number;
}

/** All bytes, one after the other. */
export function concat(...parts: Uint8Array[]): Uint8Array {
	const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
	let at = 0;
	for (const part of parts) {
		all.set(part, at);
		at += part.length;
	}
	return all;
}

/** Whether two are the same. */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
	return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
