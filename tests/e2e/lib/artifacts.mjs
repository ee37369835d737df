// The example contracts as `contracts/build` holds them.

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../../contracts/build/', import.meta.url));

function load(name) {
	const path = `${folder}${name}`;
	if (!existsSync(path)) throw new Error(`${path} is missing; run scripts/build-contracts`);
	return JSON.parse(readFileSync(path, 'utf8'));
}

/** A compiled Solidity contract, `{ abi, bytecode }`. */
export const solidity = (name) => load(`${name}.json`);

/** An ink! bundle. */
export const ink = (name) => load(`${name}.contract`);
