//! Random modules: both pallets let the same ones in and do the same with them, and what they cost is a
//! function of what they do.

use std::cell::Cell;

use arbitrary::Unstructured;
use polkadot_sdk::{
	frame_support::storage::{with_transaction, TransactionOutcome},
	sp_weights::Weight,
};
use proptest::{
	collection::vec,
	prelude::any,
	test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use wasm_smith::Module;

use super::{
	oracle::{Pair, Step},
	*,
};
use crate::{
	cache, host,
	validate::{check, Fault},
};

/// Modules that are tried.
const CASES: u32 = 2_000;
/// Bytes that one module is made from, at most.
const BYTES: usize = 4_000;
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
	let functions = host::names()
		.into_iter()
		.filter(|(module, name)| !LEFT_OUT.contains(name) && !host::is_deprecated(module, name));
	let functions = functions.map(|(module, name)| {
		let ty = host::signature(module, name).unwrap();
		let [params, results] = [in_text(ty.params()), in_text(ty.results())];
		format!("(import \"{module}\" \"{name}\" (func (param {params}) (result {results})))")
	});
	// A module gets each of them by the toss of a coin, the memory as well.
	let memory = r#"(import "env" "memory" (memory 2 16))"#;
	let text = functions.collect::<String>();
	wat::parse_str(format!("(module {memory} {text})")).unwrap()
}

/// A module that bytes stand for. Loops end. `None` if there are too few bytes.
fn module(bytes: &[u8]) -> Option<Vec<u8>> {
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

/// Runs `test` with modules that are the same each time.
fn with_modules(test: impl Fn(Vec<u8>)) {
	let config = Config {
		cases: CASES,
		failure_persistence: None,
		..Config::default()
	};
	let mut runner = TestRunner::new_with_rng(
		config,
		TestRng::from_seed(RngAlgorithm::ChaCha, &[0x11; 32]),
	);
	let bytes = vec(any::<u8>(), BYTES / 8..BYTES);
	runner
		.run(&bytes, |bytes| {
			if let Some(module) = module(&bytes) {
				test(module);
			}
			Ok(())
		})
		.unwrap();
}

#[test]
fn random_modules_do_the_same() {
	let [ran, ended_well, refused] = [const { Cell::new(0) }; 3];
	let count = |of: &Cell<u32>| of.set(of.get() + 1);
	with_modules(|code| {
		let mut pair = Pair::new();
		match check::<Test>(&code) {
			// Bounds that only we have.
			Err(
				Fault::TooDense | Fault::TooManyLocals | Fault::TableTooLarge | Fault::TooManyItems,
			) => return,
			Err(_) => count(&refused),
			Ok(()) => count(&ran),
		}
		let outcome = pair.step(
			"instantiate",
			Step::Instantiate {
				who: ALICE,
				value: 1_000_000,
				deposit: None,
				code,
				data: vec![1, 2, 3, 4],
				salt: Vec::new(),
			},
		);
		let Some(contract) = outcome.made else {
			return;
		};
		for data in [vec![], vec![0; 64], (0..200).collect()] {
			if pair.call("call", &contract, data).result.is_ok() {
				count(&ended_well);
			}
		}
	});
	// Otherwise this says little.
	let counts = (ran.get(), ended_well.get(), refused.get());
	assert!(
		counts.0 > 500 && counts.1 > 300 && counts.2 > 100,
		"{counts:?}"
	);
}

#[test]
fn random_modules_cost_the_same_each_time_and_what_they_need_is_enough() {
	let compared = Cell::new(0);
	with_modules(|code| {
		let run = |gas: Weight| {
			with_transaction(|| {
				let made = Contracts::bare_instantiate(
					ALICE,
					0,
					gas,
					None,
					Code::Upload(code.clone()),
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
			if check::<Test>(&code).is_ok() {
				assert_eq!(run(*required), first, "with what it needs");
				compared.set(compared.get() + 1);
			}
		});
	});
	assert!(compared.get() > 500, "{compared:?}");
}
