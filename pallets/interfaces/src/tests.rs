//! Registering, removing, attesting, and what callers are told.

use polkadot_sdk::{
	frame_support::{assert_noop, assert_ok, traits::fungible::InspectHold},
	frame_system::RawOrigin,
	sp_core::H256,
	sp_runtime::DispatchResult,
};
use trivium_primitives::{
	interface::{
		Access, Callers, Deployment, Function, Interfaces as _, Mutability, MAX_FUNCTIONS,
	},
	AccountId, Balance, CallError, ContractRef, EncodingError, Signature, VmId,
};

use crate::{
	mock::*,
	types::{Interface, Verdict},
	AccessRules, Attestations, Error, Event, Functions, HoldReason, Registrations,
};

/// The contract that is registered.
const COUNTER: AccountId = AccountId::new([9; 32]);

fn function(face: &str, own: Option<&str>) -> Function {
	let text = |text: &str| text.as_bytes().to_vec().try_into().unwrap();
	Function {
		face: text(face),
		own: own.map(text),
		mutability: Mutability::NonPayable,
	}
}

fn interface(functions: Vec<Function>) -> Interface {
	Interface {
		functions: functions.try_into().unwrap(),
		..Interface::default()
	}
}

fn counter() -> Interface {
	interface(vec![
		function("increment(u256)->(u256)", Some("increment_by(u64)->(u64)")),
		function("get()->(u64)", None),
	])
}

fn selector(face: &str) -> [u8; 4] {
	Signature::parse(face.as_bytes())
		.unwrap()
		.solidity_selector()
}

fn register(who: &AccountId, interface: Interface) -> DispatchResult {
	let done = Interfaces::register(
		RawOrigin::Signed(who.clone()).into(),
		COUNTER.into(),
		Deployment::Published,
		interface,
	);
	Interfaces::do_try_state().unwrap();
	done
}

fn held(who: &AccountId) -> Balance {
	Balances::balance_on_hold(&HoldReason::StorageDeposit.into(), who)
}

#[test]
fn deployer_registers_and_callers_find_functions() {
	new_test_ext().execute_with(|| {
		shelve(&COUNTER, &ALICE, 5);
		assert_ok!(register(&ALICE, counter()));
		let deposit = held(&ALICE);
		assert!(deposit > 3 * PER_ITEM, "{deposit}");
		System::assert_last_event(
			Event::Registered {
				contract: COUNTER,
				vm: VmId(77),
				by: ALICE,
				code: H256([5; 32]),
				functions: 2,
				deposit,
			}
			.into(),
		);
		assert_eq!(shown(), [COUNTER]);
		let found = Interfaces::function(&COUNTER, selector("increment(u256)")).unwrap();
		assert_eq!(found.own(), b"increment_by(u64)->(u64)");
		let found = Interfaces::function(&COUNTER, selector("get()")).unwrap();
		assert_eq!(found.own(), b"get()->(u64)");
		let unknown = Interfaces::function(&COUNTER, [1, 2, 3, 4]);
		let refused = CallError::BadEncoding(EncodingError::RefusedByCallee);
		assert_eq!(unknown, Err(refused));
		assert_eq!(
			Interfaces::function(&ALICE, [1, 2, 3, 4]),
			Err(CallError::NotFound)
		);
		let described = Interfaces::describe(&COUNTER.into()).unwrap();
		assert!(described.is_current);
		assert_eq!(described.functions, counter().functions.into_inner());
	});
}

#[test]
fn only_the_deployer_registers_and_only_once() {
	new_test_ext().execute_with(|| {
		let fails = |who, with: Interface, error: Error<Test>| {
			assert_noop!(register(who, with), error);
		};
		fails(&ALICE, counter(), Error::NotFound);
		shelve(&COUNTER, &ALICE, 5);
		fails(&BOB, counter(), Error::NotDeployer);
		assert_noop!(
			Interfaces::register(
				RawOrigin::Signed(ALICE).into(),
				COUNTER.into(),
				Deployment::Created(0),
				counter()
			),
			Error::<Test>::NotDeployer
		);
		assert_ok!(register(&ALICE, counter()));
		fails(&ALICE, interface(vec![]), Error::AlreadyRegistered);
		// Another contract's interface is nobody else's business.
		shelve(&COUNTER, &POOR, 6);
		fails(&POOR, counter(), Error::InsufficientBalance);
	});
}

#[test]
fn what_lies_or_does_not_parse_is_refused() {
	new_test_ext().execute_with(|| {
		shelve(&COUNTER, &ALICE, 5);
		for (functions, error) in [
			(vec![function("f(", None)], Error::InvalidSignature),
			(
				vec![function("f()", Some("g(uint256)"))],
				Error::InvalidSignature,
			),
			(vec![function("f(u8)", Some("f(bool)"))], Error::FaceDiffers),
			(vec![function("f()->(u8)", Some("f()"))], Error::FaceDiffers),
			(
				vec![function("f(u8)", None), function("f(u8)->(bool)", None)],
				Error::<Test>::DuplicateSelector,
			),
		] {
			assert_noop!(register(&ALICE, interface(functions)), error);
		}
		take_alias(&COUNTER);
		assert_noop!(register(&ALICE, counter()), Error::<Test>::AliasTaken);
	});
}

