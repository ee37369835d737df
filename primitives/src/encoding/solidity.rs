//! The Solidity contract ABI, in its one canonical form.
//!
//! As `abi.encode` writes it: heads, then tails in the order of their heads without gaps, zero
//! padding to words of 32 bytes. The decoder accepts nothing else, so bytes that refer to the same
//! tail twice, the usual way to make a decoder work for ever, are refused at their first offset.
//! `option<T>` is `(bool,T)`, with the zero value of `T` where there is none.
//! Source: the "Contract ABI Specification" of the Solidity documentation.

use alloc::{boxed::Box, vec, vec::Vec};
use polkadot_sdk::sp_core::{H160, U256};

use super::{ensure_count, ensure_int, ensure_uint, ensure_utf8, take, Run, TranscodeHost};
use crate::{CallError, Encoding, EncodingError, Type, Value};

/// The encoding of the EVM's languages.
pub struct SolidityAbi;

/// Bytes in a word.
const WORD: usize = 32;

impl Encoding for SolidityAbi {
	fn encode(
		&self,
		types: &[Type],
		values: &[Value],
		host: &mut dyn TranscodeHost,
	) -> Result<Vec<u8>, CallError> {
		let mut out = Vec::new();
		write_run(Run::Each(types), Items::Given(values), host, &mut out)?;
		Ok(out)
	}

	fn decode(
		&self,
		types: &[Type],
		bytes: &[u8],
		host: &mut dyn TranscodeHost,
	) -> Result<Vec<Value>, CallError> {
		let (values, used) = read_run(Run::Each(types), bytes, host)?;
		if used != bytes.len() {
			return Err(EncodingError::TrailingBytes.into());
		}
		Ok(values)
	}
}

/// Bytes that a type takes among the heads.
fn head_len(of: &Type) -> usize {
	if of.is_dynamic() {
		return WORD;
	}
	usize::try_from(of.fixed_values())
		.unwrap_or(usize::MAX)
		.saturating_mul(WORD)
}

fn heads_len(run: Run) -> usize {
	match run {
		Run::Each(types) => types
			.iter()
			.fold(0, |sum: usize, of| sum.saturating_add(head_len(of))),
		Run::Same(of, len) => head_len(of).saturating_mul(len),
	}
}

/// `len` rounded up to whole words.
fn padded(len: usize) -> usize {
	len.div_ceil(WORD).saturating_mul(WORD)
}

/// What to write: values, or the zero of whatever type is asked for.
#[derive(Clone, Copy)]
enum Items<'a> {
	Given(&'a [Value]),
	Zero,
}

fn word_of(number: usize) -> [u8; WORD] {
	U256::from(number).to_big_endian()
}

/// Writes words at a place that has been made for them, and moves the place on.
fn put(out: &mut [u8], at: &mut usize, word: [u8; WORD]) -> Result<(), CallError> {
	let end = at.saturating_add(WORD);
	out.get_mut(*at..end)
		.ok_or(EncodingError::OutOfRange)?
		.copy_from_slice(&word);
	*at = end;
	Ok(())
}

/// Appends the heads and tails of a run.
fn write_run(
	run: Run,
	items: Items,
	host: &mut dyn TranscodeHost,
	out: &mut Vec<u8>,
) -> Result<(), CallError> {
	if let Items::Given(values) = items {
		ensure_count(run.len(), values.len())?;
	}
	let heads = heads_len(run);
	host.charge(heads)?;
	let base = out.len();
	let mut at = base;
	out.resize(base.saturating_add(heads), 0);
	let mut position = 0usize;
	while let Some(of) = run.get(position) {
		let value = match items {
			Items::Given(values) => Some(values.get(position).ok_or(EncodingError::Count)?),
			Items::Zero => None,
		};
		if of.is_dynamic() {
			let offset = out.len().saturating_sub(base);
			put(out, &mut at, word_of(offset))?;
			write_dynamic(of, value, host, out)?;
		} else {
			write_static(of, value, host, out, &mut at)?;
		}
		position = position.saturating_add(1);
	}
	Ok(())
}

/// Writes a type without offsets into its place among the heads. `None` is its zero.
fn write_static(
	of: &Type,
	value: Option<&Value>,
	host: &mut dyn TranscodeHost,
	out: &mut [u8],
	at: &mut usize,
) -> Result<(), CallError> {
	let Some(value) = value else {
		// The place is zero already.
		*at = at.saturating_add(head_len(of));
		return Ok(());
	};
	host.charge(0)?;
	match (of, value) {
		(Type::Bool, Value::Bool(value)) => put(out, at, word_of(usize::from(*value))),
		(Type::Uint(bits), Value::Uint(value)) => {
			ensure_uint(*value, *bits)?;
			put(out, at, value.to_big_endian())
		}
		(Type::Int(bits), Value::Int(value)) => {
			ensure_int(*value, *bits)?;
			put(out, at, value.to_big_endian())
		}
		(Type::Address, Value::Address(account)) => {
			let alias = host.alias(account)?;
			put(out, at, left_padded(alias.as_bytes()))
		}
		(Type::FixedBytes(len), Value::Bytes(bytes)) => {
			ensure_count(usize::from(*len), bytes.len())?;
			put(out, at, right_padded(bytes))
		}
		(Type::Array(of, len), Value::List(values)) => {
			ensure_count(usize::try_from(*len).unwrap_or(usize::MAX), values.len())?;
			values
				.iter()
				.try_for_each(|value| write_static(of, Some(value), host, out, at))
		}
		(Type::Tuple(types), Value::Tuple(values)) => {
			ensure_count(types.len(), values.len())?;
			types
				.iter()
				.zip(values)
				.try_for_each(|(of, value)| write_static(of, Some(value), host, out, at))
		}
		(Type::Maybe(of), Value::Maybe(value)) => {
			put(out, at, word_of(usize::from(value.is_some())))?;
			write_static(of, value.as_deref(), host, out, at)
		}
		_ => Err(EncodingError::TypeMismatch.into()),
	}
}

