//! What SCALE and BCS have in common: values one after the other, integers little-endian and of fixed width,
//! lengths before what they count.

use alloc::{boxed::Box, vec::Vec};
use polkadot_sdk::sp_core::U256;

use super::{
	ensure_count, ensure_int, ensure_uint, ensure_utf8, shifted_left, take, Run, TranscodeHost,
};
use crate::{AccountId, CallError, Encoding, EncodingError, Signature, Type, Value};

/// In what the two differ.
pub trait Form: Sync {
	/// Whether there are signed integers.
	const SIGNED: bool;
	/// Whether a function may return a value that is its results or its error, with a byte before it that tells
	/// which: 0 or 1.
	const FALLIBLE: bool;

	/// Writes how many items or bytes follow.
	///
	/// # Errors
	/// `OutOfRange`.
	fn write_len(len: usize, out: &mut Vec<u8>) -> Result<(), EncodingError>;

	/// How many items or bytes follow, in the one way to write it. Not to be believed: each item has to be paid
	/// for as it is read.
	///
	/// # Errors
	/// `Truncated`, `NonCanonical`, `OutOfRange`.
	fn read_len(rest: &mut &[u8]) -> Result<usize, EncodingError>;

	/// Writes a length that the type gives, if the form has those at all.
	///
	/// # Errors
	/// As [`Form::write_len`].
	fn write_known_len(len: usize, out: &mut Vec<u8>) -> Result<(), EncodingError>;

	/// Reads a length that the type gives.
	///
	/// # Errors
	/// As [`Form::read_len`]; `Count` if it is another one.
	fn read_known_len(len: usize, rest: &mut &[u8]) -> Result<(), EncodingError>;
}

impl<F: Form> Encoding for F {
	fn encode(
		&self,
		types: &[Type],
		values: &[Value],
		host: &mut dyn TranscodeHost,
	) -> Result<Vec<u8>, CallError> {
		let mut out = Vec::new();
		write_run::<F>(Run::Each(types), values, host, &mut out)?;
		Ok(out)
	}

	fn decode(
		&self,
		types: &[Type],
		bytes: &[u8],
		host: &mut dyn TranscodeHost,
	) -> Result<Vec<Value>, CallError> {
		let mut rest = bytes;
		let values = read_run::<F>(Run::Each(types), &mut rest, host)?;
		if !rest.is_empty() {
			return Err(EncodingError::TrailingBytes.into());
		}
		Ok(values)
	}

	fn encode_outcome(
		&self,
		signature: &Signature,
		outcome: Result<&[Value], &[Value]>,
		host: &mut dyn TranscodeHost,
	) -> Result<Result<Vec<u8>, Vec<u8>>, CallError> {
		let (tag, types, values) = match outcome {
			Ok(results) => (0, &signature.results[..], results),
			Err(error) => (1, signature.error_types(), error),
		};
		let mut out = Vec::new();
		let is_returned = F::FALLIBLE && signature.error.is_some();
		if is_returned {
			host.charge(1)?;
			out.push(tag);
		}
		write_run::<F>(Run::Each(types), values, host, &mut out)?;
		Ok(if is_returned || outcome.is_ok() {
			Ok(out)
		} else {
			Err(out)
		})
	}
}

fn write_run<F: Form>(
	run: Run,
	values: &[Value],
	host: &mut dyn TranscodeHost,
	out: &mut Vec<u8>,
) -> Result<(), CallError> {
	ensure_count(run.len(), values.len())?;
	for (position, value) in values.iter().enumerate() {
		let of = run.get(position).ok_or(EncodingError::Count)?;
		write::<F>(of, value, host, out)?;
	}
	Ok(())
}

/// Writes the low `bits` bits of a number.
fn write_number(value: U256, bits: u16, out: &mut Vec<u8>) {
	out.extend(value.to_little_endian().iter().take(usize::from(bits / 8)));
}

