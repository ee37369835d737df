//! Benchmarks of the pallet's own work; the engines have theirs.

use super::*;

use alloc::{boxed::Box, vec, vec::Vec};

use frame_benchmarking::v2::*;
use frame_support::{
	traits::{
		fungible::{Inspect, Mutate},
		Hooks,
	},
	weights::Weight,
	BoundedVec,
};
use frame_system::{pallet_prelude::BlockNumberFor, RawOrigin};
use sp_core::{H160, H256, U256};
use trivium_primitives::{
	account::{alias, ethereum_account},
	AccountId, AddressMapping, CallError, CallFlags, CallRequest, Dispatch, Encoding, Signature,
	SolidityAbi, Type, Value, VmId,
};

/// An account and the alias under which it is stored.
fn mapped<T: Config>() -> (AccountId, H160) {
	let who = AccountId::new([7; 32]);
	Aliases::<T>::insert(alias(&who), &who);
	(who.clone(), alias(&who))
}

/// About `v` values, and one of `b` bytes, with their types.
fn sample(v: u32, b: u32) -> (Vec<Type>, Vec<Value>) {
	let element = Type::Maybe(Box::new(Type::Uint(64)));
	let some = |n: u32| Value::Maybe(Some(Box::new(Value::Uint(n.into()))));
	let types = vec![Type::List(Box::new(element)), Type::Bytes];
	let values = vec![
		Value::List((0..v).map(some).collect()),
		Value::Bytes(vec![7; b as usize]),
	];
	(types, values)
}

/// An account, and one planck at its alias.
fn stranded<T: Config>() -> AccountId {
	let who = AccountId::new([8; 32]);
	let minted = T::Currency::mint_into(&ethereum_account(&alias(&who)), 1_000_000_000);
	assert!(minted.is_ok());
	who
}

#[benchmarks]
mod benchmarks {
	use super::*;

	/// The extrinsic without what its limit covers: a call that ends at its first charge.
	#[benchmark]
	fn call(b: Linear<0, 65_536>) {
		let caller = AccountId::new([1; 32]);
		let args = vec![Value::Bytes(vec![7; b as usize])];
		let text: BoundedVec<u8, pallet::MaxSignatureLen> =
			b"f(bytes)".to_vec().try_into().unwrap_or_default();
		let limit = CallLimit {
			ref_time: 0,
			proof_size: 0,
			deposit: None,
		};
		let error;
		#[block]
		{
			error = Pallet::<T>::call(
				RawOrigin::Signed(caller).into(),
				AccountId::new([2; 32]).into(),
				0,
				text,
				args,
				limit,
			);
		}
		assert_eq!(error.map_err(|e| e.error), Err(Error::<T>::OutOfGas.into()));
	}

	/// A hop up to the point where its target turns out not to exist, with its storage layer.
	#[benchmark]
	fn hop(l: Linear<0, 1_024>) {
		let (caller, _) = mapped::<T>();
		let live = (0..l)
			.map(|n| AccountId::new(U256::from(n).to_big_endian()))
			.collect();
		let request = CallRequest {
			vm: VmId(0),
			caller: caller.clone(),
			origin: None,
			live,
			target: AccountId::new([9; 32]).into(),
			value: 0,
			signature: b"f()",
			face: None,
			arguments: &[],
			encoding: &SolidityAbi,
			limit: Weight::MAX,
			callee_limit: None,
			deposit_limit: None,
			flags: CallFlags::default(),
			read_only: false,
			delegated: false,
		};
		<Pallet<T> as Dispatch>::enter(VmId(0), &caller, &caller, 1);
		let outcome;
		#[block]
		{
			sp_io::storage::start_transaction();
			outcome = <Pallet<T> as Dispatch>::call(request);
			// What a hop that succeeds does besides: it counts what it took.
			DepositTaken::<T>::mutate(|taken| *taken = taken.saturating_add(1));
			sp_io::storage::rollback_transaction();
		}
		<Pallet<T> as Dispatch>::leave(VmId(0), false);
		assert_eq!(outcome.result, Err(CallError::NotFound));
	}

