//! A runtime with pallet-contracts and this pallet, and a dispatch pallet that does as it is told.

use std::{cell::RefCell, rc::Rc};

use codec::Encode;
use polkadot_sdk::{
	frame_support::{
		derive_impl, parameter_types,
		storage::{unhashed, with_transaction, TransactionOutcome},
		traits::{ConstBool, ConstU32, ConstU64, Nothing, Randomness},
		weights::Weight,
	},
	frame_system::{pallet_prelude::BlockNumberFor, EnsureSigned},
	pallet_contracts::{Frame, Limits, Schedule},
	sp_core::{H160, H256},
	sp_io::TestExternalities,
	sp_runtime::{traits::IdentityLookup, BuildStorage, DispatchError, Perbill},
	*,
};
use trivium_primitives::{
	AccountId, AddressMapping, Balance, CallError, CallOutcome, CallRequest, ContractRef, Dispatch,
	Engine, EngineCall, EngineOutcome, LogRecord, VmId,
};

use crate as pallet_wasm;

type Block = frame_system::mocking::MockBlock<Test>;

frame_support::construct_runtime!(
	pub enum Test {
		System: frame_system,
		Timestamp: pallet_timestamp,
		Balances: pallet_balances,
		Contracts: pallet_contracts,
		Wasm: pallet_wasm,
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

parameter_types! {
	pub TestSchedule: Schedule<Test> = Schedule {
		limits: Limits {
			event_ref_time: 250_000,
			// Blocks of this mock are heavier than those of the runtime.
			validator_runtime_memory: 1024 * 1024 * 1024,
			..Default::default()
		},
		..Default::default()
	};
	pub const DepositPerByte: Balance = PER_BYTE;
	pub const DepositPerItem: Balance = PER_ITEM;
	pub const DefaultDepositLimit: Balance = 1_000_000_000;
	pub const Lockup: Perbill = Perbill::from_percent(0);
	pub static MaxFrames: u32 = 6;
}

/// Never the same, never asked.
pub struct NoRandomness;
impl Randomness<H256, BlockNumberFor<Test>> for NoRandomness {
	fn random(_: &[u8]) -> (H256, BlockNumberFor<Test>) {
		Default::default()
	}
}

impl pallet_contracts::Config for Test {
	type Time = Timestamp;
	type Randomness = NoRandomness;
	type Currency = crate::DepositCurrency<Balances>;
	type RuntimeEvent = RuntimeEvent;
	type RuntimeCall = RuntimeCall;
	type RuntimeHoldReason = RuntimeHoldReason;
	type CallFilter = Nothing;
	type WeightPrice = ();
	type WeightInfo = pallet_contracts::weights::SubstrateWeight<Test>;
	type ChainExtension = crate::CrossVmExtension<Test>;
	type Schedule = TestSchedule;
	type CallStack = [Frame<Self>; 5];
	type DepositPerByte = DepositPerByte;
	type DefaultDepositLimit = DefaultDepositLimit;
	type DepositPerItem = DepositPerItem;
	type CodeHashLockupDepositPercent = Lockup;
	type AddressGenerator = pallet_contracts::DefaultAddressGenerator;
	type MaxCodeLen = ConstU32<{ 123 * 1024 }>;
	type MaxStorageKeyLen = ConstU32<128>;
	type MaxTransientStorageSize = ConstU32<{ 1024 * 1024 }>;
	type MaxDelegateDependencies = ConstU32<32>;
	type UnsafeUnstableInterface = ConstBool<false>;
	type MaxDebugBufferLen = ConstU32<{ 2 * 1024 * 1024 }>;
	type UploadOrigin = EnsureSigned<AccountId>;
	type InstantiateOrigin = EnsureSigned<AccountId>;
	type Migrations = ();
	type Debug = crate::Frames<Test>;
	type Environment = ();
	type ApiVersion = ();
	type Xcm = ();
}

impl crate::Config for Test {
	type Dispatch = TestDispatch;
	type Addresses = Aliases;
	type MaxFrames = MaxFrames;
	type WeightInfo = ();
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
// Few of them live at a time.
#[allow(clippy::large_enum_variant)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
	Enter(AccountId),
	Leave(bool),
	Call(Hop),
}

/// A [`CallRequest`] that can be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hop {
	pub caller: AccountId,
	pub origin: Option<AccountId>,
	pub target: ContractRef,
	pub value: Balance,
	pub signature: Vec<u8>,
	pub arguments: Vec<u8>,
	pub limit: Weight,
	pub callee_limit: Option<Weight>,
	pub deposit_limit: Option<Balance>,
	pub flags: u32,
	pub read_only: bool,
	pub delegated: bool,
}

type Answer = Rc<dyn Fn(&Hop) -> CallOutcome>;

thread_local! {
	static STEPS: RefCell<Vec<Step>> = const { RefCell::new(Vec::new()) };
	static ANSWER: RefCell<Option<Answer>> = const { RefCell::new(None) };
	static CLOSED: RefCell<Option<AccountId>> = const { RefCell::new(None) };
}

/// What the dispatch pallet was told since this was asked last.
pub fn steps() -> Vec<Step> {
	STEPS.take()
}

/// Sets what hops come to.
pub fn answer(with: impl Fn(&Hop) -> CallOutcome + 'static) {
	ANSWER.set(Some(Rc::new(with)));
}

/// Sets the contract that may not be entered below a hop.
pub fn close_to_reentry(contract: AccountId) {
	CLOSED.set(Some(contract));
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
			origin: request.origin,
			target: request.target,
			value: request.value,
			signature: request.signature.to_vec(),
			arguments: request.arguments.to_vec(),
			limit: request.limit,
			callee_limit: request.callee_limit,
			deposit_limit: request.deposit_limit,
			flags: request.flags.0,
			read_only: request.read_only,
			delegated: request.delegated,
		};
		STEPS.with_borrow_mut(|steps| steps.push(Step::Call(hop.clone())));
		let answer = ANSWER.with_borrow(|answer| answer.clone());
		answer.expect("a test that hops sets an answer")(&hop)
	}
	fn enter(vm: VmId, contract: &AccountId, _: &AccountId, _: Balance) {
		assert_eq!(vm, VmId::WASM);
		STEPS.with_borrow_mut(|steps| steps.push(Step::Enter(contract.clone())));
	}
	fn ensure_enterable(contract: &AccountId) -> Result<(), CallError> {
		if CLOSED.with_borrow(|closed| closed.as_ref() == Some(contract)) {
			return Err(CallError::ReentrancyDenied);
		}
		Ok(())
	}
	fn leave(_: VmId, ok: bool) {
		STEPS.with_borrow_mut(|steps| steps.push(Step::Leave(ok)));
	}
	fn transaction() -> u64 {
		0
	}
	fn payer() -> Option<AccountId> {
		None
	}
	fn deposit_taken() -> Balance {
		0
	}
	fn deposit_left() -> Balance {
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
		let outcome = Wasm::call(call);
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
pub const AMPLE: Weight = Weight::from_parts(500_000_000_000, 4 * 1024 * 1024);

/// An engine call from [`FOREIGN`], paid by [`ALICE`].
pub fn call_to(target: &AccountId, script: Script) -> EngineCall {
	EngineCall {
		caller: FOREIGN,
		payer: ALICE,
		target: target.clone(),
		value: 0,
		input: script.encode(),
		limit: AMPLE,
		deposit_limit: 1_000_000_000,
		read_only: false,
	}
}

pub fn new_test_ext() -> TestExternalities {
	let mut storage = frame_system::GenesisConfig::<Test>::default()
		.build_storage()
		.unwrap();
	pallet_balances::GenesisConfig::<Test> {
		balances: vec![(ALICE, PLENTY), (BOB, PLENTY), (FOREIGN, 1)],
		..Default::default()
	}
	.assimilate_storage(&mut storage)
	.unwrap();
	let mut ext = TestExternalities::new(storage);
	ext.execute_with(|| System::set_block_number(1));
	ext
}

/// What the test contract is told to do: bytes that [`CONTRACT`] reads.
#[derive(Clone, Debug, Default)]
pub struct Script(Vec<u8>);

impl Script {
	fn op(mut self, op: u8, data: &[u8]) -> Self {
		self.0.push(op);
		self.0.extend((data.len() as u32).to_le_bytes());
		self.0.extend(data);
		self
	}
	/// Ends well with this.
	pub fn returns(self, data: &[u8]) -> Self {
		self.op(0, data)
	}
	/// Ends badly with this.
	pub fn reverts(self, data: &[u8]) -> Self {
		self.op(1, data)
	}
	/// Traps.
	pub fn traps(self) -> Self {
		self.op(2, &[])
	}
	/// Runs for ever.
	pub fn spins(self) -> Self {
		self.op(3, &[])
	}
	/// Stores this under key 0.
	pub fn stores(self, value: &[u8]) -> Self {
		self.op(4, value)
	}
	/// Emits an event without topics.
	pub fn emits(self, data: &[u8]) -> Self {
		self.op(5, data)
	}
	/// Emits an event with one topic: the data, of 32 bytes.
	pub fn emits_topic(self, data: &[u8; 32]) -> Self {
		self.op(6, data)
	}
	/// Calls the chain extension; its output becomes the result so far.
	pub fn hops(self, input: &[u8]) -> Self {
		self.op(7, input)
	}
	/// Ends well with the result so far.
	pub fn returns_result(self) -> Self {
		self.op(8, &[])
	}
	/// The caller becomes the result so far.
	pub fn asks_caller(self) -> Self {
		self.op(9, &[])
	}
	/// What is stored under key 0 becomes the result so far.
	pub fn loads(self) -> Self {
		self.op(10, &[])
	}
	/// Calls a contract of this VM, with leave to re-enter; what it returns becomes the result
	/// so far, nothing if it fails.
	pub fn calls(self, target: &AccountId, script: &Script) -> Self {
		self.op(11, &[target.encode(), script.encode()].concat())
	}
	/// Runs code of another contract as this one.
	pub fn delegates(self, code: H256, script: &Script) -> Self {
		self.op(12, &[code.encode(), script.encode()].concat())
	}
	/// Ends its existence in favour of an account.
	pub fn terminates(self, beneficiary: &AccountId) -> Self {
		self.op(13, &beneficiary.encode())
	}
	/// Its balance becomes the result so far.
	pub fn asks_balance(self) -> Self {
		self.op(14, &[])
	}
	/// Instantiates this code with an endowment of nothing.
	pub fn instantiates(self, code: H256) -> Self {
		self.op(15, &code.encode())
	}
	/// Calls function 1 or 2 of the chain extension; its output becomes the result so far.
	pub fn asks_extension(self, function: u16, input: &[u8]) -> Self {
		self.op(16, &[&u32::from(function).to_le_bytes(), input].concat())
	}
	/// Clears key 0.
	pub fn clears(self) -> Self {
		self.op(17, &[])
	}
	/// Calls the chain extension with a length that is not the input's.
	pub fn hops_with_length(self, len: u32) -> Self {
		self.op(18, &len.to_le_bytes())
	}
	/// The bytes for the contract.
	pub fn encode(&self) -> Vec<u8> {
		self.0.clone()
	}
}

/// A contract that does what its input says: operations one after the other, each one byte, the
/// length of its data in four, and its data. It ends well if nothing says otherwise.
pub const CONTRACT: &str = r#"
(module
	(import "seal0" "input" (func $input (param i32 i32)))
	(import "seal0" "seal_return" (func $return (param i32 i32 i32)))
	(import "seal2" "set_storage" (func $set (param i32 i32 i32 i32) (result i32)))
	(import "seal1" "get_storage" (func $get (param i32 i32 i32 i32) (result i32)))
	(import "seal1" "clear_storage" (func $clear (param i32 i32) (result i32)))
	(import "seal0" "deposit_event" (func $emit (param i32 i32 i32 i32)))
	(import "seal0" "call_chain_extension"
		(func $extension (param i32 i32 i32 i32 i32) (result i32)))
	(import "seal0" "caller" (func $caller (param i32 i32)))
	(import "seal0" "balance" (func $balance (param i32 i32)))
	(import "seal1" "terminate" (func $terminate (param i32)))
	(import "seal0" "delegate_call" (func $delegate (param i32 i32 i32 i32 i32 i32) (result i32)))
	(import "seal2" "call" (func $call
		(param i32 i32 i64 i64 i32 i32 i32 i32 i32 i32) (result i32)))
	(import "seal2" "instantiate" (func $instantiate
		(param i32 i64 i64 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
	(import "env" "memory" (memory 16 16))
	;; 0: input length, 8: output length, 16: key, 64: zero, 96: one compact topic and its hash
	;; 0x1000: input, 0x60000: output
	(data (i32.const 96) "\04")
	(global $at (mut i32) (i32.const 0x1000))
	(func (export "deploy"))
	(func $room (i32.store (i32.const 8) (i32.const 0x40000)))
	(func $copy (param $from i32) (param $to i32) (param $len i32)
		(loop $more
			(if (local.get $len) (then
				(local.set $len (i32.sub (local.get $len) (i32.const 1)))
				(i32.store8 (i32.add (local.get $to) (local.get $len))
					(i32.load8_u (i32.add (local.get $from) (local.get $len))))
				(br $more)))))
	(func $step (param $op i32) (param $data i32) (param $len i32)
		(if (i32.eq (local.get $op) (i32.const 0)) (then
			(call $return (i32.const 0) (local.get $data) (local.get $len))))
		(if (i32.eq (local.get $op) (i32.const 1)) (then
			(call $return (i32.const 1) (local.get $data) (local.get $len))))
		(if (i32.eq (local.get $op) (i32.const 2)) (then (unreachable)))
		(if (i32.eq (local.get $op) (i32.const 3)) (then (loop $ever (br $ever))))
		(if (i32.eq (local.get $op) (i32.const 4)) (then
			(drop (call $set (i32.const 16) (i32.const 32) (local.get $data) (local.get $len)))))
		(if (i32.eq (local.get $op) (i32.const 5)) (then
			(call $emit (i32.const 0) (i32.const 0) (local.get $data) (local.get $len))))
		(if (i32.eq (local.get $op) (i32.const 6)) (then
			(call $copy (local.get $data) (i32.const 97) (i32.const 32))
			(call $emit (i32.const 96) (i32.const 33) (local.get $data) (local.get $len))))
		(if (i32.eq (local.get $op) (i32.const 7)) (then
			(call $room)
			(drop (call $extension (i32.const 0x08010000) (local.get $data) (local.get $len)
				(i32.const 0x60000) (i32.const 8)))))
		(if (i32.eq (local.get $op) (i32.const 8)) (then
			(call $return (i32.const 0) (i32.const 0x60000) (i32.load (i32.const 8)))))
		(if (i32.eq (local.get $op) (i32.const 9)) (then
			(call $room)
			(call $caller (i32.const 0x60000) (i32.const 8))))
		(if (i32.eq (local.get $op) (i32.const 10)) (then
			(call $room)
			(if (call $get (i32.const 16) (i32.const 32) (i32.const 0x60000) (i32.const 8))
				(then (i32.store (i32.const 8) (i32.const 0))))))
		(if (i32.eq (local.get $op) (i32.const 11)) (then
			(call $room)
			(if (call $call (i32.const 8) (local.get $data) (i64.const 0) (i64.const 0)
				(i32.const -1) (i32.const 64)
				(i32.add (local.get $data) (i32.const 32))
				(i32.sub (local.get $len) (i32.const 32))
				(i32.const 0x60000) (i32.const 8))
				(then (i32.store (i32.const 8) (i32.const 0))))))
		(if (i32.eq (local.get $op) (i32.const 12)) (then
			(call $room)
			(drop (call $delegate (i32.const 0) (local.get $data)
				(i32.add (local.get $data) (i32.const 32))
				(i32.sub (local.get $len) (i32.const 32))
				(i32.const 0x60000) (i32.const 8)))))
		(if (i32.eq (local.get $op) (i32.const 13)) (then
			(call $terminate (local.get $data))))
		(if (i32.eq (local.get $op) (i32.const 14)) (then
			(call $room)
			(call $balance (i32.const 0x60000) (i32.const 8))))
		(if (i32.eq (local.get $op) (i32.const 15)) (then
			(i32.store (i32.const 8)
				(call $instantiate (local.get $data) (i64.const 0) (i64.const 0)
					(i32.const -1) (i32.const 64) (i32.const 0) (i32.const 0)
					(i32.const -1) (i32.const 0) (i32.const -1) (i32.const 0)
					(i32.const 0) (i32.const 0)))
			(i32.store (i32.const 0x60000) (i32.load (i32.const 8)))
			(i32.store (i32.const 8) (i32.const 4))))
		(if (i32.eq (local.get $op) (i32.const 16)) (then
			(call $room)
			(if (call $extension
				(i32.or (i32.const 0x08010000) (i32.load (local.get $data)))
				(i32.add (local.get $data) (i32.const 4))
				(i32.sub (local.get $len) (i32.const 4))
				(i32.const 0x60000) (i32.const 8))
				(then (i32.store (i32.const 8) (i32.const 0))))))
		(if (i32.eq (local.get $op) (i32.const 17)) (then
			(drop (call $clear (i32.const 16) (i32.const 32)))))
		(if (i32.eq (local.get $op) (i32.const 18)) (then
			(call $room)
			(drop (call $extension (i32.const 0x08010000) (i32.const 0)
				(i32.load (local.get $data)) (i32.const 0x60000) (i32.const 8))))))
	(func (export "call")
		(local $end i32) (local $data i32) (local $len i32)
		(i32.store (i32.const 0) (i32.const 0x50000))
		(call $input (i32.const 0x1000) (i32.const 0))
		(local.set $end (i32.add (i32.const 0x1000) (i32.load (i32.const 0))))
		(loop $next
			(if (i32.lt_u (global.get $at) (local.get $end)) (then
				(local.set $len (i32.load (i32.add (global.get $at) (i32.const 1))))
				(local.set $data (i32.add (global.get $at) (i32.const 5)))
				(call $step (i32.load8_u (global.get $at)) (local.get $data) (local.get $len))
				(global.set $at (i32.add (local.get $data) (local.get $len)))
				(br $next))))))
"#;
