//! The text that names a function and its types: `transfer(address,u256)->(bool)`.
//!
//! ```text
//! signature = name "(" [types] ")" [ "->(" [ types | fallible ] ")" ]
//! name      = identifier { "::" identifier }          identifier = [A-Za-z_$][A-Za-z0-9_$]*
//! types     = type { "," type }
//! type      = ( "bool" | "u"W | "i"W | "address" | "bytes" | "bytes"N | "string"
//!             | "(" types ")" | "option<" type ">" ) { "[]" | "[" N "]" }
//! fallible  = "result<" ( type | "()" ) "," ( type | "()" ) ">"
//! W         = 8 | 16 | 32 | 64 | 128 | 256            bytesN: 1 ≤ N ≤ 32, T[N]: N ≥ 1
//! ```
//!
//! There is one way to write each signature: no spaces, no leading zeros.
//!
//! `f()->(result<T,E>)` says that `f` gives back a `T`, or refuses with an `E`: what an ink! message that returns
//! `Result<T, E>` does. A refusal takes back what `f` did.

use alloc::{boxed::Box, string::String, vec::Vec};
use core::fmt::Write;

use polkadot_sdk::sp_io::hashing::{blake2_256, keccak_256};

use crate::EncodingError;

/// Longest text of a signature, bytes.
pub const MAX_SIGNATURE_LEN_BYTES: usize = 1024;
/// Deepest nesting of a type; a plain `bool` has depth 1. Bounds the recursion of every codec.
pub const MAX_TYPE_DEPTH: usize = 16;
/// Most values that the fixed parts of all parameters, or of all results, may hold.
///
/// `u8[1000][1000]` is nine characters and a million values; this is what stops it.
pub const MAX_FIXED_VALUES: u32 = 32_768;

/// A canonical type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
	/// `bool`
	Bool,
	/// `u8 … u256`: the width in bits
	Uint(u16),
	/// `i8 … i256`: the width in bits
	Int(u16),
	/// `address`
	Address,
	/// `bytes`
	Bytes,
	/// `bytesN`: N, 1 to 32
	FixedBytes(u8),
	/// `string`
	Text,
	/// `T[]`
	List(Box<Type>),
	/// `T[N]`
	Array(Box<Type>, u32),
	/// `(T,…)`, never empty
	Tuple(Vec<Type>),
	/// `option<T>`
	Maybe(Box<Type>),
}

impl Type {
	/// Whether the Solidity ABI encodes it at an offset (spec: "dynamic types").
	pub fn is_dynamic(&self) -> bool {
		match self {
			Self::Bool | Self::Uint(_) | Self::Int(_) | Self::Address | Self::FixedBytes(_) => {
				false
			}
			Self::Bytes | Self::Text | Self::List(_) => true,
			Self::Array(of, _) | Self::Maybe(of) => of.is_dynamic(),
			Self::Tuple(of) => of.iter().any(Self::is_dynamic),
		}
	}

	/// Values in its fixed part: for a type that is not dynamic, its 32-byte words in the ABI.
	pub fn fixed_values(&self) -> u32 {
		match self {
			Self::Bool
			| Self::Uint(_)
			| Self::Int(_)
			| Self::Address
			| Self::FixedBytes(_)
			| Self::Bytes
			| Self::Text
			| Self::List(_) => 1,
			Self::Array(of, len) => of.fixed_values().saturating_mul(*len),
			Self::Maybe(of) => of.fixed_values().saturating_add(1),
			Self::Tuple(of) => sum_of_fixed_values(of),
		}
	}

	fn write_solidity(&self, out: &mut String) {
		// Writing to a `String` cannot fail.
		let _ = match self {
			Self::Bool => out.write_str("bool"),
			Self::Uint(bits) => write!(out, "uint{bits}"),
			Self::Int(bits) => write!(out, "int{bits}"),
			Self::Address => out.write_str("address"),
			Self::Bytes => out.write_str("bytes"),
			Self::FixedBytes(len) => write!(out, "bytes{len}"),
			Self::Text => out.write_str("string"),
			Self::List(of) => {
				of.write_solidity(out);
				out.write_str("[]")
			}
			Self::Array(of, len) => {
				of.write_solidity(out);
				write!(out, "[{len}]")
			}
			Self::Tuple(of) => {
				write_solidity_list(of, out);
				Ok(())
			}
			Self::Maybe(of) => {
				out.push_str("(bool,");
				of.write_solidity(out);
				out.write_str(")")
			}
		};
	}
}

