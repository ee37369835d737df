//! A state as large as that of a chain in use, so that proofs are as long.

use codec::Encode;
use pallet_evm::{revm::primitives::keccak256, types::CodeInfo, Accounts, CodeInfos, Codes, Slots};
use polkadot_sdk::{
	frame_system, pallet_balances,
	sp_core::{Blake2Hasher, H160, H256},
	sp_state_machine::TestExternalities,
};
use trivium_benchmarks_evm::{
	asm::asm,
	batch::Batch,
	chain::{in_trie, World},
};
use trivium_primitives::{account::ethereum_account, AccountId};
use trivium_runtime::Runtime;

/// The contract that has the slots, and that the programs are put at.
pub const TARGET: H160 = H160::repeat_byte(0xC0);
/// Who calls it.
pub const CALLER: H160 = H160::repeat_byte(0xAA);
/// Length of a small code, bytes.
pub const SMALL_CODE_LEN_BYTES: usize = 64;
/// Longest code, bytes.
pub const LARGE_CODE_LEN_BYTES: usize = pallet_evm::MAX_CODE_LEN_BYTES as usize;
/// Contracts with codes of that length.
pub const LARGE_CODES: u64 = 512;
/// Where the addresses of contracts with small codes begin: the first has the number 1.
pub const SMALL: u128 = 1 << 96;
/// Where the addresses of contracts with large codes begin.
pub const LARGE: u128 = 2 << 96;

/// The address with this number.
pub fn address(number: u128) -> H160 {
	let mut address = H160::zero();
	address.0[4..].copy_from_slice(&number.to_be_bytes());
	address
}

/// The slot with this number.
pub fn slot(number: u64) -> H256 {
	H256::from_low_u64_be(number)
}

/// A state with as many slots, accounts, codes and aliases.
pub struct LargeState {
	/// The state; its overlay is empty.
	pub ext: TestExternalities<Blake2Hasher>,
	/// How many there are of each.
	pub entries: u64,
}

fn put_contract(batch: &mut Batch<'_>, address: H160, code: Vec<u8>) {
	let hash = H256(keccak256(&code).0);
	let account = frame_system::AccountInfo::<u64, pallet_balances::AccountData<u128>> {
		nonce: 1,
		providers: 2,
		data: pallet_balances::AccountData {
			free: 1_000_000_000_000_000_000,
			..Default::default()
		},
		..Default::default()
	};
	let info = CodeInfo {
		len_bytes: code.len() as u32,
		references: 1,
	};
	batch.put(
		frame_system::Account::<Runtime>::hashed_key_for(ethereum_account(&address)),
		account.encode(),
	);
	batch.put(Accounts::<Runtime>::hashed_key_for(address), hash.encode());
	batch.put(CodeInfos::<Runtime>::hashed_key_for(hash), info.encode());
	batch.put(Codes::<Runtime>::hashed_key_for(hash), code.encode());
}

/// A code that does nothing when called, and takes the longest to look through: every byte is a
/// jump's destination.
pub fn idle_code(number: u64, len: usize) -> Vec<u8> {
	let mut code = asm("STOP");
	code.extend(number.to_be_bytes());
	code.resize(len, 0x5B);
	code
}

impl LargeState {
	/// Builds it, which takes a while.
	pub fn build(entries: u64) -> Self {
		let mut ext = in_trie(World::default().storage());
		let mut batch = Batch::new(&mut ext.backend);
		for number in 1..=entries {
			batch.put(
				Slots::<Runtime>::hashed_key_for(TARGET, slot(number)),
				slot(number).encode(),
			);
			put_contract(
				&mut batch,
				address(SMALL + u128::from(number)),
				idle_code(number, SMALL_CODE_LEN_BYTES),
			);
			// Keccak-256 of anything: an alias is one of an account.
			let alias = H160::from_slice(&keccak256(number.to_be_bytes())[12..]);
			batch.put(
				pallet_cross_vm::Aliases::<Runtime>::hashed_key_for(alias),
				AccountId::new(keccak256(alias.0).0).encode(),
			);
		}
		for number in 1..=LARGE_CODES {
			let code = idle_code(number, LARGE_CODE_LEN_BYTES);
			put_contract(&mut batch, address(LARGE + u128::from(number)), code);
		}
		batch.flush();
		Self { ext, entries }
	}

	/// Puts another program at [`TARGET`].
	pub fn put_program(&mut self, code: Vec<u8>) {
		let mut batch = Batch::new(&mut self.ext.backend);
		put_contract(&mut batch, TARGET, code);
		batch.flush();
	}
}
