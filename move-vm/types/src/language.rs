//! Names of modules and of types as values: [`ModuleId`], [`StructTag`], [`TypeTag`].

use alloc::{boxed::Box, string::String, vec::Vec};
use core::fmt;

use crate::{uleb128, AccountAddress, Identifier};

/// Nesting that a [`TypeTag`] may have; no decoder or parser goes deeper.
pub const MAX_TYPE_TAG_DEPTH: usize = 8;
/// Nodes that a [`TypeTag`] may have.
pub const MAX_TYPE_TAG_NODES: usize = 128;

/// Where a module lies.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModuleId {
	/// The account it is published under.
	pub address: AccountAddress,
	/// Its name there.
	pub name: Identifier,
}

/// A struct type with its type arguments.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StructTag {
	/// The address of the defining module.
	pub address: AccountAddress,
	/// The name of the defining module.
	pub module: Identifier,
	/// The struct's name.
	pub name: Identifier,
	/// Its type arguments.
	pub type_arguments: Vec<TypeTag>,
}

/// A type that a value can have in storage or in an event, or that a caller names: no reference
/// and no type parameter.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TypeTag {
	/// `bool`.
	Bool,
	/// `u8`.
	U8,
	/// `u64`.
	U64,
	/// `u128`.
	U128,
	/// `address`.
	Address,
	/// `signer`.
	Signer,
	/// `vector<T>`.
	Vector(Box<TypeTag>),
	/// A struct.
	Struct(Box<StructTag>),
	/// `u16`.
	U16,
	/// `u32`.
	U32,
	/// `u256`.
	U256,
}

impl StructTag {
	/// The module that defines it.
	pub fn module_id(&self) -> ModuleId {
		ModuleId {
			address: self.address,
			name: self.module.clone(),
		}
	}

	/// Appends its BCS form: address, module, name, type arguments.
	pub fn encode_bcs(&self, out: &mut Vec<u8>) {
		out.extend_from_slice(&self.address.0);
		for name in [&self.module, &self.name] {
			uleb128::write(out, name.len() as u64);
			out.extend_from_slice(name.as_bytes());
		}
		uleb128::write(out, self.type_arguments.len() as u64);
		for argument in &self.type_arguments {
			argument.encode_bcs(out);
		}
	}

	/// Its BCS form.
	pub fn to_bcs(&self) -> Vec<u8> {
		let mut out = Vec::new();
		self.encode_bcs(&mut out);
		out
	}

	/// Reads the BCS form; `None` if the bytes are not exactly one tag within the bounds.
	pub fn from_bcs(bytes: &[u8]) -> Option<Self> {
		let mut reader = Reader {
			rest: bytes,
			nodes: MAX_TYPE_TAG_NODES,
		};
		let tag = reader.struct_tag(0)?;
		reader.rest.is_empty().then_some(tag)
	}
}

impl TypeTag {
	/// Appends its BCS form: the variant's number, then what it holds.
	pub fn encode_bcs(&self, out: &mut Vec<u8>) {
		out.push(match self {
			Self::Bool => 0,
			Self::U8 => 1,
			Self::U64 => 2,
			Self::U128 => 3,
			Self::Address => 4,
			Self::Signer => 5,
			Self::Vector(_) => 6,
			Self::Struct(_) => 7,
			Self::U16 => 8,
			Self::U32 => 9,
			Self::U256 => 10,
		});
		match self {
			Self::Vector(element) => element.encode_bcs(out),
			Self::Struct(tag) => tag.encode_bcs(out),
			_ => {}
		}
	}

	/// Its BCS form.
	pub fn to_bcs(&self) -> Vec<u8> {
		let mut out = Vec::new();
		self.encode_bcs(&mut out);
		out
	}

	/// Reads the BCS form; `None` if the bytes are not exactly one tag within the bounds.
	pub fn from_bcs(bytes: &[u8]) -> Option<Self> {
		let mut reader = Reader {
			rest: bytes,
			nodes: MAX_TYPE_TAG_NODES,
		};
		let tag = reader.type_tag(0)?;
		reader.rest.is_empty().then_some(tag)
	}

