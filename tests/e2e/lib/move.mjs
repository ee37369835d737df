// Move packages: their bytecode, and the modules of an account on a chain.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { u8aToHex } from '@polkadot/util';

import { DEFAULT_WEIGHT, ensureOk } from './chain.mjs';

const packages = fileURLToPath(new URL('../../../contracts/move/', import.meta.url));

/** Bytecode of a module of a package. */
export const bytecode = (name, module) =>
	new Uint8Array(readFileSync(`${packages}${name}/bytecode/${module}.mv`));

/** Bytecode of a package, in the order in which it is published. */
export const bytecodes = (name) =>
	readFileSync(`${packages}${name}/ORDER`, 'utf8')
		.split(/\s+/)
		.filter(Boolean)
		.map((module) => bytecode(name, module));

/** Text as a call takes it. A string would be read as hexadecimal if it begins with `0x`. */
export const text = (of) => u8aToHex(new TextEncoder().encode(of));

/** A module as a call names it. */
export const moduleRef = (publisher, name) => ({ Module: [publisher.address, text(name)] });

/** What calls may take of storage deposit where a test does not say: 12 TRV. */
export const DEPOSIT = 12n * 10n ** 18n;

/** The modules that an account has published. Functions are named `module::function`. */
export class MoveModules {
	constructor(chain, account) {
		this.chain = chain;
		this.account = account;
	}

	/** Publishes modules under the signer's account. */
	static async publish(chain, modules, { signer = chain.alice, policy = 'Compatible' } = {}) {
		const limit = { ...DEFAULT_WEIGHT, deposit: DEPOSIT };
		const tx = chain.api.tx.moveVm.publishPackage(modules.map((code) => u8aToHex(code)), policy, limit);
		ensureOk(await chain.submit(tx, signer));
		return new MoveModules(chain, signer.address);
	}

	/** The transaction that calls an entry function; arguments in BCS, type arguments as text. */
	call(name, args = [], { types = [], limit = DEFAULT_WEIGHT, deposit = DEPOSIT } = {}) {
		const [module, entry] = name.split('::');
		return this.chain.api.tx.moveVm.execute(
			[this.account, text(module)],
			text(entry),
			types.map(text),
			args,
			{ ...limit, deposit },
		);
	}

	/** Calls an entry function, which has to succeed. */
	async send(name, args = [], { signer = this.chain.alice, ...options } = {}) {
		return ensureOk(await this.chain.submit(this.call(name, args, options), signer));
	}

	/** Calls a view: its results, each in BCS. */
	async read(name, args = [], { types = [] } = {}) {
		const [module, entry] = name.split('::');
		const answer = await this.chain.api.call.moveApi.callView(
			[this.account, text(module)],
			text(entry),
			types.map(text),
			args,
		);
		if (answer.isErr) throw new Error(`${name}: ${answer.asErr}`);
		return answer.asOk.map((result) => result.toU8a(true));
	}
}
