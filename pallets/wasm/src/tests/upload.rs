//! What code is let in.

use super::*;
use crate::{
	validate::{self, Fault},
	Error,
};

#[track_caller]
fn check(text: &str, expected: Result<(), Fault>) {
	let code = wat::parse_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
	assert_eq!(validate::check::<Test>(&code), expected, "{text}");
}

const MEMORY: &str = r#"(import "env" "memory" (memory 1 1))"#;
const EXPORTS: &str = r#"(func (export "deploy")) (func (export "call"))"#;

#[test]
fn smallest_contract_is_let_in() {
	check(&format!("(module {MEMORY} {EXPORTS})"), Ok(()));
	check(
		&format!(
			r#"(module {MEMORY} (func (export "deploy") (result i32) i32.const 0) (func (export "call")))"#
		),
		Ok(()),
	);
}

#[test]
fn each_fault_is_named() {
	let with = |what: &str| format!("(module {MEMORY} {what} {EXPORTS})");
	let import = |module: &str, name: &str, types: &str| {
		with(&format!(r#"(import "{module}" "{name}" (func {types}))"#))
	};
	for (text, fault) in [
		(with(r#"(import "env" "g" (global i32))"#), Fault::ForbiddenImport),
		(with(r#"(import "env" "t" (table 1 funcref))"#), Fault::ForbiddenImport),
		(import("seal0", "nothing", ""), Fault::UnknownImport),
		(import("seal9", "set_storage", ""), Fault::UnknownImport),
		(import("env", "seal_input", "(param i32 i32)"), Fault::UnknownImport),
		(import("seal0", "call_runtime", "(param i32 i32) (result i32)"), Fault::UnstableImport),
		(import("seal0", "xcm_send", "(param i32 i32 i32 i32) (result i32)"), Fault::UnstableImport),
		(import("seal0", "seal_random", "(param i32 i32 i32 i32)"), Fault::UnstableImport),
		(import("seal1", "gas_left", "(param i32 i32)"), Fault::UnstableImport),
		(import("seal0", "restore_to", ""), Fault::DeprecatedImport),
		(import("seal0", "seal_input", "(param i32)"), Fault::WrongSignature),
		(import("seal0", "seal_input", "(param i32 i32) (result i32)"), Fault::WrongSignature),
		(format!("(module {EXPORTS})"), Fault::NoMemory),
		(format!("(module (memory 1) {EXPORTS})"), Fault::NoMemory),
		(
			format!(r#"(module (import "env" "other" (memory 1 1)) {EXPORTS})"#),
			Fault::ForbiddenImport,
		),
		(
			format!(r#"(module (import "env" "memory" (memory 1 17)) {EXPORTS})"#),
			Fault::MemoryLimits,
		),
		(
			format!(r#"(module (import "env" "memory" (memory 17)) {EXPORTS})"#),
			Fault::MemoryLimits,
		),
		(format!(r#"(module {MEMORY} (func (export "deploy")))"#), Fault::MissingExport),
		(format!(r#"(module {MEMORY} (func (export "call")))"#), Fault::MissingExport),
		(with(r#"(func (export "other"))"#), Fault::ForbiddenExport),
		(with(r#"(global (export "g") i32 (i32.const 0))"#), Fault::ForbiddenExport),
		(with("").replace("(func (export \"deploy\"))", "(table (export \"t\") 1 funcref) (func (export \"deploy\"))"), Fault::ForbiddenExport),
		(
			format!(r#"(module {MEMORY} (func (export "deploy") (param i32)) (func (export "call")))"#),
			Fault::WrongEntryPoint,
		),
		(
			format!(
				r#"(module {MEMORY} (func (export "deploy") (result i64) i64.const 0) (func (export "call")))"#
			),
			Fault::WrongEntryPoint,
		),
		(format!("(module {MEMORY} (table 16385 funcref) {EXPORTS})"), Fault::TableTooLarge),
		(with(r#"(data (i32.const 65535) "\00\00")"#), Fault::SegmentOutOfBounds),
		(with(r#"(data (i32.const -1) "\00")"#), Fault::SegmentOutOfBounds),
		(with(r#"(table 1 funcref) (func $f) (elem (i32.const 1) $f)"#), Fault::SegmentOutOfBounds),
		(
			format!("(module {MEMORY} (func (local {})) {EXPORTS})", "i64 ".repeat(4097)),
			Fault::TooManyLocals,
		),
		(
			format!("(module {MEMORY} {} {EXPORTS})", "(global i32 (i32.const 0))".repeat(4097)),
			Fault::TooManyItems,
		),
		(
			format!(
				"(module {MEMORY} (func (drop (i32.const 0) {})) {EXPORTS})",
				"i32.eqz ".repeat(2_000)
			),
			Fault::TooDense,
		),
		(
			format!("(module {MEMORY} {} {EXPORTS})", "(type (func))".repeat(2_000)),
			Fault::TooDense,
		),
		(
			format!(
				"(module {MEMORY} (func (local i32) (local.set 0 (i32.add (local.get 0) (i32.const 4))) \
				(i32.store offset=65536 (local.get 0) (local.get 0))) {EXPORTS})"
			),
			Fault::FarStore,
		),
		(
			format!("(module {MEMORY} (func (drop (f32.const 1))) {EXPORTS})"),
			Fault::Malformed,
		),
		(
			format!("(module {MEMORY} (func (param f64)) {EXPORTS})"),
			Fault::Malformed,
		),
		(
			format!("(module {MEMORY} (func (memory.fill (i32.const 0) (i32.const 0) (i32.const 0))) {EXPORTS})"),
			Fault::Malformed,
		),
		(
			format!("(module {MEMORY} (func (result i32 i32) i32.const 0 i32.const 0) {EXPORTS})"),
			Fault::Malformed,
		),
		(
			format!("(module {MEMORY} (func return_call 0) {EXPORTS})"),
			Fault::Malformed,
		),
	] {
		check(&text, Err(fault));
		assert!(!fault.text().is_empty());
	}
}

#[test]
fn any_bytes_give_an_answer() {
	let whole = ink("counter");
	for len in 0..16 {
		assert!(validate::check::<Test>(&whole[..len]).is_err());
		assert_eq!(
			validate::check::<Test>(&vec![0xff; len]),
			Err(Fault::Malformed)
		);
	}
	for cut in (0..whole.len()).step_by(whole.len() / 200 + 1) {
		assert!(validate::check::<Test>(&whole[..cut]).is_err());
	}
	// A fixed sequence of mutations, the same in every run.
	let mut seed = 1u64;
	for _ in 0..300 {
		seed = seed
			.wrapping_mul(6364136223846793005)
			.wrapping_add(1442695040888963407);
		let mut code = whole.clone();
		let place = (seed >> 33) as usize % code.len();
		code[place] ^= (seed >> 25) as u8 | 1;
		let _ = validate::check::<Test>(&code);
	}
}

#[test]
fn mutants_that_are_let_in_end_well_or_with_an_error() {
	let whole = crate::tests::script::contract(true);
	let mut seed = 7u64;
	let mut ran = 0;
	new_test_ext().execute_with(|| {
		for _ in 0..400 {
			seed = seed
				.wrapping_mul(6364136223846793005)
				.wrapping_add(1442695040888963407);
			let mut code = whole.clone();
			let place = (seed >> 33) as usize % code.len();
			code[place] = (seed >> 25) as u8;
			let made = Contracts::bare_instantiate(
				ALICE,
				0,
				polkadot_sdk::frame_support::weights::Weight::from_parts(20_000_000_000, 1 << 20),
				None,
				Code::Upload(code),
				crate::tests::script::Script::default()
					.stores(1, &[1])
					.loads(1)
					.returns_result()
					.encode(),
				vec![],
				DebugInfo::Skip,
				CollectEvents::Skip,
			);
			ran += usize::from(made.result.is_ok());
		}
		assert!(ran > 0, "no mutant ran");
		assert!(
			steps().len().is_multiple_of(2),
			"each frame that was entered was left"
		);
	});
}

#[test]
fn code_that_is_too_long_is_refused() {
	new_test_ext().execute_with(|| {
		let long = vec![0; MAX_CODE_BYTES as usize + 1];
		assert_eq!(
			Contracts::bare_upload_code(ALICE, long, None),
			Err(Error::<Test>::CodeTooLarge.into())
		);
		let made = instantiate_with(Code::Upload(vec![1]), 0, vec![], &[]);
		assert_eq!(made.result, Err(Error::<Test>::CodeRejected.into()));
		assert_eq!(made.debug_message, Fault::Malformed.text().as_bytes());
	});
}

#[test]
fn start_function_runs_within_the_limit() {
	let start = |body: &str| {
		wat::parse_str(format!(
			r#"(module
				(import "seal0" "seal_return" (func $return (param i32 i32 i32)))
				{MEMORY}
				(data (i32.const 0) "started")
				(func $start {body})
				(start $start)
				{EXPORTS})"#
		))
		.unwrap()
	};
	new_test_ext().execute_with(|| {
		let returns = start("(call $return (i32.const 0) (i32.const 0) (i32.const 7))");
		let made = instantiate_with(Code::Upload(returns), 0, vec![], &[]);
		assert_eq!(made.result.unwrap().result.data, b"started");
		let endless = start("(loop $ever (br $ever))");
		let made = instantiate_with(Code::Upload(endless), 0, vec![], &[]);
		assert_eq!(made.result, Err(Error::<Test>::OutOfGas.into()));
		let traps = start("unreachable");
		let made = instantiate_with(Code::Upload(traps), 0, vec![], &[]);
		assert_eq!(made.result, Err(Error::<Test>::ContractTrapped.into()));
	});
}
