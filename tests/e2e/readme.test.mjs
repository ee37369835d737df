// What the README and the docs show is there and works: files, commands, contracts, the script.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
	accessSync,
	constants,
	existsSync,
	readFileSync,
	readdirSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import * as artifacts from './lib/artifacts.mjs';
import { startNode } from './lib/node.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const read = (path) => readFileSync(join(root, path), 'utf8');
const pages = [
	'README.md',
	'CONTRIBUTING.md',
	'SECURITY.md',
	...['docs', 'docs/decisions'].flatMap((folder) =>
		readdirSync(join(root, folder))
			.filter((name) => name.endsWith('.md'))
			.map((name) => `${folder}/${name}`),
	),
];

/** The fenced blocks of a page in one language. */
function blocks(page, language) {
	return [...read(page).matchAll(/^```(\w+)\n(.*?)^```$/gms)]
		.filter(([, found]) => found === language)
		.map(([, , text]) => text);
}

test('links lead to files and headings that exist', () => {
	for (const page of pages) {
		for (const [, link] of read(page).matchAll(/\]\(([^)\s]+)\)/g)) {
			if (/^https?:/.test(link)) continue;
			const [path, heading] = link.split('#');
			const target = path ? join(dirname(page), path) : page;
			assert.ok(existsSync(join(root, target)), `${page}: ${link}`);
			if (!heading) continue;
			const headings = [...read(target).matchAll(/^#+ (.*)$/gm)].map(([, text]) =>
				text
					.toLowerCase()
					.replace(/[^a-z0-9 _-]/g, '')
					.replaceAll(' ', '-'),
			);
			assert.ok(headings.includes(heading), `${page}: ${link}`);
		}
	}
});

test('files that the pages name in code exist', () => {
	const places = /^(primitives|pallets|move-vm|benchmarks|runtime|node|contracts|tests|scripts|docs|patches)\//;
	for (const page of pages) {
		for (const [, path] of read(page).matchAll(/`([A-Za-z0-9_./-]+)`/g)) {
			if (places.test(path)) assert.ok(existsSync(join(root, path)), `${page}: ${path}`);
		}
	}
});

test('commands that the pages name can be run', () => {
	const found = (page) =>
		blocks(page, 'sh')
			.join('')
			.matchAll(/^((?:scripts|benchmarks)\/[a-z/-]+)(.*)$/gm);
	const lists = read('scripts/test').matchAll(/^(?:extra_)?stages=\((.*)\)$/gm);
	const stages = [...lists].flatMap(([, list]) => list.split(' '));
	assert.ok([...found('README.md')].length >= 2);
	for (const page of pages) {
		for (const [line, command, rest] of found(page)) {
			accessSync(join(root, command), constants.X_OK);
			if (command !== 'scripts/test') continue;
			for (const stage of rest.replace(/#.*/, '').split(' ').filter(Boolean)) {
				assert.ok(stages.includes(stage), `${page}: ${line}`);
			}
		}
	}
});

test('tests that the page on testing names exist', () => {
	let count = 0;
	const rows = read('docs/testing.md').matchAll(/^\| \d+ \| .* \| (.*) \|$/gm);
	for (const [row, cell] of rows) {
		let file;
		for (const [, named] of cell.matchAll(/`([^`]+)`/g)) {
			if (existsSync(join(root, named))) {
				file = read(named);
				continue;
			}
			assert.ok(file, `no such file: ${row}`);
			const found = file.includes(`fn ${named}(`) || file.includes(`test('${named}'`);
			assert.ok(found, `no test ${named}: ${row}`);
			count += 1;
		}
	}
	assert.ok(count > 40, `only ${count} tests are named`);
});

test('each decision has a number of its own and is listed', () => {
	const list = read('docs/decisions/README.md');
	const files = readdirSync(join(root, 'docs/decisions')).filter((name) => name !== 'README.md');
	const numbers = files.map((name) => name.slice(0, 4));
	assert.equal(new Set(numbers).size, files.length, `${numbers}`);
	for (const name of files) {
		assert.ok(read(`docs/decisions/${name}`).startsWith(`# ${name.slice(0, 4)}: `), name);
		assert.ok(list.includes(`(${name})`), `${name} is not listed`);
	}
});

test('Solidity that the pages show compiles', () => {
	const solc = createRequire(join(root, 'contracts', 'package.json'))('solc');
	const sources = Object.fromEntries(
		['CrossVm.sol', 'ICrossVm.sol', 'TriviumReceipts.sol'].map((name) => [
			name,
			{ content: read(`contracts/solidity/${name}`) },
		]),
	);
	const shown = pages.flatMap((page) =>
		blocks(page, 'solidity').map((content, i) => [
			`${page.replaceAll('/', '_')}_${i}.sol`,
			{ content },
		]),
	);
	assert.ok(shown.length > 0);
	const output = JSON.parse(
		solc.compile(
			JSON.stringify({
				language: 'Solidity',
				sources: { ...sources, ...Object.fromEntries(shown) },
				settings: { outputSelection: { '*': { '*': ['abi'] } } },
			}),
		),
	);
	const problems = (output.errors ?? []).filter(({ severity }) => severity !== 'info');
	assert.deepEqual(
		problems.map(({ formattedMessage }) => formattedMessage),
		[],
	);
});

test('ink! code that the README shows is the example contract’s', () => {
	const plain = (text) => text.replace(/\s+/g, ' ').trim();
	const source = plain(read('contracts/ink/caller/src/lib.rs').replace(/^\s*\/\/.*$/gm, ''));
	for (const block of blocks('README.md', 'rust')) {
		assert.ok(source.includes(plain(block)), block);
	}
});

test('Move code that the README shows is the example module’s', () => {
	const plain = (text) => text.replace(/\s+/g, ' ').trim();
	const source = plain(read('contracts/move/examples/sources/counter.move'));
	const shown = blocks('README.md', 'move');
	assert.ok(shown.length > 0);
	for (const block of shown) assert.ok(source.includes(plain(block)), block);

	// Of calls to other contracts, the page on Move shows a module of the tests.
	const calling = blocks('docs/move.md', 'move').filter((block) => block.includes('cross_vm'));
	const shop = plain(read('contracts/move/tests-cross-vm/sources/shop.move'));
	assert.equal(calling.length, 1);
	assert.ok(shop.includes(plain(calling[0])), calling[0]);
});

test('every error of the bridge is in the table of errors', () => {
	const page = read('docs/errors.md');
	for (const { type, name } of artifacts.solidity('ICrossVm').abi) {
		if (type === 'error') assert.match(page, new RegExp(`\\| \`${name}\\(`), name);
	}
});

test('the script in the README runs and prints what it says', async () => {
	const node = await startNode();
	const file = join(here, `readme-${process.pid}.mjs`);
	try {
		for (const block of blocks('README.md', 'js')) {
			assert.ok(block.includes('ws://127.0.0.1:9944'));
			writeFileSync(file, block.replaceAll('ws://127.0.0.1:9944', node.endpoint));
			const run = spawnSync(process.execPath, [file], { encoding: 'utf8', timeout: 60_000 });
			assert.equal(run.status, 0, run.stderr);
			assert.match(run.stdout, /the ink! counter is 42/);
			assert.match(run.stdout, /the Move counter is 7/);
		}
	} finally {
		rmSync(file, { force: true });
		await node.stop();
	}
});
