// Compiles the contracts of the benchmark: `<Contract>.hex`, what a deployment sends, beside each
// source.
//
//     node benchmarks/evm/contracts/build.mjs
//
// The compiler is that of the example contracts; `scripts/setup` installs it.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const solc = createRequire(join(here, '../../../contracts/package.json'))('solc');

// The contracts that are deployed; the others are created by these.
const deployed = ['Coin', 'Exchange', 'Factory', 'Hashes', 'Ledger', 'Payments', 'Raymarch'];

const names = readdirSync(here).filter((name) => name.endsWith('.sol'));
const input = {
	language: 'Solidity',
	sources: Object.fromEntries(
		names.map((name) => [name, { content: readFileSync(join(here, name), 'utf8') }]),
	),
	settings: {
		evmVersion: 'osaka',
		optimizer: { enabled: true, runs: 10_000 },
		metadata: { bytecodeHash: 'none', appendCBOR: false },
		outputSelection: { '*': { '*': ['evm.bytecode.object', 'evm.methodIdentifiers'] } },
	},
};

const output = JSON.parse(solc.compile(JSON.stringify(input)));
const problems = (output.errors ?? []).filter(({ severity }) => severity !== 'info');
for (const { formattedMessage } of problems) process.stderr.write(`${formattedMessage}\n`);
if (problems.length > 0) process.exit(1);

for (const name of deployed) {
	const { evm } = output.contracts[`${name}.sol`][name];
	const code = evm.bytecode.object;
	writeFileSync(join(here, `${name}.hex`), `${code}\n`);
	console.log(`  ${name.padEnd(10)} ${String(code.length / 2).padStart(6)} bytes`);
	for (const [signature, selector] of Object.entries(evm.methodIdentifiers)) {
		console.log(`    ${selector} ${signature}`);
	}
}
