//! Classes of instructions: for each a program that runs rounds of it, and what a round is charged.
//!
//! The benchmarks run these programs and check that a round is charged what is written here; a test
//! of the runtime holds their measured weight against it. What is charged is Ethereum's gas, except
//! where a constant of [`crate::gas`] is named.

use alloc::{vec, vec::Vec};
use polkadot_sdk::sp_weights::Weight;
use revm::bytecode::opcode::{self as op, *};

use crate::{
	gas::{
		code_load_gas, ACCOUNT_PROOF_BYTES, ALIAS_PROOF_BYTES, BLOCK_HASH_GAS,
		BLOCK_HASH_PROOF_BYTES, CODE_PROOF_BYTES, LOG0_GAS, SLOT_PROOF_BYTES,
	},
	types::MAX_CODE_LEN_BYTES,
	WeightInfo,
};

/// Gas of going round once, besides the body.
const LOOP_GAS: u64 = 40;
/// Bytes of the code of a small contract.
pub const SMALL_CODE_BYTES: u64 = 33;

/// The first of the addresses that rounds go through: it and the number of the round, added.
pub const FIRST_ADDRESS: [u8; 20] = *b"\x53benchmark-class\0\0\0\0";

/// What a program finds on its stack below the number of rounds left: from the top [`FIRST_ADDRESS`],
/// a long modulus, a number of two limbs and a bit, and a long number.
const WORDS: [[u8; 32]; 4] = [
	[0xF9; 32],
	{
		let mut word = [0; 32];
		let mut at = 15;
		while at < 32 {
			word[at] = 0x9B;
			at += 1;
		}
		word
	},
	[0x7D; 32],
	{
		let mut word = [0; 32];
		let mut at = 0;
		while at < 20 {
			word[12 + at] = FIRST_ADDRESS[at];
			at += 1;
		}
		word
	},
];

/// Gas that Ethereum gives back for a slot that is cleared.
pub const CLEAR_REFUND: u64 = 4_800;

/// A class of instructions.
#[derive(Clone, Copy, Debug)]
pub struct Class {
	/// What is in front of the rounds.
	before: &'static [u8],
	/// What a round does [`Class::times`] times. The top of the stack is the number of rounds left,
	/// this one included, and below it are [`WORDS`].
	body: &'static [u8],
	/// How often a round does it.
	times: u64,
	/// Gas of doing it once.
	gas: u64,
	/// Proof size of doing it once, bytes.
	proof_bytes: u64,
	/// Whether gas is given back, [`CLEAR_REFUND`] a round and in all a fifth.
	pub is_refunded: bool,
}

impl Class {
	/// Gas of a round, before anything is given back.
	pub const fn round_gas(&self) -> u64 {
		self.gas.saturating_mul(self.times).saturating_add(LOOP_GAS)
	}

	/// Gas that is paid for a round.
	pub const fn charged_gas(&self) -> u64 {
		match self.is_refunded {
			true => self.round_gas() - self.round_gas() / 5,
			false => self.round_gas(),
		}
	}

	/// Proof size that a round is charged, bytes.
	pub const fn proof_bytes(&self) -> u64 {
		self.proof_bytes.saturating_mul(self.times)
	}

	/// The program that runs this many rounds.
	pub fn program(&self, rounds: u32) -> Vec<u8> {
		let mut code = Vec::new();
		for word in WORDS {
			code.push(PUSH32);
			code.extend(word);
		}
		code.push(PUSH4);
		code.extend(rounds.to_be_bytes());
		code.extend_from_slice(self.before);
		let body = self.body.repeat(self.times as usize);
		let start = code.len();
		// Behind seven bytes, the body and eight more.
		let end = start + 7 + body.len() + 8;
		let label = |at: usize| [PUSH2, (at >> 8) as u8, at as u8];
		code.extend([JUMPDEST, DUP1, ISZERO]);
		code.extend(label(end));
		code.push(JUMPI);
		code.extend(body);
		code.extend([PUSH1, 1, SWAP1, SUB]);
		code.extend(label(start));
		code.push(op::JUMP);
		code.extend([JUMPDEST, STOP]);
		code
	}
}

