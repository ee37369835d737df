//! Publishing and upgrading.

use crate::{mock::*, Error, Event, Modules, UpgradePolicy};
use move_vm_binary_format::{Bytecode as B, SignatureToken as T};
use move_vm_fixtures::{Function, ModuleBuilder};
use move_vm_types::AccountAddress;
use polkadot_sdk::{frame_support::assert_ok, sp_runtime::DispatchError};
use trivium_primitives::AccountId;

/// A module of Alice's whose function `answer` gives a number, with another function if it is asked
/// for.
fn answering(answer: u64, with_more: bool) -> Vec<u8> {
	let address = AccountAddress(*AsRef::<[u8; 32]>::as_ref(&alice()));
	let mut m = ModuleBuilder::new(address, "oracle").version(6);
	m.function(
		Function::new("answer")
			.public()
			.returns([T::U64])
			.code([B::LdU64(answer), B::Ret]),
	);
	if with_more {
		m.function(
			Function::new("more")
				.public()
				.returns([T::U64])
				.code([B::LdU64(7), B::Ret]),
		);
	}
	m.build().serialize().unwrap()
}

fn ask(account: AccountId, function: &str) -> Result<Vec<Vec<u8>>, crate::MoveFailure> {
	MoveVm::call_view(
		(account, b"oracle".to_vec()),
		function.into(),
		vec![],
		vec![],
	)
}

fn incompatible() -> Result<(), DispatchError> {
	Err(Error::<Test>::Verification(1096).into())
}

#[test]
fn published_package_is_named_in_the_event_with_its_policy() {
	test(|| {
		assert_ok!(publish_as(
			issuer(),
			package("examples"),
			UpgradePolicy::Immutable
		));
		let Some(Event::Published {
			account,
			mut modules,
			policy,
		}) = System::events()
			.into_iter()
			.find_map(|record| match record.event {
				RuntimeEvent::MoveVm(event @ Event::Published { .. }) => Some(event),
				_ => None,
			})
		else {
			panic!("no event");
		};
		modules.sort();
		assert_eq!(account, issuer());
		assert_eq!(policy, UpgradePolicy::Immutable);
		let names = ["allowance_coin", "counter", "escrow", "my_coin"];
		assert!(modules
			.iter()
			.map(|name| name.as_slice())
			.eq(names.map(str::as_bytes)));
	});
}

#[test]
fn published_name_is_not_published_again() {
	test(|| {
		assert_ok!(publish(alice(), vec![answering(1, false)]));
		let before = state();
		assert_eq!(
			publish(alice(), vec![answering(2, false)]),
			Err(Error::<Test>::Verification(1095).into())
		);
		assert_eq!(state(), before);
	});
}

#[test]
fn compatible_upgrade_takes_the_place_of_the_old_module() {
	test(|| {
		assert_ok!(publish(alice(), vec![answering(1, false)]));
		let deposit = held(&alice());
		assert_ok!(upgrade(alice(), vec![answering(2, true)]));
		assert_eq!(ask(alice(), "answer"), Ok(vec![bcs(2u64)]));
		assert_eq!(ask(alice(), "more"), Ok(vec![bcs(7u64)]));
		assert!(held(&alice()) > deposit);
		System::assert_last_event(
			Event::<Test>::Upgraded {
				account: alice(),
				modules: vec![b"oracle".to_vec().try_into().unwrap()],
			}
			.into(),
		);
	});
}

#[test]
fn upgrade_that_takes_a_function_away_is_refused() {
	test(|| {
		assert_ok!(publish(alice(), vec![answering(1, true)]));
		let before = state();
		assert_eq!(upgrade(alice(), vec![answering(1, false)]), incompatible());
		assert_eq!(state(), before);
		assert_eq!(ask(alice(), "more"), Ok(vec![bcs(7u64)]));
	});
}

#[test]
fn immutable_module_is_not_upgraded() {
	test(|| {
		assert_ok!(publish_as(
			alice(),
			vec![answering(1, false)],
			UpgradePolicy::Immutable
		));
		let before = state();
		assert_eq!(
			upgrade(alice(), vec![answering(2, true)]),
			Err(Error::<Test>::ModuleImmutable.into())
		);
		assert_eq!(state(), before);
		assert_eq!(ask(alice(), "answer"), Ok(vec![bcs(1u64)]));
	});
}

#[test]
fn upgrade_keeps_the_policy_and_may_bring_new_modules() {
	test(|| {
		assert_ok!(upgrade(alice(), vec![answering(1, false)]));
		let entry = Modules::<Test>::iter_prefix(alice()).next().unwrap().1;
		assert_eq!(entry.policy, UpgradePolicy::Compatible);
		assert_ok!(upgrade(alice(), vec![answering(2, false)]));
	});
}