	/// Reads the text form: `u64`, `vector<u8>`, `0x1::coin::Coin<0x2::a::B>`.
	///
	/// `None` if the text is not exactly one tag within the bounds.
	pub fn parse(text: &str) -> Option<Self> {
		let mut parser = Parser {
			rest: text,
			nodes: MAX_TYPE_TAG_NODES,
		};
		let tag = parser.type_tag(0)?;
		parser.skip_space();
		parser.rest.is_empty().then_some(tag)
	}
}

/// Reads tags from BCS.
struct Reader<'a> {
	rest: &'a [u8],
	/// Nodes that may still come.
	nodes: usize,
}

impl<'a> Reader<'a> {
	fn take(&mut self, count: usize) -> Option<&'a [u8]> {
		let (head, tail) = self.rest.split_at_checked(count)?;
		self.rest = tail;
		Some(head)
	}

	fn length(&mut self) -> Option<usize> {
		let (length, rest) = uleb128::read(self.rest)?;
		self.rest = rest;
		usize::try_from(length).ok()
	}

	fn identifier(&mut self) -> Option<Identifier> {
		let length = self.length()?;
		Identifier::from_bytes(self.take(length)?)
	}

	fn type_tag(&mut self, depth: usize) -> Option<TypeTag> {
		let inner = depth
			.checked_add(1)
			.filter(|_| depth < MAX_TYPE_TAG_DEPTH)?;
		self.nodes = self.nodes.checked_sub(1)?;
		Some(match self.take(1)? {
			[0] => TypeTag::Bool,
			[1] => TypeTag::U8,
			[2] => TypeTag::U64,
			[3] => TypeTag::U128,
			[4] => TypeTag::Address,
			[5] => TypeTag::Signer,
			[6] => TypeTag::Vector(Box::new(self.type_tag(inner)?)),
			[7] => TypeTag::Struct(Box::new(self.struct_tag(inner)?)),
			[8] => TypeTag::U16,
			[9] => TypeTag::U32,
			[10] => TypeTag::U256,
			_ => return None,
		})
	}

	fn struct_tag(&mut self, depth: usize) -> Option<StructTag> {
		let address = AccountAddress(self.take(AccountAddress::LENGTH)?.try_into().ok()?);
		let module = self.identifier()?;
		let name = self.identifier()?;
		let count = self.length()?;
		let mut type_arguments = Vec::new();
		for _ in 0..count {
			type_arguments.push(self.type_tag(depth)?);
		}
		Some(StructTag {
			address,
			module,
			name,
			type_arguments,
		})
	}
}

/// Reads tags from text.
struct Parser<'a> {
	rest: &'a str,
	nodes: usize,
}

impl<'a> Parser<'a> {
	fn skip_space(&mut self) {
		self.rest = self.rest.trim_start();
	}

	fn eat(&mut self, token: &str) -> bool {
		self.skip_space();
		match self.rest.strip_prefix(token) {
			Some(rest) => {
				self.rest = rest;
				true
			}
			None => false,
		}
	}