/// A class that is read from memory and stack alone, done 32 times a round.
const fn plain(body: &'static [u8], gas: u64) -> Class {
	Class {
		before: &[],
		body,
		times: 32,
		gas,
		proof_bytes: 0,
		is_refunded: false,
	}
}

/// A class that reads storage, done once a round.
const fn reading(body: &'static [u8], gas: u64, proof_bytes: u64) -> Class {
	Class {
		before: &[],
		body,
		times: 1,
		gas,
		proof_bytes,
		is_refunded: false,
	}
}

impl Class {
	const fn after(mut self, before: &'static [u8]) -> Self {
		self.before = before;
		self
	}

	const fn times(mut self, times: u64) -> Self {
		self.times = times;
		self
	}

	/// The same of the largest codes, where it was of small ones.
	const fn with_largest_code(mut self) -> Self {
		let large = MAX_CODE_LEN_BYTES as u64;
		self.gas += code_load_gas(large) - code_load_gas(SMALL_CODE_BYTES);
		self.proof_bytes += large - SMALL_CODE_BYTES;
		self
	}
}

/// Takes 4 KiB and a word of memory, so that a round takes none.
const WITH_MEMORY: &[u8] = &[PUSH0, PUSH2, 0x10, 0, MSTORE];
/// Takes 24 KiB and a word of memory.
const WITH_MORE_MEMORY: &[u8] = &[PUSH0, PUSH2, 0x60, 0, MSTORE];
/// Reads the first account and its code, so that they are warm.
const WITH_ACCOUNT: &[u8] = &[DUP2, EXTCODESIZE, POP];
/// Reads and writes the first slot.
const WITH_SLOT: &[u8] = &[NUMBER, PUSH0, SSTORE];
/// Puts [`CREATE_CODE`]'s creation code into memory: it deploys its own address and 992 zeros.
const WITH_INIT_CODE: &[u8] = &[
	PUSH8, ADDRESS, PUSH0, MSTORE, PUSH2, 4, 0, PUSH0, RETURN, PUSH1, 192, SHL, PUSH0, MSTORE,
];
/// Puts [`SELFDESTRUCT`]'s creation code into memory.
const WITH_DESTRUCTION: &[u8] = &[
	PUSH2,
	CALLER,
	op::SELFDESTRUCT,
	PUSH1,
	240,
	SHL,
	PUSH0,
	MSTORE,
];

/// `PUSH32`, `DUP`, `SWAP` and `POP`.
pub const STACK: Class = plain(
	&[
		PUSH32, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23,
		24, 25, 26, 27, 28, 29, 30, 31, 32, DUP1, SWAP1, POP, POP,
	],
	3 + 3 + 3 + 2 + 2,
);

/// Additions, with their operands.
pub const ADD: Class = plain(&[DUP5, DUP5, op::ADD, POP], 3 + 3 + 3 + 2);

/// Multiplications.
pub const MUL: Class = plain(&[DUP5, DUP5, op::MUL, POP], 3 + 3 + 5 + 2);

/// Signed divisions of a long number by one of three limbs.
pub const DIV: Class = plain(&[DUP4, DUP6, SDIV, POP], 3 + 3 + 5 + 2);

/// `ADDMOD`.
pub const ADDMOD: Class = plain(&[DUP3, DUP6, DUP7, op::ADDMOD, POP], 3 + 3 + 3 + 8 + 2);

/// `MULMOD`.
pub const MULMOD: Class = plain(&[DUP3, DUP6, DUP7, op::MULMOD, POP], 3 + 3 + 3 + 8 + 2);

/// `EXP` with the longest exponent.
pub const EXP: Class = plain(
	&[PUSH0, NOT, DUP6, op::EXP, POP],
	2 + 3 + 3 + 10 + 50 * 32 + 2,
)
.times(8);

