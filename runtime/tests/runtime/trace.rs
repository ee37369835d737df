//! Traces of a block's extrinsics, on the state of its parent.

use hex_literal::hex;
use pallet_evm::{
	api::runtime_decl_for_evm_api::EvmApi,
	fees::gas_price,
	trace::{CallTracer, PrestateTracer, StructLogger, Trace, TraceError, Tracer},
};
use polkadot_sdk::{
	frame_support::traits::fungible::Mutate,
	pallet_utility,
	sp_core::H160,
	sp_keyring::Sr25519Keyring::{self, Alice, Bob},
	sp_runtime::{traits::Header as _, transaction_validity::InvalidTransaction},
};
use serde_json::{json, Value};
use trivium_primitives::account::{alias, ethereum_account};
use trivium_runtime::{
	constants::currency::UNIT, genesis_config_presets::ENDOWMENT, Balances, Block, Header, Runtime,
	RuntimeCall, System, UncheckedExtrinsic,
};

use crate::common::{
	account, balance, ethereum, preset, signed, ETHEREUM_SENDER, ETHEREUM_TRANSFER,
};

/// Deploys a program that counts how often it is called: it loads slot 0, adds 1 and stores it.
const COUNTER: [u8; 17] = hex!("60088060095f395ff3" "5f546001015f5500");

const CALLS: Tracer = Tracer::Call(CallTracer {
	only_top_call: false,
	with_log: true,
});

/// The block after genesis, on which the state is.
fn block(extrinsics: Vec<UncheckedExtrinsic>) -> Block {
	let header = Header::new(
		1,
		Default::default(),
		Default::default(),
		System::block_hash(0),
		Default::default(),
	);
	Block { header, extrinsics }
}

fn trace(
	extrinsics: &[UncheckedExtrinsic],
	index: u32,
	tracer: Tracer,
) -> Result<Trace, TraceError> {
	preset("development")
		.execute_with(|| Runtime::trace_transaction(block(extrinsics.to_vec()), index, tracer))
}

fn json_of(trace: Result<Trace, TraceError>) -> Value {
	serde_json::to_value(trace.expect("there is a trace")).expect("a trace is JSON")
}

fn hex_of(address: H160) -> String {
	format!("{address:?}")
}

fn key(key: Sr25519Keyring) -> String {
	hex_of(alias(&account(key)))
}

fn create(code: &[u8]) -> RuntimeCall {
	RuntimeCall::Evm(pallet_evm::Call::create {
		code: code.to_vec(),
		value: 0,
		gas_limit: 1_000_000,
	})
}

fn call(target: H160) -> RuntimeCall {
	RuntimeCall::Evm(pallet_evm::Call::call {
		target,
		input: Vec::new(),
		value: 0,
		gas_limit: 1_000_000,
	})
}

/// Where Alice's first contract will be.
fn first_contract() -> H160 {
	let creator = pallet_evm::revm::primitives::Address::new(alias(&account(Alice)).0);
	H160(creator.create(0).into_array())
}

/// A contract is deployed, and called twice.
fn counting() -> Vec<UncheckedExtrinsic> {
	preset("development").execute_with(|| {
		let twice = pallet_utility::Call::batch {
			calls: vec![call(first_contract()), call(first_contract())],
		};
		vec![
			signed(Alice, create(&COUNTER)),
			signed(Bob, RuntimeCall::Utility(twice)),
		]
	})
}

#[test]
fn extrinsic_is_traced_on_what_those_before_it_left() {
	let counter = hex_of(first_contract());
	let deployed = json_of(trace(&counting(), 0, CALLS));
	assert_eq!(deployed["type"], "CREATE");
	assert_eq!(deployed["from"], key(Alice));
	assert_eq!(deployed["to"], counter);

	// A batch is several executions.
	let called = json_of(trace(&counting(), 1, CALLS));
	let executions = called.as_array().expect("is a list");
	assert_eq!(executions.len(), 2);
	for execution in executions {
		assert_eq!(execution["type"], "CALL");
		assert_eq!(execution["from"], key(Bob));
		assert_eq!(execution["to"], counter);
		assert_eq!(execution.get("error"), None);
	}

	let tracer = Tracer::Prestate(PrestateTracer {
		diff_mode: true,
		..Default::default()
	});
	let diff = json_of(trace(&counting(), 1, tracer));
	let slot = format!("0x{:064x}", 0);
	assert_eq!(
		diff["post"][&counter],
		json!({ "storage": { &slot: format!("0x{:064x}", 2) } })
	);
	// Bob has paid the fee of the extrinsic.
	let before = format!("{ENDOWMENT:#x}");
	assert_eq!(diff["pre"][key(Bob)]["balance"], before);
	assert_ne!(diff["post"][key(Bob)]["balance"], before);
}

