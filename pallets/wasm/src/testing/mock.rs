//! A runtime with a ledger and this pallet, and a dispatch pallet that does as it is told.

use std::{cell::RefCell, rc::Rc};

use polkadot_sdk::{
	frame_support::{
		derive_impl, parameter_types,
		storage::{unhashed, with_transaction, TransactionOutcome},
		traits::{ConstU128, ConstU32, ConstU64},
		weights::Weight,
	},
	frame_system::EnsureSigned,
	sp_core::{H160, H256},
	sp_io::TestExternalities,
	sp_runtime::{
		traits::{Convert, IdentityLookup},
		BuildStorage, DispatchError, Perbill,
	},
	*,
};
use trivium_primitives::{
	AccountId, AddressMapping, Balance, CallError, CallOutcome, CallRequest, Dispatch, Engine,
	EngineCall, EngineOutcome, Entry, Exit, LogRecord, VmId,
};

use crate as pallet_wasm;

type Block = frame_system::mocking::MockBlock<Test>;

frame_support::construct_runtime!(
	pub enum Test {
		System: frame_system,
		Timestamp: pallet_timestamp,
		Balances: pallet_balances,
		Contracts: pallet_wasm,
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
}

impl pallet_timestamp::Config for Test {
	type Moment = u64;
	type OnTimestampSet = ();
	type MinimumPeriod = ConstU64<1>;
	type WeightInfo = ();
}

/// Price of a byte of storage, planck.
pub const PER_BYTE: Balance = 100;
/// Price of an item of storage, planck.
pub const PER_ITEM: Balance = 10_000;
/// What a call may take of deposits if it does not say, planck.
pub const DEPOSIT_LIMIT: Balance = 1_000_000_000;
/// Longest code, bytes.
pub const MAX_CODE_BYTES: u32 = 123 * 1024;
/// Most code hashes that a contract may depend on.
pub const MAX_DEPENDENCIES: u32 = 32;

parameter_types! {
	pub TestSchedule: crate::Schedule = Default::default();
	pub const Lockup: Perbill = Perbill::from_percent(30);
	pub static PricePerByte: Balance = PER_BYTE;
	pub static MaxFrames: u32 = 6;
	pub static MaxTransient: u32 = 1024 * 1024;
}

/// Weight costs its ref time.
pub struct RefTime;
impl Convert<Weight, Balance> for RefTime {
	fn convert(weight: Weight) -> Balance {
		weight.ref_time().into()
	}
}

impl crate::Config for Test {
	type Time = Timestamp;
	type Currency = Balances;
	type RuntimeHoldReason = RuntimeHoldReason;
	type WeightPrice = RefTime;
	type Dispatch = TestDispatch;
	type Addresses = Aliases;
	type WeightInfo = ();
	type Schedule = TestSchedule;
	type MaxFrames = MaxFrames;
	type DepositPerByte = PricePerByte;
	type DefaultDepositLimit = ConstU128<DEPOSIT_LIMIT>;
	type DepositPerItem = ConstU128<PER_ITEM>;
	type CodeHashLockupDepositPercent = Lockup;
	type MaxCodeLen = ConstU32<MAX_CODE_BYTES>;
	type MaxStorageKeyLen = ConstU32<128>;
	type MaxTransientStorageSize = MaxTransient;
	type MaxDelegateDependencies = ConstU32<MAX_DEPENDENCIES>;
	type MaxDebugBufferLen = ConstU32<{ 2 * 1024 * 1024 }>;
	type UploadOrigin = EnsureSigned<AccountId>;
	type InstantiateOrigin = EnsureSigned<AccountId>;
	type Environment = ();
	type ApiVersion = ();
}

/// Plain aliases; the way back knows Ethereum accounts only.
pub struct Aliases;
impl AddressMapping for Aliases {
	fn account(address: &H160) -> AccountId {
		trivium_primitives::account::ethereum_account(address)
	}
	fn is_mapped(_: &H160) -> bool {
		false
	}
	fn ensure_mapped(account: &AccountId) -> bool {
		trivium_primitives::account::ethereum_address(account).is_some()
	}
}

/// What the dispatch pallet was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
	Enter(AccountId),
	Leave(bool),
}

/// What a hop is asked for, as far as tests look at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hop {
	pub caller: AccountId,
	pub value: Balance,
	pub arguments: Vec<u8>,
	pub limit: Weight,
	pub deposit_limit: Option<Balance>,
	pub read_only: bool,
	pub delegated: bool,
}

type Answer = Rc<dyn Fn(&Hop) -> CallOutcome>;

thread_local! {
	static STEPS: RefCell<Vec<Step>> = const { RefCell::new(Vec::new()) };
	static ANSWER: RefCell<Option<Answer>> = const { RefCell::new(None) };
	static CLOSED: RefCell<Option<AccountId>> = const { RefCell::new(None) };
	static NUMBER: RefCell<(u64, u32)> = const { RefCell::new((0, 0)) };
}

