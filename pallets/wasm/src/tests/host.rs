//! Every host function, by hand-written wat, on the published pallet and on ours: once as it is meant,
//! and once with each argument in turn far too large.

use codec::Encode;
use polkadot_sdk::{sp_core::H256, sp_io::hashing::keccak_256};
use std::collections::BTreeSet;

use super::{
	oracle::{Pair, Step},
	*,
};
use crate::host;

/// Where things lie in the contract's memory. Below 512 is what the contract returns.
mod at {
	pub const OUT: u32 = 0;
	pub const RESULT: u32 = 400;
	pub const LEN: u32 = 512;
	pub const KEY: u32 = 1024;
	pub const VALUE: u32 = 1100;
	pub const ACCOUNT: u32 = 1200;
	pub const AMOUNT: u32 = 1300;
	pub const CODE: u32 = 1400;
	pub const CONTRACT: u32 = 1440;
	pub const SIGNATURE: u32 = 1500;
	pub const HASH: u32 = 1600;
	pub const PUBLIC: u32 = 1700;
	pub const NOTHING: u32 = 1900;
	pub const TOPICS: u32 = 2000;
	pub const TEXT: u32 = 2100;
}

/// An argument as text of wat.
#[derive(Clone, Copy, Debug)]
enum Arg {
	I32(u32),
	I64(u64),
}
use Arg::{I32, I64};

/// A function and how to call it.
struct Case {
	module: &'static str,
	name: &'static str,
	args: Vec<Arg>,
	/// Runs before.
	before: &'static str,
	/// What it gives depends on weight.
	is_about_weight: bool,
}

fn case(module: &'static str, name: &'static str, args: &[Arg]) -> Case {
	Case {
		module,
		name,
		args: args.to_vec(),
		before: "",
		is_about_weight: false,
	}
}

/// A contract that others call: it stores, emits and answers.
fn helper() -> Vec<u8> {
	wat::parse_str(
		r#"(module
			(import "seal0" "seal_return" (func $return (param i32 i32 i32)))
			(import "seal2" "set_storage" (func $set (param i32 i32 i32 i32) (result i32)))
			(import "seal0" "deposit_event" (func $emit (param i32 i32 i32 i32)))
			(import "env" "memory" (memory 1 1))
			(data (i32.const 0) "answer")
			(func $run
				(drop (call $set (i32.const 0) (i32.const 3) (i32.const 0) (i32.const 6)))
				(call $emit (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 2))
				(call $return (i32.const 0) (i32.const 0) (i32.const 6)))
			(func (export "deploy") (call $run))
			(func (export "call") (call $run)))"#,
	)
	.unwrap()
}

fn bytes(data: &[u8]) -> String {
	data.iter().map(|byte| format!("\\{byte:02x}")).collect()
}

/// The account that [`helper`] has when Alice instantiates it.
fn helper_account() -> AccountId {
	crate::contract::address::<Test>(&ALICE, &hash_of(&helper()), &[], &[])
}

fn keys() -> (Vec<u8>, [u8; 32], Vec<u8>) {
	use polkadot_sdk::sp_core::{ecdsa, Pair as _};
	let pair = ecdsa::Pair::from_seed(&[7; 32]);
	let hash = keccak_256(b"message");
	(
		pair.sign_prehashed(&hash).0.to_vec(),
		hash,
		pair.public().0.to_vec(),
	)
}

