//! The same steps on the published pallet and on ours, compared.
//!
//! What is compared after each step: the result (answer and flags, or the error by its name), the
//! deposit that changed hands, the contract events in their order, and then all that is stored: code,
//! contracts, the roots of their tries, accounts and holds.
//!
//! What differs and is left out:
//! - the order of deposit events among the others: ours settles when a frame ends, the published one
//!   when the whole call does;
//! - weight;
//! - whatever is named in `docs/decisions` ("ink! engine: stages"); no step here touches it.

use std::collections::BTreeMap;

use codec::{Decode, Encode};
use polkadot_sdk::{
	frame_support::{
		storage::{with_transaction, TransactionOutcome},
		weights::Weight,
	},
	sp_core::H256,
	sp_io::{default_child_storage, hashing::twox_128, storage, TestExternalities},
	sp_runtime::{DispatchError, ModuleError, StateVersion},
	*,
};
use trivium_primitives::{AccountId, Balance};

use super::mock::*;
use crate as pallet_wasm;

/// Weight that is never the reason, not even with lengths of four gigabytes.
const GAS: Weight = Weight::from_parts(10_000_000_000_000_000, 1 << 40);

/// The published pallet in a runtime.
pub mod published {
	use super::*;
	use polkadot_sdk::{
		frame_support::{
			derive_impl, parameter_types,
			traits::{ConstBool, ConstU128, ConstU32, ConstU64, Nothing, Randomness},
		},
		frame_system::{pallet_prelude::BlockNumberFor, EnsureSigned},
		pallet_contracts::{Frame, Limits, Schedule},
		sp_runtime::traits::IdentityLookup,
	};

	type Block = frame_system::mocking::MockBlock<Published>;

	frame_support::construct_runtime!(
		pub enum Published {
			System: frame_system,
			Timestamp: pallet_timestamp,
			Balances: pallet_balances,
			Contracts: pallet_contracts,
		}
	);

	#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
	impl frame_system::Config for Published {
		type Block = Block;
		type AccountId = AccountId;
		type Lookup = IdentityLookup<AccountId>;
		type AccountData = pallet_balances::AccountData<Balance>;
	}

	#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
	impl pallet_balances::Config for Published {
		type AccountStore = System;
		type Balance = Balance;
	}

	impl pallet_timestamp::Config for Published {
		type Moment = u64;
		type OnTimestampSet = ();
		type MinimumPeriod = ConstU64<1>;
		type WeightInfo = ();
	}

	parameter_types! {
		pub PublishedSchedule: Schedule<Published> = Schedule {
			limits: Limits {
				event_ref_time: 250_000,
				validator_runtime_memory: 1024 * 1024 * 1024,
				..Default::default()
			},
			..Default::default()
		};
	}

	/// Never asked.
	pub struct NoRandomness;
	impl Randomness<H256, BlockNumberFor<Published>> for NoRandomness {
		fn random(_: &[u8]) -> (H256, BlockNumberFor<Published>) {
			Default::default()
		}
	}

	impl pallet_contracts::Config for Published {
		type Time = Timestamp;
		type Randomness = NoRandomness;
		type Currency = Balances;
		type RuntimeEvent = RuntimeEvent;
		type RuntimeCall = RuntimeCall;
		type RuntimeHoldReason = RuntimeHoldReason;
		type CallFilter = Nothing;
		type WeightPrice = RefTime;
		type WeightInfo = ();
		type ChainExtension = ();
		type Schedule = PublishedSchedule;
		type CallStack = [Frame<Self>; 5];
		type DepositPerByte = ConstU128<PER_BYTE>;
		type DefaultDepositLimit = ConstU128<DEPOSIT_LIMIT>;
		type DepositPerItem = ConstU128<PER_ITEM>;
		type CodeHashLockupDepositPercent = Lockup;
		type AddressGenerator = pallet_contracts::DefaultAddressGenerator;
		type MaxCodeLen = ConstU32<MAX_CODE_BYTES>;
		type MaxStorageKeyLen = ConstU32<128>;
		type MaxTransientStorageSize = ConstU32<{ 1024 * 1024 }>;
		type MaxDelegateDependencies = ConstU32<MAX_DEPENDENCIES>;
		// Transient storage is part of what is not stable there.
		type UnsafeUnstableInterface = ConstBool<true>;
		type MaxDebugBufferLen = ConstU32<{ 2 * 1024 * 1024 }>;
		type UploadOrigin = EnsureSigned<AccountId>;
		type InstantiateOrigin = EnsureSigned<AccountId>;
		type Migrations = ();
		type Debug = ();
		type Environment = ();
		type ApiVersion = ();
		type Xcm = ();
	}
}

