//! The bridge of ink! contracts: chain extension `0x0801`.
//!
//! | function | input | output buffer | status |
//! | --- | --- | --- | --- |
//! | 0 | [`CrossVmInput`] | `Result<Vec<u8>, CallError>` | 0 |
//! | 1 | `AccountId` | `H160`, its alias | 0; 1 if the input is not 32 bytes |
//! | 2 | `H160` | `AccountId`, whose alias it is | 0; 1 if the input is not 20 bytes |
//!
//! All of it in SCALE. Whatever a contract can get wrong in its *input* comes back to it as a
//! `CallError`; only an input or output buffer outside of its own memory, an output buffer too
//! small for the result, and running out of gas stop it.

use alloc::vec::Vec;
use codec::{Decode, Encode, MaxEncodedLen};
use core::marker::PhantomData;
use polkadot_sdk::{
	pallet_contracts::{
		self,
		chain_extension::{
			BufInBufOutState, ChainExtension, Environment, Ext, InitState,
			RegisteredChainExtension, Result, RetVal,
		},
		Origin,
	},
	sp_core::H160,
	sp_weights::Weight,
};
use scale_info::TypeInfo;
use trivium_primitives::{
	AccountId, AddressMapping, Balance, CallError, CallFlags, CallRequest, ContractRef, Dispatch,
	EncodingError, Scale, VmId,
};

use crate::{memory, mirror, read_only, weights::WeightInfo, Config, Weights};

/// Longest input of a cross-VM call, bytes.
pub const MAX_INPUT_BYTES: u32 = 256 * 1024;

const STATUS_OK: u32 = 0;
const STATUS_BAD_LENGTH: u32 = 1;

/// What a contract passes to function 0.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct CrossVmInput {
	/// Whom to call.
	pub target: ContractRef,
	/// Planck to send along.
	pub value: Balance,
	/// Text of the callee's signature.
	pub signature: Vec<u8>,
	/// SCALE of the arguments, one after the other.
	pub args: Vec<u8>,
	/// What the callee may use; `None` is all there is.
	pub weight: Option<Weight>,
	/// What the call may add to storage deposits; `None` is what the transaction has left.
	pub deposit: Option<Balance>,
	/// See [`CallFlags`].
	pub flags: u32,
}

impl CrossVmInput {
	/// Decodes all of `bytes`.
	///
	/// # Errors
	/// Any bytes give an input or an error.
	pub fn read(mut bytes: &[u8]) -> core::result::Result<Self, EncodingError> {
		let input = Self::decode(&mut bytes).map_err(|_| {
			if bytes.is_empty() {
				EncodingError::Truncated
			} else {
				EncodingError::NonCanonical
			}
		})?;
		if !bytes.is_empty() {
			return Err(EncodingError::TrailingBytes);
		}
		if !CallFlags(input.flags).is_known() {
			return Err(EncodingError::OutOfRange);
		}
		Ok(input)
	}
}

/// For `pallet_contracts::Config::ChainExtension`, alone or in a tuple.
pub struct CrossVmExtension<T>(PhantomData<T>);

impl<T> Default for CrossVmExtension<T> {
	fn default() -> Self {
		Self(PhantomData)
	}
}

impl<T: Config> RegisteredChainExtension<T> for CrossVmExtension<T> {
	const ID: u16 = 0x0801;
}

impl<T: Config> ChainExtension<T> for CrossVmExtension<T> {
	fn call<E: Ext<T = T>>(&mut self, env: Environment<E, InitState>) -> Result<RetVal> {
		if env.ext_id() != <Self as RegisteredChainExtension<T>>::ID {
			return Err(pallet_contracts::Error::<T>::NoChainExtension.into());
		}
		match env.func_id() {
			0 => cross_vm_call::<T, E>(env.buf_in_buf_out()),
			1 => alias::<T, E>(env.buf_in_buf_out()),
			2 => account::<T, E>(env.buf_in_buf_out()),
			read_only::RELAY_FUNCTION => read_only::relay::<T, E>(env),
			_ => Err(pallet_contracts::Error::<T>::NoChainExtension.into()),
		}
	}
}

/// Function 0.
fn cross_vm_call<T: Config, E: Ext<T = T>>(
	mut env: Environment<E, BufInBufOutState>,
) -> Result<RetVal> {
	env.charge_weight(Weights::<T>::extension_byte(0))?;
	let result = match read_input::<T, E>(&mut env)? {
		Ok(input) => hop::<T, E>(&mut env, input)?,
		Err(error) => Err(CallError::BadEncoding(error)),
	};
	env.write(&result.encode(), false, Some(byte_weight::<T>()))?;
	Ok(RetVal::Converging(STATUS_OK))
}

