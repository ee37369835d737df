use codec::{Decode, Encode};
use polkadot_sdk::{
	frame_support::{
		storage::{with_transaction, TransactionOutcome},
		traits::fungible::{Inspect, InspectHold},
		weights::Weight,
	},
	pallet_contracts::{self, Code, CollectEvents, DebugInfo, HoldReason},
	sp_core::{H160, H256},
	sp_runtime::DispatchError,
};
use trivium_primitives::{
	AccountId, Balance, CallError, CallFlags, CallOutcome, ContractRef, EncodingError, Engine,
	EngineCall, Signature, TranscodeHost, Value,
};

use crate::{extension::MAX_INPUT_BYTES, mock::*, read_only::RELAY_CODE, CrossVmInput};

/// Instantiates [`CONTRACT`] for [`BOB`].
fn deploy(salt: u8) -> AccountId {
	let code = wat::parse_str(CONTRACT).unwrap();
	let result = Contracts::bare_instantiate(
		BOB,
		0,
		AMPLE,
		None,
		Code::Upload(code),
		Vec::new(),
		vec![salt],
		DebugInfo::Skip,
		CollectEvents::Skip,
	);
	let account = result.result.unwrap().account_id;
	steps();
	account
}

fn code_hash() -> H256 {
	H256(polkadot_sdk::sp_io::hashing::blake2_256(
		&wat::parse_str(CONTRACT).unwrap(),
	))
}

/// Calls a contract as a signer does.
fn direct(target: &AccountId, script: Script) -> Result<(), DispatchError> {
	Contracts::call(
		RuntimeOrigin::signed(ALICE),
		target.clone(),
		0,
		AMPLE,
		None,
		script.encode(),
	)
	.map(drop)
	.map_err(|error| error.error)
}

fn script() -> Script {
	Script::default()
}

fn input() -> CrossVmInput {
	CrossVmInput {
		target: ContractRef::Account(FOREIGN),
		value: 0,
		signature: b"f()".to_vec(),
		args: Vec::new(),
		weight: None,
		deposit: None,
		flags: 0,
	}
}

fn hop() -> Vec<u8> {
	input().encode()
}

fn used(ref_time: u64) -> Weight {
	Weight::from_parts(ref_time, 10)
}

/// A hop that succeeds with these bytes.
fn succeed(output: &[u8]) -> CallOutcome {
	CallOutcome {
		used: used(1_000_000),
		deposit: 0,
		result: Ok(output.to_vec()),
	}
}

/// What an engine call that succeeds returns.
#[track_caller]
fn output(call: EngineCall) -> Vec<u8> {
	engine_call(call).result.unwrap()
}

#[track_caller]
fn error(call: EngineCall) -> CallError {
	engine_call(call).result.unwrap_err()
}

/// The result of a hop that a contract got and handed on.
#[track_caller]
fn hop_result(call: EngineCall) -> Result<Vec<u8>, CallError> {
	Decode::decode(&mut &output(call)[..]).unwrap()
}

fn held(contract: &AccountId) -> Balance {
	Balances::balance_on_hold(&HoldReason::StorageDepositReserve.into(), contract)
}

fn stored(contract: &AccountId) -> Vec<u8> {
	output(call_to(contract, script().loads().returns_result()))
}

mod engine {
	use super::*;

	#[test]
	fn call_returns_what_the_contract_returns() {
		new_test_ext().execute_with(|| {
			let contract = deploy(0);
			let outcome = engine_call(call_to(&contract, script().returns(b"well")));
			assert_eq!(outcome.result, Ok(b"well".to_vec()));
			assert!(outcome.used.all_lte(AMPLE) && outcome.used.all_gt(Weight::zero()));
			assert_eq!(steps(), [Step::Enter(contract), Step::Leave(true)]);
		});
	}

	#[test]
	fn contract_sees_the_caller_of_the_other_vm() {
		new_test_ext().execute_with(|| {
			let contract = deploy(0);
			let call = call_to(&contract, script().asks_caller().returns_result());
			assert_eq!(output(call), FOREIGN.encode());
		});
	}

	#[test]
	fn revert_hands_over_its_data_and_undoes_writes() {
		new_test_ext().execute_with(|| {
			let contract = deploy(0);
			let call = call_to(&contract, script().stores(b"x").reverts(b"no"));
			assert_eq!(error(call), CallError::Reverted(b"no".to_vec()));
			assert_eq!(steps(), [Step::Enter(contract.clone()), Step::Leave(false)]);
			assert_eq!(stored(&contract), b"");
			assert_eq!(held(&contract), held(&deploy(1)));
		});
	}

	#[test]
	fn refusal_of_ink_to_read_its_input_is_an_encoding_error() {
		new_test_ext().execute_with(|| {
			let contract = deploy(0);
			let call = call_to(&contract, script().reverts(&[1, 1]));
			assert_eq!(
				error(call),
				CallError::BadEncoding(EncodingError::RefusedByCallee)
			);
			let call = call_to(&contract, script().reverts(&[0, 1]));
			assert_eq!(error(call), CallError::Reverted(vec![0, 1]));
		});
	}

	#[test]
	fn trap_is_told() {
		new_test_ext().execute_with(|| {
			let contract = deploy(0);
			assert_eq!(
				error(call_to(&contract, script().traps())),
				CallError::TRAPPED
			);
			assert_eq!(steps(), [Step::Enter(contract), Step::Leave(false)]);
		});
	}

