//! Each rule of the dispatch, shown with the toy VMs of `mock.rs`.

mod properties;

use alloc::{boxed::Box, vec, vec::Vec};

use codec::Encode;
use polkadot_sdk::{
	frame_support::{
		assert_noop, assert_ok,
		dispatch::DispatchErrorWithPostInfo,
		storage::{with_transaction, TransactionOutcome},
		traits::Hooks,
		weights::Weight,
	},
	sp_core::{H160, H256},
	sp_runtime::{
		generic, traits::BlakeTwo256, transaction_validity::InvalidTransaction, DispatchError,
	},
	*,
};
use trivium_primitives::{
	account::{alias, ethereum_account},
	event::{log_event_len_bytes, EVENT_BYTE_REF_TIME},
	interface::{Access, Callers},
	trace::{FrameKind, Trace, TraceError},
	AddressMapping, CallError, CallFlags, CallRequest, ContractRef, Dispatch, EncodingError,
	Simulation, SolidityAbi, Value, VmId,
};

use trivium_receipts::{
	tree::{self, ProofError},
	Software,
};

use crate::{mock::*, CallLimit, Error, Event};

const LIMIT: CallLimit = CallLimit {
	ref_time: 10_000_000_000,
	proof_size: 1_000_000,
	deposit: Some(1_000),
};

/// The codes that `Op::Try` stores.
const OK: u8 = 0;
const REVERTED: u8 = 1;
const OUT_OF_GAS: u8 = 2;
const BAD_ENCODING: u8 = 4;
const VM_DISABLED: u8 = 5;
const REENTRANCY_DENIED: u8 = 7;
const READ_ONLY: u8 = 9;
const INSUFFICIENT_BALANCE: u8 = 10;
const ENGINE: u8 = 11;

/// Calls `run()` of a contract by the extrinsic.
#[track_caller]
fn run(target: u8) -> Result<Weight, DispatchError> {
	run_with(target, LIMIT)
}

fn run_with(target: u8, limit: CallLimit) -> Result<Weight, DispatchError> {
	let result = CrossVm::call(
		frame_system::RawOrigin::Signed(alice()).into(),
		at(target).into(),
		0,
		b"run()".to_vec().try_into().unwrap(),
		Vec::new(),
		limit,
	);
	match result {
		Ok(post_info) => Ok(post_info.actual_weight.unwrap()),
		Err(DispatchErrorWithPostInfo { error, post_info }) => {
			assert!(
				post_info.actual_weight.is_some(),
				"a failed call tells what it used"
			);
			Err(error)
		}
	}
}

fn simulate(target: u8, signature: &str, args: Vec<Value>) -> Simulation {
	CrossVm::simulate(
		alice(),
		at(target).into(),
		0,
		signature.as_bytes().to_vec(),
		args,
		Some(LIMIT),
	)
}

fn logs() -> Vec<(VmId, u32, Vec<u8>)> {
	System::events()
		.into_iter()
		.filter_map(|record| match record.event {
			RuntimeEvent::CrossVm(Event::Log {
				vm, frame, data, ..
			}) => Some((vm, frame, data)),
			_ => None,
		})
		.collect()
}

fn sealed_with(
	receipt: &trivium_receipts::Receipt,
	change: impl FnOnce(&mut trivium_receipts::Receipt),
) -> trivium_receipts::Receipt {
	let mut receipt = receipt.clone();
	change(&mut receipt);
	receipt
}

fn receipts() -> Vec<trivium_primitives::Receipt> {
	System::events()
		.into_iter()
		.filter_map(|record| match record.event {
			RuntimeEvent::CrossVm(Event::Receipt { receipt }) => Some(receipt),
			_ => None,
		})
		.collect()
}

#[test]
fn call_goes_through_three_vms_and_comes_back() {
	new_test_ext().execute_with(|| {
		deploy::<Red>(
			&at(1),
			vec![Op::Write(0, 1), Op::Call(call(&at(2))), Op::Log(1)],
		);
		deploy::<Green>(
			&at(2),
			vec![Op::Write(0, 2), Op::Call(call(&at(3))), Op::Log(2)],
		);
		deploy::<Blue>(&at(3), vec![Op::Write(0, 3), Op::Log(3)]);
		assert_ok!(run(1));
		assert_eq!(
			[
				value_of(&at(1), 0),
				value_of(&at(2), 0),
				value_of(&at(3), 0)
			],
			[1, 2, 3]
		);
		assert_eq!(
			logs(),
			[
				(VmId(103), 2, vec![3]),
				(VmId(102), 1, vec![2]),
				(VmId(101), 0, vec![1])
			]
		);
	});
}

#[test]
fn caught_failure_leaves_nothing_of_the_callee() {
	new_test_ext().execute_with(|| {
		deploy::<Red>(
			&at(1),
			vec![Op::Write(0, 1), Op::Try(1, call(&at(2))), Op::Log(1)],
		);
		deploy::<Green>(
			&at(2),
			vec![Op::Write(0, 2), Op::Log(2), Op::Revert(vec![7])],
		);
		assert_ok!(run(1));
		assert_eq!(value_of(&at(1), 0), 1);
		assert_eq!(value_of(&at(1), 1), REVERTED);
		assert_eq!(value_of(&at(2), 0), 0);
		assert_eq!(logs(), [(VmId(101), 0, vec![1])]);
	});
}

#[test]
fn failure_after_a_successful_callee_takes_its_effects_along() {
	new_test_ext().execute_with(|| {
		deploy::<Red>(&at(1), vec![Op::Try(1, call(&at(2)))]);
		deploy::<Green>(&at(2), vec![Op::Call(call(&at(3))), Op::Revert(vec![])]);
		deploy::<Blue>(&at(3), vec![Op::Write(0, 3), Op::Log(3), Op::Deposit(10)]);
		assert_ok!(run(1));
		assert_eq!(value_of(&at(1), 1), REVERTED);
		assert_eq!(value_of(&at(3), 0), 0);
		assert_eq!(Balances::free_balance(bank()), 1);
		assert_eq!(logs(), []);
	});
}

#[test]
fn failed_extrinsic_leaves_only_its_weight_and_receipt() {
	new_test_ext().execute_with(|| {
		deploy::<Red>(
			&at(1),
			vec![Op::Write(0, 1), Op::Log(1), Op::Call(call(&at(2)))],
		);
		deploy::<Green>(&at(2), vec![Op::Burn(1_000_000), Op::Revert(vec![])]);
		crate::receipts::hold();
		let error = CrossVm::call(
			frame_system::RawOrigin::Signed(alice()).into(),
			at(1).into(),
			0,
			b"run()".to_vec().try_into().unwrap(),
			Vec::new(),
			LIMIT,
		)
		.unwrap_err();
		assert_eq!(error.error, Error::<Test>::Reverted.into());
		let used = error.post_info.actual_weight.unwrap();
		assert!(used.ref_time() > 1_000_000 && used.ref_time() < LIMIT.ref_time);
		assert_eq!(value_of(&at(1), 0), 0);
		assert_eq!(logs(), []);
		assert_eq!(receipts(), []);
		crate::receipts::publish_pending::<Test>();
		assert!(!receipts()[0].success, "published when the fee is settled");
	});
}

