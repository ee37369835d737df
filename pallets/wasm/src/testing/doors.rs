//! What must hold for any bytes at the pallet's doors: code that is uploaded, and what it then does. Each
//! function panics where it does not.

use std::sync::OnceLock;

use arbitrary::Unstructured;
use polkadot_sdk::{
	frame_support::storage::{with_transaction, TransactionOutcome},
	sp_core::H256,
	sp_io::hashing::blake2_256,
	sp_runtime::DispatchError,
	sp_weights::Weight,
};
use wasm_smith::Module;

use super::{
	mock::*,
	oracle::{Pair, Step},
};
use crate::{
	cache, host,
	validate::{check, Fault},
	Code, CollectEvents, DebugInfo,
};

/// How often loops and functions of one execution begin, at most.
const ROUNDS: u32 = 300;

/// What is not compared: functions whose answers depend on what things weigh, or that one pallet lacks.
const LEFT_OUT: [&str; 8] = [
	"call_chain_extension",
	"debug_message",
	"gas_left",
	"seal_call_chain_extension",
	"seal_debug_message",
	"seal_gas_left",
	"seal_weight_to_fee",
	"weight_to_fee",
];

/// What code that leaves for other machines imports; the published pallet's runtime has no extension, and refuses
/// such code.
const EXTENSION: &[u8] = b"call_chain_extension";

/// How far some bytes got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reached {
	/// They make no module.
	NoModule,
	/// The code is not compared: only we refuse it, for a limit that the published pallet does not have, or it uses
	/// what that has not.
	OurLimit,
	/// Both pallets refuse the code.
	Refused,
	/// Both took it; how many calls ended well, its constructor among them.
	Ran(u32),
}

/// Whether only we have this rule. The published pallet finds segments out of bounds when it runs the code.
fn is_ours_alone(fault: Fault) -> bool {
	matches!(
		fault,
		Fault::TooDense
			| Fault::TooManyLocals
			| Fault::TableTooLarge
			| Fault::TooManyItems
			| Fault::SegmentOutOfBounds
			| Fault::FarStore
	)
}

/// Any bytes as code: both pallets store the same or nothing, take and give back the same deposit, and what is
/// refused leaves no trace.
pub fn upload(code: &[u8]) -> Reached {
	if code
		.windows(EXTENSION.len())
		.any(|bytes| bytes == EXTENSION)
	{
		return Reached::OurLimit;
	}
	let upload = Step::Upload(ALICE, code.to_vec());
	let mut pair = Pair::new();
	match check::<Test>(code) {
		Err(fault) if is_ours_alone(fault) => {
			let outcome = pair.step_of_ours(upload);
			assert!(outcome.result.is_err(), "{fault:?}: {outcome:?}");
			Reached::OurLimit
		}
		Err(fault) => {
			let outcome = pair.step("upload", upload);
			assert!(outcome.result.is_err(), "{fault:?}: {outcome:?}");
			Reached::Refused
		}
		Ok(()) => {
			let outcome = pair.step("upload", upload);
			if outcome.result.is_err() {
				return Reached::Refused;
			}
			let hash = H256(blake2_256(code));
			let removed = pair.step("remove", Step::Remove(ALICE, hash));
			assert!(removed.result.is_ok(), "{removed:?}");
			Reached::Ran(0)
		}
	}
}

/// Bytes as the seed of a module whose loops end: both pallets do the same with it, and it costs the same each
/// time, neither more nor less than is needed.
pub fn execution(bytes: &[u8]) -> Reached {
	match module(bytes) {
		Some(code) => {
			costs_what_it_needs(&code);
			does_the_same(&code)
		}
		None => Reached::NoModule,
	}
}

/// A name of a type as text has it.
fn in_text(types: &[wasmi::ValType]) -> String {
	let names = types.iter().map(|ty| match ty {
		wasmi::ValType::I32 => "i32",
		wasmi::ValType::I64 => "i64",
		other => panic!("no function has {other:?}"),
	});
	names.collect::<Vec<_>>().join(" ")
}