	#[test]
	fn spinning_contract_uses_its_limit_and_no_more() {
		new_test_ext().execute_with(|| {
			let contract = deploy(0);
			let limit = Weight::from_parts(5_000_000_000, 1024 * 1024);
			let outcome = engine_call(EngineCall {
				limit,
				..call_to(&contract, script().spins())
			});
			assert_eq!(outcome.result, Err(CallError::OutOfGas));
			assert!(outcome.used.all_lte(limit));
			assert!(
				outcome.used.ref_time() > limit.ref_time() / 100 * 99,
				"{:?}",
				outcome.used
			);
		});
	}

	#[test]
	fn absurd_limits_are_out_of_gas() {
		new_test_ext().execute_with(|| {
			let contract = deploy(0);
			for limit in [
				Weight::zero(),
				Weight::from_parts(u64::MAX, 0),
				Weight::from_parts(0, u64::MAX),
				Weight::from_parts(1, 1),
				Weight::from_parts(100_000_000, 1_000_000),
			] {
				let outcome = engine_call(EngineCall {
					limit,
					..call_to(&contract, script())
				});
				assert_eq!(outcome.result, Err(CallError::OutOfGas), "{limit:?}");
				assert!(outcome.used.all_lte(limit));
			}
			let limit = Weight::MAX;
			let outcome = engine_call(EngineCall {
				limit,
				..call_to(&contract, script())
			});
			assert_eq!(outcome.result, Ok(Vec::new()));
		});
	}

	#[test]
	fn ordinary_account_and_nobody_are_not_found() {
		new_test_ext().execute_with(|| {
			for target in [BOB, AccountId::new([9; 32])] {
				assert!(!Wasm::resolve(&target));
				assert_eq!(error(call_to(&target, script())), CallError::NotFound);
			}
			assert!(Wasm::resolve(&deploy(0)));
			assert_eq!(steps(), []);
		});
	}

	#[test]
	fn value_comes_from_the_caller_and_not_from_the_payer() {
		new_test_ext().execute_with(|| {
			let contract = deploy(0);
			let before = Balances::balance(&contract);
			let call = EngineCall {
				caller: BOB,
				value: 7,
				..call_to(&contract, script())
			};
			let (alice, bob) = (Balances::balance(&ALICE), Balances::balance(&BOB));
			output(call);
			assert_eq!(Balances::balance(&contract), before + 7);
			assert_eq!(Balances::balance(&BOB), bob - 7);
			assert_eq!(Balances::balance(&ALICE), alice);
		});
	}

	#[test]
	fn value_beyond_what_the_caller_can_spend_is_refused() {
		new_test_ext().execute_with(|| {
			let contract = deploy(0);
			// One planck is there, but it is the existential one.
			for value in [1, 2, PLENTY, Balance::MAX] {
				let call = EngineCall {
					value,
					..call_to(&contract, script())
				};
				assert_eq!(error(call), CallError::InsufficientBalance, "{value}");
			}
		});
	}

	#[test]
	fn selector_and_arguments_are_encoded_and_results_decoded() {
		struct Host;
		impl TranscodeHost for Host {
			fn charge(&mut self, _: usize) -> Result<(), CallError> {
				Ok(())
			}
			fn alias(&mut self, account: &AccountId) -> Result<H160, CallError> {
				Ok(trivium_primitives::account::alias(account))
			}
			fn account(&mut self, alias: &H160) -> Result<AccountId, CallError> {
				Ok(trivium_primitives::account::ethereum_account(alias))
			}
		}
		let signature = Signature::parse(b"flip(u32)->(bool)").unwrap();
		let input = Wasm::encode_call(&signature, &[Value::Uint(5.into())], &mut Host).unwrap();
		let selector = &polkadot_sdk::sp_io::hashing::blake2_256(b"flip")[..4];
		assert_eq!(input, [selector, &5u32.encode()].concat());

		let decode = |output: &[u8]| Wasm::decode_return(&signature, output, &mut Host);
		assert_eq!(decode(&[0, 1]), Ok(vec![Value::Bool(true)]));
		for (output, reason) in [
			(&[1u8, 1][..], EncodingError::RefusedByCallee),
			(&[], EncodingError::Truncated),
			(&[0], EncodingError::Truncated),
			(&[2, 1], EncodingError::NonCanonical),
			(&[0, 1, 1], EncodingError::TrailingBytes),
		] {
			assert_eq!(
				decode(output),
				Err(CallError::BadEncoding(reason)),
				"{output:?}"
			);
		}
	}
}

mod deposits {
	use super::*;

	#[test]
	fn storage_is_paid_by_the_payer_and_refunded_to_him() {
		new_test_ext().execute_with(|| {
			let contract = deploy(0);
			let (base, alice) = (held(&contract), Balances::balance(&ALICE));
			let outcome = engine_call(call_to(&contract, script().stores(&[1; 50])));
			let deposit = PER_ITEM + 50 * PER_BYTE;
			assert_eq!(outcome.deposit, deposit);
			assert_eq!(held(&contract), base + deposit);
			assert_eq!(Balances::balance(&ALICE), alice - deposit);
			assert_eq!(Balances::balance(&FOREIGN), 1);

			let outcome = engine_call(call_to(&contract, script().clears()));
			assert_eq!((outcome.result, outcome.deposit), (Ok(Vec::new()), 0));
			assert_eq!(held(&contract), base);
			assert_eq!(Balances::balance(&ALICE), alice);
			assert_eq!(Balances::balance(&FOREIGN), 1);
		});
	}

	#[test]
	fn storage_beyond_the_limit_is_refused() {
		new_test_ext().execute_with(|| {
			let contract = deploy(0);
			let deposit = PER_ITEM + 50 * PER_BYTE;
			let call = call_to(&contract, script().stores(&[1; 50]));
			let tight = EngineCall {
				deposit_limit: deposit - 1,
				..call.clone()
			};
			assert_eq!(error(tight), CallError::InsufficientBalance);
			output(EngineCall {
				deposit_limit: deposit,
				..call
			});
		});
	}