/// What the dispatch pallet was told since this was asked last.
pub fn steps() -> Vec<Step> {
	STEPS.take()
}

/// Sets what hops come to.
pub fn answer(with: impl Fn(&Hop) -> CallOutcome + 'static) {
	ANSWER.set(Some(Rc::new(with)));
}

/// Sets the contract that may not be entered.
pub fn close_to_reentry(contract: Option<AccountId>) {
	CLOSED.set(contract);
}

/// The logs that were kept.
pub fn logs() -> Vec<(AccountId, Vec<H256>, Vec<u8>)> {
	unhashed::get_or_default(b"logs")
}

/// See the head of the file. Logs are in storage, so that they are rolled back as events are.
pub struct TestDispatch;
impl Dispatch for TestDispatch {
	fn call(request: CallRequest<'_>) -> CallOutcome {
		let hop = Hop {
			caller: request.caller,
			value: request.value,
			arguments: request.arguments.to_vec(),
			limit: request.limit,
			deposit_limit: request.deposit_limit,
			read_only: request.read_only,
			delegated: request.delegated,
		};
		let answer = ANSWER.with_borrow(|answer| answer.clone());
		answer.expect("a test that hops sets an answer")(&hop)
	}
	fn enter(entry: Entry<'_>) {
		assert_eq!(entry.vm, VmId::WASM);
		STEPS.with_borrow_mut(|steps| steps.push(Step::Enter(entry.contract.clone())));
		NUMBER.with_borrow_mut(|(number, depth)| {
			if *depth == 0 {
				*number += 1;
			}
			*depth += 1;
		});
	}
	fn ensure_enterable(contract: &AccountId) -> Result<(), CallError> {
		if CLOSED.with_borrow(|closed| closed.as_ref() == Some(contract)) {
			return Err(CallError::ReentrancyDenied);
		}
		Ok(())
	}
	fn digest_weight(_: usize) -> Weight {
		Weight::zero()
	}
	fn leave(exit: Exit<'_>) {
		STEPS.with_borrow_mut(|steps| steps.push(Step::Leave(exit.error.is_none())));
		let is_over = NUMBER.with_borrow_mut(|(_, depth)| {
			*depth -= 1;
			*depth == 0
		});
		if is_over {
			Contracts::transaction_end();
		}
	}
	fn transaction() -> u64 {
		NUMBER.with_borrow(|(number, _)| *number)
	}
	fn deposit_taken() -> Balance {
		0
	}
	fn log(new: impl IntoIterator<Item = LogRecord>) {
		let mut logs = logs();
		let new = new.into_iter();
		logs.extend(new.map(|log| (log.contract, log.topics, log.data)));
		unhashed::put(b"logs", &logs);
	}
}

/// Calls the engine as the dispatch pallet does: in a layer that goes when the call fails.
pub fn engine_call(call: EngineCall) -> EngineOutcome {
	with_transaction(|| {
		let outcome = <Contracts as Engine>::call(call);
		if outcome.result.is_ok() {
			TransactionOutcome::Commit(Ok::<_, DispatchError>(outcome))
		} else {
			TransactionOutcome::Rollback(Ok(outcome))
		}
	})
	.expect("tests do not nest that deep")
}

/// The signer, with plenty.
pub const ALICE: AccountId = AccountId::new([1; 32]);
/// Someone else, with plenty.
pub const BOB: AccountId = AccountId::new([2; 32]);
/// A contract of another VM, with one existential deposit.
pub const FOREIGN: AccountId = AccountId::new([0xEE; 32]);
/// What the rich have.
pub const PLENTY: Balance = 1_000_000_000_000_000_000;
/// A limit that is never the reason.
pub const AMPLE: Weight = Weight::from_parts(200_000_000_000, 16 * 1024 * 1024);

/// What every chain of the tests begins with.
pub fn genesis<T: frame_system::Config, B: BuildStorage>(balances: B) -> TestExternalities {
	let mut storage = frame_system::GenesisConfig::<T>::default()
		.build_storage()
		.unwrap();
	balances.assimilate_storage(&mut storage).unwrap();
	TestExternalities::new(storage)
}

/// Who has what at first.
pub fn balances() -> Vec<(AccountId, Balance)> {
	vec![(ALICE, PLENTY), (BOB, PLENTY), (FOREIGN, 1)]
}

pub fn new_test_ext() -> TestExternalities {
	let mut ext = genesis::<Test, _>(pallet_balances::GenesisConfig::<Test> {
		balances: balances(),
		..Default::default()
	});
	ext.execute_with(|| System::set_block_number(1));
	ext
}
