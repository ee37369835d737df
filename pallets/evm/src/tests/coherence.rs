//! Journal and storage are one wherever another VM can look, and go back together.

use super::{
	movements::{all_balances, changes, difference},
	*,
};
use crate::storage::{AccountWrite, Flow};
use polkadot_sdk::{frame_support::assert_ok, sp_weights::Weight};
use proptest::prelude::*;
use std::{cell::RefCell, collections::BTreeMap, rc::Rc};
use trivium_primitives::{CallError, Engine};

/// Keeps what was seen while a test ran.
type Seen<V> = Rc<RefCell<Vec<V>>>;

#[test]
fn hop_sees_every_write_made_so_far() {
	test(|| {
		let contract = deploy(&format!(
			"5 1 SSTORE 0 0 LOG0 0 0 0 0 30 {} GAS CALL POP 0 0 0 CREATE POP {TO_BRIDGE} POP",
			token(account::alias(&bob()))
		));
		set_foreign(move |_| {
			assert_eq!(slot(contract, 1), 5.into());
			assert_eq!(logs().len(), 1);
			assert_eq!(balance(&bob()), FUNDS + 30);
			assert_eq!(balance(&contract_account(contract)), 20);
			assert_eq!(Evm::account_info(&contract).nonce, 2);
			Ok(vec![])
		});
		let input = bridge_call(&wasm(), "f()", &[], 0);
		assert_ok!(call_with(&alice(), contract, input, 50, GAS));
		assert_eq!(logs().len(), 1, "and is published once");
	});
}

#[test]
fn contract_made_in_the_transaction_can_be_called_from_another_vm() {
	test(|| {
		// Creates a contract that answers 9, then hops.
		let child = deployer(&asm("9 0 MSTORE 32 0 RETURN"));
		let padded = child
			.iter()
			.map(|byte| format!("{byte:02x}"))
			.collect::<String>();
		let factory = deploy(&format!(
			"0x{padded} 0 MSTORE {} {} 0 CREATE POP {TO_BRIDGE} {PASS_ON}",
			child.len(),
			32 - child.len()
		));
		let address = H160(
			revm::primitives::Address::new(factory.0)
				.create(1)
				.into_array(),
		);
		set_foreign(move |_| {
			assert!(Evm::resolve(&contract_account(address)));
			nested(&wasm(), address, vec![])
		});
		let output = view(factory, bridge_call(&wasm(), "f()", &[], 0));
		assert_eq!(output, crate::abi::encode_bytes(&word(9)));
	});
}

#[test]
fn what_a_hop_changes_is_seen_on_return() {
	test(|| {
		let contract = deploy(&format!(
			"{} BALANCE POP {TO_BRIDGE} POP {} BALANCE 0 SSTORE SELFBALANCE 1 SSTORE",
			token(account::alias(&bob())),
			token(account::alias(&bob()))
		));
		set_foreign(move |_| {
			move_funds(&bob(), &wasm(), 100)?;
			move_funds(&contract_account(contract), &wasm(), 3)?;
			Ok(vec![])
		});
		let input = bridge_call(&wasm(), "f()", &[], 0);
		assert_ok!(call_with(&alice(), contract, vec![], 10, GAS));
		assert_ok!(call(contract, input));
		assert_eq!(slot(contract, 0), (FUNDS - 100).into());
		assert_eq!(slot(contract, 1), 7.into());
	});
}

#[test]
fn caught_failure_of_a_hop_leaves_nothing_of_it_and_all_before_it() {
	test(|| {
		let contract = deploy(&format!(
			"5 0 SSTORE {TO_BRIDGE} 1 SSTORE 6 2 SSTORE 7 3 SSTORE"
		));
		let helper = deploy("9 0 SSTORE 0 0 LOG0");
		set_foreign(move |_| {
			sp_io::storage::set(b"foreign", b"wrote");
			assert_ok!(nested(&wasm(), helper, vec![]));
			assert_eq!(slot(helper, 0), 9.into());
			Err(CallError::Reverted(vec![]))
		});
		assert_ok!(call(contract, bridge_call(&wasm(), "f()", &[], 0)));
		assert_eq!(sp_io::storage::get(b"foreign"), None);
		assert_eq!(slot(contract, 0), 5.into());
		assert_eq!(slot(contract, 1), 0.into());
		assert_eq!(slot(contract, 2), 6.into());
		assert_eq!(slot(contract, 3), 7.into());
		assert_eq!(slot(helper, 0), 0.into());
		assert!(logs().is_empty());
		assert_eq!(canonical_logs(), 0);
	});
}