	#[test]
	fn payer_without_means_can_call_what_stores_nothing() {
		new_test_ext().execute_with(|| {
			let contract = deploy(0);
			let poor = EngineCall {
				payer: FOREIGN,
				caller: BOB,
				..call_to(&contract, script())
			};
			output(EngineCall {
				value: 5,
				..poor.clone()
			});
			let input = script().stores(b"x").encode();
			assert_eq!(
				error(EngineCall { input, ..poor }),
				CallError::InsufficientBalance
			);
		});
	}

	#[test]
	fn caller_that_pays_itself_needs_value_and_deposit() {
		new_test_ext().execute_with(|| {
			let contract = deploy(0);
			let call = EngineCall {
				caller: ALICE,
				..call_to(&contract, script().stores(b"x"))
			};
			let outcome = engine_call(EngineCall { value: 3, ..call });
			assert_eq!(outcome.deposit, PER_ITEM + PER_BYTE);
			assert_eq!(Balances::balance(&ALICE), PLENTY - 3 - PER_ITEM - PER_BYTE);
		});
	}

	#[test]
	fn contract_sees_its_own_balance_while_the_payer_is_asked_for_deposits() {
		new_test_ext().execute_with(|| {
			let contract = deploy(0);
			let call = EngineCall {
				caller: BOB,
				value: 41,
				..call_to(&contract, script().asks_balance().returns_result())
			};
			assert_eq!(output(call), Balance::encode(&41));
		});
	}

	#[test]
	fn instantiation_by_a_callee_is_paid_by_the_payer() {
		new_test_ext().execute_with(|| {
			let contract = deploy(0);
			let alice = Balances::balance(&ALICE);
			let call = call_to(
				&contract,
				script().instantiates(code_hash()).returns_result(),
			);
			let outcome = engine_call(call);
			assert_eq!(outcome.result, Ok(0u32.encode()));
			assert!(outcome.deposit > 0);
			assert_eq!(Balances::balance(&ALICE), alice - outcome.deposit);
			assert_eq!(Balances::balance(&FOREIGN), 1);
		});
	}
}

mod read_only_calls {
	use super::*;

	fn read_only(target: &AccountId, script: Script) -> EngineCall {
		EngineCall {
			read_only: true,
			..call_to(target, script)
		}
	}

	#[test]
	fn getter_works_and_sees_its_caller() {
		new_test_ext().execute_with(|| {
			let contract = deploy(0);
			output(call_to(&contract, script().stores(b"kept")));
			steps();
			let call = read_only(&contract, script().loads().returns_result());
			assert_eq!(output(call), b"kept");
			assert_eq!(steps(), [Step::Enter(contract.clone()), Step::Leave(true)]);
			let call = read_only(&contract, script().asks_caller().returns_result());
			assert_eq!(output(call), FOREIGN.encode());
		});
	}

	#[test]
	fn writes_of_every_kind_are_refused() {
		new_test_ext().execute_with(|| {
			let (contract, other) = (deploy(0), deploy(1));
			output(call_to(&contract, script().stores(b"kept")));
			for script in [
				script().stores(b"lost"),
				script().clears(),
				script().emits(b"log"),
				script().terminates(&BOB),
				script().instantiates(code_hash()),
			] {
				assert_eq!(error(read_only(&contract, script)), CallError::ReadOnly);
			}
			// A callee of the callee is read-only too; its failure is the callee's to handle.
			let nested = script().calls(&other, &script().stores(b"lost"));
			output(read_only(&contract, nested));
			assert_eq!(stored(&contract), b"kept");
			assert_eq!(stored(&other), b"");
		});
	}

	#[test]
	fn value_is_refused() {
		new_test_ext().execute_with(|| {
			let contract = deploy(0);
			let call = EngineCall {
				caller: BOB,
				value: 1,
				..read_only(&contract, script())
			};
			assert_eq!(error(call), CallError::ReadOnly);
		});
	}

	#[test]
	fn nothing_at_all_remains() {
		new_test_ext().execute_with(|| {
			let contract = deploy(0);
			let root = || {
				crate::Mirrored::<Test>::kill();
				polkadot_sdk::sp_io::storage::root(polkadot_sdk::sp_runtime::StateVersion::V1)
			};
			let before = root();
			let call = read_only(&contract, script().loads().returns(b"seen"));
			assert_eq!(output(call), b"seen");
			assert_eq!(root(), before);
		});
	}

	#[test]
	fn hop_from_a_read_only_call_is_read_only() {
		new_test_ext().execute_with(|| {
			let contract = deploy(0);
			answer(|hop| {
				assert!(hop.read_only);
				succeed(b"")
			});
			output(read_only(&contract, script().hops(&hop())));
		});
	}

	#[test]
	fn failures_are_as_without_read_only() {
		new_test_ext().execute_with(|| {
			let contract = deploy(0);
			let reverts = read_only(&contract, script().reverts(b"no"));
			assert_eq!(error(reverts), CallError::Reverted(b"no".to_vec()));
			assert_eq!(
				error(read_only(&contract, script().traps())),
				CallError::TRAPPED
			);
			assert_eq!(error(read_only(&BOB, script())), CallError::NotFound);
			let limit = Weight::from_parts(5_000_000_000, 1024 * 1024);
			let spins = EngineCall {
				limit,
				..read_only(&contract, script().spins())
			};
			let outcome = engine_call(spins);
			assert_eq!(outcome.result, Err(CallError::OutOfGas));
			assert!(outcome.used.all_lte(limit));
		});
	}

