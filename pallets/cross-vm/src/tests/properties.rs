//! Random worlds of contracts that call each other, write, pay, log, fail and come back, compared with a model of a
//! page: what stays, and that nothing else does.

use std::collections::BTreeMap;

use polkadot_sdk::frame_support::traits::fungible::Mutate;
use proptest::{collection::vec, prelude::*};
use trivium_primitives::Balance;

use super::*;
use crate::{DepositTaken, Kept, LogTree};

/// Contracts of a world; the machine of each follows from its number.
const CONTRACTS: u8 = 6;
/// Keys of a contract.
const KEYS: u8 = 3;
/// What each contract has at first, planck.
const ENDOWMENT: Balance = 20;
/// Calls between contracts that a world may come to; beyond that the meter could be the reason.
const MOST_CALLS: u32 = 150;
/// More than any of these worlds needs.
const AMPLE: CallLimit = CallLimit {
	ref_time: 1_000_000_000_000_000,
	proof_size: 1_000_000_000_000,
	deposit: Some(100_000),
};

/// What a contract does, one after the other.
#[derive(Clone, Debug)]
enum Step {
	Write(u8, u8),
	Log(u8),
	Deposit(Balance),
	Revert,
	/// A failure of the callee is the caller's.
	Call(Callee),
	/// A failure of the callee is a number under a key.
	Try(u8, Callee),
}

/// Whom to call, and how.
#[derive(Clone, Copy, Debug)]
struct Callee {
	target: u8,
	value: Balance,
	allow_reentry: bool,
	read_only: bool,
}

type World = Vec<Vec<Step>>;

fn callee() -> impl Strategy<Value = Callee> {
	let value = prop_oneof![3 => Just(0), 1 => 1..30u128];
	let flags = (any::<bool>(), prop::bool::weighted(0.2));
	// One number more than there are contracts: nobody is there.
	(1..=CONTRACTS + 1, value, flags).prop_map(|(target, value, flags)| Callee {
		target,
		value,
		allow_reentry: flags.0,
		read_only: flags.1,
	})
}

fn step() -> impl Strategy<Value = Step> {
	prop_oneof![
		4 => (0..KEYS, 1..200u8).prop_map(|(key, value)| Step::Write(key, value)),
		2 => any::<u8>().prop_map(Step::Log),
		1 => (1..9u128).prop_map(Step::Deposit),
		1 => Just(Step::Revert),
		3 => callee().prop_map(Step::Call),
		4 => (0..KEYS, callee()).prop_map(|(key, callee)| Step::Try(key, callee)),
	]
}

fn world() -> impl Strategy<Value = World> {
	vec(vec(step(), 0..5), usize::from(CONTRACTS))
}

/// What stays of a transaction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct State {
	/// Values by contract and key.
	values: BTreeMap<(u8, u8), u8>,
	/// Balances by contract; 0 is Alice.
	balances: BTreeMap<u8, Balance>,
	/// Contract and what it logged, in order.
	logs: Vec<(u8, u8)>,
	/// What stands of deposits.
	deposits: Balance,
}

/// The model: a call is a copy of the state that is dropped if the call fails.
struct Model<'a> {
	world: &'a World,
	state: State,
	/// Contracts that are left for others, outermost first, and whether they may be entered again.
	left: Vec<(u8, bool)>,
	calls: u32,
}

impl Model<'_> {
	/// A call by a hop; the number of the error as `Op::Try` has it.
	fn call(&mut self, caller: u8, callee: Callee, read_only: bool) -> Result<(), u8> {
		self.calls += 1;
		let Some(program) = usize::from(callee.target)
			.checked_sub(1)
			.and_then(|at| self.world.get(at))
		else {
			return Err(NOT_FOUND);
		};
		let is_closed = |(left, allows): &(u8, bool)| *left == callee.target && !allows;
		if self.left.len() > usize::try_from(MaxDepth::get()).unwrap() {
			return Err(DEPTH_EXCEEDED);
		}
		if self.left.iter().any(is_closed) {
			return Err(REENTRANCY_DENIED);
		}
		let read_only = read_only || callee.read_only;
		if read_only && callee.value > 0 {
			return Err(READ_ONLY);
		}
		let before = self.state.clone();
		let ended = self.run(caller, callee, read_only, program);
		if ended.is_err() {
			self.state = before;
		}
		ended
	}

	fn run(
		&mut self,
		caller: u8,
		callee: Callee,
		read_only: bool,
		program: &[Step],
	) -> Result<(), u8> {
		let own = callee.target;
		if callee.value > 0 {
			let has = self.state.balances.entry(caller).or_default();
			*has = has.checked_sub(callee.value).ok_or(INSUFFICIENT_BALANCE)?;
			*self.state.balances.entry(own).or_default() += callee.value;
		}
		for step in program {
			if self.calls > MOST_CALLS {
				return Err(0);
			}
			match step {
				Step::Write(..) | Step::Log(_) if read_only => return Err(READ_ONLY),
				Step::Write(key, value) => {
					self.state.values.insert((own, *key), *value);
				}
				Step::Log(data) => self.state.logs.push((own, *data)),
				// What only reads may take nothing.
				Step::Deposit(_) if read_only => return Err(INSUFFICIENT_BALANCE),
				Step::Deposit(amount) => {
					*self.state.balances.get_mut(&0).unwrap() -= amount;
					self.state.deposits += amount;
				}
				Step::Revert => return Err(REVERTED),
				Step::Call(next) => self.leave(own, *next, read_only)?,
				Step::Try(key, next) => {
					let code = self.leave(own, *next, read_only).err().unwrap_or(OK);
					if !read_only {
						self.state.values.insert((own, *key), code);
					}
				}
			}
		}
		Ok(())
	}

	fn leave(&mut self, own: u8, callee: Callee, read_only: bool) -> Result<(), u8> {
		self.left.push((own, callee.allow_reentry));
		let ended = self.call(own, callee, read_only);
		self.left.pop();
		ended
	}
}