#[test]
fn frame_that_reverts_takes_back_a_successful_hop_two_levels_up() {
	test(|| {
		let helper = deploy("9 0 SSTORE");
		let hopper = deploy(&format!("4 0 SSTORE {TO_BRIDGE} 1 SSTORE"));
		let hand_on = |to| {
			format!(
				"CALLDATASIZE 0 0 CALLDATACOPY 0 0 CALLDATASIZE 0 0 {} GAS CALL",
				token(to)
			)
		};
		let reverter = deploy(&format!("3 0 SSTORE {} POP 0 0 REVERT", hand_on(hopper)));
		let passer = deploy(&format!("2 0 SSTORE {} 1 SSTORE", hand_on(reverter)));
		let catcher = deploy(&format!(
			"1 0 SSTORE {} 1 SSTORE 8 2 SSTORE",
			hand_on(passer)
		));
		set_foreign(move |_| {
			sp_io::storage::set(b"foreign", b"wrote");
			assert_ok!(nested(&wasm(), helper, vec![]));
			move_funds(&wasm(), &bob(), 5)?;
			Ok(vec![])
		});
		assert_ok!(call(catcher, bridge_call(&wasm(), "f()", &[], 0)));
		for gone in [
			slot(helper, 0),
			slot(hopper, 0),
			slot(hopper, 1),
			slot(reverter, 0),
		] {
			assert_eq!(gone, 0.into());
		}
		assert_eq!(sp_io::storage::get(b"foreign"), None);
		assert_eq!(balance(&bob()), FUNDS);
		assert_eq!((slot(passer, 0), slot(passer, 1)), (2.into(), 0.into()));
		assert_eq!((slot(catcher, 0), slot(catcher, 1)), (1.into(), 1.into()));
		assert_eq!(slot(catcher, 2), 8.into());
	});
}

#[test]
fn same_contract_on_both_sides_of_a_hop_has_one_storage() {
	test(|| {
		// Without calldata: reads slot 0 into slot 1, writes 2 into slot 0. With: writes 1 into slot 0,
		// hops, then adds slots 0 and 1 into slot 2.
		let contract = deploy(&format!(
			"CALLDATASIZE @outer JUMPI 0 SLOAD 1 SSTORE 2 0 SSTORE STOP \
			outer: 1 0 SSTORE {TO_BRIDGE} POP 0 SLOAD 1 SLOAD ADD 2 SSTORE"
		));
		set_foreign(move |_| {
			assert_ok!(nested(&wasm(), contract, vec![]));
			Ok(vec![])
		});
		assert_ok!(call(contract, bridge_call(&wasm(), "f()", &[], 0)));
		assert_eq!(slot(contract, 0), 2.into());
		assert_eq!(slot(contract, 1), 1.into());
		assert_eq!(slot(contract, 2), 3.into());
	});
}

#[test]
fn transient_lock_holds_across_a_hop_and_is_gone_afterwards() {
	test(|| {
		let contract = deploy(&format!(
			"0 TLOAD @locked JUMPI 1 0 TSTORE {TO_BRIDGE} 0 SSTORE 0 0 TSTORE STOP \
			locked: 0 0 REVERT"
		));
		let seen: Seen<bool> = Default::default();
		let sink = seen.clone();
		set_foreign(move |_| {
			sink.borrow_mut()
				.push(nested(&wasm(), contract, vec![]).is_err());
			Ok(vec![])
		});
		let input = bridge_call(&wasm(), "f()", &[], 0);
		assert_ok!(call(contract, input.clone()));
		assert_ok!(call(contract, input));
		assert_eq!(*seen.borrow(), [true, true]);
		assert_eq!(slot(contract, 0), 1.into());
	});
}

#[test]
fn transient_storage_does_not_outlive_its_transaction() {
	test(|| {
		let contract = deploy("0 TLOAD 0 SSTORE 5 0 TSTORE");
		assert_ok!(call(contract, vec![]));
		assert_ok!(call(contract, vec![]));
		assert_eq!(slot(contract, 0), 0.into());
		foreign_transaction(|| {
			assert_ok!(nested(&wasm(), contract, vec![]));
			assert_ok!(nested(&wasm(), contract, vec![]));
		});
		assert_eq!(slot(contract, 0), 5.into(), "both were in one transaction");
	});
}

