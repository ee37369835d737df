// Tokens of other machines as ERC-20s: a vault of OpenZeppelin's and an Ethereum wallet use them, and know of nothing else.

import { before, describe, test } from 'node:test';
import assert from 'node:assert/strict';

import { hexToU8a, u8aToHex } from '@polkadot/util';
import { Interface } from 'ethers';

import * as artifacts from './lib/artifacts.mjs';
import { u128 } from './lib/bcs.mjs';
import { assertBridgeError, assertSound, failed, setUp, succeeded } from './lib/cases.mjs';
import { accountOf, aliasOf, ensureOk, value } from './lib/chain.mjs';
import { ERC20, erc20 } from './lib/erc20.mjs';
import { EthereumAccount, findExtrinsic } from './lib/ethereum.mjs';
import { MoveModules, bytecodes, moduleRef } from './lib/move.mjs';
import { rpc } from './lib/node.mjs';

const { node, chain } = await setUp();
const { alice, bob, charlie, api } = chain;

const SUPPLY = 1_000_000n;
/** Deploys the token of ink! and gives its alias. */
async function inkToken() {
	const token = await chain.deployInk(artifacts.ink('token'), 'new', [SUPPLY]);
	// Its messages that move coins return `bool`.
	const faces = erc20('bool');
	return { target: token.ss58, alias: token.address, deployment: token.deployment, faces };
}

/** Publishes the coin of Move and gives its alias. */
async function moveCoin() {
	const modules = await MoveModules.publish(chain, bytecodes('examples'));
	await modules.send('allowance_coin::create', [u128(SUPPLY)]);
	const target = moduleRef(alice, 'allowance_coin');
	const { address } = await chain.resolve(target);
	// Its functions return nothing, and abort where they refuse.
	const faces = erc20('result<(),u64>');
	return { target, alias: address, deployment: 'Published', faces };
}

for (const [name, deploy] of [
	['an ink! token', inkToken],
	['a Move coin', moveCoin],
]) {
	describe(name, () => {
		let target, alias, deployment, faces, token;
		before(async () => {
			({ target, alias, deployment, faces } = await deploy());
			token = chain.solidityAt(ERC20, alias);
		});
		const balanceOf = async (who) => (await token.read('balanceOf', [aliasOf(who)]))[0];

		test('is nobody else\'s to register', async (t) => {
			const outcome = await chain.register(target, deployment, faces, { signer: bob });
			failed(t, outcome, 'interfaces.NotDeployer');
		});

		test('is registered by its deployer, once', async (t) => {
			const held = await chain.held(alice);
			succeeded(t, await chain.register(target, deployment, faces));
			assert.ok((await chain.held(alice)) > held, 'for a deposit');
			const again = await chain.register(target, deployment, faces);
			failed(t, again, 'interfaces.AlreadyRegistered');
			const described = (await api.call.interfacesApi.interfaceOf({ Address: alias })).unwrap();
			assert.ok(described.isCurrent.isTrue);
			assert.equal(described.functions.length, faces.length);
			assert.equal(described.functions[2].face.toUtf8(), 'balanceOf(address)->(u256)');
		});

		test('answers as an ERC-20', async (t) => {
			assert.deepEqual(await token.read('totalSupply'), [SUPPLY]);
			assert.equal(await balanceOf(alice), SUPPLY);
			succeeded(t, await token.send('transfer', [aliasOf(bob), 1_000n]));
			assert.equal(await balanceOf(bob), 1_000n);
			const refused = await token.tryRead('transferFrom', [aliasOf(alice), aliasOf(bob), 1n], {
				from: charlie,
			});
			if (refused.ok) assert.equal(BigInt(refused.data), 0n, 'the token says false');
			else assertBridgeError(refused.data, 'Reverted');
		});

		test('is the asset of a vault that knows nothing of other machines', async (t) => {
			const vault = await chain.deploySolidity(artifacts.solidity('Vault'), [alias]);
			assert.equal((await vault.read('asset'))[0].toLowerCase(), alias);
			succeeded(t, await token.send('approve', [vault.address, 600n]));
			const deposited = succeeded(t, await vault.send('deposit', [500n, aliasOf(alice)]));
			assert.equal(vault.events(deposited).at(-1).name, 'Deposit');
			assert.equal(await balanceOf(vault), 500n);
			assert.deepEqual(await vault.read('totalAssets'), [500n]);
			assert.deepEqual(await token.read('allowance', [aliasOf(alice), vault.address]), [100n]);

			const tooMuch = await vault.tryRead('deposit', [101n, aliasOf(alice)]);
			assert.ok(!tooMuch.ok, 'more than was allowed');
			const [shares] = await vault.read('balanceOf', [aliasOf(alice)]);
			const arguments_ = [shares, aliasOf(charlie), aliasOf(alice)];
			succeeded(t, await vault.send('redeem', arguments_));
			assert.equal(await balanceOf(charlie), 500n);
			assert.equal(await balanceOf(vault), 0n);
		});

		test('is moved by an Ethereum wallet', async (t) => {
			const wallet = await EthereumAccount.fresh(chain, node);
			succeeded(t, await token.send('transfer', [wallet.address, 70n]));
			const data = ERC20.encodeFunctionData('transfer', [aliasOf(bob), 30n]);
			const from = `${wallet.address}${'ee'.repeat(12)}`;
			const estimate = await api.call.evmApi.estimateGas(from, alias, data, 0n);
			const gasLimit = estimate.asOk.toBigInt();
			const signed = await wallet.sign({ to: alias, value: 0n, data, gasLimit });
			const before = await balanceOf(bob);
			const { block } = await findExtrinsic(chain, await wallet.send(signed));
			const at = await api.at(block);
			const events = (await at.query.system.events()).map(({ event }) => event);
			const transacted = events.find((event) => api.events.evm.Transacted.is(event));
			assert.ok(transacted, events.map((event) => event.method).join());
			assert.ok(transacted.data.error.isNone, transacted.data.toString());
			assert.equal(await balanceOf(bob), before + 30n);
			assert.equal(await balanceOf(wallet.address), 40n);
		});
	});
}