	#[test]
	fn relay_is_of_no_use_to_others() {
		let relay = r#"(module
			(import "seal0" "call_chain_extension"
				(func (param i32 i32 i32 i32 i32) (result i32)))
			(import "env" "memory" (memory 0 0))
			(func (export "deploy"))
			(func (export "call")
				(drop (call 0 (i32.const 0x0801FFFF)
					(i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)))))"#;
		assert_eq!(wat::parse_str(relay).unwrap(), RELAY_CODE);
		new_test_ext().execute_with(|| {
			let result = Contracts::bare_instantiate(
				BOB,
				0,
				AMPLE,
				None,
				Code::Upload(RELAY_CODE.to_vec()),
				Vec::new(),
				Vec::new(),
				DebugInfo::Skip,
				CollectEvents::Skip,
			);
			let contract = result.result.unwrap().account_id;
			assert_eq!(
				error(call_to(&contract, script())),
				CallError::Engine(0x10E)
			);
			// Called read-only it is a contract like another.
			assert_eq!(
				error(read_only(&contract, script())),
				CallError::Engine(0x10E)
			);
		});
	}
}

mod extension {
	use super::*;

	#[test]
	fn hop_carries_everything_and_brings_the_result_back() {
		new_test_ext().execute_with(|| {
			let contract = deploy(0);
			let caller = contract.clone();
			let given = CrossVmInput {
				target: ContractRef::Address(H160::repeat_byte(7)),
				value: 12,
				signature: b"g(u8)".to_vec(),
				args: vec![3],
				weight: Some(Weight::from_parts(5, 6)),
				deposit: Some(9),
				flags: CallFlags::ALLOW_REENTRY,
			};
			let encoded = given.encode();
			answer(move |hop| {
				assert_eq!(hop.caller, caller);
				assert_eq!(hop.origin, Some(ALICE));
				assert_eq!(hop.target, given.target);
				assert_eq!(hop.value, 12);
				assert_eq!(hop.signature, b"g(u8)");
				assert_eq!(hop.arguments, [3]);
				assert_eq!(hop.callee_limit, Some(Weight::from_parts(5, 6)));
				assert_eq!(hop.deposit_limit, Some(9));
				assert_eq!(hop.flags, CallFlags::ALLOW_REENTRY);
				assert!(!hop.read_only && !hop.delegated);
				assert!(hop.limit.all_gt(Weight::zero()));
				succeed(b"back")
			});
			let call = call_to(&contract, script().hops(&encoded).returns_result());
			assert_eq!(hop_result(call), Ok(b"back".to_vec()));
		});
	}

	#[test]
	fn failure_is_a_value_and_the_contract_goes_on() {
		new_test_ext().execute_with(|| {
			let contract = deploy(0);
			for failure in [
				CallError::Reverted(b"data".to_vec()),
				CallError::NotFound,
				CallError::OutOfGas,
				CallError::VmDisabled(2),
			] {
				let expected = failure.clone();
				answer(move |_| CallOutcome {
					used: used(5),
					deposit: 0,
					result: Err(failure.clone()),
				});
				let call = call_to(&contract, script().hops(&hop()).returns_result());
				assert_eq!(hop_result(call), Err(expected));
			}
		});
	}

	#[test]
	fn what_a_hop_uses_is_charged() {
		new_test_ext().execute_with(|| {
			let contract = deploy(0);
			let total = |ref_time: u64| {
				answer(move |_| CallOutcome {
					used: used(ref_time),
					deposit: 0,
					result: Ok(Vec::new()),
				});
				engine_call(call_to(&contract, script().hops(&hop())))
					.used
					.ref_time()
			};
			let (cheap, dear) = (total(0), total(10_000_000_000));
			// The executor counts in units of fuel.
			assert!(
				dear.abs_diff(cheap + 10_000_000_000) < 100_000,
				"{cheap} {dear}"
			);
		});
	}

	#[test]
	fn hop_that_uses_all_stops_the_contract() {
		new_test_ext().execute_with(|| {
			let contract = deploy(0);
			answer(|hop| CallOutcome {
				used: hop.limit,
				deposit: 0,
				result: Err(CallError::OutOfGas),
			});
			let outcome = engine_call(call_to(&contract, script().hops(&hop()).returns(b"x")));
			assert_eq!(outcome.result, Err(CallError::OutOfGas));
			assert!(outcome.used.all_lte(AMPLE));
		});
	}

	#[test]
	fn dry_run_reports_what_a_hop_needs() {
		new_test_ext().execute_with(|| {
			let contract = deploy(0);
			let ten = Weight::from_parts(10_000_000_000, 100_000);
			answer(move |hop| {
				let given = hop.limit - hop.limit / 64;
				let suffices = ten.all_lte(given);
				CallOutcome {
					used: ten.min(given),
					deposit: 0,
					result: if suffices {
						Ok(Vec::new())
					} else {
						Err(CallError::OutOfGas)
					},
				}
			});
			let input = script().hops(&hop()).returns_result().encode();
			let dry_run = |limit| {
				Contracts::bare_call(
					ALICE,
					contract.clone(),
					0,
					limit,
					None,
					input.clone(),
					DebugInfo::Skip,
					CollectEvents::Skip,
					pallet_contracts::Determinism::Enforced,
				)
			};
			let required = dry_run(AMPLE).gas_required;
			let outcome = dry_run(required).result.unwrap().data;
			assert_eq!(outcome, Ok::<_, CallError>(Vec::<u8>::new()).encode());
		});
	}

