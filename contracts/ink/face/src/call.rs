//! One call, put together piece by piece.

use ink::prelude::vec::Vec;
use scale::{Decode, Encode};

use crate::{bridge, CallError, ContractRef, EncodingError};

/// Flag: the calling contract may be entered again from below.
const ALLOW_REENTRY: u32 = 1;
/// Flag: nothing below may write.
const READ_ONLY: u32 = 2;

/// What a call may use, in both of the chain's dimensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Weight {
	/// Execution time, picoseconds.
	#[codec(compact)]
	pub ref_time: u64,
	/// Size of the storage proof, bytes.
	#[codec(compact)]
	pub proof_size: u64,
}

/// What the chain extension reads.
#[derive(Encode)]
pub(crate) struct CrossVmInput<'a> {
	target: &'a ContractRef,
	value: u128,
	signature: &'a [u8],
	args: &'a [u8],
	weight: Option<Weight>,
	deposit: Option<u128>,
	flags: u32,
}

/// The way into other virtual machines.
pub struct CrossVm;

impl CrossVm {
	/// Starts a call of a contract: an `AccountId`, a 20-byte alias, or any [`ContractRef`].
	pub fn call(target: impl Into<ContractRef>) -> CallBuilder {
		CallBuilder {
			target: target.into(),
			value: 0,
			signature: Vec::new(),
			args: Vec::new(),
			weight: None,
			deposit: None,
			flags: 0,
		}
	}
}

/// A call that has not been made yet.
#[must_use = "nothing happens until `invoke`"]
#[derive(Clone, Debug)]
pub struct CallBuilder {
	target: ContractRef,
	value: u128,
	signature: Vec<u8>,
	args: Vec<u8>,
	weight: Option<Weight>,
	deposit: Option<u128>,
	flags: u32,
}

impl CallBuilder {
	/// The function's canonical signature, for example `transfer(address,u256)->(bool)`.
	pub fn signature(mut self, signature: &str) -> Self {
		self.signature = signature.as_bytes().to_vec();
		self
	}

	/// The arguments, as a tuple: `&(to, amount)`, for a single one `&(amount,)`.
	pub fn args<A: Encode>(mut self, args: &A) -> Self {
		self.args = args.encode();
		self
	}

	/// The arguments in SCALE, one after another.
	pub fn encoded_args(mut self, args: Vec<u8>) -> Self {
		self.args = args;
		self
	}

	/// Sends this much of the contract's balance along, planck.
	pub fn value(mut self, value: u128) -> Self {
		self.value = value;
		self
	}

	/// Lets the call use no more than this. Without it, 63/64 of what is left.
	pub fn weight(mut self, ref_time: u64, proof_size: u64) -> Self {
		self.weight = Some(Weight {
			ref_time,
			proof_size,
		});
		self
	}

	/// Lets the call lock no more than this in storage deposits, planck. Without it, what the
	/// transaction allows.
	pub fn deposit_limit(mut self, deposit: u128) -> Self {
		self.deposit = Some(deposit);
		self
	}

	/// Allows the calling contract to be entered again from below.
	pub fn allow_reentry(self) -> Self {
		self.flags(ALLOW_REENTRY)
	}

	/// Forbids the callee and everything below it to write.
	pub fn read_only(self) -> Self {
		self.flags(READ_ONLY)
	}

	/// Sets flags by their bits: 1 as [`Self::allow_reentry`], 2 as [`Self::read_only`].
	pub fn flags(mut self, flags: u32) -> Self {
		self.flags |= flags;
		self
	}

	/// Makes the call. `T` is what the signature returns: `()`, one type, a tuple of several, or a `Result` for
	/// `result<T,E>`; of a callee that returned `Err` nothing remains.
	///
	/// # Errors
	/// Why the call failed; then nothing of it remains. Also, with the call's effects in place,
	/// [`CallError::BadEncoding`] if the results are not a `T`.
	pub fn invoke<T: Decode>(self) -> Result<T, CallError> {
		decode_results(&self.invoke_raw()?)
	}

	/// Makes the call and returns the results in SCALE.
	///
	/// # Errors
	/// Why the call failed; then nothing of it remains.
	pub fn invoke_raw(self) -> Result<Vec<u8>, CallError> {
		bridge::call(&self.input())
	}

	fn input(&self) -> CrossVmInput<'_> {
		CrossVmInput {
			target: &self.target,
			value: self.value,
			signature: &self.signature,
			args: &self.args,
			weight: self.weight,
			deposit: self.deposit,
			flags: self.flags,
		}
	}
}