/// Comparisons.
pub const COMPARE: Class = plain(&[DUP5, DUP5, SLT, ISZERO, POP], 3 + 3 + 3 + 3 + 2);

/// Bitwise logic.
pub const BITS: Class = plain(&[DUP5, DUP5, XOR, NOT, POP], 3 + 3 + 3 + 3 + 2);

/// Arithmetic shifts.
pub const SHIFT: Class = plain(&[DUP5, PUSH1, 131, SAR, POP], 3 + 3 + 3 + 2);

/// `SIGNEXTEND`, `BYTE` and `CLZ`.
pub const BYTE: Class = plain(
	&[DUP5, PUSH1, 20, SIGNEXTEND, PUSH1, 3, op::BYTE, CLZ, POP],
	3 + 3 + 5 + 3 + 3 + 5 + 2,
);

/// `KECCAK256` of a word.
pub const KECCAK: Class =
	plain(&[PUSH1, 32, PUSH0, KECCAK256, POP], 3 + 2 + 30 + 6 + 2).after(WITH_MEMORY);

/// `KECCAK256` of 4 KiB.
pub const KECCAK_LONG: Class = plain(
	&[PUSH2, 0x10, 0, PUSH0, KECCAK256, POP],
	3 + 2 + 30 + 6 * 128 + 2,
)
.after(WITH_MEMORY)
.times(8);

/// `MSTORE`, `MLOAD` and `MSTORE8`.
pub const MEMORY: Class = plain(
	&[DUP5, PUSH0, MSTORE, PUSH0, MLOAD, PUSH0, MSTORE8],
	3 + 2 + 3 + 2 + 3 + 2 + 3,
)
.after(WITH_MEMORY);

/// `MCOPY` of 2 KiB.
pub const MCOPY: Class = plain(
	&[PUSH2, 8, 0, PUSH2, 8, 0, PUSH0, op::MCOPY],
	3 + 3 + 2 + 3 + 3 * 64,
)
.after(WITH_MEMORY)
.times(8);

/// `CALLDATALOAD` and `CALLDATASIZE`.
pub const CALLDATA: Class = plain(
	&[PUSH0, CALLDATALOAD, POP, CALLDATASIZE, POP],
	2 + 3 + 2 + 2 + 2,
);

/// `CALLDATACOPY` of 4 KiB.
pub const CALLDATACOPY: Class = plain(
	&[PUSH2, 0x10, 0, PUSH0, PUSH0, op::CALLDATACOPY],
	3 + 2 + 2 + 3 + 3 * 128,
)
.after(WITH_MEMORY)
.times(8);

/// `CODECOPY` of 4 KiB.
pub const CODECOPY: Class = plain(
	&[PUSH2, 0x10, 0, PUSH0, PUSH0, op::CODECOPY],
	3 + 2 + 2 + 3 + 3 * 128,
)
.after(WITH_MEMORY)
.times(8);

/// A call that takes 16 KiB of fresh memory.
pub const MEMORY_EXPANSION: Class = plain(
	&[PUSH0, PUSH0, PUSH0, PUSH0, DUP6, GAS, STATICCALL, POP],
	8 + 3 + 2 + 100 + 2 + (2 + 3 + 3) + 3 * 512 + 512,
)
.after(WITH_ACCOUNT)
.times(8);

/// `JUMP` and `JUMPI`.
pub const JUMP: Class = plain(
	&[
		PC,
		PUSH1,
		5,
		op::ADD,
		op::JUMP,
		JUMPDEST,
		PUSH1,
		1,
		PC,
		PUSH1,
		5,
		op::ADD,
		JUMPI,
		JUMPDEST,
	],
	(2 + 3 + 3 + 8 + 1) + (3 + 2 + 3 + 3 + 10 + 1),
);