#[test]
fn warm_set_and_original_values_are_shared_by_all_entries() {
	test(|| {
		let contract = deploy("7 0 SSTORE");
		let used = || {
			nested_with(&wasm(), contract, vec![], 0, false)
				.used
				.ref_time()
		};
		foreign_transaction(|| {
			let cold = used();
			let warm = used();
			// 2600 for the account is not charged at the top; the slot costs 22,100 and then 100.
			assert!(cold - warm > 25_000 * 21_000, "{cold} {warm}");
		});
	});
}

#[test]
fn warmth_gained_in_a_failed_frame_is_lost_with_it() {
	test(|| {
		let reader = deploy("0 SLOAD POP CALLDATASIZE @fail JUMPI STOP fail: 0 0 REVERT");
		let used = |input| {
			nested_with(&wasm(), reader, input, 0, false)
				.used
				.ref_time()
		};
		foreign_transaction(|| {
			used(vec![1]);
			let first = used(vec![]);
			let second = used(vec![]);
			assert_eq!(first - second, 25_000 * 2_000, "cold again, then warm");
		});
	});
}

#[test]
fn layer_that_another_vm_rolls_back_takes_the_evm_with_it() {
	test(|| {
		let store = deploy("CALLDATASIZE 0 SLOAD ADD 0 SSTORE 0 TLOAD 1 ADD 0 TSTORE");
		let peek = deploy("0 TLOAD 0 MSTORE 32 0 RETURN");
		let _ = peek;
		foreign_transaction(|| {
			assert_ok!(nested(&wasm(), store, vec![0; 1]));
			let _ = layered(|| {
				assert_ok!(nested(&wasm(), store, vec![0; 10]));
				assert_ok!(nested(&wasm(), store, vec![0; 20]));
				assert_eq!(slot(store, 0), 31.into());
				Err::<(), _>(CallError::NotFound)
			});
			assert_eq!(slot(store, 0), 1.into());
			assert_ok!(nested(&wasm(), store, vec![0; 2]));
			assert_eq!(slot(store, 0), 3.into());
		});
		assert_eq!(slot(store, 0), 3.into());
	});
}

#[test]
fn transaction_whose_first_evm_call_is_rolled_back_starts_afresh() {
	test(|| {
		let store = deploy("1 0 SLOAD ADD 0 SSTORE 0 TLOAD 1 SSTORE 1 0 TSTORE");
		foreign_transaction(|| {
			let _ = layered(|| {
				assert_ok!(nested(&wasm(), store, vec![]));
				Err::<(), _>(CallError::NotFound)
			});
			assert_ok!(nested(&wasm(), store, vec![]));
		});
		assert_eq!(slot(store, 0), 1.into());
		assert_eq!(
			slot(store, 1),
			0.into(),
			"what was stored for the transaction is gone too"
		);
	});
}

#[test]
fn balance_seen_only_inside_a_rolled_back_layer_is_forgotten() {
	test(|| {
		let asker = deploy(&format!(
			"{} BALANCE 0 MSTORE 32 0 RETURN",
			token(account::alias(&bob()))
		));
		let contract = deploy(&format!(
			"{TO_BRIDGE} POP 0 0 0 0 0 {} GAS CALL POP {} BALANCE 0 SSTORE",
			token(asker),
			token(account::alias(&bob()))
		));
		set_foreign(move |_| {
			let _ = layered(|| {
				move_funds(&wasm(), &bob(), 1_000)?;
				let seen = nested(&wasm(), asker, vec![])?;
				assert_eq!(U256::from_big_endian(&seen), (FUNDS + 1_000).into());
				Err::<(), _>(CallError::NotFound)
			});
			Ok(vec![])
		});
		assert_ok!(call(contract, bridge_call(&wasm(), "f()", &[], 0)));
		assert_eq!(slot(contract, 0), FUNDS.into());
	});
}