#[test]
fn hop_gets_what_it_is_given_and_at_most_63_of_64_parts() {
	new_test_ext().execute_with(|| {
		// The callee burns all it gets; the caller still has enough to go on.
		deploy::<Red>(&at(1), vec![Op::Try(1, call(&at(2))), Op::Write(0, 1)]);
		deploy::<Green>(&at(2), vec![Op::Write(0, 2), Op::Burn(u64::MAX / 2)]);
		assert_ok!(run(1));
		assert_eq!(value_of(&at(1), 1), OUT_OF_GAS);
		assert_eq!(value_of(&at(1), 0), 1);
		assert_eq!(value_of(&at(2), 0), 0);

		let limit = Some(Weight::from_parts(100_000, 10_000));
		deploy::<Red>(
			&at(1),
			vec![Op::Try(
				1,
				Call {
					limit,
					..call(&at(2))
				},
			)],
		);
		deploy::<Green>(&at(2), vec![Op::Burn(98_000)]);
		assert_ok!(run(1));
		assert_eq!(value_of(&at(1), 1), OK);
		deploy::<Green>(&at(2), vec![Op::Burn(100_000)]);
		assert_ok!(run(1));
		assert_eq!(value_of(&at(1), 1), OUT_OF_GAS);
	});
}

#[test]
fn out_of_gas_in_the_third_vm_writes_nothing_and_is_charged() {
	new_test_ext().execute_with(|| {
		deploy::<Red>(&at(1), vec![Op::Write(0, 1), Op::Call(call(&at(2)))]);
		deploy::<Green>(&at(2), vec![Op::Write(0, 1), Op::Call(call(&at(3)))]);
		deploy::<Blue>(&at(3), vec![Op::Write(0, 1), Op::Burn(u64::MAX / 2)]);
		let limit = CallLimit {
			ref_time: 1_000_000_000,
			..LIMIT
		};
		let Simulation {
			result,
			weight,
			frames,
			..
		} = CrossVm::simulate(
			alice(),
			at(1).into(),
			0,
			b"run()".to_vec(),
			vec![],
			Some(limit),
		);
		assert_eq!(result, Err(CallError::OutOfGas));
		assert!(weight.ref_time() > 900_000_000, "{weight}");
		assert_eq!(frames.len(), 3);
		assert!(frames
			.iter()
			.all(|frame| frame.error == Some(CallError::OutOfGas)));
		assert_eq!(run_with(1, limit), Err(Error::<Test>::OutOfGas.into()));
		for n in 1..=3 {
			assert_eq!(value_of(&at(n), 0), 0);
		}
	});
}

#[test]
fn zero_limit_is_out_of_gas() {
	new_test_ext().execute_with(|| {
		deploy::<Red>(&at(1), vec![]);
		for limit in [
			CallLimit {
				ref_time: 0,
				proof_size: 0,
				deposit: None,
			},
			CallLimit {
				ref_time: 0,
				..LIMIT
			},
			CallLimit {
				proof_size: 0,
				..LIMIT
			},
		] {
			assert_eq!(run_with(1, limit), Err(Error::<Test>::OutOfGas.into()));
		}
	});
}

#[test]
fn callee_sees_the_calling_contract() {
	new_test_ext().execute_with(|| {
		deploy::<Red>(&at(1), vec![Op::Caller(0), Op::Call(call(&at(2)))]);
		deploy::<Green>(&at(2), vec![Op::Caller(0)]);
		assert_ok!(run(1));
		assert_eq!(value_of(&at(1), 0), 0xA1);
		assert_eq!(value_of(&at(2), 0), 1);
	});
}

#[test]
fn value_travels_inside_the_layer() {
	new_test_ext().execute_with(|| {
		let pays = Call {
			value: 40,
			..call(&at(2))
		};
		deploy::<Red>(&at(1), vec![Op::Call(pays.clone())]);
		deploy::<Green>(&at(2), vec![]);
		Balances::force_set_balance(RuntimeOrigin::root(), at(1), 100).unwrap();
		assert_ok!(run(1));
		assert_eq!(Balances::free_balance(at(2)), 40);
		// The callee fails: the value goes back.
		deploy::<Red>(&at(1), vec![Op::Try(1, pays)]);
		deploy::<Green>(&at(2), vec![Op::Revert(vec![])]);
		assert_ok!(run(1));
		assert_eq!(Balances::free_balance(at(1)), 60);
		assert_eq!(Balances::free_balance(at(2)), 40);
		// More than there is.
		deploy::<Red>(
			&at(1),
			vec![Op::Try(
				1,
				Call {
					value: 61,
					..call(&at(2))
				},
			)],
		);
		assert_ok!(run(1));
		assert_eq!(value_of(&at(1), 1), INSUFFICIENT_BALANCE);
	});
}

#[test]
fn read_only_is_inherited_to_the_last_frame() {
	new_test_ext().execute_with(|| {
		let read_only = Call {
			flags: 2,
			..call(&at(2))
		};
		deploy::<Red>(&at(1), vec![Op::Try(1, read_only)]);
		deploy::<Green>(&at(2), vec![Op::Call(call(&at(3)))]);
		deploy::<Blue>(&at(3), vec![Op::Write(0, 3)]);
		assert_ok!(run(1));
		assert_eq!(value_of(&at(1), 1), READ_ONLY);
		assert_eq!(value_of(&at(3), 0), 0);
		deploy::<Blue>(&at(3), vec![Op::IsReadOnly(9)]);
		assert_ok!(run(1));
		assert_eq!(value_of(&at(3), 9), 1);
	});
}

#[test]
fn read_only_call_moves_no_value() {
	new_test_ext().execute_with(|| {
		deploy::<Red>(
			&at(1),
			vec![Op::Try(
				1,
				Call {
					flags: 2,
					value: 1,
					..call(&at(2))
				},
			)],
		);
		deploy::<Green>(&at(2), vec![]);
		Balances::force_set_balance(RuntimeOrigin::root(), at(1), 100).unwrap();
		assert_ok!(run(1));
		assert_eq!(value_of(&at(1), 1), READ_ONLY);
		assert_eq!(Balances::free_balance(at(1)), 100);
	});
}

#[test]
fn delegate_call_never_crosses() {
	new_test_ext().execute_with(|| {
		deploy::<Red>(
			&at(1),
			vec![Op::Try(
				1,
				Call {
					delegated: true,
					..call(&at(2))
				},
			)],
		);
		deploy::<Green>(&at(2), vec![Op::Write(0, 1)]);
		assert_ok!(run(1));
		assert_eq!(value_of(&at(1), 1), ENGINE);
		assert_eq!(value_of(&at(2), 0), 0);
	});
}

#[test]
fn depth_is_limited_to_max_depth_hops() {
	new_test_ext().execute_with(|| {
		// 1 -> 2 -> ... each by a hop; the call to 1 is the extrinsic's and no hop.
		let build = |hops: u8| {
			for n in 1..=hops {
				let ops = vec![Op::Write(0, 1), Op::Call(call(&at(n + 1)))];
				match n % 2 {
					0 => deploy::<Green>(&at(n), ops),
					_ => deploy::<Red>(&at(n), ops),
				}
			}
			deploy::<Blue>(&at(hops + 1), vec![Op::Write(0, 1)]);
		};
		build(9);
		assert_eq!(run(1), Err(Error::<Test>::DepthExceeded.into()));
		assert_eq!(value_of(&at(1), 0), 0);
		System::reset_events();
		for n in 1..=10 {
			polkadot_sdk::sp_io::storage::clear(&(b"toy-code", VmId(102), at(n)).encode());
			polkadot_sdk::sp_io::storage::clear(&(b"toy-code", VmId(101), at(n)).encode());
			polkadot_sdk::sp_io::storage::clear(&(b"toy-code", VmId(103), at(n)).encode());
		}
		build(8);
		assert_ok!(run(1));
		assert_eq!(value_of(&at(9), 0), 1);
		assert_eq!(
			receipts()[0].hops,
			9,
			"eight between VMs and the extrinsic's own"
		);
	});
}

