//! What the benchmarks find on the chain before they begin.

use super::*;
use crate::{
	fees, gas,
	journal::{EvmJournal, Shared},
	storage::{AccountWrite, Flow},
	transaction,
	types::{from_address, to_address},
};
use alloc::{vec, vec::Vec};
use frame_support::traits::fungible::Unbalanced;
use revm::{context::JournalTr, primitives::U256};
use sp_core::{Get, H160, H256};
use trivium_primitives::{account, AccountId, AddressMapping};

/// An account that exists, has funds, and whose alias leads back to it.
pub fn funded<T: Config>() -> AccountId {
	let account = account::ethereum_account(&H160::repeat_byte(0x51));
	fund::<T>(&account);
	assert_eq!(T::Addresses::account(&account::alias(&account)), account);
	account
}

/// Gives an account more than it can spend.
pub fn fund<T: Config>(account: &AccountId) {
	whitelist_block();
	frame_support::assert_ok!(T::Currency::write_balance(account, 1 << 80));
}

/// Puts code at an address.
pub fn install<T: Config>(address: H160, code: Vec<u8>) {
	let write = AccountWrite {
		balance: 0,
		nonce: 1,
		code_hash: H256(sp_io::hashing::keccak_256(&code)),
		code: Some(&code),
	};
	frame_support::assert_ok!(Pallet::<T>::write_account(
		&address,
		write,
		&mut Flow::default()
	));
}

/// The address of the contract that is called.
pub fn contract() -> H160 {
	H160::repeat_byte(0x52)
}

/// A code of the greatest length, all of it jump destinations but for the end before it: what takes
/// longest to look through.
pub fn longest_code() -> Vec<u8> {
	let mut code = vec![0x5B; crate::MAX_CODE_LEN_BYTES as usize];
	code[0] = 0x00;
	code
}

/// Makes [`contract`] the dearest that an execution can begin with: it delegates to a contract with
/// the longest code.
pub fn install_dearest<T: Config>() {
	let delegate = H160::repeat_byte(0x55);
	install::<T>(delegate, longest_code());
	let designator = [&[0xEF, 0x01, 0x00], delegate.as_bytes()].concat();
	install::<T>(contract(), designator);
}

/// An Ethereum transaction to [`contract`], signed by a key of the keystore that has funds.
pub fn signed_transaction<T: Config>(input: &[u8]) -> Vec<u8> {
	use alloy_rlp::{Encodable, Header};

	let list = |fields: &[u8]| {
		let mut out = Vec::new();
		Header {
			list: true,
			payload_length: fields.len(),
		}
		.encode(&mut out);
		out.extend_from_slice(fields);
		out
	};
	let mut fields = Vec::new();
	0u64.encode(&mut fields);
	fees::gas_price::<T>().encode(&mut fields);
	// What a byte of zero costs at least, and the rest for the execution.
	(100_000 + 10 * input.len() as u64).encode(&mut fields);
	to_address(&contract()).encode(&mut fields);
	0u64.encode(&mut fields);
	input.encode(&mut fields);
	let mut payload = fields.clone();
	let chain_id = 2_031u64;
	crate::ChainId::<T>::put(chain_id);
	chain_id.encode(&mut payload);
	0u8.encode(&mut payload);
	0u8.encode(&mut payload);

	let signature = signature(&sp_io::hashing::keccak_256(&list(&payload)));
	let number = |bytes: &[u8]| U256::from_be_slice(bytes);
	(chain_id * 2 + 35 + u64::from(signature[64])).encode(&mut fields);
	number(&signature[..32]).encode(&mut fields);
	number(&signature[32..64]).encode(&mut fields);
	let raw = list(&fields);

	let sender = transaction::decode(&raw).expect("is well-formed").caller;
	fund::<T>(&account::ethereum_account(&from_address(&sender)));
	raw
}

/// A signature on secp256k1 by a new key of the keystore.
pub fn signature(hash: &[u8; 32]) -> [u8; 65] {
	use sp_core::crypto::KeyTypeId;
	const KEYS: KeyTypeId = KeyTypeId(*b"evmb");
	let public = sp_io::crypto::ecdsa_generate(KEYS, None);
	sp_io::crypto::ecdsa_sign_prehashed(KEYS, &public, hash)
		.expect("the key is in the store")
		.0
}

/// The address of the account with this number among those that [`journal`] loads.
pub fn numbered(number: u32) -> H160 {
	H160::from(H256(U256::from(0x1_0000 + u64::from(number)).to_be_bytes()))
}

/// A journal that has loaded `accounts`, with one frame open.
///
/// Whoever loaded the accounts has paid for reading them, and gas for writing them: `SSTORE`, a value
/// and a creation each take many times what a write to the database does, and it happens once in a
/// block however often the account is brought into storage. So neither counts.
pub fn journal<T: Config>(accounts: u32) -> EvmJournal<T> {
	let meter = gas::ProofMeter::new(u64::MAX);
	let (mut journal, _) = EvmJournal::<T>::resume(Shared::default(), meter);
	JournalTr::set_spec_id(&mut journal, revm::primitives::hardfork::SpecId::OSAKA);
	journal.checkpoint();
	for number in 0..accounts {
		let address = numbered(number);
		install::<T>(address, vec![0]);
		assert!(journal.load_account(to_address(&address)).is_ok());
		whitelist_account::<T>(&address);
	}
	journal
}

/// Leaves out of the count what each block writes before its first transaction: it is in memory, and in the
/// proof, whoever asks for it then.
fn whitelist_block() {
	let value = |pallet: &[u8], item: &[u8]| [pallet, item].map(sp_io::hashing::twox_128).concat();
	for key in [
		value(b"Timestamp", b"Now"),
		value(b"ParachainSystem", b"ValidationData"),
		value(b"System", b"ParentHash"),
	] {
		frame_benchmarking::benchmarking::add_to_whitelist(key.into());
	}
}

/// Leaves out of the count that a contract was looked up, which whoever calls it has paid for.
pub fn whitelist_look_up<T: Config>(address: &H160) {
	let key = crate::Accounts::<T>::hashed_key_for(address);
	frame_benchmarking::benchmarking::add_to_whitelist(key.into());
}

/// Leaves what is read of an account, and what is written, out of the count.
fn whitelist_account<T: Config>(address: &H160) {
	let account = T::Addresses::account(address);
	let alias = [
		// Aliases are kept by another pallet, which this one knows by a trait alone.
		sp_io::hashing::twox_128(b"CrossVm").as_slice(),
		sp_io::hashing::twox_128(b"Aliases").as_slice(),
		address.as_bytes(),
	]
	.concat();
	for key in [
		alias,
		frame_system::Account::<T>::hashed_key_for(&account),
		crate::Accounts::<T>::hashed_key_for(address),
	] {
		frame_benchmarking::benchmarking::add_to_whitelist(key.into());
	}
}
