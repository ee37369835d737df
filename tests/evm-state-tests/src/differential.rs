//! The same transaction by the pallet and by `revm` on a database in memory: result, gas, logs and
//! the whole state afterwards must be the same.
//!
//! What is run is made from arbitrary bytes ([`Scenario::new`]), so that a property test and a fuzzer
//! can share it. Every byte chooses something meaningful: three contracts that call, create, store,
//! log and destruct, among instructions at random.

use pallet_evm::revm::{
	bytecode::opcode::*,
	context::{BlockEnv, CfgEnv, TxEnv},
	context_interface::{
		block::BlobExcessGasAndPrice,
		either::Either,
		result::ExecutionResult,
		transaction::{
			AccessList, AccessListItem, Authorization, RecoveredAuthority, RecoveredAuthorization,
		},
	},
	database::InMemoryDB,
	primitives::{hardfork::SpecId, keccak256, Address, Bytes, TxKind, B256, U256},
	state::{AccountInfo, Bytecode},
	Context, ExecuteCommitEvm, MainBuilder, MainContext,
};
use polkadot_sdk::sp_io::TestExternalities;
use std::collections::BTreeMap;

use crate::{
	chain::{self, Evm, Setting, System},
	state::{self, Account, State},
};

/// Who signs.
const SENDER: Address = Address::repeat_byte(0x51);
/// Who makes the block.
const AUTHOR: Address = Address::repeat_byte(0xC0);
/// Who delegates.
const AUTHORITY: Address = Address::repeat_byte(0xE1);
/// The contracts.
const CONTRACTS: [Address; 3] = [
	Address::repeat_byte(0xA1),
	Address::repeat_byte(0xA2),
	Address::repeat_byte(0xA3),
];
/// Planck for a gas.
const BASE_FEE: u64 = 7;

/// A world with three contracts, and a transaction into it.
#[derive(Clone, Debug)]
pub struct Scenario {
	/// The contracts' codes.
	pub codes: [Vec<u8>; 3],
	/// The transaction.
	pub tx: TxEnv,
}

/// Bytes that decide; zeros when they have run out.
struct Choices<'a>(&'a [u8]);

impl Choices<'_> {
	fn byte(&mut self) -> u8 {
		match self.0.split_first() {
			Some((first, rest)) => {
				self.0 = rest;
				*first
			}
			None => 0,
		}
	}

	fn below(&mut self, end: usize) -> usize {
		usize::from(self.byte()) % end
	}

	/// Small numbers mostly, and now and then those where arithmetic turns.
	fn word(&mut self) -> U256 {
		match self.below(8) {
			0 => U256::MAX,
			1 => U256::from(1u8) << self.byte(),
			2 => (U256::from(1u8) << self.byte()).wrapping_sub(U256::from(1u8)),
			_ => U256::from(self.byte()),
		}
	}

	fn address(&mut self) -> Address {
		match self.below(8) {
			0 => SENDER,
			1 if self.byte() & 1 == 1 => AUTHORITY,
			1 => AUTHOR,
			2 => Address::with_last_byte(self.byte() % 0x12),
			3 => Address::repeat_byte(self.byte() | 1),
			chosen => CONTRACTS[chosen % 3],
		}
	}
}

/// A program in the making.
#[derive(Default)]
struct Program(Vec<u8>);

impl Program {
	fn op(&mut self, op: u8) {
		self.0.push(op);
	}

	fn push(&mut self, word: U256) {
		let bytes = word.to_be_bytes::<32>();
		let zeros = word.leading_zeros() / 8;
		self.0.push(PUSH0 + (32 - zeros) as u8);
		self.0.extend_from_slice(&bytes[zeros..]);
	}

	fn push_small(&mut self, number: u8) {
		self.push(U256::from(number));
	}