const NOT_FOUND: u8 = 3;
const DEPTH_EXCEEDED: u8 = 8;

fn op(step: &Step) -> Op {
	let bridged = |callee: &Callee| {
		let mut flags = 0;
		if callee.allow_reentry {
			flags |= CallFlags::ALLOW_REENTRY;
		}
		if callee.read_only {
			flags |= CallFlags::READ_ONLY;
		}
		Call {
			value: callee.value,
			flags,
			..call(&at(callee.target))
		}
	};
	match step {
		Step::Write(key, value) => Op::Write(*key, *value),
		Step::Log(data) => Op::Log(*data),
		Step::Deposit(amount) => Op::Deposit(*amount),
		Step::Revert => Op::Revert(vec![1]),
		Step::Call(callee) => Op::Call(bridged(callee)),
		Step::Try(key, callee) => Op::Try(*key, bridged(callee)),
	}
}

fn build(world: &World) {
	for (contract, program) in (1u8..).zip(world) {
		let ops = program.iter().map(op).collect();
		match contract % 3 {
			0 => deploy::<Red>(&at(contract), ops),
			1 => deploy::<Green>(&at(contract), ops),
			_ => deploy::<Blue>(&at(contract), ops),
		}
		let endowed = <Balances as Mutate<_>>::mint_into(&at(contract), ENDOWMENT);
		assert_ok!(endowed);
	}
}

/// What there is, as the model says it.
fn observed() -> State {
	let mut state = State::default();
	for contract in 1..=CONTRACTS {
		for key in 0..KEYS {
			let value = value_of(&at(contract), key);
			if value != 0 {
				state.values.insert((contract, key), value);
			}
		}
		state
			.balances
			.insert(contract, Balances::free_balance(at(contract)));
	}
	state.balances.insert(0, Balances::free_balance(alice()));
	state.deposits = Balances::free_balance(bank()) - 1;
	state.logs = System::events()
		.into_iter()
		.filter_map(|record| match record.event {
			RuntimeEvent::CrossVm(Event::Log { contract, data, .. }) => {
				let bytes: &[u8] = contract.as_ref();
				Some((bytes[0], data[0]))
			}
			_ => None,
		})
		.collect();
	state
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(1_500))]

	/// Atomicity, order of logs, re-entrancy, read-only, depth, value and deposits, all at once.
	#[test]
	fn random_worlds_end_as_the_model_says(world in world(), first in 1..=CONTRACTS) {
		new_test_ext().execute_with(|| {
			build(&world);
			System::reset_events();
			let issuance = Balances::total_issuance();
			let mut model = Model { world: &world, state: observed(), left: Vec::new(), calls: 0 };
			let callee = Callee { target: first, value: 0, allow_reentry: false, read_only: false };
			let expected = model.call(0, callee, false);
			prop_assume!(model.calls <= MOST_CALLS);
			model.state.values.retain(|_, value| *value != 0);

			// As within an extrinsic, whose receipts appear when its fee is settled.
			crate::receipts::hold();
			let ended = run_with(first, AMPLE);
			prop_assert_eq!(ended.is_ok(), expected.is_ok(), "{:?} {:?}", ended, expected);
			prop_assert_eq!(observed(), model.state);
			prop_assert_eq!(Balances::total_issuance(), issuance);
			crate::receipts::publish_pending::<Test>();
			// Nothing that is for the transaction outlives it.
			prop_assert_eq!(DepositTaken::<Test>::get(), 0);
			prop_assert!(!LogTree::<Test>::exists());
			prop_assert!(Kept::<Test>::get().is_empty());
			let receipts = receipts();
			prop_assert_eq!(receipts.len(), 1);
			prop_assert_eq!(receipts[0].success, expected.is_ok());
			Ok(())
		})?;
	}
}
