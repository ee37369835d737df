// What the tests and the demo ask of a chain: deploy, call, simulate, read events and errors.

import { ApiPromise, WsProvider } from '@polkadot/api';
import { Abi } from '@polkadot/api-contract';
import { Keyring } from '@polkadot/keyring';
import { compactStripLength, stringToU8a, u8aConcat, u8aToHex } from '@polkadot/util';
import { blake2AsU8a, decodeAddress, encodeAddress, keccak256AsU8a } from '@polkadot/util-crypto';
import { AbiCoder, Interface } from 'ethers';

/** The EVM's bridge. */
export const BRIDGE = '0x0000000000000000000000000000000000000801';

/** One unit of the token, planck. */
export const UNIT = 10n ** 18n;

/** What a transaction may use here unless a test says otherwise. */
export const DEFAULT_GAS = 5_000_000n;
export const DEFAULT_WEIGHT = { refTime: 300_000_000_000n, proofSize: 2_000_000n };
/** Storage deposits that a call may take where a test does not care, planck: one TRV. */
export const DEFAULT_DEPOSIT = 10n ** 18n;

/** How long a transaction may wait for its block, milliseconds. */
const INCLUSION_LIMIT_MS = 60_000;

/** Flag of an ink! message's return: it took back what it did. */
const REVERT = 1;

const ETHEREUM_SUFFIX = new Uint8Array(12).fill(0xee);

/** The errors of a hop as Solidity sees them. */
const BRIDGE_ERRORS = new Interface([
	'error Reverted(bytes data)',
	'error OutOfGas()',
	'error NotFound()',
	'error BadEncoding(uint8 reason)',
	'error VmDisabled(uint8 state)',
	'error FeatureDisabled(uint32 feature)',
	'error ReentrancyDenied()',
	'error DepthExceeded()',
	'error ReadOnly()',
	'error InsufficientBalance()',
	'error Engine(uint32 code)',
	'error AccessDenied()',
]);

const coder = AbiCoder.defaultAbiCoder();

/** `abi.encode(values)` of these Solidity types. */
export const abiEncode = (types, values) => coder.encode(types, values);
/** The values within `abi.encode(…)`, as an array. */
export const abiDecode = (types, data) => coder.decode(types, data).toArray();

/** The 32-byte account of anything that names one: SS58, hex, 20-byte address, contract, key pair. */
export function accountOf(who) {
	if (who?.account) return who.account;
	if (who?.publicKey) return who.publicKey;
	if (typeof who === 'string' && /^0x[0-9a-f]{40}$/i.test(who)) {
		return u8aConcat(who, ETHEREUM_SUFFIX);
	}
	const account = decodeAddress(who);
	if (account.length !== 32) throw new Error(`not an account: ${who}`);
	return account;
}

/** The 20-byte alias of an account, as `0x…`. */
export function aliasOf(who) {
	const account = accountOf(who);
	const ethereum = account.slice(20).every((byte) => byte === 0xee);
	return u8aToHex(ethereum ? account.slice(0, 20) : keccak256AsU8a(account).slice(12));
}

/** The selector of an ink! message. */
export const inkSelector = (name) => blake2AsU8a(stringToU8a(name)).slice(0, 4);

/** An error of the bridge, `{ name, args }`, from a Solidity contract's revert data. */
export function bridgeError(data) {
	const error = data && data !== '0x' ? BRIDGE_ERRORS.parseError(data) : null;
	return error && { name: error.name, args: error.args.toArray() };
}

/** A `CallError` of the runtime as text: `ReadOnly`, `Engine(1)`, `Reverted(0x…)`. */
export function callErrorText(error) {
	if (error === null || error === undefined) return null;
	if (error.isEmpty || !error.type) return String(error);
	const inner = error.value?.toHuman?.() ?? null;
	return inner === null
		? error.type
		: `${error.type}(${JSON.stringify(inner).replaceAll('"', '')})`;
}