#[test]
fn frame_that_runs_out_of_proof_takes_its_hops_back_at_any_depth() {
	test(|| {
		let helper = deploy("9 0 SSTORE 0 0 LOG0");
		// Hops, then reads slots until the proof size is used up.
		let eater = deploy(&format!(
			"1 0 SSTORE {TO_BRIDGE} POP 0 again: DUP1 SLOAD POP 1 ADD @again JUMP"
		));
		let caller = deploy(&format!(
			"2 0 SSTORE CALLDATASIZE 0 0 CALLDATACOPY 0 0 CALLDATASIZE 0 0 {} GAS CALL 1 SSTORE",
			token(eater)
		));
		set_foreign(move |_| {
			sp_io::storage::set(b"foreign", b"wrote");
			assert_ok!(nested(&wasm(), helper, vec![]));
			Ok(vec![])
		});
		let input = bridge_call(&wasm(), "f()", &[], 0);
		// The first frame.
		let before = root();
		assert_fails(call(eater, input.clone()), crate::Error::OutOfProofSize);
		assert_eq!(root(), before);
		// One below it, which its caller survives.
		assert_ok!(call(caller, input.clone()));
		assert_eq!(slot(caller, 0), 2.into());
		assert_eq!(slot(caller, 1), 0.into());
		assert_eq!(slot(eater, 0), 0.into());
		assert_eq!(slot(helper, 0), 0.into());
		assert_eq!(sp_io::storage::get(b"foreign"), None);
		assert!(logs().is_empty());

		// Below another VM, which goes on afterwards.
		foreign_transaction(|| {
			assert_ok!(nested(&wasm(), helper, vec![]));
			let outcome = nested_with(&wasm(), eater, input, 0, false);
			assert_eq!(outcome.result, Err(CallError::OutOfGas));
			assert_eq!(slot(eater, 0), 0.into());
			assert_eq!(sp_io::storage::get(b"foreign"), None);
			assert_ok!(nested(&wasm(), helper, vec![]));
		});
		assert_eq!(slot(helper, 0), 9.into());
		assert_eq!(logs().len(), 2);
	});
}

#[test]
fn constructor_can_hop_and_be_called_back() {
	test(|| {
		// Creation code: writes a slot, hops, deploys STOP.
		let data = bridge_call(&wasm(), "f()", &[], 0);
		let stores: String = data
			.chunks(32)
			.enumerate()
			.map(|(at, chunk)| {
				let mut chunk = chunk.to_vec();
				chunk.resize(32, 0);
				let hex: String = chunk.iter().map(|byte| format!("{byte:02x}")).collect();
				format!("0x{hex} {} MSTORE ", at * 32)
			})
			.collect();
		let code = asm(&format!(
			"5 0 SSTORE {stores} 0 0 {} 0 0 0x0801 GAS CALL 1 SSTORE 0 0 MSTORE 1 0 RETURN",
			data.len()
		));
		let creator = revm::primitives::Address::new(account::alias(&alice()).0);
		let address = H160(creator.create(0).into_array());
		set_foreign(move |call| {
			assert_eq!(call.caller, contract_account(address));
			assert_eq!(slot(address, 0), 5.into());
			assert!(!Evm::resolve(&call.caller), "it has no code yet");
			assert_eq!(Evm::account_info(&address).nonce, 1);
			Ok(vec![])
		});
		assert_eq!(create(code), Ok(address));
		assert_eq!(slot(address, 1), 1.into());
		assert_eq!(Evm::code_at(&address), [0]);
		assert_eq!(System::providers(&contract_account(address)), 1);
	});
}

#[test]
fn nested_executions_share_one_limit_of_memory() {
	test(|| {
		BlockGasLimit::set(1 << 40);
		let half = crate::MEMORY_LIMIT_BYTES / 2;
		let greedy = deploy(&format!("1 {} MSTORE", half - 32));
		let greedier = deploy(&format!("1 {} MSTORE", half + 4_096));
		let contract = deploy(&format!("{TO_BRIDGE} 1 {half} MSTORE {TO_BRIDGE} POP STOP"));
		let seen: Seen<bool> = Default::default();
		let sink = seen.clone();
		set_foreign(move |_| {
			for target in [greedy, greedier] {
				let result = layered(|| {
					<Evm as Engine>::call(trivium_primitives::EngineCall {
						caller: wasm(),
						payer: alice(),
						target: contract_account(target),
						value: 0,
						input: vec![],
						limit: PLENTY,
						deposit_limit: 0,
						read_only: false,
					})
					.result
				});
				sink.borrow_mut().push(result.is_ok());
			}
			Ok(vec![])
		});
		let input = bridge_call(&wasm(), "f()", &[], 0);
		assert_ok!(call_with(&alice(), contract, input, 0, 1 << 40));
		assert_eq!(*seen.borrow(), [true, true, false, false]);
	});
}