/// Appends a type that has offsets or a length of its own. `None` is its zero.
fn write_dynamic(
	of: &Type,
	value: Option<&Value>,
	host: &mut dyn TranscodeHost,
	out: &mut Vec<u8>,
) -> Result<(), CallError> {
	match (of, value) {
		(Type::Bytes, Some(Value::Bytes(bytes))) => write_bytes(bytes, host, out),
		(Type::Text, Some(Value::Text(text))) => {
			ensure_utf8(text)?;
			write_bytes(text, host, out)
		}
		(Type::Bytes | Type::Text | Type::List(_), None) => write_bytes(&[], host, out),
		(Type::List(of), Some(Value::List(values))) => {
			host.charge(WORD)?;
			out.extend_from_slice(&word_of(values.len()));
			write_run(Run::Same(of, values.len()), Items::Given(values), host, out)
		}
		(Type::Array(of, len), value) => {
			let items = match value {
				Some(Value::List(values)) => Items::Given(values),
				None => Items::Zero,
				_ => return Err(EncodingError::TypeMismatch.into()),
			};
			let len = usize::try_from(*len).map_err(|_| EncodingError::OutOfRange)?;
			write_run(Run::Same(of, len), items, host, out)
		}
		(Type::Tuple(types), value) => {
			let items = match value {
				Some(Value::Tuple(values)) => Items::Given(values),
				None => Items::Zero,
				_ => return Err(EncodingError::TypeMismatch.into()),
			};
			write_run(Run::Each(types), items, host, out)
		}
		(Type::Maybe(of), value) => {
			let inner = match value {
				Some(Value::Maybe(inner)) => inner.as_deref(),
				None => None,
				_ => return Err(EncodingError::TypeMismatch.into()),
			};
			// `(bool,T)` with a dynamic `T`: two heads, the second of them an offset.
			host.charge(2 * WORD)?;
			out.extend_from_slice(&word_of(usize::from(inner.is_some())));
			out.extend_from_slice(&word_of(2 * WORD));
			write_dynamic(of, inner, host, out)
		}
		_ => Err(EncodingError::TypeMismatch.into()),
	}
}

fn write_bytes(
	bytes: &[u8],
	host: &mut dyn TranscodeHost,
	out: &mut Vec<u8>,
) -> Result<(), CallError> {
	let padding = padded(bytes.len()).saturating_sub(bytes.len());
	host.charge(padded(bytes.len()).saturating_add(WORD))?;
	out.extend_from_slice(&word_of(bytes.len()));
	out.extend_from_slice(bytes);
	out.resize(out.len().saturating_add(padding), 0);
	Ok(())
}

fn right_padded(bytes: &[u8]) -> [u8; WORD] {
	let mut word = [0; WORD];
	for (to, from) in word.iter_mut().zip(bytes) {
		*to = *from;
	}
	word
}

fn left_padded(bytes: &[u8]) -> [u8; WORD] {
	let mut word = [0; WORD];
	for (to, from) in word.iter_mut().rev().zip(bytes.iter().rev()) {
		*to = *from;
	}
	word
}

/// The bytes from `at` on; truncated if they begin after the end.
fn from(bytes: &[u8], at: usize) -> Result<&[u8], EncodingError> {
	bytes.get(at..).ok_or(EncodingError::Truncated)
}

fn read_word(bytes: &[u8]) -> Result<U256, EncodingError> {
	let mut rest = bytes;
	Ok(U256::from_big_endian(take(&mut rest, WORD)?))
}

fn read_flag(bytes: &[u8]) -> Result<bool, EncodingError> {
	match read_word(bytes)? {
		word if word.is_zero() => Ok(false),
		word if word == U256::one() => Ok(true),
		_ => Err(EncodingError::NonCanonical),
	}
}

/// A length in a word of its own. Beyond what any input can hold it is simply not there.
fn read_len(bytes: &[u8]) -> Result<usize, EncodingError> {
	let len = u32::try_from(read_word(bytes)?).map_err(|_| EncodingError::Truncated)?;
	usize::try_from(len).map_err(|_| EncodingError::Truncated)
}

