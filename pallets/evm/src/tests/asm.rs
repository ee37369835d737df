//! A tiny assembler: opcodes by name, numbers and `0x…` words as the shortest `PUSH`, `name:` for a
//! label and `@name` for its address.

use polkadot_sdk::sp_core::H160;
use revm::bytecode::opcode::OpCode;
use std::collections::HashMap;

/// Assembles a program.
#[track_caller]
pub fn asm(text: &str) -> Vec<u8> {
	let names: HashMap<&str, u8> = (0..=u8::MAX)
		.filter_map(|byte| Some((OpCode::new(byte)?.as_str(), byte)))
		.collect();
	let mut out = Vec::new();
	let mut labels = HashMap::new();
	let mut holes = Vec::new();
	for token in text.split_whitespace() {
		if let Some(label) = token.strip_suffix(':') {
			labels.insert(label, out.len());
			out.push(names["JUMPDEST"]);
		} else if let Some(label) = token.strip_prefix('@') {
			out.push(names["PUSH2"]);
			holes.push((label, out.len()));
			out.extend([0, 0]);
		} else if let Some(hex) = token.strip_prefix("0x") {
			let digits = if hex.len() % 2 == 1 {
				format!("0{hex}")
			} else {
				hex.to_string()
			};
			let bytes: Vec<u8> = (0..digits.len())
				.step_by(2)
				.map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap())
				.collect();
			push(&mut out, &bytes);
		} else if let Ok(number) = token.parse::<u64>() {
			let bytes = number.to_be_bytes();
			let significant = bytes
				.iter()
				.position(|byte| *byte != 0)
				.unwrap_or(bytes.len());
			push(&mut out, &bytes[significant..]);
		} else {
			out.push(
				*names
					.get(token)
					.unwrap_or_else(|| panic!("no opcode {token}")),
			);
		}
	}
	for (label, at) in holes {
		let target = u16::try_from(labels[label]).unwrap();
		out[at..at + 2].copy_from_slice(&target.to_be_bytes());
	}
	out
}

fn push(out: &mut Vec<u8>, bytes: &[u8]) {
	out.push(0x5F + bytes.len() as u8);
	out.extend_from_slice(bytes);
}

/// Creation code that deploys `runtime`.
pub fn deployer(runtime: &[u8]) -> Vec<u8> {
	let len = runtime.len();
	let mut code = vec![0x61, (len >> 8) as u8, len as u8]; // PUSH2 len
	code.extend([0x80, 0x60, 0x0C, 0x5F, 0x39]); // DUP1, PUSH1 12, PUSH0, CODECOPY
	code.extend([0x5F, 0xF3]); // PUSH0, RETURN
	code.push(0x00);
	code.push(0x00);
	assert_eq!(code.len(), 12);
	code.extend_from_slice(runtime);
	code
}

/// An address as a token of the assembler.
pub fn token(address: H160) -> String {
	format!(
		"0x{}",
		address
			.as_bytes()
			.iter()
			.map(|byte| format!("{byte:02x}"))
			.collect::<String>()
	)
}