/// What a step came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
	/// Flags and data, or the error's name.
	pub result: Result<(u32, Vec<u8>), String>,
	/// The contract that was made.
	pub made: Option<AccountId>,
	/// Deposit taken, or given back if negative, planck.
	pub deposit: i128,
}

impl Outcome {
	fn new<E: Into<DispatchError>>(result: Result<(u32, Vec<u8>), E>, deposit: i128) -> Self {
		Self {
			result: result.map_err(|error| name(error.into())),
			made: None,
			deposit,
		}
	}
}

/// An error's name, which is the same in both pallets.
fn name(error: DispatchError) -> String {
	match error {
		DispatchError::Module(ModuleError {
			message: Some(message),
			..
		}) => message.into(),
		other => format!("{other:?}"),
	}
}

/// One step.
#[derive(Clone, Debug)]
pub enum Step {
	Upload(AccountId, Vec<u8>),
	Remove(AccountId, H256),
	SetCode(AccountId, H256),
	Instantiate {
		who: AccountId,
		value: Balance,
		deposit: Option<Balance>,
		code: Vec<u8>,
		data: Vec<u8>,
		salt: Vec<u8>,
	},
	Call {
		who: AccountId,
		contract: AccountId,
		value: Balance,
		deposit: Option<Balance>,
		data: Vec<u8>,
	},
	Idle,
	/// Sets the clock, milliseconds.
	Clock(u64),
}

/// A runtime with one of the pallets.
pub trait Chain {
	fn ext() -> TestExternalities;
	fn take(step: Step) -> Outcome;
	fn events() -> Vec<(Vec<u8>, Vec<H256>)>;
}

macro_rules! signed {
	($pallet:ident, $deposit:expr) => {
		match $deposit {
			$pallet::StorageDeposit::Charge(amount) => amount as i128,
			$pallet::StorageDeposit::Refund(amount) => -(amount as i128),
		}
	};
}

macro_rules! implement_chain {
	($chain:ident, $runtime:ty, $module:ident, $pallet:ident, $upload:expr, $call:expr, $make:expr) => {
		pub struct $chain;
		impl Chain for $chain {
			fn ext() -> TestExternalities {
				use $module as runtime;
				let mut ext = genesis::<$runtime, _>(pallet_balances::GenesisConfig::<$runtime> {
					balances: balances(),
					..Default::default()
				});
				ext.execute_with(|| runtime::System::set_block_number(1));
				ext
			}
			fn take(step: Step) -> Outcome {
				use polkadot_sdk::frame_support::traits::Hooks;
				use $module as runtime;
				type Contracts = runtime::Contracts;
				type Origin = runtime::RuntimeOrigin;
				match step {
					Step::Upload(who, code) => $upload(who, code),
					Step::Remove(who, hash) => Outcome::new(
						Contracts::remove_code(Origin::signed(who), hash)
							.map(|_| (0, Vec::new()))
							.map_err(|error| error.error),
						0,
					),
					Step::SetCode(contract, hash) => Outcome::new(
						Contracts::set_code(Origin::root(), contract, hash)
							.map(|_| (0, Vec::new())),
						0,
					),
					Step::Instantiate {
						who,
						value,
						deposit,
						code,
						data,
						salt,
					} => {
						let made = $make(who, value, deposit, code, data, salt);
						let deposit = signed!($pallet, made.storage_deposit);
						let account = made.result.as_ref().ok().map(|m| m.account_id.clone());
						let result = made.result.map(|m| (m.result.flags.bits(), m.result.data));
						Outcome {
							made: account,
							..Outcome::new(result, deposit)
						}
					}
					Step::Call {
						who,
						contract,
						value,
						deposit,
						data,
					} => {
						let ended = $call(who, contract, value, deposit, data);
						let deposit = signed!($pallet, ended.storage_deposit);
						let result = ended.result.map(|r| (r.flags.bits(), r.data));
						Outcome::new(result, deposit)
					}
					Step::Idle => {
						Contracts::on_idle(1, AMPLE);
						Outcome::new::<DispatchError>(Ok((0, Vec::new())), 0)
					}
					Step::Clock(now) => {
						runtime::Timestamp::set_timestamp(now);
						Outcome::new::<DispatchError>(Ok((0, Vec::new())), 0)
					}
				}
			}
			fn events() -> Vec<(Vec<u8>, Vec<H256>)> {
				use $module as runtime;
				let events = runtime::System::events();
				runtime::System::reset_events();
				events
					.into_iter()
					.map(|record| (record.event.encode(), record.topics))
					.collect()
			}
		}
	};
}

