//! Contracts that get as much work as they can out of their gas.
//!
//! Each does one thing as often as the first word of its input says.

use trivium_benchmarks_evm::asm::asm;

use crate::{
	curves::{self, PrecompileInput},
	state::{LARGE, LARGE_CODES, SMALL},
};

/// What follows the count in a call's input.
#[derive(Clone, Debug)]
pub enum Payload {
	/// These bytes.
	Bytes(Vec<u8>),
	/// As many zeros as the count says.
	Zeros,
}

/// A contract and its input.
#[derive(Clone, Debug)]
pub struct Program {
	/// What it does.
	pub name: String,
	/// Its code.
	pub code: Vec<u8>,
	/// The highest count that makes sense.
	pub most: u64,
	/// The rest of the input.
	pub payload: Payload,
}

impl Program {
	/// The input for a count.
	pub fn input(&self, count: u64) -> Vec<u8> {
		let mut input = vec![0; 24];
		input.extend(count.to_be_bytes());
		match &self.payload {
			Payload::Bytes(bytes) => input.extend(bytes),
			Payload::Zeros => input.resize(input.len() + count as usize, 0),
		}
		input
	}
}

/// Runs `setup` once and `body` in a loop; the body has the count on top of the stack.
fn looped(name: &str, setup: &str, body: &str) -> Program {
	let code = format!(
		"{setup} 0 CALLDATALOAD loop: {body} 1 SWAP1 SUB DUP1 @loop JUMPI STOP bad: INVALID"
	);
	Program {
		name: name.into(),
		code: asm(&code),
		most: u64::MAX,
		payload: Payload::Bytes(Vec::new()),
	}
}

fn counted(name: &str, body: &str) -> Program {
	looped(name, "", body)
}

/// As [`counted`], `times` in a row, so that the loop costs nothing.
fn unrolled(name: &str, times: usize, body: &str) -> Program {
	counted(name, &format!("{body} ").repeat(times))
}

/// A contract that does `below` when it is called without input, and calls itself so in a loop.
fn calling_itself(name: &str, below: &str) -> Program {
	let setup = format!("CALLDATASIZE @top JUMPI {below} STOP top:");
	looped(name, &setup, "0 0 0 0 0 ADDRESS GAS CALL POP")
}

/// An address as a token of the assembler.
fn token(number: u128) -> String {
	format!("0x{number:032x}")
}

impl Program {
	fn up_to(mut self, most: u64) -> Self {
		self.most = most;
		self
	}
}

/// Programs that read and write state. There are `entries` slots and contracts.
fn storage(entries: u64) -> Vec<Program> {
	let small = format!("DUP1 {} ADD", token(SMALL));
	let callee = |count: &str, address: &str| format!("DUP{count} {address} ADD");
	let call = |value: u8, address: &str| format!("0 0 0 0 {value} {address} GAS CALL POP");
	let (small_6, large_6) = (callee("6", &token(SMALL)), callee("6", &token(LARGE)));
	let known = token(SMALL + 1);
	vec![
		counted("sload-hit", "DUP1 SLOAD POP").up_to(entries),
		counted("sload-miss", "DUP1 NOT SLOAD POP"),
		unrolled("sload-warm", 500, "0 SLOAD POP"),
		counted("balance-hit", &format!("{small} BALANCE POP")).up_to(entries),
		counted("balance-miss", "DUP1 NOT BALANCE POP"),
		unrolled("balance-warm", 500, "ADDRESS BALANCE POP"),
		counted("extcodehash-hit", &format!("{small} EXTCODEHASH POP")).up_to(entries),
		counted("extcodesize-small", &format!("{small} EXTCODESIZE POP")).up_to(entries),
		counted(
			"extcodesize-large",
			&format!("DUP1 {} ADD EXTCODESIZE POP", token(LARGE)),
		)
		.up_to(LARGE_CODES),
		counted(
			"extcodecopy-large",
			&format!("24576 0 0 DUP4 {} ADD EXTCODECOPY", token(LARGE)),
		)
		.up_to(LARGE_CODES),
		unrolled(
			"extcodecopy-warm",
			300,
			&format!("32 0 0 {known} EXTCODECOPY"),
		),
		counted("call-small", &call(0, &small_6)).up_to(entries),
		counted("call-large", &call(0, &large_6)).up_to(LARGE_CODES),
		counted("call-empty-cold", &call(0, "DUP6 NOT")),
		unrolled("call-empty-warm", 200, &call(0, "0xdeadbeef")),
		unrolled("call-stop-warm", 200, &call(0, &known)),
		unrolled(
			"delegatecall-stop-warm",
			200,
			&format!("0 0 0 0 {known} GAS DELEGATECALL POP"),
		),
		counted("call-value-cold", &call(1, &small_6)).up_to(entries),
		counted("call-value-new", &call(1, "DUP6 NOT")),
		unrolled("call-value-warm", 100, &call(1, &known)),
		calling_itself("call-deep", "0 0 0 0 0 ADDRESS GAS CALL"),
		calling_itself("delegatecall-deep", "0 0 0 0 ADDRESS GAS DELEGATECALL"),
		counted("sstore-new", "DUP1 DUP1 NOT SSTORE"),
		counted("sstore-change", "DUP1 NOT DUP2 SSTORE").up_to(entries),
		counted("sstore-clear", "0 DUP2 SSTORE").up_to(entries),
		counted(
			"sstore-new-and-back",
			"DUP1 DUP1 NOT SSTORE 0 DUP2 NOT SSTORE",
		),
		unrolled("sstore-same", 50, "DUP1 0 SSTORE DUP1 NOT 0 SSTORE"),
		calling_itself("sstore-reverted", "1 GAS NOT SSTORE 0 0 REVERT"),
		counted("tstore", &tstores(20)),
		unrolled("tstore-same", 50, "DUP1 0 TSTORE DUP1 NOT 0 TSTORE"),
		counted("tload", "DUP1 TLOAD POP"),
		unrolled("blockhash", 500, "0 BLOCKHASH POP"),
	]
}

