//! A state as large as that of a chain in use, with ink! contracts in it.

use codec::{Compact, Encode};
use pallet_wasm::{CollectEvents, ContractInfoOf, DebugInfo, Determinism};
use polkadot_sdk::{
	frame_support::{
		dispatch::GetDispatchInfo, storage::storage_prefix, traits::fungible::Mutate,
		weights::Weight,
	},
	frame_system, pallet_balances,
	sp_core::{Blake2Hasher, H160, H256},
	sp_io::{self, hashing::blake2_256},
	sp_keyring::Sr25519Keyring,
	sp_runtime::ApplyExtrinsicResult,
	sp_state_machine::TestExternalities,
};
use trivium_benchmarks_evm::{
	asm::asm,
	batch::Batch,
	chain::{in_trie, sign, World},
};
use trivium_primitives::{AccountId, Balance};
use trivium_runtime::{
	Balances, Contracts, Executive, Runtime, RuntimeCall, System, UncheckedExtrinsic,
};

use crate::{
	code::{idle_numbered, looped, Dense, DATA, KEY},
	programs::{Action, Program},
};

/// Who signs.
pub const SIGNER: Sr25519Keyring = Sr25519Keyring::Alice;
/// Who signs where the storage has been paid for by another.
pub const STRANGER: Sr25519Keyring = Sr25519Keyring::Bob;
/// Longest code, bytes.
pub const MAX_CODE_LEN_BYTES: usize = 123 * 1024;
/// Contracts with the longest codes.
pub const LARGE_CODES: u32 = 64;
/// What the accounts of contracts end with that have short codes, each another one.
pub const SMALL: u8 = 0xCA;
/// What those of contracts with the longest codes end with.
pub const LARGE: u8 = 0xCB;
/// What accounts end with that are none.
pub const NOBODY: u8 = 0xCC;
/// A contract of the EVM that does nothing.
pub const EVM_CONTRACT: H160 = H160::repeat_byte(0xE7);

/// Planck that are enough for anything.
const PLENTY: Balance = Balance::MAX / 64;
/// Weight that is enough for anything.
const AMPLE: Weight = Weight::from_parts(u64::MAX / 4, u64::MAX / 4);
/// Values that one call writes when the state is made.
const WRITES: u32 = 20_000;

/// The account with this number.
pub fn account(number: u32, end: u8) -> AccountId {
	let mut account = [end; 32];
	account[..4].copy_from_slice(&number.to_le_bytes());
	AccountId::new(account)
}

/// A state with as many accounts, contracts, codes, and values in the storage of one contract.
pub struct LargeState {
	/// The state; its overlay is empty.
	pub ext: TestExternalities<Blake2Hasher>,
	/// How many there are of each.
	pub entries: u32,
	/// The contract that has the values, and that the programs are put at.
	target: AccountId,
	/// Dense codes, once they are found.
	dense: Vec<(Dense, usize)>,
	/// Helpers of programs so far, which can have the same code.
	helpers: u32,
}

/// A program, ready to run.
pub struct Ready {
	action: Action,
	signer: Sr25519Keyring,
	/// What follows the count in its input.
	helpers: Vec<u8>,
}

fn deploy(code: Vec<u8>, salt: u32) -> AccountId {
	let made = Contracts::bare_instantiate(
		SIGNER.to_account_id(),
		0,
		AMPLE,
		Some(PLENTY / 16),
		pallet_wasm::Code::Upload(code),
		Vec::new(),
		salt.encode(),
		DebugInfo::Skip,
		CollectEvents::Skip,
	);
	let account = made.result.expect("it can be instantiated").account_id;
	Balances::set_balance(&account, PLENTY / 64);
	account
}

fn upload(code: Vec<u8>) -> Option<H256> {
	let uploaded = Contracts::bare_upload_code(SIGNER.to_account_id(), code, None);
	uploaded.ok().map(|uploaded| uploaded.code_hash)
}

fn put_code_at(contract: &AccountId, code: Vec<u8>) {
	let hash = upload(code).expect("it can be uploaded");
	ContractInfoOf::<Runtime>::mutate(contract, |info| {
		info.as_mut().expect("it is a contract").code_hash = hash;
	});
}

fn code_key(map: &str, hash: &H256) -> Vec<u8> {
	[
		&storage_prefix(b"Contracts", map.as_bytes())[..],
		hash.as_bytes(),
	]
	.concat()
}