/// The sum of [`Type::fixed_values`].
pub fn sum_of_fixed_values(types: &[Type]) -> u32 {
	types
		.iter()
		.fold(0, |sum, of| sum.saturating_add(of.fixed_values()))
}

fn write_solidity_list(types: &[Type], out: &mut String) {
	out.push('(');
	for (position, of) in types.iter().enumerate() {
		if position > 0 {
			out.push(',');
		}
		of.write_solidity(out);
	}
	out.push(')');
}

/// A function's name and types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
	/// The function's name.
	pub name: String,
	/// What it takes.
	pub params: Vec<Type>,
	/// What it gives back.
	pub results: Vec<Type>,
	/// What it says when it refuses, if the signature tells: the `E` of `result<T,E>`, none if that is `()`.
	pub error: Option<Vec<Type>>,
}

impl Signature {
	/// Reads a signature.
	///
	/// # Errors
	/// [`EncodingError::Signature`] if the text is not of the grammar above,
	/// [`EncodingError::SignatureTooComplex`] if it is beyond this module's limits.
	pub fn parse(text: &[u8]) -> Result<Self, EncodingError> {
		if text.len() > MAX_SIGNATURE_LEN_BYTES {
			return Err(EncodingError::SignatureTooComplex);
		}
		let mut parser = Parser { rest: text };
		let name = parser.name()?;
		parser.expect(b"(")?;
		let params = parser.list()?;
		let (results, error) = if !parser.eat(b"->(") {
			(Vec::new(), None)
		} else if parser.eat(b"result<") {
			let (results, error) = parser.fallible()?;
			(results, Some(error))
		} else {
			(parser.list()?, None)
		};
		if !parser.rest.is_empty() {
			return Err(EncodingError::Signature);
		}
		let lists = [&params, &results, error.as_ref().unwrap_or(&results)];
		if lists
			.map(|types| sum_of_fixed_values(types))
			.into_iter()
			.max() > Some(MAX_FIXED_VALUES)
		{
			return Err(EncodingError::SignatureTooComplex);
		}
		Ok(Self {
			name,
			params,
			results,
			error,
		})
	}

	/// The signature as Solidity writes it for selectors: `transfer(address,uint256)`.
	pub fn solidity(&self) -> String {
		let mut out = self.name.clone();
		write_solidity_list(&self.params, &mut out);
		out
	}

	/// Types of the error that it refuses with; none if it says nothing of one.
	pub fn error_types(&self) -> &[Type] {
		self.error.as_deref().unwrap_or_default()
	}

	/// The EVM's selector: `keccak256("f(types)")[..4]`.
	pub fn solidity_selector(&self) -> [u8; 4] {
		first_four(keccak_256(self.solidity().as_bytes()))
	}

	/// The ink! selector: `blake2_256("f")[..4]`.
	pub fn ink_selector(&self) -> [u8; 4] {
		first_four(blake2_256(self.name.as_bytes()))
	}
}

fn first_four(hash: [u8; 32]) -> [u8; 4] {
	let [a, b, c, d, ..] = hash;
	[a, b, c, d]
}

struct Parser<'a> {
	rest: &'a [u8],
}

