//! Input and output, calls of other contracts, instantiation, coins, and a contract's end.

use alloc::vec::Vec;

use codec::Encode;
use pallet_contracts_uapi::{CallFlags, ReturnErrorCode, ReturnFlags};
use polkadot_sdk::{
	frame_support::ensure, sp_core::H256, sp_runtime::DispatchError, sp_weights::Weight,
};
use trivium_primitives::{AccountId, Balance};

use super::{host_functions, Answer, HostCall, Stop};
use crate::{
	code::{Executable, PRESERVE},
	contract::{len_of, ContractInfo},
	frames::{self, Allowance, ExecResult, Failure},
	weights::entries,
	Config, Error, WeightInfo, SENTINEL,
};

/// Whom to call.
#[derive(Clone, Copy)]
enum Callee {
	/// Another contract.
	Contract {
		account: u32,
		value: u32,
		deposit: u32,
		gas: Weight,
	},
	/// Other code, in the name of this contract.
	Code { hash: u32 },
}

/// A pointer and a length.
#[derive(Clone, Copy)]
struct Buffer(u32, u32);

/// What a contract gives for an instantiation.
#[derive(Clone, Copy)]
struct Instantiation {
	code_hash: u32,
	gas: Weight,
	deposit: u32,
	value: u32,
	input: Buffer,
	account_out: Buffer,
	output: Buffer,
	salt: Buffer,
}

impl<T: Config> HostCall<'_, '_, T> {
	fn call(&mut self, flags: u32, callee: Callee, input: Buffer, output: Buffer) -> Answer<u32> {
		let flags = CallFlags::from_bits(flags).ok_or(Error::<T>::InvalidCallFlags)?;
		self.charge(match callee {
			Callee::Contract { .. } => T::WeightInfo::call_contract().saturating_add(entries(2)),
			Callee::Code { .. } => T::WeightInfo::delegate_call(),
		})?;
		let input = self.input_for_callee(flags, input)?;
		let result = match callee {
			Callee::Contract {
				account,
				value,
				deposit,
				gas,
			} => self.call_contract(flags, account, value, deposit, gas, input)?,
			Callee::Code { hash } => {
				let wrong = CallFlags::ALLOW_REENTRY | CallFlags::READ_ONLY;
				ensure!(!flags.intersects(wrong), Error::<T>::InvalidCallFlags);
				let hash: H256 = self.decode(hash)?;
				self.stack().delegate_call(hash, input)
			}
		};
		match result {
			Ok(output) if flags.contains(CallFlags::TAIL_CALL) => Err(Stop::Return {
				flags: output.flags.bits(),
				data: output.data,
			}),
			result => self.answer(result, output),
		}
	}

	/// What the callee gets: what the contract points to, or its own input.
	fn input_for_callee(&mut self, flags: CallFlags, input: Buffer) -> Answer<Vec<u8>> {
		if flags.contains(CallFlags::CLONE_INPUT) {
			let len = self.frame()?.input.as_deref().map(len_of);
			let len = len.ok_or(Error::<T>::InputForwarded)?;
			self.charge(T::WeightInfo::clone_input(len))?;
			let input = self.frame()?.input.clone();
			return Ok(input.ok_or(Error::<T>::InputForwarded)?);
		}
		if flags.contains(CallFlags::FORWARD_INPUT) {
			let input = self.frame()?.input.take();
			return Ok(input.ok_or(Error::<T>::InputForwarded)?);
		}
		let Buffer(ptr, len) = input;
		self.charge(T::WeightInfo::copy_from_contract(len))?;
		Ok(self.read(ptr, len)?)
	}

	fn call_contract(
		&mut self,
		flags: CallFlags,
		account: u32,
		value: u32,
		deposit: u32,
		gas: Weight,
		input: Vec<u8>,
	) -> Answer<ExecResult> {
		let account: AccountId = self.decode(account)?;
		let deposit = self.deposit_limit(deposit)?;
		let read_only = flags.contains(CallFlags::READ_ONLY);
		let value: Balance = self.decode(value)?;
		if value > 0 {
			let may_not = read_only || self.frame()?.read_only;
			ensure!(!may_not, Error::<T>::StateChangeDenied);
			self.charge(T::WeightInfo::call_transfer())?;
		}
		let allows_reentry = flags.contains(CallFlags::ALLOW_REENTRY);
		let allowance = Allowance { gas, deposit };
		let stack = self.stack();
		Ok(stack.call(account, value, input, allowance, allows_reentry, read_only))
	}