	#[test]
	fn malformed_input_is_a_value() {
		new_test_ext().execute_with(|| {
			let contract = deploy(0);
			answer(|_| panic!("nothing of this may reach the dispatch pallet"));
			let whole = hop();
			for len in 0..whole.len() {
				let call = call_to(&contract, script().hops(&whole[..len]).returns_result());
				let result = hop_result(call);
				assert!(
					matches!(result, Err(CallError::BadEncoding(_))),
					"{len}: {result:?}"
				);
			}
			let trailing = [&whole[..], &[0]].concat();
			let unknown_flag = CrossVmInput {
				flags: 4,
				..input()
			}
			.encode();
			let bad_target = [&[9], &whole[1..]].concat();
			let huge_length = [&whole[..49], &[0xFF; 8]].concat();
			for (bytes, reason) in [
				(trailing, EncodingError::TrailingBytes),
				(unknown_flag, EncodingError::OutOfRange),
				(bad_target, EncodingError::NonCanonical),
				(huge_length, EncodingError::NonCanonical),
			] {
				let call = call_to(&contract, script().hops(&bytes).returns_result());
				assert_eq!(hop_result(call), Err(CallError::BadEncoding(reason)));
			}
		});
	}

	#[test]
	fn over_long_input_is_a_value_and_out_of_memory_a_trap() {
		new_test_ext().execute_with(|| {
			let contract = deploy(0);
			let long = script()
				.hops_with_length(MAX_INPUT_BYTES + 1)
				.returns_result();
			let refused = Err(CallError::BadEncoding(EncodingError::OutOfRange));
			assert_eq!(hop_result(call_to(&contract, long)), refused);
			let absurd = script().hops_with_length(u32::MAX).returns_result();
			assert_eq!(hop_result(call_to(&contract, absurd)), refused);
		});
	}

	#[test]
	fn random_input_never_panics() {
		new_test_ext().execute_with(|| {
			let contract = deploy(0);
			answer(|_| succeed(b""));
			let mut seed = 1u64;
			for _ in 0..200 {
				let mut bytes = hop();
				for byte in bytes.iter_mut() {
					seed = seed
						.wrapping_mul(6364136223846793005)
						.wrapping_add(1442695040888963407);
					if seed >> 61 == 0 {
						*byte = (seed >> 40) as u8;
					}
				}
				hop_result(call_to(&contract, script().hops(&bytes).returns_result())).ok();
			}
		});
	}

	#[test]
	fn aliases_are_answered() {
		new_test_ext().execute_with(|| {
			let contract = deploy(0);
			let ask = |function, input: &[u8]| {
				let script = script().asks_extension(function, input).returns_result();
				output(call_to(&contract, script))
			};
			let alias = trivium_primitives::account::alias(&ALICE);
			assert_eq!(ask(1, &ALICE.encode()), alias.as_bytes());
			let address = H160::repeat_byte(3);
			let account = trivium_primitives::account::ethereum_account(&address);
			assert_eq!(ask(2, address.as_bytes()), account.encode());
			assert_eq!(ask(1, &[0; 31]), b"");
			assert_eq!(ask(2, &[0; 32]), b"");
		});
	}

	#[test]
	fn unknown_function_traps() {
		new_test_ext().execute_with(|| {
			let contract = deploy(0);
			let call = call_to(&contract, script().asks_extension(3, &[]));
			assert_eq!(error(call), CallError::Engine(0x10E));
		});
	}

	#[test]
	fn delegate_call_into_the_bridge_is_told_apart() {
		new_test_ext().execute_with(|| {
			let (contract, other) = (deploy(0), deploy(1));
			let delegated = |script: Script| {
				steps();
				answer(|_| succeed(b""));
				output(call_to(&contract, script));
				let hops: Vec<_> = steps()
					.into_iter()
					.filter_map(|step| match step {
						Step::Call(hop) => Some((hop.caller, hop.delegated)),
						_ => None,
					})
					.collect();
				assert_eq!(hops.len(), 1);
				hops[0].clone()
			};
			let hops = script().hops(&hop());
			assert_eq!(delegated(hops.clone()), (contract.clone(), false));
			// By delegate call, from a contract called by another VM, by another and by itself.
			let delegates = script().delegates(code_hash(), &hops);
			assert_eq!(delegated(delegates.clone()), (contract.clone(), true));
			let from_other = script().calls(&other, &delegates);
			assert_eq!(delegated(from_other), (other.clone(), true));
			let from_itself = script().calls(&contract, &delegates);
			assert_eq!(delegated(from_itself), (contract.clone(), true));
			let twice = script().delegates(code_hash(), &delegates);
			assert_eq!(delegated(twice), (contract.clone(), true));
			// By an ordinary call, to itself and to another that was delegate-called before.
			let calls_itself = script().calls(&contract, &hops);
			assert_eq!(delegated(calls_itself), (contract.clone(), false));
			let leaves = script().delegates(code_hash(), &script().calls(&other, &hops));
			assert_eq!(delegated(leaves), (other.clone(), false));
		});
	}

	#[test]
	fn origin_of_a_direct_call_is_known_at_any_depth() {
		new_test_ext().execute_with(|| {
			let (contract, other) = (deploy(0), deploy(1));
			answer(|hop| {
				assert_eq!(hop.origin, Some(ALICE));
				succeed(b"")
			});
			let hops = script().hops(&hop());
			direct(&contract, script().calls(&other, &hops).hops(&hop())).unwrap();
		});
	}
}

mod frames {
	use super::*;

	#[test]
	fn every_frame_is_announced_with_its_end() {
		new_test_ext().execute_with(|| {
			let (a, b) = (deploy(0), deploy(1));
			direct(
				&a,
				script()
					.calls(&b, &script())
					.calls(&b, &script().reverts(b"")),
			)
			.unwrap();
			assert_eq!(
				steps(),
				[
					Step::Enter(a.clone()),
					Step::Enter(b.clone()),
					Step::Leave(true),
					Step::Enter(b),
					Step::Leave(false),
					Step::Leave(true),
				]
			);
			direct(&a, script().traps()).unwrap_err();
			assert_eq!(steps(), [Step::Enter(a), Step::Leave(false)]);
		});
	}

