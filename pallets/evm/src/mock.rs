//! A runtime with a ledger, a clock and the EVM, and a stand-in for the dispatch pallet whose other
//! VM is a closure of the test.

use core::cell::{Cell, RefCell};
use polkadot_sdk::{
	frame_support::{
		self, derive_impl, parameter_types,
		storage::{with_transaction, TransactionOutcome},
		traits::{
			fungible::{self, Balanced},
			Imbalance, OnUnbalanced,
		},
	},
	frame_system, pallet_balances, pallet_timestamp,
	sp_core::{H160, H256},
	sp_io,
	sp_keystore::{testing::MemoryKeystore, KeystoreExt},
	sp_runtime::{
		traits::{Convert, IdentityLookup},
		BuildStorage, DispatchError,
	},
	sp_weights::Weight,
};
use std::{collections::BTreeMap, rc::Rc};
use trivium_primitives::{
	account,
	interface::{Access, Function},
	trace::FrameKind,
	AccountId, AddressMapping, Balance, CallError, CallOutcome, CallRequest, Dispatch,
	EncodingError, Engine, EngineCall, EngineOutcome, Entry, Exit, Interfaces, LogRecord,
	Signature, VmId,
};

use crate as pallet_evm;

#[frame_support::runtime]
mod runtime {
	#[runtime::runtime]
	#[runtime::derive(
		RuntimeCall,
		RuntimeEvent,
		RuntimeError,
		RuntimeOrigin,
		RuntimeFreezeReason,
		RuntimeHoldReason,
		RuntimeSlashReason,
		RuntimeLockId,
		RuntimeTask,
		RuntimeViewFunction
	)]
	pub struct Test;

	#[runtime::pallet_index(0)]
	pub type System = frame_system;
	#[runtime::pallet_index(1)]
	pub type Timestamp = pallet_timestamp;
	#[runtime::pallet_index(2)]
	pub type Balances = pallet_balances;
	#[runtime::pallet_index(3)]
	pub type Evm = pallet_evm;
}

type Block = frame_system::mocking::MockBlock<Test>;

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type AccountId = AccountId;
	type Nonce = u64;
	type Lookup = IdentityLookup<AccountId>;
	type Block = Block;
	type AccountData = pallet_balances::AccountData<Balance>;
}

impl pallet_timestamp::Config for Test {
	type Moment = u64;
	type OnTimestampSet = ();
	type MinimumPeriod = frame_support::traits::ConstU64<1>;
	type WeightInfo = ();
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
	type AccountStore = System;
	type Balance = Balance;
	type ExistentialDeposit = frame_support::traits::ConstU128<1>;
	type RuntimeHoldReason = TestHold;
	type RuntimeFreezeReason = RuntimeFreezeReason;
	type FreezeIdentifier = [u8; 8];
	type MaxFreezes = frame_support::traits::ConstU32<4>;
}

/// A reason to hold balance.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	PartialOrd,
	Ord,
	codec::Encode,
	codec::Decode,
	codec::DecodeWithMemTracking,
	codec::MaxEncodedLen,
	scale_info::TypeInfo,
)]
pub enum TestHold {
	Something,
}

impl frame_support::traits::VariantCount for TestHold {
	const VARIANT_COUNT: u32 = 1;
}

parameter_types! {
	pub const Coinbase: H160 = H160([0xC0; 20]);
	pub const PrevRandao: H256 = H256([0xAB; 32]);
	pub const GasPrice: u64 = 25_000;
	pub static BlockGasLimit: u64 = 60_000_000;
	pub static PricesByWeight: bool = true;
	/// Functions of contracts of the other VM.
	pub static Said: Vec<(AccountId, Function)> = Vec::new();
	pub static JournalLimit: usize = crate::JOURNAL_LIMIT;
}

/// The rules of a chain, with Ethereum's prices if a test wants them.
pub struct TestRules;

impl crate::Rules for TestRules {
	fn prices_by_weight() -> bool {
		PricesByWeight::get()
	}

	fn journal_limit() -> usize {
		JournalLimit::get()
	}
}

/// The chain's number.
pub const CHAIN_ID: u64 = 8_801;

/// Planck for one gas.
pub const GAS_FEE: Balance = 7;
/// Planck for one byte of proof.
pub const PROOF_FEE: Balance = 53;