#[test]
fn reentry_from_another_vm_is_refused_by_default() {
	new_test_ext().execute_with(|| {
		deploy::<Red>(&at(1), vec![Op::Increment(0), Op::Call(call(&at(2)))]);
		deploy::<Green>(&at(2), vec![Op::Try(1, call(&at(1)))]);
		assert_ok!(run(1));
		assert_eq!(value_of(&at(1), 0), 1);
		assert_eq!(value_of(&at(2), 1), REENTRANCY_DENIED);
	});
}

#[test]
fn reentry_is_allowed_to_the_contract_that_allowed_it() {
	new_test_ext().execute_with(|| {
		// The second visit's own hop is refused, or this would go on for ever.
		deploy::<Red>(
			&at(1),
			vec![
				Op::Increment(0),
				Op::Try(1, call_reentrant(&at(2))),
				Op::Increment(2),
			],
		);
		deploy::<Green>(&at(2), vec![Op::Increment(0), Op::Try(1, call(&at(1)))]);
		assert_ok!(run(1));
		assert_eq!(value_of(&at(1), 0), 2, "storage written on both visits");
		assert_eq!(value_of(&at(1), 2), 2);
		assert_eq!(value_of(&at(2), 0), 1, "which did not allow it");
		assert_eq!(value_of(&at(2), 1), OK);
	});
}

#[test]
fn guard_is_not_bypassed_through_a_second_contract() {
	new_test_ext().execute_with(|| {
		// 1 calls 4 by its VM's own means; 4 allows re-entry, which is not its to allow for 1.
		deploy::<Red>(&at(1), vec![Op::Increment(0), Op::Inner(at(4))]);
		deploy::<Red>(&at(4), vec![Op::Call(call_reentrant(&at(2)))]);
		deploy::<Green>(&at(2), vec![Op::Try(1, call(&at(1)))]);
		assert_ok!(run(1));
		assert_eq!(value_of(&at(2), 1), REENTRANCY_DENIED);
		assert_eq!(value_of(&at(1), 0), 1);
		// 5, in 1's VM, enters 1 by that VM's own means: the road does not matter.
		deploy::<Red>(&at(1), vec![Op::Increment(0), Op::Call(call(&at(2)))]);
		deploy::<Red>(&at(5), vec![Op::Inner(at(1))]);
		deploy::<Green>(&at(2), vec![Op::Try(1, call(&at(5)))]);
		assert_ok!(run(1));
		assert_eq!(value_of(&at(2), 1), REENTRANCY_DENIED);
		assert_eq!(value_of(&at(1), 0), 2);
	});
}

#[test]
fn guard_does_not_stay_set_after_an_early_exit() {
	new_test_ext().execute_with(|| {
		deploy::<Red>(
			&at(1),
			vec![Op::Try(1, call(&at(2))), Op::Try(2, call(&at(2)))],
		);
		deploy::<Green>(&at(2), vec![Op::Revert(vec![])]);
		assert_ok!(run(1));
		assert_eq!(
			[value_of(&at(1), 1), value_of(&at(1), 2)],
			[REVERTED, REVERTED]
		);
		deploy::<Green>(&at(2), vec![Op::Try(1, call(&at(3)))]);
		deploy::<Blue>(&at(3), vec![Op::Increment(0)]);
		assert_ok!(run(1));
		assert_eq!(value_of(&at(3), 0), 2);
	});
}

#[test]
fn lifecycle_is_checked_at_every_hop() {
	new_test_ext().execute_with(|| {
		deploy::<Red>(&at(1), vec![Op::Try(1, call(&at(2)))]);
		deploy::<Green>(&at(2), vec![Op::Write(0, 1)]);
		Disabled::set(vec![VmId(102)]);
		assert_ok!(run(1));
		assert_eq!(value_of(&at(1), 1), VM_DISABLED);
		assert_eq!(run(2), Err(Error::<Test>::VmDisabled.into()));
		assert_eq!(value_of(&at(2), 0), 0);
	});
}

#[test]
fn deposits_come_from_one_payer_within_one_limit() {
	new_test_ext().execute_with(|| {
		let limited = |deposit| Call {
			deposit,
			..call(&at(2))
		};
		deploy::<Green>(&at(2), vec![Op::Write(0, 1), Op::Deposit(60)]);
		let before = Balances::free_balance(alice());
		deploy::<Red>(
			&at(1),
			vec![Op::Try(1, limited(None)), Op::Try(2, limited(Some(59)))],
		);
		assert_ok!(run_with(
			1,
			CallLimit {
				deposit: Some(100),
				..LIMIT
			}
		));
		assert_eq!(
			[value_of(&at(1), 1), value_of(&at(1), 2)],
			[OK, INSUFFICIENT_BALANCE]
		);
		assert_eq!(Balances::free_balance(alice()), before - 60);
		// Two calls count against one limit.
		deploy::<Red>(
			&at(1),
			vec![Op::Try(1, limited(None)), Op::Try(2, limited(None))],
		);
		assert_ok!(run_with(
			1,
			CallLimit {
				deposit: Some(119),
				..LIMIT
			}
		));
		assert_eq!(
			[value_of(&at(1), 1), value_of(&at(1), 2)],
			[OK, INSUFFICIENT_BALANCE]
		);
		assert_eq!(Balances::free_balance(alice()), before - 120);
		// The callee's own and what it has others take count together.
		deploy::<Blue>(&at(3), vec![Op::Call(call(&at(2))), Op::Deposit(60)]);
		deploy::<Red>(
			&at(1),
			vec![Op::Try(
				1,
				Call {
					deposit: Some(119),
					..call(&at(3))
				},
			)],
		);
		assert_ok!(run(1));
		assert_eq!(value_of(&at(1), 1), INSUFFICIENT_BALANCE);
		assert_eq!(Balances::free_balance(alice()), before - 120);
		// A failed call gives its part back to the limit.
		deploy::<Blue>(&at(3), vec![Op::Call(call(&at(2))), Op::Revert(vec![])]);
		deploy::<Red>(
			&at(1),
			vec![Op::Try(1, call(&at(3))), Op::Try(2, limited(None))],
		);
		assert_ok!(run_with(
			1,
			CallLimit {
				deposit: Some(60),
				..LIMIT
			}
		));
		assert_eq!([value_of(&at(1), 1), value_of(&at(1), 2)], [REVERTED, OK]);
		assert_eq!(Balances::free_balance(alice()), before - 180);
	});
}

#[test]
fn no_deposit_is_taken_where_no_limit_is_named() {
	new_test_ext().execute_with(|| {
		deploy::<Green>(&at(2), vec![Op::Deposit(1)]);
		deploy::<Red>(&at(1), vec![Op::Try(1, call(&at(2)))]);
		let nothing = CallLimit {
			deposit: None,
			..LIMIT
		};
		assert_ok!(run_with(1, nothing));
		assert_eq!(value_of(&at(1), 1), INSUFFICIENT_BALANCE);
		assert_eq!(
			run_with(2, nothing),
			Err(Error::<Test>::InsufficientBalance.into())
		);
		assert_eq!(Balances::free_balance(bank()), 1);
		// A dry run without any limit tells what it would take.
		let simulation =
			CrossVm::simulate(alice(), at(2).into(), 0, b"run()".to_vec(), vec![], None);
		assert_eq!((simulation.result, simulation.deposit), (Ok(vec![]), 1));
	});
}

