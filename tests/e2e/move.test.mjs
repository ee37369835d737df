// Move on a live chain: the example package published by a client, a coin minted and moved, and what must
// be refused.

import { describe, test } from 'node:test';
import assert from 'node:assert/strict';

import { u8aConcat, u8aToHex, u8aToString } from '@polkadot/util';
import { blake2AsU8a, encodeAddress, keccak256AsU8a } from '@polkadot/util-crypto';

import * as artifacts from './lib/artifacts.mjs';
import { assertSound, failed, leavesNothing, setUp, succeeded } from './lib/cases.mjs';
import { address, number, u128, u64 } from './lib/bcs.mjs';
import { DEFAULT_WEIGHT, accountOf, aliasOf, value } from './lib/chain.mjs';
import { DEPOSIT, MoveModules, bytecode, bytecodes, text } from './lib/move.mjs';

const { node, chain } = await setUp();
const { alice, bob, charlie, api } = chain;

/** The account that the examples name as their publisher: Alice. */
const EXAMPLES = u8aToHex(alice.publicKey);
const STD = encodeAddress(u8aConcat(new Uint8Array(31), [1]));
const COIN = `${EXAMPLES}::my_coin::MyCoin`;

/** A call of an entry function: `module::function`, of the examples if no account is given. */
const execute = (name, args = [], { account = alice.address, ...options } = {}) =>
	new MoveModules(chain, account).call(name, args, options);

/** What a view returns, each result in BCS. */
const view = (name, args = [], { account = alice.address, ...options } = {}) =>
	new MoveModules(chain, account).read(name, args, options);

const coins = async (of) =>
	number((await view('coin::balance', [address(of)], { account: STD, types: [COIN] }))[0]);

const transfer = (to, amount) =>
	execute('coin::transfer', [address(to), u64(amount)], { account: STD, types: [COIN] });

const publish = (modules, policy = 'Compatible') =>
	api.tx.moveVm.publishPackage(
		modules.map((module) => u8aToHex(module)),
		policy,
		{ ...DEFAULT_WEIGHT, deposit: DEPOSIT },
	);

const holdings = async () => ({
	alice: await coins(alice),
	bob: await coins(bob),
	held: await chain.held(alice),
});

/** The fields of the pallet's error within a failed outcome. */
function errorBytes(outcome) {
	const [event] = outcome.all('system', 'ExtrinsicFailed');
	return event.data.dispatchError.asModule.error.toU8a();
}

describe('the standard library', () => {
	test('is there from genesis', async () => {
		const names = (await api.call.moveApi.modulesOf(STD)).map((name) => name.toUtf8());
		assert.equal(names.length, bytecodes('std').length);
		for (const name of ['vector', 'coin', 'table', 'event']) assert.ok(names.includes(name));
	});

	test('tells what an account can spend', async () => {
		const [balance] = await view('native_token::balance_of', [address(charlie)], {
			account: STD,
		});
		assert.equal(number(balance), await chain.balance(charlie));
	});
});

describe('the example package', () => {
	test('is published, for a deposit', async (t) => {
		const outcome = succeeded(t, await chain.submit(publish(bytecodes('examples'))));
		const [published] = outcome.all('moveVm', 'Published');
		assert.equal(published.data.account.toString(), alice.address);
		const names = published.data.modules.map((name) => name.toUtf8()).sort();
		assert.deepEqual(names, ['allowance_coin', 'counter', 'escrow', 'my_coin']);
		assert.ok((await chain.held(alice)) > 0n);
	});

	test('shows its interface', async () => {
		const answer = await api.call.moveApi.moduleAbi(alice.address, text('escrow'));
		const abi = answer.unwrap();
		const open = abi.functions.find((each) => each.name.toUtf8() === 'open');
		assert.ok(open.isEntry.isTrue);
		assert.deepEqual(
			open.params.map((param) => param.toUtf8()),
			['&signer', 'address', 'u64'],
		);
	});

	test('is not published twice', async (t) => {
		const outcome = await leavesNothing(
			() => chain.held(alice),
			() => chain.submit(publish(bytecodes('examples'))),
		);
		failed(t, outcome, 'moveVm.Verification');
	});

	test('counts', async (t) => {
		succeeded(t, await chain.submit(execute('counter::create'), bob));
		succeeded(t, await chain.submit(execute('counter::increment_by', [u64(42)]), bob));
		assert.equal(number((await view('counter::get', [address(bob)]))[0]), 42n);
		const resource = await api.call.moveApi.resource(
			bob.address,
			text(`${EXAMPLES}::counter::Counter`),
		);
		assert.equal(resource.unwrap().data.toHex(), u64(42));
		assert.ok(resource.unwrap().deposit.toBigInt() > 0n);
	});

	test('a deposit is held and given back once', async (t) => {
		const before = await chain.held(bob);
		succeeded(t, await chain.submit(execute('counter::remove'), bob));
		assert.ok((await chain.held(bob)) < before);
		failed(t, await chain.submit(execute('counter::remove'), bob), 'moveVm.Aborted');
		succeeded(t, await chain.submit(execute('counter::create'), bob));
		assert.equal(await chain.held(bob), before);
	});
});

