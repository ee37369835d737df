//! The smallest chain around the pallet: a ledger, a clock and the EVM alone. Its rules and its block
//! are those of the case that this thread runs.

use polkadot_sdk::{
	frame_support::{
		self, derive_impl, parameter_types,
		traits::{
			fungible::{self, Balanced},
			Imbalance, OnUnbalanced,
		},
	},
	frame_system, pallet_balances, pallet_timestamp,
	sp_core::{H160, H256},
	sp_runtime::traits::{Convert, IdentityLookup},
	sp_weights::Weight,
};
use std::cell::{Cell, RefCell};
use trivium_primitives::{
	account, AccountId, AddressMapping, Balance, CallError, CallOutcome, CallRequest, Dispatch,
	Engine, Entry, Exit, LogRecord,
};

use pallet_evm::revm::{
	context::{BlockEnv, CfgEnv},
	handler::EthPrecompiles,
	primitives::hardfork::SpecId,
};

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
	pub struct Runtime;

	#[runtime::pallet_index(0)]
	pub type System = frame_system;
	#[runtime::pallet_index(1)]
	pub type Timestamp = pallet_timestamp;
	#[runtime::pallet_index(2)]
	pub type Balances = pallet_balances;
	#[runtime::pallet_index(3)]
	pub type Evm = pallet_evm;
}

type Block = frame_system::mocking::MockBlock<Runtime>;

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Runtime {
	type AccountId = AccountId;
	type Nonce = u64;
	type Lookup = IdentityLookup<AccountId>;
	type Block = Block;
	type AccountData = pallet_balances::AccountData<Balance>;
}

