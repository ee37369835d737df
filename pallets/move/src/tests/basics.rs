//! Genesis, the examples, events and answers.

use crate::{
	mock::*,
	types::{CodeLocation, FunctionVisibility, MoveCall, VmStatus},
	Error, Event, MoveFailure, Pallet, STD_ACCOUNT,
};
use polkadot_sdk::{
	frame_support::{assert_noop, assert_ok},
	pallet_balances,
	sp_core::H256,
	sp_io::hashing::keccak_256,
	sp_runtime::DispatchError,
};
use trivium_primitives::{account::module_account, AccountId, VmId};

const COIN: &str = examples!("::my_coin::MyCoin");

/// The currency exists, Alice and Bob have stores, Alice holds 100.
fn with_coins(f: impl FnOnce()) {
	test_with_examples(|| {
		assert_ok!(execute(issuer(), "my_coin::create", &[], vec![]));
		for holder in [alice(), bob()] {
			assert_ok!(execute(holder, "0x1::coin::register", &[COIN], vec![]));
		}
		let args = vec![bcs(alice()), bcs(100u64)];
		assert_ok!(execute(issuer(), "my_coin::mint", &[], args));
		System::reset_events();
		f();
	});
}

fn coins(of: &AccountId) -> u64 {
	let returned = view("0x1::coin::balance", &[COIN], vec![bcs(of)]).unwrap();
	u64::from_le_bytes(returned[0].as_slice().try_into().unwrap())
}

fn transfer(from: AccountId, to: AccountId, amount: u64) -> Result<(), DispatchError> {
	let args = vec![bcs(to), bcs(amount)];
	execute(from, "0x1::coin::transfer", &[COIN], args)
}

/// Type and data of an event of Move.
type Emitted = (String, Vec<u8>);
/// Contract, topics and data of a canonical event.
type Canonical = (AccountId, Vec<H256>, Vec<u8>);

/// The events of Move and of the dispatch pallet, in order.
fn emitted() -> (Vec<Emitted>, Vec<Canonical>) {
	let (mut own, mut canonical) = (Vec::new(), Vec::new());
	for record in System::events() {
		match record.event {
			RuntimeEvent::MoveVm(Event::Emitted { tag, data, .. }) => {
				own.push((String::from_utf8(tag).unwrap(), data));
			}
			RuntimeEvent::CrossVm(pallet_cross_vm::Event::Log {
				vm,
				contract,
				topics,
				data,
				..
			}) => {
				assert_eq!(vm, VmId::MOVE);
				canonical.push((contract, topics, data));
			}
			_ => {}
		}
	}
	(own, canonical)
}

#[test]
fn genesis_publishes_the_standard_library_free_of_deposits() {
	test(|| {
		let names = MoveVm::modules_of(&STD_ACCOUNT);
		assert_eq!(names.len(), package("std").len());
		assert!(names.contains(&b"coin".to_vec()));
		assert_eq!(held(&STD_ACCOUNT), 0);
		let (account, name) = (STD_ACCOUNT, b"vector".to_vec());
		assert_eq!(
			MoveVm::module_bytecode(&account, name).map(|stored| stored.data),
			Some(module("std", "vector"))
		);
	});
}

#[test]
fn counter_counts() {
	test_with_examples(|| {
		assert_ok!(execute(alice(), "counter::create", &[], vec![]));
		assert_ok!(execute(alice(), "counter::increment", &[], vec![]));
		assert_ok!(execute(
			alice(),
			"counter::increment_by",
			&[],
			vec![bcs(41u64)]
		));
		let shown = view("counter::get", &[], vec![bcs(alice())]);
		assert_eq!(shown, Ok(vec![bcs(42u64)]));
		assert_eq!(
			MoveVm::resource(&alice(), examples!("::counter::Counter").as_bytes())
				.map(|stored| stored.data),
			Some(bcs(42u64))
		);
		assert_eq!(
			MoveVm::resource(&bob(), examples!("::counter::Counter").as_bytes())
				.map(|stored| stored.data),
			None
		);
		assert_ok!(execute(alice(), "counter::remove", &[], vec![]));
		assert_eq!(
			MoveVm::resource(&alice(), examples!("::counter::Counter").as_bytes())
				.map(|stored| stored.data),
			None
		);
	});
}

