//! A runtime with a ledger, the real dispatch pallet and Move.

use codec::Encode;
use move_vm_types::AccountAddress;
use polkadot_sdk::{
	frame_support::{
		derive_impl, parameter_types,
		storage::{with_transaction, TransactionOutcome},
		traits::{ConstU128, ConstU32, ConstU64},
		weights::Weight,
	},
	sp_core::{Bytes, H256},
	sp_io::TestExternalities,
	sp_runtime::{traits::IdentityLookup, BuildStorage, DispatchError},
	*,
};
use std::path::PathBuf;
use trivium_primitives::{AccountId, Balance};

use crate::{self as pallet_move, CallLimit, UpgradePolicy};

type Block = frame_system::mocking::MockBlock<Test>;

frame_support::construct_runtime!(
	pub enum Test {
		System: frame_system,
		Balances: pallet_balances,
		CrossVm: pallet_cross_vm,
		MoveVm: pallet_move,
	}
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type Block = Block;
	type AccountId = AccountId;
	type Lookup = IdentityLookup<AccountId>;
	type AccountData = pallet_balances::AccountData<Balance>;
	type OnNewAccount = CrossVm;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
	type AccountStore = System;
	type Balance = Balance;
	type ExistentialDeposit = ConstU128<1>;
	type RuntimeHoldReason = RuntimeHoldReason;
}

impl pallet_cross_vm::Config for Test {
	type Interfaces = ();
	type Engines = (MoveVm,);
	type Gate = ();
	type MaxDepth = ConstU32<8>;
	type Currency = Balances;
	type WeightInfo = ();
}

/// Ref time of one unit of gas, picoseconds.
pub const WEIGHT_PER_GAS: u64 = 250;
/// Deposit for an entry.
pub const PER_ITEM: Balance = 1_000;
/// Deposit for a byte.
pub const PER_BYTE: Balance = 10;
/// What calls of the tests may take of deposits.
pub const DEPOSIT_LIMIT: Balance = 10_000_000;

parameter_types! {
	/// Deposit for a byte, which a test may change.
	pub static BytePrice: Balance = PER_BYTE;
}

impl pallet_move::Config for Test {
	type Currency = Balances;
	type RuntimeHoldReason = RuntimeHoldReason;
	type Dispatch = CrossVm;
	type Addresses = CrossVm;
	type WeightPerGas = ConstU64<WEIGHT_PER_GAS>;
	type DepositPerItem = ConstU128<PER_ITEM>;
	type DepositPerByte = BytePrice;
	type WeightInfo = ();
}

/// A user with funds.
pub fn alice() -> AccountId {
	AccountId::new([1; 32])
}

/// Another user with funds.
pub fn bob() -> AccountId {
	AccountId::new([2; 32])
}

/// A user with very little.
pub fn poor() -> AccountId {
	AccountId::new([3; 32])
}

/// What Alice and Bob have at first.
pub const FUNDS: Balance = 1_000_000_000;

/// Text that begins with the address under which the examples are published.
macro_rules! examples {
	($rest:literal) => {
		concat!(
			"0xd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d",
			$rest
		)
	};
}
pub(crate) use examples;

/// The account of the examples.
pub fn issuer() -> AccountId {
	AccountId::new(AccountAddress::from_hex(examples!("")).unwrap().0)
}

/// A limit that is never the reason.
pub const AMPLE: CallLimit = CallLimit {
	ref_time: 500_000_000_000,
	proof_size: 4 * 1024 * 1024,
	deposit: Some(DEPOSIT_LIMIT),
};

fn packages() -> PathBuf {
	PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../contracts/move"))
}

/// The bytecode of a package of the repository, in the order in which it is published.
pub fn package(name: &str) -> Vec<Vec<u8>> {
	let folder = packages().join(name);
	std::fs::read_to_string(folder.join("ORDER"))
		.unwrap()
		.split_whitespace()
		.map(|module| std::fs::read(folder.join(format!("bytecode/{module}.mv"))).unwrap())
		.collect()
}

/// A module of a package.
pub fn module(package: &str, name: &str) -> Vec<u8> {
	std::fs::read(packages().join(package).join(format!("bytecode/{name}.mv"))).unwrap()
}

pub fn new_test_ext() -> TestExternalities {
	let mut storage = frame_system::GenesisConfig::<Test>::default()
		.build_storage()
		.unwrap();
	pallet_balances::GenesisConfig::<Test> {
		balances: vec![
			(alice(), FUNDS),
			(bob(), FUNDS),
			(issuer(), FUNDS),
			(poor(), 2_000),
		],
		..Default::default()
	}
	.assimilate_storage(&mut storage)
	.unwrap();
	pallet_move::GenesisConfig::<Test> {
		modules: ["std", "trivium"]
			.into_iter()
			.flat_map(package)
			.map(Bytes)
			.collect(),
		..Default::default()
	}
	.assimilate_storage(&mut storage)
	.unwrap();
	let mut ext = TestExternalities::new(storage);
	ext.execute_with(|| System::set_block_number(1));
	ext
}

