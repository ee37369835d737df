//! What must hold for any bytes at the EVM's doors. Property tests and the fuzz targets in `fuzz/`
//! share these; each panics if what it states does not hold.

use pallet_evm::transaction;
use polkadot_sdk::sp_core::H160;
use trivium_primitives::{
	account, AccountId, CallError, Encoding, Signature, SolidityAbi, TranscodeHost,
};

use crate::differential::{compare, Scenario};

/// A raw transaction is read or refused; one that is read has nothing behind it, and costs nothing to
/// weigh that reading it does not.
pub fn transaction(raw: &[u8]) {
	let limit = transaction::gas_limit(raw);
	match transaction::decode(raw) {
		Ok(tx) => {
			assert_eq!(limit, Ok(tx.gas_limit), "the limit is read by itself");
			assert!(!tx.caller.is_zero(), "somebody has signed");
			let longer = [raw, &[0]].concat();
			assert!(transaction::decode(&longer).is_err(), "a byte too many");
			if let Some((_, shorter)) = raw.split_last() {
				assert!(transaction::decode(shorter).is_err(), "a byte too few");
			}
		}
		Err(refusal) => {
			let is_signature = refusal == pallet_evm::Refusal::BadSignature;
			assert!(
				limit == Err(refusal) || is_signature,
				"refused for two reasons"
			);
		}
	}
}

/// The pallet and `revm` alone come to the same.
pub fn execution(bytes: &[u8]) {
	let scenario = Scenario::new(bytes);
	if let Err(difference) = compare(&scenario) {
		panic!("{difference}\n{scenario:?}");
	}
}

/// Signatures for [`solidity_abi`], chosen by the first byte.
const SIGNATURES: [&str; 12] = [
	"f(bool)",
	"f(u8,u256,i8,i256)",
	"f(bytes)",
	"f(string,bytes4)",
	"f(u16[])",
	"f(u256[3],address)",
	"f((u8,bytes),bool)",
	"f(bytes[])",
	"f((string,u64)[])",
	"f(option<u32>)",
	"f(option<bytes>[2])",
	"f(u8[][],(i128,option<(bool,string)>))",
];

/// What is decoded from Solidity's encoding is encoded to the same bytes again: only the canonical
/// form is taken.
pub fn solidity_abi(bytes: &[u8]) {
	let Some((choice, bytes)) = bytes.split_first() else {
		return;
	};
	let text = SIGNATURES[usize::from(*choice) % SIGNATURES.len()];
	let signature = Signature::parse(text.as_bytes()).expect("the signatures above are right");
	let types = &signature.params;
	let mut host = Host { left: 1 << 20 };
	if let Ok(values) = SolidityAbi.decode(types, bytes, &mut host) {
		let again = SolidityAbi.encode(types, &values, &mut Host { left: 1 << 20 });
		assert_eq!(again.as_deref(), Ok(bytes), "{text}: {values:?}");
	}
}

/// A host with a budget in bytes, where every account is an Ethereum account.
struct Host {
	left: usize,
}

impl TranscodeHost for Host {
	fn charge(&mut self, len_bytes: usize) -> Result<(), CallError> {
		let cost = len_bytes.checked_add(1).ok_or(CallError::OutOfGas)?;
		self.left = self.left.checked_sub(cost).ok_or(CallError::OutOfGas)?;
		Ok(())
	}

	fn alias(&mut self, account: &AccountId) -> Result<H160, CallError> {
		Ok(account::alias(account))
	}

	fn account(&mut self, alias: &H160) -> Result<AccountId, CallError> {
		Ok(account::ethereum_account(alias))
	}
}