/** Canonical values, as `crossVm.call` and `simulate` take them. */
export const value = {
	bool: (of) => ({ Bool: of }),
	uint: (of) => ({ Uint: of }),
	int: (of) => ({ Int: BigInt.asUintN(256, BigInt(of)) }),
	address: (of) => ({ Address: encodeAddress(accountOf(of)) }),
	bytes: (of) => ({ Bytes: of }),
	text: (of) => ({ Text: u8aToHex(stringToU8a(of)) }),
	list: (of) => ({ List: of }),
	tuple: (of) => ({ Tuple: of }),
	maybe: (of) => ({ Maybe: of }),
};

/** A weight as people read it. */
export function weightText({ refTime, proofSize }) {
	const ms = (Number(refTime) / 1e9).toFixed(3);
	return `ref time ${ms} ms (${group(refTime)} ps), proof size ${group(proofSize)} B`;
}

/** Thousands apart: `12_345`. */
export const group = (number) =>
	BigInt(number)
		.toString()
		.replace(/\B(?=(\d{3})+$)/g, '_');

const weightOf = (weight) => ({
	refTime: weight.refTime.toBigInt(),
	proofSize: weight.proofSize.toBigInt(),
});

/** A deployed Solidity contract. */
class SolidityContract {
	constructor(chain, abi, address) {
		this.chain = chain;
		this.abi = abi instanceof Interface ? abi : new Interface(abi);
		this.address = address;
		this.account = accountOf(address);
	}

	/** Sends a transaction to one of its functions. */
	async send(name, args = [], { signer = this.chain.alice, value = 0n, gas = DEFAULT_GAS } = {}) {
		const input = this.abi.encodeFunctionData(name, args);
		return this.chain.submit(
			this.chain.api.tx.evm.call(this.address, input, value, gas),
			signer,
		);
	}

	/** Runs one of its functions without a transaction; the results as an array. */
	async read(name, args = [], options = {}) {
		const outcome = await this.tryRead(name, args, options);
		if (!outcome.ok) throw new Error(`${name}: ${outcome.error}`);
		return this.abi.decodeFunctionResult(name, outcome.data).toArray();
	}

	/** As `read`, but a failure is an answer: `{ ok, data, error, weight }`. */
	async tryRead(
		name,
		args = [],
		{ from = this.chain.alice, value = 0n, gas = DEFAULT_GAS } = {},
	) {
		return this.chain.evmCall(
			from,
			this.address,
			this.abi.encodeFunctionData(name, args),
			value,
			gas,
		);
	}

	/** The events of this contract within an outcome, `{ name, args }`. */
	events(outcome) {
		return outcome
			.all('evm', 'Log')
			.filter(({ data }) => data.address.toHex() === this.address)
			.map(({ data: { topics, data } }) =>
				this.abi.parseLog({
					topics: topics.map((topic) => topic.toHex()),
					data: data.toHex(),
				}),
			)
			.map(({ name, args }) => ({ name, args: args.toArray() }));
	}
}

/** A deployed ink! contract. */
class InkContract {
	constructor(chain, abi, address) {
		this.chain = chain;
		this.abi = abi;
		this.ss58 = address;
		this.account = decodeAddress(address);
		/** Its 20-byte alias: what Solidity calls it by. */
		this.address = aliasOf(this.account);
	}

	/** Sends a transaction to one of its messages. */
	async send(
		name,
		args = [],
		{ signer = this.chain.alice, value = 0n, limit = DEFAULT_WEIGHT, deposit = null } = {},
	) {
		const input = this.#input(name, args);
		return this.chain.submit(
			this.chain.api.tx.contracts.call(this.ss58, value, limit, deposit, input),
			signer,
		);
	}

	/** Runs one of its messages without a transaction; its decoded result. */
	async read(name, args = [], options = {}) {
		const outcome = await this.tryRead(name, args, options);
		if (!outcome.ok) throw new Error(`${name}: ${outcome.error}`);
		return outcome.value;
	}