impl pallet_timestamp::Config for Runtime {
	type Moment = u64;
	type OnTimestampSet = ();
	type MinimumPeriod = frame_support::traits::ConstU64<1>;
	type WeightInfo = ();
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Runtime {
	type AccountStore = System;
	type Balance = Balance;
	type ExistentialDeposit = frame_support::traits::ConstU128<1>;
}

parameter_types! {
	pub const GasWeightPerGas: u64 = 1;
	pub const BlockGasLimit: u64 = u64::MAX;
	// Cases have longer codes than can be created.
	pub const MaxCodeLen: u32 = 1 << 20;
	pub const PrevRandao: H256 = H256::zero();
}

impl pallet_evm::Config for Runtime {
	type Interfaces = ();
	type Currency = Balances;
	type OnValueMoved = ();
	type Dispatch = Alone;
	type Addresses = Aliases;
	type Time = Timestamp;
	type GasWeightPerGas = GasWeightPerGas;
	type CallGasLimit = BlockGasLimit;
	type BlockGasLimit = BlockGasLimit;
	type MaxCodeLen = MaxCodeLen;
	type WeightPrice = NoPrice;
	type FeeHandler = AuthorGetsTip;
	type Coinbase = Coinbase;
	type PrevRandao = PrevRandao;
	type Rules = CaseRules;
	type WeightInfo = ();
}

/// Under what rules and in what block a case runs.
#[derive(Clone, Debug)]
pub struct Setting {
	/// The hard fork.
	pub spec: SpecId,
	/// What the transaction's chain must be.
	pub chain_id: u64,
	/// What contracts are told of the block.
	pub block: BlockEnv,
	/// Blobs that a transaction may carry.
	pub max_blobs: u64,
	/// Whether the curve contracts are those of [`crate::draft`].
	pub has_draft_curves: bool,
}

impl Setting {
	/// The newest fork in an empty block, before a case is set: what the pallets' integrity test sees.
	fn newest() -> Self {
		Self {
			spec: SpecId::OSAKA,
			chain_id: 1,
			block: BlockEnv::default(),
			max_blobs: 0,
			has_draft_curves: false,
		}
	}
}

thread_local! {
	static SETTING: RefCell<Option<Setting>> = const { RefCell::new(None) };
	static TRANSACTION: Cell<u64> = const { Cell::new(0) };
	static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// Gives the chain the number that the setting says; in its storage, so within externalities.
pub fn put_chain_id() {
	pallet_evm::ChainId::<Runtime>::put(with(|setting| setting.chain_id));
}

/// Puts this thread's chain into a setting.
pub fn set(setting: Setting) {
	SETTING.with(|slot| *slot.borrow_mut() = Some(setting));
	DEPTH.with(|depth| depth.set(0));
}

fn with<R>(f: impl FnOnce(&Setting) -> R) -> R {
	SETTING.with(|slot| f(slot.borrow_mut().get_or_insert_with(Setting::newest)))
}

/// Ethereum's own rules: no limits and prices of a parachain.
pub struct CaseRules;

impl pallet_evm::Rules for CaseRules {
	fn spec() -> SpecId {
		with(|setting| setting.spec)
	}

	fn precompiles() -> EthPrecompiles {
		match with(|setting| setting.has_draft_curves) {
			true => crate::draft::precompiles(),
			false => EthPrecompiles::new(Self::spec()),
		}
	}

	fn journal_limit() -> usize {
		usize::MAX
	}

	fn memory_limit_bytes() -> u64 {
		u32::MAX.into()
	}

	fn transaction_proof_allowance(_: u64) -> u64 {
		u64::MAX
	}

	fn prices_by_weight() -> bool {
		false
	}

	fn has_bridge() -> bool {
		false
	}

	fn accepts_blobs() -> bool {
		true
	}

	fn block_hash(number: u64) -> Option<H256> {
		Some(H256(polkadot_sdk::sp_io::hashing::keccak_256(
			number.to_string().as_bytes(),
		)))
	}

	fn configure(cfg: &mut CfgEnv) {
		cfg.set_max_blobs_per_tx(with(|setting| setting.max_blobs));
	}

	fn describe_block(block: &mut BlockEnv) {
		*block = with(|setting| setting.block.clone());
	}
}

/// The block's author, by the case.
pub struct Coinbase;

impl frame_support::traits::Get<H160> for Coinbase {
	fn get() -> H160 {
		with(|setting| H160(setting.block.beneficiary.into_array()))
	}
}

/// Weight costs nothing, so that gas alone is charged.
pub struct NoPrice;

impl Convert<Weight, Balance> for NoPrice {
	fn convert(_: Weight) -> Balance {
		0
	}
}

/// The base fee is burnt, as on Ethereum, and the author gets the rest.
pub struct AuthorGetsTip;

impl OnUnbalanced<fungible::Credit<AccountId, Balances>> for AuthorGetsTip {
	fn on_unbalanceds(mut amounts: impl Iterator<Item = fungible::Credit<AccountId, Balances>>) {
		drop(amounts.next());
		let author = account::ethereum_account(&<Coinbase as frame_support::traits::Get<_>>::get());
		for tip in amounts {
			if tip.peek() != 0 {
				Balances::resolve(&author, tip).expect("the ledger has room for what it had");
			}
		}
	}
}

/// There are Ethereum accounts only.
pub struct Aliases;

impl AddressMapping for Aliases {
	fn account(address: &H160) -> AccountId {
		account::ethereum_account(address)
	}

	fn is_mapped(_: &H160) -> bool {
		false
	}

	fn ensure_mapped(account: &AccountId) -> bool {
		account::ethereum_address(account).is_some()
	}
}

/// The dispatch pallet of a chain that has no other VM.
pub struct Alone;

impl Dispatch for Alone {
	fn call(_: CallRequest<'_>) -> CallOutcome {
		CallOutcome {
			used: Weight::zero(),
			deposit: 0,
			result: Err(CallError::NotFound),
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

	fn ensure_enterable(_: &AccountId) -> Result<(), CallError> {
		Ok(())
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
		}
	}

	fn transaction() -> u64 {
		TRANSACTION.with(Cell::get)
	}

	fn deposit_taken() -> Balance {
		0
	}

	fn log(_: impl IntoIterator<Item = LogRecord>) {}
}