/// The dearer dimension, as the runtime has it.
pub struct WeightPrice;
impl Convert<Weight, Balance> for WeightPrice {
	fn convert(weight: Weight) -> Balance {
		let for_time = Balance::from(weight.ref_time()) * GAS_FEE / 25_000;
		let beyond = weight
			.proof_size()
			.saturating_sub(crate::gas::TRANSACTION_BASE_PROOF_BYTES);
		for_time.max(Balance::from(beyond) * PROOF_FEE)
	}
}

thread_local! {
	static FEES: Cell<(Balance, Balance)> = const { Cell::new((0, 0)) };
}

/// Base fees and tips since the test began.
pub fn fees() -> (Balance, Balance) {
	FEES.with(Cell::get)
}

/// Notes what was paid, and pays it to an account.
pub struct FeesTo;
impl OnUnbalanced<fungible::Credit<AccountId, Balances>> for FeesTo {
	fn on_unbalanceds(amounts: impl Iterator<Item = fungible::Credit<AccountId, Balances>>) {
		let [fee, tip] = amounts
			.collect::<Vec<_>>()
			.try_into()
			.expect("a fee and a tip");
		FEES.with(|fees| {
			let (all_fees, tips) = fees.get();
			fees.set((all_fees + fee.peek(), tips + tip.peek()));
		});
		for credit in [fee, tip] {
			if credit.peek() != 0 {
				Balances::resolve(&collator(), credit).expect("the account exists");
			}
		}
	}
}

/// Who gets the fees.
pub fn collator() -> AccountId {
	AccountId::new([9; 32])
}

/// Tells of value as a runtime with this ledger does.
pub struct LedgerEvents;

impl pallet_evm::OnValueMoved for LedgerEvents {
	fn transferred(from: &AccountId, to: &AccountId, amount: Balance) {
		System::deposit_event(pallet_balances::Event::<Test>::Transfer {
			from: from.clone(),
			to: to.clone(),
			amount,
		});
	}

	fn burnt(who: &AccountId, amount: Balance) {
		System::deposit_event(pallet_balances::Event::<Test>::Burned {
			who: who.clone(),
			amount,
		});
	}
}

/// What contracts say of themselves is in [`Said`].
pub struct SaidInterfaces;
impl Interfaces for SaidInterfaces {
	fn function(contract: &AccountId, selector: [u8; 4]) -> Result<Function, CallError> {
		let said = Said::get();
		let mut of_contract = said.into_iter().filter(|(of, _)| of == contract).peekable();
		of_contract.peek().ok_or(CallError::NotFound)?;
		let found = of_contract.map(|(_, function)| function).find(|function| {
			let face = Signature::parse(&function.face).expect("tests say what parses");
			face.solidity_selector() == selector
		});
		found.ok_or(EncodingError::RefusedByCallee.into())
	}
	fn function_weight() -> Weight {
		Weight::from_parts(5_000_000, 3_000)
	}
	fn access(_: &AccountId) -> Access {
		Access::default()
	}
	fn access_weight() -> Weight {
		Weight::zero()
	}
}

impl pallet_evm::Config for Test {
	type Interfaces = SaidInterfaces;
	type Currency = Balances;
	type OnValueMoved = LedgerEvents;
	type Dispatch = MockDispatch;
	type Addresses = MockAddresses;
	type Time = Timestamp;
	type GasWeightPerGas = GasPrice;
	type CallGasLimit = BlockGasLimit;
	type BlockGasLimit = BlockGasLimit;
	type MaxCodeLen = frame_support::traits::ConstU32<{ crate::MAX_CODE_LEN_BYTES }>;
	type WeightPrice = WeightPrice;
	type FeeHandler = FeesTo;
	type Coinbase = Coinbase;
	type PrevRandao = PrevRandao;
	type Rules = TestRules;
	type WeightInfo = ();
}

/// A call that reached the other VM.
pub struct ForeignCall<'a> {
	pub caller: AccountId,
	pub live: Vec<AccountId>,
	pub origin: AccountId,
	pub target: AccountId,
	pub value: Balance,
	pub signature: String,
	pub face: Option<String>,
	pub arguments: &'a [u8],
	pub limit: Weight,
	/// What the call may take in storage deposits, planck; nothing if it is what the calling execution has.
	pub deposit_limit: Option<Balance>,
	pub read_only: bool,
}