#[test]
fn deposit_limit_is_whole_again_after_a_native_frame_is_reverted() {
	new_test_ext().execute_with(|| {
		deploy::<Green>(&at(2), vec![Op::Deposit(60)]);
		deploy::<Red>(
			&at(1),
			vec![Op::Undone(1, call(&at(2))), Op::Try(2, call(&at(2)))],
		);
		let sixty = CallLimit {
			deposit: Some(60),
			..LIMIT
		};
		assert_ok!(run_with(1, sixty));
		assert_eq!([value_of(&at(1), 1), value_of(&at(1), 2)], [OK, OK]);
		assert_eq!(Balances::free_balance(bank()), 61);
		// By a VM's own door as well.
		assert_ok!(door::<Red>(&alice(), &at(1), 60));
		assert_eq!([value_of(&at(1), 1), value_of(&at(1), 2)], [OK, OK]);
		assert_eq!(Balances::free_balance(bank()), 121);
		assert!(!crate::DepositTaken::<Test>::exists());
	});
}

#[test]
fn who_acts_pays_within_the_limit_of_the_door() {
	new_test_ext().execute_with(|| {
		let bob = at(0xB0);
		Balances::force_set_balance(RuntimeOrigin::root(), bob.clone(), 1_000).unwrap();
		deploy::<Green>(&at(2), vec![Op::Deposit(60)]);
		deploy::<Red>(&at(1), vec![Op::Try(1, call(&at(2)))]);
		let before = Balances::free_balance(alice());
		// Alice pays the fee, Bob acts.
		crate::receipts::hold();
		assert_ok!(door::<Red>(&bob, &at(1), 60));
		assert_eq!(value_of(&at(1), 1), OK);
		assert_ok!(door::<Red>(&bob, &at(1), 59));
		assert_eq!(value_of(&at(1), 1), INSUFFICIENT_BALANCE);
		assert_ok!(CrossVm::call(
			frame_system::RawOrigin::Signed(bob.clone()).into(),
			at(2).into(),
			0,
			b"run()".to_vec().try_into().unwrap(),
			Vec::new(),
			LIMIT,
		));
		assert_eq!(Balances::free_balance(&bob), 1_000 - 120);
		assert_eq!(Balances::free_balance(alice()), before);
	});
}

#[test]
fn busy_memory_refuses_and_lets_nobody_in() {
	new_test_ext().execute_with(|| {
		deploy::<Red>(&at(1), vec![]);
		let refused = std::panic::catch_unwind(|| {
			crate::stack::with(|_| <CrossVm as Dispatch>::ensure_enterable(&at(1)))
		});
		// Where assertions are on, `defensive!` says so.
		if cfg!(debug_assertions) {
			assert!(refused.is_err());
		} else {
			assert_eq!(refused.unwrap(), Some(Err(CallError::ReentrancyDenied)));
			let hop = crate::stack::with(|_| run(1)).unwrap();
			assert_eq!(hop, Err(Error::<Test>::Engine.into()));
		}
		assert_ok!(run(1));
	});
}

#[test]
fn arguments_and_results_are_transcoded() {
	new_test_ext().execute_with(|| {
		let results = vec![
			Value::Uint(7.into()),
			Value::Address(alice()),
			Value::Text(b"hi".to_vec()),
			Value::Maybe(None),
		];
		deploy::<Green>(&at(2), vec![Op::Return(results.clone())]);
		let signature = "run(address,u128[])->(u64,address,string,option<u64>)";
		let args = vec![
			Value::Address(at(2)),
			Value::List(vec![Value::Uint(1.into())]),
		];
		let simulation = simulate(2, signature, args.clone());
		assert_eq!(simulation.result, Ok(results));
		// From a Solidity-ABI caller.
		let bridged = Call {
			signature: signature.into(),
			args,
			..call(&at(2))
		};
		deploy::<Red>(&at(1), vec![Op::Try(1, bridged)]);
		assert_ok!(run(1));
		assert_eq!(value_of(&at(1), 1), OK);
	});
}

/// A call whose signature says with what the callee may refuse.
fn fallible(target: u8, signature: &str) -> Call {
	Call {
		signature: signature.into(),
		..call(&at(target))
	}
}

#[test]
fn a_refusal_is_told_in_the_callers_way_and_leaves_nothing() {
	new_test_ext().execute_with(|| {
		// An error in the encoding of its VM, SCALE; the callers deal in Solidity's ABI and in SCALE.
		deploy::<Green>(&at(2), vec![Op::Write(0, 1), Op::Revert(7u64.encode())]);
		let signature = "run()->(result<bool,u64>)";
		let reverted = CallError::Reverted(7u64.encode());

		let outermost = simulate(2, signature, vec![]);
		assert_eq!(outermost.result, Err(reverted.clone()));
		assert_eq!(outermost.refusal, Some(vec![Value::Uint(7.into())]));

		deploy::<Red>(&at(1), vec![Op::Call(fallible(2, signature))]);
		let failed = simulate(1, "run()", vec![]);
		let word = [&[0; 31][..], &[7]].concat();
		assert_eq!(failed.result, Err(CallError::Reverted(word)));
		assert_eq!(
			failed.refusal, None,
			"its own signature says nothing of one"
		);
		assert_eq!(failed.frames[1].error, Some(reverted.clone()));

		deploy::<Green>(&at(3), vec![Op::Try(1, fallible(2, signature)), Op::Log(1)]);
		let told = simulate(3, "run()", vec![]);
		assert_eq!(told.result, Ok(vec![]));
		assert_eq!(
			told.frames[1].error,
			Some(reverted),
			"a failure in the tree"
		);
		assert_eq!(told.frames[0].error, None);
		assert_ok!(run(3));
		assert_eq!(value_of(&at(3), 1), OK, "the error is a value");
		assert_eq!(value_of(&at(2), 0), 0, "what refused has done nothing");
	});
}

#[test]
fn results_of_functions_that_may_refuse_are_as_usual() {
	new_test_ext().execute_with(|| {
		deploy::<Green>(
			&at(2),
			vec![Op::Write(0, 1), Op::Return(vec![Value::Bool(true)])],
		);
		let signature = "run()->(result<bool,u64>)";
		let outermost = simulate(2, signature, vec![]);
		assert_eq!(outermost.result, Ok(vec![Value::Bool(true)]));
		assert_eq!(outermost.refusal, None);
		for caller in [deploy::<Red>, deploy::<Green>] {
			caller(&at(1), vec![Op::Try(1, fallible(2, signature))]);
			assert_ok!(run(1));
			assert_eq!(value_of(&at(1), 1), OK);
			assert_eq!(value_of(&at(2), 0), 1);
		}
	});
}

#[test]
fn what_is_no_error_of_the_signature_is_an_ordinary_failure() {
	new_test_ext().execute_with(|| {
		let data = vec![1, 2, 3];
		deploy::<Green>(&at(2), vec![Op::Revert(data.clone())]);
		for signature in ["run()->(result<bool,u64>)", "run()->(bool)"] {
			let simulation = simulate(2, signature, vec![]);
			assert_eq!(simulation.result, Err(CallError::Reverted(data.clone())));
			assert_eq!(simulation.refusal, None);
			deploy::<Green>(&at(1), vec![Op::Try(1, fallible(2, signature))]);
			assert_ok!(run(1));
			assert_eq!(value_of(&at(1), 1), REVERTED, "{signature}");
		}
		// An error that takes more to read than there is: the hop has used all it had.
		deploy::<Green>(&at(2), vec![Op::Revert([7u8; 40_000].to_vec().encode())]);
		let call = Call {
			limit: Some(Weight::from_parts(100_000_000, 100_000)),
			..fallible(2, "run()->(result<bool,u8[]>)")
		};
		deploy::<Green>(&at(1), vec![Op::Try(1, call)]);
		assert_ok!(run(1));
		assert_eq!(value_of(&at(1), 1), OUT_OF_GAS);
	});
}

