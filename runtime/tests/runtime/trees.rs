//! Random trees of calls over the three machines, against a model: what is stored, who has which coins, what is logged, and
//! whether each call succeeds.
//!
//! A contract of each machine does what a script says ([`Op`]): stores, logs, fails, or calls another with a script, and fails if that
//! fails and must not. A call that fails leaves nothing behind; a contract that waits is not entered again.

use std::collections::BTreeMap;

use codec::Encode;
use hex_literal::hex;
use pallet_wasm::CrossVmInput;
use polkadot_sdk::{
	frame_support::{
		assert_ok,
		traits::fungible::{Inspect, Mutate},
	},
	sp_core::H256,
	sp_keyring::Sr25519Keyring::Alice,
};
use proptest::prelude::*;
use trivium_primitives::{
	account::{alias, ethereum_account, module_account},
	Bcs, Scale, Signature, Type, Value,
};
use trivium_runtime::{
	constants::currency::UNIT, AccountId, Balances, Contracts, MoveVm, Runtime, RuntimeEvent,
	RuntimeOrigin, System,
};

use crate::{
	common::{account, apply, development},
	contracts::{self, encoded, solidity_input},
	ink::deploy_with_salt,
};

/// What every contract here understands.
const RUN: &str = "run(bytes,address[])";
/// What each contract has at the beginning, planck.
const WEALTH: u128 = 10 * UNIT;
/// Keys that scripts use.
const KEYS: u8 = 3;

/// `1 KEY VALUE` stores; `2 VALUE MUST LENGTH[2] CALL` calls the bridge; `4 BYTE` logs; anything else reverts.
///
/// ```text
/// 68 CALLDATALOAD 100 ADD 100
/// next:  DUP2 DUP2 LT ISZERO @done JUMPI
///        DUP1 CALLDATALOAD 0 BYTE SWAP1 1 ADD SWAP1
///        DUP1 1 EQ @store JUMPI DUP1 2 EQ @call JUMPI DUP1 4 EQ @log JUMPI
/// fail:  0 0 REVERT
/// store: POP DUP1 1 ADD CALLDATALOAD 0 BYTE DUP2 CALLDATALOAD 0 BYTE SSTORE 2 ADD @next JUMP
/// log:   POP DUP1 CALLDATALOAD 0 BYTE 0 MSTORE8 1 0 LOG0 1 ADD @next JUMP
/// call:  POP DUP1 2 ADD CALLDATALOAD 240 SHR DUP1 DUP3 4 ADD 0 CALLDATACOPY
///        0 0 DUP3 0 DUP6 CALLDATALOAD 0 BYTE 0x0801 GAS CALL
///        ISZERO DUP3 1 ADD CALLDATALOAD 0 BYTE AND @fail JUMPI
///        ADD 4 ADD @next JUMP
/// done:  STOP
/// ```
const EVM: &[u8] = &hex!(
	"60443560640160645b8181101560895780355f1a90600101908060011460325780600214605857806004146046575b5f5ffd5b"
	"5080600101355f1a81355f1a556002016008565b5080355f1a5f5360015fa06001016008565b50806002013560f01c80826004"
	"015f375f5f825f85355f1a6108015af11582600101355f1a16602e57016004016008565b00"
);

