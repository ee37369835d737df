//! What a contract says of itself on chain: its functions as others may name them, and who may call it.

use alloc::vec::Vec;

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use polkadot_sdk::{
	sp_core::{ConstU32, H256},
	sp_runtime::BoundedVec,
	sp_weights::Weight,
};
use scale_info::TypeInfo;

use crate::{AccountId, Balance, CallError, EncodingError, Signature, Type, VmId};

/// Longest text of a signature in an interface, bytes.
pub const MAX_TEXT_LEN_BYTES: u32 = 256;
/// Most functions of an interface.
pub const MAX_FUNCTIONS: u32 = 64;
/// Most callers that an access rule lists.
pub const MAX_CALLERS: u32 = 32;
/// Longest input of a constructor with which a deployer proves to be one, bytes.
pub const MAX_CONSTRUCTOR_INPUT_BYTES: u32 = 16 * 1024;

/// A signature's text.
pub type Text = BoundedVec<u8, ConstU32<MAX_TEXT_LEN_BYTES>>;

/// Whether a function changes state, and whether it takes value. Numbers are stored: never renumber.
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
pub enum Mutability {
	/// It only reads; every call of it is read-only.
	#[codec(index = 0)]
	View,
	/// It may write and takes no value.
	#[codec(index = 1)]
	NonPayable,
	/// It may write and takes value.
	#[codec(index = 2)]
	Payable,
}

/// One function of a contract.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Function {
	/// The signature by which callers know it, whose selector Solidity makes: `balanceOf(address)->(u256)`.
	pub face: Text,
	/// The contract's own signature, if it is another: `balance_of(address)->(u128)`.
	pub own: Option<Text>,
	/// What it may do.
	pub mutability: Mutability,
}

impl Function {
	/// Its face, and what is called for it.
	///
	/// # Errors
	/// [`EncodingError`] if one of the texts is no signature, or the two do not go together: see [`translates`].
	pub fn parse(&self) -> Result<(Signature, Signature), EncodingError> {
		let face = Signature::parse(&self.face)?;
		let own = match &self.own {
			Some(own) => Signature::parse(own)?,
			None => face.clone(),
		};
		if translates(&face, &own) {
			Ok((face, own))
		} else {
			Err(EncodingError::TypeMismatch)
		}
	}

	/// The contract's own signature.
	pub fn own(&self) -> &[u8] {
		self.own.as_ref().unwrap_or(&self.face)
	}
}

/// Whether calls of `face` can be made as calls of `own`: as many parameters and results, and the same but for the
/// width of numbers, the length of what is counted, and `bytes` of a fixed length or of any. What does not fit
/// when it comes to a call fails that call.
///
/// A function that returns nothing and may refuse can have a face that returns a `bool`, which is then true: ERC-20's
/// `transfer` of an ink! token.
pub fn translates(face: &Signature, own: &Signature) -> bool {
	let results = same_each(&face.results, &own.results) || says_true(face, own);
	let errors = match (&face.error, &own.error) {
		(Some(face), Some(own)) => same_each(face, own),
		(None, _) => true,
		(Some(_), None) => false,
	};
	same_each(&face.params, &own.params) && results && errors
}

/// Whether the face returns `true` where the function itself returns nothing.
pub fn says_true(face: &Signature, own: &Signature) -> bool {
	face.results == [Type::Bool] && own.results.is_empty() && own.error.is_some()
}

fn same_each(face: &[Type], own: &[Type]) -> bool {
	face.len() == own.len() && face.iter().zip(own).all(|(face, own)| same(face, own))
}

/// Whether values of the two types are of one kind. No deeper than the types, which are bounded.
fn same(face: &Type, own: &Type) -> bool {
	match (face, own) {
		(Type::Bool, Type::Bool)
		| (Type::Uint(_), Type::Uint(_))
		| (Type::Int(_), Type::Int(_))
		| (Type::Address, Type::Address)
		| (Type::Bytes | Type::FixedBytes(_), Type::Bytes | Type::FixedBytes(_))
		| (Type::Text, Type::Text) => true,
		(Type::List(face) | Type::Array(face, _), Type::List(own) | Type::Array(own, _))
		| (Type::Maybe(face), Type::Maybe(own)) => same(face, own),
		(Type::Tuple(face), Type::Tuple(own)) => same_each(face, own),
		_ => false,
	}
}

/// Who may call a contract from other machines. Calls from within its own machine are not its concern. Numbers are
/// stored: never renumber.
#[derive(
	Clone,
	Debug,
	Default,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub enum Callers {
	/// Everyone.
	#[default]
	#[codec(index = 0)]
	Everyone,
	/// These accounts: contracts of other machines, or signers of `crossVm.call`.
	#[codec(index = 1)]
	Accounts(BoundedVec<AccountId, ConstU32<MAX_CALLERS>>),
	/// Contracts of these machines.
	#[codec(index = 2)]
	Machines(BoundedVec<VmId, ConstU32<MAX_CALLERS>>),
	/// Nobody.
	#[codec(index = 3)]
	Nobody,
}