#[test]
fn a_face_has_the_callers_types_and_the_function_its_own() {
	new_test_ext().execute_with(|| {
		deploy::<Green>(&at(2), vec![Op::Return(vec![Value::Uint(300.into())])]);
		let through = |own: &str, face: &str, args: Vec<Value>| {
			let call = Call {
				signature: own.into(),
				face: Some(face.into()),
				args,
				..call(&at(2))
			};
			deploy::<Red>(&at(1), vec![Op::Call(call)]);
			simulate(1, "run()", vec![]).result
		};
		let number = |n: u32| vec![Value::Uint(n.into())];
		assert_eq!(
			through("run(u16)->(u64)", "run(u256)->(u256)", number(7)),
			Ok(vec![])
		);
		// What does not fit is refused, on the way there and on the way back.
		let too_large = Err(CallError::BadEncoding(EncodingError::OutOfRange));
		assert_eq!(
			through("run(u16)->(u64)", "run(u256)->(u256)", number(70_000)),
			too_large
		);
		assert_eq!(
			through("run(u16)->(u64)", "run(u256)->(u8)", number(7)),
			too_large
		);
		// And two signatures that have nothing to do with each other.
		let other_kind = Err(CallError::BadEncoding(EncodingError::TypeMismatch));
		assert_eq!(
			through("run(bool)->(u64)", "run(u256)->(u256)", number(1)),
			other_kind
		);

		// Nothing, where the function may refuse, is true where the face says so.
		deploy::<Green>(&at(2), vec![Op::Return(vec![])]);
		let through = |target: u8| {
			let call = Call {
				signature: b"run()->(result<(),u64>)".to_vec(),
				face: Some(b"run()->(bool)".to_vec()),
				..call(&at(target))
			};
			let request = |encoding| CallRequest {
				vm: VmId(101),
				caller: at(1),
				origin: Some(alice()),
				live: vec![],
				target: call.target.clone(),
				value: 0,
				signature: &call.signature,
				face: call.face.as_deref(),
				arguments: &[],
				encoding,
				limit: Weight::from_parts(10_000_000_000, 1_000_000),
				callee_limit: None,
				deposit_limit: None,
				flags: CallFlags::default(),
				read_only: false,
				delegated: false,
			};
			<CrossVm as Dispatch>::call(request(&SolidityAbi)).result
		};
		let word = |last| [&[0; 31][..], &[last]].concat();
		assert_eq!(through(2), Ok(word(1)));
		deploy::<Green>(&at(3), vec![Op::Revert(7u64.encode())]);
		assert_eq!(through(3), Err(CallError::Reverted(word(7))));
	});
}

#[test]
fn access_rules_hold_for_callers_of_other_machines() {
	new_test_ext().execute_with(|| {
		deploy::<Green>(&at(2), vec![Op::Increment(0)]);
		deploy::<Red>(&at(1), vec![Op::Try(1, call(&at(2)))]);
		deploy::<Green>(&at(3), vec![Op::Try(1, call(&at(2)))]);
		let outcomes = |callers: Callers| {
			let rule = Access {
				callers,
				refuses_value: false,
			};
			Rules::set(vec![(at(2), rule)]);
			assert_ok!(run(1));
			assert_ok!(run(3));
			let outside = run(2).map(|_| ());
			(value_of(&at(1), 1), value_of(&at(3), 1), outside)
		};
		const ACCESS_DENIED: u8 = 12;
		let denied = || Err(Error::<Test>::AccessDenied.into());
		let only = |account| Callers::Accounts(vec![account].try_into().unwrap());
		let machines = |vm| Callers::Machines(vec![vm].try_into().unwrap());
		// From red, from green itself, by the extrinsic.
		assert_eq!(outcomes(Callers::Everyone), (OK, OK, Ok(())));
		assert_eq!(outcomes(Callers::Nobody), (ACCESS_DENIED, OK, denied()));
		assert_eq!(outcomes(only(at(1))), (OK, OK, denied()));
		assert_eq!(outcomes(only(at(9))), (ACCESS_DENIED, OK, denied()));
		assert_eq!(outcomes(only(alice())), (ACCESS_DENIED, OK, Ok(())));
		assert_eq!(outcomes(machines(VmId(101))), (OK, OK, denied()));
		assert_eq!(outcomes(machines(VmId(103))), (ACCESS_DENIED, OK, denied()));

		// Calls with value are another question.
		let rule = Access {
			callers: Callers::Everyone,
			refuses_value: true,
		};
		Rules::set(vec![(at(2), rule)]);
		assert_ok!(run(2));
		let paid = CrossVm::simulate(
			alice(),
			at(2).into(),
			5,
			b"run()".to_vec(),
			vec![],
			Some(LIMIT),
		);
		assert_eq!(paid.result, Err(CallError::VALUE_REFUSED));
		Rules::set(vec![]);
	});
}

#[test]
fn result_that_does_not_match_the_signature_undoes_the_call() {
	new_test_ext().execute_with(|| {
		deploy::<Green>(
			&at(2),
			vec![Op::Write(0, 1), Op::Return(vec![Value::Bool(true)])],
		);
		let bridged = Call {
			signature: b"run()->(u64)".to_vec(),
			..call(&at(2))
		};
		deploy::<Red>(&at(1), vec![Op::Try(1, bridged)]);
		assert_ok!(run(1));
		assert_eq!(value_of(&at(1), 1), BAD_ENCODING);
		assert_eq!(value_of(&at(2), 0), 0);
	});
}

#[test]
fn bad_input_gives_the_error_that_names_it() {
	new_test_ext().execute_with(|| {
		use EncodingError::*;
		deploy::<Green>(&at(2), vec![]);
		let check = |call: Call, error: CallError| {
			deploy::<Red>(&at(1), vec![Op::Call(call.clone())]);
			let simulation = simulate(1, "run()", vec![]);
			assert_eq!(simulation.result, Err(error.clone()), "{call:?}");
			assert_eq!(simulation.frames[1].error, Some(error));
		};
		let signed = |signature: &str, args: Vec<Value>| Call {
			signature: signature.into(),
			args,
			..call(&at(2))
		};
		let raw = |signature: &str, raw: Vec<u8>| Call {
			raw: Some(raw),
			..signed(signature, vec![])
		};
		check(call(&at(77)), CallError::NotFound);
		check(call(&alice()), CallError::NotFound);
		check(
			Call {
				target: H160::zero().into(),
				..call(&at(2))
			},
			CallError::NotFound,
		);
		check(signed("run(", vec![]), CallError::BadEncoding(Signature));
		check(signed("", vec![]), CallError::BadEncoding(Signature));
		check(
			signed("run(u8[4294967295][9])", vec![]),
			CallError::BadEncoding(SignatureTooComplex),
		);
		check(
			raw("run(u8)", vec![0; 31]),
			CallError::BadEncoding(Truncated),
		);
		check(
			raw("run(u8)", vec![0; 33]),
			CallError::BadEncoding(TrailingBytes),
		);
		check(
			raw("run(u8)", vec![0xff; 32]),
			CallError::BadEncoding(OutOfRange),
		);
		check(
			raw("run(bool)", vec![0xff; 32]),
			CallError::BadEncoding(NonCanonical),
		);
		check(
			Call {
				flags: 4,
				..call(&at(2))
			},
			CallError::BadEncoding(OutOfRange),
		);
	});
}

