//! The bridge of ink! contracts to other VMs: chain extension `0x0801`.
//!
//! | function | input | output buffer | status |
//! | --- | --- | --- | --- |
//! | 0 | [`CrossVmInput`] | `Result<Vec<u8>, CallError>` | 0 |
//! | 1 | `AccountId` | `H160`, its alias | 0; 1 if the input is not 32 bytes |
//! | 2 | `H160` | `AccountId`, whose alias it is | 0; 1 if the input is not 20 bytes |
//!
//! All of it in SCALE. Whatever a contract can get wrong in its *input* comes back to it as a
//! `CallError`; only an input or output buffer outside of its own memory, an output buffer too small
//! for the result, and running out of gas stop it.

use alloc::vec::Vec;

use codec::{Decode, Encode};
use polkadot_sdk::{sp_core::H160, sp_weights::Weight};
use scale_info::TypeInfo;
use trivium_primitives::{
	AccountId, AddressMapping, Balance, CallError, CallFlags, CallRequest, ContractRef, Dispatch,
	EncodingError, Scale, VmId,
};

use super::{host_functions, Answer, HostCall};
use crate::{contract::len_of, Config, Error, WeightInfo};

/// Number of the extension.
pub const EXTENSION_ID: u16 = 0x0801;
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
	/// What the call may add to storage deposits; `None` is what the frame has left.
	pub deposit: Option<Balance>,
	/// See [`CallFlags`].
	pub flags: u32,
}

impl CrossVmInput {
	/// Decodes all of `bytes`.
	///
	/// # Errors
	/// Any bytes give an input or an error.
	pub fn read(mut bytes: &[u8]) -> Result<Self, EncodingError> {
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

/// Input and output of a function of the extension: pointers and lengths.
#[derive(Clone, Copy)]
struct Buffers {
	input: u32,
	input_len: u32,
	out: u32,
	out_len: u32,
}

impl<T: Config> HostCall<'_, '_, T> {
	fn call_chain_extension(&mut self, id: u32, buffers: Buffers) -> Answer<u32> {
		let [function_low, function_high, extension_low, extension_high] = id.to_le_bytes();
		let function = u16::from_le_bytes([function_low, function_high]);
		let extension = u16::from_le_bytes([extension_low, extension_high]);
		match (extension, function) {
			(EXTENSION_ID, 0) => self.cross_vm_call(buffers),
			(EXTENSION_ID, 1) => self.alias_of(buffers),
			(EXTENSION_ID, 2) => self.account_of(buffers),
			_ => Err(Error::<T>::NoChainExtension.into()),
		}
	}

	/// Function 0.
	fn cross_vm_call(&mut self, buffers: Buffers) -> Answer<u32> {
		self.charge(T::WeightInfo::extension(0))?;
		let result = match self.cross_vm_input(buffers)? {
			Ok(input) => self.hop(input)?,
			Err(error) => Err(CallError::BadEncoding(error)),
		};
		let result = result.encode();
		let len = len_of(&result);
		self.check_output(buffers.out_len, &result)?;
		self.charge(per_byte::<T>(len))?;
		self.write_output(buffers.out, buffers.out_len, &result)?;
		Ok(STATUS_OK)
	}

	fn cross_vm_input(&mut self, buffers: Buffers) -> Answer<Result<CrossVmInput, EncodingError>> {
		let len = buffers.input_len;
		if len > MAX_INPUT_BYTES {
			return Ok(Err(EncodingError::OutOfRange));
		}
		self.charge(per_byte::<T>(len))?;
		Ok(CrossVmInput::read(self.slice(buffers.input, len)?))
	}

	/// Leaves the VM and comes back.
	///
	/// # Errors
	/// Only if the contract cannot pay for what it owes. How the call went is in the value.
	fn hop(&mut self, input: CrossVmInput) -> Answer<Result<Vec<u8>, CallError>> {
		// Whoever enters the contract meanwhile finds its record up to date.
		self.stack().settle()?;
		let delegated = self.stack().is_delegated();
		let origin = match self.stack().payer() {
			Some(payer) => Some(payer.clone()),
			None => self.stack().origin().account().ok().cloned(),
		};
		let frame = self.frame()?;
		let limit = frame.gas.left();
		let deposit_left = frame.deposit.left();
		let outcome = T::Dispatch::call(CallRequest {
			vm: VmId::WASM,
			caller: frame.account.clone(),
			origin,
			// Each frame has been announced.
			live: Vec::new(),
			target: input.target,
			value: input.value,
			signature: &input.signature,
			face: None,
			arguments: &input.args,
			encoding: &Scale,
			limit,
			callee_limit: input.weight,
			deposit_limit: Some(input.deposit.unwrap_or(deposit_left).min(deposit_left)),
			flags: CallFlags(input.flags),
			read_only: frame.read_only,
			delegated,
		});
		// A callee gets at most 63/64. What had to be there for it to get this much is charged, and
		// the rest given back, so that a trial reports enough.
		let used = outcome.used.min(limit);
		let needed = used
			.saturating_add(used.checked_div(63).unwrap_or_default())
			.saturating_add(Weight::from_parts(1, 1))
			.min(limit);
		self.charge(needed)?;
		self.settle_charge(needed, used);
		self.frame()?.deposit.take_by_hop(outcome.deposit);
		Ok(outcome.result)
	}

	/// Function 1.
	fn alias_of(&mut self, buffers: Buffers) -> Answer<u32> {
		self.charge(T::WeightInfo::extension_alias())?;
		if buffers.input_len != 32 {
			return Ok(STATUS_BAD_LENGTH);
		}
		let account: AccountId = self.decode(buffers.input)?;
		let alias = T::Addresses::alias(&account);
		self.write_output(buffers.out, buffers.out_len, &alias.encode())?;
		Ok(STATUS_OK)
	}

	/// Function 2.
	fn account_of(&mut self, buffers: Buffers) -> Answer<u32> {
		self.charge(T::WeightInfo::extension_account())?;
		if buffers.input_len != 20 {
			return Ok(STATUS_BAD_LENGTH);
		}
		let address: H160 = self.decode(buffers.input)?;
		let account = T::Addresses::account(&address);
		self.write_output(buffers.out, buffers.out_len, &account.encode())?;
		Ok(STATUS_OK)
	}
}

/// Bytes of input or output.
fn per_byte<T: Config>(bytes: u32) -> Weight {
	T::WeightInfo::extension(bytes).saturating_sub(T::WeightInfo::extension(0))
}

host_functions! {
	"seal0" ["call_chain_extension", "seal_call_chain_extension"] Reads
	(call, id: u32, input: u32, input_len: u32, out: u32, out_len: u32) -> u32 {
		call.call_chain_extension(id, Buffers { input, input_len, out, out_len })
	}
}
