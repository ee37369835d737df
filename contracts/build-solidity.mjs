// Compiles `solidity/*.sol` to `build/<Contract>.json` with the contract's `abi`, `bytecode` (what a
// deployment sends) and `deployedBytecode`.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import solc from 'solc';

const here = dirname(fileURLToPath(import.meta.url));
const sourceFolder = join(here, 'solidity');
const outputFolder = join(here, 'build');

const names = readdirSync(sourceFolder).filter((name) => name.endsWith('.sol'));
const input = {
	language: 'Solidity',
	sources: Object.fromEntries(
		names.map((name) => [name, { content: readFileSync(join(sourceFolder, name), 'utf8') }]),
	),
	settings: {
		evmVersion: 'osaka',
		optimizer: { enabled: true, runs: 200 },
		outputSelection: {
			'*': { '*': ['abi', 'evm.bytecode.object', 'evm.deployedBytecode.object'] },
		},
	},
};

/** What a contract imports from a package, as it was installed. */
function fromPackage(path) {
	try {
		return { contents: readFileSync(join(here, 'node_modules', path), 'utf8') };
	} catch ({ message }) {
		return { error: message };
	}
}

const output = JSON.parse(solc.compile(JSON.stringify(input), { import: fromPackage }));
const problems = output.errors ?? [];
for (const { severity, formattedMessage } of problems) {
	if (severity !== 'info') process.stderr.write(`${formattedMessage}\n`);
}
// A warning fails the build too: these sources are what others copy from.
if (problems.some(({ severity }) => severity !== 'info')) process.exit(1);

mkdirSync(outputFolder, { recursive: true });
for (const [source, contracts] of Object.entries(output.contracts)) {
	// What is imported is not ours to ship.
	if (!names.includes(source)) continue;
	for (const [name, { abi, evm }] of Object.entries(contracts)) {
		const artifact = {
			contractName: name,
			abi,
			bytecode: `0x${evm.bytecode.object}`,
			deployedBytecode: `0x${evm.deployedBytecode.object}`,
		};
		writeFileSync(join(outputFolder, `${name}.json`), `${JSON.stringify(artifact, null, '\t')}\n`);
		const size = evm.deployedBytecode.object.length / 2;
		if (size > 0) console.log(`  ${name.padEnd(10)} ${String(size).padStart(6)} bytes`);
	}
}