/// What is known of block, transaction and frame.
pub const ENVIRONMENT: Class = plain(
	&[
		ADDRESS,
		POP,
		ORIGIN,
		POP,
		CALLER,
		POP,
		CALLVALUE,
		POP,
		GASPRICE,
		POP,
		COINBASE,
		POP,
		TIMESTAMP,
		POP,
		op::NUMBER,
		POP,
		DIFFICULTY,
		POP,
		GASLIMIT,
		POP,
		CHAINID,
		POP,
		BASEFEE,
		POP,
		BLOBBASEFEE,
		POP,
		CODESIZE,
		POP,
		RETURNDATASIZE,
		POP,
		MSIZE,
		POP,
		PC,
		POP,
		GAS,
		POP,
		SELFBALANCE,
		POP,
		PUSH0,
		BLOBHASH,
		POP,
	],
	18 * (2 + 2) + (5 + 2) + (2 + 3 + 2),
)
.times(4);

/// `BLOCKHASH` of different blocks.
pub const BLOCKHASH: Class = reading(
	&[DUP1, op::NUMBER, SUB, op::BLOCKHASH, POP],
	3 + 2 + 3 + 20 + BLOCK_HASH_GAS + 2,
	BLOCK_HASH_PROOF_BYTES,
);

/// `TSTORE` to new slots.
pub const TRANSIENT_STORE: Class = plain(&[GAS, GAS, TSTORE], 2 + 2 + 100);

/// `TLOAD`.
pub const TRANSIENT_LOAD: Class = plain(&[PUSH0, TLOAD, POP], 2 + 100 + 2);

/// `LOG0` without data.
pub const LOG0: Class = plain(&[PUSH0, PUSH0, op::LOG0], 2 + 2 + 375 + LOG0_GAS).times(4);

/// `LOG4` without data.
pub const LOG4: Class = plain(
	&[DUP1, DUP1, DUP1, DUP1, PUSH0, PUSH0, op::LOG4],
	12 + 4 + 375 * 5,
)
.times(4);

/// `LOG0` of 4 KiB.
pub const LOG_DATA: Class = plain(
	&[PUSH2, 0x10, 0, PUSH0, op::LOG0],
	3 + 2 + 375 + LOG0_GAS + 8 * 4096,
)
.after(WITH_MEMORY)
.times(1);

/// `SLOAD` of slots that hold something.
pub const SLOAD_COLD_HIT: Class = reading(&[DUP1, SLOAD, POP], 3 + 2100 + 2, SLOT_PROOF_BYTES);

/// `SLOAD` of slots that hold nothing.
pub const SLOAD_COLD_MISS: Class = SLOAD_COLD_HIT;

/// `SLOAD` of a slot that has been read.
pub const SLOAD_WARM: Class = plain(&[PUSH0, SLOAD, POP], 2 + 100 + 2).after(&[PUSH0, SLOAD, POP]);

/// `SSTORE` to slots that held nothing.
pub const SSTORE_NEW: Class = reading(&[DUP1, DUP1, SSTORE], 3 + 3 + 22_100, SLOT_PROOF_BYTES);

/// `SSTORE` to slots that held something.
pub const SSTORE_CHANGE: Class = reading(&[DUP1, DUP1, SSTORE], 3 + 3 + 5_000, SLOT_PROOF_BYTES);

/// `SSTORE` of zero to slots that held something.
pub const SSTORE_CLEAR: Class = Class {
	is_refunded: true,
	..reading(&[PUSH0, DUP2, SSTORE], 2 + 3 + 5_000, SLOT_PROOF_BYTES)
};

/// `SSTORE` to a slot that has been written.
pub const SSTORE_DIRTY: Class = plain(&[GAS, PUSH0, SSTORE], 2 + 2 + 100).after(WITH_SLOT);

/// `BALANCE` of accounts that exist.
pub const BALANCE_COLD_HIT: Class = reading(
	&[DUP2, DUP2, op::ADD, BALANCE, POP],
	3 + 3 + 3 + 2600 + 2,
	ACCOUNT_PROOF_BYTES,
);

