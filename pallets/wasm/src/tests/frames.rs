//! Frames in the dispatch pallet's stack, calls from other VMs and to them.

use codec::{Decode, Encode};
use polkadot_sdk::{
	frame_support::{
		assert_noop, assert_ok, dispatch::GetDispatchInfo, traits::fungible::Inspect,
		weights::Weight,
	},
	sp_core::H160,
	sp_runtime::DispatchError,
};
use trivium_primitives::{
	CallError, CallOutcome, ContractRef, EncodingError, Engine, EngineCall, EngineOutcome,
	Signature, TranscodeHost,
};

use super::{
	script::{contract, CallWith, Script, ALLOW_REENTRY},
	*,
};
use crate::{ContractInfoOf, CrossVmInput, Error, Event};

fn make(salt: u8) -> AccountId {
	let made = instantiate_with(Code::Upload(contract(true)), 0, Vec::new(), &[salt]);
	steps();
	made.result.unwrap().account_id
}

/// An engine call from [`FOREIGN`], paid by [`ALICE`].
fn call_to(target: &AccountId, script: Script) -> EngineCall {
	EngineCall {
		caller: FOREIGN,
		payer: ALICE,
		target: target.clone(),
		value: 0,
		input: script.encode(),
		limit: AMPLE,
		deposit_limit: DEPOSIT_LIMIT,
		read_only: false,
	}
}

pub(super) fn hop_input() -> Vec<u8> {
	CrossVmInput {
		target: ContractRef::Account(FOREIGN),
		value: 0,
		signature: b"f()".to_vec(),
		args: b"args".to_vec(),
		weight: None,
		deposit: None,
		flags: 0,
	}
	.encode()
}

fn well(data: &[u8]) -> impl Fn(&Hop) -> CallOutcome {
	let data = data.to_vec();
	move |_| CallOutcome {
		used: Weight::from_parts(1_000_000, 1_000),
		deposit: 0,
		result: Ok(data.clone()),
	}
}

#[test]
fn every_frame_is_announced_with_its_end() {
	new_test_ext().execute_with(|| {
		let (one, two) = (make(1), make(2));
		let failing = Script::default().traps();
		let script = Script::default()
			.calls(&two, &failing, CallWith::default())
			.calls(&two, &Script::default(), CallWith::default())
			.delegates(hash_of(&contract(true)), &Script::default().reverts(&[]));
		call(&one, script.encode());
		assert_eq!(
			steps(),
			[
				Step::Enter(one.clone()),
				Step::Enter(two.clone()),
				Step::Leave(false),
				Step::Enter(two),
				Step::Leave(true),
				Step::Enter(one),
				Step::Leave(false),
				Step::Leave(true),
			]
		);
	});
}

#[test]
fn logs_of_what_is_rolled_back_are_gone_and_others_are_in_order() {
	new_test_ext().execute_with(|| {
		let (one, two) = (make(1), make(2));
		let script = Script::default()
			.emits(b"1")
			.calls(&two, &Script::default().emits(b"2"), CallWith::default())
			.calls(
				&two,
				&Script::default().emits(b"no").reverts(&[]),
				CallWith::default(),
			)
			.emits_topic(&[3; 32]);
		call(&one, script.encode());
		assert_eq!(
			logs(),
			[
				(one.clone(), vec![], b"1".to_vec()),
				(two, vec![], b"2".to_vec()),
				(one.clone(), vec![H256([3; 32])], vec![3; 32]),
			]
		);
		let gone = Script::default().emits(b"no").traps();
		assert!(call_as(ALICE, &one, gone.encode()).result.is_err());
		assert_eq!(logs().len(), 3);
	});
}

#[test]
fn contract_that_the_dispatch_keeps_closed_is_not_entered() {
	new_test_ext().execute_with(|| {
		let (one, two) = (make(1), make(2));
		close_to_reentry(Some(two.clone()));
		let script = Script::default().calls(&two, &Script::default(), CallWith::default());
		assert_eq!(
			call(&one, script.returns_result().encode()),
			1u32.to_le_bytes()
		);
		let direct = call_as(ALICE, &two, Vec::new()).result;
		assert_eq!(direct, Err(Error::<Test>::ReentranceDenied.into()));
		close_to_reentry(None);
		assert_ok!(call_as(ALICE, &two, Vec::new()).result);
	});
}

