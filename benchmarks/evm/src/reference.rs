//! `revm` as Ethereum's nodes use it: its own journal on its in-memory database.

use std::time::{Duration, Instant};

use polkadot_sdk::sp_core::{H160, H256};
use revm::{
	context::{result::ExecutionResult, BlockEnv, TxEnv},
	database::{CacheDB, EmptyDB},
	primitives::{hardfork::SpecId, Address, Bytes, TxKind, U256},
	state::AccountInfo,
	Context, ExecuteCommitEvm, MainBuilder, MainContext,
};

use trivium_benchmarks_evm::chain::{Account, World};

use crate::workloads::Workload;

/// Who deploys and calls.
pub const SENDER: H160 = H160([0x5E; 20]);
/// What the sender has, planck.
pub const SENDER_BALANCE: u128 = 1 << 100;
/// When the measured call happens, seconds: what the chain's world says.
const NOW_SECONDS: u64 = 1_700_000_000;
/// How long before it the contracts were deployed, seconds.
const AGE_SECONDS: u64 = 600;
/// Gas that deployments and preparations get, and the limit of each call.
pub const GAS_LIMIT: u64 = 50_000_000;

/// What a call gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
	pub output: Vec<u8>,
	pub gas_used: u64,
	pub logs: usize,
}

/// A database in which a workload's contract is deployed and prepared.
#[derive(Clone, Debug)]
pub struct Reference {
	db: CacheDB<EmptyDB>,
	/// The contract.
	pub target: H160,
	nonce: u64,
}

impl Reference {
	/// Deploys and prepares a workload.
	pub fn deploy(workload: &Workload) -> Self {
		let mut db = CacheDB::default();
		let info = AccountInfo::default().with_balance(U256::from(SENDER_BALANCE));
		db.insert_account_info(Address::new(SENDER.0), info);
		let create = TxEnv {
			kind: TxKind::Create,
			data: Bytes::from(workload.code.clone()),
			..transaction(0)
		};
		let result = run(&mut db, create, NOW_SECONDS - AGE_SECONDS);
		let target = result.created_address().expect("the contract deploys");
		let mut nonce = 1;
		for input in &workload.preparation {
			let result = run(
				&mut db,
				call(target, input, nonce),
				NOW_SECONDS - AGE_SECONDS,
			);
			assert!(
				result.is_success(),
				"{} prepares: {result:?}",
				workload.name
			);
			nonce += 1;
		}
		Self {
			db,
			target: H160(target.into_array()),
			nonce,
		}
	}

	/// The same accounts for the chain.
	pub fn world(&self) -> World {
		let mut world = World::default();
		for (address, account) in &self.db.cache.accounts {
			let info = &account.info;
			let code = self
				.db
				.cache
				.contracts
				.get(&info.code_hash)
				.map(|code| code.original_byte_slice().to_vec())
				.unwrap_or_default();
			let storage = account
				.storage
				.iter()
				.filter(|(_, value)| !value.is_zero())
				.map(|(key, value)| (H256(key.to_be_bytes()), H256(value.to_be_bytes())))
				.collect();
			let account = Account {
				balance: u128::try_from(info.balance).expect("nobody has more than was made"),
				nonce: info.nonce,
				code,
				storage,
			};
			// Accounts that were only touched are not there.
			if account != Account::default() {
				world.accounts.insert(H160(address.into_array()), account);
			}
		}
		world
	}

	/// The transaction that calls the contract.
	pub fn transaction(&self, input: &[u8]) -> TxEnv {
		call(Address::new(self.target.0), input, self.nonce)
	}

	/// Runs and commits a transaction on a copy of the database.
	pub fn run(&self, tx: TxEnv) -> (Duration, Answer) {
		let mut db = self.db.clone();
		let start = Instant::now();
		let result = run(&mut db, tx, NOW_SECONDS);
		let time = start.elapsed();
		assert!(result.is_success(), "the call succeeds: {result:?}");
		let answer = Answer {
			gas_used: result.tx_gas_used(),
			logs: result.logs().len(),
			output: result.into_output().unwrap_or_default().to_vec(),
		};
		(time, answer)
	}
}

fn transaction(nonce: u64) -> TxEnv {
	TxEnv {
		caller: Address::new(SENDER.0),
		gas_limit: GAS_LIMIT,
		nonce,
		chain_id: None,
		..Default::default()
	}
}

fn call(target: Address, input: &[u8], nonce: u64) -> TxEnv {
	TxEnv {
		kind: TxKind::Call(target),
		data: Bytes::copy_from_slice(input),
		..transaction(nonce)
	}
}

/// Runs a transaction and commits it, from the making of the EVM on.
fn run(db: &mut CacheDB<EmptyDB>, tx: TxEnv, now_seconds: u64) -> ExecutionResult {
	let mut evm = Context::mainnet()
		.with_db(db)
		.with_block(BlockEnv {
			number: U256::from(1),
			timestamp: U256::from(now_seconds),
			gas_limit: u64::MAX,
			..Default::default()
		})
		.modify_cfg_chained(|cfg| {
			cfg.set_spec_and_mainnet_gas_params(SpecId::OSAKA);
			// A chain's own limit for one transaction is lower than what is measured here.
			cfg.tx_gas_limit_cap = Some(u64::MAX);
		})
		.build_mainnet();
	evm.transact_commit(tx)
		.expect("the transaction is valid and the database answers")
}
