//! What a trace may cost, when there is none, and that it changes nothing.

use super::*;
use crate::trace::{CallTrace, StructTrace, MAX_STRUCT_LOGS, MAX_TRACE_BYTES};
use codec::{Decode, Encode};
use polkadot_sdk::{
	frame_support::{dispatch::DispatchClass, storage::with_transaction_unchecked},
	sp_runtime::{transaction_validity::InvalidTransaction, TransactionOutcome},
	sp_weights::Weight,
};
use proptest::prelude::*;

fn all_tracers() -> Vec<Tracer> {
	let steps = StructLogger {
		enable_memory: true,
		enable_return_data: true,
		..Default::default()
	};
	let diff = PrestateTracer {
		diff_mode: true,
		..Default::default()
	};
	vec![
		CALLS,
		CALLS_WITH_LOGS,
		Tracer::StructLog(Default::default()),
		Tracer::StructLog(steps),
		Tracer::Prestate(Default::default()),
		Tracer::Prestate(diff),
	]
}

fn calls_of(trace: Trace) -> CallTrace {
	match trace {
		Trace::Call(calls) => calls,
		other => panic!("{other:?}"),
	}
}

fn steps_of(trace: Trace) -> StructTrace {
	match trace {
		Trace::StructLog(steps) => steps,
		other => panic!("{other:?}"),
	}
}

/// Calls itself as long as there is gas, in a frame within each frame.
const DEEP: &str = "0 0 0 0 0 ADDRESS GAS CALL POP";

#[test]
fn traced_run_is_the_same_as_an_untraced_one() {
	test(|| {
		let inner = deploy("CALLVALUE 0 SSTORE GAS 1 SSTORE 0xBB 0 MSTORE8 8 1 0 LOG1");
		let failing = deploy("GAS 2 SSTORE 0 0 REVERT");
		let contract = deploy(&format!(
			"{TO_BRIDGE} 3 SSTORE {} {} 0 0 0 CREATE 4 SSTORE \
			7 0 MSTORE 32 0 32 0 2 GAS STATICCALL 5 SSTORE GAS 6 SSTORE 0 SLOAD 0 SSTORE",
			calls(failing, 90_000, "CALL"),
			calls(inner, 90_000, "DELEGATECALL"),
		));
		set_foreign(move |call| {
			let outcome = nested_with(&wasm(), inner, vec![1], 0, call.read_only);
			outcome.result
		});
		let input = bridge_call(&wasm(), "f()", &[], 0);
		let run = || {
			let result = call_with(&alice(), contract, input.clone(), 0, GAS);
			let weight = result.expect("succeeds").actual_weight;
			(weight, logs(), canonical_logs(), root())
		};
		let before = root();
		let traced: Vec<_> = all_tracers()
			.into_iter()
			.map(|tracer| {
				let (trace, seen) = Evm::traced(tracer, &mut budget(), run);
				assert!(trace.is_some());
				assert_eq!(root(), before);
				seen
			})
			.collect();
		// In a layer, which is counted in storage.
		let untraced = with_transaction_unchecked(|| TransactionOutcome::Rollback(run()));
		for seen in traced {
			assert_eq!(seen, untraced);
		}
	});
}

/// Pieces of programs: mostly small numbers and instructions that take them.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
	let piece = prop_oneof![
		3 => any::<u8>().prop_map(|byte| vec![0x60, byte]),
		1 => Just(vec![0x5F]),
		1 => Just(asm("0 0 0 0 0 ADDRESS 30000 CALL")),
		1 => Just(asm("0 0 0 0 CALLER GAS DELEGATECALL")),
		1 => Just(asm("0 0 1 0x0801 9000 0 0 0x0801 9000 CALL")),
		1 => Just(asm("CODESIZE 0 0 CODECOPY CODESIZE 0 0 CREATE")),
		4 => any::<u8>().prop_map(|opcode| vec![opcode]),
	];
	proptest::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(128))]
	#[test]
	fn any_program_runs_the_same_whether_traced_or_not(
		code in pieces(),
		input in proptest::collection::vec(any::<u8>(), 0..40),
		value in 0u128..3,
	) {
		test(|| {
			set_foreign(|_| Err(trivium_primitives::CallError::NotFound));
			let Ok(contract) = create(deployer(&code)) else {
				return;
			};
			let run = || Evm::simulate_call(alice(), contract, input.clone(), value, Some(300_000));
			let untraced = run();
			for tracer in all_tracers() {
				let (trace, traced) = Evm::traced(tracer, &mut budget(), run);
				assert_eq!(traced, untraced);
				let trace = trace.expect("it ran");
				assert_eq!(Trace::decode(&mut &trace.encode()[..]), Ok(trace.clone()));
				serde_json::to_string(&trace).expect("a trace is JSON");
				match trace {
					Trace::Call(calls) => {
						assert_eq!(calls.frames[0].gas_used, untraced.gas_used);
						assert_eq!(calls.frames[0].error.is_some(), untraced.result.is_err());
					}
					Trace::StructLog(steps) => {
						assert_eq!(steps.gas, untraced.gas_used);
						assert_eq!(steps.failed, untraced.result.is_err());
					}
					Trace::StateDiff(diff) if untraced.result.is_err() => {
						assert!(diff.pre.is_empty() && diff.post.is_empty());
					}
					Trace::Prestate(_) | Trace::StateDiff(_) => {}
				}
			}
		});
	}
}