/// Stores at keys that no other turn of the loop stores at.
fn tstores(times: u64) -> String {
	(0..times)
		.map(|number| format!("DUP1 DUP1 {} ADD TSTORE ", number << 32))
		.collect()
}

/// Programs that create and destruct.
fn creations() -> Vec<Program> {
	// Deploys three bytes that nobody else has: PUSH4 n, PUSH0, MSTORE, PUSH1 4, PUSH1 28, RETURN.
	let distinct = "DUP1 56 SHL 0x63000000005f526004601cf3 OR 0 MSTORE";
	// A word of jump destinations, doubled.
	let doubled: String = (5..16)
		.map(|power| format!("{0} 0 {0} MCOPY ", 1u32 << power))
		.collect();
	let long_init = format!("0x{} 0 MSTORE {doubled} 0 0 MSTORE8", "5b".repeat(32));
	vec![
		counted("create", "0 0 0 CREATE POP"),
		counted("create2", "DUP1 0 0 0 CREATE2 POP"),
		counted(
			"create2-code",
			&format!("{distinct} DUP1 12 20 0 CREATE2 POP"),
		),
		looped("create-large", "0x6160005ff3 0 MSTORE", "5 27 0 CREATE POP"),
		looped(
			"create2-long-init",
			&long_init,
			"DUP1 49152 0 0 CREATE2 POP",
		),
		looped("create-reverted", "0x5f5ffd 0 MSTORE", "3 29 0 CREATE POP"),
		looped(
			"create-selfdestruct",
			"0x33ff 0 MSTORE",
			"2 30 1 CREATE POP",
		),
	]
}

/// Programs that move bytes.
fn memory() -> Vec<Program> {
	let full = 24_576;
	// Gas 0, so that what is called can only refuse; its input is a mebibyte.
	let huge = |name: &str, address: &str| {
		let setup = format!("1 {} MSTORE", (1 << 20) - 32);
		let body = format!("0 0 {} 0 {address} 0 STATICCALL POP ", 1 << 20);
		looped(name, &setup, &body.repeat(50))
	};
	vec![
		Program {
			name: "memory-grow".into(),
			code: asm("0 CALLDATALOAD 32 MUL 1 SWAP1 MSTORE STOP"),
			most: u64::MAX >> 5,
			payload: Payload::Bytes(Vec::new()),
		},
		calling_itself("memory-frames", "1 32736 MSTORE"),
		calling_itself("return-32k", "32768 0 RETURN"),
		calling_itself("revert-32k", "32768 0 REVERT"),
		unrolled("mcopy", 300, &format!("{full} 32 0 MCOPY")),
		unrolled("mcopy-word", 500, "32 32 0 MCOPY"),
		unrolled("codecopy", 300, &format!("{full} 0 0 CODECOPY")),
		looped(
			"returndatacopy",
			&format!("0 0 {full} 0 4 GAS STATICCALL POP"),
			&format!("{full} 0 0 RETURNDATACOPY ").repeat(200),
		),
		huge("call-huge-input-identity", "4"),
		huge("call-huge-input-modexp", "5"),
		huge("call-huge-input-bridge", "0x0801"),
		huge("call-huge-input-contract", &token(SMALL + 1)),
		unrolled("keccak-0", 500, "0 0 KECCAK256 POP"),
		unrolled("keccak-32", 500, "32 0 KECCAK256 POP"),
		unrolled("keccak-136", 500, "136 0 KECCAK256 POP"),
		unrolled("keccak-24k", 300, &format!("{full} 0 KECCAK256 POP")),
		unrolled("log0", 500, "0 0 LOG0"),
		unrolled("log4", 300, "0 0 0 0 0 0 LOG4"),
		counted("log0-24k", &format!("{full} 0 LOG0")),
		Program {
			name: "calldata-zeros".into(),
			code: asm("STOP"),
			most: 3_900_000,
			payload: Payload::Zeros,
		},
	]
}