#[test]
fn coin_is_minted_and_moved_and_not_spent_twice() {
	with_coins(|| {
		assert_ok!(transfer(alice(), bob(), 60));
		assert_eq!((coins(&alice()), coins(&bob())), (40, 60));
		let store = format!("0x1::coin::CoinStore<{COIN}>");
		assert_eq!(
			MoveVm::resource(&bob(), store.as_bytes())
				.unwrap()
				.data
				.len(),
			9
		);
		let before = state();
		// `invalid_argument(EINSUFFICIENT_BALANCE)`.
		let refused = Error::<Test>::Aborted {
			category: 1,
			reason: 5,
		};
		assert_eq!(transfer(alice(), bob(), 60), Err(refused.into()));
		assert_eq!(state(), before);
		assert_eq!((coins(&alice()), coins(&bob())), (40, 60));
	});
}

#[test]
fn only_the_issuer_mints() {
	with_coins(|| {
		let args = vec![bcs(alice()), bcs(100u64)];
		let refused = Error::<Test>::Aborted {
			category: 5,
			reason: 1,
		};
		assert_eq!(
			execute(alice(), "my_coin::mint", &[], args),
			Err(refused.into())
		);
	});
}

#[test]
fn escrow_holds_coins_until_it_is_released_once() {
	with_coins(|| {
		let open = |amount: u64| {
			let args = vec![bcs(bob()), bcs(amount)];
			execute(alice(), "escrow::open", &[COIN], args)
		};
		let deal = |id: u64| vec![bcs(alice()), bcs(id)];
		assert_ok!(open(30));
		assert_ok!(open(20));
		assert_eq!(coins(&alice()), 50);
		assert_eq!(
			view("escrow::locked", &[COIN], deal(0)),
			Ok(vec![bcs(30u64)])
		);
		assert_ok!(execute(
			alice(),
			"escrow::release",
			&[COIN],
			vec![bcs(0u64)]
		));
		assert_ok!(execute(bob(), "escrow::refund", &[COIN], deal(1)));
		assert_eq!((coins(&alice()), coins(&bob())), (70, 30));
		let again = execute(alice(), "escrow::release", &[COIN], vec![bcs(0u64)]);
		let gone = Error::<Test>::Aborted {
			category: 6,
			reason: 1,
		};
		assert_eq!(again, Err(gone.into()));
		assert_eq!(
			view("escrow::is_open", &[COIN], deal(1)),
			Ok(vec![bcs(false)])
		);
	});
}

#[test]
fn each_event_is_one_canonical_log_in_order() {
	with_coins(|| {
		assert_ok!(transfer(alice(), bob(), 60));
		let (own, canonical) = emitted();
		let tags = [
			format!("0x1::coin::Withdraw<{COIN}>"),
			format!("0x1::coin::Deposit<{COIN}>"),
		];
		let expected = [
			(tags[0].clone(), [bcs(alice()), bcs(60u64)].concat()),
			(tags[1].clone(), [bcs(bob()), bcs(60u64)].concat()),
		];
		assert_eq!(own, expected);
		let contract = module_account(&STD_ACCOUNT, b"coin");
		let logs: Vec<_> = expected
			.iter()
			.map(|(tag, data)| {
				let topic = H256(keccak_256(tag.as_bytes()));
				(contract.clone(), vec![topic], data.clone())
			})
			.collect();
		assert_eq!(canonical, logs);
	});
}

#[test]
fn failed_call_leaves_no_event_but_a_receipt() {
	with_coins(|| {
		// To an account without a store: withdrawn, then refused.
		assert!(transfer(alice(), poor(), 60).is_err());
		let (own, canonical) = emitted();
		assert_eq!((own.len(), canonical.len()), (0, 0));
		assert_eq!(coins(&alice()), 100);
	});
}

#[test]
fn execution_leaves_a_receipt_of_its_module() {
	test_with_examples(|| {
		assert_ok!(execute(alice(), "counter::create", &[], vec![]));
		let receipts: Vec<_> = System::events()
			.into_iter()
			.filter_map(|record| match record.event {
				RuntimeEvent::CrossVm(pallet_cross_vm::Event::Receipt { receipt }) => Some(receipt),
				_ => None,
			})
			.collect();
		assert_eq!(receipts.len(), 1);
		assert_eq!(receipts[0].vm, VmId::MOVE);
		assert_eq!(receipts[0].contract, module_account(&issuer(), b"counter"));
		assert!(receipts[0].success);
	});
}

