// Tokens of other machines as ERC-20s.

import { Interface } from 'ethers';

/** What an ERC-20 is to its callers. */
export const ERC20 = new Interface([
	'function totalSupply() view returns (uint256)',
	'function decimals() view returns (uint8)',
	'function balanceOf(address) view returns (uint256)',
	'function allowance(address,address) view returns (uint256)',
	'function transfer(address,uint256) returns (bool)',
	'function approve(address,uint256) returns (bool)',
	'function transferFrom(address,address,uint256) returns (bool)',
]);

/**
 * The functions of an ERC-20 over those of a token whose names are in lower case, as `Chain.register` takes them;
 * `result` is what the functions return that move coins.
 */
export const erc20 = (result) => [
	['totalSupply()->(u256)', 'total_supply()->(u128)', 'View'],
	['decimals()->(u8)', null, 'View'],
	['balanceOf(address)->(u256)', 'balance_of(address)->(u128)', 'View'],
	['allowance(address,address)->(u256)', 'allowance(address,address)->(u128)', 'View'],
	['transfer(address,u256)->(bool)', `transfer(address,u128)->(${result})`, 'NonPayable'],
	['approve(address,u256)->(bool)', `approve(address,u128)->(${result})`, 'NonPayable'],
	[
		'transferFrom(address,address,u256)->(bool)',
		`transfer_from(address,address,u128)->(${result})`,
		'NonPayable',
	],
];