implement_chain!(
	Theirs,
	published::Published,
	published,
	pallet_contracts,
	|who, code| {
		let determinism = pallet_contracts::Determinism::Enforced;
		match published::Contracts::bare_upload_code(who, code, None, determinism) {
			Ok(done) => Outcome::new::<DispatchError>(
				Ok((0, done.code_hash.encode())),
				done.deposit as i128,
			),
			Err(error) => Outcome::new(Err(error), 0),
		}
	},
	|who, contract, value, deposit, data| published::Contracts::bare_call(
		who,
		contract,
		value,
		GAS,
		deposit,
		data,
		pallet_contracts::DebugInfo::Skip,
		pallet_contracts::CollectEvents::Skip,
		pallet_contracts::Determinism::Enforced,
	),
	|who, value, deposit, code, data, salt| published::Contracts::bare_instantiate(
		who,
		value,
		GAS,
		deposit,
		pallet_contracts::Code::Upload(code),
		data,
		salt,
		pallet_contracts::DebugInfo::Skip,
		pallet_contracts::CollectEvents::Skip,
	)
);

/// Ours in a runtime.
mod ours {
	pub use crate::testing::mock::*;
}

implement_chain!(
	Ours,
	Test,
	ours,
	pallet_wasm,
	|who, code| match Contracts::bare_upload_code(who, code, None) {
		Ok(done) =>
			Outcome::new::<DispatchError>(Ok((0, done.code_hash.encode())), done.deposit as i128,),
		Err(error) => Outcome::new(Err(error), 0),
	},
	|who, contract, value, deposit, data| Contracts::bare_call(
		who,
		contract,
		value,
		GAS,
		deposit,
		data,
		pallet_wasm::DebugInfo::Skip,
		pallet_wasm::CollectEvents::Skip,
	),
	|who, value, deposit, code, data, salt| Contracts::bare_instantiate(
		who,
		value,
		GAS,
		deposit,
		pallet_wasm::Code::Upload(code),
		data,
		salt,
		pallet_wasm::DebugInfo::Skip,
		pallet_wasm::CollectEvents::Skip,
	)
);

/// Takes a step as an extrinsic would: what fails leaves nothing.
fn take<C: Chain>(step: Step) -> Outcome {
	with_transaction(|| {
		let outcome = C::take(step);
		match &outcome.result {
			Ok((flags, _)) if flags & 1 == 0 => TransactionOutcome::Commit(Ok(outcome)),
			_ => TransactionOutcome::Rollback(Ok::<_, DispatchError>(outcome)),
		}
	})
	.unwrap()
}

/// Place of the contracts pallet in both runtimes.
const CONTRACTS: u8 = 3;
/// Events about deposits.
const DEPOSIT_EVENTS: [u8; 2] = [8, 9];

/// Contract events in their order, without those about deposits.
fn events<C: Chain>() -> Vec<(Vec<u8>, Vec<H256>)> {
	let is_compared = |event: &[u8]| event[0] == CONTRACTS && !DEPOSIT_EVENTS.contains(&event[1]);
	let mut events = C::events();
	events.retain(|(event, _)| is_compared(event));
	events
}

/// All entries that both pallets have, and the roots of the contracts' tries.
pub fn state() -> BTreeMap<String, Vec<u8>> {
	let maps = [
		("System", "Account"),
		("Balances", ""),
		("Contracts", "PristineCode"),
		("Contracts", "CodeInfoOf"),
		("Contracts", "Nonce"),
		("Contracts", "ContractInfoOf"),
		("Contracts", "DeletionQueue"),
		("Contracts", "DeletionQueueCounter"),
	];
	let mut state = BTreeMap::new();
	for (pallet, item) in maps {
		let mut prefix = twox_128(pallet.as_bytes()).to_vec();
		if !item.is_empty() {
			prefix.extend(twox_128(item.as_bytes()));
		}
		let mut key = prefix.clone();
		loop {
			if let Some(value) = storage::get(&key) {
				let name = format!("{pallet}.{item} {:?}", H256(twox_256(&key)));
				if item == "ContractInfoOf" {
					let info = crate::contract::ContractInfo::<Test>::decode(&mut &value[..]);
					let trie_id = info.expect("the layout is ours").trie_id;
					let root = default_child_storage::root(&trie_id, StateVersion::V1);
					state.insert(format!("{name} root"), root);
				}
				state.insert(name, value.to_vec());
			}
			match storage::next_key(&key) {
				Some(next) if next.starts_with(&prefix) => key = next,
				_ => break,
			}
		}
	}
	state
}