#[test]
fn extrinsic_refuses_arguments_that_do_not_match() {
	new_test_ext().execute_with(|| {
		deploy::<Green>(&at(2), vec![Op::Write(0, 1)]);
		for (signature, args, error) in [
			("run(u8)", vec![], EncodingError::Count),
			("run()", vec![Value::Bool(true)], EncodingError::Count),
			(
				"run(u8)",
				vec![Value::Uint(256.into())],
				EncodingError::OutOfRange,
			),
			(
				"run(u8)",
				vec![Value::Bool(true)],
				EncodingError::TypeMismatch,
			),
			(
				"run(string)",
				vec![Value::Text(vec![0xff])],
				EncodingError::Utf8,
			),
		] {
			let simulation = simulate(2, signature, args.clone());
			assert_eq!(
				simulation.result,
				Err(CallError::BadEncoding(error)),
				"{signature}"
			);
			let call = CrossVm::call(
				frame_system::RawOrigin::Signed(alice()).into(),
				at(2).into(),
				0,
				signature.as_bytes().to_vec().try_into().unwrap(),
				args,
				LIMIT,
			);
			assert_eq!(call.unwrap_err().error, Error::<Test>::BadEncoding.into());
			assert_eq!(value_of(&at(2), 0), 0);
		}
	});
}

#[test]
fn unsigned_origin_is_refused() {
	new_test_ext().execute_with(|| {
		assert_noop!(
			CrossVm::call(
				RuntimeOrigin::root(),
				at(2).into(),
				0,
				b"run()".to_vec().try_into().unwrap(),
				vec![],
				LIMIT
			),
			DispatchError::BadOrigin
		);
	});
}

#[test]
fn contract_is_found_by_account_by_alias_and_by_module() {
	new_test_ext().execute_with(|| {
		Balances::force_set_balance(RuntimeOrigin::root(), at(2), 1).unwrap();
		deploy::<Green>(&at(2), vec![]);
		assert_eq!(CrossVm::resolve(at(2).into()), (at(2), Some(VmId(102))));
		assert_eq!(
			CrossVm::resolve(alias(&at(2)).into()),
			(at(2), Some(VmId(102)))
		);
		let name: Vec<u8> = b"coin".to_vec();
		let module = trivium_primitives::account::module_account(&alice(), &name);
		deploy::<Blue>(&module, vec![]);
		let by_name = ContractRef::Module(alice(), name.try_into().unwrap());
		assert_eq!(CrossVm::resolve(by_name), (module, Some(VmId(103))));
	});
}

#[test]
fn alias_is_stored_when_an_account_is_created_and_stays() {
	new_test_ext().execute_with(|| {
		let (one, eth) = (at(50), ethereum_account(&H160([3; 20])));
		assert_eq!(
			<CrossVm as AddressMapping>::account(&alias(&one)),
			ethereum_account(&alias(&one))
		);
		Balances::force_set_balance(RuntimeOrigin::root(), one.clone(), 5).unwrap();
		Balances::force_set_balance(RuntimeOrigin::root(), eth.clone(), 5).unwrap();
		assert_eq!(CrossVm::account_of(CrossVm::alias_of(one.clone())), one);
		assert_eq!(CrossVm::account_of(CrossVm::alias_of(eth.clone())), eth);
		assert!(!<CrossVm as AddressMapping>::is_mapped(&alias(&eth)));
		Balances::force_set_balance(RuntimeOrigin::root(), one.clone(), 0).unwrap();
		assert!(!System::account_exists(&one));
		assert_eq!(CrossVm::account_of(alias(&one)), one);
	});
}

#[test]
#[cfg_attr(
	debug_assertions,
	should_panic(expected = "an alias belongs to one account")
)]
fn alias_never_comes_to_mean_another_account() {
	new_test_ext().execute_with(|| {
		// As if the two had one hash.
		let (first, second) = (at(50), at(51));
		crate::Aliases::<Test>::insert(alias(&second), &first);
		Balances::force_set_balance(RuntimeOrigin::root(), second.clone(), 5).unwrap();
		assert!(System::account_exists(&second));
		assert_eq!(CrossVm::account_of(alias(&second)), first);
		// Nor does what lies at the alias go to the second.
		let by = frame_system::RawOrigin::Signed(alice());
		assert_noop!(
			CrossVm::claim_alias(by.into(), second),
			Error::<Test>::AliasTaken
		);
	});
}

#[test]
fn what_was_sent_to_an_alias_is_claimed_by_anyone_for_its_owner() {
	new_test_ext().execute_with(|| {
		let (who, by) = (at(50), frame_system::RawOrigin::Signed(alice()));
		let at_alias = ethereum_account(&alias(&who));
		assert_noop!(
			CrossVm::claim_alias(by.clone().into(), who.clone()),
			Error::<Test>::NothingToClaim
		);
		Balances::force_set_balance(RuntimeOrigin::root(), at_alias.clone(), 5).unwrap();
		assert_ok!(CrossVm::claim_alias(by.clone().into(), who.clone()));
		assert_eq!(Balances::free_balance(&who), 5);
		assert_eq!(Balances::free_balance(&at_alias), 0);
		assert_eq!(CrossVm::account_of(alias(&who)), who);
		System::assert_has_event(RuntimeEvent::Balances(pallet_balances::Event::Transfer {
			from: at_alias.clone(),
			to: who.clone(),
			amount: 5,
		}));
		// By the account's own bytes also later, and never from an Ethereum account.
		Balances::force_set_balance(RuntimeOrigin::root(), at_alias.clone(), 2).unwrap();
		assert_noop!(
			CrossVm::claim_alias(by.clone().into(), at_alias),
			Error::<Test>::NothingToClaim
		);
		assert_ok!(CrossVm::claim_alias(by.into(), who.clone()));
		assert_eq!(Balances::free_balance(&who), 7);
		assert_noop!(
			CrossVm::claim_alias(RuntimeOrigin::none(), who),
			DispatchError::BadOrigin
		);
	});
}

#[test]
fn account_that_has_sent_a_transaction_is_kept_with_its_nonce() {
	new_test_ext().execute_with(|| {
		let (who, idle) = (at(50), at(51));
		let at_alias = ethereum_account(&alias(&who));
		for account in [&who, &idle, &at_alias] {
			Balances::force_set_balance(RuntimeOrigin::root(), account.clone(), 5).unwrap();
		}
		System::inc_account_nonce(&who);
		assert!(crate::accounts::begin_first_transaction::<Test>(&who));
		assert_eq!(
			Balances::free_balance(&who),
			10,
			"with what lay at its alias"
		);
		System::inc_account_nonce(&who);
		assert!(!crate::accounts::begin_first_transaction::<Test>(&who));
		assert!(!crate::accounts::begin_first_transaction::<Test>(&idle));
		for account in [&who, &idle] {
			Balances::force_set_balance(RuntimeOrigin::root(), account.clone(), 0).unwrap();
		}
		assert!(System::account_exists(&who) && !System::account_exists(&idle));
		assert_eq!(System::account_nonce(&who), 2);
	});
}

