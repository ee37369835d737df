//! Each movement of value is one event of the ledger, with both ends, and goes back with its frame.

use super::{
	signed::{address, key, Unsigned},
	*,
};
use polkadot_sdk::{
	frame_support::{assert_ok, traits::fungible::Mutate},
	pallet_balances,
};
use std::collections::BTreeMap;

/// What the ledger's events say of transfers, in order: from, to, how much.
fn transfers() -> Vec<(AccountId, AccountId, Balance)> {
	System::events()
		.into_iter()
		.filter_map(|record| match record.event {
			RuntimeEvent::Balances(pallet_balances::Event::Transfer { from, to, amount }) => {
				Some((from, to, amount))
			}
			_ => None,
		})
		.collect()
}

/// By how much each account's balance has changed, by the ledger's events.
pub(super) fn changes() -> BTreeMap<AccountId, i128> {
	use pallet_balances::Event::*;
	let mut changes = BTreeMap::<AccountId, i128>::new();
	let mut change = |who: AccountId, by: i128| *changes.entry(who).or_default() += by;
	for record in System::events() {
		let RuntimeEvent::Balances(event) = record.event else {
			continue;
		};
		match event {
			Transfer { from, to, amount } => {
				change(from, -(amount as i128));
				change(to, amount as i128);
			}
			Deposit { who, amount } | Minted { who, amount } => change(who, amount as i128),
			Withdraw { who, amount } | Burned { who, amount } => change(who, -(amount as i128)),
			// Says what a transfer has made.
			Endowed { .. } | Issued { .. } | Rescinded { .. } => {}
			other => panic!("{other:?}"),
		}
	}
	changes.retain(|_, by| *by != 0);
	changes
}

/// What every account has.
pub(super) fn all_balances() -> BTreeMap<AccountId, i128> {
	polkadot_sdk::frame_system::Account::<Test>::iter()
		.map(|(who, info)| (who, info.data.free as i128))
		.collect()
}

/// What has changed between two states of the balances.
pub(super) fn difference(
	before: &BTreeMap<AccountId, i128>,
	after: &BTreeMap<AccountId, i128>,
) -> BTreeMap<AccountId, i128> {
	let mut difference = after.clone();
	for (who, had) in before {
		*difference.entry(who.clone()).or_default() -= had;
	}
	difference.retain(|_, by| *by != 0);
	difference
}

/// Runs something, and checks that the ledger's events tell all that it does to balances.
#[track_caller]
fn told(f: impl FnOnce()) -> Vec<(AccountId, AccountId, Balance)> {
	System::reset_events();
	let before = all_balances();
	f();
	assert_eq!(changes(), difference(&before, &all_balances()));
	transfers()
}

/// Pays what the first word of calldata says to the address that the second says.
const PAYER: &str = "0 0 0 0 0 CALLDATALOAD 32 CALLDATALOAD GAS CALL";

fn pay(amount: u64, to: H160) -> Vec<u8> {
	[word(amount), H256::from(to).as_bytes().to_vec()].concat()
}

#[test]
fn transfers_of_contracts_are_told_in_order_with_both_ends() {
	test(|| {
		let payer = deploy(PAYER);
		let id = contract_account(payer);
		let moved = told(|| {
			assert_ok!(call_with(
				&alice(),
				payer,
				pay(30, account::alias(&bob())),
				100,
				GAS
			));
		});
		assert_eq!(moved, [(alice(), id.clone(), 100), (id, bob(), 30)]);
		// Nothing moves, nothing is told.
		let moved = told(|| {
			assert_ok!(call(payer, pay(0, account::alias(&bob()))));
		});
		assert!(moved.is_empty());
		let moved = told(|| {
			assert_ok!(call_with(
				&alice(),
				account::alias(&alice()),
				vec![],
				7,
				GAS
			));
		});
		assert!(moved.is_empty(), "to oneself");
	});
}

#[test]
fn transfer_of_a_frame_that_reverts_is_not_told() {
	test(|| {
		let bob = token(account::alias(&bob()));
		let reverter = deploy(&format!("0 0 0 0 5 {bob} GAS CALL 0 0 REVERT"));
		let caller = deploy(&format!(
			"0 0 0 0 20 {} GAS CALL POP 0 0 0 0 3 {bob} GAS CALL",
			token(reverter)
		));
		let id = contract_account(caller);
		let moved = told(|| {
			assert_ok!(call_with(&alice(), caller, vec![], 50, GAS));
		});
		assert_eq!(moved, [(alice(), id.clone(), 50), (id, super::bob(), 3)]);
		// Nor is any of an execution that fails.
		let moved = told(|| assert!(call_with(&alice(), reverter, vec![], 9, GAS).is_err()));
		assert!(moved.is_empty());
	});
}