impl Parser<'_> {
	fn eat(&mut self, token: &[u8]) -> bool {
		match self.rest.strip_prefix(token) {
			Some(rest) => {
				self.rest = rest;
				true
			}
			None => false,
		}
	}

	fn expect(&mut self, token: &[u8]) -> Result<(), EncodingError> {
		if self.eat(token) {
			Ok(())
		} else {
			Err(EncodingError::Signature)
		}
	}

	fn take_while(&mut self, accept: impl Fn(u8) -> bool) -> &[u8] {
		let len = self.rest.iter().take_while(|byte| accept(**byte)).count();
		let (head, rest) = self.rest.split_at_checked(len).unwrap_or((&[], self.rest));
		self.rest = rest;
		head
	}

	fn name(&mut self) -> Result<String, EncodingError> {
		let mut name = String::new();
		loop {
			let part = self.take_while(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'$');
			if part.first().is_none_or(u8::is_ascii_digit) {
				return Err(EncodingError::Signature);
			}
			name.extend(part.iter().map(|byte| char::from(*byte)));
			if !self.eat(b"::") {
				return Ok(name);
			}
			name.push_str("::");
		}
	}

	/// Types up to and including the closing bracket; the opening one has been read.
	fn list(&mut self) -> Result<Vec<Type>, EncodingError> {
		if self.eat(b")") {
			return Ok(Vec::new());
		}
		self.types(MAX_TYPE_DEPTH)
	}

	/// The two halves of a `result<T,E>` up to and including the bracket of the results; `result<` has been
	/// read.
	fn fallible(&mut self) -> Result<(Vec<Type>, Vec<Type>), EncodingError> {
		let results = self.type_or_nothing()?;
		self.expect(b",")?;
		let error = self.type_or_nothing()?;
		self.expect(b">)")?;
		Ok((results, error))
	}

	fn type_or_nothing(&mut self) -> Result<Vec<Type>, EncodingError> {
		if self.eat(b"()") {
			return Ok(Vec::new());
		}
		Ok(alloc::vec![self.type_(MAX_TYPE_DEPTH)?])
	}

	fn types(&mut self, depth_left: usize) -> Result<Vec<Type>, EncodingError> {
		let mut types = Vec::new();
		loop {
			types.push(self.type_(depth_left)?);
			if self.eat(b")") {
				return Ok(types);
			}
			self.expect(b",")?;
		}
	}

	/// A number without sign or leading zero.
	fn number(&mut self) -> Result<u32, EncodingError> {
		let digits = self.take_while(|byte| byte.is_ascii_digit());
		if digits.first().is_none_or(|first| *first == b'0') {
			return Err(EncodingError::Signature);
		}
		digits
			.iter()
			.try_fold(0u32, |n, digit| {
				n.checked_mul(10)?
					.checked_add(u32::from(digit.saturating_sub(b'0')))
			})
			.ok_or(EncodingError::SignatureTooComplex)
	}

	fn type_(&mut self, depth_left: usize) -> Result<Type, EncodingError> {
		let below = depth_left
			.checked_sub(1)
			.ok_or(EncodingError::SignatureTooComplex)?;
		let mut of = if self.eat(b"(") {
			Type::Tuple(self.types(below)?)
		} else if self.eat(b"option<") {
			let of = self.type_(below)?;
			self.expect(b">")?;
			Type::Maybe(Box::new(of))
		} else {
			self.plain()?
		};
		// Suffixes nest as well: each costs one level of what is left.
		let mut suffixes_left = below;
		while self.eat(b"[") {
			suffixes_left = suffixes_left
				.checked_sub(1)
				.ok_or(EncodingError::SignatureTooComplex)?;
			of = if self.eat(b"]") {
				Type::List(Box::new(of))
			} else {
				let len = self.number()?;
				self.expect(b"]")?;
				let array = Type::Array(Box::new(of), len);
				if array.fixed_values() > MAX_FIXED_VALUES {
					return Err(EncodingError::SignatureTooComplex);
				}
				array
			};
		}
		Ok(of)
	}

	fn plain(&mut self) -> Result<Type, EncodingError> {
		let word = self.take_while(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
		Ok(match word {
			b"bool" => Type::Bool,
			b"address" => Type::Address,
			b"bytes" => Type::Bytes,
			b"string" => Type::Text,
			b"u8" => Type::Uint(8),
			b"u16" => Type::Uint(16),
			b"u32" => Type::Uint(32),
			b"u64" => Type::Uint(64),
			b"u128" => Type::Uint(128),
			b"u256" => Type::Uint(256),
			b"i8" => Type::Int(8),
			b"i16" => Type::Int(16),
			b"i32" => Type::Int(32),
			b"i64" => Type::Int(64),
			b"i128" => Type::Int(128),
			b"i256" => Type::Int(256),
			_ => {
				let digits = word
					.strip_prefix(b"bytes")
					.ok_or(EncodingError::Signature)?;
				let mut number = Parser { rest: digits };
				match number.number()? {
					len @ 1..=32 if number.rest.is_empty() => {
						Type::FixedBytes(u8::try_from(len).map_err(|_| EncodingError::Signature)?)
					}
					_ => return Err(EncodingError::Signature),
				}
			}
		})
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use alloc::format;

	fn parse(text: &str) -> Result<Signature, EncodingError> {
		Signature::parse(text.as_bytes())
	}

	#[test]
	fn signature_parses_into_name_params_and_results() {
		let signature = parse("transfer(address,u256)->(bool)").unwrap();
		assert_eq!(signature.name, "transfer");
		assert_eq!(signature.params, [Type::Address, Type::Uint(256)]);
		assert_eq!(signature.results, [Type::Bool]);
	}

	#[test]
	fn result_names_what_comes_back_and_what_is_said_on_refusal() {
		let signature = parse("f(u8)->(result<(bool,u64),string>)").unwrap();
		let pair = Type::Tuple(alloc::vec![Type::Bool, Type::Uint(64)]);
		assert_eq!(signature.results, [pair]);
		assert_eq!(signature.error, Some(alloc::vec![Type::Text]));
		let signature = parse("f()->(result<(),()>)").unwrap();
		assert!(signature.results.is_empty());
		assert_eq!(signature.error, Some(Vec::new()));
		assert_eq!(parse("f()->(u8)").unwrap().error, None);
	}

	#[test]
	fn selectors_are_those_of_solidity_and_ink() {
		let signature = parse("transfer(address,u256)->(bool)").unwrap();
		// The ERC-20 selector, as in the ABI of any token.
		assert_eq!(signature.solidity_selector(), [0xa9, 0x05, 0x9c, 0xbb]);
		// ink!'s documentation gives this selector for a message named `flip`.
		assert_eq!(
			parse("flip()").unwrap().ink_selector(),
			[0x63, 0x3a, 0xa5, 0x51]
		);
	}

	#[test]
	fn solidity_text_translates_every_type() {
		let signature =
			parse("Psp22::f(u8,i128,bytes,bytes7,string,bool[],u16[3][],(address,option<u8>))")
				.unwrap();
		assert_eq!(
			signature.solidity(),
			"Psp22::f(uint8,int128,bytes,bytes7,string,bool[],uint16[3][],(address,(bool,uint8)))"
		);
	}

	#[test]
	fn malformed_text_is_refused() {
		for text in [
			"",
			"f",
			"f(",
			"f)",
			"()",
			"1f()",
			"f(u7)",
			"f(u08)",
			"f(u8,)",
			"f(,u8)",
			"f( u8)",
			"f(u8) ",
			"f(bytes0)",
			"f(bytes33)",
			"f(bytes01)",
			"f(u8[0])",
			"f(u8[01])",
			"f(())",
			"f(u8)->bool",
			"f(u8)->",
			"f(option<u8)",
			"f(option<>)",
			"f::()",
			"::f()",
			"f(uint256)",
			"f(u8[)",
			"f(u8]",
			"f()->()x",
			"f\0()",
			"f(result<u8,u8>)",
			"f()->(result<u8>)",
			"f()->(result<u8,u8,u8>)",
			"f()->(result<u8,u8>",
			"f()->(result<u8,u8>,u8)",
			"f()->(u8,result<u8,u8>)",
			"f()->(result<u8,u8>[])",
			"f()->(result<,u8>)",
			"f()->(result<result<u8,u8>,u8>)",
			"f()->(option<result<u8,u8>>)",
			"é()",
		] {
			assert_eq!(parse(text), Err(EncodingError::Signature), "{text:?}");
		}
	}

	#[test]
	fn limits_are_enforced() {
		let nested = |n: usize| format!("f({}u8{})", "option<".repeat(n), ">".repeat(n));
		assert!(parse(&nested(MAX_TYPE_DEPTH - 1)).is_ok());
		let too_complex = Err(EncodingError::SignatureTooComplex);
		assert_eq!(parse(&nested(MAX_TYPE_DEPTH)), too_complex);
		assert_eq!(
			parse(&format!("f(u8{})", "[]".repeat(MAX_TYPE_DEPTH))),
			too_complex
		);
		assert!(parse("f(u8[32768])").is_ok());
		assert_eq!(parse("f(u8[32769])"), too_complex);
		assert_eq!(parse("f(u8[4294967295][4294967295])"), too_complex);
		assert_eq!(parse("f(u8[4294967296])"), too_complex);
		assert_eq!(parse("f(u8[32768],u8)"), too_complex);
		assert_eq!(parse(&format!("{}()", "f".repeat(1023))), too_complex);
		assert!(parse("f()->(result<u8[32768],u8[32768]>)").is_ok());
		assert_eq!(parse("f()->(result<u8,(u8[32768],u8)>)"), too_complex);
		let nested = |n: usize| format!("f()->(result<{}u8{},u8>)", "(".repeat(n), ")".repeat(n));
		assert!(parse(&nested(MAX_TYPE_DEPTH - 1)).is_ok());
		assert_eq!(parse(&nested(MAX_TYPE_DEPTH)), too_complex);
	}

	proptest::proptest! {
		#[test]
		fn any_bytes_give_an_answer(text in proptest::collection::vec(proptest::num::u8::ANY, 0..64)) {
			let _ = Signature::parse(&text);
		}

		#[test]
		fn any_text_of_the_alphabet_gives_an_answer(text in "f\\([a-z0-9<>()\\[\\],]{0,40}\\)") {
			let _ = parse(&text);
		}
	}
}