describe('JSON-RPC', () => {
	const ask = (method, ...params) => rpc(node.http, `crossVm_${method}`, params);
	const refusal = (method, ...params) =>
		ask(method, ...params).then(
			(answer) => assert.fail(JSON.stringify(answer)),
			({ message }) => message,
		);

	test('calls any contract, and shows the calls below', async () => {
		const counter = await chain.deployInk(artifacts.ink('counter'), 'new', [5]);
		const caller = await chain.deploySolidity(artifacts.solidity('Caller'));
		const from = alice.address;
		const request = { from, target: counter.ss58, signature: 'get()->(u64)' };
		const answer = await ask('call', request);
		assert.deepEqual([answer.results, answer.error, answer.refusal], [['5'], null, null]);
		assert.ok(BigInt(answer.weight.refTime) > 0n);

		const target = caller.address;
		const signature = 'incrementForeign(address)->(u64)';
		const crossing = await ask('call', { from, target, signature, args: [counter.address] });
		assert.deepEqual(crossing.results, ['6']);
		assert.deepEqual(crossing.frames.map(({ vm }) => vm), ['evm', 'wasm']);
		assert.equal(crossing.frames[1].contract, counter.ss58);
		// Nothing stays.
		assert.deepEqual((await ask('call', request)).results, ['5']);

		const failed = await ask('call', { ...request, signature: 'fail(u64)', args: [7] });
		assert.equal(failed.error.name, 'Reverted');
		const missing = await ask('call', { ...request, target: bob.address });
		assert.deepEqual([missing.results, missing.error.name], [null, 'NotFound']);
	});

	test('says with which limit a call succeeds, and what it costs', async () => {
		const counter = await chain.deployInk(artifacts.ink('counter'), 'new', [5]);
		const caller = await chain.deploySolidity(artifacts.solidity('Caller'));
		const signature = 'incrementForeign(address)->(u64)';
		const request = { from: alice.address, target: caller.address, signature, args: [counter.address] };
		const { limit, deposit, fee, used, error } = await ask('estimate', request);
		assert.equal(error, null);
		assert.ok(BigInt(limit.refTime) >= BigInt(used.refTime));
		assert.ok(BigInt(limit.refTime) < 2n * BigInt(used.refTime), `${limit.refTime}: ${used.refTime}`);
		const within = { limit, deposit: BigInt(deposit) };
		const arguments_ = [value.address(counter)];
		const outcome = await chain.crossVmCall(caller, signature, arguments_, within);
		ensureOk(outcome);
		assert.ok(outcome.fee <= BigInt(fee), `${outcome.fee} > ${fee}`);
		assert.ok(2n * outcome.fee > BigInt(fee), `${outcome.fee} is much less than ${fee}`);

		const failing = { ...request, target: counter.ss58, signature: 'fail(u64)', args: [7] };
		const none = await ask('estimate', failing);
		assert.deepEqual([none.limit, none.fee, none.error.name], [null, null, 'Reverted']);
	});

	test('names contracts, and says what is registered', async () => {
		const counter = await chain.deployInk(artifacts.ink('counter'), 'new', [5]);
		const resolved = await ask('resolve', counter.address);
		const { address: alias, ss58: account } = counter;
		assert.deepEqual(resolved, { account, alias, vm: 'wasm' });
		assert.equal(await ask('aliasOf', counter.ss58), alias);
		assert.equal(await ask('accountOf', alias), account);
		assert.equal((await ask('resolve', bob.address)).vm, null);
		const std = u8aToHex(Uint8Array.from({ length: 32 }, (_, at) => (at === 31 ? 1 : 0)));
		assert.equal((await ask('resolve', { publisher: std, module: 'vector' })).vm, 'move');

		assert.equal(await ask('interface', alias), null);
		const functions = [['get()->(u256)', 'get()->(u64)', 'View']];
		const access = { callers: { Machines: [0] }, refusesValue: true };
		ensureOk(await chain.register(account, counter.deployment, functions, { access }));
		const described = await ask('interface', alias);
		assert.deepEqual(described, {
			vm: 'wasm',
			isCurrent: true,
			by: alice.address,
			callers: { machines: ['evm'] },
			refusesValue: true,
			functions: [
				{
					selector: '0x6d4ce63c',
					face: 'get()->(u256)',
					own: 'get()->(u64)',
					mutability: 'view',
				},
			],
			documents: null,
			source: null,
		});
	});

	test('says what is wrong with a request, and where', async () => {
		const request = { from: alice.address, target: bob.address, signature: 'f(u8,(bool,u8[]))' };
		const wrong = (fields) => refusal('call', { ...request, ...fields });
		assert.match(await wrong({ args: [] }), /args: 0 values where 2 belong/);
		assert.match(await wrong({ args: [1, [true, [256]]] }), /args\[1\]\[1\]\[0\]: not within 8 bits: 256/);
		assert.match(await wrong({ signature: 'f(u7)' }), /signature: does not parse/);
		assert.match(await wrong({ from: '5xyz' }), /from: not an account/);
		assert.match(await wrong({ value: -1 }), /value: not an amount: -1/);
		assert.match(await wrong({ unknown: 1 }), /Invalid params/);
		assert.match(await wrong({ args: 5 }), /args: invalid type/);
		const long = { signature: 'f(bytes)', args: [`0x${'00'.repeat(2 ** 19)}`] };
		assert.match(await wrong(long), /args: \d+ bytes of text/);
		assert.match(await refusal('accountOf', '0x01'), /alias: neither 20 nor 32 bytes/);
	});
});