	fn word(&mut self) -> &'a str {
		self.skip_space();
		let end = self
			.rest
			.find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
			.unwrap_or(self.rest.len());
		let (word, rest) = self.rest.split_at(end);
		self.rest = rest;
		word
	}

	fn type_tag(&mut self, depth: usize) -> Option<TypeTag> {
		let inner = depth
			.checked_add(1)
			.filter(|_| depth < MAX_TYPE_TAG_DEPTH)?;
		self.nodes = self.nodes.checked_sub(1)?;
		let word = self.word();
		if self.eat("::") {
			let address = AccountAddress::from_hex(word)?;
			let module = Identifier::new(self.word())?;
			if !self.eat("::") {
				return None;
			}
			let name = Identifier::new(self.word())?;
			let type_arguments = if self.eat("<") {
				self.arguments(inner)?
			} else {
				Vec::new()
			};
			return Some(TypeTag::Struct(Box::new(StructTag {
				address,
				module,
				name,
				type_arguments,
			})));
		}
		Some(match word {
			"bool" => TypeTag::Bool,
			"u8" => TypeTag::U8,
			"u16" => TypeTag::U16,
			"u32" => TypeTag::U32,
			"u64" => TypeTag::U64,
			"u128" => TypeTag::U128,
			"u256" => TypeTag::U256,
			"address" => TypeTag::Address,
			"signer" => TypeTag::Signer,
			"vector" => {
				if !self.eat("<") {
					return None;
				}
				let element = self.type_tag(inner)?;
				if !self.eat(">") {
					return None;
				}
				TypeTag::Vector(Box::new(element))
			}
			_ => return None,
		})
	}

	/// At least one argument, up to and with the `>`.
	fn arguments(&mut self, depth: usize) -> Option<Vec<TypeTag>> {
		let mut arguments = Vec::new();
		loop {
			arguments.push(self.type_tag(depth)?);
			if self.eat(">") {
				return Some(arguments);
			}
			if !self.eat(",") {
				return None;
			}
		}
	}
}

impl fmt::Display for ModuleId {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		write!(f, "{}::{}", self.address, self.name)
	}
}

impl fmt::Debug for ModuleId {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		fmt::Display::fmt(self, f)
	}
}

impl fmt::Display for StructTag {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		write!(f, "{}::{}::{}", self.address, self.module, self.name)?;
		let mut separator = "<";
		for argument in &self.type_arguments {
			write!(f, "{separator}{argument}")?;
			separator = ", ";
		}
		if !self.type_arguments.is_empty() {
			f.write_str(">")?;
		}
		Ok(())
	}
}

impl fmt::Debug for StructTag {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		fmt::Display::fmt(self, f)
	}
}

impl fmt::Display for TypeTag {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str(match self {
			Self::Bool => "bool",
			Self::U8 => "u8",
			Self::U16 => "u16",
			Self::U32 => "u32",
			Self::U64 => "u64",
			Self::U128 => "u128",
			Self::U256 => "u256",
			Self::Address => "address",
			Self::Signer => "signer",
			Self::Vector(element) => return write!(f, "vector<{element}>"),
			Self::Struct(tag) => return write!(f, "{tag}"),
		})
	}
}

impl fmt::Debug for TypeTag {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		fmt::Display::fmt(self, f)
	}
}

impl From<&TypeTag> for String {
	fn from(tag: &TypeTag) -> Self {
		alloc::format!("{tag}")
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn tags_come_back_from_text_and_bytes() {
		for text in [
			"u8",
			"vector<vector<u256>>",
			"0x1::coin::Coin<0x2::a::B, vector<signer>>",
			"0x1::a::_b",
		] {
			let tag = TypeTag::parse(text).unwrap();
			assert_eq!(tag.to_string(), text);
			assert_eq!(TypeTag::from_bcs(&tag.to_bcs()), Some(tag));
		}
	}

	#[test]
	fn malformed_and_deep_tags_are_refused() {
		for text in [
			"",
			"u7",
			"vector",
			"vector<u8",
			"0x1::a",
			"0x1::a::B<>",
			"u8 u8",
			"u8,",
		] {
			assert_eq!(TypeTag::parse(text), None, "{text}");
		}
		let deep = |n: usize| format!("{}u8{}", "vector<".repeat(n), ">".repeat(n));
		assert!(TypeTag::parse(&deep(MAX_TYPE_TAG_DEPTH - 1)).is_some());
		assert_eq!(TypeTag::parse(&deep(MAX_TYPE_TAG_DEPTH)), None);
		assert_eq!(TypeTag::from_bcs(&[6; 100_000]), None);
		for bytes in [&[11][..], &[6], &[1, 0], &[7, 0]] {
			assert_eq!(TypeTag::from_bcs(bytes), None);
		}
	}
}
