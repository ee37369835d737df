//! What a VM implements to take part: [`Engine`] for one, [`Engines`] for the runtime's tuple.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode};
use polkadot_sdk::{sp_core::H256, sp_weights::Weight};
use scale_info::TypeInfo;

use crate::{
	interface::Deployment, AccountId, Balance, CallError, ContractRef, Encoding, Signature,
	TranscodeHost, Type, Value, VmId,
};

/// Version of the [`Engine`] interface; raised whenever an implementation has to change.
pub const ENGINE_API_VERSION: u32 = 3;

/// One entry of an engine's catalogue: a language version, a set of opcodes, a native.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct Feature {
	/// Number by which governance names it; unique within the engine, never reused.
	pub id: u32,
	/// Short name in the VM's own words, such as `osaka` or `ink-5`.
	pub name: Vec<u8>,
}

/// A call that the dispatch pallet asks an engine to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EngineCall {
	/// Who calls: the contract of the other VM, or the signer of a top-level call.
	pub caller: AccountId,
	/// Who acts in the transaction (`tx.origin`), who also pays storage deposits: the caller of the
	/// outermost call.
	pub payer: AccountId,
	/// The contract to call.
	pub target: AccountId,
	/// Planck that the engine moves from `caller` to `target` as part of the call.
	pub value: Balance,
	/// Input in the engine's own encoding, selector included.
	pub input: Vec<u8>,
	/// What the call may use, both dimensions.
	pub limit: Weight,
	/// What the call may add to the payer's storage deposits, planck, hops below it included.
	pub deposit_limit: Balance,
	/// The call must not write, log or move value.
	pub read_only: bool,
}

/// What became of an [`EngineCall`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EngineOutcome {
	/// What it used: at most the limit, charged whether or not it succeeded.
	pub used: Weight,
	/// Storage deposit that the engine itself took from the payer, planck: hops below are counted by
	/// the dispatch pallet. Refunds are not netted.
	pub deposit: Balance,
	/// The result in the engine's own encoding.
	pub result: Result<Vec<u8>, CallError>,
}

impl EngineOutcome {
	/// A failure that used `used` and took no deposit.
	pub fn failed(used: Weight, error: CallError) -> Self {
		Self {
			used,
			deposit: 0,
			result: Err(error),
		}
	}
}

/// A virtual machine.
///
/// The dispatch pallet opens a storage layer around [`Engine::call`] and rolls it back on error,
/// so an engine need not undo what it wrote; an engine that keeps state outside of storage for the
/// length of a transaction notices such a roll-back by what storage then says.
pub trait Engine {
	/// Its number.
	const VM: VmId;
	/// Its name in the catalogue.
	const NAME: &'static str;

	/// How its contracts encode arguments and results.
	fn encoding() -> &'static dyn Encoding;

	/// The contract account that a reference names, if it has code in this VM.
	///
	/// Charged as [`Engine::lookup_weight`] before it is asked.
	fn resolve(target: &AccountId) -> bool;

	/// What [`Engine::resolve`] costs.
	fn lookup_weight() -> Weight;

	/// What the code of a contract is known by: it is another one as soon as an interface that was right for the
	/// contract may be wrong. `None` if there is no such contract.
	///
	/// Charged as [`Engine::code_of_weight`] before it is asked.
	fn code_of(contract: &AccountId) -> Option<H256>;

	/// What [`Engine::code_of`] costs.
	fn code_of_weight() -> Weight;

	/// Whether `who` has deployed the contract, in the way that is said.
	fn is_deployer(contract: &AccountId, who: &AccountId, deployment: &Deployment) -> bool;

	/// The native input for a call of `signature` with these arguments.
	///
	/// # Errors
	/// As [`Encoding::encode`].
	fn encode_call(
		signature: &Signature,
		arguments: &[Value],
		host: &mut dyn TranscodeHost,
	) -> Result<Vec<u8>, CallError>;

	/// The results within native output.
	///
	/// # Errors
	/// As [`Encoding::decode`]; [`CallError::BadEncoding`] if the callee says that it could not
	/// read its input.
	fn decode_return(
		signature: &Signature,
		output: &[u8],
		host: &mut dyn TranscodeHost,
	) -> Result<Vec<Value>, CallError>;

	/// The error within the data with which a callee reverted, of the types that the signature gives
	/// ([`Signature::error`]); `None` if the data is nothing of that kind.
	///
	/// # Errors
	/// [`CallError::OutOfGas`].
	fn decode_error(
		signature: &Signature,
		data: &[u8],
		host: &mut dyn TranscodeHost,
	) -> Result<Option<Vec<Value>>, CallError>;

	/// Makes the call.
	fn call(call: EngineCall) -> EngineOutcome;

	/// The outermost call of the transaction is over: finish what waits for that.
	fn transaction_end() {}

	/// What governance can switch on and off in this engine.
	fn catalogue() -> Vec<Feature>;
}