	/// One more piece, which leaves about as much on the stack as it found.
	fn piece(&mut self, choices: &mut Choices<'_>) {
		match choices.below(16) {
			// Any byte; seldom, because most of them end the frame.
			0 if choices.below(4) == 0 => self.op(choices.byte()),
			0..=2 => {
				const OPS: [u8; 24] = [
					ADD, MUL, SUB, DIV, SDIV, MOD, SMOD, ADDMOD, MULMOD, EXP, SIGNEXTEND, LT, GT,
					SLT, SGT, EQ, AND, OR, XOR, BYTE, SHL, SHR, SAR, KECCAK256,
				];
				let op = OPS[choices.below(OPS.len())];
				for _ in 0..3 {
					self.push(choices.word());
				}
				self.op(op);
				if matches!(op, ADDMOD | MULMOD) {
					self.push_small(0);
				}
				self.op(MSTORE);
			}
			3 | 4 => {
				self.push(choices.word());
				self.push_small(choices.byte() % 4);
				self.op([SSTORE, TSTORE][choices.below(2)]);
			}
			5 => {
				self.push_small(choices.byte() % 4);
				self.op([SLOAD, TLOAD][choices.below(2)]);
				self.push_small(choices.byte());
				self.op(MSTORE);
			}
			6..=8 => self.call(choices),
			9 => self.create(choices),
			10 => {
				const OPS: [u8; 5] = [BALANCE, EXTCODESIZE, EXTCODEHASH, BLOCKHASH, BLOBHASH];
				self.push(U256::from_be_slice(choices.address().as_slice()));
				self.op(OPS[choices.below(OPS.len())]);
				self.push_small(choices.byte());
				self.op(MSTORE);
			}
			11 => {
				const OPS: [u8; 17] = [
					ADDRESS,
					ORIGIN,
					CALLER,
					CALLVALUE,
					CALLDATASIZE,
					CODESIZE,
					GASPRICE,
					RETURNDATASIZE,
					COINBASE,
					TIMESTAMP,
					NUMBER,
					DIFFICULTY,
					GASLIMIT,
					CHAINID,
					SELFBALANCE,
					BASEFEE,
					GAS,
				];
				self.op(OPS[choices.below(OPS.len())]);
				self.push_small(choices.byte() % 8);
				self.op([MSTORE, SSTORE][choices.below(2)]);
			}
			12 => {
				let topics = choices.byte() % 5;
				for _ in 0..topics {
					self.push(choices.word());
				}
				self.push_small(choices.byte());
				self.push_small(choices.byte());
				self.op(LOG0 + topics);
			}
			13 => {
				const OPS: [u8; 5] = [CALLDATACOPY, CODECOPY, RETURNDATACOPY, MCOPY, EXTCODECOPY];
				let op = OPS[choices.below(OPS.len())];
				for _ in 0..3 {
					self.push_small(choices.byte());
				}
				if op == EXTCODECOPY {
					self.push(U256::from_be_slice(choices.address().as_slice()));
				}
				self.op(op);
			}
			14 => {
				// Over a piece, or not.
				self.push_small(choices.byte() % 2);
				let hole = self.0.len();
				self.0.extend([PUSH2, 0, 0, JUMPI]);
				self.push(choices.word());
				self.op(POP);
				let at = (self.0.len() as u16).to_be_bytes();
				self.0[hole + 1..hole + 3].copy_from_slice(&at);
				self.op(JUMPDEST);
			}
			_ => match choices.below(8) {
				0 => {
					self.push(U256::from_be_slice(choices.address().as_slice()));
					self.op(SELFDESTRUCT);
				}
				end @ (1 | 2) => {
					self.push_small(choices.byte());
					self.push_small(0);
					self.op([RETURN, REVERT][end - 1]);
				}
				_ => self.op([PC, MSIZE, JUMPDEST, GAS][choices.below(4)]),
			},
		}
	}

	fn call(&mut self, choices: &mut Choices<'_>) {
		const OPS: [u8; 4] = [CALL, CALLCODE, DELEGATECALL, STATICCALL];
		let op = OPS[choices.below(OPS.len())];
		for _ in 0..4 {
			self.push_small(choices.byte());
		}
		if matches!(op, CALL | CALLCODE) {
			self.push_small(choices.byte() % 4);
		}
		self.push(U256::from_be_slice(choices.address().as_slice()));
		match choices.below(4) {
			0 => self.push(U256::from(u16::from(choices.byte()) * 64)),
			_ => self.op(GAS),
		}
		self.op(op);
		self.push_small(choices.byte() % 8);
		self.op([MSTORE, SSTORE][choices.below(2)]);
	}