#[test]
fn simulation_shows_the_tree_and_keeps_nothing() {
	new_test_ext().execute_with(|| {
		deploy::<Red>(
			&at(1),
			vec![
				Op::Write(0, 1),
				Op::Try(1, call(&at(2))),
				Op::Call(call(&at(3))),
			],
		);
		deploy::<Green>(&at(2), vec![Op::Call(call(&at(3))), Op::Revert(vec![9])]);
		deploy::<Blue>(&at(3), vec![Op::Deposit(5)]);
		let before = polkadot_sdk::sp_io::storage::root(Default::default());
		let simulation = simulate(1, "run()", vec![]);
		assert_eq!(
			polkadot_sdk::sp_io::storage::root(Default::default()),
			before
		);
		assert_eq!(simulation.result, Ok(vec![]));
		let tree: Vec<_> = simulation
			.frames
			.iter()
			.map(|f| (f.index, f.parent, f.contract.clone(), f.error.clone()))
			.collect();
		assert_eq!(
			tree,
			[
				(0, None, at(1), None),
				(1, Some(0), at(2), Some(CallError::Reverted(vec![9]))),
				(2, Some(1), at(3), None),
				(3, Some(0), at(3), None),
			]
		);
		assert_eq!(simulation.frames[0].weight, simulation.weight);
		assert!(simulation.frames[1]
			.weight
			.all_gt(simulation.frames[2].weight));
		let real = run(1).unwrap();
		let base = crate::hop::extrinsic_weight::<Test>(&[]);
		assert_eq!(
			real - base,
			simulation.weight,
			"the real call uses what was foretold"
		);
	});
}

/// What a test traces: extrinsics are closures.
type Step = Box<dyn FnOnce() -> polkadot_sdk::sp_runtime::ApplyExtrinsicResult>;

fn step(f: impl FnOnce() + 'static) -> Step {
	Box::new(|| {
		f();
		Ok(Ok(()))
	})
}

fn trace(number: u64, steps: Vec<Step>, index: u32) -> Result<Trace, TraceError> {
	CrossVm::trace(number, steps, index, || (), |step: Step| step())
}

#[test]
fn trace_shows_every_frame_and_changes_nothing_that_runs() {
	new_test_ext().execute_with(|| {
		deploy::<Red>(
			&at(1),
			vec![Op::Try(1, call(&at(2))), Op::Call(call(&at(3)))],
		);
		deploy::<Green>(&at(2), vec![Op::Call(call(&at(3))), Op::Revert(vec![9])]);
		deploy::<Blue>(&at(3), vec![]);
		let plain = run(1).unwrap();
		let seen = std::rc::Rc::new(std::cell::Cell::new(Weight::zero()));
		let used = seen.clone();
		let steps = vec![
			step(|| assert!(run(2).is_err())),
			step(move || {
				used.set(run(1).unwrap());
				door::<Red>(&alice(), &at(1), 0).unwrap();
			}),
		];
		let trace = trace(2, steps, 1).expect("it is there");
		assert_eq!(seen.get(), plain, "whoever is watched does the same");
		assert!(!trace.truncated);
		let frames: Vec<_> = (trace.frames.iter())
			.map(|f| {
				(
					f.depth,
					f.kind,
					f.frame,
					f.contract.clone(),
					f.error.is_some(),
				)
			})
			.collect();
		let below = |kind| {
			[
				(0, kind, 0, at(1), false),
				(1, FrameKind::Hop, 1, at(2), true),
				(2, FrameKind::Hop, 2, at(3), false),
				(1, FrameKind::Hop, 3, at(3), false),
			]
		};
		assert_eq!(
			frames,
			[below(FrameKind::Hop), below(FrameKind::Entry)].concat()
		);
		let [outer, refused, inner, ..] = &trace.frames[..] else {
			panic!("there are eight")
		};
		let base = crate::hop::extrinsic_weight::<Test>(&[]);
		assert_eq!(outer.weight + base, plain);
		assert!(refused.weight.all_gt(inner.weight));
		assert_eq!(
			(refused.vm, &refused.output[..]),
			(Some(VmId(102)), &[9][..])
		);
		assert_eq!(refused.signature, b"run()");
		assert_eq!(
			refused.error,
			Some(CallError::Reverted(vec![])),
			"its data is the output"
		);
		assert!(!crate::stack::is_watched());
	});
}

#[test]
fn trace_of_what_is_not_there_says_so() {
	new_test_ext().execute_with(|| {
		assert_eq!(
			trace(3, vec![step(|| ())], 0),
			Err(TraceError::NotTheParent)
		);
		assert_eq!(
			trace(2, vec![step(|| ())], 1),
			Err(TraceError::IndexOutOfRange)
		);
		let error = InvalidTransaction::Stale.into();
		let stale: Step = Box::new(|| Err(InvalidTransaction::Stale.into()));
		let expected = TraceError::Invalid { index: 0, error };
		assert_eq!(trace(2, vec![stale], 0), Err(expected));
		let nothing = trace(2, vec![step(|| ())], 0);
		assert_eq!(nothing.map(|trace| trace.frames), Ok(vec![]));
		// A watcher that is not asked for is not left behind.
		assert!(!crate::stack::is_watched());
	});
}

#[test]
fn receipt_commits_to_every_log_that_was_kept() {
	new_test_ext().execute_with(|| {
		deploy::<Red>(
			&at(1),
			vec![
				Op::Log(1),
				Op::Try(1, call(&at(3))),
				Op::Call(call(&at(2))),
				Op::Logs(vec![3, 4]),
			],
		);
		deploy::<Green>(&at(2), vec![Op::Logs(vec![]), Op::Log(2)]);
		deploy::<Green>(&at(3), vec![Op::Log(9), Op::Revert(vec![])]);
		assert_ok!(run(1));
		let kept = [(101, 1, 1u8), (102, 2, 2), (101, 1, 3), (101, 1, 4)];
		let leaves = kept.map(|(vm, contract, data)| {
			let frame = u32::from(contract == 2) * 2;
			let log = trivium_receipts::Log {
				vm,
				contract: at(contract).into(),
				frame,
				topics: vec![],
				data: vec![data],
			};
			log.leaf::<Software>()
		});
		let receipt = &receipts()[0];
		assert_eq!(receipt.log_count, 4);
		assert_eq!(receipt.logs_root.0, tree::root::<Software>(&leaves));
		let logged: Vec<u8> = logs().into_iter().map(|(.., data)| data[0]).collect();
		assert_eq!(logged, [1, 2, 3, 4]);
	});
}

#[test]
fn receipt_of_what_someone_above_rolled_back_says_failure() {
	new_test_ext().execute_with(|| {
		deploy::<Red>(&at(1), vec![Op::Log(1), Op::Increment(0)]);
		crate::receipts::hold();
		assert_ok!(run(1));
		let undone = with_transaction(|| {
			assert_ok!(run(1));
			assert_ok!(door::<Red>(&alice(), &at(1), 0));
			TransactionOutcome::Rollback(Ok::<_, DispatchError>(()))
		});
		assert_ok!(undone);
		assert_ok!(run(1));
		assert!(run(9).is_err());
		assert_eq!(receipts(), [], "nobody knows before the fee is settled");
		crate::receipts::publish_pending::<Test>();

		let seen: Vec<(bool, bool)> = receipts()
			.iter()
			.map(|receipt| (receipt.success, receipt.log_count == 0))
			.collect();
		let (kept, undone) = ((true, false), (false, true));
		let nothing = H256(sp_io::hashing::keccak_256(&[]));
		assert_eq!(
			receipts()[1].output,
			nothing,
			"what it returned was taken back"
		);
		assert_eq!(seen, [kept, undone, undone, kept, undone]);
		assert_eq!((logs().len(), value_of(&at(1), 0)), (2, 2));
		assert!(!crate::Kept::<Test>::exists());

		// Memory is empty again: the next extrinsic counts anew.
		System::reset_events();
		crate::receipts::hold();
		assert_ok!(run(1));
		crate::receipts::publish_pending::<Test>();
		assert!(receipts()[0].success);
		// Where nobody pays the receipt goes with what it tells of.
		System::reset_events();
		let undone = with_transaction(|| {
			assert_ok!(run(1));
			assert_eq!(receipts().len(), 1);
			TransactionOutcome::Rollback(Ok::<_, DispatchError>(()))
		});
		assert_ok!(undone);
		assert_eq!(receipts(), []);
	});
}