/// The most that one ordinary transaction may use.
pub fn max_extrinsic() -> Weight {
	let weights = <Runtime as frame_system::Config>::BlockWeights::get();
	weights
		.get(polkadot_sdk::frame_support::dispatch::DispatchClass::Normal)
		.max_extrinsic
		.expect("the runtime has a limit")
}

impl LargeState {
	/// Builds it, which takes a while.
	pub fn build(entries: u32) -> Self {
		let world = World::default().with_contract(EVM_CONTRACT, asm("STOP"));
		let mut ext = in_trie(world.storage());
		let target = ext.execute_with(|| {
			for key in [SIGNER, STRANGER] {
				Balances::set_balance(&key.to_account_id(), PLENTY);
			}
			deploy(filler(), 0)
		});
		let mut state = Self {
			ext,
			entries,
			target,
			dense: Vec::new(),
			helpers: 0,
		};
		state.commit();
		state.fill_storage();
		state.fill_maps();
		state
	}

	/// Puts what was done into the trie.
	fn commit(&mut self) {
		self.ext.execute_with(System::reset_events);
		self.ext.commit_all().expect("there is no open layer");
	}

	/// Values under the numbers from 1 on, which the target itself writes.
	fn fill_storage(&mut self) {
		let target = self.target.clone();
		let mut to = self.entries;
		while to > 0 {
			let count = to.min(WRITES);
			self.ext.execute_with(|| {
				let made = Contracts::bare_call(
					SIGNER.to_account_id(),
					target.clone(),
					0,
					AMPLE,
					Some(PLENTY / 16),
					(count, to - count).encode(),
					DebugInfo::Skip,
					CollectEvents::Skip,
				);
				made.result.expect("it writes");
			});
			self.commit();
			to -= count;
		}
	}

	/// Accounts, contracts and codes.
	fn fill_maps(&mut self) {
		let target = self.target.clone();
		// Of the shortest and of the longest codes.
		let [short, long] = [idle_numbered(0), self.dense(Dense::Conditions, 0)];
		let longs: Vec<_> = (1..=LARGE_CODES.min(self.entries))
			.map(|number| (number, self.dense(Dense::Conditions, number + 2)))
			.collect();
		let (contract, [short_info, long_info]) = self.ext.execute_with(|| {
			let infos = [short, long].map(|code| {
				let hash = upload(code).expect("it can be uploaded");
				sp_io::storage::get(&code_key("CodeInfoOf", &hash)).expect("it was uploaded")
			});
			let contract = ContractInfoOf::<Runtime>::get(&target).expect("it is a contract");
			(contract, infos)
		});
		self.ext.reset_overlay();
		let holder = frame_system::AccountInfo::<u64, pallet_balances::AccountData<u128>> {
			providers: 1,
			data: pallet_balances::AccountData {
				free: PLENTY / 1_000_000_000,
				..Default::default()
			},
			..Default::default()
		};
		let holder = holder.encode();
		let mut batch = Batch::new(&mut self.ext.backend);
		let mut put = |account: AccountId, code: Vec<u8>, info: &[u8]| {
			let hash = H256(blake2_256(&code));
			let mut contract = contract.clone();
			contract.code_hash = hash;
			contract
				.trie_id
				.as_mut()
				.copy_from_slice(&blake2_256(account.as_ref()));
			batch.put(
				frame_system::Account::<Runtime>::hashed_key_for(&account),
				holder.clone(),
			);
			batch.put(
				ContractInfoOf::<Runtime>::hashed_key_for(&account),
				contract.encode(),
			);
			// Its last four bytes are the code's length.
			let (rest, _) = info.split_at(info.len() - 4);
			let info = [rest, &(code.len() as u32).to_le_bytes()].concat();
			batch.put(code_key("CodeInfoOf", &hash), info);
			batch.put(code_key("PristineCode", &hash), code.encode());
		};
		for number in 1..=self.entries {
			put(account(number, SMALL), idle_numbered(number), &short_info);
		}
		for (number, code) in longs {
			put(account(number, LARGE), code, &long_info);
		}
		batch.flush();
	}

	/// Whether code may be uploaded.
	fn accepts(&mut self, code: &[u8]) -> bool {
		let is_good = self.ext.execute_with(|| upload(code.to_vec()).is_some());
		self.ext.reset_overlay();
		is_good
	}