	/// A limit for deposits; as all that is left if there is none, or it is 0.
	fn deposit_limit(&self, ptr: u32) -> Answer<Option<Balance>> {
		if ptr == SENTINEL {
			return Ok(None);
		}
		let limit: Balance = self.decode(ptr)?;
		Ok((limit > 0).then_some(limit))
	}

	/// Hands a callee's answer over and gives the code for how it went.
	fn answer(&mut self, result: ExecResult, Buffer(ptr, len_ptr): Buffer) -> Answer<u32> {
		if let Ok(output) = &result {
			self.write_output_if_wanted(ptr, len_ptr, &output.data)?;
		}
		Ok(code_of_result::<T>(result)?.into())
	}

	fn instantiate(&mut self, what: Instantiation) -> Answer<u32> {
		let Buffer(input, input_len) = what.input;
		let Buffer(salt, salt_len) = what.salt;
		self.charge(
			T::WeightInfo::instantiate_contract(input_len, salt_len).saturating_add(entries(6)),
		)?;
		let deposit = self.deposit_limit(what.deposit)?;
		let value: Balance = self.decode(what.value)?;
		if value > 0 {
			self.charge(T::WeightInfo::call_transfer())?;
		}
		let code_hash: H256 = self.decode(what.code_hash)?;
		let input = self.read(input, input_len)?;
		let salt = self.read(salt, salt_len)?;
		let allowance = Allowance {
			gas: what.gas,
			deposit,
		};
		let stack = self.stack();
		let result = Executable::load::<T>(code_hash, stack.gas_meter())
			.map_err(Failure::from)
			.and_then(|code| stack.instantiate(code, value, input, &salt, allowance));
		let result = match result {
			Ok((account, output)) => {
				if !output.flags.contains(ReturnFlags::REVERT) && what.account_out.0 != SENTINEL {
					let Buffer(ptr, len_ptr) = what.account_out;
					self.write_output(ptr, len_ptr, &account.encode())?;
				}
				Ok(output)
			}
			Err(failure) => Err(failure),
		};
		self.answer(result, what.output)
	}

	fn transfer(&mut self, account: u32, value: u32) -> Answer<u32> {
		self.charge(T::WeightInfo::transfer())?;
		let to: AccountId = self.decode(account)?;
		let value: Balance = self.decode(value)?;
		let from = &self.frame()?.account;
		match frames::transfer::<T>(from, &to, value, PRESERVE) {
			Ok(()) => Ok(ReturnErrorCode::Success.into()),
			Err(error) => Ok(code_of_error::<T>(error)?.into()),
		}
	}

	fn terminate(&mut self, beneficiary: u32) -> Answer<()> {
		let account = self.frame()?.account.clone();
		let info = ContractInfo::<T>::load(&account)?;
		let dependencies = u32::try_from(info.delegate_dependencies.len()).unwrap_or(u32::MAX);
		self.charge(T::WeightInfo::terminate(dependencies))?;
		let beneficiary: AccountId = self.decode(beneficiary)?;
		self.stack().terminate(&beneficiary)?;
		Err(Stop::Terminated)
	}

	fn input(&mut self, out: u32, out_len: u32) -> Answer<()> {
		let Some(input) = self.frame()?.input.take() else {
			return Err(Error::<T>::InputForwarded.into());
		};
		self.check_output(out_len, &input)?;
		self.charge(T::WeightInfo::copy_to_contract(len_of(&input)))?;
		self.write_output(out, out_len, &input)?;
		self.frame()?.input = Some(input);
		Ok(())
	}

	fn seal_return(&mut self, flags: u32, data: u32, data_len: u32) -> Answer<()> {
		self.charge(T::WeightInfo::copy_from_contract(data_len))?;
		let data = self.read(data, data_len)?;
		Err(Stop::Return { flags, data })
	}
}

/// The code for how a call went; an error if that is the caller's own end.
fn code_of_result<T: Config>(result: ExecResult) -> Result<ReturnErrorCode, DispatchError> {
	match result {
		Ok(output) if output.did_revert() => Ok(ReturnErrorCode::CalleeReverted),
		Ok(_) => Ok(ReturnErrorCode::Success),
		Err(failure) if failure.in_callee => Ok(ReturnErrorCode::CalleeTrapped),
		Err(failure) => code_of_error::<T>(failure.error),
	}
}

/// The code for an error that a contract can do something about.
pub(super) fn code_of_error<T: Config>(
	error: DispatchError,
) -> Result<ReturnErrorCode, DispatchError> {
	if error == Error::<T>::TransferFailed.into() {
		Ok(ReturnErrorCode::TransferFailed)
	} else if error == Error::<T>::CodeNotFound.into() {
		Ok(ReturnErrorCode::CodeNotFound)
	} else if error == Error::<T>::ContractNotFound.into() {
		Ok(ReturnErrorCode::NotCallable)
	} else {
		Err(error)
	}
}

