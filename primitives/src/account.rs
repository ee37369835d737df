//! Accounts, their 20-byte aliases, and how a caller names a contract.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use polkadot_sdk::{
	sp_core::{ConstU32, H160, H256},
	sp_io::hashing::keccak_256,
	sp_runtime::BoundedVec,
};
use scale_info::TypeInfo;

use crate::AccountId;

/// Longest name of a Move module, bytes (the Move verifier's identifier limit).
pub const MAX_MODULE_NAME_LEN_BYTES: u32 = 128;

/// The last 12 bytes of the account that belongs to a 20-byte Ethereum address.
pub const ETHEREUM_SUFFIX: [u8; 12] = [0xEE; 12];

/// A virtual machine. The number is part of stored data and of events: never renumber.
///
/// It is a number and not an `enum` because the dispatch pallet knows no VM by name: a further VM
/// brings its own.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	PartialOrd,
	Ord,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct VmId(pub u8);

impl VmId {
	/// The Ethereum virtual machine.
	pub const EVM: Self = Self(0);
	/// WebAssembly contracts as ink! builds them.
	pub const WASM: Self = Self(1);
	/// Move.
	pub const MOVE: Self = Self(2);
}

/// How a caller names a contract.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum ContractRef {
	/// By its account, in whichever VM that account has code.
	Account(AccountId),
	/// By its account's 20-byte alias.
	Address(H160),
	/// A Move module: the account it is published under, and its name.
	Module(
		AccountId,
		BoundedVec<u8, ConstU32<MAX_MODULE_NAME_LEN_BYTES>>,
	),
}

impl From<AccountId> for ContractRef {
	fn from(account: AccountId) -> Self {
		Self::Account(account)
	}
}

impl From<H160> for ContractRef {
	fn from(address: H160) -> Self {
		Self::Address(address)
	}
}

/// The account that a Move module has as a contract: `blake2_256("move" ++ account ++ name)`.
pub fn module_account(publisher: &AccountId, name: &[u8]) -> AccountId {
	let mut preimage: Vec<u8> = b"move".to_vec();
	preimage.extend_from_slice(publisher.as_ref());
	preimage.extend_from_slice(name);
	AccountId::new(polkadot_sdk::sp_io::hashing::blake2_256(&preimage))
}

/// The account of an Ethereum key or an EVM contract: the address, then [`ETHEREUM_SUFFIX`].
pub fn ethereum_account(address: &H160) -> AccountId {
	let mut bytes = [0u8; 32];
	let (head, tail) = bytes.split_at_mut(20);
	head.copy_from_slice(address.as_bytes());
	tail.copy_from_slice(&ETHEREUM_SUFFIX);
	AccountId::new(bytes)
}

/// The address within an account of the form [`ethereum_account`] makes; `None` for any other.
pub fn ethereum_address(account: &AccountId) -> Option<H160> {
	let bytes: &[u8] = account.as_ref();
	let address = bytes.strip_suffix(&ETHEREUM_SUFFIX)?;
	(address.len() == 20).then(|| H160::from_slice(address))
}

/// The 20-byte alias of an account: its address if it is an Ethereum account, otherwise the last
/// 20 bytes of its Keccak-256.
pub fn alias(account: &AccountId) -> H160 {
	ethereum_address(account).unwrap_or_else(|| H256(keccak_256(account.as_ref())).into())
}

/// The way between accounts and their 20-byte aliases.
pub trait AddressMapping {
	/// The alias of an account. Needs no storage.
	fn alias(account: &AccountId) -> H160 {
		alias(account)
	}
	/// The account behind an alias: a stored one, otherwise the [`ethereum_account`]. One read.
	fn account(address: &H160) -> AccountId;
	/// Whether an account other than the [`ethereum_account`] owns this alias. One read.
	fn is_mapped(address: &H160) -> bool;
	/// Makes the alias of `account` lead back to it, for an account that acts before it has come into being.
	/// Nothing to do for an Ethereum account. At most one read and one write.
	///
	/// Whether it does now: not if the alias is another account's.
	fn ensure_mapped(account: &AccountId) -> bool;
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn ethereum_account_goes_there_and_back() {
		let address = H160::repeat_byte(0x11);
		let account = ethereum_account(&address);
		assert_eq!(ethereum_address(&account), Some(address));
		assert_eq!(alias(&account), address);
	}

	#[test]
	fn other_accounts_have_a_hashed_alias() {
		let account = AccountId::new([7; 32]);
		assert_eq!(ethereum_address(&account), None);
		assert_eq!(alias(&account).as_bytes(), &keccak_256(&[7; 32])[12..]);
	}

	#[test]
	fn module_account_depends_on_publisher_and_name() {
		let a = module_account(&AccountId::new([1; 32]), b"coin");
		assert_ne!(a, module_account(&AccountId::new([1; 32]), b"coin2"));
		assert_ne!(a, module_account(&AccountId::new([2; 32]), b"coin"));
	}
}