#[test]
fn hop_hands_over_what_the_frame_has_and_brings_back_the_answer() {
	new_test_ext().execute_with(|| {
		let one = make(1);
		let caller = one.clone();
		answer(move |hop| {
			assert_eq!(
				(&hop.caller, hop.read_only, hop.delegated),
				(&caller, false, false)
			);
			assert_eq!(hop.arguments, b"args");
			assert!(hop
				.deposit_limit
				.is_some_and(|limit| limit <= DEPOSIT_LIMIT));
			well(b"back")(hop)
		});
		let script = Script::default().hops(&hop_input()).returns_result();
		let data = call(&one, script.encode());
		let back = Result::<Vec<u8>, CallError>::decode(&mut &data[..]).unwrap();
		assert_eq!(back, Ok(b"back".to_vec()));
	});
}

#[test]
fn what_hops_take_counts_against_the_limit_of_the_frame() {
	new_test_ext().execute_with(|| {
		let one = make(1);
		let price = PER_ITEM + 10 * PER_BYTE;
		let with_limit = |limit: Balance, taken: Balance| {
			answer(move |hop| {
				assert_eq!(hop.deposit_limit, Some(limit));
				CallOutcome {
					used: Weight::zero(),
					deposit: taken,
					result: Ok(Vec::new()),
				}
			});
			let script = Script::default().hops(&hop_input()).stores(1, &[1; 10]);
			engine_call(EngineCall {
				deposit_limit: limit,
				..call_to(&one, script)
			})
		};
		let exhausted = with_limit(price + 5, 6);
		assert_eq!(exhausted.result, Err(CallError::InsufficientBalance));
		// The engine reports what it took itself.
		assert_eq!(with_limit(price + 5, 5).deposit, price);
	});
}

#[test]
fn hop_is_charged_by_what_it_used() {
	new_test_ext().execute_with(|| {
		let one = make(1);
		let used = |used: Weight| {
			answer(move |_| CallOutcome {
				used,
				deposit: 0,
				result: Ok(Vec::new()),
			});
			call_as(ALICE, &one, Script::default().hops(&hop_input()).encode())
		};
		let (none, some) = (
			used(Weight::zero()),
			used(Weight::from_parts(6_300_000, 630)),
		);
		assert_eq!(
			some.gas_consumed - none.gas_consumed,
			Weight::from_parts(6_300_000, 630)
		);
		assert!(some.gas_required.all_gte(some.gas_consumed));
		// All of it, as by a callee that ran out.
		let all = used(AMPLE);
		assert_eq!(all.result, Err(Error::<Test>::OutOfGas.into()));
		assert_eq!(all.gas_consumed.proof_size(), AMPLE.proof_size());
	});
}

#[test]
fn what_a_contract_owes_is_settled_before_it_leaves() {
	new_test_ext().execute_with(|| {
		let one = make(1);
		let target = one.clone();
		// Whoever is called sees the record as it is, and has only what is left of the limit.
		answer(move |hop| {
			let info = ContractInfoOf::<Test>::get(&target).unwrap();
			let left = hop.deposit_limit.unwrap();
			CallOutcome {
				used: Weight::zero(),
				deposit: 0,
				result: Ok((info.storage_items, info.storage_bytes, left).encode()),
			}
		});
		let seen = |script: Script| {
			let data = call(&one, script.hops(&hop_input()).returns_result().encode());
			let answered = Result::<Vec<u8>, CallError>::decode(&mut &data[..]).unwrap();
			<(u32, u32, Balance)>::decode(&mut &answered.unwrap()[..]).unwrap()
		};
		let (items, bytes, all) = seen(Script::default());
		assert_eq!((items, bytes), (0, 0));
		let stored = seen(Script::default().stores(1, &[1; 11]));
		assert_eq!(stored, (1, 11, all - PER_ITEM - 11 * PER_BYTE));
	});
}