describe('an access rule', () => {
	test('keeps other machines out, and its own in', async (t) => {
		const counter = await chain.deployInk(artifacts.ink('counter'), 'new', [0]);
		const functions = [['increment()', null, 'NonPayable']];
		const access = { callers: { Accounts: [bob.address] } };
		const registered = chain.register(counter.ss58, counter.deployment, functions, { access });
		succeeded(t, await registered);
		const refused = await chain.crossVmCall(counter.ss58, 'increment()');
		failed(t, refused, 'crossVm.AccessDenied');
		const input = new Interface(['function increment()']).encodeFunctionData('increment');
		const { data } = await chain.evmCall(alice, counter.address, input);
		assertBridgeError(data, 'AccessDenied');
		succeeded(t, await counter.send('increment'));
	});
});

describe('an attestation', () => {
	test('is there until it is taken back', async (t) => {
		const counter = await chain.deployInk(artifacts.ink('counter'), 'new', [0]);
		const report = u8aToHex(new Uint8Array(32).fill(7));
		const target = chain.target(counter.ss58);
		const attest = api.tx.interfaces.attest(target, report, 'PassedWithRemarks');
		succeeded(t, await chain.submit(attest, charlie));
		const account = u8aToHex(accountOf(counter));
		const read = () => api.call.interfacesApi.attestations(account, [bob.address, charlie.address]);
		const [[by, said]] = (await read()).toArray();
		assert.equal(by.toString(), charlie.address);
		assert.equal(said.document.toHex(), report);
		assert.ok(said.verdict.isPassedWithRemarks);
		assert.deepEqual(hexToU8a(said.code.toHex()), counter.deployment.Instantiated.codeHash);
		succeeded(t, await chain.submit(api.tx.interfaces.retract(account), charlie));
		assert.equal((await read()).length, 0);
	});
});

test('the node is sound', () => assertSound(node));