/// `BALANCE` of accounts that do not exist.
pub const BALANCE_COLD_MISS: Class = BALANCE_COLD_HIT;

/// `BALANCE` of an account that has been read.
pub const BALANCE_WARM: Class = plain(&[DUP2, BALANCE, POP], 3 + 100 + 2).after(WITH_ACCOUNT);

/// `EXTCODEHASH` of contracts.
pub const EXTCODEHASH_COLD: Class = reading(
	&[DUP2, DUP2, op::ADD, EXTCODEHASH, POP],
	3 + 3 + 3 + 2600 + 2,
	ACCOUNT_PROOF_BYTES,
);

/// `EXTCODESIZE` of small contracts.
pub const EXTCODESIZE_COLD: Class = reading(
	&[DUP2, DUP2, op::ADD, EXTCODESIZE, POP],
	3 + 3 + 3 + 2600 + 2 + code_load_gas(SMALL_CODE_BYTES),
	ACCOUNT_PROOF_BYTES + CODE_PROOF_BYTES + SMALL_CODE_BYTES,
);

/// `EXTCODESIZE` of the largest contracts.
pub const EXTCODESIZE_LARGE: Class = EXTCODESIZE_COLD.with_largest_code();

/// `EXTCODECOPY` of 4 KiB of a code that has been read.
pub const EXTCODECOPY_WARM: Class = plain(
	&[PUSH2, 0x10, 0, PUSH0, PUSH0, DUP5, EXTCODECOPY],
	3 + 2 + 2 + 3 + 100 + 3 * 128,
)
.after(&[DUP2, EXTCODESIZE, POP, PUSH0, PUSH2, 0x10, 0, MSTORE])
.times(8);

/// A call of a contract that has been read.
pub const CALL_WARM: Class = plain(
	&[PUSH0, PUSH0, PUSH0, PUSH0, PUSH0, DUP7, GAS, op::CALL, POP],
	10 + 3 + 2 + 100 + 2,
)
.after(WITH_ACCOUNT)
.times(8);

/// A call of small contracts.
pub const CALL_COLD: Class = reading(
	&[
		PUSH0,
		PUSH0,
		PUSH0,
		PUSH0,
		PUSH0,
		DUP7,
		DUP7,
		op::ADD,
		GAS,
		op::CALL,
		POP,
	],
	10 + 3 + 3 + 3 + 2 + 2600 + 2 + code_load_gas(SMALL_CODE_BYTES),
	ACCOUNT_PROOF_BYTES + CODE_PROOF_BYTES + SMALL_CODE_BYTES,
);

/// A call of the largest contracts.
pub const CALL_LARGE: Class = CALL_COLD.with_largest_code();

/// A call of an account without code that has been read.
pub const CALL_EMPTY: Class = CALL_WARM;

/// A transfer to an account that has been read.
pub const CALL_VALUE: Class = plain(
	&[
		PUSH0,
		PUSH0,
		PUSH0,
		PUSH0,
		PUSH1,
		1,
		DUP7,
		GAS,
		op::CALL,
		POP,
	],
	8 + 3 + 3 + 2 + 100 + (9_000 - 2_300) + 2,
)
.after(WITH_ACCOUNT)
.times(8);

/// A transfer to accounts that exist.
pub const CALL_VALUE_COLD: Class = reading(
	&[
		PUSH0,
		PUSH0,
		PUSH0,
		PUSH0,
		PUSH1,
		1,
		DUP7,
		DUP7,
		op::ADD,
		GAS,
		op::CALL,
		POP,
	],
	8 + 3 + 3 + 3 + 3 + 2 + 2600 + (9_000 - 2_300) + 2,
	ACCOUNT_PROOF_BYTES,
);

/// A transfer to accounts that do not exist.
pub const CALL_VALUE_NEW: Class = Class {
	gas: CALL_VALUE_COLD.gas + 25_000,
	..CALL_VALUE_COLD
};