fn decode_results<T: Decode>(results: &[u8]) -> Result<T, CallError> {
	let mut rest = results;
	match T::decode(&mut rest) {
		Ok(value) if rest.is_empty() => Ok(value),
		Ok(_) => Err(CallError::BadEncoding(EncodingError::TrailingBytes)),
		Err(_) => Err(CallError::BadEncoding(EncodingError::TypeMismatch)),
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use ink::{
		env::test::{register_chain_extension, ChainExtension},
		primitives::AccountId,
	};
	use scale::DecodeAll;

	/// Answers every call with a fixed result and checks what it was asked.
	struct Bridge {
		expected: Vec<u8>,
		answer: Result<Vec<u8>, CallError>,
	}

	impl ChainExtension for Bridge {
		fn ext_id(&self) -> u16 {
			0x0801
		}

		fn call(&mut self, function: u16, input: &[u8], output: &mut Vec<u8>) -> u32 {
			// The engine hands over the input as it was encoded once more, with its length.
			let input = Vec::<u8>::decode_all(&mut &input[..]).unwrap();
			match function {
				0 => {
					assert_eq!(input, self.expected);
					self.answer.encode_to(output);
				}
				1 => output.extend_from_slice(&input[12..]),
				2 => output.extend_from_slice(&[&input[..], &[0xEE; 12]].concat()),
				_ => panic!("no such function"),
			}
			0
		}
	}

	fn transfer() -> CallBuilder {
		CrossVm::call([1; 20])
			.signature("f(u8,u16)->(bool)")
			.args(&(2u8, 3u16))
			.value(4)
			.weight(5, 6)
			.deposit_limit(7)
			.allow_reentry()
			.read_only()
	}

	/// The encoding of [`transfer`], byte by byte.
	fn transfer_encoded() -> Vec<u8> {
		let mut bytes = [&[1][..], &[1; 20]].concat();
		bytes.extend([&[4][..], &[0; 15]].concat());
		bytes.push(17 << 2);
		bytes.extend(b"f(u8,u16)->(bool)");
		bytes.extend([3 << 2, 2, 3, 0]);
		bytes.extend([1, 5 << 2, 6 << 2]);
		bytes.extend([&[1, 7][..], &[0; 15]].concat());
		bytes.extend([3, 0, 0, 0]);
		bytes
	}

	#[test]
	fn input_encodes_as_the_chain_reads_it() {
		assert_eq!(transfer().input().encode(), transfer_encoded());
		let plain = CrossVm::call(AccountId::from([9; 32])).signature("f()");
		let expected = [
			&[0][..],
			&[9; 32],
			&[0; 16],
			&[3 << 2],
			b"f()",
			&[0, 0, 0],
			&[0; 4],
		]
		.concat();
		assert_eq!(plain.input().encode(), expected);
	}

	#[test]
	fn results_decode_to_the_types_of_the_signature() {
		assert_eq!(decode_results::<()>(&[]), Ok(()));
		assert_eq!(decode_results::<u32>(&[1, 0, 0, 0]), Ok(1));
		assert_eq!(decode_results::<(u8, bool)>(&[1, 1]), Ok((1, true)));
	}

	#[test]
	fn results_of_another_type_are_an_error() {
		let trailing = CallError::BadEncoding(EncodingError::TrailingBytes);
		assert_eq!(decode_results::<()>(&[0]), Err(trailing.clone()));
		assert_eq!(decode_results::<u8>(&[1, 2]), Err(trailing));
		let mismatch = CallError::BadEncoding(EncodingError::TypeMismatch);
		assert_eq!(decode_results::<u32>(&[1, 2]), Err(mismatch.clone()));
		assert_eq!(decode_results::<bool>(&[2]), Err(mismatch));
	}

	#[ink::test]
	fn invoke_returns_the_result_of_the_callee() {
		register_chain_extension(Bridge {
			expected: transfer_encoded(),
			answer: Ok(true.encode()),
		});
		assert_eq!(transfer().invoke::<bool>(), Ok(true));
	}

	#[ink::test]
	fn invoke_returns_the_error_of_the_callee() {
		let error = CallError::Reverted(vec![1, 2, 3, 4]);
		register_chain_extension(Bridge {
			expected: transfer_encoded(),
			answer: Err(error.clone()),
		});
		assert_eq!(transfer().invoke::<bool>(), Err(error));
	}

	#[ink::test]
	fn alias_and_account_ask_the_chain() {
		register_chain_extension(Bridge {
			expected: Vec::new(),
			answer: Ok(Vec::new()),
		});
		let account = AccountId::from(core::array::from_fn(|index| index as u8));
		assert_eq!(crate::alias_of(&account)[0], 12);
		let expected: [u8; 32] = core::array::from_fn(|index| if index < 20 { 5 } else { 0xEE });
		assert_eq!(crate::account_of(&[5; 20]), AccountId::from(expected));
	}
}
