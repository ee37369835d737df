//! A small assembler for the programs that are measured.

use std::collections::BTreeMap;

use revm::{bytecode::opcode::OpCode, primitives::hex};

/// Assembles a program: opcodes by name; numbers and `0x…` words as the shortest `PUSH`; `name:` for a
/// jump's destination and `@name` for its address; `times(n)` before a token repeats it.
///
/// # Panics
/// The text is not a program.
pub fn asm(text: &str) -> Vec<u8> {
	let opcodes: BTreeMap<&str, u8> = (0..=u8::MAX)
		.filter_map(|byte| Some((OpCode::new(byte)?.as_str(), byte)))
		.collect();
	let mut code = Vec::new();
	let mut labels = BTreeMap::new();
	let mut jumps = Vec::new();
	let mut times = 1;
	for token in text.split_whitespace() {
		if let Some(count) = token
			.strip_prefix("times(")
			.and_then(|rest| rest.strip_suffix(')'))
		{
			times = count.parse().expect("a count");
			continue;
		}
		for _ in 0..std::mem::replace(&mut times, 1) {
			if let Some(label) = token.strip_suffix(':') {
				labels.insert(label, code.len());
				code.push(opcodes["JUMPDEST"]);
			} else if let Some(label) = token.strip_prefix('@') {
				jumps.push((label, code.len() + 1));
				code.extend([opcodes["PUSH2"], 0, 0]);
			} else if let Some(digits) = token.strip_prefix("0x") {
				push(&mut code, &hex::decode(digits).expect("pairs of digits"));
			} else if let Ok(number) = token.parse::<u64>() {
				let zeros = number.leading_zeros() as usize / 8;
				push(&mut code, &number.to_be_bytes()[zeros..]);
			} else {
				let opcode = opcodes.get(token);
				code.push(*opcode.unwrap_or_else(|| panic!("{token} is an opcode")));
			}
		}
	}
	for (label, at) in jumps {
		let target = u16::try_from(labels[label]).expect("a code is shorter");
		code[at..at + 2].copy_from_slice(&target.to_be_bytes());
	}
	code
}

fn push(code: &mut Vec<u8>, bytes: &[u8]) {
	assert!(bytes.len() <= 32, "a word has 32 bytes");
	// PUSH0 and those after it.
	code.push(0x5F + bytes.len() as u8);
	code.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn tokens_become_bytes() {
		let code = asm("loop: 0 256 0xff00 times(2) POP @loop JUMP");
		assert_eq!(
			hex::encode(code),
			"5b5f61010061ff005050610000".to_owned() + "56"
		);
	}
}
