//! A runtime with a ledger, this pallet, and a machine whose contracts are entries in a list.

use std::cell::RefCell;

use polkadot_sdk::{
	frame_support::{derive_impl, traits::ConstU128},
	sp_core::{H160, H256},
	sp_io::TestExternalities,
	sp_runtime::{traits::IdentityLookup, BuildStorage},
	sp_weights::Weight,
	*,
};
use trivium_primitives::{
	account::ethereum_account,
	interface::{Deployment, StubError, Stubs},
	AccountId, AddressMapping, Balance, CallError, Encoding, Engine, EngineCall, EngineOutcome,
	Feature, Scale, Signature, TranscodeHost, Value, VmId,
};

use crate as pallet_interfaces;

type Block = frame_system::mocking::MockBlock<Test>;

frame_support::construct_runtime!(
	pub enum Test {
		System: frame_system,
		Balances: pallet_balances,
		Interfaces: pallet_interfaces,
	}
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type Block = Block;
	type AccountId = AccountId;
	type Lookup = IdentityLookup<AccountId>;
	type AccountData = pallet_balances::AccountData<Balance>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
	type AccountStore = System;
	type Balance = Balance;
	type RuntimeHoldReason = RuntimeHoldReason;
}

/// Price of an item, planck.
pub const PER_ITEM: Balance = 1_000;
/// Price of a byte, planck.
pub const PER_BYTE: Balance = 10;

impl crate::Config for Test {
	type Engines = (Shelf,);
	type Addresses = Aliases;
	type Stubs = Shown;
	type Currency = Balances;
	type RuntimeHoldReason = RuntimeHoldReason;
	type DepositPerItem = ConstU128<PER_ITEM>;
	type DepositPerByte = ConstU128<PER_BYTE>;
	type WeightInfo = ();
}

/// Who has deployed what, and with which code.
type Shelved = Vec<(AccountId, AccountId, H256)>;

thread_local! {
	static SHELF: RefCell<Shelved> = const { RefCell::new(Vec::new()) };
	static SHOWN: RefCell<Vec<AccountId>> = const { RefCell::new(Vec::new()) };
	static TAKEN: RefCell<Option<AccountId>> = const { RefCell::new(None) };
}

/// Puts a contract on the shelf, or gives it other code.
pub fn shelve(contract: &AccountId, deployer: &AccountId, code: u8) {
	unshelve(contract);
	let entry = (contract.clone(), deployer.clone(), H256([code; 32]));
	SHELF.with_borrow_mut(|shelf| shelf.push(entry));
}

/// Takes a contract from the shelf.
pub fn unshelve(contract: &AccountId) {
	SHELF.with_borrow_mut(|shelf| shelf.retain(|(known, ..)| known != contract));
}

/// The contracts that are shown as such.
pub fn shown() -> Vec<AccountId> {
	SHOWN.with_borrow(Clone::clone)
}

/// Makes the alias of a contract another account's.
pub fn take_alias(contract: &AccountId) {
	TAKEN.set(Some(contract.clone()));
}

/// A machine.
pub struct Shelf;

fn entry(contract: &AccountId) -> Option<(AccountId, H256)> {
	SHELF.with_borrow(|shelf| {
		let found = shelf.iter().find(|(known, ..)| known == contract);
		found.map(|(_, by, code)| (by.clone(), *code))
	})
}

impl Engine for Shelf {
	const VM: VmId = VmId(77);
	const NAME: &'static str = "shelf";

	fn encoding() -> &'static dyn Encoding {
		&Scale
	}
	fn resolve(target: &AccountId) -> bool {
		entry(target).is_some()
	}
	fn lookup_weight() -> Weight {
		Weight::from_parts(1, 1)
	}
	fn code_of(contract: &AccountId) -> Option<H256> {
		entry(contract).map(|(_, code)| code)
	}
	fn code_of_weight() -> Weight {
		Weight::from_parts(1, 1)
	}
	fn is_deployer(contract: &AccountId, who: &AccountId, deployment: &Deployment) -> bool {
		*deployment == Deployment::Published && entry(contract).is_some_and(|(by, _)| by == *who)
	}
	fn encode_call(
		_: &Signature,
		_: &[Value],
		_: &mut dyn TranscodeHost,
	) -> Result<Vec<u8>, CallError> {
		Err(CallError::TRAPPED)
	}
	fn decode_return(
		_: &Signature,
		_: &[u8],
		_: &mut dyn TranscodeHost,
	) -> Result<Vec<Value>, CallError> {
		Err(CallError::TRAPPED)
	}
	fn decode_error(
		_: &Signature,
		_: &[u8],
		_: &mut dyn TranscodeHost,
	) -> Result<Option<Vec<Value>>, CallError> {
		Ok(None)
	}
	fn call(_: EngineCall) -> EngineOutcome {
		EngineOutcome::failed(Weight::zero(), CallError::TRAPPED)
	}
	fn catalogue() -> Vec<Feature> {
		Vec::new()
	}
}

/// Plain aliases.
pub struct Aliases;
impl AddressMapping for Aliases {
	fn account(address: &H160) -> AccountId {
		ethereum_account(address)
	}
	fn is_mapped(_: &H160) -> bool {
		false
	}
	fn ensure_mapped(_: &AccountId) -> bool {
		true
	}
}

/// Shows contracts by noting them.
pub struct Shown;
impl Stubs for Shown {
	fn put(contract: &AccountId) -> Result<(), StubError> {
		if TAKEN.with_borrow(|taken| taken.as_ref() == Some(contract)) {
			return Err(StubError::AliasTaken);
		}
		SHOWN.with_borrow_mut(|shown| {
			if !shown.contains(contract) {
				shown.push(contract.clone());
			}
		});
		Ok(())
	}
	fn remove(contract: &AccountId) {
		SHOWN.with_borrow_mut(|shown| shown.retain(|known| known != contract));
	}
}

/// Deploys contracts.
pub const ALICE: AccountId = AccountId::new([1; 32]);
/// Looks at them.
pub const BOB: AccountId = AccountId::new([2; 32]);
/// Has next to nothing.
pub const POOR: AccountId = AccountId::new([3; 32]);
/// What the rich have.
pub const PLENTY: Balance = 1_000_000_000;

pub fn new_test_ext() -> TestExternalities {
	SHELF.take();
	SHOWN.take();
	TAKEN.take();
	let mut storage = frame_system::GenesisConfig::<Test>::default()
		.build_storage()
		.unwrap();
	pallet_balances::GenesisConfig::<Test> {
		balances: vec![(ALICE, PLENTY), (BOB, PLENTY), (POOR, 10)],
		..Default::default()
	}
	.assimilate_storage(&mut storage)
	.unwrap();
	let mut ext = TestExternalities::new(storage);
	ext.execute_with(|| System::set_block_number(1));
	ext
}