#[test]
fn contract_destructed_below_a_hop_is_removed_at_the_end() {
	test(|| {
		let to = token(account::alias(&bob()));
		// Makes a child that destructs itself when called, tells nobody, hops, and ends.
		let child = deployer(&asm(&format!("1 0 SSTORE {to} SELFDESTRUCT")));
		let hex = child
			.iter()
			.map(|byte| format!("{byte:02x}"))
			.collect::<Vec<_>>();
		let (head, tail) = hex.split_at(hex.len().min(32));
		let tail_len = tail.len();
		let factory = deploy(&format!(
			"0x{} 0 MSTORE 0x{}{} 32 MSTORE {} 0 0 CREATE POP {TO_BRIDGE} POP",
			head.concat(),
			tail.concat(),
			"00".repeat(32 - tail_len),
			child.len()
		));
		let address = H160(
			revm::primitives::Address::new(factory.0)
				.create(1)
				.into_array(),
		);
		set_foreign(move |_| {
			assert_ok!(nested_with(&wasm(), address, vec![], 11, false).result);
			assert!(
				Evm::resolve(&contract_account(address)),
				"until the transaction ends"
			);
			assert_eq!(slot(address, 0), 1.into());
			Ok(vec![])
		});
		assert_ok!(call(factory, bridge_call(&wasm(), "f()", &[], 0)));
		assert!(!Evm::resolve(&contract_account(address)));
		assert_eq!(slot(address, 0), 0.into());
		assert_eq!(balance(&bob()), FUNDS + 11);
	});
}

// What follows compares the EVM with a model of it: trees of frames in both VMs, each of which
// writes, looks, pays, calls on and ends well or badly.

/// Something a frame does. What it means depends on the VM that runs the frame.
#[derive(Clone, Debug)]
enum Action {
	/// Writes a slot, or the other VM's own storage.
	Write(u64, u64),
	/// Writes transient storage; nothing in the other VM.
	WriteTransient(u64, u64),
	/// Logs a slot; the other VM notes the slot of the first contract.
	Look(u64),
	/// Logs transient storage.
	LookTransient(u64),
	/// Logs, or notes, a balance.
	LookBalance(usize),
	/// Pays a party.
	Pay(usize, u64),
	/// The other VM takes from a party.
	Take(usize, u64),
	/// Creates an empty contract.
	Create,
	/// Calls a contract of the same VM: (contract, value, what it does).
	Same(usize, u64, Frame),
	/// Calls a contract of the other VM.
	Cross(usize, u64, Frame),
}

#[derive(Clone, Debug)]
enum End {
	Well,
	Badly,
	/// Destructs itself in favour of a party; ends well in the other VM.
	Destruct(usize),
}

#[derive(Clone, Debug)]
struct Frame {
	actions: Vec<Action>,
	end: End,
}

/// The two contracts of the EVM, the one of the other VM, and a user.
const PARTIES: usize = 4;
const FOREIGN_PARTY: usize = 2;

fn address_of(party: usize) -> H160 {
	match party {
		0 | 1 => H160::repeat_byte(0xA0 + party as u8),
		FOREIGN_PARTY => account::alias(&wasm()),
		_ => account::alias(&bob()),
	}
}

fn account_of(party: usize) -> AccountId {
	match party {
		0 | 1 => contract_account(address_of(party)),
		FOREIGN_PARTY => wasm(),
		_ => bob(),
	}
}

fn frames() -> impl Strategy<Value = Frame> {
	let end = prop_oneof![
		5 => Just(End::Well),
		3 => Just(End::Badly),
		1 => (0..PARTIES).prop_map(End::Destruct),
	];
	let simple = prop_oneof![
		3 => (0..3u64, 0..4u64).prop_map(|(key, value)| Action::Write(key, value)),
		1 => (0..2u64, 0..4u64).prop_map(|(key, value)| Action::WriteTransient(key, value)),
		1 => (0..3u64).prop_map(Action::Look),
		1 => (0..2u64).prop_map(Action::LookTransient),
		1 => (0..PARTIES).prop_map(Action::LookBalance),
		2 => (0..PARTIES, 0..60u64).prop_map(|(party, value)| Action::Pay(party, value)),
		1 => (0..PARTIES, 0..60u64).prop_map(|(party, value)| Action::Take(party, value)),
		1 => Just(Action::Create),
	];
	let frame = |action: BoxedStrategy<Action>, end: BoxedStrategy<End>| {
		(proptest::collection::vec(action, 0..5), end)
			.prop_map(|(actions, end)| Frame { actions, end })
			.boxed()
	};
	let end = end.boxed();
	let simple = simple.boxed();
	frame(simple.clone(), end.clone()).prop_recursive(6, 60, 5, move |inner| {
		let value = prop_oneof![2 => Just(0u64), 1 => 0..60u64];
		let action = prop_oneof![
			3 => simple.clone(),
			2 => (0..2usize, value.clone(), inner.clone())
				.prop_map(|(to, value, frame)| Action::Same(to, value, frame)),
			3 => (0..2usize, value, inner)
				.prop_map(|(to, value, frame)| Action::Cross(to, value, frame)),
		];
		frame(action.boxed(), end.clone())
	})
}