/// The contract that calls the function.
fn module_of(case: &Case, args: &[Arg]) -> Vec<u8> {
	let signature = host::signature(case.module, case.name)
		.unwrap_or_else(|| panic!("{}.{}", case.module, case.name));
	let of = |types: &[wasmi::ValType]| -> String {
		let texts = types.iter().map(|ty| match ty {
			wasmi::ValType::I64 => " i64",
			_ => " i32",
		});
		texts.collect()
	};
	let call: String = args
		.iter()
		.map(|arg| match arg {
			I32(value) => format!(" (i32.const {value})"),
			I64(value) => format!(" (i64.const {value})"),
		})
		.collect();
	let call = format!("(call $f{call})");
	let call = match signature.results() {
		[] => call,
		[wasmi::ValType::I64] => format!("(i64.store (i32.const {}) {call})", at::RESULT),
		_ => format!("(i32.store (i32.const {}) {call})", at::RESULT),
	};
	let forget = if case.is_about_weight {
		"(i64.store (i32.const 0) (i64.const 0))"
	} else {
		""
	};
	let (signed, hash, public) = keys();
	let data: Vec<(u32, Vec<u8>)> = vec![
		(at::LEN, 256u32.encode()),
		(at::KEY, vec![0x11; 32]),
		(at::VALUE, (0..64).collect()),
		(at::ACCOUNT, BOB.encode()),
		(at::AMOUNT, 1_000u128.encode()),
		(at::CODE, hash_of(&helper()).encode()),
		(at::CONTRACT, helper_account().encode()),
		(at::SIGNATURE, signed),
		(at::HASH, hash.to_vec()),
		(at::PUBLIC, public),
		(at::NOTHING, 0u128.encode()),
		(at::TOPICS, vec![H256([6; 32]), H256([7; 32])].encode()),
		(at::TEXT, b"some text".to_vec()),
	];
	let data: String = data
		.iter()
		.map(|(at, data)| format!("(data (i32.const {at}) \"{}\")\n", bytes(data)))
		.collect();
	let is_return = case.name == "seal_return";
	let import_return = if is_return {
		""
	} else {
		r#"(import "seal0" "seal_return" (func $return (param i32 i32 i32)))"#
	};
	let finish = if is_return {
		""
	} else {
		"(call $return (i32.const 0) (i32.const 0) (i32.const 512))"
	};
	let params = of(signature.params());
	let results = of(signature.results());
	let (module, name, before) = (case.module, case.name, case.before);
	let text = format!(
		r#"(module
			(import "{module}" "{name}" (func $f (param{params}) (result{results})))
			{import_return}
			(import "seal2" "set_storage" (func $set (param i32 i32 i32 i32) (result i32)))
			(import "seal0" "lock_delegate_dependency" (func $lock (param i32)))
			(import "seal0" "set_transient_storage" (func $set_transient
				(param i32 i32 i32 i32) (result i32)))
			(import "env" "memory" (memory 1 1))
			{data}
			(func (export "deploy"))
			(func (export "call")
				{before}
				{call}
				(i32.store (i32.const 404) (i32.load (i32.const {len})))
				{forget}
				{finish}))"#,
		len = at::LEN,
	);
	wat::parse_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

const STORED: &str =
	"(drop (call $set (i32.const 1024) (i32.const 32) (i32.const 1100) (i32.const 40)))";
const STORED_TRANSIENT: &str =
	"(drop (call $set_transient (i32.const 1024) (i32.const 32) (i32.const 1100) (i32.const 40)))";
const LOCKED: &str = "(call $lock (i32.const 1400))";