#[test]
fn contract_below_a_hop_sees_what_was_stored_before_it_and_stores_itself() {
	new_test_ext().execute_with(|| {
		let one = make(1);
		let target = one.clone();
		answer(move |_| {
			let script = Script::default()
				.loads(1)
				.clears(1)
				.stores(2, &[2; 22])
				.returns_result();
			let EngineOutcome { used, result, .. } = engine_call(call_to(&target, script));
			CallOutcome {
				used,
				deposit: 0,
				result,
			}
		});
		let script = Script::default()
			.stores(1, &[1; 11])
			.hops(&hop_input())
			.stores(3, &[3; 33])
			.returns_result();
		let data = call(&one, script.encode());
		let back = Result::<Vec<u8>, CallError>::decode(&mut &data[..]).unwrap();
		assert_eq!(back, Ok(vec![1; 11]));
		let info = ContractInfoOf::<Test>::get(&one).unwrap();
		assert_eq!((info.storage_items, info.storage_bytes), (2, 55));
	});
}

#[test]
fn contract_below_a_hop_cannot_remove_what_runs_above_it() {
	new_test_ext().execute_with(|| {
		let one = make(1);
		let target = one.clone();
		answer(move |_| {
			let script = Script::default().terminates(&BOB);
			let outcome = engine_call(call_to(&target, script));
			assert_eq!(outcome.result, Err(CallError::Engine(0x10A)));
			CallOutcome {
				used: outcome.used,
				deposit: 0,
				result: Ok(Vec::new()),
			}
		});
		call(
			&one,
			Script::default()
				.hops(&hop_input())
				.stores(1, &[1])
				.encode(),
		);
		assert!(ContractInfoOf::<Test>::contains_key(&one));
	});
}

#[test]
fn frames_of_all_executions_count_against_one_limit() {
	new_test_ext().execute_with(|| {
		let one = make(1);
		let target = one.clone();
		answer(move |_| {
			let nested = |depth| {
				(0..depth).fold(Script::default().returns(b"ok"), |script, _| {
					Script::default()
						.calls(&target, &script, CallWith::default())
						.returns_result()
				})
			};
			// One above, so five are left.
			let fits = engine_call(call_to(&target, nested(4))).result.unwrap();
			assert!(fits.ends_with(b"ok"));
			let deep = engine_call(call_to(&target, nested(5)));
			assert!(!deep.result.unwrap_or_default().ends_with(b"ok"));
			CallOutcome {
				used: deep.used,
				deposit: 0,
				result: Ok(Vec::new()),
			}
		});
		call(&one, Script::default().hops(&hop_input()).encode());
	});
}

#[test]
fn delegated_and_read_only_frames_say_so_at_the_bridge() {
	new_test_ext().execute_with(|| {
		let (one, two) = (make(1), make(2));
		answer(|hop| {
			assert_eq!((hop.read_only, hop.delegated), (false, true));
			well(&[])(hop)
		});
		let hops = Script::default().hops(&hop_input());
		call(
			&one,
			Script::default()
				.delegates(hash_of(&contract(true)), &hops)
				.encode(),
		);
		answer(|hop| {
			assert_eq!((hop.read_only, hop.delegated), (true, false));
			well(&[])(hop)
		});
		let read_only = CallWith {
			flags: 16 | ALLOW_REENTRY,
			..Default::default()
		};
		call(
			&one,
			Script::default().calls(&two, &hops, read_only).encode(),
		);
	});
}