	#[test]
	fn constructor_is_a_frame() {
		new_test_ext().execute_with(|| {
			let a = deploy(0);
			direct(&a, script().instantiates(code_hash())).unwrap();
			let steps = steps();
			assert_eq!(steps.len(), 4);
			assert!(matches!(&steps[1], Step::Enter(made) if *made != a));
			assert_eq!(steps[2..], [Step::Leave(true), Step::Leave(true)]);
		});
	}

	#[test]
	fn frames_beyond_the_limit_are_refused() {
		new_test_ext().execute_with(|| {
			let (a, b) = (deploy(0), deploy(1));
			MaxFrames::set(2);
			let inner = script().stores(b"deep");
			let chain = script().calls(&b, &script().calls(&a, &inner));
			direct(&a, chain).unwrap();
			assert_eq!(stored(&a), b"");
			MaxFrames::set(3);
			direct(&a, script().calls(&b, &script().calls(&a, &inner))).unwrap();
			assert_eq!(stored(&a), b"deep");
		});
	}
}

mod metering {
	use super::*;

	/// What an engine call uses.
	fn used_by(contract: &AccountId, script: Script, limit: Weight) -> u64 {
		engine_call(EngineCall {
			limit,
			..call_to(contract, script)
		})
		.used
		.ref_time()
	}

	#[test]
	fn frame_that_runs_out_of_fuel_is_paid_for() {
		new_test_ext().execute_with(|| {
			let (a, b) = (deploy(0), deploy(1));
			// Several limits: what is left of each when it is counted in units of fuel differs.
			for ref_time in [5_000_000_000, 7_777_777_777, 10_000_000_000, 20_000_000_000] {
				let limit = Weight::from_parts(ref_time, 4 * 1024 * 1024);
				let nearly_all = ref_time / 100 * 99;
				assert!(used_by(&a, script().spins(), limit) > nearly_all);
				// Whoever called it cannot have it back.
				let calls = script().calls(&b, &script().spins());
				assert!(used_by(&a, calls.clone(), limit) > nearly_all);
				assert!(used_by(&a, calls.traps(), limit) > nearly_all);
			}
		});
	}

	#[test]
	fn frame_that_traps_or_reverts_is_paid_for() {
		new_test_ext().execute_with(|| {
			let (a, b) = (deploy(0), deploy(1));
			let used_with = |ends: Script| used_by(&a, script().calls(&b, &ends), AMPLE);
			let busy = || (0..20).fold(script(), |busy, _| busy.stores(&[1; 100]));
			let well = used_with(busy());
			assert!(well > used_with(script()) + 100_000_000);
			for ends in [busy().traps(), busy().reverts(b"")] {
				// But for the looks at its events, which it does not leave.
				assert!(used_with(ends) > well / 10 * 7);
			}
		});
	}
}

mod events {
	use super::*;

	#[test]
	fn events_become_logs_once_and_in_order() {
		new_test_ext().execute_with(|| {
			let (a, b) = (deploy(0), deploy(1));
			let script = script()
				.emits(b"one")
				.calls(&b, &script().emits_topic(&[7; 32]))
				.emits(b"three");
			direct(&a, script.clone()).unwrap();
			let expected = [
				(a.clone(), vec![], b"one".to_vec()),
				(b, vec![H256([7; 32])], vec![7; 32]),
				(a.clone(), vec![], b"three".to_vec()),
			];
			assert_eq!(logs(), expected);
			output(call_to(&a, script));
			assert_eq!(logs(), [expected.clone(), expected].concat());
		});
	}

	#[test]
	fn events_before_a_hop_are_logged_before_it() {
		new_test_ext().execute_with(|| {
			let a = deploy(0);
			answer(|_| {
				assert_eq!(logs().len(), 1);
				succeed(b"")
			});
			direct(&a, script().emits(b"before").hops(&hop()).emits(b"after")).unwrap();
			let data: Vec<_> = logs().into_iter().map(|(_, _, data)| data).collect();
			assert_eq!(data, [b"before".to_vec(), b"after".to_vec()]);
		});
	}

	#[test]
	fn events_that_are_taken_back_are_not_logged() {
		new_test_ext().execute_with(|| {
			let (a, b) = (deploy(0), deploy(1));
			answer(|_| succeed(b""));
			// In a frame that fails, with a hop after the event and without.
			let lost = script().emits(b"lost").hops(&hop()).emits(b"lost").traps();
			direct(&a, script().calls(&b, &lost).emits(b"kept")).unwrap();
			let lost = script().emits(b"lost").reverts(b"");
			direct(&a, script().calls(&b, &lost).emits(b"kept")).unwrap();
			// And when everything fails.
			error(call_to(&a, script().emits(b"lost").hops(&hop()).traps()));
			assert_eq!(logs(), vec![(a, vec![], b"kept".to_vec()); 2]);
		});
	}

	#[test]
	fn mirror_finds_its_place_after_a_roll_back_by_others() {
		new_test_ext().execute_with(|| {
			let a = deploy(0);
			answer(|_| succeed(b""));
			// Another VM calls twice; it takes the first call back, of which more was mirrored
			// than there is of the second.
			let _ = with_transaction(|| {
				let long = script().emits(&[1; 300]).hops(&hop()).emits(&[2; 300]);
				output(call_to(&a, long));
				TransactionOutcome::Rollback(Ok::<_, DispatchError>(()))
			});
			output(call_to(
				&a,
				script().emits(b"x").emits(b"y").hops(&hop()).emits(b"z"),
			));
			let data: Vec<_> = logs().into_iter().map(|(_, _, data)| data).collect();
			assert_eq!(data, [b"x", b"y", b"z"]);
		});
	}