/// The same with `2 MUST LENGTH[2] INPUT`, the input of the chain extension; lengths are little-endian. 0: lengths, 8: the
/// result of a message, 16: whether a call failed, 32: a key, 1024: the input.
const INK: &str = r#"
(module
	(import "seal0" "input" (func $input (param i32 i32)))
	(import "seal0" "seal_return" (func $return (param i32 i32 i32)))
	(import "seal2" "set_storage" (func $set (param i32 i32 i32 i32) (result i32)))
	(import "seal0" "deposit_event" (func $emit (param i32 i32 i32 i32)))
	(import "seal0" "call_chain_extension" (func $extension (param i32 i32 i32 i32 i32) (result i32)))
	(import "env" "memory" (memory 4 4))
	(func (export "deploy"))
	(func $u16 (param $at i32) (result i32) (i32.load16_u (local.get $at)))
	(func (export "call") (local $at i32) (local $end i32) (local $op i32)
		(i32.store (i32.const 0) (i32.const 65536))
		(call $input (i32.const 1024) (i32.const 0))
		;; The length of the bytes, compact, in one, two or four bytes.
		(local.set $op (i32.and (i32.load8_u (i32.const 1028)) (i32.const 3)))
		(local.set $end (i32.shr_u (i32.load (i32.const 1028)) (i32.const 2)))
		(local.set $at (i32.const 1032))
		(if (i32.eqz (local.get $op)) (then
			(local.set $end (i32.and (local.get $end) (i32.const 63)))
			(local.set $at (i32.const 1029))))
		(if (i32.eq (local.get $op) (i32.const 1)) (then
			(local.set $end (i32.and (local.get $end) (i32.const 16383)))
			(local.set $at (i32.const 1030))))
		(local.set $end (i32.add (local.get $at) (local.get $end)))
		(block $done (loop $next
			(br_if $done (i32.ge_u (local.get $at) (local.get $end)))
			(local.set $op (i32.load8_u (local.get $at)))
			(local.set $at (i32.add (local.get $at) (i32.const 1)))
			(if (i32.eq (local.get $op) (i32.const 1)) (then
				(i32.store8 (i32.const 32) (i32.load8_u (local.get $at)))
				(drop (call $set (i32.const 32) (i32.const 32)
					(i32.add (local.get $at) (i32.const 1)) (i32.const 1)))
				(local.set $at (i32.add (local.get $at) (i32.const 2)))
				(br $next)))
			(if (i32.eq (local.get $op) (i32.const 4)) (then
				(call $emit (i32.const 0) (i32.const 0) (local.get $at) (i32.const 1))
				(local.set $at (i32.add (local.get $at) (i32.const 1)))
				(br $next)))
			(if (i32.ne (local.get $op) (i32.const 2)) (then
				(call $return (i32.const 1) (i32.const 8) (i32.const 0))))
			(i32.store (i32.const 0) (i32.const 32768))
			(drop (call $extension (i32.const 0x08010000)
				(i32.add (local.get $at) (i32.const 3))
				(call $u16 (i32.add (local.get $at) (i32.const 1)))
				(i32.const 131072) (i32.const 0)))
			;; `Err`, and it must not be.
			(if (i32.and (i32.load8_u (i32.const 131072)) (i32.load8_u (local.get $at))) (then
				(call $return (i32.const 1) (i32.const 8) (i32.const 0))))
			(local.set $at (i32.add (i32.add (local.get $at) (i32.const 3))
				(call $u16 (i32.add (local.get $at) (i32.const 1)))))
			(br $next)))
		(call $return (i32.const 0) (i32.const 8) (i32.const 1))))
"#;

/// One step of a script.
#[derive(Clone, Debug)]
enum Op {
	/// Stores a value, not 0.
	Store(u8, u8),
	/// Logs.
	Log(u8),
	/// Fails.
	Fail,
	/// Calls.
	Call {
		target: usize,
		value: u8,
		/// The caller fails if this does.
		must: bool,
		script: Vec<Op>,
	},
}

fn op() -> impl Strategy<Value = Op> {
	let leaf = prop_oneof![
		4 => (0..KEYS, 1u8..=255).prop_map(|(key, value)| Op::Store(key, value)),
		2 => any::<u8>().prop_map(Op::Log),
		1 => Just(Op::Fail),
	];
	leaf.prop_recursive(4, 20, 4, |inner| {
		let script = prop::collection::vec(inner, 0..4);
		let value = prop_oneof![3 => Just(0u8), 2 => any::<u8>()];
		(0..5usize, value, any::<bool>(), script).prop_map(|(target, value, must, script)| {
			Op::Call {
				target,
				value,
				must,
				script,
			}
		})
	})
}

/// A machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Machine {
	Evm,
	Ink,
	Move,
}

/// The contracts, which scripts name by their places here.
struct Players([(Machine, AccountId); 5]);