#[test]
fn upgrade_of_another_accounts_module_is_refused() {
	test(|| {
		assert_ok!(publish(alice(), vec![answering(1, false)]));
		let before = state();
		assert_eq!(
			upgrade(bob(), vec![answering(2, false)]),
			Err(Error::<Test>::Verification(1067).into())
		);
		assert_eq!(state(), before);
	});
}

/// A module of Alice's with a resource that `init_module` puts under its signer, unless it is to abort,
/// and an event that it emits. `kept` says whether the resource is there.
fn initialised(name: &str, aborts: bool) -> Vec<u8> {
	use move_vm_fixtures::{abilities, Tables};
	let address = AccountAddress(*AsRef::<[u8; 32]>::as_ref(&alice()));
	let mut m = ModuleBuilder::new(address, name).version(6);
	let r = m.struct_("R", abilities("key"), &[], &[("v", T::U64)]);
	let e = m.struct_("E", abilities("drop store"), &[], &[("v", T::U64)]);
	let event = m.module_handle(1, "event");
	let emit = Function::new("emit")
		.type_parameters([abilities("drop store")])
		.parameters([T::TypeParameter(0)]);
	let emit = m.function_handle(event, &emit);
	let emit = m.function_instantiation(emit, [e.type_()]);
	let mut code = vec![
		B::MoveLoc(0),
		B::LdU64(7),
		B::Pack(r.def),
		B::MoveTo(r.def),
		B::LdU64(7),
		B::Pack(e.def),
		B::CallGeneric(emit),
	];
	if aborts {
		code.extend([B::LdU64(9), B::Abort]);
	} else {
		code.push(B::Ret);
	}
	m.function(
		Function::new("init_module")
			.parameters([T::Reference(Box::new(T::Signer))])
			.code(code),
	);
	m.function(
		Function::new("kept")
			.public()
			.parameters([T::Address])
			.returns([T::Bool])
			.code([B::MoveLoc(0), B::Exists(r.def), B::Ret]),
	);
	m.build().serialize().unwrap()
}

fn kept(name: &str) -> bool {
	let module = (alice(), name.as_bytes().to_vec());
	let answer = MoveVm::call_view(module, b"kept".to_vec(), vec![], vec![bcs(alice())]);
	answer.unwrap() == [bcs(true)]
}

fn emitted() -> usize {
	let events = System::events();
	let is_own =
		|event: &RuntimeEvent| matches!(event, RuntimeEvent::MoveVm(Event::Emitted { .. }));
	events.iter().filter(|record| is_own(&record.event)).count()
}

#[test]
fn new_modules_are_initialised_once_and_for_a_deposit() {
	test(|| {
		assert_ok!(publish(alice(), vec![initialised("one", false)]));
		assert!(kept("one"));
		assert_eq!(emitted(), 1);
		let modules: u128 = Modules::<Test>::iter_prefix(alice())
			.map(|(_, entry)| crate::storage::total(&entry.shares))
			.sum();
		assert!(held(&alice()) > modules, "the resource has its own");
		// Upgrading does not; a new module among them does.
		assert_ok!(upgrade(
			alice(),
			vec![initialised("one", false), initialised("two", false)]
		));
		assert!(kept("two"));
		assert_eq!(emitted(), 2);
	});
}

#[test]
fn failing_initialisation_takes_the_package_back() {
	test(|| {
		let before = state();
		let package = vec![initialised("one", false), initialised("two", true)];
		let refused = Error::<Test>::Aborted {
			category: 0,
			reason: 9,
		};
		assert_eq!(publish(alice(), package), Err(refused.into()));
		assert_eq!((state(), emitted(), held(&alice())), (before, 0, 0));
	});
}

#[test]
fn limit_of_publishing_is_for_initialising_too() {
	test(|| {
		let publish_within = |deposit| {
			let call = crate::Call::publish_package {
				modules: vec![initialised("one", false)],
				policy: UpgradePolicy::Compatible,
				limit: crate::CallLimit {
					deposit: Some(deposit),
					..AMPLE
				},
			};
			dispatch(call, alice()).1
		};
		let call = crate::types::MoveCall::PublishPackage {
			modules: vec![initialised("one", false)],
			policy: UpgradePolicy::Compatible,
		};
		let estimate = MoveVm::estimate(alice(), call, None);
		assert_eq!(estimate.result, Ok(()));
		let before = state();
		assert_eq!(
			publish_within(estimate.deposit - 1),
			Err(Error::<Test>::DepositLimitExceeded.into())
		);
		assert_eq!(state(), before);
		assert_ok!(publish_within(estimate.deposit));
		assert_eq!(held(&alice()), estimate.deposit);
	});
}