/// What a call to the other VM takes of the transaction's actor in storage deposits.
#[derive(Clone, Copy, Debug)]
enum Taking {
	/// So much, planck. The call fails if that is more than it may.
	Exactly(Balance),
	/// This part of what it may.
	Share(Balance),
}

/// The other VM.
type Foreign = Rc<dyn Fn(&ForeignCall<'_>) -> Result<Vec<u8>, CallError>>;

thread_local! {
	static FOREIGN: RefCell<Option<Foreign>> = const { RefCell::new(None) };
	static FOREIGN_USES: Cell<Weight> = const { Cell::new(Weight::zero()) };
	static FOREIGN_TAKES: Cell<Taking> = const { Cell::new(Taking::Exactly(0)) };
	static DEPTH: Cell<u32> = const { Cell::new(0) };
	static TRANSACTION: Cell<u64> = const { Cell::new(0) };
	static LOCKED: RefCell<Vec<AccountId>> = const { RefCell::new(Vec::new()) };
	static ALIASES: RefCell<BTreeMap<H160, AccountId>> = const { RefCell::new(BTreeMap::new()) };
}

/// Sets what the other VM does when a contract calls it.
pub fn set_foreign(foreign: impl Fn(&ForeignCall<'_>) -> Result<Vec<u8>, CallError> + 'static) {
	FOREIGN.with(|slot| *slot.borrow_mut() = Some(Rc::new(foreign)));
}

/// Sets what each call to the other VM is said to use.
pub fn set_foreign_use(weight: Weight) {
	FOREIGN_USES.with(|uses| uses.set(weight));
}

/// Sets what each call to the other VM takes in storage deposits.
pub fn set_foreign_deposit(amount: Balance) {
	FOREIGN_TAKES.with(|takes| takes.set(Taking::Exactly(amount)));
}

/// Lets each call to the other VM take this part of what it may in storage deposits.
pub fn set_foreign_deposit_share(divisor: Balance) {
	FOREIGN_TAKES.with(|takes| takes.set(Taking::Share(divisor)));
}

/// Where deposits lie.
pub fn deposits() -> AccountId {
	AccountId::new([0xDE; 32])
}

/// Runs something while a contract may not be entered.
pub fn while_locked<R>(contract: &AccountId, f: impl FnOnce() -> R) -> R {
	LOCKED.with(|locked| locked.borrow_mut().push(contract.clone()));
	let result = f();
	LOCKED.with(|locked| locked.borrow_mut().pop());
	result
}

/// Names an account whose alias leads back to it.
pub fn map_account(account: &AccountId) {
	ALIASES.with(|map| {
		map.borrow_mut()
			.insert(account::alias(account), account.clone())
	});
}

pub struct MockAddresses;
impl AddressMapping for MockAddresses {
	fn account(address: &H160) -> AccountId {
		Self::owner(address).unwrap_or_else(|| account::ethereum_account(address))
	}
	fn is_mapped(address: &H160) -> bool {
		Self::owner(address).is_some()
	}
	fn ensure_mapped(who: &AccountId) -> bool {
		let address = account::alias(who);
		match Self::owner(&address) {
			Some(owner) => owner == *who,
			None => {
				if account::ethereum_address(who).is_none() {
					sp_io::storage::set(&Self::key(&address), who.as_ref());
				}
				true
			}
		}
	}
}

impl MockAddresses {
	/// Where the owner of an alias stands that was mapped by acting: in storage, which is rolled back.
	fn key(address: &H160) -> Vec<u8> {
		[b"alias", address.as_bytes()].concat()
	}

	fn owner(address: &H160) -> Option<AccountId> {
		let known = ALIASES.with(|map| map.borrow().get(address).cloned());
		known.or_else(|| {
			let owner = sp_io::storage::get(&Self::key(address))?;
			Some(AccountId::new(
				owner.as_ref().try_into().expect("an account"),
			))
		})
	}
}

pub struct MockDispatch;
impl Dispatch for MockDispatch {
	fn call(request: CallRequest<'_>) -> CallOutcome {
		if request.delegated {
			return CallOutcome {
				used: Weight::zero(),
				deposit: 0,
				result: Err(CallError::DELEGATE_CALL),
			};
		}
		let foreign = FOREIGN
			.with(|slot| slot.borrow().clone())
			.expect("a foreign VM is set");
		let call = ForeignCall {
			caller: request.caller.clone(),
			live: request.live.clone(),
			origin: request.origin.clone().expect("the EVM knows the origin"),
			target: trivium_primitives::engine::target_account::<MockAddresses>(&request.target),
			value: request.value,
			signature: String::from_utf8_lossy(request.signature).into_owned(),
			face: request
				.face
				.map(|face| String::from_utf8_lossy(face).into_owned()),
			arguments: request.arguments,
			limit: request.limit,
			deposit_limit: request.deposit_limit,
			read_only: request.read_only || request.flags.is_read_only(),
		};
		let allowed = call.deposit_limit.unwrap_or(0);
		let deposit = match FOREIGN_TAKES.with(Cell::get) {
			Taking::Exactly(amount) => amount,
			Taking::Share(divisor) => allowed / divisor,
		};
		let result = layered(|| {
			if call.value != 0 {
				move_funds(&call.caller, &call.target, call.value)?;
			}
			if deposit > allowed {
				return Err(CallError::InsufficientBalance);
			}
			if deposit != 0 {
				move_funds(&call.origin, &deposits(), deposit)?;
				let taken = Self::deposit_taken() + deposit;
				sp_io::storage::set(DEPOSIT_TAKEN, &taken.to_le_bytes());
			}
			foreign(&call)
		});
		CallOutcome {
			used: FOREIGN_USES.with(|uses| uses.get()).min(request.limit),
			deposit: if result.is_ok() { deposit } else { 0 },
			result,
		}
	}

	fn enter(_: Entry<'_>) {
		DEPTH.with(|depth| {
			if depth.get() == 0 {
				TRANSACTION.with(|number| number.set(number.get() + 1));
			}
			depth.set(depth.get() + 1);
		});
	}

	fn ensure_enterable(contract: &AccountId) -> Result<(), CallError> {
		match LOCKED.with(|locked| locked.borrow().contains(contract)) {
			true => Err(CallError::ReentrancyDenied),
			false => Ok(()),
		}
	}

	fn digest_weight(_: usize) -> Weight {
		Weight::zero()
	}

	fn leave(_: Exit<'_>) {
		let left = DEPTH.with(|depth| {
			depth.set(depth.get() - 1);
			depth.get()
		});
		if left == 0 {
			Evm::transaction_end();
			sp_io::storage::clear(DEPOSIT_TAKEN);
		}
	}

	fn transaction() -> u64 {
		TRANSACTION.with(|number| number.get())
	}

	fn deposit_taken() -> Balance {
		sp_io::storage::get(DEPOSIT_TAKEN)
			.map(|bytes| Balance::from_le_bytes(bytes.as_ref().try_into().expect("16 bytes")))
			.unwrap_or_default()
	}

	fn log(logs: impl IntoIterator<Item = LogRecord>) {
		for log in logs {
			assert_eq!(log.vm, VmId::EVM);
			let count = canonical_logs();
			sp_io::storage::set(CANONICAL_LOGS, &(count + 1).to_le_bytes());
		}
	}
}

/// What the present transaction's calls to the other VM took in storage deposits and still stands.
const DEPOSIT_TAKEN: &[u8] = b"deposit-taken";

const CANONICAL_LOGS: &[u8] = b"canonical-logs";

/// Logs that reached the dispatch pallet and were not rolled back.
pub fn canonical_logs() -> u64 {
	sp_io::storage::get(CANONICAL_LOGS)
		.map(|bytes| u64::from_le_bytes(bytes.as_ref().try_into().expect("eight bytes")))
		.unwrap_or_default()
}

/// Runs something in a storage layer that is rolled back if it fails.
pub fn layered<R>(f: impl FnOnce() -> Result<R, CallError>) -> Result<R, CallError> {
	let mut failure = None;
	let result = with_transaction(|| match f() {
		Ok(value) => TransactionOutcome::Commit(Ok::<R, DispatchError>(value)),
		Err(error) => {
			failure = Some(error);
			TransactionOutcome::Rollback(Err(DispatchError::Other("rolled back")))
		}
	});
	result.map_err(|_| failure.unwrap_or(CallError::TRAPPED))
}

/// Moves funds as another VM would: on the ledger, behind the EVM's back.
pub fn move_funds(from: &AccountId, to: &AccountId, amount: Balance) -> Result<(), CallError> {
	use frame_support::traits::{fungible::Mutate, tokens::Preservation::Expendable};
	<Balances as Mutate<_>>::transfer(from, to, amount, Expendable)
		.map(|_| ())
		.map_err(|_| CallError::InsufficientBalance)
}

/// A call that another VM makes to a contract, in a layer of its own as the dispatch pallet has it.
pub fn nested(caller: &AccountId, target: H160, input: Vec<u8>) -> Result<Vec<u8>, CallError> {
	nested_with(caller, target, input, 0, false).result
}

/// As [`nested`], with value and read-only flag.
pub fn nested_with(
	caller: &AccountId,
	target: H160,
	input: Vec<u8>,
	value: Balance,
	read_only: bool,
) -> EngineOutcome {
	let mut used = Weight::zero();
	let result = layered(|| {
		let outcome = <Evm as Engine>::call(EngineCall {
			caller: caller.clone(),
			payer: alice(),
			target: account::ethereum_account(&target),
			value,
			input,
			limit: Weight::from_parts(1_000_000_000_000, 1_000_000),
			deposit_limit: 0,
			read_only,
		});
		used = outcome.used;
		outcome.result
	});
	EngineOutcome {
		used,
		deposit: 0,
		result,
	}
}

/// A transaction that begins in the other VM.
pub fn foreign_transaction<R>(f: impl FnOnce() -> R) -> R {
	MockDispatch::enter(Entry {
		vm: VmId::WASM,
		contract: &wasm(),
		caller: &wasm(),
		actor: &wasm(),
		value: 0,
		kind: FrameKind::Entry,
		code: None,
		function: &[],
		input: &|| (&[][..]).into(),
		deposit_limit: 0,
	});
	let result = f();
	MockDispatch::leave(Exit::well(VmId::WASM, &[], Weight::zero()));
	result
}

/// A user with funds.
pub fn alice() -> AccountId {
	AccountId::new([1; 32])
}

/// Another user with funds.
pub fn bob() -> AccountId {
	AccountId::new([2; 32])
}

/// A contract of the other VM, with funds.
pub fn wasm() -> AccountId {
	AccountId::new([3; 32])
}

/// What each of the three has at first.
pub const FUNDS: Balance = 1_000_000_000_000;

pub fn new_test_ext() -> sp_io::TestExternalities {
	let mut storage = frame_system::GenesisConfig::<Test>::default()
		.build_storage()
		.unwrap();
	pallet_balances::GenesisConfig::<Test> {
		balances: vec![
			(alice(), FUNDS),
			(bob(), FUNDS),
			(wasm(), FUNDS),
			(collator(), 1),
		],
		..Default::default()
	}
	.assimilate_storage(&mut storage)
	.unwrap();
	pallet_evm::GenesisConfig::<Test> {
		chain_id: CHAIN_ID,
		..Default::default()
	}
	.assimilate_storage(&mut storage)
	.unwrap();
	ALIASES.with(|map| map.borrow_mut().clear());
	DEPTH.with(|depth| depth.set(0));
	for account in [alice(), bob(), wasm()] {
		map_account(&account);
	}
	FEES.with(|fees| fees.set((0, 0)));
	FOREIGN.with(|slot| *slot.borrow_mut() = None);
	set_foreign_use(Weight::zero());
	set_foreign_deposit(0);
	BlockGasLimit::set(60_000_000);
	let mut ext = sp_io::TestExternalities::from(storage);
	// Benchmarks sign with keys of their own.
	ext.register_extension(KeystoreExt::new(MemoryKeystore::new()));
	ext.execute_with(|| {
		System::set_block_number(1);
		pallet_timestamp::Now::<Test>::put(12_000);
	});
	ext
}

/// Runs a test in a fresh chain and checks the pallet's invariants afterwards.
pub fn test(f: impl FnOnce()) {
	new_test_ext().execute_with(|| {
		f();
		Evm::do_try_state().unwrap();
	});
}

/// Pretends that an address is the alias of an account.
pub fn alias_to(address: H160, account: &AccountId) {
	ALIASES.with(|map| map.borrow_mut().insert(address, account.clone()));
}