impl Players {
	/// Puts them on the chain.
	fn deploy() -> Self {
		let evm = || ethereum_account(&contracts::create(EVM));
		let ink = |salt| deploy_with_salt(INK, vec![salt]);
		let path = concat!(
			env!("CARGO_MANIFEST_DIR"),
			"/../contracts/move/tests-cross-vm/bytecode/scripted.mv"
		);
		assert_ok!(MoveVm::publish_package(
			RuntimeOrigin::signed(account(Alice)),
			vec![std::fs::read(path).expect("is built")],
			pallet_move::types::UpgradePolicy::Immutable,
			pallet_move::types::CallLimit {
				ref_time: 100_000_000_000,
				proof_size: 1_000_000,
				deposit: Some(100 * UNIT),
			}
		));
		let all = Self([
			(Machine::Evm, evm()),
			(Machine::Evm, evm()),
			(Machine::Ink, ink(0)),
			(Machine::Ink, ink(1)),
			(Machine::Move, module_account(&account(Alice), b"scripted")),
		]);
		for (_, contract) in &all.0 {
			assert_ok!(Balances::mint_into(contract, WEALTH));
		}
		System::reset_events();
		all
	}

	/// The arguments of a contract's `run`.
	fn arguments(&self, target: usize, script: &[Op]) -> Vec<Value> {
		let targets = self
			.0
			.iter()
			.map(|(_, contract)| Value::Address(contract.clone()));
		vec![
			Value::Bytes(self.program(self.0[target].0, script)),
			Value::List(targets.collect()),
		]
	}

	/// A script as a machine's contract reads it.
	fn program(&self, machine: Machine, script: &[Op]) -> Vec<u8> {
		let mut program = Vec::new();
		for op in script {
			match op {
				Op::Store(key, value) => program.extend([1, *key, *value]),
				Op::Log(byte) => program.extend([4, *byte]),
				Op::Fail => program.push(3),
				Op::Call {
					target,
					value,
					must,
					script,
				} => program.extend(self.call(machine, *target, *value, *must, script)),
			}
		}
		program
	}

	fn call(
		&self,
		machine: Machine,
		target: usize,
		value: u8,
		must: bool,
		script: &[Op],
	) -> Vec<u8> {
		let types: Vec<Type> = Signature::parse(RUN.as_bytes()).expect("parses").params;
		let values = self.arguments(target, script);
		let callee = &self.0[target].1;
		let must = u8::from(must);
		let len = |bytes: &[u8]| u16::try_from(bytes.len()).expect("is short");
		match machine {
			Machine::Evm => {
				let arguments = encoded(&trivium_primitives::SolidityAbi, &types, &values);
				let input = solidity_input(
					"call(address,string,bytes)",
					&[
						Value::Address(callee.clone()),
						Value::Text(RUN.as_bytes().to_vec()),
						Value::Bytes(arguments),
					],
				);
				[&[2, value, must][..], &len(&input).to_be_bytes(), &input].concat()
			}
			Machine::Ink => {
				let input = CrossVmInput {
					target: callee.clone().into(),
					value: value.into(),
					signature: RUN.as_bytes().to_vec(),
					args: encoded(&Scale, &types, &values),
					weight: None,
					deposit: None,
					flags: 0,
				}
				.encode();
				[&[2, must][..], &len(&input).to_le_bytes(), &input].concat()
			}
			Machine::Move => {
				let arguments = encoded(&Bcs, &types, &values);
				let place = u8::try_from(target).expect("there are five");
				let len = len(&arguments).to_le_bytes();
				[&[2, place, value, must][..], &len, &arguments].concat()
			}
		}
	}