/// The imports that there are, as a module that imports them all.
fn imports() -> Vec<u8> {
	static IMPORTS: OnceLock<Vec<u8>> = OnceLock::new();
	let make = || {
		let functions = host::names().into_iter().filter(|(module, name)| {
			!LEFT_OUT.contains(name) && !host::is_deprecated(module, name)
		});
		let functions = functions.map(|(module, name)| {
			let ty = host::signature(module, name).unwrap();
			let [params, results] = [in_text(ty.params()), in_text(ty.results())];
			format!("(import \"{module}\" \"{name}\" (func (param {params}) (result {results})))")
		});
		// A module gets each of them by the toss of a coin, the memory as well.
		let memory = r#"(import "env" "memory" (memory 2 16))"#;
		let text = functions.collect::<String>();
		wat::parse_str(format!("(module {memory} {text})")).unwrap()
	};
	IMPORTS.get_or_init(make).clone()
}

/// A module that bytes stand for. Loops end. `None` if there are too few bytes.
pub fn module(bytes: &[u8]) -> Option<Vec<u8>> {
	let mut bytes = Unstructured::new(bytes);
	// One in eight uses what contracts may not.
	let is_modern = bytes.ratio(1, 8).ok()?;
	let exports =
		wat::parse_str(r#"(module (func) (export "deploy" (func 0)) (export "call" (func 0)))"#);
	let config = wasm_smith::Config {
		available_imports: Some(imports()),
		exports: Some(exports.unwrap()),
		allow_floats: is_modern,
		allow_start_export: bytes.ratio(1, 4).ok()?,
		bulk_memory_enabled: is_modern,
		exceptions_enabled: false,
		extended_const_enabled: is_modern,
		gc_enabled: false,
		max_funcs: 12,
		max_globals: 12,
		max_table_elements: 1_000,
		memory_max_size_required: true,
		multi_value_enabled: is_modern,
		reference_types_enabled: is_modern,
		relaxed_simd_enabled: false,
		saturating_float_to_int_enabled: is_modern,
		sign_extension_ops_enabled: true,
		simd_enabled: is_modern,
		tail_call_enabled: is_modern,
		threads_enabled: false,
		..Default::default()
	};
	let mut module = Module::new(config, &mut bytes).ok()?;
	module.ensure_termination(ROUNDS).ok()?;
	Some(module.to_bytes())
}

/// Instantiates the code and calls it, on both pallets.
pub fn does_the_same(code: &[u8]) -> Reached {
	let mut pair = Pair::new();
	let verdict = check::<Test>(code);
	match verdict {
		// Here both refuse what has segments out of bounds.
		Err(fault) if fault != Fault::SegmentOutOfBounds && is_ours_alone(fault) => {
			return Reached::OurLimit
		}
		_ => (),
	}
	let outcome = pair.step(
		"instantiate",
		Step::Instantiate {
			who: ALICE,
			value: 1_000_000,
			deposit: None,
			code: code.to_vec(),
			data: vec![1, 2, 3, 4],
			salt: Vec::new(),
		},
	);
	if verdict.is_err() {
		return Reached::Refused;
	}
	let mut ended_well = u32::from(outcome.result.is_ok());
	if let Some(contract) = outcome.made {
		for data in [vec![], vec![0; 64], (0..200).collect()] {
			let called = pair.call("call", &contract, data);
			ended_well += u32::from(called.result.is_ok());
		}
	}
	Reached::Ran(ended_well)
}

/// Code costs the same whether it has been translated already or not, and with the weight that it is said to need
/// it does the same. Gives back whether it may be uploaded at all.
pub fn costs_what_it_needs(code: &[u8]) -> bool {
	let run = |gas: Weight| {
		with_transaction(|| {
			let made = Contracts::bare_instantiate(
				ALICE,
				0,
				gas,
				None,
				Code::Upload(code.to_vec()),
				vec![],
				vec![],
				DebugInfo::Skip,
				CollectEvents::Skip,
			);
			TransactionOutcome::Rollback(Ok::<_, DispatchError>((
				made.gas_consumed,
				made.gas_required,
				made.result.map(|made| made.result),
			)))
		})
		.unwrap()
	};
	new_test_ext().execute_with(|| {
		cache::clear();
		let first = run(AMPLE);
		assert_eq!(run(AMPLE), first, "translated already");
		let (consumed, required, _) = &first;
		assert!(consumed.all_lte(*required), "{first:?}");
		let is_taken = check::<Test>(code).is_ok();
		if is_taken {
			assert_eq!(run(*required), first, "with what it needs");
		}
		is_taken
	})
}
