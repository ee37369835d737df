// Raw Ethereum transactions, sent the way a wallet's node would.

import { Wallet, keccak256 } from 'ethers';

import { rpc } from './node.mjs';
import { UNIT } from './chain.mjs';

/** An Ethereum account that has money, and what it takes to send from it. */
export class EthereumAccount {
	/** A fresh account with `funds` planck, from Alice. */
	static async fresh(chain, node, funds = 10_000n * UNIT) {
		const [account] = await EthereumAccount.several(chain, node, 1, funds);
		return account;
	}

	/** So many fresh accounts with `funds` planck each, in one transaction of Alice's. */
	static async several(chain, node, count, funds) {
		const accounts = Array.from(
			{ length: count },
			() => new EthereumAccount(chain, node, Wallet.createRandom()),
		);
		const transfers = accounts.map(({ address }) =>
			chain.api.tx.balances.transferKeepAlive({ Id: `${address}${'ee'.repeat(12)}` }, funds),
		);
		await chain.expectOk(chain.api.tx.utility.batchAll(transfers));
		return accounts;
	}

	constructor(chain, node, wallet) {
		Object.assign(this, { chain, node, wallet });
		this.address = wallet.address.toLowerCase();
		this.nonce = 0;
	}

	/** Signs a transfer of one wei to `to`, by default to itself; `fields` as ethers has them. */
	async sign(fields = {}) {
		this.chainId ??= BigInt((await this.#chainId()).toString());
		const raw = await this.wallet.signTransaction({
			type: 2,
			chainId: this.chainId,
			nonce: this.nonce,
			to: this.address,
			value: 1n,
			gasLimit: 1_000_000n,
			maxFeePerGas: 10n ** 15n,
			maxPriorityFeePerGas: 0n,
			...fields,
		});
		return { raw, hash: keccak256(raw) };
	}

	/** Sends a signed transaction; the extrinsic. Throws what the pool says. */
	async send({ raw }) {
		const extrinsic = await this.chain.ethereumExtrinsic(raw);
		await rpc(this.node.http, 'author_submitExtrinsic', [extrinsic]);
		return extrinsic;
	}

	/** Why the pool refuses a transaction; null if it does not. */
	refusal(signed) {
		return this.send(signed).then(
			() => null,
			({ message }) => message,
		);
	}

	/** The chain id that the chain signs with, from its constants or its storage. */
	async #chainId() {
		const { api } = this.chain;
		return api.query.evm.chainId ? await api.query.evm.chainId() : api.consts.evm.chainId;
	}
}

/** The raw extrinsics of a block, from the node's own answer. */
export async function rawExtrinsics(chain, hash) {
	return (await chain.api.rpc.chain.getBlock.raw(hash)).block.extrinsics;
}

/** Waits for the block that has an extrinsic: `{ block, index, number }`. */
export async function findExtrinsic(chain, extrinsic, { from = 1, seconds = 60 } = {}) {
	const deadline = Date.now() + seconds * 1_000;
	for (let number = from; ; ) {
		if (number > (await chain.height())) {
			if (Date.now() > deadline) throw new Error('the extrinsic is in no block');
			await new Promise((resolve) => setTimeout(resolve, 50));
			continue;
		}
		const block = (await chain.api.rpc.chain.getBlockHash(number)).toHex();
		const index = (await rawExtrinsics(chain, block)).indexOf(extrinsic);
		if (index >= 0) return { block, index, number };
		number += 1;
	}
}