	#[test]
	fn many_and_long_events_are_mirrored() {
		new_test_ext().execute_with(|| {
			let a = deploy(0);
			// Across the places where the length before the list grows, and past one chunk.
			for round in 0..40u8 {
				direct(&a, script().emits(&[round; 200]).emits(&[round; 9_000])).unwrap();
			}
			assert_eq!(logs().len(), 80);
			assert!(logs().iter().enumerate().all(|(position, (_, _, data))| {
				data.iter().all(|byte| usize::from(*byte) == position / 2)
			}));
			assert!(System::event_count() > 64);
		});
	}

	#[test]
	fn position_goes_with_the_transaction() {
		new_test_ext().execute_with(|| {
			let a = deploy(0);
			direct(&a, script().emits(b"x")).unwrap();
			assert!(crate::Mirrored::<Test>::get().is_some());
			Wasm::transaction_end();
			assert!(crate::Mirrored::<Test>::get().is_none());
		});
	}
}

mod nested {
	use super::*;

	/// A hop that calls a contract of this VM, as the dispatch pallet would for `FOREIGN`.
	fn come_back_to(target: AccountId, script: Script) {
		answer(move |hop| {
			let outcome = engine_call(EngineCall {
				limit: hop.limit - hop.limit / 64,
				..call_to(&target, script.clone())
			});
			CallOutcome {
				used: outcome.used,
				deposit: 0,
				result: outcome.result,
			}
		});
	}

	#[test]
	fn contract_is_called_below_a_live_one() {
		new_test_ext().execute_with(|| {
			let (a, b) = (deploy(0), deploy(1));
			come_back_to(b.clone(), script().asks_caller().returns_result());
			let call = call_to(&a, script().hops(&hop()).returns_result());
			assert_eq!(hop_result(call), Ok(FOREIGN.encode()));
			let steps: Vec<_> = steps();
			assert_eq!(steps[0], Step::Enter(a));
			assert_eq!(
				steps[2..],
				[Step::Enter(b), Step::Leave(true), Step::Leave(true)]
			);
		});
	}

	#[test]
	fn both_visits_of_a_contract_write() {
		new_test_ext().execute_with(|| {
			let a = deploy(0);
			output(call_to(&a, script().stores(b"0")));
			come_back_to(a.clone(), script().stores(b"2"));
			let call = script().stores(b"1").hops(&hop()).loads().returns_result();
			assert_eq!(output(call_to(&a, call)), b"2");
			assert_eq!(stored(&a), b"2");
			let base = held(&deploy(1));
			assert_eq!(held(&a), base + PER_ITEM + PER_BYTE);
		});
	}

	#[test]
	fn outer_visit_may_grow_after_the_inner_one() {
		new_test_ext().execute_with(|| {
			let a = deploy(0);
			output(call_to(&a, script().stores(b"0")));
			come_back_to(a.clone(), script().stores(b"2"));
			output(call_to(&a, script().hops(&hop()).stores(b"three")));
			assert_eq!(stored(&a), b"three");
			assert_eq!(held(&a), held(&deploy(1)) + PER_ITEM + 5 * PER_BYTE);
		});
	}

	#[test]
	fn inner_visit_that_changes_what_the_outer_one_holds_is_refused() {
		new_test_ext().execute_with(|| {
			let a = deploy(0);
			output(call_to(&a, script().stores(b"kept")));
			for inner in [
				script().stores(b"longer"),
				script().stores(b"s"),
				script().clears(),
				script().terminates(&BOB),
			] {
				come_back_to(a.clone(), inner);
				let call = call_to(&a, script().hops(&hop()).returns_result());
				assert_eq!(hop_result(call), Err(CallError::CONFLICTING_REENTRY));
			}
			assert_eq!(stored(&a), b"kept");
			assert_eq!(held(&a), held(&deploy(1)) + PER_ITEM + 4 * PER_BYTE);
		});
	}

	#[test]
	fn inner_visit_of_another_contract_may_do_all_that() {
		new_test_ext().execute_with(|| {
			let (a, b) = (deploy(0), deploy(1));
			let base = held(&b);
			come_back_to(b.clone(), script().stores(b"new"));
			output(call_to(&a, script().hops(&hop())));
			assert_eq!(stored(&b), b"new");
			assert_eq!(held(&b), base + PER_ITEM + 3 * PER_BYTE);
		});
	}

	#[test]
	fn instantiation_below_a_live_execution_is_refused() {
		new_test_ext().execute_with(|| {
			let (a, b) = (deploy(0), deploy(1));
			come_back_to(b, script().instantiates(code_hash()).returns_result());
			let call = call_to(&a, script().hops(&hop()).returns_result());
			// The instantiating contract is told that the callee trapped.
			assert_eq!(hop_result(call), Ok(1u32.encode()));
		});
	}

	#[test]
	fn contract_that_was_left_closed_is_not_entered_by_an_inner_call() {
		new_test_ext().execute_with(|| {
			let (a, b) = (deploy(0), deploy(1));
			output(call_to(&a, script().stores(b"0")));
			close_to_reentry(a.clone());
			come_back_to(b, script().calls(&a, &script().stores(b"1")));
			output(call_to(&a, script().hops(&hop())));
			assert_eq!(stored(&a), b"0");
		});
	}