fn cases() -> Vec<Case> {
	let out = [I32(at::OUT), I32(at::LEN)];
	let key = [I32(at::KEY), I32(32)];
	let value = [I32(at::VALUE), I32(40)];
	let input = [I32(at::TEXT), I32(9)];
	let hashed = [I32(at::TEXT), I32(9), I32(at::OUT)];
	let salt = [I32(at::TEXT), I32(4)];
	let after = |before: &'static str, case: Case| Case { before, ..case };
	let weighs = |case: Case| Case {
		is_about_weight: true,
		..case
	};
	let all = |parts: &[&[Arg]]| parts.concat();
	vec![
		// Storage.
		case("seal0", "set_storage", &all(&[&[I32(at::KEY)], &value])),
		case("seal1", "set_storage", &all(&[&[I32(at::KEY)], &value])),
		case("seal2", "set_storage", &all(&[&key, &value])),
		case("seal0", "clear_storage", &[I32(at::KEY)]),
		after(STORED, case("seal1", "clear_storage", &key)),
		case("seal0", "get_storage", &all(&[&[I32(at::KEY)], &out])),
		after(STORED, case("seal1", "get_storage", &all(&[&key, &out]))),
		case("seal0", "contains_storage", &[I32(at::KEY)]),
		after(STORED, case("seal1", "contains_storage", &key)),
		after(STORED, case("seal0", "take_storage", &all(&[&key, &out]))),
		// Transient storage.
		case("seal0", "set_transient_storage", &all(&[&key, &value])),
		after(
			STORED_TRANSIENT,
			case("seal0", "clear_transient_storage", &key),
		),
		after(
			STORED_TRANSIENT,
			case("seal0", "get_transient_storage", &all(&[&key, &out])),
		),
		after(
			STORED_TRANSIENT,
			case("seal0", "contains_transient_storage", &key),
		),
		after(
			STORED_TRANSIENT,
			case("seal0", "take_transient_storage", &all(&[&key, &out])),
		),
		// Calls.
		case(
			"seal0",
			"call",
			&all(&[
				&[
					I32(at::CONTRACT),
					I32(32),
					I64(0),
					I32(at::NOTHING),
					I32(16),
				],
				&input,
				&out,
			]),
		),
		case(
			"seal1",
			"call",
			&all(&[
				&[I32(0), I32(at::CONTRACT), I64(0), I32(at::AMOUNT)],
				&input,
				&out,
			]),
		),
		case(
			"seal2",
			"call",
			&all(&[
				&[
					I32(8),
					I32(at::CONTRACT),
					I64(0),
					I64(0),
					I32(u32::MAX),
					I32(at::NOTHING),
				],
				&input,
				&out,
			]),
		),
		case(
			"seal0",
			"delegate_call",
			&all(&[&[I32(0), I32(at::CODE)], &input, &out]),
		),
		case(
			"seal0",
			"instantiate",
			&all(&[
				&[I32(at::CODE), I32(32), I64(0), I32(at::NOTHING), I32(16)],
				&input,
				&out,
				&[I32(u32::MAX), I32(0)],
				&salt,
			]),
		),
		case(
			"seal1",
			"instantiate",
			&all(&[
				&[I32(at::CODE), I64(0), I32(at::NOTHING)],
				&input,
				&[I32(u32::MAX), I32(0)],
				&out,
				&salt,
			]),
		),
		case(
			"seal2",
			"instantiate",
			&all(&[
				&[
					I32(at::CODE),
					I64(0),
					I64(0),
					I32(u32::MAX),
					I32(at::AMOUNT),
				],
				&input,
				&out,
				&[I32(u32::MAX), I32(0)],
				&salt,
			]),
		),
		case(
			"seal0",
			"transfer",
			&[I32(at::ACCOUNT), I32(32), I32(at::AMOUNT), I32(16)],
		),
		case("seal0", "terminate", &[I32(at::ACCOUNT), I32(32)]),
		case("seal1", "terminate", &[I32(at::ACCOUNT)]),
		case("seal0", "input", &out),
		case("seal0", "seal_return", &[I32(0), I32(at::TEXT), I32(9)]),
		// Environment.
		case("seal0", "caller", &out),
		case("seal0", "is_contract", &[I32(at::CONTRACT)]),
		case("seal0", "code_hash", &all(&[&[I32(at::CONTRACT)], &out])),
		case("seal0", "own_code_hash", &out),
		case("seal0", "caller_is_origin", &[]),
		case("seal0", "caller_is_root", &[]),
		case("seal0", "address", &out),
		case("seal0", "weight_to_fee", &all(&[&[I64(12_345)], &out])),
		weighs(case("seal0", "gas_left", &out)),
		case("seal0", "balance", &out),
		case("seal0", "value_transferred", &out),
		case("seal0", "now", &out),
		case("seal0", "minimum_balance", &out),
		case("seal0", "block_number", &out),
		case("seal0", "instantiation_nonce", &[]),
		case("seal0", "debug_message", &input),
		// Events.
		case(
			"seal0",
			"deposit_event",
			&all(&[&[I32(at::TOPICS), I32(65)], &value]),
		),
		// Crypto.
		case("seal0", "hash_sha2_256", &hashed),
		case("seal0", "hash_keccak_256", &hashed),
		case("seal0", "hash_blake2_256", &hashed),
		case("seal0", "hash_blake2_128", &hashed),
		case(
			"seal0",
			"ecdsa_recover",
			&[I32(at::SIGNATURE), I32(at::HASH), I32(at::OUT)],
		),
		case(
			"seal0",
			"ecdsa_to_eth_address",
			&[I32(at::PUBLIC), I32(at::OUT)],
		),
		case(
			"seal0",
			"sr25519_verify",
			&[I32(at::SIGNATURE), I32(at::PUBLIC), I32(9), I32(at::TEXT)],
		),
		// Code.
		case("seal0", "set_code_hash", &[I32(at::CODE)]),
		case("seal0", "lock_delegate_dependency", &[I32(at::CODE)]),
		after(
			LOCKED,
			case("seal0", "unlock_delegate_dependency", &[I32(at::CODE)]),
		),
	]
}

/// Chains on which [`helper`] is instantiated.
fn pair() -> Pair {
	let mut pair = Pair::new();
	let made = pair.make("helper", helper(), Vec::new());
	assert_eq!(made, helper_account());
	pair
}

/// Runs a contract with value, so that it has some to send.
#[track_caller]
fn run(pair: &mut Pair, what: &str, case: &Case, args: &[Arg]) {
	let code = module_of(case, args);
	let contract = pair.make(what, code, Vec::new());
	pair.call_with(what, &contract, b"input".to_vec(), 5_000, None);
}

