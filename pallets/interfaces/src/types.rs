//! What is registered, and how it is stored.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use polkadot_sdk::{
	sp_core::{ConstU32, H256},
	sp_runtime::BoundedVec,
};
use scale_info::TypeInfo;
use trivium_primitives::{
	interface::{Access, Deployment, Function, MAX_FUNCTIONS},
	AccountId, Balance,
};

/// What a deployer says of a contract.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct Interface {
	/// Functions as others may call them.
	pub functions: BoundedVec<Function, ConstU32<MAX_FUNCTIONS>>,
	/// Who may call it from other machines.
	pub access: Access,
	/// Hash of its documentation or metadata file.
	pub documents: Option<H256>,
	/// Hash of its source.
	pub source: Option<H256>,
}

/// A registration as it is stored, functions and access aside.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Registration {
	/// Who has registered it and paid the deposit.
	pub by: AccountId,
	/// Held of who has registered it, planck.
	pub deposit: Balance,
	/// What the code that it is for is known by.
	pub code: H256,
	/// Hash of its documentation or metadata file.
	pub documents: Option<H256>,
	/// Hash of its source.
	pub source: Option<H256>,
	/// Selectors of the functions' faces, in the order of the interface.
	pub selectors: BoundedVec<[u8; 4], ConstU32<MAX_FUNCTIONS>>,
}

/// A function as it is stored.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct StoredFunction {
	/// What the code that it is a function of is known by.
	pub code: H256,
	/// The function.
	pub function: Function,
}

/// What a report says of a contract. Numbers are stored: never renumber.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub enum Verdict {
	/// Nothing is wrong with it.
	#[codec(index = 0)]
	Passed,
	/// It can be used, with what the report says in mind.
	#[codec(index = 1)]
	PassedWithRemarks,
	/// It should not be used.
	#[codec(index = 2)]
	Failed,
}

/// What somebody says of a contract.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Attestation {
	/// What the code that it is about is known by.
	pub code: H256,
	/// Hash of the report or proof.
	pub document: H256,
	/// What that says.
	pub verdict: Verdict,
	/// Held of who has said it, planck.
	pub deposit: Balance,
}

/// Bytes that are hashed to check a proof of deployment.
pub fn input_len(deployment: &Deployment) -> u32 {
	match deployment {
		Deployment::Instantiated { input, salt, .. } => {
			let len = input.len().saturating_add(salt.len());
			u32::try_from(len).unwrap_or(u32::MAX)
		}
		Deployment::Created(_) | Deployment::Created2 { .. } | Deployment::Published => 0,
	}
}