describe('a call by the dispatch pallet', () => {
	const target = { Module: [alice.address, '0x' + Buffer.from('counter').toString('hex')] };

	test('names a function by its types, and its module by name, account or alias', async (t) => {
		const frame = (await chain.simulate(target, 'create()', [], { from: charlie })).frames[0];
		assert.equal(frame.vm, 2);
		succeeded(t, await chain.crossVmCall(target, 'create()', [], { signer: charlie }));
		for (const name of [target, frame.contract, aliasOf(frame.contract)]) {
			const options = { signer: charlie };
			const call = chain.crossVmCall(name, 'increment_by(u64)', [value.uint(5)], options);
			succeeded(t, await call);
		}
		const get = await chain.simulate(target, 'get(address)->(u64)', [value.address(charlie)]);
		assert.equal(get.results[0].asUint.toNumber(), 15);
		assert.equal(number((await view('counter::get', [address(charlie)]))[0]), 15n);
		succeeded(t, await chain.crossVmCall(target, 'remove()', [], { signer: charlie }));
	});

	test('is told why it failed, and leaves nothing', async (t) => {
		const missing = await chain.simulate(target, 'get(address)->(u64)', [value.address(charlie)]);
		// 0x60002: not found, 2.
		assert.equal(missing.error, 'Reverted(0x0200060000000000)');
		for (const [signature, args, reason, error] of [
			['increment_by(u32)', [value.uint(5)], /TypeMismatch/, 'crossVm.BadEncoding'],
			['nothing()', [], /NotFound/, 'crossVm.NotFound'],
		]) {
			assert.match((await chain.simulate(target, signature, args)).error, reason);
			const outcome = await leavesNothing(
				() => chain.held(charlie),
				() => chain.crossVmCall(target, signature, args, { signer: charlie }),
			);
			failed(t, outcome, error);
		}
		const paid = await chain.simulate(target, 'create()', [], { value: 1n });
		assert.equal(paid.error, 'Engine(4)');
	});
});

describe('a module that calls out', () => {
	const named = (module) => ({ Module: [alice.address, u8aToHex(Buffer.from(module))] });
	const caller = named('caller');
	const counters = {};

	test('is published, and others to call are there', async (t) => {
		succeeded(t, await chain.submit(publish(bytecodes('tests-cross-vm'))));
		counters.solidity = await chain.deploySolidity(artifacts.solidity('Counter'), [5]);
		counters.ink = await chain.deployInk(artifacts.ink('counter'), 'new', [7]);
		for (const counter of Object.values(counters)) succeeded(t, counter.outcome);
	});

	test('reaches contracts in Solidity and in ink!, as itself', async (t) => {
		const { contract } = (await chain.simulate(caller, 'receive()->(u128)')).frames[0];
		for (const [vm, counter] of [
			[0, counters.solidity],
			[1, counters.ink],
		]) {
			const signature = 'number(address,bytes,bytes)->(u64)';
			const args = (inner) => [
				value.address(counter),
				value.bytes(text(inner)),
				value.bytes('0x'),
			];
			const outcome = await chain.crossVmCall(caller, signature, args('increment()->(u64)'), {
				signer: bob,
			});
			succeeded(t, outcome);
			const [log] = outcome.all('crossVm', 'Log');
			assert.equal(Number(log.data.vm.toString()), vm);
			const get = await chain.simulate(caller, signature, args('get()->(u64)'));
			assert.equal(get.results[0].asUint.toNumber(), vm === 0 ? 6 : 8);
			assert.deepEqual(
				get.frames.map((frame) => frame.vm),
				[2, vm],
			);
			assert.equal(get.frames[1].caller, contract);
		}
		const sender = await chain.simulate(counters.solidity, 'sender()->(address)');
		assert.equal(sender.results[0].asAddress.toString(), contract);
	});

	test('is told why a call failed, and goes on', async () => {
		const signature = 'attempt(address,bytes,bytes)->(u64,u64,bytes)';
		const attempt = async (target, inner, args = '0x') => {
			const bytes = [text(inner), args].map((of) => value.bytes(of));
			const { results } = await chain.simulate(caller, signature, [
				value.address(target),
				...bytes,
			]);
			return [results[1].asUint.toNumber(), results[2].asBytes.toHex()];
		};
		// One more than the number in the table of errors.
		assert.deepEqual(await attempt(bob, 'get()->(u64)'), [3, '0x']);
		const [code, data] = await attempt(counters.solidity, 'fail(u64)', u64(9));
		assert.equal(code, 1);
		assert.equal(data.length, 2 + 8 + 64);
		assert.equal((await attempt(counters.ink, 'fail(u64)', u64(9)))[0], 1);
		assert.equal((await counters.ink.read('get')).toNumber(), 8);
	});

	test('takes value that it asks for, and gives it back', async (t) => {
		const options = { signer: bob, value: 1_000_000n };
		const refused = await chain.crossVmCall(named('callee'), 'nothing()', [], options);
		failed(t, refused, 'crossVm.Engine');
		succeeded(t, await chain.crossVmCall(caller, 'receive()->(u128)', [], options));
		const { contract } = (await chain.simulate(caller, 'receive()->(u128)')).frames[0];
		assert.equal(await chain.balance(contract), 1_000_000n);
		const withdraw = (amount) => execute('caller::withdraw', [u128(amount)]);
		failed(t, await chain.submit(withdraw(1_000_001n)), 'moveVm.Aborted');
		succeeded(t, await chain.submit(withdraw(1_000_000n)));
		assert.equal(await chain.balance(contract), 0n);
	});

	test('calls itself by way of the dispatch pallet, and an estimate of it is enough', async (t) => {
		const call = { function: text('nest_in_transaction'), args: [u64(3)], typeArgs: [] };
		const { result, limit } = await api.call.moveApi.estimate(
			alice.address,
			{ Execute: { module: [alice.address, text('caller')], ...call } },
			null,
		);
		assert.ok(result.isOk);
		const nest = execute('caller::nest_in_transaction', [u64(3)], {
			limit: limit.toJSON(),
			deposit: limit.deposit.unwrapOr(0n).toString(),
		});
		succeeded(t, await chain.submit(nest));
	});
});