#[test]
fn nothing_is_traced_once_a_trace_is_done() {
	test(|| {
		let contract = deploy("1 0 SSTORE");
		trace(contract, vec![], CALLS);
		assert!(!crate::trace::begin());
		call(contract, vec![]).expect("succeeds");
		let (none, _) = Evm::traced(CALLS, &mut budget(), || ());
		assert_eq!(none, None);
	});
}

#[test]
fn call_that_may_not_run_has_no_trace_but_its_reason() {
	test(|| {
		let trace = |gas_limit| {
			let target = Some(H160::repeat_byte(1));
			Evm::trace_call(alice(), target, vec![], 0, Some(gas_limit), CALLS)
		};
		let refused = |failure| Err(TraceError::Refused(failure));
		assert_eq!(trace(u64::MAX), refused(Failure::GasLimitTooHigh));
		assert_eq!(trace(20_999), refused(Failure::GasLimitTooLow));
		assert!(trace(21_000).is_ok());
		let stranger = AccountId::new([0x99; 32]);
		// One that does not exist yet is an empty account.
		assert!(Evm::trace_call(stranger.clone(), None, vec![], 0, None, CALLS).is_ok());
		mock::alias_to(account::alias(&stranger), &alice());
		let unmapped = Evm::trace_call(stranger, None, vec![], 0, None, CALLS);
		assert_eq!(unmapped, refused(Failure::NotMapped));
	});
}

#[test]
fn deepest_trace_does_not_depend_on_the_stack() {
	test(|| {
		BlockGasLimit::set(u64::MAX / 100_000);
		let contract = deploy(DEEP);
		let trace = |tracer| {
			let gas_limit = Some(u64::MAX / 100_000);
			Evm::trace_call(alice(), Some(contract), vec![], 0, gas_limit, tracer).unwrap()
		};
		let calls = calls_of(trace(CALLS));
		assert!(!calls.truncated);
		// The last one is refused.
		assert_eq!(calls.frames.len(), 1_026);
		let last = calls.frames.last().expect("there are frames");
		assert_eq!(last.depth, 1_025);
		assert_eq!(last.error.as_deref(), Some("max call depth exceeded"));
		let text = serde_json::to_string(&calls).expect("a trace is JSON");
		assert_eq!(text.matches("\"calls\":[{").count(), 1_025);
		assert_eq!(text.matches("]").count(), 1_025);

		// Deeper than anything can be: what a stranger may claim costs no stack.
		let mut absurd = calls.clone();
		for (depth, frame) in (0..).zip(absurd.frames.iter_mut()) {
			frame.depth = depth * 1_000;
		}
		let chain = absurd.frames.len() as u32;
		for depth in chain..100_000 {
			let mut frame = absurd.frames[1].clone();
			frame.depth = depth * 1_000;
			absurd.frames.push(frame);
		}
		let text = serde_json::to_string(&absurd).expect("a trace is JSON");
		assert_eq!(text.matches("\"type\":\"CALL\"").count(), 100_000);

		let steps = trace(Tracer::StructLog(StructLogger {
			disable_stack: true,
			..Default::default()
		}));
		let Trace::StructLog(steps) = steps else {
			panic!("are steps")
		};
		assert_eq!(
			steps.struct_logs.iter().map(|log| log.depth).max(),
			Some(1_025)
		);
	});
}

#[test]
fn trace_is_held_to_its_limit_and_says_so() {
	test(|| {
		BlockGasLimit::set(200_000_000);
		let trace = |target, gas_limit, tracer| {
			let trace = Evm::trace_call(alice(), Some(target), vec![], 0, Some(gas_limit), tracer)
				.expect("is traced");
			assert!(trace.encoded_size() < MAX_TRACE_BYTES as usize);
			trace
		};

		// More frames than there is room for.
		let callee = deploy("");
		let spams = deploy(&format!(
			"again: 0 0 4000 0 0 {} GAS CALL POP @again JUMP",
			token(callee)
		));
		let calls = calls_of(trace(spams, 2_000_000, CALLS));
		assert!(calls.truncated && calls.frames.len() > 1_000);
		assert_eq!(serde_json::to_value(&calls).unwrap()["truncated"], true);
		// The frame that made them is whole.
		assert_eq!(calls.frames[0].gas_used, 2_000_000);

		let large = deploy("again: 200000 0 LOG0 @again JUMP");
		let logs = calls_of(trace(large, 200_000_000, CALLS_WITH_LOGS));
		assert!(logs.truncated && logs.frames.len() == 1);

		// Memory at every step, and storage that grows.
		let grows = deploy("0 100000 MSTORE 0 again: DUP1 DUP1 SSTORE 1 ADD @again JUMP");
		let memory = StructLogger {
			enable_memory: true,
			..Default::default()
		};
		for config in [memory, Default::default()] {
			let cut = steps_of(trace(grows, 20_000_000, Tracer::StructLog(config)));
			assert!(cut.truncated && cut.struct_logs.len() > 100);
		}

		// More steps than are told at most.
		let idle = deploy("again: GAS POP @again JUMP");
		let bare = StructLogger {
			disable_stack: true,
			limit: u32::MAX,
			..Default::default()
		};
		let cut = steps_of(trace(idle, 400_000, Tracer::StructLog(bare)));
		assert!(cut.truncated);
		assert_eq!(cut.struct_logs.len() as u32, MAX_STRUCT_LOGS);
		assert_eq!(cut.gas, 400_000);
	});
}