	/// A code of the greatest length with as much of a kind as an upload lets in. No two numbers give the
	/// same.
	pub fn dense(&mut self, kind: Dense, number: u32) -> Vec<u8> {
		let known = self.dense.iter().find(|(known, _)| *known == kind);
		let times = match known {
			Some((_, times)) => *times,
			None => {
				let times = self.most_times(kind);
				self.dense.push((kind, times));
				times
			}
		};
		longest(kind, number, times).expect("one of this length was accepted")
	}

	fn most_times(&mut self, kind: Dense) -> usize {
		let mut accepted = 0;
		let mut refused = MAX_CODE_LEN_BYTES;
		while refused - accepted > 1 + accepted / 512 {
			let middle = accepted.midpoint(refused);
			match longest(kind, 0, middle).is_some_and(|code| self.accepts(&code)) {
				true => accepted = middle,
				false => refused = middle,
			}
		}
		accepted
	}

	/// Puts a program into the state.
	pub fn put(&mut self, program: &Program) -> Ready {
		let mut helpers = Vec::new();
		if let Action::Call {
			code,
			helpers: codes,
			..
		} = &program.action
		{
			let target = self.target.clone();
			let number = &mut self.helpers;
			self.ext.execute_with(|| {
				put_code_at(&target, code.clone());
				for code in codes {
					*number += 1;
					let helper = deploy(code.clone(), *number);
					let hash = Contracts::code_hash(&helper).expect("it is a contract");
					helpers.extend((helper, hash).encode());
				}
			});
			self.commit();
		}
		Ready {
			action: program.action.clone(),
			signer: program.signer,
			helpers,
		}
	}

	/// The transaction that has a program do its work so often, with the given part of the most weight.
	pub fn extrinsic(&mut self, ready: &Ready, count: u32, share: u64) -> UncheckedExtrinsic {
		let call = |gas_limit: Weight| -> RuntimeCall {
			match &ready.action {
				Action::Call { .. } => pallet_wasm::Call::call {
					dest: self.target.clone().into(),
					value: 0,
					gas_limit,
					storage_deposit_limit: Some(Compact(PLENTY / 16)),
					data: [&count.to_le_bytes()[..], &ready.helpers].concat(),
				},
				Action::Upload(code) => pallet_wasm::Call::upload_code {
					code: code.clone(),
					storage_deposit_limit: None,
					determinism: Determinism::Enforced,
				},
				Action::Instantiate(code) => pallet_wasm::Call::instantiate_with_code {
					value: 0,
					gas_limit,
					storage_deposit_limit: Some(Compact(PLENTY / 16)),
					code: code.clone(),
					data: Vec::new(),
					salt: Vec::new(),
				},
			}
			.into()
		};
		let signer = ready.signer;
		let sign = |gas_limit| sign(signer, 0, call(gas_limit));
		let most = max_extrinsic() / share;
		self.ext.execute_with(|| {
			let base = sign(Weight::zero()).get_dispatch_info().total_weight();
			// A block counts the bytes of a transaction as bytes of its proof, besides the weight.
			let len = sign(most).encoded_size() as u64;
			sign(
				most.saturating_sub(base)
					.saturating_sub(Weight::from_parts(0, len)),
			)
		})
	}

	/// The weight that the block has used.
	pub fn used(&mut self) -> Weight {
		self.ext.execute_with(|| System::block_weight().total())
	}
}

/// Applies a transaction in the native runtime. Called under externalities.
pub fn apply(extrinsic: UncheckedExtrinsic) -> ApplyExtrinsicResult {
	Executive::apply_extrinsic(extrinsic)
}

/// A code of the greatest length that repeats a kind so often. `None` if it would be longer.
fn longest(kind: Dense, number: u32, times: usize) -> Option<Vec<u8>> {
	// Lengths within take a byte or two more than in a shorter code.
	let room = MAX_CODE_LEN_BYTES.checked_sub(kind.contract(number, times, 0).len() + 8)?;
	Some(kind.contract(number, times, room))
}

/// A contract that writes values under numbers: as many as the first four bytes of its input say, after the
/// number in the next four.
fn filler() -> Vec<u8> {
	let body = format!(
		"(i32.store (i32.const {KEY}) (i32.add (local.get $n) (i32.load (i32.const 516))))
		(drop (call $set (i32.const {KEY}) (i32.const 4) (i32.const {DATA}) (i32.const 32)))"
	);
	looped(1, "", "", &body)
}