/// A delegate call of a contract that has been read.
pub const DELEGATECALL: Class = plain(
	&[PUSH0, PUSH0, PUSH0, PUSH0, DUP6, GAS, op::DELEGATECALL, POP],
	8 + 3 + 2 + 100 + 2,
)
.after(WITH_ACCOUNT)
.times(8);

/// `CREATE` of contracts without code.
pub const CREATE: Class = reading(
	&[PUSH0, PUSH0, PUSH0, op::CREATE, POP],
	6 + 32_000 + 2,
	ACCOUNT_PROOF_BYTES + ALIAS_PROOF_BYTES + SLOT_PROOF_BYTES,
);

/// `CREATE` of contracts with 1 KiB of code, each different.
pub const CREATE_CODE: Class = reading(
	&[PUSH1, 8, PUSH0, PUSH0, op::CREATE, POP],
	3 + 2 + 2 + 32_000 + 2 + (2 + 2 + 3 + 3 + 2 + 98) + 200 * 1024 + 2,
	ACCOUNT_PROOF_BYTES + ALIAS_PROOF_BYTES + SLOT_PROOF_BYTES,
)
.after(WITH_INIT_CODE);

/// `CREATE2` with 24 KiB of creation code.
pub const CREATE2: Class = reading(
	&[DUP1, PUSH2, 0x60, 0, PUSH0, PUSH0, op::CREATE2, POP],
	3 + 3 + 2 + 2 + 32_000 + (2 + 6) * 768 + 2,
	ACCOUNT_PROOF_BYTES + ALIAS_PROOF_BYTES + SLOT_PROOF_BYTES,
)
.after(WITH_MORE_MEMORY);

/// `CREATE` of contracts that destruct themselves.
pub const SELFDESTRUCT: Class = reading(
	&[PUSH1, 2, PUSH0, PUSH0, op::CREATE, POP],
	3 + 2 + 2 + 32_000 + 2 + (2 + 5_000) + 2,
	ACCOUNT_PROOF_BYTES + ALIAS_PROOF_BYTES + SLOT_PROOF_BYTES,
)
.after(WITH_DESTRUCTION);

/// A call within the one before: [`deep_call`] begins, [`DEEP_CALL`] goes on.
pub const CALL_DEEP: Class = Class {
	before: &[],
	body: &[],
	times: 1,
	// What is read and compared, what is written, the call, and no loop.
	gas: (5 + 6 + 13 + 9) + (2 + 3 + 3) + (15 + 100) + 1 - LOOP_GAS,
	proof_bytes: 0,
	is_refunded: false,
};

/// Calls itself as often as its calldata says, each time from within.
pub const DEEP_CALL: &[u8] = &[
	PUSH0,
	CALLDATALOAD,
	DUP1,
	ISZERO,
	PUSH1,
	22,
	JUMPI,
	PUSH1,
	1,
	SWAP1,
	SUB,
	PUSH0,
	MSTORE,
	PUSH0,
	PUSH0,
	PUSH1,
	32,
	PUSH0,
	PUSH0,
	ADDRESS,
	GAS,
	CALL,
	JUMPDEST,
];

/// Has the contract at [`FIRST_ADDRESS`], which is [`DEEP_CALL`], call itself.
pub fn deep_call(rounds: u32) -> Vec<u8> {
	let mut code = vec![PUSH4];
	code.extend(rounds.to_be_bytes());
	code.extend([PUSH0, MSTORE, PUSH0, PUSH0, PUSH1, 32, PUSH0, PUSH0, PUSH20]);
	code.extend(FIRST_ADDRESS);
	code.extend([GAS, CALL]);
	code
}