/// What there is to compare.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct World {
	slots: BTreeMap<(usize, u64), u64>,
	transient: BTreeMap<(usize, u64), u64>,
	foreign: BTreeMap<u64, u64>,
	balances: BTreeMap<usize, u128>,
	nonces: BTreeMap<usize, u64>,
	logs: Vec<(usize, u64)>,
}

/// The model.
struct Model {
	world: World,
	/// What the other VM noted; not taken back.
	notes: Vec<u64>,
}

impl Model {
	fn pay(&mut self, from: usize, to: usize, value: u64) -> bool {
		let value = u128::from(value);
		let had = self.world.balances.entry(from).or_default();
		if *had < value {
			return false;
		}
		*had -= value;
		*self.world.balances.entry(to).or_default() += value;
		true
	}

	/// Runs `f`, and takes it back if it ends badly.
	fn undo_unless(&mut self, f: impl FnOnce(&mut Self) -> bool) -> bool {
		let before = self.world.clone();
		let ok = f(self);
		if !ok {
			self.world = before;
		}
		ok
	}

	fn evm(&mut self, me: usize, frame: &Frame) -> bool {
		for action in &frame.actions {
			match action {
				Action::Write(key, value) => {
					self.world.slots.insert((me, *key), *value);
				}
				Action::WriteTransient(key, value) => {
					self.world.transient.insert((me, *key), *value);
				}
				Action::Look(key) => {
					let value = self
						.world
						.slots
						.get(&(me, *key))
						.copied()
						.unwrap_or_default();
					self.world.logs.push((me, value));
				}
				Action::LookTransient(key) => {
					let value = self
						.world
						.transient
						.get(&(me, *key))
						.copied()
						.unwrap_or_default();
					self.world.logs.push((me, value));
				}
				Action::LookBalance(party) => {
					let value = self.world.balances[party] as u64;
					self.world.logs.push((me, value));
				}
				Action::Pay(party, value) => {
					self.pay(me, *party, *value);
				}
				Action::Take(..) => {}
				Action::Create => *self.world.nonces.entry(me).or_insert(1) += 1,
				Action::Same(to, value, frame) => {
					self.undo_unless(|model| model.pay(me, *to, *value) && model.evm(*to, frame));
				}
				Action::Cross(_, value, frame) => {
					self.undo_unless(|model| {
						model.pay(me, FOREIGN_PARTY, *value) && model.foreign(frame)
					});
				}
			}
		}
		if let End::Destruct(party) = frame.end {
			let all = self.world.balances[&me] as u64;
			self.pay(me, party, all);
		}
		!matches!(frame.end, End::Badly)
	}

	fn foreign(&mut self, frame: &Frame) -> bool {
		for action in &frame.actions {
			match action {
				Action::Write(key, value) => {
					self.world.foreign.insert(*key, *value);
				}
				Action::Look(key) => {
					self.notes.push(
						self.world
							.slots
							.get(&(0, *key))
							.copied()
							.unwrap_or_default(),
					);
				}
				Action::LookBalance(party) => self.notes.push(self.world.balances[party] as u64),
				Action::Pay(party, value) => {
					self.pay(FOREIGN_PARTY, *party, *value);
				}
				Action::Take(party, value) => {
					self.pay(*party, FOREIGN_PARTY, *value);
				}
				Action::WriteTransient(..) | Action::LookTransient(_) | Action::Create => {}
				Action::Same(_, _, frame) => {
					self.undo_unless(|model| model.foreign(frame));
				}
				Action::Cross(to, value, frame) => {
					self.undo_unless(|model| {
						model.pay(FOREIGN_PARTY, *to, *value) && model.evm(*to, frame)
					});
				}
			}
		}
		!matches!(frame.end, End::Badly)
	}
}

