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
	trace::FrameKind,
	AccountId, AddressMapping, CallError, CallFlags, CallRequest, Dispatch, Encoding, Entry, Exit,
	Signature, SolidityAbi, Type, Value, VmId,
};

/// An execution of `who`'s.
fn entry(who: &AccountId) -> Entry<'_> {
	Entry {
		vm: VmId(0),
		contract: who,
		caller: who,
		actor: who,
		value: 0,
		kind: FrameKind::Entry,
		code: None,
		function: &[],
		input: &|| (&[][..]).into(),
		deposit_limit: 1,
	}
}

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
		<Pallet<T> as Dispatch>::enter(entry(&caller));
		let outcome;
		#[block]
		{
			sp_io::storage::start_transaction();
			outcome = <Pallet<T> as Dispatch>::call(request);
			// What a hop that succeeds does besides: it counts what it took.
			DepositTaken::<T>::mutate(|taken| *taken = taken.saturating_add(1));
			sp_io::storage::rollback_transaction();
		}
		<Pallet<T> as Dispatch>::leave(Exit::failed(VmId(0), CallError::NotFound, Weight::zero()));
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
		// The block's tree as it is when another leaf changes most of it.
		let roots = alloc::vec![[7; 32]; 17];
		ReceiptTree::<T>::put(Tree {
			count: (1 << 17) - 1,
			roots,
		});
		receipts::hold();
		#[block]
		{
			<Pallet<T> as Dispatch>::enter(entry(&caller));
			<Pallet<T> as Dispatch>::leave(Exit::well(VmId(0), &[], Weight::zero()));
			receipts::publish_pending::<T>();
		}
		assert_eq!(ReceiptTree::<T>::get().count, 1 << 17);
	}

	/// Keccak-256 of `b` bytes.
	#[benchmark]
	fn digest(b: Linear<0, 65_536>) {
		let bytes = alloc::vec![7; b as usize];
		let hash;
		#[block]
		{
			hash = sp_io::hashing::keccak_256(&bytes);
		}
		assert_ne!(hash, [0; 32]);
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

	/// The commitment to the receipts of a full block.
	#[benchmark]
	fn on_finalize() {
		let roots = alloc::vec![[7; 32]; 17];
		ReceiptTree::<T>::put(Tree {
			count: (1 << 17) - 1,
			roots,
		});
		#[block]
		{
			Pallet::<T>::on_finalize(BlockNumberFor::<T>::default());
		}
		assert!(!ReceiptTree::<T>::exists());
	}
}