/// A class, by its name, with the weight of its rounds.
pub type Measured = (&'static str, Class, fn(u32) -> Weight);

/// Every class with its measured weight.
pub fn all<W: WeightInfo>() -> Vec<Measured> {
	vec![
		("op_stack", STACK, W::op_stack),
		("op_add", ADD, W::op_add),
		("op_mul", MUL, W::op_mul),
		("op_div", DIV, W::op_div),
		("op_addmod", ADDMOD, W::op_addmod),
		("op_mulmod", MULMOD, W::op_mulmod),
		("op_exp", EXP, W::op_exp),
		("op_compare", COMPARE, W::op_compare),
		("op_bits", BITS, W::op_bits),
		("op_shift", SHIFT, W::op_shift),
		("op_byte", BYTE, W::op_byte),
		("op_keccak", KECCAK, W::op_keccak),
		("op_keccak_long", KECCAK_LONG, W::op_keccak_long),
		("op_memory", MEMORY, W::op_memory),
		("op_mcopy", MCOPY, W::op_mcopy),
		("op_calldata", CALLDATA, W::op_calldata),
		("op_calldatacopy", CALLDATACOPY, W::op_calldatacopy),
		("op_codecopy", CODECOPY, W::op_codecopy),
		(
			"op_memory_expansion",
			MEMORY_EXPANSION,
			W::op_memory_expansion,
		),
		("op_jump", JUMP, W::op_jump),
		("op_environment", ENVIRONMENT, W::op_environment),
		("op_blockhash", BLOCKHASH, W::op_blockhash),
		("op_transient_store", TRANSIENT_STORE, W::op_transient_store),
		("op_transient_load", TRANSIENT_LOAD, W::op_transient_load),
		("op_log0", LOG0, W::op_log0),
		("op_log4", LOG4, W::op_log4),
		("op_log_data", LOG_DATA, W::op_log_data),
		("op_sload_cold_hit", SLOAD_COLD_HIT, W::op_sload_cold_hit),
		("op_sload_cold_miss", SLOAD_COLD_MISS, W::op_sload_cold_miss),
		("op_sload_warm", SLOAD_WARM, W::op_sload_warm),
		("op_sstore_new", SSTORE_NEW, W::op_sstore_new),
		("op_sstore_change", SSTORE_CHANGE, W::op_sstore_change),
		("op_sstore_clear", SSTORE_CLEAR, W::op_sstore_clear),
		("op_sstore_dirty", SSTORE_DIRTY, W::op_sstore_dirty),
		(
			"op_balance_cold_hit",
			BALANCE_COLD_HIT,
			W::op_balance_cold_hit,
		),
		(
			"op_balance_cold_miss",
			BALANCE_COLD_MISS,
			W::op_balance_cold_miss,
		),
		("op_balance_warm", BALANCE_WARM, W::op_balance_warm),
		(
			"op_extcodehash_cold",
			EXTCODEHASH_COLD,
			W::op_extcodehash_cold,
		),
		(
			"op_extcodesize_cold",
			EXTCODESIZE_COLD,
			W::op_extcodesize_cold,
		),
		(
			"op_extcodesize_large",
			EXTCODESIZE_LARGE,
			W::op_extcodesize_large,
		),
		(
			"op_extcodecopy_warm",
			EXTCODECOPY_WARM,
			W::op_extcodecopy_warm,
		),
		("op_call_warm", CALL_WARM, W::op_call_warm),
		("op_call_cold", CALL_COLD, W::op_call_cold),
		("op_call_large", CALL_LARGE, W::op_call_large),
		("op_call_empty", CALL_EMPTY, W::op_call_empty),
		("op_call_value", CALL_VALUE, W::op_call_value),
		("op_call_value_cold", CALL_VALUE_COLD, W::op_call_value_cold),
		("op_call_value_new", CALL_VALUE_NEW, W::op_call_value_new),
		("op_call_deep", CALL_DEEP, W::op_call_deep),
		("op_delegatecall", DELEGATECALL, W::op_delegatecall),
		("op_create", CREATE, W::op_create),
		("op_create_code", CREATE_CODE, W::op_create_code),
		("op_create2", CREATE2, W::op_create2),
		("op_selfdestruct", SELFDESTRUCT, W::op_selfdestruct),
	]
}