#[test]
fn input_of_the_bridge_that_is_wrong_comes_back_as_an_error() {
	new_test_ext().execute_with(|| {
		let one = make(1);
		let good = hop_input();
		let unknown_flags = CrossVmInput {
			flags: 128,
			..CrossVmInput::read(&good).unwrap()
		};
		for (input, error) in [
			(vec![], EncodingError::Truncated),
			(good[..20].to_vec(), EncodingError::NonCanonical),
			([&good[..], &[0]].concat(), EncodingError::TrailingBytes),
			(unknown_flags.encode(), EncodingError::OutOfRange),
		] {
			let data = call(
				&one,
				Script::default().hops(&input).returns_result().encode(),
			);
			let back = Result::<Vec<u8>, CallError>::decode(&mut &data[..]).unwrap();
			assert_eq!(back, Err(CallError::BadEncoding(error)), "{input:?}");
		}
	});
}

#[test]
fn call_from_another_vm_moves_value_and_charges_the_payer() {
	new_test_ext().execute_with(|| {
		let one = make(1);
		assert_ok!(
			<Balances as polkadot_sdk::frame_support::traits::fungible::Mutate<_>>::mint_into(
				&FOREIGN, 1_000
			)
		);
		let (alice, foreign) = (Balances::balance(&ALICE), Balances::balance(&FOREIGN));
		let script = Script::default()
			.stores(1, &[1; 10])
			.asks_caller()
			.returns_result();
		let outcome = engine_call(EngineCall {
			value: 400,
			..call_to(&one, script)
		});
		assert_eq!(outcome.result, Ok(FOREIGN.encode()));
		let price = PER_ITEM + 10 * PER_BYTE;
		assert_eq!(outcome.deposit, price);
		assert_eq!(Balances::balance(&ALICE), alice - price);
		assert_eq!(Balances::balance(&FOREIGN), foreign - 400);
	});
}

#[test]
fn caller_that_lives_by_more_than_its_balance_can_send_all_of_it() {
	new_test_ext().execute_with(|| {
		let one = make(1);
		let before = Balances::balance(&FOREIGN);
		let all = || EngineCall {
			value: before,
			..call_to(&one, Script::default())
		};
		assert_eq!(
			engine_call(all()).result,
			Err(CallError::InsufficientBalance)
		);
		// As a contract of the EVM does.
		System::inc_providers(&FOREIGN);
		assert_ok!(engine_call(all()).result);
		assert_eq!(Balances::balance(&FOREIGN), 0);
	});
}

#[test]
fn contract_that_removes_itself_has_answered_where_no_result_is_expected() {
	let parse = |text: &[u8]| Signature::parse(text).unwrap();
	let decode = |signature: &Signature, output: &[u8]| {
		<Contracts as Engine>::decode_return(signature, output, &mut NoTranscoding)
	};
	assert_eq!(decode(&parse(b"f()"), &[]), Ok(Vec::new()));
	assert_eq!(
		decode(&parse(b"f()->(u8)"), &[]),
		Err(CallError::BadEncoding(EncodingError::Truncated))
	);
	new_test_ext().execute_with(|| {
		let one = make(1);
		let outcome = engine_call(call_to(&one, Script::default().terminates(&BOB)));
		assert_eq!(outcome.result, Ok(Vec::new()));
		assert!(!ContractInfoOf::<Test>::contains_key(&one));
	});
	// One that may refuse has to say that it did not: silence is not `Ok`.
	let truncated = CallError::BadEncoding(EncodingError::Truncated);
	for fallible in [&b"f()->(result<(),u8>)"[..], b"f()->(result<(),()>)"] {
		assert_eq!(decode(&parse(fallible), &[]), Err(truncated.clone()));
		assert_eq!(decode(&parse(fallible), &[0, 0]), Ok(vec![]));
	}
}

/// For answers without values.
struct NoTranscoding;
impl TranscodeHost for NoTranscoding {
	fn charge(&mut self, _: usize) -> Result<(), CallError> {
		Ok(())
	}
	fn alias(&mut self, _: &AccountId) -> Result<H160, CallError> {
		Err(CallError::NotFound)
	}
	fn account(&mut self, _: &H160) -> Result<AccountId, CallError> {
		Err(CallError::NotFound)
	}
}