#[test]
fn value_of_a_creation_is_a_transfer() {
	test(|| {
		let mut created = H160::zero();
		let moved = told(|| created = create_with(&alice(), deployer(&[0]), 12, GAS).unwrap());
		assert_eq!(moved, [(alice(), contract_account(created), 12)]);
		let factory = deploy("0 0 7 CREATE");
		let child = revm::primitives::Address::new(factory.0).create(1);
		let moved = told(|| {
			assert_ok!(call_with(&alice(), factory, vec![], 10, GAS));
		});
		assert_eq!(
			moved,
			[
				(alice(), contract_account(factory), 10),
				(
					contract_account(factory),
					contract_account(H160(child.into_array())),
					7
				),
			]
		);
	});
}

#[test]
fn destructed_contract_pays_by_a_transfer_or_burns() {
	test(|| {
		let bob = token(account::alias(&bob()));
		// In the transaction that creates it, and in a later one.
		let moved = told(|| {
			create_with(&alice(), asm(&format!("{bob} SELFDESTRUCT")), 50, GAS).unwrap();
		});
		assert_eq!(moved.len(), 2);
		assert_eq!((&moved[1].1, moved[1].2), (&super::bob(), 50));
		let older = create_with(
			&alice(),
			deployer(&asm(&format!("{bob} SELFDESTRUCT"))),
			40,
			GAS,
		)
		.unwrap();
		let moved = told(|| {
			assert_ok!(call(older, vec![]));
		});
		assert_eq!(moved, [(contract_account(older), super::bob(), 40)]);
		// In favour of itself, which burns it, then and when it is removed.
		let moved = told(|| {
			create_with(&alice(), asm("ADDRESS SELFDESTRUCT"), 30, GAS).unwrap();
		});
		assert_eq!(moved.len(), 1);
		let burnt = System::events().into_iter().any(|record| {
			matches!(
				record.event,
				RuntimeEvent::Balances(pallet_balances::Event::Burned { amount: 30, .. })
			)
		});
		assert!(burnt);
		// Paid after it has destructed itself.
		let code = asm("CALLER SELFDESTRUCT");
		let hex: String = code.iter().map(|byte| format!("{byte:02x}")).collect();
		let factory = deploy(&format!(
			"0x{hex} {} SHL 0 MSTORE {} 0 4 CREATE 0 0 0 0 5 DUP6 GAS CALL",
			8 * (32 - code.len()),
			code.len()
		));
		let issuance = Balances::total_issuance();
		told(|| {
			assert_ok!(call_with(&alice(), factory, vec![], 20, GAS));
		});
		assert_eq!(Balances::total_issuance(), issuance - 5);
	});
}

#[test]
fn value_of_a_hop_is_one_transfer_from_caller_to_callee() {
	test(|| {
		let contract = deploy(&format!("{TO_BRIDGE} POP"));
		let id = contract_account(contract);
		set_foreign(|_| Ok(vec![]));
		let input = bridge_call(&wasm(), "pay()", &[], 0);
		let moved = told(|| {
			assert_ok!(call_with(&alice(), contract, input.clone(), 40, GAS));
		});
		assert_eq!(moved, [(alice(), id.clone(), 40), (id.clone(), wasm(), 40)]);
		// A hop that fails leaves it where it was.
		set_foreign(|_| Err(trivium_primitives::CallError::NotFound));
		let moved = told(|| {
			assert_ok!(call_with(&alice(), contract, input, 40, GAS));
		});
		assert_eq!(moved, [(alice(), id, 40)]);
	});
}

#[test]
fn value_of_a_call_from_another_vm_is_a_transfer() {
	test(|| {
		let contract = deploy("STOP");
		let moved = told(|| {
			foreign_transaction(|| {
				assert_ok!(nested_with(&wasm(), contract, vec![], 9, false).result);
				let _ = layered(|| {
					assert_ok!(nested_with(&wasm(), contract, vec![], 8, false).result);
					Err::<(), _>(trivium_primitives::CallError::NotFound)
				});
			})
		});
		assert_eq!(moved, [(wasm(), contract_account(contract), 9)]);
	});
}

#[test]
fn ethereum_transaction_tells_its_fee_and_its_value() {
	test(|| {
		let from = contract_account(address(&key(1)));
		Balances::mint_into(&from, FUNDS).unwrap();
		let to = H160::repeat_byte(0x42);
		let unsigned = Unsigned {
			to: Some(to),
			value: 77,
			..Default::default()
		};
		let moved = told(|| {
			let raw = unsigned.sign(&key(1));
			Evm::read_transaction(&raw)
				.and_then(Evm::apply_transaction)
				.expect("is valid");
		});
		assert_eq!(moved, [(from, contract_account(to), 77)]);
	});
}
