//! Functions of modules, called from other VMs.

use codec::Encode;
use polkadot_sdk::sp_core::U256;
use trivium_primitives::{
	account::module_account, CallError, ContractRef, EncodingError, Engine, EngineCall, Value,
};

use crate::{mock::*, ModuleOf};
use polkadot_sdk::*;

/// Calls a function of the examples as a top-level cross-VM call of Alice's.
fn call(module: &str, signature: &str, args: Vec<Value>) -> Result<Vec<Value>, CallError> {
	let simulated = call_as(alice(), module, signature, args);
	simulated.result
}

fn call_as(
	who: trivium_primitives::AccountId,
	module: &str,
	signature: &str,
	args: Vec<Value>,
) -> trivium_primitives::Simulation {
	CrossVm::simulate(
		who,
		ContractRef::Module(issuer(), module.as_bytes().to_vec().try_into().unwrap()),
		0,
		signature.as_bytes().to_vec(),
		args,
		Some(limit()),
	)
}

fn limit() -> pallet_cross_vm::CallLimit {
	pallet_cross_vm::CallLimit {
		ref_time: AMPLE.ref_time,
		proof_size: AMPLE.proof_size,
		deposit: AMPLE.deposit,
	}
}

/// Makes such a call as an extrinsic.
fn send(signature: &str, args: Vec<Value>) -> sp_runtime::DispatchResult {
	frame_support::storage::with_storage_layer(|| {
		CrossVm::call(
			RuntimeOrigin::signed(alice()),
			ContractRef::Module(issuer(), b"counter".to_vec().try_into().unwrap()),
			0,
			signature.as_bytes().to_vec().try_into().unwrap(),
			args,
			limit(),
		)
		.map(drop)
		.map_err(|error| error.error)
	})
}

fn uint(number: u64) -> Value {
	Value::Uint(U256::from(number))
}

fn address(account: trivium_primitives::AccountId) -> Value {
	Value::Address(account)
}

#[test]
fn entry_and_public_functions_are_called_by_their_types() {
	test_with_examples(|| {
		send("create()", vec![]).unwrap();
		send("increment_by(u64)", vec![uint(5)]).unwrap();
		let get = call("counter", "get(address)->(u64)", vec![address(alice())]);
		assert_eq!(get, Ok(vec![uint(5)]));
		// The signer is who called.
		let other = call("counter", "get(address)->(u64)", vec![address(bob())]);
		assert_eq!(
			other,
			Err(CallError::Reverted(0x60002u64.to_le_bytes().to_vec()))
		);
	});
}

#[test]
fn functions_with_other_types_or_without_leave_are_not_called() {
	test_with_examples(|| {
		let mismatch = Err(CallError::BadEncoding(EncodingError::TypeMismatch));
		for (signature, args) in [
			("increment_by(u32)", vec![uint(5)]),
			("increment_by(u64,u64)", vec![uint(5), uint(5)]),
			("increment_by()", vec![]),
			("increment_by(i64)", vec![Value::Int(U256::from(5))]),
			("increment_by((u64))", vec![Value::Tuple(vec![uint(5)])]),
			("increment_by(u64)->(u64)", vec![uint(5)]),
			("get(u256)->(u64)", vec![uint(5)]),
			("get(address)", vec![address(alice())]),
			("get(address)->(u128)", vec![address(alice())]),
		] {
			assert_eq!(call("counter", signature, args), mismatch, "{signature}");
		}
		for signature in ["nothing()", "a::b()", "counter::create()"] {
			assert_eq!(
				call("counter", signature, vec![]),
				Err(CallError::NotFound),
				"{signature}"
			);
		}
		// Nor is one that its module keeps to itself.
		assert_eq!(
			call("my_coin", "assert_issuer()", vec![]),
			Err(CallError::NotFound)
		);
		// Generic functions have no such signature.
		let open = call("escrow", "open(address,u64)", vec![address(bob()), uint(1)]);
		assert_eq!(open, Err(CallError::NotFound));
		assert_eq!(call("none", "f()", vec![]), Err(CallError::NotFound));
	});
}

#[test]
fn calls_from_elsewhere_are_read_only_and_without_value_where_they_are_told() {
	test_with_examples(|| {
		let target = module_account(&issuer(), b"counter");
		// A call of `create()`.
		let none = Vec::<Vec<u8>>::new();
		let input = (b"create".to_vec(), [none.clone(), none.clone()], none).encode();
		let engine_call = |read_only, value| EngineCall {
			caller: bob(),
			payer: alice(),
			target: target.clone(),
			value,
			input: input.clone(),
			limit: AMPLE.weight(),
			deposit_limit: DEPOSIT_LIMIT,
			read_only,
		};
		let outcome = <MoveVm as Engine>::call(engine_call(true, 0));
		assert_eq!(outcome.result, Err(CallError::ReadOnly));
		let outcome = <MoveVm as Engine>::call(engine_call(false, 1));
		assert_eq!(outcome.result, Err(CallError::VALUE_REFUSED));
		// Bob acts, Alice pays.
		let outcome = <MoveVm as Engine>::call(engine_call(false, 0));
		assert_eq!(outcome.result, Ok(vec![]));
		assert!(outcome.deposit > 0);
		assert_eq!(
			<Balances as frame_support::traits::fungible::InspectHold<_>>::total_balance_on_hold(
				&alice()
			),
			outcome.deposit
		);
		// With too little proof for the longest entry nothing is read.
		let mut call = engine_call(false, 0);
		let proof = u64::from(crate::types::MAX_ENTRY_BYTES);
		call.limit = frame_support::weights::Weight::from_parts(AMPLE.ref_time, proof);
		let outcome = <MoveVm as Engine>::call(call);
		assert_eq!(outcome.result, Err(CallError::OutOfGas));
		// Whatever it gets, it uses no more than it may.
		for limit in [0u64, 1, 1_000, 200_000, 100_000_000_000] {
			let mut call = engine_call(false, 0);
			call.caller = alice();
			call.limit = frame_support::weights::Weight::from_parts(limit, limit);
			let outcome = <MoveVm as Engine>::call(call.clone());
			assert!(outcome.used.all_lte(call.limit), "{limit}: {outcome:?}");
		}
	});
}

#[test]
fn module_is_found_by_its_account_and_by_its_alias() {
	test_with_examples(|| {
		let contract = module_account(&issuer(), b"counter");
		let name = b"counter".to_vec().try_into().unwrap();
		assert_eq!(ModuleOf::<Test>::get(&contract), Some((issuer(), name)));
		assert!(<MoveVm as Engine>::resolve(&contract));
		assert!(!<MoveVm as Engine>::resolve(&issuer()));
		let alias = trivium_primitives::account::alias(&contract);
		for target in [ContractRef::Account(contract), ContractRef::Address(alias)] {
			let found = CrossVm::simulate(
				alice(),
				target,
				0,
				b"get(address)->(u64)".to_vec(),
				vec![address(bob())],
				Some(limit()),
			);
			assert_eq!(
				found.result,
				Err(CallError::Reverted(0x60002u64.to_le_bytes().to_vec()))
			);
		}
	});
}
