//! How a contract names its target.

use ink::{
	prelude::{string::String, vec::Vec},
	primitives::AccountId,
};
use scale::{Decode, Encode};

/// A 20-byte alias, as the EVM names accounts. Clients take a type that is displayed as `Address` for
/// a type of their own, hence the longer name.
pub type EvmAddress = [u8; 20];

/// A contract in any virtual machine.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cfg_attr(feature = "std", derive(scale_info::TypeInfo))]
pub enum ContractRef {
	/// By its account, in whichever virtual machine that account has code.
	#[codec(index = 0)]
	Account([u8; 32]),
	/// By its account's 20-byte alias.
	#[codec(index = 1)]
	Address(EvmAddress),
	/// A Move module: the account it is published under, and its name.
	#[codec(index = 2)]
	Module([u8; 32], Vec<u8>),
}

impl ContractRef {
	/// A Move module.
	pub fn module(publisher: AccountId, name: impl Into<String>) -> Self {
		Self::Module(*publisher.as_ref(), name.into().into_bytes())
	}
}

impl From<AccountId> for ContractRef {
	fn from(account: AccountId) -> Self {
		Self::Account(*account.as_ref())
	}
}

impl From<EvmAddress> for ContractRef {
	fn from(address: EvmAddress) -> Self {
		Self::Address(address)
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn contract_ref_encodes_as_the_chain_reads_it() {
		let account = ContractRef::from(AccountId::from([7; 32]));
		assert_eq!(account.encode(), [&[0][..], &[7; 32]].concat());
		let address = ContractRef::from([8; 20]);
		assert_eq!(address.encode(), [&[1][..], &[8; 20]].concat());
		let module = ContractRef::module(AccountId::from([9; 32]), "coin");
		assert_eq!(
			module.encode(),
			[&[2][..], &[9; 32], &[4 << 2], b"coin"].concat()
		);
	}
}