/// Reads heads and tails; gives the values and the bytes used.
fn read_run(
	run: Run,
	bytes: &[u8],
	host: &mut dyn TranscodeHost,
) -> Result<(Vec<Value>, usize), CallError> {
	let mut head = 0usize;
	let mut tail = heads_len(run);
	if tail > bytes.len() {
		return Err(EncodingError::Truncated.into());
	}
	host.charge(tail)?;
	let mut values = Vec::new();
	let mut position = 0usize;
	while let Some(of) = run.get(position) {
		if of.is_dynamic() {
			ensure_offset(from(bytes, head)?, tail)?;
			let (value, used) = read(of, from(bytes, tail)?, host)?;
			values.push(value);
			head = head.saturating_add(WORD);
			tail = tail.saturating_add(used);
		} else {
			let (value, used) = read(of, from(bytes, head)?, host)?;
			values.push(value);
			head = head.saturating_add(used);
		}
		position = position.saturating_add(1);
	}
	Ok((values, tail))
}

/// Checks that an offset points to the one place where its tail can be.
fn ensure_offset(head: &[u8], tail: usize) -> Result<(), EncodingError> {
	if read_word(head)? == U256::from(tail) {
		Ok(())
	} else {
		Err(EncodingError::NonCanonical)
	}
}

/// Reads one value; gives it and the bytes used.
fn read(
	of: &Type,
	bytes: &[u8],
	host: &mut dyn TranscodeHost,
) -> Result<(Value, usize), CallError> {
	host.charge(0)?;
	Ok(match of {
		Type::Bool => (Value::Bool(read_flag(bytes)?), WORD),
		Type::Uint(bits) => {
			let value = read_word(bytes)?;
			ensure_uint(value, *bits)?;
			(Value::Uint(value), WORD)
		}
		Type::Int(bits) => {
			let value = read_word(bytes)?;
			ensure_int(value, *bits)?;
			(Value::Int(value), WORD)
		}
		Type::Address => {
			let word = read_word(bytes)?;
			ensure_uint(word, 160)?;
			let [_, _, _, _, _, _, _, _, _, _, _, _, address @ ..] = word.to_big_endian();
			(Value::Address(host.account(&H160(address))?), WORD)
		}
		Type::FixedBytes(len) => {
			let mut rest = bytes;
			let word = take(&mut rest, WORD)?;
			let (value, padding) = word
				.split_at_checked(usize::from(*len))
				.ok_or(EncodingError::OutOfRange)?;
			ensure_zero(padding)?;
			(Value::Bytes(value.to_vec()), WORD)
		}
		Type::Bytes => {
			let (value, used) = read_bytes(bytes, host)?;
			(Value::Bytes(value), used)
		}
		Type::Text => {
			let (value, used) = read_bytes(bytes, host)?;
			ensure_utf8(&value)?;
			(Value::Text(value), used)
		}
		Type::List(of) => {
			let len = read_len(bytes)?;
			let (values, used) = read_run(Run::Same(of, len), from(bytes, WORD)?, host)?;
			(Value::List(values), used.saturating_add(WORD))
		}
		Type::Array(of, len) => {
			let len = usize::try_from(*len).map_err(|_| EncodingError::OutOfRange)?;
			let (values, used) = read_run(Run::Same(of, len), bytes, host)?;
			(Value::List(values), used)
		}
		Type::Tuple(types) => {
			let (values, used) = read_run(Run::Each(types), bytes, host)?;
			(Value::Tuple(values), used)
		}
		Type::Maybe(of) => {
			let some = read_flag(bytes)?;
			let mut at = WORD;
			if of.is_dynamic() {
				ensure_offset(from(bytes, at)?, 2 * WORD)?;
				at = 2 * WORD;
			}
			let inner = from(bytes, at)?;
			if some {
				let (value, used) = read(of, inner, host)?;
				(Value::Maybe(Some(Box::new(value))), used.saturating_add(at))
			} else {
				// The one way to write "none" is the zero of the type.
				let mut zero = Vec::new();
				if of.is_dynamic() {
					write_dynamic(of, None, host, &mut zero)?;
				} else {
					host.charge(head_len(of))?;
					zero = vec![0; head_len(of)];
				}
				let mut rest = inner;
				if take(&mut rest, zero.len())? != zero {
					return Err(EncodingError::NonCanonical.into());
				}
				(Value::Maybe(None), zero.len().saturating_add(at))
			}
		}
	})
}

fn ensure_zero(padding: &[u8]) -> Result<(), EncodingError> {
	if padding.iter().all(|byte| *byte == 0) {
		Ok(())
	} else {
		Err(EncodingError::NonCanonical)
	}
}

fn read_bytes(bytes: &[u8], host: &mut dyn TranscodeHost) -> Result<(Vec<u8>, usize), CallError> {
	let len = read_len(bytes)?;
	host.charge(padded(len))?;
	let mut rest = from(bytes, WORD)?;
	let word_aligned = take(&mut rest, padded(len))?;
	let (value, padding) = word_aligned
		.split_at_checked(len)
		.ok_or(EncodingError::Truncated)?;
	ensure_zero(padding)?;
	Ok((value.to_vec(), padded(len).saturating_add(WORD)))
}

#[cfg(test)]
mod tests;