/// Runs a test in a fresh chain and checks the pallet's invariants afterwards.
pub fn test(f: impl FnOnce()) {
	new_test_ext().execute_with(|| {
		f();
		MoveVm::do_try_state().unwrap();
	});
}

/// Runs a test in a fresh chain on which the examples are published.
pub fn test_with_examples(f: impl FnOnce()) {
	test(|| {
		publish(issuer(), package("examples")).unwrap();
		System::reset_events();
		f();
	});
}

/// Dispatches as a transaction does: what fails is rolled back. Gives the weight it is charged, and the
/// result.
pub fn dispatch(
	call: pallet_move::Call<Test>,
	signer: AccountId,
) -> (Weight, Result<(), DispatchError>) {
	use frame_support::dispatch::GetDispatchInfo;
	use sp_runtime::traits::Dispatchable;
	let call = RuntimeCall::MoveVm(call);
	let info = call.get_dispatch_info();
	let result = with_transaction(|| {
		let result = call.dispatch(RuntimeOrigin::signed(signer));
		match result {
			Ok(_) => TransactionOutcome::Commit(Ok::<_, DispatchError>(result)),
			Err(_) => TransactionOutcome::Rollback(Ok(result)),
		}
	})
	.unwrap();
	let post = match &result {
		Ok(post) => *post,
		Err(error) => error.post_info,
	};
	let weight = post.actual_weight.unwrap();
	assert!(
		weight.all_lte(info.call_weight),
		"{weight:?} is charged of {:?}",
		info.call_weight
	);
	(weight, result.map(|_| ()).map_err(|error| error.error))
}

pub fn publish(account: AccountId, modules: Vec<Vec<u8>>) -> Result<(), DispatchError> {
	publish_as(account, modules, UpgradePolicy::Compatible)
}

pub fn publish_as(
	account: AccountId,
	modules: Vec<Vec<u8>>,
	policy: UpgradePolicy,
) -> Result<(), DispatchError> {
	dispatch(
		pallet_move::Call::publish_package {
			modules,
			policy,
			limit: AMPLE,
		},
		account,
	)
	.1
}

pub fn upgrade(account: AccountId, modules: Vec<Vec<u8>>) -> Result<(), DispatchError> {
	let limit = AMPLE;
	dispatch(
		pallet_move::Call::upgrade_package { modules, limit },
		account,
	)
	.1
}

/// A call of an entry function of the examples, or of another module given as `address::module`.
pub fn execute_call(
	function: &str,
	type_args: &[&str],
	args: Vec<Vec<u8>>,
	limit: CallLimit,
) -> pallet_move::Call<Test> {
	let (account, module, function) = parse(function);
	pallet_move::Call::execute {
		module: (account, module),
		function,
		type_args: texts(type_args),
		args,
		limit,
	}
}

/// Runs an entry function named as `module::function` or `0x1::module::function`.
pub fn execute(
	signer: AccountId,
	function: &str,
	type_args: &[&str],
	args: Vec<Vec<u8>>,
) -> Result<(), DispatchError> {
	dispatch(execute_call(function, type_args, args, AMPLE), signer).1
}

/// What a function returns.
pub fn view(
	function: &str,
	type_args: &[&str],
	args: Vec<Vec<u8>>,
) -> Result<Vec<Vec<u8>>, crate::MoveFailure> {
	let (account, module, function) = parse(function);
	MoveVm::call_view((account, module), function, texts(type_args), args)
}

pub fn texts(list: &[&str]) -> Vec<Vec<u8>> {
	list.iter().map(|text| text.as_bytes().to_vec()).collect()
}

fn parse(function: &str) -> (AccountId, Vec<u8>, Vec<u8>) {
	let parts: Vec<_> = function.split("::").collect();
	let (account, module, function) = match parts[..] {
		[module, function] => (issuer(), module, function),
		[address, module, function] => (
			AccountId::new(AccountAddress::from_hex(address).unwrap().0),
			module,
			function,
		),
		_ => panic!("{function} names no function"),
	};
	(account, module.into(), function.into())
}

/// The BCS form of a scalar or an account, which for these is also their SCALE form.
pub fn bcs(value: impl Encode) -> Vec<u8> {
	value.encode()
}

/// What an account has on hold for storage.
pub fn held(account: &AccountId) -> Balance {
	use frame_support::traits::fungible::InspectHold;
	Balances::balance_on_hold(&pallet_move::HoldReason::StorageDeposit.into(), account)
}

/// A digest of all state but events and receipts.
pub fn state() -> H256 {
	let mut all = Vec::new();
	let mut key = Vec::new();
	let prefix = |pallet: &[u8], item: &[u8]| {
		[
			sp_io::hashing::twox_128(pallet),
			sp_io::hashing::twox_128(item),
		]
		.concat()
	};
	let of_block = [
		prefix(b"System", b"Events"),
		prefix(b"System", b"EventCount"),
		prefix(b"CrossVm", b"ReceiptTree"),
	];
	while let Some(next) = sp_io::storage::next_key(&key) {
		if !of_block.contains(&next) {
			let value = sp_io::storage::get(&next).unwrap_or_default();
			all.push((next.clone(), value));
		}
		key = next;
	}
	H256(sp_io::hashing::blake2_256(&all.encode()))
}