#[test]
fn other_code_needs_another_interface() {
	new_test_ext().execute_with(|| {
		shelve(&COUNTER, &ALICE, 5);
		let mut closed = counter();
		closed.access.callers = Callers::Nobody;
		assert_ok!(register(&ALICE, closed));
		shelve(&COUNTER, &ALICE, 6);
		let get = selector("get()");
		assert_eq!(
			Interfaces::function(&COUNTER, get),
			Err(CallError::NotFound),
			"functions of code that it no longer has"
		);
		assert_eq!(Interfaces::access(&COUNTER).callers, Callers::Nobody);
		assert!(!Interfaces::describe(&COUNTER.into()).unwrap().is_current);

		assert_ok!(register(&ALICE, interface(vec![function("set(u8)", None)])));
		assert_eq!(Interfaces::access(&COUNTER), Access::default());
		let gone = CallError::BadEncoding(EncodingError::RefusedByCallee);
		assert_eq!(Interfaces::function(&COUNTER, get), Err(gone));
		assert!(Interfaces::function(&COUNTER, selector("set(u8)")).is_ok());
		assert_eq!(Functions::<Test>::iter().count(), 1);
	});
}

#[test]
fn what_has_gone_is_removed_by_anyone_and_the_deposit_goes_back() {
	new_test_ext().execute_with(|| {
		let remove = || Interfaces::remove(RawOrigin::Signed(BOB).into(), COUNTER);
		assert_noop!(remove(), Error::<Test>::NotRegistered);
		shelve(&COUNTER, &ALICE, 5);
		let mut listed = counter();
		listed.access.callers = Callers::Accounts(vec![BOB].try_into().unwrap());
		assert_ok!(register(&ALICE, listed));
		assert_noop!(remove(), Error::<Test>::StillThere);
		unshelve(&COUNTER);
		assert_ok!(remove());
		assert_eq!(held(&ALICE), 0);
		assert_eq!(Balances::free_balance(&ALICE), PLENTY);
		assert!(shown().is_empty());
		assert_eq!(Registrations::<Test>::iter().count(), 0);
		assert_eq!(Functions::<Test>::iter().count(), 0);
		assert_eq!(AccessRules::<Test>::iter().count(), 0);
		Interfaces::do_try_state().unwrap();
	});
}

#[test]
fn others_attest_and_take_it_back() {
	new_test_ext().execute_with(|| {
		let attest = |document, verdict| {
			let origin = RawOrigin::Signed(BOB).into();
			Interfaces::attest(origin, COUNTER.into(), H256([document; 32]), verdict)
		};
		assert_noop!(attest(1, Verdict::Passed), Error::<Test>::NotFound);
		shelve(&COUNTER, &ALICE, 5);
		assert_ok!(attest(1, Verdict::Passed));
		let deposit = held(&BOB);
		assert_ok!(attest(2, Verdict::Failed));
		assert_eq!(
			held(&BOB),
			deposit,
			"one attestation takes the other's place"
		);
		let said = Attestations::<Test>::get(COUNTER, BOB).unwrap();
		assert_eq!(
			(said.code, said.document, said.verdict),
			(H256([5; 32]), H256([2; 32]), Verdict::Failed)
		);
		let asked = Interfaces::attestations(&COUNTER, vec![ALICE, BOB]);
		assert_eq!(asked, [(BOB, said)]);
		let poor = Interfaces::attest(
			RawOrigin::Signed(POOR).into(),
			COUNTER.into(),
			H256::zero(),
			Verdict::Passed,
		);
		assert_noop!(poor, Error::<Test>::InsufficientBalance);
		Interfaces::do_try_state().unwrap();
		assert_ok!(Interfaces::retract(RawOrigin::Signed(BOB).into(), COUNTER));
		assert_eq!(held(&BOB), 0);
		assert_noop!(
			Interfaces::retract(RawOrigin::Signed(BOB).into(), COUNTER),
			Error::<Test>::NotRegistered
		);
	});
}

#[test]
fn as_many_functions_as_there_may_be_fit() {
	new_test_ext().execute_with(|| {
		shelve(&COUNTER, &ALICE, 5);
		let functions = (0..MAX_FUNCTIONS).map(|n| function(&format!("f{n}(u8)->(u8)"), None));
		assert_ok!(register(&ALICE, interface(functions.collect())));
		assert_eq!(Functions::<Test>::iter().count(), MAX_FUNCTIONS as usize);
		let origin = RawOrigin::Signed(BOB).into();
		unshelve(&COUNTER);
		assert_ok!(Interfaces::remove(origin, COUNTER));
		assert_eq!(Functions::<Test>::iter().count(), 0);
	});
}

#[test]
fn target_may_be_named_in_any_way() {
	new_test_ext().execute_with(|| {
		let name = b"counter".to_vec().try_into().unwrap();
		let target = ContractRef::Module(ALICE, name);
		let account = trivium_primitives::account::module_account(&ALICE, b"counter");
		shelve(&account, &ALICE, 1);
		assert_ok!(Interfaces::register(
			RawOrigin::Signed(ALICE).into(),
			target,
			Deployment::Published,
			counter()
		));
		assert!(Registrations::<Test>::contains_key(&account));
	});
}