#[test]
fn deposit_limit_of_another_vm_is_kept() {
	new_test_ext().execute_with(|| {
		let one = make(1);
		let script = Script::default().stores(1, &[1; 10]);
		let outcome = engine_call(EngineCall {
			deposit_limit: 0,
			..call_to(&one, script.clone())
		});
		assert_eq!(outcome.result, Err(CallError::InsufficientBalance));
		let price = PER_ITEM + 10 * PER_BYTE;
		let outcome = engine_call(EngineCall {
			deposit_limit: price,
			..call_to(&one, script)
		});
		assert_eq!(outcome.deposit, price);
	});
}

#[test]
fn read_only_call_from_another_vm_reads_and_does_not_write() {
	new_test_ext().execute_with(|| {
		let (one, two) = (make(1), make(2));
		call(&one, Script::default().stores(1, b"kept").encode());
		let ask = |script: Script| {
			engine_call(EngineCall {
				read_only: true,
				..call_to(&one, script)
			})
			.result
		};
		assert_eq!(
			ask(Script::default().loads(1).returns_result()),
			Ok(b"kept".to_vec())
		);
		let read_only = Err(CallError::ReadOnly);
		assert_eq!(ask(Script::default().stores(1, b"x")), read_only);
		assert_eq!(ask(Script::default().clears(1)), read_only);
		assert_eq!(ask(Script::default().emits(b"x")), read_only);
		assert_eq!(ask(Script::default().terminates(&BOB)), read_only);
		assert_eq!(ask(Script::default().transfers(&BOB, 0)), read_only);
		assert_eq!(ask(Script::default().stores_transient(1, b"x")), read_only);
		assert_eq!(ask(Script::default().sets_code(H256::zero())), read_only);
		// Below it too, caught by the frame in between.
		let nested = Script::default().calls(
			&two,
			&Script::default().stores(1, b"x"),
			CallWith::default(),
		);
		assert_eq!(
			ask(nested.returns_result()),
			Ok(1u32.to_le_bytes().to_vec())
		);
		let value = EngineCall {
			read_only: true,
			value: 1,
			..call_to(&one, Script::default())
		};
		assert_eq!(engine_call(value).result, read_only);
	});
}

#[test]
fn errors_have_their_codes_across_vms() {
	new_test_ext().execute_with(|| {
		let one = make(1);
		let error = |call: EngineCall| engine_call(call).result.unwrap_err();
		assert_eq!(error(call_to(&BOB, Script::default())), CallError::NotFound);
		assert_eq!(
			error(call_to(&one, Script::default().traps())),
			CallError::TRAPPED
		);
		assert_eq!(
			error(call_to(&one, Script::default().reverts(b"why"))),
			CallError::Reverted(b"why".to_vec())
		);
		assert_eq!(
			error(call_to(&one, Script::default().reverts(&[1, 1]))),
			CallError::BadEncoding(EncodingError::RefusedByCallee)
		);
		let spins = call_to(&one, Script::default().spins());
		assert_eq!(error(spins.clone()), CallError::OutOfGas);
		let limit = Weight::from_parts(1, 1);
		assert_eq!(
			error(EngineCall {
				limit,
				..spins.clone()
			}),
			CallError::OutOfGas
		);
		let outcome = engine_call(spins);
		// But for what does not make up a whole loop.
		assert!(outcome.used.ref_time() > AMPLE.ref_time() - 1_000_000);
		assert!(outcome.used.all_lte(AMPLE));
		let value = EngineCall {
			value: PLENTY,
			..call_to(&one, Script::default())
		};
		assert_eq!(error(value), CallError::InsufficientBalance);
	});
}

#[test]
fn callee_that_is_given_little_cannot_end_its_caller() {
	new_test_ext().execute_with(|| {
		let (one, two) = (make(1), make(2));
		for gas in [
			Weight::from_parts(1, 1),
			Weight::from_parts(2_000_000_000, 0),
		] {
			let with = CallWith {
				gas,
				..Default::default()
			};
			let script = Script::default().calls(&two, &Script::default().spins(), with);
			let output = call(&one, script.returns_result().encode());
			assert_eq!(output, 1u32.to_le_bytes(), "{gas:?}");
		}
	});
}