describe('a coin', () => {
	test('is created, registered and minted', async (t) => {
		succeeded(t, await chain.submit(execute('my_coin::create')), 'create');
		for (const holder of [alice, bob]) {
			const register = execute('coin::register', [], { account: STD, types: [COIN] });
			succeeded(t, await chain.submit(register, holder), 'register');
		}
		succeeded(
			t,
			await chain.submit(execute('my_coin::mint', [address(alice), u64(100)])),
			'mint',
		);
		assert.equal(await coins(alice), 100n);
	});

	test('is moved, and its events are seen in order', async (t) => {
		const outcome = succeeded(t, await chain.submit(transfer(bob, 60)));
		assert.deepEqual([await coins(alice), await coins(bob)], [40n, 60n]);
		const expected = [
			['Withdraw', alice],
			['Deposit', bob],
		].map(([name, account]) => ({
			tag: `0x1::coin::${name}<${COIN}>`,
			data: u8aToHex(u8aConcat(address(account), u64(60))),
		}));
		const emitted = outcome.all('moveVm', 'Emitted').map(({ data }) => ({
			tag: data.tag.toUtf8(),
			data: data.data.toHex(),
		}));
		assert.deepEqual(emitted, expected);
		const coinModule = encodeAddress(
			blake2AsU8a(u8aConcat('move', accountOf(STD), 'coin'), 256),
		);
		const logs = outcome.all('crossVm', 'Log').map(({ data }) => ({
			vm: Number(data.vm.toString()),
			contract: data.contract.toString(),
			topics: data.topics.map((topic) => topic.toHex()),
			data: data.data.toHex(),
		}));
		assert.deepEqual(
			logs,
			expected.map(({ tag, data }) => ({
				vm: 2,
				contract: coinModule,
				topics: [u8aToHex(keccak256AsU8a(tag))],
				data,
			})),
		);
	});

	test('is not spent twice', async (t) => {
		const outcome = await leavesNothing(holdings, () => chain.submit(transfer(bob, 60)));
		failed(t, outcome, 'moveVm.Aborted');
		// invalid_argument(EINSUFFICIENT_BALANCE): category 1, reason 5, little-endian.
		assert.deepEqual([...errorBytes(outcome).slice(1)], [1, 5, 0]);
		assert.deepEqual(outcome.all('moveVm', 'Emitted'), []);
		assert.deepEqual(outcome.all('crossVm', 'Log'), []);
	});

	test('an estimate tells why, and where', async () => {
		const call = (amount) => ({
			Execute: {
				module: [STD, text('coin')],
				function: text('transfer'),
				typeArgs: [text(COIN)],
				args: [address(bob), u64(amount)],
			},
		});
		const refused = await api.call.moveApi.estimate(alice.address, call(60), null);
		assert.ok(refused.result.isErr);
		const status = refused.result.asErr.asVm;
		assert.equal(u8aToString(status.name.toU8a(true)), 'ABORTED');
		assert.equal(status.subStatus.unwrap().toNumber(), 0x1_0005);
		assert.ok(status.location.isModule);

		const accepted = await api.call.moveApi.estimate(alice.address, call(40), null);
		assert.ok(accepted.result.isOk);
		assert.equal(accepted.events.length, 2);
		assert.equal(await coins(alice), 40n);
	});

	test('is minted by its issuer alone', async (t) => {
		const mint = execute('my_coin::mint', [address(bob), u64(1)]);
		const outcome = await leavesNothing(holdings, () => chain.submit(mint, bob));
		failed(t, outcome, 'moveVm.Aborted');
	});
});