/// How a contract can be reached from other machines.
#[derive(
	Clone,
	Debug,
	Default,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Access {
	/// By whom.
	pub callers: Callers,
	/// Whether such calls may carry no value.
	pub refuses_value: bool,
}

impl Access {
	/// Whether a call from another machine is let in. `from` is the machine of the calling contract, `None` where a
	/// signer calls by `crossVm.call`.
	///
	/// # Errors
	/// [`CallError::AccessDenied`], [`CallError::VALUE_REFUSED`].
	pub fn ensure_open(
		&self,
		from: Option<VmId>,
		caller: &AccountId,
		value: Balance,
	) -> Result<(), CallError> {
		let is_let_in = match &self.callers {
			Callers::Everyone => true,
			Callers::Accounts(accounts) => accounts.contains(caller),
			Callers::Machines(machines) => from.is_some_and(|from| machines.contains(&from)),
			Callers::Nobody => false,
		};
		if !is_let_in {
			return Err(CallError::AccessDenied);
		}
		if self.refuses_value && value > 0 {
			return Err(CallError::VALUE_REFUSED);
		}
		Ok(())
	}
}

/// How a contract came into being: by what its deployer proves to be that. Nothing is stored for it; the account is a
/// hash of these.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub enum Deployment {
	/// An ink! contract, instantiated with this code, input of the constructor (selector first) and salt.
	#[codec(index = 0)]
	Instantiated {
		/// Hash of the code it was instantiated with.
		code_hash: H256,
		/// The constructor's input.
		input: BoundedVec<u8, ConstU32<MAX_CONSTRUCTOR_INPUT_BYTES>>,
		/// The salt.
		salt: BoundedVec<u8, ConstU32<MAX_TEXT_LEN_BYTES>>,
	},
	/// A contract of the EVM by `CREATE`: the deployer's nonce.
	#[codec(index = 1)]
	Created(u64),
	/// A contract of the EVM by `CREATE2`.
	#[codec(index = 2)]
	Created2 {
		/// The salt.
		salt: H256,
		/// Keccak-256 of the creation code.
		init_code_hash: H256,
	},
	/// A Move module: its publisher is part of its name.
	#[codec(index = 3)]
	Published,
}

/// What contracts have said of themselves, as those ask who make calls.
pub trait Interfaces {
	/// The function of a contract whose face has this selector. Charged as [`Interfaces::function_weight`] before it
	/// is asked.
	///
	/// # Errors
	/// [`CallError::NotFound`] if the contract has no interface, or has changed its code since;
	/// [`CallError::BadEncoding`] if there is no such function.
	fn function(contract: &AccountId, selector: [u8; 4]) -> Result<Function, CallError>;

	/// What [`Interfaces::function`] costs.
	fn function_weight() -> Weight;

	/// How a contract can be reached. Charged as [`Interfaces::access_weight`] before it is asked.
	fn access(contract: &AccountId) -> Access;

	/// What [`Interfaces::access`] costs.
	fn access_weight() -> Weight;
}

/// No contract has said anything.
impl Interfaces for () {
	fn function(_: &AccountId, _: [u8; 4]) -> Result<Function, CallError> {
		Err(CallError::NotFound)
	}
	fn function_weight() -> Weight {
		Weight::zero()
	}
	fn access(_: &AccountId) -> Access {
		Access::default()
	}
	fn access_weight() -> Weight {
		Weight::zero()
	}
}

/// The machine that shows contracts of others as its own.
pub trait Stubs {
	/// From now on the contract's alias is, to contracts of this machine, a contract: calls of it are calls of the
	/// functions of its interface. At most once for a contract, until [`Stubs::remove`].
	///
	/// # Errors
	/// A reason why it cannot be: the alias is another account's, or has code already.
	fn put(contract: &AccountId) -> Result<(), StubError>;

	/// The alias is an ordinary account again.
	fn remove(contract: &AccountId);
}

/// Why an alias cannot be shown as a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StubError {
	/// The alias leads to another account.
	AliasTaken,
	/// The alias has code of its own, or is a precompiled contract.
	HasCode,
}

/// No machine does.
impl Stubs for () {
	fn put(_: &AccountId) -> Result<(), StubError> {
		Ok(())
	}
	fn remove(_: &AccountId) {}
}

