//! Who acts, through every door: whoever signs and pays the fee, the account in whose name a call is
//! made is `tx.origin` and pays the storage deposits, and nobody else pays any.

use polkadot_sdk::{
	frame_support::assert_ok,
	frame_system, pallet_multisig, pallet_proxy, pallet_sudo, pallet_transaction_payment,
	pallet_utility,
	sp_core::{H160, H256},
	sp_keyring::Sr25519Keyring::{Alice, Bob, Charlie},
};
use trivium_primitives::{account::alias, ContractRef};
use trivium_runtime::{
	configs::utility::ProxyType,
	constants::currency::{DEPOSIT_PER_ITEM, UNIT},
	AccountId, Balance, Multisig, OriginCaller, Proxy, RuntimeCall, RuntimeEvent, RuntimeOrigin,
	System,
};

use crate::{
	common::{account, apply, balance, development},
	contracts::{
		self, bridged, bridged_input, cross_call, cross_mode, evm_call, move_call, Deployed, Mode,
	},
};

/// A way for Alice to make a call in the name of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Door {
	Plain,
	Batch,
	Proxy,
	Multisig,
	Derivative,
	SudoAs,
	DispatchAs,
}

const DOORS: [Door; 7] = [
	Door::Plain,
	Door::Batch,
	Door::Proxy,
	Door::Multisig,
	Door::Derivative,
	Door::SudoAs,
	Door::DispatchAs,
];

impl Door {
	/// In whose name the call is made.
	fn actor(self) -> AccountId {
		match self {
			Self::Plain | Self::Batch => account(Alice),
			Self::Proxy | Self::SudoAs | Self::DispatchAs => account(Bob),
			Self::Multisig => {
				let mut both = [account(Alice), account(Charlie)];
				both.sort();
				Multisig::multi_account_id(&both, 1)
			}
			Self::Derivative => pallet_utility::derivative_account_id(account(Alice), 3),
		}
	}

	/// What Alice signs.
	fn wrap(self, call: RuntimeCall) -> RuntimeCall {
		let call = Box::new(call);
		match self {
			Self::Plain => *call,
			Self::Batch => pallet_utility::Call::batch_all { calls: vec![*call] }.into(),
			Self::Proxy => pallet_proxy::Call::proxy {
				real: account(Bob).into(),
				force_proxy_type: None,
				call,
			}
			.into(),
			Self::Multisig => pallet_multisig::Call::as_multi_threshold_1 {
				other_signatories: vec![account(Charlie)],
				call,
			}
			.into(),
			Self::Derivative => pallet_utility::Call::as_derivative { index: 3, call }.into(),
			Self::SudoAs => pallet_sudo::Call::sudo_as {
				who: account(Bob).into(),
				call,
			}
			.into(),
			Self::DispatchAs => {
				let origin = frame_system::RawOrigin::Signed(account(Bob));
				let call = pallet_utility::Call::dispatch_as {
					as_origin: Box::new(OriginCaller::system(origin)),
					call,
				};
				pallet_sudo::Call::sudo {
					call: Box::new(call.into()),
				}
				.into()
			}
		}
	}
}

/// What Alice paid for her last transaction.
fn fee() -> Balance {
	System::read_events_no_consensus()
		.filter_map(|record| match record.event {
			RuntimeEvent::TransactionPayment(
				pallet_transaction_payment::Event::TransactionFeePaid { actual_fee, .. },
			) => Some(actual_fee),
			_ => None,
		})
		.last()
		.expect("a fee was paid")
}

/// Runs `check` for each door, each on a chain of its own, with the contracts and whoever acts there.
fn at_each_door(check: impl Fn(Door, &Deployed, AccountId)) {
	for door in DOORS {
		development().execute_with(|| {
			let at = contracts::deploy();
			let actor = door.actor();
			contracts::endow(&actor);
			assert_ok!(Proxy::add_proxy(
				RuntimeOrigin::signed(account(Bob)),
				account(Alice).into(),
				ProxyType::Any,
				0
			));
			System::reset_events();
			check(door, &at, actor);
		});
	}
}