#[test]
fn constructor_cannot_be_called_and_is_no_contract_yet() {
	new_test_ext().execute_with(|| {
		let code = hash_of(&contract(true));
		let one = make(1);
		let inner = Script::default().calls(&one, &Script::default(), CallWith::default());
		// The new contract's own account.
		let script = inner.returns_result();
		let address = Contracts::contract_address(&ALICE, &code, &script.encode(), &[7]);
		assert!(!<Contracts as Engine>::resolve(&address));
		answer(move |_| {
			assert!(!<Contracts as Engine>::resolve(&address));
			let outcome = engine_call(call_to(&address, Script::default()));
			assert_eq!(outcome.result, Err(CallError::NotFound));
			CallOutcome {
				used: outcome.used,
				deposit: 0,
				result: Ok(Vec::new()),
			}
		});
		let script = Script::default().hops(&hop_input());
		let address = Contracts::contract_address(&ALICE, &code, &script.encode(), &[7]);
		let expected = address.clone();
		answer(move |hop| {
			assert_eq!(hop.caller, expected);
			let outcome = engine_call(call_to(&expected, Script::default()));
			assert_eq!(outcome.result, Err(CallError::NotFound));
			CallOutcome {
				used: outcome.used,
				deposit: 0,
				result: Ok(Vec::new()),
			}
		});
		let made = instantiate_with(Code::Existing(code), 0, script.encode(), &[7]);
		assert_eq!(made.result.unwrap().account_id, address);
		assert!(<Contracts as Engine>::resolve(&address));
	});
}

#[test]
fn transient_storage_holds_across_a_hop_and_is_rolled_back_with_it() {
	new_test_ext().execute_with(|| {
		let one = make(1);
		let below = |fails: bool| {
			let target = one.clone();
			answer(move |_| {
				let script = Script::default()
					.loads_transient(1)
					.stores_transient(1, b"below");
				let script = if fails {
					script.traps()
				} else {
					script.returns_result()
				};
				let EngineOutcome { used, result, .. } = engine_call(call_to(&target, script));
				if !fails {
					assert_eq!(result, Ok(b"above".to_vec()));
				}
				CallOutcome {
					used,
					deposit: 0,
					result,
				}
			});
			let script = Script::default()
				.stores_transient(1, b"above")
				.hops(&hop_input())
				.loads_transient(1)
				.returns_result();
			call(&one, script.encode())
		};
		assert_eq!(below(false), b"below");
		assert_eq!(below(true), b"above");
		assert_eq!(
			call(
				&one,
				Script::default()
					.loads_transient(1)
					.returns_result()
					.encode()
			),
			b""
		);
	});
}

#[test]
fn transient_storage_is_bounded() {
	new_test_ext().execute_with(|| {
		MaxTransient::set(15_000);
		let one = make(1);
		let fill = |count: u8| {
			(0..count).fold(Script::default(), |script, key| {
				script.stores_transient(key, &[1; 1_000])
			})
		};
		assert_ok!(call_as(ALICE, &one, fill(9).encode()).result);
		let full = call_as(ALICE, &one, fill(11).encode()).result;
		assert_eq!(full, Err(Error::<Test>::OutOfTransientStorage.into()));
		// Writing over and over counts as well: what was there is kept to be put back.
		let over = (0..20).fold(Script::default(), |script, _| {
			script.stores_transient(1, &[1; 1_000])
		});
		let full = call_as(ALICE, &one, over.encode()).result;
		assert_eq!(full, Err(Error::<Test>::OutOfTransientStorage.into()));
		MaxTransient::set(1024 * 1024);
	});
}

