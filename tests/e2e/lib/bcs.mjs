// Values in BCS, as Move's functions take and give them.

import { u8aToHex } from '@polkadot/util';

import { accountOf } from './chain.mjs';

/** A `u64`, from a number or bigint. */
export const u64 = (of) => u8aToHex(new Uint8Array(new BigUint64Array([BigInt(of)]).buffer));

/** A `u128`, from a bigint. */
export const u128 = (of) => u8aToHex(new Uint8Array(new BigUint64Array([of, of >> 64n]).buffer));

/** An `address`, from whatever names an account. */
export const address = (of) => u8aToHex(accountOf(of));

/** An unsigned integer of any width, as a bigint. */
export const number = (bytes) =>
	BigInt(`0x${Buffer.from(bytes).reverse().toString('hex') || '0'}`);
