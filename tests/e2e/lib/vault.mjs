// A call through all three machines: an ink! contract puts coins of Move into a vault of OpenZeppelin's.

import { u8aConcat, u8aToHex } from '@polkadot/util';

import { accountOf, ensureOk, value } from './chain.mjs';
import { ERC20 } from './erc20.mjs';

/**
 * Gives `caller`, the ink! example, so many coins and lets the vault take them. What is left to do is returned: the
 * arguments of `chain.simulate` and `chain.crossVmCall` for the deposit.
 */
export async function readyToDeposit(chain, { caller, vault, coin }, amount) {
	const scale = (type) => chain.api.createType(type, amount).toU8a();
	const fromInk = (target, signature, ...args) => [
		caller,
		'forward(address,string,bytes,u32)->(bytes)',
		[
			value.address(target),
			value.text(signature),
			value.bytes(u8aToHex(u8aConcat(...args))),
			value.uint(0),
		],
	];
	const asErc20 = chain.solidityAt(ERC20, coin.address);
	ensureOk(await asErc20.send('transfer', [caller.address, amount]));
	const approve = 'approve(address,u128)->(result<(),u64>)';
	const allowed = fromInk(coin, approve, accountOf(vault), scale('u128'));
	ensureOk(await chain.crossVmCall(...allowed));
	const deposit = 'deposit(u256,address)->(u256)';
	return fromInk(vault, deposit, scale('U256'), accountOf(caller));
}