	/** As `read`, but a failure is an answer: `{ ok, value, error, weight }`. */
	async tryRead(
		name,
		args = [],
		{ from = this.chain.alice, value = 0n, limit = DEFAULT_WEIGHT, deposit = null } = {},
	) {
		const { api } = this.chain;
		const answer = await api.call.contractsApi.call(
			encodeAddress(accountOf(from)),
			this.ss58,
			value,
			limit,
			deposit,
			this.#input(name, args),
		);
		const weight = weightOf(answer.gasConsumed);
		if (answer.result.isErr) {
			return { ok: false, error: this.chain.dispatchErrorText(answer.result.asErr), weight };
		}
		const { flags, data } = answer.result.asOk;
		if (flags.bits.toNumber() & REVERT) {
			return {
				ok: false,
				error: `reverted with ${data.toHex()}`,
				data: data.toHex(),
				weight,
			};
		}
		// Every message returns a `Result` whose error means that its input could not be read.
		const { returnType } = this.abi.findMessage(name);
		const result = this.abi.registry.createTypeUnsafe(
			returnType.lookupName || returnType.type,
			[data.toU8a(true)],
		);
		return {
			ok: result.isOk,
			value: result.isOk ? result.asOk : null,
			error: result.isErr ? `${result.asErr}` : null,
			weight,
		};
	}

	/** A message's input: selector and arguments. */
	#input(name, args) {
		return u8aToHex(compactStripLength(this.abi.findMessage(name).toU8a(args))[1]);
	}

	/** The events of this contract within an outcome, `{ name, args }`. */
	events(outcome) {
		return outcome.events
			.filter(
				({ section, method }) => section === 'contracts' && method === 'ContractEmitted',
			)
			.filter(({ data }) => data[0].toString() === encodeAddress(this.account))
			.map(({ record }) => this.abi.decodeEvent(record))
			.map(({ event, args }) => ({ name: event.identifier.split('::').pop(), args }));
	}
}

/** A chain, and accounts that have money on it. */
export class Chain {
	/** Connects to a node. */
	static async connect(endpoint) {
		const api = await ApiPromise.create({
			provider: new WsProvider(endpoint),
			noInitWarn: true,
		});
		return new Chain(api, endpoint);
	}

	constructor(api, endpoint) {
		this.api = api;
		this.endpoint = endpoint;
		const keyring = new Keyring({ type: 'sr25519', ss58Format: 42 });
		for (const name of ['Alice', 'Bob', 'Charlie', 'Dave', 'Eve', 'Ferdie']) {
			this[name.toLowerCase()] = keyring.addFromUri(`//${name}`);
		}
		this.keyring = keyring;
	}

	async disconnect() {
		await this.api.disconnect();
	}

	/** Signs a transaction, sends it, and waits until it is in a block; `options` as Polkadot.js has them. */
	submit(tx, signer = this.alice, options = {}) {
		return new Promise((resolve, reject) => {
			let unsubscribe = () => {};
			const end = (settle, outcome) => {
				clearTimeout(timer);
				unsubscribe();
				settle(outcome);
			};
			const fail = (error) => end(reject, error);
			const timer = setTimeout(
				() => fail(new Error('the transaction did not get into a block')),
				INCLUSION_LIMIT_MS,
			);
			// Mortal, as clients sign by default.
			tx.signAndSend(signer, { nonce: -1, ...options }, (result) => {
				if (result.isError) {
					fail(new Error(`the transaction is ${result.status.type}`));
				} else if (result.status.isInBlock || result.status.isFinalized) {
					// Blocks of a dev chain are final as they are made; either may come first.
					end(resolve, this.#outcome(result));
				}
			}).then((stop) => {
				unsubscribe = stop;
			}, fail);
		});
	}

	/** As `submit`, and throws if the transaction failed. */
	async expectOk(tx, signer = this.alice) {
		return ensureOk(await this.submit(tx, signer));
	}

	#outcome({ events, dispatchError, dispatchInfo, status, txHash, txIndex }) {
		const list = events.map((record) => ({
			section: record.event.section,
			method: record.event.method,
			data: record.event.data,
			record,
		}));
		const all = (section, method) =>
			list.filter((event) => event.section === section && event.method === method);
		const fee =
			all('transactionPayment', 'TransactionFeePaid')[0]?.data.actualFee.toBigInt() ?? 0n;
		return {
			ok: !dispatchError,
			error: dispatchError ? this.dispatchErrorText(dispatchError) : null,
			weight: weightOf(dispatchInfo.weight),
			fee,
			events: list,
			all,
			block: (status.isInBlock ? status.asInBlock : status.asFinalized).toHex(),
			hash: txHash.toHex(),
			index: txIndex,
		};
	}