#[test]
fn script_pays_many_or_none() {
	with_coins(|| {
		let script = module("scripts", "pay_many");
		let run = |amounts: [u64; 2]| {
			let to = [vec![2], bcs(bob()), bcs(bob())].concat();
			let amounts = [vec![2], bcs(amounts[0]), bcs(amounts[1])].concat();
			let call = crate::Call::execute_script {
				script: script.clone(),
				type_args: texts(&[COIN]),
				args: vec![to, amounts],
				limit: AMPLE,
			};
			dispatch(call, alice()).1
		};
		assert_ok!(run([10, 20]));
		assert_eq!(coins(&bob()), 30);
		assert!(run([10, 80]).is_err());
		assert_eq!((coins(&alice()), coins(&bob())), (70, 30));
		// It wants two signers.
		let call = crate::Call::execute_script {
			script: module("scripts", "open_purse"),
			type_args: texts(&[COIN]),
			args: vec![bcs(1u64)],
			limit: AMPLE,
		};
		let refused = Error::<Test>::Verification(1101);
		assert_eq!(dispatch(call, alice()).1, Err(refused.into()));
	});
}

/// Nothing in Move moves the native coin: no balance changes but by what is held, and no event of the
/// ledger tells of anything else. Should a native ever do it, each movement has to be one transfer.
#[test]
fn native_coins_stay_where_they_are() {
	with_coins(|| {
		let funds =
			|| [alice(), bob(), issuer()].map(|who| Balances::free_balance(&who) + held(&who));
		let before = funds();
		assert_ok!(transfer(alice(), bob(), 60));
		let args = vec![bcs(bob()), bcs(10u64)];
		assert_ok!(execute(alice(), "escrow::open", &[COIN], args));
		assert_ok!(execute(bob(), "counter::create", &[], vec![]));
		assert_ok!(execute(bob(), "counter::remove", &[], vec![]));
		assert_eq!(funds(), before);
		for record in System::events() {
			if let RuntimeEvent::Balances(event) = record.event {
				let is_held = matches!(
					event,
					pallet_balances::Event::Held { .. } | pallet_balances::Event::Released { .. }
				);
				assert!(is_held, "{event:?}");
			}
		}
	});
}

#[test]
fn native_balance_is_what_can_be_spent() {
	test(|| {
		let free = pallet_balances::Pallet::<Test>::free_balance(alice());
		let answer = view("0x1::native_token::balance_of", &[], vec![bcs(alice())]);
		assert_eq!(answer, Ok(vec![bcs(free)]));
		let nobody = AccountId::new([77; 32]);
		let answer = view("0x1::native_token::balance_of", &[], vec![bcs(nobody)]);
		assert_eq!(answer, Ok(vec![bcs(0u128)]));
	});
}

#[test]
fn table_handles_differ_even_after_a_roll_back() {
	with_coins(|| {
		let handle = || {
			let args = vec![bcs(bob()), bcs(1u64)];
			let call = MoveCall::Execute {
				module: (issuer(), b"escrow".to_vec()),
				function: b"open".to_vec(),
				type_args: texts(&[COIN]),
				args: args.clone(),
			};
			// Rolled back.
			assert_eq!(MoveVm::estimate(alice(), call, None).result, Ok(()));
			assert_ok!(execute(alice(), "escrow::open", &[COIN], args));
			let tag = format!("{}<{COIN}>", examples!("::escrow::Deals"));
			MoveVm::resource(&alice(), tag.as_bytes()).unwrap().data[8..40].to_vec()
		};
		let first = handle();
		assert_eq!(handle(), first, "a table keeps its handle");
		let mut number = 0;
		crate::TableEntries::<Test>::iter_keys().for_each(|(key, _)| {
			assert_eq!(key.0.to_vec(), first);
			number += 1;
		});
		assert_eq!(number, 2);
	});
}