#[test]
#[cfg_attr(
	debug_assertions,
	should_panic(expected = "no time for so many receipts")
)]
fn block_keeps_no_more_receipts_than_it_can_hold() {
	new_test_ext().execute_with(|| {
		deploy::<Red>(&at(1), vec![]);
		crate::ReceiptTree::<Test>::put(crate::Tree {
			count: crate::MAX_RECEIPTS_PER_BLOCK - 1,
			roots: vec![[7; 32]; 18],
		});
		assert_ok!(run(1));
		assert_ok!(run(1));
		assert_eq!(receipts().len(), 1);
		let count = crate::ReceiptTree::<Test>::get().count;
		assert_eq!(count, crate::MAX_RECEIPTS_PER_BLOCK);
		CrossVm::on_finalize(1);
		assert!(!crate::ReceiptTree::<Test>::exists());
	});
}

#[test]
fn events_are_paid_for_byte_by_byte_before_they_are_deposited() {
	new_test_ext().execute_with(|| {
		let returns = |text: Vec<u8>| {
			deploy::<Green>(
				&at(2),
				vec![Op::Log(1), Op::Return(vec![Value::Text(text)])],
			);
			simulate(2, "run()->(string)", vec![]).weight.ref_time()
		};
		let (short, long) = (returns(vec![b'x'; 100]), returns(vec![b'x'; 1_100]));
		assert!(long - short >= 1_000 * EVENT_BYTE_REF_TIME);
		// What cannot be paid for is not there, and neither is the call.
		let called = |ref_time| {
			CrossVm::call(
				frame_system::RawOrigin::Signed(alice()).into(),
				at(2).into(),
				0,
				b"run()->(string)".to_vec().try_into().unwrap(),
				Vec::new(),
				CallLimit { ref_time, ..LIMIT },
			)
			.map_err(|error| error.error)
		};
		System::reset_events();
		assert_eq!(called(long - 1), Err(Error::<Test>::OutOfGas.into()));
		assert_eq!(logs(), []);
		assert_ok!(called(long));

		// As deposited, no event is longer than what is paid for it.
		for record in System::events() {
			let len = record.encoded_size();
			match record.event {
				RuntimeEvent::CrossVm(Event::Log { topics, data, .. }) => {
					assert!(len <= log_event_len_bytes(topics.len(), data.len()));
				}
				RuntimeEvent::CrossVm(Event::Called { results, .. }) => {
					assert!(len <= crate::hop::CALLED_EVENT_BYTES + results.encoded_size());
				}
				_ => {}
			}
		}
	});
}

#[test]
fn every_outermost_call_yields_a_receipt_in_the_digest() {
	new_test_ext().execute_with(|| {
		deploy::<Red>(&at(1), vec![Op::Log(1), Op::Call(call(&at(2)))]);
		deploy::<Green>(&at(2), vec![Op::Log(2)]);
		assert_ok!(run(1));
		assert_ok!(run(2));
		let receipts = receipts();
		assert_eq!(receipts.len(), 2);
		assert_eq!(
			(receipts[0].vm, receipts[0].contract.clone()),
			(VmId(101), at(1))
		);
		assert!(receipts.iter().all(|receipt| receipt.success));
		assert_ne!(receipts[0].logs_root, receipts[1].logs_root);
		assert_eq!(
			TransactionsEnded::get(),
			6,
			"three engines, two transactions"
		);
		assert_eq!(CrossVm::receipts(), receipts);

		CrossVm::on_finalize(1);
		let header = generic::Header::<u32, BlakeTwo256> {
			parent_hash: H256([1; 32]),
			number: 1,
			state_root: H256([2; 32]),
			extrinsics_root: H256([3; 32]),
			digest: System::digest(),
		};
		let (hash, bytes) = (header.hash().0, header.encode());
		for (index, receipt) in (0u32..).zip(&receipts) {
			let proof = CrossVm::prove_receipt(index).expect("there is such a receipt");
			assert_eq!((&proof.receipt, proof.count), (receipt, 2));
			let siblings: Vec<_> = proof.siblings.iter().map(|sibling| sibling.0).collect();
			let sealed = receipt.sealed(proof.chain, proof.block);
			let checked = trivium_receipts::verify(&hash, &bytes, &sealed, &siblings);
			assert_eq!(checked, Ok(()));

			// Its logs are those between it and the receipt before.
			let logs = &proof.logs;
			let data: Vec<u8> = logs.iter().map(|log| log.data[0]).collect();
			assert_eq!(data, [vec![1, 2], vec![2]][index as usize]);

			let other = sealed_with(&sealed, |other| other.success = false);
			let checked = trivium_receipts::verify(&hash, &bytes, &other, &siblings);
			assert_eq!(
				checked,
				Err(trivium_receipts::Error::Proof(ProofError::WrongRoot))
			);
		}
		assert_eq!(CrossVm::prove_receipt(2), None);
		// Taken: the next block starts afresh.
		CrossVm::on_finalize(2);
		assert_eq!(System::digest().logs.len(), 1);
	});
}

#[test]
fn expensive_transcoding_is_paid_for_before_it_is_done() {
	new_test_ext().execute_with(|| {
		deploy::<Red>(&at(2), vec![]);
		let none = vec![Value::Maybe(None)];
		let cheap = simulate(2, "run(option<u8>)", none.clone());
		let dear = simulate(2, "run(option<u8[32767]>)", none);
		assert!(dear.weight.ref_time() > cheap.weight.ref_time() + 1_000_000_000);
		let boxed = Value::Maybe(Some(Box::new(Value::Uint(1.into()))));
		assert_eq!(
			simulate(2, "run(option<u8>)", vec![boxed]).result,
			Ok(vec![])
		);
	});
}

#[test]
fn error_variants_map_one_to_one() {
	let pairs = [
		(CallError::Reverted(vec![]), Error::<Test>::Reverted),
		(CallError::OutOfGas, Error::OutOfGas),
		(CallError::NotFound, Error::NotFound),
		(
			CallError::BadEncoding(EncodingError::Count),
			Error::BadEncoding,
		),
		(CallError::VmDisabled(1), Error::VmDisabled),
		(CallError::FeatureDisabled(1), Error::FeatureDisabled),
		(CallError::ReentrancyDenied, Error::ReentrancyDenied),
		(CallError::DepthExceeded, Error::DepthExceeded),
		(CallError::ReadOnly, Error::ReadOnly),
		(CallError::InsufficientBalance, Error::InsufficientBalance),
		(CallError::Engine(1), Error::Engine),
	];
	for (position, (from, to)) in pairs.into_iter().enumerate() {
		let code = from.encode()[0];
		assert_eq!(usize::from(code), position);
		assert_eq!(DispatchError::from(Error::<Test>::from(from)), to.into());
	}
}