/// The engines of a runtime: [`Engine`] with the VM chosen at run time. Implemented for tuples.
pub trait Engines {
	/// The VM in which an account has code. Asks engine after engine.
	fn resolve(target: &AccountId) -> Option<VmId>;
	/// What [`Engines::resolve`] costs at worst.
	fn lookup_weight() -> Weight;
	/// See [`Engine::code_of`].
	fn code_of(vm: VmId, contract: &AccountId) -> Option<H256>;
	/// What [`Engines::code_of`] costs at worst.
	fn code_of_weight() -> Weight;
	/// See [`Engine::is_deployer`].
	fn is_deployer(
		vm: VmId,
		contract: &AccountId,
		who: &AccountId,
		deployment: &Deployment,
	) -> bool;
	/// See [`Engine::encode_call`]; [`CallError::NotFound`] for a VM that is not among them.
	fn encode_call(
		vm: VmId,
		signature: &Signature,
		arguments: &[Value],
		host: &mut dyn TranscodeHost,
	) -> Result<Vec<u8>, CallError>;
	/// See [`Engine::decode_return`].
	fn decode_return(
		vm: VmId,
		signature: &Signature,
		output: &[u8],
		host: &mut dyn TranscodeHost,
	) -> Result<Vec<Value>, CallError>;
	/// See [`Engine::decode_error`].
	fn decode_error(
		vm: VmId,
		signature: &Signature,
		data: &[u8],
		host: &mut dyn TranscodeHost,
	) -> Result<Option<Vec<Value>>, CallError>;
	/// See [`Engine::call`].
	fn call(vm: VmId, call: EngineCall) -> EngineOutcome;
	/// See [`Engine::transaction_end`]; all of them.
	fn transaction_end();
	/// Each engine's number, name and features.
	fn catalogue() -> Vec<(VmId, Vec<u8>, Vec<Feature>)>;
}

macro_rules! engines_for_tuple {
	($($engine:ident),+) => {
		impl<$($engine: Engine),+> Engines for ($($engine,)+) {
			fn resolve(target: &AccountId) -> Option<VmId> {
				$(if $engine::resolve(target) { return Some($engine::VM); })+
				None
			}
			fn lookup_weight() -> Weight {
				Weight::zero()$(.saturating_add($engine::lookup_weight()))+
			}
			fn code_of(vm: VmId, contract: &AccountId) -> Option<H256> {
				$(if vm == $engine::VM { return $engine::code_of(contract); })+
				None
			}
			fn code_of_weight() -> Weight {
				Weight::zero()$(.max($engine::code_of_weight()))+
			}
			fn is_deployer(
				vm: VmId,
				contract: &AccountId,
				who: &AccountId,
				deployment: &Deployment,
			) -> bool {
				$(if vm == $engine::VM { return $engine::is_deployer(contract, who, deployment); })+
				false
			}
			fn encode_call(
				vm: VmId,
				signature: &Signature,
				arguments: &[Value],
				host: &mut dyn TranscodeHost,
			) -> Result<Vec<u8>, CallError> {
				$(if vm == $engine::VM { return $engine::encode_call(signature, arguments, host); })+
				Err(CallError::NotFound)
			}
			fn decode_return(
				vm: VmId,
				signature: &Signature,
				output: &[u8],
				host: &mut dyn TranscodeHost,
			) -> Result<Vec<Value>, CallError> {
				$(if vm == $engine::VM { return $engine::decode_return(signature, output, host); })+
				Err(CallError::NotFound)
			}
			fn decode_error(
				vm: VmId,
				signature: &Signature,
				data: &[u8],
				host: &mut dyn TranscodeHost,
			) -> Result<Option<Vec<Value>>, CallError> {
				$(if vm == $engine::VM { return $engine::decode_error(signature, data, host); })+
				Ok(None)
			}
			fn call(vm: VmId, call: EngineCall) -> EngineOutcome {
				$(if vm == $engine::VM { return $engine::call(call); })+
				EngineOutcome::failed(Weight::zero(), CallError::NotFound)
			}
			fn transaction_end() {
				$($engine::transaction_end();)+
			}
			fn catalogue() -> Vec<(VmId, Vec<u8>, Vec<Feature>)> {
				alloc::vec![$(($engine::VM, $engine::NAME.as_bytes().to_vec(), $engine::catalogue())),+]
			}
		}
	};
}
engines_for_tuple!(A);
engines_for_tuple!(A, B);
engines_for_tuple!(A, B, C);
engines_for_tuple!(A, B, C, D);

/// Reads an error for [`Engine::decode_error`]: what is not of these types is none.
///
/// # Errors
/// [`CallError::OutOfGas`].
pub fn error_of(
	encoding: &dyn Encoding,
	types: &[Type],
	data: &[u8],
	host: &mut dyn TranscodeHost,
) -> Result<Option<Vec<Value>>, CallError> {
	match encoding.decode(types, data, host) {
		Ok(values) => Ok(Some(values)),
		Err(CallError::OutOfGas) => Err(CallError::OutOfGas),
		Err(_) => Ok(None),
	}
}

/// The account a [`ContractRef`] stands for.
pub fn target_account<M: crate::AddressMapping>(target: &ContractRef) -> AccountId {
	match target {
		ContractRef::Account(account) => account.clone(),
		ContractRef::Address(address) => M::account(address),
		ContractRef::Module(publisher, name) => crate::account::module_account(publisher, name),
	}
}
