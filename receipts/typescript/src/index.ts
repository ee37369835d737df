/**
 * Checks what a Trivium block says of the calls in it: from a block's hash to a receipt, and from there to a log.
 *
 * ```ts
 * const proof = await rpc('crossVm_proveReceipt', [index, blockHash]);
 * verify(trustedBlockHash, proof); // throws a ReceiptError if it is not proven
 * ```
 *
 * What is hashed is said by `docs/receipts.md`. The crate `trivium-receipts` is the same in Rust, the library
 * `TriviumReceipts` in Solidity.
 */

import { blake2b } from '@noble/hashes/blake2.js';

import { bytesOf, concat, equal, numberOf, type Hex, type Numeric } from './bytes.js';
import { ReceiptError } from './errors.js';
import { decodeHeader } from './header.js';
import { leaf, verifyLeaf } from './tree.js';

export type { Hex, Numeric } from './bytes.js';
export { ReceiptError, type Reason } from './errors.js';
export { decodeHeader, type Header } from './header.js';
export { leaf, node, verifyLeaf } from './tree.js';

/** The version of receipts that is checked here. */
export const VERSION = 2;
/** `extrinsic` of a call that came in none. */
export const NO_EXTRINSIC = 2 ** 32 - 1;

/** What an outermost call did, as `crossVm_receipts` answers it. Accounts are 32 bytes. */
export interface Receipt {
	readonly version: Numeric;
	/** The chain: the hash of its first block. */
	readonly chain: Hex;
	readonly blockNumber: Numeric;
	/** The receipt's place among those of the block, from 0. */
	readonly index: Numeric;
	/** The place of its extrinsic in the block, {@link NO_EXTRINSIC} if in none. */
	readonly extrinsic: Numeric;
	/** The machine called: 0 is the EVM, 1 ink!/WASM, 2 Move. */
	readonly vm: Numeric;
	readonly caller: Hex;
	readonly contract: Hex;
	/** Planck that went with the call. */
	readonly value: Numeric;
	/** Keccak-256 of the input. */
	readonly input: Hex;
	/** Keccak-256 of what was returned, or refused with. */
	readonly output: Hex;
	/** Whether what it did stands. */
	readonly success: boolean;
	/** Picoseconds of weight. */
	readonly refTime: Numeric;
	/** Bytes of proof. */
	readonly proofSize: Numeric;
	/** Calls from one machine into another. */
	readonly hops: Numeric;
	readonly logCount: Numeric;
	/** Root of the tree of the logs. */
	readonly logsRoot: Hex;
}

/** A log, as `crossVm_proveReceipt` answers it. */
export interface Log {
	readonly vm: Numeric;
	readonly contract: Hex;
	/** The call between machines in which it was made, from 0. */
	readonly frame: Numeric;
	readonly topics: readonly Hex[];
	readonly data: Hex;
}

/** The parts of `crossVm_proveReceipt`'s answer that prove a receipt. */
export interface Proof {
	/** The block's header in SCALE. */
	readonly header: Hex;
	readonly receipt: Receipt;
	/** The hashes beside the receipt's way to the root, from the receipt up. */
	readonly siblings: readonly Hex[];
}

/** The answer of `crossVm_proveLog`. */
export interface LogProof {
	readonly log: Log;
	/** Its place among the receipt's logs. */
	readonly index: Numeric;
	readonly siblings: readonly Hex[];
}

/** A number as a word of Solidity's ABI. */
function word(value: Numeric, bits: number, what: string): Uint8Array {
	let rest = numberOf(value, bits, what);
	const bytes = new Uint8Array(32);
	for (let at = 31; rest > 0n; at--, rest >>= 8n) bytes[at] = Number(rest & 0xffn);
	return bytes;
}