host_functions! {
	"seal0" ["call", "seal_call"] Reads
	(
		call, account: u32, _account_len: u32, gas: u64, value: u32, _value_len: u32,
		input: u32, input_len: u32, out: u32, out_len: u32,
	) -> u32 {
		let gas = Weight::from_parts(gas, 0);
		let callee = Callee::Contract { account, value, deposit: SENTINEL, gas };
		let flags = CallFlags::ALLOW_REENTRY.bits();
		call.call(flags, callee, Buffer(input, input_len), Buffer(out, out_len))
	}
	"seal1" ["call", "seal_call"] Reads
	(
		call, flags: u32, account: u32, gas: u64, value: u32,
		input: u32, input_len: u32, out: u32, out_len: u32,
	) -> u32 {
		let gas = Weight::from_parts(gas, 0);
		let callee = Callee::Contract { account, value, deposit: SENTINEL, gas };
		call.call(flags, callee, Buffer(input, input_len), Buffer(out, out_len))
	}
	"seal2" ["call"] Reads
	(
		call, flags: u32, account: u32, ref_time: u64, proof_size: u64, deposit: u32, value: u32,
		input: u32, input_len: u32, out: u32, out_len: u32,
	) -> u32 {
		let gas = Weight::from_parts(ref_time, proof_size);
		let callee = Callee::Contract { account, value, deposit, gas };
		call.call(flags, callee, Buffer(input, input_len), Buffer(out, out_len))
	}
	"seal0" ["delegate_call", "seal_delegate_call"] Reads
	(
		call, flags: u32, code_hash: u32, input: u32, input_len: u32, out: u32, out_len: u32,
	) -> u32 {
		let callee = Callee::Code { hash: code_hash };
		call.call(flags, callee, Buffer(input, input_len), Buffer(out, out_len))
	}
	"seal0" ["instantiate", "seal_instantiate"] Writes
	(
		call, code_hash: u32, _code_hash_len: u32, gas: u64, value: u32, _value_len: u32,
		input: u32, input_len: u32, account: u32, account_len: u32, out: u32, out_len: u32,
		salt: u32, salt_len: u32,
	) -> u32 {
		call.instantiate(Instantiation {
			code_hash,
			gas: Weight::from_parts(gas, 0),
			deposit: SENTINEL,
			value,
			input: Buffer(input, input_len),
			account_out: Buffer(account, account_len),
			output: Buffer(out, out_len),
			salt: Buffer(salt, salt_len),
		})
	}
	"seal1" ["instantiate", "seal_instantiate"] Writes
	(
		call, code_hash: u32, gas: u64, value: u32,
		input: u32, input_len: u32, account: u32, account_len: u32, out: u32, out_len: u32,
		salt: u32, salt_len: u32,
	) -> u32 {
		call.instantiate(Instantiation {
			code_hash,
			gas: Weight::from_parts(gas, 0),
			deposit: SENTINEL,
			value,
			input: Buffer(input, input_len),
			account_out: Buffer(account, account_len),
			output: Buffer(out, out_len),
			salt: Buffer(salt, salt_len),
		})
	}
	"seal2" ["instantiate"] Writes
	(
		call, code_hash: u32, ref_time: u64, proof_size: u64, deposit: u32, value: u32,
		input: u32, input_len: u32, account: u32, account_len: u32, out: u32, out_len: u32,
		salt: u32, salt_len: u32,
	) -> u32 {
		call.instantiate(Instantiation {
			code_hash,
			gas: Weight::from_parts(ref_time, proof_size),
			deposit,
			value,
			input: Buffer(input, input_len),
			account_out: Buffer(account, account_len),
			output: Buffer(out, out_len),
			salt: Buffer(salt, salt_len),
		})
	}
	"seal0" ["transfer", "seal_transfer"] Writes
	(call, account: u32, _account_len: u32, value: u32, _value_len: u32) -> u32 {
		call.transfer(account, value)
	}
	"seal0" ["terminate", "seal_terminate"] Writes
	(call, beneficiary: u32, _beneficiary_len: u32) -> () {
		call.terminate(beneficiary)
	}
	"seal1" ["terminate", "seal_terminate"] Writes
	(call, beneficiary: u32) -> () {
		call.terminate(beneficiary)
	}
	"seal0" ["input", "seal_input"] Reads
	(call, out: u32, out_len: u32) -> () {
		call.input(out, out_len)
	}
	"seal0" ["seal_return"] Reads
	(call, flags: u32, data: u32, data_len: u32) -> () {
		call.seal_return(flags, data, data_len)
	}
}