/// Makes the call through the door. Gives what Alice paid besides the fee, and what `actor` did.
fn paid(door: Door, actor: &AccountId, call: RuntimeCall) -> (Balance, Balance) {
	let before = (balance(&account(Alice)), balance(actor));
	apply(Alice, door.wrap(call))
		.expect("it is valid")
		.expect("it succeeds");
	let alice = before.0 - balance(&account(Alice)) - fee();
	match *actor == account(Alice) {
		true => (0, alice),
		false => (alice, before.1 - balance(actor)),
	}
}

#[test]
fn who_acts_pays_the_deposit_through_every_door() {
	at_each_door(|door, at, actor| {
		// By the dispatch into ink!, which takes a deposit to the contract.
		let held = balance(&at.ink);
		let call = cross_mode(at.ink.clone(), Mode::Store, "", Some(UNIT));
		let (by_alice, by_actor) = paid(door, &actor, call);
		let deposit = balance(&at.ink) - held;
		assert!(deposit >= DEPOSIT_PER_ITEM, "{door:?}");
		assert_eq!((by_alice, by_actor), (0, deposit), "{door:?}");
	});
	at_each_door(|door, at, actor| {
		// From the EVM into ink!.
		let held = balance(&at.ink);
		let input = bridged_input(&at.ink, Mode::Store as u8);
		let (by_alice, by_actor) = paid(door, &actor, evm_call(at.evm_bridge, input, 2_000_000));
		let deposit = balance(&at.ink) - held;
		assert!(deposit >= DEPOSIT_PER_ITEM, "{door:?}");
		assert_eq!((by_alice, by_actor), (0, deposit), "{door:?}");
	});
	at_each_door(|door, _, actor| {
		// Move holds what it takes where it is: on whoever acts.
		assert_eq!(
			paid(door, &actor, move_call(b"remove", vec![]).into()),
			(0, 0)
		);
		let held = |who: &AccountId| System::account(who).data.reserved;
		let before = (held(&actor), held(&account(Alice)));
		paid(door, &actor, move_call(b"create", vec![]).into());
		assert!(held(&actor) >= before.0 + DEPOSIT_PER_ITEM, "{door:?}");
		if actor != account(Alice) {
			assert_eq!(held(&account(Alice)), before.1, "{door:?}");
		}
	});
}

#[test]
fn who_acts_is_the_origin_through_every_door() {
	at_each_door(|door, at, actor| {
		let seen = || H160::from(contracts::slot(at.evm_bridge));
		let input = bridged_input(&at.ink, Mode::Well as u8);
		paid(door, &actor, evm_call(at.evm_bridge, input, 2_000_000));
		assert_eq!(seen(), alias(&actor), "{door:?}");
		pallet_evm::Slots::<trivium_runtime::Runtime>::remove(at.evm_bridge, H256::zero());

		let (signature, args) = bridged(&at.ink, Mode::Well as u8);
		let target = ContractRef::Address(at.evm_bridge);
		paid(door, &actor, cross_call(target, signature, args, None));
		assert_eq!(seen(), alias(&actor), "{door:?}");
	});
}

#[test]
fn call_that_names_no_limit_takes_no_deposit_however_deep() {
	at_each_door(|door, at, actor| {
		let held = balance(&at.ink);
		let (signature, args) = bridged(&at.ink, Mode::Store as u8);
		let target = ContractRef::Address(at.evm_bridge);
		for call in [
			cross_mode(at.ink.clone(), Mode::Store, "", None),
			cross_call(target, signature, args, None),
		] {
			let before = balance(&actor);
			let alice = balance(&account(Alice));
			let _ = apply(Alice, door.wrap(call)).expect("it is valid");
			assert_eq!(balance(&at.ink), held, "{door:?}");
			match actor == account(Alice) {
				true => assert_eq!(balance(&actor), alice - fee(), "{door:?}"),
				false => assert_eq!(balance(&actor), before, "{door:?}"),
			}
		}
	});
}