/** What is hashed of a receipt: 544 bytes, `abi.encode` of its fields in their order. */
export function encodeReceipt(receipt: Receipt): Uint8Array {
	ensure(isObject(receipt), 'receipt: not an object');
	ensure(typeof receipt.success === 'boolean', 'success: not true or false');
	return concat(
		word(receipt.version, 8, 'version'),
		bytesOf(receipt.chain, 'chain', 32),
		word(receipt.blockNumber, 32, 'blockNumber'),
		word(receipt.index, 32, 'index'),
		word(receipt.extrinsic, 32, 'extrinsic'),
		word(receipt.vm, 8, 'vm'),
		bytesOf(receipt.caller, 'caller', 32),
		bytesOf(receipt.contract, 'contract', 32),
		word(receipt.value, 128, 'value'),
		bytesOf(receipt.input, 'input', 32),
		bytesOf(receipt.output, 'output', 32),
		word(receipt.success ? 1 : 0, 8, 'success'),
		word(receipt.refTime, 64, 'refTime'),
		word(receipt.proofSize, 64, 'proofSize'),
		word(receipt.hops, 32, 'hops'),
		word(receipt.logCount, 32, 'logCount'),
		bytesOf(receipt.logsRoot, 'logsRoot', 32),
	);
}

/** What is hashed of a log: `abi.encode(uint8, bytes32, uint32, bytes32[], bytes)`. */
export function encodeLog(log: Log): Uint8Array {
	ensure(isObject(log), 'log: not an object');
	ensure(Array.isArray(log.topics), 'topics: not an array');
	const topics = log.topics.map((topic, at) => bytesOf(topic, `topics[${at}]`, 32));
	const data = bytesOf(log.data, 'data');
	const padding = new Uint8Array((32 - (data.length % 32)) % 32);
	const head = 5 * 32;
	return concat(
		word(log.vm, 8, 'vm'),
		bytesOf(log.contract, 'contract', 32),
		word(log.frame, 32, 'frame'),
		word(head, 32, 'topics'),
		word(head + 32 * (1 + topics.length), 64, 'data'),
		word(topics.length, 32, 'topics'),
		...topics,
		word(data.length, 32, 'data'),
		data,
		padding,
	);
}

/** What came over the wire is of no type. */
function ensure(isRight: boolean, what: string): void {
	if (!isRight) throw new ReceiptError('Malformed', what);
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

function hashes(siblings: readonly Hex[]): Uint8Array[] {
	ensure(Array.isArray(siblings), 'siblings: not an array');
	return siblings.map((sibling, at) => bytesOf(sibling, `siblings[${at}]`, 32));
}

/**
 * Checks that the block of this hash has this receipt.
 *
 * That the block is one of the chain's is what the caller has to know. The receipt names the chain; whoever listens to several
 * compares it.
 *
 * @throws {ReceiptError} why it is not proven
 */
export function verify(blockHash: Hex, proof: Proof): void {
	ensure(isObject(proof), 'proof: not an object');
	const { header, receipt, siblings } = proof;
	ensure(isObject(receipt), 'receipt: not an object');
	const bytes = bytesOf(header, 'header');
	const hash = blake2b(bytes, { dkLen: 32 });
	if (!equal(hash, bytesOf(blockHash, 'blockHash', 32))) throw new ReceiptError('WrongBlockHash');
	const { number, commitment } = decodeHeader(bytes);
	if (commitment === null) throw new ReceiptError('NoCommitment');
	if (Number(numberOf(receipt.version, 8, 'version')) !== VERSION) {
		throw new ReceiptError('UnknownVersion');
	}
	if (Number(numberOf(receipt.blockNumber, 32, 'blockNumber')) !== number) {
		throw new ReceiptError('WrongBlockNumber');
	}
	const index = Number(numberOf(receipt.index, 32, 'index'));
	const own = leaf(encodeReceipt(receipt));
	verifyLeaf(commitment.root, commitment.count, index, own, hashes(siblings));
}

/**
 * Checks that a log is that at `index` of a receipt, which {@link verify} has to check by itself.
 *
 * @throws {ReceiptError} why it is not proven
 */
export function verifyLog(receipt: Receipt, proof: LogProof): void {
	ensure(isObject(receipt), 'receipt: not an object');
	ensure(isObject(proof), 'proof: not an object');
	const { log, index, siblings } = proof;
	const root = bytesOf(receipt.logsRoot, 'logsRoot', 32);
	const count = Number(numberOf(receipt.logCount, 32, 'logCount'));
	const place = Number(numberOf(index, 32, 'index'));
	verifyLeaf(root, count, place, leaf(encodeLog(log)), hashes(siblings));
}