describe('what is refused', () => {
	const nothing = async () => (await api.call.moveApi.modulesOf(charlie.address)).length;

	const refuse = async (t, modules, error, what) => {
		const outcome = await leavesNothing(nothing, () =>
			chain.submit(publish(modules), charlie),
		);
		return failed(t, outcome, error, what);
	};

	test('a module that does not verify', async (t) => {
		// A public function without parameters whose code adds two numbers that nobody pushed.
		const code = [0x16, 0x02];
		const module = handmade(accountOf(charlie), code);
		await refuse(t, [module], 'moveVm.Verification');
		// Its neighbour, which only returns, is accepted.
		const outcome = await chain.submit(publish([handmade(accountOf(charlie), [0x02])]), charlie);
		succeeded(t, outcome, 'the neighbour');
	});

	test('bytes that are no module', async (t) => {
		const whole = bytecode('examples', 'counter');
		for (const [bytes, what] of [
			[new Uint8Array(), 'nothing'],
			[new Uint8Array(8), 'zeros'],
			[whole.slice(0, 4), 'the magic alone'],
			[whole.slice(0, -1), 'one byte short'],
			[u8aConcat(whole, [0]), 'one byte more'],
			[bytecode('scripts', 'pay_many'), 'a script'],
		]) {
			await refuse(t, [bytes], /^moveVm\.(Deserialization|Verification)$/, what);
		}
	});

	test("a module under another's address", async (t) => {
		await refuse(t, bytecodes('examples'), 'moveVm.Verification');
	});

	test('calls of what is not there, and arguments that do not fit', async (t) => {
		for (const [call, error] of [
			[execute('nothing::create'), 'moveVm.Verification'],
			[execute('counter::nothing'), 'moveVm.Verification'],
			[execute('counter::get', [address(bob)]), 'moveVm.Verification'],
			[execute('counter::increment_by', []), 'moveVm.Verification'],
			[execute('counter::increment_by', ['0x01']), 'moveVm.Verification'],
			[execute('coin::register', [], { account: STD }), 'moveVm.Verification'],
			[
				execute('coin::register', [], { account: STD, types: ['u7'] }),
				'moveVm.InvalidTypeArgument',
			],
		]) {
			failed(t, await chain.submit(call, bob), error);
		}
	});

	test('more deposit than its limit', async (t) => {
		const call = execute('counter::create', [], { deposit: 0 });
		failed(t, await chain.submit(call, charlie), 'moveVm.DepositLimitExceeded');
	});

	test('and the node is sound', () => assertSound(node));
});

/**
 * A module `m` of version 6 under an account, with one public function `f` of no parameters and no results,
 * whose code these bytes are.
 */
function handmade(account, code) {
	const tables = [
		// Module handles: address 0, name 0.
		[0x01, [0, 0]],
		// Function handles: module 0, name 1, parameters 0, results 0, no type parameters.
		[0x03, [0, 1, 0, 0, 0]],
		// Signatures: the empty one.
		[0x05, [0]],
		// Identifiers: m, f.
		[0x07, [1, 0x6d, 1, 0x66]],
		// Addresses.
		[0x08, [...account]],
		// Function definitions: handle 0, public, no flags, no acquires, locals 0, and the code.
		[0x0c, [0, 1, 0, 0, 0, code.length, ...code]],
	];
	const headers = [];
	let offset = 0;
	for (const [kind, bytes] of tables) {
		headers.push(kind, offset, bytes.length);
		offset += bytes.length;
	}
	assert.ok(offset < 128, 'offsets of one byte each');
	const body = tables.flatMap(([, bytes]) => bytes);
	return new Uint8Array([
		...[0xa1, 0x1c, 0xeb, 0x0b, 6, 0, 0, 0],
		tables.length,
		...headers,
		...body,
		// The module's own handle.
		0,
	]);
}