/// The real thing: frames of the EVM are compiled, those of the other VM are walked.
#[derive(Default)]
struct Machine {
	/// Frames of the other VM that compiled code refers to, by number.
	foreign: RefCell<Vec<Frame>>,
	/// Addresses of compiled frames given out so far.
	codes: RefCell<u64>,
	notes: RefCell<Vec<u64>>,
}

/// Weight that is enough for what is not about weight.
const PLENTY: Weight = Weight::from_parts(1 << 62, 1 << 40);

impl Machine {
	/// Puts code at an address without a transaction.
	fn install(address: H160, code: Vec<u8>) {
		let write = AccountWrite {
			balance: 0,
			nonce: 1,
			code_hash: H256(sp_io::hashing::keccak_256(&code)),
			code: Some(&code),
		};
		Evm::write_account(&address, write, &mut Flow::default()).unwrap();
	}

	/// Compiles a frame to a library and gives its address.
	fn compile(&self, frame: &Frame) -> H160 {
		let mut text = String::new();
		let mut add = |piece: String| {
			text.push_str(&piece);
			text.push(' ');
		};
		for action in &frame.actions {
			add(match action {
				Action::Write(key, value) => format!("{value} {key} SSTORE"),
				Action::WriteTransient(key, value) => format!("{value} {key} TSTORE"),
				Action::Look(key) => format!("{key} SLOAD 0 MSTORE 32 0 LOG0"),
				Action::LookTransient(key) => format!("{key} TLOAD 0 MSTORE 32 0 LOG0"),
				Action::LookBalance(party) => {
					format!("{} BALANCE 0 MSTORE 32 0 LOG0", token(address_of(*party)))
				}
				Action::Pay(party, value) => {
					format!("0 0 0 0 {value} {} GAS CALL POP", token(address_of(*party)))
				}
				Action::Take(..) => continue,
				Action::Create => "0 0 0 CREATE POP".into(),
				Action::Same(to, value, frame) => format!(
					"{} 0 MSTORE 0 0 32 0 {value} {} GAS CALL POP",
					token(self.compile(frame)),
					token(address_of(*to))
				),
				Action::Cross(_, value, frame) => {
					let number = self.foreign.borrow().len();
					self.foreign.borrow_mut().push(frame.clone());
					let mut data = bridge_call(&wasm(), &format!("f{number}()"), &[], 0);
					let len = data.len();
					data.resize(len.next_multiple_of(32), 0);
					let stores: String = data
						.chunks(32)
						.enumerate()
						.map(|(at, chunk)| {
							let hex: String =
								chunk.iter().map(|byte| format!("{byte:02x}")).collect();
							format!("0x{hex} {} MSTORE ", at * 32)
						})
						.collect();
					format!("{stores} 0 0 {len} 0 {value} 0x0801 GAS CALL POP")
				}
			});
		}
		add(match frame.end {
			End::Well => "STOP".into(),
			End::Badly => "0 0 REVERT".into(),
			End::Destruct(party) => format!("{} SELFDESTRUCT", token(address_of(party))),
		});
		let number = *self.codes.borrow();
		*self.codes.borrow_mut() += 1;
		let address = H160::from_low_u64_be(0x0100_0000 + number);
		Self::install(address, asm(&text));
		address
	}

	fn foreign(&self, frame: &Frame) -> Result<Vec<u8>, CallError> {
		for action in &frame.actions {
			match action {
				Action::Write(key, value) => sp_io::storage::set(
					&[b"foreign", &key.to_be_bytes()[..]].concat(),
					&value.to_be_bytes(),
				),
				Action::Look(key) => {
					let value = slot(address_of(0), *key).as_u64();
					self.notes.borrow_mut().push(value);
				}
				Action::LookBalance(party) => {
					let value = balance(&account_of(*party)) as u64;
					self.notes.borrow_mut().push(value);
				}
				Action::Pay(party, value) => {
					let _ = move_funds(&wasm(), &account_of(*party), (*value).into());
				}
				Action::Take(party, value) => {
					let _ = move_funds(&account_of(*party), &wasm(), (*value).into());
				}
				Action::WriteTransient(..) | Action::LookTransient(_) | Action::Create => {}
				Action::Same(_, _, frame) => {
					let _ = layered(|| self.foreign(frame));
				}
				Action::Cross(to, value, frame) => {
					let input = H256::from(self.compile_outside(frame)).as_bytes().to_vec();
					let _ = layered(|| {
						<Evm as Engine>::call(trivium_primitives::EngineCall {
							caller: wasm(),
							payer: alice(),
							target: account_of(*to),
							value: (*value).into(),
							input,
							limit: PLENTY,
							deposit_limit: 0,
							read_only: false,
						})
						.result
					});
				}
			}
		}
		match frame.end {
			End::Badly => Err(CallError::NotFound),
			_ => Ok(vec![]),
		}
	}

