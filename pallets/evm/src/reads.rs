//! What reading an account costs beyond Ethereum's gas, found out before it is read.

use alloc::collections::{BTreeMap, BTreeSet};
use revm::{
	bytecode::Bytecode,
	primitives::{Address, B256, KECCAK_EMPTY},
};

use crate::{
	database::Stop,
	gas::{code_load_gas, ProofMeter, ACCOUNT_PROOF_BYTES, CODE_PROOF_BYTES, READ_GAS},
	journal::EvmJournal,
	types::{from_address, from_b256, EMPTY_CODE_HASH},
	Accounts, CodeInfos, Codes, Config,
};

/// Gas that Ethereum takes for a cold account beyond what it takes for a warm one.
const COLD_ACCOUNT_GAS: u64 = 2_500;
/// Reads of an account: its alias, its system account and its code hash.
const ACCOUNT_READS: u64 = 3;
/// Length of a delegation ([EIP-7702](https://eips.ethereum.org/EIPS/eip-7702)), bytes.
const DELEGATION_BYTES: u32 = 23;

/// What an instruction is about to read of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reads {
	/// Balance, nonce and code hash.
	Account,
	/// The code as well.
	Code,
	/// The code that runs when the account is called: another's, if the account delegates.
	Callee,
}

/// Proof size that has been paid for in looking ahead.
#[derive(Clone, Debug, Default)]
pub(crate) struct Prepaid {
	accounts: BTreeSet<Address>,
	/// With their lengths, bytes, which belong to the hashes.
	codes: BTreeMap<B256, u32>,
}

impl Prepaid {
	/// Charges for reading an account, unless that is paid for. It is not from then on.
	pub(crate) fn take_account(
		&mut self,
		meter: &mut ProofMeter,
		address: &Address,
	) -> Result<(), Stop> {
		match self.accounts.remove(address) {
			true => Ok(()),
			false => Ok(meter.charge(ACCOUNT_PROOF_BYTES)?),
		}
	}

	/// Charges for reading a code, as [`Prepaid::take_account`] does, less its bytes. Gives its length.
	pub(crate) fn take_code<T: Config>(
		&mut self,
		meter: &mut ProofMeter,
		hash: &B256,
	) -> Result<u32, Stop> {
		match self.codes.remove(hash) {
			Some(len_bytes) => Ok(len_bytes),
			None => {
				meter.charge(CODE_PROOF_BYTES)?;
				Ok(code_len_bytes::<T>(hash))
			}
		}
	}
}

/// Length of a code in storage.
fn code_len_bytes<T: Config>(hash: &B256) -> u32 {
	CodeInfos::<T>::get(from_b256(hash))
		.map(|info| info.len_bytes)
		.unwrap_or_default()
}

impl<T: Config> EvmJournal<T> {
	/// The gas to charge, on top of Ethereum's, before an instruction that has `gas_left` reads an
	/// account.
	///
	/// Nothing is read of an account whose cold access cannot be paid for.
	///
	/// # Errors
	/// There is no proof size for looking.
	pub(crate) fn unpaid_gas(
		&mut self,
		address: Address,
		reads: Reads,
		gas_left: u64,
	) -> Result<u64, Stop> {
		let (gas, delegate) = self.unpaid_step(address, reads, gas_left)?;
		let Some(delegate) = delegate.filter(|_| reads == Reads::Callee) else {
			return Ok(gas);
		};
		let (more, _) = self.unpaid_step(delegate, Reads::Code, gas_left)?;
		Ok(gas.saturating_add(more))
	}

	/// The gas for one account, and to whom it delegates.
	fn unpaid_step(
		&mut self,
		address: Address,
		reads: Reads,
		gas_left: u64,
	) -> Result<(u64, Option<Address>), Stop> {
		let (db, inner) = self.parts();
		let mut gas = 0_u64;
		let hash = match inner.state.get(&address) {
			Some(account) => match &account.info.code {
				Some(code) => return Ok((0, code.eip7702_address())),
				None => account.info.code_hash,
			},
			None => {
				let warm = &inner.warm_addresses;
				let is_warm = warm.is_warm(&address);
				if !is_warm && gas_left < COLD_ACCOUNT_GAS {
					return Ok((0, None));
				}
				let is_precompile = warm.precompiles().contains(&address);
				if is_precompile {
					gas = READ_GAS;
				} else if is_warm && !warm.access_list().contains_key(&address) {
					gas = READ_GAS.saturating_mul(ACCOUNT_READS);
				}
				if is_precompile || reads == Reads::Account {
					return Ok((gas, None));
				}
				if !db.prepaid.accounts.contains(&address) {
					db.meter.charge(ACCOUNT_PROOF_BYTES)?;
					db.prepaid.accounts.insert(address);
				}
				let hash = Accounts::<T>::get(from_address(&address)).unwrap_or(EMPTY_CODE_HASH);
				B256::new(hash.0)
			}
		};
		if reads == Reads::Account || hash == KECCAK_EMPTY {
			return Ok((gas, None));
		}
		let len_bytes = match db.prepaid.codes.get(&hash) {
			Some(len_bytes) => *len_bytes,
			None => {
				db.meter.charge(CODE_PROOF_BYTES)?;
				let len_bytes = code_len_bytes::<T>(&hash);
				db.prepaid.codes.insert(hash, len_bytes);
				len_bytes
			}
		};
		let delegate = match reads == Reads::Callee && len_bytes == DELEGATION_BYTES {
			true => Codes::<T>::get(from_b256(&hash))
				.and_then(|code| Bytecode::new_eip7702_raw(code.into_inner().into()).ok())
				.and_then(|code| code.eip7702_address()),
			false => None,
		};
		Ok((
			gas.saturating_add(code_load_gas(len_bytes.into())),
			delegate,
		))
	}
}