/// Programs that compute.
fn compute() -> Vec<Program> {
	let jumps: String = (0..500).map(|to| format!("@j{to} JUMP j{to}: ")).collect();
	let ones = "0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff";
	let odd = "0x80000000000000000000000000000000000000000000000000000000000000f1";
	let other = "0xedcba98765432100edcba98765432101edcba98765432102edcba98765432103";
	let on_words = |name: &str, times: usize, body: &str| {
		let setup = format!("{odd} {other} {ones}");
		// The words lie below the count.
		looped(name, &setup, &format!("{body} ").repeat(times))
	};
	let half = "0x0edcba98765432100edcba987654321000000000000001";
	let divided = |name: &str, operation: &str| {
		let setup = format!("{half} {ones}");
		looped(
			name,
			&setup,
			&format!("DUP3 DUP3 {operation} POP ").repeat(500),
		)
	};
	vec![
		unrolled("jumpdest", 20_000, "JUMPDEST"),
		counted("jump", &jumps),
		unrolled("push32-pop", 500, &format!("{ones} POP")),
		unrolled("dup-swap", 500, "DUP1 SWAP1 POP"),
		unrolled("pc-gas", 1_000, "PC GAS POP POP"),
		on_words("add", 500, "DUP2 DUP4 ADD POP"),
		on_words("mul", 500, "DUP2 DUP4 MUL POP"),
		divided("div", "DIV"),
		divided("sdiv", "SDIV"),
		divided("mod", "MOD"),
		divided("smod", "SMOD"),
		on_words("addmod", 500, "DUP4 DUP4 DUP4 ADDMOD POP"),
		on_words("mulmod", 500, "DUP4 DUP4 DUP4 MULMOD POP"),
		on_words("exp", 300, "DUP2 DUP5 EXP POP"),
		on_words("signextend", 500, "DUP2 7 SIGNEXTEND POP"),
		on_words("sar", 500, "DUP2 77 SAR POP"),
		unrolled("mload", 500, "1 MLOAD POP"),
		unrolled("mstore", 500, "DUP1 1 MSTORE"),
		unrolled("mstore8", 500, "DUP1 1 MSTORE8"),
		unrolled("calldataload", 500, "1 CALLDATALOAD POP"),
		unrolled("calldatacopy-0", 500, "0 0 0 CALLDATACOPY"),
		unrolled("caller", 500, "CALLER POP"),
		unrolled("selfbalance", 500, "SELFBALANCE POP"),
		unrolled("basefee", 500, "BASEFEE POP"),
	]
}

/// Calls a precompiled contract with the same input again and again.
fn precompile(input: PrecompileInput) -> Program {
	let PrecompileInput {
		name,
		address,
		bytes,
	} = input;
	let len = bytes.len();
	// Beside the dear ones the loop costs nothing.
	let times = match address {
		1..=4 | 9 => 20,
		_ => 1,
	};
	let body = format!("0 0 {len} 0 {address} GAS STATICCALL ISZERO @bad JUMPI ");
	Program {
		name,
		payload: Payload::Bytes(bytes),
		..looped("", &format!("{len} 32 0 CALLDATACOPY"), &body.repeat(times))
	}
}

/// A contract that does nothing.
pub fn idle() -> Program {
	Program {
		name: "idle".into(),
		code: asm("STOP"),
		most: 1,
		payload: Payload::Bytes(Vec::new()),
	}
}

/// All programs. There are `entries` slots and contracts.
pub fn all(entries: u64) -> Vec<Program> {
	let mut programs = storage(entries);
	programs.extend(creations());
	programs.extend(memory());
	programs.extend(compute());
	programs.extend(curves::inputs().into_iter().map(precompile));
	programs
}