	/// What is stored and who has how much.
	fn observed(&self) -> World {
		let mut cells = BTreeMap::new();
		for (place, (machine, contract)) in self.0.iter().enumerate() {
			for key in 0..KEYS {
				let value = match machine {
					Machine::Evm => {
						let address = alias(contract);
						let slot = H256::from_low_u64_be(key.into());
						pallet_evm::Slots::<Runtime>::get(address, slot).0[31]
					}
					Machine::Ink => {
						let mut name = vec![0; 32];
						name[0] = key;
						let stored = Contracts::get_storage(contract.clone(), name);
						stored.expect("is a contract").map_or(0, |bytes| bytes[0])
					}
					Machine::Move => {
						let module = (account(Alice), b"scripted".to_vec());
						let arguments = vec![key.encode()];
						let stored =
							MoveVm::call_view(module, b"stored".to_vec(), vec![], arguments);
						stored.expect("is a function")[0][0]
					}
				};
				if value != 0 {
					cells.insert((place, key), value);
				}
			}
		}
		World {
			cells,
			balances: self
				.0
				.each_ref()
				.map(|(_, contract)| Balances::balance(contract)),
			logs: contracts::logs().len(),
		}
	}
}

/// What the model knows.
#[derive(Clone, Debug, PartialEq, Eq)]
struct World {
	cells: BTreeMap<(usize, u8), u8>,
	balances: [u128; 5],
	logs: usize,
}

impl World {
	/// Does what a script of a contract says. `waiting` are those that are entered, itself last.
	fn run(&mut self, waiting: &mut Vec<usize>, script: &[Op]) -> bool {
		let own = *waiting.last().expect("somebody runs");
		for op in script {
			match op {
				Op::Store(key, value) => {
					self.cells.insert((own, *key), *value);
				}
				Op::Log(_) => self.logs += 1,
				Op::Fail => return false,
				Op::Call {
					target,
					value,
					must,
					script,
				} => {
					let before = self.clone();
					let is_well = !waiting.contains(target) && {
						self.balances[own] -= u128::from(*value);
						self.balances[*target] += u128::from(*value);
						waiting.push(*target);
						let is_well = self.run(waiting, script);
						waiting.pop();
						is_well
					};
					if !is_well {
						*self = before;
						if *must {
							return false;
						}
					}
				}
			}
		}
		true
	}
}

proptest! {
	#![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..Default::default() })]

	/// Each transaction does what the model does, and its receipt says so.
	#[test]
	fn trees_of_calls_do_what_the_model_does(
		trees in prop::collection::vec((0..5usize, prop::collection::vec(op(), 1..5)), 1..4),
	) {
		development().execute_with(|| {
			let all = Players::deploy();
			let mut model = all.observed();
			let issuance = Balances::total_issuance();
			for (first, script) in trees {
				System::reset_events();
				model.logs = 0;
				let before = model.clone();
				let is_well = model.run(&mut vec![first], &script);
				if !is_well {
					model = before;
				}
				let call = pallet_cross_vm::Call::call {
					target: all.0[first].1.clone().into(),
					value: 0,
					signature: RUN.as_bytes().to_vec().try_into().expect("is short"),
					args: all.arguments(first, &script),
					limit: pallet_cross_vm::CallLimit {
						ref_time: 300_000_000_000,
						proof_size: 2_500_000,
						deposit: Some(100 * UNIT),
					},
				};
				let applied = apply(Alice, call).expect("is valid");
				prop_assert_eq!(applied.is_ok(), is_well, "{:?} of {:?}", applied, script);
				prop_assert_eq!(all.observed(), model.clone(), "after {:?}", script);
				prop_assert_eq!(Balances::total_issuance(), issuance);
				let receipts = System::events().into_iter().filter_map(|record| match record.event {
					RuntimeEvent::CrossVm(pallet_cross_vm::Event::Receipt { receipt }) => Some(receipt),
					_ => None,
				});
				let said: Vec<_> =
					receipts.map(|receipt| (receipt.success, receipt.log_count as usize)).collect();
				prop_assert_eq!(said, vec![(is_well, model.logs)]);
				prop_assert!(!pallet_cross_vm::LogTree::<Runtime>::exists());
				prop_assert!(!pallet_cross_vm::DepositTaken::<Runtime>::exists());
				// Room for the next in this block.
				polkadot_sdk::frame_system::BlockWeight::<Runtime>::kill();
			}
			Ok(())
		})?;
	}
}
