//! Benchmarks of the pallet's calls and answers. What is registered is a Move module of the standard library, because
//! every chain begins with it.

use super::*;

use alloc::{format, vec::Vec};

use frame_benchmarking::v2::*;
use frame_support::{traits::fungible::Mutate, BoundedVec};
use frame_system::RawOrigin;
use sp_core::H256;
use trivium_primitives::{
	account::module_account,
	interface::{Access, Callers, Deployment, Function, Mutability, MAX_CALLERS, MAX_FUNCTIONS},
	AccountId, Balance, Interfaces as _,
};

use crate::types::{Interface, Registration, StoredFunction, Verdict};

/// Publisher of the standard library.
fn publisher() -> AccountId {
	let mut bytes = [0; 32];
	bytes[31] = 1;
	AccountId::new(bytes)
}

/// A contract that is there.
fn contract() -> AccountId {
	module_account(&publisher(), b"vector")
}

/// A function with the longest of texts, and types that take long to read.
fn function(n: u32) -> Function {
	let face = format!("f{n:03}({})->(bool)", "u8[],".repeat(45) + "u8");
	let own = face
		.replace("u8[]", "u9[]")
		.replace("u9", "i8")
		.replace("i8", "u8");
	let text = |text: &str| BoundedVec::truncate_from(text.as_bytes().to_vec());
	Function {
		face: text(&face),
		own: Some(text(&own)),
		mutability: Mutability::Payable,
	}
}

/// The largest interface with `f` functions.
fn interface(f: u32) -> Interface {
	let callers: Vec<AccountId> = (0..MAX_CALLERS)
		.map(|n| AccountId::new([n as u8; 32]))
		.collect();
	Interface {
		functions: BoundedVec::truncate_from((0..f).map(function).collect()),
		access: Access {
			callers: Callers::Accounts(BoundedVec::truncate_from(callers)),
			refuses_value: true,
		},
		documents: Some(H256([1; 32])),
		source: Some(H256([2; 32])),
	}
}

fn fund<T: Config>(who: &AccountId)
where
	T::Currency: Mutate<AccountId, Balance = Balance>,
{
	T::Currency::mint_into(who, Balance::MAX / 1_000_000).expect("there is room for more");
}

/// Registers for a contract that is not there, by storage alone.
fn registered<T: Config>(contract: &AccountId, f: u32)
where
	T::Currency: Mutate<AccountId, Balance = Balance>,
{
	fund::<T>(&publisher());
	let interface = interface(f);
	let deposit = Pallet::<T>::deposit_of(&interface);
	Pallet::<T>::hold(&publisher(), deposit).expect("it has plenty");
	let mut selectors = BoundedVec::new();
	for function in &interface.functions {
		let (face, _) = function.parse().expect("it is well-formed");
		let selector = face.solidity_selector();
		selectors.try_push(selector).expect("they are few");
		let code = H256([3; 32]);
		let function = function.clone();
		Functions::<T>::insert(contract, selector, StoredFunction { code, function });
	}
	AccessRules::<T>::insert(contract, interface.access);
	let registration = Registration {
		by: publisher(),
		deposit,
		code: H256([3; 32]),
		documents: None,
		source: None,
		selectors,
	};
	Registrations::<T>::insert(contract, registration);
}

#[benchmarks(where T::Currency: Mutate<AccountId, Balance = Balance>)]
mod benchmarks {
	use super::*;

	/// A further registration, of a contract whose code has changed since the one before, with as many functions
	/// then. The proof of `b` bytes is hashed.
	#[benchmark]
	fn register(f: Linear<0, MAX_FUNCTIONS>, b: Linear<0, 16_384>) {
		registered::<T>(&contract(), f);
		let interface = interface(f);
		let input = alloc::vec![7; b as usize];
		#[block]
		{
			// The proof that a machine asks for with the most bytes; a module's publisher needs none.
			let hash = sp_io::hashing::blake2_256(&input);
			assert_ne!(hash, [0; 32]);
			Pallet::<T>::do_register(
				publisher(),
				&contract().into(),
				&Deployment::Published,
				interface,
			)
			.expect("the publisher may");
		}
		assert_eq!(
			Registrations::<T>::get(contract()).map(|it| it.selectors.len()),
			Some(f as usize)
		);
	}

	#[benchmark]
	fn remove(f: Linear<0, MAX_FUNCTIONS>) {
		let gone = AccountId::new([9; 32]);
		registered::<T>(&gone, f);
		#[extrinsic_call]
		remove(RawOrigin::Signed(publisher()), gone.clone());
		assert!(!Registrations::<T>::contains_key(&gone));
	}

	/// In place of another.
	#[benchmark]
	fn attest() {
		fund::<T>(&publisher());
		let say = |n| {
			Pallet::<T>::do_attest(
				publisher(),
				&contract().into(),
				H256([n; 32]),
				Verdict::Passed,
			)
		};
		say(1).expect("the contract is there");
		#[block]
		{
			say(2).expect("the contract is there");
		}
		let said = Attestations::<T>::get(contract(), publisher());
		assert_eq!(said.map(|said| said.document), Some(H256([2; 32])));
	}

	#[benchmark]
	fn retract() {
		fund::<T>(&publisher());
		let said = Pallet::<T>::do_attest(
			publisher(),
			&contract().into(),
			H256([1; 32]),
			Verdict::Passed,
		);
		said.expect("the contract is there");
		#[extrinsic_call]
		retract(RawOrigin::Signed(publisher()), contract());
		assert!(!Attestations::<T>::contains_key(contract(), publisher()));
	}

	/// A function with the longest of texts.
	#[benchmark]
	fn function() {
		registered::<T>(&contract(), MAX_FUNCTIONS);
		let (face, _) = super::function(0).parse().expect("it is well-formed");
		let selector = face.solidity_selector();
		let found;
		#[block]
		{
			found = Functions::<T>::get(contract(), selector);
		}
		assert!(found.is_some());
	}

	/// The longest list of callers.
	#[benchmark]
	fn access() {
		registered::<T>(&contract(), 1);
		let rule;
		#[block]
		{
			rule = Pallet::<T>::access(&contract());
		}
		assert!(rule.refuses_value);
	}
}