fn write<F: Form>(
	of: &Type,
	value: &Value,
	host: &mut dyn TranscodeHost,
	out: &mut Vec<u8>,
) -> Result<(), CallError> {
	match (of, value) {
		(Type::Bool, Value::Bool(value)) => {
			host.charge(1)?;
			out.push(u8::from(*value));
		}
		(Type::Uint(bits), Value::Uint(value)) => {
			host.charge(32)?;
			ensure_uint(*value, *bits)?;
			write_number(*value, *bits, out);
		}
		(Type::Int(bits), Value::Int(value)) if F::SIGNED => {
			host.charge(32)?;
			ensure_int(*value, *bits)?;
			write_number(*value, *bits, out);
		}
		(Type::Address, Value::Address(account)) => {
			host.charge(32)?;
			out.extend_from_slice(account.as_ref());
		}
		(Type::Bytes, Value::Bytes(bytes)) => {
			host.charge(bytes.len())?;
			F::write_len(bytes.len(), out)?;
			out.extend_from_slice(bytes);
		}
		(Type::FixedBytes(len), Value::Bytes(bytes)) => {
			host.charge(bytes.len())?;
			ensure_count(usize::from(*len), bytes.len())?;
			F::write_known_len(bytes.len(), out)?;
			out.extend_from_slice(bytes);
		}
		(Type::Text, Value::Text(text)) => {
			host.charge(text.len())?;
			ensure_utf8(text)?;
			F::write_len(text.len(), out)?;
			out.extend_from_slice(text);
		}
		(Type::List(of), Value::List(values)) => {
			host.charge(1)?;
			F::write_len(values.len(), out)?;
			write_run::<F>(Run::Same(of, values.len()), values, host, out)?;
		}
		(Type::Array(of, len), Value::List(values)) => {
			host.charge(1)?;
			let len = usize::try_from(*len).map_err(|_| EncodingError::OutOfRange)?;
			F::write_known_len(len, out)?;
			write_run::<F>(Run::Same(of, len), values, host, out)?;
		}
		(Type::Tuple(types), Value::Tuple(values)) => {
			host.charge(1)?;
			write_run::<F>(Run::Each(types), values, host, out)?;
		}
		(Type::Maybe(of), Value::Maybe(value)) => {
			host.charge(1)?;
			out.push(u8::from(value.is_some()));
			if let Some(value) = value {
				write::<F>(of, value, host, out)?;
			}
		}
		_ => return Err(EncodingError::TypeMismatch.into()),
	}
	Ok(())
}

fn read_run<F: Form>(
	run: Run,
	rest: &mut &[u8],
	host: &mut dyn TranscodeHost,
) -> Result<Vec<Value>, CallError> {
	let mut values = Vec::new();
	let mut position = 0usize;
	while let Some(of) = run.get(position) {
		values.push(read::<F>(of, rest, host)?);
		position = position.saturating_add(1);
	}
	Ok(values)
}

fn read_flag(rest: &mut &[u8]) -> Result<bool, EncodingError> {
	match take(rest, 1)? {
		[0] => Ok(false),
		[1] => Ok(true),
		_ => Err(EncodingError::NonCanonical),
	}
}

fn read_number(bits: u16, rest: &mut &[u8]) -> Result<U256, EncodingError> {
	Ok(U256::from_little_endian(take(rest, usize::from(bits / 8))?))
}

fn read<F: Form>(
	of: &Type,
	rest: &mut &[u8],
	host: &mut dyn TranscodeHost,
) -> Result<Value, CallError> {
	Ok(match of {
		Type::Bool => {
			host.charge(1)?;
			Value::Bool(read_flag(rest)?)
		}
		Type::Uint(bits) => {
			host.charge(32)?;
			Value::Uint(read_number(*bits, rest)?)
		}
		Type::Int(_) if !F::SIGNED => return Err(EncodingError::TypeMismatch.into()),
		Type::Int(bits) => {
			host.charge(32)?;
			let value = read_number(*bits, rest)?;
			let negative = value.bit(usize::from(bits.saturating_sub(1)));
			let sign_extension = if negative {
				shifted_left(U256::MAX, usize::from(*bits))
			} else {
				U256::zero()
			};
			Value::Int(value | sign_extension)
		}
		Type::Address => {
			host.charge(32)?;
			let bytes = <[u8; 32]>::try_from(take(rest, 32)?);
			Value::Address(AccountId::new(bytes.map_err(|_| EncodingError::Truncated)?))
		}
		Type::Bytes => {
			let len = F::read_len(rest)?;
			host.charge(len)?;
			Value::Bytes(take(rest, len)?.to_vec())
		}
		Type::FixedBytes(len) => {
			let len = usize::from(*len);
			host.charge(len)?;
			F::read_known_len(len, rest)?;
			Value::Bytes(take(rest, len)?.to_vec())
		}
		Type::Text => {
			let len = F::read_len(rest)?;
			host.charge(len)?;
			let text = take(rest, len)?;
			ensure_utf8(text)?;
			Value::Text(text.to_vec())
		}
		Type::List(of) => {
			host.charge(1)?;
			let len = F::read_len(rest)?;
			// No type has an empty encoding, so a list cannot be longer than its bytes.
			if len > rest.len() {
				return Err(EncodingError::Truncated.into());
			}
			Value::List(read_run::<F>(Run::Same(of, len), rest, host)?)
		}
		Type::Array(of, len) => {
			host.charge(1)?;
			let len = usize::try_from(*len).map_err(|_| EncodingError::OutOfRange)?;
			F::read_known_len(len, rest)?;
			Value::List(read_run::<F>(Run::Same(of, len), rest, host)?)
		}
		Type::Tuple(types) => {
			host.charge(1)?;
			Value::Tuple(read_run::<F>(Run::Each(types), rest, host)?)
		}
		Type::Maybe(of) => {
			host.charge(1)?;
			Value::Maybe(if read_flag(rest)? {
				Some(Box::new(read::<F>(of, rest, host)?))
			} else {
				None
			})
		}
	})
}