	/** `pallet.Error` for an error of a pallet, otherwise its name. */
	dispatchErrorText(error) {
		if (error.isModule) {
			const { section, name } = this.api.registry.findMetaError(error.asModule);
			return `${section}.${name}`;
		}
		return error.isToken ? `token.${error.asToken.type}` : error.type;
	}

	/** Deploys a Solidity artifact `{ abi, bytecode }`. */
	async deploySolidity(
		{ abi, bytecode },
		args = [],
		{ signer = this.alice, value = 0n, gas = DEFAULT_GAS } = {},
	) {
		const iface = new Interface(abi);
		const code = bytecode + iface.encodeDeploy(args).slice(2);
		const outcome = ensureOk(
			await this.submit(this.api.tx.evm.create(code, value, gas), signer),
		);
		const [created] = outcome.all('evm', 'Created');
		const contract = new SolidityContract(this, iface, created.data.address.toHex());
		return Object.assign(contract, { outcome });
	}

	/** A Solidity contract that is there already. */
	solidityAt(abi, address) {
		return new SolidityContract(this, abi, address);
	}

	/** Deploys an ink! bundle (the parsed `.contract` file). */
	async deployInk(
		bundle,
		constructor = 'new',
		args = [],
		{ signer = this.alice, value = 0n, limit = DEFAULT_WEIGHT, deposit = null, salt } = {},
	) {
		const abi = new Abi(bundle, this.api.registry.getChainProperties());
		const input = abi.findConstructor(constructor).toU8a(args);
		salt ??= u8aToHex(crypto.getRandomValues(new Uint8Array(8)));
		const tx = this.api.tx.contracts.instantiateWithCode(
			value,
			limit,
			deposit,
			bundle.source.wasm,
			input,
			salt,
		);
		const outcome = ensureOk(await this.submit(tx, signer));
		// A constructor may have instantiated others before.
		const instantiated = outcome.all('contracts', 'Instantiated').at(-1);
		const contract = new InkContract(this, abi, instantiated.data.contract.toString());
		/** What proves that the signer has deployed it, as `interfaces.register` takes it. */
		const deployment = {
			Instantiated: {
				codeHash: blake2AsU8a(bundle.source.wasm),
				input: u8aToHex(compactStripLength(input)[1]),
				salt,
			},
		};
		return Object.assign(contract, { outcome, deployment });
	}

	/** Runs an EVM call without a transaction. */
	async evmCall(from, to, input, value = 0n, gas = DEFAULT_GAS) {
		const report = await this.api.call.evmApi.call(
			encodeAddress(accountOf(from)),
			to,
			input,
			value,
			gas,
		);
		const { result } = report;
		const reverted = result.isErr && result.asErr.isReverted;
		return {
			ok: result.isOk,
			data: result.isOk
				? result.asOk.toHex()
				: reverted
					? result.asErr.asReverted.toHex()
					: '0x',
			error: result.isErr ? callErrorText(result.asErr) : null,
			gas: report.gasUsed.toBigInt(),
			weight: weightOf(report.weight),
		};
	}

