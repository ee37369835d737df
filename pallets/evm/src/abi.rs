//! The Solidity ABI of the bridge's own, fixed interface.

use alloc::vec::Vec;
use codec::Encode;
use polkadot_sdk::{sp_core::H160, sp_io::hashing::keccak_256};
use trivium_primitives::{AccountId, CallError, CallFlags, ContractRef, EncodingError};

/// Bytes of a word.
const WORD: usize = 32;

/// A call to the bridge.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum BridgeCall<'a> {
	/// `call`, `callWithFlags` and `callAccount`.
	Call {
		/// Whom to call.
		target: ContractRef,
		/// Text of the callee's signature.
		signature: &'a [u8],
		/// `abi.encode` of the arguments.
		arguments: &'a [u8],
		/// What the caller allows.
		flags: CallFlags,
	},
	/// `aliasOf(bytes32)`
	AliasOf {
		/// The account.
		account: AccountId,
	},
	/// `accountOf(address)`
	AccountOf {
		/// The alias.
		alias: H160,
	},
}

fn selector(signature: &str) -> [u8; 4] {
	let [a, b, c, d, ..] = keccak_256(signature.as_bytes());
	[a, b, c, d]
}

impl<'a> BridgeCall<'a> {
	/// Reads calldata.
	///
	/// # Errors
	/// What is wrong with it. Bytes behind the last argument are let pass, as Solidity does.
	pub(crate) fn decode(input: &'a [u8]) -> Result<Self, EncodingError> {
		let (id, body) = input
			.split_first_chunk::<4>()
			.ok_or(EncodingError::Truncated)?;
		if *id == selector("call(address,string,bytes)") {
			Ok(Self::Call {
				target: address(body, 0)?.into(),
				signature: bytes(body, 1)?,
				arguments: bytes(body, 2)?,
				flags: CallFlags::default(),
			})
		} else if *id == selector("callWithFlags(address,string,bytes,uint32)") {
			Ok(Self::Call {
				target: address(body, 0)?.into(),
				signature: bytes(body, 1)?,
				arguments: bytes(body, 2)?,
				flags: flags(body, 3)?,
			})
		} else if *id == selector("callAccount(bytes32,string,bytes,uint32)") {
			Ok(Self::Call {
				target: AccountId::new(*word(body, 0)?).into(),
				signature: bytes(body, 1)?,
				arguments: bytes(body, 2)?,
				flags: flags(body, 3)?,
			})
		} else if *id == selector("aliasOf(bytes32)") {
			Ok(Self::AliasOf {
				account: AccountId::new(*word(body, 0)?),
			})
		} else if *id == selector("accountOf(address)") {
			Ok(Self::AccountOf {
				alias: address(body, 0)?,
			})
		} else {
			Err(EncodingError::RefusedByCallee)
		}
	}
}

/// The word at a position of the head.
fn word(body: &[u8], position: usize) -> Result<&[u8; WORD], EncodingError> {
	let at = position.checked_mul(WORD).ok_or(EncodingError::Truncated)?;
	body.get(at..)
		.and_then(|rest| rest.first_chunk::<WORD>())
		.ok_or(EncodingError::Truncated)
}

fn number(word: &[u8; WORD]) -> Result<u32, EncodingError> {
	let (high, low) = word
		.split_last_chunk::<4>()
		.ok_or(EncodingError::OutOfRange)?;
	if high.iter().any(|byte| *byte != 0) {
		return Err(EncodingError::OutOfRange);
	}
	Ok(u32::from_be_bytes(*low))
}

fn flags(body: &[u8], position: usize) -> Result<CallFlags, EncodingError> {
	let flags = CallFlags(number(word(body, position)?)?);
	if flags.is_known() {
		Ok(flags)
	} else {
		Err(EncodingError::OutOfRange)
	}
}

fn length(word: &[u8; WORD]) -> Result<usize, EncodingError> {
	usize::try_from(number(word)?).map_err(|_| EncodingError::OutOfRange)
}

fn address(body: &[u8], position: usize) -> Result<H160, EncodingError> {
	let word = word(body, position)?;
	let (high, low) = word
		.split_last_chunk::<20>()
		.ok_or(EncodingError::OutOfRange)?;
	if high.iter().any(|byte| *byte != 0) {
		return Err(EncodingError::OutOfRange);
	}
	Ok(H160(*low))
}

/// The `bytes` or `string` whose offset stands at a position of the head.
fn bytes(body: &[u8], position: usize) -> Result<&[u8], EncodingError> {
	let offset = length(word(body, position)?)?;
	let tail = body.get(offset..).ok_or(EncodingError::Truncated)?;
	let len = length(word(tail, 0)?)?;
	tail.get(WORD..)
		.and_then(|rest| rest.get(..len))
		.ok_or(EncodingError::Truncated)
}

fn push_number(out: &mut Vec<u8>, number: u64) {
	out.extend_from_slice(&[0; WORD - 8]);
	out.extend_from_slice(&number.to_be_bytes());
}

/// `abi.encode` of an `address`.
pub(crate) fn encode_address(address: &H160) -> Vec<u8> {
	let mut out = alloc::vec![0; WORD - 20];
	out.extend_from_slice(address.as_bytes());
	out
}