fn twox_256(bytes: &[u8]) -> [u8; 32] {
	polkadot_sdk::sp_io::hashing::twox_256(bytes)
}

/// A step that was taken, and all that it left.
struct Taken {
	outcome: Outcome,
	events: Vec<(Vec<u8>, Vec<H256>)>,
	state: BTreeMap<String, Vec<u8>>,
}

impl Taken {
	fn by<C: Chain>(step: Step) -> Self {
		Self {
			outcome: take::<C>(step),
			events: events::<C>(),
			state: state(),
		}
	}
}

/// Both chains, in step.
pub struct Pair {
	theirs: TestExternalities,
	ours: TestExternalities,
	pub steps: usize,
	/// Contract events of the last step, encoded, with their topics.
	pub events: Vec<(Vec<u8>, Vec<H256>)>,
}

impl Pair {
	pub fn new() -> Self {
		Self {
			theirs: Theirs::ext(),
			ours: Ours::ext(),
			steps: 0,
			events: Vec::new(),
		}
	}

	/// Takes a step on both and compares. What came of it is given back.
	#[track_caller]
	pub fn step(&mut self, what: &str, step: Step) -> Outcome {
		let (theirs, ours) = self.take(step);
		assert_eq!(
			theirs.outcome, ours.outcome,
			"{what}: outcome (published, ours)"
		);
		assert_eq!(
			theirs.events, ours.events,
			"{what}: events (published, ours)"
		);
		for (key, value) in &theirs.state {
			assert_eq!(
				Some(value),
				ours.state.get(key),
				"{what}: {key} (published, ours)"
			);
		}
		for key in ours.state.keys() {
			assert!(
				theirs.state.contains_key(key),
				"{what}: only ours has {key}"
			);
		}
		self.steps += 1;
		self.events = ours.events;
		ours.outcome
	}

	/// Takes a step on ours alone, one that is to fail: it leaves nothing.
	#[track_caller]
	pub fn step_of_ours(&mut self, step: Step) -> Outcome {
		self.ours.execute_with(|| {
			let before = state();
			let taken = Taken::by::<Ours>(step);
			assert_eq!(before, taken.state, "what fails leaves nothing");
			taken.outcome
		})
	}

	/// Takes a step on both: the published pallet's, then ours.
	fn take(&mut self, step: Step) -> (Taken, Taken) {
		let theirs = self
			.theirs
			.execute_with(|| Taken::by::<Theirs>(step.clone()));
		let ours = self.ours.execute_with(|| {
			let taken = Taken::by::<Ours>(step);
			Contracts::do_try_state().unwrap();
			taken
		});
		(theirs, ours)
	}

	/// Instantiates for Alice.
	#[track_caller]
	pub fn make(&mut self, what: &str, code: Vec<u8>, data: Vec<u8>) -> AccountId {
		let outcome = self.step(
			what,
			Step::Instantiate {
				who: ALICE,
				value: 0,
				deposit: None,
				code,
				data,
				salt: Vec::new(),
			},
		);
		outcome
			.made
			.clone()
			.unwrap_or_else(|| panic!("{what}: {outcome:?}"))
	}

	/// Calls as Alice.
	#[track_caller]
	pub fn call(&mut self, what: &str, contract: &AccountId, data: Vec<u8>) -> Outcome {
		self.call_with(what, contract, data, 0, None)
	}

	/// Calls as Alice with value and a limit of deposits.
	#[track_caller]
	pub fn call_with(
		&mut self,
		what: &str,
		contract: &AccountId,
		data: Vec<u8>,
		value: Balance,
		deposit: Option<Balance>,
	) -> Outcome {
		self.step(
			what,
			Step::Call {
				who: ALICE,
				contract: contract.clone(),
				value,
				deposit,
				data,
			},
		)
	}

	/// What an account can spend, planck.
	pub fn balance(&mut self, who: &AccountId) -> Balance {
		// Any of the two: their accounts are compared after each step.
		self.ours.execute_with(|| Balances::free_balance(who))
	}

	/// Our chain, begun anew with all that the published pallet has stored.
	pub fn take_over(mut self) -> TestExternalities {
		self.theirs.commit_all().unwrap();
		let (raw, root) = self.theirs.into_raw_snapshot();
		TestExternalities::from_raw_snapshot(raw, root, StateVersion::V1)
	}
}