	/// Compiles while a transaction runs. The code may be rolled back later, and is then compiled
	/// anew at another address.
	fn compile_outside(&self, frame: &Frame) -> H160 {
		self.compile(frame)
	}

	fn observe(&self) -> World {
		let number = |word: U256| word.as_u64();
		let mut world = World::default();
		for party in 0..2usize {
			for key in 0..3u64 {
				let value = number(slot(address_of(party), key));
				if value != 0 {
					world.slots.insert((party, key), value);
				}
			}
			world
				.nonces
				.insert(party, Evm::account_info(&address_of(party)).nonce);
		}
		for key in 0..3u64 {
			if let Some(value) = sp_io::storage::get(&[b"foreign", &key.to_be_bytes()[..]].concat())
			{
				world
					.foreign
					.insert(key, u64::from_be_bytes(value.as_ref().try_into().unwrap()));
			}
		}
		for party in 0..PARTIES {
			world.balances.insert(party, balance(&account_of(party)));
		}
		for log in logs() {
			let party = (0..2)
				.find(|party| address_of(*party) == log.address)
				.unwrap();
			world
				.logs
				.push((party, number(U256::from_big_endian(&log.data))));
		}
		world
	}
}

/// Brings both to the same form.
fn comparable(mut world: World) -> World {
	world.slots.retain(|_, value| *value != 0);
	world.transient.clear();
	for party in 0..2 {
		world.nonces.entry(party).or_insert(1);
	}
	world
}

fn compare(transactions: Vec<(bool, usize, Frame)>) {
	new_test_ext().execute_with(|| {
		BlockGasLimit::set(1 << 50);
		let balances = all_balances();
		let machine = Rc::new(Machine::default());
		let walker = machine.clone();
		set_foreign(move |call| {
			let number: usize = call.signature[1..call.signature.len() - 2].parse().unwrap();
			let frame = walker.foreign.borrow()[number].clone();
			walker.foreign(&frame)
		});
		// A contract that runs the library its calldata names as its own code.
		let proxy = "0 0 0 0 0 CALLDATALOAD GAS DELEGATECALL @ok JUMPI 0 0 REVERT ok: STOP";
		for party in 0..2 {
			Machine::install(address_of(party), asm(proxy));
			move_funds(&alice(), &account_of(party), 100).unwrap();
		}
		let mut model = Model {
			world: machine.observe(),
			notes: vec![],
		};
		let issuance = Balances::total_issuance();

		for (starts_outside, party, frame) in transactions {
			model.world.transient.clear();
			if starts_outside {
				model.undo_unless(|model| model.foreign(&frame));
				let _ = foreign_transaction(|| layered(|| machine.foreign(&frame)));
			} else {
				let expected = model.undo_unless(|model| model.evm(party, &frame));
				let input = H256::from(machine.compile(&frame)).as_bytes().to_vec();
				let result = call_with(&alice(), address_of(party), input, 0, 1 << 50);
				assert_eq!(result.is_ok(), expected, "{result:?}");
			}
			assert_eq!(
				machine.observe(),
				comparable(model.world.clone()),
				"{frame:?}"
			);
			assert_eq!(*machine.notes.borrow(), model.notes);
			assert_eq!(canonical_logs() as usize, model.world.logs.len());
			// Whatever moves is told, with both ends, and what was taken back is not.
			assert_eq!(changes(), difference(&balances, &all_balances()));
		}
		assert_eq!(Balances::total_issuance(), issuance);
		for party in 0..2 {
			for nonce in 1..12 {
				let creator = revm::primitives::Address::new(address_of(party).0);
				let created = H160(creator.create(nonce).into_array());
				let exists = Evm::account_info(&created).nonce == 1;
				assert_eq!(
					exists,
					nonce < model.world.nonces.get(&party).copied().unwrap_or(1)
				);
			}
		}
		Evm::do_try_state().unwrap();
	});
}

proptest! {
	// `PROPTEST_CASES` asks for more than the usual 256.
	#[test]
	fn any_tree_of_frames_does_what_the_model_says(
		transactions in proptest::collection::vec((any::<bool>(), 0..2usize, frames()), 1..4),
	) {
		compare(transactions);
	}
}