/// `abi.encode` of a `bytes32` that is an account.
pub(crate) fn encode_account(account: &AccountId) -> Vec<u8> {
	let bytes: &[u8] = account.as_ref();
	bytes.to_vec()
}

/// `abi.encode` of one `bytes`.
pub(crate) fn encode_bytes(data: &[u8]) -> Vec<u8> {
	let padded = data.len().next_multiple_of(WORD);
	let mut out = Vec::with_capacity(padded.saturating_add(WORD).saturating_add(WORD));
	push_number(&mut out, 32);
	push_number(&mut out, u64::try_from(data.len()).unwrap_or(u64::MAX));
	out.extend_from_slice(data);
	out.resize(padded.saturating_add(WORD).saturating_add(WORD), 0);
	out
}

/// The custom error that stands for a [`CallError`].
pub(crate) fn encode_error(error: &CallError) -> Vec<u8> {
	let with_number = |signature, number: u64| {
		let mut out = selector(signature).to_vec();
		push_number(&mut out, number);
		out
	};
	match error {
		CallError::Reverted(data) => {
			let mut out = selector("Reverted(bytes)").to_vec();
			out.extend_from_slice(&encode_bytes(data));
			out
		}
		CallError::OutOfGas => selector("OutOfGas()").to_vec(),
		CallError::NotFound => selector("NotFound()").to_vec(),
		CallError::BadEncoding(reason) => {
			let reason = reason.using_encoded(|bytes| bytes.first().copied().unwrap_or_default());
			with_number("BadEncoding(uint8)", reason.into())
		}
		CallError::VmDisabled(state) => with_number("VmDisabled(uint8)", (*state).into()),
		CallError::FeatureDisabled(feature) => {
			with_number("FeatureDisabled(uint32)", (*feature).into())
		}
		CallError::ReentrancyDenied => selector("ReentrancyDenied()").to_vec(),
		CallError::DepthExceeded => selector("DepthExceeded()").to_vec(),
		CallError::ReadOnly => selector("ReadOnly()").to_vec(),
		CallError::InsufficientBalance => selector("InsufficientBalance()").to_vec(),
		CallError::Engine(code) => with_number("Engine(uint32)", (*code).into()),
		CallError::AccessDenied => selector("AccessDenied()").to_vec(),
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	fn encoded_call(target: H160, signature: &[u8], arguments: &[u8]) -> Vec<u8> {
		let mut out = selector("call(address,string,bytes)").to_vec();
		out.extend(encode_address(&target));
		let tail = encode_bytes(signature).split_off(WORD);
		push_number(&mut out, 96);
		push_number(&mut out, 96 + tail.len() as u64);
		out.extend(tail);
		out.extend(encode_bytes(arguments).split_off(WORD));
		out
	}

	#[test]
	fn call_decodes_its_parts() {
		let target = H160::repeat_byte(7);
		let input = encoded_call(target, b"flip()", &[1, 2, 3]);
		assert_eq!(
			BridgeCall::decode(&input),
			Ok(BridgeCall::Call {
				target: target.into(),
				signature: b"flip()",
				arguments: &[1, 2, 3],
				flags: CallFlags::default(),
			})
		);
	}

	#[test]
	fn call_truncated_anywhere_is_refused() {
		let input = encoded_call(H160::repeat_byte(7), b"flip()", &[9; 32]);
		for len in 0..input.len() {
			assert!(BridgeCall::decode(&input[..len]).is_err(), "{len} bytes");
		}
	}

	#[test]
	fn dirty_address_is_refused() {
		let mut input = encoded_call(H160::repeat_byte(7), b"flip()", &[]);
		input[5] = 1;
		assert_eq!(BridgeCall::decode(&input), Err(EncodingError::OutOfRange));
	}

	#[test]
	fn unknown_flags_are_refused() {
		let mut input = selector("callWithFlags(address,string,bytes,uint32)").to_vec();
		input.extend(encode_address(&H160::repeat_byte(7)));
		push_number(&mut input, 128);
		push_number(&mut input, 160);
		push_number(&mut input, 4);
		input.extend([0; 64]);
		assert_eq!(BridgeCall::decode(&input), Err(EncodingError::OutOfRange));
		input[4 + 4 * WORD - 1] = 3;
		assert!(BridgeCall::decode(&input).is_ok());
	}

	#[test]
	fn errors_are_those_of_the_interface() {
		assert_eq!(encode_error(&CallError::NotFound), selector("NotFound()"));
		let engine = encode_error(&CallError::Engine(1));
		assert_eq!(engine.len(), 4 + WORD);
		assert_eq!(engine.last(), Some(&1));
		let reverted = encode_error(&CallError::Reverted(vec![5; 33]));
		assert_eq!(reverted.len(), 4 + WORD + WORD + 64);
	}

	proptest! {
		#[test]
		fn any_calldata_gives_an_answer(
			which in 0usize..6,
			body in proptest::collection::vec(any::<u8>(), 0..256),
		) {
			let id = match which {
				0 => selector("call(address,string,bytes)"),
				1 => selector("callWithFlags(address,string,bytes,uint32)"),
				2 => selector("callAccount(bytes32,string,bytes,uint32)"),
				3 => selector("aliasOf(bytes32)"),
				4 => selector("accountOf(address)"),
				_ => [0; 4],
			};
			let mut input = id.to_vec();
			input.extend(body);
			let _ = BridgeCall::decode(&input);
		}
	}
}