	/// Parsing a signature of about `b` bytes and hashing it for both kinds of selector.
	#[benchmark]
	fn signature(b: Linear<4, 1_024>) {
		let mut text = b"f(".to_vec();
		while text.len() + 8 <= b as usize {
			text.extend_from_slice(b"u8[],");
		}
		text.extend_from_slice(b"i8)");
		let parsed;
		#[block]
		{
			parsed = Signature::parse(&text).map(|s| (s.solidity_selector(), s.ink_selector()));
		}
		assert!(parsed.is_ok());
	}

	/// Reading `v` values in `b` bytes, from the encoding with more rules.
	#[benchmark]
	fn decode(v: Linear<0, 1_000>, b: Linear<0, 65_536>) {
		let (types, values) = sample(v, b);
		let mut meter = meter::Meter::new(Weight::MAX);
		let mut host = meter::Transcoder::<T>::reading(&mut meter);
		let bytes = SolidityAbi
			.encode(&types, &values, &mut host)
			.unwrap_or_default();
		let result;
		#[block]
		{
			result = SolidityAbi.decode(&types, &bytes, &mut host);
		}
		assert_eq!(result, Ok(values));
	}

	/// Writing `v` values in `b` bytes, in the encoding that makes more of them.
	#[benchmark]
	fn encode(v: Linear<0, 1_000>, b: Linear<0, 65_536>) {
		let (types, values) = sample(v, b);
		let mut meter = meter::Meter::new(Weight::MAX);
		let mut host = meter::Transcoder::<T>::writing(&mut meter);
		let result;
		#[block]
		{
			result = SolidityAbi.encode(&types, &values, &mut host);
		}
		assert!(result.is_ok());
	}

	/// The alias of an account, by hashing it.
	#[benchmark]
	fn alias_of() {
		let (who, address) = mapped::<T>();
		let found;
		#[block]
		{
			found = alias(&who);
		}
		assert_eq!(found, address);
	}

	/// The account behind an alias, by reading it.
	#[benchmark]
	fn account_of() {
		let (who, address) = mapped::<T>();
		let found;
		#[block]
		{
			found = <Pallet<T> as AddressMapping>::account(&address);
		}
		assert_eq!(found, who);
	}

	/// What every outermost call does for its receipt, from its announcement to the publication.
	#[benchmark]
	fn receipt() {
		let (caller, _) = mapped::<T>();
		receipts::hold();
		#[block]
		{
			<Pallet<T> as Dispatch>::enter(VmId(0), &caller, &caller, 0);
			<Pallet<T> as Dispatch>::leave(VmId(0), true);
			receipts::publish_pending::<T>();
		}
		assert_eq!(ReceiptCount::<T>::get(), 1);
	}

	/// The first transaction of an account at whose alias something lies.
	#[benchmark]
	fn first_transaction() {
		let who = stranded::<T>();
		assert!(T::Currency::mint_into(&who, 1_000_000_000).is_ok());
		frame_system::Pallet::<T>::inc_account_nonce(&who);
		let is_first;
		#[block]
		{
			is_first = accounts::begin_first_transaction::<T>(&who);
		}
		assert!(is_first);
		assert_eq!(T::Currency::balance(&who), 2_000_000_000);
	}

	/// A claim that brings its account into being.
	#[benchmark]
	fn claim_alias() {
		let who = stranded::<T>();
		#[extrinsic_call]
		_(RawOrigin::Signed(AccountId::new([1; 32])), who.clone());
		assert_eq!(T::Currency::balance(&who), 1_000_000_000);
		assert!(Aliases::<T>::contains_key(alias(&who)));
	}

	/// Merkle root of `r` receipts.
	#[benchmark]
	fn on_finalize(r: Linear<0, 1_000>) {
		let hashes: Vec<H256> = (0..r)
			.map(|n| H256(U256::from(n).to_big_endian()))
			.collect();
		ReceiptHashes::<T>::put(hashes);
		ReceiptCount::<T>::put(r);
		#[block]
		{
			Pallet::<T>::on_finalize(BlockNumberFor::<T>::default());
		}
		assert!(!ReceiptHashes::<T>::exists());
	}
}