#[test]
fn every_function_does_the_same_as_it_is_meant() {
	let mut pair = pair();
	for case in cases() {
		let what = format!("{}.{}", case.module, case.name);
		run(&mut pair, &what, &case, &case.args);
	}
}

#[test]
fn every_function_does_the_same_with_any_argument_too_large() {
	let mut steps = 0;
	for case in cases() {
		let mut pair = pair();
		for position in 0..case.args.len() {
			for wrong in [0x7fff_ffff, u32::MAX, 65_530] {
				if matches!(case.args[position], I32(right) if right == wrong) {
					continue;
				}
				let mut args = case.args.clone();
				args[position] = match args[position] {
					I32(_) => I32(wrong),
					I64(_) => I64(wrong.into()),
				};
				let what = format!("{}.{} argument {position}: {wrong}", case.module, case.name);
				run(&mut pair, &what, &case, &args);
			}
		}
		steps += pair.steps;
	}
	assert!(steps > 500);
}

#[test]
fn outputs_that_do_not_fit_do_the_same() {
	let mut pair = pair();
	for case in cases() {
		// The length of the buffer at `NOTHING` is zero.
		let Some(position) = case.args.iter().position(|arg| matches!(arg, I32(at::LEN))) else {
			continue;
		};
		let mut args = case.args.clone();
		args[position] = I32(at::NOTHING);
		let what = format!("{}.{} without room", case.module, case.name);
		run(&mut pair, &what, &case, &args);
	}
}

#[test]
fn aliases_are_the_same_functions() {
	// All but those of the chain extension and the deprecated ones are called above, under one name.
	let called: BTreeSet<_> = cases()
		.iter()
		.map(|case| (case.module, case.name))
		.collect();
	for (module, name) in host::names() {
		if host::is_deprecated(module, name) || name.ends_with("chain_extension") {
			continue;
		}
		let plain = name.strip_prefix("seal_").unwrap_or(name);
		let is_called = called.contains(&(module, plain)) || called.contains(&(module, name));
		assert!(is_called, "{module}.{name} is not tested");
		if plain != name && name != "seal_return" {
			assert_eq!(
				host::signature(module, name),
				host::signature(module, plain)
			);
		}
	}
}

#[test]
fn deprecated_functions_run_in_calls_of_code_from_before() {
	// They cannot be uploaded, so the code is put where an older state has it.
	let code = wat::parse_str(
		r#"(module
			(import "seal0" "tombstone_deposit" (func $t (param i32 i32)))
			(import "seal0" "seal_rent_allowance" (func $r (param i32 i32)))
			(import "seal1" "set_rent_allowance" (func $s (param i32)))
			(import "seal1" "restore_to" (func $o (param i32 i32 i32 i32 i32)))
			(import "seal0" "seal_return" (func $return (param i32 i32 i32)))
			(import "env" "memory" (memory 1 1))
			(data (i32.const 512) "\10")
			(func (export "deploy"))
			(func (export "call")
				(call $s (i32.const 0))
				(call $o (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))
				(call $t (i32.const 0) (i32.const 512))
				(call $r (i32.const 16) (i32.const 512))
				(call $return (i32.const 0) (i32.const 0) (i32.const 32))))"#,
	)
	.unwrap();
	new_test_ext().execute_with(|| {
		let contract = instantiate(helper(), Vec::new());
		let hash = hash_of(&helper());
		let refused = instantiate_with(crate::Code::Upload(code.clone()), 0, Vec::new(), &[]);
		assert_eq!(
			refused.result,
			Err(crate::Error::<Test>::CodeRejected.into())
		);
		crate::PristineCode::<Test>::insert(
			hash,
			polkadot_sdk::sp_runtime::BoundedVec::truncate_from(code),
		);
		// Only here is it other code than the hash is of.
		crate::cache::clear();
		assert_eq!(call(&contract, Vec::new()), (0u128, u128::MAX).encode());
		let refused = instantiate_with(crate::Code::Existing(hash), 0, Vec::new(), &[1]);
		assert_eq!(
			refused.result,
			Err(crate::Error::<Test>::CodeRejected.into())
		);
	});
}

#[test]
fn code_under_test_is_uploaded_by_both() {
	let mut pair = Pair::new();
	for case in cases() {
		let uploaded = pair.step("upload", Step::Upload(ALICE, module_of(&case, &case.args)));
		assert!(
			uploaded.result.is_ok(),
			"{}.{}: {uploaded:?}",
			case.module,
			case.name
		);
	}
}