	/** A direct call in canonical values. */
	crossVmCall(
		target,
		signature,
		args = [],
		{ signer = this.alice, value = 0n, limit = DEFAULT_WEIGHT, deposit = DEFAULT_DEPOSIT } = {},
	) {
		const tx = this.api.tx.crossVm.call(this.target(target), value, signature, args, {
			...limit,
			deposit,
		});
		return this.submit(tx, signer);
	}

	/** What `crossVmCall` would do: `{ ok, results, error, weight, deposit, frames }`. */
	async simulate(
		target,
		signature,
		args = [],
		{ from = this.alice, value = 0n, limit = null, deposit = DEFAULT_DEPOSIT } = {},
	) {
		const answer = await this.api.call.crossVmApi.simulate(
			encodeAddress(accountOf(from)),
			this.target(target),
			value,
			signature,
			args,
			limit === null ? null : { ...limit, deposit },
		);
		const frames = answer.frames.map((frame) => ({
			index: frame.index.toNumber(),
			parent: frame.parent.isSome ? frame.parent.unwrap().toNumber() : null,
			vm: frame.vm.isSome ? Number(frame.vm.unwrap().toString()) : null,
			caller: frame.caller.toString(),
			contract: frame.contract.toString(),
			value: frame.value.toBigInt(),
			signature: frame.signature.toUtf8(),
			weight: weightOf(frame.weight),
			error: frame.error.isSome ? callErrorText(frame.error.unwrap()) : null,
		}));
		return {
			ok: answer.result.isOk,
			results: answer.result.isOk ? answer.result.asOk : null,
			error: answer.result.isErr ? callErrorText(answer.result.asErr) : null,
			weight: weightOf(answer.weight),
			deposit: answer.deposit.toBigInt(),
			frames,
		};
	}

	/** A contract of any machine: its account, its 20-byte alias, and whether it is there. */
	async resolve(target) {
		const [account, vm] = (await this.api.call.crossVmApi.resolve(target)).toArray();
		const of = account.toString();
		return { account: accountOf(of), address: aliasOf(of), exists: vm.isSome };
	}

	/** Registers what a contract is; `functions` as `[face, own or null, mutability]`. */
	register(target, deployment, functions, { access = {}, signer = this.alice } = {}) {
		const tx = this.api.tx.interfaces.register(this.target(target), deployment, {
			functions: functions.map(([face, own, mutability]) => ({ face, own, mutability })),
			access: { callers: 'Everyone', refusesValue: false, ...access },
			documents: null,
			source: null,
		});
		return this.submit(tx, signer);
	}

	/** How a call names its target: by 20-byte address where there is one, otherwise by account. */
	target(who) {
		if (typeof who === 'object' && ('Account' in who || 'Address' in who || 'Module' in who))
			return who;
		return typeof who === 'string' && who.length === 42
			? { Address: who }
			: { Account: encodeAddress(accountOf(who)) };
	}

	/** What an account owns and may spend, planck. */
	async balance(who) {
		const { data } = await this.api.query.system.account(encodeAddress(accountOf(who)));
		return data.free.toBigInt();
	}

	/** What is held of an account's balance, planck. */
	async held(who) {
		const { data } = await this.api.query.system.account(encodeAddress(accountOf(who)));
		return data.reserved.toBigInt();
	}

	/** The extrinsic that carries a raw Ethereum transaction, as `author_submitExtrinsic` takes it. */
	async ethereumExtrinsic(raw) {
		// Polkadot.js leaves the length of the answer before it.
		const answer = (await this.api.call.evmApi.extrinsic(raw)).toU8a(true);
		const [, bytes] = compactStripLength(answer);
		return u8aToHex(bytes);
	}

	/** The number of the best block. */
	async height() {
		return (await this.api.rpc.chain.getHeader()).number.toNumber();
	}
}

/** The outcome, if it is a success. */
export function ensureOk(outcome) {
	if (!outcome.ok) throw new Error(`the transaction failed: ${outcome.error}`);
	return outcome;
}