/// One byte of input or output.
fn byte_weight<T: Config>() -> Weight {
	Weights::<T>::extension_byte(1).saturating_sub(Weights::<T>::extension_byte(0))
}

fn read_input<T: Config, E: Ext<T = T>>(
	env: &mut Environment<E, BufInBufOutState>,
) -> Result<core::result::Result<CrossVmInput, EncodingError>> {
	let len = env.in_len();
	if len > MAX_INPUT_BYTES {
		return Ok(Err(EncodingError::OutOfRange));
	}
	env.charge_weight(byte_weight::<T>().saturating_mul(len.into()))?;
	Ok(CrossVmInput::read(&env.read(len)?))
}

/// Leaves the VM and comes back.
///
/// # Errors
/// Only if the contract's gas does not suffice. How the call went is in the value.
fn hop<T: Config, E: Ext<T = T>>(
	env: &mut Environment<E, BufInBufOutState>,
	input: CrossVmInput,
) -> Result<core::result::Result<Vec<u8>, CallError>> {
	let mut cannot_pay = None;
	let mirrored = mirror::flush::<T>(&mut |weight| {
		env.charge_weight(weight).map(drop).map_err(|error| {
			cannot_pay = Some(error);
			CallError::OutOfGas
		})
	});
	if let (Err(_), Some(error)) = (mirrored, cannot_pay) {
		return Err(error);
	}

	let ext = env.ext();
	let caller = ext.address().clone();
	let delegated = is_delegated::<E>(ext, &caller);
	let (origin, read_only) = memory::innermost(|stack| {
		(
			stack.payer.clone().or(stack.origin.clone()),
			stack.read_only,
		)
	})
	.unwrap_or_default();
	let limit = ext.gas_meter().gas_left();
	let outcome = T::Dispatch::call(CallRequest {
		vm: VmId::WASM,
		caller,
		origin,
		// Each frame has been announced.
		live: Vec::new(),
		target: input.target,
		value: input.value,
		signature: &input.signature,
		arguments: &input.args,
		encoding: &Scale,
		limit,
		callee_limit: input.weight,
		deposit_limit: input.deposit,
		flags: CallFlags(input.flags),
		read_only: read_only || ext.is_read_only(),
		delegated,
	});

	// Nothing else could spend from this meter meanwhile, so what was used can be charged now; it
	// is at most the limit. A callee gets 63/64 at most: charge what had to be there for it to
	// get this much, then give the rest back, so that a dry run reports enough.
	let used = outcome.used.min(limit);
	let needed = used
		.saturating_add(used.checked_div(63).unwrap_or_default())
		.saturating_add(Weight::from_parts(1, 1))
		.min(limit);
	let charged = env.charge_weight(needed)?;
	env.adjust_weight(charged, used);
	Ok(outcome.result)
}

/// Whether the frame that calls runs another contract's code by delegate call.
///
/// pallet-contracts does not say. A delegate call runs as the account below it, so the account of
/// the frame below must be the same; then either the caller it sees is not that account (a call to
/// itself would see it), or there are fewer calls of the account than frames. The last can also be
/// a call to itself from within a delegate call, which is refused along with it.
fn is_delegated<E: Ext>(ext: &mut E, caller: &AccountId) -> bool
where
	E::T: Config,
{
	let (same_below, frames) = memory::innermost(|stack| {
		let below = stack.frames.iter().rev().nth(1);
		(
			below == Some(caller),
			stack.frames.iter().filter(|frame| *frame == caller).count(),
		)
	})
	.unwrap_or_default();
	if !same_below {
		return false;
	}
	let calls_itself = matches!(ext.caller(), Origin::Signed(account) if account == *caller);
	!calls_itself || (ext.account_reentrance_count(caller) as usize) < frames
}

/// Function 1.
fn alias<T: Config, E: Ext<T = T>>(mut env: Environment<E, BufInBufOutState>) -> Result<RetVal> {
	env.charge_weight(Weights::<T>::extension_alias())?;
	if env.in_len() as usize != AccountId::max_encoded_len() {
		return Ok(RetVal::Converging(STATUS_BAD_LENGTH));
	}
	let account: AccountId = env.read_as()?;
	env.write(&T::Addresses::alias(&account).encode(), false, None)?;
	Ok(RetVal::Converging(STATUS_OK))
}

/// Function 2.
fn account<T: Config, E: Ext<T = T>>(mut env: Environment<E, BufInBufOutState>) -> Result<RetVal> {
	env.charge_weight(Weights::<T>::extension_account())?;
	if env.in_len() as usize != H160::max_encoded_len() {
		return Ok(RetVal::Converging(STATUS_BAD_LENGTH));
	}
	let address: H160 = env.read_as()?;
	env.write(&T::Addresses::account(&address).encode(), false, None)?;
	Ok(RetVal::Converging(STATUS_OK))
}