	fn create(&mut self, choices: &mut Choices<'_>) {
		// A short creation code, as a word in memory.
		let mut inner = Program::default();
		for _ in 0..1 + choices.below(3) {
			inner.piece(choices);
		}
		inner.0.truncate(28);
		inner.push_small(choices.byte() % 33);
		inner.push_small(0);
		let mut word = [0; 32];
		let len = inner.0.len().min(31);
		word[..len].copy_from_slice(&inner.0[..len]);
		word[31] = RETURN;
		self.push(U256::from_be_bytes(word));
		self.push_small(0);
		self.op(MSTORE);
		let is_salted = choices.byte() & 1 == 1;
		if is_salted {
			self.push_small(choices.byte() % 2);
		}
		self.push_small(32);
		self.push_small(0);
		self.push_small(choices.byte() % 3);
		self.op([CREATE, CREATE2][usize::from(is_salted)]);
		self.op(DUP1);
		self.push_small(choices.byte() % 4);
		self.op(SSTORE);
		// And a call of what was made.
		for _ in 0..5 {
			self.push_small(0);
		}
		self.0.extend([DUP1 + 5, GAS, CALL, POP, POP]);
	}

	fn make(choices: &mut Choices<'_>) -> Vec<u8> {
		let mut program = Self::default();
		for _ in 0..choices.below(24) {
			program.piece(choices);
		}
		program.0
	}
}

impl Scenario {
	/// What these bytes say.
	pub fn new(bytes: &[u8]) -> Self {
		let choices = &mut Choices(bytes);
		let mut tx = TxEnv {
			caller: SENDER,
			gas_price: u128::from(BASE_FEE) + u128::from(choices.byte() % 3),
			gas_limit: 30_000 + 4_000 * u64::from(choices.byte()),
			value: U256::from(choices.byte() % 4),
			data: Bytes::copy_from_slice(&[choices.byte(), choices.byte(), 0, 1]),
			chain_id: Some(1),
			..Default::default()
		};
		let kind = choices.below(8);
		if kind & 1 == 1 {
			let storage_keys = vec![B256::ZERO, B256::with_last_byte(1)];
			tx.tx_type = 1;
			tx.access_list = AccessList(vec![AccessListItem {
				address: choices.address(),
				storage_keys,
			}]);
		}
		if kind == 2 {
			tx.tx_type = 4;
			tx.gas_priority_fee = Some(u128::from(choices.byte() % 3));
			for _ in 0..=choices.below(3) {
				let inner = Authorization {
					chain_id: U256::from(choices.byte() % 3),
					address: choices.address(),
					nonce: u64::from(choices.byte() % 2),
				};
				let authority = match choices.below(4) {
					0 => RecoveredAuthority::Invalid,
					1 => RecoveredAuthority::Valid(choices.address()),
					_ => RecoveredAuthority::Valid(AUTHORITY),
				};
				tx.authorization_list
					.push(Either::Right(RecoveredAuthorization::new_unchecked(
						inner, authority,
					)));
			}
		}
		let codes = [(); 3].map(|()| Program::make(choices));
		tx.kind = match kind {
			2 => TxKind::Call(AUTHORITY),
			0 => {
				tx.data = codes[0].clone().into();
				tx.gas_limit += 100_000;
				TxKind::Create
			}
			_ => TxKind::Call(CONTRACTS[0]),
		};
		Self { codes, tx }
	}

	/// The world before the transaction.
	fn world(&self) -> Vec<(Address, Account, &[u8])> {
		let mut world = vec![(
			SENDER,
			Account {
				balance: U256::from(1u64 << 60),
				..Default::default()
			},
			[].as_slice(),
		)];
		for (at, (address, code)) in CONTRACTS.into_iter().zip(&self.codes).enumerate() {
			let account = Account {
				nonce: 1,
				balance: U256::from(5 * at),
				code_hash: keccak256(code),
				storage: BTreeMap::from([(U256::from(at), U256::from(9))]),
			};
			world.push((address, account, code));
		}
		world
	}
}

fn block() -> BlockEnv {
	BlockEnv {
		number: U256::from(300),
		beneficiary: AUTHOR,
		timestamp: U256::from(1_700_000_000u64),
		gas_limit: 60_000_000,
		basefee: BASE_FEE,
		difficulty: U256::ZERO,
		prevrandao: Some(B256::repeat_byte(0xAB)),
		blob_excess_gas_and_price: Some(BlobExcessGasAndPrice::new_with_spec(0, SpecId::OSAKA)),
		slot_num: 0,
	}
}