#[test]
fn extrinsics_charge_what_was_used_and_fail_on_revert() {
	new_test_ext().execute_with(|| {
		let one = make(1);
		let call = |script: Script| {
			let limit = Weight::from_parts(5_000_000_000, 500_000);
			Contracts::call(
				RuntimeOrigin::signed(ALICE),
				one.clone(),
				0,
				limit,
				None,
				script.encode(),
			)
		};
		let done = call(Script::default().stores(1, &[1])).unwrap();
		let declared = RuntimeCall::Contracts(crate::Call::call {
			dest: one.clone(),
			value: 0,
			gas_limit: Weight::from_parts(5_000_000_000, 500_000),
			storage_deposit_limit: None,
			data: vec![],
		})
		.get_dispatch_info()
		.call_weight;
		assert!(done.actual_weight.unwrap().all_lte(declared));
		let reverted = call(Script::default().stores(1, &[2]).reverts(&[])).unwrap_err();
		assert_eq!(reverted.error, Error::<Test>::ContractReverted.into());
		assert!(reverted.post_info.actual_weight.unwrap().all_lte(declared));
		let spun = call(Script::default().spins()).unwrap_err();
		assert_eq!(spun.error, Error::<Test>::OutOfGas.into());
		System::assert_has_event(
			Event::Called {
				caller: crate::Origin::Signed(ALICE),
				contract: one.clone(),
			}
			.into(),
		);
	});
}

#[test]
fn root_calls_without_value_and_instantiates_nothing() {
	new_test_ext().execute_with(|| {
		let one = make(1);
		let call = |value, script: Script| {
			Contracts::call(
				RuntimeOrigin::root(),
				one.clone(),
				value,
				AMPLE,
				None,
				script.encode(),
			)
		};
		assert_ok!(call(0, Script::default().emits(b"by root")));
		let failed = call(1, Script::default()).unwrap_err().error;
		assert_eq!(failed, DispatchError::RootNotAllowed);
		let failed = call(0, Script::default().asks_caller()).unwrap_err().error;
		assert_eq!(failed, DispatchError::RootNotAllowed);
		assert_noop!(
			Contracts::instantiate(
				RuntimeOrigin::root(),
				0,
				AMPLE,
				None,
				hash_of(&contract(true)),
				vec![],
				vec![]
			)
			.map_err(|error| error.error),
			DispatchError::BadOrigin
		);
	});
}

#[test]
fn debug_messages_are_collected_when_wanted() {
	new_test_ext().execute_with(|| {
		let code = wat::parse_str(
			r#"(module
				(import "seal0" "debug_message" (func $say (param i32 i32) (result i32)))
				(import "env" "memory" (memory 1 1))
				(data (i32.const 0) "hello \ff")
				(func (export "deploy"))
				(func (export "call")
					(drop (call $say (i32.const 0) (i32.const 6)))
					(drop (call $say (i32.const 0) (i32.const 7)))))"#,
		)
		.unwrap();
		let one = instantiate(code, vec![]);
		let call = |debug| {
			let ended = Contracts::bare_call(
				ALICE,
				one.clone(),
				0,
				AMPLE,
				None,
				vec![],
				debug,
				CollectEvents::UnsafeCollect,
			);
			assert!(ended.events.is_some());
			ended.debug_message
		};
		assert_eq!(call(DebugInfo::UnsafeDebug), b"hello ");
		assert_eq!(call(DebugInfo::Skip), b"");
	});
}

#[test]
fn storage_is_read_from_outside() {
	new_test_ext().execute_with(|| {
		use crate::ContractAccessError::{DoesntExist, KeyDecodingFailed};
		let one = make(1);
		call(&one, Script::default().stores(7, b"value").encode());
		let mut key = vec![0; 32];
		assert_eq!(Contracts::get_storage(one.clone(), key.clone()), Ok(None));
		key[0] = 7;
		assert_eq!(
			Contracts::get_storage(one.clone(), key.clone()),
			Ok(Some(b"value".to_vec()))
		);
		assert_eq!(Contracts::get_storage(BOB, key), Err(DoesntExist));
		assert_eq!(
			Contracts::get_storage(one, vec![0; 129]),
			Err(KeyDecodingFailed)
		);
	});
}
