//! `pallet-revive`, which runs EVM bytecode too, in as small a runtime as it runs in.
//!
//! Limits and deposits are so generous that they decide nothing; what is compared is time and output.
//! Its gas is another than Ethereum's, so gas is not compared.

use std::time::{Duration, Instant};

use pallet_revive::{Code, ExecConfig, TransactionLimits};
use polkadot_sdk::{
	frame_support::{self, derive_impl, traits::fungible::Mutate},
	frame_system, pallet_balances, pallet_timestamp,
	sp_core::{ConstBool, ConstU128, H160, U256},
	sp_io,
	sp_runtime::{traits::IdentityLookup, AccountId32, Weight},
	sp_state_machine::BasicExternalities,
};

use crate::workloads::Workload;

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
	pub struct Chain;

	#[runtime::pallet_index(0)]
	pub type System = frame_system;
	#[runtime::pallet_index(1)]
	pub type Timestamp = pallet_timestamp;
	#[runtime::pallet_index(2)]
	pub type Balances = pallet_balances;
	#[runtime::pallet_index(3)]
	pub type Revive = pallet_revive;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Chain {
	type Block = frame_system::mocking::MockBlock<Self>;
	type AccountId = AccountId32;
	type Lookup = IdentityLookup<AccountId32>;
	type AccountData = pallet_balances::AccountData<u128>;
}

#[derive_impl(pallet_timestamp::config_preludes::TestDefaultConfig)]
impl pallet_timestamp::Config for Chain {}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Chain {
	type Balance = u128;
	type ExistentialDeposit = ConstU128<1>;
	type AccountStore = System;
}

#[derive_impl(pallet_revive::config_preludes::TestDefaultConfig)]
impl pallet_revive::Config for Chain {
	type Time = Timestamp;
	type Balance = u128;
	type Currency = Balances;
	type AddressMapper = pallet_revive::AccountId32Mapper<Self>;
	type AllowEVMBytecode = ConstBool<true>;
	type UploadOrigin = frame_system::EnsureSigned<AccountId32>;
	type InstantiateOrigin = frame_system::EnsureSigned<AccountId32>;
	type DepositPerItem = ConstU128<1>;
	type DepositPerChildTrieItem = ConstU128<1>;
	type DepositPerByte = ConstU128<1>;
}

/// The account whose address is that of the other ways' sender: it ends with a mark.
const SENDER: AccountId32 = {
	let mut account = [0xEE; 32];
	let mut at = 0;
	while at < crate::reference::SENDER.0.len() {
		account[at] = crate::reference::SENDER.0[at];
		at += 1;
	}
	AccountId32::new(account)
};
const SENDER_BALANCE: u128 = 1 << 120;

/// The runtime with a workload's contract.
pub struct Runner {
	ext: BasicExternalities,
	target: H160,
}

fn limits() -> TransactionLimits<Chain> {
	TransactionLimits::WeightAndDeposit {
		weight_limit: Weight::MAX / 2,
		deposit_limit: SENDER_BALANCE / 4,
	}
}

impl Runner {
	/// Deploys and prepares a workload.
	pub fn deploy(workload: &Workload) -> Self {
		let mut ext = BasicExternalities::new_empty();
		let target = ext.execute_with(|| {
			frame_system::Pallet::<Chain>::set_block_number(1);
			pallet_timestamp::Now::<Chain>::put(1_699_999_400_000);
			Balances::set_balance(&SENDER, SENDER_BALANCE);
			// It holds the deposits, and has to exist.
			Balances::set_balance(&Revive::account_id(), 1);
			let created = Revive::bare_instantiate(
				frame_system::RawOrigin::Signed(SENDER).into(),
				U256::zero(),
				limits(),
				Code::Upload(workload.code.clone()),
				Vec::new(),
				None,
				&ExecConfig::new_substrate_tx(),
			);
			let created = created.result.expect("the contract deploys");
			assert!(!created.result.did_revert(), "{} deploys", workload.name);
			for input in &workload.preparation {
				call(created.addr, input);
			}
			pallet_timestamp::Now::<Chain>::put(1_700_000_000_000);
			frame_system::Pallet::<Chain>::reset_events();
			created.addr
		});
		Self { ext, target }
	}

	/// Runs the measured call, and takes back what it changed. Gives the time and the output.
	pub fn run(&mut self, input: &[u8]) -> (Duration, Vec<u8>) {
		let target = self.target;
		self.ext.execute_with(|| {
			sp_io::storage::start_transaction();
			let start = Instant::now();
			let output = call(target, input);
			let time = start.elapsed();
			sp_io::storage::rollback_transaction();
			(time, output)
		})
	}
}

fn call(target: H160, input: &[u8]) -> Vec<u8> {
	let outcome = Revive::bare_call(
		frame_system::RawOrigin::Signed(SENDER).into(),
		target,
		U256::zero(),
		limits(),
		input.to_vec(),
		&ExecConfig::new_substrate_tx(),
	);
	let value = outcome.result.expect("the call runs");
	assert!(!value.did_revert(), "the call succeeds: {value:?}");
	value.data
}