/// Names, for those who read an interface without the chain's types.
impl Mutability {
	/// As Solidity writes it.
	pub fn name(self) -> &'static str {
		match self {
			Self::View => "view",
			Self::NonPayable => "nonpayable",
			Self::Payable => "payable",
		}
	}
}

/// What is registered for a contract, as the runtime API answers it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct Described {
	/// The machine.
	pub vm: Option<VmId>,
	/// Whether the contract still has the code that the interface is for.
	pub is_current: bool,
	/// Who has registered it.
	pub by: AccountId,
	/// How the contract can be reached.
	pub access: Access,
	/// Its functions, as they were registered.
	pub functions: Vec<Function>,
	/// Hash of its documentation or metadata file.
	pub documents: Option<H256>,
	/// Hash of its source.
	pub source: Option<H256>,
}

#[cfg(test)]
mod tests {
	use super::*;

	fn function(face: &str, own: &str) -> Function {
		Function {
			face: face.as_bytes().to_vec().try_into().unwrap(),
			own: Some(own.as_bytes().to_vec().try_into().unwrap()),
			mutability: Mutability::NonPayable,
		}
	}

	#[test]
	fn a_face_goes_with_a_function_of_the_same_kinds() {
		for (face, own) in [
			("f()", "g()"),
			("balanceOf(address)->(u256)", "balance_of(address)->(u128)"),
			("f(u8[],bytes32)", "f(u64[4],bytes)"),
			(
				"f((u8,option<string>))->(i8,bool)",
				"f((u16,option<string>))->(i256,bool)",
			),
			(
				"transfer(address,u256)->(bool)",
				"transfer(address,u128)->(result<(),u8>)",
			),
			("f()->(u256)", "f()->(result<u128,u8>)"),
			("f()->(result<u256,u16>)", "f()->(result<u128,u8>)"),
		] {
			assert!(function(face, own).parse().is_ok(), "{face} {own}");
		}
		for (face, own) in [
			("f()", "g(u8)"),
			("f(u8)", "f(i8)"),
			("f(bytes)", "f(string)"),
			("f(address)", "f(bytes32)"),
			("f(u8)", "f(u8[])"),
			("f((u8,u8))", "f((u8,bool))"),
			("f()->(bool)", "f()"),
			("f()->(u8)", "f()->(result<(),u8>)"),
			("f()->(result<u8,u8>)", "f()->(u8)"),
			("f()->(result<u8,u8>)", "f()->(result<u8,bool>)"),
		] {
			let refused = function(face, own).parse();
			assert_eq!(refused, Err(EncodingError::TypeMismatch), "{face} {own}");
		}
		assert_eq!(function("f(", "f()").parse(), Err(EncodingError::Signature));
		assert_eq!(
			function("f()", "f(u7)").parse(),
			Err(EncodingError::Signature)
		);
	}

	#[test]
	fn access_names_who_is_let_in() {
		let [one, other] = [1, 2].map(|n| AccountId::new([n; 32]));
		let open = |callers, from, who: &AccountId| {
			let access = Access {
				callers,
				refuses_value: false,
			};
			access.ensure_open(from, who, 5).is_ok()
		};
		let accounts = || Callers::Accounts(alloc::vec![one.clone()].try_into().unwrap());
		let machines = || Callers::Machines(alloc::vec![VmId::EVM].try_into().unwrap());
		assert!(open(Callers::Everyone, None, &one));
		assert!(open(accounts(), None, &one) && open(accounts(), Some(VmId::EVM), &one));
		assert!(!open(accounts(), Some(VmId::EVM), &other));
		assert!(open(machines(), Some(VmId::EVM), &one));
		assert!(!open(machines(), Some(VmId::MOVE), &one) && !open(machines(), None, &one));
		assert!(!open(Callers::Nobody, Some(VmId::EVM), &one));
		let without_value = Access {
			callers: Callers::Everyone,
			refuses_value: true,
		};
		assert_eq!(without_value.ensure_open(None, &one, 0), Ok(()));
		let refused = without_value.ensure_open(None, &one, 1);
		assert_eq!(refused, Err(CallError::VALUE_REFUSED));
	}

	#[test]
	fn numbers_that_are_stored_never_change() {
		let all = [
			Mutability::View,
			Mutability::NonPayable,
			Mutability::Payable,
		];
		assert_eq!(all.map(|it| it.encode()), [[0], [1], [2]]);
		assert_eq!(Callers::Everyone.encode(), [0]);
		assert_eq!(Callers::Accounts(Default::default()).encode(), [1, 0]);
		assert_eq!(Callers::Machines(Default::default()).encode(), [2, 0]);
		assert_eq!(Callers::Nobody.encode(), [3]);
		assert_eq!(Deployment::Created(1).encode()[0], 1);
		assert_eq!(Deployment::Published.encode(), [3]);
	}
}
