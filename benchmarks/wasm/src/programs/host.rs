//! What a contract asks the chain, hashes, signatures, events.

use polkadot_sdk::sp_core::{ecdsa, sr25519, Pair};

use super::Program;
use crate::{
	code::{bytes, looped, ACCOUNT, DATA, KEY, LEN},
	state::{NOBODY, SMALL},
};

/// Most that is hashed here, bytes.
const LONG: u32 = 900_000;
/// Longest data of an event, bytes.
const EVENT: u32 = 16 * 1024;

/// Has the account at [`ACCOUNT`] be the one with the number.
pub fn numbered_account(end: u8) -> (String, String) {
	(
		format!(
			"(data (i32.const {}) \"{}\")",
			ACCOUNT + 4,
			bytes(&[end; 28])
		),
		format!("(i32.store (i32.const {ACCOUNT}) (local.get $n))"),
	)
}

/// Programs of host functions.
pub fn programs(entries: u32) -> Vec<Program> {
	let room = format!("(i32.store (i32.const {LEN}) (i32.const 64))");
	let ask = |function: &str| {
		let once = format!("{room} (call ${function} (i32.const {DATA}) (i32.const {LEN}))");
		Program::endless(format!("ask-{function}"), &once)
	};
	let mut programs: Vec<Program> = [
		"caller",
		"address",
		"balance",
		"value",
		"now",
		"minimum",
		"block",
		"gas_left",
		"own_code_hash",
	]
	.map(ask)
	.into();
	programs.extend([
		Program::endless("ask-caller_is_origin", "(drop (call $caller_is_origin))"),
		Program::endless("ask-caller_is_root", "(drop (call $caller_is_root))"),
		Program::endless("ask-nonce", "(drop (call $nonce))"),
		Program::endless(
			"ask-fee",
			&format!("{room} (call $fee (i64.const 1000000) (i32.const {DATA}) (i32.const {LEN}))"),
		),
	]);
	let of_accounts = |name: &str, end: u8, once: &str| {
		let (data, number) = numbered_account(end);
		let code = looped(1, &data, "", &format!("{number} {once}"));
		match end {
			NOBODY => Program::endless_code(name, code),
			_ => Program::counted_code(name, code).up_to(entries),
		}
	};
	let is_contract = format!("(drop (call $is_contract (i32.const {ACCOUNT})))");
	let code_hash = format!(
		"{room} (drop (call $code_hash (i32.const {ACCOUNT}) (i32.const {DATA}) (i32.const {LEN})))"
	);
	programs.extend([
		of_accounts("is_contract-hit", SMALL, &is_contract),
		of_accounts("is_contract-miss", NOBODY, &is_contract),
		of_accounts("code_hash-hit", SMALL, &code_hash),
		of_accounts("code_hash-miss", NOBODY, &code_hash),
	]);
	for function in ["sha2", "keccak", "blake2", "blake2_128"] {
		for (name, len) in [("0", 0), ("136", 136), ("long", LONG)] {
			let once = format!(
				"(call ${function} (i32.const {DATA}) (i32.const {len}) (i32.const {KEY}))"
			);
			programs.push(Program::endless_code(
				format!("{function}-{name}"),
				looped(16, "", "", &once),
			));
		}
	}
	programs.extend(signatures());
	programs.extend(events());
	programs
}

fn signatures() -> Vec<Program> {
	let data = |at: u32, content: &[u8]| format!("(data (i32.const {at}) \"{}\")", bytes(content));
	let hash = [7; 32];
	let pair = ecdsa::Pair::from_seed(&[1; 32]);
	let ecdsa_good = pair.sign_prehashed(&hash).0;
	// Of something else: a key comes out all the same. With this number of recovery none does.
	let mut ecdsa_bad = ecdsa_good;
	ecdsa_bad[64] = 3;
	let ecdsa = |name: &str, signature: &[u8; 65]| {
		let fields = [data(DATA, signature), data(DATA + 128, &hash)].concat();
		let once = format!(
			"(drop (call $ecdsa (i32.const {DATA}) (i32.const {}) (i32.const {KEY})))",
			DATA + 128
		);
		Program::endless_code(name, looped(1, &fields, "", &once))
	};
	let eth_address = |name: &str, key: &[u8; 33]| {
		let once = format!("(drop (call $eth_address (i32.const {DATA}) (i32.const {KEY})))");
		Program::endless_code(name, looped(1, &data(DATA, key), "", &once))
	};
	let pair_sr = sr25519::Pair::from_seed(&[2; 32]);
	let signed = pair_sr.sign(b"something else");
	let sr25519 = |name: &str, signature: &[u8], len: u32| {
		let fields = [data(DATA, signature), data(DATA + 64, &pair_sr.public().0)].concat();
		let once = format!(
			"(drop (call $sr25519 (i32.const {DATA}) (i32.const {}) (i32.const {len}) (i32.const {})))",
			DATA + 64,
			DATA + 96
		);
		Program::endless_code(name, looped(16, &fields, "", &once))
	};
	vec![
		ecdsa("ecdsa-good", &ecdsa_good),
		ecdsa("ecdsa-bad", &ecdsa_bad),
		ecdsa("ecdsa-malformed", &[0xFF; 65]),
		eth_address("eth_address-good", &pair.public().0),
		eth_address("eth_address-bad", &[2; 33]),
		sr25519("sr25519-bad", &signed.0, 32),
		sr25519("sr25519-bad-long", &signed.0, LONG),
		sr25519("sr25519-malformed", &[0xFF; 64], 32),
	]
}

fn events() -> Vec<Program> {
	let event = |name: &str, topics: u32, len: u32| {
		// Topics with their number before them, each another one.
		let topics_len = match topics {
			0 => 0,
			topics => 1 + 32 * topics,
		};
		let once = format!(
			"(i32.store8 (i32.const {KEY}) (i32.const {}))
			(i32.store (i32.const {}) (local.get $n))
			(call $event (i32.const {KEY}) (i32.const {topics_len}) (i32.const {DATA}) (i32.const {len}))",
			topics << 2,
			KEY + 1,
		);
		Program::counted(name, &once)
	};
	let text = format!("(drop (call $debug (i32.const {DATA}) (i32.const {LONG})))");
	vec![
		event("event-empty", 0, 0),
		event("event-4-topics", 4, 0),
		event("event-long", 0, EVENT),
		event("event-4-topics-long", 4, EVENT),
		Program::endless_code("debug-long", looped(16, "", "", &text)),
		Program::endless(
			"debug-empty",
			&format!("(drop (call $debug (i32.const {DATA}) (i32.const 0)))"),
		),
	]
}