#[test]
fn budget_gives_nothing_once_it_was_too_small() {
	let mut left = budget();
	assert!(left.take(MAX_TRACE_BYTES as usize - 1));
	assert!(!left.is_cut());
	assert!(!left.take(2));
	assert!(left.is_cut());
	assert!(!left.take(1));
	assert!(!budget().take(usize::MAX));
}

#[test]
fn extrinsic_of_a_block_is_traced_on_those_before_it() {
	test(|| {
		// Returns how often it was called.
		let contract = deploy("0 SLOAD 1 ADD DUP1 0 SSTORE 0 MSTORE 32 0 RETURN");
		let before = root();
		let apply = |kind: &str| match kind {
			"call" => Ok(call(contract, vec![])
				.map(|_| ())
				.map_err(|error| error.error)),
			"fails" => Ok(call_with(&alice(), contract, vec![], 0, 21_000)
				.map(|_| ())
				.map_err(|error| error.error)),
			"idle" => Ok(Ok(())),
			_ => Err(InvalidTransaction::Stale.into()),
		};
		let trace = |block: &[&'static str], index| {
			with_transaction_unchecked(|| {
				let trace = Evm::trace_extrinsic(block.to_vec(), index, CALLS, apply);
				TransactionOutcome::Rollback(trace)
			})
		};
		let block = ["idle", "call", "call", "fails", "invalid", "call"];
		for (index, returned) in [(1, 1), (2, 2)] {
			let trace = trace(&block, index).expect("is traced");
			assert_eq!(json(&trace)["output"], full(returned));
		}
		assert_eq!(json(&trace(&block, 3).unwrap())["error"], "out of gas");
		assert_eq!(trace(&block, 0), Err(TraceError::NoExecution));
		assert_eq!(trace(&block, 6), Err(TraceError::IndexOutOfRange));
		assert_eq!(trace(&[], 0), Err(TraceError::IndexOutOfRange));
		assert_eq!(trace(&block, u32::MAX), Err(TraceError::IndexOutOfRange));
		for index in [4, 5] {
			let error = InvalidTransaction::Stale.into();
			assert_eq!(
				trace(&block, index),
				Err(TraceError::Invalid { index: 4, error })
			);
		}
		assert_eq!(root(), before);

		let traces = Evm::trace_extrinsics(block[..4].to_vec(), CALLS, apply).expect("is traced");
		let told: Vec<_> = traces
			.iter()
			.map(|(index, trace)| (*index, json(trace)["output"].clone()))
			.collect();
		let expected = [(1, json!(full(1))), (2, json!(full(2))), (3, Value::Null)];
		assert_eq!(told, expected);
		assert_eq!(slot(contract, 0), 2.into());
	});
}

#[test]
fn block_that_was_full_has_room_when_it_is_traced() {
	test(|| {
		let fills = |weight: Weight| {
			assert_eq!(System::block_weight().total(), Weight::zero());
			System::register_extra_weight_unchecked(weight, DispatchClass::Normal);
			Ok(Ok(()))
		};
		let block = || vec![Weight::MAX; 3];
		let traced = Evm::trace_extrinsic(block(), 2, CALLS, fills);
		assert_eq!(traced, Err(TraceError::NoExecution));
		assert_eq!(
			Evm::trace_extrinsics(block(), CALLS, |_| fills(Weight::MAX)),
			Ok(vec![])
		);
	});
}

#[test]
fn block_runs_only_on_its_parent() {
	test(|| {
		assert_eq!(Evm::ensure_next(2), Ok(()));
		for number in [0, 1, 3] {
			assert_eq!(Evm::ensure_next(number), Err(TraceError::NotTheParent));
		}
	});
}

#[test]
fn traces_and_tracers_survive_encoding() {
	test(|| {
		let contract = deploy("1 0 SSTORE 0 0 LOG0 0 0 REVERT");
		for tracer in all_tracers() {
			assert_eq!(
				Tracer::decode(&mut &tracer.encode()[..]),
				Ok(tracer.clone())
			);
			let trace = Evm::trace_call(alice(), Some(contract), vec![], 0, None, tracer).unwrap();
			assert_eq!(Trace::decode(&mut &trace.encode()[..]), Ok(trace));
		}
	});
}