	#[test]
	fn frames_are_counted_over_all_executions() {
		new_test_ext().execute_with(|| {
			let (a, b) = (deploy(0), deploy(1));
			come_back_to(
				b.clone(),
				script()
					.calls(&a, &script().returns(b"in"))
					.returns_result(),
			);
			let call = call_to(&a, script().hops(&hop()).returns_result());
			assert_eq!(hop_result(call.clone()), Ok(b"in".to_vec()));
			MaxFrames::set(2);
			assert_eq!(hop_result(call), Ok(Vec::new()));
		});
	}

	#[test]
	fn inner_deposit_is_the_payers_and_the_inner_limit_holds() {
		new_test_ext().execute_with(|| {
			let (a, b) = (deploy(0), deploy(1));
			let alice = Balances::balance(&ALICE);
			come_back_to(b, script().stores(b"x"));
			let outcome = engine_call(call_to(&a, script().stores(b"x").hops(&hop())));
			// The outer outcome knows of its own deposit; the dispatch pallet adds the inner one.
			assert_eq!(outcome.deposit, PER_ITEM + PER_BYTE);
			assert_eq!(Balances::balance(&ALICE), alice - 2 * (PER_ITEM + PER_BYTE));
			assert_eq!(Balances::balance(&FOREIGN), 1);
		});
	}

	#[test]
	fn read_only_call_below_a_live_execution() {
		new_test_ext().execute_with(|| {
			let a = deploy(0);
			output(call_to(&a, script().stores(b"kept")));
			let target = a.clone();
			answer(move |_| {
				let call = call_to(&target, script().loads().returns_result());
				let outcome = engine_call(EngineCall {
					read_only: true,
					..call
				});
				CallOutcome {
					used: outcome.used,
					deposit: 0,
					result: outcome.result,
				}
			});
			let call = call_to(&a, script().hops(&hop()).returns_result());
			assert_eq!(hop_result(call), Ok(b"kept".to_vec()));
		});
	}

	#[test]
	fn events_of_inner_calls_keep_their_order() {
		new_test_ext().execute_with(|| {
			let (a, b) = (deploy(0), deploy(1));
			come_back_to(b, script().emits(b"2"));
			direct(&a, script().emits(b"1").hops(&hop()).emits(b"3")).unwrap();
			let data: Vec<_> = logs().into_iter().map(|(_, _, data)| data).collect();
			assert_eq!(data, [b"1", b"2", b"3"]);
		});
	}
}

mod code {
	use super::*;

	#[track_caller]
	fn refused(code: &[u8]) {
		let result = Contracts::bare_upload_code(
			ALICE,
			code.to_vec(),
			None,
			pallet_contracts::Determinism::Enforced,
		);
		assert!(result.is_err(), "{code:?}");
	}

	#[test]
	fn malformed_code_is_refused() {
		new_test_ext().execute_with(|| {
			let whole = wat::parse_str(CONTRACT).unwrap();
			for len in 0..=8 {
				refused(&vec![0; len]);
				refused(&vec![0xFF; len]);
			}
			// Every place in the head, and then in steps; each attempt parses what is there.
			for len in (0..64).chain((64..whole.len()).step_by(37)) {
				refused(&whole[..len]);
			}
		});
	}

	#[test]
	fn mutated_code_is_refused_or_runs_safely() {
		new_test_ext().execute_with(|| {
			let whole = wat::parse_str(CONTRACT).unwrap();
			let mut seed = 7u64;
			for salt in 0..60u8 {
				let mut code = whole.clone();
				for _ in 0..3 {
					seed = seed
						.wrapping_mul(6364136223846793005)
						.wrapping_add(1442695040888963407);
					let position = (seed >> 33) as usize % code.len();
					code[position] = (seed >> 20) as u8;
				}
				let made = Contracts::bare_instantiate(
					BOB,
					0,
					AMPLE,
					None,
					Code::Upload(code),
					Vec::new(),
					vec![salt],
					DebugInfo::Skip,
					CollectEvents::Skip,
				);
				if let Ok(made) = made.result {
					let limit = Weight::from_parts(10_000_000_000, 1024 * 1024);
					let call = call_to(&made.account_id, script().stores(b"x").returns(b"y"));
					engine_call(EngineCall { limit, ..call }).result.ok();
				}
			}
		});
	}
}

#[test]
fn error_codes_never_change() {
	use pallet_contracts::Error;
	let of = |error: Error<Test>| crate::errors::call_error::<Test>(error.into());
	for (error, expected) in [
		(Error::OutOfGas, CallError::OutOfGas),
		(Error::ContractNotFound, CallError::NotFound),
		(Error::ContractTrapped, CallError::TRAPPED),
		(Error::StateChangeDenied, CallError::ReadOnly),
		(Error::ReentranceDenied, CallError::ReentrancyDenied),
		(Error::TransferFailed, CallError::InsufficientBalance),
		(
			Error::StorageDepositNotEnoughFunds,
			CallError::InsufficientBalance,
		),
		(
			Error::StorageDepositLimitExhausted,
			CallError::InsufficientBalance,
		),
		(Error::InvalidSchedule, CallError::Engine(0x100)),
		(Error::OutputBufferTooSmall, CallError::Engine(0x102)),
		(Error::MaxCallDepthReached, CallError::Engine(0x103)),
		(Error::OutOfBounds, CallError::Engine(0x107)),
		(Error::NoChainExtension, CallError::Engine(0x10E)),
		(Error::CodeRejected, CallError::Engine(0x114)),
		(Error::OutOfTransientStorage, CallError::Engine(0x11C)),
	] {
		assert_eq!(of(error), expected);
	}
	let other = crate::errors::call_error::<Test>(DispatchError::BadOrigin);
	assert_eq!(other, CallError::Engine(crate::errors::CODE_RUNTIME));
}