/// What came of a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Outcome {
	/// What was returned, if the execution succeeded or reverted; else nothing.
	output: Option<(bool, Vec<u8>)>,
	gas_used: u64,
	logs: Vec<pallet_evm::revm::primitives::Log>,
}

fn by_pallet(scenario: &Scenario) -> Result<(Outcome, State), String> {
	chain::set(Setting {
		spec: SpecId::OSAKA,
		chain_id: 1,
		block: block(),
		max_blobs: 6,
		has_draft_curves: false,
	});
	TestExternalities::default().execute_with(|| {
		chain::put_chain_id();
		System::set_block_number(1);
		for (address, account, code) in scenario.world() {
			state::write(address, &account, code)?;
		}
		let applied = Evm::apply_transaction(scenario.tx.clone())
			.map_err(|refusal| format!("is refused by the pallet: {refusal:?}"))?;
		let output = match applied.result {
			// A creation's output is its code, which is in the state.
			Ok(data) => Some((true, data)),
			Err(pallet_evm::Failure::Reverted(data)) => Some((false, data)),
			Err(_) => None,
		};
		state::check_ledger()?;
		let outcome = Outcome {
			output,
			gas_used: applied.gas_used,
			logs: state::logs(),
		};
		Ok((outcome, state::read()))
	})
}

fn by_revm(scenario: &Scenario) -> Result<(Outcome, State), String> {
	let mut db = InMemoryDB::default();
	for (address, account, code) in scenario.world() {
		let info = AccountInfo {
			balance: account.balance,
			nonce: account.nonce,
			..AccountInfo::default().with_code(Bytecode::new_legacy(Bytes::copy_from_slice(code)))
		};
		db.insert_account_info(address, info);
		for (key, value) in account.storage {
			let Ok(()) = db.insert_account_storage(address, key, value);
		}
	}
	let mut cfg = CfgEnv::new_with_spec(SpecId::OSAKA);
	cfg.chain_id = 1;
	let mut evm = Context::mainnet()
		.with_block(block())
		.with_cfg(cfg)
		.with_db(db)
		.build_mainnet();
	let result = evm
		.transact_commit(scenario.tx.clone())
		.map_err(|error| format!("is refused by revm: {error:?}"))?;
	let output = match &result {
		ExecutionResult::Success { output, .. } => Some((true, output.data().to_vec())),
		ExecutionResult::Revert { output, .. } => Some((false, output.to_vec())),
		ExecutionResult::Halt { .. } => None,
	};
	let logs = match result.is_success() {
		true => result.logs().to_vec(),
		false => Vec::new(),
	};
	let outcome = Outcome {
		output,
		gas_used: result.tx_gas_used(),
		logs,
	};
	let db = &evm.ctx.journaled_state.database;
	let mut state = State::new();
	for (address, account) in &db.cache.accounts {
		let storage: BTreeMap<U256, U256> = account
			.storage
			.iter()
			.filter(|(_, value)| !value.is_zero())
			.map(|(key, value)| (*key, *value))
			.collect();
		if account.info.is_empty() && storage.is_empty() {
			continue;
		}
		state.insert(
			*address,
			Account {
				nonce: account.info.nonce,
				balance: account.info.balance,
				code_hash: account.info.code_hash,
				storage,
			},
		);
	}
	Ok((outcome, state))
}

/// Runs a scenario both ways.
///
/// # Errors
/// What is not the same.
pub fn compare(scenario: &Scenario) -> Result<(), String> {
	let (ours, theirs) = match (by_pallet(scenario), by_revm(scenario)) {
		(Ok(ours), Ok(theirs)) => (ours, theirs),
		// Both do not want it; why is a matter of words.
		(Err(_), Err(_)) => return Ok(()),
		(Ok(_), Err(error)) | (Err(error), Ok(_)) => return Err(error),
	};
	if ours.0 != theirs.0 {
		return Err(format!(
			"the pallet gives {:?}, revm {:?}",
			ours.0, theirs.0
		));
	}
	let addresses = ours.1.keys().chain(theirs.1.keys());
	for address in addresses {
		let (one, other) = (ours.1.get(address), theirs.1.get(address));
		if one != other {
			return Err(format!(
				"{address} is {one:?} by the pallet, {other:?} by revm"
			));
		}
	}
	Ok(())
}
