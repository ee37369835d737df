// Deploys the example contracts on a running chain, sends one transaction that crosses the virtual
// machines, and prints what happened. Usage: node demo.mjs [ws://127.0.0.1:9944]

import * as artifacts from './lib/artifacts.mjs';
import { u128 } from './lib/bcs.mjs';
import { Chain, UNIT, abiEncode, ensureOk, value } from './lib/chain.mjs';
import { ERC20, erc20 } from './lib/erc20.mjs';
import { MoveModules, bytecodes, moduleRef } from './lib/move.mjs';
import { readyToDeposit } from './lib/vault.mjs';

const endpoint = process.argv[2] ?? 'ws://127.0.0.1:9944';

const colours = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (code) => (text) => (colours ? `\x1b[${code}m${text}\x1b[0m` : text);
const [bold, dim, red, green, blue, magenta] = [1, 2, 31, 32, 34, 35].map(paint);

const VMS = ['EVM', 'ink!', 'Move'];
const vmName = (vm) =>
	vm === null ? red('none') : ([blue, magenta, green][vm]?.(VMS[vm].padEnd(4)) ?? `VM ${vm}`);

const print = (...lines) => console.log(lines.join('\n'));
const row = (name, text) => print(`  ${dim(name.padEnd(12))} ${text}`);
const milliseconds = ({ refTime }) => `${(Number(refTime) / 1e9).toFixed(2)} ms`.padStart(9);
const kibibytes = ({ proofSize }) => `${(Number(proofSize) / 1024).toFixed(1)} KiB`.padStart(10);

/** Prints frames as a tree: machine, contract and function, weight, and the error if there is one. */
function printTree(frames, names) {
	const children = (parent) => frames.filter((frame) => frame.parent === parent);
	const depth = (frame) =>
		frame.parent === null ? 0 : 1 + depth(frames.find(({ index }) => index === frame.parent));
	const label = (frame) => `${names.get(frame.contract) ?? frame.contract}.${frame.signature}`;
	const width = Math.max(...frames.map((frame) => label(frame).length + 3 * depth(frame)));

	const walk = (frame, lead, branch) => {
		const text = label(frame).padEnd(width - 3 * depth(frame));
		const end = frame.error ? red(`  ${frame.error}`) : green('  ok');
		print(
			`  ${dim(lead + branch)}${vmName(frame.vm)} ${text} ${milliseconds(frame.weight)} ${kibibytes(frame.weight)}${end}`,
		);
		const below = children(frame.index);
		below.forEach((child, i) => {
			const last = i === below.length - 1;
			const indent = branch === '' ? '' : branch === '└─ ' ? '   ' : '│  ';
			walk(child, lead + indent, last ? '└─ ' : '├─ ');
		});
	};
	for (const root of children(null)) walk(root, '', '');
}

const chain = await Chain.connect(endpoint);
try {
	const evm = {
		Counter: await chain.deploySolidity(artifacts.solidity('Counter'), [0]),
		Caller: await chain.deploySolidity(artifacts.solidity('Caller')),
		Token: await chain.deploySolidity(artifacts.solidity('Token'), [1_000_000n * UNIT]),
	};
	const ink = {
		Counter: await chain.deployInk(artifacts.ink('counter'), 'new', [0]),
		Caller: await chain.deployInk(artifacts.ink('caller'), 'new', []),
		Token: await chain.deployInk(artifacts.ink('token'), 'new', [1_000_000n * UNIT]),
	};
	const move = { Coin: await chain.resolve(moduleRef(chain.alice, 'allowance_coin')) };
	const names = new Map();

	// The Move coin becomes an ERC-20 to the EVM, and the asset of a vault of OpenZeppelin's. Once on a chain: a module
	// has its publisher's name.
	if (!move.Coin.exists) {
		const modules = await MoveModules.publish(chain, bytecodes('examples'));
		await modules.send('allowance_coin::create', [u128(1_000_000n)]);
		const faces = erc20('result<(),u64>');
		ensureOk(await chain.register(move.Coin.account, 'Published', faces));
	}
	evm.Vault = await chain.deploySolidity(artifacts.solidity('Vault'), [move.Coin.address]);

	print('', bold('Contracts'));
	for (const [vm, contracts] of [evm, ink, move].entries()) {
		for (const [name, { account, address, ss58 }] of Object.entries(contracts)) {
			names.set(chain.keyring.encodeAddress(account), name);
			print(`  ${vmName(vm)} ${name.padEnd(8)} ${address}${ss58 ? dim(`  ${ss58}`) : ''}`);
		}
	}

	// Solidity -> ink! -> Solidity: the arguments of each hop are in the language of its caller.
	const inner = abiEncode(['address'], [evm.Counter.address]);
	const call = [
		evm.Caller,
		'forward(address,string,bytes,u32)->(bytes)',
		[
			value.address(ink.Caller),
			value.text('increment_foreign(address)->(u64)'),
			value.bytes(inner),
			value.uint(0),
		],
	];
	const simulation = await chain.simulate(...call);
	const outcome = ensureOk(await chain.crossVmCall(...call));
	const [count] = await evm.Counter.read('get');

	const printBlock = async ({ block, fee, hash }) => {
		const { number } = await chain.api.rpc.chain.getHeader(block);
		const paid = (Number(fee) / Number(UNIT)).toPrecision(3);
		row('in block', `#${number}, fee ${paid} TRV, transaction ${hash}`);
	};
	print('', bold('One transaction across the machines'));
	printTree(simulation.frames, names);
	row('result', `the counter is ${count}`);
	await printBlock(outcome);

	// ink! -> Solidity -> Move: the vault calls its asset as any ERC-20.
	const coin = chain.solidityAt(ERC20, move.Coin.address);
	const parts = { caller: ink.Caller, vault: evm.Vault, coin: move.Coin };
	const deposit = await readyToDeposit(chain, parts, 500n);
	const planned = await chain.simulate(...deposit);
	const deposited = ensureOk(await chain.crossVmCall(...deposit));

	print('', bold('An ink! contract puts Move coins into a Solidity vault'));
	printTree(planned.frames, names);
	const [assets] = await coin.read('balanceOf', [evm.Vault.address]);
	row('result', `the vault has ${assets} coins`);
	await printBlock(deposited);

	// A failure below is an error above, in the caller's own language; nothing of it stays.
	const caught = await chain.simulate(evm.Caller, 'tryFail(address,u64)->(bytes4)', [
		value.address(ink.Counter),
		value.uint(9),
	]);
	print('', bold('A failure that Solidity catches'));
	printTree(caught.frames, names);
} finally {
	await chain.disconnect();
}