#[test]
fn estimate_tells_what_a_call_does_and_leaves_nothing() {
	with_coins(|| {
		let before = state();
		let call = MoveCall::Execute {
			module: (STD_ACCOUNT, b"coin".to_vec()),
			function: b"transfer".to_vec(),
			type_args: texts(&[COIN]),
			args: vec![bcs(bob()), bcs(60u64)],
		};
		let estimate = MoveVm::estimate(alice(), call.clone(), None);
		assert_eq!(estimate.result, Ok(()));
		assert_eq!(estimate.events.len(), 2);
		assert_eq!((estimate.deposit, estimate.refund), (0, 0));
		assert_eq!(state(), before);

		// Its limit is enough, and one less is not.
		let args = vec![bcs(bob()), bcs(60u64)];
		let with = |limit| execute_call("0x1::coin::transfer", &[COIN], args.clone(), limit);
		let mut less = estimate.limit;
		less.ref_time -= WEIGHT_PER_GAS;
		assert_eq!(
			dispatch(with(less), alice()).1,
			Err(Error::<Test>::OutOfGas.into())
		);
		let (weight, result) = dispatch(with(estimate.limit), alice());
		assert_ok!(result);
		assert_eq!(weight, estimate.weight);
		let after = MoveVm::estimate(alice(), call, None);
		assert!(matches!(after.result, Err(MoveFailure::Vm(_))));
	});
}

#[test]
fn estimate_tells_where_and_with_what_code_a_call_aborts() {
	with_coins(|| {
		let call = MoveCall::Execute {
			module: (STD_ACCOUNT, b"coin".to_vec()),
			function: b"transfer".to_vec(),
			type_args: texts(&[COIN]),
			args: vec![bcs(bob()), bcs(101u64)],
		};
		let Err(MoveFailure::Vm(status)) = MoveVm::estimate(alice(), call, None).result else {
			panic!("it does not fail");
		};
		let VmStatus {
			code,
			name,
			sub_status,
			location,
			code_offset,
			..
		} = *status;
		assert_eq!((code, name.as_slice()), (4016, &b"ABORTED"[..]));
		assert_eq!(sub_status, Some(0x10005));
		assert_eq!(
			location,
			CodeLocation::Module(STD_ACCOUNT, b"coin".to_vec())
		);
		assert!(code_offset.is_some());
	});
}

#[test]
fn views_cannot_write() {
	test(|| {
		let sender = AccountId::new({
			let mut bytes = [0; 32];
			bytes[31] = 0x42;
			bytes
		});
		let _ = pallet_balances::Pallet::<Test>::force_set_balance(
			RuntimeOrigin::root(),
			sender.clone(),
			FUNDS,
		);
		let counter = move_vm_fixtures::counter().serialize().unwrap();
		assert_ok!(publish(sender.clone(), vec![counter]));
		assert_ok!(execute(
			sender.clone(),
			"0x42::counter::create",
			&[],
			vec![]
		));
		assert_noop!(
			view("0x42::counter::increment", &[], vec![bcs(&sender)]),
			MoveFailure::ReadOnly
		);
		let shown = view("0x42::counter::value", &[], vec![bcs(&sender)]);
		assert_eq!(shown, Ok(vec![bcs(0u64)]));
	});
}

#[test]
fn abi_names_functions_and_structs() {
	test_with_examples(|| {
		let abi = MoveVm::module_abi(&issuer(), b"escrow".to_vec()).unwrap();
		let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
		let open = abi
			.functions
			.iter()
			.find(|function| function.name == b"open")
			.unwrap();
		assert_eq!(open.visibility, FunctionVisibility::Public);
		assert!(open.is_entry && !open.is_native);
		assert_eq!(open.type_params, vec![Vec::<Vec<u8>>::new()]);
		let params: Vec<_> = open.params.iter().map(|param| text(param)).collect();
		assert_eq!(params, ["&signer", "address", "u64"]);
		let deals = abi
			.structs
			.iter()
			.find(|definition| definition.name == b"Deals")
			.unwrap();
		assert_eq!(deals.abilities, vec![b"key".to_vec()]);
		assert_eq!(deals.type_params, vec![vec![b"phantom".to_vec()]]);
		let fields: Vec<_> = deals
			.fields
			.iter()
			.map(|(name, type_)| (text(name), text(type_)))
			.collect();
		assert_eq!(
			fields,
			[
				("next_id".into(), "u64".into()),
				(
					"open".into(),
					format!(
						"0x1::table::Table<u64, {}<T0>>",
						examples!("::escrow::Deal")
					)
				),
			]
		);
		assert!(MoveVm::module_abi(&issuer(), b"nothing".to_vec()).is_none());
		assert!(Pallet::<Test>::module_abi(&issuer(), vec![b'x'; 1_000]).is_none());
	});
}
