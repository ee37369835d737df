//! Code that has been translated in this block already: nothing may show but time.

use polkadot_sdk::frame_support::{assert_ok, weights::Weight};

use super::{
	script::{contract, CallWith, Script},
	*,
};
use crate::{cache, live, module::MAX_STACK_BYTES, translation::memory_of};

/// The script contract, made longer, and another one for each number.
fn long_contract(number: u8, bytes: usize) -> Vec<u8> {
	let mut code = contract(true);
	// A custom section: id, length, name, content.
	let mut content = vec![1, b'n', number];
	content.resize(bytes.saturating_sub(code.len() + 8), 0);
	code.push(0);
	let mut len = content.len();
	loop {
		let low = (len & 0x7F) as u8;
		len >>= 7;
		code.push(if len > 0 { low | 0x80 } else { low });
		if len == 0 {
			break;
		}
	}
	code.extend(content);
	code
}

fn make(number: u8, bytes: usize) -> AccountId {
	let code = Code::Upload(long_contract(number, bytes));
	let made = instantiate_with(code, 0, Vec::new(), &[number]);
	made.result.unwrap().account_id
}

/// Calls in some order of contracts that call each other, with what each came to.
fn run(forget: impl Fn(usize)) -> Vec<(Weight, Weight, Result<Vec<u8>, DispatchError>)> {
	cache::clear();
	new_test_ext().execute_with(|| {
		let contracts = (0..6)
			.map(|number| make(number, 20_000))
			.collect::<Vec<_>>();
		let mut seed = 5u64;
		let mut random = |below: usize| {
			seed = seed
				.wrapping_mul(6364136223846793005)
				.wrapping_add(1442695040888963407);
			(seed >> 33) as usize % below
		};
		(0..60)
			.map(|round| {
				forget(round);
				let inner = Script::default()
					.stores(round as u8, &[7; 9])
					.returns(b"in");
				let middle = Script::default()
					.calls(&contracts[random(6)], &inner, CallWith::default())
					.returns_result();
				let script = match random(4) {
					0 => Script::default().traps(),
					1 => Script::default().loads(1).returns(b"out"),
					_ => Script::default()
						.calls(&contracts[random(6)], &middle, CallWith::default())
						.returns_result(),
				};
				let done = call_as(ALICE, &contracts[random(6)], script.encode());
				(
					done.gas_consumed,
					done.gas_required,
					done.result.map(|it| it.data),
				)
			})
			.collect()
	})
}

#[test]
fn cost_and_answer_do_not_depend_on_what_has_been_translated() {
	let kept = run(|_| {});
	assert!(kept.iter().any(|(_, _, result)| result.is_ok()));
	// As an author runs them, and with everything in between.
	assert_eq!(run(|_| cache::clear()), kept);
	assert_eq!(
		run(|round| if round % 7 == 3 {
			cache::clear()
		}),
		kept
	);
}

#[test]
fn contract_whose_module_is_dropped_while_it_runs_goes_on() {
	new_test_ext().execute_with(|| {
		let [one, two] = [1, 2].map(|number| make(number, 20_000));
		answer(|_| {
			cache::clear();
			trivium_primitives::CallOutcome {
				used: Weight::zero(),
				deposit: 0,
				result: Ok(Vec::new()),
			}
		});
		let hops = Script::default()
			.hops(&super::frames::hop_input())
			.stores(1, &[1])
			.returns(b"in");
		let script = Script::default()
			.calls(&two, &hops, CallWith::default())
			.stores(2, &[2])
			.returns_result();
		assert_ok!(call_as(ALICE, &one, script.encode()).result);
	});
}

#[test]
fn frames_hold_no_more_memory_together_than_there_is() {
	const BYTES: usize = 120 * 1024;
	MaxFrames::set(32);
	new_test_ext().execute_with(|| {
		let contracts = (0..9).map(|number| make(number, BYTES)).collect::<Vec<_>>();
		let chain = |of: &[AccountId]| {
			let end = Script::default().returns(b"end");
			let (first, rest) = of.split_first().unwrap();
			let script = rest.iter().rev().fold(end, |script, target| {
				Script::default()
					.calls(target, &script, CallWith::default())
					.returns_result()
			});
			call_as(ALICE, first, script.encode())
				.result
				.is_ok_and(|output| output.data.ends_with(b"end"))
		};
		let each = memory_of(BYTES as u32) + 16 * 64 * 1024 + MAX_STACK_BYTES;
		let room = live::MAX_BYTES / each;
		assert!((6..9).contains(&room), "{room}");
		assert!(chain(&contracts[..room]));
		assert!(!chain(&contracts[..room + 1]));
		// The same code counts once, so that a contract may be in itself more often.
		let again = vec![contracts[0].clone(); 20];
		assert!(chain(&again));
		assert!(!chain(&vec![contracts[0].clone(); 33]));
	});
	MaxFrames::set(6);
}