#[test]
fn steps_of_both_executions_follow_each_other() {
	let steps = json_of(trace(
		&counting(),
		1,
		Tracer::StructLog(StructLogger::default()),
	));
	let loaded: Vec<_> = steps["structLogs"]
		.as_array()
		.expect("has steps")
		.iter()
		.filter(|step| step["op"] == "SLOAD")
		.map(|step| step["storage"].clone())
		.collect();
	let slot = |value: u8| json!({ format!("0x{:064x}", 0): format!("0x{value:064x}") });
	assert_eq!(loaded, [slot(0), slot(1)]);
}

#[test]
fn block_is_traced_as_a_whole() {
	let mut extrinsics = counting();
	preset("development").execute_with(|| {
		let nothing = pallet_utility::Call::batch { calls: vec![] };
		extrinsics.insert(
			1,
			signed(Sr25519Keyring::Charlie, RuntimeCall::Utility(nothing)),
		);
		let traces = Runtime::trace_block(block(extrinsics), CALLS).expect("is traced");
		let traced: Vec<u32> = traces.iter().map(|(index, _)| *index).collect();
		assert_eq!(traced, [0, 2]);
	});
}

#[test]
fn ethereum_transaction_is_traced_with_its_fee() {
	preset("development").execute_with(|| {
		let from = ETHEREUM_SENDER;
		let to = H160([0x77; 20]);
		Balances::mint_into(&ethereum_account(&from), UNIT).expect("mints");
		let transfer = || block(vec![ethereum(ETHEREUM_TRANSFER)]);
		let fee = 21_000 * gas_price::<Runtime>();

		let tracer = Tracer::Prestate(PrestateTracer {
			diff_mode: true,
			..Default::default()
		});
		let diff = json_of(Runtime::trace_transaction(transfer(), 0, tracer));
		assert_eq!(
			diff["post"][hex_of(from)],
			json!({ "balance": format!("{:#x}", UNIT - 12_345 - fee), "nonce": 1 })
		);
		assert_eq!(diff["post"][hex_of(to)], json!({ "balance": "0x3039" }));
		assert_eq!(balance(&ethereum_account(&to)), 0);
	});
}

#[test]
fn what_is_no_block_or_no_extrinsic_of_it_is_an_error() {
	let extrinsics = counting();
	let traced = |index| trace(&extrinsics, index, CALLS);
	assert_eq!(traced(2), Err(TraceError::IndexOutOfRange));
	let replayed = [extrinsics[0].clone(), extrinsics[0].clone()];
	let invalid = TraceError::Invalid {
		index: 1,
		error: InvalidTransaction::Stale.into(),
	};
	assert_eq!(trace(&replayed, 1, CALLS), Err(invalid));
	preset("development").execute_with(|| {
		let mut later = block(extrinsics.clone());
		later.header.number = 2;
		let traced = Runtime::trace_transaction(later.clone(), 0, CALLS);
		assert_eq!(traced, Err(TraceError::NotTheParent));
		assert_eq!(
			Runtime::trace_block(later, CALLS),
			Err(TraceError::NotTheParent)
		);

		let nothing = pallet_utility::Call::batch { calls: vec![] };
		let idle = vec![signed(Alice, RuntimeCall::Utility(nothing))];
		let traced = Runtime::trace_transaction(block(idle), 0, CALLS);
		assert_eq!(traced, Err(TraceError::NoExecution));
	});
}

#[test]
fn call_is_traced_on_any_state() {
	preset("development").execute_with(|| {
		let from = account(Alice);
		let code = COUNTER.to_vec();
		let trace = json_of(Runtime::trace_call(from, None, code, 0, None, CALLS));
		assert_eq!(trace["type"], "CREATE");
		assert_eq!(trace["to"], hex_of(first_contract()));
	});
}
